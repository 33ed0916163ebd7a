/* C that every dialect since C89 takes, for tests/dialects.rs. */
struct p { int x; char c; };
enum e { A, B = 3 };
typedef char *text;
typedef union { int i; float f; } number;
#define LIMIT 10
#define NAME "name"
#define REAL 2.5
#define SUM (table[0] + table[1])
static int table[3] = { 1, 2, 3 };
static int add(int a, int b) { return a + b; }
static long of(struct p *p, enum e e) { return p->x + (long)e + p->c; }
static struct p by_value(struct p p) { p.x++; return p; }
static char first(text t) { return t[0]; }
static number of_float(double d) { number n; n.f = (float)d; return n; }
static long double wide(long double l) { return l * 2; }

static char negative(void) { return (char)-1; }
