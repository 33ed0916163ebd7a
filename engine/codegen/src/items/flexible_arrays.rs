//! Writes the methods by which the elements of flexible array members are reached: `T data[];` and GNU C's `T data[0];`.

use std::fmt::Write;

use crate::context::Context;
use crate::items::method_names::MethodNames;
use crate::model::types::{Body, Position, Record, Type, TypeId};
use crate::names::fields::field_names;

/// A member without elements of its own.
struct FlexibleArray {
    /// Its name in Rust.
    member: String,
    element: TypeId,
    /// C does not write to the elements.
    is_const: bool,
    /// In bytes, from the start of the record.
    offset: u64,
}

/// Writes the methods of all that the record has, wherever they stand.
pub(crate) fn write(
    context: &Context<'_>,
    body: &Body,
    names: &mut MethodNames,
    text: &mut String,
) {
    let mut arrays = Vec::new();
    find(context, body, 0, &mut arrays);
    for array in &arrays {
        write_pointers(context, array, names, text);
        let align = context.layouts.align(array.element);
        if context.layouts.record_align(body) >= align && array.offset.is_multiple_of(align) {
            write_slices(context, array, names, text);
        }
    }
}

/// Those of a record at this offset. C reaches the members of an anonymous one as if they were the outer one's.
fn find(context: &Context<'_>, body: &Body, start: u64, found: &mut Vec<FlexibleArray>) {
    for (member, name) in body.members.iter().zip(field_names(body)) {
        let Position::Byte(offset) = member.position else {
            continue;
        };
        let offset = start.saturating_add(offset);
        match context.resolved(member.ctype) {
            Type::Array {
                element,
                count: None | Some(0),
            } if context.layouts.size(*element).is_some() => found.push(FlexibleArray {
                member: name.trim_start_matches("r#").to_string(),
                element: *element,
                is_const: context.layouts.types.is_const(member.ctype),
                offset,
            }),
            Type::Record(Record {
                body: Some(inner), ..
            }) if member.name.is_none() => find(context, inner, offset, found),
            _ => {}
        }
    }
}

/// The element at the start, as C's `record->member` is.
fn first(this: &str, offset: u64, element: &str) -> String {
    format!("{this}.cast::<::core::primitive::u8>().wrapping_add({offset}).cast::<{element}>()")
}

fn write_pointers(
    context: &Context<'_>,
    array: &FlexibleArray,
    names: &mut MethodNames,
    text: &mut String,
) {
    let FlexibleArray { member, offset, .. } = array;
    let (this, element) = (
        context.parameter("this"),
        context.rust.type_of(array.element),
    );
    let first = first(&this, *offset, &element);
    let pointer = names.unused(format!("{member}_pointer"));
    let _ = write!(
        text,
        "/// The first element of the flexible array member `{member}`, {offset} bytes from the start. Where these bytes of a packed record are not \
         aligned, it is read with `read_unaligned`.\n\
         pub fn {pointer}({this}: *const Self) -> *const {element} {{ {first} }}\n"
    );
    if array.is_const {
        return;
    }
    let pointer_mut = names.unused(format!("{member}_pointer_mut"));
    let _ = write!(
        text,
        "/// The same element, to write to.\n\
         pub fn {pointer_mut}({this}: *mut Self) -> *mut {element} {{ {first} }}\n"
    );
}

fn write_slices(
    context: &Context<'_>,
    array: &FlexibleArray,
    names: &mut MethodNames,
    text: &mut String,
) {
    let FlexibleArray { member, offset, .. } = array;
    let (this, length) = (context.parameter("this"), context.parameter("length"));
    let element = context.rust.type_of(array.element);
    let first = first(&this, *offset, &element);
    let slice = names.unused(format!("{member}_slice"));
    let _ = write!(
        text,
        "/// The first `{length}` elements of the flexible array member `{member}`.\n///\n\
         /// # Safety\n/// `{this}` points to a record with at least `{length}` initialized elements behind it, which nothing writes to during `'a`.\n\
         pub unsafe fn {slice}<'a>({this}: *const Self, {length}: ::core::primitive::usize) -> &'a [{element}] {{ unsafe {{ ::core::slice::from_raw_parts({first}, {length}) }} }}\n"
    );
    if array.is_const {
        return;
    }
    let slice_mut = names.unused(format!("{member}_slice_mut"));
    let _ = write!(
        text,
        "/// The same elements, to write to.\n///\n\
         /// # Safety\n/// As for `{slice}`, and nothing else reads the elements during `'a`.\n\
         pub unsafe fn {slice_mut}<'a>({this}: *mut Self, {length}: ::core::primitive::usize) -> &'a mut [{element}] {{ unsafe {{ ::core::slice::from_raw_parts_mut({first}, {length}) }} }}\n"
    );
}
