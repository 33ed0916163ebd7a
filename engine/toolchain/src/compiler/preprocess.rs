//! Preprocesses the translation unit, and reads the folders that the compiler searches for headers.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use cgo_csyntax::diagnostic::Outcome;

use crate::compiler::run::Places;
use crate::compiler::{Toolchain, Warnings};
use crate::session::process::Finished;
use crate::unit::{TranslationUnit, universal_names};

impl Toolchain {
    /// The preprocessed text with the definitions of macros. All flags of the library are given: headers test `__OPTIMIZE__` and sanitizers,
    /// and every run must see the same declarations.
    pub fn preprocess(&self, unit: &TranslationUnit) -> Outcome<(String, VerboseOutput)> {
        // `-v` prints the search list.
        let mut finished = self.run_preprocessor(unit, Some("-v"), Places::OfCompiler)?;
        if !finished.status.success() {
            // Without `-v`, which would hide the errors.
            let run = |places| self.run_preprocessor(unit, None, places);
            finished = self.with_places_at_use(run(Places::OfCompiler)?, run)?;
        }
        self.require_success(&finished, &unit.rust)?;
        Ok(read(&finished, unit))
    }

    /// The same up to the first fatal error.
    pub(super) fn preprocess_in_part(
        &self,
        unit: &TranslationUnit,
    ) -> Outcome<(String, VerboseOutput)> {
        let finished = self.run_preprocessor(unit, Some("-v"), Places::OfCompiler)?;
        Ok(read(&finished, unit))
    }

    /// The definitions of all macros as they are at the end.
    pub fn macros_at_the_end(&self, unit: &TranslationUnit) -> Outcome<String> {
        // It takes the place of `-dD`.
        let finished =
            self.run_over("macros", unit, &unit.text, Some("-dM"), Places::OfCompiler)?;
        Ok(String::from_utf8_lossy(&finished.stdout).into_owned())
    }

    fn run_preprocessor(
        &self,
        unit: &TranslationUnit,
        option: Option<&str>,
        places: Places,
    ) -> Outcome<Finished> {
        self.run_over("preamble", unit, &unit.text, option, places)
    }

    fn run_over(
        &self,
        name: &str,
        unit: &TranslationUnit,
        text: &str,
        option: Option<&str>,
        places: Places,
    ) -> Outcome<Finished> {
        let of_all = ["-E", "-dD", "-x", "c", "-"].into_iter().chain(option);
        let of_all: Vec<OsString> = of_all.map(OsString::from).collect();
        let arguments = [
            &unit.flags.to_vec(),
            &self.options(Warnings::Hidden),
            &of_all[..],
        ]
        .concat();
        self.run(
            name,
            &self.compiler,
            &arguments,
            &unit.folder,
            Some(text),
            places,
        )
    }

    /// What `__FILE__` is in this file, which flags such as `-ffile-prefix-map` change. Both are string literals.
    pub fn mapped_file(&self, unit: &TranslationUnit, file: &str) -> Outcome<String> {
        let maps = |flag: &OsString| flag.to_string_lossy().contains("-prefix-map=");
        if !self.all_flags(unit).any(maps) {
            return Ok(file.to_string());
        }
        let line = format!("#line 1 {file}\n__FILE__\n");
        let finished = self.run_over("file", unit, &line, None, Places::OfCompiler)?;
        let text = String::from_utf8_lossy(&finished.stdout);
        let last = text.trim_end().lines().next_back();
        let mapped = last.filter(|line| line.starts_with('"'));
        Ok(mapped.unwrap_or(file).to_string())
    }
}

fn read(finished: &Finished, unit: &TranslationUnit) -> (String, VerboseOutput) {
    let text = String::from_utf8_lossy(&finished.stdout);
    let verbose = VerboseOutput::read(&finished.stderr, &unit.folder);
    (universal_names::decode(&text).into_owned(), verbose)
}

/// What the compiler prints with `-v`.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct VerboseOutput {
    /// The folders that are searched for headers. Some may not exist.
    pub header_folders: Vec<PathBuf>,
    /// The programs that the compiler driver runs, and their configuration files.
    pub programs: Vec<PathBuf>,
}

impl VerboseOutput {
    /// Relative paths are relative to `folder`.
    fn read(said: &str, folder: &Path) -> VerboseOutput {
        let mut found = VerboseOutput::default();
        let mut in_list = false;
        for line in said.lines() {
            let line = line.trim_end();
            if line.ends_with("search starts here:") {
                in_list = true;
            } else if line == "End of search list." {
                in_list = false;
            } else if let (true, Some(path)) = (in_list, line.strip_prefix(' ')) {
                let path = path.trim_end_matches(" (framework directory)");
                found.header_folders.push(folder.join(path));
            } else if let Some(path) = quoted(line, "ignoring nonexistent directory ") {
                found.header_folders.push(folder.join(path));
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

/// The program of a command line, which gcc and clang indent, or a path that they name.
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
            // gcc does not quote a blank in a path.
            None => {
                let ends = words.match_indices(' ').map(|(end, _)| &words[..end]);
                let mut paths = ends.filter(|path| Path::new(path).is_absolute());
                let first = paths.clone().next();
                paths.find(|path| Path::new(path).is_file()).or(first)
            }
        }
    };
    named.or_else(command).map(Path::new)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_compilers_folders_and_programs_are_read() {
        let gcc = "COLLECT_GCC=/opt/bin/gcc\n /usr/lib/gcc/cc1 -E -v -\nignoring nonexistent directory \"later\"\n\
                   #include \"...\" search starts here:\n quoted\n#include <...> search starts here:\n /usr/include\n\
                   End of search list.\n";
        let found = VerboseOutput::read(gcc, Path::new("/src"));
        assert_eq!(
            found.header_folders,
            ["/src/later", "/src/quoted", "/usr/include"].map(PathBuf::from)
        );
        assert_eq!(
            found.programs,
            ["/opt/bin/gcc", "/usr/lib/gcc/cc1"].map(PathBuf::from)
        );
        let clang = "Configuration file: /etc/clang.cfg\n (in-process)\n \"/usr/lib/llvm/bin/clang\" -cc1 -E\n";
        let programs = VerboseOutput::read(clang, Path::new("/")).programs;
        assert_eq!(
            programs,
            ["/etc/clang.cfg", "/usr/lib/llvm/bin/clang"].map(PathBuf::from)
        );
    }
}
