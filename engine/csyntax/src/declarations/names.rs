//! The names that a preamble and its headers declare at file scope, with the tokens of their declarations.

use std::collections::{HashMap, HashSet};
use std::path::Path;

use crate::declarations::keywords::{Convention, TagKind};
use crate::lexer::{SourceFile, SourceLine, Token, TokenKind};

/// The names of one preamble with its headers.
#[derive(Debug, Default)]
pub struct Names<'t> {
    pub list: Vec<Name<'t>>,
    pub macros: HashMap<&'t str, Macro<'t>>,
    pub files: Vec<SourceFile>,
    /// The text ends inside a declaration. Only the compiler can tell what is missing.
    pub unfinished: bool,
    /// There is a `#pragma pack`.
    pub packs: bool,
    /// Ordinary identifiers: functions, variables, typedefs, enumerators.
    ordinary: HashMap<&'t str, usize>,
    /// The tags of structs, unions and enums: C has one name space for all three.
    tags: HashMap<&'t str, usize>,
    text: &'t str,
    /// The tokens of all declarations. Every reader of a declaration takes them from here, so that the text is cut into tokens once.
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

/// What a declared name is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NameKind {
    Typedef {
        /// It names a struct or union without a tag.
        untagged: bool,
        /// It may be an array: there are brackets in its declaration, or in that of a type in it.
        array: bool,
    },
    /// A function or a variable.
    FunctionOrVariable(Storage),
    Enumerator {
        /// The index of the enumeration's name in [`Names::list`], if it has one.
        owner: Option<usize>,
        /// Its own part of the declaration: `RED = 1`.
        own: TokenRange,
    },
    Tag {
        kind: TagKind,
        /// It is defined with members or enumerators.
        complete: bool,
    },
}

/// The specifiers and attributes that matter for linking and calling.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Storage {
    pub is_static: bool,
    pub is_extern: bool,
    pub inline: bool,
    /// One of its declarations has `inline`, and another has not.
    pub mixes_inline: bool,
    /// Its `inline` means what it meant before C99: a definition without `extern` is an ordinary one.
    pub gnu_inline: bool,
    pub thread_local: bool,
    /// `__declspec(dllimport)`: it is found through a pointer that the loader writes.
    pub dll_import: bool,
    /// It has a body or an initializer.
    pub defined: bool,
    /// The declarator is that of a function. A function that is declared through a typedef is not marked.
    pub function: bool,
    /// It never returns.
    pub noreturn: bool,
    /// An attribute says that it returns again to where it has returned.
    pub returns_twice: bool,
    /// The compiler emits its code only where it is called.
    pub always_inline: bool,
    /// It is compiled for other processors than the rest.
    pub other_target: bool,
    /// The calling convention that it is declared with.
    pub convention: Option<Convention>,
    /// C23's `constexpr`.
    pub constant: bool,
    /// It is a weak symbol: another definition may replace it.
    pub weak: bool,
    /// It is an alias of something that may be defined elsewhere or not at all.
    pub weakref: bool,
    /// The program's start chooses the function that it is.
    pub ifunc: bool,
    /// Its result should not be ignored.
    pub must_use: bool,
    /// It is deprecated.
    pub deprecated: bool,
}

/// A macro as it is defined at the end of the text.
#[derive(Clone, Debug)]
pub struct Macro<'t> {
    /// The replacement list, with the parameters before it if it has any.
    pub body: &'t str,
    pub function_like: bool,
    pub system: bool,
    pub place: SourceLine,
}

/// The typedefs that a preamble has without an include, and what they stand for.
pub const SIZES: [(&str, &str); 3] = [
    ("size_t", "__SIZE_TYPE__"),
    ("ptrdiff_t", "__PTRDIFF_TYPE__"),
    ("wchar_t", "__WCHAR_TYPE__"),
];

impl Storage {
    /// Whether the address of the variable is known only when the program runs.
    pub fn has_no_constant_address(self) -> bool {
        self.thread_local || self.dll_import && !self.function
    }
}

impl Name<'_> {
    /// Whether it is a function, a variable or an enumerator.
    pub(crate) fn is_value(&self) -> bool {
        matches!(
            self.kind,
            NameKind::FunctionOrVariable(_) | NameKind::Enumerator { .. }
        )
    }
}

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

    /// The text before a declaration.
    pub fn text_before(&self, declaration: TokenRange) -> &'t str {
        let first = self.tokens(declaration).first();
        first.map_or("", |first| &self.text[..first.start])
    }

    /// Sets the text and the tokens that the ranges of the declarations refer to.
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

    /// Whether it is a tag and the name of no other type, so that Rust can have it as the type's name.
    pub fn is_only_tag(&self, name: &str) -> bool {
        self.is_tag(name)
            && !self.macros.contains_key(name)
            && self.ordinary(name).is_none_or(Name::is_value)
    }

    /// Whether a struct, union or enum has this tag, also as `struct_tag`.
    pub fn has_tag(&self, name: &str) -> bool {
        let plain = name
            .strip_prefix("struct_")
            .or(name.strip_prefix("union_"))
            .or(name.strip_prefix("enum_"));
        self.is_tag(name) || plain.is_some_and(|tag| self.is_tag(tag))
    }

    /// Whether the name is declared or defined as anything at all.
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

    /// The names that are declared in this file and in another one too.
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
            old.is_extern |= new.is_extern;
            old.mixes_inline |= old.inline != new.inline;
            old.inline |= new.inline;
            old.gnu_inline |= new.gnu_inline;
            old.thread_local |= new.thread_local;
            old.dll_import |= new.dll_import;
            old.defined |= new.defined;
            old.function |= new.function;
            old.noreturn |= new.noreturn;
            old.returns_twice |= new.returns_twice;
            old.always_inline |= new.always_inline;
            old.convention = old.convention.max(new.convention);
            old.must_use |= new.must_use;
            old.deprecated |= new.deprecated;
            old.weak |= new.weak;
            old.weakref |= new.weakref;
            old.ifunc |= new.ifunc;
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
