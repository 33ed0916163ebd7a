#define K 1
struct shape { int last; };
