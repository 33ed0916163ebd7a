//! Compares the layout of records in Rust with what the C compiler says, while the crate compiles.

/// `records` are what to say if one differs, and how many of `numbers` and of `addresses` it has. The numbers are as they are in
/// `c`; the first of the addresses is the record's own, and for the others `c` has how far from it they are.
///
/// # Safety
///
/// The addresses of a record point into one object, or to its end.
///
/// # Panics
///
/// If two numbers differ: at compile time, since it is called in constants alone.
#[inline]
pub const unsafe fn prove_layouts(
    records: &[(&str, usize, usize)],
    mut numbers: &[usize],
    mut addresses: &[*const u8],
    mut c: &[usize],
) {
    let mut record = 0;
    while record < records.len() {
        let (complaint, numbered, addressed) = records[record];
        let mut same = true;
        let mut at = 0;
        while at < numbered {
            same &= numbers[at] == c[at];
            at += 1;
        }
        (_, numbers) = numbers.split_at(numbered);
        (_, c) = c.split_at(numbered);
        at = 1;
        while at < addressed {
            // SAFETY: the caller promises one object for both.
            let offset = unsafe { addresses[at].offset_from(addresses[0]) };
            same &= offset == c[at - 1] as isize;
            at += 1;
        }
        (_, addresses) = addresses.split_at(addressed);
        (_, c) = c.split_at(addressed.saturating_sub(1));
        if !same {
            // A constant's panic can show one text that is not a literal, and nothing beside it.
            panic!("{}", complaint)
        }
        record += 1;
    }
    assert!(numbers.is_empty() && addresses.is_empty() && c.is_empty());
}

#[cfg(test)]
mod tests {
    use core::ptr;

    use super::prove_layouts;

    #[repr(C)]
    #[derive(Default)]
    struct Record {
        a: u8,
        b: u16,
    }

    /// Compares a record by its numbers and one by its addresses, whose last two figures C has so.
    fn prove(c: [usize; 2]) {
        let record = Record::default();
        let addresses = [
            ptr::from_ref(&record).cast(),
            ptr::from_ref(&record.a).cast(),
            ptr::from_ref(&record.b).cast(),
        ];
        let records = [("numbers", 2, 0), ("addresses", 2, 3)];
        // SAFETY: the addresses are one record's.
        unsafe {
            prove_layouts(
                &records,
                &[1, 1, 4, 2],
                &addresses,
                &[1, 1, 4, 2, c[0], c[1]],
            )
        }
    }

    #[test]
    fn equal_figures_pass() {
        prove([0, 2]);
    }

    #[test]
    #[should_panic(expected = "addresses")]
    fn the_record_that_differs_is_named() {
        prove([0, 1]);
    }

    #[test]
    #[should_panic(expected = "numbers")]
    fn a_size_that_differs_is_found() {
        // SAFETY: there are no addresses.
        unsafe { prove_layouts(&[("numbers", 2, 0)], &[1, 1], &[], &[2, 1]) }
    }
}
