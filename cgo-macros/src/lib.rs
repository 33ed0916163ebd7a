//! The procedural macros of cgo: they read the call, ask `cgo-bindgen`, and hand its answer to rustc.

mod head;
mod literal;
mod report;
mod search;
mod source;

use std::str::FromStr;

use cgo_bindgen::Session;
use proc_macro::TokenStream;

/// C in a Rust file: see the `cgo` crate, which exports this macro.
#[proc_macro]
pub fn c_preamble(input: TokenStream) -> TokenStream {
    let session = Session::of_this_process();
    let (preamble, spans) = match source::read(input) {
        Ok(read) => read,
        Err(error) => return report::error(&error.message, error.span),
    };
    let expansion = cgo_bindgen::expand(&preamble, &session);
    let mut output = match TokenStream::from_str(&expansion.code) {
        Ok(code) => code,
        Err(error) => report::error(
            &format!("cgo wrote Rust that is none, which is a bug of cgo: {error}"),
            spans.call,
        ),
    };
    for diagnostic in expansion.errors {
        output.extend(report::diagnostic(&diagnostic, &spans, &preamble));
    }
    output
}
