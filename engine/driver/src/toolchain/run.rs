//! Runs the compiler, with the options that make its messages readable, and turns a failed run into errors.

use std::ffi::OsString;
use std::fs;
use std::io;
use std::path::Path;

use cgo_csyntax::diagnostic::{Diagnostic, Outcome, cannot_write, fail_build};

use crate::cache::kept_file;
use crate::explain::messages;
use crate::explain::rust_file::RustFile;
use crate::session::process::{Call, Finished, Program};
use crate::toolchain::{Family, Toolchain, Warnings};

/// The warnings that we ask for ourselves, in front of what CFLAGS say. gcc's search for misleading indentation takes a time that grows
/// with the square of the functions' number.
pub(super) const DEFAULT_WARNINGS: [&str; 2] = ["-Wall", "-Wno-misleading-indentation"];

impl Toolchain {
    /// Options for every call: messages that can be read back.
    pub(super) fn options(&self, warnings: Warnings) -> Vec<OsString> {
        let (caret, limit) = match self.family {
            Family::Gnu => ("-fno-diagnostics-show-caret", "-fmax-errors=0"),
            Family::Clang => ("-fno-caret-diagnostics", "-ferror-limit=0"),
        };
        // Columns count a tab as one.
        let mut options = vec!["-fdiagnostics-color=never", "-ftabstop=1", caret, limit];
        options.push(match self.family {
            // An error in what a macro stands for is one where the macro is used, and not where it is defined.
            Family::Gnu => "-ftrack-macro-expansion=0",
            // The probe's `__typeof__` is no use that needs a `static` function's code.
            Family::Clang => "-Wno-unneeded-internal-declaration",
        });
        if warnings == Warnings::Hidden || self.warnings == Warnings::Hidden {
            options.insert(0, "-w");
        }
        options.into_iter().map(OsString::from).collect()
    }

    /// The text goes to the compiler as a file of the work folder, through standard input: what `#line` says is then
    /// the only name that the text has.
    pub(super) fn run(
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
            let call = Call {
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
        let columns_may_differ = self.family == Family::Gnu
            && text.is_some_and(|text| !text.is_ascii())
            && !messages::read(&finished.stderr).is_empty();
        if columns_may_differ {
            // From version 11 on gcc counts columns on a screen if it is not told otherwise, and before it bytes.
            const UNIT: &str = "-fdiagnostics-column-unit=byte";
            let again = call(&[arguments, &[UNIT.into()]].concat())?;
            if !again.stderr.contains(UNIT) {
                return Ok(again);
            }
        }
        Ok(finished)
    }

    fn cannot_run<T>(&self, error: &io::Error) -> Outcome<T> {
        let name = self.compiler.path.display();
        match error.kind() {
            io::ErrorKind::NotFound => fail_build(format!(
                "no C compiler: `{name}` was not found\ninstall gcc or clang (Debian, Ubuntu: `apt install gcc`; Fedora: `dnf install gcc`; macOS: \
                 `xcode-select --install`; Windows: the MSYS2 package mingw-w64-gcc), or set the environment variable CC to your compiler"
            )),
            _ => fail_build(format!("the C compiler `{name}` could not be run: {error}")),
        }
    }

    /// The errors of a run that failed, where the user can see them.
    pub(crate) fn require_success(&self, finished: &Finished, rust: &RustFile) -> Outcome<()> {
        if finished.status.success() {
            return Ok(());
        }
        Err(self.errors(finished, rust))
    }

    /// The errors of such a run.
    pub(crate) fn errors(&self, finished: &Finished, rust: &RustFile) -> Vec<Diagnostic> {
        let errors = messages::errors(&finished.stderr);
        match errors.is_empty() {
            true => vec![self.crash(finished)],
            false => messages::diagnostics(errors, rust),
        }
    }

    /// A compiler that failed without saying where.
    fn crash(&self, finished: &Finished) -> Diagnostic {
        let tail: Vec<&str> = finished.stderr.lines().rev().take(12).collect();
        let tail: Vec<&str> = tail.into_iter().rev().collect();
        Diagnostic::new(
            None,
            format!(
                "the C compiler `{}` failed ({}) without an error at a place; it said:\n{}",
                self.compiler.path.display(),
                finished.status,
                tail.join("\n")
            ),
        )
    }
}

/// The program without these: `-w` shows no warning, and gcc looks for them all the same.
fn without_wall(program: &Program) -> Program {
    let mut program = program.clone();
    for flag in DEFAULT_WARNINGS {
        if let Some(at) = program.arguments.iter().position(|known| known == flag) {
            program.arguments.remove(at);
        }
    }
    program
}
