//! Writes what `#[export_c]` turns an item into: the item under its C name, and the checks that C can use it so.

mod code;
mod function;
mod types;

use std::collections::HashMap;
use std::ops::Range;
use std::sync::Mutex;

use cgo_bindgen::Session;
use cgo_exports::{At, Export, Item};

use proc_macro::{Delimiter, TokenStream};

use crate::report::{self, Refusal};
use crate::tokens::Tokens;
use code::{braces, group, join, located, parse};

/// The exports are compared with so many preambles of a crate.
const MOST_PREAMBLES: usize = 16;

/// The item as it goes on; after an error it stays as it was.
pub(crate) fn expand(attribute: TokenStream, item: TokenStream, session: &Session) -> TokenStream {
    let (options, tokens) = (Tokens::of(attribute), Tokens::of(item.clone()));
    let read = cgo_exports::read(&options.list, &tokens.list).map_err(|problem| Refusal {
        span: match problem.at {
            At::Attribute(index) => options.span(index),
            At::Item(index) => tokens.span(index),
        },
        message: problem.message,
    });
    let read = read.and_then(|export| once(&export, &tokens, session).map(|()| export));
    let export = match read {
        Ok(export) => export,
        Err(refusal) => {
            let mut output = report::error(&refusal.message, refusal.span);
            // An older rustc would have a second error for `...`.
            if !cgo_exports::has_dots(&tokens.list) {
                output.extend(item);
            }
            return output;
        }
    };
    let writer = Writer {
        export: &export,
        options: &options,
        tokens: &tokens,
        key: session.symbol_key(&export.symbol),
    };
    match &export.item {
        Item::Function(function) => writer.function(function),
        Item::Static(variable) => writer.variable(variable),
        Item::Record(record) => writer.record(record),
        Item::Enumeration(enumeration) => writer.enumeration(enumeration),
    }
}

/// C has one name space for all functions, variables and types, whatever module they are in.
fn once(export: &Export, tokens: &Tokens, session: &Session) -> Result<(), Refusal> {
    static SEEN: Mutex<Option<HashMap<String, String>>> = Mutex::new(None);
    // An editor's server expands the same item again and again.
    if session.crate_root.is_none() {
        return Ok(());
    }
    let span = tokens.span(export.name);
    let place = format!("{}:{}", span.file(), span.line());
    let mut seen = SEEN.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
    match seen
        .get_or_insert_default()
        .insert(export.symbol.clone(), place.clone())
    {
        Some(first) if first != place => Err(Refusal {
            message: format!(
                "`{}` is exported twice, first at {first}: C sees one name for both; give this one another, #[export_c(name = \"..\")]",
                export.symbol
            ),
            span,
        }),
        _ => Ok(()),
    }
}

struct Writer<'a> {
    export: &'a Export,
    options: &'a Tokens,
    tokens: &'a Tokens,
    key: u64,
}

impl Writer<'_> {
    fn item(&self, range: Range<usize>) -> TokenStream {
        self.tokens.stream(range)
    }

    /// `#[unsafe(no_mangle)]`, or the name it has in C.
    fn linkage(&self) -> TokenStream {
        parse(&format!(
            "#[unsafe(export_name = {:?})]",
            self.export.symbol
        ))
    }

    fn items(&self, ranges: &[Range<usize>]) -> TokenStream {
        ranges
            .iter()
            .map(|range| self.item(range.clone()))
            .collect()
    }

    /// The item's name in Rust.
    fn name(&self) -> TokenStream {
        self.item(self.export.name..self.export.name + 1)
    }

    /// The comparison with what the crate's preambles declare.
    fn check(&self, shape: TokenStream) -> TokenStream {
        let call = self.comparison(shape);
        let name = self.tokens.span(self.export.name);
        join([parse("const _: () ="), braces(call, name), parse(";")])
    }

    fn comparison(&self, shape: TokenStream) -> TokenStream {
        let asked: Vec<String> = (0..MOST_PREAMBLES)
            .map(|preamble| format!("<D<S<{}, {preamble}>, _>>::PROTOTYPE", self.key))
            .collect();
        // Short names make this half as dear, and stand in a block where no type of the user's does.
        let declared = format!(
            "{{ #[allow(unused_imports)] use ::cgo::export::{{Declaration as D, Symbol as S, Undeclared as _}}; [{}] }}",
            asked.join(", ")
        );
        let name = self.tokens.span(self.export.name);
        let arguments = join([
            parse(&format!("{:?},", self.export.symbol)),
            shape,
            parse(&format!(", &{declared}")),
        ]);
        join([
            located(parse("::cgo::export::check"), name),
            group(Delimiter::Parenthesis, arguments, name),
        ])
    }
}

/// What to say of a preamble that declares exports and comes too late to be compared with them.
pub(crate) fn not_compared(session: &Session, code: &str) -> Option<String> {
    // An editor's server expands the same preamble again and again.
    let beyond = session.crate_root.is_some() && session.preamble_number >= MOST_PREAMBLES;
    (beyond && declares_exports(code)).then(|| {
        format!(
            "this preamble is number {} of the crate and declares a function, variable or type that is exported, which is \
             compared with the first {MOST_PREAMBLES} alone: declare it in one of those, or take it from _cgo_export.h",
            session.preamble_number + 1
        )
    })
}

/// Whether the C of this module declares exports otherwise than by `_cgo_export.h`, which is the same in all preambles.
fn declares_exports(code: &str) -> bool {
    let places = code.matches("::cgo::export::Prototype { place: ").count();
    let of_header = code
        .matches("::cgo::export::Prototype { place: \"_cgo_export.h:")
        .count();
    places > of_header
}
