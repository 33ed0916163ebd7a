//! Finds the link directory by its marker file, and reads this file. The build script of the runtime crate makes both.

use std::ffi::OsStr;
use std::fs;
use std::hash::{DefaultHasher, Hasher};
use std::path::{Path, PathBuf};

use cgo_csyntax::cfg::Cfg;
use cgo_csyntax::target::Target;

use crate::session::arguments::RustcArguments;

/// The name of the marker file. The link directory is the folder among rustc's `-L` that has it.
const MARKER: &str = "cgo-link-directory";

/// The text of a marker file: lines of `KEY=VALUE`.
pub(super) struct Marker(String);

/// What was found.
pub(super) enum Found {
    /// A link directory of this version.
    Usable(PathBuf, Marker),
    /// The marker file is missing or not whole.
    Damaged(PathBuf),
    None,
}

/// Finds it for the rustc with these arguments, which runs in `directory`.
pub(super) fn find(rustc: &RustcArguments, directory: &Path) -> Found {
    let folders = rustc.native_folders.iter();
    let folders: Vec<PathBuf> = folders.map(|folder| directory.join(folder)).collect();
    let of_rustdoc = || match (rustc.is_rustdoc, &rustc.dependencies) {
        (true, Some(dependencies)) => of_profile(&directory.join(dependencies)),
        _ => None,
    };
    let usable = folders
        .iter()
        .find_map(|folder| Some((folder.clone(), Marker::of(folder)?)));
    if let Some((folder, marker)) = usable.or_else(of_rustdoc) {
        return Found::Usable(folder, marker);
    }
    let damaged = folders.into_iter().find(|folder| is_link_directory(folder));
    damaged.map_or(Found::None, Found::Damaged)
}

/// The link directory of the profile whose dependencies are in this folder, the only one that Cargo tells rustdoc. The profile may have
/// several runtimes, with the same target and options.
fn of_profile(dependencies: &Path) -> Option<(PathBuf, Marker)> {
    let build = fs::read_dir(dependencies.parent()?.join("build")).ok()?;
    let runtimes = build.flatten().filter(|entry| {
        let name = entry.file_name();
        name.as_encoded_bytes().starts_with(b"cgo-runtime-")
    });
    let mut folders: Vec<_> = runtimes
        .map(|entry| entry.path().join("out/link"))
        .filter_map(|folder| Some((fs::metadata(&folder).ok()?.modified().ok()?, folder)))
        .collect();
    folders.sort();
    let mut newest_first = folders.into_iter().rev();
    newest_first.find_map(|(_, folder)| Marker::of(&folder).map(|marker| (folder, marker)))
}

impl Marker {
    /// The marker of a folder, if it is a link directory of this version.
    fn of(folder: &Path) -> Option<Marker> {
        let marker = fs::read_to_string(folder.join(MARKER)).ok()?;
        let ours = format!("VERSION={}", env!("CARGO_PKG_VERSION"));
        let is_ours = marker.lines().any(|line| line == ours) && is_whole(&marker);
        is_ours.then_some(Marker(marker))
    }

    /// The marker of these lines.
    pub(super) fn of_lines(lines: String) -> Marker {
        Marker(lines)
    }

    /// The value of one line; empty where there is none.
    pub(super) fn value(&self, key: &str) -> String {
        let mut lines = self.0.lines();
        let value = lines.find_map(|line| line.strip_prefix(key)?.strip_prefix('='));
        value.unwrap_or_default().to_string()
    }

    /// The target as Cargo told it to the build script.
    pub(super) fn target(&self) -> Target {
        let families = self.value("CARGO_CFG_TARGET_FAMILY");
        let pointer_width = self.value("CARGO_CFG_TARGET_POINTER_WIDTH");
        let atomics = self.value("CARGO_CFG_TARGET_HAS_ATOMIC");
        let atomics = atomics.split(',');
        Target {
            triple: self.value("TARGET"),
            host: self.value("HOST"),
            os: self.value("CARGO_CFG_TARGET_OS"),
            arch: self.value("CARGO_CFG_TARGET_ARCH"),
            env: self.value("CARGO_CFG_TARGET_ENV"),
            vendor: self.value("CARGO_CFG_TARGET_VENDOR"),
            families: families.split(',').map(str::to_string).collect(),
            pointer_width: pointer_width.parse().unwrap_or(usize::BITS),
            // The list has `ptr` too.
            atomic_widths: atomics.filter_map(|width| width.parse().ok()).collect(),
        }
    }

    /// The `cfg`s of the target. Features and profile are those of the runtime crate, and left out.
    pub(super) fn target_cfgs(&self) -> Vec<Cfg> {
        let lines = self
            .0
            .lines()
            .filter_map(|line| line.strip_prefix("CARGO_CFG_")?.split_once('='));
        let mut cfgs = Vec::new();
        for (name, values) in lines {
            let name = name.to_lowercase();
            if matches!(name.as_str(), "feature" | "debug_assertions") {
                continue;
            }
            if values.is_empty() {
                cfgs.push(Cfg { name, value: None });
                continue;
            }
            cfgs.extend(values.split(',').map(|value| Cfg {
                name: name.clone(),
                value: Some(value.to_string()),
            }));
        }
        cfgs
    }
}

/// Whether the marker ends with the hash of its text.
fn is_whole(marker: &str) -> bool {
    let Some((text, hash)) = marker.rsplit_once("HASH=") else {
        return false;
    };
    let mut hasher = DefaultHasher::new();
    hasher.write(text.as_bytes());
    hash == format!("{:016x}\n", hasher.finish())
}

/// Whether a folder has the path of a link directory, whatever is in it.
fn is_link_directory(folder: &Path) -> bool {
    let is_runtimes = |part: &OsStr| {
        part.to_str()
            .is_some_and(|part| part.starts_with("cgo-runtime"))
    };
    folder.ends_with("out/link") && folder.iter().any(is_runtimes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_targets_cfgs_are_those_of_the_marker() {
        let lines =
            "VERSION=1\nCARGO_CFG_UNIX=\nCARGO_CFG_TARGET_FEATURE=sse,sse2\nCARGO_CFG_FEATURE=std";
        let marker = Marker::of_lines(lines.to_string());
        assert_eq!(marker.target_cfgs().len(), 3);
    }
}
