//! Every dialect of C that the compilers have a `-std=` for, and flags that change layouts.

/// What is asked of each.
macro_rules! check {
    () => {
        #[test]
        fn binds() {
            let mut p = C::struct_p { x: 4, c: 2 };
            unsafe {
                assert_eq!(C::add(1, C::LIMIT), 11);
                assert_eq!(C::of(&mut p, C::B), 9);
                assert_eq!({ C::by_value(p).x }, 5);
                assert_eq!(C::first(c"abc".as_ptr().cast_mut()) as u8, b'a');
                assert_eq!({ C::of_float(C::REAL).f }, 2.5);
                assert_eq!(C::wide(1.5), 3.0);
                assert_eq!((C::SUM(), C::NAME), (3, c"name"));
            }
        }
    };
}

mod c89 {
    cgo::c_preamble! {
        #cgo CFLAGS: -std=c89 -pedantic-errors
        #include "dialects.h"
    }
    check!();
}

mod ansi {
    cgo::c_preamble! {
        #cgo CFLAGS: -ansi -pedantic-errors -Werror
        #include "dialects.h"
    }
    check!();
}

mod amended {
    cgo::c_preamble! {
        #cgo CFLAGS: -std=iso9899:199409 -pedantic-errors
        #include "dialects.h"
    }
    check!();
}

mod gnu89 {
    cgo::c_preamble! {
        #cgo CFLAGS: -std=gnu89
        #include "dialects.h"
    }
    check!();

    // There `inline` is what C99 calls `extern inline`. With msvc it is the same in all dialects.
    #[cfg(not(target_env = "msvc"))]
    mod inline {
        cgo::c_preamble! {
            #cgo CFLAGS: -std=gnu89 -w
            inline int defined(int a) { return a + 1; }
            static inline int local(int a) { return a + 3; }
            implicit(a) { return a + 4; }
        }

        #[test]
        fn is_bound() {
            unsafe {
                assert_eq!((C::defined(1), C::local(1), C::implicit(1)), (2, 4, 5));
            }
        }
    }
}

mod c99 {
    cgo::c_preamble! {
        #cgo CFLAGS: -std=c99 -pedantic-errors -Werror
        #include "dialects.h"
    }
    check!();
}

mod gnu99 {
    cgo::c_preamble! {
        #cgo CFLAGS: -std=gnu99
        #include "dialects.h"
    }
    check!();
}

mod c11 {
    cgo::c_preamble! {
        #cgo CFLAGS: -std=c11 -pedantic-errors
        #include "dialects.h"
    }
    check!();
}

mod gnu11 {
    cgo::c_preamble! {
        #cgo CFLAGS: -std=gnu11
        #include "dialects.h"
    }
    check!();
}

mod c17 {
    cgo::c_preamble! {
        #cgo CFLAGS: -std=c17 -pedantic-errors
        #include "dialects.h"
    }
    check!();
}

mod gnu17 {
    cgo::c_preamble! {
        #cgo CFLAGS: -std=gnu17
        #include "dialects.h"
    }
    check!();
}

mod c2x {
    cgo::c_preamble! {
        #cgo CFLAGS: -std=c2x -pedantic-errors
        #include "dialects.h"
    }
    check!();
}

mod gnu2x {
    cgo::c_preamble! {
        #cgo CFLAGS: -std=gnu2x
        #include "dialects.h"
    }
    check!();
}

/// GNU C, which needs no flag.
mod gnu {
    cgo::c_preamble! {
        #define STATEMENTS ({ int sum = 0; for (int i = 0; i < 4; i++) sum += i; sum; })
        #define LABEL ({ __label__ out; int a = 1; goto out; a = 2; out: a; })
        __auto_type inferred = 2.5;
        static int (*pointer)(int);
        static int computed(int which) {
            static void *const labels[] = { &&one, &&two };
            goto *labels[which];
            one: return 1;
            two: return 2;
        }
        static int assembled(int a) { int b; __asm__("" : "=r"(b) : "0"(a)); return b; }
        #ifdef __wasm__
        __asm__(".size cgo_test_of_assembly, 1\n");
        #endif
        __asm__(".data\n.globl cgo_test_of_assembly\ncgo_test_of_assembly: .byte 42\n.text\n");
        extern char of_assembly __asm__("cgo_test_of_assembly");
        static int ranges(char c) { switch (c) { case 'a' ... 'z': return 1; default: return 0; } }
        static const char *const names[] = { [2] = "two", [0 ... 1] = "less" };
        static int elvis(int a) { return a ?: 7; }
        static __typeof__(elvis) by_typeof;
        static int by_typeof(int b) { return b; }
        struct trailing { int n; int none[0]; };
        union cast { int i; float f; };
        static int to_union(int i) { return ((union cast)i).i; }
        static int nested(int a) {
        #if defined(__GNUC__) && !defined(__clang__)
            int inner(int b) { return a + b; }
            return inner(1);
        #else
            return a + 1;
        #endif
        }
        static long long binary(void) { return 0b1010; }
        __extension__ typedef int extended;
        static extended weak_one(void) { return 1; }
        __attribute__((constructor)) static void starts(void) { pointer = nested; }
    }

    #[test]
    fn extensions() {
        unsafe {
            assert_eq!((C::STATEMENTS(), C::LABEL()), (6, 1));
            assert_eq!({ C::inferred }, 2.5f64);
            assert_eq!((C::computed(0), C::computed(1), C::assembled(3)), (1, 2, 3));
            assert_eq!({ C::of_assembly }, 42);
            assert_eq!((C::ranges(b'b' as _), C::ranges(0)), (1, 0));
            assert_eq!(C::GoString(C::names[1]), "less");
            assert_eq!((C::elvis(0), C::elvis(1), C::by_typeof(2)), (7, 1, 2));
            assert_eq!(size_of::<C::struct_trailing>(), 4);
            assert_eq!(
                (C::to_union(3), C::nested(4), C::binary(), C::weak_one()),
                (3, 5, 10, 1)
            );
            assert_eq!(C::pointer.unwrap()(6), 7);
        }
    }
}

/// Flags that move members and change types.
mod flags {
    /// What has the other sign where `char` has none of its own.
    macro_rules! signs {
        ($char:ty, $value:expr) => {
            #[test]
            fn characters() {
                let letter = $value as $char;
                unsafe {
                    let (negative, constant): ($char, $char) = (C::negative(), C::LETTER);
                    assert_eq!((negative, constant), (-1i32 as $char, letter));
                    let wide = C::widened(letter);
                    assert_eq!((wide, C::pointer.unwrap()(letter)), (letter as i32, wide));
                    let (plain, table): ($char, [$char; 2]) = (C::plain, C::table_of);
                    assert_eq!((plain, table), (letter, [letter, 1 as $char]));
                    assert_eq!(C::fixed as i32, letter as i32);
                    let mut s = C::struct_chars {
                        c: letter,
                        l: letter,
                        a: [letter; 2],
                        ..Default::default()
                    };
                    s.set_bits(7 as $char);
                    assert_eq!(C::sum(&s), 4 * letter as i32 + s.bits() as i32);
                    assert_eq!(s.bits() as i32, if <$char>::MIN == 0 { 7 } else { -1 });
                    let u = C::union_letters { bytes: [letter; 4] };
                    assert_eq!(u.first as i32, letter as i32);
                    let made: C::struct_chars = C::make();
                    assert_eq!(made.c as i32, letter as i32);
                    assert_eq!(C::GoString(C::text_of()), "text");
                }
            }
            check!();
        };
    }

    mod unsigned_char {
        cgo::c_preamble! {
            #cgo CFLAGS: -funsigned-char
            #include "dialects.h"
            #include "characters.h"
        }
        signs!(u8, 200);
    }

    mod signed_char {
        cgo::c_preamble! {
            #cgo CFLAGS: -fsigned-char
            #include "dialects.h"
            #include "characters.h"
        }
        signs!(i8, -56);
    }

    /// gcc alone has it.
    mod unsigned_bit_fields {
        cgo::c_preamble! {
            #cgo CFLAGS: -funsigned-bitfields
            #include "dialects.h"
            struct bits { int plain : 3; signed int is_signed : 3; };
            static int get(struct bits *b) { return b->plain; }
            static int get_signed(struct bits *b) { return b->is_signed; }
        }

        #[test]
        fn are_as_in_c() {
            let mut bits = C::struct_bits::default();
            bits.set_plain(7);
            bits.set_is_signed(-1);
            unsafe {
                assert_eq!(bits.plain() as i32, C::get(&mut bits));
                assert_eq!(bits.is_signed(), C::get_signed(&mut bits));
            }
        }
        check!();
    }

    // With msvc an enumeration is always an `int`.
    #[cfg(not(target_env = "msvc"))]
    mod short_enums {
        cgo::c_preamble! {
            #cgo CFLAGS: -fshort-enums
            #include "dialects.h"
            enum small { SMALL = 200 };
            enum medium { MEDIUM = -200 };
            struct enums { enum small s; enum medium m; enum e e; };
            static enum small same(enum small s) { return s; }
        }

        #[test]
        fn enumerations() {
            let (small, medium): (u8, i16) = (C::SMALL, C::MEDIUM);
            assert_eq!(
                (small, medium, size_of::<C::struct_enums>()),
                (200, -200, 6)
            );
            assert_eq!(unsafe { C::same(C::SMALL) }, 200);
        }
        check!();
    }

    mod pack_struct {
        cgo::c_preamble! {
            #cgo CFLAGS: -fpack-struct
            #include "dialects.h"
            struct mixed { char c; double d; long double l; struct p p; short s; };
            static double get(struct mixed m) { return m.d; }
            static int long_double(void) { return sizeof(long double); }
            typedef int vector __attribute__((vector_size(32)));
            static int alignment(void) { return __alignof__(vector); }
        }

        #[test]
        fn a_vector_is_aligned_as_in_c() {
            assert_eq!(align_of::<C::vector>(), unsafe { C::alignment() } as usize);
        }

        #[test]
        fn records() {
            let long_double = unsafe { C::long_double() } as usize;
            assert_eq!(
                (size_of::<C::struct_p>(), size_of::<C::struct_mixed>()),
                (5, 16 + long_double)
            );
            let mixed = C::struct_mixed::default();
            assert_eq!(unsafe { C::get(mixed) }, 0.0);
        }
        check!();
    }

    mod pack_struct_by_two {
        cgo::c_preamble! {
            #cgo CFLAGS: -fpack-struct=2
            #include "dialects.h"
            struct mixed { char c; double d; char e; };
            typedef int vector __attribute__((vector_size(32)));
            struct with_vector { char c; vector v; };
            static int alignment(void) { return __alignof__(vector); }
            static int last(const vector *v) { return (*v)[7]; }
        }

        /// Only members are packed.
        #[test]
        fn a_vector_is_aligned_as_in_c() {
            assert_eq!(align_of::<C::vector>(), unsafe { C::alignment() } as usize);
            assert_eq!(unsafe { C::last(&C::vector::default()) }, 0);
            assert_eq!(size_of::<C::struct_with_vector>(), 34);
        }

        #[test]
        fn records() {
            let p = (size_of::<C::struct_p>(), align_of::<C::struct_p>());
            assert_eq!((p, size_of::<C::struct_mixed>()), ((6, 2), 12));
        }
        check!();
    }

    mod ms_extensions {
        cgo::c_preamble! {
            #cgo CFLAGS: -fms-extensions -Wno-microsoft
            #include "dialects.h"
            struct derived { struct p; int more; };
            static int sum(struct derived *d) { return d->x + d->c + d->more; }
        }

        #[test]
        fn a_record_without_a_name_in_another() {
            let mut derived = C::struct_derived {
                anon0: C::struct_p { x: 1, c: 2 },
                more: 3,
            };
            assert_eq!(unsafe { C::sum(&mut derived) }, 6);
        }
        check!();
    }

    #[cfg(target_arch = "x86_64")]
    mod avx {
        cgo::c_preamble! {
            #cgo CFLAGS: -mavx
            #include "dialects.h"
            typedef float eight __attribute__((vector_size(32)));
            struct holds { char c; eight e; };
            static int offset(struct holds *h) { return (int)((char *)&h->e - (char *)h); }
        }

        #[test]
        fn vectors() {
            let mut holds = C::struct_holds::default();
            assert_eq!(
                (unsafe { C::offset(&mut holds) }, align_of::<C::eight>()),
                (32, 32)
            );
        }
        check!();
    }

    #[cfg(target_arch = "x86_64")]
    mod long_double {
        cgo::c_preamble! {
            #cgo CFLAGS: -mlong-double-64
            #include "dialects.h"
            struct holds { long double l; };
        }

        #[test]
        fn is_a_double() {
            assert_eq!(C::struct_holds { l: 1.5f64 }.l, 1.5);
        }
        check!();
    }

    /// What is said of debug information and link-time optimization is the library's affair.
    #[cfg(not(target_env = "msvc"))]
    mod debug {
        cgo::c_preamble! {
            #cgo CFLAGS: -g0 -flto -Wno-unused-command-line-argument
            #cgo !darwin CFLAGS: -fdebug-types-section
            #include "dialects.h"
        }
        check!();
    }
}

/// gcc 12 compiles the branch with `__OPTIMIZE__`, and its preprocessor takes the other one.
mod options_by_pragma {
    cgo::c_preamble! {
        #pragma GCC optimize("O2")
        #ifdef __OPTIMIZE__
        static void end(int *times) { ++*times; }
        #else
        __attribute__((noreturn)) static void end(int *times) { for (;;) ++*(volatile int *)times; }
        #endif
        static int returns(void) {
            #ifdef __OPTIMIZE__
            return 1;
            #else
            return 0;
            #endif
        }
    }

    #[test]
    fn a_function_returns_as_in_c() {
        let mut times = 0;
        if unsafe { C::returns() } == 1 {
            let end: unsafe extern "C" fn(*mut i32) = C::end;
            unsafe { end(&mut times) };
            assert_eq!(times, 1);
        }
    }
}
