//! Runs pkg-config: the words of the `pkg-config` lines and the target in, flags for the compiler and the linker out.
//!
//! The `pkg-config` crate is no help here: it learns the target from variables that Cargo sets for build scripts only, and it drops
//! flags such as `-pthread` and the order of the others. `tool.rs` keeps its conventions.
//!
//! As in cgo, one run asks for all packages, so that pkg-config orders their libraries. With `--static`, `PKG_CONFIG_ALL_STATIC` or a
//! package's own `NAME_STATIC` it also lists the libraries that archives need. An archive is then preferred where the package has one
//! outside the system's folders.

mod package_request;
mod shell_words;
mod tool;

use std::collections::BTreeSet;
use std::ffi::OsStr;
use std::path::{Path, PathBuf};

use cgo_csyntax::diagnostic::{Diagnostic, Outcome, Place, Placed};
use cgo_csyntax::directive::link_flag::{LinkFlag, Origin};
use cgo_csyntax::message::Message;
use cgo_csyntax::target::Target;
use cgo_toolchain::inputs::Inputs;
use cgo_toolchain::session::dump::Dump;
use cgo_toolchain::session::environment::{self, variable};
use cgo_toolchain::session::process::Finished;

use package_request::{Package, PackageRequest, linkage_variables};
pub(crate) use shell_words::split;
use tool::Tool;

/// The flags of the packages.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Packages {
    pub(crate) cflags: Vec<String>,
    pub(crate) ldflags: Vec<LinkFlag>,
    /// Their files, and the folders that were searched for them.
    pub(crate) inputs: Inputs,
    /// The files that decide which pkg-config runs.
    pub(crate) tool: Inputs,
}

/// The flags of the packages in `words`. Without a package nothing is run.
pub(crate) fn query(
    words: &[Placed<String>],
    target: &Target,
    dump: &Dump,
    errors: &mut Vec<Diagnostic>,
) -> Packages {
    let known = errors.len();
    let request = PackageRequest::of(words, &variable, errors);
    let Some(first) = request.packages.first().filter(|_| errors.len() == known) else {
        return Packages::default();
    };
    let tool = Tool {
        dump: dump.clone(),
        ..Tool::find(target, &variable)
    };
    match packages(&tool, &request) {
        Ok(packages) => packages,
        Err(failed) => {
            errors.extend(failed.into_iter().map(|error| Diagnostic {
                place: error.place.or(Some(first.place)),
                ..error
            }));
            Packages::default()
        }
    }
}

/// Whether there is a package, which may stand with a version, and the files that say so. Without a pkg-config there is none.
pub(crate) fn exists(package: &str, target: &Target, dump: &Dump) -> (bool, Vec<PathBuf>) {
    let word = Placed {
        value: package.to_string(),
        place: Place { line: 1, column: 1 },
    };
    let mut errors = Vec::new();
    let request = PackageRequest::of(&[word], &variable, &mut errors);
    let tool = Tool {
        dump: dump.clone(),
        ..Tool::find(target, &variable)
    };
    let all: Vec<&Package> = request.packages.iter().collect();
    if !errors.is_empty() || all.is_empty() {
        return (false, Vec::new());
    }
    let asked = |arguments: &[&str]| tool.run(arguments, &request, &all).ok();
    let Some(found) = asked(&["--debug", "--exists"]) else {
        return (false, Vec::new());
    };
    let exists =
        found.status.success() || asked(&["--exists"]).is_some_and(|found| found.status.success());
    (exists, files(&tool, &found.stderr).into_iter().collect())
}

/// The names of the environment variables that are about packages: for each whether its archives are preferred, and those that stand for
/// what a package's file says. The pkg-config of freedesktop.org takes `PKG_CONFIG_FOO_PREFIX` for the `prefix` of `foo`, which another
/// package may require.
pub(crate) fn variables(words: &[Placed<String>]) -> Vec<String> {
    let request = PackageRequest::of(words, &variable, &mut Vec::new());
    if request.packages.is_empty() {
        return Vec::new();
    }
    let packages = request.packages.iter();
    let of_files = environment::names().into_iter();
    packages
        .flat_map(|package| linkage_variables(&package.name))
        .chain(of_files.filter(|name| name.starts_with("PKG_CONFIG_")))
        .collect()
}

/// Archives stand first: what the program takes from them is then not taken from a shared library of the others.
fn packages(tool: &Tool, request: &PackageRequest) -> Outcome<Packages> {
    let all = request.packages.iter();
    let (archives, shared): (Vec<&Package>, Vec<&Package>) =
        all.partition(|package| package.archives);
    let mut found = Packages {
        tool: tool.inputs(),
        ..Packages::default()
    };
    for packages in [archives, shared] {
        add_packages(&mut found, tool, request, &packages)?;
    }
    Ok(found)
}

/// Adds what pkg-config says of packages that are linked in the same way.
fn add_packages(
    found: &mut Packages,
    tool: &Tool,
    request: &PackageRequest,
    all: &[&Package],
) -> Outcome<()> {
    let Some(first) = all.first() else {
        return Ok(());
    };
    // With `--debug` it says which files it reads and which folders it searches. Other implementations may lack the option.
    let mut compiler = tool.run(&["--debug", "--cflags"], request, all)?;
    if !compiler.status.success() {
        compiler = tool.run(&["--cflags"], request, all)?;
    }
    if !compiler.status.success() {
        return Err(explain(tool, request, &compiler)?);
    }
    let linker = tool.run(&["--libs"], request, all)?;
    if !linker.status.success() {
        return Err(explain(tool, request, &linker)?);
    }
    let mut libraries = split(&linker.stdout);
    if first.archives {
        prefer_archives(&mut libraries, tool);
    }
    let flag = |text| LinkFlag {
        text,
        place: first.place,
        origin: Origin::Package,
    };
    let cflags = split(&compiler.stdout);
    found.cflags.extend(as_system_headers(cflags));
    found
        .inputs
        .add(inputs(tool, all, &compiler.stderr, &libraries)?);
    found.ldflags.extend(libraries.into_iter().map(flag));
    Ok(())
}

/// The `.pc` files of which pkg-config says that it reads them. Its output is in no fixed format: every word that ends so counts. Where the
/// path is relative or has a blank, the word has only the file's name, which is then looked up.
fn files(tool: &Tool, debug_output: &str) -> BTreeSet<PathBuf> {
    let lists = ["PKG_CONFIG_PATH", "PKG_CONFIG_LIBDIR"].map(|name| tool.variable(name));
    let folders: Vec<PathBuf> = lists.into_iter().flatten().flat_map(folders).collect();
    let words = debug_output.split(|c: char| c.is_whitespace() || "'\"`[]".contains(c));
    let words: BTreeSet<&Path> = words.map(Path::new).collect();
    let packages = words
        .into_iter()
        .filter(|path| path.extension().is_some_and(|end| end == "pc"));
    let paths = packages.flat_map(|path| {
        let name = path.file_name().unwrap_or_default();
        let found = folders.iter().map(move |folder| folder.join(name));
        [path.to_path_buf()].into_iter().chain(found)
    });
    paths
        .filter(|path| path.is_absolute() && path.is_file())
        .collect()
}

/// The folders of a list. pkg-config runs where rustc does.
fn folders(list: &OsStr) -> impl Iterator<Item = PathBuf> {
    std::env::split_paths(list).filter_map(|folder| std::path::absolute(folder).ok())
}

/// The files of the packages, and the folders where another file of such a name could appear.
fn inputs(
    tool: &Tool,
    packages: &[&Package],
    debug_output: &str,
    libraries: &[String],
) -> Outcome<Inputs> {
    let (mut inputs, mut folders) = (Inputs::default(), BTreeSet::new());
    let packages = packages.iter();
    let mut names: BTreeSet<String> = packages.map(|package| package.name.clone()).collect();
    for path in files(tool, debug_output) {
        folders.extend(path.parent().map(Path::to_path_buf));
        let name = path.file_stem().and_then(|stem| stem.to_str());
        names.extend(name.map(str::to_string));
        inputs.file(path);
    }
    // The debug output leaves out folders that do not exist.
    let default_path = match tool.variable("PKG_CONFIG_LIBDIR") {
        Some(folders) => folders.to_os_string(),
        None => {
            let finished = tool.run(
                &["--variable=pc_path", "pkg-config"],
                &PackageRequest::default(),
                &[],
            )?;
            String::from_utf8_lossy(&finished.stdout)
                .trim()
                .to_string()
                .into()
        }
    };
    for list in [tool.variable("PKG_CONFIG_PATH"), Some(&default_path)]
        .into_iter()
        .flatten()
    {
        folders.extend(self::folders(list));
    }
    let mut files = BTreeSet::new();
    for name in names {
        files.insert(format!("{name}.pc"));
        files.insert(format!("{name}-uninstalled.pc"));
    }
    inputs.search(folders.into_iter().collect(), files);
    // An archive may appear that is then preferred.
    let folders = libraries.iter().filter_map(|flag| flag.strip_prefix("-L"));
    let names = libraries.iter().filter_map(|flag| flag.strip_prefix("-l"));
    inputs.search(
        folders.map(PathBuf::from).collect(),
        names.map(|name| format!("lib{name}.a")).collect(),
    );
    Ok(inputs)
}

/// Makes the headers of packages system headers, wherever they lie: nobody here can act on their warnings, and only the names that
/// are used get bound. All of GTK would cost rustc two seconds an edit. A folder that the compiler searches anyway keeps its place in the
/// compiler's order with `-I`; `-isystem` would move it before the compiler's own headers, such as `<unwind.h>`.
fn as_system_headers(flags: Vec<String>) -> Vec<String> {
    let mut changed = Vec::new();
    for flag in flags {
        match flag.strip_prefix("-I") {
            Some(folder) if !folder.is_empty() && !is_searched_anyway(folder) => {
                changed.push("-isystem".to_string());
                changed.push(folder.to_string());
            }
            _ => changed.push(flag),
        }
    }
    changed
}

/// Whether it is one of the folders that compilers search without a flag: `/usr/include`, `/usr/local/include`, or Debian's
/// `/usr/include/x86_64-linux-gnu`.
fn is_searched_anyway(folder: &str) -> bool {
    let folder = Path::new(folder);
    let of_target = |name: &str| name.contains("-linux-");
    match (folder.parent(), folder.file_name().and_then(OsStr::to_str)) {
        (Some(parent), Some(name)) if of_target(name) => parent.ends_with("usr/include"),
        _ => folder.ends_with("usr/include") || folder.ends_with("usr/local/include"),
    }
}

/// Why the run failed. Each package is queried alone, to find those that fail.
fn explain(tool: &Tool, request: &PackageRequest, failure: &Finished) -> Outcome<Vec<Diagnostic>> {
    let mut errors = Vec::new();
    for package in &request.packages {
        let finished = tool.run(
            &["--print-errors", "--cflags", "--libs"],
            request,
            &[package],
        )?;
        if !finished.status.success() {
            let message = not_found(package, tool, &finished);
            errors.push(Diagnostic::new(Some(package.place), message).of_missing());
        }
    }
    if let (true, Some(first)) = (errors.is_empty(), request.packages.first()) {
        let output = shortened(&failure.stderr);
        errors.push(Diagnostic::new(
            Some(first.place),
            format!("pkg-config does not accept these packages together:\n{output}"),
        ));
    }
    Ok(errors)
}

fn not_found(package: &Package, tool: &Tool, finished: &Finished) -> Message {
    let name = &package.name;
    let wanted = package.words().collect::<Vec<_>>().join(" ");
    let path = tool.variable("PKG_CONFIG_PATH");
    let path = path.map_or("is not set".to_string(), |value| {
        format!("is `{}`", value.display())
    });
    let message = Message::new(format!(
        "package `{wanted}` not found by pkg-config for this target:\n{}",
        shortened(&finished.stderr)
    ));
    // pkg-config has named the version that is there.
    let has_another = ["but version of", "has version"]
        .iter()
        .any(|said| finished.stderr.contains(said));
    if has_another {
        return message.help(format!(
            "update the package that holds `{name}.pc`, or ask for another version"
        ));
    }
    message
    .help(format!(
        "install or update the package that holds `{name}.pc` (Debian, Ubuntu: often `lib{}-dev`; Fedora: `dnf install \
         'pkgconfig({name})'`)",
        name.strip_prefix("lib").unwrap_or(name)
    ))
    .help(format!(
        "or add the folder of that file to the environment variable PKG_CONFIG_PATH, which {path}"
    ))
}

/// The first lines of the tool's output.
fn shortened(text: &str) -> String {
    let lines = text
        .lines()
        .map(str::trim_end)
        .filter(|line| !line.is_empty())
        .take(6);
    let lines: Vec<String> = lines
        .map(|line| format!("  {}", line.chars().take(200).collect::<String>()))
        .collect();
    if lines.is_empty() {
        "  (no output)".to_string()
    } else {
        lines.join("\n")
    }
}

/// Replaces `-l` by the archive that it finds outside the system's folders. Libraries of the system stay shared.
fn prefer_archives(flags: &mut [String], tool: &Tool) {
    let sysroot = tool.variable("PKG_CONFIG_SYSROOT_DIR").map(PathBuf::from);
    let system: Vec<PathBuf> = match sysroot {
        Some(sysroot) => vec![sysroot],
        None => ["/usr/lib", "/usr/lib64", "/lib", "/Library", "/System"]
            .map(PathBuf::from)
            .into(),
    };
    let folders: Vec<PathBuf> = flags
        .iter()
        .filter_map(|flag| flag.strip_prefix("-L"))
        .map(PathBuf::from)
        .collect();
    for flag in flags {
        let Some(name) = flag.strip_prefix("-l") else {
            continue;
        };
        let own = folders
            .iter()
            .filter(|folder| !system.iter().any(|start| folder.starts_with(start)));
        let found = own
            .map(|folder| folder.join(format!("lib{name}.a")))
            .find(|file| file.is_file());
        if let Some(file) = found.as_ref().and_then(|file| file.to_str()) {
            *flag = file.to_string();
        }
    }
}

#[cfg(test)]
mod tests;
