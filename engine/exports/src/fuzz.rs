//! The reader neither panics nor hangs on any text. `CGO_FUZZ=100000 cargo test --release -p cgo-exports fuzz` tries so many random
//! texts; `ci/fuzz exports` runs libFuzzer.

use cgo_random_input::{Units, check, texts, write_seeds};

use crate::{Cfg, CrateContext, Options, of_text, read};

/// Texts from whose pieces the random ones are made.
const SEEDS: [&str; 2] = [
    "#[cfg(all(unix, not(feature = \"a\")))] #[path = \"x\"] mod m { mod n; type A = B<'a, C>; include!(\"x\"); }\n\
     /// Says \"so\".\n#[repr(C)] #[export_c(name = \"n\", on_panic = f(1))] pub unsafe extern \"C\" fn f<'a>(a: &'a [u8; 2], \
     b: Option<&CStr>, c: *mut i32, d: extern \"C\" fn(i32) -> u8) -> (A, B<C>) where A: B { 'c'; b\"x\"; r#\"y\"#; 1.5e-3 }\n\
     #[export_c] static mut X: u8 = 1; #[export_c] #[repr(u8)] enum E { A = -1, B }\n\
     #[export_c] #[repr(C)] struct S { a: u8, r#type: [T; N] } c_preamble! { pub mod x; int a; } use a::{b, c as d};\n",
    "cfg_if! { if #[cfg(unix)] { use super::*; } else { mod no; } } pub(super) const N: usize = !(0xff as u8) as usize << 2;\n\
     impl<T> A for B { #[export_c] fn m(self: &Self) -> Box<Self> { loop {} } } fn body() { use x::*; #[export_c] fn f(a: T) {} }\n\
     type T = u8; extern crate a as b; pub use self::m::{self, N as M}; #[export_c] #[repr(C)] enum F { A = M as isize, B }\n\
     cfg_select! { any(unix, a) => { #[export_c] fn b() {} } _ => { mod c; }, }\n",
];

/// Repeated as they are.
const LONG: [&str; 25] = [
    "mod a { ",
    "mod a;",
    "#[export_c] ",
    "#[export_c] fn f() { ",
    "#[export_c] fn f(a: A<",
    "fn f(a: A<",
    "fn f(a: &",
    "& ",
    "*const ",
    "impl A for (Self, Self) { ",
    "impl A { #[export_c] ",
    "#[cfg(not(",
    "#[cfg_attr(a, ",
    "const A: u8 = -",
    "const A: u8 = 1 + ",
    "const A: u8 = (",
    "use a::{",
    "use a::",
    "use self::*; ",
    "cfg_if! { if #[cfg(a)] { ",
    "cfg_select! { a => { ",
    "fn f() -> fn() -> ",
    "#[export_c] static A: [u8; -",
    "#[export_c] static A: [u8; 1 + ",
    "type A = Option<A>; ",
];

/// Repeated with numbers that go up.
const NUMBERED: [&str; 6] = [
    "#[export_c] fn THIS(a: NEXT) {}\n",
    "type THIS = NEXT; #[export_c] fn THIS(a: THIS) {}\n",
    "const THIS: usize = NEXT + NEXT; #[export_c] fn THIS(a: [u8; THIS]) {}\n",
    "#[export_c] #[repr(C)] struct THIS { a: NEXT, b: NEXT }\n",
    "mod THIS { pub use super::NEXT::*; pub use super::NEXT::A; #[export_c] fn THIS(a: A) {} }\n",
    "use self::NEXT as THIS; #[export_c] fn THIS(a: THIS) {}\n",
];

/// Texts on which something once went wrong, or nearly.
const FINDS: [&str; 6] = [
    // A type argument that is not there.
    "#[export_c] fn f(a: A<,>) {}",
    // Aliases in a circle, and such that double each other.
    "type A = B; type B = A; #[export_c] fn f(a: A) {}",
    "type A = Option<A>; #[export_c] fn f(a: A) {}",
    "type A = extern \"C\" fn(B, B); type B = extern \"C\" fn(C, C); type C = extern \"C\" fn(A, A); #[export_c] fn f(a: A) {}",
    // An integer of no bits.
    "const A: u8 = 1i0; #[export_c] fn f(a: [u8; A]) {} #[export_c] #[repr(u8)] enum E { B = 1 as i0 }",
    // Structs that hold each other twice, behind a variable.
    "#[export_c] static X: A = f(); #[export_c] #[repr(C)] struct A { a: B, b: B } #[export_c] #[repr(C)] struct B { a: A, b: A }",
];

fn try_text(text: &str) {
    let unix = Cfg {
        name: "unix".to_string(),
        value: None,
    };
    let context = CrateContext {
        cfgs: vec![unix],
        pointer_bits: 64,
        ..CrateContext::default()
    };
    of_text(text, &context);
}

/// Reads options and an item, as the macro does.
fn try_item(text: &str) {
    let middle = (text.len() / 2..).find(|at| text.is_char_boundary(*at));
    let (before, behind) = text.split_at(middle.unwrap_or(0));
    for (options, item) in [(text, text), (before, behind), ("", text)] {
        if let (Ok(options), Ok(item)) = (options.parse(), item.parse())
            && let Ok(options) = Options::read(options)
        {
            let _ = read(options, item);
        }
    }
}

#[test]
fn random_texts() {
    check("exports", &texts(&SEEDS), |text| {
        try_text(&text);
        try_item(&text);
    });
}

#[test]
fn finds() {
    for text in FINDS.iter().chain(&SEEDS) {
        try_text(text);
        try_item(text);
    }
}

/// One and the same thing very often, nested or one after another: the time must be in proportion, and the stack suffice.
#[test]
fn long_texts() {
    let units = Units {
        plain: &LONG,
        numbered: &NUMBERED,
        inside: "u8",
        end: "1;",
    };
    units.try_each(try_text);
}

/// Writes the seeds of `ci/fuzz`.
#[test]
#[ignore = "it is ci/fuzz that asks for them"]
fn seeds() {
    let texts = SEEDS.iter().chain(&LONG).chain(&NUMBERED).chain(&FINDS);
    write_seeds("exports", texts.map(|text| text.as_bytes()));
}
