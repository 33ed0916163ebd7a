//! Preprocessing tokens. Each has a hide set: the macros that are no longer expanded in it (Prosser's algorithm).

use std::borrow::Cow;
use std::rc::Rc;

use crate::lexer::{Token, TokenKind, is_word_byte};

/// A preprocessing token.
#[derive(Clone)]
pub(crate) struct PpToken<'n> {
    pub(crate) text: Cow<'n, str>,
    pub(crate) kind: TokenKind,
    /// There is white space before it.
    pub(crate) spaced: bool,
    /// The macros whose expansion it comes from.
    pub(crate) hide_set: HideSet<'n>,
}

/// A set of macros, as a list that tokens share.
pub(crate) type HideSet<'n> = Option<Rc<Hidden<'n>>>;

pub(crate) struct Hidden<'n> {
    pub(crate) name: &'n str,
    pub(crate) next: HideSet<'n>,
}

impl<'n> PpToken<'n> {
    pub(crate) fn is(&self, punctuation: u8) -> bool {
        self.kind == TokenKind::Punctuation(punctuation)
    }

    pub(crate) fn hides(&self, name: &'n str) -> bool {
        // Both are keys of the table of macros, where each name has one address.
        names_of(&self.hide_set).any(|hidden| std::ptr::eq(hidden, name))
    }

    /// The token with these macros added to its hide set.
    pub(crate) fn hide(mut self, more: &HideSet<'n>) -> PpToken<'n> {
        if self.hide_set.is_none() {
            self.hide_set.clone_from(more);
            return self;
        }
        for name in names_of(more) {
            if !self.hides(name) {
                let next = self.hide_set.take();
                self.hide_set = Some(Rc::new(Hidden { name, next }));
            }
        }
        self
    }
}

pub(crate) fn names_of<'n>(hidden: &HideSet<'n>) -> impl Iterator<Item = &'n str> {
    let mut next = hidden.as_deref();
    std::iter::from_fn(move || {
        let hidden = next?;
        next = hidden.next.as_deref();
        Some(hidden.name)
    })
}

pub(crate) fn pp_tokens<'n>(tokens: &[Token<'n>]) -> Vec<PpToken<'n>> {
    let mut end = tokens.first().map_or(0, |first| first.start);
    let token = |token: &Token<'n>| {
        let spaced = token.start > end;
        end = token.start + token.text.len();
        PpToken {
            text: Cow::Borrowed(token.text),
            kind: token.kind,
            spaced,
            hide_set: None,
        }
    };
    tokens.iter().map(token).collect()
}

/// The text of the tokens. There is a blank between two words or literals.
pub(crate) fn text_of(tokens: &[PpToken<'_>]) -> String {
    let mut text = String::new();
    for token in tokens {
        let is_glued = |byte: u8| is_word_byte(byte) || byte == b'"' || byte == b'\'';
        let grows = text.bytes().last().is_some_and(is_glued)
            && token.text.bytes().next().is_some_and(is_glued);
        if !text.is_empty() && (token.spaced || grows) {
            text.push(' ');
        }
        text.push_str(&token.text);
    }
    text
}

/// The macros in both sets.
pub(crate) fn in_both<'n>(left: &HideSet<'n>, right: &HideSet<'n>) -> HideSet<'n> {
    if let (Some(left), Some(right)) = (left, right)
        && Rc::ptr_eq(left, right)
    {
        return Some(left.clone());
    }
    let both = names_of(left).filter(|name| names_of(right).any(|other| other == *name));
    both.fold(None, |next, name| Some(Rc::new(Hidden { name, next })))
}
