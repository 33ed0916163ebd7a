//! Reads a crate from its root file and writes its header.

use std::path::Path;
use std::sync::{Mutex, PoisonError};
use std::thread;

use cgo_csyntax::exports::Exports;

use crate::context::CrateContext;
use crate::crate_scan::files::Files;
use crate::crate_scan::scanned_crate::ScannedCrate;
use crate::crate_scan::text;
use crate::header;

/// The exports of the crate with this root file. What the files contain is kept in the folder, so that only changed files are read
/// again.
pub fn find(root: &Path, context: &CrateContext, keep: Option<&Path>) -> Exports {
    with_own_tokens(&mut || {
        let files = Files::of(root, keep);
        let mut krate = ScannedCrate::read(root, context, files);
        let exports = header::write(&mut krate, root.parent().unwrap_or(Path::new("")));
        krate.files.keep();
        exports
    })
}

/// The exports of a crate that consists of this text.
pub fn of_text(source: &str, context: &CrateContext) -> Exports {
    with_own_tokens(&mut || {
        let files = Files::of(Path::new(""), None);
        let mut krate = ScannedCrate::of_text(text::read(source), context, files);
        header::write(&mut krate, Path::new(""))
    })
}

/// The parser recurses. Its memory for source texts is freed when the thread ends.
const STACK: usize = 64 << 20;

/// Runs with the tokens of `proc_macro2` instead of rustc's, which are slow and have no lines for text that rustc did not read.
fn with_own_tokens(run: &mut (dyn FnMut() -> Exports + Send)) -> Exports {
    static ONE: Mutex<()> = Mutex::new(());
    let _one = ONE.lock().unwrap_or_else(PoisonError::into_inner);
    let _own = OwnTokens::new();
    thread::scope(|scope| {
        let thread = thread::Builder::new().stack_size(STACK);
        let joined = thread
            .spawn_scoped(scope, run)
            .map(thread::ScopedJoinHandle::join);
        match joined {
            Ok(Ok(found)) => found,
            Ok(Err(panic)) => std::panic::resume_unwind(panic),
            Err(_) => Exports::default(),
        }
    })
}

/// While it exists, `proc_macro2` makes tokens of its own.
struct OwnTokens;

impl OwnTokens {
    fn new() -> OwnTokens {
        proc_macro2::fallback::force();
        OwnTokens
    }
}

impl Drop for OwnTokens {
    fn drop(&mut self) {
        proc_macro2::fallback::unforce();
    }
}
