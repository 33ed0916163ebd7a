//! One of the engine's readers under libFuzzer: the one whose folder of seeds the variable `READER` names.

#![no_main]

use std::env;
use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;

static READER: LazyLock<String> =
    LazyLock::new(|| env::var("READER").expect("READER is the name of a reader"));

fuzz_target!(|bytes: &[u8]| cgo_bindgen::fuzzed::read(&READER, bytes));
