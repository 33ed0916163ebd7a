//! Declares Go's types and strings as cgo of Go does, for C that was written for it. Other C does not see them.

use std::ffi::OsString;
use std::path::PathBuf;

use cgo_csyntax::diagnostic::{Outcome, cannot_write};
use cgo_csyntax::files::checksum;
use cgo_csyntax::files::kept_file;
use cgo_csyntax::lexer::each_token;

use crate::session::Session;

/// As cgo's documentation, "C references to Go", and the headers that it writes have them; by these guards a header of Go's own leaves
/// them out. A string is the `cgo_str` of `_cgo_export.h`.
const DECLARATIONS: &str = "\
#include <stddef.h>
#ifndef CGO_TEXT_AND_BYTES
#define CGO_TEXT_AND_BYTES
typedef struct cgo_str { const char *p; size_t n; } cgo_str;
typedef struct cgo_bytes { const __UINT8_TYPE__ *p; size_t n; } cgo_bytes;
#endif
#define GO_CGO_EXPORT_PROLOGUE_H
#define GO_CGO_PROLOGUE_H
typedef signed char GoInt8;
typedef unsigned char GoUint8;
typedef short GoInt16;
typedef unsigned short GoUint16;
typedef int GoInt32;
typedef unsigned int GoUint32;
__extension__ typedef long long GoInt64;
__extension__ typedef unsigned long long GoUint64;
#if __SIZEOF_POINTER__ == 8
typedef GoInt64 GoInt;
typedef GoUint64 GoUint;
#else
typedef GoInt32 GoInt;
typedef GoUint32 GoUint;
#endif
typedef __SIZE_TYPE__ GoUintptr;
typedef float GoFloat32;
typedef double GoFloat64;
__extension__ typedef float _Complex GoComplex64;
__extension__ typedef double _Complex GoComplex128;
typedef cgo_str _GoString_;
typedef _GoString_ GoString;
typedef void *GoMap;
typedef void *GoChan;
typedef struct { void *t; void *v; } GoInterface;
typedef struct { void *data; GoInt len; GoInt cap; } GoSlice;
static __inline__ __attribute__((__unused__)) __SIZE_TYPE__ _GoStringLen(_GoString_ s) { return s.n; }
static __inline__ __attribute__((__unused__)) const char *_GoStringPtr(_GoString_ s) { return s.p; }
";

/// The declarations for a text that names one of them; nothing for another text.
pub fn before(text: &str) -> &'static str {
    // Most texts need no tokens.
    let may = text.contains("_GoString") || text.contains("Go");
    let is_ours = |word: &str| match word.strip_prefix("Go") {
        Some("Uintptr" | "String" | "Map" | "Chan" | "Interface" | "Slice") => true,
        Some(rest) => {
            let bits = ["Int", "Uint", "Float", "Complex"];
            let bits = bits.iter().find_map(|name| rest.strip_prefix(name));
            bits.is_some_and(|bits| matches!(bits, "" | "8" | "16" | "32" | "64" | "128"))
        }
        None => matches!(word, "_GoString_" | "_GoStringLen" | "_GoStringPtr"),
    };
    match may && each_token(text).any(|token| is_ours(token.text)) {
        true => DECLARATIONS,
        false => "",
    }
}

/// The flags that declare them for a file of `SOURCES` that names one.
pub fn flags(source: &str, session: &Session) -> Outcome<Vec<OsString>> {
    let (Some(folder), false) = (&session.link_directory, before(source).is_empty()) else {
        return Ok(Vec::new());
    };
    let file: PathBuf = folder.join("cgo-go-types.h");
    if checksum::sum(&std::fs::read(&file).unwrap_or_default())
        != checksum::sum(DECLARATIONS.as_bytes())
    {
        kept_file::write(&file, DECLARATIONS.as_bytes())
            .or_else(|error| cannot_write(&file, &error))?;
    }
    Ok(vec![OsString::from("-include"), file.into_os_string()])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn they_are_declared_for_those_who_name_them() {
        for text in [
            "GoInt f(void);",
            "GoString s;",
            "int n(_GoString_ s);",
            "GoUint8 x;",
            "GoComplex128 z;",
        ] {
            assert_eq!(before(text), DECLARATIONS, "{text}");
        }
        for text in [
            "int Go;",
            "struct GoIntent { int a; };",
            "char *s = \"GoInt\";",
            "int GoInt7;",
        ] {
            assert_eq!(before(text), "", "{text}");
        }
    }
}
