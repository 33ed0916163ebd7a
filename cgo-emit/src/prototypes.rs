//! Tells `#[export_c]` what C declares of the crate's exports, so that it can compare.

use std::fmt::Write;
use std::path::Path;

use cgo_preamble::names::Storage;
use cgo_preamble::select::Item;

use crate::ctype::{Body, Encoding, Position, Type, TypeId};
use crate::{Emitter, declaration};

/// Stands in the module for the number that this preamble has among the crate's.
pub const PREAMBLE_NUMBER: &str = "__CGO_PREAMBLE_NUMBER__";

/// How C declares an item that the crate may export.
#[derive(Clone, Copy)]
pub(crate) enum Declared {
    Object(Storage),
    Type,
}

impl Emitter<'_> {
    /// The C declaration of an export, as constants.
    pub(crate) fn prototype(&mut self, item: &Item, declared: Declared, ctype: TypeId) {
        let is_type = matches!(declared, Declared::Type);
        let Some(exported) = self.exported.get(&item.name).copied() else {
            return;
        };
        let Some((start, end)) = item.text else {
            return;
        };
        if exported.is_type != is_type || !self.compared.insert(item.name.clone()) {
            return;
        }
        let text = declaration::tidy(&self.text[start..end]);
        let defined = match declared {
            Declared::Object(storage) if storage.is_static || storage.inline => return,
            // A weak definition is there to be replaced.
            Declared::Object(_) if text.contains("weak") => false,
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
        let (key, place) = (exported.key, self.place(item));
        let _ = writeln!(
            self.code,
            "const _: () = {{ pub struct Here; unsafe impl ::cgo::export::Declares<Here> for ::cgo::export::Symbol<{key}, {PREAMBLE_NUMBER}> {{ \
             const PROTOTYPE: ::cgo::export::Prototype = ::cgo::export::Prototype {{ place: {place:?}, text: {text:?}, \
             defined: {defined}, shape: ::cgo::export::Shape::{shape} }}; }} }};"
        );
    }

    /// Where an item is declared: the file's own name and the line.
    fn place(&self, item: &Item) -> String {
        let file = self.c_names.files.get(item.place.file as usize);
        let file = file.map_or("", |file| &file.path);
        let name = Path::new(file).file_name().and_then(|name| name.to_str());
        format!("{}:{}", name.unwrap_or(file), item.place.line)
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
        if crate::abi::by_value(&self.layouts, self.target, id).is_some() {
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
