//! Reads the arms of `cfg_if!` and of `cfg_select!`.

use proc_macro2::{Delimiter, Group, TokenStream, TokenTree};
use syn::parse::ParseStream;
use syn::{Attribute, Result, Token};

/// An arm, which is in braces.
pub(super) struct Arm {
    /// Empty in the last one, without a condition.
    pub(super) predicate: String,
    pub(super) items: TokenStream,
}

pub(super) fn cfg_if(input: ParseStream<'_>) -> Result<Vec<Arm>> {
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
        let items = braced(input)?;
        arms.push(Arm { predicate, items });
        input.parse::<Option<Token![else]>>()?;
    }
    Ok(arms)
}

pub(super) fn cfg_select(input: ParseStream<'_>) -> Result<Vec<Arm>> {
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
        let items = braced(input)?;
        arms.push(Arm { predicate, items });
        input.parse::<Option<Token![,]>>()?;
    }
    Ok(arms)
}

fn braced(input: ParseStream<'_>) -> Result<TokenStream> {
    let group: Group = input.parse()?;
    match group.delimiter() {
        Delimiter::Brace => Ok(group.stream()),
        _ => Err(input.error("an arm in braces is missing here")),
    }
}
