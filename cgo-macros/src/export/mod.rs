//! Writes what `#[export_c]` turns an item into: the item as it was written, what stands under its C name, and the checks that C can
//! use it so.

mod function;
mod types;

use std::collections::HashMap;
use std::sync::{Mutex, OnceLock};

use cgo_driver::Session;
use cgo_exports::{Export, Item, Options};

use proc_macro2::{Ident, Span, TokenStream, TokenTree};
use quote::{ToTokens, quote, quote_spanned};
use syn::{Error, Path, Result, Type};

use crate::facade;

/// The exports are compared with so many preambles of a crate, also where its sources seem to have fewer.
const LEAST_PREAMBLES: usize = 16;

/// The item as it goes on; after an error it stays as it was.
pub(crate) fn expand(attribute: TokenStream, item: TokenStream, session: &Session) -> TokenStream {
    let read =
        Options::read(attribute).and_then(|options| cgo_exports::read(options, item.clone()));
    let export = match read.and_then(|export| once(&export, session).map(|()| export)) {
        Ok(export) => export,
        Err(error) => {
            let mut output = error.into_compile_error();
            // An older rustc would have a second error for `...`.
            if !has_dots(item.clone()) {
                output.extend(item);
            }
            return output;
        }
    };
    let facade = match facade(&export, session) {
        Ok(facade) => facade,
        Err(error) => return error.into_compile_error(),
    };
    let writer = Writer {
        export: &export,
        cgo: &facade,
        key: session.symbol_key(&export.symbol),
        preambles: preambles(session),
    };
    match &export.item {
        Item::Function(function) => writer.function(function),
        Item::Static(variable) => writer.variable(variable, item),
        Item::Record(record) => writer.record(record, item),
        Item::Enumeration(enumeration) => writer.enumeration(enumeration, item),
    }
}

/// The path of the facade.
fn facade(export: &Export, session: &Session) -> Result<Path> {
    const WHERE: &str = ": `#[export_c(crate = other_crate::cgo)]`";
    let written = export.options.facade.as_ref();
    let written = written.map(|path| path.to_token_stream().into());
    match facade::find(written, session, WHERE) {
        Ok(path) => syn::parse(path),
        Err(refusal) => Err(Error::new(refusal.span.into(), refusal.message)),
    }
}

/// Whether `...` stands in the parameters of a function.
fn has_dots(item: TokenStream) -> bool {
    item.into_iter().any(|token| match token {
        TokenTree::Group(group) => {
            let tokens: Vec<TokenTree> = group.stream().into_iter().collect();
            let is_dot = |token: &TokenTree| matches!(token, TokenTree::Punct(sign) if sign.as_char() == '.');
            tokens.windows(3).any(|dots| dots.iter().all(is_dot))
        }
        _ => false,
    })
}

/// C has one name space for all functions, variables and types, whatever module they are in.
fn once(export: &Export, session: &Session) -> Result<()> {
    static SEEN: Mutex<Option<HashMap<String, String>>> = Mutex::new(None);
    // An editor's server expands the same item again and again.
    if session.crate_root.is_none() {
        return Ok(());
    }
    let span = export.name.span().unwrap();
    let place = format!("{}:{}", span.file(), span.line());
    let mut seen = SEEN.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
    match seen
        .get_or_insert_default()
        .insert(export.symbol.clone(), place.clone())
    {
        Some(first) if first != place => {
            let message = format!(
                "`{}` is exported twice, first at {first}: C sees one name for both; give this one another, #[export_c(name = \"..\")]",
                export.symbol
            );
            Err(Error::new(export.name.span(), message))
        }
        _ => Ok(()),
    }
}

struct Writer<'a> {
    export: &'a Export,
    /// The path of the facade.
    cgo: &'a Path,
    key: u64,
    /// How many preambles may declare it.
    preambles: usize,
}

impl Writer<'_> {
    /// The name that it has in C.
    fn linkage(&self) -> TokenStream {
        let symbol = &self.export.symbol;
        quote!(#[unsafe(export_name = #symbol)])
    }

    /// The comparison with what the crate's preambles declare, as an item.
    fn check(&self, shape: TokenStream) -> TokenStream {
        let comparison = self.comparison(shape);
        quote_spanned!(self.here()=> const _: () = { #comparison };)
    }

    fn comparison(&self, shape: TokenStream) -> TokenStream {
        let Writer { cgo, key, .. } = self;
        let symbol = &self.export.symbol;
        let asked =
            (0..self.preambles).map(|preamble| quote!(<D<S<#key, #preamble>, _>>::PROTOTYPE));
        // Short names make this half as dear, and stand in a block where no type of the user's does.
        let declared = quote! {{
            #[allow(unused_imports)]
            use #cgo::export::{Declaration as D, Symbol as S, Undeclared as _};
            [#(#asked),*]
        }};
        let numbers = self.numbers();
        let arguments = quote!(#symbol, #shape, &[#numbers], &#declared);
        let place = self.export.name.span();
        let cgo = self.facade_at(place);
        quote_spanned!(Span::call_site().located_at(place)=> #cgo::export::check(#arguments))
    }

    /// Refuses a function pointer as what C gives, if Rust would take what C returns for a value. `of` is one of the runtime's traits.
    fn refuse_returned(&self, ctype: &Type, of: &str) -> TokenStream {
        self.refuse("refuse_returned", "RETURNS_CHECKED", ctype, of)
    }

    /// Refuses a function pointer as what C gets, if it would take what C passes for a value.
    fn refuse_taken(&self, ctype: &Type, of: &str) -> TokenStream {
        self.refuse("refuse_taken", "TAKES_CHECKED", ctype, of)
    }

    fn refuse(&self, refusal: &str, fact: &str, ctype: &Type, of: &str) -> TokenStream {
        let name = |text: &str| Ident::new(text, Span::call_site());
        let (cgo, refusal, fact, of) = (self.cgo, name(refusal), name(fact), name(of));
        let first = ctype.to_token_stream().into_iter().next();
        let place = first.map_or_else(Span::call_site, |token| token.span());
        let (located, ctype) = (self.facade_at(place), elided(ctype));
        let fact = quote!(<#ctype as #cgo::#of>::#fact);
        let place = Span::call_site().located_at(place);
        quote_spanned!(place=> #located::export::#refusal(#fact);)
    }

    /// The path of the facade, shown at a place: rustc shows code from its first token on.
    fn facade_at(&self, place: Span) -> TokenStream {
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
            quote!(#(#cfgs)* #cgo::export::length(#value),)
        });
        lengths.collect()
    }

    /// Our own code, shown at the item's name.
    fn here(&self) -> Span {
        Span::call_site().located_at(self.export.name.span())
    }

    /// Silences a lint on the name, which is C's.
    fn allow_name(&self, lint: &str, is_style: impl Fn(&str) -> bool) -> TokenStream {
        let lint = Ident::new(lint, Span::call_site());
        match is_style(&self.export.name.to_string()) {
            true => TokenStream::new(),
            false => quote!(#[allow(#lint)]),
        }
    }
}

/// A type with `'_` for every named lifetime.
fn elided(ctype: &impl ToTokens) -> TokenStream {
    let mut is_lifetime = false;
    let replace = |token: TokenTree| match token {
        TokenTree::Punct(sign) => {
            is_lifetime = sign.as_char() == '\'';
            TokenTree::Punct(sign)
        }
        TokenTree::Ident(name) if is_lifetime => {
            is_lifetime = false;
            TokenTree::Ident(Ident::new("_", name.span()))
        }
        TokenTree::Group(group) => {
            is_lifetime = false;
            let mut inner = proc_macro2::Group::new(group.delimiter(), elided(&group.stream()));
            inner.set_span(group.span());
            TokenTree::Group(inner)
        }
        other => {
            is_lifetime = false;
            other
        }
    };
    ctype.to_token_stream().into_iter().map(replace).collect()
}

/// What to say of a preamble that declares exports and comes too late to be compared with them.
pub(crate) fn not_compared(session: &Session) -> Option<String> {
    let most = preambles(session);
    // An editor's server expands the same preamble again and again.
    let beyond = session.crate_root.is_some() && session.preamble_number >= most;
    beyond.then(|| {
        format!(
            "this preamble is number {} of the crate and declares a function, variable or type that is exported, which is \
             compared with the first {most} alone: declare it in one of those, or take it from _cgo_export.h",
            session.preamble_number + 1
        )
    })
}

/// How many preambles the exports are compared with: all that the crate's sources have. A macro may write some more.
fn preambles(session: &Session) -> usize {
    static COUNT: OnceLock<usize> = OnceLock::new();
    *COUNT.get_or_init(|| session.preambles_in_sources().max(LEAST_PREAMBLES))
}
