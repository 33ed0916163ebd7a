//! Compiles the preamble's object before the compiler has answered: with the shims that the text lets foresee, and the layouts of the last
//! build. It seldom has to be compiled again.

use std::collections::HashSet;

use cgo_codegen::Bindings;
use cgo_codegen::checks::layout_in_c::LayoutAssertion;
use cgo_codegen::shims::{self, Shim};
use cgo_csyntax::declarations::names::Names;
use cgo_csyntax::diagnostic::Outcome;
use cgo_csyntax::selection::Item;

use crate::cache::layouts;
use crate::linking::preamble_object::{self, Attempt};
use crate::pipeline::request::Request;
use crate::toolchain::Toolchain;
use crate::unit::TranslationUnit;

/// What the object is foreseen to hold.
pub(crate) struct Foreseen {
    shims: Vec<Shim>,
    layouts: Vec<LayoutAssertion>,
}

/// What came of it.
pub(crate) struct EarlyObject {
    foreseen: Foreseen,
    pub(crate) attempt: Outcome<Attempt>,
}

impl Foreseen {
    /// Without a last build nothing is foreseen.
    pub(crate) fn of(request: &Request<'_>, items: &[Item]) -> Option<Foreseen> {
        Some(Foreseen {
            layouts: layouts::recall(request.preamble, request.session)?,
            shims: shims::foresee(items),
        })
    }

    pub(crate) fn compile(
        self,
        toolchain: &Toolchain,
        unit: &TranslationUnit,
        names: &Names<'_>,
    ) -> EarlyObject {
        EarlyObject {
            attempt: preamble_object::compile(toolchain, unit, names, &self.shims, &self.layouts),
            foreseen: self,
        }
    }
}

impl EarlyObject {
    /// Whether it is what compiling with these shims and layouts would come to. One that failed tells nothing if it held more than them.
    pub(crate) fn suits(&self, output: &Bindings) -> bool {
        let Foreseen { shims, layouts } = &self.foreseen;
        let holds_all = has_all(shims, &output.shims) && has_all(layouts, &output.layouts);
        let holds_no_more = || has_all(&output.shims, shims) && has_all(&output.layouts, layouts);
        holds_all && (matches!(self.attempt, Ok(Attempt::Compiled(_))) || holds_no_more())
    }
}

fn has_all<T: Eq + std::hash::Hash>(these: &[T], those: &[T]) -> bool {
    let these: HashSet<&T> = these.iter().collect();
    those.iter().all(|one| these.contains(one))
}
