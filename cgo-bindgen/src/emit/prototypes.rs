//! Tells `#[export_c]` what C declares of the crate's exports, so that it can compare.

use std::fmt::Write;
use std::path::Path;

use super::{Emitter, declaration};
use crate::ctype::{Encoding, Type, TypeId};
use crate::names::Storage;
use crate::select::Item;

/// Stands in the module for the number that this preamble has among the crate's.
pub(crate) const PREAMBLE_NUMBER: &str = "__CGO_PREAMBLE_NUMBER__";

impl Emitter<'_> {
    /// The C declaration of an export, as constants.
    pub(super) fn prototype(&mut self, item: &Item, storage: Storage, ctype: TypeId) {
        let Some(key) = self.exported.get(&item.name).copied() else {
            return;
        };
        let Some((start, end)) = item.text else {
            return;
        };
        if storage.is_static || storage.defined {
            return;
        }
        let types = self.layouts.types;
        let (parameters, variadic, result) = match types.get(types.resolve(ctype)) {
            Type::Function(signature) => {
                let kinds: Vec<String> = signature
                    .parameters
                    .iter()
                    .map(|id| self.kind(*id))
                    .collect();
                (Some(kinds), signature.variadic, signature.result)
            }
            _ => (None, false, ctype),
        };
        let parameters = parameters.map_or("::core::option::Option::None".to_string(), |kinds| {
            format!("::core::option::Option::Some(&[{}])", kinds.join(", "))
        });
        let place = item.place;
        let file = self
            .c_names
            .files
            .get(place.file as usize)
            .map_or("", |file| &file.path);
        let file = Path::new(file)
            .file_name()
            .and_then(|name| name.to_str())
            .unwrap_or(file);
        let place = format!("{file}:{}", place.line);
        let text = declaration::tidy(&self.text[start..end]);
        let result = self.kind(result);
        let _ = writeln!(
            self.code,
            "const _: () = {{ pub struct Here; impl ::cgo::export::Declares<Here> for ::cgo::export::Symbol<{key}, {PREAMBLE_NUMBER}> {{ \
             const PROTOTYPE: ::cgo::export::Prototype = ::cgo::export::Prototype {{ place: {place:?}, text: {text:?}, \
             parameters: {parameters}, variadic: {variadic}, result: {result} }}; }} }};"
        );
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
                Encoding::Other => "::cgo::Kind::Other".to_string(),
            },
            Type::Record(record) => match &record.body {
                Some(body) => format!(
                    "::cgo::Kind::Record {{ size: {}, align: {} }}",
                    body.size,
                    self.layouts.record_align(body)
                ),
                None => "::cgo::Kind::Other".to_string(),
            },
            _ => "::cgo::Kind::Other".to_string(),
        }
    }
}

fn integer(size: u64, signed: bool) -> String {
    format!("::cgo::Kind::Integer {{ size: {size}, signed: {signed} }}")
}
