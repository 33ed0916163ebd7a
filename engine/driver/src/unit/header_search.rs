//! The inputs of a search for headers: the files that were read, and the names that were looked for in the search folders. A new file with
//! such a name may change what is included. The same for files that assembler code includes.

use std::collections::BTreeSet;
use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};

use crate::cache::inputs::Inputs;
use crate::unit::read_files::is_packaged;

/// The names of precompiled headers, which gcc prefers to the headers.
pub(crate) fn compiled_beforehand(files: &[PathBuf]) -> impl Iterator<Item = PathBuf> {
    let own = files.iter().filter(|file| !is_packaged(file));
    own.map(|file| {
        let mut name = file.as_os_str().to_os_string();
        name.push(".gch");
        PathBuf::from(name)
    })
}

/// The search folders of the assembler alone: `-Wa,-I,DIR`, `-Wa,-IDIR`, `-Xassembler -I -Xassembler DIR`.
pub(crate) fn of_assembler<'f>(
    flags: impl Iterator<Item = &'f OsString>,
    folder: &Path,
) -> Vec<PathBuf> {
    let mut words = Vec::new();
    let mut is_next = false;
    for flag in flags.filter_map(|flag| flag.to_str()) {
        if is_next {
            words.push(flag);
        }
        is_next = flag == "-Xassembler";
        words.extend(
            flag.strip_prefix("-Wa,")
                .into_iter()
                .flat_map(|rest| rest.split(',')),
        );
    }
    let mut words = words.into_iter();
    let mut folders = Vec::new();
    while let Some(word) = words.next() {
        let named = match word.strip_prefix("-I") {
            Some("") => words.next(),
            named => named,
        };
        folders.extend(named.map(|named| folder.join(named)));
    }
    folders
}

/// Adds these files, and their names as searched for in each folder. `text` is that of the preamble, which the compiler reads in `folder`.
/// `None` if a name is unknown. The others are added all the same, since Cargo watches the files.
pub(crate) fn add(
    inputs: &mut Inputs,
    files: &[PathBuf],
    folders: &[PathBuf],
    (text, folder): (&str, &Path),
) -> Option<()> {
    let mut names = BTreeSet::new();
    let mut all: BTreeSet<PathBuf> = folders.iter().cloned().collect();
    let mut taken = Vec::new();
    let mut see = |text: &str, beside: &Path| {
        let asked = asked(text);
        names.extend(asked.names);
        taken.extend(asked.taken);
        if asked.beside {
            all.insert(beside.to_path_buf());
        }
        asked.told
    };
    let mut told = see(text, folder);
    for file in files {
        let bytes = fs::read(file).unwrap_or_default();
        let beside = file.parent().unwrap_or(folder);
        told &= see(&String::from_utf8_lossy(&bytes), beside);
    }
    told &= add_taken(inputs, taken, folders, folder);
    for file in files {
        let mut starts = all
            .iter()
            .filter_map(|folder| file.strip_prefix(folder).ok())
            .collect::<Vec<_>>();
        // Nobody writes `#include <x86_64-linux-gnu/sys/types.h>`.
        if is_packaged(file) {
            starts.sort_by_key(|name| name.as_os_str().len());
            starts.truncate(1);
        }
        // The search folders of files in other languages are unknown.
        starts.extend(file.file_name().map(Path::new));
        names.extend(
            starts
                .into_iter()
                .filter_map(Path::to_str)
                .map(str::to_string),
        );
        inputs.file(file.clone());
    }
    inputs.search(all.into_iter().collect(), names);
    told.then_some(())
}

/// Adds the files that assembler code includes. They are searched for where the compiler runs, and then in the folders for headers. Returns
/// whether all of their names are known.
fn add_taken(
    inputs: &mut Inputs,
    mut taken: Vec<TakenIn>,
    folders: &[PathBuf],
    folder: &Path,
) -> bool {
    let searched: Vec<PathBuf> = [folder.to_path_buf()]
        .into_iter()
        .chain(folders.iter().cloned())
        .collect();
    let mut told = true;
    let mut next = 0;
    while let Some(TakenIn { name, is_text }) = taken.get(next).cloned() {
        next += 1;
        // If there are several, compilers differ in their choice.
        let found = searched.iter().map(|folder| folder.join(&name));
        for file in found.filter(|file| file.is_file()) {
            if is_text {
                let text = fs::read(&file).unwrap_or_default();
                let asked = asked(&String::from_utf8_lossy(&text));
                told &= asked.told;
                for new in asked.taken {
                    if !taken.contains(&new) {
                        taken.push(new);
                    }
                }
            }
            inputs.file(file);
        }
    }
    let names = taken.into_iter().map(|one| one.name);
    let names = names.filter(|name| Path::new(name).is_relative());
    inputs.search(searched, names.collect());
    told
}

/// A file that assembler code includes.
#[derive(Clone, Debug, PartialEq, Eq)]
struct TakenIn {
    name: String,
    /// Whether it is assembler code (`.include`), and not data (`.incbin`).
    is_text: bool,
}

/// The files that a text names.
#[derive(Debug, Default, PartialEq, Eq)]
struct Asked {
    /// The names in `__has_include` and its like.
    names: BTreeSet<String>,
    /// The files that its assembler code includes.
    taken: Vec<TakenIn>,
    /// Whether a name in quotes is searched for beside the file.
    beside: bool,
    /// Whether all names are known.
    told: bool,
}

fn asked(text: &str) -> Asked {
    let mut asked = Asked {
        told: true,
        ..Asked::default()
    };
    for (at, _) in text.match_indices('#') {
        let line = logical_line(&text[at + 1..]);
        let line = line.trim_start();
        let directive = |word: &str| line.strip_prefix(word).map(str::trim_start);
        if let Some(rest) = directive("include").or_else(|| directive("import")) {
            // A macro may expand to a name in quotes.
            asked.beside |= !rest
                .trim_start_matches("_next")
                .trim_start()
                .starts_with('<');
        } else if let Some(rest) = directive("embed") {
            asked.name(rest);
        } else if ["if", "elif", "define"]
            .iter()
            .any(|word| line.starts_with(word))
        {
            asked.conditions(line);
        }
    }
    for (word, is_text) in [(".incbin", false), (".include", true)] {
        for (at, _) in text.match_indices(word) {
            match taken(&text[..at], &text[at + word.len()..]) {
                Taken::Named(name) => {
                    let name = name.to_string();
                    asked.taken.push(TakenIn { name, is_text });
                }
                Taken::Unknown => asked.told = false,
                Taken::Nothing => {}
            }
        }
    }
    asked
}

/// The file of an assembler directive.
#[derive(Debug, PartialEq, Eq)]
enum Taken<'t> {
    Named(&'t str),
    /// Macros form the name.
    Unknown,
    /// The word is no directive, such as a member of a struct.
    Nothing,
}

/// The text before and after the directive's word. In a string of C its quotes have a backslash.
fn taken<'t>(before: &str, after: &'t str) -> Taken<'t> {
    let is_part = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | ')' | ']');
    // `\n` and `\t` end in letters too.
    let is_escape = before.ends_with("\\n") || before.ends_with("\\t");
    if before.ends_with(is_part) && !is_escape {
        return Taken::Nothing;
    }
    let mut rest = after;
    while let Some(shorter) = [" ", "\t", "\\t"]
        .iter()
        .find_map(|blank| rest.strip_prefix(blank))
    {
        rest = shorter;
    }
    let quote = match rest.starts_with("\\\"") {
        true => "\\\"",
        false => "\"",
    };
    let Some((name, _)) = rest
        .strip_prefix(quote)
        .and_then(|rest| rest.split_once(quote))
    else {
        let may_be_one = rest.len() < after.len()
            && rest.starts_with(|c: char| {
                c.is_ascii_alphanumeric() || matches!(c, '_' | '%' | '<' | '\\' | '"')
            });
        return if may_be_one {
            Taken::Unknown
        } else {
            Taken::Nothing
        };
    };
    // The text between two C strings is no name.
    match name.is_empty() || name.starts_with(' ') || name.contains(['"', '\\', '%', '(', '\n']) {
        true => Taken::Unknown,
        false => Taken::Named(name),
    }
}

impl Asked {
    fn conditions(&mut self, line: &str) {
        for word in ["__has_include", "__has_embed"] {
            for (at, _) in line.match_indices(word) {
                let rest = line[at + word.len()..]
                    .trim_start_matches("_next")
                    .trim_start();
                // `defined(__has_include)` asks for no file.
                if let Some(rest) = rest.strip_prefix('(') {
                    self.name(rest.trim_start());
                }
            }
        }
    }

    fn name(&mut self, text: &str) {
        let close = match text.as_bytes().first() {
            Some(b'<') => '>',
            Some(b'"') => '"',
            _ => {
                self.told = false;
                return;
            }
        };
        self.beside |= close == '"';
        self.names
            .extend(text[1..].split(close).next().map(str::to_string));
    }
}

/// The rest of a line, with the lines that a backslash joins to it.
fn logical_line(text: &str) -> String {
    let mut line = String::new();
    for part in text.split('\n') {
        let part = part.trim_end_matches('\r');
        match part.strip_suffix('\\') {
            Some(part) => line.push_str(part),
            None => return line + part,
        }
    }
    line
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_text_asks_for() {
        let names = |text: &str| asked(text).names.into_iter().collect::<Vec<_>>();
        assert_eq!(
            names("#if defined(__has_include) && \\\n  __has_include(\"a.h\")\n#endif"),
            ["a.h"]
        );
        assert_eq!(
            names("# elif __has_include_next ( <b/c.h> ) || __has_include(<d.h>)"),
            ["b/c.h", "d.h"]
        );
        assert_eq!(
            names("#define HAVE_E __has_include(<e.h>)\n#embed \"f.bin\" limit(2)"),
            ["e.h", "f.bin"]
        );
        assert_eq!(
            names("#ifdef __has_include\n__has_include(\"g.h\")"),
            [""; 0]
        );
        assert!(asked("#if __has_include(<a.h>)").told);
        assert!(!asked("#define HAS(name) __has_include(name)").told);
        assert!(asked("#include \"a.h\"").beside && asked("#include A").beside);
        assert!(!asked("#include <a.h>\n#include_next <b.h>").beside);
    }

    #[test]
    fn what_the_assembler_takes_in() {
        let taken = |text: &str| {
            let asked = asked(text);
            let names = asked.taken.into_iter().map(|one| one.name);
            asked.told.then(|| names.collect::<Vec<_>>())
        };
        let named = |name: &str| Some(vec![name.to_string()]);
        assert_eq!(taken(r#"asm(".incbin \"x.bin\", 2\n");"#), named("x.bin"));
        assert_eq!(taken(r#"asm("a:\n\t.incbin\t\"x y\"");"#), named("x y"));
        assert_eq!(taken("here: .include \"sub/x.s\"\n"), named("sub/x.s"));
        assert_eq!(
            taken("s.include = 1; t = (struct t){ .include = \"a\" };"),
            Some(vec![])
        );
        // Macros form the name.
        for text in [
            r#"asm(".incbin \"" FILE "\"");"#,
            r#"asm(".incbin " QUOTED(FILE) "\n" "x");"#,
            r#"asm(".incbin \"%c0\"" : : "i"(1));"#,
            ".incbin FILE\n",
        ] {
            assert_eq!(taken(text), None, "{text}");
        }
    }

    #[test]
    fn the_assemblers_folders() {
        let flags = "-I a -Wa,-I,b,--noexecstack,-Ic -Xassembler -I -Xassembler d";
        let flags: Vec<OsString> = flags.split(' ').map(OsString::from).collect();
        let folders = of_assembler(flags.iter(), Path::new("/s"));
        assert_eq!(folders, ["/s/b", "/s/c", "/s/d"].map(PathBuf::from));
    }
}
