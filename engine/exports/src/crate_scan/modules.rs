//! Reads the modules of a crate from its root file, as rustc does.

use std::path::{Path, PathBuf};
use std::rc::Rc;
use std::str::FromStr;

use proc_macro2::TokenStream;
use quote::quote;
use syn::{Attribute, FnArg, LitStr, Meta};

use cgo_csyntax::exports::{Unread, Unreadable};

use super::attributes::is_export;
use super::cfg::{all_hold, compiled, holds};
use super::files::Files;
use super::node::{Node, NodeKind, Scanned, Visibility};
use super::path::{UsePath, use_path};
use super::scanned_crate::{
    Adt, Definition, FoundExport, Glob, Named, Referent, ScannedCrate, Scope, ScopeId,
};
use crate::context::CrateContext;
use crate::item::attribute::Options;
use crate::item::export::{Export, Item};
use crate::item::read::read;
use crate::item::syntax::text_of;

/// Where modules have their files.
#[derive(Clone)]
struct Folders {
    /// The current file.
    source: Rc<Path>,
    /// Its folder.
    file: PathBuf,
    /// The folder for `#[path = ".."]`: that of the file, but in an inline module that of the module (the Rust reference, "The path
    /// attribute").
    named: PathBuf,
    /// The folder of the child modules.
    children: PathBuf,
}

impl Folders {
    fn of_inline_module(&self, name: &str) -> Folders {
        let children = self.children.join(name);
        Folders {
            named: children.clone(),
            children,
            ..self.clone()
        }
    }
}

impl<'a> ScannedCrate<'a> {
    /// Reads the crate with this root file. rustc reports files that do not exist.
    pub(crate) fn read(root: &Path, context: &'a CrateContext, files: Files) -> ScannedCrate<'a> {
        let mut krate = ScannedCrate::empty(context, files);
        let folder = root.parent().map(Path::to_path_buf).unwrap_or_default();
        krate.file(root, &folder, 0, true);
        krate
    }

    /// Reads a crate that consists of one text.
    pub(crate) fn of_text(
        scanned: Scanned,
        context: &'a CrateContext,
        files: Files,
    ) -> ScannedCrate<'a> {
        let mut krate = ScannedCrate::empty(context, files);
        let nowhere = Path::new("/nowhere/at/all");
        krate.scanned(scanned, nowhere, nowhere, 0, true);
        krate
    }

    /// Reads the file of a module, if it was left unread because nothing in it seemed to matter.
    pub(crate) fn read_left_out(&mut self, scope: ScopeId) {
        if let Some((file, children)) = self.scopes[scope].unread.take() {
            self.files.give_again(&file);
            self.file(&file, &children, scope, true);
        }
    }

    fn include(&mut self, file: &Path, scope: ScopeId) {
        let children = file.parent().unwrap_or(Path::new(""));
        self.file(file, children, scope, true);
    }

    fn file(&mut self, file: &Path, children: &Path, scope: ScopeId, is_asked: bool) {
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
        if let Some((line, why)) = scanned.problem.filter(|_| says_export) {
            self.unreadable.push(Unreadable {
                file: file.to_path_buf(),
                line,
                why,
            });
        }
        if compiled(&scanned.attributes, &self.context.cfgs).is_some() {
            self.nodes(scanned.nodes, scope, &folders);
        }
    }

    fn nodes(&mut self, nodes: Vec<Node>, scope: ScopeId, folders: &Folders) {
        let mut is_chosen = false;
        for node in nodes {
            let cfgs = &self.context.cfgs;
            let Some(attributes) = compiled(&node.attributes, cfgs) else {
                continue;
            };
            let NodeKind::Arm {
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
        let visible_in = self.visible_in(node.visibility, scope);
        match node.kind {
            NodeKind::File { name } => {
                let module = self.scope(scope, false);
                self.name(scope, &name, Referent::Module(module), visible_in);
                self.module(&name, path(attributes), folders, module);
            }
            NodeKind::Module {
                name,
                attributes: inner,
                nodes,
            } => {
                // An inner `#![cfg(..)]` that does not hold removes the module.
                if compiled(&inner, &self.context.cfgs).is_none() {
                    return;
                }
                let module = self.scope(scope, false);
                self.name(scope, &name, Referent::Module(module), visible_in);
                let folders = folders.of_inline_module(&path(attributes).unwrap_or(name));
                self.nodes(nodes, module, &folders);
            }
            NodeKind::Block(nodes) => {
                let body = self.scope(scope, true);
                self.nodes(nodes, body, folders);
            }
            NodeKind::Export { item, name } => {
                let export = self.export(attributes, &item);
                if !name.is_empty() {
                    let number = export.is_some().then_some(self.exports.len());
                    self.name_adt(scope, &name, number, visible_in);
                }
                if let Some(export) = export {
                    self.add_export(export, scope, folders, node.line);
                }
            }
            NodeKind::Named(name) => self.name_adt(scope, &name, None, visible_in),
            NodeKind::Alias { name, rest: text } => {
                let number = self.aliases.len();
                self.aliases.push(Definition { scope, text });
                self.name(scope, &name, Referent::Alias(number), visible_in);
            }
            NodeKind::Constant { name, rest: text } => {
                let what = self.constants.len();
                self.constants.push(Definition { scope, text });
                self.name(scope, &name, Referent::Constant(what), visible_in);
            }
            NodeKind::Use { path, name } => {
                let mut path = UsePath::of(&path);
                path.is_global |= self.context.is_of_2015 && !path.is_relative();
                match name.as_str() {
                    "*" => self.scopes[scope].globs.push(Glob { path, visible_in }),
                    _ => self.name(scope, &name, Referent::Import(path), visible_in),
                }
            }
            NodeKind::Crate { name, other } => {
                let what = match name == "self" {
                    true => Referent::Module(0),
                    false => Referent::Crate(name),
                };
                self.name(scope, &other, what, visible_in);
            }
            NodeKind::Include(file) => self.include(&folders.file.join(file), scope),
            NodeKind::IncludeOfOutDir(file) => {
                let folder = self.context.out_dir.clone().unwrap_or_default();
                self.include(&folder.join(file.trim_start_matches('/')), scope);
            }
            NodeKind::Preamble(name) => self.name(scope, &name, Referent::Preamble, visible_in),
            // `nodes` has handled it.
            NodeKind::Arm { .. } => {}
            NodeKind::Unread => self.unread.push(Unread {
                file: folders.source.to_path_buf(),
                line: node.line,
            }),
        }
    }

    fn add_export(&mut self, export: Export, scope: ScopeId, folders: &Folders, line: usize) {
        if let Some(path) = &export.options.facade {
            let path = use_path(path).segments;
            if !self.facades.contains(&path) {
                self.facades.push(path);
            }
        }
        self.exports.push(FoundExport {
            export,
            scope,
            file: folders.source.clone(),
            line,
        });
    }

    fn scope(&mut self, parent: ScopeId, is_body: bool) -> ScopeId {
        self.scopes.push(Scope {
            parent: Some(parent),
            is_body,
            ..Scope::default()
        });
        self.scopes.len() - 1
    }

    fn name(&mut self, scope: ScopeId, name: &str, what: Referent, visible_in: ScopeId) {
        let names = self.scopes[scope].names.entry(name.to_string());
        names.or_default().push(Named { what, visible_in });
    }

    fn name_adt(&mut self, scope: ScopeId, name: &str, export: Option<usize>, visible_in: ScopeId) {
        let number = self.adts.len();
        self.adts.push(Adt {
            name: name.to_string(),
            export,
        });
        self.name(scope, name, Referent::Adt(number), visible_in);
    }

    /// The scope where an item is visible.
    fn visible_in(&self, visibility: Visibility, scope: ScopeId) -> ScopeId {
        match visibility {
            Visibility::Scope => scope,
            Visibility::Parent => self.parent_of(scope).unwrap_or(0),
            Visibility::Crate => 0,
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

    /// The export without parts that are not compiled; `None` if it cannot be exported.
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
        let mut export = read(Options::read(options).ok()?, item).ok()?;
        let cfgs = &self.context.cfgs;
        match &mut export.item {
            Item::Function(function) => {
                let inputs = std::mem::take(&mut function.signature.inputs);
                let stays = |input: &FnArg| match input {
                    FnArg::Receiver(receiver) => all_hold(&receiver.attrs, cfgs),
                    FnArg::Typed(typed) => all_hold(&typed.attrs, cfgs),
                };
                function.signature.inputs = inputs.into_iter().filter(stays).collect();
            }
            Item::Record(record) => record.fields.retain(|part| all_hold(&part.cfgs, cfgs)),
            Item::Enumeration(list) => list.variants.retain(|part| all_hold(&part.cfgs, cfgs)),
            Item::Static(_) => {}
        }
        Some(export)
    }
}

/// The path in `#[path = ".."]`.
fn path(attributes: &[Attribute]) -> Option<String> {
    let mut attributes = attributes.iter();
    attributes.find_map(|attribute| text_of(attribute, "path").map(LitStr::value))
}

#[cfg(test)]
mod tests;
