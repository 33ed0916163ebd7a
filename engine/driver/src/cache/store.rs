//! Remembers what a preamble was expanded to, for as long as everything it was made from stays the same.
//!
//! Two entries and the library: `manifest-KEY` says which files were read and which names of theirs Rust could use; its key is all that is
//! known before a compiler runs. `module-KEY.rs` is the module, with what belongs into the link directory for it; its key adds the
//! files' state and the names used. An error is never kept.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use cgo_csyntax::declarations::names::Names;
use cgo_csyntax::diagnostic::{Outcome, cannot_write};
use cgo_csyntax::preamble::Preamble;
use cgo_csyntax::selection;
use cgo_csyntax::word_set::WordHash;

use crate::cache::fingerprint::Fingerprint;
use crate::cache::hash::{self, Hash};
use crate::cache::inputs::{self, Inputs};
use crate::cache::kept_file;
use crate::cache::kept_module::KeptModule;
use crate::cache::name_table;
use crate::cache::prune;
use crate::linking::link_attribute::Link;
use crate::linking::link_directory::{self, Owner};
use crate::module::Module;
use crate::rust_scan::words::Words;
use crate::session::environment::variable;
use crate::session::{CompileMode, Session};
use crate::toolchain::Toolchain;

/// The first line of a manifest, after which the inputs follow, and then a table of the names. The last four bytes say how
/// long the text is.
const HEADING: &str = "what the answer depends on\n";

/// The entries of one preamble. Without a link directory nothing is kept.
pub(crate) struct Store {
    folder: Option<PathBuf>,
    known: Hash,
    /// Of the build, whose library's symbols are named by it.
    build_identity: String,
    mode: CompileMode,
    owner: Owner,
    /// When the work began.
    started: SystemTime,
}

impl Store {
    pub(crate) fn of(preamble: &Preamble, session: &Session, header: &str) -> Store {
        let started = SystemTime::now();
        let mut known = Hash::new();
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
            preamble.visibility,
            preamble.module,
            preamble.imports
        ));
        known.add(&format!("{:?}", session.target));
        known.add(&format!(
            "{} {} {} {:?}",
            session.opt_level, session.debug_info, session.linker_plugin_lto, session.sanitizers
        ));
        known.add(match session.lints_are_capped {
            true => "a dependency",
            false => "",
        });
        for name in session.tools_variables() {
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

    /// The module as it was written before, if nothing has changed since.
    pub(crate) fn recall(&self, words: Option<&Words>) -> Option<Module> {
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

    /// Makes the libraries and objects reachable for rustc and for programs that run. Also where nothing is linked: sccache asks
    /// for no more than the files that a crate depends on, and takes the rest from what it keeps.
    pub(crate) fn place(&self, links: &[Link]) -> Outcome<()> {
        let Some(folder) = &self.folder else {
            return Ok(());
        };
        let mut links = links.iter();
        links.try_for_each(|link| link_directory::place_in(folder, &self.owner, link))
    }

    /// What the answer depends on, as it is now, if nothing has changed since the work began.
    pub(crate) fn state(&self, toolchain: &Toolchain, inputs: &Inputs) -> Option<String> {
        Some(toolchain.inputs.clone()? + &inputs.written(self.started)?)
    }

    /// The hash of all that the module depends on.
    fn key_for(&self, mode: CompileMode, manifest: &Manifest, words: Option<&Words>) -> String {
        let mut key = self.known_for(mode);
        match &manifest.inputs {
            Some(inputs) => key.add(&hash::sum(inputs.as_bytes()).to_string()),
            // Of a state that is not known there is one answer only.
            None => key.add(&format!("{} {:?}", std::process::id(), self.started)),
        };
        add_used(&mut key, &manifest.names, words);
        key.hex()
    }

    /// What is known before a compiler runs, for one mode.
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

    /// The library's name for `#[link]`.
    pub(crate) fn library_name(
        &self,
        manifest: &Manifest,
        words: Option<&Words>,
    ) -> Option<String> {
        let key = || self.key_for(self.mode, manifest, words);
        self.folder.as_ref().map(|_| format!("cgo_{}", key()))
    }

    /// Puts the library where rustc finds it and keeps the module, which declares what C has for a check too. That the module cannot be
    /// kept only costs the next build its time.
    pub(crate) fn keep(
        &self,
        manifest: &Manifest,
        words: Option<&Words>,
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
    let mut key = Hash::new();
    key.add(&session.crate_identity)
        .add(&preamble.file.to_string_lossy())
        .add(&preamble.module);
    Owner {
        name: session.crate_name.clone(),
        key: key.hex(),
        file: preamble.file.clone(),
    }
}

/// What the compiler read and looked for, and the table of the names that Rust could use.
pub(crate) struct Manifest {
    /// As [`inputs::unchanged`] reads it; `None` if it could not be told.
    pub(crate) inputs: Option<String>,
    names: Vec<u8>,
}

impl Manifest {
    pub(crate) fn of(inputs: Option<String>, names: &Names) -> Manifest {
        Manifest {
            inputs,
            names: name_table::write(&selection::candidates(names)),
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

/// Which of the names that could be used are; which others the module is asked for; and `sizeof_` before a name.
fn add_used(key: &mut Hash, names: &[u8], words: Option<&Words>) {
    let Some(words) = words else {
        key.add("everything");
        return;
    };
    let of_system = |word: &str| name_table::contains(names, WordHash::of(word));
    let is_own = |word: &str| name_table::contains(names, WordHash::of(selection::OWN).then(word));
    let mut used: Vec<&str> = words.found.iter().filter(|word| of_system(word)).collect();
    used.sort_unstable();
    let asked = words.asked.iter();
    let unknown = asked.filter(|word| !of_system(word) && !is_own(word));
    let sizes = words.found.iter();
    let sizes = sizes.filter(|word| word.starts_with("sizeof_"));
    let types = words.paths.iter();
    let types = types.filter(|word| cgo_codegen::is_cgo_type(word));
    let mut others: Vec<&str> = unknown.chain(sizes).chain(types).collect();
    others.sort_unstable();
    for word in used.into_iter().chain(others) {
        key.add(word);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_scan_is_kept_with_its_files_and_names() {
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
