#ifndef GREET_H
#define GREET_H

/* How to greet. */
enum greet_style { GREET_PLAIN, GREET_LOUD };

/* Writes a greeting for `name` to `buffer` and returns its length, or -1 if it does not fit. */
int greet(char *buffer, int size, const char *name, enum greet_style style);

#endif
