//! What all kinds of exports have in common: the name in C, the comparison with what C declares, and refusals of types.

use cgo_exports::{Export, Item};

use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, quote, quote_spanned};
use syn::{Path, Type};

use super::ctype::elided;

/// Writes the code of one export.
pub(super) struct Writer<'a> {
    pub(super) export: &'a Export,
    /// The path of the facade.
    pub(super) cgo: &'a Path,
    /// What stands for the symbol in types.
    pub(super) key: u64,
    /// How many preambles may declare it.
    pub(super) preambles: usize,
}

impl Writer<'_> {
    /// The name that it has in C.
    pub(super) fn linkage(&self) -> TokenStream {
        let symbol = &self.export.symbol;
        quote!(#[unsafe(export_name = #symbol)])
    }

    /// The comparison with what the crate's preambles declare, as an item.
    pub(super) fn check(&self, shape: TokenStream) -> TokenStream {
        let comparison = self.comparison(shape);
        quote_spanned!(self.here()=> const _: () = { #comparison };)
    }

    pub(super) fn comparison(&self, shape: TokenStream) -> TokenStream {
        let Writer { cgo, key, .. } = self;
        let symbol = &self.export.symbol;
        let asked =
            (0..self.preambles).map(|preamble| quote!(<D<S<#key, #preamble>, _>>::PROTOTYPE));
        // Short names make this half as dear, and stand in a block where no type of the user's does.
        let declared = quote! {{
            #[allow(unused_imports)]
            use #cgo::generated::export::{Declaration as D, Symbol as S, Undeclared as _};
            [#(#asked),*]
        }};
        let numbers = self.numbers();
        let arguments = quote!(#symbol, #shape, &[#numbers], &#declared);
        let place = self.export.name.span();
        let cgo = self.facade_at(place);
        quote_spanned!(Span::call_site().located_at(place)=> #cgo::generated::export::check(#arguments))
    }

    /// Refuses a function pointer as what C gives, if Rust would take what C returns for a value. `of` is one of the runtime's traits.
    pub(super) fn refuse_returned(&self, ctype: &Type, of: &str) -> TokenStream {
        self.refuse("refuse_returned", "RETURNS_CHECKED", ctype, of)
    }

    /// Refuses a function pointer as what C gets, if it would take what C passes for a value.
    pub(super) fn refuse_taken(&self, ctype: &Type, of: &str) -> TokenStream {
        self.refuse("refuse_taken", "TAKES_CHECKED", ctype, of)
    }

    fn refuse(&self, refusal: &str, fact: &str, ctype: &Type, of: &str) -> TokenStream {
        let name = |text: &str| Ident::new(text, Span::call_site());
        let (cgo, refusal, fact, of) = (self.cgo, name(refusal), name(fact), name(of));
        let first = ctype.to_token_stream().into_iter().next();
        let place = first.map_or_else(Span::call_site, |token| token.span());
        let (located, ctype) = (self.facade_at(place), elided(ctype));
        let fact = quote!(<#ctype as #cgo::generated::#of>::#fact);
        let place = Span::call_site().located_at(place);
        quote_spanned!(place=> #located::generated::export::#refusal(#fact);)
    }

    /// The path of the facade, shown at a place: rustc shows code from its first token on.
    pub(super) fn facade_at(&self, place: Span) -> TokenStream {
        let tokens = self.cgo.to_token_stream().into_iter();
        let located = tokens.map(|mut token| {
            token.set_span(token.span().located_at(place));
            token
        });
        located.collect()
    }

    /// The values of an enum's variants, or the lengths of the arrays in an item's types.
    fn numbers(&self) -> TokenStream {
        if let Item::Enumeration(enumeration) = &self.export.item {
            let name = &self.export.name;
            let values = enumeration.variants.iter().map(|variant| {
                let (cfgs, variant) = (&variant.cfgs, &variant.name);
                quote!(#(#cfgs)* (#name::#variant as ::core::primitive::i128),)
            });
            return values.collect();
        }
        let lengths = cgo_exports::lengths(self.export);
        let cgo = self.cgo;
        let lengths = lengths.iter().map(|length| {
            let (cfgs, value) = (&length.cfgs, length.value);
            quote!(#(#cfgs)* #cgo::generated::export::length(#value),)
        });
        lengths.collect()
    }

    /// Our own code, shown at the item's name.
    pub(super) fn here(&self) -> Span {
        Span::call_site().located_at(self.export.name.span())
    }

    /// Silences a lint on the name, which is C's.
    pub(super) fn allow_name(&self, lint: &str, is_style: impl Fn(&str) -> bool) -> TokenStream {
        let lint = Ident::new(lint, Span::call_site());
        match is_style(&self.export.name.to_string()) {
            true => TokenStream::new(),
            false => quote!(#[allow(#lint)]),
        }
    }
}
