//! The files that the preprocessor and its flags read, and those of them that Cargo watches.

use std::collections::HashSet;
use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};

use cgo_csyntax::declarations::names::Names;
use cgo_csyntax::lexer::SourceFile;

use crate::unit::TranslationUnit;

/// The files that the preprocessor read, without the Rust file itself.
pub fn included(names: &Names<'_>, unit: &TranslationUnit) -> Vec<PathBuf> {
    let files = names.files.iter().filter(|file| {
        !file.path.is_empty() && !file.path.starts_with('<') && file.path != unit.rust.path
    });
    // A part of several headers is there for each of them.
    let mut seen = HashSet::new();
    files
        .filter(|file| seen.insert(&file.path))
        .map(|file| unit.folder.join(&file.path))
        .filter(|path| path.is_file())
        .collect()
}

/// The headers of the user.
pub fn own(names: &Names<'_>, unit: &TranslationUnit) -> Vec<PathBuf> {
    let mut files = included(names, unit);
    files.retain(|file| !is_packaged(file));
    files
}

/// The files that flags name, such as `-imacros FILE` and `-specs=FILE`.
pub fn named_by<'f>(
    flags: impl Iterator<Item = &'f OsString>,
    folder: &Path,
) -> impl Iterator<Item = PathBuf> {
    flags.filter_map(move |flag| {
        let flag = flag.to_str()?;
        let value = flag.split_once('=').map_or(flag, |(_, value)| value);
        let file = folder.join(value);
        (!value.is_empty() && file.is_file()).then_some(file)
    })
}

/// The files that Cargo watches. The headers of system packages are among them only if the preamble or a header of the user
/// names them: a new version of a package changes these too, and GTK has 688 headers.
pub fn watched(mut files: Vec<PathBuf>, names: &Names<'_>, folder: &Path) -> Vec<PathBuf> {
    let is_users =
        |file: &SourceFile| !file.path.starts_with('<') && !is_packaged(Path::new(&file.path));
    let is_named = |file: &&SourceFile| {
        let includer = file.included_by.map(|index| &names.files[index as usize]);
        includer.is_some_and(is_users)
    };
    let named = names.files.iter().filter(is_named);
    let named: HashSet<PathBuf> = named.map(|file| folder.join(&file.path)).collect();
    files.retain(|file| !is_packaged(file) || named.contains(file));
    files
}

/// Whether a file is in a folder that only packages write to.
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
        let watched = watched(files, &names, Path::new("/"));
        let watched = watched.into_iter().filter(|file| file.starts_with("/usr"));
        let watched: Vec<PathBuf> = watched.collect();
        let expected = [
            "include/a.h",
            "include/c.h",
            "local/include/d.h",
            "local/include/e.h",
        ];
        assert_eq!(watched, expected.map(|file| Path::new("/usr").join(file)));
    }
}
