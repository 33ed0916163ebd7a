//! Tells from its tokens what a macro is: its expansion, whether that is a type or an expression, and whether its value is a constant.

pub mod as_function;
mod bounds;
pub mod classify;
mod compound_literal;
pub mod evaluation;
pub mod expansion;
pub mod expression_type;
mod no_value;
mod operand;
mod pp_token;
pub mod redefined_keywords;
mod replacement;
mod syntax;
