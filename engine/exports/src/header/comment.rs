//! Writes the documentation of an export as a C comment.

use syn::{Attribute, Expr, ExprLit, Lit, Meta};

pub(super) fn comment(attributes: &[Attribute]) -> String {
    let documentation = attributes
        .iter()
        .filter_map(|attribute| match &attribute.meta {
            Meta::NameValue(named) if named.path.is_ident("doc") => match &named.value {
                Expr::Lit(ExprLit {
                    lit: Lit::Str(text),
                    ..
                }) => Some(text.value()),
                _ => None,
            },
            _ => None,
        });
    let documentation: Vec<String> = documentation.collect();
    let lines = documentation.iter().flat_map(|text| text.split('\n'));
    let lines: Vec<String> = lines.map(|line| comment_line(line.trim_end())).collect();
    match &lines[..] {
        [] => String::new(),
        [line] => format!("\n/**{line} */\n"),
        lines => format!("\n/**\n *{}\n */\n", lines.join("\n *")),
    }
}

/// A line that neither ends nor nests a comment, and has no trigraph.
pub(super) fn comment_line(line: &str) -> String {
    let blank = if line.starts_with('/') { " " } else { "" };
    let line = line
        .replace("*/", "* /")
        .replace("/*", "/ *")
        .replace('\n', " ");
    format!("{blank}{}", line.replace("??", "? ?"))
}
