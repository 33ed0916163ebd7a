//! Writes the C that is added to the library so that Rust can reach what has no symbol of its own.

use std::fmt::Write;

/// One addition.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Shim {
    /// A second, exported symbol for a `static` function or variable.
    Alias { name: String, target: String },
    /// C99's `inline` without `extern` promises a definition elsewhere that may not exist: a weak one gives way to it.
    InlineDefinition(String),
    /// A function that returns the address of a thread-local variable.
    ThreadLocal(String),
    /// A function that stores what a macro evaluates to.
    Value(String),
    /// The same for an array or a function, which become pointers.
    DecayedValue(String),
    /// The same for a `void` expression.
    Statement(String),
}

/// The additions as C text. `prefix` keeps the symbols apart from everyone else's.
pub(crate) fn write(shims: &[Shim], prefix: &str) -> String {
    let mut text = String::from("\n#line 1 \"cgo-shims\"\n");
    for shim in shims {
        // Weak where a symbol is added: two crates with one and the same preamble add the same ones.
        let _ = match shim {
            Shim::Alias { name, target } => {
                writeln!(
                    text,
                    "extern __typeof__({name}) {prefix}{name} __attribute__((weak, alias(\"{target}\")));"
                )
            }
            Shim::InlineDefinition(name) => writeln!(
                text,
                "extern __typeof__({name}) {name} __attribute__((weak));"
            ),
            Shim::ThreadLocal(name) => {
                writeln!(
                    text,
                    "__attribute__((weak)) __typeof__({name}) *{prefix}{name}(void) {{ return &{name}; }}"
                )
            }
            // Through a pointer, since the type of a statement expression can be named only inside a function; so
            // no ABI for results comes into it either.
            Shim::Value(name) => writeln!(
                text,
                "__attribute__((weak)) void {prefix}{name}(void *result) {{ __typeof__({name}) value = {name}; __builtin_memcpy(result, &value, sizeof value); }}"
            ),
            Shim::DecayedValue(name) => writeln!(
                text,
                "__attribute__((weak)) void {prefix}{name}(void *result) {{ __typeof__(&*({name})) value = {name}; __builtin_memcpy(result, &value, sizeof value); }}"
            ),
            Shim::Statement(name) => writeln!(
                text,
                "__attribute__((weak)) void {prefix}{name}(void) {{ {name}; }}"
            ),
        };
    }
    text
}
