// Stands for Microsoft's legacy_stdio_definitions.lib: functions of stdio.h that ucrtbase.dll has only in a general form. Microsoft's own
// header defines them in place.
typedef __builtin_va_list arguments;
typedef struct FILE FILE;
FILE *__acrt_iob_func(unsigned);
int __stdio_common_vfprintf(unsigned long long, FILE *, const char *, void *, arguments);
int __stdio_common_vsprintf(unsigned long long, char *, unsigned long long, const char *, void *, arguments);
int __stdio_common_vsscanf(unsigned long long, const char *, unsigned long long, const char *, void *, arguments);

// The result of vsnprintf is that of C99.
enum { STANDARD_SNPRINTF = 2 };
#define ALL (~0ull)
#define FORWARD(function, ...)                             \
    {                                                      \
        arguments list;                                    \
        __builtin_va_start(list, format);                  \
        int result = function(__VA_ARGS__, format, list); \
        __builtin_va_end(list);                            \
        return result;                                     \
    }

int vfprintf(FILE *file, const char *format, arguments list) { return __stdio_common_vfprintf(0, file, format, 0, list); }
int vprintf(const char *format, arguments list) { return vfprintf(__acrt_iob_func(1), format, list); }
int vsnprintf(char *to, unsigned long long size, const char *format, arguments list) {
    return __stdio_common_vsprintf(STANDARD_SNPRINTF, to, size, format, 0, list);
}
int vsprintf(char *to, const char *format, arguments list) { return vsnprintf(to, ALL >> 1, format, list); }
int vsscanf(const char *text, const char *format, arguments list) { return __stdio_common_vsscanf(0, text, ALL, format, 0, list); }
int fprintf(FILE *file, const char *format, ...) FORWARD(vfprintf, file)
int printf(const char *format, ...) FORWARD(vfprintf, __acrt_iob_func(1))
int snprintf(char *to, unsigned long long size, const char *format, ...) FORWARD(vsnprintf, to, size)
int sprintf(char *to, const char *format, ...) FORWARD(vsprintf, to)
int sscanf(const char *text, const char *format, ...) FORWARD(vsscanf, text)
