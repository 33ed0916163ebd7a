//! `cargo doc` of a crate whose `mod C` is public: C's declarations as code, C's comments as text, and no lint has anything
//! to say.

mod support;

use std::fs;
use std::path::Path;
use std::process::Command;

use support::{Project, c_compiler, manifest, said};

/// Documents the crate with every lint an error.
fn document(project: &Project) {
    let dump = project.path("dump");
    let mut doc = project.command("doc --no-deps");
    doc.env("RUSTDOCFLAGS", "-D warnings -D rustdoc::all")
        .env("CGO_DUMP", &dump);
    let output = doc.output().unwrap();
    let said = said(&output);
    assert!(
        output.status.success() && !said.contains("warning"),
        "{said}"
    );
    if dump.is_dir() {
        document_dumped(&dump);
    }
}

/// The lints leave alone what a macro of another crate has written, so they are shown it as a source file.
fn document_dumped(dump: &Path) {
    let mut source = String::from("//! A crate.\n");
    for (number, folder) in fs::read_dir(dump).unwrap().enumerate() {
        let module = fs::read_to_string(folder.unwrap().path().join("module.rs")).unwrap();
        source.push_str(&format!("/// One.\npub mod of_{number} {{\n{module}}}\n"));
    }
    let project = Project::new("dumped_documentation");
    project.file("src/lib.rs", &source);
    document(&project);
}

/// A page of the documentation, with the characters that HTML writes otherwise as they are.
fn page(project: &Project, path: &str) -> String {
    let html = whole_page(project, path);
    let description = html.split("class=\"docblock").nth(1);
    description.expect("a description").to_string()
}

/// All of a page.
fn whole_page(project: &Project, path: &str) -> String {
    let file = project.target().join("doc").join(path);
    fs::read_to_string(&file).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// The text of a page, without tags.
fn text(page: &str) -> String {
    let pieces = page.split('<').map(|piece| {
        let tag = piece.find('>').map_or(0, |end| end + 1);
        &piece[tag..]
    });
    let text: String = pieces.collect();
    let text = text.replace("&lt;", "<").replace("&gt;", ">");
    text.replace("&quot;", "\"")
        .replace("&#39;", "'")
        .replace("&amp;", "&")
}

/// Comments with whatever Markdown, HTML and Doxygen know, as tokens and in a header.
const HAZARDS: &str = r#"
/** Takes [x], [`y`] and <T>, *stars*, __bars__ & 1 < 2; see http://example.org/a_b and <script>alert(1)</script>.
 * # Safety
 * Title
 * =====
 * `code[0]`, an odd ` and ~~struck~~ | a | table | [^1] [link](nowhere) ![image](none)
 *
 * @brief Brief words.
 * @param[in] first The *first*.
 * \param second the [second]
 * \return Always @c 0.
 */
int hazards(int first, int second);
// ``` a fence that nobody closes
// [broken] <b>
void open_fence(void);
/* ~~~
   [broken]
   ~~~~ */
void other_fence(void);
/* Größe: naïve — “quoted”. */
extern int non_ascii;
/* # Safety

   # Panics */
void headings(void);
/* A record of [things]. */
struct record { int a[2]; struct { int b; }; };
/** A [type]. */
typedef struct {
    int inside;
} named;
/* [Long]. */
int long_declaration(LONG);
#define MACRO "a ``` b [c] <d>"
/* Some [colors]. */
enum color { RED /* [red] */, /* [blue] */ BLUE };
struct fields {
    int first; /**< The [first] of <T>. */
    /* # Above
       it is *plain*. */
    int second;
    unsigned bits : 3; // Some [bits].
};
int old(void) __attribute__((deprecated("call `hazards`")));
"#;

fn hazards() -> String {
    let parameters: Vec<String> = (0..300)
        .map(|number| format!("const char *parameter_{number}"))
        .collect();
    HAZARDS.replace("LONG", &parameters.join(", "))
}

#[test]
fn comments_are_text_and_declarations_are_code() {
    let project = Project::new("documented");
    project.file("src/hazards.h", &hazards()).file(
        "src/lib.rs",
        &format!(
            "//! A crate.\n/// Tokens.\npub mod tokens {{ cgo::c_preamble! {{ pub mod C; #include \"hazards.h\"\n }} }}\n\
             /// A string.\npub mod string {{ cgo::c_preamble! {{ pub mod C; r##\"{}\"## }} }}\n",
            hazards()
        ),
    );
    document(&project);
    for module in ["tokens", "string"] {
        let of = |name: &str| page(&project, &format!("documented/{module}/C/{name}.html"));
        let hazards = of("fn.hazards");
        let shown = text(&hazards);
        for part in [
            "Takes [x], [y] and <T>, *stars*, __bars__ & 1 < 2",
            "<script>alert(1)</script>.",
            "# Safety",
            "an odd ` and ~~struck~~ | a | table | [^1] [link](nowhere) ![image](none)",
            "Brief words.",
            "first: The *first*.",
            "second: the [second]",
            "Returns: Always 0.",
            "int hazards(int first, int second)",
        ] {
            assert!(shown.contains(part), "{part}:\n{shown}");
        }
        for tag in [
            "<script>alert",
            "<h1",
            "<h2",
            "<em>",
            "<del>",
            "<table",
            "<img",
        ] {
            assert!(!hazards.contains(tag), "{tag}:\n{hazards}");
        }
        assert!(
            hazards.contains("<a href=\"http://example.org/a_b\">"),
            "{hazards}"
        );
        assert!(
            hazards.contains("<code>int hazards(int first, int second)</code>"),
            "{hazards}"
        );
        assert!(!of("fn.headings").contains("<h"), "{}", of("fn.headings"));
        for (name, part) in [
            ("fn.open_fence", "[broken] <b>"),
            ("fn.other_fence", "[broken]"),
            ("static.non_ascii", "Größe: naïve — “quoted”."),
            ("struct.struct_record", "A record of [things]."),
            ("struct.named", "A [type]."),
            ("fn.long_declaration", "[Long]."),
            ("fn.long_declaration", "const char *parameter_0, "),
            ("constant.MACRO", "#define MACRO \"a ``` b [c] <d>\""),
            ("type.enum_color", "Some [colors]."),
        ] {
            let shown = text(&of(name));
            assert!(shown.contains(part), "{name}: {part}:\n{shown}");
        }
        let whole =
            |name: &str| whole_page(&project, &format!("documented/{module}/C/{name}.html"));
        for (name, part) in [
            ("struct.struct_fields", "The [first] of <T>."),
            ("struct.struct_fields", "# Above\nit is *plain*."),
            ("struct.struct_fields", "Some [bits]."),
            ("constant.RED", "[red]"),
            ("fn.old", "call hazards"),
        ] {
            let shown = text(&whole(name));
            assert!(shown.contains(part), "{name}: {part}:\n{shown}");
        }
    }
}

/// Whether the C compiler finds this header.
fn has_header(header: &str) -> bool {
    let mut compiler = Command::new(c_compiler());
    compiler.args(["-fsyntax-only", "-include", header, "-x", "c", "/dev/null"]);
    compiler
        .output()
        .is_ok_and(|output| output.status.success())
}

#[test]
fn whole_headers() {
    let of_libc = "ctype errno fcntl inttypes locale math netdb pthread signal stdio stdlib string sys/socket sys/stat time unistd wchar";
    let headers = of_libc.split(' ').chain(["sqlite3", "zlib"]);
    let mut source = String::from("//! A crate.\n");
    for header in headers {
        if !has_header(&format!("{header}.h")) {
            println!("skipped: there is no {header}.h");
            continue;
        }
        let module = header.replace('/', "_");
        source.push_str(&format!(
            "cgo::c_preamble! {{\n    pub mod {module};\n    #cgo bind: *\n    #include <{header}.h>\n}}\n"
        ));
    }
    let project = Project::new("documented_headers");
    project
        .manifest(&manifest("documented_headers", "2024", ""))
        .file("src/lib.rs", &source);
    document(&project);
    let strlen = page(&project, "documented_headers/string/fn.strlen.html");
    assert!(
        text(&strlen).contains("size_t strlen (const char *"),
        "{strlen}"
    );
    assert!(Path::new(&project.target().join("doc/documented_headers/stdio")).is_dir());
}

/// rustdoc compiles an example as a text of its own, where the header of a crate's exports has none: so those are built as crates.
#[test]
fn examples_with_exports_run() {
    let read = |file| fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(file)).unwrap();
    let texts = [
        read("README.md"),
        read("cgo-macros/src/c_preamble.md"),
        read("cgo-macros/src/export_c.md"),
    ];
    let blocks = texts.iter().flat_map(|text| code_blocks(text));
    let examples: Vec<&str> = blocks
        .filter(|code| code.contains("_cgo_export.h\"\n") && code.contains("fn main"))
        .collect();
    assert!(examples.len() >= 4, "{examples:#?}");
    let project = Project::new("examples_with_exports");
    for (number, example) in examples.iter().enumerate() {
        project.file(&format!("src/bin/example{number}.rs"), example);
    }
    for number in 0..examples.len() {
        project.cargo(&format!("run --bin example{number}"));
    }
}

/// The blocks of code in Markdown.
fn code_blocks(text: &str) -> impl Iterator<Item = &str> {
    let fenced = text.split("\n```").skip(1).step_by(2);
    fenced.filter_map(|block| Some(block.split_once('\n')?.1))
}

/// The safe layer over a library that is wrapped by a preamble with this start.
fn safe_layer(name: &str, start: &str) -> Project {
    let project = Project::new(name);
    let call = format!("cgo::c_preamble! {{\n    mod C;\n    {start}\n}}\n");
    let layer = "pub use C::zip_flags;
        /// An archive.
        #[derive(Debug)]
        pub struct Archive(*mut C::zip_t);
        impl Archive {
            /// Opens one.
            pub fn open(mode: C::zip_mode) -> Option<Archive> {
                let zip = unsafe { C::zip_open(mode, C::ZIP_FLAG) };
                if zip.is_null() { None } else { Some(Archive(zip)) }
            }
            /// As C has it.
            pub fn raw(&self) -> *mut C::zip_t { self.0 }
        }
        /// How far it is.
        #[derive(Clone, Copy, PartialEq)]
        pub struct State(pub C::zip_state);
        /// Room for a name.
        pub struct Name(pub [u8; C::ZIP_NAME as usize - 1], pub [C::zip_t; C::sizeof_zip_t]);
        /// The number of an error.
        pub const FAILED: i32 = C::ZIP_FAILED;
        /// Both.
        pub const BOTH: u32 = C::ZIP_ONE | C::ZIP_OTHER;
        /// How hard to try.
        pub enum Effort { Low = C::ZIP_LOW as isize, High = C::ZIP_HIGH as isize }
        use C::{ZIP_BIG, ZIP_VERSION as VERSION};
        /// By its own name.
        pub const BIG: u64 = ZIP_BIG;
        /// All.
        pub const BOUNDS: [i16; 2] = [C::ZIP_LOWER, C::ZIP_UPPER];
        /// As a text.
        pub const NAME: &std::ffi::CStr = C::ZIP_TITLE;
        /// The same of another one.
        pub const NUMBER: &str = match VERSION.to_str() { Ok(text) => text, Err(_) => \"\" };
        /// What it is.
        #[repr(u8)]
        pub enum Kind { File = C::ZIP_FILE, Folder = C::ZIP_FOLDER }
        impl Default for C::struct_options { fn default() -> Self { C::struct_options { level: C::ZIP_LEVEL } } }
    ";
    project.file("src/lib.rs", &format!("{call}{layer}"));
    project
}

#[test]
fn a_crate_is_documented_without_its_library() {
    for (name, start) in [
        ("doc_no_header", "#include <no_such_zip.h>"),
        ("doc_no_package", "#cgo pkg-config: no-such-zip"),
    ] {
        let project = safe_layer(name, start);
        let output = project.command("doc --no-deps").output().unwrap();
        let said = said(&output);
        assert!(output.status.success(), "{said}");
        assert_eq!(
            said.matches("this C is missing from the documentation")
                .count(),
            1,
            "{said}"
        );
        let page = text(&whole_page(
            &project,
            &format!("{name}/struct.Archive.html"),
        ));
        assert!(page.contains("*mut zip_t"), "{page}");
        assert!(page.contains("Opens one."), "{page}");
        project.cargo_fails("check");
    }
}

#[test]
fn a_mistake_in_the_c_is_an_error_of_the_documentation_too() {
    let project = safe_layer("doc_mistake", "int f(no_such_type x);");
    project.cargo_fails("doc --no-deps");
    let mut doc = project.command("doc --no-deps");
    assert!(doc.env("DOCS_RS", "1").status().unwrap().success());
}
