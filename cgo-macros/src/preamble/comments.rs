//! The C of a call that has it in comments, as in cgo.

use cgo_driver::Place;
use cgo_driver::rust_scan::text::{RustPiece, piece};

use super::call_text::{after, after_semicolons, close};

/// What stands between the brackets of a call's text behind so many head items, and where.
pub(super) fn body(call: &str, start: Place, head_items: usize) -> Option<(String, Place)> {
    let open = call.find(['{', '(', '['])?;
    let inside = &call[open + 1..open + close(&call[open..])?];
    let head = after_semicolons(inside, head_items)?;
    let place = after(start, &call[..open + 1 + head]);
    Some((inside[head..].to_string(), place))
}

/// The text in the comments of a call's body, each character where it stands: blanks take the place of what makes them comments.
pub(super) fn uncommented(body: &str, head_items: usize) -> String {
    // A `//` behind the last head item, on its line, is about this item.
    let line = body.lines().next().filter(|_| head_items > 0);
    let remark = line.filter(|line| line.trim_start().starts_with("//"));
    let (mut text, mut at) = (String::new(), remark.map_or(0, str::len));
    while let Some((length, kind)) = piece(&body[at..]) {
        let piece = &body[at..at + length];
        match kind == RustPiece::Comment {
            true if piece.starts_with("/*") => {
                let inside = piece[2..].strip_suffix("*/").unwrap_or(&piece[2..]);
                text.extend(["  ", inside, "  "]);
            }
            true => text.extend(["  ", &piece[2..]]),
            false => text.push_str(piece),
        }
        at += length;
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comments_keep_their_places() {
        let call = "c_preamble! { // Which.\n mod c; /* int a; */\n // int b; // second\n /* int c; /* d */ */ }";
        let first = Place { line: 1, column: 1 };
        let (body, start) = body(call, first, 1).unwrap();
        assert_eq!(start, Place { line: 2, column: 8 });
        assert_eq!(
            uncommented(&body, 1),
            "    int a;   \n    int b; // second\n    int c; /* d */    "
        );
    }

    #[test]
    fn a_remark_about_the_head_is_no_c() {
        assert_eq!(
            uncommented(" // The bindings.\n // int a;", 1),
            "\n    int a;"
        );
        assert_eq!(uncommented(" // int a;", 0), "    int a;");
    }
}
