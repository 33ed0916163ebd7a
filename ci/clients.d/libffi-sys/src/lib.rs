//! libffi of the system for the crate `libffi`.
#![no_std]

cgo::c_preamble! {
    pub mod c;
    #cgo pkg-config: libffi
    #cgo bind: <ffi.h> <ffitarget.h>
    #cgo constants: "unsigned short" FFI_TYPE_* ffi_type_enum_*
    // The published crate has these names for a member and for constants.
    #define type type_
    #include <ffi.h>
    #define ffi_type_enum_STRUCT FFI_TYPE_STRUCT
    #define ffi_type_enum_COMPLEX FFI_TYPE_COMPLEX
    #define ffi_abi_FFI_DEFAULT_ABI FFI_DEFAULT_ABI
    #define ffi_status_FFI_OK FFI_OK
    #define ffi_status_FFI_BAD_TYPEDEF FFI_BAD_TYPEDEF
    #define ffi_status_FFI_BAD_ABI FFI_BAD_ABI
    #define ffi_status_FFI_BAD_ARGTYPE FFI_BAD_ARGTYPE
}

pub use c::*;
