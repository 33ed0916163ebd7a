/* What the Rust crate counter gives to C. Written by the compiler from its `#[export_c]`: changes here are lost. */
#ifndef CGO_EXPORT_H_COUNTER
#define CGO_EXPORT_H_COUNTER

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#ifndef CGO_TEXT_AND_BYTES
#define CGO_TEXT_AND_BYTES
/** UTF-8 text of n bytes, without a NUL at the end: Rust's `&str`. */
typedef struct cgo_str { const char *p; size_t n; } cgo_str;
/** n bytes: Rust's `&[u8]`. */
typedef struct cgo_bytes { const uint8_t *p; size_t n; } cgo_bytes;
#endif

struct Counter;
typedef struct Step Step;

/** Up or down. */
typedef enum Direction {
    Direction_Up = 0,
    Direction_Down = 1
} Direction;

/** How a counter moves. */
struct Step {
    int64_t by;
    Direction direction;
};

/** A new counter; free it with counter_free. */
struct Counter *counter_new(int64_t start);

/** Moves the counter and returns its new value. */
int64_t counter_move(struct Counter *counter, const Step *step);

/** Frees a counter; null is nothing to free. */
void counter_free(struct Counter *counter);

#ifdef __cplusplus
}
#endif

#endif
