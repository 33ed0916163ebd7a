//! C's types in Rust, as far as a program can see them.

#[cfg(not(target_env = "msvc"))]
use std::ffi::c_uint;
use std::ffi::{CStr, c_char, c_int, c_void};
use std::mem::{align_of, offset_of, size_of};

cgo::c_preamble! {
    // gcc warns of what is meant here, and clang of gcc's option.
    #cgo CFLAGS: -Wno-packed-not-aligned -Wno-unknown-warning-option
    #include <stdbool.h>
    #include <stddef.h>
    #include <stdint.h>
    #include <complex.h>
    #include <stdarg.h>
    #include <stdio.h>
    #include <errno.h>
    #include <math.h>
    #include <string.h>
    #include <wchar.h>

    // Functions.
    int extern_function(int a, double b) { return a + (int)b; }
    static long static_function(long a) { return a * 2; }
    static inline unsigned inline_function(unsigned a) { return a + 1; }
    inline int c99_inline(int a) { return a + 10; }
    #define also_inline c99_inline
    int unprototyped() { return 7; }
    int sum(int count, ...) {
        va_list list;
        va_start(list, count);
        int total = 0;
        for (int i = 0; i < count; i++) total += va_arg(list, int);
        va_end(list);
        return total;
    }
    int labelled(int a) __asm__("cgo_test_another_symbol");
    int labelled(int a) { return a - 1; }
    int type(int fn, int self) { return fn * self; }

    // Variables.
    int counter = 3;
    const int limit = 99;
    static double hidden = 1.5;
    __thread int per_thread = 5;
    int table[2][3] = { { 1, 2, 3 }, { 4, 5, 6 } };
    const char *const words[] = { "one", "two", NULL };

    // Enumerations.
    enum color { RED, GREEN = 7, BLUE };
    enum sign { NEGATIVE = -1, POSITIVE = 1 };
    typedef enum { SMALL, LARGE } size_class;
    enum { ANONYMOUS = 12 };
    enum big { HUGE_ONE = 0x8000000000 };

    // Records.
    struct point { int x, y; };
    typedef struct { float u; double v; } pair;
    typedef struct node { struct node *next; int value; } node;
    // gcc describes its members in a declaration of its own alone.
    typedef union { int *mine; const int *yours; } transparent __attribute__((__transparent_union__));
    typedef union { int *mine; const int *yours; } __attribute__((transparent_union)) transparent_too;
    typedef union { struct tagged { int x; } *tagged; struct { int x; } *other; } of_tagged __attribute__((transparent_union));
    static int tagged(of_tagged t) { return t.tagged->x; }
    static int pointed(transparent t, transparent_too u) { return *t.mine + *u.yours; }
    static int pointed_by_c(void) { int a = 7; const int b = 8; return pointed(&a, &b); }
    union number { int i; float f; unsigned char bytes[8]; };
    struct outer {
        struct { int a; } inner;
        union { int left; float right; };
        struct { short s; } list[2];
        enum color color;
        size_class class;
    };
    struct __attribute__((packed)) packed { char c; int i; double d; };
    struct __attribute__((packed, aligned(2))) packed2 { char c; int i; };
    struct __attribute__((aligned(32))) aligned { int i; };
    struct bits { unsigned a : 3; int b : 5; int after; };
    struct flexible { int count; short data[]; };
    struct flexible_const { int count; const short data[]; };
    const struct flexible_const two_const = { 2, { 3, 4 } };
    struct unaligned_flexible { char c; int data[]; } __attribute__((packed));
    struct zero_length { int n; char here[0]; short s; int end[0]; };
    struct inside { int n; union { unsigned char bytes[0]; short shorts[0]; struct { int a, rest[0]; }; }; };
    union overlaid { int n; char text[0]; };
    typedef const struct { int n; int type[][2]; } fixed;
    fixed pairs = { 1, { { 5, 6 }, { 7, 8 } } };
    struct points { char n; struct point data[]; };
    typedef struct { int limbs; } big_number[1];
    typedef struct { short s; } *handle;
    struct holds_untagged { big_number number; handle handle; };
    static void set_number(big_number n, int to) { n->limbs = to; }
    static handle to_handle(void) { static __typeof__(*(handle)0) one = { 5 }; return &one; }
    static void fill(void *p, int n) { for (int i = 0; i < n; i++) ((unsigned char *)p)[i] = i; }
    #define ADDRESS(t, m) ((char *)((t *)1024)->m - (char *)1024)
    static size_t offsets[] = {
        ADDRESS(struct unaligned_flexible, data), ADDRESS(struct zero_length, here), ADDRESS(struct zero_length, end),
        ADDRESS(struct inside, bytes), ADDRESS(struct inside, shorts), ADDRESS(struct inside, rest), ADDRESS(union overlaid, text),
        ADDRESS(struct points, data),
    };
    struct with_ld { char c; long double ld; int after; };
    size_t size_of_with_ld(void) { return sizeof(struct with_ld); }
    struct inner_aligned { int a __attribute__((aligned(8))); int b; };
    struct __attribute__((packed)) holds_aligned { char c; struct aligned a; int i; };
    struct opaque;
    typedef struct opaque opaque;
    struct empty {};
    typedef int four[4];
    typedef const four fixed_four;
    typedef const four *fixed_fours;
    const four fours = { 1, 2, 3, 4 };
    extern const four *const to_fours;
    const four *const to_fours = &fours;
    struct holds_fours { const four *fixed; four *free, inside; };
    static int second(fixed_four *f) { return (*f)[1]; }
    static int third(int n, const four *f) { return (*f)[2] + n; }
    static const four *find(four const *f, four *or_else) { return f ? f : (const four *)or_else; }

    // The rest.
    typedef int (*callback)(int, void *);
    typedef int function_type(int);
    #ifdef __SIZEOF_INT128__
    typedef __int128 wide;
    wide square(wide a) { return a * a; }
    #endif
    typedef uint8_t byte_array[16];
    int apply(callback f, int a, void *data) { return f(a, data); }
    callback get_callback(void) { return NULL; }
    int use_function(function_type *f) { return f(4); }
    static int twice(int a) { return 2 * a; }
    function_type *get_twice(void) { return twice; }
    struct point move_point(struct point p, int by) { p.x += by; p.y += by; return p; }
    union number make_number(float f) { union number n = { .f = f }; return n; }
    pair swap(pair p) { pair q = { (float)p.v, p.u }; return q; }
    float complex conjugate(float complex z) { return conjf(z); }
    double complex times_i(double complex z) { return z * I; }
    static double complex quotient(double complex a, double complex b) { return a / b; }
    static float complex product(float complex a, float complex b) { return a * b; }
    static double root(double a) { return sqrt(a); }
    _Complex int swap_parts(_Complex int z) { return __imag__ z + __real__ z * 1i; }
    static _Complex unsigned char sum_parts(_Complex unsigned char a, _Complex long b) { return a + (_Complex unsigned char)b; }
    static _Complex int three_and_four = 3 + 4i;
    struct holds_integers { char c; _Complex int z; };
    bool negate(bool b) { return !b; }
    enum color next_color(enum color c) { return c == RED ? GREEN : BLUE; }
    opaque *make_opaque(void) { return (opaque *)&counter; }
    size_t string_length(const char *s) { return strlen(s); }
    long double long_double(long double a) { return a; }
    struct packed packed_value(void) { struct packed p = { 'a', 1, 2.0 }; return p; }
    signed char sc(signed char a, unsigned char b, short c, unsigned short d, long long e, unsigned long long f) {
        return (signed char)(a + b + c + d + e + f);
    }

    // Object macros.
    #define ONE 1
    #define NEG (-5)
    #define BIG 0xFFFFFFFFFFFFFFFFull
    #define LONG_ONE 1L
    #define TINY 1e-10
    #define SINGLE 1.5f
    #define TEXT "text" " and more"
    #define WITH_NUL "a\0b"
    #define CHARACTER 'x'
    #define TRUTH ((bool)1)
    #define ALIAS extern_function
    #define STATIC_ALIAS static_function
    #define COUNTER counter
    #define POINT struct point
    #define NEXT_COLOR GREEN
    #define NOT_CONSTANT (counter + 1)
    #define POINTER ((void *)-1)
    #define STATEMENT ({ int a = 3; a + 1; })
    #define ARRAY (table[1])
    #define CALL_ME() 3
    #define NOTHING
    #define HALF_A_THING 1 +
    #define QUOTIENT (hidden / hidden + 1.0)
}

#[test]
fn functions_are_called() {
    unsafe {
        assert_eq!(C::extern_function(1, 2.9), 3);
        assert_eq!(C::static_function(21), 42);
        assert_eq!(C::inline_function(1), 2);
        assert_eq!((C::c99_inline(1), C::also_inline(2)), (11, 12));
        assert_eq!(C::unprototyped(), 7);
        assert_eq!(C::sum(3, 1 as c_int, 2 as c_int, 3 as c_int), 6);
        assert_eq!(C::labelled(1), 0);
        assert_eq!(C::r#type(3, 4), 12);
        assert_eq!(C::sc(1, 2, 3, 4, 5, 6), 21);
        assert!(!C::negate(true));
        assert_eq!(C::string_length(c"four".as_ptr()), 4);
    }
}

#[test]
fn a_transparent_union_is_a_union() {
    let mine = &mut 3;
    let (yours, mine) = (C::transparent_too { yours: &4 }, C::transparent { mine });
    assert_eq!(
        unsafe { (C::pointed(mine, yours), C::pointed_by_c()) },
        (7, 15)
    );
    let tagged: *mut C::struct_tagged = &mut C::struct_tagged { x: 5 };
    assert_eq!(unsafe { C::tagged(C::of_tagged { tagged }) }, 5);
}

/// Compilers have it where a register has 64 bits.
#[cfg(target_pointer_width = "64")]
#[test]
fn an_integer_of_128_bits_is_passed() {
    let side: C::__int128_t = 1 << 50;
    assert_eq!(unsafe { C::square(side) }, 1i128 << 100);
}

#[test]
fn variables_are_read_and_written() {
    unsafe {
        assert_eq!(C::limit, 99);
        let before = C::counter;
        C::counter = before + 1;
        assert_eq!(C::NOT_CONSTANT(), before + 2);
        C::counter = before;
        C::hidden += 1.0;
        assert_eq!({ C::hidden }, 2.5);
        *C::per_thread() += 1;
        assert_eq!(*C::per_thread(), 6);
        assert_eq!(std::thread::spawn(|| *C::per_thread()).join().unwrap(), 5);
        assert_eq!({ C::table }, [[1, 2, 3], [4, 5, 6]]);
        let words = &raw const C::words;
        assert_eq!(CStr::from_ptr((*words)[1]).to_bytes(), b"two");
    }
}

#[test]
fn enumerations_are_the_compilers_integers() {
    #[cfg(not(target_env = "msvc"))]
    let color: c_uint = C::BLUE;
    // There every enumeration is an `int`.
    #[cfg(target_env = "msvc")]
    let color: c_int = C::BLUE;
    assert_eq!(color, 8);
    let sign: C::enum_sign = C::NEGATIVE;
    assert_eq!(sign, -1i32);
    let class: C::size_class = C::LARGE;
    assert_eq!(class, 1);
    assert_eq!(C::ANONYMOUS, 12);
    #[cfg(not(target_env = "msvc"))]
    assert_eq!(C::HUGE_ONE, 0x80_0000_0000);
    assert_eq!(unsafe { C::next_color(C::RED) }, C::GREEN);
    assert_eq!(C::NEXT_COLOR, C::GREEN);
}

#[test]
fn records_have_their_layout() {
    let moved = unsafe { C::move_point(C::struct_point { x: 1, y: 2 }, 3) };
    assert_eq!((moved.x, moved.y), (4, 5));
    let same: C::POINT = moved;
    assert_eq!(format!("{same:?}"), "struct_point { x: 4, y: 5 }");
    let swapped = unsafe { C::swap(C::pair { u: 1.0, v: 2.0 }) };
    assert_eq!((swapped.u, swapped.v), (2.0, 1.0));
    let number = unsafe { C::make_number(1.0) };
    assert_eq!(unsafe { number.i }, 0x3f80_0000);
    assert_eq!(size_of::<C::union_number>(), 8);
    let node = C::node {
        value: 4,
        ..Default::default()
    };
    assert!(node.next.is_null() && node.value == 4);
    let mut outer = C::struct_outer::default();
    outer.inner.a = 1;
    outer.anon1.left = 2;
    outer.list[1].s = 3;
    outer.class = C::SMALL;
    assert_eq!(
        (outer.inner.a, unsafe { outer.anon1.right.to_bits() }),
        (1, 2)
    );
    assert_eq!((outer.list[1].s, outer.class), (3, C::SMALL));
    assert_eq!(size_of::<C::struct_packed>(), 13);
    assert_eq!(offset_of!(C::struct_packed, d), 5);
    assert_eq!(
        (
            size_of::<C::struct_packed2>(),
            align_of::<C::struct_packed2>()
        ),
        (6, 2)
    );
    assert_eq!(align_of::<C::struct_aligned>(), 32);
    assert_eq!(size_of::<C::struct_bits>(), 8);
    assert_eq!(offset_of!(C::struct_bits, after), 4);
    assert_eq!(size_of::<C::struct_with_ld>(), unsafe {
        C::size_of_with_ld()
    });
    // With msvc a member keeps its alignment in a packed record, so that Rust has fields for all.
    #[cfg(not(target_env = "msvc"))]
    {
        let mut holds = C::struct_holds_aligned::default();
        holds.set_i(5);
        assert_eq!((holds.i(), holds.c()), (5, 0));
    }
    let empty = if cfg!(target_env = "msvc") { 4 } else { 0 };
    assert_eq!(size_of::<C::struct_empty>(), empty);
    assert_eq!(C::sizeof_struct_point, 8);
    assert_eq!(C::sizeof_byte_array, 16);
    assert_eq!(C::sizeof_int, 4);
}

#[test]
fn flexible_arrays_are_slices() {
    let memory: [u32; 2] = [2, u32::from_ne_bytes([1, 0, 2, 0])];
    let this = memory.as_ptr().cast::<C::struct_flexible>();
    let data = unsafe { C::struct_flexible::data_slice(this, 2) };
    assert_eq!(data, [1i16.to_le(), 2i16.to_le()]);
}

/// Has the methods that the type itself has not.
trait WithoutMut {
    fn data_pointer_mut() -> bool {
        true
    }
    fn data_slice_mut() -> bool {
        true
    }
}
impl WithoutMut for C::struct_flexible_const {}

#[test]
fn constant_elements_are_only_read() {
    let this = &raw const C::two_const;
    assert_eq!(
        unsafe { C::struct_flexible_const::data_slice(this, 2) },
        [3, 4]
    );
    assert!(C::struct_flexible_const::data_pointer_mut());
    assert!(C::struct_flexible_const::data_slice_mut());
}

#[test]
fn every_flexible_array_has_a_pointer() {
    let memory = [0u64; 4];
    let this: *const u64 = memory.as_ptr();
    macro_rules! at {
        ($($record:ident $method:ident)*) => {
            [$(C::$record::$method(this.cast()).addr() - this.addr()),*]
        };
    }
    let offsets = at! {
        struct_unaligned_flexible data_pointer struct_zero_length here_pointer struct_zero_length end_pointer
        struct_inside bytes_pointer struct_inside shorts_pointer struct_inside rest_pointer union_overlaid text_pointer
        struct_points data_pointer
    };
    assert_eq!(offsets, unsafe { C::offsets });
}

#[test]
fn elements_are_read_and_written_by_their_pointers() {
    let mut memory = [0u32; 4];
    unsafe { C::fill(memory.as_mut_ptr().cast(), 16) };
    let bytes = |at: u8| i32::from_ne_bytes([at, at + 1, at + 2, at + 3]);
    let packed = memory.as_mut_ptr().cast::<C::struct_unaligned_flexible>();
    let first = C::struct_unaligned_flexible::data_pointer(packed);
    assert_eq!(unsafe { first.read_unaligned() }, bytes(1));
    unsafe { C::struct_unaligned_flexible::data_pointer_mut(packed).write_unaligned(-1) };
    assert_eq!(unsafe { first.read_unaligned() }, -1);

    let inside = memory.as_ptr().cast::<C::struct_inside>();
    let rest = unsafe { C::struct_inside::rest_slice(inside, 2) };
    assert_eq!(rest, [bytes(8), bytes(12)]);

    let second = unsafe { *C::fixed::type_pointer(&raw const C::pairs).add(1) };
    assert_eq!(second, [7, 8]);
}

/// gcc's debug information has no such `const` behind pointers.
#[test]
fn a_record_without_a_tag_is_reached_through_a_typedef_for_arrays_or_pointers_of_it() {
    let mut holds = C::struct_holds_untagged::default();
    unsafe {
        C::set_number(holds.number.as_mut_ptr(), 4);
        holds.handle = C::to_handle();
        (*holds.handle).s += 1;
        assert_eq!((holds.number[0].limbs, (*C::to_handle()).s), (4, 6));
    }
}

#[test]
fn const_of_an_array_s_typedef_is_that_of_its_elements() {
    let fours: *const [c_int; 4] = &raw const C::fours;
    let fixed_fours: C::fixed_fours = fours;
    let mut free: C::four = [5, 6, 7, 8];
    let holds = C::struct_holds_fours {
        fixed: fours,
        free: &mut free,
        inside: free,
    };
    unsafe {
        assert_eq!((C::second(fours), C::third(1, fixed_fours)), (2, 4));
        let found: *const [c_int; 4] = C::find(std::ptr::null(), holds.free);
        assert_eq!((*found, *C::to_fours), ([5, 6, 7, 8], [1, 2, 3, 4]));
    }
}

#[test]
fn opaque_types_are_pointers() {
    let opaque: *mut C::opaque = unsafe { C::make_opaque() };
    assert!(!opaque.is_null());
}

#[test]
fn complex_numbers() {
    let z = unsafe { C::conjugate(cgo::Complex { re: 1.0, im: 2.0 }) };
    assert_eq!((z.re, z.im), (1.0, -2.0));
    let w = unsafe { C::times_i(cgo::Complex { re: 1.0, im: 2.0 }) };
    assert_eq!((w.re, w.im), (-2.0, 1.0));
}

/// Rust's own runtime library divides small numbers with fewer bits. With msvc C has no other.
#[cfg(not(target_env = "msvc"))]
#[test]
fn complex_arithmetic_is_c_s() {
    let small = |re: f64, im: f64| cgo::Complex {
        re: re * 1e-320,
        im: im * 1e-320,
    };
    let quotient = unsafe { C::quotient(small(4.0, 3.0), small(2.0, 1.0)) };
    // So does Apple's.
    #[cfg(not(target_vendor = "apple"))]
    assert_eq!((quotient.re, quotient.im), (2.2, 0.4));
    #[cfg(target_vendor = "apple")]
    assert!((quotient.re - 2.2).abs() < 0.001 && (quotient.im - 0.4).abs() < 0.001);
    let (one, infinite) = (1.0f32, f32::INFINITY);
    let ones = cgo::Complex { re: one, im: one };
    let product = unsafe {
        C::product(
            cgo::Complex {
                re: infinite,
                im: f32::NAN,
            },
            ones,
        )
    };
    assert_eq!((product.re, product.im), (infinite, infinite));
}

/// Rust's own runtime library has functions of these names, which set no `errno`. Those of macOS and musl set none either.
#[cfg(all(unix, not(target_vendor = "apple"), not(target_env = "musl")))]
#[test]
fn functions_of_the_math_library_are_c_s() {
    let domain = |result: (f64, Option<std::io::Error>)| {
        let (value, error) = result;
        value.is_nan() && error.and_then(|error| error.raw_os_error()) == Some(C::EDOM)
    };
    unsafe {
        assert!(domain(cgo::with_errno(|| C::sqrt(-1.0))));
        assert!(domain(cgo::with_errno(|| C::fmod(1.0, 0.0))));
        assert!(domain(cgo::with_errno(|| C::root(-1.0))));
    }
}

/// GNU's: for Rust they are bytes, two integers one after the other.
#[test]
fn complex_numbers_of_integers() {
    let bytes = |parts: [c_int; 2]| parts.map(c_int::to_ne_bytes).concat();
    unsafe {
        let swapped = C::swap_parts(C::three_and_four);
        let swapped = swapped.bytes.map(|byte| byte.assume_init());
        assert_eq!(swapped[..], bytes([4, 3]));
        let mut small = cgo::AlignedBytes::default();
        small.bytes[1].write(5);
        let sum = C::sum_parts(small, Default::default());
        assert_eq!(sum.bytes.map(|byte| byte.assume_init()), [0, 5]);
    }
    assert_eq!(offset_of!(C::struct_holds_integers, z), align_of::<c_int>());
}

unsafe extern "C" fn add_data(a: c_int, data: *mut std::ffi::c_void) -> c_int {
    a + unsafe { *data.cast::<c_int>() }
}

#[test]
fn function_pointers_go_both_ways() {
    let mut data: c_int = 30;
    let callback: C::callback = Some(add_data);
    unsafe {
        assert_eq!(C::apply(callback, 12, (&raw mut data).cast()), 42);
        assert!(C::get_callback().is_none());
        let twice = C::get_twice().unwrap();
        assert_eq!(twice(21), 42);
        assert_eq!(C::use_function(Some(twice)), 8);
    }
}

#[test]
fn macros_are_constants_of_their_own_type() {
    let one: c_int = C::ONE;
    assert_eq!(one, 1);
    assert_eq!(C::NEG, -5);
    assert_eq!(C::BIG, u64::MAX);
    let long: std::ffi::c_long = C::LONG_ONE;
    assert_eq!(long, 1);
    assert_eq!(C::TINY, 1e-10f64);
    assert_eq!(C::SINGLE, 1.5f32);
    assert_eq!(C::TEXT, c"text and more");
    assert_eq!(C::WITH_NUL, b"a\0b\0");
    assert_eq!(C::CHARACTER, i32::from(b'x'));
    assert_eq!(C::POINTER as isize, -1);
    let truth: bool = C::TRUTH;
    assert!(truth);
}

#[test]
fn macros_stand_for_things() {
    unsafe {
        assert_eq!(C::ALIAS(1, 1.0), 2);
        assert_eq!(C::STATIC_ALIAS(1), 2);
        assert_eq!({ C::COUNTER }, { C::counter });
    }
}

#[test]
fn other_macros_are_evaluated_at_each_call() {
    unsafe {
        assert_eq!(C::STATEMENT(), 4);
        assert_eq!(*C::ARRAY(), 4);
        assert_eq!(C::QUOTIENT(), 2.0);
        // A variable in glibc, a call in Windows' library.
        #[cfg(not(windows))]
        assert!(!C::stdout.is_null());
        #[cfg(windows)]
        assert!(!C::stdout().is_null());
        // A variable of each thread in WASI's library, a call in the others.
        #[cfg(not(target_os = "wasi"))]
        let _: c_int = C::errno();
        #[cfg(target_os = "wasi")]
        let _: c_int = *C::errno();
    }
}

#[test]
fn system_names_are_there_when_used() {
    let mut buffer = [0 as c_char; 32];
    let written = unsafe {
        C::snprintf(
            buffer.as_mut_ptr(),
            32,
            c"%d %s".as_ptr(),
            42 as c_int,
            c"x".as_ptr(),
        )
    };
    assert_eq!(written, 4);
    let largest: C::size_t = C::SIZE_MAX as usize;
    assert_eq!(largest, usize::MAX);
    let _: C::FILE;
    let a: C::int = 3;
    let b: C::uint8_t = 3;
    assert_eq!(a as u8, b);
}

/// What no type or function of Rust can be is left out, and nothing else is.
#[cfg(target_pointer_width = "64")]
mod limits {
    use std::ffi::c_int;
    use std::ptr::null_mut;

    cgo::c_preamble! {
        // clang has no arrays that Rust has not.
        #if defined(__clang__) && defined(_WIN32)
        #define MOST (1ull << 60)
        struct __attribute__((aligned(8192))) aligned { int i; };
        #elif defined(__clang__)
        #define MOST (1ull << 59)
        #if __clang_major__ > 13
        struct __attribute__((aligned(1u << 30))) aligned { int i; };
        #else
        struct aligned { int i; };
        #endif
        #else
        #define MOST (1ull << 61)
        struct aligned { int i; };
        #endif
        extern char all[MOST];
        extern struct large { char bytes[MOST]; int after; } one;
        typedef union { char bytes[MOST]; int small; } choice;
        typedef char row[MOST];
        static int is_null(struct large *l, choice *c, row *r, struct aligned *a) { return !l && !c && !r && !a; }
        int of_value(struct large l);

        #define INTS_16 int, int, int, int, int, int, int, int, int, int, int, int, int, int, int, int
        #define INTS_256 INTS_16, INTS_16, INTS_16, INTS_16, INTS_16, INTS_16, INTS_16, INTS_16, INTS_16, INTS_16, INTS_16, INTS_16, INTS_16, INTS_16, INTS_16, INTS_16
        #define INTS_4096 INTS_256, INTS_256, INTS_256, INTS_256, INTS_256, INTS_256, INTS_256, INTS_256, INTS_256, INTS_256, INTS_256, INTS_256, INTS_256, INTS_256, INTS_256, INTS_256
        #define INTS_65536 INTS_4096, INTS_4096, INTS_4096, INTS_4096, INTS_4096, INTS_4096, INTS_4096, INTS_4096, INTS_4096, INTS_4096, INTS_4096, INTS_4096, INTS_4096, INTS_4096, INTS_4096, INTS_4096
        // A newer clang has no such functions.
        #if !defined __clang__ || __clang_major__ < 20
        int many(INTS_65536);
        int through(int (*)(INTS_65536));
        #endif
        static int one_more(int a) { return a + 1; }
    }

    #[test]
    fn the_rest_is_bound() {
        let null: c_int = unsafe { C::is_null(null_mut(), null_mut(), null_mut(), null_mut()) };
        assert_eq!((null, unsafe { C::one_more(1) }), (1, 2));
        assert_eq!(C::sizeof_struct_large as u64, C::MOST + 4);
        assert_eq!(
            (C::sizeof_choice, C::sizeof_row),
            (C::MOST as usize, C::MOST as usize)
        );
    }
}

/// clang describes `fread` and its kin as it knows them, with `unsigned long` for `size_t`.
mod declared {
    cgo::c_preamble! {
        #include <stdio.h>
        #define read_items fread
        #define print_into (snprintf)
    }
    use super::*;

    #[test]
    fn types_are_those_of_the_declaration() {
        type Read = unsafe extern "C" fn(*mut c_void, usize, usize, *mut C::FILE) -> usize;
        type Print = unsafe extern "C" fn(*mut c_char, usize, *const c_char, ...) -> c_int;
        let _: (Read, Print) = (C::fread, C::snprintf);
        let _: (Read, Print) = (C::read_items, C::print_into);
    }
}
