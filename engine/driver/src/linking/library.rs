//! Builds the static library of a preamble: its object with the shims, and the objects of `SOURCES`.

use std::collections::HashSet;
use std::fs;
use std::mem;
use std::path::{Path, PathBuf};

use cgo_csyntax::diagnostic::{Diagnostic, Outcome, Place, Placed, cannot_write};
use cgo_csyntax::message::Reason;
use cgo_csyntax::target::ObjectFormat;
use cgo_object::{LinkInfo, archive};

use crate::linking::compiler_libraries::SecondNames;
use crate::linking::object_file;
use crate::linking::preamble_object::PreambleObject;

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

/// Makes the library of the object of the preamble and those of `SOURCES`, which are prepared.
pub(crate) fn of_objects(
    preamble: PreambleObject,
    sources: Vec<Placed<PathBuf>>,
    second_names: &SecondNames<'_>,
    format: ObjectFormat,
    work: &Path,
) -> Outcome<Built> {
    let mut objects = vec![preamble.path];
    let places: Vec<Place> = sources.iter().map(|object| object.place).collect();
    objects.extend(sources.into_iter().map(|object| object.value));
    let (mut defined, mut needed, mut is_whole) = (HashSet::new(), Some(HashSet::new()), false);
    let mut files = Vec::new();
    let mut symbols = Vec::new();
    let places = [None].into_iter().chain(places.into_iter().map(Some));
    for (object, place) in objects.iter().zip(places) {
        let Some(mut linked) = cgo_object::link_info(&object_file::read(object)?) else {
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
        // Else the linker would see no clash with another definition that it meets before.
        let is_alone = place.is_none() && objects.len() == 1;
        is_whole |= linked.is_whole || is_alone && defines_for_all(&linked, &preamble.shims);
        symbols.push(mem::take(&mut linked.symbols));
        files.push(linked);
    }
    is_whole |= cgo_object::override_each_other(&files);
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
        archive: archive(&objects, &symbols, format, work)?,
        defined,
        needed,
        is_whole,
    })
}

/// Whether the preamble itself defines something that no other object file of the program may define.
fn defines_for_all(object: &LinkInfo, shims: &[String]) -> bool {
    let mut strong: HashSet<&String> = object.defined.difference(&object.weak).collect();
    shims.iter().for_each(|shim| {
        strong.remove(shim);
    });
    !strong.is_empty()
}

/// Writes a copy of the object file that refers to symbols by their second names. `false` if it refers to none of them.
fn rename(object: &Path, renamed: &Path, second: impl Fn(&str) -> Option<String>) -> Outcome<bool> {
    let Some(bytes) = cgo_object::with_renamed(&object_file::read(object)?, second) else {
        return Ok(false);
    };
    fs::write(renamed, bytes).or_else(|error| cannot_write(renamed, &error))?;
    Ok(true)
}

/// To pass on the address of such a function, gcc writes code onto the stack, and the stack of a Rust program is not executable.
const NESTED: Reason = Reason::new(
    "the C takes the address of a nested function, which needs an executable stack",
)
.help("move the function out of the other one, and pass a pointer to the variables that it uses");

/// Archives the object files, with the symbols of those that have any in machine code.
fn archive(
    objects: &[PathBuf],
    symbols: &[Vec<String>],
    format: ObjectFormat,
    work: &Path,
) -> Outcome<PathBuf> {
    let contents = objects.iter().map(|object| object_file::read(object));
    let contents: Vec<Vec<u8>> = contents.collect::<Outcome<_>>()?;
    let files = objects.iter().zip(&contents).zip(symbols);
    let members = files.map(|((path, object), symbols)| archive::ArchiveMember {
        name: path
            .file_name()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned(),
        object,
        symbols,
    });
    let members: Vec<archive::ArchiveMember<'_>> = members.collect();
    let library = work.join("library.a");
    let bytes = archive::write(&members, format)?;
    fs::write(&library, bytes).or_else(|error| cannot_write(&library, &error))?;
    Ok(library)
}
