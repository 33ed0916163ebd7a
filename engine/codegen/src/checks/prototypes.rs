//! Tells `#[export_c]` what C declares of the crate's exports, so that it can compare.

use std::path::Path;

use cgo_csyntax::declarations::names::Storage;
use cgo_csyntax::selection::Item;

use crate::docs::declaration;
use crate::model::types::{Body, Encoding, Position, Type, TypeId};
use crate::{DeclaredName, Emitter};

/// The header of the crate's exports, under cgo's own name for it.
const HEADER: &str = "_cgo_export.h";

/// What C declares of an export.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Prototype {
    /// The key of the symbol.
    pub key: u64,
    /// Whether the declaration is that of `_cgo_export.h`, which is the same in all preambles.
    pub is_of_header: bool,
    /// The runtime's `Prototype`, as an expression.
    pub value: String,
}

impl Prototype {
    /// What the header says of an export that the preamble does not take from it: the numbers alone can be compared.
    pub fn of_numbers(key: u64, name: &str, numbers: &[i128]) -> Prototype {
        Prototype {
            key,
            is_of_header: true,
            value: format!(
                "::cgo::export::Prototype {{ place: {HEADER:?}, text: {name:?}, defined: false, \
                 shape: ::cgo::export::Shape::Unsaid, numbers: ::core::option::Option::Some(&{numbers:?}) }}"
            ),
        }
    }
}

/// How C declares an item that the crate may export.
#[derive(Clone, Copy)]
pub(crate) enum Declared {
    Object(Storage),
    Type,
}

impl Emitter<'_> {
    /// The C declaration of an export, as constants.
    pub(crate) fn prototype(&mut self, item: &Item, declared: Declared, ctype: TypeId) {
        let file = self.c_names.files.get(item.place.file as usize);
        let exported = (self.exported)(&DeclaredName {
            name: &item.name,
            is_type: matches!(declared, Declared::Type),
            is_system: file.is_none_or(|file| file.system),
        });
        let Some(exported) = exported else {
            return;
        };
        let Some(declaration) = item.declaration else {
            return;
        };
        if !self.compared.insert(item.name.clone()) {
            return;
        }
        let text = declaration::tidy(self.c_names.text(declaration));
        let defined = match declared {
            Declared::Object(storage) if storage.is_static || storage.inline => return,
            // A weak definition is there to be replaced.
            Declared::Object(storage) if storage.weak || storage.weakref => false,
            Declared::Object(storage) => self.is_defined(storage, ctype),
            Declared::Type => false,
        };
        let shape = match declared {
            Declared::Object(_) => self.shape_of_object(item, &text, ctype),
            Declared::Type => match self.shape_of_type(ctype) {
                Some(shape) => shape,
                None => return,
            },
        };
        let (file, line) = self.place(item);
        let (place, is_of_header) = (format!("{file}:{line}"), file == HEADER);
        let numbers = match exported.numbers.as_ref().filter(|_| is_of_header) {
            Some(numbers) => format!("::core::option::Option::Some(&{numbers:?})"),
            None => "::core::option::Option::None".to_string(),
        };
        self.prototypes.push(Prototype {
            key: exported.key,
            is_of_header,
            value: format!(
                "::cgo::export::Prototype {{ place: {place:?}, text: {text:?}, defined: {defined}, \
                 shape: ::cgo::export::Shape::{shape}, numbers: {numbers} }}"
            ),
        });
    }

    /// Where an item is declared: the file's own name and the line.
    fn place(&self, item: &Item) -> (&str, u32) {
        let file = self.c_names.files.get(item.place.file as usize);
        let file = file.map_or("", |file| &file.path);
        let name = Path::new(file).file_name().and_then(|name| name.to_str());
        (name.unwrap_or(file), item.place.line)
    }

    /// C17 6.9.2: a variable without `extern` is defined, with or without a value.
    pub(crate) fn is_defined(&self, storage: Storage, ctype: TypeId) -> bool {
        let types = self.layouts.types;
        let is_function = matches!(types.get(types.resolve(ctype)), Type::Function(_));
        storage.defined || (!is_function && !storage.is_extern)
    }

    fn shape_of_object(&self, item: &Item, text: &str, ctype: TypeId) -> String {
        let types = self.layouts.types;
        let Type::Function(signature) = types.get(types.resolve(ctype)) else {
            return format!("Variable({})", self.kind(ctype));
        };
        let kinds: Vec<String> = signature
            .parameters
            .iter()
            .map(|id| self.kind(*id))
            .collect();
        // C17 6.7.6.3, paragraph 14: empty brackets say nothing of the parameters.
        let without_blanks: String = text.split_whitespace().collect();
        let parameters = match without_blanks.contains(&format!("{}()", item.name)) {
            true => "::core::option::Option::None".to_string(),
            false => format!("::core::option::Option::Some(&[{}])", kinds.join(", ")),
        };
        format!(
            "Function {{ parameters: {parameters}, variadic: {}, result: {} }}",
            signature.variadic,
            self.kind(signature.result)
        )
    }

    /// `None` for an incomplete type, which agrees with any.
    fn shape_of_type(&self, ctype: TypeId) -> Option<String> {
        let types = self.layouts.types;
        let Type::Record(record) = types.get(types.resolve(ctype)) else {
            return Some(format!("Type({})", self.kind(ctype)));
        };
        let body = record.body.as_ref()?;
        let kind = self.record_kind(body);
        let members = body.members.iter().map(|member| {
            let Position::Byte(offset) = member.position else {
                return None;
            };
            let size = self.layouts.size(member.ctype).unwrap_or(0);
            Some(format!(
                "::cgo::export::Member {{ offset: {offset}, size: {size} }}"
            ))
        });
        let members = match members.collect::<Option<Vec<String>>>() {
            Some(members) => format!("::core::option::Option::Some(&[{}])", members.join(", ")),
            None => "::core::option::Option::None".to_string(),
        };
        Some(format!("Record({kind}, {members})"))
    }

    fn record_kind(&self, body: &Body) -> String {
        let (size, align) = (body.size, self.layouts.record_align(body));
        format!("::cgo::Kind::Record {{ size: {size}, align: {align} }}")
    }

    /// What a type is when it crosses a call, as an expression.
    fn kind(&self, id: TypeId) -> String {
        if crate::layout::abi::by_value(&self.layouts, self.target, id).is_some() {
            return "::cgo::Kind::Other".to_string();
        }
        let types = self.layouts.types;
        let id = types.resolve(id);
        match types.get(id) {
            Type::Void => "::cgo::Kind::Void".to_string(),
            Type::Pointer(_) | Type::Function(_) => "::cgo::Kind::Pointer".to_string(),
            Type::Enum(e) => integer(e.size, e.signed),
            Type::Base(base) => match base.encoding {
                Encoding::Bool => "::cgo::Kind::Bool".to_string(),
                Encoding::Signed | Encoding::SignedChar => integer(base.size, true),
                Encoding::Unsigned | Encoding::UnsignedChar => integer(base.size, false),
                Encoding::Float => format!("::cgo::Kind::Float {{ size: {} }}", base.size),
                Encoding::ComplexFloat => format!("::cgo::Kind::Complex {{ size: {} }}", base.size),
                Encoding::ComplexInteger | Encoding::Null | Encoding::Other => {
                    "::cgo::Kind::Other".to_string()
                }
            },
            Type::Record(record) => match &record.body {
                Some(body) => self.record_kind(body),
                None => "::cgo::Kind::Other".to_string(),
            },
            Type::Array { count, .. } => {
                let size = match count.and(self.layouts.size(id)) {
                    Some(size) => format!("Some({size})"),
                    None => "None".to_string(),
                };
                format!("::cgo::Kind::Array {{ size: ::core::option::Option::{size} }}")
            }
            _ => "::cgo::Kind::Other".to_string(),
        }
    }
}

fn integer(size: u64, signed: bool) -> String {
    format!("::cgo::Kind::Integer {{ size: {size}, signed: {signed} }}")
}
