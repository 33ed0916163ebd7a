//! Reads the `#cgo` lines of the preamble.

use cgo_csyntax::diagnostic::{Outcome, all_or, fail, fail_build};
use cgo_csyntax::directive::{self, Directives};

use crate::exports::header_file;
use crate::linking::pkg_config;
use crate::pipeline::request::Request;
use crate::session::environment::variable;

/// The variables of cgo, each with the verb whose words it has. The build script of the runtime crate has Cargo watch them.
const VARIABLES: [(&str, &str); 5] = [
    ("CGO_CPPFLAGS", "CPPFLAGS"),
    ("CGO_CFLAGS", "CFLAGS"),
    ("CGO_CXXFLAGS", "CXXFLAGS"),
    ("CGO_FFLAGS", "FFLAGS"),
    ("CGO_LDFLAGS", "LDFLAGS"),
];

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
    let (text, mut directives) = directive::read(
        &preamble.text,
        preamble.start,
        session.conditions(&|package| pkg_config::exists(package, &session.target, request.dump)),
        &preamble.folder(),
        &mut errors,
    );
    all_or(errors, ())?;
    for (name, verb) in VARIABLES {
        let value = variable(name).unwrap_or_default();
        let value = value.to_string_lossy();
        directive::add_variable(&mut directives, verb, &value, preamble.start)
            .or_else(|message| fail_build(format!("environment variable {name}: {message}")))?;
    }
    if let Some(file) = &directives.header {
        header_file::copy(&request.rust.header, file)?;
    }
    Ok(Parsed { text, directives })
}
