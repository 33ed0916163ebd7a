//! Writes the methods of a record for what Rust cannot say as a field: bit-fields, members at places that Rust's rules do
//! not allow, flexible array members.

use std::collections::HashSet;
use std::fmt::Write;

use crate::Emitter;
use crate::items::records::field_names;
use crate::items::types::integer_type;
use crate::layout::Form;
use crate::model::types::{Body, Encoding, Member, Position, RecordKind, Type, TypeId};
use crate::names::in_rust::identifier;

/// One member that is reached by methods.
struct Accessed {
    member: String,
    /// The Rust type of the value.
    rust: String,
    place: Place,
    access: Access,
}

/// What C says of reading and writing a member.
#[derive(Clone, Copy, PartialEq)]
enum Access {
    Plain,
    Volatile,
    /// `const volatile`: C does not write it.
    VolatileRead,
}

#[derive(Clone, Copy)]
enum Place {
    /// So many bytes from the record's start.
    Byte(u64),
    /// The same for what Rust cannot copy.
    Address(u64),
    Bits {
        offset: u64,
        width: u64,
        /// How many bytes are read and written at once if it is volatile.
        unit: u64,
    },
}

impl Emitter<'_> {
    pub(crate) fn accessors(&mut self, name: &str, kind: RecordKind, body: &Body, form: &Form) {
        let accessed = self.accessed(body, form);
        // Getters have their members' names, which differ. What is made up after them gives way.
        let mut methods: HashSet<String> = accessed
            .iter()
            .map(|accessed| accessed.member.clone())
            .collect();
        let mut free = |wanted: String| {
            let mut method = wanted;
            while !methods.insert(method.clone()) {
                method.push('_');
            }
            method
        };
        let mut text = String::new();
        for accessed in &accessed {
            let plain = accessed.member.trim_start_matches("r#");
            if let Place::Address(offset) = accessed.place {
                let (method, this) = (free(format!("{plain}_pointer")), self.parameter("this"));
                let _ = writeln!(
                    text,
                    "/// The member `{plain}`, which lies {offset} bytes from the start, need not be aligned, and Rust cannot copy it.\n\
                     pub fn {method}({this}: *mut Self) -> *mut {} {{ {this}.cast::<::core::primitive::u8>().wrapping_add({offset}).cast() }}",
                    accessed.rust
                );
                continue;
            }
            let setter = free(format!("set_{plain}"));
            accessed.write(kind, &setter, &self.parameter("value"), &mut text);
        }
        text.push_str(&self.flexible_array(body, &mut free).unwrap_or_default());
        if !text.is_empty() {
            let _ = write!(self.code, "impl {name} {{\n{text}}}\n");
        }
    }

    fn accessed(&self, body: &Body, form: &Form) -> Vec<Accessed> {
        let is_bit_field = |member: &Member| matches!(member.position, Position::Bits { .. });
        if *form != Form::Bytes && !body.members.iter().any(is_bit_field) {
            return Vec::new();
        }
        let members = field_names(body).into_iter().zip(&body.members);
        let accessed = members.filter_map(|(name, member)| {
            let (place, rust) = match member.position {
                Position::Bits { offset, width } => {
                    let unit = self.unit(body, member, offset, width);
                    let place = Place::Bits {
                        offset,
                        width,
                        unit,
                    };
                    (place, self.bit_field_type(member, width)?)
                }
                Position::Byte(offset) => {
                    let size = self.layouts.size(member.ctype)?;
                    let reached = *form == Form::Bytes && size > 0;
                    if !reached || offset.checked_add(size)? > body.size {
                        return None;
                    }
                    let is_scalar = self.layouts.types.is_atomic(member.ctype);
                    let is_copied = is_scalar
                        || self.layouts.is_copied(member.ctype)
                            && !self.layouts.has_atomic(member.ctype);
                    let place = match is_copied {
                        true => Place::Byte(offset),
                        false => Place::Address(offset),
                    };
                    (place, self.value_type(member.ctype))
                }
            };
            Some(Accessed {
                member: name,
                rust,
                place,
                access: self.access(member.ctype),
            })
        });
        accessed.collect()
    }

    fn access(&self, ctype: TypeId) -> Access {
        let types = self.layouts.types;
        match (self.layouts.has_volatile(ctype), types.is_const(ctype)) {
            (false, _) => Access::Plain,
            (true, false) => Access::Volatile,
            (true, true) => Access::VolatileRead,
        }
    }

    /// How many bytes a volatile bit-field is read and written with: as many as its declared type has, where these are the record's, so
    /// aligned, and hold bit-fields alone: the rule of AAPCS ("Volatile bit-fields"); compilers for x86 have none.
    fn unit(&self, body: &Body, member: &Member, offset: u64, width: u64) -> u64 {
        const BYTE: u64 = 1;
        let Some(size @ (2 | 4 | 8)) = self.layouts.size(member.ctype) else {
            return BYTE;
        };
        let start = offset / 8 / size * size;
        let end = start + size;
        let is_beside = |other: &Member| match other.position {
            Position::Bits { .. } => true,
            Position::Byte(at) => {
                let size = self.layouts.size(other.ctype).unwrap_or(0);
                at >= end || at.saturating_add(size) <= start
            }
        };
        let is_whole = offset.saturating_add(width) <= 8 * end
            && end <= body.size
            && self.layouts.record_align(body) >= size
            && body.members.iter().all(is_beside);
        if is_whole { size } else { BYTE }
    }

    /// The type of a bit-field's values; `None` where Rust has no number like it.
    pub(crate) fn bit_field_type(&self, member: &Member, width: u64) -> Option<String> {
        // C has no name for one that is there as padding alone.
        member.name.as_ref()?;
        if width == 0 || width > 128 {
            return None;
        }
        match self
            .layouts
            .types
            .get(self.layouts.types.resolve(member.ctype))
        {
            Type::Enum(_) => Some(self.value_type(member.ctype)),
            Type::Base(base) => match base.encoding {
                Encoding::Float
                | Encoding::ComplexFloat
                | Encoding::ComplexInteger
                | Encoding::Null
                | Encoding::Other => None,
                _ if base.is_rusts() => Some(self.value_type(member.ctype)),
                encoding => {
                    let signed = matches!(encoding, Encoding::Signed | Encoding::SignedChar);
                    let size = width.div_ceil(8).next_power_of_two();
                    Some(integer_type(size, signed))
                }
            },
            _ => None,
        }
    }

    /// `T data[];` at the end gets its elements from the record's address and a length.
    fn flexible_array(
        &self,
        body: &Body,
        free: &mut impl FnMut(String) -> String,
    ) -> Option<String> {
        let last = body.members.last()?;
        let types = self.layouts.types;
        let (
            Type::Array {
                element,
                count: None | Some(0),
            },
            Position::Byte(offset),
        ) = (types.get(types.resolve(last.ctype)), last.position)
        else {
            return None;
        };
        let align = self.layouts.align(*element);
        let is_aligned = self.layouts.record_align(body) >= align && offset.is_multiple_of(align);
        let (field, element) = (field_names(body).pop()?, self.rust_type(*element));
        let plain = field.trim_start_matches("r#");
        let (this, length) = (self.parameter("this"), self.parameter("length"));
        let at = |cast: &str| {
            format!(
                "{this}.cast::<::core::primitive::u8>().wrapping_add({offset}).cast::<{cast}>()"
            )
        };
        if !is_aligned {
            let pointer = free(format!("{plain}_pointer"));
            return Some(format!(
                "/// The first element of the flexible array member `{plain}`, which need not be aligned: read it with `read_unaligned`.\n\
                 pub fn {pointer}({this}: *mut Self) -> *mut {element} {{ {} }}\n",
                at(&element)
            ));
        }
        let (slice, slice_mut) = (
            free(format!("{plain}_slice")),
            free(format!("{plain}_slice_mut")),
        );
        Some(format!(
            "/// The first `{length}` elements of the flexible array member `{plain}`.\n///\n\
             /// # Safety\n/// `{this}` points to a record with at least so many elements behind it, all initialized, that nothing writes to during `'a`.\n\
             pub unsafe fn {slice}<'a>({this}: *const Self, {length}: ::core::primitive::usize) -> &'a [{element}] {{ unsafe {{ ::core::slice::from_raw_parts({}, {length}) }} }}\n\
             /// The same, to write to.\n///\n\
             /// # Safety\n/// As for `{slice}`, and nothing else reads the elements during `'a`.\n\
             pub unsafe fn {slice_mut}<'a>({this}: *mut Self, {length}: ::core::primitive::usize) -> &'a mut [{element}] {{ unsafe {{ ::core::slice::from_raw_parts_mut({}, {length}) }} }}\n",
            at(&element),
            at(&element)
        ))
    }
}

impl Accessed {
    fn write(&self, kind: RecordKind, setter: &str, value: &str, text: &mut String) {
        let Accessed {
            member,
            rust,
            place,
            access,
        } = self;
        let (getter, setter) = (member, identifier(setter));
        // The bytes are the record's own; those of a union may have been left without a value.
        let (safety, promise) = match kind {
            RecordKind::Struct => ("", ""),
            RecordKind::Union => (
                "unsafe ",
                "///\n/// # Safety\n/// The union's bytes there have a value.\n",
            ),
        };
        let (what, set, (function, arguments)) = match *place {
            Place::Address(_) => return,
            Place::Byte(offset) => (
                format!("member `{getter}`, which lies {offset} bytes from the start"),
                format!("member `{getter}`"),
                ("member", format!("self, {offset}")),
            ),
            Place::Bits {
                offset,
                width,
                unit,
            } => {
                let bits = match width {
                    1 => "1 bit".to_string(),
                    _ => format!("{width} bits"),
                };
                let unit = match access {
                    Access::Plain => String::new(),
                    Access::Volatile | Access::VolatileRead => format!(", {unit}"),
                };
                let what = format!("bit-field `{getter}`, {bits} wide");
                let set = format!("{what}: what does not fit is cut off, as in C");
                (
                    what,
                    set,
                    ("bits", format!("self, {offset}, {width}{unit}")),
                )
            }
        };
        let (volatile, this) = match access {
            Access::Plain => ("", "&mut self"),
            Access::Volatile | Access::VolatileRead => ("volatile_", "&self"),
        };
        let _ = write!(
            text,
            "/// The {what}.\n{promise}\
             #[inline] pub {safety}fn {getter}(&self) -> {rust} {{ unsafe {{ ::cgo::get_{volatile}{function}({arguments}) }} }}\n"
        );
        if *access != Access::VolatileRead {
            let _ = write!(
                text,
                "/// Sets the {set}.\n{promise}\
                 #[inline] pub {safety}fn {setter}({this}, {value}: {rust}) {{ unsafe {{ ::cgo::set_{volatile}{function}({arguments}, {value}) }} }}\n"
            );
        }
    }
}
