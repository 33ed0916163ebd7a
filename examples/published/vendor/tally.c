#include "tally.h"

#include <stdlib.h>
#include <string.h>

struct entry {
    char word[TALLY_LONGEST];
    size_t length, count;
};

struct tally {
    struct entry *entries;
    size_t used, size;
    unsigned growths;
};

tally *tally_new(void) { return calloc(1, sizeof(tally)); }

void tally_free(tally *t) {
    if (t) free(t->entries);
    free(t);
}

static struct entry *find(const tally *t, const char *word, size_t length) {
    for (size_t i = 0; i < t->used; i++) {
        struct entry *e = &t->entries[i];
        if (e->length == length && memcmp(e->word, word, length) == 0) return e;
    }
    return NULL;
}

enum tally_status tally_add(tally *t, const char *word, size_t length) {
    if (length > TALLY_LONGEST) return TALLY_TOO_LONG;
    struct entry *e = find(t, word, length);
    if (e) {
        e->count++;
        return TALLY_OK;
    }
    if (t->used == t->size) {
        size_t size = t->size ? 2 * t->size : 4;
        struct entry *entries = realloc(t->entries, size * sizeof(struct entry));
        if (!entries) return TALLY_NO_MEMORY;
        t->entries = entries;
        t->size = size;
        t->growths++;
    }
    e = &t->entries[t->used++];
    memcpy(e->word, word, length);
    e->length = length;
    e->count = 1;
    return TALLY_OK;
}

size_t tally_count(const tally *t, const char *word, size_t length) {
    struct entry *e = find(t, word, length);
    return e ? e->count : 0;
}

int tally_each(const tally *t, int (*visit)(const struct tally_entry *, void *), void *data) {
    for (size_t i = 0; i < t->used; i++) {
        struct entry *e = &t->entries[i];
        struct tally_entry entry = { e->word, e->length, e->count };
        int result = visit(&entry, data);
        if (result) return result;
    }
    return 0;
}

#ifdef TALLY_STATS
unsigned tally_growths(const tally *t) { return t->growths; }
#endif
