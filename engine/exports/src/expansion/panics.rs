//! What happens to a panic that would leave an exported function.

use proc_macro2::TokenStream;
use quote::quote;

use super::writer::ExportWriter;
use crate::item::attribute::PanicRule;

impl ExportWriter<'_> {
    pub(super) fn abi(&self) -> TokenStream {
        match self.export.options.panic {
            PanicRule::Unwind => quote!(extern "C-unwind"),
            _ => quote!(extern "C"),
        }
    }

    /// A call of the closure that handles panics.
    pub(super) fn caught(&self, closure: TokenStream) -> TokenStream {
        let cgo = self.cgo;
        match &self.export.options.panic {
            PanicRule::Return(value) => quote!(#cgo::generated::export::catch(#closure, || #value)),
            PanicRule::Abort => {
                let name = &self.export.symbol;
                quote!(#cgo::generated::export::or_end(#name, #closure))
            }
            PanicRule::Unwind => quote!((#closure)()),
        }
    }
}
