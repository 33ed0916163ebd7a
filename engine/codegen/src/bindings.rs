//! What the code generator returns: the module's items, and the C that they need beside the preamble.

use crate::checks::export_prototypes::ExportPrototype;
use crate::checks::layout_in_c::LayoutAssertion;
use crate::items::derives::Underivable;
use crate::shims::Shim;

/// The module's items, and what they need.
pub struct Bindings {
    /// The documentation of the module.
    pub documentation: String,
    /// The items but for those in [`Bindings::foreign`].
    pub items: String,
    /// The functions and variables that are linked to.
    pub foreign: Vec<Foreign>,
    pub shims: Vec<Shim>,
    /// What the C compiler is to assert of the bound records while it compiles the library.
    pub layouts: Vec<LayoutAssertion>,
    /// The names that are not bound, each with the reason.
    pub left_out: Vec<(String, String)>,
    /// What `derive:` asks for and a struct cannot have.
    pub underivable: Vec<Underivable>,
    /// What C declares of the crate's exports.
    pub prototypes: Vec<ExportPrototype>,
}

/// A function or variable for an `extern` block.
pub struct Foreign {
    pub symbol: String,
    /// With its attributes.
    pub declaration: String,
    /// A panic or an exception may cross it.
    pub unwinds: bool,
}

impl Foreign {
    /// Links it to another symbol.
    pub fn link_to(&mut self, symbol: String) {
        let link = |symbol: &str| format!("#[link_name = \"{symbol}\"] ");
        let unlinked = self.declaration.replace(&link(&self.symbol), "");
        self.declaration = link(&symbol) + &unlinked;
        self.symbol = symbol;
    }
}
