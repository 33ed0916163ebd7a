use core::ffi::c_void;

use super::*;
use crate::imported::{Record, Text};
use crate::stand_ins::{Align16, AlignedBytes};
use crate::volatile::Volatile;

/// `node` with a pointer to its own kind, and an `int`.
const THERE: &[&str] = &["struct_node s16,8 next 0 pR0 number 8 i4", "struct_only s?"];

#[repr(C)]
struct Node(*mut Node, i32);
// SAFETY: the text says what it is.
unsafe impl Record for Node {
    const TEXT: Text = (THERE, 0);
}

fn check<T: CLayout>(
    types: &'static [&'static str],
    text: &'static str,
) -> Result<(), std::string::String> {
    let wanted = Wanted {
        name: "t",
        path: "a::t",
        types,
        text,
        size: Some((16, 8)),
    };
    let panic = std::panic::catch_unwind(|| check_imported::<T>(&wanted)).err();
    panic.map_or(Ok(()), |panic| Err(*panic.downcast().expect("a message")))
}

#[test]
fn equal_layouts_pass_whatever_their_numbers() {
    let here = &[
        "struct_other s4,4 x 0 f4",
        "struct_node s16,8 next 0 pR1 number 8 i4",
    ];
    assert_eq!(check::<Node>(here, "R1"), Ok(()));
    assert_eq!(check::<*mut Node>(here, "pR1"), Ok(()));
    assert_eq!(check::<[Volatile<i32>; 4]>(here, "A4Vi4"), Ok(()));
    // Behind a pointer one side may not know the members.
    assert_eq!(check::<*mut Node>(&["struct_node s?"], "pR0"), Ok(()));
    type Function = unsafe extern "C" fn(*mut Node, *mut AlignedBytes<Align16, 16>, ...) -> [i8; 2];
    assert_eq!(
        check::<Option<Function>>(here, "pG2A2i1pR1py16.longdouble;"),
        Ok(())
    );
    assert_eq!(
        check::<*mut c_void>(here, "pF1pR1A3y16.longdouble;"),
        Ok(())
    );
    assert_eq!(check::<*mut c_void>(here, "pCF1vi4"), Ok(()));
}

#[test]
fn enumerators_have_the_same_values() {
    struct Color;
    // SAFETY: nobody makes one.
    unsafe impl CLayout for Color {
        const LAYOUT: Layout =
            Layout::Enumeration(&<u32 as CLayout>::LAYOUT, "BLUE 6 GREEN -5 RED 0");
    }
    // C may have an integer in its place.
    for same in ["u4 BLUE 6 GREEN -5 RED 0", "u4"] {
        assert_eq!(check::<Color>(&[], same), Ok(()));
    }
    assert_eq!(check::<[Color; 2]>(&[], "A2u4"), Ok(()));
    for (here, expected) in [
        ("u4 BLUE 6 GREEN 5 RED 0", "`GREEN` is -5 there, and 5 here"),
        ("u4 BLUE 6 GREEN -5", "`RED` is 0 there, and missing here"),
        ("u4 GREEN -5 RED 0", "`BLUE` is 6 there, and missing here"),
        (
            "u4 BLUE 6 GRAY 7 GREEN -5 RED 0",
            "`GRAY` is missing there, and 7 here",
        ),
        (
            "i4 BLUE 6",
            "there it is an unsigned integer of 4 bytes, and here a signed integer of 4 bytes",
        ),
    ] {
        let said = check::<Color>(&[], here).expect_err("they differ");
        assert!(said.ends_with(expected), "{said}");
    }
}

#[test]
fn what_was_promised_is_passed_over() {
    struct Vouched;
    // SAFETY: nobody makes one.
    unsafe impl CLayout for Vouched {}
    type Function = unsafe extern "C" fn(*mut Vouched, i32);
    let here = &["struct_v s?"];
    assert_eq!(check::<Function>(here, "F2vpR0i4"), Ok(()));
    assert!(check::<Function>(here, "F2vpR0u4").is_err());
}

#[test]
fn a_function_is_called_in_one_way() {
    type Function = unsafe extern "C" fn(i32);
    let said = check::<Option<Function>>(&[], "pCF1vi4").expect_err("registers differ");
    assert!(
        said.ends_with(
            "a function (a signed integer of 4 bytes) that returns `void`, and here a function of another calling convention"
        ),
        "{said}"
    );
}

#[test]
fn a_function_that_is_never_null_is_a_pointer_to_it() {
    type Function = unsafe extern "C" fn(i32);
    for text in ["F1vi4", "pF1vi4"] {
        assert_eq!(check::<Function>(&[], text), Ok(()));
    }
    assert_eq!(check::<*mut Function>(&[], "ppF1vi4"), Ok(()));
    assert!(check::<Function>(&[], "ppF1vi4").is_err());
    assert!(check::<*mut Function>(&[], "pppF1vi4").is_err());
    let said = check::<*mut Function>(&[], "pF1vi4").expect_err("C calls what it points to");
    assert!(
        said.contains("there it is a pointer to a pointer to a function"),
        "{said}"
    );
}

#[test]
fn the_first_difference_is_said() {
    for (types, expected) in [
        (
            &["struct_node s16,8 next 0 pR0 number 8 u4"],
            "member 2 of `struct_node`, `number`, is a signed integer of 4 bytes there, and an unsigned integer of 4 bytes here",
        ),
        (
            &["struct_node s16,8 number 0 i4 next 8 pR0"],
            "member 1 of `struct_node` is `next` at byte 0 there, and `number` at byte 0 here",
        ),
        (
            &["struct_node s16,8 next 0 pR0"],
            "`struct_node` has no member 2 here; there it is `number` at byte 8",
        ),
        (
            &["struct_node s16,8 next 0 pR0 number 8 i4 more 12 i4"],
            "`struct_node` has no member 3 there; here it is `more` at byte 12",
        ),
        (
            &["struct_node s16,8 next 0 pR0 number 64+3 i4"],
            "member 2 of `struct_node` is `number` at byte 8 there, and `number`, a bit-field 3 wide at bit 64 here",
        ),
        (
            &["union_node u16,8 next 0 pR0 number 8 i4"],
            "`union_node` is a struct of 16 bytes aligned to 8 there, and a union of 16 bytes aligned to 8 here",
        ),
        (
            &["struct_node s16,8 next 0 ppR0 number 8 i4"],
            "member 1 of `struct_node`, `next`, is a pointer to `struct_node` there, and a pointer to a pointer to `struct_node` here",
        ),
    ] {
        let said = check::<Node>(types, "R0").expect_err("they differ");
        let whole = std::format!(
            "`t` is imported from `a::t`, which is another type than in the C of this preamble: {expected}"
        );
        assert_eq!(said, whole);
    }
    type Function = unsafe extern "C" fn(i32, *mut Node, ...);
    let said = check::<Function>(&["struct_node s?"], "F2vi4pR0").expect_err("it is variadic");
    assert!(said.ends_with("there it is a function (a signed integer of 4 bytes, a pointer to `struct_node`, ...) that returns `void`, and here a function (a signed integer of 4 bytes, a pointer to `struct_node`) that returns `void`"), "{said}");
    let said = check::<i32>(&[], "Vi4").expect_err("C writes to it");
    assert!(said.ends_with("there it is a signed integer of 4 bytes, and here volatile, a signed integer of 4 bytes"), "{said}");
}
