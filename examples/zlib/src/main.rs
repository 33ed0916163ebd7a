//! Compresses and decompresses with zlib: `cargo run -p zlib`. Needs zlib's headers and pkg-config.

use cgo::c_preamble;

c_preamble! {
    #cgo pkg-config: zlib
    #include <zlib.h>
}

fn compressed(data: &[u8]) -> Vec<u8> {
    let mut size = unsafe { C::compressBound(data.len() as C::uLong) };
    let mut output = vec![0; size as usize];
    let code = unsafe {
        C::compress(
            output.as_mut_ptr(),
            &mut size,
            data.as_ptr(),
            data.len() as C::uLong,
        )
    };
    assert_eq!(code, C::Z_OK);
    output.truncate(size as usize);
    output
}

fn decompressed(data: &[u8], size: usize) -> Result<Vec<u8>, i32> {
    let mut output = vec![0; size];
    let mut written = size as C::uLong;
    let code = unsafe {
        C::uncompress(
            output.as_mut_ptr(),
            &mut written,
            data.as_ptr(),
            data.len() as C::uLong,
        )
    };
    output.truncate(written as usize);
    if code == C::Z_OK {
        Ok(output)
    } else {
        Err(code)
    }
}

fn main() {
    let text = "one small step for C, ".repeat(100);
    let packed = compressed(text.as_bytes());
    println!(
        "{} bytes become fewer than 100: {}",
        text.len(),
        packed.len() < 100
    );

    let back = decompressed(&packed, text.len());
    println!("the same again: {}", back.as_deref() == Ok(text.as_bytes()));
    println!(
        "too small a buffer: {}",
        decompressed(&packed, 10) == Err(C::Z_BUF_ERROR)
    );

    // The streaming interface is a struct with function pointers, and a macro where the function wants two more
    // arguments: `deflateInit` cannot be bound, the function behind it can.
    let mut stream = C::z_stream::default();
    let code = unsafe {
        C::deflateInit_(
            &mut stream,
            9,
            C::ZLIB_VERSION.as_ptr(),
            C::sizeof_z_stream as i32,
        )
    };
    println!("a stream: {}", code == C::Z_OK);
    unsafe { C::deflateEnd(&mut stream) };
}
