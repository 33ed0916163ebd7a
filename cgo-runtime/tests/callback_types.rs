//! Every type that a callback has can be named: in a struct's field, and as what a function takes and returns.
#![cfg(feature = "std")]

use std::ffi::{c_int, c_void};

use cgo_runtime::callback::{
    Callback, Closure, Exclusive, Functions, Local, Mode, NoUnwind, OnPanic, OwnedCallback,
    OwnedMode, Reentrant, ReturnValue, Shared, SharedClosure, TooManyCallbacks, callback,
};

type Last = unsafe extern "C" fn(c_int, *mut c_void) -> c_int;
type First = unsafe extern "C" fn(*mut c_void, c_int) -> c_int;
type Bare = unsafe extern "C" fn(c_int) -> c_int;

/// `fn` pointers are closures whose type has a name.
type Stopping = Callback<fn(c_int) -> c_int, (c_int,), Local, ReturnValue<c_int>>;

/// Before C has them.
struct Waiting {
    local: Callback<fn(c_int) -> c_int, (c_int,)>,
    reentrant: Callback<fn(c_int) -> c_int, (c_int,), Reentrant>,
    exclusive: Callback<fn(c_int) -> c_int, (c_int,), Exclusive>,
    shared: Callback<fn(c_int) -> c_int, (c_int,), Shared>,
    stopping: Stopping,
    boxed: Callback<Box<dyn FnMut(c_int) -> c_int>, (c_int,)>,
}

fn twice(number: c_int) -> c_int {
    2 * number
}

fn waiting() -> Waiting {
    let twice = twice as fn(c_int) -> c_int;
    Waiting {
        local: callback(twice),
        reentrant: callback(twice).reentrant(),
        exclusive: callback(twice).send(),
        shared: callback(twice).sync(),
        stopping: callback(twice).on_panic(-1),
        boxed: callback(Box::new(twice)),
    }
}

/// Where C has them.
struct Kept {
    last: OwnedCallback<Last>,
    first: OwnedCallback<First>,
    bare: OwnedCallback<Bare>,
    by_argument: OwnedCallback<Bare>,
}

fn kept() -> Result<Kept, TooManyCallbacks> {
    let Waiting {
        local,
        reentrant,
        exclusive,
        shared,
        ..
    } = waiting();
    Ok(Kept {
        last: local.owned_data_last(),
        first: exclusive.owned_data_first(),
        bare: shared.owned_bare()?,
        by_argument: reentrant.owned_data_by(|_| std::ptr::null_mut::<c_void>()),
    })
}

/// A wrapper of a library, for whatever closure, mode and value after a panic.
fn call<F, M, P>(callback: Callback<F, (c_int,), M, P>, number: c_int) -> c_int
where
    F: Closure<(c_int,), Output = c_int>,
    M: Mode<F, (c_int,)>,
    P: OnPanic<c_int, Convention = NoUnwind>,
{
    // SAFETY: as C would call it.
    callback.data_last(|function, data: *mut c_void| unsafe { function(number, data) })
}

/// A wrapper that keeps the closure, whatever its parameters.
fn keep<F, A, M>(callback: Callback<F, A, M>) -> OwnedCallback<A::Last<F::Output, *mut c_void>>
where
    F: Closure<A> + 'static,
    A: Functions,
    M: OwnedMode<F, A>,
{
    callback.owned_data_last()
}

/// A wrapper that decides on the mode.
fn share<F, A>(callback: Callback<F, A>) -> Callback<F, A, Shared>
where
    F: SharedClosure<A> + Sync,
{
    callback.sync()
}

#[test]
fn each_stands_in_a_field_and_is_returned() {
    let waiting = waiting();
    assert_eq!(call(waiting.local, 1), 2);
    assert_eq!(call(waiting.reentrant, 2), 4);
    assert_eq!(call(waiting.exclusive, 3), 6);
    assert_eq!(call(waiting.shared, 4), 8);
    assert_eq!(call(waiting.stopping, 5), 10);
    assert_eq!(call(waiting.boxed, 6), 12);

    let kept = kept().expect("slots are free");
    let (last, first, bare) = (
        kept.last.function(),
        kept.first.function(),
        kept.bare.function(),
    );
    // SAFETY: as C would call them.
    unsafe {
        assert_eq!(last(7, kept.last.data()), 14);
        assert_eq!(first(kept.first.data(), 8), 16);
        assert_eq!(bare(9), 18);
    }
    assert!(!kept.by_argument.data().is_null());
}

#[test]
fn generic_wrappers_take_and_return_them() {
    let offset = 10;
    let owned = keep(share(callback(move |number: c_int| number + offset)));
    let function: Last = owned.function();
    // SAFETY: as C would call it.
    assert_eq!(unsafe { function(1, owned.data()) }, 11);
}
