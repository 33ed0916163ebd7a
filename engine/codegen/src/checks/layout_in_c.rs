//! Writes assertions in C by which the compiler, while it compiles the library, checks the layouts of the bound records that the probe
//! found: both runs of the compiler must see the same records.

use std::collections::HashMap;
use std::fmt::Write;

use cgo_csyntax::declarations::names::{NameKind, Names};

use crate::context::Context;
use crate::model::types::{Body, Position, Record, Type, TypeId, Typedef, Types};
use crate::names::c_types::record_name;

/// The file name that the compiler's messages have for the assertions. Each record is one line of it.
pub const FILE: &str = "cgo-layouts";

/// The layout of one record.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct LayoutAssertion {
    /// Its name in C.
    pub record: String,
    /// As a C expression.
    pub condition: String,
}

/// The assertions as C, to stand behind the preamble. Every dialect rejects an array of negative length. `_Static_assert` is new in C11,
/// and some headers redefine it.
pub fn write(list: &[LayoutAssertion]) -> String {
    let mut text = format!("\n#line 1 \"{FILE}\"\n");
    for (number, LayoutAssertion { condition, .. }) in list.iter().enumerate() {
        let _ = writeln!(
            text,
            "extern char _cgo_layout_{number}[{condition} ? 1 : -1];"
        );
    }
    text
}

/// An assertion for each bound record that C has a name for at file scope.
pub(crate) fn of_records(context: &Context<'_>) -> Vec<LayoutAssertion> {
    let names = context.input.names;
    let is_macro = |name: &str| names.macros.contains_key(name);
    let ours = ["struct", "union", "extern", "char", "sizeof"];
    if ours.iter().any(|word| is_macro(word)) {
        return Vec::new();
    }
    let types = context.layouts.types;
    let typedefs = typedefs(types, names);
    let records = types.ids().filter_map(|id| match types.get(id) {
        Type::Record(record) => Some((id, record, record.body.as_ref()?)),
        _ => None,
    });
    let named = records.filter_map(|(id, record, body)| {
        let name =
            name(names, record).or_else(|| typedefs.get(&id).map(|name| name.to_string()))?;
        Some((id, body, name))
    });
    let named: Vec<(TypeId, &Body, String)> = named.collect();
    let mut count: HashMap<&str, usize> = HashMap::new();
    for (_, _, name) in &named {
        *count.entry(name).or_default() += 1;
    }
    // Another record of the same name is declared in a function or a prototype.
    let only = named
        .iter()
        .filter(|(_, _, name)| count[name.as_str()] == 1);
    let bound = only.filter(|(id, ..)| context.names.get(*id).is_some());
    let asserted = bound.map(|(_, body, name)| LayoutAssertion {
        record: name.clone(),
        condition: condition(name, body, &is_macro),
    });
    asserted.collect()
}

fn name(names: &Names, record: &Record) -> Option<String> {
    let tag = record.tag.as_ref()?;
    let is_macro = names.macros.contains_key(tag.as_str());
    record_name(names, record).filter(|_| !is_macro)
}

/// The typedefs' names for records that have no other.
fn typedefs<'n>(types: &'n Types, names: &Names) -> HashMap<TypeId, &'n str> {
    let mut found = HashMap::new();
    for id in types.ids() {
        if let Type::Typedef(Typedef { name, target, .. }) = types.get(id)
            && matches!(types.get(*target), Type::Record(record) if record.tag.is_none())
            && names
                .ordinary(name)
                .is_some_and(|name| matches!(name.kind, NameKind::Typedef { untagged: true, .. }))
            && !names.macros.contains_key(name.as_str())
            && types.typedef_align(id).is_none()
        {
            found.entry(*target).or_insert(name.as_str());
        }
    }
    found
}

/// Without the bit-fields, which have no offset in C, and the anonymous records.
fn condition(name: &str, body: &Body, is_macro: &impl Fn(&str) -> bool) -> String {
    let mut condition = format!("sizeof({name}) == {}", body.size);
    if let Some(align) = body.align {
        let _ = write!(condition, " && __alignof__({name}) == {align}");
    }
    for member in &body.members {
        if let (Some(field), Position::Byte(offset)) = (&member.name, member.position)
            && !is_macro(field)
        {
            let _ = write!(
                condition,
                " && __builtin_offsetof({name}, {field}) == {offset}"
            );
        }
    }
    condition
}
