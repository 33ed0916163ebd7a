//! Preambles that are large or deep: what takes its time squared, or worse, does not come to an end here.

mod support;

use std::mem::{offset_of, size_of};

use support::Project;

cgo::c_preamble! {
    #define LEVEL(inner) struct { char c; inner } in;
    #define FOUR_LEVELS(inner) LEVEL(LEVEL(LEVEL(LEVEL(inner))))
    #define SIXTEEN_LEVELS(inner) FOUR_LEVELS(FOUR_LEVELS(FOUR_LEVELS(FOUR_LEVELS(inner))))
    struct deep { char c; SIXTEEN_LEVELS(SIXTEEN_LEVELS(SIXTEEN_LEVELS(double last;))) };
    #define FOUR_INS(record) record.in.in.in.in
    #define SIXTEEN_INS(record) FOUR_INS(FOUR_INS(FOUR_INS(FOUR_INS(record))))
    enum { OFFSET_IN_DEEP = __builtin_offsetof(struct deep, in.in.in.c) };
    static unsigned long size_of_deep(void) { return sizeof(struct deep); }
    static int last_of_deep(struct deep d) { return SIXTEEN_INS(SIXTEEN_INS(SIXTEEN_INS(d))).last; }

    // Deeper than rustc follows.
    struct too_deep { SIXTEEN_LEVELS(SIXTEEN_LEVELS(SIXTEEN_LEVELS(SIXTEEN_LEVELS(SIXTEEN_LEVELS(SIXTEEN_LEVELS(
        SIXTEEN_LEVELS(SIXTEEN_LEVELS(SIXTEEN_LEVELS(SIXTEEN_LEVELS(SIXTEEN_LEVELS(SIXTEEN_LEVELS(int last;)))))))))))) int first; };
    static int first_of_too_deep(struct too_deep d) { return d.first; }
}

#[test]
fn records_without_names_nest() {
    assert_eq!(
        size_of::<C::struct_deep>() as u64,
        unsafe { C::size_of_deep() } as u64
    );
    let mut deep = C::struct_deep::default();
    deep.r#in.r#in.r#in.c = 1;
    assert_eq!(
        offset_of!(C::struct_deep, r#in.r#in.r#in.c),
        C::OFFSET_IN_DEEP as usize
    );
    let last = size_of::<C::struct_deep>() - size_of::<f64>();
    // SAFETY: a struct that ends in this member.
    unsafe { (&raw mut deep).byte_add(last).cast::<f64>().write(2.0) };
    assert_eq!(unsafe { C::last_of_deep(deep) }, 2);
}

#[test]
fn records_nested_deeper_than_rustc_follows_have_their_layout() {
    let mut deep = C::struct_too_deep::default();
    deep.set_first(7);
    assert_eq!(unsafe { C::first_of_too_deep(deep) }, 7);
    assert_eq!(deep.r#in().r#in.c, 0);
}

/// A chain of `length` steps, each made of its number and that of the one before.
fn chain(length: usize, step: impl Fn(usize, usize) -> String) -> String {
    (1..=length)
        .map(|number| step(number, number - 1))
        .collect()
}

/// One that is nested beyond all use is not bound; all else is.
#[test]
fn a_type_that_is_nested_too_deep_is_left_out_alone() {
    let mut source = "cgo::c_preamble!(r#\"\n".to_string();
    source += "typedef int t0; struct s0 { int i; }; typedef void f0(void);\n";
    source += &chain(1100, |this, before| format!("typedef t{before} t{this};\n"));
    source += &chain(200, |this, before| {
        format!("struct s{this} {{ struct s{before} s; }};\n")
    });
    // Each is twice as long as the one before.
    source += &chain(60, |this, before| {
        format!("extern void f_{this}(__typeof__(f_{before}) *, __typeof__(f_{before}) *);\n")
    })
    .replace("f_0)", "f0)");
    source += &format!("static int {}pointers;\n", "*".repeat(1100));
    source += &format!("static int array{};\n", "[1]".repeat(200));
    source += "static int near(t900 a, struct s200 *s) { return a + (int)sizeof *s + !pointers + !array; }\n";
    source += "static int far(t1100 a) { return a; }\n";
    source +=
        "\"#);\nfn main() { println!(\"{}\", unsafe { C::near(1, std::ptr::null_mut()) }); }\n";
    let project = Project::new("deep");
    project.file("src/main.rs", &source);
    assert_eq!(project.cargo("run -q"), "6\n");
    project.file(
        "src/main.rs",
        &source.replace("C::near(1,", "C::far(1) + C::near(1,"),
    );
    let said = project.cargo_fails("check");
    assert!(said.contains("`far` of C is not bound"), "{said}");
}

#[test]
fn a_line_may_declare_ten_thousand_names() {
    let names: Vec<String> = (0..10_000)
        .map(|number| format!("NUMBER_{number}"))
        .collect();
    let project = Project::new("names");
    project.file(
        "src/main.rs",
        &format!(
            "cgo::c_preamble! {{ enum numbers {{ {} }}; }}\nfn main() {{ println!(\"{{}}\", C::NUMBER_9999); }}\n",
            names.join(", ")
        ),
    );
    assert_eq!(project.cargo("run -q"), "9999\n");
}
