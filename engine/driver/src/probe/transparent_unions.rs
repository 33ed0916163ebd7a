//! The members of unions such as glibc's `__SOCKADDR_ARG`: gcc describes none for a typedef of a union without a tag that the attribute
//! `transparent_union` follows. So the probe declares the same members once more.

use cgo_codegen::model::types::{Body, Record, Type, TypeId, Types};
use cgo_csyntax::brackets::group_end;
use cgo_csyntax::declarations::declarator::attribute_words;
use cgo_csyntax::declarations::names::{Name, NameKind, Names};

/// The names of these typedefs, each with the members in braces.
pub(crate) fn bodies(names: &Names) -> Vec<(String, String)> {
    let untagged = names
        .list
        .iter()
        .filter(|name| matches!(name.kind, NameKind::Typedef { untagged: true, .. }));
    let body = |name: &Name<'_>| {
        let tokens = names.tokens(name.declaration);
        if !attribute_words(tokens).contains(&"transparent_union") {
            return None;
        }
        let open = tokens.iter().position(|token| token.is(b'{'))?;
        let members = &tokens[open..group_end(tokens, open)];
        let words: Vec<&str> = members.iter().map(|token| token.text).collect();
        Some((name.name.to_string(), words.join(" ")))
    };
    untagged.filter_map(body).collect()
}

/// Gives the union of this typedef the members of the other one, if it has none.
pub(crate) fn complete(types: &mut Types, typedef: &str, other: TypeId) {
    let is_it = |ctype: &&Type| matches!(ctype, Type::Typedef(found) if found.name == typedef);
    let Some(Type::Typedef(found)) = types.list.iter().find(is_it) else {
        return;
    };
    let id = types.resolve(found.target);
    let Type::Record(Record {
        body: Some(Body { members, .. }),
        ..
    }) = types.get(types.resolve(other))
    else {
        return;
    };
    let members = members.clone();
    if let Type::Record(Record {
        body: Some(body), ..
    }) = &mut types.list[id.0 as usize]
        && body.members.is_empty()
    {
        body.members = members;
    }
}
