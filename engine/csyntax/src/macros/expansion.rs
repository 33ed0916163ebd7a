//! Expands a macro as the preprocessor does (C17 6.10.3), to find out what to ask the compiler about it. The expansion is never
//! compiled.

use std::rc::Rc;

use crate::declarations::names::{Macro, Names};
use crate::lexer::TokenKind;
use crate::macros::bounds::{Bounds, Unexpanded};
use crate::macros::pp_token::{Hidden, HideSet, PpToken, in_both, names_of, text_of};
use crate::macros::replacement::{self, Arguments, Replacement};

/// The expansion of the object-like macro `name`.
pub fn expanded(names: &Names<'_>, name: &str) -> Result<String, Unexpanded> {
    expanded_by(names, |expander| expander.object(name))
}

/// The expansion of `text`, such as the call of a function-like macro.
pub(crate) fn expanded_text(names: &Names<'_>, text: &str) -> Result<String, Unexpanded> {
    expanded_by(names, |expander| expander.text(text))
}

fn expanded_by<'n>(
    names: &'n Names<'n>,
    expand: impl FnOnce(&mut Expander<'n>) -> Option<String>,
) -> Result<String, Unexpanded> {
    let mut expander = Expander {
        names,
        bounds: Bounds::default(),
        of_its_place: false,
    };
    let text = expand(&mut expander);
    let text = text.ok_or(expander.bounds.reason())?;
    match expander.of_its_place {
        true => Err(Unexpanded::OfItsPlace),
        false => Ok(text),
    }
}

struct Expander<'n> {
    names: &'n Names<'n>,
    bounds: Bounds,
    /// There was a `__LINE__` or the like, which the preprocessor would have replaced.
    of_its_place: bool,
}

impl<'n> Expander<'n> {
    fn object(&mut self, name: &str) -> Option<String> {
        let (name, definition) = self.names.macros.get_key_value(name)?;
        let list = replacement::of_object(definition.body);
        let list = list.substitute(&Arguments::default(), &mut self.bounds)?;
        let hide_set = Some(Rc::new(Hidden { name, next: None }));
        let list = list
            .into_iter()
            .map(|token| token.hide(&hide_set))
            .collect();
        Some(text_of(&self.expand(list)?))
    }

    fn text(&mut self, text: &'n str) -> Option<String> {
        let list = replacement::of_object(text);
        let list = list.substitute(&Arguments::default(), &mut self.bounds)?;
        Some(text_of(&self.expand(list)?))
    }

    fn macro_of(&self, token: &PpToken<'n>) -> Option<(&'n str, &'n Macro<'n>)> {
        if token.kind != TokenKind::Word {
            return None;
        }
        let (name, definition) = self.names.macros.get_key_value(token.text.as_ref())?;
        (!token.hides(name)).then_some((name, definition))
    }

    fn expand(&mut self, rest: Vec<PpToken<'n>>) -> Option<Vec<PpToken<'n>>> {
        self.bounds.open_call()?;
        let expanded = self.expand_one_level(rest);
        self.bounds.close_call();
        expanded
    }

    fn expand_one_level(&mut self, mut rest: Vec<PpToken<'n>>) -> Option<Vec<PpToken<'n>>> {
        rest.reverse();
        let mut done = Vec::new();
        while let Some(token) = rest.pop() {
            self.bounds.step(1)?;
            self.of_its_place |= matches!(
                token.text.as_ref(),
                "__LINE__" | "__COUNTER__" | "__INCLUDE_LEVEL__"
            );
            let Some((name, definition)) = self.macro_of(&token) else {
                done.push(token);
                continue;
            };
            self.bounds.follow(names_of(&token.hide_set).count())?;
            let is_called = rest.last().is_some_and(|next| next.is(b'('));
            if definition.function_like && !is_called {
                done.push(token);
                continue;
            }
            let (replacement, arguments, hide_set) = match definition.function_like {
                true => self.call(definition.body, &token, &mut rest)?,
                false => (
                    replacement::of_object(definition.body),
                    Arguments::default(),
                    token.hide_set,
                ),
            };
            let next = hide_set;
            let hide_set = Some(Rc::new(Hidden { name, next }));
            let replaced = replacement.substitute(&arguments, &mut self.bounds)?;
            if let Some(next) = rest.last_mut() {
                next.spaced = true;
            }
            let replaced = replaced.into_iter().enumerate().map(|(index, mut token)| {
                token.spaced |= index == 0;
                token.hide(&hide_set)
            });
            let replaced: Vec<PpToken<'n>> = replaced.collect();
            rest.extend(replaced.into_iter().rev());
        }
        Some(done)
    }

    /// The replacement of a call of a function-like macro, and the hide set of its tokens.
    fn call(
        &mut self,
        definition: &'n str,
        name: &PpToken<'n>,
        rest: &mut Vec<PpToken<'n>>,
    ) -> Option<(Replacement<'n>, Arguments<'n>, HideSet<'n>)> {
        let replacement = replacement::of_function(definition)?;
        let (written, end) = self.arguments(rest, &replacement)?;
        let hide_set = in_both(&name.hide_set, &end.hide_set);
        let mut expanded = Vec::new();
        for argument in &written {
            expanded.push(self.expand(argument.clone())?);
        }
        Some((replacement, Arguments { written, expanded }, hide_set))
    }

    /// Takes the arguments of a call and its brackets. Returns the closing bracket too.
    fn arguments(
        &mut self,
        rest: &mut Vec<PpToken<'n>>,
        replacement: &Replacement<'n>,
    ) -> Option<(Vec<Vec<PpToken<'n>>>, PpToken<'n>)> {
        let wanted = replacement.parameters.len();
        let mut arguments = vec![Vec::new()];
        let mut depth = 0usize;
        rest.pop();
        loop {
            let token = rest.pop()?;
            self.bounds.step(1)?;
            let is_last = replacement.variadic && arguments.len() == wanted;
            match token.kind {
                TokenKind::Punctuation(b')') if depth == 0 => {
                    if wanted == 0 && arguments[0].is_empty() {
                        arguments.clear();
                    }
                    // `...` may have no argument.
                    if replacement.variadic && arguments.len() + 1 == wanted {
                        arguments.push(Vec::new());
                    }
                    return (arguments.len() == wanted).then_some((arguments, token));
                }
                TokenKind::Punctuation(b',') if depth == 0 && !is_last => {
                    arguments.push(Vec::new());
                    continue;
                }
                TokenKind::Punctuation(b'(') => depth += 1,
                TokenKind::Punctuation(b')') => depth -= 1,
                _ => {}
            }
            arguments.last_mut()?.push(token);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::declarations::declared;

    fn of(definitions: &str, body: &str) -> String {
        let text = format!("{definitions}\n#define M {body}\n");
        let names = declared(&text);
        expanded(&names, "M").unwrap_or_else(|reason| format!("{reason:?}"))
    }

    #[test]
    fn parameters_are_replaced() {
        let text = "#define ADD(a, b) (a + b)\n#define ONE 1\n#define NONE() 7\n#define CALL ADD";
        assert_eq!(of(text, "ADD(ONE, 2)"), "(1 + 2)");
        assert_eq!(of(text, "ADD((1, 2), ADD(3,4))"), "((1, 2) + (3 + 4))");
        assert_eq!(of(text, "NONE() + CALL(1,2)"), "7 + (1 + 2)");
        assert_eq!(of(text, "ADD"), "ADD");
        assert_eq!(of(text, "ADD(1)"), "Broken");
    }

    #[test]
    fn operators_take_arguments_as_they_are_written() {
        let text = "#define STR(x) #x\n#define TEXT(x) STR(x)\n#define CAT(a, b) a##b\n#define PASTE(a, b) CAT(a, b)\n\
                    #define VERSION 1.2\n#define NS my_\n#define WIDE(x) L##x";
        assert_eq!(of(text, "STR(VERSION)"), "\"VERSION\"");
        assert_eq!(of(text, "TEXT(VERSION)"), "\"1.2\"");
        assert_eq!(of(text, r#"STR( a  +"b\n" )"#), r#""a +\"b\\n\"""#);
        assert_eq!(of(text, "CAT(NS, item)"), "NSitem");
        assert_eq!(of(text, "PASTE(NS, item)"), "my_item");
        assert_eq!(of(text, "CAT(, x) CAT(x, )"), "x x");
        assert_eq!(of(text, "a ## b"), "ab");
        assert_eq!(of(text, "WIDE(\"x\")"), "L\"x\"");
        assert_eq!(of(text, "\"line \" TEXT(__LINE__)"), "OfItsPlace");
    }

    #[test]
    fn the_rest_of_the_arguments() {
        let text = "#define F(x, ...) g(x, ##__VA_ARGS__)\n#define G(args...) h(args)\n#define O(x, ...) k(x __VA_OPT__(,) __VA_ARGS__)";
        assert_eq!(of(text, "F(1)"), "g(1)");
        assert_eq!(of(text, "F(1, 2, 3)"), "g(1,2, 3)");
        assert_eq!(of(text, "G(1, 2)"), "h(1, 2)");
        assert_eq!(of(text, "O(1)"), "k(1)");
        assert_eq!(of(text, "O(1, 2)"), "k(1, 2)");
    }

    #[test]
    fn no_macro_is_expanded_within_itself() {
        let text = "#define f(x) x f\n#define a b\n#define b a\n#define XXH_CAT(x, y) x##y\n#define name(x) XXH_CAT(ns_, x)";
        assert_eq!(of(text, "f(1)(2)"), "1 f (2)");
        assert_eq!(of(text, "a"), "a");
        assert_eq!(of(text, "M"), "M");
        assert_eq!(of(text, "name(M)"), "ns_M");
    }

    #[test]
    fn what_doubles_at_every_step_is_too_long() {
        let mut text = "#define D0(x) x x\n".to_string();
        for step in 1..40 {
            text += &format!("#define D{step}(x) D{}(x) D{}(x)\n", step - 1, step - 1);
        }
        assert_eq!(of(&text, "D39(1)"), "TooLong");
    }

    #[test]
    fn a_long_chain_of_macros_is_followed() {
        let chain = |links: usize| {
            let step = |link: usize| {
                format!(
                    "#define A{link} A{}\n#define F{link}(x) F{}(x)\n",
                    link + 1,
                    link + 1
                )
            };
            let steps: String = (0..links).map(step).collect();
            steps + &format!("#define A{links} 1\n#define F{links}(x) x\n")
        };
        assert_eq!(of(&chain(90), "A0 + F0(2)"), "1 + 2");
        assert_eq!(of(&chain(110), "A0"), "TooDeep");
    }
}
