//! Wraps a closure for C, and says who may call it.

use core::fmt;
use core::marker::PhantomData;

use super::arity::{Closure, Parameters, SharedClosure};
use super::mode::{Exclusive, Local, Reentrant, Shared};
use super::on_panic::{ReturnDefault, ReturnValue, Unwind};
use crate::c_type::CType;
use crate::validity::reject_enum_parameter;

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
/// here; the C function's type follows from them, and is what `c_preamble!` expects inside of `Some`. The user data is whatever pointer C
/// declares, `void *`, `char *` or `const struct s *`: that follows from where it goes. A variadic C function does not
/// fix the pointer type: write `|function, data: *mut c_void|` there.
///
/// User data between other parameters is found by them, as one of the closure's own parameters:
///
/// ```
/// # use cgo_runtime as cgo;
/// # use core::ffi::{c_char, c_int};
/// # mod C {
/// #     use core::ffi::{c_char, c_int};
/// #     type Event = unsafe extern "C" fn(c_int, *mut c_char, c_int);
/// #     pub unsafe fn watch(f: Option<Event>, client: *mut c_char) { unsafe { f.expect("not null")(1, client, 2) } }
/// # }
/// // void watch(void (*f)(int id, char *client, int flags), char *client);
/// let mut seen = Vec::new();
/// cgo::callback(|id: c_int, _: *mut c_char, flags: c_int| seen.push((id, flags)))
///     .data_by(|_, client, _| client, |function, client| unsafe { C::watch(Some(function), client) });
/// assert_eq!(seen, [(1, 2)]);
/// ```
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
/// A method before the one that makes the C function says who may call it:
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
/// call of C is over, the panic resumes in Rust, with its payload. In between C runs normally, so it loses nothing.
///
/// An owned callback has no caller in Rust, so a panic ends the process, with a message that names the closure.
///
/// With [`unwind`](Callback::unwind) a panic does unwind through C, scoped or owned, where `#cgo unwind:` says that it may.
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
    const { reject_enum_parameter(<F::Output as CType>::TAKES_CHECKED) }
    Callback {
        closure,
        on_panic: ReturnDefault,
        types: PhantomData,
    }
}

/// A closure that C is going to call, made by [`callback`], whose documentation describes it.
///
/// ```
/// # use cgo_runtime as cgo;
/// # use core::ffi::{c_int, c_void};
/// let callback = cgo::callback(|number: c_int| number + 1);
/// let result = callback.data_last(|function, data: *mut c_void| unsafe { function(1, data) }); // as C would
/// assert_eq!(result, 2);
/// ```
#[must_use = "C gets nothing before `data_last` or another of these methods is called"]
pub struct Callback<F, A, M = Local, P = ReturnDefault> {
    pub(super) closure: F,
    pub(super) on_panic: P,
    types: PhantomData<(A, M)>,
}

impl<F, A> Callback<F, A>
where
    F: Closure<A>,
{
    /// Lets C call the closure on this thread also while it runs, for a closure that calls a C function which calls it again.
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
    /// Each call costs one atomic exchange (a few nanoseconds). An owned `send` or `sync` closure costs two more, so that its end can
    /// wait for running calls. All other modes cost what a hand-written function does.
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
    /// The compiler rejects what cannot be shared:
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
    /// Choose a value that makes the C function stop, so that the panic resumes soon. It is for scoped callbacks alone: after it the
    /// `owned_*` methods do not compile.
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
    pub fn on_panic(self, value: F::Output) -> Callback<F, A, M, ReturnValue<F::Output>> {
        self.with_policy(ReturnValue(value))
    }

    /// Lets a panic unwind through C, for the functions and the function pointers of `#cgo unwind:`, which are `extern "C-unwind"`.
    ///
    /// The panic passes through C's frames, which free nothing of their own, to whoever called C: what Rust holds there is dropped,
    /// and `catch_unwind` finds it. C may call the closure again after that, and an owned one lives on. Where no Rust called C, as
    /// on a thread that C made, the process ends.
    ///
    /// A C++ exception that leaves a call inside of the closure ends the process, since Rust cannot catch it. It may cross a plain
    /// `extern "C-unwind"` function.
    ///
    /// ```
    /// # use cgo_runtime as cgo;
    /// # use core::ffi::{c_int, c_void};
    /// # mod C {
    /// #     use core::ffi::{c_int, c_void};
    /// #     type Visitor = unsafe extern "C-unwind" fn(c_int, *mut c_void) -> c_int;
    /// #     pub unsafe fn visit(n: c_int, f: Option<Visitor>, data: *mut c_void) {
    /// #         for i in 0..n { if unsafe { f.expect("not null")(i, data) } != 0 { return } }
    /// #     }
    /// # }
    /// # std::panic::set_hook(Box::new(|_| {}));
    /// // #cgo unwind: visit*
    /// let mut calls = 0;
    /// let result = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
    ///     cgo::callback(|number: c_int| -> c_int {
    ///         calls += 1;
    ///         panic!("no such number: {number}")
    ///     })
    ///     .unwind()
    ///     .data_last(|function, data| unsafe { C::visit(5, Some(function), data) })
    /// }));
    /// assert_eq!(*result.unwrap_err().downcast::<String>().unwrap(), "no such number: 0");
    /// assert_eq!(calls, 1);
    /// ```
    #[inline]
    pub fn unwind(self) -> Callback<F, A, M, Unwind> {
        self.with_policy(Unwind)
    }

    #[inline]
    fn with_policy<P>(self, on_panic: P) -> Callback<F, A, M, P> {
        Callback {
            closure: self.closure,
            on_panic,
            types: PhantomData,
        }
    }
}

impl<F, A, M, P> fmt::Debug for Callback<F, A, M, P> {
    #[inline]
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Callback").finish_non_exhaustive()
    }
}
