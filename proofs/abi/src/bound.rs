//! What the engine makes of a program's C: which members are methods, which types cross by value.

use std::collections::HashSet;
use std::env;

use cgo_driver::{ModuleVisibility, Place, Preamble, Session, Target, expand};

/// Read from the text of the module.
pub(crate) struct Bound {
    /// `type.method`.
    methods: HashSet<String>,
    code: String,
}

impl Bound {
    pub(crate) fn has_method(&self, rust: &str, field: &str) -> bool {
        self.methods.contains(&format!("{rust}.{field}"))
    }

    /// Whether Rust passes it without a shim.
    pub(crate) fn is_direct(&self, rust: &str) -> bool {
        let implementation = format!("unsafe impl ::cgo::CType for {rust} ");
        self.code.contains(&implementation)
    }

    /// Whether Rust passes complex numbers as C does.
    pub(crate) fn complex_is_direct(&self) -> bool {
        self.code
            .contains("fn back_complex(f: ::core::option::Option<")
    }

    /// Whether the callback's type is one that Rust can call.
    pub(crate) fn takes_callback(&self, number: usize) -> bool {
        let start = format!("fn back{number}(f: ::core::option::Option<");
        self.code.contains(&start)
    }
}

pub(crate) fn bind(text: &str, target: Target) -> Result<Bound, String> {
    let folder = env::temp_dir();
    let session = Session::without_rustc(target, &folder, "fuzz");
    let preamble = Preamble {
        text: text.to_string(),
        start: Place { line: 1, column: 1 },
        file: folder.join("fuzz.rs"),
        visibility: ModuleVisibility::Public,
        module: "C".to_string(),
        imports: Vec::new(),
        repetition: 0,
    };
    let expansion = expand(&preamble, &session, cgo_driver::no_exports);
    if let Some(error) = expansion.errors.first() {
        return Err(format!("{}\n{text}", error.message));
    }
    let mut methods = HashSet::new();
    let mut rust = String::new();
    for line in expansion.code.text().lines() {
        if let Some(name) = line
            .strip_prefix("impl ")
            .and_then(|rest| rest.strip_suffix(" {"))
        {
            rust = name.to_string();
        }
        if let Some((_, rest)) = line.split_once("fn ")
            && let Some((method, _)) = rest.split_once("(&self)")
        {
            methods.insert(format!("{rust}.{method}"));
        }
    }
    Ok(Bound {
        methods,
        code: expansion.code.text(),
    })
}
