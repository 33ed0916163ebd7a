//! What each crate would be published with, as far as no registry is needed for it.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

mod support;

use support::Project;

/// The package of the facade, whose library is `cgo`.
const FACADE: &str = "rust-cgo";

/// All packages: the parts of cgo, the facade, and a library that a user would publish.
const PARTS: [(&str, &str); 8] = [
    ("cgo-csyntax", "engine/csyntax"),
    ("cgo-object", "engine/object"),
    ("cgo-toolchain", "engine/toolchain"),
    ("cgo-codegen", "engine/codegen"),
    ("cgo-driver", "engine/driver"),
    ("cgo-exports", "engine/exports"),
    ("cgo-macros", "cgo-macros"),
    ("cgo-runtime", "cgo-runtime"),
];
const USERS: &str = "tally";

fn folders() -> impl Iterator<Item = (&'static str, &'static str)> {
    PARTS
        .into_iter()
        .chain([(FACADE, "."), (USERS, "examples/published")])
}

/// Cargo packs crates that depend on each other since 1.90.
fn packs_together() -> bool {
    let packs = support::rustc_minor_version() >= 90;
    if !packs {
        println!("skipped: this Cargo packs no crates that depend on each other");
    }
    packs
}

/// Makes all packages once, and gives their folder and what Cargo says.
fn packed() -> &'static (PathBuf, String) {
    static PACKED: OnceLock<(PathBuf, String)> = OnceLock::new();
    PACKED.get_or_init(pack)
}

fn pack() -> (PathBuf, String) {
    let target = Path::new(env!("CARGO_TARGET_TMPDIR")).join("packages");
    let mut command = Command::new(env!("CARGO"));
    command
        .args(["package", "--no-verify", "--allow-dirty", "--offline"])
        .args(folders().flat_map(|(name, _)| ["-p", name]))
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .env("CARGO_TARGET_DIR", &target);
    let output = command.output().unwrap();
    let said = support::said(&output);
    assert!(output.status.success(), "{said}");
    (target.join("package"), said)
}

/// The manifest of a package, by its lines.
fn manifest(folder: &str) -> String {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
    fs::read_to_string(folder.join("Cargo.toml")).unwrap()
}

#[test]
fn every_crate_makes_a_package() {
    if !packs_together() {
        return;
    }
    let (packages, said) = packed();
    assert!(!said.contains("manifest has no"), "{said}");
    for (name, folder) in folders() {
        let package = format!("{name}-0.1.0");
        let file = packages.join(format!("{package}.crate"));
        let listed = support::run(Command::new("tar").arg("-tzf").arg(file));
        let files: Vec<&str> = listed.lines().collect();
        let has = |file: &str| files.contains(&&*format!("{package}/{file}"));
        for file in ["Cargo.toml", "README.md", "src/lib.rs"] {
            assert!(has(file), "{file}: {listed}");
        }
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
        assert_eq!(
            has("build.rs"),
            folder.join("build.rs").exists(),
            "{listed}"
        );
    }
}

#[test]
fn every_crate_says_what_a_registry_shows() {
    for (name, folder) in PARTS.into_iter().chain([(FACADE, ".")]) {
        let manifest = manifest(folder);
        assert!(
            manifest.contains(&format!("\nname = \"{name}\"\n")),
            "{manifest}"
        );
        let documentation = format!("documentation = \"https://docs.rs/{name}\"");
        for line in [
            &*documentation,
            "description = ",
            "readme = ",
            "keywords = ",
            "categories = ",
            "license.workspace = true",
            "rust-version.workspace = true",
        ] {
            assert!(
                manifest.lines().any(|text| text.starts_with(line)),
                "{name}: {line}"
            );
        }
        for license in ["LICENSE-MIT", "LICENSE-APACHE"] {
            let text = Path::new(env!("CARGO_MANIFEST_DIR"))
                .join(folder)
                .join(license);
            assert!(fs::read_to_string(text).unwrap().len() > 500, "{name}");
        }
        // Parts of different versions do not know each other. What only tests need has no version, and is not published.
        let versioned = |line: &&str| line.starts_with("cgo-") && line.contains("version = ");
        for line in manifest.lines().filter(versioned) {
            assert!(line.contains("version = \"=0.1.0\""), "{name}: {line}");
        }
    }
}

/// A folder that Cargo takes for the registry: all packages, and those of others that they need.
fn registry(project: &Project) -> PathBuf {
    let folder = project.path("registry");
    fs::create_dir_all(&folder).unwrap();
    let (packages, _) = packed();
    for (name, _) in folders() {
        let file = packages.join(format!("{name}-0.1.0.crate"));
        let mut tar = Command::new("tar");
        support::run(tar.arg("-xzf").arg(file).arg("-C").arg(&folder));
    }
    let vendored = project.path("vendored");
    let patches =
        folders().map(|(name, _)| format!("{name} = {{ path = \"registry/{name}-0.1.0\" }}\n"));
    let patched = format!(
        "{}\n[patch.crates-io]\n{}",
        users_manifest(),
        patches.collect::<String>()
    );
    project.manifest(&patched);
    support::run(project.command("vendor --versioned-dirs").arg(&vendored));
    project.manifest(&users_manifest());
    fs::remove_file(project.path("Cargo.lock")).unwrap();
    for entry in fs::read_dir(vendored).unwrap().flatten() {
        fs::rename(entry.path(), folder.join(entry.file_name())).unwrap();
    }
    for (name, _) in folders() {
        let checksums = folder.join(format!("{name}-0.1.0/.cargo-checksum.json"));
        fs::write(checksums, "{\"files\":{},\"package\":null}").unwrap();
    }
    let sources = "[source.crates-io]\nreplace-with = \"packed\"\n[source.packed]\ndirectory = \"registry\"\n";
    project.file(".cargo/config.toml", sources);
    folder
}

fn users_manifest() -> String {
    format!(
        "[package]\nname = \"user\"\nversion = \"0.1.0\"\nedition = \"2024\"\n\n[workspace]\n\n[dependencies]\n\
         {USERS} = \"0.1\"\n{FACADE} = \"0.1\"\n"
    )
}

/// A program that uses another crate's safe layer, and its C in a preamble of its own.
fn user() -> Project {
    let project = Project::new("user").with_own_target();
    project.file(
        "build.rs",
        "fn main() {
        for name in [\"DEP_TALLY_INCLUDE\", \"DEP_TALLY_VERSION\"] {
            println!(\"cargo::rustc-env={name}={}\", std::env::var(name).unwrap());
        }
    }",
    );
    project.file("src/main.rs", "
        cgo::c_preamble! {
            #cgo CFLAGS: -isystem ${DEP_TALLY_INCLUDE}
            #include <string.h>
            #include <tally.h>
            static size_t twice(const char *word) {
                tally *t = tally_new();
                for (int i = 0; i < 2; i++) tally_add(t, word, strlen(word));
                size_t count = tally_count(t, word, strlen(word));
                tally_free(t);
                return count;
            }
        }
        #[cgo::export_c]
        fn unused_here(a: i32) -> i32 { a }
        fn main() {
            let mut tally = tally::Tally::new();
            tally.add(\"word\").unwrap();
            let version = env!(\"DEP_TALLY_VERSION\");
            println!(\"{} {} {version}\", tally.count(\"word\"), unsafe { C::twice(c\"word\".as_ptr()) });
        }");
    project
}

#[test]
fn the_packages_serve_a_user_without_the_repository() {
    if !packs_together() {
        return;
    }
    let project = user();
    let registry = registry(&project);
    assert_eq!(project.cargo("run -q"), "1 2 1.2.0\n");

    // As on a machine where nothing of the C is.
    let package = registry.join(format!("{USERS}-0.1.0"));
    fs::remove_dir_all(package.join("vendor")).unwrap();
    let mut document = project.command(&format!("doc --no-deps -p {USERS}"));
    let output = document.env("DOCS_RS", "1").output().unwrap();
    assert!(output.status.success(), "{}", support::said(&output));
    let page = project.target().join("doc/tally/struct.Tally.html");
    assert!(
        fs::read_to_string(page)
            .unwrap()
            .contains("How often the word was counted.")
    );
}

/// Cargo checks that a build changes nothing in the sources of a package.
#[test]
fn the_sources_of_a_packed_crate_stay_as_they_are() {
    let project = Project::new("packed");
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

/// The headers come from where the library comes from.
#[test]
fn the_headers_of_the_system_or_of_a_copy() {
    if !support::installed("pkg-config") {
        return;
    }
    let library = |folder: &str, which: &str| {
        (
            format!("{folder}/which.h"),
            format!("#define WHICH \"{which}\"\nint number_of_{which}(void);\n"),
        )
    };
    let project = Project::new("fallback").with_own_target();
    let manifest = support::manifest("fallback", "2024", "\n[features]\nbundled = []\n");
    project.manifest(&manifest);
    for (file, text) in [library("system", "system"), library("copy", "copy")] {
        project.file(&file, &text);
    }
    project.file(
        "copy/which.c",
        "#include <which.h>\nint number_of_copy(void) { return 1; }\n",
    );
    let system = project.path("system");
    let pc = format!(
        "Name: which\nDescription: a test\nVersion: 1.5\nCflags: -I{}\nLibs: -lm\n",
        system.display()
    );
    project.file("pc/which.pc", &pc);
    project.file(
        "src/main.rs",
        "cgo::c_preamble! {
            #cgo !bundled,package(which) pkg-config: which
            #cgo bundled || !package(which) CFLAGS: -I../copy
            #cgo bundled || !package(which) SOURCES: ../copy/
            #include <which.h>
        }
        fn main() { println!(\"{}\", C::WHICH.to_str().unwrap()); }",
    );
    let with_package = |arguments: &str| {
        let mut command = project.command(arguments);
        support::run(command.env("PKG_CONFIG_PATH", project.path("pc")))
    };
    assert_eq!(with_package("run -q"), "system\n");
    assert_eq!(with_package("run -q --features bundled"), "copy\n");
}
