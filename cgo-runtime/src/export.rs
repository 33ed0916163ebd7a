//! What the code that `#[export_c]` writes calls: how text and bytes cross, what a panic does, and the proof that C
//! declares the same function.

use core::ffi::{CStr, c_char};
use core::marker::PhantomData;
use core::slice;
use core::str;

use crate::Kind;
use crate::message::Message;

pub use crate::unchecked::{
    Argument, Choice, Choose, Field, Opaque, Parameter, Unled, check_variant, refuse_returned,
    refuse_taken, refuse_unlooked, refuse_unseen,
};

/// `&str` as C passes it: `cgo_str` of `_cgo_export.h`, the `_GoString_` of cgo.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct Str {
    /// The first byte, of UTF-8 text without a NUL at the end; may be null if `n` is 0.
    pub p: *const c_char,
    /// How many bytes.
    pub n: usize,
}

/// `&[u8]` as C passes it: `cgo_bytes` of `_cgo_export.h`.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct Bytes {
    /// The first byte; may be null if `n` is 0.
    pub p: *const u8,
    /// How many bytes.
    pub n: usize,
}

// SAFETY: two members that C has too, in a struct that is laid out as C's.
unsafe impl crate::CType for Str {
    type Passed = Self;
}

// SAFETY: as above.
unsafe impl crate::CType for Bytes {
    type Passed = Self;
}

macro_rules! tuple_results {
    ($($name:ident $count:literal: $($field:ident $part:ident),*;)*) => {$(
        #[doc = concat!("A tuple of ", $count, " as C gets it from a function: `struct NAME_return` of `_cgo_export.h`.")]
        #[repr(C)]
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub struct $name<$($part),*> {
            $(
                #[doc = concat!("The part `", stringify!($field), "`.")]
                pub $field: $part,
            )*
        }
    )*};
}

tuple_results! {
    Return1 1: r0 A;
    Return2 2: r0 A, r1 B;
    Return3 3: r0 A, r1 B, r2 C;
    Return4 4: r0 A, r1 B, r2 C, r3 D;
    Return5 5: r0 A, r1 B, r2 C, r3 D, r4 E;
    Return6 6: r0 A, r1 B, r2 C, r3 D, r4 E, r5 F;
    Return7 7: r0 A, r1 B, r2 C, r3 D, r4 E, r5 F, r6 G;
    Return8 8: r0 A, r1 B, r2 C, r3 D, r4 E, r5 F, r6 G, r7 H;
}

/// Whether one of them is true.
#[must_use]
#[inline]
pub const fn any(facts: &[bool]) -> bool {
    match facts {
        [] => false,
        [first, rest @ ..] => *first || any(rest),
    }
}

/// The length of an array, among the numbers of a declaration.
#[must_use]
#[inline]
pub const fn length(length: usize) -> i128 {
    length as i128
}

/// The kind of a struct or union.
#[must_use]
#[inline]
pub const fn record<T>() -> Kind {
    Kind::Record {
        size: size_of::<T>(),
        align: align_of::<T>(),
    }
}

/// `&CStr` from C, for as long as `call` is borrowed.
///
/// # Safety
///
/// `p` is null or points to a string that ends with a NUL and stays unchanged while `call` is borrowed.
///
/// # Panics
///
/// If `p` is null: what may be null is an `Option<&CStr>`.
#[must_use]
#[inline]
pub unsafe fn c_str_from_c(p: *const c_char, call: &()) -> &CStr {
    // SAFETY: the caller's promise.
    unsafe { optional_c_str_from_c(p, call) }
        .expect("C passed null for a `&CStr`; write `Option<&CStr>` if it may")
}

/// `Option<&CStr>` from C.
///
/// # Safety
///
/// As for [`c_str_from_c`].
#[must_use]
#[inline]
pub unsafe fn optional_c_str_from_c(p: *const c_char, _call: &()) -> Option<&CStr> {
    // SAFETY: not null, and the caller's promise.
    (!p.is_null()).then(|| unsafe { CStr::from_ptr(p) })
}

/// `&str` from C.
///
/// # Safety
///
/// As for [`bytes_from_c`].
///
/// # Panics
///
/// If the bytes are no UTF-8.
#[must_use]
#[inline]
pub unsafe fn str_from_c(text: Str, call: &()) -> &str {
    let bytes = Bytes {
        p: text.p.cast(),
        n: text.n,
    };
    // SAFETY: the caller's promise.
    str::from_utf8(unsafe { bytes_from_c(bytes, call) })
        .expect("C passed text that is no UTF-8 for a `&str`; take `&[u8]` if it may")
}

/// `&[u8]` from C.
///
/// # Safety
///
/// `p` points to `n` bytes that stay unchanged while `call` is borrowed, or `n` is 0.
#[must_use]
#[inline]
pub unsafe fn bytes_from_c(bytes: Bytes, _call: &()) -> &[u8] {
    if bytes.n == 0 {
        return &[];
    }
    // SAFETY: the caller's promise.
    unsafe { slice::from_raw_parts(bytes.p, bytes.n) }
}

/// `&CStr` to C.
#[must_use]
#[inline]
pub fn c_str_to_c(text: &CStr) -> *const c_char {
    text.as_ptr()
}

/// `Option<&CStr>` to C: null for `None`.
#[must_use]
#[inline]
pub fn optional_c_str_to_c(text: Option<&CStr>) -> *const c_char {
    text.map_or(core::ptr::null(), CStr::as_ptr)
}

/// `&str` to C.
#[must_use]
#[inline]
pub fn str_to_c(text: &str) -> Str {
    Str {
        p: text.as_ptr().cast(),
        n: text.len(),
    }
}

/// `&[u8]` to C.
#[must_use]
#[inline]
pub fn bytes_to_c(bytes: &[u8]) -> Bytes {
    Bytes {
        p: bytes.as_ptr(),
        n: bytes.len(),
    }
}

/// The result of `body`, which C called as the function `name`; a panic in it ends the process with a message, since C frames
/// cannot be unwound.
///
/// The panic is caught: on a thread that C made, and before and after `main`, nothing else on the stack catches it, and then the
/// unwinder runs no destructor at all.
#[inline]
pub fn or_end<R>(name: &'static str, body: impl FnOnce() -> R) -> R {
    #[cfg(feature = "std")]
    {
        std::panic::catch_unwind(std::panic::AssertUnwindSafe(body)).unwrap_or_else(|payload| {
            // Dropping it may panic again.
            core::mem::forget(payload);
            end(name)
        })
    }
    // Without the standard library what happens is the panic handler's.
    #[cfg(not(feature = "std"))]
    {
        let _ = name;
        body()
    }
}

#[cfg(feature = "std")]
#[cold]
#[inline]
fn end(name: &str) -> ! {
    std::eprintln!(
        "a panic reached C through the exported function `{name}`: the process ends here\n\
         (#[export_c(on_panic = VALUE)] returns a value instead)"
    );
    std::process::abort()
}

/// The result of `function`, or of `otherwise` after a panic in it, whose message the panic hook has shown.
#[cfg(feature = "std")]
#[inline]
pub fn catch<R>(function: impl FnOnce() -> R, otherwise: impl FnOnce() -> R) -> R {
    // What the panic leaves behind is what any caught panic leaves: the function's author asked for it.
    match std::panic::catch_unwind(std::panic::AssertUnwindSafe(function)) {
        Ok(result) => result,
        Err(payload) => {
            // Dropping it may panic again, and so may dropping what that leaves.
            let dropped = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| drop(payload)));
            if let Err(again) = dropped {
                core::mem::forget(again);
            }
            otherwise()
        }
    }
}

/// A symbol of one crate. `KEY` is a hash of its name and the crate; `PREAMBLE` counts the crate's preambles.
///
/// The macros of one crate cannot see each other's output, but all of them see which traits are implemented: a preamble
/// implements [`Declares`] for the symbols that its C declares, and `#[export_c]` looks there.
#[derive(Debug)]
pub struct Symbol<const KEY: u64, const PREAMBLE: usize>;

/// C declares this symbol. `Here` is a type of the crate, which makes the implementation its own.
///
/// # Safety
///
/// The prototype is what the C compiler said.
pub unsafe trait Declares<Here> {
    /// What C says of it.
    const PROTOTYPE: Prototype;
}

/// A function, variable or type as C declares it.
#[derive(Clone, Copy, Debug)]
pub struct Prototype {
    /// Where.
    pub place: &'static str,
    /// The declaration itself.
    pub text: &'static str,
    /// Whether C has the function's body or the variable's value too.
    pub defined: bool,
    /// What it is.
    pub shape: Shape<'static>,
    /// The numbers that Rust's declaration was read with where C's was made of it: the values of enumerators, the lengths of arrays.
    pub numbers: Option<&'static [i128]>,
}

/// What two declarations of one name have to agree on.
#[derive(Clone, Copy, Debug)]
pub enum Shape<'a> {
    /// A function.
    Function {
        /// `None` where C has no prototype.
        parameters: Option<&'a [Kind]>,
        /// Whether `...` follows.
        variadic: bool,
        /// The result.
        result: Kind,
    },
    /// A variable.
    Variable(Kind),
    /// A struct or union, and where its members lie; `None` where C has bit-fields.
    Record(Kind, Option<&'a [Member]>),
    /// An enumeration, or another type.
    Type(Kind),
    /// The C compiler was not asked.
    Unsaid,
}

/// A member of a struct or union.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Member {
    /// Bytes from the start.
    pub offset: usize,
    /// Its size in bytes.
    pub size: usize,
}

/// What needs Rust 1.99, such as a function with `...`, and what stands in for it with an older rustc.
#[cfg(rust_1_99)]
#[doc(hidden)]
#[macro_export]
macro_rules! __if_rust_1_99 {
    ({ $($then:tt)* } { $($otherwise:tt)* }) => { $($then)* };
}

/// As above.
#[cfg(not(rust_1_99))]
#[doc(hidden)]
#[macro_export]
macro_rules! __if_rust_1_99 {
    ({ $($then:tt)* } { $($otherwise:tt)* }) => { $($otherwise)* };
}

pub use __if_rust_1_99 as if_rust_1_99;

/// Asks whether C declares a symbol: its constant is there either way, but the one of the `impl` comes first.
#[derive(Debug)]
pub struct Declaration<S, Here>(PhantomData<(S, Here)>);

impl<S: Declares<Here>, Here> Declaration<S, Here> {
    /// What C says of it.
    pub const PROTOTYPE: Option<Prototype> = Some(<S as Declares<Here>>::PROTOTYPE);
}

/// The other answer of [`Declaration`].
pub trait Undeclared {
    /// Nothing.
    const PROTOTYPE: Option<Prototype>;
}

impl<S> Undeclared for Declaration<S, ()> {
    const PROTOTYPE: Option<Prototype> = None;
}

/// Compares an exported item with what C says of it.
///
/// # Panics
///
/// If they do not agree: at compile time, since it is called in constants alone.
#[track_caller]
#[inline]
pub const fn check(name: &str, shape: Shape<'_>, numbers: &[i128], declared: &[Option<Prototype>]) {
    let mut at = 0;
    while at < declared.len() {
        if let Some(prototype) = &declared[at] {
            let mut message = Message::new();
            message.text("`");
            message.text(name);
            message.text("` is ");
            if disagree(shape, prototype, &mut message)
                || numbers_disagree(numbers, prototype, &mut message)
            {
                message.text("\nC, ");
                message.text(prototype.place);
                message.text(": ");
                message.text(prototype.text);
                panic!("{}", message.as_str());
            }
        }
        at += 1;
    }
}

/// Whether the two cannot be one; then the message goes on with the difference.
#[inline]
const fn disagree(ours: Shape<'_>, declared: &Prototype, message: &mut Message) -> bool {
    if declared.defined {
        message.text("defined in C too: leave one of the two out, or rename this one, #[export_c(name = \"..\")]");
        return true;
    }
    message.text("not what C declares: ");
    match (ours, declared.shape) {
        (
            Shape::Function {
                parameters: Some(parameters),
                variadic: ours_is_variadic,
                result,
            },
            Shape::Function {
                parameters: theirs,
                variadic,
                result: their_result,
            },
        ) => {
            if ours_is_variadic != variadic {
                message.text(match variadic {
                    true => "C's takes `...`, and this one does not",
                    false => "this one takes `...`, and C's does not",
                });
                return true;
            }
            if let Some(theirs) = theirs
                && parameters_disagree(parameters, theirs, message)
            {
                return true;
            }
            kinds_disagree("the result", result, their_result, message)
        }
        (Shape::Variable(ours), Shape::Variable(theirs))
        | (Shape::Type(ours), Shape::Type(theirs)) => kinds_disagree("it", ours, theirs, message),
        (Shape::Record(ours, members), Shape::Record(theirs, their_members)) => {
            kinds_disagree("it", ours, theirs, message)
                || members_disagree(members, their_members, message)
        }
        (_, Shape::Unsaid) => false,
        (ours, theirs) => {
            message.text("it is ");
            message.text(ours.what());
            message.text(" here, and ");
            message.text(theirs.what());
            message.text(" in C");
            true
        }
    }
}

/// What is read from Rust's text may be another number for rustc, which knows more of Rust.
#[inline]
const fn numbers_disagree(ours: &[i128], declared: &Prototype, message: &mut Message) -> bool {
    let Some(theirs) = declared.numbers else {
        return false;
    };
    let mut at = 0;
    while at < ours.len() && at < theirs.len() && ours[at] == theirs[at] {
        at += 1;
    }
    if at == ours.len() && at == theirs.len() {
        return false;
    }
    message.text("number ");
    message.number(at + 1);
    message.text(" in it is ");
    message.signed(ours, at);
    message.text(" here, and ");
    message.signed(theirs, at);
    message.text(" in C: write the number itself");
    true
}

#[inline]
const fn parameters_disagree(ours: &[Kind], theirs: &[Kind], message: &mut Message) -> bool {
    if ours.len() != theirs.len() {
        message.text("it takes ");
        message.number(ours.len());
        message.text(" and C's takes ");
        message.number(theirs.len());
        return true;
    }
    let mut at = 0;
    while at < ours.len() {
        if !same(ours[at], theirs[at]) {
            message.text("parameter ");
            message.number(at + 1);
            message.difference(ours[at], theirs[at]);
            return true;
        }
        at += 1;
    }
    false
}

#[inline]
const fn kinds_disagree(what: &str, ours: Kind, theirs: Kind, message: &mut Message) -> bool {
    if same(ours, theirs) {
        return false;
    }
    message.text(what);
    message.difference(ours, theirs);
    true
}

#[inline]
const fn members_disagree(
    ours: Option<&[Member]>,
    theirs: Option<&[Member]>,
    message: &mut Message,
) -> bool {
    let (Some(ours), Some(theirs)) = (ours, theirs) else {
        return false;
    };
    if ours.len() != theirs.len() {
        message.text("it has ");
        message.number(ours.len());
        message.text(" members and C's has ");
        message.number(theirs.len());
        return true;
    }
    let mut at = 0;
    while at < ours.len() {
        let (ours, theirs) = (ours[at], theirs[at]);
        if ours.offset != theirs.offset || ours.size != theirs.size {
            message.text("member ");
            message.number(at + 1);
            message.text(" has ");
            message.number(ours.size);
            message.text(" bytes at ");
            message.number(ours.offset);
            message.text(" here, and ");
            message.number(theirs.size);
            message.text(" bytes at ");
            message.number(theirs.offset);
            message.text(" in C");
            return true;
        }
        at += 1;
    }
    false
}

impl Shape<'_> {
    #[inline]
    const fn what(&self) -> &'static str {
        match self {
            Shape::Function { .. } => "a function",
            Shape::Variable(_) => "a variable",
            Shape::Record(..) => "a struct or union",
            Shape::Type(_) => "another type",
            Shape::Unsaid => "unknown",
        }
    }
}

#[inline]
const fn same(a: Kind, b: Kind) -> bool {
    match (a, b) {
        (Kind::Void, Kind::Void) | (Kind::Bool, Kind::Bool) | (Kind::Pointer, Kind::Pointer) => {
            true
        }
        (
            Kind::Integer { size, signed },
            Kind::Integer {
                size: other,
                signed: other_signed,
            },
        ) => size == other && signed == other_signed,
        (Kind::Float { size }, Kind::Float { size: other })
        | (Kind::Complex { size }, Kind::Complex { size: other })
        | (Kind::Array { size: Some(size) }, Kind::Array { size: Some(other) }) => size == other,
        (Kind::Array { .. }, Kind::Array { .. }) => true,
        (
            Kind::Record { size, align },
            Kind::Record {
                size: other,
                align: other_align,
            },
        ) => size == other && align == other_align,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const INT: Kind = Kind::Integer {
        size: 4,
        signed: true,
    };

    fn answer(ours: Shape<'_>, declared: Prototype) -> Option<String> {
        let mut message = Message::new();
        disagree(ours, &declared, &mut message).then(|| {
            let text = message.as_str().to_string();
            text.trim_start_matches("not what C declares: ").to_string()
        })
    }

    use std::string::{String, ToString};

    const fn function(parameters: Option<&[Kind]>, result: Kind) -> Shape<'_> {
        Shape::Function {
            parameters,
            variadic: false,
            result,
        }
    }

    const fn in_c(shape: Shape<'static>) -> Prototype {
        Prototype {
            place: "a.h:1",
            text: "void f(int)",
            defined: false,
            shape,
            numbers: None,
        }
    }

    #[test]
    fn numbers_are_compared() {
        let said = |ours: &[i128], theirs: &'static [i128]| {
            let mut message = Message::new();
            let declared = Prototype {
                numbers: Some(theirs),
                ..TAKES_INT
            };
            numbers_disagree(ours, &declared, &mut message).then(|| message.as_str().to_string())
        };
        assert_eq!(said(&[1, -5], &[1, -5]), None);
        let expected = "number 2 in it is 15 here, and -240 in C: write the number itself";
        assert_eq!(said(&[1, 15], &[1, -240]).as_deref(), Some(expected));
        let expected = "number 2 in it is missing here, and 7 in C: write the number itself";
        assert_eq!(said(&[1], &[1, 7]).as_deref(), Some(expected));
    }

    const TAKES_INT: Prototype = in_c(function(Some(&[INT]), Kind::Void));

    #[test]
    fn what_agrees_is_accepted() {
        assert_eq!(answer(function(Some(&[INT]), Kind::Void), TAKES_INT), None);
        let unprototyped = in_c(function(None, Kind::Void));
        let two = function(Some(&[INT, INT]), Kind::Void);
        assert_eq!(answer(two, unprototyped), None);
        let array = |size| Shape::Variable(Kind::Array { size });
        assert_eq!(answer(array(Some(8)), in_c(array(None))), None);
        assert_eq!(answer(array(Some(8)), in_c(array(Some(8)))), None);
    }

    #[test]
    fn what_differs_is_said() {
        let long = Kind::Integer {
            size: 8,
            signed: true,
        };
        let pair = Kind::Record { size: 8, align: 4 };
        const TWO: [Member; 2] = [Member { offset: 0, size: 4 }, Member { offset: 4, size: 4 }];
        const LATER: [Member; 2] = [Member { offset: 0, size: 4 }, Member { offset: 6, size: 2 }];
        for (ours, theirs, expected) in [
            (
                function(Some(&[long]), Kind::Void),
                TAKES_INT,
                "parameter 1 is a signed integer of 8 bytes here, and a signed integer of 4 bytes in C",
            ),
            (
                function(Some(&[]), Kind::Void),
                TAKES_INT,
                "it takes 0 and C's takes 1",
            ),
            (
                function(Some(&[INT]), Kind::Pointer),
                TAKES_INT,
                "the result is a pointer here, and nothing in C",
            ),
            (
                function(Some(&[]), INT),
                in_c(Shape::Variable(INT)),
                "it is a function here, and a variable in C",
            ),
            (
                Shape::Variable(INT),
                in_c(Shape::Variable(long)),
                "it is a signed integer of 4 bytes here, and a signed integer of 8 bytes in C",
            ),
            (
                Shape::Variable(Kind::Array { size: Some(8) }),
                in_c(Shape::Variable(Kind::Array { size: Some(12) })),
                "it is an array of 8 bytes here, and an array of 12 bytes in C",
            ),
            (
                Shape::Record(pair, Some(&TWO)),
                in_c(Shape::Record(pair, Some(&TWO[..1]))),
                "it has 2 members and C's has 1",
            ),
            (
                Shape::Record(pair, Some(&TWO)),
                in_c(Shape::Record(pair, Some(&LATER))),
                "member 2 has 4 bytes at 4 here, and 2 bytes at 6 in C",
            ),
            (
                Shape::Type(INT),
                in_c(Shape::Record(pair, Some(&TWO))),
                "it is another type here, and a struct or union in C",
            ),
        ] {
            assert_eq!(answer(ours, theirs).as_deref(), Some(expected));
        }
        let defined = Prototype {
            defined: true,
            ..TAKES_INT
        };
        let said = answer(function(Some(&[INT]), Kind::Void), defined);
        assert!(said.is_some_and(|said| said.starts_with("defined in C too")));
    }

    #[test]
    fn bytes_and_text_cross_both_ways() {
        // SAFETY: the parts of live slices.
        unsafe {
            assert_eq!(bytes_from_c(bytes_to_c(b"ab"), &()), b"ab");
            assert_eq!(str_from_c(str_to_c("é"), &()), "é");
            assert_eq!(c_str_from_c(c_str_to_c(c"x"), &()), c"x");
            assert_eq!(optional_c_str_from_c(optional_c_str_to_c(None), &()), None);
            let nothing = Bytes {
                p: core::ptr::null(),
                n: 0,
            };
            assert_eq!(bytes_from_c(nothing, &()), b"");
        }
    }
}
