//! Splits the arguments of a directive into words.

/// Splits at white space. Quotes of either kind keep text together, and a backslash escapes the next character, also within quotes.
pub(crate) fn split(text: &str) -> Result<Vec<String>, String> {
    let mut words = Vec::new();
    let mut word: Option<String> = None;
    let mut quote = None;
    let mut rest = text.chars();
    while let Some(character) = rest.next() {
        match quote {
            _ if character == '\\' => match rest.next() {
                Some(next) => word.get_or_insert_default().push(next),
                None => {
                    return Err("a `#cgo` line cannot be continued with `\\`\nhelp: write a second `#cgo` line with the same verb".to_string());
                }
            },
            Some(open) if open == character => quote = None,
            None if matches!(character, '"' | '\'') => {
                quote = Some(character);
                word.get_or_insert_default();
            }
            None if character.is_whitespace() => words.extend(word.take()),
            None if word.is_none() && character == '/' && rest.as_str().starts_with(['/', '*']) => {
                return Err("comment on a `#cgo` line\nhelp: move it to a line of its own, or quote the word if it is a path".to_string());
            }
            _ => word.get_or_insert_default().push(character),
        }
    }
    if let Some(open) = quote {
        return Err(format!(
            "unclosed quote `{open}`\nhelp: close it, or write `\\{open}` for the character itself"
        ));
    }
    words.extend(word);
    Ok(words)
}
