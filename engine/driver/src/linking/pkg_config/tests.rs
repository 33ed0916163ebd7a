use std::ffi::OsString;
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

fn request(line: &str) -> (PackageRequest, Vec<Diagnostic>) {
    let mut errors = Vec::new();
    let words = line.split('|').map(|word| Placed {
        value: word.to_string(),
        place: Place { line: 7, column: 2 },
    });
    let words: Vec<Placed<String>> = words.collect();
    (PackageRequest::of(&words, &|_| None, &mut errors), errors)
}

/// A folder with one .pc file, and a tool that looks only there.
fn with_package(text: &str, line: &str) -> Outcome<Packages> {
    let folder = cgo_csyntax::files::kept_file::temporary(&std::env::temp_dir(), "pc");
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
    let packages = packages(&tool, &request(line).0);
    fs::remove_dir_all(folder).unwrap();
    packages
}

fn flags(text: &str, line: &str) -> (Vec<String>, Vec<String>) {
    let packages = with_package(text, line).unwrap();
    let ldflags = packages.ldflags.into_iter().map(|flag| flag.text);
    (packages.cflags, ldflags.collect())
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

/// libunwind names the folder of the target, and has an `unwind.h` there beside the compiler's own.
#[test]
fn a_folder_that_the_compiler_searches_anyway_keeps_its_place() {
    let kept = [
        "-I/usr/include/x86_64-linux-gnu",
        "-I/usr/local/include/",
        "-I/sysroot/usr/include",
    ];
    let text = format!("Cflags: {} -I/usr/include/foo-2", kept.join(" "));
    let (mut compiler, _) = flags(&text, "foo");
    assert_eq!(
        compiler.split_off(kept.len()),
        ["-isystem", "/usr/include/foo-2"]
    );
    assert_eq!(compiler, kept);
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
fn variables_say_of_which_packages_archives_are_preferred() {
    for (line, set, preferred) in [
        ("foo-bar zlib", &[][..], &[][..]),
        ("foo-bar zlib", &["FOO_BAR_STATIC"], &["foo-bar"]),
        (
            "foo-bar zlib",
            &["PKG_CONFIG_ALL_STATIC"],
            &["foo-bar", "zlib"],
        ),
        (
            "foo-bar zlib",
            &["PKG_CONFIG_ALL_STATIC", "FOO_BAR_DYNAMIC"],
            &["zlib"],
        ),
        ("zlib", &["ZLIB_STATIC", "ZLIB_DYNAMIC"], &["zlib"]),
        ("zlib --static", &["ZLIB_DYNAMIC"], &["zlib"]),
    ] {
        let word = Placed {
            value: line.to_string(),
            place: Place { line: 1, column: 1 },
        };
        let read = |name: &str| set.contains(&name).then(|| OsString::from("1"));
        let request = PackageRequest::of(&[word], &read, &mut Vec::new());
        let archives = request.packages.iter().filter(|package| package.archives);
        let names: Vec<&str> = archives.map(|package| package.name.as_str()).collect();
        assert_eq!(names, preferred, "{line} with {set:?}");
    }
}

#[test]
fn the_package_that_is_missing_is_named() {
    let Err(errors) = with_package("", "foo|bar|foo >= 9") else {
        panic!()
    };
    assert_eq!(errors.len(), 2);
    assert!(errors[0].message.text.starts_with(
        "package `bar` not found by pkg-config for this target:\n  Package bar was not found"
    ));
    assert!(
        errors[0].message.to_string().contains("libbar-dev")
            && errors[0].message.to_string().contains("which is `/opt/pc`")
    );
    assert!(errors[1].message.text.contains("`foo >= 9` not found"));
    assert_eq!(errors[1].place, Some(Place { line: 7, column: 2 }));
}

#[test]
fn a_tool_that_is_missing_is_to_be_installed() {
    let tool = tool(
        "x86_64-unknown-linux-gnu",
        &[("PKG_CONFIG", "no-such-tool")],
    );
    let message = |tool| {
        packages(tool, &request("foo").0)
            .unwrap_err()
            .remove(0)
            .message
            .to_string()
    };
    let installed = message(&tool);
    assert!(
        installed.contains("cannot find `no-such-tool`, which")
            && installed.contains("apt install pkg-config")
    );
    let crossed = message(&self::tool("hexagon-unknown-linux-musl", &[]));
    assert!(crossed.contains("not hexagon-unknown-linux-musl"));
}

#[test]
fn only_packages_and_known_options_may_be_asked_for() {
    for line in ["--cflags", "-lfoo", ">=|1", "zlib|>=", "zlib,png|=", "$x"] {
        assert_eq!(request(line).1.len(), 1, "{line}");
    }
    assert_eq!(request("--static|zlib|sqlite3 >= 3.30").1, []);
    let packages = request("--define-variable=prefix=/usr|zlib>=1.2")
        .0
        .packages;
    assert_eq!(packages[0].condition, [">=", "1.2"]);
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
fn output_is_split_as_a_shell_would() {
    // Lines of Windows, a `#` that is no comment, and a quote that is not closed.
    assert_eq!(split(b"-la\r\n-L#x 'y z"), ["-la", "-L#x", "y z"]);
    assert_eq!(split(b"#a -lb"), ["#a", "-lb"]);
    assert_eq!(
        split(b"-I/a\\ b '-Dx=\\1' \"-Dy=\\\"z\\\"\"\n\xff"),
        ["-I/a b", "-Dx=\\1", "-Dy=\"z\"", "\u{fffd}"]
    );
}
