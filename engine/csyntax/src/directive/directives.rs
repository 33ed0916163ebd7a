//! What the directives of a preamble say, as plain data.

use std::collections::BTreeSet;
use std::path::PathBuf;

use crate::diagnostic::Placed;
use crate::directive::link_flag::LinkFlag;
use crate::directive::pattern::NamePattern;
use crate::directive::prototype::Prototype;
use crate::directive::source_files::SourceFile;

/// What the directives of one preamble say whose conditions hold.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Directives {
    /// Flags for the C compiler, behind `cppflags`. It runs in the Rust file's folder, which relative paths refer to.
    pub cflags: Vec<String>,
    /// Flags for C, C++ and Fortran.
    pub cppflags: Vec<String>,
    /// Flags for C++.
    pub cxxflags: Vec<String>,
    /// Flags for Fortran.
    pub fflags: Vec<String>,
    /// Further flags for assembly.
    pub asflags: Vec<String>,
    /// Flags for the linker, with relative paths as they were written.
    pub ldflags: Vec<LinkFlag>,
    /// The words of the `pkg-config` lines: packages, version conditions and options.
    pub pkg_config: Vec<Placed<String>>,
    /// More files to compile.
    pub sources: Vec<Placed<SourceFile>>,
    /// Where a copy of `_cgo_export.h` goes.
    pub header: Option<PathBuf>,
    /// The file of the bindings that the author checks in for the target: `bindings.x86_64-unknown-linux-gnu.rs` for `bindings.rs`.
    pub bindings: Option<Placed<PathBuf>>,
    /// The conditions that hold, of the directives that shape the module.
    pub conditions: BTreeSet<String>,
    /// The names to bind whether they are used or not.
    pub bind: Vec<NamePattern>,
    /// C functions that Rust may call without `unsafe`, as the author promises.
    pub safe: Vec<Placed<String>>,
    /// The types of function pointers that are never null, as the author promises.
    pub nonnull: Vec<NamePattern>,
    /// The enumerations that Rust gets as a type of their own.
    pub enums: Vec<(EnumStyle, NamePattern)>,
    /// The names that only the crate itself sees.
    pub hide: Vec<NamePattern>,
    /// The structs and unions whose members Rust does not see.
    pub opaque: Vec<NamePattern>,
    /// The traits that structs get, each with what picks the structs.
    pub derive: Vec<(DerivedTrait, NamePattern)>,
    /// The functions that never return although C does not say so.
    pub noreturn: Vec<NamePattern>,
    /// The functions and function-pointer types that a panic or an exception may cross.
    pub unwind: Vec<NamePattern>,
    /// The C type of macros whose values are constant, each with what picks the macros.
    pub constants: Vec<(String, NamePattern)>,
    /// The macros that Rust gets as functions, and the functions that it gets with other pointers.
    pub prototypes: Vec<Prototype>,
    /// The macros whose values are functions, and that Rust gets as functions.
    pub functions: Vec<NamePattern>,
    /// The starts of names that Rust gets without them.
    pub strip: Vec<Placed<String>>,
}

impl Directives {
    /// The name without the longest start that `strip:` has of it; `None` if no identifier would be left.
    pub fn stripped<'n>(&self, name: &'n str) -> Option<&'n str> {
        let rests = self.strip.iter();
        let rests = rests.filter_map(|start| name.strip_prefix(start.value.as_str()));
        let begins =
            |rest: &&str| rest.starts_with(|first: char| first == '_' || first.is_alphabetic());
        rests.filter(begins).min_by_key(|rest| rest.len())
    }
}

/// How Rust gets an enumeration that a directive names. Any other one is an integer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EnumStyle {
    /// A struct around the integer, one of whose associated constants is each enumerator.
    Newtype,
    /// The same with the operators of a set of bits.
    Flags,
    /// An enum. What comes from C may be no variant, so it has another type until it is checked.
    Enum,
}

impl EnumStyle {
    /// The verb of the directive.
    pub fn verb(self) -> &'static str {
        match self {
            EnumStyle::Newtype => "newtype",
            EnumStyle::Flags => "flags",
            EnumStyle::Enum => "enum",
        }
    }
}

/// A trait of Rust that a struct gets by a directive.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum DerivedTrait {
    Debug,
    PartialEq,
    Eq,
    Hash,
    PartialOrd,
    Ord,
}

impl DerivedTrait {
    pub const ALL: [DerivedTrait; 6] = [
        DerivedTrait::Debug,
        DerivedTrait::PartialEq,
        DerivedTrait::Eq,
        DerivedTrait::Hash,
        DerivedTrait::PartialOrd,
        DerivedTrait::Ord,
    ];

    pub fn name(self) -> &'static str {
        match self {
            DerivedTrait::Debug => "Debug",
            DerivedTrait::PartialEq => "PartialEq",
            DerivedTrait::Eq => "Eq",
            DerivedTrait::Hash => "Hash",
            DerivedTrait::PartialOrd => "PartialOrd",
            DerivedTrait::Ord => "Ord",
        }
    }

    /// Whether numbers that are not equal to themselves stand in its way.
    pub fn is_total(self) -> bool {
        matches!(
            self,
            DerivedTrait::Eq | DerivedTrait::Hash | DerivedTrait::Ord
        )
    }

    /// The trait and those that it requires.
    pub fn with_implied(self) -> &'static [DerivedTrait] {
        match self {
            DerivedTrait::Debug => &[DerivedTrait::Debug],
            DerivedTrait::PartialEq => &[DerivedTrait::PartialEq],
            DerivedTrait::Eq => &[DerivedTrait::PartialEq, DerivedTrait::Eq],
            DerivedTrait::Hash => &[DerivedTrait::Hash],
            DerivedTrait::PartialOrd => &[DerivedTrait::PartialEq, DerivedTrait::PartialOrd],
            DerivedTrait::Ord => &[
                DerivedTrait::PartialEq,
                DerivedTrait::Eq,
                DerivedTrait::PartialOrd,
                DerivedTrait::Ord,
            ],
        }
    }
}
