//! Every example prints what it promises.

mod support;

use std::path::Path;
use std::process::Command;

use support::run;

fn cargo(arguments: &str) -> Command {
    let mut command = Command::new(env!("CARGO"));
    command
        .args(arguments.split_whitespace())
        .current_dir(env!("CARGO_MANIFEST_DIR"));
    command
}

fn example(name: &str) -> String {
    run(&mut cargo(&format!("run -q --example {name}")))
}

/// An example that is a package of its own and needs a library of the system: `None` where that is not installed.
fn package(name: &str, library: &str) -> Option<String> {
    let known = Command::new("pkg-config")
        .args(["--exists", library])
        .status();
    if !known.is_ok_and(|status| status.success()) {
        println!("skipped: pkg-config does not know {library}");
        return None;
    }
    Some(run(&mut cargo(&format!("run -q -p {name}"))))
}

#[test]
fn hello() {
    assert_eq!(example("hello"), "Hello from stdio\n");
}

#[test]
fn strings() {
    assert_eq!(
        example("strings"),
        "HELLO\nHELL\n[72, 69, 76]\nGOODBYE\n6\ngood morning\n5\n"
    );
}

#[test]
fn arrays() {
    assert_eq!(
        example("arrays"),
        "[2, 3, 5, 7, 11]\n60\n[0.0, 1.0, 4.0, 9.0]\n0.5\n[3.0, 4.0, 5.0]\n"
    );
}

#[test]
fn structs() {
    let expected = "struct_point { x: 2, y: 1 }\n7 bytes, length 0x1020304\n12 bytes, imaginary part -2.5\n0x3f800000\n1 4\n";
    assert_eq!(example("structs"), expected);
}

#[test]
fn errno() {
    let expected = "true Some(InvalidInput)\nSome(NotFound)\nNone\nErr(NotFound)\nErr(true)\n";
    // sqrt's domain error is EDOM, for which Rust has no kind of its own.
    assert_eq!(
        example("errno").replace("Uncategorized", "InvalidInput"),
        expected
    );
}

#[test]
fn qsort() {
    assert_eq!(
        example("qsort"),
        "[\"banana\", \"cherry\", \"fig\", \"kiwi\", \"pear\"], true\n[\"fig\", \"kiwi\", \"pear\", \"banana\", \"cherry\"]\ntrue\n"
    );
}

#[test]
fn threads() {
    assert_eq!(
        example("threads"),
        "4 threads\n50500 in all\n1 owner left\n"
    );
}

#[test]
fn walk() {
    assert_eq!(
        example("walk"),
        "fruit/pear: 5 bytes\nfruit/tropical/mango: 14 bytes\nreadme: 7 bytes\nErr(NotFound)\n"
    );
}

#[test]
fn library() {
    if Command::new("make").arg("--version").output().is_err() {
        println!("skipped: make is not installed");
        return;
    }
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/library");
    run(Command::new("make").args(["-B", "-s"]).current_dir(&folder));
    let expected = "Some(\"Hello, Rust.\")\nSome(\"HELLO, C!\")\nNone\n";
    assert_eq!(run(&mut cargo("run -q -p library")), expected);
}

/// Its own tests. A test of the packages uses it from another crate.
#[test]
fn published() {
    for features in ["", "--features stats"] {
        run(&mut cargo(&format!("test -q -p tally {features}")));
    }
}

#[test]
fn sqlite() {
    if let Some(output) = package("sqlite", "sqlite3") {
        assert_eq!(
            output,
            "Ada is 36\nGrace is 85\nErr(\"no such table: nowhere\")\n"
        );
    }
}

#[test]
fn sqlite_function() {
    if let Some(output) = package("sqlite_function", "sqlite3") {
        assert_eq!(
            output,
            "fig 1.0\npear 2.5\nmango 12.5\nfig\npear\nmango\n3 calls, 2 owners\nErr(\"wrong number of arguments to function with_tax()\")\n1 owner left\n"
        );
    }
}

#[test]
fn zlib() {
    if let Some(output) = package("zlib", "zlib") {
        assert_eq!(
            output,
            "2200 bytes become fewer than 100: true\nthe same again: true\ntoo small a buffer: true\na stream: true\n"
        );
    }
}

#[test]
fn curl() {
    if let Some(output) = package("curl-example", "libcurl") {
        assert_eq!(
            output,
            "39000 bytes, \"read by curl\"\nErr(\"Couldn't read a file:// file\")\n"
        );
    }
}

/// The digests are those of FIPS 180-2, appendix A.1 and B.1.
#[test]
fn openssl() {
    if let Some(output) = package("openssl-example", "libcrypto") {
        assert_eq!(
            output,
            "SHA-256 Some(\"ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad\")\n\
             SHA-1 Some(\"a9993e364706816aba3e25717850c26c9cd0d89d\")\n"
        );
    }
}

#[test]
fn libxml2() {
    if let Some(output) = package("libxml2-example", "libxml-2.0") {
        assert_eq!(
            output,
            "Ok(\"[shop[item tea & milk][item cake]]\")\n<shop>\ntea & milk costs 3\ncake costs 12\n"
        );
    }
}

/// Programs of the shapes that programs for cgo have: callbacks that own data, that are called for one call, and a struct of them.
#[test]
fn few_casts_are_needed() {
    for name in ["sqlite_function", "curl", "libxml2"] {
        let file = format!("{}/examples/{name}/src/main.rs", env!("CARGO_MANIFEST_DIR"));
        let text = std::fs::read_to_string(file).unwrap();
        let code = text
            .lines()
            .filter(|line| !line.trim_start().starts_with("//"));
        let casts = code.map(|line| {
            let kinds = [" as ", ".cast", "transmute"];
            kinds
                .iter()
                .map(|kind| line.matches(kind).count())
                .sum::<usize>()
        });
        let (casts, lines) = (casts.sum::<usize>(), text.lines().count());
        assert!(
            30 * casts <= lines,
            "{name}: {casts} casts in {lines} lines"
        );
    }
}

#[test]
fn lua() {
    if let Some(output) = package("lua-example", "lua5.4") {
        assert_eq!(
            output,
            "result: 6.5\nresult: lua lua \n\
             error: [string \"return sum(1, {})\"]:1: bad argument #2 to 'sum' (number expected, got table)\n"
        );
    }
}

#[test]
fn sdl2() {
    if let Some(output) = package("sdl2-example", "sdl2") {
        assert_eq!(output, "64x48, 256 pixels are red\nevent 42\n");
    }
}

#[test]
fn export() {
    assert_eq!(example("export"), "3 of tea: 1 box, 1 left\n7.5\n");
}

#[test]
fn registry() {
    assert_eq!(example("registry"), "callback with 5\n");
}

#[test]
fn function_pointer() {
    let expected = "Rust main: calling C function with callback to us\n\
                    C some_c_func: calling callback with arg = 2\n\
                    C gateway: called with arg = 2\n\
                    Rust call_on_me: called with arg = 2\n\
                    C some_c_func: callback responded with 3\n\
                    Rust main: the same without a gateway\n\
                    C some_c_func: calling callback with arg = 2\n\
                    Rust call_on_me: called with arg = 2\n\
                    C some_c_func: callback responded with 3\n";
    assert_eq!(example("function_pointer"), expected);
}

/// A C program with the library and the header that the crate writes.
#[test]
fn header() {
    run(&mut cargo("build -q -p header"));
    let here = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/header");
    let library = std::env::current_exe().unwrap();
    let library = library.ancestors().nth(2).unwrap();
    let program = Path::new(env!("CARGO_TARGET_TMPDIR")).join("header-main");
    let compiler = std::env::var("CC").unwrap_or("cc".to_string());
    run(Command::new(compiler)
        .args(["-std=c99", "-Wall", "-Wextra", "-Werror", "-o"])
        .arg(&program)
        .arg(here.join("main.c"))
        .arg("-I")
        .arg(here.join("include"))
        .arg("-L")
        .arg(library)
        .arg("-lcounter"));
    let output = run(Command::new(&program).env("LD_LIBRARY_PATH", library));
    assert_eq!(output, "45\n40\n");
}
