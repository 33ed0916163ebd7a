//! The inputs of a program: the folders that its name is looked up in, and the programs that a script runs.

use std::collections::BTreeSet;
use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};

use crate::inputs::Inputs;
use crate::session::environment::variable;
use crate::session::process::Program;

/// The part of a script that is read, in bytes.
const MOST_OF_A_SCRIPT: u64 = 1 << 16;
/// The number of scripts that are read: each may lead to many others.
const MOST_SCRIPTS: usize = 16;

/// Adds the files of these programs: every file with such a name in `PATH`, since a wrapper such as ccache runs the next one, and each
/// program that their arguments name. Returns those that are scripts.
pub fn add(inputs: &mut Inputs, programs: &[&Program]) -> Vec<PathBuf> {
    let folders = folders();
    let mut names = BTreeSet::new();
    let mut files = BTreeSet::new();
    for program in programs {
        let arguments = program.arguments.iter().map(Path::new);
        for word in [program.path.as_path()].into_iter().chain(arguments) {
            look_up(word, &folders, &mut names, &mut files);
        }
    }
    let mut scripts = Vec::new();
    let mut unread: Vec<PathBuf> = files.iter().cloned().collect();
    while let (Some(file), 0..MOST_SCRIPTS) = (unread.pop(), scripts.len()) {
        let Some(script) = script(&file) else {
            continue;
        };
        for word in script.split(|c: char| c.is_whitespace() || "\"'`$(){}[]<>|&;=,".contains(c)) {
            let mut found = BTreeSet::new();
            look_up(Path::new(word), &folders, &mut names, &mut found);
            unread.extend(found.difference(&files).cloned());
            files.extend(found);
        }
        scripts.push(file);
    }
    files.into_iter().for_each(|file| inputs.file(file));
    inputs.search(folders, names);
    scripts
}

/// The folders of `PATH`.
pub fn folders() -> Vec<PathBuf> {
    let path = variable("PATH").unwrap_or_default();
    std::env::split_paths(&path).collect()
}

/// Looks up a bare name in `PATH`.
pub(super) fn resolve(program: &Path) -> Option<PathBuf> {
    if program.components().count() > 1 {
        return Some(program.to_path_buf());
    }
    let files = folders().into_iter();
    files
        .map(|folder| folder.join(program))
        .find(|file| file.is_file())
}

/// Adds the programs that a word of a command may name, and the name, if there are any.
fn look_up(
    word: &Path,
    folders: &[PathBuf],
    names: &mut BTreeSet<String>,
    files: &mut BTreeSet<PathBuf>,
) {
    let is_path = word.components().count() > 1;
    files.extend((is_path && is_program(word)).then(|| word.to_path_buf()));
    let Some(name) = word.file_name().and_then(|name| name.to_str()) else {
        return;
    };
    if name.starts_with('-') {
        return;
    }
    let found = folders.iter().map(|folder| folder.join(name));
    let found: Vec<PathBuf> = found.filter(|file| is_program(file)).collect();
    if !found.is_empty() {
        names.insert(name.to_string());
        files.extend(found);
    }
}

/// Whether it can be run. A script may name other files too.
#[cfg(unix)]
fn is_program(file: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt;
    let data = fs::metadata(file);
    data.is_ok_and(|data| data.is_file() && data.permissions().mode() & 0o111 != 0)
}

#[cfg(not(unix))]
fn is_program(file: &Path) -> bool {
    file.is_file()
}

fn script(file: &Path) -> Option<String> {
    let mut open = fs::File::open(file).ok()?;
    let mut mark = [0; 2];
    open.read_exact(&mut mark).ok()?;
    if &mark != b"#!" {
        return None;
    }
    let mut text = Vec::new();
    open.take(MOST_OF_A_SCRIPT).read_to_end(&mut text).ok()?;
    Some(String::from_utf8_lossy(&text).into_owned())
}
