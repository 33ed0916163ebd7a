//! Why a session cannot serve any preamble.

use std::path::PathBuf;

use cgo_csyntax::message::Message;

use crate::session::environment::LINK_DIRECTORY;

/// The reason.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SessionError {
    /// The marker file of the link directory is damaged.
    DamagedLinkDirectory(PathBuf),
    /// Nothing names a link directory, and the crate is to be linked.
    NoLinkDirectory,
    /// The variable names this folder, but rustc does not look for libraries there.
    NotSearched(PathBuf),
    /// Nothing tells the target, for this reason.
    UnknownTarget(String),
}

impl SessionError {
    /// The error message.
    pub fn message(&self) -> Message {
        match self {
            SessionError::DamagedLinkDirectory(folder) => Message::new(format!(
                "the link directory {} is damaged",
                folder.display()
            ))
            .help("run `cargo clean -p cgo-runtime`; the next build makes a new one"),
            SessionError::NoLinkDirectory => Message::new(
                "no folder is known for the compiled C: rustc was started without the folder that Cargo hands to it",
            )
            .help(format!(
                "set the environment variable {LINK_DIRECTORY} to a folder that can be written, and give rustc `-L native=` with this folder"
            )),
            SessionError::NotSearched(folder) => Message::new(format!(
                "the environment variable {LINK_DIRECTORY} names a folder in which rustc does not look for libraries"
            ))
            .help(format!("give rustc `-L native={}`", folder.display())),
            SessionError::UnknownTarget(why) => Message::new(format!(
                "cannot tell the target that rustc compiles for: {why}"
            )),
        }
    }
}
