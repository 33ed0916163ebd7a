//! What the C of a crate's preambles declares, as `#[export_c]` finds it.

use core::marker::PhantomData;

use crate::c_type::CData;
use crate::kind::Kind;
use crate::lengths::Lengths;

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
    /// The numbers that Rust's declaration was read with where C's was made of it.
    pub numbers: Option<Numbers<'static>>,
}

/// The numbers in a declaration that its C types do not tell, in order.
#[derive(Clone, Copy, Debug)]
pub enum Numbers<'a> {
    /// The values of an enum's variants.
    Values(&'a [i128]),
    /// The lengths of the arrays in the types of another item.
    Lengths(&'a [Lengths]),
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

impl Shape<'_> {
    #[inline]
    pub(super) const fn what(&self) -> &'static str {
        match self {
            Shape::Function { .. } => "a function",
            Shape::Variable(_) => "a variable",
            Shape::Record(..) => "a struct or union",
            Shape::Type(_) => "another type",
            Shape::Unsaid => "unknown",
        }
    }
}

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

/// Whether one of them is true.
#[must_use]
#[inline]
pub const fn any(facts: &[bool]) -> bool {
    match facts {
        [] => false,
        [first, rest @ ..] => *first || any(rest),
    }
}

/// Whether C's type of a `#[repr(C)]` enum is signed. `negative` tells of each value whether it is negative.
#[must_use]
#[inline]
pub const fn enum_is_signed(negative: &[bool]) -> bool {
    // The enums of Microsoft's compiler are always `int`. GCC's manual, "Structures, unions, enumerations, and bit-fields": unsigned,
    // unless there are negative values.
    cfg!(target_env = "msvc") || any(negative)
}

/// The length of an array, among the numbers of a declaration. Its elements have their own there.
#[must_use]
#[inline]
pub const fn array(length: usize) -> Lengths {
    Lengths::Array(length as i128, &Lengths::None)
}

/// Asks for the lengths of the arrays behind a name of a type.
#[derive(Debug)]
pub struct LengthsBehind<T: ?Sized>(PhantomData<T>);

impl<T: CData> LengthsBehind<T> {
    /// As [`CData::LENGTHS`].
    pub const LENGTHS: Lengths = T::LENGTHS;
}

/// The other answer of [`LengthsBehind`].
pub trait NoLengths {
    /// What is opaque in C has no lengths there.
    const LENGTHS: Lengths = Lengths::None;
}

impl<T: ?Sized> NoLengths for LengthsBehind<T> {}
