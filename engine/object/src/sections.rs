//! What a section of an object file is for, as ELF and COFF name it, and which sections are linker sets.

/// A debug section that is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DebugSection {
    Info,
    Abbreviations,
    Strings,
    LineStrings,
    StringOffsets,
}

impl DebugSection {
    pub const ALL: [DebugSection; 5] = [
        DebugSection::Info,
        DebugSection::Abbreviations,
        DebugSection::Strings,
        DebugSection::LineStrings,
        DebugSection::StringOffsets,
    ];

    /// By its name in all formats but Mach-O.
    pub(crate) fn of(name: &str) -> Option<DebugSection> {
        Some(match name {
            ".debug_info" => DebugSection::Info,
            ".debug_abbrev" => DebugSection::Abbreviations,
            ".debug_str" => DebugSection::Strings,
            ".debug_line_str" => DebugSection::LineStrings,
            ".debug_str_offsets" => DebugSection::StringOffsets,
            _ => return None,
        })
    }
}

/// What a section is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    Debug(DebugSection),
    /// It lists, or has, what runs before or after `main`.
    Startup,
    LinkerSet,
    /// It tells that the code needs an executable stack.
    ExecutableStack,
    Other,
}

/// The sections of what runs before or after `main`, as ELF and COFF name them.
const STARTUP: [&str; 8] = [
    "preinit_array",
    "init_array",
    "fini_array",
    "ctors",
    "dtors",
    "init",
    "fini",
    "CRT",
];

impl Purpose {
    /// By its name in ELF or COFF, and whether it is loaded into memory.
    pub(crate) fn of(name: &str, is_loaded: bool) -> Purpose {
        if let Some(section) = DebugSection::of(name) {
            return Purpose::Debug(section);
        }
        // A priority may follow: `.init_array.00101`, `.CRT$XCU`.
        let kind = name
            .strip_prefix('.')
            .and_then(|name| name.split(['.', '$']).next());
        if kind.is_some_and(|kind| STARTUP.contains(&kind)) {
            return Purpose::Startup;
        }
        match is_loaded && is_set(name) {
            true => Purpose::LinkerSet,
            false => Purpose::Other,
        }
    }
}

/// Whether a loaded section is a linker set: if the name is a C identifier, linkers define symbols for its start and its end, and a
/// program iterates over the entries of all files.
pub(crate) fn is_set(name: &str) -> bool {
    let starts = |c: char| c.is_ascii_alphabetic() || c == '_';
    name.starts_with(starts) && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
}
