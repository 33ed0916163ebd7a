//! Panics that cross C, where `#cgo unwind:` allows it.

use std::cell::Cell;
use std::ffi::{c_long, c_ulong, c_void};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::rc::Rc;

cgo::c_preamble! {
    #cgo unwind: run* visit_t only_the_type !sized_t

    typedef void (*visit_t)(int);
    typedef int plain_t(int);
    struct visitor { visit_t visit; plain_t *plain; };

    static void run(visit_t visit, int n) { visit(n); }
    static int run_inline(int (*f)(void)) { return 1 + f(); }
    static void run_all(const struct visitor *v, int n) { for (int i = 0; i < n; i++) v->visit(i); }
    static int call(plain_t *f) { return f(1); }
    typedef long (*sized_t)(void *, unsigned long);
    static long run_sized(sized_t f) { return f(0, 5); }

    typedef int (*only_the_type)(int, void *);
    struct holder { int n; only_the_type f; };
    static int call_one(only_the_type f, void *data) { return f(7, data); }
    static int call_held(const struct holder *h, void *data) { return h->f(h->n, data); }
    struct table { int (*call)(only_the_type f, void *data); };
    static struct table the_table(void) { struct table t = { call_one }; return t; }
    #define call_by_macro run

    static int run_with(int (*f)(int, char *), char *data, int n) { return 100 * f(n, data); }
    static int run_behind_a_lock(void (*f)(void *), void *data) { f(data); return 0; }
}

extern "C-unwind" fn fail_at_two(n: i32) {
    assert!(n < 2, "no {n}");
}

fn message(call: impl FnOnce()) -> Option<String> {
    let payload = catch_unwind(AssertUnwindSafe(call)).err()?;
    payload.downcast_ref::<String>().cloned()
}

#[test]
fn a_panic_crosses_the_functions_that_are_named() {
    assert_eq!(message(|| unsafe { C::run(Some(fail_at_two), 1) }), None);
    assert_eq!(
        message(|| unsafe { C::run(Some(fail_at_two), 2) }).as_deref(),
        Some("no 2")
    );
}

#[test]
fn what_rust_holds_is_dropped_on_the_way() {
    struct Counts<'a>(&'a Cell<u32>);
    impl Drop for Counts<'_> {
        fn drop(&mut self) {
            self.0.set(self.0.get() + 1);
        }
    }
    let dropped = Cell::new(0);
    let visitor = C::struct_visitor {
        visit: Some(fail_at_two),
        ..Default::default()
    };
    let said = message(|| {
        let _counts = Counts(&dropped);
        unsafe { C::run_all(&visitor, 5) };
    });
    assert_eq!((said.as_deref(), dropped.get()), (Some("no 2"), 1));
}

#[test]
fn a_function_pointer_without_a_name_is_its_functions() {
    extern "C-unwind" fn fail() -> i32 {
        panic!("{}", "inline");
    }
    assert_eq!(
        message(|| _ = unsafe { C::run_inline(Some(fail)) }).as_deref(),
        Some("inline")
    );
}

/// As `fail_at_two`, with what it captures.
fn limited(limit: &Cell<i32>) -> impl Fn(i32) -> i32 {
    |n| {
        assert!(n < limit.get(), "no {n}");
        n
    }
}

#[test]
fn a_panic_of_a_scoped_closure_crosses_c() {
    let limit = Cell::new(2);
    let run = |n| {
        cgo::callback(limited(&limit))
            .unwind()
            .data_last(|f, data| unsafe { C::run_with(Some(f), data, n) })
    };
    assert_eq!(run(1), 100);
    assert_eq!(message(|| _ = run(2)).as_deref(), Some("no 2"));
}

#[test]
fn functions_that_take_the_type_are_crossed_too() {
    struct Dropped<'a>(&'a Cell<i32>);
    impl Drop for Dropped<'_> {
        fn drop(&mut self) {
            self.0.set(self.0.get() + 1);
        }
    }
    let drops = Cell::new(0);
    let limit = Cell::new(2);
    let called = message(|| {
        cgo::callback(limited(&limit))
            .unwind()
            .data_last(|f, data| {
                let _dropped = Dropped(&drops);
                unsafe { C::call_one(Some(f), data) };
            });
    });
    let held = message(|| {
        cgo::callback(limited(&limit))
            .unwind()
            .data_last(|f, data| {
                let _dropped = Dropped(&drops);
                unsafe { C::call_held(&C::struct_holder { n: 3, f: Some(f) }, data) };
            });
    });
    let by_pointer = message(|| {
        cgo::callback(limited(&limit))
            .unwind()
            .data_last(|f, data| {
                let _dropped = Dropped(&drops);
                unsafe { C::the_table().call.unwrap()(Some(f), data) };
            });
    });
    let by_macro = message(|| {
        let _dropped = Dropped(&drops);
        unsafe { C::call_by_macro(Some(fail_at_two), 4) };
    });
    assert_eq!(called.as_deref(), Some("no 7"));
    assert_eq!(held.as_deref(), Some("no 3"));
    assert_eq!(by_pointer.as_deref(), Some("no 7"));
    assert_eq!(by_macro.as_deref(), Some("no 4"));
    assert_eq!(drops.get(), 4);
}

#[test]
fn a_closure_is_called_again_after_its_panic() {
    let limit = Cell::new(2);
    let said = cgo::callback(limited(&limit))
        .unwind()
        .data_last(|f, data| {
            let run = |n| unsafe { C::run_with(Some(f), data, n) };
            let said = message(|| _ = run(3));
            limit.set(10);
            (said, run(3))
        });
    assert_eq!(said, (Some("no 3".to_owned()), 300));
}

#[test]
fn an_owned_closure_lives_on_after_its_panic() {
    let counted = Rc::new(Cell::new(0));
    let calls = counted.clone();
    let owned = cgo::callback(move |n: i32| {
        calls.set(calls.get() + 1);
        assert!(n < 2, "no {n}");
        n
    })
    .unwind()
    .owned_data_last();
    let run = |n| unsafe { C::run_with(Some(owned.function()), owned.data(), n) };
    assert_eq!(message(|| _ = run(2)).as_deref(), Some("no 2"));
    assert_eq!(run(1), 100);
    assert_eq!((counted.get(), Rc::strong_count(&counted)), (2, 2));
    drop(owned);
    assert_eq!(Rc::strong_count(&counted), 1);
}

#[test]
fn a_panic_of_a_bare_closure_crosses_c() {
    let said = message(|| {
        cgo::callback(|n: i32| assert!(n != 7, "no {n}"))
            .unwind()
            .bare(|visit| unsafe { C::run(Some(visit), 7) })
            .expect("a slot");
    });
    assert_eq!(said.as_deref(), Some("no 7"));
}

#[test]
fn a_call_that_the_mode_does_not_allow_is_a_panic_too() {
    let again = Cell::new(None);
    let said = message(|| {
        cgo::callback(|| {
            let (f, data) = again.get().expect("set below");
            unsafe { C::run_behind_a_lock(Some(f), data) };
        })
        .unwind()
        .data_last(|f, data| unsafe {
            again.set(Some((f, data)));
            C::run_behind_a_lock(Some(f), data)
        });
    });
    let said = said.expect("a panic");
    assert!(said.contains("was called while it runs"), "{said}");
}

/// An owned closure that ends itself and panics is freed on the way.
#[test]
fn an_owned_closure_that_was_ended_is_freed_by_its_panic() {
    let counted = Rc::new(());
    let weak = Rc::downgrade(&counted);
    let parts = Rc::new(Cell::new(None));
    let inside = parts.clone();
    let (f, data, destroy) = cgo::callback(move || {
        let _counted = &counted;
        let (data, destroy) = inside.get().expect("set below");
        unsafe { destroy_with(destroy, data) };
        panic!("{}", "ended");
    })
    .reentrant()
    .unwind()
    .owned_data_last()
    .into_parts();
    parts.set(Some((data, destroy)));
    let said = message(|| _ = unsafe { C::run_behind_a_lock(Some(f), data) });
    assert_eq!((said.as_deref(), weak.strong_count()), (Some("ended"), 0));
}

unsafe fn destroy_with(destroy: unsafe extern "C" fn(*mut c_void), data: *mut c_void) {
    unsafe { destroy(data) }
}

#[test]
fn others_stay_as_they_are() {
    extern "C" fn twice(n: i32) -> i32 {
        2 * n
    }
    assert_eq!(unsafe { C::call(Some(twice)) }, 2);
}

#[test]
fn a_type_that_is_taken_back_stays_as_it_is() {
    extern "C" fn size(_: *mut c_void, size: c_ulong) -> c_long {
        size as c_long
    }
    assert_eq!(unsafe { C::run_sized(Some(size)) }, 5);
}

/// A panic crosses what a variable or a macro calls, and what these are given.
mod pointers {
    cgo::c_preamble! {
        pub(super) mod C;
        #cgo unwind: api_run hook current
        #cgo functions: api_run

        static int run(int (*f)(int)) { return f(1); }
        static int run_long(int (*f)(long)) { return f(2); }
        static int run_short(int (*f)(short)) { return f(3); }
        static struct { int (*run)(int (*)(int)); } api = { run };
        static int (*hook)(int (*)(long)) = run_long;
        typedef int (*short_runner)(int (*)(short));
        static short_runner find(void) { return run_short; }
        #define api_run api.run
        #define current find()
    }
}

#[test]
fn a_panic_crosses_what_a_pointer_calls() {
    use pointers::C;
    extern "C-unwind" fn fail<N: Into<i64>>(n: N) -> i32 {
        panic!("no {}", n.into());
    }
    let said = unsafe {
        [
            message(|| _ = C::api_run(Some(fail))),
            message(|| _ = C::hook.unwrap()(Some(fail))),
            message(|| _ = C::current().unwrap()(Some(fail))),
        ]
    };
    assert_eq!(said.map(Option::unwrap), ["no 1", "no 2", "no 3"]);
}
