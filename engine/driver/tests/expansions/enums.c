#cgo newtype: level tiny
#cgo flags: mode
#cgo enum: color
/* How much. */
enum level { LOW, HIGH };
/* How it is opened. */
enum mode {
    READ = 1, /* to read */
    /* to write */
    WRITE = 2,
};
/* What is seen. */
enum color {
    RED, /* as blood */
    GREEN = 5,
    LIME = GREEN, /* the same */
};
struct pixel { enum color color; };
static enum color mixed(enum color with, enum level by, enum mode how) { return with; }
enum __attribute__((packed)) tiny { NONE, SOME };
