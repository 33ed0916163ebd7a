//! Looks for a clang where the target's own compiler is Microsoft's, which writes no DWARF: folders in, the program out.
//!
//! One clang then compiles the probe, the preamble and `SOURCES`, so that all of them follow the same flags.

use std::path::{Path, PathBuf};

use cgo_csyntax::diagnostic::{Outcome, fail_build};
use cgo_csyntax::message::Message;
use cgo_csyntax::target::Target;

/// Where a clang may be, in the order of the search.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Places {
    /// The folders of `PATH`.
    pub(super) path: Vec<PathBuf>,
    /// The values of `ProgramFiles` and the variables like it.
    pub(super) program_files: Vec<PathBuf>,
    /// The clang of Visual Studio, if that is installed with it.
    pub(super) of_visual_studio: Option<PathBuf>,
}

/// What was found.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct FoundClang {
    pub(super) clang: PathBuf,
    /// The files before it in the search. They are not there yet.
    pub(super) absent: Vec<PathBuf>,
}

/// The first clang of these places.
pub(super) fn find(
    places: &Places,
    target: &Target,
    is_file: &dyn Fn(&Path) -> bool,
) -> Outcome<FoundClang> {
    let mut absent = Vec::new();
    for clang in places.files(target.host.contains("windows")) {
        if is_file(&clang) {
            return Ok(FoundClang { clang, absent });
        }
        absent.push(clang);
    }
    let message = Message::new(format!(
        "no clang found for {}, and Microsoft's compiler does not write DWARF",
        target.triple
    ));
    fail_build(message.help(
        "install the component \"C++ Clang Compiler for Windows\" with the Visual Studio Installer, or run `winget install LLVM.LLVM`",
    ).help("or set the environment variable CC to a clang"))
}

impl Places {
    fn files(&self, on_windows: bool) -> Vec<PathBuf> {
        let name = if on_windows { "clang.exe" } else { "clang" };
        let in_path = self.path.iter().map(|folder| folder.join(name));
        let mut files: Vec<PathBuf> = in_path.collect();
        for folder in &self.program_files {
            files.push(folder.join("LLVM").join("bin").join(name));
        }
        files.extend(self.of_visual_studio.clone());
        files
    }
}

/// Whether this program is clang with the options of Microsoft's compiler. It is the same program as clang and takes those of gcc
/// after `--driver-mode=gcc`.
pub(super) fn is_clang_cl(program: &Path) -> bool {
    let name = program.file_name().unwrap_or_default().to_string_lossy();
    name.to_lowercase().starts_with("clang-cl")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The clang that is found where these are the only files, on a machine that is not Windows.
    fn found(files: &[&str]) -> Result<String, String> {
        let places = Places {
            path: ["/one", "/two"].map(PathBuf::from).into(),
            program_files: vec!["/programs".into()],
            of_visual_studio: Some("/studio/Llvm/x64/bin/clang".into()),
        };
        let target = Target {
            triple: "x86_64-pc-windows-msvc".to_string(),
            host: "x86_64-unknown-linux-gnu".to_string(),
            ..Target::default()
        };
        let is_file = |file: &Path| files.iter().any(|known| Path::new(known) == file);
        match find(&places, &target, &is_file) {
            Ok(found) => Ok(found.clang.to_string_lossy().into_owned()),
            Err(errors) => Err(errors[0].message.to_string()),
        }
    }

    #[test]
    fn the_path_comes_before_what_is_installed() {
        let [path, llvm, studio] = [
            "/two/clang",
            "/programs/LLVM/bin/clang",
            "/studio/Llvm/x64/bin/clang",
        ];
        assert_eq!(found(&[studio, llvm, path]).unwrap(), path);
        assert_eq!(found(&[studio, llvm]).unwrap(), llvm);
        assert_eq!(found(&[studio]).unwrap(), studio);
    }

    #[test]
    fn where_there_is_none_the_error_says_what_to_install() {
        let message = found(&["/one/clang-cl", "/one/cl.exe"]).unwrap_err();
        assert!(message.contains("C++ Clang Compiler for Windows"));
        assert!(message.contains("winget install LLVM.LLVM"));
    }

    #[test]
    fn what_was_looked_for_before_is_known() {
        let places = Places {
            path: ["/one", "/two"].map(PathBuf::from).into(),
            ..Places::default()
        };
        let target = Target {
            host: "x86_64-pc-windows-msvc".to_string(),
            ..Target::default()
        };
        let found = find(&places, &target, &|file| file.starts_with("/two")).unwrap();
        assert_eq!(found.absent, [Path::new("/one/clang.exe")]);
    }

    #[test]
    fn clang_cl_is_known_by_its_name() {
        let is = |program: &str| is_clang_cl(Path::new(program));
        assert!(is("/llvm/bin/clang-cl.exe") && is("clang-cl-19") && is("Clang-CL.exe"));
        assert!(!is("clang") && !is("/clang-cl/bin/clang") && !is("cl.exe"));
    }
}
