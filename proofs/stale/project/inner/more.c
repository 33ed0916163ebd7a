#include <a.h>
#include "w.h"
#include "_cgo_export.h"
int extra;
int of_source(void) { return NUMBER + 100 * A + 10000 * W + 1000000 * (sizeof(struct Given) + exported()); }
