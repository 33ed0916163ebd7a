//! Writes a C declaration from a name and a Rust type.

use std::collections::BTreeSet;

use quote::ToTokens;
use syn::{Expr, PointerMutability, ReturnType, Type, TypeArray, TypeFnPtr};

use super::c_types::{keyword, of_c, of_crate};
use crate::crate_scan::path::use_path;
use crate::crate_scan::resolve::{Namespace, PathTarget, ResolveError};
use crate::crate_scan::scanned_crate::{FoundExport, ScannedCrate, ScopeId};
use crate::item::export::{Enumeration, Item};
use crate::item::types::{arguments, bare, is_named, is_nothing};
use crate::value::constant::Values;

/// How long a chain of aliases may be. rustc reports aliases that refer to each other.
pub(crate) const MOST_ALIASES: usize = 32;
/// How many aliases one declaration may use: each could double its length.
pub(crate) const MOST_FOLLOWED: usize = 1000;

/// A struct or union that the header declares without its members.
pub(crate) struct OpaqueType {
    pub(crate) name: String,
    /// Its number among those of the crate.
    adt: usize,
}

/// Writes the declarations of one crate.
pub(crate) struct DeclarationWriter<'w, 'c> {
    pub(crate) krate: &'w mut ScannedCrate<'c>,
    /// The values of constants.
    pub(crate) values: Values,
    pub(crate) exports: &'w [FoundExport],
    /// Sorted by name.
    pub(crate) opaque: Vec<OpaqueType>,
    /// The structs and unions of C, with their keywords: a preamble may not know them.
    pub(crate) of_c: BTreeSet<String>,
    /// The exported types that the header does not define.
    pub(crate) unnamed: Vec<usize>,
    /// Whether types have `struct` and the like before their names.
    pub(crate) with_keyword: bool,
    /// How many aliases the current type is inside.
    pub(crate) aliases_open: usize,
    /// How many aliases this declaration has used.
    pub(crate) aliases_followed: usize,
    /// Whether the current type is behind a pointer or an argument in an alias, where rustc finds no lengths.
    pub(crate) is_hidden: bool,
}

impl<'w, 'c> DeclarationWriter<'w, 'c> {
    pub(super) fn new(
        krate: &'w mut ScannedCrate<'c>,
        exports: &'w [FoundExport],
    ) -> DeclarationWriter<'w, 'c> {
        DeclarationWriter {
            krate,
            values: Values::default(),
            exports,
            opaque: Vec::new(),
            of_c: BTreeSet::new(),
            unnamed: Vec::new(),
            with_keyword: false,
            aliases_open: 0,
            aliases_followed: 0,
            is_hidden: false,
        }
    }

    /// Whether it is the C name of an exported type.
    pub(super) fn is_type_symbol(&self, name: &str) -> bool {
        let mut exports = self.exports.iter();
        exports.any(|found| found.export.is_type() && found.export.symbol == name)
    }

    /// The C name of an exported type.
    fn type_name(&self, number: usize) -> String {
        let export = &self.exports[number].export;
        let keyword = match &export.item {
            Item::Record(record) => keyword(record),
            Item::Enumeration(Enumeration { integer: None, .. }) => "enum",
            _ => "",
        };
        match self.with_keyword && !keyword.is_empty() {
            true => format!("{keyword} {}", export.symbol),
            false => export.symbol.clone(),
        }
    }

    /// The value of an expression of this type.
    pub(super) fn value(&mut self, expr: &Expr, scope: ScopeId, integer: &str) -> Option<i128> {
        self.values.of(self.krate, expr, scope, integer)
    }

    /// The target of a type that is a path.
    pub(crate) fn target(&mut self, ctype: &Type, scope: ScopeId) -> Option<PathTarget> {
        let Type::Path(path) = bare(ctype) else {
            return None;
        };
        if path.qself.is_some() {
            return None;
        }
        let path = use_path(&path.path);
        self.krate.resolve(scope, &path, Namespace::Types).ok()
    }

    /// A C declaration of `declarator` with this type, written from the inside out (C17 6.7.6).
    pub(crate) fn declare(
        &mut self,
        ctype: &Type,
        scope: ScopeId,
        declarator: String,
        constant: bool,
    ) -> Result<String, String> {
        let was_hidden = self.is_hidden;
        self.is_hidden |= self.aliases_open > 0 && hides_lengths(bare(ctype));
        let declared = self.declare_bare(ctype, scope, declarator, constant);
        self.is_hidden = was_hidden;
        declared
    }

    /// A C declaration of a parameter or of a function with this result.
    pub(super) fn declare_passed(
        &mut self,
        ctype: &Type,
        scope: ScopeId,
        declarator: String,
    ) -> Result<String, String> {
        let meant = self.behind_aliases(ctype, scope);
        match meant.as_ref().map_or(bare(ctype), |it| bare(&it.0)) {
            Type::Array(_) => Err("C cannot pass an array by value".to_string()),
            _ => self.declare(ctype, scope, declarator, false),
        }
    }

    fn declare_bare(
        &mut self,
        ctype: &Type,
        scope: ScopeId,
        declarator: String,
        constant: bool,
    ) -> Result<String, String> {
        let qualifier = if constant { "const " } else { "" };
        match bare(ctype) {
            Type::Reference(reference) => {
                let mutable = reference.mutability.is_some();
                let declarator = format!("{qualifier}{declarator}");
                self.pointer(&reference.elem, scope, mutable, declarator)
            }
            Type::Ptr(pointer) => {
                let mutable = matches!(pointer.mutability, PointerMutability::Mut(_));
                let declarator = format!("{qualifier}{declarator}");
                self.pointer(&pointer.elem, scope, mutable, declarator)
            }
            Type::Array(array) => self.array(array, scope, declarator, constant),
            Type::FnPtr(function) => self.function_pointer(function, scope, declarator, qualifier),
            ctype @ Type::Path(_) => self.named(ctype, scope, declarator, constant),
            ctype if is_nothing(ctype) => Err("`()` is not a value in C".to_string()),
            _ => Err("one of its types has no type in C".to_string()),
        }
    }

    fn array(
        &mut self,
        array: &TypeArray,
        scope: ScopeId,
        declarator: String,
        constant: bool,
    ) -> Result<String, String> {
        let length = array.len.to_token_stream().to_string();
        let value = self
            .value(&array.len, scope, "usize")
            .ok_or_else(|| format!("the length `{length}` of an array cannot be computed"))?;
        let is_compared = self.aliases_open == 0
            || !self.is_hidden && self.lengths_of(&array.elem, scope, 0).is_some();
        if !is_compared && !matches!(array.len, Expr::Lit(_)) {
            return Err(format!(
                "rustc cannot compare the length `{length}` of an array that is hidden in an alias: write the type itself"
            ));
        }
        // The elements are volatile, and not the array.
        let (volatile, declarator) = match declarator.strip_prefix("volatile ") {
            Some(rest) => ("volatile ", rest),
            None => ("", declarator.as_str()),
        };
        let declarator = match declarator.starts_with('*') {
            true => format!("{volatile}({declarator})[{value}]"),
            false => format!("{volatile}{declarator}[{value}]"),
        };
        self.declare(&array.elem, scope, declarator, constant)
    }

    fn function_pointer(
        &mut self,
        function: &TypeFnPtr,
        scope: ScopeId,
        declarator: String,
        qualifier: &str,
    ) -> Result<String, String> {
        let of_c = function.abi.as_ref().is_some_and(|abi| {
            let name = abi.name.as_ref().map(syn::LitStr::value);
            matches!(name.as_deref(), None | Some("C" | "C-unwind"))
        });
        if !of_c {
            return Err("one of its types has no type in C".to_string());
        }
        let mut texts = Vec::new();
        for parameter in &function.inputs {
            let text = self.declare_passed(&parameter.ty, scope, String::new())?;
            texts.push(text.trim_end().to_string());
        }
        match (&function.variadic, texts.is_empty()) {
            (Some(_), true) => return Err("one of its types has no type in C".to_string()),
            (Some(_), false) => texts.push("...".to_string()),
            (None, true) => texts.push("void".to_string()),
            (None, false) => {}
        }
        let inner = format!("(*{qualifier}{declarator})({})", texts.join(", "));
        match &function.output {
            ReturnType::Type(_, result) if !is_nothing(result) => {
                self.declare_passed(result, scope, inner)
            }
            _ => Ok(format!("void {inner}")),
        }
    }

    fn pointer(
        &mut self,
        target: &Type,
        scope: ScopeId,
        mutable: bool,
        declarator: String,
    ) -> Result<String, String> {
        if !self.is_sized(target, scope) {
            return Err("a pointer to a slice, a text or the like has no type in C".to_string());
        }
        let inner = format!("*{declarator}");
        let target = bare(target);
        match target {
            Type::Reference(wide) if !self.is_sized(&wide.elem, scope) => {
                Ok(self.opaque(target, scope, &inner, !mutable))
            }
            Type::Ptr(wide) if !self.is_sized(&wide.elem, scope) => {
                Ok(self.opaque(target, scope, &inner, !mutable))
            }
            Type::Path(_) => self
                .named(target, scope, inner.clone(), !mutable)
                .or_else(|_| Ok(self.opaque(target, scope, &inner, !mutable))),
            Type::Reference(_) | Type::Ptr(_) | Type::Array(_) | Type::FnPtr(_) => {
                self.declare(target, scope, inner, !mutable)
            }
            _ => Ok(self.opaque(target, scope, &inner, !mutable)),
        }
    }

    /// A pointer to an opaque type.
    fn opaque(
        &mut self,
        target: &Type,
        scope: ScopeId,
        declarator: &str,
        constant: bool,
    ) -> String {
        let qualifier = if constant { "const " } else { "" };
        let meant = self.behind_aliases(target, scope);
        let (target, scope) = meant.as_ref().map_or((target, scope), |it| (&it.0, it.1));
        let own = match self.target(target, scope) {
            Some(PathTarget::Adt(own)) if arguments(target).is_empty() => Some(own),
            _ => None,
        };
        let spelled = own.and_then(|own| {
            let known = &self.krate.adts[own];
            if let Some(number) = known.export {
                let export = &self.exports[number].export;
                let is_record = matches!(export.item, Item::Record(_));
                return is_record.then(|| export.symbol.clone());
            }
            // Only the first of two types with one name is declared.
            let at = self
                .opaque
                .binary_search_by(|opaque| opaque.name.cmp(&known.name));
            let is_free = match at {
                Ok(at) => self.opaque[at].adt == own,
                Err(at) => {
                    let is_free = !self.is_type_symbol(&known.name);
                    if is_free {
                        let name = known.name.clone();
                        self.opaque.insert(at, OpaqueType { name, adt: own });
                    }
                    is_free
                }
            };
            is_free.then(|| format!("struct {}", known.name))
        });
        format!(
            "{qualifier}{} {declarator}",
            spelled.as_deref().unwrap_or("void")
        )
    }

    fn declare_alias(
        &mut self,
        alias: usize,
        declarator: String,
        constant: bool,
    ) -> Result<String, String> {
        let Some((ctype, scope)) = self.krate.alias(alias) else {
            return Err("an alias with parameters has no type in C".to_string());
        };
        if self.aliases_open == 0 {
            self.aliases_followed = 0;
        }
        self.aliases_open += 1;
        self.aliases_followed += 1;
        let declared = if self.aliases_open > MOST_ALIASES {
            Err("an alias refers to itself".to_string())
        } else if self.aliases_followed > MOST_FOLLOWED {
            Err("an alias refers to too many types".to_string())
        } else {
            self.declare(&ctype, scope, declarator, constant)
        };
        self.aliases_open -= 1;
        declared
    }

    /// A type that is a path.
    fn named(
        &mut self,
        ctype: &Type,
        scope: ScopeId,
        declarator: String,
        constant: bool,
    ) -> Result<String, String> {
        let Type::Path(path) = ctype else {
            return Err("one of its types has no type in C".to_string());
        };
        let use_path = use_path(&path.path);
        let name = use_path.segments.last().cloned().unwrap_or_default();
        if path.qself.is_some() {
            return Err(format!("`{name}` is a type of a trait"));
        }
        let arguments = arguments(ctype);
        let target = self.krate.resolve(scope, &use_path, Namespace::Types);
        let target = target.map_err(|miss| match miss {
            ResolveError::NotFound => format!("`{name}` has no name in C"),
            ResolveError::Ambiguous => format!("`{name}` is ambiguous"),
            ResolveError::OtherCrate(other) => {
                format!("`{name}` of the crate `{other}` has no name in C")
            }
        })?;
        let is_of_c = matches!(target, PathTarget::OfC(_) | PathTarget::Foreign(_));
        let spelled = match target {
            PathTarget::Foreign(path) if !arguments.is_empty() => {
                return self.wrapped(&path, &arguments, scope, declarator, constant);
            }
            _ if !arguments.is_empty() => {
                return Err(format!("`{name}` with type arguments has no type in C"));
            }
            PathTarget::Alias(alias) => return self.declare_alias(alias, declarator, constant),
            PathTarget::Adt(own) => {
                let export = self.krate.adts[own].export;
                let named = export.filter(|number| !self.unnamed.contains(number));
                named.map(|number| self.type_name(number))
            }
            PathTarget::OfC(name) => Some(of_c(&name)),
            PathTarget::Foreign(path) => of_crate(&path),
            PathTarget::Module(_) | PathTarget::Constant(_) | PathTarget::Preamble => None,
        };
        let spelled = spelled.ok_or_else(|| format!("`{name}` has no name in C"))?;
        if is_of_c
            && ["struct ", "union "]
                .iter()
                .any(|word| spelled.starts_with(word))
        {
            self.of_c.insert(spelled.clone());
        }
        let qualifier = if constant { "const " } else { "" };
        Ok(format!("{qualifier}{spelled} {declarator}"))
    }

    /// A type with type arguments that has the layout of a C type.
    fn wrapped(
        &mut self,
        path: &[String],
        arguments: &[&Type],
        scope: ScopeId,
        declarator: String,
        constant: bool,
    ) -> Result<String, String> {
        let qualifier = if constant { "const " } else { "" };
        let [origin, .., name] = path else {
            return Err("one of its types has no type in C".to_string());
        };
        match (origin.as_str(), name.as_str(), arguments) {
            ("std", "Option", [inner]) if !self.is_never_null(inner, scope) => {
                Err("an `Option` without a pointer in it has no type in C".to_string())
            }
            ("std", "Option" | "MaybeUninit" | "ManuallyDrop" | "Cell" | "UnsafeCell", [inner])
            | ("cgo", "Unchecked", [inner]) => self.declare(inner, scope, declarator, constant),
            ("std", "Box" | "NonNull" | "AtomicPtr", [inner]) => {
                self.pointer(inner, scope, true, format!("{qualifier}{declarator}"))
            }
            ("cgo", "Volatile", [inner]) => {
                self.declare(inner, scope, format!("volatile {declarator}"), constant)
            }
            ("cgo", "Volatile", [inner, access]) if is_named(access, "ReadOnly") => {
                self.declare(inner, scope, format!("volatile {declarator}"), true)
            }
            ("cgo" | "num_complex", "Complex", [part]) => {
                self.declare(part, scope, format!("_Complex {declarator}"), constant)
            }
            ("cgo", "Handle" | "LocalHandle", [_]) => {
                Ok(format!("{qualifier}uintptr_t {declarator}"))
            }
            _ => Err(format!("`{name}` with type arguments has no type in C")),
        }
    }
}

/// Whether rustc does not find the lengths in a type where it stands in an alias.
fn hides_lengths(ctype: &Type) -> bool {
    match ctype {
        Type::Array(_) => false,
        Type::Path(_) => {
            let wrappers = ["Cell", "ManuallyDrop", "Volatile"];
            !arguments(ctype).is_empty() && !wrappers.iter().any(|name| is_named(ctype, name))
        }
        _ => true,
    }
}
