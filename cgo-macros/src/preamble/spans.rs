//! The spans of a preamble's tokens.

use std::collections::HashMap;

use cgo_driver::{Diagnostic, Place, Preamble};

use proc_macro::Span;

/// The spans of the C tokens by their place; empty for the forms that have no C tokens.
pub(crate) struct Spans {
    /// The macro call as a whole.
    pub(crate) call: Span,
    /// The first token of the C.
    pub(crate) first: Option<Span>,
    /// In the order of the text.
    pub(crate) tokens: Vec<(Place, Span)>,
    /// The spans of the path segments of each imported type.
    pub(crate) imported: HashMap<String, Vec<Span>>,
}

impl Spans {
    pub(crate) fn of(call: Span, tokens: Vec<(Place, Span)>) -> Spans {
        Spans {
            call,
            first: None,
            tokens,
            imported: HashMap::new(),
        }
    }

    /// Where an editor goes for what has no token of its own. The call as a whole would be the macro's definition too.
    pub(crate) fn elsewhere(&self) -> Span {
        self.first.map_or(self.call, |first| first.start())
    }

    /// The span of the imported name at a place, or of the token there, or of the last one before it on the same line, or of the first one on
    /// the line.
    pub(crate) fn at(&self, place: Place) -> Option<Span> {
        let mut imported = self.imported.values().filter_map(|places| places.last());
        if let Some(name) = imported.find(|name| start_of(**name) == place) {
            return Some(*name);
        }
        let on_line = || self.tokens.iter().filter(|(at, _)| at.line == place.line);
        let before = on_line()
            .filter(|(at, _)| at.column <= place.column)
            .max_by_key(|(at, _)| at.column);
        before
            .or_else(|| on_line().min_by_key(|(at, _)| at.column))
            .map(|(_, span)| *span)
    }
}

/// Where a token starts.
pub(crate) fn start_of(span: Span) -> Place {
    Place {
        line: span.start().line(),
        column: span.start().column(),
    }
}

/// A message and its span: its C token, or the call. Then the message has the place and the line.
pub(crate) fn placed(
    diagnostic: &Diagnostic,
    spans: &Spans,
    preamble: &Preamble,
) -> (String, Span) {
    let message = diagnostic.message.to_string();
    let Some(place) = diagnostic.place else {
        return (message, spans.call);
    };
    if let Some(span) = spans.at(place) {
        return (message, span);
    }
    let Place { line, column } = place;
    let file = spans.call.file();
    let message = format!("{file}:{line}:{column}: {message}");
    let quoted = preamble.quote(place);
    (format!("{message}{quoted}"), spans.call)
}
