//! The procedural macros of cgo.

mod diagnostics;
#[cfg(feature = "export")]
mod export;
mod facade;
mod preamble;

use proc_macro::TokenStream;

#[doc = include_str!("c_preamble.md")]
#[proc_macro]
pub fn c_preamble(input: TokenStream) -> TokenStream {
    preamble::expand(input)
}

#[doc = include_str!("export_c.md")]
#[cfg(feature = "export")]
#[proc_macro_attribute]
pub fn export_c(attribute: TokenStream, item: TokenStream) -> TokenStream {
    export::expand(attribute.into(), item.into()).into()
}
