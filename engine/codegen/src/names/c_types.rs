//! Writes a C type as C, for shims and layout assertions at file scope behind the preamble.

use cgo_csyntax::declarations::names::Names;

use crate::layout::Layouts;
use crate::model::types::{Base, Encoding, Record, Type, TypeId, Typedef, Types};

/// The type without qualifiers; `None` for one that C has no name for there.
pub(crate) fn c_type(layouts: &Layouts<'_>, names: &Names, id: TypeId) -> Option<String> {
    let types = layouts.types;
    match types.get(id) {
        Type::Void => Some("void".to_string()),
        Type::Base(base) => base_type(base),
        // It converts to any other pointer.
        Type::Pointer(_) => Some("void *".to_string()),
        Type::Vector { element, size } => {
            let element = c_type(layouts, names, *element)?;
            Some(format!(
                "__typeof__({element} __attribute__((__vector_size__({size}))))"
            ))
        }
        Type::Record(record) => {
            record_name(names, record).or_else(|| qualified_name(layouts, names, id))
        }
        // So does an integer of its size.
        Type::Enum(e) => integer_type(e.size, e.signed),
        Type::Typedef(typedef) if is_nameable(layouts, names, id, typedef) => {
            Some(typedef.name.clone())
        }
        Type::Typedef(Typedef { target, .. }) | Type::Qualified(_, target) => {
            c_type(layouts, names, *target)
        }
        Type::Array { .. } | Type::Function(_) | Type::Unsupported(_) => None,
    }
}

/// Whether the typedef's name can be written, and has no qualifier.
fn is_nameable(layouts: &Layouts<'_>, names: &Names, id: TypeId, typedef: &Typedef) -> bool {
    let plain = matches!(
        behind_typedefs(layouts.types, typedef.target),
        Type::Base(_) | Type::Record(_) | Type::Vector { .. }
    );
    plain && is_writable(layouts, names, id, typedef)
}

/// Whether the typedef's name can be written: it has no alignment of its own, and no macro hides it.
fn is_writable(layouts: &Layouts<'_>, names: &Names, id: TypeId, typedef: &Typedef) -> bool {
    let aligned = layouts.types.typedef_align(id);
    aligned.is_none_or(|align| align == layouts.align(id))
        && names.is_typedef(&typedef.name)
        && !names.macros.contains_key(typedef.name.as_str())
}

/// The typedef of a record that has no other name, with its qualifiers: `typedef const struct { .. } T;`.
fn qualified_name(layouts: &Layouts<'_>, names: &Names, record: TypeId) -> Option<String> {
    let types = layouts.types;
    types.ids().find_map(|id| match types.get(id) {
        Type::Typedef(typedef)
            if !types.is_atomic(id)
                && types.resolve(id) == record
                && is_writable(layouts, names, id, typedef) =>
        {
            Some(typedef.name.clone())
        }
        _ => None,
    })
}

/// The type behind typedefs, with its qualifiers.
fn behind_typedefs(types: &Types, mut id: TypeId) -> &Type {
    loop {
        match types.get(id) {
            Type::Typedef(Typedef { target, .. }) => id = *target,
            other => return other,
        }
    }
}

/// `struct tag` or `union tag`, of a tag that is visible at file scope.
pub(crate) fn record_name(names: &Names, record: &Record) -> Option<String> {
    let tag = record.tag.as_ref().filter(|tag| names.has_tag(tag))?;
    Some(format!("{} {tag}", record.kind.keyword()))
}

/// DWARF does not tell it from `_Complex __float128`.
pub(crate) const WIDE_COMPLEX: &str = "_Complex long double";

fn base_type(base: &Base) -> Option<String> {
    match base.encoding {
        // clang's name for it does not tell the width before version 22.
        _ if base.is_bit_int() && !base.name.contains('(') => None,
        // clang has one name for all complex types.
        Encoding::ComplexFloat => match (base.name.as_str(), base.size) {
            ("complex", 4) => Some("_Complex _Float16".to_string()),
            ("complex", 8) => Some("_Complex float".to_string()),
            ("complex", 16) => Some("_Complex double".to_string()),
            ("complex", _) => Some(WIDE_COMPLEX.to_string()),
            (name, _) => Some(name.replacen("complex", "_Complex", 1)),
        },
        // The compilers' names for it do not tell the type of the parts. Any integer of their size does.
        Encoding::ComplexInteger => {
            integer_type(base.size / 2, true).map(|part| format!("_Complex {part}"))
        }
        _ => Some(base.name.clone()),
    }
}

fn integer_type(size: u64, signed: bool) -> Option<String> {
    let word = match size {
        1 => "char",
        2 => "short",
        4 => "int",
        8 => "long long",
        _ => return None,
    };
    let sign = if signed { "signed" } else { "unsigned" };
    Some(format!("{sign} {word}"))
}
