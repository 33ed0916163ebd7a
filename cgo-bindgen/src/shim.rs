//! Writes the C that is added to the library so that Rust can reach what has no symbol of its own.

use std::fmt::Write;

use crate::names::Storage;
use crate::select::{Item, Subject};

/// One addition.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
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

/// What a function or variable needs, by the words of its declaration.
pub(crate) fn of_object(item: &Item, storage: Storage) -> Option<Shim> {
    if storage.thread_local {
        return Some(Shim::ThreadLocal(item.name.clone()));
    }
    if storage.is_static {
        let (name, target) = (item.name.clone(), item.target.clone());
        // C17 6.9.2, paragraph 2: a variable without a value is defined all the same.
        return (storage.defined || !storage.function).then_some(Shim::Alias { name, target });
    }
    let only_promised = storage.inline && storage.defined && !storage.is_extern;
    only_promised.then(|| Shim::InlineDefinition(item.target.clone()))
}

/// What will be needed for these items, as far as it can be told before the compiler has answered; perhaps more. With
/// it the library can be compiled while the compiler still answers.
pub(crate) fn foresee(items: &[Item]) -> Vec<Shim> {
    let needed = items.iter().map(|item| match item.subject {
        Subject::Object(storage) => of_object(item, storage),
        Subject::Expression {
            mentions_object: true,
            ..
        } => Some(Shim::Value(item.name.clone())),
        _ => None,
    });
    needed.flatten().collect()
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
