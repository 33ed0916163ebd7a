//! Fetches a file by its URL with libcurl, which hands what it reads to a Rust closure: `cargo run -p curl-example`.

use std::env;
use std::ffi::{CStr, CString, c_char, c_void};
use std::fs;

use cgo::{c_preamble, callback};

c_preamble! {
    #cgo pkg-config: libcurl
    #include <curl/curl.h>
}

/// What lies behind a URL.
fn fetch(url: &CStr) -> Result<Vec<u8>, String> {
    let mut body = Vec::new();
    let mut take = |data: *mut c_char, size: usize, count: usize| -> usize {
        body.extend_from_slice(unsafe { cgo::slice(data.cast::<u8>(), size * count) });
        size * count
    };
    let code = callback(&mut take).data_last(|write, data: *mut c_void| unsafe {
        let curl = C::curl_easy_init();
        C::curl_easy_setopt(curl, C::CURLOPT_URL, url.as_ptr());
        C::curl_easy_setopt(curl, C::CURLOPT_WRITEFUNCTION, write);
        C::curl_easy_setopt(curl, C::CURLOPT_WRITEDATA, data);
        let code = C::curl_easy_perform(curl);
        C::curl_easy_cleanup(curl);
        code
    });
    match code {
        C::CURLE_OK => Ok(body),
        _ => Err(unsafe { C::GoString(C::curl_easy_strerror(code)) }),
    }
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let file = env::temp_dir().join(format!("cgo-curl-{}.txt", std::process::id()));
    fs::write(&file, "read by curl\n".repeat(3000))?;
    let url = CString::new(format!("file://{}", file.display()))?;
    let body = fetch(&url)?;
    fs::remove_file(&file)?;
    println!(
        "{} bytes, {:?}",
        body.len(),
        String::from_utf8_lossy(&body[..12])
    );
    println!("{:?}", fetch(c"file:///no/such/file"));
    Ok(())
}
