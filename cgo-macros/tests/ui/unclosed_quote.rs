cgo::c_preamble!(r#"
#cgo CFLAGS: -DNAME='half
"#);

fn main() {}
