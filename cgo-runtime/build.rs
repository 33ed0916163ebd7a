//! Offers the link directory: a folder that Cargo hands to every crate depending on this one, as
//! `-L native=..`.
//!
//! The macros find it among rustc's arguments by the marker file in it, and put the static
//! libraries they compile there. Beside it lies the run directory, for shared libraries under the
//! names that programs ask for. The marker also carries what only a build script is told for
//! certain: the target, the host, the profile and the target's `cfg`s; and the names of the variables that the
//! C compiler and pkg-config follow, which this script has Cargo watch for all crates at once.
//!
//! It also asks rustc which version it is, for the `cfg` of what only newer ones have.

use std::env;
use std::fs;
use std::hash::{DefaultHasher, Hasher};
use std::io;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, SystemTime};

const MARKER: &str = "cgo-link-directory";

fn main() {
    let out_dir = variable("OUT_DIR");
    let directory = Path::new(&out_dir).join("link");
    let run_directory = Path::new(&out_dir).join("run");
    let marker = directory.join(MARKER);

    let written = fs::create_dir_all(&run_directory)
        .and_then(|()| forget_claims(&run_directory))
        .and_then(|()| write_marker(&directory, &marker, &marker_text()));
    if let Err(error) = written {
        panic!("cannot write {}: {error}", marker.display());
    }

    println!("cargo::rustc-check-cfg=cfg(rust_1_99, known_va_list)");
    let minor = rust_minor_version();
    let is_bare_wasm = variable("TARGET") == "wasm32-unknown-unknown";
    if is_bare_wasm && minor.is_some_and(|minor| minor < 89) {
        println!(
            "cargo::error=Rust before 1.89 passes structs to C in a way of its own on wasm32-unknown-unknown: use a newer Rust, \
             or the target wasm32-wasip1"
        );
    }
    // Else rustc says it once for each use of `std` here.
    if variable("CARGO_CFG_TARGET_OS") == "none" && env::var_os("CARGO_FEATURE_STD").is_some() {
        println!(
            "cargo::error={} has no standard library: write `default-features = false` for the dependency, with the features `export` \
             for `#[export_c]` and `alloc` where the program has an allocator",
            variable("TARGET")
        );
    }
    if minor.is_some_and(|minor| minor >= 99) {
        println!("cargo::rustc-cfg=rust_1_99");
        if va_list_was_tried() {
            println!("cargo::rustc-cfg=known_va_list");
        }
    }
    println!("cargo::rustc-link-search=native={}", directory.display());
    // The linker does not look here; a program that `cargo run` starts does.
    println!(
        "cargo::rustc-link-search=dependency={}",
        run_directory.display()
    );
    for name in tools_variables() {
        println!("cargo::rerun-if-env-changed={name}");
    }
    println!("cargo::rerun-if-changed=build.rs");
    // So that a link directory somebody has deleted is made again by the next build.
    println!("cargo::rerun-if-changed={}", marker.display());
    for folder in engine().into_iter().filter(|folder| folder.is_dir()) {
        println!("cargo::rerun-if-changed={}", folder.display());
    }
}

/// The engine's sources, where this crate lies in a checkout beside them. There they can change without a new version, and
/// what an older engine answered must not be taken for this one's.
fn engine() -> Vec<PathBuf> {
    let crates = [
        "driver",
        "codegen",
        "toolchain",
        "object",
        "exports",
        "csyntax",
    ];
    let beside = Path::new(&variable("CARGO_MANIFEST_DIR")).join("../engine");
    let folders = crates.map(|name| beside.join(name).join("src"));
    folders.into()
}

/// When the newest of the sources in a folder was changed.
fn engine_changed(folder: &Path) -> u128 {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let newest = entries.map(|entry| match entry.file_type() {
        Ok(kind) if kind.is_dir() => engine_changed(&entry.path()),
        _ => {
            let modified = entry.metadata().and_then(|data| data.modified());
            let since = modified
                .ok()
                .and_then(|time| time.duration_since(SystemTime::UNIX_EPOCH).ok());
            since.unwrap_or_default().as_nanos()
        }
    });
    newest.max().unwrap_or(0)
}

/// The environment variables that the `cc` crate, the compilers and pkg-config read, and those of vcpkg, by which their answers may change. Each crate
/// could watch them itself with an `option_env!`, but that costs rustc a tenth of a millisecond apiece at every edit.
fn tools_variables() -> Vec<String> {
    const PLAIN: [&str; 44] = [
        "VCPKG_ROOT",
        "VCPKGRS_DISABLE",
        "VCPKGRS_DYNAMIC",
        "VCPKGRS_TRIPLET",
        "CRATE_CC_NO_DEFAULTS",
        "CC_SHELL_ESCAPED_FLAGS",
        "CC_KNOWN_WRAPPER_CUSTOM",
        "CROSS_COMPILE",
        "SDKROOT",
        "WASI_SDK_PATH",
        "WASI_SYSROOT",
        "CPATH",
        "C_INCLUDE_PATH",
        "CPLUS_INCLUDE_PATH",
        "OBJC_INCLUDE_PATH",
        "OBJCPLUS_INCLUDE_PATH",
        "COMPILER_PATH",
        "LIBRARY_PATH",
        "GCC_EXEC_PREFIX",
        "SOURCE_DATE_EPOCH",
        "ZIG_LIB_DIR",
        "ZIG_LIBC",
        "CXXSTDLIB",
        "CGO_CFLAGS",
        "CGO_CPPFLAGS",
        "CGO_CXXFLAGS",
        "CGO_FFLAGS",
        "CGO_LDFLAGS",
        "FC",
        "CCC_OVERRIDE_OPTIONS",
        // By which the compiler's script of Nix finds packages.
        "NIX_CFLAGS_COMPILE",
        "NIX_CFLAGS_COMPILE_FOR_BUILD",
        "NIX_LDFLAGS",
        "NIX_LDFLAGS_FOR_BUILD",
        "CCACHE_COMPILER",
        "CCACHE_CONFIGPATH",
        "PKG_CONFIG_ALL_STATIC",
        "PKG_CONFIG_ALL_DYNAMIC",
        "PKG_CONFIG_ALLOW_SYSTEM_CFLAGS",
        "PKG_CONFIG_ALLOW_SYSTEM_LIBS",
        "PKG_CONFIG_SYSTEM_INCLUDE_PATH",
        "PKG_CONFIG_SYSTEM_LIBRARY_PATH",
        "PKG_CONFIG_TOP_BUILD_DIR",
        "PKG_CONFIG_DISABLE_UNINSTALLED",
    ];
    // Those that may have the target in their names.
    const TARGETED: [&str; 9] = [
        "CC",
        "CFLAGS",
        "CXX",
        "CXXFLAGS",
        "PKG_CONFIG",
        "PKG_CONFIG_PATH",
        "PKG_CONFIG_LIBDIR",
        "PKG_CONFIG_SYSROOT_DIR",
        "PKG_CONFIG_ALLOW_CROSS",
    ];
    // Those by which Apple's tools find the SDK, and know the oldest system that a program runs on.
    const APPLE: [&str; 7] = [
        "DEVELOPER_DIR",
        "TOOLCHAINS",
        "MACOSX_DEPLOYMENT_TARGET",
        "IPHONEOS_DEPLOYMENT_TARGET",
        "TVOS_DEPLOYMENT_TARGET",
        "WATCHOS_DEPLOYMENT_TARGET",
        "XROS_DEPLOYMENT_TARGET",
    ];
    let apple: &[&str] = match variable("CARGO_CFG_TARGET_VENDOR").as_str() {
        "apple" => &APPLE,
        _ => &[],
    };
    let (target, host) = (variable("TARGET"), variable("HOST"));
    let kind = if target == host { "HOST" } else { "TARGET" };
    let targeted = TARGETED.iter().flat_map(|name| {
        [
            name.to_string(),
            format!("{kind}_{name}"),
            format!("{name}_{target}"),
            format!("{name}_{}", target.replace('-', "_")),
        ]
    });
    let plain = PLAIN.iter().chain(apple).map(|name| name.to_string());
    plain.chain(targeted).collect()
}

/// One `KEY=VALUE` a line.
fn marker_text() -> String {
    let mut cfgs: Vec<(String, String)> = env::vars_os()
        .filter_map(|(key, value)| Some((key.into_string().ok()?, value.into_string().ok()?)))
        .filter(|(key, _)| key.starts_with("CARGO_CFG_"))
        // A `--cfg` of the user's own may hold anything; no cfg of the target's has a line break.
        .filter(|(_, value)| !value.contains(['\n', '\r']))
        .collect();
    cfgs.sort();

    let changed = engine().into_iter().map(|folder| engine_changed(&folder));
    let mut text = String::new();
    let fixed = [
        ("VERSION", variable("CARGO_PKG_VERSION")),
        ("TARGET", variable("TARGET")),
        ("HOST", variable("HOST")),
        // Cargo does not tell rustdoc the profile.
        ("OPT_LEVEL", variable("OPT_LEVEL")),
        ("DEBUG", variable("DEBUG")),
        ("ENGINE", changed.max().unwrap_or(0).to_string()),
        ("VARIABLES", tools_variables().join(",")),
    ];
    for (key, value) in fixed {
        text += &format!("{key}={value}\n");
    }
    for (key, value) in cfgs {
        text += &format!("{key}={value}\n");
    }
    // By this the macro knows a marker that is damaged.
    let mut hasher = DefaultHasher::new();
    hasher.write(text.as_bytes());
    text += &format!("HASH={:016x}\n", hasher.finish());
    text
}

/// Writes the marker unless it is there already, and never so that another process sees half of it.
fn write_marker(directory: &Path, marker: &Path, text: &str) -> io::Result<()> {
    fs::create_dir_all(directory)?;
    if fs::read(marker).is_ok_and(|old| old == text.as_bytes()) {
        return Ok(());
    }
    let temporary = directory.join(format!("{MARKER}.{}.tmp", std::process::id()));
    fs::write(&temporary, text)?;
    // Cargo runs a build script again if a file it watches is newer than the script's last start.
    // This one is always written after the start, so it must look old.
    let old = SystemTime::UNIX_EPOCH + Duration::from_secs(1);
    fs::File::options()
        .write(true)
        .open(&temporary)?
        .set_modified(old)?;
    fs::rename(&temporary, marker)
}

/// Removes the records of which preamble needs which shared library, hidden files. Cargo now compiles all crates with preambles again, and
/// a variable may have another library found.
fn forget_claims(run_directory: &Path) -> io::Result<()> {
    for entry in fs::read_dir(run_directory)?.flatten() {
        if entry.file_name().to_string_lossy().starts_with('.') {
            fs::remove_file(entry.path())?;
        }
    }
    Ok(())
}

/// The 95 of `rustc 1.95.0 (59807616e 2026-04-14)`.
fn rust_minor_version() -> Option<u32> {
    let rustc = Command::new(variable("RUSTC")).arg("--version").output();
    let said = String::from_utf8(rustc.ok()?.stdout).ok()?;
    let version = said.strip_prefix("rustc 1.")?;
    version.split('.').next()?.parse().ok()
}

/// Whether a program has handed lists on between C and Rust there: `tests/variadic.rs`.
fn va_list_was_tried() -> bool {
    let architecture = variable("CARGO_CFG_TARGET_ARCH");
    variable("CARGO_CFG_TARGET_OS") == "linux"
        && ["x86_64", "x86", "aarch64"].contains(&architecture.as_str())
}

fn variable(name: &str) -> String {
    env::var(name)
        .unwrap_or_else(|error| panic!("{name}, which Cargo sets for build scripts: {error}"))
}
