//! Expands `#[export_c]` to the item as it was written, the gateway under its C name, and checks at compile time.

use std::collections::HashMap;
use std::sync::{Mutex, OnceLock};

use cgo_driver::Session;
use cgo_exports::{Export, ExportWriter, Options};

use proc_macro2::{TokenStream, TokenTree};
use quote::ToTokens;
use syn::{Error, Path, Result};

use crate::facade;

/// The exports are compared with at least so many preambles of a crate.
const LEAST_PREAMBLES: usize = 16;

/// The expansion; after an error, the error and the item.
pub(crate) fn expand(attribute: TokenStream, item: TokenStream) -> TokenStream {
    let session = &Session::of_this_process();
    let read =
        Options::read(attribute).and_then(|options| cgo_exports::read(options, item.clone()));
    let export = match read.and_then(|export| check_unique(&export, session).map(|()| export)) {
        Ok(export) => export,
        Err(error) => {
            let mut output = error.into_compile_error();
            // An older rustc would report `...` too.
            if !has_dots(item.clone()) {
                output.extend(item);
            }
            return output;
        }
    };
    let facade = match facade(&export, session) {
        Ok(facade) => facade,
        Err(error) => return error.into_compile_error(),
    };
    let writer = ExportWriter {
        export: &export,
        cgo: &facade,
        key: session.symbol_key(&export.symbol),
        preambles: preambles(session),
    };
    writer.code(item)
}

/// The path to the crate `cgo`.
fn facade(export: &Export, session: &Session) -> Result<Path> {
    const HOW: &str = "`#[export_c(crate = other_crate::cgo)]`";
    let written = export.options.facade.as_ref();
    let written = written.map(|path| path.to_token_stream().into());
    match facade::find(written, session, HOW) {
        Ok(path) => syn::parse2(path.into()),
        Err(error) => Err(Error::new(error.span.into(), error.message)),
    }
}

/// Whether `...` stands in the parameters of a function.
fn has_dots(item: TokenStream) -> bool {
    item.into_iter().any(|token| match token {
        TokenTree::Group(group) => {
            let tokens: Vec<TokenTree> = group.stream().into_iter().collect();
            let is_dot = |token: &TokenTree| matches!(token, TokenTree::Punct(sign) if sign.as_char() == '.');
            tokens.windows(3).any(|dots| dots.iter().all(is_dot))
        }
        _ => false,
    })
}

/// Fails if another item of the crate has the same name in C.
fn check_unique(export: &Export, session: &Session) -> Result<()> {
    static SEEN: Mutex<Option<HashMap<String, String>>> = Mutex::new(None);
    // An editor expands the same item many times in one process.
    if session.crate_root.is_none() {
        return Ok(());
    }
    let span = export.name.span().unwrap();
    let place = format!("{}:{}", span.file(), span.line());
    let mut seen = SEEN.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
    match seen
        .get_or_insert_default()
        .insert(export.symbol.clone(), place.clone())
    {
        Some(first) if first != place => {
            let message = format!(
                "`{}` is exported twice, first at {first}\nhelp: give one of them another name in C: `#[export_c(name = \"..\")]`",
                export.symbol
            );
            Err(Error::new(export.name.span(), message))
        }
        _ => Ok(()),
    }
}

/// The error for a preamble that declares exports, but is not compared with them.
pub(crate) fn not_compared(session: &Session) -> Option<String> {
    let most = preambles(session);
    // An editor expands the same preamble many times in one process.
    let beyond = session.crate_root.is_some() && session.preamble_number >= most;
    beyond.then(|| {
        format!(
            "this preamble is number {} of the crate and declares an exported item, but exports are compared with the first \
             {most} preambles only\n\
             help: declare the item in one of those, or include `_cgo_export.h`",
            session.preamble_number + 1
        )
    })
}

/// How many preambles the exports are compared with: at least those in the crate's sources.
fn preambles(session: &Session) -> usize {
    static COUNT: OnceLock<usize> = OnceLock::new();
    *COUNT.get_or_init(|| session.preambles_in_sources().max(LEAST_PREAMBLES))
}
