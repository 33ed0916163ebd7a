//! Reads a Rust type from its tokens, as far as C has such types.

use crate::cursor::{Cursor, split_at_commas};
use crate::lexer::{Token, TokenKind};

/// A Rust type as it is written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum RustType {
    /// `()`.
    Unit,
    /// `!`.
    Never,
    /// A named type: the segments of its path, and the type arguments of the last.
    Path {
        segments: Vec<String>,
        arguments: Vec<RustType>,
    },
    /// A raw pointer or a reference.
    Pointer {
        mutable: bool,
        raw: bool,
        target: Box<RustType>,
    },
    /// `[T; N]`, with the tokens of `N`.
    Array {
        element: Box<RustType>,
        length: Vec<Token>,
    },
    /// `[T]`.
    Slice(Box<RustType>),
    /// Two types or more.
    Tuple(Vec<RustType>),
    /// `extern "C" fn(..) -> ..`.
    Function {
        parameters: Vec<RustType>,
        result: Box<RustType>,
    },
    /// What C has nothing like.
    Other,
}

impl RustType {
    /// The last segment of a path.
    pub(crate) fn name(&self) -> Option<&str> {
        match self {
            RustType::Path { segments, .. } => segments.last().map(String::as_str),
            _ => None,
        }
    }
}

/// A type of more tokens is not C's, and might be nested too deeply for the stack.
const MOST_TOKENS: usize = 1000;

/// Reads a whole type.
pub(crate) fn read(tokens: &[Token]) -> RustType {
    if tokens.len() > MOST_TOKENS {
        return RustType::Other;
    }
    let mut reader = Cursor { tokens, at: 0 };
    let read = reader.read();
    if reader.at == tokens.len() {
        read
    } else {
        RustType::Other
    }
}

impl Cursor<'_> {
    fn read(&mut self) -> RustType {
        let Some(first) = self.tokens.get(self.at) else {
            return RustType::Other;
        };
        match (first.kind, first.text.as_str()) {
            (TokenKind::Sign, "!") => {
                self.at += 1;
                RustType::Never
            }
            (TokenKind::Sign, "*") => {
                self.at += 1;
                let mutable = self.eat("mut");
                if !mutable && !self.eat("const") {
                    return RustType::Other;
                }
                self.pointer(mutable, true)
            }
            (TokenKind::Sign, "&") => {
                self.at += 1;
                if self
                    .tokens
                    .get(self.at)
                    .is_some_and(|token| token.kind == TokenKind::Lifetime)
                {
                    self.at += 1;
                }
                let mutable = self.eat("mut");
                self.pointer(mutable, false)
            }
            (TokenKind::Open, "(") => self.tuple(),
            (TokenKind::Open, "[") => self.array(),
            (TokenKind::Word, "unsafe" | "extern" | "fn") => self.function_pointer(),
            (TokenKind::Word, "dyn" | "impl" | "for") => RustType::Other,
            (TokenKind::Word, _) | (TokenKind::Sign, ":") => self.path(),
            _ => RustType::Other,
        }
    }

    fn pointer(&mut self, mutable: bool, raw: bool) -> RustType {
        let target = Box::new(self.read());
        RustType::Pointer {
            mutable,
            raw,
            target,
        }
    }

    fn tuple(&mut self) -> RustType {
        let inside = self.group();
        let tokens = &self.tokens[inside];
        let parts = split_at_commas(tokens);
        let mut types: Vec<RustType> = parts
            .iter()
            .map(|part| read(&tokens[part.clone()]))
            .collect();
        match types.len() {
            0 => RustType::Unit,
            1 if !tokens.last().is_some_and(|token| token.is(",")) => types.remove(0),
            _ => RustType::Tuple(types),
        }
    }

    fn array(&mut self) -> RustType {
        let inside = self.group();
        let tokens = &self.tokens[inside];
        let semicolon = tokens.iter().rposition(|token| token.is(";"));
        match semicolon {
            None => RustType::Slice(Box::new(read(tokens))),
            Some(at) => RustType::Array {
                element: Box::new(read(&tokens[..at])),
                length: tokens[at + 1..].to_vec(),
            },
        }
    }

    fn function_pointer(&mut self) -> RustType {
        self.eat("unsafe");
        let foreign = self.eat("extern");
        let abi = self.tokens.get(self.at).map(|token| token.text.as_str());
        if matches!(abi, Some("\"C\"" | "\"C-unwind\"")) {
            self.at += 1;
        }
        if !foreign || !self.eat("fn") || !self.is("(") {
            return RustType::Other;
        }
        let inside = self.group();
        let tokens = &self.tokens[inside];
        let parameters = split_at_commas(tokens)
            .into_iter()
            .map(|part| {
                let part = &tokens[part];
                // `name: type`, where a name is said; the `::` of a path has two.
                let named = part.len() > 2 && part[1].is(":") && !part[2].is(":");
                read(if named { &part[2..] } else { part })
            })
            .collect();
        let result = if self.eat("-") && self.eat(">") {
            self.read()
        } else {
            RustType::Unit
        };
        RustType::Function {
            parameters,
            result: Box::new(result),
        }
    }

    fn path(&mut self) -> RustType {
        let (mut segments, mut arguments) = (Vec::new(), Vec::new());
        loop {
            while self.eat(":") {}
            match self.tokens.get(self.at) {
                Some(token) if token.kind == TokenKind::Word => {
                    segments.push(token.text.trim_start_matches("r#").to_string());
                    self.at += 1;
                }
                _ => return RustType::Other,
            }
            let more = self.is(":");
            if self.is("<") || (more && self.tokens.get(self.at + 2).is_some_and(|t| t.is("<"))) {
                while self.eat(":") {}
                arguments = self.arguments();
            }
            if !self.is(":") {
                return RustType::Path {
                    segments,
                    arguments,
                };
            }
        }
    }

    fn arguments(&mut self) -> Vec<RustType> {
        let (start, mut depth) = (self.at + 1, 0usize);
        while let Some(token) = self.tokens.get(self.at) {
            match token.text.as_str() {
                "<" => depth += 1,
                ">" if !self.tokens[self.at - 1].is("-") => depth -= 1,
                _ => {}
            }
            self.at += 1;
            if depth == 0 {
                break;
            }
        }
        let inside = &self.tokens[start..(self.at - 1).max(start)];
        split_at_commas(inside)
            .into_iter()
            .map(|part| &inside[part])
            .filter(|part| {
                let first = part.first();
                first.is_none_or(|token| token.kind != TokenKind::Lifetime)
            })
            .map(read)
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lexer;

    fn of(source: &str) -> RustType {
        read(&lexer::tokens(source))
    }

    fn named(name: &str) -> RustType {
        RustType::Path {
            segments: vec![name.to_string()],
            arguments: Vec::new(),
        }
    }

    #[test]
    fn pointers_and_references() {
        let pointer = |mutable, raw| RustType::Pointer {
            mutable,
            raw,
            target: Box::new(named("T")),
        };
        assert_eq!(of("*const T"), pointer(false, true));
        assert_eq!(of("&'a mut T"), pointer(true, false));
    }

    #[test]
    fn paths_keep_the_arguments_of_types() {
        let RustType::Path {
            segments,
            arguments,
        } = of("::std::option::Option<&'a [u8; 4]>")
        else {
            panic!("no path");
        };
        assert_eq!(segments, ["std", "option", "Option"]);
        assert!(matches!(&arguments[..], [RustType::Pointer { .. }]));
    }

    #[test]
    fn functions() {
        let RustType::Function { parameters, result } =
            of("unsafe extern \"C\" fn(a: i32, *mut std::ffi::c_void) -> Option<i8>")
        else {
            panic!("no function");
        };
        assert_eq!(parameters[0], named("i32"));
        assert!(matches!(parameters[1], RustType::Pointer { .. }));
        assert_eq!(result.name(), Some("Option"));
    }

    #[test]
    fn a_tuple_of_one_is_its_type() {
        assert_eq!(of("(T)"), named("T"));
        assert_eq!(of("()"), RustType::Unit);
        assert_eq!(of("(T, T)"), RustType::Tuple(vec![named("T"), named("T")]));
    }

    #[test]
    fn what_c_has_not_is_other() {
        for source in [
            "fn(i32)",
            "impl Fn()",
            "dyn Any",
            "T + Send",
            "",
            "*T",
            "Vec<",
            "[",
            "&",
        ] {
            let read = of(source);
            let inner = match read {
                RustType::Pointer { target, .. } => *target,
                RustType::Slice(inner) => *inner,
                other => other,
            };
            assert!(
                inner == RustType::Other || inner == named("Vec"),
                "{source}: {inner:?}"
            );
        }
    }
}
