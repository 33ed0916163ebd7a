//! Writes C names as Rust identifiers.

use std::fmt::Write;

/// A C name as a Rust identifier. A keyword of any edition becomes a raw identifier, or gets `_` behind it where Rust has no raw one.
pub fn identifier(name: &str) -> String {
    match name {
        "self" | "Self" | "super" | "crate" | "_" => format!("{name}_"),
        _ if is_keyword(name) => format!("r#{name}"),
        _ if name.is_ascii() && !name.contains('$') => name.to_string(),
        _ => name.chars().fold(String::new(), |mut rust, character| {
            match character {
                '$' => rust.push_str("_dollar_"),
                _ if character.is_ascii() || is_rust_letter(character) => rust.push(character),
                _ => _ = write!(rust, "_u{:x}_", u32::from(character)),
            }
            rust
        }),
    }
}

/// Letters beyond ASCII that are surely the same in Rust's identifiers: of scripts without combining marks, and unchanged by NFC.
/// Compilers accept many more.
fn is_rust_letter(character: char) -> bool {
    character.is_alphabetic()
        && matches!(character,
            '\u{aa}'..='\u{2af}' | '\u{376}'..='\u{379}' | '\u{37b}'..='\u{559}' | '\u{1e00}'..='\u{1eff}'
            | '\u{3041}'..='\u{3096}' | '\u{30a1}'..='\u{30fa}' | '\u{4e00}'..='\u{9fff}' | '\u{ac00}'..='\u{d7a3}')
}

/// Rust's name for a function or variable in an `extern` block, where only ASCII is allowed.
pub(crate) fn foreign_name(rust: &str) -> String {
    match rust.is_ascii() {
        true => rust.to_string(),
        false => rust
            .chars()
            .fold("_cgo_".to_string(), |mut name, character| {
                match character.is_ascii() {
                    true => name.push(character),
                    false => _ = write!(name, "_u{:x}_", u32::from(character)),
                }
                name
            }),
    }
}

/// Whether Rust can spell the name as C does, be it as a raw identifier.
pub(crate) fn is_spelled(name: &str) -> bool {
    identifier(name).trim_start_matches("r#") == name
}

fn is_keyword(name: &str) -> bool {
    /// In alphabetical order.
    const KEYWORDS: [&str; 48] = [
        "abstract", "as", "async", "await", "become", "box", "break", "const", "continue", "do",
        "dyn", "else", "enum", "extern", "false", "final", "fn", "for", "gen", "if", "impl", "in",
        "let", "loop", "macro", "match", "mod", "move", "mut", "override", "priv", "pub", "ref",
        "return", "static", "struct", "trait", "true", "try", "type", "typeof", "unsafe",
        "unsized", "use", "virtual", "where", "while", "yield",
    ];
    KEYWORDS.binary_search(&name).is_ok()
}
