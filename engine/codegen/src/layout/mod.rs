//! Decides how Rust can lay out each record, and which types it can pass by value.

pub(crate) mod abi;
mod access_unit;
mod forms;
mod layouts;
mod obstacles;

pub(crate) use self::access_unit::access_unit;
pub(crate) use self::forms::decide;
pub(crate) use self::layouts::{Atomic, Layouts, Piece, RecordForm, Repr};
