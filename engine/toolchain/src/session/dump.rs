//! Writes every run of a tool with its input and output into the folder of `CGO_DUMP`, for a bug report. Each preamble has its own folder
//! there.

use std::ffi::{OsStr, OsString};
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use cgo_csyntax::diagnostic::{Diagnostic, Outcome, fail};
use cgo_csyntax::message::Message;
use cgo_csyntax::preamble::Preamble;

use crate::session::Session;
use crate::session::environment::variable;
use crate::session::process::{self, Finished, Program, ProgramCall};

/// The folder of one preamble. Without `CGO_DUMP` nothing is written.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Dump {
    folder: Option<PathBuf>,
    /// The variables that are set and that the tools may read.
    environment: Vec<(OsString, OsString)>,
}

impl Dump {
    /// Makes an empty folder for the preamble, and writes the preamble and the session into it.
    pub fn of(preamble: &Preamble, session: &Session) -> Outcome<Dump> {
        let Some(parent) = &session.dump else {
            return Ok(Dump::default());
        };
        let folder = parent.join(folder_name(preamble, session));
        let _ = fs::remove_dir_all(&folder);
        let about = format!(
            "cgo {}\n{session:#?}\n{preamble:#?}\n",
            env!("CARGO_PKG_VERSION")
        );
        fs::create_dir_all(&folder)
            .and_then(|()| fs::write(folder.join("about.txt"), about))
            .or_else(|error| cannot_dump(&folder, &error))?;
        let variables = session.tools_variables();
        Ok(Dump {
            folder: Some(folder),
            environment: variables
                .filter_map(|name| Some((OsString::from(name), variable(name)?)))
                .collect(),
        })
    }

    /// Runs a program. A file that cannot be written is no error here: `finish` reports it.
    pub fn run(&self, call: &ProgramCall<'_>) -> io::Result<Finished> {
        let files = self
            .folder
            .as_ref()
            .map(|folder| RunFiles::new(folder, call));
        if let Some(files) = &files {
            files.begin(call, &self.environment);
        }
        let finished = process::run(call);
        if let Some(files) = &files {
            files.end(&finished);
        }
        finished
    }

    /// Copies a file that a program reads besides its standard input.
    pub fn keep(&self, file: &Path) {
        if let (Some(folder), Some(name)) = (&self.folder, file.file_name()) {
            let _ = fs::copy(file, folder.join(name));
        }
    }

    /// Writes the module and the errors.
    pub fn finish(&self, text: &str, errors: &[Diagnostic]) -> Outcome<()> {
        let Some(folder) = &self.folder else {
            return Ok(());
        };
        let module = folder.join("module.rs");
        fs::write(&module, text).or_else(|error| cannot_dump(&module, &error))?;
        run_rustfmt(&module, folder);
        if errors.is_empty() {
            return Ok(());
        }
        let file = folder.join("errors.txt");
        fs::write(&file, format!("{errors:#?}\n")).or_else(|error| cannot_dump(&file, &error))
    }
}

fn cannot_dump<T>(file: &Path, error: &io::Error) -> Outcome<T> {
    let message = Message::new(format!("cannot write {}: {error}", file.display()));
    fail(message.help(
        "the environment variable CGO_DUMP asks for it: set it to a folder that can be written, or unset it",
    ))
}

/// The crate, the module, and the place of the C: `sqlite-C-src_ffi.rs-12`. Cargo may build a crate and its tests at the same time, so
/// that these have another name.
fn folder_name(preamble: &Preamble, session: &Session) -> String {
    let tests = session.cfgs.iter().any(|cfg| cfg.name == "test");
    let folder = session.crate_folder().unwrap_or(Path::new(""));
    let file = preamble.file.strip_prefix(folder).ok();
    let file = file.or(preamble.file.file_name().map(Path::new));
    let name = format!(
        "{}{}-{}-{}-{}",
        session.crate_name,
        if tests { "-test" } else { "" },
        preamble.module,
        file.unwrap_or(&preamble.file).display(),
        preamble.start.line
    );
    plain(&name)
}

/// The text as a name of a file: characters that a file system may reject become `_`.
fn plain(name: &str) -> String {
    let allowed = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_' | '.');
    name.chars()
        .map(|c| if allowed(c) { c } else { '_' })
        .collect()
}

/// Formats the module, if rustfmt is installed.
fn run_rustfmt(module: &Path, folder: &Path) {
    let _ = process::run(&ProgramCall {
        purpose: "rustfmt",
        program: &Program {
            path: "rustfmt".into(),
            arguments: vec!["--edition".into(), "2024".into()],
            environment: Vec::new(),
        },
        arguments: &[module.into()],
        folder,
        input: None,
        work: None,
    });
}

/// The files of one run of a program: `probe.c`, `probe.sh`, `probe.out`, `probe.err`.
struct RunFiles {
    folder: PathBuf,
    name: String,
}

impl RunFiles {
    /// A second run for the same purpose is `probe-2`.
    fn new(folder: &Path, call: &ProgramCall<'_>) -> RunFiles {
        let purpose = plain(call.purpose);
        let mut name = purpose.clone();
        let mut number = 1;
        let taken = |name: &str| {
            let script = fs::File::create_new(folder.join(format!("{name}.sh")));
            script.is_err_and(|error| error.kind() == io::ErrorKind::AlreadyExists)
        };
        while taken(&name) {
            number += 1;
            name = format!("{purpose}-{number}");
        }
        RunFiles {
            folder: folder.to_path_buf(),
            name,
        }
    }

    fn file(&self, extension: &str) -> PathBuf {
        self.folder.join(format!("{}.{extension}", self.name))
    }

    /// Writes the script and the input before the run, so that a run that never ends has them too.
    fn begin(&self, call: &ProgramCall<'_>, environment: &[(OsString, OsString)]) {
        let input = call.input.map(|input| {
            let copy = self.file("c");
            let _ = fs::copy(input, &copy);
            copy
        });
        let script = script(call, environment, input.as_deref(), &self.folder);
        let _ = fs::write(self.file("sh"), script);
    }

    fn end(&self, finished: &io::Result<Finished>) {
        let (said, end) = match finished {
            Ok(finished) => {
                let out = &finished.stdout;
                if !out.is_empty() {
                    let _ = fs::write(self.file("out"), out);
                }
                (finished.stderr.as_str(), finished.status.to_string())
            }
            Err(error) => ("", error.to_string()),
        };
        let _ = fs::write(self.file("err"), format!("{said}{end}\n"));
    }
}

/// The run as a shell script. Files of the work folder, which is removed, are beside the script instead.
fn script(
    call: &ProgramCall<'_>,
    environment: &[(OsString, OsString)],
    input: Option<&Path>,
    here: &Path,
) -> String {
    let moved = |word: &OsStr| {
        let file = call
            .work
            .and_then(|work| Path::new(word).strip_prefix(work).ok());
        file.map_or_else(|| quote(word), |file| quote(here.join(file).as_os_str()))
    };
    let folder = moved(call.folder.as_os_str());
    // `export` of the shell rejects names with a target triple in them.
    let mut script = format!("#!/bin/sh\ncd {folder} || exit\nenv \\\n");
    let language = (OsString::from("LC_ALL"), OsString::from("C"));
    let set = environment
        .iter()
        .chain(&call.program.environment)
        .chain([&language]);
    for (name, value) in set {
        let mut setting = name.clone();
        setting.push("=");
        setting.push(value);
        script.push_str(&format!("    {} \\\n", quote(&setting)));
    }
    script.push_str("    ");
    script.push_str(&quote(call.program.path.as_os_str()));
    for argument in call.program.arguments.iter().chain(call.arguments) {
        script.push(' ');
        script.push_str(&moved(argument));
    }
    if let Some(input) = input {
        script.push_str(" < ");
        script.push_str(&quote(input.as_os_str()));
    }
    script.push('\n');
    script
}

/// Quotes a word for the shell.
fn quote(word: &OsStr) -> String {
    let word = word.to_string_lossy();
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_./=,+:@%".contains(c);
    if !word.is_empty() && word.chars().all(plain) {
        return word.into_owned();
    }
    format!("'{}'", word.replace('\'', "'\\''"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_for_the_shell() {
        assert_eq!(quote(OsStr::new("-O2")), "-O2");
        assert_eq!(quote(OsStr::new("")), "''");
        assert_eq!(quote(OsStr::new("-DA=\"it's\"")), "'-DA=\"it'\\''s\"'");
    }

    #[test]
    fn what_goes_to_the_folder_that_is_gone_goes_beside_the_script() {
        let program = Program {
            path: "cc".into(),
            arguments: vec!["-m64".into()],
            environment: vec![("A".into(), "b c".into())],
        };
        let arguments = ["-o".into(), "/gone/x.o".into(), "-".into()];
        let call = ProgramCall {
            purpose: "probe",
            program: &program,
            arguments: &arguments,
            folder: Path::new("/my source"),
            input: None,
            work: Some(Path::new("/gone")),
        };
        let set = [("CPATH".into(), "/i".into())];
        let text = script(
            &call,
            &set,
            Some(Path::new("/dump/p.c")),
            Path::new("/dump"),
        );
        assert_eq!(
            text,
            "#!/bin/sh\ncd '/my source' || exit\nenv \\\n    CPATH=/i \\\n    'A=b c' \\\n    LC_ALL=C \\\n    cc -m64 -o /dump/x.o - < /dump/p.c\n"
        );
    }
}
