//! The numbers of machines in object files, by the names that each format's specification has for them.

// `e_machine` of ELF.
pub const EM_SPARC: u64 = 2;
pub const EM_386: u64 = 3;
pub const EM_68K: u64 = 4;
pub const EM_MIPS: u64 = 8;
pub const EM_SPARC32PLUS: u64 = 18;
pub const EM_PPC: u64 = 20;
pub const EM_PPC64: u64 = 21;
pub const EM_S390: u64 = 22;
pub const EM_ARM: u64 = 40;
pub const EM_SPARCV9: u64 = 43;
pub const EM_X86_64: u64 = 62;
pub const EM_AVR: u64 = 83;
pub const EM_MSP430: u64 = 105;
pub const EM_HEXAGON: u64 = 164;
pub const EM_AARCH64: u64 = 183;
pub const EM_RISCV: u64 = 243;
pub const EM_CSKY: u64 = 252;
pub const EM_LOONGARCH: u64 = 258;

// `Machine` of COFF.
pub const IMAGE_FILE_MACHINE_I386: u64 = 0x14c;
pub const IMAGE_FILE_MACHINE_AMD64: u64 = 0x8664;
pub const IMAGE_FILE_MACHINE_ARMNT: u64 = 0x1c4;
pub const IMAGE_FILE_MACHINE_ARM64: u64 = 0xaa64;
pub const IMAGE_FILE_MACHINE_ARM64EC: u64 = 0xa641;
pub const IMAGE_FILE_MACHINE_RISCV32: u64 = 0x5032;
pub const IMAGE_FILE_MACHINE_RISCV64: u64 = 0x5064;

// `cputype` of Mach-O.
pub const CPU_TYPE_X86: u64 = 7;
pub const CPU_TYPE_X86_64: u64 = 0x0100_0007;
pub const CPU_TYPE_ARM64: u64 = 0x0100_000c;

/// The first bytes of WebAssembly.
pub const WASM: u64 = 0x6d73_6100;
