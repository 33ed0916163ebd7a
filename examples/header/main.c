#include <stdio.h>
#include "counter.h"

int main(void)
{
    struct Counter *counter = counter_new(40);
    Step step = { 5, Direction_Up };
    printf("%lld\n", (long long)counter_move(counter, &step));
    step.direction = Direction_Down;
    printf("%lld\n", (long long)counter_move(counter, &step));
    counter_free(counter);
    counter_free(NULL);
    return 0;
}
