/* A Cortex-M4 with a floating-point unit: the start, the interrupts and the driver. */
#include "board.h"
#include "_cgo_export.h"

extern uint32_t stack_end[], data_start[], data_end[], data_load[], bss_start[], bss_end[];

void reset(void) {
    /* CPACR: full access to the floating-point unit. */
    *(volatile uint32_t *)0xE000ED88 |= 0xf << 20;
    __asm__ volatile("dsb\n isb" ::: "memory");
    for (uint32_t *to = data_start, *from = data_load; to < data_end;) *to++ = *from++;
    for (uint32_t *to = bss_start; to < bss_end;) *to++ = 0;
    board_exit(start());
    for (;;) {
    }
}

static void fault(void) {
    board_print("fault\n");
    board_exit(2);
}

__attribute__((section(".vectors"), used)) static void *const vectors[16] = {
    stack_end,
    (void *)reset,
    [2 ... 14] = (void *)fault,
    [15] = (void *)timer_interrupt,
};

void timer_start(uint32_t ticks) {
    TIMER->reload = ticks - 1;
    TIMER->value = 0;
    TIMER->control.core_clock = 1;
    TIMER->control.interrupt = 1;
    TIMER->control.enable = 1;
}

void timer_stop(void) { TIMER->control.enable = 0; }

void wait_for_interrupt(void) { __asm__ volatile("wfi" ::: "memory"); }

intptr_t semihosting(intptr_t operation, const void *argument) {
    register intptr_t r0 __asm__("r0") = operation;
    register const void *r1 __asm__("r1") = argument;
    __asm__ volatile("bkpt 0xab" : "+r"(r0) : "r"(r1) : "memory");
    return r0;
}
