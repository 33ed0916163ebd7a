//! Puts the preamble in the form that every call of the compiler sees: the text at its own lines, and the flags.

pub(crate) mod export_header;
pub(crate) mod header_search;
pub(crate) mod universal_names;

use std::collections::HashSet;
use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};

use cgo_csyntax::declarations::names::{Names, SIZES};
use cgo_csyntax::directive::Directives;
use cgo_csyntax::lexer::{SourceFile, tokens};
use cgo_csyntax::preamble::Preamble;

use crate::cache::kept_file::Hash;
use crate::explain::rust_file::RustFile;
use crate::exports::go_types;
use crate::linking::pkg_config::Packages;
use crate::session::Session;

/// Which flag names the folder of `_cgo_export.h`.
pub(crate) const HEADER_FLAG: usize = 1;

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
        let text = format!(
            "{}#line {} \"{quoted}\"\n{}",
            go_types::before(text),
            rust.first_line,
            rust.text
        );
        Unit {
            text,
            flags,
            folder,
            rust,
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
        self.flags[HEADER_FLAG] = export_header(folder);
    }
}

/// What the symbols of this preamble's additions start with. It is a translation unit of its own, whatever its text: its crate, as
/// Cargo knows it, its place and how often that was met tell it from every other one.
pub(crate) fn prefix(preamble: &Preamble, session: &Session) -> String {
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

/// Which of these files Cargo is to watch. Of the headers of the system's packages, those that the preamble and the user's own
/// headers name: a package's new version brings all others along, and GTK would have 688 to look at.
pub(crate) fn watched<'f>(files: &'f [PathBuf], names: &Names, folder: &Path) -> Vec<&'f PathBuf> {
    let is_users =
        |file: &SourceFile| !file.path.starts_with('<') && !is_packaged(Path::new(&file.path));
    let is_named = |file: &&SourceFile| {
        let includer = file.included_by.map(|index| &names.files[index as usize]);
        includer.is_some_and(is_users)
    };
    let named = names.files.iter().filter(is_named);
    let named: HashSet<PathBuf> = named.map(|file| folder.join(&file.path)).collect();
    let watched = files
        .iter()
        .filter(|file| !is_packaged(file) || named.contains(*file));
    watched.collect()
}

/// Whether a file is where systems like Unix keep the headers of their packages and compilers, and nobody writes by hand.
pub(crate) fn is_packaged(path: &Path) -> bool {
    let folder = path
        .strip_prefix("/usr")
        .ok()
        .and_then(|rest| rest.iter().next());
    let folder = folder.and_then(OsStr::to_str);
    folder.is_some_and(|folder| folder == "include" || folder.starts_with("lib"))
}

#[cfg(test)]
mod tests {
    use cgo_csyntax::declarations::declared;

    use super::*;

    const TEXT: &str = "# 1 \"/home/me/main.rs\"\n# 1 \"<command-line>\" 1\n# 1 \"/usr/include/stdc-predef.h\" 1 3 4\n\
        # 1 \"/home/me/main.rs\" 2\n# 1 \"/usr/include/a.h\" 1 3\n# 1 \"/usr/lib/gcc/12/include/b.h\" 1 3\n\
        # 2 \"/usr/include/a.h\" 2 3\n# 2 \"/home/me/main.rs\" 2\n# 1 \"/home/me/own.h\" 1\n\
        # 1 \"/usr/include/c.h\" 1 3\n# 1 \"/usr/local/include/d.h\" 1 3\n# 1 \"/usr/local/include/e.h\" 1 3\n";

    #[test]
    fn what_packages_include_is_not_watched() {
        let names = declared(TEXT);
        let files: Vec<PathBuf> = names
            .files
            .iter()
            .map(|file| PathBuf::from(&file.path))
            .collect();
        let watched = watched(&files, &names, Path::new("/"));
        let watched = watched.into_iter().filter(|file| file.starts_with("/usr"));
        let watched: Vec<PathBuf> = watched.cloned().collect();
        let expected = [
            "include/a.h",
            "include/c.h",
            "local/include/d.h",
            "local/include/e.h",
        ];
        assert_eq!(watched, expected.map(|file| Path::new("/usr").join(file)));
    }
}
