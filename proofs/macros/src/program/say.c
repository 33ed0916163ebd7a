// How C says a value: the name of its type, and the value.
#include <stdio.h>
static void say_number(char *out, const char *name, int sign, int size, double real, __int128 whole) {
    if (!name) sprintf(out, "%c%d %llx %llx", sign ? 'i' : 'u', 8 * size, (long long)(whole >> 64), (long long)whole);
    else if (real != real) sprintf(out, "%s nan", name);
    else { unsigned long long bits; __builtin_memcpy(&bits, &real, 8); sprintf(out, "%s %llx", name, bits); }
}
static void say_text(char *out, int size, int count, const void *text) {
    out += sprintf(out, "text %d", 8 * size);
    for (int i = 0; i < size * count; i++) out += sprintf(out, " %x", ((const unsigned char *)text)[i]);
}
#define IS_SIGNED(...) _Generic((__VA_ARGS__), char: (char)-1 < 0, unsigned char: 0, unsigned short: 0, unsigned: 0, unsigned long: 0, \
    unsigned long long: 0, unsigned __int128: 0, default: 1)
#define NUMBER(...) say_number(out, _Generic((__VA_ARGS__), _Bool: "bool", float: "f32", double: "f64", long double: "f64", default: (char *)0), \
    IS_SIGNED(__VA_ARGS__), sizeof(__VA_ARGS__), (double)(__VA_ARGS__), (__int128)(__VA_ARGS__))
// As a number, or with the same bits.
#define FITS(type, ...) ((type)0.5 != 0 || sizeof(type) == 16 || ((__int128)(__VA_ARGS__) < (__int128)1 << 8 * sizeof(type) % 128 \
    && (__int128)(__VA_ARGS__) >= -((__int128)1 << (8 * sizeof(type) - 1))))
#define TEXT(...) say_text(out, sizeof(*(__VA_ARGS__)), sizeof(__VA_ARGS__) / sizeof(*(__VA_ARGS__)), __VA_ARGS__)
#define POINTER(...) sprintf(out, "%s %zx", _Generic((__VA_ARGS__), int *: "*mut i32", const int *: "*const i32", void *: "*mut void", \
    const void *: "*const void", unsigned char *: "*mut u8", long *: "*mut i64", struct pair *: "*mut pair", volatile long *: "*mut volatile i64", \
    char **: "*mut *mut i8", float *: "*mut f32", float (*)[2]: "*mut [f32; 2]", float (*)[2][2]: "*mut [[f32; 2]; 2]", \
    const char *: "*const i8", volatile unsigned char *: "*mut volatile u8", int **: "*mut *mut i32"), (size_t)(__VA_ARGS__))
