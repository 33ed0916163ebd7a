//! Writes the declaration of each export: prototypes, variables, structs, unions and enums.

use std::fmt::Write;

use cgo_csyntax::exports::{DeclaredExport, Lengths, Numbers};
use quote::ToTokens;
use syn::{Member, Pat, Type};

use super::c_types::{keyword, primitive};
use super::comment::{comment, comment_line};
use super::declarator::DeclarationWriter;
use crate::crate_scan::path::plain_name as plain;
use crate::crate_scan::scanned_crate::{FoundExport, ScopeId};
use crate::item::export::{Binding, Enumeration, ExportedFunction, Item, Parameter};
use crate::item::form::Form;
use crate::item::keywords::{identifier, is_cpp_keyword};
use crate::item::lengths::{LengthOf, lengths};
use crate::item::types::bare;

/// Text that C++ does not see.
pub(super) fn for_c_alone(text: &str) -> String {
    format!("#ifndef __cplusplus\n{text}#endif\n")
}

impl DeclarationWriter<'_, '_> {
    /// A declaration with its documentation, or a comment with the reason why there is none.
    fn entry(&self, found: &FoundExport, declared: Result<String, String>) -> String {
        let symbol = &found.export.symbol;
        let comment = comment(&found.export.attributes);
        match declared {
            Ok(text) if is_cpp_keyword(symbol) => for_c_alone(&(comment + &text)),
            Ok(text) => self.guarded(comment + &text, &text),
            Err(reason) => format!(
                "/* {symbol} is not declared: {}. */\n",
                comment_line(&reason)
            ),
        }
    }

    /// An entry; without it in C++ if its declaration has the name of a type that is a keyword there.
    fn guarded(&self, entry: String, declaration: &str) -> String {
        let mut exports = self.exports.iter().map(|found| &found.export);
        let is_hidden =
            |name: &str| is_cpp_keyword(name) && words(declaration).any(|it| it == name);
        match exports.any(|export| export.is_type() && is_hidden(&export.symbol)) {
            true => for_c_alone(&entry),
            false => entry,
        }
    }

    /// An entry of the header. `values` are those of an enum.
    fn declared(
        &mut self,
        number: usize,
        declared: Result<String, String>,
        values: Option<Vec<i128>>,
    ) -> DeclaredExport {
        let found = &self.exports[number];
        let numbers = match declared {
            Ok(_) => match values {
                Some(values) => Some(Numbers::Values(values)),
                None => self.lengths(found).map(Numbers::Lengths),
            },
            Err(_) => None,
        };
        let left_out = declared.as_ref().err().cloned();
        let text = self.entry(found, declared);
        DeclaredExport {
            symbol: found.export.symbol.clone(),
            text,
            left_out,
            rust_name: plain(&found.export.name),
            file: found.file.to_path_buf(),
            line: found.line,
            is_type: found.export.is_type(),
            numbers,
        }
    }

    pub(super) fn function_or_variable(&mut self, number: usize) -> DeclaredExport {
        let found = &self.exports[number];
        let (mut before, mut declared) = (String::new(), Ok(String::new()));
        match &found.export.item {
            Item::Static(variable) => {
                let changes =
                    self.has_interior_mutability(&variable.ctype, found.scope, &mut Vec::new(), 0);
                let constant = !variable.mutable && !changes;
                let name = found.export.symbol.clone();
                let text = self.declare(&variable.ctype, found.scope, name, constant);
                declared = text.map(|text| format!("{}extern {text};\n", extension(&text)));
            }
            Item::Function(function) => match self.result_struct(found, function) {
                Ok(parts) => {
                    before = parts;
                    declared = self.prototype(&found.export.symbol, found.scope, function);
                }
                Err(what) => declared = Err(what),
            },
            Item::Record(_) | Item::Enumeration(_) => {}
        }
        let declared = self.declared(number, declared, None);
        DeclaredExport {
            text: self.guarded(before.clone(), &before) + &declared.text,
            ..declared
        }
    }

    /// The lengths of the arrays in the types of an export.
    fn lengths(&mut self, found: &FoundExport) -> Option<Vec<Lengths>> {
        let lengths = lengths(&found.export).into_iter();
        let lengths = lengths.map(|length| match length.of {
            LengthOf::Written(value) => Some(Lengths {
                known: vec![self.value(value, found.scope, "usize")?],
                open: false,
            }),
            LengthOf::Named(ctype) => Some(self.lengths_behind(ctype, found.scope)),
        });
        lengths.collect()
    }

    pub(super) fn definition(&mut self, number: usize) -> DeclaredExport {
        let found = &self.exports[number];
        let (symbol, mut values) = (&found.export.symbol, None);
        let text = match &found.export.item {
            Item::Record(record) => {
                let fields = record.fields.iter();
                let fields = fields.map(|field| (field_name(&field.member), &field.ctype));
                self.record(keyword(record), symbol, found.scope, fields)
            }
            Item::Enumeration(enumeration) => self.values(enumeration, found.scope).map(|known| {
                let text = write_enumeration(symbol, enumeration, &known);
                values = Some(known.into_iter().map(|(_, value)| value).collect());
                text
            }),
            Item::Function(_) | Item::Static(_) => Ok(String::new()),
        };
        if text.is_err() {
            self.unnamed.push(number);
        }
        self.declared(number, text, values)
    }

    fn record<'t>(
        &mut self,
        keyword: &str,
        name: &str,
        scope: ScopeId,
        fields: impl Iterator<Item = (String, &'t Type)>,
    ) -> Result<String, String> {
        let mut text = format!("{keyword} {name} {{\n");
        let fields: Vec<_> = fields.collect();
        // In C++ a member hides a type of its name.
        self.with_keyword = fields.iter().any(|(field, _)| self.is_type_symbol(field));
        let fields = fields.into_iter();
        let fields = fields.map(|(field, ctype)| self.declare(ctype, scope, field, false));
        let fields = fields.collect::<Result<Vec<_>, _>>();
        self.with_keyword = false;
        for field in fields? {
            let _ = writeln!(text, "    {}{field};", extension(&field));
        }
        text.push_str("};\n");
        Ok(text)
    }

    /// The value of each variant.
    fn values(
        &mut self,
        enumeration: &Enumeration,
        scope: ScopeId,
    ) -> Result<Vec<(String, i128)>, String> {
        let integer = enumeration.integer.as_ref();
        let integer = integer.map_or("isize".to_string(), ToString::to_string);
        let (mut values, mut next) = (Vec::new(), 0);
        for variant in &enumeration.variants {
            let value = match &variant.value {
                None => next,
                Some(expr) => self.value(expr, scope, &integer).ok_or_else(|| {
                    format!("the value `{}` cannot be computed", expr.to_token_stream())
                })?,
            };
            values.push((plain(&variant.name), value));
            next = value + 1;
        }
        Ok(values)
    }

    /// The struct for a tuple as result.
    fn result_struct(
        &mut self,
        found: &FoundExport,
        function: &ExportedFunction,
    ) -> Result<String, String> {
        let Some(Type::Tuple(tuple)) = function.result().map(bare) else {
            return Ok(String::new());
        };
        if tuple.elems.len() < 2 {
            return Ok(String::new());
        }
        let name = format!("{}_return", found.export.symbol);
        let parts = tuple.elems.iter().enumerate();
        let parts = parts.map(|(at, part)| (format!("r{at}"), part));
        let text = self.record("struct", &name, found.scope, parts)?;
        Ok(format!("{text}typedef struct {name} {name};\n"))
    }

    fn parameter(
        &mut self,
        parameter: &Parameter<'_>,
        scope: ScopeId,
        name: String,
    ) -> Result<String, String> {
        match of_form(parameter.form) {
            Some(ctype) => Ok(format!("{ctype}{name}")),
            None => self.declare_passed(parameter.ctype, scope, name),
        }
    }

    fn prototype(
        &mut self,
        symbol: &str,
        scope: ScopeId,
        function: &ExportedFunction,
    ) -> Result<String, String> {
        let parameters = function.parameters();
        let mut names = Vec::new();
        for (index, parameter) in parameters.iter().enumerate() {
            let mut name = match &parameter.binding {
                Binding::Receiver(_) => "this_".to_string(),
                Binding::Pattern(Pat::Ident(name)) => identifier(&plain(&name.ident)),
                Binding::Pattern(_) => format!("arg{index}"),
            };
            while names.contains(&name) {
                name.push('_');
            }
            names.push(name);
        }
        let types = parameters.iter();
        let types = types.map(|parameter| self.parameter(parameter, scope, String::new()));
        let types = types.collect::<Result<Vec<_>, _>>()?.join(",");
        let mut texts = Vec::new();
        for (parameter, mut name) in parameters.iter().zip(names) {
            // The name of a parameter hides a type behind it.
            if has_word(&types, &name) {
                name.push('_');
            }
            texts.push(self.parameter(parameter, scope, name)?);
        }
        let mut parameters = texts;
        if function.signature.variadic.is_some() {
            parameters.push("...".to_string());
        }
        let parameters = match parameters.is_empty() {
            true => "void".to_string(),
            false => parameters.join(", "),
        };
        let declarator = format!("{symbol}({parameters})");
        if let Some(ctype) = of_form(function.result_form()) {
            return Ok(format!("{ctype}{declarator};\n"));
        }
        let text = match function.result().map(bare) {
            Some(Type::Tuple(tuple)) if tuple.elems.len() > 1 => {
                format!("{symbol}_return {declarator}")
            }
            Some(Type::Never(_)) => format!("__attribute__((__noreturn__)) void {declarator}"),
            Some(Type::Tuple(tuple)) if tuple.elems.is_empty() => format!("void {declarator}"),
            None => format!("void {declarator}"),
            Some(result) => self.declare_passed(result, scope, declarator)?,
        };
        Ok(format!("{}{text};\n", extension(&text)))
    }
}

/// Keeps `-pedantic` silent about what ISO C or C++ does not have: arrays without elements, wide integers, complex numbers in C++.
fn extension(declaration: &str) -> &'static str {
    let extensions = ["[0]", "__int128", "_Complex"];
    match extensions.iter().any(|it| declaration.contains(it)) {
        true => "__extension__ ",
        false => "",
    }
}

fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| c != '_' && !c.is_alphanumeric())
}

/// Whether a word is among the names of types in a text. Tags have a name space of their own.
fn has_word(text: &str, word: &str) -> bool {
    let mut is_tag = false;
    words(text).any(|one| {
        let found = one == word && !is_tag;
        is_tag = ["struct", "union", "enum"].contains(&one);
        found
    })
}

/// The type in C of what the gateway converts.
fn of_form(form: Form) -> Option<&'static str> {
    match form {
        Form::CStr | Form::OptionalCStr => Some("const char *"),
        Form::Str => Some("cgo_str "),
        Form::Bytes => Some("cgo_bytes "),
        Form::Plain | Form::Checked | Form::Tuple(_) => None,
    }
}

fn write_enumeration(name: &str, enumeration: &Enumeration, values: &[(String, i128)]) -> String {
    let variants = values
        .iter()
        .map(|(variant, value)| format!("    {name}_{variant} = {}", number(*value)));
    let variants = variants.collect::<Vec<_>>().join(",\n");
    match &enumeration.integer {
        None => format!("typedef enum {name} {{\n{variants}\n}} {name};\n"),
        Some(integer) => {
            let integer = primitive(&integer.to_string()).unwrap_or("int");
            // C before C23 has no enumerator wider than `int`, and `-pedantic` says so.
            let is_int = |value: &i128| i32::try_from(*value).is_ok();
            let extension = match values.iter().all(|(_, value)| is_int(value)) {
                true => "",
                false => "__extension__ ",
            };
            format!("typedef {integer} {name};\n{extension}enum {{\n{variants}\n}};\n")
        }
    }
}

/// A number in C. `i64::MIN` has no literal, and numbers above `i64::MAX` are unsigned.
fn number(value: i128) -> String {
    if value == i128::from(i64::MIN) {
        return format!("(-{} - 1)", i64::MAX);
    }
    let suffix = if value > i128::from(i64::MAX) {
        "u"
    } else {
        ""
    };
    format!("{value}{suffix}")
}

fn field_name(member: &Member) -> String {
    match member {
        Member::Named(name) => identifier(&plain(name)),
        Member::Unnamed(index) => format!("_{}", index.index),
    }
}
