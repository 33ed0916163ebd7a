// Functions and variables that macOS has and glibc has not, or has with other types.
#define _GNU_SOURCE
#include "macho.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

extern char **environ;
extern int __xpg_strerror_r(int, char *, size_t);

static long nothing(void) { return 0; }

// ---- The program

static int *error_number(void) { return &errno; }
static int *argument_count(void) { return &command.count; }
static char ***arguments(void) { return &command.words; }
static char ***environment(void) { return &environ; }

static int executable_path(char *to, uint32_t *room) {
    uint32_t size = (uint32_t)strlen(command.words[0]) + 1;
    int fits = size <= *room;
    if (fits)
        memcpy(to, command.words[0], size);
    *room = size;
    return fits ? 0 : -1;
}

struct unwind_sections {
    const void *header, *eh_frame;
    uint64_t eh_frame_size;
    const void *unwind_info;
    uint64_t unwind_info_size;
};

static int unwind_sections_of(char *address, struct unwind_sections *found) {
    if (address < image.start || address >= image.start + image.size)
        return 0;
    *found = (struct unwind_sections){image.start, image.eh_frame, image.eh_frame_size, image.unwind_info, image.unwind_info_size};
    return 1;
}

static const void *image_header(void) { return image.start; }
static const char *image_name(void) { return command.words[0]; }
static uint64_t image_slide(void) { return image.slide; }

// Nothing is found while a program runs: Rust's library does without.
static void *find_symbol(void *library, const char *name) {
    return NULL;
}

// ---- Signals: a program's handlers are never called.

static int set_action(int number, const void *action, void *old) {
    enum { SIZE = 16 };
    if (old)
        memset(old, 0, SIZE);
    return 0;
}

static int set_stack(const void *stack, void *old) {
    enum { SIZE = 24 };
    if (old)
        memset(old, 0, SIZE);
    return 0;
}

// ---- Files

struct darwin_stat {
    int32_t device;
    uint16_t mode, links;
    uint64_t inode;
    uint32_t user, group;
    int32_t special_device;
    struct timespec accessed, modified, changed, born;
    int64_t size, blocks;
    int32_t block_size;
    uint32_t flags, generation;
    int32_t spare;
    int64_t spares[2];
};

static int converted(int result, const struct stat *from, struct darwin_stat *to) {
    if (result != 0)
        return result;
    *to = (struct darwin_stat){
        .device = (int32_t)from->st_dev,
        .mode = (uint16_t)from->st_mode,
        .links = (uint16_t)from->st_nlink,
        .inode = from->st_ino,
        .user = from->st_uid,
        .group = from->st_gid,
        .special_device = (int32_t)from->st_rdev,
        .accessed = from->st_atim,
        .modified = from->st_mtim,
        .changed = from->st_ctim,
        .size = from->st_size,
        .blocks = from->st_blocks,
        .block_size = (int32_t)from->st_blksize,
    };
    return 0;
}

static int status(const char *path, struct darwin_stat *to) {
    struct stat from;
    return converted(stat(path, &from), &from, to);
}

static int status_of_link(const char *path, struct darwin_stat *to) {
    struct stat from;
    return converted(lstat(path, &from), &from, to);
}

static int status_of_open(int descriptor, struct darwin_stat *to) {
    struct stat from;
    return converted(fstat(descriptor, &from), &from, to);
}

static void *map_memory(void *at, size_t size, int access, int flags, int descriptor, off_t offset) {
    enum { DARWIN_ANONYMOUS = 0x1000 };
    // Those for sharing and for a fixed place are the same.
    int same = flags & (MAP_SHARED | MAP_PRIVATE | MAP_FIXED);
    return mmap(at, size, access, same | (flags & DARWIN_ANONYMOUS ? MAP_ANONYMOUS : 0), descriptor, offset);
}

// ---- Time, randomness, figures of the machine

static int get_time(int clock, struct timespec *to) {
    enum { REALTIME = 0, PROCESS = 12, THREAD = 16 };
    switch (clock) {
    case REALTIME: return clock_gettime(CLOCK_REALTIME, to);
    case PROCESS: return clock_gettime(CLOCK_PROCESS_CPUTIME_ID, to);
    case THREAD: return clock_gettime(CLOCK_THREAD_CPUTIME_ID, to);
    default: return clock_gettime(CLOCK_MONOTONIC, to);
    }
}

static int random_bytes(void *to, size_t count) { return getrandom(to, count, 0) == (ssize_t)count ? 0 : -1; }

static long system_figure(int name) {
    switch (name) {
    case 29: return sysconf(_SC_PAGESIZE);
    case 57: return sysconf(_SC_NPROCESSORS_CONF);
    case 58: return sysconf(_SC_NPROCESSORS_ONLN);
    default: return -1;
    }
}

static int no_such_figure(void) { return -1; }

// ---- The C library

static void zero(void *at, size_t size) { memset(at, 0, size); }
static int set_at_exit(void (*run)(void)) { return atexit(run); }

// The two languages pass the caller's pointer at different places.
typedef int darwin_comparison(void *, const void *, const void *);
struct comparison {
    darwin_comparison *compare;
    void *pointer;
};

static int compare(const void *left, const void *right, void *comparison) {
    struct comparison *with = comparison;
    return with->compare(with->pointer, left, right);
}

static void sort(void *base, size_t count, size_t size, void *pointer, darwin_comparison *by) {
    struct comparison comparison = {by, pointer};
    qsort_r(base, count, size, compare, &comparison);
}

// `stdin` and its like are macros there, for variables with these names.
static FILE *input, *output, *errors;
__attribute__((constructor)) static void take_streams(void) { input = stdin, output = stdout, errors = stderr; }

static const uint64_t guard = 0x00c0ffee5afe0000;
static const uint32_t task = 1;
static const char handle;

const struct symbol system_symbols[] = {
    {"___error", error_number}, {"__NSGetArgc", argument_count}, {"__NSGetArgv", arguments}, {"__NSGetEnviron", environment},
    {"__NSGetExecutablePath", executable_path}, {"__dyld_find_unwind_sections", unwind_sections_of},
    {"__dyld_register_func_for_remove_image", nothing}, {"__dyld_image_count", nothing}, {"__dyld_get_image_header", image_header},
    {"__dyld_get_image_name", image_name}, {"__dyld_get_image_vmaddr_slide", image_slide}, {"_dlsym", find_symbol},
    {"_sigaction", set_action}, {"_sigaltstack", set_stack}, {"_signal", nothing}, {"_stat", status}, {"_lstat", status_of_link},
    {"_fstat", status_of_open}, {"_mmap", map_memory}, {"_clock_gettime", get_time}, {"_CCRandomGenerateBytes", random_bytes},
    {"_sysconf", system_figure}, {"_sysctlbyname", no_such_figure}, {"_strerror_r", __xpg_strerror_r}, {"___bzero", zero},
    {"_atexit", set_at_exit}, {"_qsort_r", sort}, {"___stdinp", &input}, {"___stdoutp", &output}, {"___stderrp", &errors},
#ifdef __aarch64__
    // A `long double` is a `double` there, and has 128 bits in glibc.
    {"_strtold", strtod},
#endif
    {"___tolower", tolower}, {"___toupper", toupper},
    {"___stack_chk_guard", &guard}, {"_mach_task_self_", &task}, {"___dso_handle", &handle}, {"dyld_stub_binder", nothing},
    {NULL, NULL},
};
