//! Cuts a Rust file into what matters for exports: modules, names, constants, imports and the exports themselves. Bodies are
//! passed over, unless they say `export_c`.

use std::str::FromStr;

use proc_macro2::{Delimiter, Group, TokenStream, TokenTree};
use quote::{ToTokens, quote};
use syn::ext::IdentExt;
use syn::parse::discouraged::Speculative;
use syn::parse::{ParseStream, Parser};
use syn::{
    Attribute, Error, Generics, Ident, LitStr, Meta, Path, Result, Signature, StaticMutability,
    Token, Type, UseTree, Visibility, WhereClause, token,
};

use crate::{function, record};

/// A file as far as it matters, as texts: most of them nobody asks for, and texts are quick to keep.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Scanned {
    /// Its inner attributes.
    pub(crate) attributes: String,
    pub(crate) nodes: Vec<Node>,
    /// Where and why the rest of the file could not be read.
    pub(crate) problem: Option<(usize, String)>,
}

/// An item, or what else matters.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Node {
    /// Those that matter: all of an export, and `cfg`, `cfg_attr` and `path`.
    pub(crate) attributes: String,
    pub(crate) seen: Seen,
    /// The line it starts on, behind its attributes.
    pub(crate) line: usize,
    pub(crate) kind: Kind,
}

/// Who sees an item.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Seen {
    /// The scope it stands in.
    Inside,
    /// The module around that.
    Around,
    /// The crate, at least.
    Everywhere,
}

/// What matters.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Kind {
    /// `mod name;`
    File { name: String },
    /// A module, with what it has in braces.
    Module {
        name: String,
        /// Its inner attributes.
        attributes: String,
        nodes: Vec<Node>,
    },
    /// What stands in a scope without a name: a body, or an `impl`, which is none, but has only exports here.
    Block(Vec<Node>),
    /// What may be an export, without attributes and visibility, and with an empty body; the name, if it is a type.
    Export { item: String, name: String },
    /// A struct, union or enum.
    Named(String),
    /// `type name`, and what follows up to the semicolon.
    Alias { name: String, rest: String },
    /// `const name`, and what follows up to the semicolon.
    Constant { name: String, rest: String },
    /// One path of a `use`, `::` before it if it starts so, and the name that it gets: `*` for all.
    Use { path: String, name: String },
    /// `extern crate name as other`.
    Crate { name: String, other: String },
    /// `include!("file")`.
    Include(String),
    /// `c_preamble!`, whose module has this name.
    Preamble(String),
    /// One arm of `cfg_if!` with its predicate, empty for the last `else`; whether it is the first.
    Arm {
        is_first: bool,
        predicate: String,
        nodes: Vec<Node>,
    },
    /// `export_c` in what is not read.
    Unread,
}

/// In more brackets than these nobody writes items, nor so many signs in one expression or type: the parser would need too much
/// of the stack.
const DEEPEST: usize = 1000;
const MOST_SIGNS: usize = 500;

/// Reads a file's text.
pub(crate) fn read(text: &str) -> Scanned {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    if depth(text) > DEEPEST {
        return too_deep();
    }
    // A line that starts a program of its own, which is no attribute.
    let first = text.lines().next().unwrap_or_default();
    let is_shebang = first.starts_with("#!") && !first[2..].trim_start().starts_with('[');
    let text = if is_shebang {
        &text[first.len()..]
    } else {
        text
    };
    let tokens = match TokenStream::from_str(text) {
        Ok(tokens) => tokens,
        Err(error) => {
            let line = error.span().start().line;
            return Scanned {
                problem: Some((line, error.to_string())),
                ..Scanned::default()
            };
        }
    };
    if is_too_long(tokens.clone()) {
        return too_deep();
    }
    let mut scanned = Scanned::default();
    let parse = |input: ParseStream<'_>| {
        scanned.attributes = text_of(&relevant(&input.call(Attribute::parse_inner)?));
        items(input, &mut scanned.nodes)
    };
    if let Err(error) = parse.parse2(tokens) {
        let line = error.span().start().line;
        scanned.problem = Some((line, error.to_string()));
    }
    scanned
}

fn too_deep() -> Scanned {
    let message = "its brackets or signs are nested too deeply".to_string();
    Scanned {
        problem: Some((1, message)),
        ..Scanned::default()
    }
}

/// Whether signs that may stand before one another, or angle brackets, come without an end.
fn is_too_long(tokens: TokenStream) -> bool {
    let (mut signs, mut angles) = (0, 0usize);
    for token in tokens {
        match token {
            TokenTree::Group(group) => {
                if is_too_long(group.stream()) {
                    return true;
                }
                if group.delimiter() == Delimiter::Brace {
                    (signs, angles) = (0, 0);
                }
            }
            TokenTree::Punct(sign) => match sign.as_char() {
                ';' => (signs, angles) = (0, 0),
                ',' => signs = 0,
                '<' => angles += 1,
                '>' => angles = angles.saturating_sub(1),
                _ => signs += 1,
            },
            _ => {}
        }
        if signs > MOST_SIGNS || angles > MOST_SIGNS {
            return true;
        }
    }
    false
}

/// How deeply brackets are nested, those in texts and comments among them.
fn depth(text: &str) -> usize {
    let (mut depth, mut deepest) = (0usize, 0);
    for byte in text.bytes() {
        match byte {
            b'(' | b'[' | b'{' => {
                depth += 1;
                deepest = deepest.max(depth);
            }
            b')' | b']' | b'}' => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    deepest
}

/// Passes over all that is left.
fn skip(input: ParseStream<'_>) -> Result<TokenStream> {
    input.parse()
}

fn items(input: ParseStream<'_>, nodes: &mut Vec<Node>) -> Result<()> {
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
    let mattering = text_of(&relevant(&attributes));
    nodes.extend(kinds.into_iter().map(|kind| Node {
        attributes: match kind {
            Kind::Export { .. } => text_of(&attributes),
            _ => mattering.clone(),
        },
        seen: match (&kind, &visibility) {
            (Kind::Preamble(_), _) | (_, Visibility::Public(_)) => Seen::Everywhere,
            (_, Visibility::Inherited) => Seen::Inside,
            (_, Visibility::Restricted(restricted)) => match &restricted.path {
                path if path.is_ident("self") => Seen::Inside,
                path if path.is_ident("super") => Seen::Around,
                _ => Seen::Everywhere,
            },
        },
        line,
        kind,
    }));
    Ok(())
}

fn text_of(attributes: &[Attribute]) -> String {
    quote!(#(#attributes)*).to_string()
}

/// Whether an attribute is `#[export_c]`, or may stand for it.
fn may_export(attribute: &Attribute) -> bool {
    match &attribute.meta {
        Meta::List(list) if list.path.is_ident("cfg_attr") => says_export(list.tokens.clone()),
        meta => is_export(meta.path()),
    }
}

pub(crate) fn is_export(path: &Path) -> bool {
    let last = path.segments.last();
    last.is_some_and(|segment| segment.ident == "export_c")
}

/// Whether the word `export_c` is among the tokens.
fn says_export(tokens: TokenStream) -> bool {
    tokens.into_iter().any(|token| match token {
        TokenTree::Ident(word) => word == "export_c",
        TokenTree::Group(group) => says_export(group.stream()),
        _ => false,
    })
}

fn relevant(attributes: &[Attribute]) -> Vec<Attribute> {
    let matters = |attribute: &&Attribute| {
        let path = attribute.path();
        ["cfg", "cfg_attr", "path"]
            .iter()
            .any(|name| path.is_ident(name))
    };
    attributes.iter().filter(matters).cloned().collect()
}

/// An item that may be exported; `None` where it is none that can be.
fn exported(input: ParseStream<'_>) -> Result<Option<Vec<Kind>>> {
    if function::starts(input) {
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
        // Without a value: it is not asked for.
        let tokens = quote!(#word #mutability #name #colon #ctype;);
        return Ok(Some(vec![export(tokens, None)]));
    }
    let is_type = input.peek(Token![struct]) || input.peek(Token![enum]);
    if is_type || record::starts_union(input) {
        let ahead = input.fork();
        ahead.call(Ident::parse_any)?;
        let name: Ident = ahead.parse()?;
        let tokens = definition(input)?;
        return Ok(Some(vec![export(tokens, Some(name))]));
    }
    Ok(None)
}

fn export(item: TokenStream, name: Option<Ident>) -> Kind {
    Kind::Export {
        item: item.to_string(),
        name: name.as_ref().map(plain_name).unwrap_or_default(),
    }
}

/// A name without `r#`.
pub(crate) fn plain_name(name: &Ident) -> String {
    name.unraw().to_string()
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

/// What a body has, if it says `export_c`.
fn inside_body(body: &Group) -> Result<Vec<Kind>> {
    if !says_export(body.stream()) {
        return Ok(Vec::new());
    }
    let nodes = statements.parse2(body.stream())?;
    Ok(vec![Kind::Block(nodes)])
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

/// Whether an item stands here, rather than another statement.
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
        || record::starts_union(&input)
        || function::starts(&input)
}

/// A statement that is no item: what its blocks have, under its attributes.
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
                if says_export(group.stream()) {
                    inner.push(Node {
                        attributes: String::new(),
                        seen: Seen::Inside,
                        line,
                        kind: match is_call {
                            true => Kind::Unread,
                            false => Kind::Block(statements.parse2(group.stream())?),
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
            attributes: text_of(&attributes),
            seen: Seen::Inside,
            line: 0,
            kind: Kind::Block(inner),
        });
    }
    Ok(())
}

/// An item that is not exported.
fn plain(input: ParseStream<'_>) -> Result<Vec<Kind>> {
    if function::starts(input) {
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
        return Ok(vec![Kind::Crate { name, other }]);
    }
    if input.peek(Token![struct]) || input.peek(Token![enum]) || record::starts_union(input) {
        let ahead = input.fork();
        ahead.call(Ident::parse_any)?;
        let name: Ident = ahead.parse()?;
        definition(input)?;
        return Ok(vec![Kind::Named(plain_name(&name))]);
    }
    if input.peek(Token![type]) {
        input.parse::<Token![type]>()?;
        let name = plain_name(&input.parse()?);
        let rest = until_semicolon(input)?.to_string();
        return Ok(vec![Kind::Alias { name, rest }]);
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

fn module(input: ParseStream<'_>) -> Result<Kind> {
    input.parse::<Token![mod]>()?;
    let name = plain_name(&input.call(Ident::parse_any)?);
    if input.parse::<Option<Token![;]>>()?.is_some() {
        return Ok(Kind::File { name });
    }
    let inside;
    syn::braced!(inside in input);
    let attributes = text_of(&relevant(&inside.call(Attribute::parse_inner)?));
    let mut nodes = Vec::new();
    items(&inside, &mut nodes)?;
    Ok(Kind::Module {
        name,
        attributes,
        nodes,
    })
}

/// `const NAME: T = ..;`, where `NAME` may be `_`, whose value may be a block of items.
fn constant(input: ParseStream<'_>) -> Result<Vec<Kind>> {
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
        // What is a block has no value here, whatever it says.
        let rest = match kinds.is_empty() {
            true => rest,
            false => quote!(: () = {}),
        };
        kinds.push(Kind::Constant {
            name: plain_name(&name),
            rest: rest.to_string(),
        });
    }
    Ok(kinds)
}

/// An `impl`, whose `Self` is another word for its type.
fn implementation(input: ParseStream<'_>) -> Result<Vec<Kind>> {
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
    if !says_export(body.stream()) {
        return Ok(Vec::new());
    }
    let ctype = type_of_impl(&head);
    let named = with_self(body.stream(), &ctype);
    let members = |input: ParseStream<'_>| {
        let mut nodes = Vec::new();
        input.call(Attribute::parse_inner)?;
        while !input.is_empty() {
            member(input, &mut nodes)?;
        }
        Ok(nodes)
    };
    Ok(vec![Kind::Block(members.parse2(named)?)])
}

/// An item of an `impl`: associated types and constants are none of the module's.
fn member(input: ParseStream<'_>, nodes: &mut Vec<Node>) -> Result<()> {
    let mut found = Vec::new();
    // `default` of specialisation.
    item(input, &mut found)?;
    let is_member = |node: &Node| {
        matches!(
            node.kind,
            Kind::Export { .. } | Kind::Block(_) | Kind::Unread
        )
    };
    nodes.extend(found.into_iter().filter(is_member));
    Ok(())
}

/// The tokens of the type that an `impl` is for.
fn type_of_impl(head: &[TokenTree]) -> TokenStream {
    let tokens: TokenStream = head.iter().cloned().collect();
    let read = |input: ParseStream<'_>| {
        input.parse::<Option<Token![unsafe]>>()?;
        input.parse::<Token![impl]>()?;
        // `impl <T as Trait>::Name` has no generics.
        let has_generics = input.peek(Token![<])
            && (input.peek2(Token![>])
                || input.peek2(Token![#])
                || input.peek2(Token![const])
                || (input.peek2(Ident) || input.peek2(syn::Lifetime))
                    && (input.peek3(Token![:])
                        || input.peek3(Token![,])
                        || input.peek3(Token![>])
                        || input.peek3(Token![=])));
        if has_generics {
            input.parse::<Generics>()?;
        }
        input.parse::<Option<Token![!]>>()?;
        let mut ctype: Type = input.parse()?;
        if input.parse::<Option<Token![for]>>()?.is_some() {
            ctype = input.parse()?;
        }
        skip(input)?;
        Ok(ctype.into_token_stream())
    };
    read.parse2(tokens).unwrap_or_else(|_| quote!(Self))
}

fn with_self(tokens: TokenStream, ctype: &TokenStream) -> TokenStream {
    let replaced = tokens.into_iter().map(|token| match token {
        TokenTree::Ident(word) if word == "Self" => ctype.clone(),
        TokenTree::Group(group) => {
            let mut inner = Group::new(group.delimiter(), with_self(group.stream(), ctype));
            inner.set_span(group.span());
            TokenTree::Group(inner).into()
        }
        token => token.into(),
    });
    replaced.collect()
}

/// A macro's call, or an item that has nothing for C.
fn call_or_other(input: ParseStream<'_>) -> Result<Vec<Kind>> {
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

/// What is not read.
fn unread(tokens: TokenStream) -> Result<Vec<Kind>> {
    Ok(match says_export(tokens) {
        true => vec![Kind::Unread],
        false => Vec::new(),
    })
}

fn called(name: &str, arguments: TokenStream) -> Result<Vec<Kind>> {
    Ok(match name {
        "include" => match syn::parse2::<LitStr>(arguments) {
            Ok(file) => vec![Kind::Include(file.value())],
            Err(_) => Vec::new(),
        },
        "c_preamble" => vec![Kind::Preamble(plain_name(&preamble.parse2(arguments)?))],
        "cfg_if" => choice.parse2(arguments)?,
        _ => return unread(arguments),
    })
}

/// The name that the head of a preamble gives to its module.
fn preamble(input: ParseStream<'_>) -> Result<Ident> {
    let named = |input: ParseStream<'_>| {
        input.parse::<Visibility>()?;
        input.parse::<Token![mod]>()?;
        input.call(Ident::parse_any)
    };
    let name = named(input).unwrap_or_else(|_| Ident::new("C", proc_macro2::Span::call_site()));
    skip(input)?;
    Ok(name)
}

fn choice(input: ParseStream<'_>) -> Result<Vec<Kind>> {
    let mut arms = Vec::new();
    while !input.is_empty() {
        let predicate = match input.parse::<Option<Token![if]>>()? {
            Some(_) => {
                let attributes = input.call(Attribute::parse_outer)?;
                let list = attributes
                    .first()
                    .and_then(|cfg| cfg.meta.require_list().ok());
                list.map(|list| list.tokens.to_string()).unwrap_or_default()
            }
            None => String::new(),
        };
        let inside;
        syn::braced!(inside in input);
        let mut nodes = Vec::new();
        items(&inside, &mut nodes)?;
        arms.push(Kind::Arm {
            is_first: arms.is_empty(),
            predicate,
            nodes,
        });
        input.parse::<Option<Token![else]>>()?;
    }
    Ok(arms)
}

/// The tokens before the next semicolon, which goes too.
fn until_semicolon(input: ParseStream<'_>) -> Result<TokenStream> {
    let mut tokens = TokenStream::new();
    loop {
        match input.parse::<TokenTree>()? {
            TokenTree::Punct(sign) if sign.as_char() == ';' => return Ok(tokens),
            token => tokens.extend([token]),
        }
    }
}

/// The paths of a `use`, behind what stands before them.
fn imports(before: &str, tree: &UseTree, kinds: &mut Vec<Kind>) {
    let longer = |name: &Ident| match before {
        "" | "::" => format!("{before}{}", plain_name(name)),
        _ => format!("{before}::{}", plain_name(name)),
    };
    // `{self}` is the module before the brackets.
    let whole = |name: &Ident| match name == "self" && !matches!(before, "" | "::") {
        true => before.to_string(),
        false => longer(name),
    };
    let (path, name) = match tree {
        UseTree::Path(path) => return imports(&longer(&path.ident), &path.tree, kinds),
        UseTree::Group(group) => {
            return group
                .items
                .iter()
                .for_each(|inner| imports(before, inner, kinds));
        }
        UseTree::Glob(_) => (before.to_string(), "*".to_string()),
        UseTree::Name(name) => {
            let path = whole(&name.ident);
            let name = path.rsplit(':').next().unwrap_or_default().to_string();
            (path, name)
        }
        UseTree::Rename(renamed) => (whole(&renamed.ident), plain_name(&renamed.rename)),
    };
    kinds.push(Kind::Use { path, name });
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kept;

    /// Everything that matters, and much that does not.
    const SOURCE: &str = r#"#![cfg(a)]
mod file;
#[cfg(x)] #[path = "y.rs"] pub mod other;
#[derive(Clone)] pub struct S<const N: usize = { 3 }>(u8) where u8: Copy;
pub(crate) enum E { A, B } union U { a: u8 }
use a::{self, b as c, d::*}; use ::e::f;
extern crate g as h;
type T<'a> = &'a [u8; N];
const C: usize = { 1 + 2 };
static X: u8 = 1;
trait Trait { const L: u8; fn f(&self) {} }
unsafe impl Trait for S<{ 3 }> { const L: u8 = 1; #[export_c] fn m(self: &Self) -> u8 { 1 } }
mod inline { //! Docs.
    #![cfg(b)] /// Documented.
    #[export_c(name = "other")] pub(super) unsafe extern "C" fn g<'a>(#[cfg(z)] a: &'a str, ...) -> u8 where 'a: 'a { 1 }
    c_preamble! { pub mod named; int x; }
}
include!("file.rs"); include!(concat!("a", "b"));
cfg_if! { if #[cfg(unix)] { #[export_c] static V: u8 = 1; } else { mod other; } }
macro_rules! m { () => { export_c } }
fn body() { let x = { #[export_c] #[repr(C)] struct In { a: u8 } 1 }; }
"#;

    #[test]
    fn what_is_kept_is_read_as_the_same() {
        let scanned = read(SOURCE);
        assert!(scanned.problem.is_none(), "{:?}", scanned.problem);
        assert_eq!(scanned.nodes.len(), 19, "{scanned:#?}");
        let text = kept::write(&scanned);
        assert_eq!(kept::read(&text), Some(scanned), "{text}");
    }

    #[test]
    fn torn_files_end() {
        for end in (0..=SOURCE.len()).filter(|end| SOURCE.is_char_boundary(*end)) {
            read(&SOURCE[..end]);
            read(&SOURCE[end..]);
        }
        for unit in ["(", "{", "mod a {", "#[a", "impl ", "fn f(", "/*"] {
            read(&unit.repeat(3000));
        }
    }

    #[test]
    fn what_cannot_be_read_has_a_line() {
        let scanned = read("mod a;\n\nfn f( -> {}\n");
        assert_eq!(scanned.problem.map(|(line, _)| line), Some(3));
        let scanned = read("#!/usr/bin/env run\nmod a;\nfn f(,) {}\nmod b;");
        assert_eq!(scanned.nodes.len(), 1);
        assert_eq!(scanned.problem.map(|(line, _)| line), Some(3));
    }
}
