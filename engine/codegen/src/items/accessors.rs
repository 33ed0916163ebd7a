//! Writes the methods of a record for the members that cannot be fields in Rust: bit-fields, members at places that Rust's rules do
//! not allow, and with `flexible_arrays` those without a length.

use std::fmt::Write;

use crate::context::Context;
use crate::items::flexible_arrays;
use crate::items::method_names::MethodNames;
use crate::layout::{RecordForm, access_unit};
use crate::model::types::{Body, Member, Position, RecordKind, Type, TypeId};
use crate::names::fields::field_names;
use crate::names::identifiers::identifier;
use crate::names::rust_types::integer_type;

/// A member that is accessed by methods.
struct Accessed {
    /// Its name in Rust.
    member: String,
    /// The Rust type of the value.
    rust: String,
    /// What C's comment says of it.
    comment: String,
    location: Location,
    access: Access,
}

/// How C reads and writes a member.
#[derive(Clone, Copy, PartialEq)]
enum Access {
    Plain,
    Volatile,
    /// `const volatile`: C does not write it.
    VolatileRead,
}

#[derive(Clone, Copy)]
enum Location {
    /// So many bytes from the record's start.
    Byte(u64),
    /// The same, of a member that Rust cannot copy.
    Address(u64),
    Bits {
        offset: u64,
        width: u64,
        /// How many bytes are read and written at once if it is volatile.
        unit: u64,
    },
}

/// Writes the `impl` block, if there is something to put in.
pub(crate) fn write(
    context: &Context<'_>,
    record: &str,
    kind: RecordKind,
    body: &Body,
    form: &RecordForm,
    comments: &[String],
    text: &mut String,
) {
    let accessed = accessed(context, body, form, comments);
    // Getters have their members' names, which differ already.
    let getters = accessed.iter().map(|accessed| accessed.member.clone());
    let mut names = MethodNames::new(getters);
    let mut methods = String::new();
    for accessed in &accessed {
        match accessed.location {
            Location::Address(offset) => {
                accessed.pointer(context, offset, &mut names, &mut methods)
            }
            _ => {
                let plain = accessed.member.trim_start_matches("r#");
                let setter = names.unused(format!("set_{plain}"));
                let value = context.parameter("value");
                accessed.getter_and_setter(kind, &setter, &value, &mut methods);
            }
        }
    }
    flexible_arrays::write(context, body, &mut names, &mut methods);
    if !methods.is_empty() {
        let _ = write!(text, "impl {record} {{\n{methods}}}\n");
    }
}

fn accessed(
    context: &Context<'_>,
    body: &Body,
    form: &RecordForm,
    comments: &[String],
) -> Vec<Accessed> {
    let is_bit_field = |member: &Member| matches!(member.position, Position::Bits { .. });
    if *form != RecordForm::Bytes && !body.members.iter().any(is_bit_field) {
        return Vec::new();
    }
    let members = field_names(body).into_iter().zip(&body.members);
    let accessed = members
        .zip(comments)
        .filter_map(|((name, member), comment)| {
            let (location, rust) = match member.position {
                Position::Bits { offset, width } => {
                    let unit = access_unit(context.layouts, body, member, offset, width);
                    let location = Location::Bits {
                        offset,
                        width,
                        unit,
                    };
                    (location, bit_field_type(context, member, width)?)
                }
                Position::Byte(_) if *form != RecordForm::Bytes => return None,
                Position::Byte(offset) => {
                    let location = byte_location(context, body, member.ctype, offset)?;
                    (location, context.rust.value_type(member.ctype))
                }
            };
            Some(Accessed {
                member: name,
                rust,
                comment: comment.clone(),
                location,
                access: access(context, member.ctype),
            })
        });
    accessed.collect()
}

/// The type of a bit-field's values. An enumeration of another module can be an enum of Rust, which has not all of the numbers.
fn bit_field_type(context: &Context<'_>, member: &Member, width: u64) -> Option<String> {
    let id = context.layouts.types.resolve(member.ctype);
    let rust = context.rust.bit_field(member, width)?;
    match context.layouts.types.get(id) {
        Type::Enum(e) if context.imports.contains_key(&rust) => {
            Some(integer_type(e.size, e.signed))
        }
        _ => Some(rust),
    }
}

/// The location of a member that starts at a byte; `None` for one without a size or beyond the record.
fn byte_location(context: &Context<'_>, body: &Body, id: TypeId, offset: u64) -> Option<Location> {
    let layouts = context.layouts;
    let size = layouts.size(id)?;
    if size == 0 || offset.checked_add(size)? > body.size {
        return None;
    }
    let is_copied = layouts.types.is_atomic(id) || layouts.is_copied(id) && !layouts.has_atomic(id);
    Some(match is_copied {
        true => Location::Byte(offset),
        false => Location::Address(offset),
    })
}

fn access(context: &Context<'_>, id: TypeId) -> Access {
    let is_const = context.layouts.types.is_const(id);
    match (context.layouts.has_volatile(id), is_const) {
        (false, _) => Access::Plain,
        (true, false) => Access::Volatile,
        (true, true) => Access::VolatileRead,
    }
}

impl Accessed {
    fn pointer(
        &self,
        context: &Context<'_>,
        offset: u64,
        names: &mut MethodNames,
        text: &mut String,
    ) {
        let plain = self.member.trim_start_matches("r#");
        let method = names.unused(format!("{plain}_pointer"));
        let (this, rust) = (context.parameter("this"), &self.rust);
        self.write_comment(text);
        let _ = writeln!(
            text,
            "/// The member `{plain}`, {offset} bytes from the start. It need not be aligned, and Rust cannot copy it.\n\
             pub fn {method}({this}: *mut Self) -> *mut {rust} {{ {this}.cast::<::core::primitive::u8>().wrapping_add({offset}).cast() }}"
        );
    }

    fn getter_and_setter(&self, kind: RecordKind, setter: &str, value: &str, text: &mut String) {
        let Accessed {
            member: getter,
            rust,
            location,
            access,
            ..
        } = self;
        let setter = identifier(setter);
        // The bytes are the record's own; those of a union may be uninitialized.
        let (safety, promise) = match kind {
            RecordKind::Struct => ("", ""),
            RecordKind::Union => (
                "unsafe ",
                "///\n/// # Safety\n/// The member's bytes are initialized.\n",
            ),
        };
        let (volatile, this) = match access {
            Access::Plain => ("", "&mut self"),
            Access::Volatile | Access::VolatileRead => ("volatile_", "&self"),
        };
        let (function, arguments) = match *location {
            Location::Byte(offset) | Location::Address(offset) => {
                ("member", format!("self, {offset}"))
            }
            Location::Bits {
                offset,
                width,
                unit,
            } => match access {
                Access::Plain => ("bits", format!("self, {offset}, {width}")),
                _ => ("bits", format!("self, {offset}, {width}, {unit}")),
            },
        };
        let (of_getter, of_setter) = self.descriptions();
        self.write_comment(text);
        let _ = write!(
            text,
            "/// The {of_getter}.\n{promise}\
             #[inline] pub {safety}fn {getter}(&self) -> {rust} {{ unsafe {{ ::cgo::generated::get_{volatile}{function}({arguments}) }} }}\n"
        );
        if *access != Access::VolatileRead {
            let _ = write!(
                text,
                "/// Sets the {of_setter}.\n{promise}\
                 #[inline] pub {safety}fn {setter}({this}, {value}: {rust}) {{ unsafe {{ ::cgo::generated::set_{volatile}{function}({arguments}, {value}) }} }}\n"
            );
        }
    }

    /// The first paragraph of the documentation, if there is a comment.
    fn write_comment(&self, text: &mut String) {
        if !self.comment.is_empty() {
            let paragraph = format!("{}\n\n", self.comment);
            let _ = writeln!(text, "#[doc = {paragraph:?}]");
        }
    }

    /// What the documentation calls the member, for the getter and for the setter.
    fn descriptions(&self) -> (String, String) {
        let member = &self.member;
        match self.location {
            Location::Byte(offset) | Location::Address(offset) => (
                format!("member `{member}`, {offset} bytes from the start"),
                format!("member `{member}`"),
            ),
            Location::Bits { width, .. } => {
                let plural = if width == 1 { "" } else { "s" };
                let bit_field = format!("bit-field `{member}`, {width} bit{plural} wide");
                let setter = format!("{bit_field}: higher bits of the value are cut off, as in C");
                (bit_field, setter)
            }
        }
    }
}
