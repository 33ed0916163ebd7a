//! Writes the C text that asks the compiler about each item, after the preamble and in the same translation unit.
//!
//! `__typeof__(name) *` in a struct's members makes DWARF describe the type of anything with a name, without naming
//! anything that C does not know: errors cost the compilers far more than answers. What DWARF does not tell (values,
//! alignments, the symbols behind names) is written into constant arrays and read back from the object file.

use std::collections::HashMap;
use std::fmt::Write;

use cgo_codegen::shims::c_text::own_file;
use cgo_csyntax::declarations::keywords::TagKind;
use cgo_csyntax::declarations::names::{Name, Names, Role};
use cgo_csyntax::macros::evaluation::{Evaluation, Spelled};
use cgo_csyntax::macros::redefined_keywords;
use cgo_csyntax::macros::shape::Expression;
use cgo_csyntax::selection::{Item, Subject};

/// The function that holds every probe: inside a function, statement expressions are allowed too.
pub(crate) const FUNCTION: &str = "_cgo_probe";
/// The struct with one member an item, a pointer to the item's type.
pub(crate) const TYPES: &str = "_cgo_types";
/// What kind of constant each item is.
pub(crate) const KINDS: &str = "_cgo_kinds";
/// Two words an item: the low and high half of an integer or pointer constant.
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
pub(crate) const KIND_POINTER: u8 = 4;
/// A value that may hold the address of a compound literal.
pub(crate) const KIND_LITERAL: u8 = 8;

/// The file that the preamble includes at its end, from a folder of system headers, in which no compiler warns. Its name
/// stands in the probes' `#line` too: an error in this file is one of ours, and its line is the item's number.
pub(crate) const FILE: &str = "cgo-probe";
/// The name of the part at file scope: what C refuses there holds the address of a compound literal that cannot be static.
pub(crate) const LITERALS: &str = "cgo-literals";

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

// `__builtin_classify_type` gives 1 to 4 for the integers (also char, enum and bool where a compiler tells them apart), 5 for
// pointers, 8 for the floating types and 12 and 13 for records. What a `__builtin_choose_expr` does not choose may be of any type,
// so each constant is narrowed to its kind before it is converted. They take `...`, since an initializer has commas.
const MACROS: &str = "\
#define _CGO_IS_INTEGER(...) ((unsigned)__builtin_classify_type(__VA_ARGS__) - 1u < 4u)
#define _CGO_IS_POINTER(...) (__builtin_classify_type(__VA_ARGS__) == 5)
#define _CGO_IS_ARRAY(...) (_CGO_IS_POINTER(__VA_ARGS__) \
 && !__builtin_types_compatible_p(__typeof__(__VA_ARGS__), __typeof__(0 ? (__VA_ARGS__) : (__VA_ARGS__))))
#define _CGO_IS_FLOAT(...) (__builtin_classify_type(__VA_ARGS__) == 8)
#define _CGO_A_POINTER(...) (__UINTPTR_TYPE__)(const volatile void *)__builtin_choose_expr(_CGO_IS_POINTER(__VA_ARGS__), (__VA_ARGS__), (void *)0)
#define _CGO_AN_INTEGER(...) __builtin_choose_expr(_CGO_IS_INTEGER(__VA_ARGS__), (__VA_ARGS__), 0)
#define _CGO_A_FLOAT(...) __builtin_choose_expr(_CGO_IS_FLOAT(__VA_ARGS__), (__VA_ARGS__), 0.0)
#define _CGO_KIND(...) ((_CGO_IS_INTEGER(__VA_ARGS__) && __builtin_constant_p(_CGO_AN_INTEGER(__VA_ARGS__))) \
 | (_CGO_IS_FLOAT(__VA_ARGS__) && __builtin_constant_p(_CGO_A_FLOAT(__VA_ARGS__))) << 1 \
 | (_CGO_IS_POINTER(__VA_ARGS__) && __builtin_constant_p(_CGO_A_POINTER(__VA_ARGS__))) << 2)
#define _CGO_INTEGER(kind, ...) __builtin_choose_expr(kind == 1, (__VA_ARGS__), (__UINTPTR_TYPE__)(const volatile void *)__builtin_choose_expr(kind == 4, (__VA_ARGS__), (void *)0))
#define _CGO_WORDS(kind, ...) (unsigned long long)_CGO_INTEGER(kind, __VA_ARGS__), (unsigned long long)((_cgo_widest)_CGO_INTEGER(kind, __VA_ARGS__) >> 32 >> 32)
#define _CGO_FLOAT(kind, ...) __builtin_choose_expr(kind == 2, (__VA_ARGS__), 0.0)
#define _CGO_HOLDS(...) (_CGO_IS_POINTER(__VA_ARGS__) || __builtin_classify_type(__VA_ARGS__) >= 12 \
 || (_CGO_IS_INTEGER(__VA_ARGS__) && sizeof(__VA_ARGS__) >= sizeof(void *)))
#define _CGO_HELD(when, ...) __builtin_choose_expr(when(__VA_ARGS__), (__VA_ARGS__), 0)
#ifdef __SIZEOF_INT128__
__extension__ typedef __int128 _cgo_widest;
#else
typedef long long _cgo_widest;
#endif
";

/// With the checks of `-fsanitize=undefined` gcc no longer takes each constant for one.
const UNCHECKED: &str = "__attribute__((__no_sanitize__(\"undefined\"))) ";
// gcc says of `1.0/0.0` that it is no constant where a division could trap.
const FOLDS_DIVISIONS: &str = "\
#if defined __GNUC__ && !defined __clang__
__attribute__((__optimize__(\"no-trapping-math\")))
#endif
";

/// Writes the probes for `items` except those that `skipped` marks.
/// `file` is what the preamble's own file is called.
pub(crate) fn write(names: &Names, items: &[Item], skipped: &[bool], file: &str) -> Probe {
    let asked = || {
        items
            .iter()
            .enumerate()
            .filter(|(index, _)| !skipped[*index])
    };
    let mut text = format!(
        "{}#line 1000000000 \"{FILE}\"\n{MACROS}{}",
        redefined_keywords::undefine(names),
        own_file(file)
    );
    section(&mut text, LITERALS, items, skipped, |index, item| {
        let (name, when) = (&item.name, holds(item)?);
        if evaluation(item)?.is_read_in_a_function() {
            return None;
        }
        // What is chosen of an array is its address.
        Some(format!(
            "__attribute__((__unused__)) static const __typeof__(0 ? _CGO_HELD({when}, {name}) : _CGO_HELD({when}, {name})) _cgo_literal_{index} = _CGO_HELD({when}, {name});"
        ))
    });
    let _ = writeln!(
        text,
        "#line 1000000000 \"{FILE}\"\n{FOLDS_DIVISIONS}{UNCHECKED}void {FUNCTION}(void) {{"
    );
    // clang takes a compound literal among a struct's members for one at file scope, where it must be constant.
    section(&mut text, FILE, items, skipped, |index, item| {
        match &item.subject {
            Subject::Expression(Expression {
                has_literal: true, ..
            }) => Some(format!("{} _cgo_value_{index};", pointer_to(item))),
            _ => None,
        }
    });
    let _ = writeln!(text, "struct {TYPES} {{");
    // One line an item, so that an error's line tells the item.
    section(&mut text, FILE, items, skipped, |index, item| {
        Some(match &item.subject {
            Subject::Expression(Expression {
                has_literal: true, ..
            }) => {
                format!("__typeof__(_cgo_value_{index}) _cgo_{index};")
            }
            _ => format!("{} _cgo_{index};", pointer_to(item)),
        })
    });
    text.push_str("char _cgo_end; } *_cgo_types_are_used;\n");

    // As a name for the arrays below: to ask again costs more.
    section(&mut text, FILE, items, skipped, |index, item| {
        constant(item).map(|name| format!("enum {{ _cgo_kind_{index} = _CGO_KIND({name}) }};"))
    });
    array(&mut text, "unsigned char", KINDS);
    section(&mut text, FILE, items, skipped, |index, item| {
        let name = &item.name;
        Some(match (constant(item), holds(item)) {
            (Some(_), _) => format!("_cgo_kind_{index},"),
            (None, Some(when)) => format!("{when}({name}) << 3,"),
            // Where another type than its own is asked for, it must be one that can be cast.
            (None, None) if is_cast(item) => format!("0 * sizeof(__typeof__({name}) *),"),
            (None, None) => "0,".to_string(),
        })
    });
    text.push_str("0 };\n");
    array(&mut text, "unsigned long long", INTEGERS);
    section(&mut text, FILE, items, skipped, |index, item| {
        let words = |name| format!("_CGO_WORDS(_cgo_kind_{index}, {name}),");
        Some(constant(item).map_or("0,0,".into(), words))
    });
    text.push_str("0 };\n");
    array(&mut text, "double", FLOATS);
    section(&mut text, FILE, items, skipped, |index, item| {
        let float = |name| format!("_CGO_FLOAT(_cgo_kind_{index}, {name}),");
        Some(constant(item).map_or("0,".into(), float))
    });
    text.push_str("0 };\n");
    section(&mut text, FILE, items, skipped, |index, item| {
        let name = &item.name;
        // Brackets around a string are no constant's to all compilers.
        let literal = format!("__builtin_choose_expr(1, {name}, {name})");
        (evaluation(item) == Some(Evaluation::String)).then(|| {
            format!(
                "__attribute__((__used__)) static const __typeof__(*({name})) {STRING}{index}[] = {literal};"
            )
        })
    });

    let symbols: Vec<usize> = asked()
        .filter(|(_, item)| has_symbol(item))
        .map(|(index, _)| index)
        .collect();
    array(&mut text, "void *const", SYMBOLS);
    section(&mut text, FILE, items, skipped, |_, item| {
        has_symbol(item).then(|| format!("(const void *)&{},", item.name))
    });
    text.push_str("0 };\n");

    // Rust uses them, which C does not see.
    array(&mut text, "void *const", USED);
    section(&mut text, FILE, items, skipped, |_, item| {
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
    let types = asked().filter(|(_, item)| item.declaration.is_some() && !is_value(item));
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
    file: &str,
    items: &[Item],
    skipped: &[bool],
    line: impl Fn(usize, &Item) -> Option<String>,
) {
    let _ = writeln!(text, "#line 1 \"{file}\"");
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
    let place = cgo_csyntax::lexer::SourceLine { file: 0, line: 0 };
    Item {
        name: "char".into(),
        subject: Subject::TypeName,
        target: "char".into(),
        place,
        declaration: None,
    }
}

fn c_name(item: &Item) -> String {
    match item.subject {
        Subject::Tag(kind) => format!("{} {}", kind.keyword(), item.name),
        _ => item.name.clone(),
    }
}

/// A pointer to the item's type.
fn pointer_to(item: &Item) -> String {
    let ctype = match &item.subject {
        // To gcc the type of an `_Atomic` variable is that of its value, as C17 has it for expressions; a pointer to it tells.
        Subject::Object(_) => return format!("__typeof__(&{})", item.name),
        Subject::Builtin(ctype) => *ctype,
        Subject::Expression(Expression {
            spelled: Spelled::Cast(ctype),
            ..
        }) => ctype,
        _ => &c_name(item),
    };
    format!("__typeof__({ctype}) *")
}

fn is_cast(item: &Item) -> bool {
    matches!(&item.subject, Subject::Expression(expression) if matches!(expression.spelled, Spelled::Cast(_)))
}

fn evaluation(item: &Item) -> Option<Evaluation> {
    match &item.subject {
        Subject::Expression(expression) => Some(expression.evaluation),
        _ => None,
    }
}

/// The name of what may have a constant value.
fn constant(item: &Item) -> Option<&str> {
    let is_constant = match &item.subject {
        Subject::Object(storage) => storage.constant,
        Subject::Enumerator => true,
        Subject::Expression(expression) => expression.evaluation == Evaluation::Constant,
        Subject::Builtin(_) | Subject::Tag(_) | Subject::TypeName => false,
    };
    is_constant.then_some(&item.name)
}

/// The macro that tells whether a value holds the address of a compound literal that stands in the expression.
fn holds(item: &Item) -> Option<&'static str> {
    match evaluation(item)? {
        Evaluation::HoldsLiteral | Evaluation::CastOfLiteral => Some("_CGO_HOLDS"),
        Evaluation::OfLiteral { .. } => Some("_CGO_IS_ARRAY"),
        Evaluation::FromLiteral => Some("_CGO_IS_POINTER"),
        Evaluation::String | Evaluation::Constant | Evaluation::AtEachUse => None,
    }
}

fn is_value(item: &Item) -> bool {
    constant(item).is_some() || evaluation(item).is_some()
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
    let record = |name: &Name<'_>| match name.role {
        Role::Tag {
            kind: kind @ (TagKind::Struct | TagKind::Union),
            complete: true,
        } => Some(format!("{} {}", kind.keyword(), name.name)),
        Role::Typedef { untagged: true, .. } => Some(name.name.to_string()),
        _ => None,
    };
    // A macro of its name would make another of it.
    let list = names.list.iter();
    let list = list.filter(|name| !names.macros.contains_key(name.name));
    list.filter_map(record).collect()
}
