//! What all kinds of exports have: the name in C, the comparison with C declarations, and rejections of types.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, quote, quote_spanned};
use syn::{Path, Type};

use super::ctype::{elided, ends};
use crate::item::export::{Export, Item};
use crate::item::form::{Form, form};
use crate::item::lengths::{LengthOf, lengths};
use crate::token_map::each_token;

/// Writes the code of one export.
pub struct ExportWriter<'a> {
    /// What is exported.
    pub export: &'a Export,
    /// The path to the crate `cgo`.
    pub cgo: &'a Path,
    /// The number of the symbol in the types of the comparison.
    pub key: u64,
    /// How many preambles it is compared with.
    pub preambles: usize,
}

impl ExportWriter<'_> {
    /// The code in place of the item, which has these tokens.
    pub fn code(&self, item: TokenStream) -> TokenStream {
        match &self.export.item {
            Item::Function(function) => self.function(function),
            Item::Static(variable) => self.variable(variable, item),
            Item::Record(record) => self.record(record, item),
            Item::Enumeration(enumeration) => self.enumeration(enumeration, item),
        }
    }

    /// The attribute with its name in C.
    pub(super) fn linkage(&self) -> TokenStream {
        let symbol = &self.export.symbol;
        quote!(#[unsafe(export_name = #symbol)])
    }

    /// The comparison with the declarations in the crate's preambles, as an item.
    pub(super) fn check(&self, shape: TokenStream) -> TokenStream {
        let comparison = self.comparison(shape);
        quote_spanned!(self.here()=> #[allow(deprecated)] const _: () = { #comparison };)
    }

    pub(super) fn comparison(&self, shape: TokenStream) -> TokenStream {
        let ExportWriter { cgo, key, .. } = self;
        let symbol = &self.export.symbol;
        let asked =
            (0..self.preambles).map(|preamble| quote!(<D<S<#key, #preamble>, _>>::PROTOTYPE));
        // Short names halve the cost. The block has no names of the user.
        let declared = quote! {{
            #[allow(unused_imports)]
            use #cgo::generated::export::{Declaration as D, Symbol as S, Undeclared as _};
            [#(#asked),*]
        }};
        let numbers = self.numbers();
        let arguments = quote!(#symbol, #shape, #numbers, &#declared);
        let place = self.export.name.span();
        let cgo = self.facade_at(place);
        quote_spanned!(Span::call_site().located_at(place)=> #cgo::generated::export::check(#arguments))
    }

    /// Rejects a function pointer from C if its result would have to be checked. `of` is a trait of the runtime.
    pub(super) fn reject_enum_result(&self, ctype: &Type, of: &str) -> TokenStream {
        let (cgo, of, elided) = (self.cgo, name(of), elided(ctype));
        let fact = quote!(<#elided as #cgo::generated::#of>::RETURNS_CHECKED);
        self.reject("reject_enum_result", ctype, fact)
    }

    /// Rejects a function pointer for C, or a reference to one, if its arguments would have to be checked.
    pub(super) fn reject_enum_parameter(&self, ctype: &Type, of: &str) -> TokenStream {
        let (cgo, of, elided) = (self.cgo, name(of), elided(ctype));
        let fact = quote!(<#elided as #cgo::generated::#of>::TAKES_CHECKED);
        if matches!(form(ctype), Form::Plain) {
            return self.reject("reject_enum_parameter", ctype, fact);
        }
        let target = quote!(#cgo::generated::export::Parameter::<#elided>::TARGET_TAKES_CHECKED);
        // `||` would be a branch, behind which rustc promotes no calls of constant functions.
        let rejection = self.reject("reject_enum_parameter", ctype, quote!(#fact | #target));
        quote! {{
            #[allow(unused_imports)]
            use #cgo::generated::export::NothingUnchecked as _;
            #rejection
        }}
    }

    fn reject(&self, rejection: &str, ctype: &Type, fact: TokenStream) -> TokenStream {
        let (rejection, place) = (name(rejection), ends(ctype).0);
        let located = self.facade_at(place);
        let place = Span::call_site().located_at(place);
        quote_spanned!(place=> #located::generated::export::#rejection(#fact);)
    }

    /// The path to the crate `cgo`, shown at a place: rustc shows code from its first token on.
    pub(super) fn facade_at(&self, place: Span) -> TokenStream {
        each_token(self.cgo.to_token_stream(), &mut |mut token| {
            token.set_span(token.span().located_at(place));
            token
        })
    }

    /// The values of an enum's variants, or the lengths of the arrays in an item's types.
    fn numbers(&self) -> TokenStream {
        let cgo = self.cgo;
        if let Item::Enumeration(enumeration) = &self.export.item {
            let name = &self.export.name;
            let values = enumeration.variants.iter().map(|variant| {
                let (cfgs, variant) = (&variant.cfgs, &variant.name);
                quote!(#(#cfgs)* (#name::#variant as ::core::primitive::i128),)
            });
            return quote!(#cgo::generated::export::Numbers::Values(&[#(#values)*]));
        }
        let lengths = lengths(self.export);
        let has_names = lengths
            .iter()
            .any(|length| matches!(length.of, LengthOf::Named(_)));
        let lengths = lengths.iter().map(|length| {
            let cfgs = &length.cfgs;
            match length.of {
                LengthOf::Written(value) => {
                    quote!(#(#cfgs)* #cgo::generated::export::array(#value),)
                }
                LengthOf::Named(ctype) => {
                    let ctype = elided(ctype);
                    quote!(#(#cfgs)* #cgo::generated::export::LengthsBehind::<#ctype>::LENGTHS,)
                }
            }
        });
        let mut numbers = quote!([#(#lengths)*]);
        if has_names {
            numbers = quote! {{
                #[allow(unused_imports)]
                use #cgo::generated::export::NoLengths as _;
                #numbers
            }};
        }
        // The borrow stands outside the block: what rustc does not promote, as a division, would die with it.
        quote!(#cgo::generated::export::Numbers::Lengths(&#numbers))
    }

    /// The span for generated code that rustc shows at the item's name.
    pub(super) fn here(&self) -> Span {
        Span::call_site().located_at(self.export.name.span())
    }

    /// Silences a lint on the style of the name.
    pub(super) fn allow_name(&self, lint: &str, is_style: impl Fn(&str) -> bool) -> TokenStream {
        let lint = Ident::new(lint, Span::call_site());
        match is_style(&self.export.name.to_string()) {
            true => TokenStream::new(),
            false => quote!(#[allow(#lint)]),
        }
    }
}

pub(super) fn name(text: &str) -> Ident {
    Ident::new(text, Span::call_site())
}
