//! Writes functions and variables.

use std::collections::HashSet;

use cgo_csyntax::declarations::names::{Storage, TokenRange};
use cgo_csyntax::selection::Item;

use crate::Emitter;
use crate::checks::prototypes::Declared;
use crate::docs::declaration;
use crate::model::answer::Answer;
use crate::model::types::{Encoding, Signature, Type, TypeId};
use crate::names::in_rust::identifier;
use crate::shims::c_text::{self, Shim};

impl Emitter<'_> {
    pub(crate) fn object(
        &mut self,
        index: usize,
        item: &Item,
        storage: Storage,
        ctype: TypeId,
    ) -> Result<(), String> {
        self.prototype(item, Declared::Object(storage), ctype);
        let types = self.layouts.types;
        if storage.is_static && !storage.weakref && !self.is_defined(storage, ctype) {
            return Err("it is declared `static` and not defined".to_string());
        }
        // Rust's own references want a definition, and cannot be null.
        let may_be_missing = storage.weakref || self.answer.may_be_missing.contains(&index);
        if let Type::Function(signature) = types.get(types.resolve(ctype)) {
            let old_style = old_style(self.answer, item, signature);
            let signature = old_style.unwrap_or(signature);
            let obstacle = crate::layout::abi::obstacle(&self.layouts, self.target, signature);
            let needs_shim = obstacle.is_some()
                || may_be_missing
                || storage.convention
                || inlined_only(storage, signature)
                || old_style.is_some_and(|signature| self.is_promoted(signature));
            if needs_shim {
                let missing = "may have no definition, which C can test".to_string();
                let obstacle = obstacle.or(may_be_missing.then_some(missing));
                return self.call_through_shim(item, storage, &signature.clone(), obstacle);
            }
            let symbol = self.symbol(index, item, storage)?;
            return self.function(item, &symbol, storage, &signature.clone(), "");
        }
        if storage.constant && self.constant(index, item, ctype) {
            return Ok(());
        }
        if may_be_missing {
            self.address(
                item,
                ctype,
                "Its address, which is null where it has no definition.",
            );
            return Ok(());
        }
        if storage.thread_local {
            self.address(item, ctype, "The address of this thread's own copy.");
            return Ok(());
        }
        let symbol = self.symbol(index, item, storage)?;
        if let Some(what) = self.unsized_variable(ctype) {
            return Err(format!("it is a variable of {what}"));
        }
        let fixed = types.is_const(ctype) || types.is_volatile(ctype) || self.is_atomic(ctype);
        let mutable = if fixed { "" } else { "mut " };
        let rust = self.rust_type(ctype);
        let remark = self.remark_on(ctype).unwrap_or_default();
        let documentation = self.documentation(item, &remark);
        let declare = |name: &str| format!("static {mutable}{name}: {rust}");
        self.foreign(&item.name, &symbol, &documentation, declare);
        Ok(())
    }

    /// A variable of which C alone can tell the address.
    fn address(&mut self, item: &Item, ctype: TypeId, remark: &str) {
        self.shims.push(Shim::Address(item.name.clone()));
        let (symbol, rust) = (self.shim_symbol(&item.name), self.rust_type(ctype));
        let documentation = self.documentation(item, remark);
        let declare = |name: &str| format!("fn {name}() -> *mut {rust}");
        self.foreign(&item.name, &symbol, &documentation, declare);
    }

    /// A function that can only be called, and only by C.
    pub(crate) fn builtin(&mut self, item: &Item, ctype: TypeId) -> Result<(), String> {
        let types = self.layouts.types;
        let Type::Function(signature) = types.get(types.resolve(ctype)) else {
            return Err("the compiler describes it as no function".to_string());
        };
        let because = Some("is the compiler's own".to_string());
        self.call_through_shim(item, Storage::default(), &signature.clone(), because)
    }

    /// Whether a variable is `_Atomic` or an array of such, which change without being `mut`.
    fn is_atomic(&self, id: TypeId) -> bool {
        let types = self.layouts.types;
        match types.get(types.resolve(id)) {
            Type::Array { element, .. } => self.is_atomic(*element),
            _ => types.is_atomic(id),
        }
    }

    /// Whether a call without a prototype passes other types than the parameters have (C17 6.5.2.2, paragraph 6).
    fn is_promoted(&self, signature: &Signature) -> bool {
        let types = self.layouts.types;
        signature
            .parameters
            .iter()
            .any(|&id| match types.get(types.resolve(id)) {
                Type::Base(base) => base.size < 4 || base.encoding == Encoding::Float,
                Type::Enum(e) => e.size < 4,
                _ => false,
            })
    }

    fn unsized_variable(&self, id: TypeId) -> Option<&'static str> {
        match self.layouts.types.get(self.layouts.types.resolve(id)) {
            _ if self.layouts.is_too_big(id) => Some("a type that is larger than Rust's can be"),
            Type::Void | Type::Unknown(_) => Some("a type that Rust has not"),
            _ => None,
        }
    }

    pub(crate) fn function(
        &mut self,
        item: &Item,
        symbol: &str,
        storage: Storage,
        signature: &Signature,
        remark: &str,
    ) -> Result<(), String> {
        let names = self.parameter_names(item, signature.parameters.len(), HashSet::new());
        let typed = names.iter().zip(&signature.parameters);
        let mut parameters: Vec<String> = typed
            .map(|(name, &id)| format!("{name}: {}", self.value_type(id)))
            .collect();
        if signature.variadic {
            parameters.push("...".to_string());
        }
        let safety = if self.is_safe(item) { "safe " } else { "" };
        let documentation = self.documentation(item, remark) + lints(storage);
        let (parameters, result) = (parameters.join(", "), self.result_of(storage, signature));
        let declare = |name: &str| format!("{safety}fn {name}({parameters}){result}");
        self.foreign(&item.name, symbol, &documentation, declare);
        Ok(())
    }

    /// Whether `#cgo safe:` names it.
    pub(crate) fn is_safe(&self, item: &Item) -> bool {
        let mut safe = self.directives.safe.iter();
        safe.any(|(name, _)| *name == item.name)
    }

    /// `-> T`, `-> !` for a function that never returns, or nothing.
    pub(crate) fn result_of(&self, storage: Storage, signature: &Signature) -> String {
        match storage.noreturn {
            true => " -> !".to_string(),
            false => self.result(signature),
        }
    }

    /// The symbol to link against; what has none that other object files see gets one.
    fn symbol(&mut self, index: usize, item: &Item, storage: Storage) -> Result<String, String> {
        let shim = c_text::of_object(item, storage);
        let is_ours = matches!(shim, Some(Shim::InlineDefinition { .. }));
        self.shims.extend(shim);
        if storage.is_static {
            if self.target.vendor == "apple" {
                return Err("it is `static`, and this platform's object files have no aliases: leave `static` out".to_string());
            }
            return Ok(self.shim_symbol(&item.name));
        }
        if is_ours {
            return Ok(self.shim_symbol(&item.name));
        }
        let symbol = self
            .answer
            .symbols
            .get(&index)
            .ok_or("the compiler gives it no symbol")?;
        let plain = if self.target.symbols_have_underscore() {
            symbol.strip_prefix('_')
        } else {
            Some(symbol.as_str())
        };
        // Without the platform's underscore it is the symbol as such, which `\x01` tells LLVM.
        Ok(plain.map_or_else(|| format!("\\x01{symbol}"), str::to_string))
    }

    /// The names that the declarations give to parameters: the first one that has a name for it. Last comes a typedef of a function type.
    fn declared_parameters(&self, item: &Item, count: usize) -> Vec<Option<String>> {
        let mut names = vec![None; count];
        // A macro may stand for the function.
        let Some(declared) = self.c_names.ordinary(&item.target) else {
            return names;
        };
        let again = declared.again.iter().map(|(_, declaration)| *declaration);
        for declaration in [declared.declaration].into_iter().chain(again) {
            self.take_names(&mut names, declaration, declared.name);
        }
        if names.iter().all(Option::is_none) {
            let mut words = self.c_names.tokens(declared.declaration).iter();
            let of_type = words.find_map(|word| self.c_names.typedef(word.text));
            if let Some(of_type) = of_type {
                self.take_names(&mut names, of_type.declaration, of_type.name);
            }
        }
        names
    }

    /// Fills in the names that are missing.
    fn take_names(&self, names: &mut [Option<String>], range: TokenRange, function: &str) {
        if names.iter().all(Option::is_some) {
            return;
        }
        let is_type = |word: &str| self.c_names.is_typedef(word);
        let found = declaration::parameter_names(self.c_names.tokens(range), function, &is_type);
        // With another number of them it is something else that stands there.
        if found.len() == names.len() {
            let missing = names
                .iter_mut()
                .zip(found)
                .filter(|(name, _)| name.is_none());
            missing.for_each(|(name, found)| *name = found);
        }
    }

    /// The parameters' names in the declaration, `argN` where it has none.
    /// `taken` may not be among them.
    pub(crate) fn parameter_names(
        &self,
        item: &Item,
        count: usize,
        mut taken: HashSet<String>,
    ) -> Vec<String> {
        let declared = self.declared_parameters(item, count);
        let mut free = |mut name: String| {
            while !taken.insert(identifier(&name)) {
                name.push('_');
            }
            identifier(&name)
        };
        let named: Vec<Option<String>> = declared
            .into_iter()
            .map(|name| name.map(&mut free))
            .collect();
        let numbered = named.into_iter().enumerate();
        numbered
            .map(|(index, name)| name.unwrap_or_else(|| free(format!("arg{index}"))))
            .collect()
    }

    /// A name for a parameter of a function with a body, where Rust takes the name of a constant or a variable for that.
    pub(crate) fn parameter(&self, wanted: &str) -> String {
        let mut name = wanted.to_string();
        while self.constants.contains(&name) {
            name.push('_');
        }
        name
    }
}

/// The parameters of a function that was defined without a prototype: `int f(a) int a; {}`.
fn old_style<'a>(answer: &'a Answer, item: &Item, signature: &Signature) -> Option<&'a Signature> {
    let definition = answer.definitions.get(&item.target)?;
    match answer.types.get(*definition) {
        Type::Function(definition) if signature.parameters.is_empty() => Some(definition),
        _ => None,
    }
}

/// What rustc is to say of uses as C's compiler does.
pub(crate) fn lints(storage: Storage) -> &'static str {
    match (storage.must_use && !storage.noreturn, storage.deprecated) {
        (true, true) => "#[must_use] #[deprecated] ",
        (true, false) => "#[must_use] ",
        (false, true) => "#[deprecated] ",
        (false, false) => "",
    }
}

/// Whether the compiler makes no function of it that could be linked to. One that ends in `...` no other function can call;
/// those of C's library have a symbol there.
fn inlined_only(storage: Storage, signature: &Signature) -> bool {
    storage.always_inline && storage.inline && storage.defined && !signature.variadic
}
