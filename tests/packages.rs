//! What each crate would be published with, as far as no registry is needed for it.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

mod support;

/// The manifests of the workspace's crates that are published.
fn published() -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let workspace = fs::read_to_string(root.join("Cargo.toml")).unwrap();
    let members = workspace.split_once("\nmembers = [").unwrap().1;
    let members = members.split_once(']').unwrap().0.split('"');
    let members = members.skip(1).step_by(2).map(|member| root.join(member));
    let manifests = members
        .chain([root.to_path_buf()])
        .map(|folder| folder.join("Cargo.toml"));
    manifests
        .filter(|manifest| {
            !fs::read_to_string(manifest)
                .unwrap()
                .contains("publish = false")
        })
        .collect()
}

#[test]
fn every_crate_makes_a_package() {
    let manifests = published();
    assert_eq!(manifests.len(), 7, "{manifests:?}");
    let target = Path::new(env!("CARGO_TARGET_TMPDIR")).join("packages");
    let names = manifests.iter().map(|manifest| {
        let text = fs::read_to_string(manifest).unwrap();
        let name = text.split_once("\nname = \"").unwrap().1;
        name.split_once('"').unwrap().0.to_string()
    });
    let mut command = Command::new(env!("CARGO"));
    command
        .args(["package", "--no-verify", "--allow-dirty", "--offline"])
        .args(names.clone().flat_map(|name| ["-p".to_string(), name]))
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .env("CARGO_TARGET_DIR", &target);
    let output = command.output().unwrap();
    let said = support::said(&output);
    assert!(output.status.success(), "{said}");
    // The repository has no address yet.
    const LACKS: &str = "manifest has no documentation, homepage or repository";
    let mut lacks = said.lines().filter(|line| line.contains("manifest has no"));
    assert!(lacks.all(|line| line.ends_with(LACKS)), "{said}");
    for (name, manifest) in names.zip(&manifests) {
        let package = format!("{name}-0.1.0");
        let file = target.join("package").join(format!("{package}.crate"));
        let listed = support::run(Command::new("tar").arg("-tzf").arg(file));
        let files: Vec<&str> = listed.lines().collect();
        let has = |file: &str| files.contains(&&*format!("{package}/{file}"));
        assert!(has("Cargo.toml") && has("src/lib.rs"), "{listed}");
        // What its build reads besides.
        assert_eq!(has("README.md"), name == "cgo", "{listed}");
        let script = manifest.with_file_name("build.rs").exists();
        assert_eq!(has("build.rs"), script, "{listed}");
    }
}

/// Cargo checks that a build changes nothing in the sources of a package.
#[test]
fn the_sources_of_a_packed_crate_stay_as_they_are() {
    let project = support::Project::new("packed");
    project.file(
        "src/main.rs",
        "cgo::c_preamble! {\n    #cgo header: ../packed.h\n}\n#[cgo::export_c]\nfn seven() -> i32 { 7 }\nfn main() { println!(\"{}\", seven()); }\n",
    );
    project.file("Cargo.toml.orig", "# The author's.\n");
    assert_eq!(project.cargo("run -q"), "7\n");
    assert!(!project.path("packed.h").exists());
    fs::remove_file(project.path("Cargo.toml.orig")).unwrap();
    project.cargo("clean -q -p packed");
    project.cargo("build -q");
    assert!(
        fs::read_to_string(project.path("packed.h"))
            .unwrap()
            .contains("seven")
    );
}
