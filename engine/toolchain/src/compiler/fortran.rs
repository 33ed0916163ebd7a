//! Makes a compiler for Fortran out of that for C.

use std::ffi::OsString;
use std::path::PathBuf;
use std::time::SystemTime;

use cgo_csyntax::directive::source_files::Language;

use crate::compiler::{Family, Toolchain, programs};
use crate::inputs::Inputs;
use crate::session::process::Program;

impl Toolchain {
    /// A compiler for Fortran with these arguments, which works in the same place.
    pub fn for_fortran(&self, path: PathBuf, arguments: Vec<OsString>) -> Toolchain {
        let mut inputs = Inputs::default();
        let compiler = Program {
            path: programs::resolve(&path).unwrap_or(path),
            arguments,
            environment: Vec::new(),
        };
        let scripts = programs::add(&mut inputs, &[&compiler]);
        Toolchain {
            inputs: inputs.written(SystemTime::now()),
            scripts,
            compiler,
            family: Family::Gnu,
            language: Language::Fortran,
            ..self.clone()
        }
    }
}
