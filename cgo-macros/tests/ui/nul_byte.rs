cgo::c_preamble!("static int a;\0static int b;");

fn main() {}
