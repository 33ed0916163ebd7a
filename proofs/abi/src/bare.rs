//! What a program needs on a machine without a system: the board of `examples/bare_metal`, and its console.

use std::path::PathBuf;

use crate::workspace;

/// The Rust before that of every program.
pub(crate) const START: &str = "#![no_std]
#![no_main]
extern crate core as std;
macro_rules! println { ($($text:tt)*) => { let _ = core::fmt::Write::write_fmt(&mut Console, format_args!(\"{}\\n\", format_args!($($text)*))); } }
";

/// The Rust behind it.
pub(crate) const END: &str = "
struct Console;
impl core::fmt::Write for Console {
    fn write_str(&mut self, text: &str) -> core::fmt::Result {
        for piece in text.as_bytes().chunks(31) {
            let mut string = [0; 32];
            string[..piece.len()].copy_from_slice(piece);
            unsafe { C::board_print(string.as_ptr().cast()) };
        }
        Ok(())
    }
}
fn exit(status: i32) -> ! { loop { unsafe { C::board_exit(status) } } }
#[panic_handler]
fn panic(info: &core::panic::PanicInfo<'_>) -> ! { println!(\"{info}\"); exit(101) }
#[cgo::export_c]
fn timer_interrupt() {}
#[cgo::export_c]
fn start() -> i32 { main(); 0 }
";

/// The C before that of every program.
pub(crate) fn preamble() -> String {
    let board = board();
    let board = board.display();
    format!(
        "#cgo CFLAGS: -ffreestanding -I{board}\n#cgo riscv32 CFLAGS: -march=rv32imac_zicsr\n\
         #cgo arm SOURCES: {board}/arm.c\n#cgo riscv32 SOURCES: {board}/riscv32.c\n#include \"board.h\"\n"
    )
}

/// Gives the linker the memory of the board.
pub(crate) fn build_script(arch: &str) -> String {
    let board = board();
    format!(
        "fn main() {{ println!(\"cargo::rustc-link-arg-bins=-L{board}\"); println!(\"cargo::rustc-link-arg-bins=-T{arch}.ld\"); }}\n",
        board = board.display()
    )
}

fn board() -> PathBuf {
    let board = workspace().join("examples/bare_metal/src/board");
    board.canonicalize().unwrap_or(board)
}
