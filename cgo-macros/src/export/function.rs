//! Writes an exported function: its C parameters and result, and what stands around its body.

use std::ops::Range;

use cgo_exports::{Form, Function, Look, PanicRule, Parameter};

use proc_macro::{Delimiter, Span, TokenStream};

use super::Writer;
use super::code::{as_written, braces, brackets, group, join, located, parentheses, parse};
use crate::report;

impl Writer<'_> {
    /// The comparison of a function. `Self` can stand in a block of its body, but in no item there.
    fn function_check(&self, function: &Function) -> TokenStream {
        let mut kinds = TokenStream::new();
        for parameter in &function.parameters {
            kinds.extend(join([
                self.items(&parameter.cfgs),
                self.kind(parameter.ctype.clone(), parameter.form),
                parse(","),
            ]));
        }
        let shape = join([
            parse("::cgo::export::Shape::Function"),
            braces(
                join([
                    parse("parameters: ::core::option::Option::Some"),
                    parentheses(join([parse("&"), brackets(kinds)])),
                    parse(&format!(
                        ", variadic: {}, result:",
                        !function.variadic.is_empty()
                    )),
                    self.kind(function.result.clone(), function.result_form),
                ]),
                Span::call_site(),
            ),
        ]);
        let types = function
            .parameters
            .iter()
            .map(|parameter| parameter.ctype.clone());
        let says_self = types.chain([function.result.clone()]).any(|ctype| {
            self.tokens.list[ctype]
                .iter()
                .any(|token| token.text == "Self")
        });
        match says_self {
            true => {
                let name = self.tokens.span(self.export.name);
                let block = braces(self.comparison(shape), name);
                join([parse("const"), block, parse(";")])
            }
            false => self.check(shape),
        }
    }

    pub(super) fn function(&self, function: &Function) -> TokenStream {
        let mut signature = Signature::default();
        for (index, parameter) in function.parameters.iter().enumerate() {
            self.parameter(index, parameter, &mut signature);
        }
        let Signature {
            mut parameters,
            conversions,
            is_borrowed,
        } = signature;
        let body = join([
            self.function_check(function),
            self.body(function, conversions),
        ]);
        let result = match function.result_form {
            Form::Tuple(count) => join([
                parse("->"),
                self.tuple_result(function.result.clone(), count, |part| self.item(part)),
            ]),
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
        parameters.extend(self.item(function.variadic.clone()));
        let list = self.tokens.span(function.generics.end);
        let code = join([
            // The body stands in a closure that is called at once.
            parse(
                "#[allow(unused_braces, unused_lifetimes, single_use_lifetimes, clippy::redundant_closure_call, \
                 clippy::needless_arbitrary_self_type, clippy::extra_unused_lifetimes, clippy::needless_lifetimes)]",
            ),
            self.linkage(),
            self.item(0..function.head),
            parse(safety),
            parse(abi),
            parse("fn"),
            self.name(),
            self.generics(function.generics.clone(), is_borrowed),
            group(Delimiter::Parenthesis, parameters, list),
            result,
            self.item(function.bounds.clone()),
            braces(body, self.tokens.span(function.body)),
        ]);
        match function.variadic.is_empty() {
            true => code,
            false => self.where_rust_can(code, function.variadic.start),
        }
    }

    /// One parameter as C passes it, and how the body gets what it wants of it.
    fn parameter(&self, index: usize, parameter: &Parameter, signature: &mut Signature) {
        let (pattern, ctype) = (
            self.item(parameter.pattern.clone()),
            self.item(parameter.ctype.clone()),
        );
        let attributes = self.item(parameter.attributes.clone());
        let is_self = parameter.name.as_deref() == Some("self");
        if is_self && parameter.look == Look::Behind {
            // A receiver cannot be bound anew.
            let place = join([parse("&*"), pattern.clone()]);
            signature.conversions.extend(join([
                parse("let _ ="),
                self.looked_at(parameter, place),
                parse(";"),
            ]));
        }
        if is_self && parameter.look == Look::AtValue {
            signature
                .conversions
                .extend(self.unchecked_receiver(parameter.ctype.clone()));
        }
        let looks_nowhere = parameter.look == Look::Nowhere || is_self;
        let conversion = conversion(parameter.form);
        if conversion.is_none() && looks_nowhere {
            let plain = join([attributes, pattern, parse(":"), ctype, parse(",")]);
            return signature.parameters.extend(plain);
        }
        // Its own name where it has one, since that is what documentation shows.
        let name = match &parameter.name {
            Some(_) => self.item(parameter.pattern.end - 1..parameter.pattern.end),
            None => parse(&format!("cgo_argument{index}")),
        };
        let mut local_type = ctype.clone();
        let (c_type, value) = match (conversion, parameter.look) {
            (Some((c_type, convert)), _) => {
                if let Some(borrowed) = self.tokens.with_lifetime(parameter.ctype.clone()) {
                    (local_type, signature.is_borrowed) = (borrowed, true);
                }
                // What C passes is the safety contract of every exported function.
                let convert = parse(&format!("::cgo::export::{convert}_from_c"));
                let call = braces(
                    join([convert, parentheses(name.clone())]),
                    Span::call_site(),
                );
                (parse(c_type), join([parse("unsafe"), call]))
            }
            (None, Look::Behind) => (ctype, self.looked_at(parameter, name.clone())),
            (None, _) => {
                // At the type, so that what rustc says of it here and of its kind is one message.
                let start = self.tokens.span(parameter.ctype.start);
                let end = self.tokens.span(parameter.ctype.end - 1);
                let passed = join([
                    as_written(parse("<"), start),
                    ctype.clone(),
                    as_written(parse("as ::cgo::CType>::Passed"), end),
                ]);
                let value = join([
                    parse("::cgo::Passed::<"),
                    ctype,
                    parse(">::value"),
                    parentheses(name.clone()),
                ]);
                // The name may be one for a reference.
                (passed, self.looked_at(parameter, value))
            }
        };
        signature.parameters.extend(self.items(&parameter.cfgs));
        signature
            .parameters
            .extend(join([name, parse(":"), c_type, parse(",")]));
        signature.conversions.extend(join([
            attributes,
            parse("let"),
            pattern,
            parse(":"),
            local_type,
            parse("="),
            value,
            parse(";"),
        ]));
    }

    /// An argument, after a look at what it points to.
    fn looked_at(&self, parameter: &Parameter, argument: TokenStream) -> TokenStream {
        let leads = join([
            parse("::cgo::export::Parameter::<"),
            self.tokens.without_lifetimes(parameter.ctype.clone()),
            parse(">::LEADS_TO_CHECKED"),
        ]);
        let place = self.tokens.span(parameter.ctype.start);
        let refusal = join([
            located(parse("::cgo::export::refuse_unseen"), place),
            group(Delimiter::Parenthesis, leads, place),
            parse(";"),
        ]);
        let code = join([
            parse("#[allow(unused_imports)] use ::cgo::export::{Opaque as _, Unled as _};"),
            self.at_compile_time(parameter.ctype.clone(), refusal),
            parse("::cgo::export::Argument"),
            parentheses(argument),
            parse(".checked()"),
        ]);
        braces(code, Span::call_site())
    }

    /// Code that looks at a type. `Self` can stand in a block of a function, but in no item there.
    fn at_compile_time(&self, ctype: Range<usize>, code: TokenStream) -> TokenStream {
        let mut tokens = self.tokens.list[ctype].iter();
        let block = braces(code, Span::call_site());
        match tokens.any(|token| token.text == "Self") {
            true => join([parse("const"), block, parse(";")]),
            false => join([parse("const _: () ="), block, parse(";")]),
        }
    }

    /// A receiver has no other type in the signature, so it may not be one that has to be looked at.
    fn unchecked_receiver(&self, ctype: Range<usize>) -> TokenStream {
        let arguments = join([
            parse("!<"),
            self.item(ctype.clone()),
            parse(
                "as ::cgo::CType>::CHECKED, \"C may pass what is no value of this type: give the parameter another name than `self`\"",
            ),
        ]);
        let assertion = join([parse("::core::assert!"), parentheses(arguments), parse(";")]);
        self.at_compile_time(ctype, assertion)
    }

    /// The function's lifetimes, and `'cgo`, which what is borrowed of C for the call has: the body cannot keep it longer.
    fn generics(&self, generics: Range<usize>, is_borrowed: bool) -> TokenStream {
        match (is_borrowed, generics.is_empty()) {
            (false, _) => self.item(generics),
            (true, true) => parse("<'cgo>"),
            (true, false) => join([parse("<'cgo,"), self.item(generics.start + 1..generics.end)]),
        }
    }

    /// A function with `...`, or an error at it: the runtime knows which rustc has compiled it.
    fn where_rust_can(&self, code: TokenStream, variadic: usize) -> TokenStream {
        let error = report::error(
            "a function with `...` needs Rust 1.99 or later: with this one write it in C, in the preamble, and have it call this one",
            self.tokens.span(variadic),
        );
        let call = Span::call_site();
        let choice = join([braces(code, call), braces(error, call)]);
        join([parse("::cgo::export::if_rust_1_99!"), braces(choice, call)])
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
                format!("::cgo::export::Return{count} {{ {} }}", parts.join(", "))
            }
            form => conversion(form).map_or("cgo_result".to_string(), |(_, name)| {
                format!("::cgo::export::{name}_to_c(cgo_result)")
            }),
        };
        let never =
            function.result.len() == 1 && self.tokens.list[function.result.start].text == "!";
        match &function.panic {
            PanicRule::Unwind if never => join([parentheses(closure), parse("()")]),
            PanicRule::Unwind => join([
                parse("let cgo_result ="),
                parentheses(closure),
                parse(&format!("(); {convert}")),
            ]),
            PanicRule::Return(_) | PanicRule::Abort => {
                let call = self.caught(&function.panic, closure);
                match never {
                    true => call,
                    false => join([
                        parse("let cgo_result ="),
                        call,
                        parse(&format!("; {convert}")),
                    ]),
                }
            }
        }
    }

    /// A call of the closure that no panic leaves.
    fn caught(&self, rule: &PanicRule, closure: TokenStream) -> TokenStream {
        let (function, arguments) = match rule {
            PanicRule::Return(value) => {
                let value = self.options.stream(value.clone());
                ("catch", join([closure, parse(", ||"), value]))
            }
            _ => {
                let name = parse(&format!("{:?},", self.export.symbol));
                ("or_end", join([name, closure]))
            }
        };
        let function = parse(&format!("::cgo::export::{function}"));
        join([function, parentheses(arguments)])
    }

    fn kind(&self, ctype: Range<usize>, form: Form) -> TokenStream {
        match form {
            Form::CStr | Form::OptionalCStr => parse("::cgo::Kind::Pointer"),
            Form::Str => parse("::cgo::export::record::<::cgo::Str>()"),
            Form::Bytes => parse("::cgo::export::record::<::cgo::Bytes>()"),
            Form::Direct if ctype.is_empty() => parse("::cgo::Kind::Void"),
            Form::Direct if self.tokens.list[ctype.start].text == "!" => parse("::cgo::Kind::Void"),
            Form::Direct => self.kind_of(ctype),
            Form::Tuple(count) => self.kind_of_tuple(ctype, count),
        }
    }

    fn kind_of(&self, ctype: Range<usize>) -> TokenStream {
        self.kind_as(ctype, "CType")
    }

    /// What a type is to C by one of the runtime's traits, if what C puts there can be looked at.
    pub(super) fn kind_as(&self, ctype: Range<usize>, of: &str) -> TokenStream {
        let place = self.tokens.span(ctype.start);
        let of_type = |fact: &str| {
            let named = self.tokens.without_lifetimes(ctype.clone());
            join([
                parse("<"),
                named,
                parse(&format!("as ::cgo::{of}>::{fact}")),
            ])
        };
        let refusal = join([
            located(parse("::cgo::export::refuse_returned"), place),
            group(Delimiter::Parenthesis, of_type("RETURNS_CHECKED"), place),
            parse(";"),
        ]);
        braces(join([refusal, of_type("KIND")]), Span::call_site())
    }

    /// That of the struct, after a look at each part.
    fn kind_of_tuple(&self, ctype: Range<usize>, count: usize) -> TokenStream {
        let parts = self.tokens.group_parts(ctype.start).into_iter();
        let checks = parts.map(|part| join([parse("let _ ="), self.kind_of(part), parse(";")]));
        let named = |part| self.tokens.without_lifetimes(part);
        let record = join([
            parse("::cgo::export::record::<"),
            self.tuple_result(ctype, count, named),
            parse(">()"),
        ]);
        braces(join([checks.collect(), record]), Span::call_site())
    }

    /// The struct that C gets a tuple in.
    fn tuple_result(
        &self,
        ctype: Range<usize>,
        count: usize,
        named: impl Fn(Range<usize>) -> TokenStream,
    ) -> TokenStream {
        let parts = self.tokens.group_parts(ctype.start).into_iter();
        let parts = parts.map(|part| join([named(part), parse(",")]));
        join([
            parse(&format!("::cgo::export::Return{count}<")),
            parts.collect(),
            parse(">"),
        ])
    }
}

/// What a function has before its body.
#[derive(Default)]
struct Signature {
    parameters: TokenStream,
    /// Stand before the body.
    conversions: TokenStream,
    /// Whether a conversion needs a lifetime that the function's author has not named.
    is_borrowed: bool,
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

fn conversions_around(conversions: TokenStream, body: TokenStream) -> TokenStream {
    if conversions.is_empty() {
        return body;
    }
    braces(join([conversions, body]), Span::call_site())
}
