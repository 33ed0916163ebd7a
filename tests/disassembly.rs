//! Proves that a call through the macro's module costs nothing: rustc makes the same instructions of it as of a call
//! through a declaration written by hand.
//!
//! The callers stand in crates of their own, since the compiler joins equal functions of one crate into one.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{self, Command};
use std::sync::atomic::{AtomicUsize, Ordering};

const MANIFEST: &str = r#"[package]
name = "callers"
version = "0.0.0"
edition = "2024"

[dependencies]
rust-cgo = { path = PATH }

[[example]]
name = "bound"
crate-type = ["rlib"]

[[example]]
name = "written"
crate-type = ["rlib"]

[profile.release]
codegen-units = 1

[workspace]
"#;

/// Through the macro: a function with a symbol of its own, a static one, and for comparison what a wrapper would cost.
const BOUND: &str = r#"cgo::c_preamble! {
    int add(int a, int b) { return a + b; }
    static int add_static(int a, int b) { return a - b; }
    struct bits { unsigned a : 3, b : 11; long long c : 40; };
}

#[unsafe(no_mangle)]
#[inline(never)]
pub fn get_bits(x: &C::struct_bits) -> u32 {
    x.b()
}

#[unsafe(no_mangle)]
#[inline(never)]
pub fn set_bits(x: &mut C::struct_bits, value: u32) {
    x.set_b(value);
}

#[unsafe(no_mangle)]
#[inline(never)]
pub fn constant_bits() -> i64 {
    let mut x = C::struct_bits::default();
    x.set_a(5);
    x.set_c(-7);
    x.c() + i64::from(x.a())
}

#[unsafe(no_mangle)]
#[inline(never)]
pub fn call_of_function(x: i32) -> i32 {
    unsafe { C::add(1, x) }
}

#[unsafe(no_mangle)]
#[inline(never)]
pub fn call_of_static_function(x: i32) -> i32 {
    unsafe { C::add_static(1, x) }
}

#[inline(never)]
fn wrapper(a: i32, b: i32) -> i32 {
    unsafe { C::add(a, b) }
}

#[unsafe(no_mangle)]
#[inline(never)]
pub fn call_of_wrapper(x: i32) -> i32 {
    wrapper(1, x)
}
"#;

const WRITTEN: &str = r#"unsafe extern "C" {
    fn add(a: i32, b: i32) -> i32;
}

#[unsafe(no_mangle)]
#[inline(never)]
pub fn call_of_function(x: i32) -> i32 {
    unsafe { add(1, x) }
}
"#;

#[test]
fn a_call_is_the_same_instructions_as_through_a_hand_written_declaration() {
    let callers = Callers::create();
    let bound = callers.assembly("bound");
    let written = instructions(&callers.assembly("written"), "call_of_function");
    assert_eq!(
        callee(&written),
        "add",
        "the hand-written declaration is called: {written:#?}"
    );

    let function = instructions(&bound, "call_of_function");
    assert_eq!(function, written);

    // A static function has no symbol; the one that the macro gives it is all that may differ.
    let of_static = instructions(&bound, "call_of_static_function");
    let symbol = callee(&of_static);
    assert!(
        symbol.ends_with("add_static"),
        "C is called and not Rust: {of_static:#?}"
    );
    assert_eq!(with_callee(&of_static, &symbol, "add"), written);

    // That the comparison can fail: a function in between shows.
    let of_wrapper = instructions(&bound, "call_of_wrapper");
    assert_ne!(of_wrapper, written);
    assert_ne!(
        callee(&of_wrapper),
        "add",
        "the wrapper stands in between: {of_wrapper:#?}"
    );
}

/// What C's compiler makes of `x->b` is a load, a shift and a mask, and of an assignment that with the other bits.
#[cfg(target_arch = "x86_64")]
#[test]
fn a_bit_field_is_a_few_instructions() {
    let bound = Callers::create().assembly("bound");
    let shortest = [
        ("get_bits", 5),
        ("set_bits", 9),
        // Known at compile time: move and return.
        ("constant_bits", 2),
    ];
    for (function, most) in shortest {
        let found = instructions(&bound, function);
        assert!(found.len() <= most, "{found:#?}");
    }
}

/// The crate of the callers, in a folder that is gone afterwards, also after a failure.
struct Callers {
    folder: PathBuf,
}

impl Callers {
    fn create() -> Callers {
        // Each test has a folder of its own.
        static NUMBER: AtomicUsize = AtomicUsize::new(0);
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let name = format!("cgo-disassembly-{}-{number}", process::id());
        let folder = env::temp_dir().join(name);
        let callers = Callers { folder };
        let workspace = Path::new(env!("CARGO_MANIFEST_DIR"));
        callers.write(
            "Cargo.toml",
            &MANIFEST.replace("PATH", &format!("{workspace:?}")),
        );
        callers.write("src/lib.rs", "");
        callers.write("examples/bound.rs", BOUND);
        callers.write("examples/written.rs", WRITTEN);
        // The versions that this test was built with are those that are there without a network.
        let lock = fs::read_to_string(workspace.join("Cargo.lock"))
            .expect("the workspace that runs this test has a lock file");
        callers.write("Cargo.lock", &lock);
        callers
    }

    fn write(&self, file: &str, text: &str) {
        let file = self.folder.join(file);
        fs::create_dir_all(file.parent().expect("the file lies in a folder"))
            .expect("the temporary folder can be written");
        fs::write(file, text).expect("the temporary folder can be written");
    }

    /// The assembly that rustc makes of an example.
    fn assembly(&self, example: &str) -> String {
        let target = self.folder.join("target");
        let output = Command::new(env!("CARGO"))
            .args([
                "rustc",
                "--release",
                "--offline",
                "--example",
                example,
                "--",
                "--emit",
                "asm",
            ])
            .current_dir(&self.folder)
            .env("CARGO_TARGET_DIR", &target)
            // Both would put the file elsewhere or change what is in it.
            .env_remove("CARGO_BUILD_TARGET")
            .env_remove("RUSTFLAGS")
            .output()
            .expect("the Cargo that built this test runs");
        assert!(
            output.status.success(),
            "{}",
            String::from_utf8_lossy(&output.stderr)
        );
        let files = fs::read_dir(target.join("release/examples"))
            .expect("Cargo made the folder of the examples");
        let files = files.map(|entry| {
            entry
                .expect("the folder of the examples can be read")
                .path()
        });
        let is_assembly = |file: &PathBuf| {
            let name = file
                .file_name()
                .and_then(|name| name.to_str())
                .unwrap_or_default();
            name.starts_with(example) && name.ends_with(".s")
        };
        let found: Vec<PathBuf> = files.filter(is_assembly).collect();
        assert_eq!(
            found.len(),
            1,
            "one assembly file of `{example}`: {found:?}"
        );
        fs::read_to_string(&found[0]).expect("the assembly file can be read")
    }
}

impl Drop for Callers {
    fn drop(&mut self) {
        // A folder that stays behind fails no test.
        let _ = fs::remove_dir_all(&self.folder);
    }
}

/// The instructions of a function: its lines without labels, directives and the difference of tab and space.
fn instructions(assembly: &str, function: &str) -> Vec<String> {
    let is_start = |line: &&str| {
        line.strip_suffix(':')
            .is_some_and(|label| label.trim_start_matches('_') == function)
    };
    let is_end = |line: &str| {
        line.starts_with(".Lfunc_end") || matches!(line, ".cfi_endproc" | ".seh_endproc")
    };
    let lines = assembly
        .lines()
        .map(str::trim)
        .skip_while(|line| !is_start(line))
        .skip(1)
        .take_while(|line| !is_end(line));
    let code =
        lines.filter(|line| !line.is_empty() && !line.starts_with('.') && !line.ends_with(':'));
    let found: Vec<String> = code
        .map(|line| line.split_whitespace().collect::<Vec<_>>().join(" "))
        .collect();
    assert!(
        !found.is_empty(),
        "`{function}` is in the assembly:\n{assembly}"
    );
    found
}

/// The symbol that the only call or jump of a function goes to.
fn callee(instructions: &[String]) -> String {
    let target = |line: &String| {
        let (operation, operand) = line.split_once(' ')?;
        // x86, Arm, RISC-V and s390x, with and without a return.
        let leaves = [
            "call", "callq", "jmp", "jmpq", "bl", "b", "tail", "brasl", "jg",
        ]
        .contains(&operation);
        let symbol = operand
            .rsplit(", ")
            .next()?
            .trim_start_matches(['*', '_'])
            .split(['@', '('])
            .next()?;
        leaves.then(|| symbol.to_string())
    };
    let targets: Vec<String> = instructions.iter().filter_map(target).collect();
    assert_eq!(targets.len(), 1, "one call: {instructions:#?}");
    targets[0].clone()
}

/// The same instructions with another symbol called.
fn with_callee(instructions: &[String], from: &str, to: &str) -> Vec<String> {
    instructions
        .iter()
        .map(|line| line.replace(from, to))
        .collect()
}
