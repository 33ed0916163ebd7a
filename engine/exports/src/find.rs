//! The whole way from a crate's root file to its header.

use std::path::Path;
use std::sync::{Mutex, PoisonError};
use std::thread;

use cgo_csyntax::exports::Exports;

use crate::context::Context;
use crate::crate_scan::files::Files;
use crate::crate_scan::program::Program;
use crate::crate_scan::text;
use crate::header;

/// The exports of the crate with this root file. What its files say is kept in a folder, so that the next time the changed
/// ones alone are read.
pub fn find(root: &Path, context: &Context, keep: Option<&Path>) -> Exports {
    apart(&mut || {
        let files = Files::of(root, keep);
        let mut program = Program::read(root, context, files);
        let exports = header::write(&mut program, root.parent().unwrap_or(Path::new("")));
        program.files.keep();
        exports
    })
}

/// The exports of a root file with this text, whose modules have no files.
pub fn of_text(source: &str, context: &Context) -> Exports {
    apart(&mut || {
        let files = Files::of(Path::new(""), None);
        let mut program = Program::of_text(text::read(source), context, files);
        header::write(&mut program, Path::new(""))
    })
}

/// Nested types and bodies need a stack, and the parser's notes on all texts go with the thread.
const STACK: usize = 64 << 20;

/// Runs where the tokens are the parser's own and not the compiler's: these are slow, and know the places of what the
/// compiler reads alone.
fn apart(run: &mut (dyn FnMut() -> Exports + Send)) -> Exports {
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

/// As long as it lives, `proc_macro2` makes tokens of its own.
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
