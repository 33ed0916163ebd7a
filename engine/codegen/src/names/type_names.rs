//! Gives every C type the name that it has in Rust.

use std::collections::{HashMap, HashSet, VecDeque};

use cgo_csyntax::selection::BoundItem;

use crate::model::types::{Record, Signature, Type, TypeId, Typedef, Types};
use crate::names::identifiers::{identifier, is_spelled};

/// The Rust names of records, enumerations and typedefs.
#[derive(Default)]
pub(crate) struct TypeNames {
    names: HashMap<TypeId, String>,
    /// As Rust spells them.
    taken: HashSet<String>,
}

/// Names all types: by tag, by typedef, and those that have neither by the place where they stand.
pub(crate) fn of_types(
    types: &Types,
    items: &[BoundItem],
    of_item: &HashMap<usize, TypeId>,
) -> TypeNames {
    let mut names = TypeNames::default();
    // C11 allows to repeat a typedef, and clang's DWARF has it each time.
    let mut typedefs = HashMap::new();
    // The names that Rust spells as C does come first: they keep their spelling.
    for spelled in [true, false] {
        names.add_typedefs(types, spelled, &mut typedefs);
        names.add_tags(types, spelled);
    }
    names.add_untagged(types, items, of_item);
    names
}

impl TypeNames {
    /// The name of a type that has one.
    pub(crate) fn get(&self, id: TypeId) -> Option<&str> {
        self.names.get(&id).map(String::as_str)
    }

    /// The first type of this name.
    pub(crate) fn find(&self, name: &str) -> Option<TypeId> {
        let named = self.names.iter().filter(|(_, known)| *known == name);
        named.map(|(id, _)| *id).min()
    }

    /// Gives `id` the name, or the name with a number where another type has it or is spelled the same in Rust.
    fn give(&mut self, id: TypeId, wanted: &str) {
        if self.names.contains_key(&id) {
            return;
        }
        let mut name = wanted.to_string();
        let mut number = 1;
        while !self.taken.insert(identifier(&name)) {
            number += 1;
            name = format!("{wanted}_{number}");
        }
        self.names.insert(id, name);
    }

    /// Gives `id` the name of another type, which is the same one in Rust.
    fn share(&mut self, id: TypeId, with: TypeId) {
        if let Some(name) = self.names.get(&with).cloned() {
            self.names.insert(id, name);
        }
    }

    fn add_typedefs<'t>(
        &mut self,
        types: &'t Types,
        spelled: bool,
        typedefs: &mut HashMap<&'t str, TypeId>,
    ) {
        for id in types.ids() {
            let Type::Typedef(Typedef { name, target, .. }) = types.get(id) else {
                continue;
            };
            if is_spelled(name) != spelled {
                continue;
            }
            match typedefs.get(name.as_str()) {
                Some(&first) if types.resolve(first) == types.resolve(id) => self.share(id, first),
                _ => {
                    self.give(id, name);
                    typedefs.insert(name, id);
                }
            }
            // `typedef struct { .. } T;`: the record is T itself.
            let target = types.without_const(*target);
            if is_untagged(types.get(target)) && self.get(target).is_none() {
                self.share(target, id);
            }
        }
    }

    fn add_tags(&mut self, types: &Types, spelled: bool) {
        for id in types.ids() {
            if let Some(name) =
                tagged_name(types.get(id)).filter(|name| is_spelled(name) == spelled)
            {
                self.give(id, &name);
            }
        }
    }

    /// Names the records that have neither tag nor typedef after the member or item through which they are reached first. A typedef for
    /// a pointer, an array or a volatile record is such an item.
    fn add_untagged(
        &mut self,
        types: &Types,
        items: &[BoundItem],
        of_item: &HashMap<usize, TypeId>,
    ) {
        let mut waiting: VecDeque<(TypeId, String)> = VecDeque::new();
        for id in types.ids() {
            match (types.get(id), self.get(id)) {
                (Type::Record(record), Some(name)) => waiting.extend(members(record, name)),
                (Type::Typedef(Typedef { target, .. }), Some(name)) => {
                    waiting.push_back((*target, name.to_string()));
                }
                _ => {}
            }
        }
        let roots = of_item.iter().map(|(index, id)| {
            let name = items.get(*index).map_or("", |item| &item.name);
            (*id, name.to_string())
        });
        let mut roots: Vec<_> = roots.collect();
        roots.sort();
        waiting.extend(roots);
        while let Some((id, path)) = waiting.pop_front() {
            match types.get(id) {
                Type::Pointer(inner)
                | Type::Qualified(_, inner)
                | Type::Array { element: inner, .. } => waiting.push_back((*inner, path)),
                Type::Function(Signature {
                    result, parameters, ..
                }) => {
                    let all = [result].into_iter().chain(parameters);
                    waiting.extend(all.map(|&id| (id, path.clone())));
                }
                Type::Record(record) if self.get(id).is_none() => {
                    self.give(id, &path);
                    waiting.extend(members(record, &path));
                }
                _ => {}
            }
        }
    }
}

/// The types of a record's members, each with the name of the record and the member, for what has no name of its own.
fn members(record: &Record, path: &str) -> Vec<(TypeId, String)> {
    let members = record.body.iter().flat_map(|body| &body.members);
    let named = members.enumerate().map(|(number, member)| {
        let name = match &member.name {
            Some(name) => format!("{path}_{name}"),
            None => format!("{path}_anon{number}"),
        };
        (member.ctype, name)
    });
    named.collect()
}

/// The name of a type with a tag.
fn tagged_name(ctype: &Type) -> Option<String> {
    let (keyword, tag) = match ctype {
        Type::Record(record) => (record.kind.keyword(), &record.tag),
        Type::Enum(e) => ("enum", &e.tag),
        _ => return None,
    };
    Some(format!("{keyword}_{}", tag.as_ref()?))
}

fn is_untagged(ctype: &Type) -> bool {
    match ctype {
        Type::Record(record) => record.tag.is_none(),
        Type::Enum(e) => e.tag.is_none(),
        _ => false,
    }
}
