//! Finds in the compiler's messages which shims it rejected. The probe does not find these errors, since it generates no code.

use std::collections::HashMap;

use cgo_codegen::shims::{FILE, Shim};
use cgo_toolchain::compiler::messages::{CompilerMessage, Severity};

/// The items whose shims the compiler rejected, each with the first error about it. `prefix` is that of the shims' symbols.
pub(crate) fn rejected(
    shims: &[Shim],
    prefix: &str,
    messages: &[CompilerMessage],
) -> HashMap<String, String> {
    let of_severity = |severity| move |message: &&CompilerMessage| message.severity == severity;
    let errors = messages.iter().filter(of_severity(Severity::Error));
    // gcc reports the first of all impossible constraints of a run, but warns of each.
    let has_impossible_constraint = errors
        .clone()
        .any(|error| error.says("impossible constraint"));
    let warnings = messages.iter().filter(|warning| {
        has_impossible_constraint
            && warning.severity == Severity::Warning
            && warning.says("probably does not match constraints")
    });
    let mut rejected = HashMap::new();
    for message in errors.chain(warnings) {
        if let Some(shim) = find(shims, prefix, message) {
            let said = || message.text.clone();
            rejected.entry(shim.item().to_string()).or_insert_with(said);
        }
    }
    rejected
}

/// The shim that an error is about. The error may stand in a header: a note names the line of the call, or gcc says of which function it
/// was to generate the code.
fn find<'a>(shims: &'a [Shim], prefix: &str, error: &CompilerMessage) -> Option<&'a Shim> {
    let by_line = |line: usize| shims.get(line.checked_sub(1)?);
    let by_function = |function: &str| {
        let item = function.strip_prefix(prefix);
        shims.iter().find(|shim| match (item, shim) {
            (Some(item), shim) => shim.item() == item,
            (None, Shim::Alias { target, .. } | Shim::InlineDefinition { target, .. }) => {
                target == function
            }
            _ => false,
        })
    };
    error
        .lines_in(FILE)
        .find_map(by_line)
        .or_else(|| by_function(error.function.as_ref()?))
        .or_else(|| named(shims, prefix, &error.text))
}

/// The shim whose function, or whose `static` function of a header, a text names: without the shim the compiler would not have generated
/// code for either. A text that names two functions is about the last one, into which the other is inlined.
fn named<'a>(shims: &'a [Shim], prefix: &str, text: &str) -> Option<&'a Shim> {
    let names = text.split('\'').map(|word| {
        let symbol = word.strip_prefix('@');
        symbol
            .and_then(|symbol| symbol.strip_prefix(prefix))
            .unwrap_or(word)
    });
    let mut found = names.filter_map(|name| shims.iter().find(|shim| shim.item() == name));
    found.next_back()
}

/// The item on whose shim clang crashed: its stack dump names the function.
pub(crate) fn of_stack_dump(shims: &[Shim], prefix: &str, stderr: &str) -> Option<String> {
    let mut lines = stderr.lines();
    let line = lines.find(|line| line.contains("on function '"))?;
    Some(named(shims, prefix, line)?.item().to_string())
}

/// The shims for the same processor features as a rejected one: the compiler is likely to reject them too.
pub(crate) fn similar(shims: &[Shim], rejected: &HashMap<String, String>) -> Vec<(String, String)> {
    let features = |shim: &Shim| match shim {
        Shim::Call {
            inlined: true,
            features,
            ..
        } => features.clone(),
        _ => None,
    };
    let is_rejected = |shim: &&Shim| rejected.contains_key(shim.item());
    let rejected_features: Vec<_> = shims
        .iter()
        .filter(is_rejected)
        .filter_map(features)
        .collect();
    let alike = shims.iter().filter(|shim| {
        features(shim).is_some_and(|features| rejected_features.contains(&features))
    });
    let reason =
        "the compiler refuses to inline other functions that need the same processor features";
    alike
        .map(|shim| (shim.item().to_string(), reason.to_string()))
        .collect()
}

#[cfg(test)]
mod tests {
    use cgo_codegen::shims::ShimResult;
    use cgo_toolchain::compiler::messages;

    use super::*;

    /// The items that are rejected, in order, each with the reason.
    fn rejected_of(shims: &[Shim], stderr: &str) -> Vec<(String, String)> {
        let found = rejected(shims, "cgo_1_", &messages::read(stderr));
        let mut found: Vec<_> = found.into_iter().collect();
        found.sort();
        found
    }

    fn values(names: &[&str]) -> Vec<Shim> {
        let values = names.iter().map(|name| Shim::Value(name.to_string()));
        values.collect()
    }

    fn pair(item: &str, reason: &str) -> (String, String) {
        (item.to_string(), reason.to_string())
    }

    #[test]
    fn by_its_line() {
        let gcc = "avx.h:147:1: error: inlining failed: no avx\ncgo-shims:2:87: note: called from here\n\
                   cgo-shims:3:1: error: no such thing\ncgo-shims:9:1: error: not one of ours\n";
        assert_eq!(
            rejected_of(&values(&["a", "b", "c"]), gcc),
            [
                pair("b", "inlining failed: no avx"),
                pair("c", "no such thing")
            ]
        );
    }

    #[test]
    fn not_by_the_line_of_a_warning_or_of_its_notes() {
        let gcc = "cgo-shims:1: warning: undefining \"__FILE__\" [-Wbuiltin-macro-redefined]\n\
                   a.h:5:8: warning: array subscript 4 is outside of the bounds of 'p'\ncgo-shims:1:5: note: 'p' declared here\n\
                   src/main.rs:5:58: error: function 'b' can never be inlined\n";
        assert_eq!(
            rejected_of(&values(&["a", "b"]), gcc),
            [pair("b", "function 'b' can never be inlined")]
        );
    }

    #[test]
    fn by_the_function_that_the_error_is_in() {
        let alias = |name: &str| Shim::Alias {
            name: name.to_string(),
            target: name.to_string(),
            label: None,
        };
        let gcc = "src/main.rs: In function 'b':\nsrc/main.rs:3:4: error: impossible constraint in 'asm'\n\
                   In function 'd',\n    inlined from 'cgo_1_c' at cgo-shims:3:33:\nd.h:2:73: error: so is this\n\
                   bits.h: In function 'cgo_1_e':\nbits.h:3:4: error: and this\n";
        assert_eq!(
            rejected_of(&["a", "b", "c", "d", "e"].map(alias), gcc),
            [
                pair("b", "impossible constraint in 'asm'"),
                pair("c", "so is this"),
                pair("e", "and this")
            ]
        );
    }

    #[test]
    fn by_the_inline_function_that_the_error_is_in() {
        let inline = |name: &str| Shim::InlineDefinition {
            name: name.to_string(),
            target: name.to_string(),
        };
        let gcc = "a.h: In function 'b':\na.h:3:4: error: impossible constraint in 'asm'\n";
        assert_eq!(
            rejected_of(&["a", "b"].map(inline), gcc),
            [pair("b", "impossible constraint in 'asm'")]
        );
    }

    #[test]
    fn each_error_by_what_it_says() {
        let gcc = "bits.h: In function 'cgo_1_a':\nbits.h:3:4: error: call to 'bad_mask' declared with attribute error\n\
                   bits.h: At top level:\ncgo-shims:2:4: error: no such thing\n";
        assert_eq!(rejected_of(&values(&["a", "b"]), gcc).len(), 2);
    }

    #[test]
    fn impossible_constraints_by_warnings() {
        let shims = values(&["a", "b", "c"]);
        let warning = "warning: 'asm' operand 0 probably does not match constraints";
        let warned = format!(
            "In function 'cgo_1_a':\nh.h:1:2: {warning}\nIn function 'cgo_1_b':\nh.h:3:2: {warning}\n"
        );
        assert_eq!(rejected_of(&shims, &warned), []);
        let gcc = warned + "h.h:3:2: error: impossible constraint in 'asm'\n";
        let rejected = rejected_of(&shims, &gcc);
        let items: Vec<&str> = rejected.iter().map(|(item, _)| item.as_str()).collect();
        assert_eq!(items, ["a", "b"]);
    }

    #[test]
    fn by_the_last_function_that_the_error_names() {
        let c = "always_inline function 'c' requires 'amx', but would be inlined into function";
        let clang = format!("amx.h:4:5: error: {c} 'b'\namx.h:7:5: error: {c} 'd'\n");
        assert_eq!(
            rejected_of(&values(&["a", "b", "c", "d"]), &clang),
            [
                pair("b", &format!("{c} 'b'")),
                pair("d", &format!("{c} 'd'"))
            ]
        );
    }

    #[test]
    fn by_the_stack_dump_of_a_crash() {
        let clang = "clang: error: unable to execute command: Segmentation fault\n\
                     4.\tRunning pass 'Fast Tile Register Configure' on function '@cgo_1_b'\n";
        let shims = values(&["a", "b"]);
        assert_eq!(rejected_of(&shims, clang), []);
        assert_eq!(of_stack_dump(&shims, "cgo_1_", clang).as_deref(), Some("b"));
    }

    #[test]
    fn those_without_processor_features_are_not_similar() {
        let call = |name: &str, features: Option<&str>| Shim::Call {
            name: name.to_string(),
            callee: name.to_string(),
            parameters: Vec::new(),
            result: ShimResult::Void,
            inlined: true,
            features: features.map(str::to_string),
        };
        let avx = Some("\"avx2\"");
        let shims = [
            call("a", avx),
            call("b", avx),
            call("c", None),
            call("d", None),
        ];
        let rejected = ["a", "c"].map(|name| pair(name, ""));
        let similar = similar(&shims, &HashMap::from(rejected));
        let items: Vec<&str> = similar.iter().map(|(item, _)| item.as_str()).collect();
        assert_eq!(items, ["a", "b"]);
    }
}
