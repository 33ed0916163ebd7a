//! The engine of cgo: a C preamble in, the text of a Rust module and a static library out.
//!
//! [`expand`] is the whole pipeline, one call a stage. It needs no rustc around it: tests, benchmarks and tools call
//! it with a [`Session`] of their own.

mod cache;
mod explain;
mod exports;
#[cfg(test)]
mod fuzz;
#[cfg(fuzzing)]
#[path = "fuzz/parsers.rs"]
pub mod fuzzed;
mod linking;
mod module;
mod probe;
pub mod rust_scan;
mod session;
mod toolchain;
mod unit;

use std::cell::OnceCell;
use std::collections::{HashMap, HashSet};
use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::thread;

pub use cgo_csyntax::diagnostic::{Diagnostic, Place};
pub use cgo_csyntax::preamble::{Import, Preamble};
pub use cgo_csyntax::target::Target;
pub use explain::fallback::Broken;
pub use exports::{Export, Exports, FindExports, no_exports};
pub use rust_scan::files::rust_files;
pub use session::{Cfg, CompileMode, Facade, Session, this_machine};

use cgo_codegen::checks::layout_in_c::{self, Asserted};
use cgo_codegen::model;
use cgo_codegen::shims::c_text::{self, Shim};
use cgo_codegen::{DeclaredName, Exported, Output};
use cgo_csyntax::declarations::declared;
use cgo_csyntax::declarations::names::Names;
use cgo_csyntax::diagnostic::{Outcome, fail, fail_build};
use cgo_csyntax::directive::compiler_flag;
use cgo_csyntax::directive::link_flag::LinkFlag;
use cgo_csyntax::directive::{self, Directives};
use cgo_csyntax::macros::redefined_keywords;
use cgo_csyntax::selection::{self, Used};

use cache::entry::Answer;
use cache::inputs::Inputs;
use cache::{kept_file, layouts, store};
use explain::unknown_names::Unknown;
use explain::{directive_names, fallback, unknown_names};
use linking::compiler_libraries::SecondNames;
use linking::library::{Attempt, PreambleObject};
use linking::{compiler_libraries, ldflags, library, link_attribute, pkg_config, source_objects};
use module::Module;
use module::spans;
use probe::run::{ProbeResult, probe_items};
use rust_scan::impls::RustAgain;
use rust_scan::words::Words;
use session::dump::Dump;
use session::work_folder::WorkFolder;
use toolchain::compiler::Toolchain;
use toolchain::{compiler, object_target};
use unit::header_search::Verbose;
use unit::{Unit, used_files, watched};
use unit::{export_header, header_search};

/// What a call of the macro turns into.
#[derive(Clone, Debug)]
pub struct Expansion {
    /// The Rust module.
    pub code: Code,
    /// What went wrong, and the code does not say itself.
    pub errors: Vec<Diagnostic>,
    /// What the C compiler warns of.
    pub warnings: Vec<Diagnostic>,
    /// Where the module's items are declared in the Rust file, by their names.
    pub declared: Vec<(String, Place)>,
    /// Whether its C declares exports itself, otherwise than by `_cgo_export.h`, which is the same in all preambles.
    pub declares_exports: bool,
}

/// The Rust that a preamble turns into.
#[derive(Clone, Debug)]
pub enum Code {
    /// A module, and what `#[export_c]` is to compare with its C.
    Module(String),
    /// What stands in for it after an error, the first of the errors being a part of it.
    Broken(Broken),
}

impl Code {
    /// As text, without the error that is a part of it.
    pub fn text(&self) -> String {
        match self {
            Code::Module(text) => text.clone(),
            Code::Broken(broken) => broken.with(""),
        }
    }
}

/// Expands one preamble, and writes down how, if it is asked for.
pub fn expand(preamble: &Preamble, session: &Session, find: FindExports) -> Expansion {
    let (dump, mut unwritten) = match Dump::of(preamble, session) {
        Ok(dump) => (dump, Vec::new()),
        Err(errors) => (Dump::default(), errors),
    };
    let mut expansion = expand_with(preamble, session, find, &dump);
    unwritten.extend(
        dump.finish(&expansion.code.text(), &expansion.errors)
            .err()
            .unwrap_or_default(),
    );
    expansion.errors.append(&mut unwritten);
    expansion
}

fn expand_with(
    preamble: &Preamble,
    session: &Session,
    find: FindExports,
    dump: &Dump,
) -> Expansion {
    let sources = Sources::of(session, preamble, find);
    let preprocessed = Preprocessed::default();
    match module_of(preamble, session, &sources, dump, &preprocessed) {
        Ok(module) => {
            let mut prototypes = module.prototypes.iter();
            Expansion {
                code: Code::Module(module.numbered(session.preamble_number)),
                errors: Vec::new(),
                declares_exports: prototypes.any(|prototype| !prototype.is_of_header),
                warnings: module.warnings,
                declared: module.declared,
            }
        }
        Err(mut errors) => {
            for error in &mut errors {
                sources.exports.explain(&mut error.message, &sources.header);
            }
            // Of a text that never came to the compiler, what it declares itself can still be seen.
            let preprocessed = preprocessed.iter().rev().find_map(OnceCell::get);
            let known = declared(preprocessed.map_or(&preamble.text, |(text, _)| text));
            let rust = RustAgain::of(session);
            let shared = fallback::shared(&errors, session, &rust);
            let (visibility, module) = (&preamble.visibility, &preamble.module);
            let words = sources.words.as_ref();
            let broken = fallback::module(visibility, module, words, &known, &rust);
            let (code, errors) = match shared {
                Some(shared) => (Code::Module(broken.with(&shared)), Vec::new()),
                None => (Code::Broken(broken), errors),
            };
            Expansion {
                code,
                errors,
                warnings: Vec::new(),
                declared: Vec::new(),
                declares_exports: false,
            }
        }
    }
}

/// The module where the call itself cannot be read.
pub fn unreadable(session: &Session) -> Broken {
    let words = Words::of(session, "C");
    let (known, rust) = (Names::default(), RustAgain::of(session));
    fallback::module("pub(crate)", "C", words.as_ref(), &known, &rust)
}

/// What the crate's Rust says to its preambles.
struct Sources {
    /// The words that a C name could be used by; `None` where the sources are not known.
    words: Option<Words>,
    exports: Exports,
    /// The text of `_cgo_export.h`.
    header: String,
}

impl Sources {
    fn of(session: &Session, preamble: &Preamble, find: FindExports) -> Sources {
        let words = Words::of(session, &preamble.module);
        // A crate that never says `export_c` is not read for it.
        let says_so = |words: &Words| words.found.contains("export_c");
        let exports = match session.root_for(&preamble.file) {
            Some(root) if words.as_ref().is_none_or(says_so) => find(&root, session),
            _ => Exports::default(),
        };
        let header = exports.header(&session.crate_name, &HashSet::new());
        Sources {
            words,
            exports,
            header,
        }
    }
}

/// What the preprocessor wrote; the second time, with a shorter `_cgo_export.h`.
type Preprocessed = [OnceCell<(String, Verbose)>; 2];

/// What the preprocessor writes is put into `preprocessed`.
fn module_of(
    preamble: &Preamble,
    session: &Session,
    sources: &Sources,
    dump: &Dump,
    preprocessed: &Preprocessed,
) -> Outcome<Module> {
    let Sources {
        words,
        exports,
        header,
    } = sources;
    if let Some(folder) = &session.damaged {
        return fail_build(format!(
            "the link directory {} is damaged: run `cargo clean -p cgo-runtime`, and it is made again",
            folder.display()
        ));
    }
    let (text, directives) = directives(preamble, session)?;
    if let Some(file) = &directives.header {
        export_header::copy(header, file)?;
    }
    let store = store::Store::of(preamble, session, header);
    // A dump wants to see the compiler at work.
    if session.dump.is_none()
        && let Some(module) = store.recall(words.as_ref())
    {
        return Ok(module);
    }

    let work = WorkFolder::create(session)?;
    let toolchain = compiler::find(session, &work.path, dump)?;
    let packages = packages(&directives, session, dump)?;
    let (mut links, links_inputs) = links(&directives, &packages, preamble, session)?;
    let header_folder = export_header::put(header, session, &work.path)?;
    let mut unit = Unit::new(
        preamble,
        &text,
        &directives,
        &packages,
        &header_folder,
        session,
    );
    let asked_of_rustc = compiler::as_rustc_is_asked(session, toolchain.family);
    unit.flags.extend(asked_of_rustc);

    let source_flags = unit.flags.clone();
    let read = with_header(&mut unit, sources, session, &toolchain, &work, preprocessed);
    let ((preprocessed, verbose), names) =
        object_target::or_another(read, &toolchain, &unit, session)?;
    let names = &names;
    unit.declare_sizes(preprocessed, names);
    let used = words
        .as_ref()
        .map_or(Used::Everything, |words| Used::Words(&words.found));
    let unknown = words.as_ref().map_or(Unknown::default(), |words| {
        unknown_names::look_up(names, words, &text, &unit)
    });
    let bind = [&directives.bind[..], &unknown.similar].concat();
    let mut selection = selection::select(names, &used, &bind);
    selection.left_out.extend(unknown.left_out);
    directive_names::are_declared(&directives, names, preamble)?;
    let prefix = unit::prefix(preamble, session);
    let links_here = session.mode == CompileMode::Build && session.link_directory.is_some();
    let for_shims = [&*unit.text, &redefined_keywords::undefine(names)].concat();
    let second_names = SecondNames::of(&session.target, names, &links);
    let library = |shims: &[Shim], layouts: &[Asserted]| {
        let text = c_text::add(&for_shims, shims, &prefix, &unit.rust.path);
        let contents = library::Contents {
            text: &[text, layout_in_c::write(layouts)].concat(),
            shims,
            layouts,
            prefix: &prefix,
            flags: &unit.flags,
            folder: &unit.folder,
            rust: &unit.rust,
        };
        library::build(&toolchain, &contents, &work.path)
    };
    // What is in our own folders is part of every key too.
    let is_ours = |folder: &&PathBuf| {
        let own = session.link_directory.as_ref();
        own.is_some_and(|own| folder.starts_with(own))
    };
    let folders = verbose.folders.iter().filter(|folder| !is_ours(folder));
    let mut folders: Vec<PathBuf> = folders.cloned().collect();
    let flags = unit.flags.iter().chain(&toolchain.compiler.arguments);
    folders.extend(header_search::of_assembler(flags, &unit.folder));
    let compile_sources = || {
        let sources = source_objects::Sources {
            files: &directives.sources,
            flags: &source_flags,
            header,
            folders: &folders,
            folder: &unit.folder,
            rust: &unit.rust,
        };
        source_objects::compile(session, &toolchain, &sources)
    };
    let has_sources = links_here && !directives.sources.is_empty();
    // The library seldom needs to wait for the answers, and the sources know nothing of them.
    let foreseen = Foreseen {
        shims: c_text::foresee(&selection.items),
        layouts: layouts::recall(preamble, session),
    };
    let (probed, early, compiled) = thread::scope(|scope| {
        let layouts = foreseen.layouts.as_ref().filter(|_| links_here);
        let building = layouts.map(|layouts| scope.spawn(|| library(&foreseen.shims, layouts)));
        let compiling = has_sources.then(|| scope.spawn(compile_sources));
        let probed = probe_items(&toolchain, &unit, names, selection, session);
        let join = thread::ScopedJoinHandle::join;
        (
            probed,
            building.map(join),
            compiling.map(thread::ScopedJoinHandle::join),
        )
    });
    let ProbeResult {
        selection,
        mut answer,
        mut warnings,
    } = object_target::or_another(probed, &toolchain, &unit, session)?;
    answer.types.floats_go_elsewhere = compiler_flag::keeps_floats_elsewhere(
        unit.flags.iter().chain(&toolchain.compiler.arguments),
    );
    model::complete(names, &selection.items, &mut answer);
    directive_names::safe_are_functions(&directives, &selection, &answer)?;

    let exported = exported(exports, session);
    let is_used = |word: &str| {
        words
            .as_ref()
            .is_some_and(|words| words.found.contains(word))
    };
    let is_path = |word: &str| {
        words
            .as_ref()
            .is_none_or(|words| words.paths.contains(word))
    };
    let emit = |refused: &HashMap<String, String>| {
        cgo_codegen::emit(&cgo_codegen::Input {
            preamble,
            directives: &directives,
            target: &session.target,
            names,
            selection: &selection,
            answer: &answer,
            prefix: &prefix,
            refused,
            exported: &exported,
            used: &is_used,
            paths: &is_path,
        })
    };
    let compiled = match compiled {
        Some(Ok(compiled)) => compiled?,
        Some(Err(_)) => return fail("a thread that compiled a source broke off"),
        None => source_objects::Objects::default(),
    };
    let early = early.and_then(Result::ok);
    let (mut output, object) = build(emit, library, (&foreseen, early), links_here)?;
    // The probe may have seen them too.
    for warning in object.iter().flat_map(|object| &object.warnings) {
        if !warnings.contains(warning) {
            warnings.push(warning.clone());
        }
    }
    let built = object
        .map(|object| library::of_objects(object, compiled.objects, &second_names, &work.path));
    let built = built.transpose()?;
    if answer.types.floats_go_elsewhere {
        floats_are_machine_code(built.as_ref())?;
    }
    if links_here {
        layouts::keep(preamble, session, &output.layouts);
    }

    let mut files = used_files(names, &unit);
    files.extend(directives.sources.iter().map(|(source, _)| source.clone()));
    if let Some(built) = &built {
        for foreign in &mut output.foreign {
            if !built.defined.contains(&foreign.symbol)
                && let Some(second) = second_names.find(&foreign.symbol)
            {
                foreign.link_to(second);
            }
        }
        let foreign = output.foreign.iter().map(|foreign| foreign.symbol.as_str());
        let needed = built.needed.as_ref().map(|needed| {
            let of_c = needed.iter().map(String::as_str);
            of_c.chain(foreign).collect()
        });
        let own = compiler_libraries::libraries(&session.target, &links, needed.as_ref());
        links.extend(own);
    }
    files.extend(compiled.files);
    warnings.extend(compiled.warnings);
    // It is made from the crate's sources, and part of every key.
    files.retain(|file| !file.ends_with(exports::FILE_NAME));

    let mut inputs = packages.inputs;
    inputs.add(links_inputs);
    links
        .iter()
        .filter_map(link_attribute::file)
        .for_each(|file| inputs.file(file));
    let flags = unit.flags.iter().chain(&toolchain.compiler.arguments);
    named_by(flags, &unit.folder).for_each(|file| inputs.file(file));
    let are_told = header_search::add(&mut inputs, &files, &folders, (&unit.text, &unit.folder));
    let mut files: Vec<PathBuf> = inputs
        .files()
        .filter(|file| file.is_file())
        .cloned()
        .collect();
    files.extend(toolchain.scripts.iter().cloned());
    // These are no texts that Cargo could watch at no cost.
    header_search::compiled_beforehand(&files).for_each(|file| inputs.file(file));
    inputs.add(packages.tool);
    verbose
        .programs
        .iter()
        .for_each(|program| inputs.file(program.clone()));
    let known = are_told.and_then(|()| store.state(&toolchain, &inputs));

    let scan = store::Scan::of(known, names);
    let library = store.library_name(&scan, words.as_ref());
    let left_out = output.left_out.iter().map(|(name, _)| name.as_str());
    let module = Module {
        code: module::write(
            preamble,
            &output,
            &links,
            &module::Watched {
                files: watched(&files, names, &unit.folder),
                content: content(preprocessed, &unit, &toolchain, verbose),
            },
            built.as_ref().zip(library.as_deref()),
        ),
        warnings,
        declared: spans::declared(names, &unit.rust, left_out),
        prototypes: with_numbers(output.prototypes, exports, &directives, session),
    };
    let archive = built.as_ref().map(|built| built.archive.as_path());
    store.keep(&scan, words.as_ref(), Answer::of(module, links), archive)
}

/// Rust's library has what a compiler calls for software floating-point, and looks for the numbers in registers that the flags take away.
fn floats_are_machine_code(built: Option<&library::Built>) -> Outcome<()> {
    let mut needed = built
        .and_then(|built| built.needed.as_ref())
        .into_iter()
        .flatten();
    match needed.find(|symbol| compiler_flag::computes_floats(symbol)) {
        Some(symbol) => fail(format!(
            "the C computes with floating-point numbers and is compiled without their registers: it calls `{symbol}`, which finds them elsewhere\n\
             take the flag out that keeps these registers from it, such as `-mgeneral-regs-only`"
        )),
        None => Ok(()),
    }
}

/// The files that flags name, such as `-imacros FILE` and `-specs=FILE`.
fn named_by<'f>(
    flags: impl Iterator<Item = &'f OsString>,
    folder: &Path,
) -> impl Iterator<Item = PathBuf> {
    flags.filter_map(move |flag| {
        let flag = flag.to_str()?;
        let value = flag.split_once('=').map_or(flag, |(_, value)| value);
        let file = folder.join(value);
        (!value.is_empty() && file.is_file()).then_some(file)
    })
}

/// What the C is, whenever and wherever its files were made.
fn content(text: &str, unit: &Unit, toolchain: &Toolchain, verbose: &Verbose) -> u64 {
    let compiler = &toolchain.compiler;
    let programs = verbose.programs.iter().chain([&compiler.path]);
    let lengths = programs.map(|program| fs::metadata(program).map_or(0, |data| data.len()));
    let said = format!(
        "{compiler:?} {:?} {:?}",
        unit.flags,
        lengths.collect::<Vec<_>>()
    );
    kept_file::sum(text.as_bytes()) ^ kept_file::sum(said.as_bytes()).rotate_left(1)
}

/// What the crate may export under a name. Where macros write exports, that is every name of the crate's own C.
fn exported<'e>(
    exports: &'e Exports,
    session: &'e Session,
) -> impl Fn(&DeclaredName<'_>) -> Option<Exported> + 'e {
    let items = exports.items.iter();
    let by_name: HashMap<&str, &Export> = items.map(|item| (item.symbol.as_str(), item)).collect();
    move |declared| {
        let known = by_name.get(declared.name);
        let may_be = match known {
            Some(export) => export.is_type == declared.is_type,
            None => !exports.unread.is_empty() && !declared.is_system,
        };
        may_be.then(|| Exported {
            key: session.symbol_key(declared.name),
            numbers: known.and_then(|export| export.numbers.clone()),
        })
    }
}

/// The prototypes, and the numbers of the header's other items where a source or a program of the user's may take it in, and the preamble
/// does not.
fn with_numbers(
    mut prototypes: Vec<cgo_codegen::Prototype>,
    exports: &Exports,
    directives: &Directives,
    session: &Session,
) -> Vec<cgo_codegen::Prototype> {
    if directives.sources.is_empty() && directives.header.is_none() {
        return prototypes;
    }
    let mut keys: HashSet<u64> = prototypes.iter().map(|prototype| prototype.key).collect();
    for export in &exports.items {
        let key = session.symbol_key(&export.symbol);
        let numbers = export.numbers.as_ref().filter(|it| !it.is_empty());
        if let Some(numbers) = numbers.filter(|_| keys.insert(key)) {
            prototypes.push(cgo_codegen::Prototype::of_numbers(
                key,
                &export.symbol,
                numbers,
            ));
        }
    }
    prototypes
}

/// What the library is made with before the compiler has answered.
struct Foreseen {
    shims: Vec<Shim>,
    /// Those of the build before; without them it waits.
    layouts: Option<Vec<Asserted>>,
}

impl Foreseen {
    /// Whether a library with this has all that the module needs.
    fn suffices(&self, output: &Output) -> bool {
        let shims: HashSet<&Shim> = self.shims.iter().collect();
        let layouts: HashSet<&Asserted> = self.layouts.iter().flatten().collect();
        output.shims.iter().all(|shim| shims.contains(shim))
            && output.layouts.iter().all(|layout| layouts.contains(layout))
    }

    fn is_all_of(&self, output: &Output) -> bool {
        let shims: HashSet<&Shim> = output.shims.iter().collect();
        let layouts: HashSet<&Asserted> = output.layouts.iter().collect();
        self.shims.iter().all(|shim| shims.contains(shim))
            && self
                .layouts
                .iter()
                .flatten()
                .all(|layout| layouts.contains(layout))
    }
}

/// The module's items and the preamble's object. `early` is what came of the library with the shims that were foreseen. An item whose
/// shim the compiler refuses is left out, and the rest made again.
fn build(
    emit: impl Fn(&HashMap<String, String>) -> Output,
    library: impl Fn(&[Shim], &[Asserted]) -> Outcome<Attempt>,
    (foreseen, mut early): (&Foreseen, Option<Outcome<Attempt>>),
    links_here: bool,
) -> Outcome<(Output, Option<PreambleObject>)> {
    let mut refused = HashMap::new();
    let mut not_asked = HashSet::new();
    for round in 0.. {
        let mut output = emit(&refused);
        output
            .layouts
            .retain(|layout| !not_asked.contains(&layout.record));
        if !links_here {
            return Ok((output, None));
        }
        let suits = |attempt: &Outcome<Attempt>| match attempt {
            Ok(Attempt::Built(_)) => foreseen.suffices(&output),
            _ => foreseen.suffices(&output) && foreseen.is_all_of(&output),
        };
        let attempt = match early.take().filter(suits) {
            Some(early) => early?,
            None => library(&output.shims, &output.layouts)?,
        };
        match attempt {
            Attempt::Built(built) => return Ok((output, Some(built))),
            Attempt::RejectedLayouts(records) => not_asked.extend(records),
            Attempt::RejectedShims(again) => {
                let before = refused.len();
                refused.extend(again);
                // The compilers tell of what they cannot inline one function at a time.
                if round >= ROUNDS {
                    let doubtful = c_text::doubtful(&output.shims, &refused);
                    refused.extend(doubtful);
                }
                if refused.len() == before {
                    break;
                }
            }
        }
    }
    fail("the compiler refuses what makes C's functions reachable")
}

/// How often the library is made again without what the compiler refused the last time.
const ROUNDS: usize = 3;

/// The preprocessed text and its names. An export that the preamble or another header declares too is taken out of
/// `_cgo_export.h`: C wants two declarations to be the same word for word, and Rust compares it anyway.
fn with_header<'p>(
    unit: &mut Unit,
    sources: &Sources,
    session: &Session,
    toolchain: &Toolchain,
    work: &WorkFolder,
    [first, second]: &'p Preprocessed,
) -> Outcome<(&'p (String, Verbose), Names<'p>)> {
    let read = toolchain.preprocess(unit)?;
    let read = first.get_or_init(|| read);
    sources.exports.are_whole_for(&read.0)?;
    let names = declared(&read.0);
    let known = names.declared_beside(exports::FILE_NAME);
    if known.is_empty() {
        return Ok((read, names));
    }
    let header = sources.exports.header(&session.crate_name, &known);
    unit.use_header(&export_header::put(&header, session, &work.path)?);
    let read = toolchain.preprocess(unit)?;
    let read = second.get_or_init(|| read);
    Ok((read, declared(&read.0)))
}

fn directives(preamble: &Preamble, session: &Session) -> Outcome<(String, Directives)> {
    if preamble.text.contains('\0') {
        return fail("the preamble holds a NUL byte, which no C compiler accepts: take it out");
    }
    let mut errors = Vec::new();
    let read = directive::read(
        &preamble.text,
        preamble.start,
        &session.target,
        &preamble.folder(),
        &mut errors,
    );
    if errors.is_empty() {
        Ok(read)
    } else {
        Err(errors)
    }
}

fn packages(
    directives: &Directives,
    session: &Session,
    dump: &Dump,
) -> Outcome<pkg_config::Packages> {
    let mut errors = Vec::new();
    let mut packages =
        pkg_config::query(&directives.pkg_config, &session.target, dump, &mut errors);
    if !errors.is_empty() {
        return Err(errors);
    }
    let cflags = packages.cflags.iter().map(OsString::from).collect();
    let cflags = compiler_flag::of_code(cflags).map_err(|refused| {
        let place = directives.pkg_config.first().map(|(_, place)| *place);
        let message = format!(
            "pkg-config gives the compiler flag `{}`: {}",
            refused.flag, refused.why
        );
        vec![Diagnostic::new(place, message)]
    })?;
    packages.cflags = (cflags.into_iter())
        .filter_map(|flag| flag.into_string().ok())
        .collect();
    Ok(packages)
}

fn links(
    directives: &Directives,
    packages: &pkg_config::Packages,
    preamble: &Preamble,
    session: &Session,
) -> Outcome<(Vec<link_attribute::Link>, Inputs)> {
    let mut errors = Vec::new();
    let flags: Vec<LinkFlag> = directives
        .ldflags
        .iter()
        .chain(&packages.ldflags)
        .cloned()
        .collect();
    let (links, inputs) =
        ldflags::resolve(&flags, &session.target, &preamble.folder(), &mut errors);
    if !errors.is_empty() {
        return Err(errors);
    }
    Ok((links, inputs))
}
