//! Rust for C: what `#[export_c]` does with each kind of item, called by real C.

#![allow(dead_code)] // C alone uses some of it.

mod support;

use std::cell::Cell;
use std::ffi::{CStr, c_char, c_int, c_long};
use std::mem::ManuallyDrop;
use std::process::Command;
use std::sync::atomic::{AtomicI32, Ordering};

use cgo::{c_preamble, export_c};
use support::{Project, c_compiler, manifest, run};

c_preamble! {
    #include "pthreads.h"
    #include <string.h>
    #include "export/given.h"
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
    static long counted(void) { COUNT += 1; SHARED += 2; return COUNT + SHARED + FIXED; }
    static int caught(int a) { return catches(a); }
    static int made(void) { return scaled(grid_make(6), 7) + grid_sizes(grid_make(2)).r1 + attributed((cgo_str){ 0, 0 }, 1); }
    static int parts(void) { Parts p = { 1, 2 }; return p.a * 10 + p.b + Choice_Last * 100 + (int)sizeof p.many * 1000; }
    static int owned(void) { struct Owner *o = owner_new(7); int v = owner_value(o); owner_free(o); return v; }

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

#[export_c]
fn sum_of(data: &[u8]) -> c_int {
    data.iter().map(|&byte| c_int::from(byte)).sum()
}

#[export_c]
fn a_name() -> &'static CStr {
    c"rust"
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

#[test]
fn variables() {
    assert_eq!(unsafe { C::counted() }, 11 + 102 + 1000);
    assert_eq!(SHARED.load(Ordering::Relaxed), 102);
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
    fn owner_free(self: Box<Owner>) {
        drop(self);
    }
}

#[test]
fn boxes_and_methods() {
    assert_eq!(unsafe { C::owned() }, 7);
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

#[test]
fn self_is_the_type_of_the_block() {
    assert_eq!(unsafe { C::made() }, 42 + 4 + 1);
}

const LENGTH: usize = 2 * HALF;
const HALF: usize = 1 << 2;

#[export_c]
#[repr(C)]
struct Parts {
    a: c_int,
    #[cfg(any())]
    gone: [u64; 4],
    b: c_int,
    many: [u8; LENGTH],
}

#[export_c]
#[repr(C)]
enum Choice {
    First,
    #[cfg(any())]
    Gone,
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

/// Every kind of declaration that the header can hold.
const HEADER: &str = r#"
cgo::c_preamble! { #cgo header: ../all.h
}
use cgo::export_c;
use std::ffi::*;
/// A "documented" function. /* with signs */
///
/// In lines.
#[export_c] fn f(class: i32, new: &str, _: &[u8], r#int: Option<&CStr>) -> (u8, *mut c_void) { let _ = (class, new, int); loop {} }
#[export_c] fn never() -> ! { loop {} }
#[export_c(unwind)] fn never_but_unwinds() -> ! { panic!() }
#[export_c(on_panic = std::process::exit(3))] fn never_but_exits() -> ! { panic!() }
#[export_c] fn table(rows: *const [c_int; 3], by: Option<extern "C" fn(*const c_void, usize) -> bool>) -> extern "C" fn(c_char) -> u64 { let _ = (rows, by); loop {} }
#[export_c] #[repr(C)] pub struct Outer { pub inner: Inner, pub many: [Inner; 2], pub next: *mut Outer, pub template: Kind }
#[export_c] #[repr(C)] pub union Inner { pub a: u64, pub b: f32 }
#[export_c] #[repr(C)] pub enum Kind { A = -1, B }
#[export_c] #[repr(i16)] pub enum Small { X = 3 }
#[export_c] #[repr(u8)] pub enum Values { A = b'x', B = 0x1_0 | 3, C = 1 << 6, D = !0 }
#[export_c] #[repr(C)] pub enum Unknown { A = size_of::<u8>() as isize }
#[export_c] fn unknown(a: &Unknown) -> i32 { let _ = a; 0 }
#[export_c] static NUMBERS: [c_ulong; 4] = [0; 4];
extern "C" fn twice(a: c_int) -> c_int { a * 2 }
#[export_c] static POINTER: &c_int = &5;
#[export_c] static FUNCTION: Option<extern "C" fn(c_int) -> c_int> = Some(twice);
#[export_c] static POINTERS: [&c_int; 2] = [&5, &6];
#[export_c] static COUNTERS: Counters = Counters { a: [const { std::sync::atomic::AtomicU8::new(0) }; 2] };
#[export_c] #[repr(C)] pub struct Counters { pub a: [std::sync::atomic::AtomicU8; 2] }
/// what??/
#[doc = "/etc/passwd"]
#[export_c] fn delete(unix: i32, errno: i32, typename: i32) { let _ = (unix, errno, typename); }
#[export_c(name = "class")] #[repr(C)] pub struct Class { pub way: Way }
#[export_c(name = "way")] #[repr(C)] pub enum Way { Up, Down }
#[export_c(name = "taught")] #[repr(C)] pub struct Taught { pub class: *const Class, pub way: Way, pub other: Way }
#[export_c] fn teach(class: &Class, way: *const Way, size_t: usize, others: usize) -> (*mut Taught, *mut Class) { let _ = (class, way, size_t, others); todo!() }
#[doc = "/"]
#[export_c] fn nothing() {}
mod one { #[cgo::export_c(name = "one_point")] #[repr(C)] pub struct Point { pub x: i32 } pub type Number = i32; }
mod two { pub struct Point(u8); #[cgo::export_c] fn hide(a: &Point) -> u8 { a.0 } pub type Number = i64; #[cgo::export_c] fn number(a: Number) { let _ = a; } }
type Alias = *const Outer;
#[export_c] fn alias(a: Alias) -> Alias { a }
pub struct Hidden(u8);
#[export_c] fn hidden(a: &Hidden, b: *mut Vec<u8>) -> u8 { let _ = b; a.0 }
"#;

#[test]
fn the_header_is_c_and_cpp_without_a_warning() {
    let project = Project::new("all");
    project.file("src/lib.rs", HEADER);
    project.cargo("check -q");
    let header = project.path("all.h");
    let text = std::fs::read_to_string(&header).unwrap();
    assert!(
        text.contains(
            "/**\n * A \"documented\" function. / * with signs * /\n *\n * In lines.\n */"
        ),
        "{text}"
    );
    for line in [
        "    Values_A = 120,\n    Values_B = 19,\n    Values_C = 64,\n    Values_D = 255\n",
        "/* Unknown is not declared: the value `size_of :: < u8 > () as isize` cannot be computed. */",
        "int32_t unknown(const void *a);",
        "extern const int *const POINTER;",
        "extern int (*const FUNCTION)(int);",
        "extern const int *const POINTERS[2];",
        "extern Counters COUNTERS;",
        "#ifndef __cplusplus\n\n/**\n * what? ?/\n * /etc/passwd\n */\nvoid delete(int32_t unix_, int32_t errno_, int32_t typename_);\n#endif",
        "#ifndef __cplusplus\nstruct class {\n    enum way way;\n};\n#endif\n",
        "uint8_t hide(const struct Point *a);",
        "void number(int64_t a);",
    ] {
        assert!(text.contains(line), "{line}\n{text}");
    }
    let mut compilers = vec![(c_compiler(), ["-std=c99", "-xc"])];
    for (compiler, options) in [
        ("gcc", ["-std=c99", "-xc"]),
        ("g++", ["-std=c++98", "-xc++"]),
        ("clang", ["-std=c99", "-xc"]),
        ("clang++", ["-std=c++11", "-xc++"]),
    ] {
        match Command::new(compiler).arg("--version").output() {
            Ok(_) => compilers.push((compiler.to_string(), options)),
            Err(_) => println!("skipped: there is no {compiler}"),
        }
    }
    for (compiler, options) in compilers {
        // `zig cc` is two words.
        let mut words = compiler.split(' ');
        run(Command::new(words.next().unwrap())
            .args(words)
            .args(options)
            .args(["-Wall", "-Wextra", "-Werror", "-c", "-o"])
            .args([project.path("all.o"), header.clone()]));
    }
}

/// What a change of a C header must not do in silence.
#[test]
fn a_prototype_that_disagrees_is_an_error_with_both_places() {
    let project = Project::new("disagrees");
    let source = |include: &str| {
        format!(
            "cgo::c_preamble! {{\n#include \"callbacks.h\"\n{include}\n}}\n\n#[cgo::export_c]\npub fn on_event(code: i32) {{ let _ = code; }}\n"
        )
    };
    project.file("src/callbacks.h", "\nvoid on_event(int code);\n");
    project.file("src/lib.rs", &source(""));
    project.cargo("check -q");
    for (declared, difference) in [
        (
            "void on_event(long code);",
            "parameter 1 is a signed integer of 4 bytes here, and a signed integer of 8 bytes in C",
        ),
        (
            "void on_event(unsigned code);",
            "an unsigned integer of 4 bytes in C",
        ),
        (
            "void on_event(float code);",
            "a floating-point number of 4 bytes in C",
        ),
        ("void on_event(int *code);", "a pointer in C"),
        (
            "int on_event(int code);",
            "the result is nothing here, and a signed integer of 4 bytes in C",
        ),
        (
            "void on_event(int code, int more);",
            "the number of parameters is 1 here, and 2 in C",
        ),
        ("void on_event(int code, ...);", "it takes `...` in C"),
    ] {
        project.file("src/callbacks.h", &format!("\n{declared}\n"));
        let said = project.cargo_fails("check -q");
        for part in [difference, "callbacks.h:2", "src/lib.rs:7:8"] {
            assert!(said.contains(part), "{declared}: {part}\n{said}");
        }
        assert_eq!(said.matches("error[").count(), 1, "{said}");
    }
    // The header does not get in the way of that, nor of other words for the same types.
    project.file("src/lib.rs", &source("#include \"_cgo_export.h\""));
    let said = project.cargo_fails("check -q");
    assert!(
        said.contains("it takes `...` in C") && said.contains("callbacks.h:2"),
        "{said}"
    );
    project.file(
        "src/callbacks.h",
        "typedef int number;\nvoid on_event(const number code);\n",
    );
    project.cargo("check -q");
}

/// Variables and types are compared as functions are, and names that both sides define are rejected.
#[test]
fn other_declarations_that_disagree_are_errors() {
    let project = Project::new("others");
    let rust = "#[cgo::export_c] pub static COUNT: i32 = 5;\n\
                #[cgo::export_c] pub static MANY: [u16; 3] = [0; 3];\n\
                #[cgo::export_c] pub fn call(_: i32) -> i32 { 1 }\n\
                #[cgo::export_c] #[repr(C)] pub struct Pair { pub a: i32, pub b: i32 }\n\
                #[cgo::export_c] #[repr(C)] pub enum Way { Up, Down }\n";
    for (declared, difference) in [
        (
            "extern int COUNT; extern unsigned short MANY[]; int call(); struct Pair;",
            None,
        ),
        (
            "extern const int COUNT; extern uint16_t MANY[3]; enum Way { UP };",
            None,
        ),
        ("struct Pair { int a, b; }; typedef struct Pair Pair;", None),
        ("static int call(int a) { return a; }", None),
        ("__attribute__((weak)) int call(int a) { return a; }", None),
        (
            "extern long COUNT;",
            Some("it is a signed integer of 4 bytes here, and a signed integer of 8 bytes in C"),
        ),
        (
            "int COUNT(void);",
            Some("it is a variable here, and a function in C"),
        ),
        (
            "extern int call;",
            Some("it is a function here, and a variable in C"),
        ),
        (
            "extern unsigned short MANY[4];",
            Some("it is an array of 6 bytes here, and an array of 8 bytes in C"),
        ),
        ("int COUNT;", Some("`COUNT` is defined in C too")),
        (
            "int call(int a) { return a; }",
            Some("`call` is defined in C too"),
        ),
        (
            "struct Pair { int a; short b; };",
            Some("member 2 has 4 bytes at offset 4 here, and 2 bytes at offset 4 in C"),
        ),
        (
            "struct Pair { int a[2]; };",
            Some("the number of members is 2 here, and 1 in C"),
        ),
        (
            "typedef struct { long a, b; } Pair;",
            Some("16 bytes aligned to 8 in C"),
        ),
        (
            "enum Way { UP = -1 };",
            Some("an unsigned integer of 4 bytes here, and a signed integer of 4 bytes in C"),
        ),
    ] {
        let source = format!("cgo::c_preamble! {{\n#include <stdint.h>\n{declared}\n}}\n{rust}");
        project.file("src/lib.rs", &source);
        match difference {
            None => drop(project.cargo("check -q")),
            Some(difference) => {
                let said = project.cargo_fails("check -q");
                for part in [difference, "lib.rs:3"] {
                    assert!(said.contains(part), "{declared}: {part}\n{said}");
                }
                assert_eq!(said.matches("error[").count(), 1, "{said}");
            }
        }
    }
}

/// However many preambles the sources have, all are compared; a macro may write more than can be seen there.
#[test]
fn a_preamble_too_many_to_be_compared_is_an_error() {
    let project = Project::new("many");
    let source = |made: &str, last: &str| {
        format!(
            "macro_rules! many {{ ($($name:ident)*) => {{ $(mod $name {{ cgo::c_preamble! {{ extern int x; }} }})* }} }}\n\
             {made}\nmod last {{ cgo::c_preamble! {{ {last} }} }}\n#[cgo::export_c] fn on_event(_: i32) {{}}\n"
        )
    };
    let names: String = (0..20).map(|n| format!("m{n} ")).collect();
    let written = (0..20).map(|n| format!("mod m{n} {{ cgo::c_preamble! {{ extern int x; }} }}\n"));
    let (written, by_macro) = (written.collect::<String>(), format!("many! {{ {names} }}"));
    for fine in [
        "extern int y;",
        "#include \"_cgo_export.h\"\n",
        "void on_event(int code);",
    ] {
        project.file("src/lib.rs", &source(&written, fine));
        project.cargo("check -q");
    }
    for (made, expected) in [
        (&written, "`on_event` is not what C declares"),
        (&by_macro, "this preamble is number 21 of the crate"),
    ] {
        project.file("src/lib.rs", &source(made, "void on_event(long code);"));
        let said = project.cargo_fails("check -q");
        assert!(said.contains(expected), "{said}");
    }
}

/// Each preamble that declares an export is compared, in whatever module it is.
#[test]
fn every_preamble_is_compared() {
    let project = Project::new("several");
    let source = |second: &str| {
        format!(
            "mod a {{ cgo::c_preamble! {{ void on_event(int code); }} }}\nmod b {{ pub mod c {{ cgo::c_preamble! {{ void on_event({second} code); }} }} }}\n\
             mod d {{ mod e {{ #[cgo::export_c]\nfn on_event(_: i32) {{}} }} }}\n"
        )
    };
    project.file("src/lib.rs", &source("int"));
    project.cargo("check -q");
    project.file("src/lib.rs", &source("short"));
    let said = project.cargo_fails("check -q");
    assert!(
        said.contains("lib.rs:2: void on_event(short code)"),
        "{said}"
    );
}

#[test]
fn the_header_holds_what_is_compiled() {
    let project = Project::new("cfgs");
    project.manifest(&manifest("cfgs", "2021", "\n[features]\nmore = []\n"));
    project.file(
        "src/lib.rs",
        "cgo::c_preamble! { #cgo header: cfgs.h\n}\n#[cfg(feature = \"more\")] mod more;\n#[cfg(not(feature = \"more\"))] #[cgo::export_c] pub fn less() {}\n",
    );
    project.file("src/more.rs", "#[cgo::export_c] pub fn more() {}\n");
    let header = project.path("src/cfgs.h");
    project.cargo("check -q");
    let text = std::fs::read_to_string(&header).unwrap();
    assert!(
        text.contains("less(void)") && !text.contains("more(void)"),
        "{text}"
    );
    project.cargo("check -q --features more");
    let text = std::fs::read_to_string(&header).unwrap();
    assert!(
        !text.contains("less(void)") && text.contains("more(void)"),
        "{text}"
    );
}

/// Values and types are those that Rust means, whatever else has the same name; C's compiler compares.
#[test]
fn names_and_constants_mean_in_c_what_they_mean_in_rust() {
    let project = Project::new("meaning");
    project.file(
        "src/lib.rs",
        r#"cgo::c_preamble! {
#include "_cgo_export.h"
_Static_assert(F_LOW == 15 && F_SHIFTED == 254 && F_NEXT == 255, "in the constants' own types");
_Static_assert(G_TOP == 2147483647 && G_OWN == 7, "not the crate's MAX");
_Static_assert(sizeof(Item) == 1 && sizeof(Kept) == 12, "the crate's own, and by the path");
static void call(void) { hidden(); in_method(0); number(1); }
}
use cgo::export_c;
const MASK: u8 = !0xF0;
const X: u8 = 255;
const MAX: isize = 7;
#[export_c] #[repr(u32)] pub enum F { LOW = MASK as u32, SHIFTED = (X << 1) as u32, NEXT }
#[export_c] #[repr(C)] pub enum G { TOP = std::ffi::c_int::MAX as isize, OWN = MAX }
pub struct Counter;
impl Iterator for Counter { type Item = u32; fn next(&mut self) -> Option<u32> { None } }
#[export_c] #[repr(C)] pub struct Item { pub a: u8 }
mod sizes { pub const SIZE: usize = 3; pub type Word = u32; }
mod others { pub const SIZE: usize = 5; pub type Word = u8; }
use sizes::Word as W;
#[export_c] #[repr(C)] pub struct Kept { pub many: [W; sizes::SIZE] }
const _: () = { #[export_c] fn hidden() {} };
impl Counter { pub fn method() { struct Local; #[export_c] fn in_method(a: Option<&Local>) { let _ = a.is_some(); } } }
mod platform { #![cfg(windows)] #[cgo::export_c] pub fn number(a: *const u8) { let _ = a; } }
#[export_c] fn number(a: others::Word) { let _ = (a, others::SIZE); }
pub unsafe fn run() { unsafe { C::call() } }
"#,
    );
    project.cargo("check -q");
}

/// An export that a macro writes is not in the header, which says so: the preamble declares it, and is compared with it.
#[test]
fn an_export_of_a_macro_is_declared_by_the_preamble() {
    let project = Project::new("unread");
    let source = |prototype: &str| {
        format!(
            "cgo::c_preamble! {{\n#cgo header: unread.h\n{prototype};\nstatic int call(void) {{ return by_macro(40); }}\n}}\n\
             macro_rules! make {{ ($name:ident) => {{ #[cgo::export_c] fn $name(a: i32) -> i32 {{ a + 2 }} }} }}\nmake!(by_macro);\n\
             fn main() {{ println!(\"{{}}\", unsafe {{ C::call() }}) }}\n"
        )
    };
    project.file("src/main.rs", &source("int by_macro(int a)"));
    assert_eq!(project.cargo("run -q"), "42\n");
    let text = std::fs::read_to_string(project.path("src/unread.h")).unwrap();
    assert!(
        text.contains("/* Exports of the macro at main.rs:6 are not declared here"),
        "{text}"
    );
    project.file("src/main.rs", &source("int by_macro(long a)"));
    let said = project.cargo_fails("check -q");
    assert!(
        said.contains("`by_macro` is not what C declares: parameter 1"),
        "{said}"
    );
}

/// A macro's own constant hides one of a glob, and only rustc knows: what a source of the user's reads in the header is compared too.
#[test]
fn numbers_that_only_a_source_takes_in_are_compared() {
    const RUST: &str = r#"
        mod given { pub const N: usize = 3; }
        use given::*;
        macro_rules! number { ($name:ident) => { const $name: usize = 21; } }
        number!(N);
        cgo::c_preamble! {
            #cgo SOURCES: size.c
            int size(void);
        }
        #[cgo::export_c]
        #[repr(C)]
        struct P { bytes: [u8; N] }
        fn main() { assert_eq!(unsafe { C::size() }, std::mem::size_of::<P>() as i32) }
    "#;
    let project = Project::new("numbers");
    project.manifest(&manifest("numbers", "2024", ""));
    project.file(
        "src/size.c",
        "#include \"_cgo_export.h\"\nint size(void) { return sizeof(P); }\n",
    );
    let said = project.file("src/main.rs", RUST).cargo_fails("build");
    assert!(
        said.contains("number 1 in it is 21 here, and 3 in C"),
        "{said}"
    );
    let written = RUST.replace("number!(N);", "const N: usize = 21;");
    project.file("src/main.rs", &written).cargo("run");
}

/// What is behind a pointer is compared with C nowhere else.
#[test]
fn lengths_behind_aliases_and_pointers_are_compared() {
    const RUST: &str = r#"
        use cgo::export_c;
        mod given { pub const N: usize = 3; pub type Other = [u8; 3]; pub type Plain = [u8; 3]; }
        use given::*;
        macro_rules! written { ($item:item) => { $item } }
        written!(const N: usize = 21;);
        written!(type Other = [u8; 21];);
        type Row = [u8; N];
        type Rows = [Row; 2];
        #[export_c]
        fn total(row: &Row) -> u8 { row.iter().sum() }
        #[export_c]
        #[repr(C)]
        struct Holder { rows: *const Rows }
        #[export_c]
        static HELD: Option<&Other> = None;
        #[export_c]
        fn last(row: &Plain) -> u8 { row[2] }
        cgo::c_preamble! {
            #include "_cgo_export.h"
            static int last_of_three(void) { const uint8_t row[] = { 1, 2, 3 }; return last(&row); }
        }
        fn main() { assert_eq!(unsafe { C::last_of_three() }, 3) }
    "#;
    let project = Project::new("behind");
    project.manifest(&manifest("behind", "2024", ""));
    let said = project.file("src/main.rs", RUST).cargo_fails("build");
    for expected in [
        "`total` is not what C declares: number 1 in it is 21 here, and 3 in C",
        "`Holder` is not what C declares: number 1 in it is 21000000000002 here, and 3000000000002 in C",
        "`HELD` is not what C declares: number 1 in it is 21 here, and 3 in C",
    ] {
        assert!(said.contains(expected), "{expected}\n{said}");
    }
    assert!(!said.contains("`last` is"), "{said}");
    let written = RUST.lines().filter(|line| !line.contains("written!("));
    let written = written.collect::<Vec<_>>().join("\n");
    project.file("src/main.rs", &written).cargo("run");
}

/// C would read the members of its own struct in a value of Rust's.
#[test]
fn a_type_of_rust_whose_tag_c_defines_is_an_error() {
    const RUST: &str = r#"
        use cgo::export_c;
        pub struct Node { a: u64 }
        #[export_c]
        fn use_node(node: &Node) -> u64 { node.a }
        #[export_c]
        fn node_new() -> Box<Node> { Box::new(Node { a: 7 }) }
        cgo::c_preamble! {
            struct Nodes { int x; }; struct Node { int x; };
            #include "_cgo_export.h"
            static int seven(void) { return (int)use_node(node_new()); }
        }
        fn main() { assert_eq!(unsafe { C::seven() }, 7) }
    "#;
    let project = Project::new("opaque");
    project.manifest(&manifest("opaque", "2024", ""));
    let said = project.file("src/main.rs", RUST).cargo_fails("build");
    let expected = "`Node` is defined in C, and _cgo_export.h has the name for a type of Rust";
    assert!(said.contains(expected), "{said}");
    assert!(said.contains("src/main.rs:9:45"), "{said}");
    let own = RUST.replace("struct Node { int x; };", "");
    project.file("src/main.rs", &own).cargo("run");
    let header = "#include <search.h>\nstruct Node { int x; };\n";
    project.file("src/node.h", header);
    let included = RUST.replace("struct Node { int x; };", "\n#include \"node.h\"\n");
    let said = project.file("src/main.rs", &included).cargo_fails("build");
    assert!(
        said.contains(expected) && said.contains("node.h:2"),
        "{said}"
    );
}

/// Its prototypes name a type that no C of this preamble has.
#[test]
fn a_preamble_need_not_know_the_structs_of_another() {
    const RUST: &str = r#"
        use cgo::export_c;
        mod a { cgo::c_preamble! {
            struct point { int x, y; };
            typedef int number;
            #include "_cgo_export.h"
            static int three(void) { struct point p = { 1, 2 }; return take(p) + behind(&p) - 1; }
        } }
        #[export_c]
        fn take(point: a::C::struct_point) -> i32 { point.x + point.y }
        #[export_c]
        fn behind(point: *const a::C::struct_point) -> i32 { unsafe { (*point).x } }
        #[export_c]
        fn other(n: i32) -> i32 { n + 1 }
        cgo::c_preamble! {
            #cgo CFLAGS: -Werror
            #include "_cgo_export.h"
            static int five(void) { return other(4); }
        }
        fn main() { assert_eq!(unsafe { (a::C::three(), C::five()) }, (3, 5)) }
    "#;
    let project = Project::new("two");
    project.manifest(&manifest("two", "2024", ""));
    project.file("src/main.rs", RUST).cargo("run");
    let typed = RUST.replace("fn other(n: i32)", "fn other(n: a::C::number)");
    let said = project.file("src/main.rs", &typed).cargo_fails("build");
    for expected in [
        "unknown type name 'number'",
        "because of `#[export_c]` on `other` at",
        "help: declare the type before the `#include`",
        "src/main.rs:17:",
    ] {
        assert!(said.contains(expected), "{expected}\n{said}");
    }
}

#[test]
fn a_member_that_is_a_macro_in_c_is_an_error_that_names_it() {
    const RUST: &str = r#"
        #[cgo::export_c]
        #[repr(C)]
        struct Times { set: bool, st_atime: i32 }
        cgo::c_preamble! {
            #define st_atime st_atim.tv_sec
            #include "_cgo_export.h"
            static int size(void) { return sizeof(Times); }
        }
        fn main() { assert_eq!(unsafe { C::size() }, 8) }
    "#;
    let project = Project::new("member");
    project.manifest(&manifest("member", "2024", ""));
    let said = project.file("src/main.rs", RUST).cargo_fails("build");
    for expected in [
        "because of `#[export_c]` on `Times` at",
        "help: `st_atime` is a macro here; rename it in Rust",
    ] {
        assert!(said.contains(expected), "{expected}\n{said}");
    }
    let named = RUST.replace("set: bool, st_atime", "set: bool, accessed");
    project.file("src/main.rs", &named).cargo("run");
}

/// A preamble that does not include the header has nothing to compare types with.
#[test]
fn a_layout_that_flags_change_is_an_error_in_a_source() {
    const RUST: &str = r#"
        cgo::c_preamble! {
            #cgo SOURCES: pair.c
            #cgo CFLAGS: -DFLAG
            int pair(void);
        }
        #[cgo::export_c]
        #[repr(C)]
        struct Pair { a: u8, b: i32 }
        #[cgo::export_c]
        fn second(pair: &Pair) -> i32 { pair.b }
        fn main() { assert_eq!(unsafe { C::pair() }, 7) }
    "#;
    let project = Project::new("packed");
    project.file(
        "src/pair.c",
        "#include \"_cgo_export.h\"\nint pair(void) { Pair p = { 1, 7 }; return second(&p); }\n",
    );
    project.file("src/main.rs", RUST).cargo("run");
    for (flag, expected) in [
        ("-fpack-struct=1", "Rust does not know of -fpack-struct"),
        ("-fpack-struct=4", "Rust does not know of -fpack-struct"),
        ("-fshort-enums", "Rust does not know of -fshort-enums"),
    ] {
        let said = project
            .file("src/main.rs", &RUST.replace("-DFLAG", flag))
            .cargo_fails("build");
        assert!(said.contains(expected), "{flag}\n{said}");
    }
}
