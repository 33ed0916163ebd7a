//! Writes what C declares of the crate's exports, so that `#[export_c]` can compare.

use std::path::Path;

use cgo_csyntax::exports::{Lengths, Numbers};
use cgo_csyntax::selection::{BoundItem, ItemKind};

use crate::context::{Context, ProbedItem};
use crate::docs::declaration::tidy;
use crate::input::ExportCandidate;
use crate::layout::abi;
use crate::model::types::{Body, Encoding, Position, Type, TypeId};

/// The header of the crate's exports, under cgo's own name for it.
const HEADER: &str = "_cgo_export.h";

/// What C declares of an export.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExportPrototype {
    /// The key of the symbol.
    pub key: u64,
    /// Whether the declaration is that of `_cgo_export.h`, which is the same in all preambles.
    pub is_of_header: bool,
    /// The runtime's `Prototype`, as an expression.
    pub value: String,
}

impl ExportPrototype {
    /// What the header says of an export that the preamble does not take from it: the numbers alone can be compared.
    pub fn of_numbers(key: u64, name: &str, numbers: &Numbers) -> ExportPrototype {
        let numbers = some_numbers(numbers);
        ExportPrototype {
            key,
            is_of_header: true,
            value: format!(
                "::cgo::generated::export::Prototype {{ place: {HEADER:?}, text: {name:?}, defined: false, \
                 shape: ::cgo::generated::export::Shape::Unsaid, numbers: {numbers} }}"
            ),
        }
    }
}

/// What an item declares of an export; `None` if it declares none, or nothing that can be compared.
pub(crate) fn of_item(context: &Context<'_>, probed: &ProbedItem<'_>) -> Option<ExportPrototype> {
    let (item, id) = (probed.item, probed.ctype);
    let storage = match item.kind {
        ItemKind::FunctionOrVariable(storage) => Some(storage),
        ItemKind::Tag(_) | ItemKind::TypeName | ItemKind::DirectiveType => None,
        ItemKind::Builtin(_) | ItemKind::Enumerator | ItemKind::Expression(_) => return None,
    };
    let file = context.input.names.files.get(item.place.file as usize);
    let export = (context.input.export)(&ExportCandidate {
        name: &item.name,
        is_type: storage.is_none(),
        is_system: file.is_none_or(|file| file.system),
    })?;
    let declaration = item.declaration?;
    let text = tidy(context.input.names.text(declaration));
    let shape = match storage {
        Some(storage) if storage.is_static || storage.inline => return None,
        Some(_) => object_shape(context, id),
        None => type_shape(context, id)?,
    };
    // A weak definition may be replaced.
    let defined = storage.is_some_and(|storage| {
        !storage.weak && !storage.weakref && context.is_defined(storage, id)
    });
    let (file, line) = place(context, item);
    let (place, is_of_header) = (format!("{file}:{line}"), file == HEADER);
    let numbers = match export.numbers.as_ref().filter(|_| is_of_header) {
        Some(numbers) => some_numbers(numbers),
        None => "::core::option::Option::None".to_string(),
    };
    Some(ExportPrototype {
        key: export.key,
        is_of_header,
        value: format!(
            "::cgo::generated::export::Prototype {{ place: {place:?}, text: {text:?}, defined: {defined}, \
             shape: ::cgo::generated::export::Shape::{shape}, numbers: {numbers} }}"
        ),
    })
}

/// The runtime's `Numbers` in a `Some`.
fn some_numbers(numbers: &Numbers) -> String {
    let numbers = match numbers {
        Numbers::Values(values) => format!("Values(&{values:?})"),
        Numbers::Lengths(lengths) => {
            let lengths: Vec<String> = lengths.iter().map(lengths_text).collect();
            format!("Lengths(&[{}])", lengths.join(", "))
        }
    };
    format!("::core::option::Option::Some(::cgo::generated::export::Numbers::{numbers})")
}

/// The runtime's `Lengths`.
fn lengths_text(lengths: &Lengths) -> String {
    const LENGTHS: &str = "::cgo::generated::export::Lengths";
    let innermost = match lengths.open {
        true => format!("{LENGTHS}::Unread"),
        false => format!("{LENGTHS}::None"),
    };
    let outwards = lengths.known.iter().rev();
    outwards.fold(innermost, |elements, length| {
        format!("{LENGTHS}::Array({length}, &{elements})")
    })
}

/// Where an item is declared: the name of the file without its folder, and the line.
fn place<'a>(context: &Context<'a>, item: &BoundItem) -> (&'a str, u32) {
    let file = context.input.names.files.get(item.place.file as usize);
    let file = file.map_or("", |file| &file.path);
    let name = Path::new(file).file_name().and_then(|name| name.to_str());
    (name.unwrap_or(file), item.place.line)
}

fn object_shape(context: &Context<'_>, id: TypeId) -> String {
    let Type::Function(signature) = context.resolved(id) else {
        return format!("Variable({})", kind(context, id));
    };
    // No C here can call it: `_cgo_export.h` has functions with types of other preambles.
    let is_incomplete = |id: &TypeId| matches!(context.resolved(*id), Type::Record(record) if record.body.is_none());
    let mut all = signature.parameters.iter().chain([&signature.result]);
    if all.any(is_incomplete) {
        return "Unsaid".to_string();
    }
    let parameters = signature.parameters.iter();
    let kinds: Vec<String> = parameters.map(|id| kind(context, *id)).collect();
    let parameters = match signature.unspecified {
        true => "::core::option::Option::None".to_string(),
        false => format!("::core::option::Option::Some(&[{}])", kinds.join(", ")),
    };
    format!(
        "Function {{ parameters: {parameters}, variadic: {}, result: {} }}",
        signature.variadic,
        kind(context, signature.result)
    )
}

/// `None` for an incomplete type, which agrees with any.
fn type_shape(context: &Context<'_>, id: TypeId) -> Option<String> {
    let Type::Record(record) = context.resolved(id) else {
        return Some(format!("Type({})", kind(context, id)));
    };
    let body = record.body.as_ref()?;
    let kind = record_kind(context, body);
    let members = body.members.iter().map(|member| {
        let Position::Byte(offset) = member.position else {
            return None;
        };
        let size = context.layouts.size(member.ctype).unwrap_or(0);
        Some(format!(
            "::cgo::generated::export::Member {{ offset: {offset}, size: {size} }}"
        ))
    });
    let members = match members.collect::<Option<Vec<String>>>() {
        Some(members) => format!("::core::option::Option::Some(&[{}])", members.join(", ")),
        None => "::core::option::Option::None".to_string(),
    };
    Some(format!("Record({kind}, {members})"))
}

fn record_kind(context: &Context<'_>, body: &Body) -> String {
    let (size, align) = (body.size, context.layouts.record_align(body));
    format!("::cgo::generated::Kind::Record {{ size: {size}, align: {align} }}")
}

/// What a type is when it is passed to a function, as an expression.
fn kind(context: &Context<'_>, id: TypeId) -> String {
    let other = || "::cgo::generated::Kind::Other".to_string();
    if abi::by_value(context.layouts, id).is_some() {
        return other();
    }
    match context.resolved(id) {
        Type::Void => "::cgo::generated::Kind::Void".to_string(),
        Type::Pointer(_) | Type::Function(_) => "::cgo::generated::Kind::Pointer".to_string(),
        Type::Enum(e) => integer_kind(e.size, e.signed),
        Type::Base(base) => match base.encoding {
            Encoding::Bool => "::cgo::generated::Kind::Bool".to_string(),
            Encoding::Signed | Encoding::SignedChar => integer_kind(base.size, true),
            Encoding::Unsigned | Encoding::UnsignedChar => integer_kind(base.size, false),
            Encoding::Float => format!("::cgo::generated::Kind::Float {{ size: {} }}", base.size),
            Encoding::ComplexFloat => {
                format!("::cgo::generated::Kind::Complex {{ size: {} }}", base.size)
            }
            Encoding::ComplexInteger | Encoding::Null | Encoding::Other => other(),
        },
        Type::Record(record) => match &record.body {
            Some(body) => record_kind(context, body),
            None => other(),
        },
        Type::Array { count, .. } => {
            let resolved = context.layouts.types.resolve(id);
            let size = match count.and(context.layouts.size(resolved)) {
                Some(size) => format!("Some({size})"),
                None => "None".to_string(),
            };
            format!("::cgo::generated::Kind::Array {{ size: ::core::option::Option::{size} }}")
        }
        _ => other(),
    }
}

fn integer_kind(size: u64, signed: bool) -> String {
    format!("::cgo::generated::Kind::Integer {{ size: {size}, signed: {signed} }}")
}
