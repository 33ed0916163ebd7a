//! Finds in the compiler's errors which shims it rejected.

use std::collections::HashMap;

use crate::shims::c_text::FILE;
use crate::shims::shim::Shim;

/// The shims for the same processor features as a rejected one: the compiler is likely to reject them too.
pub fn similar_to_rejected(
    shims: &[Shim],
    rejected: &HashMap<String, String>,
) -> Vec<(String, String)> {
    let features = |shim: &Shim| match shim {
        Shim::Call {
            inlined: true,
            features,
            ..
        } => Some(features.clone()),
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

/// The items whose shims the compiler rejected, each with the first error about it. The error may stand in a header, followed by a
/// note with the line of the call. The probe does not find these errors, since it generates no code.
pub fn rejected(shims: &[Shim], stderr: &str) -> HashMap<String, String> {
    let mut said = "the compiler rejects a call of it";
    let mut rejected = HashMap::new();
    // gcc also warns at the lines of the shims, and where the file of their text begins.
    let of_errors = |line: &&str| !line.contains(" warning: ");
    for line in stderr.lines().filter(of_errors) {
        if let Some((_, error)) = line.split_once(" error: ") {
            said = error;
        }
        let number = line
            .strip_prefix(FILE)
            .and_then(|rest| rest.strip_prefix(':'))
            .and_then(|rest| rest.split(':').next()?.parse::<usize>().ok());
        if let Some(shim) = number.and_then(|number| shims.get(number.checked_sub(1)?)) {
            rejected
                .entry(shim.item().to_string())
                .or_insert_with(|| said.to_string());
        }
    }
    if rejected.is_empty() {
        rejected.extend(by_function_in_error(shims, stderr));
    }
    if rejected.is_empty() {
        rejected.extend(in_function(shims, stderr));
    }
    rejected
}

/// The shims of functions that gcc cannot generate code for: it names the function, and what it was inlined into, on a line before
/// the error.
fn in_function(shims: &[Shim], stderr: &str) -> HashMap<String, String> {
    let is_behind =
        |shim: &&Shim, name: &str| matches!(shim, Shim::Alias { target, .. } if target == name);
    let by_name = |name: &str| shims.iter().find(|shim| is_behind(shim, name));
    let by_line = |place: &str| {
        let line: usize = place.split(':').next()?.parse().ok()?;
        shims.get(line.checked_sub(1)?)
    };
    let mut shim = None;
    let mut rejected = HashMap::new();
    for line in stderr.lines() {
        if let Some((_, named)) = line.split_once("In function ") {
            shim = by_name(named.trim_matches(['\'', '‘', '’', ':', ',']));
        } else if let Some((_, place)) = line.split_once(&format!(" at {FILE}:")) {
            shim = by_line(place);
        } else if let Some((_, error)) = line.split_once(" error: ")
            && let Some(shim) = shim
        {
            let said = || error.to_string();
            rejected.entry(shim.item().to_string()).or_insert_with(said);
        }
    }
    rejected
}

/// The shims whose functions, or whose `static` functions of a header, errors name: without the shim the compiler would not have generated
/// code for either. An error that names two functions is about the last one, into which the other is inlined. If clang crashes, its stack dump
/// names the function.
fn by_function_in_error(shims: &[Shim], stderr: &str) -> HashMap<String, String> {
    let of_line = |line: &str| {
        let (said, reason) = match line.split_once(" error: ") {
            Some((_, error)) => (error, error.trim()),
            None if line.contains("on function '") => (line, "the compiler crashes on it"),
            None => return None,
        };
        let names = said.split(['\'', '‘', '’']).map(|word| {
            let ours = word.strip_prefix("@cgo_");
            ours.and_then(|rest| Some(rest.split_once('_')?.1))
                .unwrap_or(word)
        });
        let mut shims = names.filter_map(|name| shims.iter().find(|shim| shim.item() == name));
        Some((shims.next_back()?.item().to_string(), reason.to_string()))
    };
    stderr.lines().filter_map(of_line).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rejected_shim_is_known_by_its_line() {
        let shims = ["a", "b", "c"].map(|name| Shim::Value(name.to_string()));
        let gcc = "avx.h:147:1: error: inlining failed: no avx\ncgo-shims:2:87: note: called from here\n\
                   cgo-shims:3:1: error: no such thing\ncgo-shims:9:1: error: not one of ours\n";
        let rejected = rejected(&shims, gcc);
        assert_eq!(rejected.len(), 2);
        assert_eq!(rejected["b"], "inlining failed: no avx");
        assert_eq!(rejected["c"], "no such thing");
    }

    #[test]
    fn a_warning_rejects_no_shim() {
        let shims = ["a", "b"].map(|name| Shim::Value(name.to_string()));
        let gcc = "cgo-shims:1: warning: undefining \"__FILE__\" [-Wbuiltin-macro-redefined]\n\
                   src/main.rs:5:58: error: function 'b' can never be inlined\n";
        assert_eq!(rejected(&shims, gcc).keys().collect::<Vec<_>>(), ["b"]);
    }

    #[test]
    fn a_rejected_shim_is_known_by_the_function_behind_it() {
        let alias = |name: &str| Shim::Alias {
            name: name.to_string(),
            target: name.to_string(),
            label: None,
        };
        let shims = ["a", "b", "c"].map(alias);
        let gcc = "src/main.rs: In function 'b':\nsrc/main.rs:3:4: error: impossible constraint in 'asm'\n\
                   In function 'd',\n    inlined from 'cgo_1_c' at cgo-shims:3:33:\nd.h:2:73: error: so is this\n";
        let rejected = rejected(&shims, gcc);
        assert_eq!(rejected.len(), 2);
        assert_eq!(rejected["b"], "impossible constraint in 'asm'");
        assert_eq!(rejected["c"], "so is this");
    }

    #[test]
    fn rejected_shims_are_known_by_their_functions() {
        let shims = ["a", "b", "c", "d"].map(|name| Shim::Value(name.to_string()));
        let clang = "amx.h:4:5: error: always_inline function 'c' requires 'amx', but would be inlined into function 'b'\n\
                     amx.h:7:5: error: always_inline function 'c' requires 'amx', but would be inlined into function 'd'\n";
        let mut rejected: Vec<_> = rejected(&shims, clang).into_keys().collect();
        rejected.sort();
        assert_eq!(rejected, ["b", "d"]);
    }

    #[test]
    fn a_line_of_a_stack_dump_is_no_reason() {
        let shims = [Shim::Value("b".to_string())];
        let clang = "clang: error: unable to execute command: Segmentation fault\n\
                     4.\tRunning pass 'Fast Tile Register Configure' on function '@cgo_1_b'\n";
        assert_eq!(rejected(&shims, clang)["b"], "the compiler crashes on it");
    }
}
