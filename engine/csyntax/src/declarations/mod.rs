//! Reads what C declares at file scope from preprocessed text. This only proposes names: the compiler tells later what each one means.

pub mod asm_label;
pub(crate) mod builtins;
pub mod caller_frame;
pub mod declarator;
mod end;
pub mod keywords;
pub mod names;
mod parser;

use end::ExternalDeclaration;
use names::{Macro, NameKind, Names};
use parser::DeclarationContext;

use crate::lexer::{Lexer, TokenOrDirective};

/// The compilers define it if every `inline` means what it meant before C99.
const GNU_INLINE: &str = "__GNUC_GNU_INLINE__";

/// Finds the names in the output of the preprocessor (`-E -dD`).
pub fn declared(text: &str) -> Names<'_> {
    let mut names = Names::default();
    let mut tokens = Vec::new();
    let mut lexer = Lexer::new(text);
    let mut declaration = ExternalDeclaration::default();
    while let Some(next) = lexer.next() {
        match next {
            TokenOrDirective::Define {
                name,
                function_like,
                body,
                place,
            } => {
                let definition = Macro {
                    body,
                    function_like,
                    system: lexer.is_system(place),
                    place,
                };
                names.macros.insert(name, definition);
            }
            TokenOrDirective::Undefine(name) => {
                names.macros.remove(name);
            }
            TokenOrDirective::Token(token) => {
                let Some(end) = declaration.push(token, &mut tokens) else {
                    continue;
                };
                let range = declaration.range(&tokens);
                let tokens_of_it = &tokens[range.start as usize..range.end as usize];
                let first = tokens_of_it.first();
                let context = DeclarationContext {
                    range,
                    end,
                    system: first.is_some_and(|first| lexer.is_system(first.place)),
                    options: lexer.options(),
                };
                parser::declare(tokens_of_it, context, &mut names);
                declaration = ExternalDeclaration::starting_at(tokens.len());
            }
        }
    }
    names.unfinished = !declaration.is_empty(&tokens);
    if names.macros.contains_key(GNU_INLINE) {
        names.list.iter_mut().for_each(|name| {
            if let NameKind::FunctionOrVariable(storage) = &mut name.kind {
                storage.gnu_inline = true;
            }
        });
    }
    names.packs = lexer.packs();
    names.keep(text, tokens);
    names.files = lexer.into_files();
    names
}

#[cfg(test)]
mod tests {
    use super::keywords::Convention;
    use super::*;

    fn ordinary(text: &str) -> Vec<String> {
        let names = declared(text);
        names
            .list
            .iter()
            .filter(|n| !matches!(n.kind, NameKind::Tag { .. }))
            .map(|n| n.name.to_string())
            .collect()
    }

    fn tags(text: &str) -> Vec<String> {
        let names = declared(text);
        names
            .list
            .iter()
            .filter(|n| matches!(n.kind, NameKind::Tag { .. }))
            .map(|n| n.name.to_string())
            .collect()
    }

    #[test]
    fn a_keyword_of_other_compilers_may_be_declared() {
        assert_eq!(
            ordinary(
                "typedef float _Float32; typedef unsigned char bool; bool f(void); _Complex _Float32 g(_Float32 x);"
            ),
            ["_Float32", "bool", "f", "g"]
        );
    }

    /// As in the header of the exports: the probe would be run again without such a name.
    #[test]
    fn an_assertion_declares_nothing() {
        assert_eq!(
            ordinary(
                "__extension__ _Static_assert(sizeof(int) == 4, \"\"); __extension__ int a; _Static_assert(1, \"\");"
            ),
            ["a"]
        );
    }

    #[test]
    fn functions_and_variables() {
        assert_eq!(
            ordinary("int f(int a), g; static char *s = \"a;b\", t[3] = {1,2};"),
            ["f", "g", "s", "t"]
        );
        assert_eq!(
            ordinary("static inline int add(int a) { if (a) { return 1; } return a; } int x;"),
            ["add", "x"]
        );
        assert_eq!(
            ordinary("void (*signal(int sig, void (*func)(int)))(int); int (*fp)(void);"),
            ["signal", "fp"]
        );
    }

    #[test]
    fn typedefs_make_types_of_words() {
        assert_eq!(
            ordinary("typedef unsigned u8; u8 a; typedef int (*cb)(u8); cb (x);"),
            ["u8", "a", "cb", "x"]
        );
    }

    #[test]
    fn attributes_and_labels_are_passed_over() {
        let text = "extern int __attribute__((x(1))) f (int) __asm__ (\"\" \"g\") __attribute__ ((__nothrow__)); \
                    [[nodiscard]] int h(void); struct __attribute__((packed)) P { int a; } p;";
        assert_eq!(ordinary(text), ["f", "h", "p"]);
        assert_eq!(tags(text), ["P"]);
    }

    #[test]
    fn nested_tags_and_enumerators_are_at_file_scope() {
        let text = "struct A { struct B { int x; } b; enum { X, Y = sizeof(int[2]) } e; union { int i; }; struct C *c; };";
        assert_eq!(tags(text), ["A", "B", "C"]);
        assert_eq!(ordinary(text), ["X", "Y"]);
    }

    #[test]
    fn a_typedef_names_an_enumeration() {
        let names = declared("typedef enum { RED, GREEN } color; enum shade { DARK };");
        let owner = |name: &str| match names.ordinary(name).map(|n| n.kind.clone()) {
            Some(NameKind::Enumerator {
                owner: Some(owner), ..
            }) => names.list[owner].name,
            other => panic!("{other:?}"),
        };
        assert_eq!(owner("GREEN"), "color");
        assert_eq!(owner("DARK"), "shade");
    }

    #[test]
    fn system_headers_are_told_apart() {
        let names = declared(
            "# 1 \"/usr/include/a.h\" 1 3 4\nint a;\n# 5 \"src/main.rs\" 2\nint b;\n#define M 1\n",
        );
        assert!(names.ordinary("a").is_some_and(|n| n.system));
        assert!(
            names
                .ordinary("b")
                .is_some_and(|n| !n.system && n.place.line == 5)
        );
        assert!(!names.macros["M"].system);
    }

    #[test]
    fn paths_of_line_markers_are_read_as_the_compilers_write_them() {
        for (written, path) in [
            (r"a b\\c.h", r"a b\c.h"),
            (r#"\"q\".h"#, "\"q\".h"),
            (r"\303\2511.h", "é1.h"),
            (r"end\", "end"),
        ] {
            let text = format!("# 1 \"{written}\" 1\nint x;\n");
            assert_eq!(declared(&text).files[1].path, path);
        }
    }

    #[test]
    fn a_later_undef_takes_a_macro_away() {
        let names = declared("#define A 1\n#define F(x) x\n#undef A\n");
        assert!(!names.macros.contains_key("A"));
        assert!(names.macros["F"].function_like);
    }

    #[test]
    fn the_words_of_microsofts_headers_are_known() {
        let names = declared(
            "typedef unsigned __int64 size; static __forceinline __int32 a(void *__ptr64 p) { return 1; } __declspec(thread) unsigned __int8 b; \
             __declspec(dllimport) extern int c, d(void);",
        );
        assert!(names.typedef("size").is_some() && names.ordinary("__int64").is_none());
        let storage = |name: &str| match names.ordinary(name).map(|name| &name.kind) {
            Some(NameKind::FunctionOrVariable(storage)) => *storage,
            other => panic!("{name}: {other:?}"),
        };
        assert!(storage("a").inline && storage("a").always_inline);
        assert!(storage("b").thread_local);
        assert!(storage("c").has_no_constant_address() && !storage("d").has_no_constant_address());
    }

    #[test]
    fn what_attributes_say_is_of_the_name_before_them() {
        let names = declared(
            "_Noreturn void a(void); void b(void) __attribute__((__noreturn__)), c(void); \
             void d(void (*f)(void) __attribute__((noreturn))); [[noreturn]] void e(void); \
             void (*g(void))(void) __attribute__((noreturn)); int __attribute__((ms_abi)) h(void); \
             extern inline __attribute__((always_inline)) int i(void) { return 1; } \
             int weaken(void); int __attribute__((weak)) j(void);",
        );
        let storage = |name: &str| match names.ordinary(name).map(|name| &name.kind) {
            Some(NameKind::FunctionOrVariable(storage)) => *storage,
            other => panic!("{name}: {other:?}"),
        };
        let never_return = ["a", "b", "c", "d", "e", "g"].map(|name| storage(name).noreturn);
        assert_eq!(never_return, [true, true, false, false, true, false]);
        assert_eq!(storage("h").convention, Some(Convention::OfWindows));
        assert_eq!(storage("b").convention, None);
        assert!(storage("i").always_inline);
        assert!(storage("j").weak && !storage("weaken").weak);
    }

    #[test]
    fn a_pragma_is_for_other_processors_until_it_is_taken_back() {
        let names = declared(
            "#pragma GCC push_options\n#pragma GCC target(\"avx\")\nint a(void);\n#pragma GCC pop_options\nint b(void);\n",
        );
        let storage = |name: &str| match names.ordinary(name).map(|name| &name.kind) {
            Some(NameKind::FunctionOrVariable(storage)) => storage.other_target,
            other => panic!("{name}: {other:?}"),
        };
        assert!(storage("a") && !storage("b"));
    }

    /// With the branch of the preprocessor, the promise may be another function's.
    #[test]
    fn a_promise_behind_a_pragma_that_hides_macros_does_not_count() {
        let names = declared(
            "#pragma GCC push_options\n#pragma GCC optimize (\"O2\")\n_Noreturn void a(void);\n#pragma GCC pop_options\n_Noreturn void b(void);\n",
        );
        let noreturn = |name: &str| match names.ordinary(name).map(|name| &name.kind) {
            Some(NameKind::FunctionOrVariable(storage)) => storage.noreturn,
            other => panic!("{name}: {other:?}"),
        };
        assert!(!noreturn("a") && noreturn("b"));
    }

    #[test]
    fn old_style_definitions() {
        assert_eq!(ordinary("int f(a) int a; { return a; } int g;")[0], "f");
        assert!(ordinary("int f(a) int a; { return a; } int g;").contains(&"g".to_string()));
    }

    #[test]
    fn struct_returning_functions_have_bodies() {
        assert_eq!(
            ordinary(
                "struct S { int a; }; struct S make(void) { struct S s = {0}; return s; } int z;"
            ),
            ["make", "z"]
        );
        assert_eq!(
            ordinary("struct S *find(void) { return 0; } enum E get() { return 0; } int z;"),
            ["find", "get", "z"]
        );
    }
}
