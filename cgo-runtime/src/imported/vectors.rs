//! The layouts of the vectors that C's headers and `core::arch` have under the same names.

macro_rules! vectors {
    ($arch:literal $module:ident: $($name:ident)*) => {$(
        #[cfg(target_arch = $arch)]
        // SAFETY: its bytes are its numbers one after the other in both languages.
        unsafe impl super::CLayout for core::arch::$module::$name {
            const LAYOUT: super::Layout = super::Layout::Bytes(size_of::<Self>());
        }
        #[cfg(target_arch = $arch)]
        // SAFETY: each number is 0.
        unsafe impl super::Zero for core::arch::$module::$name {}
    )*};
}

vectors! { "x86" x86: __m128 __m128d __m128i __m256 __m256d __m256i __m512 __m512d __m512i }
vectors! { "x86_64" x86_64: __m128 __m128d __m128i __m256 __m256d __m256i __m512 __m512d __m512i }
vectors! { "aarch64" aarch64:
    int8x8_t int8x16_t int16x4_t int16x8_t int32x2_t int32x4_t int64x1_t int64x2_t
    uint8x8_t uint8x16_t uint16x4_t uint16x8_t uint32x2_t uint32x4_t uint64x1_t uint64x2_t
    float32x2_t float32x4_t float64x1_t float64x2_t
    poly8x8_t poly8x16_t poly16x4_t poly16x8_t poly64x1_t poly64x2_t
}
