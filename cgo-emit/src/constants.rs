//! Writes enumerators and object macros.

use std::fmt::Write;

use cgo_preamble::select::Item;

use crate::Emitter;
use crate::answer::Constant;
use crate::ctype::{Encoding, Type, TypeId};
use crate::shim::Shim;
use crate::type_names::identifier;
use crate::types::integer_type;

impl Emitter<'_> {
    pub(crate) fn enumerator(
        &mut self,
        index: usize,
        item: &Item,
        ctype: TypeId,
    ) -> Result<(), String> {
        let Some(Some(Constant::Integer(value))) = self.answer.constants.get(index).cloned() else {
            return Err("the compiler gives it no constant value".to_string());
        };
        // C gives an enumerator the type `int`, but what it is compared with and passed as is its enumeration.
        let owner = self.enumerations.get(item.target.as_str()).copied();
        self.integer(item, owner.unwrap_or(ctype), value)
    }

    pub(crate) fn expression(
        &mut self,
        index: usize,
        item: &Item,
        ctype: TypeId,
    ) -> Result<(), String> {
        match self.answer.constants.get(index).cloned().flatten() {
            Some(Constant::Integer(value)) => self.integer(item, ctype, value),
            Some(Constant::Float(value)) => {
                self.float(item, ctype, value);
                Ok(())
            }
            Some(Constant::String(bytes)) => {
                self.string(item, &bytes);
                Ok(())
            }
            None => self.getter(item, ctype),
        }
    }

    /// A number that C declares as `constexpr`; whether it is one that Rust has.
    pub(super) fn constant(&mut self, index: usize, item: &Item, ctype: TypeId) -> bool {
        let types = self.layouts.types;
        let is_rusts = match types.get(types.resolve(ctype)) {
            Type::Base(base) => base.is_rusts(),
            Type::Enum(_) => true,
            _ => false,
        };
        match self.answer.constants.get(index).cloned().flatten() {
            Some(Constant::Integer(value)) if is_rusts => self.integer(item, ctype, value).is_ok(),
            Some(Constant::Float(value)) if is_rusts => {
                self.float(item, ctype, value);
                true
            }
            _ => false,
        }
    }

    fn float(&mut self, item: &Item, ctype: TypeId, value: f64) {
        let (rust, literal) = match self.layouts.size(ctype) {
            Some(4) => (
                "f32",
                format!(
                    "::core::primitive::f32::from_bits({:#x})",
                    (value as f32).to_bits()
                ),
            ),
            _ => (
                "f64",
                format!("::core::primitive::f64::from_bits({:#x})", value.to_bits()),
            ),
        };
        let documentation = self.documentation(item, "");
        let name = identifier(&item.name);
        let _ = writeln!(
            self.code,
            "{documentation}pub const {name}: ::core::primitive::{rust} = {literal};"
        );
    }

    fn integer(&mut self, item: &Item, ctype: TypeId, value: i128) -> Result<(), String> {
        let types = self.layouts.types;
        let (size, unsigned, is_bool) = match types.get(types.resolve(ctype)) {
            Type::Base(base) => (
                base.size,
                matches!(base.encoding, Encoding::Unsigned | Encoding::UnsignedChar),
                base.encoding == Encoding::Bool,
            ),
            Type::Enum(e) => (e.size, !e.signed, false),
            _ => return self.getter(item, ctype),
        };
        // Its words were asked for two.
        if size > 16 {
            return self.getter(item, ctype);
        }
        let mut rust = self.value_type(ctype);
        if matches!(types.get(types.resolve(ctype)), Type::Enum(_)) && rust.is_empty() {
            rust = integer_type(size, !unsigned);
        }
        let literal = match (is_bool, unsigned, size) {
            (true, ..) => (value != 0).to_string(),
            (false, true, size) => {
                (value as u128 & (u128::MAX >> (128 - 8 * size.clamp(1, 16)))).to_string()
            }
            // The bits above the type's own are its sign.
            (false, false, 1..=8) => {
                ((value as i64) << (64 - 8 * size) >> (64 - 8 * size)).to_string()
            }
            (false, false, _) => value.to_string(),
        };
        let documentation = self.documentation(item, "");
        let _ = writeln!(
            self.code,
            "{documentation}pub const {}: {rust} = {literal};",
            identifier(&item.name)
        );
        Ok(())
    }

    /// A `&CStr`, or all its bytes with the NUL where another NUL stands inside.
    fn string(&mut self, item: &Item, bytes: &[u8]) {
        let mut literal = String::from("b\"");
        for byte in bytes.iter().chain(b"\0") {
            let _ = write!(literal, "{}", byte.escape_ascii());
        }
        literal.push('"');
        let documentation = self.documentation(item, "");
        let name = identifier(&item.name);
        let _ = if bytes.contains(&0) {
            writeln!(
                self.code,
                "{documentation}pub const {name}: &[::core::primitive::u8; {}] = {literal};",
                bytes.len() + 1
            )
        } else {
            writeln!(
                self.code,
                "{documentation}pub const {name}: &::core::ffi::CStr = unsafe {{ ::core::ffi::CStr::from_bytes_with_nul_unchecked({literal}) }};"
            )
        };
    }

    /// What is no constant is evaluated at each call, as C does at each use.
    fn getter(&mut self, item: &Item, ctype: TypeId) -> Result<(), String> {
        let types = self.layouts.types;
        let resolved = types.resolve(ctype);
        let (shim, rust) = match types.get(resolved) {
            Type::Void => (Shim::Statement(item.name.clone()), None),
            Type::Array { element, .. } => {
                let mutability = if types.is_const(ctype) {
                    "const"
                } else {
                    "mut"
                };
                (
                    Shim::DecayedValue(item.name.clone()),
                    Some(format!("*{mutability} {}", self.rust_type(*element))),
                )
            }
            Type::Function(signature) => {
                let pointer = self.function_pointer(signature);
                (Shim::DecayedValue(item.name.clone()), Some(pointer))
            }
            _ => (Shim::Value(item.name.clone()), Some(self.value_type(ctype))),
        };
        self.shims.push(shim);
        let documentation = self.documentation(item, "Evaluated at each call.");
        match rust {
            None => {
                let symbol = self.shim_symbol(&item.name);
                let declare = |name: &str| format!("fn {name}()");
                self.foreign(&item.name, &symbol, &documentation, declare);
            }
            Some(rust) => {
                let declare = |name: &str| format!("fn {name}(_: *mut {rust})");
                let shim = self.foreign_shim(&item.name, declare);
                let name = identifier(&item.name);
                _ = writeln!(
                    self.code,
                    "{documentation}#[inline]\npub unsafe fn {name}() -> {rust} {{\n\
                 let mut _cgo_result = ::core::mem::MaybeUninit::uninit();\n\
                 unsafe {{ {shim}(_cgo_result.as_mut_ptr()); _cgo_result.assume_init() }}\n}}"
                )
            }
        }
        Ok(())
    }
}
