cgo::c_preamble! {
    #define MAX(a, b) ((a) > (b) ? (a) : (b))
}

fn main() {
    let _ = unsafe { C::MAX(1, 2) };
    let largest: i32 = unsafe { C::MAX(1, 2) };
    println!("{}", largest + 1);
}
