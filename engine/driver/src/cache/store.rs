//! The store: keeps the module of a preamble as long as its inputs stay the same.
//!
//! It has two files and the library. `manifest-KEY` lists the inputs and the names that Rust could use. Its key is a hash of all that is
//! known before a compiler runs. `module-KEY.rs` is the kept module. Its key adds the state of the inputs and the names that Rust uses.
//! An error is never kept.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use cgo_csyntax::declarations::names::Names;
use cgo_csyntax::diagnostic::{Outcome, cannot_write};
use cgo_csyntax::directive::Directives;
use cgo_csyntax::files::checksum;
use cgo_csyntax::files::kept_file;
use cgo_csyntax::preamble::Preamble;
use cgo_csyntax::selection;
use cgo_csyntax::word_set::WordHash;
use cgo_toolchain::compiler::Toolchain;
use cgo_toolchain::hash::Hash;
use cgo_toolchain::inputs::{self, Inputs};
use cgo_toolchain::session::environment::variable;
use cgo_toolchain::session::{CompileMode, Session};

use crate::cache::kept_module::KeptModule;
use crate::cache::name_table;
use crate::cache::prune;
use crate::fingerprint::Fingerprint;
use crate::linking::link_attribute::Link;
use crate::linking::link_directory::{self, Owner};
use crate::linking::pkg_config;
use crate::module::Module;
use crate::rust_scan::rust_words::RustWords;

/// The first line of a manifest. The inputs follow, then a table of the names, and at the end four bytes with the length of the text.
const HEADING: &str = "inputs of a module\n";

/// The store of one preamble. Without a link directory nothing is kept.
pub(crate) struct Store {
    folder: Option<PathBuf>,
    known: Hash,
    /// It is part of the names of the library's symbols.
    build_identity: String,
    mode: CompileMode,
    owner: Owner,
    /// The start of this expansion.
    started: SystemTime,
}

impl Store {
    /// `directives` depend on the features of the crate.
    pub(crate) fn of(
        preamble: &Preamble,
        directives: &Directives,
        session: &Session,
        header: &str,
    ) -> Store {
        let started = SystemTime::now();
        let mut known = Hash::default();
        known
            .add(env!("CARGO_PKG_VERSION"))
            .add(&session.crate_identity);
        known.add(&session.engine).add(header);
        known
            .add(&preamble.text)
            .add(&preamble.file.to_string_lossy());
        known.add(&format!(
            "{:?} {} {} {} {:?}",
            preamble.start,
            preamble.repetition,
            preamble.visibility.text(),
            preamble.module,
            preamble.imports
        ));
        known.add(&format!("{:?} {directives:?}", session.target));
        known.add(&format!(
            "{} {} {} {:?} {:?}",
            session.opt_level,
            session.debug_info,
            session.linker_plugin_lto,
            session.sanitizers,
            session.link_arguments
        ));
        known.add(match session.lints_are_capped {
            true => "a dependency",
            false => "",
        });
        let of_packages = pkg_config::variables(&directives.pkg_config);
        let of_packages = of_packages.iter().map(String::as_str);
        for name in session.tools_variables().chain(of_packages) {
            if let Some(value) = variable(name) {
                known.add(name).add(&value.to_string_lossy());
            }
        }
        Store {
            folder: session.link_directory.clone(),
            known,
            build_identity: session.build_identity.clone(),
            mode: session.mode,
            owner: owner(preamble, session),
            started,
        }
    }

    /// The kept module, if no input has changed.
    pub(crate) fn recall(&self, words: Option<&RustWords>) -> Option<Module> {
        let folder = self.folder.as_ref()?;
        let entry = folder.join(self.entry(self.mode));
        let manifest = Manifest::read(&kept_file::kept(&entry)?)?;
        if !inputs::unchanged(manifest.inputs.as_deref()?) {
            return None;
        }
        let key = self.key_for(self.mode, &manifest, words);
        let file = folder.join(format!("module-{key}.rs"));
        let kept = KeptModule::read(std::str::from_utf8(&kept_file::kept(&file)?).ok()?)?;
        let archive = folder.join(archive_name(&key));
        let is_whole = |fingerprint: Fingerprint| fingerprint.is_of(&archive);
        if self.mode == CompileMode::Build && !kept.fingerprint.is_some_and(is_whole) {
            return None;
        }
        self.place(&kept.links).ok()?;
        [entry, file].iter().for_each(|file| kept_file::touch(file));
        Some(kept.module)
    }

    /// Puts libraries and objects where rustc and programs find them. A check does so too: sccache may run rustc for `dep-info` alone, and
    /// take the rest from its cache.
    pub(crate) fn place(&self, links: &[Link]) -> Outcome<()> {
        let Some(folder) = &self.folder else {
            return Ok(());
        };
        let mut links = links.iter();
        links.try_for_each(|link| link_directory::add(folder, &self.owner, link))
    }

    /// The inputs with their state; `None` if one has changed since the start.
    pub(crate) fn state(&self, toolchain: &Toolchain, inputs: &Inputs) -> Option<String> {
        Some(toolchain.inputs.clone()? + &inputs.written(self.started)?)
    }

    /// The hash of all that the module depends on.
    fn key_for(&self, mode: CompileMode, manifest: &Manifest, words: Option<&RustWords>) -> String {
        let mut key = self.known_for(mode);
        match &manifest.inputs {
            Some(inputs) => key.add(&checksum::sum(inputs.as_bytes()).to_string()),
            // The state is unknown: no other expansion may use this module.
            None => key.add(&format!("{} {:?}", std::process::id(), self.started)),
        };
        add_used(&mut key, &manifest.names, words);
        key.hex()
    }

    /// The hash of what is known before a compiler runs.
    fn known_for(&self, mode: CompileMode) -> Hash {
        let mut known = self.known.clone();
        match mode {
            CompileMode::Build => known.add("links").add(&self.build_identity),
            CompileMode::Check => known.add("declares"),
        };
        known
    }

    fn entry(&self, mode: CompileMode) -> String {
        format!("manifest-{}", self.known_for(mode).hex())
    }

    /// The name of the library in `#[link]`.
    pub(crate) fn library_name(
        &self,
        manifest: &Manifest,
        words: Option<&RustWords>,
    ) -> Option<String> {
        let key = || self.key_for(self.mode, manifest, words);
        self.folder.as_ref().map(|_| format!("cgo_{}", key()))
    }

    /// Puts the library where rustc finds it, and keeps the module. The module of a build is kept for a check too. If it cannot be kept, the
    /// next build only takes longer.
    pub(crate) fn keep(
        &self,
        manifest: &Manifest,
        words: Option<&RustWords>,
        mut kept: KeptModule,
        archive: Option<&Path>,
    ) -> Outcome<Module> {
        let Some(folder) = &self.folder else {
            return Ok(kept.module);
        };
        self.place(&kept.links)?;
        if let Some(archive) = archive {
            let place = folder.join(archive_name(&self.key_for(self.mode, manifest, words)));
            kept_file::put(archive, &place).or_else(|error| cannot_write(&place, &error))?;
            kept.fingerprint = Fingerprint::of(&place);
        }
        let written = manifest.written().zip(kept.written());
        let modes = match self.mode {
            CompileMode::Build => &[CompileMode::Build, CompileMode::Check][..],
            CompileMode::Check => &[CompileMode::Check],
        };
        for mode in modes {
            let entry = folder.join(self.entry(*mode));
            match &written {
                Some((manifest_text, text)) => {
                    let key = self.key_for(*mode, manifest, words);
                    let _ =
                        kept_file::keep(&folder.join(format!("module-{key}.rs")), text.as_bytes());
                    let _ = kept_file::keep(&entry, manifest_text);
                }
                None => {
                    let _ = fs::remove_file(&entry);
                }
            }
        }
        prune::prune(folder);
        Ok(kept.module)
    }
}

fn owner(preamble: &Preamble, session: &Session) -> Owner {
    let mut key = Hash::default();
    key.add(&session.crate_identity)
        .add(&preamble.file.to_string_lossy())
        .add(&preamble.module);
    Owner {
        name: session.crate_name.clone(),
        key: key.hex(),
        file: preamble.file.clone(),
    }
}

/// The inputs, and the table of the names that Rust could use.
pub(crate) struct Manifest {
    /// As [`inputs::unchanged`] reads them; `None` if they are unknown.
    pub(crate) inputs: Option<String>,
    names: Vec<u8>,
}

impl Manifest {
    pub(crate) fn of(inputs: Option<String>, names: &Names) -> Manifest {
        Manifest {
            inputs,
            names: name_table::write(&selection::reachable_names(names)),
        }
    }

    fn written(&self) -> Option<Vec<u8>> {
        let text = format!("{HEADING}{}", self.inputs.as_ref()?);
        let length = text.len() as u32;
        Some([text.as_bytes(), &self.names, &length.to_le_bytes()].concat())
    }

    pub(crate) fn read(entry: &[u8]) -> Option<Manifest> {
        let (rest, length) = entry.split_last_chunk()?;
        let (text, names) = rest.split_at_checked(u32::from_le_bytes(*length) as usize)?;
        let inputs = std::str::from_utf8(text).ok()?.strip_prefix(HEADING)?;
        Some(Manifest {
            inputs: Some(inputs.to_string()),
            names: names.to_vec(),
        })
    }
}

fn archive_name(key: &str) -> String {
    format!("libcgo_{key}.a")
}

/// Adds the names that Rust uses, those that it asks the module for and C does not declare, and those with `sizeof_`.
fn add_used(key: &mut Hash, names: &[u8], words: Option<&RustWords>) {
    let Some(words) = words else {
        key.add("everything");
        return;
    };
    let of_system = |word: &str| name_table::contains(names, WordHash::of(word));
    let is_own =
        |word: &str| name_table::contains(names, WordHash::of(selection::OWN_PREFIX).then(word));
    let mut used: Vec<&str> = words.all.iter().filter(|word| of_system(word)).collect();
    used.sort();
    let asked = words.of_module.iter();
    let unknown = asked.filter(|word| !of_system(word) && !is_own(word));
    let sizes = words.all.iter();
    let sizes = sizes.filter(|word| word.starts_with("sizeof_"));
    let types = words.in_paths.iter();
    let types = types.filter(|word| cgo_codegen::is_cgo_type(word));
    let mut others: Vec<&str> = unknown.chain(sizes).chain(types).collect();
    others.sort();
    for word in used.into_iter().chain(others) {
        key.add(word);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_manifest_is_kept_with_its_inputs_and_names() {
        let manifest = Manifest {
            inputs: Some("file\t3 1 1\t/a b.h\n".to_string()),
            names: name_table::write(&["puts".to_string(), "puts".to_string()]),
        };
        let read = Manifest::read(&manifest.written().unwrap()).unwrap();
        assert_eq!(read.inputs, manifest.inputs);
        assert!(name_table::contains(&read.names, WordHash::of("puts")));
        for other in [&[][..], b"abc", b"no length here", HEADING.as_bytes()] {
            assert!(Manifest::read(other).is_none());
        }
    }
}
