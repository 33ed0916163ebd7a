//! Reads and writes what Rust has no fields for: bit-fields, and members that are not aligned.

/// The order in which a target counts the bits of its memory (DWARF 5, 5.7.6).
#[derive(Clone, Copy, PartialEq, Eq)]
enum Order {
    /// From the least significant bit of each byte to the most significant one; later bytes are more significant.
    LittleEndian,
    /// From the most significant bit of each byte to the least significant one; later bytes are less significant.
    BigEndian,
}

const TARGET: Order = match cfg!(target_endian = "little") {
    true => Order::LittleEndian,
    false => Order::BigEndian,
};

/// A type that a bit-field can have.
pub trait BitField: Copy {
    /// The value whose `width` bits these are; the bits above them are zero.
    #[doc(hidden)]
    fn from_bits(bits: u128, width: u32) -> Self;
    /// The value's bits; those above the bit-field's width do not matter.
    #[doc(hidden)]
    fn to_bits(self) -> u128;
}

impl BitField for bool {
    #[inline]
    fn from_bits(bits: u128, _: u32) -> Self {
        bits != 0
    }
    #[inline]
    fn to_bits(self) -> u128 {
        self.into()
    }
}

macro_rules! integers {
    ($($integer:ty)*) => {$(
        impl BitField for $integer {
            #[inline]
            fn from_bits(bits: u128, width: u32) -> Self {
                // The highest bit of a narrow field is the sign of a signed one.
                let above = Self::BITS.saturating_sub(width);
                (bits as Self) << above >> above
            }
            #[inline]
            fn to_bits(self) -> u128 {
                self as u128
            }
        }
    )*};
}

integers! { i8 i16 i32 i64 i128 isize u8 u16 u32 u64 u128 usize }

/// The bit-field of `width` bits that starts `offset` bits after the record's start.
///
/// # Safety
///
/// The bytes that hold the bit-field are readable and initialized.
#[doc(hidden)]
#[inline]
pub unsafe fn get_bits<R, T: BitField>(record: *const R, offset: usize, width: u32) -> T {
    // SAFETY: as the caller promises.
    T::from_bits(unsafe { read(record.cast(), offset, width, TARGET) }, width)
}

/// Writes the lowest `width` bits of `value` into the bit-field, as an assignment in C does. The bits beside it keep their
/// values, and no other byte is touched.
///
/// # Safety
///
/// The bytes that hold the bit-field are readable, writable and initialized.
#[doc(hidden)]
#[inline]
pub unsafe fn set_bits<R, T: BitField>(record: *mut R, offset: usize, width: u32, value: T) {
    // SAFETY: as the caller promises.
    unsafe { write(record.cast(), offset, width, value.to_bits(), TARGET) }
}

/// The member that starts `offset` bytes after the record's start, aligned or not.
///
/// # Safety
///
/// A `T` lies there, within the record.
#[doc(hidden)]
#[inline]
pub unsafe fn get_member<R, T: Copy>(record: *const R, offset: usize) -> T {
    // SAFETY: as the caller promises.
    unsafe { record.byte_add(offset).cast::<T>().read_unaligned() }
}

/// Writes the member that starts `offset` bytes after the record's start, aligned or not.
///
/// # Safety
///
/// `size_of::<T>()` bytes lie there, within the record.
#[doc(hidden)]
#[inline]
pub unsafe fn set_member<R, T: Copy>(record: *mut R, offset: usize, value: T) {
    // SAFETY: as the caller promises.
    unsafe { record.byte_add(offset).cast::<T>().write_unaligned(value) }
}

/// The volatile member that starts `offset` bytes after the record's start, aligned or not.
///
/// # Safety
///
/// A `T` lies there, within the record.
#[doc(hidden)]
#[inline]
pub unsafe fn get_volatile_member<R, T: Copy>(record: *const R, offset: usize) -> T {
    let member = record.wrapping_byte_add(offset).cast::<Anywhere<T>>();
    // SAFETY: as the caller promises.
    unsafe { member.read_volatile().0 }
}

/// Writes the volatile member that starts `offset` bytes after the record's start, aligned or not.
///
/// # Safety
///
/// `size_of::<T>()` bytes lie there, within the record, in an `UnsafeCell`.
#[doc(hidden)]
#[inline]
pub unsafe fn set_volatile_member<R, T: Copy>(record: *const R, offset: usize, value: T) {
    let member = record.wrapping_byte_add(offset).cast::<Anywhere<T>>();
    // SAFETY: as the caller promises.
    unsafe { member.cast_mut().write_volatile(Anywhere(value)) }
}

/// A value that need not be aligned.
#[repr(C, packed)]
struct Anywhere<T>(T);

/// The volatile bit-field of `width` bits that starts `offset` bits after the record's start. It is read together with the whole
/// unit of `unit` bytes that contains it, as AAPCS ("Volatile bit-fields") requires, or byte by byte if `unit` is 1.
///
/// # Safety
///
/// The bytes that are read are readable and initialized, and the unit is aligned.
#[doc(hidden)]
#[inline]
pub unsafe fn get_volatile_bits<R, T: BitField>(
    record: *const R,
    offset: usize,
    width: u32,
    unit: usize,
) -> T {
    let held = Held::of(offset, width, unit);
    // SAFETY: as the caller promises.
    let bytes = unsafe { held.load(record.cast()) };
    // SAFETY: the field lies within these bytes.
    unsafe { get_bits(bytes.as_ptr(), held.offset, width) }
}

/// Writes the lowest `width` bits of `value` into the volatile bit-field: reads the units that contain it once, and writes them
/// once.
///
/// # Safety
///
/// The bytes that are written are readable, writable and initialized and lie in an `UnsafeCell`, and the unit is aligned.
#[doc(hidden)]
#[inline]
pub unsafe fn set_volatile_bits<R, T: BitField>(
    record: *const R,
    offset: usize,
    width: u32,
    unit: usize,
    value: T,
) {
    let held = Held::of(offset, width, unit);
    // SAFETY: as the caller promises.
    let mut bytes = unsafe { held.load(record.cast()) };
    // SAFETY: the field lies within these bytes, and these in the record.
    unsafe {
        set_bits(bytes.as_mut_ptr(), held.offset, width, value);
        held.store(record.cast_mut().cast(), &bytes);
    }
}

/// The bytes that are read and written for a volatile bit-field.
struct Held {
    start: usize,
    length: usize,
    /// How many bytes are read or written at once.
    unit: usize,
    /// Where the field starts in these bytes, in bits.
    offset: usize,
}

/// Enough for 128 bits that start in the middle of a byte.
type HeldBytes = [u8; 17];

impl Held {
    #[inline]
    fn of(offset: usize, width: u32, unit: usize) -> Held {
        let start = offset / 8 / unit * unit;
        let end = (offset + width as usize).div_ceil(8 * unit) * unit;
        Held {
            start,
            length: end - start,
            unit,
            offset: offset - 8 * start,
        }
    }

    #[inline]
    unsafe fn load(&self, record: *const u8) -> HeldBytes {
        let mut bytes = HeldBytes::default();
        let parts = bytes[..self.length].chunks_exact_mut(self.unit);
        for (number, part) in parts.enumerate() {
            let place = record.wrapping_add(self.start + number * self.unit);
            // SAFETY: the caller can read these bytes, and says how they are aligned.
            unsafe {
                match self.unit {
                    2 => read_into::<u16>(place, part),
                    4 => read_into::<u32>(place, part),
                    8 => read_into::<u64>(place, part),
                    _ => read_into::<u8>(place, part),
                }
            }
        }
        bytes
    }

    #[inline]
    unsafe fn store(&self, record: *mut u8, bytes: &HeldBytes) {
        let parts = bytes[..self.length].chunks_exact(self.unit);
        for (number, part) in parts.enumerate() {
            let place = record.wrapping_add(self.start + number * self.unit);
            // SAFETY: the caller can write these bytes, and says how they are aligned.
            unsafe {
                match self.unit {
                    2 => write_from::<u16>(place, part),
                    4 => write_from::<u32>(place, part),
                    8 => write_from::<u64>(place, part),
                    _ => write_from::<u8>(place, part),
                }
            }
        }
    }
}

/// Reads a number in one access. `part` has its size.
#[inline]
unsafe fn read_into<N>(place: *const u8, part: &mut [u8]) {
    debug_assert_eq!(part.len(), size_of::<N>());
    // SAFETY: the caller says that a number lies there, and a part of bytes need not be aligned.
    unsafe {
        let number = place.cast::<N>().read_volatile();
        part.as_mut_ptr().cast::<N>().write_unaligned(number);
    }
}

/// Writes a number in one access. `part` has its size.
#[inline]
unsafe fn write_from<N>(place: *mut u8, part: &[u8]) {
    debug_assert_eq!(part.len(), size_of::<N>());
    // SAFETY: as above.
    unsafe {
        let number = part.as_ptr().cast::<N>().read_unaligned();
        place.cast::<N>().write_volatile(number);
    }
}

/// Whether a field could fill more than 16 bytes, counting the bits before it in its first byte.
#[inline]
fn is_wide(width: u32) -> bool {
    width > 64
}

/// Where the two halves of a wide field lie: the lower 64 bits, and the rest.
#[inline]
fn halves(offset: usize, width: u32, order: Order) -> (usize, usize) {
    match order {
        Order::LittleEndian => (offset, offset + 64),
        Order::BigEndian => (offset + width as usize - 64, offset),
    }
}

#[inline]
unsafe fn read(record: *const u8, offset: usize, width: u32, order: Order) -> u128 {
    if is_wide(width) {
        let (low, high) = halves(offset, width, order);
        // SAFETY: both halves are parts of the field.
        return unsafe {
            read(record, low, 64, order) | read(record, high, width - 64, order) << 64
        };
    }
    let span = Span::of(offset, width, order);
    // SAFETY: the span is the bytes that hold the field.
    (unsafe { span.load(record) } & span.mask) >> span.shift
}

#[inline]
unsafe fn write(record: *mut u8, offset: usize, width: u32, bits: u128, order: Order) {
    if is_wide(width) {
        let (low, high) = halves(offset, width, order);
        // SAFETY: both halves are parts of the field.
        return unsafe {
            write(record, low, 64, bits, order);
            write(record, high, width - 64, bits >> 64, order);
        };
    }
    let span = Span::of(offset, width, order);
    // SAFETY: the span is the bytes that hold the field.
    unsafe {
        let others = span.load(record) & !span.mask;
        span.store(record, others | bits << span.shift & span.mask);
    }
}

/// The bytes that hold a field of at most 64 bits, and the field's place in the 128-bit number that starts with these bytes.
struct Span {
    start: usize,
    length: usize,
    shift: u32,
    mask: u128,
    order: Order,
}

impl Span {
    #[inline]
    fn of(offset: usize, width: u32, order: Order) -> Span {
        let before = (offset % 8) as u32;
        let shift = match order {
            Order::LittleEndian => before,
            Order::BigEndian => u128::BITS - before - width,
        };
        Span {
            start: offset / 8,
            length: (before + width).div_ceil(8) as usize,
            shift,
            mask: ((1u128 << width) - 1) << shift,
            order,
        }
    }

    #[inline]
    unsafe fn load(&self, record: *const u8) -> u128 {
        let mut bytes = [0; size_of::<u128>()];
        // SAFETY: the caller can read these bytes, and there are at most 9 of them.
        unsafe {
            record
                .add(self.start)
                .copy_to(bytes.as_mut_ptr(), self.length)
        };
        match self.order {
            Order::LittleEndian => u128::from_le_bytes(bytes),
            Order::BigEndian => u128::from_be_bytes(bytes),
        }
    }

    #[inline]
    unsafe fn store(&self, record: *mut u8, number: u128) {
        let bytes = match self.order {
            Order::LittleEndian => number.to_le_bytes(),
            Order::BigEndian => number.to_be_bytes(),
        };
        // SAFETY: the caller can write these bytes, and there are at most 9 of them.
        unsafe {
            record
                .add(self.start)
                .copy_from(bytes.as_ptr(), self.length)
        };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The bits of a field one by one, as the order says where each lies: what `read` must come to.
    fn one_by_one(bytes: &[u8], offset: usize, width: u32, order: Order) -> u128 {
        let bit = |at: usize| match order {
            Order::LittleEndian => bytes[at / 8] >> (at % 8) & 1,
            Order::BigEndian => bytes[at / 8] >> (7 - at % 8) & 1,
        };
        let places = offset..offset + width as usize;
        let push = |value: u128, at: usize| value << 1 | u128::from(bit(at));
        match order {
            Order::LittleEndian => places.rev().fold(0, push),
            Order::BigEndian => places.fold(0, push),
        }
    }

    #[test]
    fn every_width_at_every_bit_in_both_orders() {
        let before: [u8; 20] = core::array::from_fn(|index| (index as u8).wrapping_mul(167) ^ 0x5a);
        let value = 0x0123_4567_89ab_cdef_fedc_ba98_7654_3210_u128 ^ 0x5555;
        for order in [Order::LittleEndian, Order::BigEndian] {
            for (offset, width) in (0..24).flat_map(|offset| (1..=128).map(move |w| (offset, w))) {
                let mut bytes = before;
                // SAFETY: 24 + 128 bits lie within 20 bytes.
                let read_before = unsafe { read(bytes.as_ptr(), offset, width, order) };
                assert_eq!(read_before, one_by_one(&before, offset, width, order));
                // SAFETY: as above.
                unsafe { write(bytes.as_mut_ptr(), offset, width, value, order) };
                let kept = u128::MAX >> (128 - width);
                assert_eq!(one_by_one(&bytes, offset, width, order), value & kept);
                for at in (0..160).filter(|at| !(offset..offset + width as usize).contains(at)) {
                    let bit = |bytes| one_by_one(bytes, at, 1, order);
                    assert_eq!(bit(&bytes), bit(&before), "{offset} {width}: bit {at}");
                }
            }
        }
    }

    #[test]
    fn a_big_endian_record_as_its_compiler_lays_it_out() {
        // powerpc and s390x: `struct { unsigned a : 3, b : 9; int c : 4; }` with a = 5, b = 0x101, c = -2.
        let bytes = [0b101_10000, 0b0001_1110, 0, 0];
        let field = |offset, width| {
            // SAFETY: the fields lie within the bytes.
            unsafe { read(bytes.as_ptr(), offset, width, Order::BigEndian) }
        };
        assert_eq!((field(0, 3), field(3, 9)), (5, 0x101));
        assert_eq!(i32::from_bits(field(12, 4), 4), -2);
    }

    #[test]
    fn a_volatile_field_is_the_same_by_bytes_and_by_units() {
        for unit in [1, 2, 4, 8] {
            let mut record = [0x5555_5555_5555_5555_u64; 2];
            let record = &raw mut record;
            for (offset, width) in [(0, 3), (5, 3), (9, 7), (64, 8), (123, 5)] {
                // SAFETY: the units are those of an array of words.
                unsafe {
                    let before: u32 = get_bits(record, offset, width);
                    assert_eq!(
                        get_volatile_bits::<_, u32>(record, offset, width, unit),
                        before
                    );
                    set_volatile_bits(record, offset, width, unit, !before);
                    let after = get_volatile_bits::<_, u32>(record, offset, width, unit);
                    assert_eq!(after, !before & ((1 << width) - 1));
                    set_volatile_bits(record, offset, width, unit, before);
                    assert_eq!(*record, [0x5555_5555_5555_5555; 2], "{unit} {offset}");
                }
            }
        }
    }

    #[test]
    fn a_volatile_member_lies_anywhere() {
        let mut record = [0u8; 6];
        let record = &raw mut record;
        // SAFETY: both lie within the record.
        unsafe {
            set_volatile_member(record, 1, 0x0102_0304_u32);
            assert_eq!(get_volatile_member::<_, u32>(record, 1), 0x0102_0304);
            assert_eq!(((*record)[0], (*record)[5]), (0, 0));
        }
    }

    #[test]
    fn a_signed_field_keeps_its_sign() {
        let mut record = [0u8; 4];
        // SAFETY: the fields lie within the record.
        unsafe {
            set_bits(&raw mut record, 3, 5, -7i32);
            assert_eq!(get_bits::<_, i32>(&raw const record, 3, 5), -7);
            assert_eq!(get_bits::<_, u32>(&raw const record, 3, 5), 25);
            set_bits(&raw mut record, 8, 1, true);
            assert!(get_bits::<_, bool>(&raw const record, 8, 1));
        }
    }
}
