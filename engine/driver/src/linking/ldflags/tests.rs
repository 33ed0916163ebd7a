use std::process::Command;

use std::fs;

use super::*;
use cgo_csyntax::diagnostic::Place;
use cgo_csyntax::directive::link_flag::Origin;
use cgo_csyntax::files::kept_file;

use crate::linking::link_attribute::attribute;
use crate::linking::link_directory::{self, Owner};

fn linux() -> Target {
    Target {
        os: "linux".to_string(),
        env: "gnu".to_string(),
        arch: std::env::consts::ARCH.to_string(),
        pointer_width: usize::BITS,
        big_endian: cfg!(target_endian = "big"),
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

fn msvc() -> Target {
    Target {
        os: "windows".to_string(),
        env: "msvc".to_string(),
        ..Target::default()
    }
}

fn system(text: &str) -> Vec<String> {
    attributes(text, &linux(), Path::new("/nowhere"))
}

fn errors(text: &str, origin: Origin) -> Vec<String> {
    errors_for(&linux(), text, origin)
}

fn errors_for(target: &Target, text: &str, origin: Origin) -> Vec<String> {
    let mut errors = Vec::new();
    resolve(
        &flags(text, origin),
        target,
        Path::new("/nowhere"),
        &mut errors,
    );
    errors
        .into_iter()
        .map(|error| error.message.to_string())
        .collect()
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
            link_directory::add(&directory, &self.owner("mine"), link).unwrap();
        }
        let blocks: Vec<String> = links
            .iter()
            .map(|link| attribute(link) + " unsafe extern \"C\" {}\n")
            .collect();
        let main =
            "unsafe extern \"C\" { safe fn foo() -> i32; }\nfn main() { assert_eq!(foo(), 42); }";
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
    let rejected = |text| errors(text, Origin::Directive).len();
    assert_eq!(rejected("-Wl,--no-as-needed -lz -Wl,--as-needed -lm"), 1);
    assert_eq!(
        rejected("-Wl,--push-state,--no-as-needed -lz -Wl,--pop-state -lm"),
        1
    );
    // Only what is needed of an archive is linked at all.
    assert_eq!(
        rejected("-Wl,--no-as-needed,-Bstatic -lz -Wl,-Bdynamic,--as-needed -lm"),
        0
    );
}

fn apple() -> Target {
    Target {
        os: "macos".to_string(),
        vendor: "apple".to_string(),
        ..Target::default()
    }
}

/// The files that `text` links for Apple's systems, by the ends of their paths, and the names that programs record.
fn files_of_apple(text: &str, folder: &Path) -> Vec<(String, FileKind)> {
    let mut errors = Vec::new();
    let flags = flags(text, Origin::Directive);
    let (links, _) = resolve(&flags, &apple(), folder, &mut errors);
    assert_eq!(errors, []);
    let files = links.into_iter().map(|link| match link {
        Link::File(file) => {
            let path = file.path.strip_prefix(folder).unwrap();
            assert!(file.file_name.starts_with("libcgolink_"));
            (path.display().to_string(), file.kind)
        }
        other => panic!("no file: {other:?}"),
    });
    files.collect()
}

#[test]
fn libraries_of_apple_are_found() {
    let libraries = Libraries::new();
    let folder = &libraries.0;
    libraries.run("mkdir first second");
    for (file, bytes) in [
        ("first/libfoo.tbd", &b"--- !tapi-tbd"[..]),
        ("first/libfoo.a", b"!<arch>\n"),
        (
            "second/libbar.dylib",
            b"no such library, so its own name counts",
        ),
        ("second/libbar.a", b"!<arch>\n"),
        ("second/libbaz.a", b"!<arch>\n"),
    ] {
        fs::write(folder.join(file), bytes).unwrap();
    }
    let bar = Some("libbar.dylib".to_string());
    assert_eq!(
        files_of_apple("-Lfirst -Lsecond -lfoo -lbar -lbaz", folder),
        [
            (
                "first/libfoo.tbd".to_string(),
                FileKind::Shared { recorded: None }
            ),
            (
                "second/libbar.dylib".to_string(),
                FileKind::Shared { recorded: bar }
            ),
            ("second/libbaz.a".to_string(), FileKind::Archive),
        ]
    );
}

#[test]
fn frameworks_are_searched_in_folders_of_their_own() {
    let libraries = Libraries::new();
    let folder = &libraries.0;
    for (framework, file, bytes) in [
        ("One", "One", &b"\xcf\xfa\xed\xfe"[..]),
        ("Static", "Static", b"!<arch>\n"),
        ("Stub", "Stub.tbd", b"--- !tapi-tbd"),
    ] {
        let inside = folder.join(format!("F/{framework}.framework"));
        fs::create_dir_all(&inside).unwrap();
        fs::write(inside.join(file), bytes).unwrap();
    }
    let shared = FileKind::Shared { recorded: None };
    assert_eq!(
        files_of_apple(
            "-FF -framework One -framework Static -Wl,-framework,Stub",
            folder
        ),
        [
            ("F/One.framework/One".to_string(), shared.clone()),
            ("F/Static.framework/Static".to_string(), FileKind::Archive),
            ("F/Stub.framework/Stub.tbd".to_string(), shared),
        ]
    );
    assert_eq!(
        attributes("-FF -framework Cocoa", &apple(), folder),
        ["#[link(name = \"Cocoa\", kind = \"framework\")]"]
    );
    // Elsewhere no linker knows such folders.
    assert_eq!(errors("-FF", Origin::Directive).len(), 1);
}

#[test]
fn frameworks_are_apples() {
    let cocoa = ["#[link(name = \"Cocoa\", kind = \"framework\")]"];
    assert_eq!(
        attributes("-framework Cocoa", &apple(), Path::new("/")),
        cocoa
    );
    assert_eq!(
        attributes("-Wl,-framework,Cocoa", &apple(), Path::new("/")),
        cocoa
    );
    assert!(errors("-framework Cocoa", Origin::Directive)[0].contains("#cgo darwin LDFLAGS"));
}

#[test]
fn what_changes_nothing_is_left_out() {
    assert_eq!(
        system("-Wl,--as-needed -Wl,-O1 -Wl,-z,relro -z now -O2 -g -Wall -Wl,--no-as-needed"),
        [""; 0]
    );
    assert_eq!(
        errors(
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
        ("-l", "`-l` has no value"),
        ("-l:", "has no library name"),
        ("libmissing.a", "cannot find `/nowhere/libmissing.a`"),
    ] {
        let messages = errors(text, Origin::Directive);
        assert!(
            messages.len() == 1 && messages[0].contains(expected),
            "{text}: {messages:?}"
        );
    }
    assert!(
        errors("-T x", Origin::Variable)[0]
            .starts_with("environment variable CGO_LDFLAGS: a macro cannot pass `-T x`")
    );
    assert!(errors("-T x", Origin::Package)[0].starts_with("pkg-config returned `-T x`"));
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

/// GNU ld goes on to the next folder.
#[test]
fn what_is_for_another_machine_is_skipped_or_named() {
    let made = Libraries::new();
    made.run("mkdir other own");
    made.run("ar crs own/libfoo.a foo.o");
    let mut object = fs::read(made.0.join("foo.o")).unwrap();
    // `e_machine`, to that of the AVR.
    object[18..20].copy_from_slice(&[83, 0]);
    fs::write(made.0.join("other/foo.o"), object).unwrap();
    made.run("ar crs other/libfoo.a other/foo.o");
    made.run("cp other/foo.o other/libfoo.so.1");
    made.program_runs("-Lother -Lown -lfoo");
    for file in ["other/foo.o", "other/libfoo.a", "other/libfoo.so.1"] {
        let mut errors = Vec::new();
        resolve(
            &flags(file, Origin::Directive),
            &linux(),
            &made.0,
            &mut errors,
        );
        assert!(
            errors.len() == 1 && errors[0].message.text.contains("avr"),
            "{errors:?}"
        );
    }
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
fn a_name_that_means_two_libraries_is_rejected() {
    let made = Libraries::new();
    for folder in ["a", "b"] {
        fs::create_dir_all(made.0.join(folder)).unwrap();
    }
    made.run("gcc -shared foo.o -o a/libfoo.so -Wl,-soname,libfoo.so.1");
    made.run("gcc -shared foo.o foo.o -o b/libfoo.so -Wl,-soname,libfoo.so.1 -Wl,-z,muldefs,--build-id=0xabcd");
    let place = |owner: &Owner, folder: &str| {
        let flags = flags(&format!("-L{folder} -lfoo"), Origin::Directive);
        let (links, _) = resolve(&flags, &linux(), &made.0, &mut Vec::new());
        link_directory::add(&made.0.join("link"), owner, &links[0])
    };
    let (one, other) = (made.owner("one"), made.owner("other"));
    assert_eq!(place(&one, "a"), Ok(()));
    assert_eq!(place(&other, "a"), Ok(()));
    assert_eq!(place(&other, "a"), Ok(()));
    let message = place(&other, "b").unwrap_err()[0].message.to_string();
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
fn a_part_of_libc_is_not_named() {
    let musl = Target {
        env: "musl".to_string(),
        ..linux()
    };
    let of = |text: &str| attributes(text, &musl, Path::new("/nowhere")).len();
    assert_eq!(of("-lm -pthread -lrt -ldl -lc"), 0);
    assert_eq!(of("-lm -lz -l:libm.a"), 2);
    assert_eq!(system("-lm -pthread").len(), 2);
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
fn a_thin_archive_is_rejected() {
    let made = Libraries::new();
    made.run("ar crsT libfoo.a foo.o");
    let mut errors = Vec::new();
    resolve(
        &flags("libfoo.a", Origin::Directive),
        &linux(),
        &made.0,
        &mut errors,
    );
    assert!(errors[0].message.text.contains("thin archive"));
}

/// The names of libraries with msvc, in a folder of its own.
#[test]
fn with_msvc_a_library_is_a_lib_and_libm_is_nowhere() {
    let folder = kept_file::temporary(&std::env::temp_dir(), "libraries");
    fs::create_dir_all(&folder).unwrap();
    let static_library = "!<arch>\n";
    for name in ["own.lib", "libprefixed.lib", "libgnu.a", "UPPER.Lib"] {
        fs::write(folder.join(name), static_library).unwrap();
    }
    let found = attributes(
        "-L . -lown.lib -lprefixed -lgnu UPPER.Lib -luser32.LIB -lm -pthread",
        &msvc(),
        &folder,
    );
    let is_static = |link: &String| link.contains("kind = \"static\"");
    assert!(found[..4].iter().all(is_static), "{found:?}");
    assert_eq!(found[4..], ["#[link(name = \"user32\")]"]);
    fs::remove_dir_all(&folder).unwrap();
}

#[test]
fn options_of_microsofts_linker_are_told_from_files() {
    let cases = [
        ("-Wl,/DEFAULTLIB:ws2_32.Lib", "write `-lws2_32`"),
        ("/LIBPATH:C:\\lib", "write `-LC:\\lib`"),
        ("/subsystem:windows", "windows_subsystem"),
        ("-Wl,--subsystem,windows", "windows_subsystem"),
        ("/NODEFAULTLIB", "link-arg=/NODEFAULTLIB"),
        ("/missing.lib", "cannot find"),
    ];
    for (flags, expected) in cases {
        let errors = errors_for(&msvc(), flags, Origin::Directive);
        assert!(
            errors.len() == 1 && errors[0].contains(expected),
            "{errors:?}"
        );
    }
}
