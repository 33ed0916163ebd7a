//! Reads the C types of the probes out of the object file's DWARF into plain data.
//!
//! `entries.rs` reads the entries, `forms.rs` the values of their attributes; here it is told what they mean.

mod entries;
mod forms;
mod numbers;

use std::collections::{HashMap, VecDeque};

use cgo_codegen::model::types::{
    Base, Body, Encoding, Enum, Member, Position, Qualifier, Record, RecordKind, Signature, Type,
    TypeId, Typedef, Types,
};

use crate::probe::object::ObjectFile;
use crate::probe::write;
use entries::{EntryId, Unit};
use numbers as dw;

/// The types of the items by their number; `None` for an item that was not asked about.
pub(crate) struct Described {
    pub(crate) types: Types,
    pub(crate) of_item: HashMap<usize, TypeId>,
    /// The functions that are defined, with the parameters of the definition.
    pub(crate) definitions: HashMap<String, TypeId>,
}

/// What the compiler said of a record at file scope.
pub(crate) struct Alignment {
    /// The item that it is.
    pub(crate) item: Option<usize>,
    pub(crate) align: u64,
}

/// Those records, by `struct S` or the typedef's name.
type Alignments = HashMap<String, Alignment>;

/// Reads what DWARF says of the probes.
pub(crate) fn read(object: &ObjectFile<'_>, alignments: &Alignments) -> Result<Described, String> {
    let units = entries::units(object)
        .ok_or("the compiler's debug information cannot be read: it is cut short or damaged")?;
    for unit in &units {
        if let Some(pointers) = item_pointers(unit) {
            return Ok(describe(object, unit, pointers, alignments));
        }
    }
    Ok(Described {
        types: Types::default(),
        of_item: HashMap::new(),
        definitions: HashMap::new(),
    })
}

fn describe(
    object: &ObjectFile<'_>,
    unit: &Unit<'_>,
    pointers: Vec<(usize, EntryId)>,
    alignments: &Alignments,
) -> Described {
    let mut loader = Loader {
        unit,
        little_endian: object.little_endian,
        alignments,
        types: Types::default(),
        known: HashMap::new(),
        waiting: VecDeque::new(),
        void: None,
    };
    let mut of_item = HashMap::new();
    for (item, pointer) in pointers {
        of_item.insert(item, loader.id_of(unit.ctype(pointer)));
    }
    loader.load();
    let definitions = loader.definitions();
    loader.load();
    loader.align_tagged(&of_item);
    loader.align_untagged();
    let clang = clang_version(unit);
    loader.types.splits_int128 = clang.is_some_and(|version| version < 18);
    loader.types.hides_whole_bit_fields = clang.is_some();
    Described {
        types: loader.types,
        of_item,
        definitions,
    }
}

/// The version, if the compiler is clang; one that no number can be read of is taken for the oldest.
fn clang_version(unit: &Unit<'_>) -> Option<u32> {
    let producer = unit.text(Unit::ROOT, dw::AT_PRODUCER)?;
    let (_, version) = producer.split_once("clang version ")?;
    let major = version.split('.').next()?.parse();
    Some(major.unwrap_or(0))
}

/// The pointer types in the probes' struct, with the number of the item each points to.
fn item_pointers(unit: &Unit<'_>) -> Option<Vec<(usize, EntryId)>> {
    let below = |id: EntryId, name: &str| {
        let children = unit.children(id);
        let mut named = children
            .into_iter()
            .filter(|child| unit.name(*child).as_deref() == Some(name));
        named.next()
    };
    let function = below(Unit::ROOT, write::FUNCTION)?;
    let members = unit.children(below(function, write::TYPES)?);
    let pointer = |member: EntryId| {
        let item = unit.name(member)?.strip_prefix("_cgo_")?.parse().ok()?;
        Some((item, unit.ctype(member)?))
    };
    Some(members.into_iter().filter_map(pointer).collect())
}

/// How many typedefs and qualifiers are followed to a size.
const LONGEST_CHAIN: usize = 1000;

/// Loads types one after another: each names others by their offset, which then wait for their turn. So a long chain
/// of types takes no stack.
struct Loader<'a> {
    unit: &'a Unit<'a>,
    little_endian: bool,
    alignments: &'a Alignments,
    types: Types,
    known: HashMap<EntryId, TypeId>,
    waiting: VecDeque<(EntryId, TypeId)>,
    void: Option<TypeId>,
}

impl Loader<'_> {
    fn add(&mut self, ctype: Type) -> TypeId {
        self.types.list.push(ctype);
        TypeId(self.types.list.len() as u32 - 1)
    }

    /// The type at an offset; no offset is `void`.
    fn id_of(&mut self, offset: Option<EntryId>) -> TypeId {
        let Some(offset) = offset else {
            let void = self.void.unwrap_or_else(|| self.add(Type::Void));
            self.void = Some(void);
            return void;
        };
        if let Some(&known) = self.known.get(&offset) {
            return known;
        }
        let id = self.add(Type::Void);
        self.known.insert(offset, id);
        self.waiting.push_back((offset, id));
        id
    }

    fn load(&mut self) {
        while let Some((offset, id)) = self.waiting.pop_front() {
            let loaded = self.one(offset);
            self.types.list[id.0 as usize] = loaded;
        }
    }

    fn one(&mut self, entry: EntryId) -> Type {
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
            // The compilers' own names, which gcc tells of as the types themselves.
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
            other => Type::Unknown(format!("that DWARF calls tag {other:#x}")),
        }
    }

    /// What the definitions of functions say of parameters. The type of one without a prototype, `int f(a) int a; {}`, says nothing.
    fn definitions(&mut self) -> HashMap<String, TypeId> {
        let unit = self.unit;
        let mut found = HashMap::new();
        for entry in unit.children(Unit::ROOT) {
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
            let each = element.and_then(|element| unit.unsigned(element, dw::AT_BYTE_SIZE));
            let size = unit.unsigned(entry, dw::AT_BYTE_SIZE);
            return Type::Vector {
                element: array,
                size: size.unwrap_or(count.saturating_mul(each.unwrap_or(0))),
            };
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
        // clang tells of conventions; for gcc the text of the declaration has to.
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
        // Without a prototype, `f()`, the parameters are unspecified too; that is no `...`.
        let variadic = open && prototyped && !parameters.is_empty();
        Signature {
            result,
            parameters,
            variadic,
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
                let size = self.unit_size(unit.ctype(child));
                members.push(match members.last() {
                    Some(before) if kind == RecordKind::Struct => after(before, member, size),
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
            }),
        }
    }

    fn member(&mut self, entry: EntryId) -> Member {
        let unit = self.unit;
        let position = match unit.unsigned(entry, dw::AT_BIT_SIZE) {
            Some(width) => {
                let offset = self.bit_offset(entry, width);
                let size = self.unit_size(unit.ctype(entry));
                // One that fills its type is a member like any other.
                match offset.is_multiple_of(8) && width == size.saturating_mul(8) {
                    true => Position::Byte(offset / 8),
                    false => Position::Bits { offset, width },
                }
            }
            // A union's members have no location: they are all at 0.
            None => Position::Byte(self.location(entry)),
        };
        Member {
            name: unit.name(entry),
            ctype: self.id_of(unit.ctype(entry)),
            align: unit.unsigned(entry, dw::AT_ALIGNMENT),
            position,
        }
    }

    fn location(&self, entry: EntryId) -> u64 {
        let location = self.unit.unsigned(entry, dw::AT_DATA_MEMBER_LOCATION);
        location.unwrap_or(0)
    }

    /// Where a bit-field starts. DWARF 4 has one number for it; DWARF 2 and 3, and clang still, say in which unit it lies and
    /// how many bits of the unit are above it (DWARF 3, 5.6.6). In a packed record that may be fewer than none.
    fn bit_offset(&self, entry: EntryId, width: u64) -> u64 {
        let unit = self.unit;
        if let Some(offset) = unit.unsigned(entry, dw::AT_DATA_BIT_OFFSET) {
            return offset;
        }
        let start = self.location(entry).wrapping_mul(8);
        // clang writes a negative one as an unsigned number of 64 bits.
        let unsigned = || Some(unit.unsigned(entry, dw::AT_BIT_OFFSET)? as i64);
        let Some(above) = unit.signed(entry, dw::AT_BIT_OFFSET).or_else(unsigned) else {
            return start;
        };
        if !self.little_endian {
            return start.wrapping_add_signed(above);
        }
        let size = match unit.unsigned(entry, dw::AT_BYTE_SIZE) {
            Some(size) => size,
            None => self.unit_size(unit.ctype(entry)),
        };
        let end = start.wrapping_add(size.wrapping_mul(8));
        end.wrapping_add_signed(above.wrapping_neg())
            .wrapping_sub(width)
    }

    /// The size of a bit-field's declared type, behind typedefs.
    fn unit_size(&self, mut ctype: Option<EntryId>) -> u64 {
        // Damaged entries could name each other in a circle.
        for _ in 0..LONGEST_CHAIN {
            let Some(entry) = ctype else {
                return 0;
            };
            if let Some(size) = self.unit.unsigned(entry, dw::AT_BYTE_SIZE) {
                return size;
            }
            ctype = self.unit.ctype(entry);
        }
        0
    }

    /// gcc's `scalar_storage_order` turns the bytes of numbers around.
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
                enumerators.extend(unit.name(child));
            }
        }
        Enum {
            tag,
            size: unit.unsigned(entry, dw::AT_BYTE_SIZE).unwrap_or(4),
            signed,
            enumerators,
        }
    }

    /// A record takes its alignment from its tag, unless the tag is another's at file scope: C has them in functions and
    /// prototypes too.
    fn align_tagged(&mut self, of_item: &HashMap<usize, TypeId>) {
        let mut of_tag: HashMap<String, Vec<usize>> = HashMap::new();
        for (index, ctype) in self.types.list.iter().enumerate() {
            if let Type::Record(Record {
                kind,
                tag: Some(tag),
                body: Some(_),
            }) = ctype
            {
                let word = match kind {
                    RecordKind::Struct => "struct",
                    RecordKind::Union => "union",
                };
                of_tag
                    .entry(format!("{word} {tag}"))
                    .or_default()
                    .push(index);
            }
        }
        for (name, records) in of_tag {
            let Some(asked) = self.alignments.get(&name) else {
                continue;
            };
            let item = asked.item.and_then(|item| of_item.get(&item));
            let asked_for = match (item, &records[..]) {
                (Some(id), _) => self.types.resolve(*id).0 as usize,
                (None, [only]) => *only,
                (None, _) => continue,
            };
            if let Type::Record(Record {
                body: Some(body), ..
            }) = &mut self.types.list[asked_for]
            {
                body.align = Some(asked.align);
            }
        }
    }

    /// A record without a tag takes its alignment from the typedef that names it.
    fn align_untagged(&mut self) {
        for index in 0..self.types.list.len() {
            let Type::Typedef(Typedef { name, target, .. }) = &self.types.list[index] else {
                continue;
            };
            let (Some(&Alignment { align: asked, .. }), target) =
                (self.alignments.get(name), target.0 as usize)
            else {
                continue;
            };
            if let Type::Record(Record {
                tag: None,
                body: Some(body),
                ..
            }) = &mut self.types.list[target]
                && body.align.is_none()
                // An attribute behind the typedef's name aligns the typedef alone; the record's size then need not
                // be a multiple.
                && body.size.is_multiple_of(asked)
            {
                body.align = Some(asked);
            }
        }
    }
}

/// clang tells a bit-field as wide as its type like any other member, by the byte that it starts in. Where that byte holds bits
/// of the one before, which only a packed record's can, it starts right after these.
fn after(before: &Member, member: Member, size: u64) -> Member {
    let (Position::Bits { offset, width }, Position::Byte(byte)) =
        (before.position, member.position)
    else {
        return member;
    };
    match offset.checked_add(width) {
        Some(end) if byte == end / 8 && end % 8 != 0 => Member {
            position: Position::Bits {
                offset: end,
                width: size.saturating_mul(8),
            },
            ..member
        },
        _ => member,
    }
}

fn int128(name: &str, encoding: Encoding) -> Base {
    Base {
        name: name.to_string(),
        size: 16,
        encoding,
    }
}

/// The number of elements of one dimension; `None` for `[]`.
fn count(unit: &Unit<'_>, range: EntryId) -> Option<u64> {
    if let Some(count) = unit.unsigned(range, dw::AT_COUNT) {
        return Some(count);
    }
    // gcc gives an array of no elements the upper bound -1.
    if unit.signed(range, dw::AT_UPPER_BOUND) == Some(-1) {
        return Some(0);
    }
    unit.unsigned(range, dw::AT_UPPER_BOUND)?.checked_add(1)
}

fn encoding(unit: &Unit<'_>, entry: EntryId) -> Encoding {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_follows_a_bit_field_starts_in_its_byte() {
        let member = |position| Member {
            name: None,
            ctype: TypeId(0),
            align: None,
            position,
        };
        let after = |offset, width, byte, size| {
            let before = member(Position::Bits { offset, width });
            after(&before, member(Position::Byte(byte)), size).position
        };
        let bits = |offset, width| Position::Bits { offset, width };
        assert_eq!(after(3, 8, 1, 4), bits(11, 32));
        assert_eq!(after(0, 8, 1, 4), Position::Byte(1));
        // Numbers that no compiler writes.
        assert_eq!(after(u64::MAX, 2, 0, 4), Position::Byte(0));
        assert_eq!(after(3, 8, 1, u64::MAX), bits(11, u64::MAX));
    }
}
