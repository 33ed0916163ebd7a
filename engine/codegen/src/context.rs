//! What the writers of items look up. Nothing in here changes while they write.

use std::collections::{HashMap, HashSet};

use cgo_csyntax::declarations::names::Storage;
use cgo_csyntax::directive::pattern::{self, NamePattern};
use cgo_csyntax::directive::prototype::{Prototype, Prototyped};
use cgo_csyntax::directive::{DerivedTrait, EnumStyle};
use cgo_csyntax::lexer::{SourceLine, Token};
use cgo_csyntax::preamble::{Import, ModuleVisibility};
use cgo_csyntax::selection::{BoundItem, ItemKind, rust_name};

use crate::input::Input;
use crate::layout::Layouts;
use crate::model::probe_results::Constant;
use crate::model::record_declarations::record_declarations;
use crate::model::types::{Type, TypeId, Types};
use crate::names::identifiers::identifier;
use crate::names::rust_types::RustTypes;
use crate::names::type_names::TypeNames;
use crate::unwinding;

/// What the writers of items look up.
pub(crate) struct Context<'a> {
    pub(crate) input: &'a Input<'a>,
    pub(crate) layouts: &'a Layouts<'a>,
    pub(crate) names: &'a TypeNames,
    pub(crate) rust: RustTypes<'a>,
    /// The types that the preamble's head imports from other modules, by their names in Rust.
    pub(crate) imports: HashMap<String, Import>,
    /// The index of each struct and union in the module's table of records.
    pub(crate) record_numbers: HashMap<TypeId, usize>,
    /// The declaration of each record, by the indexes of the types. A record without a name has that of the one around it.
    pub(crate) record_declarations: Vec<Option<&'a [Token<'a>]>>,
    /// The records whose members Rust does not see.
    pub(crate) opaque: &'a HashSet<TypeId>,
    /// The traits that directives want for structs.
    pub(crate) derives: &'a HashMap<TypeId, Vec<DerivedTrait>>,
    /// The Rust names that only the crate itself sees.
    hidden: HashSet<String>,
    /// How Rust gets the enumerations that are no integers there.
    pub(crate) enum_styles: &'a HashMap<TypeId, EnumStyle>,
    /// The functions that a panic or an exception may cross, by their names.
    pub(crate) unwinding: HashSet<String>,
    /// The enumeration that each enumerator belongs to.
    pub(crate) enumerations: HashMap<&'a str, TypeId>,
    /// The Rust names of constants, variables and enumerations. A parameter of such a name would be a pattern.
    pub(crate) constants: HashSet<String>,
}

/// What directives decide about types.
pub(crate) struct Decisions {
    /// The records whose members Rust does not see.
    pub(crate) opaque: HashSet<TypeId>,
    /// The traits of structs.
    pub(crate) derives: HashMap<TypeId, Vec<DerivedTrait>>,
    /// The function types that a panic or an exception may cross.
    pub(crate) unwinding: HashSet<TypeId>,
    /// How Rust gets the enumerations that are no integers there.
    pub(crate) enum_styles: HashMap<TypeId, EnumStyle>,
}

/// An item with what the compiler told of it.
pub(crate) struct ProbedItem<'a> {
    pub(crate) item: &'a BoundItem,
    pub(crate) ctype: TypeId,
    pub(crate) constant: Option<&'a Constant>,
    pub(crate) symbol: Option<&'a str>,
    /// The linker may find no definition. The item's address is null then.
    pub(crate) may_be_missing: bool,
    /// It is an import of the linked module.
    pub(crate) is_import: bool,
}

impl ProbedItem<'_> {
    pub(crate) fn is_type(&self) -> bool {
        matches!(self.item.kind, ItemKind::Tag(_) | ItemKind::TypeName)
    }
}

impl<'a> Context<'a> {
    pub(crate) fn new(
        input: &'a Input<'a>,
        layouts: &'a Layouts<'a>,
        names: &'a TypeNames,
        decisions: &'a Decisions,
    ) -> Context<'a> {
        let imports = input.preamble.imports.iter();
        Context {
            input,
            layouts,
            names,
            rust: RustTypes {
                layouts,
                names,
                unwinding: &decisions.unwinding,
                enum_styles: &decisions.enum_styles,
            },
            imports: imports
                .flat_map(|import| {
                    let names = [import.name.clone(), input.replaced(import)];
                    names.map(|name| (identifier(&name), import.clone()))
                })
                .collect(),
            record_numbers: record_numbers(layouts.types),
            record_declarations: record_declarations(input.names, layouts.types),
            opaque: &decisions.opaque,
            derives: &decisions.derives,
            hidden: hidden(input),
            enum_styles: &decisions.enum_styles,
            unwinding: unwinding::functions(input, &decisions.unwinding),
            enumerations: enumerations(layouts.types),
            constants: patterns(input, names, &decisions.enum_styles),
        }
    }

    /// The type that a directive spells, if the compiler knows it.
    pub(crate) fn directive_type(&self, ctype: &str) -> Option<TypeId> {
        let mut items = self.input.selection.items.iter();
        let is_it = |item: &BoundItem| item.kind == ItemKind::DirectiveType && item.name == ctype;
        let index = items.position(is_it)?;
        self.input.probe.of_item.get(&index).copied()
    }

    /// The selected items that the compiler knows.
    pub(crate) fn probed_items(&self) -> impl Iterator<Item = ProbedItem<'a>> + use<'a> {
        let (selection, probe) = (self.input.selection, self.input.probe);
        let items = selection.items.iter().enumerate();
        let items = items.filter(|(_, item)| item.kind != ItemKind::DirectiveType);
        items.filter_map(|(index, item)| {
            Some(ProbedItem {
                item,
                ctype: *probe.of_item.get(&index)?,
                constant: probe.constants.get(index).and_then(Option::as_ref),
                symbol: probe.symbols.get(&index).map(String::as_str),
                may_be_missing: probe.may_be_missing.contains(&index),
                is_import: probe.imports.contains(&index),
            })
        })
    }

    /// The type behind typedefs and qualifiers.
    pub(crate) fn resolved(&self, id: TypeId) -> &'a Type {
        let types = self.layouts.types;
        types.get(types.resolve(id))
    }

    /// The prototype that a directive gives to the macro, or to the function that the item is or stands for.
    pub(crate) fn prototype(&self, item: &BoundItem) -> Option<&'a Prototype> {
        let mut prototypes = self.input.directives.prototypes.iter();
        prototypes.find(|prototype| match prototype.of {
            Prototyped::Macro => prototype.function() == item.target,
            Prototyped::Function => prototype.name == item.target,
        })
    }

    /// Whether `#cgo unsafe safe:` names the item.
    pub(crate) fn is_safe(&self, name: &str) -> bool {
        let mut safe = self.input.directives.safe.iter();
        safe.any(|known| known.value == name)
    }

    /// Whether `#cgo unsafe nonnull:` names the type.
    pub(crate) fn is_nonnull(&self, name: &str) -> bool {
        let patterns = &self.input.directives.nonnull;
        pattern::picks(patterns, |pattern| pattern.is_like(name))
    }

    /// The visibility of the item with this Rust name.
    pub(crate) fn visibility(&self, rust: &str) -> &'static str {
        match self.hidden.contains(rust) {
            true => "pub(crate)",
            false => "pub",
        }
    }

    /// The visibility of a new type. rustc refuses to call a function whose types are less visible, so that one is only hidden from the
    /// documentation.
    pub(crate) fn visibility_of_type(&self, rust: &str) -> &'static str {
        match self.hidden.contains(rust) {
            true => "#[doc(hidden)] pub",
            false => "pub",
        }
    }

    /// The visibility of a name for another type that is here only because an item's type mentions it. The names that C libraries keep for
    /// themselves are no part of what a library exports.
    pub(crate) fn visibility_of_alias(&self, rust: &str, is_item: bool) -> &'static str {
        let is_internal = rust.starts_with("__") || rust == "size_t";
        match !is_item && is_internal && self.input.preamble.visibility == ModuleVisibility::Public
        {
            true => "pub(crate)",
            false => self.visibility(rust),
        }
    }

    /// The symbol of the item's shim.
    pub(crate) fn shim_symbol(&self, item: &BoundItem) -> String {
        format!("{}{}", self.input.prefix, item.name)
    }

    /// Whether the declaration defines the object. A variable without `extern` is defined with or without a value (C17 6.9.2).
    pub(crate) fn is_defined(&self, storage: Storage, id: TypeId) -> bool {
        let is_function = matches!(self.resolved(id), Type::Function(_));
        storage.defined || (!is_function && !storage.is_extern)
    }

    /// A name for a parameter of a function with a body that is no pattern there.
    pub(crate) fn parameter(&self, wanted: &str) -> String {
        let mut name = wanted.to_string();
        while self.constants.contains(&name) {
            name.push('_');
        }
        name
    }
}

fn hidden(input: &Input<'_>) -> HashSet<String> {
    let patterns = &input.directives.hide;
    if patterns.is_empty() {
        return HashSet::new();
    }
    let is_hidden = |c: &str, rust: &str, place: SourceLine| {
        let picked = |pattern: &NamePattern| pattern.matches(c, rust, place, input.names);
        pattern::picks(patterns, picked)
    };
    let mut hidden = HashSet::new();
    // Macros are among the items alone, and types that only others mention among the declared names alone.
    for item in &input.selection.items {
        let is_tag = matches!(item.kind, ItemKind::Tag(_));
        if !is_tag && is_hidden(&item.name, &item.name, item.place) {
            hidden.insert(identifier(&item.name));
        }
    }
    for name in &input.names.list {
        let rust = rust_name(name);
        if is_hidden(name.name, &rust, name.place) {
            hidden.insert(identifier(&rust));
        }
    }
    hidden
}

fn record_numbers(types: &Types) -> HashMap<TypeId, usize> {
    let records = types
        .ids()
        .filter(|id| matches!(types.get(*id), Type::Record(_)));
    records
        .enumerate()
        .map(|(number, id)| (id, number))
        .collect()
}

fn enumerations(types: &Types) -> HashMap<&str, TypeId> {
    let mut owners = HashMap::new();
    for id in types.ids() {
        if let Type::Enum(e) = types.get(id) {
            owners.extend(e.enumerators.iter().map(|one| (one.name.as_str(), id)));
        }
    }
    owners
}

/// The Rust names of constants and variables, and of the structs that enumerations are, also without what `strip:` takes off. An imported
/// type may be such a struct too.
fn patterns(
    input: &Input<'_>,
    names: &TypeNames,
    styles: &HashMap<TypeId, EnumStyle>,
) -> HashSet<String> {
    let structs = styles.keys().filter_map(|&id| names.get(id));
    let tags = structs
        .clone()
        .filter_map(|name| name.strip_prefix("enum_"));
    let stripped = structs
        .clone()
        .filter_map(|name| input.directives.stripped(name));
    let structs: Vec<String> = structs
        .chain(tags)
        .chain(stripped)
        .map(identifier)
        .collect();
    let imports = input.preamble.imports.iter();
    let mut found = constants(input);
    found.extend(structs);
    found.extend(imports.map(|import| identifier(&import.name)));
    found
}

fn constants(input: &Input<'_>) -> HashSet<String> {
    let items = input.selection.items.iter();
    let constants = items.filter(|item| match item.kind {
        ItemKind::FunctionOrVariable(storage) => !storage.function,
        ItemKind::Enumerator | ItemKind::Expression(_) => true,
        ItemKind::Builtin(_) | ItemKind::Tag(_) | ItemKind::TypeName | ItemKind::DirectiveType => {
            false
        }
    });
    let names = constants.flat_map(|item| {
        let short = input.directives.stripped(&item.name);
        short.into_iter().chain([item.name.as_str()])
    });
    names.map(identifier).collect()
}
