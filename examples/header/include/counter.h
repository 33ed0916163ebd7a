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

#if defined __cplusplus
struct _cgo_padded_COUNTER { char a; void *b; };
typedef char _cgo_structs_must_not_be_packed_COUNTER[sizeof(_cgo_padded_COUNTER) == 2 * sizeof(void *) ? 1 : -1];
#elif defined __GNUC__
__extension__ _Static_assert(sizeof(struct { char a; void *b; }) == sizeof(void *) + __alignof__(void *),
    "Rust does not know of -fpack-struct and #pragma pack");
#if defined __linux__ || defined __APPLE__ || defined _WIN32
__extension__ _Static_assert(sizeof(enum { _cgo_one_COUNTER = 1 }) == sizeof(int), "Rust does not know of -fshort-enums");
#endif
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
