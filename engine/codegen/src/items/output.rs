//! What the writers of items add to: the text, and which names it defines.

use std::collections::BTreeSet;
use std::fmt::Write;

use crate::bindings::ExternItem;
use crate::checks::layout_in_rust::LayoutCheck;
use crate::context::Context;
use crate::names::identifiers::{foreign_name, identifier};
use crate::shims::Shim;

/// What has been written of the module.
#[derive(Default)]
pub(crate) struct Items {
    pub(crate) text: String,
    pub(crate) extern_items: Vec<ExternItem>,
    pub(crate) shims: Vec<Shim>,
    /// What rustc is to check of the records in the text.
    pub(crate) layouts: Vec<LayoutCheck>,
}

impl Items {
    /// Adds a function or variable to an `extern` block. `declare` gets the name that it has there.
    pub(crate) fn link(
        &mut self,
        context: &Context<'_>,
        name: &str,
        symbol: &str,
        attributes: &str,
        declare: impl Fn(&str) -> String,
    ) {
        let rust = identifier(name);
        let linked = foreign_name(&rust);
        let visibility = context.visibility(&rust);
        if linked != rust {
            let _ = writeln!(self.text, "{visibility} use self::{linked} as {rust};");
        }
        self.extern_items.push(ExternItem {
            symbol: symbol.to_string(),
            attributes: attributes.to_string(),
            declaration: [visibility, " ", &declare(&linked)].concat(),
            unwinds: context.unwinding.contains(name),
            name: linked,
        });
    }

    /// Adds an item's shim to an `extern` block, for the item's own text, and returns the name that it has there. `declare` gets this
    /// name.
    pub(crate) fn link_shim(
        &mut self,
        context: &Context<'_>,
        item: &str,
        symbol: String,
        declare: impl Fn(&str) -> String,
    ) -> String {
        let name = foreign_name(&identifier(&format!("_cgo_shim_{item}")));
        self.extern_items.push(ExternItem {
            name: name.clone(),
            symbol,
            attributes: String::new(),
            declaration: declare(&name),
            unwinds: context.unwinding.contains(item),
        });
        name
    }
}

/// The Rust names that the module defines or imports.
pub(crate) struct NameSpaces {
    pub(crate) types: BTreeSet<String>,
    /// Functions, variables and constants, which have a name space of their own.
    pub(crate) values: BTreeSet<String>,
}
