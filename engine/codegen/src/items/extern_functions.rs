//! Writes the declarations of C functions for `extern` blocks.

use std::collections::HashSet;
use std::fmt::Write;

use cgo_csyntax::declarations::names::Storage;
use cgo_csyntax::directive::pattern;
use cgo_csyntax::directive::prototype::Prototyped;
use cgo_csyntax::selection::BoundItem;

use crate::context::{Context, ProbedItem};
use crate::docs::{attribute, declaration};
use crate::items::output::Items;
use crate::items::parameters;
use crate::model::types::Signature;
use crate::shims::{self, Shim};

/// A function that is being written.
pub(crate) struct Function<'a> {
    pub(crate) item: &'a BoundItem,
    pub(crate) storage: Storage,
    pub(crate) signature: &'a Signature,
}

impl Function<'_> {
    /// Whether C declares it `noreturn`, or a directive says so.
    pub(crate) fn never_returns(&self, context: &Context<'_>) -> bool {
        let promised = &context.input.directives.noreturn;
        let name = &self.item.name;
        self.storage.noreturn || pattern::picks(promised, |pattern| pattern.is_like(name))
    }

    /// Whether `#cgo prototype:` gives it other pointers than C declares.
    pub(crate) fn has_prototype(&self, context: &Context<'_>) -> bool {
        let prototype = context.prototype(self.item);
        prototype.is_some_and(|prototype| prototype.of == Prototyped::Function)
    }

    /// ` -> T`, ` -> !` for a function that never returns, or nothing.
    pub(crate) fn result(&self, context: &Context<'_>) -> String {
        match self.never_returns(context) {
            true => " -> !".to_string(),
            false => context.rust.result(self.signature),
        }
    }

    /// The documentation, and what rustc's lints are told.
    pub(crate) fn attributes(&self, context: &Context<'_>, remark: &str) -> String {
        let remark = match self.has_prototype(context) {
            true => format!("Its types are those of `#cgo prototype:`. {remark}"),
            false => remark.to_string(),
        };
        let mut attributes = attribute::of_item(context, self.item, remark.trim_end());
        if self.storage.must_use && !self.never_returns(context) {
            attributes.push_str("#[must_use] ");
        }
        if self.storage.deprecated {
            match self.deprecation(context) {
                Some(note) => {
                    let _ = write!(attributes, "#[deprecated(note = {note:?})] ");
                }
                None => attributes.push_str("#[deprecated] "),
            }
        }
        attributes
    }

    /// What C's `deprecated("..")` says.
    fn deprecation(&self, context: &Context<'_>) -> Option<String> {
        let names = context.input.names;
        let declared = names.ordinary(&self.item.target)?;
        let others = declared.redeclarations.iter().map(|(_, range)| *range);
        let mut all = [declared.declaration].into_iter().chain(others);
        all.find_map(|range| declaration::deprecation(names.tokens(range)))
    }
}

/// Writes a declaration that is linked to this symbol.
pub(crate) fn write(
    context: &Context<'_>,
    function: &Function<'_>,
    symbol: &str,
    remark: &str,
    out: &mut Items,
) {
    let signature = function.signature;
    let names = parameters::names(
        context,
        function.item,
        signature.parameters.len(),
        HashSet::new(),
    );
    let typed = names.iter().zip(&signature.parameters);
    let mut parameters: Vec<String> = typed
        .map(|(name, &id)| format!("{name}: {}", context.rust.argument_type(id)))
        .collect();
    if signature.variadic {
        parameters.push("...".to_string());
    }
    let safety = match context.is_safe(&function.item.name) {
        true => "safe ",
        false => "",
    };
    let (parameters, result) = (parameters.join(", "), function.result(context));
    let attributes = function.attributes(context, remark);
    out.link(context, &function.item.name, symbol, &attributes, |name| {
        format!("{safety}fn {name}({parameters}){result}")
    });
}

/// The symbol that a function or variable is linked to. One that has no symbol for other object files gets one by a shim.
pub(crate) fn symbol(
    context: &Context<'_>,
    probed: &ProbedItem<'_>,
    storage: Storage,
    out: &mut Items,
) -> Result<String, String> {
    let item = probed.item;
    // A function that is always inlined gets here only if no shim calls it: then it needs a symbol as others do.
    let storage = Storage {
        always_inline: false,
        ..storage
    };
    let target = context.input.target;
    let shim = shims::of_object(item, storage, context.input.names, target);
    let shim_symbol = match &shim {
        Some(shim @ Shim::InlineDefinition { .. }) => Some(shim.symbol(context.input.prefix)),
        _ => storage.is_static.then(|| context.shim_symbol(item)),
    };
    out.shims.extend(shim);
    if let Some(symbol) = shim_symbol {
        return Ok(symbol);
    }
    let symbol = probed.symbol.ok_or("the compiler has no symbol for it")?;
    let plain = match target.symbols_have_underscore() {
        true => symbol.strip_prefix('_'),
        false => Some(symbol),
    };
    // `\x01` tells LLVM that the platform's underscore does not belong before it.
    Ok(plain.map_or_else(|| format!("\\x01{symbol}"), str::to_string))
}
