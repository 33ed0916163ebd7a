//! Crates without `std` and `alloc`. `ci/cross` runs such a program on machines without a system.

mod support;

use support::{Project, manifest};

fn project(name: &str, function: &str) -> Project {
    let project = Project::new(name);
    let lean = ", default-features = false, features = [\"export\"] }";
    project.manifest(&manifest(name, "2024", "").replace(" }", lean));
    project.file(
        "src/lib.rs",
        &format!(
            "#![no_std]\ncgo::c_preamble! {{\n    #include \"_cgo_export.h\"\n    struct point {{ int x : 4, y; }};\n    \
             static int sum(struct point *point) {{ return twice(point->x) + point->y; }}\n}}\n\
             #[cgo::export_c]\nfn twice(a: &core::ffi::CStr) -> i32 {{ a.count_bytes() as i32 * 2 }}\n{function}\n"
        )
        .replace("twice(point->x)", "twice(point->x ? \"a\" : \"\")"),
    );
    project
}

#[test]
fn records_calls_and_exports_need_no_memory() {
    let function = "pub fn sum(point: &mut C::struct_point) -> i32 { point.set_x(1); unsafe { C::sum(point) } }";
    project("lean", function).cargo("check");
}

#[test]
fn a_function_that_is_absent_names_the_feature() {
    for (name, call, feature) in [
        ("copies", "C::CString(\"a\");", "alloc"),
        (
            "takes",
            "unsafe { cgo::GoBytes(core::ptr::null(), 1) };",
            "alloc",
        ),
        ("calls_back", "cgo::callback(|a: i32| a);", "std"),
        ("fails", "let _ = cgo::with_errno(|| 5);", "std"),
    ] {
        let said = project(name, &format!("pub fn {name}() {{ {call} }}")).cargo_fails("check");
        let expected = format!("the feature `{feature}` of the crate `cgo`");
        assert!(said.contains(&expected), "{said}");
    }
}

/// The target need not be installed: the error comes before it is needed.
#[test]
fn a_target_without_std_names_the_features() {
    let project = Project::new("bare");
    project.file("src/lib.rs", "#![no_std]\n");
    let said = project.cargo_fails("check --target thumbv7em-none-eabihf");
    assert!(
        said.contains("no standard library: write `default-features = false`"),
        "{said}"
    );
    assert_eq!(said.matches("error: ").count(), 2, "{said}");
}
