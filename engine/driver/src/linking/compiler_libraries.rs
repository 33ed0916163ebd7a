//! Tells which of the libraries that a C compiler links by itself have to be named. Rust's own runtime library defines functions of
//! theirs too, and comes first: with its complex division small numbers lose their bits, its `sqrt` sets no `errno`, and on arm its
//! complex numbers come back in other registers than C's.

use std::collections::HashSet;

use cgo_csyntax::declarations::names::Names;
use cgo_csyntax::target::Target;

use crate::linking::link_attribute::{FileKind, FoundFile, Link, Preference};

/// Those libraries, in the order in which they need each other. `needed` are the symbols that the program's C and its Rust take from
/// libraries; `None` where that is not known before the link.
pub(crate) fn libraries(
    target: &Target,
    links: &[Link],
    needed: Option<&HashSet<&str>>,
) -> Vec<Link> {
    // Elsewhere C's own is the same as Rust's, or has another name.
    if target.env != "gnu" || target.triple.ends_with("llvm") {
        return Vec::new();
    }
    let needs = |is_one: fn(&str) -> bool| {
        needed.is_none_or(|needed| needed.iter().any(|symbol| is_one(symbol)))
    };
    let mut libraries = Vec::new();
    if target.os == "linux" && needs(is_in_math_library) {
        libraries.push(("m", Preference::Any));
    }
    if target.arch == "arm" || needs(is_in_compilers_library) || links.iter().any(is_c) {
        // As an archive: rustc names a shared library of a crate's behind all crates, and with them Rust's own.
        libraries.push(("gcc", Preference::Archive));
    }
    let named = libraries
        .into_iter()
        .map(|(name, preference)| Link::Library {
            name: name.to_string(),
            verbatim: false,
            preference,
        });
    named.filter(|library| !links.contains(library)).collect()
}

/// Whether it is code of which is not known here what it needs.
fn is_c(link: &Link) -> bool {
    let kind = match link {
        Link::File(FoundFile { kind, .. }) => kind,
        Link::Library { .. } | Link::Framework(_) => return false,
    };
    match kind {
        FileKind::Archive | FileKind::WholeArchive | FileKind::Object => true,
        FileKind::Shared { .. } => false,
    }
}

/// The functions of `<math.h>` that Rust's `compiler_builtins` defines on systems like Unix.
const MATH: [&str; 19] = [
    "cbrt",
    "ceil",
    "copysign",
    "fabs",
    "fdim",
    "floor",
    "fma",
    "fmax",
    "fmaximum",
    "fmaximum_num",
    "fmin",
    "fminimum",
    "fminimum_num",
    "fmod",
    "rint",
    "round",
    "roundeven",
    "sqrt",
    "trunc",
];

/// glibc's other names for functions of its math library, which Rust's does not have. With them it does not matter which of the two
/// libraries the linker meets first.
pub(crate) struct SecondNames<'n> {
    names: &'n Names<'n>,
    are_there: bool,
}

impl<'n> SecondNames<'n> {
    pub(crate) fn of(target: &Target, names: &'n Names<'n>, links: &[Link]) -> SecondNames<'n> {
        let number = |name: &str| names.macros.get(name)?.body.trim().parse::<u32>().ok();
        let version = (number("__GLIBC__"), number("__GLIBC_MINOR__"));
        let has_them = matches!(version, (Some(2), Some(minor)) if minor >= 27);
        // Other code may have a function of its own in place of the library's.
        let is_plain = target.env == "gnu" && !links.iter().any(is_c);
        SecondNames {
            names,
            are_there: has_them && is_plain,
        }
    }

    /// The other name of a function that the preamble does not declare itself.
    pub(crate) fn find(&self, symbol: &str) -> Option<String> {
        let own = || self.names.ordinary(symbol).is_some_and(|name| !name.system);
        // Those came later.
        let is_known = |name: &str| MATH.contains(&name) && !name.contains("imum");
        if !self.are_there || own() {
            return None;
        }
        match symbol.strip_suffix('f') {
            _ if is_known(symbol) => Some(format!("{symbol}f64")),
            Some(name) if is_known(name) => Some(format!("{name}f32")),
            _ => None,
        }
    }
}

fn is_in_math_library(symbol: &str) -> bool {
    let suffixes = ["", "f", "f16", "f32", "f64", "f128"];
    let mut plain = suffixes
        .iter()
        .filter_map(|suffix| symbol.strip_suffix(suffix));
    plain.any(|name| MATH.contains(&name))
}

/// The modes that the names of the compiler's own functions end in (GCC Internals, "The GCC low-level runtime library"):
/// `__divdc3`, `__floattidf`, `__popcountdi2`.
const MODES: [&str; 15] = [
    "qi", "hi", "si", "di", "ti", "hf", "sf", "df", "xf", "tf", "hc", "sc", "dc", "xc", "tc",
];

/// A name too many does no harm: the library is there anyway, and only what is missing is taken from it.
fn is_in_compilers_library(symbol: &str) -> bool {
    let Some(name) = symbol.strip_prefix("__") else {
        return false;
    };
    let operation = name.trim_end_matches(|c: char| c.is_ascii_digit());
    let is_arithmetic = MODES.iter().any(|mode| operation.ends_with(mode));
    is_arithmetic || name.starts_with("cpu_")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[cfg(all(target_os = "linux", target_env = "gnu"))]
    #[test]
    fn glibc_has_second_names() {
        use cgo_csyntax::declarations::declared;

        let target = crate::this_machine();
        let old = declared("#define __GLIBC__ 2\n#define __GLIBC_MINOR__ 17\n");
        let new = declared("#define __GLIBC__ 2\n#define __GLIBC_MINOR__ 27\n");
        let second = SecondNames::of(&target, &new, &[]);
        assert_eq!(second.find("sqrt").as_deref(), Some("sqrtf64"));
        assert_eq!(second.find("fmodf").as_deref(), Some("fmodf32"));
        assert_eq!(second.find("sin"), None);
        assert_eq!(SecondNames::of(&target, &old, &[]).find("sqrt"), None);
    }

    #[test]
    fn functions_that_rust_defines_too_are_known_by_name() {
        for name in [
            "__divdc3",
            "__mulsc3",
            "__udivti3",
            "__fixunsdfti",
            "__popcountdi2",
            "__addtf3",
        ] {
            assert!(is_in_compilers_library(name), "{name}");
        }
        for name in ["sqrt", "fmodf", "fma", "fabsf128"] {
            assert!(is_in_math_library(name), "{name}");
        }
        for name in [
            "malloc",
            "__stack_chk_fail",
            "sqrtl_of_mine",
            "__isoc99_sscanf",
            "f",
        ] {
            assert!(
                !is_in_compilers_library(name) && !is_in_math_library(name),
                "{name}"
            );
        }
    }
}
