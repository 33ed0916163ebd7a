//! Has `cgo-exports` read the crate, and hands what it finds to the engine.

use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use cgo_driver::{Export, Exports, Facade, Session};
use cgo_exports::{Cfg, Context};

/// The exports of the crate with this root file. All preambles that one rustc expands are told the same; an editor's server lives
/// on while the sources change.
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
    let cfgs = session.cfgs.iter().map(|cfg| Cfg {
        name: cfg.name.clone(),
        value: cfg.value.clone(),
    });
    let context = Context {
        cfgs: cfgs.collect(),
        pointer_bits: session.target.pointer_width,
        facades: match &session.facade {
            Facade::Named(name) => vec![name.clone()],
            Facade::Unknown => vec!["cgo".to_string()],
            Facade::Missing => Vec::new(),
        },
    };
    let found = cgo_exports::find(root, &context, session.link_directory.as_deref());
    let items = found.items.into_iter().map(|declared| Export {
        symbol: declared.symbol,
        text: declared.text,
        rust_name: declared.rust_name,
        file: declared.file,
        line: declared.line,
        is_type: declared.is_type,
        numbers: declared.numbers,
    });
    Exports {
        types: found.types,
        items: items.collect(),
        notes: found.notes,
        unread: found.unread,
        broken: found.broken,
    }
}
