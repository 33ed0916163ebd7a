//! The patterns by which directives pick names: `inflate`, `BZ2_*`, `<bzlib.h>`, `<git2/>`, and `!` before one that picks none of them.

use crate::declarations::names::Names;
use crate::diagnostic::Place;
use crate::lexer::SourceLine;
use crate::message::Message;

/// One word of a directive.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NamePattern {
    pub picked: Picked,
    /// It takes back what the patterns before it picked.
    pub excludes: bool,
    pub place: Place,
}

/// What a pattern picks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Picked {
    /// `*`: all that files declare. What the compiler predefines, and what `-D` defines, stands in no file.
    All,
    /// A name, in which a `*` stands for any letters.
    Name(String),
    /// What is declared in the file with this name, or in the folder if it ends with `/`, and in the parts of such files.
    File(String),
}

impl NamePattern {
    /// Reads one word.
    pub(crate) fn read(word: &str, place: Place) -> Result<NamePattern, Message> {
        let excluded = word.strip_prefix('!');
        let text = excluded.unwrap_or(word);
        let file = text
            .strip_prefix('<')
            .and_then(|rest| rest.strip_suffix('>'));
        let picked = match (text, file) {
            ("*", _) => Picked::All,
            (_, Some(file)) if !file.is_empty() => Picked::File(file.to_string()),
            _ => {
                check_name(text)?;
                Picked::Name(text.to_string())
            }
        };
        Ok(NamePattern {
            picked,
            excludes: excluded.is_some(),
            place,
        })
    }

    /// As it is written, without a `!`.
    pub fn text(&self) -> String {
        match &self.picked {
            Picked::All => "*".to_string(),
            Picked::Name(name) => name.clone(),
            Picked::File(file) => format!("<{file}>"),
        }
    }

    /// Whether it is no single name.
    pub fn is_for_many(&self) -> bool {
        match &self.picked {
            Picked::Name(name) => name.contains('*'),
            Picked::All | Picked::File(_) => true,
        }
    }

    /// Whether a name has its form.
    pub fn is_like(&self, name: &str) -> bool {
        match &self.picked {
            Picked::All => true,
            Picked::Name(pattern) => like(name, pattern),
            Picked::File(_) => false,
        }
    }

    /// Whether it picks an item that C calls `name` and Rust `rust`.
    pub fn matches(&self, name: &str, rust: &str, place: SourceLine, names: &Names) -> bool {
        let file = names.files.get(place.file as usize);
        match &self.picked {
            Picked::All => file.is_some_and(|file| !file.path.starts_with('<')),
            Picked::Name(_) => self.is_like(name) || self.is_like(rust),
            Picked::File(wanted) => {
                let whole = file.and_then(|file| names.files.get(file.part_of? as usize));
                let mut files = file.into_iter().chain(whole);
                files.any(|file| is_file(&file.path, wanted))
            }
        }
    }
}

/// Whether these patterns pick what `matches` knows.
pub fn picks(patterns: &[NamePattern], matches: impl Fn(&NamePattern) -> bool) -> bool {
    picking(patterns.iter(), matches).is_some()
}

/// The pattern that picks what `matches` knows: the last one that matches, unless it excludes.
pub fn picking<'p>(
    patterns: impl DoubleEndedIterator<Item = &'p NamePattern>,
    matches: impl Fn(&NamePattern) -> bool,
) -> Option<&'p NamePattern> {
    let last = patterns.rev().find(|pattern| matches(pattern));
    last.filter(|pattern| !pattern.excludes)
}

/// Whether `name` has the form of `pattern`.
pub(super) fn like(name: &str, pattern: &str) -> bool {
    let Some((start, rest)) = pattern.split_once('*') else {
        return name == pattern;
    };
    let Some(mut left) = name.strip_prefix(start) else {
        return false;
    };
    let parts: Vec<&str> = rest.split('*').collect();
    let (last, middle) = parts.split_last().unwrap_or((&"", &[]));
    for part in middle {
        match left.find(part) {
            Some(at) => left = &left[at + part.len()..],
            None => return false,
        }
    }
    left.ends_with(last)
}

/// Whether a path ends with these parts: `git2/blob.h` is both `blob.h` and in `git2/`.
fn is_file(path: &str, wanted: &str) -> bool {
    let path = path.replace('\\', "/");
    match wanted.ends_with('/') {
        true => path.starts_with(wanted) || path.contains(&format!("/{wanted}")),
        false => path == wanted || path.ends_with(&format!("/{wanted}")),
    }
}

/// Checks that `text` can be a name in C, with `*` in it.
pub(super) fn check_name(text: &str) -> Result<(), Message> {
    let starts = |c: char| c.is_alphabetic() || matches!(c, '_' | '$' | '*');
    if matches!(text, "struct" | "union" | "enum") {
        return Err(Message::new(format!("`{text}` is not a name"))
            .help(format!("write `{text}_NAME` in one word")));
    }
    match text.starts_with(starts) && text.chars().all(|c| starts(c) || c.is_alphanumeric()) {
        true => Ok(()),
        false => Err(Message::new(format!("`{text}` is not a C identifier"))
            .help("separate names with spaces, as in `f g_* h`")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pattern(word: &str) -> NamePattern {
        NamePattern::read(word, Place { line: 1, column: 1 }).unwrap()
    }

    #[test]
    fn a_star_stands_for_any_letters() {
        for (name, text) in [
            ("f", "f"),
            ("BZ2_x", "BZ2_*"),
            ("aXbXc", "a*b*c"),
            ("ab", "a*b*"),
            ("ab", "*b"),
        ] {
            assert!(like(name, text), "{name} {text}");
        }
        for (name, text) in [
            ("f", "g"),
            ("BZ_x", "BZ2_*"),
            ("acb", "a*b*c"),
            ("a", "a*a"),
            ("ab", "b*"),
        ] {
            assert!(!like(name, text), "{name} {text}");
        }
    }

    #[test]
    fn a_file_is_known_by_the_end_of_its_path() {
        for (path, wanted) in [
            ("/usr/include/bzlib.h", "bzlib.h"),
            ("/usr/include/git2/blob.h", "git2/blob.h"),
            ("/usr/include/git2/sys/x.h", "git2/"),
            ("bzlib.h", "bzlib.h"),
            ("C:\\include\\git2\\x.h", "git2/"),
        ] {
            assert!(is_file(path, wanted), "{path} {wanted}");
        }
        for (path, wanted) in [
            ("/usr/include/mybzlib.h", "bzlib.h"),
            ("/usr/git2.h", "git2/"),
        ] {
            assert!(!is_file(path, wanted), "{path} {wanted}");
        }
    }

    #[test]
    fn the_last_pattern_that_matches_counts() {
        let patterns = ["*", "!g*", "get"].map(pattern);
        let picked = |name: &str| {
            picks(&patterns, |pattern| match &pattern.picked {
                Picked::Name(text) => like(name, text),
                _ => true,
            })
        };
        assert_eq!(
            [picked("f"), picked("go"), picked("get")],
            [true, false, true]
        );
    }

    #[test]
    fn what_is_no_pattern() {
        let place = Place { line: 1, column: 1 };
        for word in ["", "!", "<>", "a-b", "f,", "struct", "1a"] {
            assert!(NamePattern::read(word, place).is_err(), "{word}");
        }
    }
}
