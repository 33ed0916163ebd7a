//! Keeps for an editor what each call was expanded to last: while its C is being typed, it often does not compile.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use cgo_driver::{Code, Expansion};

use proc_macro::Span;

/// What is known of a call.
#[derive(Clone)]
pub(crate) struct Last {
    /// What it was when it compiled.
    expansion: Expansion,
    /// Whether it had tokens: a comment is none.
    pub(crate) had_tokens: bool,
}

static LAST: Mutex<Option<HashMap<String, Last>>> = Mutex::new(None);

/// What an editor's server writes for the call tells it from others, and is the same after an edit.
fn key() -> String {
    format!("{:?}", Span::call_site())
}

/// What this call was when it last compiled.
pub(crate) fn recall() -> Option<Last> {
    let last = LAST.lock().unwrap_or_else(PoisonError::into_inner);
    last.as_ref()?.get(&key()).cloned()
}

/// The expansion; where its C does not compile, the module of the last that did, with the errors beside it.
pub(crate) fn or_last(expansion: Expansion, had_tokens: bool) -> Expansion {
    if let Code::Module(_) = expansion.code {
        let last = Last {
            expansion,
            had_tokens,
        };
        let mut all = LAST.lock().unwrap_or_else(PoisonError::into_inner);
        all.get_or_insert_default().insert(key(), last.clone());
        return last.expansion;
    }
    match recall() {
        Some(last) => last.with(expansion.errors),
        None => expansion,
    }
}

impl Last {
    /// Its module, whose places are no longer those of the file, with these errors.
    pub(crate) fn with(self, errors: Vec<cgo_driver::Diagnostic>) -> Expansion {
        Expansion {
            errors,
            warnings: Vec::new(),
            declared: Vec::new(),
            ..self.expansion
        }
    }
}
