//! Shims: the C functions and variables through which Rust reaches what it cannot reach or call itself.

mod c_text;
mod shim;

pub use self::c_text::{FILE, ShimmedPreamble, define_file_macros};
pub use self::shim::{Shim, ShimParameter, ShimResult, foresee};

pub(crate) use self::shim::of_object;
