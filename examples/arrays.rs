//! C arrays as Rust slices and Rust slices as C arrays: `cargo run --example arrays`.

use cgo::c_preamble;

c_preamble! {
    #include <stddef.h>
    #include <stdlib.h>

    int primes[5] = { 2, 3, 5, 7, 11 };

    static long total(const int *numbers, size_t count) {
        long sum = 0;
        for (size_t i = 0; i < count; i++) sum += numbers[i];
        return sum;
    }

    /* Allocates; the caller frees. */
    static double *squares(size_t count) {
        double *result = malloc(count * sizeof *result);
        for (size_t i = 0; i < count; i++) result[i] = (double)(i * i);
        return result;
    }

    struct matrix { float cells[2][3]; };
    static void fill(struct matrix *m) {
        for (int i = 0; i < 6; i++) m->cells[i / 3][i % 3] = (float)i;
    }
}

fn main() {
    // A C array is a Rust array.
    let primes = unsafe { C::primes };
    println!("{primes:?}");

    // A Rust slice is a pointer and a length.
    let numbers = [10, 20, 30];
    println!("{}", unsafe { C::total(numbers.as_ptr(), numbers.len()) });

    // What C allocated is read in place.
    unsafe {
        let squares = C::squares(4);
        println!("{:?}", cgo::slice(squares, 4));
        cgo::slice_mut(squares, 4)[0] = 0.5;
        println!("{}", *squares);
        C::free(squares.cast());
    }

    // Two dimensions are an array of arrays.
    let mut matrix = C::struct_matrix::default();
    unsafe { C::fill(&mut matrix) };
    println!("{:?}", matrix.cells[1]);
}
