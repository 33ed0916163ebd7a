//! Reads the `#cgo` lines of a preamble, and empties them in its text.
//!
//! As in cgo, every line that starts with `#cgo` is a directive, also inside of `#if 0` and of a comment. It ends with its line. If the
//! condition of a line does not hold, only its verb and its quotes are checked.
//!
//! cgo allows few characters in a flag, since its flags once went through a shell. Here they go straight to the compiler, so any
//! character is allowed, as in `-DNAME="\"text\""`. Only what cannot work is an error, such as `-c` or `-l` in `CFLAGS`. The order on
//! the compiler's command line is cgo's: all `CPPFLAGS`, then all `CFLAGS`.

pub mod compiler_flag;
pub mod constraint;
mod known_words;
pub mod link_flag;
pub mod pattern;
#[cfg(test)]
mod tests;
mod verb;
mod words;

use std::path::{Path, PathBuf};

use crate::diagnostic::{Diagnostic, Place};
use crate::directive::constraint::{ConditionContext, ConditionError};
use crate::directive::link_flag::{LinkFlag, Origin};
use crate::directive::pattern::NamePattern;
use crate::directive::verb::Verb;

/// What the directives of one preamble say whose conditions hold.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Directives {
    /// Flags for the compiler. It runs in the Rust file's folder, which relative paths refer to.
    pub cflags: Vec<String>,
    /// Flags for the linker, with relative paths as they were written.
    pub ldflags: Vec<LinkFlag>,
    /// The words of the `pkg-config` lines: packages, version conditions and options.
    pub pkg_config: Vec<(String, Place)>,
    /// More files to compile. Their paths are absolute if that of the Rust file's folder is.
    pub sources: Vec<(PathBuf, Place)>,
    /// Where a copy of `_cgo_export.h` goes.
    pub header: Option<PathBuf>,
    /// The names to bind whether they are used or not.
    pub bind: Vec<NamePattern>,
    /// C functions that Rust may call without `unsafe`, as the author promises.
    pub safe: Vec<(String, Place)>,
    /// The enumerations that Rust gets as a type of their own.
    pub enums: Vec<(EnumStyle, NamePattern)>,
    /// The names that only the crate itself sees.
    pub hide: Vec<NamePattern>,
    /// The structs and unions whose members Rust does not see.
    pub opaque: Vec<NamePattern>,
    /// The traits that structs get, each with what picks the structs.
    pub derive: Vec<(DerivedTrait, NamePattern)>,
    /// The functions that never return although C does not say so.
    pub noreturn: Vec<NamePattern>,
    /// The C type of macros whose values are constant, each with what picks the macros.
    pub constants: Vec<(String, NamePattern)>,
    /// The starts of names that Rust gets without them.
    pub strip: Vec<(String, Place)>,
}

impl Directives {
    /// The name without the longest start that `strip:` has of it; `None` if no identifier would be left.
    pub fn stripped<'n>(&self, name: &'n str) -> Option<&'n str> {
        let rests = self.strip.iter();
        let rests = rests.filter_map(|(start, _)| name.strip_prefix(start.as_str()));
        let begins =
            |rest: &&str| rest.starts_with(|first: char| first == '_' || first.is_alphabetic());
        rests.filter(begins).min_by_key(|rest| rest.len())
    }
}

/// How Rust gets an enumeration that a directive names. Any other one is an integer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EnumStyle {
    /// A struct around the integer, one of whose associated constants is each enumerator.
    Newtype,
    /// The same with the operators of a set of bits.
    Flags,
}

/// A trait of Rust that a struct gets by a directive.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum DerivedTrait {
    Debug,
    PartialEq,
    Eq,
    Hash,
    PartialOrd,
    Ord,
}

impl DerivedTrait {
    const ALL: [DerivedTrait; 6] = [
        DerivedTrait::Debug,
        DerivedTrait::PartialEq,
        DerivedTrait::Eq,
        DerivedTrait::Hash,
        DerivedTrait::PartialOrd,
        DerivedTrait::Ord,
    ];

    pub fn name(self) -> &'static str {
        match self {
            DerivedTrait::Debug => "Debug",
            DerivedTrait::PartialEq => "PartialEq",
            DerivedTrait::Eq => "Eq",
            DerivedTrait::Hash => "Hash",
            DerivedTrait::PartialOrd => "PartialOrd",
            DerivedTrait::Ord => "Ord",
        }
    }

    /// Whether numbers that are not equal to themselves stand in its way.
    pub fn is_total(self) -> bool {
        matches!(
            self,
            DerivedTrait::Eq | DerivedTrait::Hash | DerivedTrait::Ord
        )
    }

    /// The trait and those that it requires.
    pub fn with_implied(self) -> &'static [DerivedTrait] {
        match self {
            DerivedTrait::Debug => &[DerivedTrait::Debug],
            DerivedTrait::PartialEq => &[DerivedTrait::PartialEq],
            DerivedTrait::Eq => &[DerivedTrait::PartialEq, DerivedTrait::Eq],
            DerivedTrait::Hash => &[DerivedTrait::Hash],
            DerivedTrait::PartialOrd => &[DerivedTrait::PartialEq, DerivedTrait::PartialOrd],
            DerivedTrait::Ord => &[
                DerivedTrait::PartialEq,
                DerivedTrait::Eq,
                DerivedTrait::PartialOrd,
                DerivedTrait::Ord,
            ],
        }
    }
}

impl EnumStyle {
    /// The verb of the directive.
    pub fn verb(self) -> &'static str {
        match self {
            EnumStyle::Newtype => "newtype",
            EnumStyle::Flags => "flags",
        }
    }
}

/// Reads the directives of `text`, which starts at `start` in a Rust file of `folder`.
pub fn read(
    text: &str,
    start: Place,
    conditions: ConditionContext<'_>,
    folder: &Path,
    errors: &mut Vec<Diagnostic>,
) -> (String, Directives) {
    let mut reader = DirectiveReader {
        conditions,
        folder,
        errors,
        place: start,
        cppflags: Vec::new(),
        found: Directives::default(),
    };
    let mut kept = String::with_capacity(text.len());
    for (index, line) in text.split_inclusive('\n').enumerate() {
        let Some((indent, rest)) = directive_of(line) else {
            kept.push_str(line);
            continue;
        };
        let end = line.trim_end_matches(['\r', '\n']).len();
        kept.push_str(&line[end..]);
        let before = if index == 0 { start.column } else { 1 };
        reader.place = Place {
            line: start.line + index,
            column: before + indent,
        };
        if let Err(message) = reader.line(rest.trim()) {
            reader.error(message);
        }
    }
    let mut found = reader.found;
    let mut cflags = reader.cppflags;
    cflags.append(&mut found.cflags);
    found.cflags = cflags;
    (kept, found)
}

/// The place of the first of these words that stands in a directive of `text`, which starts at `start`.
pub fn place_of<'w>(
    mut words: impl Iterator<Item = &'w str>,
    text: &str,
    start: Place,
) -> Option<Place> {
    let lines: Vec<(usize, &str)> = text.lines().enumerate().collect();
    words.find_map(|word| {
        let (index, line, at) = lines.iter().find_map(|(index, line)| {
            let (_, arguments) = directive_of(line)?;
            let at = line.len() - arguments.len() + arguments.find(word)?;
            Some((*index, line, at))
        })?;
        let before = if index == 0 { start.column } else { 1 };
        Some(Place {
            line: start.line + index,
            column: before + line[..at].chars().count(),
        })
    })
}

/// The number of characters before the `#`, and the text behind `#cgo`. There are blanks after the `#` if another macro put the text
/// together.
fn directive_of(line: &str) -> Option<(usize, &str)> {
    let directive = line.trim_start();
    let rest = directive
        .strip_prefix('#')?
        .trim_start()
        .strip_prefix("cgo")?;
    // `#cgo_something` is left to the compiler.
    let whole_word = !rest.starts_with(|next: char| next.is_alphanumeric() || next == '_');
    whole_word.then(|| (line[..line.len() - directive.len()].chars().count(), rest))
}

/// The message about the condition before a verb.
fn invalid(condition: &str, error: ConditionError, verb: &str) -> String {
    let (why, help) = match error {
        ConditionError::Unknown {
            message,
            similar: Some(similar),
        } => (message, format!("a similar name exists: `{similar}`")),
        ConditionError::Unknown {
            message,
            similar: None,
        } => (
            message,
            "the words are targets in Rust's or Go's names, features of the package, and Rust's `cfg(..)`".to_string(),
        ),
        ConditionError::Syntax(message) => (
            message,
            format!(
                "write it as in `#cgo linux,amd64 {verb}: ...`, `#cgo linux && (amd64 || arm64) {verb}: ...` or \
                 `#cgo cfg(feature = \"name\") {verb}: ...`"
            ),
        ),
    };
    format!("invalid condition `{condition}`: {why}\nhelp: {help}")
}

/// Splits a line at its first colon that is not in quotes.
fn split_at_colon(line: &str) -> Option<(&str, &str)> {
    let mut in_quotes = false;
    let colon = line.find(|character| {
        in_quotes ^= character == '"';
        character == ':' && !in_quotes
    })?;
    Some((&line[..colon], &line[colon + 1..]))
}

/// The condition before a verb, and whether there is an `unsafe` between them.
fn without_unsafe(before: &str) -> (&str, bool) {
    match before.strip_suffix("unsafe") {
        Some(condition) if condition.is_empty() || condition.ends_with(char::is_whitespace) => {
            (condition.trim(), true)
        }
        _ => (before, false),
    }
}

struct DirectiveReader<'a> {
    conditions: ConditionContext<'a>,
    folder: &'a Path,
    errors: &'a mut Vec<Diagnostic>,
    /// The place of the line that is being read.
    place: Place,
    cppflags: Vec<String>,
    found: Directives,
}

impl DirectiveReader<'_> {
    fn error(&mut self, message: impl Into<String>) {
        self.errors.push(Diagnostic::new(Some(self.place), message));
    }

    fn line(&mut self, line: &str) -> Result<(), String> {
        let Some((head, arguments)) = split_at_colon(line) else {
            return self.without_colon(line);
        };
        let head = head.trim();
        let word = head.split_whitespace().next_back().unwrap_or_default();
        let before = head[..head.len() - word.len()].trim();
        let Some(verb) = verb::find(word) else {
            return Err(verb::unknown(word, head));
        };
        let (condition, is_unsafe) = without_unsafe(before);
        match (verb, is_unsafe) {
            // A search for `unsafe` in the crate must find the promise.
            (Verb::Safe, false) => {
                return Err(format!(
                    "`safe:` without `unsafe`\nhelp: nothing checks that these functions are safe to call; to promise it, write \
                     `#cgo unsafe safe: {}`",
                    arguments.trim()
                ));
            }
            (Verb::Safe, true) | (_, false) => {}
            (_, true) => {
                return Err(format!(
                    "`unsafe` cannot be used with `{word}:`\nhelp: write `#cgo {word}: ...`"
                ));
            }
        }
        let words = words::split(arguments)?;
        if !condition.is_empty() {
            match constraint::holds(condition, self.conditions) {
                Ok(true) => {}
                Ok(false) => return Ok(()),
                Err(error) => return Err(invalid(condition, error, word)),
            }
        }
        let words = words
            .into_iter()
            .map(|word| self.expand(word))
            .collect::<Result<Vec<String>, String>>()?;
        self.arguments(verb, words)
    }

    /// cgo writes its promises as `#cgo noescape name`.
    fn without_colon(&mut self, line: &str) -> Result<(), String> {
        let mut words = line.split_whitespace();
        if words.next().and_then(verb::find) == Some(Verb::Promise) {
            return self.arguments(Verb::Promise, words.map(str::to_string).collect());
        }
        let known = line
            .split_whitespace()
            .find(|word| verb::find(word).is_some())
            .unwrap_or("VERB");
        Err(format!(
            "missing `:`\nhelp: write `#cgo {}: ...`",
            verb::spelled(known)
        ))
    }

    fn expand(&self, word: String) -> Result<String, String> {
        if !word.contains("${") {
            return Ok(word);
        }
        if word.replace("${SRCDIR}", "").contains("${") {
            return Err(format!(
                "unknown variable in `{word}`\nhelp: only `${{SRCDIR}}`, the folder of this Rust file, is replaced"
            ));
        }
        let Some(folder) = self.folder.to_str() else {
            let folder = self.folder.display();
            return Err(format!(
                "`${{SRCDIR}}` is `{folder}`, which is not UTF-8\nhelp: rename the folder"
            ));
        };
        // In the value of a macro a backslash may start an escape.
        let folder = if cfg!(windows) {
            folder.replace('\\', "/")
        } else {
            folder.to_string()
        };
        Ok(word.replace("${SRCDIR}", &folder))
    }

    fn arguments(&mut self, verb: Verb, words: Vec<String>) -> Result<(), String> {
        if words.iter().any(String::is_empty) {
            return Err("empty argument `\"\"`\nhelp: remove it".to_string());
        }
        match verb {
            Verb::Cppflags => {
                compiler_flag::check_line(&words)?;
                self.cppflags.extend(words);
            }
            Verb::Cflags => {
                compiler_flag::check_line(&words)?;
                self.found.cflags.extend(words);
            }
            Verb::Ldflags => {
                let flag = |text| LinkFlag {
                    text,
                    place: self.place,
                    origin: Origin::Directive,
                };
                self.found.ldflags.extend(words.into_iter().map(flag));
            }
            Verb::PkgConfig => self
                .found
                .pkg_config
                .extend(words.into_iter().map(|word| (word, self.place))),
            Verb::Sources => words.iter().for_each(|word| self.source(word)),
            Verb::Bind => {
                let patterns = self.patterns(&words);
                self.found.bind.extend(patterns);
            }
            Verb::Safe => {
                let names = words.into_iter().filter(|word| self.is_name(word));
                let names: Vec<String> = names.collect();
                let place = self.place;
                let names = names.into_iter().map(|name| (name, place));
                self.found.safe.extend(names);
            }
            Verb::Hide => {
                let patterns = self.patterns(&words);
                self.found.hide.extend(patterns);
            }
            Verb::Opaque => {
                let patterns = self.patterns(&words);
                self.found.opaque.extend(patterns);
            }
            Verb::Derive => self.derive(&words),
            Verb::Noreturn => {
                let patterns = self.patterns(&words);
                self.found.noreturn.extend(patterns);
            }
            Verb::Constants => match &words[..] {
                [ctype, words @ ..] if !words.is_empty() => {
                    let patterns = self.patterns(words).into_iter();
                    let typed = patterns.map(|pattern| (ctype.clone(), pattern));
                    self.found.constants.extend(typed);
                }
                _ => self.error(
                    "`constants:` takes a C type and the names of macros\nhelp: write `#cgo constants: unsigned GIT_STATUS_*`, with double quotes \
                     around a type of several words",
                ),
            },
            Verb::Strip => {
                let starts = words.into_iter().filter(|word| self.is_name(word));
                let starts: Vec<String> = starts.collect();
                let place = self.place;
                let starts = starts.into_iter().map(|start| (start, place));
                self.found.strip.extend(starts);
            }
            Verb::Enums(style) => {
                let patterns = self.patterns(&words).into_iter();
                self.found.enums.extend(patterns.map(|pattern| (style, pattern)));
            }
            Verb::Header => match &words[..] {
                [word] if word.ends_with(".h") => {
                    self.found.header = Some(self.folder.join(word));
                }
                _ => {
                    self.error("`header:` takes one file that ends in `.h`\nhelp: write `#cgo header: include/mine.h`")
                }
            },
            Verb::Promise => words.iter().for_each(|word| {
                self.is_name(word);
            }),
        }
        Ok(())
    }

    fn source(&mut self, word: &str) {
        let path = self.folder.join(word);
        let extension = path
            .extension()
            .and_then(|extension| extension.to_str())
            .unwrap_or_default();
        match extension {
            "h" | "hpp" | "hh" => self.error(format!(
                "`{word}` in `SOURCES:` is a header\nhelp: write `#include \"{word}\"`"
            )),
            "a" | "o" | "so" | "dylib" => {
                self.error(format!(
                    "`{word}` in `SOURCES:` is not a source file\nhelp: write `#cgo LDFLAGS: {word}`"
                ));
            }
            _ if !path.is_file() => self.error(format!(
                "file `{}` in `SOURCES:` not found{}",
                path.display(),
                match word.contains('*') {
                    true => "\nhelp: patterns are not expanded; name each file",
                    false => "",
                }
            )),
            _ if self.found.sources.iter().any(|(known, _)| *known == path) => {}
            _ => self.found.sources.push((path, self.place)),
        }
    }

    /// `Eq Hash struct_point`: traits, and what picks the structs.
    fn derive(&mut self, words: &[String]) {
        let derived = |word: &String| {
            let mut all = DerivedTrait::ALL.into_iter();
            all.find(|derived| derived.name() == word)
        };
        let (traits, names): (Vec<&String>, Vec<&String>) =
            words.iter().partition(|word| derived(word).is_some());
        if traits.is_empty() || names.is_empty() {
            self.error(
                "`derive:` takes traits and the names of structs\nhelp: write `#cgo derive: Eq Hash struct_point`; the traits are `Debug`, \
                 `PartialEq`, `Eq`, `Hash`, `PartialOrd` and `Ord`",
            );
        }
        let names: Vec<String> = names.into_iter().cloned().collect();
        let patterns = self.patterns(&names);
        for derived in traits.into_iter().filter_map(derived) {
            let picked = patterns.iter().cloned();
            self.found
                .derive
                .extend(picked.map(|pattern| (derived, pattern)));
        }
    }

    fn patterns(&mut self, words: &[String]) -> Vec<NamePattern> {
        let read = |word: &String| match NamePattern::read(word, self.place) {
            Ok(pattern) => Some(pattern),
            Err(message) => {
                self.error(message);
                None
            }
        };
        words.iter().filter_map(read).collect()
    }

    /// Whether `word` can be a name in C. If not, this is an error.
    fn is_name(&mut self, word: &str) -> bool {
        let name = match word.contains('*') {
            true => Err(format!("`{word}` is a pattern\nhelp: write each name")),
            false => pattern::is_name(word),
        };
        name.map_err(|message| self.error(message)).is_ok()
    }
}
