//! Panics that cross C, where `#cgo unwind:` allows it.

use std::cell::Cell;
use std::panic::{AssertUnwindSafe, catch_unwind};

cgo::c_preamble! {
    #cgo unwind: run* visit_t

    typedef void (*visit_t)(int);
    typedef int plain_t(int);
    struct visitor { visit_t visit; plain_t *plain; };

    static void run(visit_t visit, int n) { visit(n); }
    static int run_inline(int (*f)(void)) { return 1 + f(); }
    static void run_all(const struct visitor *v, int n) { for (int i = 0; i < n; i++) v->visit(i); }
    static int call(plain_t *f) { return f(1); }
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

#[test]
fn others_stay_as_they_are() {
    extern "C" fn twice(n: i32) -> i32 {
        2 * n
    }
    assert_eq!(unsafe { C::call(Some(twice)) }, 2);
}
