//! Finds what declarations say about records and DWARF does not.
//!
//! Bit-fields without a name: gcc passes `union { int : 3; float f; }` as an integer. Members that are packed although they lie where
//! they would anyway: some machines pass a record by the alignment of its members. Unions that are passed as their first member.
//! Bit-fields whose place clang does not tell.

use std::collections::HashSet;

use cgo_csyntax::declarations::declarator::attribute_words;
use cgo_csyntax::declarations::names::Names;
use cgo_csyntax::lexer::Token;

use crate::model::record_declarations::record_declarations;
use crate::model::types::{Body, Position, RecordKind, Type, TypeId, Types};

/// Marks the records by what their declarations say, and removes the members whose place is not known.
pub(crate) fn mark(names: &Names<'_>, types: &mut Types) {
    let sizes = types.hides_whole_bit_fields.then(|| sizes(types));
    let declarations = record_declarations(names, types);
    for (ctype, declaration) in types.list.iter_mut().zip(declarations) {
        let (Some(declaration), Type::Record(record)) = (declaration, ctype) else {
            continue;
        };
        let (kind, Some(body)) = (record.kind, &mut record.body) else {
            continue;
        };
        // In a record only bit-fields have a colon.
        body.hidden_bits = declaration.iter().any(|token| token.is(b':'));
        let attributes = attribute_words(declaration);
        body.transparent = attributes.contains(&"transparent_union");
        let packed = names.packs || attributes.contains(&"packed");
        // Without an attribute for alignment, the alignment of a packed record is less than Rust's anyway.
        body.packed = packed && attributes.iter().any(|word| is_alignment(word));
        if let (Some(sizes), true, RecordKind::Struct) = (&sizes, packed && body.hidden_bits, kind)
        {
            take_out_unplaced(declaration, body, sizes);
        }
    }
}

fn is_alignment(word: &str) -> bool {
    matches!(word, "aligned" | "align" | "Alignas" | "alignas")
}

/// Behind a bit-field without a name, a bit-field as wide as its type may start in the middle of a byte. clang's DWARF tells only the
/// byte.
fn take_out_unplaced(declaration: &[Token<'_>], body: &mut Body, sizes: &[u64]) {
    let before_colons = declaration
        .windows(2)
        .filter(|pair| pair[1].is(b':'))
        .map(|pair| pair[0].text);
    let is_member = |word: &&str| {
        let mut members = body.members.iter();
        members.any(|member| member.name.as_deref() == Some(word))
    };
    let unplaced: HashSet<&str> = before_colons.skip_while(is_member).collect();
    body.members.retain(|member| {
        let is_whole = match member.position {
            Position::Byte(_) => true,
            Position::Bits { width, .. } => {
                width == sizes[member.ctype.0 as usize].saturating_mul(8)
            }
        };
        let name = member.name.as_deref().unwrap_or_default();
        !(is_whole && unplaced.contains(name))
    });
}

/// The sizes of integers, by the indices of the types.
fn sizes(types: &Types) -> Vec<u64> {
    let ids = (0..types.list.len()).map(|index| TypeId(index as u32));
    let sizes = ids.map(|id| match types.get(types.resolve(id)) {
        Type::Base(base) => base.size,
        Type::Enum(number) => number.size,
        _ => 0,
    });
    sizes.collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::types::{Member, Record};

    /// The members that are left of `struct s`, for which clang's DWARF tells only bytes.
    fn left(text: &str, members: &[&str]) -> Vec<String> {
        let members = members.iter().map(|name| Member {
            name: Some(name.to_string()),
            ctype: TypeId(0),
            align: None,
            position: Position::Byte(1),
        });
        let body = Body {
            size: 8,
            align: Some(1),
            members: members.collect(),
            hidden_bits: false,
            packed: false,
            transparent: false,
        };
        let record = Record {
            kind: RecordKind::Struct,
            tag: Some("s".to_string()),
            body: Some(body),
        };
        let mut types = Types {
            list: vec![Type::Record(record)],
            hides_whole_bit_fields: true,
            ..Types::default()
        };
        mark(&cgo_csyntax::declarations::declared(text), &mut types);
        let Type::Record(Record {
            body: Some(body), ..
        }) = types.list.remove(0)
        else {
            return Vec::new();
        };
        body.members
            .into_iter()
            .filter_map(|member| member.name)
            .collect()
    }

    #[test]
    fn a_bit_field_whose_place_clang_does_not_tell_is_taken_out() {
        let text = "struct __attribute__((packed)) s { unsigned char a; unsigned : 3; unsigned b : 32; char c; };";
        assert_eq!(left(text, &["a", "b", "c"]), ["a", "c"]);
    }

    #[test]
    fn what_stands_before_the_nameless_one_stays() {
        let text = "struct __attribute__((packed)) s { unsigned b : 32; unsigned : 3; };";
        assert_eq!(left(text, &["b"]), ["b"]);
    }

    #[test]
    fn beside_named_bit_fields_it_stays() {
        let text = "struct __attribute__((packed)) s { unsigned a : 3; unsigned b : 32; };";
        assert_eq!(left(text, &["a", "b"]), ["a", "b"]);
    }

    #[test]
    fn a_member_called_packed_is_no_attribute() {
        let text =
            "struct s { unsigned char packed; unsigned : 3; unsigned b : 32; char aligned; };";
        assert_eq!(left(text, &["packed", "b"]), ["packed", "b"]);
    }

    #[test]
    fn an_attribute_is_written_in_many_ways() {
        for attribute in [
            "__attribute__((__packed__))",
            "__attribute((aligned(2), packed))",
            "[[gnu::packed]]",
        ] {
            let text =
                format!("struct {attribute} s {{ char a; unsigned : 3; unsigned b : 32; }};");
            assert_eq!(left(&text, &["a", "b"]), ["a"], "{attribute}");
        }
    }

    #[test]
    fn in_a_record_that_is_not_packed_it_stays() {
        let text = "struct s { unsigned char a; unsigned : 3; unsigned b : 32; };";
        assert_eq!(left(text, &["a", "b"]), ["a", "b"]);
    }
}
