//! Functions that work on the stack frame of the function that calls them, so that no other function can call them for it.

use crate::lexer::Token;

/// Whether a function returns again to where it has returned already. gcc goes by the same names, and also by `getcontext`, which others
/// may call as long as nothing leads back there.
pub fn returns_twice(name: &str) -> bool {
    matches!(
        without_prefix(name),
        "setjmp" | "sigsetjmp" | "savectx" | "vfork"
    )
}

/// Whether what a function returns is a part of its caller's frame, tells of that, or leads back to it.
pub(crate) fn needs_it(name: &str) -> bool {
    let is_builtin = name.starts_with("__builtin_");
    let name = without_prefix(name);
    returns_twice(name)
        || name.starts_with("alloca") && (is_builtin || name == "alloca")
        || is_builtin
            && matches!(
                name,
                "frame_address"
                    | "return_address"
                    | "stack_address"
                    | "stack_save"
                    | "dwarf_cfa"
                    | "apply_args"
            )
}

/// Whether such a function is called in these tokens.
pub(crate) fn is_used_in(tokens: &[Token<'_>]) -> bool {
    let mut pairs = tokens.windows(2);
    pairs.any(|pair| needs_it(pair[0].text) && pair[1].is(b'('))
}

fn without_prefix(name: &str) -> &str {
    let name = name.trim_start_matches('_');
    name.strip_prefix("builtin_").unwrap_or(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn by_their_names() {
        for name in [
            "setjmp",
            "_setjmp",
            "__sigsetjmp",
            "vfork",
            "__builtin_setjmp",
        ] {
            assert!(returns_twice(name) && needs_it(name), "{name}");
        }
        for name in [
            "alloca",
            "_alloca",
            "__builtin_alloca_with_align",
            "__builtin_frame_address",
        ] {
            assert!(needs_it(name) && !returns_twice(name), "{name}");
        }
        for name in [
            "longjmp",
            "fork",
            "alloca_all",
            "frame_address",
            "getcontext",
        ] {
            assert!(!needs_it(name), "{name}");
        }
    }
}
