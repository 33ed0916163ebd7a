//! Finds what the text tells of records and DWARF does not: bit-fields without a name, since gcc passes
//! `union { int : 3; float f; }` as an integer; members that are packed although they lie where they would anyway, since
//! some machines pass a record by its members' alignment; and bit-fields whose place clang does not tell.

use std::collections::{HashMap, HashSet};

use cgo_csyntax::declarations::names::{Keyword, Names, Role};
use cgo_csyntax::lexer::tokens;

use crate::model::types::{Body, Position, Record, RecordKind, Type, TypeId, Typedef, Types};

/// Marks the records by the text of their declarations, and takes out the members that cannot be reached.
pub fn mark(names: &Names, text: &str, types: &mut Types) {
    let packs = text.contains("#pragma pack");
    let sizes = types.hides_whole_bit_fields.then(|| sizes(types));
    let declarations = declarations(names, text, types);
    for (ctype, declaration) in types.list.iter_mut().zip(declarations) {
        let (Some(declaration), Type::Record(record)) = (declaration, ctype) else {
            continue;
        };
        let (kind, Some(body)) = (record.kind, &mut record.body) else {
            continue;
        };
        // A colon stands for no other member.
        body.hidden_bits = declaration.contains(':');
        let packed = packs || declaration.contains("packed");
        // Without an attribute for more alignment, such a record has less than Rust's.
        body.packed = packed && declaration.contains("align");
        if let (Some(sizes), true, RecordKind::Struct) = (&sizes, packed && body.hidden_bits, kind)
        {
            take_out_unplaced(declaration, body, sizes);
        }
    }
}

/// After a bit-field without a name, one as wide as its type may start in the middle of a byte, of which clang's DWARF tells
/// nothing but the byte.
fn take_out_unplaced(declaration: &str, body: &mut Body, sizes: &[u64]) {
    let tokens = tokens(declaration);
    let before_colons = tokens
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

/// The sizes of numbers, by the numbers of the types.
fn sizes(types: &Types) -> Vec<u64> {
    let ids = (0..types.list.len()).map(|index| TypeId(index as u32));
    let sizes = ids.map(|id| match types.get(types.resolve(id)) {
        Type::Base(base) => base.size,
        Type::Enum(number) => number.size,
        _ => 0,
    });
    sizes.collect()
}

/// The text of each record's declaration, by the numbers of the types.
pub(crate) fn declarations<'t>(
    names: &Names,
    text: &'t str,
    types: &Types,
) -> Vec<Option<&'t str>> {
    let (mut structs, mut unions, mut typedefs) = (HashMap::new(), HashMap::new(), HashMap::new());
    for name in &names.list {
        let of_role = match name.role {
            Role::Tag {
                keyword: Keyword::Struct,
                complete: true,
            } => &mut structs,
            Role::Tag {
                keyword: Keyword::Union,
                complete: true,
            } => &mut unions,
            Role::Typedef { untagged: true, .. } => &mut typedefs,
            _ => continue,
        };
        let (start, end) = name.text;
        of_role.insert(name.name.as_str(), &text[start..end]);
    }
    let mut found = vec![None; types.list.len()];
    for (index, ctype) in types.list.iter().enumerate() {
        match ctype {
            Type::Record(Record {
                kind,
                tag: Some(tag),
                ..
            }) => {
                let tags = match kind {
                    RecordKind::Struct => &structs,
                    RecordKind::Union => &unions,
                };
                found[index] = tags.get(tag.as_str()).copied();
            }
            Type::Typedef(Typedef { name, target, .. }) if is_untagged(types, *target) => {
                let declaration = typedefs.get(name.as_str()).copied();
                found[target.0 as usize] = declaration.or(found[target.0 as usize]);
            }
            _ => {}
        }
    }
    // One inside of another record is part of that one's text.
    let has_text = |index: &usize| found[*index].is_some();
    let mut waiting: Vec<usize> = (0..found.len()).filter(has_text).collect();
    while let Some(outer) = waiting.pop() {
        let Type::Record(Record {
            body: Some(body), ..
        }) = &types.list[outer]
        else {
            continue;
        };
        for member in &body.members {
            let inner = inner(types, member.ctype);
            if is_untagged(types, inner) && found[inner.0 as usize].is_none() {
                found[inner.0 as usize] = found[outer];
                waiting.push(inner.0 as usize);
            }
        }
    }
    found
}

fn is_untagged(types: &Types, id: TypeId) -> bool {
    matches!(types.get(id), Type::Record(Record { tag: None, .. }))
}

/// What a declarator is about, without the names of other declarations.
fn inner(types: &Types, mut id: TypeId) -> TypeId {
    while let Type::Pointer(inner)
    | Type::Qualified(_, inner)
    | Type::Array { element: inner, .. } = types.get(id)
    {
        id = *inner;
    }
    id
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::types::Member;

    /// The members that are left of `struct s`, which clang's DWARF tells all by bytes.
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
        mark(
            &cgo_csyntax::declarations::names::declared(text),
            text,
            &mut types,
        );
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
    fn in_a_record_that_is_not_packed_it_stays() {
        let text = "struct s { unsigned char a; unsigned : 3; unsigned b : 32; };";
        assert_eq!(left(text, &["a", "b"]), ["a", "b"]);
    }
}
