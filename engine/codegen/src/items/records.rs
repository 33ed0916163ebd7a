//! Writes structs and unions, their traits, and the proof of their layout.

use std::collections::HashSet;
use std::fmt::Write;

use crate::Emitter;
use crate::layout::{Form, Piece, Repr};
use crate::model::types::{Body, Member, Position, Record, RecordKind, Type, TypeId};
use crate::names::in_rust::{identifier, is_spelled};

impl Emitter<'_> {
    pub(crate) fn record(&mut self, id: TypeId, record: &Record, documentation: &str) {
        let Some(name) = self.names.get(id).map(identifier) else {
            return;
        };
        let Some(body) = &record.body else {
            self.opaque(id, &name, documentation);
            return;
        };
        if self.layouts.is_too_big(id) {
            let remark =
                "#[doc = \"It is larger than Rust's types can be, and can only be pointed to.\"]\n";
            self.opaque(id, &name, &[documentation, remark].concat());
            return;
        }
        let form = self.layouts.form(id).cloned().unwrap_or(Form::Bytes);
        match &form {
            Form::Fields { repr, pieces } => {
                self.fields(id, &name, record.kind, body, *repr, pieces, documentation);
                self.c_type(&name, id);
            }
            Form::Bytes => self.bytes(&name, body, documentation),
        }
        self.layout(&name, id);
        self.accessors(&name, record.kind, body, &form);
    }

    /// An incomplete type: Rust can only point to it, and knows nothing of its threads or its place.
    fn opaque(&mut self, id: TypeId, name: &str, documentation: &str) {
        let _ = writeln!(
            self.code,
            "{documentation}#[repr(C)]\npub struct {name} {{ _data: (), _marker: ::core::marker::PhantomData<(*mut (), ::core::marker::PhantomPinned)> }}"
        );
        let number = self.numbers[&id];
        let _ = writeln!(
            self.code,
            "unsafe impl ::cgo::CLayout for {name} {{ const LAYOUT: ::cgo::taken::Layout = ::cgo::taken::Layout::Record(_cgo_types, {number}); }}"
        );
    }

    #[allow(clippy::too_many_arguments)]
    fn fields(
        &mut self,
        id: TypeId,
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
        let has_debug = self.record_has_debug(kind, repr, body);
        let repr = match repr {
            Repr::Natural => "C".to_string(),
            Repr::Packed(pack) => format!("C, packed({pack})"),
            Repr::Aligned(align) => format!("C, align({align})"),
        };
        let _ = writeln!(
            self.code,
            "{documentation}#[repr({repr})]\npub {word} {name} {{"
        );
        let names = field_names(body);
        let mut fields = Vec::new();
        let mut hidden = 0..;
        for piece in pieces {
            match *piece {
                Piece::Member(index) => {
                    let member = &body.members[index];
                    let field = names[index].clone();
                    if let Some(remark) = self.remark_on(member.ctype) {
                        let _ = writeln!(self.code, "#[doc = {remark:?}]");
                    }
                    let mut rust = self.rust_type(member.ctype);
                    // A union's fields are such as need no drop, and rustc must see that.
                    let is_cell = self.layouts.has_atomic(member.ctype)
                        || self.layouts.has_volatile(member.ctype);
                    if kind == RecordKind::Union && is_cell {
                        rust = format!("::core::mem::ManuallyDrop<{rust}>");
                    }
                    let _ = writeln!(self.code, "pub {field}: {rust},");
                    fields.push((field, member));
                }
                Piece::Padding(size) => {
                    let field = hidden_field(body, "_padding", &mut hidden);
                    let _ = writeln!(
                        self.code,
                        "#[doc(hidden)] pub {field}: [::core::mem::MaybeUninit<::core::primitive::u8>; {size}],"
                    );
                }
                Piece::Bits(size) => {
                    let field = hidden_field(body, "_bits", &mut hidden);
                    let bytes = format!("[::core::primitive::u8; {size}]");
                    let rust = match (self.has_volatile_bits(body), kind) {
                        (false, _) => bytes,
                        (true, RecordKind::Struct) => volatile(&bytes),
                        (true, RecordKind::Union) => {
                            format!("::core::mem::ManuallyDrop<{}>", volatile(&bytes))
                        }
                    };
                    let _ = writeln!(self.code, "#[doc(hidden)] pub {field}: {rust},");
                }
            }
        }
        self.code.push_str("}\n");
        let atomic = body
            .members
            .iter()
            .any(|member| self.layouts.has_atomic(member.ctype));
        if !atomic {
            let bounds = self.where_taken(id, "::core::marker::Copy");
            self.copies(name, body, &bounds);
        }
        self.prove(name, body, &fields);
        if has_debug {
            let bounds = self.where_taken(id, "::core::fmt::Debug");
            self.debug(name, body, &bounds);
        }
    }

    fn bytes(&mut self, name: &str, body: &Body, documentation: &str) {
        let align = self.layouts.record_align(body);
        let bytes = format!(
            "[::core::mem::MaybeUninit<::core::primitive::u8>; {}]",
            body.size
        );
        let rust = match self.layouts.holds_volatile(body) {
            true => volatile(&bytes),
            false => bytes,
        };
        let _ = writeln!(
            self.code,
            "{documentation}#[repr(C, align({align}))]\npub struct {name} {{ _bytes: {rust} }}"
        );
        self.copies(name, body, "");
        self.prove(name, body, &[]);
    }

    /// By hand, since rustc takes twice as long for the derived forms. What holds something volatile is no `Copy` in Rust, and C's `=` for
    /// it is no volatile access.
    fn copies(&mut self, name: &str, body: &Body, bounds: &str) {
        if self.layouts.holds_volatile(body) {
            let _ = writeln!(
                self.code,
                "impl ::core::clone::Clone for {name}{bounds} {{ #[inline] fn clone(&self) -> Self {{ unsafe {{ ::core::ptr::read(self) }} }} }}"
            );
            return;
        }
        let _ = writeln!(
            self.code,
            "impl ::core::marker::Copy for {name}{bounds} {{}}\n\
             impl ::core::clone::Clone for {name}{bounds} {{ #[inline] fn clone(&self) -> Self {{ *self }} }}"
        );
    }

    /// What others that take it compare, and `Default`, for which zeroes must be a value of all that is taken.
    fn layout(&mut self, name: &str, id: TypeId) {
        let number = self.numbers[&id];
        let bounds = self.where_taken(id, "::cgo::Zero");
        let _ = match bounds.is_empty() {
            true => writeln!(
                self.code,
                "unsafe impl ::cgo::taken::Record for {name} {{ const TEXT: ::cgo::taken::Text = (_cgo_types, {number}); }}"
            ),
            false => writeln!(
                self.code,
                "unsafe impl ::cgo::CLayout for {name} {{ const LAYOUT: ::cgo::taken::Layout = ::cgo::taken::Layout::Record(_cgo_types, {number}); }}\n\
                 unsafe impl ::cgo::Zero for {name}{bounds} {{}}"
            ),
        };
        let _ = writeln!(
            self.code,
            "impl ::core::default::Default for {name}{bounds} {{ #[inline] fn default() -> Self {{ unsafe {{ ::cgo::zeroed() }} }} }}"
        );
    }

    fn has_volatile_bits(&self, body: &Body) -> bool {
        let is_bits = |member: &&Member| matches!(member.position, Position::Bits { .. });
        let mut bits = body.members.iter().filter(is_bits);
        bits.any(|member| self.layouts.has_volatile(member.ctype))
    }

    /// Exported functions and callbacks may take it by value, if Rust passes it as C does.
    fn c_type(&mut self, name: &str, id: TypeId) {
        if crate::layout::abi::by_value(&self.layouts, self.target, id).is_none() {
            let _ = writeln!(
                self.code,
                "unsafe impl ::cgo::CType for {name} {{ type Passed = Self; }}"
            );
        }
    }

    /// Unions do not know what they hold, and a packed record's fields cannot be borrowed.
    fn record_has_debug(&self, kind: RecordKind, repr: Repr, body: &Body) -> bool {
        kind == RecordKind::Struct
            && !matches!(repr, Repr::Packed(_))
            && body
                .members
                .iter()
                .all(|member| self.has_debug(member.ctype))
    }

    /// `Debug`, with the values of bit-fields in place of the bytes that hold them.
    fn debug(&mut self, name: &str, body: &Body, bounds: &str) {
        let mut names = name.trim_start_matches("r#").to_string();
        let mut values = Vec::new();
        for (field, member) in field_names(body).iter().zip(&body.members) {
            values.push(match member.position {
                Position::Byte(_) => format!("&self.{field}"),
                Position::Bits { width, .. } => {
                    if self.bit_field_type(member, width).is_none() {
                        continue;
                    }
                    format!("&self.{field}()")
                }
            });
            names = names + " " + field.trim_start_matches("r#");
        }
        let values = values.join(", ");
        let _ = writeln!(
            self.code,
            "impl ::core::fmt::Debug for {name}{bounds} {{ #[inline] fn fmt(&self, _cgo_f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {{ \
             ::cgo::debug_record(_cgo_f, {names:?}, &[{values}]) }} }}"
        );
    }

    /// Whether the Rust type of a field has `Debug`.
    fn has_debug(&self, id: TypeId) -> bool {
        let types = self.layouts.types;
        // To be shown, something volatile is read.
        if types.is_volatile(id) && !self.layouts.is_copied(id) {
            return false;
        }
        let id = types.resolve(id);
        match types.get(id) {
            Type::Array { element, .. } => self.has_debug(*element),
            // One taken from another module is written there by the same rule.
            Type::Record(Record {
                kind,
                body: Some(body),
                ..
            }) => {
                if let Some(&known) = self.debug.borrow().get(&id) {
                    return known;
                }
                let found = match self.layouts.form(id) {
                    Some(Form::Fields { repr, .. }) => self.record_has_debug(*kind, *repr, body),
                    _ => false,
                };
                self.debug.borrow_mut().insert(id, found);
                found
            }
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
}

/// Bytes that hold something volatile.
fn volatile(bytes: &str) -> String {
    format!("::cgo::Volatile<{bytes}>")
}

/// The members' names in Rust; an anonymous struct or union is numbered by its place. What Rust cannot spell gives way to what it
/// can.
pub(crate) fn field_names(body: &Body) -> Vec<String> {
    let named = body.members.iter().map(|member| match &member.name {
        Some(name) => (identifier(name), is_spelled(name)),
        None => (String::new(), false),
    });
    let mut names: Vec<(String, bool)> = named.collect();
    let mut taken: HashSet<String> = HashSet::new();
    taken.extend(
        names
            .iter()
            .filter(|(_, spelled)| *spelled)
            .map(|(name, _)| name.clone()),
    );
    for (index, (name, spelled)) in names.iter_mut().enumerate() {
        if name.is_empty() {
            *name = format!("anon{index}");
        }
        while !*spelled && !taken.insert(name.clone()) {
            name.push('_');
        }
    }
    names.into_iter().map(|(name, _)| name).collect()
}

/// A name for a field that C has not, and that no member has.
fn hidden_field(body: &Body, word: &str, numbers: &mut impl Iterator<Item = u32>) -> String {
    let is_free = |name: &String| {
        let mut members = body.members.iter();
        !members.any(|member| member.name.as_ref() == Some(name))
    };
    let mut names = numbers.map(|number| format!("{word}{number}"));
    names.find(is_free).unwrap_or_default()
}
