//! Compiles the preamble, its shims and its `SOURCES` into a static library in the link directory.

use std::collections::{HashMap, HashSet};
use std::ffi::OsString;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::thread;

use cgo_emit::asserted::Asserted;
use cgo_emit::shim::Shim;
use cgo_preamble::diagnostic::{Diagnostic, Outcome, Place, cannot_write, fail};

use crate::compiler::{Compiled, Toolchain};
use crate::compilers_own::SecondNames;
use crate::object_file::{self, Linked};
use crate::process::Call;
use crate::rust_file::RustFile;

/// What goes into a library.
pub(crate) struct Contents<'a> {
    /// The preamble with its shims and what is asserted of layouts.
    pub(crate) text: &'a str,
    pub(crate) shims: &'a [Shim],
    /// What their symbols start with.
    pub(crate) prefix: &'a str,
    pub(crate) second_names: &'a SecondNames<'a>,
    pub(crate) layouts: &'a [Asserted],
    pub(crate) sources: &'a [(PathBuf, Place)],
    pub(crate) flags: &'a [OsString],
    /// Those for the sources, which may be given another `_cgo_export.h`.
    pub(crate) source_flags: &'a [OsString],
    /// The Rust file's folder, which the compiler runs in.
    pub(crate) folder: &'a Path,
    pub(crate) rust: &'a RustFile,
}

/// What an attempt came to.
pub(crate) enum Attempt {
    Built(Built),
    /// The compiler refuses the shims of these items, for the reasons beside them.
    Refused(HashMap<String, String>),
    /// The compiler cannot be asked for the layouts of these records.
    NotAsked(Vec<String>),
}

/// A library that lies in the work folder still.
pub(crate) struct Built {
    pub(crate) archive: PathBuf,
    /// The files that its sources include.
    pub(crate) files: Vec<PathBuf>,
    /// What the compiler said of its sources.
    pub(crate) warnings: Vec<Diagnostic>,
    /// The symbols that it defines.
    pub(crate) defined: HashSet<String>,
    /// Those that it takes from other libraries, if that is known.
    pub(crate) needed: Option<HashSet<String>>,
    /// Whether all of it belongs in the program, asked for or not.
    pub(crate) is_whole: bool,
}

/// Builds the library.
pub(crate) fn build(
    toolchain: &Toolchain,
    contents: &Contents<'_>,
    work: &Path,
) -> Outcome<Attempt> {
    let preamble_object = work.join("preamble.o");
    let (preamble, results) = thread::scope(|scope| {
        let compile_source = |index: usize, source: &Path, place: Place| {
            let (object, dependencies) = (
                work.join(format!("{index}.o")),
                work.join(format!("{index}.d")),
            );
            let compiled = toolchain.compile_file(
                contents.source_flags,
                contents.folder,
                source,
                &object,
                &dependencies,
                contents.rust,
            );
            let warnings = compiled.map_err(|errors| at(errors, place))?;
            let rule = fs::read_to_string(&dependencies).unwrap_or_default();
            let files = make_dependencies(&rule, contents.folder);
            Ok((files, at(warnings, place)))
        };
        let sources = contents.sources.iter().enumerate();
        // The operating system shares the processors out; a preamble has few sources.
        let running: Vec<_> = sources
            .map(|(index, (source, place))| {
                scope.spawn(move || compile_source(index, source, *place))
            })
            .collect();
        let preamble = toolchain.compile(
            contents.flags,
            contents.folder,
            (contents.text, contents.shims, contents.layouts),
            &preamble_object,
            contents.rust,
        );
        let results = running.into_iter().map(|thread| {
            let joined = thread.join();
            joined.unwrap_or_else(|_| fail("a thread that compiled a source broke off"))
        });
        (preamble, results.collect::<Vec<_>>())
    });
    let (compiled, mut errors) = match preamble {
        Ok(compiled) => (compiled, Vec::new()),
        Err(errors) => (Compiled::Whole, errors),
    };
    let (mut used, mut warnings) = (Vec::new(), Vec::new());
    for result in results {
        match result {
            Ok((files, said)) => {
                used.extend(files);
                warnings.extend(said);
            }
            Err(failed) => errors.extend(failed),
        }
    }
    if !errors.is_empty() {
        return Err(errors);
    }
    match compiled {
        Compiled::Refused(shims) => return Ok(Attempt::Refused(shims)),
        Compiled::NotAsked(records) => return Ok(Attempt::NotAsked(records)),
        Compiled::Whole => {}
    }
    let objects = (0..contents.sources.len()).map(|index| work.join(format!("{index}.o")));
    let objects: Vec<PathBuf> = [preamble_object].into_iter().chain(objects).collect();
    let (mut defined, mut needed, mut is_whole) = (HashSet::new(), Some(HashSet::new()), false);
    let places = [None].into_iter();
    let places = places.chain(contents.sources.iter().map(|(_, place)| Some(*place)));
    for (object, place) in objects.iter().zip(places) {
        let Some(linked) = prepare(object)? else {
            // Of what only the linker compiles, nothing is known: all of it may run unasked.
            (needed, is_whole) = (None, true);
            continue;
        };
        if linked.runs_on_the_stack {
            return Err(vec![Diagnostic::new(place, NESTED)]);
        }
        defined.extend(linked.defined);
        needed
            .iter_mut()
            .for_each(|needed| needed.extend(linked.needed.iter().cloned()));
        is_whole |= linked.is_whole;
    }
    let second = |symbol: &str| match defined.contains(symbol) {
        true => None,
        false => contents.second_names.find(symbol),
    };
    if needed
        .iter()
        .flatten()
        .any(|symbol| second(symbol).is_some())
    {
        for object in &objects {
            rename(object, second)?;
        }
    }
    // What is in no machine code yet.
    let shims = contents
        .shims
        .iter()
        .map(|shim| shim.symbol(contents.prefix));
    defined.extend(shims);
    Ok(Attempt::Built(Built {
        archive: archive_objects(toolchain, objects, work)?,
        files: used,
        warnings,
        defined,
        needed,
        is_whole,
    }))
}

/// Has the object file take symbols by their second names.
fn rename(object: &Path, second: impl Fn(&str) -> Option<String>) -> Outcome<()> {
    let bytes = fs::read(object).or_else(|error| cannot_read(object, &error))?;
    match object_file::with_renamed(&bytes, second) {
        Some(renamed) => fs::write(object, renamed).or_else(|error| cannot_write(object, &error)),
        None => Ok(()),
    }
}

fn cannot_read<T>(object: &Path, error: &io::Error) -> Outcome<T> {
    fail(format!("cannot read {}: {error}", object.display()))
}

/// gcc writes a piece of code onto the stack when it hands on such a function's address, and programs of Rust do not run that.
const NESTED: &str = "the C takes the address of a nested function, which works only where code on the stack may run, and in a program of Rust it \
     may not\nmove the function out of the other one, and hand it what it uses of that one's variables by a pointer";

/// Makes the object file ready for the linkers that Rust uses, and tells what they are to know of it; `None` if it is none that can
/// be read.
fn prepare(object: &Path) -> Outcome<Option<Linked>> {
    let bytes = fs::read(object).or_else(|error| cannot_read(object, &error))?;
    if let Some(kept) = object_file::with_kept_sets(&bytes) {
        fs::write(object, kept).or_else(|error| cannot_write(object, &error))?;
    }
    Ok(object_file::linked(&bytes))
}

fn at(errors: Vec<Diagnostic>, place: Place) -> Vec<Diagnostic> {
    errors
        .into_iter()
        .map(|error| Diagnostic {
            place: error.place.or(Some(place)),
            ..error
        })
        .collect()
}

fn archive_objects(toolchain: &Toolchain, objects: Vec<PathBuf>, work: &Path) -> Outcome<PathBuf> {
    let archive = work.join("library.a");
    let mut arguments = vec![OsString::from("crs"), archive.clone().into()];
    arguments.extend(objects.into_iter().map(OsString::from));
    let name = toolchain.archiver.path.display();
    let finished = toolchain.dump.run(&Call {
        purpose: "archive",
        program: &toolchain.archiver,
        arguments: &arguments,
        folder: work,
        input: None,
        work: Some(work),
    });
    match finished {
        Ok(finished) if finished.status.success() => Ok(archive),
        Ok(finished) => fail(format!(
            "the archiver `{name}` failed ({}):\n{}",
            finished.status,
            finished.stderr.trim()
        )),
        Err(error) => fail(format!(
            "the archiver `{name}` could not be run: {error}; it comes with binutils, and the environment variable AR names another"
        )),
    }
}

/// The files after the colon of a rule that `-MD` wrote.
pub(crate) fn make_dependencies(rule: &str, folder: &Path) -> Vec<PathBuf> {
    let Some((_, files)) = rule.split_once(": ") else {
        return Vec::new();
    };
    let mut found = Vec::new();
    let mut file = String::new();
    let mut characters = files
        .replace("\\\n", " ")
        .replace("$$", "$")
        .chars()
        .collect::<Vec<_>>()
        .into_iter()
        .peekable();
    while let Some(character) = characters.next() {
        match character {
            '\\' if matches!(characters.peek(), Some(' ' | '#' | '\\')) => {
                file.extend(characters.next())
            }
            character if character.is_whitespace() => {
                if !file.is_empty() {
                    found.push(folder.join(std::mem::take(&mut file)));
                }
            }
            character => file.push(character),
        }
    }
    if !file.is_empty() {
        found.push(folder.join(file));
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_in_a_rule_may_hold_spaces() {
        let files = make_dependencies("x.o: a.c \\\n my\\ header.h cost$$.h\n", Path::new("/s"));
        assert_eq!(
            files,
            ["/s/a.c", "/s/my header.h", "/s/cost$.h"].map(PathBuf::from)
        );
    }
}
