//! Which flags of compilers do anything but change the code.

use crate::message::Reason;

/// What a flag does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Effect {
    /// It changes the code or its meaning. Every run gets it.
    Code,
    /// It changes what a run writes beside its result, or prints. The meaning of the C stays the same.
    Output(Reason),
    /// It changes what the compiler is, or what only some of its runs read.
    Other(Reason),
}

const MAKES: Reason = Reason::new("the macro chooses what the compiler makes");
pub(super) const WRITES: Reason = Reason::new("the macro chooses which files the compiler writes");
const SAYS: Reason = Reason::new("the macro reads the compiler's messages");
const PREPROCESSES: Reason = Reason::new("the macro reads the preprocessor's output");
const TELLS: Reason = Reason::new("with it the compiler only prints information about itself");
const ANOTHER_TEXT: Reason =
    Reason::new("with it the compiler would read another text than the macro");
const ANOTHER_LANGUAGE: Reason = Reason::new(
    "the preamble is always compiled as C, and each file of `SOURCES` as its ending says",
);
const ANOTHER_CALL: Reason =
    Reason::new("it changes the calling convention, and Rust calls C with that of the target");
const NO_OBJECT: Reason =
    Reason::new("the macro reads object files, and with it the compiler writes none");

/// Flags with the same effect.
struct FlagGroup {
    effect: Effect,
    /// Whole flags.
    flags: &'static [&'static str],
    /// How others start.
    starts: &'static [&'static str],
}

/// The first group that has a flag decides.
const GROUPS: &[FlagGroup] = &[
    // They start like some of the others.
    FlagGroup {
        effect: Effect::Code,
        flags: &[
            "-Mach",
            "-mllvm",
            "-dynamic",
            "-dynamiclib",
            "-Ofast",
            "-fmodules-off",
        ],
        starts: &[],
    },
    FlagGroup {
        effect: Effect::Other(TELLS),
        flags: &[
            "--version",
            "-version",
            "-help",
            "--target-help",
            "-###",
            "-dumpversion",
            "-dumpfullversion",
            "-dumpmachine",
            "-dumpspecs",
        ],
        starts: &["--help", "-help=", "-print-", "--print-", "-ccc-", "--dump"],
    },
    FlagGroup {
        effect: Effect::Other(
            Reason::new("the macro runs the compiler itself")
                .help("set the variable `CC` to a program that runs the compiler"),
        ),
        flags: &["-wrapper"],
        starts: &["-wrapper="],
    },
    FlagGroup {
        effect: Effect::Other(
            Reason::new("flags are not read from a file").help("write the flags themselves"),
        ),
        flags: &[],
        starts: &["@"],
    },
    FlagGroup {
        effect: Effect::Other(ANOTHER_TEXT),
        flags: &[
            "-undef",
            "--undefine-all",
            "-fpreprocessed",
            "-trigraph-only",
            "-include-pch",
            "-emit-pch",
            "-fmodules",
            "-fcxx-modules",
            "-fmodules-ts",
            "-fopenmp-is-device",
        ],
        starts: &[
            "-traditional",
            "--traditional",
            "-fpch-",
            "-fmodule-file=",
            "-debug-info-kind=",
        ],
    },
    FlagGroup {
        effect: Effect::Output(ANOTHER_LANGUAGE),
        flags: &["-xc", "--language=c"],
        starts: &[],
    },
    FlagGroup {
        effect: Effect::Other(ANOTHER_LANGUAGE),
        flags: &[],
        starts: &["-x", "--language", "-ObjC"],
    },
    FlagGroup {
        effect: Effect::Other(ANOTHER_CALL),
        flags: &[
            "-mabi=ms",
            "-miamcu",
            "-mrtd",
            "-msseregparm",
            "-fpcc-struct-return",
            "-freg-struct-return",
            "-fleading-underscore",
        ],
        starts: &[
            "-mregparm",
            "-fcall-used-",
            "-fcall-saved-",
            "-fdefault-calling-conv=",
        ],
    },
    FlagGroup {
        effect: Effect::Other(NO_OBJECT),
        flags: &["--precompile", "-verify"],
        starts: &[
            "-emit-",
            "--emit-",
            "--analyze",
            "-analyze",
            "-ast-",
            "-rewrite-",
            "-verify=",
            "-fthinlto-index",
        ],
    },
    FlagGroup {
        effect: Effect::Other(Reason::new(
            "with it no other object file sees a function, and Rust links to those of C",
        )),
        flags: &["-fwhole-program"],
        starts: &[],
    },
    FlagGroup {
        effect: Effect::Output(MAKES),
        flags: &[
            "-c",
            "-S",
            "-E",
            "--compile",
            "--assemble",
            "--preprocess",
            "-fsyntax-only",
            "-no-integrated-cpp",
        ],
        starts: &["-fcompare-debug"],
    },
    FlagGroup {
        effect: Effect::Output(WRITES),
        flags: &[
            "--dependencies",
            "--user-dependencies",
            "-fstack-usage",
            "-su",
            "-fdiagnostics-format=sarif-file",
        ],
        starts: &[
            "-o",
            "--output",
            "-M",
            "--write-",
            "--print-missing",
            "-save-temps",
            "--save-temps",
            "-dump",
            "-fdump-",
            "-aux-info",
            "-ftime-trace",
            "-fcallgraph-info",
            "-fsave-optimization-record",
            "-foptimization-record",
            "-gsplit-dwarf",
            "-serialize-diagnostics",
            "--serialize-diagnostics",
            "-gen-reproducer",
            "-fcrash-diagnostics",
            "-fproc-stat-report",
            "-frandom-seed-file",
            "-index-store-path",
        ],
    },
    FlagGroup {
        effect: Effect::Output(PREPROCESSES),
        flags: &[
            "-P",
            "-C",
            "-CC",
            "--no-line-commands",
            "-fdirectives-only",
            "-frewrite-includes",
            "-fworking-directory",
            "-fno-working-directory",
            "-fuse-line-directives",
        ],
        starts: &["-d", "--comments"],
    },
    FlagGroup {
        effect: Effect::Output(SAYS),
        flags: &[
            "-v",
            "--verbose",
            "-H",
            "--trace-includes",
            "-Q",
            "-fpre-ipa-mem-report",
            "-fpost-ipa-mem-report",
            "-fstats",
            "-fshow-column",
            "-fno-show-column",
            "-fshow-source-location",
            "-fno-show-source-location",
            "-fcolor-diagnostics",
            "-fno-color-diagnostics",
            "-fansi-escape-codes",
            "-fcaret-diagnostics",
            "-fno-caret-diagnostics",
        ],
        starts: &[
            "-ftime-report",
            "-fmem-report",
            "-fopt-info",
            "-fdiagnostics-",
            "-fno-diagnostics-",
            "-fmessage-length=",
            "-ferror-limit=",
            "-fmax-errors=",
            "-ftabstop=",
            "-ftrack-macro-expansion",
            "-R",
        ],
    },
];

/// The options whose value is the next word.
const WITH_VALUE: &[&str] = &[
    "-D",
    "-U",
    "-I",
    "-F",
    "-L",
    "-A",
    "-include",
    "-imacros",
    "-isystem",
    "-iquote",
    "-idirafter",
    "-iprefix",
    "-iwithprefix",
    "-isysroot",
    "--sysroot",
    "--param",
    "-arch",
    "-target",
    "-mllvm",
    "-Xclang",
    "-Xpreprocessor",
    "-Xassembler",
    "-o",
    "-x",
    "-MF",
    "-MT",
    "-MQ",
    "-MJ",
    "-aux-info",
    "-dumpbase",
    "-dumpbase-ext",
    "-dumpdir",
    "-wrapper",
    "-specs",
    "--config",
    "-serialize-diagnostics",
    "--serialize-diagnostics",
    "-include-pch",
    "-iwithprefixbefore",
    "-imultilib",
    "-index-store-path",
    "-T",
    "-u",
    "-z",
];

/// Whether the next word is this option's value.
pub fn has_value(word: &str) -> bool {
    WITH_VALUE.contains(&word)
}

/// What a word does that is no flag for a part of the compiler.
pub(super) fn of_word(word: &str) -> Effect {
    let has = |group: &&FlagGroup| {
        group.flags.contains(&word) || group.starts.iter().any(|start| word.starts_with(start))
    };
    let group = GROUPS.iter().find(has);
    group.map_or(Effect::Code, |group| group.effect)
}
