//! Compiles the probe behind the preamble.

use std::collections::HashMap;
use std::ffi::OsString;
use std::fs;
use std::path::Path;

use cgo_csyntax::declarations::names::Macro;
use cgo_csyntax::diagnostic::{Outcome, cannot_write};
use cgo_toolchain::compiler::run::Places;
use cgo_toolchain::compiler::{Family, Toolchain, Warnings};
use cgo_toolchain::session::process::{Finished, Program};
use cgo_toolchain::unit::TranslationUnit;

use crate::probe::write::{self, Probe};

/// The only predefined macro that depends on `-g`.
const CFI: &str = "__GCC_HAVE_DWARF2_CFI_ASM";

/// Whether a flag changes the debug information. The probe needs all types in its object file.
fn is_for_debuggers(flag: &OsString) -> bool {
    let flag = flag.to_string_lossy();
    (flag.starts_with("-g") && !flag.starts_with("-gcc")) || flag.starts_with("-femit-struct-debug")
}

/// Compiles the preamble with the probe, with debug information. `macros` are those of the preprocessed text, which must not change by
/// `-g`. This run gives the warnings, since every build makes it.
pub(crate) fn compile(
    toolchain: &Toolchain,
    unit: &TranslationUnit,
    macros: &HashMap<&str, Macro<'_>>,
    probe: Option<&Probe>,
    object: &Path,
    (warnings, places): (Warnings, Places),
) -> Outcome<Finished> {
    let mut text = match macros.contains_key(CFI) {
        true => unit.text.clone(),
        false => format!("#undef {CFI}\n{}", unit.text),
    };
    if let Some(probe) = probe {
        let file = toolchain.work.join(write::FILE);
        fs::write(&file, &probe.text).or_else(|error| cannot_write(&file, &error))?;
        toolchain.dump.keep(&file);
        text.push_str(&format!("#include <{}>\n", write::FILE));
    }
    let keep = |flags: &[OsString]| -> Vec<OsString> {
        let flags = flags.iter().filter(|flag| !is_for_debuggers(flag));
        flags.cloned().collect()
    };
    let program = Program {
        arguments: keep(&toolchain.compiler.arguments),
        ..toolchain.compiler.clone()
    };
    // The probe itself is a system's header, and its warnings are not the user's. Before DWARF 5 there is no `_Atomic`.
    let mut ours: Vec<&str> = vec![
        "-Wno-system-headers",
        "-gdwarf-5",
        "-gz=none",
        "-fno-debug-types-section",
        "-fno-lto",
    ];
    ours.extend(match toolchain.family {
        // The probe has no variables to track through optimized code.
        Family::Gnu => &["-fno-var-tracking", "-fno-var-tracking-assignments"][..],
        // It needs link-time optimization.
        Family::Clang => &["-fno-sanitize=cfi"],
    });
    ours.extend(["-c", "-x", "c", "-o"]);
    let arguments = [
        &keep(&unit.flags.to_vec())[..],
        &toolchain.options(warnings),
        &ours.into_iter().map(OsString::from).collect::<Vec<_>>(),
        &[
            object.into(),
            "-isystem".into(),
            toolchain.work.clone().into(),
            "-".into(),
        ],
    ]
    .concat();
    toolchain.run(
        "probe",
        &program,
        &arguments,
        &unit.folder,
        Some(&text),
        places,
    )
}
