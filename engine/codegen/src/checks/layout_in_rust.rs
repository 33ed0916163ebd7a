//! Writes the constants by which rustc checks that every record has the same layout in Rust as in C.

use std::fmt::Write;

/// So many records share one constant. With more a clean build gains little and an incremental one loses, since rustc keeps what it
/// knows of a constant as a whole, or not at all.
const RECORDS_PER_CONSTANT: usize = 8;

/// rustc makes a value of a record of at most so many bytes and compares the addresses of its fields, which takes a third of the time
/// of `offset_of!`. The value needs no memory in the program.
const LARGEST_VALUE: u64 = 1 << 16;

/// A record's layout in C.
pub(crate) struct LayoutCheck {
    /// Its name in Rust.
    pub(crate) record: String,
    pub(crate) size: u64,
    pub(crate) align: u64,
    pub(crate) fields: Vec<CheckedField>,
}

/// Where a field stands.
pub(crate) struct CheckedField {
    pub(crate) name: String,
    pub(crate) offset: u64,
}

/// Writes the checks.
pub(crate) fn write(checks: &[LayoutCheck], text: &mut String) {
    for checks in checks.chunks(RECORDS_PER_CONSTANT) {
        write_constant(checks, text);
    }
}

fn write_constant(checks: &[LayoutCheck], text: &mut String) {
    let [mut values, mut records, mut numbers, mut addresses, mut c] = [const { String::new() }; 5];
    for (index, check) in checks.iter().enumerate() {
        let LayoutCheck {
            record,
            size,
            align,
            fields,
        } = check;
        let _ = write!(c, "{size}, {align}, ");
        let _ = write!(
            numbers,
            "::core::mem::size_of::<{record}>(), ::core::mem::align_of::<{record}>(), "
        );
        let has_value = *size <= LARGEST_VALUE;
        if has_value {
            let _ = writeln!(
                values,
                "let _cgo_{index} = ::core::mem::MaybeUninit::<{record}>::uninit(); let _cgo_{index} = _cgo_{index}.as_ptr();"
            );
            let _ = write!(addresses, "_cgo_{index} as _, ");
        }
        for CheckedField { name, offset } in fields {
            let _ = write!(c, "{offset}, ");
            let _ = match has_value {
                true => write!(addresses, "&raw const (*_cgo_{index}).{name} as _, "),
                false => write!(numbers, "::core::mem::offset_of!({record}, {name}), "),
            };
        }
        let (number_count, address_count) = match has_value {
            true => (2, fields.len() + 1),
            false => (fields.len() + 2, 0),
        };
        let _ = writeln!(
            records,
            "(\"the layout of `{}` in Rust is not the C compiler's\", {number_count}, {address_count}),",
            record.trim_start_matches("r#")
        );
    }
    let _ = writeln!(
        text,
        "const _: () = unsafe {{\n{values}::cgo::generated::prove_layouts(\n&[{records}],\n&[{numbers}],\n&[{addresses}],\n&[{c}]) }};"
    );
}
