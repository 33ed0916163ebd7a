//! What it costs C to call a closure, against the least it can cost: a hand-written `extern "C"` function that finds
//! its state behind a `void *`.
//!
//! `cargo bench --bench callbacks` prints the medians and their ratio. Each round runs both sides in turns, so that
//! whatever else the machine does falls on both. The caller is C, compiled apart, so that nothing is inlined into it.
//! `send`, owned `sync`, `bare` and handles have no goal: atomic instructions and a second jump are what they are for.

use std::ffi::{c_int, c_void};
use std::hint::black_box;
use std::sync::atomic::{AtomicI32, Ordering};
use std::time::Instant;

use cgo::{Handle, c_preamble, callback, export_c};

c_preamble! { r#"
    #include <stdlib.h>

    typedef int (*last)(int number, void *data);
    typedef int (*first)(void *data, int number);
    typedef int (*bare)(int number);

    /* A caller for each side of each comparison: a processor that has once seen two targets at one call
       is slower there from then on, whichever of them is called. The number makes their code differ, and the
       alignment makes all lie alike in the processor's lines. */
    #define LAST(n) \
        __attribute__((aligned(64))) static int last_##n(int count, last function, void *data) { \
            int sum = n; \
            for (int i = 0; i < count; i++) sum += function(i, data); \
            return sum; \
        }
    #define FIRST(n) \
        __attribute__((aligned(64))) static int first_##n(int count, first function, void *data) { \
            int sum = n; \
            for (int i = 0; i < count; i++) sum += function(data, i); \
            return sum; \
        }
    #define BARE(n) \
        __attribute__((aligned(64))) static int bare_##n(int count, bare function) { \
            int sum = n; \
            for (int i = 0; i < count; i++) sum += function(i); \
            return sum; \
        }
    LAST(0) LAST(1) LAST(2) LAST(3) LAST(4) LAST(5) LAST(6) LAST(7) LAST(8)
    LAST(9) LAST(10) LAST(11) LAST(12) LAST(13) LAST(14) LAST(15) LAST(16) LAST(17)
    FIRST(0) FIRST(1)
    BARE(0) BARE(1)
    static int offset(int number, void *data) { return number + *(int *)data; }
"# }

const ROUNDS: usize = 401;
/// Calls in a round: long against the clock's own cost, short against a time slice.
const CALLS: c_int = 50_000;
/// What a callback may cost, as a multiple of the hand-written one.
const GOAL: f64 = 1.3;

/// The hand-written callbacks. The first kind only reads its state: nothing of a call waits for the call before.
unsafe extern "C" fn offset_last(number: c_int, data: *mut c_void) -> c_int {
    number.wrapping_add(unsafe { *data.cast::<c_int>() })
}

unsafe extern "C" fn offset_first(data: *mut c_void, number: c_int) -> c_int {
    number.wrapping_add(unsafe { *data.cast::<c_int>() })
}

unsafe extern "C" fn offset_bare(number: c_int) -> c_int {
    number.wrapping_add(OFFSET.load(Ordering::Relaxed))
}

static OFFSET: AtomicI32 = AtomicI32::new(7);

/// The same, exported: with what a panic would need.
#[export_c]
fn exported_last(number: c_int, data: *mut c_void) -> c_int {
    number.wrapping_add(unsafe { *data.cast::<c_int>() })
}

/// The same with a handle as user data.
#[export_c]
fn handle_last(number: c_int, data: *mut c_void) -> c_int {
    let offset = Handle::<c_int>::from_pointer(data);
    offset
        .with(|offset| number.wrapping_add(*offset))
        .unwrap_or(0)
}

/// The second kind changes its state.
unsafe extern "C" fn add_last(number: c_int, data: *mut c_void) -> c_int {
    let total = unsafe { &mut *data.cast::<c_int>() };
    *total = total.wrapping_add(number);
    *total
}

/// The third kind may panic, as far as the compiler can tell.
unsafe extern "C" fn index_last(number: c_int, data: *mut c_void) -> c_int {
    unsafe { (&(*data.cast::<Vec<c_int>>()))[number as usize % 64] }
}

/// Calls a caller of C with the usual number of calls.
macro_rules! call {
    ($caller:ident, $function:expr $(, $data:expr)?) => {
        unsafe { C::$caller(black_box(CALLS), Some($function) $(, $data)?) }
    };
}

fn main() {
    println!("{:46} {:>8} {:>8} {:>6}", "", "peer", "cgo", "ratio");
    plain_calls();
    exported();
    scoped();
    scoped_with_state();
    owned();
    owned_with_state();
    sort();
}

/// What a call costs at all, each way.
fn plain_calls() {
    let mut offset: c_int = black_box(7);
    let data: *mut c_void = (&raw mut offset).cast();
    report(
        "Rust calls C, beside C calls C",
        None,
        || call!(last_0, C::offset, data),
        || (0..black_box(CALLS)).fold(0, |sum, i| sum.wrapping_add(unsafe { C::offset(i, data) })),
    );
    report(
        "C calls extern \"C\" Rust, beside C calls C",
        None,
        || call!(last_1, C::offset, data),
        || call!(last_2, offset_last, data),
    );
}

fn exported() {
    let mut offset: c_int = black_box(7);
    let data: *mut c_void = (&raw mut offset).cast();
    let hand_written = || call!(last_3, offset_last, data);
    report("exported", Some(GOAL), hand_written, || {
        call!(last_4, exported_last, data)
    });
    let handle = Handle::new(offset);
    report("exported, with a handle", None, hand_written, || {
        call!(last_5, handle_last, handle.into_pointer())
    });
}

/// A closure that adds to its argument.
fn plus(offset: c_int) -> impl Fn(c_int) -> c_int + Copy + Send + Sync + 'static {
    move |number| number.wrapping_add(offset)
}

fn scoped() {
    let mut offset: c_int = black_box(7);
    let data: *mut c_void = (&raw mut offset).cast();
    let hand_written = || call!(last_3, offset_last, data);
    report("scoped, data last", Some(GOAL), hand_written, || {
        callback(plus(offset)).data_last(|f, data| call!(last_6, f, data))
    });
    report(
        "scoped, data first",
        Some(GOAL),
        || call!(first_0, offset_first, data),
        || callback(plus(offset)).data_first(|f, data| call!(first_1, f, data)),
    );
    report("scoped, sync", Some(GOAL), hand_written, || {
        callback(plus(offset))
            .sync()
            .data_last(|f, data| call!(last_7, f, data))
    });
    report("scoped, send", None, hand_written, || {
        callback(plus(offset))
            .send()
            .data_last(|f, data| call!(last_8, f, data))
    });
    report(
        "scoped, bare",
        None,
        || call!(bare_0, offset_bare),
        || {
            callback(plus(offset))
                .bare(|f| call!(bare_1, f))
                .expect("a free slot")
        },
    );
}

fn scoped_with_state() {
    let mut total: c_int = 0;
    let mut our_total: c_int = 0;
    report(
        "scoped, changes a variable",
        Some(GOAL),
        || call!(last_9, add_last, (&raw mut total).cast()),
        || {
            callback(|number: c_int| {
                our_total = our_total.wrapping_add(number);
                our_total
            })
            .data_last(|f, data| call!(last_10, f, data))
        },
    );
    let mut table = black_box(vec![1 as c_int; 64]);
    let table_data: *mut c_void = (&raw mut table).cast();
    let our_table = table.clone();
    report(
        "scoped, may panic",
        Some(GOAL),
        || call!(last_11, index_last, table_data),
        || {
            callback(|number: c_int| our_table[number as usize % 64])
                .data_last(|f, data| call!(last_12, f, data))
        },
    );
}

fn owned() {
    let mut offset: c_int = black_box(7);
    let data: *mut c_void = (&raw mut offset).cast();
    let hand_written = || call!(last_3, offset_last, data);
    let owned = callback(plus(offset)).owned_data_last();
    report("owned", Some(GOAL), hand_written, || {
        call!(last_13, owned.function(), owned.data())
    });
    let owned = callback(plus(offset)).sync().owned_data_last();
    report("owned, sync", None, hand_written, || {
        call!(last_14, owned.function(), owned.data())
    });
    let owned = callback(plus(offset)).send().owned_data_last();
    report("owned, send", None, hand_written, || {
        call!(last_15, owned.function(), owned.data())
    });
}

fn owned_with_state() {
    let mut table = black_box(vec![1 as c_int; 64]);
    let table_data: *mut c_void = (&raw mut table).cast();
    let our_table = table.clone();
    let owned = callback(move |number: c_int| our_table[number as usize % 64])
        .sync()
        .owned_data_last();
    report(
        "owned, sync, may panic",
        None,
        || call!(last_16, index_last, table_data),
        || call!(last_17, owned.function(), owned.data()),
    );
}

/// A whole call of C's, for each comparison of two numbers.
fn sort() {
    let unsorted: Vec<c_int> = (0..5_000)
        .map(|i: c_int| i.wrapping_mul(1_103_515_245) >> 8)
        .collect();
    let sort = |function| {
        let mut numbers = unsorted.clone();
        unsafe {
            C::qsort(
                numbers.as_mut_ptr().cast(),
                numbers.len(),
                size_of::<c_int>(),
                Some(function),
            )
        };
        numbers[0]
    };
    report(
        "qsort of 5000 numbers, bare",
        None,
        || sort(compare),
        || {
            callback(|a: *const c_void, b: *const c_void| unsafe { compare(a, b) })
                .bare(sort)
                .expect("a free slot")
        },
    );
}

unsafe extern "C" fn compare(a: *const c_void, b: *const c_void) -> c_int {
    let (a, b) = unsafe { (*a.cast::<c_int>(), *b.cast::<c_int>()) };
    a.cmp(&b) as c_int
}

/// Measures both sides and prints one line of the table.
fn report(
    name: &str,
    goal: Option<f64>,
    mut peer: impl FnMut() -> c_int,
    mut ours: impl FnMut() -> c_int,
) {
    let (mut peer_times, mut our_times) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        peer_times.push(nanoseconds(&mut peer));
        our_times.push(nanoseconds(&mut ours));
    }
    let (peer, ours) = (median(peer_times), median(our_times));
    let ratio = ours / peer;
    let verdict = match goal {
        Some(goal) if ratio > goal => "MISSED",
        Some(_) => "met",
        None => "",
    };
    println!("{name:46} {peer:>5.2} ns {ours:>5.2} ns {ratio:>6.2} {verdict}");
}

/// One call's time, in a round.
fn nanoseconds(round: &mut impl FnMut() -> c_int) -> f64 {
    let start = Instant::now();
    black_box(round());
    start.elapsed().as_secs_f64() * 1e9 / f64::from(CALLS)
}

fn median(mut times: Vec<f64>) -> f64 {
    times.sort_by(f64::total_cmp);
    times[times.len() / 2]
}
