#include "guarded.h"
#define _NOTHING_BUT_A_FLAG
/* The size. */
#define SIZE 10 /* in bytes */
#define LINK "http://x.org" // where it is
/** A point on the screen. */
struct point { int x, y; };
struct fields {
    /** Above it. */
    int above;
    int behind; /**< Behind it,
                 * on two lines. */
    int line; ///< One line,
              ///< and another.
    int next;
    //!< Below it.
    char plain[4]; /* In plain words. */
    unsigned bits : 3, /* Three of them. */ more : 5; // Five.
    int (*callback)(int plain, void *data); /* Gets `data`. */
    void *data;     /* For the callback.
                       May be null. */
    struct {
        int inside; /* In here. */
    } nested;
    int x, y; /* Both of them. */
    // One <T>
    // and [another].
    long double (*only_c)(long double);
};
struct __attribute__((packed)) bytes {
    char c; /* The first. */
    struct { long double aligned; } d; /* The second. */
};
enum color {
    RED, /**< Like a rose. */
    /* Like grass. */
    GREEN,
    BLUE /* Like the sky. */
};
int plain_behind(void); /* A note. */
int marked_behind(void); /**< About it. */
int old(void) __attribute__((deprecated("use `new` \"instead\"")));
int older(void) __attribute__((deprecated));
static const char *here = __FILE__;
