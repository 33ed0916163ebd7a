//! Writes what `#[export_c]` turns an item into: the item under its C name, and the checks that C can use it so.

use std::collections::HashMap;
use std::ops::Range;
use std::str::FromStr;
use std::sync::Mutex;

use cgo_bindgen::Session;
use cgo_bindgen::export::{
    self, At, Enumeration, Export, Form, Function, Item, PanicRule, Record, Static,
};
use proc_macro::{Delimiter, Group, Span, TokenStream, TokenTree};

use crate::report::{self, Refusal};
use crate::tokens::Tokens;

/// How many preambles of a crate may declare one export.
const MOST_PREAMBLES: usize = 8;

/// The item as it goes on; after an error it stays as it was.
pub(crate) fn expand(attribute: TokenStream, item: TokenStream, session: &Session) -> TokenStream {
    let (options, tokens) = (Tokens::of(attribute), Tokens::of(item.clone()));
    let read = export::read(&options.list, &tokens.list).map_err(|problem| Refusal {
        span: match problem.at {
            At::Attribute(index) => options.span(index),
            At::Item(index) => tokens.span(index),
        },
        message: problem.message,
    });
    let read = read.and_then(|export| once(&export, &tokens, session).map(|()| export));
    let export = match read {
        Ok(export) => export,
        Err(refusal) => {
            let mut output = report::error(&refusal.message, refusal.span);
            output.extend(item);
            return output;
        }
    };
    let writer = Writer {
        export: &export,
        options: &options,
        tokens: &tokens,
        key: session.symbol_key(&export.symbol),
    };
    match &export.item {
        Item::Function(function) => writer.function(function),
        Item::Static(variable) => writer.variable(variable),
        Item::Record(record) => writer.record(record),
        Item::Enumeration(enumeration) => writer.enumeration(enumeration),
    }
}

/// C has one name space for all functions and variables, whatever module they are in.
fn once(export: &Export, tokens: &Tokens, session: &Session) -> Result<(), Refusal> {
    static SEEN: Mutex<Option<HashMap<String, String>>> = Mutex::new(None);
    let linked = matches!(export.item, Item::Function(_) | Item::Static(_));
    // An editor's server expands the same item again and again.
    if !linked || session.crate_root.is_none() {
        return Ok(());
    }
    let span = tokens.span(export.name);
    let place = format!("{}:{}", span.file(), span.line());
    let mut seen = SEEN.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
    match seen
        .get_or_insert_default()
        .insert(export.symbol.clone(), place.clone())
    {
        Some(first) if first != place => Err(Refusal {
            message: format!(
                "`{}` is exported twice, first at {first}: C sees one name for both; give this one another, #[export_c(name = \"..\")]",
                export.symbol
            ),
            span,
        }),
        _ => Ok(()),
    }
}

struct Writer<'a> {
    export: &'a Export,
    options: &'a Tokens,
    tokens: &'a Tokens,
    key: u64,
}

impl Writer<'_> {
    fn item(&self, range: Range<usize>) -> TokenStream {
        self.tokens.stream(range)
    }

    /// `#[unsafe(no_mangle)]`, or the name it has in C.
    fn linkage(&self) -> TokenStream {
        parse(&format!(
            "#[unsafe(export_name = {:?})]",
            self.export.symbol
        ))
    }

    /// The type of these tokens as it can stand in a constant, where no lifetime is known and `Self` is not either.
    fn type_in_constant(&self, range: Range<usize>) -> Option<TokenStream> {
        self.tokens.without_lifetimes(range)
    }

    fn kind(&self, ctype: Range<usize>, form: Form) -> TokenStream {
        match form {
            Form::CStr | Form::OptionalCStr => parse("::cgo::Kind::Pointer"),
            Form::Str => parse("::cgo::export::record::<::cgo::Str>()"),
            Form::Bytes => parse("::cgo::export::record::<::cgo::Bytes>()"),
            Form::Tuple(_) => parse(&format!(
                "::cgo::export::record::<{}_return>()",
                self.export.symbol
            )),
            Form::Direct if ctype.is_empty() => parse("::cgo::Kind::Void"),
            Form::Direct => match self.tokens.list[ctype.start].text.as_str() {
                "!" => parse("::cgo::Kind::Void"),
                _ => match self.type_in_constant(ctype) {
                    Some(named) => join([parse("<"), named, parse("as ::cgo::CType>::KIND")]),
                    // `self: &Self` and its like: a method's receiver is some pointer.
                    None => parse("::cgo::Kind::Pointer"),
                },
            },
        }
    }

    /// The comparison with what the crate's preambles declare.
    fn check(&self, parameters: TokenStream, result: TokenStream) -> TokenStream {
        let mut declared = String::new();
        for preamble in 0..MOST_PREAMBLES {
            declared += &format!(
                "<::cgo::export::Declaration<::cgo::export::Symbol<{}, {preamble}>, _>>::PROTOTYPE,",
                self.key
            );
        }
        let name = self.tokens.span(self.export.name);
        let arguments = join([
            parse(&format!("{:?},", self.export.symbol)),
            parameters,
            parse(","),
            result,
            parse(&format!(", &[{declared}]")),
        ]);
        let call = join([
            parse("#[allow(unused_imports)] use ::cgo::export::Undeclared as _;"),
            located(parse("::cgo::export::check"), name),
            group(Delimiter::Parenthesis, arguments, name),
        ]);
        join([parse("const _: () ="), braces(call, name), parse(";")])
    }

    fn function(&self, function: &Function) -> TokenStream {
        let mut parameters = TokenStream::new();
        let mut conversions = TokenStream::new();
        let mut kinds = TokenStream::new();
        for (index, parameter) in function.parameters.iter().enumerate() {
            let (pattern, ctype) = (
                self.item(parameter.pattern.clone()),
                self.item(parameter.ctype.clone()),
            );
            kinds.extend(join([
                self.kind(parameter.ctype.clone(), parameter.form),
                parse(","),
            ]));
            match conversion(parameter.form) {
                None => parameters.extend(join([pattern, parse(":"), ctype, parse(",")])),
                Some((c_type, name)) => {
                    parameters.extend(parse(&format!("cgo_argument{index}: {c_type},")));
                    // What C passes is the safety contract of every exported function.
                    let value = parse(&format!(
                        "= unsafe {{ ::cgo::export::{name}_from_c(cgo_argument{index}) }};"
                    ));
                    conversions.extend(join([parse("let"), pattern, parse(":"), ctype, value]));
                }
            }
        }
        let kinds = join([
            parse("::core::option::Option::Some"),
            parentheses(join([parse("&"), brackets(kinds)])),
        ]);
        let check = self.check(
            kinds,
            self.kind(function.result.clone(), function.result_form),
        );
        let body = join([check, self.body(function, conversions)]);
        let result = match function.result_form {
            Form::Tuple(_) => parse(&format!("-> {}_return", self.export.symbol)),
            form => match conversion(form) {
                Some((c_type, _)) => parse(&format!("-> {c_type}")),
                None if function.result.is_empty() => TokenStream::new(),
                None => join([parse("->"), self.item(function.result.clone())]),
            },
        };
        let abi = match function.panic {
            PanicRule::Unwind => "extern \"C-unwind\"",
            _ => "extern \"C\"",
        };
        let safety = if function.is_unsafe { "unsafe" } else { "" };
        let list = self.tokens.span(function.generics.end);
        join([
            self.tuple_result(function),
            // The body stands in a closure that is called at once.
            parse(
                "#[allow(unused_braces, clippy::redundant_closure_call, clippy::needless_arbitrary_self_type)]",
            ),
            self.linkage(),
            self.item(0..function.head),
            parse(safety),
            parse(abi),
            parse("fn"),
            self.item(self.export.name..self.export.name + 1),
            self.item(function.generics.clone()),
            group(Delimiter::Parenthesis, parameters, list),
            result,
            self.item(function.bounds.clone()),
            braces(body, self.tokens.span(function.body)),
        ])
    }

    /// The struct that C gets a tuple in.
    fn tuple_result(&self, function: &Function) -> TokenStream {
        let Form::Tuple(count) = function.result_form else {
            return TokenStream::new();
        };
        let name = format!("{}_return", self.export.symbol);
        let parts = self.tokens.group_parts(function.result.start);
        let mut fields = TokenStream::new();
        let mut checks = TokenStream::new();
        for (index, part) in parts.into_iter().take(count).enumerate() {
            let ctype = self.tokens.without_lifetimes(part).unwrap_or_default();
            fields.extend(join([
                parse(&format!("/// Part {index} of the result.\npub r{index}:")),
                ctype.clone(),
                parse(","),
            ]));
            checks.extend(join([
                parse("let _ = <"),
                ctype,
                parse("as ::cgo::CType>::KIND;"),
            ]));
        }
        let note = format!(
            "/// What `{}` returns to C.\n#[repr(C)] #[allow(non_camel_case_types, unreachable_pub)] pub struct {name}",
            self.export.symbol
        );
        join([
            parse(&note),
            braces(fields, Span::call_site()),
            parse("const _: () ="),
            braces(checks, Span::call_site()),
            parse(&format!(
                "; unsafe impl ::cgo::CType for {name} {{ const KIND: ::cgo::Kind = ::cgo::export::record::<Self>(); }}"
            )),
        ])
    }

    /// The body as a closure, so that what stands around it sees its result and its panic.
    fn body(&self, function: &Function, conversions: TokenStream) -> TokenStream {
        let result = match function.result.is_empty() {
            true => TokenStream::new(),
            false => join([parse("->"), self.item(function.result.clone())]),
        };
        let body = self.item(function.body..self.tokens.list.len());
        let closure = match function.result.is_empty() {
            true => join([parse("move ||"), conversions_around(conversions, body)]),
            false => join([
                parse("move ||"),
                result,
                conversions_around(conversions, body),
            ]),
        };
        let convert = match function.result_form {
            Form::Tuple(count) => {
                let parts: Vec<String> = (0..count)
                    .map(|part| format!("r{part}: cgo_result.{part}"))
                    .collect();
                format!("{}_return {{ {} }}", self.export.symbol, parts.join(", "))
            }
            form => conversion(form).map_or("cgo_result".to_string(), |(_, name)| {
                format!("::cgo::export::{name}_to_c(cgo_result)")
            }),
        };
        let never =
            function.result.len() == 1 && self.tokens.list[function.result.start].text == "!";
        match &function.panic {
            PanicRule::Unwind if never => join([parse("("), closure, parse(")()")]),
            PanicRule::Return(value) => {
                let value = self.options.stream(value.clone());
                let arguments = join([closure, parse(", ||"), value]);
                join([
                    parse("let cgo_result = ::cgo::export::catch"),
                    parentheses(arguments),
                    parse(&format!("; {convert}")),
                ])
            }
            PanicRule::Unwind => join([
                parse("let cgo_result ="),
                parentheses(closure),
                parse(&format!("(); {convert}")),
            ]),
            PanicRule::Abort => {
                let guard = parse(&format!(
                    "let cgo_guard = ::cgo::export::PanicEndsProcess {{ function: {:?} }};",
                    self.export.symbol
                ));
                if never {
                    return join([guard, parentheses(closure), parse("()")]);
                }
                join([
                    guard,
                    parse("let cgo_result ="),
                    parentheses(closure),
                    parse(&format!("(); ::core::mem::forget(cgo_guard); {convert}")),
                ])
            }
        }
    }

    fn variable(&self, variable: &Static) -> TokenStream {
        let data = self
            .type_in_constant(variable.ctype.clone())
            .unwrap_or_default();
        join([
            self.linkage(),
            self.item(0..self.tokens.list.len()),
            data_check([data]),
        ])
    }

    fn record(&self, record: &Record) -> TokenStream {
        let fields = record
            .field_types
            .iter()
            .map(|field| self.type_in_constant(field.clone()).unwrap_or_default());
        let implementation = join([
            parse("unsafe impl ::cgo::CType for"),
            self.item(self.export.name..self.export.name + 1),
            parse("{ const KIND: ::cgo::Kind = ::cgo::export::record::<Self>(); }"),
        ]);
        join([
            self.item(0..self.tokens.list.len()),
            implementation,
            data_check(fields),
        ])
    }

    fn enumeration(&self, enumeration: &Enumeration) -> TokenStream {
        let signed = enumeration.signed;
        join([
            self.item(0..self.tokens.list.len()),
            parse("unsafe impl ::cgo::CType for"),
            self.item(self.export.name..self.export.name + 1),
            parse(&format!(
                "{{ const KIND: ::cgo::Kind = ::cgo::Kind::Integer {{ size: ::core::mem::size_of::<Self>(), signed: {signed} }}; }}"
            )),
        ])
    }
}

/// The C type in Rust's words, and what the conversions are called.
fn conversion(form: Form) -> Option<(&'static str, &'static str)> {
    match form {
        Form::Direct | Form::Tuple(_) => None,
        Form::CStr => Some(("*const ::core::ffi::c_char", "c_str")),
        Form::OptionalCStr => Some(("*const ::core::ffi::c_char", "optional_c_str")),
        Form::Str => Some(("::cgo::Str", "str")),
        Form::Bytes => Some(("::cgo::Bytes", "bytes")),
    }
}

/// Has rustc see that C has data of each of these types.
fn data_check(types: impl IntoIterator<Item = TokenStream>) -> TokenStream {
    let mut calls = parse("const fn c_data<T: ::cgo::CData>() {}");
    for ctype in types {
        calls.extend(join([parse("c_data::<"), ctype, parse(">();")]));
    }
    join([
        parse("const _: () ="),
        braces(calls, Span::call_site()),
        parse(";"),
    ])
}

fn conversions_around(conversions: TokenStream, body: TokenStream) -> TokenStream {
    if conversions.is_empty() {
        return body;
    }
    braces(join([conversions, body]), Span::call_site())
}

fn join(parts: impl IntoIterator<Item = TokenStream>) -> TokenStream {
    parts.into_iter().collect()
}

/// Code of ours; it is always Rust, but for what cannot be a name, and then rustc says so.
fn parse(code: &str) -> TokenStream {
    TokenStream::from_str(code).unwrap_or_default()
}

fn group(delimiter: Delimiter, inside: TokenStream, span: Span) -> TokenStream {
    let mut group = Group::new(delimiter, inside);
    group.set_span(span);
    TokenTree::Group(group).into()
}

fn braces(inside: TokenStream, span: Span) -> TokenStream {
    group(Delimiter::Brace, inside, span)
}

fn parentheses(inside: TokenStream) -> TokenStream {
    group(Delimiter::Parenthesis, inside, Span::call_site())
}

fn brackets(inside: TokenStream) -> TokenStream {
    group(Delimiter::Bracket, inside, Span::call_site())
}

/// The same code, shown at `span`.
fn located(code: TokenStream, span: Span) -> TokenStream {
    let place = |mut token: TokenTree| {
        token.set_span(token.span().located_at(span));
        token
    };
    code.into_iter().map(place).collect()
}
