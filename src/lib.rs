#![cfg_attr(not(feature = "std"), no_std)]
#![doc = include_str!("../README.md")]
#![cfg_attr(
    all(feature = "std", feature = "export"),
    doc = "\n# Reference\n\n[`c_preamble!`], [`export_c`](macro@export_c), [`callback()`], [`Handle`], [`LocalHandle`], [`with_errno`], [`check`], [`set_errno`], [`without_cargo`], and the items below."
)]

pub use cgo_macros::c_preamble;
#[cfg(feature = "export")]
pub use cgo_macros::export_c;
pub use cgo_runtime::*;

#[cfg(doc)]
pub mod without_cargo;
