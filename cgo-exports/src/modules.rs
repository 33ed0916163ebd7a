//! Finds the exports of a crate: goes from its root file through its modules, as rustc does.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::ops::Range;
use std::path::{Path, PathBuf};

use crate::Cfg;
use crate::cursor::{behind_group, inside_group};
use crate::lexer::{Token, TokenKind, tokens};
use crate::rust_literal;
use crate::rust_type::{self, RustType};
use crate::{Export, FILE_NAME, Item, cfg, item};

/// What a crate gives to C, and what is needed to say its types there.
#[derive(Debug, Default)]
pub struct Exports {
    /// In the order of the modules.
    pub list: Vec<Export>,
    /// `type A = B;` anywhere in the crate. `None` where two modules have different ones: which one is meant is rustc's to
    /// know.
    pub(crate) aliases: BTreeMap<String, Option<RustType>>,
    /// `const A: T = ..;` likewise.
    pub(crate) constants: BTreeMap<String, Option<Vec<Token>>>,
    /// The names of the crate's own structs, unions and enums, and how many have each.
    pub(crate) types: BTreeMap<String, usize>,
    /// The modules that preambles make.
    pub(crate) preambles: BTreeSet<String>,
    /// The words of each `use`, for finding what comes from those modules.
    pub(crate) uses: Vec<Vec<String>>,
}

/// The exports of the crate with this root file. A file that cannot be read has none: rustc will say so.
pub fn find(root: &Path, cfgs: &[Cfg]) -> Exports {
    let mut walk = Walk {
        cfgs,
        seen: BTreeSet::new(),
        found: Exports::default(),
    };
    let folder = root.parent().map(Path::to_path_buf).unwrap_or_default();
    walk.file(root, &folder);
    walk.found
}

/// The exports of a root file with this text, whose modules have no files.
pub fn of_text(source: &str) -> Exports {
    let mut walk = Walk {
        cfgs: &[],
        seen: BTreeSet::new(),
        found: Exports::default(),
    };
    let nowhere = Path::new("/nowhere/at/all");
    let folders = Folders {
        source: nowhere,
        file: nowhere,
        named: nowhere.to_path_buf(),
        children: nowhere.to_path_buf(),
    };
    walk.tokens(&cfg::without_cfg_attr(tokens(source), &[]), &folders);
    walk.found
}

struct Walk<'a> {
    cfgs: &'a [Cfg],
    seen: BTreeSet<PathBuf>,
    found: Exports,
}

/// Where the file of a `mod name;` is looked for.
struct Folders<'a> {
    /// The file itself.
    source: &'a Path,
    /// The folder of the file.
    file: &'a Path,
    /// Where a `#[path = ".."]` starts: the folder of the file, but in a module with a body that module's (the Rust
    /// reference, "The path attribute").
    named: PathBuf,
    /// The folder of the modules below this one.
    children: PathBuf,
}

impl Exports {
    /// Says of an error that speaks of a line of the header which export stands on it.
    pub fn explain(&self, message: &mut String, header: &str) {
        let lines = message.split(FILE_NAME).skip(1).filter_map(|behind| {
            let digits = behind.strip_prefix(':')?.split(':').next()?;
            header
                .lines()
                .nth(digits.parse::<usize>().ok()?.checked_sub(1)?)
        });
        let on_line = |export: &&Export| {
            lines.clone().any(|line| {
                let mut words = line.split(|c: char| c != '_' && !c.is_alphanumeric());
                words.any(|word| word == export.symbol)
            })
        };
        let found = self.list.iter().find(on_line).map(|export| {
            format!(
                "\nthe header says so because of `#[export_c]` on `{}` at {}:{}",
                export.rust_name,
                export.file.display(),
                export.line
            )
        });
        message.push_str(&found.unwrap_or_default());
    }
}

impl Walk<'_> {
    fn file(&mut self, file: &Path, children: &Path) {
        if !self.seen.insert(file.to_path_buf()) {
            return;
        }
        let Ok(source) = fs::read_to_string(file) else {
            return;
        };
        let folders = Folders {
            source: file,
            file: file.parent().unwrap_or(Path::new("")),
            named: file.parent().map(Path::to_path_buf).unwrap_or_default(),
            children: children.to_path_buf(),
        };
        self.tokens(&cfg::without_cfg_attr(tokens(&source), self.cfgs), &folders);
    }

    fn tokens(&mut self, tokens: &[Token], folders: &Folders<'_>) {
        let mut at = 0;
        while at < tokens.len() {
            at = self.item(tokens, at, folders);
        }
    }

    /// Looks at what starts here, and returns where to go on.
    fn item(&mut self, tokens: &[Token], start: usize, folders: &Folders<'_>) -> usize {
        let attributes = Attributes::read(tokens, start, self.cfgs);
        let at = behind_visibility(tokens, attributes.end);
        if !attributes.compiled {
            return item_end(tokens, at);
        }
        if let Some(options) = attributes.export {
            let end = item_end(tokens, at);
            let item = &tokens[start..end];
            self.found
                .list
                .extend(item::read(options, item).map(|export| Export {
                    file: folders.source.to_path_buf(),
                    item: self.compiled(export.item, item),
                    ..export
                }));
        }
        let word = |ahead: usize| tokens.get(at + ahead).filter(|t| t.kind == TokenKind::Word);
        let sign = |ahead: usize| tokens.get(at + ahead).filter(|t| t.kind != TokenKind::Word);
        let is = |token: Option<&Token>, text: &str| token.is_some_and(|token| token.text == text);
        let keyword = word(0).map_or("", |token| token.text.as_str());
        let name = word(1).map(|token| token.text.trim_start_matches("r#").to_string());
        match (keyword, name) {
            ("macro_rules", _) if is(sign(1), "!") => behind_group(tokens, at + 3),
            ("include", _) if is(sign(1), "!") && tokens.len() > at + 3 => {
                if let Some(file) = rust_literal::value(&tokens[at + 3].text) {
                    self.file(&folders.file.join(file), &folders.children);
                }
                at + 4
            }
            ("c_preamble", _) if is(sign(1), "!") => {
                let end = behind_group(tokens, at + 2);
                let body = &tokens[(at + 3).min(end)..end];
                let head = behind_visibility(body, 0);
                let name = match &body[head.min(body.len())..] {
                    [word, name, ..] if word.is("mod") => name.text.clone(),
                    _ => "C".to_string(),
                };
                self.found.preambles.insert(name);
                end
            }
            ("use", _) => {
                let end = item_end(tokens, at);
                let words = tokens[at + 1..end]
                    .iter()
                    .filter(|t| t.kind == TokenKind::Word || t.is("*"));
                self.found
                    .uses
                    .push(words.map(|t| t.text.clone()).collect());
                end
            }
            ("mod", Some(name)) if is(sign(2), ";") => {
                self.module(&name, attributes.path, folders);
                at + 3
            }
            ("mod", Some(name)) if is(sign(2), "{") => {
                let end = behind_group(tokens, at + 2);
                let children = folders.children.join(attributes.path.unwrap_or(name));
                let inner = Folders {
                    source: folders.source,
                    file: folders.file,
                    named: children.clone(),
                    children,
                };
                self.tokens(&tokens[inside_group(tokens, at + 2)], &inner);
                end
            }
            ("type", Some(name)) if is(sign(2), "=") => {
                let end = item_end(tokens, at);
                let start = (at + 3).min(end);
                let target = rust_type::read(&tokens[start..(end - 1).max(start)]);
                note(&mut self.found.aliases, name, target);
                end
            }
            ("const", Some(name)) if is(sign(2), ":") => {
                let end = item_end(tokens, at);
                let mut value = tokens[at..end].split(|token| token.is("=")).skip(1);
                if let (Some([value @ .., _]), None) = (value.next(), value.next()) {
                    note(&mut self.found.constants, name, value.to_vec());
                }
                end
            }
            ("impl", _) => self.implementation(tokens, at, folders),
            ("struct" | "union" | "enum", Some(name)) => {
                *self.found.types.entry(name).or_default() += 1;
                at + 2
            }
            _ => at.max(start + 1),
        }
    }

    /// The item without the fields, variants and parameters that are not compiled.
    fn compiled(&self, mut item: Item, tokens: &[Token]) -> Item {
        let holds = |cfgs: &[Range<usize>]| {
            let mut predicates = cfgs
                .iter()
                .map(|range| &tokens[range.start + 4..range.end - 2]);
            predicates.all(|predicate| cfg::holds(predicate, self.cfgs))
        };
        match &mut item {
            Item::Function(function) => function.parameters.retain(|part| holds(&part.cfgs)),
            Item::Record(record) => record.fields.retain(|part| holds(&part.cfgs)),
            Item::Enumeration(enumeration) => enumeration.variants.retain(|part| holds(&part.cfgs)),
            Item::Static(_) => {}
        }
        item
    }

    /// An `impl` block, whose `Self` is another word for its type.
    fn implementation(&mut self, tokens: &[Token], start: usize, folders: &Folders<'_>) -> usize {
        let end = item_end(tokens, start);
        let Some(open) = (start..end).find(|&at| tokens[at].is("{")) else {
            return end;
        };
        let head = &tokens[start + 1..open];
        let behind_for = head
            .iter()
            .rposition(|token| token.is("for"))
            .map_or(0, |at| at + 1);
        let ctype: Vec<Token> = head[behind_for..]
            .iter()
            .take_while(|token| !token.is("where"))
            .cloned()
            .collect();
        let inside = tokens[inside_group(tokens, open)].iter();
        // A longer type might double its length with each block around it.
        let short = ctype.len() <= 16;
        let named: Vec<Token> = inside
            .flat_map(|token| match token.is("Self") && short {
                true => &ctype[..],
                false => std::slice::from_ref(token),
            })
            .cloned()
            .collect();
        self.tokens(&named, folders);
        end
    }

    fn module(&mut self, name: &str, path: Option<String>, folders: &Folders<'_>) {
        if let Some(path) = path {
            let file = folders.named.join(path);
            let children = file.parent().map(Path::to_path_buf).unwrap_or_default();
            return self.file(&file, &children);
        }
        let children = folders.children.join(name);
        for file in [
            folders.children.join(format!("{name}.rs")),
            children.join("mod.rs"),
        ] {
            if file.is_file() {
                return self.file(&file, &children);
            }
        }
    }
}

/// What the attributes before an item say.
struct Attributes<'a> {
    end: usize,
    compiled: bool,
    /// What stands in the brackets of `#[export_c(..)]`.
    export: Option<&'a [Token]>,
    /// `#[path = ".."]`.
    path: Option<String>,
}

impl<'a> Attributes<'a> {
    fn read(tokens: &'a [Token], start: usize, cfgs: &[Cfg]) -> Attributes<'a> {
        let mut found = Attributes {
            end: start,
            compiled: true,
            export: None,
            path: None,
        };
        while let Some([sign, open, ..]) = tokens.get(found.end..)
            && sign.is("#")
            && open.is("[")
        {
            let end = behind_group(tokens, found.end + 1);
            let inside = &tokens[inside_group(tokens, found.end + 1)];
            let path = inside
                .iter()
                .position(|t| t.is("(") || t.is("="))
                .unwrap_or(inside.len());
            let name = inside[..path]
                .last()
                .map_or("", |token| token.text.as_str());
            let arguments = match &inside[path..] {
                [open, arguments @ .., _] if open.is("(") => arguments,
                _ => &[],
            };
            match name {
                "cfg" => found.compiled &= cfg::holds(arguments, cfgs),
                "export_c" => found.export = Some(arguments),
                "path" => {
                    found.path = inside
                        .get(path + 1)
                        .and_then(|token| rust_literal::value(&token.text));
                }
                _ => {}
            }
            found.end = end;
        }
        found
    }
}

/// Adds what a name stands for, unless it stands for something else in another module.
fn note<T: PartialEq>(known: &mut BTreeMap<String, Option<T>>, name: String, value: T) {
    match known.get_mut(&name) {
        None => {
            known.insert(name, Some(value));
        }
        Some(old) if *old != Some(value) => *old = None,
        Some(_) => {}
    }
}

fn behind_visibility(tokens: &[Token], start: usize) -> usize {
    match tokens.get(start..) {
        Some([public, open, ..]) if public.is("pub") && open.is("(") => {
            behind_group(tokens, start + 1)
        }
        Some([public, ..]) if public.is("pub") => start + 1,
        _ => start,
    }
}

/// Behind the item that starts here: a `;` or the body in braces. A field or an arm of a `match` ends where the brackets
/// around it do.
fn item_end(tokens: &[Token], start: usize) -> usize {
    // In these a brace may be part of an expression.
    let words = tokens[start.min(tokens.len())..]
        .iter()
        .take_while(|token| token.kind == TokenKind::Word);
    let says = |word: &str| words.clone().any(|token| token.is(word));
    let to_semicolon = ["static", "type", "use", "const"].into_iter().any(says) && !says("fn");
    let mut at = start;
    while let Some(token) = tokens
        .get(at)
        .filter(|token| token.kind != TokenKind::Close)
    {
        // Another item's attribute: this one is torn.
        let attribute = token.is("#") && tokens.get(at + 1).is_some_and(|next| next.is("["));
        if attribute && at > start {
            return at;
        }
        let next = behind_group(tokens, at);
        if token.is(";") || (token.is("{") && !to_semicolon) {
            return next;
        }
        at = next;
    }
    at.min(tokens.len())
}

#[cfg(test)]
mod tests {
    use super::*;

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
            let cfg = Cfg {
                name: "unix".to_string(),
                value: None,
            };
            find(&self.0.join("lib.rs"), &[cfg])
        }

        fn symbols(&self) -> Vec<String> {
            let list = self.exports().list.into_iter();
            list.map(|export| export.symbol).collect()
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
                "mod a; mod b { mod c; #[export_c] fn in_b() {} } #[path = \"x/y.rs\"] pub(crate) mod d; include!(\"e.rs\");",
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
        assert_eq!(
            made.symbols(),
            ["method", "in_z", "renamed", "in_body", "in_b", "S", "E"]
        );
    }

    #[test]
    fn what_is_not_compiled_is_not_exported() {
        let text = "#[cfg(windows)] #[export_c] fn windows() {} #[export_c] #[cfg(unix)] fn here() {}\n\
                    #[cfg(test)] mod tests { #[export_c] fn test() {} } macro_rules! m { () => { #[export_c] fn $x() {} } }";
        let made = Crate::new("cfg", &[("lib.rs", text)]);
        assert_eq!(made.symbols(), ["here"]);
    }

    #[test]
    fn parts_that_are_not_compiled_are_not_exported() {
        let text = "#[cfg_attr(unix, repr(C), cgo::export_c)] struct S { #[cfg(unix)] a: u8, #[cfg(windows)] b: u8 }\n\
                    #[cfg_attr(windows, export_c)] fn no() {}\n\
                    #[export_c] #[repr(C)] enum E { #[cfg(windows)] A, B }\n\
                    #[export_c] fn f(#[cfg(windows)] a: u8, #[cfg(all(unix))] b: u8) {}";
        let made = Crate::new("parts", &[("lib.rs", text)]);
        let parts = made
            .exports()
            .list
            .into_iter()
            .map(|export| match export.item {
                Item::Record(record) => record.fields.into_iter().map(|f| f.name_in_c).collect(),
                Item::Enumeration(e) => e.variants.into_iter().map(|v| v.name_in_c).collect(),
                Item::Function(f) => f.parameters.into_iter().filter_map(|p| p.name).collect(),
                Item::Static(_) => Vec::new(),
            });
        assert_eq!(parts.collect::<Vec<Vec<String>>>(), [["a"], ["B"], ["b"]]);
    }

    #[test]
    fn self_is_the_type_of_its_block() {
        let text = "impl A { #[export_c] fn new() -> Box<Self> {} }\n\
                    impl<'a> Clone for B<'a> where Self: Sized { #[export_c] fn make(self: &Self) {} }";
        let made = Crate::new("self", &[("lib.rs", text)]);
        let types: Vec<String> = made
            .exports()
            .list
            .into_iter()
            .map(|export| match export.item {
                Item::Function(f) => format!("{:?} {:?}", f.result_type, f.parameters),
                other => panic!("{other:?}"),
            })
            .collect();
        assert!(
            types[0].contains("\"A\"") && types[1].contains("\"B\""),
            "{types:?}"
        );
    }

    #[test]
    fn what_two_modules_mean_differently_is_not_known() {
        let text = "mod a { type T = u8; type U = u8; const N: usize = 1; struct S; }\n\
                    mod b { type T = u16; type U = u8; const N: usize = 2; const M: u8 = { 1 }; struct S; }\n\
                    trait X { const L: u8; const fn f() {} } const fn g() { const K: u8 = 1; }";
        let found = Crate::new("twice", &[("lib.rs", text)]).exports();
        assert_eq!(found.types["S"], 2);
        assert!(found.aliases["T"].is_none() && found.aliases["U"].is_some());
        let constants: Vec<_> = found
            .constants
            .iter()
            .map(|(name, value)| (name.as_str(), value.is_some()))
            .collect();
        assert_eq!(constants, [("K", true), ("M", true), ("N", false)]);
    }

    #[test]
    fn torn_files_end() {
        let whole = "impl A for B { const C: u8 = 1; } #[cfg_attr(a, b)] #[cfg(a)] #[path = \"x\"] mod m { mod n; type A = B; include!(\"x\") } #[export_c] fn f() {}";
        for end in (0..=whole.len()).filter(|end| whole.is_char_boundary(*end)) {
            of_text(&whole[..end]);
            of_text(&whole[end..]);
        }
    }
}
