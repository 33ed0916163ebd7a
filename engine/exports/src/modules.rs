//! Goes from a crate's root file through its modules, as rustc does, and notes what each scope names.

use std::collections::{HashMap, HashSet};
use std::path::{Path, PathBuf};
use std::rc::Rc;
use std::str::FromStr;

use proc_macro2::TokenStream;
use quote::quote;
use syn::{Attribute, Expr, ExprLit, Lit, Meta};

use crate::cfg::{compiled, compiled_text, holds};
use crate::constant::{Integer, use_path};
use crate::files::Files;
use crate::scan::{Kind, Node, Scanned, Seen, is_export};
use crate::{Context, Export, Item, Options};

/// The number of a module, or of a body with items.
pub(crate) type ScopeId = usize;

/// A module, or a body with items.
#[derive(Default)]
pub(crate) struct Scope {
    /// What is around it.
    pub(crate) parent: Option<ScopeId>,
    /// Whether it is a body, which sees what is around it.
    pub(crate) is_body: bool,
    pub(crate) types: HashMap<String, Vec<Named<TypeName>>>,
    pub(crate) constants: HashMap<String, Vec<Named<usize>>>,
    pub(crate) imports: HashMap<String, Vec<Named<UsePath>>>,
    pub(crate) globs: Vec<Named<UsePath>>,
    /// Its file, as long as that has not been read.
    unread: Option<(PathBuf, PathBuf)>,
}

/// What a name stands for, and the scope that sees it with all in it.
#[derive(Clone)]
pub(crate) struct Named<T> {
    pub(crate) what: T,
    pub(crate) seen_in: ScopeId,
}

/// What a name stands for among types.
#[derive(Clone)]
pub(crate) enum TypeName {
    Module(ScopeId),
    /// A struct, union or enum, by its number in [`Program::types`].
    Own(usize),
    /// By its number in [`Program::aliases`].
    Alias(usize),
    /// The module of a preamble.
    Preamble,
    /// Another crate.
    Crate(String),
}

/// The path of a `use`.
#[derive(Clone, Debug)]
pub(crate) struct UsePath {
    pub(crate) is_global: bool,
    pub(crate) segments: Vec<String>,
}

/// A struct, union or enum of the crate.
pub(crate) struct OwnType {
    pub(crate) name: String,
    /// Its number in [`Program::exports`].
    pub(crate) export: Option<usize>,
}

/// `type A<..> = ..` or `const A: T = ..`, behind the name.
pub(crate) struct Definition {
    pub(crate) scope: ScopeId,
    pub(crate) text: String,
}

/// An export where it stands.
pub(crate) struct Found {
    pub(crate) export: Export,
    pub(crate) scope: ScopeId,
    pub(crate) file: Rc<Path>,
    pub(crate) line: usize,
}

/// A crate, as far as it has been read.
pub(crate) struct Program<'a> {
    pub(crate) context: &'a Context,
    pub(crate) files: Files,
    pub(crate) scopes: Vec<Scope>,
    pub(crate) types: Vec<OwnType>,
    pub(crate) aliases: Vec<Definition>,
    pub(crate) constants: Vec<Definition>,
    /// The types and values of those that have been computed, by their numbers.
    pub(crate) computed: HashMap<usize, Option<(Integer, Option<i128>)>>,
    /// In the order of the modules.
    pub(crate) exports: Vec<Found>,
    /// The paths that the exports say for the facade.
    pub(crate) facades: HashSet<Vec<String>>,
    /// Where `export_c` stands in what is not read.
    pub(crate) unread: Vec<(Rc<Path>, usize)>,
    /// What could not be read and says `export_c`: where, and why.
    pub(crate) broken: Vec<(Rc<Path>, usize, String)>,
    seen: HashSet<PathBuf>,
}

/// Where the file of a `mod name;` is looked for.
#[derive(Clone)]
struct Folders {
    /// The file itself.
    source: Rc<Path>,
    /// The folder of the file.
    file: PathBuf,
    /// Where a `#[path = ".."]` starts: the folder of the file, but in a module with a body that module's (the Rust
    /// reference, "The path attribute").
    named: PathBuf,
    /// The folder of the modules below this one.
    children: PathBuf,
}

impl<'a> Program<'a> {
    /// The crate with this root file. A file that cannot be read has nothing: rustc will say so.
    pub(crate) fn read(root: &Path, context: &'a Context, files: Files) -> Program<'a> {
        let mut program = Program::empty(context, files);
        let folder = root.parent().map(Path::to_path_buf).unwrap_or_default();
        program.file(root, &folder, 0, true);
        program
    }

    /// The crate whose root file says this, and whose modules have no files.
    pub(crate) fn of_text(scanned: Scanned, context: &'a Context, files: Files) -> Program<'a> {
        let mut program = Program::empty(context, files);
        let nowhere = Path::new("/nowhere/at/all");
        program.scanned(scanned, nowhere, nowhere, 0, true);
        program
    }

    fn empty(context: &'a Context, files: Files) -> Program<'a> {
        Program {
            context,
            files,
            scopes: vec![Scope::default()],
            types: Vec::new(),
            aliases: Vec::new(),
            constants: Vec::new(),
            computed: HashMap::new(),
            exports: Vec::new(),
            facades: HashSet::new(),
            unread: Vec::new(),
            broken: Vec::new(),
            seen: HashSet::new(),
        }
    }

    /// Reads the file of a module, if that has not been done since nothing seemed to matter in it.
    pub(crate) fn demand(&mut self, scope: ScopeId) {
        if let Some((file, children)) = self.scopes[scope].unread.take() {
            self.seen.remove(&file);
            self.file(&file, &children, scope, true);
        }
    }

    fn file(&mut self, file: &Path, children: &Path, scope: ScopeId, is_asked: bool) {
        if !self.seen.insert(file.to_path_buf()) {
            return;
        }
        let Some((scanned, said)) = self.files.read(file, is_asked) else {
            return;
        };
        if !said.all {
            self.scopes[scope].unread = Some((file.to_path_buf(), children.to_path_buf()));
            return;
        }
        self.scanned(scanned, file, children, scope, said.export);
    }

    fn scanned(
        &mut self,
        scanned: Scanned,
        file: &Path,
        children: &Path,
        scope: ScopeId,
        says_export: bool,
    ) {
        let folder = file.parent().unwrap_or(Path::new(""));
        let folders = Folders {
            source: Rc::from(file),
            file: folder.to_path_buf(),
            named: folder.to_path_buf(),
            children: children.to_path_buf(),
        };
        if let Some((line, message)) = scanned.problem.filter(|_| says_export) {
            self.broken.push((folders.source.clone(), line, message));
        }
        if compiled_text(&scanned.attributes, &self.context.cfgs).is_some() {
            self.nodes(scanned.nodes, scope, &folders);
        }
    }

    fn nodes(&mut self, nodes: Vec<Node>, scope: ScopeId, folders: &Folders) {
        let mut is_chosen = false;
        for node in nodes {
            let cfgs = &self.context.cfgs;
            let Some(attributes) = compiled_text(&node.attributes, cfgs) else {
                continue;
            };
            let Kind::Arm {
                is_first,
                predicate,
                nodes,
            } = node.kind
            else {
                self.node(node, &attributes, scope, folders);
                continue;
            };
            is_chosen &= !is_first;
            let predicate = TokenStream::from_str(&predicate).unwrap_or_default();
            if !is_chosen && (predicate.is_empty() || holds(predicate, cfgs)) {
                is_chosen = true;
                self.nodes(nodes, scope, folders);
            }
        }
    }

    fn node(&mut self, node: Node, attributes: &[Attribute], scope: ScopeId, folders: &Folders) {
        let seen_in = self.seen_in(node.seen, scope);
        match node.kind {
            Kind::File { name } => {
                let module = self.scope(scope, false);
                self.name_type(scope, &name, TypeName::Module(module), seen_in);
                self.module(&name, path(attributes), folders, module);
            }
            Kind::Module {
                name,
                attributes: inner,
                nodes,
            } => {
                // What does not hold inside takes the module away too.
                if compiled_text(&inner, &self.context.cfgs).is_none() {
                    return;
                }
                let module = self.scope(scope, false);
                self.name_type(scope, &name, TypeName::Module(module), seen_in);
                let children = folders.children.join(path(attributes).unwrap_or(name));
                let inner = Folders {
                    named: children.clone(),
                    children,
                    ..folders.clone()
                };
                self.nodes(nodes, module, &inner);
            }
            Kind::Block(nodes) => {
                let body = self.scope(scope, true);
                self.nodes(nodes, body, folders);
            }
            Kind::Export { item, name } => {
                let export = self.export(attributes, &item);
                let number = self.exports.len();
                if !name.is_empty() {
                    let export = export.is_some().then_some(number);
                    self.name_own(scope, &name, export, seen_in);
                }
                if let Some(export) = export {
                    let facade = export.options.facade.as_ref();
                    self.facades
                        .extend(facade.map(|path| use_path(path).segments));
                    self.exports.push(Found {
                        export,
                        scope,
                        file: folders.source.clone(),
                        line: node.line,
                    });
                }
            }
            Kind::Named(name) => self.name_own(scope, &name, None, seen_in),
            Kind::Alias { name, rest: text } => {
                let number = self.aliases.len();
                self.aliases.push(Definition { scope, text });
                self.name_type(scope, &name, TypeName::Alias(number), seen_in);
            }
            Kind::Constant { name, rest: text } => {
                let what = self.constants.len();
                self.constants.push(Definition { scope, text });
                let names = self.scopes[scope].constants.entry(name);
                names.or_default().push(Named { what, seen_in });
            }
            Kind::Use { path, name } => {
                let what = UsePath::of(&path);
                let import = Named { what, seen_in };
                let scope = &mut self.scopes[scope];
                match name.as_str() {
                    "*" => scope.globs.push(import),
                    _ => scope.imports.entry(name).or_default().push(import),
                }
            }
            Kind::Crate { name, other } => {
                let what = match name == "self" {
                    true => TypeName::Module(0),
                    false => TypeName::Crate(name),
                };
                self.name_type(scope, &other, what, seen_in);
            }
            Kind::Include(file) => {
                let (file, children) = (folders.file.join(file), folders.children.clone());
                self.file(&file, &children, scope, true);
            }
            Kind::Preamble(name) => self.name_type(scope, &name, TypeName::Preamble, seen_in),
            // The arms of a choice are looked at together.
            Kind::Arm { .. } => {}
            Kind::Unread => self.unread.push((folders.source.clone(), node.line)),
        }
    }

    fn scope(&mut self, parent: ScopeId, is_body: bool) -> ScopeId {
        self.scopes.push(Scope {
            parent: Some(parent),
            is_body,
            ..Scope::default()
        });
        self.scopes.len() - 1
    }

    fn name_type(&mut self, scope: ScopeId, name: &str, what: TypeName, seen_in: ScopeId) {
        let names = self.scopes[scope].types.entry(name.to_string());
        names.or_default().push(Named { what, seen_in });
    }

    fn name_own(&mut self, scope: ScopeId, name: &str, export: Option<usize>, seen: ScopeId) {
        let number = self.types.len();
        self.types.push(OwnType {
            name: name.to_string(),
            export,
        });
        self.name_type(scope, name, TypeName::Own(number), seen);
    }

    /// The module around a scope, or the scope itself.
    pub(crate) fn module_of(&self, mut scope: ScopeId) -> ScopeId {
        while let (true, Some(parent)) = (self.scopes[scope].is_body, self.scopes[scope].parent) {
            scope = parent;
        }
        scope
    }

    /// The module around the module of a scope.
    pub(crate) fn parent_of(&self, scope: ScopeId) -> Option<ScopeId> {
        let parent = self.scopes[self.module_of(scope)].parent?;
        Some(self.module_of(parent))
    }

    /// The scope that sees an item.
    fn seen_in(&self, seen: Seen, scope: ScopeId) -> ScopeId {
        match seen {
            Seen::Inside => scope,
            Seen::Around => self.parent_of(scope).unwrap_or(0),
            Seen::Everywhere => 0,
        }
    }

    fn module(&mut self, name: &str, path: Option<String>, folders: &Folders, scope: ScopeId) {
        if let Some(path) = path {
            let file = folders.named.join(path);
            let children = file.parent().map(Path::to_path_buf).unwrap_or_default();
            return self.file(&file, &children, scope, false);
        }
        let children = folders.children.join(name);
        for file in [
            folders.children.join(format!("{name}.rs")),
            children.join("mod.rs"),
        ] {
            if file.is_file() {
                return self.file(&file, &children, scope, false);
            }
        }
    }

    /// The export, without what is not compiled; `None` where it is none, or none that C can have.
    fn export(&self, attributes: &[Attribute], item: &str) -> Option<Export> {
        let (exports, others): (Vec<_>, Vec<_>) = attributes
            .iter()
            .partition(|attribute| is_export(attribute.path()));
        let options = match &exports.first()?.meta {
            Meta::List(list) => list.tokens.clone(),
            _ => TokenStream::new(),
        };
        let item = TokenStream::from_str(item).ok()?;
        let item = quote!(#(#others)* #item);
        let mut export = crate::read(Options::read(options).ok()?, item).ok()?;
        let is_compiled =
            |attributes: &[Attribute]| compiled(attributes, &self.context.cfgs).is_some();
        match &mut export.item {
            Item::Function(function) => function.parameters.retain(|part| is_compiled(&part.cfgs)),
            Item::Record(record) => record.fields.retain(|part| is_compiled(&part.cfgs)),
            Item::Enumeration(list) => list.variants.retain(|part| is_compiled(&part.cfgs)),
            Item::Static(_) => {}
        }
        Some(export)
    }
}

impl UsePath {
    /// The path that is written so, with `::` between its names.
    fn of(text: &str) -> UsePath {
        let (is_global, names) = match text.strip_prefix("::") {
            Some(names) => (true, names),
            None => (false, text),
        };
        let names = names.split("::").filter(|name| !name.is_empty());
        UsePath {
            is_global,
            segments: names.map(str::to_string).collect(),
        }
    }
}

/// `#[path = ".."]`.
fn path(attributes: &[Attribute]) -> Option<String> {
    attributes
        .iter()
        .find_map(|attribute| match &attribute.meta {
            Meta::NameValue(named) if named.path.is_ident("path") => match &named.value {
                Expr::Lit(ExprLit {
                    lit: Lit::Str(path),
                    ..
                }) => Some(path.value()),
                _ => None,
            },
            _ => None,
        })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Cfg, Exports, find};
    use std::fs;

    /// A crate in a folder of its own, which is gone afterwards.
    struct Crate(PathBuf);

    impl Crate {
        fn new(name: &str, files: &[(&str, &str)]) -> Crate {
            let folder =
                std::env::temp_dir().join(format!("cgo-exports-{name}-{}", std::process::id()));
            for (file, text) in files {
                let file = folder.join(file);
                fs::create_dir_all(file.parent().expect("a folder")).expect("made");
                fs::write(file, text).expect("written");
            }
            Crate(folder)
        }

        fn exports(&self) -> Exports {
            let unix = Cfg {
                name: "unix".to_string(),
                value: None,
            };
            let context = Context {
                cfgs: vec![unix],
                pointer_bits: 64,
                facades: vec!["cgo".to_string()],
            };
            find(&self.0.join("lib.rs"), &context, Some(&self.0))
        }

        fn symbols(&self) -> Vec<String> {
            let items = self.exports().items.into_iter();
            items.map(|declared| declared.symbol).collect()
        }
    }

    impl Drop for Crate {
        fn drop(&mut self) {
            let _ = fs::remove_dir_all(&self.0);
        }
    }

    #[test]
    fn every_module_of_the_crate_is_read() {
        let files = [
            (
                "lib.rs",
                "mod a; mod b { mod c; #[export_c] fn in_b() {} } #[cfg_attr(unix, path = \"x/y.rs\")] pub(crate) mod d; include!(\"e.rs\");",
            ),
            (
                "a.rs",
                "mod deep; mod inline { #[path = \"z.rs\"] mod y; } #[cgo::export_c(name = \"renamed\")] pub fn in_a() {}",
            ),
            ("a/deep.rs", "impl S { #[export_c] fn method(self: &S) {} }"),
            ("b/c/mod.rs", "fn f() { #[export_c] fn in_body() {} }"),
            ("x/y.rs", "#[export_c] #[repr(C)] struct S { a: u8 }"),
            ("e.rs", "#[export_c] static E: u8 = { 1 };"),
            ("a/inline/z.rs", "#[export_c] fn in_z() {}"),
            ("other.rs", "#[export_c] fn not_of_this_crate() {}"),
        ];
        let made = Crate::new("modules", &files);
        for _ in ["read", "kept"] {
            assert_eq!(
                made.symbols(),
                ["S", "method", "in_z", "renamed", "in_body", "in_b", "E"]
            );
        }
    }

    #[test]
    fn bodies_are_read_where_they_say_so() {
        let text = "const _: () = { #[export_c] fn hidden() {} };\n\
                    fn f(x: u8) { let y = if x > 1 { #[export_c] fn deep() {} 1 } else { 2 }; #[cfg(windows)] { #[export_c] fn no() {} } call(|| { #[export_c] fn deeper() {} }); }\n\
                    impl A { fn g(&self) { struct Local; #[export_c] fn local(_: &Local) {} } }\n\
                    mod m { #![cfg(windows)] #[export_c] fn not_here() {} }";
        let made = Crate::new("bodies", &[("lib.rs", text)]);
        assert_eq!(made.symbols(), ["hidden", "deep", "deeper", "local"]);
        let text = made.exports().text();
        assert!(
            text.contains("void local(const struct Local *arg0);"),
            "{text}"
        );
    }

    #[test]
    fn what_is_not_compiled_is_not_exported() {
        let text = "#[cfg(windows)] #[export_c] fn windows() {} #[export_c] #[cfg(unix)] fn here() {}\n\
                    #[cfg(test)] mod tests { #[export_c] fn test() {} }\n\
                    mod a;\n\
                    cfg_if::cfg_if! { if #[cfg(windows)] { #[export_c] fn one() {} } else if #[cfg(unix)] { #[export_c] fn two() {} } else { #[export_c] fn three() {} } }";
        let a = "//! A file.\n#![cfg(windows)]\n#[export_c] fn in_file() {}";
        let made = Crate::new("cfg", &[("lib.rs", text), ("a.rs", a)]);
        for _ in ["read", "kept"] {
            assert_eq!(made.symbols(), ["here", "two"]);
        }
    }

    #[test]
    fn inner_attributes_that_hold_take_nothing_away() {
        let text = "#![cfg_attr(docsrs, feature(doc_cfg))]\n#![cfg(unix)]\nmod a; #[export_c] fn here() {}\n\
                    mod m { #![cfg(unix)] #![cfg_attr(windows, cfg(windows))] #[export_c] fn inside() {} }";
        let a = "//! A file.\n#![cfg(unix)]\n#[export_c] fn in_file() {}";
        let made = Crate::new("inner", &[("lib.rs", text), ("a.rs", a)]);
        for _ in ["read", "kept"] {
            assert_eq!(made.symbols(), ["in_file", "here", "inside"]);
        }
    }

    #[test]
    fn another_crate_may_have_the_facade() {
        let text = "use lib::cgo::Handle as H; mod lib2 { pub use lib::cgo as facade; }\n\
                    #[lib::cgo::export_c(crate = ::lib::cgo)] fn a(_: lib::cgo::Handle<u8>, _: H<u8>) {}\n\
                    #[export_c(crate = lib::cgo)] fn b(_: lib2::facade::Handle<u8>) {}\n\
                    #[export_c(crate = lib::cgo)] fn c(_: lib::Handle<u8>) {}";
        let text = Crate::new("facade", &[("lib.rs", text)]).exports().text();
        assert!(
            text.contains("void a(uintptr_t arg0, uintptr_t arg1);\nvoid b(uintptr_t arg0);\n/* c is not declared"),
            "{text}"
        );
    }

    #[test]
    fn what_macros_write_is_told_of() {
        let text = "macro_rules! m { () => {\n #[export_c] fn $x() {} } }\n\
                    discard! { #[export_c] fn discarded() {} }\n#[export_c] fn here() {}\n\
                    fn f() { other! { #[export_c] fn inner() {} } }\n mod b;";
        let b = "#[export_c] fn early() {}\n#[export_c] fn torn( {}\n";
        let made = Crate::new("macros", &[("lib.rs", text), ("b.rs", b)]);
        for _ in ["read", "kept"] {
            let found = made.exports();
            let lines: Vec<usize> = found.unread.iter().map(|(_, line)| *line).collect();
            assert_eq!(lines, [1, 3, 5]);
            assert_eq!((found.broken.len(), found.broken[0].1), (1, 2));
            let text = found.text();
            assert!(
                text.contains("/* What the macro at lib.rs:3 exports is not"),
                "{text}"
            );
            assert!(text.contains("/* What b.rs:2 exports behind"), "{text}");
            assert!(text.contains("void here(void);"), "{text}");
        }
    }

    #[test]
    fn parts_that_are_not_compiled_are_not_exported() {
        let text = "#[cfg_attr(unix, repr(C), cgo::export_c)] struct S { #[cfg(unix)] a: u8, #[cfg(windows)] b: u8 }\n\
                    #[cfg_attr(windows, export_c)] fn no() {}\n\
                    #[export_c] #[repr(C)] enum E { #[cfg(windows)] A, B }\n\
                    #[export_c] fn f(#[cfg(windows)] a: u8, #[cfg(all(unix))] b: u8) {}";
        let made = Crate::new("parts", &[("lib.rs", text)]);
        for _ in ["read", "kept"] {
            let text = made.exports().text();
            for part in [
                "struct S {\n    uint8_t a;\n};\n",
                "typedef enum E {\n    E_B = 0\n} E;\n",
                "void f(uint8_t b);\n",
            ] {
                assert!(text.contains(part), "{part}\n{text}");
            }
            assert!(!text.contains("no("), "{text}");
        }
    }

    #[test]
    fn self_is_the_type_of_its_block() {
        let text = "struct A; struct B; impl A { #[export_c] fn new() -> Box<Self> {} }\n\
                    impl<'a> Clone for B<'a> where Self: Sized { type Item = u8; #[export_c] fn make(self: &Self) {} }";
        let text = Crate::new("self", &[("lib.rs", text)]).exports().text();
        assert!(text.contains("struct A *new(void);"), "{text}");
        assert!(text.contains("void make(const struct B *this_);"), "{text}");
    }

    #[test]
    fn an_edit_is_seen() {
        let files = [
            (
                "lib.rs",
                "mod a; mod b; #[export_c] fn f(_: [*const a::T; b::N]) {} #[export_c] fn g(_: a::T) {}",
            ),
            ("a.rs", "pub type T = u8;"),
            ("b.rs", "pub const N: usize = 1;"),
        ];
        let made = Crate::new("edit", &files);
        let says = |declaration: &str| {
            let text = made.exports().text();
            assert!(text.contains(declaration), "{declaration}\n{text}");
        };
        says("void g(uint8_t arg0);");
        says("void g(uint8_t arg0);");
        fs::write(made.0.join("a.rs"), "pub type T = u16; // longer").expect("written");
        says("void g(uint16_t arg0);");
        fs::write(made.0.join("a.rs"), "mod c; pub use c::T;").expect("written");
        fs::create_dir(made.0.join("a")).expect("made");
        fs::write(made.0.join("a/c.rs"), "pub type T = u32;").expect("written");
        says("void g(uint32_t arg0);");
        let kept = fs::read_dir(&made.0)
            .expect("a folder")
            .flatten()
            .find(|entry| {
                entry
                    .path()
                    .extension()
                    .is_some_and(|extension| extension == "kept")
            });
        fs::write(kept.expect("kept").path(), "damaged").expect("written");
        says("void g(uint32_t arg0);");
    }
}
