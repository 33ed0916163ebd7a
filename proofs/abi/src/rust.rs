//! Writes the Rust side of a program: it fills what C checks, and checks what C fills.

use std::fmt::Write;

use crate::bare;
use crate::bound::Bound;
use crate::machine::Machine;
use crate::model::{Content, Kind, Leaf, Program, Record, Value};

const START: &str = "
use std::ffi::c_void;
type LongDouble = C::long_double;
static mut BAD: u32 = 0;
static mut CALLS: usize = 0;
fn v(mut s: u64) -> u64 { s ^= s >> 33; s = s.wrapping_mul(0xff51afd7ed558ccd); s ^= s >> 33; s = s.wrapping_mul(0xc4ceb9fe1a85ec53); s ^ s >> 33 }
fn long_double(s: u64) -> LongDouble { let mut x = LongDouble::default(); unsafe { C::put_long_double((&raw mut x).cast(), s) }; x }
fn vector(s: u64) -> C::vector { let mut x = C::vector::default(); unsafe { C::put_vector(&mut x, s) }; x }
fn same_long_double(x: LongDouble, s: u64) -> bool { unsafe { C::same_long_double((&raw const x).cast(), s) == 1 } }
fn same_vector(x: C::vector, s: u64) -> bool { unsafe { C::same_vector(&x, s) == 1 } }
// In place: a move would not keep the bytes between members.
fn zeroed<T>(x: &mut std::mem::MaybeUninit<T>) -> &mut T { unsafe { std::ptr::write_bytes(x.as_mut_ptr(), 0, 1); x.assume_init_mut() } }
fn inner(s: u64, i: u64) -> u64 { s.wrapping_mul(31).wrapping_add(i) }
fn after(what: &str, bad: bool) { unsafe { CALLS += 1; if C::err != 0 || bad { BAD += 1; println!(\"{what} differs: {:#x} in C, {bad} in Rust\", { C::err }); } } }
";

pub(crate) fn name(record: &Record, number: usize) -> String {
    match record.kind {
        Kind::Struct => format!("struct_t{number}"),
        Kind::Union => format!("union_t{number}"),
    }
}

/// Whether it can stand among the arguments after `...`.
pub(crate) fn goes_in_variadic(program: &Program, bound: &Bound, value: Value) -> bool {
    match value {
        Value::Leaf(Leaf::LongDouble | Leaf::Vector) => false,
        Value::Leaf(Leaf::ComplexFloat | Leaf::ComplexDouble) => bound.complex_is_direct(),
        Value::Leaf(_) => true,
        Value::Record(number) => bound.is_direct(&name(&program.records[number], number)),
    }
}

/// The value of seed `s`, in memory.
fn value(leaf: Leaf, s: &str) -> String {
    match leaf {
        Leaf::Integer(integer) => format!("v({s}) as {}", integer.rust),
        Leaf::Bool => format!("v({s}) & 1 == 1"),
        Leaf::Float => format!("v({s}) as i16 as f32"),
        Leaf::Double => format!("v({s}) as i16 as f64"),
        Leaf::Pointer => format!("v({s}) as usize as *mut c_void"),
        Leaf::ComplexFloat => complex("f32", s),
        Leaf::ComplexDouble => complex("f64", s),
        Leaf::LongDouble => format!("long_double({s})"),
        Leaf::Vector => format!("vector({s})"),
    }
}

fn complex(part: &str, s: &str) -> String {
    format!("cgo::Complex {{ re: v({s}) as i16 as {part}, im: (v({s}) >> 16) as i16 as {part} }}")
}

fn holds(leaf: Leaf, place: &str, s: &str) -> String {
    match leaf {
        Leaf::LongDouble => format!("same_long_double({place}, {s})"),
        Leaf::Vector => format!("same_vector({place}, {s})"),
        _ => format!("{place} == ({})", value(leaf, s)),
    }
}

pub(crate) fn write(program: &Program, bound: &Bound, c: &str, machine: &Machine) -> String {
    let (before, system, end) = match machine.has_system() {
        true => ("", String::new(), "use std::process::exit;\n"),
        false => (bare::START, bare::preamble(), bare::END),
    };
    let mut text = format!(
        "#![allow(warnings)]\n{before}{START}cgo::c_preamble!(r#\"\n#cgo CFLAGS: -w\n{system}{c}\"#);\n{end}"
    );
    let mut main = String::from("fn main() { unsafe {\n");
    for (number, record) in program.records.iter().enumerate() {
        let rust = name(record, number);
        fill(program, bound, record, number, &mut text);
        check(program, bound, record, number, &mut text);
        let _ = writeln!(
            main,
            "{{ let mut x = std::mem::MaybeUninit::<C::{rust}>::uninit(); let x = zeroed(&mut x); fill_t{number}(x, 7); C::pointer_t{number}(x, 7); after(\"t{number} by pointer\", !same_t{number}(x, 507)); }}"
        );
    }
    for number in 0..program.functions.len() {
        call(program, number, &mut main);
        if bound.takes_callback(number) {
            back(program, number, &mut text, &mut main);
        }
    }
    for (number, values) in program.variadics.iter().enumerate() {
        if c.contains(&format!("void variadic{number}(")) {
            variadic(program, number, values, &mut main);
        }
    }
    let _ = writeln!(
        main,
        "println!(\"{} types {{}} calls {{}} differences\", {{ CALLS }}, {{ BAD }});\nexit((BAD > 0) as i32) }} }}",
        program.records.len()
    );
    text + &main
}

fn filled(record: &Record) -> impl Iterator<Item = usize> {
    let only = (record.kind == Kind::Union).then_some(record.filled);
    (0..record.fields.len()).filter(move |index| only.is_none_or(|only| only == *index))
}

fn fill(program: &Program, bound: &Bound, record: &Record, number: usize, text: &mut String) {
    let rust = name(record, number);
    let _ = writeln!(
        text,
        "unsafe fn fill_t{number}(x: &mut C::{rust}, s: u64) {{ unsafe {{"
    );
    for index in filled(record) {
        let seed = format!("inner(s, {index})");
        let each = |one: &str, count: &usize| {
            format!(
                "std::array::from_fn::<_, {count}, _>(|i| {{ let s = {seed}.wrapping_add(1000 * i as u64); {one} }})"
            )
        };
        let record = |other: &usize, s: &str| {
            let rust = name(&program.records[*other], *other);
            format!("{{ let mut y = C::{rust}::default(); fill_t{other}(&mut y, {s}); y }}")
        };
        let expression = match &record_content(program, number, index) {
            Content::Leaf(leaf) | Content::Bits(leaf, _) => value(*leaf, &seed),
            Content::Atomic(integer) => value(Leaf::Integer(*integer), &seed),
            Content::Leaves(leaf, count) => each(&value(*leaf, "s"), count),
            Content::Record(other) => record(other, &seed),
            Content::Records(other, count) => each(&record(other, "s"), count),
            Content::Gap(_) | Content::NoLeaves(_) | Content::NoMembers => continue,
        };
        let _ = match bound.has_method(&rust, &format!("f{index}")) {
            true => writeln!(text, "x.set_f{index}({expression});"),
            false if is_atomic(record_content(program, number, index)) => {
                match program.records[number].kind {
                    Kind::Struct => writeln!(text, "x.f{index} = ({expression}).into();"),
                    Kind::Union => writeln!(
                        text,
                        "x.f{index} = std::mem::ManuallyDrop::new(({expression}).into());"
                    ),
                }
            }
            false => writeln!(text, "x.f{index} = {expression};"),
        };
    }
    text.push_str("} }\n");
}

fn is_atomic(content: &Content) -> bool {
    matches!(content, Content::Atomic(_))
}

fn record_content(program: &Program, number: usize, index: usize) -> &Content {
    &program.records[number].fields[index].content
}

fn check(program: &Program, bound: &Bound, record: &Record, number: usize, text: &mut String) {
    let rust = name(record, number);
    let _ = writeln!(
        text,
        "unsafe fn same_t{number}(x: &C::{rust}, s: u64) -> bool {{ unsafe {{"
    );
    for index in filled(record) {
        let seed = format!("inner(s, {index})");
        if record_content(program, number, index).is_empty() {
            continue;
        }
        let place = match bound.has_method(&rust, &format!("f{index}")) {
            true => format!("x.f{index}()"),
            false if is_atomic(record_content(program, number, index)) => {
                format!("x.f{index}.load(std::sync::atomic::Ordering::Relaxed)")
            }
            false => format!("{{ x.f{index} }}"),
        };
        let _ = writeln!(text, "let y = {place};");
        let each = |one: String| {
            format!(
                "y.iter().enumerate().all(|(i, y)| {{ let (y, s) = (*y, {seed}.wrapping_add(1000 * i as u64)); {one} }})"
            )
        };
        let condition = match record_content(program, number, index) {
            Content::Leaf(leaf) => holds(*leaf, "y", &seed),
            Content::Atomic(integer) => holds(Leaf::Integer(*integer), "y", &seed),
            Content::Bits(Leaf::Integer(integer), width) => {
                // What fits, with its sign.
                let above = integer.bits - width;
                format!(
                    "y == ((v({seed}) as {}) << {above} >> {above})",
                    integer.rust
                )
            }
            Content::Bits(leaf, _) => holds(*leaf, "y", &seed),
            Content::Leaves(leaf, _) => each(holds(*leaf, "y", "s")),
            Content::Record(other) => format!("same_t{other}(&y, {seed})"),
            Content::Records(other, _) => each(format!("same_t{other}(&y, s)")),
            Content::Gap(_) | Content::NoLeaves(_) | Content::NoMembers => continue,
        };
        let _ = writeln!(text, "if !({condition}) {{ return false; }}");
    }
    text.push_str("true } }\n");
}

fn seed(function: usize, parameter: usize) -> String {
    (function * 100 + parameter).to_string()
}

/// The value as an argument: a `long double` is an `f64` there.
fn argument(program: &Program, value_: Value, s: &str) -> String {
    match value_ {
        Value::Leaf(Leaf::LongDouble) => value(Leaf::Double, s),
        Value::Leaf(leaf) => value(leaf, s),
        Value::Record(number) => {
            let rust = name(&program.records[number], number);
            format!("{{ let mut y = C::{rust}::default(); fill_t{number}(&mut y, {s}); y }}")
        }
    }
}

fn is_right(value_: Value, place: &str, s: &str) -> String {
    match value_ {
        Value::Leaf(Leaf::LongDouble) => holds(Leaf::Double, place, s),
        Value::Leaf(leaf) => holds(leaf, place, s),
        Value::Record(number) => format!("same_t{number}(&{place}, {s})"),
    }
}

fn call(program: &Program, number: usize, main: &mut String) {
    let function = &program.functions[number];
    let numbered = function.parameters.iter().enumerate();
    let arguments: Vec<String> = numbered
        .map(|(index, value)| argument(program, *value, &seed(number, index)))
        .collect();
    let right = match function.result {
        Some(value) => is_right(value, "r", &seed(number, 99)),
        None => "true".to_string(),
    };
    let _ = writeln!(
        main,
        "{{ let r = C::call{number}({}); after(\"call{number}\", !({right})); }}",
        arguments.join(", ")
    );
}

fn rust_type(program: &Program, value: Value) -> String {
    match value {
        Value::Leaf(Leaf::Integer(integer)) => integer.rust.to_string(),
        Value::Leaf(Leaf::Bool) => "bool".to_string(),
        Value::Leaf(Leaf::Float) => "f32".to_string(),
        Value::Leaf(Leaf::Double | Leaf::LongDouble) => "f64".to_string(),
        Value::Leaf(Leaf::Pointer) => "*mut c_void".to_string(),
        Value::Leaf(Leaf::ComplexFloat) => "cgo::Complex<f32>".to_string(),
        Value::Leaf(Leaf::ComplexDouble) => "cgo::Complex<f64>".to_string(),
        Value::Leaf(Leaf::Vector) => "C::vector".to_string(),
        Value::Record(number) => format!("C::{}", name(&program.records[number], number)),
    }
}

/// A Rust function that C calls.
fn back(program: &Program, number: usize, text: &mut String, main: &mut String) {
    let function = &program.functions[number];
    let numbered = || function.parameters.iter().copied().enumerate();
    let declared: Vec<String> = numbered()
        .map(|(index, value)| format!("a{index}: {}", rust_type(program, value)))
        .collect();
    let result = function.result.map_or(String::new(), |value| {
        format!(" -> {}", rust_type(program, value))
    });
    let _ = write!(
        text,
        "unsafe extern \"C\" fn rust{number}({}){result} {{ unsafe {{ ",
        declared.join(", ")
    );
    for (index, value) in numbered() {
        let right = is_right(value, &format!("a{index}"), &seed(number, index));
        let _ = write!(text, "if !({right}) {{ C::err |= 1 << {index}; }} ");
    }
    if let Some(value) = function.result {
        text.push_str(&argument(program, value, &seed(number, 99)));
    }
    text.push_str(" } }\n");
    let _ = writeln!(
        main,
        "C::back{number}(Some(rust{number})); after(\"back{number}\", false);"
    );
}

fn variadic(program: &Program, number: usize, values: &[Value], main: &mut String) {
    let numbered = values.iter().enumerate();
    let arguments: Vec<String> = numbered
        .map(|(index, value)| {
            let argument = argument(program, *value, &seed(number, index));
            match value {
                Value::Leaf(Leaf::Bool) => format!("({argument}) as i32"),
                Value::Leaf(Leaf::Float) => format!("({argument}) as f64"),
                Value::Leaf(Leaf::Integer(integer)) if integer.bits < 32 => {
                    format!("({argument}) as i32")
                }
                _ => argument,
            }
        })
        .collect();
    let _ = writeln!(
        main,
        "C::variadic{number}({}, {}); after(\"variadic{number}\", false);",
        values.len(),
        arguments.join(", ")
    );
}
