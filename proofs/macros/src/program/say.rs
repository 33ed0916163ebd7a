// How Rust says a value.
trait Said { fn say(&self) -> String; }
trait Named { fn named() -> String; }
macro_rules! numbers { ($($t:ident)*) => { $(
    impl Said for $t { fn say(&self) -> String { format!("{} {:x} {:x}", Self::named(), (*self as i128 >> 64) as i64, *self as i64) } }
    impl Named for $t { fn named() -> String { stringify!($t).replace("size", "64") } }
)* } }
numbers! { i8 u8 i16 u16 i32 u32 i64 u64 isize usize i128 u128 }
impl Said for f64 { fn say(&self) -> String { if self.is_nan() { "f64 nan".into() } else { format!("f64 {:x}", self.to_bits()) } } }
impl Said for f32 { fn say(&self) -> String { (*self as f64).say().replace("f64", "f32") } }
impl Said for bool { fn say(&self) -> String { format!("bool {:x}", (*self as u8 as f64).to_bits()) } }
impl Named for f32 { fn named() -> String { "f32".into() } }
impl Named for std::ffi::c_void { fn named() -> String { "void".into() } }
impl Named for C::struct_pair { fn named() -> String { "pair".into() } }
impl<T: Named> Named for cgo::Volatile<T> { fn named() -> String { format!("volatile {}", T::named()) } }
impl<T: Said + Copy> Said for cgo::Volatile<T> { fn say(&self) -> String { self.read().say() } }
impl Said for std::sync::atomic::AtomicI16 { fn say(&self) -> String { self.load(std::sync::atomic::Ordering::Relaxed).say() } }
impl<T: Named> Named for *mut T { fn named() -> String { format!("*mut {}", T::named()) } }
impl<T: Named, const N: usize> Named for [T; N] { fn named() -> String { format!("[{}; {N}]", T::named()) } }
impl<T: Named> Said for *mut T { fn say(&self) -> String { format!("*mut {} {:x}", T::named(), *self as *mut u8 as usize) } }
impl<T: Named> Said for *const T { fn say(&self) -> String { format!("*const {} {:x}", T::named(), *self as *mut u8 as usize) } }
fn decayed<T, const N: usize>(array: *mut [T; N]) -> *mut T { array.cast() }
fn decayed_const<T, const N: usize>(array: *const [T; N]) -> *const T { array.cast() }
fn text<T>(all: &[T]) -> String {
    let bytes = unsafe { std::slice::from_raw_parts(all.as_ptr() as *const u8, size_of_val(all)) };
    bytes.iter().fold(format!("text {}", 8 * size_of::<T>()), |said, byte| format!("{said} {byte:x}"))
}
impl Said for &std::ffi::CStr { fn say(&self) -> String { text(self.to_bytes_with_nul()) } }
impl<T, const N: usize> Said for &[T; N] { fn say(&self) -> String { text(&self[..]) } }
unsafe fn compare(number: i32, name: &str, rust: String) {
    let mut out = [0; 4096];
    unsafe { C::say(number, out.as_mut_ptr()) };
    let c = unsafe { C::GoString(out.as_ptr()) };
    if c != rust { println!("{name}: {c} in C, {rust} in Rust"); }
}
