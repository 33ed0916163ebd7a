//! Reads the directives of a preamble's text.

use std::path::{Path, PathBuf};

use crate::diagnostic::{Diagnostic, Place, Placed};
use crate::directive::condition_context::ConditionContext;
use crate::directive::condition_error::ConditionError;
use crate::directive::constraint;
use crate::directive::directives::{DerivedTrait, Directives};
use crate::directive::link_flag::{LinkFlag, Origin};
use crate::directive::pattern::{self, NamePattern, Picked};
use crate::directive::prototype::Prototype;
use crate::directive::source_files::SourceFile;
use crate::directive::verb::{self, Verb};
use crate::directive::{compiler_flag, source_files, words};
use crate::edit_distance::most_similar;
use crate::message::Message;

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
    (kept, reader.found)
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
fn invalid(condition: &str, error: ConditionError, verb: &str) -> Message {
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
            "the words are targets in Rust's or Go's names, features of the package, and Rust's `cfg(..)`; a build tag of yours becomes a \
             feature with a line below `[features]` in Cargo.toml"
                .to_string(),
        ),
        ConditionError::Value { message, help } => (message, help),
        ConditionError::Syntax(message) => (
            message,
            format!(
                "write it as in `#cgo linux,amd64 {verb}: ...`, `#cgo linux && (amd64 || arm64) {verb}: ...` or \
                 `#cgo cfg(feature = \"name\") {verb}: ...`"
            ),
        ),
    };
    Message::new(format!("invalid condition `{condition}`: {why}")).help(help)
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

/// Whether the words only say where headers are.
fn is_about_folders(words: &[String]) -> bool {
    words.iter().all(|word| word.starts_with("-I"))
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
    found: Directives,
}

impl DirectiveReader<'_> {
    fn error(&mut self, message: impl Into<Message>) {
        self.errors.push(Diagnostic::new(Some(self.place), message));
    }

    fn line(&mut self, line: &str) -> Result<(), Message> {
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
                return Err(Message::new("`safe:` without `unsafe`").help(format!(
                    "nothing checks that these functions are safe to call; to promise it, write `#cgo unsafe safe: {}`",
                    arguments.trim()
                )));
            }
            (Verb::Nonnull, false) => {
                return Err(Message::new("`nonnull:` without `unsafe`").help(format!(
                    "nothing checks that C never has null in these types; to promise it, write `#cgo unsafe nonnull: {}`",
                    arguments.trim()
                )));
            }
            (Verb::Safe | Verb::Nonnull, true) | (_, false) => {}
            (_, true) => {
                let message = Message::new(format!("`unsafe` cannot be used with `{word}:`"));
                return Err(message.help(format!("write `#cgo {word}: ...`")));
            }
        }
        let words = words::split(arguments)?;
        if !condition.is_empty() {
            match constraint::holds(condition, self.conditions) {
                Ok(true) if verb.shapes_the_module() && !is_about_folders(&words) => {
                    self.found.conditions.insert(condition.to_string());
                }
                Ok(true) => {}
                Ok(false) => return Ok(()),
                Err(error) => return Err(invalid(condition, error, word)),
            }
        }
        let words = words
            .into_iter()
            .map(|word| self.expand(word))
            .collect::<Result<Vec<String>, Message>>()?;
        self.arguments(verb, words)
    }

    /// cgo writes its promises as `#cgo noescape name`.
    fn without_colon(&mut self, line: &str) -> Result<(), Message> {
        let mut words = line.split_whitespace();
        if let Some(Verb::Promise) = words.next().and_then(verb::find) {
            return self.arguments(Verb::Promise, words.map(str::to_string).collect());
        }
        let known = line
            .split_whitespace()
            .find(|word| verb::find(word).is_some())
            .unwrap_or("VERB");
        let known = verb::spelled(known);
        Err(Message::new("missing `:`").help(format!("write `#cgo {known}: ...`")))
    }

    fn expand(&self, word: String) -> Result<String, Message> {
        let (mut expanded, mut rest) = (String::new(), word.as_str());
        while let Some((before, variable)) = rest.split_once("${") {
            let (name, after) = variable.split_once('}').unwrap_or_default();
            expanded.push_str(before);
            expanded.push_str(&self.value(name, &word)?);
            rest = after;
        }
        expanded.push_str(rest);
        Ok(expanded)
    }

    fn value(&self, variable: &str, word: &str) -> Result<String, Message> {
        let value = match variable {
            "SRCDIR" => self.folder.to_str().map(str::to_string).ok_or_else(|| {
                let folder = self.folder.display();
                Message::new(format!("`${{SRCDIR}}` is `{folder}`, which is not UTF-8"))
                    .help("rename the folder")
            })?,
            _ if variable.starts_with("DEP_") => (self.conditions.variable)(variable).ok_or_else(|| {
                Message::new(format!("`{variable}` is not set")).help(format!(
                    "Cargo tells it the build script, which hands it on: \
                     `println!(\"cargo::rustc-env={variable}={{}}\", std::env::var(\"{variable}\").unwrap());`"
                ))
            })?,
            _ => {
                return Err(Message::new(format!("unknown variable in `{word}`")).help(
                    "only `${SRCDIR}`, the folder of this Rust file, and `${DEP_..}`, which a build script hands on, are replaced",
                ));
            }
        };
        // In the value of a macro a backslash may start an escape.
        Ok(match cfg!(windows) {
            true => value.replace('\\', "/"),
            false => value,
        })
    }

    fn arguments(&mut self, verb: Verb, words: Vec<String>) -> Result<(), Message> {
        if words.iter().any(String::is_empty) {
            return Err(Message::new("empty argument `\"\"`").help("remove it"));
        }
        match verb {
            Verb::Flags(list) => {
                compiler_flag::check_line(&words)?;
                list(&mut self.found).extend(words);
            }
            Verb::Ldflags => {
                let flag = |text| LinkFlag {
                    text,
                    place: self.place,
                    origin: Origin::Directive,
                };
                self.found.ldflags.extend(words.into_iter().map(flag));
            }
            Verb::PkgConfig => {
                let place = self.place;
                let words = words.into_iter().map(|value| Placed { value, place });
                self.found.pkg_config.extend(words);
            }
            Verb::Sources => self.sources(words),
            Verb::Header => self.header(&words),
            Verb::Bindings => self.bindings(&words),
            Verb::Patterns(list) => {
                let patterns = self.patterns(&words);
                list(&mut self.found).extend(patterns);
            }
            Verb::PatternsAndFiles(list) => {
                let patterns = self.patterns_and_files(&words);
                list(&mut self.found).extend(patterns);
            }
            Verb::Names(list) => {
                let names = self.names(words);
                list(&mut self.found).extend(names);
            }
            Verb::Safe => {
                let names = self.names(words);
                self.found.safe.extend(names);
            }
            Verb::Nonnull => {
                let patterns = self.patterns(&words);
                self.found.nonnull.extend(patterns);
            }
            Verb::Enums(style) => {
                let patterns = self.patterns(&words).into_iter();
                let styled = patterns.map(|pattern| (style, pattern));
                self.found.enums.extend(styled);
            }
            Verb::Derive => self.derive(&words),
            Verb::Constants => self.constants(&words),
            Verb::Prototype(of) => {
                let prototype = Prototype::read(of, &words.join(" "), self.place)?;
                self.found.prototypes.push(prototype);
            }
            Verb::Promise => words.iter().for_each(|word| {
                self.is_name(word);
            }),
        }
        Ok(())
    }

    fn names(&mut self, mut words: Vec<String>) -> Vec<Placed<String>> {
        words.retain(|word| self.is_name(word));
        let place = self.place;
        let names = words.into_iter().map(|value| Placed { value, place });
        names.collect()
    }

    fn header(&mut self, words: &[String]) {
        match words {
            [_] if self.found.header.is_some() => self.error(second("header")),
            [word] if word.ends_with(".h") => self.found.header = Some(self.folder.join(word)),
            _ => self.error(
                Message::new("`header:` takes one file that ends in `.h`")
                    .help("write `#cgo header: include/mine.h`"),
            ),
        }
    }

    fn bindings(&mut self, words: &[String]) {
        match words {
            [_] if self.found.bindings.is_some() => self.error(second("bindings")),
            [word] if word.ends_with(".rs") => {
                let of_target = format!("{}.rs", self.conditions.target.triple);
                let file = self.folder.join(word).with_extension(of_target);
                self.found.bindings = Some(Placed {
                    value: file,
                    place: self.place,
                });
            }
            _ => self.error(
                Message::new("`bindings:` takes one file that ends in `.rs`")
                    .help("write `#cgo bindings: bindings.rs`"),
            ),
        }
    }

    /// `unsigned ZIP_*`: a type, and what picks the macros.
    fn constants(&mut self, words: &[String]) {
        match words {
            [first, second, ..] if is_start_of_a_type(first, second) => self.error(
                Message::new("`constants:` takes a type as one word").help(format!(
                    "write double quotes around it, as in `#cgo constants: \"{first} {second}\" NAME_*`"
                )),
            ),
            [ctype, words @ ..] if !words.is_empty() => {
                let patterns = self.patterns(words).into_iter();
                let typed = patterns.map(|pattern| (ctype.clone(), pattern));
                self.found.constants.extend(typed);
            }
            _ => self.error(
                Message::new("`constants:` takes a C type and the names of macros").help(
                    "write `#cgo constants: unsigned GIT_STATUS_*`, with double quotes \
                 around a type of several words",
                ),
            ),
        }
    }

    /// `-w a.c vendor/`: files, and flags for these files alone.
    fn sources(&mut self, words: Vec<String>) {
        let (flags, files): (Vec<String>, Vec<String>) =
            words.into_iter().partition(|word| word.starts_with('-'));
        let mut others = flags.iter();
        if let Some(flag) = others.find(|flag| !source_files::is_about_warnings(flag)) {
            let message = Message::new(format!(
                "`{flag}` cannot be used in `SOURCES:`, which takes flags about warnings, such as `-w` and `-Wno-unused`"
            ));
            self.error(message.help("write it on a `#cgo CFLAGS:` line"));
        } else if files.is_empty() && !flags.is_empty() {
            self.error(
                Message::new("no file in `SOURCES:`")
                    .help("write them behind the flags, as in `#cgo SOURCES: -w vendor/`"),
            );
        }
        for word in files {
            match source_files::named(&word, self.folder) {
                Ok(paths) => (paths.into_iter()).for_each(|path| self.source(path, &flags)),
                Err(message) => self.error(message),
            }
        }
    }

    fn source(&mut self, path: PathBuf, flags: &[String]) {
        let mut sources = self.found.sources.iter_mut();
        match sources.find(|known| known.value.path == path) {
            Some(known) => known.value.warning_flags.extend_from_slice(flags),
            None => self.found.sources.push(Placed {
                value: SourceFile {
                    path,
                    warning_flags: flags.to_vec(),
                },
                place: self.place,
            }),
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
        if let (true, [first, _, ..]) = (traits.is_empty(), names.as_slice()) {
            let known = DerivedTrait::ALL.map(DerivedTrait::name);
            let similar = most_similar(first, &mut known.into_iter());
            let similar = similar.map_or(String::new(), |name| format!(" (similar: `{name}`)"));
            let message = Message::new(format!(
                "`derive:` does not know the trait `{first}`{similar}"
            ));
            self.error(
                message.help(
                    "the traits are `Debug`, `PartialEq`, `Eq`, `Hash`, `PartialOrd` and `Ord`",
                ),
            );
        } else if traits.is_empty() || names.is_empty() {
            self.error(
                Message::new("`derive:` takes traits and the names of structs").help(
                    "write `#cgo derive: Eq Hash struct_point`; the traits are `Debug`, \
                 `PartialEq`, `Eq`, `Hash`, `PartialOrd` and `Ord`",
                ),
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

    /// The patterns for names. A file is not among them.
    fn patterns(&mut self, words: &[String]) -> Vec<NamePattern> {
        let mut patterns = self.patterns_and_files(words);
        patterns.retain(|pattern| match &pattern.picked {
            Picked::File(_) => {
                let text = pattern.text();
                self.error(
                    Message::new(format!(
                        "`{text}` names a header, which only `bind:` and `hide:` take"
                    ))
                    .help("write the names, in which a `*` stands for any letters"),
                );
                false
            }
            Picked::All | Picked::Name(_) => true,
        });
        patterns
    }

    fn patterns_and_files(&mut self, words: &[String]) -> Vec<NamePattern> {
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
            true => Err(Message::new(format!("`{word}` is a pattern")).help("write each name")),
            false => pattern::check_name(word),
        };
        name.map_err(|message| self.error(message)).is_ok()
    }
}

/// The message about a second file where one line of two decides.
fn second(verb: &str) -> Message {
    Message::new(format!("there are two `{verb}:` lines here")).help(
        "remove one, or put them behind conditions of which only one holds, such as `#cgo linux` and `#cgo !linux`",
    )
}

/// Whether these are two words of one type, such as `unsigned char`.
fn is_start_of_a_type(first: &str, second: &str) -> bool {
    let is_keyword = ["struct", "union", "enum", "const"].contains(&first);
    let words = [
        "char", "short", "int", "long", "signed", "unsigned", "double",
    ];
    is_keyword || words.contains(&first) && words.contains(&second)
}
