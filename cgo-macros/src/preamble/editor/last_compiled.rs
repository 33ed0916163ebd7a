//! Keeps the last module of each call that compiled: C that is being typed often does not compile.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use cgo_driver::{Code, Expansion};

use proc_macro::Span;

/// A call when its C last compiled.
#[derive(Clone)]
pub(crate) struct LastCompiled {
    expansion: Expansion,
    /// Whether it had tokens: C in a comment has none.
    pub(crate) had_tokens: bool,
}

static CALLS: Mutex<Option<HashMap<String, LastCompiled>>> = Mutex::new(None);

/// What an editor's server writes for the call tells it from others, and is the same after an edit.
fn key() -> String {
    format!("{:?}", Span::call_site())
}

/// What this call was when it last compiled.
pub(crate) fn last_compiled() -> Option<LastCompiled> {
    let calls = CALLS.lock().unwrap_or_else(PoisonError::into_inner);
    calls.as_ref()?.get(&key()).cloned()
}

/// The expansion; where its C does not compile, the module of the last that did, with the errors beside it.
pub(crate) fn or_last_compiled(expansion: Expansion, had_tokens: bool) -> Expansion {
    if let Code::Module(_) = expansion.code {
        let last = LastCompiled {
            expansion,
            had_tokens,
        };
        let mut calls = CALLS.lock().unwrap_or_else(PoisonError::into_inner);
        calls.get_or_insert_default().insert(key(), last.clone());
        return last.expansion;
    }
    match last_compiled() {
        Some(last) => last.with(expansion.errors),
        None => expansion,
    }
}

impl LastCompiled {
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
