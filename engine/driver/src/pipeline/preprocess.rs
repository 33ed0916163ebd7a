//! Preprocesses the translation unit, and reads the names that it declares.

use std::cell::OnceCell;
use std::path::PathBuf;

use cgo_csyntax::declarations::declared;
use cgo_csyntax::declarations::names::Names;
use cgo_csyntax::diagnostic::Outcome;
use cgo_toolchain::compiler::preprocess::VerboseOutput;
use cgo_toolchain::compiler::{header_target, target_check};
use cgo_toolchain::unit::{TranslationUnit, header_search};

use crate::exports::{self, header_file};
use crate::pipeline::configure::Configured;
use crate::pipeline::parse::Parsed;
use crate::pipeline::request::Request;
use crate::pipeline::restored_macros;

/// The preprocessed texts, from which the names borrow: the first with all of `_cgo_export.h`, the second without what C declares itself.
#[derive(Default)]
pub(crate) struct Texts {
    first: OnceCell<String>,
    second: OnceCell<String>,
    /// The definitions of all macros, where they are asked for.
    macros: OnceCell<String>,
}

impl Texts {
    /// The last one, if there is one.
    pub(crate) fn last(&self) -> Option<&str> {
        let last = self.second.get().or_else(|| self.first.get());
        last.map(String::as_str)
    }
}

/// The preamble and its headers.
pub(crate) struct Preprocessed<'t> {
    /// The translation unit of all later runs of the compiler.
    pub(crate) unit: TranslationUnit,
    pub(crate) text: &'t str,
    /// The names that the text declares.
    pub(crate) names: Names<'t>,
    /// The folders that are searched for headers, for all languages of `SOURCES`, without those of `_cgo_export.h`.
    pub(crate) header_folders: Vec<PathBuf>,
    /// The programs that the compiler drivers run, or would if they were there.
    pub(crate) programs: Vec<PathBuf>,
}

/// The file that the preprocessed text ends in, as a string literal. It is another than the Rust file behind a `#line` of the preamble's.
fn last_file(text: &str) -> Option<&str> {
    let mut places = text
        .lines()
        .rev()
        .filter_map(|line| line.strip_prefix("# "));
    let (_, rest) = places.find_map(|place| place.split_once(' '))?;
    let end = rest.rfind('"').filter(|end| *end > 0)?;
    rest.starts_with('"').then(|| &rest[..=end])
}

/// What one run of the preprocessor gives.
struct Read<'t> {
    text: &'t str,
    verbose: VerboseOutput,
    names: Names<'t>,
}

pub(crate) fn preprocess<'t>(
    request: &Request<'_>,
    parsed: &Parsed,
    configured: &Configured,
    texts: &'t Texts,
) -> Outcome<Preprocessed<'t>> {
    let (session, toolchain) = (request.session, &configured.toolchain);
    let mut unit = configured.unit.clone();
    let read = read(request, configured, &mut unit, texts).and_then(|read| {
        header_target::check(
            &read.names,
            &read.verbose.header_folders,
            toolchain,
            session,
        )?;
        Ok(read)
    });
    let Read {
        text,
        verbose,
        mut names,
    } = target_check::or_wrong_target(read, toolchain, &unit, session)?;
    restored_macros::look_up(&mut names, toolchain, &unit, &texts.macros)?;
    unit.file_macro = match (names.macros.contains_key("__FILE__"), last_file(text)) {
        (true, _) => String::new(),
        (false, Some(file)) => toolchain.mapped_file(&unit, file)?,
        (false, None) => unit.file_macro,
    };
    unit.declare_prototypes(&parsed.directives.prototypes, &names);
    unit.declare_sizes(text, &names);
    let own = session.link_directory.as_ref();
    let is_own = |folder: &PathBuf| own.is_some_and(|own| folder.starts_with(own));
    let mut header_folders = verbose.header_folders;
    let of_c = toolchain.all_flags(&unit).filter_map(|flag| flag.to_str());
    let directives = &parsed.directives;
    let of_others = [
        &directives.cxxflags,
        &directives.asflags,
        &directives.fflags,
    ];
    let of_others = of_others.into_iter().flatten().map(String::as_str);
    let flags: Vec<&str> = of_c.chain(of_others).collect();
    let flags = flags.iter().copied();
    let mut programs = verbose.programs;
    programs.extend(header_search::named_programs(flags.clone(), &unit.folder));
    header_folders.extend(header_search::named_folders(flags, &unit.folder));
    header_folders.retain(|folder| !is_own(folder));
    Ok(Preprocessed {
        unit,
        text,
        names,
        header_folders,
        programs,
    })
}

/// The preprocessed text and its names. An export that the preamble or another header declares too is left out of `_cgo_export.h`: C might
/// reject the second declaration, and rustc compares both with the Rust item anyway.
fn read<'t>(
    request: &Request<'_>,
    configured: &Configured,
    unit: &mut TranslationUnit,
    texts: &'t Texts,
) -> Outcome<Read<'t>> {
    let (exports, session) = (&request.rust.exports, request.session);
    let toolchain = &configured.toolchain;
    let (text, verbose) = toolchain.preprocess(unit)?;
    let text = texts.first.get_or_init(|| text);
    exports::are_whole_for(exports, text)?;
    let names = declared(text);
    if text.contains(exports::FILE_NAME) {
        exports::are_opaque(exports, &names, &unit.rust)?;
    }
    let elsewhere = names.also_declared_outside(exports::FILE_NAME);
    if elsewhere.is_empty() {
        return Ok(Read {
            text,
            verbose,
            names,
        });
    }
    let header = exports::header(exports, &session.crate_name, &elsewhere);
    unit.flags
        .use_header(&header_file::put(&header, session, &toolchain.work)?);
    let (text, verbose) = toolchain.preprocess(unit)?;
    let text = texts.second.get_or_init(|| text);
    Ok(Read {
        text,
        verbose,
        names: declared(text),
    })
}
