// What the random expressions are made of.
#include <float.h>
#include <limits.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <wchar.h>
typedef unsigned short ushort_t; typedef const long clong_t; typedef signed char tiny; typedef ushort_t again; typedef float real; typedef int *int_pointer;
enum color { RED = -3, GREEN, BLUE = 7 }; enum { NAMELESS = 0x80000000u }; enum __attribute__((packed)) small { LOW, HIGH = 200 };
enum wide { LARGE = 0x100000000LL, LEAST = -0x200000000LL };
struct pair { short first; long second; unsigned char rest[3]; }; union both { int whole; float part; };
static int vi = 11; static const int ci = -4; static volatile long vv = 12345; static unsigned char bytes[] = { 250, 3, 9 };
static double vd = 0.1; static struct pair record = { -2, 1L << 40, { 5, 6, 255 } }; static long double vl = 2.5L; static bool vb = 1;
static union both either = { 77 }; static int *pointer = &vi; static const char letters[] = "letters"; static float table[2][2] = { { 1, 2 }, { 3, 0.5f } };
static enum color ve = GREEN; static _Atomic short va = -9;
static unsigned twice(unsigned a) { return 2 * a; } static float half(float a) { return a / 2; } static int *address(void) { return &vi; }
static inline unsigned char low(int a) { return a; } static struct pair made(void) { return (struct pair){ 4, 5, { 6 } }; }
#define ID(x) x
#define CAT(a, b) a##b
#define JOIN(a, b) CAT(a, b)
#define STR(x) #x
#define TEXT_OF(x) STR(x)
#define ADD(a, ...) ((a) + __VA_ARGS__)
