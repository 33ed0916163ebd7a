//! Writes the C by which the compiler, while it makes the library, compares the layouts of the bound records with those that it told
//! the probe: what the text or the environment made of the two runs must be one and the same.

use std::collections::HashMap;
use std::fmt::Write;

use cgo_csyntax::declarations::names::{Names, Role};

use crate::layout::Layouts;
use crate::model::types::{Body, Position, Record, Type, TypeId, Typedef};
use crate::names::in_c::spell_record;

/// The file that the text says it is. Each record is one line of it.
pub const FILE: &str = "cgo-layouts";

/// What must hold of one record.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Asserted {
    /// Its name in C.
    pub record: String,
    pub condition: String,
}

/// The text, for behind the preamble. Every dialect has arrays whose length must not be negative; `_Static_assert` is none's before C11,
/// and some headers define it away.
pub fn write(list: &[Asserted]) -> String {
    let mut text = format!("\n#line 1 \"{FILE}\"\n");
    for (number, Asserted { condition, .. }) in list.iter().enumerate() {
        let _ = writeln!(
            text,
            "extern char _cgo_layout_{number}[{condition} ? 1 : -1];"
        );
    }
    text
}

/// The condition of each record that C has a name for at file scope and that `is_bound`.
pub(crate) fn of_records(
    layouts: &Layouts<'_>,
    names: &Names,
    is_bound: impl Fn(TypeId) -> bool,
) -> Vec<Asserted> {
    let is_macro = |name: &str| names.macros.contains_key(name);
    let ours = ["struct", "union", "extern", "char", "sizeof"];
    if ours.iter().any(|word| is_macro(word)) {
        return Vec::new();
    }
    let typedefs = typedefs(layouts, names);
    let list = &layouts.types.list;
    let records = (0..list.len()).filter_map(|index| match &list[index] {
        Type::Record(record) => Some((TypeId(index as u32), record, record.body.as_ref()?)),
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
    // A second one of the same name is declared in a function or a prototype.
    let only = named
        .iter()
        .filter(|(_, _, name)| count[name.as_str()] == 1);
    let bound = only.filter(|(id, ..)| is_bound(*id));
    let asserted = bound.map(|(_, body, name)| Asserted {
        record: name.clone(),
        condition: condition(name, body, &is_macro),
    });
    asserted.collect()
}

fn name(names: &Names, record: &Record) -> Option<String> {
    let tag = record.tag.as_ref()?;
    let is_macro = names.macros.contains_key(tag.as_str());
    spell_record(names, record).filter(|_| !is_macro)
}

/// The typedefs' names for records that have no other.
fn typedefs<'n>(layouts: &'n Layouts<'_>, names: &Names) -> HashMap<TypeId, &'n str> {
    let mut found = HashMap::new();
    for (index, ctype) in layouts.types.list.iter().enumerate() {
        let id = TypeId(index as u32);
        if let Type::Typedef(Typedef { name, target, .. }) = ctype
            && matches!(layouts.types.get(*target), Type::Record(record) if record.tag.is_none())
            && names
                .ordinary(name)
                .is_some_and(|name| matches!(name.role, Role::Typedef { untagged: true, .. }))
            && !names.macros.contains_key(name.as_str())
            && layouts.types.typedef_align(id).is_none()
        {
            found.entry(*target).or_insert(name.as_str());
        }
    }
    found
}

/// Bit-fields have no offset in C, and members of anonymous records stand in those.
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
