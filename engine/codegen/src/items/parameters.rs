//! Names the parameters of functions.

use std::collections::HashSet;
use std::iter;

use cgo_csyntax::declarations::names::TokenRange;
use cgo_csyntax::selection::BoundItem;

use crate::context::Context;
use crate::docs::declaration;
use crate::names::identifiers::identifier;

/// The parameters' names in the declaration, `argN` where it has none; none of them is in `taken`.
pub(crate) fn names(
    context: &Context<'_>,
    item: &BoundItem,
    count: usize,
    mut taken: HashSet<String>,
) -> Vec<String> {
    let declared = declared_names(context, item, count);
    let mut unused = |mut name: String| {
        while !taken.insert(identifier(&name)) {
            name.push('_');
        }
        identifier(&name)
    };
    let named: Vec<Option<String>> = declared
        .into_iter()
        .map(|name| name.map(&mut unused))
        .collect();
    let numbered = named.into_iter().enumerate();
    numbered
        .map(|(index, name)| name.unwrap_or_else(|| unused(format!("arg{index}"))))
        .collect()
}

/// The name of each parameter in the prototype of a directive or the first declaration that has one for it. The declaration of a typedef
/// for the function's type comes last.
fn declared_names(context: &Context<'_>, item: &BoundItem, count: usize) -> Vec<Option<String>> {
    let prototype = context.prototype(item);
    let parameters = prototype.map_or(&[][..], |prototype| &prototype.parameters);
    let given = parameters.iter().map(|parameter| parameter.name.clone());
    let mut names: Vec<Option<String>> = given.chain(iter::repeat(None)).take(count).collect();
    let c_names = context.input.names;
    // The item may be a macro that stands for the function.
    let Some(declared) = c_names.ordinary(&item.target) else {
        return names;
    };
    let redeclarations = declared
        .redeclarations
        .iter()
        .map(|(_, declaration)| *declaration);
    for declaration in [declared.declaration].into_iter().chain(redeclarations) {
        add_names(context, &mut names, declaration, declared.name);
    }
    if names.iter().all(Option::is_none) {
        let mut tokens = c_names.tokens(declared.declaration).iter();
        if let Some(typedef) = tokens.find_map(|token| c_names.typedef(token.text)) {
            add_names(context, &mut names, typedef.declaration, typedef.name);
        }
    }
    names
}

/// Fills in the names that are missing from one more declaration.
fn add_names(
    context: &Context<'_>,
    names: &mut [Option<String>],
    declaration: TokenRange,
    function: &str,
) {
    if names.iter().all(Option::is_some) {
        return;
    }
    let c_names = context.input.names;
    let is_type = |word: &str| c_names.is_typedef(word);
    let found = declaration::parameter_names(c_names.tokens(declaration), function, &is_type);
    // A declaration with another number of parameters is not read right.
    if found.len() == names.len() {
        let missing = names
            .iter_mut()
            .zip(found)
            .filter(|(name, _)| name.is_none());
        missing.for_each(|(name, found)| *name = found);
    }
}
