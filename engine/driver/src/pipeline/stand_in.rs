//! Where a header, a package or the compiler is missing: the module that the author has checked in.

use std::collections::BTreeSet;
use std::path::Path;

use cgo_csyntax::diagnostic::{Diagnostic, Outcome, Place, Placed};
use cgo_csyntax::directive::link_flag::{LinkFlag, Origin};
use cgo_csyntax::files::checksum;
use cgo_csyntax::message::Message;
use cgo_toolchain::session::Session;
use cgo_toolchain::session::environment::{DOCS_RS, variable};

use crate::cache::store::Store;
use crate::checked_in::{self, CheckedIn};
use crate::linking::link_attribute::{self, Link};
use crate::linking::pkg_config::{self, Packages};
use crate::module::{self, Module, Tracked};
use crate::pipeline::check_in;
use crate::pipeline::configure;
use crate::pipeline::parse::Parsed;
use crate::pipeline::request::Request;

/// Whether nothing is wrong with the C: what it needs is not on this machine. docs.rs documents a crate where libraries are missing and no
/// network is.
pub(crate) fn lacks_something(errors: &[Diagnostic], session: &Session) -> bool {
    errors.iter().all(|error| error.is_missing) || session.documents && variable(DOCS_RS).is_some()
}

/// The module of the file, if these errors only say that something is missing.
pub(crate) fn stand_in(
    request: &Request<'_>,
    parsed: &Parsed,
    store: &Store,
    mut errors: Vec<Diagnostic>,
) -> Outcome<Module> {
    let session = request.session;
    let Some(Placed { value: file, .. }) = &parsed.directives.bindings else {
        return Err(errors);
    };
    if !lacks_something(&errors, session) || check_in::writes(session) {
        return Err(errors);
    }
    let (found, warnings) = match usable(file, request, parsed) {
        Ok(usable) => usable,
        Err(why) => {
            if let Some(first) = errors.first_mut() {
                first.message.notes.push(why.text);
                first.message.helps.extend(why.helps);
            }
            return Err(errors);
        }
    };
    let links = match session.documents {
        true => Vec::new(),
        false => links(request, parsed, &found)?,
    };
    store.place(&links)?;
    let mut code = found.module;
    for link in &links {
        code.push_str(&link_attribute::block(link));
    }
    let tracked = Tracked {
        files: vec![file.clone()],
        variables: pkg_config::variables(&parsed.directives.pkg_config),
        content: checksum::sum(code.as_bytes()),
    };
    module::track(&mut code, &tracked);
    Ok(Module {
        code,
        warnings,
        declared: Vec::new(),
        prototypes: Vec::new(),
    })
}

/// The bindings of the file with a warning if they are stale, or why they cannot be used.
fn usable(
    file: &Path,
    request: &Request<'_>,
    parsed: &Parsed,
) -> Result<(CheckedIn, Vec<Diagnostic>), Message> {
    let (session, directives) = (request.session, &parsed.directives);
    let shown = file.display();
    let Some(found) = CheckedIn::of_file(file) else {
        return Err(Message::new(format!(
            "no bindings for this target were found in {shown}"
        )));
    };
    if request.builds_library() && !directives.sources.is_empty() {
        return Err(Message::new(format!(
            "the bindings in {shown} cannot replace the files of `SOURCES`"
        )));
    }
    if found.conditions != directives.conditions {
        return Err(Message::new(format!(
            "the bindings in {shown} are for other conditions: {}",
            differences(&found.conditions, &directives.conditions)
        )));
    }
    if found.call == checked_in::call(request.preamble) {
        return Ok((found, Vec::new()));
    }
    let stale = checked_in::stale(file, "they were made from another preamble", directives);
    match session.lints_are_capped || session.documents {
        true => Ok((found, vec![stale])),
        false => Err(stale.message),
    }
}

/// Which conditions hold in one place alone.
fn differences(there: &BTreeSet<String>, here: &BTreeSet<String>) -> String {
    let lost = there.difference(here);
    let lost = lost.map(|condition| format!("`{condition}` does not hold here"));
    let new = here.difference(there);
    let new = new.map(|condition| format!("`{condition}` holds here alone"));
    lost.chain(new).collect::<Vec<_>>().join(", ")
}

/// What the directives link. A package that is missing gives what it gave the author.
fn links(request: &Request<'_>, parsed: &Parsed, found: &CheckedIn) -> Outcome<Vec<Link>> {
    let directives = &parsed.directives;
    let packages = configure::packages(directives, request).unwrap_or_else(|_| Packages {
        ldflags: found.ldflags.split_whitespace().map(of_package).collect(),
        ..Packages::default()
    });
    let (links, _) = configure::links(directives, &packages, request)?;
    Ok(links)
}

fn of_package(flag: &str) -> LinkFlag {
    LinkFlag {
        text: flag.to_string(),
        place: Place { line: 1, column: 1 },
        origin: Origin::Package,
    }
}
