//! The file of `#cgo bindings:`: the text of a module for one target, which the author has written and checks in. It stands in for the
//! module where a header, a package or the compiler is missing.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use cgo_csyntax::diagnostic::Diagnostic;
use cgo_csyntax::directive::Directives;
use cgo_csyntax::files::checksum;
use cgo_csyntax::message::Message;
use cgo_csyntax::preamble::Preamble;
use cgo_csyntax::target::Target;
use cgo_toolchain::session::environment::BINDINGS;

/// The start of each such file, by which it is told from the sources of the crate.
pub(crate) const HEADING: &str = "// Bindings by cgo, ";
/// The starts of the lines after the heading.
const CALL: &str = "// call: ";
const HEADERS: &str = "// headers: ";
const CONDITIONS: &str = "// conditions: ";
const LDFLAGS: &str = "// ldflags: ";
const NAMES: &str = "// names: ";

/// What the file says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct CheckedIn {
    /// The checksum of the call.
    pub(crate) call: String,
    /// That of the headers in the package.
    pub(crate) headers: String,
    /// The conditions that held.
    pub(crate) conditions: BTreeSet<String>,
    /// What the packages give the linker, without folders.
    pub(crate) ldflags: String,
    /// The names of C that are in the module, or are left out with a reason.
    pub(crate) names: BTreeSet<String>,
    pub(crate) module: String,
}

impl CheckedIn {
    pub(crate) fn written(&self, target: &Target) -> String {
        let triple = &target.triple;
        let (conditions, names) = (joined(&self.conditions, "; "), joined(&self.names, " "));
        format!(
            "{HEADING}for {triple}: written with the variable {BINDINGS} set, not to be edited.\n{CALL}{}\n{HEADERS}{}\n{CONDITIONS}{conditions}\n\
             {LDFLAGS}{}\n{NAMES}{names}\n{}",
            self.call, self.headers, self.ldflags, self.module
        )
    }

    fn read(text: &str) -> Option<CheckedIn> {
        let (_, mut rest) = text.strip_prefix(HEADING)?.split_once('\n')?;
        let mut line = |start: &str| {
            let (line, after) = rest.strip_prefix(start)?.split_once('\n')?;
            rest = after;
            Some(line.trim_end().to_string())
        };
        Some(CheckedIn {
            call: line(CALL)?,
            headers: line(HEADERS)?,
            conditions: separated(&line(CONDITIONS)?, "; "),
            ldflags: line(LDFLAGS)?,
            names: separated(&line(NAMES)?, " "),
            module: rest.to_string(),
        })
    }

    pub(crate) fn of_file(file: &Path) -> Option<CheckedIn> {
        CheckedIn::read(&fs::read_to_string(file).ok()?)
    }
}

fn joined(words: &BTreeSet<String>, separator: &str) -> String {
    let words = words.iter().map(String::as_str);
    words.collect::<Vec<_>>().join(separator)
}

fn separated(line: &str, separator: &str) -> BTreeSet<String> {
    let words = line.split(separator).filter(|word| !word.is_empty());
    words.map(str::to_string).collect()
}

/// The checksum of all that the call says, whatever ends its lines.
pub(crate) fn call(preamble: &Preamble) -> String {
    let imports = preamble.imports.iter();
    let imports = imports.map(|import| format!("{} {}", import.path, import.name));
    let mut lines = vec![preamble.visibility.text().to_string()];
    lines.push(preamble.module.clone());
    lines.extend(imports);
    lines.extend(preamble.text.lines().map(str::to_string));
    format!("{:016x}", checksum::sum(lines.join("\n").as_bytes()))
}

/// The error that the file is stale.
pub(crate) fn stale(file: &Path, why: &str, directives: &Directives) -> Diagnostic {
    let place = directives.bindings.as_ref().map(|file| file.place);
    let text = format!("the bindings in {} are stale: {why}", file.display());
    let help = format!("run `{BINDINGS}=write cargo check`");
    Diagnostic::new(place, Message::new(text).help(help))
}

#[cfg(test)]
mod tests {
    // The lint's exception for tests does not reach functions beside them.
    #![allow(clippy::unwrap_used)]

    use super::*;
    use cgo_toolchain::session::this_machine;

    #[test]
    fn what_is_written_is_read() {
        let bindings = CheckedIn {
            call: "1".to_string(),
            headers: "2".to_string(),
            conditions: ["!small", "cfg(unix)"].map(str::to_string).into(),
            ldflags: "-lz -lm".to_string(),
            names: ["deflate", "inflate"].map(str::to_string).into(),
            module: "mod C {\n}\n".to_string(),
        };
        let text = bindings.written(&this_machine());
        assert_eq!(CheckedIn::read(&text).unwrap(), bindings);
        let bare = CheckedIn {
            conditions: BTreeSet::new(),
            names: BTreeSet::new(),
            ..bindings.clone()
        };
        let read = CheckedIn::read(&bare.written(&this_machine()));
        assert_eq!(read.unwrap(), bare);
        let of_windows = CheckedIn::read(&text.replace('\n', "\r\n")).unwrap();
        assert_eq!(of_windows.ldflags, bindings.ldflags);
        assert_eq!(CheckedIn::read("mod C {}"), None);
    }
}
