//! Writes the module after an error: every name that Rust might look for is there, of a type that rustc says nothing about.
//!
//! A type whose definition holds an error is known to rustc as the error it is, and whatever is done with values of it
//! passes without another message. So one mistake in the C is one error, however often the crate uses its names.

use std::collections::BTreeSet;
use std::fmt::Write;

use cgo_codegen::identifier;
use cgo_csyntax::declarations::names::{Names, Role};
use cgo_csyntax::diagnostic::{Diagnostic, Scope};

use crate::cache::hash::Hash;
use crate::cache::kept_file;
use crate::module;
use crate::rust_scan::impls::RustAgain;
use crate::rust_scan::text::literal;
use crate::rust_scan::words::Words;
use crate::session::Session;

/// The module that stands in for one whose C has an error.
#[derive(Clone, Debug)]
pub struct Broken {
    /// Its attributes, visibility and name.
    pub head: String,
    /// What it holds beside the error, of which all its types are made.
    pub items: String,
}

impl Broken {
    /// The name of the type that is the error.
    pub const ERROR: &str = "CgoError";

    /// The whole module with the error in it.
    pub(crate) fn with(&self, error: &str) -> String {
        let Broken { head, items } = self;
        // The length of the array is the error; so is what is made of the array.
        format!(
            "{head} {{\ntype {} = <[(); {{ {error} 0 }}] as ::core::iter::IntoIterator>::Item;\n{items}}}\n",
            Broken::ERROR
        )
    }
}

/// What is in every module already, or can be no item.
const TAKEN: [&str; 10] = [
    "CBytes",
    "CString",
    "GoBytes",
    "GoString",
    "GoStringN",
    "self",
    "Self",
    "super",
    "crate",
    "_",
];

/// The module. `words` are those of the crate's sources; `known` are the names that C declares, as far as it came to that.
pub(crate) fn module(
    visibility: &str,
    module: &str,
    words: Option<&Words>,
    known: &Names,
    rust: &RustAgain,
) -> Broken {
    let mut code = module::HELPERS.to_string();
    for name in names(words, known, rust, module) {
        let variable = known
            .ordinary(name)
            .is_some_and(|name| matches!(name.role, Role::Object(storage) if !storage.function));
        // A variable may be assigned to, and anything else be a pattern.
        let value = if variable { "static mut" } else { "const" };
        let ctype = match rust.have_methods.contains(name) {
            // Methods want a type of the crate's own, even if rustc knows no more of it than of the error inside.
            true => {
                let own = format!("CgoBroken_{name}");
                // A pattern wants the fields that it names, and no other where it names all; `Self` may be any type.
                let named = [name, "Self"].map(|name| rust.fields.get(name));
                let fields: BTreeSet<&String> = named.into_iter().flatten().flatten().collect();
                let fields: Vec<String> = fields
                    .into_iter()
                    .map(|field| format!("pub {}: T", identifier(field)))
                    .collect();
                let _ = match fields.is_empty() {
                    true => writeln!(code, "pub struct {own}<T>(T);"),
                    false => writeln!(code, "pub struct {own}<T> {{ {} }}", fields.join(", ")),
                };
                format!("{own}<{}>", Broken::ERROR)
            }
            false => Broken::ERROR.to_string(),
        };
        let spaces = name_spaces(name, known, rust, module);
        let name = identifier(name);
        if spaces.types {
            let _ = writeln!(code, "pub type {name} = {ctype};");
        }
        if spaces.values {
            let error = Broken::ERROR;
            let _ = writeln!(code, "pub {value} {name}: {error} = ::core::panic!();");
        }
    }
    Broken {
        head: module::head(visibility, module),
        items: code,
    }
}

/// An error that every preamble of the crate would show, as Rust that rustc shows once: a file that all of them include, so
/// that there is one place. `None` where the call is the better place, since there is no other.
pub(crate) fn shared(errors: &[Diagnostic], session: &Session, rust: &RustAgain) -> Option<String> {
    let [error] = errors else {
        return None;
    };
    if error.scope != Scope::Build || rust.preambles < 2 {
        return None;
    }
    let text = format!(
        "// What every preamble of the crate fails for.\n::core::compile_error!({})\n",
        literal::quote(&error.message)
    );
    let mut hash = Hash::new();
    hash.add(&text);
    let name = format!("error-{}.rs", hash.hex());
    let file = session.link_directory.as_ref()?.join(name);
    kept_file::write(&file, text.as_bytes()).ok()?;
    Some(format!(
        "::core::include! {{ {} }}",
        literal::quote(file.to_str()?)
    ))
}

/// What a name means in Rust: a type, a value, or both where that is not known.
struct NameSpaces {
    types: bool,
    values: bool,
}

/// Those that a name needs. Beside another one of the crate it has no more than C gives it.
fn name_spaces(name: &str, known: &Names, rust: &RustAgain, module: &str) -> NameSpaces {
    let role = known.ordinary(name).map(|name| &name.role);
    let of_type = matches!(role, Some(Role::Typedef { .. }));
    let of_value = matches!(role, Some(Role::Object(_) | Role::Enumerator { .. }));
    let meets = rust.meets(module, name);
    NameSpaces {
        types: !(meets && of_value),
        values: !(meets && of_type),
    }
}

/// Those that Rust asks for by the module's own name, those that C declares, and those that are asked of another module, which may
/// have this one's names. What the crate itself has by such a name must not meet another where both are imported whole.
fn names<'a>(
    words: Option<&'a Words>,
    known: &Names,
    rust: &'a RustAgain,
    module: &str,
) -> BTreeSet<&'a str> {
    let Some(words) = words else {
        return BTreeSet::new();
    };
    let is_the_crates = |name: &str| rust.meets(module, name);
    // Rust has a tag behind the word `struct_`.
    let is_tag_alone = |name: &str| known.ordinary(name).is_none() && known.is_tag(name);
    let declared = words.found.iter().filter(|word| known.has(word));
    let declared = declared.filter(|word| !(is_tag_alone(word) && is_the_crates(word)));
    let of_others = rust.asked_of_modules().into_iter();
    let of_others = of_others.filter(|name| !is_the_crates(name));
    let all = words.asked.iter().chain(declared).chain(of_others);
    all.filter(|name| !TAKEN.contains(name)).collect()
}
