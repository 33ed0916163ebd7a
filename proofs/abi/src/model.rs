//! The random types and functions as data.

use crate::machine::Machine;
use crate::random::Random;

/// A type that is not made of others.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Leaf {
    Integer(Integer),
    Bool,
    Float,
    Double,
    Pointer,
    ComplexFloat,
    ComplexDouble,
    LongDouble,
    Vector,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) struct Integer {
    pub(crate) c: &'static str,
    pub(crate) rust: &'static str,
    pub(crate) bits: usize,
}

const fn integer(c: &'static str, rust: &'static str, bits: usize) -> Integer {
    Integer { c, rust, bits }
}

const INTEGERS: [Integer; 9] = [
    integer("signed char", "i8", 8),
    integer("unsigned char", "u8", 8),
    integer("short", "i16", 16),
    integer("unsigned short", "u16", 16),
    integer("int", "i32", 32),
    integer("unsigned", "u32", 32),
    integer("long long", "i64", 64),
    integer("unsigned long long", "u64", 64),
    integer("__int128", "i128", 128),
];

/// How many of them every machine has.
const UP_TO_64_BITS: usize = 8;
const UP_TO_32_BITS: usize = 6;

/// Types with a name, as `c.rs` defines them.
const TYPEDEFS: [Integer; 4] = [
    integer("quarter", "i8", 8),
    integer("whole", "u64", 64),
    UNDERALIGNED,
    OVERALIGNED,
];
const UNDERALIGNED: Integer = integer("underaligned", "i32", 32);
/// It has no arrays.
const OVERALIGNED: Integer = integer("overaligned", "i16", 16);

const ENUMERATIONS: [Integer; 4] = [
    integer("enum of_8", "u8", 8),
    integer("enum of_16", "i16", 16),
    integer("enum of_32", "i32", 32),
    integer("enum of_64", "u64", 64),
];

/// The integers of a machine.
pub(crate) struct Integers {
    all: Vec<Integer>,
    /// Those that can be atomic without a library.
    atomic: &'static [Integer],
    of_bits: Vec<Integer>,
}

impl Integers {
    pub(crate) fn of(machine: &Machine) -> Integers {
        let plain = match machine.has_int128() {
            true => &INTEGERS[..],
            false => &INTEGERS[..UP_TO_64_BITS],
        };
        let enumerations = match machine.has_enumerations_of_all_sizes() {
            true => &ENUMERATIONS[..],
            false => &[],
        };
        Integers {
            all: [plain, &TYPEDEFS, enumerations].concat(),
            atomic: match machine.has_64_bit_atomics() {
                true => &INTEGERS[..UP_TO_64_BITS],
                false => &INTEGERS[..UP_TO_32_BITS],
            },
            of_bits: [&INTEGERS[..UP_TO_64_BITS], enumerations].concat(),
        }
    }
}

impl Leaf {
    fn random(random: &mut Random, integers: &[Integer]) -> Leaf {
        match random.below(16) {
            0 => Leaf::Bool,
            1 | 2 => Leaf::Float,
            3 | 4 => Leaf::Double,
            5 => Leaf::Pointer,
            6 if random.one_in(2) => Leaf::ComplexFloat,
            6 => Leaf::ComplexDouble,
            7 if random.one_in(2) => Leaf::LongDouble,
            7 => Leaf::Vector,
            _ => Leaf::Integer(random.pick(integers)),
        }
    }

    pub(crate) fn c(self) -> &'static str {
        match self {
            Leaf::Integer(integer) => integer.c,
            Leaf::Bool => "_Bool",
            Leaf::Float => "float",
            Leaf::Double => "double",
            Leaf::Pointer => "pointer",
            Leaf::ComplexFloat => "_Complex float",
            Leaf::ComplexDouble => "_Complex double",
            Leaf::LongDouble => "long double",
            Leaf::Vector => "vector",
        }
    }
}

pub(crate) enum Content {
    Leaf(Leaf),
    Leaves(Leaf, usize),
    Record(usize),
    Records(usize, usize),
    Bits(Leaf, usize),
    Atomic(Integer),
    /// A bit-field without a name.
    Gap(usize),
    /// An array without elements.
    NoLeaves(Leaf),
    /// A struct without members.
    NoMembers,
}

impl Content {
    /// Whether it has no value.
    pub(crate) fn is_empty(&self) -> bool {
        matches!(
            self,
            Content::Gap(_) | Content::NoLeaves(_) | Content::NoMembers
        )
    }
}

pub(crate) struct Field {
    pub(crate) content: Content,
    pub(crate) align: Option<usize>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Struct,
    Union,
}

pub(crate) struct Record {
    pub(crate) kind: Kind,
    pub(crate) packed: bool,
    /// The number of a `#pragma pack` around it.
    pub(crate) pack: Option<usize>,
    /// Its bit-fields lie as Microsoft has them.
    pub(crate) microsoft: bool,
    pub(crate) align: Option<usize>,
    pub(crate) fields: Vec<Field>,
    /// The field of a union that is filled.
    pub(crate) filled: usize,
    /// How many leaves it has, so that nesting ends.
    leaves: usize,
    /// A member is `_Atomic`: then Rust cannot copy it, and it is left out of others.
    atomic: bool,
}

impl Record {
    fn random(random: &mut Random, integers: &Integers, before: &[Record]) -> Record {
        let kind = match random.one_in(6) {
            true => Kind::Union,
            false => Kind::Struct,
        };
        let mut record = Record {
            kind,
            packed: random.one_in(5),
            pack: random.one_in(10).then(|| random.pick(&[1, 2, 4, 8])),
            microsoft: random.one_in(12),
            align: random
                .one_in(10)
                .then(|| random.pick(&[2, 4, 8, 16, 32, 64])),
            fields: Vec::new(),
            filled: 0,
            leaves: 0,
            atomic: false,
        };
        let bits = random.one_in(3);
        let is_unaligned = record.packed || record.pack.is_some();
        for _ in 0..=random.below(5) {
            let content = content(random, integers, before, (bits, is_unaligned));
            match &content {
                Content::Leaf(_) | Content::Leaves(..) | Content::Bits(..) => record.leaves += 1,
                Content::Gap(_) | Content::NoLeaves(_) | Content::NoMembers => {}
                Content::Atomic(_) => {
                    record.leaves += 1;
                    record.atomic = true;
                }
                Content::Record(inner) | Content::Records(inner, _) => {
                    record.leaves += before[*inner].leaves;
                }
            }
            let can_align = !matches!(content, Content::Bits(..) | Content::Gap(_));
            let align = (can_align && random.one_in(20)).then(|| random.pick(&[16, 32]));
            record.fields.push(Field { content, align });
        }
        // With clang one as wide as its type is left out where there is `#pragma pack` and one without a name.
        let is_gap = |field: &Field| matches!(field.content, Content::Gap(_));
        if record.fields.iter().any(is_gap) {
            for field in &mut record.fields {
                if let Content::Bits(Leaf::Integer(leaf), width) = &mut field.content {
                    *width = (*width).min(leaf.bits - 1);
                }
            }
        }
        let named = |field: &Field| !field.content.is_empty();
        // clang for WebAssembly passes a lone `_Bool` of bits as bit 0 of the record, even if it is another one.
        let is_bool = |field: &Field| matches!(field.content, Content::Bits(Leaf::Bool, _));
        if record
            .fields
            .iter()
            .all(|field| !named(field) || is_bool(field))
        {
            let content = Content::Leaf(Leaf::Float);
            record.fields.push(Field {
                content,
                align: None,
            });
        }
        let named: Vec<usize> = (0..record.fields.len())
            .filter(|&index| named(&record.fields[index]))
            .collect();
        record.filled = random.pick(&named);
        record
    }
}

fn content(
    random: &mut Random,
    integers: &Integers,
    before: &[Record],
    (bits, packed): (bool, bool),
) -> Content {
    if bits && random.below(3) > 0 {
        if random.one_in(10) {
            return Content::Gap(random.below(9));
        }
        let leaf = match random.one_in(8) {
            true => return Content::Bits(Leaf::Bool, 1),
            false => random.pick(&integers.of_bits),
        };
        return Content::Bits(Leaf::Integer(leaf), 1 + random.below(leaf.bits));
    }
    if !before.is_empty() && random.one_in(4) {
        let inner = random.below(before.len());
        if before[inner].leaves < 12 && !before[inner].atomic {
            return match random.one_in(3) {
                true => Content::Records(inner, 1 + random.below(3)),
                false => Content::Record(inner),
            };
        }
    }
    // The compilers call a library for what is not aligned.
    if !packed && random.one_in(12) {
        return Content::Atomic(random.pick(integers.atomic));
    }
    if random.one_in(40) {
        return Content::NoMembers;
    }
    let leaf = Leaf::random(random, &integers.all);
    if leaf == Leaf::Integer(OVERALIGNED) {
        return Content::Leaf(leaf);
    }
    if random.one_in(40) {
        return Content::NoLeaves(leaf);
    }
    match random.one_in(5) {
        true => Content::Leaves(leaf, 1 + random.below(4)),
        false => Content::Leaf(leaf),
    }
}

/// A parameter or a result.
#[derive(Clone, Copy)]
pub(crate) enum Value {
    Leaf(Leaf),
    Record(usize),
}

pub(crate) struct Function {
    pub(crate) parameters: Vec<Value>,
    pub(crate) result: Option<Value>,
}

/// The types and functions of one program.
pub(crate) struct Program {
    pub(crate) records: Vec<Record>,
    pub(crate) functions: Vec<Function>,
    /// The arguments after the fixed one.
    pub(crate) variadics: Vec<Vec<Value>>,
}

impl Program {
    pub(crate) fn random(
        seed: u64,
        records: usize,
        functions: usize,
        integers: &Integers,
    ) -> Program {
        let mut random = Random::new(seed);
        let mut all = Vec::new();
        for _ in 0..records {
            let record = Record::random(&mut random, integers, &all);
            all.push(record);
        }
        let count = all.len();
        let value = |random: &mut Random| match random.one_in(2) {
            true => Value::Record(random.below(count)),
            false => Value::Leaf(Leaf::random(random, &integers.all)),
        };
        let functions = (0..functions)
            .map(|_| Function {
                parameters: (0..random.below(9)).map(|_| value(&mut random)).collect(),
                result: (!random.one_in(8)).then(|| value(&mut random)),
            })
            .collect();
        let variadics = (0..20)
            .map(|_| {
                (0..1 + random.below(7))
                    .map(|_| value(&mut random))
                    .collect()
            })
            .collect();
        Program {
            records: all,
            functions,
            variadics,
        }
    }
}
