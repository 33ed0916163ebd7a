//! Writes functions and variables.

use std::collections::HashSet;
use std::fmt::Write;

use cgo_preamble::names::Storage;
use cgo_preamble::select::Item;

use crate::Emitter;
use crate::ctype::{Signature, Type, TypeId};
use crate::prototypes::Declared;
use crate::shim;
use crate::type_names::identifier;

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
        if storage.is_static && !self.is_defined(storage, ctype) {
            return Err("it is declared `static` and not defined".to_string());
        }
        if let Type::Function(signature) = types.get(types.resolve(ctype)) {
            let obstacle = crate::abi::obstacle(&self.layouts, self.target, signature);
            let needs_shim =
                obstacle.is_some() || storage.convention || inlined_only(storage, signature);
            if needs_shim {
                return self.call_through_shim(item, storage, &signature.clone(), obstacle);
            }
            let symbol = self.symbol(index, item, storage)?;
            return self.function(item, &symbol, storage, &signature.clone(), "");
        }
        let symbol = self.symbol(index, item, storage)?;
        if storage.thread_local {
            let link = self.link_name(&self.shim_symbol(&item.name), &item.name);
            let (name, ctype) = (identifier(&item.name), self.rust_type(ctype));
            let documentation = self.documentation(item, "The address of this thread's own copy.");
            let _ = writeln!(
                self.code,
                "unsafe extern \"C\" {{ {documentation}{link}pub fn {name}() -> *mut {ctype}; }}"
            );
            return Ok(());
        }
        if let Some(what) = self.unsized_variable(ctype) {
            return Err(format!("it is a variable of {what}"));
        }
        let mutable = if types.is_const(ctype) { "" } else { "mut " };
        let (name, rust) = (identifier(&item.name), self.rust_type(ctype));
        let link = self.link_name(&symbol, &item.name);
        let documentation = self.documentation(item, "");
        let _ = writeln!(
            self.code,
            "unsafe extern \"C\" {{ {documentation}{link}pub static {mutable}{name}: {rust}; }}"
        );
        Ok(())
    }

    fn unsized_variable(&self, id: TypeId) -> Option<&'static str> {
        match self.layouts.types.get(self.layouts.types.resolve(id)) {
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
        let names = self.parameter_names(item, signature.parameters.len());
        let typed = names.iter().zip(&signature.parameters);
        let mut parameters: Vec<String> = typed
            .map(|(name, &id)| format!("{name}: {}", self.value_type(id)))
            .collect();
        if signature.variadic {
            parameters.push("...".to_string());
        }
        let safety = if self.is_safe(item) { "safe " } else { "" };
        let link = self.link_name(symbol, &item.name);
        let documentation = self.documentation(item, remark);
        let _ = writeln!(
            self.code,
            "unsafe extern \"C\" {{ {documentation}{link}pub {safety}fn {}({}){}; }}",
            identifier(&item.name),
            parameters.join(", "),
            self.result_of(storage, signature)
        );
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
        self.shims.extend(shim::of_object(item, storage));
        if storage.thread_local {
            return Ok(String::new());
        }
        if storage.is_static {
            if self.target.vendor == "apple" {
                return Err("it is `static`, and this platform's object files have no aliases: leave `static` out".to_string());
            }
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

    pub(crate) fn link_name(&self, symbol: &str, name: &str) -> String {
        if symbol == name && identifier(name) == name {
            String::new()
        } else {
            format!("#[link_name = \"{symbol}\"] ")
        }
    }

    /// The parameters' names in the declaration, `argN` where it has none.
    pub(crate) fn parameter_names(&self, item: &Item, count: usize) -> Vec<String> {
        let declared = item.text.map(|(start, end)| {
            crate::declaration::parameter_names(&self.text[start..end], &item.name)
        });
        let declared = declared.unwrap_or_default();
        let (mut names, mut taken) = (Vec::new(), HashSet::new());
        for index in 0..count {
            let name = declared
                .get(index)
                .cloned()
                .flatten()
                .map(|name| identifier(&name));
            let name = name.filter(|name| declared.len() == count && taken.insert(name.clone()));
            names.push(name.unwrap_or_else(|| format!("arg{index}")));
        }
        names
    }
}

/// Whether the compiler makes no function of it that could be linked to. One that ends in `...` no other function can call;
/// those of C's library have a symbol there.
fn inlined_only(storage: Storage, signature: &Signature) -> bool {
    storage.always_inline && storage.inline && storage.defined && !signature.variadic
}
