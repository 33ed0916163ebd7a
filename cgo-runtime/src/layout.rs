//! Compares, while the crate compiles, the layout of records in Rust with what the C compiler says.

/// `records` are what to say if one differs, and the number of its figures in both lists: size, alignment and offsets.
///
/// # Panics
///
/// If two figures differ; as it runs in a constant, the crate then does not compile.
#[inline]
pub const fn prove_layouts(records: &[(&str, usize)], rust: &[usize], c: &[usize]) {
    assert!(rust.len() == c.len());
    let (mut record, mut first, mut at) = (0, 0, 0);
    while at < rust.len() {
        if at == first + records[record].1 {
            first = at;
            record += 1;
        }
        if rust[at] != c[at] {
            // A constant's panic can show one text that is not a literal, and nothing beside it.
            panic!("{}", records[record].0)
        }
        at += 1;
    }
}

#[cfg(test)]
mod tests {
    use super::prove_layouts;

    #[test]
    fn equal_figures_pass() {
        prove_layouts(&[("a", 3), ("b", 2)], &[8, 4, 0, 1, 1], &[8, 4, 0, 1, 1]);
    }

    #[test]
    #[should_panic(expected = "b")]
    fn the_record_that_differs_is_named() {
        prove_layouts(&[("a", 3), ("b", 2)], &[8, 4, 0, 2, 1], &[8, 4, 0, 1, 1]);
    }
}
