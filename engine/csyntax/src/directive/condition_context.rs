//! Decides what the words of conditions mean for a target and a crate.
//!
//! A word is true if it is Rust's or Go's name of the target's system or processor, the first part of its triple
//! (`armv7`, `powerpc64le`), its `target_env` (`gnu`, `musl`, `msvc`) or one of its families (`unix`). `cgo` is true,
//! and so is every `go1.N`: such a line asks for a cgo that is new enough. Go's build tags become features of the package: any other word
//! is true if it is a feature that is on, or a `cfg` without a value that is set.

use crate::cfg::{Cfg, KnownCfg};
use crate::directive::condition_error::ConditionError;
use crate::directive::known_words;
use crate::edit_distance::most_similar;
use crate::target::Target;

/// What conditions and variables are about.
#[derive(Clone, Copy)]
pub struct ConditionContext<'a> {
    pub target: &'a Target,
    /// The conditions that are set.
    pub cfgs: &'a [Cfg],
    /// The conditions of the crate that may be set; `None` if rustc was not told.
    pub known: Option<&'a [KnownCfg]>,
    /// Whether pkg-config has a package, which may stand with a version: `zlib >= 1.2`.
    pub has_package: &'a dyn Fn(&str) -> bool,
    /// The value of a variable that a build script sets for rustc.
    pub variable: &'a dyn Fn(&str) -> Option<String>,
}

impl ConditionContext<'_> {
    /// A word in cgo's form.
    pub(super) fn word(&self, word: &str) -> Result<bool, ConditionError> {
        if known_words::is_known(word) {
            return Ok(is_true(word, self.target));
        }
        if self.is_set("feature", Some(word)) || self.is_set(word, None) {
            return Ok(true);
        }
        let features = self.values_of("feature");
        let names = self
            .known
            .into_iter()
            .flatten()
            .map(|known| known.name.as_str());
        if self.known.is_none()
            || features.contains(&word)
            || names.clone().any(|name| name == word)
        {
            return Ok(is_true(word, self.target));
        }
        Err(ConditionError::Unknown {
            message: format!(
                "`{word}` is not a target, and the package has no feature of this name"
            ),
            similar: most_similar(word, &mut known_words::all().chain(features).chain(names)),
        })
    }

    /// `cfg(name)`.
    pub(super) fn name(&self, name: &str) -> Result<bool, ConditionError> {
        match name {
            "true" | "false" => Ok(name == "true"),
            _ => {
                self.require_name(name)?;
                let needs_value = known_words::CFGS_WITH_VALUE.contains(&name);
                match self.is_set(name, None) {
                    false if needs_value => Err(ConditionError::Value {
                        message: format!("`{name}` is never set without a value"),
                        help: format!("write `cfg({name} = \"..\")`"),
                    }),
                    is_set => Ok(is_set),
                }
            }
        }
    }

    /// `cfg(name = "value")`.
    pub(super) fn value(&self, name: &str, value: &str) -> Result<bool, ConditionError> {
        self.require_name(name)?;
        if self.is_set(name, Some(value)) {
            return Ok(true);
        }
        let values = match name {
            "target_os" => known_words::SYSTEMS.to_vec(),
            "target_arch" => known_words::PROCESSORS.to_vec(),
            "target_env" => known_words::ENVIRONMENTS.to_vec(),
            "target_family" => known_words::FAMILIES.to_vec(),
            "target_endian" => vec!["big", "little"],
            "target_pointer_width" => vec!["16", "32", "64"],
            "panic" => vec!["abort", "unwind"],
            _ => match self.known_cfg(name).map(|known| &known.values) {
                Some(Some(values)) if !values.is_empty() || name == "feature" => {
                    self.values_of(name)
                }
                None if !known_words::CFGS_WITHOUT_VALUE.contains(&name) => return Ok(false),
                Some(None) => return Ok(false),
                _ => {
                    return Err(ConditionError::Value {
                        message: format!("`{name}` is set or not, without a value"),
                        help: format!("write `cfg({name})`"),
                    });
                }
            },
        };
        // Some targets have no `target_env`.
        if (value.is_empty() && name == "target_env") || values.contains(&value) {
            return Ok(false);
        }
        Err(ConditionError::Unknown {
            message: match name {
                "feature" => format!("the package has no feature `{value}`"),
                _ => format!("`{name}` is never `{value}`"),
            },
            similar: most_similar(value, &mut values.into_iter()),
        })
    }

    fn require_name(&self, name: &str) -> Result<(), ConditionError> {
        let is_known =
            known_words::cfgs().any(|known| known == name) || self.known_cfg(name).is_some();
        let is_set = self.cfgs.iter().any(|cfg| cfg.name == name);
        if is_known || is_set || self.known.is_none() {
            return Ok(());
        }
        let names = self
            .known
            .into_iter()
            .flatten()
            .map(|known| known.name.as_str());
        Err(ConditionError::Unknown {
            message: format!("unknown `cfg({name})`"),
            similar: most_similar(name, &mut known_words::cfgs().chain(names)),
        })
    }

    fn is_set(&self, name: &str, value: Option<&str>) -> bool {
        let mut cfgs = self.cfgs.iter();
        cfgs.any(|cfg| cfg.name == name && cfg.value.as_deref() == value)
    }

    fn known_cfg(&self, name: &str) -> Option<&KnownCfg> {
        self.known?.iter().find(|known| known.name == name)
    }

    fn values_of(&self, name: &str) -> Vec<&str> {
        let values = self.known_cfg(name).and_then(|known| known.values.as_ref());
        values.into_iter().flatten().map(String::as_str).collect()
    }
}

fn is_true(word: &str, target: &Target) -> bool {
    let named = |name: &str| !name.is_empty() && name == word;
    let triple_arch = target.triple.split('-').next().unwrap_or_default();
    named(&target.os)
        || named(&target.arch)
        || named(&target.env)
        || named(triple_arch)
        || target.families.iter().any(|family| named(family))
        || go_systems(&target.os).contains(&word)
        || named(go_processor(&target.arch, triple_arch))
        || word == "cgo"
        || known_words::is_go_version(word)
}

/// Go's names of a system, and of the systems that Go counts it among.
fn go_systems(os: &str) -> &'static [&'static str] {
    match os {
        "macos" | "ios" | "tvos" | "watchos" | "visionos" => &["darwin"],
        "android" => &["linux"],
        "illumos" => &["solaris"],
        "wasi" => &["wasip1"],
        _ => &[],
    }
}

/// Go's name of a processor. Go tells byte orders apart where Rust's `target_arch` does not.
fn go_processor(arch: &str, triple_arch: &str) -> &'static str {
    let little = triple_arch.contains("le") || triple_arch.contains("el");
    match arch {
        "x86_64" => "amd64",
        "x86" => "386",
        "aarch64" => "arm64",
        "powerpc" => "ppc",
        "powerpc64" if little => "ppc64le",
        "powerpc64" => "ppc64",
        "mips" if little => "mipsle",
        "mips64" if little => "mips64le",
        "loongarch64" => "loong64",
        "riscv32" => "riscv",
        "wasm32" | "wasm64" => "wasm",
        _ => "",
    }
}
