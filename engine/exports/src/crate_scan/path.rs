//! Paths, as a `use` or a type writes them.

use proc_macro2::Ident;
use syn::ext::IdentExt;
use syn::{Path, Type};

/// A path.
#[derive(Clone)]
pub(crate) struct UsePath {
    pub(crate) is_global: bool,
    pub(crate) segments: Vec<String>,
}

impl UsePath {
    /// Reads a path with `::` between its segments.
    pub(super) fn of(text: &str) -> UsePath {
        let (is_global, names) = match text.strip_prefix("::") {
            Some(names) => (true, names),
            None => (false, text),
        };
        let names = names.split("::").filter(|name| !name.is_empty());
        UsePath {
            is_global,
            segments: names.map(str::to_string).collect(),
        }
    }

    /// Whether it starts with a word for a place.
    pub(super) fn is_relative(&self) -> bool {
        let first = self.segments.first();
        first.is_some_and(|first| ["crate", "self", "super"].contains(&first.as_str()))
    }
}

/// The path of a type that is only a path.
pub(crate) fn path_of(ctype: &Type) -> Option<UsePath> {
    match ctype {
        Type::Group(group) => path_of(&group.elem),
        Type::Paren(paren) => path_of(&paren.elem),
        Type::Path(path) if path.qself.is_none() => plain_path(&path.path),
        _ => None,
    }
}

/// A path without arguments.
pub(crate) fn plain_path(path: &Path) -> Option<UsePath> {
    let is_plain = path.segments.iter().all(|part| part.arguments.is_none());
    is_plain.then(|| use_path(path))
}

/// A path without its arguments.
pub(crate) fn use_path(path: &Path) -> UsePath {
    UsePath {
        is_global: path.leading_colon.is_some(),
        segments: path
            .segments
            .iter()
            .map(|part| plain_name(&part.ident))
            .collect(),
    }
}

/// A name without `r#`.
pub(crate) fn plain_name(name: &Ident) -> String {
    name.unraw().to_string()
}
