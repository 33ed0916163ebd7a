//! Other build systems than Cargo: Bazel, Buck2, Meson, and rustc alone.
//!
//! Cargo hands each crate a folder for the compiled C. Where rustc is started by something else, two settings name one:
//!
//! | setting | meaning |
//! | --- | --- |
//! | the environment variable `CGO_LINK_DIRECTORY` | a folder that can be written; it is made if it is not there |
//! | the argument `-L native=FOLDER` of rustc | the same folder, where rustc finds what was put there |
//!
//! Both are wanted where a crate with a preamble is compiled, and nowhere else: rustc puts the compiled C into the crate's `.rlib`. Only a
//! preamble whose `LDFLAGS` name files, such as `-L${SRCDIR}/lib -lgreet`, leaves something in the folder that the crates which depend on it
//! need too. The folder may be empty before each build, as in a sandbox; where it is kept, a build without changes starts no compiler. The
//! sources are never written to. Without the variable, a crate that is to be linked is an error at the call; a check needs no folder.
//!
//! The target is that of rustc's `--target`. The C compiler is chosen as with Cargo: by `CC`, `CFLAGS` and their forms with the target in
//! the name. A sandbox must let rustc start it.
//!
//! The crates themselves need the variable `CARGO_PKG_VERSION` while they are compiled, which all systems below set. The build script of
//! `cgo-runtime` need not run; without it functions with `...` cannot be exported, whatever the version of rustc.
//!
//! # rustc alone
//!
//! ```sh
//! export CGO_LINK_DIRECTORY=$PWD/build/links
//! rustc --edition 2024 --extern cgo=deps/libcgo.rlib -L dependency=deps -L native=$CGO_LINK_DIRECTORY main.rs
//! ```
//!
//! # Bazel
//!
//! With rules_rust, where `/tmp` of the sandbox can be written:
//!
//! ```python
//! rust_library(
//!     name = "greet",
//!     srcs = ["src/lib.rs"],
//!     compile_data = glob(["csrc/*"]),  # headers, and files of SOURCES
//!     rustc_env = {
//!         "CC": "/usr/bin/gcc",
//!         "CGO_LINK_DIRECTORY": "/tmp/cgo",
//!     },
//!     rustc_flags = ["-Lnative=/tmp/cgo"],
//!     deps = ["@crates//:rust-cgo"],
//! )
//! ```
//!
//! # Buck2
//!
//! ```python
//! rust_library(
//!     name = "greet",
//!     srcs = glob(["src/**/*.rs", "csrc/*"]),
//!     env = {"CGO_LINK_DIRECTORY": "/tmp/cgo"},
//!     rustc_flags = ["-Lnative=/tmp/cgo"],
//!     deps = ["//third-party:rust-cgo"],
//! )
//! ```
//!
//! # Meson
//!
//! Meson sets no variables for compilers: set `CGO_LINK_DIRECTORY` where you start `meson compile` or ninja. A changed header has them
//! compile again.
//!
//! ```meson
//! executable('greet', 'src/main.rs',
//!   rust_args: ['--extern', 'cgo=' + deps / 'libcgo.rlib', '-L', 'dependency=' + deps, '-L', 'native=' + links])
//! ```
//!
//! What of this is tested: programs built by rustc alone, with the options that these systems use, and a program of Meson's. Bazel and
//! Buck2 themselves are in no test.
