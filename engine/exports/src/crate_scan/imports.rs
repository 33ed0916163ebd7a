//! Splits the tree of a `use` into paths.

use proc_macro2::Ident;
use syn::UseTree;

use super::node::NodeKind;
use super::path::plain_name;

/// Adds the paths of a tree with this prefix.
pub(super) fn imports(before: &str, tree: &UseTree, kinds: &mut Vec<NodeKind>) {
    let longer = |name: &Ident| match before {
        "" | "::" => format!("{before}{}", plain_name(name)),
        _ => format!("{before}::{}", plain_name(name)),
    };
    // `{self}` is the prefix itself.
    let whole = |name: &Ident| match name == "self" && !matches!(before, "" | "::") {
        true => before.to_string(),
        false => longer(name),
    };
    let (path, name) = match tree {
        UseTree::Path(path) => return imports(&longer(&path.ident), &path.tree, kinds),
        UseTree::Group(group) => {
            return group
                .items
                .iter()
                .for_each(|inner| imports(before, inner, kinds));
        }
        UseTree::Glob(_) => (before.to_string(), "*".to_string()),
        UseTree::Name(name) => {
            let path = whole(&name.ident);
            let name = path.rsplit(':').next().unwrap_or_default().to_string();
            (path, name)
        }
        UseTree::Rename(renamed) => (whole(&renamed.ident), plain_name(&renamed.rename)),
    };
    kinds.push(NodeKind::Use { path, name });
}
