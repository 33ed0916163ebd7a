//! Reads the arms of `cfg_if!` and of `cfg_select!`.

use proc_macro2::{TokenStream, TokenTree};
use syn::parse::ParseStream;
use syn::{Attribute, Result, Token};

use super::items::items;
use super::node::NodeKind;

pub(super) fn cfg_if(input: ParseStream<'_>) -> Result<Vec<NodeKind>> {
    let mut arms = Vec::new();
    while !input.is_empty() {
        let predicate = match input.parse::<Option<Token![if]>>()? {
            Some(_) => {
                let attributes = input.call(Attribute::parse_outer)?;
                let list = attributes
                    .first()
                    .and_then(|cfg| cfg.meta.require_list().ok());
                list.map(|list| list.tokens.to_string()).unwrap_or_default()
            }
            None => String::new(),
        };
        arms.push(arm(input, arms.is_empty(), predicate)?);
        input.parse::<Option<Token![else]>>()?;
    }
    Ok(arms)
}

pub(super) fn cfg_select(input: ParseStream<'_>) -> Result<Vec<NodeKind>> {
    let mut arms = Vec::new();
    while !input.is_empty() {
        let mut predicate = TokenStream::new();
        while !input.peek(Token![=>]) {
            predicate.extend([input.parse::<TokenTree>()?]);
        }
        input.parse::<Token![=>]>()?;
        let predicate = match predicate.to_string() {
            rest if rest == "_" => String::new(),
            predicate => predicate,
        };
        arms.push(arm(input, arms.is_empty(), predicate)?);
        input.parse::<Option<Token![,]>>()?;
    }
    Ok(arms)
}

/// An arm in braces. Without a predicate it is the last one.
fn arm(input: ParseStream<'_>, is_first: bool, predicate: String) -> Result<NodeKind> {
    let inside;
    syn::braced!(inside in input);
    let mut nodes = Vec::new();
    items(&inside, &mut nodes)?;
    Ok(NodeKind::Arm {
        is_first,
        predicate,
        nodes,
    })
}
