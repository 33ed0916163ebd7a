//! Compiles the preamble and the files of `SOURCES`.

use std::ffi::OsString;
use std::path::Path;

use cgo_csyntax::diagnostic::Outcome;
use cgo_csyntax::directive::source_files::Language;

use crate::compiler::run::Places;
use crate::compiler::{Toolchain, Warnings};
use crate::rust_file::RustFile;
use crate::session::process::Finished;
use crate::unit::TranslationUnit;
use crate::unit::flags::UnitFlags;

impl Toolchain {
    /// Compiles a text into an object file that is to be linked.
    pub fn compile_text(
        &self,
        unit: &TranslationUnit,
        text: &str,
        object: &Path,
        warnings: Warnings,
        places: Places,
    ) -> Outcome<Finished> {
        let mut options = self.options(warnings);
        if warnings == Warnings::Shown {
            // `-Werror` has had its effect on the probe.
            options.push("-Wno-error".into());
        }
        let to = ["-c", "-x", "c", "-o"].map(OsString::from);
        let arguments = [
            &unit.flags.to_vec()[..],
            &options,
            &to,
            &[object.into(), "-".into()],
        ]
        .concat();
        self.run(
            "library",
            &self.compiler,
            &arguments,
            &unit.folder,
            Some(text),
            places,
        )
    }

    /// Whether the user sees warnings that only an optimizing run gives.
    pub fn shows_optimizer_warnings(&self, flags: &UnitFlags) -> bool {
        self.warnings == Warnings::Shown && self.optimizes(flags)
    }

    fn optimizes(&self, flags: &UnitFlags) -> bool {
        let all = self.compiler.arguments.iter().chain(flags.iter());
        let mut levels = all.filter_map(|flag| flag.to_str()?.strip_prefix("-O"));
        levels.next_back().is_some_and(|level| level != "0")
    }

    /// Compiles a file of `SOURCES`. The files that it includes are written to `dependencies`, as a rule for make. Returns the standard
    /// error.
    pub fn compile_file(
        &self,
        flags: &[OsString],
        folder: &Path,
        source: &Path,
        object: &Path,
        dependencies: &Path,
        rust: &RustFile,
    ) -> Outcome<String> {
        let beside = match self.language {
            // It writes a file for each module, and no rule.
            Language::Fortran => [OsString::from("-J"), self.work.clone().into()].to_vec(),
            _ => ["-MD".into(), "-MF".into(), dependencies.into()].to_vec(),
        };
        let output = [
            OsString::from("-c"),
            "-o".into(),
            object.into(),
            source.into(),
        ];
        let arguments = [flags, &self.options(Warnings::Shown), &beside, &output].concat();
        let name = source.file_name().unwrap_or_default().to_string_lossy();
        let finished = self.run(
            &name,
            &self.compiler,
            &arguments,
            folder,
            None,
            Places::OfCompiler,
        )?;
        self.require_success(&finished, rust)?;
        Ok(finished.stderr)
    }
}
