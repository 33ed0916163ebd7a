//! Rust closures that C calls: [`callback()`] wraps one, and these are the types and traits of what it returns.
//!
//! A program rarely names them. A struct that holds a callback does, and so does a function that takes or returns one:
//!
//! ```
//! # use cgo_runtime as cgo;
//! use cgo::callback::{Callback, Closure, Exclusive, OwnedCallback, OwnedMode, callback};
//! use std::ffi::{c_int, c_void};
//!
//! /// `void (*)(int, void *)`
//! type OnEvent = unsafe extern "C" fn(c_int, *mut c_void);
//!
//! /// A closure that C keeps. The type of the function says what C sees, and not which closure it is.
//! struct Subscription {
//!     callback: OwnedCallback<OnEvent>,
//! }
//!
//! /// Any mode that lets C keep the closure.
//! fn subscribe<F, M>(callback: Callback<F, (c_int,), M>) -> Subscription
//! where
//!     F: Closure<(c_int,), Output = ()> + 'static,
//!     M: OwnedMode<F, (c_int,)>,
//! {
//!     Subscription { callback: callback.owned_data_last() }
//! }
//!
//! /// A callback before C gets it.
//! fn counter(mut count: c_int) -> Callback<impl FnMut(c_int), (c_int,), Exclusive> {
//!     callback(move |number: c_int| count += number).send()
//! }
//!
//! let subscription = subscribe(counter(0));
//! let function = subscription.callback.function();
//! unsafe { function(1, subscription.callback.data()) }; // as C would
//! ```

// From the closure to C:
//
// - `builder.rs`: what the caller chooses, before C gets the closure
// - `arity.rs`: the C function's type, from the closure's
// - `data.rs`: the user data, a pointer of any type
// - `mode.rs`: who may call
// - `gate.rs`: the state by which a mode decides
// - `scoped.rs`: a closure for one call of C
// - `owned.rs`: a closure until C or Rust destroys it
// - `storage.rs`: where an owned closure lies
// - `bare.rs`: C functions without user data
// - `slots.rs`: the slots of their closures
// - `lookup.rs`: C functions that find the user data by their arguments
// - `on_panic.rs`: what follows a panic
// - `panic.rs`: keeps a panic until C has returned, or ends the process

mod arity;
mod bare;
mod builder;
mod data;
mod gate;
mod lookup;
mod mode;
mod on_panic;
mod owned;
mod panic;
mod scoped;
mod slots;
mod storage;

pub use arity::{Closure, Functions, MayUnwind, NoUnwind, Parameters, SharedClosure};
pub use builder::{Callback, callback};
pub use data::DataPointer;
pub use mode::{Exclusive, Local, Mode, OwnedMode, Reentrant, Shared};
pub use on_panic::{OnPanic, OwnedOnPanic, ReturnDefault, ReturnValue, Unwind};
pub use owned::OwnedCallback;
pub use slots::TooManyCallbacks;
