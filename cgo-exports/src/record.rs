//! Reads an exported struct, union or enum.

use std::ops::Range;

use crate::cursor::{Cursor, split_at_commas, split_expressions};
use crate::item::{Attributes, at_item};
use crate::lexer::{Token, TokenKind};
use crate::rust_type;
use crate::{Enumeration, Field, Item, Problem, Record, Variant};

impl Cursor<'_> {
    pub(crate) fn record(
        &mut self,
        attributes: &Attributes,
        is_union: bool,
    ) -> Result<(usize, Item), Problem> {
        self.at += 1;
        let name = self.name()?;
        self.no_generics()?;
        if attributes.repr != ["C"] {
            return Err(at_item(
                name,
                "C needs `#[repr(C)]` here, and nothing else in it: only then the fields lie as in C",
            ));
        }
        let named = self.is("{");
        if !named && !self.is("(") {
            return self.problem("C has no struct without fields");
        }
        let list = self.group();
        let offset = list.start;
        let parts = split_at_commas(&self.tokens[list]);
        if parts.is_empty() {
            return Err(at_item(name, "C has no struct without fields"));
        }
        let mut fields = Vec::new();
        for (index, part) in parts.into_iter().enumerate() {
            let part = part.start + offset..part.end + offset;
            fields.push(self.field(part, named, index)?);
        }
        Ok((name, Item::Record(Record { fields, is_union })))
    }

    fn field(&self, part: Range<usize>, named: bool, index: usize) -> Result<Field, Problem> {
        let mut field = Cursor {
            tokens: &self.tokens[..part.end],
            at: part.start,
        };
        let cfgs = field.attributes().cfgs;
        field.visibility();
        let name = match named {
            true => Some(field.name()?),
            false => None,
        };
        field.eat(":");
        let ctype = field.at..part.end;
        Ok(Field {
            cfgs,
            name,
            name_in_c: name.map_or(format!("_{index}"), |at| plain(&field.tokens[at])),
            rust_type: rust_type::read(&self.tokens[ctype.clone()]),
            ctype,
        })
    }

    pub(crate) fn enumeration(
        &mut self,
        attributes: &Attributes,
    ) -> Result<(usize, Item), Problem> {
        self.at += 1;
        let name = self.name()?;
        self.no_generics()?;
        let integer = match &attributes.repr[..] {
            [one] if one == "C" => None,
            [one] if matches!(one.as_bytes(), [b'i' | b'u', ..]) => Some(one.clone()),
            _ => {
                return Err(at_item(
                    name,
                    "C needs `#[repr(C)]` here, or an integer type like `#[repr(u8)]`: only then the size is fixed",
                ));
            }
        };
        let list = self.group();
        let offset = list.start;
        let mut variants = Vec::new();
        for part in split_expressions(&self.tokens[list]) {
            variants.push(self.variant(part.start + offset..part.end + offset)?);
        }
        if variants.is_empty() {
            return Err(at_item(name, "C has no enum without enumerators"));
        }
        Ok((name, Item::Enumeration(Enumeration { integer, variants })))
    }

    fn variant(&self, part: Range<usize>) -> Result<Variant, Problem> {
        let mut variant = Cursor {
            tokens: &self.tokens[..part.end],
            at: part.start,
        };
        let cfgs = variant.attributes().cfgs;
        let name = variant.name()?;
        if variant.is_kind(TokenKind::Open) {
            return variant.problem("C's enumerators have no fields: export an enum without them, or a `#[repr(C)]` struct with a union");
        }
        let value = variant
            .eat("=")
            .then(|| variant.tokens[variant.at..].to_vec());
        Ok(Variant {
            cfgs,
            name,
            name_in_c: plain(&self.tokens[name]),
            value,
        })
    }

    fn no_generics(&self) -> Result<(), Problem> {
        if self.is("<") {
            return self.problem("C knows no generics: export one type for each use");
        }
        Ok(())
    }
}

/// A name as C can have it.
fn plain(token: &Token) -> String {
    token.text.trim_start_matches("r#").to_string()
}
