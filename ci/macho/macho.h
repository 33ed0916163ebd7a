// What the files of the loader know of each other. `run.c` tells what it is.
#pragma once

#include <stdint.h>

// A function or variable under the name that a program of macOS imports.
struct symbol {
    const char *name;
    const void *address;
};

// What is other on macOS than in glibc; the last row has no name.
extern const struct symbol system_symbols[], thread_symbols[], variadic_symbols[];

// The address of what the program imports; null for what is nowhere and may be missing.
const void *import(const char *name, int may_be_missing);

// How the program was started.
extern struct command {
    int count;
    char **words;
} command;

// The program in memory.
struct image {
    char *start;
    uint64_t size;
    // What is added to the addresses that the file has.
    uint64_t slide;
    // The thread-local variables as each thread first sees them.
    char *thread_locals;
    uint64_t thread_locals_size;
    // The tables for unwinding.
    char *eh_frame, *unwind_info;
    uint64_t eh_frame_size, unwind_info_size;
};
extern struct image image;

// Gives this thread its copy of the thread-local variables.
void make_thread_locals(void);
