//! The whole way from a crate's root file to its header.

use std::path::{Path, PathBuf};
use std::rc::Rc;
use std::sync::{Mutex, PoisonError};
use std::thread;

use crate::files::Files;
use crate::header::{self, Declared, Header};
use crate::modules::Program;
use crate::{Context, scan};

/// What a crate gives to C: the declarations of its header, each of which somebody may leave out.
#[derive(Clone, Debug, Default)]
pub struct Exports {
    /// The names of structs and unions, before their definitions.
    pub types: String,
    /// The exports: types first, those that stand in others before these.
    pub items: Vec<Declared>,
    /// What the header says of exports that it has not.
    pub notes: String,
    /// Where `export_c` stands in what is not read: macros write exports there, perhaps. The notes say so too.
    pub unread: Vec<(PathBuf, usize)>,
    /// The files that say `export_c` and cannot be read from some line on, with the reason.
    pub broken: Vec<(PathBuf, usize, String)>,
}

impl Exports {
    /// All declarations.
    pub fn text(&self) -> String {
        let items = self.items.iter().map(|item| item.text.as_str());
        let items: String = items.collect();
        [&*self.types, &items, &self.notes].concat()
    }
}

/// The exports of the crate with this root file. What its files say is kept in a folder, so that the next time the changed
/// ones alone are read.
pub fn find(root: &Path, context: &Context, keep: Option<&Path>) -> Exports {
    apart(|| {
        let files = Files::of(root, keep);
        let mut program = Program::read(root, context, files);
        let exports = exports(&mut program, root.parent().unwrap_or(Path::new("")));
        program.files.keep();
        exports
    })
}

/// The exports of a root file with this text, whose modules have no files.
pub fn of_text(text: &str, context: &Context) -> Exports {
    apart(|| {
        let files = Files::of(Path::new(""), None);
        let mut program = Program::of_text(scan::read(text), context, files);
        exports(&mut program, Path::new(""))
    })
}

fn exports(program: &mut Program<'_>, folder: &Path) -> Exports {
    let Header {
        types,
        items,
        notes,
    } = header::write(program, folder);
    let place = |(file, line): &(Rc<Path>, usize)| (file.to_path_buf(), *line);
    let broken = program.broken.iter();
    let broken = broken.map(|(file, line, message)| (file.to_path_buf(), *line, message.clone()));
    Exports {
        types,
        items,
        notes,
        unread: program.unread.iter().map(place).collect(),
        broken: broken.collect(),
    }
}

/// Nested types and bodies need a stack, and the parser's notes on all texts go with the thread.
const STACK: usize = 64 << 20;

/// Runs where the tokens are the parser's own and not the compiler's: these are slow, and know the places of what the
/// compiler reads alone.
fn apart<T: Send + Default>(run: impl FnOnce() -> T + Send) -> T {
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
            Err(_) => T::default(),
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
