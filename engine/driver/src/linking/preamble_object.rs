//! Compiles the object of the preamble, with its shims and layout assertions.

use std::collections::HashMap;
use std::path::PathBuf;

use cgo_codegen::checks::layout_in_c::{self, LayoutAssertion};
use cgo_codegen::shims::{self, Shim, ShimmedPreamble};
use cgo_csyntax::declarations::names::Names;
use cgo_csyntax::diagnostic::{Diagnostic, Outcome, fail};
use cgo_csyntax::macros::redefined_keywords;
use cgo_csyntax::message::Message;
use cgo_toolchain::compiler::messages::{self, CompilerMessage, Severity};
use cgo_toolchain::compiler::run::Places;
use cgo_toolchain::compiler::{Toolchain, Warnings};
use cgo_toolchain::session::process::Finished;
use cgo_toolchain::unit::TranslationUnit;

use crate::bisect;
use crate::linking::object_file;
use crate::linking::rejected_shims;

/// What compiling came to.
pub(crate) enum Attempt {
    Compiled(PreambleObject),
    /// The compiler rejects the shims of these items, for these reasons.
    RejectedShims(HashMap<String, String>),
    /// The compiler rejects the assertions of these records' layouts.
    RejectedLayouts(Vec<String>),
}

/// The object of the preamble, in the work folder.
pub(crate) struct PreambleObject {
    pub(crate) path: PathBuf,
    /// The warnings of the compiler.
    pub(crate) warnings: Vec<Diagnostic>,
    /// The symbols of its shims.
    pub(crate) shims: Vec<String>,
}

/// Compiles the preamble with these shims and layouts.
pub(crate) fn compile(
    toolchain: &Toolchain,
    unit: &TranslationUnit,
    names: &Names<'_>,
    shims: &[Shim],
    layouts: &[LayoutAssertion],
) -> Outcome<Attempt> {
    let preamble = [&*unit.text, &redefined_keywords::undefine(names)].concat();
    let shimmed = ShimmedPreamble::new(
        &preamble,
        shims,
        &unit.symbol_prefix,
        &unit.file_macro,
        unit.object_format,
    );
    let text = shimmed.text() + &layout_in_c::write(layouts);
    let object = toolchain.work.join("preamble.o");
    let run = |text: &str, warnings, places| {
        toolchain.compile_text(unit, text, &object, warnings, places)
    };
    let (mut finished, warnings) = run_with_warnings(toolchain, unit, |warnings, places| {
        run(&text, warnings, places)
    })?;
    if finished.status.success() {
        object_file::prepare(&object)?;
        let symbols = shims.iter().map(|shim| shim.symbol(&unit.symbol_prefix));
        return Ok(Attempt::Compiled(PreambleObject {
            warnings: messages::diagnostics(warnings, &unit.rust),
            shims: symbols.collect(),
            path: object,
        }));
    }
    if let Some(attempt) = rejected(shims, layouts, unit, &finished)? {
        return Ok(attempt);
    }
    // A macro of a system's header hides where it is used.
    finished =
        toolchain.with_places_at_use(finished, |places| run(&text, Warnings::Hidden, places))?;
    if let Some(attempt) = rejected(shims, layouts, unit, &finished)? {
        return Ok(attempt);
    }
    let rejected = culprits(shims, unit, &finished, |kept| {
        let text = shimmed.text_with(|number| kept[number]);
        let finished = run(&text, Warnings::Hidden, Places::OfCompiler)?;
        Ok(finished.status.success())
    })?;
    match rejected.is_empty() {
        true => Err(toolchain.errors(&finished, &unit.rust)),
        false => Ok(Attempt::RejectedShims(rejected)),
    }
}

/// What the compiler's messages say that it rejects.
fn rejected(
    shims: &[Shim],
    layouts: &[LayoutAssertion],
    unit: &TranslationUnit,
    finished: &Finished,
) -> Outcome<Option<Attempt>> {
    let messages = messages::read(&finished.stderr);
    let shims = rejected_shims::rejected(shims, &unit.symbol_prefix, &messages);
    if !shims.is_empty() {
        return Ok(Some(Attempt::RejectedShims(shims)));
    }
    let records = rejected_layouts(layouts, &messages)?;
    Ok((!records.is_empty()).then_some(Attempt::RejectedLayouts(records)))
}

/// Runs the compiler, with warnings if it optimizes. If flags make errors of warnings, it is run again without warnings.
fn run_with_warnings(
    toolchain: &Toolchain,
    unit: &TranslationUnit,
    run: impl Fn(Warnings, Places) -> Outcome<Finished>,
) -> Outcome<(Finished, Vec<CompilerMessage>)> {
    if toolchain.shows_optimizer_warnings(&unit.flags) {
        let mut finished = run(Warnings::Shown, Places::OfCompiler)?;
        if finished.status.success() {
            if !optimizer_warnings(&finished.stderr).is_empty() {
                finished = toolchain
                    .with_places_at_use(finished, |places| run(Warnings::Shown, places))?;
            }
            let warnings = optimizer_warnings(&finished.stderr);
            return Ok((finished, warnings));
        }
        // Flags such as `-Werror=shadow` hold for the shims too.
        let errors = messages::errors(&finished.stderr);
        if !errors.iter().any(|error| error.says("[-W")) {
            return Ok((finished, Vec::new()));
        }
    }
    Ok((run(Warnings::Hidden, Places::OfCompiler)?, Vec::new()))
}

/// The warnings of an optimizing run. Those of unused items are left to the probe, which knows what Rust uses.
fn optimizer_warnings(stderr: &str) -> Vec<CompilerMessage> {
    let mut warnings = messages::warnings(stderr);
    let generated = [shims::FILE, layout_in_c::FILE];
    warnings.retain(|warning| {
        !generated.iter().any(|file| warning.is_about(file)) && !warning.says("[-Wunused")
    });
    warnings
}

/// The items whose shims keep the text from compiling although no message tells so: the compiler crashes on them, the assembler rejects them,
/// or an error about what is inlined names the place of the inlined C alone. `compiles` tells whether it accepts the text with only the marked shims.
fn culprits(
    shims: &[Shim],
    unit: &TranslationUnit,
    finished: &Finished,
    compiles: impl Fn(&[bool]) -> Outcome<bool>,
) -> Outcome<HashMap<String, String>> {
    let error = messages::errors(&finished.stderr).into_iter().next();
    if error.is_none()
        && let Some(item) =
            rejected_shims::of_stack_dump(shims, &unit.symbol_prefix, &finished.stderr)
    {
        return Ok(HashMap::from([(item, CRASHES.to_string())]));
    }
    // A signal may have other reasons than a shim.
    if finished.status.code().is_none() {
        return Ok(HashMap::new());
    }
    let reason = match error {
        Some(error) => error.text,
        None => of_assembler(&finished.stderr)
            .unwrap_or_else(|| format!("{CRASHES} ({})", finished.status)),
    };
    let found = bisect::culprits(shims.len(), compiles)?;
    let items = found.into_iter().map(|index| shims[index].item());
    Ok(items
        .map(|item| (item.to_string(), reason.clone()))
        .collect())
}

const CRASHES: &str = "the compiler crashes on it";

/// The first error of GNU's assembler, which is no message of the compiler.
fn of_assembler(stderr: &str) -> Option<String> {
    let (_, error) = stderr
        .lines()
        .find_map(|line| line.split_once(": Error: "))?;
    Some(error.to_string())
}

/// The records whose layout assertions are not valid C. Fails if a record has another layout than in the probe.
fn rejected_layouts(
    layouts: &[LayoutAssertion],
    messages: &[CompilerMessage],
) -> Outcome<Vec<String>> {
    let mut rejected = Vec::new();
    let of_layouts = messages
        .iter()
        .filter(|message| message.severity == Severity::Error && message.file == layout_in_c::FILE);
    for error in of_layouts {
        let Some(layout) = layouts.get(error.line.wrapping_sub(1)) else {
            continue;
        };
        // The message of both compilers for a false assertion.
        if error.says("negative") {
            let message = Message::new(format!(
                "`{}` has different layouts in two runs of the compiler",
                layout.record
            ));
            let message = message.help(
                "make both runs read the same C: look for `__COUNTER__`, `__TIME__`, or a program in CC that changes flags",
            );
            return fail(message.help("if a header was edited meanwhile, build again"));
        }
        rejected.push(layout.record.clone());
    }
    Ok(rejected)
}
