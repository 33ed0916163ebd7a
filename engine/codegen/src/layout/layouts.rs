//! The sizes, alignments and forms of the types of a preamble, as Rust has them.

use std::cell::RefCell;
use std::collections::HashMap;

use cgo_csyntax::target::Target;

use crate::layout::obstacles::NotByValue;
use crate::model::probe_results::{BaseKind, BaseTypes};
use crate::model::types::{
    Base, Body, Encoding, Member, Position, Record, RecordKind, Type, TypeId, Types,
};

/// The largest `repr(align)`.
const LARGEST_REPR_ALIGN: u64 = 1 << 29;

/// How a record is written in Rust.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum RecordForm {
    /// Fields in order, with padding where Rust would not leave the same gap.
    Fields { repr: Repr, pieces: Vec<Piece> },
    /// Bytes with accessors: no arrangement of fields has this layout in Rust.
    Bytes,
}

/// What stands in `#[repr(C, ..)]` behind the `C`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Repr {
    Natural,
    Packed(u64),
    Aligned(u64),
}

/// One part of a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Piece {
    /// The member with this index.
    Member(usize),
    /// So many bytes without a name.
    Padding(u64),
    /// So many bytes that hold bit-fields.
    Bits(u64),
}

/// What one of Rust's atomics holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Atomic {
    Bool,
    Integer { size: u64, signed: bool },
    Pointer(TypeId),
}

/// The layouts of all types of a preamble.
pub(crate) struct Layouts<'a> {
    pub(crate) types: &'a Types,
    pub(crate) target: &'a Target,
    bases: &'a BaseTypes,
    facts: HashMap<TypeId, Facts>,
    /// What keeps each record from being passed by value, kept since many functions pass the same record.
    pub(super) by_value: RefCell<HashMap<TypeId, Option<NotByValue>>>,
}

/// What was decided about a complete record.
struct Facts {
    form: RecordForm,
    /// Kept, since each level of a nested record would compute that of the next more than once.
    align: u64,
    /// How many records and arrays with fields and elements are nested in it.
    depth: usize,
    /// A record with `repr(align)` lies inside.
    holds_aligned: bool,
    /// A field of it, or of a record inside, is `_Atomic`.
    holds_atomic: bool,
    /// A member of it, or of a record inside, is volatile.
    holds_volatile: bool,
    has_debug: bool,
}

impl<'a> Layouts<'a> {
    /// Without any record yet.
    pub(super) fn new(types: &'a Types, bases: &'a BaseTypes, target: &'a Target) -> Layouts<'a> {
        Layouts {
            types,
            target,
            bases,
            facts: HashMap::new(),
            by_value: RefCell::default(),
        }
    }

    /// Adds a complete record, all records inside of which have been added; `None` for a form stands for bytes. Records with fields
    /// nest no deeper than `deepest`.
    pub(super) fn add(
        &mut self,
        id: TypeId,
        kind: RecordKind,
        body: &Body,
        form: Option<RecordForm>,
        deepest: usize,
    ) {
        let inner = body.members.iter().map(|member| self.depth(member.ctype));
        let depth = inner.max().unwrap_or(0) + 1;
        let form = form.filter(|_| depth <= deepest);
        let form = form.unwrap_or(RecordForm::Bytes);
        let is_bytes = form == RecordForm::Bytes;
        let facts = Facts {
            depth: if is_bytes { 1 } else { depth },
            align: self.record_align(body),
            holds_aligned: self.holds_aligned(body),
            holds_atomic: !is_bytes && self.any(body, |id| self.has_atomic(id)),
            holds_volatile: self.holds_volatile(body),
            // Unions do not know what they hold, and a packed record's fields cannot be borrowed. Bytes are shown by their name.
            has_debug: match form {
                RecordForm::Bytes => true,
                RecordForm::Fields {
                    repr: Repr::Packed(_),
                    ..
                } => false,
                RecordForm::Fields { .. } => {
                    kind == RecordKind::Struct && !self.any(body, |id| !self.has_debug(id))
                }
            },
            form,
        };
        self.facts.insert(id, facts);
    }

    pub(super) fn has(&self, id: TypeId) -> bool {
        self.facts.contains_key(&id)
    }

    /// The form of a complete record.
    pub(crate) fn form(&self, id: TypeId) -> Option<&RecordForm> {
        self.facts.get(&id).map(|facts| &facts.form)
    }

    /// Whether the record implements `Debug`.
    pub(crate) fn record_has_debug(&self, id: TypeId) -> bool {
        self.facts.get(&id).is_some_and(|facts| facts.has_debug)
    }

    /// Has the record implement `Debug` although not all that is in it does.
    pub(crate) fn show(&mut self, id: TypeId) {
        if let Some(facts) = self.facts.get_mut(&id) {
            facts.has_debug = true;
        }
    }

    /// Whether the Rust type of a field implements `Debug`. An imported record does so by the same rule.
    pub(crate) fn has_debug(&self, id: TypeId) -> bool {
        // Something volatile would be read.
        if self.types.is_volatile(id) && !self.is_copied(id) {
            return false;
        }
        let id = self.types.resolve(id);
        match self.types.get(id) {
            Type::Array { element, .. } => self.has_debug(*element),
            Type::Record(_) => self.record_has_debug(id),
            Type::Vector { .. } | Type::Unsupported(_) => false,
            // core implements it for functions of at most 12 parameters, and not for variadic ones.
            Type::Pointer(pointee) => match self.types.get(self.types.resolve(*pointee)) {
                Type::Function(signature) => {
                    signature.parameters.len() <= 12 && !signature.variadic
                }
                _ => true,
            },
            Type::Base(base) => base.has_rust_type(),
            _ => true,
        }
    }

    fn any(&self, body: &Body, is_one: impl Fn(TypeId) -> bool) -> bool {
        body.members.iter().any(|member| is_one(member.ctype))
    }

    fn depth(&self, id: TypeId) -> usize {
        let (mut id, mut depth) = (self.types.resolve(id), 0);
        while let Type::Array { element, .. } = self.types.get(id) {
            (id, depth) = (self.types.resolve(*element), depth + 1);
        }
        depth + self.facts.get(&id).map_or(0, |facts| facts.depth)
    }

    /// The type behind arrays.
    pub(super) fn inner_record(&self, id: TypeId) -> TypeId {
        let mut id = self.types.resolve(id);
        while let Type::Array { element, .. } = self.types.get(id) {
            id = self.types.resolve(*element);
        }
        id
    }

    /// The size in bytes, which is the same in C and Rust; `None` for a type without a size, and one that is too big for Rust.
    pub(crate) fn size(&self, id: TypeId) -> Option<u64> {
        if self.is_too_big(id) {
            return None;
        }
        let size = self.plain_size(id)?;
        Some(match self.types.is_atomic(id) {
            true => self.bases.atomic_size(size),
            false => size,
        })
    }

    /// Whether Rust has no type of this size or alignment.
    pub(crate) fn is_too_big(&self, id: TypeId) -> bool {
        // rustc's `obj_size_bound`.
        let bound = match self.pointer_size() {
            8 => 1 << 61,
            4 => 1 << 31,
            _ => 1 << 15,
        };
        match self.types.get(self.types.resolve(id)) {
            Type::Array { element, count } => {
                let size = self.plain_size(*element).unwrap_or(0);
                let size = size.checked_mul(count.unwrap_or(0));
                self.is_too_big(*element) || size.is_none_or(|size| size >= bound)
            }
            Type::Record(Record {
                body: Some(body), ..
            }) => body.size >= bound || self.record_align(body) > LARGEST_REPR_ALIGN,
            _ => false,
        }
    }

    /// The size of a type that may be too big for Rust.
    pub(crate) fn plain_size(&self, id: TypeId) -> Option<u64> {
        Some(match self.types.get(self.types.resolve(id)) {
            Type::Base(base) => base.size,
            Type::Pointer(_) => self.bases.pointer().size,
            Type::Array { element, count } => {
                self.size(*element)?.checked_mul(count.unwrap_or(0))?
            }
            Type::Vector { size, .. } => *size,
            Type::Record(Record {
                body: Some(body), ..
            }) => body.size,
            Type::Enum(e) => e.size,
            _ => return None,
        })
    }

    /// The alignment that the Rust type for this C type has.
    pub(crate) fn align(&self, id: TypeId) -> u64 {
        let plain = self.plain_align(id);
        match self.size(id) {
            // An atomic that one instruction can read may be aligned to its size.
            Some(size) if self.types.is_atomic(id) => {
                plain.max(self.bases.alignment(BaseKind::Atomic, size).unwrap_or(1))
            }
            _ => plain,
        }
    }

    /// What Rust's atomic for an `_Atomic` type holds; `None` if no atomic of Rust has its size and alignment.
    pub(crate) fn atomic(&self, id: TypeId) -> Option<Atomic> {
        let size = self
            .size(id)
            .filter(|size| self.types.is_atomic(id) && self.align(id) == *size)?;
        let widths = &self.target.atomic_widths;
        // Rust's atomic of 128 bits is unstable.
        if size > 8 || !widths.iter().any(|width| u64::from(*width) == 8 * size) {
            return None;
        }
        match self.types.get(self.types.resolve(id)) {
            Type::Pointer(pointee) => Some(Atomic::Pointer(*pointee)),
            Type::Enum(e) => Some(Atomic::Integer {
                size,
                signed: e.signed,
            }),
            Type::Base(base) if base.has_rust_type() => match base.encoding {
                Encoding::Bool => Some(Atomic::Bool),
                Encoding::Signed | Encoding::SignedChar => {
                    Some(Atomic::Integer { size, signed: true })
                }
                Encoding::Unsigned | Encoding::UnsignedChar => Some(Atomic::Integer {
                    size,
                    signed: false,
                }),
                _ => None,
            },
            _ => None,
        }
    }

    /// Whether it is `_Atomic`, or an array or record with such a member: then it cannot be copied.
    pub(crate) fn has_atomic(&self, id: TypeId) -> bool {
        if self.types.is_atomic(id) {
            return true;
        }
        let resolved = self.types.resolve(id);
        match self.types.get(resolved) {
            Type::Array { element, .. } => self.has_atomic(*element),
            Type::Record(_) => self
                .facts
                .get(&resolved)
                .is_some_and(|facts| facts.holds_atomic),
            _ => false,
        }
    }

    /// Whether it is volatile, or an array or record with such a member: then it changes behind a shared reference, as an atomic does.
    pub(crate) fn has_volatile(&self, id: TypeId) -> bool {
        let resolved = self.types.resolve(id);
        let inside = match self.types.get(resolved) {
            Type::Array { element, .. } => self.has_volatile(*element),
            Type::Record(_) => {
                let mut facts = self.facts.get(&resolved).into_iter();
                facts.any(|facts| facts.holds_volatile)
            }
            _ => false,
        };
        inside || self.types.is_volatile(id) && !self.types.is_atomic(id)
    }

    /// Whether its Rust type is `Copy`, without its outermost qualifiers.
    pub(crate) fn is_copied(&self, id: TypeId) -> bool {
        let resolved = self.types.resolve(id);
        match self.types.get(resolved) {
            Type::Array { element, .. } => self.is_copied(*element),
            _ => !self
                .facts
                .get(&resolved)
                .is_some_and(|facts| facts.holds_atomic || facts.holds_volatile),
        }
    }

    pub(crate) fn holds_volatile(&self, body: &Body) -> bool {
        let mut members = body.members.iter();
        members.any(|member| self.has_volatile(member.ctype))
    }

    fn plain_align(&self, id: TypeId) -> u64 {
        match self.types.get(self.types.resolve(id)) {
            Type::Base(base) => self.base_align(base),
            Type::Pointer(_) => self.bases.pointer().align,
            Type::Array { element, .. } => self.align(*element),
            Type::Record(_) => {
                let decided = self.facts.get(&self.types.resolve(id));
                decided.map_or(1, |facts| facts.align)
            }
            Type::Enum(e) => self.bases.alignment(BaseKind::Integer, e.size).unwrap_or(1),
            Type::Vector { size, .. } => self.bases.vector_alignment(*size),
            _ => 1,
        }
    }

    pub(crate) fn base_align(&self, base: &Base) -> u64 {
        let align = match base.encoding {
            Encoding::ComplexFloat => self.bases.alignment(BaseKind::Float, base.size / 2),
            Encoding::ComplexInteger => self.bases.alignment(BaseKind::Integer, base.size / 2),
            Encoding::Float => self.bases.alignment(BaseKind::Float, base.size),
            _ => self.bases.alignment(BaseKind::Integer, base.size),
        };
        align.unwrap_or(1)
    }

    pub(crate) fn pointer_size(&self) -> u64 {
        self.bases.pointer().size
    }

    /// A record's alignment: the compiler's, or for a record that the probe could not name, what its members need as far as their
    /// places allow it.
    pub(crate) fn record_align(&self, body: &Body) -> u64 {
        if let Some(align) = body.align {
            return align;
        }
        let offset = |position| {
            if let Position::Byte(offset) = position {
                offset
            } else {
                0
            }
        };
        let wanted = |member: &Member| {
            let attribute = self.types.typedef_align(member.ctype).max(member.align);
            self.align(member.ctype).max(attribute.unwrap_or(1))
        };
        let wanted: Vec<(u64, u64)> = (body.members.iter())
            .map(|member| (offset(member.position), wanted(member)))
            .collect();
        let mut align = wanted.iter().map(|(_, align)| *align).max().unwrap_or(1);
        while align > 1
            && (!body.size.is_multiple_of(align)
                || wanted
                    .iter()
                    .any(|(offset, wanted)| !offset.is_multiple_of(align.min(*wanted))))
        {
            align /= 2;
        }
        align
    }

    /// Whether a record with `repr(align)` lies inside.
    pub(super) fn holds_aligned(&self, body: &Body) -> bool {
        body.members.iter().any(|member| {
            let inner = self.inner_record(member.ctype);
            let aligned = match (self.facts.get(&inner), self.types.get(inner)) {
                (
                    Some(Facts {
                        form:
                            RecordForm::Fields {
                                repr: Repr::Natural | Repr::Packed(_),
                                ..
                            },
                        holds_aligned,
                        ..
                    }),
                    _,
                ) => *holds_aligned,
                (Some(_), _) | (None, Type::Vector { .. }) => true,
                (None, Type::Base(base)) => !base.has_rust_type(),
                _ => false,
            };
            aligned || self.holds_atomic(member.ctype)
        })
    }

    pub(super) fn holds_misaligned_volatile(&self, body: &Body) -> bool {
        let align = self.record_align(body);
        let mut members = body.members.iter();
        members.any(|member| self.has_volatile(member.ctype) && self.align(member.ctype) > align)
    }

    /// Whether it is `_Atomic` or an array of such.
    fn holds_atomic(&self, id: TypeId) -> bool {
        self.types.is_atomic(id)
            || matches!(self.types.get(self.types.resolve(id)), Type::Array { element, .. } if self.holds_atomic(*element))
    }
}
