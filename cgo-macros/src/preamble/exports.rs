//! Reads the exports of the crate for the engine.

use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use cgo_driver::{Exports, Facade, Session, variable};
use cgo_exports::CrateContext;

/// The exports of the crate with this root file. rustc needs them once; in an editor the sources change while the process runs.
pub(crate) fn find(root: &Path, session: &Session) -> Exports {
    static FOUND: Mutex<Option<(PathBuf, Exports)>> = Mutex::new(None);
    if session.crate_root.is_none() {
        return read(root, session);
    }
    let mut found = FOUND.lock().unwrap_or_else(PoisonError::into_inner);
    match &*found {
        Some((known, exports)) if known == root => exports.clone(),
        _ => {
            let exports = read(root, session);
            *found = Some((root.to_path_buf(), exports.clone()));
            exports
        }
    }
}

fn read(root: &Path, session: &Session) -> Exports {
    let context = CrateContext {
        cfgs: session.cfgs.clone(),
        out_dir: variable("OUT_DIR").map(PathBuf::from),
        pointer_bits: session.target.pointer_width,
        is_of_2015: session.is_of_2015,
        facades: match &session.facade {
            Facade::Named(name) => vec![name.clone()],
            Facade::Unknown => vec!["cgo".to_string()],
            Facade::Missing | Facade::Ambiguous => Vec::new(),
        },
    };
    cgo_exports::find(root, &context, session.link_directory.as_deref())
}
