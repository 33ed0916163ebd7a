//! The C compiler: found, called, and asked what it compiles for.

mod compile;
pub(crate) mod find;
pub(crate) mod object_target;
pub(crate) mod preprocess;
pub(crate) mod programs;
mod run;

use std::ffi::OsString;
use std::path::PathBuf;

use crate::session::Session;
use crate::session::dump::Dump;
use crate::session::process::Program;
use crate::unit::TranslationUnit;

/// The compiler, and how it is called.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Toolchain {
    pub(crate) compiler: Program,
    pub(crate) family: Family,
    /// Whether the user wants to hear of them: those of a dependency are its author's.
    warnings: Warnings,
    /// What decides that it is this one, as `Inputs::written` has it.
    pub(crate) inputs: Option<String>,
    /// The scripts among its programs, which somebody may edit.
    pub(crate) scripts: Vec<PathBuf>,
    /// The work folder, for what the compiler reads and writes.
    pub(crate) work: PathBuf,
    /// Where its runs are written down.
    pub(crate) dump: Dump,
}

/// Who made the compiler, where their options differ.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Family {
    Gnu,
    Clang,
}

/// What becomes of the compiler's warnings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Warnings {
    Shown,
    Hidden,
}

impl Warnings {
    fn of(session: &Session) -> Warnings {
        match session.lints_are_capped {
            true => Warnings::Hidden,
            false => Warnings::Shown,
        }
    }
}

impl Toolchain {
    /// What rustc's own options ask of C too.
    pub(crate) fn flags_of_rustc(&self, session: &Session) -> Vec<OsString> {
        let sanitizers = session.sanitizers.iter();
        let mut flags: Vec<OsString> = sanitizers
            .map(|name| format!("-fsanitize={name}").into())
            .collect();
        flags.push(match (self.family, session.linker_plugin_lto) {
            // Where flags ask for gcc's link-time optimization, not every linker has it.
            (Family::Gnu, _) => "-ffat-lto-objects".into(),
            // rustc's linker can then inline C into Rust, if both compilers are LLVM.
            (Family::Clang, true) => "-flto=thin".into(),
            (Family::Clang, false) => "-fno-lto".into(),
        });
        flags
    }

    /// The flags of a translation unit, and those that the compiler has anyway.
    pub(crate) fn all_flags<'f>(
        &'f self,
        unit: &'f TranslationUnit,
    ) -> impl Iterator<Item = &'f OsString> {
        unit.flags.iter().chain(&self.compiler.arguments)
    }
}
