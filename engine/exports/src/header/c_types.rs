//! The C names of Rust types.

use crate::item::export::ExportedRecord;

/// The keyword before the tag of an exported struct or union.
pub(super) fn keyword(record: &ExportedRecord) -> &'static str {
    if record.is_union { "union" } else { "struct" }
}

/// The C name of a type of a known crate.
pub(super) fn of_crate(path: &[String]) -> Option<String> {
    let [origin, .., name] = path else {
        return None;
    };
    match (primitive(name), origin.as_str()) {
        (Some(plain), _) => Some(plain.to_string()),
        (None, "libc") => Some(of_libc(name)),
        (None, "std") if name == "RawFd" => Some("int".to_string()),
        (None, "cgo") if name == "Str" => Some("cgo_str".to_string()),
        (None, "cgo") if name == "Bytes" => Some("cgo_bytes".to_string()),
        (None, _) => None,
    }
}

/// The crate `libc` has the types of C under the same names, but structs without the keyword.
fn of_libc(name: &str) -> String {
    let is_typedef = name.ends_with("_t")
        || name.starts_with(char::is_uppercase)
        || ["fd_set", "va_list", "jmp_buf"].contains(&name);
    match is_typedef {
        true => name.to_string(),
        false => format!("struct {name}"),
    }
}

/// The C name of a type of a preamble's module.
pub(super) fn of_c(name: &str) -> String {
    if let Some(plain) = primitive(name).filter(|_| name.starts_with("c_")) {
        return plain.to_string();
    }
    if let Some(plain) = cgo_name(name) {
        return plain.to_string();
    }
    // What a `va_list` is an array of on x86-64. In gcc its tag is no name of C's.
    if name == "struct___va_list_tag" {
        return "__typeof__(**(__builtin_va_list *)0)".to_string();
    }
    for keyword in ["struct", "union", "enum"] {
        let tag = name.strip_prefix(keyword);
        if let Some(tag) = tag.and_then(|rest| rest.strip_prefix('_')) {
            return format!("{keyword} {tag}");
        }
    }
    name.to_string()
}

/// The C names of primitive types and of those in `core::ffi`.
pub(super) fn primitive(name: &str) -> Option<&'static str> {
    Some(match name {
        "i8" | "AtomicI8" => "int8_t",
        "i16" | "AtomicI16" => "int16_t",
        "i32" | "AtomicI32" => "int32_t",
        "i64" | "AtomicI64" => "int64_t",
        "i128" => "__int128",
        "isize" | "AtomicIsize" => "ptrdiff_t",
        "u8" | "AtomicU8" => "uint8_t",
        "u16" | "AtomicU16" => "uint16_t",
        "u32" | "AtomicU32" => "uint32_t",
        "u64" | "AtomicU64" => "uint64_t",
        "u128" => "unsigned __int128",
        "usize" | "AtomicUsize" => "size_t",
        "f32" | "c_float" => "float",
        "f64" | "c_double" => "double",
        "bool" | "AtomicBool" => "bool",
        "c_char" | "CStr" => "char",
        "c_schar" => "signed char",
        "c_uchar" => "unsigned char",
        "c_short" => "short",
        "c_ushort" => "unsigned short",
        "c_int" => "int",
        "c_uint" => "unsigned int",
        "c_long" => "long",
        "c_ulong" => "unsigned long",
        "c_longlong" => "long long",
        "c_ulonglong" => "unsigned long long",
        "c_void" => "void",
        _ => return None,
    })
}

/// The C names of types such as `C::uint`.
fn cgo_name(name: &str) -> Option<&'static str> {
    Some(match name {
        "char" => "char",
        "schar" => "signed char",
        "uchar" => "unsigned char",
        "short" => "short",
        "ushort" => "unsigned short",
        "int" => "int",
        "uint" => "unsigned int",
        "long" => "long",
        "ulong" => "unsigned long",
        "longlong" => "long long",
        "ulonglong" => "unsigned long long",
        "float" => "float",
        "double" => "double",
        "unsigned" => "unsigned int",
        "signed" => "int",
        "_Bool" => "bool",
        "void" => "void",
        "complexfloat" => "float _Complex",
        "complexdouble" => "double _Complex",
        _ => return None,
    })
}
