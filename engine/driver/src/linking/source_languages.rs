//! The languages of `SOURCES`: which compiler each file goes to, with which flags, and which libraries the languages need at run time.

use std::collections::HashSet;
use std::ffi::OsString;
use std::path::{Path, PathBuf};

use cgo_csyntax::diagnostic::{Outcome, Placed};
use cgo_csyntax::directive::Directives;
use cgo_csyntax::directive::source_files::{Language, SourceFile};
use cgo_csyntax::target::Target;
use cgo_toolchain::compiler::{Toolchain, find};
use cgo_toolchain::session::Session;
use cgo_toolchain::session::environment::variable;
use cgo_toolchain::unit::flags::UnitFlags;

use crate::linking::link_attribute::{Link, Preference};

/// The compilers of the languages that the sources have, each with its flags.
pub(crate) struct SourceCompilers<'a> {
    c: SourceCompiler<'a>,
    others: Vec<LanguageCompiler>,
}

/// The compiler of a language other than C.
struct LanguageCompiler {
    language: Language,
    toolchain: Toolchain,
    flags: UnitFlags,
}

/// The compiler of one file.
#[derive(Clone, Copy)]
pub(crate) struct SourceCompiler<'a> {
    pub(crate) toolchain: &'a Toolchain,
    pub(crate) flags: &'a UnitFlags,
}

impl<'a> SourceCompilers<'a> {
    /// `of_packages` are the flags of pkg-config.
    pub(crate) fn find(
        session: &Session,
        c: SourceCompiler<'a>,
        directives: &Directives,
        of_packages: &[String],
    ) -> Outcome<SourceCompilers<'a>> {
        let mut others = Vec::new();
        for language in languages(&directives.sources) {
            let (toolchain, own) = match language {
                Language::C => continue,
                Language::Assembly => (c.toolchain.clone(), &directives.asflags),
                Language::Cxx => {
                    let (work, dump) = (&c.toolchain.work, &c.toolchain.dump);
                    (
                        find::find(session, Language::Cxx, work, dump)?,
                        &directives.cxxflags,
                    )
                }
                Language::Fortran => (fortran(session, c.toolchain), &directives.fflags),
            };
            let mut flags = match language {
                Language::Assembly => c.flags.clone(),
                _ => c.flags.folders(),
            };
            let added = &mut flags.others;
            if language != Language::Assembly {
                added.extend(of_packages.iter().map(OsString::from));
                added.extend(directives.cppflags.iter().map(OsString::from));
            }
            added.extend(own.iter().map(OsString::from));
            if language == Language::Cxx {
                added.extend(toolchain.flags_of_rustc(session));
            }
            others.push(LanguageCompiler {
                language,
                toolchain,
                flags,
            });
        }
        Ok(SourceCompilers { c, others })
    }

    pub(crate) fn of(&self, source: &Path) -> SourceCompiler<'_> {
        let language = Language::of(source);
        let mut others = self.others.iter();
        match others.find(|other| other.language == language) {
            Some(other) => SourceCompiler {
                toolchain: &other.toolchain,
                flags: &other.flags,
            },
            None => self.c,
        }
    }
}

/// The languages of the sources, each once.
fn languages(sources: &[Placed<SourceFile>]) -> Vec<Language> {
    let mut languages = Vec::new();
    for source in sources {
        let language = Language::of(&source.value.path);
        if !languages.contains(&language) {
            languages.push(language);
        }
    }
    languages
}

/// The Fortran compiler: the one that `FC` names, or gcc's own, which has the name of the C compiler with another ending.
fn fortran(session: &Session, c: &Toolchain) -> Toolchain {
    let of_gcc = || {
        let name = c.compiler.path.file_name().unwrap_or_default();
        let name = name.to_string_lossy();
        match name.contains("gcc") {
            true => c
                .compiler
                .path
                .with_file_name(name.replace("gcc", "gfortran")),
            false => PathBuf::from("gfortran"),
        }
    };
    let path = variable("FC").map_or_else(of_gcc, PathBuf::from);
    let mut flags = vec![format!("-O{}", session.opt_level), "-fPIC".to_string()];
    if session.debug_info {
        flags.push("-g".to_string());
    }
    c.for_fortran(path, flags.into_iter().map(OsString::from).collect())
}

/// The libraries that the languages of the sources need when the program runs.
pub(crate) fn run_time_libraries(sources: &[Placed<SourceFile>], target: &Target) -> Vec<Link> {
    let languages = languages(sources);
    let mut names = Vec::new();
    if languages.contains(&Language::Fortran) {
        names.push("gfortran".to_string());
    }
    if languages.contains(&Language::Cxx) {
        names.extend(cxx_library(target));
    }
    let link = |name| Link::Library {
        name,
        verbatim: false,
        preference: Preference::Any,
    };
    names.into_iter().map(link).collect()
}

/// The C++ library: `CXXSTDLIB` names it, as for the `cc` crate, or it is the one of the system's own compiler.
fn cxx_library(target: &Target) -> Option<String> {
    if let Some(name) = variable("CXXSTDLIB") {
        return name.into_string().ok().filter(|name| !name.is_empty());
    }
    let name = match (&*target.vendor, &*target.os, &*target.env) {
        // Its compiler writes the name into the object.
        (_, _, "msvc") => return None,
        ("apple", ..) => "c++",
        (_, "freebsd" | "openbsd" | "aix" | "wasi", _) => "c++",
        (_, "android", _) => "c++_shared",
        _ => "stdc++",
    };
    Some(name.to_string())
}

/// Takes LLVM's C++ library instead of gcc's where the C++ was compiled with its headers, as `zig c++` and `-stdlib=libc++` do: what it needs
/// is in the namespace `std::__1`.
pub(crate) fn use_library_of_headers(links: &mut [Link], needed: &HashSet<String>) {
    let is_of_llvm = |symbol: &String| symbol.starts_with("_Z") && symbol.contains("St3__1");
    if variable("CXXSTDLIB").is_some() || !needed.iter().any(is_of_llvm) {
        return;
    }
    for link in links {
        match link {
            Link::Library { name, .. } if name == "stdc++" => *name = "c++".to_string(),
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use cgo_csyntax::diagnostic::Place;

    use super::*;

    #[test]
    fn each_language_brings_its_library() {
        let place = Place { line: 1, column: 1 };
        let target = cgo_toolchain::session::this_machine();
        let names = |files: &[&str]| -> Vec<String> {
            let files = files.iter().map(|file| Placed {
                value: SourceFile {
                    path: file.into(),
                    warning_flags: Vec::new(),
                },
                place,
            });
            let files: Vec<Placed<SourceFile>> = files.collect();
            let links = run_time_libraries(&files, &target).into_iter();
            let names = links.filter_map(|link| match link {
                Link::Library { name, .. } => Some(name),
                _ => None,
            });
            names.collect()
        };
        assert_eq!(names(&["a.c", "b.S"]), [""; 0]);
        assert_eq!(names(&["a.f90"]), ["gfortran"]);
        #[cfg(target_os = "linux")]
        assert_eq!(names(&["a.c", "b.cc", "c.cpp"]), ["stdc++"]);
    }

    #[test]
    fn the_symbols_tell_the_cxx_library() {
        let library_for = |symbol: &str| {
            let mut links = [Link::Library {
                name: "stdc++".to_string(),
                verbatim: false,
                preference: Preference::Any,
            }];
            use_library_of_headers(&mut links, &HashSet::from([symbol.to_string()]));
            match links {
                [Link::Library { name, .. }] => name,
                _ => String::new(),
            }
        };
        let of_llvm = "_ZNSt3__112basic_stringIcNS_11char_traitsIcEENS_9allocatorIcEEED1Ev";
        assert_eq!(library_for(of_llvm), "c++");
        assert_eq!(library_for("_ZNSt7__cxx1112basic_stringD1Ev"), "stdc++");
        assert_eq!(library_for("_Znwm"), "stdc++");
    }
}
