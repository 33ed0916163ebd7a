//! Reads an item under `#[export_c]`: its tokens in, an [`Export`] or the reason why C cannot have it out.

use std::path::PathBuf;

use std::ops::Range;

use crate::cursor::{Cursor, split_at_commas, split_expressions, text};
use crate::keywords::is_c_keyword;
use crate::lexer::{Token, TokenKind};
use crate::rust_literal;
use crate::rust_type;
use crate::{At, Export, Item, PanicRule, Problem, Static};

/// Reads the item that stands under an `#[export_c(attribute)]`.
///
/// # Errors
///
/// If C cannot have such an item.
pub fn read(attribute: &[Token], item: &[Token]) -> Result<Export, Problem> {
    let options = Options::read(attribute)?;
    let mut reader = Cursor {
        tokens: item,
        at: 0,
    };
    let attributes = reader.attributes();
    let visibility = reader.at;
    reader.visibility();
    let (name, item) = reader.item(&attributes, options.panic)?;
    let token = &reader.tokens[name];
    let plain = token.text.trim_start_matches("r#").to_string();
    let symbol = options.name.unwrap_or_else(|| plain.clone());
    if is_c_keyword(&symbol) {
        let message = format!(
            "`{symbol}` is a keyword of C: give it another name there, #[export_c(name = \"..\")]"
        );
        return Err(at_item(name, message));
    }
    Ok(Export {
        symbol,
        rust_name: plain,
        name,
        visibility,
        file: PathBuf::new(),
        line: token.line,
        documentation: attributes.documentation,
        item,
    })
}

pub(crate) fn at_item(index: usize, message: impl Into<String>) -> Problem {
    Problem {
        message: message.into(),
        at: At::Item(index),
    }
}

/// What stands in the brackets of `#[export_c(..)]`.
struct Options {
    name: Option<String>,
    panic: PanicRule,
}

impl Options {
    fn read(tokens: &[Token]) -> Result<Options, Problem> {
        let mut options = Options {
            name: None,
            panic: PanicRule::Abort,
        };
        for part in split_expressions(tokens) {
            let words = &tokens[part.clone()];
            let problem = |message: &str| Problem {
                message: message.to_string(),
                at: At::Attribute(part.start),
            };
            let value = words.get(1).is_some_and(|token| token.is("="));
            match words.first().map(|token| token.text.as_str()) {
                Some("name") if options.name.is_some() => {
                    return Err(problem("say `name` once"));
                }
                Some("name") if value => {
                    let name = words
                        .get(2)
                        .and_then(|token| rust_literal::value(&token.text));
                    let name = name.filter(|name| is_identifier(name) && words.len() == 3);
                    options.name = Some(name.ok_or_else(|| {
                        problem("`name` wants an identifier of C in quotes: #[export_c(name = \"other\")]")
                    })?);
                }
                Some("on_panic" | "unwind") if options.panic != PanicRule::Abort => {
                    return Err(problem("say `on_panic` or `unwind` once, and not both"));
                }
                Some("on_panic") if value && words.len() > 2 => {
                    options.panic = PanicRule::Return(part.start + 2..part.end);
                }
                Some("unwind") if words.len() == 1 => options.panic = PanicRule::Unwind,
                _ => {
                    return Err(problem(
                        "`export_c` knows `name = \"other\"`, `on_panic = VALUE` and `unwind`",
                    ));
                }
            }
        }
        Ok(options)
    }
}

fn is_identifier(name: &str) -> bool {
    let mut characters = name.chars();
    characters
        .next()
        .is_some_and(|c| c == '_' || c.is_alphabetic())
        && characters.all(|c| c == '_' || c.is_alphanumeric())
}

/// What the attributes of the item say.
#[derive(Default)]
pub(crate) struct Attributes {
    documentation: Vec<String>,
    /// What stands in `#[repr(..)]`.
    pub(crate) repr: Vec<String>,
    /// Each `#[cfg(..)]`.
    pub(crate) cfgs: Vec<Range<usize>>,
}

impl Cursor<'_> {
    pub(crate) fn problem<T>(&self, message: impl Into<String>) -> Result<T, Problem> {
        Err(at_item(
            self.at.min(self.tokens.len().saturating_sub(1)),
            message,
        ))
    }

    pub(crate) fn attributes(&mut self) -> Attributes {
        let mut found = Attributes::default();
        while self.is("#") {
            let start = self.at;
            self.at += 1;
            let inside = self.group();
            let tokens = &self.tokens[inside];
            match tokens {
                [name, equals, value] if name.is("doc") && equals.is("=") => {
                    let text = rust_literal::value(&value.text).unwrap_or_default();
                    found
                        .documentation
                        .extend(text.split('\n').map(str::to_string));
                }
                [name, open, rest @ .., _] if name.is("repr") && open.is("(") => {
                    let parts = split_at_commas(rest).into_iter();
                    found.repr.extend(parts.map(|part| text(&rest[part])));
                }
                [name, open, ..] if name.is("cfg") && open.is("(") => {
                    found.cfgs.push(start..self.at);
                }
                _ => {}
            }
        }
        found
    }

    pub(crate) fn visibility(&mut self) {
        if self.eat("pub") && self.is("(") {
            self.group();
        }
    }

    pub(crate) fn name(&mut self) -> Result<usize, Problem> {
        if !self.is_kind(TokenKind::Word) {
            return self.problem("a name is missing here");
        }
        self.at += 1;
        Ok(self.at - 1)
    }

    /// The index of the item's name, and the item.
    fn item(
        &mut self,
        attributes: &Attributes,
        panic: PanicRule,
    ) -> Result<(usize, Item), Problem> {
        let keyword = self
            .tokens
            .get(self.at)
            .map_or("", |token| token.text.as_str());
        let is_function = self.starts_function();
        if !is_function && panic != PanicRule::Abort {
            return self.problem("only a function can panic: leave `on_panic` and `unwind` out");
        }
        match keyword {
            _ if is_function => self.function(panic),
            "static" => self.variable(),
            "struct" => self.record(attributes, false),
            "union" => self.record(attributes, true),
            "enum" => self.enumeration(attributes),
            _ => self.problem(
                match keyword {
                    "const" => "C has no constants of Rust: export a `static`",
                    _ => "`#[export_c]` goes on a function, a static, a `#[repr(C)]` struct or union, or an enum without fields",
                },
            ),
        }
    }

    /// Whether a function stands here, with words like `unsafe` and `extern "C"` before its `fn`.
    fn starts_function(&self) -> bool {
        let mut words = self.tokens[self.at..]
            .iter()
            .map(|token| token.text.as_str());
        let qualifiers = ["const", "async", "unsafe", "extern"];
        words.find(|word| !qualifiers.contains(word) && !word.starts_with('"')) == Some("fn")
    }

    fn variable(&mut self) -> Result<(usize, Item), Problem> {
        self.at += 1;
        let mutable = self.eat("mut");
        let name = self.name()?;
        if !self.eat(":") {
            return self.problem("the type is missing here");
        }
        let ctype = self.until(&["=", ";"]);
        let rust_type = rust_type::read(&self.tokens[ctype.clone()]);
        Ok((
            name,
            Item::Static(Static {
                ctype,
                mutable,
                rust_type,
            }),
        ))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lexer::tokens;
    use crate::rust_type::RustType;
    use crate::{Form, Function};

    fn export(attribute: &str, item: &str) -> Result<Export, Problem> {
        read(&tokens(attribute), &tokens(item))
    }

    fn function(item: &str) -> Function {
        match export("", item).map(|export| export.item) {
            Ok(Item::Function(function)) => function,
            other => panic!("{item}: {other:?}"),
        }
    }

    fn refusal(attribute: &str, item: &str) -> String {
        export(attribute, item)
            .map_or_else(|problem| problem.message, |_| panic!("{item} is accepted"))
    }

    #[test]
    fn a_function_and_its_parameters() {
        let read = function(
            "/// Does.\n#[inline] pub(crate) unsafe extern \"C\" fn f<'a>(mut a: &'a ffi::T<i32, u8>, (b, c): [u8; 2]) -> *const u8 where 'a: 'a {}",
        );
        assert!(read.is_unsafe && read.generics.len() == 3 && read.bounds.len() == 4);
        let names: Vec<_> = read.parameters.iter().map(|p| p.name.as_deref()).collect();
        assert_eq!(names, [Some("a"), None]);
        assert!(matches!(
            read.result_type,
            RustType::Pointer {
                mutable: false,
                raw: true,
                ..
            }
        ));
    }

    #[test]
    fn text_and_bytes_cross_in_forms_of_their_own() {
        let read = function(
            "fn f(a: &CStr, b: Option<&'a std::ffi::CStr>, c: &str, d: &[u8], e: &mut str, f: &[u16]) -> (u8, u8) {}",
        );
        let forms: Vec<Form> = read.parameters.iter().map(|p| p.form).collect();
        assert_eq!(
            forms,
            [
                Form::CStr,
                Form::OptionalCStr,
                Form::Str,
                Form::Bytes,
                Form::Direct,
                Form::Direct
            ]
        );
        assert_eq!(read.result_form, Form::Tuple(2));
    }

    #[test]
    fn the_attribute_renames_and_rules_panics() {
        let read = export(
            "name = \"other\", on_panic = f(1, 2)",
            "fn f() -> i32 { 1 }",
        );
        let Ok(Export {
            symbol,
            item: Item::Function(function),
            ..
        }) = read
        else {
            panic!("{read:?}");
        };
        assert_eq!(symbol, "other");
        assert!(matches!(function.panic, PanicRule::Return(range) if range.len() == 6));
    }

    #[test]
    fn what_c_cannot_have_is_refused() {
        for (item, part) in [
            ("fn f<T>(a: T) {}", "generics"),
            ("fn f(a: impl Fn()) {}", "generics"),
            ("async fn f() {}", "await"),
            ("const fn f() {}", "const"),
            ("unsafe fn f(a: i32, ...) {}", "name"),
            ("unsafe fn f(args: ...) {}", "before"),
            ("unsafe fn f(args: ..., a: i32) {}", "last"),
            ("unsafe fn f(a: i32, #[cfg(a)] args: ...) {}", "attributes"),
            ("fn f(a: i32, args: ...) {}", "unsafe fn"),
            ("fn f(&self) {}", "type of `self`"),
            ("fn f(a: (i32, i32)) {}", "tuples"),
            ("fn f();", "body"),
            ("extern \"system\" fn f() {}", "extern \"C\""),
            ("fn int() {}", "keyword"),
            ("struct S { a: i32 }", "repr(C)"),
            ("#[repr(C)] struct S;", "without fields"),
            ("#[repr(C)] struct S<T>(T);", "generics"),
            ("#[repr(C)] enum E { A(i32) }", "no fields"),
            ("enum E { A }", "repr(C)"),
            ("mod m {}", "goes on"),
            ("extern \"C\" { fn f(); }", "goes on"),
            ("unsafe impl Send for S {}", "goes on"),
            ("const LIMIT: i32 = 1;", "static"),
        ] {
            let message = refusal("", item);
            assert!(message.contains(part), "{item}: {message}");
        }
        assert!(refusal("nam = 1", "fn f() {}").contains("knows"));
        assert!(refusal("name = \"a b\"", "fn f() {}").contains("identifier"));
        assert!(refusal("name = \"a\", name = \"b\"", "fn f() {}").contains("once"));
        assert!(refusal("unwind, on_panic = 1", "fn f() {}").contains("not both"));
    }

    #[test]
    fn types_and_variables() {
        let Ok(Item::Record(record)) = export(
            "",
            "#[repr(C)] struct P { pub x: f64, #[cfg(a)] r#type: [u8; 4] }",
        )
        .map(|e| e.item) else {
            panic!("no record");
        };
        let fields = record.fields.iter();
        let names: Vec<_> = fields
            .map(|field| (field.name_in_c.as_str(), field.cfgs.len()))
            .collect();
        assert_eq!(names, [("x", 0), ("type", 1)]);
        let Ok(Item::Enumeration(read)) =
            export("", "#[repr(C)] enum E { A = 1 << 3, #[cfg(a)] B }").map(|e| e.item)
        else {
            panic!("no enum");
        };
        let variants = read.variants.iter();
        let read: Vec<_> = variants
            .map(|variant| {
                let value = variant.value.as_deref().map(text);
                (variant.name_in_c.as_str(), value, variant.cfgs.len())
            })
            .collect();
        let shifted = Some("1 < < 3".to_string());
        assert_eq!(read, [("A", shifted, 0), ("B", None, 1)]);
        let Ok(Item::Static(read)) = export("", "static mut X: *mut i32 = f();").map(|e| e.item)
        else {
            panic!("no static");
        };
        assert!(read.mutable && read.ctype.len() == 3);
    }

    /// Whatever the tokens, there is an answer.
    #[test]
    fn torn_items_do_not_panic() {
        let whole = tokens(
            "#[repr(C)] #[doc = \"x\"] pub unsafe extern \"C\" fn f<'a, 'b>(a: &'a [u8; 2], b: Option<&CStr>) -> (A, B<C>) where A: B { }",
        );
        for start in 0..whole.len() {
            for end in start..=whole.len() {
                let _ = read(&whole[start..end], &whole[start..end]);
            }
        }
        for text in [
            "struct",
            "#[repr(C)] enum E {A=",
            "#[repr(C)] union U(",
            "static X:",
            "fn f(",
            "fn f<",
            "pub(",
            "#",
        ] {
            let _ = export("", text);
        }
    }
}
