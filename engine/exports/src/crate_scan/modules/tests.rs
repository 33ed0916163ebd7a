//! Crates in folders, and what they export.

use std::fs;
use std::path::PathBuf;

use crate::{Cfg, CrateContext, Exports, find};

/// A crate in a folder of its own, which is gone afterwards.
struct Crate(PathBuf);

impl Crate {
    fn new(name: &str, files: &[(&str, &str)]) -> Crate {
        let folder =
            std::env::temp_dir().join(format!("cgo-exports-{name}-{}", std::process::id()));
        for (file, text) in files {
            let file = folder.join(file);
            fs::create_dir_all(file.parent().expect("a folder")).expect("made");
            fs::write(file, text).expect("written");
        }
        Crate(folder)
    }

    fn exports(&self) -> Exports {
        let unix = Cfg {
            name: "unix".to_string(),
            value: None,
        };
        let context = CrateContext {
            cfgs: vec![unix],
            pointer_bits: 64,
            facades: vec!["cgo".to_string()],
            out_dir: Some(self.0.join("out")),
            ..CrateContext::default()
        };
        self.exports_in(context)
    }

    fn exports_in(&self, context: CrateContext) -> Exports {
        find(&self.0.join("lib.rs"), &context, Some(&self.0))
    }

    fn symbols(&self) -> Vec<String> {
        let items = self.exports().items.into_iter();
        items.map(|declared| declared.symbol).collect()
    }
}

impl Drop for Crate {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

#[test]
fn every_module_of_the_crate_is_read() {
    let files = [
        (
            "lib.rs",
            "mod a; mod b { mod c; #[export_c] fn in_b() {} } #[cfg_attr(unix, path = \"x/y.rs\")] pub(crate) mod d; include!(\"e.rs\");",
        ),
        (
            "a.rs",
            "include!(\"inner/f.rs\"); mod deep; mod inline { #[path = \"z.rs\"] mod y; } #[cgo::export_c(name = \"renamed\")] pub fn in_a() {}",
        ),
        ("a/deep.rs", "impl S { #[export_c] fn method(self: &S) {} }"),
        ("b/c/mod.rs", "fn f() { #[export_c] fn in_body() {} }"),
        ("x/y.rs", "#[export_c] #[repr(C)] struct S { a: u8 }"),
        (
            "e.rs",
            "#[export_c] static E: u8 = { 1 }; mod made { include!(concat!(env!(\"OUT_DIR\"), \"/made.rs\")); }",
        ),
        ("out/made.rs", "#[export_c] fn in_made() {} mod more;"),
        ("out/more.rs", "#[export_c] fn in_more() {}"),
        ("inner/f.rs", "mod g;"),
        ("inner/g.rs", "#[export_c] fn in_g() {}"),
        ("a/inline/z.rs", "#[export_c] fn in_z() {}"),
        ("other.rs", "#[export_c] fn not_of_this_crate() {}"),
    ];
    let made = Crate::new("modules", &files);
    for _ in ["read", "kept"] {
        assert_eq!(
            made.symbols(),
            [
                "S", "in_g", "method", "in_z", "renamed", "in_body", "in_b", "E", "in_made",
                "in_more"
            ]
        );
    }
}

#[test]
fn bodies_are_read_where_they_say_so() {
    let text = "const _: () = { #[export_c] fn hidden() {} };\n\
                fn f(x: u8) { let y = if x > 1 { #[export_c] fn deep() {} 1 } else { 2 }; #[cfg(windows)] { #[export_c] fn no() {} } call(|| { #[export_c] fn deeper() {} }); }\n\
                impl A { fn g(&self) { struct Local; #[export_c] fn local(_: &Local) {} } }\n\
                mod m { #![cfg(windows)] #[export_c] fn not_here() {} }";
    let made = Crate::new("bodies", &[("lib.rs", text)]);
    assert_eq!(made.symbols(), ["hidden", "deep", "deeper", "local"]);
    let text = made.exports().declarations(|_| true);
    assert!(
        text.contains("void local(const struct Local *arg0);"),
        "{text}"
    );
}

#[test]
fn what_is_not_compiled_is_not_exported() {
    let text = "#[cfg(windows)] #[export_c] fn windows() {} #[export_c] #[cfg(unix)] fn here() {}\n\
                #[cfg(test)] mod tests { #[export_c] fn test() {} }\n\
                mod a;\n\
                cfg_if::cfg_if! { if #[cfg(windows)] { #[export_c] fn one() {} } else if #[cfg(unix)] { #[export_c] fn two() {} } else { #[export_c] fn three() {} } }";
    let a = "//! A file.\n#![cfg(windows)]\n#[export_c] fn in_file() {}";
    let made = Crate::new("cfg", &[("lib.rs", text), ("a.rs", a)]);
    for _ in ["read", "kept"] {
        assert_eq!(made.symbols(), ["here", "two"]);
    }
}

#[test]
fn of_cfg_select_the_first_arm_that_holds_is_read() {
    let text = "cfg_select! { windows => { #[export_c] fn one() {} }, any(unix, windows) => { #[export_c] fn two() {} mod a; } _ => { #[export_c] fn three() {} } }\n\
                std::cfg_select! { windows => { } _ => { #[export_c] fn last() {} mod inner { core::cfg_select! { not(unix) => {} true => { #[export_c] fn inside() {} } } } } }\n\
                const N: usize = cfg_select! { unix => 3, _ => 4 };\n\
                fn body() { let n = cfg_select! { unix => { 1 + 1 } _ => 2, }; cfg_select! { unix => { #[export_c] fn local() {} } _ => { 3 } } }";
    let made = Crate::new(
        "select",
        &[("lib.rs", text), ("a.rs", "#[export_c] fn in_file() {}")],
    );
    for _ in ["read", "kept"] {
        assert_eq!(
            made.symbols(),
            ["two", "in_file", "last", "inside", "local"]
        );
    }
}

#[test]
fn inner_attributes_that_hold_take_nothing_away() {
    let text = "#![cfg_attr(docsrs, feature(doc_cfg))]\n#![cfg(unix)]\nmod a; #[export_c] fn here() {}\n\
                mod m { #![cfg(unix)] #![cfg_attr(windows, cfg(windows))] #[export_c] fn inside() {} }";
    let a = "//! A file.\n#![cfg(unix)]\n#[export_c] fn in_file() {}";
    let made = Crate::new("inner", &[("lib.rs", text), ("a.rs", a)]);
    for _ in ["read", "kept"] {
        assert_eq!(made.symbols(), ["in_file", "here", "inside"]);
    }
}

#[test]
fn another_crate_may_have_the_facade() {
    let text = "use lib::cgo::Handle as H; mod lib2 { pub use lib::cgo as facade; }\n\
                #[lib::cgo::export_c(crate = ::lib::cgo)] fn a(_: lib::cgo::Handle<u8>, _: H<u8>) {}\n\
                #[export_c(crate = lib::cgo)] fn b(_: lib2::facade::Handle<u8>) {}\n\
                #[export_c(crate = lib::cgo)] fn c(_: lib::Handle<u8>) {}";
    let text = Crate::new("facade", &[("lib.rs", text)])
        .exports()
        .declarations(|_| true);
    assert!(
        text.contains(
            "void a(uintptr_t arg0, uintptr_t arg1);\nvoid b(uintptr_t arg0);\n/* c is not declared"
        ),
        "{text}"
    );
}

#[test]
fn what_macros_write_is_told_of() {
    let text = "macro_rules! m { () => {\n #[export_c] fn $x() {} } }\n\
                discard! { #[export_c] fn discarded() {} }\n#[export_c] fn here() {}\n\
                fn f() { other! { #[export_c] fn inner() {} } }\ninclude!(env!(\"FILE\"));\n mod b;";
    let b = "#[export_c] fn early() {}\n#[export_c] fn torn( {}\n";
    let made = Crate::new("macros", &[("lib.rs", text), ("b.rs", b)]);
    for _ in ["read", "kept"] {
        let found = made.exports();
        let lines: Vec<usize> = found.unread.iter().map(|unread| unread.line).collect();
        assert_eq!(lines, [1, 3, 5, 6]);
        assert_eq!((found.unreadable.len(), found.unreadable[0].line), (1, 2));
        let text = found.declarations(|_| true);
        assert!(
            text.contains("/* Exports of the macro at lib.rs:3 are not"),
            "{text}"
        );
        assert!(text.contains("/* Exports from b.rs:2 on are not"), "{text}");
        assert!(text.contains("void here(void);"), "{text}");
    }
}

#[test]
fn paths_of_2015_start_at_the_root() {
    let text = "mod types { pub type Word = u64; pub const N: usize = 2; }\n\
                mod m { mod types { pub type Word = u8; pub const N: usize = 3; } use types::{Word, N}; use std::os::raw::c_int;\n\
                #[export_c] fn f(a: *const Word, b: *const ::types::Word, c: &[self::types::Word; N], d: ::std::ffi::c_char) -> c_int {} }";
    let made = Crate::new("of_2015", &[("lib.rs", text)]);
    let context = CrateContext {
        is_of_2015: true,
        pointer_bits: 64,
        ..CrateContext::default()
    };
    let text = made.exports_in(context).declarations(|_| true);
    let expected = "int f(const uint64_t *a, const uint64_t *b, const uint8_t (*c)[2], char d);\n";
    assert!(text.contains(expected), "{text}");
}

#[test]
fn a_generic_impl_has_no_exports() {
    for (head, is_generic) in [
        ("<T> S<T>", true),
        ("<'a, const N: usize> A<'a, N>", true),
        ("<'a> B<'a>", false),
        (" S<u8>", false),
    ] {
        let text = format!("\nimpl{head} {{ #[export_c] fn m(self: &Self) {{}} }}");
        let found = Crate::new("generic", &[("lib.rs", &text)]).exports();
        let lines: Vec<usize> = found.unreadable.iter().map(|it| it.line).collect();
        assert_eq!(lines, vec![2; usize::from(is_generic)], "{head}");
    }
    let inside = "impl<T> S<T> { fn m() { #[export_c] fn inner() {} } }";
    let found = Crate::new("inside", &[("lib.rs", inside)]);
    assert_eq!(found.symbols(), ["inner"]);
}

#[test]
fn parts_that_are_not_compiled_are_not_exported() {
    let text = "#[cfg_attr(unix, repr(C), cgo::export_c)] struct S { #[cfg(unix)] a: u8, #[cfg(windows)] b: u8 }\n\
                #[cfg_attr(windows, export_c)] fn no() {}\n\
                #[export_c] #[repr(C)] enum E { #[cfg(windows)] A, B }\n\
                #[export_c] fn f(#[cfg(windows)] a: u8, #[cfg(all(unix))] b: u8) {}";
    let made = Crate::new("parts", &[("lib.rs", text)]);
    for _ in ["read", "kept"] {
        let text = made.exports().declarations(|_| true);
        for part in [
            "struct S {\n    uint8_t a;\n};\n",
            "typedef enum E {\n    E_B = 0\n} E;\n",
            "void f(uint8_t b);\n",
        ] {
            assert!(text.contains(part), "{part}\n{text}");
        }
        assert!(!text.contains("no("), "{text}");
    }
}

#[test]
fn self_is_the_type_of_its_block() {
    let text = "struct A; struct B; impl A { #[export_c] fn new() -> Box<Self> {} }\n\
                impl<'a> Clone for B<'a> where Self: Sized { type Item = u8; #[export_c] fn make(self: &Self) {} }";
    let text = Crate::new("self", &[("lib.rs", text)])
        .exports()
        .declarations(|_| true);
    assert!(text.contains("struct A *new(void);"), "{text}");
    assert!(text.contains("void make(const struct B *this_);"), "{text}");
}

#[test]
fn an_edit_is_seen() {
    let files = [
        (
            "lib.rs",
            "mod a; mod b; #[export_c] fn f(_: [*const a::T; b::N]) {} #[export_c] fn g(_: a::T) {}",
        ),
        ("a.rs", "pub type T = u8;"),
        ("b.rs", "pub const N: usize = 1;"),
    ];
    let made = Crate::new("edit", &files);
    let says = |declaration: &str| {
        let text = made.exports().declarations(|_| true);
        assert!(text.contains(declaration), "{declaration}\n{text}");
    };
    says("void g(uint8_t arg0);");
    says("void g(uint8_t arg0);");
    fs::write(made.0.join("a.rs"), "pub type T = u16; // longer").expect("written");
    says("void g(uint16_t arg0);");
    fs::write(made.0.join("a.rs"), "mod c; pub use c::T;").expect("written");
    fs::create_dir(made.0.join("a")).expect("made");
    fs::write(made.0.join("a/c.rs"), "pub type T = u32;").expect("written");
    says("void g(uint32_t arg0);");
    let kept = fs::read_dir(&made.0)
        .expect("a folder")
        .flatten()
        .find(|entry| {
            entry
                .path()
                .extension()
                .is_some_and(|extension| extension == "kept")
        });
    fs::write(kept.expect("kept").path(), "damaged").expect("written");
    says("void g(uint32_t arg0);");
}

#[test]
fn the_attribute_may_have_another_name() {
    let text = "use cgo::{c_preamble, export_c as give}; mod m { use cgo::export_c as r#for_c; #[r#for_c] fn a(give: u8) {} }\n\
                #[give(name = \"b\")] fn give() { #[cfg_attr(unix, give)] fn c() {} } #[given] fn d() {}";
    let made = Crate::new("renamed", &[("lib.rs", text)]);
    for _ in ["read", "kept"] {
        assert_eq!(made.symbols(), ["a", "b", "c"]);
    }
    let text = made.exports().declarations(|_| true);
    assert!(text.contains("void a(uint8_t give);"), "{text}");
}
