//! Selects the names to bind: all that the user's own C declares, and those of system headers that Rust uses.

use cgo_csyntax::declarations::names::{NameKind, Names};
use cgo_csyntax::diagnostic::{Diagnostic, Outcome, all_or};
use cgo_csyntax::directive::Directives;
use cgo_csyntax::message::Message;
use cgo_csyntax::preamble::Import;
use cgo_csyntax::selection::{self, Selection, UsedNames, rust_tag};

use crate::explain::directive_names;
use crate::explain::unknown_names::{UnknownNames, unknown_names};
use crate::pipeline::parse::Parsed;
use crate::pipeline::preprocess::Preprocessed;
use crate::pipeline::request::Request;

pub(crate) fn select(
    request: &Request<'_>,
    parsed: &Parsed,
    preprocessed: &Preprocessed<'_>,
) -> Outcome<Selection> {
    let (names, directives) = (&preprocessed.names, &parsed.directives);
    let (used, unknown) = match &request.rust.words {
        Some(words) => (
            UsedNames::Among {
                words: &words.all,
                of_module: &words.of_module,
            },
            unknown_names(
                names,
                words,
                &parsed.text,
                &directives.strip,
                &preprocessed.unit,
            ),
        ),
        None => (UsedNames::Unknown, UnknownNames::default()),
    };
    let mut selection = selection::select(names, &used, &directives.bind, &unknown.similar);
    selection.type_constants(&directives.constants);
    selection.left_out.extend(unknown.left_out);
    selection.add_prototypes(&directives.prototypes, names);
    directive_names::are_declared(directives, names)?;
    if !request.session.is_editor() {
        imports_are_known(&request.preamble.imports, directives, names)?;
    }
    Ok(selection)
}

/// Every imported type must be one that C has. It may be one of the compiler's own, which no text declares and whose names are reserved.
fn imports_are_known(imports: &[Import], directives: &Directives, names: &Names) -> Outcome<()> {
    let is_reserved = |name: &str| name.starts_with("__") || name.contains("___");
    let unknown = imports.iter().filter(|Import { name, .. }| {
        !is_reserved(name) && selection::type_called(names, directives, name).is_none()
    });
    let errors = unknown.map(|Import { name, place, .. }| {
        let message = match names.tag(name).map(|tag| &tag.kind) {
            Some(NameKind::Tag { kind, .. }) => {
                let text =
                    format!("`{name}` is imported, but in C it is a tag and something else too");
                Message::new(text).help(format!("write `{}`", rust_tag(*kind, name)))
            }
            _ => Message::new(format!(
                "`{name}` is imported, but the C of this preamble has no such type"
            ))
            .help("write the name that C has for it, as in `use path::name as struct_tag;`"),
        };
        Diagnostic::new(Some(*place), message)
    });
    all_or(errors.collect(), ())
}
