cgo::c_preamble! {
    use inner::C::struct_shared;
    #cgo CFLAGS: -I${SRCDIR}/../../first -I${SRCDIR}/../../second -I${SRCDIR}/../../third
    #cgo LDFLAGS: -lpath
    #include <e.h>
    #include <a.h>
    struct shared { char a[A + 1]; int b; };
    #if __has_include(<opt/c.h>) && !defined(OPT)
    #include <opt/c.h>
    #else
    #define OPT 0
    #endif
    enum { OF_ENV = OFENV, OF_OPT = OPT };
    int of_path(void);
    static int size(struct shared *s) { return (int)sizeof *s + OFENV + OPT + COMPILER; }
}
fn main() {
    let mut shared = C::struct_shared::default();
    let (size, path) = unsafe { (C::size(&mut shared), C::of_path()) };
    println!("{} {} {} {size} {path} {}", inner::says(), C::OF_ENV, C::OF_OPT, NUMBER);
}
