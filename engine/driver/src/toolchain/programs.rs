//! What it depends on that running a program runs this one: where its name was looked for, and what a script runs in its turn.

use std::collections::BTreeSet;
use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};

use crate::cache::inputs::Inputs;
use crate::session::environment::variable;
use crate::session::process::Program;

/// So much of a script is read.
const MOST_OF_A_SCRIPT: u64 = 1 << 16;
/// And so many of them: what they run in their turn is sooner or later all that the system has.
const MOST_SCRIPTS: usize = 16;

/// Adds what decides what these programs are: every file of such a name in a folder of `PATH`, since a wrapper such as ccache
/// runs the next one, and whatever their words name. Gives the scripts among them.
pub(crate) fn add(inputs: &mut Inputs, programs: &[&Program]) -> Vec<PathBuf> {
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

/// The folders that a program's bare name is looked for in.
pub(crate) fn folders() -> Vec<PathBuf> {
    let path = variable("PATH").unwrap_or_default();
    std::env::split_paths(&path).collect()
}

/// Adds the files that a word of a command may mean, and the name that was looked for if there are any.
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

/// A script may name other files too, such as one that it writes to.
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
