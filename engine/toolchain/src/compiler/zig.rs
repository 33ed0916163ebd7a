//! `zig cc`: clang with other names for targets, and other defaults.

use std::ffi::{OsStr, OsString};
use std::path::Path;

use cgo_csyntax::target::Target;

use crate::session::process::Program;

/// How many of the program's arguments say that it is `zig cc` or `zig c++`, perhaps behind `ccache` and the like or as
/// `python3 -m ziglang cc`; `None` for other programs.
pub(super) fn words_of_zig(program: &Program) -> Option<usize> {
    let words = [program.path.as_os_str()].into_iter();
    let words: Vec<&OsStr> = words
        .chain(program.arguments.iter().map(OsString::as_os_str))
        .take(4)
        .collect();
    let is_zig = |word: &OsStr| Path::new(word).file_stem() == Some(OsStr::new("zig"));
    let before = match words[..] {
        [zig, ..] if is_zig(zig) => 1,
        [_, zig, ..] if is_zig(zig) => 2,
        [_, module, zig, ..] if module == "-m" && zig == "ziglang" => 3,
        _ => return None,
    };
    let command = words.get(before);
    command
        .is_some_and(|word| *word == "cc" || *word == "c++")
        .then_some(before)
}

/// The arguments as zig takes them. The `cc` crate names the target in clang's words, which zig does not know. If nothing
/// names a target, zig takes the system's headers; for a target that is named it has its own.
pub(super) fn arguments(given: Vec<OsString>, of_zig: usize, target: &Target) -> Vec<OsString> {
    let mut words = given.into_iter();
    let mut arguments: Vec<OsString> = words.by_ref().take(of_zig).collect();
    // Otherwise zig compiles for the very processor that it runs on, and calls functions of its own where behaviour is undefined.
    arguments.extend(["-mcpu=baseline", "-fno-sanitize=undefined"].map(OsString::from));
    if target.os == "windows" {
        // Only zig's linker finds what its stack protector calls there.
        arguments.push("-fno-stack-protector".into());
    }
    let mut rest = Vec::new();
    while let Some(word) = words.next() {
        match word.to_str().unwrap_or_default() {
            "-arch" => drop(words.next()),
            word if is_of_cc(word, target) => {}
            _ => rest.push(word),
        }
    }
    let names_target = |word: &OsString| {
        let word = word.to_string_lossy();
        word == "-target" || word.starts_with("--target")
    };
    if target.triple != target.host && !rest.iter().any(names_target) {
        arguments.extend(["-target".into(), query(target).into()]);
    }
    arguments.extend(rest);
    arguments
}

/// Whether the `cc` crate gives this word to say the target. One that the user wrote in zig's form has no vendor.
fn is_of_cc(word: &str, target: &Target) -> bool {
    let is_given = |triple: &str| {
        let vendor = triple.split('-').nth(1);
        let has_vendor =
            vendor.is_some_and(|vendor| matches!(vendor, "unknown" | "apple" | "pc" | "none"));
        has_vendor || triple == target.triple
    };
    matches!(word, "-m32" | "-m64" | "-march=x86-64")
        || word.starts_with("-mmacosx-version-min=")
        || word.strip_prefix("--target=").is_some_and(is_given)
}

/// Zig's name of the target: `arch-os-abi`.
fn query(target: &Target) -> String {
    let is_little = target.triple.starts_with("powerpc64le") || target.triple.contains("el-");
    let arch = match &*target.arch {
        "powerpc64" if is_little => "powerpc64le",
        "mips" if is_little => "mipsel",
        "mips64" if is_little => "mips64el",
        "arm" if target.triple.starts_with("thumb") => "thumb",
        arch => arch,
    };
    let last = target.triple.rsplit('-').next().unwrap_or_default();
    match &*target.os {
        "linux" => format!("{arch}-linux-{last}"),
        "android" => format!("{arch}-linux-android"),
        "windows" => format!("{arch}-windows-{}", target.env),
        "none" if last != "elf" && last != "none" => format!("{arch}-freestanding-{last}"),
        "none" | "unknown" => format!("{arch}-freestanding"),
        os => format!("{arch}-{os}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn target(triple: &str, arch: &str, os: &str, env: &str) -> Target {
        Target {
            triple: triple.to_string(),
            host: "x86_64-unknown-linux-gnu".to_string(),
            arch: arch.to_string(),
            os: os.to_string(),
            env: env.to_string(),
            ..Target::default()
        }
    }

    fn given(line: &str, target: &Target) -> String {
        let words = line.split(' ').map(OsString::from).collect();
        let words = arguments(words, 1, target);
        let words: Vec<_> = words.iter().map(|word| word.to_string_lossy()).collect();
        words[3..].join(" ")
    }

    #[test]
    fn the_target_is_named_as_zig_does() {
        let mac = target("aarch64-apple-darwin", "aarch64", "macos", "");
        let line = "cc -O1 -arch arm64 -mmacosx-version-min=11.0 --target=arm64-apple-macosx11.0";
        assert_eq!(given(line, &mac), "-target aarch64-macos -O1");
        let of = |triple, arch, os, env| query(&target(triple, arch, os, env));
        assert_eq!(
            of("armv7-unknown-linux-gnueabihf", "arm", "linux", "gnu"),
            "arm-linux-gnueabihf"
        );
        assert_eq!(
            of("x86_64-pc-windows-gnullvm", "x86_64", "windows", "gnu"),
            "x86_64-windows-gnu"
        );
        assert_eq!(
            of("powerpc64le-unknown-linux-gnu", "powerpc64", "linux", "gnu"),
            "powerpc64le-linux-gnu"
        );
        let windows = target("x86_64-pc-windows-gnu", "x86_64", "windows", "gnu");
        assert_eq!(
            given("cc -O1 --target=x86_64-pc-windows-gnu", &windows),
            "-fno-stack-protector -target x86_64-windows-gnu -O1"
        );
        let wasi = target("wasm32-wasip1", "wasm32", "wasi", "p1");
        let line = "cc -O1 --target=wasm32-wasip1";
        assert_eq!(given(line, &wasi), "-target wasm32-wasi -O1");
    }

    #[test]
    fn zig_is_known_behind_other_programs() {
        let of = |line: &str| {
            let mut words = line.split(' ').map(OsString::from);
            words_of_zig(&Program {
                path: words.next().unwrap_or_default().into(),
                arguments: words.collect(),
                environment: Vec::new(),
            })
        };
        assert_eq!(of("zig cc -O1"), Some(1));
        assert_eq!(of("/opt/zig/zig c++ -m64"), Some(1));
        assert_eq!(of("ccache /opt/zig/zig cc -m64"), Some(2));
        assert_eq!(of("python3 -m ziglang cc -m64"), Some(3));
        assert_eq!(of("zig"), None);
        assert_eq!(of("zig build"), None);
        assert_eq!(of("gcc -I zig cc"), None);
    }

    #[test]
    fn the_host_is_not_named() {
        let host = target("x86_64-unknown-linux-gnu", "x86_64", "linux", "gnu");
        let line = "cc -O1 -m64 --target=x86_64-unknown-linux-gnu -DA";
        assert_eq!(given(line, &host), "-O1 -DA");
    }

    #[test]
    fn a_target_that_the_user_names_stays() {
        let musl = target("x86_64-unknown-linux-musl", "x86_64", "linux", "musl");
        let line = "cc --target=x86_64-unknown-linux-musl -target x86_64-linux.3.2-musl";
        assert_eq!(given(line, &musl), "-target x86_64-linux.3.2-musl");
    }
}
