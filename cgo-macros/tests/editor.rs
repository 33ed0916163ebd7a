//! What an editor sees: a real rust-analyzer, spoken to as an editor does (the Language Server Protocol).
//!
//! The environment variable `RUST_ANALYZER` says where it is; without it these tests are skipped. `ci/editor` installs one
//! and runs them.

// The lint's exception for tests does not reach functions beside them.
#![allow(clippy::unwrap_used)]

use std::env;
use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::thread;
use std::time::Duration;

use serde_json::{Value, json};

/// The longest that the server may be silent: it builds the dependencies first.
const PATIENCE: Duration = Duration::from_secs(300);

const MAIN: &str = r#"cgo::c_preamble! {
    #include <stdio.h>
    #include "own.h"

    /* Adds two numbers. */
    static int add(int first, int second) { return first + second; }
    #define LIMIT 42
    struct point { int x, y; };
}

mod elsewhere {
    cgo::c_preamble! {/*
        // Doubles a number.
        static int twice(int a) { return 2 * a; }
    */}
    pub fn four() -> i32 { unsafe { C::twice(2) } }
}

fn main() {
    let sum = unsafe { C::add(1, C::LIMIT) };
    let point = C::struct_point { x: sum, y: elsewhere::four() };
    unsafe { C::printf(c"%d".as_ptr(), point.x) };
    // HERE
}
"#;

/// The server with a crate opened in it.
struct Editor {
    server: Child,
    input: ChildStdin,
    messages: Receiver<Value>,
    folder: PathBuf,
    requests: i64,
}

impl Editor {
    /// `None` where there is no rust-analyzer.
    fn open(name: &str) -> Option<Editor> {
        let Some(program) = env::var_os("RUST_ANALYZER") else {
            eprintln!("skipped: RUST_ANALYZER names no rust-analyzer; ci/editor installs one");
            return None;
        };
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
        let cgo = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
        let manifest = format!(
            "[package]\nname = \"{name}\"\nversion = \"0.1.0\"\nedition = \"2024\"\n[workspace]\n[dependencies]\ncgo = {{ path = {cgo:?} }}\n"
        );
        fs::create_dir_all(folder.join("src")).unwrap();
        fs::write(folder.join("Cargo.toml"), manifest).unwrap();
        fs::write(folder.join("src/main.rs"), MAIN).unwrap();
        let header = "/* Declared in the header. */\nint from_the_header(double number);\n";
        fs::write(folder.join("src/own.h"), header).unwrap();

        let mut server = Command::new(program)
            .current_dir(&folder)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let (sender, messages) = channel();
        let mut output = BufReader::new(server.stdout.take().unwrap());
        thread::spawn(move || {
            while let Some(message) = receive(&mut output) {
                if sender.send(message).is_err() {
                    return;
                }
            }
        });
        let input = server.stdin.take().unwrap();
        let mut editor = Editor {
            server,
            input,
            messages,
            folder,
            requests: 0,
        };
        editor.start();
        Some(editor)
    }

    fn uri(&self) -> String {
        format!("file://{}", self.folder.join("src/main.rs").display())
    }

    fn start(&mut self) {
        let root = format!("file://{}", self.folder.display());
        self.request(
            "initialize",
            json!({
                "processId": null,
                "rootUri": root,
                "capabilities": {
                    "textDocument": { "hover": { "contentFormat": ["markdown"] } },
                    "experimental": { "serverStatusNotification": true },
                },
                "initializationOptions": { "checkOnSave": false },
            }),
        );
        self.notify("initialized", json!({}));
        let uri = self.uri();
        self.notify(
            "textDocument/didOpen",
            json!({ "textDocument": { "uri": uri, "languageId": "rust", "version": 1, "text": MAIN } }),
        );
        // Before all is loaded, macros are not expanded.
        loop {
            let message = self.message();
            if message["method"] == "experimental/serverStatus"
                && message["params"]["quiescent"] == true
            {
                break;
            }
        }
    }

    fn send(&mut self, message: &Value) {
        let text = message.to_string();
        write!(self.input, "Content-Length: {}\r\n\r\n{text}", text.len()).unwrap();
        self.input.flush().unwrap();
    }

    fn notify(&mut self, method: &str, parameters: Value) {
        self.send(&json!({ "jsonrpc": "2.0", "method": method, "params": parameters }));
    }

    /// The next message, with the server's own questions answered by nothing.
    fn message(&mut self) -> Value {
        let message = self.messages.recv_timeout(PATIENCE).unwrap();
        if message.get("method").is_some()
            && let Some(id) = message.get("id")
        {
            self.send(&json!({ "jsonrpc": "2.0", "id": id, "result": null }));
        }
        message
    }

    fn request(&mut self, method: &str, parameters: Value) -> Value {
        self.requests += 1;
        let id = self.requests;
        self.send(&json!({ "jsonrpc": "2.0", "id": id, "method": method, "params": parameters }));
        loop {
            let message = self.message();
            if message["id"] == id && message.get("method").is_none() {
                assert!(message.get("error").is_none(), "{method}: {message}");
                return message["result"].clone();
            }
        }
    }

    /// A request about the place of `word`, which stands in the text once, `into` characters in.
    fn about(&mut self, method: &str, word: &str, into: usize) -> Value {
        let place = place_of(word, into);
        let uri = self.uri();
        self.request(
            method,
            json!({ "textDocument": { "uri": uri }, "position": place }),
        )
    }

    /// The line, from 0, that "go to definition" leads to in the file itself.
    fn definition(&mut self, word: &str, into: usize) -> u64 {
        let found = self.about("textDocument/definition", word, into);
        let target = match &found {
            Value::Array(list) => list[0].clone(),
            one => one.clone(),
        };
        let uri = target["uri"].as_str().or(target["targetUri"].as_str());
        assert_eq!(uri, Some(self.uri().as_str()), "{found}");
        let range = match target.get("range") {
            Some(range) => range,
            None => &target["targetSelectionRange"],
        };
        range["start"]["line"].as_u64().unwrap()
    }
}

impl Drop for Editor {
    fn drop(&mut self) {
        let _ = self.server.kill();
        let _ = self.server.wait();
        let _ = fs::remove_dir_all(&self.folder);
    }
}

fn receive(output: &mut impl BufRead) -> Option<Value> {
    let mut length = 0;
    loop {
        let mut line = String::new();
        if output.read_line(&mut line).ok()? == 0 {
            return None;
        }
        match line.trim().split_once(": ") {
            Some(("Content-Length", value)) => length = value.parse().ok()?,
            Some(_) => {}
            None => break,
        }
    }
    let mut text = vec![0; length];
    output.read_exact(&mut text).ok()?;
    serde_json::from_slice(&text).ok()
}

fn place_of(word: &str, into: usize) -> Value {
    let at = MAIN.find(word).unwrap() + into;
    let before = &MAIN[..at];
    let line = before.matches('\n').count();
    let column = at - before.rfind('\n').map_or(0, |at| at + 1);
    json!({ "line": line, "character": column })
}

/// The line, from 0, of this text.
fn line_of(text: &str) -> u64 {
    place_of(text, 0)["line"].as_u64().unwrap()
}

#[test]
fn definitions_are_the_c() {
    let Some(mut editor) = Editor::open("editor_definitions") else {
        return;
    };
    assert_eq!(editor.definition("C::add(", 3), line_of("static int add"));
    assert_eq!(editor.definition("C::LIMIT)", 3), line_of("#define LIMIT"));
    assert_eq!(
        editor.definition("C::struct_point", 5),
        line_of("struct point {")
    );
}

#[test]
fn hovering_shows_declaration_and_comment() {
    let Some(mut editor) = Editor::open("editor_hover") else {
        return;
    };
    let hover = editor.about("textDocument/hover", "C::add(", 3).to_string();
    assert!(
        hover.contains("Adds two numbers.") && hover.contains("int add(int first, int second)"),
        "{hover}"
    );
    // The comment form has no tokens: it is found in the sources.
    let hover = editor
        .about("textDocument/hover", "C::twice(", 3)
        .to_string();
    assert!(
        hover.contains("Doubles a number.") && hover.contains("int twice(int a)"),
        "{hover}"
    );
}

#[test]
fn completion_lists_the_preamble_and_its_headers() {
    let Some(mut editor) = Editor::open("editor_completion") else {
        return;
    };
    let completed = editor.about("textDocument/completion", "C::printf", 3);
    let items = match &completed {
        Value::Array(list) => list,
        all => all["items"].as_array().unwrap(),
    };
    let labels: Vec<&str> = items
        .iter()
        .filter_map(|item| item["label"].as_str())
        .collect();
    for name in [
        "add",
        "from_the_header",
        "printf",
        "fopen",
        "LIMIT",
        "CString",
    ] {
        assert!(
            labels.iter().any(|label| label.starts_with(name)),
            "{name} is not in {labels:?}"
        );
    }
}

#[test]
fn sound_code_has_no_errors() {
    let Some(mut editor) = Editor::open("editor_errors") else {
        return;
    };
    let uri = editor.uri();
    let report = editor.request(
        "textDocument/diagnostic",
        json!({ "textDocument": { "uri": uri } }),
    );
    let items = report["items"].as_array().unwrap();
    let errors: Vec<&Value> = items.iter().filter(|item| item["severity"] == 1).collect();
    assert!(errors.is_empty(), "{errors:?}");
}

#[test]
fn the_examples_have_no_errors() {
    let Some(program) = env::var_os("RUST_ANALYZER") else {
        eprintln!("skipped: RUST_ANALYZER names no rust-analyzer; ci/editor installs one");
        return;
    };
    let repository = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let output = Command::new(program)
        .args(["diagnostics", "--severity", "error"])
        .arg(repository)
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stdout).replace('\r', "\n");
    assert!(said.contains("diagnostic scan complete"), "{said}");
    // It does not let a function of an `extern` block be a function pointer, in code written by hand either.
    let its_own = |line: &str| line.contains("expected unsafe fn(") && line.contains("found fn ");
    let errors: Vec<&str> = said
        .lines()
        .filter(|line| line.contains(": Error ") && line.contains("/examples/"))
        .filter(|line| !its_own(line))
        .collect();
    assert!(errors.is_empty(), "{errors:#?}");
}
