//! Writes the traits that `#cgo derive:` asks of structs, member by member, so that no padding counts.

use std::collections::{HashMap, HashSet};
use std::fmt::Write;

use cgo_csyntax::directive::pattern::{self, NamePattern};
use cgo_csyntax::directive::{DerivedTrait, Directives};

use crate::bindings::Underivable;
use crate::checks::imports;
use crate::context::Context;
use crate::layout::{Layouts, RecordForm};
use crate::model::types::{Body, Encoding, Member, Position, Record, RecordKind, Type, TypeId};
use crate::names::fields::field_names;

/// The traits of each struct. One may be there several times.
pub(crate) type Derives = HashMap<TypeId, Vec<DerivedTrait>>;

/// The traits of all structs, those inside of others too, and what cannot be derived.
pub(crate) fn decide(
    layouts: &Layouts<'_>,
    directives: &Directives,
) -> (Derives, Vec<Underivable>) {
    let (mut derives, mut rejected) = (Derives::new(), Vec::new());
    if directives.derive.is_empty() {
        return (derives, rejected);
    }
    let names = layouts.types.tagged_names();
    for derived in DerivedTrait::ALL {
        let of_trait = directives.derive.iter().filter(|(one, _)| *one == derived);
        let patterns: Vec<&NamePattern> = of_trait.map(|(_, pattern)| pattern).collect();
        for id in layouts.types.ids() {
            let (Type::Record(_), Some(names)) = (layouts.types.get(id), names.get(&id)) else {
                continue;
            };
            let is_named = |pattern: &NamePattern| names.iter().any(|name| pattern.is_like(name));
            let Some(pattern) = pattern::picking(patterns.iter().copied(), is_named) else {
                continue;
            };
            let mut inside = HashSet::new();
            match require(layouts, derived, id, &mut inside) {
                Ok(()) => inside.into_iter().for_each(|id| {
                    let traits = derives.entry(id).or_default();
                    traits.extend(derived.with_implied());
                }),
                // A pattern for many structs is for those that can.
                Err(_) if pattern.is_for_many() => {}
                Err(why) => rejected.push(Underivable {
                    derived,
                    pattern: pattern.clone(),
                    why,
                }),
            }
        }
    }
    (derives, rejected)
}

/// Adds the struct and all structs inside to `inside`, or says which member cannot have the trait.
fn require(
    layouts: &Layouts<'_>,
    derived: DerivedTrait,
    id: TypeId,
    inside: &mut HashSet<TypeId>,
) -> Result<(), String> {
    let Type::Record(Record { kind, body, .. }) = layouts.types.get(id) else {
        return Ok(());
    };
    if !inside.insert(id) {
        return Ok(());
    }
    if *kind == RecordKind::Union {
        // It is shown without what it holds.
        return match derived {
            DerivedTrait::Debug => Ok(()),
            _ => Err("a union does not know what it holds".to_string()),
        };
    }
    let Some(body) = body else {
        return Err("it is declared but not defined".to_string());
    };
    if !matches!(layouts.form(id), Some(RecordForm::Fields { .. })) {
        return Err("Rust has it as bytes, without fields".to_string());
    }
    for member in &body.members {
        let name = member.name.as_deref().unwrap_or("an anonymous member");
        require_of_member(layouts, derived, member.ctype, inside)
            .map_err(|why| format!("`{name}`: {why}"))?;
    }
    Ok(())
}

fn require_of_member(
    layouts: &Layouts<'_>,
    derived: DerivedTrait,
    id: TypeId,
    inside: &mut HashSet<TypeId>,
) -> Result<(), String> {
    if layouts.types.is_volatile(id) || layouts.types.is_atomic(id) {
        return Err("it may change at any time".to_string());
    }
    let id = layouts.types.resolve(id);
    match layouts.types.get(id) {
        Type::Array { element, .. } => require_of_member(layouts, derived, *element, inside),
        Type::Record(_) => require(layouts, derived, id, inside),
        Type::Enum(_) => Ok(()),
        Type::Base(base) => match base.encoding {
            _ if !base.has_rust_type() => Err("Rust has no number like it".to_string()),
            Encoding::Float | Encoding::ComplexFloat if derived.is_total() => {
                Err("a floating-point number has no total equality".to_string())
            }
            Encoding::ComplexFloat if derived == DerivedTrait::PartialOrd => {
                Err("`cgo::Complex` does not implement it".to_string())
            }
            _ => Ok(()),
        },
        Type::Pointer(pointee) => match layouts.types.get(layouts.types.resolve(*pointee)) {
            Type::Function(signature) if signature.variadic || signature.parameters.len() > 12 => {
                Err("Rust has no such trait for this function pointer".to_string())
            }
            _ => Ok(()),
        },
        _ => Err("Rust has no such type".to_string()),
    }
}

/// The value of a member in both of the structs that are compared.
struct Pair {
    own: String,
    other: String,
}

/// Writes the implementations for one struct.
pub(crate) fn write(context: &Context<'_>, id: TypeId, name: &str, body: &Body, text: &mut String) {
    let (own, others) = (values(body, "self"), values(body, "_cgo_other"));
    let pairs = own.into_iter().zip(others);
    let pairs: Vec<Pair> = pairs.map(|(own, other)| Pair { own, other }).collect();
    let Some(traits) = context.derives.get(&id) else {
        return;
    };
    let derived = DerivedTrait::ALL.into_iter();
    for derived in derived.filter(|derived| traits.contains(derived)) {
        let (path, method) = match derived {
            // Every record has its `Debug` from one place.
            DerivedTrait::Debug => continue,
            DerivedTrait::PartialEq => ("cmp::PartialEq", equality(&pairs)),
            DerivedTrait::Eq => ("cmp::Eq", String::new()),
            DerivedTrait::Hash => ("hash::Hash", hash(&pairs)),
            DerivedTrait::PartialOrd => (
                "cmp::PartialOrd",
                order(
                    &pairs,
                    "partial_cmp",
                    "::core::cmp::PartialOrd::partial_cmp",
                    "::core::option::Option<::core::cmp::Ordering>",
                    "::core::option::Option::Some(::core::cmp::Ordering::Equal)",
                ),
            ),
            DerivedTrait::Ord => (
                "cmp::Ord",
                order(
                    &pairs,
                    "cmp",
                    "::core::cmp::Ord::cmp",
                    "::core::cmp::Ordering",
                    "::core::cmp::Ordering::Equal",
                ),
            ),
        };
        let bounds = imports::bounds(context, id, &format!("::core::{path}"));
        let _ = writeln!(
            text,
            "impl ::core::{path} for {name}{bounds} {{ {method} }}"
        );
    }
}

/// The members' values, in order. A field of a packed struct cannot be borrowed, and is copied.
fn values(body: &Body, of: &str) -> Vec<String> {
    let is_field = |member: &Member| matches!(member.position, Position::Byte(_));
    let members = field_names(body).into_iter().zip(&body.members);
    // A bit-field without a name is padding.
    let named = members.filter(|(_, member)| member.name.is_some() || is_field(member));
    named
        .map(|(field, member)| match is_field(member) {
            true => format!("{{ {of}.{field} }}"),
            false => format!("{of}.{field}()"),
        })
        .collect()
}

fn equality(pairs: &[Pair]) -> String {
    let equal = pairs
        .iter()
        .map(|Pair { own, other }| format!(" && {own} == {other}"));
    format!(
        "#[inline] fn eq(&self, _cgo_other: &Self) -> ::core::primitive::bool {{ true{} }}",
        equal.collect::<String>()
    )
}

fn hash(pairs: &[Pair]) -> String {
    let hashed = pairs
        .iter()
        .map(|Pair { own, .. }| format!("::core::hash::Hash::hash(&{own}, _cgo_state); "));
    format!(
        "#[inline] fn hash<_CgoHasher: ::core::hash::Hasher>(&self, _cgo_state: &mut _CgoHasher) {{ {}}}",
        hashed.collect::<String>()
    )
}

/// An order of the members, one after another. `equal` is what `compare` gives for those that are equal, of the type `result`.
fn order(pairs: &[Pair], method: &str, compare: &str, result: &str, equal: &str) -> String {
    let mut text = format!("#[inline] fn {method}(&self, _cgo_other: &Self) -> {result} {{ ");
    for Pair { own, other } in pairs {
        let _ = write!(
            text,
            "match {compare}(&{own}, &{other}) {{ {equal} => {{}} _cgo_order => return _cgo_order }} "
        );
    }
    text + equal + " }"
}
