//! Lists the inputs of the module: for the store, and for Cargo and sccache.

use std::fs;
use std::path::PathBuf;

use cgo_csyntax::files::checksum;
use cgo_toolchain::compiler::Toolchain;
use cgo_toolchain::unit::{header_search, read_files};

use crate::cache::store::Store;
use crate::exports;
use crate::linking::link_attribute;
use crate::linking::pkg_config;
use crate::module::Tracked;
use crate::pipeline::configure::Configured;
use crate::pipeline::link::Linked;
use crate::pipeline::parse::Parsed;
use crate::pipeline::preprocess::Preprocessed;

/// The inputs of the module.
pub(crate) struct Dependencies {
    /// The inputs with their state, for the store; `None` if they are unknown.
    pub(crate) state: Option<String>,
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
    let mut read = read_files::included(names, unit);
    let sources = parsed.directives.sources.iter();
    read.extend(sources.map(|source| source.value.path.clone()));
    read.extend(linked.source_files.iter().cloned());
    // It is generated, and its text is part of every key.
    read.retain(|file| !file.ends_with(exports::FILE_NAME));

    let mut inputs = packages.inputs;
    inputs.add(links_inputs);
    if let Some(bindings) = &parsed.directives.bindings {
        inputs.file(bindings.value.clone());
    }
    let links = linked.links.iter().filter_map(link_attribute::file);
    links.for_each(|file| inputs.file(file));
    let named = read_files::named_by(toolchain.all_flags(unit), &unit.folder);
    named.for_each(|file| inputs.file(file));
    let are_known = header_search::add(
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
    files.extend(parsed.package_files.iter().cloned());
    // The other inputs are not texts, and Cargo does not watch them.
    header_search::precompiled(&files).for_each(|file| inputs.file(file));
    inputs.add(packages.tool);
    for program in &preprocessed.programs {
        inputs.file(program.clone());
    }
    Dependencies {
        state: are_known.and_then(|()| store.state(&toolchain, &inputs)),
        tracked: Tracked {
            files: read_files::watched(files, names, &unit.folder),
            variables: pkg_config::variables(&parsed.directives.pkg_config),
            content: content(preprocessed, &toolchain),
        },
    }
}

/// A hash of the C: of its text, its flags and its compiler, without paths and times of files.
fn content(preprocessed: &Preprocessed<'_>, toolchain: &Toolchain) -> u64 {
    let compiler = &toolchain.compiler;
    let programs = preprocessed.programs.iter().chain([&compiler.path]);
    let lengths = programs.map(|program| fs::metadata(program).map_or(0, |data| data.len()));
    let compiled_with = format!(
        "{compiler:?} {:?} {:?}",
        preprocessed.unit.flags,
        lengths.collect::<Vec<_>>()
    );
    let text = preprocessed.text.as_bytes();
    checksum::sum(text) ^ checksum::sum(compiled_with.as_bytes()).rotate_left(1)
}
