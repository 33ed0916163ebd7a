//! An answer as it is kept: the module, what is said of it, what belongs into the link directory for it, and how its library was
//! when it was made. One text, which is Rust with comments behind it.

use std::fmt::Write;
use std::fs;
use std::io::{self, Read, Seek};
use std::path::Path;

use cgo_codegen::Prototype;
use cgo_csyntax::diagnostic::{Diagnostic, Place};

use crate::cache::kept_file;
use crate::linking::link_attribute::Link;
use crate::linking::link_directory;
use crate::module::Module;
use crate::rust_scan::text::literal;

/// All that is kept of an expansion.
pub(crate) struct Answer {
    pub(crate) module: Module,
    pub(crate) links: Vec<Link>,
    /// Where the library was made too.
    pub(crate) seal: Option<Seal>,
}

impl Answer {
    pub(crate) fn of(module: Module, links: Vec<Link>) -> Answer {
        Answer {
            module,
            links,
            seal: None,
        }
    }
}

/// A library as it was made. Its content is looked at where its time says that it may be another, and else only here and there:
/// after a power cut a file may have its length and its time, and zeros in it.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Seal {
    state: kept_file::Stamp,
    some: u64,
    all: u64,
}

impl Seal {
    pub(crate) fn of(file: &Path) -> Option<Seal> {
        Some(Seal {
            state: kept_file::stamp(file)?,
            some: some(file).ok()?,
            all: kept_file::sum(&fs::read(file).ok()?),
        })
    }

    pub(crate) fn written(&self) -> String {
        format!("{}\t{}\t{}", self.state, self.some, self.all)
    }

    pub(crate) fn read(text: &str) -> Option<Seal> {
        let mut numbers = text.split('\t').map(|number| number.parse().ok());
        Some(Seal {
            state: numbers.next()??,
            some: numbers.next()??,
            all: numbers.next()??,
        })
    }

    pub(crate) fn is_of(&self, file: &Path) -> bool {
        match kept_file::stamp(file) {
            None => false,
            Some(state) if state == self.state => some(file).ok() == Some(self.some),
            Some(_) => fs::read(file).is_ok_and(|bytes| kept_file::sum(&bytes) == self.all),
        }
    }
}

/// The sum of some blocks of a file.
fn some(file: &Path) -> io::Result<u64> {
    const BLOCK: usize = 4096;
    const BLOCKS: u64 = 8;
    let mut file = fs::File::open(file)?;
    let step = file.metadata()?.len() / BLOCKS;
    let mut bytes = vec![0; BLOCK * BLOCKS as usize];
    let mut length = 0;
    for (number, block) in (0..).zip(bytes.chunks_mut(BLOCK)) {
        file.seek(io::SeekFrom::Start(number * step))?;
        length += file.read(block)?;
    }
    bytes.extend(length.to_le_bytes());
    Ok(kept_file::sum(&bytes))
}

/// What follows the code in the file, each on a line of its own that is a comment to Rust.
const WARNING: &str = "//warning ";
const DECLARED: &str = "//declared ";
const LIBRARY: &str = "//library ";
const LINK: &str = "//link ";
const PROTOTYPE: &str = "//prototype ";
/// The last line says how long the code is.
const CODE: &str = "//code ";

impl Answer {
    pub(crate) fn written(&self) -> Option<String> {
        let Answer {
            module,
            links,
            seal,
        } = self;
        let mut text = module.code.clone();
        for warning in &module.warnings {
            let place = warning.place.unwrap_or(Place { line: 0, column: 0 });
            let _ = writeln!(
                text,
                "{WARNING}{} {} {}",
                place.line,
                place.column,
                literal::quote(&warning.message)
            );
        }
        for (name, place) in &module.declared {
            let _ = writeln!(text, "{DECLARED}{} {} {name}", place.line, place.column);
        }
        for prototype in &module.prototypes {
            let Prototype {
                key,
                is_of_header,
                value,
            } = prototype;
            let _ = writeln!(text, "{PROTOTYPE}{key} {is_of_header} {value}");
        }
        for link in links {
            if let Some(parts) = link_directory::written(link)? {
                let _ = writeln!(text, "{LINK}{parts}");
            }
        }
        if let Some(seal) = seal {
            let _ = writeln!(text, "{LIBRARY}{}", seal.written());
        }
        let _ = writeln!(text, "{CODE}{}", module.code.len());
        Some(text)
    }

    pub(crate) fn read(text: &str) -> Option<Answer> {
        let (text, length) = text.trim_end().rsplit_once(CODE)?;
        let (code, said) = text.split_at_checked(length.parse().ok()?)?;
        let (mut warnings, mut declared) = (Vec::new(), Vec::new());
        let (mut links, mut seal, mut prototypes) = (Vec::new(), None, Vec::new());
        for line in said.lines() {
            if let Some(parts) = line.strip_prefix(LINK) {
                links.push(link_directory::read(parts)?);
            } else if let Some(parts) = line.strip_prefix(LIBRARY) {
                seal = Some(Seal::read(parts)?);
            } else if let Some(parts) = line.strip_prefix(PROTOTYPE) {
                prototypes.push(prototype(parts)?);
            } else if let Some(warning) = line.strip_prefix(WARNING) {
                let (place, message) = placed(warning)?;
                let place = (place.line > 0).then_some(place);
                warnings.push(Diagnostic::new(place, literal::value(message)?));
            } else {
                let (place, name) = placed(line.strip_prefix(DECLARED)?)?;
                declared.push((name.to_string(), place));
            }
        }
        let module = Module {
            code: code.to_string(),
            warnings,
            declared,
            prototypes,
        };
        Some(Answer {
            module,
            links,
            seal,
        })
    }
}

fn prototype(line: &str) -> Option<Prototype> {
    let mut parts = line.splitn(3, ' ');
    Some(Prototype {
        key: parts.next()?.parse().ok()?,
        is_of_header: parts.next()?.parse().ok()?,
        value: parts.next()?.to_string(),
    })
}

/// A line's place, and what is said of it.
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

    use super::*;
    use crate::linking::linkable_file::{FileKind, LinkableFile};

    #[test]
    fn a_module_is_kept_with_what_is_said_of_it() {
        let place = Place { line: 3, column: 5 };
        let module = Module {
            code: "mod C {\n}\n".to_string(),
            warnings: vec![
                Diagnostic::new(Some(place), "unused 'a'\nnote: \"é\""),
                Diagnostic::new(None, "somewhere"),
            ],
            declared: vec![("struct_s".to_string(), place)],
            prototypes: vec![Prototype {
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
        let seal = Some(Seal {
            state: 3,
            some: 4,
            all: 5,
        });
        let answer = Answer {
            module,
            links,
            seal,
        };
        let read = Answer::read(&answer.written().unwrap()).unwrap();
        assert_eq!(read.module.code, answer.module.code);
        assert_eq!(read.module.warnings, answer.module.warnings);
        assert_eq!(read.module.declared, answer.module.declared);
        assert_eq!(read.module.prototypes, answer.module.prototypes);
        assert_eq!(read.links, answer.links);
        assert_eq!(read.seal, answer.seal);
    }
}
