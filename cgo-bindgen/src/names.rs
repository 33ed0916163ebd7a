//! Finds the names that preprocessed C declares at file scope. It only proposes them: what a name means, the compiler
//! is asked afterwards.

use std::collections::{HashMap, HashSet};

use crate::lexer::{Item, Kind, Lexer, SourceFile, SourceLine, Token};

/// The names of one preamble with its headers.
#[derive(Debug, Default)]
pub(crate) struct Names {
    pub(crate) list: Vec<Name>,
    pub(crate) macros: HashMap<String, Macro>,
    pub(crate) files: Vec<SourceFile>,
    /// The text ends inside a declaration: only the compiler can tell what is missing.
    pub(crate) unfinished: bool,
    /// Ordinary identifiers: functions, variables, typedefs, enumerators.
    ordinary: HashMap<String, usize>,
    /// Tags, with their keyword: C has one name space for all three.
    tags: HashMap<String, usize>,
}

/// A declared name.
#[derive(Clone, Debug)]
pub(crate) struct Name {
    pub(crate) name: String,
    pub(crate) role: Role,
    pub(crate) system: bool,
    pub(crate) place: SourceLine,
    /// The declaration's range in the preprocessed text, without a function's body.
    pub(crate) text: (usize, usize),
}

/// What the words of the declaration say.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Role {
    Typedef {
        /// Names a struct or union that has no tag.
        untagged: bool,
    },
    /// A function or a variable.
    Object(Storage),
    Enumerator {
        /// The name in [`Names::list`] of the enumeration, if it has one.
        owner: Option<usize>,
    },
    Tag {
        keyword: Keyword,
        /// Whether braces were seen.
        complete: bool,
    },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Keyword {
    Struct,
    Union,
    Enum,
}

impl Keyword {
    pub(crate) fn text(self) -> &'static str {
        match self {
            Keyword::Struct => "struct",
            Keyword::Union => "union",
            Keyword::Enum => "enum",
        }
    }
}

/// The storage class and what else decides whether a symbol exists.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Storage {
    pub(crate) is_static: bool,
    pub(crate) is_extern: bool,
    pub(crate) inline: bool,
    pub(crate) thread_local: bool,
    /// A body or an initializer was seen.
    pub(crate) defined: bool,
}

/// A macro as it stands at the end of the text.
#[derive(Clone, Debug)]
pub(crate) struct Macro {
    pub(crate) body: String,
    pub(crate) function_like: bool,
    pub(crate) system: bool,
    pub(crate) place: SourceLine,
}

impl Names {
    pub(crate) fn ordinary(&self, name: &str) -> Option<&Name> {
        self.ordinary.get(name).map(|&index| &self.list[index])
    }

    /// Whether a struct, union or enum has this tag, also as `struct_tag`.
    pub(crate) fn has_tag(&self, name: &str) -> bool {
        let plain = name
            .strip_prefix("struct_")
            .or(name.strip_prefix("union_"))
            .or(name.strip_prefix("enum_"));
        self.tags.contains_key(name) || plain.is_some_and(|tag| self.tags.contains_key(tag))
    }

    fn is_typedef(&self, name: &str) -> bool {
        self.ordinary(name)
            .is_some_and(|name| matches!(name.role, Role::Typedef { .. }))
    }

    fn add_ordinary(&mut self, name: Name) -> usize {
        let Some(&known) = self.ordinary.get(&name.name) else {
            self.ordinary.insert(name.name.clone(), self.list.len());
            self.list.push(name);
            return self.list.len() - 1;
        };
        let old = &mut self.list[known];
        if let (Role::Object(old), Role::Object(new)) = (&mut old.role, &name.role) {
            old.is_static |= new.is_static;
            old.is_extern |= new.is_extern;
            old.inline |= new.inline;
            old.thread_local |= new.thread_local;
            old.defined |= new.defined;
        }
        if old.system && !name.system {
            (old.system, old.place, old.text) = (false, name.place, name.text);
        }
        known
    }

    fn add_tag(&mut self, name: Name) -> usize {
        let Some(&known) = self.tags.get(&name.name) else {
            self.tags.insert(name.name.clone(), self.list.len());
            self.list.push(name);
            return self.list.len() - 1;
        };
        let old = &mut self.list[known];
        let completes = matches!(
            (&old.role, &name.role),
            (
                Role::Tag {
                    complete: false,
                    ..
                },
                Role::Tag { complete: true, .. }
            )
        );
        if completes {
            *old = name;
        }
        known
    }
}

/// Finds the names in the output of the preprocessor (`-E -dD`).
pub(crate) fn declared(text: &str) -> Names {
    let mut names = Names::default();
    let mut lexer = Lexer::new(text);
    let mut declaration = Declaration::default();
    while let Some(item) = lexer.next() {
        match item {
            Item::Define {
                name,
                function_like,
                body,
                place,
            } => {
                let system = lexer.is_system(place);
                names.macros.insert(
                    name.to_string(),
                    Macro {
                        body: body.to_string(),
                        function_like,
                        system,
                        place,
                    },
                );
            }
            Item::Undefine(name) => {
                names.macros.remove(name);
            }
            Item::Token(token) => {
                if let Some(end) = declaration.push(token) {
                    let system = declaration
                        .tokens
                        .first()
                        .is_some_and(|first| lexer.is_system(first.place));
                    Parser {
                        tokens: &declaration.tokens,
                        at: 0,
                        system,
                        end,
                        names: &mut names,
                    }
                    .declaration();
                    declaration = Declaration::default();
                }
            }
        }
    }
    names.unfinished = declaration.body > 0 || !declaration.tokens.is_empty();
    names.files = lexer.into_files();
    names
}

/// How an external declaration ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum End {
    Semicolon,
    FunctionBody,
}

/// The tokens of one external declaration, gathered until it ends. A function's body is counted through, not kept.
#[derive(Default)]
struct Declaration<'a> {
    tokens: Vec<Token<'a>>,
    depth: usize,
    /// The depth of braces inside a function's body.
    body: usize,
    initializer: bool,
}

impl<'a> Declaration<'a> {
    fn push(&mut self, token: Token<'a>) -> Option<End> {
        if self.body > 0 {
            match token.kind {
                Kind::Punctuation(b'{') => self.body += 1,
                Kind::Punctuation(b'}') => self.body -= 1,
                _ => {}
            }
            return (self.body == 0).then_some(End::FunctionBody);
        }
        match token.kind {
            Kind::Punctuation(b'{') if self.depth == 0 && self.opens_function_body() => {
                self.body = 1;
                return None;
            }
            Kind::Punctuation(b'{' | b'(' | b'[') => self.depth += 1,
            // What closes without having been opened is the compiler's to complain about.
            Kind::Punctuation(b'}' | b')' | b']') => self.depth = self.depth.saturating_sub(1),
            Kind::Punctuation(b'=') if self.depth == 0 => self.initializer = true,
            Kind::Punctuation(b';') if self.depth == 0 => return Some(End::Semicolon),
            _ => {}
        }
        self.tokens.push(token);
        None
    }

    /// A brace opens a function's body unless it follows `=` or a struct's, union's or enum's head.
    fn opens_function_body(&self) -> bool {
        if self.initializer {
            return false;
        }
        let mut before = self.tokens.iter().rev().peekable();
        // Attributes may stand between the keyword and the tag, C23's underlying type after it.
        let mut depth = 0;
        while let Some(token) = before.next() {
            match token.kind {
                Kind::Punctuation(b')' | b']') => depth += 1,
                Kind::Punctuation(b'(' | b'[') => depth -= 1,
                Kind::Word if depth == 0 && keyword(token.text).is_some() => return false,
                Kind::Word if depth == 0 && is_attribute(token.text) => {}
                Kind::Word if depth == 0 => {}
                Kind::Punctuation(b':') if depth == 0 => {}
                Kind::Punctuation(b'}') if depth == 0 => return true,
                _ if depth > 0 => {}
                _ => return true,
            }
            // `)` right before the brace with a declarator's name before it: a parameter list.
            if depth == 0 && token.is(b'(') {
                let name = before.peek();
                let attribute =
                    name.is_some_and(|name| name.kind == Kind::Word && is_attribute(name.text));
                if !attribute {
                    return true;
                }
            }
        }
        true
    }
}

fn keyword(word: &str) -> Option<Keyword> {
    match word {
        "struct" => Some(Keyword::Struct),
        "union" => Some(Keyword::Union),
        "enum" => Some(Keyword::Enum),
        _ => None,
    }
}

/// Words followed by parentheses that say nothing about which name is declared.
fn is_attribute(word: &str) -> bool {
    matches!(
        word,
        "__attribute__"
            | "__attribute"
            | "__asm__"
            | "__asm"
            | "asm"
            | "_Alignas"
            | "alignas"
            | "__declspec"
    )
}

/// Words that name a type together with what stands in parentheses after them.
fn is_type_operator(word: &str) -> bool {
    matches!(
        word,
        "__typeof__"
            | "__typeof"
            | "typeof"
            | "typeof_unqual"
            | "__typeof_unqual__"
            | "_BitInt"
            | "_ExtInt"
    )
}

/// Words of the language that are a type or a part of one.
pub(crate) fn is_type_word(word: &str) -> bool {
    matches!(
        word,
        "void"
            | "char"
            | "short"
            | "int"
            | "long"
            | "float"
            | "double"
            | "signed"
            | "unsigned"
            | "_Bool"
            | "bool"
            | "_Complex"
            | "__complex__"
            | "__complex"
            | "_Imaginary"
            | "__signed__"
            | "__signed"
            | "__int128"
            | "__int128_t"
            | "__uint128_t"
            | "__builtin_va_list"
            | "__builtin_ms_va_list"
            | "__float128"
            | "__float80"
            | "__ibm128"
            | "__fp16"
            | "__bf16"
            | "_Float16"
            | "_Float32"
            | "_Float64"
            | "_Float128"
            | "_Float32x"
            | "_Float64x"
            | "_Decimal32"
            | "_Decimal64"
            | "_Decimal128"
            | "__auto_type"
    )
}

pub(crate) fn is_qualifier(word: &str) -> bool {
    matches!(
        word,
        "const"
            | "__const"
            | "__const__"
            | "volatile"
            | "__volatile"
            | "__volatile__"
            | "restrict"
            | "__restrict"
            | "__restrict__"
            | "_Nonnull"
            | "_Nullable"
            | "_Null_unspecified"
            | "__extension__"
            | "_Noreturn"
            | "register"
            | "auto"
            | "constexpr"
            | "__unaligned"
            | "__ptr64"
            | "__cdecl"
            | "__stdcall"
    )
}

/// What the specifiers at the start of a declaration say.
#[derive(Default)]
struct Specifiers {
    is_typedef: bool,
    storage: Storage,
    has_type: bool,
    /// The enumerators defined here while the enumeration has no tag: a typedef may yet name it.
    untagged_enumerators: Vec<usize>,
    /// A struct or union without a tag is defined here.
    untagged_record: bool,
}

struct Parser<'a, 'n> {
    tokens: &'a [Token<'a>],
    at: usize,
    system: bool,
    end: End,
    names: &'n mut Names,
}

impl<'a> Parser<'a, '_> {
    fn peek(&self, ahead: usize) -> Option<&'a Token<'a>> {
        self.tokens.get(self.at + ahead)
    }

    fn next_is(&self, punctuation: u8) -> bool {
        self.peek(0).is_some_and(|token| token.is(punctuation))
    }

    fn name(&self, token: &Token<'_>, role: Role) -> Name {
        let start = self.tokens.first().map_or(0, |first| first.start);
        let end = self
            .tokens
            .last()
            .map_or(0, |last| last.start + last.text.len());
        Name {
            name: token.text.to_string(),
            role,
            system: self.system,
            place: token.place,
            text: (start, end),
        }
    }

    /// Passes over one bracketed group, if one starts here.
    fn skip_group(&mut self) {
        let mut depth = 0usize;
        while let Some(token) = self.peek(0) {
            match token.kind {
                Kind::Punctuation(b'(' | b'[' | b'{') => depth += 1,
                Kind::Punctuation(b')' | b']' | b'}') => depth = depth.saturating_sub(1),
                _ => {}
            }
            if depth == 0 && !matches!(token.kind, Kind::Punctuation(b')' | b']' | b'}')) {
                return;
            }
            self.at += 1;
            if depth == 0 {
                return;
            }
        }
    }

    fn declaration(mut self) {
        let Some(first) = self.peek(0) else { return };
        // File-scope assembly and assertions declare nothing.
        if matches!(
            first.text,
            "_Static_assert" | "static_assert" | "asm" | "__asm__" | "__asm"
        ) {
            return;
        }
        let mut specifiers = self.specifiers();
        while let Some((name, open)) = self.declarator() {
            let initialized = self.skip_to_comma(open);
            let role = if specifiers.is_typedef {
                Role::Typedef {
                    untagged: specifiers.untagged_record,
                }
            } else {
                let defined = initialized || self.end == End::FunctionBody;
                Role::Object(Storage {
                    defined,
                    ..specifiers.storage
                })
            };
            let name = self.name(&name, role);
            let is_typedef = specifiers.is_typedef;
            let index = self.names.add_ordinary(name);
            if is_typedef {
                for enumerator in specifiers.untagged_enumerators.drain(..) {
                    self.names.list[enumerator].role = Role::Enumerator { owner: Some(index) };
                }
            }
        }
    }

    fn specifiers(&mut self) -> Specifiers {
        let mut found = Specifiers::default();
        while let Some(token) = self.peek(0) {
            if token.is(b'[') && self.peek(1).is_some_and(|next| next.is(b'[')) {
                self.skip_group();
                continue;
            }
            if token.kind != Kind::Word {
                break;
            }
            let word = token.text;
            self.at += 1;
            match word {
                "typedef" => found.is_typedef = true,
                "static" => found.storage.is_static = true,
                "extern" => found.storage.is_extern = true,
                "inline" | "__inline" | "__inline__" => found.storage.inline = true,
                "__thread" | "_Thread_local" | "thread_local" => found.storage.thread_local = true,
                _ if is_qualifier(word) => {}
                _ if is_attribute(word) => self.skip_group(),
                "_Atomic" if self.next_is(b'(') => {
                    found.has_type = true;
                    self.skip_group();
                }
                "_Atomic" => {}
                _ if is_type_operator(word) => {
                    found.has_type = true;
                    self.skip_group();
                }
                _ if is_type_word(word) => found.has_type = true,
                _ => match keyword(word) {
                    Some(keyword) => {
                        found.has_type = true;
                        self.tag(keyword, &mut found);
                    }
                    None if found.has_type || !self.names_a_type(word) => {
                        self.at -= 1;
                        break;
                    }
                    None => found.has_type = true,
                },
            }
        }
        found
    }

    /// Whether a word that is no keyword can be a type here: a typedef, or whatever another word follows.
    fn names_a_type(&self, word: &str) -> bool {
        let follows = self.peek(0);
        self.names.is_typedef(word)
            || follows.is_some_and(|next| next.kind == Kind::Word || next.is(b'*'))
    }

    /// After `struct`, `union` or `enum`: a tag, braces, or both.
    fn tag(&mut self, keyword: Keyword, specifiers: &mut Specifiers) {
        loop {
            match self.peek(0) {
                Some(token) if token.kind == Kind::Word && is_attribute(token.text) => {
                    self.at += 1;
                    self.skip_group();
                }
                Some(token) if token.is(b'[') => self.skip_group(),
                _ => break,
            }
        }
        let tag = self.peek(0).filter(|token| token.kind == Kind::Word);
        self.at += usize::from(tag.is_some());
        // C23: `enum E : type {`.
        if keyword == Keyword::Enum && self.next_is(b':') {
            self.at += 1;
            self.specifiers();
        }
        let complete = self.next_is(b'{');
        let owner = tag.map(|tag| {
            self.names
                .add_tag(self.name(tag, Role::Tag { keyword, complete }))
        });
        if !complete {
            return;
        }
        self.at += 1;
        match keyword {
            Keyword::Enum => {
                let first = self.names.list.len();
                self.enumerators(owner);
                if owner.is_none() {
                    specifiers
                        .untagged_enumerators
                        .extend(first..self.names.list.len());
                }
            }
            Keyword::Struct | Keyword::Union => {
                specifiers.untagged_record = owner.is_none();
                self.members();
            }
        }
    }

    fn enumerators(&mut self, owner: Option<usize>) {
        while let Some(token) = self.peek(0) {
            if token.is(b'}') {
                self.at += 1;
                return;
            }
            self.at += 1;
            if token.kind == Kind::Word {
                let name = self.name(token, Role::Enumerator { owner });
                self.names.add_ordinary(name);
                while let Some(token) = self.peek(0)
                    && !token.is(b',')
                    && !token.is(b'}')
                {
                    match token.kind {
                        Kind::Punctuation(b'(' | b'[' | b'{') => self.skip_group(),
                        _ => self.at += 1,
                    }
                }
            }
        }
    }

    /// Members declare no names of their own at file scope, but the tags and enumerators inside them do.
    fn members(&mut self) {
        while let Some(token) = self.peek(0) {
            if token.is(b'}') {
                self.at += 1;
                return;
            }
            let before = self.at;
            self.specifiers();
            while let Some(token) = self.peek(0)
                && !token.is(b';')
                && !token.is(b'}')
            {
                match token.kind {
                    Kind::Punctuation(b'(' | b'[' | b'{') => self.skip_group(),
                    _ => self.at += 1,
                }
            }
            if self.next_is(b';') || self.at == before {
                self.at += 1;
            }
        }
    }

    /// The name that the next declarator declares, the first word after stars, parentheses and qualifiers; and how
    /// many parentheses stand open there.
    fn declarator(&mut self) -> Option<(Token<'a>, usize)> {
        let mut open = 0;
        while let Some(token) = self.peek(0) {
            self.at += 1;
            match token.kind {
                Kind::Word if is_attribute(token.text) => self.skip_group(),
                Kind::Word if is_qualifier(token.text) => {}
                Kind::Word => return Some((*token, open)),
                Kind::Punctuation(b'(') => open += 1,
                Kind::Punctuation(b'*' | b'^' | b',') => {}
                _ => return None,
            }
        }
        None
    }

    /// Passes over the rest of a declarator, out of `open` parentheses, and tells whether it has an initializer.
    fn skip_to_comma(&mut self, mut open: usize) -> bool {
        let mut initialized = false;
        while let Some(token) = self.peek(0) {
            match token.kind {
                Kind::Punctuation(b',') if open == 0 => return initialized,
                Kind::Punctuation(b'=') if open == 0 => initialized = true,
                Kind::Punctuation(b')') => open = open.saturating_sub(1),
                Kind::Punctuation(b'(' | b'[' | b'{') => {
                    self.skip_group();
                    continue;
                }
                _ => {}
            }
            self.at += 1;
        }
        initialized
    }
}

/// The identifiers that a macro's body comes down to when object macros in it are followed; `None` if it is not a
/// single word.
pub(crate) fn single_word<'n>(names: &'n Names, body: &'n str) -> Option<&'n str> {
    let mut seen = HashSet::new();
    let mut word = body;
    loop {
        if word.is_empty()
            || !word
                .bytes()
                .all(|b| b.is_ascii_alphanumeric() || b == b'_' || b == b'$')
        {
            return None;
        }
        if word.as_bytes()[0].is_ascii_digit() {
            return None;
        }
        match names.macros.get(word) {
            Some(next) if !next.function_like && seen.insert(word) && next.body != word => {
                word = &next.body
            }
            _ => return Some(word),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ordinary(text: &str) -> Vec<String> {
        let names = declared(text);
        names
            .list
            .iter()
            .filter(|n| !matches!(n.role, Role::Tag { .. }))
            .map(|n| n.name.clone())
            .collect()
    }

    fn tags(text: &str) -> Vec<String> {
        let names = declared(text);
        names
            .list
            .iter()
            .filter(|n| matches!(n.role, Role::Tag { .. }))
            .map(|n| n.name.clone())
            .collect()
    }

    #[test]
    fn functions_and_variables() {
        assert_eq!(
            ordinary("int f(int a), g; static char *s = \"a;b\", t[3] = {1,2};"),
            ["f", "g", "s", "t"]
        );
        assert_eq!(
            ordinary("static inline int add(int a) { if (a) { return 1; } return a; } int x;"),
            ["add", "x"]
        );
        assert_eq!(
            ordinary("void (*signal(int sig, void (*func)(int)))(int); int (*fp)(void);"),
            ["signal", "fp"]
        );
    }

    #[test]
    fn typedefs_make_types_of_words() {
        assert_eq!(
            ordinary("typedef unsigned u8; u8 a; typedef int (*cb)(u8); cb (x);"),
            ["u8", "a", "cb", "x"]
        );
    }

    #[test]
    fn attributes_and_labels_are_passed_over() {
        let text = "extern int __attribute__((x(1))) f (int) __asm__ (\"\" \"g\") __attribute__ ((__nothrow__)); \
                    [[nodiscard]] int h(void); struct __attribute__((packed)) P { int a; } p;";
        assert_eq!(ordinary(text), ["f", "h", "p"]);
        assert_eq!(tags(text), ["P"]);
    }

    #[test]
    fn nested_tags_and_enumerators_are_at_file_scope() {
        let text = "struct A { struct B { int x; } b; enum { X, Y = sizeof(int[2]) } e; union { int i; }; struct C *c; };";
        assert_eq!(tags(text), ["A", "B", "C"]);
        assert_eq!(ordinary(text), ["X", "Y"]);
    }

    #[test]
    fn a_typedef_names_an_enumeration() {
        let names = declared("typedef enum { RED, GREEN } color; enum shade { DARK };");
        let owner = |name: &str| match names.ordinary(name).map(|n| n.role.clone()) {
            Some(Role::Enumerator { owner: Some(owner) }) => names.list[owner].name.clone(),
            other => panic!("{other:?}"),
        };
        assert_eq!(owner("GREEN"), "color");
        assert_eq!(owner("DARK"), "shade");
    }

    #[test]
    fn system_headers_are_told_apart() {
        let names = declared(
            "# 1 \"/usr/include/a.h\" 1 3 4\nint a;\n# 5 \"src/main.rs\" 2\nint b;\n#define M 1\n",
        );
        assert!(names.ordinary("a").is_some_and(|n| n.system));
        assert!(
            names
                .ordinary("b")
                .is_some_and(|n| !n.system && n.place.line == 5)
        );
        assert!(!names.macros["M"].system);
    }

    #[test]
    fn a_later_undef_takes_a_macro_away() {
        let names = declared("#define A 1\n#define F(x) x\n#undef A\n");
        assert!(!names.macros.contains_key("A"));
        assert!(names.macros["F"].function_like);
    }

    #[test]
    fn old_style_definitions() {
        assert_eq!(ordinary("int f(a) int a; { return a; } int g;")[0], "f");
        assert!(ordinary("int f(a) int a; { return a; } int g;").contains(&"g".to_string()));
    }

    #[test]
    fn struct_returning_functions_have_bodies() {
        assert_eq!(
            ordinary(
                "struct S { int a; }; struct S make(void) { struct S s = {0}; return s; } int z;"
            ),
            ["make", "z"]
        );
        assert_eq!(
            ordinary("struct S *find(void) { return 0; } enum E get() { return 0; } int z;"),
            ["find", "get", "z"]
        );
    }
}
