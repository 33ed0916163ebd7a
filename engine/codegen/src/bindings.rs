//! What the code generator returns: the module's items, and the C that they need beside the preamble.

use std::fmt::Write;

use cgo_csyntax::directive::DerivedTrait;
use cgo_csyntax::directive::pattern::NamePattern;
use cgo_csyntax::selection::LeftOut;

use crate::checks::export_prototypes::ExportPrototype;
use crate::checks::layout_in_c::LayoutAssertion;
use crate::shims::Shim;

/// The module's items, and what they need.
pub struct Bindings {
    /// The documentation of the module.
    pub documentation: String,
    /// The items but for those in [`Bindings::extern_items`].
    pub items: String,
    /// The functions and variables that are linked to.
    pub extern_items: Vec<ExternItem>,
    pub shims: Vec<Shim>,
    /// What the C compiler is to assert of the bound records while it compiles the library.
    pub layouts: Vec<LayoutAssertion>,
    /// The names that are not bound.
    pub left_out: Vec<LeftOut>,
    /// What `derive:` asks for and a struct cannot have.
    pub underivable: Vec<Underivable>,
    /// What C declares of the crate's exports.
    pub prototypes: Vec<ExportPrototype>,
}

/// A trait that a struct cannot have.
pub struct Underivable {
    pub derived: DerivedTrait,
    pub pattern: NamePattern,
    pub why: String,
}

/// A function or variable for an `extern` block.
pub struct ExternItem {
    /// Its name in the block.
    pub name: String,
    /// The symbol that it is linked to.
    pub symbol: String,
    /// Its documentation and attributes, but for that of the symbol.
    pub attributes: String,
    /// With its visibility.
    pub declaration: String,
    /// A panic or an exception may cross it.
    pub unwinds: bool,
}

impl ExternItem {
    /// Writes it as a line of an `extern` block.
    pub fn write(&self, code: &mut String) {
        code.push_str(&self.attributes);
        if self.name != self.symbol {
            let _ = write!(code, "#[link_name = \"{}\"] ", self.symbol);
        }
        code.push_str(&self.declaration);
        code.push_str(";\n");
    }
}
