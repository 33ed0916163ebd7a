//! Replaces the parameters in a macro's replacement list by the arguments, and applies `#` and `##` (C17 6.10.3.1 to 6.10.3.3).

use std::borrow::Cow;

use crate::lexer::{TokenKind, each_token, tokens};
use crate::macros::bounds::Bounds;
use crate::macros::pp_token::{PpToken, in_both, pp_tokens};

/// A macro's replacement list and its parameters.
#[derive(Default)]
pub(crate) struct Replacement<'n> {
    pub(crate) parameters: Vec<&'n str>,
    /// The last parameter takes all remaining arguments.
    pub(crate) variadic: bool,
    function_like: bool,
    list: Vec<PpToken<'n>>,
}

/// The replacement list of an object-like macro.
pub(crate) fn of_object(body: &str) -> Replacement<'_> {
    Replacement {
        list: pp_tokens(&tokens(body)),
        ..Replacement::default()
    }
}

/// The replacement list of a function-like macro, whose text starts with the parameters: `(a, b) a + b`.
pub(crate) fn of_function(text: &str) -> Option<Replacement<'_>> {
    let (parameters, body) = text.strip_prefix('(')?.split_once(')')?;
    let mut parameters: Vec<&str> = parameters.split(',').map(str::trim).collect();
    if parameters == [""] {
        parameters.clear();
    }
    let last = parameters.last_mut();
    let variadic = match last {
        Some(last) if last.ends_with("...") => {
            *last = last.trim_end_matches('.').trim_end();
            if last.is_empty() {
                *last = "__VA_ARGS__";
            }
            true
        }
        _ => false,
    };
    Some(Replacement {
        parameters,
        variadic,
        function_like: true,
        list: pp_tokens(&tokens(body)),
    })
}

/// The arguments of a call, as they are written and expanded.
#[derive(Default)]
pub(crate) struct Arguments<'n> {
    pub(crate) written: Vec<Vec<PpToken<'n>>>,
    pub(crate) expanded: Vec<Vec<PpToken<'n>>>,
}

impl<'n> Replacement<'n> {
    /// The replacement list with the arguments in place of the parameters.
    pub(crate) fn substitute(
        &self,
        arguments: &Arguments<'n>,
        bounds: &mut Bounds,
    ) -> Option<Vec<PpToken<'n>>> {
        let mut done: Vec<PpToken<'n>> = Vec::new();
        let mut at = 0;
        let mut pastes = false;
        while at < self.list.len() {
            bounds.step(1)?;
            if is_paste(&self.list[at..]) {
                at += 2;
                pastes = true;
                continue;
            }
            let first = &self.list[at];
            let (operand, end) = self.operand(at, pastes, arguments, bounds)?;
            // `, ## __VA_ARGS__` pastes nothing, but removes the comma if there are no arguments.
            if pastes && self.is_rest(first) && done.last().is_some_and(|last| last.is(b',')) {
                pastes = false;
                if operand.is_empty() {
                    done.pop();
                }
            }
            let mut operand = operand.into_iter();
            if std::mem::take(&mut pastes) {
                match (done.pop(), operand.next()) {
                    (Some(left), Some(right)) => done.push(pasted(&left, &right)),
                    (left, right) => done.extend(left.or(right)),
                }
            } else if is_paste(&self.list[end..]) && operand.len() == 0 {
                done.push(placemarker(first));
            }
            done.extend(operand);
            at = end;
        }
        done.retain(|token| !token.text.is_empty());
        Some(done)
    }

    /// The tokens that replace the one at `at`, and where the next one is.
    fn operand(
        &self,
        at: usize,
        pastes: bool,
        arguments: &Arguments<'n>,
        bounds: &mut Bounds,
    ) -> Option<(Vec<PpToken<'n>>, usize)> {
        let token = &self.list[at];
        let next = at + 1;
        if self.function_like && token.is(b'#') {
            let parameter = self.parameter(self.list.get(next)?)?;
            let argument = arguments.written.get(parameter)?;
            return Some((vec![string(token, argument)], next + 1));
        }
        if self.function_like && token.text == "__VA_OPT__" {
            let end = next + group(&self.list[next..])?;
            let has_rest = !arguments.expanded.last()?.is_empty();
            let inner = self.with_list(&self.list[next + 1..end - 1]);
            let operand = has_rest.then(|| inner.substitute(arguments, bounds));
            return Some((operand.unwrap_or(Some(Vec::new()))?, end));
        }
        let Some(parameter) = self.parameter(token) else {
            return Some((vec![token.clone()], next));
        };
        let argument = match pastes || is_paste(&self.list[next..]) {
            true => &arguments.written,
            false => &arguments.expanded,
        };
        let mut argument = argument.get(parameter)?.clone();
        bounds.step(argument.len())?;
        if let Some(first) = argument.first_mut() {
            first.spaced = token.spaced;
        }
        Some((argument, next))
    }

    fn parameter(&self, token: &PpToken<'n>) -> Option<usize> {
        let mut parameters = self.parameters.iter();
        parameters.position(|parameter| token.kind == TokenKind::Word && *parameter == token.text)
    }

    /// Whether it is the parameter that takes all remaining arguments.
    fn is_rest(&self, token: &PpToken<'n>) -> bool {
        let last = self.parameters.len().checked_sub(1);
        self.variadic && last.is_some() && self.parameter(token) == last
    }

    /// The same macro with a part of its replacement list.
    fn with_list(&self, list: &[PpToken<'n>]) -> Replacement<'n> {
        Replacement {
            parameters: self.parameters.clone(),
            list: list.to_vec(),
            ..*self
        }
    }
}

/// Takes the place of an empty argument of `##` (C17 6.10.3.3).
fn placemarker<'n>(parameter: &PpToken<'n>) -> PpToken<'n> {
    PpToken {
        text: Cow::Borrowed(""),
        ..parameter.clone()
    }
}

fn is_paste(list: &[PpToken<'_>]) -> bool {
    matches!(list, [first, second, ..] if first.is(b'#') && second.is(b'#') && !second.spaced)
}

/// The length of the group in brackets that starts here.
fn group(list: &[PpToken<'_>]) -> Option<usize> {
    let mut depth = 0usize;
    for (index, token) in list.iter().enumerate() {
        match token.kind {
            TokenKind::Punctuation(b'(') => depth += 1,
            TokenKind::Punctuation(b')') => depth = depth.checked_sub(1)?,
            _ => {}
        }
        if depth == 0 {
            return token.is(b')').then_some(index + 1);
        }
    }
    None
}

/// The argument as a string: `#x`.
fn string<'n>(operator: &PpToken<'n>, argument: &[PpToken<'n>]) -> PpToken<'n> {
    let mut text = String::from("\"");
    for (index, token) in argument.iter().enumerate() {
        if index > 0 && token.spaced {
            text.push(' ');
        }
        match token.kind {
            TokenKind::Literal => {
                for character in token.text.chars() {
                    if matches!(character, '"' | '\\') {
                        text.push('\\');
                    }
                    text.push(character);
                }
            }
            _ => text.push_str(&token.text),
        }
    }
    text.push('"');
    PpToken {
        text: Cow::Owned(text),
        kind: TokenKind::Literal,
        spaced: operator.spaced,
        hide_set: None,
    }
}

/// One token made of two: `left ## right`.
fn pasted<'n>(left: &PpToken<'n>, right: &PpToken<'n>) -> PpToken<'n> {
    let text = format!("{}{}", left.text, right.text);
    let kind = each_token(&text)
        .next()
        .map_or(left.kind, |token| token.kind);
    PpToken {
        kind,
        text: Cow::Owned(text),
        spaced: left.spaced,
        hide_set: in_both(&left.hide_set, &right.hide_set),
    }
}
