//! One of the engine's readers, or that of exports, under libFuzzer: the one whose folder of seeds the variable `READER` names.

#![no_main]

use std::env;
use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;

static READER: LazyLock<String> =
    LazyLock::new(|| env::var("READER").expect("READER is the name of a reader"));

fuzz_target!(|bytes: &[u8]| match READER.as_str() {
    "exports" => {
        let text = String::from_utf8_lossy(bytes);
        drop(cgo_exports::of_text(&text, &cgo_exports::CrateContext::default()));
    }
    reader => cgo_driver::fuzzed::read(reader, bytes),
});
