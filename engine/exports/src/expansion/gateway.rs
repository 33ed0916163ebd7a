//! Writes the gateway of a function: the function under its C name, if arguments are converted or checked.

use proc_macro2::TokenStream;
use quote::{ToTokens, format_ident, quote};
use syn::Safety;

use super::conversion::borrow;
use super::ctype::mentions_self;
use super::writer::ExportWriter;
use crate::item::export::{ExportedFunction, Parameter};

/// How many parameters may depend on a `cfg`: each combination has its own gateway.
const MOST_CHOICES: usize = 4;

/// Lints that the generated code would trigger.
const ALLOWED: &str = "unused_braces, unused_lifetimes, single_use_lifetimes, non_snake_case, deprecated, \
    improper_ctypes_definitions, clippy::all, clippy::pedantic";

impl ExportWriter<'_> {
    /// The gateway, or one for each combination of the parameters that depend on a `cfg`.
    pub(super) fn gateways(&self, function: &ExportedFunction) -> TokenStream {
        let parameters = function.parameters();
        let Some(choices) = choices(&parameters) else {
            let place = self.export.name.span();
            let message = format!(
                "more than {MOST_CHOICES} parameters depend on a `cfg`\nhelp: export one function for each case"
            );
            return syn::Error::new(place, message).into_compile_error();
        };
        let gateways = choices.iter().map(|choice| self.gateway(function, choice));
        quote!(#(#gateways)*)
    }

    fn gateway(&self, function: &ExportedFunction, choice: &Choice<'_>) -> TokenStream {
        let Choice { cfgs, parameters } = choice;
        let signature = &function.signature;
        let name = format_ident!("__cgo_gateway_{}", self.export.symbol);
        let own_cfgs = self
            .export
            .attributes
            .iter()
            .filter(|attribute| attribute.path().is_ident("cfg"));
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
        let is_method = mentions_self(signature.to_token_stream());
        let path = match is_method {
            true => quote!(Self::#rust_name),
            false => quote!(#rust_name),
        };
        let call = quote!(#path(#(#values),*));
        let call = match signature.safety {
            // C must pass what an exported function expects.
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
                // What C passes is borrowed for the call only.
                let #borrow = ();
                let #borrow = &#borrow;
                #body
            }
        }
    }
}

/// The parameters that are compiled if the `cfgs` hold.
struct Choice<'f> {
    cfgs: Vec<TokenStream>,
    parameters: Vec<&'f Parameter<'f>>,
}

/// All combinations; `None` if there are too many.
fn choices<'f>(parameters: &'f [Parameter<'f>]) -> Option<Vec<Choice<'f>>> {
    let mut choices = vec![Choice {
        cfgs: Vec::new(),
        parameters: Vec::new(),
    }];
    for parameter in parameters {
        let predicates = parameter.cfgs.iter();
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
                cfgs.push(quote!(#[cfg(not(all(#(#predicates),*)))]));
                without.push(Choice {
                    cfgs,
                    parameters: choice.parameters.clone(),
                });
            }
        }
        for choice in &mut choices {
            if !predicates.is_empty() {
                choice.cfgs.push(quote!(#[cfg(all(#(#predicates),*))]));
            }
            choice.parameters.push(parameter);
        }
        choices.append(&mut without);
    }
    Some(choices)
}
