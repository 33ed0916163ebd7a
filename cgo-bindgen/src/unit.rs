//! Puts the preamble in the form that every call of the compiler sees: the text at its own lines, and the flags.

use std::collections::HashSet;
use std::ffi::OsString;
use std::path::{Path, PathBuf};

use cgo_preamble::directive::Directives;
use cgo_preamble::names::Names;
use cgo_preamble::preamble::Preamble;

use crate::cache::Hash;
use crate::environment::Session;
use crate::pkg_config::Packages;
use crate::rust_file::RustFile;
use crate::shim::Symbols;

/// The translation unit that every call of the compiler sees.
pub(crate) struct Unit {
    /// The preamble at its own lines and columns of the Rust file.
    pub(crate) text: String,
    pub(crate) flags: Vec<OsString>,
    pub(crate) folder: PathBuf,
    pub(crate) rust: RustFile,
}

impl Unit {
    pub(crate) fn new(
        preamble: &Preamble,
        text: &str,
        directives: &Directives,
        packages: &Packages,
        exports: &Path,
        session: &Session,
    ) -> Unit {
        let folder = preamble.folder();
        let mut include = OsString::from("-I");
        include.push(&folder);
        let mut flags = vec![include, export_header(exports)];
        flags.extend(
            packages
                .cflags
                .iter()
                .chain(&directives.cflags)
                .map(OsString::from),
        );
        let indent = " ".repeat(preamble.start.column.saturating_sub(1));
        let shown = preamble.file.strip_prefix(&session.directory);
        let rust = RustFile {
            path: preamble.file.to_string_lossy().into_owned(),
            shown: shown
                .unwrap_or(&preamble.file)
                .to_string_lossy()
                .into_owned(),
            first_line: preamble.start.line,
            text: format!("{indent}{text}\n"),
        };
        let quoted = rust.path.replace('\\', "\\\\").replace('"', "\\\"");
        let text = format!("#line {} \"{quoted}\"\n{}", rust.first_line, rust.text);
        Unit {
            text,
            flags,
            folder,
            rust,
        }
    }

    /// Takes `_cgo_export.h` from another folder.
    pub(crate) fn use_header(&mut self, folder: &Path) {
        self.flags[1] = export_header(folder);
    }

    /// The symbols that only this preamble's Rust links to. Equal preambles have equal ones where they can be weak, so that
    /// two crates with the same C go together.
    pub(crate) fn symbols(&self, session: &Session) -> Symbols {
        let weak = session.target.os != "windows";
        let mut hash = Hash::new();
        if !weak {
            hash.add(&session.crate_identity);
        }
        hash.add(
            self.text
                .split_once('\n')
                .map_or("", |(_, text)| text.trim()),
        );
        for flag in &self.flags[2..] {
            hash.add(&flag.to_string_lossy());
        }
        Symbols {
            prefix: format!("cgo_{}_", &hash.hex()[..16]),
            weak,
        }
    }
}

fn export_header(folder: &Path) -> OsString {
    let mut flag = OsString::from("-I");
    flag.push(folder);
    flag
}

/// The files that the preprocessor read, but for the Rust file itself.
pub(crate) fn used_files(names: &Names, unit: &Unit) -> Vec<PathBuf> {
    let files = names.files.iter().filter(|file| {
        !file.path.is_empty() && !file.path.starts_with('<') && file.path != unit.rust.path
    });
    files
        .map(|file| unit.folder.join(&file.path))
        .filter(|path| path.is_file())
        .collect()
}

/// The headers that no program includes itself, which C libraries keep in folders `bits`. They are replaced together with the
/// headers that include them.
pub(crate) fn private_headers(names: &Names, unit: &Unit) -> HashSet<PathBuf> {
    let is_private = |path: &str| Path::new(path).iter().any(|part| part == "bits");
    let private = names.files.iter();
    let private = private.filter(|file| file.system && is_private(&file.path));
    private.map(|file| unit.folder.join(&file.path)).collect()
}
