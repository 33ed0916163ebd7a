//! Gives every C type the name that it has in Rust.

use std::collections::{HashMap, HashSet};

use cgo_preamble::select::Item;

use crate::ctype::{Record, RecordKind, Signature, Type, TypeId, Typedef, Types};

/// The Rust names of records, enumerations and typedefs.
pub(crate) struct TypeNames {
    names: HashMap<TypeId, String>,
    taken: HashSet<String>,
}

impl TypeNames {
    /// The name of a type that has one.
    pub(crate) fn get(&self, id: TypeId) -> Option<&str> {
        self.names.get(&id).map(String::as_str)
    }

    /// Whether a type has this name.
    pub(crate) fn is_taken(&self, name: &str) -> bool {
        self.taken.contains(name)
    }

    /// Gives `id` the name, or the name with a number where another type has it.
    fn give(&mut self, id: TypeId, wanted: &str) {
        if self.names.contains_key(&id) {
            return;
        }
        let mut name = wanted.to_string();
        let mut number = 1;
        while !self.taken.insert(name.clone()) {
            number += 1;
            name = format!("{wanted}_{number}");
        }
        self.names.insert(id, name);
    }
}

/// Names all types: by tag, by typedef, and by the place where they stand for those that have neither.
pub(crate) fn of_types(
    types: &Types,
    items: &[Item],
    of_item: &HashMap<usize, TypeId>,
) -> TypeNames {
    let mut names = TypeNames {
        names: HashMap::new(),
        taken: HashSet::new(),
    };
    let all = || {
        types
            .list
            .iter()
            .enumerate()
            .map(|(index, ctype)| (TypeId(index as u32), ctype))
    };
    for (id, ctype) in all() {
        if let Type::Typedef(Typedef { name, target, .. }) = ctype {
            names.give(id, name);
            // `typedef struct { .. } T;`: the record is T itself.
            if is_untagged(types.get(*target)) && !names.names.contains_key(target) {
                let name = names.names[&id].clone();
                names.names.insert(*target, name);
            }
        }
    }
    for (id, ctype) in all() {
        match ctype {
            Type::Record(Record {
                kind,
                tag: Some(tag),
                ..
            }) => {
                let word = if *kind == RecordKind::Struct {
                    "struct"
                } else {
                    "union"
                };
                names.give(id, &format!("{word}_{tag}"));
            }
            Type::Enum(e) => {
                if let Some(tag) = &e.tag {
                    names.give(id, &format!("enum_{tag}"));
                }
            }
            _ => {}
        }
    }
    let mut waiting: Vec<(TypeId, String)> = Vec::new();
    for (id, ctype) in all() {
        if let (Type::Record(record), Some(name)) = (ctype, names.get(id)) {
            members(record, name, &mut waiting);
        }
    }
    let roots = of_item.iter().map(|(index, id)| {
        (
            *id,
            items.get(*index).map_or("", |item| &item.name).to_string(),
        )
    });
    let mut roots: Vec<_> = roots.collect();
    roots.sort();
    waiting.extend(roots);
    while let Some((id, path)) = waiting.pop() {
        match types.get(id) {
            Type::Pointer(inner)
            | Type::Qualified(_, inner)
            | Type::Array { element: inner, .. } => waiting.push((*inner, path)),
            Type::Function(Signature {
                result, parameters, ..
            }) => {
                waiting.extend(
                    [result]
                        .into_iter()
                        .chain(parameters)
                        .map(|&id| (id, path.clone())),
                );
            }
            Type::Record(record) if names.get(id).is_none() => {
                names.give(id, &path);
                members(record, &path, &mut waiting);
            }
            _ => {}
        }
    }
    names
}

/// What stands in a record without a name of its own is named after the record and the member.
fn members(record: &Record, path: &str, waiting: &mut Vec<(TypeId, String)>) {
    for (number, member) in record
        .body
        .iter()
        .flat_map(|body| &body.members)
        .enumerate()
    {
        let name = member
            .name
            .clone()
            .unwrap_or_else(|| format!("anon{number}"));
        waiting.push((member.ctype, format!("{path}_{name}")));
    }
}

fn is_untagged(ctype: &Type) -> bool {
    match ctype {
        Type::Record(record) => record.tag.is_none(),
        Type::Enum(e) => e.tag.is_none(),
        _ => false,
    }
}

/// A C name as a Rust identifier: raw where it is a keyword of any edition, with `_` after those that cannot be raw.
pub fn identifier(name: &str) -> String {
    match name {
        "self" | "Self" | "super" | "crate" | "_" => format!("{name}_"),
        _ if is_keyword(name) => format!("r#{name}"),
        // Rust's identifiers have no `$`.
        _ => name.replace('$', "_dollar_"),
    }
}

fn is_keyword(name: &str) -> bool {
    const KEYWORDS: [&str; 47] = [
        "abstract", "as", "async", "await", "become", "box", "break", "const", "continue", "do",
        "dyn", "else", "enum", "extern", "false", "final", "fn", "for", "gen", "if", "impl", "in",
        "let", "loop", "macro", "match", "mod", "move", "mut", "override", "priv", "pub", "ref",
        "return", "static", "struct", "trait", "true", "try", "type", "typeof", "unsafe",
        "unsized", "use", "virtual", "where", "while",
    ];
    name == "yield" || KEYWORDS.contains(&name)
}
