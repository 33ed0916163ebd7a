//! `#cgo` lines: the preamble's text in, the same text with these lines emptied and what they said out.
//!
//! As in cgo, a directive is a matter of text: a line that starts with `#cgo` is one inside `#if 0` and inside a comment
//! too, and it ends with its line. A line whose condition does not hold is checked for its verb and its quotes alone.
//!
//! cgo lets a flag hold few characters, since its flags once went through a shell. Ours go straight to the compiler, so
//! any character may stand in one, as in `-DNAME="\"text\""`. Refused is only what cannot work, such as `-c` or `-l` in
//! `CFLAGS`. The order on the compiler's command line is cgo's: all `CPPFLAGS`, then all `CFLAGS`.

pub mod compiler_flag;
pub mod constraint;
pub mod link_flag;

use std::path::{Path, PathBuf};

use crate::diagnostic::{Diagnostic, Place};
use crate::directive::link_flag::{LinkFlag, Origin};
use crate::target::Target;

/// What the directives of one preamble say, as far as their conditions hold.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Directives {
    /// For the compiler, which runs in the Rust file's folder: relative folders are relative to that.
    pub cflags: Vec<String>,
    /// For the linker, with relative paths as they were written.
    pub ldflags: Vec<LinkFlag>,
    /// The words of the `pkg-config` lines: packages, version conditions and options.
    pub pkg_config: Vec<(String, Place)>,
    /// Further files to compile, absolute if the Rust file's folder is.
    pub sources: Vec<(PathBuf, Place)>,
    /// Where a copy of `_cgo_export.h` goes.
    pub header: Option<PathBuf>,
    /// C names to bind whether they are used or not; `*` means all.
    pub bind: Vec<String>,
    /// C functions that Rust may call without `unsafe`, as the writer promises.
    pub safe: Vec<(String, Place)>,
}

/// Reads the directives of `text`, which starts at `start` in a Rust file of `folder`.
pub fn read(
    text: &str,
    start: Place,
    target: &Target,
    folder: &Path,
    errors: &mut Vec<Diagnostic>,
) -> (String, Directives) {
    let mut reader = Reader {
        target,
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

/// How many characters stand before the `#`, and what follows `#cgo`. Blanks after the `#` are what is left of the
/// spacing when another macro put the text together.
fn directive_of(line: &str) -> Option<(usize, &str)> {
    let directive = line.trim_start();
    let rest = directive
        .strip_prefix('#')?
        .trim_start()
        .strip_prefix("cgo")?;
    // `#cgo_something` is the compiler's to refuse.
    let whole_word = !rest.starts_with(|next: char| next.is_alphanumeric() || next == '_');
    whole_word.then(|| (line[..line.len() - directive.len()].chars().count(), rest))
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Verb {
    Cppflags,
    Cflags,
    Ldflags,
    PkgConfig,
    Sources,
    Header,
    Bind,
    Safe,
    /// `noescape` and `nocallback`: promises about C that cgo's optimizer wants and that change nothing here.
    Promise,
}

const VERBS: [(&str, Verb); 10] = [
    ("CFLAGS", Verb::Cflags),
    ("CPPFLAGS", Verb::Cppflags),
    ("LDFLAGS", Verb::Ldflags),
    ("pkg-config", Verb::PkgConfig),
    ("SOURCES", Verb::Sources),
    ("header", Verb::Header),
    ("bind", Verb::Bind),
    ("safe", Verb::Safe),
    ("noescape", Verb::Promise),
    ("nocallback", Verb::Promise),
];

/// The verb with the word that stands before it.
fn spelled(verb: &str) -> &str {
    match verb {
        "safe" => "unsafe safe",
        other => other,
    }
}

/// The condition before a verb, and whether the word `unsafe` stands between them.
fn without_unsafe(before: &str) -> (&str, bool) {
    match before.strip_suffix("unsafe") {
        Some(condition) if condition.is_empty() || condition.ends_with(char::is_whitespace) => {
            (condition.trim(), true)
        }
        _ => (before, false),
    }
}

/// Whoever reads a crate for `unsafe` has to find the promise.
fn unmarked_safe(arguments: &str) -> String {
    format!(
        "nothing checks that Rust may call these functions in any way without `unsafe`: you promise it, and the line has to say so, \
         `#cgo unsafe safe: {}`",
        arguments.trim()
    )
}

fn verb(word: &str) -> Option<Verb> {
    VERBS
        .iter()
        .find(|(name, _)| *name == word)
        .map(|(_, verb)| *verb)
}

struct Reader<'a> {
    target: &'a Target,
    folder: &'a Path,
    errors: &'a mut Vec<Diagnostic>,
    /// Of the line that is being read.
    place: Place,
    cppflags: Vec<String>,
    found: Directives,
}

impl Reader<'_> {
    fn error(&mut self, message: impl Into<String>) {
        self.errors.push(Diagnostic::new(Some(self.place), message));
    }

    fn line(&mut self, line: &str) -> Result<(), String> {
        let Some((head, arguments)) = line.split_once(':') else {
            return self.without_colon(line);
        };
        let head = head.trim();
        let word = head.split_whitespace().next_back().unwrap_or_default();
        let before = head[..head.len() - word.len()].trim();
        let Some(verb) = verb(word) else {
            return Err(unknown_verb(word, head));
        };
        let (condition, is_unsafe) = without_unsafe(before);
        match (verb, is_unsafe) {
            (Verb::Safe, false) => return Err(unmarked_safe(arguments)),
            (Verb::Safe, true) | (_, false) => {}
            (_, true) => {
                return Err(format!(
                    "`unsafe` stands before `safe` alone: write `#cgo {word}: ...`"
                ));
            }
        }
        let words = split_quoted(arguments)?;
        if !condition.is_empty() {
            match constraint::holds(condition, self.target) {
                Ok(true) => {}
                Ok(false) => return Ok(()),
                Err(why) => {
                    return Err(format!(
                        "the condition `{condition}` cannot be read: {why}\nwrite it as in `#cgo linux,amd64 {word}: ...` or \
                         `#cgo linux && (amd64 || arm64) {word}: ...`"
                    ));
                }
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
        if words.next().and_then(verb) == Some(Verb::Promise) {
            return self.arguments(Verb::Promise, words.map(str::to_string).collect());
        }
        let known = line
            .split_whitespace()
            .find(|word| verb(word).is_some())
            .unwrap_or("VERB");
        Err(format!(
            "a colon is missing: write `#cgo {}: ...`",
            spelled(known)
        ))
    }

    fn expand(&self, word: String) -> Result<String, String> {
        if !word.contains("${") {
            return Ok(word);
        }
        if word.replace("${SRCDIR}", "").contains("${") {
            return Err(format!(
                "`{word}`: only `${{SRCDIR}}`, the folder of this Rust file, is replaced here"
            ));
        }
        let Some(folder) = self.folder.to_str() else {
            let folder = self.folder.display();
            return Err(format!(
                "`${{SRCDIR}}` stands for `{folder}`, which is not UTF-8: rename the folder"
            ));
        };
        // A backslash would be the start of an escape in many a macro's value.
        let folder = if cfg!(windows) {
            folder.replace('\\', "/")
        } else {
            folder.to_string()
        };
        Ok(word.replace("${SRCDIR}", &folder))
    }

    fn arguments(&mut self, verb: Verb, words: Vec<String>) -> Result<(), String> {
        if words.iter().any(String::is_empty) {
            return Err("an empty argument (`\"\"`) has no meaning here: take it out".to_string());
        }
        match verb {
            Verb::Cppflags => {
                check_compiler_flags(&words)?;
                self.cppflags.extend(words);
            }
            Verb::Cflags => {
                check_compiler_flags(&words)?;
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
                let names = words
                    .into_iter()
                    .filter(|word| word == "*" || self.is_name(word))
                    .collect::<Vec<_>>();
                self.found.bind.extend(names);
            }
            Verb::Safe => {
                let names = words
                    .into_iter()
                    .filter(|word| self.is_name(word))
                    .collect::<Vec<_>>();
                self.found
                    .safe
                    .extend(names.into_iter().map(|name| (name, self.place)));
            }
            Verb::Header => match &words[..] {
                [word] if word.ends_with(".h") => {
                    self.found.header = Some(self.folder.join(word));
                }
                _ => {
                    self.error("header: name one file that ends in `.h`, such as `include/mine.h`")
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
                "SOURCES: `{word}` is a header: write `#include` for it"
            )),
            "a" | "o" | "so" | "dylib" => {
                self.error(format!(
                    "SOURCES: `{word}` is compiled already: write `#cgo LDFLAGS: {word}`"
                ));
            }
            _ if !path.is_file() => self.error(format!(
                "SOURCES: there is no file `{}`{}",
                path.display(),
                if word.contains('*') {
                    ": patterns are not expanded, name each file"
                } else {
                    ""
                }
            )),
            _ if self.found.sources.iter().any(|(known, _)| *known == path) => {}
            _ => self.found.sources.push((path, self.place)),
        }
    }

    /// Whether `word` can be a name in C; if not, there is an error now.
    fn is_name(&mut self, word: &str) -> bool {
        let starts = |c: char| c.is_alphabetic() || matches!(c, '_' | '$');
        let tag = matches!(word, "struct" | "union" | "enum");
        let valid =
            word.starts_with(starts) && word.chars().all(|c| starts(c) || c.is_alphanumeric());
        if tag {
            self.error(format!(
                "`{word}` alone is no name: write `{word}_NAME` in one word"
            ));
        } else if !valid {
            self.error(format!(
                "`{word}` is not a C name: names are separated by blanks, as in `f g h`"
            ));
        }
        valid && !tag
    }
}

/// Cuts at white space; quotes of either kind hold together, and a backslash takes what follows as it is, within quotes
/// too.
fn split_quoted(text: &str) -> Result<Vec<String>, String> {
    let mut words = Vec::new();
    let mut word: Option<String> = None;
    let mut quote = None;
    let mut rest = text.chars();
    while let Some(character) = rest.next() {
        match quote {
            _ if character == '\\' => match rest.next() {
                Some(next) => word.get_or_insert_default().push(next),
                None => {
                    return Err("the line ends in a backslash: a #cgo line cannot be continued, write a second one with \
                                the same verb"
                        .to_string());
                }
            },
            Some(open) if open == character => quote = None,
            None if matches!(character, '"' | '\'') => {
                quote = Some(character);
                word.get_or_insert_default();
            }
            None if character.is_whitespace() => words.extend(word.take()),
            None if word.is_none() && character == '/' && rest.as_str().starts_with(['/', '*']) => {
                return Err("a comment cannot stand on a #cgo line: give it a line of its own, or write quotes around this \
                            word if it is a path"
                    .to_string());
            }
            _ => word.get_or_insert_default().push(character),
        }
    }
    if let Some(open) = quote {
        return Err(format!(
            "the quote {open} is not closed: add the second one, or write \\{open} for the character"
        ));
    }
    words.extend(word);
    Ok(words)
}

fn unknown_verb(word: &str, head: &str) -> String {
    match word {
        "" => {
            return "a verb is missing: write `#cgo CFLAGS: ...` or `#cgo LDFLAGS: ...`"
                .to_string();
        }
        "CXXFLAGS" | "FFLAGS" | "FCFLAGS" => {
            return format!(
                "`{word}` is not for C: the macro compiles C alone. Flags for all its files go to CFLAGS"
            );
        }
        _ => {}
    }
    if let Some(known) = head.split_whitespace().find(|word| verb(word).is_some()) {
        let spelled = spelled(known);
        return format!("a colon is missing after `{known}`: write `#cgo {spelled}: ...`");
    }
    let lower = word.to_lowercase();
    let distances = VERBS
        .iter()
        .map(|(name, _)| (distance(&name.to_lowercase(), &lower), *name));
    match distances.min() {
        Some((0..=2, name)) => format!("unknown verb `{word}`: did you mean `{name}`?"),
        _ => format!(
            "unknown verb `{word}`: the verbs are CFLAGS, CPPFLAGS, LDFLAGS, pkg-config, SOURCES, header, bind, unsafe safe, noescape \
             and nocallback"
        ),
    }
}

/// How many letters must be put in, taken out or replaced to make one word the other.
fn distance(left: &str, right: &str) -> usize {
    let mut row: Vec<usize> = (0..=right.len()).collect();
    for (index, byte) in left.bytes().enumerate() {
        let mut diagonal = row[0];
        row[0] = index + 1;
        for (column, other) in right.bytes().enumerate() {
            let replaced = diagonal + usize::from(byte != other);
            diagonal = row[column + 1];
            row[column + 1] = replaced.min(diagonal + 1).min(row[column] + 1);
        }
    }
    row[right.len()]
}

fn check_compiler_flags(words: &[String]) -> Result<(), String> {
    let refuse =
        |word: &str, why: &str| Err(format!("`{word}` cannot be a compiler flag here: {why}"));
    let mut rest = words.iter();
    while let Some(word) = rest.next() {
        if let Some(why) = misplaced(word) {
            return refuse(word, why);
        }
        // The macro's own flags come next on the command line: one of them would be taken for the value.
        if compiler_flag::has_value(word) && rest.next().is_none() {
            return Err(format!(
                "`{word}` needs a value after it, on the same #cgo line"
            ));
        }
    }
    compiler_flag::check(words).or_else(|refused| refuse(&refused.flag, refused.why))
}

/// What is a flag for the linker, or none.
fn misplaced(word: &str) -> Option<&'static str> {
    let extension = word.rsplit_once('.').map_or("", |(_, extension)| extension);
    match word {
        "-framework" => Some("it is for the linker, write it on a `#cgo LDFLAGS:` line"),
        _ if ["-l", "-L", "-Wl,"]
            .iter()
            .any(|start| word.starts_with(start)) =>
        {
            Some("it is for the linker, write it on a `#cgo LDFLAGS:` line")
        }
        _ if word.starts_with(['-', '@']) => None,
        _ => match extension {
            "c" | "cc" | "cpp" | "cxx" | "s" | "S" => {
                Some("a file to compile belongs on a `#cgo SOURCES:` line")
            }
            "a" | "o" | "so" | "dylib" => {
                Some("it is for the linker, write it on a `#cgo LDFLAGS:` line")
            }
            _ => None,
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn linux() -> Target {
        Target {
            triple: "x86_64-unknown-linux-gnu".to_string(),
            os: "linux".to_string(),
            arch: "x86_64".to_string(),
            ..Target::default()
        }
    }

    fn outcome(text: &str) -> (String, Directives, Vec<Diagnostic>) {
        let mut errors = Vec::new();
        let start = Place {
            line: 10,
            column: 5,
        };
        let (kept, directives) = read(
            text,
            start,
            &linux(),
            Path::new("/a folder/src"),
            &mut errors,
        );
        (kept, directives, errors)
    }

    fn good(text: &str) -> Directives {
        let (_, directives, errors) = outcome(text);
        assert_eq!(errors, []);
        directives
    }

    /// The only error's place and text.
    fn bad(text: &str) -> (Place, String) {
        let (_, _, mut errors) = outcome(text);
        assert_eq!(errors.len(), 1, "{errors:?}");
        let error = errors.remove(0);
        (error.place.unwrap(), error.message)
    }

    #[test]
    fn a_directive_is_emptied_and_lines_stay() {
        let (kept, directives, _) =
            outcome(" int a;\r\n  #cgo CFLAGS: -DA\r\n# cgo LDFLAGS: -lm\nint b;\n#cgo bind:x");
        assert_eq!(kept, " int a;\r\n\r\n\nint b;\n");
        assert_eq!(directives.cflags, ["-DA"]);
        assert_eq!(directives.ldflags[0].text, "-lm");
        assert_eq!(
            directives.ldflags[0].place,
            Place {
                line: 12,
                column: 1
            }
        );
        assert_eq!(directives.bind, ["x"]);
    }

    #[test]
    fn a_directive_is_a_matter_of_text() {
        assert_eq!(
            good("#if 0\n#cgo CFLAGS: -DA\n#endif\n/*\n#cgo CFLAGS: -DB\n*/").cflags,
            ["-DA", "-DB"]
        );
        assert_eq!(
            good("int x; #cgo CFLAGS: -DA\n#cgox CFLAGS: -DB"),
            Directives::default()
        );
    }

    #[test]
    fn preprocessor_flags_come_first() {
        assert_eq!(
            good("#cgo CFLAGS: -O2\n#cgo CPPFLAGS: -DA\n#cgo CFLAGS:").cflags,
            ["-DA", "-O2"]
        );
    }

    #[test]
    fn a_condition_decides() {
        let text = "#cgo linux CFLAGS: -DL\n#cgo windows darwin CFLAGS: -DW ${OTHER}\n#cgo !windows,amd64 CFLAGS: -DU";
        assert_eq!(good(text).cflags, ["-DL", "-DU"]);
    }

    #[test]
    fn quotes_hold_together() {
        let flags = |text: &str| good(&format!("#cgo CFLAGS: {text}")).cflags;
        assert_eq!(
            flags(r#"a b:"c d" 'e''f'  "g\"""#),
            ["a", "b:c d", "ef", "g\""]
        );
        assert_eq!(
            flags(r#"-DNAME="\"a b\"" -D'F(x)=x'"#),
            ["-DNAME=\"a b\"", "-DF(x)=x"]
        );
        assert_eq!(flags(r"'a\'b' c\ d"), ["a'b", "c d"]);
        assert_eq!(
            flags("-I${SRCDIR}/../include -DX"),
            ["-I/a folder/src/../include", "-DX"]
        );
    }

    #[test]
    fn an_error_stands_at_its_hash_sign() {
        let (place, message) = bad(" #cgo cflags: -DA");
        assert_eq!(
            place,
            Place {
                line: 10,
                column: 6
            }
        );
        assert_eq!(message, "unknown verb `cflags`: did you mean `CFLAGS`?");
        let (place, _) = bad("é\n\té\n\t #cgo X-Y: z\n#cgo CFLAGS: -DA");
        assert_eq!(
            place,
            Place {
                line: 12,
                column: 3
            }
        );
    }

    #[test]
    fn each_mistake_says_what_to_write() {
        for (text, expected) in [
            ("#cgo LDFLAG: -lm", "did you mean `LDFLAGS`?"),
            ("#cgo pkgconfig: zlib", "did you mean `pkg-config`?"),
            ("#cgo LIBS: -lm", "the verbs are CFLAGS"),
            ("#cgo linux: -lm", "the verbs are CFLAGS"),
            ("#cgo CXXFLAGS: -O2", "compiles C alone"),
            (
                "#cgo LDFLAGS -lm",
                "a colon is missing: write `#cgo LDFLAGS: ...`",
            ),
            (
                "#cgo LDFLAGS -l:libm.a",
                "a colon is missing after `LDFLAGS`",
            ),
            ("#cgo", "a colon is missing"),
            ("#cgo : -lm", "a verb is missing"),
            ("#cgo CFLAGS: -DA='x", "the quote ' is not closed"),
            ("#cgo windows CFLAGS: \"", "the quote \" is not closed"),
            ("#cgo CFLAGS: -DA \\", "cannot be continued"),
            ("#cgo CFLAGS: -DA // why", "a comment cannot stand"),
            ("#cgo CFLAGS: -I${OUT}/x", "only `${SRCDIR}`"),
            (
                "#cgo linux && CFLAGS: -DA",
                "the condition `linux &&` cannot be read",
            ),
            ("#cgo CFLAGS: \"\"", "an empty argument"),
            ("#cgo CFLAGS: -O2 -lm", "`#cgo LDFLAGS:` line"),
            ("#cgo CFLAGS: other.c", "`#cgo SOURCES:` line"),
            ("#cgo CFLAGS: -DA -I", "needs a value"),
            ("#cgo CFLAGS: -xc++", "always compiled as C"),
            (
                "#cgo CFLAGS: -O2 -wrapper gdb,--args",
                "`-wrapper gdb,--args` cannot",
            ),
            ("#cgo CFLAGS: -MMD", "which files to write"),
            ("#cgo CPPFLAGS: -Wp,-undef", "another meaning"),
            (
                "#cgo SOURCES: missing.c",
                "there is no file `/a folder/src/missing.c`",
            ),
            ("#cgo SOURCES: a.h", "is a header"),
            ("#cgo header: a.c", "ends in `.h`"),
            ("#cgo header: a.h b.h", "one file"),
            ("#cgo unsafe safe: f, g", "`f,` is not a C name"),
            ("#cgo safe: f g", "`#cgo unsafe safe: f g`"),
            ("#cgo windows safe: f", "`#cgo unsafe safe: f`"),
            ("#cgo unsafe bind: f", "write `#cgo bind: ...`"),
            ("#cgo unsafe safe f", "write `#cgo unsafe safe: ...`"),
            ("#cgo bind: struct stat", "write `struct_NAME`"),
            ("#cgo noescape 1f", "`1f` is not a C name"),
        ] {
            let (_, message) = bad(text);
            assert!(message.contains(expected), "{text}: {message}");
        }
    }

    #[test]
    fn names_are_listed() {
        let directives = good(
            "#cgo bind: * struct_stat\n#cgo unsafe safe: abs\n#cgo linux unsafe safe: cos\n#cgo windows unsafe safe: f\n#cgo noescape f\n#cgo nocallback: g",
        );
        assert_eq!(directives.bind, ["*", "struct_stat"]);
        assert_eq!(
            directives
                .safe
                .iter()
                .map(|(name, _)| name.as_str())
                .collect::<Vec<_>>(),
            ["abs", "cos"]
        );
    }

    #[test]
    fn random_text_does_no_harm() {
        let pieces = "#cgo CFLAGS : \n \" ' \\ ${SRCDIR} ( ! && , é linux -l";
        let pieces: Vec<&str> = pieces.split(' ').chain([" "]).collect();
        let mut random = 88172645463325252u64;
        for _ in 0..3000 {
            let mut text = String::from("#cgo ");
            for _ in 0..12 {
                random ^= random << 13;
                random ^= random >> 7;
                random ^= random << 17;
                text.push_str(pieces[random as usize % pieces.len()]);
            }
            let (kept, ..) = outcome(&text);
            assert_eq!(kept.matches('\n').count(), text.matches('\n').count());
        }
    }
}
