//! The flags that a file is compiled with, in the order in which compilers get them.

use std::ffi::OsString;
use std::path::Path;

/// The flags of one unit.
#[derive(Clone, Debug)]
pub struct UnitFlags {
    /// `-I` with the folder of the Rust file.
    rust_folder: OsString,
    /// `-I` with the folder of `_cgo_export.h`.
    header_folder: OsString,
    /// Those behind these two.
    pub others: Vec<OsString>,
}

impl UnitFlags {
    pub fn new(rust_folder: &Path, header_folder: &Path) -> UnitFlags {
        UnitFlags {
            rust_folder: search(rust_folder),
            header_folder: search(header_folder),
            others: Vec::new(),
        }
    }

    /// The same folders without the other flags.
    pub fn folders(&self) -> UnitFlags {
        UnitFlags {
            rust_folder: self.rust_folder.clone(),
            header_folder: self.header_folder.clone(),
            others: Vec::new(),
        }
    }

    /// Includes `_cgo_export.h` from another folder.
    pub fn use_header(&mut self, folder: &Path) {
        self.header_folder = search(folder);
    }

    pub fn iter(&self) -> impl DoubleEndedIterator<Item = &OsString> {
        [&self.rust_folder, &self.header_folder]
            .into_iter()
            .chain(&self.others)
    }

    pub fn to_vec(&self) -> Vec<OsString> {
        self.iter().cloned().collect()
    }

    /// All but the one for the folder of `_cgo_export.h`.
    pub fn without_header(&self) -> impl Iterator<Item = &OsString> {
        [&self.rust_folder].into_iter().chain(&self.others)
    }
}

fn search(folder: &Path) -> OsString {
    let mut flag = OsString::from("-I");
    flag.push(folder);
    flag
}
