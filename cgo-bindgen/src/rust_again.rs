//! Reads what of the crate's Rust matters only after an error: which types it gives methods to, and how many preambles it has.

use std::collections::BTreeSet;
use std::fs;

use crate::environment::Session;
use crate::sources::rust_files;

/// What a crate's sources say.
#[derive(Debug, Default)]
pub(crate) struct RustAgain {
    /// The names in `impl path::name {`.
    pub(crate) have_methods: BTreeSet<String>,
    /// How often a preamble is begun.
    pub(crate) preambles: usize,
}

impl RustAgain {
    /// All files below the folder of the crate's root; nothing where that is not known.
    pub(crate) fn of(session: &Session) -> RustAgain {
        let mut found = RustAgain::default();
        for file in session.crate_folder().map(rust_files).unwrap_or_default() {
            found.read(&fs::read_to_string(file).unwrap_or_default());
        }
        found
    }

    fn read(&mut self, source: &str) {
        self.preambles += source.matches("c_preamble!").count();
        for (at, word) in source.match_indices("impl") {
            let begins = !source[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_');
            let name = begins.then(|| given_methods(&source[at + word.len()..]));
            self.have_methods.extend(name.flatten().map(str::to_string));
        }
    }
}

/// The last name of the path behind an `impl`; `None` where a trait is implemented.
fn given_methods(behind: &str) -> Option<&str> {
    let path = match behind.trim_start().strip_prefix('<') {
        Some(generics) => generics.split_once('>')?.1,
        None => behind.strip_prefix(char::is_whitespace)?,
    };
    let path = path.trim_start();
    let in_path = |c: char| c.is_alphanumeric() || matches!(c, '_' | ':' | '#');
    let (path, rest) = path.split_at(path.find(|c| !in_path(c))?);
    let rest = rest.trim_start();
    let body = rest.starts_with('{') || rest.starts_with("where ");
    let name = path.rsplit(':').next()?;
    body.then(|| name.strip_prefix("r#").unwrap_or(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn types_with_methods_of_their_own() {
        let mut found = RustAgain::default();
        found.read(
            "impl C::a { } impl<'a> crate::C::r#type where i32: Sized {} impl plain{} impl T for C::b {} \
             impl<T> Other<T> {} fn f() -> impl Fn() {} simpl c {} impl",
        );
        let names: Vec<&str> = found.have_methods.iter().map(String::as_str).collect();
        assert_eq!(names, ["a", "plain", "type"]);
    }

    #[test]
    fn preambles_are_counted() {
        let mut found = RustAgain::default();
        found.read("use cgo::c_preamble; c_preamble! {} cgo::c_preamble!(\"\");");
        assert_eq!(found.preambles, 2);
    }
}
