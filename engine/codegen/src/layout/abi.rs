//! Tells which types Rust's `extern "C"` passes by value exactly as the C compiler does. What is not known to be the
//! same is refused: there is no guess about an ABI.

use std::collections::HashSet;

use cgo_csyntax::target::Target;

use crate::layout::{Form, Layouts, Repr};
use crate::model::types::{Body, Encoding, Position, Record, RecordKind, Signature, Type, TypeId};

/// How a parameter or a result goes through a shim.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Crossing {
    /// As it is.
    Value,
    /// A `long double` as the `double` nearest to it.
    Double,
    /// By its address.
    Pointer,
}

/// How a type goes through a shim.
pub(crate) fn crossing(layouts: &Layouts<'_>, target: &Target, id: TypeId) -> Crossing {
    // The shim converts as any caller does: a value is not atomic any more.
    let id = match layouts.types.is_atomic(id) {
        true => layouts.types.resolve(id),
        false => id,
    };
    match layouts.types.get(layouts.types.resolve(id)) {
        Type::Base(base) if base.name == "long double" && !layouts.types.floats_go_elsewhere => {
            Crossing::Double
        }
        _ if by_value(layouts, target, id).is_some() => Crossing::Pointer,
        _ => Crossing::Value,
    }
}

/// Why a function cannot be called from Rust without a shim; `None` if it can.
pub(crate) fn obstacle(
    layouts: &Layouts<'_>,
    target: &Target,
    signature: &Signature,
) -> Option<String> {
    if signature.convention {
        return Some("is called in another way than C's functions usually are".to_string());
    }
    if has_too_many(signature) {
        return Some(format!("has more than {MOST_PARAMETERS} parameters"));
    }
    let parameters = signature
        .parameters
        .iter()
        .find_map(|&id| by_value(layouts, target, id).map(|what| format!("takes {what} by value")));
    parameters.or_else(|| {
        by_value(layouts, target, signature.result).map(|what| format!("returns {what} by value"))
    })
}

/// rustc takes no more, be it to declare or to call.
const MOST_PARAMETERS: usize = 65535;

/// Whether the function has more parameters than any of Rust's.
pub(crate) fn has_too_many(signature: &Signature) -> bool {
    signature.parameters.len() > MOST_PARAMETERS
}

/// What in this type keeps it from being passed by value; `None` if nothing does.
pub(crate) fn by_value(layouts: &Layouts<'_>, target: &Target, id: TypeId) -> Option<String> {
    let types = layouts.types;
    if types.is_atomic(id) {
        return Some("an `_Atomic` type".to_string());
    }
    // Compilers disagree on whether such an attribute moves a parameter.
    if types
        .typedef_align(id)
        .is_some_and(|align| align != layouts.align(id))
    {
        return Some("a type that a typedef aligns in its own way".to_string());
    }
    let id = types.resolve(id);
    match types.get(id) {
        Type::Base(base) => match base.encoding {
            Encoding::Float if !matches!(base.size, 4 | 8) => Some(format!("`{}`", base.name)),
            Encoding::Float | Encoding::ComplexFloat if types.floats_go_elsewhere => Some(format!(
                "`{}`, which the compiler's flags keep out of where Rust passes it,",
                base.name
            )),
            Encoding::Null => Some("`nullptr_t`".to_string()),
            Encoding::ComplexInteger => Some("a complex number of integers".to_string()),
            Encoding::Other => Some(format!("`{}`", base.name)),
            _ if base.is_bit_int() => Some(format!("`{}`", base.name)),
            Encoding::Signed | Encoding::Unsigned if base.size == 16 && types.splits_int128 => {
                Some(format!(
                    "`{}`, which clang before 18 passes in a way of its own,",
                    base.name
                ))
            }
            // The x86-64 psABI (3.2.3) and AAPCS64 (5.9) pass a complex number as a struct of two.
            Encoding::ComplexFloat
                if !matches!(target.arch.as_str(), "x86_64" | "aarch64") || base.size > 16 =>
            {
                Some(format!("`{}`", base.name))
            }
            _ => None,
        },
        Type::Vector { .. } => Some("a vector".to_string()),
        Type::Unknown(what) => Some(format!("a type {what}")),
        Type::Record(record) => {
            let known = layouts.passed.borrow().get(&id).cloned();
            known.unwrap_or_else(|| {
                let found = record_by_value(layouts, target, id, record);
                layouts.passed.borrow_mut().insert(id, found.clone());
                found
            })
        }
        Type::Array { element, .. } => by_value(layouts, target, *element),
        _ => None,
    }
}

fn record_by_value(
    layouts: &Layouts<'_>,
    target: &Target,
    id: TypeId,
    record: &Record,
) -> Option<String> {
    let name = || {
        record
            .tag
            .as_ref()
            .map_or("a struct".to_string(), |tag| format!("`{tag}`"))
    };
    let Some(body) = &record.body else {
        return Some(format!("{}, which is incomplete,", name()));
    };
    let plain = matches!(layouts.form(id), Some(Form::Fields { repr: Repr::Natural, pieces })
        if !pieces.iter().any(|piece| matches!(piece, crate::layout::Piece::Padding(_))));
    if !plain || body.size == 0 {
        return Some(format!(
            "{}, which Rust has no fields for in the same layout,",
            name()
        ));
    }
    let mut members = body.members.iter();
    if body.hidden_bits || members.any(|member| matches!(member.position, Position::Bits { .. })) {
        return Some(format!("{}, which has bit-fields,", name()));
    }
    // gcc and clang do not agree on those either.
    if body
        .members
        .iter()
        .any(|member| layouts.size(member.ctype) == Some(0))
    {
        return Some(format!("{}, which has a member of no size,", name()));
    }
    if is_passed_otherwise(layouts, target, id, body) {
        return Some(format!(
            "{}, which rustc passes otherwise than C on this machine,",
            name()
        ));
    }
    body.members
        .iter()
        .find_map(|member| by_value(layouts, target, member.ctype))
}

/// Where rustc and the machine's ABI part. Each was found by cgo-abi-fuzz, and takes in more than is known to differ.
fn is_passed_otherwise(layouts: &Layouts<'_>, target: &Target, id: TypeId, body: &Body) -> bool {
    let has = |is_one: fn(&Type) -> bool| holds(layouts, id, is_one);
    match target.arch.as_str() {
        // The natural alignment of AAPCS (5.3.5) and AAPCS64 (5.9.6) is that of the members, packed as they are.
        "arm" | "aarch64" => body.packed,
        // A struct of one number is passed as that number (s390x ELF ABI, 1.2.5.1); neither union nor array is, but for rustc.
        "s390x" => body.size <= 8 && has(is_float) && has(is_union_or_array),
        // An integer beside a number goes into a register of its own (RISC-V calling convention, 2.2); a pointer does not,
        // but for rustc.
        "riscv32" | "riscv64" => body.size <= 16 && has(is_float) && has(is_pointer),
        _ => false,
    }
}

/// Whether such a type is part of this one.
fn holds(layouts: &Layouts<'_>, id: TypeId, is_one: fn(&Type) -> bool) -> bool {
    // Each type once, however often it is part of others.
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

fn is_union_or_array(ctype: &Type) -> bool {
    match ctype {
        Type::Record(record) => record.kind == RecordKind::Union,
        other => matches!(other, Type::Array { .. }),
    }
}
