//! The inputs of a search for headers: the files that were read, and the names that were looked for in the search folders. A new file with
//! such a name may change what is included. The same for files that assembler code includes.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use crate::inputs::Inputs;
use crate::unit::read_files::is_packaged;

/// The names of precompiled headers, which gcc prefers to the headers.
pub fn precompiled(files: &[PathBuf]) -> impl Iterator<Item = PathBuf> {
    let own = files.iter().filter(|file| !is_packaged(file));
    own.map(|file| {
        let mut name = file.as_os_str().to_os_string();
        name.push(".gch");
        PathBuf::from(name)
    })
}

/// The search folders that flags name, those of the assembler too: `-I DIR`, `-isystem DIR`, `-Wa,-I,DIR`, `-Xassembler -I -Xassembler DIR`.
pub fn named_folders<'f>(flags: impl Iterator<Item = &'f str>, folder: &Path) -> Vec<PathBuf> {
    let words = flags
        .filter(|flag| *flag != "-Xassembler")
        .flat_map(|flag| flag.strip_prefix("-Wa,").unwrap_or(flag).split(','));
    let options = &["-I", "-isystem", "-iquote", "-idirafter"];
    let folders = values(options, words).into_iter();
    folders.map(|named| folder.join(named)).collect()
}

/// Where the compiler looks for programs of its own first, found or not: `-B DIR` or `-B PREFIX`.
pub fn named_programs<'f>(flags: impl Iterator<Item = &'f str>, folder: &Path) -> Vec<PathBuf> {
    let mut programs = Vec::new();
    for named in values(&["-B"], flags) {
        let mut start = folder.join(named);
        if start.is_dir() {
            start.push("");
        }
        let names = ["cc1", "cc1plus", "cc1obj", "cc1objplus", "f951", "as"];
        programs.extend(names.iter().map(|name| {
            let mut program = start.clone().into_os_string();
            program.push(name);
            PathBuf::from(program)
        }));
    }
    programs
}

/// The values of options, which stand behind them in the same word or in the next one.
fn values<'f>(options: &[&str], mut words: impl Iterator<Item = &'f str>) -> Vec<&'f str> {
    let mut values = Vec::new();
    while let Some(word) = words.next() {
        let mut options = options.iter();
        values.extend(match options.find_map(|option| word.strip_prefix(option)) {
            Some("") => words.next(),
            value => value,
        });
    }
    values
}

/// Adds these files, and their names as searched for in each folder. `text` is that of the preamble, which the compiler reads in `folder`.
/// `None` if a name is unknown. The others are added all the same, since Cargo watches the files.
pub fn add(
    inputs: &mut Inputs,
    files: &[PathBuf],
    folders: &[PathBuf],
    (text, folder): (&str, &Path),
) -> Option<()> {
    let mut names = BTreeSet::new();
    let mut all: BTreeSet<PathBuf> = folders.iter().cloned().collect();
    let mut assembler_files = Vec::new();
    let mut see = |text: &str, beside: &Path| {
        let named = named_files(text);
        names.extend(named.names);
        assembler_files.extend(named.assembler_files);
        if named.beside {
            all.insert(beside.to_path_buf());
        }
        named.all_known
    };
    let mut all_known = see(text, folder);
    for file in files {
        let bytes = fs::read(file).unwrap_or_default();
        let beside = file.parent().unwrap_or(folder);
        all_known &= see(&String::from_utf8_lossy(&bytes), beside);
    }
    all_known &= add_assembler_files(inputs, assembler_files, folders, folder);
    for file in files {
        let mut starts = all
            .iter()
            .filter_map(|folder| file.strip_prefix(folder).ok())
            .collect::<Vec<_>>();
        // Nobody writes `#include <x86_64-linux-gnu/sys/types.h>`.
        if is_packaged(file) {
            let shortest = starts.into_iter().min_by_key(|name| name.as_os_str().len());
            starts = Vec::from_iter(shortest);
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
    all_known.then_some(())
}

/// Adds the files that assembler code includes. They are searched for where the compiler runs, and then in the folders for headers. Returns
/// whether all of their names are known.
fn add_assembler_files(
    inputs: &mut Inputs,
    mut assembler_files: Vec<AssemblerFile>,
    folders: &[PathBuf],
    folder: &Path,
) -> bool {
    let searched: Vec<PathBuf> = [folder.to_path_buf()]
        .into_iter()
        .chain(folders.iter().cloned())
        .collect();
    let mut all_known = true;
    let mut next = 0;
    while let Some(AssemblerFile { name, is_code }) = assembler_files.get(next).cloned() {
        next += 1;
        // If there are several, compilers differ in their choice.
        let found = searched.iter().map(|folder| folder.join(&name));
        for file in found.filter(|file| file.is_file()) {
            if is_code {
                let text = fs::read(&file).unwrap_or_default();
                let named = named_files(&String::from_utf8_lossy(&text));
                all_known &= named.all_known;
                for new in named.assembler_files {
                    if !assembler_files.contains(&new) {
                        assembler_files.push(new);
                    }
                }
            }
            inputs.file(file);
        }
    }
    let names = assembler_files.into_iter().map(|one| one.name);
    let names = names.filter(|name| Path::new(name).is_relative());
    inputs.search(searched, names.collect());
    all_known
}

/// A file that assembler code includes.
#[derive(Clone, Debug, PartialEq, Eq)]
struct AssemblerFile {
    name: String,
    /// Whether it is assembler code (`.include`), and not data (`.incbin`).
    is_code: bool,
}

/// The files that a text names.
#[derive(Debug, Default, PartialEq, Eq)]
struct NamedFiles {
    /// The names in `__has_include` and its like.
    names: BTreeSet<String>,
    /// The files that its assembler code includes.
    assembler_files: Vec<AssemblerFile>,
    /// Whether a name in quotes is searched for beside the file.
    beside: bool,
    /// Whether all names are known.
    all_known: bool,
}

fn named_files(text: &str) -> NamedFiles {
    let mut named = NamedFiles {
        all_known: true,
        ..NamedFiles::default()
    };
    for (at, hash) in text.match_indices('#').chain(text.match_indices("%:")) {
        let line = logical_line(&text[at + hash.len()..]);
        let line = line.trim_start();
        let directive = |word: &str| line.strip_prefix(word).map(str::trim_start);
        if let Some(rest) = directive("include").or_else(|| directive("import")) {
            // A macro may expand to a name in quotes.
            named.beside |= !rest
                .trim_start_matches("_next")
                .trim_start()
                .starts_with('<');
        } else if let Some(rest) = directive("embed") {
            named.name(rest);
        } else if ["if", "elif", "define"]
            .iter()
            .any(|word| line.starts_with(word))
        {
            named.conditions(line);
        }
    }
    for (word, is_code) in [(".incbin", false), (".include", true)] {
        for (at, _) in text.match_indices(word) {
            match operand(&text[..at], &text[at + word.len()..]) {
                IncludeOperand::Named(name) => {
                    let name = name.to_string();
                    named.assembler_files.push(AssemblerFile { name, is_code });
                }
                IncludeOperand::Unknown => named.all_known = false,
                IncludeOperand::Nothing => {}
            }
        }
    }
    named
}

/// The file of an assembler directive.
#[derive(Debug, PartialEq, Eq)]
enum IncludeOperand<'t> {
    Named(&'t str),
    /// Macros form the name.
    Unknown,
    /// The word is no directive, such as a member of a struct.
    Nothing,
}

/// The text before and after the directive's word. In a string of C its quotes have a backslash.
fn operand<'t>(before: &str, after: &'t str) -> IncludeOperand<'t> {
    let is_part = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | ')' | ']');
    // `\n` and `\t` end in letters too.
    let is_escape = before.ends_with("\\n") || before.ends_with("\\t");
    if before.ends_with(is_part) && !is_escape {
        return IncludeOperand::Nothing;
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
            IncludeOperand::Unknown
        } else {
            IncludeOperand::Nothing
        };
    };
    // The text between two C strings is no name.
    match name.is_empty() || name.starts_with(' ') || name.contains(['"', '\\', '%', '(', '\n']) {
        true => IncludeOperand::Unknown,
        false => IncludeOperand::Named(name),
    }
}

impl NamedFiles {
    fn conditions(&mut self, line: &str) {
        let body = line.strip_prefix("define").map(str::trim_start);
        for word in ["__has_include", "__has_embed"] {
            for (at, _) in line.match_indices(word) {
                let rest = &line[at + word.len()..];
                // `#define __has_include(x) 0` asks for no file.
                if body.is_some_and(|body| body.len() == rest.len() + word.len()) {
                    continue;
                }
                // gcc before 10 has `__has_include__`.
                let rest = rest.trim_start_matches("_next").trim_start_matches("__");
                match rest.trim_start().strip_prefix('(') {
                    Some(rest) => self.name(rest.trim_start()),
                    // `defined(__has_include)` asks for no file, but another name for it may.
                    None => self.all_known &= body.is_none(),
                }
            }
        }
    }

    fn name(&mut self, text: &str) {
        let close = match text.as_bytes().first() {
            Some(b'<') => '>',
            Some(b'"') => '"',
            _ => {
                self.all_known = false;
                return;
            }
        };
        self.beside |= close == '"';
        self.names
            .extend(text[1..].split(close).next().map(str::to_string));
    }
}

/// The rest of a line without comments, with the lines that a backslash or a comment joins to it.
fn logical_line(text: &str) -> String {
    let (mut line, mut rest) = (String::new(), text);
    loop {
        let (part, next) = rest.split_once('\n').unwrap_or((rest, ""));
        if let Some(start) = part.find("/*")
            && let Some((_, behind)) = rest[start + 2..].split_once("*/")
        {
            line.push_str(&part[..start]);
            line.push(' ');
            rest = behind;
            continue;
        }
        let part = part.trim_end_matches('\r');
        match part.strip_suffix('\\') {
            Some(part) => line.push_str(part),
            None => return line + part,
        }
        rest = next;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_text_asks_for() {
        let names = |text: &str| named_files(text).names.into_iter().collect::<Vec<_>>();
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
        assert_eq!(
            names("# /* so\nwhat */ if 1 /* a\n\\ b */ && __has_include /**/ (\"h.h\")"),
            ["h.h"]
        );
        assert_eq!(
            names("%:if __has_include__(<i.h>) && __has_include_next__(<j.h>)"),
            ["i.h", "j.h"]
        );
        assert!(named_files("#define __has_include(x) 0").all_known);
        assert!(!named_files("#define HAS __has_include").all_known);
        assert!(!named_files("#if __has_include(HEADER)").all_known);
        assert!(named_files("#if __has_include(<a.h>)").all_known);
        assert!(!named_files("#define HAS(name) __has_include(name)").all_known);
        assert!(named_files("#include \"a.h\"").beside && named_files("#include A").beside);
        assert!(!named_files("#include <a.h>\n#include_next <b.h>").beside);
    }

    #[test]
    fn what_the_assembler_takes_in() {
        let included = |text: &str| {
            let named = named_files(text);
            let names = named.assembler_files.into_iter().map(|one| one.name);
            named.all_known.then(|| names.collect::<Vec<_>>())
        };
        let named = |name: &str| Some(vec![name.to_string()]);
        assert_eq!(
            included(r#"asm(".incbin \"x.bin\", 2\n");"#),
            named("x.bin")
        );
        assert_eq!(included(r#"asm("a:\n\t.incbin\t\"x y\"");"#), named("x y"));
        assert_eq!(included("here: .include \"sub/x.s\"\n"), named("sub/x.s"));
        assert_eq!(
            included("s.include = 1; t = (struct t){ .include = \"a\" };"),
            Some(vec![])
        );
        // Macros form the name.
        for text in [
            r#"asm(".incbin \"" FILE "\"");"#,
            r#"asm(".incbin " QUOTED(FILE) "\n" "x");"#,
            r#"asm(".incbin \"%c0\"" : : "i"(1));"#,
            ".incbin FILE\n",
        ] {
            assert_eq!(included(text), None, "{text}");
        }
    }

    #[test]
    fn the_folders_that_flags_name() {
        let flags = "-I a -Wa,-I,b,--noexecstack,-Ic -Xassembler -I -Xassembler d -O2 -isysteme";
        let folders = named_folders(flags.split(' '), Path::new("/s"));
        assert_eq!(
            folders,
            ["/s/a", "/s/b", "/s/c", "/s/d", "/s/e"].map(PathBuf::from)
        );
    }
}
