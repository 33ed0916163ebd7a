//! Finds the files that a Fortran source includes, since its compiler writes no rule for make.

use std::fs;
use std::path::{Path, PathBuf};

/// The files that the source and these themselves name, wherever in the folders they are.
pub(crate) fn included(source: &Path, folders: &[PathBuf]) -> Vec<PathBuf> {
    let mut files = vec![source.to_path_buf()];
    let mut next = 0;
    while let Some(file) = files.get(next).cloned() {
        next += 1;
        let text = fs::read(&file).unwrap_or_default();
        let text = String::from_utf8_lossy(&text);
        let beside = [file.parent().unwrap_or(&file).to_path_buf()];
        for name in text.lines().filter_map(included_by) {
            let places = beside.iter().chain(folders);
            for found in places.map(|folder| folder.join(name)) {
                if found.is_file() && !files.contains(&found) {
                    files.push(found);
                }
            }
        }
    }
    files
}

/// The file that a line includes, by a statement or a directive.
fn included_by(line: &str) -> Option<&str> {
    let line = line.trim_start().trim_start_matches('#').trim_start();
    let (word, rest) = line.split_at_checked("include".len())?;
    let name = rest.trim_start().strip_prefix(['\'', '"', '<'])?;
    let name = name.split(['\'', '"', '>']).next()?;
    word.eq_ignore_ascii_case("include").then_some(name)
}
