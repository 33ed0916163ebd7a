//! Cuts preprocessed C into tokens and directives, keeping track of the file and line each stands on.

use std::collections::HashMap;

/// The kinds of tokens that the reading of declarations tells apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TokenKind {
    /// An identifier or keyword.
    Word,
    /// A number.
    Number,
    /// A string or character literal with its encoding prefix.
    Literal,
    /// One character of punctuation. A digraph counts as the character that it stands for.
    Punctuation(u8),
}

/// One token, with its place.
#[derive(Clone, Copy, Debug)]
pub struct Token<'a> {
    pub kind: TokenKind,
    pub text: &'a str,
    /// Where it starts in the whole text.
    pub start: usize,
    pub place: SourceLine,
}

impl Token<'_> {
    pub fn is(&self, punctuation: u8) -> bool {
        self.kind == TokenKind::Punctuation(punctuation)
    }

    /// Where it ends in the whole text.
    pub fn end(&self) -> usize {
        self.start + self.text.len()
    }

    pub fn is_string(&self) -> bool {
        self.kind == TokenKind::Literal && self.text.ends_with('"')
    }
}

/// A line of one of the files that the preprocessor read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SourceLine {
    /// An index into the files that the lexer met.
    pub file: u32,
    pub line: u32,
}

/// A file that the preprocessor read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SourceFile {
    pub path: String,
    /// The compiler takes it for a system header.
    pub system: bool,
    /// The file that included it first, as an index into the files.
    pub included_by: Option<u32>,
    /// The header whose part it is, as an index into the files: a system's header includes its parts from folders `bits`.
    pub part_of: Option<u32>,
}

/// A token, or a directive that changes the macros.
pub enum TokenOrDirective<'a> {
    Token(Token<'a>),
    /// `#define NAME body` or `#define NAME(..) body`.
    Define {
        name: &'a str,
        function_like: bool,
        body: &'a str,
        place: SourceLine,
    },
    /// `#undef NAME`.
    Undefine(&'a str),
}

/// The options that `#pragma GCC` gives the code behind it.
#[derive(Clone, Copy, Default)]
pub struct PragmaOptions {
    /// It is compiled for other processors than the rest.
    pub other_target: bool,
    /// gcc before 14 tells its preprocessor of none of them, so that an `#if` may have taken another branch in this text.
    pub hides_macros: bool,
}

/// Reads a text from start to end.
pub struct Lexer<'a> {
    text: &'a str,
    at: usize,
    at_line_start: bool,
    here: SourceLine,
    files: Vec<SourceFile>,
    /// Indices into the files, by path, by whether it is a system header, and by the header whose part it is: musl's `bits/alltypes.h`
    /// declares for each header what that one asks for.
    known: HashMap<(String, bool, Option<u32>), u32>,
    /// The files whose inclusions are open.
    includers: Vec<u32>,
    options: PragmaOptions,
    /// What `push_options` saves.
    pushed_options: Vec<PragmaOptions>,
    packs: bool,
}

impl<'a> Lexer<'a> {
    pub fn new(text: &'a str) -> Self {
        let unnamed = SourceFile {
            path: String::new(),
            system: true,
            included_by: None,
            part_of: None,
        };
        Lexer {
            text,
            at: 0,
            at_line_start: true,
            here: SourceLine { file: 0, line: 1 },
            files: vec![unnamed],
            known: HashMap::new(),
            includers: Vec::new(),
            options: PragmaOptions::default(),
            pushed_options: Vec::new(),
            packs: false,
        }
    }

    /// The options of the code here.
    pub fn options(&self) -> PragmaOptions {
        self.options
    }

    /// Whether there was a `#pragma pack`.
    pub fn packs(&self) -> bool {
        self.packs
    }

    fn pragma(&mut self, text: &str) {
        let text = text.trim_start();
        self.packs |= text.starts_with("pack");
        let Some(options) = text.strip_prefix("GCC ") else {
            return;
        };
        match options.trim() {
            "push_options" => self.pushed_options.push(self.options),
            "pop_options" => self.options = self.pushed_options.pop().unwrap_or_default(),
            "reset_options" => self.options = PragmaOptions::default(),
            other => {
                let target = other.starts_with("target");
                self.options.hides_macros |= target || other.starts_with("optimize");
                // This one takes features away: calls still work.
                self.options.other_target |= target && !other.contains("general-regs-only");
            }
        }
    }

    /// The files that the text comes from, once it has been read.
    pub fn into_files(self) -> Vec<SourceFile> {
        self.files
    }

    pub fn is_system(&self, place: SourceLine) -> bool {
        self.files[place.file as usize].system
    }

    fn byte(&self, ahead: usize) -> u8 {
        self.text
            .as_bytes()
            .get(self.at + ahead)
            .copied()
            .unwrap_or(0)
    }

    fn rest_of_line(&mut self) -> &'a str {
        let rest = &self.text[self.at..];
        let length = rest.find('\n').unwrap_or(rest.len());
        self.at += length;
        &rest[..length]
    }

    /// `# 12 "file" 1 3`: the next line is line 12 of this file. Flag 1 means that the file is included here, flag 2 that its inclusion ends,
    /// flag 3 that it is a system header.
    fn line_marker(&mut self, line: &str) {
        let line = line.trim_start_matches("line").trim_start();
        let digits = line.len() - line.trim_start_matches(|c: char| c.is_ascii_digit()).len();
        let Ok(number) = line[..digits].parse::<u32>() else {
            return;
        };
        let rest = line[digits..].trim_start();
        if let Some(quoted) = rest.strip_prefix('"')
            && let Some(end) = quoted.rfind('"')
        {
            let path = unescaped(&quoted[..end]);
            let flagged = |wanted| {
                let mut flags = quoted[end + 1..].split_whitespace();
                flags.any(|flag| flag == wanted)
            };
            // What comes from no file has names such as <built-in> and <command-line>.
            let system = flagged("3") || path.starts_with('<');
            self.here.file = match (flagged("1"), flagged("2")) {
                (true, _) => self.included(path, system),
                (false, true) => self.returned_to(path, system),
                (false, false) if self.is_here(&path, system) => self.here.file,
                (false, false) => self.file(path, system, None, None),
            };
        }
        // The line break at the end of the marker adds one.
        self.here.line = number.saturating_sub(1);
    }

    fn is_here(&self, path: &str, system: bool) -> bool {
        let here = &self.files[self.here.file as usize];
        here.path == path && here.system == system
    }

    /// The index of a file that is included here.
    fn included(&mut self, path: String, system: bool) -> u32 {
        let includer = self.here.file;
        let outer = &self.files[includer as usize];
        let part_of = match system && outer.system && path.contains("/bits/") {
            true => outer.part_of.or(Some(includer)),
            false => None,
        };
        self.includers.push(includer);
        self.file(path, system, Some(includer), part_of)
    }

    /// The index of the file that an included one returns to.
    fn returned_to(&mut self, path: String, system: bool) -> u32 {
        match self.includers.pop() {
            Some(includer) if self.files[includer as usize].path == path => includer,
            _ => self.file(path, system, None, None),
        }
    }

    fn file(
        &mut self,
        path: String,
        system: bool,
        included_by: Option<u32>,
        part_of: Option<u32>,
    ) -> u32 {
        let files = &mut self.files;
        let known = self.known.entry((path, system, part_of));
        *known.or_insert_with_key(|(path, ..)| {
            files.push(SourceFile {
                path: path.clone(),
                system,
                included_by,
                part_of,
            });
            files.len() as u32 - 1
        })
    }

    fn directive(&mut self) -> Option<TokenOrDirective<'a>> {
        let place = self.here;
        self.at += 1;
        let line = self.rest_of_line().trim();
        let (word, rest) = line.split_at(word_end(line, 0));
        match word {
            "define" => {
                let rest = rest.trim_start();
                let (name, body) = rest.split_at(word_end(rest, 0));
                Some(TokenOrDirective::Define {
                    name,
                    function_like: body.starts_with('('),
                    body: body.trim(),
                    place,
                })
            }
            "undef" => Some(TokenOrDirective::Undefine(rest.trim())),
            "pragma" => {
                self.pragma(rest);
                None
            }
            "line" => {
                self.line_marker(rest.trim_start());
                None
            }
            _ => {
                self.line_marker(line);
                None
            }
        }
    }

    fn token(&mut self, kind: TokenKind, end: usize) -> Token<'a> {
        let start = self.at;
        self.at = end;
        Token {
            kind,
            text: &self.text[start..end],
            start,
            place: self.here,
        }
    }

    /// A number, which may have C23's separators: `1'000`.
    fn number(&mut self) -> Token<'a> {
        let (bytes, mut end) = (self.text.as_bytes(), self.at);
        loop {
            let separates = || bytes.get(end + 1).is_some_and(u8::is_ascii_alphanumeric);
            end += match bytes.get(end) {
                Some(&byte) if is_word_byte(byte) || byte == b'.' => 1,
                Some(b'\'') if separates() => 2,
                _ => return self.token(TokenKind::Number, end),
            };
        }
    }

    /// The length of an `L`, `u`, `U` or `u8` right before a quote.
    fn encoding_prefix(&self) -> Option<usize> {
        let length = match (self.byte(0), self.byte(1)) {
            (b'u', b'8') => 2,
            (b'L' | b'u' | b'U', _) => 1,
            _ => return None,
        };
        matches!(self.byte(length), b'"' | b'\'').then_some(length)
    }

    /// A string or character literal with a prefix of this length.
    fn literal(&mut self, prefix: usize) -> Token<'a> {
        let bytes = self.text.as_bytes();
        let quote = self.byte(prefix);
        let mut end = self.at + prefix + 1;
        while end < bytes.len() && bytes[end] != quote && bytes[end] != b'\n' {
            end += if bytes[end] == b'\\' { 2 } else { 1 };
        }
        // An escape at the very end may point past it, or into a character of several bytes.
        let mut end = (end + 1).min(bytes.len());
        while !self.text.is_char_boundary(end) {
            end += 1;
        }
        self.token(TokenKind::Literal, end)
    }
}

impl<'a> Iterator for Lexer<'a> {
    type Item = TokenOrDirective<'a>;

    fn next(&mut self) -> Option<TokenOrDirective<'a>> {
        loop {
            if self.at >= self.text.len() {
                return None;
            }
            let byte = self.byte(0);
            match byte {
                b'\n' => {
                    self.at += 1;
                    self.here.line += 1;
                    self.at_line_start = true;
                    continue;
                }
                b' ' | b'\t' | b'\r' | 0x0b | 0x0c => {
                    self.at += 1;
                    continue;
                }
                b'#' if self.at_line_start => match self.directive() {
                    Some(item) => return Some(item),
                    None => continue,
                },
                _ => {}
            }
            self.at_line_start = false;
            let token = match byte {
                b'"' | b'\'' => self.literal(0),
                b'0'..=b'9' => self.number(),
                _ if is_word_byte(byte) => match self.encoding_prefix() {
                    Some(prefix) => self.literal(prefix),
                    None => self.token(TokenKind::Word, word_end(self.text, self.at)),
                },
                _ => match digraph(byte, self.byte(1)) {
                    Some(meant) => self.token(TokenKind::Punctuation(meant), self.at + 2),
                    None => self.token(TokenKind::Punctuation(byte), self.at + 1),
                },
            };
            return Some(TokenOrDirective::Token(token));
        }
    }
}

/// The path in a line marker. clang writes each byte beyond ASCII as `\303`.
fn unescaped(quoted: &str) -> String {
    let mut bytes = Vec::with_capacity(quoted.len());
    let mut rest = quoted.as_bytes();
    while let Some((&byte, behind)) = rest.split_first() {
        rest = behind;
        if byte != b'\\' {
            bytes.push(byte);
            continue;
        }
        let is_octal = |digit: &&u8| matches!(digit, b'0'..=b'7');
        let digits = rest.iter().take(3).take_while(is_octal).count();
        let (octal, behind) = rest.split_at(digits.max(1).min(rest.len()));
        rest = behind;
        match digits {
            0 => bytes.extend(octal),
            _ => bytes.push(
                octal
                    .iter()
                    .fold(0, |value, digit| value << 3 | (digit - b'0')),
            ),
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

/// The character that a digraph stands for (C17 6.4.6, paragraph 3).
fn digraph(first: u8, second: u8) -> Option<u8> {
    match (first, second) {
        (b'<', b'%') => Some(b'{'),
        (b'%', b'>') => Some(b'}'),
        (b'<', b':') => Some(b'['),
        (b':', b'>') => Some(b']'),
        (b'%', b':') => Some(b'#'),
        _ => None,
    }
}

/// Whether a byte can be part of an identifier. All characters beyond ASCII count: compilers accept most of them.
pub(crate) fn is_word_byte(byte: u8) -> bool {
    WORD_BYTES[byte as usize]
}

/// A table, since each byte of the headers is looked up, unoptimized in a user's debug build.
static WORD_BYTES: [bool; 256] = {
    let mut table = [false; 256];
    let mut byte = 0;
    while byte < 256 {
        let is_ascii =
            (byte as u8).is_ascii_alphanumeric() || byte as u8 == b'_' || byte as u8 == b'$';
        table[byte] = is_ascii || byte >= 0x80;
        byte += 1;
    }
    table
};

/// Where the identifier or keyword ends that starts here.
fn word_end(text: &str, start: usize) -> usize {
    let (bytes, mut end) = (text.as_bytes(), start);
    while end < bytes.len() && WORD_BYTES[bytes[end] as usize] {
        end += 1;
    }
    end
}

/// The tokens of a macro's replacement list or another short text. The tokens of declarations are kept: `Names::tokens` has them. Of
/// macros only few are ever expanded, so their text is cut when that happens.
pub fn tokens(text: &str) -> Vec<Token<'_>> {
    each_token(text).collect()
}

/// The same tokens, one after another.
pub fn each_token(text: &str) -> impl Iterator<Item = Token<'_>> {
    let mut lexer = Lexer::new(text);
    lexer.at_line_start = false;
    lexer.filter_map(|item| {
        if let TokenOrDirective::Token(token) = item {
            Some(token)
        } else {
            None
        }
    })
}
