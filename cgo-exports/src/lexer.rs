//! Cuts Rust source text into tokens: the same ones that a macro is given, in one flat list.

use crate::rust_literal;

/// What kind of token it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TokenKind {
    /// An identifier or keyword, with its `r#`.
    Word,
    /// `'a`.
    Lifetime,
    /// A number, string or character.
    Literal,
    /// One character of punctuation.
    Sign,
    /// An opening bracket.
    Open,
    /// A closing bracket.
    Close,
}

/// One token of Rust.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Token {
    /// Its kind.
    pub kind: TokenKind,
    /// As it is written.
    pub text: String,
    /// The line it stands on, from 1; 0 where nobody knows.
    pub line: usize,
}

impl Token {
    pub(crate) fn is(&self, text: &str) -> bool {
        self.text == text && self.kind != TokenKind::Literal
    }
}

/// The tokens of a source file. A documentation comment becomes the attribute that it stands for. What is no Rust is passed over: rustc will say so.
pub fn tokens(source: &str) -> Vec<Token> {
    // A byte order mark is none.
    let source = source.strip_prefix('\u{feff}').unwrap_or(source);
    let mut lexer = Lexer {
        source,
        at: 0,
        line: 1,
        depth: 0,
        tokens: Vec::new(),
    };
    while lexer.at < source.len() {
        lexer.next();
    }
    lexer.tokens
}

struct Lexer<'a> {
    source: &'a str,
    at: usize,
    line: usize,
    /// How many brackets stand open.
    depth: usize,
    tokens: Vec<Token>,
}

/// What stands in more brackets than these is left out, so that whoever follows them needs little of the stack.
const DEEPEST: usize = 64;

impl Lexer<'_> {
    fn next(&mut self) {
        let source = self.source;
        let rest = &source[self.at..];
        let Some(first) = rest.chars().next() else {
            return;
        };
        if first.is_whitespace() {
            return self.pass(first.len_utf8());
        }
        if rest.starts_with("//") {
            return self.comment(rest.find('\n').unwrap_or(rest.len()));
        }
        if rest.starts_with("/*") {
            return self.comment(block_comment(rest));
        }
        if let Some(length) = string(rest) {
            return self.take(TokenKind::Literal, length);
        }
        if is_word(first) && !first.is_ascii_digit() {
            let raw = if rest.starts_with("r#") { 2 } else { 0 };
            return self.take(TokenKind::Word, raw + word(&rest[raw..]));
        }
        if first.is_ascii_digit() {
            return self.take(TokenKind::Literal, number(rest));
        }
        if first == '\'' {
            let (kind, length) = quote(rest);
            return self.take(kind, length);
        }
        let kind = match first {
            '(' | '[' | '{' => TokenKind::Open,
            ')' | ']' | '}' => TokenKind::Close,
            _ => TokenKind::Sign,
        };
        self.take(kind, first.len_utf8());
    }

    fn pass(&mut self, length: usize) {
        let end = self.at + length;
        self.line += self.source.as_bytes()[self.at..end]
            .iter()
            .filter(|byte| **byte == b'\n')
            .count();
        self.at = end;
    }

    fn take(&mut self, kind: TokenKind, length: usize) {
        let text = self.source[self.at..self.at + length].to_string();
        self.push(kind, text);
        self.pass(length);
    }

    fn push(&mut self, kind: TokenKind, text: String) {
        let line = self.line;
        self.depth += usize::from(kind == TokenKind::Open);
        if self.depth <= DEEPEST {
            self.tokens.push(Token { kind, text, line });
        }
        if kind == TokenKind::Close {
            self.depth = self.depth.saturating_sub(1);
        }
    }

    fn comment(&mut self, length: usize) {
        let text = &self.source[self.at..self.at + length];
        if let Some(documentation) = documentation(text) {
            let quoted = rust_literal::quote(documentation);
            for (kind, text) in [
                (TokenKind::Sign, "#"),
                (TokenKind::Open, "["),
                (TokenKind::Word, "doc"),
                (TokenKind::Sign, "="),
                (TokenKind::Literal, quoted.as_str()),
                (TokenKind::Close, "]"),
            ] {
                self.push(kind, text.to_string());
            }
        }
        self.pass(length);
    }
}

/// The text of an outer documentation comment (the Rust reference, "Comments").
fn documentation(comment: &str) -> Option<&str> {
    if let Some(text) = comment.strip_prefix("///") {
        return (!text.starts_with('/')).then_some(text.trim_end_matches('\r'));
    }
    let text = comment.strip_prefix("/**")?.strip_suffix("*/")?;
    (!text.starts_with('*') && !text.is_empty()).then_some(text)
}

fn is_word(c: char) -> bool {
    c == '_' || c.is_alphanumeric()
}

fn word(text: &str) -> usize {
    text.find(|c| !is_word(c)).unwrap_or(text.len())
}

/// The length of the block comment at the start of `text`, with those inside it: Rust's nest.
pub fn block_comment(text: &str) -> usize {
    let bytes = text.as_bytes();
    let (mut depth, mut at) = (0usize, 0);
    while at < bytes.len() {
        if bytes[at..].starts_with(b"/*") {
            depth += 1;
            at += 2;
        } else if bytes[at..].starts_with(b"*/") {
            depth -= 1;
            at += 2;
            if depth == 0 {
                return at;
            }
        } else {
            at += 1;
        }
    }
    text.len()
}

/// The length of a string at the start of `text`: plain or raw, of text, bytes or C.
fn string(text: &str) -> Option<usize> {
    let after_prefix = text.trim_start_matches(['b', 'c', 'r']);
    let prefix = &text[..text.len() - after_prefix.len()];
    if !matches!(prefix, "" | "b" | "c" | "r" | "br" | "cr") {
        return None;
    }
    if prefix == "b" && after_prefix.starts_with('\'') {
        return Some(1 + quote(after_prefix).1);
    }
    let raw = prefix.ends_with('r');
    let unhashed = match raw {
        true => after_prefix.trim_start_matches('#'),
        false => after_prefix,
    };
    let hashes = after_prefix.len() - unhashed.len();
    let inside = unhashed.strip_prefix('"')?;
    let open = text.len() - inside.len();
    if raw {
        let close = format!("\"{}", "#".repeat(hashes));
        return Some(
            inside
                .find(&close)
                .map_or(text.len(), |at| open + at + close.len()),
        );
    }
    let mut escaped = false;
    for (at, c) in inside.char_indices() {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '"' => return Some(open + at + 1),
            _ => {}
        }
    }
    Some(text.len())
}

/// A number with its suffix; a dot belongs to it only before a digit.
fn number(text: &str) -> usize {
    let bytes = text.as_bytes();
    let mut end = word(text);
    if bytes.get(end) == Some(&b'.') && bytes.get(end + 1).is_some_and(u8::is_ascii_digit) {
        end += 1 + word(&text[end + 1..]);
    }
    let exponent = matches!(bytes[end - 1], b'e' | b'E') && !text.starts_with("0x");
    if exponent && matches!(bytes.get(end), Some(b'+' | b'-')) {
        end += 1 + word(&text[end + 1..]);
    }
    end
}

/// What starts with `'`: a character, or a lifetime.
fn quote(text: &str) -> (TokenKind, usize) {
    let inside = &text[1..];
    let mut characters = inside.char_indices();
    match characters.next() {
        Some((_, '\\')) => {
            let escaped: usize = inside.chars().take(2).map(char::len_utf8).sum();
            let close = inside[escaped..].find('\'');
            (
                TokenKind::Literal,
                close.map_or(text.len(), |at| 1 + escaped + at + 1),
            )
        }
        Some((_, c)) if inside[c.len_utf8()..].starts_with('\'') => {
            (TokenKind::Literal, c.len_utf8() + 2)
        }
        Some((_, c)) if is_word(c) => (TokenKind::Lifetime, 1 + word(inside)),
        _ => (TokenKind::Sign, 1),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(source: &str) -> String {
        let texts: Vec<String> = tokens(source).into_iter().map(|token| token.text).collect();
        texts.join(" ")
    }

    #[test]
    fn words_signs_and_brackets() {
        assert_eq!(
            texts("fn r#type(&self)->u8{0x1F+1.5e-3}"),
            "fn r#type ( & self ) - > u8 { 0x1F + 1.5e-3 }"
        );
    }

    #[test]
    fn comments_are_passed_over_and_documentation_is_an_attribute() {
        assert_eq!(
            texts("/* a /* b */ c */ x // y\n//// z\n/// says \"so\"\nfn"),
            "x # [ doc = \" says \\\"so\\\"\" ] fn"
        );
    }

    #[test]
    fn strings_hide_what_is_in_them() {
        assert_eq!(
            texts(r####"a("x\" y", r#"z " "#, b"q", c"w", br"v") 'c' '\'' b'\n' 'a"####),
            r####"a ( "x\" y" , r#"z " "# , b"q" , c"w" , br"v" ) 'c' '\'' b'\n' 'a"####
        );
    }

    #[test]
    fn unfinished_text_ends() {
        for source in ["\"abc", "r#\"abc", "/* abc", "'\\", "'", "b'", "1e", "'\\é"] {
            assert!(
                !tokens(source).iter().any(|token| token.text.is_empty()),
                "{source}"
            );
        }
    }

    #[test]
    fn lines_are_counted() {
        let lines: Vec<usize> = tokens("a\n\"b\nc\" d").iter().map(|t| t.line).collect();
        assert_eq!(lines, [1, 2, 3]);
    }
}
