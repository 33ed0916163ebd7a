//! Writes `_cgo_export.h`: the crate's exports in, C99 that is C++ as well out, in parts of which some may be left out.

use std::collections::{BTreeMap, HashSet};
use std::fmt::Write;
use std::path::{Path, PathBuf};

use quote::ToTokens;
use syn::{Attribute, Expr, ExprLit, GenericArgument, Lit, Member, Meta, Pat, PathArguments, Type};

use crate::constant::use_path;
use crate::declarator::primitive;
use crate::keywords::{identifier, is_cpp_keyword};
use crate::modules::{Found, Program, ScopeId};
use crate::numbers;
use crate::resolve::{Space, Target};
use crate::scan::plain_name as plain;
use crate::{Binding, Enumeration, Field, Function, Item, Record};

/// The declarations of a crate's header, in their order.
#[derive(Default)]
pub(crate) struct Header {
    /// The names of structs and unions, before their definitions.
    pub(crate) types: String,
    /// The exports: types first, those that stand in others before these.
    pub(crate) items: Vec<Declared>,
    /// What it says of exports that it has not.
    pub(crate) notes: String,
}

/// One export in the header.
#[derive(Clone, Debug)]
pub struct Declared {
    /// Its name in C.
    pub symbol: String,
    /// Its declaration with its documentation; where C cannot have it, a comment that says so.
    pub text: String,
    /// Its name in Rust.
    pub rust_name: String,
    /// Where it stands.
    pub file: PathBuf,
    /// Its line there, from 1.
    pub line: usize,
    /// Whether it is a type, which has no symbol.
    pub is_type: bool,
    /// The values of an enum's variants, or the lengths of the arrays that are written in its types, in order; `None` where the
    /// header does not have all of them.
    pub numbers: Option<Vec<i128>>,
}

/// The header of a crate whose root lies in this folder.
pub(crate) fn write(program: &mut Program<'_>, folder: &Path) -> Header {
    let exports = std::mem::take(&mut program.exports);
    let mut writer = Writer::new(program, &exports);
    let mut items = Vec::new();
    for number in writer.types_in_order() {
        let declared = writer.definition(number);
        items.push(declared);
    }
    for (number, found) in exports.iter().enumerate() {
        if !found.export.is_type() {
            items.push(writer.function_or_variable(number));
        }
    }
    let mut types = String::new();
    for name in writer.opaque.keys() {
        let _ = writeln!(types, "struct {name};");
    }
    // Before their bodies, since one may point to another.
    for found in &exports {
        if let Item::Record(record) = &found.export.item {
            let (keyword, name) = (keyword(record), &found.export.symbol);
            let _ = writeln!(types, "typedef {keyword} {name} {name};");
        }
    }
    Header {
        types,
        items,
        notes: notes(program, folder),
    }
}

/// What the header says of exports that it cannot have.
fn notes(program: &Program<'_>, folder: &Path) -> String {
    let place = |file: &Path, line: usize| {
        let file = file.strip_prefix(folder).unwrap_or(file);
        comment_line(&format!("{}:{line}", file.display()))
    };
    let mut text = String::new();
    for (file, line) in &program.unread {
        let _ = writeln!(
            text,
            "/* What the macro at {} exports is not declared here: a preamble that uses it declares it itself. */",
            place(file, *line)
        );
    }
    for (file, line, message) in &program.broken {
        let _ = writeln!(
            text,
            "/* What {} exports behind this line is not declared here, since it cannot be read: {} */",
            place(file, *line),
            comment_line(message)
        );
    }
    text
}

/// One declaration with its documentation; where C cannot have it, a comment that says so.
fn entry(found: &Found, declared: Result<String, String>) -> String {
    let symbol = &found.export.symbol;
    let comment = comment(&found.export.attributes);
    match declared {
        Ok(text) if is_cpp_keyword(symbol) => {
            format!("#ifndef __cplusplus\n{comment}{text}#endif\n")
        }
        Ok(text) => comment + &text,
        Err(what) => format!(
            "/* {symbol} is not declared: there is no C name for {}. */\n",
            comment_line(&what)
        ),
    }
}

fn comment(attributes: &[Attribute]) -> String {
    let documentation = attributes
        .iter()
        .filter_map(|attribute| match &attribute.meta {
            Meta::NameValue(named) if named.path.is_ident("doc") => match &named.value {
                Expr::Lit(ExprLit {
                    lit: Lit::Str(text),
                    ..
                }) => Some(text.value()),
                _ => None,
            },
            _ => None,
        });
    let documentation: Vec<String> = documentation.collect();
    let lines = documentation.iter().flat_map(|text| text.split('\n'));
    let lines: Vec<String> = lines.map(|line| comment_line(line.trim_end())).collect();
    match &lines[..] {
        [] => String::new(),
        [line] => format!("\n/**{line} */\n"),
        lines => format!("\n/**\n *{}\n */\n", lines.join("\n *")),
    }
}

/// A line that neither ends the comment that it stands in, nor starts another one, nor has a trigraph.
fn comment_line(line: &str) -> String {
    let blank = if line.starts_with('/') { " " } else { "" };
    let line = line
        .replace("*/", "* /")
        .replace("/*", "/ *")
        .replace('\n', " ");
    format!("{blank}{}", line.replace("??", "? ?"))
}

/// So long may a chain of aliases be: two that stand for each other are rustc's to refuse.
pub(crate) const MOST_ALIASES: usize = 32;
/// Nor has a declaration more of them in all: each might double its length.
pub(crate) const MOST_FOLLOWED: usize = 1000;
/// A type that holds more types than this is taken for one that may change.
const MOST_TYPES: usize = 200;

pub(crate) struct Writer<'w, 'c> {
    pub(crate) program: &'w mut Program<'c>,
    pub(crate) exports: &'w [Found],
    /// Types of Rust that C only points to, by their names, with their numbers.
    pub(crate) opaque: BTreeMap<String, usize>,
    /// The exported types that C could not be given.
    pub(crate) unnamed: HashSet<usize>,
    /// The names of exported types in C.
    pub(crate) type_symbols: HashSet<&'w str>,
    /// How many aliases lead to the type that is being declared.
    pub(crate) aliases_open: usize,
    /// How many aliases this declaration has led to.
    pub(crate) aliases_followed: usize,
}

impl<'w, 'c> Writer<'w, 'c> {
    fn new(program: &'w mut Program<'c>, exports: &'w [Found]) -> Writer<'w, 'c> {
        let types = exports.iter().filter(|found| found.export.is_type());
        Writer {
            program,
            exports,
            opaque: BTreeMap::new(),
            unnamed: HashSet::new(),
            type_symbols: types.map(|found| found.export.symbol.as_str()).collect(),
            aliases_open: 0,
            aliases_followed: 0,
        }
    }

    /// An export, in which `values` are those of an enum.
    fn declared(
        &mut self,
        number: usize,
        declared: Result<String, String>,
        values: Option<Vec<i128>>,
    ) -> Declared {
        let found = &self.exports[number];
        let numbers = match declared {
            Ok(_) => values.or_else(|| self.lengths(found)),
            Err(_) => None,
        };
        let text = entry(found, declared);
        Declared {
            symbol: found.export.symbol.clone(),
            text,
            rust_name: plain(&found.export.name),
            file: found.file.to_path_buf(),
            line: found.line,
            is_type: found.export.is_type(),
            numbers,
        }
    }

    fn function_or_variable(&mut self, number: usize) -> Declared {
        let found = &self.exports[number];
        let (mut before, mut declared) = (String::new(), Ok(String::new()));
        match &found.export.item {
            Item::Static(variable) => {
                let changes = self.changes(&variable.ctype, found.scope, &mut HashSet::new(), 0);
                let constant = !variable.mutable && !changes;
                let name = found.export.symbol.clone();
                let text = self.declare(&variable.ctype, found.scope, name, constant);
                declared = text.map(|text| format!("extern {text};\n"));
            }
            Item::Function(function) => match self.parts(found, function) {
                Ok(parts) => {
                    before = parts;
                    declared = self.prototype(&found.export.symbol, found.scope, function);
                }
                Err(what) => declared = Err(what),
            },
            Item::Record(_) | Item::Enumeration(_) => {}
        }
        let declared = self.declared(number, declared, None);
        Declared {
            text: before + &declared.text,
            ..declared
        }
    }

    /// The lengths of the arrays that are written in an export's types.
    fn lengths(&mut self, found: &Found) -> Option<Vec<i128>> {
        let lengths = numbers::lengths(&found.export).into_iter();
        let values = lengths.map(|length| self.program.value(length.value, found.scope, "usize"));
        values.collect()
    }

    /// What a path of types leads to.
    pub(crate) fn target(&mut self, ctype: &Type, scope: ScopeId) -> Option<Target> {
        let Type::Path(path) = bare(ctype) else {
            return None;
        };
        if path.qself.is_some() {
            return None;
        }
        let path = use_path(&path.path);
        self.program.resolve(scope, &path, Space::Types).ok()
    }

    /// Whether a value of this type may change behind a shared reference, so that C must not take it for constant.
    /// `seen` are the types around it and before it.
    fn changes(
        &mut self,
        ctype: &Type,
        scope: ScopeId,
        seen: &mut HashSet<usize>,
        depth: usize,
    ) -> bool {
        if depth > MOST_ALIASES || seen.len() > MOST_TYPES {
            return true;
        }
        let ctype = bare(ctype);
        if let Type::Array(array) = ctype {
            return self.changes(&array.elem, scope, seen, depth + 1);
        }
        match self.target(ctype, scope) {
            Some(Target::Foreign(path)) => {
                let name = path.last().map_or("", String::as_str);
                let is_cell = ["Cell", "UnsafeCell", "Volatile"].contains(&name);
                let is_pointer = ["Box", "NonNull"].contains(&name);
                let mut inside = arguments(ctype).into_iter();
                name.starts_with("Atomic")
                    || is_cell
                    || !is_pointer
                        && inside.any(|inner| self.changes(inner, scope, seen, depth + 1))
            }
            Some(Target::Alias(alias)) => match self.program.alias(alias) {
                Some((inner, scope)) => self.changes(&inner, scope, seen, depth + 1),
                None => false,
            },
            Some(Target::Own(own)) if seen.insert(own) => {
                let Some(number) = self.program.types[own].export else {
                    return false;
                };
                let (exports, scope) = (self.exports, self.exports[number].scope);
                fields(&exports[number].export.item)
                    .iter()
                    .any(|field| self.changes(&field.ctype, scope, seen, depth + 1))
            }
            _ => false,
        }
    }

    /// Structs, unions and enums, those that stand in others first.
    fn types_in_order(&mut self) -> Vec<usize> {
        let (mut order, mut placed) = (Vec::new(), HashSet::new());
        for number in 0..self.exports.len() {
            self.place(number, &mut order, &mut placed, 0);
        }
        order
    }

    fn place(
        &mut self,
        number: usize,
        order: &mut Vec<usize>,
        placed: &mut HashSet<usize>,
        depth: usize,
    ) {
        let found = &self.exports[number];
        // A type that holds itself is rustc's to refuse.
        if !found.export.is_type() || depth > 64 || !placed.insert(number) {
            return;
        }
        for field in fields(&found.export.item) {
            if let Some(inner) = self.by_value(&field.ctype, found.scope, 0) {
                self.place(inner, order, placed, depth + 1);
            }
        }
        order.push(number);
    }

    /// The exported type that a field of this type holds.
    fn by_value(&mut self, ctype: &Type, scope: ScopeId, depth: usize) -> Option<usize> {
        if depth > MOST_ALIASES {
            return None;
        }
        let ctype = bare(ctype);
        if let Type::Array(array) = ctype {
            return self.by_value(&array.elem, scope, depth + 1);
        }
        match self.target(ctype, scope)? {
            Target::Own(own) => self.program.types[own].export,
            Target::Alias(alias) => {
                let (inner, scope) = self.program.alias(alias)?;
                self.by_value(&inner, scope, depth + 1)
            }
            Target::Foreign(_) => {
                let inner = arguments(ctype);
                self.by_value(inner.first()?, scope, depth + 1)
            }
            _ => None,
        }
    }

    fn definition(&mut self, number: usize) -> Declared {
        let found = &self.exports[number];
        let (symbol, mut values) = (&found.export.symbol, None);
        let text = match &found.export.item {
            Item::Record(record) => {
                let fields = record.fields.iter();
                let fields = fields.map(|field| (field_name(&field.member), &field.ctype));
                self.record(keyword(record), symbol, found.scope, fields)
            }
            Item::Enumeration(enumeration) => self.values(enumeration, found.scope).map(|known| {
                let text = write_enumeration(symbol, enumeration, &known);
                values = Some(known.into_iter().map(|(_, value)| value).collect());
                text
            }),
            Item::Function(_) | Item::Static(_) => Ok(String::new()),
        };
        if text.is_err() {
            self.unnamed.insert(number);
        }
        self.declared(number, text, values)
    }

    fn record<'t>(
        &mut self,
        keyword: &str,
        name: &str,
        scope: ScopeId,
        fields: impl Iterator<Item = (String, &'t Type)>,
    ) -> Result<String, String> {
        let mut text = format!("{keyword} {name} {{\n");
        for (field, ctype) in fields {
            let _ = writeln!(text, "    {};", self.declare(ctype, scope, field, false)?);
        }
        text.push_str("};\n");
        Ok(text)
    }

    /// The value of each variant.
    fn values(
        &mut self,
        enumeration: &Enumeration,
        scope: ScopeId,
    ) -> Result<Vec<(String, i128)>, String> {
        let integer = enumeration.integer.as_ref();
        let integer = integer.map_or("isize".to_string(), ToString::to_string);
        let (mut values, mut next) = (Vec::new(), 0);
        for variant in &enumeration.variants {
            let value = match &variant.value {
                None => next,
                Some(expr) => self.program.value(expr, scope, &integer).ok_or_else(|| {
                    format!(
                        "the value `{}`, which is more than plain numbers",
                        expr.to_token_stream()
                    )
                })?,
            };
            values.push((plain(&variant.name), value));
            next = value + 1;
        }
        Ok(values)
    }

    /// The struct for a result in parts.
    fn parts(&mut self, found: &Found, function: &Function) -> Result<String, String> {
        let Some(Type::Tuple(tuple)) = function.result.as_ref().map(bare) else {
            return Ok(String::new());
        };
        if tuple.elems.len() < 2 {
            return Ok(String::new());
        }
        let name = format!("{}_return", found.export.symbol);
        let parts = tuple.elems.iter().enumerate();
        let parts = parts.map(|(at, part)| (format!("r{at}"), part));
        let text = self.record("struct", &name, found.scope, parts)?;
        Ok(format!("{text}typedef struct {name} {name};\n"))
    }

    fn prototype(
        &mut self,
        symbol: &str,
        scope: ScopeId,
        function: &Function,
    ) -> Result<String, String> {
        let mut parameters = Vec::new();
        for (index, parameter) in function.parameters.iter().enumerate() {
            let name = match &parameter.binding {
                Binding::Receiver(_) => "this_".to_string(),
                Binding::Pattern(Pat::Ident(name)) => identifier(&plain(&name.ident)),
                Binding::Pattern(_) => format!("arg{index}"),
            };
            parameters.push(self.declare(&parameter.ctype, scope, name, false)?);
        }
        if function.signature.variadic.is_some() {
            parameters.push("...".to_string());
        }
        let parameters = match parameters.is_empty() {
            true => "void".to_string(),
            false => parameters.join(", "),
        };
        let declarator = format!("{symbol}({parameters})");
        let text = match function.result.as_ref().map(bare) {
            Some(Type::Tuple(tuple)) if tuple.elems.len() > 1 => {
                format!("{symbol}_return {declarator}")
            }
            Some(Type::Never(_)) => format!("__attribute__((__noreturn__)) void {declarator}"),
            Some(Type::Tuple(tuple)) if tuple.elems.is_empty() => format!("void {declarator}"),
            None => format!("void {declarator}"),
            Some(result) => self.declare(result, scope, declarator, false)?,
        };
        Ok(format!("{text};\n"))
    }
}

fn write_enumeration(name: &str, enumeration: &Enumeration, values: &[(String, i128)]) -> String {
    let variants = values
        .iter()
        .map(|(variant, value)| format!("    {name}_{variant} = {}", number(*value)));
    let variants = variants.collect::<Vec<_>>().join(",\n");
    match &enumeration.integer {
        None => format!("typedef enum {name} {{\n{variants}\n}} {name};\n"),
        Some(integer) => {
            let integer = primitive(&integer.to_string()).unwrap_or("int");
            format!("typedef {integer} {name};\nenum {{\n{variants}\n}};\n")
        }
    }
}

/// A number as C writes it: the least one has no literal, and the greatest ones are unsigned.
fn number(value: i128) -> String {
    if value == i128::from(i64::MIN) {
        return format!("(-{} - 1)", i64::MAX);
    }
    let suffix = if value > i128::from(i64::MAX) {
        "u"
    } else {
        ""
    };
    format!("{value}{suffix}")
}

fn field_name(member: &Member) -> String {
    match member {
        Member::Named(name) => identifier(&plain(name)),
        Member::Unnamed(index) => format!("_{}", index.index),
    }
}

fn fields(item: &Item) -> &[Field] {
    match item {
        Item::Record(record) => &record.fields,
        _ => &[],
    }
}

fn keyword(record: &Record) -> &'static str {
    if record.is_union { "union" } else { "struct" }
}

/// A type without the brackets around it.
pub(crate) fn bare(ctype: &Type) -> &Type {
    match ctype {
        Type::Paren(paren) => bare(&paren.elem),
        Type::Group(group) => bare(&group.elem),
        _ => ctype,
    }
}

/// The types in the angle brackets of a path's last word.
pub(crate) fn arguments(ctype: &Type) -> Vec<&Type> {
    let Type::Path(path) = ctype else {
        return Vec::new();
    };
    let Some(PathArguments::AngleBracketed(list)) =
        path.path.segments.last().map(|last| &last.arguments)
    else {
        return Vec::new();
    };
    let types = list.args.iter().filter_map(|argument| match argument {
        GenericArgument::Type(inner) => Some(inner),
        _ => None,
    });
    types.collect()
}

#[cfg(test)]
mod tests {
    use crate::{Context, Exports, of_text};

    fn header(text: &str) -> Exports {
        let context = Context {
            pointer_bits: 64,
            facades: vec!["cgo".to_string()],
            ..Context::default()
        };
        let found = of_text(text, &context);
        assert!(found.broken.is_empty(), "{:?}", found.broken);
        found
    }

    fn assert_says(rust: &str, expected: &[&str]) {
        let text = header(rust).text();
        for part in expected {
            assert!(text.contains(part), "{part}\n{text}");
        }
    }

    #[test]
    fn declarations() {
        assert_says(
            "use std::ffi::*; use cgo::Volatile;
             #[export_c] fn f(class: i32, new: &str, _: &[u8], r#int: Option<&CStr>) -> (u8, *mut c_void) {}
             #[export_c] fn never() -> ! {}
             #[export_c] fn table(rows: *const [c_int; 3], by: Option<extern \"C\" fn(*const c_void, usize) -> bool>) -> extern \"C\" fn(c_char) -> u64 {}
             #[export_c] fn self_of(self: &Outer, v: *const Volatile<u8>) {}
             #[export_c] unsafe fn dots(n: c_int, args: ...) {}
             #[export_c] #[repr(C)] pub struct Outer { pub inner: Inner, pub many: [Inner; 2], pub next: *mut Outer }
             #[export_c] #[repr(C)] pub union Inner { pub a: u64, pub b: f32 }
             #[export_c] static FUNCTION: Option<extern \"C\" fn(c_int) -> c_int> = None;
             #[export_c] static mut COUNT: c_long = 1;
             #[export_c] static COUNTERS: Counters = Counters;
             #[export_c] #[repr(C)] pub struct Counters(std::sync::atomic::AtomicU8);
             /// Documented.
             #[export_c] fn delete(unix: i32) {}
             type Alias = *const Outer;
             #[export_c] fn alias(a: Alias) -> Alias {}
             pub struct Hidden(u8);
             #[export_c] fn hidden(a: &Hidden, b: *mut Vec<u8>, c: Hidden) {}
             #[export_c] fn opaque(a: &Hidden, b: *mut Vec<u8>) {}",
            &[
                "struct Hidden;\ntypedef struct Outer Outer;\ntypedef union Inner Inner;\n",
                "union Inner {\n    uint64_t a;\n    float b;\n};\nstruct Outer {\n    Inner inner;\n    Inner many[2];\n    Outer *next;\n};\n",
                "struct f_return {\n    uint8_t r0;\n    void *r1;\n};\ntypedef struct f_return f_return;\n",
                "f_return f(int32_t class_, cgo_str new_, cgo_bytes arg2, const char *int_);\n",
                "__attribute__((__noreturn__)) void never(void);\n",
                "uint64_t (*table(const int (*rows)[3], bool (*by)(const void *, size_t)))(char);\n",
                "void self_of(const Outer *this_, const uint8_t volatile *v);\n",
                "void dots(int n, ...);\n",
                "extern int (*const FUNCTION)(int);\n",
                "extern long COUNT;\n",
                "extern Counters COUNTERS;\n",
                "#ifndef __cplusplus\n\n/** Documented. */\nvoid delete(int32_t unix_);\n#endif\n",
                "const Outer *alias(const Outer *a);\n",
                "/* hidden is not declared: there is no C name for `Hidden`. */\n",
                "void opaque(const struct Hidden *a, void *b);\n",
            ],
        );
    }

    #[test]
    fn names_are_those_that_rust_means() {
        assert_says(
            "use other::{Size, Word as Renamed}; use other::many::*; use std::ffi::c_int as Int;
             mod one { #[cgo::export_c(name = \"one_point\")] #[repr(C)] pub struct Point { pub x: i32 } pub type Number = i32; }
             mod two { use super::one; pub struct Point(u8); pub type Number = i64;
                 #[cgo::export_c] fn hide(a: &Point, b: &one::Point) {} #[cgo::export_c] fn number(a: Number, b: one::Number, c: super::Again) {} }
             pub use one::Number as Again; use self::two::*;
             mod three { pub use super::one::*; }
             #[export_c] fn through(a: three::Point, b: Int, c: core::primitive::u8) {}
             #[export_c] fn glob(a: &Point, b: Number) {}
             #[export_c] fn elsewhere(a: Size) {}
             #[export_c] fn behind(a: &Renamed, b: *const other::Thing) {}
             #[export_c] fn unknown(a: Missing) {}
             #[export_c] fn strange(a: other::c_int) {}
             trait T { type Item; } impl T for u8 { type Item = u32; }
             #[export_c] #[repr(C)] struct Item { a: u8 }
             #[export_c] fn item(a: Item) {}
             mod four { pub type Both = u8; } mod five { pub type Both = u16; } mod six { use crate::four::*; use crate::five::*; #[export_c] fn both(a: Both) {} }
             mod seven { type Secret = u8; } mod eight { use super::seven::*; #[export_c] fn secret(a: Secret) {} }",
            &[
                "struct Point;\n",
                "void hide(const struct Point *a, const one_point *b);\n",
                "void number(int64_t a, int32_t b, int32_t c);\n",
                "void through(one_point a, int b, uint8_t c);\n",
                "void glob(const struct Point *a, int64_t b);\n",
                "/* elsewhere is not declared: there is no C name for `Size` of the crate `other`. */\n",
                "void behind(const void *a, const void *b);\n",
                "/* unknown is not declared: there is no C name for `Missing` of the crate `other`. */\n",
                "/* strange is not declared: there is no C name for `c_int` of the crate `other`. */\n",
                "void item(Item a);\n",
                "/* both is not declared: there is no C name for `Both`, of which there are two. */\n",
                "/* secret is not declared: there is no C name for `Secret`. */\n",
            ],
        );
    }

    #[test]
    fn names_of_c() {
        assert_says(
            "mod ffi { cgo::c_preamble! { pub mod raw; } pub use raw::point; }
             c_preamble! { typedef int x; } use ffi::raw::{self, uint, struct_a as renamed}; use libc::size_t;
             #[export_c] fn f(a: C::x, b: *const raw::struct_b, c: uint, d: renamed, e: ffi::point, f: size_t, g: libc::c_int, h: &libc::timeval, i: *mut libc::FILE) {}
             mod m { use crate::C::*; #[export_c] fn g(a: y, b: u8) {} }",
            &[
                "void f(x a, const struct b *b, unsigned int c, struct a d, point e, size_t f, int g, const struct timeval *h, FILE *i);\n",
                "void g(y a, uint8_t b);\n",
            ],
        );
    }

    #[test]
    fn every_enumerator_has_its_value() {
        let rust = "const MASK: u8 = !0xF0; const X: u8 = 255; const MAX: isize = 1; const N: usize = 2 * HALF; const HALF: usize = 1 << 2; use dep::SIZE;
             #[export_c] #[repr(u32)] enum F { LOW = MASK as u32, SHIFTED = (X << 1) as u32, NEXT }
             #[export_c] #[repr(C)] enum G { TOP = std::ffi::c_int::MAX as isize, OWN = MAX, Next }
             #[export_c] #[repr(i64)] enum Wide { Least = i64::MIN, r#Most = i64::MAX }
             #[export_c] #[repr(u64)] enum Great { Most = u64::MAX }
             #[export_c] #[repr(u8)] enum Sized { A = SIZE as u8 }
             #[export_c] #[repr(C)] struct S { many: [u8; N], sized: [[Wide; 3]; HALF] }
             #[export_c] fn unknown(a: &Sized, b: [u8; SIZE]) {}
             #[export_c] fn behind(a: &Sized) {}";
        assert_says(
            rust,
            &[
                "typedef uint32_t F;\nenum {\n    F_LOW = 15,\n    F_SHIFTED = 254,\n    F_NEXT = 255\n};\n",
                "typedef enum G {\n    G_TOP = 2147483647,\n    G_OWN = 1,\n    G_Next = 2\n} G;\n",
                "    Wide_Least = (-9223372036854775807 - 1),\n    Wide_Most = 9223372036854775807\n",
                "    Great_Most = 18446744073709551615u\n",
                "/* Sized is not declared: there is no C name for the value `SIZE as u8`, which is more than plain numbers. */\n",
                "    uint8_t many[8];\n    Wide sized[4][3];\n",
                "void behind(const void *a);\n",
            ],
        );
        let items = header(rust).items;
        let of = |symbol: &str| {
            items
                .iter()
                .find(|item| item.symbol == symbol)
                .expect("there")
        };
        assert_eq!(of("G").numbers, Some(vec![0x7fff_ffff, 1, 2]));
        assert_eq!(of("S").numbers, Some(vec![8, 4, 3]));
        assert_eq!(of("Sized").numbers, None);
        assert_eq!(of("behind").numbers, Some(Vec::new()));
    }

    #[test]
    fn aliases_and_constants_of_themselves_end() {
        let mut rust = String::from(
            "type A = B; type B = A; use self::c as c; #[export_c] fn a(a: A, b: c) {}",
        );
        for n in 0..40 {
            rust += &format!(
                "type T{n} = extern \"C\" fn(T{m}, T{m}); const C{n}: usize = C{m} + C{m};",
                m = n + 1
            );
        }
        rust += "#[export_c] fn t(a: T0) {} #[export_c] fn c(a: [u8; C0]) {}";
        let text = header(&rust).text();
        assert_eq!(text.matches("is not declared").count(), 3, "{text}");
    }

    #[test]
    fn torn_sources_end() {
        let whole = "use a::{b as c, *}; impl A for B { const C: u8 = 1; } #[cfg_attr(a, b)] #[cfg(a)] #[path = \"x\"] mod m { mod n; type A = B; include!(\"x\") } #[export_c] fn f(a: m::A, b: [u8; 1 << 2]) {} #[export_c] #[repr(C)] enum E { A = -1 + N as isize }";
        for end in (0..=whole.len()).filter(|end| whole.is_char_boundary(*end)) {
            of_text(&whole[..end], &Context::default());
            of_text(&whole[end..], &Context::default());
        }
    }
}
