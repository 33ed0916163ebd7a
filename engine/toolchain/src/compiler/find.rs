//! Finds the C compiler with the `cc` crate, and keeps it for the next build.

use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::str::Lines;
use std::time::SystemTime;

use cgo_csyntax::diagnostic::{Outcome, fail_build};
use cgo_csyntax::directive::compiler_flag;
use cgo_csyntax::directive::source_files::Language;
use cgo_csyntax::files::kept_file;
use cgo_csyntax::message::Message;
use cgo_csyntax::target::Target;

use crate::compiler::clang_for_msvc::{self, Places};
use crate::compiler::run::DEFAULT_WARNINGS;
use crate::compiler::{Family, Toolchain, Warnings, advice, language, programs, zig};
use crate::hash::Hash;
use crate::inputs::{self, Inputs};
use crate::session::Session;
use crate::session::dump::Dump;
use crate::session::environment::variable;
use crate::session::process::Program;

/// Finds the toolchain, or reads what the last build kept: the `cc` crate starts two processes.
pub fn find(session: &Session, language: Language, work: &Path, dump: &Dump) -> Outcome<Toolchain> {
    let mut hash = Hash::default();
    if language == Language::Cxx {
        hash.add("C++");
    }
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
        .and_then(|text| recall(&text, session, language, work, dump))
    {
        return Ok(known);
    }
    let found = find_with_cc(session, language, work, dump)?;
    if let (Some(entry), Some(text)) = (entry, remember(&found)) {
        // If it cannot be kept, the next build only takes longer.
        let _ = kept_file::keep(&entry, text.as_bytes());
    }
    Ok(found)
}

fn find_with_cc(
    session: &Session,
    language: Language,
    work: &Path,
    dump: &Dump,
) -> Outcome<Toolchain> {
    let started = SystemTime::now();
    let mut inputs = Inputs::default();
    let (mut compiler, mut family) = choose(session, language, work, &mut inputs)?;
    compiler.arguments = compiler_flag::of_code(compiler.arguments).or_else(|rejected| {
        let variables = language::variables(language);
        let start = format!(
            "`{}` is among the flags in the environment variables {variables}: ",
            rejected.flag
        );
        fail_build(
            Message::from(rejected.why)
                .prefixed(&start)
                .help("remove it there"),
        )
    })?;
    if let Some(of_zig) = zig::words_of_zig(&compiler) {
        compiler.arguments = zig::arguments(compiler.arguments, of_zig, &session.target);
        family = Family::Clang;
    }
    insert_behind(&mut compiler, DEFAULT_WARNINGS[0], DEFAULT_WARNINGS[1]);
    if family == Family::Gnu {
        // gcc would inline no function that another library could replace, and reject an `always_inline` one.
        insert_behind(&mut compiler, "-fPIC", "-fno-semantic-interposition");
    }
    let scripts = programs::add(&mut inputs, &[&compiler]);
    Ok(Toolchain {
        inputs: inputs.written(started),
        scripts,
        family,
        language,
        warnings: Warnings::of(session),
        work: work.to_path_buf(),
        dump: dump.clone(),
        compiler: Program {
            path: programs::resolve(&compiler.path).unwrap_or(compiler.path.clone()),
            ..compiler
        },
    })
}

/// Inserts a flag behind another one, if that is there. What the user's variables say stands behind both.
fn insert_behind(compiler: &mut Program, flag: &str, inserted: &str) {
    if let Some(at) = compiler.arguments.iter().position(|known| known == flag) {
        compiler.arguments.insert(at + 1, inserted.into());
    }
}

/// The compiler with its flags. What was looked for is added to the inputs.
fn choose(
    session: &Session,
    language: Language,
    work: &Path,
    inputs: &mut Inputs,
) -> Outcome<(Program, Family)> {
    let target = &session.target;
    let mut build = cc::Build::new();
    build
        .cargo_metadata(false)
        .cargo_warnings(false)
        .cargo_output(false)
        .inherit_rustflags(false)
        .target(&target.triple)
        .host(&target.host)
        .opt_level_str(&session.opt_level)
        .debug(session.debug_info)
        .out_dir(work)
        .cpp(language == Language::Cxx)
        // `-Wall`, which CFLAGS can change.
        .warnings(true)
        .extra_warnings(false);
    let tool = build.try_get_compiler();
    let chosen = tool
        .as_ref()
        .map_or(PathBuf::new(), |tool| tool.path().into());
    if clang_for_msvc::is_clang_cl(&chosen) {
        // Where there is no such file, the `cc` crate knows it by its name, and gives the same flags.
        let tool = compiler_of(
            build.compiler(chosen.with_file_name("clang")),
            target,
            language,
        )?;
        let mut compiler = program(&tool.to_command());
        compiler.path = chosen;
        compiler.arguments.insert(0, "--driver-mode=gcc".into());
        return Ok((compiler, Family::Clang));
    }
    let mut tool = tool.or_else(|error| not_found(target, language, &error));
    let is_clang = tool.as_ref().is_ok_and(cc::Tool::is_like_clang);
    if target.env == "msvc" && !is_clang && !names_a_compiler(session, language, &chosen) {
        let found = clang_for_msvc::find(&places(target), target, &|file| file.is_file())?;
        let looked_for = found.absent.into_iter().chain([found.clang.clone()]);
        looked_for.for_each(|file| inputs.file(file));
        tool = compiler_of(build.compiler(found.clang), target, language);
    }
    let tool = tool?;
    let compiler = program(&tool.to_command());
    match (tool.is_like_clang(), tool.is_like_msvc()) {
        (true, _) => Ok((compiler, Family::Clang)),
        (false, false) => Ok((compiler, Family::Gnu)),
        (false, true) => fail_build(advice::another_compiler(&compiler.path, language)),
    }
}

fn compiler_of(build: &cc::Build, target: &Target, language: Language) -> Outcome<cc::Tool> {
    build
        .try_get_compiler()
        .or_else(|error| not_found(target, language, &error))
}

fn not_found<T>(target: &Target, language: Language, error: &cc::Error) -> Outcome<T> {
    let (triple, name) = (&target.triple, language::name(language));
    fail_build(format!("no {name} compiler found for {triple}: {error}"))
}

/// Whether a variable names the compiler that was chosen, and it is not Microsoft's.
fn names_a_compiler(session: &Session, language: Language, chosen: &Path) -> bool {
    let plain = language::compiler_variable(language);
    let is_its = |name: &&str| {
        let name = name
            .strip_prefix("HOST_")
            .or(name.strip_prefix("TARGET_"))
            .unwrap_or(name);
        name == plain
            || name
                .strip_prefix(plain)
                .is_some_and(|rest| rest.starts_with('_'))
    };
    let mut names = session.tools_variables().filter(is_its);
    let stem = chosen.file_stem().unwrap_or_default();
    !stem.eq_ignore_ascii_case("cl") && names.any(|name| variable(name).is_some())
}

/// Where a clang may be on this machine.
fn places(target: &Target) -> Places {
    let program_files = ["ProgramFiles", "ProgramW6432", "ProgramFiles(x86)"];
    let of_visual_studio = cc::windows_registry::find_tool(&target.triple, "clang.exe");
    Places {
        path: programs::folders(),
        program_files: program_files
            .into_iter()
            .filter_map(variable)
            .map(PathBuf::from)
            .collect(),
        of_visual_studio: of_visual_studio.map(|tool| tool.path().to_path_buf()),
    }
}

/// The command as data. The `cc` crate copies the environment of this process into it. Only the variables that differ are taken: the
/// others may be different in a later build.
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

/// The toolchain as lines of text. The inputs are the last ones.
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
        lines.push(one_line(argument)?);
    }
    lines.push(program.environment.len().to_string());
    for (name, value) in &program.environment {
        lines.push(name.to_str()?.to_string());
        lines.push(one_line(value)?);
    }
    lines.push(toolchain.inputs.clone()?);
    Some(lines.join("\n"))
}

fn one_line(text: &OsStr) -> Option<String> {
    let text = text.to_str()?;
    (!text.contains('\n')).then(|| text.to_string())
}

pub fn recall(
    text: &str,
    session: &Session,
    language: Language,
    work: &Path,
    dump: &Dump,
) -> Option<Toolchain> {
    let mut lines = text.lines();
    let family = if lines.next()? == "clang" {
        Family::Clang
    } else {
        Family::Gnu
    };
    let count: usize = lines.next()?.parse().ok()?;
    let scripts = some_lines(&mut lines, count)?;
    let path = PathBuf::from(lines.next()?);
    let count: usize = lines.next()?.parse().ok()?;
    let arguments = some_lines(&mut lines, count)?;
    let count: usize = lines.next()?.parse().ok()?;
    let environment = some_lines(&mut lines, count.checked_mul(2)?)?;
    let pairs = environment.chunks_exact(2);
    let compiler = Program {
        path,
        arguments: arguments.into_iter().map(OsString::from).collect(),
        environment: pairs.map(|pair| (pair[0].into(), pair[1].into())).collect(),
    };
    let inputs: String = lines.flat_map(|line| [line, "\n"]).collect();
    // The compiler may have changed.
    inputs::unchanged(&inputs).then_some(Toolchain {
        inputs: Some(inputs),
        scripts: scripts.into_iter().map(PathBuf::from).collect(),
        warnings: Warnings::of(session),
        work: work.to_path_buf(),
        dump: dump.clone(),
        compiler,
        family,
        language,
    })
}

/// The next lines, if there are so many.
fn some_lines<'t>(lines: &mut Lines<'t>, count: usize) -> Option<Vec<&'t str>> {
    let next: Vec<&str> = lines.take(count).collect();
    (next.len() == count).then_some(next)
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
