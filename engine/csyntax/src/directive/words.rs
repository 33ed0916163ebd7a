//! Splits the arguments of a directive into words.

use crate::message::Message;

/// Splits at white space. Quotes of either kind keep text together, and a backslash escapes the next character, also within quotes.
pub(crate) fn split(text: &str) -> Result<Vec<String>, Message> {
    let mut words = Vec::new();
    let mut word: Option<String> = None;
    let mut quote = None;
    let mut rest = text.chars();
    while let Some(character) = rest.next() {
        match quote {
            _ if character == '\\' => match rest.next() {
                Some(next) => word.get_or_insert_default().push(next),
                None => {
                    return Err(Message::new("a `#cgo` line cannot be continued with `\\`")
                        .help("write a second `#cgo` line with the same verb"));
                }
            },
            Some(open) if open == character => quote = None,
            None if matches!(character, '"' | '\'') => {
                quote = Some(character);
                word.get_or_insert_default();
            }
            None if character.is_whitespace() => words.extend(word.take()),
            None if word.is_none() && character == '/' && rest.as_str().starts_with(['/', '*']) => {
                return Err(Message::new("comment on a `#cgo` line")
                    .help("move it to a line of its own, or quote the word if it is a path"));
            }
            _ => word.get_or_insert_default().push(character),
        }
    }
    if let Some(open) = quote {
        return Err(
            Message::new(format!("unclosed quote `{open}`")).help(format!(
                "close it, or write `\\{open}` for the character itself"
            )),
        );
    }
    words.extend(word);
    Ok(words)
}
