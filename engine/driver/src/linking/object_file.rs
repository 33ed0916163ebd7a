//! Reads the object files for the library, and prepares them for linkers.

use std::fs;
use std::io;
use std::path::Path;

use cgo_csyntax::diagnostic::{Outcome, cannot_write, fail};

/// Changes an object file so that rustc's linker options do not remove the entries of linker sets.
pub(crate) fn prepare(file: &Path) -> Outcome<()> {
    match cgo_object::with_kept_sets(&read(file)?) {
        Some(kept) => fs::write(file, kept).or_else(|error| cannot_write(file, &error)),
        None => Ok(()),
    }
}

pub(crate) fn read(file: &Path) -> Outcome<Vec<u8>> {
    let cannot = |error: io::Error| fail(format!("cannot read `{}`: {error}", file.display()));
    fs::read(file).or_else(cannot)
}
