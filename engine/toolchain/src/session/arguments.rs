//! Reads the command line of the rustc that this code runs in.

use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};

use cgo_csyntax::cfg::{self, Cfg, KnownCfg};

/// The options with values that matter here.
const OPTIONS_WITH_VALUES: [&str; 12] = [
    "-L",
    "-C",
    "--codegen",
    "-Z",
    "--target",
    "--crate-name",
    "--edition",
    "--emit",
    "--cfg",
    "--check-cfg",
    "--cap-lints",
    "--extern",
];

/// What rustc makes of the crate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CompileMode {
    /// Only declarations: `cargo check`, rustdoc, an editor.
    Check,
    /// Declarations and a static library to link.
    Build,
}

/// The name of the crate `cgo` in this crate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Facade {
    /// The arguments of rustc do not tell it.
    Unknown,
    /// It is a dependency with this name.
    Named(String),
    /// It is no dependency: another crate re-exports it.
    Missing,
    /// Several dependencies have a library called `cgo`, whatever this crate calls them.
    Ambiguous,
}

/// The arguments that matter to the C code.
pub(super) struct RustcArguments {
    cfgs: Vec<Cfg>,
    /// The values of `--check-cfg`.
    check_cfgs: Vec<String>,
    debug_assertions: Option<bool>,
    pub(super) facade: Facade,
    /// Whether the edition is 2015, which is the default.
    pub(super) is_of_2015: bool,
    pub(super) tests: bool,
    pub(super) native_folders: Vec<PathBuf>,
    /// The program is rustc, rustdoc or clippy, and not an editor's server or a test.
    pub(super) is_compiler: bool,
    /// `--target` and the options that change what `cfg` says of it, as words.
    pub(super) of_target: Vec<String>,
    pub(super) crate_name: Option<String>,
    /// The files of `--extern`.
    pub(super) extern_files: Vec<PathBuf>,
    /// The folder of the crates that this one depends on.
    pub(super) dependencies: Option<PathBuf>,
    pub(super) root: Option<PathBuf>,
    pub(super) mode: CompileMode,
    emits_link: Option<bool>,
    /// `-C metadata`, by which Cargo keeps crates of one name apart.
    pub(super) metadata: Vec<String>,
    /// rustdoc gets no arguments about the profile.
    pub(super) is_rustdoc: bool,
    pub(super) opt_level: String,
    pub(super) debug_info: bool,
    pub(super) linker_plugin_lto: bool,
    pub(super) lints_are_capped: bool,
    pub(super) sanitizers: Vec<String>,
    /// `-C link-arg` and `-C link-args`.
    pub(super) link_arguments: Vec<String>,
}

impl RustcArguments {
    pub(super) fn of(arguments: &[String]) -> RustcArguments {
        let mut found = RustcArguments {
            cfgs: Vec::new(),
            check_cfgs: Vec::new(),
            debug_assertions: None,
            facade: Facade::Unknown,
            is_of_2015: true,
            tests: false,
            native_folders: Vec::new(),
            is_compiler: false,
            of_target: Vec::new(),
            crate_name: None,
            extern_files: Vec::new(),
            dependencies: None,
            root: None,
            mode: CompileMode::Build,
            emits_link: None,
            metadata: Vec::new(),
            is_rustdoc: false,
            opt_level: "0".to_string(),
            debug_info: false,
            linker_plugin_lto: false,
            lints_are_capped: false,
            sanitizers: Vec::new(),
            link_arguments: Vec::new(),
        };
        let program = arguments.first().map(String::as_str).unwrap_or_default();
        let program = Path::new(program)
            .file_stem()
            .and_then(|stem| stem.to_str())
            .unwrap_or_default();
        if !program.contains("rustc") && !program.contains("clippy-driver") {
            found.mode = CompileMode::Check;
        }
        found.is_rustdoc = program.contains("rustdoc");
        found.is_compiler = found.is_rustdoc || found.mode == CompileMode::Build;
        let mut rest = arguments.iter().skip(1);
        while let Some(argument) = rest.next() {
            let option = OPTIONS_WITH_VALUES.into_iter().find_map(|name| {
                let value = match argument.strip_prefix(name)? {
                    "" => rest.next()?.as_str(),
                    joined => joined,
                };
                Some((name, value))
            });
            match option {
                Some((name, value)) => found.option(name, value),
                None => found.plain(argument),
            }
        }
        if found.emits_link == Some(false) {
            found.mode = CompileMode::Check;
        }
        found
    }

    /// Reads one of the options that have a value. It may stand behind a `=`.
    fn option(&mut self, name: &str, value: &str) {
        let behind_equal = value.trim_start_matches('=');
        match name {
            "-L" => self.search_folder(value),
            "-Z" => self.unstable_option(value),
            "-C" | "--codegen" => self.code_option(behind_equal),
            "--cfg" => self.cfg(behind_equal),
            "--check-cfg" => self.check_cfgs.push(behind_equal.to_string()),
            "--extern" => self.dependency(behind_equal),
            "--target" => {
                let words = ["--target", behind_equal];
                self.of_target.extend(words.map(str::to_string));
            }
            "--crate-name" => self.crate_name = Some(behind_equal.to_string()),
            "--cap-lints" => self.lints_are_capped = behind_equal == "allow",
            "--edition" => self.is_of_2015 = behind_equal == "2015",
            "--emit" => self.emit(behind_equal),
            _ => {}
        }
    }

    /// Reads `options:name=path`. The name of the file is the crate's own, whatever `name` this crate has for it.
    fn dependency(&mut self, text: &str) {
        let (name, path) = text.split_once('=').unwrap_or((text, ""));
        let name = name.rsplit(':').next().unwrap_or(name);
        let file = path.rsplit(['/', '\\']).next().unwrap_or(path);
        // A dependency may have two names.
        let is_known = path.is_empty()
            || self
                .extern_files
                .iter()
                .any(|known| known == Path::new(path));
        if !path.is_empty() {
            self.extern_files.push(PathBuf::from(path));
        }
        let is_facade = file.starts_with("libcgo-")
            || file.starts_with("libcgo.")
            || (path.is_empty() && name == "cgo");
        self.facade = match &self.facade {
            Facade::Named(known) if is_facade && known != name && !is_known => Facade::Ambiguous,
            Facade::Named(_) | Facade::Ambiguous => return,
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

    /// The `--cfg` arguments, and those that rustc adds.
    pub(super) fn cfgs(&self) -> Vec<Cfg> {
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
        add("doc", self.is_rustdoc && !self.tests);
        cfgs
    }

    /// The conditions that the `--check-cfg` arguments know; `None` if there is no such argument, or one allows every name.
    pub(super) fn known_cfgs(&self) -> Option<Vec<KnownCfg>> {
        if self.check_cfgs.is_empty() {
            return None;
        }
        let lists = self.check_cfgs.iter().map(|text| cfg::read_known(text));
        lists
            .collect::<Option<Vec<_>>>()
            .map(|lists| lists.concat())
    }

    fn search_folder(&mut self, value: &str) {
        match value.split_once('=') {
            Some(("native", folder)) => self.native_folders.push(PathBuf::from(folder)),
            Some(("dependency", folder)) => {
                self.dependencies.get_or_insert_with(|| folder.into());
            }
            Some(("crate" | "framework", _)) => {}
            // `all=FOLDER` is the same.
            _ => {
                let folder = value.strip_prefix("all=").unwrap_or(value);
                self.native_folders.push(PathBuf::from(folder));
            }
        }
    }

    fn code_option(&mut self, option: &str) {
        let (name, value) = option.split_once('=').unwrap_or((option, ""));
        match name {
            "debug-assertions" => {
                self.debug_assertions = Some(!matches!(value, "n" | "no" | "off" | "false"));
            }
            "target-cpu" | "target-feature" | "panic" => {
                self.of_target.push(format!("-C{option}"));
            }
            "link-arg" | "link-args" => self.link_arguments.push(value.to_string()),
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

    /// Reads one `--emit`: rustc adds up several, and links without any. `dep-info` alone counts as a link: sccache asks for it before each
    /// compile, and needs the files that a link depends on.
    fn emit(&mut self, kinds: &str) {
        let kinds = || kinds.split(',').map(|kind| kind.split('=').next());
        let links = kinds().any(|kind| kind == Some("link"))
            || kinds().all(|kind| kind == Some("dep-info"));
        self.emits_link = Some(links || self.emits_link == Some(true));
    }

    fn plain(&mut self, argument: &str) {
        match argument {
            "--test" => self.tests = true,
            "-O" => self.opt_level = "3".to_string(),
            "-g" => self.debug_info = true,
            _ => {}
        }
        if !argument.starts_with('-') && argument.ends_with(".rs") && self.root.is_none() {
            self.root = Some(PathBuf::from(argument));
        }
    }
}

/// Replaces `@FILE` by the lines of the file: rustdoc gives rustc its arguments in this way.
pub(super) fn expand_argument_files(arguments: Vec<OsString>) -> Vec<String> {
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
    fn the_options_of_other_build_systems_are_read() {
        let found = arguments(
            "rustc --crate-name=a --target=x86_64-unknown-linux-musl --codegen=opt-level=2 --codegen metadata=-7 -Ctarget-cpu=native \
             -L/one -Lall=/two -Lcrate=/no --extern=cgo=bazel-out/bin/libcgo.rlib -g src/lib.rs",
        );
        assert_eq!(
            found.of_target,
            [
                "--target",
                "x86_64-unknown-linux-musl",
                "-Ctarget-cpu=native"
            ]
        );
        assert_eq!(found.crate_name.as_deref(), Some("a"));
        assert_eq!(found.opt_level, "2");
        assert_eq!(found.metadata, ["-7"]);
        assert!(found.debug_info);
        assert_eq!(found.native_folders, ["/one", "/two"].map(PathBuf::from));
        assert_eq!(found.facade, Facade::Named("cgo".to_string()));
    }

    #[test]
    fn the_edition_is_2015_unless_it_is_given() {
        for (options, is_of_2015) in [
            ("", true),
            ("--edition=2015", true),
            ("--edition 2018", false),
            ("--edition=2024", false),
        ] {
            let found = arguments(&format!("rustc {options} src/lib.rs"));
            assert_eq!(found.is_of_2015, is_of_2015, "{options}");
        }
    }

    #[test]
    fn two_dependencies_may_be_called_cgo() {
        let facade = |text: &str| arguments(text).facade;
        let one = "rustc --extern c=/d/libcgo-1.rlib --extern other=/d/libother-1.rlib";
        assert_eq!(facade(one), Facade::Named("c".to_string()));
        let same = format!("{one} --extern d=/d/libcgo-1.rlib --extern c=/d/libcgo-1.rmeta");
        assert_eq!(facade(&same), Facade::Named("c".to_string()));
        let two = format!("{one} --extern cgo=/d/libcgo-2.rlib --extern e=/d/libe-1.rlib");
        assert_eq!(facade(&two), Facade::Ambiguous);
    }

    #[test]
    fn a_check_wants_declarations() {
        assert_eq!(
            arguments("rustc --emit=dep-info,metadata src/lib.rs").mode,
            CompileMode::Check
        );
        assert_eq!(
            arguments("rustc --emit=dep-info,metadata,link src/lib.rs").mode,
            CompileMode::Build
        );
        assert_eq!(arguments("rustc src/lib.rs").mode, CompileMode::Build);
        assert_eq!(
            arguments("rustc --emit dep-info src/lib.rs").mode,
            CompileMode::Build
        );
        assert_eq!(
            arguments("rustc --emit=dep-info,link --emit asm=x.s src/lib.rs").mode,
            CompileMode::Build
        );
        assert_eq!(
            arguments("/bin/rustdoc src/lib.rs").mode,
            CompileMode::Check
        );
    }

    #[test]
    fn the_cfgs_are_read() {
        let found =
            arguments("rustc --cfg feature=\"a\" --cfg=mine --test -C opt-level=2 src/lib.rs");
        let names: Vec<String> = found.cfgs().into_iter().map(|cfg| cfg.name).collect();
        assert_eq!(names, ["feature", "mine", "test"]);
        assert_eq!(found.cfgs()[0].value.as_deref(), Some("a"));
    }

    #[test]
    fn the_known_cfgs_are_read() {
        let found = arguments(
            "rustc --check-cfg cfg(docsrs) --check-cfg=cfg(feature,values(\"a\")) src/lib.rs",
        );
        let names: Vec<String> = found
            .known_cfgs()
            .unwrap()
            .into_iter()
            .map(|known| known.name)
            .collect();
        assert_eq!(names, ["docsrs", "feature"]);
        assert_eq!(arguments("rustc src/lib.rs").known_cfgs(), None);
        let any = arguments("rustc --check-cfg cfg(docsrs) --check-cfg cfg(any()) src/lib.rs");
        assert_eq!(any.known_cfgs(), None);
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
