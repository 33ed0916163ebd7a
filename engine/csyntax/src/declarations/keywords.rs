//! The keywords of C, gcc and clang, by what they do in a declaration.

use crate::target::Target;

/// What a tag names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum TagKind {
    Struct,
    Union,
    Enum,
}

impl TagKind {
    pub fn keyword(self) -> &'static str {
        match self {
            TagKind::Struct => "struct",
            TagKind::Union => "union",
            TagKind::Enum => "enum",
        }
    }
}

/// The kind of tag that the word starts.
pub(crate) fn tag_kind(word: &str) -> Option<TagKind> {
    match word {
        "struct" => Some(TagKind::Struct),
        "union" => Some(TagKind::Union),
        "enum" => Some(TagKind::Enum),
        _ => None,
    }
}

/// Words before a group in parentheses that declares no name.
pub fn is_attribute(word: &str) -> bool {
    matches!(
        word,
        "__attribute__"
            | "__attribute"
            | "__asm__"
            | "__asm"
            | "asm"
            | "_Alignas"
            | "alignas"
            | "__declspec"
    )
}

/// Words that name a type together with the parentheses behind them.
pub fn is_type_operator(word: &str) -> bool {
    matches!(
        word,
        "__typeof__"
            | "__typeof"
            | "typeof"
            | "typeof_unqual"
            | "__typeof_unqual__"
            | "_BitInt"
            | "_ExtInt"
    )
}

/// Keywords that are a type or a part of one.
pub fn is_type_word(word: &str) -> bool {
    matches!(
        word,
        "void"
            | "char"
            | "short"
            | "int"
            | "long"
            | "float"
            | "double"
            | "signed"
            | "unsigned"
            | "_Bool"
            | "bool"
            | "_Complex"
            | "__complex__"
            | "__complex"
            | "_Imaginary"
            | "__signed__"
            | "__signed"
            | "__int128"
            | "__int128_t"
            | "__uint128_t"
            | "__builtin_va_list"
            | "__builtin_ms_va_list"
            | "__float128"
            | "__float80"
            | "__ibm128"
            | "__fp16"
            | "__bf16"
            | "_Float16"
            | "_Float32"
            | "_Float64"
            | "_Float128"
            | "_Float32x"
            | "_Float64x"
            | "_Decimal32"
            | "_Decimal64"
            | "_Decimal128"
            | "__auto_type"
            | "__int8"
            | "__int16"
            | "__int32"
            | "__int64"
            | "_int64"
    )
}

/// Words that change a type or a function: qualifiers, function specifiers and calling conventions.
pub fn is_qualifier(word: &str) -> bool {
    matches!(
        word,
        "const"
            | "__const"
            | "__const__"
            | "volatile"
            | "__volatile"
            | "__volatile__"
            | "restrict"
            | "__restrict"
            | "__restrict__"
            | "_Nonnull"
            | "_Nullable"
            | "_Null_unspecified"
            | "__extension__"
            | "_Noreturn"
            | "register"
            | "auto"
            | "constexpr"
            | "__unaligned"
            | "__w64"
            | "__ptr32"
            | "__ptr64"
            | "__sptr"
            | "__uptr"
            | "__forceinline"
            | "__cdecl"
            | "__stdcall"
            | "__fastcall"
            | "__thiscall"
            | "__vectorcall"
            | "__regcall"
    )
}

/// A calling convention that a declaration names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Convention {
    /// One that is that of all functions on 64-bit Windows: compilers take no notice of the word there.
    OfWindows,
    Other,
}

impl Convention {
    /// Whether functions of the target have it anyway.
    pub fn is_usual(self, target: &Target) -> bool {
        self == Convention::OfWindows && target.os == "windows" && target.pointer_width == 64
    }
}

/// The calling convention that an attribute of this name gives a function.
pub fn convention(word: &str) -> Option<Convention> {
    match word.trim_matches('_') {
        "ms_abi" | "stdcall" | "fastcall" | "thiscall" | "pascal" => Some(Convention::OfWindows),
        "sysv_abi" | "vectorcall" | "regcall" | "regparm" | "sseregparm" | "pcs"
        | "aarch64_vector_pcs" | "preserve_most" | "preserve_all" | "swiftcall" => {
            Some(Convention::Other)
        }
        _ => None,
    }
}
