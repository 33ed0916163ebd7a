//! The keywords that our own C behind the preamble uses. A preamble may redefine some of them (`#define int unsigned`,
//! `#define static`). They are undefined before our C, and the macros that would change by that are left out.

use std::collections::HashSet;
use std::fmt::Write;

use crate::declarations::names::Names;
use crate::lexer::each_token;

/// In alphabetical order. What the preprocessor predefines is not among them.
const WORDS: [&str; 47] = [
    "_Alignof",
    "_Atomic",
    "_BitInt",
    "_Bool",
    "_Complex",
    "_Decimal128",
    "_Decimal32",
    "_Decimal64",
    "_Float128",
    "_Float16",
    "_Float32",
    "_Float32x",
    "_Float64",
    "_Float64x",
    "_Static_assert",
    "__alignof__",
    "__attribute__",
    "__bf16",
    "__builtin_choose_expr",
    "__builtin_classify_type",
    "__builtin_constant_p",
    "__builtin_memcpy",
    "__builtin_offsetof",
    "__builtin_types_compatible_p",
    "__extension__",
    "__float128",
    "__int128",
    "__typeof__",
    "char",
    "const",
    "double",
    "enum",
    "extern",
    "float",
    "int",
    "long",
    "return",
    "short",
    "signed",
    "sizeof",
    "static",
    "struct",
    "typedef",
    "union",
    "unsigned",
    "void",
    "volatile",
];

/// The words that are macros at the end of the text.
pub fn redefined(names: &Names) -> Vec<&'static str> {
    let mut words = WORDS.to_vec();
    words.retain(|word| names.macros.contains_key(*word));
    words
}

/// The lines that undefine these words.
pub fn undefine(names: &Names) -> String {
    let mut text = String::new();
    for word in redefined(names) {
        let _ = writeln!(text, "#undef {word}");
    }
    text
}

/// The first of these words that the macro is or expands to, also through other macros.
pub(crate) fn reached_by<'w>(names: &Names<'_>, name: &str, words: &[&'w str]) -> Option<&'w str> {
    if words.is_empty() {
        return None;
    }
    let (mut waiting, mut seen) = (vec![name], HashSet::new());
    while let Some(name) = waiting.pop() {
        let Some(definition) = names.macros.get(name).filter(|_| seen.insert(name)) else {
            continue;
        };
        if let Some(word) = words.iter().find(|word| **word == name) {
            return Some(word);
        }
        waiting.extend(each_token(definition.body).map(|token| token.text));
    }
    None
}
