//! The members of unions such as glibc's `__SOCKADDR_ARG`: gcc describes none for a typedef of a union without a tag that the attribute
//! `transparent_union` follows. So the probe declares the same members once more.

use cgo_codegen::model::types::{Body, Record, Type, TypeId, Types};
use cgo_csyntax::brackets::group_end;
use cgo_csyntax::declarations::declarator::attribute_words;
use cgo_csyntax::declarations::names::{Name, NameKind, Names};
use cgo_csyntax::lexer::{Token, TokenKind};

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
        Some((name.name.to_string(), without_bodies_of_tags(members)))
    };
    untagged.filter_map(body).collect()
}

/// A tag with its members would be another type than that of the preamble.
fn without_bodies_of_tags(members: &[Token<'_>]) -> String {
    let (mut text, mut at) = (String::new(), 0);
    while at < members.len() {
        let before = at.checked_sub(1).map(|before| &members[before]);
        let is_behind_a_tag = before.is_some_and(|before| {
            before.kind == TokenKind::Word && !matches!(before.text, "struct" | "union" | "enum")
        });
        if members[at].is(b'{') && is_behind_a_tag {
            at = group_end(members, at);
            continue;
        }
        text.push_str(members[at].text);
        text.push(' ');
        at += 1;
    }
    text
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
