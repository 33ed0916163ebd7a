//! The random macros, and the program in which C and Rust say what each of them is.

use std::collections::BTreeMap;
use std::fmt::Write;

use crate::grammar::{Generator, TYPES};
use crate::random::Random;

const DECLARATIONS: &str = include_str!("program/declarations.c");
const C_SAYS: &str = include_str!("program/say.c");
const RUST_SAYS: &str = include_str!("program/say.rs");

/// What a macro can name, how C says it, and how Rust has what C says. `@` stands for the macro.
const ITEMS: &str = "
vi : @ : C::@  ci : @ : C::@  vd : @ : C::@  vb : @ : C::@  ve : @ : C::@  va : @ : C::@  vv : @ : *&raw const C::@  bytes : @[1] : C::@[1]
record : @.second : C::@.second  pointer : *@ : *C::@  twice : @(4) : C::@(4)  half : @(5) : C::@(5.0)  low : (&*@)(-2) : C::@(-2)
__builtin_bswap32 : @(3) : C::@(3)  LARGE : @ : C::@  HIGH : (enum small)@ : C::@  enum color : (@)2 : 2 as C::@  again : (@)2 : 2 as C::@
struct pair : ((@){ 7, 8 }).first : C::@ { first: 7, ..Default::default() }.first  unsigned long : (@)2 : 2 as C::@
int_pointer : *(@)&vi : *(&raw mut C::vi as C::@)";

pub(crate) struct Macro {
    pub(crate) name: String,
    /// Its `#define` and what goes with it.
    pub(crate) text: String,
    c: String,
    /// What Rust says in the place of the value.
    rust: Option<String>,
}

pub(crate) struct Source {
    pub(crate) macros: Vec<Macro>,
    pub(crate) preamble: String,
}

impl Source {
    pub(crate) fn random(seed: u64, count: usize) -> Source {
        let mut generator = Generator {
            random: Random::new(seed),
            integers: Vec::new(),
            numbers: Vec::new(),
        };
        let macros: Vec<Macro> = (0..count)
            .map(|number| generator.named(format!("M{number}")))
            .collect();
        // A macro may name one that is defined later.
        let mut texts: Vec<&str> = macros.iter().map(|one| one.text.as_str()).collect();
        for at in 1..texts.len() {
            texts.swap(at, generator.random.below(at + 1));
        }
        let mut preamble = format!(
            "#cgo CFLAGS: -w -fwrapv\n{DECLARATIONS}{}{C_SAYS}",
            texts.concat()
        );
        preamble.push_str("static void say(int number, char *out) { switch (number) {\n");
        for (number, one) in macros.iter().enumerate() {
            let _ = writeln!(preamble, "case {number}: {}; break;", one.c);
        }
        preamble.push_str("} }\n");
        Source { macros, preamble }
    }

    /// The program over the items that the module has.
    pub(crate) fn program(&self, items: &BTreeMap<String, Vec<String>>) -> String {
        let mut main = String::new();
        for (number, one) in self.macros.iter().enumerate() {
            let name = &one.name;
            let Some(item) = items.get(name).and_then(|items| items.first()) else {
                continue;
            };
            let value = match () {
                () if item.contains(" fn ") => format!("C::{name}()"),
                // Rust cannot copy all of these.
                () if item.contains("static mut") && item.contains(": [") => {
                    format!("decayed(&raw mut C::{name})")
                }
                () if item.contains(": [") => format!("decayed_const(&raw const C::{name})"),
                () if item.contains("static ") => format!("*&raw const C::{name}"),
                () => format!("C::{name}"),
            };
            let rust = one.rust.clone().unwrap_or(value);
            let _ = writeln!(main, "    compare({number}, \"{name}\", ({rust}).say());");
        }
        format!(
            "#![allow(warnings, static_mut_refs)]\ncgo::c_preamble! {{ r####\"{}\"#### }}\n{RUST_SAYS}\nfn main() {{ unsafe {{\n{main}}} }}\n",
            self.preamble
        )
    }
}

impl Generator {
    fn named(&mut self, name: String) -> Macro {
        let (symbol, c) = match self.random.below(20) {
            0..8 => ('i', "NUMBER"),
            8..12 => ('n', "NUMBER"),
            12 | 13 => ('p', "POINTER"),
            14 | 15 => ('x', "TEXT"),
            16 => return self.of_a_wanted_type(name),
            17 | 18 => return self.name_of_item(name),
            _ => return self.function(name),
        };
        let prefix = self.random.pick(&["", "", "L", "u", "U", "u8"]);
        let body = self.sentence(symbol, 3).replace('$', prefix);
        // Those that name many others would grow without end.
        let grows = body.matches('M').count() > 1;
        match symbol {
            _ if grows => {}
            'i' => self.integers.push(name.clone()),
            'n' => self.numbers.push(name.clone()),
            _ => {}
        }
        let text = self.defined(&name, &body);
        let c = format!("{c}({name})");
        Macro {
            name,
            text,
            c,
            rust: None,
        }
    }

    /// With what may have stood there before.
    fn defined(&mut self, name: &str, body: &str) -> String {
        match self.random.below(8) {
            0 => format!("#define {name} \"before\"\n#undef {name}\n#define {name} {body}\n"),
            1 => format!(
                "#define {name} {body}\n#pragma push_macro(\"{name}\")\n#undef {name}\n#define {name} 7\n#pragma pop_macro(\"{name}\")\n"
            ),
            _ => format!("#define {name} {body}\n"),
        }
    }

    /// A constant to which a directive gives a type. A pattern leaves alone what does not fit.
    fn of_a_wanted_type(&mut self, name: String) -> Macro {
        // No other name starts so.
        let name = format!("{name}_W");
        let (wanted, body) = (self.of([TYPES, "double  float"]), self.sentence('k', 3));
        let text = format!(
            "#cgo constants: \"{wanted}\" {name}*\n{}",
            self.defined(&name, &body)
        );
        let c =
            format!("if (FITS({wanted}, {name})) NUMBER(({wanted})({name})); else NUMBER({name})");
        Macro {
            name,
            text,
            c,
            rust: None,
        }
    }

    /// The name of an item through some macros.
    fn name_of_item(&mut self, name: String) -> Macro {
        let mut parts = self.of([ITEMS, ""]).split(" : ");
        let mut part = || parts.next().unwrap_or_default();
        let (item, c, rust) = (part(), part(), part());
        let is_type = matches!(item, "again" | "int_pointer") || item.contains(' ');
        let (mut text, mut body) = (String::new(), item.to_string());
        for level in 0..self.random.below(4) {
            body = match self.random.below(4) {
                0 if !is_type => format!("({body})"),
                1 => format!("ID({body})"),
                2 if body == item && !item.contains(' ') => {
                    format!("JOIN({}, {})", &item[..1], &item[1..])
                }
                _ => {
                    text.push_str(&self.defined(&format!("{name}_{level}"), &body));
                    format!("{name}_{level}")
                }
            };
        }
        text.push_str(&self.defined(&name, &body));
        let c = format!("NUMBER({})", c.replace('@', &name));
        let rust = Some(rust.replace('@', &name));
        Macro {
            name,
            text,
            c,
            rust,
        }
    }

    /// A macro with parameters, and the types that a directive gives it.
    fn function(&mut self, name: String) -> Macro {
        let others = self.integers.clone();
        let (mut types, mut variables, mut arguments) = (Vec::new(), String::new(), Vec::new());
        let mut parameters = Vec::new();
        for number in 0..self.random.below(4) {
            let (ctype, value) = (self.of([TYPES, ""]), self.random.below(100));
            let parameter = format!("p{number}");
            let _ = write!(variables, "{ctype} {parameter} = {value}; ");
            self.integers.extend([
                parameter.clone(),
                parameter.clone(),
                format!("({parameter})"),
            ]);
            types.push(ctype);
            arguments.push(value.to_string());
            parameters.push(parameter);
        }
        let (result, body) = (self.of([TYPES, ""]), self.sentence('i', 3));
        self.integers = others;
        let (listed, types) = (parameters.join(", "), types.join(", "));
        let types = if types.is_empty() { "void" } else { &types };
        Macro {
            text: format!(
                "#cgo macro: {result} {name}({types})\n#define {name}({listed}) {body}\n"
            ),
            c: format!("NUMBER(({{ {variables}({result}){name}({listed}); }}))"),
            rust: Some(format!("C::{name}({})", arguments.join(", "))),
            name,
        }
    }
}
