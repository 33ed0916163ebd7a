//! Writes how values cross between C and Rust: their types in the gateway, and the conversions.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, format_ident, quote, quote_spanned};
use syn::spanned::Spanned;
use syn::{Pat, Type};

use super::ctype::{elided, ends, mentions_self};
use super::writer::ExportWriter;
use crate::item::export::{Binding, ExportedFunction, Parameter};
use crate::item::form::Form;
use crate::item::types::{bare, is_named};
use crate::token_map::each_token;

impl ExportWriter<'_> {
    /// The names of a gateway's parameters, which a debugger shows: those of the function, unless they would hide it.
    pub(super) fn names(&self, parameters: &[&Parameter<'_>]) -> Vec<Ident> {
        let name = |(index, parameter): (usize, &&Parameter<'_>)| match &parameter.binding {
            Binding::Pattern(Pat::Ident(name))
                if name.subpat.is_none() && name.ident != self.export.name =>
            {
                name.ident.clone()
            }
            _ => format_ident!("cgo_argument{index}", span = Span::mixed_site()),
        };
        parameters.iter().enumerate().map(name).collect()
    }

    /// The type in the gateway's signature.
    pub(super) fn type_in_c(&self, parameter: &Parameter<'_>) -> TokenStream {
        let (cgo, ctype) = (self.cgo, parameter.ctype);
        match parameter.form {
            Form::Checked if matches!(bare(ctype), Type::Reference(_)) => {
                quote!(::core::option::Option<#ctype>)
            }
            Form::Checked if !is_named(ctype, "Option") => {
                // At the type, so that rustc merges its errors here and about the kind.
                let (start, end) = ends(ctype);
                let close = as_written(quote!(as #cgo::CType>::Passed), end);
                let open = quote_spanned!(start=> <);
                quote!(#open #ctype #close)
            }
            Form::Plain | Form::Checked | Form::Tuple(_) => quote!(#ctype),
            Form::CStr | Form::OptionalCStr => quote!(*const ::core::ffi::c_char),
            Form::Str => quote!(#cgo::Str),
            Form::Bytes => quote!(#cgo::Bytes),
        }
    }

    /// The argument of the function, made from the one of the gateway.
    pub(super) fn value(&self, parameter: &Parameter<'_>, name: &Ident) -> TokenStream {
        let (cgo, ctype) = (self.cgo, parameter.ctype);
        let borrow = borrow();
        let convert = |function: &str| {
            let function = Ident::new(function, Span::call_site());
            let place = Span::call_site().located_at(ctype.span());
            quote_spanned!(place=> unsafe { #cgo::generated::export::#function(#name, #borrow) })
        };
        match parameter.form {
            Form::Plain | Form::Tuple(_) => quote!(#name),
            Form::Checked if is_named(ctype, "Option") => self.checked(ctype, quote!(#name)),
            Form::Checked => {
                let value = quote!(#cgo::generated::Passed::<#ctype>::value(#name));
                self.checked(ctype, value)
            }
            Form::CStr => convert("c_str_from_c"),
            Form::OptionalCStr => convert("optional_c_str_from_c"),
            Form::Str => convert("str_from_c"),
            Form::Bytes => convert("bytes_from_c"),
        }
    }

    /// An argument after the check of its value, and of what it points to.
    fn checked(&self, ctype: &Type, argument: TokenStream) -> TokenStream {
        let cgo = self.cgo;
        let elided = elided(ctype);
        let parameter = quote!(#cgo::generated::export::Parameter::<#elided>);
        let has_target = quote!(#parameter::HAS_UNCHECKED_TARGET | #parameter::TARGET_LEADS_ON);
        let place = ends(ctype).0;
        let located = self.facade_at(place);
        let place = Span::call_site().located_at(place);
        let rejection = quote_spanned!(place=> { #located::generated::export::reject_unchecked_target(#has_target); });
        // `Self` can be used in a block of a function, but not in an item there.
        let rejection = match mentions_self(ctype.to_token_stream()) {
            true => quote!(const #rejection;),
            false => quote!(const _: () = #rejection;),
        };
        quote! {{
            #[allow(unused_imports)]
            use #cgo::generated::export::{NotChecked as _, NothingUnchecked as _};
            #rejection
            #cgo::generated::export::Argument(#argument).checked()
        }}
    }

    /// The result type of the gateway and the end of its body. `call` calls the function.
    pub(super) fn result(
        &self,
        function: &ExportedFunction,
        call: TokenStream,
    ) -> (TokenStream, TokenStream) {
        let cgo = self.cgo;
        let Some(result) = function.result() else {
            return (TokenStream::new(), call);
        };
        let convert = |ctype: TokenStream, function: &str| {
            let function = Ident::new(function, Span::call_site());
            (
                quote!(-> #ctype),
                quote!(#cgo::generated::export::#function(#call)),
            )
        };
        match (function.result_form(), result) {
            (Form::CStr, _) => convert(quote!(*const ::core::ffi::c_char), "c_str_to_c"),
            (Form::OptionalCStr, _) => {
                convert(quote!(*const ::core::ffi::c_char), "optional_c_str_to_c")
            }
            (Form::Str, _) => convert(quote!(#cgo::Str), "str_to_c"),
            (Form::Bytes, _) => convert(quote!(#cgo::Bytes), "bytes_to_c"),
            (Form::Tuple(count), Type::Tuple(tuple)) => {
                let ctype = self.tuple(tuple, |part| part.to_token_stream());
                let name = format_ident!("Return{count}");
                let parts = (0..count).map(|part| {
                    let (field, index) = (format_ident!("r{part}"), syn::Index::from(part));
                    quote!(#field: cgo_result.#index)
                });
                let body =
                    quote!(let cgo_result = #call; #cgo::generated::export::#name { #(#parts),* });
                (quote!(-> #ctype), body)
            }
            // An elided lifetime may be that of a converted parameter, which the gateway does not have.
            (_, Type::Reference(reference)) => {
                let (target, call) = (&reference.elem, quote!(#call));
                let pointer = match reference.mutability {
                    Some(_) => quote!(*mut #target),
                    None => quote!(*const #target),
                };
                (
                    quote!(-> #pointer),
                    quote!(let cgo_result: #pointer = #call; cgo_result),
                )
            }
            _ => (quote!(-> #result), call),
        }
    }

    /// The struct for a tuple.
    pub(super) fn tuple(
        &self,
        tuple: &syn::TypeTuple,
        named: impl Fn(&Type) -> TokenStream,
    ) -> TokenStream {
        let cgo = self.cgo;
        let name = format_ident!("Return{}", tuple.elems.len());
        let parts = tuple.elems.iter().map(named);
        quote!(#cgo::generated::export::#name<#(#parts),*>)
    }
}

/// The variable whose lifetime the arguments have. The span makes it different from all names of the user.
pub(super) fn borrow() -> Ident {
    Ident::new("cgo_call", Span::mixed_site())
}

/// The code as if the user had written it at `place`.
fn as_written(code: TokenStream, place: Span) -> TokenStream {
    each_token(code, &mut |mut token| {
        token.set_span(place);
        token
    })
}
