//! Writes down how types are laid out, in the texts that `cgo-runtime/src/taken/` compares where a preamble takes a type from
//! another.

use std::collections::{BTreeSet, HashMap};
use std::fmt::Write;

use cgo_csyntax::preamble::{Import, Preamble};

use crate::Emitter;
use crate::model::types::{
    Base, Encoding, Member, Position, Qualifier, Record, RecordKind, Type, TypeId, Types,
};
use crate::names::in_rust::identifier;

/// A path as it stands in the head, which is outside of the module.
fn as_written(path: &str) -> String {
    let path = path.split(" as ").next().unwrap_or_default();
    match path.strip_prefix("super::") {
        Some(outside) if outside.starts_with("super") => outside.to_string(),
        Some(outside) => format!("self::{outside}"),
        None => path.to_string(),
    }
}

/// The number of each struct and union in the module's list.
pub(crate) fn numbers(types: &Types) -> HashMap<TypeId, usize> {
    let all = (0..types.list.len()).map(|index| TypeId(index as u32));
    let records = all.filter(|id| matches!(types.get(*id), Type::Record(_)));
    records
        .enumerate()
        .map(|(number, id)| (id, number))
        .collect()
}

impl Emitter<'_> {
    /// Types of other modules, with the proof that they are what this preamble's C has.
    pub(crate) fn imports(&mut self, preamble: &Preamble) {
        for import in &preamble.imports {
            let _ = writeln!(self.code, "pub use {};", import.path);
            if let Some(id) = self.taken_as(&import.name) {
                self.check_taken(import, id);
            }
        }
    }

    fn taken_as(&self, name: &str) -> Option<TypeId> {
        let types = self.layouts.types;
        let mut all = (0..types.list.len()).map(|index| TypeId(index as u32));
        all.find(|id| self.names.get(*id) == Some(name))
    }

    /// Has rustc compare a type that is taken with this one.
    pub(crate) fn check_taken(&mut self, import: &Import, id: TypeId) {
        let mut text = String::new();
        self.describe(id, &mut text);
        let size = match self.layouts.size(id) {
            Some(size) => format!(
                "::core::option::Option::Some(({size}, {}))",
                self.layouts.align(id)
            ),
            None => "::core::option::Option::None".to_string(),
        };
        let path = as_written(&import.path);
        let _ = writeln!(
            self.code,
            "#[allow(long_running_const_eval)] const _: () = ::cgo::taken::check_taken::<{}>(&::cgo::taken::Wanted {{ name: {:?}, path: {path:?}, \
             types: _cgo_types, text: {text:?}, size: {size} }});",
            identifier(&import.name),
            import.name,
        );
    }

    /// The module's list of structs and unions.
    pub(crate) fn described_records(&mut self) {
        let types = self.layouts.types;
        let mut list = String::new();
        for (index, ctype) in types.list.iter().enumerate() {
            if let Type::Record(record) = ctype {
                let text = self.described_record(TypeId(index as u32), record);
                let _ = writeln!(list, "{text:?},");
            }
        }
        if !list.is_empty() || !self.taken.is_empty() {
            let _ = writeln!(
                self.code,
                "const _cgo_types: &[&::core::primitive::str] = &[\n{list}];"
            );
        }
    }

    fn described_record(&self, id: TypeId, record: &Record) -> String {
        let mut text = self
            .names
            .get(id)
            .or(record.tag.as_deref())
            .unwrap_or("?")
            .to_string();
        text.push_str(match record.kind {
            RecordKind::Struct => " s",
            RecordKind::Union => " u",
        });
        let Some(body) = &record.body else {
            text.push('?');
            return text;
        };
        let _ = write!(text, "{},{}", body.size, self.layouts.record_align(body));
        for member in &body.members {
            self.describe_member(member, &mut text);
        }
        text
    }

    fn describe_member(&self, member: &Member, text: &mut String) {
        let name = member.name.as_deref().unwrap_or(".");
        let _ = match member.position {
            Position::Byte(offset) => write!(text, " {name} {offset} "),
            Position::Bits { offset, width } => write!(text, " {name} {offset}+{width} "),
        };
        self.describe(member.ctype, text);
    }

    /// One type.
    fn describe(&self, id: TypeId, text: &mut String) {
        self.describe_as(id, false, text);
    }

    /// One type, on which `volatile` stands or not.
    fn describe_as(&self, id: TypeId, volatile: bool, text: &mut String) {
        let types = self.layouts.types;
        // It stands on the elements of an array, as in Rust.
        match types.get(id) {
            Type::Typedef(typedef) => return self.describe_as(typedef.target, volatile, text),
            Type::Qualified(Qualifier::Atomic, _) => {}
            Type::Qualified(qualifier, inner) => {
                let volatile = volatile || *qualifier == Qualifier::Volatile;
                return self.describe_as(*inner, volatile, text);
            }
            Type::Array { element, count } => {
                let _ = write!(text, "A{}", count.unwrap_or(0));
                return self.describe_as(*element, volatile, text);
            }
            _ if volatile && self.is_accessible(id) => text.push('V'),
            _ => {}
        }
        let _ = match types.get(id) {
            Type::Base(base) => write!(text, "{}", self.described_base(base)),
            Type::Enum(e) => write!(text, "{}{}", if e.signed { 'i' } else { 'u' }, e.size),
            Type::Record(_) => write!(text, "R{}", self.numbers.get(&id).copied().unwrap_or(0)),
            Type::Qualified(_, inner) => match self.layouts.atomic(id) {
                Some(_) => {
                    text.push('a');
                    return self.describe(*inner, text);
                }
                None => write!(text, "y{}.atomic;", self.layouts.size(id).unwrap_or(0)),
            },
            Type::Pointer(inner) => {
                text.push('p');
                return self.describe(*inner, text);
            }
            Type::Vector { element, size } => {
                let mut held = String::new();
                self.describe(*element, &mut held);
                write!(text, "y{size}.vector{};", held.replace(';', ""))
            }
            Type::Function(signature) => {
                let convention = if signature.convention { "C" } else { "" };
                let letter = if signature.variadic { 'G' } else { 'F' };
                let _ = write!(text, "{convention}{letter}{}", signature.parameters.len());
                for &value in [&signature.result].into_iter().chain(&signature.parameters) {
                    self.describe(self.without_volatile(value), text);
                }
                return;
            }
            _ => write!(text, "v"),
        };
    }

    fn described_base(&self, base: &Base) -> String {
        let size = base.size;
        if self.base_type(base).contains("AlignedBytes") {
            let name = base.name.replace([' ', ';'], "");
            return format!("y{size}.{name};");
        }
        match base.encoding {
            Encoding::Bool => format!("b{size}"),
            Encoding::Signed | Encoding::SignedChar => format!("i{size}"),
            Encoding::Unsigned | Encoding::UnsignedChar => format!("u{size}"),
            Encoding::Float => format!("f{size}"),
            Encoding::ComplexFloat => format!("c{size}"),
            Encoding::Null => "pv".to_string(),
            Encoding::ComplexInteger | Encoding::Other => format!("y{size}.other;"),
        }
    }

    /// ` where` the types that are taken by `use` and lie in this one are `bound`; nothing where there are none. Rust looks at such
    /// a bound where the trait is used only if it is one for a lifetime.
    pub(crate) fn where_taken(&self, id: TypeId, bound: &str) -> String {
        let mut taken = BTreeSet::new();
        if !self.imported.is_empty() {
            self.taken_within(id, &mut taken, &mut BTreeSet::new());
        }
        let bounds = taken
            .iter()
            .map(|name| format!("for<'_cgo> {name}: {bound}"));
        match taken.is_empty() {
            true => String::new(),
            false => format!(" where {}", bounds.collect::<Vec<_>>().join(", ")),
        }
    }

    fn taken_within(&self, id: TypeId, taken: &mut BTreeSet<String>, seen: &mut BTreeSet<TypeId>) {
        if !seen.insert(id) {
            return;
        }
        let name = self.names.get(id).map(identifier);
        if let Some(name) = name.filter(|name| self.imported.contains_key(name)) {
            taken.insert(name);
            return;
        }
        match self.layouts.types.get(id) {
            Type::Typedef(typedef) => self.taken_within(typedef.target, taken, seen),
            Type::Qualified(_, inner) | Type::Array { element: inner, .. } => {
                self.taken_within(*inner, taken, seen);
            }
            Type::Record(record) => {
                let members = record.body.iter().flat_map(|body| &body.members);
                members.for_each(|member| self.taken_within(member.ctype, taken, seen));
            }
            _ => {}
        }
    }
}
