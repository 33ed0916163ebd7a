//! Writes declarations of the header: a name and its type in Rust in, the same in C out.

use crate::Item;
use crate::cursor::text;
use crate::header::{MOST_ALIASES, MOST_FOLLOWED, Writer};
use crate::rust_type::RustType;

impl Writer<'_> {
    /// A C declaration of `declarator` with this type, from the inside out as C17 6.7.6 has it.
    pub(crate) fn declare(
        &mut self,
        rust_type: &RustType,
        declarator: String,
        constant: bool,
    ) -> Result<String, String> {
        let qualifier = if constant { "const " } else { "" };
        match rust_type {
            RustType::Pointer {
                target,
                mutable,
                raw: false,
            } if matches!(**target, RustType::Slice(_)) || target.name() == Some("str") => {
                match &**target {
                    RustType::Path { .. } if !mutable => {
                        Ok(format!("{qualifier}cgo_str {declarator}"))
                    }
                    RustType::Slice(element) if !mutable && element.name() == Some("u8") => {
                        Ok(format!("{qualifier}cgo_bytes {declarator}"))
                    }
                    _ => Err("a slice other than &[u8]".to_string()),
                }
            }
            RustType::Pointer {
                mutable, target, ..
            } => self.pointer(target, *mutable, format!("{qualifier}{declarator}")),
            RustType::Array { element, length } => {
                let value = self.value(length, "usize", 0).ok_or_else(|| {
                    format!(
                        "an array whose length is `{}`, which is more than plain numbers",
                        text(length)
                    )
                })?;
                let inner = if declarator.starts_with('*') {
                    format!("({declarator})")
                } else {
                    declarator
                };
                self.declare(element, format!("{inner}[{value}]"), constant)
            }
            RustType::Function { parameters, result } => {
                let mut texts = Vec::new();
                for parameter in parameters {
                    texts.push(
                        self.declare(parameter, String::new(), false)?
                            .trim_end()
                            .to_string(),
                    );
                }
                let texts = if texts.is_empty() {
                    "void".to_string()
                } else {
                    texts.join(", ")
                };
                let inner = format!("(*{qualifier}{declarator})({texts})");
                match &**result {
                    RustType::Unit | RustType::Never => Ok(format!("void {inner}")),
                    result => self.declare(result, inner, false),
                }
            }
            RustType::Path { .. } => self.named(rust_type, declarator, constant),
            RustType::Unit | RustType::Never => Err("`()` as a value".to_string()),
            RustType::Slice(_) | RustType::Tuple(_) | RustType::Other => {
                Err("this type".to_string())
            }
        }
    }

    fn pointer(
        &mut self,
        target: &RustType,
        mutable: bool,
        declarator: String,
    ) -> Result<String, String> {
        let inner = format!("*{declarator}");
        match target {
            RustType::Path { .. } => self
                .named(target, inner.clone(), !mutable)
                .or_else(|_| Ok(self.opaque(target, &inner, !mutable))),
            RustType::Unit | RustType::Never | RustType::Tuple(_) | RustType::Other => {
                Ok(self.opaque(target, &inner, !mutable))
            }
            other => self.declare(other, inner, !mutable),
        }
    }

    /// A pointer to something that C only passes on.
    fn opaque(&mut self, target: &RustType, declarator: &str, constant: bool) -> String {
        let qualifier = if constant { "const " } else { "" };
        match target
            .name()
            .filter(|name| self.exports.types.get(*name) == Some(&1))
            .filter(|name| !self.is_enumeration(name))
        {
            Some(name) => {
                self.opaque.insert(name.to_string());
                format!("{qualifier}struct {name} {declarator}")
            }
            None => format!("{qualifier}void {declarator}"),
        }
    }

    fn declare_alias(
        &mut self,
        alias: &RustType,
        declarator: String,
        constant: bool,
    ) -> Result<String, String> {
        if self.aliases_open == 0 {
            self.aliases_followed = 0;
        }
        self.aliases_open += 1;
        self.aliases_followed += 1;
        let declared = if self.aliases_open > MOST_ALIASES {
            Err("an alias of itself".to_string())
        } else if self.aliases_followed > MOST_FOLLOWED {
            Err("an alias of too many types".to_string())
        } else {
            self.declare(alias, declarator, constant)
        };
        self.aliases_open -= 1;
        declared
    }

    fn is_enumeration(&self, name: &str) -> bool {
        let export = self.exported_type(name);
        export.is_some_and(|export| matches!(export.item, Item::Enumeration(_)))
    }

    fn named(
        &mut self,
        rust_type: &RustType,
        declarator: String,
        constant: bool,
    ) -> Result<String, String> {
        let RustType::Path {
            segments,
            arguments,
        } = rust_type
        else {
            return Err("this type".to_string());
        };
        let name = segments.last().map_or("", String::as_str);
        let qualifier = if constant { "const " } else { "" };
        match (name, &arguments[..]) {
            ("Option" | "MaybeUninit" | "ManuallyDrop" | "Cell" | "UnsafeCell", [inner]) => {
                return self.declare(inner, declarator, constant);
            }
            ("Box" | "NonNull", [inner]) => {
                return self.pointer(inner, true, format!("{qualifier}{declarator}"));
            }
            ("Volatile", [inner]) => {
                return self.declare(inner, format!("volatile {declarator}"), constant);
            }
            ("Volatile", [inner, access]) if access.name() == Some("ReadOnly") => {
                return self.declare(inner, format!("volatile {declarator}"), true);
            }
            ("Complex", [part]) => {
                return self.named(part, format!("_Complex {declarator}"), constant);
            }
            ("Handle", [_]) => return Ok(format!("{qualifier}uintptr_t {declarator}")),
            (_, []) => {}
            _ => return Err(format!("`{name}` with type arguments")),
        }
        if let Some(alias) = self.exports.aliases.get(name) {
            let Some(alias) = alias else {
                return Err(format!("`{name}`, of which there are two"));
            };
            if alias.name() != Some(name) {
                return self.declare_alias(alias, declarator, constant);
            }
        }
        let spelled = self
            .spelled(segments, name)
            .ok_or_else(|| format!("`{name}`"))?;
        Ok(format!("{qualifier}{spelled} {declarator}"))
    }

    fn spelled(&self, segments: &[String], name: &str) -> Option<String> {
        if let Some(export) = self.exported_type(name) {
            return (!self.unnamed.contains(name)).then(|| export.symbol.clone());
        }
        if let Some(plain) = primitive(name) {
            return Some(plain.to_string());
        }
        let module = segments
            .len()
            .checked_sub(2)
            .map(|at| segments[at].as_str());
        let of_c = match module {
            Some(module) => self.exports.preambles.contains(module) || module == "libc",
            None => self.is_imported(name),
        };
        if !of_c {
            return None;
        }
        if let (Some(_), Some(plain)) = (module, cgo_name(name)) {
            return Some(plain.to_string());
        }
        for keyword in ["struct", "union", "enum"] {
            if let Some(tag) = name
                .strip_prefix(keyword)
                .and_then(|rest| rest.strip_prefix('_'))
            {
                return Some(format!("{keyword} {tag}"));
            }
        }
        Some(name.to_string())
    }

    /// Whether a `use` takes this name from a preamble's module.
    fn is_imported(&self, name: &str) -> bool {
        !self.exports.types.contains_key(name) && self.imported.contains(name)
    }
}

/// Rust's own types, and those of `core::ffi`.
pub(crate) fn primitive(name: &str) -> Option<&'static str> {
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

/// cgo's names for C's own types, `C::uint` and the like.
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
        "void" => "void",
        "complexfloat" => "float _Complex",
        "complexdouble" => "double _Complex",
        _ => return None,
    })
}
