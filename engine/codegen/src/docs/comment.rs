//! Finds the comments that document a declaration: the one above it, and the one behind it on its line.

use crate::docs::markdown;

/// A longer comment is not written for one declaration.
const MOST_LINES: usize = 1000;

/// The comment that ends on the line before `line` (from 1), as Markdown; empty if there is none.
pub fn above(source: &[String], line: usize) -> String {
    let before = source.get(..line.saturating_sub(1)).unwrap_or_default();
    let last = before.last().map_or("", |line| line.trim());
    let lines = if last.ends_with("*/") {
        block_above(before)
    } else if last.starts_with("//") {
        line_comments_above(before)
    } else {
        Vec::new()
    };
    markdown::of_lines(lines)
}

/// The lines of a `/* .. */` at the end of `before`, without its delimiters; none if code stands before it, or if its `<` says that it
/// is about what stands there.
fn block_above(before: &[String]) -> Vec<String> {
    let mut latest = before.iter().rev().take(MOST_LINES);
    let Some(start) = latest.position(|line| line.contains("/*")) else {
        return Vec::new();
    };
    let lines = &before[before.len() - 1 - start..];
    let first = lines[0].trim();
    match first.starts_with("/*") && !is_about_before(first) {
        true => inside_block(first, &lines[1..]),
        false => Vec::new(),
    }
}

/// The lines between `/*` and `*/`, which start and end the text.
fn inside_block(first: &str, rest: &[String]) -> Vec<String> {
    let first = first.trim_start_matches('/').trim_start_matches('*');
    let first = first.trim_start_matches(['!', '<']);
    // A star is a bullet unless every line starts with one.
    let starred = rest.iter().map(|line| line.trim());
    let starred = starred
        .into_iter()
        .all(|line| line.is_empty() || line.starts_with('*'));
    let mut text = vec![first.to_string()];
    for line in rest {
        let line = line.trim_end();
        text.push(match line.trim_start().strip_prefix('*') {
            Some(inside) if starred => inside.trim_start_matches('*').to_string(),
            _ => line.to_string(),
        });
    }
    if let Some(last) = text.last_mut() {
        let inside = last.trim_end().trim_end_matches('/');
        *last = inside.trim_end_matches('*').to_string();
    }
    text
}

/// The lines of `//` at the end of `before`, without their delimiters; none if they are about what stands before them.
fn line_comments_above(before: &[String]) -> Vec<String> {
    let latest = before.iter().rev().take(MOST_LINES);
    let count = latest
        .take_while(|line| line.trim().starts_with("//"))
        .count();
    let comments = &before[before.len() - count..];
    if comments
        .first()
        .is_some_and(|first| is_about_before(first.trim()))
    {
        return Vec::new();
    }
    let texts = comments
        .iter()
        .filter_map(|line| line.trim().strip_prefix("//"));
    texts.map(inside_line_comment).collect()
}

/// The text behind `//`, without the signs of Doxygen.
fn inside_line_comment(text: &str) -> String {
    let text = text.trim_start_matches('/');
    let text = text.strip_prefix('!').unwrap_or(text);
    text.strip_prefix('<').unwrap_or(text).to_string()
}

/// Whether Doxygen takes the comment for one about what stands before it.
fn is_about_before(comment: &str) -> bool {
    let signs = ["/**<", "/*!<", "///<", "//!<"];
    signs.iter().any(|sign| comment.starts_with(sign))
}

/// Which comments behind a declaration are about it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Behind {
    /// Those with Doxygen's `<` alone.
    Marked,
    /// Plain ones too, where nothing else stands between or behind them on the line.
    Any,
}

/// The comment behind `name` on `line` (from 1), or one with Doxygen's `<` at the start of the next line, as Markdown; empty if there is
/// none.
pub fn behind(source: &[String], line: usize, name: &str, behind: Behind) -> String {
    let at = line.saturating_sub(1);
    let Some(rest) = source.get(at).and_then(|line| after_word(line, name)) else {
        return String::new();
    };
    let next = source.get(at + 1).map_or("", |line| line.trim());
    let lines = match comment_start(rest) {
        Some(start) => {
            let (code, comment) = rest.split_at(start);
            comment_lines(code, comment, &source[at + 1..], behind)
        }
        None if is_about_before(next) => {
            comment_lines(rest, next, &source[at + 2..], Behind::Marked)
        }
        None => Vec::new(),
    };
    markdown::of_lines(lines)
}

/// The lines of a comment that starts the text, if it is about the code before it.
fn comment_lines(code: &str, comment: &str, next: &[String], behind: Behind) -> Vec<String> {
    let is_marked = is_about_before(comment);
    // Behind a brace it is about what ends there.
    if code.contains('}') || (behind == Behind::Marked && !is_marked) {
        return Vec::new();
    }
    if let Some(text) = comment.strip_prefix("//") {
        let more = next.iter().take(MOST_LINES).map(|line| line.trim());
        let more = more
            .take_while(|line| is_marked && line.starts_with("//") && is_about_before(line))
            .map(|line| inside_line_comment(&line[2..]));
        return [inside_line_comment(text)]
            .into_iter()
            .chain(more)
            .collect();
    }
    match comment[2..].find("*/") {
        Some(length) => {
            let (comment, behind_it) = comment.split_at(length + 4);
            // In `A /* of A */, B` it is about the word before the comma, in `A, /* of B */ B` about the one behind.
            let is_alone = behind_it.trim().is_empty() || !code.contains([',', ';']);
            match is_marked || is_alone {
                true => inside_block(comment, &[]),
                false => Vec::new(),
            }
        }
        None => {
            let end = next
                .iter()
                .take(MOST_LINES)
                .position(|line| line.contains("*/"));
            let Some(end) = end else { return Vec::new() };
            let is_whole = next[end].trim_end().ends_with("*/");
            match is_whole {
                true => inside_block(comment, &next[..=end]),
                false => Vec::new(),
            }
        }
    }
}

/// Two paragraphs, each of which may be empty.
pub(crate) fn join(first: String, second: String) -> String {
    match (first.is_empty(), second.is_empty()) {
        (false, false) => format!("{first}\n\n{second}"),
        (true, _) => second,
        (_, true) => first,
    }
}

/// Whether the word stands on this line (from 1), and is not made by a macro.
pub(crate) fn has_word(source: &[String], line: usize, word: &str) -> bool {
    let line = source.get(line.saturating_sub(1));
    line.is_some_and(|line| after_word(line, word).is_some())
}

/// The text behind the first occurrence of the word.
fn after_word<'l>(line: &'l str, word: &str) -> Option<&'l str> {
    let is_part = |c: char| c.is_alphanumeric() || c == '_' || c == '$';
    let mut places = line.match_indices(word).map(|(at, _)| at);
    let at = places.find(|&at| {
        !line[..at].ends_with(is_part) && !line[at + word.len()..].starts_with(is_part)
    })?;
    Some(&line[at + word.len()..])
}

/// Where a comment starts in code.
fn comment_start(code: &str) -> Option<usize> {
    let bytes = code.as_bytes();
    let (mut at, mut quote) = (0, None);
    while at < bytes.len() {
        match (bytes[at], quote) {
            (b'\\', Some(_)) => at += 1,
            (byte, Some(open)) if byte == open => quote = None,
            (_, Some(_)) => {}
            (byte @ (b'"' | b'\''), None) => quote = Some(byte),
            (b'/', None) if matches!(bytes.get(at + 1), Some(b'/' | b'*')) => return Some(at),
            _ => {}
        }
        at += 1;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::docs::markdown::fenced;

    fn of(comment: &str) -> String {
        let lines: Vec<String> = comment.lines().map(str::to_string).collect();
        above(&lines, lines.len() + 1)
    }

    #[test]
    fn every_form_of_comment() {
        assert_eq!(of("/* Adds. */"), "Adds.");
        assert_eq!(of("/**\n * Adds\n * two.\n */"), "Adds\ntwo.");
        assert_eq!(of("/*\n** Adds\n** two.\n*/"), "Adds\ntwo.");
        assert_eq!(of("// one\n//! two\n///< three"), "one\ntwo\nthree");
        assert_eq!(of("int y;\n// one"), "one");
        assert_eq!(of("/**** Title ****/"), "Title");
    }

    #[test]
    fn what_is_no_comment_of_this_declaration() {
        for text in [
            "/* far */\n",
            "int x; /* of x */",
            "no start */",
            "",
            "int y;",
        ] {
            assert_eq!(of(&format!("{text}\n")), "", "{text}");
        }
        assert_eq!(above(&[], 1), "");
        assert_eq!(above(&[], 9), "");
    }

    #[test]
    fn nothing_is_a_link_or_html() {
        assert_eq!(
            of("/* Takes [x] and <T>, *y_z* & a|b. */"),
            "Takes \\[x\\] and \\<T\\>, \\*y_z\\* \\& a\\|b."
        );
        assert_eq!(of("/* # Safety\n   none */"), "\\# Safety\nnone");
        assert_eq!(of("/* Title\n   ===== */"), "Title");
        assert_eq!(
            of("/* a\n   = b\n   12. c\n   - d */"),
            "a\n\\= b\n12\\. c\n\n- d"
        );
    }

    #[test]
    fn code_and_addresses_stay() {
        assert_eq!(
            of("/* `a[0]` at https://x.org/a_b?c=[d]. */"),
            "`a[0]` at <https://x.org/a_b?c=>\\[d\\]."
        );
        assert_eq!(
            of("/* an odd ` and ``two`` */"),
            "an odd \\` and \\`\\`two\\`\\`"
        );
        assert_eq!(
            of("/* http:// alone, xhttp://y.z */"),
            "http:// alone, xhttp://y.z"
        );
    }

    #[test]
    fn commands_read_as_words() {
        let text = "/** @brief Adds @p a.\n *  @param[in] a the first\n * @param b the\n * second\n * \\return the \\c sum.\n * \\see add\n * @custom x */";
        assert_eq!(
            of(text),
            "Adds `a`.\n\n- `a`: the first\n- `b`: the\nsecond\n\nReturns: the `sum`.\n\nSee: add\n@custom x"
        );
        assert_eq!(of("/** @ingroup x\n * Text.\n * @} */"), "Text.");
    }

    #[test]
    fn what_is_laid_out_stays_so() {
        assert_eq!(
            of("/* Use:\n *\n *     f(`x`);\n *       g();\n *\n * so. */"),
            "Use:\n\n```text\nf(`x`);\n  g();\n```\n\nso."
        );
        assert_eq!(
            of("/** @code\n *  if (a)\n *    b[0];\n * @endcode\n * x */"),
            "```text\nif (a)\n  b[0];\n```\n\nx"
        );
        assert_eq!(of("/* ```\n * open [x] */"), "```text\nopen [x]\n```");
        assert_eq!(fenced("c", "a ```` b"), "`````c\na ```` b\n`````");
    }

    /// The comment behind `name` in the first line of the text.
    fn beside(text: &str, name: &str, which: Behind) -> String {
        let lines: Vec<String> = text.lines().map(str::to_string).collect();
        behind(&lines, 1, name, which)
    }

    #[test]
    fn a_comment_behind_a_name() {
        for (text, name, expected) in [
            ("int a; /**< of a */", "a", "of a"),
            ("int a; /*!< of a */", "a", "of a"),
            ("int a; ///< of a", "a", "of a"),
            ("int a; //!< of a", "a", "of a"),
            ("int a; /* of a */", "a", "of a"),
            ("int a; // of a", "a", "of a"),
            (
                "int a; ///< one\n       ///< two\nint b; ///< three",
                "a",
                "one\ntwo",
            ),
            ("int a; // one\n// two", "a", "one"),
            (
                "int a; /**< one\n         * two\n         */\nint b;",
                "a",
                "one\ntwo",
            ),
            ("int a; /* one\n          two */\nint b;", "a", "one\ntwo"),
            ("int a;\n/**< of a */\nint b;", "a", "of a"),
            ("int a, b; /* of both */", "a", "of both"),
            ("A /* of A */, B /* of B */ };", "A", "of A"),
            ("A, /* of B */ B };", "A", ""),
            ("int aa, a_; int a[2]; // of a", "a", "of a"),
            ("#define URL \"http://x\" /* of it */", "URL", "of it"),
            ("#define QUOTE '\"' // of it", "QUOTE", "of it"),
            ("struct { int a; } b; /* of b */", "a", ""),
            ("int a; /* no end", "a", ""),
            ("int a;", "a", ""),
            ("int b; /* of b */", "a", ""),
        ] {
            assert_eq!(beside(text, name, Behind::Any), expected, "{text}");
        }
        assert_eq!(beside("int a; /* a note */", "a", Behind::Marked), "");
        assert_eq!(beside("int a; /**< of a */", "a", Behind::Marked), "of a");
    }

    #[test]
    fn a_comment_about_what_is_before_it_is_not_about_what_follows() {
        assert_eq!(of("int a;\n/**< of a */"), "");
        assert_eq!(of("int a;\n///< of a"), "");
        assert_eq!(of("int a; /**< of a,\n of both */"), "");
    }
}
