use super::*;
use crate::cfg::{Cfg, KnownCfg};
use crate::target::Target;

fn target(triple: &str, os: &str, arch: &str, env: &str) -> Target {
    Target {
        triple: triple.to_string(),
        os: os.to_string(),
        arch: arch.to_string(),
        env: env.to_string(),
        families: vec![if os == "windows" { "windows" } else { "unix" }.to_string()],
        ..Target::default()
    }
}

fn of_target(condition: &str, target: &Target) -> Result<bool, ConditionError> {
    let context = ConditionContext {
        target,
        cfgs: &[],
        known: None,
        has_package: &|_| false,
        variable: &|_| None,
    };
    holds(condition, context)
}

fn on_linux(condition: &str) -> bool {
    let target = target("x86_64-unknown-linux-gnu", "linux", "x86_64", "gnu");
    of_target(condition, &target).unwrap()
}

/// In a crate with the features `stats`, which is on, and `slow-path`, and with a `cfg` of its build script.
fn in_crate(condition: &str) -> Result<bool, ConditionError> {
    let cfg = |name: &str, value: Option<&str>| Cfg {
        name: name.to_string(),
        value: value.map(str::to_string),
    };
    let known = |name: &str, values: &[&str]| KnownCfg {
        name: name.to_string(),
        values: Some(values.iter().map(|value| value.to_string()).collect()),
    };
    let target = target("x86_64-unknown-linux-gnu", "linux", "x86_64", "gnu");
    let cfgs = [
        cfg("feature", Some("stats")),
        cfg("unix", None),
        cfg("target_os", Some("linux")),
        cfg("target_env", Some("gnu")),
    ];
    let known = [
        known("feature", &["stats", "slow-path"]),
        known("has_zlib", &[]),
    ];
    let context = ConditionContext {
        target: &target,
        cfgs: &cfgs,
        known: Some(&known),
        has_package: &|package| package == "zlib >= 1.2",
        variable: &|_| None,
    };
    holds(condition, context)
}

#[test]
fn cfg_is_rusts() {
    for (condition, value) in [
        (r#"cfg(feature = "stats")"#, true),
        (r#"cfg(feature = "slow-path")"#, false),
        (r#"cfg(all(unix, not(target_env = "musl")))"#, true),
        (r#"cfg(any(windows, target_os = "macos",))"#, false),
        ("cfg(all())", true),
        ("cfg(any())", false),
        ("cfg(has_zlib)", false),
        ("cfg(not(has_zlib)) && amd64", true),
        ("!cfg(unix) linux,cfg(true)", true),
        ("cfg(debug_assertions)", false),
    ] {
        assert_eq!(in_crate(condition), Ok(value), "{condition}");
    }
}

#[test]
fn a_package_is_asked_for() {
    for (condition, value) in [
        ("package(zlib >= 1.2)", true),
        ("package(zlib>=1.2)", true),
        ("linux && !package( zlib >= 1.3 )", true),
        ("package(zlib)||windows", false),
        ("windows package(zlib >= 1.2)", true),
    ] {
        assert_eq!(in_crate(condition), Ok(value), "{condition}");
    }
    assert!(in_crate("package()").is_err() && in_crate("package(zlib").is_err());
}

#[test]
fn a_tag_of_go_is_a_feature() {
    assert_eq!(in_crate("stats && linux"), Ok(true));
    assert_eq!(in_crate("!has_zlib"), Ok(true));
}

#[test]
fn a_word_that_means_nothing_is_an_error() {
    for (condition, meant) in [
        ("linxu", Some("linux")),
        ("!windos", Some("windows")),
        ("statts", Some("stats")),
        ("linux || nothing_like_it", None),
        (r#"cfg(feature = "slowpath")"#, Some("slow-path")),
        (r#"cfg(target_os = "linxu")"#, Some("linux")),
        ("cfg(has_zlb)", Some("has_zlib")),
        (r#"cfg(featur = "stats")"#, Some("feature")),
    ] {
        match in_crate(condition) {
            Err(ConditionError::Unknown { similar, .. }) => {
                assert_eq!(similar.as_deref(), meant, "{condition}");
            }
            other => panic!("{condition}: {other:?}"),
        }
    }
    // What rustc was not told cannot be judged.
    assert!(!on_linux("linxu"));
}

#[test]
fn a_cfg_has_a_value_or_has_none() {
    for (condition, write) in [
        (r#"cfg(unix = "x")"#, "write `cfg(unix)`"),
        (
            r#"cfg(not(debug_assertions = ""))"#,
            "write `cfg(debug_assertions)`",
        ),
        (r#"cfg(has_zlib = "1")"#, "write `cfg(has_zlib)`"),
        ("cfg(feature)", r#"write `cfg(feature = "..")`"#),
        ("cfg(target_os)", r#"write `cfg(target_os = "..")`"#),
    ] {
        match in_crate(condition) {
            Err(ConditionError::Value { help, .. }) => assert_eq!(help, write, "{condition}"),
            other => panic!("{condition}: {other:?}"),
        }
    }
    for condition in [
        r#"cfg(target_endian = "small")"#,
        r#"cfg(target_pointer_width = "65")"#,
        r#"cfg(panic = "aborts")"#,
        r#"cfg(feature = "")"#,
    ] {
        let result = in_crate(condition);
        assert!(
            matches!(result, Err(ConditionError::Unknown { .. })),
            "{condition}: {result:?}"
        );
    }
    assert_eq!(in_crate(r#"cfg(target_env = "")"#), Ok(false));
    assert_eq!(in_crate("cfg(target_has_atomic)"), Ok(false));
}

#[test]
fn cfg_has_rusts_syntax() {
    for (condition, said) in [
        ("cfg(not(unix, windows))", "`not` takes one condition"),
        (
            "cfg(none(unix))",
            "expected `all`, `any` or `not`, found `none`",
        ),
        ("cfg(feature = stats)", "expected a value in quotes"),
        ("cfg(unix", "missing `)`"),
        ("cfg(unix windows)", "missing `)`"),
        ("cfg()", "expected a name in `cfg`"),
    ] {
        match in_crate(condition) {
            Err(ConditionError::Syntax(why)) => {
                assert!(why.contains(said), "{condition}: {why}")
            }
            other => panic!("{condition}: {other:?}"),
        }
    }
}

#[test]
fn a_blank_is_or_a_comma_is_and() {
    assert!(on_linux("linux windows"));
    assert!(on_linux("windows linux,amd64"));
    assert!(!on_linux("linux,arm64 windows,amd64"));
    assert!(on_linux("!windows"));
    assert!(!on_linux("!windows,arm64"));
}

#[test]
fn an_expression_may_hold_blanks() {
    assert!(on_linux("linux && (amd64 || arm64)"));
    assert!(on_linux("(windows||linux)&&!arm64"));
    assert!(!on_linux("linux && arm64"));
    assert!(on_linux("! windows"));
    assert!(on_linux("windows && arm64 || linux"));
}

#[test]
fn names_are_rusts_or_gos() {
    for word in ["x86_64", "amd64", "linux", "gnu", "unix", "cgo", "go1.21"] {
        assert!(on_linux(word), "{word}");
    }
    for word in ["386", "windows", "musl", "gc", "gccgo", "my_tag", "go1.x"] {
        assert!(!on_linux(word), "{word}");
    }
}

#[test]
fn a_system_may_be_a_kind_of_another() {
    let holds = |word: &str, triple: &str, os: &str| {
        of_target(word, &target(triple, os, "aarch64", "")).unwrap()
    };
    assert!(holds("darwin", "aarch64-apple-darwin", "macos"));
    assert!(holds("macos,arm64", "aarch64-apple-darwin", "macos"));
    assert!(holds("ios,darwin", "aarch64-apple-ios", "ios"));
    assert!(!holds("macos", "aarch64-apple-ios", "ios"));
    assert!(holds("linux,android", "aarch64-linux-android", "android"));
}

#[test]
fn byte_orders_are_told_by_the_triple() {
    let power = target("powerpc64le-unknown-linux-gnu", "linux", "powerpc64", "gnu");
    assert_eq!(of_target("ppc64le,!ppc64", &power), Ok(true));
    let mips = target("mips64el-unknown-linux-gnuabi64", "linux", "mips64", "gnu");
    assert_eq!(of_target("mips64le", &mips), Ok(true));
}

#[test]
fn nonsense_is_an_error() {
    for condition in [
        "", "!", "linux &", "linux &&", "(linux", "linux)", ",linux", "a-b", "||", "()",
    ] {
        assert!(
            of_target(condition, &Target::default()).is_err(),
            "{condition}"
        );
    }
    assert!(of_target(&"(".repeat(100_000), &Target::default()).is_err());
    assert_eq!(
        of_target(&("!".repeat(100_000) + "cgo"), &Target::default()),
        Ok(true)
    );
}
