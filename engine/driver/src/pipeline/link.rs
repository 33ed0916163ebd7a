//! Builds the static library, and decides what else the module links to.

use std::path::PathBuf;

use cgo_codegen::Bindings;
use cgo_csyntax::diagnostic::{Diagnostic, Outcome, fail};
use cgo_csyntax::directive::compiler_flag;
use cgo_csyntax::message::Message;

use crate::linking::compiler_libraries::{self, SecondNames};
use crate::linking::instrumentation;
use crate::linking::library::{self, Built};
use crate::linking::link_attribute::Link;
use crate::linking::source_languages;
use crate::pipeline::configure::Configured;
use crate::pipeline::emit::Emitted;
use crate::pipeline::preprocess::Preprocessed;
use crate::pipeline::request::Request;

/// The items, and what they link to.
pub(crate) struct Linked {
    pub(crate) bindings: Bindings,
    pub(crate) library: Option<Built>,
    pub(crate) links: Vec<Link>,
    /// The warnings of all runs of the compiler.
    pub(crate) warnings: Vec<Diagnostic>,
    /// The files that those of `SOURCES` include.
    pub(crate) source_files: Vec<PathBuf>,
}

pub(crate) fn link(
    request: &Request<'_>,
    configured: &Configured,
    preprocessed: &Preprocessed<'_>,
    emitted: Emitted,
) -> Outcome<Linked> {
    let Emitted {
        mut bindings,
        object,
        sources,
        mut warnings,
    } = emitted;
    let (target, toolchain) = (&request.session.target, &configured.toolchain);
    let mut links = configured.links.clone();
    let second_names = SecondNames::of(target, &preprocessed.names, &links);
    // The probe may have given the same warning.
    for warning in object.iter().flat_map(|object| &object.warnings) {
        if !warnings.contains(warning) {
            warnings.push(warning.clone());
        }
    }
    let library = object.map(|object| {
        library::of_objects(
            object,
            sources.objects,
            &second_names,
            target.object_format(),
            &toolchain.work,
        )
    });
    let library = library.transpose()?;
    if compiler_flag::forbids_float_registers(toolchain.all_flags(&preprocessed.unit)) {
        reject_software_floats(library.as_ref())?;
    }
    if let Some(library) = &library {
        take_second_names(&mut bindings, library, &second_names);
        if let Some(needed) = &library.needed {
            source_languages::use_library_of_headers(&mut links, needed);
        }
        let items = bindings.extern_items.iter();
        let of_rust = items.map(|item| item.symbol.as_str());
        let needed = library.needed.as_ref().map(|needed| {
            let of_c = needed.iter().map(String::as_str);
            of_c.chain(of_rust).collect()
        });
        links.extend(compiler_libraries::libraries(
            target,
            &links,
            needed.as_ref(),
        ));
    }
    if let Some(needed) = library.as_ref().and_then(|library| library.needed.as_ref()) {
        let missing = instrumentation::warning(request.session, toolchain.family, needed, &links);
        warnings.extend(missing);
    }
    warnings.extend(sources.warnings);
    Ok(Linked {
        bindings,
        library,
        links,
        warnings,
        source_files: sources.files,
    })
}

/// Links items to the second names of functions that the library does not define.
fn take_second_names(bindings: &mut Bindings, library: &Built, second_names: &SecondNames<'_>) {
    for item in &mut bindings.extern_items {
        if !library.defined.contains(&item.symbol)
            && let Some(second) = second_names.find(&item.symbol)
        {
            item.symbol = second;
        }
    }
}

/// Fails if the C calls functions for software floating-point although flags take the floating-point registers away: Rust's own library has
/// these functions, and takes the numbers in those registers.
fn reject_software_floats(library: Option<&Built>) -> Outcome<()> {
    let needed = library.and_then(|library| library.needed.as_ref());
    let mut needed = needed.into_iter().flatten();
    match needed.find(|symbol| compiler_flag::is_soft_float_routine(symbol)) {
        Some(symbol) => fail(
            Message::new(format!(
                "the C computes with floating-point numbers but is compiled without floating-point registers: it calls `{symbol}`, which \
                 expects its arguments there"
            ))
            .help("remove the flag that takes these registers away, such as `-mgeneral-regs-only`"),
        ),
        None => Ok(()),
    }
}
