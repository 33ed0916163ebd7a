//! Takes apart what pkg-config is asked for: packages, and the versions that they must have.

/// The words of a text, in which operators need no spaces: `zlib>=1.2` is `zlib >= 1.2`.
pub fn package_words(text: &str) -> Vec<&str> {
    let is_sign = |character: char| matches!(character, '<' | '>' | '=' | '!');
    let mut words = Vec::new();
    for mut rest in text.split_whitespace() {
        while let Some(first) = rest.chars().next() {
            let is_other = |character: char| is_sign(character) != is_sign(first);
            let (word, after) = rest.split_at(rest.find(is_other).unwrap_or(rest.len()));
            words.push(word);
            rest = after;
        }
    }
    words
}

/// Whether a word compares the version of a package.
pub fn is_operator(word: &str) -> bool {
    matches!(word, "=" | "<" | ">" | "<=" | ">=" | "!=")
}

/// The text in `package(..)` with spaces around operators; `None` if it is not packages, each perhaps with a version.
pub(super) fn spaced(text: &str) -> Option<String> {
    let words = package_words(text);
    // A package may be a path: `./foo.pc`.
    let is_plain =
        |word: &str| word.starts_with(|c: char| c.is_alphanumeric() || "_./".contains(c));
    let mut rest = &words[..];
    while !rest.is_empty() {
        rest = match rest {
            [name, operator, version, rest @ ..]
                if is_plain(name) && is_operator(operator) && is_plain(version) =>
            {
                rest
            }
            [name, rest @ ..] if is_plain(name) => rest,
            _ => return None,
        };
    }
    (!words.is_empty()).then(|| words.join(" "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn operators_need_no_spaces() {
        for (text, expected) in [
            ("zlib", Some("zlib")),
            (" zlib>=1.2 ", Some("zlib >= 1.2")),
            ("gtk+-3.0 !=3 a", Some("gtk+-3.0 != 3 a")),
            (
                "./foo.pc /opt/bar.pc >= 2",
                Some("./foo.pc /opt/bar.pc >= 2"),
            ),
            ("", None),
            ("zlib >=", None),
            ("zlib > = 1", None),
            ("zlib == 1", None),
            ("zlib => 1", None),
            ("zlib >= 1 >= 2", None),
            (">= 1", None),
            ("--static zlib", None),
            ("$zlib", None),
        ] {
            assert_eq!(spaced(text).as_deref(), expected, "{text}");
        }
    }
}
