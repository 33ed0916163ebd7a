//! C inside Rust.
pub use cgo_macros::c_preamble;
pub use cgo_runtime::*;
