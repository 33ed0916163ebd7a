//! Writes enumerators and object macros.

use std::fmt::Write;

use cgo_csyntax::macros::classify::Expression;
use cgo_csyntax::macros::evaluation::Evaluation;
use cgo_csyntax::macros::expression_type::TypeSource;
use cgo_csyntax::selection::Item;

use crate::Emitter;
use crate::items::types::integer_type;
use crate::model::answer::Constant;
use crate::model::types::{Encoding, Type, TypeId};
use crate::names::in_rust::identifier;
use crate::shims::c_text::Shim;

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
        expression: &Expression,
        ctype: TypeId,
    ) -> Result<(), String> {
        let types = self.layouts.types;
        let constant = match types.get(types.resolve(ctype)) {
            // Of `nullptr` compilers do not agree that it is a pointer.
            Type::Base(base) if base.encoding == Encoding::Null => Some(Constant::Pointer(0)),
            _ => self.answer.constants.get(index).cloned().flatten(),
        };
        let constant = constant.filter(|_| expression.evaluation != Evaluation::AtEachUse);
        // Some compilers give an operator's result the name of an operand's type, and others do not.
        let ctype = match (&expression.type_source, types.get(types.resolve(ctype))) {
            (TypeSource::Language, Type::Base(_)) => types.resolve(ctype),
            _ => ctype,
        };
        match constant {
            Some(Constant::Integer(value)) => return self.integer(item, ctype, value),
            Some(Constant::Float(value)) => self.float(item, ctype, value),
            Some(Constant::String(bytes)) => self.string(item, &bytes),
            Some(Constant::Wide(characters)) => self.wide_string(item, ctype, &characters),
            Some(Constant::Pointer(value)) if !self.is_function_pointer(ctype) => {
                self.pointer_constant(item, ctype, value);
            }
            Some(Constant::Literal) => return self.literal(item, expression, ctype),
            Some(Constant::Pointer(_)) | None => return self.getter(item, ctype),
        }
        Ok(())
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

    /// All its characters with the zero at the end, of the type that C gives them.
    fn wide_string(&mut self, item: &Item, ctype: TypeId, characters: &[u64]) {
        let types = self.layouts.types;
        let Type::Array { element, .. } = types.get(types.resolve(ctype)) else {
            return;
        };
        let rust = self.rust_type(types.resolve(*element));
        let is_signed = matches!(types.get(types.resolve(*element)), Type::Base(base) if base.encoding == Encoding::Signed);
        let written = characters.iter().map(|&character| match is_signed {
            true => (character as i32).to_string(),
            false => character.to_string(),
        });
        let written: Vec<String> = written.collect();
        let documentation = self.documentation(item, "");
        let _ = writeln!(
            self.code,
            "{documentation}pub const {}: &[{rust}; {}] = &[{}];",
            identifier(&item.name),
            characters.len(),
            written.join(", ")
        );
    }

    /// Whether it is one in an expression, as a function is.
    fn is_function_pointer(&self, ctype: TypeId) -> bool {
        let types = self.layouts.types;
        match types.get(types.resolve(ctype)) {
            Type::Function(_) => true,
            Type::Pointer(pointee) => {
                matches!(types.get(types.resolve(*pointee)), Type::Function(_))
            }
            _ => false,
        }
    }

    fn pointer_constant(&mut self, item: &Item, ctype: TypeId, value: u64) {
        let rust = self.decayed(ctype).unwrap_or_else(|| self.rust_type(ctype));
        let bits = 8 * self.layouts.pointer_size().clamp(1, 8);
        let value = value & (u64::MAX >> (64 - bits));
        let documentation = self.documentation(item, "");
        let _ = writeln!(
            self.code,
            "{documentation}pub const {}: {rust} = {value:#x}_usize as {rust};",
            identifier(&item.name)
        );
    }

    /// C's own variable, which holds the value for as long as the program runs.
    fn literal(
        &mut self,
        item: &Item,
        expression: &Expression,
        ctype: TypeId,
    ) -> Result<(), String> {
        if expression.evaluation.is_read_in_a_function() {
            return Err(
                "it points into a compound literal, which ends with the function that it stands in"
                    .to_string(),
            );
        }
        let rust = self.decayed(ctype).unwrap_or_else(|| self.rust_type(ctype));
        self.shims.push(Shim::Literal(item.name.clone()));
        let remark = "A constant: what it points to is there as long as the program runs.";
        let documentation = self.documentation(item, remark);
        let symbol = self.shim_symbol(&item.name);
        self.foreign(&item.name, &symbol, &documentation, |name| {
            format!("safe static {name}: {rust}")
        });
        Ok(())
    }

    /// The pointer that an array or a function becomes in an expression.
    fn decayed(&self, ctype: TypeId) -> Option<String> {
        let types = self.layouts.types;
        match types.get(types.resolve(ctype)) {
            Type::Array { element, .. } => {
                let mutability = if types.is_const(ctype) {
                    "const"
                } else {
                    "mut"
                };
                Some(format!("*{mutability} {}", self.pointee(*element)))
            }
            Type::Function(signature) => Some(self.function_pointer(signature)),
            _ => None,
        }
    }

    /// What is no constant is evaluated at each call, as C does at each use.
    fn getter(&mut self, item: &Item, ctype: TypeId) -> Result<(), String> {
        let types = self.layouts.types;
        let is_void = matches!(types.get(types.resolve(ctype)), Type::Void);
        let decayed = self.decayed(ctype);
        self.shims.push(match decayed {
            Some(_) => Shim::DecayedValue(item.name.clone()),
            None => Shim::Value(item.name.clone()),
        });
        let rust = decayed.unwrap_or_else(|| match is_void {
            true => "::core::primitive::u8".to_string(),
            false => self.value_type(ctype),
        });
        let (result, taken) = match is_void {
            true => (String::new(), ""),
            false => (format!(" -> {rust}"), "; _cgo_result.assume_init()"),
        };
        let documentation = self.documentation(item, "Evaluated at each call.");
        let declare = |name: &str| format!("fn {name}(_: *mut {rust})");
        let shim = self.foreign_shim(&item.name, declare);
        let name = identifier(&item.name);
        let _ = writeln!(
            self.code,
            "{documentation}#[inline]\npub unsafe fn {name}(){result} {{\n\
             let mut _cgo_result = ::core::mem::MaybeUninit::uninit();\n\
             unsafe {{ {shim}(_cgo_result.as_mut_ptr()){taken} }}\n}}"
        );
        Ok(())
    }
}
