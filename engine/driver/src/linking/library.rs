//! Compiles the preamble and its shims, and puts them and the objects of `SOURCES` into a static library.

use std::collections::{HashMap, HashSet};
use std::ffi::OsString;
use std::fs;
use std::io;
use std::mem;
use std::path::{Path, PathBuf};

use cgo_codegen::checks::layout_in_c::Asserted;
use cgo_codegen::shims::c_text::Shim;
use cgo_csyntax::diagnostic::{Diagnostic, Outcome, Place, cannot_write, fail};

use crate::explain::rust_file::RustFile;
use crate::linking::archive;
use crate::linking::compiler_libraries::SecondNames;
use crate::probe::object;
use crate::toolchain::compiler::{Compiled, Toolchain};

/// What is compiled.
pub(crate) struct Contents<'a> {
    /// The preamble with its shims and what is asserted of layouts.
    pub(crate) text: &'a str,
    pub(crate) shims: &'a [Shim],
    /// What their symbols start with.
    pub(crate) prefix: &'a str,
    pub(crate) layouts: &'a [Asserted],
    pub(crate) flags: &'a [OsString],
    /// The Rust file's folder, which the compiler runs in.
    pub(crate) folder: &'a Path,
    pub(crate) rust: &'a RustFile,
}

/// What an attempt came to.
pub(crate) enum Attempt {
    Built(PreambleObject),
    /// The compiler refuses the shims of these items, for the reasons beside them.
    Refused(HashMap<String, String>),
    /// The compiler cannot be asked for the layouts of these records.
    NotAsked(Vec<String>),
}

/// The preamble's object, which lies in the work folder.
pub(crate) struct PreambleObject {
    path: PathBuf,
    /// What the compiler warns of in it.
    pub(crate) warnings: Vec<Diagnostic>,
    /// The symbols of its shims.
    shims: Vec<String>,
}

/// A library that lies in the work folder still.
pub(crate) struct Built {
    pub(crate) archive: PathBuf,
    /// The symbols that it defines.
    pub(crate) defined: HashSet<String>,
    /// Those that it takes from other libraries, if that is known.
    pub(crate) needed: Option<HashSet<String>>,
    /// Whether all of it belongs in the program, asked for or not.
    pub(crate) is_whole: bool,
}

/// Compiles the preamble.
pub(crate) fn build(
    toolchain: &Toolchain,
    contents: &Contents<'_>,
    work: &Path,
) -> Outcome<Attempt> {
    let object = work.join("preamble.o");
    let compiled = toolchain.compile(
        contents.flags,
        contents.folder,
        (contents.text, contents.shims, contents.layouts),
        &object,
        contents.rust,
    )?;
    let warnings = match compiled {
        Compiled::Refused(shims) => return Ok(Attempt::Refused(shims)),
        Compiled::NotAsked(records) => return Ok(Attempt::NotAsked(records)),
        Compiled::Whole(warnings) => warnings,
    };
    prepare(&object)?;
    let shims = contents.shims.iter();
    Ok(Attempt::Built(PreambleObject {
        path: object,
        warnings,
        shims: shims.map(|shim| shim.symbol(contents.prefix)).collect(),
    }))
}

/// Makes the library of the preamble's object and those of `SOURCES`, which have been prepared.
pub(crate) fn of_objects(
    preamble: PreambleObject,
    sources: Vec<(PathBuf, Place)>,
    second_names: &SecondNames<'_>,
    work: &Path,
) -> Outcome<Built> {
    let mut objects = vec![preamble.path];
    let places: Vec<Place> = sources.iter().map(|(_, place)| *place).collect();
    objects.extend(sources.into_iter().map(|(object, _)| object));
    let (mut defined, mut needed, mut is_whole) = (HashSet::new(), Some(HashSet::new()), false);
    let mut files = Vec::new();
    let mut symbols = Vec::new();
    let places = [None].into_iter().chain(places.into_iter().map(Some));
    for (object, place) in objects.iter().zip(places) {
        let Some(mut linked) = object::linked(&read(object)?) else {
            // Of what only the linker compiles, nothing is known: all of it may run unasked.
            (needed, is_whole) = (None, true);
            symbols.push(Vec::new());
            continue;
        };
        if linked.runs_on_the_stack {
            return Err(vec![Diagnostic::new(place, NESTED)]);
        }
        defined.extend(linked.defined.iter().cloned());
        needed
            .iter_mut()
            .for_each(|needed| needed.extend(linked.needed.iter().cloned()));
        is_whole |= linked.is_whole;
        symbols.push(mem::take(&mut linked.symbols));
        files.push(linked);
    }
    is_whole |= object::decide_for_each_other(&files);
    let second = |symbol: &str| match defined.contains(symbol) {
        true => None,
        false => second_names.find(symbol),
    };
    if needed
        .iter()
        .flatten()
        .any(|symbol| second(symbol).is_some())
    {
        for (number, object) in objects.iter_mut().enumerate() {
            // Another one: that of a source is kept as it is.
            let renamed = work.join(format!("renamed-{number}.o"));
            if rename(object, &renamed, second)? {
                *object = renamed;
            }
        }
    }
    // What is in no machine code yet.
    defined.extend(preamble.shims);
    Ok(Built {
        archive: archive(&objects, &symbols, work)?,
        defined,
        needed,
        is_whole,
    })
}

/// Writes the object file so that it takes symbols by their second names, if it takes any of them.
fn rename(object: &Path, renamed: &Path, second: impl Fn(&str) -> Option<String>) -> Outcome<bool> {
    let Some(bytes) = object::with_renamed(&read(object)?, second) else {
        return Ok(false);
    };
    fs::write(renamed, bytes).or_else(|error| cannot_write(renamed, &error))?;
    Ok(true)
}

/// gcc writes a piece of code onto the stack when it hands on such a function's address, and programs of Rust do not run that.
const NESTED: &str = "the C takes the address of a nested function, which works only where code on the stack may run, and in a program of Rust it \
     may not\nmove the function out of the other one, and hand it what it uses of that one's variables by a pointer";

/// Makes an object file ready for the linkers that Rust uses.
pub(crate) fn prepare(object: &Path) -> Outcome<()> {
    match object::with_kept_sets(&read(object)?) {
        Some(kept) => fs::write(object, kept).or_else(|error| cannot_write(object, &error)),
        None => Ok(()),
    }
}

fn read(object: &Path) -> Outcome<Vec<u8>> {
    let cannot = |error: io::Error| fail(format!("cannot read {}: {error}", object.display()));
    fs::read(object).or_else(cannot)
}

/// Archives the object files, with the symbols of those that have any in machine code.
fn archive(objects: &[PathBuf], symbols: &[Vec<String>], work: &Path) -> Outcome<PathBuf> {
    let contents = objects.iter().map(|object| read(object));
    let contents: Vec<Vec<u8>> = contents.collect::<Outcome<_>>()?;
    let files = objects.iter().zip(&contents).zip(symbols);
    let members = files.map(|((path, object), symbols)| archive::Member {
        name: path
            .file_name()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned(),
        object,
        symbols,
    });
    let members: Vec<archive::Member<'_>> = members.collect();
    let library = work.join("library.a");
    let bytes = archive::write(&members)?;
    fs::write(&library, bytes).or_else(|error| cannot_write(&library, &error))?;
    Ok(library)
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
