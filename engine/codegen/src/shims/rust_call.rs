//! Writes functions that Rust cannot call as C does: a function in C, the shim, takes what is awkward by its address.

use std::fmt::Write;

use cgo_csyntax::declarations::names::Storage;
use cgo_csyntax::selection::Item;

use crate::Emitter;
use crate::docs::declaration;
use crate::items::objects::lints;
use crate::layout::abi::{self, Crossing};
use crate::model::types::{Signature, Type, TypeId};
use crate::names::in_c::spell;
use crate::names::in_rust::identifier;
use crate::shims::c_text::{Given, Passed, Shim};

impl Emitter<'_> {
    /// `obstacle` is what keeps Rust from calling it, if something does.
    pub(crate) fn call_through_shim(
        &mut self,
        item: &Item,
        storage: Storage,
        signature: &Signature,
        obstacle: Option<String>,
    ) -> Result<(), String> {
        let because = obstacle.map_or_else(
            || match storage.always_inline {
                true => "is there only where it is inlined".to_string(),
                false => "is called in another way than C's functions usually are".to_string(),
            },
            |obstacle| obstacle.trim_end_matches(',').to_string(),
        );
        if abi::has_too_many(signature) {
            return Err(format!("it {because}"));
        }
        if signature.variadic {
            return Err(format!(
                "it {because}, and as it ends in `...` no other function can call it for Rust"
            ));
        }
        if storage.always_inline && storage.other_target {
            return Err(
                "it is there only where the compiler inlines it, and for other processors than this code is compiled for: \
                 `#cgo CFLAGS: -m..` can name them"
                    .to_string(),
            );
        }
        let unnamed = || format!("it {because}, and C has no name for one of its types");
        let passed: Option<Vec<Passed>> = signature
            .parameters
            .iter()
            .map(|&id| self.passed(id))
            .collect();
        let passed = passed.ok_or_else(unnamed)?;
        let given = self.given(storage, signature).ok_or_else(unnamed)?;
        // A macro may stand for the function.
        let declared = self.c_names.ordinary(&item.target);
        let target =
            declared.and_then(|name| declaration::target(self.c_names.tokens(name.declaration)));
        let mut remark = self.remark(&passed, &given, &because);
        if let Some(target) = &target {
            let _ = write!(remark, " The processor must have {target}.");
        }
        self.shims.push(Shim::Call {
            name: item.name.clone(),
            parameters: passed.clone(),
            result: given.clone(),
            inlined: storage.always_inline,
            target: target.clone(),
        });
        let crosses_plainly = passed
            .iter()
            .all(|passed| matches!(passed, Passed::Value(_)))
            && matches!(given, Given::Nothing | Given::Value(_));
        if crosses_plainly {
            // The shim itself is what Rust calls; its address can be handed on too.
            let symbol = self.shim_symbol(&item.name);
            return self.function(item, &symbol, storage, signature, &remark);
        }
        self.wrapper(item, storage, signature, (&passed, &given), &remark);
        Ok(())
    }

    fn passed(&self, id: TypeId) -> Option<Passed> {
        let spelled = || spell(&self.layouts, self.c_names, id);
        match abi::crossing(&self.layouts, self.target, id) {
            Crossing::Double => Some(Passed::Double),
            Crossing::Value => spelled().map(Passed::Value),
            // Rust has to know how many bytes it hands over.
            Crossing::Pointer => {
                self.layouts.size(id)?;
                spelled().map(Passed::Pointer)
            }
        }
    }

    fn given(&self, storage: Storage, signature: &Signature) -> Option<Given> {
        let types = self.layouts.types;
        if storage.noreturn || matches!(types.get(types.resolve(signature.result)), Type::Void) {
            return Some(Given::Nothing);
        }
        match abi::crossing(&self.layouts, self.target, signature.result) {
            // clang 14 cannot convert a result that is `_Atomic`, only keep it.
            _ if types.is_atomic(signature.result) => {
                self.layouts.size(signature.result).map(|_| Given::Stored)
            }
            Crossing::Double => Some(Given::Double),
            Crossing::Value => {
                spell(&self.layouts, self.c_names, signature.result).map(Given::Value)
            }
            Crossing::Pointer => self.layouts.size(signature.result).map(|_| Given::Stored),
        }
    }

    fn remark(&self, passed: &[Passed], given: &Given, because: &str) -> String {
        let has_double = passed.contains(&Passed::Double) || *given == Given::Double;
        match has_double {
            true => "C's `long double` is an `f64` here, rounded on the way.".to_string(),
            false => format!("Goes through a function in C, since it {because}."),
        }
    }

    fn wrapper(
        &mut self,
        item: &Item,
        storage: Storage,
        signature: &Signature,
        (passed, given): (&[Passed], &Given),
        remark: &str,
    ) {
        let names = self.parameter_names(item, passed.len(), self.constants.clone());
        let (mut parameters, mut shims, mut arguments) = (Vec::new(), Vec::new(), Vec::new());
        for ((name, &id), passed) in names.iter().zip(&signature.parameters).zip(passed) {
            let rust = match passed {
                Passed::Double => DOUBLE.to_string(),
                Passed::Value(_) | Passed::Pointer(_) => self.value_type(id),
            };
            parameters.push(format!("{name}: {rust}"));
            match passed {
                Passed::Pointer(_) => {
                    shims.push(format!("*const {rust}"));
                    arguments.push(format!("&raw const {name}"));
                }
                Passed::Value(_) | Passed::Double => {
                    shims.push(rust);
                    arguments.push(name.clone());
                }
            }
        }
        let result = match given {
            Given::Double => format!(" -> {DOUBLE}"),
            _ => self.result_of(storage, signature),
        };
        let shim_result = match given {
            Given::Stored => {
                shims.insert(0, format!("*mut {}", self.value_type(signature.result)));
                arguments.insert(0, "_cgo_result.as_mut_ptr()".to_string());
                ""
            }
            _ => &result,
        };
        let shims: Vec<String> = shims.iter().map(|rust| format!("_: {rust}")).collect();
        let declare = |name: &str| format!("fn {name}({}){shim_result}", shims.join(", "));
        let shim = self.foreign_shim(&item.name, declare);
        let call = format!("{shim}({})", arguments.join(", "));
        let body = match given {
            Given::Stored => format!(
                "let mut _cgo_result = ::core::mem::MaybeUninit::uninit(); unsafe {{ {call}; _cgo_result.assume_init() }}"
            ),
            _ => format!("unsafe {{ {call} }}"),
        };
        let safety = if self.is_safe(item) { "" } else { "unsafe " };
        let documentation = self.documentation(item, remark) + lints(storage);
        let _ = writeln!(
            self.code,
            "{documentation}#[inline]\npub {safety}fn {}({}){result} {{\n{body}\n}}",
            identifier(&item.name),
            parameters.join(", "),
        );
    }
}

const DOUBLE: &str = "::core::primitive::f64";
