//! Checks what directives name: each name and pattern must be declared, be of the right kind, and be able to have what it is given.

use cgo_codegen::Underivable;
use cgo_codegen::model::probe_results::ProbeResults;
use cgo_codegen::model::types::{Type, TypeId};
use cgo_csyntax::declarations::names::Names;
use cgo_csyntax::diagnostic::{Diagnostic, Outcome, Place, Placed, all_or};
use cgo_csyntax::directive::Directives;
use cgo_csyntax::directive::macro_prototype::MacroPrototype;
use cgo_csyntax::directive::pattern::{NamePattern, Picked};
use cgo_csyntax::lexer::tokens;
use cgo_csyntax::selection::{BoundItem, ItemKind, Selection, rust_name};

use crate::explain::unknown_names::most_similar;
use crate::module::HELPERS;

/// What a directive is about.
#[derive(Clone, Copy, PartialEq, Eq)]
enum WantedKind {
    Function,
    FunctionOrPointer,
    Pointer,
    Macro,
    Enumeration,
    Struct,
    Record,
}

impl WantedKind {
    /// The error about a name of another kind.
    fn is_not(self, verb: &str, pattern: &NamePattern) -> Diagnostic {
        let kind = match self {
            WantedKind::Function => "a function",
            WantedKind::FunctionOrPointer => "a function or a type of function pointers",
            WantedKind::Pointer => "a type of function pointers",
            WantedKind::Macro => "a macro for a value",
            WantedKind::Enumeration => "an enumeration",
            WantedKind::Struct => "a struct",
            WantedKind::Record => "a struct or union",
        };
        let wanted = pattern.text();
        let text = format!("`{verb}: {wanted}`: `{wanted}` is not {kind}");
        Diagnostic::new(Some(pattern.place), text)
    }
}

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
    let constants = directives.constants.iter().map(|(_, pattern)| pattern);
    let of_verbs: [(&str, Vec<&NamePattern>); 7] = [
        ("bind", directives.bind.iter().collect()),
        ("hide", directives.hide.iter().collect()),
        ("noreturn", directives.noreturn.iter().collect()),
        ("unwind", directives.unwind.iter().collect()),
        ("nonnull", directives.nonnull.iter().collect()),
        ("functions", directives.functions.iter().collect()),
        ("constants", constants.collect()),
    ];
    let patterns = of_verbs.into_iter().flat_map(|(verb, patterns)| {
        let unmatched = patterns.into_iter();
        let unmatched = unmatched.filter(|pattern| !matches_something(pattern, names));
        unmatched.map(move |pattern| not_found(verb, &pattern.text(), pattern.place, names))
    });
    let macros = directives.macros.iter();
    let macros = macros.filter_map(|prototype| wrong_prototype(prototype, names));
    let errors: Vec<Diagnostic> = safe.chain(strip).chain(patterns).chain(macros).collect();
    all_or(errors, ())
}

/// What keeps a macro from being called in the function that its prototype makes.
fn wrong_prototype(prototype: &MacroPrototype, names: &Names) -> Option<Diagnostic> {
    let name = prototype.name.as_str();
    let Some(definition) = names.macros.get(name) else {
        return Some(not_found("macro", name, prototype.place, names));
    };
    let why = match definition.function_like {
        false => "it is not a function-like macro",
        true if tokens(definition.body).iter().any(|token| token.is(b'#')) => {
            "it takes the text of an argument with `#` or `##`, which a function does not have"
        }
        true => return None,
    };
    let text = format!("`macro: {name}`: {why}");
    Some(Diagnostic::new(Some(prototype.place), text))
}

/// Every single name of `noreturn:` and `unwind:` must be that of a function, or of a type of function pointers, and every one of
/// `constants:` and `functions:` that of a macro for a value.
pub(crate) fn items_are_fit(
    directives: &Directives,
    selection: &Selection,
    results: &ProbeResults,
) -> Outcome<()> {
    let types = &results.types;
    let is_function = |id: &TypeId| {
        let resolved = types.get(types.resolve(*id));
        let behind = match resolved {
            Type::Pointer(pointee) => types.get(types.resolve(*pointee)),
            other => other,
        };
        matches!(behind, Type::Function(_))
    };
    let constants = directives.constants.iter().map(|(_, pattern)| pattern);
    let all: [(&str, WantedKind, Vec<&NamePattern>); 5] = [
        (
            "noreturn",
            WantedKind::Function,
            directives.noreturn.iter().collect(),
        ),
        (
            "unwind",
            WantedKind::FunctionOrPointer,
            directives.unwind.iter().collect(),
        ),
        (
            "nonnull",
            WantedKind::Pointer,
            directives.nonnull.iter().collect(),
        ),
        (
            "functions",
            WantedKind::Macro,
            directives.functions.iter().collect(),
        ),
        ("constants", WantedKind::Macro, constants.collect()),
    ];
    let is_type = |ctype: &str| {
        let mut items = selection.items.iter().enumerate();
        items.any(|(index, item)| {
            let is_it = item.kind == ItemKind::DirectiveType && item.name == ctype;
            is_it && results.of_item.contains_key(&index)
        })
    };
    let wrong = directives
        .constants
        .iter()
        .filter(|(ctype, _)| !is_type(ctype));
    let mut errors: Vec<Diagnostic> = wrong
        .map(|(ctype, pattern)| {
            let mut text = format!("`constants: {ctype} ..`: `{ctype}` is not a type of C");
            let types = &results.types;
            let is_it =
                |id| matches!(types.get(id), Type::Enum(e) if e.tag.as_ref() == Some(ctype));
            if types.ids().any(is_it) {
                text.push_str(&format!(
                    "\nhelp: write `#cgo constants: \"enum {ctype}\" ..`"
                ));
            }
            Diagnostic::new(Some(pattern.place), text)
        })
        .collect();
    errors.dedup();
    for (verb, kind, patterns) in all {
        for pattern in patterns
            .into_iter()
            .filter(|pattern| !pattern.is_for_many())
        {
            let items = selection.items.iter().enumerate();
            let mut named = items
                .filter(|(_, item)| pattern.is_like(&item.name))
                .peekable();
            let is_fit = |(index, item): (usize, &BoundItem)| match kind {
                WantedKind::Macro => matches!(item.kind, ItemKind::Expression(_)),
                WantedKind::Pointer if item.kind != ItemKind::TypeName => false,
                _ => results.of_item.get(&index).is_none_or(is_function),
            };
            // A name that is not bound has no kind.
            if named.peek().is_some() && !named.any(is_fit) {
                errors.push(kind.is_not(verb, pattern));
            }
        }
    }
    all_or(errors, ())
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
    let mut text =
        format!("`{verb}: {wanted}`: `{wanted}` not found in the preamble and its headers");
    if let Some(similar) = most_similar(wanted, names) {
        text.push_str(&format!("\nhelp: a similar name exists: `{similar}`"));
    }
    Diagnostic::new(Some(place), text)
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
        if is_getter {
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
