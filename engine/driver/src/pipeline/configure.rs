//! Finds the compiler, the packages and the libraries, and makes the translation unit of the text and all flags.

use std::ffi::OsString;
use std::path::PathBuf;

use cgo_csyntax::cfg::Cfg;
use cgo_csyntax::diagnostic::{Diagnostic, Outcome, Place};
use cgo_csyntax::directive::Directives;
use cgo_csyntax::directive::compiler_flag;
use cgo_csyntax::directive::link_flag::{LinkFlag, Origin};
use cgo_csyntax::directive::source_files::Language;
use cgo_csyntax::message::Message;
use cgo_toolchain::compiler::{Toolchain, find};
use cgo_toolchain::inputs::Inputs;
use cgo_toolchain::session::Session;
use cgo_toolchain::session::environment::variable;
use cgo_toolchain::session::work_folder::WorkFolder;
use cgo_toolchain::unit::TranslationUnit;

use crate::exports::header_file;
use crate::linking::ldflags;
use crate::linking::link_attribute::Link;
use crate::linking::pkg_config::{self, Packages};
use crate::linking::source_languages;
use crate::linking::vcpkg;
use crate::pipeline::parse::Parsed;
use crate::pipeline::request::Request;

/// What the preamble is compiled and linked with.
pub(crate) struct Configured {
    pub(crate) toolchain: Toolchain,
    pub(crate) packages: Packages,
    pub(crate) links: Vec<Link>,
    /// The inputs of the links.
    pub(crate) links_inputs: Inputs,
    /// It includes all of `_cgo_export.h`, as the files of `SOURCES` do.
    pub(crate) unit: TranslationUnit,
}

pub(crate) fn configure(
    request: &Request<'_>,
    parsed: &Parsed,
    work: &WorkFolder,
) -> Outcome<Configured> {
    let (preamble, session) = (request.preamble, request.session);
    let toolchain = find::find(session, Language::C, &work.path, request.dump)?;
    let packages = packages(&parsed.directives, request)?;
    let (mut links, links_inputs) = links(&parsed.directives, &packages, request)?;
    let sources = &parsed.directives.sources;
    links.extend(source_languages::run_time_libraries(
        sources,
        &session.target,
    ));
    let header_folder = header_file::put(&request.rust.header, session, &work.path)?;
    let directives = &parsed.directives;
    let mut cflags = [
        &packages.cflags[..],
        &directives.cppflags,
        &directives.cflags,
    ]
    .concat();
    if !parsed.directives.unwind.is_empty() {
        // Not every processor has what unwinds through C otherwise.
        cflags.push("-fexceptions".to_string());
    }
    if let Some(folder) = vcpkg_folder(session) {
        cflags.push("-isystem".to_string());
        cflags.push(folder.join("include").to_string_lossy().into_owned());
    }
    let mut unit = TranslationUnit::new(preamble, &parsed.text, &cflags, &header_folder, session);
    unit.flags.others.extend(toolchain.flags_of_rustc(session));
    Ok(Configured {
        toolchain,
        packages,
        links,
        links_inputs,
        unit,
    })
}

pub(crate) fn packages(directives: &Directives, request: &Request<'_>) -> Outcome<Packages> {
    let mut errors = Vec::new();
    let words = &directives.pkg_config;
    let target = &request.session.target;
    let mut packages = pkg_config::query(words, target, request.dump, &mut errors);
    if !errors.is_empty() {
        return Err(errors);
    }
    let cflags = packages.cflags.iter().map(OsString::from).collect();
    let cflags = compiler_flag::of_code(cflags).map_err(|rejected| {
        let place = words.first().map(|word| word.place);
        let start = format!("pkg-config gives the compiler flag `{}`: ", rejected.flag);
        vec![Diagnostic::new(
            place,
            Message::from(rejected.why).prefixed(&start),
        )]
    })?;
    packages.cflags = (cflags.into_iter())
        .filter_map(|flag| flag.into_string().ok())
        .collect();
    Ok(packages)
}

/// The folder of vcpkg's packages, as the variables name it.
fn vcpkg_folder(session: &Session) -> Option<PathBuf> {
    let is_static =
        |cfg: &Cfg| cfg.name == "target_feature" && cfg.value.as_deref() == Some("crt-static");
    let static_crt = session.cfgs.iter().any(is_static);
    vcpkg::folder(&session.target, static_crt, &variable)
}

pub(crate) fn links(
    directives: &Directives,
    packages: &Packages,
    request: &Request<'_>,
) -> Outcome<(Vec<Link>, Inputs)> {
    let mut errors = Vec::new();
    let mut flags: Vec<LinkFlag> = [&directives.ldflags[..], &packages.ldflags].concat();
    // The last of the folders to search.
    flags.extend(vcpkg_folder(request.session).map(|folder| LinkFlag {
        text: format!("-L{}", folder.join("lib").display()),
        place: Place { line: 1, column: 1 },
        origin: Origin::Package,
    }));
    let folder = request.preamble.folder();
    let found = ldflags::resolve(&flags, &request.session.target, &folder, &mut errors);
    match errors.is_empty() {
        true => Ok(found),
        false => Err(errors),
    }
}
