#define K 2
struct shape { int first[8]; int last; };
