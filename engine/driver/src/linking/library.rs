//! Builds the static library of a preamble: its object with the shims, and the objects of `SOURCES`.

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

/// What the preamble's object is compiled from.
pub(crate) struct Contents<'a> {
    /// The preamble with its shims and the assertions of layouts.
    pub(crate) text: &'a str,
    pub(crate) shims: &'a [Shim],
    /// The prefix of their symbols.
    pub(crate) prefix: &'a str,
    pub(crate) layouts: &'a [Asserted],
    pub(crate) flags: &'a [OsString],
    /// The folder of the Rust file, in which the compiler runs.
    pub(crate) folder: &'a Path,
    pub(crate) rust: &'a RustFile,
}

/// What compiling came to.
pub(crate) enum Attempt {
    Built(PreambleObject),
    /// The compiler rejects the shims of these items, for these reasons.
    RejectedShims(HashMap<String, String>),
    /// The compiler rejects the assertions of these records' layouts.
    RejectedLayouts(Vec<String>),
}

/// The object of the preamble, in the work folder.
pub(crate) struct PreambleObject {
    path: PathBuf,
    /// The warnings of the compiler.
    pub(crate) warnings: Vec<Diagnostic>,
    /// The symbols of its shims.
    shims: Vec<String>,
}

/// The library, in the work folder.
pub(crate) struct Built {
    pub(crate) archive: PathBuf,
    /// The symbols that it defines.
    pub(crate) defined: HashSet<String>,
    /// The symbols that it takes from other libraries, if they are known.
    pub(crate) needed: Option<HashSet<String>>,
    /// Whether a program needs all of its objects, even if nothing refers to them.
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
        Compiled::Refused(shims) => return Ok(Attempt::RejectedShims(shims)),
        Compiled::NotAsked(records) => return Ok(Attempt::RejectedLayouts(records)),
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

/// Makes the library of the object of the preamble and those of `SOURCES`, which `prepare` has seen.
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
            // The linker compiles it, so that nothing is known yet: all of it may run before `main`.
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
            // A copy: the cache keeps the object of a source as it is.
            let renamed = work.join(format!("renamed-{number}.o"));
            if rename(object, &renamed, second)? {
                *object = renamed;
            }
        }
    }
    // They are not known from an object without machine code.
    defined.extend(preamble.shims);
    Ok(Built {
        archive: archive(&objects, &symbols, work)?,
        defined,
        needed,
        is_whole,
    })
}

/// Writes a copy of the object file that refers to symbols by their second names. `false` if it refers to none of them.
fn rename(object: &Path, renamed: &Path, second: impl Fn(&str) -> Option<String>) -> Outcome<bool> {
    let Some(bytes) = object::with_renamed(&read(object)?, second) else {
        return Ok(false);
    };
    fs::write(renamed, bytes).or_else(|error| cannot_write(renamed, &error))?;
    Ok(true)
}

/// To pass on the address of such a function, gcc writes code onto the stack, and the stack of a Rust program is not executable.
const NESTED: &str = "the C takes the address of a nested function, which needs an executable stack\n\
     help: move the function out of the other one, and pass a pointer to the variables that it uses";

/// Changes an object file so that rustc's linker options do not remove the entries of linker sets.
pub(crate) fn prepare(object: &Path) -> Outcome<()> {
    match object::with_kept_sets(&read(object)?) {
        Some(kept) => fs::write(object, kept).or_else(|error| cannot_write(object, &error)),
        None => Ok(()),
    }
}

fn read(object: &Path) -> Outcome<Vec<u8>> {
    let cannot = |error: io::Error| fail(format!("cannot read `{}`: {error}", object.display()));
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
