//! Writes shims as C.

use std::fmt::Write;

use cgo_csyntax::target::ObjectFormat;

use crate::names::c_types::WIDE_COMPLEX;
use crate::shims::shim::{Shim, ShimParameter, ShimResult};

/// The file name that the compiler's messages have for the shims. Each shim is one line of it.
pub const FILE: &str = "cgo-shims";

/// The preamble's text with the shims around it. Their symbols start with `prefix`, which no other preamble has. `file` is the name
/// of the preamble's file.
pub fn with_preamble(
    text: &str,
    shims: &[Shim],
    prefix: &str,
    file: &str,
    format: ObjectFormat,
) -> String {
    format!(
        "{}{text}{}",
        renamed(shims, prefix, format),
        write(shims, prefix, file, format)
    )
}

/// The pragmas that have to stand before the first declaration.
fn renamed(shims: &[Shim], prefix: &str, format: ObjectFormat) -> String {
    // The name that the pragma gives is the whole symbol.
    let underscore = match format {
        ObjectFormat::MachO => "_",
        ObjectFormat::Elf | ObjectFormat::Coff | ObjectFormat::Wasm => "",
    };
    let mut text = String::new();
    for shim in shims {
        if let Shim::InlineDefinition { name, target } = shim {
            let _ = writeln!(
                text,
                "#pragma redefine_extname {target} {underscore}{prefix}{name}"
            );
        }
    }
    text
}

/// Defines `__FILE__` as the file of the preamble, for the lines behind a `#line` with another name.
pub fn define_file_macros(file: &str) -> String {
    let quoted = |path: &str| path.replace('\\', "\\\\").replace('"', "\\\"");
    let name = file.rsplit(['/', '\\']).next().unwrap_or(file);
    format!(
        "#undef __FILE__\n#define __FILE__ \"{}\"\n#ifdef __FILE_NAME__\n#undef __FILE_NAME__\n#define __FILE_NAME__ \"{}\"\n#endif\n",
        quoted(file),
        quoted(name)
    )
}

fn write(shims: &[Shim], prefix: &str, file: &str, format: ObjectFormat) -> String {
    let line = format!("#line 1 \"{FILE}\"\n");
    let mut text = format!("\n{line}{}{line}", define_file_macros(file));
    for shim in shims {
        let _ = match shim {
            // The compilers have no aliases in Mach-O, but the assembler gives second names. A pointer that is kept makes the
            // compiler write the function or variable.
            Shim::Alias { name, target } if format == ObjectFormat::MachO => {
                writeln!(
                    text,
                    "__attribute__((__used__)) static const void *const {prefix}kept_{name} = (const void *)&{name}; __asm__(\".globl \\\"_{prefix}{name}\\\"\\n.set \\\"_{prefix}{name}\\\", \\\"_{target}\\\"\");"
                )
            }
            Shim::Alias { name, target } => {
                writeln!(
                    text,
                    "extern __typeof__({name}) {prefix}{name} __attribute__((__alias__(\"{target}\")));"
                )
            }
            Shim::InlineDefinition { target, .. } => {
                writeln!(text, "extern __typeof__({target}) {target};")
            }
            Shim::Address(name) => {
                writeln!(
                    text,
                    "__typeof__({name}) *{prefix}{name}(void) {{ return &{name}; }}"
                )
            }
            // Through a pointer, since the type of a statement expression can be named only inside a function; so
            // no ABI for results comes into it either.
            Shim::Value(name) => {
                let is_void = format!("__builtin_types_compatible_p(__typeof__({name}), void)");
                writeln!(
                    text,
                    "void {prefix}{name}(void *_cgo_result) {{ __typeof__(__builtin_choose_expr({is_void}, (char)0, {name})) _cgo_value = __builtin_choose_expr({is_void}, (({name}), (char)0), {name}); __builtin_memcpy(_cgo_result, &_cgo_value, sizeof _cgo_value); }}"
                )
            }
            Shim::DecayedValue(name) => writeln!(
                text,
                "void {prefix}{name}(void *_cgo_result) {{ __typeof__(&*({name})) _cgo_value = {name}; __builtin_memcpy(_cgo_result, &_cgo_value, sizeof _cgo_value); }}"
            ),
            Shim::Literal(name) => writeln!(
                text,
                "extern const __typeof__(0 ? ({name}) : ({name})) {prefix}{name}; const __typeof__(0 ? ({name}) : ({name})) {prefix}{name} = {name};"
            ),
            Shim::Call {
                name,
                parameters,
                result,
                features,
                ..
            } => {
                // A function with more features can be inlined only into one that has them too.
                if let Some(features) = features {
                    let _ = write!(text, "__attribute__((__target__({features}))) ");
                }
                text.push_str(&call(name, parameters, result, prefix));
                Ok(())
            }
        };
    }
    text
}

/// A text that ends in what [`write`] wrote, with only the shims that `kept` marks; the lines of the others are empty.
pub fn keep_only(text: &str, kept: &[bool]) -> String {
    let head = format!("\n#line 1 \"{FILE}\"\n");
    let Some((before, shims)) = text.rsplit_once(&head) else {
        return text.to_string();
    };
    let shims = shims.lines().zip(kept);
    let shims: Vec<&str> = shims
        .map(|(shim, kept)| if *kept { shim } else { "" })
        .collect();
    format!("{before}{head}{}\n", shims.join("\n"))
}

/// A function that passes its parameters on as C does. The parentheses around the name keep a macro of that name from expanding.
fn call(name: &str, parameters: &[ShimParameter], result: &ShimResult, prefix: &str) -> String {
    let numbered = || parameters.iter().enumerate();
    let mut declarations: Vec<String> = numbered()
        .map(|(number, parameter)| match parameter {
            ShimParameter::Direct(ctype) => format!("{ctype} _cgo_{number}"),
            ShimParameter::AsDouble => format!("double _cgo_{number}"),
            ShimParameter::Indirect(_) => format!("const void *_cgo_{number}"),
        })
        .collect();
    if *result == ShimResult::Indirect {
        declarations.insert(0, "void *_cgo_result".to_string());
    }
    let declarations = match declarations.is_empty() {
        true => "void".to_string(),
        false => declarations.join(", "),
    };
    let arguments: Vec<String> = numbered()
        .map(|(number, parameter)| match parameter {
            ShimParameter::Direct(_) => format!("_cgo_{number}"),
            // A call without a prototype would not convert it.
            ShimParameter::AsDouble => format!("(long double)_cgo_{number}"),
            ShimParameter::Indirect(ctype) => format!("*(const {ctype} *)_cgo_{number}"),
        })
        .collect();
    let call = format!("({name})({})", arguments.join(", "));
    let (ctype, body) = match result {
        ShimResult::Void => ("void", format!("{call};")),
        ShimResult::Direct(ctype) => (ctype.as_str(), format!("return {call};")),
        ShimResult::AsDouble => ("double", format!("return {call};")),
        ShimResult::Indirect => (
            "void",
            format!(
                "__typeof__({call}) _cgo_value = {call}; __builtin_memcpy(_cgo_result, &_cgo_value, sizeof _cgo_value);"
            ),
        ),
    };
    let assertion = assert_complex(name, parameters, &call);
    format!("{ctype} {prefix}{name}({declarations}) {{ {assertion}{body} }}\n")
}

/// An assertion where DWARF has the same name for two complex types, since C would convert one to the other without a warning.
fn assert_complex(name: &str, parameters: &[ShimParameter], call: &str) -> String {
    let is_ambiguous = |parameter: &ShimParameter| matches!(parameter, ShimParameter::Indirect(ctype) if ctype == WIDE_COMPLEX);
    if !parameters.iter().any(is_ambiguous) {
        return String::new();
    }
    let types = parameters.iter().map(|parameter| match parameter {
        ShimParameter::Direct(ctype) | ShimParameter::Indirect(ctype) => ctype,
        ShimParameter::AsDouble => "long double",
    });
    let types: Vec<&str> = types.collect();
    format!(
        "_Static_assert(__builtin_types_compatible_p(__typeof__({name}), __typeof__({call}) ({})), \"it takes a complex type that the compiler does not name\"); ",
        types.join(", ")
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_complex_type_that_may_be_another_is_compared() {
        let shim = |ctype: &str| Shim::Call {
            name: "f".to_string(),
            parameters: vec![ShimParameter::Indirect(ctype.to_string())],
            result: ShimResult::Void,
            inlined: false,
            features: None,
        };
        let is_compared = |ctype| {
            write(&[shim(ctype)], "p_", "main.rs", ObjectFormat::Elf).contains("_Static_assert")
        };
        assert!(is_compared("_Complex long double"));
        assert!(!is_compared("long double"));
    }
}
