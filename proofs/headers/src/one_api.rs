//! Compares what gcc and clang make of the same headers: one program has one meaning, whatever the compiler. What they may differ in is
//! what C itself gives them: a name whose declaration, or whose macro when it is expanded, is another text, since a compiler defines or
//! brings along other things; and what lies in a compiler's own headers. All else is a difference.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::process::Command;

use cgo_csyntax::declarations::declared;
use cgo_csyntax::declarations::names::NameKind;
use cgo_csyntax::lexer::SourceLine;
use cgo_csyntax::macros::expansion;
use cgo_csyntax::selection;
use cgo_driver::{CompileMode, ModuleVisibility, Place, Preamble, Session, expand};

use crate::libraries::{LIBRARIES, Library};
use crate::{Trouble, items, run};

/// The compilers that are compared.
const COMPILERS: [&str; 2] = ["gcc", "clang"];

/// The module of a library's headers, without rustc: what the process that is asked for one writes out.
pub(crate) fn module(name: &str) -> Result<String, Trouble> {
    let mut libraries = LIBRARIES.iter();
    let library = libraries.find(|library| library.name == name);
    let library = library.ok_or(Trouble::Missing("no such library".to_string()))?;
    let file = run::folder(library).join("all.rs");
    run::write(&file, "")?;
    let preamble = Preamble {
        text: run::preamble(library),
        start: Place { line: 1, column: 1 },
        file,
        visibility: ModuleVisibility::Public,
        module: "C".to_string(),
        imports: Vec::new(),
        repetition: 0,
    };
    let session = Session {
        mode: CompileMode::Check,
        ..Session::of_this_process()
    };
    let expansion = expand(&preamble, &session, cgo_driver::no_exports);
    match &expansion.errors[..] {
        [] => Ok(expansion.code.text()),
        [first, ..] => Err(Trouble::Failed(first.message.to_string())),
    }
}

/// What one compiler makes of a library.
struct Seen {
    /// The text of each item.
    items: BTreeMap<String, Vec<String>>,
    /// Why others are left out.
    left_out: BTreeMap<String, String>,
    /// What C says of each name.
    c: BTreeMap<String, String>,
    /// The members of enumerations without a name.
    nameless: BTreeSet<String>,
}

/// A library's figures.
#[derive(Default)]
pub(crate) struct Compared {
    same: usize,
    /// Those that are not the same in C.
    other_c: usize,
    /// The differences, each with what both say.
    pub(crate) different: Vec<String>,
}

pub(crate) fn compare(library: &Library) -> Result<Compared, Trouble> {
    let [gcc, clang] = [seen(library, COMPILERS[0])?, seen(library, COMPILERS[1])?];
    let names: BTreeSet<&String> = gcc.items.keys().chain(clang.items.keys()).collect();
    let mut compared = Compared::default();
    for name in names {
        if gcc.items.get(name) == clang.items.get(name) {
            compared.same += 1;
        } else if gcc.c_text(name) != clang.c_text(name)
            || matches!((gcc.items.get(name), clang.items.get(name)),
                (Some(one), Some(other)) if is_of_nameless_enumeration(&gcc, one, other))
        {
            compared.other_c += 1;
        } else {
            let mut said = name.clone();
            for (compiler, seen) in COMPILERS.iter().zip([&gcc, &clang]) {
                let _ = write!(said, "\n    {compiler}: {}", seen.says(name));
            }
            compared.different.push(said);
        }
    }
    Ok(compared)
}

impl Seen {
    /// What C says of a name; of one that only Rust has, such as `flag_2` of a record without a tag, what it says of `flag`.
    fn c_text(&self, name: &str) -> Option<&String> {
        let unnumbered = name.trim_end_matches(|letter: char| letter.is_ascii_digit());
        let stem = unnumbered.strip_suffix('_');
        self.c.get(name).or_else(|| self.c.get(stem?))
    }

    fn says(&self, name: &str) -> String {
        let reason = || self.left_out.get(name).cloned().unwrap_or_default();
        let items = self.items.get(name).map(|items| items.join(" "));
        items.unwrap_or_else(|| format!("not bound: {}", reason()))
    }
}

fn seen(library: &Library, compiler: &str) -> Result<Seen, Trouble> {
    let failed = |error: std::io::Error| Trouble::Failed(error.to_string());
    let this = std::env::current_exe().map_err(failed)?;
    let output = Command::new(this)
        .args(["--expand", library.name])
        .env("CC", compiler)
        .output()
        .map_err(failed)?;
    if !output.status.success() {
        let said = String::from_utf8_lossy(&output.stderr);
        return Err(Trouble::Failed(format!("{compiler}: {said}")));
    }
    let module = String::from_utf8_lossy(&output.stdout);
    let reasons = items::left_out(&module).into_iter();
    let left_out = reasons.flat_map(|(reason, names)| {
        let names = names.into_iter();
        names.map(move |name| (name, reason.clone()))
    });
    let text = run::preprocessed(library, compiler)?;
    Ok(Seen {
        items: items::texts(&module),
        left_out: left_out.collect(),
        c: c_texts(&text),
        nameless: nameless(&text),
    })
}

fn nameless(text: &str) -> BTreeSet<String> {
    let names = declared(text).list.into_iter();
    let nameless =
        names.filter(|name| matches!(name.kind, NameKind::Enumerator { owner: None, .. }));
    nameless.map(|name| name.name.to_string()).collect()
}

/// What C says of each name: its declaration without the headers' line ends, or its macro, expanded. What stands in a header of the
/// compiler's own is said by that one alone.
fn c_texts(text: &str) -> BTreeMap<String, String> {
    let names = declared(text);
    let owner = |place: SourceLine| {
        let file = names.files.get(place.file as usize);
        let own = |path: &&str| path.starts_with("/usr/lib/");
        file.map(|file| file.path.as_str())
            .filter(own)
            .unwrap_or("")
    };
    let mut texts = BTreeMap::new();
    for name in &names.list {
        let words: Vec<&str> = names.text(name.declaration).split_whitespace().collect();
        let said = format!("{}{}", owner(name.place), words.join(" "));
        texts.insert(selection::rust_name(name), said);
    }
    for (name, definition) in &names.macros {
        let expanded = expansion::expanded(&names, name).unwrap_or_default();
        texts.insert(
            name.to_string(),
            format!("{}{expanded}", owner(definition.place)),
        );
    }
    texts
}

/// Whether a constant has one value and two types: compilers choose what an enumeration without a name is, and clang gives its
/// members `int` where they fit, gcc to all of them the same.
fn is_of_nameless_enumeration(seen: &Seen, one: &[String], other: &[String]) -> bool {
    let ([one], [other]) = (one, other) else {
        return false;
    };
    let parts = |text: &str| {
        let (name, typed) = text.strip_prefix("pub const ")?.split_once(": ")?;
        let (_, value) = typed.split_once(" = ")?;
        Some((name.to_string(), value.to_string()))
    };
    let (one, other) = (parts(one), parts(other));
    one == other && one.is_some_and(|(name, _)| seen.nameless.contains(&name))
}

pub(crate) fn row(name: &str, compared: &Compared) -> String {
    format!(
        "| {name} | {} | {} | {} |",
        compared.same,
        compared.other_c,
        compared.different.len()
    )
}

/// Compares the libraries, and tells whether they are all the same.
pub(crate) fn run(wanted: &[&String]) -> bool {
    println!(
        "| library | the same with {} | other C | different |",
        COMPILERS.join(" and ")
    );
    println!("| --- | --- | --- | --- |");
    let mut all_same = true;
    for library in &LIBRARIES {
        if !wanted.is_empty() && !wanted.iter().any(|name| *name == library.name) {
            continue;
        }
        match compare(library) {
            Ok(compared) => {
                println!("{}", row(library.name, &compared));
                for difference in &compared.different {
                    println!("  {difference}");
                }
                all_same &= compared.different.is_empty();
            }
            Err(Trouble::Missing(what)) => println!("{}: passed over: {what}", library.name),
            Err(Trouble::Failed(said)) => {
                println!("{}: FAILED\n{said}", library.name);
                all_same = false;
            }
        }
    }
    all_same
}
