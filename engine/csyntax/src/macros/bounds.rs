//! The bounds that the expansion of a macro keeps to.

use crate::macros::no_value::OF_ITS_PLACE;
use crate::message::Reason;

/// The most tokens that an expansion may look at. Macros that double each other at every step would never end.
const MOST_TOKENS: usize = 5_000;

/// The most macros that may expand to one another in a row.
const LONGEST_CHAIN: usize = 100;

/// How deep calls may be nested in arguments.
const DEEPEST_CALL: usize = 32;

/// Why a macro has no expansion.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unexpanded {
    /// It calls another macro with the wrong number of arguments, or does not close the call.
    Broken,
    /// It takes more than `MOST_TOKENS`.
    TooLong,
    /// It expands through more than `LONGEST_CHAIN` macros, or calls are nested deeper than `DEEPEST_CALL`.
    TooDeep,
    /// It uses `__LINE__` or the like, which differs from place to place.
    OfItsPlace,
}

impl Unexpanded {
    pub(crate) fn reason(self) -> Reason {
        match self {
            Unexpanded::OfItsPlace => OF_ITS_PLACE,
            Unexpanded::Broken => Reason::new(
                "it calls a macro with the wrong number of arguments, or does not close the call",
            ),
            Unexpanded::TooLong => {
                Reason::new("it expands to more than 5,000 tokens")
                    .help("return its value from a C function of the preamble")
            }
            Unexpanded::TooDeep => {
                Reason::new(
                    "it expands through more than 100 macros, or its calls are nested more than 32 deep",
                )
                .help("return its value from a C function of the preamble")
            }
        }
    }
}

/// How far an expansion has come, and the bound that stopped it.
#[derive(Default)]
pub(crate) struct Bounds {
    /// How many tokens were looked at.
    steps: usize,
    /// How many calls have arguments that are being expanded.
    depth: usize,
    met: Option<Unexpanded>,
}

impl Bounds {
    /// Counts tokens. `None` if these are too many.
    pub(crate) fn step(&mut self, tokens: usize) -> Option<()> {
        self.steps += tokens;
        self.keep_to(self.steps <= MOST_TOKENS, Unexpanded::TooLong)
    }

    /// Checks the length of a chain of macros. `None` if it is too long.
    pub(crate) fn follow(&mut self, macros: usize) -> Option<()> {
        self.keep_to(macros < LONGEST_CHAIN, Unexpanded::TooDeep)
    }

    /// Starts on the arguments of a call. `None` if it is nested too deep.
    pub(crate) fn open_call(&mut self) -> Option<()> {
        self.keep_to(self.depth < DEEPEST_CALL, Unexpanded::TooDeep)?;
        self.depth += 1;
        Some(())
    }

    pub(crate) fn close_call(&mut self) {
        self.depth -= 1;
    }

    /// Why the expansion stopped.
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
