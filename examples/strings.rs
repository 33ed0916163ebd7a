//! Strings and bytes across the border, both ways: `cargo run --example strings`.

use cgo::{MallocBytes, MallocStr, c_preamble};

c_preamble! {
    #include <ctype.h>
    #include <stdlib.h>
    #include <string.h>

    /* Shouts in place. */
    static void shout(char *text) {
        for (; *text; text++) *text = (char)toupper((unsigned char)*text);
    }

    static int checksum(const void *data, size_t size) {
        const unsigned char *bytes = data;
        int sum = 0;
        while (size--) sum += *bytes++;
        return sum;
    }

    #define GREETING "good morning"
}

fn main() {
    // cgo's way: C owns the copy until it is freed.
    let text = C::CString("hello");
    unsafe {
        C::shout(text);
        println!("{}", C::GoString(text));
        println!("{}", C::GoStringN(text, 4));
        println!("{:?}", C::GoBytes(text, 3));
        C::free(text.cast());
    }

    // The same, freed when it goes out of scope.
    let mut owned = MallocStr::new("goodbye");
    unsafe { C::shout(owned.as_mut_ptr()) };
    println!("{}", owned.to_string_lossy());

    // Bytes may hold anything.
    let bytes = MallocBytes::new([1u8, 0, 2, 0, 3]);
    println!("{}", unsafe { C::checksum(bytes.as_ptr(), bytes.len()) });

    // A string macro is a `&CStr`, and Rust's own C strings need no copy.
    println!("{}", C::GREETING.to_str().expect("ASCII"));
    println!("{}", unsafe { C::strlen(c"five!".as_ptr()) });
}
