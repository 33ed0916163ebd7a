//! Gives every C type the name that it has in Rust.

use std::collections::{HashMap, HashSet, VecDeque};
use std::fmt::Write;

use cgo_csyntax::selection::Item;

use crate::model::types::{Record, RecordKind, Signature, Type, TypeId, Typedef, Types};

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
    // C11 allows a typedef to be repeated, and clang tells of it each time.
    let mut typedefs: HashMap<&str, TypeId> = HashMap::new();
    // What Rust spells as C does comes before what it cannot.
    for spelled in [true, false] {
        for (id, ctype) in all() {
            if let Type::Typedef(Typedef { name, target, .. }) = ctype
                && is_spelled(name) == spelled
            {
                match typedefs.get(name.as_str()) {
                    Some(&first) if types.resolve(first) == types.resolve(id) => {
                        let name = names.names[&first].clone();
                        names.names.insert(id, name);
                    }
                    _ => {
                        names.give(id, name);
                        typedefs.insert(name, id);
                    }
                }
                // `typedef struct { .. } T;`: the record is T itself.
                if is_untagged(types.get(*target)) && !names.names.contains_key(target) {
                    let name = names.names[&id].clone();
                    names.names.insert(*target, name);
                }
            }
        }
        for (id, ctype) in all() {
            if let Some(name) = tagged(ctype).filter(|name| is_spelled(name) == spelled) {
                names.give(id, &name);
            }
        }
    }
    let mut waiting: VecDeque<(TypeId, String)> = VecDeque::new();
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
    while let Some((id, path)) = waiting.pop_front() {
        match types.get(id) {
            Type::Pointer(inner)
            | Type::Qualified(_, inner)
            | Type::Array { element: inner, .. } => waiting.push_back((*inner, path)),
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
fn members(record: &Record, path: &str, waiting: &mut VecDeque<(TypeId, String)>) {
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
        waiting.push_back((member.ctype, format!("{path}_{name}")));
    }
}

/// A type with a tag, as Rust has it.
fn tagged(ctype: &Type) -> Option<String> {
    let (keyword, tag) = match ctype {
        Type::Record(Record { kind, tag, .. }) => match kind {
            RecordKind::Struct => ("struct", tag),
            RecordKind::Union => ("union", tag),
        },
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

/// A C name as a Rust identifier: raw where it is a keyword of any edition, with `_` after those that cannot be raw.
pub fn identifier(name: &str) -> String {
    match name {
        "self" | "Self" | "super" | "crate" | "_" => format!("{name}_"),
        _ if is_keyword(name) => format!("r#{name}"),
        _ if name.is_ascii() && !name.contains('$') => name.to_string(),
        _ => name.chars().fold(String::new(), |mut rust, character| {
            match character {
                '$' => rust.push_str("_dollar_"),
                _ if character.is_ascii() || is_rusts(character) => rust.push(character),
                _ => _ = write!(rust, "_u{:x}_", u32::from(character)),
            }
            rust
        }),
    }
}

/// Letters beyond ASCII that are surely the same in Rust's identifiers: in scripts without marks that stand alone, and such as NFC keeps.
/// Compilers accept many more.
fn is_rusts(character: char) -> bool {
    character.is_alphabetic()
        && matches!(character,
            '\u{aa}'..='\u{2af}' | '\u{376}'..='\u{379}' | '\u{37b}'..='\u{559}' | '\u{1e00}'..='\u{1eff}'
            | '\u{3041}'..='\u{3096}' | '\u{30a1}'..='\u{30fa}' | '\u{4e00}'..='\u{9fff}' | '\u{ac00}'..='\u{d7a3}')
}

/// Rust's name for what stands in an `extern` block, where only ASCII may.
pub(crate) fn foreign(rust: &str) -> String {
    match rust.is_ascii() {
        true => rust.to_string(),
        false => rust
            .chars()
            .fold("_cgo_".to_string(), |mut name, character| {
                match character.is_ascii() {
                    true => name.push(character),
                    false => _ = write!(name, "_u{:x}_", u32::from(character)),
                }
                name
            }),
    }
}

/// Whether Rust can spell the name, if as a raw identifier.
pub(crate) fn is_spelled(name: &str) -> bool {
    identifier(name).trim_start_matches("r#") == name
}

fn is_keyword(name: &str) -> bool {
    /// In the order of the alphabet.
    const KEYWORDS: [&str; 48] = [
        "abstract", "as", "async", "await", "become", "box", "break", "const", "continue", "do",
        "dyn", "else", "enum", "extern", "false", "final", "fn", "for", "gen", "if", "impl", "in",
        "let", "loop", "macro", "match", "mod", "move", "mut", "override", "priv", "pub", "ref",
        "return", "static", "struct", "trait", "true", "try", "type", "typeof", "unsafe",
        "unsized", "use", "virtual", "where", "while", "yield",
    ];
    KEYWORDS.binary_search(&name).is_ok()
}
