//! Writes exported variables, structs, unions and enums.

use cgo_exports::{Enumeration, Record, Static};

use proc_macro::{Span, TokenStream};

use super::Writer;
use super::code::{braces, brackets, join, parentheses, parse};

impl Writer<'_> {
    pub(super) fn variable(&self, variable: &Static) -> TokenStream {
        let data = self.tokens.without_lifetimes(variable.ctype.clone());
        let kind = join([parse("<"), data, parse("as ::cgo::CData>::KIND")]);
        let shape = join([parse("::cgo::export::Shape::Variable"), parentheses(kind)]);
        join([
            self.linkage(),
            self.item(0..self.tokens.list.len()),
            self.check(shape),
        ])
    }

    pub(super) fn record(&self, record: &Record) -> TokenStream {
        let fields = record.fields.iter();
        let types = fields.map(|field| {
            let ctype = self.tokens.without_lifetimes(field.ctype.clone());
            join([
                self.items(&field.cfgs),
                parse("c_data::<"),
                ctype,
                parse(">();"),
            ])
        });
        let implementation = join([
            parse("unsafe impl ::cgo::CType for"),
            self.name(),
            parse("{}"),
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
            data_checks(types.collect()),
            self.check(shape),
        ])
    }

    /// Where each field lies, as a list of expressions.
    fn members(&self, record: &Record) -> TokenStream {
        let mut members = TokenStream::new();
        for (index, field) in record.fields.iter().enumerate() {
            let name = match field.name {
                Some(at) => self.item(at..at + 1),
                None => parse(&index.to_string()),
            };
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

/// Has rustc see that C has data of these types; `calls` has one call of `c_data` for each.
fn data_checks(calls: TokenStream) -> TokenStream {
    let checks = join([parse("const fn c_data<T: ::cgo::CData>() {}"), calls]);
    join([
        parse("const _: () ="),
        braces(checks, Span::call_site()),
        parse(";"),
    ])
}
