//! The program: it waits for a timer, and prints what the board tells.

use core::ffi::{CStr, c_int};
use core::fmt::{self, Write};
use core::panic::PanicInfo;
use core::sync::atomic::{AtomicU32, Ordering};

use cgo::{c_preamble, export_c};

c_preamble! {
    #cgo CFLAGS: -Iboard -ffreestanding
    #cgo riscv32 CFLAGS: -march=rv32imac_zicsr
    #cgo arm SOURCES: board/arm.c
    #cgo riscv32 SOURCES: board/riscv32.c
    #include "board.h"

    static const struct pin pins[] = {
        { .port = 0, .number = 3, .mode = OUTPUT, .name = "led" },
        { .port = 1, .number = 12, .mode = SERIAL, .name = "console" },
    };

    static float celsius(uint16_t raw) { return raw / 16.0f - 40; }
}

static TICKS: AtomicU32 = AtomicU32::new(0);

/// The driver calls it at each interrupt of the timer.
#[export_c]
fn timer_interrupt() {
    TICKS.fetch_add(1, Ordering::Relaxed);
}

/// The board calls it when memory is ready, and exits with the result.
#[export_c]
fn start() -> c_int {
    // SAFETY: the driver may be called from here on, and nothing else uses the timer.
    unsafe { C::timer_start(10_000) };
    while TICKS.load(Ordering::Relaxed) < 3 {
        // SAFETY: an interrupt comes.
        unsafe { C::wait_for_interrupt() };
    }
    // SAFETY: as above. The registers are there on this board.
    let is_running = unsafe {
        C::timer_stop();
        is_running(C::TIMER)
    };
    match report(is_running) {
        Ok(()) => 0,
        Err(fmt::Error) => 1,
    }
}

#[cfg(target_arch = "arm")]
unsafe fn is_running(timer: *mut C::struct_timer) -> bool {
    // SAFETY: the caller's promise. The registers change by themselves, as `Volatile` allows.
    let timer = unsafe { &*timer };
    timer.reload.read() != 9_999 || timer.control.enable() != 0
}

#[cfg(target_arch = "riscv32")]
unsafe fn is_running(timer: *mut C::struct_timer) -> bool {
    // SAFETY: as above.
    let timer = unsafe { &*timer };
    timer.compare.read() == 0
}

fn report(is_running: bool) -> fmt::Result {
    let ticks = TICKS.load(Ordering::Relaxed).min(3);
    writeln!(Console, "ticks: {ticks}, running: {is_running}")?;
    // SAFETY: the table is constant.
    for pin in unsafe { &C::pins } {
        // SAFETY: each name is a string.
        let name = unsafe { CStr::from_ptr(pin.name) };
        let name = name.to_str().unwrap_or("?");
        let mode = if pin.mode == C::SERIAL {
            "serial"
        } else {
            "plain"
        };
        writeln!(Console, "pin {}.{}: {name}, {mode}", pin.port, pin.number)?;
    }
    // SAFETY: C only computes.
    writeln!(Console, "temperature: {} degrees", unsafe {
        C::celsius(984)
    })
}

struct Console;

impl Write for Console {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        // C's strings end with a NUL, and there is no memory to copy the text into: so piece by piece.
        for piece in text.as_bytes().chunks(31) {
            let mut string = [0; 32];
            string[..piece.len()].copy_from_slice(piece);
            // SAFETY: the last byte is always 0.
            unsafe { C::board_print(string.as_ptr().cast()) };
        }
        Ok(())
    }
}

#[panic_handler]
fn panic(info: &PanicInfo<'_>) -> ! {
    let _ = writeln!(Console, "{info}");
    loop {
        // SAFETY: this ends the program.
        unsafe { C::board_exit(1) };
    }
}
