//! What object macros become: the item that they name, a constant where C calls their value constant, else a function.

use std::ffi::c_void;

/// A macro that comes down to one name is that item, however it gets there.
mod names {
    cgo::c_preamble! {
        r#"
        #include <stdio.h>
        #define CAT(a, b) a##b
        #define NAME2(a, b) CAT(a, b)
        #define NS(x) NAME2(lib_, x)

        // As musl has it.
        #define output stdout_
        #define stdout_ (stdout_)
        int stdout_ = 4;
        int var = 5;
        #define var (var)
        #define VAR ((var))
        enum { RED = 2 };
        #define RED_AGAIN NS2(RED)
        #define NS2(x) (x)

        // A library's names with a prefix.
        #define hash NS(hash)
        #define count NS(count)
        #define item NS(item)
        #define point struct NS(point)
        #define word unsigned CAT(in, t)
        int hash(int a) { return a + 1; }
        static int count = 6;
        typedef struct { int n; } item;
        point { short x; };

        #define swap __builtin_bswap32
        #define bits NAME2(__builtin_, popcountll)
        #define root __builtin_sqrt
        "#
    }

    #[test]
    fn are_the_items_that_they_name() {
        unsafe {
            assert_eq!((C::output, C::stdout_, C::var, C::VAR), (4, 4, 5, 5));
            C::VAR = 7;
            assert_eq!({ C::var }, 7);
            assert_eq!(C::RED_AGAIN, 2);
            assert_eq!(C::hash(1), 2);
            assert_eq!({ C::count }, 6);
        }
        assert_eq!(C::item { n: 3 }.n, 3);
        let point: C::point = C::struct_lib_point { x: 4 };
        assert_eq!(point.x, 4);
        assert_eq!(C::word::MAX, u32::MAX);
    }

    #[test]
    fn may_be_functions_that_the_compiler_makes() {
        unsafe {
            assert_eq!(C::swap(0x0102_0304), 0x0403_0201);
            assert_eq!(C::bits(u64::MAX - 1), 63);
            assert_eq!(C::root(4.0), 2.0);
        }
    }
}

/// What makes a value has commas and brackets of its own.
mod values {
    cgo::c_preamble! {
        typedef struct { long v; int t; } value;
        #define MAKE(t, v) (value){ v, t }
        #define NOTHING MAKE(2, 0)
        #define TRUTH MAKE(1, 1)
        static int tag(value v) { return v.t; }
        static int calls;
        static void init_lib(int n) { calls += n; }
        #define INIT init_lib(3)
        #define NO_OP ((void)0)
        #define BOTH (init_lib(1), 5)
        static int given;
        #define NEXT (given++)
        #define OR_NINE (given ?: 9)
        static int stored;
        #define STORE stored = 7
        #define STORED ((stored = 8) ? stored + 1 : 0)
        static long double wide = 2.5L;
        #define WIDER (wide + 1)
    }

    #[test]
    fn of_records_are_made_at_each_call() {
        unsafe {
            assert_eq!(C::tag(C::NOTHING()), 2);
            assert_eq!((C::TRUTH().v, C::TRUTH().t), (1, 1));
        }
    }

    #[test]
    fn that_change_a_variable_change_it_at_each_call() {
        unsafe {
            assert_eq!(C::OR_NINE(), 9);
            assert_eq!((C::NEXT(), C::NEXT(), C::OR_NINE()), (0, 1, 2));
            assert_eq!((C::STORE(), { C::stored }), (7, 7));
            assert_eq!((C::STORED(), { C::stored }), (9, 8));
        }
    }

    #[test]
    fn of_a_long_double_are_rounded_as_results_of_functions_are() {
        let wider: f64 = unsafe { C::WIDER() };
        assert_eq!(wider, 3.5);
    }

    #[test]
    fn without_a_type_are_called() {
        unsafe {
            C::NO_OP();
            C::INIT();
            assert_eq!({ C::calls }, 3);
            assert_eq!(C::BOTH(), 5);
            assert_eq!({ C::calls }, 4);
        }
    }
}

/// A compound literal ends with its function; one whose address is kept is static.
mod literals {
    cgo::c_preamble! {
        struct opts { int level; const int *list; int three[3]; };
        typedef int four[4];
        static int n = 3;
        #define DEFAULTS (&(struct opts){ .level = 3 })
        #define LIST ((const int[]){1,2,3})
        #define FOUR ((four){1,2,3,4})
        #define AS_VOID ((void *)&(int){5})
        #define AS_NUMBER ((__UINTPTR_TYPE__)&(int){6})
        #define ADDRESS(x) &(x)
        #define THROUGH ADDRESS(((struct opts){ 7, &n }))
        #define HOLDER ((struct opts){ .level = 8, .list = (int[]){9, 10} })
        #define SIZE (sizeof((int[]){1, 2}))
        // Their types have no name.
        #define UNTAGGED ((union { const int *q; }){ .q = (int[]){27} })
        #define UNTAGGED_ADDRESS (&(struct { int a; }){ 28 })
        #define UNTAGGED_VALUE ((struct { int a, *p; }){ 29, &n })
        // By value all is as before.
        #define VALUE ((struct opts){ .level = n })
        #define MEMBER (((struct opts){ .level = n + 8 }).level)
        #define ELEMENT ((char[]){12, 13}[1])
        #define POINTER (((struct opts){ .list = &n }).list)
        #define PART (((struct opts){ .three = { 14, 15 } }).three)
        #define SECOND (&((struct opts[]){ { 16 }, { 17 } })[1])
        // Read at once.
        #define COPY (*&(struct opts){ .level = 6 })
        #define SECOND_COPY (((struct opts[]){ { 16 }, { 17 } })[1])
        #define LONG (*(long[]){ 18, 19 })
        #define LEVEL ((&(struct opts){ .level = 20 })->level)
        #define TEXT (((const char *[]){ "a", "b" })[1])
        #define NEXT ((struct opts){ .level = 20 }.level + 1)
        // Not static.
        #define AT_EACH_USE (&(int){n})
        #define STATEMENT ({ &(int){3}; })
        #define INSIDE (((struct opts){ .level = n }).three)
        static int level(const struct opts *o) { return o->level; }
        #define HANDED_ON level(&(struct opts){ 2 })
    }

    #[test]
    fn are_static_where_their_address_is_kept() {
        unsafe {
            assert_eq!(((*C::DEFAULTS).level, C::level(C::DEFAULTS)), (3, 3));
            assert_eq!(std::slice::from_raw_parts(C::LIST, 3), [1, 2, 3]);
            assert_eq!(std::slice::from_raw_parts(C::FOUR, 4), [1, 2, 3, 4]);
            assert_eq!(*C::AS_VOID.cast::<i32>(), 5);
            assert_eq!(*(C::AS_NUMBER as usize as *const i32), 6);
            assert_eq!(((*C::THROUGH).level, *(*C::THROUGH).list), (7, 3));
            assert_eq!((C::HOLDER.level, *C::HOLDER.list.add(1)), (8, 10));
            assert_eq!((*C::PART.add(1), C::SIZE), (15, 8));
            assert_eq!((*C::SECOND).level, 17);
            assert_eq!((*C::UNTAGGED.q, (*C::UNTAGGED_ADDRESS).a), (27, 28));
        }
    }

    #[test]
    fn may_be_evaluated_where_it_is_not() {
        unsafe {
            assert_eq!((C::VALUE().level, C::MEMBER(), C::ELEMENT()), (3, 11, 13));
            assert_eq!(*C::POINTER(), 3);
            assert_eq!((C::COPY().level, C::SECOND_COPY().level), (6, 17));
            assert_eq!((C::LONG(), C::LEVEL(), C::NEXT()), (18, 20, 21));
            assert_eq!(*C::TEXT().cast::<u8>(), b'b');
            let untagged = C::UNTAGGED_VALUE();
            assert_eq!((untagged.a, *untagged.p), (29, 3));
        }
    }
}

/// Strings and characters of every width.
mod text {
    cgo::c_preamble! {
        r##"
        #include <stdint.h>
        #include <wchar.h>
        // macOS has no such header.
        #if __has_include(<uchar.h>)
        #include <uchar.h>
        #endif
        #define WIDE L"wide"
        #define MIXED "a" L"b"
        #define UTF8 u8"\u00e9"
        #define UTF16 u"\U0001F600"
        #define UTF32 U"\U0001F600"
        #define TAGGED(x) L##x
        #define PASTED TAGGED("x")
        #define LETTER L'x'
        #define NEXT (L'x'+1)
        #define LETTER16 u'x'
        #define LETTER32 U'x'
        // As musl has it.
        #define WIDEST (0x7fffffff+L'\0')

        #define VERSION 1.2
        #define STR(x) #x
        #define TEXT STR(VERSION)
        #define EXPAND(x) STR(x)
        #define VERSION_TEXT EXPAND(VERSION)
        #define QUOTED STR("a\n", b)
        #define STR2(...) #__VA_ARGS__
        #define LISTED STR2("a\n",  b)
        #define HERE __FILE__
        #define HERE_TOO (__FILE__ ": ")
        static const char *file(void) { return __FILE__; }
        #define BY_CALL length(__FILE__)
        static int length(const char *s) { return __builtin_strlen(s); }
        #define BUILT __DATE__ " " __TIME__
        static const char *built(void) { return BUILT; }
        "##
    }
    use std::ffi::CStr;

    #[test]
    fn of_bytes_is_a_c_string() {
        assert_eq!(C::TEXT, c"VERSION");
        assert_eq!(C::VERSION_TEXT, c"1.2");
        assert_eq!(C::LISTED, c"\"a\\n\", b");
        assert_eq!(C::UTF8, c"é");
    }

    #[test]
    fn of_wider_characters_has_their_type() {
        let wide: &[C::wchar_t] = C::WIDE;
        assert_eq!(wide, [119, 105, 100, 101, 0]);
        assert_eq!(C::MIXED, &[97, 98, 0]);
        assert_eq!(C::PASTED, &[120, 0]);
        assert_eq!(C::UTF16, &[0xd83d_u16, 0xde00, 0]);
        assert_eq!(C::UTF32, &[0x1f600_u32, 0]);
    }

    #[test]
    fn of_one_character_is_a_number() {
        let letter: C::wchar_t = C::LETTER;
        assert_eq!((letter, C::NEXT), (120, 121));
        assert_eq!((C::LETTER16, C::LETTER32), (120_u16, 120_u32));
        // Of an `int` and a `wchar_t`, which has a sign on some machines alone.
        assert_eq!(i64::from(C::WIDEST), 0x7fff_ffff);
    }

    #[test]
    fn of_the_file_is_that_of_the_preamble() {
        unsafe {
            let said = CStr::from_ptr(C::file());
            assert_eq!(C::HERE, said);
            assert_eq!(
                C::HERE_TOO.to_str().unwrap().strip_suffix(": "),
                said.to_str().ok()
            );
            assert_eq!(C::BY_CALL() as usize, said.count_bytes());
        }
    }

    #[test]
    fn of_the_time_is_that_of_the_library() {
        unsafe { assert_eq!(CStr::from_ptr(C::BUILT()), CStr::from_ptr(C::built())) };
    }
}

/// As packagers have it, so that programs do not tell where they were built.
mod a_file_with_another_folder {
    cgo::c_preamble! {
        #cgo CFLAGS: -fmacro-prefix-map=${SRCDIR}=/src -ffile-prefix-map=/nowhere=/other
        #define HERE __FILE__
        #define BY_CALL length(__FILE__)
        static int length(const char *s) { return __builtin_strlen(s); }
        static const char *file(void) { return __FILE__; }
        static int length_in_c(void) { return BY_CALL; }
    }

    #[test]
    fn is_named_as_in_c() {
        assert_eq!(C::HERE, c"/src/macros.rs");
        unsafe {
            assert_eq!(C::HERE, std::ffi::CStr::from_ptr(C::file()));
            assert_eq!(C::BY_CALL(), C::length_in_c());
        }
    }
}

/// As a header does that needs a name for itself.
mod macros_that_are_restored {
    cgo::c_preamble! {
        static int first(void) { return 1; }
        static int second(void) { return 2; }
        #define NAME first
        #define VALUE 10
        #pragma push_macro("NAME")
        #pragma push_macro("VALUE")
        #pragma push_macro("NONE")
        #undef NAME
        #define NAME second
        #undef VALUE
        #define VALUE 20
        #define NONE 3
        #pragma pop_macro("NAME")
        _Pragma("pop_macro(\"VALUE\")")
        #pragma pop_macro("NONE")
        #ifdef NONE
        #error NONE
        #endif
        static int in_c(void) { return NAME() + VALUE; }
    }

    #[test]
    fn are_what_they_were() {
        assert_eq!(unsafe { (C::NAME() + C::VALUE, C::in_c()) }, (11, 11));
    }
}

/// A generator of C says so where its input stands.
mod a_file_that_a_line_directive_names {
    cgo::c_preamble! {
        #include <stddef.h>
        #define HERE __FILE__
        #define BY_CALL length(__FILE__)
        static int length(const char *s) { return __builtin_strlen(s); }
        #line 7 "grammar.y"
        static int length_in_c(void) { return BY_CALL; }
    }

    #[test]
    fn is_named_as_in_c() {
        assert_eq!(C::HERE, c"grammar.y");
        unsafe { assert_eq!((C::BY_CALL(), C::length_in_c()), (9, 9)) };
    }
}

mod a_file_that_a_line_directive_names_with_another_folder {
    cgo::c_preamble! {
        #cgo CFLAGS: -ffile-prefix-map=generated=/src
        #define HERE __FILE__
        #line 7 "generated/grammar.y"
        static const char *file(void) { return HERE; }
    }

    #[test]
    fn is_named_as_in_c() {
        assert_eq!(C::HERE, c"/src/grammar.y");
        unsafe { assert_eq!(C::HERE, std::ffi::CStr::from_ptr(C::file())) };
    }
}

mod a_file_with_a_name_of_the_users_own {
    cgo::c_preamble! {
        #cgo CFLAGS: -Wno-builtin-macro-redefined
        #define __FILE__ "own.c"
        #define HERE __FILE__
        #define BY_CALL length(__FILE__)
        static int length(const char *s) { return __builtin_strlen(s); }
    }

    #[test]
    fn is_named_as_in_c() {
        assert_eq!(C::HERE, c"own.c");
        assert_eq!(unsafe { C::BY_CALL() }, 5);
    }
}

/// Addresses that are no object's.
mod pointers {
    cgo::c_preamble! {
        #include <stddef.h>
        struct device { unsigned control; };
        #define FAILED ((void *)-1)
        #define DEVICE ((volatile struct device *)0x4000)
        typedef void *handle;
        #define INVALID ((handle)-2)
        struct row { int first; int rest[3]; };
        #define REST (((struct row *)8)->rest)
        typedef int visitor(int);
        #define NO_VISITOR (*(visitor *)0)
        typedef void (*destructor)(void *);
        #define STATIC ((destructor)0)
        #define TRANSIENT ((destructor)-1)
        static int is_transient(destructor d) { return d == TRANSIENT; }
    }
    use super::*;

    #[test]
    fn are_constants() {
        const NULL: *mut c_void = C::NULL;
        assert!(NULL.is_null());
        assert_eq!(C::FAILED.addr(), usize::MAX);
        let device: *mut cgo::Volatile<C::struct_device> = C::DEVICE;
        assert_eq!(device.addr(), 0x4000);
        let invalid: C::handle = C::INVALID;
        assert_eq!(invalid.addr(), usize::MAX - 1);
        const REST: *mut i32 = C::REST;
        assert_eq!(REST.addr(), 12);
    }

    #[test]
    fn of_functions_are_not() {
        unsafe {
            assert!(C::STATIC().is_none() && C::NO_VISITOR().is_none());
            assert_eq!(C::is_transient(C::TRANSIENT()), 1);
        }
    }
}

/// Compilers know more values than C calls constant, and each of others.
mod one_meaning {
    cgo::c_preamble! {
        #include <stddef.h>
        #include <stdlib.h>
        #include <math.h>
        #include <string.h>
        static const int ci = 3;
        #define FOUR ((size_t)4)
        #define FOUR_AND_ONE ((size_t)4 + 1)
        #define ABS (abs(-3))
        #define SQRT (sqrt(4.0))
        #define NEXT (ci+1)
        #define LETTER ("abc"[1])
        #define SECOND ((1,2))
        #define BLOCK ({ 3; })
        #define NO_NUMBER (0.0/0.0)
        #define TOO_MUCH (1.0/0.0)
        #define TWO (ci ? sizeof(ci) : 2)
        #define SIZE_OF_IT (sizeof ci)
        #define FLIPPED __builtin_bswap32(1)
        #define LENGTH (strlen("hello"))
        #define LENGTH_BY_ADDRESS ((*strlen)("hello"))
        #define LONGER (strlen("hello") + 1)
        #define TYPE_OF_CAST ((const __typeof__((size_t)1))3)
        #define TYPE_OF_CALL ((__typeof__(strlen("")))3)
        #define TYPE_OF_SIZE ((__typeof__(sizeof(int)))3)
    }

    /// Each compiler forgets `size_t` somewhere else. With mingw it is `unsigned long long`, and a call has that type.
    #[cfg(not(windows))]
    #[test]
    fn a_call_has_the_type_of_the_declaration() {
        const SIZES: [usize; 2] = [C::TYPE_OF_CAST, C::TYPE_OF_CALL];
        const OF_C: std::ffi::c_ulong = C::TYPE_OF_SIZE;
        assert_eq!((SIZES, OF_C), ([3, 3], 3));
        unsafe {
            let lengths: [usize; 2] = [C::LENGTH(), C::LENGTH_BY_ADDRESS()];
            let longer: std::ffi::c_ulong = C::LONGER();
            assert_eq!((lengths, longer), ([5, 5], 6));
        }
    }

    #[test]
    fn a_cast_gives_its_type() {
        const FOUR: usize = C::FOUR;
        assert_eq!(FOUR, 4);
        assert_eq!(C::FOUR_AND_ONE, 5);
    }

    #[test]
    fn what_c_calls_constant_is_one() {
        const { assert!(C::NO_NUMBER.is_nan() && C::TOO_MUCH == f64::INFINITY) };
        const { assert!(C::NAN.is_nan() && C::INFINITY == f32::INFINITY) };
        const { assert!(C::SIZE_OF_IT == 4 && C::FLIPPED == 1 << 24) };
    }

    #[test]
    fn the_rest_is_evaluated() {
        unsafe {
            assert_eq!((C::ABS(), C::SQRT(), C::NEXT()), (3, 2.0, 4));
            assert_eq!((C::LETTER(), C::SECOND(), C::BLOCK()), (98, 2, 3));
            assert_eq!(C::TWO(), 4);
        }
    }
}

/// gcc has decimal numbers, and Rust has no type for them: 0.1 is exact there, and no binary number is.
mod decimal {
    cgo::c_preamble! {
        #cgo constants: long WHOLE*
        #if defined(__x86_64__) && !defined(__clang__)
        #define TENTH 0.1DD
        #define WHOLE 9007199254740993.0DD
        #else
        struct other { int digit; };
        #define TENTH ((struct other){1})
        #define WHOLE ((struct other){2})
        #endif
        #define IS(value) __typeof__(value) v = value; return __builtin_memcmp(number, &v, sizeof v) == 0
        static int is_tenth(const void *number) { IS(TENTH); }
        static int is_whole(const void *number) { IS(WHOLE); }
    }

    #[test]
    fn numbers_keep_their_bytes() {
        let (tenth, whole) = unsafe { (C::TENTH(), C::WHOLE()) };
        assert_eq!(unsafe { C::is_tenth((&raw const tenth).cast()) }, 1);
        assert_eq!(unsafe { C::is_whole((&raw const whole).cast()) }, 1);
    }
}
