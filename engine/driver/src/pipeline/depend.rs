//! Lists what the module depends on: for the next build, and for Cargo and sccache.

use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};

use crate::cache::hash;
use crate::cache::store::Store;
use crate::exports;
use crate::linking::link_attribute;
use crate::module::Tracked;
use crate::pipeline::configure::Configured;
use crate::pipeline::link::Linked;
use crate::pipeline::parse::Parsed;
use crate::pipeline::preprocess::Preprocessed;
use crate::toolchain::Toolchain;
use crate::unit::{header_search, read_files};

/// What the module depends on.
pub(crate) struct Dependencies {
    /// All of it with its state, for the next build; `None` if it cannot be told.
    pub(crate) state: Option<String>,
    /// What Cargo and sccache are told of.
    pub(crate) tracked: Tracked,
}

pub(crate) fn depend(
    parsed: &Parsed,
    configured: Configured,
    preprocessed: &Preprocessed<'_>,
    linked: &Linked,
    store: &Store,
) -> Dependencies {
    let Configured {
        toolchain,
        packages,
        links_inputs,
        ..
    } = configured;
    let (unit, names) = (&preprocessed.unit, &preprocessed.names);
    let mut read = read_files::of_preprocessor(names, unit);
    let sources = parsed.directives.sources.iter();
    read.extend(sources.map(|(source, _)| source.clone()));
    read.extend(linked.source_files.iter().cloned());
    // It is made from the crate's sources, and part of every key.
    read.retain(|file| !file.ends_with(exports::FILE_NAME));

    let mut inputs = packages.inputs;
    inputs.add(links_inputs);
    let links = linked.links.iter().filter_map(link_attribute::file);
    links.for_each(|file| inputs.file(file));
    named_by(toolchain.all_flags(unit), &unit.folder).for_each(|file| inputs.file(file));
    let are_told = header_search::add(
        &mut inputs,
        &read,
        &preprocessed.header_folders,
        (&unit.text, &unit.folder),
    );
    let mut files: Vec<PathBuf> = inputs
        .files()
        .filter(|file| file.is_file())
        .cloned()
        .collect();
    files.extend(toolchain.scripts.iter().cloned());
    // The rest are no texts that Cargo could watch at no cost.
    header_search::compiled_beforehand(&files).for_each(|file| inputs.file(file));
    inputs.add(packages.tool);
    for program in &preprocessed.programs {
        inputs.file(program.clone());
    }
    Dependencies {
        state: are_told.and_then(|()| store.state(&toolchain, &inputs)),
        tracked: Tracked {
            files: read_files::watched(files, names, &unit.folder),
            content: content(preprocessed, &toolchain),
        },
    }
}

/// The files that flags name, such as `-imacros FILE` and `-specs=FILE`.
fn named_by<'f>(
    flags: impl Iterator<Item = &'f OsString>,
    folder: &Path,
) -> impl Iterator<Item = PathBuf> {
    flags.filter_map(move |flag| {
        let flag = flag.to_str()?;
        let value = flag.split_once('=').map_or(flag, |(_, value)| value);
        let file = folder.join(value);
        (!value.is_empty() && file.is_file()).then_some(file)
    })
}

/// A sum of what the C is, whenever and wherever its files were made.
fn content(preprocessed: &Preprocessed<'_>, toolchain: &Toolchain) -> u64 {
    let compiler = &toolchain.compiler;
    let programs = preprocessed.programs.iter().chain([&compiler.path]);
    let lengths = programs.map(|program| fs::metadata(program).map_or(0, |data| data.len()));
    let said = format!(
        "{compiler:?} {:?} {:?}",
        preprocessed.unit.flags,
        lengths.collect::<Vec<_>>()
    );
    let text = preprocessed.text.as_bytes();
    hash::sum(text) ^ hash::sum(said.as_bytes()).rotate_left(1)
}
