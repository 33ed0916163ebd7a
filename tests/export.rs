//! Rust for C: what `#[export_c]` does with each kind of item, called by real C.

#![allow(dead_code)] // C alone uses some of it.

mod support;

use std::cell::Cell;
use std::ffi::{CStr, c_char, c_int, c_long, c_uchar};
use std::mem::ManuallyDrop;
use std::ptr::NonNull;
use std::sync::atomic::{AtomicI32, AtomicPtr, Ordering};

use cgo::{c_preamble, export_c};
use support::Project;

c_preamble! {
    #include "pthreads.h"
    #include <stdio.h>
    #include <string.h>
    #include "export/given.h"
    typedef int (*printer)(char *, size_t, const char *, ...);
    #include "_cgo_export.h"

    /* A definition beside exports, which cgo forbids. */
    int defined_here(int a) { return plain(a) + 1; }
    static inline int inline_caller(int a) { return plain(a) * 2; }

    static int text(void) {
        static const char accented[] = { 'h', (char)0xc3, (char)0xa9 };
        cgo_str word = { accented, 3 };
        return (int)characters(word) * 100 + length_of("abc") * 10 + length_of(NULL);
    }
    static int bytes(void) {
        static const uint8_t values[] = { 1, 2, 3 };
        cgo_bytes data = { values, 3 };
        return sum_of(data) + *last_of(data) * 10;
    }
    static const char *name_from_rust(void) { return a_name(); }
    static struct divide_return divided(int a, int b) { return divide(a, b); }
    static double area(double w, double h) { Rect r = { w, h }; return area_of(r) + area_behind(&r); }
    static int value_by_pointer(int color) { return valuer()((Color)color); }
    static int four(void) { int one = 1; return letters("ab", (cgo_str){ "c", 1 }, &one); }
    static double width(double w) { Rect r = { w, 1 }; return width_of(&r); }
    static int colors(void) { return Color_Blue * 10 + next_color(Color_Red) + Level_High; }
    static int painted(int way, int color, int level) {
        Painted p = { (enum Color)color, { Level_Low, (Level)level } };
        switch (way) {
            case 0: return color_value((enum Color)color);
            case 1: return painted_value(p);
            case 2: return painted_behind(&p, 0);
            case 3: return painted_behind(0, &p);
            case 4: return painted_method(&p);
            case 5: return watched_value((Watched){ p });
            case 6: return painted_alias(&p);
            case 7: return painted_named(&p);
            case 8: return painted_self(p);
            case 9: return watched_behind(&(Watched){ p });
            case 10: return painted_cell(&p);
            default: return painted_kept(&(Kept){ p });
        }
    }
    static int null_passed(int way) {
        switch (way) {
            case 0: return by_reference(0, 0);
            case 1: { int one = 1; return by_reference(&one, 0); }
            case 2: return by_non_null(0);
            case 3: return by_alias(0);
            case 4: return by_box(0);
            case 5: return by_text((cgo_str){ 0, 1 }, (cgo_bytes){ 0, 0 });
            case 6: return by_text((cgo_str){ 0, 0 }, (cgo_bytes){ 0, 1 });
            default: return by_text((cgo_str){ 0, 0 }, (cgo_bytes){ 0, 0 });
        }
    }
    static long counted(void) { COUNT += 1; SHARED += 2; HEAD = &COUNT; return COUNT + SHARED + FIXED; }
    static int caught(int a) { return catches(a); }
    static int made(void) { return scaled(grid_make(6), 7) + grid_sizes(grid_make(2)).r1 + attributed((cgo_str){ 0, 0 }, 1); }
    static int parts(void) { Parts p = { 1, 2 }; return p.a * 10 + p.b + Choice_Last * 100 + (int)sizeof p.many * 1000; }
    static int chained(void) { Chain last = { 3, 0, { &last } }, first = { 2, last.all[0], { 0 } }; return chain_sum(&first); }
    static int matched(void) { match last = { 0 }, first = { &last }; return match_count(&first); }
    static int boxed(void) { return boxed_free(boxed_make(9)); }
    static int printed(void) { return print_five(snprintf); }
    struct by_macro_return { int r0; size_t r1; } by_macro(const char *, cgo_str);
    static int counted_by_macro(void) {
        struct by_macro_return r = by_macro("abc", (cgo_str){ "de", 2 });
        return r.r0 * 10 + (int)r.r1;
    }
    static int owned(void) {
        struct Owner *o = owner_new(7);
        int v = owner_value(o) + owner_named(o, (cgo_str){ "ab", 2 }, (cgo_bytes){ 0, 0 }, &(int[3]){ 0, 0, 1000 });
        owner_free(o);
        return v;
    }

    static void *on_a_thread(void *number) { *(int *)number = plain(*(int *)number); return NULL; }
    static int from_a_thread(int number) {
        pthread_t thread;
        pthread_create(&thread, NULL, on_a_thread, &number);
        pthread_join(thread, NULL);
        return number;
    }
}

#[export_c]
fn plain(a: c_int) -> c_int {
    a + 40
}

#[test]
fn c_calls_it_from_everywhere() {
    unsafe {
        assert_eq!(C::defined_here(1), 42);
        assert_eq!(C::inline_caller(1), 82);
        assert_eq!(C::from_a_thread(2), 42);
    }
    // It stays a function of Rust, and C's declaration of it is one to call as well.
    assert_eq!((plain(1), unsafe { C::plain(1) }), (41, 41));
}

mod inner {
    pub(super) mod deeper {
        use super::super::*;

        #[export_c]
        pub(crate) fn characters(text: &str) -> usize {
            text.chars().count()
        }

        /// 9 for null.
        #[export_c]
        pub(crate) fn length_of(text: Option<&CStr>) -> c_int {
            text.map_or(9, |text| text.count_bytes() as c_int)
        }
    }
}

#[export_c]
fn last_of(data: &[u8]) -> &u8 {
    &data[data.len() - 1]
}

/// A type that a macro is given stands in a group.
macro_rules! exported {
    ($(fn $name:ident($argument:ident: $ctype:ty, $text:ident: &$target:ty) -> $result:ty $body:block)*) => {$(
        #[export_c]
        fn $name($argument: $ctype, $text: &$target) -> $result $body
    )*};
}

exported! {
    fn by_macro(text: &CStr, other: &str) -> (c_int, usize) {
        (text.count_bytes() as c_int, other.len())
    }
}

#[test]
fn a_macro_may_write_the_types() {
    assert_eq!(unsafe { C::counted_by_macro() }, 32);
}

#[export_c]
fn sum_of(data: &[c_uchar]) -> c_int {
    data.iter().map(|&byte| c_int::from(byte)).sum()
}

#[export_c]
fn a_name() -> &'static CStr {
    c"rust"
}

#[export_c]
fn print_five(print: C::printer) -> c_int {
    let mut text = [0; 8];
    let print = print.expect("a function");
    unsafe { print(text.as_mut_ptr(), text.len(), c"%d!".as_ptr(), 5) }
}

#[test]
fn a_function_pointer_may_take_more_arguments() {
    assert_eq!(unsafe { C::printed() }, 2);
}

#[test]
fn text_and_bytes() {
    unsafe {
        assert_eq!(C::text(), 239);
        assert_eq!(C::bytes(), 36);
        assert_eq!(CStr::from_ptr(C::name_from_rust()), c"rust");
    }
}

#[export_c]
fn divide(a: c_int, b: c_int) -> (c_int, c_int) {
    (a / b, a % b)
}

#[test]
fn a_tuple_is_a_struct() {
    let divided = unsafe { C::divided(17, 5) };
    assert_eq!((divided.r0, divided.r1), (3, 2));
}

#[export_c]
#[repr(C)]
struct Rect {
    w: f64,
    h: f64,
}

// Its parameters have the function's name, and those of the gateway's own.
#[export_c]
fn letters(letters: &CStr, cgo_call: &str, &cgo_argument0: &c_int) -> c_int {
    (letters.count_bytes() + cgo_call.len()) as c_int + cgo_argument0
}

#[export_c]
fn area_of(rect: Rect) -> f64 {
    rect.w * rect.h
}

extern "C" fn value_of(color: cgo::Unchecked<Color>) -> c_int {
    color.value() as c_int
}

// C may call it with any number.
#[export_c]
fn valuer() -> extern "C" fn(cgo::Unchecked<Color>) -> c_int {
    value_of
}

// A path from the module, and no method.
#[export_c]
fn width_of(rect: &self::Rect) -> f64 {
    rect.w
}

#[export_c]
fn area_behind(Rect { w, h }: &Rect) -> f64 {
    w * h
}

#[export_c]
#[repr(C)]
#[derive(Clone, Copy)]
enum Color {
    Red,
    Green = 5,
    Blue,
}

#[export_c]
#[repr(u8)]
#[derive(Clone, Copy)]
enum Level {
    Low,
    High = 0b1000_0000,
}

#[export_c]
fn next_color(color: Color) -> c_int {
    color as c_int + 1
}

#[test]
fn structs_and_enums() {
    unsafe {
        assert_eq!(C::area(2.0, 3.0), 12.0);
        assert_eq!(C::width(2.5), 2.5);
        assert_eq!(C::four(), 4);
        assert_eq!(C::value_by_pointer(5), 5);
        assert_eq!(C::colors(), 60 + 1 + 128);
    }
}

#[export_c]
#[repr(C)]
#[derive(Clone, Copy)]
struct Painted {
    color: Color,
    levels: [Level; 2],
}

#[export_c(on_panic = -1)]
fn color_value(color: Color) -> c_int {
    color as c_int
}

#[export_c(on_panic = -1)]
fn painted_value(Painted { color, levels }: Painted) -> c_int {
    let [_, level] = levels;
    color as c_int + level as c_int
}

#[export_c(on_panic = -1)]
fn painted_behind(one: Option<&Painted>, other: Option<&mut Painted>) -> c_int {
    one.or(other.as_deref()).map_or(0, |p| p.painted_method())
}

type PaintedReference = &'static Painted;

#[export_c(on_panic = -1)]
fn painted_alias(painted: Option<PaintedReference>) -> c_int {
    painted.map_or(0, |painted| painted.painted_method())
}

#[export_c(on_panic = -1)]
fn painted_named(painted: PaintedReference) -> c_int {
    painted.painted_method()
}

impl Painted {
    #[export_c(on_panic = -1)]
    fn painted_self(self: Self) -> c_int {
        self.painted_method()
    }

    #[export_c(on_panic = -1)]
    fn painted_method(self: &Self) -> c_int {
        match (&self.color, &self.levels) {
            (Color::Green, [_, Level::High]) => 133,
            (Color::Red, _) => 0,
            _ => 7,
        }
    }
}

#[export_c]
#[repr(C)]
struct Watched {
    painted: cgo::Volatile<Painted>,
}

#[export_c(on_panic = -1)]
fn watched_value(watched: Watched) -> c_int {
    watched_behind(&watched)
}

#[export_c(on_panic = -1)]
fn watched_behind(watched: &Watched) -> c_int {
    let Painted {
        color,
        levels: [_, level],
    } = watched.painted.read();
    color as c_int + level as c_int
}

#[export_c(on_panic = -1)]
fn painted_cell(cell: &Cell<Painted>) -> c_int {
    cell.get().painted_method()
}

#[export_c]
#[repr(C)]
struct Kept {
    painted: ManuallyDrop<Painted>,
}

#[export_c(on_panic = -1)]
fn painted_kept(kept: &Kept) -> c_int {
    kept.painted.painted_method()
}

#[test]
fn a_number_that_no_variant_has_is_a_panic() {
    for way in 0..12 {
        let expected = if way == 0 { 5 } else { 133 };
        // SAFETY: C passes what it was given, and Rust looks at it.
        unsafe {
            assert_eq!(C::painted(way, 5, 128), expected, "{way}");
            for wrong in [1, 4, 7, -1, c_int::MAX] {
                assert_eq!(C::painted(way, wrong, 128), -1, "{way} {wrong}");
            }
            if way > 0 {
                assert_eq!(C::painted(way, 5, 127), -1, "{way}");
            }
        }
    }
}

#[export_c(on_panic = -1)]
fn by_reference(_: &c_int, _: &mut [c_int; 2]) -> c_int {
    0
}

#[export_c(on_panic = -1)]
fn by_non_null(_: NonNull<c_int>) -> c_int {
    0
}

type Address = NonNull<c_int>;

#[export_c(on_panic = -1)]
fn by_alias(_: Address) -> c_int {
    0
}

#[export_c(on_panic = -1)]
fn by_box(_: Box<c_int>) -> c_int {
    0
}

#[export_c(on_panic = -1)]
fn by_text(_: &str, _: &[u8]) -> c_int {
    0
}

#[test]
fn null_where_none_is_allowed_is_a_panic() {
    for way in 0..=6 {
        assert_eq!(unsafe { C::null_passed(way) }, -1, "{way}");
    }
    assert_eq!(unsafe { C::null_passed(7) }, 0);
}

#[export_c(unwind)]
fn strict_color(color: Color) -> c_int {
    color as c_int
}

#[test]
fn the_panic_names_value_and_type() {
    unsafe extern "C-unwind" {
        #[allow(clashing_extern_declarations)]
        #[link_name = "strict_color"]
        fn strict_color_of_c(color: c_int) -> c_int;
    }
    // SAFETY: C may pass any number so.
    let seven = || unsafe { std::mem::transmute::<c_int, cgo::Unchecked<Color>>(7) };
    let closure = || {
        cgo::callback(|color: Color| color as c_int)
            // SAFETY: as C would.
            .data_last(|function, data: *mut std::ffi::c_void| unsafe { function(seven(), data) })
    };
    assert_eq!(strict_color(Color::Blue), 6);
    for panic in [
        // SAFETY: it is passed as C passes an enum.
        std::panic::catch_unwind(|| unsafe { strict_color_of_c(7) }),
        std::panic::catch_unwind(closure),
    ] {
        let message = panic.expect_err("no variant").downcast::<String>();
        let expected = "C passed 7 for a `Color`, which has no variant of this value";
        assert_eq!(*message.expect("a message"), expected);
    }
}

/// Rust has the functions as they are written, whatever C passes for their types.
#[test]
fn rust_calls_an_export_with_its_own_types() {
    use inner::deeper::{characters, length_of};
    assert_eq!(length_of(Some(c"four")), 4);
    assert_eq!((characters("abc"), sum_of(&[1, 2, 3])), (3, 6));
    assert_eq!(divide(7, 2), (3, 1));
    assert_eq!(a_name(), c"rust");
    assert_eq!(
        (
            next_color(Color::Red),
            area_behind(&Rect { w: 2.0, h: 3.0 })
        ),
        (1, 6.0)
    );
}

/// What needs no conversion is a function of C for Rust too.
#[test]
fn a_pointer_to_an_export_can_go_to_c() {
    let number: extern "C" fn(c_int) -> c_int = plain;
    let by_value: extern "C" fn(Rect) -> f64 = area_of;
    let behind: extern "C" fn(&Rect) -> f64 = area_behind;
    let rect = Rect { w: 2.0, h: 3.0 };
    assert_eq!((number(2), behind(&rect), by_value(rect)), (42, 6.0, 6.0));
}

/// The name is C's.
#[deny(warnings)]
mod names_of_c {
    #[cgo::export_c]
    pub(super) fn AGoFunction(value: i32) -> i32 {
        value
    }

    #[cgo::export_c]
    pub(super) fn AnotherGoFunction(text: &str) -> bool {
        text.is_empty()
    }

    #[cgo::export_c]
    #[repr(C)]
    pub(super) struct point_of_c {
        pub(super) x: i32,
    }

    #[cgo::export_c]
    pub(super) static lower_case: i32 = 3;
}

#[export_c]
static mut COUNT: c_long = 10;

#[export_c]
static SHARED: AtomicI32 = AtomicI32::new(100);

#[export_c]
static FIXED: c_int = 1000;

#[export_c]
static HEAD: AtomicPtr<c_long> = AtomicPtr::new(std::ptr::null_mut());

#[test]
fn variables() {
    assert_eq!(unsafe { C::counted() }, 11 + 102 + 1000);
    assert_eq!(SHARED.load(Ordering::Relaxed), 102);
    assert_eq!(HEAD.load(Ordering::Relaxed), &raw mut COUNT);
}

#[export_c(on_panic = -1)]
fn catches(value: c_int) -> c_int {
    assert!(value >= 0, "below zero");
    value
}

#[test]
fn a_caught_panic_is_a_value() {
    assert_eq!(unsafe { (C::caught(5), C::caught(-5)) }, (5, -1));
}

#[export_c(unwind)]
fn unwinds(value: c_int) -> c_int {
    assert!(value >= 0, "below zero");
    value
}

#[test]
fn an_unwinding_export_unwinds() {
    let unwound = std::panic::catch_unwind(|| unwinds(-1));
    assert!(unwound.is_err() && unwinds(1) == 1);
}

struct Owner(c_int);

#[export_c]
fn owner_new(value: c_int) -> Box<Owner> {
    Box::new(Owner(value))
}

impl Owner {
    #[export_c]
    fn owner_value(self: &Self) -> c_int {
        self.0
    }

    #[export_c]
    fn owner_named(self: &Self, name: &str, rest: &[u8], three: &[c_int; 3]) -> c_int {
        self.0 * 10 * (name.len() + rest.len()) as c_int + three[2]
    }

    #[export_c]
    fn owner_free(self: Box<Owner>) {
        drop(self);
    }
}

#[test]
fn boxes_and_methods() {
    assert_eq!(unsafe { C::owned() }, 1147);
}

/// A grid of squares.
#[export_c]
#[repr(C)]
struct Grid {
    side: c_int,
}

impl Grid {
    #[export_c]
    fn grid_make(side: c_int) -> Self {
        Grid { side }
    }

    #[export_c]
    fn scaled(self: Self, by: c_int) -> c_int {
        self.side * by
    }

    #[export_c]
    fn grid_sizes(self: Self) -> (u8, c_int) {
        (1, self.side * self.side)
    }
}

#[export_c]
fn attributed(#[allow(unused)] text: &str, #[cfg(any())] gone: &[u8], number: c_int) -> c_int {
    number
}

#[export_c]
#[repr(C)]
struct Chain {
    value: c_int,
    next: Option<&'static Self>,
    all: [*const Self; 1],
}

#[export_c]
#[repr(C)]
struct r#match {
    next: Option<&'static Self>,
}

#[export_c]
fn match_count(first: &r#match) -> c_int {
    1 + first.next.map_or(0, |next| match_count(next))
}

#[export_c]
fn chain_sum(chain: &Chain) -> c_int {
    chain.value + chain.next.map_or(0, |next| chain_sum(next))
}

#[test]
fn self_is_the_type_of_the_block() {
    assert_eq!(unsafe { C::made() }, 42 + 4 + 1);
    assert_eq!(unsafe { C::chained() }, 5);
    assert_eq!(unsafe { C::matched() }, 2);
    assert_eq!(unsafe { C::boxed() }, 9);
}

struct Boxed<T>(T);

impl Boxed<c_int> {
    #[export_c]
    fn boxed_make(value: c_int) -> Box<Self> {
        Box::new(Boxed(value))
    }

    #[export_c]
    fn boxed_free(self: Box<Self>) -> c_int {
        self.0
    }
}

const LENGTH: usize = 2 * HALF;
const HALF: usize = 1 << 2;

#[export_c]
#[repr(C)]
struct Parts {
    a: c_int,
    #[cfg(any())]
    gone: [u64; 4],
    #[cfg_attr(all(), doc = "", cfg(any()))]
    gone_too: String,
    #[cfg_attr(any(), cfg(any()))]
    b: c_int,
    many: [u8; LENGTH],
}

#[export_c]
#[repr(C)]
enum Choice {
    First,
    #[cfg(any())]
    Gone,
    #[cfg_attr(all(), cfg_attr(all(), cfg(any())))]
    GoneToo,
    Last,
}

#[test]
fn fields_that_are_not_compiled_are_not_in_c() {
    assert_eq!(unsafe { C::parts() }, 12 + 100 + 8000);
}

/// A `long` in other words.
#[cfg(all(target_pointer_width = "64", not(windows)))]
type Long = i64;
#[cfg(not(all(target_pointer_width = "64", not(windows))))]
type Long = i32;

/// Other words for the same types: `const`, a typedef, another pointee.
#[export_c]
fn agreeing(
    text: *mut u8,
    what: &Owner,
    more: Option<extern "C" fn() -> c_long>,
    flag: u8,
) -> Long {
    let _ = (text, what, more, flag);
    1
}

#[export_c(name = "renamed_for_c")]
unsafe fn named_for_rust<'a>(text: *const c_char, _: &'a c_int, mut n: c_int) -> &'a c_int
where
    'static: 'a,
{
    n += text.is_null() as c_int;
    assert_eq!(n, 1);
    &7
}

#[test]
fn a_name_for_c() {
    assert_eq!(unsafe { *C::renamed_for_c(std::ptr::null(), &0, 0) }, 7);
}

/// A program that calls an export which panics; it ends there. On a thread that C made, and before and after `main`, nothing of
/// Rust's is on the stack that would catch the panic.
#[test]
fn a_panic_ends_the_process_and_says_where() {
    let project = Project::new("panics");
    project.file(
        "src/main.rs",
        r#"cgo::c_preamble! {
#cgo LDFLAGS: -pthread
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include "_cgo_export.h"
static int is_when(const char *when) { const char *wanted = getenv("WHEN"); return wanted && !strcmp(wanted, when); }
static void *run(void *unused) { explode(3); return unused; }
static void last(void) { explode(3); }
__attribute__((constructor)) static void first(void) { if (is_when("before")) explode(3); }
static void call(void) {
    pthread_t thread;
    if (is_when("within")) explode(3);
    if (is_when("thread")) { pthread_create(&thread, 0, run, 0); pthread_join(thread, 0); }
    if (is_when("after")) atexit(last);
}
}
#[cgo::export_c]
fn explode(value: i32) { if value == 3 { panic!("the reason"); } }
fn main() { unsafe { C::call() } }
"#,
    );
    project.cargo("build -q");
    for when in ["within", "thread", "before", "after"] {
        let output = project.command("run -q").env("WHEN", when).output();
        let said = String::from_utf8(output.unwrap().stderr).unwrap();
        assert!(said.contains("the reason"), "{when}: {said}");
        assert!(said.contains("function `explode`"), "{when}: {said}");
    }
}
