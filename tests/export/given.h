/* Declared by a library that wants callbacks: the exports agree with it in other words. */
typedef long number;
struct opaque;
number agreeing(const char *text, struct opaque *what, number (*more)(void), unsigned char flag);
