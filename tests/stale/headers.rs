//! Headers, present and absent, and the words by which Rust asks for names.

use std::fs;

use crate::Asked;
use crate::support::Project;

#[test]
fn headers() {
    let asked = Asked::new(
        Project::new("stale_headers"),
        "stale_headers",
        "#cgo CFLAGS: -I${SRCDIR}/../first -I${SRCDIR}/../second -imacros ${SRCDIR}/../flags.h\n#include <v.h>\n\
         #ifdef MORE\n#undef V\n#define V MORE\n#endif\n\
         #if __has_include(\"opt.h\")\n#include \"opt.h\"\n#endif",
    );
    asked
        .file("flags.h", "\n")
        .file("second/v.h", "#define V 1\n")
        .says(1);
    // Read before.
    asked.file("second/v.h", "#define V 2\n").still_says(2);
    // A folder is no header.
    asked.file("first/v.h/other", "").says(2);
    fs::remove_dir_all(asked.path("first")).unwrap();
    // A header that comes first from now on, in a folder that was not there.
    asked.file("first/v.h", "#define V 3\n").says(3);
    // Asked for and not there.
    asked.file("src/opt.h", "#undef V\n#define V 4\n").says(4);
    fs::remove_file(asked.path("src/opt.h")).unwrap();
    asked.says(3);
    fs::remove_dir_all(asked.path("first")).unwrap();
    asked.says(2);
    // A file of which the preprocessed text says nothing.
    asked.file("flags.h", "#define MORE 5\n").still_says(5);
    asked.file("flags.h", "\n").still_says(2);
    // Another file of the same length and time.
    let old = asked.path("second/v.h");
    let time = fs::metadata(&old).unwrap().modified().unwrap();
    let new = asked.path("second/new.h");
    fs::write(&new, "#define V 6\n").unwrap();
    fs::File::options()
        .append(true)
        .open(&new)
        .unwrap()
        .set_modified(time)
        .unwrap();
    fs::rename(new, old).unwrap();
    asked.says(6);
}

/// In its line markers clang writes such letters as numbers.
#[test]
fn headers_in_a_folder_whose_name_is_not_ascii() {
    let asked = Asked::new(
        Project::in_folder("stale_letters", "Größe \\ \"2\""),
        "stale_letters",
        "#include \"ä/v.h\"",
    );
    asked.file("src/ä/v.h", "#define V 1\n").says(1);
    asked.file("src/ä/v.h", "#define V 2\n").still_says(2);
}

/// What `__has_include` asks for by a macro's name is not known, and what was read is.
#[test]
fn a_header_that_a_macro_names() {
    let asked = Asked::new(
        Project::new("stale_macro"),
        "stale_macro",
        "#define OPT \"opt.h\"\n#if __has_include(OPT)\n#include OPT\n#else\n#define V 1\n#endif",
    );
    asked.says(1);
    asked.file("src/opt.h", "#define V 2\n").says(2);
    asked.file("src/opt.h", "#define V 3\n").still_says(3);
    fs::remove_file(asked.path("src/opt.h")).unwrap();
    asked.still_says(1);
}

/// The word may have been another one before.
#[test]
fn a_word_that_becomes_a_name_of_the_module() {
    let project = Project::new("stale_word");
    let says = |uses: &str, value: &str| {
        project.file(
            "src/main.rs",
            &format!(
                "cgo::c_preamble! {{\n    #cgo strip: zip_\n    #include <time.h>\n    struct point {{ int x; }}; struct zip_file {{ int size; }};\n}}\n\
                 fn main() {{ let (tm, point, file) = (1, 1, 1); println!(\"{{}}\", tm + point + file + {uses}); }}\n"
            ),
        );
        assert_eq!(project.cargo("run -q"), value, "{uses}");
    };
    says("0", "3\n");
    says("C::tm::default().tm_year", "3\n");
    says("C::point { x: 4 }.x", "7\n");
    says("C::file { size: 5 }.size", "8\n");
    says("0", "3\n");
}
