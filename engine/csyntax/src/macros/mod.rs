//! What a macro is, told from its tokens: what it is expanded to, whether that is a type or an expression, and whether C calls its value
//! constant.

mod bounds;
pub mod classify;
mod compound_literal;
pub mod evaluation;
pub mod expansion;
pub mod expression_type;
mod operand;
mod pp_token;
pub mod redefined_keywords;
mod replacement;
mod syntax;
