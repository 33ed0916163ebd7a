//! The procedural macros of cgo.

mod diagnostics;
#[cfg(feature = "export")]
mod export;
mod facade;
mod preamble;

use proc_macro::TokenStream;

/// Compiles C code and binds it as a Rust module `C`.
///
/// The macro runs the C compiler of the target (gcc or clang), reads every type from the debug information, emits the module with the exact
/// declarations, and links the compiled C.
///
/// ```
/// cgo::c_preamble! {
///     #include <stdlib.h>
///
///     struct point { int x, y; };
///     /* The sum of the coordinates. */
///     static int sum(const struct point *p) { return p->x + p->y; }
/// }
///
/// let point = C::struct_point { x: 3, y: -4 };
/// assert_eq!(unsafe { C::sum(&point) }, -1);
/// assert_eq!(unsafe { C::abs(-4) }, 4);
/// ```
///
/// The module binds everything that the preamble and your own headers declare. Of the headers of the system and of pkg-config packages
/// it binds the names that occur as a word in the Rust sources of the crate. So you list no names, and rustc does not compile thousands
/// of unused ones. The documentation of each item shows its C declaration and the C comments about it, those of fields too.
///
/// # Forms of the body
///
/// The C is written in one of three forms:
///
/// ```
/// mod tokens { cgo::c_preamble! { pub mod c; static int one(void) { return 1; } } }
/// mod string { cgo::c_preamble! { pub mod c; r#" static int one(void) { return 1; } "# } }
/// mod comment { cgo::c_preamble! { pub mod c; /* static int one(void) { return 1; } */ } }
///
/// assert_eq!(unsafe { tokens::c::one() + string::c::one() + comment::c::one() }, 3);
/// ```
///
/// | form | errors in the C | C that it cannot hold |
/// | --- | --- | --- |
/// | tokens | at the C token | what the Rust lexer refuses, see below |
/// | a string, mostly a raw one | at the string; the message has line and column | none |
/// | one comment, as in cgo | at the call; the message has line and column | a `*/`, unless a `/*` stands before it |
///
/// The Rust lexer refuses a `\` at the end of a line, `L"x"` and `u8"x"`, `'ab'`, hexadecimal floats, the escapes `\a \b \f \v \?` and
/// `"\xff"`, `a##b`, an apostrophe in an `#error`, and brackets that do not pair because of an `#if`.
///
/// rust-analyzer knows tokens and strings as they are typed. It hides comments from macros: C in a comment is known as it was saved when
/// the crate was opened, and where a crate has several such comments, each needs a `mod name;` of its own before it.
///
/// # Head items
///
/// Rust items may stand before the C, in any order:
///
/// | item | meaning |
/// | --- | --- |
/// | `pub mod sqlite;` | names the module and gives its visibility; the default is `pub(crate) mod C` |
/// | `use crate::ffi::C::{struct_stat, FILE as file};` | imports the types from another preamble, of this crate or of a dependency |
/// | `crate = other_crate::cgo;` | the path of the crate `cgo`, for a crate that reaches it only through another one; a dependency `cgo` under another name is found without it |
///
/// ```
/// mod geometry {
///     cgo::c_preamble! { struct point { int x, y; }; }
/// }
/// cgo::c_preamble! {
///     pub(crate) mod shapes;
///     use crate::geometry::C::struct_point;
///
///     struct point { int x, y; };
///     static int sum(struct point p) { return p.x + p.y; }
/// }
/// # fn main() {
/// let point = geometry::C::struct_point { x: 1, y: 2 }; // one type for both modules
/// assert_eq!(unsafe { shapes::sum(point) }, 3);
/// # }
/// ```
///
/// An imported type is compared with the C of this preamble: names, offsets and kinds of all members, and of all types that they lead
/// to. A type that no preamble has is imported only if you promise that it has the layout of the C type, with
/// `unsafe impl cgo::CLayout for T {}`. A record with such a member has `Default` only with `unsafe impl cgo::Zero for T {}`.
///
/// # Directives
///
/// A line `#cgo [CONDITION..] VERB: words` is a directive. Conditions, quotes and `${SRCDIR}`, the folder of the Rust file, are those of
/// cgo.
///
/// | verb | example | meaning |
/// | --- | --- | --- |
/// | `CFLAGS`, `CPPFLAGS` | `#cgo CFLAGS: -DLIMIT=10 -Iinclude` | flags for the compiler; relative folders start at the folder of the Rust file, which is always searched first |
/// | `CXXFLAGS`, `FFLAGS`, `ASFLAGS` | `#cgo CXXFLAGS: -std=c++17` | flags for the C++, Fortran and assembly among `SOURCES` |
/// | `LDFLAGS` | `#cgo LDFLAGS: -L${SRCDIR}/lib -lgreet` | flags for the linker |
/// | `pkg-config` | `#cgo pkg-config: sqlite3 >= 3.40` | the flags of the package, for the compiler and the linker |
/// | `SOURCES` | `#cgo SOURCES: a.c csrc/ zlib/inf*.c` | compiles these files too, and links them: C and Objective-C with the flags of the preamble, C++, assembly and Fortran with their own and `CPPFLAGS`, and with the libraries that these languages need; a Fortran file cannot use a module of another one; a folder stands for the sources in it. Where the C is written as tokens, Rust takes `/*` for the start of a comment: name the folder, or write the C as a string |
/// | `header` | `#cgo header: include/mine.h` | writes a copy of `_cgo_export.h` there, for C programs that use the crate |
/// | `bind` | `#cgo bind: getenv BZ2_* <bzlib.h> !BZ2_bz*` | binds these names, used or not: see below |
/// | `hide` | `#cgo hide: internal_* <private.h>` | only this crate sees these names; a struct, union or newtype is only left out of the documentation |
/// | `opaque` | `#cgo opaque: struct_secret` | Rust does not see the members of these structs and unions |
/// | `derive` | `#cgo derive: Eq Hash struct_date` | gives structs these traits, member by member: `Debug`, `PartialEq`, `Eq`, `Hash`, `PartialOrd`, `Ord`, each with those that it requires |
/// | `strip` | `#cgo strip: zip_ ZIP_ struct_` | gives `zip_open` the second name `open`, where no other item has it |
/// | `constants` | `#cgo constants: unsigned ZIP_*` | gives constant macros this C type; a type of several words stands in double quotes |
/// | `noreturn` | `#cgo noreturn: die` | these functions return `!`, where C forgot to say so |
/// | `macro` | `#cgo macro: int WEXITSTATUS(int)` | makes a function of a function-like macro, with these types |
/// | `functions` | `#cgo functions: sqlite3_*` | makes functions of macros whose values are functions, as in `#define sqlite3_open api->open` |
/// | `unwind` | `#cgo unwind: lua_* lua_CFunction` | a panic or a C++ exception may cross these functions and types of function pointers, which are `C-unwind`; the C is compiled with `-fexceptions`. Without it such a panic ends the process |
/// | `newtype` | `#cgo newtype: enum_color level_*` | makes these enumerations types of their own |
/// | `flags` | `#cgo flags: git_status_t` | the same, with the operators of a set of bits |
/// | `unsafe safe` | `#cgo unsafe safe: getpid` | these functions can be called without `unsafe`: a promise, see below |
/// | `noescape`, `nocallback` | `#cgo noescape: f` | accepted, as in cgo, without an effect |
///
/// ```
/// cgo::c_preamble! {
///     #cgo CFLAGS: -DLIMIT=10
///     #cgo linux LDFLAGS: -lm
///     #cgo unsafe safe: getpid
///     #include <math.h>
///     #include <unistd.h>
///     static double clipped_root(double x) { return fmin(sqrt(x), LIMIT); }
/// }
///
/// assert_eq!(unsafe { C::clipped_root(1e6) }, 10.0);
/// assert_eq!(C::LIMIT, 10);
/// assert_eq!(C::getpid() as u32, std::process::id());
/// ```
///
/// **Conditions.** In `#cgo linux,amd64 !musl CFLAGS: -DX` a space means or, a comma means and; `&&`, `||`, `!` and brackets work too.
/// The words are the systems and processors of Go (`linux`, `windows`, `amd64`, `arm64`, ..), the names in the `cfg`s of the target
/// (`x86_64`, `musl`, `unix`, ..) and, as Go's build tags, the features of the package. `cfg(..)` in a condition is that of Rust:
/// `#cgo cfg(feature = "stats") CFLAGS: -DSTATS`, `#cgo cfg(all(unix, not(target_env = "musl"))) LDFLAGS: -lm`. A word that is no target and no
/// feature is an error. `package(..)` asks pkg-config, so that a crate can have its own copy of a library for systems without one:
/// `#cgo package(zlib >= 1.2) pkg-config: zlib` and `#cgo !package(zlib >= 1.2) SOURCES: zlib/`. In an editor, which tells no features, all of them are off.
///
/// **Patterns.** A `*` in a name stands for any letters, `<zlib.h>` for what this header declares, `<git2/>` for what the headers of this
/// folder declare, and `*` alone for what any file declares, which leaves out the macros of the compiler and of `-D`. A `!` before a pattern takes
/// back what those before it picked. Headers are for `bind:` and `hide:`. A tag may be written with or without its keyword, as
/// `struct_stat` or `stat`. A pattern that matches nothing is an error.
///
/// **Variables.** `CGO_CFLAGS`, `CGO_CPPFLAGS`, `CGO_CXXFLAGS`, `CGO_FFLAGS` and `CGO_LDFLAGS` stand before the directives of their verbs, as with
/// cgo.
///
/// **`unsafe safe:`** is a promise that nothing checks: no call of the function is undefined behaviour, whatever its arguments of these
/// types are, null and dangling pointers included, on any thread, on many threads at once, and during any callback; and each result is a
/// value of its Rust type. `getpid` keeps this promise. `abs` does not, because of `INT_MIN`, and no function that reads a pointer does.
///
/// **Refused flags.** Flags that change how functions of the target are called (`-mabi=ms`), which language or text the compiler reads, or
/// what the compiler is, are refused wherever they come from. Flags by which a run writes or says more (`-MMD`, `-save-temps`, `-o`) are
/// refused in `#cgo CFLAGS` and removed from the variable `CFLAGS`.
///
/// **Documentation without the library.** Where rustdoc documents a crate and a header, a package or the compiler is missing, the module has
/// each name that the crate uses, and one warning says so: the documentation of a safe layer needs no C. On docs.rs any error of the C
/// becomes such a warning.
///
/// # What C becomes
///
/// | C | Rust |
/// | --- | --- |
/// | function, also `static` and `inline` | `unsafe fn`, called directly; `-> !` where it is declared `noreturn` |
/// | function with a `long double`, a vector, a packed struct, bit-fields, .. by value | `unsafe fn` that calls a C function which takes those by address; `long double` is `f64` |
/// | function that is always inlined, or has another calling convention | `unsafe fn` that calls a C function |
/// | `weak` function or variable that the C does not define | `unsafe fn` that calls a C function, which can test `if (f)`; a function that returns the address of the variable, or null |
/// | pointer to such a function | `*const c_void`, to hold and hand on |
/// | variable | `static mut`; `static` where `const`; thread-local: a function that returns its address |
/// | `_Atomic int`, `atomic_bool`, `_Atomic(T *)` | `AtomicI32`, `AtomicBool`, `AtomicPtr<T>`, and a variable of it is a `static`; as parameter and result a plain value |
/// | `_Atomic double` and others that Rust has no atomic for | `cgo::AtomicBytes`, of the same layout, with `as_ptr` for C, and a variable of it is a `static` |
/// | `volatile int`, as variable, member, element, behind a pointer | `cgo::Volatile<c_int>` with `read`, `write` and `update`; `cgo::Volatile<c_int, ReadOnly>` where `const` too; a variable of it is a `static`; as parameter and result a plain value |
/// | `volatile struct s` | `cgo::Volatile<struct_s>`, and `x.member(\|s\| &raw mut (*s).field)` is one member of it |
/// | enum | an integer type, as the compiler chose it, and constants of that type |
/// | enum with `#cgo newtype: color` | a struct `enum_color(pub c_uint)` with `enum_color::RED`, `C::RED`, and a `Debug` that says the name; it can hold any value from C |
/// | enum with `#cgo flags: mode` | the same with `\|`, `&`, `^`, `!`, `contains`, `intersects`, `union`, `empty` and `is_empty`; `Debug` says `READ \| WRITE` |
/// | struct, union | `#[repr(C)]`, with `Copy` (not with atomics; `Clone` with volatile members), `Default` (all zeroes) and mostly `Debug`; more traits by `#cgo derive:` |
/// | `struct stat`, `union u`, `enum e` | `struct_stat`, `union_u`, `enum_e`, as in cgo |
/// | packed, aligned | `repr(packed)`, `repr(align)`; where Rust cannot nest these, `x.field()` and `x.set_field(v)` |
/// | bit-field | `x.field()` and `x.set_field(v)`, in either byte order; a bit-field that fills its type is a field |
/// | anonymous member | a field `anon0`, by its number |
/// | flexible array member | a zero-length array, and `T::data_slice(pointer, length)`; `T::data_pointer(pointer)` where it need not be aligned |
/// | incomplete type | a type that can only be pointed to |
/// | function pointer | `Option<unsafe extern "C" fn(..)>` |
/// | macro that names an item, also in brackets or pasted together | that item |
/// | macro with a number, a string or an address such as `((void *)-1)` | a constant of the type that C gives it; `&CStr`, `&[wchar_t; N]` with the zero |
/// | macro that keeps the address of a compound literal, `(&(struct s){1})` | `static`, where C accepts it outside of functions |
/// | other macro: calls, variables, what C does not call constant | `unsafe fn NAME()`, evaluated at each call |
/// | `sizeof(T)` | `sizeof_T`, a `usize` |
/// | a name that Rust cannot spell | `self_` for `self`, `r#type`, `a_dollar_b` for `a$b`, `_u301_` for characters that Rust does not allow |
/// | a type's name that another type has in Rust | with `_2`, `_3`, .. behind it |
/// | `va_list` as a parameter | what the platform makes of it, on x86-64 a `*mut struct___va_list_tag`: to hand on, or for `from_va_list` |
/// | `_Bool`, `char`, `int32_t`, `size_t`, `__int128` | `bool`, `c_char`, `i32`, `usize`, `i128` |
///
/// The module also has the names of cgo: the types `C::int`, `C::uchar`, `C::longlong`, .., and `C::CString`, `C::CBytes`, `C::GoString`,
/// `C::GoStringN` and `C::GoBytes`.
///
/// ```
/// cgo::c_preamble! {
///     #include <stdio.h>
///     #define VERSION "1.2"
///     #define NOW (++ticks)
///     enum color { RED, GREEN = 5 };
///     struct flags { unsigned low : 3, high : 5; };
///     static int ticks = 0;
///     static int twice(int a) { return 2 * a; }
///     static int apply(int (*f)(int), int a) { return f(a); }
/// }
///
/// assert_eq!(C::VERSION, c"1.2");
/// assert_eq!(unsafe { (C::NOW(), C::NOW()) }, (1, 2));
/// let color: C::enum_color = C::GREEN;
/// assert_eq!(color, 5);
/// let mut flags = C::struct_flags::default();
/// flags.set_high(17);
/// assert_eq!((flags.low(), flags.high()), (0, 17));
/// assert_eq!(unsafe { C::apply(Some(C::twice), 4) }, 8);
/// let mut text = [0; 8];
/// unsafe { C::snprintf(text.as_mut_ptr(), 8, c"%d".as_ptr(), 42) };
/// assert_eq!(unsafe { C::GoString(text.as_ptr()) }, "42");
/// ```
///
/// The size, the alignment and every field's offset of each record are compared with those of the C compiler while the crate compiles, by
/// rustc and, where the library is made, by the C compiler: a layout that is not exact does not compile. All runs of the compiler have the
/// same flags, so that `#ifdef __OPTIMIZE__` or a sanitizer chooses one branch for both languages. Each preamble is a translation unit of
/// its own.
///
/// # From cgo
///
/// | cgo | here |
/// | --- | --- |
/// | `import "C"` with a comment above | `c_preamble! { /* … */ }`, or the C without the comment |
/// | `C.puts(s)` | `unsafe { C::puts(s) }` |
/// | `n, err := C.sqrt(-1)` | `let (n, err) = with_errno(\|\| unsafe { C::sqrt(-1.0) });` |
/// | | `check(\|\| unsafe { C::open(..) })?` for functions that return -1 or null |
/// | setting `errno`: only in C | `cgo::set_errno(libc::EINVAL)` or `C::EINVAL` |
/// | `C.CString(s)`, `C.CBytes(b)` | `C::CString(s)`, `C::CBytes(b)`; `MallocStr::new(s)` and `MallocBytes::new(b)` free themselves |
/// | `C.GoString(p)`, `C.GoStringN(p, n)`, `C.GoBytes(p, n)` | `C::GoString(p)`, … with the same meaning of null, 0 and negative lengths; a `String` has U+FFFD for bytes that are not UTF-8, and `GoBytes` keeps them |
/// | `unsafe.Slice((*T)(p), n)` | `cgo::slice(p, n)`, `cgo::slice_mut(p, n)` |
/// | `C.free(unsafe.Pointer(p))` | `C::free(p.cast())`, with `#include <stdlib.h>` |
/// | `C.malloc(n)` | `C::malloc(n)`: may be null here, as in C |
/// | `C.struct_stat`, `C.union_u`, `C.enum_e` | `C::struct_stat`, `C::union_u` (a real union), `C::enum_e` |
/// | `C.sizeof_T`, `C.sizeof_struct_stat` | `C::sizeof_T`, `C::sizeof_struct_stat`, as `usize` |
/// | `C.char C.schar C.uchar C.short C.ushort C.int C.uint` | `C::char`, … or `std::ffi::c_char`, … |
/// | `C.long C.ulong C.longlong C.ulonglong C.float C.double` | the same |
/// | `C.size_t` | `C::size_t`, which is `usize`; in the C, `size_t` needs no include |
/// | `C.complexfloat`, `C.complexdouble` | `C::complexfloat`, … which are `cgo::Complex<f32>`, `<f64>` |
/// | `unsafe.Pointer` for `void *` | `*mut c_void`, `*const c_void` |
/// | `x._type` for a field named `type` | `x.r#type` |
/// | `C.NAME` for `#define NAME 1` | `C::NAME`, a constant; a string macro is a `&CStr` |
/// | an untyped constant `C.NAME` | the C type of the macro, often `i32`; `#cgo constants: unsigned NAME_*` gives another |
/// | `fmt.Println(C.counter)` | `let n = unsafe { C::counter }; println!("{n}")`: Rust 2024 makes no reference to a `static mut` |
/// | `C.table[i]`, `range C.table` | `(*&raw const C::table)[i]`, `(&raw const C::table).as_ref().unwrap().iter()`, in `unsafe` |
/// | one `C` for all files of a package | one module for each preamble; `mod name;` in its head, and `use crate::ffi::C::..` to share types |
/// | the `.c`, `.cc`, `.s` and `.f90` files of a package | `#cgo SOURCES: csrc/` |
/// | build tags | features of the package: `#cgo stats CFLAGS: -DSTATS`, `#cgo cfg(feature = "stats") CFLAGS: -DSTATS` |
/// | `_GoString_`, `_GoStringLen`, `_GoStringPtr` | the same in the C; `cgo_str` is the type's own name |
/// | `C.errno_like_macro` that is no constant | `C::errno_like_macro()`, evaluated at each call |
/// | `C.fn` as a function pointer: `C.f(C.cb(C.g))` | `C::f(Some(C::g))` |
/// | calling a C function pointer: only through C | `unsafe { pointer.unwrap()(1) }` |
/// | variadic functions: not callable | `C::printf(c"%d\n".as_ptr(), 3)` |
/// | packed structs, unions: bytes; bit-fields: not there | fields, at the compiler's own offsets; `x.bits()` and `x.set_bits(v)` |
/// | `//export f`, `_cgo_export.h` | `#[export_c]`, `#include "_cgo_export.h"`: see `export_c` |
/// | `cgo.NewHandle(v)`, `h.Value()`, `h.Delete()` | `Handle::new(v)`, `h.with(..)` or `h.get()`, `h.delete()` |
/// | a registry of Go functions, an exported function that looks one up | `cgo::callback(closure)` |
///
/// # Errors
///
/// A mistake in the C is an error of rustc at the C token, in the words of the compiler:
///
/// ```text
/// error: 'totl' undeclared (first use in this function); did you mean 'total'?
///        note: src/main.rs:7:16: each undeclared identifier is reported only once for each function it appears in
///  --> src/main.rs:7:16
///   |
/// 7 |         return totl;
///   |                ^^^^
/// ```
///
/// One mistake is one error: uses of `C::name`
/// elsewhere in the crate are silent until it is mended. Warnings of `-Wall`, and of what `CFLAGS` ask for, are warnings of rustc; since a
/// macro can only warn of something deprecated, they read ``use of deprecated constant `_::C_warning`: unused variable 'x'
/// [-Wunused-variable]``. `#[allow(deprecated)]` on a module around the call silences them, as `#cgo CFLAGS: -Wno-unused-variable` does.
///
/// What cannot be bound is left out; the documentation of the module lists it with the reasons, and the error at a use says why, if that is
/// known: a macro with parameters, a declaration that `#if` leaves out, a misspelling.
///
/// ```compile_fail
/// cgo::c_preamble! {
///     #define MAX(a, b) ((a) > (b) ? (a) : (b))
/// }
/// fn main() {
///     // error: `MAX` of C is not bound: it is a function-like macro
///     // help: call it from a C function of the preamble
///     unsafe { C::MAX(1, 2) };
/// }
/// ```
///
/// A function that C declares and nothing defines is an error of the linker, `undefined symbol: sqlite3_open`. Then the library is missing:
/// add `#cgo LDFLAGS: -lsqlite3`, or `#cgo SOURCES: file.c` if the C is yours.
///
/// With `CGO_DUMP=/tmp/dump cargo build`, each preamble gets a folder with the C that the compiler was given, each run of the compiler as a
/// shell script with its output, and the Rust that came out. Please attach the folder to a bug report; it holds your C, and of your environment what
/// compilers read.
///
/// # Limits
///
/// Functions:
/// - A variadic function with a `long double`, a vector, a packed struct or the like among its fixed parameters is left out.
/// - After `...` Rust passes a struct or a complex number in its own way. This is the way of C except where a call with that type as a
///   parameter goes through C: complex numbers off x86-64 and aarch64, bit-fields, and what the documentation of such a function says. C that
///   is compiled with `-mno-sse` or `-mgeneral-regs-only` does not find a `double` there either.
/// - A function that clang before 22 gives a `_BitInt` without a typedef is left out: its DWARF does not say how wide it is.
/// - `__int128` by value goes by address with clang before 20, which does not pass it as its ABI says; an export or a callback must not take
///   it from such a clang.
/// - A function that takes a `_Complex __float128` is left out with clang.
/// - `__attribute__((noreturn))` on a typedef of a function type, which gcc ignores and clang does not, is not seen.
/// - A function that is only `inline`, as gnu89's `extern inline`, has no symbol here where C has none.
/// - The address of a nested function (an extension of gcc) is refused: Rust programs run no code on the stack.
///
/// Types and variables:
/// - With clang, a bit-field as wide as its type is left out of a packed struct that also has unnamed bit-fields: its DWARF does not say where
///   in a byte it starts.
/// - A function pointer with an `_Atomic` parameter can only be held and handed on. A function that takes or returns an `_Atomic` struct
///   without a tag is left out.
/// - A variable that C23's `typeof_unqual` frees of `const` is a `static` with clang, whose DWARF keeps the `const`.
///
/// Macros and names:
/// - Function-like macros are not bound without `#cgo macro:`. A function with the macro's name in brackets binds one too:
///   `static int (WEXITSTATUS)(int s) { return WEXITSTATUS(s); }`. Neither are macros with another meaning at each place, such as
///   those with `__LINE__` or `__func__`, nor macros whose value would point into a compound literal that no longer exists.
/// - Where a preamble defines a keyword of C as a macro (`#define int unsigned`), macros that need this keyword are left out.
/// - Names that start with `_cgo_` are reserved for the macro.
/// - Names of the system's headers that only a macro's expansion, an `include!`d file elsewhere or another crate mentions need
///   `#cgo bind: name`; a crate that binds a library for others says `#cgo bind: *`.
/// - In an editor, errors in C stand at the token too, but C that another macro puts together is not read there.
///
/// Linking:
/// - Two preambles of one program that define the same non-`static` function or variable clash, as two C files do.
/// - The linker leaves a preamble out of the program if Rust uses nothing of it, unless it has a constructor or an entry of a linker set. If such an
///   unused preamble has the strong definition of a function, the weak one of another preamble stays. A shared library to which nothing refers is
///   not loaded.
/// - A shared library outside the linker's folders is found by `cargo run` and `cargo test`. A program that is started otherwise needs
///   `LD_LIBRARY_PATH` or an rpath, and it asks for a library without a soname by a name of cgo's. Two crates of one target folder cannot use two
///   libraries of one soname.
/// - On Windows, and in a library crate with glibc before 2.27, `sqrt`, `fmod` and other functions that Rust's own runtime library defines too
///   are taken from there, and do not set `errno`. With a later glibc, this also holds for all C of a library crate whose `LDFLAGS` name archives
///   or objects by path or in a folder of yours, and of one that is compiled with `linker-plugin-lto`.
///
/// Rebuilding:
/// - Cargo compiles a crate again when a file that its C is made from has another time, or a variable that the tools follow another value. It
///   does not see a file that was not there before, a link that leads elsewhere now, another compiler in `PATH`, a file installed with an old
///   time, and, of the headers below `/usr/include` and `/usr/lib*`, those that neither the preamble nor your own headers name. As soon as the
///   crate is compiled for another reason (`touch src/main.rs`), all of these count.
/// - Of a wrapper script around the compiler, the script and the programs that it names are known, and not what else it reads. A preamble
///   whose headers say `__has_include(MACRO)`, or that has the assembler take in a file that macros name, is given to the compiler each time
///   that its crate is compiled.
#[proc_macro]
pub fn c_preamble(input: TokenStream) -> TokenStream {
    preamble::expand(input)
}

/// Exports a Rust function, variable, struct, union or enum to C.
///
/// The item is declared in the header `_cgo_export.h`, which preambles and the files of `SOURCES` include, in whatever module of the crate
/// it is:
///
/// ```ignore (a test builds it as a crate: see tests/documentation.rs)
/// use cgo::{c_preamble, export_c};
/// use std::ffi::{CStr, c_int};
///
/// c_preamble! {
///     #include "_cgo_export.h"
///     static int shout(void) { return count_letters("hello", 'l'); }
/// }
///
/// /// How often a letter stands in a text.
/// #[export_c]
/// fn count_letters(text: &CStr, letter: c_int) -> c_int {
///     let letters = text.to_bytes().iter();
///     letters.filter(|&&byte| c_int::from(byte) == letter).count() as c_int
/// }
///
/// fn main() {
///     assert_eq!(unsafe { C::shout() }, 2);
///     assert_eq!(count_letters(c"hello", c_int::from(b'h')), 1); // for Rust it stays as written
/// }
/// ```
///
/// # What crosses
///
/// | parameter or result in Rust | in C |
/// | --- | --- |
/// | `c_int`, `u8`, `f64`, `bool`, `*const T`, … | `int`, `uint8_t`, `double`, `bool`, `const T *`, … |
/// | `&T`, `&mut T`, `Box<T>`, and `Option` of them | `const T *`, `T *`, `T *`; null is `None`, and not allowed without `Option` |
/// | `&CStr`, `Option<&CStr>` | `const char *` |
/// | `&str` (checked to be UTF-8), `&[u8]` | `cgo_str`, `cgo_bytes`: structs of a pointer `p` and a length `n` |
/// | `extern "C" fn(A) -> R` without references, `Option` of it | `R (*)(A)` |
/// | `args: ...` at the end of an `unsafe fn`, since Rust 1.99 | `...` |
/// | a tuple of up to 8 as result | `struct NAME_return { … r0; … r1; }`, as cgo has it |
/// | `cgo::Handle<T>` | `uintptr_t` |
/// | a struct, union or enum with `#[repr(C)]` and `#[export_c]` | the same, defined in the header; the variant `Color::Red` is `Color_Red` |
///
/// If all types of a function are C's own, the function itself becomes `extern "C"`, and `Some(f)` can be given to C too. If an argument is
/// converted or checked, the macro writes a second function under the C name; give that one, `C::name`, to C. In an `impl`, such a function
/// must mention `self` or `Self`, and an `impl` of a trait cannot have one. A function that takes `...` can be called from C only.
///
/// ```ignore (a test builds it as a crate: see tests/documentation.rs)
/// use cgo::{c_preamble, export_c};
/// use std::ffi::c_int;
///
/// c_preamble! {
///     #include "_cgo_export.h"
///     static int area(void) {
///         struct size size = { 3, 4 };
///         struct halves_return nine = halves(9);
///         return size_area(&size, corners_Rounded) + limit + nine.r1;
///     }
/// }
///
/// #[export_c(name = "size")]
/// #[repr(C)]
/// struct Size { width: c_int, height: c_int }
///
/// #[export_c(name = "corners")]
/// #[repr(C)]
/// enum Corners { Sharp, Rounded }
///
/// #[export_c]
/// fn size_area(size: &Size, corners: Corners) -> c_int {
///     size.width * size.height - matches!(corners, Corners::Rounded) as c_int
/// }
///
/// #[export_c]
/// fn halves(number: c_int) -> (c_int, c_int) {
///     (number - number / 2, number / 2)
/// }
///
/// #[export_c(name = "limit")]
/// static LIMIT: c_int = 100;
///
/// fn main() {
///     assert_eq!(unsafe { C::area() }, 115);
///     let _ = Corners::Sharp;
/// }
/// ```
///
/// **Enums.** If C passes a number that no variant of an enum has, by value, in a struct or behind a reference, the exported function panics
/// with a message that names the value and the type. In the type of a function pointer for C, write `cgo::Unchecked<Color>` for the enum `Color`.
/// A field of a struct cannot be a reference to such a type, and a parameter cannot be a reference to a reference to it. A closure of
/// `cgo::callback` checks nothing behind a reference: take a pointer there.
///
/// # Options
///
/// | option | meaning |
/// | --- | --- |
/// | `name = "other"` | the name in C |
/// | `unsafe name = "malloc"` | a name that the C library and Rust's standard library use: the whole program then calls this function |
/// | `on_panic = VALUE` | what C gets after a panic |
/// | `unwind` | the function is `extern "C-unwind"`, and a panic unwinds into C |
/// | `crate = other_crate::cgo` | the path of the crate `cgo`, for a crate that reaches it only through another one |
///
/// # Panics
///
/// A panic that would leave the function ends the process, with a message that names the function. `on_panic` returns a value instead:
///
/// ```ignore (a test builds it as a crate: see tests/documentation.rs)
/// use cgo::{c_preamble, export_c};
/// use std::ffi::c_int;
///
/// c_preamble! {
///     #include "_cgo_export.h"
///     static int try_it(void) { return checked_half(7); }
/// }
///
/// #[export_c(on_panic = -1)]
/// fn checked_half(number: c_int) -> c_int {
///     assert!(number % 2 == 0, "{number} is odd");
///     number / 2
/// }
///
/// fn main() {
///     assert_eq!(unsafe { C::try_it() }, -1);
/// }
/// ```
///
/// # Variadic functions
///
/// A function with `...` reads what C passes with `args.next_arg()`. `cgo::to_va_list(&mut args)` is its list for C's `vprintf` and the like,
/// and `cgo::from_va_list(list)` reads a list that C passes (Linux on x86-64, x86 and aarch64).
///
/// ```ignore (needs Rust 1.99)
/// #[cgo::export_c]
/// unsafe fn log_line(format: *const c_char, mut args: ...) {
///     unsafe { C::vprintf(format, cgo::to_va_list(&mut args)) };
/// }
/// ```
///
/// # The header
///
/// `_cgo_export.h` has the prototypes of all exports of the crate, with their documentation as comments. `#cgo header: include/mine.h` in a
/// preamble writes a copy, for C programs that use the crate. What cgo declares of Go, such as `_GoString_`, `_GoStringLen` and `GoInt`, is
/// declared for preambles and C files that name it. The preamble may define functions beside exports, which cgo does not allow.
///
/// If C declares the function, variable or type itself, in the preamble or in any header, and the declaration does not agree with the
/// Rust one, the crate does not compile, and the error names both places. So a header that changes cannot break a callback in silence. `const`,
/// typedefs and what a pointer points to may differ.
///
/// ```ignore (it must not compile)
/// cgo::c_preamble! { long on_event(int code); }
///
/// #[cgo::export_c]
/// fn on_event(code: std::ffi::c_int) -> std::ffi::c_int { code } // error: `on_event` is not what C declares
/// ```
///
/// The values of enumerators and the lengths of arrays are read from the text of the crate, in Rust's own types, and compared with what
/// rustc computes.
///
/// # Limits
///
/// - An export whose types C cannot name is not in the header, such as an array whose length is more than numbers, constants of the crate and
///   operators: the header says so.
/// - An export that another macro writes works, but is not in the header: the preamble declares it itself, and is compared with it.
/// - rustdoc compiles an example of the documentation as a text of its own: there the header declares nothing.
/// - Generic and `async` functions cannot be exported.
/// - With clang before 20, an export must not take `__int128` by value.
///
/// For C that takes a function pointer, `cgo::callback` needs no export: it gives C a closure.
#[cfg(feature = "export")]
#[proc_macro_attribute]
pub fn export_c(attribute: TokenStream, item: TokenStream) -> TokenStream {
    export::expand(attribute.into(), item.into()).into()
}
