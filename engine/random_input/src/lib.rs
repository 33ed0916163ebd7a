//! Random and very long input for readers of text, as the fuzz tests of the engine's crates need it.
//!
//! With the variable `CGO_FUZZ=100000` so many random inputs are tried. Without it the same few are tried every time.

use std::env;
use std::fmt::Debug;
use std::fs;
use std::path::Path;

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;
use proptest::test_runner::{Config, RngAlgorithm, TestError, TestRng, TestRunner};

/// The number of inputs without `CGO_FUZZ`.
const FEW: u32 = 60;

/// Pieces that break the rules almost everywhere.
const STRANGE: [&str; 41] = [
    "(", ")", "{", "}", "[", "]", "<", ">", "\"", "'", ";", ",", "#", "\\", "/*", "*/", "//", "\n",
    "\r\n", "\t", "é", "\u{0}", "\u{202e}", "=", "-", "--", "->", "::", ":", "!", "&", "*", "|",
    "$", "`", "```", "@", "r#", "0", " ", "mod ",
];

/// Tries a reader on inputs, and shows the smallest input that fails.
pub fn check<S: Strategy>(reader: &str, inputs: &S, test: impl Fn(S::Value))
where
    S::Value: Debug,
{
    let wanted = env::var("CGO_FUZZ").ok();
    let cases = wanted.as_ref().map_or(FEW, |cases| {
        cases.parse().expect("CGO_FUZZ is a number of inputs")
    });
    let config = Config {
        cases,
        failure_persistence: None,
        ..Config::default()
    };
    let mut runner = match wanted {
        Some(_) => TestRunner::new(config),
        None => {
            let same = TestRng::deterministic_rng(RngAlgorithm::ChaCha);
            TestRunner::new_with_rng(config, same)
        }
    };
    let result = runner.run(inputs, |input| {
        test(input);
        Ok(())
    });
    if let Err(TestError::Fail(reason, input)) = &result {
        panic!("{reader}: {reason}\n{input:?}");
    }
    result.unwrap_or_else(|error| panic!("{reader}: {error}"));
}

/// Consecutive pieces of the seeds, signs, numbers, and arbitrary characters.
pub fn texts(seeds: &[&'static str]) -> impl Strategy<Value = String> + use<> {
    let seeds: Vec<Vec<&str>> = seeds.iter().map(|seed| pieces(seed)).collect();
    let run = (0..seeds.len(), any::<usize>(), 1..30usize).prop_map(move |(seed, at, length)| {
        let seed = &seeds[seed];
        let at = at % seed.len();
        seed[at..(at + length).min(seed.len())].concat()
    });
    let number = any::<u64>().prop_map(|number| number.to_string());
    let part = prop_oneof![
        8 => run,
        6 => select(STRANGE.to_vec()).prop_map(str::to_string),
        1 => number,
        1 => any::<char>().prop_map(String::from),
    ];
    vec(part, 0..40).prop_map(|parts| parts.concat())
}

fn pieces(text: &str) -> Vec<&str> {
    text.split_inclusive([' ', '\n', ';', '(', ')', '{', '}', '<', '>', ',', ':', '"'])
        .collect()
}

/// Units that are repeated: the time must be linear, and the stack suffice.
pub struct Units<'u> {
    /// Repeated as they are, nested or in sequence.
    pub plain: &'u [&'u str],
    /// With increasing numbers in place of `THIS` and `NEXT`: chains of names, and many different names.
    pub numbered: &'u [&'u str],
    /// What stands in brackets that are closed.
    pub inside: &'u str,
    /// What ends the last item.
    pub end: &'u str,
}

impl Units<'_> {
    /// Tries a reader on each unit, and on strange signs, very often; open, and with all brackets closed.
    pub fn try_each(&self, test: impl Fn(&str)) {
        let length = match env::var_os("CGO_FUZZ") {
            Some(_) => 1 << 20,
            None => 1 << 13,
        };
        let try_one = |text: String| {
            test(&text);
            test(&format!("{text}{}", self.closing(&text)));
        };
        for unit in STRANGE.iter().chain(self.plain) {
            try_one(unit.repeat(length / unit.len()));
        }
        for unit in self.numbered {
            try_one(counted(unit, length));
        }
    }

    /// The closing brackets that are missing, and the end.
    fn closing(&self, text: &str) -> String {
        let mut open = Vec::new();
        for character in text.chars() {
            match character {
                '(' => open.push(')'),
                '[' => open.push(']'),
                '{' => open.push('}'),
                '<' => open.push('>'),
                ')' | ']' | '}' | '>' => drop(open.pop()),
                _ => {}
            }
        }
        let mut closing = String::new();
        for bracket in open.into_iter().rev() {
            if matches!(bracket, ']' | '>') {
                closing.push_str(self.inside);
            }
            closing.push(bracket);
        }
        closing + self.end
    }
}

/// The unit again and again, with increasing numbers.
fn counted(unit: &str, length: usize) -> String {
    let mut text = String::new();
    for number in 0.. {
        let numbered = unit.replace("NEXT", &format!("n{}", number + 1));
        text.push_str(&numbered.replace("THIS", &format!("n{number}")));
        if text.len() >= length {
            break;
        }
    }
    text
}

/// Writes seeds of `ci/fuzz` into the folder of a reader.
pub fn write_seeds<'s>(reader: &str, seeds: impl Iterator<Item = &'s [u8]>) {
    let folder = env::var("CGO_FUZZ_SEEDS").expect("CGO_FUZZ_SEEDS is a folder");
    let folder = Path::new(&folder).join(reader);
    fs::create_dir_all(&folder).expect("it can be made");
    for (number, seed) in seeds.enumerate() {
        fs::write(folder.join(format!("seed-{number}")), seed).expect("it can be written");
    }
}
