//! What the macro refuses, and the message for it. C's own messages are tested in `diagnostics.rs`, by their place.

#[test]
fn ui() {
    let cases = trybuild::TestCases::new();
    cases.compile_fail("tests/ui/*.rs");
}
