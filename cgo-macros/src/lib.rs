//! The procedural macros of cgo.

mod diagnostics;
#[cfg(feature = "export")]
mod export;
mod facade;
mod preamble;

use proc_macro::TokenStream;

/// C in a Rust file: see the `cgo` crate, which exports this macro.
#[proc_macro]
pub fn c_preamble(input: TokenStream) -> TokenStream {
    preamble::expand(input)
}

/// Exports a Rust function, variable or type to C: see the `cgo` crate, which exports this attribute.
#[cfg(feature = "export")]
#[proc_macro_attribute]
pub fn export_c(attribute: TokenStream, item: TokenStream) -> TokenStream {
    export::expand(attribute.into(), item.into()).into()
}
