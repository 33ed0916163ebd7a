//! The kept module: the text of a file of the store, which is Rust with comments behind it.

use std::fmt::Write;

use cgo_codegen::ExportPrototype;
use cgo_csyntax::diagnostic::{Diagnostic, Place};

use crate::fingerprint::Fingerprint;
use crate::linking::link_attribute::Link;
use crate::linking::link_directory;
use crate::module::Module;
use crate::module::spans::DeclaredItem;
use crate::rust_scan::text::literal;

/// All that is kept of an expansion.
pub(crate) struct KeptModule {
    pub(crate) module: Module,
    pub(crate) links: Vec<Link>,
    /// That of the library; `None` if none was made.
    pub(crate) fingerprint: Option<Fingerprint>,
}

impl KeptModule {
    pub(crate) fn of(module: Module, links: Vec<Link>) -> KeptModule {
        KeptModule {
            module,
            links,
            fingerprint: None,
        }
    }
}

/// The starts of the lines behind the code.
const WARNING: &str = "//warning ";
/// Of the warning before them.
const NOTE: &str = "//note ";
const HELP: &str = "//help ";
const DECLARED: &str = "//declared ";
const LIBRARY: &str = "//library ";
const LINK: &str = "//link ";
const PROTOTYPE: &str = "//prototype ";
/// The last line has the length of the code.
const CODE: &str = "//code ";

impl KeptModule {
    pub(crate) fn written(&self) -> Option<String> {
        let KeptModule {
            module,
            links,
            fingerprint,
        } = self;
        let mut text = module.code.clone();
        for warning in &module.warnings {
            let place = warning.place.unwrap_or(Place { line: 0, column: 0 });
            let _ = writeln!(
                text,
                "{WARNING}{} {} {}",
                place.line,
                place.column,
                literal::quote(&warning.message.text)
            );
            for note in &warning.message.notes {
                let _ = writeln!(text, "{NOTE}{}", literal::quote(note));
            }
            for help in &warning.message.helps {
                let _ = writeln!(text, "{HELP}{}", literal::quote(help));
            }
        }
        for DeclaredItem { name, place } in &module.declared {
            let _ = writeln!(text, "{DECLARED}{} {} {name}", place.line, place.column);
        }
        for prototype in &module.prototypes {
            let ExportPrototype {
                key,
                is_of_header,
                value,
            } = prototype;
            let _ = writeln!(text, "{PROTOTYPE}{key} {is_of_header} {value}");
        }
        for link in links {
            if let Some(parts) = link_directory::to_line(link)? {
                let _ = writeln!(text, "{LINK}{parts}");
            }
        }
        if let Some(fingerprint) = fingerprint {
            let _ = writeln!(text, "{LIBRARY}{}", fingerprint.written());
        }
        let _ = writeln!(text, "{CODE}{}", module.code.len());
        Some(text)
    }

    pub(crate) fn read(text: &str) -> Option<KeptModule> {
        let (text, length) = text.trim_end().rsplit_once(CODE)?;
        let (code, said) = text.split_at_checked(length.parse().ok()?)?;
        let (mut warnings, mut declared) = (Vec::new(), Vec::new());
        let (mut links, mut fingerprint, mut prototypes) = (Vec::new(), None, Vec::new());
        for line in said.lines() {
            if let Some(parts) = line.strip_prefix(LINK) {
                links.push(link_directory::from_line(parts)?);
            } else if let Some(parts) = line.strip_prefix(LIBRARY) {
                fingerprint = Some(Fingerprint::read(parts)?);
            } else if let Some(parts) = line.strip_prefix(PROTOTYPE) {
                prototypes.push(prototype(parts)?);
            } else if let Some(warning) = line.strip_prefix(WARNING) {
                let (place, message) = placed(warning)?;
                let place = (place.line > 0).then_some(place);
                warnings.push(Diagnostic::new(place, literal::value(message)?));
            } else if let Some(note) = line.strip_prefix(NOTE) {
                let last: &mut Diagnostic = warnings.last_mut()?;
                last.message.notes.push(literal::value(note)?);
            } else if let Some(help) = line.strip_prefix(HELP) {
                let last: &mut Diagnostic = warnings.last_mut()?;
                last.message.helps.push(literal::value(help)?);
            } else {
                let (place, name) = placed(line.strip_prefix(DECLARED)?)?;
                declared.push(DeclaredItem {
                    name: name.to_string(),
                    place,
                });
            }
        }
        let module = Module {
            code: code.to_string(),
            warnings,
            declared,
            prototypes,
        };
        Some(KeptModule {
            module,
            links,
            fingerprint,
        })
    }
}

fn prototype(line: &str) -> Option<ExportPrototype> {
    let mut parts = line.splitn(3, ' ');
    Some(ExportPrototype {
        key: parts.next()?.parse().ok()?,
        is_of_header: parts.next()?.parse().ok()?,
        value: parts.next()?.to_string(),
    })
}

/// The place of a line, and its text.
fn placed(line: &str) -> Option<(Place, &str)> {
    let mut parts = line.splitn(3, ' ');
    let line = parts.next()?.parse().ok()?;
    let column = parts.next()?.parse().ok()?;
    Some((Place { line, column }, parts.next()?))
}

#[cfg(test)]
mod tests {
    // The lint's exception for tests does not reach functions beside them.
    #![allow(clippy::unwrap_used)]

    use std::path::Path;

    use cgo_csyntax::message::Message;

    use super::*;
    use crate::linking::linkable_file::{FileKind, LinkableFile};

    #[test]
    fn a_module_is_kept_with_what_is_said_of_it() {
        let place = Place { line: 3, column: 5 };
        let module = Module {
            code: "mod C {\n}\n".to_string(),
            warnings: vec![
                Diagnostic::new(
                    Some(place),
                    Message::new("unused 'a'").note("\"é\"").help("use it"),
                ),
                Diagnostic::new(None, "somewhere"),
            ],
            declared: vec![DeclaredItem {
                name: "struct_s".to_string(),
                place,
            }],
            prototypes: vec![ExportPrototype {
                key: 6,
                is_of_header: true,
                value: "a \"value\"".to_string(),
            }],
        };
        let library = Path::new("/lib/x y.so");
        let links = vec![Link::File(LinkableFile {
            path: library.to_path_buf(),
            kind: FileKind::Shared {
                recorded: Some("x.so.1".to_string()),
            },
            name: "cgolink_1_x".to_string(),
            file_name: "libcgolink_1_x.so".to_string(),
        })];
        let fingerprint = Fingerprint::read("3\t4\t5");
        let kept = KeptModule {
            module,
            links,
            fingerprint,
        };
        let read = KeptModule::read(&kept.written().unwrap()).unwrap();
        assert_eq!(read.module.code, kept.module.code);
        assert_eq!(read.module.warnings, kept.module.warnings);
        assert_eq!(read.module.declared, kept.module.declared);
        assert_eq!(read.module.prototypes, kept.module.prototypes);
        assert_eq!(read.links, kept.links);
        assert_eq!(read.fingerprint, kept.fingerprint);
    }
}
