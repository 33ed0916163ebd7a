//! Keeps the layouts of a preamble's records. The next build can then compile the preamble's object and check the layouts while the probe
//! still runs: an edit of the C seldom changes them.

use std::path::PathBuf;

use cgo_codegen::checks::layout_in_c::LayoutAssertion;
use cgo_csyntax::files::kept_file;
use cgo_csyntax::preamble::Preamble;
use cgo_toolchain::hash::Hash;
use cgo_toolchain::session::Session;

/// The layouts of the last build; `None` if there was none.
pub(crate) fn recall(preamble: &Preamble, session: &Session) -> Option<Vec<LayoutAssertion>> {
    let text = String::from_utf8(kept_file::kept(&file(preamble, session)?)?).ok()?;
    let line = |line: &str| {
        let (record, condition) = line.split_once('\t')?;
        Some(LayoutAssertion {
            record: record.to_string(),
            condition: condition.to_string(),
        })
    };
    text.lines().map(line).collect()
}

/// If they cannot be kept, the next build only takes longer.
pub(crate) fn keep(preamble: &Preamble, session: &Session, layouts: &[LayoutAssertion]) {
    let Some(file) = file(preamble, session) else {
        return;
    };
    let lines = layouts
        .iter()
        .map(|LayoutAssertion { record, condition }| format!("{record}\t{condition}\n"));
    let text: String = lines.collect();
    match kept_file::kept(&file).is_some_and(|kept| kept == text.as_bytes()) {
        true => kept_file::touch(&file),
        false => drop(kept_file::keep(&file, text.as_bytes())),
    }
}

fn file(preamble: &Preamble, session: &Session) -> Option<PathBuf> {
    let folder = session.link_directory.as_ref()?;
    let mut hash = Hash::default();
    hash.add(&session.build_identity).add(&preamble.module);
    hash.add(&preamble.file.to_string_lossy());
    Some(folder.join(format!("layouts-{}", hash.hex())))
}
