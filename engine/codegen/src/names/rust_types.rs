//! Writes the Rust type of a C type.

use std::collections::{HashMap, HashSet};

use cgo_csyntax::directive::EnumStyle;

use crate::layout::abi;
use crate::layout::{Atomic, Layouts};
use crate::model::types::{Base, Encoding, Member, Qualifier, Signature, Type, TypeId, Typedef};
use crate::names::identifiers::identifier;
use crate::names::type_names::TypeNames;

/// What decides the Rust types.
#[derive(Clone, Copy)]
pub(crate) struct RustTypes<'a> {
    pub(crate) layouts: &'a Layouts<'a>,
    pub(crate) names: &'a TypeNames,
    /// The function types that a panic or an exception may cross.
    pub(crate) unwinding: &'a HashSet<TypeId>,
    /// How Rust gets the enumerations that are no integers there.
    pub(crate) enum_styles: &'a HashMap<TypeId, EnumStyle>,
}

/// The qualifiers outside of a type.
#[derive(Clone, Copy, Default)]
struct Qualifiers {
    volatile: bool,
    constant: bool,
}

impl Qualifiers {
    fn with(self, qualifier: Qualifier) -> Qualifiers {
        Qualifiers {
            volatile: self.volatile || qualifier == Qualifier::Volatile,
            constant: self.constant || qualifier == Qualifier::Const,
        }
    }
}

impl<'a> RustTypes<'a> {
    fn resolved(&self, id: TypeId) -> &'a Type {
        let types = self.layouts.types;
        types.get(types.resolve(id))
    }

    /// The type of a field or a variable, or behind a pointer. What C holds of a type that is an enum of Rust may be no variant of it.
    pub(crate) fn type_of(&self, id: TypeId) -> String {
        match self.layouts.types.get(id) {
            Type::Enum(_) | Type::Typedef(_) if self.is_enum(id) => {
                format!("::cgo::Unchecked<{}>", self.named_type(id))
            }
            _ => self.named_type(id),
        }
    }

    /// What a directive makes of an enumeration.
    pub(crate) fn enum_style(&self, id: TypeId) -> Option<EnumStyle> {
        let types = self.layouts.types;
        let is_plain = !types.is_atomic(id) && !types.is_volatile(id);
        let style = self.enum_styles.get(&types.resolve(id));
        style.copied().filter(|_| is_plain)
    }

    /// Whether Rust gets the type as an enum.
    pub(crate) fn is_enum(&self, id: TypeId) -> bool {
        self.enum_style(id) == Some(EnumStyle::Enum)
    }

    /// The type of an argument that Rust passes: an enum is a variant of it.
    pub(crate) fn argument_type(&self, id: TypeId) -> String {
        match self.is_enum(id) {
            true => self.named_type(self.without_qualifiers(id)),
            false => self.value_type(id),
        }
    }

    fn without_qualifiers(&self, mut id: TypeId) -> TypeId {
        while let Type::Qualified(_, inner) = self.layouts.types.get(id) {
            id = *inner;
        }
        id
    }

    /// The type that C's type is an alias of in Rust, or its own name.
    pub(crate) fn named_type(&self, id: TypeId) -> String {
        let types = self.layouts.types;
        match types.get(id) {
            Type::Void => "::core::ffi::c_void".to_string(),
            Type::Base(base) => self.base_type(base),
            Type::Pointer(pointee) => self.pointer(*pointee),
            // It can only be pointed to.
            Type::Array { .. } if self.layouts.is_too_big(id) => "::core::ffi::c_void".to_string(),
            Type::Array { element, count } => {
                format!("[{}; {}]", self.type_of(*element), count.unwrap_or(0))
            }
            Type::Vector { size, .. } => aligned_bytes(*size, self.layouts.align(id)),
            Type::Function(signature) => self.function_type(id, signature),
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
                true => self.volatile_type(id, Qualifiers::default()),
                false => self.type_of(*inner),
            },
            Type::Unsupported(_) => "::core::ffi::c_void".to_string(),
        }
    }

    /// A type with `volatile` on it or on the elements of an array. A typedef that is itself volatile loses its name where more
    /// qualifiers stand outside.
    fn volatile_type(&self, id: TypeId, outer: Qualifiers) -> String {
        match self.layouts.types.get(id) {
            Type::Qualified(qualifier, inner) if *qualifier != Qualifier::Atomic => {
                self.volatile_type(*inner, outer.with(*qualifier))
            }
            Type::Typedef(Typedef { target, .. }) if self.takes_qualifiers_inside(*target) => {
                self.volatile_type(*target, outer)
            }
            Type::Array { element, count } if !self.layouts.is_too_big(id) => {
                let element = self.volatile_type(*element, outer);
                format!("[{element}; {}]", count.unwrap_or(0))
            }
            _ if !outer.volatile || !self.is_accessible(id) => self.type_of(id),
            _ => match outer.constant {
                true => format!("::cgo::Volatile<{}, ::cgo::ReadOnly>", self.type_of(id)),
                false => format!("::cgo::Volatile<{}>", self.type_of(id)),
            },
        }
    }

    /// Whether qualifiers outside of a typedef for this type change the type inside.
    fn takes_qualifiers_inside(&self, id: TypeId) -> bool {
        let is_array = matches!(self.resolved(id), Type::Array { .. });
        is_array || self.layouts.types.is_volatile(id) || !self.is_accessible(id)
    }

    /// Whether C can read such a value, and Rust's type for it is not an atomic.
    pub(crate) fn is_accessible(&self, id: TypeId) -> bool {
        let is_known = match self.resolved(id) {
            Type::Void | Type::Function(_) | Type::Unsupported(_) => false,
            Type::Record(record) => record.body.is_some(),
            _ => true,
        };
        is_known && !self.layouts.types.is_atomic(id)
    }

    /// One of Rust's atomics, or bytes that may change at any time where Rust has no atomic like it.
    fn atomic_type(&self, id: TypeId, inner: TypeId) -> String {
        let atomic = match self.layouts.atomic(id) {
            None => {
                let (size, align) = (self.layouts.size(id).unwrap_or(0), self.layouts.align(id));
                return format!("::cgo::AtomicBytes<::cgo::generated::Align{align}, {size}>");
            }
            Some(Atomic::Bool) => "Bool".to_string(),
            Some(Atomic::Pointer(pointee)) => match self.resolved(pointee) {
                Type::Function(_) => "Ptr<::core::ffi::c_void>".to_string(),
                _ => format!("Ptr<{}>", self.pointee(pointee)),
            },
            Some(Atomic::Integer { size, signed }) => match self.name_of(inner) {
                Some("size_t" | "uintptr_t") => "Usize".to_string(),
                Some("ssize_t" | "ptrdiff_t" | "intptr_t") => "Isize".to_string(),
                _ => format!("{}{}", if signed { "I" } else { "U" }, 8 * size),
            },
        };
        format!("::core::sync::atomic::Atomic{atomic}")
    }

    /// The name of a type, whatever qualifiers stand on it.
    fn name_of(&self, id: TypeId) -> Option<&'a str> {
        self.names.get(self.without_qualifiers(id))
    }

    /// The type of a value that has been read, or is passed: it is neither atomic nor volatile.
    pub(crate) fn value_type(&self, id: TypeId) -> String {
        let types = self.layouts.types;
        let resolved = types.resolve(id);
        let id = self.without_volatile(id);
        match types.get(resolved) {
            Type::Array { element, count } if types.is_volatile(id) => {
                format!("[{}; {}]", self.value_type(*element), count.unwrap_or(0))
            }
            _ if types.is_atomic(id) => self.type_of(resolved),
            _ => self.type_of(id),
        }
    }

    /// The type without the typedefs and qualifiers that make it volatile.
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
        if let Type::Function(signature) = self.resolved(pointee) {
            return self.function_pointer(self.layouts.types.resolve(pointee), signature);
        }
        self.pointer_to(self.layouts.types.is_const(pointee), pointee)
    }

    fn pointer_to(&self, is_const: bool, pointee: TypeId) -> String {
        let mutability = if is_const { "const" } else { "mut" };
        format!("*{mutability} {}", self.pointee(pointee))
    }

    /// `char` stays `c_char`, so that C's strings are `CStr`s, whatever sign a flag gives to `char`.
    fn pointee(&self, id: TypeId) -> String {
        let types = self.layouts.types;
        let plain = match types.get(id) {
            Type::Qualified(Qualifier::Const, inner) => *inner,
            _ => id,
        };
        match types.get(plain) {
            Type::Base(base) if base.name == "char" => "::core::ffi::c_char".to_string(),
            _ => self.type_of(id),
        }
    }

    /// The type that the value of an expression has: arrays and functions decay to pointers.
    pub(crate) fn decayed_type(&self, id: TypeId) -> String {
        match self.resolved(id) {
            Type::Array { element, .. } => {
                self.pointer_to(self.layouts.types.is_const(id), *element)
            }
            Type::Function(signature) => {
                self.function_pointer(self.layouts.types.resolve(id), signature)
            }
            _ => self.type_of(id),
        }
    }

    /// A pointer to a function of this type, or null. Where only C can call the function it is a plain address.
    fn function_pointer(&self, id: TypeId, signature: &Signature) -> String {
        match abi::obstacle(self.layouts, signature) {
            Some(_) => "*const ::core::ffi::c_void".to_string(),
            None => format!(
                "::core::option::Option<{}>",
                self.function_type(id, signature)
            ),
        }
    }

    /// The type of pointers to functions that are never null; `None` for any other type, and where Rust cannot call the functions.
    pub(crate) fn nonnull_pointer(&self, id: TypeId) -> Option<String> {
        let Type::Pointer(pointee) = self.resolved(id) else {
            return None;
        };
        match self.resolved(*pointee) {
            Type::Function(signature) if abi::obstacle(self.layouts, signature).is_none() => {
                let function = self.layouts.types.resolve(*pointee);
                Some(self.function_type(function, signature))
            }
            _ => None,
        }
    }

    fn function_type(&self, id: TypeId, signature: &Signature) -> String {
        if abi::obstacle(self.layouts, signature).is_some() {
            return "::core::ffi::c_void".to_string();
        }
        let parameters = signature.parameters.iter();
        let mut parameters: Vec<String> = parameters.map(|&id| self.value_type(id)).collect();
        if signature.variadic {
            parameters.push("...".to_string());
        }
        let abi = match self.unwinding.contains(&id) {
            true => "C-unwind",
            false => "C",
        };
        format!(
            "unsafe extern {abi:?} fn({}){}",
            parameters.join(", "),
            self.result(signature)
        )
    }

    /// ` -> T`, or nothing for `void`.
    pub(crate) fn result(&self, signature: &Signature) -> String {
        match self.resolved(signature.result) {
            Type::Void => String::new(),
            _ => format!(" -> {}", self.value_type(signature.result)),
        }
    }

    /// What the documentation says of a type that Rust cannot use as C does: a pointer to a function that only C can call, an `_Atomic`
    /// that Rust has no atomic for.
    pub(crate) fn remark_on(&self, id: TypeId) -> Option<String> {
        if self.layouts.types.is_atomic(id) && self.layouts.atomic(id).is_none() {
            return Some(
                "Rust has no atomic of this size and kind: only C can read and write it."
                    .to_string(),
            );
        }
        let Type::Pointer(pointee) = self.resolved(id) else {
            return None;
        };
        let Type::Function(signature) = self.resolved(*pointee) else {
            return None;
        };
        let obstacle = abi::obstacle(self.layouts, signature)?;
        Some(format!(
            "A function that only C can call, because it {obstacle}."
        ))
    }

    /// The type of a bit-field's values; `None` where Rust has no number like it.
    pub(crate) fn bit_field(&self, member: &Member, width: u64) -> Option<String> {
        // One without a name is only padding.
        member.name.as_ref()?;
        if width == 0 || width > 128 {
            return None;
        }
        match self.resolved(member.ctype) {
            Type::Enum(_) => Some(self.value_type(member.ctype)),
            Type::Base(base) => match base.encoding {
                Encoding::Float
                | Encoding::ComplexFloat
                | Encoding::ComplexInteger
                | Encoding::Null
                | Encoding::Other => None,
                _ if base.has_rust_type() => Some(self.value_type(member.ctype)),
                encoding => {
                    let signed = matches!(encoding, Encoding::Signed | Encoding::SignedChar);
                    let size = width.div_ceil(8).next_power_of_two();
                    Some(integer_type(size, signed))
                }
            },
            _ => None,
        }
    }

    fn base_type(&self, base: &Base) -> String {
        if !base.has_rust_type() {
            return aligned_bytes(base.size, self.layouts.base_align(base));
        }
        let ffi = |name: &str| format!("::core::ffi::{name}");
        match base.encoding {
            Encoding::Null => "*mut ::core::ffi::c_void".to_string(),
            Encoding::Bool => "::core::primitive::bool".to_string(),
            Encoding::SignedChar | Encoding::UnsignedChar if base.name == "char" => {
                // A flag can give it another sign than the target does.
                let is_unsigned = base.encoding == Encoding::UnsignedChar;
                ffi(
                    match (is_unsigned, self.layouts.target.char_is_unsigned()) {
                        (true, false) => "c_uchar",
                        (false, true) => "c_schar",
                        _ => "c_char",
                    },
                )
            }
            Encoding::SignedChar => ffi("c_schar"),
            Encoding::UnsignedChar => ffi("c_uchar"),
            Encoding::Signed | Encoding::Unsigned => match named_integer(&base.name) {
                Some(name) => ffi(name),
                None => integer_type(base.size, base.encoding == Encoding::Signed),
            },
            Encoding::Float => format!("::core::primitive::f{}", 8 * base.size),
            Encoding::ComplexFloat => {
                format!("::cgo::Complex<::core::primitive::f{}>", 4 * base.size)
            }
            Encoding::ComplexInteger | Encoding::Other => {
                aligned_bytes(base.size, self.layouts.base_align(base))
            }
        }
    }
}

/// The `core::ffi` type of C's integer types, by the names that gcc and clang give them.
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

/// Bytes in place of a type that Rust does not have.
fn aligned_bytes(size: u64, align: u64) -> String {
    format!("::cgo::AlignedBytes<::cgo::generated::Align{align}, {size}>")
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
