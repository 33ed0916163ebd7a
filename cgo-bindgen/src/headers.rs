//! Where the compiler looked for headers: what it says of its folders, and the files it read, in; the names that a header may
//! appear under, out.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use crate::inputs::Inputs;
use crate::unit::is_packaged;

/// What `-v` has the compiler say of itself.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Verbose {
    /// The folders that headers are looked for in, also those that are not there.
    pub(crate) folders: Vec<PathBuf>,
    /// The programs that do the work, and the files that configure them. Behind a wrapper they are seen nowhere else.
    pub(crate) programs: Vec<PathBuf>,
}

impl Verbose {
    /// Reads it. Relative paths are relative to `folder`.
    pub(crate) fn of(said: &str, folder: &Path) -> Verbose {
        let mut found = Verbose::default();
        let mut in_list = false;
        for line in said.lines() {
            let line = line.trim_end();
            if line.ends_with("search starts here:") {
                in_list = true;
            } else if line == "End of search list." {
                in_list = false;
            } else if let (true, Some(path)) = (in_list, line.strip_prefix(' ')) {
                let path = path.trim_end_matches(" (framework directory)");
                found.folders.push(folder.join(path));
            } else if let Some(path) = quoted(line, "ignoring nonexistent directory ") {
                found.folders.push(folder.join(path));
            } else if let Some(path) = program(line).filter(|path| path.is_absolute()) {
                found.programs.push(path.to_path_buf());
            }
        }
        found.programs.sort();
        found.programs.dedup();
        found
    }
}

fn quoted<'t>(line: &'t str, start: &str) -> Option<&'t str> {
    line.strip_prefix(start)?
        .strip_prefix('"')?
        .strip_suffix('"')
}

/// The first word of a command line, which gcc and clang indent, or the path behind some words of theirs.
fn program(line: &str) -> Option<&Path> {
    let starts = [
        "COLLECT_GCC=",
        "Configuration file: ",
        "Reading specs from ",
    ];
    let named = starts.iter().find_map(|start| line.strip_prefix(start));
    let command = || {
        let words = line.strip_prefix(' ')?;
        match words.strip_prefix('"') {
            Some(word) => word.split('"').next(),
            None => words.split(' ').next(),
        }
    };
    named.or_else(command).map(Path::new)
}

/// Adds all that decides which headers are read: these files, and each place where one of their names was looked for, or might
/// have been. `text` is the preamble's, which the compiler reads in `folder`. `None` if a name cannot be told; what can be is added
/// all the same, since Cargo watches the files.
pub(crate) fn add(
    inputs: &mut Inputs,
    files: &[PathBuf],
    folders: &[PathBuf],
    (text, folder): (&str, &Path),
) -> Option<()> {
    let mut names = BTreeSet::new();
    let mut all: BTreeSet<PathBuf> = folders.iter().cloned().collect();
    let mut see = |text: &str, beside: &Path| {
        let asked = asked(text);
        names.extend(asked.names);
        // The assembler looks where the compiler runs.
        asked
            .data
            .iter()
            .for_each(|file| inputs.file(folder.join(file)));
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
        // What another language's folders are, nobody has said.
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

/// What a text asks of the files around it.
#[derive(Debug, Default, PartialEq, Eq)]
struct Asked {
    /// The names in `__has_include` and its like.
    names: BTreeSet<String>,
    /// The files whose bytes `.incbin` takes.
    data: BTreeSet<String>,
    /// Whether names in quotes are looked for beside the file.
    beside: bool,
    /// Whether all its names can be told.
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
            // What stands for a macro may be in quotes.
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
    const TAKEN: &str = ".incbin";
    for (at, _) in text.match_indices(TAKEN) {
        let rest = &text[at + TAKEN.len()..];
        let rest = rest.trim_start_matches([' ', '\\', '"']);
        let end = rest.find(['\\', '"']).unwrap_or(0);
        asked.told &= end > 0;
        asked.data.insert(rest[..end].to_string());
    }
    asked
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

/// The rest of a line, with those that a backslash joins to it.
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
    fn the_compilers_folders_and_programs_are_read() {
        let gcc = "COLLECT_GCC=/opt/bin/gcc\n /usr/lib/gcc/cc1 -E -v -\nignoring nonexistent directory \"later\"\n\
                   #include \"...\" search starts here:\n quoted\n#include <...> search starts here:\n /usr/include\n\
                   End of search list.\n";
        let found = Verbose::of(gcc, Path::new("/src"));
        assert_eq!(
            found.folders,
            ["/src/later", "/src/quoted", "/usr/include"].map(PathBuf::from)
        );
        assert_eq!(
            found.programs,
            ["/opt/bin/gcc", "/usr/lib/gcc/cc1"].map(PathBuf::from)
        );
        let clang = "Configuration file: /etc/clang.cfg\n (in-process)\n \"/usr/lib/llvm/bin/clang\" -cc1 -E\n";
        let programs = Verbose::of(clang, Path::new("/")).programs;
        assert_eq!(
            programs,
            ["/etc/clang.cfg", "/usr/lib/llvm/bin/clang"].map(PathBuf::from)
        );
    }

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
        assert_eq!(
            asked("asm(\".incbin \\\"x.bin\\\"\");")
                .data
                .into_iter()
                .collect::<Vec<_>>(),
            ["x.bin"]
        );
        assert!(asked("#include \"a.h\"").beside && asked("#include A").beside);
        assert!(!asked("#include <a.h>\n#include_next <b.h>").beside);
    }
}
