cgo::c_preamble! {
    #cgo macro: int square(int)
    #cgo macro: int LIMIT(int)
    #cgo prototype: int AREA(int)
    #cgo prototype: int sqaure(int)
    #cgo prototype: int point(int)
    #cgo prototype: int with(int (CALL *)(int))
    #define LIMIT 3
    #define CALL __attribute__((ms_abi))
    #define AREA square
    struct point { int x; };
    int square(int x);
    int with(int (*called)(int));
}

fn main() {}
