//! What a macro is, told from its tokens: its expansion, its shape, and whether C calls its value constant.

pub mod evaluation;
pub mod expansion;
pub mod redefined_keywords;
pub mod shape;
