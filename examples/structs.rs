//! Structs as C lays them out, with the pitfalls that cgo documents: `cargo run --example structs`.

use cgo::{Complex, c_preamble};

c_preamble! {
    #include <complex.h>
    #include <stdint.h>

    struct point { int x, y; };
    static struct point mirrored(struct point p) { return (struct point){ p.y, p.x }; }

    /* cgo cannot say a packed struct at all. */
    struct __attribute__((packed)) record {
        uint8_t kind;
        uint32_t length;
        uint16_t crc;
    };
    static uint32_t record_length(const struct record *r) { return r->length; }

    /* cgo misaligns a complex float after a uint32_t: Go wants 8 bytes, C wants 4. */
    struct sample {
        uint32_t time;
        float complex value;
    };
    static float imaginary(const struct sample *s) { return cimagf(s->value); }

    /* A union stays a union; cgo makes bytes of it. */
    union bits { float number; uint32_t pattern; };

    typedef enum { CIRCLE, SQUARE } shape;
    struct figure {
        shape shape;
        union { struct point centre; struct { int left, top; }; };
    };
}

fn main() {
    let p = unsafe { C::mirrored(C::struct_point { x: 1, y: 2 }) };
    println!("{p:?}");

    let record = C::struct_record {
        kind: 1,
        length: 0x01020304,
        crc: 7,
    };
    println!("{} bytes, length {:#x}", size_of_val(&record), unsafe {
        C::record_length(&record)
    });

    let sample = C::struct_sample {
        time: 9,
        value: Complex { re: 1.5, im: -2.5 },
    };
    println!(
        "{} bytes, imaginary part {}",
        size_of_val(&sample),
        unsafe { C::imaginary(&sample) }
    );

    let bits = C::union_bits { number: 1.0 };
    println!("{:#x}", unsafe { bits.pattern });

    let mut figure = C::struct_figure {
        shape: C::SQUARE,
        ..Default::default()
    };
    figure.anon1.centre = C::struct_point { x: 3, y: 4 };
    println!("{} {}", figure.shape, unsafe { figure.anon1.anon1.top });
}
