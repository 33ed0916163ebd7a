//! Writes exported variables, structs, unions and enums.

use proc_macro2::{Span, TokenStream};
use quote::{ToTokens, quote, quote_spanned};

use super::ctype::elided;
use super::writer::ExportWriter;
use crate::item::export::{Enumeration, ExportedRecord, Field, Static};

impl ExportWriter<'_> {
    pub(super) fn variable(&self, variable: &Static, item: TokenStream) -> TokenStream {
        let cgo = self.cgo;
        let linkage = self.linkage();
        let allowed = self.allow_name("non_upper_case_globals", |name| {
            !name.contains(char::is_lowercase)
        });
        let ctype = elided(&variable.ctype);
        let result = self.reject_enum_result(&variable.ctype, "CData");
        let parameter = self.reject_enum_parameter(&variable.ctype, "CData");
        let shape = quote!({ #result #parameter #cgo::generated::export::Shape::Variable(<#ctype as #cgo::generated::CData>::KIND) });
        let check = self.check(shape);
        quote!(#linkage #allowed #item #check)
    }

    pub(super) fn record(&self, record: &ExportedRecord, item: TokenStream) -> TokenStream {
        let (cgo, name) = (self.cgo, &self.export.name);
        let allowed = self.allow_type();
        let (checks, members) = (self.field_checks(record), self.members(record));
        let kind = quote!(<#name as #cgo::CType>::KIND);
        let shape = quote!(#cgo::generated::export::Shape::Record(#kind, ::core::option::Option::Some(&[#members])));
        let (comparison, rejections) = (self.check(shape), self.reject_unchecked_fields(record));
        quote! {
            #allowed #item
            #[allow(deprecated)]
            unsafe impl #cgo::CType for #name { #checks }
            #comparison
            #rejections
        }
    }

    /// The lint does not know the style of C names.
    fn allow_type(&self) -> TokenStream {
        self.allow_name("non_camel_case_types", |name| {
            name.starts_with(char::is_uppercase) && !name.contains('_')
        })
    }

    /// Rejects fields with values that cannot be checked: behind a reference, or returned by a function of C.
    fn reject_unchecked_fields(&self, record: &ExportedRecord) -> TokenStream {
        let cgo = self.cgo;
        let assertions = record.fields.iter().map(|field| {
            let (cfgs, ctype) = (&field.cfgs, elided(&field.ctype));
            let first = field.ctype.to_token_stream().into_iter().next();
            let place = first.map_or_else(Span::call_site, |token| token.span());
            let has_target = quote!(#cgo::generated::export::Field::<#ctype>::HAS_UNCHECKED_TARGET | <#ctype as #cgo::generated::CData>::HIDES_REFERENCE);
            let located = self.facade_at(place);
            let place = Span::call_site().located_at(place);
            let target = quote_spanned!(place=> #located::generated::export::reject_unchecked_target(#has_target));
            let result = self.reject_enum_result(&field.ctype, "CData");
            let parameter = self.reject_enum_parameter(&field.ctype, "CData");
            quote!(#(#cfgs)* { let _ = <#ctype as #cgo::generated::CData>::KIND; #result #parameter #target; })
        });
        quote! {
            #[allow(deprecated)]
            const _: () = {
                #[allow(unused_imports)]
                use #cgo::generated::export::NothingUnchecked as _;
                #(#assertions)*
            };
        }
    }

    /// The type of a struct in a signature, and the check of each field. A union is not checked: it is not known which field is active, and
    /// reading one is `unsafe`.
    fn field_checks(&self, record: &ExportedRecord) -> TokenStream {
        let cgo = self.cgo;
        let facts = record.fields.iter().map(|field| {
            let (cfgs, ctype) = (&field.cfgs, elided(&field.ctype));
            quote!(#(#cfgs)* <#ctype as #cgo::generated::CData>::CHECKED)
        });
        if record.is_union {
            return quote! {
                type Passed = Self;
                // rustc checks that each field is data of C.
                const CHECKED: ::core::primitive::bool = { let _ = [#(#facts),*]; false };
            };
        }
        let facts: Vec<TokenStream> = facts.collect();
        let checked = quote!(#cgo::generated::export::any(&[#(#facts),*]));
        let checks = record.fields.iter().map(|field| {
            let Field { cfgs, member, .. } = field;
            let ctype = elided(&field.ctype);
            quote!(#(#cfgs)* let () = unsafe { <#ctype as #cgo::generated::CData>::check(&raw const (*place).#member) };)
        });
        quote! {
            type Passed = <#cgo::generated::export::Choice<{ #checked }> as #cgo::generated::export::Choose<Self>>::Passed;
            const CHECKED: ::core::primitive::bool = #checked;
            #[inline]
            unsafe fn check(place: *const Self) { #(#checks)* }
        }
    }

    /// The offset and size of each field, as expressions.
    fn members(&self, record: &ExportedRecord) -> TokenStream {
        let (cgo, name) = (self.cgo, &self.export.name);
        let members = record.fields.iter().map(|field| {
            let Field { cfgs, member, .. } = field;
            let ctype = elided(&field.ctype);
            quote! {
                #(#cfgs)* #cgo::generated::export::Member {
                    offset: ::core::mem::offset_of!(#name, #member),
                    size: ::core::mem::size_of::<#ctype>(),
                }
            }
        });
        quote!(#(#members),*)
    }

    pub(super) fn enumeration(&self, enumeration: &Enumeration, item: TokenStream) -> TokenStream {
        let (cgo, name) = (self.cgo, &self.export.name);
        let allowed = self.allow_type();
        let (check_method, signed) = (self.variant_check(enumeration), self.is_signed(enumeration));
        let check =
            self.check(quote!(#cgo::generated::export::Shape::Type(<#name as #cgo::CType>::KIND)));
        quote! {
            #allowed #item
            #[allow(deprecated)]
            unsafe impl #cgo::CType for #name {
                type Passed = #cgo::Unchecked<Self>;
                const CHECKED: ::core::primitive::bool = true;
                #check_method
                const KIND: #cgo::generated::Kind = #cgo::generated::Kind::Integer {
                    size: ::core::mem::size_of::<Self>(),
                    signed: #signed,
                };
            }
            #check
        }
    }

    /// The method that checks that a variant has the value.
    fn variant_check(&self, enumeration: &Enumeration) -> TokenStream {
        let cgo = self.cgo;
        let values = enumeration.variants.iter().map(|variant| {
            let (cfgs, name) = (&variant.cfgs, &variant.name);
            quote!(#(#cfgs)* (Self::#name as ::core::primitive::i128))
        });
        let signed = self.is_signed(enumeration);
        let name = self.export.name.to_string();
        quote! {
            #[inline]
            unsafe fn check(place: *const Self) {
                unsafe {
                    #cgo::generated::export::check_variant(
                        place.cast(), ::core::mem::size_of::<Self>(), #signed, #name, &[#(#values),*]
                    )
                }
            }
        }
    }

    /// Whether the type in C is signed, as an expression.
    fn is_signed(&self, enumeration: &Enumeration) -> TokenStream {
        if let Some(integer) = &enumeration.integer {
            let is_signed = integer.to_string().starts_with('i');
            return quote!(#is_signed);
        }
        let cgo = self.cgo;
        let negative = enumeration.variants.iter().map(|variant| {
            let (cfgs, name) = (&variant.cfgs, &variant.name);
            quote!(#(#cfgs)* ((Self::#name as ::core::primitive::i128) < 0))
        });
        quote!(#cgo::generated::export::enum_is_signed(&[#(#negative),*]))
    }
}
