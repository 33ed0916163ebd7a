//! The inputs of the project: which files each may be in, and what such a file says for a number.

/// The crates that read an input.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Reader {
    Inner,
    Outer,
    Both,
}

#[derive(Clone, Copy)]
pub(crate) enum Kind {
    /// A file that the program cannot be without.
    Needed(&'static str),
    Source(&'static str),
    /// A header that defines a macro.
    Header(&'static str),
    /// A library with a function.
    Library(&'static str),
    Package(&'static str),
    Compiler,
}

use Kind::*;
use Reader::*;

/// With the files it may be in. At first it is in the first.
pub(crate) type Input = (Reader, Kind, &'static [&'static str]);

#[rustfmt::skip] // One a line.
pub(crate) const INPUTS: &[Input] = &[
    (Inner, Needed(include_str!("../project/inner/lib.rs")), &["inner/src/lib.rs"]),
    (Inner, Needed(include_str!("../project/inner/exported.rs")), &["inner/src/exported.rs"]),
    (Outer, Needed(include_str!("../project/outer/main.rs")), &["outer/src/main.rs"]),
    (Inner, Needed(include_str!("../project/inner/more.c")), &["inner/src/c/more.c"]),
    (Inner, Source(include_str!("../project/inner/extra.c")), &["inner/src/c/extra.c", "inner/src/c/z.c"]),
    (Both, Header("A"), &["second/a.h", "first/a.h", "third/a.h", "inner/src/a.h"]),
    (Inner, Header("B"), &["inner/src/b.h", "second/b.h", "first/b.h"]),
    (Both, Header("OPT"), &["second/opt/c.h", "first/opt/c.h", "third/opt/c.h"]),
    (Inner, Header("W"), &["inner/src/c/w.h", "inner/src/w.h", "first/w.h", "third/w.h"]),
    (Both, Header("DEEP"), &["second/deep/more.h", "first/deep/more.h", "inner/src/deep/more.h"]),
    (Outer, Header("OFENV"), &["env-second/e.h", "env-first/e.h", "outer/src/e.h"]),
    (Inner, Library("of_library"), &["lib-second/libmore.a", "lib-first/libmore.so", "lib-first/libmore.a", "lib-second/libmore.so"]),
    (Outer, Library("of_path"), &["path-second/libpath.a", "path-first/libpath.a", "path-second/libpath.so"]),
    (Inner, Package("pack"), &["pc-second/pack.pc", "pc-first/pack.pc"]),
    (Inner, Package("behind"), &["pc-second/behind.pc", "pc-first/behind.pc"]),
    (Both, Compiler, &["bin-second/mycc", "bin-first/mycc"]),
];

/// The variables with their values, the first of them at first.
#[rustfmt::skip]
pub(crate) const VARIABLES: &[(&str, &[&str])] = &[
    ("CFLAGS", &["", "-DFLAG=2", "-DFLAG=3 -Wextra"]),
    ("CGO_CFLAGS", &["", "-DCGO_FLAG=2"]),
    ("CPATH", &["", "ROOT/env-first", "ROOT/env-first:ROOT/env-second"]),
    ("C_INCLUDE_PATH", &["ROOT/env-second", "", "ROOT/env-first"]),
    ("PKG_CONFIG_PATH", &["ROOT/pc-second", "ROOT/pc-first:ROOT/pc-second"]),
    ("LIBRARY_PATH", &["ROOT/path-second", "ROOT/path-first:ROOT/path-second"]),
];

/// Folders that may become links.
#[rustfmt::skip]
pub(crate) const FOLDERS: &[&str] = &["first", "second", "lib-first", "pc-first", "env-first", "bin-second", "inner/src/c"];

/// With one number in seven something is wrong.
pub(crate) fn is_wrong(number: usize) -> bool {
    number % 7 == 6
}

/// The text of a file; of a library, its source.
pub(crate) fn text(kind: Kind, path: &str, number: usize, compiler: &str) -> String {
    let name = path.rsplit('/').next().unwrap_or(path);
    match kind {
        Needed(text) | Source(text) if is_wrong(number) => text.replace("NUMBER", "wrong"),
        Needed(text) | Source(text) => text.replace("NUMBER", &number.to_string()),
        Header(_) | Library(_) if is_wrong(number) => format!("#error number {number}\n"),
        Header(of) => match number % 4 {
            1 => format!(
                "#if __has_include_next(<{name}>)\n#include_next <{name}>\n#else\n#define {of} {number}\n#endif\n"
            ),
            2 if of != "DEEP" => format!(
                "#if __has_include(\"deep/more.h\")\n#include \"deep/more.h\"\n#else\n#define DEEP 0\n#endif\n#define {of} ({number} + DEEP)\n"
            ),
            3 => format!("#define {of} {number}\nstatic int warned_{of}(void);\n"),
            _ => format!("#define {of} {number}\n"),
        },
        Library(function) => format!("int {function}(void) {{ return {number}; }}\n"),
        Package(package) => {
            let requires = match (package, number % 3) {
                ("pack", 2) if is_wrong(number) => "Requires: nowhere",
                ("pack", 1) => "Requires: behind",
                _ => "",
            };
            format!(
                "Name: {package}\nDescription: {package}\nVersion: {number}\n{requires}\nCflags: -D{package}_VALUE={number}\n"
            )
        }
        Compiler if is_wrong(number) => format!("#!/bin/sh\necho 'error: {number}' >&2\nexit 1\n"),
        Compiler => format!("#!/bin/sh\nexec {compiler} -DCOMPILER={number} \"$@\"\n"),
    }
}
