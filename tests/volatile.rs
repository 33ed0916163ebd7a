//! What C declares `volatile`: variables, members, and what is pointed to.

use std::ffi::{c_int, c_uint, c_void};
use std::mem::{offset_of, size_of};
use std::ptr::null_mut;

use cgo::{ReadOnly, Volatile};

/// C reads and writes the members as Rust says.
#[cgo::export_c]
#[repr(C)]
struct Port {
    value: Volatile<u32>,
    mask: Volatile<u32, ReadOnly>,
    next: Volatile<*mut Port>,
}

#[cgo::export_c]
fn raise_by(value: *mut Volatile<u32>, by: u32) {
    unsafe { (*value).update(|value| value + by) };
}

cgo::c_preamble! {
    #cgo LDFLAGS: -pthread
    #include "pthreads.h"

    // Variables.
    volatile int level = 3;
    static volatile unsigned char quiet = 4;
    const volatile int gauge = 5;
    static int behind = 6;
    int *volatile pointer = &behind;
    volatile int *to_level = &level;
    const volatile int *to_gauge = &gauge;
    volatile void *anything = &behind;
    static int one_more(int a) { return a + 1; }
    int (*volatile handler)(int) = one_more;
    volatile int list[2] = { 1, 2 };
    volatile int table[2][2] = { { 1, 2 }, { 3, 4 } };
    _Thread_local volatile int of_thread = 7;
    #define RAISED (level + 1)
    #define LEVEL level

    // Typedefs.
    typedef volatile int vint;
    typedef int pair[2];
    typedef volatile pair vpair;
    typedef volatile struct { int a; short b; } registers;
    typedef volatile struct { int c; } *at;
    vint named = 8;
    volatile vint twice = 9;
    const vint read_only = 10;
    volatile pair of_pair = { 1, 2 };
    vpair of_vpair = { 3, 4 };

    // Members.
    struct plain { int a; short b; };
    struct device { int plain; volatile int status; vint control; const volatile int fixed; volatile int data[2]; };
    volatile struct plain all = { 1, 2 };
    registers bank[2] = { { 1, 2 }, { 3, 4 } };
    // The attribute makes a vector of what is volatile.
    volatile float lanes __attribute__((vector_size(16))) = { 1, 2, 3, 4 };
    struct wide { volatile float lanes __attribute__((vector_size(16))); };
    struct board { registers first; at rest; int after; };
    static int sum_of(registers r) { return r.a + r.b; }
    static registers second(struct board *b) { return b->after ? bank[1] : b->first; }
    struct around { struct device device; int after; };
    union either { volatile int i; volatile unsigned char bytes[4]; };
    struct bits { volatile unsigned a : 3; volatile int b : 5; unsigned c : 4; int after; };
    struct narrow { volatile unsigned a : 3; char after; };
    struct __attribute__((packed)) packed { char c; volatile int i; volatile short list[2]; const volatile int fixed; volatile unsigned a : 5; struct device inner; };
    enum { SIZE_OF_PACKED = sizeof(struct packed) };
    struct __attribute__((packed)) aligned_all_the_same { char c; volatile char d; int i; };
    struct flexible { int count; volatile int data[]; };

    // Calls take and give values, or addresses.
    static vint add(const volatile int a, vint b) { return a + b; }
    static void store(volatile int *where, int value) { *where = value; }
    static volatile int *status_of(struct device *d) { return &d->status; }
    static struct device changed(struct device d) { d.status++; return d; }
    static int sum(volatile struct plain *p) { return p->a + p->b; }
    static unsigned bits_of(struct bits *b) { return b->a * 10000 + b->b * 100 + b->c; }
    static int packed_of(struct packed *p) { return p->i * 100 + p->list[1] * 10 + (int)p->a; }

    // Rust's own.
    #include "_cgo_export.h"
    static uint32_t raised(struct Port *p) {
        volatile uint32_t *value = &p->value;
        struct Port *volatile *next = &p->next;
        const volatile uint32_t *mask = &p->mask;
        raise_by(value, 2);
        return *value + *mask + (*next != 0);
    }

    // A thread of C's own.
    volatile int stop, asked;
    struct shared { volatile int flag; };
    static void *answers(void *shared) {
        while (!asked) ;
        ((struct shared *)shared)->flag = 1;
        stop = 1;
        return 0;
    }
}

/// Without `volatile` the compiler reads them once, and a loop in a release build never ends.
#[test]
fn a_loop_sees_what_a_thread_of_c_writes() {
    let mut shared = C::struct_shared::default();
    let shared = &raw mut shared;
    unsafe {
        let mut thread = C::pthread_t::default();
        let made = C::pthread_create(&mut thread, null_mut(), Some(C::answers), shared.cast());
        assert_eq!(made, 0);
        C::asked.write(1);
        while C::stop.read() == 0 {}
        while (*shared).flag.read() == 0 {}
        assert_eq!(C::pthread_join(thread, null_mut()), 0);
    }
}

#[test]
fn variables_are_read_and_written() {
    unsafe {
        let level: &Volatile<c_int> = &C::level;
        assert_eq!((level.read(), C::RAISED()), (3, 4));
        C::level.write(4);
        assert_eq!(C::LEVEL.update(|level| level * 2), 8);
        assert_eq!((*C::to_level).read(), 8);
        C::store(level.as_ptr().cast(), 3);
        assert_eq!(level.read(), 3);

        let quiet: u8 = C::quiet.read();
        assert_eq!(quiet, 4);
        let gauge: &Volatile<c_int, ReadOnly> = &C::gauge;
        assert_eq!((gauge.read(), (*C::to_gauge).read()), (5, 5));
        let pointer: *mut c_int = C::pointer.read();
        assert_eq!(*pointer, 6);
        let anything: *mut c_void = C::anything;
        assert_eq!(anything, pointer.cast());
        assert_eq!(C::handler.read().unwrap()(1), 2);
        (*C::of_thread()).write(1);
        assert_eq!((*C::of_thread()).read(), 1);
    }
}

#[test]
fn elements_of_arrays_are_volatile() {
    unsafe {
        C::list[0].write(5);
        assert_eq!(C::list.each_ref().map(Volatile::read), [5, 2]);
        assert_eq!(C::table[1][0].read(), 3);
        assert_eq!((C::of_pair[1].read(), C::of_vpair[1].read()), (2, 4));
    }
}

#[test]
fn typedefs_are_what_they_stand_for() {
    unsafe {
        let (named, twice): (&C::vint, &Volatile<c_int>) = (&C::named, &C::twice);
        assert_eq!((named.read(), twice.read()), (8, 9));
        let read_only: &Volatile<c_int, ReadOnly> = &C::read_only;
        assert_eq!(read_only.read(), 10);
        assert_eq!(C::add(1, 2), 3);
    }
}

mod behind_typedefs {
    cgo::c_preamble! {
        typedef volatile float one;
        typedef one four __attribute__((vector_size(16)));
        four more_lanes;
    }
}

#[test]
fn vectors_are_volatile_as_a_whole() {
    type Lanes = cgo::AlignedBytes<cgo::generated::Align16, 16>;
    let lanes: &Volatile<Lanes> = unsafe { &C::lanes };
    let fourth = lanes.read().bytes.as_ptr().cast::<[f32; 4]>();
    assert_eq!(unsafe { (*fourth)[3] }, 4.0);
    let _: Volatile<Lanes> = C::struct_wide::default().lanes;
    let _: &Volatile<Lanes> = unsafe { &behind_typedefs::C::more_lanes };
}

#[test]
fn records_hold_them() {
    let device = C::struct_device {
        status: 2.into(),
        fixed: 3.into(),
        data: [4.into(), 5.into()],
        ..Default::default()
    };
    let copy = device.clone();
    device.status.write(7);
    device.control.update(|control| control + 1);
    assert_eq!((copy.status.read(), copy.fixed.read()), (2, 3));
    let shown = format!("{device:?}");
    assert!(shown.ends_with("status: 7, control: 1, fixed: 3, data: [4, 5] }"));
    assert_eq!(offset_of!(C::struct_device, data), 16);
    let around = C::struct_around { device, after: 1 };
    unsafe {
        let status = C::status_of((&raw const around.device).cast_mut());
        assert_eq!((*status).read(), 7);
        assert_eq!(C::changed(around.device).status.read(), 8);
    }
    let either = C::union_either::default();
    unsafe {
        either.i.write(c_int::from_ne_bytes([1, 2, 3, 4]));
        assert_eq!(either.bytes[2].read(), 3);
    }
}

#[test]
fn a_volatile_record_is_read_as_a_whole_or_member_by_member() {
    unsafe {
        assert_eq!((C::all.read().a, C::all.read().b), (1, 2));
        C::all.member(|all| &raw mut (*all).b).write(5);
        assert_eq!(C::sum((&raw const C::all).cast_mut()), 6);
    }
}

#[test]
fn records_without_a_tag_are_volatile_by_their_typedef() {
    let mut board = C::struct_board::default();
    assert_eq!(offset_of!(C::struct_board, rest), 8);
    unsafe {
        let b = C::bank[1].member(|r| &raw mut (*r).b);
        assert_eq!((b.read(), C::sum_of(C::bank[1].read())), (4, 7));
        C::bank[1].member(|r| &raw mut (*r).a).write(9);
        board.after = 1;
        assert_eq!(C::second(&mut board).a, 9);
    }
    assert!(board.rest.is_null());
}

#[test]
fn bit_fields_are_volatile_too() {
    let mut bits = C::struct_bits::default();
    bits.set_a(5);
    bits.set_b(-3);
    bits.set_c(9);
    assert_eq!((bits.a(), bits.b(), bits.c()), (5u32, -3i32, 9u32));
    let expected = (5 * 10000 + 9 - 300) as c_uint;
    assert_eq!(unsafe { C::bits_of(&mut bits) }, expected);
    // What C does not write beside it stays.
    let narrow = C::struct_narrow {
        after: 1,
        ..Default::default()
    };
    narrow.set_a(7);
    assert_eq!((narrow.a(), narrow.after), (7, 1));
    // C may read and write a whole `unsigned`, so none of it is padding.
    assert_eq!(size_of_val(&bits._bits0), size_of::<c_uint>());
}

#[test]
fn members_at_any_byte_have_accessors() {
    let mut packed = C::struct_packed::default();
    packed.set_i(2);
    packed.set_list([3, 4]);
    packed.set_a(6);
    assert_eq!(
        (packed.i(), packed.list(), packed.fixed()),
        (2i32, [3i16, 4], 0)
    );
    assert_eq!(unsafe { C::packed_of(&mut packed) }, 246);
    // Microsoft's layout, mingw's too, puts a bit-field into an `unsigned` of its own.
    assert_eq!(size_of::<C::struct_packed>(), C::SIZE_OF_PACKED as usize);
    assert!(!C::struct_packed::inner_pointer(&mut packed).is_null());
    let same = C::struct_aligned_all_the_same::default();
    same.d.write(1);
    assert_eq!(same.d.read(), 1);
}

#[test]
fn flexible_arrays_of_them_are_slices() {
    let memory = [1 as c_int, 5];
    let flexible = memory.as_ptr().cast::<C::struct_flexible>();
    let data = unsafe { C::struct_flexible::data_slice(flexible, 1) };
    assert_eq!(data[0].read(), 5);
}

#[test]
fn exports_say_volatile_in_the_header() {
    let mut port = Port {
        value: 1.into(),
        mask: 16.into(),
        next: Volatile::new(null_mut()),
    };
    assert_eq!(unsafe { C::raised((&raw mut port).cast()) }, 19);
    assert!(port.next.read().is_null());
}
