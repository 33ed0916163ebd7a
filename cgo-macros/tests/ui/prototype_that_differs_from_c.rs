cgo::c_preamble! {
    #cgo prototype: int enumerate(int (*)(long))
    #cgo prototype: long square(int)
    #cgo prototype: int once(int when, void *handler)
    #cgo prototype: int twice(int when)
    #cgo prototype: int *found(const char *name)
    #cgo prototype: int older(int)
    int square(int x);
    int once(int when, void (*handler)(void));
    int twice(int when, void (*handler)(void));
    unsigned long found(const char *name);
    static int older(x) short x; { return x; }
    #define CALLBACK __attribute__((ms_abi))
    int enumerate(int (CALLBACK *)(void));
}

fn main() {}
