//! A program without a system, an allocator or a C library: a vendor's driver in C, and Rust that it calls at an interrupt.
//!
//! ```sh
//! cargo build -p bare_metal --target thumbv7em-none-eabihf
//! qemu-system-arm -M mps2-an386 -nographic -semihosting -kernel target/thumbv7em-none-eabihf/debug/bare_metal
//! ```
#![cfg_attr(target_os = "none", no_std, no_main)]

#[cfg(target_os = "none")]
mod program;

#[cfg(not(target_os = "none"))]
fn main() {
    println!(
        "this program runs without a system: build it for thumbv7em-none-eabihf or riscv32imac-unknown-none-elf"
    );
}
