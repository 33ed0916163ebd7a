//! Reads one external declaration: which names it declares, and what its words say of them.

use crate::declarations::names::{Keyword, Name, Names, Role, Storage};
use crate::lexer::{Kind, Token};

/// How an external declaration ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    Semicolon,
    FunctionBody,
}

/// What is known of the place that a declaration stands in.
#[derive(Clone, Copy)]
pub struct Surroundings {
    /// A system header.
    pub system: bool,
    /// Compiled for other processors than the rest.
    pub other_target: bool,
}

/// The tokens of one external declaration, gathered until it ends. A function's body is counted through, not kept.
#[derive(Default)]
pub struct Declaration<'a> {
    tokens: Vec<Token<'a>>,
    depth: usize,
    /// The depth of braces inside a function's body.
    body: usize,
    initializer: bool,
    /// Where the declarations of parameters start, in a function defined as before C89: `int f(a) int a; {}`.
    old_style: Option<usize>,
}

impl<'a> Declaration<'a> {
    /// Whether nothing has been read since the last one ended.
    pub fn is_empty(&self) -> bool {
        self.tokens.is_empty() && self.body == 0
    }

    /// The first token, which says in which file the declaration stands.
    pub fn first(&self) -> Option<&Token<'a>> {
        self.tokens.first()
    }

    /// Adds the names that the declaration declares. `end` is how it ended.
    pub fn declare(&self, end: End, place: Surroundings, names: &mut Names) {
        let tokens = &self.tokens[..self.old_style.unwrap_or(self.tokens.len())];
        Parser {
            tokens,
            at: 0,
            place,
            end,
            depth: 0,
            names,
        }
        .declaration();
    }

    /// Takes the next token; tells when the declaration has ended with it.
    pub fn push(&mut self, token: Token<'a>) -> Option<End> {
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
            Kind::Punctuation(b';') if self.depth == 0 => {
                self.old_style = self.old_style.or_else(|| self.parameter_declarations());
                if self.old_style.is_none() {
                    return Some(End::Semicolon);
                }
            }
            _ => {}
        }
        self.tokens.push(token);
        None
    }

    /// The first token behind a function's list of bare names, if a declaration starts there.
    fn parameter_declarations(&self) -> Option<usize> {
        let of_function = |pair: &[Token<'_>]| {
            let word = pair[0].text;
            let is_name = pair[0].kind == Kind::Word && !is_attribute(word) && word != "_Atomic";
            pair[1].is(b'(') && is_name && !is_type_operator(word)
        };
        let mut at = self.tokens.windows(2).position(of_function)? + 1;
        // `(a, b)`.
        loop {
            let (name, end) = (self.tokens.get(at + 1)?, self.tokens.get(at + 2)?);
            if name.kind != Kind::Word || !(end.is(b',') || end.is(b')')) {
                return None;
            }
            at += 2;
            if end.is(b')') {
                break;
            }
        }
        let next = self.tokens.get(at + 1)?;
        (next.kind == Kind::Word && !is_attribute(next.text)).then_some(at + 1)
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
pub fn is_attribute(word: &str) -> bool {
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
pub fn is_type_operator(word: &str) -> bool {
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
pub fn is_type_word(word: &str) -> bool {
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

pub fn is_qualifier(word: &str) -> bool {
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
            | "__fastcall"
            | "__thiscall"
            | "__vectorcall"
            | "__regcall"
    )
}

impl Storage {
    /// Takes up what an attribute or a specifier says.
    fn say(&mut self, word: &str) {
        match word.trim_matches('_') {
            "noreturn" | "Noreturn" => self.noreturn = true,
            "always_inline" => self.always_inline = true,
            "weakref" => self.weakref = true,
            "gnu_inline" => self.gnu_inline = true,
            // C23 6.2.2, paragraph 3: it is known in this translation unit alone.
            "constexpr" => (self.constant, self.is_static) = (true, true),
            "nodiscard" | "warn_unused_result" => self.must_use = true,
            "deprecated" => self.deprecated = true,
            word if CONVENTIONS.contains(&word) => self.convention = true,
            _ => {}
        }
    }
}

/// Attributes with which gcc and clang call a function in another way.
pub const CONVENTIONS: [&str; 15] = [
    "ms_abi",
    "sysv_abi",
    "stdcall",
    "fastcall",
    "thiscall",
    "vectorcall",
    "regcall",
    "regparm",
    "sseregparm",
    "pascal",
    "pcs",
    "aarch64_vector_pcs",
    "preserve_most",
    "preserve_all",
    "swiftcall",
];

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
    place: Surroundings,
    end: End,
    /// How many specifiers stand around these: a struct in a struct.
    depth: usize,
    names: &'n mut Names,
}

/// What is nested deeper than this has no names that anyone uses, and would not fit on the stack.
const DEEPEST: usize = 100;

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
            system: self.place.system,
            again: Vec::new(),
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

    /// Passes over a bracketed group of attributes and notes what they say.
    fn attributes(&mut self, storage: &mut Storage) {
        let start = self.at;
        self.skip_group();
        let words = self.tokens[start..self.at]
            .iter()
            .filter(|token| token.kind == Kind::Word);
        words.for_each(|word| storage.say(word.text));
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
        let mut storage = specifiers.storage;
        let array = specifiers.is_typedef && self.names.may_be_array(self.tokens);
        while let Some((name, open)) = self.declarator(&mut storage) {
            let function = self.next_is(b'(');
            let initialized = self.skip_to_comma(open, &mut storage);
            // In `void (*f(void))(void)` the attributes may be about what f returns.
            storage.noreturn &= open == 0;
            let role = if specifiers.is_typedef {
                Role::Typedef {
                    untagged: specifiers.untagged_record,
                    array,
                }
            } else {
                let defined = initialized || self.end == End::FunctionBody;
                Role::Object(Storage {
                    defined,
                    function,
                    other_target: self.place.other_target,
                    ..storage
                })
            };
            storage = specifiers.storage;
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
        if self.depth == DEEPEST {
            return found;
        }
        self.depth += 1;
        while let Some(token) = self.peek(0) {
            if token.is(b'[') && self.peek(1).is_some_and(|next| next.is(b'[')) {
                self.attributes(&mut found.storage);
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
                _ if is_qualifier(word) => found.storage.say(word),
                _ if is_attribute(word) => self.attributes(&mut found.storage),
                "_Atomic" if self.next_is(b'(') => {
                    found.has_type = true;
                    self.skip_group();
                }
                "_Atomic" => {}
                _ if is_type_operator(word) => {
                    found.has_type = true;
                    self.skip_group();
                }
                _ if found.has_type && self.declares_keyword(word) => {
                    self.at -= 1;
                    break;
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
        self.depth -= 1;
        found
    }

    /// Whether a word that is no keyword can be a type here: a typedef, or whatever another word follows.
    /// `typedef float _Float32;`: a word that is a keyword to some compilers is declared for the others.
    fn declares_keyword(&self, word: &str) -> bool {
        let is_declared = word == "bool" || word.starts_with("_Float");
        is_declared && self.peek(0).is_none_or(|next| next.kind != Kind::Word)
    }

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
    fn declarator(&mut self, storage: &mut Storage) -> Option<(Token<'a>, usize)> {
        let mut open = 0;
        while let Some(token) = self.peek(0) {
            self.at += 1;
            match token.kind {
                Kind::Word if is_attribute(token.text) => self.attributes(storage),
                Kind::Word if is_qualifier(token.text) => storage.say(token.text),
                Kind::Word => return Some((*token, open)),
                Kind::Punctuation(b'(') => open += 1,
                Kind::Punctuation(b'*' | b'^' | b',') => {}
                _ => return None,
            }
        }
        None
    }

    /// Passes over the rest of a declarator, out of `open` parentheses, and tells whether it has an initializer.
    fn skip_to_comma(&mut self, mut open: usize, storage: &mut Storage) -> bool {
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
                Kind::Word if is_attribute(token.text) => {
                    self.at += 1;
                    self.attributes(storage);
                    continue;
                }
                _ => {}
            }
            self.at += 1;
        }
        initialized
    }
}
