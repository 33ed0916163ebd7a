//! Compiles the preamble's object while the probe still runs, with foreseen shims and the layouts of the last build. It is seldom compiled
//! again.

use std::collections::HashSet;

use cgo_codegen::Bindings;
use cgo_codegen::checks::layout_in_c::LayoutAssertion;
use cgo_codegen::shims::{self, Shim};
use cgo_csyntax::declarations::names::Names;
use cgo_csyntax::diagnostic::Outcome;
use cgo_csyntax::selection::BoundItem;
use cgo_toolchain::compiler::Toolchain;
use cgo_toolchain::unit::TranslationUnit;

use crate::cache::layouts;
use crate::linking::preamble_object::{self, Attempt};
use crate::pipeline::request::Request;

/// The shims and layouts that are probably needed.
pub(crate) struct Foreseen {
    shims: Vec<Shim>,
    layouts: Vec<LayoutAssertion>,
}

/// The object with these.
pub(crate) struct EarlyObject {
    foreseen: Foreseen,
    pub(crate) attempt: Outcome<Attempt>,
}

impl Foreseen {
    /// `None` if there is no last build.
    pub(crate) fn of(
        request: &Request<'_>,
        items: &[BoundItem],
        names: &Names<'_>,
    ) -> Option<Foreseen> {
        Some(Foreseen {
            layouts: layouts::recall(request.preamble, request.session)?,
            shims: shims::foresee(items, names, &request.session.target),
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
    /// Whether it can be used for these bindings. If it failed, it must have had the same shims and layouts; else it may have more.
    pub(crate) fn suits(&self, bindings: &Bindings) -> bool {
        let Foreseen { shims, layouts } = &self.foreseen;
        let holds_all = has_all(shims, &bindings.shims) && has_all(layouts, &bindings.layouts);
        let holds_no_more =
            || has_all(&bindings.shims, shims) && has_all(&bindings.layouts, layouts);
        holds_all && (matches!(self.attempt, Ok(Attempt::Compiled(_))) || holds_no_more())
    }
}

fn has_all<T: Eq + std::hash::Hash>(these: &[T], those: &[T]) -> bool {
    let these: HashSet<&T> = these.iter().collect();
    those.iter().all(|one| these.contains(one))
}
