//! Sorts compiler flags by what they change: the code, what the compiler writes beside it, or what only some of its runs read. The
//! macro chooses itself what each run makes, and all runs must read one text.

use std::ffi::{OsStr, OsString};

pub use super::flag_effects::has_value;
use super::flag_effects::{self, Effect, WRITES};
use crate::message::{Message, Reason};

/// A flag that is not allowed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RejectedFlag {
    /// The flag as it was written.
    pub flag: String,
    pub why: Reason,
}

/// The flags that every run of the compiler gets.
pub fn of_code(flags: Vec<OsString>) -> Result<Vec<OsString>, RejectedFlag> {
    let mut kept = Vec::new();
    let mut flags = flags.into_iter();
    while let Some(flag) = flags.next() {
        let Some(word) = flag.to_str() else {
            kept.push(flag);
            continue;
        };
        let value = has_value(word).then(|| flags.next()).flatten();
        match effect(word, value.as_deref()) {
            Effect::Code => {
                kept.push(flag);
                kept.extend(value);
            }
            Effect::Output(_) => kept.extend(without_output_flags(word)?),
            Effect::Other(why) => return Err(rejected(word, value.as_deref(), why)),
        }
    }
    Ok(kept)
}

/// Whether these flags forbid the registers in which functions pass floating-point numbers, as kernels do. If a later flag allows them
/// again, no harm is done.
pub fn forbids_float_registers<'f>(mut flags: impl Iterator<Item = &'f OsString>) -> bool {
    flags.any(|flag| {
        matches!(
            flag.to_str(),
            Some(
                "-mno-sse"
                    | "-mno-sse2"
                    | "-mgeneral-regs-only"
                    | "-msoft-float"
                    | "-mno-80387"
                    | "-mno-x87"
                    | "-mno-fp-ret-in-387"
            )
        )
    })
}

/// Whether a function of the compiler's library computes floating-point numbers in software, such as `__mulsf3`.
pub fn is_soft_float_routine(symbol: &str) -> bool {
    const WORK: [&str; 17] = [
        "add", "sub", "mul", "div", "neg", "eq", "ne", "lt", "le", "gt", "ge", "unord", "cmp",
        "extend", "trunc", "fix", "float",
    ];
    let Some(name) = symbol.strip_prefix("__") else {
        return false;
    };
    // `float` and `fix` also exist for unsigned integers.
    let works = WORK.iter().filter_map(|work| name.strip_prefix(work));
    let mut operands = works.flat_map(|rest| {
        let unsigned = ["un", "uns"].into_iter();
        unsigned
            .filter_map(|word| rest.strip_prefix(word))
            .chain([rest])
    });
    operands.any(|operands| {
        let modes = operands.trim_end_matches(['2', '3']).as_bytes().chunks(2);
        let is_float = |mode: &[u8]| matches!(mode, [b'h' | b's' | b'd' | b'x' | b't', b'f']);
        let is_integer = |mode: &[u8]| matches!(mode, [b's' | b'd' | b't', b'i']);
        modes.clone().any(is_float) && modes.clone().all(|mode| is_float(mode) || is_integer(mode))
    })
}

/// Whether all flags change the code, as those of a directive must.
pub fn check(flags: &[String]) -> Result<(), RejectedFlag> {
    let mut flags = flags.iter();
    while let Some(word) = flags.next() {
        let value = has_value(word).then(|| flags.next()).flatten();
        let value = value.map(OsStr::new);
        match effect(word, value) {
            Effect::Code => {}
            Effect::Output(why) | Effect::Other(why) => return Err(rejected(word, value, why)),
        }
    }
    Ok(())
}

fn rejected(word: &str, value: Option<&OsStr>, why: Reason) -> RejectedFlag {
    let value = value.map_or(String::new(), |value| {
        format!(" {}", value.to_string_lossy())
    });
    let flag = format!("{word}{value}");
    RejectedFlag { flag, why }
}

fn effect(word: &str, value: Option<&OsStr>) -> Effect {
    // Flags for a part of the compiler.
    if let ("-Xclang" | "-Xpreprocessor", Some(value)) = (word, value) {
        return effect(&value.to_string_lossy(), None);
    }
    if let ("-Xassembler", Some(value)) = (word, value) {
        return of_assembler(&value.to_string_lossy());
    }
    if let ("-x", Some(value)) = (word, value) {
        return effect(&format!("-x{}", value.to_string_lossy()), None);
    }
    if let Some(parts) = word.strip_prefix("-Wp,") {
        let effects = parts.split(',').map(|part| effect(part, None));
        return worst(effects);
    }
    if let Some(parts) = word.strip_prefix("-Wa,") {
        return worst(parts.split(',').map(of_assembler));
    }
    flag_effects::of_word(word)
}

/// The assembler writes listings and files of its own.
fn of_assembler(word: &str) -> Effect {
    let writes = ["-a", "--MD", "-o", "--statistics"];
    match writes.iter().any(|start| word.starts_with(start)) {
        true => Effect::Output(WRITES),
        false => Effect::Code,
    }
}

fn worst(effects: impl Iterator<Item = Effect>) -> Effect {
    let severity = |effect: &Effect| match effect {
        Effect::Code => 0,
        Effect::Output(_) => 1,
        Effect::Other(_) => 2,
    };
    effects.max_by_key(severity).unwrap_or(Effect::Code)
}

/// The word without its flags that make the preprocessor or the assembler write more. `None` if it has no others.
fn without_output_flags(word: &str) -> Result<Option<OsString>, RejectedFlag> {
    let Some(start) = word
        .get(..4)
        .filter(|start| ["-Wp,", "-Wa,"].contains(start))
    else {
        return Ok(None);
    };
    let parts: Vec<OsString> = word[4..].split(',').map(OsString::from).collect();
    let kept = match start {
        "-Wp," => of_preprocessor(parts)?,
        _ => parts
            .into_iter()
            .filter(|part| of_assembler(&part.to_string_lossy()) == Effect::Code)
            .collect(),
    };
    if kept.is_empty() {
        return Ok(None);
    }
    let mut word = OsString::from(start);
    word.push(kept.join(OsStr::new(",")));
    Ok(Some(word))
}

/// The flags that are left for the preprocessor. There a file follows `-MD` and `-MMD`.
fn of_preprocessor(parts: Vec<OsString>) -> Result<Vec<OsString>, RejectedFlag> {
    let mut kept = Vec::new();
    let mut parts = parts.into_iter();
    while let Some(part) = parts.next() {
        if part == "-MD" || part == "-MMD" {
            parts.next();
        } else {
            kept.extend(of_code(vec![part])?);
        }
    }
    Ok(kept)
}

/// Checks that the words of a `CFLAGS` line are flags for the compiler.
pub(crate) fn check_line(words: &[String]) -> Result<(), Message> {
    let reject = |word: &str, why: Reason| {
        Err(Message::from(why).prefixed(&format!("`{word}` cannot be used here: ")))
    };
    let mut rest = words.iter();
    while let Some(word) = rest.next() {
        if let Some(why) = misplaced(word) {
            return reject(word, why);
        }
        // The macro's own flags come next on the command line, and the compiler would take one of them for the value.
        if has_value(word) && rest.next().is_none() {
            return Err(Message::new(format!("missing value after `{word}`"))
                .help("write it on the same `#cgo` line"));
        }
    }
    check(words).or_else(|rejected| reject(&rejected.flag, rejected.why))
}

/// Why a word is not a flag for the compiler.
fn misplaced(word: &str) -> Option<Reason> {
    let extension = word.rsplit_once('.').map_or("", |(_, extension)| extension);
    match word {
        "-framework" => {
            Some(Reason::new("it is for the linker").help("write it on a `#cgo LDFLAGS:` line"))
        }
        _ if ["-l", "-L", "-Wl,"]
            .iter()
            .any(|start| word.starts_with(start)) =>
        {
            Some(Reason::new("it is for the linker").help("write it on a `#cgo LDFLAGS:` line"))
        }
        _ if word.starts_with(['-', '@']) => None,
        _ => match extension {
            "c" | "cc" | "cpp" | "cxx" | "s" | "S" => {
                Some(Reason::new("it is a source file").help("write it on a `#cgo SOURCES:` line"))
            }
            "a" | "o" | "so" | "dylib" => {
                Some(Reason::new("it is for the linker").help("write it on a `#cgo LDFLAGS:` line"))
            }
            _ => None,
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(line: &str) -> Vec<String> {
        line.split(' ').map(str::to_string).collect()
    }

    fn kept(line: &str) -> String {
        let flags = of_code(words(line).into_iter().map(OsString::from).collect());
        let flags = flags.unwrap_or_else(|rejected| panic!("{rejected:?}"));
        flags.join(OsStr::new(" ")).into_string().unwrap()
    }

    #[test]
    fn what_chooses_code_is_kept() {
        for line in [
            "-O2 -g3 -m64 -march=native -std=c11 -ansi -pedantic -Wall -Werror=vla -w",
            "-D A -DM -U B -I -C -include -v -isystem dir -Iout -iquote x --sysroot=/s",
            "-fPIC -funsigned-char -fpack-struct=2 -fshort-enums -mlong-double-64 -pipe -pthread -fopenmp",
            "--coverage -ftest-coverage -fprofile-use=p -flto -fsanitize=address -fplugin=p.so -specs=s",
            "-mllvm -x86-asm-syntax=intel -Xclang -fno-pch-timestamp -Wp,-D_FORTIFY_SOURCE=2 -Wa,--noexecstack",
            "--target=x86_64-linux-gnu --gcc-toolchain=/g -B/b -ccbin -dynamic -Ofast -ffile-prefix-map=a=b",
            "/usr/bin/gcc", // behind ccache
        ] {
            assert_eq!(kept(line), line);
            assert_eq!(check(&words(line)), Ok(()));
        }
    }

    #[test]
    fn what_only_writes_or_says_more_is_taken_out() {
        for line in [
            "-c",
            "-S",
            "-E",
            "-fsyntax-only",
            "-o file",
            "-ofile",
            "-MMD",
            "-MD -MF file",
            "-MJ file",
            "-MP",
            "-M",
            "-dM",
            "-dumpbase x",
            "-P",
            "-C",
            "-CC",
            "-fdirectives-only",
            "-save-temps",
            "-save-temps=obj",
            "--save-temps",
            "-fdump-tree-all",
            "-ftime-trace",
            "-fstack-usage",
            "-gsplit-dwarf",
            "-Wp,-MMD,file.d",
            "-Wp,-C",
            "-Wa,-ahl=list",
            "-Xpreprocessor -MMD",
            "-x c",
            "-xc",
            "-v",
            "-H",
            "-fdiagnostics-format=json",
            "-fmessage-length=20",
            "-fno-show-column",
            "-Xclang -fsyntax-only",
            "-aux-info file",
        ] {
            assert_eq!(kept(&format!("-O2 {line} -DA")), "-O2 -DA", "{line}");
            assert!(check(&words(line)).is_err(), "{line}");
        }
        assert_eq!(kept("-Wp,-DA,-MMD,file.d,-DB"), "-Wp,-DA,-DB");
    }

    #[test]
    fn another_compiler_or_text_is_rejected() {
        for line in [
            "-wrapper valgrind",
            "--version",
            "--help",
            "-###",
            "-undef",
            "-fpreprocessed",
            "-traditional-cpp",
            "-x c++",
            "-xc++",
            "-emit-llvm",
            "--analyze",
            "-Xclang -ast-dump",
            "@flags",
            "-dumpversion",
            "-print-search-dirs",
            "-mabi=ms",
            "-miamcu",
            "-mregparm=3",
            "-fcall-used-rbx",
            "-fcall-saved-r10",
            "-Xclang -fdefault-calling-conv=vectorcall",
            "-Wp,-undef",
            "-Xclang -emit-pch",
            "-include-pch a",
            "-fmodules",
            "-ObjC",
            "-fwhole-program",
        ] {
            let flags = words(line).into_iter().map(OsString::from).collect();
            assert_eq!(of_code(flags).unwrap_err().flag, line);
            assert_eq!(check(&words(line)).unwrap_err().flag, line);
        }
    }

    #[test]
    fn software_for_floats() {
        for name in [
            "__mulsf3",
            "__adddf3",
            "__extendsfdf2",
            "__truncdfsf2",
            "__floatsidf",
            "__floatunsidf",
            "__fixunsdfdi",
            "__ltsf2",
        ] {
            assert!(is_soft_float_routine(name), "{name}");
        }
        for name in [
            "__divti3",
            "__multi3",
            "mulsf3",
            "__subborrow",
            "__floating",
            "__negdi2",
            "__addvsi3",
            "__fixes",
        ] {
            assert!(!is_soft_float_routine(name), "{name}");
        }
    }
}
