//! Tests that damaged input gives an answer or an error, never a panic: texts and object files with random changes.

use std::collections::HashMap;
use std::process::Command;

use crate::environment::Target;
use crate::unit::RustFile;
use crate::{Place, cache};
use crate::{answer, directive, dwarf, lexer, macros, messages, names, object_file, probe, select};

/// Numbers that are the same at each run (a linear congruential generator, Knuth's constants).
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % limit
    }
}

/// The text with some characters removed, doubled or replaced.
fn damage(text: &str, numbers: &mut Numbers) -> String {
    const STRANGE: [&str; 12] = [
        "(", ")", "{", "}", "\"", "'", ";", "#", "\\", "/*", "é", "\n",
    ];
    let mut pieces: Vec<&str> = text
        .split_inclusive([' ', '\n', ';', '(', ')', '{', '}'])
        .collect();
    for _ in 0..=numbers.below(6) {
        let at = numbers.below(pieces.len());
        match numbers.below(3) {
            0 if pieces.len() > 1 => {
                pieces.remove(at);
            }
            1 => pieces.insert(at, pieces[at]),
            _ => pieces[at] = STRANGE[numbers.below(STRANGE.len())],
        }
    }
    pieces.concat()
}

const C: &str = "# 1 \"/usr/include/a.h\" 1 3 4\ntypedef unsigned long size_t; struct stat { int a : 3; union { long l; } u; };\n\
                 extern int f (const char *__restrict s, ...) __attribute__ ((__nothrow__)) __asm__ (\"\" \"g\");\n\
                 # 9 \"main.rs\" 2\n#define ONE 1\n#define TWO (ONE + sizeof(struct stat))\n#define TEXT \"a\" \"b\"\n#undef THREE\n\
                 static inline int add(int a, int b) { if (a) { return '}'; } return b; }\n\
                 typedef enum { RED, GREEN = 2 } color; enum E : int { X }; int (*table[3])(void), *p = { 0 };\n";

#[test]
fn preprocessed_text() {
    let mut numbers = Numbers(1);
    for _ in 0..3000 {
        let text = damage(C, &mut numbers);
        let names = names::declared(&text);
        let selection = select::select(&names, &select::Used::Everything, &[]);
        probe::write(
            &names,
            &selection.items,
            &vec![false; selection.items.len()],
        );
        names
            .macros
            .keys()
            .for_each(|name| drop(macros::shape(&names, name)));
        lexer::tokens(&text);
    }
}

#[test]
fn directives() {
    let text = "  #cgo linux,amd64 !musl && (a || b) CFLAGS: -DA='b c' \"-I x\" ${SRCDIR}/y\n#cgo LDFLAGS: -L. -la\n#cgo SOURCES: a.c\n#cgo bind: *\n";
    let mut numbers = Numbers(2);
    for _ in 0..3000 {
        let text = damage(text, &mut numbers);
        let start = Place { line: 3, column: 5 };
        let mut errors = Vec::new();
        let (blanked, _) = directive::read(
            &text,
            start,
            &Target::of_this_machine(),
            std::path::Path::new("/"),
            &mut errors,
        );
        assert_eq!(
            blanked.matches('\n').count(),
            text.matches('\n').count(),
            "lines are kept: {text:?}"
        );
    }
}

#[test]
fn compiler_messages() {
    let text = "In file included from a.h:1,\n                 from main.rs:2:\nb.h:3:4: error: 'x' undeclared\nb.h:3:4: note: here\nmain.rs:5: fatal error: no\n";
    let mut numbers = Numbers(3);
    let rust = RustFile {
        path: "main.rs".to_string(),
        shown: "main.rs".to_string(),
        first_line: 2,
        text: "int é;\nint f(void);\n".to_string(),
    };
    for _ in 0..3000 {
        for message in messages::read(&damage(text, &mut numbers)) {
            messages::diagnostic(message, &rust);
        }
    }
}

#[test]
fn object_files() {
    const VALID: &str = "struct record { int a : 3; union { long l; char c[4]; } u; struct record *next; };\n\
                         typedef enum { RED, GREEN = 2 } color; int f(struct record *r, color c, ...);\n\
                         static int (*table[3])(void); extern const char *const names[];\n\
                         #define TEXT \"a\"\n#define NUMBER (1.5 + GREEN)\n";
    let names = names::declared(VALID);
    let items = select::select(&names, &select::Used::Everything, &[]).items;
    let probe = probe::write(&names, &items, &vec![false; items.len()]);
    let folder = cache::temporary(&std::env::temp_dir(), "damaged");
    std::fs::create_dir_all(&folder).unwrap();
    let text = format!("{VALID}{}", probe.text);
    std::fs::write(folder.join("probe.c"), text).unwrap();
    let names_of_compilers = std::env::var("CC").unwrap_or_else(|_| "cc".to_string());
    let compiled = Command::new(names_of_compilers)
        .current_dir(&folder)
        .args(["-w", "-g", "-c", "probe.c", "-o", "probe.o"])
        .output()
        .unwrap();
    let object = std::fs::read(folder.join("probe.o"));
    std::fs::remove_dir_all(&folder).unwrap();
    let object = object.unwrap_or_else(|_| panic!("{}", String::from_utf8_lossy(&compiled.stderr)));
    assert!(
        answer::read(&object, &probe, items.len()).is_ok_and(|answer| !answer.of_item.is_empty())
    );

    let mut numbers = Numbers(4);
    for round in 0..1500 {
        let mut damaged = object.clone();
        for _ in 0..=numbers.below(8) {
            let at = numbers.below(damaged.len());
            damaged[at] = numbers.below(256) as u8;
        }
        if round % 3 == 0 {
            damaged.truncate(numbers.below(object.len()));
        }
        if let Ok(file) = object_file::read(&damaged) {
            let _ = dwarf::read(&file, &HashMap::new());
        }
        let _ = answer::read(&damaged, &probe, items.len());
    }
}
