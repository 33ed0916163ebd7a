cgo::c_preamble!(r#"
#cgo pkg-config: >= 3.30
"#);

fn main() {}
