//! Changes the tokens of a stream one by one.

use proc_macro2::{Group, TokenStream, TokenTree};

/// The stream with what `change` makes of each token outside of groups, and of each group.
pub(crate) fn each_token(
    tokens: TokenStream,
    change: &mut dyn FnMut(TokenTree) -> TokenTree,
) -> TokenStream {
    let mut changed = Vec::new();
    for token in tokens {
        changed.push(change(token));
    }
    changed.into_iter().collect()
}

/// The group with these tokens in it.
pub(crate) fn with_stream(group: &Group, stream: TokenStream) -> TokenTree {
    let mut changed = Group::new(group.delimiter(), stream);
    changed.set_span(group.span());
    TokenTree::Group(changed)
}
