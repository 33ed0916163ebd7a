//! Expands a macro as the preprocessor does (C17 6.10.3), so that it can be told what to ask the compiler about it. What comes out
//! is read and never compiled.

use std::borrow::Cow;
use std::rc::Rc;

use crate::declarations::names::{Macro, Names};
use crate::lexer::{Token, TokenKind, each_token, is_word_byte, tokens};

/// So many tokens are no constant that anyone wrote; it keeps macros that double each other at every step in bounds.
const MOST_TOKENS: usize = 5_000;

/// How many macros lead to one another before the reading breaks off.
const LONGEST_CHAIN: usize = 100;

/// How deep calls may stand in the arguments of calls.
const DEEPEST_CALL: usize = 32;

/// Why a macro has no text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unexpanded {
    /// A use of another macro in it breaks off, or has other arguments than that takes.
    Broken,
    /// It comes to more than `MOST_TOKENS`.
    TooLong,
    /// It leads through more than `LONGEST_CHAIN` macros, or calls deeper than `DEEPEST_CALL`.
    TooDeep,
    /// It has a line or a number in it that is another at each place.
    OfItsPlace,
}

/// The text that the object macro `name` is replaced by.
pub fn expanded(names: &Names, name: &str) -> Result<String, Unexpanded> {
    let mut expander = Expander {
        names,
        steps: 0,
        depth: 0,
        of_its_place: false,
        limit: None,
    };
    let text = expander.object(name);
    let text = text.ok_or(expander.limit.unwrap_or(Unexpanded::Broken))?;
    match expander.of_its_place {
        true => Err(Unexpanded::OfItsPlace),
        false => Ok(text),
    }
}

/// A token on its way.
#[derive(Clone)]
struct Piece<'n> {
    text: Cow<'n, str>,
    kind: TokenKind,
    /// Blanks stand before it.
    spaced: bool,
    /// The macros that it came out of, as which it is read no more.
    hidden: Option<Rc<Hidden<'n>>>,
}

struct Hidden<'n> {
    name: &'n str,
    next: Option<Rc<Hidden<'n>>>,
}

impl<'n> Piece<'n> {
    fn is(&self, punctuation: u8) -> bool {
        self.kind == TokenKind::Punctuation(punctuation)
    }

    fn hides(&self, name: &'n str) -> bool {
        // All are keys of the one table of macros.
        names_of(&self.hidden).any(|hidden| std::ptr::eq(hidden, name))
    }

    /// The same, with these macros hidden too.
    fn hide(mut self, more: &Option<Rc<Hidden<'n>>>) -> Piece<'n> {
        if self.hidden.is_none() {
            self.hidden.clone_from(more);
            return self;
        }
        for name in names_of(more) {
            if !self.hides(name) {
                let next = self.hidden.take();
                self.hidden = Some(Rc::new(Hidden { name, next }));
            }
        }
        self
    }
}

fn names_of<'n>(hidden: &Option<Rc<Hidden<'n>>>) -> impl Iterator<Item = &'n str> {
    let mut next = hidden.as_deref();
    std::iter::from_fn(move || {
        let hidden = next?;
        next = hidden.next.as_deref();
        Some(hidden.name)
    })
}

fn pieces<'n>(tokens: &[Token<'n>]) -> Vec<Piece<'n>> {
    let mut end = tokens.first().map_or(0, |first| first.start);
    let piece = |token: &Token<'n>| {
        let spaced = token.start > end;
        end = token.start + token.text.len();
        Piece {
            text: Cow::Borrowed(token.text),
            kind: token.kind,
            spaced,
            hidden: None,
        }
    };
    tokens.iter().map(piece).collect()
}

/// The pieces as text, in which no two words or literals grow together.
fn text_of(pieces: &[Piece<'_>]) -> String {
    let mut text = String::new();
    for piece in pieces {
        let is_glued = |byte: u8| is_word_byte(byte) || byte == b'"' || byte == b'\'';
        let grows = text.bytes().last().is_some_and(is_glued)
            && piece.text.bytes().next().is_some_and(is_glued);
        if !text.is_empty() && (piece.spaced || grows) {
            text.push(' ');
        }
        text.push_str(&piece.text);
    }
    text
}

/// What a macro is replaced by, and its parameters.
#[derive(Default)]
struct Replacement<'n> {
    parameters: Vec<&'n str>,
    /// The last parameter takes all that is left.
    variadic: bool,
    function_like: bool,
    body: Vec<Piece<'n>>,
}

/// Of an object macro.
fn replacement(body: &str) -> Replacement<'_> {
    Replacement {
        body: pieces(&tokens(body)),
        ..Replacement::default()
    }
}

/// Of a macro with parameters, whose text starts with them: `(a, b) a + b`.
fn function_replacement(text: &str) -> Option<Replacement<'_>> {
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
        body: pieces(&tokens(body)),
    })
}

/// What stands for the parameters, as written and expanded.
#[derive(Default)]
struct Arguments<'n> {
    written: Vec<Vec<Piece<'n>>>,
    expanded: Vec<Vec<Piece<'n>>>,
}

struct Expander<'n> {
    names: &'n Names<'n>,
    /// How many tokens were looked at.
    steps: usize,
    /// How many calls are open whose arguments are being expanded.
    depth: usize,
    /// `__LINE__` or its like was met, which the preprocessor would have replaced.
    of_its_place: bool,
    /// The bound that was met.
    limit: Option<Unexpanded>,
}

impl<'n> Expander<'n> {
    fn object(&mut self, name: &str) -> Option<String> {
        let (name, definition) = self.names.macros.get_key_value(name)?;
        let body = replacement(&definition.body);
        let body = self.substitute(&body, &Arguments::default())?;
        let hidden = Some(Rc::new(Hidden { name, next: None }));
        let body = body.into_iter().map(|piece| piece.hide(&hidden)).collect();
        Some(text_of(&self.expand(body)?))
    }

    fn step(&mut self, tokens: usize) -> Option<()> {
        self.steps += tokens;
        self.keep_to(self.steps <= MOST_TOKENS, Unexpanded::TooLong)
    }

    fn keep_to(&mut self, is_within: bool, limit: Unexpanded) -> Option<()> {
        if !is_within {
            self.limit = Some(limit);
        }
        is_within.then_some(())
    }

    fn macro_of(&self, piece: &Piece<'n>) -> Option<(&'n str, &'n Macro<'n>)> {
        if piece.kind != TokenKind::Word {
            return None;
        }
        let (name, definition) = self.names.macros.get_key_value(piece.text.as_ref())?;
        (!piece.hides(name)).then_some((name, definition))
    }

    fn expand(&mut self, rest: Vec<Piece<'n>>) -> Option<Vec<Piece<'n>>> {
        self.keep_to(self.depth < DEEPEST_CALL, Unexpanded::TooDeep)?;
        self.depth += 1;
        let expanded = self.expand_one_level(rest);
        self.depth -= 1;
        expanded
    }

    fn expand_one_level(&mut self, mut rest: Vec<Piece<'n>>) -> Option<Vec<Piece<'n>>> {
        rest.reverse();
        let mut done = Vec::new();
        while let Some(piece) = rest.pop() {
            self.step(1)?;
            self.of_its_place |= matches!(
                piece.text.as_ref(),
                "__LINE__" | "__COUNTER__" | "__INCLUDE_LEVEL__"
            );
            let Some((name, definition)) = self.macro_of(&piece) else {
                done.push(piece);
                continue;
            };
            let mut hidden = piece.hidden.clone();
            let is_within = names_of(&hidden).count() < LONGEST_CHAIN;
            self.keep_to(is_within, Unexpanded::TooDeep)?;
            let (replacement, arguments) = if definition.function_like {
                if !rest.last().is_some_and(|next| next.is(b'(')) {
                    done.push(piece);
                    continue;
                }
                let replacement = function_replacement(&definition.body)?;
                let (written, end) = self.arguments(&mut rest, &replacement)?;
                hidden = common(&hidden, &end.hidden);
                let mut expanded = Vec::new();
                for argument in &written {
                    expanded.push(self.expand(argument.clone())?);
                }
                (replacement, Arguments { written, expanded })
            } else {
                (replacement(&definition.body), Arguments::default())
            };
            hidden = Some(Rc::new(Hidden { name, next: hidden }));
            let replaced = self.substitute(&replacement, &arguments)?;
            if let Some(next) = rest.last_mut() {
                next.spaced = true;
            }
            let replaced = replaced.into_iter().enumerate().map(|(index, mut token)| {
                token.spaced |= index == 0;
                token.hide(&hidden)
            });
            let replaced: Vec<Piece<'n>> = replaced.collect();
            rest.extend(replaced.into_iter().rev());
        }
        Some(done)
    }

    /// Takes a call's arguments with their brackets. The last bracket comes along.
    fn arguments(
        &mut self,
        rest: &mut Vec<Piece<'n>>,
        replacement: &Replacement<'n>,
    ) -> Option<(Vec<Vec<Piece<'n>>>, Piece<'n>)> {
        let wanted = replacement.parameters.len();
        let mut arguments = vec![Vec::new()];
        let mut depth = 0usize;
        rest.pop();
        loop {
            let piece = rest.pop()?;
            self.step(1)?;
            let is_last = replacement.variadic && arguments.len() == wanted;
            match piece.kind {
                TokenKind::Punctuation(b')') if depth == 0 => {
                    if wanted == 0 && arguments[0].is_empty() {
                        arguments.clear();
                    }
                    // Nothing need stand for `...`.
                    if replacement.variadic && arguments.len() + 1 == wanted {
                        arguments.push(Vec::new());
                    }
                    return (arguments.len() == wanted).then_some((arguments, piece));
                }
                TokenKind::Punctuation(b',') if depth == 0 && !is_last => {
                    arguments.push(Vec::new());
                    continue;
                }
                TokenKind::Punctuation(b'(') => depth += 1,
                TokenKind::Punctuation(b')') => depth -= 1,
                _ => {}
            }
            arguments.last_mut()?.push(piece);
        }
    }

    /// Puts the arguments where the parameters stand in a macro's body.
    fn substitute(
        &mut self,
        replacement: &Replacement<'n>,
        arguments: &Arguments<'n>,
    ) -> Option<Vec<Piece<'n>>> {
        let body = &replacement.body[..];
        let mut done: Vec<Piece<'n>> = Vec::new();
        let mut at = 0;
        let mut pastes = false;
        while at < body.len() {
            self.step(1)?;
            let piece = &body[at];
            at += 1;
            if is_paste(&body[at - 1..]) {
                at += 1;
                pastes = true;
                continue;
            }
            let parameter = replacement.parameter(piece);
            let operand = if replacement.function_like && piece.is(b'#') {
                let parameter = replacement.parameter(body.get(at)?)?;
                at += 1;
                vec![string(piece, arguments.written.get(parameter)?)]
            } else if replacement.function_like && piece.text == "__VA_OPT__" {
                let length = group(&body[at..])?;
                let inner = Replacement {
                    body: body[at + 1..at + length - 1].to_vec(),
                    ..replacement.without_body()
                };
                at += length;
                match arguments.expanded.last()?.is_empty() {
                    true => Vec::new(),
                    false => self.substitute(&inner, arguments)?,
                }
            } else if let Some(parameter) = parameter {
                let is_operand = pastes || is_paste(&body[at..]);
                let list = match is_operand {
                    true => &arguments.written,
                    false => &arguments.expanded,
                };
                let mut list = list.get(parameter)?.clone();
                self.step(list.len())?;
                if let Some(first) = list.first_mut() {
                    first.spaced = piece.spaced;
                }
                // `, ## __VA_ARGS__` pastes nothing: the comma goes where there are no arguments.
                let is_rest = replacement.variadic && parameter + 1 == replacement.parameters.len();
                if pastes && is_rest && done.last().is_some_and(|last| last.is(b',')) {
                    pastes = false;
                    if list.is_empty() {
                        done.pop();
                    }
                }
                list
            } else {
                vec![piece.clone()]
            };
            let mut operand = operand.into_iter();
            if std::mem::take(&mut pastes) {
                match (done.pop(), operand.next()) {
                    (Some(left), Some(right)) => done.push(pasted(&left, &right)),
                    (left, right) => done.extend(left.or(right)),
                }
            } else if is_paste(&body[at..]) && operand.len() == 0 {
                // What is pasted to nothing is itself.
                done.push(Piece {
                    text: Cow::Borrowed(""),
                    ..piece.clone()
                });
            }
            done.extend(operand);
        }
        done.retain(|piece| !piece.text.is_empty());
        Some(done)
    }
}

impl<'n> Replacement<'n> {
    fn parameter(&self, piece: &Piece<'n>) -> Option<usize> {
        let mut parameters = self.parameters.iter();
        parameters.position(|parameter| piece.kind == TokenKind::Word && *parameter == piece.text)
    }

    fn without_body(&self) -> Replacement<'n> {
        Replacement {
            parameters: self.parameters.clone(),
            body: Vec::new(),
            ..*self
        }
    }
}

fn is_paste(body: &[Piece<'_>]) -> bool {
    matches!(body, [first, second, ..] if first.is(b'#') && second.is(b'#') && !second.spaced)
}

/// How long a group in brackets is, which starts here.
fn group(body: &[Piece<'_>]) -> Option<usize> {
    let mut depth = 0usize;
    for (index, piece) in body.iter().enumerate() {
        match piece.kind {
            TokenKind::Punctuation(b'(') => depth += 1,
            TokenKind::Punctuation(b')') => depth = depth.checked_sub(1)?,
            _ => {}
        }
        if depth == 0 {
            return piece.is(b')').then_some(index + 1);
        }
    }
    None
}

/// `#x`: the argument as a string.
fn string<'n>(operator: &Piece<'n>, argument: &[Piece<'n>]) -> Piece<'n> {
    let mut text = String::from("\"");
    for (index, piece) in argument.iter().enumerate() {
        if index > 0 && piece.spaced {
            text.push(' ');
        }
        match piece.kind {
            TokenKind::Literal => text.extend(piece.text.chars().flat_map(|character| {
                let escape = matches!(character, '"' | '\\').then_some('\\');
                escape.into_iter().chain([character])
            })),
            _ => text.push_str(&piece.text),
        }
    }
    text.push('"');
    Piece {
        text: Cow::Owned(text),
        kind: TokenKind::Literal,
        spaced: operator.spaced,
        hidden: None,
    }
}

/// `left ## right`.
fn pasted<'n>(left: &Piece<'n>, right: &Piece<'n>) -> Piece<'n> {
    let text = format!("{}{}", left.text, right.text);
    let kind = each_token(&text)
        .next()
        .map_or(left.kind, |token| token.kind);
    Piece {
        kind,
        text: Cow::Owned(text),
        spaced: left.spaced,
        hidden: common(&left.hidden, &right.hidden),
    }
}

/// What both hide.
fn common<'n>(
    left: &Option<Rc<Hidden<'n>>>,
    right: &Option<Rc<Hidden<'n>>>,
) -> Option<Rc<Hidden<'n>>> {
    if let (Some(left), Some(right)) = (left, right)
        && Rc::ptr_eq(left, right)
    {
        return Some(left.clone());
    }
    let both = names_of(left).filter(|name| names_of(right).any(|other| other == *name));
    both.fold(None, |next, name| Some(Rc::new(Hidden { name, next })))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::declarations::declared;

    fn of(definitions: &str, body: &str) -> String {
        let text = format!("{definitions}\n#define M {body}\n");
        let names = declared(&text);
        expanded(&names, "M").unwrap_or_else(|reason| format!("{reason:?}"))
    }

    #[test]
    fn parameters_are_replaced() {
        let text = "#define ADD(a, b) (a + b)\n#define ONE 1\n#define NONE() 7\n#define CALL ADD";
        assert_eq!(of(text, "ADD(ONE, 2)"), "(1 + 2)");
        assert_eq!(of(text, "ADD((1, 2), ADD(3,4))"), "((1, 2) + (3 + 4))");
        assert_eq!(of(text, "NONE() + CALL(1,2)"), "7 + (1 + 2)");
        assert_eq!(of(text, "ADD"), "ADD");
        assert_eq!(of(text, "ADD(1)"), "Broken");
    }

    #[test]
    fn operators_take_arguments_as_they_are_written() {
        let text = "#define STR(x) #x\n#define TEXT(x) STR(x)\n#define CAT(a, b) a##b\n#define PASTE(a, b) CAT(a, b)\n\
                    #define VERSION 1.2\n#define NS my_\n#define WIDE(x) L##x";
        assert_eq!(of(text, "STR(VERSION)"), "\"VERSION\"");
        assert_eq!(of(text, "TEXT(VERSION)"), "\"1.2\"");
        assert_eq!(of(text, r#"STR( a  +"b\n" )"#), r#""a +\"b\\n\"""#);
        assert_eq!(of(text, "CAT(NS, item)"), "NSitem");
        assert_eq!(of(text, "PASTE(NS, item)"), "my_item");
        assert_eq!(of(text, "CAT(, x) CAT(x, )"), "x x");
        assert_eq!(of(text, "a ## b"), "ab");
        assert_eq!(of(text, "WIDE(\"x\")"), "L\"x\"");
        assert_eq!(of(text, "\"line \" TEXT(__LINE__)"), "OfItsPlace");
    }

    #[test]
    fn the_rest_of_the_arguments() {
        let text = "#define F(x, ...) g(x, ##__VA_ARGS__)\n#define G(args...) h(args)\n#define O(x, ...) k(x __VA_OPT__(,) __VA_ARGS__)";
        assert_eq!(of(text, "F(1)"), "g(1)");
        assert_eq!(of(text, "F(1, 2, 3)"), "g(1,2, 3)");
        assert_eq!(of(text, "G(1, 2)"), "h(1, 2)");
        assert_eq!(of(text, "O(1)"), "k(1)");
        assert_eq!(of(text, "O(1, 2)"), "k(1, 2)");
    }

    #[test]
    fn no_macro_is_expanded_within_itself() {
        let text = "#define f(x) x f\n#define a b\n#define b a\n#define XXH_CAT(x, y) x##y\n#define name(x) XXH_CAT(ns_, x)";
        assert_eq!(of(text, "f(1)(2)"), "1 f (2)");
        assert_eq!(of(text, "a"), "a");
        assert_eq!(of(text, "M"), "M");
        assert_eq!(of(text, "name(M)"), "ns_M");
    }

    #[test]
    fn what_doubles_at_every_step_is_too_long() {
        let mut text = "#define D0(x) x x\n".to_string();
        for step in 1..40 {
            text += &format!("#define D{step}(x) D{}(x) D{}(x)\n", step - 1, step - 1);
        }
        assert_eq!(of(&text, "D39(1)"), "TooLong");
    }

    #[test]
    fn a_long_chain_of_macros_is_followed() {
        let chain = |links: usize| {
            let step = |link: usize| {
                format!(
                    "#define A{link} A{}\n#define F{link}(x) F{}(x)\n",
                    link + 1,
                    link + 1
                )
            };
            let steps: String = (0..links).map(step).collect();
            steps + &format!("#define A{links} 1\n#define F{links}(x) x\n")
        };
        assert_eq!(of(&chain(90), "A0 + F0(2)"), "1 + 2");
        assert_eq!(of(&chain(110), "A0"), "TooDeep");
    }
}
