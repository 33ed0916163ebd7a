//! Asks, where the compiler failed, whether it or its headers are for another target: then the errors follow from that.

use std::fs;

use cgo_csyntax::declarations::declared;
use cgo_csyntax::diagnostic::{ErrorScope, Outcome};

use crate::compiler::run::Places;
use crate::compiler::{Toolchain, Warnings, advice, header_target, object_target};
use crate::session::Session;
use crate::unit::TranslationUnit;
use crate::unit::flags::UnitFlags;

/// The outcome. If it is an error, and the compiler or its headers are for another target, this is the error instead.
pub fn or_wrong_target<T>(
    outcome: Outcome<T>,
    toolchain: &Toolchain,
    unit: &TranslationUnit,
    session: &Session,
) -> Outcome<T> {
    outcome.or_else(|mut errors| {
        let target = &session.target;
        let object = toolchain.work.join("empty.o");
        let made = toolchain.compile_text(unit, "", &object, Warnings::Hidden, Places::OfCompiler);
        let is_made = made.is_ok_and(|finished| finished.status.success());
        if let (true, Ok(bytes)) = (is_made, fs::read(&object)) {
            object_target::check(&bytes, toolchain, &unit.flags, session)?;
        } else if let ([error], true) = (&mut errors[..], target.triple != target.host)
            && !names_one_of(&unit.flags, &error.message.text)
        {
            // It cannot even compile an empty text, and no flag of the preamble is to blame.
            error.scope = ErrorScope::Build;
            // Instead of what helps where the program is to run here.
            error.message.helps = vec![advice::compiler(target)];
        }
        if let Ok((text, verbose)) = toolchain.preprocess_in_part(unit) {
            let names = declared(&text);
            header_target::check(&names, &verbose.header_folders, toolchain, session)?;
        }
        if let ([error], true) = (&mut errors[..], target.triple != target.host) {
            // A header of this machine, which includes one that belongs to the target's.
            if error.is_missing && error.message.text.starts_with("/usr/include/") {
                error.message.helps.push(advice::compiler(target));
            } else if error.is_missing && names_header_of_c(&error.message.text) {
                error.message.helps = vec![advice::headers(target)];
            }
        }
        Err(errors)
    })
}

/// Whether the compiler names a flag of the preamble, as it does if it does not know it.
fn names_one_of(flags: &UnitFlags, said: &str) -> bool {
    let mut flags = flags.to_vec().into_iter();
    flags.any(|flag| said.contains(&format!("'{}'", flag.to_string_lossy())))
}

/// Whether the header that the compiler does not find is one of every C library (C17 7.1.2; compilers bring the others along).
fn names_header_of_c(said: &str) -> bool {
    const HEADERS: [&str; 18] = [
        "assert", "complex", "ctype", "errno", "fenv", "inttypes", "locale", "math", "setjmp",
        "signal", "stdio", "stdlib", "string", "tgmath", "time", "uchar", "wchar", "wctype",
    ];
    // gcc writes `stdio.h: No such file ..`, clang `'stdio.h' file ..`.
    let name = said.trim_start_matches('\'').split_once(".h");
    name.is_some_and(|(name, _)| HEADERS.contains(&name))
}
