//! What `#[cfg]` sees in a crate: the conditions that are set, and those that rustc knows.

/// A condition that is set: `name`, or `name = "value"`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cfg {
    pub name: String,
    pub value: Option<String>,
}

/// A condition that may be set, as `--check-cfg` tells rustc.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KnownCfg {
    pub name: String,
    /// Its values; `None` if it can have any.
    pub values: Option<Vec<String>>,
}

/// Reads `cfg(NAME, .., values("VALUE", ..))`, the value of a `--check-cfg`. `None` if it allows every name.
pub fn read_known(text: &str) -> Option<Vec<KnownCfg>> {
    let inside = text.trim().strip_prefix("cfg(");
    let inside = inside.and_then(|rest| rest.strip_suffix(')'));
    let (mut names, mut values) = (Vec::new(), Some(Vec::new()));
    for part in parts(inside.unwrap_or_default()) {
        match part.strip_prefix("values(") {
            Some(list) => {
                let list = parts(list.strip_suffix(')').unwrap_or(list));
                values = match list.contains(&"any()") {
                    true => None,
                    false => Some(list.iter().filter_map(|word| quoted(word)).collect()),
                };
            }
            None if part == "any()" => return None,
            None => names.push(part.to_string()),
        }
    }
    let known = names.into_iter().map(|name| KnownCfg {
        name,
        values: values.clone(),
    });
    Some(known.collect())
}

/// The parts between the commas that are in no quotes and parentheses.
fn parts(text: &str) -> Vec<&str> {
    let (mut depth, mut in_quotes) = (0usize, false);
    let ends = move |character: char| {
        match character {
            '"' => in_quotes = !in_quotes,
            _ if in_quotes => {}
            '(' => depth += 1,
            ')' => depth = depth.saturating_sub(1),
            ',' => return depth == 0,
            _ => {}
        }
        false
    };
    let parts = text.split(ends).map(str::trim);
    parts.filter(|part| !part.is_empty()).collect()
}

fn quoted(text: &str) -> Option<String> {
    let inside = text.strip_prefix('"')?.strip_suffix('"')?;
    Some(inside.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn known(text: &str) -> Option<Vec<(String, Option<Vec<String>>)>> {
        let known = read_known(text)?.into_iter();
        Some(known.map(|known| (known.name, known.values)).collect())
    }

    #[test]
    fn what_cargo_passes() {
        let no_values = || Some(Vec::new());
        assert_eq!(
            known("cfg(docsrs,test)"),
            Some(vec![
                ("docsrs".to_string(), no_values()),
                ("test".to_string(), no_values())
            ])
        );
        let values = Some(vec!["a".to_string(), "b-c".to_string()]);
        assert_eq!(
            known("cfg(feature, values(\"a\", \"b-c\"))"),
            Some(vec![("feature".to_string(), values)])
        );
        assert_eq!(
            known("cfg(feature, values())"),
            Some(vec![("feature".to_string(), no_values())])
        );
    }

    #[test]
    fn what_a_build_script_may_say() {
        assert_eq!(
            known("cfg(mine, values(any()))"),
            Some(vec![("mine".to_string(), None)])
        );
        assert_eq!(
            known("cfg(mine, values(none(), \"x,y\"))"),
            Some(vec![("mine".to_string(), Some(vec!["x,y".to_string()]))])
        );
        assert_eq!(known("cfg(any())"), None);
    }
}
