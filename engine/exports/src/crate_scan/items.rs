//! Parses items, and keeps what matters for exports. Bodies are skipped, unless they have the word `export_c`.

use proc_macro2::{Delimiter, Group, Span, TokenStream, TokenTree};
use quote::quote;
use syn::ext::IdentExt;
use syn::parse::discouraged::Speculative;
use syn::parse::{ParseStream, Parser};
use syn::{
    Attribute, Error, Generics, Ident, LitStr, Macro, Path, Result, Signature, StaticMutability,
    Token, Type, UseTree, Visibility, WhereClause, token,
};

use super::attributes::{may_export, mentions_export, relevant, text_of};
use super::choices::{Arm, cfg_if, cfg_select};
use super::imports::imports;
use super::node::{self, Node, NodeKind};
use super::path::plain_name;
use super::self_type::{impl_head, with_self};
use crate::item::syntax::{starts_function, starts_union};

pub(super) fn items(input: ParseStream<'_>, nodes: &mut Vec<Node>) -> Result<()> {
    while !input.is_empty() {
        item(input, nodes)?;
    }
    Ok(())
}

fn item(input: ParseStream<'_>, nodes: &mut Vec<Node>) -> Result<()> {
    let attributes = input.call(Attribute::parse_outer)?;
    let visibility: Visibility = input.parse()?;
    let line = input.span().start().line;
    let kind = if attributes.iter().any(may_export) {
        exported(input)?
    } else {
        None
    };
    let kinds = match kind {
        Some(kinds) => kinds,
        None => plain(input)?,
    };
    let mattering = relevant(&attributes);
    nodes.extend(kinds.into_iter().map(|kind| Node {
        attributes: match kind {
            NodeKind::Export { .. } => text_of(&attributes),
            _ => mattering.clone(),
        },
        visibility: match (&kind, &visibility) {
            (NodeKind::Preamble(_), _) | (_, Visibility::Public(_)) => node::Visibility::Crate,
            (_, Visibility::Inherited) => node::Visibility::Scope,
            (_, Visibility::Restricted(restricted)) => match &restricted.path {
                path if path.is_ident("self") => node::Visibility::Scope,
                path if path.is_ident("super") => node::Visibility::Parent,
                _ => node::Visibility::Crate,
            },
        },
        line,
        kind,
    }));
    Ok(())
}

/// An item under `#[export_c]`; `None` if it cannot be exported.
fn exported(input: ParseStream<'_>) -> Result<Option<Vec<NodeKind>>> {
    if starts_function(input) {
        let signature: Signature = input.parse()?;
        let tokens = match body(input)? {
            Some(body) => {
                let mut kinds = inside_body(&body)?;
                kinds.insert(0, export(quote!(#signature {}), None));
                return Ok(Some(kinds));
            }
            None => quote!(#signature;),
        };
        return Ok(Some(vec![export(tokens, None)]));
    }
    if input.peek(Token![static]) {
        let word: Token![static] = input.parse()?;
        let mutability: StaticMutability = input.parse()?;
        let name: Ident = input.parse()?;
        let colon: Token![:] = input.parse()?;
        let ctype: Type = input.parse()?;
        until_semicolon(input)?;
        // Without its value, which is not needed.
        let tokens = quote!(#word #mutability #name #colon #ctype;);
        return Ok(Some(vec![export(tokens, None)]));
    }
    let is_type = input.peek(Token![struct]) || input.peek(Token![enum]);
    if is_type || starts_union(input) {
        let ahead = input.fork();
        ahead.call(Ident::parse_any)?;
        let name: Ident = ahead.parse()?;
        let tokens = definition(input)?;
        return Ok(Some(vec![export(tokens, Some(name))]));
    }
    Ok(None)
}

fn export(item: TokenStream, name: Option<Ident>) -> NodeKind {
    NodeKind::Export {
        item: item.to_string(),
        name: name.as_ref().map(plain_name).unwrap_or_default(),
    }
}

/// The tokens of a struct, union or enum.
fn definition(input: ParseStream<'_>) -> Result<TokenStream> {
    let (word, name): (Ident, Ident) = (input.call(Ident::parse_any)?, input.parse()?);
    let generics: Generics = input.parse()?;
    let mut clause: Option<WhereClause> = input.parse()?;
    let fields = match input.peek(token::Brace) || input.peek(token::Paren) {
        true => Some(input.parse::<Group>()?),
        false => None,
    };
    clause = match clause {
        None => input.parse()?,
        some => some,
    };
    let end: Option<Token![;]> = input.parse()?;
    Ok(quote!(#word #name #generics #clause #fields #end))
}

/// The body of a function; `None` for a semicolon.
fn body(input: ParseStream<'_>) -> Result<Option<Group>> {
    match input.parse::<TokenTree>()? {
        TokenTree::Group(body) if body.delimiter() == Delimiter::Brace => Ok(Some(body)),
        TokenTree::Punct(sign) if sign.as_char() == ';' => Ok(None),
        other => Err(Error::new(other.span(), "a body is missing here")),
    }
}

/// The items in a body with the word `export_c`.
fn inside_body(body: &Group) -> Result<Vec<NodeKind>> {
    if !mentions_export(body.stream()) {
        return Ok(Vec::new());
    }
    let nodes = statements.parse2(body.stream())?;
    Ok(vec![NodeKind::Block(nodes)])
}

/// The items among statements, and those in blocks of expressions.
fn statements(input: ParseStream<'_>) -> Result<Vec<Node>> {
    let mut nodes = Vec::new();
    while !input.is_empty() {
        let ahead = input.fork();
        let mut found = Vec::new();
        if starts_item(&ahead) && item(&ahead, &mut found).is_ok() {
            input.advance_to(&ahead);
            nodes.append(&mut found);
        } else {
            statement(input, &mut nodes)?;
        }
    }
    Ok(nodes)
}

/// Whether an item follows, and not another statement.
fn starts_item(input: ParseStream<'_>) -> bool {
    let input = input.fork();
    if input.call(Attribute::parse_outer).is_err() || input.parse::<Visibility>().is_err() {
        return false;
    }
    let starts_constant = input.peek(Token![const]) && !input.peek2(token::Brace);
    let words = input.peek(Token![use])
        || input.peek(Token![mod])
        || input.peek(Token![type])
        || input.peek(Token![struct])
        || input.peek(Token![enum])
        || input.peek(Token![impl])
        || input.peek(Token![trait])
        || input.peek(Token![extern]);
    let is_static =
        input.peek(Token![static]) && !input.peek2(Token![|]) && !input.peek2(Token![move]);
    let is_call = input.peek(Ident) && input.peek2(Token![!]);
    words
        || is_static
        || starts_constant
        || is_call
        || starts_union(&input)
        || starts_function(&input)
}

/// The items in the blocks of a statement, under its attributes.
fn statement(input: ParseStream<'_>, nodes: &mut Vec<Node>) -> Result<()> {
    let attributes = relevant(&input.call(Attribute::parse_outer)?);
    let mut inner = Vec::new();
    let (mut is_behind_word, mut is_call) = (false, false);
    while !input.is_empty() {
        let token: TokenTree = input.parse()?;
        let line = token.span().start().line;
        let mut is_end = false;
        let mut behind = (false, false);
        match token {
            TokenTree::Punct(sign) => {
                is_end = sign.as_char() == ';';
                behind = (false, is_behind_word && sign.as_char() == '!');
            }
            TokenTree::Group(group) => {
                is_end = group.delimiter() == Delimiter::Brace;
                if mentions_export(group.stream()) {
                    inner.push(Node {
                        attributes: String::new(),
                        visibility: node::Visibility::Scope,
                        line,
                        kind: match is_call {
                            true => NodeKind::Unread,
                            false => NodeKind::Block(statements.parse2(group.stream())?),
                        },
                    });
                }
            }
            TokenTree::Ident(_) => behind = (true, false),
            TokenTree::Literal(_) => {}
        }
        (is_behind_word, is_call) = behind;
        if is_end {
            break;
        }
    }
    if !inner.is_empty() {
        nodes.push(Node {
            attributes,
            visibility: node::Visibility::Scope,
            line: 0,
            kind: NodeKind::Block(inner),
        });
    }
    Ok(())
}

/// An item that is not exported.
fn plain(input: ParseStream<'_>) -> Result<Vec<NodeKind>> {
    if starts_function(input) {
        input.parse::<Signature>()?;
        return match body(input)? {
            Some(body) => inside_body(&body),
            None => Ok(Vec::new()),
        };
    }
    if input.peek(Token![use]) {
        input.parse::<Token![use]>()?;
        let is_global = input.parse::<Option<Token![::]>>()?.is_some();
        let tree: UseTree = input.parse()?;
        input.parse::<Token![;]>()?;
        let mut kinds = Vec::new();
        imports(if is_global { "::" } else { "" }, &tree, &mut kinds);
        return Ok(kinds);
    }
    if input.peek(Token![mod]) || input.peek(Token![unsafe]) && input.peek2(Token![mod]) {
        input.parse::<Option<Token![unsafe]>>()?;
        return module(input).map(|kind| vec![kind]);
    }
    if input.peek(Token![extern]) && input.peek2(Token![crate]) {
        input.parse::<Token![extern]>()?;
        input.parse::<Token![crate]>()?;
        let name: Ident = input.call(Ident::parse_any)?;
        let other = match input.parse::<Option<Token![as]>>()? {
            Some(_) => input.call(Ident::parse_any)?,
            None => name.clone(),
        };
        input.parse::<Token![;]>()?;
        let (name, other) = (plain_name(&name), plain_name(&other));
        return Ok(vec![NodeKind::Crate { name, other }]);
    }
    if input.peek(Token![struct]) || input.peek(Token![enum]) || starts_union(input) {
        let ahead = input.fork();
        ahead.call(Ident::parse_any)?;
        let name: Ident = ahead.parse()?;
        definition(input)?;
        return Ok(vec![NodeKind::Named(plain_name(&name))]);
    }
    if input.peek(Token![type]) {
        input.parse::<Token![type]>()?;
        let name = plain_name(&input.parse()?);
        let rest = until_semicolon(input)?.to_string();
        return Ok(vec![NodeKind::Alias { name, rest }]);
    }
    if input.peek(Token![const]) && !input.peek2(Token![impl]) && !input.peek2(Token![trait]) {
        return constant(input);
    }
    if input.peek(Token![static]) {
        return unread(until_semicolon(input)?);
    }
    if starts_impl(input) {
        return implementation(input);
    }
    call_or_other(input)
}

fn starts_impl(input: ParseStream<'_>) -> bool {
    input.peek(Token![impl]) || input.peek(Token![unsafe]) && input.peek2(Token![impl])
}

fn module(input: ParseStream<'_>) -> Result<NodeKind> {
    input.parse::<Token![mod]>()?;
    let name = plain_name(&input.call(Ident::parse_any)?);
    if input.parse::<Option<Token![;]>>()?.is_some() {
        return Ok(NodeKind::File { name });
    }
    let inside;
    syn::braced!(inside in input);
    let attributes = relevant(&inside.call(Attribute::parse_inner)?);
    let mut nodes = Vec::new();
    items(&inside, &mut nodes)?;
    Ok(NodeKind::Module {
        name,
        attributes,
        nodes,
    })
}

/// `const NAME: T = ..;`. The value of `const _` may be a block with items.
fn constant(input: ParseStream<'_>) -> Result<Vec<NodeKind>> {
    input.parse::<Token![const]>()?;
    let name = input.call(Ident::parse_any)?;
    let rest = until_semicolon(input)?;
    let mut kinds = Vec::new();
    for token in rest.clone() {
        if let TokenTree::Group(group) = token {
            kinds.extend(inside_body(&group)?);
        }
    }
    if name != "_" {
        // A block with exports is not evaluated.
        let rest = match kinds.is_empty() {
            true => rest,
            false => quote!(: () = {}),
        };
        kinds.push(NodeKind::Constant {
            name: plain_name(&name),
            rest: rest.to_string(),
        });
    }
    Ok(kinds)
}

/// The exports in an `impl`, with its type for `Self`.
fn implementation(input: ParseStream<'_>) -> Result<Vec<NodeKind>> {
    let mut head = Vec::new();
    let body = loop {
        match input.parse::<TokenTree>()? {
            TokenTree::Group(group) if group.delimiter() == Delimiter::Brace => {
                let is_type = input.peek(Token![>]) || input.peek(Token![,]);
                if !is_type {
                    break group;
                }
                head.push(TokenTree::Group(group));
            }
            token => head.push(token),
        }
    };
    if !mentions_export(body.stream()) {
        return Ok(Vec::new());
    }
    let start = head.first().map_or_else(Span::call_site, TokenTree::span);
    let head = impl_head(&head);
    let named = with_self(body.stream(), &head.ctype);
    let members = |input: ParseStream<'_>| {
        let mut nodes = Vec::new();
        input.call(Attribute::parse_inner)?;
        while !input.is_empty() {
            member(input, &mut nodes)?;
        }
        Ok(nodes)
    };
    let nodes = members.parse2(named)?;
    let is_export = |node: &Node| matches!(node.kind, NodeKind::Export { .. });
    if head.is_generic && nodes.iter().any(is_export) {
        let message = "a function in a generic `impl` cannot be exported: write a function for each type outside of the `impl`";
        return Err(Error::new(start, message));
    }
    Ok(vec![NodeKind::Block(nodes)])
}

/// An item of an `impl`. Its associated types and constants are not names of the module.
fn member(input: ParseStream<'_>, nodes: &mut Vec<Node>) -> Result<()> {
    let mut found = Vec::new();
    // `default` of specialisation.
    item(input, &mut found)?;
    let is_member = |node: &Node| {
        matches!(
            node.kind,
            NodeKind::Export { .. } | NodeKind::Block(_) | NodeKind::Unread
        )
    };
    nodes.extend(found.into_iter().filter(is_member));
    Ok(())
}

/// A macro call, or an item without exports.
fn call_or_other(input: ParseStream<'_>) -> Result<Vec<NodeKind>> {
    if input.parse::<Option<Token![;]>>()?.is_some() {
        return Ok(Vec::new());
    }
    let ahead = input.fork();
    let call = ahead.call(Path::parse_mod_style).ok();
    if let Some(path) = call.filter(|_| ahead.peek(Token![!])) {
        input.advance_to(&ahead);
        input.parse::<Token![!]>()?;
        // The name in `macro_rules! name`.
        input.parse::<Option<Ident>>()?;
        let Ok(group) = input.parse::<Group>() else {
            return Err(input.error("a macro's brackets are missing here"));
        };
        input.parse::<Option<Token![;]>>()?;
        let name = path.segments.last().map(|last| last.ident.to_string());
        return called(name.as_deref().unwrap_or_default(), group.stream());
    }
    let mut passed = TokenStream::new();
    loop {
        let token: TokenTree = input.parse()?;
        let is_end = match &token {
            TokenTree::Group(group) => group.delimiter() == Delimiter::Brace,
            TokenTree::Punct(sign) => sign.as_char() == ';',
            _ => false,
        };
        passed.extend([token]);
        if is_end || input.is_empty() {
            return unread(passed);
        }
    }
}

/// A place that is not read.
fn unread(tokens: TokenStream) -> Result<Vec<NodeKind>> {
    Ok(match mentions_export(tokens) {
        true => vec![NodeKind::Unread],
        false => Vec::new(),
    })
}

fn called(name: &str, arguments: TokenStream) -> Result<Vec<NodeKind>> {
    Ok(match name {
        "include" => vec![included(arguments)],
        "c_preamble" => vec![NodeKind::Preamble(plain_name(&preamble.parse2(arguments)?))],
        "cfg_if" => choice(cfg_if.parse2(arguments)?)?,
        // In an expression its arms are others.
        "cfg_select" => match cfg_select.parse2(arguments.clone()) {
            Ok(arms) => choice(arms)?,
            Err(_) => return unread(arguments),
        },
        _ => return unread(arguments),
    })
}

/// The file that is included. What else than a text or `concat!(env!("OUT_DIR"), ..)` names it is not read.
fn included(arguments: TokenStream) -> NodeKind {
    let of_out_dir = |input: ParseStream<'_>| {
        let variable: Macro = input.parse()?;
        let name: LitStr = variable.parse_body()?;
        input.parse::<Token![,]>()?;
        let file: LitStr = input.parse()?;
        input.parse::<Option<Token![,]>>()?;
        let is_known = variable.path.is_ident("env") && name.value() == "OUT_DIR";
        Ok(is_known.then(|| file.value()))
    };
    if let Ok(file) = syn::parse2::<LitStr>(arguments.clone()) {
        return NodeKind::Include(file.value());
    }
    let joined = syn::parse2::<Macro>(arguments).ok();
    let joined = joined.filter(|call| call.path.is_ident("concat"));
    let file = joined.and_then(|call| call.parse_body_with(of_out_dir).ok()?);
    file.map_or(NodeKind::Unread, NodeKind::IncludeOfOutDir)
}

/// The name of a preamble's module.
fn preamble(input: ParseStream<'_>) -> Result<Ident> {
    let named = |input: ParseStream<'_>| {
        input.parse::<Visibility>()?;
        input.parse::<Token![mod]>()?;
        input.call(Ident::parse_any)
    };
    let name = named(input).unwrap_or_else(|_| Ident::new("C", proc_macro2::Span::call_site()));
    input.parse::<TokenStream>()?;
    Ok(name)
}

fn choice(arms: Vec<Arm>) -> Result<Vec<NodeKind>> {
    let arms = arms.into_iter().enumerate().map(|(at, arm)| {
        let mut nodes = Vec::new();
        let inside = |input: ParseStream<'_>| items(input, &mut nodes);
        inside.parse2(arm.items)?;
        Ok(NodeKind::Arm {
            is_first: at == 0,
            predicate: arm.predicate,
            nodes,
        })
    });
    arms.collect()
}

/// The tokens up to the next semicolon.
fn until_semicolon(input: ParseStream<'_>) -> Result<TokenStream> {
    let mut tokens = TokenStream::new();
    loop {
        match input.parse::<TokenTree>()? {
            TokenTree::Punct(sign) if sign.as_char() == ';' => return Ok(tokens),
            token => tokens.extend([token]),
        }
    }
}
