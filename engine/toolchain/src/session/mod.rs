//! The session: the target, the crate and the options of the rustc process that the macro runs in.

mod arguments;
mod build_facts;
pub mod dump;
pub mod environment;
pub mod jobserver;
mod marker_file;
pub mod process;
pub mod rust_files;
mod session_error;
mod without_cargo;
pub mod work_folder;

use std::env;
use std::fs;
use std::path::{Path, PathBuf};

use cgo_csyntax::cfg::{Cfg, KnownCfg};
use cgo_csyntax::directive::condition_context::ConditionContext;
use cgo_csyntax::target::Target;

use crate::hash::Hash;
use crate::session::arguments::RustcArguments;
use crate::session::build_facts::BuildFacts;
use crate::session::environment::{DUMP, of_cargo, variable};
use crate::session::marker_file::MarkedDirectory;
use crate::session::rust_files::rust_files;

pub use crate::session::arguments::{CompileMode, Facade};
pub use crate::session::session_error::SessionError;

/// What is the same for every preamble that one rustc process expands.
#[derive(Clone, Debug)]
pub struct Session {
    /// What the code is compiled for.
    pub target: Target,
    /// The folder for libraries and kept modules; `None` where nothing names one.
    pub link_directory: Option<PathBuf>,
    /// Why no preamble can be served.
    pub error: Option<SessionError>,
    /// The folder that rustc runs in. Paths in its messages are relative to it.
    pub directory: PathBuf,
    /// The crate's root file; `None` where rustc's arguments are not known, as in an editor.
    pub crate_root: Option<PathBuf>,
    /// The crate's name as Rust code writes it.
    pub crate_name: String,
    /// Name and version of the package, the crate's name and root file, and whether it is a test: the same in a check and a build.
    pub crate_identity: String,
    /// The same with `-C metadata`, which differs for all crates of one program.
    pub build_identity: String,
    /// The name of the crate `cgo` in it.
    pub facade: Facade,
    /// Whether it is of the edition 2015, in which the paths of `use` start at the crate's root.
    pub is_of_2015: bool,
    /// What `#[cfg]` of this crate sees.
    pub cfgs: Vec<Cfg>,
    /// What `#[cfg]` of this crate may see; `None` where rustc was not told.
    pub known_cfgs: Option<Vec<KnownCfg>>,
    /// How many preambles this process has expanded before.
    pub preamble_number: usize,
    /// The state of the engine's own sources, where these change without a new version.
    pub engine: String,
    /// The variables that the C compiler and pkg-config read, without `PATH`. The runtime crate's build script has Cargo watch them.
    pub watched_variables: Vec<String>,
    /// Whether rustc only checks.
    pub mode: CompileMode,
    /// `--cap-lints allow`: the crate is a dependency, and its warnings are not shown.
    pub lints_are_capped: bool,
    /// `-C opt-level`.
    pub opt_level: String,
    /// Whether `-C debuginfo` is on.
    pub debug_info: bool,
    /// `-C linker-plugin-lto`: the linker optimises across languages.
    pub linker_plugin_lto: bool,
    /// The sanitizers of `-Z sanitizer`.
    pub sanitizers: Vec<String>,
    /// What rustc passes on to the linker by `-C link-arg`.
    pub link_arguments: Vec<String>,
    /// Whether this is rustdoc and documents the crate.
    pub documents: bool,
    /// The folder for dumps.
    pub dump: Option<PathBuf>,
}

impl Session {
    /// The session of a program that calls the engine without a rustc: it only checks, and keeps nothing.
    pub fn without_rustc(target: Target, directory: &Path, crate_name: &str) -> Session {
        Session {
            target,
            link_directory: None,
            error: None,
            directory: directory.to_path_buf(),
            crate_root: None,
            crate_name: crate_name.to_string(),
            crate_identity: crate_name.to_string(),
            build_identity: crate_name.to_string(),
            facade: Facade::Unknown,
            is_of_2015: false,
            cfgs: Vec::new(),
            known_cfgs: None,
            preamble_number: 0,
            engine: String::new(),
            watched_variables: Vec::new(),
            mode: CompileMode::Check,
            lints_are_capped: false,
            opt_level: "0".to_string(),
            debug_info: false,
            linker_plugin_lto: false,
            sanitizers: Vec::new(),
            link_arguments: Vec::new(),
            documents: false,
            dump: None,
        }
    }

    /// The crate's root file, for a preamble in `file`. Where rustc's arguments do not tell it, it is guessed from Cargo's layout of
    /// packages.
    pub fn root_for(&self, file: &Path) -> Option<PathBuf> {
        self.crate_root.clone().or_else(|| {
            let package = PathBuf::from(variable("CARGO_MANIFEST_DIR")?);
            roots(&package, &self.crate_name, file)
                .into_iter()
                .find(|root| root.is_file())
        })
    }

    /// Whether this is an editor's server, which has none of rustc's arguments. A doctest has no file, but the link directory.
    pub fn is_editor(&self) -> bool {
        self.crate_root.is_none() && self.link_directory.is_none()
    }

    /// The folder of the crate's root file.
    pub fn crate_folder(&self) -> Option<&Path> {
        let root = self.crate_root.as_deref()?;
        Some(root.parent().unwrap_or(root))
    }

    /// Every variable that the tools read.
    pub fn tools_variables(&self) -> impl Iterator<Item = &str> {
        let watched = self.watched_variables.iter().map(String::as_str);
        watched.chain(["PATH"])
    }

    /// What the conditions of directives are about.
    pub fn conditions<'a>(&'a self, has_package: &'a dyn Fn(&str) -> bool) -> ConditionContext<'a> {
        ConditionContext {
            target: &self.target,
            cfgs: &self.cfgs,
            known: self.known_cfgs.as_deref(),
            has_package,
            variable: &|name| variable(name)?.into_string().ok(),
        }
    }

    /// The number of preambles in the crate's sources.
    pub fn preambles_in_sources(&self) -> usize {
        let files = self.crate_folder().map(rust_files).unwrap_or_default();
        let count =
            |file| fs::read_to_string(file).map_or(0, |text| text.matches("c_preamble!").count());
        files.into_iter().map(count).sum()
    }

    /// The symbol key: the number by which the macros of this crate know a symbol.
    pub fn symbol_key(&self, symbol: &str) -> u64 {
        let mut hash = Hash::default();
        hash.add(&self.crate_identity).add(symbol);
        hash.half()
    }

    /// The session of the rustc, rustdoc or editor process that this code runs in.
    pub fn of_this_process() -> Session {
        let arguments = arguments::expand_argument_files(env::args_os().collect());
        let directory = env::current_dir().unwrap_or_default();
        Session::of(&arguments, &directory)
    }

    pub fn of(arguments: &[String], directory: &Path) -> Session {
        let rustc = RustcArguments::of(arguments);
        let Surroundings {
            folder,
            facts,
            error,
        } = Surroundings::of(&rustc, directory);
        let (mut opt_level, mut debug_info) = (rustc.opt_level.clone(), rustc.debug_info);
        let (mut cfgs, mut target) = (rustc.cfgs(), this_machine());
        let (mut engine, mut watched_variables) = Default::default();
        if let Some(facts) = facts {
            target = facts.target();
            if rustc.is_rustdoc {
                (opt_level, debug_info) = (facts.opt_level, facts.debug_info);
            }
            cfgs.extend(facts.cfgs);
            (engine, watched_variables) = (facts.engine, facts.watched_variables);
        }
        let known_cfgs = rustc.known_cfgs();
        let crate_root = rustc.root.as_ref().map(|root| directory.join(root));
        let crate_name = crate_name(&rustc);
        let crate_identity = format!(
            "{} {} {} {:?} {}",
            of_cargo("CARGO_PKG_NAME"),
            of_cargo("CARGO_PKG_VERSION"),
            crate_name,
            crate_root
                .as_deref()
                .map(|root| in_package(root, directory)),
            rustc.tests
        );
        Session {
            target,
            engine,
            watched_variables,
            link_directory: folder,
            error,
            directory: directory.to_path_buf(),
            crate_name,
            facade: rustc.facade,
            is_of_2015: rustc.is_compiler && rustc.is_of_2015,
            cfgs,
            known_cfgs,
            preamble_number: 0,
            build_identity: format!("{crate_identity} {}", rustc.metadata.join(" ")),
            crate_identity,
            crate_root,
            mode: rustc.mode,
            lints_are_capped: rustc.lints_are_capped,
            opt_level,
            debug_info,
            linker_plugin_lto: rustc.linker_plugin_lto,
            sanitizers: rustc.sanitizers,
            link_arguments: rustc.link_arguments,
            documents: rustc.is_rustdoc && !rustc.tests,
            dump: variable(DUMP)
                .filter(|folder| !folder.is_empty())
                .map(|folder| directory.join(folder)),
        }
    }
}

/// Where the session's files go, and what is known of its target.
struct Surroundings {
    folder: Option<PathBuf>,
    facts: Option<BuildFacts>,
    error: Option<SessionError>,
}

impl Surroundings {
    /// The folder is the one of the variable before that of the marker file, which a sandbox may let nobody write to.
    fn of(rustc: &RustcArguments, directory: &Path) -> Surroundings {
        let (of_cargo, facts, mut error) = match marker_file::find(rustc, directory) {
            MarkedDirectory::Usable(folder, facts) => (Some(folder), Some(facts), None),
            MarkedDirectory::Damaged(folder) => {
                (None, None, Some(SessionError::DamagedLinkDirectory(folder)))
            }
            MarkedDirectory::None if rustc.is_compiler => {
                match without_cargo::facts(rustc, directory) {
                    Ok(facts) => (None, Some(facts), None),
                    Err(error) => (None, None, Some(error)),
                }
            }
            MarkedDirectory::None => (None, None, None),
        };
        let folder = match without_cargo::link_directory(rustc, directory) {
            Ok(named) => named.or(of_cargo),
            Err(not_searched) => {
                error.get_or_insert(not_searched);
                None
            }
        };
        if rustc.is_compiler && rustc.mode == CompileMode::Build && folder.is_none() {
            error.get_or_insert(SessionError::NoLinkDirectory);
        }
        Surroundings {
            folder,
            facts,
            error,
        }
    }
}

/// The crate's name, as Cargo or rustc's arguments tell it; else rustc takes it from the root file.
fn crate_name(rustc: &RustcArguments) -> String {
    let of_root = || {
        let stem = rustc.root.as_ref()?.file_stem()?.to_str()?;
        Some(stem.replace('-', "_"))
    };
    let of_cargo = Some(of_cargo("CARGO_CRATE_NAME")).filter(|name| !name.is_empty());
    let name = of_cargo.or_else(|| rustc.crate_name.clone());
    name.or_else(of_root).unwrap_or_default()
}

/// The path of a file inside the package, or without Cargo inside rustc's folder, so that nothing depends on where these are.
fn in_package<'f>(file: &'f Path, directory: &Path) -> &'f Path {
    let package = variable("CARGO_MANIFEST_DIR").map_or(directory.to_path_buf(), PathBuf::from);
    match file.strip_prefix(package) {
        Ok(inside) if inside != file => inside,
        _ => file,
    }
}

/// Possible root files of a crate with a preamble in `file`, the most likely first. Several crates of a package may have the same
/// name.
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

/// The machine itself as the target: for editors and tests, to which no build script tells another one.
pub fn this_machine() -> Target {
    let (vendor, os, env) = match env::consts::OS {
        "macos" => ("apple", "macos", ""),
        "windows" if cfg!(target_env = "msvc") => ("pc", "windows", "msvc"),
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
        big_endian: cfg!(target_endian = "big"),
        soft_float: false,
        atomic_widths: match cfg!(target_has_atomic = "64") {
            true => vec![8, 16, 32, 64],
            false => vec![8, 16, 32],
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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
}
