//! One `c_preamble!` call as data: the C text with its place in the Rust file, and the head items before it.

use std::path::PathBuf;

use crate::diagnostic::Place;

/// What one call says.
#[derive(Clone, Debug)]
pub struct Preamble {
    /// The C text, directives included.
    pub text: String,
    /// Where the text starts in the Rust file.
    pub start: Place,
    /// The Rust file, absolute.
    pub file: PathBuf,
    /// Who sees the module.
    pub visibility: ModuleVisibility,
    /// The module's name.
    pub module: String,
    /// The types that are taken from other modules.
    pub imports: Vec<Import>,
    /// How many calls of this very text at this very place were expanded before it in the same crate: `#[path]`, `include!` and
    /// macros repeat a call, and each is a translation unit.
    pub repetition: usize,
}

/// Who sees a module.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ModuleVisibility {
    /// All crates: `pub`.
    Public,
    /// Fewer, as written: `pub(crate)`, or nothing for the parent module alone.
    Restricted(String),
}

impl ModuleVisibility {
    /// That of a module for which the call does not say any.
    pub fn of_crate() -> ModuleVisibility {
        ModuleVisibility::Restricted("pub(crate)".to_string())
    }

    /// In Rust.
    pub fn text(&self) -> &str {
        match self {
            ModuleVisibility::Public => "pub",
            ModuleVisibility::Restricted(text) => text,
        }
    }
}

/// One type taken from another module.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Import {
    /// Its path as seen from inside the new module, with `as name` if it is renamed.
    pub path: String,
    /// The name that it has in this module, which is how C calls it here: `struct_stat`, `sqlite3`.
    pub name: String,
    /// The place of this name.
    pub place: Place,
}

impl Preamble {
    /// The line at `place` with a mark below its column, for messages that rustc cannot show there. It is empty if the text has no
    /// such line.
    pub fn quote(&self, place: Place) -> String {
        let index = place.line.checked_sub(self.start.line);
        let Some((index, line)) =
            index.and_then(|index| Some((index, self.text.lines().nth(index)?)))
        else {
            return String::new();
        };
        let before = match index {
            0 => self.start.column,
            _ => 1,
        };
        let characters = place.column.saturating_sub(before);
        // Tabs stay tabs, so that the mark stands below its character.
        let indent: String = line
            .chars()
            .take(characters)
            .map(|c| if c == '\t' { c } else { ' ' })
            .collect();
        format!("\n | {line}\n | {indent}^")
    }

    /// The folder of the Rust file, which cgo calls SRCDIR.
    pub fn folder(&self) -> PathBuf {
        self.file.parent().map(PathBuf::from).unwrap_or_default()
    }
}
