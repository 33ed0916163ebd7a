//! Measures what building costs: a program that calls C through the macro, beside the same program made in other ways.
//!
//! `cargo bench --bench build` builds everything in a temporary folder and prints medians. `CGO_BENCH_ROUNDS` says how
//! often each edit is made and built; a clean build takes long and is made a tenth as often.

#[path = "build/beside.rs"]
mod beside;
#[path = "build/cargo.rs"]
mod cargo;
#[path = "build/growth.rs"]
mod growth;
#[path = "build/headers.rs"]
mod headers;
#[path = "build/programs.rs"]
mod programs;
#[path = "build/sources.rs"]
mod sources;

use std::env;
use std::process::ExitCode;
use std::time::Duration;

use cargo::TemporaryFolder;
use programs::{Kind, Program};

/// A virtual machine is fast and slow by turns, for seconds each: the median of fewer says more of the machine.
const DEFAULT_ROUNDS: usize = 30;

fn main() -> ExitCode {
    // `cargo test --all-targets` runs benchmarks too, and wants no measurements.
    if !env::args().any(|argument| argument == "--bench") {
        println!("the build benchmark measures only under `cargo bench --bench build`");
        return ExitCode::SUCCESS;
    }
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("{message}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> Result<(), String> {
    let rounds = rounds()?;
    let folder = TemporaryFolder::create()?;
    let mut programs = Kind::ALL
        .into_iter()
        .map(|kind| Program::create(kind, &folder.path))
        .collect::<Result<Vec<_>, _>>()?;

    let mut rows = vec![measure(Operation::CleanBuild, &mut programs, rounds.clean)?];
    // Builds the dependencies, and fills what a check keeps apart from a build, so that no measured edit does it.
    for program in &programs {
        program.build()?;
        program.check()?;
    }
    rows.extend(measure_edits(&mut programs, rounds.edits)?);
    print_table(&rows, &rounds);
    print_goals(&rows);

    let dependencies = programs[Kind::Cgo as usize].target_folder();
    let bare = rows[0].excess(Kind::RustAlone).unwrap_or(f64::NAN);
    beside::measure(&folder.path, bare, rounds.clean)?;
    growth::measure(&folder.path, &dependencies, rounds.growth)?;
    headers::measure(&folder.path, &dependencies, rounds.growth)?;
    sources::measure(&folder.path, &dependencies, rounds.clean)
}

/// How often each thing is measured.
struct Rounds {
    clean: usize,
    edits: usize,
    growth: usize,
}

fn rounds() -> Result<Rounds, String> {
    let edits = match env::var("CGO_BENCH_ROUNDS") {
        Err(env::VarError::NotPresent) => DEFAULT_ROUNDS,
        Err(error) => return Err(format!("CGO_BENCH_ROUNDS: {error}")),
        Ok(text) => match text.parse() {
            Ok(rounds) if rounds > 0 => rounds,
            _ => {
                return Err(format!(
                    "CGO_BENCH_ROUNDS is `{text}`: write a number from 1 on"
                ));
            }
        },
    };
    Ok(Rounds {
        clean: edits.div_ceil(10),
        edits,
        growth: edits.div_ceil(5),
    })
}

/// What is measured.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Operation {
    CleanBuild,
    EditCBuild,
    EditRustBuild,
    EditRustCheck,
}

impl Operation {
    fn name(self) -> &'static str {
        match self {
            Operation::CleanBuild => "clean build",
            Operation::EditCBuild => "edit C, build",
            Operation::EditRustBuild => "edit Rust, build",
            Operation::EditRustCheck => "edit Rust, check",
        }
    }

    /// Carries it out once; `None` where the program has nothing of the kind.
    fn time(self, program: &mut Program) -> Result<Option<Duration>, String> {
        match self {
            Operation::CleanBuild => program.clean_build().map(Some),
            Operation::EditCBuild if program.kind == Kind::RustAlone => Ok(None),
            Operation::EditCBuild => {
                program.edit_c()?;
                program.build().map(Some)
            }
            Operation::EditRustBuild => {
                program.edit_rust()?;
                program.build().map(Some)
            }
            Operation::EditRustCheck => {
                program.edit_rust()?;
                program.check().map(Some)
            }
        }
    }
}

/// The times of one operation: a list for each program, one entry a round.
struct Row {
    operation: Operation,
    times: Vec<Vec<Duration>>,
}

impl Row {
    fn new(operation: Operation, programs: usize) -> Row {
        Row {
            operation,
            times: vec![Vec::new(); programs],
        }
    }

    /// One round: every program after the other, so that what slows the machine down for a while slows all of them.
    fn round(&mut self, programs: &mut [Program]) -> Result<(), String> {
        for (program, times) in programs.iter_mut().zip(&mut self.times) {
            times.extend(self.operation.time(program)?);
        }
        Ok(())
    }

    fn median(&self, kind: Kind) -> Option<f64> {
        median(
            self.times[kind as usize]
                .iter()
                .map(Duration::as_secs_f64)
                .collect(),
        )
    }

    fn ratio(&self, ours: Kind, peer: Kind) -> Option<f64> {
        Some(self.median(ours)? / self.median(peer)?)
    }

    /// How much longer ours takes, as the median over the rounds: steadier than the difference of the medians.
    fn excess(&self, peer: Kind) -> Option<f64> {
        let pairs = self.times[Kind::Cgo as usize]
            .iter()
            .zip(&self.times[peer as usize]);
        median(
            pairs
                .map(|(ours, theirs)| ours.as_secs_f64() - theirs.as_secs_f64())
                .collect(),
        )
    }
}

fn measure(operation: Operation, programs: &mut [Program], rounds: usize) -> Result<Row, String> {
    let mut row = Row::new(operation, programs.len());
    for _ in 0..rounds {
        row.round(programs)?;
    }
    Ok(row)
}

fn measure_edits(programs: &mut [Program], rounds: usize) -> Result<Vec<Row>, String> {
    let operations = [
        Operation::EditCBuild,
        Operation::EditRustBuild,
        Operation::EditRustCheck,
    ];
    let mut rows: Vec<Row> = operations
        .into_iter()
        .map(|operation| Row::new(operation, programs.len()))
        .collect();
    for _ in 0..rounds {
        for row in &mut rows {
            row.round(programs)?;
        }
    }
    Ok(rows)
}

/// The middle value; of two middle ones their mean.
fn median(mut values: Vec<f64>) -> Option<f64> {
    values.sort_by(f64::total_cmp);
    let middle = values.len() / 2;
    match values.len() {
        0 => None,
        length if length % 2 == 1 => Some(values[middle]),
        _ => Some((values[middle - 1] + values[middle]) / 2.0),
    }
}

/// A way of calling C is a row; beside each time stands what ours is of it.
fn print_table(rows: &[Row], rounds: &Rounds) {
    println!(
        "Medians in ms of {} rounds ({} of the clean build), and how many times as long cgo takes\n",
        rounds.edits, rounds.clean
    );
    print!("{:<14}", "");
    rows.iter()
        .for_each(|row| print!("{:>18}  ", row.operation.name()));
    println!();
    for kind in Kind::ALL {
        print!("{:<14}", kind.name());
        for row in rows {
            let time = cell(row.median(kind), 1000.0, 0);
            let ratio = row.ratio(Kind::Cgo, kind).filter(|_| kind != Kind::Cgo);
            let ratio = ratio.map_or_else(String::new, |ratio| format!("{ratio:.2}"));
            print!("{time:>11}{ratio:>7}  ");
        }
        println!();
    }
    println!();
}

fn cell(value: Option<f64>, unit: f64, digits: usize) -> String {
    value.map_or_else(
        || "-".to_string(),
        |value| format!("{:.digits$}", value * unit),
    )
}

fn print_goals(rows: &[Row]) {
    for row in rows {
        match row.operation {
            Operation::CleanBuild => {
                for ours in [Kind::Cgo, Kind::CgoWithoutExport] {
                    print_ratio_goal(row, ours, Kind::Bindgen, 0.4);
                    print_ratio_goal(row, ours, Kind::Cxx, 1.0);
                    print_ratio_goal(row, ours, Kind::RustCpp, 1.0);
                }
            }
            Operation::EditCBuild => print_ratio_goal(row, Kind::Cgo, Kind::HandWritten, 1.0),
            Operation::EditRustBuild | Operation::EditRustCheck => {
                print_excess_goal(row, Kind::RustAlone, 0.020)
            }
        }
    }
    println!();
}

fn print_ratio_goal(row: &Row, ours: Kind, peer: Kind, most: f64) {
    let Some(ratio) = row.ratio(ours, peer) else {
        return;
    };
    let (name, ours, peer) = (row.operation.name(), ours.name(), peer.name());
    println!(
        "{name}: {ours} takes {ratio:.2} times {peer}, goal at most {most:.2}: {}",
        verdict(ratio <= most)
    );
}

fn print_excess_goal(row: &Row, peer: Kind, most: f64) {
    let Some(excess) = row.excess(peer) else {
        return;
    };
    let (name, peer) = (row.operation.name(), peer.name());
    let (excess_ms, most_ms) = (excess * 1000.0, most * 1000.0);
    println!(
        "{name}: {excess_ms:+.0} ms against {peer}, goal at most {most_ms:+.0} ms: {}",
        verdict(excess <= most)
    );
}

fn verdict(met: bool) -> &'static str {
    if met { "met" } else { "MISSED" }
}
