//! Finds a call in the crate's sources by its tokens: an editor's server expands macros without telling where they stand,
//! and the tokens alone have lost comments and line ends.

use std::collections::HashMap;
use std::fs;
use std::path::{Path, PathBuf};

use cgo_driver::rust_scan::text::{RustPiece, is_in_word, piece};
use cgo_driver::{Place, rust_files};

use super::super::call_text::{after, after_semicolons, close};
use super::splice::{Written, splice};

/// A call as it stands in a file.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct FoundCall {
    pub(crate) file: PathBuf,
    /// The text between the call's brackets, without the head items.
    pub(crate) text: String,
    pub(crate) start: Place,
}

/// The first call below `folder` that has these tokens, the first of which are so many head items.
pub(crate) fn find(folder: &Path, tokens: &[Written<'_>], head_items: usize) -> Option<FoundCall> {
    let wanted = concat(tokens);
    rust_files(folder).into_iter().find_map(|file| {
        let source = source(&file)?;
        let (text, start) = find_in(&source, &wanted, head_items)?;
        let text = text.to_string();
        Some(FoundCall { file, text, start })
    })
}

/// The call most like these tokens, with them in its text: they have an edit that is not saved.
pub(crate) fn find_edited(
    folder: &Path,
    tokens: &[Written<'_>],
    head_items: usize,
) -> Option<FoundCall> {
    let wanted: Vec<&str> = tokens.iter().map(|token| token.text).collect();
    let wanted = words(&wanted.join(" "));
    let mut most = LEAST_LIKENESS;
    let mut found = None;
    for file in rust_files(folder) {
        let Some(source) = source(&file) else {
            continue;
        };
        for (at, body) in calls(&source) {
            let likeness = likeness(words(body), &wanted);
            if likeness > most {
                most = likeness;
                let start = after(FIRST, &source[..at]);
                found = Some((file.clone(), start, body.to_string()));
            }
        }
    }
    let (file, start, body) = found?;
    let edited = splice(&body, tokens);
    let head = after_semicolons(&edited, head_items)?;
    Some(FoundCall {
        file,
        text: edited[head..].to_string(),
        start: after(start, &edited[..head]),
    })
}

const FIRST: Place = Place { line: 1, column: 1 };

/// Two calls of one crate may have a third of their words in common.
const LEAST_LIKENESS: usize = 500;

/// How many of all words two texts have in common, in thousandths.
fn likeness(mut a: HashMap<String, usize>, b: &HashMap<String, usize>) -> usize {
    let all: usize = a.values().chain(b.values()).sum();
    let both = b
        .iter()
        .map(|(word, count)| a.remove(word).unwrap_or(0).min(*count));
    2 * both.sum::<usize>() * 1000 / all.max(1)
}

/// How often each word stands in a text; a literal is as many words as are in it.
fn words(text: &str) -> HashMap<String, usize> {
    let (mut words, mut at) = (HashMap::new(), 0);
    while let Some((length, kind)) = piece(&text[at..]) {
        let piece = &text[at..at + length];
        if matches!(kind, RustPiece::Word | RustPiece::Literal) {
            for word in piece
                .split(|c| !is_in_word(c))
                .filter(|word| !word.is_empty())
            {
                *words.entry(word.to_string()).or_insert(0) += 1;
            }
        }
        at += length;
    }
    words
}

/// The text of a file as places in it are counted: from behind the mark.
fn source(file: &Path) -> Option<String> {
    let source = fs::read_to_string(file).ok()?;
    match source.strip_prefix('\u{feff}') {
        Some(source) => Some(source.to_string()),
        None => Some(source),
    }
}

fn concat(tokens: &[Written<'_>]) -> String {
    tokens.iter().map(|token| token.text).collect()
}

/// What stands between the brackets of each call, and where.
fn calls(source: &str) -> impl Iterator<Item = (usize, &str)> {
    const NAME: &str = "c_preamble!";
    source.match_indices(NAME).filter_map(|(at, _)| {
        let open = at + NAME.len() + source[at + NAME.len()..].find(['{', '(', '['])?;
        let call = &source[open..];
        Some((open + 1, &call[1..close(call)?]))
    })
}

fn find_in<'s>(source: &'s str, tokens: &str, head_items: usize) -> Option<(&'s str, Place)> {
    let (at, body) = calls(source).find(|(_, body)| squeeze(body) == tokens)?;
    let head = after_semicolons(body, head_items)?;
    Some((&body[head..], after(FIRST, &source[..at + head])))
}

/// The places of the tokens in a text that starts at `start`; `None` if it does not consist of them.
pub(crate) fn places(text: &str, start: Place, tokens: &[&str]) -> Option<Vec<Place>> {
    let (mut place, mut at) = (start, 0);
    let mut places = Vec::new();
    for token in tokens {
        let blank = at;
        while let Some((length, RustPiece::Comment | RustPiece::Blank)) = piece(&text[at..]) {
            at += length;
        }
        if !text[at..].starts_with(token) {
            return None;
        }
        place = after(place, &text[blank..at]);
        places.push(place);
        place = after(place, token);
        at += token.len();
    }
    Some(places)
}

/// The text without comments and blanks: what is left of it when its tokens are written one after the other.
fn squeeze(text: &str) -> String {
    let (mut squeezed, mut at) = (String::new(), 0);
    while let Some((length, kind)) = piece(&text[at..]) {
        if !matches!(kind, RustPiece::Comment | RustPiece::Blank) {
            squeezed.push_str(&text[at..at + length]);
        }
        at += length;
    }
    squeezed
}

#[cfg(test)]
mod tests {
    use super::*;

    const SOURCE: &str = "use cgo::c_preamble;\nc_preamble! { static int other; }\nfn f<'a>() {}\n\
                          c_preamble! {\n  pub mod x;\n  // it's {\n  #include <a.h>\n  static char c = '}', *s = \"a b)\"; /* } */\n}\n";

    #[test]
    fn a_call_is_found_with_its_lines_and_comments() {
        let tokens = "pubmodx;#include<a.h>staticcharc='}',*s=\"a b)\";";
        let (text, start) = find_in(SOURCE, tokens, 1).unwrap();
        assert_eq!(
            text,
            "\n  // it's {\n  #include <a.h>\n  static char c = '}', *s = \"a b)\"; /* } */\n"
        );
        assert_eq!(
            start,
            Place {
                line: 5,
                column: 13
            }
        );
    }

    #[test]
    fn an_edited_call_is_like_itself() {
        let like = |a: &str, b: &str| likeness(words(a), &words(b));
        let saved =
            "#include <stdio.h>\nstatic int add(int a, int b) { return a + b; } // A comment.";
        assert_eq!(like(saved, saved), 1000);
        let edited = "#include <math.h>\n#include <stdio.h>\nstatic int add(int a, int b) { return a + b + 1; } int c;";
        assert!(like(saved, edited) > 700);
        let raw = |text: &str| format!("r#\"{text}\"#");
        assert!(like(&raw(saved), &raw(edited)) > 700);
        let other = "#include <zlib.h>\nstruct point { int x, y; };";
        assert!(like(saved, other) < LEAST_LIKENESS);
        assert_eq!(like("", ""), 0);
    }

    #[test]
    fn tokens_have_places() {
        let text = " int /* a\n */ é;\n\tchar *s = \"x y\";";
        let start = Place { line: 4, column: 9 };
        assert_eq!(places(text, start, &["int", "e"]), None);
        let tokens = ["int", "é", ";", "char", "*", "s", "=", "\"x y\"", ";"];
        let places = places(text, start, &tokens).unwrap_or_default();
        let places: Vec<(usize, usize)> = places.iter().map(|at| (at.line, at.column)).collect();
        assert_eq!(
            places,
            [
                (4, 10),
                (5, 5),
                (5, 6),
                (6, 2),
                (6, 7),
                (6, 8),
                (6, 10),
                (6, 12),
                (6, 17)
            ]
        );
    }

    #[test]
    fn a_comment_is_found_as_the_call_without_tokens() {
        let (text, start) = find_in("cgo::c_preamble! { /* int a; /* b */ */ }", "", 0).unwrap();
        assert_eq!(text, " /* int a; /* b */ */ ");
        assert_eq!(
            start,
            Place {
                line: 1,
                column: 19
            }
        );
    }

    #[test]
    fn strange_text_is_no_call() {
        for source in [
            "c_preamble!",
            "c_preamble! {",
            "c_preamble! { \"",
            "c_preamble! { /* ",
            "c_preamble! { ' }",
            "c_preamble! ) {",
        ] {
            assert_eq!(find_in(source, "x", 0), None, "{source}");
        }
    }

    #[test]
    fn torn_and_long_sources_end() {
        for end in (0..=SOURCE.len()).filter(|end| SOURCE.is_char_boundary(*end)) {
            find_in(&SOURCE[..end], "x", 1);
            find_in(&SOURCE[end..], "x", 1);
        }
        // Quotes that nothing closes: each is looked at once.
        for unit in ["\\\"", "r#\"", "'\\", "/*", "é'", "((", "c_preamble!{}"] {
            find_in(&format!("c_preamble! {{{}", unit.repeat(10_000)), "x", 0);
        }
    }
}
