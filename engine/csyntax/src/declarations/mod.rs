//! What C declares at file scope, read from preprocessed text. It only proposes: what a name means, the compiler says later.

pub(crate) mod builtins;
pub mod declaration;
pub mod names;
