//! Checks what directives name: each name and pattern must be declared, be of the right kind, and be able to have what it is given.

use cgo_codegen::Underivable;
use cgo_codegen::model::probe_results::ProbeResults;
use cgo_codegen::model::types::{Type, TypeId};
use cgo_csyntax::declarations::keywords::convention;
use cgo_csyntax::declarations::names::{NameKind, Names};
use cgo_csyntax::diagnostic::{Diagnostic, Outcome, Place, Placed, all_or};
use cgo_csyntax::directive::Directives;
use cgo_csyntax::directive::pattern::{self, NamePattern, Picked};
use cgo_csyntax::directive::prototype::{Prototype, Prototyped};
use cgo_csyntax::lexer::tokens;
use cgo_csyntax::macros::evaluation::Evaluation;
use cgo_csyntax::macros::{as_function, expansion};
use cgo_csyntax::message::Message;
use cgo_csyntax::selection::{BoundItem, ItemKind, Selection, hides, rust_name};

use crate::explain::standard_headers::header_of;
use crate::explain::unknown_names::most_similar;
use crate::module::HELPERS;

/// What a directive is about.
#[derive(Clone, Copy, PartialEq, Eq)]
enum WantedKind {
    Function,
    FunctionOrPointer,
    Pointer,
    Constant,
    FunctionMacro,
    Enumeration,
    Struct,
    Record,
}

impl WantedKind {
    /// The error about a name of another kind, or a pattern that matches none of this one.
    fn is_not(self, verb: &str, pattern: &NamePattern) -> Diagnostic {
        let (article, kind) = match self {
            WantedKind::Function => ("a", "function"),
            WantedKind::FunctionOrPointer => ("a", "function or a type of function pointers"),
            WantedKind::Pointer => ("a", "type of function pointers"),
            WantedKind::Constant => ("a", "macro for a constant number"),
            WantedKind::FunctionMacro => ("a", "macro for a function"),
            WantedKind::Enumeration => ("an", "enumeration"),
            WantedKind::Struct => ("a", "struct"),
            WantedKind::Record => ("a", "struct or union"),
        };
        let wanted = pattern.text();
        let is_not = match pattern.is_for_many() {
            true => "matches no".to_string(),
            false => format!("is not {article}"),
        };
        let text = format!("`{verb}: {wanted}`: `{wanted}` {is_not} {kind}");
        Diagnostic::new(Some(pattern.place), text)
    }
}

/// A verb whose patterns pick any names, and the kind that a single name must have.
struct PatternVerb {
    verb: &'static str,
    wanted: Option<WantedKind>,
    patterns: fn(&Directives) -> Vec<&NamePattern>,
}

const PATTERN_VERBS: [PatternVerb; 7] = [
    PatternVerb {
        verb: "bind",
        wanted: None,
        patterns: |found| found.bind.iter().collect(),
    },
    PatternVerb {
        verb: "hide",
        wanted: None,
        patterns: |found| found.hide.iter().collect(),
    },
    PatternVerb {
        verb: "noreturn",
        wanted: Some(WantedKind::Function),
        patterns: |found| found.noreturn.iter().collect(),
    },
    PatternVerb {
        verb: "unwind",
        wanted: Some(WantedKind::FunctionOrPointer),
        patterns: |found| found.unwind.iter().collect(),
    },
    PatternVerb {
        verb: "nonnull",
        wanted: Some(WantedKind::Pointer),
        patterns: |found| found.nonnull.iter().collect(),
    },
    PatternVerb {
        verb: "functions",
        wanted: Some(WantedKind::FunctionMacro),
        patterns: |found| found.functions.iter().collect(),
    },
    PatternVerb {
        verb: "constants",
        wanted: Some(WantedKind::Constant),
        patterns: |found| found.constants.iter().map(|(_, pattern)| pattern).collect(),
    },
];

/// Every name must be declared, and every pattern must match something.
pub(crate) fn are_declared(directives: &Directives, names: &Names) -> Outcome<()> {
    let safe = directives
        .safe
        .iter()
        .filter(|name| !names.has(&name.value));
    let safe = safe.map(|name| not_found("safe", &name.value, name.place, names));
    let strip = directives.strip.iter().filter(|start| {
        let start = start.value.as_str();
        let declared = names.list.iter();
        let mut declared = declared.flat_map(|name| [rust_name(name), name.name.to_string()]);
        let mut macros = names.macros.keys();
        !declared.any(|name| name.starts_with(start)) && !macros.any(|name| name.starts_with(start))
    });
    let strip = strip.map(|start| not_found("strip", &start.value, start.place, names));
    let patterns = PATTERN_VERBS.iter().flat_map(|row| {
        let unmatched = (row.patterns)(directives).into_iter();
        let unmatched = unmatched.filter(|pattern| !matches_something(pattern, names));
        unmatched.map(|pattern| not_found(row.verb, &pattern.text(), pattern.place, names))
    });
    let prototypes = directives.prototypes.iter().enumerate();
    let prototypes = prototypes.filter_map(|(number, prototype)| {
        repeated(prototype, &directives.prototypes[..number])
            .or_else(|| wrong_prototype(prototype, names))
    });
    all_or(
        safe.chain(strip)
            .chain(patterns)
            .chain(prototypes)
            .collect(),
        (),
    )
}

/// The error about a name that has a prototype before this one.
fn repeated(prototype: &Prototype, before: &[Prototype]) -> Option<Diagnostic> {
    let (verb, name) = (prototype.of.verb(), &prototype.name);
    let is_same = |other: &Prototype| other.of == prototype.of && other.name == *name;
    before.iter().any(is_same).then(|| {
        let text = format!("`{verb}: {name}`: another `#cgo {verb}:` gives it a prototype");
        Diagnostic::new(Some(prototype.place), text)
    })
}

/// What keeps a name from having its prototype, as far as the text tells.
fn wrong_prototype(prototype: &Prototype, names: &Names) -> Option<Diagnostic> {
    let (of, name) = (prototype.of, prototype.name.as_str());
    if !names.has(name) {
        return Some(not_found(of.verb(), name, prototype.place, names));
    }
    let declared = names.ordinary(name).map(|declared| &declared.kind);
    let definition = names.macros.get(name);
    // C that writes the name means the macro.
    let is_macro = definition.is_some() && (declared.is_none() || hides(names, name));
    // C that writes a call means a function-like macro.
    let is_called = definition.is_some_and(|definition| definition.function_like);
    let why = match (of, declared) {
        _ if names_convention(prototype, names) => {
            Message::new("it names a calling convention, which debug information may not have")
                .help(
                    "write a `typedef` for the function pointer in the preamble, and its name here",
                )
        }
        (Prototyped::Macro, _) if is_macro || is_called => as_function::unfit(prototype, names)?,
        (Prototyped::Function, _) if is_macro => {
            Message::new("it is a macro").help("write `#cgo macro: ...` to make a function of it")
        }
        // The compiler tells which of both it is.
        (Prototyped::Function, Some(NameKind::FunctionOrVariable(_))) => return None,
        (Prototyped::Macro, Some(NameKind::FunctionOrVariable(storage))) if storage.function => {
            Message::new("it is a function, and not a macro")
                .help("write `#cgo prototype: ...` to give it other pointers than C declares")
        }
        (Prototyped::Macro, _) => Message::new("it is not a macro"),
        (Prototyped::Function, _) => Message::new("it is not a function"),
    };
    let why = why.prefixed(&format!("`{}: {name}`: ", of.verb()));
    Some(Diagnostic::new(Some(prototype.place), why))
}

/// Whether a type of the prototype has a calling convention, also by a macro such as `WINAPI`.
fn names_convention(prototype: &Prototype, names: &Names) -> bool {
    let is_convention = |word: &str| convention(word).is_some();
    let types = prototype
        .parameters
        .iter()
        .map(|parameter| &parameter.ctype);
    types.chain([&prototype.result]).any(|ctype| {
        tokens(ctype).iter().any(|token| {
            let expanded = expansion::expanded(names, token.text).unwrap_or_default();
            is_convention(token.text)
                || tokens(&expanded)
                    .iter()
                    .any(|token| is_convention(token.text))
        })
    })
}

/// Every single name of a pattern must be of the kind that its verb wants, and every type of `constants:` a type of C.
pub(crate) fn items_are_fit(
    directives: &Directives,
    selection: &Selection,
    results: &ProbeResults,
) -> Outcome<()> {
    let mut errors = unknown_types_of_constants(directives, selection, results);
    for row in &PATTERN_VERBS {
        let Some(wanted) = row.wanted else { continue };
        let patterns = (row.patterns)(directives).into_iter();
        for pattern in patterns.filter(|pattern| !pattern.is_for_many() && !pattern.excludes) {
            let items = selection.items.iter().enumerate();
            let mut named = items
                .filter(|(_, item)| pattern.is_like(&item.name))
                .peekable();
            // A name that is not bound has no kind.
            if named.peek().is_some()
                && !named.any(|(index, item)| is_fit(wanted, index, item, results))
            {
                errors.push(wanted.is_not(row.verb, pattern));
            }
        }
    }
    all_or(errors, ())
}

/// Whether the item with this index is of the kind; `wanted` is one of those in [`PATTERN_VERBS`].
fn is_fit(wanted: WantedKind, index: usize, item: &BoundItem, results: &ProbeResults) -> bool {
    let types = &results.types;
    let is_function = |id: &TypeId| {
        let resolved = types.get(types.resolve(*id));
        let behind = match resolved {
            Type::Pointer(pointee) => types.get(types.resolve(*pointee)),
            // Of a `typedef int f(void)` pointers have no name.
            _ if wanted == WantedKind::Pointer => return false,
            other => other,
        };
        matches!(behind, Type::Function(_))
    };
    match wanted {
        WantedKind::Constant => match &item.kind {
            ItemKind::Expression(expression) => expression.evaluation == Evaluation::Constant,
            _ => false,
        },
        WantedKind::FunctionMacro if item.declaration.is_some() => false,
        WantedKind::Pointer if item.kind != ItemKind::TypeName => false,
        _ => results.of_item.get(&index).is_none_or(is_function),
    }
}

/// The errors about types in `constants:` that C does not have.
fn unknown_types_of_constants(
    directives: &Directives,
    selection: &Selection,
    results: &ProbeResults,
) -> Vec<Diagnostic> {
    let is_type = |ctype: &str| {
        let mut items = selection.items.iter().enumerate();
        items.any(|(index, item)| {
            let is_it = item.kind == ItemKind::DirectiveType && item.name == ctype;
            is_it && results.of_item.contains_key(&index)
        })
    };
    let constants = directives.constants.iter();
    let mut errors: Vec<Diagnostic> = constants
        .filter(|(ctype, _)| !is_type(ctype))
        .map(|(ctype, pattern)| {
            let message = Message::new(format!(
                "`constants: {ctype} ..`: `{ctype}` is not a type of C"
            ));
            let types = &results.types;
            let is_it =
                |id| matches!(types.get(id), Type::Enum(e) if e.tag.as_ref() == Some(ctype));
            let message = match header_of(ctype) {
                _ if types.ids().any(is_it) => {
                    message.help(format!("write `#cgo constants: \"enum {ctype}\" ..`"))
                }
                Some(header) => message.help(format!("write `#include <{header}>`")),
                None => message.help("write one, such as `unsigned` or `\"unsigned long\"`"),
            };
            Diagnostic::new(Some(pattern.place), message)
        })
        .collect();
    errors.dedup();
    errors
}

fn matches_something(pattern: &NamePattern, names: &Names) -> bool {
    let mut declared = names.list.iter();
    let mut macros = names.macros.iter();
    declared.any(|name| pattern.matches(name.name, &rust_name(name), name.place, names))
        || macros.any(|(name, definition)| pattern.matches(name, name, definition.place, names))
        || match &pattern.picked {
            Picked::All => true,
            Picked::Name(name) => HELPERS.contains(&name.as_str()),
            Picked::File(_) => false,
        }
}

fn not_found(verb: &str, wanted: &str, place: Place, names: &Names) -> Diagnostic {
    let message = Message::new(format!(
        "`{verb}: {wanted}`: `{wanted}` not found in the preamble and its headers"
    ));
    let message = match most_similar(wanted, names) {
        Some(similar) => message.help(format!("a similar name exists: `{similar}`")),
        None => message,
    };
    Diagnostic::new(Some(place), message)
}

/// Every pattern of `newtype:`, `flags:` and `enum:` must match the name of an enumeration, and those of `derive:` and `opaque:` that of a record.
pub(crate) fn types_are_known(
    directives: &Directives,
    names: &Names,
    selection: &Selection,
    results: &ProbeResults,
) -> Outcome<()> {
    let enums = directives.enums.iter();
    let enums = enums.map(|(style, pattern)| (style.verb(), pattern, WantedKind::Enumeration));
    let derive = directives.derive.iter();
    let derive = derive.map(|(_, pattern)| ("derive", pattern, WantedKind::Struct));
    let opaque = directives.opaque.iter();
    let opaque = opaque.map(|pattern| ("opaque", pattern, WantedKind::Record));
    let types = &results.types;
    let tagged = types.tagged_names();
    let mut errors = Vec::new();
    for (verb, pattern, kind) in enums.chain(derive).chain(opaque) {
        let mut all = tagged.iter();
        let is_one = all.any(|(id, names)| {
            let is_enum = matches!(types.get(*id), Type::Enum(_));
            is_enum == (kind == WantedKind::Enumeration)
                && names.iter().any(|name| pattern.is_like(name))
        });
        if is_one {
            continue;
        }
        let wanted = pattern.text();
        let mut items = selection.items.iter();
        if items.any(|item| pattern.is_like(&item.name)) {
            errors.push(kind.is_not(verb, pattern));
        } else if !matches_something(pattern, names) {
            errors.push(not_found(verb, &wanted, pattern.place, names));
        }
    }
    errors.dedup();
    all_or(errors, ())
}

/// The errors about traits that structs cannot have.
pub(crate) fn underivable(rejected: &[Underivable]) -> Outcome<()> {
    let errors: Vec<Diagnostic> = rejected
        .iter()
        .map(|rejected| {
            let (derived, wanted) = (rejected.derived.name(), rejected.pattern.text());
            let text = format!("`derive: {derived} {wanted}`: {}", rejected.why);
            Diagnostic::new(Some(rejected.pattern.place), text)
        })
        .collect();
    all_or(errors, ())
}

/// Every name of `safe:` must be a function, or a macro that is bound as one.
pub(crate) fn safe_are_functions(
    directives: &Directives,
    selection: &Selection,
    results: &ProbeResults,
) -> Outcome<()> {
    let is_function = |name: &str| {
        let index = selection.items.iter().position(|item| item.name == name);
        let is_getter = index.is_some_and(|index| {
            let is_macro = matches!(selection.items[index].kind, ItemKind::Expression(_));
            is_macro && results.constants.get(index).is_none_or(Option::is_none)
        });
        // `#cgo functions:` makes functions of macros for pointers to functions.
        let is_call = index.is_some_and(|index| {
            pattern::picks(&directives.functions, |pattern| pattern.is_like(name))
                && is_fit(
                    WantedKind::FunctionMacro,
                    index,
                    &selection.items[index],
                    results,
                )
        });
        if is_getter || is_call {
            return true;
        }
        let ctype = index.and_then(|index| results.of_item.get(&index));
        // A name that is not bound cannot be called.
        ctype.is_none_or(|&id| {
            let types = &results.types;
            matches!(types.get(types.resolve(id)), Type::Function(_))
        })
    };
    let others = directives
        .safe
        .iter()
        .filter(|name| !is_function(&name.value));
    let errors: Vec<Diagnostic> = others
        .map(|Placed { value: name, place }| {
            let text = format!("`safe: {name}`: `{name}` is not a function");
            Diagnostic::new(Some(*place), text)
        })
        .collect();
    all_or(errors, ())
}
