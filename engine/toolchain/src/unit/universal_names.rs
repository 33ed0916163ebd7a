//! Decodes universal character names in identifiers, such as `\u00e9`: gcc leaves them in the preprocessed text.

use std::borrow::Cow;

/// The text with the characters themselves. In literals the names stay.
pub fn decode(text: &str) -> Cow<'_, str> {
    let mut decoded = String::new();
    let mut done = 0;
    let mut from = 0;
    while let Some(found) = text[from..].find('\\') {
        let at = from + found;
        from = at + 1;
        if let Some((character, length)) = character(&text[from..])
            && !is_in_literal(&text[..at])
        {
            decoded.push_str(&text[done..at]);
            decoded.push(character);
            from += length;
            done = from;
        }
    }
    if done == 0 {
        return Cow::Borrowed(text);
    }
    decoded.push_str(&text[done..]);
    Cow::Owned(decoded)
}

/// The character that the text after the backslash names, and the length of its name.
fn character(text: &str) -> Option<(char, usize)> {
    let digits = match text.as_bytes().first()? {
        b'u' => 4,
        b'U' => 8,
        _ => return None,
    };
    let number = text.get(1..=digits)?;
    let number = number
        .bytes()
        .all(|b| b.is_ascii_hexdigit())
        .then_some(number)?;
    // C17 6.4.3: it names no letter, digit or bracket of ASCII.
    let character = char::from_u32(u32::from_str_radix(number, 16).ok()?)?;
    (!character.is_ascii()).then_some((character, 1 + digits))
}

/// Whether the text ends inside a literal. A literal ends on its line.
fn is_in_literal(before: &str) -> bool {
    let line = &before[before.rfind('\n').map_or(0, |end| end + 1)..];
    let mut quote = None;
    let mut characters = line.chars();
    while let Some(character) = characters.next() {
        match (quote, character) {
            (Some(_), '\\') => _ = characters.next(),
            (Some(open), _) if open == character => quote = None,
            (None, '"' | '\'') => quote = Some(character),
            _ => {}
        }
    }
    quote.is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn identifiers_are_decoded_and_literals_are_not() {
        for (text, expected) in [
            ("int a;", "int a;"),
            (r"int \u00e9t\U000000e9;", "int été;"),
            (
                r#"char *\u00e9 = "\u00e9\"\u00e9", c = '\u00e9'; int \u00e8;"#,
                r#"char *é = "\u00e9\"\u00e9", c = '\u00e9'; int è;"#,
            ),
            (r"\u00e \u0041 \ud800 \", r"\u00e \u0041 \ud800 \"),
        ] {
            assert_eq!(decode(text), expected);
        }
    }
}
