//! Functions that work on the stack frame of the function that calls them, so that no other function can call them for it.

use crate::declarations::names::{NameKind, Names};
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
pub(crate) fn is_used_in(names: &Names<'_>, tokens: &[Token<'_>]) -> bool {
    (0..tokens.len()).any(|at| is_called(names, tokens, at))
}

/// Whether such a function is called by the name at this token, which may stand in brackets.
pub(crate) fn is_called(names: &Names<'_>, tokens: &[Token<'_>], at: usize) -> bool {
    let name = tokens[at].text;
    if !needs_it(name) && !is_declared_so(names, name) {
        return false;
    }
    let is = |at: usize, bracket| tokens.get(at).is_some_and(|token| token.is(bracket));
    let (mut before, mut behind) = (at, at + 1);
    while before > 0 && is(before - 1, b'(') && is(behind, b')') {
        (before, behind) = (before - 1, behind + 1);
    }
    is(behind, b'(')
}

fn is_declared_so(names: &Names<'_>, name: &str) -> bool {
    names.ordinary(name).is_some_and(|name| match name.kind {
        NameKind::FunctionOrVariable(storage) => storage.returns_twice,
        _ => false,
    })
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
