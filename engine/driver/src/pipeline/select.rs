//! Selects the names to bind: all that the user's own C declares, and those of system headers that Rust uses.

use cgo_csyntax::diagnostic::Outcome;
use cgo_csyntax::selection::{self, Selection, UsedNames};

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
    directive_names::are_declared(directives, names)?;
    Ok(selection)
}
