// Functions with `...`. On arm64 macOS passes everything that comes after the declared parameters on the stack, eight bytes or more each,
// and its `va_list` is a pointer to there; glibc takes registers first. On x86-64 both are the same.
#define _GNU_SOURCE
#include "macho.h"

#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <sys/ioctl.h>

#define PARAMETERS_1 long a
#define PARAMETERS_2 PARAMETERS_1, long b
#define PARAMETERS_3 PARAMETERS_2, long c
#define PARAMETERS_4 PARAMETERS_3, long d
#define PARAMETERS_5 PARAMETERS_4, long e
#define LAST_1 a
#define LAST_2 b
#define LAST_3 c
#define LAST_4 d
#define LAST_5 e

#ifdef __aarch64__

// Nothing is left in registers then.
static va_list at_stack(char *stack) {
    va_list list = {.__stack = stack};
    return list;
}

// A function with `count` declared parameters. `call` gets them, and `list`.
#define VARIADIC(name, count, call)                                                                                        \
    __attribute__((__used__)) long list_##name(long a, long b, long c, long d, long e, long f, long g, char *stack) {       \
        va_list list = at_stack(stack);                                                                                    \
        return call;                                                                                                       \
    }                                                                                                                      \
    long darwin_##name(PARAMETERS_##count, ...);                                                                           \
    __asm__(".text\ndarwin_" #name ":\nmov x7, sp\nb list_" #name "\n");

#else

#define VARIADIC(name, count, call)                                                                                        \
    static long darwin_##name(PARAMETERS_##count, ...) {                                                                   \
        va_list list;                                                                                                      \
        va_start(list, LAST_##count);                                                                                      \
        long result = call;                                                                                                \
        va_end(list);                                                                                                      \
        return result;                                                                                                     \
    }

#endif

static int open_flags(long flags) {
    static const struct {
        int darwin, linux_;
    } FLAGS[] = {{0x4, O_NONBLOCK}, {0x8, O_APPEND}, {0x100, O_NOFOLLOW}, {0x200, O_CREAT},
                 {0x400, O_TRUNC}, {0x800, O_EXCL}, {0x100000, O_DIRECTORY}, {0x1000000, O_CLOEXEC}};
    int result = flags & O_ACCMODE;
    for (unsigned nth = 0; nth < sizeof FLAGS / sizeof *FLAGS; nth++)
        if (flags & FLAGS[nth].darwin)
            result |= FLAGS[nth].linux_;
    return result;
}

static long open_at(int folder, const char *path, long flags, va_list list) {
    return openat(folder, path, open_flags(flags), va_arg(list, int));
}

VARIADIC(printf, 1, vprintf((char *)a, list))
VARIADIC(fprintf, 2, vfprintf((FILE *)a, (char *)b, list))
VARIADIC(dprintf, 2, vdprintf((int)a, (char *)b, list))
VARIADIC(sprintf, 2, vsprintf((char *)a, (char *)b, list))
VARIADIC(snprintf, 3, vsnprintf((char *)a, (size_t)b, (char *)c, list))
VARIADIC(asprintf, 2, vasprintf((char **)a, (char *)b, list))
VARIADIC(sprintf_chk, 4, vsprintf((char *)a, (char *)d, list))
VARIADIC(snprintf_chk, 5, vsnprintf((char *)a, (size_t)b, (char *)e, list))
VARIADIC(sscanf, 2, vsscanf((char *)a, (char *)b, list))
VARIADIC(open, 2, open_at(AT_FDCWD, (char *)a, b, list))
VARIADIC(openat, 3, open_at((int)a, (char *)b, c, list))
VARIADIC(fcntl, 2, fcntl((int)a, (int)b, va_arg(list, long)))
VARIADIC(ioctl, 2, ioctl((int)a, (unsigned long)b, va_arg(list, long)))

#ifdef __aarch64__
static int darwin_vprintf(const char *format, char *stack) { return vprintf(format, at_stack(stack)); }
static int darwin_vfprintf(FILE *to, const char *format, char *stack) { return vfprintf(to, format, at_stack(stack)); }
static int darwin_vsprintf(char *to, const char *format, char *stack) { return vsprintf(to, format, at_stack(stack)); }
static int darwin_vsnprintf(char *to, size_t size, const char *format, char *stack) {
    return vsnprintf(to, size, format, at_stack(stack));
}
static int darwin_vsprintf_chk(char *to, int flags, size_t room, const char *format, char *stack) {
    return vsprintf(to, format, at_stack(stack));
}
static int darwin_vsnprintf_chk(char *to, size_t size, int flags, size_t room, const char *format, char *stack) {
    return vsnprintf(to, size, format, at_stack(stack));
}
static int darwin_vsscanf(const char *from, const char *format, char *stack) { return vsscanf(from, format, at_stack(stack)); }
#endif

const struct symbol variadic_symbols[] = {
    {"_printf", darwin_printf}, {"_fprintf", darwin_fprintf}, {"_dprintf", darwin_dprintf}, {"_sprintf", darwin_sprintf},
    {"_snprintf", darwin_snprintf}, {"_asprintf", darwin_asprintf}, {"___sprintf_chk", darwin_sprintf_chk},
    {"___snprintf_chk", darwin_snprintf_chk}, {"_sscanf", darwin_sscanf}, {"_open", darwin_open}, {"_openat", darwin_openat},
    {"_fcntl", darwin_fcntl}, {"_ioctl", darwin_ioctl},
#ifdef __aarch64__
    {"_vprintf", darwin_vprintf}, {"_vfprintf", darwin_vfprintf}, {"_vsprintf", darwin_vsprintf}, {"_vsnprintf", darwin_vsnprintf},
    {"___vsprintf_chk", darwin_vsprintf_chk}, {"___vsnprintf_chk", darwin_vsnprintf_chk}, {"_vsscanf", darwin_vsscanf},
#endif
    {NULL, NULL},
};
