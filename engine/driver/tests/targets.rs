//! A compiler or headers for another target than rustc's are rejected, in a check too, with what to install or set. The compilers are those
//! of an x86-64 Linux with glibc.
#![cfg(all(target_os = "linux", target_arch = "x86_64", target_env = "gnu"))]
// The lint's exception for tests does not reach functions beside them.
#![allow(clippy::unwrap_used)]

use std::env;
use std::path::Path;
use std::process::Command;

use cgo_driver::{
    ModuleVisibility, Place, Preamble, Session, Target, expand, no_exports, this_machine,
};

/// The target of a triple `arch-vendor-os-env`.
fn target(triple: &str) -> Target {
    let whole = match triple {
        "wasm32-wasip1" => "wasm32-unknown-wasi-p1",
        "thumbv7m-none-eabi" => "arm-unknown-none-",
        whole => whole,
    };
    let mut parts = whole.split('-');
    let mut part = || parts.next().unwrap_or_default().to_string();
    let (first, vendor, os, env) = (part(), part(), part(), part());
    let arch = match &*first {
        "i686" => "x86".to_string(),
        _ => first,
    };
    let is_narrow = arch.ends_with("32") || arch == "x86" || arch == "arm";
    Target {
        triple: triple.to_string(),
        host: this_machine().triple,
        pointer_width: if is_narrow { 32 } else { 64 },
        big_endian: false,
        arch,
        vendor,
        os,
        env,
        families: Vec::new(),
        atomic_widths: Vec::new(),
        soft_float: triple == "x86_64-unknown-none",
    }
}

fn session(target: Target) -> Session {
    Session {
        crate_root: Some(Path::new(env!("CARGO_TARGET_TMPDIR")).join("targets/lib.rs")),
        ..Session::without_rustc(target, &env::temp_dir(), "targets")
    }
}

/// What stands before the Rust module in the output.
const CODE: &str = "code: ";
const TRIPLE: &str = "CGO_TEST_TRIPLE";
const TEXT: &str = "CGO_TEST_TEXT";

/// What the other tests start in a process of its own: the compiler is chosen by variables.
#[test]
#[ignore = "the other tests start it"]
fn expansion() {
    let preamble = Preamble {
        text: env::var(TEXT).unwrap(),
        start: Place { line: 1, column: 1 },
        file: Path::new("/targets.rs").to_path_buf(),
        visibility: ModuleVisibility::Restricted(String::new()),
        module: "C".to_string(),
        imports: Vec::new(),
        repetition: 0,
    };
    let session = session(target(&env::var(TRIPLE).unwrap()));
    let expanded = expand(&preamble, &session, no_exports);
    for error in expanded.errors {
        println!("error: {}", error.message);
    }
    println!("{CODE}{}", expanded.code.text());
}

/// The errors of a preamble for a target, compiled by `cc`.
fn errors(triple: &str, cc: &str, text: &str) -> String {
    expanded(triple, cc, text).0
}

/// The errors, and the Rust module.
fn expanded(triple: &str, cc: &str, text: &str) -> (String, String) {
    let mut child = Command::new(env::current_exe().unwrap());
    child.args(["--exact", "expansion", "--ignored", "--nocapture"]);
    child.env("CC", cc).env(TRIPLE, triple).env(TEXT, text);
    child.env_remove("CFLAGS").env_remove("CGO_DUMP");
    let output = child.output().unwrap();
    assert!(output.status.success(), "{output:?}");
    let said = String::from_utf8(output.stdout).unwrap();
    let (said, code) = said.split_once(CODE).unwrap();
    let start = said.find("error: ").unwrap_or(said.len());
    (said[start..].to_string(), code.to_string())
}

#[track_caller]
fn assert_rejected(said: &str, what: &str, help: &str) {
    assert!(said.contains(what) && said.contains(help), "{said}");
    let errors = said.lines().filter(|line| line.starts_with("error: "));
    assert_eq!(errors.count(), 1, "{said}");
}

const ONE: &str = "static int one(void) { return 1; }";
const STDIO: &str = "#include <stdio.h>\n";
const STDINT: &str = "#include <stdint.h>\nstatic uint8_t one(void) { return 1; }";

fn has_clang() -> bool {
    let version = Command::new("clang").arg("--version").output();
    let there = version.is_ok_and(|output| output.status.success());
    if !there {
        println!("skipped: clang is not installed");
    }
    there
}

#[test]
fn object_files_of_another_format() {
    assert_rejected(
        &errors("x86_64-pc-windows-gnu", "cc", ONE),
        "object files in ELF, and the target is x86_64-pc-windows-gnu",
        "CC_x86_64_pc_windows_gnu",
    );
}

/// The `cc` crate gives a compiler for Apple's systems options that only those know.
#[test]
fn a_compiler_that_does_not_know_the_options_for_the_target() {
    let said = errors("x86_64-apple-darwin", "gcc", ONE);
    assert_rejected(&said, "gcc` failed", "SDKROOT");
}

/// Another compiler would not mend it.
#[test]
fn a_flag_that_no_compiler_knows() {
    let text = format!("#cgo CFLAGS: -fno-such-option\n{ONE}");
    let said = errors("wasm32-unknown-unknown", "clang", &text);
    assert!(
        said.contains("-fno-such-option") && !said.contains("CC_"),
        "{said}"
    );
}

#[test]
fn a_compiler_for_another_system() {
    assert_rejected(
        &errors("x86_64-unknown-freebsd", "cc", ONE),
        "compiles for the system linux",
        "CC_x86_64_unknown_freebsd",
    );
    // Its headers are missing, which follows from that.
    assert_rejected(
        &errors("x86_64-unknown-freebsd", "cc", "#include <sys/event.h>\n"),
        "compiles for the system linux",
        "CC_x86_64_unknown_freebsd",
    );
}

#[test]
fn headers_of_another_c_library() {
    let musl = "x86_64-unknown-linux-musl";
    assert_rejected(
        &errors(musl, "cc", STDIO),
        "the headers are those of the C library glibc",
        "apt install musl-tools",
    );
    assert_eq!(errors(musl, "cc", ONE), "");
}

#[test]
fn headers_where_there_is_no_system() {
    let none = "x86_64-unknown-none";
    assert_rejected(
        &errors(none, "cc", STDINT),
        "the headers are those of the C library glibc",
        "-ffreestanding",
    );
    assert_eq!(errors(none, "cc -ffreestanding", STDINT), "");
    assert_eq!(errors(none, "cc", ONE), "");
}

/// A package of the host's would not help.
#[test]
fn a_c_library_that_is_missing() {
    let clang = "clang --sysroot=/nonexistent";
    let said = errors("x86_64-pc-windows-msvc", clang, STDIO);
    if has_clang() {
        assert_rejected(&said, "stdio.h", "CFLAGS_x86_64_pc_windows_msvc");
        assert!(!said.contains("pkg-config"), "{said}");
    }
}

#[test]
fn a_compiler_that_is_missing() {
    let said = errors("aarch64-unknown-linux-musl", "no-such-compiler", ONE);
    assert_rejected(
        &said,
        "`no-such-compiler` was not found",
        "CC_aarch64_unknown_linux_musl",
    );
    assert!(!said.contains("apt install gcc`"), "{said}");
}

/// gcc compiles for this machine's older sibling too, whose headers are a package of their own.
#[test]
fn headers_of_which_a_part_is_missing() {
    let said = errors("i686-unknown-linux-gnu", "gcc", STDIO);
    if said.is_empty() {
        return println!("skipped: the headers for i686 are installed");
    }
    assert_rejected(&said, "/usr/include/", "apt install gcc-i686-linux-gnu");
}

/// There an atomic of 8 bytes has the alignment of what it holds.
#[test]
fn atomics_without_an_instruction() {
    if !has_clang() {
        return;
    }
    let text = "typedef struct { char b[8]; } bytes; typedef struct { int a, b; } pair;\n\
        struct s { char c; _Atomic bytes b; _Atomic pair p; char d; _Atomic long long l; };\n\
        static int one(struct s *s) { return s->c; }";
    let (said, code) = expanded("thumbv7m-none-eabi", "clang", text);
    assert_eq!(said, "");
    assert!(code.contains("pub c: ::core::ffi::c_char"), "{code}");
}

/// There C passes numbers in registers that Rust's code does not use.
#[test]
#[cfg(target_arch = "x86_64")]
fn numbers_where_rust_has_no_registers_for_them() {
    let text = "struct pair { float a, b; }; static int whole(double d, struct pair p) { return (int)(d + p.a); }\n\
        static double half(int i) { return i / 2.0; }";
    let (said, code) = expanded("x86_64-unknown-none", "cc", text);
    assert_eq!(said, "");
    assert!(
        code.contains("(_: *const ::core::primitive::f64, _: *const struct_pair)"),
        "{code}"
    );
}

/// Where its headers are not installed, clang takes the host's, which may not even compile for it.
#[test]
fn headers_of_the_host() {
    if !has_clang() {
        return;
    }
    let clang = "clang --target=x86_64-unknown-netbsd";
    assert_rejected(
        &errors("x86_64-unknown-netbsd", clang, STDIO),
        "and the target is x86_64-unknown-netbsd",
        "--sysroot=FOLDER",
    );
    assert_rejected(
        &errors("wasm32-wasip1", "clang", STDIO),
        "and the target is wasm32-wasip1",
        "--sysroot=FOLDER",
    );
    assert_eq!(errors("wasm32-wasip1", "clang", ONE), "");
}
