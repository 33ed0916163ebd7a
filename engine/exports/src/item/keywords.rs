//! The keywords of C and C++.

/// The keywords of C17 (6.4.1) and C23.
const C_KEYWORDS: &[&str] = &[
    "_Alignas",
    "_Alignof",
    "_Atomic",
    "_BitInt",
    "_Bool",
    "_Complex",
    "_Generic",
    "_Imaginary",
    "_Noreturn",
    "_Static_assert",
    "_Thread_local",
    "alignas",
    "alignof",
    "asm",
    "auto",
    "bool",
    "break",
    "case",
    "char",
    "const",
    "constexpr",
    "continue",
    "default",
    "do",
    "double",
    "else",
    "enum",
    "extern",
    "false",
    "float",
    "for",
    "goto",
    "if",
    "inline",
    "int",
    "long",
    "nullptr",
    "register",
    "restrict",
    "return",
    "short",
    "signed",
    "sizeof",
    "static",
    "static_assert",
    "struct",
    "switch",
    "thread_local",
    "true",
    "typedef",
    "typeof",
    "typeof_unqual",
    "union",
    "unsigned",
    "void",
    "volatile",
    "while",
];

/// The keywords of C++ that are not keywords in C (N4950, lex.key).
const CPP_KEYWORDS: &[&str] = &[
    "and",
    "and_eq",
    "bitand",
    "bitor",
    "catch",
    "char16_t",
    "char32_t",
    "char8_t",
    "class",
    "compl",
    "concept",
    "consteval",
    "constinit",
    "const_cast",
    "co_await",
    "co_return",
    "co_yield",
    "decltype",
    "delete",
    "dynamic_cast",
    "explicit",
    "export",
    "friend",
    "mutable",
    "namespace",
    "new",
    "noexcept",
    "not",
    "not_eq",
    "operator",
    "or",
    "or_eq",
    "private",
    "protected",
    "public",
    "requires",
    "reinterpret_cast",
    "static_cast",
    "template",
    "this",
    "throw",
    "try",
    "typeid",
    "typename",
    "using",
    "virtual",
    "wchar_t",
    "xor",
    "xor_eq",
];

/// Macros that GCC predefines in its GNU modes, or that headers of the C library define.
const MACROS: &[&str] = &[
    "unix",
    "linux",
    "i386",
    "errno",
    "stdin",
    "stdout",
    "stderr",
    "complex",
    "imaginary",
    "I",
    "assert",
    "NULL",
    "EOF",
];

pub(crate) fn is_c_keyword(name: &str) -> bool {
    C_KEYWORDS.contains(&name)
}

pub(crate) fn is_cpp_keyword(name: &str) -> bool {
    CPP_KEYWORDS.contains(&name)
}

/// Whether it is a type of `<stddef.h>` or `<stdint.h>`, which a member of this name hides in C++.
fn is_number_type(name: &str) -> bool {
    let start = name.strip_suffix("_t").unwrap_or_default();
    let digits = start.trim_start_matches('u').strip_prefix("int");
    ["size", "ptrdiff", "uintptr"].contains(&start)
        || digits.is_some_and(|it| ["8", "16", "32", "64"].contains(&it))
}

/// A name that is valid in C and C++ after any headers.
pub(crate) fn identifier(name: &str) -> String {
    let is_macro = MACROS.contains(&name);
    if is_c_keyword(name) || is_cpp_keyword(name) || is_macro || is_number_type(name) {
        format!("{name}_")
    } else {
        name.to_string()
    }
}
