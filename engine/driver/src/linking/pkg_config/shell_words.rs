//! Splits what pkg-config prints into words, as a shell would.

/// The words of the text. A quote that is not closed reaches to the end.
///
/// The `shlex` crate splits in another way: it does not end a word at the `\r` of a line of Windows, drops what follows a `#`, and gives
/// nothing where a quote is not closed.
pub(crate) fn split(output: &[u8]) -> Vec<String> {
    let text = String::from_utf8_lossy(output);
    let mut words = Vec::new();
    let mut word: Option<String> = None;
    let mut quote = None;
    let mut rest = text.chars().peekable();
    while let Some(character) = rest.next() {
        match (character, quote) {
            (_, Some(open)) if character == open => quote = None,
            ('\\', None) => word.get_or_insert_default().extend(rest.next()),
            ('\\', Some('"')) if matches!(rest.peek(), Some('"' | '\\' | '$' | '`')) => {
                word.get_or_insert_default().extend(rest.next());
            }
            ('"' | '\'', None) => {
                quote = Some(character);
                word.get_or_insert_default();
            }
            (_, None) if character.is_whitespace() => words.extend(word.take()),
            _ => word.get_or_insert_default().push(character),
        }
    }
    words.extend(word);
    words
}
