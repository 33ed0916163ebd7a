//! What the header says of Rust.

use cgo_csyntax::exports::{Lengths, Numbers};

use crate::{CrateContext, Exports, of_text};

fn header(text: &str) -> Exports {
    let context = CrateContext {
        pointer_bits: 64,
        facades: vec!["cgo".to_string()],
        ..CrateContext::default()
    };
    let found = of_text(text, &context);
    assert!(found.unreadable.is_empty(), "{:?}", found.unreadable);
    found
}

fn assert_says(rust: &str, expected: &[&str]) {
    let text = header(rust).declarations(|_| true);
    for part in expected {
        assert!(text.contains(part), "{part}\n{text}");
    }
}

#[test]
fn declarations() {
    assert_says(
        "use std::ffi::*; use cgo::Volatile;
         #[export_c] fn f(class: i32, new: &str, _: &[u8], r#int: Option<&CStr>) -> (u8, *mut c_void) {}
         #[export_c] fn never() -> ! {}
         #[export_c] fn table(rows: *const [c_int; 3], by: Option<extern \"C\" fn(*const c_void, usize) -> bool>) -> extern \"C\" fn(c_char) -> u64 {}
         #[export_c] fn self_of(self: &Outer, v: *const Volatile<u8>) {}
         #[export_c] fn alike(this: u8, this_: u8, _: u8, arg2: u8) {}
         #[export_c] fn volatiles(a: *const Volatile<[u8; 3]>, b: *mut *mut Volatile<[[u8; 3]; 2]>) {}
         #[export_c] unsafe fn dots(n: c_int, args: ...) {}
         #[export_c] #[repr(C)] pub struct Outer { pub inner: Inner, pub many: [Inner; 2], pub next: *mut Outer }
         #[export_c] #[repr(C)] pub union Inner { pub a: u64, pub b: f32 }
         #[export_c] static FUNCTION: Option<extern \"C\" fn(c_int) -> c_int> = None;
         #[export_c] static mut COUNT: c_long = 1;
         #[export_c] static COUNTERS: Counters = Counters;
         #[export_c] static HEAD: std::sync::atomic::AtomicPtr<*const u8> = NULL;
         #[export_c] #[repr(C)] pub struct Counters(std::sync::atomic::AtomicU8);
         /// Documented.
         #[export_c] fn delete(unix: i32) {}
         type Alias = *const Outer; type Named = Hidden;
         #[export_c] fn alias(a: Alias) -> Alias {}
         #[export_c] fn named(a: *mut Option<Box<Named>>, b: &Named) {}
         pub struct Hidden(u8);
         #[export_c] fn hidden(a: &Hidden, b: *mut Vec<u8>, c: Hidden) {}
         #[export_c] fn opaque(a: &Hidden, b: *mut Vec<u8>) {}",
        &[
            "struct Hidden;\ntypedef struct Outer Outer;\ntypedef union Inner Inner;\n",
            "union Inner {\n    uint64_t a;\n    float b;\n};\nstruct Outer {\n    Inner inner;\n    Inner many[2];\n    Outer *next;\n};\n",
            "struct f_return {\n    uint8_t r0;\n    void *r1;\n};\ntypedef struct f_return f_return;\n",
            "f_return f(int32_t class_, cgo_str new_, cgo_bytes arg2, const char *int_);\n",
            "__attribute__((__noreturn__)) void never(void);\n",
            "uint64_t (*table(const int (*rows)[3], bool (*by)(const void *, size_t)))(char);\n",
            "void self_of(const Outer *this_, const uint8_t volatile *v);\n",
            "void alike(uint8_t this_, uint8_t this__, uint8_t arg2, uint8_t arg2_);\n",
            "void volatiles(const uint8_t volatile (*a)[3], uint8_t volatile (**b)[2][3]);\n",
            "void dots(int n, ...);\n",
            "extern int (*const FUNCTION)(int);\n",
            "extern long COUNT;\n",
            "extern Counters COUNTERS;\n",
            "extern const uint8_t **HEAD;\n",
            "#ifndef __cplusplus\n\n/** Documented. */\nvoid delete(int32_t unix_);\n#endif\n",
            "const Outer *alias(const Outer *a);\n",
            "void named(struct Hidden **a, const struct Hidden *b);\n",
            "/* hidden is not declared: `Hidden` has no name in C. */\n",
            "void opaque(const struct Hidden *a, void *b);\n",
        ],
    );
}

#[test]
fn names_are_those_that_rust_means() {
    assert_says(
        "use other::{Size, Word as Renamed}; use other::many::*; use std::ffi::c_int as Int;
         mod one { #[cgo::export_c(name = \"one_point\")] #[repr(C)] pub struct Point { pub x: i32 } pub type Number = i32; }
         mod two { use super::one; pub struct Point(u8); pub type Number = i64;
             #[cgo::export_c] fn hide(a: &Point, b: &one::Point) {} #[cgo::export_c] fn number(a: Number, b: one::Number, c: super::Again) {} }
         pub use one::Number as Again; use self::two::*;
         mod three { pub use super::one::*; }
         #[export_c] fn through(a: three::Point, b: Int, c: core::primitive::u8) {}
         #[export_c] fn glob(a: &Point, b: Number) {}
         #[export_c] fn elsewhere(a: Size) {}
         #[export_c] fn behind(a: &Renamed, b: *const other::Thing) {}
         #[export_c] fn unknown(a: Missing) {}
         #[export_c] fn strange(a: other::c_int) {}
         trait T { type Item; } impl T for u8 { type Item = u32; }
         #[export_c] #[repr(C)] struct Item { a: u8 }
         #[export_c] fn item(a: Item) {}
         mod four { pub type Both = u8; } mod five { pub type Both = u16; } mod six { use crate::four::*; use crate::five::*; #[export_c] fn both(a: Both) {} }
         mod seven { type Secret = u8; } mod eight { use super::seven::*; #[export_c] fn secret(a: Secret) {} }",
        &[
            "struct Point;\n",
            "void hide(const struct Point *a, const one_point *b);\n",
            "void number(int64_t a, int32_t b, int32_t c);\n",
            "void through(one_point a, int b, uint8_t c);\n",
            "void glob(const struct Point *a, int64_t b);\n",
            "/* elsewhere is not declared: `Size` of the crate `other` has no name in C. */\n",
            "void behind(const void *a, const void *b);\n",
            "/* unknown is not declared: `Missing` of the crate `other` has no name in C. */\n",
            "/* strange is not declared: `c_int` of the crate `other` has no name in C. */\n",
            "void item(Item a);\n",
            "/* both is not declared: `Both` is ambiguous. */\n",
            "/* secret is not declared: `Secret` has no name in C. */\n",
        ],
    );
}

/// What has another layout in Rust is opaque: a pointer to a slice has a length too, and an `Option` of a number says which it is.
#[test]
fn what_c_would_read_in_another_layout_is_opaque() {
    assert_says(
        "use std::ffi::CStr; use std::ptr::NonNull; type Text<'a> = &'a str; type Number = i32; type Function = extern \"C\" fn(); type Row = [u8; 3];
         #[export_c] fn row(a: Row) {}
         #[export_c] fn a_row() -> [u8; 3] {}
         #[export_c] fn takes_row(f: extern \"C\" fn(Row)) {}
         #[export_c] fn gives_row(f: extern \"C\" fn() -> Row) {}
         #[export_c] fn texts(a: &&CStr, b: *const &str, c: &mut &[u8], d: *mut *const [u8], e: &Text) -> &'static &'static CStr {}
         #[export_c] fn boxes(a: *mut Box<dyn Fn()>, b: &&dyn Fn(), c: *const Option<Box<[u8]>>) {}
         #[export_c] fn options(a: &Option<i32>, b: *mut Option<Number>, c: &Option<*const u8>, d: *const Option<bool>) {}
         #[export_c] fn nulls(a: &Option<&i32>, b: *mut Option<Box<i32>>, c: &Option<NonNull<u8>>, d: *const Option<Function>) {}
         #[export_c] fn many(a: &[&str; 2], b: i32) {}",
        &[
            "const void *texts(const void *a, const void *b, void *c, void *d, const void *e);\n",
            "void boxes(void *a, const void *b, const void *c);\n",
            "void options(const void *a, void *b, const void *c, const void *d);\n",
            "void nulls(const int32_t *const *a, int32_t **b, uint8_t *const *c, void (*const *d)(void));\n",
            "/* row is not declared: C cannot pass an array by value. */\n",
            "/* a_row is not declared: C cannot pass an array by value. */\n",
            "/* takes_row is not declared: C cannot pass an array by value. */\n",
            "/* gives_row is not declared: C cannot pass an array by value. */\n",
            "/* many is not declared: a pointer to a slice, a text or the like has no type in C. */\n",
        ],
    );
}

/// In C the name of a parameter hides a type, in C++ that of a member too.
#[test]
fn names_that_are_types_too() {
    assert_says(
        "#[export_c(name = \"size\")] #[repr(C)] struct Size { w: i32 }
         #[export_c(name = \"way\")] #[repr(C)] enum Way { Up }
         #[export_c(name = \"rect\")] #[repr(C)] struct Rect { size: Size, way: *const Way, other: Size }
         #[export_c(name = \"pair\")] #[repr(C)] struct Pair { a: Size }
         #[export_c] #[repr(C)] struct Numbers { uint8_t: u8, int64_t: i64, size_t: usize, uint: u8, int_fast8_t: u8 }
         #[export_c] fn area(size: Size, other: &Size, size_t: usize, f: extern \"C\" fn(usize), rect: i32) -> Size {}",
        &[
            "struct rect {\n    struct size size;\n    const enum way *way;\n    struct size other;\n};\n",
            "struct pair {\n    size a;\n};\n",
            "    uint8_t uint8_t_;\n    int64_t int64_t_;\n    size_t size_t_;\n    uint8_t uint;\n    uint8_t int_fast8_t;\n",
            "size area(size size_, const size *other, size_t size_t_, void (*f)(size_t), int32_t rect);\n",
        ],
    );
}

#[test]
fn names_of_c() {
    assert_says(
        "mod ffi { cgo::c_preamble! { pub mod raw; } pub use raw::point; }
         c_preamble! { typedef int x; } use ffi::raw::{self, uint, struct_a as renamed}; use libc::size_t;
         #[export_c] fn f(a: C::x, b: *const raw::struct_b, c: uint, d: renamed, e: ffi::point, f: size_t, g: libc::c_int, h: &libc::timeval, i: *mut libc::FILE) {}
         #[export_c] fn list(a: *mut C::struct___va_list_tag) {}
         mod m { use crate::C::*; #[export_c] fn g(a: y, b: u8) {} }",
        &[
            "struct a;\nstruct b;\nstruct timeval;\n",
            "void f(x a, const struct b *b, unsigned int c, struct a d, point e, size_t f, int g, const struct timeval *h, FILE *i);\n",
            "void g(y a, uint8_t b);\n",
            "void list(__typeof__(**(__builtin_va_list *)0) *a);\n",
        ],
    );
}

#[test]
fn every_enumerator_has_its_value() {
    let rust = "const MASK: u8 = !0xF0; const X: u8 = 255; const MAX: isize = 1; const N: usize = 2 * HALF; const HALF: usize = 1 << 2; use dep::SIZE;
         #[export_c] #[repr(u32)] enum F { LOW = MASK as u32, SHIFTED = (X << 1) as u32, NEXT }
         #[export_c] #[repr(C)] enum G { TOP = std::ffi::c_int::MAX as isize, OWN = MAX, Next }
         #[export_c] #[repr(i64)] enum Wide { Least = i64::MIN, r#Most = i64::MAX }
         #[export_c] #[repr(u64)] enum Great { Most = u64::MAX }
         #[export_c] #[repr(u8)] enum Sized { A = SIZE as u8 }
         #[export_c] #[repr(C)] struct S { many: [u8; N], sized: [[Wide; 3]; HALF] }
         #[export_c] fn unknown(a: &Sized, b: [u8; SIZE]) {}
         #[export_c] fn behind(a: &Sized) {}";
    assert_says(
        rust,
        &[
            "typedef uint32_t F;\nenum {\n    F_LOW = 15,\n    F_SHIFTED = 254,\n    F_NEXT = 255\n};\n",
            "typedef enum G {\n    G_TOP = 2147483647,\n    G_OWN = 1,\n    G_Next = 2\n} G;\n",
            "    Wide_Least = (-9223372036854775807 - 1),\n    Wide_Most = 9223372036854775807\n",
            "    Great_Most = 18446744073709551615u\n",
            "/* Sized is not declared: the value `SIZE as u8` cannot be computed. */\n",
            "    uint8_t many[8];\n    Wide sized[4][3];\n",
            "void behind(const void *a);\n",
        ],
    );
    let items = header(rust).items;
    let of = |symbol: &str| {
        items
            .iter()
            .find(|item| item.symbol == symbol)
            .expect("there")
    };
    let values = Numbers::Values(vec![0x7fff_ffff, 1, 2]);
    assert_eq!(of("G").numbers, Some(values));
    // The last is of `Wide`, which is no array.
    let lengths: [&[i128]; 4] = [&[8], &[4], &[3], &[]];
    assert_eq!(of("S").numbers, Some(numbers(&lengths.map(known))));
    assert_eq!(of("Sized").numbers, None);
    assert_eq!(of("behind").numbers, Some(numbers(&[known(&[])])));
}

fn numbers(lengths: &[Lengths]) -> Numbers {
    Numbers::Lengths(lengths.to_vec())
}

fn known(lengths: &[i128]) -> Lengths {
    Lengths {
        known: lengths.to_vec(),
        open: false,
    }
}

fn open(lengths: &[i128]) -> Lengths {
    Lengths {
        open: true,
        ..known(lengths)
    }
}

#[test]
fn lengths_behind_aliases_are_numbers() {
    let rust = "use std::cell::Cell; use std::mem::MaybeUninit; use other::Foreign; c_preamble! {}
         const N: usize = 3; type Row = [u8; N]; type Rows = [Row; 2]; type Cells = Cell<[Point; N]>; struct Opaque;
         type Behind = *const [u8; N]; type Five = *const [u8; 5]; type Maybe = [MaybeUninit<u8>; N]; type Many = [Opaque; N];
         type Call = extern \"C\" fn(*const Row);
         #[export_c] #[repr(C)] struct Point { row: Row }
         #[export_c] fn rows(a: *const *const Rows, b: &[Row; 4], c: &Cells, d: i32) -> &Row {}
         type OfC = [[C::array; N]; 2];
         #[export_c] fn of_c(a: &OfC) {}
         #[export_c] fn unknown(a: &Foreign, b: C::array, c: &Opaque, d: &[C::array; 2], e: *mut Many) {}
         #[export_c] fn five(a: Five) {}
         #[export_c] fn behind(a: Behind) {} #[export_c] fn maybe(a: *const [Maybe; 2]) {} #[export_c] fn call(f: Call) {}";
    let rows: [&[i128]; 5] = [&[2, 3], &[4], &[3], &[3], &[3]];
    let (unread, two) = (open(&[]), known(&[2]));
    let unknown = [&unread, &unread, &unread, &two, &unread, &unread].map(Lengths::clone);
    for (symbol, expected) in [
        ("Point", Some(numbers(&[known(&[3])]))),
        ("rows", Some(numbers(&rows.map(known)))),
        ("unknown", Some(numbers(&unknown))),
        ("of_c", Some(numbers(&[open(&[2, 3])]))),
        ("five", Some(numbers(&[known(&[])]))),
        ("behind", None),
        ("maybe", None),
    ] {
        let items = header(rust).items;
        let item = items.iter().find(|item| item.symbol == symbol);
        let item = item.expect("there");
        assert_eq!(item.numbers, expected, "{}", item.text);
    }
    assert_says(
        rust,
        &[
            "/* behind is not declared: rustc cannot compare the length `N` of an array that is hidden in an alias: write the type itself. */\n",
            "void five(const uint8_t (*a)[5]);\n",
            "void call(void (*f)(const void *));\n",
        ],
    );
}

#[test]
fn aliases_and_constants_of_themselves_end() {
    let mut rust =
        String::from("type A = B; type B = A; use self::c as c; #[export_c] fn a(a: A, b: c) {}");
    for n in 0..40 {
        rust += &format!(
            "type T{n} = extern \"C\" fn(T{m}, T{m}); const C{n}: usize = C{m} + C{m};",
            m = n + 1
        );
    }
    rust += "#[export_c] fn t(a: T0) {} #[export_c] fn c(a: [u8; C0]) {}";
    let text = header(&rust).declarations(|_| true);
    assert_eq!(text.matches("is not declared").count(), 3, "{text}");
}

#[test]
fn torn_sources_end() {
    let whole = "use a::{b as c, *}; impl A for B { const C: u8 = 1; } #[cfg_attr(a, b)] #[cfg(a)] #[path = \"x\"] mod m { mod n; type A = B; include!(\"x\") } #[export_c] fn f(a: m::A, b: [u8; 1 << 2]) {} #[export_c] #[repr(C)] enum E { A = -1 + N as isize }";
    for end in (0..=whole.len()).filter(|end| whole.is_char_boundary(*end)) {
        of_text(&whole[..end], &CrateContext::default());
        of_text(&whole[end..], &CrateContext::default());
    }
}
