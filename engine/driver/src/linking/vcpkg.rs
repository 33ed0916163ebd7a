//! Finds the folder in which vcpkg has the target's packages, by the conventions of the `vcpkg` crate.

use std::ffi::OsString;
use std::path::PathBuf;

use cgo_csyntax::target::Target;

/// The folder with `include` and `lib`, with msvc alone. `read` gives the value of an environment variable.
pub(crate) fn folder(
    target: &Target,
    static_crt: bool,
    read: &dyn Fn(&str) -> Option<OsString>,
) -> Option<PathBuf> {
    if target.env != "msvc" || read("VCPKGRS_DISABLE").is_some() {
        return None;
    }
    let root = PathBuf::from(read("VCPKG_ROOT").filter(|root| !root.is_empty())?);
    let triplet = read("VCPKGRS_TRIPLET").or_else(|| {
        let is_dynamic = read("VCPKGRS_DYNAMIC").is_some();
        triplet(target, static_crt, is_dynamic).map(OsString::from)
    })?;
    Some(root.join("installed").join(triplet))
}

/// vcpkg's name for the target and the libraries that a program links.
fn triplet(target: &Target, static_crt: bool, is_dynamic: bool) -> Option<String> {
    let processor = match target.arch.as_str() {
        "x86_64" => "x64",
        "x86" => "x86",
        "aarch64" => "arm64",
        _ => return None,
    };
    let kind = match (static_crt, is_dynamic) {
        (true, _) => "-static",
        (false, true) => "",
        (false, false) => "-static-md",
    };
    Some(format!("{processor}-windows{kind}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The folder with these variables, for x86-64.
    fn found(env: &str, static_crt: bool, variables: &[(&str, &str)]) -> Option<PathBuf> {
        let target = Target {
            arch: "x86_64".to_string(),
            env: env.to_string(),
            ..Target::default()
        };
        folder(&target, static_crt, &|name| {
            let known = variables.iter().find(|(known, _)| *known == name);
            known.map(|(_, value)| value.into())
        })
    }

    #[test]
    fn the_triplet_is_that_of_the_crate_vcpkg() {
        let root = ("VCPKG_ROOT", "/v");
        let is = |found: Option<PathBuf>, triplet: &str| {
            assert_eq!(found, Some(PathBuf::from("/v/installed").join(triplet)));
        };
        is(found("msvc", false, &[root]), "x64-windows-static-md");
        is(found("msvc", true, &[root]), "x64-windows-static");
        let dynamic = ("VCPKGRS_DYNAMIC", "1");
        is(found("msvc", false, &[root, dynamic]), "x64-windows");
        is(
            found("msvc", false, &[root, ("VCPKGRS_TRIPLET", "own")]),
            "own",
        );
    }

    #[test]
    fn without_a_root_or_for_another_target_there_is_none() {
        let root = ("VCPKG_ROOT", "/v");
        assert_eq!(found("msvc", false, &[]), None);
        assert_eq!(found("gnu", false, &[root]), None);
        assert_eq!(
            found("msvc", false, &[root, ("VCPKGRS_DISABLE", "1")]),
            None
        );
    }
}
