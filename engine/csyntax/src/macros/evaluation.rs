//! Tells from the tokens of an expanded macro how its value is computed, by rules that hold for every compiler.
//!
//! Compilers fold more expressions than C calls constant, and they differ: gcc folds `sqrt(4.0)`, clang folds `"abc"[1]`. A macro must
//! not be a constant with one compiler and a function with the other. So the rules of C17 6.6 decide here what is no constant: calls,
//! variables, the comma operator, what lies in memory. The compiler tells the value of the rest.

use crate::brackets::group_end;
use crate::declarations::caller_frame;
use crate::declarations::names::{NameKind, Names};
use crate::lexer::{Token, TokenKind};
use crate::macros::compound_literal::Operand;
use crate::macros::no_value::{LITERAL_IN_CALL, OF_ITS_FRAME, OF_ITS_PLACE};
use crate::macros::operand::{
    first_comma, is_functions_name, is_places_name, is_size_word, is_string_word, is_times_word,
    operand_end, starts_type,
};
use crate::message::Reason;

/// How the value is computed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Evaluation {
    /// String literals and nothing else.
    String,
    /// The compiler may fold it.
    Constant,
    /// C evaluates it at each use.
    AtEachUse,
    /// It may hold the address of a compound literal, whose lifetime ends with the function around it.
    LiteralAddress,
    /// It is read out of a compound literal. If it is an array, it holds an address as above.
    LiteralElement {
        /// The compound literal can be written outside of a function.
        constant: bool,
    },
    /// An operand in it is read out of a compound literal. If it is a pointer, it may hold an address as above, since an array decays.
    LiteralElementAsOperand,
    /// The same, cast to another type or passed to a function, so that nothing tells whether an array was read.
    LiteralElementConverted,
}

impl Evaluation {
    /// Whether it is read out of a compound literal that cannot have static storage.
    pub fn is_read_in_a_function(self) -> bool {
        match self {
            Evaluation::LiteralElement { constant } => !constant,
            Evaluation::LiteralElementAsOperand | Evaluation::LiteralElementConverted => true,
            Evaluation::String
            | Evaluation::Constant
            | Evaluation::AtEachUse
            | Evaluation::LiteralAddress => false,
        }
    }
}

/// The built-in functions that all compilers fold if the arguments are constant. Those for bits may have a suffix.
const FOLDED: [&str; 22] = [
    "bswap16",
    "bswap32",
    "bswap64",
    "choose_expr",
    "classify_type",
    "clrsb",
    "clz",
    "constant_p",
    "copysign",
    "ctz",
    "expect",
    "fabs",
    "ffs",
    "huge_val",
    "inf",
    "isinf",
    "isnan",
    "nan",
    "offsetof",
    "parity",
    "popcount",
    "types_compatible_p",
];

fn is_folded(word: &str) -> bool {
    let Some(name) = word.strip_prefix("__builtin_") else {
        return false;
    };
    let is = |name: &str| FOLDED.contains(&name);
    // `inff` and `huge_vall` end like their suffix, so only one suffix is removed.
    is(name)
        || ["f", "l", "ll"]
            .iter()
            .any(|suffix| name.strip_suffix(suffix).is_some_and(is))
}

/// How the value is computed, or why there is none.
pub(crate) fn of(names: &Names, tokens: &[Token<'_>]) -> Result<Evaluation, Reason> {
    if is_string(tokens) {
        return Ok(Evaluation::String);
    }
    let mut scan = ExpressionScan {
        names,
        tokens,
        open: Vec::new(),
        cast_end: 0,
        found: ExpressionParts::default(),
    };
    scan.run()?;
    let found = scan.found;
    if found.literal_held && (found.call || found.comma) {
        return Err(LITERAL_IN_CALL);
    }
    Ok(match (found.literal_held, found.literal_read) {
        // Only some compilers fold what is read.
        (true, Some(_)) => Evaluation::LiteralElementConverted,
        (true, None) => Evaluation::LiteralAddress,
        (false, Some(_)) if found.cast || found.call => Evaluation::LiteralElementConverted,
        (false, Some(Read::Operand)) => Evaluation::LiteralElementAsOperand,
        (false, Some(Read::Whole)) => Evaluation::LiteralElement {
            constant: !found.object,
        },
        (false, None) if found.not_constant => Evaluation::AtEachUse,
        (false, None) => Evaluation::Constant,
    })
}

/// String literals, which may stand in brackets. What the time is the library's run tells.
fn is_string(tokens: &[Token<'_>]) -> bool {
    let is_one = |token: &Token<'_>| {
        token.is_string() || (is_string_word(token.text) && !is_times_word(token.text))
    };
    tokens.iter().any(is_one)
        && tokens.iter().all(|token| {
            is_one(token) || token.is(b'(') || token.is(b')') || token.text == "__extension__"
        })
}

/// What an expression contains.
#[derive(Default)]
struct ExpressionParts {
    not_constant: bool,
    /// A function or a variable.
    object: bool,
    call: bool,
    /// The operator, with which only some compilers accept an address outside of functions.
    comma: bool,
    cast: bool,
    /// The address of a compound literal, or one that is an array.
    literal_held: bool,
    /// Something that is read out of a compound literal.
    literal_read: Option<Read>,
}

/// What is read out of a compound literal: a member or an element.
#[derive(Clone, Copy, PartialEq)]
enum Read {
    /// It is the expression.
    Whole,
    /// It is an operand in it.
    Operand,
}

/// What an open bracket is for.
#[derive(Clone, Copy, PartialEq)]
enum Bracket {
    /// Around an expression.
    Plain,
    /// Around a call's arguments, an initializer or a subscript.
    List,
    /// Around the arguments of a built-in function that is folded.
    Folded,
}

struct ExpressionScan<'a> {
    names: &'a Names<'a>,
    tokens: &'a [Token<'a>],
    open: Vec<Bracket>,
    /// Where the last cast ended. A bracket right behind it is not that of a call.
    cast_end: usize,
    found: ExpressionParts,
}

impl ExpressionScan<'_> {
    fn run(&mut self) -> Result<(), Reason> {
        let mut at = 0;
        while let Some(token) = self.tokens.get(at) {
            at = match token.kind {
                TokenKind::Word => self.word(at)?,
                TokenKind::Literal => {
                    let in_folded = self.open.last() == Some(&Bracket::Folded);
                    self.found.not_constant |= token.is_string() && !in_folded;
                    at + 1
                }
                TokenKind::Punctuation(b'(') => self.bracket(at),
                TokenKind::Punctuation(b'[' | b'{') => {
                    self.open.push(Bracket::List);
                    at + 1
                }
                TokenKind::Punctuation(b')' | b']' | b'}') => {
                    self.open.pop();
                    at + 1
                }
                TokenKind::Punctuation(b',') => {
                    match self.open.last() {
                        None => return Err(Reason::new("it is a list, not a single value")),
                        Some(Bracket::Plain) => {
                            (self.found.not_constant, self.found.comma) = (true, true);
                        }
                        Some(_) => {}
                    }
                    at + 1
                }
                TokenKind::Punctuation(b'=') => {
                    // It may keep the address of a literal, as a call may. In an initializer it stands behind a member's name.
                    let assigns = self.open.last() != Some(&Bracket::List) && self.assigns(at);
                    self.found.not_constant |= assigns;
                    self.found.call |= assigns;
                    at + 1
                }
                TokenKind::Punctuation(_) | TokenKind::Number => at + 1,
            };
        }
        Ok(())
    }

    /// Whether the `=` is that of an assignment, and not of `==`, `!=`, `<=` or `>=`.
    fn assigns(&self, at: usize) -> bool {
        let before = |back: usize| at.checked_sub(back).map(|at| self.tokens[at].kind);
        let compares = match (before(2), before(1)) {
            (_, Some(TokenKind::Punctuation(b'=' | b'!'))) => true,
            // `<<=` and `>>=` assign.
            (twice, once @ Some(TokenKind::Punctuation(b'<' | b'>'))) => twice != once,
            _ => false,
        };
        !compares && !self.next_is(at + 1, b'=')
    }

    fn word(&mut self, at: usize) -> Result<usize, Reason> {
        let word = self.tokens[at].text;
        if is_functions_name(word) || is_places_name(word) {
            return Err(OF_ITS_PLACE);
        }
        if is_size_word(word) {
            return Ok(operand_end(self.names, self.tokens, at));
        }
        let is_called = self.next_is(at + 1, b'(');
        if caller_frame::is_called(self.names, self.tokens, at) {
            return Err(OF_ITS_FRAME);
        }
        match word {
            // The controlling expression is not evaluated.
            "_Generic" if is_called => {
                let end = group_end(self.tokens, at + 1);
                self.open.push(Bracket::List);
                let comma = first_comma(&self.tokens[..end], at + 2);
                return Ok(comma.unwrap_or(at + 2));
            }
            "__builtin_offsetof" | "__builtin_types_compatible_p" if is_called => {
                return Ok(group_end(self.tokens, at + 1));
            }
            _ => {}
        }
        if is_folded(word) && is_called {
            self.open.push(Bracket::Folded);
            return Ok(at + 2);
        }
        if word.starts_with("__builtin_") {
            (self.found.not_constant, self.found.call) = (true, true);
        }
        let is_member = at > 0
            && (self.tokens[at - 1].is(b'.')
                || (at > 1 && self.tokens[at - 1].is(b'>') && self.tokens[at - 2].is(b'-')));
        let kind = self.names.ordinary(word).map(|name| &name.kind);
        match kind {
            // C23's `constexpr` makes a constant.
            Some(NameKind::FunctionOrVariable(storage)) if !is_member && !storage.constant => {
                (self.found.not_constant, self.found.object) = (true, true);
            }
            _ => {}
        }
        self.found.not_constant |= is_string_word(word);
        Ok(at + 1)
    }

    fn next_is(&self, at: usize, punctuation: u8) -> bool {
        let next = self.tokens.get(at);
        next.is_some_and(|next| next.is(punctuation))
    }

    fn bracket(&mut self, at: usize) -> usize {
        let next = self.tokens.get(at + 1);
        if next.is_some_and(|next| starts_type(self.names, next)) {
            let end = group_end(self.tokens, at);
            let inner = &self.tokens[at + 1..end.saturating_sub(1).max(at + 1)];
            if self.next_is(end, b'{') {
                self.literal(at, inner, end);
            } else {
                self.found.cast = true;
                self.cast_end = end;
                self.found.not_constant |= matches!(inner, [word] if word.text == "void");
            }
            return end;
        }
        let statement = self.next_is(at + 1, b'{');
        let before = at.checked_sub(1).map(|before| &self.tokens[before]);
        let behind_cast = at > 0 && at == self.cast_end;
        let is_call = !behind_cast
            && before.is_some_and(|before| match before.kind {
                TokenKind::Word => before.text != "__extension__",
                TokenKind::Punctuation(byte) => matches!(byte, b')' | b']'),
                TokenKind::Number | TokenKind::Literal => false,
            });
        self.found.not_constant |= statement || is_call;
        // A statement expression may do anything with an address, as a call may.
        self.found.call |= statement || is_call;
        self.found.object |= statement || is_call;
        self.open.push(match is_call {
            true => Bracket::List,
            false => Bracket::Plain,
        });
        at + 1
    }

    /// A compound literal of this type, with its bracket at `at` and its braces at `braces`.
    fn literal(&mut self, at: usize, ctype: &[Token<'_>], braces: usize) {
        self.found.not_constant = true;
        let around = self.open.iter().rev();
        let plain = around.take_while(|bracket| **bracket == Bracket::Plain);
        let end = group_end(self.tokens, braces);
        let operand = Operand::of(self.tokens, at, end, plain.count());
        let is_decayed = !operand.is_read && self.names.may_be_array(ctype);
        self.found.literal_held |= operand.is_address || is_decayed;
        if operand.is_read && !operand.is_address {
            let is_whole = operand.is_whole && self.found.literal_read.is_none();
            self.found.literal_read = Some(match is_whole {
                true => Read::Whole,
                false => Read::Operand,
            });
        }
    }
}

#[cfg(test)]
mod tests;
