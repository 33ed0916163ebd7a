//! Reads the `#cgo` lines of the preamble.

use std::cell::RefCell;
use std::path::PathBuf;

use cgo_csyntax::diagnostic::{Diagnostic, Outcome, fail, fail_build};
use cgo_csyntax::directive::{self, Directives, FlagVariable};
use cgo_csyntax::message::Message;
use cgo_toolchain::session::environment::variable;

use crate::exports::header_file;
use crate::linking::pkg_config;
use crate::pipeline::request::Request;

/// The parsed preamble.
pub(crate) struct Parsed {
    /// The C, with empty lines in place of the directives.
    pub(crate) text: String,
    pub(crate) directives: Directives,
    /// The files of the packages for which conditions asked.
    pub(crate) package_files: Vec<PathBuf>,
    /// What is wrong with the others. No stage runs then.
    pub(crate) errors: Vec<Diagnostic>,
}

/// Reads the directives, and writes the copy of `_cgo_export.h` that one of them may ask for.
pub(crate) fn parse(request: &Request<'_>) -> Outcome<Parsed> {
    let (preamble, session) = (request.preamble, request.session);
    if let Some(error) = &session.error {
        return fail_build(error.message());
    }
    if preamble.text.contains('\0') {
        return fail(
            Message::new("the preamble contains a NUL byte, which no C compiler accepts")
                .help("remove it"),
        );
    }
    let mut errors = Vec::new();
    let package_files = RefCell::new(Vec::new());
    let has_package = |package: &str| {
        let (exists, files) = pkg_config::exists(package, &session.target, request.dump);
        package_files.borrow_mut().extend(files);
        exists
    };
    let (text, mut directives) = directive::read(
        &preamble.text,
        preamble.start,
        session.conditions(&has_package),
        &preamble.folder(),
        &mut errors,
    );
    // The build script of the runtime crate has Cargo watch them.
    for flags in FlagVariable::ALL {
        let name = flags.name();
        let value = variable(name).unwrap_or_default();
        let added = flags.add(&value.to_string_lossy(), &mut directives, preamble.start);
        added.or_else(|message| fail_build(format!("environment variable {name}: {message}")))?;
    }
    if let Some(file) = directives.header.as_ref().filter(|_| errors.is_empty()) {
        header_file::copy(&request.rust.header, file)?;
    }
    Ok(Parsed {
        text,
        directives,
        package_files: package_files.into_inner(),
        errors,
    })
}
