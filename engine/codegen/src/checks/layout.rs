//! Writes the proof that every record is laid out in Rust as the C compiler has it.

use std::fmt::Write;

/// So many records share one constant. With more of them a clean build gains little, and one after an edit loses, since rustc
/// keeps or does again what it knows of a constant as a whole.
const RECORDS_A_CONSTANT: usize = 8;

/// Of a record of at most so many bytes rustc makes one and compares where its fields are, which takes it a third of what
/// `offset_of!` does. That one needs no memory.
const MOST_BYTES: u64 = 1 << 16;

/// What rustc is to compare, record by record.
#[derive(Default)]
pub(crate) struct Proofs {
    list: Vec<Proof>,
}

struct Proof {
    name: String,
    size: u64,
    align: u64,
    /// Names and offsets.
    fields: Vec<(String, u64)>,
}

impl Proofs {
    /// Size and alignment, and the offsets of fields.
    pub(crate) fn record<'f>(
        &mut self,
        name: &str,
        size: u64,
        align: u64,
        fields: impl Iterator<Item = (&'f str, u64)>,
    ) {
        self.list.push(Proof {
            name: name.to_string(),
            size,
            align,
            fields: fields
                .map(|(name, offset)| (name.to_string(), offset))
                .collect(),
        });
    }

    pub(crate) fn write(&self, code: &mut String) {
        for proofs in self.list.chunks(RECORDS_A_CONSTANT) {
            write(proofs, code);
        }
    }
}

/// One constant.
fn write(proofs: &[Proof], code: &mut String) {
    let [mut made, mut records, mut numbers, mut addresses, mut c] = [const { String::new() }; 5];
    for (index, proof) in proofs.iter().enumerate() {
        let Proof { name, fields, .. } = proof;
        let _ = write!(c, "{}, {}, ", proof.size, proof.align);
        let _ = write!(
            numbers,
            "::core::mem::size_of::<{name}>(), ::core::mem::align_of::<{name}>(), "
        );
        let is_made = proof.size <= MOST_BYTES;
        if is_made {
            let _ = writeln!(
                made,
                "let _cgo_{index} = ::core::mem::MaybeUninit::<{name}>::uninit(); let _cgo_{index} = _cgo_{index}.as_ptr();"
            );
            let _ = write!(addresses, "_cgo_{index} as _, ");
        }
        for (field, offset) in fields {
            let _ = write!(c, "{offset}, ");
            let _ = match is_made {
                true => write!(addresses, "&raw const (*_cgo_{index}).{field} as _, "),
                false => write!(numbers, "::core::mem::offset_of!({name}, {field}), "),
            };
        }
        let (counted, placed) = match is_made {
            true => (2, fields.len() + 1),
            false => (fields.len() + 2, 0),
        };
        let _ = writeln!(
            records,
            "(\"the layout of `{}` in Rust is not the C compiler's\", {counted}, {placed}),",
            name.trim_start_matches("r#")
        );
    }
    let _ = writeln!(
        code,
        "const _: () = unsafe {{\n{made}::cgo::prove_layouts(\n&[{records}],\n&[{numbers}],\n&[{addresses}],\n&[{c}]) }};"
    );
}
