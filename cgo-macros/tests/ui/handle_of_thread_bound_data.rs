fn main() {
    let _ = cgo::Handle::new(std::rc::Rc::new(1));
}
