//! Writes the C that is added to the library so that Rust can reach what has no symbol of its own.

use std::collections::HashMap;
use std::fmt::Write;

use cgo_csyntax::declarations::names::Storage;
use cgo_csyntax::macros::evaluation::Evaluation;
use cgo_csyntax::selection::{Item, Subject};

use crate::names::in_c::WIDE_COMPLEX;

/// One addition.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Shim {
    /// A second, exported symbol for a `static` function or variable.
    Alias { name: String, target: String },
    /// A definition of a function that C99's `inline` without `extern` only promises to be somewhere. C leaves open which one a
    /// call takes (C17 6.7.4, paragraph 7), so all of the preamble takes this one, under a symbol of its own.
    InlineDefinition { name: String, target: String },
    /// A function that returns the address of a variable, which only C can tell.
    Address(String),
    /// A function that stores what a macro evaluates to; one byte where that is nothing.
    Value(String),
    /// The same for an array or a function, which become pointers.
    DecayedValue(String),
    /// A variable with the value of a macro, and with it the compound literals whose addresses are in there.
    Literal(String),
    /// A function that calls one which Rust cannot call.
    Call {
        name: String,
        parameters: Vec<Passed>,
        result: Given,
        /// It is there only where the compiler inlines it, which it may refuse.
        inlined: bool,
        /// The processor features that it is compiled for, as a string literal.
        target: Option<String>,
    },
}

/// A parameter of a [`Shim::Call`], with its C type.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Passed {
    Value(String),
    Double,
    Pointer(String),
}

/// How the result comes back.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Given {
    /// There is none.
    Nothing,
    /// With its C type.
    Value(String),
    Double,
    /// It is stored where the first parameter points to.
    Stored,
}

/// The file that the shims' text says it is. Each shim is one line of it.
pub const FILE: &str = "cgo-shims";

impl Shim {
    /// The symbol that Rust links to.
    pub fn symbol(&self, prefix: &str) -> String {
        format!("{prefix}{}", self.item())
    }

    /// The item that it is for.
    pub fn item(&self) -> &str {
        match self {
            Shim::Alias { name, .. }
            | Shim::InlineDefinition { name, .. }
            | Shim::Address(name)
            | Shim::Value(name)
            | Shim::DecayedValue(name)
            | Shim::Literal(name)
            | Shim::Call { name, .. } => name,
        }
    }
}

/// The shims that the compiler may refuse as it did others: those for the same processor features.
pub fn doubtful(shims: &[Shim], refused: &HashMap<String, String>) -> Vec<(String, String)> {
    let target = |shim: &Shim| match shim {
        Shim::Call {
            inlined: true,
            target,
            ..
        } => Some(target.clone()),
        _ => None,
    };
    let is_refused = |shim: &&Shim| refused.contains_key(shim.item());
    let targets: Vec<_> = shims.iter().filter(is_refused).filter_map(target).collect();
    let alike = shims
        .iter()
        .filter(|shim| target(shim).is_some_and(|target| targets.contains(&target)));
    let reason = "the compiler refuses to inline others for the same processors";
    alike
        .map(|shim| (shim.item().to_string(), reason.to_string()))
        .collect()
}

/// The shims that the compiler refused, each with what it said first. It may say so in a header, with a note of where the
/// call is; and some it notices only while it makes code, which the probe does not ask for.
pub fn refused(shims: &[Shim], stderr: &str) -> HashMap<String, String> {
    let mut said = "the compiler refuses a call of it";
    let mut refused = HashMap::new();
    for line in stderr.lines() {
        if let Some((_, error)) = line.split_once(" error: ") {
            said = error;
        }
        let number = line
            .strip_prefix(FILE)
            .and_then(|rest| rest.strip_prefix(':'))
            .and_then(|rest| rest.split(':').next()?.parse::<usize>().ok());
        if let Some(shim) = number.and_then(|number| shims.get(number.checked_sub(1)?)) {
            refused
                .entry(shim.item().to_string())
                .or_insert_with(|| said.to_string());
        }
    }
    if refused.is_empty() {
        refused.extend(named(shims, stderr));
    }
    if refused.is_empty() {
        refused.extend(in_function(shims, stderr));
    }
    refused
}

/// The shims for which the compiler can make no code of a function: gcc names it, and what it was inlined into, before it says why.
fn in_function(shims: &[Shim], stderr: &str) -> HashMap<String, String> {
    let is_behind =
        |shim: &&Shim, name: &str| matches!(shim, Shim::Alias { target, .. } if target == name);
    let by_name = |name: &str| shims.iter().find(|shim| is_behind(shim, name));
    let by_line = |place: &str| {
        let line: usize = place.split(':').next()?.parse().ok()?;
        shims.get(line.checked_sub(1)?)
    };
    let mut shim = None;
    let mut refused = HashMap::new();
    for line in stderr.lines() {
        if let Some((_, named)) = line.split_once("In function ") {
            shim = by_name(named.trim_matches(['\'', '‘', '’', ':', ',']));
        } else if let Some((_, place)) = line.split_once(&format!(" at {FILE}:")) {
            shim = by_line(place);
        } else if let Some((_, error)) = line.split_once(" error: ")
            && let Some(shim) = shim
        {
            let said = || error.to_string();
            refused.entry(shim.item().to_string()).or_insert_with(said);
        }
    }
    refused
}

/// The shim in whose function, or in whose `static` function of a header, the compiler says that it failed: it would not have made
/// code of either without the shim. Where the compiler breaks down, the function that it was at is in the dump of its stack.
fn named(shims: &[Shim], stderr: &str) -> Option<(String, String)> {
    stderr.lines().find_map(|line| {
        let said = line
            .split_once(" error: ")
            .map(|(_, error)| error)
            .or(line.contains("on function '").then_some(line))?;
        let names = said.split(['\'', '‘', '’']).map(|word| {
            let ours = word.strip_prefix("@cgo_");
            ours.and_then(|rest| Some(rest.split_once('_')?.1))
                .unwrap_or(word)
        });
        let mut shims = names.filter_map(|name| shims.iter().find(|shim| shim.item() == name));
        Some((shims.next()?.item().to_string(), said.trim().to_string()))
    })
}

/// What a function or variable needs, by the words of its declaration.
pub fn of_object(item: &Item, storage: Storage) -> Option<Shim> {
    if storage.weakref {
        return None;
    }
    if storage.thread_local {
        return Some(Shim::Address(item.name.clone()));
    }
    if storage.is_static {
        let (name, target) = (item.name.clone(), item.target.clone());
        if storage.always_inline {
            return None;
        }
        // C17 6.9.2, paragraph 2: a variable without a value is defined all the same.
        return (storage.defined || !storage.function).then_some(Shim::Alias { name, target });
    }
    // It is called from a shim, which has the types of a call.
    if storage.always_inline {
        return None;
    }
    let only_promised =
        storage.inline && storage.defined && !storage.is_extern && !storage.gnu_inline;
    only_promised.then(|| Shim::InlineDefinition {
        name: item.name.clone(),
        target: item.target.clone(),
    })
}

/// What will be needed for these items, as far as it can be told before the compiler has answered; perhaps more. With
/// it the library can be compiled while the compiler still answers.
pub fn foresee(items: &[Item]) -> Vec<Shim> {
    let needed = items.iter().map(|item| match item.subject {
        Subject::Object(storage) => of_object(item, storage),
        Subject::Expression(ref expression) => match expression.evaluation {
            Evaluation::AtEachUse
            | Evaluation::OfLiteral { .. }
            | Evaluation::FromLiteral
            | Evaluation::CastOfLiteral => Some(Shim::Value(item.name.clone())),
            Evaluation::HoldsLiteral => Some(Shim::Literal(item.name.clone())),
            Evaluation::String | Evaluation::Constant => None,
        },
        _ => None,
    });
    needed.flatten().collect()
}

/// The preamble's text with the additions. Their symbols start with `prefix`, which no other preamble has. `file` is what
/// the preamble's own file is called.
pub fn add(text: &str, shims: &[Shim], prefix: &str, file: &str) -> String {
    format!(
        "{}{text}{}",
        renamed(shims, prefix),
        write(shims, prefix, file)
    )
}

/// What has to stand before the first declaration.
fn renamed(shims: &[Shim], prefix: &str) -> String {
    let mut text = String::new();
    for shim in shims {
        if let Shim::InlineDefinition { name, target } = shim {
            let _ = writeln!(text, "#pragma redefine_extname {target} {prefix}{name}");
        }
    }
    text
}

/// What makes `__FILE__` the file that the preamble stands in, behind a `#line` that says something else.
pub fn own_file(file: &str) -> String {
    let quoted = |path: &str| path.replace('\\', "\\\\").replace('"', "\\\"");
    let name = file.rsplit(['/', '\\']).next().unwrap_or(file);
    format!(
        "#undef __FILE__\n#define __FILE__ \"{}\"\n#ifdef __FILE_NAME__\n#undef __FILE_NAME__\n#define __FILE_NAME__ \"{}\"\n#endif\n",
        quoted(file),
        quoted(name)
    )
}

fn write(shims: &[Shim], prefix: &str, file: &str) -> String {
    let line = format!("#line 1 \"{FILE}\"\n");
    let mut text = format!("\n{line}{}{line}", own_file(file));
    for shim in shims {
        let _ = match shim {
            Shim::Alias { name, target } => {
                writeln!(
                    text,
                    "extern __typeof__({name}) {prefix}{name} __attribute__((__alias__(\"{target}\")));"
                )
            }
            Shim::InlineDefinition { target, .. } => {
                writeln!(text, "extern __typeof__({target}) {target};")
            }
            Shim::Address(name) => {
                writeln!(
                    text,
                    "__typeof__({name}) *{prefix}{name}(void) {{ return &{name}; }}"
                )
            }
            // Through a pointer, since the type of a statement expression can be named only inside a function; so
            // no ABI for results comes into it either.
            Shim::Value(name) => {
                let is_void = format!("__builtin_types_compatible_p(__typeof__({name}), void)");
                writeln!(
                    text,
                    "void {prefix}{name}(void *_cgo_result) {{ __typeof__(__builtin_choose_expr({is_void}, (char)0, {name})) _cgo_value = __builtin_choose_expr({is_void}, (({name}), (char)0), {name}); __builtin_memcpy(_cgo_result, &_cgo_value, sizeof _cgo_value); }}"
                )
            }
            Shim::DecayedValue(name) => writeln!(
                text,
                "void {prefix}{name}(void *_cgo_result) {{ __typeof__(&*({name})) _cgo_value = {name}; __builtin_memcpy(_cgo_result, &_cgo_value, sizeof _cgo_value); }}"
            ),
            Shim::Literal(name) => writeln!(
                text,
                "extern const __typeof__(0 ? ({name}) : ({name})) {prefix}{name}; const __typeof__(0 ? ({name}) : ({name})) {prefix}{name} = {name};"
            ),
            Shim::Call {
                name,
                parameters,
                result,
                target,
                ..
            } => {
                // What has more features can be inlined only where they are allowed too.
                if let Some(target) = target {
                    let _ = write!(text, "__attribute__((__target__({target}))) ");
                }
                text.push_str(&call(name, parameters, result, prefix));
                Ok(())
            }
        };
    }
    text
}

/// A text that ends in what [`write`] wrote, with only the shims that are marked; the others' lines are empty.
pub fn only(text: &str, kept: &[bool]) -> String {
    let head = format!("\n#line 1 \"{FILE}\"\n");
    let Some((before, shims)) = text.rsplit_once(&head) else {
        return text.to_string();
    };
    let shims = shims.lines().zip(kept);
    let shims: Vec<&str> = shims
        .map(|(shim, kept)| if *kept { shim } else { "" })
        .collect();
    format!("{before}{head}{}\n", shims.join("\n"))
}

/// A function that passes its parameters on as C does. The brackets around the name keep out a macro of that name.
fn call(name: &str, parameters: &[Passed], result: &Given, prefix: &str) -> String {
    let numbered = || parameters.iter().enumerate();
    let mut declared: Vec<String> = numbered()
        .map(|(number, parameter)| match parameter {
            Passed::Value(ctype) => format!("{ctype} _cgo_{number}"),
            Passed::Double => format!("double _cgo_{number}"),
            Passed::Pointer(_) => format!("const void *_cgo_{number}"),
        })
        .collect();
    if *result == Given::Stored {
        declared.insert(0, "void *_cgo_result".to_string());
    }
    let declared = match declared.is_empty() {
        true => "void".to_string(),
        false => declared.join(", "),
    };
    let passed: Vec<String> = numbered()
        .map(|(number, parameter)| match parameter {
            Passed::Value(_) => format!("_cgo_{number}"),
            // Where there is no prototype to convert it.
            Passed::Double => format!("(long double)_cgo_{number}"),
            Passed::Pointer(ctype) => format!("*(const {ctype} *)_cgo_{number}"),
        })
        .collect();
    let call = format!("({name})({})", passed.join(", "));
    let (ctype, body) = match result {
        Given::Nothing => ("void", format!("{call};")),
        Given::Value(ctype) => (ctype.as_str(), format!("return {call};")),
        Given::Double => ("double", format!("return {call};")),
        Given::Stored => (
            "void",
            format!(
                "__typeof__({call}) _cgo_value = {call}; __builtin_memcpy(_cgo_result, &_cgo_value, sizeof _cgo_value);"
            ),
        ),
    };
    let compared = compared(name, parameters, &call);
    format!("{ctype} {prefix}{name}({declared}) {{ {compared}{body} }}\n")
}

/// C would convert one complex type to another without a word: where they cannot be told apart, the compiler must agree.
fn compared(name: &str, parameters: &[Passed], call: &str) -> String {
    let is_doubtful =
        |passed: &Passed| matches!(passed, Passed::Pointer(ctype) if ctype == WIDE_COMPLEX);
    if !parameters.iter().any(is_doubtful) {
        return String::new();
    }
    let types = parameters.iter().map(|passed| match passed {
        Passed::Value(ctype) | Passed::Pointer(ctype) => ctype,
        Passed::Double => "long double",
    });
    let types: Vec<&str> = types.collect();
    format!(
        "_Static_assert(__builtin_types_compatible_p(__typeof__({name}), __typeof__({call}) ({})), \"it takes a complex type that the compiler does not name\"); ",
        types.join(", ")
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_complex_type_that_may_be_another_is_compared() {
        let shim = |ctype: &str| Shim::Call {
            name: "f".to_string(),
            parameters: vec![Passed::Pointer(ctype.to_string())],
            result: Given::Nothing,
            inlined: false,
            target: None,
        };
        let is_compared = |ctype| write(&[shim(ctype)], "p_", "main.rs").contains("_Static_assert");
        assert!(is_compared("_Complex long double"));
        assert!(!is_compared("long double"));
    }

    #[test]
    fn a_refused_shim_is_known_by_its_line() {
        let shims = ["a", "b", "c"].map(|name| Shim::Value(name.to_string()));
        let gcc = "avx.h:147:1: error: inlining failed: no avx\ncgo-shims:2:87: note: called from here\n\
                   cgo-shims:3:1: error: no such thing\ncgo-shims:9:1: error: not one of ours\n";
        let refused = refused(&shims, gcc);
        assert_eq!(refused.len(), 2);
        assert_eq!(refused["b"], "inlining failed: no avx");
        assert_eq!(refused["c"], "no such thing");
    }

    #[test]
    fn a_refused_shim_is_known_by_the_function_behind_it() {
        let alias = |name: &str| Shim::Alias {
            name: name.to_string(),
            target: name.to_string(),
        };
        let shims = ["a", "b", "c"].map(alias);
        let gcc = "src/main.rs: In function 'b':\nsrc/main.rs:3:4: error: impossible constraint in 'asm'\n\
                   In function 'd',\n    inlined from 'cgo_1_c' at cgo-shims:3:33:\nd.h:2:73: error: so is this\n";
        let refused = refused(&shims, gcc);
        assert_eq!(refused.len(), 2);
        assert_eq!(refused["b"], "impossible constraint in 'asm'");
        assert_eq!(refused["c"], "so is this");
    }

    #[test]
    fn a_refused_shim_is_known_by_its_function() {
        let shims = ["a", "b"].map(|name| Shim::Value(name.to_string()));
        let clang = "amx.h:4:5: error: always_inline function 'c' requires 'amx', but would be inlined into function 'b'\n";
        let refused = refused(&shims, clang);
        assert_eq!(refused.keys().collect::<Vec<_>>(), ["b"]);
    }
}
