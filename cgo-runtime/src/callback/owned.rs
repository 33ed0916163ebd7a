//! A closure that C keeps, until it destroys it or a guard is dropped.

use core::any::type_name;
use core::cell::UnsafeCell;
use core::ffi::c_void;
use core::fmt;
use core::marker::PhantomData;
use core::mem::ManuallyDrop;
use std::sync::OnceLock;

use alloc::boxed::Box;

use super::arity::{Closure, Parameters, SharedClosure, Target};
use super::bare;
use super::builder::Callback;
use super::gate::Gate;
use super::lookup;
use super::mode::{AFTER_ITS_END, OwnedMode};
use super::panic::{end, no_unwind};
use super::slots::{Claim, TooManyCallbacks};
use super::storage::{Storage, Stored};

/// The destroy function that C is given together with the user data.
type Destroy = unsafe extern "C" fn(*mut c_void);

impl<F, A, M> Callback<F, A, M>
where
    F: Closure<A>,
    A: Parameters,
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
    pub fn owned_data_last(self) -> OwnedCallback<A::Last<F::Output>>
    where
        M: OwnedMode<F, A>,
        F: 'static,
    {
        let function = A::last::<F::Output, Owned<F, A, M>>();
        Owned::<F, A, M>::with_function(self.closure, function)
    }

    /// A C function with the user data as its first parameter, the user data, and a function that destroys it. Otherwise this
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
    /// A panic in the closure ends the process, as does a call or a destruction that [the mode](crate::callback()#threads-and-calls-during-a-call)
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
    /// As [`owned_data_last`](Self::owned_data_last). A panic in `find` ends the process.
    #[inline]
    pub fn owned_data_by<D>(self, find: D) -> OwnedCallback<A::Bare<F::Output>>
    where
        M: OwnedMode<F, A>,
        F: 'static,
        A: Parameters<Passed: Copy> + Copy,
        D: SharedClosure<A, Output = *mut c_void> + Copy + Sync + 'static,
    {
        let function = lookup::function::<A, F::Output, Owned<F, A, M>, D>(find);
        Owned::<F, A, M>::with_function(self.closure, function)
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
    pub fn owned_bare(self) -> Result<OwnedCallback<A::Bare<F::Output>>, TooManyCallbacks>
    where
        M: OwnedMode<F, A>,
        F: 'static,
    {
        Owned::<F, A, M>::in_slot(self.closure)
    }
}

/// What the user data leads to.
struct Owned<F, A, M> {
    /// What a function without user data finds it by.
    slot: OnceLock<Claim>,
    closure: ManuallyDrop<UnsafeCell<F>>,
    gate: Gate,
    types: PhantomData<fn(A, M)>,
}

// SAFETY: where `F` is not `Send`, the mode lets in no other thread, to call it or to drop it.
unsafe impl<F, A, M> Send for Owned<F, A, M> {}
// SAFETY: the mode lets in only calls that may run there at the same time.
unsafe impl<F, A, M> Sync for Owned<F, A, M> {}

impl<F, A, M> Stored for Owned<F, A, M> {
    #[inline]
    fn gate(&self) -> &Gate {
        &self.gate
    }
}

impl<F, A, M> Drop for Owned<F, A, M> {
    #[inline]
    fn drop(&mut self) {
        // SAFETY: this is the last use of the closure.
        no_unwind::<F, _>(|| unsafe { ManuallyDrop::drop(&mut self.closure) });
    }
}

impl<F, A, M> Owned<F, A, M>
where
    F: Closure<A>,
    M: OwnedMode<F, A>,
{
    /// `function` takes the user data and has `Self` as its target.
    #[inline]
    fn with_function<P>(closure: F, function: P) -> OwnedCallback<P> {
        OwnedCallback {
            function,
            data: M::Storage::store(Self::boxed(closure)),
            destroy: Self::destroy,
        }
    }

    /// A function without user data.
    #[inline]
    fn in_slot(closure: F) -> Result<OwnedCallback<A::Bare<F::Output>>, TooManyCallbacks>
    where
        A: Parameters,
    {
        // The user data must be known before the slot is, which the closure then keeps.
        let callback = Self::with_function(closure, ());
        let slot = bare::claim::<A, F::Output, Self>(callback.data)?;
        let function = bare::function::<A, F::Output>(&slot);
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
    unsafe extern "C" fn destroy(data: *mut c_void) {
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

impl<F, A, M> Target<A, F::Output> for Owned<F, A, M>
where
    F: Closure<A>,
    A: Parameters,
    M: OwnedMode<F, A>,
{
    #[inline]
    unsafe fn call(data: *mut c_void, arguments: A::Passed) -> F::Output {
        let call = |owned: &Self| {
            if !M::enter(&owned.gate) {
                end(type_name::<F>(), M::mistake(&owned.gate));
            }
            // SAFETY: `enter` has returned true right before.
            let result =
                no_unwind::<F, _>(|| unsafe { M::run(&owned.closure, A::from_c(arguments)) });
            M::leave(&owned.gate);
            result
        };
        // SAFETY: `data` is the user data, and C calls only until it is destroyed.
        match unsafe { M::Storage::with(data, call) } {
            Some(result) => result,
            None => end(type_name::<F>(), AFTER_ITS_END),
        }
    }
}

/// A closure that C keeps: a function pointer of type `P`, its user data, and what destroys it.
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
pub struct OwnedCallback<P> {
    function: P,
    data: *mut c_void,
    destroy: Destroy,
}

// SAFETY: the closure is `Send`, or its mode ends the process before it runs or is dropped on another thread.
unsafe impl<P> Send for OwnedCallback<P> {}
// SAFETY: a shared reference only gives pointers.
unsafe impl<P> Sync for OwnedCallback<P> {}

impl<P> OwnedCallback<P> {
    /// The C function. Valid until `self` is dropped or destroyed.
    ///
    /// ```
    /// # use cgo_runtime as cgo;
    /// # use core::ffi::c_int;
    /// let owned = cgo::callback(|a: c_int, b: c_int| a * b).owned_data_last();
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
    /// let owned = cgo::callback(|| ()).owned_data_first();
    /// assert!(!owned.data().is_null());
    /// ```
    #[must_use]
    #[inline]
    pub fn data(&self) -> *mut c_void {
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
    pub fn into_parts(self) -> (P, *mut c_void, Destroy)
    where
        P: Copy,
    {
        let parts = ManuallyDrop::new(self);
        (parts.function, parts.data, parts.destroy)
    }
}

impl<P> Drop for OwnedCallback<P> {
    #[inline]
    fn drop(&mut self) {
        // SAFETY: `data` was made for `destroy`, and nobody has taken it by `into_parts`.
        unsafe { (self.destroy)(self.data) }
    }
}

impl<P> fmt::Debug for OwnedCallback<P> {
    #[inline]
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("OwnedCallback").finish_non_exhaustive()
    }
}
