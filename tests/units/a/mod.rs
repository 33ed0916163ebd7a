cgo::c_preamble! {
    pub mod C;
    #include "k.h"
    static int f(void) { return K; }
    static int n;
    static int count(void) { return ++n; }
    static struct shape shape(void) { struct shape s = { .last = K }; return s; }
    inline int c99(void) { return K; }
    static int through_c(void) { return c99(); }
    static _Thread_local int own = K;
    #define TWICE (2 * f())
}
