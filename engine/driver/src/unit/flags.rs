//! The flags that a file is compiled with, in the order in which compilers get them.

use std::ffi::OsString;
use std::path::Path;

/// The flags of one unit.
#[derive(Clone, Debug)]
pub(crate) struct UnitFlags {
    /// `-I` with the folder of the Rust file.
    rust_folder: OsString,
    /// `-I` with the folder of `_cgo_export.h`.
    header_folder: OsString,
    /// Those behind these two.
    pub(crate) others: Vec<OsString>,
}

impl UnitFlags {
    pub(crate) fn new(rust_folder: &Path, header_folder: &Path) -> UnitFlags {
        UnitFlags {
            rust_folder: search(rust_folder),
            header_folder: search(header_folder),
            others: Vec::new(),
        }
    }

    /// The same folders without the other flags.
    pub(crate) fn folders(&self) -> UnitFlags {
        UnitFlags {
            rust_folder: self.rust_folder.clone(),
            header_folder: self.header_folder.clone(),
            others: Vec::new(),
        }
    }

    /// Includes `_cgo_export.h` from another folder.
    pub(crate) fn use_header(&mut self, folder: &Path) {
        self.header_folder = search(folder);
    }

    pub(crate) fn iter(&self) -> impl DoubleEndedIterator<Item = &OsString> {
        [&self.rust_folder, &self.header_folder]
            .into_iter()
            .chain(&self.others)
    }

    pub(crate) fn to_vec(&self) -> Vec<OsString> {
        self.iter().cloned().collect()
    }

    /// All but the one for the folder of `_cgo_export.h`.
    pub(crate) fn without_header(&self) -> impl Iterator<Item = &OsString> {
        [&self.rust_folder].into_iter().chain(&self.others)
    }
}

fn search(folder: &Path) -> OsString {
    let mut flag = OsString::from("-I");
    flag.push(folder);
    flag
}
