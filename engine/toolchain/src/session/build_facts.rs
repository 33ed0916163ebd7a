//! What the session knows of the target and the profile, beside rustc's arguments: from a marker file, or from rustc's own answer.

use std::path::Path;

use cgo_csyntax::cfg::Cfg;
use cgo_csyntax::target::Target;

/// What a build script is told, or rustc tells.
pub(super) struct BuildFacts {
    triple: String,
    host: String,
    /// The profile's, which Cargo does not tell rustdoc.
    pub(super) opt_level: String,
    pub(super) debug_info: bool,
    /// The state of the engine and of what it depends on.
    pub(super) engine: String,
    /// The variables that Cargo watches.
    pub(super) watched_variables: Vec<String>,
    /// The `cfg`s of the target.
    pub(super) cfgs: Vec<Cfg>,
}

impl BuildFacts {
    /// Reads the text of a marker file: lines of `KEY=VALUE`.
    pub(super) fn of_marker(text: &str) -> BuildFacts {
        let lines: Vec<(&str, &str)> = text
            .lines()
            .filter_map(|line| line.split_once('='))
            .collect();
        let value = |wanted: &str| {
            let found = lines.iter().find(|(key, _)| *key == wanted);
            found.map_or("", |(_, value)| *value)
        };
        let variables = value("VARIABLES").split(',');
        let mut cfgs = Vec::new();
        for (key, values) in &lines {
            if let Some(name) = key.strip_prefix("CARGO_CFG_") {
                let name = name.to_lowercase();
                let may_be_empty = matches!(&*name, "target_abi" | "target_env");
                let has_value = |value: &str| !value.is_empty() || may_be_empty;
                let values = values.split(',');
                cfgs.extend(values.map(|value| cfg(&name, has_value(value).then_some(value))));
            }
        }
        cfgs.retain(is_of_target);
        BuildFacts {
            triple: value("TARGET").to_string(),
            host: value("HOST").to_string(),
            opt_level: value("OPT_LEVEL").to_string(),
            debug_info: value("DEBUG") == "true",
            engine: value("ENGINE").to_string(),
            watched_variables: variables
                .filter(|name| !name.is_empty())
                .map(str::to_string)
                .collect(),
            cfgs,
        }
    }

    /// Reads what rustc says for these options of the target: first the host, then a `cfg` a line.
    pub(super) fn of_rustc(answer: &str, of_target: &[String], engine: String) -> BuildFacts {
        let mut said = answer.lines();
        let host = said.next().unwrap_or_default();
        let cfgs = said.map(|line| match line.split_once('=') {
            Some((name, value)) => cfg(name, Some(value.trim_matches('"'))),
            None => cfg(line, None),
        });
        BuildFacts {
            triple: named_target(of_target).unwrap_or(host).to_string(),
            host: host.to_string(),
            opt_level: "0".to_string(),
            debug_info: false,
            engine,
            watched_variables: Vec::new(),
            cfgs: cfgs.filter(is_of_target).collect(),
        }
    }

    pub(super) fn target(&self) -> Target {
        let value = |name: &str| self.values(name).next().unwrap_or_default().to_string();
        let atomics = self.values("target_has_atomic");
        Target {
            triple: self.triple.clone(),
            host: self.host.clone(),
            os: value("target_os"),
            arch: value("target_arch"),
            env: value("target_env"),
            vendor: value("target_vendor"),
            families: self.values("target_family").map(str::to_string).collect(),
            pointer_width: value("target_pointer_width").parse().unwrap_or(usize::BITS),
            big_endian: value("target_endian") == "big",
            // The list has `ptr` too.
            atomic_widths: atomics.filter_map(|width| width.parse().ok()).collect(),
            soft_float: self.soft_float(),
        }
    }

    /// rustc has no `cfg` for it on x86: with 64 bits the registers are those of SSE, and with 32 bits functions return in those of the x87,
    /// except on firmware, and perhaps in kernels, whose targets have descriptions of their own.
    fn soft_float(&self) -> bool {
        let has = |name: &str, wanted: &str| self.values(name).any(|value| value == wanted);
        if has("target_arch", "x86_64") {
            !has("target_feature", "sse2")
        } else {
            let is_bare = has("target_os", "uefi") || has("target_os", "none");
            has("target_abi", "softfloat") || has("target_arch", "x86") && is_bare
        }
    }

    fn values(&self, name: &str) -> impl Iterator<Item = &str> {
        let named = self.cfgs.iter().filter(move |cfg| cfg.name == name);
        named.filter_map(|cfg| cfg.value.as_deref())
    }
}

fn cfg(name: &str, value: Option<&str>) -> Cfg {
    Cfg {
        name: name.to_string(),
        value: value.map(str::to_string),
    }
}

/// Features and profile are those of the runtime crate.
fn is_of_target(cfg: &Cfg) -> bool {
    !matches!(cfg.name.as_str(), "feature" | "debug_assertions")
}

/// The target that rustc's options name.
fn named_target(options: &[String]) -> Option<&str> {
    let given = Path::new(
        options
            .iter()
            .skip_while(|word| *word != "--target")
            .nth(1)?,
    );
    let name = match given.extension().is_some_and(|end| end == "json") {
        // A description of a target; its name is the triple.
        true => given.file_stem()?,
        false => given.as_os_str(),
    };
    name.to_str()
}

#[cfg(test)]
mod tests {
    use super::*;

    const ANSWER: &str = "x86_64-unknown-linux-gnu\ndebug_assertions\ntarget_arch=\"aarch64\"\ntarget_env=\"\"\n\
                          target_family=\"unix\"\ntarget_feature=\"fp\"\ntarget_feature=\"neon\"\n\
                          target_os=\"macos\"\ntarget_pointer_width=\"64\"\ntarget_vendor=\"apple\"\nunix\n";

    fn of_rustc(options: &[&str]) -> BuildFacts {
        let options: Vec<String> = options.iter().map(|word| word.to_string()).collect();
        BuildFacts::of_rustc(ANSWER, &options, String::new())
    }

    #[test]
    fn the_targets_cfgs_are_those_of_the_marker() {
        let facts = BuildFacts::of_marker(
            "VERSION=1\nCARGO_CFG_UNIX=\nCARGO_CFG_TARGET_FEATURE=sse,sse2\nCARGO_CFG_FEATURE=std",
        );
        assert_eq!(facts.cfgs.len(), 3);
    }

    #[test]
    fn a_marker_and_rustc_describe_one_target() {
        let marker = "TARGET=aarch64-apple-darwin\nHOST=x86_64-unknown-linux-gnu\nOPT_LEVEL=3\nDEBUG=true\nENGINE=7\nVARIABLES=CC,CFLAGS\n\
                      CARGO_CFG_TARGET_ARCH=aarch64\nCARGO_CFG_TARGET_ENV=\nCARGO_CFG_TARGET_FAMILY=unix\nCARGO_CFG_TARGET_FEATURE=fp,neon\n\
                      CARGO_CFG_TARGET_OS=macos\nCARGO_CFG_TARGET_POINTER_WIDTH=64\nCARGO_CFG_TARGET_VENDOR=apple\nCARGO_CFG_UNIX=\n";
        let facts = BuildFacts::of_marker(marker);
        let asked = of_rustc(&["--target", "aarch64-apple-darwin"]);
        assert_eq!(facts.target(), asked.target());
        assert_eq!(facts.cfgs, asked.cfgs);
        assert_eq!((&*facts.opt_level, facts.debug_info), ("3", true));
        assert_eq!((&*facts.engine, facts.watched_variables.len()), ("7", 2));
    }

    #[test]
    fn rustcs_answer_describes_the_target() {
        let facts = of_rustc(&["-Ctarget-cpu=apple-m1", "--target", "aarch64-apple-darwin"]);
        let target = facts.target();
        assert_eq!(target.triple, "aarch64-apple-darwin");
        assert_eq!(target.host, "x86_64-unknown-linux-gnu");
        assert_eq!((&*target.os, &*target.arch), ("macos", "aarch64"));
        assert_eq!((&*target.env, &*target.vendor), ("", "apple"));
        assert_eq!(target.families, ["unix"]);
        let has = |name, value| facts.cfgs.contains(&cfg(name, value));
        assert!(has("target_feature", Some("fp")) && has("target_feature", Some("neon")));
        assert!(has("target_env", Some("")) && has("unix", None));
    }

    #[test]
    fn a_target_without_registers_for_numbers_is_known() {
        let soft_float = |cfgs: &str| BuildFacts::of_marker(cfgs).target().soft_float;
        let x86_64 = "CARGO_CFG_TARGET_ARCH=x86_64\nCARGO_CFG_TARGET_FEATURE=fxsr";
        assert!(soft_float(x86_64));
        assert!(!soft_float(&format!("{x86_64},sse,sse2")));
        assert!(!soft_float("CARGO_CFG_TARGET_ARCH=x86"));
        assert!(soft_float(
            "CARGO_CFG_TARGET_ARCH=x86\nCARGO_CFG_TARGET_OS=none"
        ));
        let aarch64 = "CARGO_CFG_TARGET_ARCH=aarch64";
        assert!(soft_float(&format!(
            "{aarch64}\nCARGO_CFG_TARGET_ABI=softfloat"
        )));
        assert!(!soft_float(aarch64));
    }

    #[test]
    fn a_description_of_a_target_gives_its_name() {
        let triple = |options: &[&str]| of_rustc(options).target().triple;
        assert_eq!(triple(&["--target", "targets/mine.json"]), "mine");
        assert_eq!(
            triple(&["--target", "thumbv8m.main-none-eabi"]),
            "thumbv8m.main-none-eabi"
        );
        assert_eq!(triple(&[]), "x86_64-unknown-linux-gnu");
    }
}
