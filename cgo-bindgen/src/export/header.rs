//! Writes `_cgo_export.h`: the crate's exports in, C99 that is C++ as well out.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::fmt::Write;

use super::modules::Exports;
use super::rust_type::RustType;
use super::{Enumeration, Export, Function, Item, Record};

/// What C++ keeps for itself beside C's keywords: a parameter may have such a name in C and in Rust.
const CPP_KEYWORDS: &[&str] = &[
    "and",
    "bitand",
    "bitor",
    "catch",
    "class",
    "compl",
    "concept",
    "const_cast",
    "delete",
    "dynamic_cast",
    "explicit",
    "export",
    "friend",
    "mutable",
    "namespace",
    "new",
    "not",
    "operator",
    "or",
    "private",
    "protected",
    "public",
    "requires",
    "reinterpret_cast",
    "static_cast",
    "template",
    "this",
    "throw",
    "try",
    "typeid",
    "typename",
    "using",
    "virtual",
    "wchar_t",
    "xor",
];

/// The whole header but for what is `known` there already. `crate_name` keeps it apart from those of other crates.
pub(crate) fn write(exports: &Exports, crate_name: &str, known: &HashSet<String>) -> String {
    let mut writer = Writer::new(exports);
    // Before their bodies, since one may point to another.
    let mut records = String::new();
    for export in &exports.list {
        if let Item::Record(record) = &export.item {
            let (keyword, name) = (keyword(record), &export.symbol);
            let _ = writeln!(records, "typedef {keyword} {name} {name};");
        }
    }
    for export in writer.types_in_order() {
        writer.definition(&mut records, export);
    }
    let mut rest = String::new();
    let wanted = |export: &&Export| !known.contains(&export.symbol);
    for export in exports.list.iter().filter(wanted) {
        match &export.item {
            Item::Function(function) => writer.function(&mut rest, export, function),
            Item::Static(variable) => {
                let constant = if variable.mutable || is_atomic(&variable.rust_type) {
                    ""
                } else {
                    "const "
                };
                let declared = writer.declare(&variable.rust_type, export.symbol.clone(), false);
                entry(
                    &mut rest,
                    export,
                    declared.map(|text| format!("extern {constant}{text};\n")),
                );
            }
            Item::Record(_) | Item::Enumeration(_) => {}
        }
    }
    let opaque = writer.opaque;
    let guard = format!(
        "CGO_EXPORT_H_{}",
        crate_name.to_uppercase().replace('-', "_")
    );
    let mut header = format!(
        "/* What the Rust crate {crate_name} gives to C. Written by the compiler from its `#[export_c]`: changes here are lost. */\n\
         #ifndef {guard}\n#define {guard}\n\n\
         #include <stdbool.h>\n#include <stddef.h>\n#include <stdint.h>\n\n\
         #ifdef __cplusplus\nextern \"C\" {{\n#endif\n\n\
         #ifndef CGO_TEXT_AND_BYTES\n#define CGO_TEXT_AND_BYTES\n\
         /** UTF-8 text of n bytes, without a NUL at the end: Rust's `&str`. */\n\
         typedef struct cgo_str {{ const char *p; size_t n; }} cgo_str;\n\
         /** n bytes: Rust's `&[u8]`. */\n\
         typedef struct cgo_bytes {{ const uint8_t *p; size_t n; }} cgo_bytes;\n#endif\n\n"
    );
    for name in &opaque {
        let _ = writeln!(header, "struct {name};");
    }
    let _ = write!(
        header,
        "{records}{rest}\n#ifdef __cplusplus\n}}\n#endif\n\n#endif\n"
    );
    header
}

/// One declaration with its documentation; where C cannot have it, a comment that says so.
fn entry(header: &mut String, export: &Export, declared: Result<String, String>) {
    match declared {
        Ok(text) => {
            let _ = write!(header, "{}{text}", comment(&export.documentation));
        }
        Err(what) => {
            let _ = writeln!(
                header,
                "/* {} is not declared: there is no C name for {}. */",
                export.symbol,
                what.replace("*/", "* /")
            );
        }
    }
}

fn comment(documentation: &[String]) -> String {
    let lines: Vec<String> = documentation
        .iter()
        .map(|line| line.trim_end().replace("*/", "* /").replace("/*", "/ *"))
        .collect();
    match &lines[..] {
        [] => String::new(),
        [line] => format!("\n/**{line} */\n"),
        lines => format!("\n/**\n *{}\n */\n", lines.join("\n *")),
    }
}

/// A name that C and C++ both accept.
fn identifier(name: &str) -> String {
    if CPP_KEYWORDS.contains(&name) || super::item::is_c_keyword(name) {
        format!("{name}_")
    } else {
        name.to_string()
    }
}

fn is_atomic(rust_type: &RustType) -> bool {
    rust_type
        .name()
        .is_some_and(|name| name.starts_with("Atomic"))
}

struct Writer<'a> {
    exports: &'a Exports,
    /// Types of Rust that C only points to.
    opaque: BTreeSet<String>,
    /// The structs, unions and enums of `exports` by their names in Rust.
    by_name: HashMap<&'a str, &'a Export>,
    /// What `use` takes from the preambles' modules.
    imported: HashSet<&'a str>,
    /// How many aliases stand for one another here.
    depth: usize,
    /// How many aliases this declaration has led to.
    followed: usize,
}

/// Types have no longer chains of aliases.
const DEEPEST: usize = 64;
/// Nor so many of them in one declaration; each might double its length.
const MOST_FOLLOWED: usize = 1000;

impl<'a> Writer<'a> {
    fn new(exports: &'a Exports) -> Writer<'a> {
        let mut by_name = HashMap::new();
        for export in &exports.list {
            if matches!(export.item, Item::Record(_) | Item::Enumeration(_)) {
                by_name.entry(export.rust_name.as_str()).or_insert(export);
            }
        }
        let mut imported = HashSet::new();
        for words in &exports.uses {
            let module = words
                .iter()
                .position(|word| exports.preambles.contains(word));
            let behind = module.map_or(words.len(), |at| at + 1);
            imported.extend(words[behind..].iter().map(String::as_str));
        }
        Writer {
            exports,
            opaque: BTreeSet::new(),
            by_name,
            imported,
            depth: 0,
            followed: 0,
        }
    }

    /// Structs, unions and enums, those that stand in others first.
    fn types_in_order(&self) -> Vec<&'a Export> {
        let (mut order, mut placed) = (Vec::new(), HashSet::new());
        for export in &self.exports.list {
            self.place(export, &mut order, &mut placed, 0);
        }
        order
    }

    fn place(
        &self,
        export: &'a Export,
        order: &mut Vec<&'a Export>,
        placed: &mut HashSet<*const Export>,
        depth: usize,
    ) {
        let fields = match &export.item {
            Item::Record(record) => &record.fields[..],
            Item::Enumeration(_) => &[],
            _ => return,
        };
        // A type that holds itself is rustc's to refuse.
        if depth > DEEPEST || !placed.insert(export) {
            return;
        }
        for (_, rust_type) in fields {
            if let Some(inner) = self.by_value(rust_type) {
                self.place(inner, order, placed, depth + 1);
            }
        }
        order.push(export);
    }

    /// The exported type that a field of this type holds.
    fn by_value(&self, rust_type: &RustType) -> Option<&'a Export> {
        match rust_type {
            RustType::Array { element, .. } => self.by_value(element),
            RustType::Path { .. } => self.exported_type(rust_type.name()?),
            _ => None,
        }
    }

    fn exported_type(&self, name: &str) -> Option<&'a Export> {
        self.by_name.get(name).copied()
    }

    fn definition(&mut self, header: &mut String, export: &Export) {
        let declared = match &export.item {
            Item::Record(record) => self.record(&export.symbol, record),
            Item::Enumeration(enumeration) => Ok(enumeration_text(&export.symbol, enumeration)),
            _ => return,
        };
        entry(header, export, declared);
    }

    fn record(&mut self, name: &str, record: &Record) -> Result<String, String> {
        let mut text = format!("{} {name} {{\n", keyword(record));
        for (field, rust_type) in &record.fields {
            let _ = writeln!(
                text,
                "    {};",
                self.declare(rust_type, identifier(field), false)?
            );
        }
        text.push_str("};\n");
        Ok(text)
    }

    fn function(&mut self, header: &mut String, export: &Export, function: &Function) {
        if let RustType::Tuple(types) = &function.result_type {
            let name = format!("{}_return", export.symbol);
            let fields = types.iter().enumerate();
            let record = Record {
                field_types: Vec::new(),
                is_union: false,
                fields: fields
                    .map(|(at, t)| (format!("r{at}"), t.clone()))
                    .collect(),
            };
            match self.record(&name, &record) {
                Ok(text) => {
                    let _ = writeln!(header, "{text}typedef struct {name} {name};");
                }
                Err(what) => return entry(header, export, Err(what)),
            }
        }
        let prototype = self.prototype(&export.symbol, function);
        entry(header, export, prototype);
    }

    fn prototype(&mut self, symbol: &str, function: &Function) -> Result<String, String> {
        let mut parameters = Vec::new();
        for (index, parameter) in function.parameters.iter().enumerate() {
            let name = match parameter.name.as_deref() {
                Some("self") => "this_".to_string(),
                Some(name) => identifier(name),
                None => format!("arg{index}"),
            };
            parameters.push(self.declare(&parameter.rust_type, name, false)?);
        }
        let parameters = match parameters.is_empty() {
            true => "void".to_string(),
            false => parameters.join(", "),
        };
        let declarator = format!("{symbol}({parameters})");
        let text = match &function.result_type {
            RustType::Tuple(_) => format!("{symbol}_return {declarator}"),
            RustType::Never => format!("__attribute__((__noreturn__)) void {declarator}"),
            RustType::Unit => format!("void {declarator}"),
            result => self.declare(result, declarator, false)?,
        };
        Ok(format!("{text};\n"))
    }

    /// A C declaration of `declarator` with this type, from the inside out as C17 6.7.6 has it.
    fn declare(
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
                let length = length.replace(['_', ' '], "");
                let digits = length.trim_end_matches("usize");
                if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
                    return Err(format!(
                        "an array whose length is `{length}`, which is no plain number"
                    ));
                }
                let inner = if declarator.starts_with('*') {
                    format!("({declarator})")
                } else {
                    declarator
                };
                self.declare(element, format!("{inner}[{digits}]"), constant)
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
            .filter(|name| self.exports.types.contains(*name))
        {
            Some(name) => {
                self.opaque.insert(name.to_string());
                format!("{qualifier}struct {name} {declarator}")
            }
            None => format!("{qualifier}void {declarator}"),
        }
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
            ("Complex", [part]) => {
                return self.named(part, format!("_Complex {declarator}"), constant);
            }
            ("Handle", [_]) => return Ok(format!("{qualifier}uintptr_t {declarator}")),
            (_, []) => {}
            _ => return Err(format!("`{name}` with type arguments")),
        }
        if let Some(alias) = self.exports.aliases.get(name)
            && *alias != *rust_type
            && alias.name() != Some(name)
        {
            return self.aliased(name, alias, declarator, constant);
        }
        let spelled = self
            .spelled(segments, name)
            .ok_or_else(|| format!("`{name}`"))?;
        Ok(format!("{qualifier}{spelled} {declarator}"))
    }

    /// An alias's own type. One that leads back to itself is rustc's to refuse.
    fn aliased(
        &mut self,
        name: &str,
        alias: &'a RustType,
        declarator: String,
        constant: bool,
    ) -> Result<String, String> {
        if self.depth == 0 {
            self.followed = 0;
        }
        if self.depth == DEEPEST || self.followed == MOST_FOLLOWED {
            return Err(format!("`{name}`, which stands for too many types"));
        }
        self.depth += 1;
        self.followed += 1;
        let declared = self.declare(alias, declarator, constant);
        self.depth -= 1;
        declared
    }

    fn spelled(&self, segments: &[String], name: &str) -> Option<String> {
        if let Some(export) = self.exported_type(name) {
            return Some(export.symbol.clone());
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
        !self.exports.types.contains(name) && self.imported.contains(name)
    }
}

fn keyword(record: &Record) -> &'static str {
    if record.is_union { "union" } else { "struct" }
}

fn enumeration_text(name: &str, enumeration: &Enumeration) -> String {
    let variants: Vec<String> = enumeration
        .variants
        .iter()
        .map(|(variant, value)| match value {
            Some(value) => format!("    {name}_{variant} = {}", value.replace('_', "")),
            None => format!("    {name}_{variant}"),
        })
        .collect();
    let variants = variants.join(",\n");
    match &enumeration.integer {
        None => format!("typedef enum {name} {{\n{variants}\n}} {name};\n"),
        Some(integer) => {
            let integer = primitive(integer).unwrap_or("int");
            format!("typedef {integer} {name};\nenum {{\n{variants}\n}};\n")
        }
    }
}

/// Rust's own types, and those of `core::ffi`.
fn primitive(name: &str) -> Option<&'static str> {
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
