//! Finds `#[export_c]` under another name: `use cgo::export_c as other;` in the same file.

use proc_macro2::{Delimiter, Ident, TokenStream, TokenTree};

use crate::token_map::{each_token, with_stream};

/// Whether the text may give `export_c` another name. Few texts do.
pub(super) fn may_rename(text: &str) -> bool {
    let mut found = text.match_indices("export_c");
    found.any(|(at, word)| text[at + word.len()..].trim_start().starts_with("as"))
}

/// The tokens of a file with `export_c` in the attributes that say another name for it.
pub(super) fn with_own_name(tokens: TokenStream) -> TokenStream {
    let mut names = Vec::new();
    collect(tokens.clone(), &mut names);
    replace(tokens, &names, false)
}

/// Adds the names behind each `export_c as`.
fn collect(tokens: TokenStream, names: &mut Vec<Ident>) {
    let mut before = ["", ""];
    for token in tokens {
        let word = match &token {
            TokenTree::Group(group) => {
                collect(group.stream(), names);
                ""
            }
            TokenTree::Ident(name) if before == ["export_c", "as"] => {
                names.push(name.clone());
                ""
            }
            TokenTree::Ident(word) if word == "export_c" => "export_c",
            TokenTree::Ident(word) if word == "as" => "as",
            _ => "",
        };
        before = [before[1], word];
    }
}

fn replace(tokens: TokenStream, names: &[Ident], in_attribute: bool) -> TokenStream {
    let mut is_behind_hash = false;
    each_token(tokens, &mut |token| {
        let starts_attribute = is_behind_hash;
        is_behind_hash = false;
        match token {
            TokenTree::Group(group) => {
                let is_attribute = starts_attribute && group.delimiter() == Delimiter::Bracket;
                let stream = replace(group.stream(), names, in_attribute || is_attribute);
                with_stream(&group, stream)
            }
            TokenTree::Ident(name) if in_attribute && names.contains(&name) => {
                TokenTree::Ident(Ident::new("export_c", name.span()))
            }
            TokenTree::Punct(sign) => {
                is_behind_hash = sign.as_char() == '#';
                TokenTree::Punct(sign)
            }
            token => token,
        }
    })
}
