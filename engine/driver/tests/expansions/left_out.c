typedef int four_ints __attribute__((vector_size(16)));
struct __attribute__((packed)) odd { char c; int i; };
long double twice(long double x);
four_ints add(four_ints a, four_ints b);
void take(struct odd o);
static int only_declared(void);
#define CALL(x) (x)
#define NOTHING
#define HALF 1 +
#define LIST { 1, 2 }
int pointers_are_fine(long double *a, four_ints *b, struct odd *c);
typedef long double (*wide_callback)(long double x);
struct callbacks { void (*take)(struct odd o); };
int call(int count, long double x, ...);
