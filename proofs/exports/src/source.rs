//! The random crate: modules of constants, enums, structs, unions and functions, C that says their values and sizes, and a program that
//! compares them with Rust's.

use std::fmt::Write;

use crate::expression::{self, I32, INTEGERS, ISIZE, Integer, Named, USIZE};
use crate::random::Random;

/// So many modules share the items.
const MODULES: usize = 12;

pub(crate) struct Source {
    pub(crate) text: String,
}

/// What both sides say: in C, and in Rust.
struct Fact {
    name: String,
    c: String,
    rust: String,
}

/// A constant and where it stands.
struct Constant {
    module: usize,
    name: String,
    ctype: Integer,
    value: i128,
}

struct Writer {
    random: Random,
    constants: Vec<Constant>,
    facts: Vec<Fact>,
    /// Exported structs: their modules and names.
    records: Vec<(usize, String)>,
    functions: Vec<String>,
}

impl Source {
    pub(crate) fn random(seed: u64, items: usize) -> Source {
        let mut writer = Writer {
            random: Random::new(seed),
            constants: Vec::new(),
            facts: Vec::new(),
            records: Vec::new(),
            functions: Vec::new(),
        };
        let mut modules = String::new();
        for module in 0..MODULES {
            let each = items
                .div_ceil(MODULES)
                .min(items.saturating_sub(module * items.div_ceil(MODULES)));
            modules.push_str(&writer.module(module, each));
        }
        Source {
            text: program(&modules, &writer.facts, &writer.functions),
        }
    }
}

fn module_name(module: usize) -> String {
    format!("m{module}")
}

impl Writer {
    fn module(&mut self, module: usize, items: usize) -> String {
        let mut text = String::new();
        let named = self.named(module, &mut text);
        let mut body = String::new();
        let mut named = named;
        for number in 0..6 {
            let ctype = INTEGERS[self.random.below(INTEGERS.len())];
            let value = expression::random(&mut self.random, ctype, &named, 3);
            // The same names in every module: a path tells which is meant.
            let name = format!("K{number}");
            let _ = writeln!(
                body,
                "    pub const {name}: {} = {};",
                ctype.name, value.text
            );
            let constant = Constant {
                module,
                name: name.clone(),
                ctype,
                value: value.value,
            };
            for path in [
                name.clone(),
                format!("self::{name}"),
                format!("crate::m{module}::{name}"),
            ] {
                named.push(Named {
                    path,
                    ctype,
                    value: value.value,
                });
            }
            self.constants.push(constant);
        }
        for number in 0..items {
            let item = match self.random.below(5) {
                0 | 1 => self.enumeration(module, number, &named),
                2 => self.function(module, number, &named),
                _ => self.record(module, number, &named),
            };
            body.push_str(&item);
        }
        format!("pub mod m{module} {{\n{text}{body}}}\n")
    }

    /// How constants of other modules can be named here; the `use` declarations go into `text`.
    fn named(&mut self, module: usize, text: &mut String) -> Vec<Named> {
        let mut named = Vec::new();
        for (index, constant) in self.constants.iter().enumerate() {
            let (of, name) = (constant.module, &constant.name);
            let path = match self.random.below(4) {
                0 => format!("crate::m{of}::{name}"),
                1 => format!("super::m{of}::{name}"),
                2 if of < module => {
                    let renamed = format!("R{index}");
                    let _ = writeln!(text, "    use crate::m{of}::{name} as {renamed};");
                    renamed
                }
                _ => {
                    let alias = format!("n{of}");
                    let import = format!("    use super::m{of} as {alias};\n");
                    if !text.contains(&import) {
                        text.push_str(&import);
                    }
                    format!("{alias}::{name}")
                }
            };
            named.push(Named {
                path,
                ctype: constant.ctype,
                value: constant.value,
            });
        }
        named
    }

    fn enumeration(&mut self, module: usize, number: usize, named: &[Named]) -> String {
        let name = format!("E{module}x{number}");
        let is_c = self.random.one_in(2);
        // C's own enum holds what an `int` does.
        let (repr, ctype, range) = match is_c {
            true => ("C", ISIZE, I32),
            false => {
                let integer = INTEGERS[self.random.below(8)];
                (integer.name, integer, integer)
            }
        };
        let mut variants = String::new();
        let (mut used, mut next) = (Vec::new(), 0);
        for variant in 0..1 + self.random.below(6) {
            let written = match self.random.one_in(3) {
                true => None,
                false => Some(expression::random(&mut self.random, ctype, named, 3)),
            };
            let value = written.as_ref().map_or(next, |written| written.value);
            if used.contains(&value) || !range.has(value) {
                continue;
            }
            let text = written.map_or(String::new(), |written| format!(" = {}", written.text));
            let _ = write!(variants, " V{variant}{text},");
            self.facts.push(Fact {
                name: format!("{name}::V{variant}"),
                c: format!("{name}_V{variant}"),
                rust: format!("{}::{name}::V{variant} as i128", module_name(module)),
            });
            used.push(value);
            next = value + 1;
        }
        if used.is_empty() {
            return String::new();
        }
        format!("    #[cgo::export_c] #[repr({repr})] pub enum {name} {{{variants} }}\n")
    }

    fn record(&mut self, module: usize, number: usize, named: &[Named]) -> String {
        let is_union = self.random.one_in(4);
        let (keyword, name) = match is_union {
            true => ("union", format!("U{module}x{number}")),
            false => ("struct", format!("S{module}x{number}")),
        };
        let path = format!("{}::{name}", module_name(module));
        let mut fields = String::new();
        for field in 0..1 + self.random.below(5) {
            let ctype = self.field_type(named, is_union);
            let _ = write!(fields, " pub f{field}: {ctype},");
            self.facts.push(Fact {
                name: format!("{name}.f{field}"),
                c: format!("offsetof({keyword} {name}, f{field})"),
                rust: format!("std::mem::offset_of!({path}, f{field}) as i128"),
            });
        }
        self.facts.push(Fact {
            name: format!("sizeof {name}"),
            c: format!("sizeof({keyword} {name})"),
            rust: format!("size_of::<{path}>() as i128"),
        });
        if !is_union {
            self.records.push((module, name.clone()));
        }
        let derive = if is_union {
            ""
        } else {
            "#[derive(Clone, Copy)] "
        };
        format!("    #[cgo::export_c] #[repr(C)] {derive}pub {keyword} {name} {{{fields} }}\n")
    }

    fn field_type(&mut self, named: &[Named], is_union: bool) -> String {
        let element = match self.records.is_empty() || is_union || self.random.one_in(2) {
            true => INTEGERS[self.random.below(INTEGERS.len())].name.to_string(),
            false => {
                let (module, name) = &self.records[self.random.below(self.records.len())];
                format!("crate::m{module}::{name}")
            }
        };
        match self.random.one_in(2) {
            true => element,
            // Arrays of arrays of arrays would grow without end.
            false if element.contains("::") => format!("*const {element}"),
            false => format!("[{element}; {}]", self.length(named)),
        }
    }

    fn length(&mut self, named: &[Named]) -> String {
        let length = expression::random(&mut self.random, USIZE, named, 2);
        format!("({}) % 7usize + 1usize", length.text)
    }

    /// A function whose parameter points to an array.
    fn function(&mut self, module: usize, number: usize, named: &[Named]) -> String {
        let name = format!("f{module}x{number}");
        let element = INTEGERS[self.random.below(INTEGERS.len())].name;
        let length = self.length(named);
        self.functions.push(name.clone());
        format!("    #[cgo::export_c] pub fn {name}(_: *const [{element}; {length}]) {{}}\n")
    }
}

/// The lengths in functions are compared while the crate compiles; that C has the functions is shown by their addresses.
fn program(modules: &str, facts: &[Fact], functions: &[String]) -> String {
    let values = facts
        .iter()
        .map(|fact| format!("{{ (unsigned long long)({c}), ({c}) < 0 }},\n", c = fact.c));
    let values: String = values.collect();
    let rust = facts
        .iter()
        .map(|fact| format!("        ({:?}, {}),\n", fact.name, fact.rust));
    let rust: String = rust.collect();
    let used: String = functions
        .iter()
        .map(|name| format!("(void *){name},\n"))
        .collect();
    format!(
        "#![allow(warnings)]\n{modules}\n\
         cgo::c_preamble!(r#####\"\n#cgo CFLAGS: -w\n#include <stddef.h>\n#include \"_cgo_export.h\"\n\
         struct value {{ unsigned long long bits; int is_negative; }};\n\
         static const struct value values[] = {{\n{values}}};\n\
         static void *const functions[] = {{\n{used}}};\n\
         static struct value value_of(int at) {{ return values[at]; }}\n\
         static int count(void) {{ return sizeof values / sizeof values[0]; }}\n\
         static int count_functions(void) {{ return sizeof functions / sizeof functions[0]; }}\n\
         \"#####);\n\n\
         fn main() {{\n    let rust: &[(&str, i128)] = &[\n{rust}    ];\n    \
         assert_eq!(unsafe {{ C::count() }} as usize, rust.len());\n    let mut differences = 0;\n    \
         for (at, (name, value)) in rust.iter().enumerate() {{\n        let c = unsafe {{ C::value_of(at as i32) }};\n        \
         if (c.bits, c.is_negative != 0) != (*value as u64, *value < 0) {{\n            differences += 1;\n            \
         println!(\"{{name}}: {{value}} in Rust, {{:?}} in C\", c.bits as i64);\n        }}\n    }}\n    \
         println!(\"{{}} numbers and {{}} functions, {{differences}} differences\", rust.len(), unsafe {{ C::count_functions() }});\n}}\n"
    )
}
