//! Closures as C callbacks.

mod arity;
mod bare;
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
use mode::{Exclusive, Local, Mode, OwnedMode, Shared};
use owned::Owned;
use scoped::Scoped;

pub use bare::TooManyCallbacks;
pub use owned::OwnedCallback;

/// See the module.
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

/// A closure that is going to be called by C. Made by [`callback`].
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
    fn value(self) -> R {
        R::default()
    }
}

impl<R> OnPanic<R> for Value<R> {
    fn value(self) -> R {
        self.0
    }
}

impl<F, A> Callback<F, A>
where
    F: Closure<A>,
{
    /// See the module.
    pub fn send(self) -> Callback<F, A, Exclusive>
    where
        F: Send,
    {
        self.with_mode()
    }

    /// See the module.
    pub fn sync(self) -> Callback<F, A, Shared>
    where
        F: SharedClosure<A> + Sync,
    {
        self.with_mode()
    }

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
    /// See the module.
    pub fn on_panic(self, value: F::Output) -> Callback<F, A, M, Value<F::Output>> {
        Callback {
            closure: self.closure,
            on_panic: Value(value),
            types: PhantomData,
        }
    }

    /// See the module.
    pub fn owned_data_last(self) -> OwnedCallback<A::Last<F::Output>>
    where
        M: OwnedMode<F, A>,
        F: 'static,
    {
        let function = A::last::<F::Output, Owned<F, A, M>>();
        Owned::<F, A, M>::with_function(self.closure, function)
    }

    /// See the module.
    pub fn owned_data_first(self) -> OwnedCallback<A::First<F::Output>>
    where
        M: OwnedMode<F, A>,
        F: 'static,
    {
        let function = A::first::<F::Output, Owned<F, A, M>>();
        Owned::<F, A, M>::with_function(self.closure, function)
    }

    /// See the module.
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
    /// See the module.
    #[inline]
    pub fn data_last<T>(self, call: impl FnOnce(A::Last<F::Output>, *mut c_void) -> T) -> T {
        let scoped = self.scoped();
        let function = A::last::<F::Output, Scoped<F, A, M, F::Output>>();
        let result = call(function, scoped.data());
        scoped.finish(result)
    }

    /// See the module.
    #[inline]
    pub fn data_first<T>(self, call: impl FnOnce(A::First<F::Output>, *mut c_void) -> T) -> T {
        let scoped = self.scoped();
        let function = A::first::<F::Output, Scoped<F, A, M, F::Output>>();
        let result = call(function, scoped.data());
        scoped.finish(result)
    }

    /// See the module.
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
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Callback").finish_non_exhaustive()
    }
}
