//! The messages for linker flags that a macro cannot pass on, with what to do instead.

use cgo_csyntax::directive::link_flag::Origin;
use cgo_csyntax::message::Message;

use super::option::LinkOption;
use super::without_lib;

/// For a library under `--no-as-needed`: rustc has the linker drop libraries that nothing refers to.
pub(super) fn cannot_keep(option: &LinkOption<'_>, library: &str) -> Message {
    let flag = match option.name {
        "-l" => format!("-l{}", option.value.unwrap_or_default()),
        name => name.to_string(),
    };
    let argument = format!("link-arg=-Wl,--no-as-needed,{flag},--as-needed");
    Message::new(format!(
        "`-Wl,--no-as-needed` has no effect: a macro cannot make the linker keep `{library}` if nothing refers to it"
    ))
    .help("remove `-Wl,--no-as-needed` if C or Rust uses the library")
    .help(format!(
        "otherwise pass both to rustc: write `rustflags = [\"-C\", {argument:?}]` in `.cargo/config.toml`, or \
         `println!(\"cargo::rustc-{argument}\")` in the build script of the program"
    ))
}

/// For any other option.
pub(super) fn cannot_pass_on(option: &LinkOption<'_>) -> Message {
    let (name, value) = option.name.split_once(':').unwrap_or((option.name, ""));
    let (flag, name) = match name.starts_with('/') {
        // Microsoft's linker knows no case, and rustc calls it itself.
        true => (option.name.to_string(), name.to_ascii_lowercase()),
        false => (option.spelled(), name.to_string()),
    };
    let instead = match &*name {
        "/defaultlib" => format!("write `-l{}`", without_lib(value)),
        "/libpath" => format!("write `-L{value}`"),
        "-static" | "--static" => {
            "build with `-C target-feature=+crt-static` in RUSTFLAGS, or for a musl target"
                .to_string()
        }
        "-s" | "-S" => "write `strip = true` in the profile in Cargo.toml".to_string(),
        "-mwindows" | "--subsystem" | "/subsystem" => {
            "write `#![windows_subsystem = \"windows\"]` in the program's main.rs".to_string()
        }
        "-fopenmp" => {
            "write `#cgo CFLAGS: -fopenmp` and `#cgo LDFLAGS: -lgomp` (with clang `-lomp`)"
                .to_string()
        }
        name if name.starts_with("-fsanitize") => {
            "build with `-Z sanitizer` in RUSTFLAGS".to_string()
        }
        _ => {
            let arguments: Vec<String> = flag
                .split(' ')
                .map(|word| format!("link-arg={word}"))
                .collect();
            let list: Vec<String> = arguments
                .iter()
                .map(|argument| format!("\"-C\", {argument:?}"))
                .collect();
            let lines: Vec<String> = arguments
                .iter()
                .map(|argument| format!("println!({:?})", format!("cargo::rustc-{argument}")))
                .collect();
            format!(
                "pass it to rustc: write `rustflags = [{}]` in `.cargo/config.toml`, or `{}` in the build script of the program",
                list.join(", "),
                lines.join("; ")
            )
        }
    };
    match option.flag.origin {
        Origin::Directive | Origin::Variable => {
            Message::new(format!("a macro cannot pass `{flag}` to the linker"))
                .help(format!("remove it, and {instead}"))
        }
        Origin::Package => Message::new(format!(
            "pkg-config returned `{flag}`, which a macro cannot pass to the linker"
        ))
        .help(format!(
            "write the other flags of the package on `#cgo CFLAGS:` and `#cgo LDFLAGS:` lines, and {instead}"
        )),
    }
}
