//! A closure that C keeps, until it destroys it or a guard is dropped.

use core::any::type_name;
use core::cell::UnsafeCell;
use core::ffi::c_void;
use core::fmt;
use core::marker::PhantomData;
use core::mem::ManuallyDrop;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::OnceLock;

use alloc::boxed::Box;

use super::arity::{Closure, Functions, Parameters, SharedClosure, Target};
use super::bare;
use super::builder::Callback;
use super::data::DataPointer;
use super::gate::Gate;
use super::lookup;
use super::mode::{AFTER_ITS_END, OwnedMode};
use super::on_panic::OwnedOnPanic;
use super::panic::{end, no_unwind};
use super::slots::{Claim, TooManyCallbacks};
use super::storage::{Storage, Stored};

/// The destroy function that C is given together with the user data.
type Destroy<D> = unsafe extern "C" fn(D);

impl<F, A, M, P> Callback<F, A, M, P>
where
    F: Closure<A>,
    A: Functions<P::Convention>,
    P: OwnedOnPanic,
{
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
    /// A panic in the closure ends the process, as does a call or a destruction that [the mode](crate::callback()#threads-and-calls-during-a-call)
    /// does not allow, always with a message that names the closure.
    #[inline]
    pub fn owned_data_last<D: DataPointer>(
        self,
    ) -> OwnedCallback<<A as Functions<P::Convention>>::Last<F::Output, D>, D>
    where
        M: OwnedMode<F, A>,
        F: 'static,
    {
        let function = <A as Functions<P::Convention>>::last::<_, D, Owned<F, A, M, P>>();
        Owned::<F, A, M, P>::with_function(self.closure, function)
    }

    /// A C function with the user data as its first parameter, the user data, and a function that destroys it. Otherwise this
    /// is [`owned_data_last`](Self::owned_data_last).
    ///
    /// ```
    /// # use cgo_runtime as cgo;
    /// # use core::ffi::{c_int, c_void};
    /// let owned = cgo::callback(|a: c_int, b: c_int| a - b).owned_data_first::<*mut c_void>();
    /// let function = owned.function();
    /// assert_eq!(unsafe { function(owned.data(), 7, 4) }, 3); // as C would
    /// ```
    ///
    /// # Panics
    ///
    /// A panic in the closure ends the process, as does a call or a destruction that [the mode](crate::callback()#threads-and-calls-during-a-call)
    /// does not allow, always with a message that names the closure.
    #[inline]
    pub fn owned_data_first<D: DataPointer>(
        self,
    ) -> OwnedCallback<<A as Functions<P::Convention>>::First<F::Output, D>, D>
    where
        M: OwnedMode<F, A>,
        F: 'static,
    {
        let function = <A as Functions<P::Convention>>::first::<_, D, Owned<F, A, M, P>>();
        Owned::<F, A, M, P>::with_function(self.closure, function)
    }

    /// A C function that finds its user data by `find`, the user data, and a function that destroys it, for APIs that
    /// keep the data elsewhere than in a parameter. Otherwise this is [`owned_data_last`](Self::owned_data_last).
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
    /// As [`owned_data_last`](Self::owned_data_last). A panic in `find`, and an argument that is not valid, ends the process; after
    /// [`unwind`](Self::unwind) it unwinds through C.
    #[inline]
    pub fn owned_data_by<D>(
        self,
        find: D,
    ) -> OwnedCallback<<A as Functions<P::Convention>>::Bare<F::Output>, D::Output>
    where
        M: OwnedMode<F, A>,
        F: 'static,
        A: Parameters<Passed: Copy> + Copy,
        D: SharedClosure<A, Output: DataPointer> + Copy + Sync + 'static,
    {
        let function = lookup::function::<A, P::Convention, _, Owned<F, A, M, P>, D>(find);
        Owned::<F, A, M, P>::with_function(self.closure, function)
    }

    /// A C function without user data, for APIs that keep it and have no `void *` to go with it: `atexit`, `signal`,
    /// `SSL_CTX_set_info_callback`.
    ///
    /// The closure and its [slot](Self::bare) live until the [`OwnedCallback`] is dropped, or destroyed with its data;
    /// forever after `std::mem::forget`.
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
    /// If all slots of the process are in use. The closure is then dropped.
    ///
    /// # Panics
    ///
    /// A panic in the closure ends the process, as does a call or a destruction that [the mode](crate::callback()#threads-and-calls-during-a-call)
    /// does not allow, always with a message that names the closure.
    #[inline]
    pub fn owned_bare(self) -> OwnedBare<A, P, F::Output>
    where
        M: OwnedMode<F, A>,
        F: 'static,
    {
        Owned::<F, A, M, P>::in_slot(self.closure)
    }
}

/// An owned function without user data, if a slot was free.
type OwnedBare<A, P, R> = Result<
    OwnedCallback<<A as Functions<<P as OwnedOnPanic>::Convention>>::Bare<R>>,
    TooManyCallbacks,
>;

/// What the user data leads to.
struct Owned<F, A, M, P> {
    /// What a function without user data finds it by.
    slot: OnceLock<Claim>,
    closure: ManuallyDrop<UnsafeCell<F>>,
    gate: Gate,
    types: PhantomData<fn(A, M, P)>,
}

// SAFETY: where `F` is not `Send`, the mode lets in no other thread, to call it or to drop it.
unsafe impl<F, A, M, P> Send for Owned<F, A, M, P> {}
// SAFETY: the mode lets in only calls that may run there at the same time.
unsafe impl<F, A, M, P> Sync for Owned<F, A, M, P> {}

impl<F, A, M, P> Stored for Owned<F, A, M, P> {
    #[inline]
    fn gate(&self) -> &Gate {
        &self.gate
    }
}

impl<F, A, M, P> Drop for Owned<F, A, M, P> {
    #[inline]
    fn drop(&mut self) {
        // SAFETY: this is the last use of the closure.
        no_unwind::<F, _>(|| unsafe { ManuallyDrop::drop(&mut self.closure) });
    }
}

impl<F, A, M, P> Owned<F, A, M, P>
where
    F: Closure<A>,
    M: OwnedMode<F, A>,
    P: OwnedOnPanic,
{
    /// `function` takes the user data and has `Self` as its target.
    #[inline]
    fn with_function<T, D: DataPointer>(closure: F, function: T) -> OwnedCallback<T, D> {
        OwnedCallback {
            function,
            data: D::to(M::Storage::store(Self::boxed(closure))),
            destroy: Self::destroy::<D>,
        }
    }

    /// A function without user data.
    #[inline]
    fn in_slot(closure: F) -> OwnedBare<A, P, F::Output>
    where
        A: Functions<P::Convention>,
    {
        // The user data must be known before the slot is, which the closure then keeps.
        let callback = Self::with_function(closure, ());
        let slot = bare::claim::<A, P::Convention, _, Self>(callback.data)?;
        let function = bare::function::<A, P::Convention, _>(&slot);
        // SAFETY: `callback` owns it, and C knows nothing of it yet.
        let stored =
            unsafe { M::Storage::with(callback.data, |owned: &Self| owned.slot.set(slot)) };
        debug_assert!(
            matches!(stored, Some(Ok(()))),
            "stored right before, without a slot"
        );
        let (_, data, destroy) = callback.into_parts();
        Ok(OwnedCallback {
            function,
            data,
            destroy,
        })
    }

    #[inline]
    fn boxed(closure: F) -> Box<Self> {
        Box::new(Owned {
            slot: OnceLock::new(),
            closure: ManuallyDrop::new(UnsafeCell::new(closure)),
            gate: Gate::new(),
            types: PhantomData,
        })
    }

    /// # Safety
    ///
    /// `data` is this closure's user data, and C has a right to it, which ends here. Calls may still run.
    unsafe extern "C" fn destroy<D: DataPointer>(data: D) {
        let data = data.data();
        // SAFETY: as our caller promises.
        let may = unsafe { M::Storage::with(data, |owned: &Self| M::may_end(&owned.gate)) };
        if may == Some(false) {
            end(
                type_name::<F>(),
                "was destroyed while it runs, without `reentrant` or `sync`, or on another thread, without `send` or `sync`",
            );
        }
        // SAFETY: as above. Whatever thread this is, the mode has let it in.
        if may.is_none() || !unsafe { M::Storage::end::<Self>(data) } {
            end(type_name::<F>(), "was destroyed twice");
        }
    }
}

impl<F, A, M, P> Target<A, F::Output> for Owned<F, A, M, P>
where
    F: Closure<A>,
    A: Parameters,
    M: OwnedMode<F, A>,
    P: OwnedOnPanic,
{
    #[inline]
    unsafe fn call(data: *mut c_void, arguments: A::Passed) -> F::Output {
        let call = |owned: &Self| {
            if !M::enter(&owned.gate) {
                end(type_name::<F>(), M::mistake(&owned.gate));
            }
            // SAFETY: `enter` has returned true right before.
            let run = || unsafe { M::run(&owned.closure, A::from_c(arguments)) };
            let result = match P::UNWINDS {
                true => catch_unwind(AssertUnwindSafe(run)),
                false => Ok(no_unwind::<F, _>(run)),
            };
            M::leave(&owned.gate);
            result
        };
        // SAFETY: `data` is the user data, and C calls only until it is destroyed.
        match unsafe { M::Storage::with(data, call) } {
            Some(Ok(result)) => result,
            // The panic goes on through C when nothing needs the closure any more.
            Some(Err(payload)) => resume_unwind(payload),
            None => end(type_name::<F>(), AFTER_ITS_END),
        }
    }
}

/// A closure that C keeps: a function pointer of type `P`, its user data, a pointer of type `D`, and what destroys it.
///
/// Made by [`owned_data_last`](crate::Callback::owned_data_last) and its like. There are two ways to end it: C does by its destroy
/// function, after [`into_parts`](Self::into_parts); or Rust does by dropping this, after C has forgotten the function. The
/// type does not show the closure, so it can stand in a struct:
///
/// ```
/// # use cgo_runtime as cgo;
/// # use core::ffi::{c_int, c_void};
/// struct Subscription {
///     callback: cgo::OwnedCallback<unsafe extern "C" fn(c_int, *mut c_void)>,
/// }
///
/// let subscription = Subscription { callback: cgo::callback(|event: c_int| assert!(event > 0)).owned_data_last() };
/// let function = subscription.callback.function();
/// unsafe { function(1, subscription.callback.data()) }; // as C would
/// ```
///
/// # Threads
///
/// It may be moved to any thread. But a closure that is neither `send` nor `sync` must be dropped on the thread that made
/// it.
///
/// # Panics
///
/// Dropping it ends the process if this is the wrong thread, or if dropping what the closure captures panics; and if the closure
/// runs, unless it is `reentrant` or `sync`. With these the calls that run go on: what the closure captures is dropped when the last
/// of them returns, on its thread.
#[must_use = "the function is good only until this is dropped; `into_parts` gives it to C"]
pub struct OwnedCallback<P, D: DataPointer = *mut c_void> {
    function: P,
    data: D,
    destroy: Destroy<D>,
}

// SAFETY: the closure is `Send`, or its mode ends the process before it runs or is dropped on another thread.
unsafe impl<P, D: DataPointer> Send for OwnedCallback<P, D> {}
// SAFETY: a shared reference only gives pointers.
unsafe impl<P, D: DataPointer> Sync for OwnedCallback<P, D> {}

impl<P, D: DataPointer> OwnedCallback<P, D> {
    /// The C function. Valid until `self` is dropped or destroyed.
    ///
    /// ```
    /// # use cgo_runtime as cgo;
    /// # use core::ffi::{c_int, c_void};
    /// let owned = cgo::callback(|a: c_int, b: c_int| a * b).owned_data_last::<*mut c_void>();
    /// let function = owned.function(); // int (*)(int, int, void *)
    /// assert_eq!(unsafe { function(6, 7, owned.data()) }, 42);
    /// ```
    #[must_use]
    #[inline]
    pub fn function(&self) -> P
    where
        P: Copy,
    {
        self.function
    }

    /// The user data, never null. Valid until `self` is dropped or destroyed.
    ///
    /// The function of [`owned_bare`](crate::Callback::owned_bare) does not take it; the destroy function does.
    ///
    /// ```
    /// # use cgo_runtime as cgo;
    /// let owned = cgo::callback(|| ()).owned_data_first::<*mut std::ffi::c_void>();
    /// assert!(!owned.data().is_null());
    /// ```
    #[must_use]
    #[inline]
    pub fn data(&self) -> D {
        self.data
    }

    /// Gives up the closure: the function, its data, and the function that destroys it, which C must call once with the
    /// data, after the last call has returned. Rust may do so instead, where C did not take it.
    ///
    /// ```
    /// # use cgo_runtime as cgo;
    /// # use core::ffi::{c_int, c_void};
    /// # mod C {
    /// #     use core::ffi::{c_int, c_void};
    /// #     pub unsafe fn subscribe(
    /// #         f: Option<unsafe extern "C" fn(c_int, *mut c_void)>,
    /// #         data: *mut c_void,
    /// #         destroy: Option<unsafe extern "C" fn(*mut c_void)>,
    /// #     ) { unsafe { f.expect("not null")(7, data); destroy.expect("not null")(data) } }
    /// # }
    /// // void subscribe(void (*f)(int, void *), void *data, void (*destroy)(void *));
    /// let (sender, events) = std::sync::mpsc::channel();
    /// let (function, data, destroy) = cgo::callback(move |event: c_int| sender.send(event).unwrap_or_default())
    ///     .sync()
    ///     .owned_data_last()
    ///     .into_parts();
    /// unsafe { C::subscribe(Some(function), data, Some(destroy)) };
    /// assert_eq!(events.iter().collect::<Vec<_>>(), [7]); // ends since the sender was dropped with the closure
    /// ```
    #[must_use = "the closure is freed by `destroy(data)`"]
    #[inline]
    pub fn into_parts(self) -> (P, D, Destroy<D>)
    where
        P: Copy,
    {
        let parts = ManuallyDrop::new(self);
        (parts.function, parts.data, parts.destroy)
    }
}

impl<P, D: DataPointer> Drop for OwnedCallback<P, D> {
    #[inline]
    fn drop(&mut self) {
        // SAFETY: `data` was made for `destroy`, and nobody has taken it by `into_parts`.
        unsafe { (self.destroy)(self.data) }
    }
}

impl<P, D: DataPointer> fmt::Debug for OwnedCallback<P, D> {
    #[inline]
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("OwnedCallback").finish_non_exhaustive()
    }
}
