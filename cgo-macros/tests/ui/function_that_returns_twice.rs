cgo::c_preamble! {
    #include <setjmp.h>
    #include <unistd.h>

    static jmp_buf place;
    #define TRY setjmp(place)
    #define ROOM __builtin_alloca(16)
    int twice(void) __attribute__((returns_twice));
}

fn main() {
    unsafe {
        C::setjmp(&raw mut C::place[0]);
        C::vfork();
        C::twice();
        C::TRY();
        C::ROOM();
    }
}
