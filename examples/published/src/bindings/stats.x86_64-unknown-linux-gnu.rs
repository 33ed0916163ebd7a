// Bindings by cgo, for x86_64-unknown-linux-gnu: written with the variable CGO_BINDINGS set, not to be edited.
// call: 796c71aa5eb80b58
// headers: 869e816c8a704f5d
// conditions: stats
// ldflags: 
// names: TALLY_H TALLY_LONGEST TALLY_NO_MEMORY TALLY_OK TALLY_TOO_LONG TALLY_VERSION tally tally_add tally_count tally_each tally_entry tally_free tally_growths tally_new tally_status
#[doc = "What the C preamble and its headers declare, as far as the crate uses it."]
#[allow(warnings, nonstandard_style, clippy::all, clippy::pedantic, clippy::nursery, clippy::restriction)]
pub(crate) mod c {
mod _cgo_helpers { pub use ::cgo::{CBytes, CString, GoBytes, GoString, GoStringN}; }
pub use _cgo_helpers::*;
unsafe extern "C" {
#[doc = "Returns null if there is no memory.\n\n```c\ntally *tally_new(void)\n```"]
pub fn tally_new() -> *mut tally;
#[doc = "```c\nvoid tally_free(tally *t)\n```"]
pub fn tally_free(t: *mut tally);
#[doc = "```c\nenum tally_status tally_add(tally *t, const char *word, size_t length)\n```"]
pub fn tally_add(t: *mut tally, word: *const ::core::ffi::c_char, length: size_t) -> enum_tally_status;
#[doc = "```c\nsize_t tally_count(const tally *t, const char *word, size_t length)\n```"]
pub fn tally_count(t: *const tally, word: *const ::core::ffi::c_char, length: size_t) -> size_t;
#[doc = "Calls `visit` with each word, in the order of their first occurrence, until it returns another number than 0, and returns this number.\n\n```c\nint tally_each(const tally *t, int (*visit)(const struct tally_entry *entry, void *data), void *data)\n```"]
pub fn tally_each(t: *const tally, visit: ::core::option::Option<unsafe extern "C" fn(*const struct_tally_entry, *mut ::core::ffi::c_void) -> ::core::ffi::c_int>, data: *mut ::core::ffi::c_void) -> ::core::ffi::c_int;
#[doc = "How often the table has grown.\n\n```c\nunsigned tally_growths(const tally *t)\n```"]
pub fn tally_growths(t: *const tally) -> ::core::ffi::c_uint;
}
const _cgo_types: &[&::core::primitive::str] = &[
"struct_tally s?",
"struct_tally_entry s24,8 word 0 pi1 length 8 u8 count 16 u8",
];
#[doc = "What came of a call.\n\n```c\nenum tally_status { TALLY_OK, TALLY_NO_MEMORY, TALLY_TOO_LONG }\n```"]
#[repr(transparent)]
#[derive(::core::clone::Clone, ::core::marker::Copy, ::core::cmp::PartialEq, ::core::cmp::Eq, ::core::cmp::PartialOrd, ::core::cmp::Ord, ::core::hash::Hash, ::core::default::Default)]
pub struct enum_tally_status(#[doc = ""] pub ::core::ffi::c_uint);
unsafe impl ::cgo::CType for enum_tally_status { type Passed = Self; const KIND: ::cgo::generated::Kind = <::core::ffi::c_uint as ::cgo::CType>::KIND; }
unsafe impl ::cgo::CLayout for enum_tally_status { const LAYOUT: ::cgo::generated::imported::Layout = ::cgo::generated::imported::Layout::Enumeration(&<::core::ffi::c_uint as ::cgo::CLayout>::LAYOUT, "TALLY_NO_MEMORY 1 TALLY_OK 0 TALLY_TOO_LONG 2"); }
unsafe impl ::cgo::Zero for enum_tally_status {}
impl ::cgo::generated::BitField for enum_tally_status {
#[inline] fn from_bits(_cgo_bits: ::core::primitive::u128, _cgo_width: ::core::primitive::u32) -> Self { Self(::cgo::generated::BitField::from_bits(_cgo_bits, _cgo_width)) }
#[inline] fn to_bits(self) -> ::core::primitive::u128 { ::cgo::generated::BitField::to_bits(self.0) }
}
impl enum_tally_status {
#[doc = "C's `TALLY_OK`."] pub const TALLY_OK: Self = Self(0);
#[doc = "C's `TALLY_NO_MEMORY`."] pub const TALLY_NO_MEMORY: Self = Self(1);
#[doc = "C's `TALLY_TOO_LONG`."] pub const TALLY_TOO_LONG: Self = Self(2);
}
impl ::core::fmt::Debug for enum_tally_status { #[inline] fn fmt(&self, _cgo_f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result { ::cgo::generated::debug_enum(_cgo_f, "enum_tally_status", self.0 as ::core::primitive::i128, &[("TALLY_OK", 0), ("TALLY_NO_MEMORY", 1), ("TALLY_TOO_LONG", 2), ]) } }
#[doc = "The words with their counts.\n\n```c\ntypedef struct tally tally\n```"]
#[repr(C)]
pub struct struct_tally { _data: (), _marker: ::core::marker::PhantomData<(*mut (), ::core::marker::PhantomPinned)> }
unsafe impl ::cgo::CLayout for struct_tally { const LAYOUT: ::cgo::generated::imported::Layout = ::cgo::generated::imported::Layout::Record(_cgo_types, 0); }
impl ::core::fmt::Debug for struct_tally { #[inline] fn fmt(&self, _cgo_f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result { ::cgo::generated::debug_opaque(_cgo_f, "struct_tally") } }
#[doc = "The words with their counts.\n\n```c\ntypedef struct tally tally\n```"]
pub type tally = struct_tally;
#[doc = "A word with its count.\n\n```c\nstruct tally_entry { const char *word; size_t length; size_t count; }\n```"]
#[repr(C)]
pub struct struct_tally_entry {
#[doc = ""]
pub word: *const ::core::ffi::c_char,
#[doc = ""]
pub length: size_t,
#[doc = ""]
pub count: size_t,
}
impl ::core::marker::Copy for struct_tally_entry {}
impl ::core::clone::Clone for struct_tally_entry { #[inline] fn clone(&self) -> Self { *self } }
impl ::core::fmt::Debug for struct_tally_entry { #[inline] fn fmt(&self, _cgo_f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result { ::cgo::generated::debug_record(_cgo_f, "struct_tally_entry", &["word", "length", "count"], &[&self.word, &self.length, &self.count]) } }
unsafe impl ::cgo::CType for struct_tally_entry { type Passed = Self; }
unsafe impl ::cgo::generated::imported::Record for struct_tally_entry { const TEXT: ::cgo::generated::imported::Text = (_cgo_types, 1); }
impl ::core::default::Default for struct_tally_entry { #[inline] fn default() -> Self { unsafe { ::cgo::generated::zeroed() } } }
#[doc = ""]
pub type size_t = ::core::primitive::usize;
#[doc = "What came of a call.\n\n```c\nenum tally_status { TALLY_OK, TALLY_NO_MEMORY, TALLY_TOO_LONG }\n```"]
pub const TALLY_OK: enum_tally_status = enum_tally_status(0);
#[doc = "What came of a call.\n\n```c\nenum tally_status { TALLY_OK, TALLY_NO_MEMORY, TALLY_TOO_LONG }\n```"]
pub const TALLY_NO_MEMORY: enum_tally_status = enum_tally_status(1);
#[doc = "What came of a call.\n\n```c\nenum tally_status { TALLY_OK, TALLY_NO_MEMORY, TALLY_TOO_LONG }\n```"]
pub const TALLY_TOO_LONG: enum_tally_status = enum_tally_status(2);
#[doc = "The longest word, in bytes.\n\n```c\n#define TALLY_LONGEST 64\n```"]
pub const TALLY_LONGEST: ::core::ffi::c_int = 64;
#[doc = "```c\n#define TALLY_VERSION \"1.2.0\"\n```"]
pub const TALLY_VERSION: &::core::ffi::CStr = unsafe { ::core::ffi::CStr::from_bytes_with_nul_unchecked(b"1.2.0\x00") };
#[doc(inline)] #[doc(alias = "struct_tally_entry")] pub use self::struct_tally_entry as tally_entry;
const _: () = unsafe {
let _cgo_0 = ::core::mem::MaybeUninit::<struct_tally_entry>::uninit(); let _cgo_0 = _cgo_0.as_ptr();
::cgo::generated::prove_layouts(
&[("the layout of `struct_tally_entry` in Rust is not the C compiler's", 2, 4),
],
&[::core::mem::size_of::<struct_tally_entry>(), ::core::mem::align_of::<struct_tally_entry>(), ],
&[_cgo_0 as _, &raw const (*_cgo_0).word as _, &raw const (*_cgo_0).length as _, &raw const (*_cgo_0).count as _, ],
&[24, 8, 0, 8, 16, ]) };
}
