//! Closures that real C calls: every kind of type, the C library's own users of callbacks, and C's own threads.

mod support;

#[cfg(not(target_env = "msvc"))]
use std::ffi::c_void;
use std::ffi::{CStr, c_char, c_int};
use std::ptr::null_mut;
use std::sync::Mutex;
use std::sync::atomic::{AtomicI32, Ordering};

use cgo::{OwnedCallback, c_preamble, callback};
use support::Project;

c_preamble! {
    #include "pthreads.h"
    #include <search.h>
    #include <signal.h>
    #include <stdbool.h>
    #include <stdint.h>
    #include <stdlib.h>

    struct point { int x, y; };

    /* More parameters than there are registers, of each kind. */
    typedef double (*many)(
        signed char a, unsigned short b, float c, double d, bool e, const char *f, int64_t g, struct point *h, void *data
    );
    static double call_many(many function, void *data) {
        struct point point = { 3, 4 };
        return function(-1, 65535, 0.5f, 0.25, true, "text", INT64_MIN, &point, data);
    }

    typedef float (*eight_numbers)(
        void *data, float a, double b, float c, double d, float e, double f, float g, double h
    );
    static float call_eight_numbers(eight_numbers function, void *data) {
        return function(data, 1, 2, 3, 4, 5, 6, 7, 8);
    }

    static bool call_bool(bool (*function)(bool)) { return function(true) && !function(false); }
    static int call_signed_char(signed char (*function)(signed char, void *), void *data) { return function(-100, data); }
    static const char *call_string(const char *(*function)(void *), void *data) { return function(data); }

    static void *in_thread(void *data);
    struct worker { void (*function)(int, void *); void *data; int number; pthread_t id; };
    static void *in_thread(void *data) {
        struct worker *worker = data;
        for (int i = 0; i < 100; i++) worker->function(worker->number, worker->data);
        return 0;
    }
    /* Calls back from four threads at once. */
    static void parallel(void (*function)(int, void *), void *data) {
        struct worker workers[4];
        for (int i = 0; i < 4; i++) {
            workers[i] = (struct worker){ .function = function, .data = data, .number = i };
            if (pthread_create(&workers[i].id, 0, in_thread, &workers[i])) abort();
        }
        for (int i = 0; i < 4; i++) pthread_join(workers[i].id, 0);
    }

    /* A library that keeps a callback and destroys it. */
    typedef void (*handler)(int, void *);
    typedef void (*destructor)(void *);
    static struct { handler function; void *data; destructor destroy; } kept;
    static void keep(handler function, void *data, destructor destroy) {
        if (kept.destroy) kept.destroy(kept.data);
        kept.function = function; kept.data = data; kept.destroy = destroy;
    }
    static void emit(int event) { if (kept.function) kept.function(event, kept.data); }

    /* User data of other types than `void *`, as libpcap and X11 have it. */
    struct session;
    typedef int (*on_packet)(unsigned char *user, const struct point *packet);
    static int dispatch(on_packet f, unsigned char *user) { struct point p = { 3, 4 }; return f(user, &p); }
    static int in_the_middle(int (*f)(int, const char *, int), const char *client) { return f(1, client, 20); }
    struct subscriber { long (*function)(long, struct session *); struct session *data; void (*destroy)(struct session *); };
    static long publish(const struct subscriber *to, long value) { return to->function(value, to->data); }
    static void forget(const struct subscriber *subscriber) { subscriber->destroy(subscriber->data); }
}

#[test]
fn parameters_of_every_kind_arrive() {
    let mut seen = String::new();
    let result = callback(
        |a: i8,
         b: u16,
         c: f32,
         d: f64,
         e: bool,
         f: *const c_char,
         g: i64,
         h: *mut C::struct_point| unsafe {
            let f = CStr::from_ptr(f);
            (*h).x += 10;
            seen = format!("{a} {b} {c} {d} {e} {f:?} {g} {} {}", (*h).x, (*h).y);
            -1.5
        },
    )
    .data_last(|function, data| unsafe { C::call_many(Some(function), data) });
    assert_eq!(result, -1.5);
    assert_eq!(
        seen,
        "-1 65535 0.5 0.25 true \"text\" -9223372036854775808 13 4"
    );

    let sum = callback(
        |a: f32, b: f64, c: f32, d: f64, e: f32, f: f64, g: f32, h: f64| {
            a + 10.0 * (b as f32) + c + d as f32 + e + f as f32 + g + h as f32
        },
    )
    .data_first(|function, data| unsafe { C::call_eight_numbers(Some(function), data) });
    assert_eq!(sum, 54.0);
}

#[test]
fn results_of_every_kind_arrive() {
    assert_eq!(
        callback(|yes: bool| yes).bare(|function| unsafe { C::call_bool(Some(function)) }),
        Ok(true)
    );
    let half = callback(|number: i8| number / 2);
    assert_eq!(
        half.data_last(|function, data| unsafe { C::call_signed_char(Some(function), data) }),
        -50
    );
    let text = c"from Rust";
    let returned = callback(|| text.as_ptr())
        .data_last(|function, data| unsafe { C::call_string(Some(function), data) });
    assert_eq!(returned, text.as_ptr());
}

// UCRT has no search trees.
#[cfg(not(target_env = "msvc"))]
#[test]
fn a_search_tree_of_the_c_library() {
    let numbers = [5, 3, 8, 3, 1];
    let mut root = null_mut();
    let compare =
        |a: *const c_void, b: *const c_void| unsafe { *a.cast::<c_int>() - *b.cast::<c_int>() };
    callback(compare)
        .bare(|function| {
            for number in &numbers {
                let node =
                    unsafe { C::tsearch((&raw const *number).cast(), &mut root, Some(function)) };
                assert!(!node.is_null());
            }
        })
        .expect("a slot");

    let mut walked = Vec::new();
    let visit = |node: *const c_void, which: C::VISIT, _: c_int| {
        if which == C::postorder || which == C::leaf {
            walked.push(unsafe { **node.cast::<*const c_int>() });
        }
    };
    callback(visit)
        .bare(|function| unsafe { C::twalk(root, Some(function)) })
        .expect("a slot");
    assert_eq!(walked, [1, 3, 5, 8]);

    // lfind: a comparator that stops at its own will.
    let mut comparisons = 0;
    // Windows' library has an `unsigned` for it.
    let mut length = numbers.len() as _;
    let key: c_int = 8;
    let found = callback(|a: *const c_void, b: *const c_void| {
        comparisons += 1;
        compare(a, b)
    })
    .bare(|function| unsafe {
        let (key, base) = ((&raw const key).cast(), numbers.as_ptr().cast());
        C::lfind(
            key,
            base,
            &mut length,
            size_of::<c_int>() as _,
            Some(function),
        )
    })
    .expect("a slot");
    assert_eq!(
        (found.cast_const(), comparisons),
        ((&raw const numbers[2]).cast(), 3)
    );

    while !root.is_null() {
        callback(compare)
            .bare(|function| unsafe {
                C::tdelete(
                    (*root.cast::<*const c_void>()).cast(),
                    &mut root,
                    Some(function),
                )
            })
            .expect("a slot");
    }
}

#[test]
fn threads_of_c_call_a_shared_closure() {
    let sums: [AtomicI32; 4] = Default::default();
    callback(|number: c_int| {
        sums[number as usize].fetch_add(1, Ordering::Relaxed);
    })
    .sync()
    .data_last(|function, data| unsafe { C::parallel(Some(function), data) });
    assert_eq!(sums.map(AtomicI32::into_inner), [100; 4]);
}

#[test]
fn a_panic_on_a_thread_of_c_goes_on_here() {
    let result = std::panic::catch_unwind(|| {
        callback(|number: c_int| assert!(number != 2, "the third thread"))
            .sync()
            .data_last(|function, data| unsafe { C::parallel(Some(function), data) })
    });
    assert_eq!(
        *result.unwrap_err().downcast::<&str>().unwrap(),
        "the third thread"
    );
}

#[test]
fn the_user_data_is_whatever_pointer_c_declares() {
    let (mut seen, offset) = (0, 100);
    let returned = callback(|packet: *const C::struct_point| {
        seen = unsafe { (*packet).x * 10 + (*packet).y };
        offset
    })
    .data_first(|function, user| unsafe { C::dispatch(Some(function), user) });
    assert_eq!((seen, returned), (34, 100));

    let middle = callback(|a: c_int, _: *const c_char, b: c_int| a + b + offset);
    let sum = middle.data_by(
        |_, client, _| client,
        |function, client| unsafe { C::in_the_middle(Some(function), client) },
    );
    assert_eq!(sum, 121);
}

#[test]
fn a_struct_keeps_typed_user_data() {
    let counted = std::rc::Rc::new(7);
    let weak = std::rc::Rc::downgrade(&counted);
    let owned = callback(move |value: std::ffi::c_long| value + *counted);
    let (function, data, destroy) = owned.owned_data_last().into_parts();
    let subscriber = C::struct_subscriber {
        function: Some(function),
        data,
        destroy: Some(destroy),
    };
    assert_eq!(unsafe { C::publish(&subscriber, 1) }, 8);
    unsafe { C::forget(&subscriber) };
    assert_eq!(weak.strong_count(), 0);
}

#[test]
fn a_library_keeps_and_destroys_closures() {
    static EVENTS: Mutex<Vec<(char, c_int)>> = Mutex::new(Vec::new());
    struct Handler(char);
    impl Drop for Handler {
        fn drop(&mut self) {
            EVENTS.lock().unwrap().push((self.0, -1));
        }
    }
    let keep = |name| {
        let handler = Handler(name);
        let (function, data, destroy) = callback(move |event: c_int| {
            let handler = &handler; // The whole of it is captured, not the letter alone.
            EVENTS.lock().unwrap().push((handler.0, event));
        })
        .owned_data_last()
        .into_parts();
        unsafe { C::keep(Some(function), data, Some(destroy)) };
    };
    unsafe {
        C::emit(1);
        keep('a');
        C::emit(2);
        keep('b');
        C::emit(3);
        C::keep(None, null_mut(), None);
        C::emit(4);
    }
    assert_eq!(
        *EVENTS.lock().unwrap(),
        [('a', 2), ('a', -1), ('b', 3), ('b', -1)]
    );
}

#[test]
fn a_signal_is_handled_by_a_closure() {
    static CAUGHT: AtomicI32 = AtomicI32::new(0);
    let factor = 2;
    let handler: OwnedCallback<unsafe extern "C" fn(c_int)> =
        callback(move |signal: c_int| CAUGHT.store(signal * factor, Ordering::Relaxed))
            .sync()
            .owned_bare()
            .expect("a slot");
    unsafe {
        let before = C::signal(C::SIGTERM, Some(handler.function()));
        C::raise(C::SIGTERM);
        C::signal(C::SIGTERM, before);
    }
    assert_eq!(CAUGHT.load(Ordering::Relaxed), C::SIGTERM * 2);
}

/// With `panic = "abort"` there is no way to go on, and nothing else changes.
#[test]
fn a_panic_may_abort() {
    let project = Project::new("callback_abort");
    let manifest = support::manifest(
        "callback_abort",
        "2024",
        "[profile.dev]\npanic = \"abort\"\n",
    );
    project.manifest(&manifest).file(
        "src/main.rs",
        r#"
        cgo::c_preamble! { static int twice(int (*f)(int, void *), void *data) { return f(1, data) + f(2, data); } }
        fn main() {
            let fails = std::env::args().count() > 1;
            let sum = cgo::callback(|number: i32| { assert!(!fails, "on purpose"); number })
                .data_last(|f, data| unsafe { C::twice(Some(f), data) });
            println!("{sum}");
        }
        "#,
    );
    assert_eq!(project.cargo("run -q"), "3\n");
    let stderr = project.cargo_fails("run -q -- fail");
    assert!(stderr.contains("on purpose"), "{stderr}");
}

/// Nothing else on the stack of such a thread catches the panic.
#[test]
fn a_panic_in_an_owned_closure_on_a_thread_of_cs_names_the_closure() {
    let project = Project::new("callback_thread");
    project.file(
        "src/main.rs",
        r#"
        cgo::c_preamble! {
            #cgo LDFLAGS: -pthread
            #include <pthread.h>
            static void call(void *(*f)(void *), void *data) {
                pthread_t thread;
                pthread_create(&thread, 0, f, data);
                pthread_join(thread, 0);
            }
        }
        struct Closure;
        fn explode<T>() -> *mut std::ffi::c_void { panic!("on purpose") }
        fn main() {
            let owned = cgo::callback(explode::<Closure>).sync().owned_data_last();
            unsafe { C::call(Some(owned.function()), owned.data()) };
        }
        "#,
    );
    let stderr = project.cargo_fails("run -q");
    assert!(stderr.contains("explode"), "{stderr}");
    assert!(stderr.contains("cannot unwind into C"), "{stderr}");
}

/// What it returned would reach Rust unseen.
#[test]
fn a_function_of_cs_that_returns_a_rust_enum_is_no_parameter() {
    let project = Project::new("callback_enum");
    project.file(
        "src/main.rs",
        r#"
        #[cgo::export_c]
        #[repr(C)]
        enum Color { Red }
        fn main() {
            cgo::callback(|f: extern "C" fn() -> Color| f() as i32).data_last(|_, _: *mut std::ffi::c_void| {});
        }
        "#,
    );
    let stderr = project.cargo_fails("build");
    assert!(
        stderr.contains("let the function return an integer"),
        "{stderr}"
    );
}
