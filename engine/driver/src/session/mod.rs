//! The one reader of this process's arguments and environment: which target, which crate, which folder to work in.

pub(crate) mod dump;
pub(crate) mod jobserver;
pub(crate) mod process;
pub(crate) mod work_folder;

use std::env;
use std::ffi::{OsStr, OsString};
use std::fs;
use std::hash::{DefaultHasher, Hasher};
use std::path::{Path, PathBuf};

use cgo_csyntax::target::Target;

use crate::cache::kept_file::Hash;
use crate::exports::Cfg;
use crate::rust_scan::files::rust_files;

/// The file by which the macro knows the link directory among rustc's `-L` folders. The runtime crate's build
/// script writes it.
const MARKER: &str = "cgo-link-directory";

/// The variable that names the folder for bug reports.
pub(crate) const DUMP: &str = "CGO_DUMP";

/// What this run of rustc wants of the C code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// Declarations only: `cargo check`, rustdoc, an editor.
    Declare,
    /// Declarations and a static library.
    Link,
}

/// The name that the crate has for the crate `cgo`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Facade {
    /// rustc's arguments do not tell.
    Unknown,
    /// Under this name it is one of the dependencies.
    Named(String),
    /// It is none of the dependencies: another crate hands it on.
    Missing,
}

/// What is the same for every preamble that one rustc process expands.
#[derive(Clone, Debug)]
pub struct Session {
    /// What the code is compiled for.
    pub target: Target,
    /// The folder for libraries and cached answers; `None` outside a Cargo build.
    pub link_directory: Option<PathBuf>,
    /// A link directory that cannot be used, since what the runtime crate's build script wrote there is damaged.
    pub damaged: Option<PathBuf>,
    /// The folder that rustc runs in, to which the paths in its messages are relative.
    pub directory: PathBuf,
    /// The crate's root file; `None` where rustc's arguments are not known, as in an editor.
    pub crate_root: Option<PathBuf>,
    /// The crate's name as Rust code writes it.
    pub crate_name: String,
    /// Name and version of the package, the crate's name and root file, and whether it is its own test: what a check and a build of it
    /// have in common.
    pub crate_identity: String,
    /// The same and `-C metadata`, by which Cargo keeps apart what may stand in one program.
    pub build_identity: String,
    /// What it calls the crate `cgo`.
    pub facade: Facade,
    /// What `#[cfg]` knows in this crate.
    pub cfgs: Vec<Cfg>,
    /// How many preambles this process has expanded before.
    pub preamble_number: usize,
    /// Which state of the engine's own sources this is, where they can change without a new version.
    pub engine: String,
    /// The variables that the C compiler and pkg-config follow, but for `PATH`. The runtime crate's build script has Cargo watch them.
    pub watched_variables: Vec<String>,
    /// What this run wants.
    pub purpose: Purpose,
    /// `--cap-lints allow`: the crate is a dependency, whose warnings nobody here can mend.
    pub lints_are_capped: bool,
    /// `-C opt-level`.
    pub opt_level: String,
    /// Whether `-C debuginfo` asks for any.
    pub debug_info: bool,
    /// `-C linker-plugin-lto`: the linker optimises across languages.
    pub linker_plugin_lto: bool,
    /// The sanitizers of `-Z sanitizer`, to be passed on to the C compiler.
    pub sanitizers: Vec<String>,
    /// Where to write down what goes to the compiler and what comes back.
    pub dump: Option<PathBuf>,
}

impl Session {
    /// The crate's root file, for a preamble in `file`: where rustc's arguments do not tell it, what Cargo's layout of packages
    /// makes of the crate's name.
    pub(crate) fn root_for(&self, file: &Path) -> Option<PathBuf> {
        self.crate_root.clone().or_else(|| {
            let package = PathBuf::from(variable("CARGO_MANIFEST_DIR")?);
            roots(&package, &self.crate_name, file)
                .into_iter()
                .find(|root| root.is_file())
        })
    }

    /// The folder of the crate's root file.
    pub(crate) fn crate_folder(&self) -> Option<&Path> {
        let root = self.crate_root.as_deref()?;
        Some(root.parent().unwrap_or(root))
    }

    /// Every variable by which the tools' answers may change.
    pub(crate) fn tools_variables(&self) -> impl Iterator<Item = &str> {
        let watched = self.watched_variables.iter().map(String::as_str);
        watched.chain(["PATH"])
    }

    /// How often the crate's sources begin a preamble.
    pub fn preambles_in_sources(&self) -> usize {
        let files = self.crate_folder().map(rust_files).unwrap_or_default();
        let count =
            |file| fs::read_to_string(file).map_or(0, |text| text.matches("c_preamble!").count());
        files.into_iter().map(count).sum()
    }

    /// What a symbol of this crate is known by among the crate's macros.
    pub fn symbol_key(&self, symbol: &str) -> u64 {
        let mut hash = Hash::new();
        hash.add(&self.crate_identity).add(symbol);
        hash.half()
    }

    /// The session of the rustc, rustdoc or editor process that this code runs in.
    pub fn of_this_process() -> Session {
        let arguments = expand_argument_files(env::args_os().collect());
        let directory = env::current_dir().unwrap_or_default();
        Session::of(&arguments, &directory)
    }

    pub(crate) fn of(arguments: &[String], directory: &Path) -> Session {
        let rustc = RustcArguments::of(arguments);
        let native = rustc.native_folders.iter();
        let native: Vec<PathBuf> = native.map(|folder| directory.join(folder)).collect();
        let marked =
            native
                .iter()
                .find_map(|folder| marked(folder))
                .or_else(|| match rustc.is_rustdoc {
                    true => of_profile(&directory.join(rustc.dependencies.as_ref()?)),
                    false => None,
                });
        let damaged = match marked {
            None => native.into_iter().find(|folder| is_link_directory(folder)),
            Some(_) => None,
        };
        let of_marker = |key: &str| {
            let marker = marked.as_ref().map(|(_, marker)| marker);
            marker.map_or(String::new(), |marker| marker_value(marker, key))
        };
        let engine = of_marker("ENGINE");
        let (mut opt_level, mut debug_info) = (rustc.opt_level.clone(), rustc.debug_info);
        if rustc.is_rustdoc && marked.is_some() {
            opt_level = of_marker("OPT_LEVEL");
            debug_info = of_marker("DEBUG") == "true";
        }
        let variables = of_marker("VARIABLES");
        let variables = variables.split(',').filter(|name| !name.is_empty());
        let watched_variables = variables.map(str::to_string).collect();
        let mut cfgs = rustc.cfgs();
        let (link_directory, target) = match marked {
            Some((folder, marker)) => {
                cfgs.extend(target_cfgs(&marker));
                (Some(folder), target_of(&marker))
            }
            None => (None, this_machine()),
        };
        let crate_root = rustc.root.map(|root| directory.join(root));
        let of_cargo = |name: &str| env::var(name).unwrap_or_default();
        let crate_identity = format!(
            "{} {} {} {:?} {}",
            of_cargo("CARGO_PKG_NAME"),
            of_cargo("CARGO_PKG_VERSION"),
            of_cargo("CARGO_CRATE_NAME"),
            crate_root.as_deref().map(in_package),
            rustc.tests
        );
        Session {
            target,
            link_directory,
            damaged,
            directory: directory.to_path_buf(),
            crate_name: of_cargo("CARGO_CRATE_NAME"),
            facade: rustc.facade,
            cfgs,
            preamble_number: 0,
            build_identity: format!("{crate_identity} {}", rustc.metadata.join(" ")),
            crate_identity,
            crate_root,
            engine,
            watched_variables,
            purpose: rustc.purpose,
            lints_are_capped: rustc.lints_are_capped,
            opt_level,
            debug_info,
            linker_plugin_lto: rustc.linker_plugin_lto,
            sanitizers: rustc.sanitizers,
            dump: variable(DUMP)
                .filter(|folder| !folder.is_empty())
                .map(|folder| directory.join(folder)),
        }
    }
}

/// A file of the package as it is named there: what is made of it does not depend on the folder that the package lies in.
fn in_package(file: &Path) -> &Path {
    let package = env::var_os("CARGO_MANIFEST_DIR").unwrap_or_default();
    match file.strip_prefix(package) {
        Ok(inside) if inside != file => inside,
        _ => file,
    }
}

/// A link directory of this version, with its marker's text.
fn marked(folder: &Path) -> Option<(PathBuf, String)> {
    let marker = fs::read_to_string(folder.join(MARKER)).ok()?;
    let ours = format!("VERSION={}", env!("CARGO_PKG_VERSION"));
    let is_ours = marker.lines().any(|line| line == ours) && is_whole(&marker);
    is_ours.then(|| (folder.to_path_buf(), marker))
}

/// The link directory of the profile whose dependencies lie in this folder. Cargo tells rustdoc of no other folder, and of neither
/// target nor profile; all runtimes of one profile know the same of these.
fn of_profile(dependencies: &Path) -> Option<(PathBuf, String)> {
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
    folders.iter().rev().find_map(|(_, folder)| marked(folder))
}

/// Where the root of a crate with a preamble in `file` may be, the likeliest first. A library and a program of one package have
/// the same name, and an example and a test may.
fn roots(package: &Path, crate_name: &str, file: &Path) -> Vec<PathBuf> {
    let mut roots = Vec::new();
    for folder in ["src/bin", "examples", "tests", "benches"] {
        for name in [crate_name.to_string(), crate_name.replace('_', "-")] {
            roots.push(package.join(folder).join(format!("{name}.rs")));
            roots.push(package.join(folder).join(name).join("main.rs"));
        }
    }
    let (library, program) = (package.join("src/lib.rs"), package.join("src/main.rs"));
    roots.extend(match file == program {
        true => [program, library],
        false => [library, program],
    });
    roots.retain(|root| root.parent().is_some_and(|folder| file.starts_with(folder)));
    roots
}

/// The target as Cargo told it to the build script.
fn target_of(marker: &str) -> Target {
    let value = |key| marker_value(marker, key);
    Target {
        triple: value("TARGET"),
        host: value("HOST"),
        os: value("CARGO_CFG_TARGET_OS"),
        arch: value("CARGO_CFG_TARGET_ARCH"),
        env: value("CARGO_CFG_TARGET_ENV"),
        vendor: value("CARGO_CFG_TARGET_VENDOR"),
        families: value("CARGO_CFG_TARGET_FAMILY")
            .split(',')
            .map(str::to_string)
            .collect(),
        pointer_width: value("CARGO_CFG_TARGET_POINTER_WIDTH")
            .parse()
            .unwrap_or(usize::BITS),
    }
}

/// Where no build script has told the target, an editor's server or a test runs on the machine itself.
pub fn this_machine() -> Target {
    let (vendor, os, env) = match env::consts::OS {
        "macos" => ("apple", "macos", ""),
        "windows" => ("pc", "windows", "gnu"),
        other => (
            "unknown",
            other,
            if cfg!(target_env = "musl") {
                "musl"
            } else {
                "gnu"
            },
        ),
    };
    let system = match (os, env) {
        ("macos", _) => "darwin".to_string(),
        (os, "") => os.to_string(),
        (os, env) => format!("{os}-{env}"),
    };
    let triple = format!("{}-{vendor}-{system}", env::consts::ARCH);
    Target {
        host: triple.clone(),
        triple,
        os: os.to_string(),
        arch: env::consts::ARCH.to_string(),
        env: env.to_string(),
        vendor: vendor.to_string(),
        families: vec![env::consts::FAMILY.to_string()],
        pointer_width: usize::BITS,
    }
}

/// Whether the marker ends with the hash of what stands before it.
fn is_whole(marker: &str) -> bool {
    let Some((text, hash)) = marker.rsplit_once("HASH=") else {
        return false;
    };
    let mut hasher = DefaultHasher::new();
    hasher.write(text.as_bytes());
    hash == format!("{:016x}\n", hasher.finish())
}

/// Whether a folder is where the runtime crate's build script has its link directory, whatever is in it.
fn is_link_directory(folder: &Path) -> bool {
    let is_runtimes = |part: &OsStr| {
        part.to_str()
            .is_some_and(|part| part.starts_with("cgo-runtime"))
    };
    folder.ends_with("out/link") && folder.iter().any(is_runtimes)
}

/// The value of one `KEY=VALUE` line of the marker.
fn marker_value(marker: &str, key: &str) -> String {
    let mut lines = marker.lines();
    let value = lines.find_map(|line| line.strip_prefix(key)?.strip_prefix('='));
    value.unwrap_or_default().to_string()
}

/// The target's `cfg`s as Cargo told them to the build script; its own profile and features are not this crate's.
fn target_cfgs(marker: &str) -> Vec<Cfg> {
    let lines = marker
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

/// What rustc's arguments say that C code must follow.
struct RustcArguments {
    cfgs: Vec<Cfg>,
    debug_assertions: Option<bool>,
    facade: Facade,
    tests: bool,
    native_folders: Vec<PathBuf>,
    /// The folder of the crates that this one depends on.
    dependencies: Option<PathBuf>,
    root: Option<PathBuf>,
    purpose: Purpose,
    emits_link: Option<bool>,
    /// `-C metadata`, by which Cargo keeps crates of one name apart.
    metadata: Vec<String>,
    /// Cargo tells rustdoc nothing of the profile.
    is_rustdoc: bool,
    opt_level: String,
    debug_info: bool,
    linker_plugin_lto: bool,
    lints_are_capped: bool,
    sanitizers: Vec<String>,
}

impl RustcArguments {
    fn of(arguments: &[String]) -> RustcArguments {
        let mut found = RustcArguments {
            cfgs: Vec::new(),
            debug_assertions: None,
            facade: Facade::Unknown,
            tests: false,
            native_folders: Vec::new(),
            dependencies: None,
            root: None,
            purpose: Purpose::Link,
            emits_link: None,
            metadata: Vec::new(),
            is_rustdoc: false,
            opt_level: "0".to_string(),
            debug_info: false,
            linker_plugin_lto: false,
            lints_are_capped: false,
            sanitizers: Vec::new(),
        };
        let program = arguments.first().map(String::as_str).unwrap_or_default();
        let program = Path::new(program)
            .file_stem()
            .and_then(|stem| stem.to_str())
            .unwrap_or_default();
        if !program.contains("rustc") && !program.contains("clippy-driver") {
            found.purpose = Purpose::Declare;
        }
        found.is_rustdoc = program.contains("rustdoc");
        let mut rest = arguments.iter().skip(1);
        while let Some(argument) = rest.next() {
            let option = [
                "-L",
                "-C",
                "-Z",
                "--emit",
                "--cfg",
                "--cap-lints",
                "--extern",
            ]
            .into_iter()
            .find_map(|flag| {
                let joined = argument.strip_prefix(flag)?;
                let value = if joined.is_empty() {
                    rest.next()?.as_str()
                } else {
                    joined
                };
                Some((flag, value))
            });
            match option {
                Some(("-L", value)) => found.search_folder(value),
                Some(("-C", value)) => found.code_option(value),
                Some(("-Z", value)) => found.unstable_option(value),
                Some(("--cfg", value)) => found.cfg(value.trim_start_matches('=')),
                Some(("--extern", value)) => found.dependency(value.trim_start_matches('=')),
                Some(("--cap-lints", level)) => {
                    found.lints_are_capped = level.trim_start_matches('=') == "allow";
                }
                Some((_, value)) => found.emit(value.trim_start_matches('=')),
                None => found.plain(argument),
            }
        }
        if found.emits_link == Some(false) {
            found.purpose = Purpose::Declare;
        }
        found
    }

    /// `options:name=path`. The file's name is that of the crate as it was made, whatever this one calls it.
    fn dependency(&mut self, text: &str) {
        let (name, path) = text.split_once('=').unwrap_or((text, ""));
        let name = name.rsplit(':').next().unwrap_or(name);
        let file = path.rsplit(['/', '\\']).next().unwrap_or(path);
        let is_facade = file.starts_with("libcgo-") || (path.is_empty() && name == "cgo");
        self.facade = match &self.facade {
            Facade::Named(_) => return,
            _ if is_facade => Facade::Named(name.to_string()),
            _ => Facade::Missing,
        };
    }

    fn cfg(&mut self, text: &str) {
        let (name, value) = text.split_once('=').map_or((text, None), |(name, value)| {
            (
                name.trim(),
                Some(value.trim().trim_matches('"').to_string()),
            )
        });
        self.cfgs.push(Cfg {
            name: name.to_string(),
            value,
        });
    }

    /// What was said, and what rustc adds to it.
    fn cfgs(&self) -> Vec<Cfg> {
        let mut cfgs = self.cfgs.clone();
        let mut add = |name: &str, holds: bool| {
            let name = name.to_string();
            cfgs.extend(holds.then_some(Cfg { name, value: None }));
        };
        add("test", self.tests);
        add(
            "debug_assertions",
            self.debug_assertions.unwrap_or(self.opt_level == "0"),
        );
        cfgs
    }

    fn search_folder(&mut self, value: &str) {
        if let Some(folder) = value.strip_prefix("native=") {
            self.native_folders.push(PathBuf::from(folder));
        }
        if let Some(folder) = value.strip_prefix("dependency=") {
            self.dependencies.get_or_insert_with(|| folder.into());
        }
    }

    fn code_option(&mut self, value: &str) {
        let (name, value) = value.split_once('=').unwrap_or((value, ""));
        match name {
            "debug-assertions" => {
                self.debug_assertions = Some(!matches!(value, "n" | "no" | "off" | "false"));
            }
            "metadata" => self.metadata.push(value.to_string()),
            "opt-level" => self.opt_level = value.to_string(),
            "debuginfo" => self.debug_info = !matches!(value, "0" | "none"),
            "linker-plugin-lto" => self.linker_plugin_lto = !matches!(value, "n" | "no" | "off"),
            _ => {}
        }
    }

    fn unstable_option(&mut self, value: &str) {
        if let Some(names) = value.strip_prefix("sanitizer=") {
            self.sanitizers.extend(names.split(',').map(str::to_string));
        }
    }

    /// rustc adds up all that its `--emit` options name; without one it links. Who asks for the list of files alone wants that of
    /// a link: sccache does so before each compile, and finds there what all of them were made from.
    fn emit(&mut self, kinds: &str) {
        let kinds = || kinds.split(',').map(|kind| kind.split('=').next());
        let links = kinds().any(|kind| kind == Some("link"))
            || kinds().all(|kind| kind == Some("dep-info"));
        self.emits_link = Some(links || self.emits_link == Some(true));
    }

    fn plain(&mut self, argument: &str) {
        self.tests |= argument == "--test";
        if !argument.starts_with('-') && argument.ends_with(".rs") && self.root.is_none() {
            self.root = Some(PathBuf::from(argument));
        }
    }
}

/// rustdoc hands rustc its arguments in a file, one a line, named after an `@`.
fn expand_argument_files(arguments: Vec<OsString>) -> Vec<String> {
    let mut expanded = Vec::new();
    for argument in arguments {
        let argument = argument.to_string_lossy().into_owned();
        let content = argument
            .strip_prefix('@')
            .and_then(|file| fs::read_to_string(file).ok());
        match content {
            Some(content) => expanded.extend(content.lines().map(str::to_string)),
            None => expanded.push(argument),
        }
    }
    expanded
}

/// The value of an environment variable, if it is set.
pub(crate) fn variable(name: &str) -> Option<OsString> {
    env::var_os(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn arguments(line: &str) -> RustcArguments {
        let words: Vec<String> = line.split_whitespace().map(str::to_string).collect();
        RustcArguments::of(&words)
    }

    #[test]
    fn a_search_folder_may_be_one_word_or_two() {
        let found = arguments("rustc -L native=/a -Lnative=/b -L dependency=/c");
        assert_eq!(
            found.native_folders,
            [PathBuf::from("/a"), PathBuf::from("/b")]
        );
    }

    #[test]
    fn a_check_wants_declarations() {
        assert_eq!(
            arguments("rustc --emit=dep-info,metadata src/lib.rs").purpose,
            Purpose::Declare
        );
        assert_eq!(
            arguments("rustc --emit=dep-info,metadata,link src/lib.rs").purpose,
            Purpose::Link
        );
        assert_eq!(arguments("rustc src/lib.rs").purpose, Purpose::Link);
        assert_eq!(
            arguments("rustc --emit dep-info src/lib.rs").purpose,
            Purpose::Link
        );
        assert_eq!(
            arguments("rustc --emit=dep-info,link --emit asm=x.s src/lib.rs").purpose,
            Purpose::Link
        );
        assert_eq!(
            arguments("/bin/rustdoc src/lib.rs").purpose,
            Purpose::Declare
        );
    }

    #[test]
    fn the_cfgs_are_read() {
        let found =
            arguments("rustc --cfg feature=\"a\" --cfg=mine --test -C opt-level=2 src/lib.rs");
        let names: Vec<String> = found.cfgs().into_iter().map(|cfg| cfg.name).collect();
        assert_eq!(names, ["feature", "mine", "test"]);
        assert_eq!(found.cfgs()[0].value.as_deref(), Some("a"));
        let cfgs = target_cfgs(
            "VERSION=1\nCARGO_CFG_UNIX=\nCARGO_CFG_TARGET_FEATURE=sse,sse2\nCARGO_CFG_FEATURE=std",
        );
        assert_eq!(cfgs.len(), 3);
    }

    #[test]
    fn a_root_is_found_by_the_crates_name() {
        let of = |name, file: &str| roots(Path::new("/p"), name, Path::new(file));
        assert_eq!(
            of("my_test", "/p/tests/support/mod.rs"),
            ["/p/tests/my_test.rs", "/p/tests/my-test.rs"].map(PathBuf::from)
        );
        assert_eq!(
            of("p", "/p/src/main.rs"),
            ["/p/src/main.rs", "/p/src/lib.rs"].map(PathBuf::from)
        );
        assert_eq!(of("p", "/p/src/ffi.rs")[0], Path::new("/p/src/lib.rs"));
    }

    #[test]
    fn the_profile_is_read() {
        let found = arguments(
            "rustc -C opt-level=3 -Cdebuginfo=2 -C linker-plugin-lto -Zsanitizer=address src/main.rs",
        );
        assert_eq!(found.opt_level, "3");
        assert!(found.debug_info && found.linker_plugin_lto);
        assert_eq!(found.sanitizers, ["address"]);
        assert_eq!(found.root, Some(PathBuf::from("src/main.rs")));
    }
}
