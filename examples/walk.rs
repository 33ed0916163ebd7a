//! A folder's tree by C's `nftw`, which has no user data for its callback: `cargo run --example walk`.

use std::ffi::{CStr, CString, OsStr, c_char, c_int};
use std::io;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};
use std::{env, fs, process};

use cgo::{c_preamble, callback, check};

c_preamble! {
    #define _XOPEN_SOURCE 700
    #include <ftw.h>
}

/// All files below `folder` and their sizes.
fn files(folder: &Path) -> io::Result<Vec<(PathBuf, i64)>> {
    let mut found = Vec::new();
    let visit =
        |path: *const c_char, stat: *const C::struct_stat, kind: c_int, _: *mut C::struct_FTW| {
            if kind == C::FTW_F as c_int {
                let path = OsStr::from_bytes(unsafe { CStr::from_ptr(path) }.to_bytes());
                found.push((PathBuf::from(path), unsafe { (*stat).st_size }));
            }
            0
        };
    let start = CString::new(folder.as_os_str().as_bytes())?;
    callback(visit)
        .on_panic(1) // which ends the walk
        .bare(|function| {
            check(|| unsafe { C::nftw(start.as_ptr(), Some(function), 16, C::FTW_PHYS as c_int) })
        })
        .map_err(io::Error::other)??;
    found.sort();
    Ok(found)
}

fn main() -> io::Result<()> {
    let folder = env::temp_dir().join(format!("cgo-walk-{}", process::id()));
    fs::create_dir_all(folder.join("fruit/tropical"))?;
    fs::write(folder.join("readme"), "Fruit.\n")?;
    fs::write(folder.join("fruit/pear"), "green")?;
    fs::write(folder.join("fruit/tropical/mango"), "orange, yellow")?;

    for (path, size) in files(&folder)? {
        let path = path.strip_prefix(&folder).unwrap_or(&path);
        println!("{}: {size} bytes", path.display());
    }
    println!(
        "{:?}",
        files(&folder.join("nowhere")).map_err(|error| error.kind())
    );
    fs::remove_dir_all(&folder)
}
