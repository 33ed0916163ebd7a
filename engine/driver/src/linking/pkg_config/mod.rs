//! Asks pkg-config: the words of the `pkg-config` lines and the target in, flags for the compiler and for the linker out.
//!
//! The `pkg-config` crate is made for build scripts: it learns the target only from the variables that Cargo sets for
//! these, which a macro does not have, and it drops flags such as `-pthread` and the order of the others. So the tool is
//! asked here, with that crate's conventions: each variable may have the target in its name
//! (`PKG_CONFIG_PATH_aarch64-unknown-linux-gnu`, `..._aarch64_unknown_linux_gnu`, `TARGET_PKG_CONFIG_PATH`; `HOST_` when
//! nothing is crossed), and when cross-compiling a plain pkg-config, which would answer for the machine itself, is
//! used only if one of `PKG_CONFIG`, `PKG_CONFIG_SYSROOT_DIR` and `PKG_CONFIG_ALLOW_CROSS` says that it may. One thing
//! is added: a tool with the target's name in front (`aarch64-linux-gnu-pkg-config`) is used without being asked for.
//!
//! As in cgo all packages go into one question, so that the tool puts their libraries in order. `--static` (or
//! `PKG_CONFIG_ALL_STATIC`) has the tool list what archives need, and then an archive is taken where the package has one
//! outside the system's folders.

use std::collections::BTreeSet;
use std::ffi::{OsStr, OsString};
use std::io;
use std::path::{Path, PathBuf};

use cgo_csyntax::diagnostic::{Diagnostic, Place};
use cgo_csyntax::directive::link_flag::{LinkFlag, Origin};
use cgo_csyntax::target::Target;

use crate::cache::inputs::Inputs;
use crate::session::dump::Dump;
use crate::session::process::{Call, Finished, Program};
use crate::session::variable;
use crate::toolchain::programs;

/// What the packages ask of the compiler and of the linker.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Packages {
    pub(crate) cflags: Vec<String>,
    pub(crate) ldflags: Vec<LinkFlag>,
    /// Their files, and where these were looked for.
    pub(crate) inputs: Inputs,
    /// What decides that this tool answered.
    pub(crate) tool: Inputs,
}

/// Options that the tool may be given; the others change what it prints.
const OPTIONS: [&str; 10] = [
    "--static",
    "--shared",
    "--pure",
    "--define-variable=",
    "--define-prefix",
    "--dont-define-prefix",
    "--prefix-variable=",
    "--with-path=",
    "--keep-system-libs",
    "--keep-system-cflags",
];

/// Asks for the packages of `words`; without any, nothing is run.
pub(crate) fn query(
    words: &[(String, Place)],
    target: &Target,
    dump: &Dump,
    errors: &mut Vec<Diagnostic>,
) -> Packages {
    let known = errors.len();
    let request = Request::of(words, errors);
    let Some(first) = request.packages.first().filter(|_| errors.len() == known) else {
        return Packages::default();
    };
    let tool = Tool {
        dump: dump.clone(),
        ..Tool::find(target, &variable)
    };
    let asked = ask(&tool, &request);
    match asked {
        Ok(Answer::Flags(packages)) => Packages {
            tool: tool.inputs(),
            ..packages
        },
        Ok(Answer::Missing(missing)) => {
            errors.extend(missing);
            Packages::default()
        }
        Err(message) => {
            errors.push(Diagnostic::new(Some(first.place), message));
            Packages::default()
        }
    }
}

/// The words, sorted.
#[derive(Default)]
struct Request {
    options: Vec<String>,
    packages: Vec<Package>,
    /// Whether archives are wanted.
    archives: bool,
}

struct Package {
    name: String,
    /// `>= 3.30`, in words.
    condition: Vec<String>,
    place: Place,
}

impl Request {
    fn of(words: &[(String, Place)], errors: &mut Vec<Diagnostic>) -> Request {
        let mut request = Request::default();
        // `"sqlite3 >= 3.30"` may stand in quotes, as in cgo.
        let mut words = words
            .iter()
            .flat_map(|(word, place)| word.split_whitespace().map(move |word| (word, *place)));
        while let Some((word, place)) = words.next() {
            let mut error = |message: String| errors.push(Diagnostic::new(Some(place), message));
            let is_operator = matches!(word, "=" | "<" | ">" | "<=" | ">=" | "!=");
            if OPTIONS
                .iter()
                .any(|option| word == *option || option.ends_with('=') && word.starts_with(option))
            {
                request.archives |= word == "--static";
                request.options.push(word.to_string());
            } else if is_operator {
                match (request.packages.last_mut(), words.next()) {
                    (Some(package), Some((version, _))) if package.condition.is_empty() => {
                        package.condition = vec![word.to_string(), version.to_string()];
                    }
                    _ => error(format!(
                        "pkg-config: `{word}` needs a package before and a version after it: write `sqlite3 >= 3.30`"
                    )),
                }
            } else if word.starts_with('-') {
                error(format!(
                    "pkg-config: `{word}` is not an option that can stand here; write packages, and `--static` if archives are wanted"
                ));
            } else if word
                .starts_with(|c: char| c.is_alphanumeric() || matches!(c, '_' | '.' | '/'))
            {
                request.packages.push(Package {
                    name: word.to_string(),
                    condition: Vec::new(),
                    place,
                });
            } else {
                error(format!(
                    "pkg-config: `{word}` is not a package: write names with blanks between, as in `zlib sqlite3 >= 3.30`"
                ));
            }
        }
        request
    }
}

impl Package {
    fn words(&self) -> impl Iterator<Item = String> {
        [self.name.clone()]
            .into_iter()
            .chain(self.condition.iter().cloned())
    }
}

/// The tool to run, and how.
#[derive(Debug, PartialEq, Eq)]
struct Tool {
    /// Names to try in turn.
    names: Vec<OsString>,
    environment: Vec<(OsString, OsString)>,
    archives: bool,
    /// What to say if there is none of these programs.
    advice: String,
    /// Where its runs are written down.
    dump: Dump,
}

impl Tool {
    /// Finds it as the `pkg-config` crate does; `read` gives an environment variable's value.
    fn find(target: &Target, read: &dyn Fn(&str) -> Option<OsString>) -> Tool {
        let targeted = |name: &str| {
            targeted_names(name, target)
                .into_iter()
                .find_map(|name| read(&name))
        };
        let sysroot = targeted("PKG_CONFIG_SYSROOT_DIR");
        let plain_may_answer = target.host == target.triple
            || match targeted("PKG_CONFIG_ALLOW_CROSS") {
                Some(value) => value != "0",
                None => sysroot.is_some(),
            };
        let (names, advice): (Vec<OsString>, String) = match targeted("PKG_CONFIG") {
            Some(name) => (vec![name], INSTALL.to_string()),
            None if plain_may_answer => (
                vec!["pkg-config".into(), "pkgconf".into()],
                INSTALL.to_string(),
            ),
            None => {
                let names = prefixes(target)
                    .into_iter()
                    .map(|prefix| format!("{prefix}-pkg-config").into());
                (names.collect(), for_another_target(target))
            }
        };
        let passed_on = [
            "PKG_CONFIG_PATH",
            "PKG_CONFIG_LIBDIR",
            "PKG_CONFIG_SYSROOT_DIR",
        ];
        let mut environment: Vec<(OsString, OsString)> = passed_on
            .into_iter()
            .filter_map(|name| Some((name.into(), targeted(name)?)))
            .collect();
        if sysroot.is_some() {
            // These folders are the target's: the compiler and the linker do not know them by themselves.
            environment.extend(
                [
                    "PKG_CONFIG_ALLOW_SYSTEM_CFLAGS",
                    "PKG_CONFIG_ALLOW_SYSTEM_LIBS",
                ]
                .map(|name| (name.into(), "1".into())),
            );
        }
        let archives = read("PKG_CONFIG_ALL_STATIC").is_some();
        Tool {
            names,
            environment,
            archives,
            advice,
            dump: Dump::default(),
        }
    }

    fn inputs(&self) -> Inputs {
        let programs: Vec<Program> = self.names.iter().map(|name| self.program(name)).collect();
        let mut inputs = Inputs::default();
        programs::add(&mut inputs, &programs.iter().collect::<Vec<_>>());
        inputs
    }

    fn program(&self, name: &OsStr) -> Program {
        Program {
            path: PathBuf::from(name),
            arguments: Vec::new(),
            environment: self.environment.clone(),
        }
    }

    /// The value of one of the variables that say where packages are.
    fn set(&self, name: &str) -> Option<&OsStr> {
        let known = self.environment.iter().find(|(known, _)| known == name);
        known.map(|(_, value)| value.as_os_str())
    }

    fn run(
        &self,
        arguments: &[&str],
        request: &Request,
        packages: &[&Package],
    ) -> Result<Finished, String> {
        let mut all: Vec<OsString> = arguments.iter().map(OsString::from).collect();
        if self.archives && !request.archives {
            all.push("--static".into());
        }
        all.extend(request.options.iter().map(OsString::from));
        all.extend(
            packages
                .iter()
                .flat_map(|package| package.words())
                .map(OsString::from),
        );
        for name in &self.names {
            let program = self.program(name);
            let call = Call {
                purpose: "pkg-config",
                program: &program,
                arguments: &all,
                folder: Path::new("."),
                input: None,
                work: None,
            };
            match self.dump.run(&call) {
                Err(error) if error.kind() == io::ErrorKind::NotFound => {}
                Err(error) => {
                    return Err(format!("`{}` could not be run: {error}", name.display()));
                }
                Ok(finished) => return Ok(finished),
            }
        }
        let names: Vec<String> = self
            .names
            .iter()
            .map(|name| format!("`{}`", name.display()))
            .collect();
        Err(format!(
            "pkg-config: there is no program {}\n{}",
            names.join(" and no "),
            self.advice
        ))
    }
}

const INSTALL: &str = "install it (Debian, Ubuntu: `apt install pkg-config`; Fedora: `dnf install pkgconf`; macOS: `brew install \
                       pkgconf`; MSYS2: `pacman -S pkgconf`), or set the environment variable PKG_CONFIG to its path";

fn for_another_target(target: &Target) -> String {
    format!(
        "a plain pkg-config would answer for this machine, not for {}\nset PKG_CONFIG_SYSROOT_DIR and PKG_CONFIG_LIBDIR to \
         the target's folders, or PKG_CONFIG to a pkg-config for the target; PKG_CONFIG_ALLOW_CROSS=1 takes the plain answer",
        target.triple
    )
}

/// A variable's names, the most particular first.
fn targeted_names(name: &str, target: &Target) -> [String; 4] {
    let triple = &target.triple;
    let kind = if target.host == target.triple {
        "HOST"
    } else {
        "TARGET"
    };
    [
        format!("{name}_{triple}"),
        format!("{name}_{}", triple.replace('-', "_")),
        format!("{kind}_{name}"),
        name.to_string(),
    ]
}

/// What the tools of a cross compiler have in front of their names: Rust's triple, and GNU's for it.
fn prefixes(target: &Target) -> Vec<String> {
    let mut prefixes = vec![target.triple.clone()];
    let first = target.triple.split('-').next().unwrap_or_default();
    let last = target.triple.rsplit('-').next().unwrap_or_default();
    let processor = match target.arch.as_str() {
        "arm" => "arm",
        "riscv64" => "riscv64",
        "riscv32" => "riscv32",
        _ => first,
    };
    match target.os.as_str() {
        "linux" => prefixes.push(format!("{processor}-linux-{last}")),
        "windows" => prefixes.push(format!("{processor}-w64-mingw32")),
        _ => {}
    }
    prefixes
}

enum Answer {
    Flags(Packages),
    Missing(Vec<Diagnostic>),
}

fn ask(tool: &Tool, request: &Request) -> Result<Answer, String> {
    let all: Vec<&Package> = request.packages.iter().collect();
    // It says then which files it read and which folders it looked in; other tools of its name may not know the option.
    let mut compiler = tool.run(&["--debug", "--cflags"], request, &all)?;
    if !compiler.status.success() {
        compiler = tool.run(&["--cflags"], request, &all)?;
    }
    if !compiler.status.success() {
        return explain(tool, request, &compiler).map(Answer::Missing);
    }
    let linker = tool.run(&["--libs"], request, &all)?;
    if !linker.status.success() {
        return explain(tool, request, &linker).map(Answer::Missing);
    }
    let place = all
        .first()
        .map_or(Place { line: 1, column: 1 }, |package| package.place);
    let mut libraries = split(&linker.stdout);
    if request.archives || tool.archives {
        take_archives(&mut libraries, tool);
    }
    let flag = |text| LinkFlag {
        text,
        place,
        origin: Origin::Package,
    };
    Ok(Answer::Flags(Packages {
        cflags: of_the_system(split(&compiler.stdout)),
        inputs: looked_for(tool, request, &compiler.stderr, &libraries)?,
        ldflags: libraries.into_iter().map(flag).collect(),
        tool: Inputs::default(),
    }))
}

/// The packages' files, and the folders that another file of their names could appear in. `said` is what `--debug` had the tool
/// say: files and folders are the words of it that are some, however it puts them.
fn looked_for(
    tool: &Tool,
    request: &Request,
    said: &str,
    libraries: &[String],
) -> Result<Inputs, String> {
    let (mut inputs, mut folders) = (Inputs::default(), BTreeSet::new());
    let packages = request.packages.iter();
    let mut names: BTreeSet<String> = packages.map(|package| package.name.clone()).collect();
    let words = said.split(|c: char| c.is_whitespace() || "'\"`[]".contains(c));
    let paths: BTreeSet<&Path> = words
        .map(Path::new)
        .filter(|path| path.is_absolute())
        .collect();
    for path in paths {
        if path.extension().is_some_and(|end| end == "pc") && path.is_file() {
            inputs.file(path.to_path_buf());
            folders.extend(path.parent().map(Path::to_path_buf));
            names.extend(
                path.file_stem()
                    .and_then(|stem| stem.to_str())
                    .map(str::to_string),
            );
        }
    }
    // Of folders that are not there the tool says nothing.
    let own = match tool.set("PKG_CONFIG_LIBDIR") {
        Some(folders) => folders.to_os_string(),
        None => {
            let asked = tool.run(
                &["--variable=pc_path", "pkg-config"],
                &Request::default(),
                &[],
            )?;
            String::from_utf8_lossy(&asked.stdout)
                .trim()
                .to_string()
                .into()
        }
    };
    for list in [tool.set("PKG_CONFIG_PATH"), Some(&own)]
        .into_iter()
        .flatten()
    {
        folders.extend(std::env::split_paths(list).filter(|folder| folder.is_absolute()));
    }
    let files = names
        .iter()
        .flat_map(|name| [format!("{name}.pc"), format!("{name}-uninstalled.pc")]);
    inputs.search(folders.into_iter().collect(), files.collect());
    // Where archives are wanted, one may appear.
    let folders = libraries.iter().filter_map(|flag| flag.strip_prefix("-L"));
    let names = libraries.iter().filter_map(|flag| flag.strip_prefix("-l"));
    inputs.search(
        folders.map(PathBuf::from).collect(),
        names.map(|name| format!("lib{name}.a")).collect(),
    );
    Ok(inputs)
}

/// A package's headers are the system's wherever they lie: their warnings are nobody's here, and a name of theirs is bound when
/// it is used. All of GTK costs rustc two seconds an edit. The compilers' own folder stays where they have it.
fn of_the_system(flags: Vec<String>) -> Vec<String> {
    let flags = flags
        .into_iter()
        .flat_map(|flag| match flag.strip_prefix("-I") {
            Some(folder) if !folder.is_empty() && folder != "/usr/include" => {
                vec!["-isystem".to_string(), folder.to_string()]
            }
            _ => vec![flag],
        });
    flags.collect()
}

/// Asks for each package alone, to say which of them is the trouble.
fn explain(tool: &Tool, request: &Request, failure: &Finished) -> Result<Vec<Diagnostic>, String> {
    let mut errors = Vec::new();
    for package in &request.packages {
        let finished = tool.run(
            &["--print-errors", "--cflags", "--libs"],
            request,
            &[package],
        )?;
        if !finished.status.success() {
            errors.push(Diagnostic::new(
                Some(package.place),
                missing(package, tool, &finished),
            ));
        }
    }
    if let (true, Some(first)) = (errors.is_empty(), request.packages.first()) {
        let said = shortened(&failure.stderr);
        errors.push(Diagnostic::new(
            Some(first.place),
            format!("pkg-config does not accept these packages together:\n{said}"),
        ));
    }
    Ok(errors)
}

fn missing(package: &Package, tool: &Tool, finished: &Finished) -> String {
    let name = &package.name;
    let wanted = package.words().collect::<Vec<_>>().join(" ");
    let path = tool.set("PKG_CONFIG_PATH");
    let path = path.map_or("it is not set".to_string(), |value| {
        format!("it is `{}`", value.display())
    });
    format!(
        "pkg-config has no `{wanted}` for this target:\n{}\ninstall or update the package that holds `{name}.pc` (Debian, \
         Ubuntu: often `lib{}-dev`; Fedora: `dnf install 'pkgconfig({name})'`), or have the environment variable \
         PKG_CONFIG_PATH name the folder of that file ({path})",
        shortened(&finished.stderr),
        name.strip_prefix("lib").unwrap_or(name)
    )
}

/// The tool's own words, as far as they are to be shown.
fn shortened(text: &str) -> String {
    let lines = text
        .lines()
        .map(str::trim_end)
        .filter(|line| !line.is_empty())
        .take(6);
    let lines: Vec<String> = lines
        .map(|line| format!("  {}", line.chars().take(200).collect::<String>()))
        .collect();
    if lines.is_empty() {
        "  (it said nothing)".to_string()
    } else {
        lines.join("\n")
    }
}

/// Names the archive where `-l` finds one in a folder that is not the system's: what the system has is to be shared.
fn take_archives(flags: &mut [String], tool: &Tool) {
    let sysroot = tool.set("PKG_CONFIG_SYSROOT_DIR").map(PathBuf::from);
    let system: Vec<PathBuf> = match sysroot {
        Some(sysroot) => vec![sysroot],
        None => ["/usr/lib", "/usr/lib64", "/lib", "/Library", "/System"]
            .map(PathBuf::from)
            .into(),
    };
    let folders: Vec<PathBuf> = flags
        .iter()
        .filter_map(|flag| flag.strip_prefix("-L"))
        .map(PathBuf::from)
        .collect();
    for flag in flags {
        let Some(name) = flag.strip_prefix("-l") else {
            continue;
        };
        let own = folders
            .iter()
            .filter(|folder| !system.iter().any(|start| folder.starts_with(start)));
        let found = own
            .map(|folder| folder.join(format!("lib{name}.a")))
            .find(|file| file.is_file());
        if let Some(file) = found.as_ref().and_then(|file| file.to_str()) {
            *flag = file.to_string();
        }
    }
}

/// Cuts the tool's answer as a shell would.
pub(crate) fn split(output: &[u8]) -> Vec<String> {
    let text = String::from_utf8_lossy(output);
    let mut words = Vec::new();
    let mut word: Option<String> = None;
    let mut quote = None;
    let mut rest = text.chars().peekable();
    while let Some(character) = rest.next() {
        match (character, quote) {
            (_, Some(open)) if character == open => quote = None,
            ('\\', None) => word.get_or_insert_default().extend(rest.next()),
            ('\\', Some('"')) if matches!(rest.peek(), Some('"' | '\\' | '$' | '`')) => {
                word.get_or_insert_default().extend(rest.next());
            }
            ('"' | '\'', None) => {
                quote = Some(character);
                word.get_or_insert_default();
            }
            (_, None) if character.is_whitespace() => words.extend(word.take()),
            _ => word.get_or_insert_default().push(character),
        }
    }
    words.extend(word);
    words
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    fn target(triple: &str, host: &str) -> Target {
        let arch = triple.split('-').next().unwrap().to_string();
        Target {
            triple: triple.to_string(),
            host: host.to_string(),
            os: "linux".to_string(),
            arch,
            ..Target::default()
        }
    }

    fn tool(triple: &str, set: &[(&str, &str)]) -> Tool {
        let read = |name: &str| {
            set.iter()
                .find(|(known, _)| *known == name)
                .map(|(_, value)| OsString::from(value))
        };
        Tool::find(&target(triple, "x86_64-unknown-linux-gnu"), &read)
    }

    fn request(line: &str) -> (Request, Vec<Diagnostic>) {
        let mut errors = Vec::new();
        let words: Vec<(String, Place)> = line
            .split('|')
            .map(|word| (word.to_string(), Place { line: 7, column: 2 }))
            .collect();
        (Request::of(&words, &mut errors), errors)
    }

    /// A folder with one .pc file, and a tool that looks only there.
    fn with_package(text: &str, line: &str) -> Result<Answer, String> {
        let folder = crate::cache::kept_file::temporary(&std::env::temp_dir(), "pc");
        fs::create_dir_all(&folder).unwrap();
        fs::write(folder.join("libfoo.a"), "!<arch>\n").unwrap();
        fs::write(
            folder.join("foo.pc"),
            format!("Name: foo\nDescription: f\nVersion: 1.2\n{text}\n"),
        )
        .unwrap();
        let path = folder.to_str().unwrap();
        let tool = tool(
            "x86_64-unknown-linux-gnu",
            &[
                ("PKG_CONFIG_LIBDIR", path),
                ("HOST_PKG_CONFIG_PATH", "/opt/pc"),
            ],
        );
        let answer = ask(&tool, &request(line).0);
        fs::remove_dir_all(folder).unwrap();
        answer
    }

    fn flags(text: &str, line: &str) -> (Vec<String>, Vec<String>) {
        match with_package(text, line).unwrap() {
            Answer::Flags(packages) => (
                packages.cflags,
                packages.ldflags.into_iter().map(|flag| flag.text).collect(),
            ),
            Answer::Missing(errors) => panic!("{errors:?}"),
        }
    }

    #[test]
    fn flags_of_each_kind_come_back_in_order() {
        let text = "Cflags: -I/opt/b -DNAME=\\\"x\\ y\\\" -pthread -I/opt/a\nLibs: -L/opt/lib -lfoo -Wl,--as-needed -pthread";
        let (compiler, linker) = flags(text, "foo|>=|1.0");
        assert_eq!(
            compiler,
            [
                "-isystem",
                "/opt/b",
                "-DNAME=\"x y\"",
                "-pthread",
                "-isystem",
                "/opt/a"
            ]
        );
        assert_eq!(
            linker,
            ["-L/opt/lib", "-lfoo", "-Wl,--as-needed", "-pthread"]
        );
    }

    #[test]
    fn static_means_what_archives_need_and_the_archive() {
        let (_, linker) = flags(
            "Libs: -L${pcfiledir} -lfoo\nLibs.private: -lm",
            "--static|foo",
        );
        assert!(linker[1].ends_with("/libfoo.a"), "{linker:?}");
        assert_eq!(linker[2], "-lm");
    }

    #[test]
    fn the_package_that_is_missing_is_named() {
        let Ok(Answer::Missing(errors)) = with_package("", "foo|bar|foo >= 9") else {
            panic!()
        };
        assert_eq!(errors.len(), 2);
        assert!(
            errors[0].message.starts_with(
                "pkg-config has no `bar` for this target:\n  Package bar was not found"
            )
        );
        assert!(
            errors[0].message.contains("libbar-dev")
                && errors[0].message.contains("it is `/opt/pc`")
        );
        assert!(errors[1].message.contains("no `foo >= 9`"));
        assert_eq!(errors[1].place, Some(Place { line: 7, column: 2 }));
    }

    #[test]
    fn a_tool_that_is_missing_is_to_be_installed() {
        let tool = tool(
            "x86_64-unknown-linux-gnu",
            &[("PKG_CONFIG", "no-such-tool")],
        );
        let error = ask(&tool, &request("foo").0).err().unwrap();
        assert!(
            error.contains("no program `no-such-tool`") && error.contains("apt install pkg-config")
        );
        let error = ask(
            &self::tool("hexagon-unknown-linux-musl", &[]),
            &request("foo").0,
        )
        .err()
        .unwrap();
        assert!(error.contains("not for hexagon-unknown-linux-musl"));
    }

    #[test]
    fn only_packages_and_known_options_may_be_asked_for() {
        for line in ["--cflags", "-lfoo", ">=|1", "zlib|>=", "zlib,png|=", "$x"] {
            assert_eq!(request(line).1.len(), 1, "{line}");
        }
        assert_eq!(request("--static|zlib|sqlite3 >= 3.30").1, []);
    }

    #[test]
    fn the_most_particular_variable_counts() {
        let native = tool(
            "x86_64-unknown-linux-gnu",
            &[
                ("PKG_CONFIG_PATH", "/a"),
                ("PKG_CONFIG_PATH_x86_64_unknown_linux_gnu", "/b"),
            ],
        );
        assert_eq!(
            native.environment,
            [("PKG_CONFIG_PATH".into(), "/b".into())]
        );
    }

    #[test]
    fn a_plain_tool_does_not_answer_for_another_target() {
        let names = |set| tool("armv7-unknown-linux-gnueabihf", set).names;
        assert_eq!(
            names(&[]),
            [
                "armv7-unknown-linux-gnueabihf-pkg-config",
                "armv7-linux-gnueabihf-pkg-config"
            ]
        );
        assert_eq!(
            names(&[("PKG_CONFIG_ALLOW_CROSS", "1")]),
            ["pkg-config", "pkgconf"]
        );
        assert_eq!(names(&[("TARGET_PKG_CONFIG", "mine")]), ["mine"]);
    }

    #[test]
    fn answers_are_cut_as_a_shell_would() {
        assert_eq!(
            split(b"-I/a\\ b '-Dx=\\1' \"-Dy=\\\"z\\\"\"\n\xff"),
            ["-I/a b", "-Dx=\\1", "-Dy=\"z\"", "\u{fffd}"]
        );
    }
}
