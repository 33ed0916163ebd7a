#define SIZE unsigned long
#define PARAMETER(name) int name
#define FUNCTION(f, a, b) int f(int a, int b)
typedef int of_type(int alpha, char *beta);
typedef int T;
struct s { int a; };

int old_style(first, second) int first, *second; { return first + *second; }
int old_style_after(int, char *);
int old_style_after(alpha, beta) int alpha; char *beta; { return alpha; }
int defined_after(int, char *);
int defined_after(int first, char *second) { return first; }
int declared_after(int first, char *second) { return first; }
int declared_after(int, char *);
int declared_twice(int x, int);
int declared_twice(int, int y);
of_type by_typedef;
of_type named_later;
int named_later(int first, char *second);
int callbacks(void (*handler)(int code, void *data), void *(*make)(SIZE), int (*list[3])(int), int by_function(int a), int (*)(int x));
int arrays(int a[static 3], int b[const], int c[][4], int (*d)[5], int [6], double e[2][3]);
int lengths(int n, int m, double matrix[n][m], int open[*]);
int in_brackets(int (a), int (*(b)), char *(*c)[3], int ((*d))(int z), int (T), int (T e));
int (brackets)(int p, int q);
int (*returns_a_function(int code, void *data))(int inner, int other);
int (*(returns_an_array)(int row))[3];
int records(struct s *a, const struct s b, struct s (*c)[2], enum { E } d, union { int i; } *e);
int specifiers(unsigned, unsigned long a, long long int b, int const c, const volatile int *const d, _Atomic int e, __typeof__(int) f);
int attributes(int a __attribute__((unused)), __attribute__((unused)) int b, int *c __attribute__((nonnull)));
int shadows(T T, int of_type);
int by_macro(PARAMETER(one), PARAMETER(two));
FUNCTION(all_by_macro, one, two);
int keywords(int type, int self, int fn, int _, int in, int union_);
int alike(int x, int _x, int __x);
int numbered(int arg1, int, int arg0, int);
int several(int a), at_once(int b, int c);
int its_own_name(int its_own_name);
