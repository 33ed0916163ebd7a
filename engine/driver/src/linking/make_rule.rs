//! Reads the rule for make that the compiler writes with `-MD`: which files a source includes.

use std::path::{Path, PathBuf};

/// The files after the colon.
pub(crate) fn dependencies(rule: &str, folder: &Path) -> Vec<PathBuf> {
    let Some((_, files)) = rule.split_once(": ") else {
        return Vec::new();
    };
    let mut found = Vec::new();
    let mut file = String::new();
    let mut characters = files
        .replace("\\\n", " ")
        .replace("$$", "$")
        .chars()
        .collect::<Vec<_>>()
        .into_iter()
        .peekable();
    while let Some(character) = characters.next() {
        match character {
            '\\' if matches!(characters.peek(), Some(' ' | '#' | '\\')) => {
                file.extend(characters.next())
            }
            character if character.is_whitespace() => {
                if !file.is_empty() {
                    found.push(folder.join(std::mem::take(&mut file)));
                }
            }
            character => file.push(character),
        }
    }
    if !file.is_empty() {
        found.push(folder.join(file));
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_in_a_rule_may_hold_spaces() {
        let files = dependencies("x.o: a.c \\\n my\\ header.h cost$$.h\n", Path::new("/s"));
        assert_eq!(
            files,
            ["/s/a.c", "/s/my header.h", "/s/cost$.h"].map(PathBuf::from)
        );
    }
}
