cgo::c_preamble!(r#"
#cgo CFLAGS: -DA \
    -DB
"#);

fn main() {}
