//! Checks that the compiler writes object files for the target: flags, variables and wrappers may change what it compiles for.

use std::ffi::OsString;

use cgo_csyntax::diagnostic::{Outcome, fail, fail_build};
use cgo_csyntax::directive::source_files::Language;
use cgo_csyntax::message::Message;
use cgo_csyntax::target::{ObjectFormat, Target};
use cgo_object::{Machine, machines};

use crate::compiler::{Toolchain, advice, language};
use crate::session::Session;
use crate::unit::flags::UnitFlags;

/// A processor by Rust's name, with its numbers in object files; 0 where a format has none.
struct Processor {
    name: &'static str,
    /// `e_machine`. That of WebAssembly is the first bytes of its files.
    elf: u64,
    /// `Machine`.
    coff: u64,
    /// `cputype`.
    macho: u64,
}

const fn processor(name: &'static str, elf: u64, coff: u64, macho: u64) -> Processor {
    Processor {
        name,
        elf,
        coff,
        macho,
    }
}

const PROCESSORS: [Processor; 22] = [
    processor(
        "x86",
        machines::EM_386,
        machines::IMAGE_FILE_MACHINE_I386,
        machines::CPU_TYPE_X86,
    ),
    processor(
        "x86_64",
        machines::EM_X86_64,
        machines::IMAGE_FILE_MACHINE_AMD64,
        machines::CPU_TYPE_X86_64,
    ),
    processor(
        "arm",
        machines::EM_ARM,
        machines::IMAGE_FILE_MACHINE_ARMNT,
        0,
    ),
    processor(
        "aarch64",
        machines::EM_AARCH64,
        machines::IMAGE_FILE_MACHINE_ARM64,
        machines::CPU_TYPE_ARM64,
    ),
    processor("arm64ec", 0, machines::IMAGE_FILE_MACHINE_ARM64EC, 0),
    processor(
        "riscv32",
        machines::EM_RISCV,
        machines::IMAGE_FILE_MACHINE_RISCV32,
        0,
    ),
    processor(
        "riscv64",
        machines::EM_RISCV,
        machines::IMAGE_FILE_MACHINE_RISCV64,
        0,
    ),
    processor("s390x", machines::EM_S390, 0, 0),
    processor("powerpc", machines::EM_PPC, 0, 0),
    processor("powerpc64", machines::EM_PPC64, 0, 0),
    processor("mips", machines::EM_MIPS, 0, 0),
    processor("mips64", machines::EM_MIPS, 0, 0),
    processor("sparc64", machines::EM_SPARCV9, 0, 0),
    processor("loongarch32", machines::EM_LOONGARCH, 0, 0),
    processor("loongarch64", machines::EM_LOONGARCH, 0, 0),
    processor("m68k", machines::EM_68K, 0, 0),
    processor("hexagon", machines::EM_HEXAGON, 0, 0),
    processor("csky", machines::EM_CSKY, 0, 0),
    processor("avr", machines::EM_AVR, 0, 0),
    processor("msp430", machines::EM_MSP430, 0, 0),
    processor("wasm32", machines::WASM, 0, 0),
    processor("wasm64", machines::WASM, 0, 0),
];

/// Flags that change the target start with these.
const FLAGS: [&str; 17] = [
    "-m16",
    "-m31",
    "-m32",
    "-m64",
    "-mx32",
    "-mabi",
    "-maix",
    "-mlp64",
    "-milp32",
    "-mbig-endian",
    "-mlittle-endian",
    "-mbe32",
    "-EB",
    "-EL",
    "-target",
    "--target",
    "-arch",
];

/// Fails if the object file is for another machine.
pub fn check(
    object: &[u8],
    toolchain: &Toolchain,
    flags: &UnitFlags,
    session: &Session,
) -> Outcome<()> {
    let target = &session.target;
    let Some(machine) = cgo_object::machine(object) else {
        return Ok(());
    };
    if is_for(machine, target) {
        return Ok(());
    }
    let flags = [&toolchain.compiler.arguments[..], &flags.to_vec()].concat();
    let flag = flag(&flags, machine, target);
    let with_flag = flag
        .as_ref()
        .map_or(String::new(), |flag| format!(" with `{flag}`"));
    let message = Message::new(format!(
        "the {} compiler `{}` compiles for another machine{with_flag}: {}, and the target is {}",
        language::name(toolchain.language),
        toolchain.compiler.path.display(),
        described(machine),
        target.triple,
    ));
    match flag {
        Some(_) => fail(
            message
                .help("remove this flag, or build for its target with `cargo build --target ..`"),
        ),
        None => fail_build(message.help(match toolchain.language {
            Language::C | Language::Assembly => advice::compiler(target),
            other => format!(
                "set the environment variable {} to a compiler for the target",
                language::compiler_variable(other)
            ),
        })),
    }
}

/// What a file is for, if it is an object file or a shared library for another machine than the target.
pub fn another_machine(file: &[u8], target: &Target) -> Option<String> {
    let machine = cgo_object::machine(file)?;
    (!is_for(machine, target)).then(|| described(machine))
}

impl Processor {
    fn is_of(&self, machine: Machine) -> bool {
        machine.number
            == match machine.format {
                ObjectFormat::Elf | ObjectFormat::Wasm => self.elf,
                ObjectFormat::Coff => self.coff,
                ObjectFormat::MachO => self.macho,
            }
    }
}

fn is_for(machine: Machine, target: &Target) -> bool {
    let mut processors = PROCESSORS.iter();
    let known = processors.find(|processor| processor.name == target.arch);
    // With addresses of 16 bits the object files have 32.
    let word = u64::from(target.pointer_width.max(32) / 8);
    machine.format == target.object_format()
        && known.is_none_or(|processor| processor.is_of(machine))
        && machine.word == word
        && machine.little_endian != target.big_endian
}

/// The flag that changed the target: the last one wins. Those that the `cc` crate gives are for the target, and a flag for another word
/// size leaves the format as it is.
fn flag(flags: &[OsString], machine: Machine, target: &Target) -> Option<String> {
    let words: Vec<_> = flags.iter().map(|flag| flag.to_string_lossy()).collect();
    let of_cc = [
        format!("--target={}", target.triple),
        format!("-m{}", target.pointer_width),
    ];
    let names_target = |word: &str| word.contains("-target") || word.starts_with("-arch");
    let decides = |word: &str| {
        FLAGS.iter().any(|start| word.starts_with(start))
            && !of_cc.iter().any(|of_cc| of_cc == word)
            && (machine.format == target.object_format() || names_target(word))
    };
    let at = words.iter().rposition(|word| decides(word))?;
    let value = words
        .get(at + 1)
        .filter(|_| matches!(&*words[at], "-target" | "--target" | "-arch"));
    Some(value.map_or(words[at].to_string(), |value| {
        format!("{} {value}", words[at])
    }))
}

fn described(machine: Machine) -> String {
    let mut names = PROCESSORS
        .iter()
        .filter(|processor| processor.is_of(machine));
    // Of two with one number the wider comes last.
    let name = match machine.word {
        8 => names.next_back(),
        _ => names.next(),
    };
    let name = name.map_or("another processor", |processor| processor.name);
    let order = match machine.little_endian {
        true => "little",
        false => "big",
    };
    let format = match machine.format {
        ObjectFormat::Elf => "ELF",
        ObjectFormat::Coff => "COFF",
        ObjectFormat::MachO => "Mach-O",
        ObjectFormat::Wasm => "WebAssembly",
    };
    format!(
        "{name}, {} bits, {order}-endian, object files in {format}",
        8 * machine.word
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn format_class_processor_and_byte_order_are_the_targets() {
        let machine = |format, number, word| Machine {
            format,
            number,
            word,
            little_endian: true,
        };
        let target = |arch: &str, os: &str, pointer_width| Target {
            arch: arch.to_string(),
            os: os.to_string(),
            pointer_width,
            ..Target::default()
        };
        let (pc, windows) = (
            target("x86_64", "linux", 64),
            target("x86_64", "windows", 64),
        );
        let (elf, coff) = (ObjectFormat::Elf, ObjectFormat::Coff);
        assert!(is_for(machine(elf, 62, 8), &pc));
        assert!(is_for(machine(coff, 0x8664, 8), &windows));
        assert!(!is_for(machine(elf, 62, 8), &windows));
        assert!(!is_for(machine(coff, 0x8664, 8), &pc));
        // x32: the same processor with other pointers.
        let x32 = target("x86_64", "linux", 32);
        assert!(is_for(machine(elf, 62, 4), &x32));
        assert!(!is_for(machine(elf, 62, 4), &pc));
        assert!(!is_for(machine(elf, 3, 4), &pc));
        let arm = |big_endian| Target {
            big_endian,
            ..target("aarch64", "linux", 64)
        };
        assert!(is_for(machine(elf, 183, 8), &arm(false)));
        assert!(!is_for(machine(elf, 183, 8), &arm(true)));
        assert!(is_for(machine(elf, 83, 4), &target("avr", "none", 16)));
        assert!(described(machine(elf, 243, 8)).starts_with("riscv64, 64 bits"));
        assert!(described(machine(elf, 243, 4)).starts_with("riscv32, 32 bits"));
        let unknown = target("one of tomorrow", "linux", 64);
        assert!(is_for(machine(elf, 999, 8), &unknown));
    }

    #[test]
    fn the_last_flag_decided() {
        let target = Target {
            triple: "x86_64-unknown-linux-gnu".to_string(),
            pointer_width: 64,
            ..Target::default()
        };
        let flag = |line: &str, format| {
            let words: Vec<OsString> = line.split(' ').map(OsString::from).collect();
            let machine = Machine {
                format,
                number: 3,
                word: 4,
                little_endian: true,
            };
            flag(&words, machine, &target).unwrap_or_default()
        };
        let elf = ObjectFormat::Elf;
        assert_eq!(flag("-O2 -m64 -DA -m32 -O1", elf), "-m32");
        assert_eq!(
            flag("-target i686-linux-gnu", elf),
            "-target i686-linux-gnu"
        );
        assert_eq!(flag("-mavx", elf), "");
        assert_eq!(flag("-m64 --target=x86_64-unknown-linux-gnu", elf), "");
        assert_eq!(flag("-m32", ObjectFormat::Coff), "");
        assert_eq!(
            flag("--target=i686-w64-mingw32 -m32", ObjectFormat::Coff),
            "--target=i686-w64-mingw32"
        );
    }
}
