//! How long it takes to read the names of many headers, unoptimized as in a user's debug build:
//! `cargo test -p cgo-csyntax --test speed -- --ignored --nocapture`.

use std::fs;
use std::process::Command;
use std::time::Instant;

use cgo_csyntax::declarations::declared;

/// Those of them that the machine has.
const HEADERS: &str = "SDL2/SDL.h GL/gl.h GL/glext.h X11/Xlib.h X11/Xutil.h arpa/inet.h curses.h dirent.h elf.h expat.h gnutls/gnutls.h \
    linux/bpf.h linux/btrfs.h linux/ethtool.h linux/fs.h linux/input.h linux/nl80211.h linux/perf_event.h linux/videodev2.h lzma.h math.h \
    netdb.h netinet/in.h openssl/evp.h openssl/ssl.h openssl/x509v3.h pcre2.h png.h pthread.h pulse/pulseaudio.h python3.11/Python.h \
    sched.h signal.h sqlite3.h sqlite3ext.h stdio.h stdlib.h string.h sys/epoll.h sys/socket.h sys/stat.h sys/wait.h sysexits.h \
    termios.h time.h uchar.h unistd.h uuid/uuid.h wayland-client.h wchar.h xcb/xproto.h xkbcommon/xkbcommon.h z3.h zlib.h";

fn preprocessed() -> String {
    let include = |header| format!("#if __has_include(<{header}>)\n#include <{header}>\n#endif\n");
    let source: String = HEADERS.split_whitespace().map(include).collect();
    let file = std::env::temp_dir().join(format!("cgo-speed-{}.c", std::process::id()));
    fs::write(&file, source).expect("the source cannot be written");
    let output = Command::new("cc")
        .args(["-E", "-dD", "-DPCRE2_CODE_UNIT_WIDTH=8"])
        .arg(&file)
        .output();
    let _ = fs::remove_file(&file);
    String::from_utf8_lossy(&output.expect("the C compiler cannot be run").stdout).into_owned()
}

#[test]
#[ignore = "measures time"]
fn reading_names() {
    let text = preprocessed();
    let names = declared(&text);
    let size = [text.len(), names.list.len(), names.macros.len()];
    let times = (0..20).map(|_| {
        let start = Instant::now();
        drop(declared(&text));
        start.elapsed()
    });
    println!("bytes, names, macros: {size:?}; at best {:?}", times.min());
}
