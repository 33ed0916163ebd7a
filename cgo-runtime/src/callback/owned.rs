//! A closure that C keeps, until it destroys it or a guard is dropped.

use core::any::type_name;
use core::cell::UnsafeCell;
use core::ffi::c_void;
use core::fmt;
use core::marker::PhantomData;
use core::mem::ManuallyDrop;

use alloc::boxed::Box;

use super::arity::{Closure, Parameters, Target};
use super::bare::{Claim, TooManyCallbacks};
use super::mode::{Gate, Mode, OwnedMode};
use super::panic::{NoUnwind, end};

/// The destroy function that C is given together with the user data.
type Destroy = unsafe extern "C" fn(*mut c_void);

/// What the user data points to, in a `Box`.
pub(super) struct Owned<F, A, M> {
    /// What a function without user data finds it by.
    slot: Option<Claim>,
    closure: UnsafeCell<F>,
    gate: Gate,
    types: PhantomData<(A, M)>,
}

impl<F, A, M> Owned<F, A, M>
where
    F: Closure<A>,
    M: OwnedMode<F, A>,
{
    /// `function` takes the user data and has `Self` as its target.
    pub(super) fn with_function<P>(closure: F, function: P) -> OwnedCallback<P> {
        OwnedCallback {
            function,
            data: Box::into_raw(Self::boxed(closure)).cast(),
            destroy: Self::destroy,
        }
    }

    /// A function without user data.
    pub(super) fn in_slot(closure: F) -> Result<OwnedCallback<A::Bare<F::Output>>, TooManyCallbacks>
    where
        A: Parameters,
    {
        // The address must be known before the slot is, which the closure then keeps.
        let callback = Self::with_function(closure, ());
        let slot = Claim::new::<A, F::Output, Self>(callback.data)?;
        let function = slot.function::<A, F::Output>();
        // SAFETY: `callback` owns it, and C knows nothing of it yet.
        unsafe { (*callback.data.cast::<Self>()).slot = Some(slot) };
        let (_, data, destroy) = callback.into_parts();
        Ok(OwnedCallback {
            function,
            data,
            destroy,
        })
    }

    fn boxed(closure: F) -> Box<Self> {
        Box::new(Owned {
            slot: None,
            closure: UnsafeCell::new(closure),
            gate: Gate::new(),
            types: PhantomData,
        })
    }

    /// # Safety
    ///
    /// `data` is from a `Box<Self>`, nobody uses it from now on, and no call is running.
    unsafe extern "C" fn destroy(data: *mut c_void) {
        let owned = data.cast::<Self>();
        // SAFETY: it lives until here.
        if !M::enter(unsafe { &(*owned).gate }) {
            end(
                type_name::<F>(),
                "was destroyed while it runs, or on another thread without `send` or `sync`",
            );
        }
        // SAFETY: as our caller promises. Whatever thread this is, the mode has let it in.
        NoUnwind::<F>::run(|| drop(unsafe { Box::from_raw(owned) }));
    }
}

impl<F, A, M> Target<A, F::Output> for Owned<F, A, M>
where
    F: Closure<A>,
    M: Mode<F, A>,
{
    #[inline]
    unsafe fn call(data: *mut c_void, arguments: A) -> F::Output {
        // SAFETY: `data` is the user data, and C calls only until it is destroyed.
        let owned = unsafe { &*data.cast::<Self>() };
        if !M::enter(&owned.gate) {
            end(type_name::<F>(), M::mistake(&owned.gate));
        }
        // SAFETY: `enter` has returned true right before.
        let result = NoUnwind::<F>::run(|| unsafe { M::run(&owned.closure, arguments) });
        M::leave(&owned.gate);
        result
    }
}

/// See the module.
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
    /// See the module.
    #[must_use]
    pub fn function(&self) -> P
    where
        P: Copy,
    {
        self.function
    }

    /// See the module.
    #[must_use]
    pub fn data(&self) -> *mut c_void {
        self.data
    }

    /// See the module.
    #[must_use = "the closure is freed by `destroy(data)`"]
    pub fn into_parts(self) -> (P, *mut c_void, Destroy)
    where
        P: Copy,
    {
        let parts = ManuallyDrop::new(self);
        (parts.function, parts.data, parts.destroy)
    }
}

impl<P> Drop for OwnedCallback<P> {
    fn drop(&mut self) {
        // SAFETY: `data` was made for `destroy`, and nobody has taken it by `into_parts`.
        unsafe { (self.destroy)(self.data) }
    }
}

impl<P> fmt::Debug for OwnedCallback<P> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("OwnedCallback").finish_non_exhaustive()
    }
}
