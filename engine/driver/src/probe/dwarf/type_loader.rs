//! Turns entries into the model's types.

use std::collections::{HashMap, VecDeque};

use cgo_codegen::model::types::{
    Base, Body, Encoding, Enum, Enumerator, Member, Qualifier, Record, RecordKind, Signature, Type,
    TypeId, Typedef, Types, Unsupported,
};

use super::entries::{DwarfUnit, EntryId};
use super::members;
use super::numbers as dw;

/// Loads types one after another. The types that a type names wait for their turn, so that a long chain takes no stack.
pub(super) struct TypeLoader<'a> {
    unit: &'a DwarfUnit<'a>,
    little_endian: bool,
    /// Whether functions may be without a prototype.
    old_style: bool,
    pub(super) types: Types,
    known: HashMap<EntryId, TypeId>,
    waiting: VecDeque<(EntryId, TypeId)>,
    void: Option<TypeId>,
}

impl<'a> TypeLoader<'a> {
    pub(super) fn new(
        unit: &'a DwarfUnit<'a>,
        little_endian: bool,
        old_style: bool,
    ) -> TypeLoader<'a> {
        TypeLoader {
            unit,
            little_endian,
            old_style,
            types: Types::default(),
            known: HashMap::new(),
            waiting: VecDeque::new(),
            void: None,
        }
    }

    fn add(&mut self, ctype: Type) -> TypeId {
        self.types.list.push(ctype);
        TypeId(self.types.list.len() as u32 - 1)
    }

    /// The type of an entry; no entry is `void`.
    pub(super) fn id_of(&mut self, entry: Option<EntryId>) -> TypeId {
        let Some(entry) = entry else {
            let void = self.void.unwrap_or_else(|| self.add(Type::Void));
            self.void = Some(void);
            return void;
        };
        if let Some(&known) = self.known.get(&entry) {
            return known;
        }
        let id = self.add(Type::Void);
        self.known.insert(entry, id);
        self.waiting.push_back((entry, id));
        id
    }

    pub(super) fn load(&mut self) {
        while let Some((entry, id)) = self.waiting.pop_front() {
            let loaded = self.ctype(entry);
            self.types.list[id.0 as usize] = loaded;
        }
    }

    fn ctype(&mut self, entry: EntryId) -> Type {
        let unit = self.unit;
        let target = unit.ctype(entry);
        let name = unit.name(entry);
        match unit.tag(entry) {
            dw::TAG_BASE_TYPE => Type::Base(Base {
                name: name.unwrap_or_default(),
                size: self.unit.unsigned(entry, dw::AT_BYTE_SIZE).unwrap_or(0),
                encoding: match self.is_in_target_order(entry) {
                    true => encoding(unit, entry),
                    false => Encoding::Other,
                },
            }),
            // C23 7.21.3: of a pointer's size and alignment.
            dw::TAG_UNSPECIFIED_TYPE
                if name.as_ref().is_some_and(|name| name.contains("nullptr")) =>
            {
                Type::Base(Base {
                    name: "__typeof__(nullptr)".to_string(),
                    size: unit.address_size,
                    encoding: Encoding::Null,
                })
            }
            dw::TAG_UNSPECIFIED_TYPE => Type::Void,
            dw::TAG_POINTER_TYPE => Type::Pointer(self.id_of(target)),
            dw::TAG_CONST_TYPE => Type::Qualified(Qualifier::Const, self.id_of(target)),
            dw::TAG_VOLATILE_TYPE => Type::Qualified(Qualifier::Volatile, self.id_of(target)),
            dw::TAG_RESTRICT_TYPE => Type::Qualified(Qualifier::Restrict, self.id_of(target)),
            dw::TAG_ATOMIC_TYPE => Type::Qualified(Qualifier::Atomic, self.id_of(target)),
            // clang's own names for what gcc describes as base types.
            dw::TAG_TYPEDEF if name.as_deref() == Some("__int128_t") => {
                Type::Base(int128("__int128", Encoding::Signed))
            }
            dw::TAG_TYPEDEF if name.as_deref() == Some("__uint128_t") => {
                Type::Base(int128("unsigned __int128", Encoding::Unsigned))
            }
            dw::TAG_TYPEDEF => Type::Typedef(Typedef {
                name: name.unwrap_or_default(),
                target: self.id_of(target),
                align: self.unit.unsigned(entry, dw::AT_ALIGNMENT),
            }),
            dw::TAG_ARRAY_TYPE => self.array(entry, target),
            dw::TAG_SUBROUTINE_TYPE => Type::Function(self.signature(entry)),
            dw::TAG_STRUCTURE_TYPE => Type::Record(self.record(entry, RecordKind::Struct, name)),
            dw::TAG_UNION_TYPE => Type::Record(self.record(entry, RecordKind::Union, name)),
            dw::TAG_ENUMERATION_TYPE => Type::Enum(self.enumeration(entry, name)),
            other => Type::Unsupported(Unsupported::Tag(other)),
        }
    }

    /// The signatures of the functions that are defined. Only the definition of a function without a prototype, `int f(a) int a; {}`,
    /// tells its parameters.
    pub(super) fn definitions(&mut self) -> HashMap<String, TypeId> {
        let unit = self.unit;
        let mut found = HashMap::new();
        for entry in unit.children(DwarfUnit::ROOT) {
            if unit.tag(entry) == dw::TAG_SUBPROGRAM
                && let Some(name) = unit.name(entry)
            {
                let signature = self.signature(entry);
                found.insert(name, self.add(Type::Function(signature)));
            }
        }
        found
    }

    fn array(&mut self, entry: EntryId, element: Option<EntryId>) -> Type {
        let unit = self.unit;
        let mut counts = Vec::new();
        for child in unit.children(entry) {
            if unit.tag(child) == dw::TAG_SUBRANGE_TYPE {
                counts.push(count(unit, child));
            }
        }
        let mut array = self.id_of(element);
        if unit.flag(entry, dw::AT_GNU_VECTOR) {
            let count = counts.first().copied().flatten().unwrap_or(0);
            let size = unit.unsigned(entry, dw::AT_BYTE_SIZE);
            let each = members::unit_size(unit, element);
            let mut vector = Type::Vector {
                element: array,
                size: size.unwrap_or(count.saturating_mul(each)),
            };
            // What clang says of the elements alone is true of the whole.
            for qualifier in qualifiers(unit, element) {
                vector = Type::Qualified(qualifier, self.add(vector));
            }
            return vector;
        }
        // `int a[2][3]` is one entry with two ranges: an array of 2 of arrays of 3.
        for &count in counts.iter().skip(1).rev() {
            array = self.add(Type::Array {
                element: array,
                count,
            });
        }
        Type::Array {
            element: array,
            count: counts.first().copied().flatten(),
        }
    }

    fn signature(&mut self, entry: EntryId) -> Signature {
        let unit = self.unit;
        let result = self.id_of(unit.ctype(entry));
        let prototyped = unit.flag(entry, dw::AT_PROTOTYPED);
        // Only clang writes it. For gcc, `convention::mark` reads the declaration.
        let convention = unit.unsigned(entry, dw::AT_CALLING_CONVENTION);
        let mut parameters = Vec::new();
        let mut open = false;
        for child in unit.children(entry) {
            match unit.tag(child) {
                dw::TAG_FORMAL_PARAMETER => parameters.push(self.id_of(unit.ctype(child))),
                dw::TAG_UNSPECIFIED_PARAMETERS => open = true,
                _ => {}
            }
        }
        // Without a prototype, `f()`, the parameters are unspecified too, and that is no `...`. In C23 all have one, also `f(...)`, which
        // clang describes like that.
        let variadic = open && (prototyped || !self.old_style);
        Signature {
            result,
            parameters,
            variadic,
            unspecified: open && !variadic,
            convention: convention.is_some_and(|convention| convention != dw::CC_NORMAL),
        }
    }

    fn record(&mut self, entry: EntryId, kind: RecordKind, tag: Option<String>) -> Record {
        let unit = self.unit;
        if unit.flag(entry, dw::AT_DECLARATION) {
            return Record {
                kind,
                tag,
                body: None,
            };
        }
        let mut members = Vec::new();
        for child in unit.children(entry) {
            if unit.tag(child) == dw::TAG_MEMBER {
                let member = self.member(child);
                let size = members::unit_size(unit, unit.ctype(child));
                members.push(match members.last() {
                    Some(before) if kind == RecordKind::Struct => {
                        members::after(before, member, size)
                    }
                    _ => member,
                });
            }
        }
        Record {
            kind,
            tag,
            body: Some(Body {
                size: unit.unsigned(entry, dw::AT_BYTE_SIZE).unwrap_or(0),
                align: unit.unsigned(entry, dw::AT_ALIGNMENT),
                members,
                hidden_bits: false,
                packed: false,
                transparent: false,
            }),
        }
    }

    fn member(&mut self, entry: EntryId) -> Member {
        let unit = self.unit;
        Member {
            name: unit.name(entry),
            ctype: self.id_of(unit.ctype(entry)),
            align: unit.unsigned(entry, dw::AT_ALIGNMENT),
            position: members::position(unit, self.little_endian, entry),
        }
    }

    /// Whether a number has the byte order of the target: gcc's `scalar_storage_order` can give it the other one.
    fn is_in_target_order(&self, entry: EntryId) -> bool {
        let order = self.unit.unsigned(entry, dw::AT_ENDIANITY);
        order.is_none_or(|order| match self.little_endian {
            true => order != dw::END_BIG,
            false => order != dw::END_LITTLE,
        })
    }

    fn enumeration(&mut self, entry: EntryId, tag: Option<String>) -> Enum {
        let unit = self.unit;
        let signed = match unit.ctype(entry) {
            Some(underlying) => matches!(
                encoding(unit, underlying),
                Encoding::Signed | Encoding::SignedChar
            ),
            None => unit.unsigned(entry, dw::AT_ENCODING) == Some(dw::ATE_SIGNED),
        };
        let mut enumerators = Vec::new();
        for child in unit.children(entry) {
            if unit.tag(child) == dw::TAG_ENUMERATOR {
                let value = unit.integer(child, dw::AT_CONST_VALUE);
                let name = unit.name(child);
                enumerators.extend(name.map(|name| Enumerator { name, value }));
            }
        }
        Enum {
            tag,
            size: unit.unsigned(entry, dw::AT_BYTE_SIZE).unwrap_or(4),
            signed,
            enumerators,
        }
    }
}

/// Those of a type, also behind typedefs.
fn qualifiers(unit: &DwarfUnit<'_>, mut ctype: Option<EntryId>) -> Vec<Qualifier> {
    let mut found = Vec::new();
    for _ in 0..members::LONGEST_CHAIN {
        let Some(entry) = ctype else {
            break;
        };
        match unit.tag(entry) {
            dw::TAG_VOLATILE_TYPE => found.push(Qualifier::Volatile),
            dw::TAG_CONST_TYPE => found.push(Qualifier::Const),
            dw::TAG_TYPEDEF => {}
            _ => break,
        }
        ctype = unit.ctype(entry);
    }
    found
}

fn int128(name: &str, encoding: Encoding) -> Base {
    Base {
        name: name.to_string(),
        size: 16,
        encoding,
    }
}

/// The number of elements of one dimension; `None` for `[]`.
fn count(unit: &DwarfUnit<'_>, range: EntryId) -> Option<u64> {
    if let Some(count) = unit.unsigned(range, dw::AT_COUNT) {
        return Some(count);
    }
    // gcc gives an array of no elements the upper bound -1.
    if unit.signed(range, dw::AT_UPPER_BOUND) == Some(-1) {
        return Some(0);
    }
    unit.unsigned(range, dw::AT_UPPER_BOUND)?.checked_add(1)
}

fn encoding(unit: &DwarfUnit<'_>, entry: EntryId) -> Encoding {
    match unit.unsigned(entry, dw::AT_ENCODING) {
        Some(dw::ATE_BOOLEAN) => Encoding::Bool,
        Some(dw::ATE_SIGNED) => Encoding::Signed,
        Some(dw::ATE_UNSIGNED | dw::ATE_UTF) => Encoding::Unsigned,
        Some(dw::ATE_SIGNED_CHAR) => Encoding::SignedChar,
        Some(dw::ATE_UNSIGNED_CHAR) => Encoding::UnsignedChar,
        Some(dw::ATE_FLOAT) => Encoding::Float,
        Some(dw::ATE_COMPLEX_FLOAT) => Encoding::ComplexFloat,
        Some(dw::ATE_LO_USER) => Encoding::ComplexInteger,
        _ => Encoding::Other,
    }
}
