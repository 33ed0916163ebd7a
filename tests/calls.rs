//! Functions that Rust cannot call as C does, as a program sees them: a function in C stands in between.

#[cfg(target_arch = "x86_64")]
use std::ffi::c_void;
use std::ffi::{c_char, c_int};

cgo::c_preamble! {
    // What is passed in two ways, depending on a flag, is passed by address here; and clang does not know all of gcc's.
    #cgo CFLAGS: -Wno-psabi -Wno-pragmas -Wno-unknown-warning-option -Wno-unknown-attributes -Wno-atomic-alignment
    #include <stdarg.h>
    #include <stdio.h>
    #include <stdlib.h>
    #include <string.h>
    #include <complex.h>
    #include <math.h>
    #include <stdatomic.h>

    // Floating-point numbers that Rust has not.
    long double twice(long double x) { return x * 2; }
    static long double static_twice(const long double x, int n) { return x * 2 * n; }
    _Complex long double times_i(_Complex long double z) { return z * I; }
    void get_long_double(const long double *from, long double *to) { *to = *from + 1; }
    #ifdef __SIZEOF_FLOAT128__
    __float128 quadruple(__float128 a) { return a * 4; }
    __float128 make_quadruple(double a) { return a; }
    double of_quadruple(__float128 a) { return (double)a; }
    #endif

    // Vectors.
    typedef float four __attribute__((vector_size(16)));
    typedef int eight __attribute__((vector_size(32)));
    four add(four a, four b) { return a + b; }
    static eight negate(eight a) { return -a; }
    static int sum_of(four a, int b, eight c) { return (int)a[0] + (int)a[3] + b + c[7]; }

    // Records.
    struct __attribute__((packed)) packed { char c; int i; double d; };
    struct bits { unsigned a : 3; int b : 9; long long c : 50; };
    struct __attribute__((aligned(32))) aligned { int i; };
    struct padded { char c; _Alignas(8) char d; };
    struct holds_packed { struct packed p; short s; };
    struct holds_long_double { long double l; int i; };
    typedef struct { unsigned x : 4, y : 4; } nibbles;
    struct empty {};
    union mixed { struct bits b; four v; };
    struct packed change_packed(struct packed p, int by) { p.i += by; p.d *= by; return p; }
    struct bits change_bits(int by, struct bits b) { b.a += by; b.b -= by; b.c *= by; return b; }
    static struct aligned change_aligned(struct aligned a, struct padded p) { a.i += p.c + p.d; return a; }
    nibbles swap_nibbles(nibbles n) { nibbles m = { n.y, n.x }; return m; }
    struct holds_packed change_holds(struct holds_packed h) { h.p.i = -h.p.i; h.s++; return h; }
    struct holds_long_double change_long_double(struct holds_long_double h) { h.l = h.l * 2; h.i++; return h; }
    int take_empty(struct empty e, int a) { return a + 1; }
    union mixed change_mixed(union mixed m) { m.b.a = 7; return m; }
    void store_packed(struct packed p, struct packed *to) { *to = p; }

    // Found by cgo-abi-fuzz: a bit-field without a name makes gcc pass an integer, and clang before 20 passes the last two here in a way of its own.
    union hidden_bits { int : 3; float f; };
    typedef union { int : 3; float f; } untagged_hidden_bits;
    int take_hidden(union hidden_bits h, int a, float g) { return (int)h.f * 100 + a * 10 + (int)g; }
    int take_untagged(untagged_hidden_bits h, int a, float g) { return (int)h.f * 100 + a * 10 + (int)g; }

    // Records whose only name has a qualifier.
    typedef const struct { long double l; } const_long_double;
    typedef const struct { unsigned a : 3, b : 5; } const_bits;
    typedef volatile union __attribute__((packed)) { char c; int i[2]; } volatile_packed;
    int take_const_long_double(int a, const_long_double c) { return a + (int)c.l; }
    const_bits change_const_bits(const_bits b) { const_bits c = { b.b, b.a }; return c; }
    int take_volatile_packed(volatile_packed p) { return p.i[0] + p.i[1]; }
    #ifdef __SIZEOF_INT128__
    __int128 split(int a, int b, int c, int d, int e, __int128 wide, int last) { return wide * 10 + last + a + b + c + d + e; }
    #endif

    // Found by it on other machines, where rustc passes these otherwise than C: s390x, riscv64, arm.
    union one_float { float f; };
    struct float_in_array { float f[1]; };
    struct pointer_and_number { void *p; double d; };
    struct __attribute__((packed, aligned(8))) packed_again { long long n; };
    int take_one_float(int a, union one_float u, struct float_in_array s, float g) { return a * 1000 + (int)u.f * 100 + (int)s.f[0] * 10 + (int)g; }
    struct pointer_and_number take_pointer(int a, struct pointer_and_number p, double e) { p.d += a * 10 + e; return p; }
    int take_packed_again(int a, struct packed_again p, int b) { return a * 100 + (int)p.n * 10 + b; }

    // Atomics.
    int take_atomic(_Atomic int a, int b) { return a + b; }

    // va_list.
    static int add_list(int count, va_list list) { int sum = 0; while (count-- > 0) sum += va_arg(list, int); return sum; }
    typedef int (*with_list)(int count, va_list list);
    static int call_with_list(with_list f, int count, ...) {
        va_list list;
        va_start(list, count);
        int result = f(count, list);
        va_end(list);
        return result;
    }

    // No symbol.
    static inline __attribute__((always_inline)) int only_inlined(int a, const char *s) { return a + (int)strlen(s); }
    extern inline __attribute__((gnu_inline, always_inline)) char *gnu_inlined(char *s) { return s + 1; }
    static inline __attribute__((always_inline)) struct padded inlined_padded(struct padded p) { p.c++; return p; }

    // Other conventions.
    #ifdef __x86_64__
    #ifdef _WIN32
    #define OTHER sysv_abi
    // What windows.h writes before most functions and pointers to functions is the usual convention there.
    typedef int (__attribute__((ms_abi)) *windows_pointer)(int);
    static int __attribute__((stdcall)) __attribute__((ms_abi)) windows_twice(int a) { return a * 2; }
    static windows_pointer get_windows_twice(void) { return windows_twice; }
    #else
    #define OTHER ms_abi
    #endif
    __attribute__((OTHER)) int other(int a, double b, long c, int d, int e, int f);
    __attribute__((OTHER)) int other(int a, double b, long c, int d, int e, int f) { return a + (int)b * 10 + (int)c * 100 + d * 1000 + e * 10000 + f * 100000; }
    static struct packed __attribute__((OTHER)) other_packed(struct packed p) { p.i++; return p; }
    typedef int (__attribute__((OTHER)) *other_pointer)(int);
    typedef int (*usual_pointer)(int);
    static int __attribute__((OTHER)) other_twice(int a) { return a * 2; }
    static other_pointer get_other_twice(void) { return other_twice; }
    static int call_other(other_pointer f, int a) { return f(a); }
    static int call_other_unnamed(int (__attribute__((OTHER)) *f)(int), int a) { return f(a); }
    static int call_usual(int (*f)(int), int a) { return f(a); }
    static int (__attribute__((OTHER)) *other_variable)(int) = other_twice;
    static long __attribute__((OTHER)) other_half(long a) { return a / 2; }
    static struct { long (__attribute__((OTHER)) *half)(long); } other_member = { other_half };
    static long call_other_half(long (__attribute__((OTHER)) *f)(long), long a) { return f(a); }
    static long (__attribute__((OTHER)) *other_halves[1])(long) = { other_half };
    static long (__attribute__((OTHER)) *get_other_half(void))(long) { return other_half; }
    #define CALL_HALF call_other_half
    #define OTHER_HALF ((long (__attribute__((OTHER)) *)(long))other_half)
    struct callbacks { int (__attribute__((OTHER)) *other)(int); long double (*wide)(long double); };
    static usual_pointer get_usual(void) { return abs; }
    #endif

    // A macro of the same name stands in front of it.
    static long double half(long double x) { return x / 2; }
    #define half(x) (3.0L)
    #define HALF half
    #define ANOTHER_TWICE twice

    // Defined as before C89: no call of these converts what it passes.
    #pragma GCC diagnostic ignored "-Wdeprecated-non-prototype"
    int old_style(a, s, d) int a; char *s; double d; { return a + s[0] + (int)d; }
    static float old_float(f, c, u) float f; char c; unsigned short u; { return f + c + u; }
    long double old_long(l, p) long double l; struct packed p; { return l + p.i; }
    int old_after(int, char *);
    int old_after(a, s) int a; char *s; { return a + s[0]; }
    int old_none() { return 6; }

    // Never return.
    _Noreturn void leave(int code) { exit(code); }
    static void __attribute__((noreturn)) leave_static(long double code) { exit((int)code); }
    void leave_later(void) __attribute__((__noreturn__));
    void leave_later(void) { exit(3); }
    int returns(void (*f)(void) __attribute__((noreturn))) { return f != 0; }
    void (*returns_a_function(void))(void) { return leave_later; }
}

#[test]
fn a_long_double_is_a_double_on_the_way() {
    unsafe {
        assert_eq!(C::twice(1.25), 2.5);
        assert_eq!(C::ANOTHER_TWICE(1.5), 3.0);
        assert_eq!(C::static_twice(1.5, -2), -6.0);
        assert_eq!(C::fmal(2.0, 3.0, 4.0), 10.0);
        assert_eq!(C::strtold(c"0.5".as_ptr(), std::ptr::null_mut()), 0.5);
        assert_eq!(C::HALF(8.0), 4.0);
    }
}

#[cfg(all(
    any(target_arch = "x86", target_arch = "x86_64"),
    not(any(target_env = "msvc", target_vendor = "apple"))
))]
#[test]
fn a_float_of_128_bits_crosses_by_address() {
    unsafe {
        let quadruple = C::quadruple(C::make_quadruple(1.5));
        assert_eq!(C::of_quadruple(quadruple), 6.0);
    }
}

#[test]
fn vectors_cross_by_address() {
    fn bytes<const N: usize, const M: usize>(
        numbers: [[u8; 4]; M],
    ) -> [std::mem::MaybeUninit<u8>; N] {
        std::array::from_fn(|index| std::mem::MaybeUninit::new(numbers[index / 4][index % 4]))
    }
    let (mut a, mut b) = (C::four::default(), C::four::default());
    a.bytes = bytes([1.5f32, 2.0, 3.0, 4.0].map(f32::to_ne_bytes));
    b.bytes = bytes([0.5f32, 1.0, 1.0, -1.0].map(f32::to_ne_bytes));
    let sum = unsafe { C::add(a, b) };
    let sum: [f32; 4] = unsafe { std::mem::transmute(sum) };
    assert_eq!(sum, [2.0, 3.0, 4.0, 3.0]);
    let mut c = C::eight::default();
    c.bytes = bytes([1, 2, 3, 4, 5, 6, 7, 8].map(i32::to_ne_bytes));
    assert_eq!(unsafe { C::sum_of(a, 10, c) }, 1 + 4 + 10 + 8);
    let negated: [i32; 8] = unsafe { std::mem::transmute(C::negate(c)) };
    assert_eq!(negated[7], -8);
}

#[test]
fn records_that_rust_lays_out_otherwise_cross_by_address() {
    unsafe {
        let p = C::change_packed(C::struct_packed { c: 1, i: 2, d: 1.5 }, 3);
        assert_eq!((p.c, { p.i }, { p.d }), (1, 5, 4.5));
        let mut b = C::struct_bits::default();
        b.set_a(2);
        b.set_b(-100);
        b.set_c(1 << 40);
        let b = C::change_bits(3, b);
        assert_eq!((b.a(), b.b(), b.c()), (5, -103, 3 << 40));
        let mut padded = C::struct_padded::default();
        (padded.c, padded.d) = (2, 3);
        let aligned = C::change_aligned(C::struct_aligned { i: 10 }, padded);
        assert_eq!(aligned.i, 15);
        let mut n = C::nibbles::default();
        n.set_x(3);
        let n = C::swap_nibbles(n);
        assert_eq!((n.x(), n.y()), (0, 3));
        let holds = C::change_holds(C::struct_holds_packed { p, s: 6 });
        assert_eq!(({ holds.p.i }, { holds.s }), (-5, 7));
        let mut l = C::struct_holds_long_double::default();
        C::get_long_double(&l.l.clone(), &mut l.l);
        l.i = 4;
        let l = C::change_long_double(l);
        assert_eq!(l.i, 5);
        assert_eq!(C::take_empty(C::struct_empty::default(), 3), 4);
        let mixed = C::change_mixed(C::union_mixed::default());
        assert_eq!(mixed.b.a(), 7);
        let mut to = C::struct_packed::default();
        C::store_packed(p, &mut to);
        assert_eq!({ to.i }, 5);
        assert_eq!(C::take_atomic(3, 4), 7);
    }
}

#[test]
fn a_record_whose_only_name_has_a_qualifier_crosses_by_address() {
    let long = C::const_long_double::default();
    let mut bits = C::const_bits::default();
    bits.set_a(5);
    bits.set_b(6);
    let packed = C::volatile_packed_2 { i: [7, 8] };
    unsafe {
        assert_eq!(C::take_const_long_double(3, long), 3);
        let swapped = C::change_const_bits(bits);
        assert_eq!((swapped.a(), swapped.b()), (6, 5));
        assert_eq!(C::take_volatile_packed(packed), 15);
    }
}

#[test]
fn what_the_fuzzer_found() {
    unsafe {
        assert_eq!(C::take_hidden(C::union_hidden_bits { f: 1.0 }, 2, 3.0), 123);
        let untagged = C::untagged_hidden_bits { f: 4.0 };
        assert_eq!(C::take_untagged(untagged, 5, 6.0), 456);
        let in_array = C::struct_float_in_array { f: [3.0] };
        let one_float = C::union_one_float { f: 2.0 };
        assert_eq!(C::take_one_float(1, one_float, in_array, 4.0), 1234);
        let p = C::struct_pointer_and_number {
            p: std::ptr::dangling_mut(),
            d: 100.0,
        };
        let result = C::take_pointer(2, p, 3.0);
        assert_eq!((result.p, result.d), (p.p, 123.0));
        let packed = C::struct_packed_again { n: 2 };
        assert_eq!(C::take_packed_again(1, packed, 3), 123);
        #[cfg(target_pointer_width = "64")]
        assert_eq!(C::split(1, 2, 3, 4, 5, 1 << 100, 7), (10 << 100) + 22);
    }
}

#[cfg(all(target_arch = "x86_64", not(windows)))]
unsafe extern "C" fn add_in_rust(count: c_int, list: *mut C::struct___va_list_tag) -> c_int {
    unsafe { C::add_list(count, list) }
}

#[cfg(all(target_arch = "x86_64", not(windows)))]
#[test]
fn a_va_list_is_handed_on() {
    assert_eq!(
        unsafe { C::call_with_list(Some(add_in_rust), 2, 3 as c_int, 4 as c_int) },
        7
    );
}

#[test]
fn functions_without_a_symbol_are_called() {
    unsafe {
        assert_eq!(C::only_inlined(1, c"four".as_ptr()), 5);
        let function: unsafe extern "C" fn(c_int, *const c_char) -> c_int = C::only_inlined;
        assert_eq!(function(2, c"".as_ptr()), 2);
        let mut text = *b"ab\0";
        let next = C::gnu_inlined(text.as_mut_ptr().cast());
        assert_eq!(*next as u8, b'b');
        let padded = C::struct_padded {
            d: 4,
            ..Default::default()
        };
        let padded = C::inlined_padded(padded);
        assert_eq!((padded.c, padded.d), (1, 4));
    }
}

#[cfg(target_arch = "x86_64")]
#[test]
fn other_conventions_are_cs_to_know() {
    unsafe {
        assert_eq!(C::other(1, 2.0, 3, 4, 5, 6), 654_321);
        let p = C::other_packed(C::struct_packed { c: 1, i: 2, d: 3.0 });
        assert_eq!((p.c, { p.i }, { p.d }), (1, 3, 3.0));
        // Rust could only call it wrongly.
        let pointer: *const c_void = C::get_other_twice();
        assert_eq!(C::call_other(pointer, 21), 42);
        let callbacks = C::struct_callbacks {
            other: pointer,
            wide: std::ptr::null(),
        };
        assert_eq!(C::call_other(callbacks.other, 4), 8);
        assert_eq!(C::call_other_unnamed(pointer, 5), 10);
        let variable: *const c_void = C::other_variable;
        assert_eq!(C::call_other(variable, 6), 12);
        let (member, value): (*const c_void, *const c_void) =
            (C::other_member.half, C::OTHER_HALF());
        assert_eq!(
            (C::CALL_HALF(member, 8), C::call_other_half(value, 6)),
            (4, 3)
        );
        let halves: [*const c_void; 1] = C::other_halves;
        assert_eq!((halves, C::get_other_half()), ([member], member));
        // Others of the same shape are called directly.
        assert_eq!(C::get_usual().unwrap()(-3), 3);
        assert_eq!(C::call_usual(C::get_usual(), -4), 4);
    }
}

#[cfg(all(target_arch = "x86_64", windows))]
#[test]
fn the_convention_of_windows_is_the_usual_one() {
    unsafe {
        let _: unsafe extern "C" fn(c_int) -> c_int = C::windows_twice;
        let pointer: Option<unsafe extern "C" fn(c_int) -> c_int> = C::get_windows_twice();
        assert_eq!(pointer.unwrap()(21), 42);
    }
}

#[test]
fn functions_without_a_prototype_have_their_parameters() {
    unsafe {
        let mut text = *b"\x05\0";
        let text: *mut c_char = text.as_mut_ptr().cast();
        assert_eq!(C::old_style(1, text, 2.5), 8);
        assert_eq!(C::old_float(1.5, 2, 40_000), 40_003.5);
        assert_eq!(
            C::old_long(1.5, C::struct_packed { c: 0, i: 2, d: 0.0 }),
            3.5
        );
        assert_eq!(C::old_after(-3, text), 2);
        assert_eq!(C::old_none(), 6);
    }
}

/// clang takes these for functions without a prototype, where they are declared and not defined.
mod never_returning_typedefs {
    cgo::c_preamble! {
        #if defined __clang__ && __clang_major__ >= 15
        #pragma clang diagnostic ignored "-Wdeprecated-non-prototype"
        #endif
        typedef int leaver(int, double);
        typedef void quitter(void);
        __attribute__((noreturn)) leaver leave_by_type;
        quitter quit_by_type __attribute__((noreturn));
        int again(int, double);
        __attribute__((noreturn)) extern __typeof__(again) leave_by_typeof;
        int leave_by_typeof(int, double);
    }
    mod defined {
        cgo::c_preamble! {
            #include <stdlib.h>
            int leave_by_type(int code, double more) { exit(code + (int)more); }
            int leave_by_typeof(int code, double more) { exit(code + (int)more); }
            void quit_by_type(void) { exit(0); }
        }
    }

    #[test]
    fn they_keep_their_parameters() {
        let _: unsafe extern "C" fn(i32, f64) -> ! = C::leave_by_type;
        let _: unsafe extern "C" fn(i32, f64) -> ! = C::leave_by_typeof;
        let _: unsafe extern "C" fn() -> ! = C::quit_by_type;
        let _ = (defined::C::leave_by_type, defined::C::quit_by_type);
    }
}

#[test]
fn what_never_returns_says_so() {
    let _: unsafe extern "C" fn(c_int) -> ! = C::leave;
    // Where a `long double` is a `double`, nothing stands in between.
    #[cfg(any(
        target_arch = "arm",
        target_env = "msvc",
        all(target_vendor = "apple", target_arch = "aarch64")
    ))]
    let _: unsafe extern "C" fn(f64) -> ! = C::leave_static;
    #[cfg(not(any(
        target_arch = "arm",
        target_env = "msvc",
        all(target_vendor = "apple", target_arch = "aarch64")
    )))]
    let _: unsafe fn(f64) -> ! = C::leave_static;
    let _: unsafe extern "C" fn() -> ! = C::leave_later;
    let _: unsafe extern "C" fn(c_int) -> ! = C::exit;
    let _: unsafe extern "C" fn() -> ! = C::abort;
    assert_eq!(unsafe { C::returns(C::returns_a_function()) }, 1);
}

/// No shim can call what ends in `...`, and what is not `inline` needs none: they have a symbol of their own.
mod always_inlined {
    use std::ffi::c_char;

    cgo::c_preamble! {
        #include <stdarg.h>
        #include <stdio.h>
        #pragma GCC diagnostic ignored "-Wattributes"
        // gcc refuses to inline what reads a list.
        #ifdef __clang__
        #define INLINED inline __attribute__((always_inline))
        #else
        #define INLINED
        #endif
        static INLINED int sum(int count, ...) {
            va_list list;
            int sum = 0;
            va_start(list, count);
            while (count-- > 0) sum += va_arg(list, int);
            va_end(list);
            return sum;
        }
        inline __attribute__((always_inline)) int promised(int count, ...) { return count + 1; }
        static __attribute__((always_inline)) int not_inline(int a) { return a + 2; }
        static __attribute__((always_inline)) inline int usual(int a) { return a + 3; }
        __attribute__((always_inline)) int for_all(int a) { return a + 4; }
        int inlines_it(int a) { return for_all(a) + 1; }
        #ifndef __clang__
        // It cannot stand alone, so C cannot take its address either.
        static inline __attribute__((always_inline)) int passes_on(char *to, const char *format, ...) {
            return sprintf(to, format, __builtin_va_arg_pack());
        }
        static int pass_on(char *to, const char *format, int a) { return passes_on(to, format, a); }
        #else
        static int pass_on(char *to, const char *format, int a) { return sprintf(to, format, a); }
        #endif
    }

    #[test]
    fn functions_are_reached() {
        let mut text: [c_char; 8] = [0; 8];
        unsafe {
            assert_eq!((C::sum(3, 1, 2, 3), C::promised(4, 0)), (6, 5));
            assert_eq!((C::not_inline(1), C::usual(1)), (3, 4));
            assert_eq!((C::for_all(1), C::inlines_it(1)), (5, 6));
            assert_eq!(C::pass_on(text.as_mut_ptr(), c"%d".as_ptr(), 77), 2);
        }
    }
}

/// Vector instructions of another processor, of which a function can be made only with a flag; the rest works. The clang 22 of `ci/cross`
/// for macOS crashes on one of them, and it takes minutes to find out which.
#[cfg(all(target_arch = "x86_64", not(target_vendor = "apple")))]
mod intrinsics {
    cgo::c_preamble! {
        #cgo bind: *
        #cgo CFLAGS: -Wno-psabi
        #include <immintrin.h>
        static int one(void) { return 1; }
    }

    #[test]
    fn intrinsics_of_this_processor_are_called() {
        unsafe {
            assert_eq!(C::one(), 1);
            let two = C::_mm_set1_epi32(2);
            let four = C::_mm_add_epi32(two, two);
            assert_eq!(C::_mm_cvtsi128_si32(four), 4);
            assert_eq!(C::_mm_movemask_epi8(four), 0);
        }
    }
}

/// No shim can call functions that want constants for their parameters, as kernels have them. gcc reports one a run, and clang names the place
/// in the function alone. The others are bound, those that must be inlined too.
mod wants_constants {
    cgo::c_preamble! {
        #cgo bind: *
        #define WANTS_CONSTANT(name) static inline __attribute__((always_inline)) void name(const int i) { __asm__("" :: "i"(i)); }
        WANTS_CONSTANT(first) WANTS_CONSTANT(second) WANTS_CONSTANT(third) WANTS_CONSTANT(fourth) WANTS_CONSTANT(fifth)
        static inline __attribute__((always_inline)) int wants_none(int a) { return a + 6; }
    }

    #[test]
    fn other_inlined_functions_are_called() {
        assert_eq!(unsafe { C::wants_none(1) }, 7);
    }
}

/// The compiler says of an error what is inlined, and what it is inlined into is to blame: kernels check sizes so.
mod checks_what_it_inlines {
    cgo::c_preamble! {
        #cgo CFLAGS: -O2
        void too_large(void) __attribute__((error("too large")));
        static inline int checked(int size) { if (__builtin_constant_p(size) && size > 8) too_large(); return size + 1; }
        static inline int nine(void) { return checked(9); }
    }

    #[test]
    fn what_is_inlined_is_called_by_others() {
        assert_eq!(unsafe { C::checked(9) }, 10);
    }
}

/// As kernels are compiled: floating-point numbers go where Rust does not look for them. clang 14 itself loses the second of two `float`s
/// in a struct there.
#[cfg(target_arch = "x86_64")]
mod without_registers_for_numbers {
    cgo::c_preamble! {
        #cgo CFLAGS: -mno-sse
        struct pair { double a; long b; };
        static int sum(long a, double b, float c) { return a + (int)b + (int)c; }
        static int of_pair(struct pair p) { return (int)p.a * 10 + (int)p.b; }
    }

    #[test]
    fn numbers_arrive() {
        let pair = C::struct_pair { a: 5.0, b: 6 };
        unsafe { assert_eq!((C::sum(3, 4.0, 5.0), C::of_pair(pair)), (12, 56)) }
    }
}

/// The vector types of the processor's header are `core::arch`'s.
#[cfg(target_arch = "x86_64")]
mod core_arch {
    use std::arch::x86_64::*;

    cgo::c_preamble! {
        #cgo CFLAGS: -Wno-psabi
        #include <immintrin.h>

        struct particle { float mass; __m128 position; __m128i tags[2]; __m256d box; };
        static __m128 moved(__m128 a, __m128d by) { return _mm_add_ps(a, _mm_cvtpd_ps(by)); }
        static __m128i doubled(int before, __m128i a) { return _mm_add_epi32(a, _mm_add_epi32(a, _mm_set1_epi32(before))); }
        __attribute__((target("avx")))
        static __m256d wide(__m256d a, const __m256 *b) { return _mm256_add_pd(a, _mm256_cvtps_pd(_mm256_castps256_ps128(*b))); }
        static float third(struct particle *p) { return p->position[2]; }
        static int tag(struct particle p, int n) { int tags[8]; __builtin_memcpy(tags, p.tags, sizeof tags); return tags[n]; }
        static struct particle made(float x) { return (struct particle){ x, _mm_set1_ps(x), { _mm_set1_epi32(1), _mm_set1_epi32(2) } }; }
        static __m128 origin = { 1, 2, 3, 4 };
        typedef float four __attribute__((vector_size(16)));
        static four other(four f) { return f; }
    }

    fn floats(vector: __m128) -> [f32; 4] {
        let mut floats = [0.0; 4];
        unsafe { _mm_storeu_ps(floats.as_mut_ptr(), vector) };
        floats
    }

    #[test]
    fn they_cross_by_value() {
        unsafe {
            let moved: __m128 = C::moved(_mm_setr_ps(1.0, 2.0, 3.0, 4.0), _mm_setr_pd(0.5, -1.0));
            assert_eq!(floats(moved), [1.5, 1.0, 3.0, 4.0]);
            let doubled: __m128i = C::doubled(1, _mm_setr_epi32(1, 2, 3, -4));
            assert_eq!(_mm_cvtsi128_si32(doubled), 3);
            assert_eq!(_mm_extract_epi16::<6>(doubled), 0xfff9);
        }
    }

    #[test]
    fn they_are_fields_and_variables() {
        unsafe {
            assert_eq!(floats(C::origin), [1.0, 2.0, 3.0, 4.0]);
            let mut particle = C::made(2.5);
            assert_eq!(floats(particle.position), [2.5; 4]);
            particle.position = _mm_setr_ps(0.0, 0.0, 9.0, 0.0);
            particle.tags[1] = _mm_set1_epi32(7);
            assert_eq!(C::third(&mut particle), 9.0);
            assert_eq!((C::tag(particle, 3), C::tag(particle, 4)), (1, 7));
            assert_eq!(floats(C::struct_particle::default().position), [0.0; 4]);
        }
    }

    #[test]
    fn those_of_a_flag_cross_too() {
        if !is_x86_feature_detected!("avx") {
            return eprintln!("skipped: this processor has no AVX");
        }
        // SAFETY: it has AVX.
        unsafe { wide() }
    }

    #[target_feature(enable = "avx")]
    fn wide() {
        let by = _mm256_setr_ps(1.0, 2.0, 3.0, 4.0, 0.0, 0.0, 0.0, 0.0);
        let sum = unsafe { C::wide(_mm256_set1_pd(0.5), &by) };
        let mut doubles = [0.0; 4];
        unsafe { _mm256_storeu_pd(doubles.as_mut_ptr(), sum) };
        assert_eq!(doubles, [1.5, 2.5, 3.5, 4.5]);
    }

    mod importing {
        cgo::c_preamble! {
            use super::C::{__m128, struct_particle};
            #include <immintrin.h>
            struct particle { float mass; __m128 position; __m128i tags[2]; __m256d box; };
            struct pair { struct particle first; __m128 second; };
            static float sum(struct pair *p) { return p->first.position[1] + p->second[1]; }
        }
        pub use C::*;
    }

    #[test]
    fn they_are_imported() {
        let mut pair = importing::struct_pair::default();
        unsafe {
            pair.first = C::made(2.0);
            pair.second = C::origin;
            assert_eq!(importing::sum(&mut pair), 4.0);
        }
    }

    #[test]
    fn a_vector_of_another_name_is_bytes() {
        assert_eq!(C::four::default().bytes.len(), 16);
        let _ = C::other;
    }
}

/// The same of NEON's.
#[cfg(target_arch = "aarch64")]
mod core_arch_of_neon {
    use std::arch::aarch64::*;

    cgo::c_preamble! {
        #include <arm_neon.h>
        struct particle { char c; float32x4_t position; uint8x8_t tag; poly16x4_t poly; float64x1_t one; };
        static float32x4_t moved(float32x4_t a, int64x2_t by) { return vaddq_f32(a, vdupq_n_f32(vgetq_lane_s64(by, 1))); }
        static int tag(const struct particle *p) { return vget_lane_u8(p->tag, 3); }
    }

    #[test]
    fn they_cross_and_are_fields() {
        unsafe {
            let moved: float32x4_t = C::moved(vdupq_n_f32(1.5), vdupq_n_s64(2));
            assert_eq!(vgetq_lane_f32::<3>(moved), 3.5);
            let particle = C::struct_particle {
                position: moved,
                tag: vdup_n_u8(9),
                ..Default::default()
            };
            assert_eq!(C::tag(&particle), 9);
        }
    }
}
