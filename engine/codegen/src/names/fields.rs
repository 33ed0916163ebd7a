//! Names the fields of records in Rust.

use std::collections::HashSet;

use crate::model::types::Body;
use crate::names::identifiers::{identifier, is_spelled};

/// The members' names in Rust. An anonymous struct or union is named by its index. Where two members would have one name, the one
/// that Rust has to write otherwise than C gets `_` behind it.
pub(crate) fn field_names(body: &Body) -> Vec<String> {
    let named = body.members.iter().map(|member| match &member.name {
        Some(name) => (identifier(name), is_spelled(name)),
        None => (String::new(), false),
    });
    let mut names: Vec<(String, bool)> = named.collect();
    let mut taken: HashSet<String> = HashSet::new();
    let spelled = names.iter().filter(|(_, spelled)| *spelled);
    taken.extend(spelled.map(|(name, _)| name.clone()));
    for (index, (name, spelled)) in names.iter_mut().enumerate() {
        if name.is_empty() {
            *name = format!("anon{index}");
        }
        while !*spelled && !taken.insert(name.clone()) {
            name.push('_');
        }
    }
    names.into_iter().map(|(name, _)| name).collect()
}

/// A name for a field that C does not have: the word with the first number that gives no member's name.
pub(crate) fn unnamed_field(
    body: &Body,
    word: &str,
    numbers: &mut impl Iterator<Item = u32>,
) -> String {
    let is_free = |name: &String| {
        let mut members = body.members.iter();
        !members.any(|member| member.name.as_ref() == Some(name))
    };
    let mut names = numbers.map(|number| format!("{word}{number}"));
    names.find(is_free).unwrap_or_default()
}
