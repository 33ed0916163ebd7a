//! The C types of one preamble as plain data, as DWARF describes them, and nothing of Rust.

use std::collections::HashMap;
use std::fmt;

/// A type's index in [`Types`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct TypeId(pub u32);

/// Every type that the probes reach.
#[derive(Debug, Default)]
pub struct Types {
    pub list: Vec<Type>,
    /// The compiler is clang before 20. Where one register is left for an `__int128`, the psABI (3.2.3) has all of it in memory, and
    /// the register for what follows. clang before 18 passes half in the register, and clang 18 and 19 leave the register empty.
    pub misplaces_int128: bool,
    /// The compiler is clang before 16, whose DWARF has a bit-field as wide as its type as an ordinary member.
    pub hides_whole_bit_fields: bool,
    /// Either Rust or C passes floating-point numbers without the processor's registers for them: C for its flags, Rust for its target.
    pub no_float_registers: bool,
}

impl Types {
    /// The names by which C knows each record and enumeration: its tag, the tag as Rust spells it, and the typedefs of it.
    pub fn tagged_names(&self) -> HashMap<TypeId, Vec<String>> {
        let mut names: HashMap<TypeId, Vec<String>> = HashMap::new();
        let is_tagged = |id: TypeId| matches!(self.get(id), Type::Record(_) | Type::Enum(_));
        for id in self.ids() {
            let (keyword, tag) = match self.get(id) {
                Type::Enum(e) => ("enum", &e.tag),
                Type::Record(record) => (record.kind.keyword(), &record.tag),
                Type::Typedef(typedef) => {
                    let target = self.resolve(typedef.target);
                    if is_tagged(target) {
                        names.entry(target).or_default().push(typedef.name.clone());
                    }
                    continue;
                }
                _ => continue,
            };
            let tag = tag.iter();
            let spelled = tag.flat_map(|tag| [tag.clone(), format!("{keyword}_{tag}")]);
            names.entry(id).or_default().extend(spelled);
        }
        names
    }

    /// The type behind `const`, which Rust's types do not have.
    pub fn without_const(&self, mut id: TypeId) -> TypeId {
        while let Type::Qualified(Qualifier::Const, inner) = self.get(id) {
            id = *inner;
        }
        id
    }

    /// The type with this index.
    pub fn get(&self, id: TypeId) -> &Type {
        &self.list[id.0 as usize]
    }

    /// The index of every type.
    pub fn ids(&self) -> impl Iterator<Item = TypeId> + use<> {
        (0..self.list.len() as u32).map(TypeId)
    }

    /// The type behind typedefs and qualifiers.
    pub fn resolve(&self, mut id: TypeId) -> TypeId {
        loop {
            match self.get(id) {
                Type::Typedef(Typedef { target, .. }) | Type::Qualified(_, target) => id = *target,
                _ => return id,
            }
        }
    }

    /// Whether `_Atomic` stands on this type, also through typedefs.
    pub fn is_atomic(&self, mut id: TypeId) -> bool {
        loop {
            match self.get(id) {
                Type::Qualified(Qualifier::Atomic, _) => return true,
                Type::Typedef(Typedef { target, .. }) | Type::Qualified(_, target) => id = *target,
                _ => return false,
            }
        }
    }

    /// The alignment that a typedef on the way to the type gives it by an attribute.
    pub fn typedef_align(&self, mut id: TypeId) -> Option<u64> {
        loop {
            match self.get(id) {
                Type::Typedef(Typedef {
                    align: Some(align), ..
                }) => return Some(*align),
                Type::Typedef(Typedef { target, .. }) | Type::Qualified(_, target) => id = *target,
                _ => return None,
            }
        }
    }

    /// Whether `const` stands on this type, also through typedefs and array elements.
    pub fn is_const(&self, mut id: TypeId) -> bool {
        loop {
            match self.get(id) {
                Type::Qualified(Qualifier::Const, _) => return true,
                Type::Typedef(Typedef { target, .. }) | Type::Qualified(_, target) => id = *target,
                Type::Array { element, .. } => id = *element,
                _ => return false,
            }
        }
    }

    /// Whether `volatile` stands on this type, also through typedefs and array elements.
    pub fn is_volatile(&self, id: TypeId) -> bool {
        match self.get(id) {
            Type::Qualified(Qualifier::Volatile, _) => true,
            Type::Typedef(Typedef { target: inner, .. })
            | Type::Qualified(_, inner)
            | Type::Array { element: inner, .. } => self.is_volatile(*inner),
            _ => false,
        }
    }
}

/// One C type.
#[derive(Clone, Debug, PartialEq)]
pub enum Type {
    /// `void`, and where DWARF has no type.
    Void,
    /// An arithmetic type of the language.
    Base(Base),
    /// `T *`.
    Pointer(TypeId),
    /// `T[count]`; without a count, `T[]`.
    Array { element: TypeId, count: Option<u64> },
    /// `__attribute__((vector_size))`.
    Vector { element: TypeId, size: u64 },
    /// A function type.
    Function(Signature),
    /// `struct` or `union`.
    Record(Record),
    /// `enum`.
    Enum(Enum),
    /// A typedef.
    Typedef(Typedef),
    /// A qualified type.
    Qualified(Qualifier, TypeId),
    /// A type that Rust cannot have.
    Unsupported(Unsupported),
}

/// Why Rust cannot have a type.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unsupported {
    /// DWARF describes it with this tag.
    Tag(u64),
    NestedTooDeep,
}

impl fmt::Display for Unsupported {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Unsupported::Tag(tag) => write!(f, "a type that DWARF calls tag {tag:#x}"),
            Unsupported::NestedTooDeep => f.write_str("a type that is nested too deep for Rust"),
        }
    }
}

/// An arithmetic type.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Base {
    /// The compiler's name, such as `long unsigned int`.
    pub name: String,
    /// In bytes.
    pub size: u64,
    /// What kind of number it holds.
    pub encoding: Encoding,
}

impl Base {
    /// Whether it is `_BitInt`. DWARF rounds its size up to bytes, and its calling convention is not that of the ordinary integers.
    pub fn is_bit_int(&self) -> bool {
        self.name.contains("_BitInt") || self.name.contains("_ExtInt")
    }

    /// Whether Rust has the same number.
    pub fn has_rust_type(&self) -> bool {
        match self.encoding {
            Encoding::Bool => self.size == 1,
            Encoding::SignedChar | Encoding::UnsignedChar => true,
            Encoding::Signed | Encoding::Unsigned => {
                !self.is_bit_int() && matches!(self.size, 1 | 2 | 4 | 8 | 16)
            }
            Encoding::Float => matches!(self.size, 4 | 8),
            Encoding::ComplexFloat => matches!(self.size, 8 | 16),
            Encoding::Null => true,
            Encoding::ComplexInteger | Encoding::Other => false,
        }
    }
}

/// DWARF's `DW_ATE_*`, as far as C has them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Encoding {
    /// `_Bool`.
    Bool,
    /// A signed integer.
    Signed,
    /// An unsigned integer.
    Unsigned,
    /// `char`, where it is signed; also `signed char`.
    SignedChar,
    /// `char`, where it is unsigned; also `unsigned char`.
    UnsignedChar,
    /// A binary floating-point number.
    Float,
    /// Two of those.
    ComplexFloat,
    /// GNU's `_Complex int` and its like.
    ComplexInteger,
    /// C23's type of `nullptr`.
    Null,
    /// Decimal numbers and the like.
    Other,
}

/// A qualifier that DWARF writes as a type of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Qualifier {
    /// `const`.
    Const,
    /// `volatile`: says nothing about layout or calls.
    Volatile,
    /// `restrict`: says nothing at all about a type.
    Restrict,
    /// `_Atomic`: may change size and alignment.
    Atomic,
}

/// A function's parameters and result.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Signature {
    /// The result; `Void` for none.
    pub result: TypeId,
    /// The parameters in order.
    pub parameters: Vec<TypeId>,
    /// Ends in `...`.
    pub variadic: bool,
    /// Without a prototype: `f()` says nothing of its parameters (C17 6.7.6.3, paragraph 14).
    pub unspecified: bool,
    /// Its calling convention is not that of C's functions.
    pub convention: bool,
}

impl Signature {
    /// Whether it is the definition of a function that is declared without its parameters: `int f(a) int a; {}`.
    pub fn is_old_style_of(&self, declared: &Signature) -> bool {
        declared.parameters.is_empty() && !self.parameters.is_empty()
    }
}

/// A typedef.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Typedef {
    /// Its name.
    pub name: String,
    /// What it stands for.
    pub target: TypeId,
    /// The alignment that an attribute gives it, in bytes.
    pub align: Option<u64>,
}

/// Which keyword a record was declared with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum RecordKind {
    /// `struct`.
    Struct,
    /// `union`.
    Union,
}

impl RecordKind {
    pub fn keyword(self) -> &'static str {
        match self {
            RecordKind::Struct => "struct",
            RecordKind::Union => "union",
        }
    }
}

/// A struct or union.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Record {
    /// Its keyword.
    pub kind: RecordKind,
    /// Its tag, if it has one.
    pub tag: Option<String>,
    /// Its members and size; `None` where only the tag is declared.
    pub body: Option<Body>,
}

/// What stands between the braces of a record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Body {
    /// In bytes.
    pub size: u64,
    /// In bytes; `None` for a record that has no name in C, for which the probe could not ask.
    pub align: Option<u64>,
    /// The members in order.
    pub members: Vec<Member>,
    /// It may have bit-fields without a name, which DWARF does not describe.
    pub hidden_bits: bool,
    /// Its declaration may pack and align it, so that its members need less alignment than they have.
    pub packed: bool,
    /// It has the attribute `transparent_union`: a parameter of this type is passed as its first member.
    pub transparent: bool,
}

/// One member of a record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Member {
    /// Its name; `None` for an anonymous struct or union.
    pub name: Option<String>,
    /// Its type.
    pub ctype: TypeId,
    /// The alignment that an attribute or `_Alignas` gives it, in bytes.
    pub align: Option<u64>,
    /// Where it lies.
    pub position: Position,
}

/// Where a member lies in its record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Position {
    /// Bytes from the record's start.
    Byte(u64),
    /// A bit-field.
    Bits {
        /// Bits from the record's start, counted as DWARF 5 (5.7.6) does: from each byte's least significant bit where the
        /// target is little-endian, from the most significant one where it is big-endian.
        offset: u64,
        /// How many bits it has.
        width: u64,
    },
}

/// An enumeration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Enum {
    /// Its tag, if it has one.
    pub tag: Option<String>,
    /// Size in bytes.
    pub size: u64,
    /// Whether the compiler chose a signed type.
    pub signed: bool,
    pub enumerators: Vec<Enumerator>,
}

/// One constant of an enumeration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Enumerator {
    pub name: String,
    /// `None` for one of more than 64 bits.
    pub value: Option<i128>,
}
