//! How directives shape what a module offers: names hidden, without their starts, and constants of another type.

mod support;

use support::Project;

cgo::c_preamble! {
    #cgo strip: zip_ ZIP_ struct_
    #cgo constants: unsigned ZIP_FLAG_* !ZIP_FLAG_D
    #cgo constants: "unsigned long long" ZIP_BIG
    #cgo constants: double ZIP_RATIO
    #cgo constants: unsigned ZIP_NAM* !ZIP_NAME
    #cgo constants: float ZIP_ROUNDED
    #cgo constants: "unsigned long long" ZIP_FIRST
    #cgo noreturn: zip_die

    #include <stdlib.h>

    #define ZIP_FLAG_A 1
    #define ZIP_FLAG_B (1 << 31)
    #define ZIP_FLAG_C 0x80u
    #define ZIP_FLAG_D 2
    #define ZIP_BIG -1
    #define ZIP_FLAG_POINTER ((void *)-1)
    #define ZIP_FLAG_LONG 0x1ffffffffLL
    #define ZIP_FLAG_HALF 0.5
    #define ZIP_FLAG_ALL -1
    #define ZIP_RATIO 3
    #define ZIP_ROUNDED 9007199791611905LL
    static float rounded(void) { return (float)ZIP_ROUNDED; }
    #define ZIP_1 7
    #define ZIP_NAME "zip"
    enum { FIRST = 3 };
    #define ZIP_FIRST FIRST
    enum { SECOND = 4, ZIP_NAMED };
    #define ZIP_NAMES SECOND
    #define ZIP_NAMED ZIP_NAMED

    struct zip_file { int size; };
    struct point { int x; };
    typedef struct zip_file zip_t;
    typedef struct { long n; } zip_count_of;
    static int zip_size(const struct zip_file *f) { return f->size; }
    static void zip_die(int code) { exit(code); }
    static int zip_clash(void) { return 1; }
    static int clash(void) { return 2; }
    static int zip_type(void) { return 3; }
    int zip_count = 5;
}

#[test]
fn names_have_no_start() {
    let file = C::t { size: 4 };
    assert_eq!(
        unsafe { (C::size(&file), C::zip_size(&file), C::r#type()) },
        (4, 4, 3)
    );
    assert_eq!((C::NAME, C::ZIP_1, C::point { x: 1 }.x), (c"zip", 7, 1));
    assert_eq!(unsafe { (C::count, C::clash(), C::zip_clash()) }, (5, 2, 1));
}

#[test]
fn a_tag_that_is_no_other_name_needs_no_keyword() {
    cgo::c_preamble! {
        mod tags;
        #include <time.h>
        struct point { int x; };
        struct both { int y; };
        typedef int both;
        struct list { int length; };
        static int list(struct list *l) { return l->length; }
        enum state { ON = 8 };
        static enum state state(void) { return ON; }
    }
    let (point, tm) = (tags::point { x: 1 }, tags::tm::default());
    let both: tags::both = 2;
    assert_eq!(
        point.x + tm.tm_year + both + tags::struct_both { y: 3 }.y,
        6
    );
    // A function may have the name too, as in C.
    let mut list = tags::list { length: 4 };
    let state: tags::state = unsafe { tags::state() };
    assert_eq!(unsafe { (tags::list(&mut list), state) }, (4, 8));
}

#[test]
fn constants_have_the_type_that_a_directive_says() {
    let flags: u32 = C::ZIP_FLAG_A | C::ZIP_FLAG_B | C::FLAG_C;
    assert_eq!(flags, 0x8000_0081);
    let not_typed: i32 = C::ZIP_FLAG_D;
    assert_eq!(not_typed, 2);
    // A pattern leaves alone what its type does not have.
    assert_eq!(
        (C::ZIP_FLAG_LONG, C::ZIP_FLAG_HALF, C::ZIP_FLAG_ALL),
        (0x1_ffff_ffff_i64, 0.5, u32::MAX)
    );
    assert!(!C::ZIP_FLAG_POINTER.is_null());
    assert_eq!((C::ZIP_BIG, C::ZIP_RATIO), (u64::MAX, 3.0));
    let first: u64 = C::ZIP_FIRST;
    assert_eq!(first, 3);
    let (second, enumerator): (u32, i32) = (C::ZIP_NAMES, C::ZIP_NAMED);
    assert_eq!((second, enumerator), (4, 5));
    assert_eq!(C::ZIP_ROUNDED, unsafe { C::rounded() });
}

/// What C leaves open, or what needs more of a `long double` than an `f64` has, keeps its own type.
#[cfg(all(target_arch = "x86_64", not(target_env = "msvc")))]
#[test]
fn constants_are_converted_as_c_does() {
    cgo::c_preamble! {
        mod converted;
        #cgo constants: long LONG_*
        #cgo constants: "unsigned long long" UNSIGNED_*
        #cgo constants: double DOUBLE_*
        #cgo constants: float FLOAT_*
        #define LONG_MOST 9223372036854775807.0L
        #define LONG_BELOW_TWO 1.9999999999999999999L
        #define LONG_OVERFLOW 9223372036854775808.0
        #define LONG_MINUS -3.0
        #define UNSIGNED_MINUS -1.0
        #define UNSIGNED_INTEGER -1
        #define UNSIGNED_HALF_OF_ALL 9223372036854775808.0
        #define DOUBLE_WIDE 0.1L
        #define FLOAT_WIDE 1.000000059604644775390626L
    }
    let kept: [f64; 4] = [
        converted::LONG_MOST,
        converted::LONG_BELOW_TWO,
        converted::LONG_OVERFLOW,
        converted::UNSIGNED_MINUS,
    ];
    assert_eq!(
        kept,
        [9_223_372_036_854_775_807.0, 2.0, 2f64.powi(63), -1.0]
    );
    assert_eq!(converted::LONG_MINUS, -3 as std::ffi::c_long);
    assert_eq!(converted::UNSIGNED_INTEGER, u64::MAX);
    assert_eq!(converted::UNSIGNED_HALF_OF_ALL, 1u64 << 63);
    assert_eq!(converted::DOUBLE_WIDE, 0.1);
    let wide: f64 = converted::FLOAT_WIDE;
    assert_eq!(wide, 1.000_000_059_604_644_8);
}

#[cfg(target_pointer_width = "64")]
#[test]
fn a_constant_of_128_bits_keeps_its_sign() {
    cgo::c_preamble! {
        mod of_128_bits;
        #cgo constants: double MOST
        #define MOST (~(unsigned __int128)0)
        static double most(void) { return (double)MOST; }
    }
    assert_eq!(of_128_bits::MOST, unsafe { of_128_bits::most() });
}

#[test]
fn a_function_that_never_returns() {
    let _: fn(i32) -> std::convert::Infallible = |code| unsafe { C::zip_die(code) };
}

/// A name of a system header is found by its name without the start.
#[test]
fn a_name_of_the_system_without_its_start() {
    cgo::c_preamble! {
        mod zlib;
        #cgo strip: str
        #include <string.h>
    }
    assert_eq!(unsafe { zlib::len(c"abc".as_ptr()) }, 3);
}

/// Variables and constants whose names without the start are those of parameters: of a setter, of a function with a body.
#[test]
fn short_names_beside_parameters() {
    cgo::c_preamble! {
        mod library;
        #cgo strip: lib_
        enum { lib_value = 1 };
        #define lib_width 2
        int lib_this = 3;
        struct lib_parts { unsigned low : 3; char rest[]; };
        static int lib_area(int width, long double height) { return width * (int)height; }
    }
    let mut parts = library::parts::default();
    parts.set_low(5);
    assert_eq!((parts.low(), library::value, library::width), (5, 1, 2));
    assert_eq!(unsafe { (library::area(3, 4.0), library::this) }, (12, 3));
    assert!(!library::parts::rest_pointer(&raw const parts).is_null());
}

/// Nothing else names what is imported here, in a list inside of a list.
mod imported {
    #[allow(unused_imports)]
    pub(super) use super::{
        imported::times::{spec as Spec, tm as Time},
        support,
    };

    cgo::c_preamble! {
        pub(super) mod times;
        #cgo strip: time
        #include <time.h>
    }
}

#[test]
fn an_import_is_a_use_of_its_names() {
    let (spec, time) = (imported::Spec::default(), imported::Time::default());
    assert_eq!((spec.tv_nsec, time.tm_year), (0, 0));
}

/// A preamble imports types by the names that they have without a start, and by a tag alone.
mod borrowed {
    cgo::c_preamble! {
        pub(super) mod C;
        use super::C::{file, count_of as t};
        use super::C::point;
        use super::imported::times::tm;
        #cgo strip: zip_
        #include <time.h>

        struct zip_file { int size; };
        typedef struct { long n; } zip_t;
        struct point { int x; };
        static int size_of(const struct zip_file *f) { return f->size; }
        static long n_of(zip_t t) { return t.n; }
        static int x_of(struct point p) { return p.x; }
        static int year_of(const struct tm *t) { return t->tm_year; }
    }
}

#[test]
fn a_short_name_imports_the_type() {
    let (file, count) = (C::struct_zip_file { size: 4 }, C::zip_count_of { n: 5 });
    let time = imported::Time {
        tm_year: 7,
        ..Default::default()
    };
    unsafe {
        assert_eq!(borrowed::C::size_of(&file), 4);
        assert_eq!(borrowed::C::n_of(count), 5);
        assert_eq!(borrowed::C::x_of(C::point { x: 6 }), 6);
        assert_eq!(borrowed::C::year_of(&time), 7);
    }
}

mod traits {
    cgo::c_preamble! {
        pub(super) mod C;
        #cgo derive: Eq Hash Ord date owner* !owner
        #cgo derive: PartialEq PartialOrd place*
        #cgo derive: Debug holder packed_t
        #cgo derive: Debug PartialEq wave
        #cgo opaque: secret

        #include <string.h>

        struct date { short year; int month : 5, : 3, day : 6; char zone[3]; struct { int hour; } time; };
        struct place { double x; struct date *when; int (*f)(int); };
        typedef union { int i; float f; } either;
        struct holder { int kind; either value; };
        typedef struct __attribute__((packed)) { char c; int i; } packed_t;
        struct secret { double x; int y; };
        struct wave { float _Complex z; };
        struct incomplete;
        struct owner { struct secret secret; struct incomplete *other; };

        static struct date date(int year, int day, int garbage) {
            struct date d;
            memset(&d, garbage, sizeof d);
            d.year = year; d.month = 2; d.day = day; d.time.hour = 3;
            memset(d.zone, 0, sizeof d.zone);
            return d;
        }
        static struct secret make_secret(int y) { struct secret s = { 0.5, y }; return s; }
        static double of_secret(struct secret s) { return s.x + s.y; }
        enum { SIZE_OF_SECRET = sizeof(struct secret) };
    }
}

#[test]
fn a_struct_gets_the_traits_that_a_directive_says() {
    use std::collections::HashSet;
    use traits::C;
    let date = |year, day, garbage| unsafe { C::date(year, day, garbage) };
    // No padding counts.
    assert_eq!(date(2026, 3, 0), date(2026, 3, 255));
    assert_ne!(date(2026, 3, 0), date(2026, 4, 0));
    assert!(date(2025, 9, 0) < date(2026, 3, 0) && date(2026, 3, 0) < date(2026, 9, 0));
    let dates: HashSet<C::struct_date> = [date(1, 1, 0), date(1, 1, 255)].into();
    assert_eq!(dates.len(), 1);
    let place = C::struct_place {
        x: 0.5,
        ..Default::default()
    };
    assert!(place == place && place <= C::struct_place { x: 1.0, ..place });
}

#[test]
fn debug_shows_what_it_can() {
    use traits::C;
    let holder = C::struct_holder {
        kind: 1,
        ..Default::default()
    };
    assert_eq!(
        format!("{holder:?}"),
        "struct_holder { kind: 1, value: either { .. } }"
    );
    let packed = C::packed_t { c: 1, i: 2 };
    assert_eq!(format!("{packed:?}"), "packed_t { c: 1, i: 2 }");
    let wave = C::struct_wave::default();
    assert_eq!(
        format!("{wave:?}"),
        "struct_wave { z: Complex { re: 0.0, im: 0.0 } }"
    );
    assert!(wave == wave);
    let owner = C::struct_owner {
        secret: unsafe { C::make_secret(2) },
        other: std::ptr::null_mut(),
    };
    assert_eq!(
        format!("{owner:?}"),
        "struct_owner { secret: struct_secret { .. }, other: 0x0 }"
    );
}

#[test]
fn an_opaque_struct_is_passed_as_c_passes_it() {
    use traits::C;
    assert_eq!(unsafe { C::of_secret(C::make_secret(2)) }, 2.5);
    assert_eq!(size_of::<C::struct_secret>(), C::SIZE_OF_SECRET as usize);
}

#[test]
fn a_trait_that_c_cannot_give_is_an_error() {
    let project = Project::new("underivable");
    for (directive, said) in [
        (
            "Eq point",
            "`derive: Eq point`: `x`: a floating-point number has no total equality",
        ),
        (
            "Hash either",
            "`derive: Hash either`: a union does not know what it holds",
        ),
        (
            "PartialOrd wave",
            "`derive: PartialOrd wave`: `z`: `cgo::Complex` does not implement it",
        ),
        ("Eq color", "`derive: color`: `color` is not a struct"),
        ("point", "`derive:` takes traits and the names of structs"),
    ] {
        project.file(
            "src/main.rs",
            &format!("cgo::c_preamble! {{\n    #cgo derive: {directive}\n    struct point {{ double x; }}; struct wave {{ float _Complex z; }}; union either {{ int x; }}; enum color {{ RED }};\n}}\nfn main() {{}}\n"),
        );
        let messages = project.cargo_fails("check");
        assert!(
            messages.contains(said) && messages.contains("--> src/main.rs:2:5"),
            "{messages}"
        );
    }
}

mod macros {
    cgo::c_preamble! {
        pub(super) mod C;
        #cgo macro: int WEXITSTATUS(int status)
        #cgo macro: unsigned long LARGER(unsigned long, unsigned long)
        #cgo macro: void BUMP(int *counter);
        #cgo macro: const char *NAME_OF(int (*)(int))
        #cgo macro: destructor KEPT(void)
        #cgo macro: destructor COPIED(void)
        #cgo macro: long long ONE()
        #cgo macro: int HALF_OF(int whole)
        #cgo macro: void RESET(void)
        #cgo macro: long double TWICE(long double)
        #cgo macro: int third(int)
        #cgo functions: api_* hook half_of
        #cgo unsafe safe: current LARGER hook

        #if defined _WIN32 || defined __wasi__
        #define WEXITSTATUS(status) (((status) & 0xff00) >> 8)
        #else
        #include <sys/wait.h>
        #endif

        #define LARGER(a, b) ((a) > (b) ? (a) : (b))
        #define BUMP(p) do { ++*(p); } while (0)
        #define NAME_OF(f) ((f) ? "#one" : "none")
        #define TWICE(x) ((x) * 2)
        static inline int third(int x) { return x / 3; }
        #define third(x) (third(x) + 1)

        typedef void (*destructor)(void *);
        #define KEPT ((destructor)0)
        #define COPIED ((destructor)-1)
        #define ONE 1
        #define TWO (ONE + ONE)
        #define RESET (count = 7)
        #define HALF_OF half_of
        static int half(int whole) { return whole / 2; }
        #define half_of half
        static int (*hook_of_preamble)(int) = half;
        #define hook hook_of_preamble

        struct api { int (*open)(const char *name, int flags); long double (*half)(long double x); int (*first)(int, ...); };
        static int api_of_open(const char *name, int flags) { return name[0] + flags; }
        static long double api_of_half(long double x) { return x / 2; }
        static int api_of_first(int n, ...) { return n; }
        static const struct api table = { api_of_open, api_of_half, api_of_first };
        static const struct api *api = &table;
        #define api_open api->open
        #define api_half (api->half)
        #define api_first api->first

        static int count = 7;
        #define current (count + 1)
    }
}

#[test]
fn a_macro_with_a_prototype_is_a_function() {
    use macros::C;
    let mut n = 1;
    unsafe {
        assert_eq!(C::WEXITSTATUS(0x0300), 3);
        C::BUMP(&mut n);
        assert_eq!(C::GoString(C::NAME_OF(None)), "none");
    }
    assert_eq!((n, C::LARGER(3, 9)), (2, 9));
}

#[test]
fn a_macro_for_a_function_pointer_is_a_function() {
    use macros::C;
    assert_eq!(unsafe { C::api_open(c"A".as_ptr(), 1) }, 66);
    assert_eq!(unsafe { C::api_half(5.0) }, 2.5);
    // A pattern leaves alone what no C function can pass on.
    assert_eq!(unsafe { C::api_first().unwrap()(6, 7) }, 6);
}

#[test]
fn a_macro_for_a_value_is_a_function_with_the_type_of_its_prototype() {
    use macros::C;
    unsafe {
        assert!(C::KEPT().is_none());
        assert_eq!(C::COPIED().map(|copied| copied as usize), Some(usize::MAX));
        let one: core::ffi::c_longlong = C::ONE();
        assert_eq!((one, C::TWO), (1, 2));
        assert_eq!(C::TWICE(1.5), 3.0);
        // A call in C means the macro, and not the function.
        assert_eq!(C::third(6), 3);
        C::RESET();
    }
}

#[test]
fn a_macro_that_names_a_function_is_a_function() {
    use macros::C;
    assert_eq!(unsafe { (C::HALF_OF(8), C::half_of(6)) }, (4, 3));
    assert_eq!(C::hook(10), 5);
}

mod without_headers {
    cgo::c_preamble! {
        pub(super) mod C;
        #cgo macro: size_t WIDTH(void)
        #define WIDTH sizeof(long)
    }
}

#[test]
fn a_prototype_has_the_sizes_of_c() {
    let width: usize = unsafe { without_headers::C::WIDTH() };
    assert_eq!(width, size_of::<core::ffi::c_long>());
}

mod prototypes {
    cgo::c_preamble! {
        pub(super) mod C;
        #cgo prototype: int call(handler handler, struct event *event)
        #cgo prototype: int call_alone(handler, struct event *)
        #cgo prototype: int call_inlined(int (*)(struct event *, short), struct event *)
        #cgo prototype: struct event *scaled(struct event *event, long double by)
        #cgo prototype: int sum(const short *first, ...)
        #cgo prototype: handler known(void)
        #cgo prototype: size_t strlen(const unsigned char *)
        #cgo prototype: int exported_to_c(int (*doubling)(int))
        #cgo prototype: int ev_caught(int (*handler)(struct event *), struct event *event)
        #cgo prototype: void ev_leave(const struct event *event)
        #cgo strip: ev_
        #cgo unwind: ev_caught
        #cgo noreturn: ev_leave
        #cgo unsafe nonnull: handler
        #cgo unsafe safe: known

        #include <stdarg.h>
        #include <stdlib.h>
        #include <string.h>
        struct event { int code; };
        typedef void (*function)(void);
        typedef int (*handler)(struct event *, short);
        int exported_to_c(function doubling);
        static int call(function called, void *event) { return ((handler)called)(event, 40); }
        int call_alone(function called, void *event) { return call(called, event); }
        static inline __attribute__((always_inline)) int call_inlined(function called, void *event) { return call(called, event); }
        #define call_again call
        static void *scaled(void *event, long double by) {
            struct event *scaled = event;
            scaled->code = (int)(scaled->code * by);
            return scaled;
        }
        static int sum(const void *numbers, ...) {
            va_list rest;
            va_start(rest, numbers);
            int sum = *(const short *)numbers + va_arg(rest, int);
            va_end(rest);
            return sum;
        }
        static int code_of(struct event *event, short more) { return event->code + more; }
        static function known(void) { return (function)code_of; }
        static int ev_caught(function called, void *event) { return ((int (*)(struct event *))called)(event); }
        static void ev_leave(const void *event) { exit(((const struct event *)event)->code); }
    }
}

#[cgo::export_c]
unsafe extern "C" fn exported_to_c(
    doubling: Option<unsafe extern "C" fn(core::ffi::c_int) -> core::ffi::c_int>,
) -> core::ffi::c_int {
    doubling.map_or(0, |double| unsafe { double(21) })
}

#[test]
fn a_function_has_the_pointers_of_its_prototype() {
    use core::ffi::{c_int, c_short};
    use prototypes::C;
    unsafe extern "C" fn handler(event: *mut C::struct_event, more: c_short) -> c_int {
        unsafe { (*event).code + c_int::from(more) }
    }
    let mut event = C::struct_event { code: 2 };
    let event = &raw mut event;
    unsafe {
        assert_eq!(C::call(handler, event), 42);
        assert_eq!(C::call_alone(handler, event), 42);
        assert_eq!(C::call_inlined(Some(handler), event), 42);
        assert_eq!(C::call_again(handler, event), 42);
        assert_eq!((*C::scaled(event, 2.5)).code, 5);
        assert_eq!(C::sum(&30, 12), 42);
        assert_eq!(C::known()(event, 1), 6);
        let length: usize = C::strlen([1, 2, 3, 4, 0u8].as_ptr());
        assert_eq!(length, 4);
        unsafe extern "C" fn double(n: c_int) -> c_int {
            2 * n
        }
        assert_eq!(C::exported_to_c(Some(double)), 42);
    }
    type Unwinding = Option<unsafe extern "C-unwind" fn(*mut C::struct_event) -> c_int>;
    let _: unsafe extern "C-unwind" fn(Unwinding, *mut C::struct_event) -> c_int = C::caught;
    let _: unsafe extern "C" fn(*const C::struct_event) -> ! = C::leave;
}

#[test]
fn a_macro_can_be_safe() {
    assert_eq!(macros::C::current(), 8);
}

const LIBRARY: &str = "cgo::c_preamble! {
    pub mod sys;
    #cgo hide: internal_* struct_secret in_a_member
    #cgo bind: CString
    #include <sys/types.h>
    typedef int in_a_member;
    struct secret { in_a_member x; };
    static int internal_f(void) { return 1; }
    static pid_t api(struct secret *s) { return s ? s->x : internal_f(); }
    enum { internal_ONE = 1, TWO };
    #define internal_M 3
}
pub fn inside() -> i32 {
    let _ = sys::GoString::<u8>;
    unsafe { sys::internal_f() + sys::internal_ONE as i32 + sys::internal_M + sys::struct_secret::default().x }
}
";

/// A program with the library `sys_library`.
fn user(name: &str, library: &str, main: &str) -> Project {
    let project = Project::new(name);
    let manifest = std::fs::read_to_string(project.path("Cargo.toml")).unwrap();
    let of_library = manifest.replace(name, "sys_library");
    project
        .manifest(&format!(
            "{manifest}sys_library = {{ path = \"library\" }}\n"
        ))
        .file("library/Cargo.toml", &of_library.replace("[workspace]", ""))
        .file("library/src/lib.rs", library)
        .file("src/main.rs", main);
    project
}

#[test]
fn what_is_hidden_is_the_crates_own() {
    let user = |name: &str, uses: &str| user(name, LIBRARY, &format!("fn main() {{ {uses} }}\n"));
    let project = user(
        "hidden_uses",
        "unsafe { println!(\"{} {}\", sys_library::inside(), sys_library::sys::api(std::ptr::null_mut())) }; let _ = sys_library::sys::CString(\"a\"); let _ = sys_library::sys::TWO;",
    );
    assert_eq!(project.cargo("run -q"), "5 1\n");
    for name in [
        "internal_f",
        "internal_ONE",
        "internal_M",
        "GoString",
        "__pid_t",
        "in_a_member",
    ] {
        let project = user("hidden_name", &format!("let _ = sys_library::sys::{name};"));
        let said = project.cargo_fails("check");
        assert!(
            said.contains("private") || said.contains("cannot find"),
            "{name}: {said}"
        );
    }
}

/// Headers of the C library declare most in files of a folder `bits`.
#[test]
#[cfg(target_os = "linux")]
fn a_header_has_what_its_parts_declare() {
    let library = "cgo::c_preamble! {\n    pub mod sys;\n    #cgo bind: <fcntl.h>\n    #cgo hide: <signal.h>\n    #include <fcntl.h>\n    #include <signal.h>\n}\n\
                   pub fn signal() -> i32 { sys::SIGTERM }\n";
    let compared = |name: &str| {
        format!(
            "cgo::c_preamble! {{\n    #include <fcntl.h>\n    #include <signal.h>\n    static int of_c(void) {{ return {name}; }}\n}}\n\
             fn main() {{ assert_eq!(sys_library::sys::{name}, unsafe {{ C::of_c() }}); }}\n"
        )
    };
    user("bound_parts", library, &compared("O_CREAT")).cargo("run -q");
    let said = user("hidden_parts", library, &compared("SIGTERM")).cargo_fails("check");
    assert!(said.contains("`SIGTERM` is private"), "{said}");
}

/// What a module offers to other crates does not depend on what its own crate writes.
#[test]
fn another_crate_uses_a_tag_alone() {
    let library = "mod ffi {\n    cgo::c_preamble! {\n        pub mod C;\n        #cgo strip: zap_\n        #cgo bind: tm\n        #include <time.h>\n        \
                   struct zap_item { int x; };\n        struct plain { int x; };\n    }\n}\npub use ffi::C as sys;\n";
    let main = "use sys_library::sys;\ncgo::c_preamble! {\n    use sys_library::sys::{item as zap_item, tm};\n    #include <time.h>\n    struct zap_item { int x; };\n    \
                static int x_of(struct zap_item i, struct tm t) { return i.x + t.tm_sec; }\n}\n\
                fn main() {\n    let tm = sys::tm { tm_sec: 4, ..Default::default() };\n    \
                println!(\"{}\", sys::plain { x: 1 }.x + unsafe { C::x_of(sys::item { x: 2 }, tm) });\n}\n";
    let project = user("tags_alone", library, main);
    assert_eq!(project.cargo("run -q"), "7\n");
}

#[test]
fn a_word_that_matches_nothing_is_an_error() {
    let project = Project::new("no_match");
    for directive in [
        "hide: no_such_*",
        "strip: no_such_",
        "constants: int no_such",
        "noreturn: no_such",
        "unwind: no_such",
        "unsafe nonnull: no_such",
        "functions: no_such",
        "bind: <no_such.h>",
    ] {
        project.file(
            "src/main.rs",
            &format!(
                "cgo::c_preamble! {{\n    #cgo {directive}\n    int f(void);\n}}\nfn main() {{}}\n"
            ),
        );
        let said = project.cargo_fails("check");
        assert!(
            said.contains("not found in the preamble and its headers")
                && said.contains("--> src/main.rs:2:5"),
            "{said}"
        );
    }
}

#[test]
fn a_name_of_another_kind_is_an_error() {
    let project = Project::new("other_kind");
    for (directive, said) in [
        ("noreturn: point", "`point` is not a function"),
        (
            "unwind: RED",
            "is not a function or a type of function pointers",
        ),
        (
            "unsafe nonnull: f",
            "`f` is not a type of function pointers",
        ),
        (
            "unsafe nonnull: typing",
            "`typing` is not a type of function pointers",
        ),
        (
            "constants: long f",
            "`f` is not a macro for a constant number",
        ),
        (
            "constants: long NAME",
            "`constants: NAME`: `NAME` is not a macro for a constant number",
        ),
        (
            "constants: long HALF* CALL",
            "`CALL` is not a macro for a constant number",
        ),
        ("functions: f", "`f` is not a macro for a function"),
        ("functions: HALF", "`HALF` is not a macro for a function"),
        ("constants: u32 HALF", "`u32` is not a type of C"),
        ("constants: bool HALF", "write `#include <stdbool.h>`"),
        (
            "constants: color HALF",
            "write `#cgo constants: \"enum color\" ..`",
        ),
        (
            "constants: unsigned HALF",
            "does not fit the type `unsigned`",
        ),
        (
            "macro: int HALF(int)",
            "write `#cgo macro: int HALF(void)` for a function that returns its value",
        ),
        (
            "macro: int f(int)",
            "write `#cgo prototype: ...` to give it other pointers",
        ),
        ("macro: int point(int)", "`macro: point`: it is not a macro"),
        (
            "prototype: int OBJECT(int)",
            "write `#cgo macro: ...` to make a function of it",
        ),
        ("prototype: int pont(int)", "exists: `point`"),
        ("prototype: int point(int)", "it is not a function"),
        ("prototype: int variable(int)", "it is not a function"),
        (
            "prototype: int f(int, int)",
            "the number of its parameters is 2 here and 1 in C",
        ),
        ("prototype: int f(int, ...)", "it ends in `...`"),
        (
            "prototype: int f(long)",
            "parameter 1 is `long` here and `int` in C",
        ),
        (
            "prototype: long f(int)",
            "the result is `long` here and `int` in C",
        ),
        (
            "prototype: int g(void *)",
            "parameter 1 is `void *` here and `void (*call)(void)` in C",
        ),
        (
            "prototype: int typed(void *)",
            "parameter 1 is `void *` here and another type in C",
        ),
        (
            "prototype: int old(void)",
            "it is defined without a prototype",
        ),
        ("prototype: int f(no_such)", "no_such"),
        ("macro: const char *TEXT(int)", "the text of an argument"),
        ("macro: int NONE(int)", "not found in the preamble"),
        (
            "macro: int *LITERAL(void)",
            "`macro: LITERAL`: it holds the address of a compound literal",
        ),
        (
            "macro: char *TEXT(int, int)",
            "the number of its parameters is 2 here and 1 in C",
        ),
        (
            "prototype: int f(int)\n    #cgo prototype: int f(int)",
            "another `#cgo prototype:` gives it a prototype",
        ),
        ("prototype: int f(int), g(int)", "is not a prototype"),
        ("derive: Hsh point", "the trait `Hsh` (similar: `Hash`)"),
        ("derive: Eq <no.h>", "only `bind:` and `hide:` take"),
    ] {
        project.file(
            "src/main.rs",
            &format!(
                "cgo::c_preamble! {{\n    #cgo {directive}\n    struct point {{ int x; }}; enum color {{ RED }}; int f(int);\n    \
                 int variable; int g(void (*call)(void)); typedef int typing(int); typing typed; static int old(x) short x; {{ return x; }}\n    \
                 #define HALF 0.5\n    #define NAME \"zip\"\n    #define CALL f(1)\n    \
                 #define OBJECT f\n    #define TEXT(x) #x\n    #define LITERAL (&(int){{3}})\n}}\nfn main() {{ let _ = C::HALF; }}\n"
            ),
        );
        let messages = project.cargo_fails("check");
        assert!(messages.contains(said), "{directive}: {messages}");
    }
}
