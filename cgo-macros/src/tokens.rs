//! A macro's input as the engine reads Rust: one flat list, each token with the tree it came from.

use std::ops::Range;

use cgo_exports::{Token, TokenKind};

use proc_macro::{Delimiter, Group, Ident, Punct, Spacing, Span, TokenStream, TokenTree};

/// The tokens, and what they came from.
pub(crate) struct Tokens {
    pub(crate) list: Vec<Token>,
    sources: Vec<Source>,
}

/// What a token came from.
enum Source {
    /// One tree, or the two that make a lifetime.
    Trees(Vec<TokenTree>),
    /// The opening bracket of a group, and how many tokens it has up to and with its closing one.
    Group(Group, usize),
    /// The closing bracket of a group.
    Close(Span),
}

impl Tokens {
    pub(crate) fn of(stream: TokenStream) -> Tokens {
        let mut tokens = Tokens {
            list: Vec::new(),
            sources: Vec::new(),
        };
        tokens.add(stream);
        tokens
    }

    fn push(&mut self, kind: TokenKind, text: String, source: Source) {
        self.list.push(Token {
            kind,
            text,
            line: 0,
        });
        self.sources.push(source);
    }

    fn add(&mut self, stream: TokenStream) {
        let mut trees = stream.into_iter().peekable();
        while let Some(tree) = trees.next() {
            match tree {
                TokenTree::Group(group) if group.delimiter() == Delimiter::None => {
                    self.add(group.stream())
                }
                TokenTree::Group(group) => self.group(group),
                TokenTree::Ident(ref word) => {
                    let text = word.to_string();
                    self.push(TokenKind::Word, text, Source::Trees(vec![tree]));
                }
                TokenTree::Literal(ref literal) => {
                    let text = literal.to_string();
                    self.push(TokenKind::Literal, text, Source::Trees(vec![tree]));
                }
                TokenTree::Punct(ref sign) => {
                    let quote = sign.as_char() == '\'' && sign.spacing() == Spacing::Joint;
                    let text = sign.to_string();
                    match trees.next_if(|next| quote && matches!(next, TokenTree::Ident(_))) {
                        Some(name) => {
                            let text = format!("{text}{name}");
                            self.push(TokenKind::Lifetime, text, Source::Trees(vec![tree, name]));
                        }
                        None => self.push(TokenKind::Sign, text, Source::Trees(vec![tree])),
                    }
                }
            }
        }
    }

    fn group(&mut self, group: Group) {
        let (open, close) = match group.delimiter() {
            Delimiter::Parenthesis => ("(", ")"),
            Delimiter::Bracket => ("[", "]"),
            _ => ("{", "}"),
        };
        let start = self.list.len();
        let (stream, end) = (group.stream(), group.span_close());
        self.push(TokenKind::Open, open.to_string(), Source::Group(group, 0));
        self.add(stream);
        self.push(TokenKind::Close, close.to_string(), Source::Close(end));
        let length = self.list.len() - start;
        if let Some(Source::Group(_, known)) = self.sources.get_mut(start) {
            *known = length;
        }
    }

    /// Where a token stands; behind the last one, at the call.
    pub(crate) fn span(&self, index: usize) -> Span {
        match self.sources.get(index) {
            Some(Source::Trees(trees)) => {
                trees.first().map_or_else(Span::call_site, TokenTree::span)
            }
            Some(Source::Group(group, _)) => group.span_open(),
            Some(Source::Close(span)) => *span,
            None => Span::call_site(),
        }
    }

    /// These tokens as they came.
    pub(crate) fn stream(&self, range: Range<usize>) -> TokenStream {
        let (mut stream, mut at) = (TokenStream::new(), range.start);
        while at < range.end {
            match &self.sources[at] {
                Source::Trees(trees) => stream.extend(trees.iter().cloned()),
                Source::Group(group, length) => {
                    stream.extend([TokenTree::Group(group.clone())]);
                    at += length - 1;
                }
                Source::Close(_) => {}
            }
            at += 1;
        }
        stream
    }

    /// These tokens with `'_` for every named lifetime.
    pub(crate) fn without_lifetimes(&self, range: Range<usize>) -> TokenStream {
        fn replace(stream: TokenStream) -> TokenStream {
            let mut output = Vec::new();
            let mut trees = stream.into_iter();
            while let Some(tree) = trees.next() {
                match tree {
                    TokenTree::Punct(ref sign) if sign.as_char() == '\'' => {
                        let span = sign.span();
                        output.push(TokenTree::Punct(Punct::new('\'', Spacing::Joint)));
                        trees.next();
                        output.push(TokenTree::Ident(Ident::new("_", span)));
                    }
                    TokenTree::Group(group) => {
                        let mut inner = Group::new(group.delimiter(), replace(group.stream()));
                        inner.set_span(group.span());
                        output.push(TokenTree::Group(inner));
                    }
                    other => output.push(other),
                }
            }
            output.into_iter().collect()
        }
        replace(self.stream(range))
    }

    /// These tokens with the lifetime `'cgo` for every reference that has none; `None` where all have one.
    pub(crate) fn with_lifetime(&self, range: Range<usize>) -> Option<TokenStream> {
        fn replace(stream: TokenStream, found: &mut bool) -> TokenStream {
            let mut output = Vec::new();
            let mut trees = stream.into_iter().peekable();
            while let Some(tree) = trees.next() {
                match tree {
                    TokenTree::Punct(ref sign) if sign.as_char() == '&' => {
                        output.push(tree);
                        let is_sign = |tree: Option<&TokenTree>| matches!(tree, Some(TokenTree::Punct(sign)) if sign.as_char() == '\'');
                        if !is_sign(trees.peek()) {
                            *found = true;
                            output.push(TokenTree::Punct(Punct::new('\'', Spacing::Joint)));
                            output.push(TokenTree::Ident(Ident::new("cgo", Span::call_site())));
                        }
                    }
                    TokenTree::Ident(ref name) if name.to_string() == "_" => {
                        *found = true;
                        output.push(TokenTree::Ident(Ident::new("cgo", Span::call_site())));
                    }
                    TokenTree::Group(group) => {
                        let inner = replace(group.stream(), found);
                        let mut inner = Group::new(group.delimiter(), inner);
                        inner.set_span(group.span());
                        output.push(TokenTree::Group(inner));
                    }
                    other => output.push(other),
                }
            }
            output.into_iter().collect()
        }
        let mut found = false;
        let stream = replace(self.stream(range), &mut found);
        found.then_some(stream)
    }

    /// The ranges between the commas of the group that opens at `open`.
    pub(crate) fn group_parts(&self, open: usize) -> Vec<Range<usize>> {
        let Some(Source::Group(_, length)) = self.sources.get(open) else {
            return Vec::new();
        };
        let start = open + 1;
        cgo_exports::split_at_commas(&self.list[start..open + length - 1])
            .into_iter()
            .map(|part| part.start + start..part.end + start)
            .collect()
    }
}
