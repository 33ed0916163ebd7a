//! Finds its way in the text of a call: where its brackets close, where its head items end, and at which place of the file that is.

use cgo_driver::Place;
use cgo_driver::rust_scan::text::{RustPiece, piece};

/// The place behind a text that starts at `start`.
pub(super) fn after(start: Place, text: &str) -> Place {
    match text.rsplit_once('\n') {
        None => Place {
            column: start.column + text.chars().count(),
            ..start
        },
        Some((lines, last)) => Place {
            line: start.line + lines.matches('\n').count() + 1,
            column: last.chars().count() + 1,
        },
    }
}

/// Where the bracket closes that `text` starts with.
pub(super) fn close(text: &str) -> Option<usize> {
    let (mut depth, mut at) = (0usize, 0);
    loop {
        let (length, _) = piece(&text[at..])?;
        match text.as_bytes()[at] {
            b'{' | b'(' | b'[' => depth += 1,
            b'}' | b')' | b']' => depth = depth.checked_sub(1)?,
            _ => {}
        }
        if depth == 0 {
            return Some(at);
        }
        at += length;
    }
}

/// Where the text behind so many semicolons starts.
pub(super) fn after_semicolons(text: &str, count: usize) -> Option<usize> {
    let (mut seen, mut at) = (0, 0);
    while seen < count {
        let (length, kind) = piece(&text[at..])?;
        seen += usize::from(kind == RustPiece::Sign && text[at..].starts_with(';'));
        at += length;
    }
    Some(at)
}
