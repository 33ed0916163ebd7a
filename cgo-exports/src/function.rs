//! Reads an exported function: qualifiers, lifetimes, parameters, result.

use std::ops::Range;

use crate::cursor::{Cursor, split_at_commas};
use crate::item::at_item;
use crate::lexer::{Token, TokenKind};
use crate::rust_type::{self, RustType};
use crate::{Form, Function, Item, Look, PanicRule, Parameter, Problem};

/// The runtime has so many structs for results.
const MOST_PARTS: usize = 8;

impl Cursor<'_> {
    pub(crate) fn function(&mut self, panic: PanicRule) -> Result<(usize, Item), Problem> {
        let head = self.at;
        if self.is("const") {
            return self.problem("leave `const` out: C calls this function when the program runs");
        }
        if self.is("async") {
            return self.problem("C cannot await an `async` function: export a plain one that runs the future to its end");
        }
        let is_unsafe = self.eat("unsafe");
        if self.eat("extern") && self.is_kind(TokenKind::Literal) {
            if self.tokens[self.at].text != "\"C\"" {
                return self.problem("an exported function is `extern \"C\"`; for \"C-unwind\" write #[export_c(unwind)]");
            }
            self.at += 1;
        }
        if !self.eat("fn") {
            return self.problem("a function is expected here");
        }
        let name = self.name()?;
        let generics = self.lifetimes()?;
        if !self.is("(") {
            return self.problem("the parameters are missing here");
        }
        let list = self.group();
        let mut parts = self.parts(list);
        let variadic = parts.pop_if(|part| has_dots(&self.tokens[part.clone()]));
        let parameters = parts.into_iter().map(|part| self.parameter(part));
        let parameters = parameters.collect::<Result<Vec<_>, _>>()?;
        let variadic = variadic.unwrap_or(self.at..self.at);
        self.can_be_variadic(&variadic, parameters.len(), is_unsafe)?;
        let result = if self.eat("-") && self.eat(">") {
            self.until(&["where", "{", ";"])
        } else {
            self.at..self.at
        };
        let bounds = if self.is("where") {
            self.until(&["{", ";"])
        } else {
            self.at..self.at
        };
        if !self.is("{") {
            return self.problem("an exported function needs a body; to call a function of C, declare it in `c_preamble!`");
        }
        let result_type = match result.is_empty() {
            true => RustType::Unit,
            false => rust_type::read(&self.tokens[result.clone()]),
        };
        self.no_impl_trait(&result)?;
        let result_form = match &result_type {
            RustType::Tuple(types) if types.len() > MOST_PARTS => {
                return Err(at_item(
                    result.start,
                    "C gets a tuple of up to 8 parts: return a `#[repr(C)]` struct",
                ));
            }
            RustType::Tuple(types) => Form::Tuple(types.len()),
            other => form(other),
        };
        let function = Function {
            head,
            is_unsafe,
            generics,
            parameters,
            variadic,
            result,
            result_form,
            result_type,
            bounds,
            body: self.at,
            panic,
        };
        Ok((name, Item::Function(function)))
    }

    /// `<'a, 'b: 'a>`; C knows no other generics.
    fn lifetimes(&mut self) -> Result<Range<usize>, Problem> {
        let start = self.at;
        if !self.is("<") {
            return Ok(start..start);
        }
        let mut expects_parameter = true;
        let mut depth = 0usize;
        while let Some(token) = self.tokens.get(self.at) {
            match token.text.as_str() {
                "<" => depth += 1,
                ">" if !self.tokens[self.at - 1].is("-") => depth -= 1,
                "," if depth == 1 => expects_parameter = true,
                _ if expects_parameter && token.kind == TokenKind::Lifetime => {
                    expects_parameter = false
                }
                _ if expects_parameter => {
                    return self.problem("C knows no generics: export one function for each type");
                }
                _ => {}
            }
            self.at += 1;
            if depth == 0 {
                break;
            }
        }
        Ok(start..self.at)
    }

    /// What stands between the commas.
    fn parts(&self, list: Range<usize>) -> Vec<Range<usize>> {
        let offset = list.start;
        let parts = split_at_commas(&self.tokens[list]).into_iter();
        parts
            .map(|part| part.start + offset..part.end + offset)
            .collect()
    }

    /// What Rust and C ask of a function with `...`.
    fn can_be_variadic(
        &self,
        variadic: &Range<usize>,
        fixed: usize,
        is_unsafe: bool,
    ) -> Result<(), Problem> {
        let message = match self.tokens.get(variadic.start) {
            _ if variadic.is_empty() => return Ok(()),
            Some(token) if token.is("#") => "C always sees the `...`: leave its attributes out",
            Some(token) if token.is(".") => "name what `...` stands for: `args: ...`",
            _ if fixed == 0 => "C wants a parameter before `...`, as in `count: c_int, args: ...`",
            _ if !is_unsafe => {
                "whoever calls a function with `...` vouches for what is passed there: make it an `unsafe fn`"
            }
            _ => return Ok(()),
        };
        Err(at_item(variadic.start, message))
    }

    fn parameter(&self, part: Range<usize>) -> Result<Parameter, Problem> {
        let mut start = Cursor {
            tokens: &self.tokens[..part.end],
            at: part.start,
        };
        let cfgs = start.attributes().cfgs;
        let (attributes, part) = (part.start..start.at, start.at..part.end);
        let tokens = &self.tokens[part.clone()];
        if has_dots(tokens) {
            return Err(at_item(
                part.start,
                "`...` is the last parameter of a function",
            ));
        }
        let colon = (0..tokens.len()).find(|&at| {
            let double = |other: Option<&Token>| other.is_some_and(|token| token.is(":"));
            tokens[at].is(":")
                && !double(tokens.get(at + 1))
                && !(at > 0 && double(tokens.get(at - 1)))
        });
        let Some(colon) = colon else {
            let message = if tokens.iter().any(|token| token.is("self")) {
                "say the type of `self`, which C has to pass: `self: &Counter`"
            } else {
                "this parameter has no type"
            };
            return Err(at_item(part.start, message));
        };
        let ctype = part.start + colon + 1..part.end;
        self.no_impl_trait(&ctype)?;
        let rust_type = rust_type::read(&self.tokens[ctype.clone()]);
        if matches!(rust_type, RustType::Tuple(_)) {
            return Err(at_item(
                ctype.start,
                "C has no tuples as parameters: take the parts one by one, or a `#[repr(C)]` struct",
            ));
        }
        let pattern = &tokens[..colon];
        let name = pattern.last().filter(|last| {
            let alone = pattern.len() == 1 || (pattern.len() == 2 && pattern[0].is("mut"));
            alone && last.kind == TokenKind::Word && last.text != "_"
        });
        Ok(Parameter {
            attributes,
            cfgs,
            pattern: part.start..part.start + colon,
            form: form(&rust_type),
            look: look(&rust_type),
            rust_type,
            name: name.map(|token| token.text.trim_start_matches("r#").to_string()),
            ctype,
        })
    }

    fn no_impl_trait(&self, range: &Range<usize>) -> Result<(), Problem> {
        let found = range.clone().find(|&at| self.tokens[at].is("impl"));
        found.map_or(Ok(()), |at| {
            Err(at_item(
                at,
                "C knows no generics: name one type instead of `impl`",
            ))
        })
    }
}

/// Whether `...` stands among the tokens.
pub fn has_dots(tokens: &[Token]) -> bool {
    let mut dots = tokens.windows(3);
    dots.any(|dots| dots.iter().all(|dot| dot.is(".")))
}

/// Where to look at a parameter of this type. The language's own types and `core::ffi`'s take what C passes.
fn look(rust_type: &RustType) -> Look {
    match rust_type {
        RustType::Pointer { raw: false, .. } => Look::Behind,
        RustType::Path {
            segments,
            arguments,
        } => {
            let name = segments.last().map_or("", String::as_str);
            match (name, &arguments[..]) {
                ("Box", [_]) => Look::Behind,
                ("Option", [inner]) => look(inner),
                (_, []) if !is_plain(name) => Look::AtValue,
                _ => Look::Nowhere,
            }
        }
        _ => Look::Nowhere,
    }
}

fn is_plain(name: &str) -> bool {
    let number = name.strip_prefix(['i', 'u', 'f']).unwrap_or_default();
    let is_number = number == "size" || number.parse::<u32>().is_ok();
    is_number || name == "bool" || name.starts_with("c_")
}

/// How a parameter or result of this type crosses.
fn form(rust_type: &RustType) -> Form {
    let RustType::Pointer {
        mutable: false,
        raw: false,
        target,
    } = rust_type
    else {
        return match rust_type {
            RustType::Path { arguments, .. } if rust_type.name() == Some("Option") => {
                match arguments.first().map(form) {
                    Some(Form::CStr) => Form::OptionalCStr,
                    _ => Form::Direct,
                }
            }
            _ => Form::Direct,
        };
    };
    match &**target {
        RustType::Slice(element) if element.name() == Some("u8") => Form::Bytes,
        other => match other.name() {
            Some("CStr") => Form::CStr,
            Some("str") => Form::Str,
            _ => Form::Direct,
        },
    }
}
