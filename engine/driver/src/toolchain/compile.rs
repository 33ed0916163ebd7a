//! Compiles the probe, the preamble, and the files of `SOURCES`.

use cgo_csyntax::directive::source_files::Language;
use std::collections::HashMap;
use std::ffi::OsString;
use std::fs;
use std::path::Path;

use cgo_csyntax::declarations::names::Macro;
use cgo_csyntax::diagnostic::{Outcome, cannot_write};

use crate::probe::write::{self, Probe};
use crate::rust_file::RustFile;
use crate::session::process::{Finished, Program};
use crate::toolchain::{Family, Toolchain, Warnings};
use crate::unit::TranslationUnit;
use crate::unit::flags::UnitFlags;

/// The only predefined macro that depends on `-g`.
const CFI: &str = "__GCC_HAVE_DWARF2_CFI_ASM";

/// Whether a flag changes the debug information. The probe needs all types in its object file.
fn is_for_debuggers(flag: &OsString) -> bool {
    let flag = flag.to_string_lossy();
    (flag.starts_with("-g") && !flag.starts_with("-gcc")) || flag.starts_with("-femit-struct-debug")
}

impl Toolchain {
    /// Compiles the preamble with the probe, with debug information. `macros` are those of the preprocessed text, which must not change by
    /// `-g`. This run gives the warnings, since every build makes it.
    pub(crate) fn compile_probe(
        &self,
        unit: &TranslationUnit,
        macros: &HashMap<&str, Macro<'_>>,
        probe: Option<&Probe>,
        object: &Path,
    ) -> Outcome<Finished> {
        let mut text = match macros.contains_key(CFI) {
            true => unit.text.clone(),
            false => format!("#undef {CFI}\n{}", unit.text),
        };
        if let Some(probe) = probe {
            let file = self.work.join(write::FILE);
            fs::write(&file, &probe.text).or_else(|error| cannot_write(&file, &error))?;
            self.dump.keep(&file);
            text.push_str(&format!("#include <{}>\n", write::FILE));
        }
        let keep = |flags: &[OsString]| -> Vec<OsString> {
            let flags = flags.iter().filter(|flag| !is_for_debuggers(flag));
            flags.cloned().collect()
        };
        let program = Program {
            arguments: keep(&self.compiler.arguments),
            ..self.compiler.clone()
        };
        // Before DWARF 5 there is no `_Atomic`.
        let mut ours: Vec<&str> = vec![
            "-gdwarf-5",
            "-gz=none",
            "-fno-debug-types-section",
            "-fno-lto",
        ];
        ours.extend(match self.family {
            // The probe has no variables to track through optimized code.
            Family::Gnu => &["-fno-var-tracking", "-fno-var-tracking-assignments"][..],
            // It needs link-time optimization.
            Family::Clang => &["-fno-sanitize=cfi"],
        });
        ours.extend(["-c", "-x", "c", "-o"]);
        let arguments = [
            &keep(&unit.flags.to_vec())[..],
            &self.options(Warnings::Shown),
            &ours.into_iter().map(OsString::from).collect::<Vec<_>>(),
            &[
                object.into(),
                "-isystem".into(),
                self.work.clone().into(),
                "-".into(),
            ],
        ]
        .concat();
        self.run("probe", &program, &arguments, &unit.folder, Some(&text))
    }

    /// Compiles a text into an object file that is to be linked.
    pub(crate) fn compile_text(
        &self,
        unit: &TranslationUnit,
        text: &str,
        object: &Path,
        warnings: Warnings,
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
        )
    }

    /// Whether the user sees warnings that only an optimizing run gives.
    pub(crate) fn shows_optimizer_warnings(&self, flags: &UnitFlags) -> bool {
        self.warnings == Warnings::Shown && self.optimizes(flags)
    }

    fn optimizes(&self, flags: &UnitFlags) -> bool {
        let all = self.compiler.arguments.iter().chain(flags.iter());
        let mut levels = all.filter_map(|flag| flag.to_str()?.strip_prefix("-O"));
        levels.next_back().is_some_and(|level| level != "0")
    }

    /// Compiles a file of `SOURCES`. The files that it includes are written to `dependencies`, as a rule for make. Returns the standard
    /// error.
    pub(crate) fn compile_file(
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
        let finished = self.run(&name, &self.compiler, &arguments, folder, None)?;
        self.require_success(&finished, rust)?;
        Ok(finished.stderr)
    }
}
