//! Puts the module together: what it tells rustc to link and to watch, its items, and its documentation.

pub(crate) mod spans;

use std::fmt::Write;
use std::path::PathBuf;

use cgo_codegen::{Foreign, Output, Prototype};
use cgo_csyntax::diagnostic::Diagnostic;
use cgo_csyntax::preamble::Preamble;

use crate::linking::library::Built;
use crate::linking::link_attribute::{self, Link};
use crate::module::spans::Declared;
use crate::session::environment::DUMP;

/// What every module holds: cgo's helpers, which need nothing of C, and give way to C's own things of such a name.
pub(crate) const HELPERS: &str = "mod _cgo_helpers { pub use ::cgo::{CBytes, CString, GoBytes, GoString, GoStringN}; }\n\
     pub use _cgo_helpers::*;\n";

/// A module, and what the macro is to do with it beside handing it to rustc.
#[derive(Debug)]
pub(crate) struct Module {
    pub(crate) code: String,
    /// The C compiler's warnings.
    pub(crate) warnings: Vec<Diagnostic>,
    /// Where its items are declared in the Rust file.
    pub(crate) declared: Vec<Declared>,
    /// What its C declares of the crate's exports.
    pub(crate) prototypes: Vec<Prototype>,
}

impl Module {
    /// The module, and what tells `#[export_c]` of its prototypes, as those of the preamble with this number in the crate.
    pub(crate) fn numbered(&self, number: usize) -> String {
        let mut code = self.code.clone();
        for Prototype { key, value, .. } in &self.prototypes {
            let _ = writeln!(
                code,
                "const _: () = {{ pub struct Here; unsafe impl ::cgo::export::Declares<Here> for ::cgo::export::Symbol<{key}, {number}> {{ \
                 const PROTOTYPE: ::cgo::export::Prototype = {value}; }} }};"
            );
        }
        code
    }
}

/// The module's text. `library` is what it is linked with, and the name that `#[link]` has for it.
pub(crate) fn write(
    preamble: &Preamble,
    output: &Output,
    links: &[Link],
    tracked: &Tracked,
    library: Option<(&Built, &str)>,
) -> String {
    let mut code = String::new();
    let _ = writeln!(
        code,
        "#[doc = {:?}]\n{} {{",
        documentation(output),
        head(&preamble.visibility, &preamble.module)
    );
    code.push_str(HELPERS);
    track(&mut code, tracked);
    let (ours, others): (Vec<&Foreign>, Vec<&Foreign>) = match library {
        Some((built, name)) => {
            let _ = writeln!(code, "{}", attribute(name, built.is_whole));
            let is_ours = |foreign: &&Foreign| built.defined.contains(&foreign.symbol);
            output.foreign.iter().partition(is_ours)
        }
        None => (Vec::new(), output.foreign.iter().collect()),
    };
    // rustc hands on from a `dylib` only what the block with the library's name declares, and wants the library to define it.
    if library.is_some() {
        block(&mut code, &ours);
    }
    block(&mut code, &others);
    for link in links {
        let _ = writeln!(
            code,
            "{} unsafe extern \"C\" {{}}",
            link_attribute::attribute(link)
        );
    }
    code.push_str(&output.items);
    code.push_str("}\n");
    code
}

/// What links the preamble's library. Whole, it is linked although nothing asks for what is in it.
fn attribute(name: &str, is_whole: bool) -> String {
    let whole = match is_whole {
        true => ", modifiers = \"+whole-archive\"",
        false => "",
    };
    format!("#[link(name = {name:?}, kind = \"static\"{whole})]")
}

fn block(code: &mut String, foreign: &[&Foreign]) {
    code.push_str("unsafe extern \"C\" {\n");
    for foreign in foreign {
        let _ = writeln!(code, "{}", foreign.declaration);
    }
    code.push_str("}\n");
}

/// C's names are not Rust's style, and much of a header is not used.
pub(crate) fn head(visibility: &str, module: &str) -> String {
    format!(
        "#[allow(warnings, missing_docs, clippy::all, clippy::pedantic, clippy::nursery, clippy::restriction)]\n{visibility} mod {module}"
    )
}

/// What tells rustc, Cargo and sccache of a change.
pub(crate) struct Tracked {
    /// The files that Cargo is to watch.
    pub(crate) files: Vec<PathBuf>,
    /// A sum of what the C is.
    pub(crate) content: u64,
}

/// Has rustc and Cargo notice when a file changes that the C depends on. The environment variables that the tools follow, the
/// runtime crate's build script has tracked. What has changed without either, sccache takes for the same crate if it is told of
/// nothing: so the C's sum is in the name of a variable, which nobody sets.
fn track(code: &mut String, tracked: &Tracked) {
    // In one constant: each costs rustc more than what stands in it.
    code.push_str("const _: () = {\n");
    for file in tracked.files.iter().filter_map(|file| file.to_str()) {
        let _ = writeln!(code, "let _ = ::core::include_bytes!({file:?});");
    }
    let _ = writeln!(
        code,
        "let _ = (::core::option_env!({DUMP:?}), ::core::option_env!(\"CGO_C_{:016x}\"));",
        tracked.content
    );
    code.push_str("};\n");
}

fn documentation(output: &Output) -> String {
    let mut text =
        String::from("What the C preamble and its headers declare, as far as the crate uses it.");
    if !output.left_out.is_empty() {
        text.push_str("\n\nNot bound:\n");
        for (name, reason) in &output.left_out {
            let _ = write!(text, "\n- `{name}`: {}", cgo_codegen::inline(reason));
        }
    }
    text
}
