//! Writes the probe: C text behind the preamble, from whose object file the types and values of all items can be read.
//!
//! A struct member `__typeof__(name) *` makes the compiler describe the type of anything with a name in DWARF. What DWARF does not
//! describe (values, alignments, the symbols of names) is written into constant arrays.

use std::collections::HashMap;

use cgo_codegen::model::probe_results::BaseKind;
use cgo_codegen::shims::define_file_macros;
use cgo_csyntax::declarations::declarator;
use cgo_csyntax::declarations::keywords::{TagKind, is_qualifier};
use cgo_csyntax::declarations::names::{Name, NameKind, Names, Storage};
use cgo_csyntax::macros::classify::Expression;
use cgo_csyntax::macros::evaluation::Evaluation;
use cgo_csyntax::macros::expression_type::TypeSource;
use cgo_csyntax::macros::redefined_keywords;
use cgo_csyntax::selection::{BoundItem, ItemKind};

use crate::probe::transparent_unions;

/// The function that holds the probe: statement expressions are allowed only in a function.
pub(crate) const FUNCTION: &str = "_cgo_probe";
/// The struct that has a pointer to the type of each item.
pub(crate) const TYPES: &str = "_cgo_types";
/// The kind of constant that each item is.
pub(crate) const KINDS: &str = "_cgo_kinds";
/// For each item two words: the low and high half of an integer or pointer constant.
pub(crate) const INTEGERS: &str = "_cgo_integers";
/// For each item a `double`: a floating constant.
pub(crate) const FLOATS: &str = "_cgo_floats";
/// The bytes of a string constant; the number of the item follows.
pub(crate) const STRING: &str = "_cgo_string_";
/// The address of each item that has a symbol.
pub(crate) const SYMBOLS: &str = "_cgo_symbols";
/// The address of each item that the compiler would take for unused.
const USED: &str = "_cgo_used";
/// The alignment of each record that has a name.
pub(crate) const ALIGNMENTS: &str = "_cgo_alignments";
/// Size of each of [`BASE_TYPES`], and its alignment as a member, which is what `_Alignof` means, unlike gcc's `__alignof__`.
pub(crate) const BASES: &str = "_cgo_bases";

/// The alignment as a member of a vector of each power of two from 1 to [`LARGEST_VECTOR`] bytes. `_Alignof` is no help: gcc's gives 16 for
/// all large ones on x86-64. Where all members are packed, by `-fpack-struct` or a `#pragma pack` at the end, it is that of a variable. With a
/// plain `-fpack-struct` gcc packs only what has no alignment of its own.
pub(crate) const VECTORS: &str = "_cgo_vectors";
pub(crate) const LARGEST_VECTOR: u64 = 4096;
/// Whether `f()` says nothing of its parameters, as before C23.
pub(crate) const OLD_STYLE: &str = "_cgo_old_style";

/// The types in [`BASES`].
pub(crate) const BASE_TYPES: [(&str, BaseKind); 20] = [
    ("_Bool", BaseKind::Integer),
    ("char", BaseKind::Integer),
    ("short", BaseKind::Integer),
    ("int", BaseKind::Integer),
    ("long", BaseKind::Integer),
    ("long long", BaseKind::Integer),
    ("float", BaseKind::Float),
    ("double", BaseKind::Float),
    ("long double", BaseKind::Float),
    ("void *", BaseKind::Pointer),
    ("_cgo_widest", BaseKind::Integer),
    ("_Atomic struct { char _cgo[1]; }", BaseKind::Atomic),
    ("_Atomic struct { char _cgo[2]; }", BaseKind::Atomic),
    ("_Atomic struct { char _cgo[4]; }", BaseKind::Atomic),
    ("_Atomic struct { char _cgo[8]; }", BaseKind::Atomic),
    ("_Atomic struct { char _cgo[16]; }", BaseKind::Atomic),
    ("_Atomic struct { char _cgo[0]; }", BaseKind::OddAtomic),
    ("_Atomic struct { char _cgo[3]; }", BaseKind::OddAtomic),
    ("_Atomic struct { char _cgo[5]; }", BaseKind::OddAtomic),
    ("_Atomic struct { char _cgo[9]; }", BaseKind::OddAtomic),
];

/// The values in [`KINDS`].
pub(crate) const KIND_INTEGER: u8 = 1;
pub(crate) const KIND_FLOAT: u8 = 2;
pub(crate) const KIND_POINTER: u8 = 4;
/// The value may hold the address of a compound literal.
pub(crate) const KIND_LITERAL: u8 = 8;

/// The file that the preamble includes at its end, from a folder of system headers, in which no compiler warns. The `#line`s in it
/// repeat its name: an error in this file is one of the probe, and its line is the number of the item.
pub(crate) const FILE: &str = "cgo-probe";
/// The file name of the part at file scope. What C rejects there holds the address of a compound literal that cannot be static.
pub(crate) const LITERALS: &str = "cgo-literals";

/// The text, and which items the rows of its arrays are about.
#[derive(Debug)]
pub(crate) struct Probe {
    pub(crate) text: String,
    /// The items of [`SYMBOLS`], by index.
    pub(crate) symbols: Vec<usize>,
    /// The records of [`ALIGNMENTS`]: `struct S`, `union U`, or the name of a typedef. Each with the index of its item, if it is one.
    pub(crate) records: Vec<(String, Option<usize>)>,
    /// The typedefs of transparent unions, whose members the probe declares. Their numbers follow those of the items.
    pub(crate) transparent_unions: Vec<String>,
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
#define _CGO_MEMBER_ALIGN(...) __builtin_offsetof(struct { char before; __VA_ARGS__ member; }, member)
#define _CGO_PACKS (_CGO_MEMBER_ALIGN(char __attribute__((__aligned__(128)))) < 128 || _CGO_MEMBER_ALIGN(short) < __alignof__(short))
#ifdef __SIZEOF_INT128__
__extension__ typedef __int128 _cgo_widest;
#else
typedef long long _cgo_widest;
#endif
#if defined __GNUC__ && !defined __clang__ && __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
#pragma scalar_storage_order little-endian
#elif defined __GNUC__ && !defined __clang__
#pragma scalar_storage_order big-endian
#endif
";

/// With the checks of `-fsanitize=undefined`, gcc no longer accepts all constants.
const UNCHECKED: &str = "__attribute__((__no_sanitize__(\"undefined\"))) ";
/// To gcc `1.0/0.0` is not a constant if a division may trap.
const FOLDS_DIVISIONS: &str = "\
#if defined __GNUC__ && !defined __clang__
__attribute__((__optimize__(\"no-trapping-math\")))
#endif
";

/// Writes the probes for `items` except those that `skipped` marks. `file` is what `__FILE__` is in the preamble.
pub(crate) fn write(names: &Names, items: &[BoundItem], skipped: &[bool], file: &str) -> Probe {
    let mut probe = ProbeText {
        text: format!(
            "{}#line 1000000000 \"{FILE}\"\n{MACROS}{}",
            redefined_keywords::undefine(names),
            define_file_macros(file)
        ),
        names,
        items,
        skipped,
    };
    let records = records(names);
    let transparent_unions = transparent_unions::bodies(names);
    probe.literals();
    probe.line(&format!(
        "#line 1000000000 \"{FILE}\"\n{FOLDS_DIVISIONS}{UNCHECKED}void {FUNCTION}(void) {{"
    ));
    probe.types(&transparent_unions);
    probe.constants();
    probe.strings();
    probe.addresses();
    probe.alignments(&records);
    probe.line("}");

    let probed = || {
        let items = items.iter().enumerate();
        items.filter(|(index, _)| !skipped[*index])
    };
    let symbols = probed().filter(|(_, item)| has_symbol(item));
    let types = probed().filter(|(_, item)| item.declaration.is_some() && !is_value(item));
    let types: HashMap<String, usize> = types.map(|(index, item)| (c_name(item), index)).collect();
    let with_item = |record: String| {
        let item = types.get(&record).copied();
        (record, item)
    };
    Probe {
        symbols: symbols.map(|(index, _)| index).collect(),
        records: records.into_iter().map(with_item).collect(),
        transparent_unions: transparent_unions
            .into_iter()
            .map(|(name, _)| name)
            .collect(),
        text: probe.text,
    }
}

/// The text while it is written.
struct ProbeText<'a> {
    text: String,
    names: &'a Names<'a>,
    items: &'a [BoundItem],
    skipped: &'a [bool],
}

impl ProbeText<'_> {
    fn line(&mut self, line: &str) {
        self.text.push_str(line);
        self.text.push('\n');
    }

    /// Variables at file scope for the values that may hold the address of a compound literal.
    fn literals(&mut self) {
        self.section(LITERALS, |index, item| {
            let (name, when) = (&item.name, holds(item)?);
            if evaluation(item)?.is_read_in_a_function() {
                return None;
            }
            // The value of an array is its address. A type without a tag that is written twice would be two types.
            Some(format!(
                "__extension__ __attribute__((__unused__)) static const __auto_type _cgo_literal_{index} = _CGO_HELD({when}, {name});"
            ))
        });
    }

    /// The struct whose members point to the types of the items.
    fn types(&mut self, transparent_unions: &[(String, String)]) {
        let names = self.names;
        // clang takes a compound literal among the members of a struct for one at file scope, where it must be constant.
        self.section(FILE, |index, item| {
            has_literal(item).then(|| format!("{} _cgo_value_{index};", pointer_to(names, item)))
        });
        self.line(&format!("struct {TYPES} {{"));
        self.section(FILE, |index, item| {
            Some(match has_literal(item) {
                true => format!("__typeof__(_cgo_value_{index}) _cgo_{index};"),
                false => format!("{} _cgo_{index};", pointer_to(names, item)),
            })
        });
        self.line(&format!("#line 1000000000 \"{FILE}\""));
        for (number, (_, body)) in (self.items.len()..).zip(transparent_unions) {
            self.line(&format!("union {body} *_cgo_{number};"));
        }
        self.line("char _cgo_end; } *_cgo_types_are_used;");
    }

    /// The arrays of kinds, integers and floating numbers.
    fn constants(&mut self) {
        // An enumerator for each kind: to compute it in every array would take longer.
        self.section(FILE, |index, item| {
            constant(item).map(|name| format!("enum {{ _cgo_kind_{index} = _CGO_KIND({name}) }};"))
        });
        self.array("unsigned char", KINDS, |index, item| {
            let name = &item.name;
            match (constant(item), holds(item)) {
                (Some(_), _) => format!("_cgo_kind_{index},"),
                (None, Some(when)) => format!("{when}({name}) << 3,"),
                // The probe has only the type of the cast; the cast must be valid too.
                (None, None) if is_cast(item) => format!("0 * sizeof(__typeof__({name}) *),"),
                (None, None) => "0,".to_string(),
            }
        });
        self.array("unsigned long long", INTEGERS, |index, item| {
            constant(item).map_or("0,0,".to_string(), |name| {
                format!("_CGO_WORDS(_cgo_kind_{index}, {name}),")
            })
        });
        self.array("double", FLOATS, |index, item| {
            constant(item).map_or("0,".to_string(), |name| {
                format!("_CGO_FLOAT(_cgo_kind_{index}, {name}),")
            })
        });
    }

    /// An array of characters for each string constant.
    fn strings(&mut self) {
        self.section(FILE, |index, item| {
            let name = &item.name;
            // Not all compilers accept a string in brackets as an initializer.
            let literal = format!("__builtin_choose_expr(1, {name}, {name})");
            (evaluation(item) == Some(Evaluation::String)).then(|| {
                format!(
                    "__attribute__((__used__)) static const __typeof__(*({name})) {STRING}{index}[] = {literal};"
                )
            })
        });
    }

    /// The addresses of the items that have symbols, and of those that the compiler would take for unused.
    fn addresses(&mut self) {
        let address = |item: &BoundItem| format!("(const void *)&{},", item.target);
        // Compilers warn of nothing in a system's header, and may not be able to generate code for all of it.
        let names = self.names;
        let is_of_system =
            |item: &BoundItem| names.ordinary(&item.name).is_some_and(|name| name.system);
        self.array("void *const", SYMBOLS, |_, item| match has_symbol(item) {
            true => address(item),
            false => String::new(),
        });
        self.array("void *const", USED, |_, item| {
            match only_rust_may_use(item) && !is_of_system(item) {
                true => address(item),
                false => String::new(),
            }
        });
    }

    /// The alignments of records, the sizes and alignments of the base types, the alignments of vectors, and what `f()` means.
    fn alignments(&mut self, records: &[String]) {
        self.begin_array("__SIZE_TYPE__", ALIGNMENTS);
        self.line(&format!("#line 1000000000 \"{FILE}\""));
        for record in records {
            self.line(&format!("__alignof__({record}),"));
        }
        self.end_array();
        self.begin_array("__SIZE_TYPE__", BASES);
        for (base, _) in BASE_TYPES {
            self.line(&format!("sizeof({base}), _Alignof({base}),"));
        }
        self.end_array();
        self.begin_array("__SIZE_TYPE__", VECTORS);
        let mut size = 1;
        while size <= LARGEST_VECTOR {
            let ctype = format!("char __attribute__((__vector_size__({size})))");
            self.line(&format!(
                "_CGO_PACKS ? __alignof__({ctype}) : _CGO_MEMBER_ALIGN({ctype}),"
            ));
            size *= 2;
        }
        self.end_array();
        self.begin_array("__SIZE_TYPE__", OLD_STYLE);
        self.line("__builtin_types_compatible_p(void (), void (int)),");
        self.end_array();
    }

    /// An array with the elements of each item.
    fn array(&mut self, element: &str, name: &str, row: impl Fn(usize, &BoundItem) -> String) {
        self.begin_array(element, name);
        self.section(FILE, |index, item| Some(row(index, item)));
        self.end_array();
    }

    fn begin_array(&mut self, element: &str, name: &str) {
        self.line(&format!(
            "__attribute__((__used__)) static const {element} {name}[] = {{"
        ));
    }

    /// A zero at the end keeps an array from being empty.
    fn end_array(&mut self) {
        self.line("0 };");
    }

    /// One line an item, so that the line of an error tells the item.
    fn section(&mut self, file: &str, line: impl Fn(usize, &BoundItem) -> Option<String>) {
        self.line(&format!("#line 1 \"{file}\""));
        for (index, item) in self.items.iter().enumerate() {
            let row = if self.skipped[index] {
                line(index, &placeholder())
            } else {
                line(index, item)
            };
            self.text.push_str(&row.unwrap_or_default());
            self.text.push('\n');
        }
    }
}

/// Replaces a skipped item, so that the rows after it keep their places.
fn placeholder() -> BoundItem {
    let place = cgo_csyntax::lexer::SourceLine { file: 0, line: 0 };
    BoundItem {
        name: "char".into(),
        kind: ItemKind::TypeName,
        target: "char".into(),
        place,
        declaration: None,
    }
}

fn c_name(item: &BoundItem) -> String {
    match item.kind {
        ItemKind::Tag(kind) => format!("{} {}", kind.keyword(), item.name),
        _ => item.name.clone(),
    }
}

/// A pointer to the type of the item.
fn pointer_to(names: &Names, item: &BoundItem) -> String {
    let ctype = match &item.kind {
        // gcc's `__typeof__` of an `_Atomic` variable is the type of its value; its address has the type with `_Atomic`.
        ItemKind::FunctionOrVariable(storage) => {
            match declaring_typedef(names, &item.target, *storage) {
                Some(typedef) => typedef,
                None => return format!("__typeof__(&{})", item.target),
            }
        }
        ItemKind::Builtin(ctype) => *ctype,
        ItemKind::Expression(Expression {
            type_source: TypeSource::Cast(ctype),
            ..
        }) => ctype,
        _ => &c_name(item),
    };
    format!("__typeof__({ctype}) *")
}

/// The typedef that declares a function which never returns: `__attribute__((noreturn)) handler f`. To clang before 15, `&f` is a
/// pointer to a function without a prototype there.
fn declaring_typedef<'a>(names: &Names<'a>, function: &str, storage: Storage) -> Option<&'a str> {
    if !storage.noreturn {
        return None;
    }
    let declared = names.ordinary(function)?;
    let words = declarator::bare_words(names.tokens(declared.declaration))?;
    let is_typedef = |word: &&str| {
        let name = names.ordinary(word);
        let kind = name.map(|name| &name.kind);
        matches!(kind, Some(NameKind::Typedef { .. })) && !names.macros.contains_key(word)
    };
    let is_qualified = words.iter().any(|word| is_qualifier(word));
    words.into_iter().find(is_typedef).filter(|_| !is_qualified)
}

fn has_literal(item: &BoundItem) -> bool {
    matches!(&item.kind, ItemKind::Expression(expression) if expression.has_literal)
}

fn is_cast(item: &BoundItem) -> bool {
    matches!(&item.kind, ItemKind::Expression(expression) if matches!(expression.type_source, TypeSource::Cast(_)))
}

fn evaluation(item: &BoundItem) -> Option<Evaluation> {
    match &item.kind {
        ItemKind::Expression(expression) => Some(expression.evaluation),
        _ => None,
    }
}

/// The name of the item, if it may have a constant value.
fn constant(item: &BoundItem) -> Option<&str> {
    let is_constant = match &item.kind {
        ItemKind::FunctionOrVariable(storage) => storage.constant,
        ItemKind::Enumerator => true,
        ItemKind::Expression(expression) => expression.evaluation == Evaluation::Constant,
        ItemKind::Builtin(_) | ItemKind::Tag(_) | ItemKind::TypeName | ItemKind::DirectiveType => {
            false
        }
    };
    is_constant.then_some(&item.name)
}

/// The macro that tells whether a value holds the address of a compound literal in its expression.
fn holds(item: &BoundItem) -> Option<&'static str> {
    match evaluation(item)? {
        Evaluation::LiteralAddress | Evaluation::LiteralElementConverted => Some("_CGO_HOLDS"),
        Evaluation::LiteralElement { .. } => Some("_CGO_IS_ARRAY"),
        Evaluation::LiteralElementAsOperand => Some("_CGO_IS_POINTER"),
        Evaluation::String | Evaluation::Constant | Evaluation::AtEachUse => None,
    }
}

fn is_value(item: &BoundItem) -> bool {
    constant(item).is_some() || evaluation(item).is_some()
}

fn has_symbol(item: &BoundItem) -> bool {
    matches!(item.kind, ItemKind::FunctionOrVariable(storage) if !storage.is_static && !storage.has_no_constant_address())
}

fn only_rust_may_use(item: &BoundItem) -> bool {
    matches!(item.kind, ItemKind::FunctionOrVariable(storage)
        if storage.is_static && (storage.defined || !storage.function) && !storage.inline && !storage.thread_local)
}

/// The complete records that have a name.
fn records(names: &Names) -> Vec<String> {
    let record = |name: &Name<'_>| match name.kind {
        NameKind::Tag {
            kind: kind @ (TagKind::Struct | TagKind::Union),
            complete: true,
        } => Some(format!("{} {}", kind.keyword(), name.name)),
        NameKind::Typedef { untagged: true, .. } => Some(name.name.to_string()),
        _ => None,
    };
    // A macro of the same name would replace it.
    let list = names.list.iter();
    let list = list.filter(|name| !names.macros.contains_key(name.name));
    list.filter_map(record).collect()
}
