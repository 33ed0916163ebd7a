//! The verbs of directives, which are the words before the colon.

use crate::diagnostic::Placed;
use crate::directive::directives::{Directives, EnumStyle};
use crate::directive::pattern::NamePattern;
use crate::directive::prototype::Prototyped;
use crate::edit_distance::edit_distance;
use crate::message::Message;

/// What a directive is about.
#[derive(Clone, Copy)]
pub(crate) enum Verb {
    /// Its words are flags for compilers, and go to this list.
    Flags(fn(&mut Directives) -> &mut Vec<String>),
    Ldflags,
    PkgConfig,
    Sources,
    Header,
    Bindings,
    /// Its words are patterns for names and headers, and go to this list.
    PatternsAndFiles(fn(&mut Directives) -> &mut Vec<NamePattern>),
    /// Its words are patterns for names, and go to this list.
    Patterns(fn(&mut Directives) -> &mut Vec<NamePattern>),
    /// Its words are names, and go to this list.
    Names(fn(&mut Directives) -> &mut Vec<Placed<String>>),
    /// A promise about the names, which `unsafe` must stand before.
    Safe,
    /// The same about types of function pointers.
    Nonnull,
    Enums(EnumStyle),
    Derive,
    Constants,
    /// Its words are a prototype.
    Prototype(Prototyped),
    /// `noescape` and `nocallback`: promises for cgo's optimizer, which change nothing here.
    Promise,
}

const VERBS: [(&str, Verb); 28] = [
    ("CFLAGS", Verb::Flags(|found| &mut found.cflags)),
    ("CPPFLAGS", Verb::Flags(|found| &mut found.cppflags)),
    ("CXXFLAGS", Verb::Flags(|found| &mut found.cxxflags)),
    ("FFLAGS", Verb::Flags(|found| &mut found.fflags)),
    ("ASFLAGS", Verb::Flags(|found| &mut found.asflags)),
    ("LDFLAGS", Verb::Ldflags),
    ("pkg-config", Verb::PkgConfig),
    ("SOURCES", Verb::Sources),
    ("header", Verb::Header),
    ("bindings", Verb::Bindings),
    ("bind", Verb::PatternsAndFiles(|found| &mut found.bind)),
    ("safe", Verb::Safe),
    ("nonnull", Verb::Nonnull),
    ("newtype", Verb::Enums(EnumStyle::Newtype)),
    ("flags", Verb::Enums(EnumStyle::Flags)),
    ("enum", Verb::Enums(EnumStyle::Enum)),
    ("hide", Verb::PatternsAndFiles(|found| &mut found.hide)),
    ("opaque", Verb::Patterns(|found| &mut found.opaque)),
    ("derive", Verb::Derive),
    ("strip", Verb::Names(|found| &mut found.strip)),
    ("constants", Verb::Constants),
    ("noreturn", Verb::Patterns(|found| &mut found.noreturn)),
    ("unwind", Verb::Patterns(|found| &mut found.unwind)),
    ("macro", Verb::Prototype(Prototyped::Macro)),
    ("prototype", Verb::Prototype(Prototyped::Function)),
    ("functions", Verb::Patterns(|found| &mut found.functions)),
    ("noescape", Verb::Promise),
    ("nocallback", Verb::Promise),
];

/// The verb with the word before it that it requires.
pub(crate) fn spelled(verb: &str) -> &str {
    match find(verb) {
        Some(Verb::Safe) => "unsafe safe",
        Some(Verb::Nonnull) => "unsafe nonnull",
        _ => verb,
    }
}

impl Verb {
    /// Whether its directives decide what the module has, and not only how the C is compiled and linked.
    pub(crate) fn shapes_the_module(self) -> bool {
        !matches!(
            self,
            Verb::Ldflags | Verb::PkgConfig | Verb::Sources | Verb::Header | Verb::Promise
        )
    }
}

pub(crate) fn find(word: &str) -> Option<Verb> {
    VERBS
        .iter()
        .find(|(name, _)| *name == word)
        .map(|(_, verb)| *verb)
}

/// The message about a `word` that is not a verb. `head` is all of the text before the colon.
pub(crate) fn unknown(word: &str, head: &str) -> Message {
    match word {
        "" => {
            return Message::new("missing verb")
                .help("write `#cgo CFLAGS: ...` or `#cgo LDFLAGS: ...`");
        }
        "FCFLAGS" => {
            return Message::new("unknown verb `FCFLAGS`")
                .help("write the flags for Fortran in `FFLAGS`");
        }
        _ => {}
    }
    if let Some(known) = head.split_whitespace().find(|word| find(word).is_some()) {
        let spelled = spelled(known);
        return Message::new(format!("missing `:` after `{known}`"))
            .help(format!("write `#cgo {spelled}: ...`"));
    }
    let lower = word.to_lowercase();
    let distances = VERBS
        .iter()
        .map(|(name, _)| (edit_distance(&name.to_lowercase(), &lower), *name));
    let help = match distances.min() {
        Some((0..=2, name)) => format!("a verb with a similar name exists: `{name}`"),
        _ => format!("the verbs are {}", all()),
    };
    Message::new(format!("unknown verb `{word}`")).help(help)
}

/// All verbs as words of a sentence: `a`, `b` and `c`.
fn all() -> String {
    let mut quoted = VERBS
        .map(|(name, _)| format!("`{}`", spelled(name)))
        .to_vec();
    let last = quoted.pop().unwrap_or_default();
    format!("{} and {last}", quoted.join(", "))
}
