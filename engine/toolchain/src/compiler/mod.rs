//! The C compiler: finds it, runs it, and checks that it compiles for the target.

mod advice;
mod clang_for_msvc;
mod compile;
pub mod find;
mod fortran;
pub mod header_target;
mod language;
pub mod messages;
pub mod object_target;
pub mod preprocess;
pub mod programs;
pub mod run;
pub mod target_check;
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
pub struct Toolchain {
    pub compiler: Program,
    pub family: Family,
    pub language: Language,
    /// Hidden in a dependency.
    warnings: Warnings,
    /// The inputs of the choice, as `Inputs::written` writes them; `None` if they are unknown.
    pub inputs: Option<String>,
    /// Those of its programs that are scripts.
    pub scripts: Vec<PathBuf>,
    /// The work folder.
    pub work: PathBuf,
    pub dump: Dump,
}

/// The family of compilers, by its options.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Family {
    Gnu,
    Clang,
}

/// Whether the user sees the compiler's warnings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Warnings {
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
    pub fn flags_of_rustc(&self, session: &Session) -> Vec<OsString> {
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
    pub fn all_flags<'f>(
        &'f self,
        unit: &'f TranslationUnit,
    ) -> impl Iterator<Item = &'f OsString> {
        unit.flags.iter().chain(&self.compiler.arguments)
    }
}
