//! Writes structs and unions, their traits, and the proof of their layout.

use std::fmt::Write;

use super::Emitter;
use super::names::identifier;
use crate::ctype::{Body, Member, Position, Record, RecordKind, Type, TypeId};
use crate::layout::{Form, Piece, Repr};

impl Emitter<'_> {
    pub(super) fn record(&mut self, id: TypeId, record: &Record, documentation: &str) {
        let Some(name) = self.names.get(id).map(identifier) else {
            return;
        };
        let Some(body) = &record.body else {
            self.opaque(&name, documentation);
            return;
        };
        match self.layouts.form(id).cloned() {
            Some(Form::Fields { repr, pieces }) => {
                self.fields(&name, record.kind, body, repr, &pieces, documentation);
                self.c_type(&name, id);
            }
            _ => self.bytes(&name, body, documentation),
        }
    }

    /// An incomplete type: Rust can only point to it, and knows nothing of its threads or its place.
    fn opaque(&mut self, name: &str, documentation: &str) {
        let _ = writeln!(
            self.code,
            "{documentation}#[repr(C)]\npub struct {name} {{ _data: (), _marker: ::core::marker::PhantomData<(*mut (), ::core::marker::PhantomPinned)> }}"
        );
    }

    fn fields(
        &mut self,
        name: &str,
        kind: RecordKind,
        body: &Body,
        repr: Repr,
        pieces: &[Piece],
        documentation: &str,
    ) {
        let word = if kind == RecordKind::Struct {
            "struct"
        } else {
            "union"
        };
        let debug = if self.derives_debug(kind, repr, body) {
            "#[derive(::core::fmt::Debug)] "
        } else {
            ""
        };
        let repr = match repr {
            Repr::Natural => "C".to_string(),
            Repr::Packed(pack) => format!("C, packed({pack})"),
            Repr::Aligned(align) => format!("C, align({align})"),
        };
        let _ = writeln!(
            self.code,
            "{documentation}{debug}#[repr({repr})]\npub {word} {name} {{"
        );
        let (mut fields, mut paddings) = (Vec::new(), 0);
        for piece in pieces {
            match *piece {
                Piece::Member(index) => {
                    let member = &body.members[index];
                    let field = field_name(member, index);
                    let _ = writeln!(self.code, "pub {field}: {},", self.rust_type(member.ctype));
                    fields.push((field, member));
                }
                Piece::Padding(size) => {
                    let _ = writeln!(
                        self.code,
                        "#[doc(hidden)] pub _padding{paddings}: [::core::mem::MaybeUninit<::core::primitive::u8>; {size}],"
                    );
                    paddings += 1;
                }
            }
        }
        self.code.push_str("}\n");
        self.copies(name);
        self.prove(name, body, &fields);
        self.flexible_array(name, body);
    }

    fn bytes(&mut self, name: &str, body: &Body, documentation: &str) {
        let align = self.layouts.record_align(body);
        let size = body.size;
        let _ = writeln!(
            self.code,
            "{documentation}#[repr(C, align({align}))]\npub struct {name} {{ _bytes: [::core::mem::MaybeUninit<::core::primitive::u8>; {size}] }}"
        );
        self.copies(name);
        self.prove(name, body, &[]);
        let _ = writeln!(self.code, "impl {name} {{");
        for (index, member) in body.members.iter().enumerate() {
            let Position::Byte(offset) = member.position else {
                continue;
            };
            if self
                .layouts
                .size(member.ctype)
                .is_none_or(|size| offset + size > body.size)
            {
                continue;
            }
            let (getter, ctype) = (field_name(member, index), self.rust_type(member.ctype));
            let setter = identifier(&format!("set_{}", getter.trim_start_matches("r#")));
            // The bytes are the record's own and the member lies within them, as checked above.
            let _ = writeln!(
                self.code,
                "/// The member `{getter}`, which lies {offset} bytes from the start.\n\
                 pub fn {getter}(&self) -> {ctype} {{ unsafe {{ ::core::ptr::read_unaligned((&raw const self._bytes).cast::<::core::primitive::u8>().add({offset}).cast::<{ctype}>()) }} }}\n\
                 /// Sets the member `{getter}`.\n\
                 pub fn {setter}(&mut self, value: {ctype}) {{ unsafe {{ ::core::ptr::write_unaligned((&raw mut self._bytes).cast::<::core::primitive::u8>().add({offset}).cast::<{ctype}>(), value) }} }}"
            );
        }
        self.code.push_str("}\n");
    }

    /// By hand, since rustc takes twice as long for the derived forms.
    fn copies(&mut self, name: &str) {
        let _ = writeln!(
            self.code,
            "impl ::core::marker::Copy for {name} {{}}\n\
             impl ::core::clone::Clone for {name} {{ #[inline] fn clone(&self) -> Self {{ *self }} }}\n\
             impl ::core::default::Default for {name} {{ #[inline] fn default() -> Self {{ unsafe {{ ::core::mem::zeroed() }} }} }}"
        );
    }

    /// Exported functions and callbacks may take it by value, if Rust passes it as C does.
    fn c_type(&mut self, name: &str, id: TypeId) {
        if crate::abi::by_value(&self.layouts, self.target, id).is_none() {
            let _ = writeln!(
                self.code,
                "unsafe impl ::cgo::CType for {name} {{ const KIND: ::cgo::Kind = ::cgo::export::record::<Self>(); }}"
            );
        }
    }

    /// Unions do not know what they hold, and a packed record's fields cannot be borrowed.
    fn derives_debug(&self, kind: RecordKind, repr: Repr, body: &Body) -> bool {
        kind == RecordKind::Struct
            && !matches!(repr, Repr::Packed(_))
            && body
                .members
                .iter()
                .all(|member| self.has_debug(member.ctype))
    }

    /// Whether the Rust type of a field has `Debug`.
    fn has_debug(&self, id: TypeId) -> bool {
        let types = self.layouts.types;
        let id = types.resolve(id);
        match types.get(id) {
            Type::Array { element, .. } => self.has_debug(*element),
            // One taken from another module is written there by the same rule.
            Type::Record(Record {
                kind,
                body: Some(body),
                ..
            }) => match self.layouts.form(id) {
                Some(Form::Fields { repr, .. }) => self.derives_debug(*kind, *repr, body),
                _ => false,
            },
            Type::Record(_) | Type::Vector { .. } | Type::Unknown(_) => false,
            // core has Debug for functions of at most 12 parameters, and none for C's `...`.
            Type::Pointer(pointee) => match types.get(types.resolve(*pointee)) {
                Type::Function(signature) => {
                    signature.parameters.len() <= 12 && !signature.variadic
                }
                _ => true,
            },
            Type::Base(base) => !self.base_type(base).contains("AlignedBytes"),
            _ => true,
        }
    }

    /// Notes what rustc is to compare: size, alignment and every field's offset, with the C compiler's.
    fn prove(&mut self, name: &str, body: &Body, fields: &[(String, &Member)]) {
        self.proofs.record(
            name,
            body.size,
            self.layouts.record_align(body),
            fields
                .iter()
                .filter_map(|(field, member)| match member.position {
                    Position::Byte(offset) => Some((field.as_str(), offset)),
                    Position::Bits { .. } => None,
                }),
        );
    }

    /// `T data[];` at the end gets its elements from the record's address and a length.
    fn flexible_array(&mut self, name: &str, body: &Body) {
        let Some((index, last)) = body.members.iter().enumerate().next_back() else {
            return;
        };
        let Type::Array {
            element,
            count: None | Some(0),
        } = self
            .layouts
            .types
            .get(self.layouts.types.resolve(last.ctype))
        else {
            return;
        };
        let (field, element) = (field_name(last, index), self.rust_type(*element));
        let plain = field.trim_start_matches("r#");
        let _ = writeln!(
            self.code,
            "impl {name} {{\n\
             /// The first `length` elements of the flexible array member `{plain}`.\n///\n\
             /// # Safety\n/// `this` points to a record with at least so many elements behind it, all initialized, that nothing writes to during `'a`.\n\
             pub unsafe fn {plain}_slice<'a>(this: *const Self, length: ::core::primitive::usize) -> &'a [{element}] {{ unsafe {{ ::core::slice::from_raw_parts((&raw const (*this).{field}).cast(), length) }} }}\n\
             /// The same, to write to.\n///\n\
             /// # Safety\n/// As for `{plain}_slice`, and nothing else reads the elements during `'a`.\n\
             pub unsafe fn {plain}_slice_mut<'a>(this: *mut Self, length: ::core::primitive::usize) -> &'a mut [{element}] {{ unsafe {{ ::core::slice::from_raw_parts_mut((&raw mut (*this).{field}).cast(), length) }} }}\n}}"
        );
    }
}

/// A member's name; an anonymous struct or union is numbered by its place.
fn field_name(member: &Member, index: usize) -> String {
    member
        .name
        .as_deref()
        .map_or_else(|| format!("anon{index}"), identifier)
}
