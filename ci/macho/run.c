// Runs a 64-bit program for macOS on Linux, on the processor that the program is for: `run PROGRAM ARGUMENTS`.
//
// For tests of calls and of layouts: the program's own code and data are run as they are, and what it imports is taken from glibc. What
// macOS has otherwise is in `system.c`, `threads.c` and `variadic.c`. There are no signals, no other processes and no Objective-C. A
// function that is nowhere ends the program when it is called, with its name.
//
// Names and numbers are those of <mach-o/loader.h>.
#define _GNU_SOURCE
#include "macho.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

enum { MAGIC_64 = 0xfeedfacf };
enum { SEGMENT_64 = 0x19, DYLD_INFO_ONLY = 0x80000022, MAIN = 0x80000028, DYLD_CHAINED_FIXUPS = 0x80000034 };
enum { INITIALISER_POINTERS = 9, THREAD_LOCAL = 0x11, THREAD_LOCAL_ZEROFILL = 0x12, INITIALISER_OFFSETS = 0x16 };

struct header {
    uint32_t magic, processor, variant, kind, command_count, commands_size, flags, reserved;
};
struct load_command {
    uint32_t kind, size;
};
struct section {
    char name[16], segment[16];
    uint64_t address, size;
    uint32_t offset, alignment, relocations, relocation_count, flags, reserved[3];
};
struct segment {
    struct load_command command;
    char name[16];
    uint64_t address, size, offset, size_in_file;
    uint32_t most_access, access, section_count, flags;
    struct section sections[];
};
struct range {
    uint32_t offset, size;
};
struct dyld_info {
    struct load_command command;
    struct range rebase, bind, weak_bind, lazy_bind, exports;
};
struct entry_point {
    struct load_command command;
    uint64_t offset, stack_size;
};

typedef int entry(int, char **, char **, char **);

struct image image;
struct command command;
extern char **environ;

// The program's file.
static const uint8_t *file;
static const struct segment *segments[32];
static int segment_count;

static void fail(const char *why) {
    fprintf(stderr, "macho: %s: %s\n", command.words[0], why);
    exit(126);
}

static void *in_memory(uint64_t address) { return (void *)(address + image.slide); }

// Calls `each` with every load command.
static void commands(void (*each)(const struct load_command *)) {
    const struct header *header = (const void *)file;
    const uint8_t *at = file + sizeof *header;
    for (uint32_t number = 0; number < header->command_count; number++) {
        const struct load_command *load = (const void *)at;
        each(load);
        at += load->size;
    }
}

// Calls `each` with every section.
static void sections(void (*each)(const struct section *)) {
    for (int number = 0; number < segment_count; number++)
        for (uint32_t nth = 0; nth < segments[number]->section_count; nth++)
            each(&segments[number]->sections[nth]);
}

static void note_segment(const struct load_command *load) {
    if (load->kind == DYLD_CHAINED_FIXUPS)
        fail("it has chained fixups, which are not known here");
    if (load->kind != SEGMENT_64)
        return;
    if (segment_count == sizeof segments / sizeof *segments)
        fail("it has too many segments");
    segments[segment_count++] = (const void *)load;
}

// The segment in front of all others, which makes null pointers invalid, has no access and is not mapped.
static int is_mapped(const struct segment *segment) { return segment->most_access != 0; }

static void map(void) {
    uint64_t first = UINT64_MAX, end = 0;
    for (int number = 0; number < segment_count; number++) {
        const struct segment *segment = segments[number];
        if (!is_mapped(segment))
            continue;
        if (segment->address < first)
            first = segment->address;
        if (segment->address + segment->size > end)
            end = segment->address + segment->size;
    }
    int access = PROT_READ | PROT_WRITE | PROT_EXEC;
    image.size = end - first;
    image.start = mmap(NULL, image.size, access, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (image.start == MAP_FAILED)
        fail("there is no memory for it");
    image.slide = (uint64_t)image.start - first;
    for (int number = 0; number < segment_count; number++)
        if (is_mapped(segments[number]))
            memcpy(in_memory(segments[number]->address), file + segments[number]->offset, segments[number]->size_in_file);
}

static uint64_t unsigned_leb(const uint8_t **at) {
    uint64_t value = 0;
    for (int shift = 0;; shift += 7) {
        uint8_t byte = *(*at)++;
        value |= (uint64_t)(byte & 0x7f) << shift;
        if (!(byte & 0x80))
            return value;
    }
}

static int64_t signed_leb(const uint8_t **at) {
    const uint8_t *start = *at;
    uint64_t value = unsigned_leb(at);
    int bits = 7 * (int)(*at - start);
    // The last byte's highest bit is the sign.
    return bits < 64 && (value >> (bits - 1) & 1) ? (int64_t)(value | UINT64_MAX << bits) : (int64_t)value;
}

// Adds the slide to each pointer into the program itself.
static void rebase(struct range range) {
    enum { DONE, TYPE, SEGMENT, ADVANCE, ADVANCE_POINTERS, TIMES, MANY_TIMES, ONCE_AND_ADVANCE, TIMES_AND_SKIP };
    const uint8_t *at = file + range.offset, *end = at + range.size;
    uint64_t place = 0;
    while (at < end) {
        uint8_t operation = *at >> 4, small = *at++ & 15;
        uint64_t times = 0, skip = 0;
        switch (operation) {
        case DONE: return;
        case TYPE: break;
        case SEGMENT: place = segments[small]->address + unsigned_leb(&at); break;
        case ADVANCE: place += unsigned_leb(&at); break;
        case ADVANCE_POINTERS: place += small * sizeof(void *); break;
        case TIMES: times = small; break;
        case MANY_TIMES: times = unsigned_leb(&at); break;
        case ONCE_AND_ADVANCE: times = 1, skip = unsigned_leb(&at); break;
        case TIMES_AND_SKIP: times = unsigned_leb(&at), skip = unsigned_leb(&at); break;
        default: fail("it has an unknown operation to rebase");
        }
        for (; times > 0; times--) {
            *(uint64_t *)in_memory(place) += image.slide;
            place += sizeof(void *) + skip;
        }
    }
}

// Writes the addresses of what the program imports.
static void bind(struct range range) {
    enum { DONE, LIBRARY, FAR_LIBRARY, SPECIAL_LIBRARY, NAME, TYPE, ADDEND, SEGMENT, ADVANCE,
           ONCE, ONCE_AND_ADVANCE, ONCE_AND_ADVANCE_POINTERS, TIMES_AND_SKIP };
    const uint8_t *at = file + range.offset, *end = at + range.size;
    const char *name = "";
    uint64_t place = 0, addend = 0;
    int may_be_missing = 0;
    while (at < end) {
        uint8_t operation = *at >> 4, small = *at++ & 15;
        uint64_t times = 0, skip = 0;
        switch (operation) {
        // Among what is bound lazily it stands between the symbols.
        case DONE: case LIBRARY: case SPECIAL_LIBRARY: case TYPE: break;
        case FAR_LIBRARY: unsigned_leb(&at); break;
        case NAME:
            name = (const char *)at, may_be_missing = small & 1;
            at += strlen(name) + 1;
            break;
        case ADDEND: addend = (uint64_t)signed_leb(&at); break;
        case SEGMENT: place = segments[small]->address + unsigned_leb(&at); break;
        case ADVANCE: place += unsigned_leb(&at); break;
        case ONCE: times = 1; break;
        case ONCE_AND_ADVANCE: times = 1, skip = unsigned_leb(&at); break;
        case ONCE_AND_ADVANCE_POINTERS: times = 1, skip = small * sizeof(void *); break;
        case TIMES_AND_SKIP: times = unsigned_leb(&at), skip = unsigned_leb(&at); break;
        default: fail("it has an unknown operation to bind");
        }
        for (; times > 0; times--) {
            *(uint64_t *)in_memory(place) = (uint64_t)import(name, may_be_missing) + addend;
            place += sizeof(void *) + skip;
        }
    }
}

// What is weak stays bound to the program itself.
static void resolve(const struct load_command *load) {
    if (load->kind != DYLD_INFO_ONLY)
        return;
    const struct dyld_info *info = (const void *)load;
    rebase(info->rebase);
    bind(info->bind);
    bind(info->lazy_bind);
}

static char *end_of_code;

static void note_tables(const struct section *section) {
    char *start = in_memory(section->address);
    uint32_t kind = section->flags & 0xff;
    if (kind == THREAD_LOCAL || kind == THREAD_LOCAL_ZEROFILL) {
        // The two kinds stand one behind the other.
        if (!image.thread_locals || start < image.thread_locals)
            image.thread_locals = start;
        uint64_t size = (uint64_t)(start + section->size - image.thread_locals);
        if (size > image.thread_locals_size)
            image.thread_locals_size = size;
    } else if (!strncmp(section->name, "__eh_frame", 16)) {
        image.eh_frame = start, image.eh_frame_size = section->size;
    } else if (!strncmp(section->name, "__unwind_info", 16)) {
        image.unwind_info = start, image.unwind_info_size = section->size;
    } else if (!strncmp(section->name, "__text", 16)) {
        end_of_code = start + section->size;
    }
}

// The table for unwinding ends with the address behind the last function. zig's linker joins functions that are unwound in one way,
// and writes the end of the first that it joined last: the others would have no entry.
static void extend_unwinding_to_the_last_function(void) {
    struct header { uint32_t version, encodings, encoding_count, personalities, personality_count, pages, page_count; };
    struct page { uint32_t function, entries, exceptions; } *pages;
    const struct header *header = (const void *)image.unwind_info;
    if (!header || header->page_count == 0)
        return;
    pages = (struct page *)(image.unwind_info + header->pages);
    pages[header->page_count - 1].function = (uint32_t)(end_of_code - image.start);
}

static void initialise(const struct section *section) {
    void *start = in_memory(section->address);
    entry **pointers = start;
    int32_t *offsets = start;
    switch (section->flags & 0xff) {
    case INITIALISER_POINTERS:
        for (uint64_t nth = 0; nth < section->size / sizeof *pointers; nth++)
            pointers[nth](command.count, command.words, environ, command.words);
        break;
    case INITIALISER_OFFSETS:
        for (uint64_t nth = 0; nth < section->size / sizeof *offsets; nth++)
            ((entry *)(image.start + offsets[nth]))(command.count, command.words, environ, command.words);
        break;
    }
}

static entry *start;

static void note_entry(const struct load_command *load) {
    if (load->kind == MAIN)
        start = (entry *)(image.start + ((const struct entry_point *)load)->offset);
}

int main(int count, char **words) {
    if (count < 2)
        return fprintf(stderr, "run PROGRAM ARGUMENTS\n"), 126;
    command = (struct command){count - 1, words + 1};
    struct stat status;
    int descriptor = open(words[1], O_RDONLY | O_CLOEXEC);
    if (descriptor < 0 || fstat(descriptor, &status) != 0)
        fail("it cannot be opened");
    file = mmap(NULL, (size_t)status.st_size, PROT_READ, MAP_PRIVATE, descriptor, 0);
    close(descriptor);
    if (file == MAP_FAILED || ((const struct header *)file)->magic != MAGIC_64)
        fail("it is no 64-bit program for macOS");
    commands(note_segment);
    map();
    commands(resolve);
    commands(note_entry);
    if (!start)
        fail("it has no entry point");
    __builtin___clear_cache(image.start, image.start + image.size);
    sections(note_tables);
    extend_unwinding_to_the_last_function();
    make_thread_locals();
    sections(initialise);
    exit(start(command.count, command.words, environ, command.words));
}
