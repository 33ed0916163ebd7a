#![cfg_attr(not(feature = "std"), no_std)]
#![doc = include_str!("../README.md")]

pub use cgo_macros::c_preamble;
#[cfg(feature = "export")]
pub use cgo_macros::export_c;
pub use cgo_runtime::*;
