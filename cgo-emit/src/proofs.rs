//! Writes the proof that every record is laid out in Rust as the C compiler has it.

use std::fmt::Write;

/// So many records share one constant. With more of them a clean build gains little, and one after an edit loses, since rustc
/// keeps or does again what it knows of a constant as a whole.
const RECORDS_A_CONSTANT: usize = 8;

/// What rustc is to compare, record by record.
#[derive(Default)]
pub(crate) struct Proofs {
    list: Vec<Proof>,
}

struct Proof {
    /// What to say of the record if a figure differs, and how many figures it has.
    record: String,
    /// The figures as expressions of Rust.
    rust: String,
    /// The same figures as the C compiler has them.
    c: String,
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
        let mut rust =
            format!("::core::mem::size_of::<{name}>(), ::core::mem::align_of::<{name}>()");
        let mut c = format!("{size}, {align}");
        let mut figures = 2;
        for (field, offset) in fields {
            let _ = write!(rust, ", ::core::mem::offset_of!({name}, {field})");
            let _ = write!(c, ", {offset}");
            figures += 1;
        }
        let name = name.trim_start_matches("r#");
        let record =
            format!("(\"the layout of `{name}` in Rust is not the C compiler's\", {figures})");
        self.list.push(Proof { record, rust, c });
    }

    pub(crate) fn write(&self, code: &mut String) {
        for proofs in self.list.chunks(RECORDS_A_CONSTANT) {
            let column = |text: fn(&Proof) -> &str| {
                let texts: Vec<&str> = proofs.iter().map(text).collect();
                texts.join(",\n")
            };
            let _ = writeln!(
                code,
                "const _: () = ::cgo::prove_layouts(\n&[{}],\n&[{}],\n&[{}]);",
                column(|proof| &proof.record),
                column(|proof| &proof.rust),
                column(|proof| &proof.c)
            );
        }
    }
}
