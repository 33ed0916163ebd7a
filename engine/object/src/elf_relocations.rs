//! What the relocations of ELF do, for each processor.
//!
//! The numbers are those of each processor's supplement to the System V ABI.

use crate::machines;
use crate::tables::Change;

/// A type of relocation, what it does, and to how many bytes.
pub(crate) type Row = (u64, Change, usize);

/// The relocations of debug sections and constant arrays, for a processor (`e_machine`). The other ones are about code, thread-local
/// variables and the tables of shared libraries, which are not read.
pub(crate) fn changes(machine: u64, word: u64) -> Option<&'static [Row]> {
    use Change::{Add, Set, Subtract};
    Some(match (machine, word) {
        // 386: R_386_32.
        (machines::EM_386, 4) => &[(1, Set, 4)],
        // MIPS, of 32 bits: R_MIPS_32.
        (machines::EM_MIPS, 4) => &[(2, Set, 4)],
        // PowerPC: R_PPC_ADDR32, R_PPC_UADDR32.
        (machines::EM_PPC, 4) => &[(1, Set, 4), (24, Set, 4)],
        // PowerPC of 64 bits: R_PPC64_ADDR32, ADDR64, UADDR32, UADDR64.
        (machines::EM_PPC64, 8) => &[(1, Set, 4), (38, Set, 8), (24, Set, 4), (43, Set, 8)],
        // S/390: R_390_32, R_390_64.
        (machines::EM_S390, _) => &[(4, Set, 4), (22, Set, 8)],
        // ARM: R_ARM_ABS32.
        (machines::EM_ARM, 4) => &[(2, Set, 4)],
        // SPARC, SPARC V8+ and SPARC V9: R_SPARC_32, UA32, 64, UA64.
        (machines::EM_SPARC | machines::EM_SPARC32PLUS | machines::EM_SPARCV9, _) => {
            &[(3, Set, 4), (23, Set, 4), (32, Set, 8), (54, Set, 8)]
        }
        // x86-64: R_X86_64_64, 32, 32S.
        (machines::EM_X86_64, _) => &[(1, Set, 8), (10, Set, 4), (11, Set, 4)],
        // AArch64: R_AARCH64_ABS64, ABS32.
        (machines::EM_AARCH64, 8) => &[(257, Set, 8), (258, Set, 4)],
        // RISC-V: R_RISCV_32, 64; ADD8 to ADD64 and SUB8 to SUB64, pairs of which are the distance of two labels; SET8 to SET32.
        (machines::EM_RISCV, _) => &[
            (1, Set, 4),
            (2, Set, 8),
            (33, Add, 1),
            (34, Add, 2),
            (35, Add, 4),
            (36, Add, 8),
            (37, Subtract, 1),
            (38, Subtract, 2),
            (39, Subtract, 4),
            (40, Subtract, 8),
            (54, Set, 1),
            (55, Set, 2),
            (56, Set, 4),
        ],
        // LoongArch: R_LARCH_32, 64; ADD8, 16, 32, 64; SUB8, 16, 32, 64.
        (machines::EM_LOONGARCH, _) => &[
            (1, Set, 4),
            (2, Set, 8),
            (47, Add, 1),
            (48, Add, 2),
            (50, Add, 4),
            (51, Add, 8),
            (52, Subtract, 1),
            (53, Subtract, 2),
            (55, Subtract, 4),
            (56, Subtract, 8),
        ],
        _ => return None,
    })
}
