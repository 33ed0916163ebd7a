//! Reads the files that C is declared in, for the comments above the declarations.

use std::cell::RefCell;
use std::collections::HashMap;
use std::fs;
use std::path::PathBuf;
use std::rc::Rc;

use cgo_toolchain::rust_file::RustFile;

/// The files, each read once.
pub(crate) struct SourceLines {
    /// The folder that the compiler runs in: relative paths start there.
    folder: PathBuf,
    read: RefCell<HashMap<String, Rc<[String]>>>,
}

impl SourceLines {
    pub(crate) fn new(folder: PathBuf) -> SourceLines {
        SourceLines {
            folder,
            read: RefCell::default(),
        }
    }

    /// Takes the lines of the Rust file from its preamble: in an editor they may not be saved yet.
    pub(crate) fn know(&self, rust: &RustFile) {
        let before = vec![String::new(); rust.first_line.saturating_sub(1)];
        let lines = rust.text.lines().map(str::to_string);
        let lines = before.into_iter().chain(lines).collect();
        self.read.borrow_mut().insert(rust.path.clone(), lines);
    }

    /// The lines of a file that the compiler calls by this name; none if it cannot be read.
    pub(crate) fn of(&self, file: &str) -> Rc<[String]> {
        if let Some(lines) = self.read.borrow().get(file) {
            return Rc::clone(lines);
        }
        let bytes = fs::read(self.folder.join(file)).unwrap_or_default();
        let text = String::from_utf8_lossy(&bytes);
        // A byte order mark is not part of a comment.
        let text = text.strip_prefix('\u{feff}').unwrap_or(&text);
        let lines: Rc<[String]> = text.lines().map(str::to_string).collect();
        let mut read = self.read.borrow_mut();
        read.insert(file.to_string(), Rc::clone(&lines));
        lines
    }
}
