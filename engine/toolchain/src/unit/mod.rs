//! The translation unit: the text and the flags that every run of the compiler gets.

pub mod flags;
pub mod go_types;
pub mod header_search;
pub mod read_files;
pub mod universal_names;

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use cgo_csyntax::declarations::names::{Names, SIZES};
use cgo_csyntax::directive::prototype::Prototype;
use cgo_csyntax::lexer::tokens;
use cgo_csyntax::preamble::Preamble;
use cgo_csyntax::target::ObjectFormat;

use crate::hash::Hash;
use crate::rust_file::RustFile;
use crate::session::Session;
use crate::unit::flags::UnitFlags;

/// What every run of the compiler gets.
#[derive(Clone)]
pub struct TranslationUnit {
    /// The preamble, with `#line` and spaces so that lines and columns are those of the Rust file.
    pub text: String,
    pub flags: UnitFlags,
    /// The folder of the Rust file, in which the compiler runs.
    pub folder: PathBuf,
    pub rust: RustFile,
    /// What `__FILE__` is in the preamble, a string literal. Empty if it is a macro of the user's own.
    pub file_macro: String,
    /// The prefix of the symbols that are added to the preamble.
    pub symbol_prefix: String,
    pub object_format: ObjectFormat,
}

impl TranslationUnit {
    pub fn new(
        preamble: &Preamble,
        text: &str,
        cflags: &[String],
        header_folder: &Path,
        session: &Session,
    ) -> TranslationUnit {
        let folder = preamble.folder();
        let mut flags = UnitFlags::new(&folder, header_folder);
        flags.others.extend(cflags.iter().map(OsString::from));
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
        let file_macro = literal(&rust.path);
        let text = format!(
            "{}#line {} {file_macro}\n{}",
            go_types::before(text),
            rust.first_line,
            rust.text
        );
        TranslationUnit {
            text,
            flags,
            folder,
            rust,
            file_macro,
            symbol_prefix: symbol_prefix(preamble, session),
            object_format: session.target.object_format(),
        }
    }

    /// Declares `size_t` and the like where the text or a prototype uses them without an include: cgo of Go includes `<stddef.h>` itself.
    pub fn declare_sizes(&mut self, preprocessed: &str, names: &Names<'_>) {
        for (name, predefined) in SIZES {
            let is_wanted = match names.ordinary(name) {
                Some(declared) => is_used(name, names.text_before(declared.declaration)),
                None => preprocessed.contains(name) || self.text.contains(name),
            };
            if is_wanted {
                let declaration = format!("typedef {predefined} {name};\n");
                self.text.insert_str(0, &declaration);
            }
        }
    }

    /// Declares the functions of these prototypes, each at the place of its directive.
    pub fn declare_prototypes(&mut self, prototypes: &[Prototype], names: &Names<'_>) {
        let file = literal(&self.rust.path);
        for prototype in prototypes {
            if let Some(declaration) = prototype.declaration(names) {
                let line = prototype.place.line;
                self.text
                    .push_str(&format!("\n#line {line} {file}\n{declaration}\n"));
            }
        }
    }
}

/// The path as a string literal of C.
fn literal(path: &str) -> String {
    format!("\"{}\"", path.replace('\\', "\\\\").replace('"', "\\\""))
}

/// It differs for every preamble of a program: it is a hash of the build of the crate, the place, and how often the place was expanded.
fn symbol_prefix(preamble: &Preamble, session: &Session) -> String {
    let file = session
        .crate_folder()
        .and_then(|folder| preamble.file.strip_prefix(folder).ok());
    let file = file.unwrap_or(&preamble.file);
    let mut hash = Hash::default();
    hash.add(&session.build_identity);
    hash.add(&file.to_string_lossy());
    hash.add(&format!("{:?} {}", preamble.start, preamble.repetition));
    format!("cgo_{}_", &hash.hex()[..16])
}

/// Whether the text has the word, apart from definitions of macros. Only lines that may have it are cut into tokens: no tokens of functions'
/// bodies are kept.
fn is_used(word: &str, preprocessed: &str) -> bool {
    let mut lines = preprocessed.lines();
    lines.any(|line| {
        !line.starts_with('#')
            && line.contains(word)
            && tokens(line).iter().any(|token| token.text == word)
    })
}
