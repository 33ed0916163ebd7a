//! Writes the C text that asks the compiler about each item, after the preamble and in the same translation unit.
//!
//! `__typeof__(name) *` in a struct's members makes DWARF describe the type of anything with a name, without naming
//! anything that C does not know: errors cost the compilers far more than answers. What DWARF does not tell (values,
//! alignments, the symbols behind names) is written into constant arrays and read back from the object file.

use std::collections::HashMap;
use std::fmt::Write;

use cgo_preamble::names::{Keyword, Names, Role};
use cgo_preamble::own_words;
use cgo_preamble::select::{Item, Subject};

/// The function that holds every probe: inside a function, statement expressions are allowed too.
pub(crate) const FUNCTION: &str = "_cgo_probe";
/// The struct with one member an item, a pointer to the item's type.
pub(crate) const TYPES: &str = "_cgo_types";
/// What kind of constant each item is.
pub(crate) const KINDS: &str = "_cgo_kinds";
/// Two words an item: the low and high half of an integer constant.
pub(crate) const INTEGERS: &str = "_cgo_integers";
/// One `double` an item: a floating constant.
pub(crate) const FLOATS: &str = "_cgo_floats";
/// Before an item's number: the bytes of a string constant.
pub(crate) const STRING: &str = "_cgo_string_";
/// The address of each item that has a symbol.
pub(crate) const SYMBOLS: &str = "_cgo_symbols";
/// The address of each item that the compiler would take for unused.
const USED: &str = "_cgo_used";
/// The alignment of each record that has a name.
pub(crate) const ALIGNMENTS: &str = "_cgo_alignments";
/// Size of each of [`BASE_TYPES`], and alignment as a member: C11's word for it, unlike gcc's own, means that.
pub(crate) const BASES: &str = "_cgo_bases";

/// The arithmetic types whose alignment as a member is asked.
pub(crate) const BASE_TYPES: [&str; 15] = [
    "_Bool",
    "char",
    "short",
    "int",
    "long",
    "long long",
    "float",
    "double",
    "long double",
    "void *",
    "_cgo_widest",
    "_Atomic char",
    "_Atomic short",
    "_Atomic int",
    "_Atomic long long",
];

/// The values in [`KINDS`].
pub(crate) const KIND_INTEGER: u8 = 1;
pub(crate) const KIND_FLOAT: u8 = 2;
pub(crate) const KIND_STRING: u8 = 4;

/// The file that the preamble includes at its end, from a folder of system headers, in which no compiler warns. Its name
/// stands in the probes' `#line` too: an error in this file is one of ours, and its line is the item's number.
pub(crate) const FILE: &str = "cgo-probe";

/// The text, and what stands where in the answers.
#[derive(Debug)]
pub(crate) struct Probe {
    pub(crate) text: String,
    /// The items whose symbols are asked, in the order of the array.
    pub(crate) symbols: Vec<usize>,
    /// The records whose alignments are asked: `struct S`, `union U`, or a typedef's name; each with the number of its item, if it
    /// is one.
    pub(crate) records: Vec<(String, Option<usize>)>,
}

// `__builtin_classify_type` gives 1 to 4 for the integers (also char, enum and bool where a compiler tells them
// apart) and 8 for the floating types. What a `__builtin_choose_expr` does not choose may be of any type, so each
// constant is narrowed to its kind before it is converted.
const MACROS: &str = "\
#define _CGO_IS_INTEGER(e) (__builtin_classify_type(e) >= 1 && __builtin_classify_type(e) <= 4)
#define _CGO_AN_INTEGER(e) __builtin_choose_expr(_CGO_IS_INTEGER(e), (e), 0)
#define _CGO_INTEGER(e) __builtin_choose_expr(__builtin_constant_p(_CGO_AN_INTEGER(e)), _CGO_AN_INTEGER(e), 0)
#define _CGO_IS_FLOAT(e) (__builtin_classify_type(e) == 8)
#define _CGO_A_FLOAT(e) __builtin_choose_expr(_CGO_IS_FLOAT(e), (e), 0.0)
#define _CGO_FLOAT(e) __builtin_choose_expr(__builtin_constant_p(_CGO_A_FLOAT(e)), _CGO_A_FLOAT(e), 0.0)
#define _CGO_IS_STRING(e) __builtin_types_compatible_p(__typeof__(e), char[])
#define _CGO_A_STRING(e) __builtin_choose_expr(_CGO_IS_STRING(e), (e), \"\")
#define _CGO_STRING(e) __builtin_choose_expr(__builtin_constant_p(_CGO_A_STRING(e)), _CGO_A_STRING(e), \"\")
#define _CGO_KIND(e) ((_CGO_IS_INTEGER(e) && __builtin_constant_p(_CGO_AN_INTEGER(e))) \
 | (_CGO_IS_FLOAT(e) && __builtin_constant_p(_CGO_A_FLOAT(e))) << 1 \
 | (_CGO_IS_STRING(e) && __builtin_constant_p(_CGO_A_STRING(e))) << 2)
#define _CGO_WORDS(e) (unsigned long long)_CGO_INTEGER(e), (unsigned long long)((_cgo_widest)_CGO_INTEGER(e) >> 32 >> 32)
#ifdef __SIZEOF_INT128__
__extension__ typedef __int128 _cgo_widest;
#else
typedef long long _cgo_widest;
#endif
";

/// With the checks of `-fsanitize=undefined` gcc no longer takes each constant for one.
const UNCHECKED: &str = "__attribute__((no_sanitize(\"undefined\"))) ";

/// Writes the probes for `items` except those that `skipped` marks.
pub(crate) fn write(names: &Names, items: &[Item], skipped: &[bool]) -> Probe {
    let asked = || {
        items
            .iter()
            .enumerate()
            .filter(|(index, _)| !skipped[*index])
    };
    let mut text = format!(
        "{}#line 1000000000 \"{FILE}\"\n{MACROS}{UNCHECKED}void {FUNCTION}(void) {{\nstruct {TYPES} {{\n",
        own_words::undefine(names)
    );
    // Line 2 and on: one line an item, so that an error's line tells the item.
    // To gcc the type of an `_Atomic` variable is that of its value, as C17 has it for expressions; a pointer to it tells.
    section(&mut text, items, skipped, |index, item| {
        let name = c_name(item);
        Some(match item.subject {
            Subject::Object(_) => format!("__typeof__(&{name}) _cgo_{index};"),
            _ => format!("__typeof__({name}) *_cgo_{index};"),
        })
    });
    text.push_str("char _cgo_end; } *_cgo_types_are_used;\n");

    array(&mut text, "unsigned char", KINDS);
    section(&mut text, items, skipped, |_, item| {
        Some(value(item).map_or("0,".into(), |name| format!("_CGO_KIND({name}),")))
    });
    text.push_str("0 };\n");
    array(&mut text, "unsigned long long", INTEGERS);
    section(&mut text, items, skipped, |_, item| {
        Some(value(item).map_or("0,0,".into(), |name| format!("_CGO_WORDS({name}),")))
    });
    text.push_str("0 };\n");
    array(&mut text, "double", FLOATS);
    section(&mut text, items, skipped, |_, item| {
        Some(if value(item).is_some() {
            format!("_CGO_FLOAT({}),", item.name)
        } else {
            "0,".into()
        })
    });
    text.push_str("0 };\n");
    section(&mut text, items, skipped, |index, item| {
        match item.subject {
            Subject::Expression {
                has_string: true, ..
            } => Some(format!(
                "__attribute__((__used__)) static const char {STRING}{index}[] = _CGO_STRING({});",
                item.name
            )),
            _ => None,
        }
    });

    let symbols: Vec<usize> = asked()
        .filter(|(_, item)| has_symbol(item))
        .map(|(index, _)| index)
        .collect();
    array(&mut text, "void *const", SYMBOLS);
    section(&mut text, items, skipped, |_, item| {
        has_symbol(item).then(|| format!("(const void *)&{},", item.name))
    });
    text.push_str("0 };\n");

    // Rust uses them, which C does not see.
    array(&mut text, "void *const", USED);
    section(&mut text, items, skipped, |_, item| {
        only_rust_may_use(item).then(|| format!("(const void *)&{},", item.name))
    });
    text.push_str("0 };\n");

    let records = records(names);
    array(&mut text, "__SIZE_TYPE__", ALIGNMENTS);
    let _ = writeln!(text, "#line 1000000000 \"{FILE}\"");
    for record in &records {
        let _ = writeln!(text, "__alignof__({record}),");
    }
    text.push_str("0 };\n");
    array(&mut text, "__SIZE_TYPE__", BASES);
    for base in BASE_TYPES {
        let _ = writeln!(text, "sizeof({base}), _Alignof({base}),");
    }
    text.push_str("0 };\n}\n");
    let types = asked().filter(|(_, item)| item.text.is_some() && value(item).is_none());
    let types: HashMap<String, usize> = types.map(|(index, item)| (c_name(item), index)).collect();
    let of_item = |record: String| {
        let item = types.get(&record).copied();
        (record, item)
    };
    Probe {
        text,
        symbols,
        records: records.into_iter().map(of_item).collect(),
    }
}

fn array(text: &mut String, element: &str, name: &str) {
    let _ = writeln!(
        text,
        "__attribute__((__used__)) static const {element} {name}[] = {{"
    );
}

/// One line an item; a line that is left out stays as an empty one, or the arrays' zero where `skipped`.
fn section(
    text: &mut String,
    items: &[Item],
    skipped: &[bool],
    line: impl Fn(usize, &Item) -> Option<String>,
) {
    let _ = writeln!(text, "#line 1 \"{FILE}\"");
    for (index, item) in items.iter().enumerate() {
        let row = if skipped[index] {
            line(index, &placeholder())
        } else {
            line(index, item)
        };
        text.push_str(&row.unwrap_or_default());
        text.push('\n');
    }
}

/// Stands for a skipped item, so that the answers after it keep their numbers.
fn placeholder() -> Item {
    let place = cgo_preamble::lexer::SourceLine { file: 0, line: 0 };
    Item {
        name: "char".into(),
        subject: Subject::TypeName,
        target: "char".into(),
        place,
        text: None,
    }
}

fn c_name(item: &Item) -> String {
    match item.subject {
        Subject::Tag(keyword) => format!("{} {}", keyword.text(), item.name),
        _ => item.name.clone(),
    }
}

fn value(item: &Item) -> Option<&str> {
    let has_value = match item.subject {
        Subject::Object(storage) => storage.constant,
        Subject::Expression { .. } | Subject::Enumerator => true,
        Subject::Tag(_) | Subject::TypeName => false,
    };
    has_value.then_some(&item.name)
}

fn has_symbol(item: &Item) -> bool {
    matches!(item.subject, Subject::Object(storage) if !storage.is_static && !storage.thread_local)
}

fn only_rust_may_use(item: &Item) -> bool {
    matches!(item.subject, Subject::Object(storage)
        if storage.is_static && (storage.defined || !storage.function) && !storage.inline && !storage.thread_local)
}

/// The records that a name reaches and that are complete.
fn records(names: &Names) -> Vec<String> {
    let record = |name: &cgo_preamble::names::Name| match name.role {
        Role::Tag {
            keyword: keyword @ (Keyword::Struct | Keyword::Union),
            complete: true,
        } => Some(format!("{} {}", keyword.text(), name.name)),
        Role::Typedef { untagged: true } => Some(name.name.clone()),
        _ => None,
    };
    names.list.iter().filter_map(record).collect()
}
