//! Runs programs: compilers, pkg-config, rustc, rustfmt. It is the one place where processes are started.

use std::ffi::OsString;
use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitStatus, Stdio};

/// A program with its first arguments and its environment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Program {
    pub path: PathBuf,
    pub arguments: Vec<OsString>,
    /// It is added to the environment of this process.
    pub environment: Vec<(OsString, OsString)>,
}

/// The result of a process.
pub struct Finished {
    pub status: ExitStatus,
    pub stdout: Vec<u8>,
    /// Bytes that are not UTF-8 are replaced.
    pub stderr: String,
}

/// One run of a program.
pub struct ProgramCall<'a> {
    /// Its purpose in a word, which names its files in a dump.
    pub purpose: &'a str,
    pub program: &'a Program,
    /// They follow the program's own.
    pub arguments: &'a [OsString],
    /// The folder that it runs in.
    pub folder: &'a Path,
    /// Its standard input, a file: if it were a pipe and the compiler crashed, SIGPIPE would end rustc.
    pub input: Option<&'a Path>,
    /// The work folder, if it writes to it.
    pub work: Option<&'a Path>,
}

/// Variables that make a compiler write other files or other messages, or that change its command line.
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
pub fn run(call: &ProgramCall<'_>) -> io::Result<Finished> {
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
        // The word "error" in messages is not to be translated.
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
