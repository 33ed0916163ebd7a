use tally::{Error, Tally};

#[test]
fn words_are_counted() {
    let mut tally = Tally::new();
    for word in ["a", "b", "a", "c"] {
        tally.add(word).unwrap();
    }
    assert_eq!((tally.count("a"), tally.count("d")), (2, 0));
    let mut seen = Vec::new();
    tally.each(|word, count| seen.push(format!("{word}{count}")));
    assert_eq!(seen, ["a2", "b1", "c1"]);
}

#[test]
fn a_long_word_is_rejected() {
    let mut tally = Tally::new();
    assert_eq!(tally.add(&"x".repeat(64)), Ok(()));
    assert_eq!(tally.add(&"x".repeat(65)), Err(Error::TooLong));
}

#[test]
#[cfg(feature = "stats")]
fn growths_are_counted() {
    let mut tally = Tally::new();
    for word in ["a", "b", "c", "d", "e"] {
        tally.add(word).unwrap();
    }
    assert_eq!(tally.growths(), 2);
}

#[test]
fn the_version_is_the_libraries() {
    assert_eq!(tally::version(), "1.2.0");
}
