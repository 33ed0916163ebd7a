//! A closure as `qsort`'s comparator, which has no user data: `cargo run --example qsort`.

use std::ffi::{c_int, c_void};

use cgo::{c_preamble, callback};

c_preamble! {
    #include <stdlib.h>
}

/// Sorts by `key`, and counts the comparisons.
fn sort_by_key<K: Ord>(words: &mut [&str], key: impl Fn(&str) -> K) -> usize {
    let (base, count) = (words.as_mut_ptr().cast(), words.len());
    let mut comparisons = 0;
    let compare = |a: *const c_void, b: *const c_void| {
        let (a, b) = unsafe { (*a.cast::<&str>(), *b.cast::<&str>()) };
        comparisons += 1;
        key(a).cmp(&key(b)) as c_int
    };
    callback(compare)
        .bare(|function| unsafe { C::qsort(base, count, size_of::<&str>(), Some(function)) })
        .expect("a free slot");
    comparisons
}

fn main() {
    let mut words = ["pear", "fig", "banana", "cherry", "kiwi"];

    let comparisons = sort_by_key(&mut words, |word| word.to_string());
    println!("{words:?}, {}", comparisons >= words.len() - 1);

    sort_by_key(&mut words, |word| {
        (word.len(), word.chars().rev().collect::<String>())
    });
    println!("{words:?}");

    // A panic goes through C without unwinding it: the callback returns, `qsort` does, and then it goes on.
    let result = std::panic::catch_unwind(move || {
        sort_by_key(&mut words, |word| {
            word.strip_prefix('k').expect("a k").len()
        })
    });
    println!("{}", result.is_err());
}
