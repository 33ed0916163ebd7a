//! Why a session cannot serve any preamble.

use std::fmt;
use std::path::PathBuf;

use crate::session::environment::LINK_DIRECTORY;

/// The reason. As text it is the error message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Problem {
    /// The marker file of the link directory is damaged.
    DamagedLinkDirectory(PathBuf),
    /// Nothing names a link directory, and the crate is to be linked.
    NoLinkDirectory,
    /// The variable names this folder, but rustc does not look for libraries there.
    NotSearched(PathBuf),
    /// Nothing tells the target, for this reason.
    UnknownTarget(String),
}

impl fmt::Display for Problem {
    fn fmt(&self, text: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Problem::DamagedLinkDirectory(folder) => write!(
                text,
                "the link directory {} is damaged\nhelp: run `cargo clean -p cgo-runtime`; the next build makes a new one",
                folder.display()
            ),
            Problem::NoLinkDirectory => write!(
                text,
                "no folder is known for the compiled C: rustc was started without the folder that Cargo hands to it\n\
                 help: set the environment variable {LINK_DIRECTORY} to a folder that can be written, and give rustc `-L native=` with this folder"
            ),
            Problem::NotSearched(folder) => write!(
                text,
                "the environment variable {LINK_DIRECTORY} names a folder in which rustc does not look for libraries\n\
                 help: give rustc `-L native={}`",
                folder.display()
            ),
            Problem::UnknownTarget(why) => {
                write!(
                    text,
                    "cannot tell the target that rustc compiles for: {why}"
                )
            }
        }
    }
}
