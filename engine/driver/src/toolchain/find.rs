//! Finds the C compiler with the `cc` crate, and keeps it for the next build.

use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::SystemTime;

use cgo_csyntax::diagnostic::{Outcome, fail_build};
use cgo_csyntax::directive::compiler_flag;
use cgo_csyntax::files::kept_file;

use crate::cache::hash::Hash;
use crate::cache::inputs::{self, Inputs};
use crate::session::Session;
use crate::session::dump::Dump;
use crate::session::environment::variable;
use crate::session::process::Program;
use crate::toolchain::run::DEFAULT_WARNINGS;
use crate::toolchain::{Family, Toolchain, Warnings, programs};

/// Finds the toolchain, or reads what the last build kept: the `cc` crate starts two processes.
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
        // If it cannot be kept, the next build only takes longer.
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
        // `-Wall`, which CFLAGS can change.
        .warnings(true)
        .extra_warnings(false);
    let tool = build.try_get_compiler().or_else(|error| {
        let target = &session.target.triple;
        fail_build(format!("no C compiler found for {target}: {error}"))
    })?;
    if tool.is_like_msvc() {
        return fail_build(format!(
            "the C compiler for {} is MSVC, which does not write DWARF\nhelp: build for a `-gnu` target, or set the environment variable CC to clang",
            session.target.triple
        ));
    }
    let mut compiler = program(&tool.to_command());
    compiler.arguments = compiler_flag::of_code(compiler.arguments).or_else(|refused| {
        fail_build(format!(
            "`{}` is among the flags in the environment variables CC and CFLAGS: {}\nhelp: remove it there",
            refused.flag, refused.why
        ))
    })?;
    if let Some(at) = compiler
        .arguments
        .iter()
        .position(|flag| flag == DEFAULT_WARNINGS[0])
    {
        compiler
            .arguments
            .insert(at + 1, DEFAULT_WARNINGS[1].into());
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

/// Looks up a bare name in `PATH`.
fn resolve(program: &Path) -> Option<PathBuf> {
    if program.components().count() > 1 {
        return Some(program.to_path_buf());
    }
    let files = programs::folders().into_iter();
    files
        .map(|folder| folder.join(program))
        .find(|file| file.is_file())
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
    // The compiler may have changed.
    inputs::unchanged(&inputs).then_some(Toolchain {
        inputs: Some(inputs),
        scripts,
        warnings: Warnings::of(session),
        work: work.to_path_buf(),
        dump: dump.clone(),
        compiler,
        family,
    })
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
