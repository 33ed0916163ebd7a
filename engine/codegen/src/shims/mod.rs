//! Shims: the C functions and variables through which Rust reaches what it cannot reach or call itself.

mod c_text;
mod refused;
mod shim;

pub use self::c_text::{FILE, ShimmedPreamble, define_file_macros};
pub use self::refused::{alike_to_refused, refused};
pub use self::shim::{Shim, ShimParameter, ShimResult, foresee};

pub(crate) use self::shim::of_object;
