//! The numbers of tags, attributes and some attributes' values, under the names of the DWARF 5 standard, chapter 7.

pub(crate) const TAG_ARRAY_TYPE: u64 = 0x01;
pub(crate) const TAG_ENUMERATION_TYPE: u64 = 0x04;
pub(crate) const TAG_FORMAL_PARAMETER: u64 = 0x05;
pub(crate) const TAG_MEMBER: u64 = 0x0d;
pub(crate) const TAG_POINTER_TYPE: u64 = 0x0f;
pub(crate) const TAG_STRUCTURE_TYPE: u64 = 0x13;
pub(crate) const TAG_SUBROUTINE_TYPE: u64 = 0x15;
pub(crate) const TAG_TYPEDEF: u64 = 0x16;
pub(crate) const TAG_UNION_TYPE: u64 = 0x17;
pub(crate) const TAG_UNSPECIFIED_PARAMETERS: u64 = 0x18;
pub(crate) const TAG_SUBRANGE_TYPE: u64 = 0x21;
pub(crate) const TAG_BASE_TYPE: u64 = 0x24;
pub(crate) const TAG_CONST_TYPE: u64 = 0x26;
pub(crate) const TAG_ENUMERATOR: u64 = 0x28;
pub(crate) const TAG_SUBPROGRAM: u64 = 0x2e;
pub(crate) const TAG_VOLATILE_TYPE: u64 = 0x35;
pub(crate) const TAG_RESTRICT_TYPE: u64 = 0x37;
pub(crate) const TAG_UNSPECIFIED_TYPE: u64 = 0x3b;
pub(crate) const TAG_ATOMIC_TYPE: u64 = 0x47;

pub(crate) const AT_NAME: u64 = 0x03;
pub(crate) const AT_BYTE_SIZE: u64 = 0x0b;
pub(crate) const AT_BIT_OFFSET: u64 = 0x0c;
pub(crate) const AT_BIT_SIZE: u64 = 0x0d;
pub(crate) const AT_PRODUCER: u64 = 0x25;
pub(crate) const AT_PROTOTYPED: u64 = 0x27;
pub(crate) const AT_UPPER_BOUND: u64 = 0x2f;
pub(crate) const AT_CALLING_CONVENTION: u64 = 0x36;
pub(crate) const AT_COUNT: u64 = 0x37;
pub(crate) const AT_DATA_MEMBER_LOCATION: u64 = 0x38;
pub(crate) const AT_DECLARATION: u64 = 0x3c;
pub(crate) const AT_ENCODING: u64 = 0x3e;
pub(crate) const AT_TYPE: u64 = 0x49;
pub(crate) const AT_ENDIANITY: u64 = 0x65;
pub(crate) const AT_DATA_BIT_OFFSET: u64 = 0x6b;
pub(crate) const AT_STR_OFFSETS_BASE: u64 = 0x72;
pub(crate) const AT_ALIGNMENT: u64 = 0x88;
pub(crate) const AT_GNU_VECTOR: u64 = 0x2107;

pub(crate) const CC_NORMAL: u64 = 1;
pub(crate) const END_BIG: u64 = 1;
pub(crate) const END_LITTLE: u64 = 2;

pub(crate) const ATE_BOOLEAN: u64 = 0x02;
pub(crate) const ATE_COMPLEX_FLOAT: u64 = 0x03;
pub(crate) const ATE_FLOAT: u64 = 0x04;
pub(crate) const ATE_SIGNED: u64 = 0x05;
pub(crate) const ATE_SIGNED_CHAR: u64 = 0x06;
pub(crate) const ATE_UNSIGNED: u64 = 0x07;
pub(crate) const ATE_UNSIGNED_CHAR: u64 = 0x08;
pub(crate) const ATE_UTF: u64 = 0x10;
/// Both compilers' for complex numbers of integers, which DWARF has no number for.
pub(crate) const ATE_LO_USER: u64 = 0x80;

pub(crate) const FORM_INDIRECT: u64 = 0x16;
pub(crate) const FORM_IMPLICIT_CONST: u64 = 0x21;
