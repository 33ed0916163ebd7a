//! Writes the module: its documentation, the tracked files, the `extern` blocks, the links, and the items.

pub(crate) mod source_lines;
pub(crate) mod spans;

use std::fmt::Write;
use std::path::PathBuf;

use cgo_codegen::{Bindings, ExportPrototype, ExternItem};
use cgo_csyntax::diagnostic::Diagnostic;
use cgo_csyntax::directive::pattern::{self, NamePattern, Picked};
use cgo_csyntax::preamble::{ModuleVisibility, Preamble};
use cgo_toolchain::session::environment::{BINDINGS, DUMP};

use crate::linking::library::Built;
use crate::linking::link_attribute::{self, Link};
use crate::module::spans::DeclaredItem;

/// cgo's helpers, in every module. An item of C with such a name hides them.
pub(crate) const HELPERS: [&str; 5] = ["CBytes", "CString", "GoBytes", "GoString", "GoStringN"];

/// The helpers in a module of this visibility. What a library exports has only those that `bind:` asks for.
pub(crate) fn helpers(visibility: &ModuleVisibility, bind: &[NamePattern]) -> String {
    let all = HELPERS.join(", ");
    let asked = HELPERS.into_iter().filter(|helper| {
        pattern::picks(bind, |pattern| {
            pattern.picked == Picked::Name(helper.to_string())
        })
    });
    let asked: Vec<&str> = asked.collect();
    let exported = match (visibility, &asked[..]) {
        (ModuleVisibility::Public, []) => "pub(crate) use _cgo_helpers::*;\n".to_string(),
        (ModuleVisibility::Public, asked) => format!(
            "pub(crate) use _cgo_helpers::*;\npub use ::cgo::{{{}}};\n",
            asked.join(", ")
        ),
        _ => "pub use _cgo_helpers::*;\n".to_string(),
    };
    format!("mod _cgo_helpers {{ pub use ::cgo::{{{all}}}; }}\n{exported}")
}

/// A module, and what the macro shows of it.
#[derive(Debug)]
pub(crate) struct Module {
    pub(crate) code: String,
    /// The C compiler's warnings.
    pub(crate) warnings: Vec<Diagnostic>,
    /// The places of its items in the Rust file.
    pub(crate) declared: Vec<DeclaredItem>,
    /// The exports of the crate that its C declares.
    pub(crate) prototypes: Vec<ExportPrototype>,
}

impl Module {
    /// The module with its prototypes for `#[export_c]`. `number` is that of the preamble in the crate.
    pub(crate) fn numbered(&self, number: usize) -> String {
        let mut code = self.code.clone();
        for ExportPrototype { key, value, .. } in &self.prototypes {
            let _ = writeln!(
                code,
                "const _: () = {{ pub struct Here; unsafe impl ::cgo::generated::export::Declares<Here> for ::cgo::generated::export::Symbol<{key}, {number}> {{ \
                 const PROTOTYPE: ::cgo::generated::export::Prototype = {value}; }} }};"
            );
        }
        code
    }
}

/// The text of the module. `library` is the preamble's library, with its name in `#[link]`.
pub(crate) fn write(
    preamble: &Preamble,
    output: &Bindings,
    links: &[Link],
    tracked: Option<&Tracked>,
    bind: &[NamePattern],
    library: Option<(&Built, &str)>,
) -> String {
    let mut code = String::new();
    let _ = writeln!(
        code,
        "#[doc = {:?}]\n{} {{",
        output.documentation,
        head(&preamble.visibility, &preamble.module)
    );
    code.push_str(&helpers(&preamble.visibility, bind));
    if let Some(tracked) = tracked {
        track(&mut code, tracked);
    }
    let (ours, others): (Vec<&ExternItem>, Vec<&ExternItem>) = match library {
        Some((built, name)) => {
            let _ = writeln!(code, "{}", attribute(name, built.is_whole));
            let is_ours = |item: &&ExternItem| built.defined.contains(&item.symbol);
            output.extern_items.iter().partition(is_ours)
        }
        None => (Vec::new(), output.extern_items.iter().collect()),
    };
    // A `dylib` exports only what the block with the library's name declares, and the library must define all of it.
    if library.is_some() {
        block(&mut code, &ours);
    }
    block(&mut code, &others);
    for link in links {
        code.push_str(&link_attribute::block(link));
    }
    code.push_str(&output.items);
    code.push_str("}\n");
    code
}

/// Links the preamble's library; all of its objects if it is whole.
fn attribute(name: &str, is_whole: bool) -> String {
    let whole = match is_whole {
        true => ", modifiers = \"+whole-archive\"",
        false => "",
    };
    format!("#[link(name = {name:?}, kind = \"static\"{whole})]")
}

fn block(code: &mut String, items: &[&ExternItem]) {
    code.push_str("unsafe extern \"C\" {\n");
    for item in items.iter().filter(|item| !item.unwinds) {
        item.write(code);
    }
    code.push_str("}\n");
    if items.iter().any(|item| item.unwinds) {
        code.push_str("unsafe extern \"C-unwind\" {\n");
        for item in items.iter().filter(|item| item.unwinds) {
            item.write(code);
        }
        code.push_str("}\n");
    }
}

/// The start of a module. Its items are not in Rust's style, and many are unused.
pub(crate) fn head(visibility: &ModuleVisibility, module: &str) -> String {
    format!(
        "#[allow(warnings, nonstandard_style, clippy::all, clippy::pedantic, clippy::nursery, clippy::restriction)]\n{} mod {module}",
        visibility.text()
    )
}

/// What rustc, Cargo and sccache track, so that they notice a change.
pub(crate) struct Tracked {
    /// The files that Cargo watches.
    pub(crate) files: Vec<PathBuf>,
    /// The environment variables of this preamble's packages.
    pub(crate) variables: Vec<String>,
    /// A hash of the C.
    pub(crate) content: u64,
}

/// Writes what is tracked: the files by `include_bytes!`, and the hash of the C in the name of a variable that is never set, since sccache
/// looks at files and variables alone. The build script of the runtime crate tracks the variables of the tools.
pub(crate) fn track(code: &mut String, tracked: &Tracked) {
    // One constant for all: each costs rustc time.
    code.push_str("const _: () = {\n");
    for file in tracked.files.iter().filter_map(|file| file.to_str()) {
        let _ = writeln!(code, "let _ = ::core::include_bytes!({file:?});");
    }
    for name in &tracked.variables {
        let _ = writeln!(code, "let _ = ::core::option_env!({name:?});");
    }
    let _ = writeln!(
        code,
        "let _ = (::core::option_env!({DUMP:?}), ::core::option_env!({BINDINGS:?}), ::core::option_env!(\"CGO_C_{:016x}\"));",
        tracked.content
    );
    code.push_str("};\n");
}
