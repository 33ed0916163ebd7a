cgo::c_preamble!(r#"
#cgo (linux CFLAGS: -DX
"#);

fn main() {}
