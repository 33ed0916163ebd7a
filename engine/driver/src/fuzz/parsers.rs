//! The engine's parsers of text and bytes that others wrote, each as a function that must return.

use std::io::Cursor;
use std::path::Path;
use std::rc::Rc;

use cgo_codegen::docs::comment::Behind;
use cgo_codegen::shims::Shim;
use cgo_csyntax::cfg;
use cgo_csyntax::declarations::{declared, names};
use cgo_csyntax::directive;
use cgo_csyntax::directive::condition_context::ConditionContext;
use cgo_csyntax::directive::constraint;
use cgo_csyntax::directive::link_flag::{LinkFlag, Origin};
use cgo_csyntax::directive::source_files::Language;
use cgo_csyntax::macros::classify::classify;
use cgo_csyntax::preamble::{ModuleVisibility, Preamble};
use cgo_csyntax::target::Target;
use cgo_csyntax::{lexer, selection};
use cgo_object::{archive, import_library};
use cgo_toolchain::compiler::{find, messages};
use cgo_toolchain::rust_file::RustFile;
use cgo_toolchain::session::{Session, this_machine};
use cgo_toolchain::unit::universal_names;

use crate::Place;
use crate::cache::store::Manifest;
use crate::explain::unknown_names;
use crate::linking::{ldflags, make_rule, pkg_config, rejected_shims};
use crate::module::spans;
use crate::probe::write::Probe;
use crate::probe::{read, write};
use crate::rust_scan::rust_items::RustItems;
use crate::rust_scan::rust_words;
use crate::rust_scan::text::{self, literal};

/// A parser of text, with its name.
pub(crate) type Parser = (&'static str, fn(&str));

/// All parsers of text.
pub(crate) const PARSERS: [Parser; 16] = [
    ("preprocessed text", |text| drop(preprocessed(text))),
    ("universal characters", |text| {
        drop(universal_names::decode(text));
    }),
    ("C tokens", |text| drop(lexer::tokens(text))),
    ("declarations", declarations),
    ("comments", comments),
    ("directives", directives),
    ("conditions", conditions),
    ("compiler messages", compiler_messages),
    ("rules of make", |text| {
        drop(make_rule::dependencies(text, Path::new("/")));
    }),
    ("remembered compilers", |text| {
        let known = find::recall(
            text,
            &session(),
            Language::C,
            Path::new("/"),
            &Default::default(),
        );
        drop(known);
    }),
    ("flags of packages", flags),
    ("Rust literals", rust_literals),
    ("words of Rust", |text| {
        rust_words::RustWords::default().scan(text.as_bytes(), "C");
    }),
    ("pieces of Rust", pieces),
    ("items of Rust", |text| {
        RustItems::default().read(text);
    }),
    ("rejected shims", |text| {
        let shims = ["f", "g"].map(|name| Shim::Address(name.to_string()));
        rejected_shims::rejected(&shims, "cgo_1_", &messages::read(text));
        rejected_shims::of_stack_dump(&shims, "cgo_1_", text);
    }),
];

/// A parser of bytes, with its name.
pub(crate) type BytesParser = (&'static str, fn(&[u8]));

/// All parsers of bytes.
pub(crate) const BYTES_PARSERS: [BytesParser; 4] = [
    ("object file", |bytes| object_file(bytes, C)),
    ("shared library", |bytes| {
        cgo_object::soname(bytes);
        cgo_object::install_name(bytes);
    }),
    ("archive", |bytes| {
        drop(archive::first_object(&mut Cursor::new(bytes)));
        drop(import_library::dlls(bytes))
    }),
    ("kept manifest", |bytes| drop(Manifest::read(bytes))),
];

/// C whose object file has every kind of type.
pub(crate) const C: &str = "struct record { int a : 3; union { long l; char c[4]; } u; struct record *next; };\n\
    typedef enum { RED, GREEN = 2 } color; int f(struct record *r, color c, ...);\n\
    typedef int vector __attribute__((vector_size(16))); struct __attribute__((packed)) p { char c; vector v; };\n\
    static int (*table[3])(void); extern const char *const names[]; _Thread_local int t;\n\
    static int in(void) { return 1; } double _Complex z; _Atomic int atom; long double wide;\n\
    #define TEXT \"a\"\n#define NUMBER (1.5 + GREEN)\n#define ALSO in\n";

/// The folder name of a parser.
pub(crate) fn folder(name: &str) -> String {
    name.replace(' ', "-")
}

/// Gives the bytes to the parser with this folder.
#[cfg(fuzzing)]
pub fn read(wanted: &str, bytes: &[u8]) {
    let is_wanted = |name: &str| folder(name) == wanted;
    let of_text = PARSERS.iter().find(|(name, _)| is_wanted(name));
    let of_bytes = BYTES_PARSERS.iter().find(|(name, _)| is_wanted(name));
    match (of_text, of_bytes) {
        (Some((_, parser)), _) => parser(&String::from_utf8_lossy(bytes)),
        (None, Some((_, parser))) => parser(bytes),
        (None, None) => panic!("there is no reader `{wanted}`"),
    }
}

fn session() -> Session {
    Session::of(&[], Path::new("/"))
}

/// The names of the text, and the probe of all of them.
pub(crate) fn preprocessed(text: &str) -> (names::Names<'_>, selection::Selection, Probe) {
    let names = declared(text);
    let selection = selection::select(&names, &selection::UsedNames::Unknown, &[], &[]);
    let none = vec![false; selection.items.len()];
    let probe = write::write(&names, &selection.items, &none, "\"main.rs\"");
    for name in names.macros.keys() {
        classify(&names, name);
    }
    names.also_declared_outside("a.h");
    selection::reachable_names(&names);
    for item in &selection.items {
        if let Some(declaration) = item.declaration {
            names.text(declaration);
        }
        cgo_codegen::docs::declaration::first_line(&names, item);
    }
    let others = selection.left_out.iter().map(|one| one.name.as_str());
    spans::declared(&names, &rust_file(text), others);
    for name in ["", "prinft", text] {
        unknown_names::most_similar(name, &names);
    }
    (names, selection, probe)
}

/// The Rust file with this text as its preamble.
fn rust_file(text: &str) -> RustFile {
    RustFile {
        path: "main.rs".to_string(),
        shown: "main.rs".to_string(),
        first_line: 2,
        text: text.to_string(),
    }
}

fn declarations(text: &str) {
    let tidy = cgo_codegen::docs::declaration::tidy(text);
    cgo_codegen::docs::declaration::parameter_names(&lexer::tokens(&tidy), "f", &|word| {
        word.len() == 1
    });
    cgo_codegen::docs::declaration::parameter_names(&lexer::tokens(text), "f", &|_| false);
}

fn comments(text: &str) {
    cgo_codegen::inline(text);
    let lines: Vec<String> = text.lines().map(str::to_string).collect();
    cgo_codegen::docs::comment::above(&lines, lines.len() + 1);
    for name in ["a", "b"] {
        cgo_codegen::docs::comment::behind(&lines, 1, name, Behind::Any);
    }
    let closed = [vec!["/*".to_string()], lines, vec!["*/".to_string()]].concat();
    let markdown = cgo_codegen::docs::comment::above(&closed, closed.len() + 1);
    cgo_codegen::docs::markdown::fenced("c", &markdown);
}

fn directives(text: &str) {
    let start = Place { line: 3, column: 5 };
    let mut errors = Vec::new();
    let target = this_machine();
    let conditions = conditions_of(&target);
    let (kept, found) = directive::read(text, start, conditions, Path::new("/"), &mut errors);
    let lines = |text: &str| text.matches('\n').count();
    assert_eq!(lines(&kept), lines(text));
    ldflags::resolve(&found.ldflags, &target, Path::new("/"), &mut errors);
    for error in errors {
        assert!(error.place.is_some_and(|place| place.line >= 3));
    }
}

fn conditions(text: &str) {
    let _ = constraint::holds(text, conditions_of(&this_machine()));
    cfg::read_known(text);
}

fn conditions_of(target: &Target) -> ConditionContext<'_> {
    ConditionContext {
        target,
        cfgs: &[],
        known: Some(&[]),
        has_package: &|_| true,
        variable: &|_| None,
    }
}

fn compiler_messages(text: &str) {
    let rust = rust_file(text);
    for message in messages::read(text) {
        messages::diagnostic(message, &rust);
    }
}

/// The output of pkg-config, split and resolved as linker flags.
fn flags(text: &str) {
    let place = Place { line: 1, column: 1 };
    let flag = |text| LinkFlag {
        text,
        place,
        origin: Origin::Package,
    };
    let flags: Vec<LinkFlag> = pkg_config::split(text.as_bytes())
        .into_iter()
        .map(flag)
        .collect();
    ldflags::resolve(&flags, &this_machine(), Path::new("/"), &mut Vec::new());
}

fn rust_literals(text: &str) {
    literal::value(text);
    literal::raw_prefix(text);
    assert_eq!(literal::value(&literal::quote(text)).as_deref(), Some(text));
}

/// The pieces of Rust text, none of which is empty.
fn pieces(mut text: &str) {
    while let Some((length, _)) = text::piece(text) {
        assert!(length > 0);
        text = &text[length..];
    }
}

/// Reads a damaged object file, and writes the module for it.
pub(crate) fn object_file(bytes: &[u8], text: &str) {
    drop(cgo_object::link_info(bytes));
    drop(cgo_object::with_kept_sets(bytes));
    drop(cgo_object::with_renamed(bytes, |name| {
        Some(format!("{name}f64"))
    }));
    let (names, selection, probe) = preprocessed(text);
    let Ok(results) = read::read(bytes, &probe, selection.items.len()) else {
        return;
    };
    let preamble = Preamble {
        text: text.to_string(),
        start: Place { line: 1, column: 1 },
        file: "/main.rs".into(),
        visibility: ModuleVisibility::Restricted(String::new()),
        module: "C".to_string(),
        imports: Vec::new(),
        repetition: 0,
    };
    cgo_codegen::generate(&cgo_codegen::Input {
        preamble: &preamble,
        directives: &Default::default(),
        target: &this_machine(),
        names: &names,
        lines_of: &|_| Rc::from([]),
        selection: &selection,
        probe: &results,
        prefix: "cgo_",
        export: &|_| None,
        is_of_module: &|_| true,
        is_path: &|_| true,
        is_used: &|_| true,
        rejected: &Default::default(),
    });
}
