//! Writes what is kept of a file as text, one item a line, and reads it.

use std::fmt::Write;
use std::str::Lines;

use super::node::{Node, NodeKind, Scanned, Visibility};

/// The text, without the error.
pub(crate) fn write(scanned: &Scanned) -> String {
    let mut text = format!("{}\n", escaped(&scanned.attributes));
    add(&scanned.nodes, &mut text);
    text
}

/// Reads what [`write`] wrote; `None` for any other text.
pub(crate) fn read(text: &str) -> Option<Scanned> {
    let mut lines = text.lines();
    let attributes = unescaped(lines.next()?);
    let mut nodes = Vec::new();
    while let Some(node) = node(&mut lines)? {
        nodes.push(node);
    }
    Some(Scanned {
        attributes,
        nodes,
        problem: None,
    })
}

/// The line after the items in another.
const END: &str = "}";

fn add(nodes: &[Node], text: &mut String) {
    for node in nodes {
        let (sign, one, two, inner) = parts(&node.kind);
        let visibility = match node.visibility {
            Visibility::Scope => 'i',
            Visibility::Parent => 'a',
            Visibility::Crate => 'e',
        };
        let (attributes, one, two) = (escaped(&node.attributes), escaped(one), escaped(two));
        let _ = writeln!(
            text,
            "{sign}{visibility}\t{}\t{one}\t{two}\t{attributes}",
            node.line
        );
        if let Some(inner) = inner {
            add(inner, text);
            let _ = writeln!(text, "{END}");
        }
    }
}

/// The letter of a kind, its two texts, and the items in it.
fn parts(kind: &NodeKind) -> (char, &str, &str, Option<&[Node]>) {
    match kind {
        NodeKind::File { name } => ('f', name, "", None),
        NodeKind::Module {
            name,
            attributes,
            nodes,
        } => ('m', name, attributes, Some(nodes)),
        NodeKind::Block(nodes) => ('b', "", "", Some(nodes)),
        NodeKind::Export { item, name } => ('e', item, name, None),
        NodeKind::Named(name) => ('n', name, "", None),
        NodeKind::Alias { name, rest } => ('t', name, rest, None),
        NodeKind::Constant { name, rest } => ('c', name, rest, None),
        NodeKind::Use { path, name } => ('u', path, name, None),
        NodeKind::Crate { name, other } => ('x', name, other, None),
        NodeKind::Include(file) => ('i', file, "", None),
        NodeKind::IncludeOfOutDir(file) => ('o', file, "", None),
        NodeKind::Preamble(name) => ('p', name, "", None),
        NodeKind::Arm {
            is_first,
            predicate,
            nodes,
        } => {
            let first = if *is_first { "first" } else { "" };
            ('a', predicate, first, Some(nodes))
        }
        NodeKind::Unread => ('?', "", "", None),
    }
}

/// The item on the next line; `Some(None)` at the end.
fn node(lines: &mut Lines<'_>) -> Option<Option<Node>> {
    let Some(line) = lines.next().filter(|line| *line != END) else {
        return Some(None);
    };
    let mut parts = line.split('\t');
    let signs = parts.next()?;
    let line = parts.next()?.parse().ok()?;
    let (one, two) = (unescaped(parts.next()?), unescaped(parts.next()?));
    let attributes = unescaped(parts.next()?);
    let mut inner = || {
        let mut nodes = Vec::new();
        while let Some(node) = node(lines)? {
            nodes.push(node);
        }
        Some(nodes)
    };
    let kind = match signs.chars().next()? {
        'f' => NodeKind::File { name: one },
        'm' => NodeKind::Module {
            name: one,
            attributes: two,
            nodes: inner()?,
        },
        'b' => NodeKind::Block(inner()?),
        'e' => NodeKind::Export {
            item: one,
            name: two,
        },
        'n' => NodeKind::Named(one),
        't' => NodeKind::Alias {
            name: one,
            rest: two,
        },
        'c' => NodeKind::Constant {
            name: one,
            rest: two,
        },
        'u' => NodeKind::Use {
            path: one,
            name: two,
        },
        'x' => NodeKind::Crate {
            name: one,
            other: two,
        },
        'i' => NodeKind::Include(one),
        'o' => NodeKind::IncludeOfOutDir(one),
        'p' => NodeKind::Preamble(one),
        'a' => NodeKind::Arm {
            predicate: one,
            is_first: !two.is_empty(),
            nodes: inner()?,
        },
        '?' => NodeKind::Unread,
        _ => return None,
    };
    let visibility = match signs.chars().nth(1)? {
        'i' => Visibility::Scope,
        'a' => Visibility::Parent,
        'e' => Visibility::Crate,
        _ => return None,
    };
    Some(Some(Node {
        attributes,
        visibility,
        line,
        kind,
    }))
}

/// A text without line ends and tabs.
fn escaped(text: &str) -> String {
    if !text.contains(['\\', '\n', '\r', '\t']) {
        return text.to_string();
    }
    let text = text.replace('\\', "\\\\").replace('\n', "\\n");
    text.replace('\r', "\\r").replace('\t', "\\t")
}

fn unescaped(text: &str) -> String {
    if !text.contains('\\') {
        return text.to_string();
    }
    let mut plain = String::new();
    let mut characters = text.chars();
    while let Some(character) = characters.next() {
        plain.push(match character {
            '\\' => match characters.next() {
                Some('n') => '\n',
                Some('r') => '\r',
                Some('t') => '\t',
                other => other.unwrap_or('\\'),
            },
            plain => plain,
        });
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_on_one_line() {
        for text in ["", "plain", "a\\b\n\tc\r\\n", "\\"] {
            assert_eq!(unescaped(&escaped(text)), text);
            assert!(!escaped(text).contains(['\n', '\t', '\r']));
        }
        assert_eq!(read("\nq\t1"), None);
        assert_eq!(read(""), None);
    }
}
