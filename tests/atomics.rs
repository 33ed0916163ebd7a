//! `_Atomic` is Rust's atomic where that is the same, and C's threads are threads.

// mingw has no `threads.h`.
#![cfg(not(windows))]

use std::ffi::c_void;
use std::sync::atomic::{
    AtomicBool, AtomicI32, AtomicIsize, AtomicPtr, AtomicU32, AtomicU64, AtomicUsize,
    Ordering::SeqCst,
};

cgo::c_preamble! {
    #cgo CFLAGS: -Wno-atomic-alignment -Wno-unknown-warning-option
    #include <stdatomic.h>
    #include <stddef.h>
    #include <stdint.h>

    // Variables.
    _Atomic int counter = 3;
    static atomic_bool flag = 1;
    atomic_uchar bytes[3] = { 1, 2, 3 };
    _Atomic(void *) pointer;
    static _Atomic(const char *) text = "abc";
    _Atomic(int (*)(int)) function;
    _Atomic uint64_t wide = 1ull << 40;
    _Atomic size_t size = 6;
    _Atomic ptrdiff_t difference = -6;
    enum color { RED, GREEN = 5 };
    _Atomic enum color color = GREEN;
    volatile atomic_int unsteady = 4;
    const _Atomic int fixed = 8;
    _Thread_local atomic_int of_thread = 9;

    // What Rust has no atomics of.
    _Atomic double real = 1.5;
    #ifdef __SIZEOF_INT128__
    _Atomic __int128 huge;
    #endif
    typedef _Atomic struct { short a, b; } pair;
    atomic_flag lock = ATOMIC_FLAG_INIT;

    // Of sizes that no instruction has, which clang pads up to 16 bytes.
    typedef struct { char c[3]; } three;
    typedef struct { char c[11]; } eleven;
    typedef struct { long a, b, c; } large;
    _Atomic three threes[2];
    _Atomic struct { } nothing;
    volatile _Atomic large larges[2];
    struct not_powers { _Atomic three a; char b; _Atomic eleven c; char d; _Atomic large e[2]; char f; };
    union any_of_them { _Atomic three a; _Atomic eleven b; };
    static int figure(int i) {
        int figures[] = {
            sizeof threes, sizeof larges, sizeof(struct not_powers), sizeof(union any_of_them), offsetof(struct not_powers, b),
            offsetof(struct not_powers, c), offsetof(struct not_powers, d), offsetof(struct not_powers, e), offsetof(struct not_powers, f),
            sizeof nothing,
        };
        return figures[i];
    }

    // In records.
    struct shared { char c; atomic_int i; _Atomic char *p; _Atomic int64_t l; _Atomic float f; atomic_int list[2]; };
    struct holds { struct shared s; int plain; };
    union either { atomic_int i; char c[4]; };
    struct holds_all { struct holds list[2]; union either e; };
    struct __attribute__((packed)) packed { char c; atomic_int i; };
    struct __attribute__((packed)) around { char c; struct shared s; atomic_int list[2]; };
    static int in_packed(struct around *a) { return a->s.c; }
    struct not_rusts { _Atomic double d; int i; };
    static int sum(struct shared *s) { return s->i + (int)s->l + s->list[0] + s->list[1]; }
    static int whole(const struct not_rusts *n) { return (int)n->d; }
    static struct not_rusts twice(struct not_rusts n) { n.i *= 2; return n; }

    // Parameters and results are plain values.
    static int add(_Atomic int a, atomic_bool b) { return a + b; }
    _Atomic int fetch(atomic_int *p, int by) { return atomic_fetch_add(p, by); }
    _Atomic double half(_Atomic double d) { return d / 2; }
    _Atomic char letter(_Atomic char c) { return c; }
    _Atomic(void *) same(_Atomic(void *) p) { return p; }
    int declared(_Atomic short);
    int declared(_Atomic short s) { return s; }
}

#[test]
fn variables_are_atomics() {
    let counter: &AtomicI32 = unsafe { &C::counter };
    counter.fetch_add(4, SeqCst);
    assert_eq!(unsafe { C::fetch(counter.as_ptr().cast(), 2) }, 7);
    assert_eq!(counter.load(SeqCst), 9);
    unsafe {
        let flag: &AtomicBool = &C::flag;
        assert!(flag.swap(false, SeqCst) && !flag.load(SeqCst));
        assert_eq!(
            C::bytes.each_ref().map(|byte| byte.load(SeqCst)),
            [1u8, 2, 3]
        );
        let pointer: &AtomicPtr<c_void> = &C::pointer;
        assert!(pointer.load(SeqCst).is_null());
        assert_eq!(*C::text.load(SeqCst) as u8, b'a');
        let function: &AtomicPtr<c_void> = &C::function;
        assert!(function.load(SeqCst).is_null());
        let (wide, size): (&AtomicU64, &AtomicUsize) = (&C::wide, &C::size);
        let (difference, color): (&AtomicIsize, &AtomicU32) = (&C::difference, &C::color);
        assert_eq!((wide.load(SeqCst), size.load(SeqCst)), (1 << 40, 6));
        assert_eq!(
            (difference.load(SeqCst), color.load(SeqCst)),
            (-6, C::GREEN)
        );
        assert_eq!((C::unsteady.load(SeqCst), C::fixed.load(SeqCst)), (4, 8));
        (*C::of_thread()).fetch_add(1, SeqCst);
        assert_eq!((*C::of_thread()).load(SeqCst), 10);
    }
}

#[test]
fn others_are_bytes_of_the_same_layout() {
    assert_eq!(
        (
            size_of_val(unsafe { &C::real }),
            align_of::<C::struct_not_rusts>()
        ),
        (8, 8)
    );
    #[cfg(target_pointer_width = "64")]
    assert_eq!(align_of_val(unsafe { &C::huge }), 16);
    assert_eq!((size_of::<C::pair>(), align_of::<C::pair>()), (4, 4));
    // Another thread may write it as long as this reference lives.
    let real: &cgo::AtomicBytes<cgo::generated::Align8, 8> = unsafe { &C::real };
    assert_eq!(unsafe { real.as_ptr().cast::<f64>().read() }, 1.5);
    let shared = C::struct_not_rusts::default();
    unsafe { shared.d.as_ptr().cast::<f64>().write(2.5) };
    assert_eq!(unsafe { C::whole(&raw const shared) }, 2);
    let twice = unsafe {
        C::twice(C::struct_not_rusts {
            i: 21,
            ..Default::default()
        })
    };
    assert_eq!(twice.i, 42);
}

#[test]
fn those_of_any_size_have_c_s_layout() {
    use std::mem::offset_of;
    let figures = unsafe {
        [
            size_of_val(&C::threes),
            size_of_val(&C::larges),
            size_of::<C::struct_not_powers>(),
            size_of::<C::union_any_of_them>(),
            offset_of!(C::struct_not_powers, b),
            offset_of!(C::struct_not_powers, c),
            offset_of!(C::struct_not_powers, d),
            offset_of!(C::struct_not_powers, e),
            offset_of!(C::struct_not_powers, f),
            size_of_val(&C::nothing),
        ]
    };
    let of_c = std::array::from_fn(|at| unsafe { C::figure(at as i32) as usize });
    assert_eq!(figures, of_c);
}

#[test]
fn records_hold_them() {
    let shared = C::struct_shared {
        i: 4.into(),
        l: 5.into(),
        list: [1.into(), 2.into()],
        ..Default::default()
    };
    assert_eq!(unsafe { C::sum((&raw const shared).cast_mut()) }, 12);
    assert!(format!("{shared:?}").contains("list: [1, 2]"));
    let holds = C::struct_holds {
        s: shared,
        plain: 1,
    };
    assert_eq!(holds.s.i.fetch_add(1, SeqCst), 4);
    let all = C::struct_holds_all {
        list: [holds, Default::default()],
        ..Default::default()
    };
    assert_eq!(all.list[0].s.i.load(SeqCst), 5);
    assert_eq!(unsafe { all.e.i.load(SeqCst) }, 0);
    let mut packed = C::struct_packed::default();
    packed.set_i(7);
    assert_eq!(packed.i(), 7i32);
    let mut around = C::struct_around::default();
    unsafe {
        C::struct_around::s_pointer(&mut around)
            .cast::<u8>()
            .write(5)
    };
    assert_eq!(unsafe { C::in_packed(&mut around) }, 5);
    assert_eq!(
        C::struct_around::list_pointer(&mut around) as usize,
        (&raw mut around) as usize + 1 + size_of::<C::struct_shared>()
    );
}

#[test]
fn calls_pass_plain_values() {
    unsafe {
        assert_eq!(
            (C::add(1, true), C::half(3.0), C::declared(-5)),
            (2, 1.5, -5)
        );
        let mut here = 1;
        let here: *mut c_void = (&raw mut here).cast();
        assert_eq!((C::same(here), C::letter(3)), (here, 3));
    }
}

/// macOS has no `threads.h`.
#[cfg(not(target_vendor = "apple"))]
mod threads {
    use std::ffi::{c_int, c_void};
    use std::ptr::null_mut;
    use std::sync::atomic::{AtomicI32, Ordering::SeqCst};

    cgo::c_preamble! {
        #cgo LDFLAGS: -pthread
        #include <threads.h>

        static mtx_t mutex;
        static cnd_t condition;
        static once_flag once = ONCE_FLAG_INIT;
        static int made;
        static void make(void) { made++; mtx_init(&mutex, mtx_plain); cnd_init(&condition); }
        static void make_once(void) { call_once(&once, make); }
    }

    unsafe extern "C" fn waits(turn: *mut c_void) -> c_int {
        let turn = unsafe { &*turn.cast::<AtomicI32>() };
        unsafe {
            assert_eq!(C::mtx_lock(&raw mut C::mutex), C::thrd_success as c_int);
            while turn.load(SeqCst) == 0 {
                C::cnd_wait(&raw mut C::condition, &raw mut C::mutex);
            }
            C::mtx_unlock(&raw mut C::mutex);
        }
        turn.fetch_add(10, SeqCst)
    }

    #[test]
    fn threads_of_c11() {
        let mut turn = AtomicI32::new(0);
        unsafe {
            C::make_once();
            C::make_once();
            assert_eq!({ C::made }, 1);
            let mut threads = [C::thrd_t::default(); 2];
            for thread in &mut threads {
                let created = C::thrd_create(thread, Some(waits), (&raw mut turn).cast());
                assert_eq!(created, C::thrd_success as c_int);
            }
            C::mtx_lock(&raw mut C::mutex);
            turn.store(1, SeqCst);
            C::cnd_broadcast(&raw mut C::condition);
            C::mtx_unlock(&raw mut C::mutex);
            let mut results = threads.map(|thread| {
                let mut result = 0;
                assert_eq!(C::thrd_join(thread, &mut result), C::thrd_success as c_int);
                result
            });
            results.sort_unstable();
            assert_eq!(results, [1, 11]);
            let mut key = C::tss_t::default();
            assert_eq!(C::tss_create(&mut key, None), C::thrd_success as c_int);
            assert_eq!(
                C::tss_set(key, (&raw mut turn).cast()),
                C::thrd_success as c_int
            );
            assert_eq!(C::tss_get(key), (&raw mut turn).cast());
            C::tss_delete(key);
            assert_ne!(C::thrd_current(), C::thrd_t::default());
            assert_eq!(C::thrd_sleep(&C::struct_timespec::default(), null_mut()), 0);
        }
    }
}
