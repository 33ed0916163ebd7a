//! Closures as C callbacks: what a program calls. The files beside this one say how.
//!
//! `arity.rs` turns a closure's type into a C function's; `mode.rs` decides who may call; `scoped.rs` and `owned.rs` are what
//! the user data points to; `bare.rs` is for functions without user data; `panic.rs` keeps panics out of C.

mod arity;
mod bare;
mod by;
mod keep;
mod mode;
mod owned;
mod panic;
mod scoped;

use core::ffi::c_void;
use core::fmt;
use core::marker::PhantomData;

use crate::CType;
use arity::{Closure, Parameters, SharedClosure};
use bare::Claim;
use mode::{Exclusive, Local, Mode, OwnedMode, Reentrant, Shared};
use owned::Owned;
use scoped::Scoped;

pub use bare::TooManyCallbacks;
pub use owned::OwnedCallback;

/// A closure that C calls back. The methods of [`Callback`] say how C gets it.
///
/// | C has | for one call of C | until C destroys it, or a guard is dropped |
/// | --- | --- | --- |
/// | `R (*)(A.., void *)` and a `void *` | [`data_last`](Callback::data_last) | [`owned_data_last`](Callback::owned_data_last) |
/// | `R (*)(void *, A..)` and a `void *` | [`data_first`](Callback::data_first) | [`owned_data_first`](Callback::owned_data_first) |
/// | `R (*)(A..)` and a `void *` to be found by the `A..` | [`data_by`](Callback::data_by) | [`owned_data_by`](Callback::owned_data_by) |
/// | `R (*)(A..)` alone | [`bare`](Callback::bare) | [`owned_bare`](Callback::owned_bare) |
///
/// cgo has nothing like it: there, C calls an exported function, which finds the Go closure by a `cgo.Handle`.
///
/// The closure has up to 8 parameters beside the user data, and types that C has too. Give the parameters' types, as
/// here; the C function's type follows from them, and is what `c_preamble!` expects inside of `Some`.
///
/// ```
/// # use cgo_runtime as cgo;
/// # use core::ffi::{c_int, c_void};
/// # mod C {
/// #     use core::ffi::{c_int, c_void};
/// #     pub unsafe fn visit(n: c_int, f: Option<unsafe extern "C" fn(c_int, *mut c_void) -> c_int>, data: *mut c_void) {
/// #         for i in 0..n { if unsafe { f.expect("not null")(i, data) } != 0 { return } }
/// #     }
/// # }
/// // void visit(int n, int (*f)(int, void *), void *data);
/// let mut total = 0;
/// cgo::callback(|number: c_int| {
///     total += number;
///     0
/// })
/// .data_last(|function, data| unsafe { C::visit(5, Some(function), data) });
/// assert_eq!(total, 10);
/// ```
///
/// # Threads, and calls during a call
///
/// Who may call is said before the method that makes the C function:
///
/// | | the closure is | C may call it |
/// | --- | --- | --- |
/// | `callback(..)` | `FnMut` | on this thread, one call at a time |
/// | `callback(..)`[`.reentrant()`](Callback::reentrant) | `Fn` | on this thread, also from inside of the closure |
/// | `callback(..)`[`.send()`](Callback::send) | `FnMut + Send` | on any thread, one call at a time |
/// | `callback(..)`[`.sync()`](Callback::sync) | `Fn + Sync` | on any thread, many at once, also from inside of the closure |
///
/// This is checked at each call. A call that is not allowed never reaches the closure: it is a panic of this callback.
///
/// # Panics
///
/// In a scoped callback a panic does not unwind into C. The panic hook reports it; the C function returns
/// [a value of your choice](Callback::on_panic), and so does every later call, without reaching the closure; and when the
/// call of C is over the panic goes on in Rust, with its payload. What C does in between it does normally, so nothing
/// of it is lost.
///
/// In an owned callback there is nobody to go on with it, so a panic ends the process, with a message that
/// names the closure.
///
/// # Safety
///
/// Making a callback is safe. Passing it to C is not, as calling C never is: C must
///
/// - call the function only with the data that came with it, only inside of the scoped call, or before the owned
///   callback is destroyed or dropped;
/// - call it with arguments that are what the closure takes them for;
/// - let it return: no `longjmp` out of it, or over it.
#[inline]
pub fn callback<F, A>(closure: F) -> Callback<F, A>
where
    F: Closure<A>,
    F::Output: CType,
    A: Parameters,
{
    Callback {
        closure,
        on_panic: Zero,
        types: PhantomData,
    }
}

/// A closure that C is going to call back. [`callback`] makes it, and says all of it.
///
/// ```
/// # use cgo_runtime as cgo;
/// # use core::ffi::c_int;
/// let callback = cgo::callback(|number: c_int| number + 1);
/// let result = callback.data_last(|function, data| unsafe { function(1, data) }); // as C would
/// assert_eq!(result, 2);
/// ```
#[must_use = "C gets nothing before `data_last` or another of these methods is called"]
pub struct Callback<F, A, M = Local, P = Zero> {
    closure: F,
    on_panic: P,
    types: PhantomData<(A, M)>,
}

/// What C gets after a panic: the type's default.
pub struct Zero;

/// What C gets after a panic: this.
pub struct Value<R>(R);

/// What C gets after a panic.
pub trait OnPanic<R> {
    #[doc(hidden)]
    fn value(self) -> R;
}

impl<R: Default> OnPanic<R> for Zero {
    #[inline]
    fn value(self) -> R {
        R::default()
    }
}

impl<R> OnPanic<R> for Value<R> {
    #[inline]
    fn value(self) -> R {
        self.0
    }
}

impl<F, A> Callback<F, A>
where
    F: Closure<A>,
{
    /// Lets C call the closure on this thread also while it runs, for a closure that calls C functions that call it.
    ///
    /// ```
    /// # use cgo_runtime as cgo;
    /// # use core::ffi::{c_int, c_void};
    /// # mod C {
    /// #     use core::ffi::{c_int, c_void};
    /// #     pub unsafe fn visit(n: c_int, f: Option<unsafe extern "C" fn(c_int, *mut c_void)>, data: *mut c_void) {
    /// #         for i in 0..n { unsafe { f.expect("not null")(i, data) } }
    /// #     }
    /// # }
    /// use std::cell::Cell;
    ///
    /// let calls = Cell::new(0);
    /// let again = Cell::new(None);
    /// cgo::callback(|number: c_int| {
    ///     calls.set(calls.get() + 1);
    ///     let (function, data) = again.get().expect("set below");
    ///     unsafe { C::visit(number, Some(function), data) } // for each number below
    /// })
    /// .reentrant()
    /// .data_last(|function, data| {
    ///     again.set(Some((function, data)));
    ///     unsafe { C::visit(4, Some(function), data) }
    /// });
    /// assert_eq!(calls.get(), 15);
    /// ```
    #[inline]
    pub fn reentrant(self) -> Callback<F, A, Reentrant>
    where
        F: SharedClosure<A>,
    {
        self.with_mode()
    }

    /// Lets C call the closure on any thread, one call at a time.
    ///
    /// A call on one thread while another runs is a mistake, as is one from inside of the closure: see [`callback`]. To
    /// let the second call wait instead, put a `Mutex` into a closure that is [`sync`](Self::sync).
    ///
    /// Each call costs an atomic exchange, some nanoseconds, and one of an owned closure that is `send` or `sync` two more, by which
    /// its end waits for the calls that run. All others cost what one of a hand-written function does.
    ///
    /// ```
    /// # use cgo_runtime as cgo;
    /// # use core::ffi::{c_int, c_void};
    /// # mod C {
    /// #     use core::ffi::{c_int, c_void};
    /// #     type Function = unsafe extern "C" fn(c_int, *mut c_void);
    /// #     pub unsafe fn on_a_thread_of_its_own(f: Option<Function>, data: *mut c_void) {
    /// #         let data = data.addr();
    /// #         let call = move || unsafe { f.expect("not null")(7, data as *mut c_void) };
    /// #         std::thread::spawn(call).join().unwrap();
    /// #     }
    /// # }
    /// let mut total = 1;
    /// cgo::callback(|number: c_int| total += number)
    ///     .send()
    ///     .data_last(|function, data| unsafe { C::on_a_thread_of_its_own(Some(function), data) });
    /// assert_eq!(total, 8);
    /// ```
    #[inline]
    pub fn send(self) -> Callback<F, A, Exclusive>
    where
        F: Send,
    {
        self.with_mode()
    }

    /// Lets C call the closure on any thread, any number of times at once, also from inside of the closure.
    ///
    /// ```
    /// # use cgo_runtime as cgo;
    /// # use core::ffi::{c_int, c_void};
    /// # mod C {
    /// #     use core::ffi::{c_int, c_void};
    /// #     type Function = unsafe extern "C" fn(c_int, *mut c_void);
    /// #     pub unsafe fn parallel_for(n: c_int, f: Option<Function>, data: *mut c_void) {
    /// #         let data = data.addr();
    /// #         std::thread::scope(|scope| for i in 0..n {
    /// #             scope.spawn(move || unsafe { f.expect("not null")(i, data as *mut c_void) });
    /// #         });
    /// #     }
    /// # }
    /// use std::sync::atomic::{AtomicI32, Ordering};
    ///
    /// let total = AtomicI32::new(0);
    /// cgo::callback(|number: c_int| {
    ///     total.fetch_add(number, Ordering::Relaxed);
    /// })
    /// .sync()
    /// .data_last(|function, data| unsafe { C::parallel_for(5, Some(function), data) });
    /// assert_eq!(total.into_inner(), 10);
    /// ```
    ///
    /// The compiler refuses what cannot be shared:
    ///
    /// ```compile_fail
    /// # use cgo_runtime as cgo;
    /// # use core::ffi::c_int;
    /// let mut total = 0;
    /// let callback = cgo::callback(|number: c_int| total += number).sync();
    /// ```
    #[inline]
    pub fn sync(self) -> Callback<F, A, Shared>
    where
        F: SharedClosure<A> + Sync,
    {
        self.with_mode()
    }

    #[inline]
    fn with_mode<M>(self) -> Callback<F, A, M> {
        Callback {
            closure: self.closure,
            on_panic: self.on_panic,
            types: PhantomData,
        }
    }
}

impl<F, A, M> Callback<F, A, M>
where
    F: Closure<A>,
    A: Parameters,
{
    /// What C gets after a panic, in place of the default of the type: 0, null, `false` or a struct of these.
    ///
    /// Choose what makes the C function stop, so that the panic goes on soon. An owned callback has no use for it.
    ///
    /// ```
    /// # use cgo_runtime as cgo;
    /// # use core::ffi::{c_int, c_void};
    /// # mod C {
    /// #     use core::ffi::{c_int, c_void};
    /// #     pub unsafe fn visit(n: c_int, f: Option<unsafe extern "C" fn(c_int, *mut c_void) -> c_int>, data: *mut c_void) {
    /// #         for i in 0..n { if unsafe { f.expect("not null")(i, data) } != 0 { return } }
    /// #     }
    /// # }
    /// # std::panic::set_hook(Box::new(|_| {}));
    /// let mut calls = 0;
    /// let result = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
    ///     cgo::callback(|number: c_int| -> c_int {
    ///         calls += 1;
    ///         panic!("no such number: {number}")
    ///     })
    ///     .on_panic(1)
    ///     .data_last(|function, data| unsafe { C::visit(5, Some(function), data) })
    /// }));
    /// assert_eq!(*result.unwrap_err().downcast::<String>().unwrap(), "no such number: 0");
    /// assert_eq!(calls, 1);
    /// ```
    #[inline]
    pub fn on_panic(self, value: F::Output) -> Callback<F, A, M, Value<F::Output>> {
        Callback {
            closure: self.closure,
            on_panic: Value(value),
            types: PhantomData,
        }
    }

    /// A C function with the user data as its last parameter, the user data, and a function that destroys it.
    ///
    /// The closure lives until C destroys it, after [`into_parts`](OwnedCallback::into_parts), or until the
    /// [`OwnedCallback`] is dropped; a call that runs at that time ends first, so that a closure which is
    /// [`reentrant`](Self::reentrant) or [`sync`](Self::sync) may end itself. Without [`send`](Self::send) or `sync` it may be
    /// called and destroyed on this thread only.
    ///
    /// ```
    /// # use cgo_runtime as cgo;
    /// # use core::ffi::{c_int, c_void};
    /// # mod C {
    /// #     use core::ffi::{c_int, c_void};
    /// #     type Function = unsafe extern "C" fn(c_int, *mut c_void);
    /// #     pub unsafe fn on_event(f: Option<Function>, data: *mut c_void) {
    /// #         if let Some(f) = f { unsafe { f(7, data) } }
    /// #     }
    /// # }
    /// use std::sync::mpsc::channel;
    ///
    /// let (sender, events) = channel();
    /// let owned = cgo::callback(move |event: c_int| {
    ///     sender.send(event).expect("the receiver lives");
    /// })
    /// .sync()
    /// .owned_data_last();
    ///
    /// unsafe { C::on_event(Some(owned.function()), owned.data()) };
    /// assert_eq!(events.recv(), Ok(7));
    /// unsafe { C::on_event(None, std::ptr::null_mut()) };
    /// drop(owned); // after C has forgotten it
    /// ```
    ///
    /// # Panics
    ///
    /// A panic in the closure ends the process, as does a call or a destruction that [the mode](callback#threads-and-calls-during-a-call)
    /// does not allow, always with a message that names the closure.
    #[inline]
    pub fn owned_data_last(self) -> OwnedCallback<A::Last<F::Output>>
    where
        M: OwnedMode<F, A>,
        F: 'static,
    {
        let function = A::last::<F::Output, Owned<F, A, M>>();
        Owned::<F, A, M>::with_function(self.closure, function)
    }

    /// A C function with the user data as its first parameter, the user data, and a function that destroys it. In all else this
    /// is [`owned_data_last`](Self::owned_data_last).
    ///
    /// ```
    /// # use cgo_runtime as cgo;
    /// # use core::ffi::c_int;
    /// let owned = cgo::callback(|a: c_int, b: c_int| a - b).owned_data_first();
    /// let function = owned.function();
    /// assert_eq!(unsafe { function(owned.data(), 7, 4) }, 3); // as C would
    /// ```
    ///
    /// # Panics
    ///
    /// A panic in the closure ends the process, as does a call or a destruction that [the mode](callback#threads-and-calls-during-a-call)
    /// does not allow, always with a message that names the closure.
    #[inline]
    pub fn owned_data_first(self) -> OwnedCallback<A::First<F::Output>>
    where
        M: OwnedMode<F, A>,
        F: 'static,
    {
        let function = A::first::<F::Output, Owned<F, A, M>>();
        Owned::<F, A, M>::with_function(self.closure, function)
    }

    /// A C function that finds its user data by `find`, the user data, and a function that destroys it, for APIs that
    /// keep the data elsewhere than in a parameter. In all else this is [`owned_data_last`](Self::owned_data_last).
    ///
    /// `find` gets the function's arguments and gives the user data. It must capture nothing, and is part of the C function.
    ///
    /// ```
    /// # use cgo_runtime as cgo;
    /// # use core::ffi::{c_int, c_void};
    /// # mod C {
    /// #     use core::ffi::{c_int, c_void};
    /// #     pub struct context { pub data: *mut c_void }
    /// #     pub unsafe fn user_data(context: *mut context) -> *mut c_void { unsafe { (*context).data } }
    /// #     type Function = unsafe extern "C" fn(*mut context, c_int) -> c_int;
    /// #     pub unsafe fn call(f: Option<Function>, data: *mut c_void) -> c_int {
    /// #         unsafe { f.expect("not null")(&mut context { data }, 1) }
    /// #     }
    /// # }
    /// // As for sqlite3_create_function: void (*)(sqlite3_context *, ..), and void *sqlite3_user_data(sqlite3_context *).
    /// let step = 10;
    /// let owned = cgo::callback(move |_: *mut C::context, number: c_int| number + step)
    ///     .owned_data_by(|context, _| unsafe { C::user_data(context) });
    /// assert_eq!(unsafe { C::call(Some(owned.function()), owned.data()) }, 11);
    /// ```
    ///
    /// # Panics
    ///
    /// As [`owned_data_last`](Self::owned_data_last). A panic in `find` ends the process.
    #[inline]
    pub fn owned_data_by<D>(self, find: D) -> OwnedCallback<A::Bare<F::Output>>
    where
        M: OwnedMode<F, A>,
        F: 'static,
        A: Parameters<Passed: Copy> + Copy,
        D: SharedClosure<A, Output = *mut c_void> + Copy + Sync + 'static,
    {
        let function = by::function::<A, F::Output, Owned<F, A, M>, D>(find);
        Owned::<F, A, M>::with_function(self.closure, function)
    }

    /// A C function without user data, for APIs that keep it and have no `void *` to go with it: `atexit`, `signal`,
    /// `SSL_CTX_set_info_callback`.
    ///
    /// The closure and its [slot](Self::bare) live until the [`OwnedCallback`] is dropped, or destroyed with its data;
    /// for ever after `std::mem::forget`.
    ///
    /// ```
    /// # use cgo_runtime as cgo;
    /// # use core::ffi::c_int;
    /// # mod C {
    /// #     use core::ffi::c_int;
    /// #     pub unsafe fn set_hook(f: Option<unsafe extern "C" fn(c_int) -> c_int>) -> c_int {
    /// #         f.map_or(0, |f| unsafe { f(1) })
    /// #     }
    /// # }
    /// let step = 10;
    /// let owned = cgo::callback(move |number: c_int| number + step).owned_bare()?;
    /// assert_eq!(unsafe { C::set_hook(Some(owned.function())) }, 11);
    /// unsafe { C::set_hook(None) };
    /// drop(owned);
    /// # Ok::<(), cgo::TooManyCallbacks>(())
    /// ```
    ///
    /// In a signal handler the closure may do only what a C one may there: no allocation, no lock, no output through
    /// `println!`. Make it `sync`, since a signal comes on any thread and during a call.
    ///
    /// # Errors
    ///
    /// If all slots of the process are taken. The closure is then dropped.
    ///
    /// # Panics
    ///
    /// A panic in the closure ends the process, as does a call or a destruction that [the mode](callback#threads-and-calls-during-a-call)
    /// does not allow, always with a message that names the closure.
    #[inline]
    pub fn owned_bare(self) -> Result<OwnedCallback<A::Bare<F::Output>>, TooManyCallbacks>
    where
        M: OwnedMode<F, A>,
        F: 'static,
    {
        Owned::<F, A, M>::in_slot(self.closure)
    }
}

impl<F, A, M, P> Callback<F, A, M, P>
where
    F: Closure<A>,
    F::Output: Copy,
    A: Parameters,
    M: Mode<F, A>,
    P: OnPanic<F::Output>,
{
    /// Calls `call` with a C function whose last parameter is the user data, and with the user data; `call` calls C with both.
    /// Gives what `call` returns.
    ///
    /// The closure lives until this returns, and may borrow. There is nothing to free and no allocation. The example of
    /// [`callback`] is of this.
    ///
    /// # Panics
    ///
    /// If the closure has panicked, or was called as its [mode](callback#threads-and-calls-during-a-call) does not allow. Then the
    /// result of `call` is dropped.
    #[inline]
    pub fn data_last<T>(self, call: impl FnOnce(A::Last<F::Output>, *mut c_void) -> T) -> T {
        let scoped = self.scoped();
        let function = A::last::<F::Output, Scoped<F, A, M, F::Output>>();
        let result = call(function, scoped.data());
        scoped.finish(result)
    }

    /// Calls `call` with a C function whose first parameter is the user data, and with the user data. In all else this is
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
    pub fn data_first<T>(self, call: impl FnOnce(A::First<F::Output>, *mut c_void) -> T) -> T {
        let scoped = self.scoped();
        let function = A::first::<F::Output, Scoped<F, A, M, F::Output>>();
        let result = call(function, scoped.data());
        scoped.finish(result)
    }

    /// Calls `call` with a C function that finds its user data by `find`, and with the user data, for APIs that keep the
    /// data elsewhere than in a parameter. In all else this is [`data_last`](Self::data_last).
    ///
    /// `find` gets the function's arguments and gives the user data. It must capture nothing, and is part of the C function.
    /// [`owned_data_by`](Self::owned_data_by) has an example.
    ///
    /// # Panics
    ///
    /// As [`data_last`](Self::data_last). A panic in `find` ends the process.
    #[inline]
    pub fn data_by<T, D>(
        self,
        find: D,
        call: impl FnOnce(A::Bare<F::Output>, *mut c_void) -> T,
    ) -> T
    where
        A: Parameters<Passed: Copy> + Copy,
        D: SharedClosure<A, Output = *mut c_void> + Copy + Sync + 'static,
    {
        let scoped = self.scoped();
        let function = by::function::<A, F::Output, Scoped<F, A, M, F::Output>, D>(find);
        let result = call(function, scoped.data());
        scoped.finish(result)
    }

    /// Calls `call` with a C function that has no user data, for APIs like `qsort` and `nftw`. In all else this is
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
    /// If all slots are taken. Then `call` has not been called.
    ///
    /// # Panics
    ///
    /// As [`data_last`](Self::data_last).
    #[inline]
    pub fn bare<T>(
        self,
        call: impl FnOnce(A::Bare<F::Output>) -> T,
    ) -> Result<T, TooManyCallbacks> {
        let scoped = self.scoped();
        let slot = Claim::new::<A, F::Output, Scoped<F, A, M, F::Output>>(scoped.data())?;
        let result = call(slot.function::<A, F::Output>());
        drop(slot);
        Ok(scoped.finish(result))
    }

    #[inline]
    fn scoped(self) -> Scoped<F, A, M, F::Output> {
        Scoped::new(self.closure, self.on_panic.value())
    }
}

impl<F, A, M, P> fmt::Debug for Callback<F, A, M, P> {
    #[inline]
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Callback").finish_non_exhaustive()
    }
}
