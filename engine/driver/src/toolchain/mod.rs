//! The C compiler: finds it, runs it, and checks that it compiles for the target.

mod advice;
mod clang_for_msvc;
mod compile;
pub(crate) mod find;
mod fortran;
pub(crate) mod header_target;
mod language;
pub(crate) mod messages;
pub(crate) mod object_target;
pub(crate) mod preprocess;
pub(crate) mod programs;
mod run;
pub(crate) mod target_check;
mod zig;

use std::ffi::OsString;
use std::path::PathBuf;

use cgo_csyntax::directive::source_files::Language;

use crate::session::Session;
use crate::session::dump::Dump;
use crate::session::process::Program;
use crate::unit::TranslationUnit;

/// The compiler, and how it is called.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Toolchain {
    pub(crate) compiler: Program,
    pub(crate) family: Family,
    pub(crate) language: Language,
    /// Hidden in a dependency.
    warnings: Warnings,
    /// The inputs of the choice, as `Inputs::written` writes them; `None` if they are unknown.
    pub(crate) inputs: Option<String>,
    /// Those of its programs that are scripts.
    pub(crate) scripts: Vec<PathBuf>,
    /// The work folder.
    pub(crate) work: PathBuf,
    pub(crate) dump: Dump,
}

/// The family of compilers, by its options.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Family {
    Gnu,
    Clang,
}

/// Whether the user sees the compiler's warnings.
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
    /// The flags for options of rustc that hold for C too.
    pub(crate) fn flags_of_rustc(&self, session: &Session) -> Vec<OsString> {
        let sanitizers = session.sanitizers.iter();
        let mut flags: Vec<OsString> = sanitizers
            .map(|name| format!("-fsanitize={name}").into())
            .collect();
        flags.push(match (self.family, session.linker_plugin_lto) {
            // For linkers without gcc's plugin, if flags have `-flto`.
            (Family::Gnu, _) => "-ffat-lto-objects".into(),
            // The linker can then inline C into Rust, since both are LLVM's.
            (Family::Clang, true) => "-flto=thin".into(),
            (Family::Clang, false) => "-fno-lto".into(),
        });
        flags
    }

    /// The flags of a translation unit, and the compiler's own.
    pub(crate) fn all_flags<'f>(
        &'f self,
        unit: &'f TranslationUnit,
    ) -> impl Iterator<Item = &'f OsString> {
        unit.flags.iter().chain(&self.compiler.arguments)
    }
}
