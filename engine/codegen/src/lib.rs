//! What C becomes in Rust: the names that are used and what the compiler answered about them in, the text of a module's items
//! and the C that they need beside the preamble out.
//!
//! [`ctype`] is the model of C's types; `layout` and `abi` decide what Rust can say; a file for each kind of item says it.

// For the engine's other crates alone, where a field's name often says all there is to say.
#![allow(missing_docs)]

pub mod checks;
pub mod docs;
mod items;
mod layout;
pub mod model;
mod names;
pub mod shims;

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::fmt::Write;
use std::fs;
use std::path::PathBuf;

use cgo_csyntax::declarations::keywords::is_qualifier;
use cgo_csyntax::declarations::names::Names;
use cgo_csyntax::directive::Directives;
use cgo_csyntax::preamble::{Import, Preamble};
use cgo_csyntax::selection::{Item, Selection, Subject};
use cgo_csyntax::target::Target;

use crate::checks::layout_in_c::Asserted;
use crate::checks::{layout_in_c, taken};
use crate::docs::{comment, declaration};
use crate::items::{types, unsupported};
use crate::layout::Layouts;
use crate::model::answer::Answer;
use crate::model::types::{Type, TypeId, Typedef};
use crate::names::in_rust;
use crate::shims::c_text::Shim;

pub use self::checks::prototypes::Prototype;
pub use self::docs::comment::inline;
pub use self::names::in_rust::identifier;

use self::checks::layout::Proofs;
use self::checks::prototypes::Declared;
use self::names::in_rust::TypeNames;

/// The type names that cgo has for C's own types, for those who write `C::int`.
const CGO_TYPES: [(&str, &str); 19] = [
    ("char", "::core::ffi::c_char"),
    ("schar", "::core::ffi::c_schar"),
    ("uchar", "::core::ffi::c_uchar"),
    ("short", "::core::ffi::c_short"),
    ("ushort", "::core::ffi::c_ushort"),
    ("int", "::core::ffi::c_int"),
    ("uint", "::core::ffi::c_uint"),
    ("long", "::core::ffi::c_long"),
    ("ulong", "::core::ffi::c_ulong"),
    ("longlong", "::core::ffi::c_longlong"),
    ("ulonglong", "::core::ffi::c_ulonglong"),
    ("float", "::core::ffi::c_float"),
    ("double", "::core::ffi::c_double"),
    ("size_t", "::core::primitive::usize"),
    ("complexfloat", "::cgo::Complex<::core::primitive::f32>"),
    ("complexdouble", "::cgo::Complex<::core::primitive::f64>"),
    ("void", "::core::ffi::c_void"),
    // The compilers have these without a declaration.
    ("__int128_t", "::core::primitive::i128"),
    ("__uint128_t", "::core::primitive::u128"),
];

/// Whether this is one of cgo's names for C's own types.
pub fn is_cgo_type(name: &str) -> bool {
    CGO_TYPES.iter().any(|(known, _)| *known == name)
}

/// What the emitters read.
pub struct Input<'a> {
    pub preamble: &'a Preamble,
    pub directives: &'a Directives,
    pub target: &'a Target,
    pub names: &'a Names<'a>,
    pub selection: &'a Selection,
    pub answer: &'a Answer,
    /// What the symbols of shims start with.
    pub prefix: &'a str,
    /// The items whose shims the compiler refused, and what it said.
    pub refused: &'a HashMap<String, String>,
    /// What the crate may export under a name that C declares.
    pub exported: &'a dyn Fn(&DeclaredName<'_>) -> Option<Exported>,
    /// The words of the crate's sources.
    pub used: &'a dyn Fn(&str) -> bool,
    /// Those after `::`.
    pub paths: &'a dyn Fn(&str) -> bool,
}

/// A name that C declares.
pub struct DeclaredName<'a> {
    pub name: &'a str,
    pub is_type: bool,
    /// Whether a header of the system declares it.
    pub is_system: bool,
}

/// What the emitters know of an export.
pub struct Exported {
    /// What its symbol is known by among the crate's macros.
    pub key: u64,
    /// The numbers that the header has of it, the values of enumerators or the lengths of arrays, where it was read.
    pub numbers: Option<Vec<i128>>,
}

/// The items of the module, and the C that they need beside the preamble.
pub struct Output {
    pub items: String,
    /// What the items link to.
    pub foreign: Vec<Foreign>,
    pub shims: Vec<Shim>,
    /// What must hold of the bound records where the library is made.
    pub layouts: Vec<Asserted>,
    pub left_out: Vec<(String, String)>,
    /// What C declares of the crate's exports.
    pub prototypes: Vec<Prototype>,
}

/// A function or variable for an `extern` block.
pub struct Foreign {
    pub symbol: String,
    /// With all that belongs before it.
    pub declaration: String,
}

impl Foreign {
    /// Has it linked to another symbol.
    pub fn link_to(&mut self, symbol: String) {
        let link = |symbol: &str| format!("#[link_name = \"{symbol}\"] ");
        let known = self.declaration.replace(&link(&self.symbol), "");
        self.declaration = link(&symbol) + &known;
        self.symbol = symbol;
    }
}

/// Writes every item of the module.
pub fn emit(input: &Input<'_>) -> Output {
    let types = &input.answer.types;
    let imports = input.preamble.imports.iter();
    let imported: BTreeMap<String, Import> = imports
        .map(|import| (identifier(&import.name), import.clone()))
        .collect();
    let mut emitter = Emitter {
        layouts: layout::decide(types, &input.answer.bases, input.target),
        names: in_rust::of_types(types, &input.selection.items, &input.answer.of_item),
        enumerations: enumerations(types),
        numbers: taken::numbers(types),
        taken: imported.keys().cloned().collect(),
        imported,
        values: BTreeSet::new(),
        debug: RefCell::default(),
        constants: constants(&input.selection.items),
        sources: HashMap::new(),
        answer: input.answer,
        target: input.target,
        directives: input.directives,
        c_names: input.names,
        folder: input.preamble.folder(),
        prefix: input.prefix,
        refused: input.refused,
        exported: input.exported,
        compared: BTreeSet::new(),
        code: String::new(),
        foreign: Vec::new(),
        proofs: Proofs::default(),
        prototypes: Vec::new(),
        shims: Vec::new(),
    };
    emitter.described_records();
    emitter.imports(input.preamble);
    let mut left_out = input.selection.left_out.clone();
    emitter.types(&input.selection.items);
    for (index, item) in input.selection.items.iter().enumerate() {
        let Some(&ctype) = input.answer.of_item.get(&index) else {
            continue;
        };
        if let Err(reason) = emitter.item(index, item, ctype) {
            left_out.push((item.name.clone(), reason));
        }
    }
    emitter.sizes(&input.selection.sizes, &input.selection.items);
    for (name, rust) in CGO_TYPES {
        if emitter.taken.contains(name) {
            continue;
        }
        if (input.paths)(&format!("sizeof_{name}")) {
            emitter.size(name, &format!("::core::mem::size_of::<{rust}>()"));
        }
        if (input.paths)(name) {
            emitter.taken.insert(name.to_string());
            let _ = writeln!(
                emitter.code,
                "/// C's type, under cgo's name.\npub type {name} = {rust};"
            );
        }
    }
    for (name, reason) in left_out.iter().filter(|(name, _)| (input.used)(name)) {
        let rust = identifier(name);
        if emitter.values.insert(rust) {
            unsupported::write(&mut emitter.code, name, reason);
        }
    }
    emitter.proofs.write(&mut emitter.code);
    let layouts = layout_in_c::of_records(&emitter.layouts, input.names, |id| {
        emitter.names.get(id).is_some()
    });
    Output {
        layouts,
        items: emitter.code,
        foreign: emitter.foreign,
        shims: emitter.shims,
        left_out,
        prototypes: emitter.prototypes,
    }
}

/// What the emitters of all kinds share: what they read, and what they write.
struct Emitter<'a> {
    layouts: Layouts<'a>,
    names: TypeNames,
    /// The enumeration of each enumerator that a reached type has.
    enumerations: HashMap<&'a str, TypeId>,
    /// The number of each struct and union in the module's list of them.
    numbers: HashMap<TypeId, usize>,
    /// The types that are taken from other modules, by their names in Rust.
    imported: BTreeMap<String, Import>,
    /// Rust's names of types that are written already, here or in the module they are taken from.
    taken: BTreeSet<String>,
    /// Those of functions, variables and constants, which Rust keeps apart from types.
    values: BTreeSet<String>,
    /// Which records have `Debug`, as far as it was asked.
    debug: RefCell<HashMap<TypeId, bool>>,
    /// Those of variables and constants, which in a pattern are no new names.
    constants: HashSet<String>,
    /// The lines of the files that declarations stand in, for their comments.
    sources: HashMap<u32, Vec<String>>,
    answer: &'a Answer,
    target: &'a Target,
    directives: &'a Directives,
    c_names: &'a Names<'a>,
    /// The Rust file's, which the compiler runs in: what it says of files starts there.
    folder: PathBuf,
    prefix: &'a str,
    refused: &'a HashMap<String, String>,
    exported: &'a dyn Fn(&DeclaredName<'_>) -> Option<Exported>,
    /// The exports that were found in the C, each of which is compared once.
    compared: BTreeSet<String>,
    prototypes: Vec<Prototype>,
    code: String,
    foreign: Vec<Foreign>,
    proofs: Proofs,
    shims: Vec<Shim>,
}

fn constants(items: &[Item]) -> HashSet<String> {
    let constants = items.iter().filter(|item| match item.subject {
        Subject::Object(storage) => !storage.function,
        Subject::Enumerator | Subject::Expression(_) => true,
        Subject::Builtin(_) | Subject::Tag(_) | Subject::TypeName => false,
    });
    constants.map(|item| identifier(&item.name)).collect()
}

fn enumerations(types: &crate::model::types::Types) -> HashMap<&str, TypeId> {
    let mut owners = HashMap::new();
    for (index, ctype) in types.list.iter().enumerate() {
        if let Type::Enum(e) = ctype {
            owners.extend(
                e.enumerators
                    .iter()
                    .map(|name| (name.as_str(), TypeId(index as u32))),
            );
        }
    }
    owners
}

impl Emitter<'_> {
    fn types(&mut self, items: &[Item]) {
        let declared = items.iter().filter(|item| item.declaration.is_some());
        let by_name: HashMap<String, &Item> = declared
            .map(|item| match item.subject {
                Subject::Tag(keyword) => {
                    (cgo_csyntax::selection::rust_tag(keyword, &item.name), item)
                }
                _ => (item.name.clone(), item),
            })
            .collect();
        for index in 0..self.layouts.types.list.len() {
            let id = TypeId(index as u32);
            let Some(name) = self.names.get(id).map(str::to_string) else {
                continue;
            };
            let ctype = self.layouts.types.get(id).clone();
            // A record that took its typedef's name is written once, as the record.
            if let Type::Typedef(Typedef { target, .. }) = ctype
                && self.names.get(target) == Some(&name)
            {
                continue;
            }
            if !self.taken.insert(identifier(&name)) {
                continue;
            }
            let item = by_name.get(&name).copied();
            let remark = match ctype {
                Type::Typedef(_) => self.remark_on(id).unwrap_or_default(),
                _ => String::new(),
            };
            let documentation = item.map_or_else(
                || "#[doc = \"\"]\n".to_string(),
                |item| self.documentation(item, &remark),
            );
            match ctype {
                Type::Record(record) => self.record(id, &record, &documentation),
                Type::Enum(e) => {
                    let integer = types::integer_type(e.size, e.signed);
                    let _ = writeln!(
                        self.code,
                        "{documentation}pub type {} = {integer};",
                        identifier(&name)
                    );
                }
                Type::Typedef(Typedef { target, .. }) => {
                    let size = self.layouts.size(target).unwrap_or(0);
                    let standard =
                        types::standard_typedef(&name, size, self.layouts.pointer_size());
                    let rust = standard.unwrap_or_else(|| self.rust_type(target));
                    let _ = writeln!(
                        self.code,
                        "{documentation}pub type {} = {rust};",
                        identifier(&name)
                    );
                }
                _ => {}
            }
        }
    }

    fn item(&mut self, index: usize, item: &Item, ctype: TypeId) -> Result<(), String> {
        let is_value = !matches!(item.subject, Subject::Tag(_) | Subject::TypeName);
        if let (true, Some(said)) = (is_value, self.refused.get(&item.name)) {
            return Err(format!("the compiler cannot give it to Rust: {said}"));
        }
        if is_value {
            self.is_only_one(&item.name)?;
        }
        if let Type::Unknown(what) = self.layouts.types.get(ctype) {
            return Err(format!("it has a type {what}"));
        }
        let written = match &item.subject {
            Subject::Tag(keyword) => {
                self.prototype(item, Declared::Type, ctype);
                self.alias(
                    item,
                    &cgo_csyntax::selection::rust_tag(*keyword, &item.name),
                    ctype,
                );
                Ok(())
            }
            Subject::TypeName => {
                self.prototype(item, Declared::Type, ctype);
                self.alias(item, &item.name.clone(), ctype);
                Ok(())
            }
            Subject::Object(storage) => self.object(index, item, *storage, ctype),
            Subject::Builtin(_) => self.builtin(item, ctype),
            Subject::Enumerator => self.enumerator(index, item, ctype),
            Subject::Expression(expression) => self.expression(index, item, expression, ctype),
        };
        if is_value && written.is_ok() {
            self.values.insert(identifier(&item.name));
        }
        written
    }

    /// A function or variable that is linked to: `declare` gets the name it has there.
    fn foreign(
        &mut self,
        name: &str,
        symbol: &str,
        documentation: &str,
        declare: impl Fn(&str) -> String,
    ) {
        let rust = identifier(name);
        let linked = in_rust::foreign(&rust);
        let link = match linked == symbol {
            true => String::new(),
            false => format!("#[link_name = \"{symbol}\"] "),
        };
        let declared = declare(&linked);
        self.foreign.push(Foreign {
            symbol: symbol.to_string(),
            declaration: format!("{documentation}{link}pub {declared};"),
        });
        if linked != rust {
            let _ = writeln!(self.code, "pub use self::{linked} as {rust};");
        }
    }

    /// The shim of an item, for the item's own use: `declare` gets the name it has there, which is returned.
    fn foreign_shim(&mut self, item: &str, declare: impl Fn(&str) -> String) -> String {
        let name = in_rust::foreign(&identifier(&format!("_cgo_shim_{item}")));
        let (symbol, declared) = (self.shim_symbol(item), declare(&name));
        self.foreign.push(Foreign {
            declaration: format!("#[link_name = \"{symbol}\"] {declared};"),
            symbol,
        });
        name
    }

    /// Two names of C may be one in Rust, which cannot spell all of them: it is the name that is the same in both.
    fn is_only_one(&self, name: &str) -> Result<(), String> {
        let rust = identifier(name);
        let is_anothers = !in_rust::is_spelled(name) && self.c_names.has(&rust);
        match !is_anothers && !self.values.contains(&rust) {
            true => Ok(()),
            false => Err(format!(
                "Rust can spell it only as `{rust}`, which is another name of C"
            )),
        }
    }

    /// A name that is not its type's own: a macro for a type, or a tag that a macro renames.
    fn alias(&mut self, item: &Item, name: &str, ctype: TypeId) {
        if let Some(import) = self.imported.get(&identifier(name)).cloned() {
            self.check_taken(&import, ctype);
        }
        if self.taken.insert(identifier(name)) {
            let documentation = self.documentation(item, "");
            let rust = self.rust_type(ctype);
            let _ = writeln!(
                self.code,
                "{documentation}pub type {} = {rust};",
                identifier(name)
            );
        }
    }

    fn sizes(&mut self, wanted: &[String], items: &[Item]) {
        for name in wanted {
            let rust = identifier(name);
            if !self.taken.contains(&rust) {
                continue;
            }
            let size_of = format!("::core::mem::size_of::<{rust}>()");
            match self.type_named(name, items) {
                Some(id) if self.layouts.is_too_big(id) => {
                    let size = self.layouts.plain_size(id);
                    self.size(name, &size.map_or(size_of, |size| size.to_string()));
                }
                // C has no size of it either.
                Some(id) if self.is_opaque(id) => {}
                _ => self.size(name, &size_of),
            }
        }
    }

    /// The type that Rust has under this name, if the preamble has it.
    fn type_named(&self, name: &str, items: &[Item]) -> Option<TypeId> {
        let ids = (0..self.layouts.types.list.len()).map(|index| TypeId(index as u32));
        let named = ids.into_iter().find(|id| self.names.get(*id) == Some(name));
        named.or_else(|| {
            let is_type = |item: &Item| matches!(item.subject, Subject::TypeName);
            let item = items
                .iter()
                .position(|item| is_type(item) && item.name == name)?;
            self.answer.of_item.get(&item).copied()
        })
    }

    fn is_opaque(&self, id: TypeId) -> bool {
        let types = self.layouts.types;
        matches!(types.get(types.resolve(id)), Type::Record(record) if record.body.is_none())
    }

    fn size(&mut self, name: &str, value: &str) {
        let constant = identifier(&format!("sizeof_{name}"));
        if self.values.insert(constant.clone()) {
            let _ = writeln!(
                self.code,
                "/// C's `sizeof`, in bytes.\npub const {constant}: ::core::primitive::usize = {value};"
            );
        }
    }

    fn shim_symbol(&self, name: &str) -> String {
        format!("{}{name}", self.prefix)
    }

    /// The comment above the declaration, a remark of ours, and the declaration itself.
    fn documentation(&mut self, item: &Item, remark: &str) -> String {
        let declaration = match item.declaration {
            Some(declared) => declaration::tidy(self.c_names.text(declared)),
            None => {
                let body = self
                    .c_names
                    .macros
                    .get(item.name.as_str())
                    .map_or("", |definition| definition.body);
                declaration::tidy(&format!("{} {body}", item.name)).replacen("", "#define ", 1)
            }
        };
        let declaration: Vec<&str> = declaration
            .split(' ')
            .filter(|word| !is_qualifier(word) || *word != "__extension__")
            .collect();
        let mut text = self.comment(item);
        if !text.is_empty() {
            text.push_str("\n\n");
        }
        if !remark.is_empty() {
            let _ = write!(text, "{remark}\n\n");
        }
        text.push_str(&comment::fenced("c", &declaration.join(" ")));
        format!("#[doc = {text:?}]\n")
    }

    /// The comment above the item in its file.
    fn comment(&mut self, item: &Item) -> String {
        let file = item.place.file;
        let path = self.c_names.files.get(file as usize);
        let path = self.folder.join(path.map_or("", |file| &file.path));
        let lines = self.sources.entry(file).or_insert_with(|| {
            let bytes = fs::read(path).unwrap_or_default();
            let text = String::from_utf8_lossy(&bytes);
            // A byte order mark is part of no comment.
            let text = text.strip_prefix('\u{feff}').unwrap_or(&text);
            text.lines().map(str::to_string).collect()
        });
        comment::above(lines, declaration::first_line(self.c_names, item))
    }
}
