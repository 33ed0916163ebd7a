//! A closure that C calls during one call of C: its panics resume after that.

use core::any::Any;
use core::cell::UnsafeCell;
use core::ffi::c_void;
use core::marker::PhantomData;
use core::ptr;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};

use alloc::boxed::Box;

use super::arity::{Closure, Functions, Parameters, SharedClosure, Target};
use super::bare;
use super::builder::Callback;
use super::data::{DataPointer, Pointer};
use super::gate::Gate;
use super::lookup;
use super::mode::Mode;
use super::on_panic::{AfterPanic, OnPanic};
use super::panic::{FirstPanic, panic_by_mistake};
use super::slots::TooManyCallbacks;

impl<F, A, M, P> Callback<F, A, M, P>
where
    F: Closure<A>,
    F::Output: Copy,
    A: Functions<P::Convention>,
    M: Mode<F, A>,
    P: OnPanic<F::Output>,
{
    /// Calls `call` with a C function whose last parameter is the user data, and with the user data; `call` calls C with both.
    /// Gives what `call` returns.
    ///
    /// The closure lives until this returns, and may borrow. There is nothing to free and no allocation. The example of
    /// [`callback`](crate::callback()) is of this.
    ///
    /// # Panics
    ///
    /// If the closure has panicked, or was called as its [mode](crate::callback()#threads-and-calls-during-a-call) does not allow. Then the
    /// result of `call` is dropped.
    #[inline]
    pub fn data_last<D: DataPointer, T>(
        self,
        call: impl FnOnce(<A as Functions<P::Convention>>::Last<F::Output, D>, D) -> T,
    ) -> T {
        let scoped = self.scoped();
        let function = <A as Functions<P::Convention>>::last::<_, _, Scoped<F, A, M, F::Output>>();
        let result = call(function, D::to(scoped.data()));
        scoped.finish(result)
    }

    /// Calls `call` with a C function whose first parameter is the user data, and with the user data. Otherwise this is
    /// [`data_last`](Self::data_last).
    ///
    /// ```
    /// # use cgo_runtime as cgo;
    /// # use core::ffi::{c_char, c_int, c_void};
    /// # use core::ptr::null_mut;
    /// # mod C {
    /// #     use core::ffi::{c_char, c_int, c_void};
    /// #     pub type Row = unsafe extern "C" fn(*mut c_void, c_int, *mut *mut c_char, *mut *mut c_char) -> c_int;
    /// #     pub unsafe fn exec(f: Option<Row>, data: *mut c_void) -> c_int {
    /// #         let mut value = c"Ada".as_ptr().cast_mut();
    /// #         unsafe { f.expect("not null")(data, 1, &mut value, &mut value) }
    /// #     }
    /// # }
    /// // As for sqlite3_exec: int (*)(void *, int, char **, char **)
    /// let mut names = Vec::new();
    /// cgo::callback(|_: c_int, values: *mut *mut c_char, _: *mut *mut c_char| -> c_int {
    ///     names.push(unsafe { cgo::GoString(*values) });
    ///     0
    /// })
    /// .on_panic(1)
    /// .data_first(|function, data| unsafe { C::exec(Some(function), data) });
    /// assert_eq!(names, ["Ada"]);
    /// ```
    ///
    /// # Panics
    ///
    /// As [`data_last`](Self::data_last).
    #[inline]
    pub fn data_first<D: DataPointer, T>(
        self,
        call: impl FnOnce(<A as Functions<P::Convention>>::First<F::Output, D>, D) -> T,
    ) -> T {
        let scoped = self.scoped();
        let function = <A as Functions<P::Convention>>::first::<_, _, Scoped<F, A, M, F::Output>>();
        let result = call(function, D::to(scoped.data()));
        scoped.finish(result)
    }

    /// Calls `call` with a C function that finds its user data by `find`, and with the user data, for APIs that keep the
    /// data elsewhere than in a parameter. Otherwise this is [`data_last`](Self::data_last).
    ///
    /// `find` gets the function's arguments and gives the user data. It must capture nothing, and is part of the C function.
    /// [`owned_data_by`](Self::owned_data_by) has an example.
    ///
    /// # Panics
    ///
    /// As [`data_last`](Self::data_last). A panic in `find`, and an argument that is not valid, ends the process; after
    /// [`unwind`](Self::unwind) it unwinds through C.
    #[inline]
    pub fn data_by<T, D>(
        self,
        find: D,
        call: impl FnOnce(<A as Functions<P::Convention>>::Bare<F::Output>, D::Output) -> T,
    ) -> T
    where
        A: Parameters<Passed: Copy> + Copy,
        D: SharedClosure<A, Output: DataPointer> + Copy + Sync + 'static,
    {
        let scoped = self.scoped();
        let function = lookup::function::<A, P::Convention, _, Scoped<F, A, M, F::Output>, D>(find);
        let result = call(function, D::Output::to(scoped.data()));
        scoped.finish(result)
    }

    /// Calls `call` with a C function that has no user data, for APIs like `qsort` and `nftw`. Otherwise this is
    /// [`data_last`](Self::data_last), which is the better choice where C has user data.
    ///
    /// ```
    /// # use cgo_runtime as cgo;
    /// # use core::ffi::{c_int, c_void};
    /// # mod C {
    /// #     use core::ffi::{c_int, c_void};
    /// #     type Compare = unsafe extern "C" fn(*const c_void, *const c_void) -> c_int;
    /// #     unsafe extern "C" { pub fn qsort(base: *mut c_void, n: usize, size: usize, compare: Option<Compare>); }
    /// # }
    /// let mut numbers: [c_int; 3] = [3, 1, 2];
    /// let mut comparisons = 0;
    /// cgo::callback(|a: *const c_void, b: *const c_void| unsafe {
    ///     comparisons += 1;
    ///     *a.cast::<c_int>() - *b.cast::<c_int>()
    /// })
    /// .bare(|function| unsafe { C::qsort(numbers.as_mut_ptr().cast(), 3, 4, Some(function)) })?;
    /// assert_eq!(numbers, [1, 2, 3]);
    /// assert!(comparisons >= 2);
    /// # Ok::<(), cgo::TooManyCallbacks>(())
    /// ```
    ///
    /// # Slots
    ///
    /// No machine code is made while the program runs. There are 64 slots for closures, and for each type of C function 64
    /// functions, each of which calls the closure in its slot. So 64 closures at most can be bare function pointers at a
    /// time, scoped and owned ones of all threads together. They may have any types, and run inside of each other.
    ///
    /// # Errors
    ///
    /// If all slots are in use. Then `call` has not been called.
    ///
    /// # Panics
    ///
    /// As [`data_last`](Self::data_last).
    #[inline]
    pub fn bare<T>(
        self,
        call: impl FnOnce(<A as Functions<P::Convention>>::Bare<F::Output>) -> T,
    ) -> Result<T, TooManyCallbacks> {
        let scoped = self.scoped();
        let slot = bare::claim::<A, P::Convention, _, Scoped<F, A, M, F::Output>>(scoped.data())?;
        let result = call(bare::function::<A, P::Convention, _>(&slot));
        drop(slot);
        Ok(scoped.finish(result))
    }

    #[inline]
    fn scoped(self) -> Scoped<F, A, M, F::Output> {
        Scoped::new(self.closure, self.on_panic.after())
    }
}

/// What the user data points to.
struct Scoped<F, A, M, R> {
    closure: UnsafeCell<F>,
    gate: Gate,
    after_panic: AfterPanic<R>,
    panic: FirstPanic,
    types: PhantomData<(A, M)>,
}

impl<F, A, M, R> Scoped<F, A, M, R> {
    #[inline]
    fn new(closure: F, after_panic: AfterPanic<R>) -> Self {
        Scoped {
            closure: UnsafeCell::new(closure),
            gate: Gate::new(),
            after_panic,
            panic: FirstPanic::none(),
            types: PhantomData,
        }
    }

    /// The user data. Valid as long as `self` stays where it is.
    #[inline]
    fn data(&self) -> *mut c_void {
        ptr::from_ref(self).cast_mut().cast()
    }

    /// After C has returned: resumes a panic, or gives the result.
    #[inline]
    fn finish<T>(self, result: T) -> T {
        drop(self.closure);
        self.panic.resume();
        result
    }
}

impl<F, A, M> Target<A, F::Output> for Scoped<F, A, M, F::Output>
where
    F: Closure<A>,
    A: Parameters,
    F::Output: Copy,
    M: Mode<F, A>,
{
    #[inline]
    unsafe fn call(data: *mut c_void, arguments: A::Passed) -> F::Output {
        // SAFETY: `data` came from `Self::data`, and C calls only before it returns from the call in `data_last` or its like, which keep the
        // value in place until then. All access to the value meanwhile goes through a `&Scoped`.
        let state = unsafe { &*data.cast::<Self>() };
        if !M::enter(&state.gate) {
            return rejected::<F, A, M>(state);
        }
        // Only a `catch_unwind` behind `finish`, which resumes the panic, can see what the panic has left half done.
        // SAFETY: `enter` has returned true right before.
        let call = AssertUnwindSafe(|| unsafe { M::run(&state.closure, A::from_c(arguments)) });
        match catch_unwind(call) {
            // A call that was rejected during this one is a panic too.
            Ok(result) if state.gate.panicked() => after_panic(state.after_panic, result),
            Ok(result) => {
                M::leave(&state.gate);
                result
            }
            Err(payload) => panicked::<F, A, M>(state, payload),
        }
    }
}

/// The value for C after a panic. Cold: panics are rare. With `Unwind` no panic is kept, so the call's own result is returned.
#[cold]
#[inline]
fn after_panic<R>(after: AfterPanic<R>, result: R) -> R {
    match after {
        AfterPanic::Return(value) => value,
        AfterPanic::Unwind => result,
    }
}

/// The closure has panicked, with this payload.
#[cold]
#[inline(never)]
fn panicked<F, A, M>(state: &Scoped<F, A, M, F::Output>, payload: Box<dyn Any + Send>) -> F::Output
where
    F: Closure<A>,
    F::Output: Copy,
    M: Mode<F, A>,
{
    match state.after_panic {
        AfterPanic::Return(value) => {
            state.panic.keep(payload);
            state.gate.set_panicked();
            value
        }
        AfterPanic::Unwind => {
            M::leave(&state.gate);
            resume_unwind(payload)
        }
    }
}

/// C has called as the mode does not allow.
#[cold]
#[inline(never)]
fn rejected<F, A, M>(state: &Scoped<F, A, M, F::Output>) -> F::Output
where
    F: Closure<A>,
    F::Output: Copy,
    M: Mode<F, A>,
{
    let AfterPanic::Return(value) = state.after_panic else {
        panic_by_mistake::<F>(M::mistake(&state.gate));
    };
    if !state.gate.panicked() {
        let mistake = M::mistake(&state.gate);
        let Err(payload) = catch_unwind(|| -> ! { panic_by_mistake::<F>(mistake) });
        state.panic.keep(payload);
        state.gate.set_panicked();
    }
    value
}
