#![cfg_attr(not(feature = "std"), no_std)]
#![doc = include_str!("../README.md")]

pub use cgo_macros::c_preamble;
pub use cgo_runtime::*;
