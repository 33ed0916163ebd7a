//! Parses the messages of the compiler, and finds their places in the Rust file.

use std::collections::HashMap;

use cgo_csyntax::diagnostic::{Diagnostic, Place};
use cgo_csyntax::message::Message;

use crate::rust_file::RustFile;

/// One error or warning of the compiler, with the notes that belong to it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CompilerMessage {
    pub severity: Severity,
    pub file: String,
    pub line: usize,
    /// In bytes, from 1.
    pub column: usize,
    /// The text of the compiler.
    pub text: String,
    /// The function whose code it is about, if the compiler says so: the outermost, into which others are inlined.
    pub function: Option<String>,
    notes: Vec<Note>,
    /// The lines that include the file, the innermost first.
    included_from: Vec<SourceLine>,
}

/// A note about a message.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Note {
    /// As the compiler writes it.
    place: String,
    text: String,
}

/// A line that a message refers to.
#[derive(Clone, Debug, PartialEq, Eq)]
struct SourceLine {
    file: String,
    line: usize,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Severity {
    Error,
    Warning,
    /// About the message before it.
    Note,
}

impl CompilerMessage {
    /// Whether the compiler's text contains the word.
    pub fn says(&self, word: &str) -> bool {
        self.text.contains(word)
    }

    /// Whether it is about this file: it stands there, or in the definition of a macro that is used there.
    pub fn is_about(&self, file: &str) -> bool {
        let is_use = |note: &Note| {
            note.text.starts_with("in expansion of macro ")
                && place(&note.place).is_some_and(|(of, ..)| of == file)
        };
        self.file == file || self.notes.iter().any(is_use)
    }

    /// The lines of the file that it is about: its own, and those of its notes.
    pub fn lines_in(&self, file: &str) -> impl Iterator<Item = usize> {
        let own = (self.file.as_str(), self.line);
        let notes = self.notes.iter().filter_map(|note| place(&note.place));
        let notes = notes.map(|(file, line, _)| (file, line));
        let all = [own].into_iter().chain(notes);
        all.filter_map(move |(of, line)| (of == file).then_some(line))
    }
}

/// The messages in what the compiler wrote to its standard error.
pub fn read(stderr: &str) -> Vec<CompilerMessage> {
    let mut found: Vec<CompilerMessage> = Vec::new();
    let mut included_from = Vec::new();
    let mut includers = Includers::default();
    let mut function = None;
    for line in stderr.lines() {
        // clang names the outermost first, each on a line of this kind, and gcc the innermost.
        if let Some(from) = line.strip_prefix("In file included from ") {
            included_from.splice(0..0, source_line(from));
            continue;
        }
        if let Some(from) = line.trim_start().strip_prefix("from ") {
            included_from.extend(source_line(from));
            continue;
        }
        if let Some(named) = function_line(line).or_else(|| caller(line)) {
            function = Some(named.to_string());
            continue;
        }
        if line.ends_with(": At top level:") {
            function = None;
            continue;
        }
        let Some((head, severity, text)) = split(line) else {
            continue;
        };
        let Some((file, line_number, column)) = place(head) else {
            continue;
        };
        includers.add(file, std::mem::take(&mut included_from));
        if severity == Severity::Note {
            if let Some(last) = found.last_mut() {
                last.notes.push(Note {
                    place: head.to_string(),
                    text: text.to_string(),
                });
            }
            continue;
        }
        found.push(CompilerMessage {
            severity,
            file: file.to_string(),
            line: line_number,
            column,
            text: text.to_string(),
            function: function.clone(),
            notes: Vec::new(),
            included_from: includers.of(file),
        });
    }
    found
}

/// The errors among them.
pub fn errors(stderr: &str) -> Vec<CompilerMessage> {
    of_severity(stderr, Severity::Error)
}

/// The warnings among them.
pub fn warnings(stderr: &str) -> Vec<CompilerMessage> {
    of_severity(stderr, Severity::Warning)
}

fn of_severity(stderr: &str, severity: Severity) -> Vec<CompilerMessage> {
    let mut messages = read(stderr);
    messages.retain(|message| message.severity == severity);
    messages
}

/// The line that includes a file. The compilers say it again only where it has changed, and gcc 12 and newer no line that they said before.
#[derive(Default)]
struct Includers(HashMap<String, SourceLine>);

impl Includers {
    /// `lines` include the file, the innermost first.
    fn add(&mut self, file: &str, lines: Vec<SourceLine>) {
        let mut included = file.to_string();
        for line in lines {
            let next = line.file.clone();
            self.0.insert(included, line);
            included = next;
        }
    }

    fn of(&self, file: &str) -> Vec<SourceLine> {
        let mut lines: Vec<SourceLine> = Vec::new();
        let mut included = file;
        while let Some(line) = self.0.get(included)
            && !lines.contains(line)
        {
            lines.push(line.clone());
            included = &line.file;
        }
        lines
    }
}

/// `f` of gcc's `a.c: In function 'f':`, or of `In function 'f',` where lines with calls follow.
fn function_line(line: &str) -> Option<&str> {
    let (before, named) = line.split_once("In function '")?;
    let function = named.strip_suffix("':").or(named.strip_suffix("',"))?;
    (before.is_empty() || before.ends_with(": ")).then_some(function)
}

/// `g` of gcc's `inlined from 'g' at a.h:1:2,`, below the line of the function. The outermost caller comes last.
fn caller(line: &str) -> Option<&str> {
    let named = line.trim_start().strip_prefix("inlined from '")?;
    Some(named.split_once("' at ")?.0)
}

/// The line of `a.h:1:2,`.
fn source_line(text: &str) -> Option<SourceLine> {
    let (file, line, _) = place(text.trim_end_matches([',', ':']))?;
    Some(SourceLine {
        file: file.to_string(),
        line,
    })
}

/// Splits `file:1:2: error: text` into place, severity and text. The first such word counts, since the text may contain another one.
fn split(line: &str) -> Option<(&str, Severity, &str)> {
    const WORDS: [(&str, Severity); 4] = [
        (": fatal error: ", Severity::Error),
        (": error: ", Severity::Error),
        (": warning: ", Severity::Warning),
        (": note: ", Severity::Note),
    ];
    let found = WORDS.into_iter().filter_map(|(word, severity)| {
        let at = line.find(word)?;
        Some((at, severity, &line[at + word.len()..]))
    });
    let (at, severity, text) = found.min_by_key(|(at, ..)| *at)?;
    Some((&line[..at], severity, text))
}

/// Splits `file:1:2` or `file:1`. The name of the file may contain colons.
fn place(text: &str) -> Option<(&str, usize, usize)> {
    let (before, last) = text.rsplit_once(':')?;
    let last: usize = last.trim().parse().ok()?;
    match before
        .rsplit_once(':')
        .and_then(|(file, line)| Some((file, line.parse().ok()?)))
    {
        Some((file, line)) => Some((file, line, last)),
        None => Some((before, last, 1)),
    }
}

/// The messages as the user sees them.
pub fn diagnostics(messages: Vec<CompilerMessage>, rust: &RustFile) -> Vec<Diagnostic> {
    let shown = messages
        .into_iter()
        .map(|message| diagnostic(message, rust));
    shown.collect()
}

/// The message as the user sees it: at its place in the Rust file. A message about a header is at the line that includes it, with the place
/// in the header and the headers between in the text.
pub fn diagnostic(message: CompilerMessage, rust: &RustFile) -> Diagnostic {
    // gcc and clang say so of a header that is not there.
    const NO_HEADER: [&str; 2] = [": No such file or directory", " file not found"];
    let is_missing = NO_HEADER.iter().any(|end| message.text.ends_with(end));
    let here = message.file == rust.path;
    let mut text = match here {
        true => message.text,
        false => format!(
            "{}:{}:{}: {}",
            message.file, message.line, message.column, message.text
        ),
    };
    for SourceLine { file, line } in &message.included_from {
        if *file != rust.path {
            text.push_str(&format!("\nincluded from {file}:{line}"));
        }
    }
    let mut shown = Message::new(text);
    for note in &message.notes {
        let place = match place(&note.place) {
            Some((file, line, column)) if file == rust.path => {
                format!("{}:{line}:{}", rust.shown, rust.column(line, column))
            }
            _ => note.place.clone(),
        };
        shown.notes.push(format!("{place}: {}", note.text));
    }
    if here {
        shown.helps.extend(help(&shown.text, is_missing));
        let column = rust.column(message.line, message.column);
        let line = message.line;
        let place = Some(Place { line, column });
        return Diagnostic {
            is_missing,
            ..Diagnostic::new(place, shown)
        };
    }
    let includer = message
        .included_from
        .iter()
        .find(|include| include.file == rust.path);
    let place = includer.map(|include| Place {
        line: include.line,
        column: 1,
    });
    Diagnostic {
        is_missing,
        ..Diagnostic::new(place, shown)
    }
}

/// What to write in place of this, where the compiler does not know it.
fn help(text: &str, is_missing: bool) -> Option<String> {
    let is_rust = |word| text == format!("unknown type name '{word}'");
    // gcc writes `vector: No such file ..`, clang `'vector' file ..`.
    let header = text.trim_start_matches('\'').split([':', '\'']).next();
    let help = match is_missing {
        true if header.is_some_and(|name| !name.contains('.')) => {
            "write C++ in a file of its own, as in `#cgo SOURCES: parse.cpp`"
        }
        true => {
            "name its folder, as in `#cgo CFLAGS: -Iinclude`, or its package, as in `#cgo pkg-config: zlib`"
        }
        false if ["mod", "pub", "use"].into_iter().any(is_rust) => {
            "the Rust items of a preamble stand before its directives and its C"
        }
        false => return None,
    };
    Some(help.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rust_file() -> RustFile {
        RustFile {
            path: "/p/src/a b.rs".to_string(),
            shown: "src/a b.rs".to_string(),
            first_line: 3,
            text: "char *s = \"é\"; int f(void) { return x; }\n".to_string(),
        }
    }

    #[test]
    fn an_error_with_its_note() {
        let text = "/p/src/a b.rs: In function 'f':\n/p/src/a b.rs:3:37: error: 'x' undeclared\n/p/src/a b.rs:3:37: note: each once\n";
        let mut errors = errors(text);
        assert_eq!(errors.len(), 1);
        let shown = diagnostic(errors.remove(0), &rust_file());
        assert_eq!(
            shown.message,
            Message::new("'x' undeclared").note("src/a b.rs:3:36: each once")
        );
        // One character before both takes two bytes.
        let (line, column) = (3, 36);
        assert_eq!(shown.place, Some(Place { line, column }));
    }

    /// gcc names the innermost first, clang the outermost.
    #[test]
    fn an_error_in_a_header_stands_at_its_include() {
        let gcc = "In file included from inner.h:1,\n                 from /p/src/a b.rs:4:\n";
        let clang = "In file included from /p/src/a b.rs:4:\nIn file included from inner.h:1:\n";
        for chain in [gcc, clang] {
            let text = format!("{chain}deep.h:2:1: fatal error: no.h: No such file or directory\n");
            let shown = diagnostic(errors(&text).remove(0), &rust_file());
            assert_eq!(shown.place, Some(Place { line: 4, column: 1 }));
            assert_eq!(
                shown.message,
                Message::new(
                    "deep.h:2:1: no.h: No such file or directory\nincluded from inner.h:1"
                )
            );
        }
    }

    #[test]
    fn a_rust_item_behind_a_directive() {
        let text = "/p/src/a b.rs:3:1: error: unknown type name 'use'\n";
        let shown = diagnostic(errors(text).remove(0), &rust_file());
        assert!(shown.message.helps[0].contains("stand before"));
    }

    #[test]
    fn a_header_of_cpp() {
        for text in [
            "vector: No such file or directory",
            "'vector' file not found",
        ] {
            let text = format!("/p/src/a b.rs:3:1: fatal error: {text}\n");
            let shown = diagnostic(errors(&text).remove(0), &rust_file());
            assert!(shown.message.helps[0].contains("parse.cpp"));
        }
    }

    #[test]
    fn a_second_error_in_a_header_stands_at_its_include_too() {
        let text =
            "In file included from /p/src/a b.rs:4:\na.h:2:1: warning: x\na.h:3:1: error: y\n";
        let shown = diagnostic(errors(text).remove(0), &rust_file());
        assert_eq!(shown.place, Some(Place { line: 4, column: 1 }));
    }

    /// gcc 12 stops at a line that it named before.
    #[test]
    fn a_later_error_in_a_header_of_a_header_stands_at_its_include_too() {
        let text = "In file included from /p/src/a b.rs:4:\na.h:1:1: error: x\nIn file included from b.h:1,\n                 \
                    from a.h:2:\nc.h:1:1: error: y\nb.h:2:1: error: z\na.h:3:1: error: z\n";
        for error in errors(text) {
            let shown = diagnostic(error, &rust_file());
            assert_eq!(shown.place, Some(Place { line: 4, column: 1 }));
        }
    }

    #[test]
    fn the_first_word_says_what_it_is() {
        let text = "m.rs:1:2: warning: #warning parser: error: x [-Wcpp]\nm.rs:2:2: error: #error stage one: fatal error: y\n\
                    m.rs:3:2: error: \"a: note: b: warning: c\"\nm.rs:3:2: note: d: error: e\n";
        let read = read(text);
        let read: Vec<_> = read
            .iter()
            .map(|message| (message.severity, message.line, message.text.as_str()))
            .collect();
        assert_eq!(
            read,
            [
                (Severity::Warning, 1, "#warning parser: error: x [-Wcpp]"),
                (Severity::Error, 2, "#error stage one: fatal error: y"),
                (Severity::Error, 3, "\"a: note: b: warning: c\""),
            ]
        );
    }

    #[test]
    fn the_function_of_a_message_is_the_outermost() {
        let text = "a.h: In function 'f':\na.h:1:1: error: a\nIn function 'g',\n    inlined from 'h' at a.h:7:1,\n    \
                    inlined from 'i' at b.h:8:1:\na.h:2:1: error: b\na.h:3:1: error: c\nb.h:9:1: note: d\nb.h: At top level:\na.h:4:1: error: e\n";
        let read = read(text);
        let read: Vec<_> = read
            .iter()
            .map(|message| {
                (
                    message.function.as_deref(),
                    message.lines_in("b.h").collect(),
                )
            })
            .collect();
        assert_eq!(
            read,
            [
                (Some("f"), vec![]),
                (Some("i"), vec![]),
                (Some("i"), vec![9]),
                (None, vec![])
            ]
        );
    }

    #[test]
    fn warnings_and_errors_are_told_apart() {
        let text =
            "m.rs:1:1: warning: unused\nm.rs:1:1: note: declared here\nm.rs:2:1: error: no\n";
        assert_eq!((errors(text).len(), warnings(text).len()), (1, 1));
        assert_eq!(warnings(text)[0].notes.len(), 1);
    }
}
