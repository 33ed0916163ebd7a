//! Finds by bisection what keeps a text from compiling.

use cgo_csyntax::diagnostic::Outcome;

/// The indices of those of `count` things that keep the text from compiling. `compiles` tries it with the marked things. There are
/// none if it compiles with none of them either, or with all of them at a second try.
pub(crate) fn culprits(
    count: usize,
    mut compiles: impl FnMut(&[bool]) -> Outcome<bool>,
) -> Outcome<Vec<usize>> {
    let mut found = Vec::new();
    let mut kept = vec![true; count];
    if !compiles(&vec![false; count])? || compiles(&kept)? {
        return Ok(found);
    }
    // It compiles with the first `good` things.
    let mut good = 0;
    while good < count {
        let mut bad = count;
        while bad - good > 1 {
            let middle = good + (bad - good) / 2;
            let mut first = kept.clone();
            first[middle..].fill(false);
            match compiles(&first)? {
                true => good = middle,
                false => bad = middle,
            }
        }
        kept[bad - 1] = false;
        found.push(bad - 1);
        good = bad;
        if compiles(&kept)? {
            break;
        }
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is found, and how often it was tried, where these do not compile.
    fn found(count: usize, bad: &[usize]) -> (Vec<usize>, usize) {
        let mut tries = 0;
        let culprits = culprits(count, |kept| {
            tries += 1;
            Ok(!bad.iter().any(|&bad| kept[bad]))
        });
        (culprits.unwrap(), tries)
    }

    #[test]
    fn each_is_found_by_halves() {
        for bad in [&[0][..], &[7], &[99], &[0, 1, 99], &[50, 51, 52]] {
            let (culprits, tries) = found(100, bad);
            assert_eq!(culprits, bad);
            assert!(tries <= 2 + 8 * bad.len(), "{bad:?}: {tries}");
        }
    }

    #[test]
    fn where_nothing_compiles_none_is_to_blame() {
        assert_eq!(culprits(100, |_| Ok(false)).unwrap(), []);
        assert_eq!(culprits(100, |_| Ok(true)).unwrap(), []);
    }
}
