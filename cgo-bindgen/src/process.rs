//! Runs the compiler and the archiver: the one place where processes are started.

use std::ffi::OsString;
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, ExitStatus, Stdio};
use std::thread;

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

/// Runs `program` in `folder` with `input` on its standard input, and waits for its end.
pub(crate) fn run(
    program: &Program,
    arguments: &[OsString],
    folder: &Path,
    input: &str,
) -> io::Result<Finished> {
    let mut child = Command::new(&program.path)
        .args(&program.arguments)
        .args(arguments)
        .envs(
            program
                .environment
                .iter()
                .map(|(name, value)| (name, value)),
        )
        // Messages are told apart by their word "error", which other languages translate.
        .env("LC_ALL", "C")
        .current_dir(folder)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()?;
    let stdin = child.stdin.take();
    let stderr = child.stderr.take();
    let (stdout, stderr) = thread::scope(|scope| {
        // A compiler that stops early closes its input; that is told by its exit status.
        scope.spawn(move || stdin.map(|mut pipe| pipe.write_all(input.as_bytes())));
        let errors = scope.spawn(move || {
            let mut bytes = Vec::new();
            stderr.map(|mut pipe| pipe.read_to_end(&mut bytes));
            bytes
        });
        let mut output = Vec::new();
        let read = match child.stdout.take() {
            Some(mut pipe) => pipe.read_to_end(&mut output).map(|_| output),
            None => Ok(output),
        };
        (read, errors.join().unwrap_or_default())
    });
    let status = child.wait()?;
    Ok(Finished {
        status,
        stdout: stdout?,
        stderr: String::from_utf8_lossy(&stderr).into_owned(),
    })
}
