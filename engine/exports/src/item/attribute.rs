//! Parses the options in `#[export_c(..)]`.

use proc_macro2::TokenStream;
use syn::ext::IdentExt;
use syn::parse::{ParseStream, Parser};
use syn::{Error, Expr, Ident, LitStr, Path, Result, Token};

/// The options in `#[export_c(..)]`.
pub struct Options {
    /// The name in C, if it differs from the one in Rust.
    pub name: Option<String>,
    /// Whether it is `unsafe name`: then the name may be one that the C library uses.
    pub is_unsafe: bool,
    /// What happens to a panic.
    pub panic: PanicRule,
    /// The path to the crate `cgo`, if it is written.
    pub facade: Option<Path>,
}

/// What happens to a panic that would leave an exported function.
pub enum PanicRule {
    /// The process ends with a message.
    Abort,
    /// This expression is returned.
    Return(Box<Expr>),
    /// It unwinds into C.
    Unwind,
}

impl Options {
    /// Parses the tokens in the brackets.
    ///
    /// # Errors
    ///
    /// If an option is unknown or invalid.
    pub fn read(attribute: TokenStream) -> Result<Options> {
        parse.parse2(attribute)
    }
}

fn parse(input: ParseStream<'_>) -> Result<Options> {
    let mut options = Options {
        name: None,
        is_unsafe: false,
        panic: PanicRule::Abort,
        facade: None,
    };
    while !input.is_empty() {
        option(input, &mut options)?;
        if !input.is_empty() {
            input.parse::<Token![,]>()?;
        }
    }
    Ok(options)
}

fn option(input: ParseStream<'_>, options: &mut Options) -> Result<()> {
    const KNOWN: &str = "unknown option of `export_c`\n\
                         help: the options are `name = \"other\"`, `unsafe name = \"other\"`, `on_panic = VALUE`, `unwind` and `crate = path`";
    let start = input.span();
    let reject = |message: &str| Err(Error::new(start, message));
    let is_unsafe = input.peek(Token![unsafe]);
    if is_unsafe {
        input.parse::<Token![unsafe]>()?;
    }
    let Ok(word) = input.call(Ident::parse_any) else {
        return reject(KNOWN);
    };
    if is_unsafe && word != "name" {
        return reject(KNOWN);
    }
    options.is_unsafe |= is_unsafe;
    let has_value = input.peek(Token![=]);
    if has_value {
        input.parse::<Token![=]>()?;
    }
    let is_set = !matches!(options.panic, PanicRule::Abort);
    match word.to_string().as_str() {
        "name" if has_value && options.name.is_some() => {
            return reject("`name` is set twice\nhelp: remove one");
        }
        "name" if has_value => {
            let name = input.parse::<LitStr>().map(|name| name.value());
            match name.ok().filter(|name| is_identifier(name)) {
                Some(name) => options.name = Some(name),
                None => {
                    return reject(
                        "`name` must be an identifier of C in quotes\nhelp: write `#[export_c(name = \"other\")]`",
                    );
                }
            }
        }
        "on_panic" | "unwind" if is_set => {
            return reject(
                "`on_panic` and `unwind` set the rule for panics twice\nhelp: remove one",
            );
        }
        "on_panic" if has_value && !input.is_empty() => {
            options.panic = PanicRule::Return(Box::new(input.parse::<Expr>()?));
        }
        "unwind" if !has_value => options.panic = PanicRule::Unwind,
        "crate" if has_value => options.facade = Some(input.call(Path::parse_mod_style)?),
        _ => return reject(KNOWN),
    }
    Ok(())
}

fn is_identifier(name: &str) -> bool {
    let mut characters = name.chars();
    characters
        .next()
        .is_some_and(|c| c == '_' || c.is_alphabetic())
        && characters.all(|c| c == '_' || c.is_alphanumeric())
}
