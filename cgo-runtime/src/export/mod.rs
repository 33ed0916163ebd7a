//! What the code that `#[export_c]` writes calls.

mod check;
mod panic;
mod prototype;
mod strings;
mod tuple;

pub use check::check;
#[cfg(feature = "std")]
pub use panic::catch;
pub use panic::or_end;
pub use prototype::{
    Declaration, Declares, LengthsBehind, Member, NoLengths, Numbers, Prototype, Shape, Symbol,
    Undeclared, any, array, enum_is_signed,
};
pub use strings::{
    Bytes, Str, bytes_from_c, bytes_to_c, c_str_from_c, c_str_to_c, optional_c_str_from_c,
    optional_c_str_to_c, str_from_c, str_to_c,
};
pub use tuple::{Return1, Return2, Return3, Return4, Return5, Return6, Return7, Return8};

pub use crate::lengths::Lengths;
pub use crate::validity::{
    Argument, Choice, Choose, Field, NotChecked, NothingUnchecked, Parameter, check_variant,
    reject_enum_parameter, reject_enum_result, reject_hidden_enum, reject_unchecked_target,
};

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
