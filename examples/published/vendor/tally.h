/* Counts words. */
#ifndef TALLY_H
#define TALLY_H

#include <stddef.h>

#define TALLY_VERSION "1.2.0"
/* The longest word, in bytes. */
#define TALLY_LONGEST 64

/* What came of a call. */
enum tally_status { TALLY_OK, TALLY_NO_MEMORY, TALLY_TOO_LONG };

/* The words with their counts. */
typedef struct tally tally;

/* Returns null if there is no memory. */
tally *tally_new(void);
void tally_free(tally *t);
enum tally_status tally_add(tally *t, const char *word, size_t length);
size_t tally_count(const tally *t, const char *word, size_t length);

/* A word with its count. */
struct tally_entry {
    const char *word;
    size_t length;
    size_t count;
};

/* Calls `visit` with each word, in the order of their first occurrence, until it returns another number than 0, and returns this number. */
int tally_each(const tally *t, int (*visit)(const struct tally_entry *entry, void *data), void *data);

#ifdef TALLY_STATS
/* How often the table has grown. */
unsigned tally_growths(const tally *t);
#endif

#endif
