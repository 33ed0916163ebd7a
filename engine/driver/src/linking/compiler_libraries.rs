//! Tells which of the libraries that a C compiler links by default must be named: the math library and `libgcc`.
//!
//! Rust's `compiler_builtins` defines some of their functions too, and comes first. Its complex division loses the bits of small
//! numbers, its `sqrt` sets no `errno`, and on arm its complex results are in other registers than C's.

use std::collections::HashSet;

use cgo_csyntax::declarations::names::Names;
use cgo_csyntax::target::Target;

use crate::linking::link_attribute::{Link, Preference};
use crate::linking::linkable_file::{FileKind, LinkableFile};

/// Those libraries, in the order in which they need each other. `needed` are the symbols that the C and the Rust of the program take
/// from libraries, or `None` if that is known only to the linker.
pub(crate) fn libraries(
    target: &Target,
    links: &[Link],
    needed: Option<&HashSet<&str>>,
) -> Vec<Link> {
    // On other targets C has the same functions as Rust, or its library has another name.
    let is_gnu = target.env == "gnu" && !target.triple.ends_with("llvm");
    if !is_gnu && target.env != "musl" {
        return Vec::new();
    }
    let needs = |is_one: fn(&str) -> bool| {
        needed.is_none_or(|needed| needed.iter().any(|symbol| is_one(symbol)))
    };
    let mut libraries = Vec::new();
    // musl's is a part of libc.
    if is_gnu && target.os == "linux" && needs(is_in_math_library) {
        libraries.push(("m", Preference::Any));
    }
    if target.arch == "arm" || needs(is_in_libgcc) || links.iter().any(is_unread_code) {
        // As an archive: rustc passes the shared libraries of a crate to the linker after `compiler_builtins`.
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

/// Whether it is code whose symbols are not read here.
fn is_unread_code(link: &Link) -> bool {
    let kind = match link {
        Link::File(LinkableFile { kind, .. }) => kind,
        Link::Library { .. } | Link::Framework(_) => return false,
    };
    match kind {
        FileKind::Archive | FileKind::WholeArchive | FileKind::Object => true,
        FileKind::Shared { .. } => false,
    }
}

/// The functions of `<math.h>` that `compiler_builtins` defines on Unix.
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

/// glibc's second names for functions of its math library, which `compiler_builtins` does not define. With them the order of the two
/// libraries does not matter.
pub(crate) struct SecondNames<'n> {
    names: &'n Names<'n>,
    /// Whether the target's libc has them, and nothing else can define the function.
    are_usable: bool,
}

impl<'n> SecondNames<'n> {
    pub(crate) fn of(target: &Target, names: &'n Names<'n>, links: &[Link]) -> SecondNames<'n> {
        let number = |name: &str| names.macros.get(name)?.body.trim().parse::<u32>().ok();
        let version = (number("__GLIBC__"), number("__GLIBC_MINOR__"));
        let has_them = matches!(version, (Some(2), Some(minor)) if minor >= 27);
        // Code that is not read may define the function itself.
        let is_plain = target.env == "gnu" && !links.iter().any(is_unread_code);
        SecondNames {
            names,
            are_usable: has_them && is_plain,
        }
    }

    /// The second name of a function, unless the preamble declares the function itself.
    pub(crate) fn find(&self, symbol: &str) -> Option<String> {
        let own = || self.names.ordinary(symbol).is_some_and(|name| !name.system);
        // glibc got `fmaximum` and its like in a later version.
        let is_known = |name: &str| MATH.contains(&name) && !name.contains("imum");
        if !self.are_usable || own() {
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

/// The machine modes that the names of libgcc's functions end in (GCC Internals, "The GCC low-level runtime library"): `__divdc3`,
/// `__floattidf`, `__popcountdi2`.
const MODES: [&str; 15] = [
    "qi", "hi", "si", "di", "ti", "hf", "sf", "df", "xf", "tf", "hc", "sc", "dc", "xc", "tc",
];

/// A name too many does no harm: the linker takes from the library only what is missing.
fn is_in_libgcc(symbol: &str) -> bool {
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

        let target = cgo_toolchain::session::this_machine();
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
            assert!(is_in_libgcc(name), "{name}");
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
            assert!(!is_in_libgcc(name) && !is_in_math_library(name), "{name}");
        }
    }
}
