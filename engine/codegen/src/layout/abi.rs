//! Tells which types Rust's `extern "C"` passes by value exactly as the C compiler does. A type that is not known to be passed alike
//! is not: nothing is guessed about an ABI.

use std::collections::HashSet;

use crate::layout::layouts::{Layouts, Piece, RecordForm, Repr};
use crate::model::types::{
    Base, Body, Encoding, Position, Record, RecordKind, Signature, Type, TypeId,
};

pub(crate) use crate::layout::obstacles::{MOST_PARAMETERS, NotByValue, Obstacle};

/// How a shim takes a parameter or returns a result.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum PassMode {
    /// As it is.
    Direct,
    /// A `long double` as the `double` nearest to it.
    AsDouble,
    /// By pointer.
    Indirect,
}

/// How a shim takes or returns a value of this type.
pub(crate) fn pass_mode(layouts: &Layouts<'_>, id: TypeId) -> PassMode {
    // The shim converts as any caller does: a value is not atomic any more.
    let id = match layouts.types.is_atomic(id) {
        true => layouts.types.resolve(id),
        false => id,
    };
    match layouts.types.get(layouts.types.resolve(id)) {
        Type::Base(base) if base.name == "long double" && !layouts.types.no_float_registers => {
            PassMode::AsDouble
        }
        _ if by_value(layouts, id).is_some() => PassMode::Indirect,
        _ => PassMode::Direct,
    }
}

/// Why Rust cannot call a function of this type without a shim; `None` if it can.
pub(crate) fn obstacle(layouts: &Layouts<'_>, signature: &Signature) -> Option<Obstacle> {
    if signature.convention {
        return Some(Obstacle::Convention);
    }
    if has_too_many_parameters(signature) {
        return Some(Obstacle::TooManyParameters);
    }
    let mut parameters = signature.parameters.iter();
    let parameter = parameters.find_map(|&id| by_value(layouts, id).map(Obstacle::Takes));
    parameter.or_else(|| by_value(layouts, signature.result).map(Obstacle::Returns))
}

/// Whether the function has more parameters than any of Rust's.
pub(crate) fn has_too_many_parameters(signature: &Signature) -> bool {
    signature.parameters.len() > MOST_PARAMETERS
}

/// What keeps this type from being passed by value; `None` if nothing does.
pub(crate) fn by_value(layouts: &Layouts<'_>, id: TypeId) -> Option<NotByValue> {
    let types = layouts.types;
    let named = |name: &str| {
        Some(NotByValue {
            name: name.to_string(),
            reason: None,
        })
    };
    if types.is_atomic(id) {
        return named("an `_Atomic` type");
    }
    // Compilers disagree on whether such an attribute moves a parameter.
    if types
        .typedef_align(id)
        .is_some_and(|align| align != layouts.align(id))
    {
        return named("a type whose alignment a typedef changes");
    }
    let id = types.resolve(id);
    match types.get(id) {
        Type::Base(base) => base_by_value(layouts, base),
        Type::Vector { .. } => named("a vector"),
        Type::Unsupported(unsupported) => named(&unsupported.to_string()),
        Type::Record(record) => {
            let known = layouts.by_value.borrow().get(&id).cloned();
            known.unwrap_or_else(|| {
                let found = record_by_value(layouts, id, record);
                layouts.by_value.borrow_mut().insert(id, found.clone());
                found
            })
        }
        Type::Array { element, .. } => by_value(layouts, *element),
        _ => None,
    }
}

fn base_by_value(layouts: &Layouts<'_>, base: &Base) -> Option<NotByValue> {
    let name = match base.encoding {
        Encoding::Null => "`nullptr_t`".to_string(),
        Encoding::ComplexInteger => "a complex integer".to_string(),
        _ => format!("`{}`", base.name),
    };
    let because = |reason| {
        Some(NotByValue {
            name: name.clone(),
            reason,
        })
    };
    let types = layouts.types;
    match base.encoding {
        Encoding::Float if !matches!(base.size, 4 | 8) => because(None),
        Encoding::Float | Encoding::ComplexFloat if types.no_float_registers => {
            because(Some("C and Rust do not pass it in the same registers here"))
        }
        Encoding::Null | Encoding::ComplexInteger | Encoding::Other => because(None),
        _ if base.is_bit_int() => because(None),
        Encoding::Signed | Encoding::Unsigned if base.size == 16 && types.misplaces_int128 => {
            because(Some("clang before 20 passes it in a way of its own"))
        }
        // The x86-64 psABI (3.2.3) and AAPCS64 (5.9) pass a complex number as a struct of two.
        Encoding::ComplexFloat
            if !matches!(layouts.target.arch.as_str(), "x86_64" | "aarch64") || base.size > 16 =>
        {
            because(None)
        }
        _ => None,
    }
}

fn record_by_value(layouts: &Layouts<'_>, id: TypeId, record: &Record) -> Option<NotByValue> {
    let because = |reason| {
        let keyword = record.kind.keyword();
        Some(NotByValue {
            name: match &record.tag {
                Some(tag) => format!("`{keyword} {tag}`"),
                None => format!("a `{keyword}`"),
            },
            reason: Some(reason),
        })
    };
    let Some(body) = &record.body else {
        return because("it is incomplete");
    };
    let is_padding = |piece: &Piece| matches!(piece, Piece::Padding(_));
    let is_plain = matches!(layouts.form(id), Some(RecordForm::Fields { repr: Repr::Natural, pieces })
        if !pieces.iter().any(is_padding));
    if !is_plain || body.size == 0 {
        return because("Rust has no fields with its layout");
    }
    let mut members = body.members.iter();
    if body.hidden_bits || members.any(|member| matches!(member.position, Position::Bits { .. })) {
        return because("it has bit-fields");
    }
    if body.transparent {
        return because("C passes it as its first member");
    }
    // gcc and clang do not agree on those either.
    let mut members = body.members.iter();
    if members.any(|member| layouts.size(member.ctype) == Some(0)) {
        return because("it has a member of size 0");
    }
    if is_passed_otherwise(layouts, id, body) {
        return because("rustc does not pass it as C does on this machine");
    }
    let mut members = body.members.iter();
    members.find_map(|member| by_value(layouts, member.ctype))
}

/// Whether rustc and the machine's ABI pass the record in different ways. Each case was found by cgo-abi-fuzz, and covers more records
/// than are known to differ.
fn is_passed_otherwise(layouts: &Layouts<'_>, id: TypeId, body: &Body) -> bool {
    let has = |is_one: fn(&Type) -> bool| holds(layouts, id, is_one);
    match layouts.target.arch.as_str() {
        // The natural alignment of AAPCS (5.3.5) and AAPCS64 (5.9.6) is that of the members, packed as they are.
        "arm" | "aarch64" => body.packed,
        // A struct of one number is passed as that number (s390x ELF ABI, 1.2.5.1); neither union nor array is, but for rustc.
        "s390x" => body.size <= 8 && has(is_float) && has(is_union_or_array),
        // An integer beside a number goes into a register of its own (RISC-V calling convention, 2.2); a pointer does not,
        // but for rustc.
        "riscv32" | "riscv64" => body.size <= 16 && has(is_float) && has(is_pointer),
        // A struct of one scalar is passed as that scalar (WebAssembly's "Basic C ABI"), and a union of two is not, but for rustc.
        "wasm32" | "wasm64" => body.size <= 16 && has(is_union),
        _ => false,
    }
}

/// Whether a type of this kind is part of this one.
fn holds(layouts: &Layouts<'_>, id: TypeId, is_one: fn(&Type) -> bool) -> bool {
    // Each type is looked at once, however often it is part of others.
    let (mut waiting, mut seen) = (vec![id], HashSet::new());
    while let Some(id) = waiting.pop() {
        let id = layouts.types.resolve(id);
        if !seen.insert(id) {
            continue;
        }
        match layouts.types.get(id) {
            found if is_one(found) => return true,
            Type::Array { element, .. } => waiting.push(*element),
            Type::Record(Record {
                body: Some(body), ..
            }) => waiting.extend(body.members.iter().map(|member| member.ctype)),
            _ => {}
        }
    }
    false
}

fn is_float(ctype: &Type) -> bool {
    matches!(ctype, Type::Base(base) if matches!(base.encoding, Encoding::Float | Encoding::ComplexFloat))
}

fn is_pointer(ctype: &Type) -> bool {
    matches!(ctype, Type::Pointer(_))
}

fn is_union(ctype: &Type) -> bool {
    matches!(ctype, Type::Record(record) if record.kind == RecordKind::Union)
}

fn is_union_or_array(ctype: &Type) -> bool {
    is_union(ctype) || matches!(ctype, Type::Array { .. })
}
