//! Hands the folder of the C header and the version of the library to crates that depend on this one.

fn main() {
    let package = std::env::var("CARGO_MANIFEST_DIR").unwrap_or_default();
    println!("cargo::metadata=include={package}/vendor");
    println!("cargo::metadata=version=1.2.0");
    println!("cargo::rerun-if-changed=build.rs");
}
