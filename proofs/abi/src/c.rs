//! Writes the C side of a program: the types, what fills and checks them, and the functions that are called.

use std::fmt::Write;

use crate::model::{Content, Kind, Leaf, Program, Record, Value};

/// What both sides make of a seed and a number of a value.
const START: &str = "
typedef void *pointer;
typedef int vector __attribute__((vector_size(16)));
typedef int quarter __attribute__((mode(QI))); typedef unsigned whole __attribute__((mode(DI)));
typedef int underaligned __attribute__((aligned(2))); typedef short overaligned __attribute__((aligned(8)));
enum __attribute__((packed)) of_8 { Y8 = 255 }; enum __attribute__((packed)) of_16 { X16 = -300, Y16 = 300 };
enum of_32 { X32 = -70000, Y32 = 70000 }; enum of_64 { Y64 = 1ULL << 63 };
struct nothing {};
typedef unsigned long long u64;
typedef long double long_double;
unsigned err;
static u64 v(u64 s) { s ^= s >> 33; s *= 0xff51afd7ed558ccdULL; s ^= s >> 33; s *= 0xc4ceb9fe1a85ec53ULL; return s ^ s >> 33; }
void put_long_double(long double *p, u64 s) { *p = (short)v(s); }
int same_long_double(const long double *p, u64 s) { return *p == (short)v(s); }
void put_vector(vector *p, u64 s) { *p = (vector){ (int)v(s), (int)(v(s) >> 32), (int)v(s + 1), 7 }; }
void back_complex(void (*f)(_Complex double));
int same_vector(const vector *p, u64 s) { vector w; put_vector(&w, s); return __builtin_memcmp(p, &w, 16) == 0; }
";

pub(crate) fn name(record: &Record, number: usize) -> String {
    match record.kind {
        Kind::Struct => format!("struct t{number}"),
        Kind::Union => format!("union t{number}"),
    }
}

pub(crate) fn write(program: &Program, has_variadic: &[bool]) -> String {
    let mut text = START.to_string();
    for (number, record) in program.records.iter().enumerate() {
        define(program, record, number, &mut text);
        fill(program, record, number, &mut text);
        check(program, record, number, &mut text);
        by_pointer(program, number, &mut text);
    }
    for number in 0..program.functions.len() {
        function(program, number, &mut text);
    }
    for (number, values) in program.variadics.iter().enumerate() {
        if has_variadic.get(number) == Some(&true) {
            variadic(program, number, values, &mut text);
        }
    }
    text
}

fn define(program: &Program, record: &Record, number: usize, text: &mut String) {
    let mut attributes = Vec::new();
    if record.packed {
        attributes.push("packed".to_string());
    }
    if record.microsoft {
        attributes.push("ms_struct".to_string());
    }
    if let Some(pack) = record.pack {
        let _ = writeln!(text, "\n#pragma pack(push, {pack})");
    }
    if let Some(align) = record.align {
        attributes.push(format!("aligned({align})"));
    }
    let (word, tag) = match record.kind {
        Kind::Struct => ("struct", format!("t{number}")),
        Kind::Union => ("union", format!("t{number}")),
    };
    let attributes = match attributes.is_empty() {
        true => String::new(),
        false => format!("__attribute__(({}))", attributes.join(", ")),
    };
    let _ = write!(text, "{word} {attributes} {tag} {{ ");
    for (index, field) in record.fields.iter().enumerate() {
        let align = field.align.map_or(String::new(), |align| {
            format!(" __attribute__((aligned({align})))")
        });
        let inner = |inner: usize| name(&program.records[inner], inner);
        let _ = match &field.content {
            Content::Leaf(leaf) => write!(text, "{} f{index}{align}; ", leaf.c()),
            Content::Atomic(integer) => write!(text, "_Atomic {} f{index}{align}; ", integer.c),
            Content::Leaves(leaf, count) => {
                write!(text, "{} f{index}[{count}]{align}; ", leaf.c())
            }
            Content::Record(other) => write!(text, "{} f{index}{align}; ", inner(*other)),
            Content::Records(other, count) => {
                write!(text, "{} f{index}[{count}]{align}; ", inner(*other))
            }
            Content::Bits(leaf, width) => write!(text, "{} f{index} : {width}; ", leaf.c()),
            Content::Gap(width) => write!(text, "int : {width}; "),
            Content::NoLeaves(leaf) => write!(text, "{} f{index}[0]{align}; ", leaf.c()),
            Content::NoMembers => write!(text, "struct nothing f{index}{align}; "),
        };
    }
    text.push_str("};\n");
    if record.pack.is_some() {
        text.push_str("#pragma pack(pop)\n");
    }
}

/// Stores the value of seed `s` in `place`.
fn store(leaf: Leaf, place: &str, s: &str) -> String {
    match leaf {
        Leaf::Integer(integer) => format!("{place} = ({})v({s});", integer.c),
        Leaf::Bool => format!("{place} = v({s}) & 1;"),
        Leaf::Float | Leaf::Double | Leaf::LongDouble => format!("{place} = (short)v({s});"),
        Leaf::Pointer => format!("{place} = (void *)v({s});"),
        Leaf::ComplexFloat | Leaf::ComplexDouble => {
            format!("__real__ {place} = (short)v({s}); __imag__ {place} = (short)(v({s}) >> 16);")
        }
        Leaf::Vector => {
            format!("{{ vector w; put_vector(&w, {s}); __builtin_memcpy(&{place}, &w, 16); }}")
        }
    }
}

/// Whether `place` holds the value of seed `s`. A bit-field holds what fits.
fn holds(leaf: Leaf, place: &str, s: &str) -> String {
    match leaf {
        Leaf::Integer(integer) => format!("{place} == ({})v({s})", integer.c),
        Leaf::Bool => format!("{place} == (v({s}) & 1)"),
        Leaf::Float | Leaf::Double | Leaf::LongDouble => format!("{place} == (short)v({s})"),
        Leaf::Pointer => format!("{place} == (void *)v({s})"),
        Leaf::ComplexFloat | Leaf::ComplexDouble => {
            format!(
                "__real__ {place} == (short)v({s}) && __imag__ {place} == (short)(v({s}) >> 16)"
            )
        }
        Leaf::Vector => {
            format!("({{ vector w; __builtin_memcpy(&w, &{place}, 16); same_vector(&w, {s}); }})")
        }
    }
}

fn filled(record: &Record) -> impl Iterator<Item = usize> {
    let only = (record.kind == Kind::Union).then_some(record.filled);
    (0..record.fields.len()).filter(move |index| only.is_none_or(|only| only == *index))
}

fn fill(program: &Program, record: &Record, number: usize, text: &mut String) {
    let c = name(record, number);
    let _ = writeln!(text, "static void fill_t{number}({c} *p, u64 s) {{ ");
    for index in filled(record) {
        let (place, seed) = (format!("p->f{index}"), format!("s * 31 + {index}"));
        let line = match &record.fields[index].content {
            Content::Leaf(leaf) | Content::Bits(leaf, _) => store(*leaf, &place, &seed),
            Content::Atomic(integer) => store(Leaf::Integer(*integer), &place, &seed),
            Content::Leaves(leaf, count) => format!(
                "for (int i = 0; i < {count}; i++) {{ {} }}",
                store(*leaf, &format!("{place}[i]"), &format!("{seed} + 1000 * i"))
            ),
            Content::Record(inner) => {
                let c = name(&program.records[*inner], *inner);
                format!(
                    "{{ {c} q; __builtin_memcpy(&q, &{place}, sizeof q); fill_t{inner}(&q, {seed}); __builtin_memcpy(&{place}, &q, sizeof q); }}"
                )
            }
            Content::Records(inner, count) => {
                let c = name(&program.records[*inner], *inner);
                format!(
                    "for (int i = 0; i < {count}; i++) {{ {c} q; __builtin_memcpy(&q, &{place}[i], sizeof q); fill_t{inner}(&q, {seed} + 1000 * i); __builtin_memcpy(&{place}[i], &q, sizeof q); }}"
                )
            }
            Content::Gap(_) | Content::NoLeaves(_) | Content::NoMembers => continue,
        };
        let _ = writeln!(text, "{line}");
    }
    text.push_str("}\n");
}

fn check(program: &Program, record: &Record, number: usize, text: &mut String) {
    let c = name(record, number);
    let _ = writeln!(text, "static int same_t{number}(const {c} *p, u64 s) {{ ");
    for index in filled(record) {
        let (place, seed) = (format!("p->f{index}"), format!("s * 31 + {index}"));
        let condition = match &record.fields[index].content {
            Content::Leaf(leaf) => holds(*leaf, &place, &seed),
            Content::Atomic(integer) => holds(Leaf::Integer(*integer), &place, &seed),
            // Compared with what C itself makes of the assignment.
            Content::Bits(leaf, _) => {
                let _ = writeln!(
                    text,
                    "{{ {c} r; {} if (p->f{index} != r.f{index}) return 0; }}",
                    store(*leaf, &format!("r.f{index}"), &seed)
                );
                continue;
            }
            Content::Leaves(leaf, count) => {
                let one = holds(*leaf, &format!("{place}[i]"), &format!("{seed} + 1000 * i"));
                let _ = writeln!(
                    text,
                    "for (int i = 0; i < {count}; i++) if (!({one})) return 0;"
                );
                continue;
            }
            Content::Record(inner) => {
                let c = name(&program.records[*inner], *inner);
                format!(
                    "({{ {c} q; __builtin_memcpy(&q, &{place}, sizeof q); same_t{inner}(&q, {seed}); }})"
                )
            }
            Content::Records(inner, count) => {
                let c = name(&program.records[*inner], *inner);
                let _ = writeln!(
                    text,
                    "for (int i = 0; i < {count}; i++) {{ {c} q; __builtin_memcpy(&q, &{place}[i], sizeof q); if (!same_t{inner}(&q, {seed} + 1000 * i)) return 0; }}"
                );
                continue;
            }
            Content::Gap(_) | Content::NoLeaves(_) | Content::NoMembers => continue,
        };
        let _ = writeln!(text, "if (!({condition})) return 0;");
    }
    text.push_str("return 1; }\n");
}

/// Compares what Rust filled, bit by bit where each has a value, and fills it anew. What the compiler leaves as it was, over zeroes
/// and over ones, is padding: a copy in Rust need not keep it.
fn by_pointer(program: &Program, number: usize, text: &mut String) {
    let c = name(&program.records[number], number);
    let _ = writeln!(
        text,
        "void pointer_t{number}({c} *p, u64 s) {{ err = !same_t{number}(p, s); {c} q, w; \
         __builtin_memset(&q, 0, sizeof q); __builtin_memset(&w, 255, sizeof w); fill_t{number}(&q, s); fill_t{number}(&w, s); \
         const unsigned char *a = (void *)p, *b = (void *)&q, *d = (void *)&w; \
         for (unsigned i = 0; i < sizeof q; i++) if ((a[i] ^ b[i]) & ~(b[i] ^ d[i])) err |= 2; \
         __builtin_memset(p, 0, sizeof *p); fill_t{number}(p, s + 500); }}"
    );
}

fn type_of(program: &Program, value: Value) -> String {
    match value {
        Value::Leaf(leaf) => leaf.c().to_string(),
        Value::Record(number) => name(&program.records[number], number),
    }
}

fn seed(function: usize, parameter: usize) -> u64 {
    (function * 100 + parameter) as u64
}

/// The statement that notes whether argument `place` is what was to be passed.
fn note(value: Value, place: &str, bit: usize, seed: u64) -> String {
    let right = match value {
        Value::Leaf(leaf) => holds(leaf, place, &seed.to_string()),
        Value::Record(number) => format!("same_t{number}(&{place}, {seed})"),
    };
    format!("if (!({right})) err |= 1u << {bit}; ")
}

fn made(program: &Program, value: Value, place: &str, seed: u64) -> String {
    let c = type_of(program, value);
    let fill = match value {
        Value::Leaf(leaf) => store(leaf, place, &seed.to_string()),
        Value::Record(number) => format!("fill_t{number}(&{place}, {seed});"),
    };
    format!("{c} {place}; __builtin_memset(&{place}, 0, sizeof {place}); {fill} ")
}

fn function(program: &Program, number: usize, text: &mut String) {
    let function = &program.functions[number];
    let result = function
        .result
        .map_or("void".to_string(), |value| type_of(program, value));
    let numbered = || function.parameters.iter().copied().enumerate();
    let types: Vec<String> = numbered()
        .map(|(_, value)| type_of(program, value))
        .collect();
    let declared: Vec<String> = numbered()
        .map(|(index, value)| format!("{} a{index}", type_of(program, value)))
        .collect();
    let or_void = |list: Vec<String>| match list.is_empty() {
        true => "void".to_string(),
        false => list.join(", "),
    };
    let _ = write!(
        text,
        "{result} call{number}({}) {{ err = 0; ",
        or_void(declared)
    );
    for (index, value) in numbered() {
        text.push_str(&note(
            value,
            &format!("a{index}"),
            index,
            seed(number, index),
        ));
    }
    if let Some(value) = function.result {
        text.push_str(&made(program, value, "r", seed(number, 99)));
        text.push_str("return r; ");
    }
    text.push_str("}\n");

    let _ = write!(
        text,
        "void back{number}({result} (*f)({})) {{ err = 0; ",
        or_void(types)
    );
    for (index, value) in numbered() {
        text.push_str(&made(
            program,
            value,
            &format!("a{index}"),
            seed(number, index),
        ));
    }
    let passed: Vec<String> = numbered().map(|(index, _)| format!("a{index}")).collect();
    let call = format!("f({})", passed.join(", "));
    match function.result {
        Some(value) => {
            let _ = write!(text, "{result} r = {call}; ");
            text.push_str(&note(value, "r", 31, seed(number, 99)));
        }
        None => {
            let _ = write!(text, "{call}; ");
        }
    }
    text.push_str("}\n");
}

/// What C's default promotions make of it (C17 6.5.2.2, paragraph 6).
fn promoted(leaf: Leaf) -> &'static str {
    match leaf {
        Leaf::Bool => "int",
        Leaf::Float => "double",
        Leaf::Integer(integer) if integer.bits < 32 => "int",
        other => other.c(),
    }
}

fn variadic(program: &Program, number: usize, values: &[Value], text: &mut String) {
    let _ = write!(
        text,
        "void variadic{number}(int n, ...) {{ err = 0; __builtin_va_list list; __builtin_va_start(list, n); "
    );
    for (index, value) in values.iter().copied().enumerate() {
        let c = match value {
            Value::Leaf(leaf) => promoted(leaf).to_string(),
            Value::Record(_) => type_of(program, value),
        };
        let _ = write!(text, "{c} a{index} = __builtin_va_arg(list, {c}); ");
        text.push_str(&note(
            value,
            &format!("a{index}"),
            index,
            seed(number, index),
        ));
    }
    text.push_str("__builtin_va_end(list); }\n");
}
