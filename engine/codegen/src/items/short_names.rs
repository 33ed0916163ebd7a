//! Writes second names: without the start that `#cgo strip:` names for items and the enumerators of a type, and the tag alone of a struct,
//! union or enumeration.

use std::collections::BTreeMap;
use std::fmt::Write;

use cgo_csyntax::directive::pattern::{self, NamePattern};
use cgo_csyntax::selection::{ItemKind, rust_name, rust_tag};

use crate::context::Context;
use crate::docs::attribute;
use crate::items::output::{Items, NameSpaces};
use crate::names::identifiers::identifier;

/// Writes the short names that no item has already, and that only one item would get. A type may be called like a function or variable.
pub(crate) fn write(context: &Context<'_>, name_spaces: &NameSpaces, out: &mut Items) {
    let NameSpaces { types, values } = name_spaces;
    let mut owners: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let mut add = |short: &str, rust: &str| {
        let owners = owners.entry(identifier(short)).or_default();
        if !owners.iter().any(|owner| owner == rust) {
            owners.push(rust.to_string());
        }
    };
    let (selection, directives) = (context.input.selection, context.input.directives);
    let left_out = selection
        .left_out
        .iter()
        .map(|left_out| left_out.name.clone());
    let items = selection.items.iter().map(|item| match item.kind {
        ItemKind::Tag(kind) => rust_tag(kind, &item.name),
        _ => item.name.clone(),
    });
    for name in items.chain(left_out) {
        if let Some(short) = directives.stripped(&name) {
            add(short, &identifier(&name));
        }
    }
    for item in &selection.items {
        // `C::point`, where C has a `struct point` and no other type of this name.
        if let ItemKind::Tag(kind) = item.kind
            && context.input.names.is_only_tag(&item.name)
        {
            let is_for_all = is_bound_unused(context, &item.name);
            let names = [Some(item.name.as_str()), directives.stripped(&item.name)];
            let written = names
                .into_iter()
                .flatten()
                .filter(|name| is_for_all || (context.input.is_of_module)(name));
            let rust = identifier(&rust_tag(kind, &item.name));
            written.for_each(|short| add(short, &rust));
        }
    }
    for (short, owners) in owners {
        let [rust] = &owners[..] else {
            continue;
        };
        if types.contains(&short) {
            continue;
        }
        let (inline, item) = match (values.contains(&short), types.contains(rust)) {
            (true, true) => ("", format!("type {short} = {rust}")),
            (false, is_type) if is_type || values.contains(rust) => {
                ("#[doc(inline)] ", format!("use self::{rust} as {short}"))
            }
            _ => continue,
        };
        let visibility = context.visibility(rust);
        let _ = writeln!(
            out.text,
            "{inline}#[doc(alias = {rust:?})] {visibility} {item};"
        );
    }
}

/// Whether the module has this tag whatever the crate's sources say, for other crates too.
fn is_bound_unused(context: &Context<'_>, tag: &str) -> bool {
    let (names, bind) = (context.input.names, &context.input.directives.bind);
    names.tag(tag).is_some_and(|tag| {
        let rust = rust_name(tag);
        let picks = |pattern: &NamePattern| pattern.matches(tag.name, &rust, tag.place, names);
        !tag.system || pattern::picks(bind, picks)
    })
}

/// Writes constants of a type for the short names of its enumerators that are free there. `members` has the C names of the enumerators by
/// their names in Rust; the methods have names too.
pub(crate) fn write_in_type(
    context: &Context<'_>,
    members: &BTreeMap<String, &str>,
    methods: &[&str],
    text: &mut String,
) {
    let mut owners: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (rust, c) in members {
        if let Some(short) = context.input.directives.stripped(c) {
            let owners = owners.entry(identifier(short)).or_default();
            owners.push(rust.clone());
        }
    }
    for (short, owners) in owners {
        let is_free = !members.contains_key(&short) && !methods.contains(&short.as_str());
        if let ([rust], true) = (&owners[..], is_free) {
            let c = members[rust];
            let documentation = attribute::of_enumerator(context, c);
            let _ = writeln!(
                text,
                "{documentation} #[doc(alias = {c:?})] pub const {short}: Self = Self::{rust};"
            );
        }
    }
}
