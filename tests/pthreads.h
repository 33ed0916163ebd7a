// The threads of POSIX, as far as the tests use them. Visual Studio has none: there they are made of its own.
#ifndef PTHREADS_H
#define PTHREADS_H
#if !defined(_WIN32) || defined(__MINGW32__)
#include <pthread.h>
#else
#include <stddef.h>
#include <stdlib.h>

__declspec(dllimport) void *CreateThread(void *, size_t, unsigned long (*)(void *), void *, unsigned long, unsigned long *);
__declspec(dllimport) unsigned long WaitForSingleObject(void *, unsigned long);

typedef void *pthread_t;
struct start { void *(*function)(void *); void *data; };

static unsigned long run_start(void *from) {
    struct start start = *(struct start *)from;
    free(from);
    start.function(start.data);
    return 0;
}

static int pthread_create(pthread_t *thread, const void *attributes, void *(*function)(void *), void *data) {
    struct start *start = malloc(sizeof *start);
    (void)attributes;
    if (!start) return 1;
    *start = (struct start){ function, data };
    *thread = CreateThread(NULL, 0, run_start, start, 0, NULL);
    return *thread ? 0 : 1;
}

static int pthread_join(pthread_t thread, void **result) {
    (void)result;
    return WaitForSingleObject(thread, 0xffffffff) == 0 ? 0 : 1;
}
#endif
#endif
