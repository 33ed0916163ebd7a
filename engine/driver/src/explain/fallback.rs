//! Writes the fallback module, which replaces the module after an error: it has every name that Rust might use, of a type about which
//! rustc reports nothing.
//!
//! rustc knows that the definition of such a type is an error, and accepts whatever is done with its values. So one mistake in the C
//! is one error, however often the crate uses its names.

use std::collections::BTreeSet;
use std::fmt::Write;

use cgo_codegen::identifier;
use cgo_csyntax::declarations::names::{NameKind, Names};
use cgo_csyntax::diagnostic::{Diagnostic, ErrorScope};
use cgo_csyntax::files::kept_file;
use cgo_csyntax::preamble::ModuleVisibility;
use cgo_toolchain::hash::Hash;
use cgo_toolchain::session::Session;

use crate::module;
use crate::rust_scan::given_values::{self, GivenValues};
use crate::rust_scan::rust_items::RustItems;
use crate::rust_scan::rust_words::RustWords;
use crate::rust_scan::text::literal;

/// The module that replaces one whose C has an error.
#[derive(Clone, Debug)]
pub struct Fallback {
    /// Its attributes, visibility and name.
    pub head: String,
    /// Its items, whose types are made of [`Fallback::ERROR`].
    pub items: String,
}

impl Fallback {
    /// The name of the type whose definition holds the error.
    pub const ERROR: &str = "CgoError";

    /// The text of the module with the error in it.
    pub(crate) fn with_error(&self, error: &str) -> String {
        let Fallback { head, items } = self;
        // The length of the array is an error, and so is every type made of the array.
        format!(
            "{head} {{\ntype {} = <[(); {{ {error} 0 }}] as ::core::iter::IntoIterator>::Item;\n{items}}}\n",
            Fallback::ERROR
        )
    }
}

/// The names that cannot be items.
const NO_ITEMS: [&str; 5] = ["self", "Self", "super", "crate", "_"];

/// `words` are those of the crate's sources, `known` the names that C declares, as far as they were read.
pub(crate) fn module(
    visibility: &ModuleVisibility,
    module: &str,
    words: Option<&RustWords>,
    known: &Names,
    rust: &RustItems,
) -> Fallback {
    let mut code = module::helpers(visibility, &[]);
    // So that rustc does not warn of a `pub use C::*` that it finds nothing for.
    code.push_str("pub use ::core::marker::Sized as _;\n");
    for name in &names(words, known, rust, module) {
        let variable = known.ordinary(name).is_some_and(
            |name| matches!(name.kind, NameKind::FunctionOrVariable(storage) if !storage.function),
        );
        // A variable can be assigned to, everything else can be a pattern.
        let value = if variable { "static mut" } else { "const" };
        let ctype = match rust.implemented.contains(name) {
            // Only a type of the crate can have methods and traits, even if a field of it is an error, and rustc tells two of them apart.
            true => {
                let own = format!("CgoFallback_{name}");
                // A pattern names its fields, and without `..` all of them. `Self` may be any type.
                let fields = [name.as_str(), "Self"].map(|name| rust.fields.get(name));
                let fields = fields.into_iter().flatten().flatten().cloned();
                let fields: BTreeSet<String> = fields.collect();
                let fields: Vec<String> = fields
                    .iter()
                    .map(|field| format!("pub {}: T", identifier(field)))
                    .collect();
                let _ = match fields.is_empty() {
                    true => writeln!(code, "pub struct {own}<T>(T);"),
                    false => writeln!(code, "pub struct {own}<T> {{ {} }}", fields.join(", ")),
                };
                format!("{own}<{}>", Fallback::ERROR)
            }
            false => Fallback::ERROR.to_string(),
        };
        let spaces = name_spaces(name, known, rust, module);
        let name = identifier(name);
        if spaces.types {
            let _ = writeln!(code, "pub type {name} = {ctype};");
        }
        if spaces.values {
            let error = Fallback::ERROR;
            let _ = writeln!(code, "pub {value} {name}: {error} = ::core::panic!();");
        }
    }
    Fallback {
        head: module::head(visibility, module),
        items: code,
    }
}

/// A module for documentation where C's own items are not known: each name that Rust might use is a type and a value. rustdoc resolves
/// names, and looks into no function, but it computes the lengths of arrays, constants and the numbers of variants. So each value is a
/// number of the type that a constant asks for, from which most lengths follow, and another one for each variant, or it is a text. A type
/// of the crate can be `Copy` only if its fields are.
pub(crate) fn for_documentation(
    visibility: &ModuleVisibility,
    module: &str,
    words: Option<&RustWords>,
    known: &Names,
    rust: &RustItems,
    given: &GivenValues,
) -> String {
    let mut code = format!(
        "#[doc = \"\"]\n{} {{\n{}",
        module::head(visibility, module),
        module::helpers(visibility, &[])
    );
    const NUMBER: usize = 8;
    for name in &names(words, known, rust, module) {
        let given = given.get(name).unwrap_or_default();
        let number = NUMBER + given.variant.unwrap_or(0);
        let value = match given.value_type.unwrap_or("usize") {
            given_values::TEXT => "&::core::ffi::CStr = c\"\"".to_string(),
            ctype if ctype.starts_with("c_") => {
                format!("::core::ffi::{ctype} = {number}_usize as _")
            }
            primitive => format!("::core::primitive::{primitive} = {number}_usize as _"),
        };
        let name = identifier(name);
        let _ = writeln!(
            code,
            "#[doc(hidden)] #[doc = \"\"] #[derive(Clone, Copy)] pub struct {name} {{}}\n#[doc(hidden)] #[doc = \"\"] pub const {name}: {value};"
        );
    }
    code.push_str("}\n");
    code
}

/// Rust for an error that all preambles of the crate have: an `include!` of one and the same file, so that rustc shows the error
/// once. `None` if the error belongs to this preamble, or the crate has no other one.
pub(crate) fn shared(errors: &[Diagnostic], session: &Session, rust: &RustItems) -> Option<String> {
    let [error] = errors else {
        return None;
    };
    if error.scope != ErrorScope::Build || rust.preambles < 2 {
        return None;
    }
    let text = format!(
        "// The error of every preamble of the crate.\n::core::compile_error!({})\n",
        literal::quote(&error.message.to_string())
    );
    let mut hash = Hash::default();
    hash.add(&text);
    let name = format!("error-{}.rs", hash.hex());
    let file = session.link_directory.as_ref()?.join(name);
    kept_file::write(&file, text.as_bytes()).ok()?;
    Some(format!(
        "::core::include! {{ {} }}",
        literal::quote(file.to_str()?)
    ))
}

/// The name spaces of a name in Rust.
struct UsedNameSpaces {
    types: bool,
    values: bool,
}

/// A name is in both unless C says otherwise and the crate has an item of this name.
fn name_spaces(name: &str, known: &Names, rust: &RustItems, module: &str) -> UsedNameSpaces {
    let role = known.ordinary(name).map(|name| &name.kind);
    let of_type = matches!(role, Some(NameKind::Typedef { .. }));
    let of_value = matches!(
        role,
        Some(NameKind::FunctionOrVariable(_) | NameKind::Enumerator { .. })
    );
    let collides = rust.collides(module, name);
    UsedNameSpaces {
        types: !(collides && of_value),
        values: !(collides && of_type),
    }
}

/// The names in paths of this module, those that C declares, and those in paths of other modules, which may reexport this one's. A
/// name of the crate itself is left out if both would be imported with `*`.
fn names(
    words: Option<&RustWords>,
    known: &Names,
    rust: &RustItems,
    module: &str,
) -> BTreeSet<String> {
    let Some(words) = words else {
        return BTreeSet::new();
    };
    let is_of_crate = |name: &str| rust.collides(module, name);
    // In Rust the name of a tag has a prefix, as in `struct_point`.
    let is_tag_alone = |name: &str| known.ordinary(name).is_none() && known.is_tag(name);
    let declared = words.all.iter().filter(|word| known.has(word));
    let declared = declared.filter(|word| !(is_tag_alone(word) && is_of_crate(word)));
    let of_others = rust.names_in_modules();
    let of_others = of_others.filter(|name| !is_of_crate(name));
    let all = words.of_module.iter().chain(declared).chain(of_others);
    // Each module has the helpers already.
    let named = all.filter(|name| !NO_ITEMS.contains(name) && !module::HELPERS.contains(name));
    named.map(str::to_string).collect()
}
