//! Reads one external declaration: the names that it declares, and what its specifiers and attributes say about them.

use crate::brackets::group_end;
use crate::declarations::end::End;
use crate::declarations::keywords::{
    TagKind, convention, is_attribute, is_qualifier, is_type_operator, is_type_word, tag_kind,
};
use crate::declarations::names::{Name, NameKind, Names, Storage, TokenRange};
use crate::lexer::{PragmaOptions, Token, TokenKind};

/// What is known about a declaration beside its tokens.
#[derive(Clone, Copy)]
pub(crate) struct DeclarationContext {
    pub(crate) range: TokenRange,
    pub(crate) end: End,
    /// It stands in a system header.
    pub(crate) system: bool,
    /// What `#pragma GCC` says before it.
    pub(crate) options: PragmaOptions,
}

/// Adds the names that the declaration with these tokens declares.
pub(crate) fn declare<'t>(
    tokens: &[Token<'t>],
    context: DeclarationContext,
    names: &mut Names<'t>,
) {
    let parser = DeclarationParser {
        tokens,
        at: 0,
        context,
        depth: 0,
        names,
    };
    parser.declaration();
}

impl Storage {
    /// Takes note of an attribute or a specifier.
    fn note(&mut self, word: &str) {
        match word.trim_matches('_') {
            "noreturn" | "Noreturn" => self.noreturn = true,
            "returns_twice" => self.returns_twice = true,
            // It has no body of its own.
            "alias" => self.defined = true,
            "ifunc" => self.ifunc = true,
            "always_inline" => self.always_inline = true,
            "forceinline" => (self.inline, self.always_inline) = (true, true),
            // `__declspec(thread)`.
            "thread" => self.thread_local = true,
            "dllimport" => self.dll_import = true,
            "weak" | "weak_import" => self.weak = true,
            "weakref" => self.weakref = true,
            "gnu_inline" => self.gnu_inline = true,
            // C23 6.2.2, paragraph 3: it has internal linkage.
            "constexpr" => (self.constant, self.is_static) = (true, true),
            "nodiscard" | "warn_unused_result" => self.must_use = true,
            "deprecated" => self.deprecated = true,
            word => self.convention = self.convention.max(convention(word)),
        }
    }
}

/// What the specifiers at the start of a declaration say.
#[derive(Default)]
struct Specifiers {
    is_typedef: bool,
    storage: Storage,
    has_type: bool,
    /// The enumerators of an enumeration without a tag. A typedef may still name it.
    untagged_enumerators: Vec<usize>,
    /// A struct or union without a tag is defined here.
    untagged_record: bool,
}

struct DeclarationParser<'a, 't> {
    tokens: &'a [Token<'t>],
    at: usize,
    context: DeclarationContext,
    /// How deep the specifiers are nested, as a struct in a struct is.
    depth: usize,
    names: &'a mut Names<'t>,
}

/// Specifiers that are nested deeper are not read: nobody uses names in there, and the stack has an end.
const DEEPEST: usize = 100;

impl<'a, 't> DeclarationParser<'a, 't> {
    fn peek(&self, ahead: usize) -> Option<&'a Token<'t>> {
        self.tokens.get(self.at + ahead)
    }

    fn next_is(&self, punctuation: u8) -> bool {
        self.peek(0).is_some_and(|token| token.is(punctuation))
    }

    fn name(&self, token: &Token<'t>, kind: NameKind) -> Name<'t> {
        Name {
            name: token.text,
            kind,
            system: self.context.system,
            redeclarations: Vec::new(),
            place: token.place,
            declaration: self.context.range,
        }
    }

    /// Skips the group in brackets that starts here, if there is one.
    fn skip_group(&mut self) {
        let next = self.peek(0).map(|token| token.kind);
        if let Some(TokenKind::Punctuation(b'(' | b'[' | b'{')) = next {
            self.at = group_end(self.tokens, self.at);
        }
    }

    /// Skips a group of attributes and takes note of them.
    fn attributes(&mut self, storage: &mut Storage) {
        let start = self.at;
        self.skip_group();
        let words = self.tokens[start..self.at]
            .iter()
            .filter(|token| token.kind == TokenKind::Word);
        words.for_each(|word| storage.note(word.text));
    }

    fn declaration(mut self) {
        let mut words = self.tokens[self.at..].iter();
        let Some(first) = words.find(|word| word.text != "__extension__") else {
            return;
        };
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
            storage.noreturn &= open == 0 && !self.context.options.hides_macros;
            let kind = if specifiers.is_typedef {
                NameKind::Typedef {
                    untagged: specifiers.untagged_record,
                    array,
                }
            } else {
                let defined =
                    storage.defined || initialized || self.context.end == End::FunctionBody;
                NameKind::FunctionOrVariable(Storage {
                    defined,
                    function,
                    other_target: self.context.options.other_target,
                    ..storage
                })
            };
            storage = specifiers.storage;
            let name = self.name(name, kind);
            let is_typedef = specifiers.is_typedef;
            let index = self.names.add_ordinary(name);
            if is_typedef {
                for enumerator in specifiers.untagged_enumerators.drain(..) {
                    if let NameKind::Enumerator { owner, .. } =
                        &mut self.names.list[enumerator].kind
                    {
                        *owner = Some(index);
                    }
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
            if token.kind != TokenKind::Word {
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
                _ if is_qualifier(word) => found.storage.note(word),
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
                _ => match tag_kind(word) {
                    Some(kind) => {
                        found.has_type = true;
                        self.tag(kind, &mut found);
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

    /// Whether a word that some compilers have as a keyword is declared here for the others: `typedef float _Float32;`.
    fn declares_keyword(&self, word: &str) -> bool {
        let is_declared = word == "bool" || word.starts_with("_Float");
        is_declared && self.peek(0).is_none_or(|next| next.kind != TokenKind::Word)
    }

    fn names_a_type(&self, word: &str) -> bool {
        let follows = self.peek(0);
        self.names.is_typedef(word)
            || follows.is_some_and(|next| next.kind == TokenKind::Word || next.is(b'*'))
    }

    /// After `struct`, `union` or `enum`: a tag, braces, or both.
    fn tag(&mut self, kind: TagKind, specifiers: &mut Specifiers) {
        loop {
            match self.peek(0) {
                Some(token) if token.kind == TokenKind::Word && is_attribute(token.text) => {
                    self.at += 1;
                    self.skip_group();
                }
                Some(token) if token.is(b'[') => self.skip_group(),
                _ => break,
            }
        }
        let tag = self.peek(0).filter(|token| token.kind == TokenKind::Word);
        self.at += usize::from(tag.is_some());
        // C23: `enum E : type {`.
        if kind == TagKind::Enum && self.next_is(b':') {
            self.at += 1;
            self.specifiers();
        }
        let complete = self.next_is(b'{');
        let owner = tag.map(|tag| {
            self.names
                .add_tag(self.name(tag, NameKind::Tag { kind, complete }))
        });
        if !complete {
            return;
        }
        self.at += 1;
        match kind {
            TagKind::Enum => {
                let first = self.names.list.len();
                self.enumerators(owner);
                if owner.is_none() {
                    specifiers
                        .untagged_enumerators
                        .extend(first..self.names.list.len());
                }
            }
            TagKind::Struct | TagKind::Union => {
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
            let first = self.at as u32;
            self.at += 1;
            if token.kind == TokenKind::Word {
                while let Some(token) = self.peek(0)
                    && !token.is(b',')
                    && !token.is(b'}')
                {
                    match token.kind {
                        TokenKind::Punctuation(b'(' | b'[' | b'{') => self.skip_group(),
                        _ => self.at += 1,
                    }
                }
                let start = self.context.range.start;
                let own = TokenRange {
                    start: start + first,
                    end: start + self.at as u32,
                };
                let name = self.name(token, NameKind::Enumerator { owner, own });
                self.names.add_ordinary(name);
            }
        }
    }

    /// Members declare nothing at file scope, but the tags and enumerators inside of them do.
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
                    TokenKind::Punctuation(b'(' | b'[' | b'{') => self.skip_group(),
                    _ => self.at += 1,
                }
            }
            if self.next_is(b';') || self.at == before {
                self.at += 1;
            }
        }
    }

    /// The name that the next declarator declares, which is the first word after stars, parentheses and qualifiers. With it comes the
    /// number of open parentheses.
    fn declarator(&mut self, storage: &mut Storage) -> Option<(&'a Token<'t>, usize)> {
        let mut open = 0;
        while let Some(token) = self.peek(0) {
            self.at += 1;
            match token.kind {
                TokenKind::Word if is_attribute(token.text) => self.attributes(storage),
                TokenKind::Word if is_qualifier(token.text) => storage.note(token.text),
                TokenKind::Word => return Some((token, open)),
                TokenKind::Punctuation(b'(') => open += 1,
                TokenKind::Punctuation(b'*' | b'^' | b',') => {}
                _ => return None,
            }
        }
        None
    }

    /// Skips the rest of a declarator with `open` parentheses, and tells whether it has an initializer.
    fn skip_to_comma(&mut self, mut open: usize, storage: &mut Storage) -> bool {
        let mut initialized = false;
        while let Some(token) = self.peek(0) {
            match token.kind {
                TokenKind::Punctuation(b',') if open == 0 => return initialized,
                TokenKind::Punctuation(b'=') if open == 0 => initialized = true,
                TokenKind::Punctuation(b')') => open = open.saturating_sub(1),
                TokenKind::Punctuation(b'(' | b'[' | b'{') => {
                    self.skip_group();
                    continue;
                }
                TokenKind::Word if is_attribute(token.text) => {
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
