//! What an editor's server needs: it does not tell where a call stands, has edits that are not saved yet, and expands C that is being typed.

pub(crate) mod last_compiled;
pub(crate) mod search;
pub(crate) mod splice;
