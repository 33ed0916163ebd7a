//! Runs the compiler with the options for readable messages, and turns a failed run into errors.

use std::ffi::OsString;
use std::fs;
use std::io;
use std::path::Path;

use cgo_csyntax::diagnostic::{Diagnostic, Outcome, cannot_write, fail_build, fail_missing};
use cgo_csyntax::files::kept_file;
use cgo_csyntax::message::Message;

use crate::compiler::messages;
use crate::compiler::{Family, Toolchain, Warnings, language};
use crate::rust_file::RustFile;
use crate::session::process::{Finished, Program, ProgramCall};

/// The warnings of every compile; CFLAGS can change them. gcc's check for misleading indentation takes quadratic time in the number of
/// functions.
pub(super) const DEFAULT_WARNINGS: [&str; 2] = ["-Wall", "-Wno-misleading-indentation"];

/// Where a run shows an error in an expanded macro.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Places {
    /// Where the compiler shows it: gcc in the macro's definition, clang where the macro is used.
    OfCompiler,
    /// Where the macro is used. In such a run of gcc `__LINE__` in a use that takes several lines is another one, so nothing but
    /// the messages is taken from it. Columns count bytes.
    AtUse,
}

impl Toolchain {
    /// Options of every run: messages that `messages.rs` can read.
    pub fn options(&self, warnings: Warnings) -> Vec<OsString> {
        let (caret, limit) = match self.family {
            Family::Gnu => ("-fno-diagnostics-show-caret", "-fmax-errors=0"),
            Family::Clang => ("-fno-caret-diagnostics", "-ferror-limit=0"),
        };
        // A tab is one column.
        let mut options = vec!["-fdiagnostics-color=never", "-ftabstop=1", caret, limit];
        if self.family == Family::Clang {
            // The probe's `__typeof__` would make it warn of unused `static` functions.
            options.push("-Wno-unneeded-internal-declaration");
        }
        if warnings == Warnings::Hidden || self.warnings == Warnings::Hidden {
            options.insert(0, "-w");
        }
        options.into_iter().map(OsString::from).collect()
    }

    /// The text is the standard input: so it has no name but that of its `#line`.
    pub fn run(
        &self,
        purpose: &str,
        program: &Program,
        arguments: &[OsString],
        folder: &Path,
        text: Option<&str>,
        places: Places,
    ) -> Outcome<Finished> {
        let quiet;
        let program = match arguments
            .iter()
            .chain(&program.arguments)
            .any(|flag| flag == "-w")
        {
            true => {
                quiet = without_wall(program);
                &quiet
            }
            false => program,
        };
        let input = text.map(|_| kept_file::temporary(&self.work, "c"));
        if let (Some(input), Some(text)) = (&input, text) {
            fs::write(input, text).or_else(|error| cannot_write(input, &error))?;
        }
        let call = |arguments: &[OsString]| {
            let call = ProgramCall {
                purpose,
                program,
                arguments,
                folder,
                input: input.as_deref(),
                work: Some(&self.work),
            };
            self.dump
                .run(&call)
                .or_else(|error| self.cannot_run(&error))
        };
        if places == Places::OfCompiler {
            return call(arguments);
        }
        let arguments = at_use(arguments);
        if text.is_some_and(|text| !text.is_ascii()) {
            // gcc 11 and newer count the columns of a terminal without this flag; older ones count bytes and do not know it.
            const UNIT: &str = "-fdiagnostics-column-unit=byte";
            let finished = call(&[&arguments[..], &[UNIT.into()]].concat())?;
            if !finished.stderr.contains(UNIT) {
                return Ok(finished);
            }
        }
        call(&arguments)
    }

    /// The run with the messages of a second one, which stand where a macro is used. Those of clang stand there already.
    pub fn with_places_at_use(
        &self,
        finished: Finished,
        again: impl FnOnce(Places) -> Outcome<Finished>,
    ) -> Outcome<Finished> {
        if self.family == Family::Clang {
            return Ok(finished);
        }
        let again = again(Places::AtUse)?;
        // Another `__LINE__` may decide what is an error, in `#if` or `_Static_assert`, and `-Werror` sees more in macros of a system's header.
        if again.status.success() != finished.status.success() {
            return Ok(finished);
        }
        Ok(Finished {
            stderr: again.stderr,
            ..finished
        })
    }

    fn cannot_run<T>(&self, error: &io::Error) -> Outcome<T> {
        let name = self.compiler.path.display();
        match error.kind() {
            io::ErrorKind::NotFound => fail_missing(
                Message::new(format!(
                    "no {} compiler: `{name}` was not found",
                    language::name(self.language)
                ))
                .help(format!(
                    "{}, or set the environment variable {} to your compiler",
                    language::installation(self.language),
                    language::compiler_variable(self.language)
                )),
            ),
            _ => fail_build(format!("cannot run the compiler `{name}`: {error}")),
        }
    }

    /// Fails with the errors of a run that failed.
    pub(crate) fn require_success(&self, finished: &Finished, rust: &RustFile) -> Outcome<()> {
        if finished.status.success() {
            return Ok(());
        }
        Err(self.errors(finished, rust))
    }

    /// The errors of a run that failed.
    pub fn errors(&self, finished: &Finished, rust: &RustFile) -> Vec<Diagnostic> {
        let errors = messages::errors(&finished.stderr);
        match errors.is_empty() {
            true => vec![self.crash(finished)],
            false => messages::diagnostics(errors, rust),
        }
    }

    /// The error for a compiler that failed without an error message.
    fn crash(&self, finished: &Finished) -> Diagnostic {
        // The cause stands before a stack dump, or behind what else was said.
        let mut lines: Vec<&str> = finished.stderr.lines().collect();
        if lines.len() > 12 {
            lines.splice(4..lines.len() - 8, ["..."]);
        }
        Diagnostic::new(
            None,
            format!(
                "the compiler `{}` failed ({}):\n{}",
                self.compiler.path.display(),
                finished.status,
                lines.join("\n")
            ),
        )
    }
}

/// The arguments of a run that is made for its messages: the object is another one.
fn at_use(arguments: &[OsString]) -> Vec<OsString> {
    let mut arguments = arguments.to_vec();
    if let Some(option) = arguments.iter().position(|argument| argument == "-o")
        && let Some(object) = arguments.get_mut(option + 1)
    {
        *object = Path::new(object).with_extension("again.o").into();
    }
    arguments.push("-ftrack-macro-expansion=0".into());
    arguments
}

/// The program without these flags: with `-w` nothing is shown, but gcc computes the warnings all the same.
fn without_wall(program: &Program) -> Program {
    let mut program = program.clone();
    for flag in DEFAULT_WARNINGS {
        if let Some(at) = program.arguments.iter().position(|known| known == flag) {
            program.arguments.remove(at);
        }
    }
    program
}
