//! Counts the items of a generated module: text of Rust that this project or bindgen wrote.

use std::collections::{BTreeMap, BTreeSet};

/// The public items, and their names.
#[derive(Default)]
pub(crate) struct Items {
    pub(crate) functions: usize,
    pub(crate) variables: usize,
    pub(crate) types: usize,
    pub(crate) constants: usize,
    pub(crate) names: BTreeSet<String>,
}

/// The items of a module, each of which starts a line after blanks and attributes. What lies in an `impl` counts as nothing.
pub(crate) fn of_module(text: &str) -> Items {
    let mut items = Items::default();
    let mut inside_impl = None;
    for line in text.lines() {
        let indent = line.len() - line.trim_start().len();
        let line = line.trim_start();
        if let Some(depth) = inside_impl {
            if indent == depth && line.starts_with('}') {
                inside_impl = None;
            }
            continue;
        }
        if is_impl(line) {
            inside_impl = (!line.ends_with('}')).then_some(indent);
            continue;
        }
        let Some(item) = line.strip_prefix("pub ") else {
            continue;
        };
        let words: Vec<&str> = item
            .split(|c: char| !c.is_alphanumeric() && !"_#$".contains(c))
            .filter(|word| !word.is_empty())
            .collect();
        let Some((counter, name)) = kind(&mut items, &words) else {
            continue;
        };
        *counter += 1;
        items
            .names
            .insert(name.trim_start_matches("r#").to_string());
    }
    items
}

/// The text of each item by its name, which a type and a function may share. What the linker calls it is nothing of Rust's.
pub(crate) fn texts(module: &str) -> BTreeMap<String, Vec<String>> {
    let mut texts: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let mut lines = module.lines();
    while let Some(line) = lines.next() {
        if is_impl(line) {
            if !line.ends_with('}') {
                lines.by_ref().find(|line| *line == "}");
            }
            continue;
        }
        let item = match line.strip_prefix('#') {
            Some(_) => line.split_once("] pub ").map(|(_, item)| item),
            None => line.strip_prefix("pub "),
        };
        let Some(item) = item.filter(|item| !item.starts_with("mod ")) else {
            continue;
        };
        let mut text = format!("pub {item}");
        if line.ends_with('{') {
            for line in lines.by_ref().take_while(|line| *line != "}") {
                if !line.contains("link_name") {
                    text.push(' ');
                    text.push_str(line);
                }
            }
        }
        let words: Vec<&str> = item
            .split(|c: char| !c.is_alphanumeric() && !"_#$".contains(c))
            .filter(|word| !word.is_empty())
            .collect();
        if let Some((_, name)) = kind(&mut Items::default(), &words) {
            let name = name.trim_start_matches("r#").to_string();
            texts.entry(name).or_default().push(text);
        }
    }
    texts
}

/// A parameter on a line of its own may be called `implementation`.
fn is_impl(line: &str) -> bool {
    let starts = ["impl ", "impl<", "unsafe impl"];
    starts.iter().any(|start| line.starts_with(start))
}

/// Which count an item belongs to, and its name. Fields and reexports are no items.
fn kind<'a, 'w>(items: &'a mut Items, words: &[&'w str]) -> Option<(&'a mut usize, &'w str)> {
    let found = match words {
        ["unsafe" | "safe" | "const", "fn", name, ..] | ["fn", name, ..] => {
            (&mut items.functions, *name)
        }
        ["unsafe", "extern", "C", "fn", name, ..] | ["extern", "C", "fn", name, ..] => {
            (&mut items.functions, *name)
        }
        ["safe", "static", name, ..] | ["static", "mut", name, ..] | ["static", name, ..] => {
            (&mut items.variables, *name)
        }
        ["struct" | "union" | "type" | "enum", name, ..] => (&mut items.types, *name),
        ["const", name, ..] => (&mut items.constants, *name),
        _ => return None,
    };
    Some(found)
}

/// The names that the module's documentation lists as not bound, by their reasons, with the names of types in a reason left
/// out, so that equal reasons are one.
pub(crate) fn left_out(module: &str) -> BTreeMap<String, Vec<String>> {
    let mut reasons: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let Some((_, list)) = module.split_once("Not bound:\\n") else {
        return reasons;
    };
    let list = list.split("\"]").next().unwrap_or("");
    for entry in list.split("\\n- `").skip(1) {
        let Some((name, reason)) = entry.split_once("`: ") else {
            continue;
        };
        let parts: Vec<&str> = reason
            .split("\\n")
            .next()
            .unwrap_or("")
            .split('`')
            .collect();
        let reason: Vec<&str> = parts
            .iter()
            .step_by(2)
            .map(|part| part.trim_end_matches('\\'))
            .collect();
        let reason = reason.join("…");
        reasons.entry(reason).or_default().push(name.to_string());
    }
    reasons
}
