//! Writes an exported function: the function as it was written, and its gateway.

use proc_macro2::{Span, TokenStream};
use quote::{ToTokens, quote, quote_spanned};
use syn::Signature;
use syn::spanned::Spanned;

use super::conversion::borrow;
use super::writer::ExportWriter;
use crate::item::attribute::PanicRule;
use crate::item::export::{ExportedFunction, Parameter};
use crate::item::form::Form;

/// What stands under the C name.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Way {
    /// The function itself: every value that C passes is valid.
    Itself,
    /// A gateway that checks the arguments. The function itself has C types too, so a pointer to it can be given to C.
    Checking,
    /// A gateway that converts arguments or the result.
    Converting,
}

impl Way {
    fn of(function: &ExportedFunction) -> Way {
        let parameters = function.parameters().into_iter();
        parameters
            .map(|parameter| parameter.form)
            .chain([function.result_form()])
            .map(|form| match form {
                Form::Plain => Way::Itself,
                Form::Checked => Way::Checking,
                _ => Way::Converting,
            })
            .max_by_key(|way| *way as usize)
            .unwrap_or(Way::Itself)
    }
}

impl ExportWriter<'_> {
    pub(super) fn function(&self, function: &ExportedFunction) -> TokenStream {
        let way = Way::of(function);
        if let (Some(variadic), false) = (&function.signature.variadic, way == Way::Itself) {
            let code = self.variadic(function);
            return self.where_rust_can(code, variadic.span());
        }
        let code = match way {
            Way::Itself => self.itself(function, Some(self.function_check(function))),
            Way::Checking => {
                let itself = self.itself(function, None);
                let gateways = self.gateways(function);
                quote!(#itself #gateways)
            }
            Way::Converting => {
                let head = self.head();
                let (signature, body) = (&function.signature, &function.body);
                let gateways = self.gateways(function);
                // C does not call this one.
                let allowed = signature
                    .abi
                    .as_ref()
                    .map(|_| quote!(#[allow(improper_ctypes_definitions)]));
                quote!(#allowed #head #signature #body #gateways)
            }
        };
        match &function.signature.variadic {
            Some(variadic) => self.where_rust_can(code, variadic.span()),
            None => code,
        }
    }

    /// The attributes and the visibility.
    fn head(&self) -> TokenStream {
        let (attributes, visibility) = (&self.export.attributes, &self.export.visibility);
        let is_snake = |name: &str| !name.contains(char::is_uppercase);
        let allowed = self.allow_name("non_snake_case", is_snake);
        // The type of `self` is written for C.
        quote!(#allowed #[allow(clippy::needless_arbitrary_self_type)] #(#attributes)* #visibility)
    }

    /// The function as `extern "C"`. With a check it is also the function under the C name.
    fn itself(&self, function: &ExportedFunction, check: Option<TokenStream>) -> TokenStream {
        let head = self.head();
        let linkage = check.as_ref().map(|_| self.linkage());
        let signature = with_abi(&function.signature, &self.abi());
        let body = &function.body;
        let body = match self.export.options.panic {
            PanicRule::Unwind => body.stream(),
            _ => {
                let output = &function.signature.output;
                let closure = quote_spanned!(body.span()=> move || #output #body);
                self.caught(closure)
            }
        };
        let mut block =
            proc_macro2::Group::new(proc_macro2::Delimiter::Brace, quote!(#check #body));
        block.set_span(function.body.span());
        // The body is a closure that is called at once.
        quote! {
            #[allow(clippy::redundant_closure_call, clippy::needless_lifetimes)]
            #linkage #head #signature #block
        }
    }

    /// A function with `...` and conversions. A gateway cannot pass `...` on, so the function itself has the C types.
    fn variadic(&self, function: &ExportedFunction) -> TokenStream {
        let (head, linkage, abi) = (self.head(), self.linkage(), self.abi());
        let signature = &function.signature;
        let (name, generics) = (&signature.ident, &signature.generics);
        let (bounds, variadic) = (&signature.generics.where_clause, &signature.variadic);
        let parameters = function.parameters();
        let parameters: Vec<&Parameter<'_>> = parameters.iter().collect();
        let names = self.names(&parameters);
        let types = parameters.iter().map(|parameter| self.type_in_c(parameter));
        let conversions = parameters.iter().zip(&names).map(|(parameter, name)| {
            let (binding, ctype) = (&parameter.binding, &parameter.ctype);
            let value = self.value(parameter, name);
            quote!(let #binding: #ctype = #value;)
        });
        let (output, body) = (&signature.output, &function.body);
        let (check, borrow) = (self.function_check(function), borrow());
        let call = self.caught(quote!(move || #output { #(#conversions)* #body }));
        let (result, body) = self.result(function, call);
        quote! {
            #[allow(unused_braces, clippy::redundant_closure_call, clippy::needless_lifetimes)]
            #linkage #head
            unsafe #abi fn #name #generics (#(#names: #types,)* #variadic) #result #bounds {
                #check
                let #borrow = ();
                let #borrow = &#borrow;
                #body
            }
        }
    }

    /// The code of a function with `...`, or an error: the runtime knows the version of rustc.
    fn where_rust_can(&self, code: TokenStream, variadic: Span) -> TokenStream {
        let cgo = self.cgo;
        let message = "a function with `...` needs Rust 1.99 or later\n\
                       help: write it in C, in the preamble, and have it call a function of Rust";
        let error = syn::Error::new(variadic, message).into_compile_error();
        quote!(#cgo::generated::export::if_rust_1_99! { { #code } { #error } })
    }
}

/// The signature of a function, which is neither `const` nor `async`, with this ABI.
fn with_abi(signature: &Signature, abi: &TokenStream) -> TokenStream {
    let Signature {
        safety,
        fn_token,
        ident,
        generics,
        paren_token,
        inputs,
        variadic,
        output,
        ..
    } = signature;
    let bounds = &generics.where_clause;
    let mut head = quote!(#safety #abi #fn_token #ident #generics);
    paren_token.surround(&mut head, |inside| {
        inputs.to_tokens(inside);
        if variadic.is_some() && !inputs.empty_or_trailing() {
            inside.extend(quote!(,));
        }
        variadic.to_tokens(inside);
    });
    quote!(#head #output #bounds)
}
