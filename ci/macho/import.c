// Finds what a program imports: in the tables of this loader, then in glibc.
#define _GNU_SOURCE
#include "macho.h"

#include <dlfcn.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

// What is nowhere gets an address where nothing may be read, written or run. So whoever uses it is stopped, and the address tells the name.
enum { MOST_MISSING = 4096, SPACING = 16 };
static const char *missing[MOST_MISSING];
static int missing_count;
static char *nowhere;

static void stop(int number, siginfo_t *info, void *context) {
    char *address = info->si_addr;
    if (nowhere && address >= nowhere && address < nowhere + missing_count * SPACING)
        fprintf(stderr, "macho: %s is not there\n", missing[(address - nowhere) / SPACING]);
    else
        fprintf(stderr, "macho: signal %d at %p, which is %#lx in the program\n", number, (void *)address, address - image.start);
    _exit(127);
}

static const void *address_of_missing(const char *name) {
    if (!nowhere) {
        nowhere = mmap(NULL, MOST_MISSING * SPACING, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        struct sigaction action = {.sa_sigaction = stop, .sa_flags = SA_SIGINFO};
        sigaction(SIGSEGV, &action, NULL);
        sigaction(SIGBUS, &action, NULL);
    }
    if (missing_count == MOST_MISSING)
        missing_count--;
    missing[missing_count] = name;
    return nowhere + SPACING * missing_count++;
}

static const void *in_table(const struct symbol *table, const char *name, size_t length) {
    for (; table->name; table++)
        if (strlen(table->name) == length && !memcmp(table->name, name, length))
            return table->address;
    return NULL;
}

const void *import(const char *name, int may_be_missing) {
    // Variants of a function, as `_stat$INODE64`, are one here.
    size_t length = strcspn(name, "$");
    const struct symbol *tables[] = {system_symbols, thread_symbols, variadic_symbols};
    for (int number = 0; number < 3; number++) {
        const void *found = in_table(tables[number], name, length);
        if (found)
            return found;
    }
    char plain[256];
    if (name[0] == '_' && length <= sizeof plain) {
        memcpy(plain, name + 1, length - 1);
        plain[length - 1] = 0;
        const void *found = dlsym(RTLD_DEFAULT, plain);
        if (found)
            return found;
    }
    return may_be_missing ? NULL : address_of_missing(name);
}
