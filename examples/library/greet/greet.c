#include "greet.h"

#include <stdio.h>

int greet(char *buffer, int size, const char *name, enum greet_style style) {
    int length = snprintf(buffer, (size_t)size, style == GREET_LOUD ? "HELLO, %s!" : "Hello, %s.", name);
    return length < size ? length : -1;
}
