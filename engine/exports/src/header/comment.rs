//! Writes the documentation of an export as a C comment.

use syn::{Attribute, LitStr};

use crate::item::syntax::text_of;

pub(super) fn comment(attributes: &[Attribute]) -> String {
    let documentation = attributes.iter();
    let documentation = documentation.filter_map(|attribute| text_of(attribute, "doc"));
    let documentation: Vec<String> = documentation.map(LitStr::value).collect();
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
