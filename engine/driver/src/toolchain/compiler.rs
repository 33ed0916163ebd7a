//! Finds the C compiler as the `cc` crate does, and calls it for preprocessing and compiling.

use std::collections::HashMap;
use std::ffi::{OsStr, OsString};
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::SystemTime;

use cgo_codegen::checks::layout_in_c::{self, Asserted};
use cgo_codegen::shims::c_text::{self, Shim};
use cgo_csyntax::declarations::names::Macro;
use cgo_csyntax::diagnostic::{Diagnostic, Outcome, cannot_write, fail, fail_build};
use cgo_csyntax::directive::compiler_flag;

use crate::cache::inputs::{self, Inputs};
use crate::cache::kept_file::{self, Hash};
use crate::explain::messages::{self, Message};
use crate::explain::rust_file::RustFile;
use crate::probe::bisect;
use crate::probe::write::{self, Probe};
use crate::session::Session;
use crate::session::dump::Dump;
use crate::session::environment::variable;
use crate::session::process::{Call, Finished, Program};
use crate::toolchain::programs;
use crate::unit::Unit;
use crate::unit::header_search::Verbose;
use crate::unit::universal_names;

/// The compiler, and how it is called.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Toolchain {
    pub(crate) compiler: Program,
    pub(crate) family: Family,
    /// Whether the user wants to hear of them: those of a dependency are its author's.
    warnings: Warnings,
    /// What decides that it is this one, as [`Inputs::written`] has it.
    pub(crate) inputs: Option<String>,
    /// The scripts among its programs, which somebody may edit.
    pub(crate) scripts: Vec<PathBuf>,
    /// A folder for what goes in and comes out.
    pub(crate) work: PathBuf,
    /// Where its runs are written down.
    pub(crate) dump: Dump,
}

/// Who made the compiler, where their options differ.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Family {
    Gnu,
    Clang,
}

/// What came of the preamble with its additions. Unless it is whole, there is no object file.
pub(crate) enum Compiled {
    /// With what the compiler warns of.
    Whole(Vec<Diagnostic>),
    /// The items whose shims the compiler refused, with what it said.
    Refused(HashMap<String, String>),
    /// The records whose layouts it cannot be asked for.
    NotAsked(Vec<String>),
}

/// What becomes of the compiler's warnings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Warnings {
    Shown,
    Hidden,
}

impl Warnings {
    fn of(session: &Session) -> Warnings {
        match session.lints_are_capped {
            true => Warnings::Hidden,
            false => Warnings::Shown,
        }
    }
}

/// Finds the toolchain, or remembers it: asking costs the `cc` crate two processes.
pub(crate) fn find(session: &Session, work: &Path, dump: &Dump) -> Outcome<Toolchain> {
    let mut hash = Hash::new();
    hash.add(&session.engine)
        .add(&session.target.triple)
        .add(&session.opt_level)
        .add(if session.debug_info { "g" } else { "" })
        .add(env!("CARGO_PKG_VERSION"));
    for name in session.tools_variables() {
        hash.add(&variable(name).unwrap_or_default().to_string_lossy());
    }
    let entry = session
        .link_directory
        .as_ref()
        .map(|folder| folder.join(format!("compiler-{}", hash.hex())));
    if let Some(known) = entry
        .as_ref()
        .and_then(|entry| String::from_utf8(kept_file::kept(entry)?).ok())
        .and_then(|text| recall(&text, session, work, dump))
    {
        return Ok(known);
    }
    let found = ask_cc(session, work, dump)?;
    if let (Some(entry), Some(text)) = (entry, remember(&found)) {
        // Only costs time when it cannot be kept.
        let _ = kept_file::keep(&entry, text.as_bytes());
    }
    Ok(found)
}

fn ask_cc(session: &Session, work: &Path, dump: &Dump) -> Outcome<Toolchain> {
    let started = SystemTime::now();
    let mut build = cc::Build::new();
    build
        .cargo_metadata(false)
        .cargo_warnings(false)
        .cargo_output(false)
        .inherit_rustflags(false)
        .target(&session.target.triple)
        .host(&session.target.host)
        .opt_level_str(&session.opt_level)
        .debug(session.debug_info)
        .out_dir(work)
        // `-Wall`, before what CFLAGS say of warnings.
        .warnings(true)
        .extra_warnings(false);
    let tool = build.try_get_compiler().or_else(|error| {
        let target = &session.target.triple;
        fail_build(format!("no C compiler is known for {target}: {error}"))
    })?;
    if tool.is_like_msvc() {
        return fail_build(format!(
            "the C compiler for {} is MSVC, which writes no DWARF: build for a `-gnu` target, or set CC to clang",
            session.target.triple
        ));
    }
    let mut compiler = program(&tool.to_command());
    compiler.arguments = compiler_flag::of_code(compiler.arguments).or_else(|refused| {
        fail_build(format!(
            "`{}` is among the C compiler's flags, which come from the environment variables CC and CFLAGS: {}\ntake it out there",
            refused.flag, refused.why
        ))
    })?;
    if let Some(at) = compiler
        .arguments
        .iter()
        .position(|flag| flag == WARNINGS[0])
    {
        compiler.arguments.insert(at + 1, WARNINGS[1].into());
    }
    let mut inputs = Inputs::default();
    let scripts = programs::add(&mut inputs, &[&compiler]);
    Ok(Toolchain {
        inputs: inputs.written(started),
        scripts,
        family: if tool.is_like_clang() {
            Family::Clang
        } else {
            Family::Gnu
        },
        warnings: Warnings::of(session),
        work: work.to_path_buf(),
        dump: dump.clone(),
        compiler: Program {
            path: resolve(&compiler.path).unwrap_or(compiler.path.clone()),
            ..compiler
        },
    })
}

/// The command as data. The `cc` crate puts all of this process's environment into it; what a process has anyway is
/// neither kept for later builds, where it may be another, nor shown to anyone.
fn program(command: &Command) -> Program {
    let differs = |name: &OsStr, value: &OsStr| {
        name.to_str()
            .is_none_or(|name| variable(name).as_deref() != Some(value))
    };
    Program {
        path: PathBuf::from(command.get_program()),
        arguments: command.get_args().map(OsStr::to_os_string).collect(),
        environment: command
            .get_envs()
            .filter_map(|(name, value)| Some((name, value?)))
            .filter(|(name, value)| differs(name, value))
            .map(|(name, value)| (name.to_os_string(), value.to_os_string()))
            .collect(),
    }
}

/// The file that a bare name means, as the system would look it up.
fn resolve(program: &Path) -> Option<PathBuf> {
    if program.components().count() > 1 {
        return Some(program.to_path_buf());
    }
    let files = programs::folders().into_iter();
    files
        .map(|folder| folder.join(program))
        .find(|file| file.is_file())
}

/// The toolchain as text: lines, the last of them what decides that it is this one.
fn remember(toolchain: &Toolchain) -> Option<String> {
    let family = if toolchain.family == Family::Clang {
        "clang"
    } else {
        "gnu"
    };
    let mut lines = vec![family.to_string(), toolchain.scripts.len().to_string()];
    for script in &toolchain.scripts {
        lines.push(script.to_str()?.to_string());
    }
    let program = &toolchain.compiler;
    lines.push(program.path.to_str()?.to_string());
    lines.push(program.arguments.len().to_string());
    for argument in &program.arguments {
        lines.push(
            argument
                .to_str()
                .filter(|text| !text.contains('\n'))?
                .to_string(),
        );
    }
    lines.push(program.environment.len().to_string());
    for (name, value) in &program.environment {
        lines.push(name.to_str()?.to_string());
        lines.push(
            value
                .to_str()
                .filter(|text| !text.contains('\n'))?
                .to_string(),
        );
    }
    lines.push(toolchain.inputs.clone()?);
    Some(lines.join("\n"))
}

pub(crate) fn recall(text: &str, session: &Session, work: &Path, dump: &Dump) -> Option<Toolchain> {
    let mut lines = text.lines();
    let family = if lines.next()? == "clang" {
        Family::Clang
    } else {
        Family::Gnu
    };
    let count: usize = lines.next()?.parse().ok()?;
    let scripts = (0..count)
        .map(|_| lines.next().map(PathBuf::from))
        .collect::<Option<Vec<_>>>()?;
    let path = PathBuf::from(lines.next()?);
    let count: usize = lines.next()?.parse().ok()?;
    let arguments = (0..count)
        .map(|_| lines.next().map(OsString::from))
        .collect::<Option<Vec<_>>>()?;
    let count: usize = lines.next()?.parse().ok()?;
    let environment = (0..count)
        .map(|_| Some((OsString::from(lines.next()?), OsString::from(lines.next()?))))
        .collect::<Option<Vec<_>>>()?;
    let compiler = Program {
        path,
        arguments,
        environment,
    };
    let inputs: String = lines.flat_map(|line| [line, "\n"]).collect();
    // Another compiler under the same name is asked anew.
    inputs::hold(&inputs).then_some(Toolchain {
        inputs: Some(inputs),
        scripts,
        warnings: Warnings::of(session),
        work: work.to_path_buf(),
        dump: dump.clone(),
        compiler,
        family,
    })
}

/// The one macro by which the text can see whether debug information is written.
const CFI: &str = "__GCC_HAVE_DWARF2_CFI_ASM";

/// Whether a flag says what is written for debuggers, which must not keep types out of the probe's object file, nor put them
/// elsewhere.
fn is_for_debuggers(flag: &OsString) -> bool {
    let flag = flag.to_string_lossy();
    (flag.starts_with("-g") && !flag.starts_with("-gcc")) || flag.starts_with("-femit-struct-debug")
}

/// What rustc's own options ask of C too.
pub(crate) fn as_rustc_is_asked(session: &Session, family: Family) -> Vec<OsString> {
    let sanitizers = session.sanitizers.iter();
    let mut flags: Vec<OsString> = sanitizers
        .map(|name| format!("-fsanitize={name}").into())
        .collect();
    flags.push(match (family, session.linker_plugin_lto) {
        // Where flags ask for gcc's link-time optimization, not every linker has it.
        (Family::Gnu, _) => "-ffat-lto-objects".into(),
        // rustc's linker can then inline C into Rust, if both compilers are LLVM.
        (Family::Clang, true) => "-flto=thin".into(),
        (Family::Clang, false) => "-fno-lto".into(),
    });
    flags
}

impl Toolchain {
    /// Options for every call: messages that can be read back.
    fn options(&self, warnings: Warnings) -> Vec<OsString> {
        let (caret, limit) = match self.family {
            Family::Gnu => ("-fno-diagnostics-show-caret", "-fmax-errors=0"),
            Family::Clang => ("-fno-caret-diagnostics", "-ferror-limit=0"),
        };
        // Columns count a tab as one.
        let mut options = vec!["-fdiagnostics-color=never", "-ftabstop=1", caret, limit];
        options.push(match self.family {
            // An error in what a macro stands for is one where the macro is used, and not where it is defined.
            Family::Gnu => "-ftrack-macro-expansion=0",
            // The probe's `__typeof__` is no use that needs a `static` function's code.
            Family::Clang => "-Wno-unneeded-internal-declaration",
        });
        if warnings == Warnings::Hidden || self.warnings == Warnings::Hidden {
            options.insert(0, "-w");
        }
        options.into_iter().map(OsString::from).collect()
    }

    /// The preprocessed text, with the macros' definitions left in it. With all flags of the library: headers ask for
    /// `__OPTIMIZE__` and for sanitizers, and every run must see the same declarations.
    pub(crate) fn preprocess(&self, unit: &Unit) -> Outcome<(String, Verbose)> {
        let arguments = [
            &unit.flags,
            &self.options(Warnings::Hidden),
            &["-E", "-dD", "-x", "c", "-"].map(OsString::from)[..],
        ]
        .concat();
        let run = |arguments: &[OsString]| {
            let text = Some(unit.text.as_str());
            self.run("preamble", &self.compiler, arguments, &unit.folder, text)
        };
        // Where the compiler looks for headers only itself can say.
        let mut finished = run(&[&arguments, &["-v".into()][..]].concat())?;
        if !finished.status.success() {
            // Its own words are to be the last ones.
            finished = run(&arguments)?;
        }
        self.succeed(&finished, &unit.rust)?;
        let text = String::from_utf8_lossy(&finished.stdout);
        let verbose = Verbose::of(&finished.stderr, &unit.folder);
        Ok((universal_names::decode(&text).into_owned(), verbose))
    }

    /// Compiles for the debug information. The text is to see nothing of how this run differs from the library's: `macros` are
    /// those that it had there. This is the run that warns, since every build makes it.
    pub(crate) fn compile_probe(
        &self,
        unit: &Unit,
        macros: &HashMap<&str, Macro<'_>>,
        probe: Option<&Probe>,
        object: &Path,
    ) -> Outcome<Finished> {
        let mut text = match macros.contains_key(CFI) {
            true => unit.text.clone(),
            false => format!("#undef {CFI}\n{}", unit.text),
        };
        if let Some(probe) = probe {
            let file = self.work.join(write::FILE);
            fs::write(&file, &probe.text).or_else(|error| cannot_write(&file, &error))?;
            self.dump.keep(&file);
            text.push_str(&format!("#include <{}>\n", write::FILE));
        }
        let keep = |flags: &[OsString]| -> Vec<OsString> {
            let flags = flags.iter().filter(|flag| !is_for_debuggers(flag));
            flags.cloned().collect()
        };
        let program = Program {
            arguments: keep(&self.compiler.arguments),
            ..self.compiler.clone()
        };
        // Before DWARF 5 there is no `_Atomic`.
        let mut ours: Vec<&str> = vec![
            "-gdwarf-5",
            "-gz=none",
            "-fno-debug-types-section",
            "-fno-lto",
        ];
        ours.extend(match self.family {
            // They would follow variables through optimized code, of which nothing is asked.
            Family::Gnu => &["-fno-var-tracking", "-fno-var-tracking-assignments"][..],
            // It works with link-time optimization alone.
            Family::Clang => &["-fno-sanitize=cfi"],
        });
        ours.extend(["-c", "-x", "c", "-o"]);
        let arguments = [
            &keep(&unit.flags)[..],
            &self.options(Warnings::Shown),
            &ours.into_iter().map(OsString::from).collect::<Vec<_>>(),
            &[
                object.into(),
                "-isystem".into(),
                self.work.clone().into(),
                "-".into(),
            ],
        ]
        .concat();
        self.run("probe", &program, &arguments, &unit.folder, Some(&text))
    }

    /// Compiles the text from standard input into an object file that is to be linked.
    pub(crate) fn compile(
        &self,
        flags: &[OsString],
        folder: &Path,
        (text, shims, layouts): (&str, &[Shim], &[Asserted]),
        object: &Path,
        rust: &RustFile,
    ) -> Outcome<Compiled> {
        let arguments = |options: &[OsString]| {
            let to = ["-c", "-x", "c", "-o"].map(OsString::from);
            [flags, options, &to, &[object.into(), "-".into()]].concat()
        };
        let run = |options: &[OsString], text: &str| {
            let arguments = arguments(options);
            self.run("library", &self.compiler, &arguments, folder, Some(text))
        };
        let mut failed = None;
        if self.optimizes(flags) && self.warnings == Warnings::Shown {
            // What is no error to the probe is none here.
            let options = [
                self.options(Warnings::Shown),
                vec![OsString::from("-Wno-error")],
            ];
            let finished = run(&options.concat(), text)?;
            if finished.status.success() {
                let found = optimizers_warnings(&finished.stderr);
                return Ok(Compiled::Whole(shown(found, rust)));
            }
            // Flags such as `-Werror=shadow` make errors of warnings in our own text.
            let errors = messages::errors(&finished.stderr);
            if !errors.iter().any(|error| error.says("[-W")) {
                failed = Some(finished);
            }
        }
        let run = |text: &str| run(&self.options(Warnings::Hidden), text);
        let finished = match failed {
            Some(finished) => finished,
            None => run(text)?,
        };
        if !finished.status.success() {
            let mut refused = c_text::refused(shims, &finished.stderr);
            // One that was killed broke down over nothing.
            let breaks_down =
                finished.status.code().is_some() && messages::errors(&finished.stderr).is_empty();
            if refused.is_empty() && breaks_down {
                let compiles = |kept: &[bool]| {
                    let finished = run(&c_text::only(text, kept))?;
                    Ok(finished.status.success())
                };
                let found = bisect::culprits(shims.len(), compiles)?;
                let reason = format!("the compiler breaks down over it ({})", finished.status);
                let names = found.into_iter().map(|index| shims[index].item());
                refused.extend(names.map(|name| (name.to_string(), reason.clone())));
            }
            if !refused.is_empty() {
                return Ok(Compiled::Refused(refused));
            }
            let not_asked = not_as_told(layouts, &messages::errors(&finished.stderr))?;
            if !not_asked.is_empty() {
                return Ok(Compiled::NotAsked(not_asked));
            }
        }
        self.succeed(&finished, rust)?;
        Ok(Compiled::Whole(Vec::new()))
    }

    fn optimizes(&self, flags: &[OsString]) -> bool {
        let all = self.compiler.arguments.iter().chain(flags);
        let mut levels = all.filter_map(|flag| flag.to_str()?.strip_prefix("-O"));
        levels.next_back().is_some_and(|level| level != "0")
    }

    /// Compiles a file of the user's, with the files it includes written to `dependencies` as make's rules. Gives what the
    /// compiler said.
    pub(crate) fn compile_file(
        &self,
        flags: &[OsString],
        folder: &Path,
        source: &Path,
        object: &Path,
        dependencies: &Path,
        rust: &RustFile,
    ) -> Outcome<String> {
        let output = [
            OsString::from("-MD"),
            "-MF".into(),
            dependencies.into(),
            "-c".into(),
            "-o".into(),
            object.into(),
            source.into(),
        ];
        let arguments = [flags, &self.options(Warnings::Shown), &output].concat();
        let name = source.file_name().unwrap_or_default().to_string_lossy();
        let finished = self.run(&name, &self.compiler, &arguments, folder, None)?;
        self.succeed(&finished, rust)?;
        Ok(finished.stderr)
    }

    /// The text goes to the compiler as a file of the work folder, through standard input: what `#line` says is then
    /// the only name that the text has.
    fn run(
        &self,
        purpose: &str,
        program: &Program,
        arguments: &[OsString],
        folder: &Path,
        text: Option<&str>,
    ) -> Outcome<Finished> {
        let quiet;
        let program = match arguments
            .iter()
            .chain(&program.arguments)
            .any(|flag| flag == "-w")
        {
            true => {
                quiet = without_wall(program);
                &quiet
            }
            false => program,
        };
        let input = text.map(|_| kept_file::temporary(&self.work, "c"));
        if let (Some(input), Some(text)) = (&input, text) {
            fs::write(input, text).or_else(|error| cannot_write(input, &error))?;
        }
        let call = |arguments: &[OsString]| {
            let call = Call {
                purpose,
                program,
                arguments,
                folder,
                input: input.as_deref(),
                work: Some(&self.work),
            };
            self.dump
                .run(&call)
                .or_else(|error| self.cannot_run(&error))
        };
        let finished = call(arguments)?;
        let columns_may_differ = self.family == Family::Gnu
            && text.is_some_and(|text| !text.is_ascii())
            && !messages::read(&finished.stderr).is_empty();
        if columns_may_differ {
            // From version 11 on gcc counts columns on a screen if it is not told otherwise, and before it bytes.
            const UNIT: &str = "-fdiagnostics-column-unit=byte";
            let again = call(&[arguments, &[UNIT.into()]].concat())?;
            if !again.stderr.contains(UNIT) {
                return Ok(again);
            }
        }
        Ok(finished)
    }

    fn cannot_run<T>(&self, error: &io::Error) -> Outcome<T> {
        let name = self.compiler.path.display();
        match error.kind() {
            io::ErrorKind::NotFound => fail_build(format!(
                "no C compiler: `{name}` was not found\ninstall gcc or clang (Debian, Ubuntu: `apt install gcc`; Fedora: `dnf install gcc`; macOS: \
                 `xcode-select --install`; Windows: the MSYS2 package mingw-w64-gcc), or set the environment variable CC to your compiler"
            )),
            _ => fail_build(format!("the C compiler `{name}` could not be run: {error}")),
        }
    }

    /// The errors of a run that failed, where the user can see them.
    pub(crate) fn succeed(&self, finished: &Finished, rust: &RustFile) -> Outcome<()> {
        if finished.status.success() {
            return Ok(());
        }
        let errors = messages::errors(&finished.stderr);
        if errors.is_empty() {
            return Err(vec![self.crash(finished)]);
        }
        Err(shown(errors, rust))
    }

    /// A compiler that failed without saying where.
    fn crash(&self, finished: &Finished) -> Diagnostic {
        let tail: Vec<&str> = finished.stderr.lines().rev().take(12).collect();
        let tail: Vec<&str> = tail.into_iter().rev().collect();
        Diagnostic::new(
            None,
            format!(
                "the C compiler `{}` failed ({}) without an error at a place; it said:\n{}",
                self.compiler.path.display(),
                finished.status,
                tail.join("\n")
            ),
        )
    }
}

/// The records of which the compiler cannot be asked; an error if one has another layout than the probe was told.
fn not_as_told(layouts: &[Asserted], errors: &[Message]) -> Outcome<Vec<String>> {
    let mut not_asked = Vec::new();
    for error in errors
        .iter()
        .filter(|error| error.file == layout_in_c::FILE)
    {
        let Some(layout) = layouts.get(error.line.wrapping_sub(1)) else {
            continue;
        };
        // Both compilers speak of a negative size.
        if error.says("negative") {
            return fail(format!(
                "`{}` has another layout where the library is compiled than where the compiler was asked for it\n\
                 something tells the two runs apart: `__COUNTER__`, `__TIME__`, or a program in CC that changes flags",
                layout.record
            ));
        }
        not_asked.push(layout.record.clone());
    }
    Ok(not_asked)
}

/// The warnings that we ask for ourselves, in front of what CFLAGS say. gcc's search for misleading indentation takes a time that grows
/// with the square of the functions' number.
const WARNINGS: [&str; 2] = ["-Wall", "-Wno-misleading-indentation"];

/// The program without these: `-w` shows no warning, and gcc looks for them all the same.
fn without_wall(program: &Program) -> Program {
    let mut program = program.clone();
    for flag in WARNINGS {
        if let Some(at) = program.arguments.iter().position(|known| known == flag) {
            program.arguments.remove(at);
        }
    }
    program
}

/// The messages as shown to the user.
/// What the compiler warns of in the library, where it compiles also the functions that only Rust uses. What nobody in C uses is the
/// probe's to tell, which knows what Rust uses.
fn optimizers_warnings(stderr: &str) -> Vec<Message> {
    let mut warnings = messages::warnings(stderr);
    let is_ours = |file: &str| file == c_text::FILE || file == layout_in_c::FILE;
    warnings.retain(|warning| !is_ours(&warning.file) && !warning.says("[-Wunused"));
    warnings
}

pub(crate) fn shown(messages: Vec<Message>, rust: &RustFile) -> Vec<Diagnostic> {
    let shown = messages
        .into_iter()
        .map(|message| messages::diagnostic(message, rust));
    shown.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_environment_that_a_process_has_anyway_is_not_kept() {
        let mut command = Command::new("cc");
        command.envs(std::env::vars_os()).env("PATH", "/elsewhere");
        let kept = program(&command).environment;
        assert_eq!(kept, [("PATH".into(), "/elsewhere".into())]);
    }
}
