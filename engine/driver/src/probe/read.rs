//! Reads the object file of the probe: the types and values of all items as plain data.

use std::collections::HashMap;

use cgo_codegen::model::probe_results::{BaseType, BaseTypes, Constant, ProbeResults};
use cgo_codegen::model::types::Type;
use cgo_codegen::model::validate;
use cgo_csyntax::message::Message;

use crate::probe::dwarf::{self, Alignment, Described};
use crate::probe::probe_object::{self, ProbeObject};
use crate::probe::transparent_unions;
use crate::probe::write::{self, Probe};

/// `items` is the number of items that were probed.
pub(crate) fn read(object: &[u8], probe: &Probe, items: usize) -> Result<ProbeResults, Message> {
    let object = probe_object::read(object)?;
    // The arrays of sizes hold `__SIZE_TYPE__`, which is as wide as a pointer.
    let word = usize::from(object.pointer_size);

    let alignments = object.integers(write::ALIGNMENTS, word);
    let alignments = probe.records.iter().cloned().zip(alignments);
    let alignments = alignments
        .map(|((record, item), align)| (record, Alignment { item, align }))
        .collect();
    let old_style = object.integers(write::OLD_STYLE, word).first() != Some(&0);
    let mut described = dwarf::read(&object, &alignments, old_style)?;
    for (number, typedef) in (items..).zip(&probe.transparent_unions) {
        if let Some(members) = described.of_item.remove(&number) {
            transparent_unions::complete(&mut described.types, typedef, members);
        }
    }
    let invalid = |what| {
        Message::new(format!(
            "the compiler's debug information is invalid: it describes {what}"
        ))
    };
    validate::check(&mut described.types).map_err(invalid)?;
    let kinds = object.data(write::KINDS);
    let halves = object.integers(write::INTEGERS, 8);
    let floats = object.integers(write::FLOATS, 8);
    let integer = |index: usize| {
        let (low, high) = (*halves.get(2 * index)?, *halves.get(2 * index + 1)?);
        Some((u128::from(high) << 64 | u128::from(low)) as i128)
    };
    let constant = |index: usize| match *kinds.get(index)? {
        write::KIND_INTEGER => integer(index).map(Constant::Integer),
        write::KIND_FLOAT => Some(Constant::Float(f64::from_bits(*floats.get(index)?))),
        write::KIND_POINTER => integer(index).map(|value| Constant::Pointer(value as u64)),
        write::KIND_LITERAL => Some(Constant::Literal),
        _ => string(&object, &described, index),
    };
    let constants = (0..items).map(constant).collect();
    let symbols = probe.symbols.iter().enumerate();
    let symbols: HashMap<usize, String> = symbols
        .filter_map(|(row, &item)| Some((item, object.reference(row)?.to_string())))
        .collect();
    let items_with = |is_such: &dyn Fn(&str) -> bool| {
        let such = symbols.iter().filter(|(_, symbol)| is_such(symbol));
        such.map(|(item, _)| *item).collect()
    };
    let may_be_missing = items_with(&|symbol| object.may_be_missing(symbol));
    let imports = items_with(&|symbol| object.is_import(symbol));
    let pairs = object.integers(write::BASES, word);
    let mut bases = BaseTypes::default();
    for ((name, kind), pair) in write::BASE_TYPES.into_iter().zip(pairs.chunks_exact(2)) {
        let (size, align) = (pair[0], pair[1]);
        if !validate::is_alignment(align) {
            return Err(invalid(format!("an impossible alignment of `{name}`")));
        }
        bases.list.push(BaseType { kind, size, align });
    }
    bases.vectors = object.integers(write::VECTORS, word);
    bases
        .vectors
        .truncate(write::LARGEST_VECTOR.ilog2() as usize + 1);
    if !bases
        .vectors
        .iter()
        .all(|&align| validate::is_alignment(align))
    {
        return Err(invalid("an impossible alignment of a vector".to_string()));
    }
    Ok(ProbeResults {
        types: described.types,
        of_item: described.of_item,
        definitions: described.definitions,
        constants,
        symbols,
        may_be_missing,
        imports,
        bases,
    })
}

/// The string constant that an item is, if it is one.
fn string(object: &ProbeObject, described: &Described, index: usize) -> Option<Constant> {
    let name = format!("{}{index}", write::STRING);
    let types = &described.types;
    let ctype = types.get(types.resolve(*described.of_item.get(&index)?));
    let Type::Array {
        element,
        count: Some(count),
    } = ctype
    else {
        return None;
    };
    let count = usize::try_from(*count).ok()?;
    match types.get(types.resolve(*element)) {
        Type::Base(base) if base.size == 1 => {
            let bytes = object.data(&name).get(..count.checked_sub(1)?)?;
            Some(Constant::String(bytes.to_vec()))
        }
        Type::Base(base) if matches!(base.size, 2 | 4) => {
            let characters = object.integers(&name, base.size as usize);
            Some(Constant::Wide(characters.get(..count)?.to_vec()))
        }
        _ => None,
    }
}
