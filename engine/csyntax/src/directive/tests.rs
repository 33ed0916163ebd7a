//! What directives say, and what is wrong with them.

use std::path::Path;

use super::{Directives, read};
use crate::diagnostic::{Diagnostic, Place};
use crate::directive::condition_context::ConditionContext;
use crate::target::Target;

fn linux() -> Target {
    Target {
        triple: "x86_64-unknown-linux-gnu".to_string(),
        os: "linux".to_string(),
        arch: "x86_64".to_string(),
        ..Target::default()
    }
}

fn outcome(text: &str) -> (String, Directives, Vec<Diagnostic>) {
    let mut errors = Vec::new();
    let start = Place {
        line: 10,
        column: 5,
    };
    let target = linux();
    let conditions = ConditionContext {
        target: &target,
        cfgs: &[],
        known: None,
        has_package: &|_| false,
        variable: &|name| (name == "DEP_ZIP_INCLUDE").then(|| "/zip/include".to_string()),
    };
    let (kept, directives) = read(
        text,
        start,
        conditions,
        Path::new("/a folder/src"),
        &mut errors,
    );
    (kept, directives, errors)
}

fn good(text: &str) -> Directives {
    let (_, directives, errors) = outcome(text);
    assert_eq!(errors, []);
    directives
}

fn bound(directives: &Directives) -> Vec<String> {
    let patterns = directives.bind.iter();
    patterns.map(|pattern| pattern.text()).collect()
}

/// The only error's place and text.
fn bad(text: &str) -> (Place, String) {
    let (_, _, mut errors) = outcome(text);
    assert_eq!(errors.len(), 1, "{errors:?}");
    let error = errors.remove(0);
    (error.place.unwrap(), error.message.to_string())
}

#[test]
fn a_directive_is_emptied_and_lines_stay() {
    let (kept, directives, _) =
        outcome(" int a;\r\n  #cgo CFLAGS: -DA\r\n# cgo LDFLAGS: -lm\nint b;\n#cgo bind:x");
    assert_eq!(kept, " int a;\r\n\r\n\nint b;\n");
    assert_eq!(directives.cflags, ["-DA"]);
    assert_eq!(directives.ldflags[0].text, "-lm");
    assert_eq!(
        directives.ldflags[0].place,
        Place {
            line: 12,
            column: 1
        }
    );
    assert_eq!(bound(&directives), ["x"]);
}

#[test]
fn a_directive_is_a_matter_of_text() {
    assert_eq!(
        good("#if 0\n#cgo CFLAGS: -DA\n#endif\n/*\n#cgo CFLAGS: -DB\n*/").cflags,
        ["-DA", "-DB"]
    );
    assert_eq!(
        good("int x; #cgo CFLAGS: -DA\n#cgox CFLAGS: -DB"),
        Directives::default()
    );
}

/// They are for other languages too.
#[test]
fn preprocessor_flags_are_apart() {
    let found = good("#cgo CFLAGS: -O2\n#cgo CPPFLAGS: -DA\n#cgo CFLAGS:");
    assert_eq!(
        (found.cppflags, found.cflags),
        (vec!["-DA".to_string()], vec!["-O2".to_string()])
    );
}

#[test]
fn a_variable_comes_before_the_directives() {
    let mut found = good("#cgo CFLAGS: -DB\n#cgo LDFLAGS: -lb");
    let place = Place { line: 1, column: 1 };
    let (cflags, ldflags) = (super::FlagVariable::Cflags, super::FlagVariable::Ldflags);
    assert_eq!(cflags.add("-DA '-DX=1 2'", &mut found, place), Ok(()));
    assert_eq!(ldflags.add("-la", &mut found, place), Ok(()));
    for wrong in ["-lm", "'"] {
        assert!(cflags.add(wrong, &mut found, place).is_err());
    }
    assert_eq!(found.cflags, ["-DA", "-DX=1 2", "-DB"]);
    assert_eq!(found.ldflags[0].text, "-la");
}

#[test]
fn a_condition_decides() {
    let text = "#cgo linux CFLAGS: -DL\n#cgo windows darwin CFLAGS: -DW ${OTHER}\n#cgo !windows,amd64 CFLAGS: -DU";
    assert_eq!(good(text).cflags, ["-DL", "-DU"]);
}

#[test]
fn quotes_hold_together() {
    let flags = |text: &str| good(&format!("#cgo CFLAGS: {text}")).cflags;
    assert_eq!(
        flags(r#"a b:"c d" 'e''f'  "g\"""#),
        ["a", "b:c d", "ef", "g\""]
    );
    assert_eq!(
        flags(r#"-DNAME="\"a b\"" -D'F(x)=x'"#),
        ["-DNAME=\"a b\"", "-DF(x)=x"]
    );
    assert_eq!(flags(r"'a\'b' c\ d"), ["a'b", "c d"]);
    assert_eq!(
        flags("-I${SRCDIR}/../include -DX"),
        ["-I/a folder/src/../include", "-DX"]
    );
    assert_eq!(
        flags("-isystem ${DEP_ZIP_INCLUDE}/v1"),
        ["-isystem", "/zip/include/v1"]
    );
}

#[test]
fn an_error_stands_at_its_hash_sign() {
    let (place, message) = bad(" #cgo cflags: -DA");
    assert_eq!(
        place,
        Place {
            line: 10,
            column: 6
        }
    );
    assert_eq!(
        message,
        "unknown verb `cflags`\nhelp: a verb with a similar name exists: `CFLAGS`"
    );
    let (place, _) = bad("é\n\té\n\t #cgo X-Y: z\n#cgo CFLAGS: -DA");
    assert_eq!(
        place,
        Place {
            line: 12,
            column: 3
        }
    );
}

#[test]
fn each_mistake_says_what_to_write() {
    for (text, expected) in [
        ("#cgo LDFLAG: -lm", "exists: `LDFLAGS`"),
        ("#cgo pkgconfig: zlib", "exists: `pkg-config`"),
        ("#cgo LIBS: -lm", "the verbs are `CFLAGS`"),
        ("#cgo linux: -lm", "the verbs are `CFLAGS`"),
        ("#cgo opaque: <a.h>", "only `bind:` and `hide:` take"),
        (
            "#cgo FCFLAGS: -O2",
            "write the flags for Fortran in `FFLAGS`",
        ),
        (
            "#cgo LDFLAGS -lm",
            "missing `:`\nhelp: write `#cgo LDFLAGS: ...`",
        ),
        ("#cgo LDFLAGS -l:libm.a", "missing `:` after `LDFLAGS`"),
        ("#cgo", "missing `:`"),
        ("#cgo : -lm", "missing verb"),
        ("#cgo CFLAGS: -DA='x", "unclosed quote `'`"),
        ("#cgo windows CFLAGS: \"", "unclosed quote `\"`"),
        ("#cgo CFLAGS: -DA \\", "cannot be continued"),
        ("#cgo CFLAGS: -DA // why", "comment on a `#cgo` line"),
        ("#cgo CFLAGS: -I${OUT}/x", "only `${SRCDIR}`"),
        ("#cgo CFLAGS: -I${SRCDIR", "unknown variable"),
        ("#cgo nonnull: f", "`#cgo unsafe nonnull: f`"),
        (
            "#cgo CFLAGS: -I${DEP_Z_ROOT}",
            "cargo::rustc-env=DEP_Z_ROOT=",
        ),
        (
            "#cgo linux && CFLAGS: -DA",
            "invalid condition `linux &&`: expected the name",
        ),
        ("#cgo CFLAGS: \"\"", "empty argument"),
        ("#cgo CFLAGS: -O2 -lm", "`#cgo LDFLAGS:` line"),
        ("#cgo CFLAGS: other.c", "`#cgo SOURCES:` line"),
        ("#cgo CFLAGS: -DA -I", "missing value after `-I`"),
        ("#cgo CFLAGS: -xc++", "always compiled as C"),
        (
            "#cgo CXXFLAGS: -x c",
            "each file of `SOURCES` as its ending says",
        ),
        (
            "#cgo CFLAGS: -O2 -wrapper gdb,--args",
            "`-wrapper gdb,--args` cannot be used here",
        ),
        ("#cgo CFLAGS: -MMD", "which files the compiler writes"),
        ("#cgo CPPFLAGS: -Wp,-undef", "another text"),
        (
            "#cgo SOURCES: missing.c",
            "file `/a folder/src/missing.c` in `SOURCES:` not found",
        ),
        ("#cgo SOURCES: a.h", "is a header"),
        ("#cgo SOURCES: -w", "no file in `SOURCES:`"),
        ("#cgo SOURCES: -Iinclude", "takes flags about warnings"),
        ("#cgo SOURCES: -Wl,-s", "takes flags about warnings"),
        ("#cgo header: a.c", "ends in `.h`"),
        ("#cgo header: a.h b.h", "one file"),
        ("#cgo header: a.h\n#cgo header: b.h", "two `header:` lines"),
        (
            "#cgo bindings: a.rs\n#cgo bindings: b.rs",
            "two `bindings:` lines",
        ),
        (
            "#cgo constants: unsigned long A_*",
            "`#cgo constants: \"unsigned long\" NAME_*`",
        ),
        ("#cgo constants: enum color RED", "\"enum color\""),
        ("#cgo package(zlib >=) CFLAGS: -DX", "is not a package"),
        ("#cgo unsafe safe: f, g", "`f,` is not a C identifier"),
        ("#cgo safe: f g", "`#cgo unsafe safe: f g`"),
        ("#cgo windows safe: f", "`#cgo unsafe safe: f`"),
        ("#cgo unsafe bind: f", "write `#cgo bind: ...`"),
        ("#cgo unsafe safe f", "write `#cgo unsafe safe: ...`"),
        ("#cgo bind: struct stat", "write `struct_NAME`"),
        ("#cgo noescape 1f", "`1f` is not a C identifier"),
    ] {
        let (_, message) = bad(text);
        assert!(message.contains(expected), "{text}: {message}");
    }
}

#[test]
fn names_are_listed() {
    let directives = good(
        "#cgo bind: * struct_stat\n#cgo unsafe safe: abs\n#cgo linux unsafe safe: cos\n#cgo windows unsafe safe: f\n#cgo noescape f\n#cgo nocallback: g",
    );
    assert_eq!(bound(&directives), ["*", "struct_stat"]);
    assert_eq!(
        directives
            .safe
            .iter()
            .map(|name| name.value.as_str())
            .collect::<Vec<_>>(),
        ["abs", "cos"]
    );
}

#[test]
fn random_text_does_no_harm() {
    let pieces = "#cgo CFLAGS : \n \" ' \\ ${SRCDIR} ( ! && , é linux -l";
    let pieces: Vec<&str> = pieces.split(' ').chain([" "]).collect();
    let mut random = 88172645463325252u64;
    for _ in 0..3000 {
        let mut text = String::from("#cgo ");
        for _ in 0..12 {
            random ^= random << 13;
            random ^= random >> 7;
            random ^= random << 17;
            text.push_str(pieces[random as usize % pieces.len()]);
        }
        let (kept, ..) = outcome(&text);
        assert_eq!(kept.matches('\n').count(), text.matches('\n').count());
    }
}
