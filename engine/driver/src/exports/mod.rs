//! The text of the header of a crate's exports, and errors in it.

pub(crate) mod comparison;
pub(crate) mod header_file;

use std::borrow::Cow;
use std::collections::HashSet;
use std::fs;
use std::path::Path;

use cgo_csyntax::declarations::names::{NameKind, Names};
use cgo_csyntax::diagnostic::{Diagnostic, Outcome, all_or, fail};
use cgo_csyntax::exports::{DeclaredExport, Exports, Unreadable};
use cgo_csyntax::message::Message;
use cgo_toolchain::rust_file::RustFile;
use cgo_toolchain::session::Session;

/// The name of the header, as in cgo of Go.
pub(crate) const FILE_NAME: &str = "_cgo_export.h";

/// Finds the exports of the crate with this root file. It is called only where the crate says `export_c`.
pub type FindExports = fn(&Path, &Session) -> Exports;

/// For callers without exports.
pub fn no_exports(_: &Path, _: &Session) -> Exports {
    Exports::default()
}

/// The text of the header without the functions and variables that are declared elsewhere.
pub(crate) fn header(exports: &Exports, crate_name: &str, elsewhere: &HashSet<String>) -> String {
    let declarations =
        exports.declarations(|item| item.is_type || !elsewhere.contains(&item.symbol));
    let own = crate_name.to_uppercase().replace('-', "_");
    let guard = format!("CGO_EXPORT_H_{own}");
    let layout = match exports.items.iter().any(|item| item.is_type) {
        true => layout_check(&own),
        false => String::new(),
    };
    format!(
        "/* What the Rust crate {crate_name} gives to C. Written by the compiler from its `#[export_c]`: changes here are lost. */\n\
         #ifndef {guard}\n#define {guard}\n\n\
         #include <stdbool.h>\n#include <stddef.h>\n#include <stdint.h>\n\n\
         #ifdef __cplusplus\nextern \"C\" {{\n#endif\n\n\
         #ifndef CGO_TEXT_AND_BYTES\n#define CGO_TEXT_AND_BYTES\n\
         /** UTF-8 text of n bytes, without a NUL at the end: Rust's `&str`. */\n\
         typedef struct cgo_str {{ const char *p; size_t n; }} cgo_str;\n\
         /** n bytes: Rust's `&[u8]`. */\n\
         typedef struct cgo_bytes {{ const uint8_t *p; size_t n; }} cgo_bytes;\n#endif\n\n\
         {layout}{declarations}\n#ifdef __cplusplus\n}}\n#endif\n\n#endif\n"
    )
}

/// Text that does not compile where flags or pragmas change the layout of types: a preamble compares them with Rust, and what else includes
/// the header does not. C++ has no types in `sizeof`, and a preamble would bind their names. `own` is for names that no other crate has.
fn layout_check(own: &str) -> String {
    format!(
        "#if defined __cplusplus\n\
         struct _cgo_padded_{own} {{ char a; void *b; }};\n\
         typedef char _cgo_structs_must_not_be_packed_{own}[sizeof(_cgo_padded_{own}) == 2 * sizeof(void *) ? 1 : -1];\n\
         #elif defined __GNUC__\n\
         __extension__ _Static_assert(sizeof(struct {{ char a; void *b; }}) == sizeof(void *) + __alignof__(void *),\n    \
         \"Rust does not know of -fpack-struct and #pragma pack\");\n\
         #if defined __linux__ || defined __APPLE__ || defined _WIN32\n\
         __extension__ _Static_assert(sizeof(enum {{ _cgo_one_{own} = 1 }}) == sizeof(int), \"Rust does not know of -fshort-enums\");\n\
         #endif\n#endif\n\n"
    )
}

/// Adds to a message of the compiler what it has to do with an export: that its line of the header comes from the export, or that the
/// preprocessed text lacks the header.
pub(crate) fn explain(exports: &Exports, message: &mut Message, header: &str, preprocessed: &str) {
    const UNDECLARED: [&str; 3] = ["undeclared", "implicit declaration", "unknown type name"];
    let is_undeclared = UNDECLARED.iter().any(|words| message.text.contains(words));
    if is_undeclared && !preprocessed.contains(FILE_NAME) {
        // The first name in quotes: behind it may stand a similar one.
        let undeclared = message.text.split('\'').nth(1);
        if undeclared.is_some_and(|name| exports.items.iter().any(|export| export.symbol == name)) {
            let help = "the crate exports it; write `#include \"_cgo_export.h\"`";
            message.helps.push(help.to_string());
        }
    }
    let named = || message.text.split('\'').skip(1).step_by(2).flat_map(words);
    let left_out = exports.items.iter().find_map(
        |DeclaredExport {
             symbol, left_out, ..
         }| {
            let reason = left_out.as_ref()?;
            named()
                .any(|name| name == symbol)
                .then(|| format!("{FILE_NAME} does not declare `{symbol}`: {reason}"))
        },
    );
    message.notes.extend(left_out);
    let said = || message.notes.iter().chain([&message.text]);
    let Some((text, number)) = said().find_map(|text| line_named(text, header)) else {
        return;
    };
    let line = text.lines().nth(number).unwrap_or_default();
    if let Some(name) = macro_on(line, preprocessed) {
        let help = format!("`{name}` is a macro here; rename it in Rust");
        message.helps.push(help);
    }
    if message.text.contains("unknown type name") {
        let help = "declare the type before the `#include`, or remove the `#include` and declare the exports that this C uses";
        message.helps.push(help.to_string());
    }
    let found = export_on(exports, &text, number).map(|export| {
        format!(
            "the header says so because of `#[export_c]` on `{}` at {}:{}",
            export.rust_name,
            export.file.display(),
            export.line
        )
    });
    message.notes.extend(found);
}

/// The header that a text names, and its line, from 0: that of `_cgo_export.h:7`. The header of a preamble may lack what C declares itself.
fn line_named<'h>(text: &str, header: &'h str) -> Option<(Cow<'h, str>, usize)> {
    let (folder, rest) = text.split_once(FILE_NAME)?;
    let digits = rest.strip_prefix(':')?.split(':').next()?;
    let number = digits.parse::<usize>().ok()?.checked_sub(1)?;
    let file = Path::new(folder).join(FILE_NAME);
    let own = file.is_absolute().then(|| fs::read_to_string(file).ok());
    Some((own.flatten().map_or(header.into(), Cow::Owned), number))
}

/// The export whose declaration is on this line of the header.
fn export_on<'e>(exports: &'e Exports, header: &str, number: usize) -> Option<&'e DeclaredExport> {
    let is_there = |export: &&DeclaredExport| {
        header.find(&export.text).is_some_and(|at| {
            let first = header[..at].lines().count();
            (first..first + export.text.lines().count()).contains(&number)
        })
    };
    let line = header.lines().nth(number)?;
    let is_named = |export: &&DeclaredExport| words(line).any(|word| word == export.symbol);
    let mut items = exports.items.iter();
    items
        .clone()
        .find(is_there)
        .or_else(|| items.find(is_named))
}

/// A word on a line that the preprocessed text defines as a macro.
fn macro_on<'l>(line: &'l str, preprocessed: &str) -> Option<&'l str> {
    words(line).find(|word| {
        let is_macro = |end: &str| {
            !word.is_empty() && preprocessed.contains(&format!("\n#define {word}{end}"))
        };
        // A macro with parameters is one before `(` alone.
        let is_called = || line.contains(&format!("{word}("));
        *word != "bool" && (is_macro(" ") || is_macro("(") && is_called())
    })
}

fn words(line: &str) -> impl Iterator<Item = &str> {
    line.split(|c: char| c != '_' && !c.is_alphanumeric())
}

/// Fails if the text includes the header, and a file with exports could not be parsed.
pub(crate) fn are_whole_for(exports: &Exports, preprocessed: &str) -> Outcome<()> {
    match exports.unreadable.first() {
        Some(Unreadable { file, line, why }) if preprocessed.contains(FILE_NAME) => fail(format!(
            "{FILE_NAME} lacks the exports of {}, which cannot be read from line {line} on: {why}",
            file.display()
        )),
        _ => Ok(()),
    }
}

/// Fails if C defines a struct that the header has for a type of Rust: nothing compares the two, and each would read the other's bytes.
pub(crate) fn are_opaque(exports: &Exports, names: &Names<'_>, rust: &RustFile) -> Outcome<()> {
    let opaque = exports.opaque.iter().filter_map(|tag| names.tag(tag));
    let defined = opaque.filter(|tag| matches!(tag.kind, NameKind::Tag { complete: true, .. }));
    let errors = defined.map(|tag| {
        let (name, line) = (tag.name, tag.place.line as usize);
        let file = names.files.get(tag.place.file as usize);
        let file = file.map_or("", |file| &file.path);
        let message = format!(
            "`{name}` is defined in C, and is also a Rust type whose members {FILE_NAME} does not have"
        );
        let help = "rename one of the two, or write `#[export_c]` and `#[repr(C)]` on the Rust type and remove the one in C";
        let (place, note) = match file == rust.path {
            true => (rust.place_of(line, name), None),
            false => (None, Some(format!("C defines it at {file}:{line}"))),
        };
        let mut message = Message::new(message).help(help);
        message.notes.extend(note);
        Diagnostic::new(place, message)
    });
    all_or(errors.collect(), ())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn export(symbol: &str, is_type: bool) -> DeclaredExport {
        DeclaredExport {
            symbol: symbol.to_string(),
            text: format!("int {symbol};\n"),
            left_out: None,
            rust_name: format!("rust_{symbol}"),
            file: "src/lib.rs".into(),
            line: 7,
            is_type,
            numbers: None,
        }
    }

    #[test]
    fn what_is_declared_elsewhere_is_left_out_but_for_types() {
        let exports = Exports {
            items: vec![export("a", true), export("b", false), export("c", false)],
            ..Exports::default()
        };
        let elsewhere = ["a", "b"].map(str::to_string).into();
        let header = header(&exports, "a-crate", &elsewhere);
        assert!(
            header.contains("#endif\n\nint a;\nint c;\n\n#ifdef")
                && header.contains("{ _cgo_one_A_CRATE = 1 }"),
            "{header}"
        );
        assert!(
            header.contains("#ifndef CGO_EXPORT_H_A_CRATE\n"),
            "{header}"
        );
    }

    #[test]
    fn an_error_in_the_header_names_the_export() {
        let exports = Exports {
            items: vec![export("a", false), export("b", false)],
            ..Exports::default()
        };
        let header = header(&exports, "x", &HashSet::new());
        let line = header.lines().position(|line| line == "int b;").unwrap() + 1;
        let mut message = Message::new("bad").note(format!("{FILE_NAME}:{line}:5: here"));
        explain(&exports, &mut message, &header, "");
        assert_eq!(
            message.notes[1],
            "the header says so because of `#[export_c]` on `rust_b` at src/lib.rs:7"
        );
    }

    #[test]
    fn an_error_in_a_member_names_the_export_and_the_macro() {
        let record = DeclaredExport {
            text: "struct b {\n    bool a;\n    int st_atime;\n};\n".to_string(),
            ..export("b", true)
        };
        let exports = Exports {
            items: vec![export("a", false), record],
            ..Exports::default()
        };
        let header = header(&exports, "x", &HashSet::new());
        let line = header.lines().position(|line| line.contains("st_atime"));
        let mut message = Message::new(format!("{FILE_NAME}:{}:5: bad", line.unwrap() + 1));
        let defined = "\n#define bool _Bool\n#define int(x) x\n#define st_atime st_atim.tv_sec\n";
        explain(&exports, &mut message, &header, defined);
        assert_eq!(
            message.notes,
            ["the header says so because of `#[export_c]` on `rust_b` at src/lib.rs:7"]
        );
        assert_eq!(
            message.helps,
            ["`st_atime` is a macro here; rename it in Rust"]
        );
    }

    #[test]
    fn an_export_that_is_not_declared_wants_the_header() {
        let exports = Exports {
            items: vec![export("a", false)],
            ..Exports::default()
        };
        let explained = |said: &str, preprocessed: &str| {
            let mut message = Message::new(said);
            explain(&exports, &mut message, "", preprocessed);
            !message.helps.is_empty()
        };
        assert!(explained("implicit declaration of function 'a'", "int b;"));
        assert!(explained("use of undeclared identifier 'a'", "int b;"));
        assert!(!explained("'b' undeclared", "int b;"));
        assert!(!explained("'b' undeclared; did you mean 'a'?", "int b;"));
        assert!(!explained("conflicting types for 'a'", "int a;"));
        assert!(!explained("'a' undeclared", "# 1 \"_cgo_export.h\" 1\n"));
    }

    #[test]
    fn an_error_about_an_export_that_is_left_out_has_the_reason() {
        let left_out = DeclaredExport {
            left_out: Some("one of its types has no type in C".to_string()),
            ..export("b", true)
        };
        let exports = Exports {
            items: vec![export("a", false), left_out],
            ..Exports::default()
        };
        for (said, expected) in [("incomplete type 'struct b'", 1), ("'a' undeclared", 0)] {
            let mut message = Message::new(said);
            explain(&exports, &mut message, "", "# 1 \"_cgo_export.h\" 1\n");
            assert_eq!(message.notes.len(), expected, "{:?}", message.notes);
        }
    }

    #[test]
    fn a_header_with_gaps_is_an_error_where_it_is_taken_in() {
        let exports = Exports {
            unreadable: vec![Unreadable {
                file: "a.rs".into(),
                line: 3,
                why: "expected `;`".to_string(),
            }],
            ..Exports::default()
        };
        assert!(are_whole_for(&exports, "int a;").is_ok());
        let error = are_whole_for(&exports, "# 1 \"_cgo_export.h\" 1\n").unwrap_err();
        assert!(
            error[0]
                .message
                .text
                .contains("a.rs, which cannot be read from line 3 on")
        );
    }
}
