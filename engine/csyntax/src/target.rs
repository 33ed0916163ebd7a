//! The target that the code is compiled for.

/// The target, as Cargo describes it to the build script.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Target {
    /// The target's triple.
    pub triple: String,
    /// The triple of the machine that compiles.
    pub host: String,
    /// `CARGO_CFG_TARGET_OS`.
    pub os: String,
    /// `CARGO_CFG_TARGET_ARCH`.
    pub arch: String,
    /// `CARGO_CFG_TARGET_ENV`.
    pub env: String,
    /// `CARGO_CFG_TARGET_VENDOR`.
    pub vendor: String,
    /// `CARGO_CFG_TARGET_FAMILY`, split at the commas.
    pub families: Vec<String>,
    /// `CARGO_CFG_TARGET_POINTER_WIDTH`, in bits.
    pub pointer_width: u32,
    /// Whether `CARGO_CFG_TARGET_ENDIAN` is `big`.
    pub big_endian: bool,
    /// The widths in `CARGO_CFG_TARGET_HAS_ATOMIC`, in bits.
    pub atomic_widths: Vec<u32>,
    /// Whether Rust passes floating-point numbers as integers, without the processor's registers for them.
    pub soft_float: bool,
}

/// A format of object files, and what goes with it: what assemblers can say, and the form of archives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ObjectFormat {
    /// That of Linux, the BSDs and machines without a system.
    Elf,
    /// That of Windows, Cygwin and UEFI.
    Coff,
    /// That of Apple's systems.
    MachO,
    /// That of WebAssembly.
    Wasm,
}

impl Target {
    /// The format of its object files.
    pub fn object_format(&self) -> ObjectFormat {
        match (&*self.vendor, &*self.os) {
            ("apple", _) => ObjectFormat::MachO,
            (_, "windows" | "uefi" | "cygwin") => ObjectFormat::Coff,
            _ if self.arch.starts_with("wasm") => ObjectFormat::Wasm,
            _ => ObjectFormat::Elf,
        }
    }

    /// Whether symbols carry a `_` that C and Rust do not write: Mach-O, and 32-bit Windows.
    pub fn symbols_have_underscore(&self) -> bool {
        self.object_format() == ObjectFormat::MachO || (self.os == "windows" && self.arch == "x86")
    }

    /// Whether Rust's `c_char` is unsigned, as `char` is if no flag says otherwise.
    pub fn char_is_unsigned(&self) -> bool {
        let signed = self.vendor == "apple" || matches!(self.os.as_str(), "windows" | "vita");
        let unsigned = [
            "aarch64",
            "arm",
            "csky",
            "hexagon",
            "msp430",
            "powerpc",
            "powerpc64",
            "riscv32",
            "riscv64",
            "s390x",
            "xtensa",
        ];
        !signed && unsigned.contains(&self.arch.as_str())
    }
}
