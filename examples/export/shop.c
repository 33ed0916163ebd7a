#include <stdio.h>
#include "_cgo_export.h"

double total(int pieces, const char *what)
{
    struct boxes_return b = boxes(pieces, 2);
    printf("%d of %s: %d box, %d left\n", pieces, what, b.r0, b.r1);
    fflush(stdout);
    return pieces * price(what);
}
