//! Tells what keeps a macro from being evaluated in a function of its own, as far as its text tells.

use crate::declarations::caller_frame;
use crate::declarations::names::{Macro, NameKind, Names};
use crate::directive::prototype::Prototype;
use crate::lexer::{Token, tokens};
use crate::macros::classify;
use crate::macros::evaluation::{self, Evaluation};
use crate::macros::expansion;
use crate::macros::no_value::{LITERAL_IN_CALL, OF_ITS_FRAME};
use crate::macros::replacement;
use crate::message::Message;

/// Why a function with this prototype, which a directive gives to a macro, could not return what C means by the macro.
pub fn unfit(prototype: &Prototype, names: &Names<'_>) -> Option<Message> {
    let definition = names.macros.get(prototype.name.as_str())?;
    let unfit = match definition.function_like {
        true => unfit_call(prototype, definition),
        false => unfit_arguments(prototype, names),
    };
    unfit.or_else(|| unfit_value(prototype, definition, names))
}

/// What is wrong with a call of a function-like macro.
fn unfit_call(prototype: &Prototype, definition: &Macro<'_>) -> Option<Message> {
    let takes = replacement::of_function(definition.body)?;
    let (count, wanted) = (prototype.parameters.len(), takes.parameters.len());
    // `()` has one empty argument too, and `...` may have none.
    let is_called = match takes.variadic {
        true => count + 1 >= wanted,
        false => count == wanted || (count, wanted) == (0, 1),
    };
    if !is_called {
        let text = format!("the number of its parameters is {count} here and {wanted} in C");
        return Some(Message::new(text));
    }
    let tokens = tokens(definition.body);
    let hashes = tokens.iter().filter(|token| token.is(b'#')).count();
    // `, ##__VA_ARGS__` pastes nothing, but removes the comma if there are no arguments.
    let last = takes.parameters.last().filter(|_| takes.variadic);
    let removes_comma = |four: &&[Token<'_>]| {
        four[0].is(b',') && four[1].is(b'#') && four[2].is(b'#') && Some(&four[3].text) == last
    };
    let takes_text = hashes > 2 * tokens.windows(4).filter(removes_comma).count();
    takes_text.then(|| {
        "it takes the text of an argument with `#` or `##`, which a function does not have".into()
    })
}

/// What is wrong with the arguments of an object-like macro, which has some if it names a function.
fn unfit_arguments(prototype: &Prototype, names: &Names<'_>) -> Option<Message> {
    let Prototype { name, result, .. } = prototype;
    let named = classify::named(names, name).and_then(|named| names.ordinary(named));
    let is_called =
        named.is_some_and(|named| matches!(named.kind, NameKind::FunctionOrVariable(_)));
    let fits = is_called || prototype.parameters.is_empty();
    (!fits).then(|| {
        Message::new("it is not a function-like macro, and takes nothing")
            .help(format!(
                "write `#cgo macro: {result} {name}(void)` for a function that returns its value"
            ))
            .help(format!(
                "write `#cgo functions: {name}` if its value is a function"
            ))
    })
}

/// What keeps the value from being returned.
fn unfit_value(
    prototype: &Prototype,
    definition: &Macro<'_>,
    names: &Names<'_>,
) -> Option<Message> {
    let body = match definition.function_like {
        true => definition.body.split_once(')')?.1,
        false => definition.body,
    };
    let is_void = prototype.result == "void";
    if body.trim().is_empty() && !is_void {
        return Some("its definition is empty".into());
    }
    let expanded = match definition.function_like {
        true => expanded_call(prototype, names)?,
        false => expansion::expanded(names, &prototype.name).ok()?,
    };
    let tokens = tokens(&expanded);
    if caller_frame::is_used_in(names, &tokens) {
        return Some(OF_ITS_FRAME.into());
    }
    if is_void {
        return None;
    }
    match evaluation::of(names, &tokens) {
        Err(reason) if reason == LITERAL_IN_CALL => {
            may_hold_address(&prototype.result, names, MOST_TYPEDEFS).then(|| reason.into())
        }
        Ok(Evaluation::LiteralAddress) => Some(Message::new(
            "it holds the address of a compound literal, which is gone when the function has returned",
        )
        .help("use it in a C function of the preamble, or define a variable with its value there")),
        _ => None,
    }
}

/// What a call of a function-like macro expands to.
fn expanded_call(prototype: &Prototype, names: &Names<'_>) -> Option<String> {
    let arguments = (0..prototype.parameters.len()).map(|index| format!("_cgo_{index}"));
    let arguments: Vec<String> = arguments.collect();
    let call = format!("{}({})", prototype.name, arguments.join(", "));
    expansion::expanded_text(names, &call).ok()
}

/// How many typedefs of typedefs are followed.
const MOST_TYPEDEFS: usize = 32;

/// Whether a value of this type may be or contain an address: that of a pointer, or of a struct or union.
fn may_hold_address(ctype: &str, names: &Names<'_>, typedefs: usize) -> bool {
    tokens(ctype).iter().any(|token| {
        let behind = || match names.ordinary(token.text) {
            Some(name) if matches!(name.kind, NameKind::Typedef { .. }) && typedefs > 0 => {
                let declaration = names.text(name.declaration);
                declaration != ctype && may_hold_address(declaration, names, typedefs - 1)
            }
            _ => false,
        };
        token.is(b'*') || matches!(token.text, "struct" | "union") || behind()
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::declarations::declared;
    use crate::diagnostic::Place;
    use crate::directive::prototype::Prototyped;

    /// What is said of a macro `M` with this definition and prototype.
    fn said(definition: &str, prototype: &str) -> String {
        let text = format!(
            "struct s {{ int a; }}; int f(int *), *g(int *);\ntypedef int number; typedef number *held; typedef held again;\n#define HOLD(x) (&(int){{x}})\n#define M{definition}\n"
        );
        let place = Place { line: 1, column: 1 };
        let prototype = Prototype::read(Prototyped::Macro, prototype, place).unwrap();
        let unfit = unfit(&prototype, &declared(&text));
        unfit.map(|message| message.text).unwrap_or_default()
    }

    #[test]
    fn the_address_of_a_literal_is_gone() {
        for (definition, prototype) in [
            (" (&(int){3})", "int *M(void)"),
            (" ((int[]){3, 4})", "int *M(void)"),
            ("(x) &(struct s){x}", "struct s *M(int)"),
            ("(x) HOLD(x)", "int *M(int)"),
            ("(x) g(HOLD(x))", "int *M(int)"),
            ("(x) g(HOLD(x))", "held M(int)"),
            ("(x) g(HOLD(x))", "again M(int)"),
            ("(x) g(HOLD(x))", "struct s M(int)"),
        ] {
            assert!(
                said(definition, prototype).contains("is gone"),
                "{definition}"
            );
        }
        for (definition, prototype) in [
            (" ((struct s){3})", "struct s M(void)"),
            (" (&(struct s){3})->a", "int M(void)"),
            ("(x) f(&(int){x})", "int M(int)"),
            ("(x) f(&(int){x})", "number M(int)"),
            ("(p) (*(p) = *(int[]){3})", "void M(int *)"),
        ] {
            assert_eq!(said(definition, prototype), "", "{definition}");
        }
    }

    #[test]
    fn the_frame_of_the_user_is_another_one() {
        for (definition, prototype) in [
            ("(n) __builtin_alloca(n)", "void *M(unsigned long)"),
            ("(b) _setjmp(b)", "int M(int *)"),
            ("(b) ((_setjmp))(b)", "int M(int *)"),
            (" __builtin_return_address(0)", "void *M(void)"),
            (
                "(b) do { if (_setjmp(b)) f(0); } while (0)",
                "void M(int *)",
            ),
        ] {
            let said = said(definition, prototype);
            assert!(said.contains("stack frame"), "{definition}: {said}");
        }
    }

    #[test]
    fn arguments_are_as_many_as_parameters() {
        for (definition, prototype) in [
            ("(a) a", "int M(int, int)"),
            ("() 1", "int M(int)"),
            ("(a, b, ...) f(a, b, __VA_ARGS__)", "int M(int)"),
        ] {
            assert!(said(definition, prototype).contains("in C"), "{definition}");
        }
        for (definition, prototype) in [
            ("() 1", "int M(void)"),
            ("(a) 1", "int M(void)"),
            ("(a, ...) f(a, __VA_ARGS__)", "int M(int)"),
            ("(a, ...) f(a, __VA_ARGS__)", "int M(int, int, int)"),
        ] {
            assert_eq!(said(definition, prototype), "", "{definition}");
        }
    }

    #[test]
    fn the_text_of_an_argument_is_no_value() {
        for definition in ["(a) #a", "(a) f(a##1)", "(a, ...) f(a, #__VA_ARGS__)"] {
            assert!(said(definition, "int M(int)").contains("the text"));
        }
        for definition in ["(a, ...) f(a, ##__VA_ARGS__)", "(a, b...) f(a, ## b)"] {
            assert_eq!(said(definition, "int M(int)"), "", "{definition}");
        }
    }

    #[test]
    fn nothing_has_no_value() {
        assert_eq!(said("", "int M(void)"), "its definition is empty");
        assert_eq!(said("(x)", "int M(int)"), "its definition is empty");
        assert_eq!(said("(x)", "void M(int)"), "");
    }
}
