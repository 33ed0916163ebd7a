//! What reaches the closure and what comes back.

use std::ffi::{c_int, c_void};

use cgo_runtime::callback;

use super::{slots, visit};

macro_rules! arities {
    ($($test:ident: $($name:ident = $value:literal),*;)*) => {$(
        #[test]
        fn $test() {
            let _slots = slots();
            let closure = |$($name: i64),*| -> Vec<i64> { vec![$($name),*] };
            let expected: i64 = [$($value),*].iter().sum::<i64>() + 1;
            let number = || move |$($name: i64),*| closure($($name),*).iter().sum::<i64>() + 1;

            let result = callback(number()).data_last(|f, data: *mut c_void| unsafe { f($($value,)* data) });
            assert_eq!(result, expected);
            let result = callback(number()).data_first(|f, data: *mut c_void| unsafe { f(data, $($value),*) });
            assert_eq!(result, expected);
            let result = callback(number()).bare(|f| unsafe { f($($value),*) });
            assert_eq!(result, Ok(expected));

            let owned = callback(number()).owned_data_last::<*mut c_void>();
            let f = owned.function();
            assert_eq!(unsafe { f($($value,)* owned.data()) }, expected);
            let owned = callback(number()).owned_data_first::<*mut c_void>();
            let f = owned.function();
            assert_eq!(unsafe { f(owned.data(), $($value),*) }, expected);
            let owned = callback(number()).owned_bare().expect("a slot");
            let f = owned.function();
            assert_eq!(unsafe { f($($value),*) }, expected);
        }
    )*};
}

arities! {
    no_parameter:;
    one_parameter: a = 1;
    two_parameters: a = 1, b = 20;
    three_parameters: a = 1, b = 20, c = 300;
    four_parameters: a = 1, b = 20, c = 300, d = 4000;
    five_parameters: a = 1, b = 20, c = 300, d = 4000, e = 50000;
    six_parameters: a = 1, b = 20, c = 300, d = 4000, e = 50000, f = 600000;
    seven_parameters: a = 1, b = 20, c = 300, d = 4000, e = 50000, f = 600000, g = 7000000;
    eight_parameters: a = 1, b = 20, c = 300, d = 4000, e = 50000, f = 600000, g = 7000000, h = 80000000;
}

#[test]
fn a_scoped_closure_changes_what_it_borrows() {
    let mut total = 0;
    let result = callback(|number: c_int| {
        total += number;
        0
    })
    .data_last(|function, data| unsafe { visit(5, Some(function), data) });
    assert_eq!((total, result), (10, 0));
}

#[test]
fn any_callable_will_do() {
    fn sum_of(count: c_int, visitor: impl FnMut(c_int) -> c_int) -> c_int {
        callback(visitor).data_last(|function, data| unsafe { visit(count, Some(function), data) })
    }
    fn stop(number: c_int) -> c_int {
        number - 3
    }
    assert_eq!(sum_of(5, stop), -3);
    let boxed: Box<dyn FnMut(c_int) -> c_int> = Box::new(|number| number * 2);
    assert_eq!(sum_of(5, boxed), 2);
    assert_eq!(sum_of(5, |number| number * 3), 3);
}

#[test]
fn user_data_is_found_by_the_arguments() {
    struct Context {
        data: *mut c_void,
    }
    let mut total = 0;
    let add = |_: *mut Context, number: c_int| total += number;
    callback(add).data_by(
        |context: *mut Context, _| unsafe { (*context).data },
        |function, data| unsafe {
            function(&mut Context { data }, 3);
            function(&mut Context { data }, 4);
        },
    );
    assert_eq!(total, 7);
}
