//! Runs the compiler and pkg-config: the one place where processes are started.

use std::ffi::OsString;
use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitStatus, Stdio};

/// A program with the arguments and environment that come before our own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Program {
    /// Where it is.
    pub(crate) path: PathBuf,
    /// Its first arguments.
    pub(crate) arguments: Vec<OsString>,
    /// What is added to its environment.
    pub(crate) environment: Vec<(OsString, OsString)>,
}

/// What a process left behind.
pub(crate) struct Finished {
    /// How it ended.
    pub(crate) status: ExitStatus,
    /// Its standard output.
    pub(crate) stdout: Vec<u8>,
    /// Its standard error, with what is not UTF-8 replaced.
    pub(crate) stderr: String,
}

/// One run of a program.
pub(crate) struct Call<'a> {
    /// What for, in a word.
    pub(crate) purpose: &'a str,
    pub(crate) program: &'a Program,
    /// After the program's own first arguments.
    pub(crate) arguments: &'a [OsString],
    /// Where it runs.
    pub(crate) folder: &'a Path,
    /// Its standard input. A file and no pipe: rustc dies of writing to a pipe whose reader has gone, and a compiler that
    /// crashes has gone.
    pub(crate) input: Option<&'a Path>,
    /// The folder that it writes to and that is gone afterwards.
    pub(crate) work: Option<&'a Path>,
}

/// What makes a compiler write other files, or say more than its errors and warnings, or change its command line.
const UNWANTED: [&str; 13] = [
    "DEPENDENCIES_OUTPUT",
    "SUNPRO_DEPENDENCIES",
    "GCC_COMPARE_DEBUG",
    "GCC_EXTRA_DIAGNOSTIC_OUTPUT",
    "CCC_OVERRIDE_OPTIONS",
    "CC_PRINT_OPTIONS",
    "CC_PRINT_OPTIONS_FILE",
    "CC_PRINT_HEADERS",
    "CC_PRINT_HEADERS_FILE",
    "CC_PRINT_PROC_STAT",
    "CC_PRINT_PROC_STAT_FILE",
    "CC_LOG_DIAGNOSTICS",
    "CC_LOG_DIAGNOSTICS_FILE",
];

/// Runs a program and waits for its end.
pub(crate) fn run(call: &Call<'_>) -> io::Result<Finished> {
    let program = call.program;
    let input = match call.input {
        Some(file) => Stdio::from(File::open(file)?),
        None => Stdio::null(),
    };
    let environment = program.environment.iter();
    let mut command = Command::new(&program.path);
    for name in UNWANTED {
        command.env_remove(name);
    }
    let output = command
        .args(&program.arguments)
        .args(call.arguments)
        .envs(environment.map(|(name, value)| (name, value)))
        // Messages are told apart by their word "error", which other languages translate.
        .env("LC_ALL", "C")
        .current_dir(call.folder)
        .stdin(input)
        .output()?;
    Ok(Finished {
        status: output.status,
        stdout: output.stdout,
        stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
    })
}
