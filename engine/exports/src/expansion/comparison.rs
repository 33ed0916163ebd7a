//! Writes the comparison of a function with its C declarations, and rejections of types that C cannot pass.

use proc_macro2::{Span, TokenStream};
use quote::{ToTokens, quote, quote_spanned};
use syn::Type;

use super::ctype::{elided, ends, is_pointing, mentions_self};
use super::writer::{ExportWriter, name};
use crate::item::export::ExportedFunction;
use crate::item::form::Form;

impl ExportWriter<'_> {
    /// The comparison, as a statement in the body. `Self` can be used in a block there, but not in an item.
    pub(super) fn function_check(&self, function: &ExportedFunction) -> TokenStream {
        let cgo = self.cgo;
        let parameters = function.parameters();
        let kinds = parameters.iter().map(|parameter| {
            let cfgs = &parameter.cfgs;
            let kind = self.kind(parameter.ctype, parameter.form);
            quote!(#(#cfgs)* #kind)
        });
        let variadic = function.signature.variadic.is_some();
        let result = match function.result() {
            Some(result) => self.kind(result, function.result_form()),
            None => quote!(#cgo::generated::Kind::Void),
        };
        let rejections = parameters.iter().map(|parameter| {
            let cfgs = &parameter.cfgs;
            let ctype = parameter.ctype;
            let enum_result = match parameter.form {
                Form::Plain | Form::Checked => self.reject_enum_result(ctype, "CType"),
                _ => TokenStream::new(),
            };
            let hidden_enum = match parameter.form {
                Form::Plain => self.reject_hidden_enum(ctype, &["CHECKED", "IS_REFERENCE"]),
                Form::Checked if is_pointing(ctype) => self.reject_hidden_enum(ctype, &["CHECKED"]),
                _ => TokenStream::new(),
            };
            quote!(#(#cfgs)* { #enum_result #hidden_enum })
        });
        let enum_parameter = match (function.result(), function.result_form()) {
            (Some(Type::Tuple(tuple)), Form::Tuple(_)) => {
                let parts = tuple.elems.iter();
                let rejections = parts.map(|part| self.reject_enum_parameter(part, "CType"));
                quote!(#(#rejections)*)
            }
            (Some(Type::Never(_)) | None, _) => TokenStream::new(),
            (Some(result), Form::Plain) => self.reject_enum_parameter(result, "CType"),
            _ => TokenStream::new(),
        };
        let shape = quote! {{
            #(#rejections)*
            #enum_parameter
            #cgo::generated::export::Shape::Function {
                parameters: ::core::option::Option::Some(&[#(#kinds),*]),
                variadic: #variadic,
                result: #result
            }
        }};
        match mentions_self(function.signature.to_token_stream()) {
            true => {
                let comparison = self.comparison(shape);
                quote_spanned!(self.here()=> const { #comparison };)
            }
            false => self.check(shape),
        }
    }

    /// A name such as `c_int`, `Handle` or `Box` may refer to another type, which would have to be checked.
    fn reject_hidden_enum(&self, ctype: &Type, facts: &[&str]) -> TokenStream {
        let place = ends(ctype).0;
        let (located, ctype) = (self.facade_at(place), elided(ctype));
        let cgo = self.cgo;
        let place = Span::call_site().located_at(place);
        let facts = facts.iter().map(|fact| name(fact));
        let facts = quote!(#(<#ctype as #cgo::CType>::#facts)|*);
        quote_spanned!(place=> #located::generated::export::reject_hidden_enum(#facts);)
    }

    fn kind(&self, ctype: &Type, form: Form) -> TokenStream {
        let cgo = self.cgo;
        match (form, ctype) {
            (Form::CStr | Form::OptionalCStr, _) => quote!(#cgo::generated::Kind::Pointer),
            // Constants, and no calls: in a `const` block a reference to a call's result does not live long enough.
            (Form::Str, _) => quote!(<#cgo::Str as #cgo::CType>::KIND),
            (Form::Bytes, _) => quote!(<#cgo::Bytes as #cgo::CType>::KIND),
            (_, Type::Never(_)) => quote!(#cgo::generated::Kind::Void),
            (Form::Tuple(_), Type::Tuple(tuple)) => {
                let kinds = tuple.elems.iter().map(|part| self.kind(part, Form::Plain));
                let record = self.tuple(tuple, elided);
                quote!({ #(let _ = #kinds;)* #cgo::generated::Kind::record::<#record>() })
            }
            _ => {
                let ctype = elided(ctype);
                quote!(<#ctype as #cgo::CType>::KIND)
            }
        }
    }
}
