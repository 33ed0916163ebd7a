//! Finds the names that preprocessed C declares at file scope. It only proposes them: what a name means, the compiler
//! is asked afterwards.

use std::collections::{HashMap, HashSet};
use std::path::Path;

use crate::declarations::declaration::{Declaration, Surroundings};
use crate::lexer::{Item, Kind, Lexer, SourceFile, SourceLine, Token};

/// The names of one preamble with its headers.
#[derive(Debug, Default)]
pub struct Names {
    pub list: Vec<Name>,
    pub macros: HashMap<String, Macro>,
    pub files: Vec<SourceFile>,
    /// The text ends inside a declaration: only the compiler can tell what is missing.
    pub unfinished: bool,
    /// Ordinary identifiers: functions, variables, typedefs, enumerators.
    ordinary: HashMap<String, usize>,
    /// Tags, with their keyword: C has one name space for all three.
    tags: HashMap<String, usize>,
}

/// A declared name.
#[derive(Clone, Debug)]
pub struct Name {
    pub name: String,
    pub role: Role,
    pub system: bool,
    pub place: SourceLine,
    /// The files of its further declarations, and their ranges in the text.
    pub again: Vec<(u32, (usize, usize))>,
    /// The declaration's range in the preprocessed text, without a function's body.
    pub text: (usize, usize),
}

/// What the words of the declaration say.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Role {
    Typedef {
        /// Names a struct or union that has no tag.
        untagged: bool,
        /// It may be an array: brackets stand in its declaration, or in that of a type in there.
        array: bool,
    },
    /// A function or a variable.
    Object(Storage),
    Enumerator {
        /// The name in [`Names::list`] of the enumeration, if it has one.
        owner: Option<usize>,
    },
    Tag {
        keyword: Keyword,
        /// Whether braces were seen.
        complete: bool,
    },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Keyword {
    Struct,
    Union,
    Enum,
}

impl Keyword {
    pub fn text(self) -> &'static str {
        match self {
            Keyword::Struct => "struct",
            Keyword::Union => "union",
            Keyword::Enum => "enum",
        }
    }
}

/// The storage class and what else decides whether a symbol exists.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Storage {
    pub is_static: bool,
    pub is_extern: bool,
    pub inline: bool,
    /// Its `inline` means what it meant before C99: without `extern` it is an ordinary definition.
    pub gnu_inline: bool,
    pub thread_local: bool,
    /// A body or an initializer was seen.
    pub defined: bool,
    /// The declarator says that it is a function; one declared through a typedef does not.
    pub function: bool,
    /// It never returns.
    pub noreturn: bool,
    /// The compiler makes no code of it but where it is called.
    pub always_inline: bool,
    /// It is compiled for other processors than the rest.
    pub other_target: bool,
    /// It is called in another way than C's functions usually are.
    pub convention: bool,
    /// C23's `constexpr`.
    pub constant: bool,
    /// It is another name for what may be defined elsewhere or not at all.
    pub weakref: bool,
    /// What it returns should not be passed over.
    pub must_use: bool,
    /// It should not be used any more.
    pub deprecated: bool,
}

/// A macro as it stands at the end of the text.
#[derive(Clone, Debug)]
pub struct Macro {
    pub body: String,
    pub function_like: bool,
    pub system: bool,
    pub place: SourceLine,
}

/// Typedefs that a preamble has without an include, and what they stand for.
pub const SIZES: [(&str, &str); 3] = [
    ("size_t", "__SIZE_TYPE__"),
    ("ptrdiff_t", "__PTRDIFF_TYPE__"),
    ("wchar_t", "__WCHAR_TYPE__"),
];

impl Names {
    pub fn ordinary(&self, name: &str) -> Option<&Name> {
        self.ordinary.get(name).map(|&index| &self.list[index])
    }

    /// Whether a struct, union or enum has this tag.
    pub fn is_tag(&self, name: &str) -> bool {
        self.tags.contains_key(name)
    }

    /// Whether a struct, union or enum has this tag, also as `struct_tag`.
    pub fn has_tag(&self, name: &str) -> bool {
        let plain = name
            .strip_prefix("struct_")
            .or(name.strip_prefix("union_"))
            .or(name.strip_prefix("enum_"));
        self.is_tag(name) || plain.is_some_and(|tag| self.is_tag(tag))
    }

    /// Whether C knows the name as anything at all.
    pub fn has(&self, name: &str) -> bool {
        self.ordinary.contains_key(name) || self.macros.contains_key(name) || self.has_tag(name)
    }

    pub fn is_typedef(&self, name: &str) -> bool {
        match self.ordinary(name) {
            Some(name) => matches!(name.role, Role::Typedef { .. }),
            None => SIZES.iter().any(|(size, _)| *size == name),
        }
    }

    /// Whether the type that these tokens name may be an array.
    pub(crate) fn may_be_array(&self, tokens: &[Token<'_>]) -> bool {
        let mut braces = 0usize;
        tokens.iter().any(|token| {
            match token.kind {
                Kind::Punctuation(b'{') => braces += 1,
                Kind::Punctuation(b'}') => braces = braces.saturating_sub(1),
                _ => {}
            }
            let is_array = || {
                let role = self.ordinary(token.text).map(|name| &name.role);
                matches!(role, Some(Role::Typedef { array: true, .. }))
            };
            braces == 0 && (token.is(b'[') || token.text.contains("typeof") || is_array())
        })
    }

    /// The names that this file declares and another one too.
    pub fn declared_beside(&self, file: &str) -> HashSet<String> {
        let is_file = |index: u32| {
            let known = self.files.get(index as usize);
            known.is_some_and(|known| Path::new(&known.path).ends_with(file))
        };
        let doubly = self.list.iter().filter(|name| {
            let files = name.again.iter().map(|(file, _)| *file);
            let mut files = files.chain([name.place.file]);
            files.clone().any(is_file) && files.any(|index| !is_file(index))
        });
        doubly.map(|name| name.name.clone()).collect()
    }

    pub fn add_ordinary(&mut self, name: Name) -> usize {
        let Some(&known) = self.ordinary.get(&name.name) else {
            self.ordinary.insert(name.name.clone(), self.list.len());
            self.list.push(name);
            return self.list.len() - 1;
        };
        let old = &mut self.list[known];
        old.again.push((name.place.file, name.text));
        if let (Role::Object(old), Role::Object(new)) = (&mut old.role, &name.role) {
            old.is_static |= new.is_static;
            // C17 6.7.4, paragraph 7: one declaration without `inline` makes the definition an external one.
            old.is_extern |= new.is_extern || old.inline != new.inline;
            old.inline |= new.inline;
            old.gnu_inline |= new.gnu_inline;
            old.thread_local |= new.thread_local;
            old.defined |= new.defined;
            old.function |= new.function;
            old.noreturn |= new.noreturn;
            old.always_inline |= new.always_inline;
            old.convention |= new.convention;
            old.must_use |= new.must_use;
            old.deprecated |= new.deprecated;
            old.weakref |= new.weakref;
            old.other_target |= new.other_target;
        }
        if old.system && !name.system {
            (old.system, old.place, old.text) = (false, name.place, name.text);
        }
        known
    }

    pub fn add_tag(&mut self, name: Name) -> usize {
        let Some(&known) = self.tags.get(&name.name) else {
            self.tags.insert(name.name.clone(), self.list.len());
            self.list.push(name);
            return self.list.len() - 1;
        };
        let old = &mut self.list[known];
        let completes = matches!(
            (&old.role, &name.role),
            (
                Role::Tag {
                    complete: false,
                    ..
                },
                Role::Tag { complete: true, .. }
            )
        );
        if completes {
            *old = name;
        }
        known
    }
}

/// The compilers define it where every `inline` means what it meant before C99.
const GNU_INLINE: &str = "__GNUC_GNU_INLINE__";

/// Finds the names in the output of the preprocessor (`-E -dD`).
pub fn declared(text: &str) -> Names {
    let mut names = Names::default();
    let mut lexer = Lexer::new(text);
    let mut declaration = Declaration::default();
    while let Some(item) = lexer.next() {
        match item {
            Item::Define {
                name,
                function_like,
                body,
                place,
            } => {
                let system = lexer.is_system(place);
                names.macros.insert(
                    name.to_string(),
                    Macro {
                        body: body.to_string(),
                        function_like,
                        system,
                        place,
                    },
                );
            }
            Item::Undefine(name) => {
                names.macros.remove(name);
            }
            Item::Token(token) => {
                if let Some(end) = declaration.push(token) {
                    let first = declaration.first();
                    let system = first.is_some_and(|first| lexer.is_system(first.place));
                    let place = Surroundings {
                        system,
                        other_target: lexer.is_for_other_target(),
                    };
                    declaration.declare(end, place, &mut names);
                    declaration = Declaration::default();
                }
            }
        }
    }
    names.unfinished = !declaration.is_empty();
    if names.macros.contains_key(GNU_INLINE) {
        names.list.iter_mut().for_each(|name| {
            if let Role::Object(storage) = &mut name.role {
                storage.gnu_inline = true;
            }
        });
    }
    names.files = lexer.into_files();
    names
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ordinary(text: &str) -> Vec<String> {
        let names = declared(text);
        names
            .list
            .iter()
            .filter(|n| !matches!(n.role, Role::Tag { .. }))
            .map(|n| n.name.clone())
            .collect()
    }

    fn tags(text: &str) -> Vec<String> {
        let names = declared(text);
        names
            .list
            .iter()
            .filter(|n| matches!(n.role, Role::Tag { .. }))
            .map(|n| n.name.clone())
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
        let owner = |name: &str| match names.ordinary(name).map(|n| n.role.clone()) {
            Some(Role::Enumerator { owner: Some(owner) }) => names.list[owner].name.clone(),
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
    fn a_later_undef_takes_a_macro_away() {
        let names = declared("#define A 1\n#define F(x) x\n#undef A\n");
        assert!(!names.macros.contains_key("A"));
        assert!(names.macros["F"].function_like);
    }

    #[test]
    fn what_attributes_say_is_of_the_name_before_them() {
        let names = declared(
            "_Noreturn void a(void); void b(void) __attribute__((__noreturn__)), c(void); \
             void d(void (*f)(void) __attribute__((noreturn))); [[noreturn]] void e(void); \
             void (*g(void))(void) __attribute__((noreturn)); int __attribute__((ms_abi)) h(void); \
             extern inline __attribute__((always_inline)) int i(void) { return 1; }",
        );
        let storage = |name: &str| match names.ordinary(name).map(|name| &name.role) {
            Some(Role::Object(storage)) => *storage,
            other => panic!("{name}: {other:?}"),
        };
        let never_return = ["a", "b", "c", "d", "e", "g"].map(|name| storage(name).noreturn);
        assert_eq!(never_return, [true, true, false, false, true, false]);
        assert!(storage("h").convention && !storage("b").convention);
        assert!(storage("i").always_inline);
    }

    #[test]
    fn a_pragma_is_for_other_processors_until_it_is_taken_back() {
        let names = declared(
            "#pragma GCC push_options\n#pragma GCC target(\"avx\")\nint a(void);\n#pragma GCC pop_options\nint b(void);\n",
        );
        let storage = |name: &str| match names.ordinary(name).map(|name| &name.role) {
            Some(Role::Object(storage)) => storage.other_target,
            other => panic!("{name}: {other:?}"),
        };
        assert!(storage("a") && !storage("b"));
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
