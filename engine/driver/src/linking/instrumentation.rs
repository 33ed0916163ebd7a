//! Warns where the C is instrumented, and nothing links the library that its instrumentation calls: rustc does not know of the C
//! compiler's `-fsanitize=address` or `--coverage`.

use std::collections::HashSet;

use cgo_csyntax::diagnostic::Diagnostic;
use cgo_csyntax::message::Message;
use cgo_toolchain::compiler::Family;
use cgo_toolchain::session::Session;

use crate::linking::link_attribute::Link;

/// How the calls of instrumented code begin, gcc's library for them, and the flag.
const LIBRARIES: [(&str, &str, &str); 5] = [
    ("__asan_", "asan", "-fsanitize=address"),
    ("__tsan_", "tsan", "-fsanitize=thread"),
    ("__ubsan_", "ubsan", "-fsanitize=undefined"),
    ("__gcov_", "gcov", "--coverage"),
    // clang's.
    ("llvm_gcov_", "gcov", "--coverage"),
];

/// The warning, if a library is missing. `needed` are the symbols that the C takes from libraries.
pub(crate) fn warning(
    session: &Session,
    family: Family,
    needed: &HashSet<String>,
    links: &[Link],
) -> Option<Diagnostic> {
    let is_needed = |start: &str| needed.iter().any(|symbol| symbol.starts_with(start));
    let (_, library, flag) = LIBRARIES.into_iter().find(|(start, ..)| is_needed(start))?;
    let is_named = links
        .iter()
        .any(|link| matches!(link, Link::Library { name, .. } if name == library));
    let links_it = |word: &str| {
        word == flag || word.starts_with("-fsanitize=") || word == format!("-l{library}")
    };
    let of_rustc = |words: &String| words.split_whitespace().any(links_it);
    if is_named || !session.sanitizers.is_empty() || session.link_arguments.iter().any(of_rustc) {
        return None;
    }
    let help = match family {
        Family::Gnu => format!("add `#cgo LDFLAGS: -l{library}`"),
        Family::Clang => format!("set RUSTFLAGS to `-C linker=clang -C link-arg={flag}`"),
    };
    let text = Message::new(format!(
        "the C is compiled with `{flag}`, and nothing links the library that this needs"
    ))
    .help(help);
    Some(Diagnostic::new(None, text))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::linking::link_attribute::Preference;

    #[test]
    fn a_library_that_nothing_names_is_missing() {
        let session = Session::of_this_process();
        let needed = |symbols: &[&str]| symbols.iter().map(|symbol| symbol.to_string()).collect();
        let link = Link::Library {
            name: "gcov".to_string(),
            verbatim: false,
            preference: Preference::Any,
        };
        let said = |symbols: &[&str], links: &[Link]| {
            warning(&session, Family::Gnu, &needed(symbols), links)
                .map(|warning| warning.message.to_string())
        };
        assert!(said(&["puts", "__gcov_init"], &[]).is_some_and(|said| said.ends_with("-lgcov`")));
        assert!(
            said(&["__asan_load4"], std::slice::from_ref(&link))
                .is_some_and(|said| said.ends_with("-lasan`"))
        );
        assert_eq!(said(&["__gcov_init"], &[link]), None);
        assert_eq!(said(&["puts"], &[]), None);
        // A function of the user's.
        assert_eq!(said(&["asan_start", "gcov_open"], &[]), None);
    }
}
