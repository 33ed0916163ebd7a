//! What to install and what to set, to compile C for a target.

use std::path::Path;

use cgo_csyntax::directive::source_files::Language;
use cgo_csyntax::message::Message;
use cgo_csyntax::target::Target;

use crate::compiler::language;

/// The error for a compiler that is neither gcc nor clang.
pub(super) fn another_compiler(compiler: &Path, language: Language) -> Message {
    let message = Message::new(format!(
        "the {} compiler `{}` is neither gcc nor clang: it does not take their options, and writes no DWARF",
        language::name(language),
        compiler.display()
    ));
    let variable = language::compiler_variable(language);
    message.help(format!(
        "set the environment variable {variable} to a gcc or clang"
    ))
}

/// How to get a compiler for the target.
pub(super) fn compiler(target: &Target) -> String {
    let cc = variable("CC", target);
    let set = format!("set the environment variable {cc} to a compiler for the target");
    match (&*target.os, &*target.env, &*target.vendor) {
        (_, "musl", _) => format!(
            "install a compiler for musl (Debian, Ubuntu: `apt install musl-tools`), or set the environment variable {cc} to one"
        ),
        ("windows", "gnu", _) => format!(
            "install mingw-w64 (Debian, Ubuntu: `apt install gcc-mingw-w64`; Fedora: `dnf install mingw64-gcc`), or {set}"
        ),
        ("windows", ..) => format!("{set}, such as a clang with the headers of the Windows SDK"),
        (_, _, "apple") => format!(
            "{set}, such as a clang, and the environment variable SDKROOT to the folder of Apple's SDK"
        ),
        ("linux", ..) if target.host.contains("linux") => format!(
            "install a compiler for the target (Debian, Ubuntu: `apt install gcc-{}`), or {set}",
            triple_of_debian(target)
        ),
        _ => set,
    }
}

/// As it stands in the names of Debian's packages: `i686-linux-gnu`, `arm-linux-gnueabihf`.
fn triple_of_debian(target: &Target) -> String {
    let mut parts = target.triple.split('-');
    let processor = match (&*target.arch, parts.next()) {
        ("x86", _) => "i686",
        // Where the triple tells the byte order too.
        ("powerpc64" | "mips" | "mips64", Some(first)) => first,
        (processor, _) => processor,
    };
    let abi = parts.next_back().unwrap_or("gnu");
    format!("{}-linux-{abi}", processor.replace('_', "-"))
}

/// How to have the compiler take the target's headers.
pub(super) fn headers(target: &Target) -> String {
    let (cc, cflags) = (variable("CC", target), variable("CFLAGS", target));
    let given = format!(
        "name the folder of the target's headers in the environment variable {cflags}, with `--sysroot=FOLDER` or `-nostdinc -isystem FOLDER`"
    );
    let set = format!("{given}, or set {cc} to a compiler that has them");
    match &*target.env {
        "musl" => format!(
            "install musl's headers and its compiler (Debian, Ubuntu: `apt install musl-tools`) and set the environment variable {cc} to it; \
             or {given}"
        ),
        _ if target.os == "wasi" => format!(
            "set the environment variable WASI_SDK_PATH to the folder of wasi-sdk, or WASI_SYSROOT to that of WASI's C library; or {given}"
        ),
        _ if matches!(&*target.os, "none" | "unknown") => {
            format!("`-ffreestanding` takes the compiler's own headers alone; or {set}")
        }
        _ => set,
    }
}

/// The variable for this target, with its name in it where Cargo builds for the host too.
fn variable(name: &str, target: &Target) -> String {
    match target.triple == target.host {
        true => name.to_string(),
        false => format!("{name}_{}", target.triple.replace(['-', '.'], "_")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn packages_have_the_names_of_debian() {
        for (arch, triple, package) in [
            ("x86", "i686-unknown-linux-gnu", "i686-linux-gnu"),
            (
                "arm",
                "armv7-unknown-linux-gnueabihf",
                "arm-linux-gnueabihf",
            ),
            ("x86_64", "x86_64-unknown-linux-gnu", "x86-64-linux-gnu"),
            (
                "riscv64",
                "riscv64gc-unknown-linux-gnu",
                "riscv64-linux-gnu",
            ),
            (
                "powerpc64",
                "powerpc64le-unknown-linux-gnu",
                "powerpc64le-linux-gnu",
            ),
        ] {
            let target = Target {
                triple: triple.to_string(),
                arch: arch.to_string(),
                ..Target::default()
            };
            assert_eq!(triple_of_debian(&target), package);
        }
    }

    #[test]
    fn a_variable_has_the_target_in_its_name_only_if_it_is_not_the_host() {
        let target = |triple: &str| Target {
            triple: triple.to_string(),
            host: "x86_64-unknown-linux-gnu".to_string(),
            ..Target::default()
        };
        let of = |triple: &str| variable("CC", &target(triple));
        assert_eq!(of("x86_64-unknown-linux-gnu"), "CC");
        assert_eq!(of("thumbv8m.main-none-eabi"), "CC_thumbv8m_main_none_eabi");
    }
}
