//! Reads the C types of the probes out of the object file's DWARF into plain data.
//!
//! `entries.rs` reads the entries of a unit as they stand, `type_loader.rs` turns them into types. Here the entries of the probe are found.

mod abbreviations;
mod alignments;
mod entries;
mod forms;
mod members;
mod numbers;
mod type_loader;
mod unit_header;

use std::collections::HashMap;

use cgo_codegen::model::types::{TypeId, Types};

use crate::probe::probe_object::ProbeObject;
use crate::probe::write;
pub(crate) use alignments::{Alignment, Alignments};
use entries::{DwarfUnit, EntryId};
use numbers as dw;
use type_loader::TypeLoader;

/// The types of the items.
pub(crate) struct Described {
    pub(crate) types: Types,
    /// By the number of the item.
    pub(crate) of_item: HashMap<usize, TypeId>,
    /// The signatures of the functions that are defined, as their definitions have them.
    pub(crate) definitions: HashMap<String, TypeId>,
}

/// Reads the unit that holds the probe. In `old_style` C functions may be without a prototype.
pub(crate) fn read(
    object: &ProbeObject<'_>,
    alignments: &Alignments,
    old_style: bool,
) -> Result<Described, String> {
    let units = entries::units(object)
        .ok_or("cannot read the compiler's debug information: it is truncated or damaged")?;
    for unit in &units {
        if let Some(pointers) = item_pointers(unit) {
            let loader = TypeLoader::new(unit, object.little_endian, old_style);
            return Ok(describe(loader, unit, pointers, alignments));
        }
    }
    Ok(Described {
        types: Types::default(),
        of_item: HashMap::new(),
        definitions: HashMap::new(),
    })
}

fn describe<'u>(
    mut loader: TypeLoader<'u>,
    unit: &DwarfUnit<'u>,
    pointers: Vec<(usize, EntryId)>,
    record_alignments: &Alignments,
) -> Described {
    let mut of_item = HashMap::new();
    for (item, pointer) in pointers {
        of_item.insert(item, loader.id_of(unit.ctype(pointer)));
    }
    loader.load();
    let definitions = loader.definitions();
    loader.load();
    let mut types = loader.types;
    alignments::align_tagged(&mut types, record_alignments, &of_item);
    alignments::align_untagged(&mut types, record_alignments);
    let clang = clang_version(unit);
    types.misplaces_int128 = clang.is_some_and(|version| version < 20);
    types.hides_whole_bit_fields = clang.is_some_and(|version| version < 16);
    Described {
        types,
        of_item,
        definitions,
    }
}

/// The major version of the compiler, if it is clang. A version without a number is taken for the oldest.
fn clang_version(unit: &DwarfUnit<'_>) -> Option<u32> {
    let producer = unit.text(DwarfUnit::ROOT, dw::AT_PRODUCER)?;
    let (_, version) = producer.split_once("clang version ")?;
    let major = version.split('.').next()?.parse();
    Some(major.unwrap_or(0))
}

/// The pointer types in the struct of the probe, each with the number of the item that it points to.
fn item_pointers(unit: &DwarfUnit<'_>) -> Option<Vec<(usize, EntryId)>> {
    let below = |id: EntryId, name: &str| {
        let children = unit.children(id);
        let mut children = children
            .into_iter()
            .filter(|child| unit.name(*child).as_deref() == Some(name));
        children.next()
    };
    let function = below(DwarfUnit::ROOT, write::FUNCTION)?;
    let members = unit.children(below(function, write::TYPES)?);
    let pointer = |member: EntryId| {
        let item = unit.name(member)?.strip_prefix("_cgo_")?.parse().ok()?;
        Some((item, unit.ctype(member)?))
    };
    Some(members.into_iter().filter_map(pointer).collect())
}
