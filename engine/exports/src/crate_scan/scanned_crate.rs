//! The scopes of a crate with their names, and its exports.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::rc::Rc;

use proc_macro2::TokenStream;
use syn::parse::{ParseStream, Parser};
use syn::{Expr, Token, Type};

use cgo_csyntax::exports::{Unread, Unreadable};

use super::files::Files;
use super::path::UsePath;
use crate::context::CrateContext;
use crate::item::export::Export;

/// The number of a scope.
pub(crate) type ScopeId = usize;

/// A module, or a body with items.
#[derive(Default)]
pub(crate) struct Scope {
    /// The scope around it.
    pub(crate) parent: Option<ScopeId>,
    /// Whether it is a body, in which the names of the scope around it are visible.
    pub(crate) is_body: bool,
    pub(super) names: HashMap<String, Vec<Named>>,
    /// The globs, `use path::*`.
    pub(super) globs: Vec<Glob>,
    /// Its file and the folder of its modules, if it has not been read.
    pub(super) unread: Option<(PathBuf, PathBuf)>,
}

/// A name, and the scope where it is visible.
#[derive(Clone)]
pub(super) struct Named {
    pub(super) what: Referent,
    pub(super) visible_in: ScopeId,
}

/// What a name refers to.
#[derive(Clone)]
pub(super) enum Referent {
    Module(ScopeId),
    /// A struct, union or enum, by its number in [`ScannedCrate::adts`].
    Adt(usize),
    /// By its number in [`ScannedCrate::aliases`].
    Alias(usize),
    /// By its number in [`ScannedCrate::constants`].
    Constant(usize),
    /// The module of a preamble.
    Preamble,
    /// Another crate.
    Crate(String),
    /// The path of a `use`.
    Import(UsePath),
}

/// The path before a `*`, and the scope where its names are visible.
#[derive(Clone)]
pub(super) struct Glob {
    pub(super) path: UsePath,
    pub(super) visible_in: ScopeId,
}

/// A struct, union or enum of the crate.
pub(crate) struct Adt {
    pub(crate) name: String,
    /// Its number in [`ScannedCrate::exports`].
    pub(crate) export: Option<usize>,
}

/// The text after the name in `type A<..> = ..` or `const A: T = ..`.
pub(crate) struct Definition {
    pub(crate) scope: ScopeId,
    pub(crate) text: String,
}

/// An export and its place.
pub(crate) struct FoundExport {
    pub(crate) export: Export,
    pub(crate) scope: ScopeId,
    pub(crate) file: Rc<Path>,
    pub(crate) line: usize,
}

/// A crate as far as it has been read.
pub(crate) struct ScannedCrate<'a> {
    pub(crate) context: &'a CrateContext,
    pub(crate) files: Files,
    pub(crate) scopes: Vec<Scope>,
    pub(crate) adts: Vec<Adt>,
    pub(crate) aliases: Vec<Definition>,
    pub(crate) constants: Vec<Definition>,
    /// In the order of the sources.
    pub(crate) exports: Vec<FoundExport>,
    /// The paths to the crate `cgo` in the options of exports.
    pub(super) facades: Vec<Vec<String>>,
    /// The places that are not read and have the word `export_c`.
    pub(crate) unread: Vec<Unread>,
    /// The files with the word `export_c` that could not be parsed, with the line and the text of the error.
    pub(crate) unreadable: Vec<Unreadable>,
}

/// Longer types and constants are not parsed, since the parser recurses.
const LONGEST: usize = 4000;

impl<'a> ScannedCrate<'a> {
    pub(super) fn empty(context: &'a CrateContext, files: Files) -> ScannedCrate<'a> {
        ScannedCrate {
            context,
            files,
            scopes: vec![Scope::default()],
            adts: Vec::new(),
            aliases: Vec::new(),
            constants: Vec::new(),
            exports: Vec::new(),
            facades: Vec::new(),
            unread: Vec::new(),
            unreadable: Vec::new(),
        }
    }

    /// The module of a scope, which may be the scope itself.
    pub(crate) fn module_of(&self, mut scope: ScopeId) -> ScopeId {
        while let (true, Some(parent)) = (self.scopes[scope].is_body, self.scopes[scope].parent) {
            scope = parent;
        }
        scope
    }

    /// The parent of the module of a scope.
    pub(crate) fn parent_of(&self, scope: ScopeId) -> Option<ScopeId> {
        let parent = self.scopes[self.module_of(scope)].parent?;
        Some(self.module_of(parent))
    }

    /// The type of an alias without parameters, and its scope.
    pub(crate) fn alias(&self, number: usize) -> Option<(Type, ScopeId)> {
        let alias = &self.aliases[number];
        let read = |input: ParseStream<'_>| {
            input.parse::<Token![=]>()?;
            input.parse::<Type>()
        };
        let tokens = short(&alias.text)?;
        Some((read.parse2(tokens).ok()?, alias.scope))
    }

    /// The type and value of a constant, and its scope.
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

/// The tokens of a text, if it is not too long.
fn short(text: &str) -> Option<TokenStream> {
    (text.len() <= LONGEST).then(|| text.parse().ok())?
}
