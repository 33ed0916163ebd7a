//! Writes structs and unions with their fields and traits.

use std::fmt::Write;

use crate::checks::imports;
use crate::checks::layout_in_rust::{CheckedField, LayoutCheck};
use crate::context::Context;
use crate::docs::{comment, members};
use crate::items::output::Items;
use crate::items::{accessors, derives};
use crate::layout::{Piece, RecordForm, Repr, abi};
use crate::model::types::{Body, Position, Record, RecordKind, TypeId};
use crate::names::fields::{field_names, unnamed_field};
use crate::names::identifiers::identifier;

/// A record that is being written.
struct Writer<'a> {
    context: &'a Context<'a>,
    id: TypeId,
    /// In Rust.
    name: String,
    kind: RecordKind,
    body: &'a Body,
    form: &'a RecordForm,
    /// What C's comments say of each member.
    comments: Vec<String>,
}

/// Writes one record.
pub(crate) fn write(
    context: &Context<'_>,
    id: TypeId,
    record: &Record,
    documentation: &str,
    out: &mut Items,
) {
    let Some(name) = context.names.get(id).map(identifier) else {
        return;
    };
    let Some(body) = &record.body else {
        write_opaque(context, id, &name, documentation, &mut out.text);
        return;
    };
    if context.layouts.is_too_big(id) {
        let remark =
            "#[doc = \"It is too large for a type of Rust, which can only point to it.\"]\n";
        let documentation = [documentation, remark].concat();
        write_opaque(context, id, &name, &documentation, &mut out.text);
        return;
    }
    let writer = Writer {
        context,
        id,
        name,
        kind: record.kind,
        body,
        form: context.layouts.form(id).unwrap_or(&RecordForm::Bytes),
        comments: members::of_record(context, id, body),
    };
    writer.definition(documentation, &mut out.text);
    writer.traits(&mut out.text);
    derives::write(context, id, &writer.name, body, &mut out.text);
    if context.opaque.contains(&id) {
        out.layouts.push(writer.layout_check());
        return;
    }
    accessors::write(
        context,
        &writer.name,
        record.kind,
        body,
        writer.form,
        &writer.comments,
        &mut out.text,
    );
    out.layouts.push(writer.layout_check());
}

/// Writes an incomplete type: Rust can only point to it, and knows nothing of its threads or its place.
fn write_opaque(
    context: &Context<'_>,
    id: TypeId,
    name: &str,
    documentation: &str,
    text: &mut String,
) {
    let (number, visibility) = (
        context.record_numbers[&id],
        context.visibility_of_type(name),
    );
    let _ = writeln!(
        text,
        "{documentation}#[repr(C)]\n{visibility} struct {name} {{ _data: (), _marker: ::core::marker::PhantomData<(*mut (), ::core::marker::PhantomPinned)> }}\n\
         unsafe impl ::cgo::CLayout for {name} {{ const LAYOUT: ::cgo::generated::imported::Layout = ::cgo::generated::imported::Layout::Record(_cgo_types, {number}); }}"
    );
    write_debug_of_name(name, text);
}

/// `Debug` that says only the name.
fn write_debug_of_name(name: &str, text: &mut String) {
    let shown = name.trim_start_matches("r#");
    let _ = writeln!(
        text,
        "impl ::core::fmt::Debug for {name} {{ #[inline] fn fmt(&self, _cgo_f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {{ \
         ::cgo::generated::debug_opaque(_cgo_f, {shown:?}) }} }}"
    );
}

impl Writer<'_> {
    fn definition(&self, documentation: &str, text: &mut String) {
        let Writer { name, body, .. } = self;
        let visibility = self.context.visibility_of_type(name);
        let RecordForm::Fields { repr, pieces } = self.form else {
            let align = self.context.layouts.record_align(body);
            let rust = self.bytes("::core::mem::MaybeUninit<::core::primitive::u8>", body.size);
            let _ = writeln!(
                text,
                "{documentation}#[repr(C, align({align}))]\n{visibility} struct {name} {{ _bytes: {rust} }}"
            );
            return;
        };
        let keyword = self.kind.keyword();
        let repr = match repr {
            Repr::Natural => "C".to_string(),
            Repr::Packed(pack) => format!("C, packed({pack})"),
            Repr::Aligned(align) => format!("C, align({align})"),
        };
        let _ = writeln!(
            text,
            "{documentation}#[repr({repr})]\n{visibility} {keyword} {name} {{"
        );
        self.fields(pieces, text);
        text.push_str("}\n");
    }

    fn fields(&self, pieces: &[Piece], text: &mut String) {
        let names = field_names(self.body);
        let mut numbers = 0..;
        for piece in pieces {
            let _ = match *piece {
                Piece::Member(index) => {
                    let id = self.body.members[index].ctype;
                    let remark = self.context.rust.remark_on(id).unwrap_or_default();
                    let documentation = comment::join(self.comments[index].clone(), remark);
                    // Without a comment too: a crate may forbid what has no documentation.
                    let _ = writeln!(text, "#[doc = {documentation:?}]");
                    writeln!(text, "pub {}: {},", names[index], self.field_type(id))
                }
                Piece::Padding(size) => {
                    let field = unnamed_field(self.body, "_padding", &mut numbers);
                    writeln!(
                        text,
                        "#[doc(hidden)] pub {field}: [::core::mem::MaybeUninit<::core::primitive::u8>; {size}],"
                    )
                }
                Piece::Bits(size) => {
                    let field = unnamed_field(self.body, "_bits", &mut numbers);
                    let rust = self.bit_field_bytes(size);
                    writeln!(text, "#[doc(hidden)] pub {field}: {rust},")
                }
            };
        }
    }

    fn field_type(&self, id: TypeId) -> String {
        let rust = self.context.rust.type_of(id);
        let layouts = self.context.layouts;
        let is_cell = layouts.has_atomic(id) || layouts.has_volatile(id);
        match is_cell {
            true => self.without_drop(rust),
            false => rust,
        }
    }

    /// rustc wants to see that the fields of a union need no drop.
    fn without_drop(&self, rust: String) -> String {
        match self.kind {
            RecordKind::Struct => rust,
            RecordKind::Union => format!("::core::mem::ManuallyDrop<{rust}>"),
        }
    }

    fn bit_field_bytes(&self, size: u64) -> String {
        let bytes = format!("[::core::primitive::u8; {size}]");
        let mut bit_fields = (self.body.members.iter())
            .filter(|member| matches!(member.position, Position::Bits { .. }));
        match bit_fields.any(|member| self.context.layouts.has_volatile(member.ctype)) {
            true => self.without_drop(format!("::cgo::Volatile<{bytes}>")),
            false => bytes,
        }
    }

    fn bytes(&self, byte: &str, size: u64) -> String {
        let bytes = format!("[{byte}; {size}]");
        match self.context.layouts.holds_volatile(self.body) {
            true => format!("::cgo::Volatile<{bytes}>"),
            false => bytes,
        }
    }

    fn traits(&self, text: &mut String) {
        let layouts = self.context.layouts;
        let is_bytes = *self.form == RecordForm::Bytes;
        let has_atomic = (self.body.members.iter()).any(|member| layouts.has_atomic(member.ctype));
        if is_bytes || !has_atomic {
            self.copy(text);
        }
        if layouts.record_has_debug(self.id) {
            self.debug(text);
        }
        // Exported functions and callbacks may take it by value where Rust passes it as C does.
        if !is_bytes && abi::by_value(layouts, self.id).is_none() {
            let _ = writeln!(
                text,
                "unsafe impl ::cgo::CType for {} {{ type Passed = Self; }}",
                self.name
            );
        }
        self.layout(text);
    }

    /// Written out, since rustc takes twice as long for the derived implementations. A record that holds something volatile is not
    /// `Copy`, and C's `=` for it is not a volatile access.
    fn copy(&self, text: &mut String) {
        let Writer { name, .. } = self;
        let bounds = match self.form {
            RecordForm::Bytes => String::new(),
            RecordForm::Fields { .. } => self.bounds("::core::marker::Copy"),
        };
        let _ = match self.context.layouts.holds_volatile(self.body) {
            true => writeln!(
                text,
                "impl ::core::clone::Clone for {name}{bounds} {{ #[inline] fn clone(&self) -> Self {{ unsafe {{ ::core::ptr::read(self) }} }} }}"
            ),
            false => writeln!(
                text,
                "impl ::core::marker::Copy for {name}{bounds} {{}}\n\
                 impl ::core::clone::Clone for {name}{bounds} {{ #[inline] fn clone(&self) -> Self {{ *self }} }}"
            ),
        };
    }

    /// `Debug`, with the values of bit-fields in place of the bytes that hold them.
    fn debug(&self, text: &mut String) {
        let Writer { name, body, .. } = self;
        if *self.form == RecordForm::Bytes || self.kind == RecordKind::Union {
            return write_debug_of_name(name, text);
        }
        let bounds = self.bounds("::core::fmt::Debug");
        let shown = name.trim_start_matches("r#");
        let names = field_names(body);
        let mut fields = Vec::new();
        let mut values = Vec::new();
        for (field, member) in names.iter().zip(&body.members) {
            values.push(match member.position {
                Position::Byte(_) if !self.context.layouts.has_debug(member.ctype) => {
                    r#"&::core::format_args!("..")"#.to_string()
                }
                Position::Byte(_) => match self.form {
                    RecordForm::Fields {
                        repr: Repr::Packed(_),
                        ..
                    } => format!("&{{ self.{field} }}"),
                    _ => format!("&self.{field}"),
                },
                Position::Bits { width, .. } => {
                    if self.context.rust.bit_field(member, width).is_none() {
                        continue;
                    }
                    format!("&self.{field}()")
                }
            });
            fields.push(field.trim_start_matches("r#"));
        }
        let values = values.join(", ");
        let _ = writeln!(
            text,
            "impl ::core::fmt::Debug for {name}{bounds} {{ #[inline] fn fmt(&self, _cgo_f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {{ \
             ::cgo::generated::debug_record(_cgo_f, {shown:?}, &{fields:?}, &[{values}]) }} }}"
        );
    }

    /// The layout that importing preambles compare, and `Default`, for which all zeroes must be a value of each imported type.
    fn layout(&self, text: &mut String) {
        let Writer { name, id, .. } = self;
        let number = self.context.record_numbers[id];
        let bounds = self.bounds("::cgo::Zero");
        let _ = match bounds.is_empty() {
            true => writeln!(
                text,
                "unsafe impl ::cgo::generated::imported::Record for {name} {{ const TEXT: ::cgo::generated::imported::Text = (_cgo_types, {number}); }}"
            ),
            false => writeln!(
                text,
                "unsafe impl ::cgo::CLayout for {name} {{ const LAYOUT: ::cgo::generated::imported::Layout = ::cgo::generated::imported::Layout::Record(_cgo_types, {number}); }}\n\
                 unsafe impl ::cgo::Zero for {name}{bounds} {{}}"
            ),
        };
        let _ = writeln!(
            text,
            "impl ::core::default::Default for {name}{bounds} {{ #[inline] fn default() -> Self {{ unsafe {{ ::cgo::generated::zeroed() }} }} }}"
        );
    }

    fn bounds(&self, of: &str) -> String {
        imports::bounds(self.context, self.id, of)
    }

    /// Size, alignment, and the offset of each field, by the C compiler.
    fn layout_check(&self) -> LayoutCheck {
        let mut fields = Vec::new();
        if let RecordForm::Fields { pieces, .. } = self.form {
            let names = field_names(self.body);
            for piece in pieces {
                if let Piece::Member(index) = *piece
                    && let Position::Byte(offset) = self.body.members[index].position
                {
                    fields.push(CheckedField {
                        name: names[index].clone(),
                        offset,
                    });
                }
            }
        }
        LayoutCheck {
            record: self.name.clone(),
            size: self.body.size,
            align: self.context.layouts.record_align(self.body),
            fields,
        }
    }
}
