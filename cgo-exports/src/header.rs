//! Writes `_cgo_export.h`: the crate's exports in, C99 that is C++ as well out.

use std::cell::Cell;
use std::collections::{BTreeSet, HashMap, HashSet};
use std::fmt::Write;

use crate::cursor::text;
use crate::declarator::primitive;
use crate::keywords::{identifier, is_cpp_keyword};
use crate::lexer::Token;
use crate::modules::Exports;
use crate::rust_type::RustType;
use crate::{Enumeration, Export, Function, Item, Record, constant};

/// The whole header but for what is `known` there already. `crate_name` keeps it apart from those of other crates.
pub fn write(exports: &Exports, crate_name: &str, known: &HashSet<String>) -> String {
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
                let changes = writer.changes(&variable.rust_type, &mut HashSet::new());
                let constant = !variable.mutable && !changes;
                let declared = writer.declare(&variable.rust_type, export.symbol.clone(), constant);
                entry(
                    &mut rest,
                    export,
                    declared.map(|text| format!("extern {text};\n")),
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
        Ok(text) if is_cpp_keyword(&export.symbol) => {
            let comment = comment(&export.documentation);
            let _ = write!(header, "#ifndef __cplusplus\n{comment}{text}#endif\n");
        }
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
        .map(|line| comment_line(line.trim_end()))
        .collect();
    match &lines[..] {
        [] => String::new(),
        [line] => format!("\n/**{line} */\n"),
        lines => format!("\n/**\n *{}\n */\n", lines.join("\n *")),
    }
}

/// A line that neither ends the comment that it stands in, nor starts another one, nor has a trigraph.
fn comment_line(line: &str) -> String {
    let blank = if line.starts_with('/') { " " } else { "" };
    let line = line.replace("*/", "* /").replace("/*", "/ *");
    format!("{blank}{}", line.replace("??", "? ?"))
}

/// So long may a chain of aliases be: two that stand for each other are rustc's to refuse.
pub(crate) const MOST_ALIASES: usize = 32;
/// Nor has a declaration more of them in all: each might double its length.
pub(crate) const MOST_FOLLOWED: usize = 1000;
/// A type that holds more types than this is taken for one that may change.
const MOST_TYPES: usize = 200;
/// So many constants may stand behind an expression.
const MOST_CONSTANTS: usize = 1000;

pub(crate) struct Writer<'a> {
    pub(crate) exports: &'a Exports,
    /// Types of Rust that C only points to.
    pub(crate) opaque: BTreeSet<String>,
    /// The Rust names of exported types that C could not be given.
    pub(crate) unnamed: BTreeSet<&'a str>,
    /// How many aliases lead to the type that is being declared.
    pub(crate) aliases_open: usize,
    /// How many aliases this declaration has led to.
    pub(crate) aliases_followed: usize,
    /// How many constants an expression may yet name, directly or not.
    constants_left: Cell<usize>,
    /// What `use` takes from the preambles' modules.
    pub(crate) imported: HashSet<&'a str>,
    /// The structs, unions and enums of `exports` by their names in Rust.
    by_name: HashMap<&'a str, &'a Export>,
}

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
            let mut words = words.iter();
            if words.any(|word| exports.preambles.contains(word)) {
                imported.extend(words.map(String::as_str));
            }
        }
        Writer {
            exports,
            opaque: BTreeSet::new(),
            unnamed: BTreeSet::new(),
            aliases_open: 0,
            aliases_followed: 0,
            constants_left: Cell::new(0),
            imported,
            by_name,
        }
    }

    /// Whether a value of this type may change behind a shared reference, so that C must not take it for constant.
    /// `seen` are the names of the types around it and before it.
    fn changes(&self, rust_type: &'a RustType, seen: &mut HashSet<&'a str>) -> bool {
        match rust_type {
            RustType::Array { element, .. } => self.changes(element, seen),
            RustType::Path { .. } => {
                let name = rust_type.name().unwrap_or_default();
                if !seen.insert(name) {
                    return false;
                }
                let inside = match (self.exports.aliases.get(name), self.exported_type(name)) {
                    (Some(Some(alias)), _) => vec![alias],
                    (
                        _,
                        Some(Export {
                            item: Item::Record(record),
                            ..
                        }),
                    ) => record.fields.iter().map(|field| &field.rust_type).collect(),
                    _ => Vec::new(),
                };
                name.starts_with("Atomic")
                    || seen.len() > MOST_TYPES
                    || inside.into_iter().any(|inner| self.changes(inner, seen))
            }
            _ => false,
        }
    }

    /// The value of an integer expression in the crate.
    pub(crate) fn value(&self, tokens: &[Token], ctype: &str, depth: usize) -> Option<i128> {
        if depth == 0 {
            self.constants_left.set(MOST_CONSTANTS);
        }
        let known = |name: &str| {
            let tokens = self.exports.constants.get(name)?.as_ref()?;
            self.constants_left.update(|left| left.saturating_sub(1));
            let enough = depth < 16 && self.constants_left.get() > 0;
            enough.then(|| self.value(tokens, ctype, depth + 1))?
        };
        constant::value(tokens, ctype, &known)
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
        if depth > 64 || !placed.insert(export) {
            return;
        }
        for field in fields {
            if let Some(inner) = self.by_value(&field.rust_type, 0) {
                self.place(inner, order, placed, depth + 1);
            }
        }
        order.push(export);
    }

    /// The exported type that a field of this type holds.
    fn by_value(&self, rust_type: &RustType, depth: usize) -> Option<&'a Export> {
        match rust_type {
            _ if depth > MOST_ALIASES => None,
            RustType::Array { element, .. } => self.by_value(element, depth + 1),
            RustType::Path { arguments, .. } => match arguments.first() {
                Some(inner) => self.by_value(inner, depth + 1),
                None => {
                    let name = rust_type.name()?;
                    let alias = self.exports.aliases.get(name).and_then(Option::as_ref);
                    match alias.filter(|alias| alias.name() != Some(name)) {
                        Some(alias) => self.by_value(alias, depth + 1),
                        None => self.exported_type(name),
                    }
                }
            },
            _ => None,
        }
    }

    /// The only type of this name, if it is exported. Of two it is rustc's to know which one is meant.
    pub(crate) fn exported_type(&self, name: &str) -> Option<&'a Export> {
        if self.exports.types.get(name).is_some_and(|&count| count > 1) {
            return None;
        }
        self.by_name.get(name).copied()
    }

    fn definition(&mut self, header: &mut String, export: &'a Export) {
        let declared = match &export.item {
            Item::Record(record) => {
                let fields = record.fields.iter();
                let fields = fields.map(|field| (identifier(&field.name_in_c), &field.rust_type));
                self.record(keyword(record), &export.symbol, fields)
            }
            Item::Enumeration(enumeration) => self.enumeration(&export.symbol, enumeration),
            _ => return,
        };
        if declared.is_err() {
            self.unnamed.insert(&export.rust_name);
        }
        entry(header, export, declared);
    }

    fn record<'t>(
        &mut self,
        keyword: &str,
        name: &str,
        fields: impl Iterator<Item = (String, &'t RustType)>,
    ) -> Result<String, String> {
        let mut text = format!("{keyword} {name} {{\n");
        for (field, rust_type) in fields {
            let _ = writeln!(text, "    {};", self.declare(rust_type, field, false)?);
        }
        text.push_str("};\n");
        Ok(text)
    }

    fn enumeration(&self, name: &str, enumeration: &Enumeration) -> Result<String, String> {
        let ctype = enumeration.integer.as_deref().unwrap_or("isize");
        let mut variants = Vec::new();
        for variant in &enumeration.variants {
            let value = match &variant.value {
                None => String::new(),
                Some(tokens) => {
                    let value = self.value(tokens, ctype, 0).ok_or_else(|| {
                        format!(
                            "the value `{}`, which is more than plain numbers",
                            text(tokens)
                        )
                    })?;
                    format!(" = {value}")
                }
            };
            variants.push(format!("    {name}_{}{value}", variant.name_in_c));
        }
        let variants = variants.join(",\n");
        Ok(match &enumeration.integer {
            None => format!("typedef enum {name} {{\n{variants}\n}} {name};\n"),
            Some(integer) => {
                let integer = primitive(integer).unwrap_or("int");
                format!("typedef {integer} {name};\nenum {{\n{variants}\n}};\n")
            }
        })
    }

    fn function(&mut self, header: &mut String, export: &Export, function: &Function) {
        if let RustType::Tuple(types) = &function.result_type {
            let name = format!("{}_return", export.symbol);
            let parts = types.iter().enumerate();
            let parts = parts.map(|(at, part)| (format!("r{at}"), part));
            match self.record("struct", &name, parts) {
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
        if !function.variadic.is_empty() {
            parameters.push("...".to_string());
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
}

fn keyword(record: &Record) -> &'static str {
    if record.is_union { "union" } else { "struct" }
}
