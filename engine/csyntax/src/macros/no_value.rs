//! Why a macro that C can use has no value for Rust.

use crate::message::Reason;

/// Why a macro has no value that contains the name of a function or the number of a line.
pub(super) const OF_ITS_PLACE: Reason = Reason::new("its value depends on where C uses it")
    .help("use it in a C function of the preamble");

/// Why a macro has no value that may keep the address of a compound literal which it hands on.
pub(super) const LITERAL_IN_CALL: Reason = Reason::new(
    "it takes the address of a compound literal, which is gone at the end of the function that uses it",
)
.help("use it in a C function of the preamble");

/// Why a macro has no value that belongs to the function which uses it.
pub(super) const OF_ITS_FRAME: Reason =
    Reason::new("it works on the stack frame of the function that uses it")
        .help("use it in a C function of the preamble");
