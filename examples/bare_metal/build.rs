//! Gives the linker the memory of the board.

use std::env;

fn main() {
    let of_cargo = |name: &str| env::var(name).unwrap_or_default();
    println!("cargo::rerun-if-changed=src/board");
    if of_cargo("CARGO_CFG_TARGET_OS") == "none" {
        let (package, arch) = (
            of_cargo("CARGO_MANIFEST_DIR"),
            of_cargo("CARGO_CFG_TARGET_ARCH"),
        );
        println!("cargo::rustc-link-arg-bins=-L{package}/src/board");
        println!("cargo::rustc-link-arg-bins=-T{arch}.ld");
    }
}
