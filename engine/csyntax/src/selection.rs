//! Chooses the names to bind, and says what the compiler is to be asked about each.

use crate::declarations::keywords::TagKind;
use crate::declarations::names::{Name, NameKind, Names, Storage, TokenRange};
use crate::directive::Directives;
use crate::directive::pattern::{self, NamePattern};
use crate::directive::prototype::{Prototype, Prototyped};
use crate::lexer::SourceLine;
use crate::macros::classify::{self, Expression, MacroKind, WantedType};
use crate::macros::evaluation::Evaluation;
use crate::macros::redefined_keywords;
use crate::message::Message;
use crate::word_set::WordSet;

/// One name to bind.
#[derive(Clone, Debug)]
pub struct BoundItem {
    /// As C writes it, without a tag's keyword.
    pub name: String,
    pub kind: ItemKind,
    /// What C is told for the item: the declared name that a macro stands for, or the name itself for any other item.
    pub target: String,
    pub place: SourceLine,
    /// Its declaration. A macro has none.
    pub declaration: Option<TokenRange>,
}

/// What a name is, as far as the preprocessed text tells. The compiler tells its type.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ItemKind {
    Tag(TagKind),
    /// A typedef, or a macro that stands for a type.
    TypeName,
    /// A function or variable, or a macro that names one.
    FunctionOrVariable(Storage),
    /// A macro that names a built-in function of the compiler, with its C type.
    Builtin(&'static str),
    Enumerator,
    Expression(Expression),
    /// A type that a directive spells, and no item of the module.
    DirectiveType,
}

/// A name that is not bound.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LeftOut {
    pub name: String,
    pub reason: Message,
    /// It is a value, or has the name of one: what is done with the value says nothing about the mistake.
    pub is_value: bool,
}

impl LeftOut {
    pub fn new(name: &str, reason: impl Into<Message>) -> LeftOut {
        LeftOut {
            name: name.to_string(),
            reason: reason.into(),
            is_value: false,
        }
    }

    /// An item that was to be bound.
    pub fn item(item: &BoundItem, reason: impl Into<Message>) -> LeftOut {
        LeftOut {
            is_value: match &item.kind {
                ItemKind::Expression(_) | ItemKind::Enumerator => true,
                ItemKind::FunctionOrVariable(storage) => !storage.function,
                _ => false,
            },
            ..LeftOut::new(&item.name, reason)
        }
    }
}

/// The items to bind, and the names that are left out.
#[derive(Debug, Default)]
pub struct Selection {
    pub items: Vec<BoundItem>,
    pub left_out: Vec<LeftOut>,
    /// The types whose size is asked for, as the name after `sizeof_`.
    pub sizes: Vec<String>,
}

impl Selection {
    /// Gives macros whose values are constant the C types that the patterns say. The types become items, so that the compiler tells them.
    pub fn type_constants(&mut self, typed: &[(String, NamePattern)]) {
        for item in &mut self.items {
            let last = typed
                .iter()
                .rev()
                .find(|(_, pattern)| pattern.is_like(&item.name));
            let Some((ctype, pattern)) = last.filter(|(_, pattern)| !pattern.excludes) else {
                continue;
            };
            let for_many = pattern.is_for_many();
            if item.kind == ItemKind::Enumerator && item.declaration.is_none() {
                item.kind = ItemKind::Expression(Expression::constant());
                item.target = item.name.clone();
            }
            if let ItemKind::Expression(expression) = &mut item.kind
                && expression.evaluation == Evaluation::Constant
            {
                expression.wanted = Some(WantedType {
                    ctype: ctype.clone(),
                    for_many,
                });
            }
        }
        let mut types: Vec<&String> = typed.iter().map(|(ctype, _)| ctype).collect();
        types.sort();
        types.dedup();
        let types = types.into_iter();
        self.items.extend(types.map(|ctype| directive_type(ctype)));
    }

    /// Makes functions of the macros that have a prototype. The prototypes of functions become items, so that the compiler tells their types.
    pub fn add_prototypes(&mut self, prototypes: &[Prototype], names: &Names) {
        for prototype in prototypes {
            let function = prototype.function();
            if prototype.of == Prototyped::Function {
                self.items.push(directive_type(&function));
                continue;
            }
            let name = prototype.name.as_str();
            let Some(definition) = names.macros.get(name) else {
                continue;
            };
            let is_tag = |item: &BoundItem| matches!(item.kind, ItemKind::Tag(_));
            self.items.retain(|item| item.name != name || is_tag(item));
            self.left_out.retain(|left_out| left_out.name != name);
            self.items.push(BoundItem {
                name: name.to_string(),
                kind: ItemKind::FunctionOrVariable(Storage {
                    is_static: true,
                    inline: true,
                    defined: true,
                    function: true,
                    ..Storage::default()
                }),
                target: function,
                place: definition.place,
                declaration: None,
            });
        }
    }
}

fn directive_type(ctype: &str) -> BoundItem {
    BoundItem {
        name: ctype.to_string(),
        kind: ItemKind::DirectiveType,
        target: ctype.to_string(),
        place: SourceLine { file: 0, line: 0 },
        declaration: None,
    }
}

/// The names that the crate's Rust may use.
pub enum UsedNames<'w> {
    /// Those among these words; a tag alone counts only as a name of the module, as in `C::point`.
    Among {
        words: &'w WordSet,
        of_module: &'w WordSet,
    },
    /// The words are not known: an editor asks for completion.
    Unknown,
}

impl UsedNames<'_> {
    fn has(&self, word: &str) -> bool {
        match self {
            UsedNames::Among { words, .. } => words.contains(word),
            UsedNames::Unknown => true,
        }
    }

    fn has_of_module(&self, word: &str) -> bool {
        match self {
            UsedNames::Among { of_module, .. } => of_module.contains(word),
            UsedNames::Unknown => true,
        }
    }
}

/// How Rust names a tag.
pub fn rust_tag(kind: TagKind, tag: &str) -> String {
    format!("{}_{tag}", kind.keyword())
}

/// The Rust name of the type that Rust calls so: by its own name, by its tag alone, or without what `strip:` takes off. `None` if C has no
/// such type, or more than one, or a function or the like of this name.
pub fn type_called(names: &Names, directives: &Directives, name: &str) -> Option<String> {
    let is_value = |name: &str| names.ordinary(name).is_some_and(Name::is_value);
    // The import would take the function too.
    if is_value(name) {
        return None;
    }
    let spelled = |name: &str| match names.tag(name).map(|tag| &tag.kind) {
        _ if is_value(name) => None,
        Some(NameKind::Tag { kind, .. }) if names.is_only_tag(name) => Some(rust_tag(*kind, name)),
        _ => (names.has(name) || names.is_typedef(name)).then(|| name.to_string()),
    };
    if let Some(own) = spelled(name) {
        return Some(own);
    }
    let starts = directives.strip.iter().map(|start| &start.value);
    let whole = starts.map(|start| format!("{start}{name}"));
    let whole = whole.filter(|whole| directives.stripped(whole) == Some(name));
    let mut found = whole.filter_map(|whole| spelled(&whole));
    let first = found.next()?;
    found.all(|other| other == first).then_some(first)
}

/// `bind` picks names whether they are used or not; `similar` ones are bound too, so that rustc can suggest them.
pub fn select(
    names: &Names,
    used: &UsedNames<'_>,
    bind: &[NamePattern],
    similar: &[String],
) -> Selection {
    let is_bound = |name: &str, rust: &str, place: SourceLine| {
        pattern::picks(bind, |pattern| pattern.matches(name, rust, place, names))
            || similar.iter().any(|similar| similar == name)
    };
    let mut selection = Selection::default();
    let mut wanted: Vec<bool> = names
        .list
        .iter()
        .map(|name| {
            !name.system
                || is_used(names, name, used)
                || is_bound(name.name, &rust_name(name), name.place)
        })
        .collect();
    // An enumerator needs the type of its enumeration.
    for index in 0..names.list.len() {
        if let (
            true,
            NameKind::Enumerator {
                owner: Some(owner), ..
            },
        ) = (wanted[index], &names.list[index].kind)
        {
            wanted[*owner] = true;
        }
    }
    for (name, wanted) in names.list.iter().zip(wanted) {
        let hidden = !matches!(name.kind, NameKind::Tag { .. }) && hides(names, name.name);
        if wanted && !hidden {
            selection.items.push(item(name));
        }
        if let (UsedNames::Among { words, .. }, true) = (used, names_type(name)) {
            let rust = rust_name(name);
            if words.contains(&format!("sizeof_{rust}")) {
                selection.sizes.push(rust);
            }
        }
    }
    let mut macros: Vec<&str> = names.macros.keys().copied().collect();
    macros.sort();
    let redefined = redefined_keywords::redefined(names);
    for name in macros {
        let definition = &names.macros[name];
        let wanted = !definition.system || used.has(name) || is_bound(name, name, definition.place);
        // For `#define stdout (stdout)`, or a function beside a macro of its name, the declaration is bound already.
        let shadows = names.ordinary(name).is_some() && !hides(names, name);
        if !wanted || shadows {
            continue;
        }
        match redefined_keywords::reached_by(names, name, &redefined) {
            Some(word) => {
                let reason = format!(
                    "it is or expands to `{word}`, a keyword of C that the preamble redefines"
                );
                selection.left_out.push(LeftOut::new(name, reason));
            }
            None => select_macro(names, name, &mut selection),
        }
    }
    selection
}

fn select_macro(names: &Names, name: &str, selection: &mut Selection) {
    let definition = &names.macros[name];
    let mut target = name.to_string();
    let kind = match classify::classify(names, name) {
        MacroKind::Unusable(reason) => {
            selection.left_out.push(LeftOut {
                is_value: !definition.function_like,
                ..LeftOut::new(name, reason)
            });
            return;
        }
        MacroKind::Alias(word) => {
            target = word;
            match names.ordinary(&target).map(|target| &target.kind) {
                Some(NameKind::Typedef { .. }) => ItemKind::TypeName,
                Some(NameKind::FunctionOrVariable(storage)) => {
                    ItemKind::FunctionOrVariable(*storage)
                }
                _ => ItemKind::Enumerator,
            }
        }
        MacroKind::Builtin(ctype) => ItemKind::Builtin(ctype),
        MacroKind::Type => ItemKind::TypeName,
        MacroKind::Expression(expression) => ItemKind::Expression(expression),
    };
    selection.items.push(BoundItem {
        name: name.to_string(),
        kind,
        target,
        place: definition.place,
        declaration: None,
    });
}

/// Whether an object-like macro hides the declaration of the same name: C code that writes the name means the macro.
pub fn hides(names: &Names, name: &str) -> bool {
    let Some(definition) = names.macros.get(name) else {
        return false;
    };
    !definition.function_like && classify::named(names, name) != Some(name)
}

fn item(name: &Name<'_>) -> BoundItem {
    let kind = match name.kind {
        NameKind::Typedef { .. } => ItemKind::TypeName,
        NameKind::FunctionOrVariable(storage) => ItemKind::FunctionOrVariable(storage),
        NameKind::Enumerator { .. } => ItemKind::Enumerator,
        NameKind::Tag { kind, .. } => ItemKind::Tag(kind),
    };
    BoundItem {
        name: name.name.to_string(),
        kind,
        target: name.name.to_string(),
        place: name.place,
        declaration: Some(name.declaration),
    }
}

fn names_type(name: &Name<'_>) -> bool {
    matches!(name.kind, NameKind::Typedef { .. } | NameKind::Tag { .. })
}

/// The name that the item has in Rust.
pub fn rust_name(name: &Name<'_>) -> String {
    match name.kind {
        NameKind::Tag { kind, .. } => rust_tag(kind, name.name),
        _ => name.name.to_string(),
    }
}

fn is_used(names: &Names, name: &Name<'_>, used: &UsedNames<'_>) -> bool {
    let rust = rust_name(name);
    let is_tag = matches!(name.kind, NameKind::Tag { .. });
    used.has(&rust)
        || (is_tag && names.is_only_tag(name.name) && used.has_of_module(name.name))
        || (names_type(name) && used.has(&format!("sizeof_{rust}")))
}

/// Every name that a word of the Rust sources could reach. The key of a kept module depends on them. Names that no system header declares are
/// bound whether used or not, and start with [`OWN_PREFIX`] here.
pub fn reachable_names(names: &Names) -> Vec<String> {
    let declared = names.list.iter().map(|name| (name.system, rust_name(name)));
    let macros = names.macros.iter();
    let macros = macros.map(|(name, definition)| (definition.system, name.to_string()));
    let all = declared.chain(macros);
    let words = all.map(|(system, name)| match system {
        true => name,
        false => format!("{OWN_PREFIX}{name}"),
    });
    words.collect()
}

/// Stands before a name that no system header declares.
pub const OWN_PREFIX: &str = "=";

#[cfg(test)]
mod tests {
    use super::*;
    use crate::declarations::declared;
    use crate::diagnostic::{Place, Placed};

    const TEXT: &str = "# 1 \"/usr/include/a.h\" 1 3\nint puts(void); typedef enum { ON } state; struct stat { int a; };\n\
                        #define LIMIT 3\n#define NOTHING\n# 1 \"main.rs\" 2\nint mine; struct stat s;\n";

    fn among(words: &WordSet) -> UsedNames<'_> {
        UsedNames::Among {
            words,
            of_module: words,
        }
    }

    fn selected(words: &str) -> Vec<String> {
        let words: WordSet = words.split_whitespace().collect();
        let selection = select(&declared(TEXT), &among(&words), &[], &[]);
        selection.items.into_iter().map(|item| item.name).collect()
    }

    #[test]
    fn what_is_the_users_own_is_bound() {
        assert_eq!(selected(""), ["mine", "s"]);
    }

    #[test]
    fn what_is_the_systems_is_bound_when_used() {
        assert_eq!(selected("puts LIMIT"), ["puts", "mine", "s", "LIMIT"]);
        assert_eq!(selected("struct_stat stat"), ["stat", "mine", "s"]);
        // A tag that is no other name is found without its keyword.
        assert_eq!(selected("stat"), ["stat", "mine", "s"]);
    }

    #[test]
    fn what_patterns_pick_is_bound_whether_used_or_not() {
        let text = format!(
            "# 1 \"<built-in>\"\n#define __GNUC__ 12\n# 1 \"<command-line>\"\n#define D 1\n{TEXT}"
        );
        let bound = |words: &str| bound(&text, words);
        assert_eq!(bound("*"), "puts ON state stat mine s LIMIT");
        assert_eq!(bound("* !s* !ON"), "puts mine s LIMIT");
        assert_eq!(bound("st*"), "state stat mine s");
        assert_eq!(bound("struct_*"), "stat mine s");
        assert_eq!(bound("<a.h> !puts"), "ON state stat mine s LIMIT");
        assert_eq!(bound("D __GNUC__"), "mine s D __GNUC__");
    }

    /// What the patterns bind of a text.
    fn bound(text: &str, words: &str) -> String {
        let place = Place { line: 1, column: 1 };
        let patterns = words
            .split(' ')
            .map(|word| NamePattern::read(word, place).unwrap());
        let patterns: Vec<NamePattern> = patterns.collect();
        let none = WordSet::default();
        let selection = select(&declared(text), &among(&none), &patterns, &[]);
        let names: Vec<String> = selection.items.into_iter().map(|item| item.name).collect();
        names.join(" ")
    }

    /// As glibc has it: the first header that includes a part has it. As musl has it: each header asks the part for its own.
    #[test]
    fn a_header_declares_what_its_parts_declare() {
        let text = "# 1 \"main.rs\"\n# 1 \"/usr/include/a.h\" 1 3 4\nint a;\n# 1 \"/usr/include/x/bits/all.h\" 1 3 4\nint of_a;\n\
                    # 1 \"/usr/include/x/bits/types/T.h\" 1 3 4\nint T;\n# 3 \"/usr/include/x/bits/all.h\" 2 3 4\n# 20 \"/usr/include/x/bits/all.h\" 3 4\n\
                    int last;\n# 9 \"/usr/include/a.h\" 2 3 4\n# 1 \"/usr/include/sys/b.h\" 1 3 4\nint b;\n# 1 \"/usr/include/x/bits/all.h\" 1 3 4\n\
                    int of_b;\n# 2 \"/usr/include/sys/b.h\" 2 3 4\n# 10 \"/usr/include/a.h\" 2 3 4\n#define A 1\n# 2 \"main.rs\" 2\n";
        assert_eq!(bound(text, "<a.h>"), "a of_a T last A");
        assert_eq!(bound(text, "<sys/b.h>"), "b of_b");
        assert_eq!(bound(text, "<bits/all.h>"), "of_a last of_b");
        assert_eq!(bound(text, "<a.h> !<bits/types/T.h>"), "a of_a last A");
    }

    #[test]
    fn a_type_is_called_by_its_tag_or_without_a_start() {
        let place = Place { line: 1, column: 1 };
        let starts = ["zip_", "ZIP_", "struct_"].map(str::to_string);
        let directives = Directives {
            strip: starts.map(|value| Placed { value, place }).into(),
            ..Directives::default()
        };
        let names = declared(
            "struct zip_file { int a; }; typedef int zip_t, ZIP_id, zip_id; struct both { int a; }; typedef int both; \
             struct stat { int a; }; int stat(void), zip_open(void);",
        );
        let called = |name| type_called(&names, &directives, name);
        assert_eq!(called("zip_file").as_deref(), Some("struct_zip_file"));
        assert_eq!(called("file").as_deref(), Some("struct_zip_file"));
        assert_eq!(called("t").as_deref(), Some("zip_t"));
        assert_eq!(called("both").as_deref(), Some("both"));
        assert_eq!((called("id"), called("other")), (None, None));
        assert_eq!((called("stat"), called("open")), (None, None));
        assert_eq!(called("struct_stat").as_deref(), Some("struct_stat"));
    }

    #[test]
    fn an_enumerator_brings_its_enumeration() {
        assert_eq!(selected("ON"), ["ON", "state", "mine", "s"]);
    }

    #[test]
    fn a_size_brings_its_type() {
        let words: WordSet = ["sizeof_struct_stat"].into_iter().collect();
        let selection = select(&declared(TEXT), &among(&words), &[], &[]);
        assert_eq!(selection.sizes, ["struct_stat"]);
        assert_eq!(selection.items[0].kind, ItemKind::Tag(TagKind::Struct));
    }
}
