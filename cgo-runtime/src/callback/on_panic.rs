//! What follows a panic in a closure: a value for C, or the panic goes on through C.

use super::arity::{MayUnwind, NoUnwind};

/// C gets the default of the result's type after a panic: 0, null, `false` or a struct of these.
#[derive(Debug)]
pub struct ReturnDefault;

/// C gets this value after a panic: see [`Callback::on_panic`](super::Callback::on_panic).
#[derive(Debug)]
pub struct ReturnValue<R>(pub(super) R);

/// The panic unwinds through C: see [`Callback::unwind`](super::Callback::unwind).
#[derive(Debug)]
pub struct Unwind;

/// What follows a panic in a scoped callback: [`ReturnDefault`], [`ReturnValue`] or [`Unwind`].
pub trait OnPanic<R> {
    /// The convention of the function that C calls.
    type Convention;

    #[doc(hidden)]
    fn after(self) -> AfterPanic<R>;
}

/// What follows a panic in an owned callback: the end of the process for [`ReturnDefault`], and else [`Unwind`].
pub trait OwnedOnPanic {
    /// The convention of the function that C calls.
    type Convention;

    #[doc(hidden)]
    const UNWINDS: bool;
}

/// What an [`OnPanic`] stands for.
#[derive(Clone, Copy)]
pub enum AfterPanic<R> {
    Return(R),
    Unwind,
}

impl<R: Default> OnPanic<R> for ReturnDefault {
    type Convention = NoUnwind;

    #[inline]
    fn after(self) -> AfterPanic<R> {
        AfterPanic::Return(R::default())
    }
}

impl<R> OnPanic<R> for ReturnValue<R> {
    type Convention = NoUnwind;

    #[inline]
    fn after(self) -> AfterPanic<R> {
        AfterPanic::Return(self.0)
    }
}

impl<R> OnPanic<R> for Unwind {
    type Convention = MayUnwind;

    #[inline]
    fn after(self) -> AfterPanic<R> {
        AfterPanic::Unwind
    }
}

impl OwnedOnPanic for ReturnDefault {
    type Convention = NoUnwind;
    const UNWINDS: bool = false;
}

impl OwnedOnPanic for Unwind {
    type Convention = MayUnwind;
    const UNWINDS: bool = true;
}
