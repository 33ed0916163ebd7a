//! Decides from a macro's tokens what the compiler can be asked about it: a type, an expression, or nothing that it would accept.

use crate::declarations::builtins;
use crate::declarations::names::{NameKind, Names};
use crate::lexer::{Token, tokens};
use crate::macros::evaluation::{self, Evaluation};
use crate::macros::expansion;
use crate::macros::expression_type::{self, TypeSource};
use crate::macros::operand::without_brackets;
use crate::macros::syntax::{self, Syntax};
use crate::message::Reason;

/// What a macro is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MacroKind {
    /// It stands for this name.
    Alias(String),
    /// It stands for a built-in function of the compiler, which has this C type.
    Builtin(&'static str),
    Type,
    Expression(Expression),
    /// Neither a value nor a type, for this reason.
    Unusable(Reason),
}

/// What the tokens of an expression tell about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Expression {
    pub evaluation: Evaluation,
    pub type_source: TypeSource,
    /// It contains a compound literal.
    pub has_literal: bool,
    /// The type that a directive gives it.
    pub wanted: Option<WantedType>,
}

impl Expression {
    /// A constant of the type that C gives it.
    pub(crate) fn constant() -> Expression {
        Expression {
            evaluation: Evaluation::Constant,
            type_source: TypeSource::Language,
            has_literal: false,
            wanted: None,
        }
    }
}

/// The type that `#cgo constants:` gives to a macro.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WantedType {
    /// As C spells it.
    pub ctype: String,
    /// The directive is for many macros: those whose values the type does not have keep their own.
    pub for_many: bool,
}

const INITIALIZER: MacroKind = MacroKind::Unusable(
    Reason::new("it is an initializer in braces, which only a declaration can have")
        .help("declare a variable with it in the preamble"),
);

const NEITHER: MacroKind =
    MacroKind::Unusable(Reason::new("it is neither an expression nor a type"));

pub fn classify(names: &Names<'_>, name: &str) -> MacroKind {
    let Some(definition) = names.macros.get(name) else {
        return MacroKind::Unusable(Reason::new("it is not defined"));
    };
    if definition.function_like {
        return MacroKind::Unusable(Reason::new("it is a function-like macro").help(
            "give it a prototype, as in `#cgo macro: int NAME(int)`, or call it from a C function",
        ));
    }
    match expansion::expanded(names, name) {
        Ok(text) => classify_text(names, &text),
        Err(error) => MacroKind::Unusable(error.reason()),
    }
}

/// What a macro is whose expansion is this text.
fn classify_text(names: &Names<'_>, text: &str) -> MacroKind {
    let tokens = tokens(text);
    if tokens.is_empty() {
        return MacroKind::Unusable(Reason::new("its definition is empty"));
    }
    if let Some(word) = alias(names, &tokens) {
        return MacroKind::Alias(word.to_string());
    }
    if let [word] = without_brackets(&tokens)
        && names_builtin_function(word.text)
    {
        let unknown = MacroKind::Unusable(
            Reason::new("it names a built-in function of the compiler")
                .help("call it from a C function of the preamble"),
        );
        return builtins::ctype(word.text).map_or(unknown, MacroKind::Builtin);
    }
    match syntax::of(names, &tokens) {
        Syntax::TypeName => MacroKind::Type,
        Syntax::Expression => expression(names, text, &tokens),
        Syntax::Neither if tokens.first().is_some_and(|first| first.is(b'{')) => INITIALIZER,
        Syntax::Neither => NEITHER,
    }
}

fn expression(names: &Names<'_>, text: &str, tokens: &[Token<'_>]) -> MacroKind {
    let mut pairs = tokens.windows(2);
    match evaluation::of(names, tokens) {
        Ok(evaluation) => MacroKind::Expression(Expression {
            evaluation,
            type_source: expression_type::of(names, text, tokens),
            has_literal: pairs.any(|pair| pair[0].is(b')') && pair[1].is(b'{')),
            wanted: None,
        }),
        Err(reason) => MacroKind::Unusable(reason),
    }
}

fn names_builtin_function(word: &str) -> bool {
    word.starts_with("__builtin_") && !matches!(word, "__builtin_va_list" | "__builtin_ms_va_list")
}

/// The declared name that a macro stands for, if there is one. The name of a type may not be in brackets.
pub fn named<'n>(names: &'n Names, name: &str) -> Option<&'n str> {
    let text = expansion::expanded(names, name).ok()?;
    alias(names, &tokens(&text))
}

fn alias<'n>(names: &'n Names, tokens: &[Token<'_>]) -> Option<&'n str> {
    let inner = without_brackets(tokens);
    let [word] = inner else {
        return None;
    };
    let name = names.ordinary(word.text)?;
    let in_brackets = inner.len() < tokens.len();
    let is_type = matches!(name.kind, NameKind::Typedef { .. });
    (!in_brackets || !is_type).then_some(name.name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::declarations::declared;

    fn of(body: &str) -> MacroKind {
        let text = format!(
            "typedef unsigned long ulong; struct S {{ int a; }}; int f(int), x, a[3]; enum {{ RED }};\n\
             #define CALL(x) x\n#define MAKE(x) (struct S){{ x, }}\n#define CAT(a, b) a##b\n#define ONE 1\n#define M {body}\n"
        );
        classify(&declared(&text), "M")
    }

    fn is_expression(body: &str) -> bool {
        matches!(of(body), MacroKind::Expression { .. })
    }

    #[test]
    fn expressions() {
        for body in [
            "1",
            "(-5)",
            "1e-10",
            ".5",
            "'a'",
            "ONE + x",
            "((void*)-1)",
            "(ulong)1 << 3",
            "sizeof(int)",
            "sizeof(struct S) * 2",
            "f(1)",
            "f(ONE, 2)[3]",
            "a[1]",
            "CALL(1)",
            "CALL(a[1])",
            "MAKE(1)",
            "L'x'",
            "__FILE__ \"x\"",
            "\"x\" __FILE__",
            "(ONE == 1 && x != 2) ? 1 : 0",
            "((struct S){1})",
            "({ int b = 1; b; })",
            "__builtin_nanf(\"\")",
            "*f(1)",
            "&x",
            "(*f(1))",
            "x.y->z",
            "!x",
            "sizeof x",
            "(int)sizeof(int)",
            "(x++)",
            "x-- + 1",
            "(f(1), a[1]++)",
            "x++ - -x",
            "x ?: 9",
        ] {
            assert!(is_expression(body), "{body}: {:?}", of(body));
        }
    }

    #[test]
    fn types() {
        for body in [
            "int",
            "unsigned long",
            "struct S",
            "const struct S *",
            "ulong *",
            "int (*)(void)",
            "CALL(unsigned int)",
            "struct CAT(S, )",
        ] {
            assert_eq!(of(body), MacroKind::Type, "{body}");
        }
    }

    #[test]
    fn names_of_things() {
        assert_eq!(of("x"), MacroKind::Alias("x".into()));
        assert_eq!(of("RED"), MacroKind::Alias("RED".into()));
        assert_eq!(of("ulong"), MacroKind::Alias("ulong".into()));
        assert_eq!(of("((x))"), MacroKind::Alias("x".into()));
        assert_eq!(of("CALL((RED))"), MacroKind::Alias("RED".into()));
        assert_eq!(of("CAT(ulo, ng)"), MacroKind::Alias("ulong".into()));
    }

    #[test]
    fn neither() {
        for body in [
            "",
            "(",
            "1 +",
            "extern",
            "const",
            "__attribute__((packed))",
            "do { } while (0)",
            "unknown",
            "st_mtim.tv_sec",
            "return 1",
            "x y",
            "int x;",
            "goto out",
            "CALL",
            "x = ",
            "(ulong)",
            "CALL(1, 2)",
            "1, 2",
            "f(1, __LINE__)",
            "__func__",
        ] {
            assert!(
                matches!(of(body), MacroKind::Unusable(_)),
                "{body}: {:?}",
                of(body)
            );
        }
        assert!(matches!(of("{ 0 }"), MacroKind::Unusable(_)));
    }
}
