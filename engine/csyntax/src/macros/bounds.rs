//! The bounds that the expansion of a macro keeps to.

use crate::macros::evaluation;

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

impl Unexpanded {
    pub(crate) fn reason(self) -> &'static str {
        match self {
            Unexpanded::OfItsPlace => evaluation::OF_ITS_PLACE,
            Unexpanded::Broken => {
                "it calls a macro with the wrong number of arguments, or does not close the call"
            }
            Unexpanded::TooLong => {
                "it expands to more than 5,000 tokens\nhelp: return its value from a C function of the preamble"
            }
            Unexpanded::TooDeep => {
                "it expands through more than 100 macros, or its calls are nested more than 32 deep\n\
                 help: return its value from a C function of the preamble"
            }
        }
    }
}

/// What an expansion has used up, and the bound that it met.
#[derive(Default)]
pub(crate) struct Bounds {
    /// How many tokens were looked at.
    steps: usize,
    /// How many calls are open whose arguments are being expanded.
    depth: usize,
    met: Option<Unexpanded>,
}

impl Bounds {
    /// `None` if the tokens are too many.
    pub(crate) fn step(&mut self, tokens: usize) -> Option<()> {
        self.steps += tokens;
        self.keep_to(self.steps <= MOST_TOKENS, Unexpanded::TooLong)
    }

    /// `None` if so many macros are too many.
    pub(crate) fn follow(&mut self, macros: usize) -> Option<()> {
        self.keep_to(macros < LONGEST_CHAIN, Unexpanded::TooDeep)
    }

    /// `None` if that is too deep.
    pub(crate) fn open_call(&mut self) -> Option<()> {
        self.keep_to(self.depth < DEEPEST_CALL, Unexpanded::TooDeep)?;
        self.depth += 1;
        Some(())
    }

    pub(crate) fn close_call(&mut self) {
        self.depth -= 1;
    }

    /// Why the expansion broke off.
    pub(crate) fn reason(&self) -> Unexpanded {
        self.met.unwrap_or(Unexpanded::Broken)
    }

    fn keep_to(&mut self, is_within: bool, bound: Unexpanded) -> Option<()> {
        if !is_within {
            self.met = Some(bound);
        }
        is_within.then_some(())
    }
}
