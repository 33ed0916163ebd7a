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

const MAIN: &str = r##"cgo::c_preamble! {
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

mod text {
    cgo::c_preamble!(r#"
        #include "own.h"
        static int thrice(int a) { return 3 * a; }
    "#);
    pub fn six() -> i32 { unsafe { C::thrice(2) } }
}

fn main() {
    let sum = unsafe { C::add(1, C::LIMIT) };
    let point = C::struct_point { x: sum, y: elsewhere::four() + text::six() };
    unsafe { C::printf(c"%d".as_ptr(), point.x) };
    unsafe { C::from_the_header(1.0) };
}
"##;

/// The server with a crate opened in it.
struct Editor {
    server: Child,
    input: ChildStdin,
    messages: Receiver<Value>,
    folder: PathBuf,
    /// What the editor shows of the file, saved or not.
    text: String,
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
            "[package]\nname = \"{name}\"\nversion = \"0.1.0\"\nedition = \"2024\"\n[workspace]\n[dependencies]\nrust-cgo = {{ path = {cgo:?} }}\n"
        );
        fs::create_dir_all(folder.join("src")).unwrap();
        fs::write(folder.join("Cargo.toml"), manifest).unwrap();
        fs::write(folder.join("src/main.rs"), MAIN).unwrap();
        let header = "/* Declared in the header. */\nint from_the_header(double number);\n";
        fs::write(folder.join("src/own.h"), header).unwrap();

        let mut server = Command::new(program)
            .current_dir(&folder)
            // One for all, so that cgo is built once.
            .env(
                "CARGO_TARGET_DIR",
                Path::new(env!("CARGO_TARGET_TMPDIR")).join("editor"),
            )
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
            text: MAIN.to_string(),
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

    /// Types `to` in the place of `from`, and does not save it.
    fn edit(&mut self, from: &str, to: &str) {
        assert_eq!(self.text.matches(from).count(), 1, "{from}");
        self.text = self.text.replace(from, to);
        let uri = self.uri();
        self.requests += 1;
        let version = self.requests;
        self.notify(
            "textDocument/didChange",
            json!({
                "textDocument": { "uri": uri, "version": version },
                "contentChanges": [{ "text": self.text }],
            }),
        );
    }

    fn save(&mut self) {
        fs::write(self.folder.join("src/main.rs"), &self.text).unwrap();
        let uri = self.uri();
        self.notify(
            "workspace/didChangeWatchedFiles",
            json!({ "changes": [{ "uri": uri, "type": 2 }] }),
        );
        self.notify(
            "textDocument/didSave",
            json!({ "textDocument": { "uri": uri } }),
        );
    }

    /// A request about the place of `word`, which stands in the text once, `into` characters in.
    fn about(&mut self, method: &str, word: &str, into: usize) -> Value {
        let place = place_of(&self.text, word, into);
        let uri = self.uri();
        self.request(
            method,
            json!({ "textDocument": { "uri": uri }, "position": place }),
        )
    }

    /// The line of the file that "go to definition" leads to.
    fn definition(&mut self, word: &str, into: usize) -> String {
        let found = self.about("textDocument/definition", word, into);
        let uri = self.uri();
        let targets = found.as_array().unwrap().iter();
        let mut here = targets.filter(|target| target["uri"] == uri);
        let target = here.next().unwrap_or_else(|| panic!("{word}: {found}"));
        let line = target["range"]["start"]["line"].as_u64().unwrap();
        let line = self.text.lines().nth(line as usize).unwrap();
        line.trim().to_string()
    }

    fn hover(&mut self, word: &str) -> String {
        let into = word.rfind("::").map_or(0, |at| at + 2);
        self.about("textDocument/hover", word, into).to_string()
    }

    /// What completion proposes there.
    fn completion(&mut self, word: &str, into: usize) -> Vec<String> {
        let completed = self.about("textDocument/completion", word, into);
        let items = match &completed {
            Value::Array(list) => list,
            all => all["items"].as_array().unwrap(),
        };
        let labels = items.iter().filter_map(|item| item["label"].as_str());
        labels.map(str::to_string).collect()
    }

    /// The messages of the file's errors.
    fn errors(&mut self) -> Vec<String> {
        let uri = self.uri();
        let report = self.request(
            "textDocument/diagnostic",
            json!({ "textDocument": { "uri": uri } }),
        );
        let items = report["items"].as_array().unwrap();
        let errors = items.iter().filter(|item| item["severity"] == 1);
        errors.map(|item| item["message"].to_string()).collect()
    }

    /// What the macro call at a word turns into.
    fn expansion(&mut self, word: &str) -> String {
        let place = place_of(&self.text, word, 0);
        let uri = self.uri();
        let expanded = self.request(
            "rust-analyzer/expandMacro",
            json!({ "textDocument": { "uri": uri }, "position": place }),
        );
        expanded["expansion"].as_str().unwrap().to_string()
    }

    /// Each of these names of C is known with its declaration.
    fn knows(&mut self, names: &[(&str, &str)]) {
        for (name, declaration) in names {
            let hover = self.hover(name);
            assert!(hover.contains(declaration), "{name}: {hover}");
        }
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

fn place_of(text: &str, word: &str, into: usize) -> Value {
    let at = text.find(word).unwrap() + into;
    let before = &text[..at];
    let line = before.matches('\n').count();
    let column = at - before.rfind('\n').map_or(0, |at| at + 1);
    json!({ "line": line, "character": column })
}

/// The names of the preamble in the form of tokens.
const OF_TOKENS: [(&str, &str); 4] = [
    ("C::add(", "int add(int first, int second)"),
    ("C::LIMIT)", "#define LIMIT"),
    ("C::printf(", "fn printf("),
    ("C::from_the_header(", "Declared in the header."),
];

#[test]
fn definitions_are_the_c() {
    let Some(mut editor) = Editor::open("editor_definitions") else {
        return;
    };
    let definitions = [
        ("C::add(", 3, "static int add("),
        ("C::LIMIT)", 3, "#define LIMIT"),
        ("C::struct_point", 5, "struct point {"),
        // What came with a header: the line that took it in.
        ("C::printf(", 3, "#include <stdio.h>"),
        ("C::from_the_header(", 3, "#include \"own.h\""),
        ("point.x", 6, "struct point {"),
        // What has no token of its own: the start of the C, or the call.
        ("C::add(", 0, "#include <stdio.h>"),
        ("C::twice(2)", 3, "cgo::c_preamble! {/*"),
        ("C::thrice(2)", 3, "cgo::c_preamble!(r#\""),
    ];
    for (word, into, line) in definitions {
        let found = editor.definition(word, into);
        assert!(found.starts_with(line), "{word}: {found}");
    }
}

#[test]
fn hovering_shows_declaration_and_comment() {
    let Some(mut editor) = Editor::open("editor_hover") else {
        return;
    };
    editor.knows(&OF_TOKENS);
    editor.knows(&[
        ("C::add(", "Adds two numbers."),
        // The comment form has no tokens: it is found in the sources.
        ("C::twice(2)", "Doubles a number."),
        ("C::twice(2)", "int twice(int a)"),
        ("C::thrice(2)", "int thrice(int a)"),
    ]);
}

#[test]
fn completion_lists_the_preamble_and_its_headers() {
    let Some(mut editor) = Editor::open("editor_completion") else {
        return;
    };
    let labels = editor.completion("C::printf", 3);
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
    assert_eq!(editor.errors(), [""; 0]);
}

#[test]
fn tokens_that_are_not_saved_are_known() {
    let Some(mut editor) = Editor::open("editor_tokens") else {
        return;
    };
    editor.knows(&OF_TOKENS);
    // In a line, behind it, and in directives, at once.
    editor.edit("first + second;", "first + second + 1;");
    editor.knows(&OF_TOKENS);
    editor.edit(
        "int x, y; };",
        "int x, y; };\n    static int fresh(void) { return 1; }",
    );
    editor.edit("LIMIT 42", "LIMIT 43\n    #define OTHER 44");
    editor.edit("<stdio.h>", "<stdio.h>\n    #include <math.h>");
    editor.edit("1.0) };", "1.0); C::sqrt(4.0); C::fresh(); C::OTHER };");
    let fresh = [
        ("C::sqrt(", "fn sqrt("),
        ("C::fresh(", "int fresh("),
        ("C::OTHER }", "44"),
        ("C::LIMIT)", "43"),
    ];
    editor.knows(&OF_TOKENS);
    editor.knows(&fresh);
    assert!(
        editor
            .definition("C::fresh(", 3)
            .starts_with("static int fresh")
    );
    assert_eq!(editor.definition("C::sqrt(", 3), "#include <math.h>");
    assert_eq!(editor.errors(), [""; 0]);
    // What was typed is not expanded again for being saved.
    editor.save();
    editor.knows(&OF_TOKENS);
    editor.knows(&fresh);
    editor.edit("int x, y; };", "int x, y, z; };");
    editor.knows(&OF_TOKENS);
    editor.knows(&fresh);
}

#[test]
fn a_string_or_comment_that_is_not_saved_keeps_its_module() {
    let Some(mut editor) = Editor::open("editor_texts") else {
        return;
    };
    editor.edit(
        "return 3 * a; }",
        "return 3 * a; }\n        static int fresh(void) { return 1; }",
    );
    editor.edit(
        "C::thrice(2)",
        "C::thrice(2) + C::fresh() + C::from_the_header(2.0)",
    );
    editor.edit("return 2 * a", "return 2 * a + 0");
    let known = [
        ("C::thrice(2)", "int thrice(int a)"),
        ("C::fresh()", "int fresh("),
        ("C::from_the_header(2.0)", "Declared in the header."),
        ("C::twice(2)", "int twice(int a)"),
    ];
    editor.knows(&known);
    assert_eq!(editor.errors(), [""; 0]);
    editor.save();
    editor.knows(&known);
    // A call that no file has yet.
    editor.edit(
        "fn main",
        "mod added {\n    cgo::c_preamble! {\n        #include <ctype.h>\n        #define ONE 1\n    }\n}\n\nfn main",
    );
    editor.edit("1.0) };", "1.0); added::C::toupper(added::C::ONE) };");
    editor.knows(&[
        ("added::C::toupper(", "added::C"),
        ("added::C::ONE)", "added::C"),
    ]);
}

#[test]
fn the_last_module_stays_while_the_c_does_not_compile() {
    let Some(mut editor) = Editor::open("editor_broken") else {
        return;
    };
    let texts = [
        ("C::twice(2)", "int twice(int a)"),
        ("C::thrice(2)", "int thrice(int a)"),
    ];
    editor.knows(&OF_TOKENS);
    editor.knows(&texts);
    editor.edit("return first", "return nothing + first");
    editor.edit("return 3", "return nothing + 3");
    editor.knows(&OF_TOKENS);
    editor.knows(&texts);
    let errors = editor.errors();
    let of_the_name = errors.iter().filter(|error| error.contains("nothing"));
    assert_eq!(of_the_name.count(), 2, "{errors:?}");
    editor.save();
    editor.knows(&OF_TOKENS);
    editor.knows(&texts);
}

#[test]
fn a_quote_that_is_not_closed_is_told() {
    let Some(mut editor) = Editor::open("editor_quote") else {
        return;
    };
    editor.edit("return first", "return \"first");
    let expansion = editor.expansion("c_preamble! {\n    #inc");
    assert!(expansion.contains("a quote or a bracket"), "{expansion}");
    assert!(expansion.contains("fn add("), "{expansion}");
    editor.edit("return \"first", "return first");
    editor.knows(&OF_TOKENS);
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
    let said = String::from_utf8_lossy(&output.stdout).replace(['\r', '\u{8}'], "\n");
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
