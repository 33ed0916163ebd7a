//! The words of `LDFLAGS` in, the libraries and files that they name out: what GNU ld would find where.

use std::collections::{BTreeSet, HashSet};
use std::path::{Path, PathBuf};

use cgo_csyntax::diagnostic::Diagnostic;
use cgo_csyntax::directive::link_flag::{LinkFlag, Origin};
use cgo_csyntax::target::Target;

use crate::cache::inputs::Inputs;
use crate::linking::link_attribute::{FileKind, FoundFile, Link, Preference, found_file};

/// What `flags` ask to link, and where that was looked for. Relative paths are relative to `folder`.
pub(crate) fn resolve(
    flags: &[LinkFlag],
    target: &Target,
    folder: &Path,
    errors: &mut Vec<Diagnostic>,
) -> (Vec<Link>, Inputs) {
    let options = options(flags);
    let search = options
        .iter()
        .filter(|option| option.name == "-L")
        .filter_map(|option| option.value);
    let mut searched = HashSet::new();
    let mut resolver = Resolver {
        target,
        folder,
        search: search
            .filter(|path| searched.insert(*path))
            .map(|path| folder.join(path))
            .collect(),
        preference: Preference::Any,
        before_whole: Preference::Any,
        keeps_unused: false,
        saved: Vec::new(),
        group: None,
        looked_for: BTreeSet::new(),
        links: Vec::new(),
        errors,
        refused: None,
    };
    options.iter().for_each(|option| resolver.option(option));
    let mut inputs = Inputs::default();
    inputs.search(resolver.search, resolver.looked_for);
    (without_repetitions(resolver.links), inputs)
}

/// One option with its value, for the compiler as a driver or for the linker itself (`-Wl,` and `-Xlinker` taken off).
struct LinkOption<'a> {
    /// `-l`, `-L` and `-z` are cut off their values.
    name: &'a str,
    value: Option<&'a str>,
    for_linker: bool,
    /// The flag that it starts in, with its position.
    flag: &'a LinkFlag,
    index: usize,
}

/// Options that have their value right behind them or in the next word.
const CUT: &str = "-l -L -z -F";
/// Options of the linker with their value in the next word.
const LINKER_VALUES: &str = "-rpath --rpath -rpath-link --rpath-link -R -soname -h -undefined --undefined -wrap --wrap \
                             --defsym --version-script -force_load -install_name -m -Map --just-symbols";
/// The same for options that the driver knows too.
const DRIVER_VALUES: &str =
    "-framework -weak_framework -T -u -e -o -I -D -arch -target -isysroot --sysroot";
/// What rustc asks for itself, or what is about the file and not about the program.
const HARMLESS_TO_LINKER: &str = "--gc-sections --no-undefined --enable-new-dtags \
                                  --disable-new-dtags -search_paths_first -headerpad_max_install_names";
/// What the compiler itself would read.
const HARMLESS_TO_DRIVER: &str = "-pipe -fPIC -fpic -fPIE -fpie -m32 -m64 -w";

fn listed(list: &str, word: &str) -> bool {
    list.split(' ').any(|known| known == word)
}

fn options(flags: &[LinkFlag]) -> Vec<LinkOption<'_>> {
    let mut words = Vec::new();
    let mut passed_on = false;
    for (index, flag) in flags.iter().enumerate() {
        if std::mem::take(&mut passed_on) {
            words.push((flag.text.as_str(), true, index));
        } else if let Some(list) = flag.text.strip_prefix("-Wl,") {
            words.extend(
                list.split(',')
                    .filter(|text| !text.is_empty())
                    .map(|text| (text, true, index)),
            );
        } else if flag.text == "-Xlinker" {
            passed_on = true;
        } else {
            words.push((flag.text.as_str(), false, index));
        }
    }
    let mut options = Vec::new();
    let mut rest = words.into_iter().peekable();
    while let Some((text, for_linker, index)) = rest.next() {
        // `-lto_library FILE` and `-framework NAME` are words of their own.
        let cut = CUT
            .split(' ')
            .find(|name| text.starts_with(name) && text != "-lto_library");
        let (name, joined) = cut.map_or((text, ""), |name| (name, &text[name.len()..]));
        let wants = cut.is_some()
            || listed(DRIVER_VALUES, text)
            || for_linker && listed(LINKER_VALUES, text);
        let value = match joined {
            "" if wants => rest.next_if(|next| next.1 == for_linker).map(|next| next.0),
            "" => None,
            joined => Some(joined),
        };
        options.push(LinkOption {
            name,
            value,
            for_linker,
            flag: &flags[index],
            index,
        });
    }
    options
}

struct Resolver<'a> {
    target: &'a Target,
    folder: &'a Path,
    search: Vec<PathBuf>,
    preference: Preference,
    /// What `--no-whole-archive` goes back to.
    before_whole: Preference,
    /// `--no-as-needed`: what comes now is to be there when the program runs, used or not.
    keeps_unused: bool,
    /// What `--push-state` put by of these.
    saved: Vec<(Preference, bool)>,
    /// Where the links of the group start that is open.
    group: Option<usize>,
    /// The file names that were tried in the folders of `-L`.
    looked_for: BTreeSet<String>,
    links: Vec<Link>,
    errors: &'a mut Vec<Diagnostic>,
    /// The flag that was refused last: one error is enough for `-Wl,a,b`.
    refused: Option<usize>,
}

impl Resolver<'_> {
    fn option(&mut self, option: &LinkOption<'_>) {
        match (option.name, option.value) {
            ("-L", Some(_)) => {}
            ("-l", Some(name)) => self.library(name, option),
            ("-L" | "-l" | "-framework", None) => {
                self.refuse(
                    option,
                    format!(
                        "`{}` needs a value after it, on the same #cgo line",
                        option.name
                    ),
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
            ("--push-state", _) => self.saved.push((self.preference, self.keeps_unused)),
            ("--pop-state", _) => {
                let saved = self.saved.pop().unwrap_or((Preference::Any, false));
                (self.preference, self.keeps_unused) = saved;
            }
            ("--as-needed" | "--no-as-needed", _) if option.for_linker => {
                self.keeps_unused = option.name == "--no-as-needed";
            }
            ("--start-group" | "-(", _) => self.group = Some(self.links.len()),
            ("--end-group" | "-)", _) => self.end_group(),
            (name, _) if !name.starts_with('-') => self.file(name, option),
            _ if changes_nothing(option) => {}
            _ => {
                let message = cannot_pass_on(option);
                self.refuse(option, message);
            }
        }
    }

    fn refuse(&mut self, option: &LinkOption<'_>, message: String) {
        if self.refused.replace(option.index) != Some(option.index) {
            self.errors
                .push(Diagnostic::new(Some(option.flag.place), message));
        }
    }

    fn library(&mut self, name: &str, option: &LinkOption<'_>) {
        let (name, verbatim) = name
            .strip_prefix(':')
            .map_or((name, false), |name| (name, true));
        if name.is_empty() {
            return self.refuse(
                option,
                "`-l` needs a library's name after it, as in `-lm`".to_string(),
            );
        }
        let names = if verbatim {
            vec![name.to_string()]
        } else {
            self.file_names(name)
        };
        self.looked_for.extend(names.iter().cloned());
        let found = self
            .search
            .iter()
            .flat_map(|folder| names.iter().map(|name| folder.join(name)));
        match found.into_iter().find(|file| file.is_file()) {
            Some(path) => self.found(path, option),
            None if self.keeps_unused && self.preference == Preference::Any => {
                self.refuse(option, cannot_keep(option, name));
            }
            None => {
                let preference = self.preference;
                self.links.push(Link::Library {
                    name: name.to_string(),
                    verbatim,
                    preference,
                });
            }
        }
    }

    /// The files that `-l` may mean, as the target's linker tries them.
    fn file_names(&self, name: &str) -> Vec<String> {
        type Ends<'a> = &'a [(&'a str, &'a str)];
        let archives: Ends<'_> = &[("lib", ".a")];
        let (shared, last): (Ends<'_>, Ends<'_>) = match self.target.os.as_str() {
            "windows" => (
                &[("lib", ".dll.a"), ("", ".dll.a")],
                &[("", ".lib"), ("lib", ".dll"), ("", ".dll")],
            ),
            _ if self.target.vendor == "apple" => (&[("lib", ".dylib"), ("lib", ".tbd")], &[]),
            _ => (&[("lib", ".so")], &[]),
        };
        let order = match self.preference {
            Preference::Archive | Preference::WholeArchive => [archives, &[], &[]],
            // Rust's programs for musl are static as a rule, and cannot be linked to a shared library then.
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
        if path.is_file() {
            self.found(path, option);
        } else {
            let message = format!(
                "there is no file `{}` to link\na library is written `-lNAME`; a file's path is relative to the folder of \
                 this Rust file",
                path.display()
            );
            self.refuse(option, message);
        }
    }

    fn found(&mut self, path: PathBuf, option: &LinkOption<'_>) {
        match found_file(&path, self.target, self.preference) {
            Ok(found) if self.keeps_unused && matches!(found.kind, FileKind::Shared { .. }) => {
                self.refuse(option, cannot_keep(option, &path.to_string_lossy()));
            }
            Ok(found) => self.links.push(Link::File(found)),
            Err(why) => self.refuse(
                option,
                format!("`{}` cannot be linked: {why}", path.display()),
            ),
        }
    }

    fn framework(&mut self, name: &str, option: &LinkOption<'_>) {
        if self.target.vendor == "apple" {
            self.links.push(Link::Framework(name.to_string()));
        } else {
            let message = format!(
                "`-framework {name}`: only Apple's systems have frameworks; write `#cgo darwin LDFLAGS: -framework {name}`"
            );
            self.refuse(option, message);
        }
    }

    fn threads(&mut self) {
        // These have their threads in libc, and no library of this name.
        if !matches!(self.target.os.as_str(), "android" | "haiku" | "wasi") {
            let name = "pthread".to_string();
            self.links.push(Link::Library {
                name,
                verbatim: false,
                preference: Preference::Any,
            });
        }
    }

    /// In a group the linker goes round until nothing new is found. Naming its archives once more for each of them
    /// comes to the same.
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

fn is_archive(link: &Link) -> bool {
    matches!(
        link,
        Link::File(FoundFile {
            kind: FileKind::Archive,
            ..
        })
    )
}

/// The last mention of a library is enough: whatever needs it comes before. Archives that need one another must be
/// named again and again.
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

/// Whether the program is the same without it.
fn changes_nothing(option: &LinkOption<'_>) -> bool {
    let starts = |list: &[&str]| list.iter().any(|start| option.name.starts_with(start));
    // A package's libraries can be used without what it would like for whoever uses them.
    let wish = || {
        matches!(option.name, "-z" | "-R" | "-E" | "-rdynamic")
            || starts(&["--export-dynamic", "-export-dynamic", "-rpath", "--rpath"])
    };
    let harmless = if option.name == "-z" {
        // rustc asks for these itself.
        matches!(option.value, Some("relro" | "now" | "noexecstack" | "defs"))
    } else if option.for_linker {
        let about_the_file = [
            "-O",
            "--sort-common",
            "--hash-style",
            "--build-id",
            "--warn-",
            "--no-warn-",
        ];
        listed(HARMLESS_TO_LINKER, option.name) || starts(&about_the_file)
    } else {
        let compiling = [
            "-O", "-g", "-W", "-std=", "-march=", "-mtune=", "-mcpu=", "-I", "-D",
        ];
        listed(HARMLESS_TO_DRIVER, option.name) || starts(&compiling)
    };
    harmless || option.flag.origin == Origin::Package && wish()
}

/// rustc has the linker drop what nothing refers to.
fn cannot_keep(option: &LinkOption<'_>, library: &str) -> String {
    let flag = match option.name {
        "-l" => format!("-l{}", option.value.unwrap_or_default()),
        name => name.to_string(),
    };
    let argument = format!("link-arg=-Wl,--no-as-needed,{flag},--as-needed");
    format!(
        "`-Wl,--no-as-needed`: a macro cannot have the linker keep `{library}` where nothing refers to it\n\
         take `-Wl,--no-as-needed` out if C or Rust uses the library; else give both to rustc, with `rustflags = [\"-C\", \
         {argument:?}]` in `.cargo/config.toml` or with `println!(\"cargo::rustc-{argument}\")` in the build script of the program"
    )
}

fn cannot_pass_on(option: &LinkOption<'_>) -> String {
    let start = if option.for_linker { "-Wl," } else { "" };
    let separator = if option.for_linker { "," } else { " " };
    let joined = if listed(CUT, option.name) {
        ""
    } else {
        separator
    };
    let value = option
        .value
        .map_or(String::new(), |value| format!("{joined}{value}"));
    let flag = format!("{start}{}{value}", option.name);
    let instead = match option.name {
        "-static" | "--static" => {
            "build with `-C target-feature=+crt-static` in RUSTFLAGS, or for a musl target"
                .to_string()
        }
        "-s" | "-S" => "write `strip = true` in the profile in Cargo.toml".to_string(),
        "-mwindows" => {
            "write `#![windows_subsystem = \"windows\"]` in the program's main.rs".to_string()
        }
        "-fopenmp" => {
            "write `#cgo CFLAGS: -fopenmp` and `#cgo LDFLAGS: -lgomp` (with clang `-lomp`)"
                .to_string()
        }
        name if name.starts_with("-fsanitize") => {
            "build with `-Z sanitizer` in RUSTFLAGS".to_string()
        }
        _ => {
            let arguments: Vec<String> = flag
                .split(' ')
                .map(|word| format!("link-arg={word}"))
                .collect();
            let list: Vec<String> = arguments
                .iter()
                .map(|argument| format!("\"-C\", {argument:?}"))
                .collect();
            let lines: Vec<String> = arguments
                .iter()
                .map(|argument| format!("println!({:?})", format!("cargo::rustc-{argument}")))
                .collect();
            format!(
                "give it to rustc, with `rustflags = [{}]` in `.cargo/config.toml` or with `{}` in the build script of the \
                 program",
                list.join(", "),
                lines.join("; ")
            )
        }
    };
    match option.flag.origin {
        Origin::Directive => format!(
            "LDFLAGS: a macro cannot pass `{flag}` on to the linker: take it out, and {instead}"
        ),
        Origin::Package => format!(
            "pkg-config answers `{flag}`, which a macro cannot pass on to the linker: name the package's other flags on \
             `#cgo CFLAGS:` and `#cgo LDFLAGS:` lines, and {instead}"
        ),
    }
}

#[cfg(test)]
mod tests {
    use std::process::Command;

    use std::fs;

    use super::*;
    use cgo_csyntax::diagnostic::Place;

    use crate::cache::kept_file;
    use crate::linking::link_attribute::{Owner, attribute, place_in};

    fn linux() -> Target {
        Target {
            os: "linux".to_string(),
            env: "gnu".to_string(),
            ..Target::default()
        }
    }

    fn flags(text: &str, origin: Origin) -> Vec<LinkFlag> {
        let place = Place { line: 3, column: 1 };
        text.split_whitespace()
            .map(|word| LinkFlag {
                text: word.to_string(),
                place,
                origin,
            })
            .collect()
    }

    fn attributes(text: &str, target: &Target, folder: &Path) -> Vec<String> {
        let mut errors = Vec::new();
        let (links, _) = resolve(&flags(text, Origin::Directive), target, folder, &mut errors);
        assert_eq!(errors, []);
        links.iter().map(attribute).collect()
    }

    fn system(text: &str) -> Vec<String> {
        attributes(text, &linux(), Path::new("/nowhere"))
    }

    fn refusals(text: &str, origin: Origin) -> Vec<String> {
        let mut errors = Vec::new();
        resolve(
            &flags(text, origin),
            &linux(),
            Path::new("/nowhere"),
            &mut errors,
        );
        errors.into_iter().map(|error| error.message).collect()
    }

    /// A folder of its own with what gcc makes of one function, removed in the end.
    struct Libraries(PathBuf);

    impl Libraries {
        fn new() -> Libraries {
            let folder = kept_file::temporary(&std::env::temp_dir(), "libraries");
            fs::create_dir_all(folder.join("link")).unwrap();
            fs::write(folder.join("foo.c"), "int foo(void) { return 42; }").unwrap();
            let made = Libraries(folder);
            made.run("gcc -fPIC -c foo.c -o foo.o");
            made
        }

        fn owner(&self, name: &str) -> Owner {
            Owner {
                name: name.to_string(),
                key: name.to_string(),
                file: self.0.join("foo.c"),
            }
        }

        fn run(&self, line: &str) {
            let mut words = line.split_whitespace();
            let status = Command::new(words.next().unwrap())
                .args(words)
                .current_dir(&self.0)
                .status();
            assert!(status.unwrap().success(), "{line}");
        }

        /// Links a program with what `text` becomes, and runs it as `cargo run` does.
        fn program_runs(&self, text: &str) {
            let mut errors = Vec::new();
            let (links, _) = resolve(
                &flags(text, Origin::Directive),
                &linux(),
                &self.0,
                &mut errors,
            );
            assert_eq!(errors, []);
            let directory = self.0.join("link");
            for link in links.iter().chain(&links) {
                place_in(&directory, &self.owner("mine"), link).unwrap();
            }
            let blocks: Vec<String> = links
                .iter()
                .map(|link| attribute(link) + " unsafe extern \"C\" {}\n")
                .collect();
            let main = "unsafe extern \"C\" { safe fn foo() -> i32; }\nfn main() { assert_eq!(foo(), 42); }";
            fs::write(self.0.join("main.rs"), blocks.concat() + main).unwrap();
            self.run("rustc --edition 2024 -L native=link main.rs");
            let run = Command::new(self.0.join("main"))
                .env("LD_LIBRARY_PATH", "link:run")
                .current_dir(&self.0)
                .status();
            assert!(run.unwrap().success(), "{text}");
        }
    }

    impl Drop for Libraries {
        fn drop(&mut self) {
            let _ = fs::remove_dir_all(&self.0);
        }
    }

    #[test]
    fn a_library_of_the_system_is_only_named() {
        assert_eq!(
            system("-lz -l m"),
            ["#[link(name = \"z\")]", "#[link(name = \"m\")]"]
        );
        assert_eq!(system("-pthread"), ["#[link(name = \"pthread\")]"]);
        assert_eq!(
            system("-l:libz.so.1"),
            ["#[link(name = \"libz.so.1\", modifiers = \"+verbatim\")]"]
        );
        assert_eq!(system("-L/nowhere/at/all -lz"), ["#[link(name = \"z\")]"]);
    }

    #[test]
    fn a_library_is_named_once_and_last() {
        assert_eq!(
            system("-lm -lz -lm"),
            ["#[link(name = \"z\")]", "#[link(name = \"m\")]"]
        );
    }

    #[test]
    fn the_linker_may_be_told_to_take_archives() {
        let archive = "#[link(name = \"z\", kind = \"static\", modifiers = \"-bundle\")]";
        assert_eq!(
            system("-Wl,-Bstatic -lz -Wl,-Bdynamic -lm"),
            [archive, "#[link(name = \"m\")]"]
        );
        assert_eq!(
            system("-Wl,--push-state,-Bstatic -lz -Wl,--pop-state -lm"),
            [archive, "#[link(name = \"m\")]"]
        );
    }

    #[test]
    fn a_library_that_nothing_refers_to_cannot_be_kept() {
        let refused = |text| refusals(text, Origin::Directive).len();
        assert_eq!(refused("-Wl,--no-as-needed -lz -Wl,--as-needed -lm"), 1);
        assert_eq!(
            refused("-Wl,--push-state,--no-as-needed -lz -Wl,--pop-state -lm"),
            1
        );
        // Of an archive only what is needed is linked at all.
        assert_eq!(
            refused("-Wl,--no-as-needed,-Bstatic -lz -Wl,-Bdynamic,--as-needed -lm"),
            0
        );
    }

    #[test]
    fn frameworks_are_apples() {
        let apple = Target {
            os: "macos".to_string(),
            vendor: "apple".to_string(),
            ..Target::default()
        };
        let cocoa = ["#[link(name = \"Cocoa\", kind = \"framework\")]"];
        assert_eq!(
            attributes("-framework Cocoa", &apple, Path::new("/")),
            cocoa
        );
        assert_eq!(
            attributes("-Wl,-framework,Cocoa", &apple, Path::new("/")),
            cocoa
        );
        assert!(refusals("-framework Cocoa", Origin::Directive)[0].contains("#cgo darwin LDFLAGS"));
    }

    #[test]
    fn what_changes_nothing_is_left_out() {
        assert_eq!(
            system("-Wl,--as-needed -Wl,-O1 -Wl,-z,relro -z now -O2 -g -Wall -Wl,--no-as-needed"),
            [""; 0]
        );
        assert_eq!(
            refusals(
                "-Wl,--export-dynamic -Wl,-rpath,/opt/lib -Wl,-rpath -Wl,/x",
                Origin::Package
            ),
            [""; 0]
        );
    }

    #[test]
    fn what_cannot_be_passed_on_says_what_to_do() {
        for (text, expected) in [
            ("-Wl,-rpath,/opt/lib", "\"link-arg=-Wl,-rpath,/opt/lib\""),
            (
                "-Wl,-rpath -Wl,/opt/lib",
                "\"link-arg=-Wl,-rpath,/opt/lib\"",
            ),
            (
                "-T script.ld",
                "\"-C\", \"link-arg=-T\", \"-C\", \"link-arg=script.ld\"",
            ),
            (
                "-Wl,--wrap=malloc,-T,x",
                "cargo::rustc-link-arg=-Wl,--wrap=malloc",
            ),
            ("-Xlinker --wrap=f", "-Wl,--wrap=f"),
            ("-rdynamic", "link-arg=-rdynamic"),
            ("-nostdlib", "link-arg=-nostdlib"),
            ("-static", "crt-static"),
            ("-fopenmp", "-lgomp"),
            ("-l", "needs a value"),
            ("-l:", "needs a library's name"),
            ("libmissing.a", "there is no file `/nowhere/libmissing.a`"),
        ] {
            let messages = refusals(text, Origin::Directive);
            assert!(
                messages.len() == 1 && messages[0].contains(expected),
                "{text}: {messages:?}"
            );
        }
        assert!(refusals("-T x", Origin::Package)[0].starts_with("pkg-config answers `-T x`"));
    }

    #[test]
    fn an_archive_is_found_and_linked() {
        let made = Libraries::new();
        made.run("ar crs libfoo.a foo.o");
        made.program_runs("-L. -lfoo");
        made.program_runs("-lfoo -L .");
        made.program_runs("./libfoo.a");
        made.program_runs("foo.o");
        made.program_runs("-L. -l:libfoo.a");
        made.program_runs("-L. -Wl,--whole-archive -lfoo -Wl,--no-whole-archive");
    }

    #[test]
    fn a_shared_library_is_found_when_the_program_runs() {
        let made = Libraries::new();
        made.run("gcc -shared foo.o -o libfoo.so -Wl,-soname,libfoo.so.1");
        made.program_runs("-L. -lfoo");
        // Nothing that another crate's `-lfoo` could find.
        assert!(made.0.join("run/libfoo.so.1").is_file());
        assert!(!made.0.join("link/libfoo.so.1").exists());
        assert!(!made.0.join("link/libfoo.so").exists());
        made.run("gcc -shared foo.o -o libfoo.so");
        made.program_runs("./libfoo.so");
        made.run("gcc -shared foo.o -o plugin.so");
        made.program_runs("plugin.so");
    }

    #[test]
    fn a_name_that_means_two_libraries_is_refused() {
        let made = Libraries::new();
        for folder in ["a", "b"] {
            fs::create_dir_all(made.0.join(folder)).unwrap();
        }
        made.run("gcc -shared foo.o -o a/libfoo.so -Wl,-soname,libfoo.so.1");
        made.run("gcc -shared foo.o foo.o -o b/libfoo.so -Wl,-soname,libfoo.so.1 -Wl,-z,muldefs,--build-id=0xabcd");
        let place = |owner: &Owner, folder: &str| {
            let flags = flags(&format!("-L{folder} -lfoo"), Origin::Directive);
            let (links, _) = resolve(&flags, &linux(), &made.0, &mut Vec::new());
            place_in(&made.0.join("link"), owner, &links[0])
        };
        let (one, other) = (made.owner("one"), made.owner("other"));
        assert_eq!(place(&one, "a"), Ok(()));
        assert_eq!(place(&other, "a"), Ok(()));
        assert_eq!(place(&other, "a"), Ok(()));
        let message = &place(&other, "b").unwrap_err()[0].message;
        assert!(
            message.contains("`libfoo.so.1`") && message.contains("the crate `one`"),
            "{message}"
        );
        // Where the first crate's source has changed, it will say anew what it wants.
        fs::write(made.0.join("foo.c"), "int foo(void) { return 42 ; }").unwrap();
        assert_eq!(place(&other, "b"), Ok(()));
        assert!(place(&one, "a").is_err());
    }

    #[test]
    fn a_shared_library_comes_before_an_archive() {
        let made = Libraries::new();
        made.run("ar crs libfoo.a foo.o");
        made.run("gcc -shared foo.o -o libfoo.so -Wl,-soname,libfoo.so.1");
        let kind = |text: &str, target: &Target| {
            attributes(text, target, &made.0)[0].contains("kind = \"static\"")
        };
        assert!(!kind("-L. -lfoo", &linux()));
        assert!(kind("-L. -Wl,-Bstatic -lfoo", &linux()));
        assert!(kind(
            "-L. -lfoo",
            &Target {
                env: "musl".to_string(),
                ..linux()
            }
        ));
    }

    #[test]
    fn archives_that_need_one_another_are_named_again() {
        let made = Libraries::new();
        made.run("ar crs libfoo.a foo.o");
        made.run("ar crs libbar.a foo.o");
        let count = |text: &str| attributes(text, &linux(), &made.0).len();
        assert_eq!(count("-L. -lfoo -lbar -lfoo"), 3);
        assert_eq!(count("-L. -lfoo -lfoo"), 1);
        assert_eq!(
            count("-L. -Wl,--start-group -lfoo -lbar -Wl,--end-group"),
            4
        );
    }

    #[test]
    fn random_flags_do_no_harm() {
        let pieces = "-Wl, -l -L -Xlinker , : --start-group -( -) -z a.o / -rpath \" é";
        let pieces: Vec<&str> = pieces.split(' ').chain([" "]).collect();
        let mut random = 88172645463325252u64;
        for _ in 0..3000 {
            let mut text = String::new();
            for _ in 0..12 {
                random ^= random << 13;
                random ^= random >> 7;
                random ^= random << 17;
                text.push_str(pieces[random as usize % pieces.len()]);
            }
            let (links, _) = resolve(
                &flags(&text, Origin::Package),
                &linux(),
                Path::new("/nowhere"),
                &mut Vec::new(),
            );
            links
                .iter()
                .for_each(|link| assert!(attribute(link).ends_with(")]")));
        }
    }

    #[test]
    fn a_thin_archive_is_refused() {
        let made = Libraries::new();
        made.run("ar crsT libfoo.a foo.o");
        let mut errors = Vec::new();
        resolve(
            &flags("libfoo.a", Origin::Directive),
            &linux(),
            &made.0,
            &mut errors,
        );
        assert!(errors[0].message.contains("thin archive"));
    }
}
