//! Reads the `#cgo` lines of the preamble.

use cgo_csyntax::diagnostic::{Outcome, fail, fail_build};
use cgo_csyntax::directive::{self, Directives};

use crate::exports::header_file;
use crate::pipeline::request::Request;

/// The parsed preamble.
pub(crate) struct Parsed {
    /// The C, with empty lines in place of the directives.
    pub(crate) text: String,
    pub(crate) directives: Directives,
}

/// Reads the directives, and writes the copy of `_cgo_export.h` that one of them may ask for.
pub(crate) fn parse(request: &Request<'_>) -> Outcome<Parsed> {
    let (preamble, session) = (request.preamble, request.session);
    if let Some(problem) = &session.problem {
        return fail_build(problem.to_string());
    }
    if preamble.text.contains('\0') {
        return fail(
            "the preamble contains a NUL byte, which no C compiler accepts\nhelp: remove it",
        );
    }
    let mut errors = Vec::new();
    let (text, directives) = directive::read(
        &preamble.text,
        preamble.start,
        session.conditions(),
        &preamble.folder(),
        &mut errors,
    );
    if !errors.is_empty() {
        return Err(errors);
    }
    if let Some(file) = &directives.header {
        header_file::copy(&request.rust.header, file)?;
    }
    Ok(Parsed { text, directives })
}
