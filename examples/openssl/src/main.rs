//! Digests with OpenSSL: `cargo run -p openssl-example`.

use std::ptr;

use cgo::c_preamble;

c_preamble! {
    #cgo pkg-config: libcrypto
    #include <openssl/evp.h>
}

/// A digest of some parts, one after the other.
fn digest(algorithm: *const C::EVP_MD, parts: &[&[u8]]) -> Option<Vec<u8>> {
    let mut output = [0; C::EVP_MAX_MD_SIZE as usize];
    let mut length = 0;
    let done = unsafe {
        let context = C::EVP_MD_CTX_new();
        let mut done = C::EVP_DigestInit_ex(context, algorithm, ptr::null_mut()) == 1;
        for part in parts {
            done &= C::EVP_DigestUpdate(context, part.as_ptr().cast(), part.len()) == 1;
        }
        done &= C::EVP_DigestFinal_ex(context, output.as_mut_ptr(), &mut length) == 1;
        C::EVP_MD_CTX_free(context);
        done
    };
    done.then(|| output[..length as usize].to_vec())
}

fn main() {
    let hex = |bytes: Vec<u8>| bytes.iter().map(|b| format!("{b:02x}")).collect::<String>();
    let abc: [&[u8]; 2] = [b"a", b"bc"];
    for (name, algorithm) in unsafe { [("SHA-256", C::EVP_sha256()), ("SHA-1", C::EVP_sha1())] } {
        println!("{name} {:?}", digest(algorithm, &abc).map(hex));
    }
}
