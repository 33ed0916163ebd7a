//! Types that a preamble imports by `use` instead of having its own.

mod compare;
mod describe;
mod encoding;
mod layout;
mod vectors;

pub use compare::{Wanted, check_imported};
pub use layout::{CLayout, Layout, Record, Text, Zero};
