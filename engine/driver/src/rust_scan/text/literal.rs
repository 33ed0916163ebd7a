//! Converts between string literals, with their quotes and escapes, and their values.

/// The value of a string literal; `None` for a literal of another kind.
pub fn value(literal: &str) -> Option<String> {
    if let Some(raw) = literal.strip_prefix('r') {
        let hashes = raw.len() - raw.trim_start_matches('#').len();
        let inner = raw[hashes..].strip_prefix('"')?;
        return inner
            .get(..inner.len().checked_sub(hashes + 1)?)
            .map(str::to_string);
    }
    unescape(literal.strip_prefix('"')?.strip_suffix('"')?)
}

/// The number of characters before the text of a raw literal; `None` for other literals, where escapes move columns.
pub fn raw_prefix(literal: &str) -> Option<usize> {
    let raw = literal.strip_prefix('r')?;
    Some(raw.len() - raw.trim_start_matches('#').len() + 2)
}

/// A literal with this value.
pub fn quote(value: &str) -> String {
    format!("{value:?}")
}

/// Rust Reference, "String literals": the escapes of a string that is not raw.
fn unescape(text: &str) -> Option<String> {
    let mut value = String::with_capacity(text.len());
    let mut rest = text.chars().peekable();
    while let Some(character) = rest.next() {
        if character != '\\' {
            value.push(character);
            continue;
        }
        match rest.next()? {
            'n' => value.push('\n'),
            't' => value.push('\t'),
            'r' => value.push('\r'),
            '0' => value.push('\0'),
            'x' => {
                let digits: String = [rest.next()?, rest.next()?].iter().collect();
                value.push(char::from(u8::from_str_radix(&digits, 16).ok()?));
            }
            'u' => {
                let digits: String = rest
                    .by_ref()
                    .skip(1)
                    .take_while(|&digit| digit != '}')
                    .filter(|&digit| digit != '_')
                    .collect();
                value.push(char::from_u32(u32::from_str_radix(&digits, 16).ok()?)?);
            }
            // A line break after a backslash goes, with the blanks that follow.
            '\n' => while rest.next_if(|next| next.is_whitespace()).is_some() {},
            plain => value.push(plain),
        }
    }
    Some(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn raw_and_escaped_literals() {
        assert_eq!(value("r#\"a\\n\"#").as_deref(), Some("a\\n"));
        assert_eq!(value("r\"\"").as_deref(), Some(""));
        assert_eq!(
            value("\"a\\n\\x41\\u{e9}\\\"\\\\\"").as_deref(),
            Some("a\nAé\"\\")
        );
        assert_eq!(value("\"a\\\n   b\"").as_deref(), Some("ab"));
        assert_eq!(value(&quote("é\0\"\n")).as_deref(), Some("é\0\"\n"));
        assert_eq!(value("b\"a\""), None);
        assert_eq!(value("12"), None);
    }
}
