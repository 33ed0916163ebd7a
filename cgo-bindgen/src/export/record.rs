//! Reads an exported struct, union or enum.

use super::cursor::{Cursor, split_at_commas, text};
use super::item::{Attributes, at_item};
use super::lexer::TokenKind;
use super::rust_type;
use super::{Enumeration, Item, Problem, Record};

impl Cursor<'_> {
    pub(super) fn record(
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
        let (mut fields, mut field_types) = (Vec::new(), Vec::new());
        for (index, part) in parts.into_iter().enumerate() {
            let mut field = Cursor {
                tokens: &self.tokens[..part.end + offset],
                at: part.start + offset,
            };
            field.attributes();
            field.visibility();
            let field_name = if named {
                let at = field.name()?;
                field.eat(":");
                field.tokens[at].text.trim_start_matches("r#").to_string()
            } else {
                format!("_{index}")
            };
            let ctype = field.at..part.end + offset;
            fields.push((field_name, rust_type::read(&self.tokens[ctype.clone()])));
            field_types.push(ctype);
        }
        Ok((
            name,
            Item::Record(Record {
                field_types,
                is_union,
                fields,
            }),
        ))
    }

    pub(super) fn enumeration(
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
        for part in split_at_commas(&self.tokens[list]) {
            let mut variant = Cursor {
                tokens: &self.tokens[..part.end + offset],
                at: part.start + offset,
            };
            variant.attributes();
            let at = variant.name()?;
            if variant.is_kind(TokenKind::Open) {
                return variant.problem("C's enumerators have no fields: export an enum without them, or a `#[repr(C)]` struct with a union");
            }
            let value = variant
                .eat("=")
                .then(|| text(&variant.tokens[variant.at..]));
            variants.push((
                variant.tokens[at].text.trim_start_matches("r#").to_string(),
                value,
            ));
        }
        if variants.is_empty() {
            return Err(at_item(name, "C has no enum without enumerators"));
        }
        let signed = match &integer {
            Some(integer) => integer.starts_with('i'),
            // GCC's manual, "Structures, unions, enumerations, and bit-fields": unsigned, unless there are negative values.
            None => variants
                .iter()
                .any(|(_, value)| value.as_ref().is_some_and(|value| value.starts_with('-'))),
        };
        Ok((
            name,
            Item::Enumeration(Enumeration {
                signed,
                integer,
                variants,
            }),
        ))
    }

    fn no_generics(&self) -> Result<(), Problem> {
        if self.is("<") {
            return self.problem("C knows no generics: export one type for each use");
        }
        Ok(())
    }
}
