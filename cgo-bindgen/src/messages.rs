//! Reads a compiler's messages back into errors with their place in the Rust file.

use crate::diagnostic::{Diagnostic, Place};

/// One error of the compiler, with the notes that belong to it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Message {
    pub(crate) file: String,
    pub(crate) line: usize,
    pub(crate) column: usize,
    /// The compiler's own text, and below it one line a note.
    pub(crate) text: String,
    /// The lines of `In file included from`, innermost first.
    included_from: Vec<(String, usize)>,
}

/// The errors in what the compiler wrote to its standard error.
pub(crate) fn errors(stderr: &str) -> Vec<Message> {
    let mut found: Vec<Message> = Vec::new();
    let mut chain = Vec::new();
    let mut in_error = false;
    for line in stderr.lines() {
        if let Some(from) = line
            .trim_start()
            .strip_prefix("In file included from ")
            .or(line.trim_start().strip_prefix("from "))
        {
            if line.starts_with("In file") {
                chain.clear();
            }
            chain.extend(
                place(from.trim_end_matches([',', ':']))
                    .map(|(file, line, _)| (file.to_string(), line)),
            );
            continue;
        }
        let Some((head, kind, text)) = split(line) else {
            continue;
        };
        let Some((file, line_number, column)) = place(head) else {
            continue;
        };
        match kind {
            "error" | "fatal error" => {
                let included_from = std::mem::take(&mut chain);
                found.push(Message {
                    file: file.to_string(),
                    line: line_number,
                    column,
                    text: text.to_string(),
                    included_from,
                });
                in_error = true;
            }
            "note" => {
                if let (true, Some(last)) = (in_error, found.last_mut()) {
                    last.text.push_str(&format!("\nnote: {head}: {text}"));
                }
            }
            _ => {
                chain.clear();
                in_error = false;
            }
        }
    }
    found
}

/// `file:1:2: error: text` into its place, kind and text.
fn split(line: &str) -> Option<(&str, &str, &str)> {
    ["fatal error", "error", "warning", "note"]
        .into_iter()
        .find_map(|kind| {
            let mark = format!(": {kind}: ");
            let at = line.find(&mark)?;
            Some((&line[..at], kind, &line[at + mark.len()..]))
        })
}

/// `file:1:2` or `file:1`; a file's name may hold colons itself.
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

/// The error as shown to the user. What lies in the Rust file is shown there; what lies in a header, at the line that
/// includes it, with the header's own place in the text.
pub(crate) fn diagnostic(message: Message, rust_file: &str) -> Diagnostic {
    if message.file == rust_file {
        return Diagnostic::new(
            Some(Place {
                line: message.line,
                column: message.column,
            }),
            message.text,
        );
    }
    let includer = message
        .included_from
        .iter()
        .find(|(file, _)| file == rust_file);
    let place = includer.map(|(_, line)| Place {
        line: *line,
        column: 1,
    });
    Diagnostic::new(
        place,
        format!(
            "{}:{}:{}: {}",
            message.file, message.line, message.column, message.text
        ),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_with_its_note() {
        let text = "a b.rs: In function 'f':\na b.rs:3:5: error: 'x' undeclared\na b.rs:3:5: note: each once\n";
        let errors = errors(text);
        assert_eq!((errors.len(), errors[0].line, errors[0].column), (1, 3, 5));
        assert_eq!(
            errors[0].text,
            "'x' undeclared\nnote: a b.rs:3:5: each once"
        );
    }

    #[test]
    fn an_error_in_a_header_stands_at_its_include() {
        let text = "In file included from inner.h:1,\n                 from main.rs:4:\ndeep.h:2:1: fatal error: no.h: No such file or directory\n";
        let shown = diagnostic(errors(text).remove(0), "main.rs");
        assert_eq!(shown.place, Some(Place { line: 4, column: 1 }));
        assert_eq!(shown.message, "deep.h:2:1: no.h: No such file or directory");
    }

    #[test]
    fn warnings_are_no_errors() {
        assert!(
            errors("main.rs:1:1: warning: unused\nmain.rs:1:1: note: declared here\n").is_empty()
        );
    }
}
