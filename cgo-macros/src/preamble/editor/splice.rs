//! Puts an edit that is not saved yet into the text of the call on disk. An editor's server hands over the new tokens without their
//! lines and comments: all that the edit has left alone keeps those it has on disk.

use std::ops::Range;

use cgo_driver::rust_scan::text::{RustPiece, is_in_word, piece};

/// A token of the call.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Written<'t> {
    pub(crate) text: &'t str,
    /// It is one sign with the next one, such as the `-` of `->`.
    pub(crate) joint: bool,
}

/// The text of these tokens, as near as can be to `saved`.
pub(crate) fn splice(saved: &str, tokens: &[Written<'_>]) -> String {
    let (old, new) = (old_pieces(saved), new_pieces(tokens));
    let mut text = String::new();
    // What is written of both, and up to where in the saved text.
    let (mut from_old, mut from_new, mut start) = (0, 0, 0);
    for (at_old, at_new) in common(&old, &new) {
        let place = old[at_old].place.clone();
        let run = Run {
            old: &old[from_old..at_old],
            new: &new[from_new..at_new],
            next: old[at_old].text,
        };
        run.write(&mut text, saved, start..place.start);
        text.push_str(old[at_old].text);
        (from_old, from_new, start) = (at_old + 1, at_new + 1, place.end);
    }
    let run = Run {
        old: &old[from_old..],
        new: &new[from_new..],
        next: "",
    };
    run.write(&mut text, saved, start..saved.len());
    text
}

/// A word, literal or sign.
struct OldPiece<'t> {
    text: &'t str,
    place: Range<usize>,
}

fn old_pieces(text: &str) -> Vec<OldPiece<'_>> {
    let (mut pieces, mut at) = (Vec::new(), 0);
    while let Some((length, kind)) = piece(&text[at..]) {
        let place = at..at + length;
        if !matches!(kind, RustPiece::Comment | RustPiece::Blank) {
            let text = &text[place.clone()];
            pieces.push(OldPiece { text, place });
        }
        at += length;
    }
    pieces
}

#[derive(Clone, Copy)]
struct NewPiece<'t> {
    text: &'t str,
    /// No blank may stand before it: a token may be several pieces, and a sign several tokens.
    glued: bool,
}

fn new_pieces<'t>(tokens: &[Written<'t>]) -> Vec<NewPiece<'t>> {
    let mut pieces = Vec::new();
    let mut joint = false;
    for token in tokens {
        let (mut at, mut glued) = (0, joint);
        while let Some((length, _)) = piece(&token.text[at..]) {
            let text = &token.text[at..at + length];
            pieces.push(NewPiece { text, glued });
            (at, glued) = (at + length, true);
        }
        joint = token.joint;
    }
    pieces
}

/// More than this is not compared piece by piece.
const MOST_COMPARED: usize = 4_000_000;

/// The pairs of pieces that both have, in order: the longest such list.
fn common(old: &[OldPiece<'_>], new: &[NewPiece<'_>]) -> Vec<(usize, usize)> {
    let same = |a: usize, b: usize| old[a].text == new[b].text;
    let shorter = old.len().min(new.len());
    let start = (0..shorter).take_while(|&at| same(at, at)).count();
    let end = (0..shorter - start)
        .take_while(|&at| same(old.len() - 1 - at, new.len() - 1 - at))
        .count();
    let (rows, columns) = (old.len() - start - end, new.len() - start - end);
    let mut pairs: Vec<(usize, usize)> = (0..start).map(|at| (at, at)).collect();
    if rows * columns <= MOST_COMPARED {
        // How much both have in common from a pair of places on.
        let width = columns + 1;
        let mut lengths = vec![0u32; (rows + 1) * width];
        for row in (0..rows).rev() {
            for column in (0..columns).rev() {
                lengths[row * width + column] = match same(start + row, start + column) {
                    true => lengths[(row + 1) * width + column + 1] + 1,
                    false => {
                        lengths[(row + 1) * width + column].max(lengths[row * width + column + 1])
                    }
                };
            }
        }
        let (mut row, mut column) = (0, 0);
        while row < rows && column < columns {
            if same(start + row, start + column) {
                pairs.push((start + row, start + column));
                (row, column) = (row + 1, column + 1);
            } else if lengths[(row + 1) * width + column] >= lengths[row * width + column + 1] {
                row += 1;
            } else {
                column += 1;
            }
        }
    }
    pairs.extend(
        (0..end)
            .rev()
            .map(|at| (old.len() - 1 - at, new.len() - 1 - at)),
    );
    pairs
}

/// What stands between two pieces that both texts have.
struct Run<'a, 't> {
    old: &'a [OldPiece<'t>],
    new: &'a [NewPiece<'t>],
    /// What follows.
    next: &'t str,
}

impl Run<'_, '_> {
    /// Writes the new pieces, with the blanks and comments of the saved text's `range`.
    fn write(&self, text: &mut String, saved: &str, range: Range<usize>) {
        match (self.old.first(), self.old.last()) {
            (Some(first), Some(last)) => {
                text.push_str(&saved[range.start..first.place.start]);
                self.write_new(text);
                text.push_str(&saved[last.place.end..range.end]);
            }
            _ => self.insert(text, &saved[range]),
        }
    }

    /// Writes them where the saved text has a gap alone.
    fn insert(&self, text: &mut String, gap: &str) {
        let (Some(first), Some(last)) = (self.new.first(), self.new.last()) else {
            return text.push_str(gap);
        };
        let ends_statement = matches!(last.text, ";" | "}");
        let goes_on = Line::of(text) != Line::C && first.text != "#" && !ends_statement;
        if let Some(line) = next_line(gap).filter(|_| !goes_on) {
            // A comment belongs to what stands below it.
            let (end, rest) = gap.split_at(line);
            text.push_str(end);
            self.write_new(text);
            text.push('\n');
            return text.push_str(rest);
        }
        self.write_new(text);
        text.push_str(gap);
        let next = NewPiece {
            text: self.next,
            glued: false,
        };
        if needs_blank(text, &[next]) {
            text.push(' ');
        }
    }

    /// Writes them without a layout to follow: each directive on a line of its own.
    fn write_new(&self, text: &mut String) {
        for (at, piece) in self.new.iter().enumerate() {
            let next = self.new.get(at + 1).map_or(self.next, |next| next.text);
            if piece.text == "#" && DIRECTIVES.contains(&next) {
                text.push('\n');
            } else if needs_blank(text, &self.new[at..]) {
                text.push(' ');
            }
            let line = Line::of(text);
            text.push_str(piece.text);
            if line == Line::Header && Line::of(text) == Line::C {
                text.push('\n');
            }
        }
    }
}

/// What a directive begins with.
const DIRECTIVES: [&str; 16] = [
    "cgo", "define", "elif", "elifdef", "elifndef", "else", "embed", "endif", "error", "if",
    "ifdef", "ifndef", "include", "pragma", "undef", "warning",
];

/// What the last line of a text is, where more is put behind it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Line {
    /// No directive, or one that is complete.
    C,
    /// `#include` with the name of a header to come.
    Header,
    /// `#cgo`
    Flags,
    /// `#define NAME`
    Define,
    Directive,
}

impl Line {
    fn of(text: &str) -> Line {
        let line = last_line(text);
        let Some(directive) = line.trim_start().strip_prefix('#') else {
            return Line::C;
        };
        let mut words = directive.split_whitespace();
        match words.next() {
            Some(word) if word.starts_with("include") || word.starts_with("embed") => {
                match line.trim_end().ends_with(['>', '"']) {
                    true => Line::C,
                    false => Line::Header,
                }
            }
            Some("cgo") => Line::Flags,
            Some("define") if words.count() == 1 => Line::Define,
            _ => Line::Directive,
        }
    }
}

fn last_line(text: &str) -> &str {
    &text[text.rfind('\n').map_or(0, |at| at + 1)..]
}

/// Where the next line starts in a text of blanks and comments.
fn next_line(gap: &str) -> Option<usize> {
    let mut at = 0;
    while let Some((length, kind)) = piece(&gap[at..]) {
        at += length;
        if kind == RustPiece::Blank && gap[..at].ends_with('\n') {
            return Some(at);
        }
    }
    None
}

/// Whether a blank must stand between a text and the first of these pieces.
fn needs_blank(text: &str, pieces: &[NewPiece<'_>]) -> bool {
    let Some(piece) = pieces.first() else {
        return false;
    };
    if text.is_empty() || text.ends_with(char::is_whitespace) || piece.glued {
        return false;
    }
    let both_words = text.ends_with(is_in_word) && piece.text.starts_with(is_in_word);
    let is_fraction =
        || text.ends_with('.') && piece.text.starts_with(|c: char| c.is_ascii_digit());
    // A hover shows it.
    let in_brackets =
        || text.ends_with(['(', '[']) || matches!(piece.text, "(" | ")" | "[" | "]" | "," | ";");
    match Line::of(text) {
        Line::Header => piece.text == "<" || piece.text.starts_with('"'),
        Line::Flags => {
            let flags = last_line(text).split_once(':');
            both_words || flags.is_some_and(|(_, flags)| flags.is_empty() || piece.text == "-")
        }
        Line::Define => !are_parameters(pieces),
        Line::C | Line::Directive => !is_fraction() && !in_brackets(),
    }
}

/// Whether these pieces begin with what a macro's parameters look like.
fn are_parameters(pieces: &[NewPiece<'_>]) -> bool {
    let close = pieces.iter().position(|piece| piece.text == ")");
    let is_part = |piece: &NewPiece<'_>| {
        piece
            .text
            .chars()
            .all(|c| is_in_word(c) || c == ',' || c == '.')
    };
    pieces.first().is_some_and(|first| first.text == "(")
        && close.is_some_and(|close| pieces[1..close].iter().all(is_part))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A text's tokens as an editor's server hands them over.
    fn tokens(text: &str) -> Vec<Written<'_>> {
        let pieces = old_pieces(text);
        let is_sign =
            |piece: &OldPiece<'_>| !piece.text.contains(is_in_word) && piece.text.len() == 1;
        let joint = |at: usize| {
            let next = pieces.get(at + 1);
            is_sign(&pieces[at])
                && next
                    .is_some_and(|next| is_sign(next) && next.place.start == pieces[at].place.end)
        };
        let written = pieces.iter().enumerate();
        written
            .map(|(at, piece)| Written {
                text: piece.text,
                joint: joint(at),
            })
            .collect()
    }

    const SAVED: &str = "\n  #include <a.h>\n  #include \"b.h\"\n  // What it does.\n  static int f(int a) { return a->b + .5; }\n  #define LIMIT 42\n  struct s { int x; };\n";

    /// The text, each line without the blanks around it, and no empty ones.
    fn lines(text: &str) -> Vec<&str> {
        text.lines()
            .map(str::trim)
            .filter(|line| !line.is_empty())
            .collect()
    }

    #[test]
    fn an_edit_stands_where_it_was_made() {
        assert_eq!(splice(SAVED, &tokens(SAVED)), SAVED);
        let edits = [
            ("a->b + .5", "a->b + .25 - c"),
            ("return a->b", "int d; return a->b"),
            ("LIMIT 42", "LIMIT 43"),
            ("LIMIT 42", "LIMIT 42 + 1"),
            ("  #include <a.h>\n", ""),
            ("  #define LIMIT 42\n", ""),
            ("<a.h>", "<a.h>\n  #include <sys/stat.h>"),
            ("\"b.h\"", "\"b.h\"\n  #include <sys/stat.h>"),
            ("#include <a.h>", "#include <math.h>\n  #include <a.h>"),
            ("42\n", "42\n  #define OTHER 43\n"),
            ("#define LIMIT", "#define OTHER (-43)\n  #define LIMIT"),
            ("#define LIMIT", "#define TWO(x, y) x y\n  #define LIMIT"),
            ("#define LIMIT", "#undef OTHER\n  #define LIMIT"),
            ("#define LIMIT 42", "#define LIMIT 42\n  int more(void);"),
            (
                "struct s { int x; };",
                "struct s { int x; };\n  int more(void);\n  #define LAST 1",
            ),
            (
                "#include <a.h>",
                "#cgo LDFLAGS: -lm -L/opt/x\n  #include <a.h>",
            ),
            (
                "#include <a.h>",
                "#cgo linux pkg-config: zlib sqlite3\n  #include <a.h>",
            ),
        ];
        // Blanks matter in flags and in the names of headers.
        let squeezed = |line: &str| match line.contains(['<', ':']) {
            true => line.replace("# ", "#"),
            false => line.split_whitespace().collect(),
        };
        for (from, to) in edits {
            let edited = SAVED.replacen(from, to, 1);
            let found = splice(SAVED, &tokens(&edited));
            let found: Vec<String> = lines(&found).into_iter().map(squeezed).collect();
            let wanted: Vec<String> = lines(&edited).into_iter().map(squeezed).collect();
            // A new statement may have a line of its own.
            match to.contains("int d;") {
                true => assert_eq!(found.concat(), wanted.concat()),
                false => assert_eq!(found, wanted),
            }
        }
    }

    #[test]
    fn a_macro_has_parameters_or_a_value() {
        let found = splice("", &tokens("#define TWO(x, ...) x\n#define OTHER (-43)"));
        assert!(found.contains("define TWO("), "{found}");
        assert!(found.contains("define OTHER ("), "{found}");
    }

    #[test]
    fn several_edits_leave_the_rest_as_it_is() {
        let edited = SAVED
            .replace("int a)", "int a, int c)")
            .replace("42", "44")
            .replace("int x;", "int x, y;");
        let found = splice(SAVED, &tokens(&edited));
        assert!(
            found.contains("// What it does.\n  static int f(int a"),
            "{found}"
        );
        assert!(found.contains("\n  #define LIMIT 44\n"), "{found}");
    }

    #[test]
    fn tokens_alone_make_a_text() {
        let text = "#include <a.h>\n#include \"b.h\"\n#define A 1\n#define B 2\n";
        let found = splice("", &tokens(text));
        let found: Vec<String> = lines(&found)
            .iter()
            .map(|line| line.replace("# ", "#"))
            .collect();
        assert_eq!(found, lines(text));
    }

    #[test]
    fn a_comment_stays_where_it_is() {
        let saved = "\n    #include <stdio.h>\n    #include <string.h>\n\n    /* Adds. */\n    static int add(int a, int b) { return a + b; }\n    #define LIMIT 42\n    struct point { int x, y; };\n";
        let edited = saved
            .replace("a + b", "a + b + 1")
            .replace(
                "#include <stdio.h>",
                "#include <stdio.h>\n    #include <math.h>",
            )
            .replace(
                "int x, y; };",
                "int x, y; };\n    static int fresh(void) { return 1; }",
            );
        let found = splice(saved, &tokens(&edited));
        assert!(found.contains("/* Adds. */\n    static int add"), "{found}");
    }

    #[test]
    fn strange_text_ends() {
        let texts = [
            "",
            "#",
            "# define",
            "#include <",
            "'",
            "\"",
            "é #cgo : -",
            "/*",
            "(((",
        ];
        for (saved, edited) in texts.iter().flat_map(|a| texts.map(|b| (a, b))) {
            splice(saved, &tokens(edited));
        }
        let long = "a b ".repeat(3_000);
        splice(&long, &tokens(&"b c ".repeat(3_000)));
    }
}
