//! The names of languages and of the variables with their compilers.

use cgo_csyntax::directive::source_files::Language;

/// As messages say it. The C compiler compiles assembly.
pub(super) fn name(language: Language) -> &'static str {
    match language {
        Language::C | Language::Assembly => "C",
        Language::Cxx => "C++",
        Language::Fortran => "Fortran",
    }
}

/// The variable with its compiler.
pub(super) fn compiler_variable(language: Language) -> &'static str {
    match language {
        Language::C | Language::Assembly => "CC",
        Language::Cxx => "CXX",
        Language::Fortran => "FC",
    }
}

/// The variables with its compiler and flags.
pub(super) fn variables(language: Language) -> &'static str {
    match language {
        Language::C | Language::Assembly => "CC and CFLAGS",
        Language::Cxx => "CXX and CXXFLAGS",
        Language::Fortran => "FC and FFLAGS",
    }
}

/// How to install its compiler.
pub(super) fn installation(language: Language) -> &'static str {
    match language {
        Language::C | Language::Assembly => {
            "install gcc or clang (Debian, Ubuntu: `apt install gcc`; Fedora: `dnf install gcc`; macOS: `xcode-select --install`; Windows: the \
             MSYS2 package mingw-w64-gcc)"
        }
        Language::Cxx => {
            "install g++ or clang++ (Debian, Ubuntu: `apt install g++`; Fedora: `dnf install gcc-c++`; macOS: `xcode-select --install`; Windows: \
             the MSYS2 package mingw-w64-gcc)"
        }
        Language::Fortran => {
            "install gfortran (Debian, Ubuntu: `apt install gfortran`; Fedora: `dnf install gcc-gfortran`)"
        }
    }
}
