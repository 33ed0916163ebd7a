//! What is known of a crate: its scopes with their names, and its exports.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::rc::Rc;

use proc_macro2::TokenStream;
use syn::parse::{ParseStream, Parser};
use syn::{Expr, Token, Type};

use super::files::Files;
use super::path::UsePath;
use crate::context::Context;
use crate::item::export::Export;

/// The number of a module, or of a body with items.
pub(crate) type ScopeId = usize;

/// A module, or a body with items.
#[derive(Default)]
pub(crate) struct Scope {
    /// What is around it.
    pub(crate) parent: Option<ScopeId>,
    /// Whether it is a body, which sees what is around it.
    pub(crate) is_body: bool,
    pub(super) names: HashMap<String, Vec<Named>>,
    /// What `use path::*` takes from.
    pub(super) globs: Vec<Glob>,
    /// Its file, as long as that has not been read.
    pub(super) unread: Option<(PathBuf, PathBuf)>,
}

/// What a name stands for, and the scope that sees it with all in it.
#[derive(Clone)]
pub(super) struct Named {
    pub(super) what: Name,
    pub(super) seen_in: ScopeId,
}

/// What a name stands for.
#[derive(Clone)]
pub(super) enum Name {
    Module(ScopeId),
    /// A struct, union or enum, by its number in [`Program::types`].
    Own(usize),
    /// By its number in [`Program::aliases`].
    Alias(usize),
    /// By its number in [`Program::constants`].
    Constant(usize),
    /// The module of a preamble.
    Preamble,
    /// Another crate.
    Crate(String),
    /// What a `use` leads to.
    Import(UsePath),
}

/// The path before a `*`, and the scope that sees what it takes.
#[derive(Clone)]
pub(super) struct Glob {
    pub(super) path: UsePath,
    pub(super) seen_in: ScopeId,
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
    /// In the order of the modules.
    pub(crate) exports: Vec<Found>,
    /// The paths that the exports say for the facade.
    pub(super) facades: Vec<Vec<String>>,
    /// Where `export_c` stands in what is not read.
    pub(crate) unread: Vec<(PathBuf, usize)>,
    /// What could not be read and says `export_c`: where, and why.
    pub(crate) broken: Vec<(PathBuf, usize, String)>,
}

/// Longer types and constants nobody wrote, and they might need too much of the stack.
const LONGEST: usize = 4000;

impl<'a> Program<'a> {
    pub(super) fn empty(context: &'a Context, files: Files) -> Program<'a> {
        Program {
            context,
            files,
            scopes: vec![Scope::default()],
            types: Vec::new(),
            aliases: Vec::new(),
            constants: Vec::new(),
            exports: Vec::new(),
            facades: Vec::new(),
            unread: Vec::new(),
            broken: Vec::new(),
        }
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

    /// The type that an alias without parameters stands for, and where it is written.
    pub(crate) fn alias(&self, number: usize) -> Option<(Type, ScopeId)> {
        let alias = &self.aliases[number];
        let read = |input: ParseStream<'_>| {
            input.parse::<Token![=]>()?;
            input.parse::<Type>()
        };
        let tokens = short(&alias.text)?;
        Some((read.parse2(tokens).ok()?, alias.scope))
    }

    /// The type and value of a constant, and where it is written.
    pub(crate) fn constant(&self, number: usize) -> Option<(Type, Expr, ScopeId)> {
        let constant = &self.constants[number];
        let read = |input: ParseStream<'_>| {
            input.parse::<Token![:]>()?;
            let ctype = input.parse::<Type>()?;
            input.parse::<Token![=]>()?;
            Ok((ctype, input.parse::<Expr>()?))
        };
        let tokens = short(&constant.text)?;
        let (ctype, value) = read.parse2(tokens).ok()?;
        Some((ctype, value, constant.scope))
    }
}

/// The tokens of a text that is not too long.
fn short(text: &str) -> Option<TokenStream> {
    (text.len() <= LONGEST).then(|| text.parse().ok())?
}
