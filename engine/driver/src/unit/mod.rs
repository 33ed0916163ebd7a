//! Puts the preamble in the form that every call of the compiler sees: the text at its own lines, and the flags.

pub(crate) mod header_search;
pub(crate) mod read_files;
pub(crate) mod universal_names;

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use cgo_csyntax::declarations::names::{Names, SIZES};
use cgo_csyntax::lexer::tokens;
use cgo_csyntax::preamble::Preamble;

use crate::cache::hash::Hash;
use crate::explain::rust_file::RustFile;
use crate::exports::go_types;
use crate::session::Session;

/// Which flag names the folder of `_cgo_export.h`.
pub(crate) const HEADER_FLAG: usize = 1;

/// What every call of the compiler sees.
#[derive(Clone)]
pub(crate) struct TranslationUnit {
    /// The preamble at its own lines and columns of the Rust file.
    pub(crate) text: String,
    pub(crate) flags: Vec<OsString>,
    /// The Rust file's folder, which the compiler runs in.
    pub(crate) folder: PathBuf,
    pub(crate) rust: RustFile,
    /// What the symbols that are added to the preamble start with.
    pub(crate) symbol_prefix: String,
}

impl TranslationUnit {
    pub(crate) fn new(
        preamble: &Preamble,
        text: &str,
        cflags: &[String],
        header_folder: &Path,
        session: &Session,
    ) -> TranslationUnit {
        let folder = preamble.folder();
        let mut include = OsString::from("-I");
        include.push(&folder);
        let mut flags = vec![include, header_flag(header_folder)];
        flags.extend(cflags.iter().map(OsString::from));
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
        let text = format!(
            "{}#line {} \"{quoted}\"\n{}",
            go_types::before(text),
            rust.first_line,
            rust.text
        );
        TranslationUnit {
            text,
            flags,
            folder,
            rust,
            symbol_prefix: symbol_prefix(preamble, session),
        }
    }

    /// As in cgo, whose own text includes `<stddef.h>`, a preamble has C's types for sizes without an include.
    pub(crate) fn declare_sizes(&mut self, preprocessed: &str, names: &Names<'_>) {
        for (name, predefined) in SIZES {
            let is_wanted = match names.ordinary(name) {
                Some(declared) => is_used(name, names.text_before(declared.declaration)),
                None => preprocessed.contains(name),
            };
            if is_wanted {
                let declaration = format!("typedef {predefined} {name};\n");
                self.text.insert_str(0, &declaration);
            }
        }
    }

    /// Takes `_cgo_export.h` from another folder.
    pub(crate) fn use_header(&mut self, folder: &Path) {
        self.flags[HEADER_FLAG] = header_flag(folder);
    }
}

/// The preamble is a translation unit of its own, whatever its text: its crate, as
/// Cargo knows it, its place and how often that was met tell it from every other one.
fn symbol_prefix(preamble: &Preamble, session: &Session) -> String {
    let file = session
        .crate_folder()
        .and_then(|folder| preamble.file.strip_prefix(folder).ok());
    let file = file.unwrap_or(&preamble.file);
    let mut hash = Hash::new();
    hash.add(&session.build_identity);
    hash.add(&file.to_string_lossy());
    hash.add(&format!("{:?} {}", preamble.start, preamble.repetition));
    format!("cgo_{}_", &hash.hex()[..16])
}

/// Whether a word stands in C, and not only in a macro's definition.
fn is_used(word: &str, preprocessed: &str) -> bool {
    let mut lines = preprocessed.lines();
    lines.any(|line| {
        !line.starts_with('#')
            && line.contains(word)
            && tokens(line).iter().any(|token| token.text == word)
    })
}

fn header_flag(folder: &Path) -> OsString {
    let mut flag = OsString::from("-I");
    flag.push(folder);
    flag
}
