//! Checks that the compiler compiles for the target. Its object file tells it: flags, variables and wrappers may change the target.

use std::ffi::OsString;
use std::fs;

use cgo_csyntax::diagnostic::{Outcome, fail};

use crate::probe::object::{self, Machine};
use crate::session::Session;
use crate::toolchain::{Toolchain, Warnings};
use crate::unit::TranslationUnit;

/// Rust's names of the processors, with their numbers in ELF (`e_machine`), COFF and Mach-O (`cputype`). That of WebAssembly is its
/// first bytes.
const PROCESSORS: [(&str, u64, u64, u64); 22] = [
    ("x86", 3, 0x14c, 7),
    ("x86_64", 62, 0x8664, 0x0100_0007),
    ("arm", 40, 0x1c4, 0),
    ("aarch64", 183, 0xaa64, 0x0100_000c),
    ("arm64ec", 183, 0xa641, 0),
    ("riscv32", 243, 0x5032, 0),
    ("riscv64", 243, 0x5064, 0),
    ("s390x", 22, 0, 0),
    ("powerpc", 20, 0, 0),
    ("powerpc64", 21, 0, 0),
    ("mips", 8, 0, 0),
    ("mips64", 8, 0, 0),
    ("sparc64", 43, 0, 0),
    ("loongarch32", 258, 0, 0),
    ("loongarch64", 258, 0, 0),
    ("m68k", 4, 0, 0),
    ("hexagon", 164, 0, 0),
    ("csky", 252, 0, 0),
    ("avr", 83, 0, 0),
    ("msp430", 105, 0, 0),
    ("wasm32", 0x6d73_6100, 0, 0),
    ("wasm64", 0x6d73_6100, 0, 0),
];

/// Flags that change the target start with these.
const FLAGS: &str = "-m16 -m31 -m32 -m64 -mx32 -mabi -maix -mlp64 -milp32 -mbig-endian -mlittle-endian -mbe32 -EB -EL -target --target -arch";

/// The outcome. If it is an error and the compiler compiles for another machine, this is the error instead: the others follow from it.
pub(crate) fn or_wrong_target<T>(
    outcome: Outcome<T>,
    toolchain: &Toolchain,
    unit: &TranslationUnit,
    session: &Session,
) -> Outcome<T> {
    outcome.or_else(|errors| {
        let object = toolchain.work.join("empty.o");
        let made = toolchain.compile_text(unit, "", &object, Warnings::Hidden);
        let is_made = made.is_ok_and(|finished| finished.status.success());
        if let (true, Ok(bytes)) = (is_made, fs::read(&object)) {
            check(&bytes, toolchain, unit, session)?;
        }
        Err(errors)
    })
}

/// Fails if the object file is for another machine.
pub(crate) fn check(
    object: &[u8],
    toolchain: &Toolchain,
    unit: &TranslationUnit,
    session: &Session,
) -> Outcome<()> {
    let target = &session.target;
    let Some(machine) = object::machine(object) else {
        return Ok(());
    };
    let mut endian = session
        .cfgs
        .iter()
        .filter(|cfg| cfg.name == "target_endian");
    let little_endian = endian.next().and_then(|cfg| cfg.value.as_deref());
    let little_endian = little_endian.map(|value| value == "little");
    if is_for(machine, &target.arch, target.pointer_width, little_endian) {
        return Ok(());
    }
    let flags = [&toolchain.compiler.arguments[..], &unit.flags].concat();
    let (flag, what_to_do) = match flag(&flags) {
        Some(flag) => (
            format!(" with `{flag}`"),
            "remove this flag, or build for its target with `cargo build --target ..`",
        ),
        None => (
            String::new(),
            "set the environment variable CC to a compiler for the target",
        ),
    };
    fail(format!(
        "the C compiler `{}` compiles for another machine{flag}: {}, and the target is {}\nhelp: {what_to_do}",
        toolchain.compiler.path.display(),
        described(machine),
        target.triple,
    ))
}

fn has_number((_, elf, coff, macho): &(&str, u64, u64, u64), machine: Machine) -> bool {
    [*elf, *coff, *macho].contains(&machine.number)
}

fn is_for(machine: Machine, arch: &str, pointer_width: u32, little_endian: Option<bool>) -> bool {
    let known = PROCESSORS.iter().find(|(name, ..)| *name == arch);
    // With addresses of 16 bits the object files have 32.
    let word = u64::from(pointer_width.max(32) / 8);
    known.is_none_or(|processor| has_number(processor, machine))
        && machine.word == word
        && little_endian.is_none_or(|little_endian| machine.little_endian == little_endian)
}

/// The flag that changed the target: the last one wins.
fn flag(flags: &[OsString]) -> Option<String> {
    let words: Vec<_> = flags.iter().map(|flag| flag.to_string_lossy()).collect();
    let decides = |word: &str| FLAGS.split(' ').any(|start| word.starts_with(start));
    let at = words.iter().rposition(|word| decides(word))?;
    let value = words
        .get(at + 1)
        .filter(|_| matches!(&*words[at], "-target" | "-arch"));
    Some(value.map_or(words[at].to_string(), |value| {
        format!("{} {value}", words[at])
    }))
}

fn described(machine: Machine) -> String {
    let mut processors = PROCESSORS.iter();
    let name = processors.find(|processor| has_number(processor, machine));
    let name = name.map_or("another processor", |(name, ..)| *name);
    let order = if machine.little_endian {
        "little"
    } else {
        "big"
    };
    format!("{name}, {} bits, {order}-endian", 8 * machine.word)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn class_processor_and_byte_order_are_the_targets() {
        let machine = |number, word| Machine {
            number,
            word,
            little_endian: true,
        };
        assert!(is_for(machine(62, 8), "x86_64", 64, Some(true)));
        assert!(is_for(machine(0x8664, 8), "x86_64", 64, None));
        assert!(is_for(machine(0x0100_0007, 8), "x86_64", 64, None));
        // x32: the same processor with other pointers.
        assert!(is_for(machine(62, 4), "x86_64", 32, None));
        assert!(!is_for(machine(62, 4), "x86_64", 64, None));
        assert!(!is_for(machine(3, 4), "x86_64", 64, None));
        assert!(!is_for(machine(183, 8), "aarch64", 64, Some(false)));
        assert!(is_for(machine(83, 4), "avr", 16, None));
        assert!(is_for(machine(999, 8), "one of tomorrow", 64, None));
    }

    #[test]
    fn the_last_flag_decided() {
        let words = |line: &str| line.split(' ').map(OsString::from).collect::<Vec<_>>();
        assert_eq!(flag(&words("-O2 -m64 -DA -m32 -O1")).unwrap(), "-m32");
        assert_eq!(
            flag(&words("-target i686-linux-gnu")).unwrap(),
            "-target i686-linux-gnu"
        );
        assert_eq!(flag(&words("-mavx")), None);
    }
}
