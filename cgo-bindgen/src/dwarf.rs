//! Reads the C types of the probes out of the object file's DWARF into plain data.

use std::collections::{HashMap, VecDeque};

use gimli::{
    AttributeValue, DebuggingInformationEntry, DwTag, Dwarf, EndianSlice, RunTimeEndian, SectionId,
    Unit, UnitOffset, constants as dw,
};

use cgo_emit::ctype::{
    Base, Body, Encoding, Enum, Member, Position, Qualifier, Record, RecordKind, Signature, Type,
    TypeId, Typedef, Types,
};

use crate::object_file::ObjectFile;
use crate::probe;

type Reader<'a> = EndianSlice<'a, RunTimeEndian>;
type Entry<'a> = DebuggingInformationEntry<Reader<'a>>;

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
pub(crate) fn read(object: &ObjectFile, alignments: &Alignments) -> Result<Described, String> {
    describe(object, alignments)
        .map_err(|error| format!("the compiler's debug information cannot be read: {error}"))
}

fn describe(object: &ObjectFile, alignments: &Alignments) -> gimli::Result<Described> {
    let endian = if object.little_endian {
        RunTimeEndian::Little
    } else {
        RunTimeEndian::Big
    };
    let load = |id: SectionId| {
        gimli::Result::Ok(EndianSlice::new(object.debug_section(id.name()), endian))
    };
    let dwarf = Dwarf::load(load)?;
    let mut units = dwarf.units();
    while let Some(header) = units.next()? {
        let unit = dwarf.unit(header)?;
        if let Some(pointers) = item_pointers(&dwarf, &unit)? {
            let mut loader = Loader {
                dwarf: &dwarf,
                unit: &unit,
                little_endian: object.little_endian,
                alignments,
                types: Types::default(),
                known: HashMap::new(),
                waiting: VecDeque::new(),
                void: None,
            };
            let mut of_item = HashMap::new();
            for (item, pointer) in pointers {
                let pointee = attribute_reference(&unit.entry(pointer)?, dw::DW_AT_type);
                of_item.insert(item, loader.id_of(pointee));
            }
            loader.load()?;
            let definitions = loader.definitions()?;
            loader.load()?;
            loader.align_tagged(&of_item);
            loader.align_untagged();
            loader.types.splits_int128 = splits_int128(&dwarf, &unit)?;
            return Ok(Described {
                types: loader.types,
                of_item,
                definitions,
            });
        }
    }
    Ok(Described {
        types: Types::default(),
        of_item: HashMap::new(),
        definitions: HashMap::new(),
    })
}

fn splits_int128(dwarf: &Dwarf<Reader<'_>>, unit: &Unit<Reader<'_>>) -> gimli::Result<bool> {
    let mut tree = unit.entries_tree(None)?;
    let root = tree.root()?;
    let Some(producer) = root.entry().attr_value(dw::DW_AT_producer) else {
        return Ok(false);
    };
    let producer = dwarf.attr_string(unit, producer)?.to_string_lossy();
    let version = producer
        .split_once("clang version ")
        .map(|(_, version)| version);
    let major = version.and_then(|version| version.split('.').next()?.parse::<u32>().ok());
    Ok(version.is_some() && major.is_none_or(|major| major < 18))
}

/// The pointer types in the probes' struct, with the number of the item each points to.
fn item_pointers(
    dwarf: &Dwarf<Reader<'_>>,
    unit: &Unit<Reader<'_>>,
) -> gimli::Result<Option<Vec<(usize, UnitOffset)>>> {
    let mut tree = unit.entries_tree(None)?;
    let mut functions = tree.root()?.children();
    while let Some(function) = functions.next()? {
        if name_of(dwarf, unit, function.entry())?.as_deref() != Some(probe::FUNCTION) {
            continue;
        }
        let mut locals = function.children();
        while let Some(local) = locals.next()? {
            if name_of(dwarf, unit, local.entry())?.as_deref() != Some(probe::TYPES) {
                continue;
            }
            let mut pointers = Vec::new();
            let mut members = local.children();
            while let Some(member) = members.next()? {
                let name = name_of(dwarf, unit, member.entry())?.unwrap_or_default();
                let item = name
                    .strip_prefix("_cgo_")
                    .and_then(|number| number.parse().ok());
                if let (Some(item), Some(pointer)) =
                    (item, attribute_reference(member.entry(), dw::DW_AT_type))
                {
                    pointers.push((item, pointer));
                }
            }
            return Ok(Some(pointers));
        }
    }
    Ok(None)
}

fn attribute_reference(entry: &Entry<'_>, name: dw::DwAt) -> Option<UnitOffset> {
    match entry.attr_value(name)? {
        AttributeValue::UnitRef(offset) => Some(offset),
        _ => None,
    }
}

fn name_of(
    dwarf: &Dwarf<Reader<'_>>,
    unit: &Unit<Reader<'_>>,
    entry: &Entry<'_>,
) -> gimli::Result<Option<String>> {
    let Some(value) = entry.attr_value(dw::DW_AT_name) else {
        return Ok(None);
    };
    Ok(Some(
        dwarf
            .attr_string(unit, value)?
            .to_string_lossy()
            .into_owned(),
    ))
}

fn unsigned(entry: &Entry<'_>, name: dw::DwAt) -> Option<u64> {
    entry.attr_value(name)?.udata_value()
}

fn flag(entry: &Entry<'_>, name: dw::DwAt) -> bool {
    matches!(entry.attr_value(name), Some(AttributeValue::Flag(true)))
}

/// Loads types one after another: each names others by their offset, which then wait for their turn. So a long chain
/// of types takes no stack.
struct Loader<'a, 'd> {
    dwarf: &'d Dwarf<Reader<'a>>,
    unit: &'d Unit<Reader<'a>>,
    little_endian: bool,
    alignments: &'d Alignments,
    types: Types,
    known: HashMap<UnitOffset, TypeId>,
    waiting: VecDeque<(UnitOffset, TypeId)>,
    void: Option<TypeId>,
}

impl<'a> Loader<'a, '_> {
    fn add(&mut self, ctype: Type) -> TypeId {
        self.types.list.push(ctype);
        TypeId(self.types.list.len() as u32 - 1)
    }

    /// The type at an offset; no offset is `void`.
    fn id_of(&mut self, offset: Option<UnitOffset>) -> TypeId {
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

    fn load(&mut self) -> gimli::Result<()> {
        while let Some((offset, id)) = self.waiting.pop_front() {
            let loaded = self.one(offset)?;
            self.types.list[id.0 as usize] = loaded;
        }
        Ok(())
    }

    fn one(&mut self, offset: UnitOffset) -> gimli::Result<Type> {
        let entry = self.unit.entry(offset)?;
        let target = attribute_reference(&entry, dw::DW_AT_type);
        let name = name_of(self.dwarf, self.unit, &entry)?;
        Ok(match entry.tag() {
            dw::DW_TAG_base_type => Type::Base(Base {
                name: name.unwrap_or_default(),
                size: unsigned(&entry, dw::DW_AT_byte_size).unwrap_or(0),
                encoding: match self.is_in_target_order(&entry) {
                    true => encoding(&entry),
                    false => Encoding::Other,
                },
            }),
            // C23 7.21.3: of a pointer's size and alignment.
            dw::DW_TAG_unspecified_type
                if name.as_ref().is_some_and(|name| name.contains("nullptr")) =>
            {
                Type::Base(Base {
                    name: "__typeof__(nullptr)".to_string(),
                    size: u64::from(self.unit.encoding().address_size),
                    encoding: Encoding::Null,
                })
            }
            dw::DW_TAG_unspecified_type => Type::Void,
            dw::DW_TAG_pointer_type => Type::Pointer(self.id_of(target)),
            dw::DW_TAG_const_type => Type::Qualified(Qualifier::Const, self.id_of(target)),
            dw::DW_TAG_volatile_type | dw::DW_TAG_restrict_type => {
                Type::Qualified(Qualifier::Other, self.id_of(target))
            }
            dw::DW_TAG_atomic_type => Type::Qualified(Qualifier::Atomic, self.id_of(target)),
            dw::DW_TAG_typedef => Type::Typedef(Typedef {
                name: name.unwrap_or_default(),
                target: self.id_of(target),
                align: unsigned(&entry, dw::DW_AT_alignment),
            }),
            dw::DW_TAG_array_type => self.array(offset, &entry, target)?,
            dw::DW_TAG_subroutine_type => Type::Function(self.signature(offset, &entry)?),
            dw::DW_TAG_structure_type => {
                Type::Record(self.record(offset, &entry, RecordKind::Struct, name)?)
            }
            dw::DW_TAG_union_type => {
                Type::Record(self.record(offset, &entry, RecordKind::Union, name)?)
            }
            dw::DW_TAG_enumeration_type => Type::Enum(self.enumeration(offset, &entry, name)?),
            other => Type::Unknown(tag_name(other)),
        })
    }

    /// What the definitions of functions say of parameters. The type of one without a prototype, `int f(a) int a; {}`, says nothing.
    fn definitions(&mut self) -> gimli::Result<HashMap<String, TypeId>> {
        let unit = self.unit;
        let mut found = HashMap::new();
        let mut tree = unit.entries_tree(None)?;
        let mut entries = tree.root()?.children();
        while let Some(entry) = entries.next()? {
            let entry = entry.entry();
            if entry.tag() == dw::DW_TAG_subprogram
                && let Some(name) = name_of(self.dwarf, unit, entry)?
            {
                let signature = self.signature(entry.offset(), entry)?;
                found.insert(name, self.add(Type::Function(signature)));
            }
        }
        Ok(found)
    }

    /// Calls `visit` for each entry directly below the one at `offset`.
    fn children(
        &mut self,
        offset: UnitOffset,
        mut visit: impl FnMut(&mut Self, &Entry<'a>) -> gimli::Result<()>,
    ) -> gimli::Result<()> {
        let unit = self.unit;
        let mut tree = unit.entries_tree(Some(offset))?;
        let mut children = tree.root()?.children();
        while let Some(child) = children.next()? {
            visit(self, child.entry())?;
        }
        Ok(())
    }

    fn array(
        &mut self,
        offset: UnitOffset,
        entry: &Entry<'a>,
        element: Option<UnitOffset>,
    ) -> gimli::Result<Type> {
        let mut counts = Vec::new();
        self.children(offset, |_, child| {
            if child.tag() == dw::DW_TAG_subrange_type {
                counts.push(count(child));
            }
            Ok(())
        })?;
        let mut array = self.id_of(element);
        if flag(entry, dw::DW_AT_GNU_vector) {
            let count = counts.first().copied().flatten().unwrap_or(0);
            let each = element.map_or(Ok(0), |offset| {
                self.unit
                    .entry(offset)
                    .map(|entry| unsigned(&entry, dw::DW_AT_byte_size).unwrap_or(0))
            })?;
            return Ok(Type::Vector {
                element: array,
                size: unsigned(entry, dw::DW_AT_byte_size).unwrap_or(count * each),
            });
        }
        // `int a[2][3]` is one entry with two ranges: an array of 2 of arrays of 3.
        for &count in counts.iter().skip(1).rev() {
            array = self.add(Type::Array {
                element: array,
                count,
            });
        }
        Ok(Type::Array {
            element: array,
            count: counts.first().copied().flatten(),
        })
    }

    fn signature(&mut self, offset: UnitOffset, entry: &Entry<'a>) -> gimli::Result<Signature> {
        let result = self.id_of(attribute_reference(entry, dw::DW_AT_type));
        let prototyped = flag(entry, dw::DW_AT_prototyped);
        // clang tells of conventions; for gcc the text of the declaration has to.
        let convention = match entry.attr_value(dw::DW_AT_calling_convention) {
            Some(AttributeValue::CallingConvention(convention)) => convention != dw::DW_CC_normal,
            _ => false,
        };
        let mut parameters = Vec::new();
        let mut open = false;
        self.children(offset, |loader, child| {
            match child.tag() {
                dw::DW_TAG_formal_parameter => {
                    parameters.push(loader.id_of(attribute_reference(child, dw::DW_AT_type)));
                }
                dw::DW_TAG_unspecified_parameters => open = true,
                _ => {}
            }
            Ok(())
        })?;
        // Without a prototype, `f()`, the parameters are unspecified too; that is no `...`.
        let variadic = open && prototyped && !parameters.is_empty();
        Ok(Signature {
            result,
            parameters,
            variadic,
            convention,
        })
    }

    fn record(
        &mut self,
        offset: UnitOffset,
        entry: &Entry<'a>,
        kind: RecordKind,
        tag: Option<String>,
    ) -> gimli::Result<Record> {
        if flag(entry, dw::DW_AT_declaration) {
            return Ok(Record {
                kind,
                tag,
                body: None,
            });
        }
        let mut members = Vec::new();
        self.children(offset, |loader, child| {
            if child.tag() == dw::DW_TAG_member {
                let member = loader.member(child)?;
                let size = loader.unit_size(attribute_reference(child, dw::DW_AT_type))?;
                members.push(match members.last() {
                    Some(before) if kind == RecordKind::Struct => after(before, member, size),
                    _ => member,
                });
            }
            Ok(())
        })?;
        let align = unsigned(entry, dw::DW_AT_alignment);
        let size = unsigned(entry, dw::DW_AT_byte_size).unwrap_or(0);
        Ok(Record {
            kind,
            tag,
            body: Some(Body {
                size,
                align,
                members,
                hidden_bits: false,
                packed: false,
            }),
        })
    }

    fn member(&mut self, entry: &Entry<'a>) -> gimli::Result<Member> {
        let position = match unsigned(entry, dw::DW_AT_bit_size) {
            Some(width) => {
                let offset = self.bit_offset(entry, width)?;
                let size = self.unit_size(attribute_reference(entry, dw::DW_AT_type))?;
                // One that fills its type is a member like any other.
                match offset % 8 == 0 && width == 8 * size {
                    true => Position::Byte(offset / 8),
                    false => Position::Bits { offset, width },
                }
            }
            // A union's members have no location: they are all at 0.
            None => Position::Byte(unsigned(entry, dw::DW_AT_data_member_location).unwrap_or(0)),
        };
        Ok(Member {
            name: name_of(self.dwarf, self.unit, entry)?,
            ctype: self.id_of(attribute_reference(entry, dw::DW_AT_type)),
            align: unsigned(entry, dw::DW_AT_alignment),
            position,
        })
    }

    /// Where a bit-field starts. DWARF 4 has one number for it; DWARF 2 and 3, and clang still, say in which unit it lies and
    /// how many bits of the unit are above it (DWARF 3, 5.6.6). In a packed record that may be fewer than none.
    fn bit_offset(&self, entry: &Entry<'a>, width: u64) -> gimli::Result<u64> {
        if let Some(offset) = unsigned(entry, dw::DW_AT_data_bit_offset) {
            return Ok(offset);
        }
        let start = 8 * unsigned(entry, dw::DW_AT_data_member_location).unwrap_or(0);
        let Some(above) = entry.attr_value(dw::DW_AT_bit_offset) else {
            return Ok(start);
        };
        let above = above
            .sdata_value()
            .or(above.udata_value().map(|bits| bits as i64))
            .unwrap_or(0);
        if !self.little_endian {
            return Ok(start.wrapping_add_signed(above));
        }
        let unit = match unsigned(entry, dw::DW_AT_byte_size) {
            Some(size) => size,
            None => self.unit_size(attribute_reference(entry, dw::DW_AT_type))?,
        };
        let end = (start + 8 * unit).wrapping_add_signed(above.wrapping_neg());
        Ok(end.wrapping_sub(width))
    }

    /// The size of a bit-field's declared type, behind typedefs.
    fn unit_size(&self, mut ctype: Option<UnitOffset>) -> gimli::Result<u64> {
        while let Some(offset) = ctype {
            let entry = self.unit.entry(offset)?;
            if let Some(size) = unsigned(&entry, dw::DW_AT_byte_size) {
                return Ok(size);
            }
            ctype = attribute_reference(&entry, dw::DW_AT_type);
        }
        Ok(0)
    }

    /// gcc's `scalar_storage_order` turns the bytes of numbers around.
    fn is_in_target_order(&self, entry: &Entry<'a>) -> bool {
        match entry.attr_value(dw::DW_AT_endianity) {
            Some(AttributeValue::Endianity(order)) => match self.little_endian {
                true => order != dw::DW_END_big,
                false => order != dw::DW_END_little,
            },
            _ => true,
        }
    }

    fn enumeration(
        &mut self,
        offset: UnitOffset,
        entry: &Entry<'a>,
        tag: Option<String>,
    ) -> gimli::Result<Enum> {
        let size = unsigned(entry, dw::DW_AT_byte_size).unwrap_or(4);
        let signed = match attribute_reference(entry, dw::DW_AT_type) {
            Some(underlying) => {
                let underlying = self.unit.entry(underlying)?;
                matches!(
                    encoding(&underlying),
                    Encoding::Signed | Encoding::SignedChar
                )
            }
            None => match entry.attr_value(dw::DW_AT_encoding) {
                Some(AttributeValue::Encoding(encoding)) => encoding == dw::DW_ATE_signed,
                _ => false,
            },
        };
        let mut enumerators = Vec::new();
        self.children(offset, |loader, child| {
            if child.tag() == dw::DW_TAG_enumerator {
                enumerators.extend(name_of(loader.dwarf, loader.unit, child)?);
            }
            Ok(())
        })?;
        Ok(Enum {
            tag,
            size,
            signed,
            enumerators,
        })
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
    match (before.position, member.position) {
        (Position::Bits { offset, width }, Position::Byte(byte))
            if byte == (offset + width) / 8 && (offset + width) % 8 != 0 =>
        {
            let position = Position::Bits {
                offset: offset + width,
                width: 8 * size,
            };
            Member { position, ..member }
        }
        _ => member,
    }
}

/// The number of elements of one dimension; `None` for `[]`.
fn count(range: &Entry<'_>) -> Option<u64> {
    if let Some(count) = unsigned(range, dw::DW_AT_count) {
        return Some(count);
    }
    // gcc gives an array of no elements the upper bound -1.
    match range.attr_value(dw::DW_AT_upper_bound)?.sdata_value() {
        Some(-1) => Some(0),
        Some(bound) => u64::try_from(bound).ok()?.checked_add(1),
        None => unsigned(range, dw::DW_AT_upper_bound)?.checked_add(1),
    }
}

fn encoding(entry: &Entry<'_>) -> Encoding {
    let Some(AttributeValue::Encoding(encoding)) = entry.attr_value(dw::DW_AT_encoding) else {
        return Encoding::Other;
    };
    match encoding {
        dw::DW_ATE_boolean => Encoding::Bool,
        dw::DW_ATE_signed => Encoding::Signed,
        dw::DW_ATE_unsigned | dw::DW_ATE_UTF => Encoding::Unsigned,
        dw::DW_ATE_signed_char => Encoding::SignedChar,
        dw::DW_ATE_unsigned_char => Encoding::UnsignedChar,
        dw::DW_ATE_float => Encoding::Float,
        dw::DW_ATE_complex_float => Encoding::ComplexFloat,
        _ => Encoding::Other,
    }
}

fn tag_name(tag: DwTag) -> String {
    tag.static_string().unwrap_or("an unknown tag").to_string()
}
