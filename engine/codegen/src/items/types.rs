//! Writes the Rust type of a C type.

use crate::Emitter;
use crate::layout::Atomic;
use crate::model::types::{Base, Encoding, Qualifier, Signature, Type, TypeId, Typedef};
use crate::names::in_rust::identifier;

/// The qualifiers that were met on the way to a type.
#[derive(Clone, Copy, Default)]
struct Volatility {
    volatile: bool,
    constant: bool,
}

impl Volatility {
    fn with(self, qualifier: Qualifier) -> Volatility {
        Volatility {
            volatile: self.volatile || qualifier == Qualifier::Volatile,
            constant: self.constant || qualifier == Qualifier::Const,
        }
    }
}

impl Emitter<'_> {
    /// The Rust type, as a field or behind a pointer.
    pub(crate) fn rust_type(&self, id: TypeId) -> String {
        let types = self.layouts.types;
        match types.get(id) {
            Type::Void => "::core::ffi::c_void".to_string(),
            Type::Base(base) => self.base_type(base),
            Type::Pointer(pointee) => self.pointer(*pointee),
            // It can only be pointed to.
            Type::Array { .. } if self.layouts.is_too_big(id) => "::core::ffi::c_void".to_string(),
            Type::Array { element, count } => {
                format!("[{}; {}]", self.rust_type(*element), count.unwrap_or(0))
            }
            Type::Vector { size, .. } => bytes_type(*size, self.layouts.align(id)),
            Type::Function(signature) => self.function_type(signature),
            Type::Record(_) => self
                .names
                .get(id)
                .map_or_else(|| "::core::ffi::c_void".to_string(), identifier),
            Type::Enum(e) => match self.names.get(id) {
                Some(name) => identifier(name),
                None => integer_type(e.size, e.signed),
            },
            Type::Typedef(_) => self.names.get(id).map_or_else(String::new, identifier),
            Type::Qualified(Qualifier::Atomic, inner) => self.atomic_type(id, *inner),
            Type::Qualified(_, inner) => match types.is_volatile(id) {
                true => self.volatile_type(id, Volatility::default()),
                false => self.rust_type(*inner),
            },
            Type::Unknown(_) => "::core::ffi::c_void".to_string(),
        }
    }

    /// Of a type that `volatile` stands on, be it on the elements of an array. The names of typedefs that are volatile themselves are
    /// lost where more qualifiers come to them.
    fn volatile_type(&self, id: TypeId, outer: Volatility) -> String {
        let types = self.layouts.types;
        match types.get(id) {
            Type::Qualified(qualifier, inner) if *qualifier != Qualifier::Atomic => {
                self.volatile_type(*inner, outer.with(*qualifier))
            }
            Type::Typedef(Typedef { target, .. }) if self.takes_qualifiers_in(*target) => {
                self.volatile_type(*target, outer)
            }
            Type::Array { element, count } if !self.layouts.is_too_big(id) => {
                let element = self.volatile_type(*element, outer);
                format!("[{element}; {}]", count.unwrap_or(0))
            }
            _ if !outer.volatile || !self.is_accessible(id) => self.rust_type(id),
            _ => match outer.constant {
                true => format!("::cgo::Volatile<{}, ::cgo::ReadOnly>", self.rust_type(id)),
                false => format!("::cgo::Volatile<{}>", self.rust_type(id)),
            },
        }
    }

    /// Whether qualifiers of a typedef for this type say something else of it than what stands there.
    fn takes_qualifiers_in(&self, id: TypeId) -> bool {
        let types = self.layouts.types;
        let is_array = matches!(types.get(types.resolve(id)), Type::Array { .. });
        is_array || types.is_volatile(id) || !self.is_accessible(id)
    }

    /// Whether C can read such a value, and Rust has a type for it that is not atomic.
    pub(crate) fn is_accessible(&self, id: TypeId) -> bool {
        let types = self.layouts.types;
        let is_known = match types.get(types.resolve(id)) {
            Type::Void | Type::Function(_) | Type::Unknown(_) => false,
            Type::Record(record) => record.body.is_some(),
            _ => true,
        };
        is_known && !types.is_atomic(id)
    }

    /// Of an `_Atomic` type; bytes that may change at any time where Rust has no atomic like it.
    fn atomic_type(&self, id: TypeId, inner: TypeId) -> String {
        let types = self.layouts.types;
        let held = match self.layouts.atomic(id) {
            None => {
                let (size, align) = (self.layouts.size(id).unwrap_or(0), self.layouts.align(id));
                return format!("::cgo::AtomicBytes<::cgo::Align{align}, {size}>");
            }
            Some(Atomic::Bool) => "Bool".to_string(),
            Some(Atomic::Pointer(pointee)) => match types.get(types.resolve(pointee)) {
                Type::Function(_) => "Ptr<::core::ffi::c_void>".to_string(),
                _ => format!("Ptr<{}>", self.pointee(pointee)),
            },
            Some(Atomic::Integer { size, signed }) => match self.rust_type(inner).as_str() {
                "size_t" | "uintptr_t" => "Usize".to_string(),
                "ssize_t" | "ptrdiff_t" | "intptr_t" => "Isize".to_string(),
                _ => format!("{}{}", if signed { "I" } else { "U" }, 8 * size),
            },
        };
        format!("::core::sync::atomic::Atomic{held}")
    }

    /// The type of a value on its way in a call, where it is neither atomic nor volatile.
    pub(crate) fn value_type(&self, id: TypeId) -> String {
        let types = self.layouts.types;
        let resolved = types.resolve(id);
        let id = self.without_volatile(id);
        match types.get(resolved) {
            Type::Array { element, count } if types.is_volatile(id) => {
                format!("[{}; {}]", self.value_type(*element), count.unwrap_or(0))
            }
            _ if types.is_atomic(id) => self.rust_type(resolved),
            _ => self.rust_type(id),
        }
    }

    /// What is left of a type when its value has been read.
    pub(crate) fn without_volatile(&self, mut id: TypeId) -> TypeId {
        let types = self.layouts.types;
        while types.is_volatile(id)
            && let Type::Typedef(Typedef { target: inner, .. }) | Type::Qualified(_, inner) =
                types.get(id)
        {
            id = *inner;
        }
        id
    }

    fn pointer(&self, pointee: TypeId) -> String {
        let types = self.layouts.types;
        if let Type::Function(signature) = types.get(types.resolve(pointee)) {
            // A call through some pointers would need a C function between: as a plain address such a one can be held
            // and handed on, not called.
            return self.function_pointer(signature);
        }
        let mutability = if types.is_const(pointee) {
            "const"
        } else {
            "mut"
        };
        format!("*{mutability} {}", self.pointee(pointee))
    }

    /// What a pointer points to. Texts stay what they are for `CStr`, whatever sign a flag gives to `char`.
    pub(crate) fn pointee(&self, id: TypeId) -> String {
        let types = self.layouts.types;
        let plain = match types.get(id) {
            Type::Qualified(Qualifier::Const, inner) => *inner,
            _ => id,
        };
        match types.get(plain) {
            Type::Base(base) if base.name == "char" => "::core::ffi::c_char".to_string(),
            _ => self.rust_type(id),
        }
    }

    /// A pointer to a function of this type, or null.
    pub(crate) fn function_pointer(&self, signature: &Signature) -> String {
        match crate::layout::abi::obstacle(&self.layouts, self.target, signature) {
            Some(_) => "*const ::core::ffi::c_void".to_string(),
            None => format!("::core::option::Option<{}>", self.function_type(signature)),
        }
    }

    /// What to say of a pointer to a function that Rust cannot call, and of an `_Atomic` type that it has no atomic like.
    pub(crate) fn remark_on(&self, id: TypeId) -> Option<String> {
        let types = self.layouts.types;
        if types.is_atomic(id) && self.layouts.atomic(id).is_none() {
            return Some(
                "Rust has no atomic of this size and kind: only C can read and write it."
                    .to_string(),
            );
        }
        let Type::Pointer(pointee) = types.get(types.resolve(id)) else {
            return None;
        };
        let Type::Function(signature) = types.get(types.resolve(*pointee)) else {
            return None;
        };
        let obstacle = crate::layout::abi::obstacle(&self.layouts, self.target, signature)?;
        Some(format!(
            "A function that only C can call, since it {obstacle}."
        ))
    }

    pub(crate) fn function_type(&self, signature: &Signature) -> String {
        if crate::layout::abi::obstacle(&self.layouts, self.target, signature).is_some() {
            return "::core::ffi::c_void".to_string();
        }
        let mut parameters: Vec<String> = signature
            .parameters
            .iter()
            .map(|&id| self.value_type(id))
            .collect();
        if signature.variadic {
            parameters.push("...".to_string());
        }
        format!(
            "unsafe extern \"C\" fn({}){}",
            parameters.join(", "),
            self.result(signature)
        )
    }

    /// ` -> T`, or nothing for `void`.
    pub(crate) fn result(&self, signature: &Signature) -> String {
        match self
            .layouts
            .types
            .get(self.layouts.types.resolve(signature.result))
        {
            Type::Void => String::new(),
            _ => format!(" -> {}", self.value_type(signature.result)),
        }
    }

    pub(crate) fn base_type(&self, base: &Base) -> String {
        let bytes = || bytes_type(base.size, self.layouts.base_align(base));
        match base.encoding {
            Encoding::Null => "*mut ::core::ffi::c_void".to_string(),
            Encoding::Bool if base.size == 1 => "::core::primitive::bool".to_string(),
            Encoding::SignedChar | Encoding::UnsignedChar if base.name == "char" => {
                // Its sign is that of a flag, where there is one.
                let name = match (base.encoding, self.target.char_is_unsigned()) {
                    (Encoding::UnsignedChar, false) => "c_uchar",
                    (Encoding::SignedChar, true) => "c_schar",
                    _ => "c_char",
                };
                format!("::core::ffi::{name}")
            }
            Encoding::SignedChar => "::core::ffi::c_schar".to_string(),
            Encoding::UnsignedChar => "::core::ffi::c_uchar".to_string(),
            Encoding::Signed | Encoding::Unsigned => named_integer(&base.name).map_or_else(
                || match base.is_rusts() {
                    true => integer_type(base.size, base.encoding == Encoding::Signed),
                    false => bytes(),
                },
                |name| format!("::core::ffi::{name}"),
            ),
            Encoding::Float if base.size == 4 => "::core::primitive::f32".to_string(),
            Encoding::Float if base.size == 8 => "::core::primitive::f64".to_string(),
            Encoding::ComplexFloat if base.size == 8 => {
                "::cgo::Complex<::core::primitive::f32>".to_string()
            }
            Encoding::ComplexFloat if base.size == 16 => {
                "::cgo::Complex<::core::primitive::f64>".to_string()
            }
            _ => bytes(),
        }
    }
}

/// The `core::ffi` type of C's integer types, under the names that gcc and clang give them.
fn named_integer(name: &str) -> Option<&'static str> {
    Some(match name {
        "short" | "short int" => "c_short",
        "unsigned short" | "short unsigned int" => "c_ushort",
        "int" => "c_int",
        "unsigned int" => "c_uint",
        "long" | "long int" => "c_long",
        "unsigned long" | "long unsigned int" => "c_ulong",
        "long long" | "long long int" => "c_longlong",
        "unsigned long long" | "long long unsigned int" => "c_ulonglong",
        _ => return None,
    })
}

/// A Rust integer of this size.
pub(crate) fn integer_type(size: u64, signed: bool) -> String {
    match (size, signed) {
        (4, true) => "::core::ffi::c_int".to_string(),
        (4, false) => "::core::ffi::c_uint".to_string(),
        _ => format!(
            "::core::primitive::{}{}",
            if signed { "i" } else { "u" },
            size * 8
        ),
    }
}

/// So many bytes, so aligned, of a type that Rust has not.
pub(crate) fn bytes_type(size: u64, align: u64) -> String {
    format!("::cgo::AlignedBytes<::cgo::Align{align}, {size}>")
}

/// The typedefs of C's library that are the same type as one of Rust's on every target, if the sizes agree.
pub(crate) fn standard_typedef(name: &str, size: u64, pointer: u64) -> Option<String> {
    let rust = match name {
        "size_t" | "uintptr_t" if size == pointer => "usize",
        "ssize_t" | "ptrdiff_t" | "intptr_t" if size == pointer => "isize",
        "int8_t" if size == 1 => "i8",
        "int16_t" if size == 2 => "i16",
        "int32_t" if size == 4 => "i32",
        "int64_t" if size == 8 => "i64",
        "uint8_t" if size == 1 => "u8",
        "uint16_t" if size == 2 => "u16",
        "uint32_t" if size == 4 => "u32",
        "uint64_t" if size == 8 => "u64",
        _ => return None,
    };
    Some(format!("::core::primitive::{rust}"))
}
