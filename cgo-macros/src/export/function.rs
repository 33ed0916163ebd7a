//! Writes an exported function: the function as it was written, and the gateway under its C name where C passes something else than
//! Rust takes.

use cgo_exports::{Binding, Form, Function, PanicRule, Parameter};

use proc_macro2::{Ident, Spacing, Span, TokenStream, TokenTree};
use quote::{ToTokens, format_ident, quote, quote_spanned};
use syn::spanned::Spanned;
use syn::{Attribute, Pat, Safety, Signature, Type};

use super::{Writer, elided};

/// So many parameters may depend on a `cfg`: a gateway is written for each choice.
const MOST_CHOICES: usize = 4;

/// What C calls.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Way {
    /// The function itself: all its types are C's, whatever C passes.
    Itself,
    /// A gateway that looks at what C passes. The types are C's: a pointer to the function itself can go to C, too.
    Looking,
    /// A gateway that converts.
    Converting,
}

impl Way {
    fn of(function: &Function) -> Way {
        let forms = function.parameters.iter().map(|parameter| parameter.form);
        forms
            .chain([function.result_form])
            .map(|form| match form {
                Form::Plain => Way::Itself,
                Form::Looked => Way::Looking,
                _ => Way::Converting,
            })
            .max_by_key(|way| *way as usize)
            .unwrap_or(Way::Itself)
    }
}

/// Lints that our code around the user's would set off.
const ALLOWED: &str = "unused_braces, unused_lifetimes, single_use_lifetimes, non_snake_case, deprecated, \
    improper_ctypes_definitions, clippy::all, clippy::pedantic";

impl Writer<'_> {
    pub(super) fn function(&self, function: &Function) -> TokenStream {
        let way = Way::of(function);
        if let (Some(variadic), false) = (&function.signature.variadic, way == Way::Itself) {
            let code = self.variadic(function);
            return self.where_rust_can(code, variadic.span());
        }
        let code = match way {
            Way::Itself => self.itself(function, Some(self.function_check(function))),
            Way::Looking => {
                let itself = self.itself(function, None);
                let gateways = self.gateways(function);
                quote!(#itself #gateways)
            }
            Way::Converting => {
                let head = self.head();
                let (signature, body) = (&function.signature, &function.body);
                let gateways = self.gateways(function);
                // No C calls this one.
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
        // What C passes for `self` has to be said.
        quote!(#allowed #[allow(clippy::needless_arbitrary_self_type)] #(#attributes)* #visibility)
    }

    /// The function as `extern "C"`. With a check it is what C calls.
    fn itself(&self, function: &Function, check: Option<TokenStream>) -> TokenStream {
        let head = self.head();
        let linkage = check.as_ref().map(|_| self.linkage());
        let signature = Signature {
            abi: Some(self.abi()),
            ..function.signature.clone()
        };
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
        // A body that sees nothing around it stands in a closure that is called at once.
        quote! {
            #[allow(clippy::redundant_closure_call, clippy::needless_lifetimes)]
            #linkage #head #signature #block
        }
    }

    /// A function that takes `...`, which no gateway could hand on: it converts what C passes itself. As it is `unsafe`, Rust may have C's
    /// types there.
    fn variadic(&self, function: &Function) -> TokenStream {
        let (head, linkage, abi) = (self.head(), self.linkage(), self.abi());
        let signature = &function.signature;
        let (name, generics) = (&signature.ident, &signature.generics);
        let (bounds, variadic) = (&signature.generics.where_clause, &signature.variadic);
        let parameters: Vec<&Parameter> = function.parameters.iter().collect();
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

    fn abi(&self) -> syn::Abi {
        match self.export.options.panic {
            PanicRule::Unwind => syn::parse_quote!(extern "C-unwind"),
            _ => syn::parse_quote!(extern "C"),
        }
    }

    /// A call of the closure that no panic leaves.
    fn caught(&self, closure: TokenStream) -> TokenStream {
        let cgo = self.cgo;
        match &self.export.options.panic {
            PanicRule::Return(value) => quote!(#cgo::export::catch(#closure, || #value)),
            PanicRule::Abort => {
                let name = &self.export.symbol;
                quote!(#cgo::export::or_end(#name, #closure))
            }
            PanicRule::Unwind => quote!((#closure)()),
        }
    }

    /// The gateway, or one for each choice of the parameters that depend on a `cfg`.
    fn gateways(&self, function: &Function) -> TokenStream {
        let choices = choices(&function.parameters);
        let Some(choices) = choices else {
            let place = self.export.name.span();
            let message = format!(
                "more than {MOST_CHOICES} parameters depend on a `cfg`: export one function for each case"
            );
            return syn::Error::new(place, message).into_compile_error();
        };
        let gateways = choices.iter().map(|choice| self.gateway(function, choice));
        gateways.collect()
    }

    fn gateway(&self, function: &Function, choice: &Choice<'_>) -> TokenStream {
        let Choice { cfgs, parameters } = choice;
        let signature = &function.signature;
        let name = format_ident!("__cgo_gateway_{}", self.export.symbol);
        let own_cfgs = self
            .export
            .attributes
            .iter()
            .filter(|attribute| is_cfg(attribute));
        let allowed: TokenStream = ALLOWED.parse().unwrap_or_default();
        let (linkage, abi) = (self.linkage(), self.abi());
        let (generics, bounds) = (&signature.generics, &signature.generics.where_clause);
        let names = self.names(parameters);
        let types = parameters.iter().map(|parameter| self.type_in_c(parameter));
        let values = parameters
            .iter()
            .zip(&names)
            .map(|(parameter, name)| self.value(parameter, name));
        let (check, borrow) = (self.function_check(function), borrow());

        let rust_name = &self.export.name;
        let is_method = says_self(signature);
        let path = match is_method {
            true => quote!(Self::#rust_name),
            false => quote!(#rust_name),
        };
        let call = quote!(#path(#(#values),*));
        let call = match signature.safety {
            // What C passes is the safety contract of every exported function.
            Safety::Unsafe(_) => quote!(unsafe { #call }),
            _ => call,
        };
        let call = self.caught(quote!(move || #call));
        let (result, body) = self.result(function, call);
        quote! {
            #[doc(hidden)]
            #(#own_cfgs)*
            #(#cfgs)*
            #[allow(#allowed)]
            #linkage
            unsafe #abi fn #name #generics (#(#names: #types),*) #result #bounds {
                #check
                // What is borrowed of C is borrowed for the call: the body cannot keep it longer.
                let #borrow = ();
                let #borrow = &#borrow;
                #body
            }
        }
    }

    /// The names of a gateway's parameters: their own where they have one, since that is what a debugger shows, and where it does not
    /// hide the function.
    fn names(&self, parameters: &[&Parameter]) -> Vec<Ident> {
        let name = |(index, parameter): (usize, &&Parameter)| match &parameter.binding {
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
    fn type_in_c(&self, parameter: &Parameter) -> TokenStream {
        let (cgo, ctype) = (self.cgo, &parameter.ctype);
        match parameter.form {
            Form::Looked if !is_pointing(ctype) => {
                // At the type, so that what rustc says of it here and of its kind is one message.
                let (start, end) = ends(ctype);
                let close = as_written(quote!(as #cgo::CType>::Passed), end);
                let open = quote_spanned!(start=> <);
                quote!(#open #ctype #close)
            }
            Form::Plain | Form::Looked | Form::Tuple(_) => quote!(#ctype),
            Form::CStr | Form::OptionalCStr => quote!(*const ::core::ffi::c_char),
            Form::Str => quote!(#cgo::Str),
            Form::Bytes => quote!(#cgo::Bytes),
        }
    }

    /// What the function gets for what C has passed.
    fn value(&self, parameter: &Parameter, name: &Ident) -> TokenStream {
        let (cgo, ctype) = (self.cgo, &parameter.ctype);
        let borrow = borrow();
        let convert = |function: &str| {
            let function = Ident::new(function, Span::call_site());
            let place = Span::call_site().located_at(ctype.span());
            quote_spanned!(place=> unsafe { #cgo::export::#function(#name, #borrow) })
        };
        match parameter.form {
            Form::Plain | Form::Tuple(_) => quote!(#name),
            Form::Looked if is_pointing(ctype) => self.looked_at(ctype, quote!(#name)),
            Form::Looked => {
                // The name may be one for a reference.
                let value = quote!(#cgo::Passed::<#ctype>::value(#name));
                self.looked_at(ctype, value)
            }
            Form::CStr => convert("c_str_from_c"),
            Form::OptionalCStr => convert("optional_c_str_from_c"),
            Form::Str => convert("str_from_c"),
            Form::Bytes => convert("bytes_from_c"),
        }
    }

    /// An argument, after a look at what it points to.
    fn looked_at(&self, ctype: &Type, argument: TokenStream) -> TokenStream {
        let cgo = self.cgo;
        let elided = elided(ctype);
        let leads = quote!(#cgo::export::Parameter::<#elided>::LEADS_TO_CHECKED);
        let place = ends(ctype).0;
        let located = self.facade_at(place);
        let place = Span::call_site().located_at(place);
        let refusal = quote_spanned!(place=> { #located::export::refuse_unseen(#leads); });
        // `Self` can stand in a block of a function, but in no item there.
        let refusal = match mentions_self(ctype.to_token_stream()) {
            true => quote!(const #refusal;),
            false => quote!(const _: () = #refusal;),
        };
        quote! {{
            #[allow(unused_imports)]
            use #cgo::export::{Opaque as _, Unled as _};
            #refusal
            #cgo::export::Argument(#argument).checked()
        }}
    }

    /// The gateway's result and the end of its body, of which `call` is what the function returns.
    fn result(&self, function: &Function, call: TokenStream) -> (TokenStream, TokenStream) {
        let cgo = self.cgo;
        let Some(result) = &function.result else {
            return (TokenStream::new(), call);
        };
        let convert = |ctype: TokenStream, function: &str| {
            let function = Ident::new(function, Span::call_site());
            (quote!(-> #ctype), quote!(#cgo::export::#function(#call)))
        };
        match (function.result_form, result) {
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
                let body = quote!(let cgo_result = #call; #cgo::export::#name { #(#parts),* });
                (quote!(-> #ctype), body)
            }
            // The lifetime that an elided one stands for may be that of a converted parameter.
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

    /// The comparison of a function, as a statement of its body. `Self` can stand in a block there, but in no item.
    fn function_check(&self, function: &Function) -> TokenStream {
        let cgo = self.cgo;
        let kinds = function.parameters.iter().map(|parameter| {
            let cfgs = parameter
                .attributes
                .iter()
                .filter(|attribute| is_cfg(attribute));
            let kind = self.kind(&parameter.ctype, parameter.form);
            quote!(#(#cfgs)* #kind)
        });
        let variadic = function.signature.variadic.is_some();
        let result = match &function.result {
            Some(result) => self.kind(result, function.result_form),
            None => quote!(#cgo::Kind::Void),
        };
        let refusals = function.parameters.iter().map(|parameter| {
            let cfgs = parameter
                .attributes
                .iter()
                .filter(|attribute| is_cfg(attribute));
            let ctype = &parameter.ctype;
            let refusal = match parameter.form {
                Form::Plain | Form::Looked => self.refuse_returned(ctype, "CType"),
                _ => TokenStream::new(),
            };
            let unlooked = match parameter.form {
                Form::Plain => self.refuse_unlooked(ctype),
                Form::Looked if is_pointing(ctype) => self.refuse_unlooked(ctype),
                _ => TokenStream::new(),
            };
            quote!(#(#cfgs)* { #refusal #unlooked })
        });
        let taken = match (&function.result, function.result_form) {
            (Some(Type::Tuple(tuple)), Form::Tuple(_)) => {
                let parts = tuple.elems.iter();
                parts.map(|part| self.refuse_taken(part, "CType")).collect()
            }
            (Some(Type::Never(_)) | None, _) => TokenStream::new(),
            (Some(result), Form::Plain) => self.refuse_taken(result, "CType"),
            _ => TokenStream::new(),
        };
        let shape = quote! {{
            #(#refusals)*
            #taken
            #cgo::export::Shape::Function {
                parameters: ::core::option::Option::Some(&[#(#kinds),*]),
                variadic: #variadic,
                result: #result
            }
        }};
        match says_self(&function.signature) {
            true => {
                let comparison = self.comparison(shape);
                quote_spanned!(self.here()=> const { #comparison };)
            }
            false => self.check(shape),
        }
    }

    /// A name such as `c_int`, `Handle` or `Box` may be that of another type of the user's, which C could pass no value of.
    fn refuse_unlooked(&self, ctype: &Type) -> TokenStream {
        let place = ends(ctype).0;
        let (located, ctype) = (self.facade_at(place), elided(ctype));
        let cgo = self.cgo;
        let place = Span::call_site().located_at(place);
        quote_spanned!(place=> #located::export::refuse_unlooked(<#ctype as #cgo::CType>::CHECKED);)
    }

    fn kind(&self, ctype: &Type, form: Form) -> TokenStream {
        let cgo = self.cgo;
        match (form, ctype) {
            (Form::CStr | Form::OptionalCStr, _) => quote!(#cgo::Kind::Pointer),
            (Form::Str, _) => quote!(#cgo::export::record::<#cgo::Str>()),
            (Form::Bytes, _) => quote!(#cgo::export::record::<#cgo::Bytes>()),
            (_, Type::Never(_)) => quote!(#cgo::Kind::Void),
            (Form::Tuple(_), Type::Tuple(tuple)) => {
                let kinds = tuple.elems.iter().map(|part| self.kind(part, Form::Plain));
                let record = self.tuple(tuple, elided);
                quote!({ #(let _ = #kinds;)* #cgo::export::record::<#record>() })
            }
            _ => {
                let ctype = elided(ctype);
                quote!(<#ctype as #cgo::CType>::KIND)
            }
        }
    }

    /// The struct that C gets a tuple in.
    fn tuple(&self, tuple: &syn::TypeTuple, named: impl Fn(&Type) -> TokenStream) -> TokenStream {
        let cgo = self.cgo;
        let name = format_ident!("Return{}", tuple.elems.len());
        let parts = tuple.elems.iter().map(named);
        quote!(#cgo::export::#name<#(#parts),*>)
    }

    /// A function with `...`, or an error at it: the runtime knows which rustc has compiled it.
    fn where_rust_can(&self, code: TokenStream, variadic: Span) -> TokenStream {
        let cgo = self.cgo;
        let message = "a function with `...` needs Rust 1.99 or later: with this one write it in C, in the preamble, and have it call this one";
        let error = syn::Error::new(variadic, message).into_compile_error();
        quote!(#cgo::export::if_rust_1_99! { { #code } { #error } })
    }
}

/// The parameters that are compiled where `cfgs` hold.
struct Choice<'f> {
    cfgs: Vec<Attribute>,
    parameters: Vec<&'f Parameter>,
}

/// All choices; `None` where there are too many.
fn choices(parameters: &[Parameter]) -> Option<Vec<Choice<'_>>> {
    let mut choices = vec![Choice {
        cfgs: Vec::new(),
        parameters: Vec::new(),
    }];
    for parameter in parameters {
        let predicates = parameter
            .attributes
            .iter()
            .filter(|attribute| is_cfg(attribute));
        let predicates: Vec<TokenStream> = predicates
            .filter_map(|attribute| Some(attribute.meta.require_list().ok()?.tokens.clone()))
            .collect();
        let mut without = Vec::new();
        if !predicates.is_empty() {
            if choices.len() >= 1 << MOST_CHOICES {
                return None;
            }
            for choice in &choices {
                let mut cfgs = choice.cfgs.clone();
                cfgs.push(syn::parse_quote!(#[cfg(not(all(#(#predicates),*)))]));
                without.push(Choice {
                    cfgs,
                    parameters: choice.parameters.clone(),
                });
            }
        }
        for choice in &mut choices {
            if !predicates.is_empty() {
                choice
                    .cfgs
                    .push(syn::parse_quote!(#[cfg(all(#(#predicates),*))]));
            }
            choice.parameters.push(parameter);
        }
        choices.append(&mut without);
    }
    Some(choices)
}

fn is_cfg(attribute: &Attribute) -> bool {
    attribute.path().is_ident("cfg")
}

/// What the gateway lends of C for the call. No name of the user's is in its way.
fn borrow() -> Ident {
    Ident::new("cgo_call", Span::mixed_site())
}

/// A reference or a box, with or without `Option`.
fn is_pointing(ctype: &Type) -> bool {
    match ctype {
        Type::Reference(_) => true,
        Type::Group(group) => is_pointing(&group.elem),
        Type::Paren(paren) => is_pointing(&paren.elem),
        Type::Path(path) => {
            let last = path.path.segments.last();
            last.is_some_and(|last| last.ident == "Box" || last.ident == "Option")
        }
        _ => false,
    }
}

/// The places of a type's first and last token.
fn ends(ctype: &Type) -> (Span, Span) {
    let mut tokens = ctype.to_token_stream().into_iter();
    let first = tokens
        .next()
        .map_or_else(Span::call_site, |token| token.span());
    let last = tokens.last().map_or(first, |token| token.span());
    (first, last)
}

/// The same code, as if the user had written it at `place`.
fn as_written(code: TokenStream, place: Span) -> TokenStream {
    let located = code.into_iter().map(|mut token| {
        token.set_span(place);
        token
    });
    located.collect()
}

/// Whether it is a method, as far as its head tells.
fn says_self(signature: &Signature) -> bool {
    mentions_self(signature.to_token_stream())
}

fn mentions_self(tokens: TokenStream) -> bool {
    let mut tokens = tokens.into_iter().peekable();
    while let Some(token) = tokens.next() {
        let is_self = match token {
            // `self::Name` is a path from the module.
            TokenTree::Ident(word) if word == "self" => {
                let is_doubled = |next: &TokenTree| matches!(next, TokenTree::Punct(sign) if sign.as_char() == ':' && sign.spacing() == Spacing::Joint);
                !tokens.peek().is_some_and(is_doubled)
            }
            TokenTree::Ident(word) => word == "Self",
            TokenTree::Group(group) => mentions_self(group.stream()),
            _ => false,
        };
        if is_self {
            return true;
        }
    }
    false
}
