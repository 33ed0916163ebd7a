//! Checks that the preprocessed headers are those of the target. The macros that the compiler and the C library define tell it, and where
//! the files lie.

use std::path::{Path, PathBuf};

use cgo_csyntax::declarations::names::Names;
use cgo_csyntax::diagnostic::{Outcome, fail_build};
use cgo_csyntax::message::Message;
use cgo_csyntax::target::Target;

use crate::compiler::{Toolchain, advice};
use crate::session::{Session, this_machine};

/// Rust's names of systems, with the macro that each compiler for the system defines.
const SYSTEMS: [(&str, &str); 16] = [
    // A compiler for Android or Emscripten may define that of another system too.
    ("android", "__ANDROID__"),
    ("emscripten", "__EMSCRIPTEN__"),
    ("cygwin", "__CYGWIN__"),
    ("linux", "__linux__"),
    ("windows", "_WIN32"),
    ("freebsd", "__FreeBSD__"),
    ("netbsd", "__NetBSD__"),
    ("openbsd", "__OpenBSD__"),
    ("dragonfly", "__DragonFly__"),
    ("solaris", "__sun"),
    ("illumos", "__sun"),
    ("haiku", "__HAIKU__"),
    ("fuchsia", "__Fuchsia__"),
    ("wasi", "__wasi__"),
    ("aix", "_AIX"),
    ("hurd", "__GNU__"),
];
/// The macro of all of Apple's systems.
const APPLE: &str = "__APPLE__";

/// A header that gcc includes by itself, with nothing of the system in it.
const IMPLICIT: &str = "stdc-predef.h";

/// Macros of gcc and clang. A clang for msvc lacks the first one.
const KNOWN: [&str; 3] = ["__GNUC__", "__clang__", "__VERSION__"];

/// What is not the target's.
#[derive(Debug, PartialEq, Eq)]
enum Mismatch {
    /// The compiler's system, by Rust's name.
    System(&'static str),
    /// The headers are glibc's.
    Glibc,
    /// The headers are those of another C library than glibc.
    NotGlibc,
    /// A header of the host's own.
    Header(PathBuf),
}

/// Fails if the preprocessed text is that of another system or another C library. `folders` are those that are searched for headers.
pub fn check(
    names: &Names<'_>,
    folders: &[PathBuf],
    toolchain: &Toolchain,
    session: &Session,
) -> Outcome<()> {
    let target = &session.target;
    let is_defined = |name: &str| names.macros.contains_key(name);
    // The `cc` crate takes what it does not know for gcc.
    if is_defined("__STDC__") && !KNOWN.into_iter().any(is_defined) {
        let (compiler, language) = (&toolchain.compiler.path, toolchain.language);
        return fail_build(advice::another_compiler(compiler, language));
    }
    let files = names.files.iter().map(|file| Path::new(&file.path));
    let found = system(target, is_defined)
        .or_else(|| library(target, is_defined))
        .or_else(|| header(target, &this_machine(), files, folders));
    let Some(mismatch) = found else {
        return Ok(());
    };
    let (what, help) = match mismatch {
        Mismatch::System(name) => (
            format!(
                "the C compiler `{}` compiles for the system {name}",
                toolchain.compiler.path.display()
            ),
            advice::compiler(target),
        ),
        Mismatch::Glibc => (
            "the headers are those of the C library glibc".to_string(),
            advice::headers(target),
        ),
        Mismatch::NotGlibc => (
            "the headers are those of another C library than glibc".to_string(),
            advice::headers(target),
        ),
        Mismatch::Header(file) => (
            format!("the header {} is one of this machine's own", file.display()),
            advice::headers(target),
        ),
    };
    let text = format!("{what}, and the target is {}", target.triple);
    fail_build(Message::new(text).help(help))
}

/// The system that the compiler compiles for, if it is another one. Flags may take its macros away: then it is not known.
fn system(target: &Target, is_defined: impl Fn(&str) -> bool) -> Option<Mismatch> {
    let own = match &*target.vendor {
        "apple" => APPLE,
        _ => SYSTEMS.iter().find(|(os, _)| *os == target.os)?.1,
    };
    if is_defined(own) {
        return None;
    }
    let all = SYSTEMS.into_iter().chain([("macos", APPLE)]);
    let mut others = all.filter(|(_, defined)| is_defined(defined));
    others.next().map(|(os, _)| Mismatch::System(os))
}

/// The C library, if the target has another one. musl says nothing of itself, but has this header too.
fn library(target: &Target, is_defined: impl Fn(&str) -> bool) -> Option<Mismatch> {
    let is_system_of_glibc = matches!(&*target.os, "linux" | "hurd");
    let may_have_glibc = is_system_of_glibc && matches!(&*target.env, "gnu" | "");
    let is_glibc = is_defined("__GLIBC__") && !is_defined("__UCLIBC__");
    if is_glibc && !may_have_glibc {
        return Some(Mismatch::Glibc);
    }
    let has_another = is_defined("_FEATURES_H") && !is_glibc;
    (has_another && target.os == "linux" && target.env == "gnu").then_some(Mismatch::NotGlibc)
}

/// A header in the host's own folders, if the target has another system.
fn header<'p>(
    target: &Target,
    host: &Target,
    mut files: impl Iterator<Item = &'p Path>,
    folders: &[PathBuf],
) -> Option<Mismatch> {
    if target.os == host.os {
        return None;
    }
    let of_processor = format!("/usr/include/{}-{}-{}", host.arch, host.os, host.env);
    let hosts = ["/usr/include", "/usr/local/include", &of_processor].map(Path::new);
    let is_hosts = |file: &&Path| {
        let above = folders.iter().filter(|folder| file.starts_with(folder));
        let nearest = above.max_by_key(|folder| folder.as_os_str().len());
        nearest.is_some_and(|folder| hosts.contains(&&**folder)) && !file.ends_with(IMPLICIT)
    };
    let file = files.find(is_hosts)?;
    Some(Mismatch::Header(file.to_path_buf()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn target(os: &str, env: &str) -> Target {
        Target {
            os: os.to_string(),
            env: env.to_string(),
            arch: "x86_64".to_string(),
            ..Target::default()
        }
    }

    fn defined(names: &'static [&str]) -> impl Fn(&str) -> bool {
        move |name| names.contains(&name)
    }

    #[test]
    fn the_compiler_tells_its_system() {
        let linux = defined(&["__linux__"]);
        assert_eq!(system(&target("linux", "gnu"), &linux), None);
        assert_eq!(
            system(&target("freebsd", ""), &linux),
            Some(Mismatch::System("linux"))
        );
        let apple = Target {
            vendor: "apple".to_string(),
            ..target("ios", "")
        };
        assert_eq!(system(&apple, &linux), Some(Mismatch::System("linux")));
        assert_eq!(system(&apple, defined(&["__APPLE__"])), None);
        let android = defined(&["__linux__", "__ANDROID__"]);
        assert_eq!(system(&target("android", ""), android), None);
    }

    #[test]
    fn where_nothing_tells_the_system_none_is_wrong() {
        // `-undef`.
        assert_eq!(system(&target("linux", "gnu"), defined(&[])), None);
        // A kernel is compiled with the compiler for Linux.
        assert_eq!(system(&target("none", ""), defined(&["__linux__"])), None);
    }

    #[test]
    fn the_c_library_is_the_targets() {
        let glibc = defined(&["_FEATURES_H", "__GLIBC__"]);
        let musl = defined(&["_FEATURES_H"]);
        let uclibc = defined(&["_FEATURES_H", "__GLIBC__", "__UCLIBC__"]);
        let of = |os: &str, env: &str, defined: &dyn Fn(&str) -> bool| {
            library(&target(os, env), defined)
        };
        assert_eq!(of("linux", "gnu", &glibc), None);
        assert_eq!(of("linux", "musl", &musl), None);
        assert_eq!(of("linux", "uclibc", &uclibc), None);
        assert_eq!(of("linux", "musl", &glibc), Some(Mismatch::Glibc));
        assert_eq!(of("wasi", "p1", &glibc), Some(Mismatch::Glibc));
        assert_eq!(of("none", "", &glibc), Some(Mismatch::Glibc));
        assert_eq!(of("linux", "gnu", &musl), Some(Mismatch::NotGlibc));
        assert_eq!(of("linux", "gnu", &defined(&[])), None);
    }

    #[test]
    fn a_header_of_the_host_is_in_the_hosts_own_folders() {
        let folders = [
            "/usr/include",
            "/usr/include/wasm32-wasi",
            "/usr/include/x86_64-linux-gnu",
        ]
        .map(PathBuf::from);
        let host = target("linux", "gnu");
        let of = |os: &str, file: &str| {
            let files = [Path::new(file)].into_iter();
            header(&target(os, ""), &host, files, &folders).is_some()
        };
        assert!(of("wasi", "/usr/include/zlib.h"));
        assert!(of("wasi", "/usr/include/openssl/ssl.h"));
        assert!(of("wasi", "/usr/include/x86_64-linux-gnu/sys/stat.h"));
        assert!(!of("wasi", "/usr/include/wasm32-wasi/stdio.h"));
        assert!(!of("wasi", "/home/me/include/mine.h"));
        assert!(!of("none", "/usr/include/stdc-predef.h"));
        // i686 on x86-64, or what Debian installs for another processor.
        assert!(!of("linux", "/usr/include/zlib.h"));
    }
}
