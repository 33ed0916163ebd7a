//! What a string costs to cross between Rust and C, against the least it can cost: the C library's
//! or the standard library's own pieces, put together by hand.
//!
//! `cargo bench --bench strings` prints the medians and their ratio. Each round runs both sides in
//! turns, so that whatever else the machine does falls on both.

use std::ffi::{c_char, c_int, c_void};
use std::hint::black_box;
use std::time::Instant;

unsafe extern "C" {
    fn malloc(size: usize) -> *mut c_void;
    fn free(p: *mut c_void);
}

const ROUNDS: usize = 401;
/// How long one side of a round should take: long against the clock's own cost, short against a
/// time slice.
const ROUND_NANOSECONDS: f64 = 100_000.0;

fn main() {
    println!(
        "{:34} {:>9} {:>12} {:>12} {:>7} {:>7}",
        "", "bytes", "peer", "cgo", "ratio", "goal"
    );
    for size in [16, 1024, 1024 * 1024] {
        let text = "x".repeat(size);
        report(
            "CString / malloc + memcpy",
            size,
            1.2,
            || malloc_and_copy(&text),
            || {
                let p = cgo::CString(black_box(&text));
                // SAFETY: `CString` returns memory from `malloc`, and this is its only owner.
                unsafe { free(black_box(p).cast()) }
            },
        );
    }
    for (what, letters) in [("ASCII", "x"), ("two-byte", "é")] {
        for size in [16, 1024, 1024 * 1024] {
            let text = letters.repeat(size / letters.len());
            let c_text = cgo::MallocStr::new(&text);
            let name = format!("GoString / from_utf8 + copy, {what}");
            report(
                &name,
                size,
                1.2,
                || from_utf8_and_copy(text.as_bytes()),
                || {
                    // SAFETY: a `MallocStr` is a C string.
                    black_box(unsafe { cgo::GoString(black_box(c_text.as_ptr())) });
                },
            );
        }
    }
    for size in [16, 1024, 1024 * 1024] {
        let bytes = vec![b'x'; size];
        let p: *const c_char = bytes.as_ptr().cast();
        report(
            "GoBytes / to_vec",
            size,
            1.1,
            || drop(black_box(black_box(&bytes[..]).to_vec())),
            || {
                // SAFETY: `p` points to the `size` bytes of `bytes`.
                black_box(unsafe { cgo::GoBytes(black_box(p), black_box(size as c_int)) });
            },
        );
    }
}

fn malloc_and_copy(text: &str) {
    let text = black_box(text);
    // SAFETY: the memory has room for the text and a NUL, and is freed once.
    unsafe {
        let p = malloc(text.len() + 1).cast::<u8>();
        assert!(!p.is_null());
        p.copy_from_nonoverlapping(text.as_ptr(), text.len());
        p.add(text.len()).write(0);
        free(black_box(p).cast());
    }
}

fn from_utf8_and_copy(bytes: &[u8]) {
    black_box(
        str::from_utf8(black_box(bytes))
            .expect("the text is UTF-8")
            .to_owned(),
    );
}

/// Measures both sides and prints one line of the table.
fn report(name: &str, bytes: usize, goal: f64, mut peer: impl FnMut(), mut ours: impl FnMut()) {
    let repeat = repeats(&mut peer);
    let mut peer_times = Vec::with_capacity(ROUNDS);
    let mut our_times = Vec::with_capacity(ROUNDS);
    for _ in 0..ROUNDS {
        peer_times.push(nanoseconds(repeat, &mut peer));
        our_times.push(nanoseconds(repeat, &mut ours));
    }
    let (peer, ours) = (median(peer_times), median(our_times));
    println!(
        "{name:34} {bytes:>9} {peer:>9.1} ns {ours:>9.1} ns {:>7.2} {goal:>7.2}",
        ours / peer
    );
}

/// How often `call` must be repeated for a round of [`ROUND_NANOSECONDS`].
fn repeats(call: &mut impl FnMut()) -> u32 {
    let mut repeat = 1;
    while nanoseconds(repeat, call) * f64::from(repeat) < ROUND_NANOSECONDS {
        repeat *= 2;
    }
    repeat
}

/// One call's time, as the mean over `repeat` calls.
fn nanoseconds(repeat: u32, call: &mut impl FnMut()) -> f64 {
    let start = Instant::now();
    for _ in 0..repeat {
        call();
    }
    start.elapsed().as_secs_f64() * 1e9 / f64::from(repeat)
}

fn median(mut times: Vec<f64>) -> f64 {
    times.sort_by(f64::total_cmp);
    times[times.len() / 2]
}
