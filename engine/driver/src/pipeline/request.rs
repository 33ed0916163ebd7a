//! The request: the preamble, the session, and what the crate's Rust sources say.

use std::borrow::Cow;
use std::collections::HashSet;

use cgo_csyntax::diagnostic::Placed;
use cgo_csyntax::exports::Exports;
use cgo_csyntax::preamble::Preamble;
use cgo_toolchain::session::dump::Dump;
use cgo_toolchain::session::{CompileMode, Session};

use crate::exports::{self, FindExports};
use crate::rust_scan::rust_words::RustWords;

/// Every stage gets it.
pub(crate) struct Request<'a> {
    pub(crate) preamble: &'a Preamble,
    pub(crate) session: &'a Session,
    pub(crate) rust: Cow<'a, CrateSources>,
    pub(crate) dump: &'a Dump,
}

impl Request<'_> {
    /// The same, with the words of Rust that stand for names without the starts of `strip:`.
    pub(crate) fn with_starts(&self, starts: &[Placed<String>]) -> Request<'_> {
        let mut rust = Cow::Borrowed(&*self.rust);
        if let (Some(words), false) = (&self.rust.words, starts.is_empty()) {
            rust.to_mut().words = Some(words.with_starts(starts));
        }
        Request { rust, ..*self }
    }

    /// Whether the static library is made. It needs a link directory.
    pub(crate) fn builds_library(&self) -> bool {
        self.session.mode == CompileMode::Build && self.session.link_directory.is_some()
    }
}

/// What the Rust sources of the crate say to its preambles.
#[derive(Clone)]
pub(crate) struct CrateSources {
    /// Their words, by which they may use names of C; `None` if the sources are not known.
    pub(crate) words: Option<RustWords>,
    pub(crate) exports: Exports,
    /// The text of `_cgo_export.h`.
    pub(crate) header: String,
}

impl CrateSources {
    pub(crate) fn of(session: &Session, preamble: &Preamble, find: FindExports) -> CrateSources {
        let mut words = RustWords::of(session, &preamble.module);
        if let Some(words) = &mut words {
            words.add_imports(&preamble.imports);
        }
        // A crate without the word has no exports, and is not read.
        let says_so = |words: &RustWords| words.all.contains("export_c");
        let exports = match session.root_for(&preamble.file) {
            Some(root) if words.as_ref().is_none_or(says_so) => find(&root, session),
            _ => Exports::default(),
        };
        let header = exports::header(&exports, &session.crate_name, &HashSet::new());
        CrateSources {
            words,
            exports,
            header,
        }
    }
}
