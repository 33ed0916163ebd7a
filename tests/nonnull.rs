//! `#cgo unsafe nonnull:`: types of function pointers that are never null.

use std::ffi::c_int;

cgo::c_preamble! {
    #cgo unsafe nonnull: visitor
    typedef int (*visitor)(int value);
    typedef int (*maybe)(int value);
    struct both { visitor visit; maybe may; };
    struct outer { struct both inside[2]; };
    struct plain { maybe may; };
    static int visited(struct both b) { return b.visit(1) + (b.may ? b.may(2) : 100); }
    static int visit(visitor f, int value) { return f(value); }
}

extern "C" fn ten_times(value: c_int) -> c_int {
    10 * value
}

#[test]
fn they_are_functions() {
    let both = C::struct_both {
        visit: ten_times,
        may: None,
    };
    assert_eq!(unsafe { C::visited(both) }, 110);
    assert_eq!(unsafe { C::visit(ten_times, 4) }, 40);
}

mod borrowed {
    cgo::c_preamble! {
        pub(super) mod C;
        use crate::C::{visitor, maybe};
        typedef int (*visitor)(int value);
        typedef int (*maybe)(int value);
        struct one { visitor visit; };
        struct other { maybe may; };
        static int visit_one(struct one one) { return one.visit(1); }
    }
}

#[test]
fn another_preamble_imports_them() {
    let one = borrowed::C::struct_one { visit: ten_times };
    assert_eq!(unsafe { borrowed::C::visit_one(one) }, 10);
    assert!(borrowed::C::struct_other::default().may.is_none());
}

/// All zeroes would be a null function.
#[test]
fn a_record_with_one_has_no_default() {
    struct Of<T>(T);
    trait Otherwise {
        const HAS_DEFAULT: bool = false;
    }
    impl<T> Otherwise for T {}
    impl<T: Default> Of<T> {
        const HAS_DEFAULT: bool = true;
    }
    const { assert!(!Of::<C::struct_both>::HAS_DEFAULT) };
    const { assert!(!Of::<C::struct_outer>::HAS_DEFAULT) };
    const { assert!(!Of::<borrowed::C::struct_one>::HAS_DEFAULT) };
    const { assert!(Of::<C::struct_plain>::HAS_DEFAULT) };
}
