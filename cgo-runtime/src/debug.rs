//! Shows C's records for `{:?}`: in one function for all of them, since a derived `Debug` for each is a quarter of what a
//! header's structs cost to compile.

use core::fmt::{Debug, Formatter, Result};

/// As derived: `names` are those of the record and of its fields, with a space between any two.
///
/// # Errors
///
/// If the output cannot be written.
#[inline]
pub fn debug_record(f: &mut Formatter<'_>, names: &str, values: &[&dyn Debug]) -> Result {
    let mut names = names.split(' ');
    let mut shown = f.debug_struct(names.next().unwrap_or_default());
    for (name, value) in names.zip(values) {
        shown.field(name, value);
    }
    shown.finish()
}

#[cfg(all(test, feature = "std"))]
mod tests {
    use core::fmt::{Debug, Formatter, Result};
    use std::format;

    #[test]
    #[inline]
    fn as_derived() {
        struct Shown;
        impl Debug for Shown {
            #[inline]
            fn fmt(&self, f: &mut Formatter<'_>) -> Result {
                super::debug_record(f, "point x name", &[&1, &"a"])
            }
        }
        assert_eq!(format!("{Shown:?}"), "point { x: 1, name: \"a\" }");
        assert_eq!(
            format!("{Shown:#?}"),
            "point {\n    x: 1,\n    name: \"a\",\n}"
        );
    }
}
