//! Writes exported variables, structs, unions and enums.

use cgo_exports::{Enumeration, Field, Record, Static};

use proc_macro::{Delimiter, Span, TokenStream};

use super::Writer;
use super::code::{braces, brackets, group, join, located, parentheses, parse};

impl Writer<'_> {
    pub(super) fn variable(&self, variable: &Static) -> TokenStream {
        let kind = self.kind_as(variable.ctype.clone(), "CData");
        let shape = join([parse("::cgo::export::Shape::Variable"), parentheses(kind)]);
        join([
            self.linkage(),
            self.item(0..self.tokens.list.len()),
            self.check(shape),
        ])
    }

    pub(super) fn record(&self, record: &Record) -> TokenStream {
        let implementation = join([
            parse("unsafe impl ::cgo::CType for"),
            self.name(),
            braces(self.looks(record), Span::call_site()),
        ]);
        let kind = join([
            parse("<"),
            self.name(),
            parse("as ::cgo::CType>::KIND, ::core::option::Option::Some"),
        ]);
        let members = parentheses(join([parse("&"), brackets(self.members(record))]));
        let shape = join([
            parse("::cgo::export::Shape::Record"),
            parentheses(join([kind, members])),
        ]);
        join([
            self.item(0..self.tokens.list.len()),
            implementation,
            self.check(shape),
            self.nothing_unseen(record),
        ])
    }

    /// Refuses fields through which Rust would reach what nobody looks at: behind a reference, or as what a function of C returns.
    fn nothing_unseen(&self, record: &Record) -> TokenStream {
        let mut assertions = TokenStream::new();
        for field in &record.fields {
            let ctype = self.tokens.without_lifetimes(field.ctype.clone());
            let span = self.tokens.span(field.ctype.start);
            let kind = join([
                parse("let _ ="),
                self.kind_as(field.ctype.clone(), "CData"),
                parse(";"),
            ]);
            let leads = join([
                parse("::cgo::export::Field::<"),
                ctype,
                parse(">::LEADS_TO_CHECKED"),
            ]);
            let call = join([
                located(parse("::cgo::export::refuse_unseen"), span),
                group(Delimiter::Parenthesis, leads, span),
                parse(";"),
            ]);
            let block = braces(join([kind, call]), Span::call_site());
            assertions.extend(join([self.items(&field.cfgs), block]));
        }
        let scope = parse("#[allow(unused_imports)] use ::cgo::export::Unled as _;");
        let block = braces(join([scope, assertions]), Span::call_site());
        join([parse("const _: () ="), block, parse(";")])
    }

    /// What stands for a struct in a signature, and how it is looked at: field by field. Nobody knows which field of a union C has set, and
    /// reading one is `unsafe`.
    fn looks(&self, record: &Record) -> TokenStream {
        if record.is_union {
            return join([parse("type Passed = Self;"), self.data_checks(record)]);
        }
        let (mut facts, mut looks) = (TokenStream::new(), TokenStream::new());
        for (index, field) in record.fields.iter().enumerate() {
            let ctype = self.tokens.without_lifetimes(field.ctype.clone());
            let data = join([parse("<"), ctype, parse("as ::cgo::CData>::")]);
            let cfgs = self.items(&field.cfgs);
            facts.extend(join([cfgs.clone(), data.clone(), parse("CHECKED,")]));
            let place = join([parse("&raw const (*place)."), self.field_name(index, field)]);
            let call = join([data, parse("check"), parentheses(place)]);
            let block = braces(call, Span::call_site());
            looks.extend(join([cfgs, parse("let () = unsafe"), block, parse(";")]));
        }
        let checked = join([
            parse("::cgo::export::any"),
            parentheses(join([parse("&"), brackets(facts)])),
        ]);
        join([
            parse("type Passed = <::cgo::export::Choice<"),
            braces(checked.clone(), Span::call_site()),
            parse(
                "> as ::cgo::export::Choose<Self>>::Passed; const CHECKED: ::core::primitive::bool =",
            ),
            checked,
            parse("; #[inline] unsafe fn check(place: *const Self)"),
            braces(looks, Span::call_site()),
        ])
    }

    /// Has rustc see that C has data like the fields of a union.
    fn data_checks(&self, record: &Record) -> TokenStream {
        let fields = record.fields.iter();
        let facts = fields.map(|field| {
            let ctype = self.tokens.without_lifetimes(field.ctype.clone());
            let fact = join([parse("<"), ctype, parse("as ::cgo::CData>::CHECKED,")]);
            join([self.items(&field.cfgs), fact])
        });
        let block = join([
            parse("let _ ="),
            brackets(facts.collect()),
            parse("; false"),
        ]);
        join([
            parse("const CHECKED: ::core::primitive::bool ="),
            braces(block, Span::call_site()),
            parse(";"),
        ])
    }

    fn field_name(&self, index: usize, field: &Field) -> TokenStream {
        match field.name {
            Some(at) => self.item(at..at + 1),
            None => parse(&index.to_string()),
        }
    }

    /// Where each field lies, as a list of expressions.
    fn members(&self, record: &Record) -> TokenStream {
        let mut members = TokenStream::new();
        for (index, field) in record.fields.iter().enumerate() {
            let name = self.field_name(index, field);
            let ctype = self.tokens.without_lifetimes(field.ctype.clone());
            let place = join([
                parse("::core::mem::offset_of!"),
                parentheses(join([self.name(), parse(","), name])),
            ]);
            let size = join([parse("::core::mem::size_of::<"), ctype, parse(">()")]);
            members.extend(join([
                self.items(&field.cfgs),
                parse("::cgo::export::Member"),
                braces(
                    join([parse("offset:"), place, parse(", size:"), size]),
                    Span::call_site(),
                ),
                parse(","),
            ]));
        }
        members
    }

    pub(super) fn enumeration(&self, enumeration: &Enumeration) -> TokenStream {
        let kind = join([parse("<"), self.name(), parse("as ::cgo::CType>::KIND")]);
        let shape = join([parse("::cgo::export::Shape::Type"), parentheses(kind)]);
        join([
            self.item(0..self.tokens.list.len()),
            parse("unsafe impl ::cgo::CType for"),
            self.name(),
            braces(
                join([
                    parse(
                        "type Passed = ::cgo::Unchecked<Self>; const CHECKED: ::core::primitive::bool = true;",
                    ),
                    self.looks_at_variants(enumeration),
                    parse("const KIND: ::cgo::Kind = ::cgo::Kind::Integer"),
                    braces(
                        join([
                            parse("size: ::core::mem::size_of::<Self>(), signed:"),
                            self.is_signed(enumeration),
                        ]),
                        Span::call_site(),
                    ),
                    parse(";"),
                ]),
                Span::call_site(),
            ),
            self.check(shape),
        ])
    }

    /// The method that looks for the variant whose value C has put there.
    fn looks_at_variants(&self, enumeration: &Enumeration) -> TokenStream {
        let mut values = TokenStream::new();
        for variant in &enumeration.variants {
            let name = self.item(variant.name..variant.name + 1);
            let value = join([parse("Self::"), name, parse("as ::core::primitive::i128")]);
            values.extend(join([
                self.items(&variant.cfgs),
                parentheses(value),
                parse(","),
            ]));
        }
        let name = self.tokens.list[self.export.name].text.clone();
        let arguments = join([
            parse("place.cast(), ::core::mem::size_of::<Self>(), "),
            self.is_signed(enumeration),
            parse(&format!(", {name:?}, &")),
            brackets(values),
        ]);
        let call = join([
            parse("::cgo::export::check_variant"),
            parentheses(arguments),
        ]);
        let body = join([parse("unsafe"), braces(call, Span::call_site())]);
        join([
            parse("#[inline] unsafe fn check(place: *const Self)"),
            braces(body, Span::call_site()),
        ])
    }

    /// Whether C's type has negative values, as an expression.
    fn is_signed(&self, enumeration: &Enumeration) -> TokenStream {
        if let Some(integer) = &enumeration.integer {
            return parse(&integer.starts_with('i').to_string());
        }
        // GCC's manual, "Structures, unions, enumerations, and bit-fields": unsigned, unless there are negative values.
        let mut negative = parse("false,");
        for variant in &enumeration.variants {
            let name = self.item(variant.name..variant.name + 1);
            let value = parentheses(join([parse("Self::"), name, parse("as i128")]));
            negative.extend(join([
                self.items(&variant.cfgs),
                parentheses(join([value, parse("< 0")])),
                parse(","),
            ]));
        }
        join([
            parse("::cgo::export::any"),
            parentheses(join([parse("&"), brackets(negative)])),
        ])
    }
}
