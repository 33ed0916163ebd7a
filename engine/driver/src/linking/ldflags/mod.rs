//! Resolves `LDFLAGS`: their words in, the libraries and files that GNU ld would link out.
//!
//! Folders are searched as GNU ld does. Every `-L` counts for every `-l`. In each folder a shared library comes before an archive,
//! unless `-Wl,-Bstatic` is in force. Frameworks are searched in the folders of `-F`, for Apple's systems. What is in none of them is left
//! to the linker's own folders.

mod option;
mod unsupported_option;

use std::collections::{BTreeSet, HashSet};
use std::path::{Path, PathBuf};

use cgo_csyntax::diagnostic::{Diagnostic, ErrorScope};
use cgo_csyntax::directive::link_flag::{LinkFlag, Origin};
use cgo_csyntax::message::{Message, Reason};
use cgo_csyntax::target::Target;
use cgo_toolchain::inputs::Inputs;

use crate::linking::link_attribute::{Link, Preference};
use crate::linking::linkable_file::{
    FileKind, LinkableFile, another_machine, framework_file, linkable_file,
};
use option::{LinkOption, changes_nothing, options};
use unsupported_option::{cannot_keep, cannot_pass_on};

/// What `flags` link, and the files that were searched for. Relative paths start at `folder`.
pub(crate) fn resolve(
    flags: &[LinkFlag],
    target: &Target,
    folder: &Path,
    errors: &mut Vec<Diagnostic>,
) -> (Vec<Link>, Inputs) {
    let options = options(flags);
    let mut resolver = Resolver {
        target,
        folder,
        folders: folders_of("-L", &options, folder),
        framework_folders: folders_of("-F", &options, folder),
        preference: Preference::Any,
        before_whole: Preference::Any,
        no_as_needed: false,
        saved_states: Vec::new(),
        group: None,
        searched_names: BTreeSet::new(),
        searched_frameworks: BTreeSet::new(),
        skipped: Vec::new(),
        links: Vec::new(),
        errors,
        failed: None,
    };
    options.iter().for_each(|option| resolver.option(option));
    let mut inputs = Inputs::default();
    inputs.search(resolver.folders, resolver.searched_names);
    inputs.search(resolver.framework_folders, resolver.searched_frameworks);
    for file in resolver.skipped {
        inputs.file(file);
    }
    (without_repetitions(resolver.links), inputs)
}

/// The folders that options of this name give, each once.
fn folders_of(name: &str, options: &[LinkOption<'_>], folder: &Path) -> Vec<PathBuf> {
    let options = options.iter().filter(|option| option.name == name);
    let mut found = HashSet::new();
    options
        .filter_map(|option| option.value)
        .filter(|path| found.insert(*path))
        .map(|path| folder.join(path))
        .collect()
}

struct Resolver<'a> {
    target: &'a Target,
    folder: &'a Path,
    /// The folders of `-L`.
    folders: Vec<PathBuf>,
    /// The folders of `-F`.
    framework_folders: Vec<PathBuf>,
    preference: Preference,
    /// The preference that `--no-whole-archive` restores.
    before_whole: Preference,
    /// Whether the next libraries are needed even if nothing refers to them.
    no_as_needed: bool,
    /// What `--pop-state` restores: preference and `no_as_needed`.
    saved_states: Vec<(Preference, bool)>,
    /// The index in `links` where the open group starts.
    group: Option<usize>,
    /// The file names that were tried in the folders of `-L`.
    searched_names: BTreeSet<String>,
    /// The same in the folders of `-F`.
    searched_frameworks: BTreeSet<String>,
    /// The files of another machine that `-l` passed over.
    skipped: Vec<PathBuf>,
    links: Vec<Link>,
    errors: &'a mut Vec<Diagnostic>,
    /// The index of the last flag with an error: `-Wl,a,b` gets only one.
    failed: Option<usize>,
}

impl Resolver<'_> {
    fn option(&mut self, option: &LinkOption<'_>) {
        match (option.name, option.value) {
            ("-L", Some(_)) => {}
            ("-F", Some(_)) if self.is_apple() => {}
            ("-l", Some(name)) => self.library(name, option),
            ("-L" | "-l" | "-F" | "-framework", None) => {
                let message = Message::new(format!("`{}` has no value", option.name));
                self.error(
                    option,
                    message.help("write one after it, on the same #cgo line"),
                );
            }
            ("-framework", Some(name)) => self.framework(name, option),
            ("-pthread" | "-pthreads", _) => self.threads(),
            ("-Bstatic" | "-static" | "-dn" | "-non_shared", _) if option.for_linker => {
                self.preference = Preference::Archive;
            }
            ("-Bdynamic" | "-dy" | "-call_shared", _) if option.for_linker => {
                self.preference = Preference::Any
            }
            ("--whole-archive", _) => {
                self.before_whole =
                    std::mem::replace(&mut self.preference, Preference::WholeArchive);
            }
            ("--no-whole-archive", _) => self.preference = self.before_whole,
            ("--push-state", _) => self.saved_states.push((self.preference, self.no_as_needed)),
            ("--pop-state", _) => {
                let saved = self.saved_states.pop().unwrap_or((Preference::Any, false));
                (self.preference, self.no_as_needed) = saved;
            }
            ("--as-needed" | "--no-as-needed", _) if option.for_linker => {
                self.no_as_needed = option.name == "--no-as-needed";
            }
            ("--start-group" | "-(", _) => self.group = Some(self.links.len()),
            ("--end-group" | "-)", _) => self.end_group(),
            (name, _) if !name.starts_with('-') => self.file(name, option),
            _ if changes_nothing(option) => {}
            _ => {
                let message = cannot_pass_on(option);
                self.error(option, message);
            }
        }
    }

    fn error(&mut self, option: &LinkOption<'_>, message: impl Into<Message>) {
        if self.failed.replace(option.index) != Some(option.index) {
            let flag = option.flag;
            let message = message.into();
            self.errors.push(match flag.origin {
                Origin::Directive | Origin::Package => Diagnostic::new(Some(flag.place), message),
                Origin::Variable => Diagnostic {
                    scope: ErrorScope::Build,
                    ..Diagnostic::new(None, message.prefixed("environment variable CGO_LDFLAGS: "))
                },
            });
        }
    }

    fn library(&mut self, name: &str, option: &LinkOption<'_>) {
        let (name, verbatim) = name
            .strip_prefix(':')
            .map_or((name, false), |name| (name, true));
        // clang too takes `-lX.lib` for `-lX` there.
        let name = match self.target.env.as_str() {
            "msvc" if !verbatim => without_lib(name),
            _ => name,
        };
        if name.is_empty() {
            return self.error(
                option,
                Message::new("`-l` has no library name").help("write one after it, as in `-lm`"),
            );
        }
        let names = if verbatim {
            vec![name.to_string()]
        } else {
            self.file_names(name)
        };
        self.searched_names.extend(names.iter().cloned());
        let folders = self.folders.iter();
        let files = folders.flat_map(|folder| names.iter().map(|name| folder.join(name)));
        let mut files: Vec<PathBuf> = files.filter(|file| file.is_file()).collect();
        // As GNU ld does.
        let is_skipped = |file: &&PathBuf| another_machine(file, self.target).is_some();
        let skipped = files.iter().take_while(is_skipped).count();
        let found = files.split_off(skipped).into_iter().next();
        self.skipped.extend(files);
        match found {
            Some(path) => self.found(path, option, linkable_file),
            // Microsoft's C library has the functions of libm itself.
            None if name == "m" && self.target.env == "msvc" => {}
            None if self.no_as_needed && self.preference == Preference::Any => {
                self.error(option, cannot_keep(option, name));
            }
            None => self.of_linker(name, verbatim, self.preference),
        }
    }

    /// The file names that `-l` may mean, in the order in which the target's linker tries them.
    fn file_names(&self, name: &str) -> Vec<String> {
        type Ends<'a> = &'a [(&'a str, &'a str)];
        let of_microsoft: Ends<'_> = &[("", ".lib"), ("lib", ".lib")];
        let archives: Ends<'_> = &[("lib", ".a")];
        let (shared, last): (Ends<'_>, Ends<'_>) = match self.target.os.as_str() {
            "windows" => (
                &[("lib", ".dll.a"), ("", ".dll.a")],
                &[("", ".lib"), ("lib", ".dll"), ("", ".dll")],
            ),
            _ if self.is_apple() => (&[("lib", ".dylib"), ("lib", ".tbd")], &[]),
            _ => (&[("lib", ".so")], &[]),
        };
        let order = match self.preference {
            // Static and import libraries have the same names there.
            Preference::Any if self.target.env == "msvc" => [of_microsoft, shared, archives],
            _ if self.target.env == "msvc" => [of_microsoft, archives, &[]],
            Preference::Archive | Preference::WholeArchive => [archives, &[], &[]],
            // Programs for musl are mostly static, and then cannot be linked to a shared library.
            Preference::Any if self.target.env == "musl" => [archives, shared, last],
            Preference::Any => [shared, archives, last],
        };
        order
            .into_iter()
            .flatten()
            .map(|(start, end)| format!("{start}{name}{end}"))
            .collect()
    }

    fn file(&mut self, name: &str, option: &LinkOption<'_>) {
        let path = self.folder.join(name);
        if let Some(machine) = another_machine(&path, self.target) {
            let (path, triple) = (path.display(), &self.target.triple);
            let message = Message::new(format!(
                "cannot link `{path}`: it is for another machine: {machine}, and the target is {triple}"
            ));
            let condition = "write a condition before LDFLAGS, as in `#cgo arm64 LDFLAGS: arm64/libx.a`, or `-L` and `-l`, which skip it";
            self.error(option, message.help(condition));
        } else if path.is_file() {
            self.found(path, option, linkable_file);
        } else if self.target.env == "msvc" && is_option_of_msvc(name) {
            self.error(option, cannot_pass_on(option));
        } else {
            let text = format!("cannot find `{}`, named in `LDFLAGS`", path.display());
            self.error(
                option,
                Message::new(text).help(
                    "write a library as `-lNAME`, and a file as its path from the folder of this Rust file",
                ),
            );
        }
    }

    fn found(
        &mut self,
        path: PathBuf,
        option: &LinkOption<'_>,
        read: fn(&Path, &Target) -> Result<LinkableFile, Reason>,
    ) {
        let mut file = match read(&path, self.target) {
            Ok(file) => file,
            Err(why) => {
                let start = format!("cannot link `{}`: ", path.display());
                return self.error(option, Message::from(why).prefixed(&start));
            }
        };
        match file.kind {
            FileKind::Shared { .. } if self.no_as_needed => {
                return self.error(option, cannot_keep(option, &path.to_string_lossy()));
            }
            FileKind::Archive if self.preference == Preference::WholeArchive => {
                file.kind = FileKind::WholeArchive;
            }
            _ => {}
        }
        self.links.push(Link::File(file));
    }

    fn is_apple(&self) -> bool {
        self.target.vendor == "apple"
    }

    fn framework(&mut self, name: &str, option: &LinkOption<'_>) {
        if !self.is_apple() {
            let message = Message::new(format!(
                "`-framework {name}`: only Apple's systems have frameworks"
            ))
            .help(format!("write `#cgo darwin LDFLAGS: -framework {name}`"));
            return self.error(option, message);
        }
        let names = [".tbd", ""].map(|end| format!("{name}.framework/{name}{end}"));
        self.searched_frameworks.extend(names.iter().cloned());
        let folders = self.framework_folders.iter();
        let mut files = folders.flat_map(|folder| names.iter().map(|name| folder.join(name)));
        match files.find(|file| file.is_file()) {
            Some(path) => self.found(path, option, framework_file),
            None => self.links.push(Link::Framework(name.to_string())),
        }
    }

    fn threads(&mut self) {
        self.of_linker("pthread", false, Preference::Any);
    }

    /// Leaves a library to the linker's own folders, which for musl may be those of the host's glibc.
    fn of_linker(&mut self, name: &str, verbatim: bool, preference: Preference) {
        if verbatim || !self.in_libc().contains(&name) {
            self.links.push(Link::Library {
                name: name.to_string(),
                verbatim,
                preference,
            });
        }
    }

    /// The libraries of POSIX that are parts of libc there, which Rust links, or that are not there.
    fn in_libc(&self) -> &'static [&'static str] {
        match (&*self.target.os, &*self.target.env) {
            (_, "musl") => &[
                "c", "crypt", "dl", "m", "pthread", "resolv", "rt", "util", "xnet",
            ],
            ("android" | "haiku" | "wasi", _) | (_, "msvc") => &["pthread"],
            _ => &[],
        }
    }

    /// The linker searches a group again and again until it finds nothing new. Naming its archives as often as there are archives has
    /// the same effect.
    fn end_group(&mut self) {
        let Some(start) = self.group.take() else {
            return;
        };
        let archives: Vec<Link> = self.links[start..]
            .iter()
            .filter(|link| is_archive(link))
            .cloned()
            .collect();
        for _ in 1..archives.len() {
            self.links.extend(archives.iter().cloned());
        }
    }
}

/// The name of a library without Microsoft's ending, which has any case.
fn without_lib(name: &str) -> &str {
    match name.rsplit_once('.') {
        Some((stem, ending)) if ending.eq_ignore_ascii_case("lib") => stem,
        _ => name,
    }
}

/// Whether it is an option of Microsoft's linker, `/NAME` or `/NAME:VALUE`, and no path.
fn is_option_of_msvc(name: &str) -> bool {
    name.strip_prefix('/')
        .and_then(|name| name.split(':').next())
        .is_some_and(|name| name.chars().all(|letter| letter.is_ascii_alphabetic()))
}

fn is_archive(link: &Link) -> bool {
    matches!(
        link,
        Link::File(LinkableFile {
            kind: FileKind::Archive,
            ..
        })
    )
}

/// Keeps only the last mention of a library: what needs it comes before. Archives stay, since they may need one another.
fn without_repetitions(links: Vec<Link>) -> Vec<Link> {
    let (mut later, mut kept) = (HashSet::new(), Vec::new());
    let mut next = None;
    for link in links.iter().rev() {
        let new = later.insert(link);
        if new || is_archive(link) && next != Some(link) {
            kept.push(link.clone());
        }
        next = Some(link);
    }
    kept.reverse();
    kept
}

#[cfg(test)]
mod tests;
