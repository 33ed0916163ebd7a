//! Writes the file of `#cgo bindings:` if the author asks for it, and warns of what it cannot have; otherwise fails if the file is stale.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use cgo_codegen::Bindings;
use cgo_csyntax::diagnostic::{Diagnostic, Outcome, Place, Placed, cannot_write, fail};
use cgo_csyntax::directive::link_flag::LinkFlag;
use cgo_csyntax::files::{checksum, kept_file};
use cgo_csyntax::message::Message;
use cgo_csyntax::selection::ItemKind;
use cgo_toolchain::session::Session;
use cgo_toolchain::session::environment::{BINDINGS, variable};
use cgo_toolchain::unit::read_files;

use crate::checked_in::{self, CheckedIn, HEADING};
use crate::linking::compiler_libraries::{self, SecondNames};
use crate::module;
use crate::pipeline::configure::Configured;
use crate::pipeline::emit::{self, WithoutC};
use crate::pipeline::parse::Parsed;
use crate::pipeline::preprocess::Preprocessed;
use crate::pipeline::probe::Probed;
use crate::pipeline::request::Request;

/// Whether the author of the crate wants its bindings written.
pub(crate) fn writes(session: &Session) -> bool {
    !session.lints_are_capped && variable(BINDINGS).is_some_and(|value| value == "write")
}

/// Writes the file and returns its warnings, or fails if it is stale. A crate that is a dependency from a registry keeps what its author
/// packed.
pub(crate) fn check_in(
    request: &Request<'_>,
    parsed: &Parsed,
    configured: &Configured,
    preprocessed: &Preprocessed<'_>,
    probed: &Probed,
) -> Outcome<Vec<Diagnostic>> {
    let session = request.session;
    let Some(Placed { value: file, place }) = &parsed.directives.bindings else {
        return Ok(Vec::new());
    };
    if session.lints_are_capped || session.is_editor() {
        return Ok(Vec::new());
    }
    if let Some(value) = variable(BINDINGS).filter(|value| !value.is_empty() && value != "write") {
        let text = format!("`{BINDINGS}` is `{}`", value.display());
        return fail(Message::new(text).help("the one value that it can have is `write`"));
    }
    if writes(session) {
        let WithoutC { bindings, left_out } =
            emit::without_c(request, parsed, preprocessed, probed);
        let written = checked_in(request, parsed, configured, preprocessed, bindings, probed);
        write(file, &written.written(&session.target))?;
        return Ok(used_and_left_out(&left_out, request, parsed, *place));
    }
    let Some(found) = CheckedIn::of_file(file) else {
        return Ok(Vec::new());
    };
    // Other features have other bindings, about which nothing is known here.
    if found.conditions != parsed.directives.conditions {
        return Ok(Vec::new());
    }
    let words = request.rust.words.as_ref();
    let is_new = |name: &&String| {
        !found.names.contains(*name) && words.is_some_and(|words| words.all.contains(name))
    };
    let new = names(probed).iter().find(is_new).cloned();
    // The package has other headers than the crate's own copy of the library.
    let is_other_library = found.ldflags != ldflags(&configured.packages.ldflags);
    let why = if found.call != checked_in::call(request.preamble) {
        "they were made from another preamble".to_string()
    } else if is_other_library {
        return Ok(Vec::new());
    } else if let Some(name) = new {
        format!("the crate uses `{name}`, which the bindings do not have")
    } else if found.headers != headers(preprocessed) {
        "a header of the package has changed".to_string()
    } else {
        return Ok(Vec::new());
    };
    Err(vec![checked_in::stale(file, &why, &parsed.directives)])
}

/// The warning about names that the crate uses and the bindings leave out.
fn used_and_left_out(
    left_out: &BTreeSet<String>,
    request: &Request<'_>,
    parsed: &Parsed,
    place: Place,
) -> Vec<Diagnostic> {
    let Some(words) = &request.rust.words else {
        return Vec::new();
    };
    let is_path = |name: &str| words.of_module.contains(name) || words.in_paths.contains(name);
    let is_used =
        |name: &&String| is_path(name) || parsed.directives.stripped(name).is_some_and(is_path);
    let used = left_out.iter().filter(is_used);
    let used: Vec<String> = used.map(|name| format!("`{name}`")).collect();
    if used.is_empty() {
        return Vec::new();
    }
    let text = format!(
        "the crate uses names that need compiled C, which its checked-in bindings leave out: {}",
        used.join(", ")
    );
    let help = "the crate needs a C compiler to build; if they stay out of its public API, it can be documented without one";
    vec![Diagnostic::new(Some(place), Message::new(text).help(help))]
}

fn write(file: &Path, text: &str) -> Outcome<()> {
    let old = fs::read_to_string(file).unwrap_or_default();
    if !old.is_empty() && !old.starts_with(HEADING) {
        let text = format!("`{}` was not written by cgo", file.display());
        return fail(Message::new(text).help("choose another file for `#cgo bindings:`"));
    }
    if old == text {
        return Ok(());
    }
    let folder = file.parent().unwrap_or(Path::new("."));
    let written = fs::create_dir_all(folder).and_then(|()| kept_file::write(file, text.as_bytes()));
    written.or_else(|error| cannot_write(file, &error))
}

fn checked_in(
    request: &Request<'_>,
    parsed: &Parsed,
    configured: &Configured,
    preprocessed: &Preprocessed<'_>,
    mut bindings: Bindings,
    probed: &Probed,
) -> CheckedIn {
    let target = &request.session.target;
    let second_names = SecondNames::of(target, &preprocessed.names, &configured.links);
    for item in &mut bindings.extern_items {
        if let Some(second) = second_names.find(&item.symbol) {
            item.symbol = second;
        }
    }
    let items = bindings.extern_items.iter();
    let needed = items.map(|item| item.symbol.as_str()).collect();
    let links = compiler_libraries::libraries(target, &configured.links, Some(&needed));
    let bind = &parsed.directives.bind;
    CheckedIn {
        call: checked_in::call(request.preamble),
        headers: headers(preprocessed),
        conditions: parsed.directives.conditions.clone(),
        ldflags: ldflags(&configured.packages.ldflags),
        names: names(probed),
        module: module::write(request.preamble, &bindings, &links, None, bind, None),
    }
}

/// The flags of packages that are the same on each machine.
fn ldflags(flags: &[LinkFlag]) -> String {
    let flags = flags.iter().map(|flag| flag.text.as_str());
    let plain = flags.filter(|flag| !flag.starts_with("-L") && !flag.contains(['/', ' ']));
    plain.collect::<Vec<_>>().join(" ")
}

/// The names that the module has or leaves out.
fn names(probed: &Probed) -> BTreeSet<String> {
    let selection = &probed.selection;
    let items = selection.items.iter();
    let items = items.filter(|item| item.kind != ItemKind::DirectiveType);
    let left_out = selection.left_out.iter().map(|left_out| &left_out.name);
    let names = items.map(|item| &item.name).chain(left_out);
    names.cloned().collect()
}

/// The checksum of the headers in the package, which the author changes.
fn headers(preprocessed: &Preprocessed<'_>) -> String {
    let package = variable("CARGO_MANIFEST_DIR").and_then(|path| fs::canonicalize(path).ok());
    let files = read_files::included(&preprocessed.names, &preprocessed.unit);
    let files = files.iter().filter_map(|file| fs::canonicalize(file).ok());
    let files: BTreeSet<PathBuf> = files
        .filter(|file| {
            package
                .as_ref()
                .is_some_and(|package| file.starts_with(package))
        })
        .collect();
    let sum = files.iter().fold(0, |sum: u64, file| {
        let text = String::from_utf8_lossy(&fs::read(file).unwrap_or_default()).replace('\r', "");
        sum.rotate_left(1) ^ checksum::sum(text.as_bytes())
    });
    format!("{sum:016x}")
}
