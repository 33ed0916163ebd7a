//! The `#[link]` attributes of libraries.
//!
//! A macro cannot add to the linker's command line. It can only name libraries, which rustc then searches in its `-L` folders. One of
//! these is the link directory. So `-lX` becomes `#[link(name = "X")]`. Files, and libraries in the folders of `-L`, are put into the
//! link directory under unique names, since two crates may each have a `libfoo.a`.

use std::path::PathBuf;

use crate::linking::linkable_file::{FileKind, LinkableFile};

/// One thing for rustc to link.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Link {
    /// A library in the linker's own folders. With `verbatim` the name is that of the file, as in `-l:libz.so.1`.
    Library {
        name: String,
        verbatim: bool,
        preference: Preference,
    },
    /// A framework of an Apple system.
    Framework(String),
    /// A file outside the linker's folders.
    File(LinkableFile),
}

/// Which kind of library `-l` prefers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Preference {
    Any,
    Archive,
    /// `--whole-archive`: an archive with all its members, used or not.
    WholeArchive,
}

/// The file of a link, if it has one outside the linker's folders.
pub(crate) fn file(link: &Link) -> Option<PathBuf> {
    match link {
        Link::File(found) => Some(found.path.clone()),
        Link::Library { .. } | Link::Framework(_) => None,
    }
}

/// An `extern` block that links it.
pub(crate) fn block(link: &Link) -> String {
    format!("{} unsafe extern \"C\" {{}}\n", attribute(link))
}

/// The attribute for an `extern` block.
pub(crate) fn attribute(link: &Link) -> String {
    let (name, kind, modifiers) = match link {
        // Not bundled: only the linker knows the folder that the archive is in.
        Link::Library {
            name,
            verbatim,
            preference,
        } => match (preference, verbatim) {
            (Preference::Any, false) => (name, "", ""),
            (Preference::Any, true) => (name, "", "+verbatim"),
            (Preference::Archive, false) => (name, "static", "-bundle"),
            (Preference::Archive, true) => (name, "static", "-bundle,+verbatim"),
            (Preference::WholeArchive, false) => (name, "static", "-bundle,+whole-archive"),
            (Preference::WholeArchive, true) => {
                (name, "static", "-bundle,+whole-archive,+verbatim")
            }
        },
        Link::Framework(name) => (name, "framework", ""),
        Link::File(found) => match found.kind {
            FileKind::Archive => (&found.name, "static", ""),
            FileKind::WholeArchive => (&found.name, "static", "+whole-archive"),
            // rustc bundles archives only.
            FileKind::Object => (&found.name, "static", "-bundle,+verbatim"),
            FileKind::Shared { .. } => (&found.name, "dylib", ""),
        },
    };
    let part = |key: &str, value: &str| {
        if value.is_empty() {
            String::new()
        } else {
            format!(", {key} = {value:?}")
        }
    };
    format!(
        "#[link(name = {name:?}{}{})]",
        part("kind", kind),
        part("modifiers", modifiers)
    )
}
