//! The words of conditions that name a target in Rust or Go, so that a misspelled one is not taken for one that does not hold.

/// The `target_os` of Rust.
pub(super) const SYSTEMS: &[&str] = &[
    "aix",
    "amdhsa",
    "android",
    "cuda",
    "cygwin",
    "dragonfly",
    "emscripten",
    "espidf",
    "freebsd",
    "fuchsia",
    "haiku",
    "helenos",
    "hermit",
    "horizon",
    "hurd",
    "illumos",
    "ios",
    "l4re",
    "linux",
    "lynxos178",
    "macos",
    "managarm",
    "motor",
    "netbsd",
    "none",
    "nto",
    "nuttx",
    "openbsd",
    "psp",
    "psx",
    "qnx",
    "qurt",
    "redox",
    "rtems",
    "solaris",
    "solid_asp3",
    "teeos",
    "trusty",
    "tvos",
    "uefi",
    "unknown",
    "vexos",
    "visionos",
    "vita",
    "vxworks",
    "wasi",
    "watchos",
    "windows",
    "xous",
    "zkvm",
];

/// The systems of Go that Rust calls otherwise, or has not.
const GO_SYSTEMS: &[&str] = &["darwin", "js", "nacl", "plan9", "wasip1", "zos"];

/// The `target_arch` of Rust.
pub(super) const PROCESSORS: &[&str] = &[
    "aarch64",
    "amdgpu",
    "arm",
    "arm64ec",
    "avr",
    "bpf",
    "csky",
    "hexagon",
    "loongarch32",
    "loongarch64",
    "m68k",
    "mips",
    "mips32r6",
    "mips64",
    "mips64r6",
    "msp430",
    "nvptx64",
    "powerpc",
    "powerpc64",
    "riscv32",
    "riscv64",
    "s390x",
    "sparc",
    "sparc64",
    "wasm32",
    "wasm64",
    "x86",
    "x86_64",
    "xtensa",
];

/// The processors of Go that Rust calls otherwise, or has not.
const GO_PROCESSORS: &[&str] = &[
    "386",
    "amd64",
    "amd64p32",
    "arm64",
    "arm64be",
    "armbe",
    "loong64",
    "mips64le",
    "mips64p32",
    "mips64p32le",
    "mipsle",
    "ppc",
    "ppc64",
    "ppc64le",
    "riscv",
    "s390",
    "wasm",
];

/// The `target_env` of Rust.
pub(super) const ENVIRONMENTS: &[&str] = &[
    "gnu",
    "macabi",
    "mlibc",
    "msvc",
    "musl",
    "newlib",
    "nto70",
    "nto71",
    "nto71_iosock",
    "nto80",
    "ohos",
    "p1",
    "p2",
    "p3",
    "relibc",
    "sgx",
    "sim",
    "uclibc",
    "v5",
];

/// The `target_family` of Rust.
pub(super) const FAMILIES: &[&str] = &["unix", "wasm", "windows"];

/// The words that Go's tools set, which none here does.
const GO_TAGS: &[&str] = &["gc", "gccgo", "ignore", "race", "msan", "asan", "purego"];

/// The names in `cfg(..)` that are set or not, and have no value.
pub(super) const CFGS_WITHOUT_VALUE: &[&str] = &[
    "clippy",
    "debug_assertions",
    "doc",
    "docsrs",
    "doctest",
    "false",
    "miri",
    "overflow_checks",
    "proc_macro",
    "rustfmt",
    "target_thread_local",
    "test",
    "true",
    "ub_checks",
    "unix",
    "windows",
];

/// The names in `cfg(..)` that are never set without a value.
pub(super) const CFGS_WITH_VALUE: &[&str] = &[
    "feature",
    "fmt_debug",
    "panic",
    "relocation_model",
    "sanitize",
    "target_abi",
    "target_arch",
    "target_endian",
    "target_env",
    "target_family",
    "target_feature",
    "target_object_format",
    "target_os",
    "target_pointer_width",
    "target_vendor",
];

/// All names in `cfg(..)` that are Rust's own.
pub(super) fn cfgs<'w>() -> impl Iterator<Item = &'w str> {
    let names = CFGS_WITHOUT_VALUE.iter().chain(CFGS_WITH_VALUE).copied();
    names.chain(["target_has_atomic", "target_has_atomic_load_store"])
}

/// Every word that names a target, and Go's tags.
pub(super) fn all<'w>() -> impl Iterator<Item = &'w str> {
    let lists = [
        SYSTEMS,
        GO_SYSTEMS,
        PROCESSORS,
        GO_PROCESSORS,
        ENVIRONMENTS,
        FAMILIES,
        GO_TAGS,
        &["cgo"],
    ];
    lists.into_iter().flatten().copied()
}

/// Whether the word names a target, or is one of Go's tags.
pub(super) fn is_known(word: &str) -> bool {
    all().any(|known| known == word) || is_go_version(word) || starts_a_triple(word)
}

/// `go1.21`.
pub(super) fn is_go_version(word: &str) -> bool {
    let minor = word.strip_prefix("go1.");
    minor.is_some_and(|minor| minor.bytes().all(|byte| byte.is_ascii_digit()))
}

/// Whether the word may be the first part of a triple, which tells apart what `target_arch` does not: `armv7`, `i686`, `riscv32imac`.
fn starts_a_triple(word: &str) -> bool {
    let variants = [
        "aarch64", "arm64", "armeb", "armv", "thumbv", "mips", "powerpc", "riscv32", "riscv64",
        "sparcv", "x86_64", "wasm32",
    ];
    let of_intel = word.len() == 4 && word.starts_with('i') && word.ends_with("86");
    of_intel || variants.iter().any(|start| word.starts_with(start))
}
