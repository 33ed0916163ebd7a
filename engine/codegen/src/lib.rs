//! Writes the Rust items for C declarations: [`generate`] takes the selected names and what the compiler told of them, and returns
//! the text of a module's items and the C that they need beside the preamble.
//!
//! [`model`] holds the C types; `layout` decides what Rust can do with them; `items` has a writer for each kind of item.

// For the engine's other crates alone, where a field's name often says all there is to say.
#![allow(missing_docs)]

mod bindings;
pub mod checks;
mod context;
pub mod docs;
mod enum_styles;
mod input;
mod items;
mod layout;
pub mod model;
mod names;
pub mod shims;
mod unwinding;

pub use self::bindings::{Bindings, ExternItem, Underivable};
pub use self::checks::export_prototypes::ExportPrototype;
pub use self::docs::markdown::inline;
pub use self::input::{ExportCandidate, ExportInfo, Input};
pub use self::items::cgo_types::is_cgo_type;
pub use self::names::identifiers::identifier;

use std::collections::{BTreeSet, HashSet};

use cgo_csyntax::directive::DerivedTrait;
use cgo_csyntax::directive::pattern;
use cgo_csyntax::message::Message;
use cgo_csyntax::selection::LeftOut;

use self::checks::{export_prototypes, imports, layout_in_c, layout_in_rust, type_encoding};
use self::context::{Context, Decisions, ProbedItem};
use self::items::output::{Items, NameSpaces};
use self::items::{cgo_types, derives, named_types, short_names, sizes, unsupported, values};
use self::model::types::{Type, TypeId};
use self::names::type_names;

/// Writes every item of the module.
pub fn generate(input: &Input<'_>) -> Bindings {
    let (probe, selection) = (input.probe, input.selection);
    let opaque = opaque(input);
    let mut layouts = layout::decide(&probe.types, &probe.bases, input.target, &opaque);
    let (derives, underivable) = derives::decide(&layouts, input.directives);
    let shown = derives
        .iter()
        .filter(|(_, traits)| traits.contains(&DerivedTrait::Debug));
    shown.for_each(|(id, _)| layouts.show(*id));
    let names = type_names::of_types(&probe.types, &selection.items, &probe.of_item);
    let decisions = Decisions {
        unwinding: unwinding::types(input),
        enum_styles: enum_styles::styles(input),
        opaque,
        derives,
    };
    let context = Context::new(input, &layouts, &names, &decisions);

    let mut name_spaces = NameSpaces {
        types: context.imports.keys().cloned().collect(),
        values: BTreeSet::new(),
    };
    let mut out = Items::default();
    type_encoding::write_records(&context, &mut out.text);
    imports::write(&context, &mut out.text);
    named_types::write(&context, &mut name_spaces, &mut out);

    let mut left_out = selection.left_out.clone();
    let mut prototypes = Vec::new();
    for probed in context.probed_items() {
        if let Err(reason) = write_item(
            &context,
            &probed,
            &mut name_spaces,
            &mut prototypes,
            &mut out,
        ) {
            left_out.push(LeftOut::item(probed.item, reason));
        }
    }
    sizes::write(&context, &mut name_spaces, &mut out);
    cgo_types::write(&context, &mut name_spaces, &mut out);
    unsupported::write(&context, &left_out, &mut name_spaces, &mut out.text);
    short_names::write(&context, &name_spaces, &mut out);
    layout_in_rust::write(&out.layouts, &mut out.text);

    Bindings {
        documentation: docs::module::write(input, &left_out),
        items: out.text,
        extern_items: out.extern_items,
        shims: out.shims,
        layouts: layout_in_c::of_records(&context),
        left_out,
        prototypes: without_repetitions(prototypes),
        underivable,
    }
}

/// The structs and unions that `opaque:` names.
fn opaque(input: &Input<'_>) -> HashSet<TypeId> {
    let patterns = &input.directives.opaque;
    if patterns.is_empty() {
        return HashSet::new();
    }
    let picked = |names: &[String]| {
        pattern::picks(patterns, |pattern| {
            names.iter().any(|name| pattern.is_like(name))
        })
    };
    let names = input.probe.types.tagged_names().into_iter();
    names
        .filter(|(_, names)| picked(names))
        .map(|(id, _)| id)
        .collect()
}

/// Writes one item, or returns the reason why Rust cannot have it.
fn write_item(
    context: &Context<'_>,
    probed: &ProbedItem<'_>,
    name_spaces: &mut NameSpaces,
    prototypes: &mut Vec<ExportPrototype>,
    out: &mut Items,
) -> Result<(), Message> {
    let is_type = probed.is_type();
    if !is_type {
        values::check(context, probed, name_spaces)?;
    }
    if let Type::Unsupported(unsupported) = context.layouts.types.get(probed.ctype) {
        return Err(format!("it has {unsupported}").into());
    }
    prototypes.extend(export_prototypes::of_item(context, probed));
    match is_type {
        true => named_types::write_item(context, probed, name_spaces, out),
        false => values::write(context, probed, name_spaces, out)?,
    }
    Ok(())
}

/// The first prototype of each export.
fn without_repetitions(mut prototypes: Vec<ExportPrototype>) -> Vec<ExportPrototype> {
    let mut seen = HashSet::new();
    prototypes.retain(|prototype| seen.insert(prototype.key));
    prototypes
}
