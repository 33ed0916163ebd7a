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
        let finished = call(arguments)?;
        match text {
            Some(text)
                if self.family == Family::Gnu && !messages::read(&finished.stderr).is_empty() =>
            {
                let stderr = self.places_of_gcc(arguments, text, call)?;
                Ok(Finished { stderr, ..finished })
            }
            _ => Ok(finished),
        }
    }

    /// What gcc says where its messages name the places that ours do: an error in an expanded macro is shown where the macro is used, and
    /// columns count bytes. Only a second run may be told so: the flag for macros changes the `__LINE__` of those that take several lines.
    fn places_of_gcc(
        &self,
        arguments: &[OsString],
        text: &str,
        call: impl Fn(&[OsString]) -> Outcome<Finished>,
    ) -> Outcome<String> {
        const AT_USE: &str = "-ftrack-macro-expansion=0";
        // gcc 11 and newer count the columns of a terminal without this flag; older ones count bytes and do not know it.
        const BYTES: &str = "-fdiagnostics-column-unit=byte";
        let mut arguments = arguments.to_vec();
        if let Some(option) = arguments.iter().position(|argument| argument == "-o")
            && let Some(output) = arguments.get_mut(option + 1)
        {
            *output = self.work.join("again.o").into();
        }
        arguments.push(AT_USE.into());
        if !text.is_ascii() {
            let finished = call(&[&arguments[..], &[BYTES.into()]].concat())?;
            if !finished.stderr.contains(BYTES) {
                return Ok(finished.stderr);
            }
        }
        Ok(call(&arguments)?.stderr)
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
