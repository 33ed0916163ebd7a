//! The names that a preamble and its headers declare at file scope, with the tokens of their declarations.

use std::collections::{HashMap, HashSet};
use std::path::Path;

use crate::declarations::keywords::TagKind;
use crate::lexer::{SourceFile, SourceLine, Token, TokenKind};

/// The names of one preamble with its headers.
#[derive(Debug, Default)]
pub struct Names<'t> {
    pub list: Vec<Name<'t>>,
    pub macros: HashMap<&'t str, Macro<'t>>,
    pub files: Vec<SourceFile>,
    /// The text ends inside a declaration: only the compiler can tell what is missing.
    pub unfinished: bool,
    /// `#pragma pack` stands somewhere.
    pub packs: bool,
    /// Ordinary identifiers: functions, variables, typedefs, enumerators.
    ordinary: HashMap<&'t str, usize>,
    /// The tags of structs, unions and enums: C has one name space for all three.
    tags: HashMap<&'t str, usize>,
    text: &'t str,
    /// Those of all declarations. Whoever reads a declaration reads these, and the text is cut into tokens once.
    tokens: Vec<Token<'t>>,
}

/// The tokens of one declaration.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TokenRange {
    pub(crate) start: u32,
    pub(crate) end: u32,
}

/// A declared name.
#[derive(Clone, Debug)]
pub struct Name<'t> {
    pub name: &'t str,
    pub kind: NameKind,
    pub system: bool,
    pub place: SourceLine,
    /// Its further declarations, with their files.
    pub redeclarations: Vec<(u32, TokenRange)>,
    /// Its declaration, without a function's body.
    pub declaration: TokenRange,
}

/// What the words of the declaration say.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NameKind {
    Typedef {
        /// Names a struct or union that has no tag.
        untagged: bool,
        /// It may be an array: brackets stand in its declaration, or in that of a type in there.
        array: bool,
    },
    /// A function or a variable.
    FunctionOrVariable(Storage),
    Enumerator {
        /// The name in [`Names::list`] of the enumeration, if it has one.
        owner: Option<usize>,
    },
    Tag {
        kind: TagKind,
        /// Whether braces were seen.
        complete: bool,
    },
}

/// The storage class and what else decides whether a symbol exists.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Storage {
    pub is_static: bool,
    pub is_extern: bool,
    pub inline: bool,
    /// Its `inline` means what it meant before C99: without `extern` it is an ordinary definition.
    pub gnu_inline: bool,
    pub thread_local: bool,
    /// A body or an initializer was seen.
    pub defined: bool,
    /// The declarator says that it is a function; one declared through a typedef does not.
    pub function: bool,
    /// It never returns.
    pub noreturn: bool,
    /// The compiler makes no code of it but where it is called.
    pub always_inline: bool,
    /// It is compiled for other processors than the rest.
    pub other_target: bool,
    /// It is called in another way than C's functions usually are.
    pub convention: bool,
    /// C23's `constexpr`.
    pub constant: bool,
    /// Another definition may take its place.
    pub weak: bool,
    /// It is another name for what may be defined elsewhere or not at all.
    pub weakref: bool,
    /// What it returns should not be passed over.
    pub must_use: bool,
    /// It should not be used any more.
    pub deprecated: bool,
}

/// A macro as it stands at the end of the text.
#[derive(Clone, Debug)]
pub struct Macro<'t> {
    /// With the parameters before it, if there are any.
    pub body: &'t str,
    pub function_like: bool,
    pub system: bool,
    pub place: SourceLine,
}

/// Typedefs that a preamble has without an include, and what they stand for.
pub const SIZES: [(&str, &str); 3] = [
    ("size_t", "__SIZE_TYPE__"),
    ("ptrdiff_t", "__PTRDIFF_TYPE__"),
    ("wchar_t", "__WCHAR_TYPE__"),
];

impl<'t> Names<'t> {
    /// The tokens of a declaration, without a function's body.
    pub fn tokens(&self, declaration: TokenRange) -> &[Token<'t>] {
        &self.tokens[declaration.start as usize..declaration.end as usize]
    }

    /// The text of a declaration, as the preprocessor wrote it.
    pub fn text(&self, declaration: TokenRange) -> &'t str {
        match self.tokens(declaration) {
            [] => "",
            [first, .., last] => &self.text[first.start..last.end()],
            [only] => only.text,
        }
    }

    /// What the text says before a declaration.
    pub fn text_before(&self, declaration: TokenRange) -> &'t str {
        let first = self.tokens(declaration).first();
        first.map_or("", |first| &self.text[..first.start])
    }

    /// Keeps what the ranges of the declarations are about, when all of them have been read.
    pub(crate) fn keep(&mut self, text: &'t str, tokens: Vec<Token<'t>>) {
        (self.text, self.tokens) = (text, tokens);
    }

    pub fn ordinary(&self, name: &str) -> Option<&Name<'t>> {
        self.ordinary.get(name).map(|&index| &self.list[index])
    }

    /// The struct, union or enum with this tag.
    pub fn tag(&self, tag: &str) -> Option<&Name<'t>> {
        self.tags.get(tag).map(|&index| &self.list[index])
    }

    /// Whether a struct, union or enum has this tag.
    pub fn is_tag(&self, tag: &str) -> bool {
        self.tags.contains_key(tag)
    }

    /// Whether a struct, union or enum has this tag, also as `struct_tag`.
    pub fn has_tag(&self, name: &str) -> bool {
        let plain = name
            .strip_prefix("struct_")
            .or(name.strip_prefix("union_"))
            .or(name.strip_prefix("enum_"));
        self.is_tag(name) || plain.is_some_and(|tag| self.is_tag(tag))
    }

    /// Whether C knows the name as anything at all.
    pub fn has(&self, name: &str) -> bool {
        self.ordinary.contains_key(name) || self.macros.contains_key(name) || self.has_tag(name)
    }

    /// The typedef of this name.
    pub fn typedef(&self, name: &str) -> Option<&Name<'t>> {
        let is_typedef = |name: &&Name<'_>| matches!(name.kind, NameKind::Typedef { .. });
        self.ordinary(name).filter(is_typedef)
    }

    pub fn is_typedef(&self, name: &str) -> bool {
        match self.ordinary(name) {
            Some(name) => matches!(name.kind, NameKind::Typedef { .. }),
            None => SIZES.iter().any(|(size, _)| *size == name),
        }
    }

    /// Whether the type that these tokens name may be an array.
    pub(crate) fn may_be_array(&self, tokens: &[Token<'_>]) -> bool {
        let mut braces = 0usize;
        tokens.iter().any(|token| {
            match token.kind {
                TokenKind::Punctuation(b'{') => braces += 1,
                TokenKind::Punctuation(b'}') => braces = braces.saturating_sub(1),
                _ => {}
            }
            let is_array = || {
                let role = self.ordinary(token.text).map(|name| &name.kind);
                matches!(role, Some(NameKind::Typedef { array: true, .. }))
            };
            braces == 0 && (token.is(b'[') || token.text.contains("typeof") || is_array())
        })
    }

    /// The names that this file declares and another one too.
    pub fn also_declared_outside(&self, file: &str) -> HashSet<String> {
        let is_file = |index: u32| {
            let known = self.files.get(index as usize);
            known.is_some_and(|known| Path::new(&known.path).ends_with(file))
        };
        let doubly = self.list.iter().filter(|name| {
            let files = name.redeclarations.iter().map(|(file, _)| *file);
            let mut files = files.chain([name.place.file]);
            files.clone().any(is_file) && files.any(|index| !is_file(index))
        });
        doubly.map(|name| name.name.to_string()).collect()
    }

    pub(crate) fn add_ordinary(&mut self, name: Name<'t>) -> usize {
        let Some(&known) = self.ordinary.get(name.name) else {
            self.ordinary.insert(name.name, self.list.len());
            self.list.push(name);
            return self.list.len() - 1;
        };
        let old = &mut self.list[known];
        old.redeclarations.push((name.place.file, name.declaration));
        if let (NameKind::FunctionOrVariable(old), NameKind::FunctionOrVariable(new)) =
            (&mut old.kind, &name.kind)
        {
            old.is_static |= new.is_static;
            // C17 6.7.4, paragraph 7: one declaration without `inline` makes the definition an external one.
            old.is_extern |= new.is_extern || old.inline != new.inline;
            old.inline |= new.inline;
            old.gnu_inline |= new.gnu_inline;
            old.thread_local |= new.thread_local;
            old.defined |= new.defined;
            old.function |= new.function;
            old.noreturn |= new.noreturn;
            old.always_inline |= new.always_inline;
            old.convention |= new.convention;
            old.must_use |= new.must_use;
            old.deprecated |= new.deprecated;
            old.weak |= new.weak;
            old.weakref |= new.weakref;
            old.other_target |= new.other_target;
        }
        if old.system && !name.system {
            (old.system, old.place, old.declaration) = (false, name.place, name.declaration);
        }
        known
    }

    pub(crate) fn add_tag(&mut self, name: Name<'t>) -> usize {
        let Some(&known) = self.tags.get(name.name) else {
            self.tags.insert(name.name, self.list.len());
            self.list.push(name);
            return self.list.len() - 1;
        };
        let old = &mut self.list[known];
        let completes = matches!(
            (&old.kind, &name.kind),
            (
                NameKind::Tag {
                    complete: false,
                    ..
                },
                NameKind::Tag { complete: true, .. }
            )
        );
        if completes {
            *old = name;
        }
        known
    }
}
