//! The marker that the build script leaves in the link directory, which the macros look for and
//! read.

use std::fs;
use std::path::Path;

#[test]
fn marker_says_version_target_host_profile_variables_and_cfgs() {
    let marker = Path::new(env!("OUT_DIR")).join("link/cgo-link-directory");
    let text = fs::read_to_string(marker).unwrap();
    let lines: Vec<(&str, &str)> = text
        .lines()
        .map(|line| line.split_once('=').unwrap())
        .collect();

    assert_eq!(lines[0], ("VERSION", env!("CARGO_PKG_VERSION")));
    assert_eq!(lines[1].0, "TARGET");
    assert_eq!(lines[2].0, "HOST");
    assert_eq!(lines[3].0, "OPT_LEVEL");
    assert_eq!(lines[4].0, "DEBUG");
    assert_eq!(lines[5].0, "ENGINE");
    assert_eq!(lines[6].0, "VARIABLES");
    let of_this_target = format!("CC_{}", lines[1].1);
    let of_this_kind = match lines[1].1 == lines[2].1 {
        true => "HOST_CC",
        false => "TARGET_CC",
    };
    let of_this_system = match std::env::consts::OS {
        "macos" => "MACOSX_DEPLOYMENT_TARGET",
        _ => "SDKROOT",
    };
    for variable in [
        of_this_system,
        "CC",
        "CFLAGS",
        "WASI_SDK_PATH",
        "WASI_SYSROOT",
        of_this_kind,
        "PKG_CONFIG_PATH",
        &of_this_target,
    ] {
        assert!(
            lines[6].1.split(',').any(|name| name == variable),
            "{variable}"
        );
    }
    assert!(lines.contains(&("CARGO_CFG_TARGET_OS", std::env::consts::OS)));
    assert!(lines.contains(&("CARGO_CFG_TARGET_ARCH", std::env::consts::ARCH)));
    let (hash, cfgs) = lines[7..].split_last().unwrap();
    assert!(cfgs.iter().all(|(key, _)| key.starts_with("CARGO_CFG_")));
    assert!(cfgs.is_sorted());
    // By it a damaged marker is known.
    assert_eq!(hash.0, "HASH");
}
