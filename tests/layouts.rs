//! Records that Rust has no fields for, as a program sees them: bit-fields, packed and aligned members, arrays without a length.

use std::mem::{align_of, offset_of, size_of};

cgo::c_preamble! {
    // gcc warns of what is meant here, and clang of gcc's option.
    #cgo CFLAGS: -Wno-packed-not-aligned -Wno-unknown-warning-option -Wno-attributes -Wno-packed-bitfield-compat
    #include <string.h>

    // Bit-fields.
    enum level { LOW, MIDDLE, HIGH };
    enum change { DOWN = -1, SAME, UP };
    struct bits {
        char first;
        unsigned char in_a_gap : 3;
        _Bool flag : 1;
        int number : 5;
        enum level level : 3;
        enum change change : 3;
        int : 4;
        unsigned after_a_gap : 7;
        int : 0;
        long long wide : 40;
        unsigned long long whole : 64;
        signed char last : 7;
        short field;
    };
#ifdef _WIN32
    // Microsoft's layout, which gcc has there otherwise, crosses no units.
    #define UNIX_LAYOUT gcc_struct
#else
    #define UNIX_LAYOUT
#endif
    struct __attribute__((packed, UNIX_LAYOUT)) packed_bits {
        char c;
        unsigned a : 3;
        int b : 31;
        long long d : 60;
        _Bool e : 1;
        unsigned long long f : 63;
        _Bool g : 1;
        unsigned long long h : 64;
        int field;
    };
    union bits_or_number { unsigned low : 5; int signed_low : 5; unsigned long long number; };
    union only_bits { int a : 20; unsigned b : 30; };
    struct names { int a : 3; int set_a : 4; int type : 5; int self : 6; int _bits0; int clone : 2; };
    struct holds_bits { struct { unsigned x : 4, y : 4; }; struct bits inner[2]; };
#ifdef __SIZEOF_INT128__
    struct wide { __int128 a : 100; unsigned __int128 b : 120; char c; };
    struct __attribute__((packed)) wide_packed { signed char c : 3; __int128 a : 127; };
#endif
    struct __attribute__((packed, aligned(8))) odd_bits { char c; int i; unsigned a : 9; };
    typedef unsigned counter;
    struct named { const counter a : 12; volatile counter b : 20; };

    static struct bits make_bits(void) {
        struct bits b;
        memset(&b, 0, sizeof b);
        b.first = 'f'; b.in_a_gap = 5; b.flag = 1; b.number = -13; b.level = HIGH; b.change = DOWN; b.after_a_gap = 100;
        b.wide = -(1LL << 38) - 7; b.whole = 0xfedcba9876543210; b.last = -64; b.field = 1234;
        return b;
    }
    static void fill_bits(struct bits *b) { *b = make_bits(); }
    // A move in Rust need not keep the bytes between members.
    static int same_bits(const struct bits *b) {
        struct bits c = make_bits();
        return b->first == c.first && b->in_a_gap == c.in_a_gap && b->flag == c.flag && b->number == c.number && b->level == c.level
            && b->change == c.change && b->after_a_gap == c.after_a_gap && b->wide == c.wide && b->whole == c.whole
            && b->last == c.last && b->field == c.field;
    }
    static void fill_packed(struct packed_bits *p) {
        memset(p, 0, sizeof *p);
        p->c = 'c'; p->a = 6; p->b = -123456789; p->d = -(1LL << 59); p->e = 1; p->f = 0x7edcba9876543210; p->h = 0x8123456789abcdef; p->field = -5;
    }
    static int same_packed(const struct packed_bits *p) { struct packed_bits c; fill_packed(&c); return memcmp(p, &c, sizeof c) == 0; }
#ifdef __SIZEOF_INT128__
    static void fill_wide(struct wide *w) { memset(w, 0, sizeof *w); w->a = -((__int128)1 << 90) + 3; w->b = ((unsigned __int128)1 << 119) + 9; w->c = 1; }
    static int same_wide(const struct wide *w) { struct wide c; fill_wide(&c); return memcmp(w, &c, sizeof c) == 0; }
    static void fill_wide_packed(struct wide_packed *w) { memset(w, 0, sizeof *w); w->c = -2; w->a = -((__int128)1 << 120) + 3; }
    static int same_wide_packed(const struct wide_packed *w) { struct wide_packed c; fill_wide_packed(&c); return memcmp(w, &c, sizeof c) == 0; }
#endif

    // Alignment in every combination.
    typedef int aligned_int __attribute__((aligned(16)));
    typedef int loose_int __attribute__((aligned(1)));
    struct aligned_typedef { char c; aligned_int i; };
    struct loose_typedef { char c; loose_int i; int j; };
    struct has_untagged { struct { aligned_int x; } inner; struct { char y __attribute__((aligned(32))); } second; };
    struct aligned_as { char c; _Alignas(64) short s; };
    struct __attribute__((packed)) packed_long_double { char c; long double d; int i; };
    struct __attribute__((packed)) packed_atomic { char c; _Atomic int a; };
    struct __attribute__((packed)) packed_vector { char c; int v __attribute__((vector_size(16))); };
    struct __attribute__((packed, aligned(4))) packed_aligned { char c; long long l; };
    struct member_packed { char c; int i __attribute__((packed)); long long l; };
    struct wide_vector { double v __attribute__((vector_size(256))); };
    typedef char vector_8 __attribute__((vector_size(8)));
    typedef float vector_16 __attribute__((vector_size(16)));
    typedef int vector_64 __attribute__((vector_size(64)));
    struct align_8 { char c; vector_8 v; };
    struct align_16 { char c; vector_16 v; };
    struct align_64 { char c; vector_64 v; };
    enum {
        ALIGN_8 = __builtin_offsetof(struct align_8, v), ALIGN_16 = __builtin_offsetof(struct align_16, v),
        ALIGN_64 = __builtin_offsetof(struct align_64, v),
    };
    static size_t align_of_wide_vector(void) { return __alignof__(struct wide_vector); }
    struct big_align { char c; } __attribute__((aligned(8192)));
    union packed_union { char c[5]; int i; } __attribute__((packed));
    struct around_union { char c; union packed_union u; };
    struct atomic_parts { _Atomic int a; _Atomic(long long) b; _Atomic struct { short x, y; } s; _Atomic _Bool f; };

    // Arrays.
    struct none {};
    struct nones { int before; struct none n; int zero[0]; int after; struct none many[3]; };
    union nothing {};
    struct huge { char bytes[1ULL << (sizeof(void *) == 8 ? 40 : 28)]; };
    struct many_dimensions { short s[2][0][3]; char c[1][2][3]; };
    struct __attribute__((packed)) packed_flexible { char c; int data[]; };
    struct __attribute__((packed, aligned(2))) bytes_flexible { char c; int i; char data[]; };
    struct flexible_struct { int n; struct packed_flexible *next; struct loose_typedef data[]; };
    static struct huge *the_huge;

    // Numbers in an order that is not the machine's.
#ifndef __clang__
    struct __attribute__((scalar_storage_order("big-endian"))) network { int i; unsigned a : 3; short s[2]; };
#else
    struct network { int i; unsigned a : 3; short s[2]; };
#endif
}

/// What the preamble leaves behind is about its own records, and not about what is learned of it.
mod pragmas_that_stay {
    cgo::c_preamble! {
        #cgo CFLAGS: -Wno-unknown-pragmas
        #pragma pack(1)
        #pragma scalar_storage_order big-endian
        #define NUMBER 0x1234
        #define REAL 2.5
        enum { SEVEN = 7 };
        struct packed { char c; short s; };
        static short count = 3;
        static struct packed first = { 1, 0x1234 };
        static short second(struct packed *p) { return p->s; }
        static long double twice(long double a) { return 2 * a; }
    }

    #[test]
    fn are_about_the_records_alone() {
        assert_eq!((C::NUMBER, C::REAL, C::SEVEN), (0x1234, 2.5, 7));
        unsafe {
            assert_eq!((C::count, C::twice(1.5)), (3_i16, 3.0));
            assert_eq!(C::second(&raw mut C::first), 0x1234);
        }
        assert_eq!(size_of::<C::struct_packed>(), 3);
    }
}

#[test]
fn bit_fields_are_read_and_written_as_in_c() {
    let mut b = C::struct_bits::default();
    unsafe { C::fill_bits(&mut b) };
    assert_eq!((b.first, b.in_a_gap(), b.flag()), (b'f' as _, 5, true));
    assert_eq!((b.number(), b.level(), b.change()), (-13, C::HIGH, C::DOWN));
    assert_eq!((b.after_a_gap(), b.wide()), (100, -(1 << 38) - 7));
    assert_eq!((b.whole, b.last()), (0xfedc_ba98_7654_3210, -64));
    assert_eq!(b.field, 1234);

    let mut mine = C::struct_bits {
        first: b'f' as _,
        field: 1234,
        ..Default::default()
    };
    mine.set_in_a_gap(5 + 8);
    mine.set_flag(true);
    mine.set_number(-13);
    mine.set_level(C::HIGH);
    mine.set_change(C::DOWN);
    mine.set_after_a_gap(100 + 128);
    mine.set_wide(-(1 << 38) - 7);
    mine.whole = 0xfedc_ba98_7654_3210;
    mine.set_last(-64);
    // A copy keeps the bits, wherever they lie.
    let copy = std::hint::black_box(mine);
    assert_eq!(unsafe { C::same_bits(&copy) }, 1);
}

#[cfg(not(target_env = "msvc"))]
#[test]
fn bit_fields_of_packed_records_cross_units() {
    let mut p = C::struct_packed_bits {
        c: b'c' as _,
        field: -5,
        ..Default::default()
    };
    p.set_a(6);
    p.set_b(-123_456_789);
    p.set_d(-(1 << 59));
    p.set_e(true);
    p.set_f(0x7edc_ba98_7654_3210);
    p.set_h(0x8123_4567_89ab_cdef);
    assert_eq!(unsafe { C::same_packed(&p) }, 1);
    unsafe { C::fill_packed(&mut p) };
    assert_eq!((p.a(), p.b(), p.d()), (6, -123_456_789, -(1 << 59)));
    assert_eq!((p.e(), p.f()), (true, 0x7edc_ba98_7654_3210));
    assert_eq!((p.g(), p.h()), (false, 0x8123_4567_89ab_cdef));

    let mut odd = C::struct_odd_bits::default();
    odd.set_a(300);
    odd.set_i(-9);
    assert_eq!((odd.a(), odd.i(), odd.c()), (300, -9, 0));
}

/// Compilers have it where a register has 64 bits.
#[cfg(target_pointer_width = "64")]
#[test]
fn bit_fields_of_128_bits() {
    let mut w = C::struct_wide::default();
    unsafe { C::fill_wide(&mut w) };
    assert_eq!((w.a(), w.b()), (-(1 << 90) + 3, (1 << 119) + 9));
    let mut mine = C::struct_wide {
        c: 1,
        ..Default::default()
    };
    mine.set_a(w.a());
    mine.set_b(w.b());
    assert_eq!(unsafe { C::same_wide(&mine) }, 1);

    let mut w = C::struct_wide_packed::default();
    w.set_c(-2);
    w.set_a(-(1 << 120) + 3);
    assert_eq!(unsafe { C::same_wide_packed(&w) }, 1);
    assert_eq!((w.c(), w.a()), (-2, -(1 << 120) + 3));
}

/// 64 ones, but for the first bits in the order of the machine's bit-fields.
fn within_ones(number: u64, bits: u32) -> u64 {
    let above = match cfg!(target_endian = "little") {
        true => 0,
        false => 64 - bits,
    };
    (u64::MAX >> (64 - bits) ^ number) << above ^ u64::MAX
}

#[test]
fn bit_fields_of_unions_are_read_like_their_members() {
    let mut u = C::union_bits_or_number { number: u64::MAX };
    unsafe {
        u.set_low(17);
        assert_eq!(
            (u.low(), u.signed_low(), u.number),
            (17, -15, within_ones(17, 5))
        );
        let mut only = C::union_only_bits::default();
        only.set_b(0x2f0_1234);
        // They begin at the same bit, whichever end that is.
        let same = match cfg!(target_endian = "little") {
            true => 0x0_1234,
            false => 0x2f0_1234 << 2 >> 12,
        };
        assert_eq!((only.a(), only.b()), (same, 0x2f0_1234));
    }
    assert_eq!(size_of::<C::union_only_bits>(), 4);
}

#[test]
fn methods_of_bit_fields_have_names_of_their_own() {
    let mut n = C::struct_names::default();
    n.set_a_(3);
    n.set_set_a(-8);
    n.set_type(9);
    n.set_self_(10);
    n._bits0 = 4;
    n.set_clone(-1);
    assert_eq!((n.a(), n.set_a(), n.r#type(), n.self_()), (3, -8, 9, 10));
    assert_eq!((n._bits0, n.clone()), (4, -1));

    let mut named = C::struct_named::default();
    named.set_a(0xabc);
    assert_eq!(format!("{named:?}"), "struct_named { a: 2748, b: 0 }");
    let mut holds = C::struct_holds_bits::default();
    holds.anon0.set_y(9);
    holds.inner[1].set_wide(-1);
    assert_eq!(
        (holds.anon0.x(), holds.anon0.y(), holds.inner[1].wide()),
        (0, 9, -1)
    );
}

/// Not every target aligns a large vector to its size.
#[test]
fn a_vector_has_cs_alignment() {
    assert_eq!(align_of::<C::vector_8>(), C::ALIGN_8 as usize);
    assert_eq!(align_of::<C::vector_16>(), C::ALIGN_16 as usize);
    assert_eq!(align_of::<C::vector_64>(), C::ALIGN_64 as usize);
    assert_eq!(offset_of!(C::struct_align_64, v), C::ALIGN_64 as usize);
}

#[test]
fn alignment_is_cs_in_every_combination() {
    let layout = |size, align| (size, align);
    assert_eq!(
        (
            size_of::<C::struct_aligned_typedef>(),
            align_of::<C::struct_aligned_typedef>()
        ),
        layout(32, 16)
    );
    assert_eq!(
        (
            size_of::<C::struct_has_untagged>(),
            align_of::<C::struct_has_untagged>()
        ),
        layout(64, 32)
    );
    assert_eq!(align_of::<C::struct_has_untagged_inner>(), 16);
    assert_eq!(align_of::<C::struct_has_untagged_second>(), 32);
    assert_eq!(offset_of!(C::struct_aligned_as, s), 64);
    assert_eq!(
        (
            size_of::<C::struct_wide_vector>(),
            align_of::<C::struct_wide_vector>()
        ),
        layout(256, unsafe { C::align_of_wide_vector() })
    );
    assert_eq!(
        (
            size_of::<C::struct_big_align>(),
            align_of::<C::struct_big_align>()
        ),
        layout(8192, 8192)
    );
    assert_eq!(
        (
            size_of::<C::struct_around_union>(),
            align_of::<C::struct_around_union>()
        ),
        layout(6, 1)
    );

    // Microsoft's layout knows no typedef that makes an alignment smaller.
    #[cfg(not(target_env = "msvc"))]
    {
        let mut loose = C::struct_loose_typedef::default();
        loose.set_i(-2);
        loose.set_j(3);
        assert_eq!((loose.c(), loose.i(), loose.j()), (0, -2, 3));
    }
    let mut member = C::struct_member_packed::default();
    member.set_l(1 << 40);
    member.set_i(-1);
    assert_eq!(
        (member.i(), member.l(), size_of_val(&member)),
        (-1, 1 << 40, 16)
    );
    let mut packed = C::struct_packed_aligned::default();
    packed.set_l(-1);
    assert_eq!((packed.c(), packed.l(), size_of_val(&packed)), (0, -1, 12));
    // 16 bytes on most machines, 12 on x86; a `double` on arm, on Apple's arm64 and with msvc, which Rust has as a field.
    #[cfg(not(any(
        target_arch = "x86",
        target_arch = "arm",
        target_env = "msvc",
        all(target_vendor = "apple", target_arch = "aarch64")
    )))]
    {
        let mut double = C::struct_packed_long_double::default();
        double.set_i(7);
        assert_eq!((double.i(), size_of_val(&double)), (7, 21));
    }
    let vector = C::struct_packed_vector::default();
    assert_eq!((size_of_val(&vector), size_of_val(&vector.v())), (17, 16));
    assert_eq!(size_of::<C::struct_packed_atomic>(), 5);
    assert_eq!(
        (
            offset_of!(C::struct_atomic_parts, b),
            offset_of!(C::struct_atomic_parts, s)
        ),
        (8, 16)
    );
}

#[test]
fn arrays_of_no_elements_and_of_very_many() {
    // With msvc a record without members has 4 bytes.
    let nothing = if cfg!(target_env = "msvc") { 4 } else { 0 };
    assert_eq!(size_of::<C::struct_none>(), nothing);
    assert_eq!(size_of::<C::union_nothing>(), nothing);
    assert_eq!(
        (
            size_of::<C::struct_nones>(),
            offset_of!(C::struct_nones, after)
        ),
        if cfg!(target_env = "msvc") {
            (24, 8)
        } else {
            (8, 4)
        }
    );
    let bits = if size_of::<usize>() == 8 { 40 } else { 28 };
    assert_eq!(size_of::<C::struct_huge>() as u64, 1 << bits);
    assert!(unsafe { C::the_huge }.is_null());
    assert_eq!(size_of::<C::struct_many_dimensions>(), 6);

    let mut memory = [0u8; 16];
    memory[1..5].copy_from_slice(&7i32.to_ne_bytes());
    let this = memory.as_mut_ptr();
    let first = C::struct_packed_flexible::data_pointer_mut(this.cast());
    assert_eq!(unsafe { first.read_unaligned() }, 7);
    memory[5] = 9;
    let this = memory.as_ptr();
    let data = unsafe { C::struct_bytes_flexible::data_slice(this.cast(), 2) };
    assert_eq!(data[0], 9);
    let flexible = C::struct_flexible_struct::default();
    assert!(unsafe { C::struct_flexible_struct::data_slice(&flexible, 0) }.is_empty());
}

#[test]
fn numbers_in_another_order_are_bytes() {
    assert_eq!(size_of::<C::struct_network>(), 12);
}

/// Records that hold each other twice, thirty deep: whoever looked into each of them anew would never end.
mod doubled {
    cgo::c_preamble! {
        struct d0 { char a, b; };
        #define DOUBLE(outer, inner) struct outer { struct inner a, b; };
        #define FOUR(a, b, c, d, e) DOUBLE(b, a) DOUBLE(c, b) DOUBLE(d, c) DOUBLE(e, d)
        FOUR(d0, d1, d2, d3, d4)
        FOUR(d4, d5, d6, d7, d8)
        FOUR(d8, d9, d10, d11, d12)
        FOUR(d12, d13, d14, d15, d16)
        FOUR(d16, d17, d18, d19, d20)
        FOUR(d20, d21, d22, d23, d24)
        FOUR(d24, d25, d26, d27, d28)
        static int last(struct d28 *d, struct d3 (*pass)(struct d3)) { return d->b.b.a.a.b.b.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.b; }
        static struct d3 same(struct d3 d) { return d; }
    }

    #[test]
    fn every_record_is_looked_at_once() {
        assert_eq!(size_of::<C::struct_d28>(), 2 << 28);
        let inner = C::struct_d1 {
            b: C::struct_d0 { a: 1, b: 2 },
            ..Default::default()
        };
        let outer = C::struct_d3 {
            a: C::struct_d2 {
                b: inner,
                ..Default::default()
            },
            ..Default::default()
        };
        assert_eq!(unsafe { C::same(outer) }.a.b.b.b, 2);
    }
}

/// Types that one preamble takes from another, or from Rust: all that they lead to is compared while this compiles.
mod taken {
    use std::ffi::c_int;
    use std::ptr::null_mut;

    cgo::c_preamble! {
        pub mod lender;
        struct node;
        struct list { struct node *first; int (*visit)(struct node *, int, ...); unsigned length : 20, sorted : 1; };
        struct node { struct list *of; union { int number; float real; } value[2]; };
        typedef struct known known;
        struct known { long double ld; };
        typedef double pair __attribute__((vector_size(16)));
        typedef _Atomic(int) counter;
        typedef volatile int flags[2];
        static int first(struct list *l, known *k, pair *p, counter *c, flags *f) { return l->first->value[0].number; }
    }

    /// A file's number, as a type of its own.
    #[repr(transparent)]
    #[derive(Clone, Copy)]
    pub struct Fd(pub c_int);

    // SAFETY: an `int`, of which any number is a value.
    unsafe impl cgo::CLayout for Fd {}
    // SAFETY: so 0 is one.
    unsafe impl cgo::Zero for Fd {}

    cgo::c_preamble! {
        pub mod borrower;
        use self::lender::{struct_list, pair, counter, flags, known};
        use self::Fd as fd_t;
        struct list { struct node *first; int (*visit)(struct node *, int, ...); unsigned length : 20, sorted : 1; };
        typedef struct known known;
        typedef double pair __attribute__((vector_size(16)));
        typedef _Atomic(int) counter;
        typedef volatile int flags[2];
        typedef int fd_t;
        struct holder { struct list l; pair p; counter c; flags f; fd_t fd[2]; };
        static unsigned length(struct holder *h, known *k) { return h->l.length; }
    }

    #[test]
    fn their_values_are_the_same_in_both() {
        let mut node = lender::struct_node::default();
        node.value[0].number = 7;
        let mut holder = borrower::struct_holder::default();
        assert_eq!(holder.fd.map(|fd| fd.0), [0, 0]);
        holder.l.first = &raw mut node;
        holder.l.set_length(5);
        // SAFETY: `holder` and `node` live, and C reads nothing else.
        unsafe {
            assert_eq!(borrower::length(&mut holder, null_mut()), 5);
            let list: *mut lender::struct_list = &raw mut holder.l;
            let read = lender::first(list, null_mut(), null_mut(), null_mut(), null_mut());
            assert_eq!(read, 7);
        }
    }
}
