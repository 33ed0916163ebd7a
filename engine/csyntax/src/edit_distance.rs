//! How much two words differ, to find the word that was meant.

/// The number of letters to insert, delete, replace or swap with the next one: the restricted Damerau-Levenshtein distance.
pub fn edit_distance(from: &str, to: &str) -> usize {
    let to: Vec<char> = to.chars().collect();
    let mut two_before: Vec<usize> = Vec::new();
    let mut before: Vec<usize> = (0..=to.len()).collect();
    let mut last = None;
    for (row, letter) in from.chars().enumerate() {
        let mut here = vec![row + 1];
        for (column, &other) in to.iter().enumerate() {
            let replaced = before[column] + usize::from(letter != other);
            let mut least = replaced.min(before[column + 1] + 1).min(here[column] + 1);
            if column > 0 && last == Some(other) && to[column - 1] == letter {
                least = least.min(two_before[column - 1] + 1);
            }
            here.push(least);
        }
        (two_before, before, last) = (before, here, Some(letter));
    }
    before[to.len()]
}

/// The most similar one of these words, if no more than every third letter differs.
pub(crate) fn most_similar(word: &str, known: &mut dyn Iterator<Item = &str>) -> Option<String> {
    let most = word.chars().count().max(3) / 3;
    let distances = known.map(|known| (edit_distance(word, known), known));
    let (distance, known) = distances.min()?;
    (distance <= most).then(|| known.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_that_differ() {
        for (from, to, count) in [
            ("puts", "puts", 0),
            ("put", "puts", 1),
            ("ptus", "puts", 1),
            ("stelrn", "strlen", 2),
            ("", "abc", 3),
            ("é", "e", 1),
        ] {
            assert_eq!(edit_distance(from, to), count, "{from} {to}");
        }
    }
}
