//! Compares what a project says after random edits with what a build into an empty target folder says: `cargo run --release -p
//! cgo-stale-fuzz -- --projects 10 --edits 40 --seed 1`, with `CC` naming the C compiler. The same seed makes the same edits. Where Cargo
//! does not see an edit, as the reference says under "Limits", the root file of the crate gets a new time too.

mod build;
mod input;
mod project;
#[path = "../../abi/src/random.rs"]
mod random;

use std::env;
use std::io;
use std::path::Path;
use std::process::ExitCode;

use build::Builds;
use input::Reader;
use project::Project;
use random::Random;

fn main() -> ExitCode {
    match run() {
        Ok(0) => ExitCode::SUCCESS,
        Ok(_) => ExitCode::FAILURE,
        Err(message) => {
            eprintln!("{message}");
            ExitCode::FAILURE
        }
    }
}

/// The number of differences.
fn run() -> Result<usize, String> {
    let (mut projects, mut edits, mut seed) = (10, 40, 1);
    let mut arguments = env::args().skip(1);
    while let Some(name) = arguments.next() {
        let number = arguments.next().and_then(|number| number.parse().ok());
        let number: u64 = number.ok_or(format!("{name} wants a number"))?;
        match name.as_str() {
            "--projects" => projects = number,
            "--edits" => edits = number as usize,
            "--seed" => seed = number,
            _ => return Err(format!("{name}: there are --projects, --edits and --seed")),
        }
    }
    let mut differences = 0;
    for seed in seed..seed + projects {
        let differs = differs(seed, edits).map_err(|error| format!("seed {seed}: {error}"))?;
        println!(
            "seed {seed}: {}",
            if differs { "different" } else { "the same" }
        );
        differences += usize::from(differs);
    }
    println!("{projects} projects with {edits} edits, {differences} differences");
    Ok(differences)
}

/// Edits a new project until the builds differ.
fn differs(seed: u64, edits: usize) -> io::Result<bool> {
    let compiler = env::var("CC").unwrap_or("cc".to_string());
    let cgo = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let folder = cgo
        .join("target/stale-fuzz")
        .join(compiler.replace('/', "-"));
    build::remove(&folder.join("project"))?;
    let mut project = Project::new(folder.join("project"), &cgo, &compiler)?;
    let builds = Builds(folder);
    builds.begin(&project.settings, "edited")?;
    let mut random = Random::new(seed);
    let mut made: Vec<String> = Vec::new();
    loop {
        if random.one_in(6) {
            builds.check(&project.settings)?;
            made.push("cargo check".to_string());
        }
        let said = builds.edited(&project.settings)?;
        let clean = builds.clean(&project.settings)?;
        let differs = said != clean;
        if differs {
            println!("edits: {made:#?}\nsays {said:#?}\ninstead of {clean:#?}");
            project.compile_again(Reader::Both)?;
            let heals = builds.edited(&project.settings)? == clean;
            println!("compiled again it says the same: {heals}");
        }
        if differs || made.len() >= edits {
            return Ok(differs);
        }
        project.said = Some(said);
        // Most builds are after one edit.
        made.push(project.edit(&mut random)?);
        while random.one_in(3) {
            made.push(project.edit(&mut random)?);
        }
    }
}
