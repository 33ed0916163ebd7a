//! How an exported function returns a tuple.

macro_rules! tuple_results {
    ($($name:ident $count:literal: $($field:ident $part:ident),*;)*) => {$(
        #[doc = concat!("A tuple of ", $count, " as C gets it from a function: `struct NAME_return` of `_cgo_export.h`.")]
        #[repr(C)]
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub struct $name<$($part),*> {
            $(
                #[doc = concat!("The part `", stringify!($field), "`.")]
                pub $field: $part,
            )*
        }
    )*};
}

tuple_results! {
    Return1 1: r0 A;
    Return2 2: r0 A, r1 B;
    Return3 3: r0 A, r1 B, r2 C;
    Return4 4: r0 A, r1 B, r2 C, r3 D;
    Return5 5: r0 A, r1 B, r2 C, r3 D, r4 E;
    Return6 6: r0 A, r1 B, r2 C, r3 D, r4 E, r5 F;
    Return7 7: r0 A, r1 B, r2 C, r3 D, r4 E, r5 F, r6 G;
    Return8 8: r0 A, r1 B, r2 C, r3 D, r4 E, r5 F, r6 G, r7 H;
}
