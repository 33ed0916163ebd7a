//! Writes shims as C.

use std::fmt::Write;

use cgo_csyntax::target::ObjectFormat;

use crate::names::c_types::WIDE_COMPLEX;
use crate::shims::shim::{Shim, ShimParameter, ShimResult};

/// The file name that the compiler's messages have for the shims. Each shim is one line of it.
pub const FILE: &str = "cgo-shims";

/// The C of a preamble with its shims.
pub struct ShimmedPreamble {
    /// All that stands before the shims.
    preamble: String,
    /// One for each shim.
    lines: Vec<String>,
}

impl ShimmedPreamble {
    /// `text` is the preamble, and `file` what `__FILE__` is in it. The symbols of the shims start with `prefix`, which no other preamble has.
    pub fn new(
        text: &str,
        shims: &[Shim],
        prefix: &str,
        file: &str,
        format: ObjectFormat,
    ) -> ShimmedPreamble {
        let line = format!("\n#line 1 \"{FILE}\"\n");
        let renamed = renamed(shims, prefix, format);
        let parts = [&renamed, text, &line, &define_file_macros(file), &line[1..]];
        let lines = shims.iter().map(|shim| write(shim, prefix, format));
        ShimmedPreamble {
            preamble: parts.concat(),
            lines: lines.collect(),
        }
    }

    /// The text with all shims.
    pub fn text(&self) -> String {
        self.text_with(|_| true)
    }

    /// The text with the shims of which `keeps` picks the numbers. The lines of the others are empty.
    pub fn text_with(&self, keeps: impl Fn(usize) -> bool) -> String {
        let mut text = self.preamble.clone();
        for (number, line) in self.lines.iter().enumerate() {
            if keeps(number) {
                text.push_str(line);
            }
            text.push('\n');
        }
        text
    }
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
        if let Shim::InlineDefinition { target, .. } = shim {
            let symbol = shim.symbol(prefix);
            let _ = writeln!(
                text,
                "#pragma redefine_extname {target} {underscore}{symbol}"
            );
        }
    }
    text
}

/// Defines `__FILE__` as this string literal, which it is in the preamble, for the lines behind a `#line` with another name.
/// It is left alone if this is empty.
pub fn define_file_macros(file: &str) -> String {
    if file.is_empty() {
        return String::new();
    }
    let name = file.rsplit(['/', '\\', '"']).find(|part| !part.is_empty());
    let name = name.unwrap_or_default();
    format!(
        "#undef __FILE__\n#define __FILE__ {file}\n#ifdef __FILE_NAME__\n#undef __FILE_NAME__\n#define __FILE_NAME__ \"{name}\"\n#endif\n"
    )
}

/// The C of a shim, as a line without its end.
fn write(shim: &Shim, prefix: &str, format: ObjectFormat) -> String {
    match shim {
        // The compilers have no aliases in Mach-O, but the assembler gives second names. A pointer that is kept makes the compiler write the
        // function or variable.
        Shim::Alias {
            name,
            target,
            label,
        } if format == ObjectFormat::MachO => {
            let label = label.clone().unwrap_or_else(|| format!("\"_{target}\""));
            format!(
                "__attribute__((__used__)) static const void *const {prefix}kept_{name} = (const void *)&{target}; __asm__(\".globl \\\"_{prefix}{name}\\\"\\n.set \\\"_{prefix}{name}\\\", \\\"\" {label} \"\\\"\");"
            )
        }
        Shim::Alias {
            name,
            target,
            label,
        } => {
            let label = label.clone().unwrap_or_else(|| format!("\"{target}\""));
            format!(
                "extern __typeof__({target}) {prefix}{name} __attribute__((__alias__({label})));"
            )
        }
        Shim::InlineDefinition { target, .. } => format!("extern __typeof__({target}) {target};"),
        Shim::Address(name) => {
            format!("__typeof__({name}) *{prefix}{name}(void) {{ return &{name}; }}")
        }
        // Through a pointer, since the type of a statement expression can be named only inside a function; so no ABI for results comes into
        // it either. `__auto_type` is a type that need not be written: one without a tag that is written twice would be two types.
        Shim::Value(name) => {
            let is_void = format!("__builtin_types_compatible_p(__typeof__({name}), void)");
            format!(
                "void {prefix}{name}(void *_cgo_result) {{ __extension__ __auto_type _cgo_value = __builtin_choose_expr({is_void}, (({name}), (char)0), {name}); __builtin_memcpy(_cgo_result, &_cgo_value, sizeof _cgo_value); }}"
            )
        }
        Shim::DecayedValue(name) => format!(
            "void {prefix}{name}(void *_cgo_result) {{ __extension__ __auto_type _cgo_value = {name}; __builtin_memcpy(_cgo_result, &_cgo_value, sizeof _cgo_value); }}"
        ),
        Shim::DoubleValue(name) => {
            format!("void {prefix}{name}(double *_cgo_result) {{ *_cgo_result = {name}; }}")
        }
        Shim::Literal(name) => {
            format!("__extension__ const __auto_type {prefix}{name} = {name};")
        }
        Shim::Call {
            name,
            callee,
            parameters,
            result,
            features,
            ..
        } => {
            // A function with more features can be inlined only into one that has them too.
            let target = features
                .as_ref()
                .map(|features| format!("__attribute__((__target__({features}))) "));
            target.unwrap_or_default()
                + &call(&format!("{prefix}{name}"), callee, parameters, result)
        }
    }
}

/// A function that passes its parameters on as C does. The parentheses around the callee keep a macro of that name from expanding.
fn call(symbol: &str, callee: &str, parameters: &[ShimParameter], result: &ShimResult) -> String {
    let numbered = || parameters.iter().enumerate();
    let mut declarations: Vec<String> = numbered()
        .map(|(number, parameter)| match parameter {
            ShimParameter::Direct(ctype) | ShimParameter::Pointer(ctype) => {
                format!("{ctype} _cgo_{number}")
            }
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
            // C converts it to any other pointer.
            ShimParameter::Pointer(_) => format!("(void *)_cgo_{number}"),
            // A call without a prototype would not convert it.
            ShimParameter::AsDouble => format!("(long double)_cgo_{number}"),
            ShimParameter::Indirect(ctype) => format!("*(const {ctype} *)_cgo_{number}"),
        })
        .collect();
    let call = format!("({callee})({})", arguments.join(", "));
    let (ctype, body) = match result {
        ShimResult::Void => ("void", format!("{call};")),
        ShimResult::Direct(ctype) => (ctype.as_str(), format!("return {call};")),
        ShimResult::Pointer(ctype) => (ctype.as_str(), format!("return (void *){call};")),
        ShimResult::AsDouble => ("double", format!("return {call};")),
        ShimResult::Indirect => (
            "void",
            format!(
                "__typeof__({call}) _cgo_value = {call}; __builtin_memcpy(_cgo_result, &_cgo_value, sizeof _cgo_value);"
            ),
        ),
    };
    let assertion = assert_complex(callee, parameters, &call);
    format!("{ctype} {symbol}({declarations}) {{ {assertion}{body} }}")
}

/// An assertion where DWARF has the same name for two complex types, since C would convert one to the other without a warning.
fn assert_complex(callee: &str, parameters: &[ShimParameter], call: &str) -> String {
    let is_ambiguous = |parameter: &ShimParameter| matches!(parameter, ShimParameter::Indirect(ctype) if ctype == WIDE_COMPLEX);
    if !parameters.iter().any(is_ambiguous) {
        return String::new();
    }
    let types = parameters.iter().map(|parameter| match parameter {
        ShimParameter::Direct(ctype)
        | ShimParameter::Pointer(ctype)
        | ShimParameter::Indirect(ctype) => ctype,
        ShimParameter::AsDouble => "long double",
    });
    let types: Vec<&str> = types.collect();
    format!(
        "_Static_assert(__builtin_types_compatible_p(__typeof__({callee}), __typeof__({call}) ({})), \"it takes a complex type that the compiler does not name\"); ",
        types.join(", ")
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pointer_that_c_declares_otherwise_is_converted() {
        let shim = Shim::Call {
            name: "f".to_string(),
            callee: "f".to_string(),
            parameters: vec![ShimParameter::Pointer("handler".to_string())],
            result: ShimResult::Pointer("int *".to_string()),
            inlined: false,
            features: None,
        };
        assert_eq!(
            write(&shim, "p_", ObjectFormat::Elf),
            "int * p_f(handler _cgo_0) { return (void *)(f)((void *)_cgo_0); }"
        );
    }

    #[test]
    fn a_complex_type_that_may_be_another_is_compared() {
        let shim = |ctype: &str| Shim::Call {
            name: "f".to_string(),
            callee: "f".to_string(),
            parameters: vec![ShimParameter::Indirect(ctype.to_string())],
            result: ShimResult::Void,
            inlined: false,
            features: None,
        };
        let is_compared =
            |ctype| write(&shim(ctype), "p_", ObjectFormat::Elf).contains("_Static_assert");
        assert!(is_compared("_Complex long double"));
        assert!(!is_compared("long double"));
    }
}
