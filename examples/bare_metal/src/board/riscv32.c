/* A RISC-V with a CLINT: the start, the interrupts and the driver. */
#include "board.h"
#include "_cgo_export.h"

extern uint32_t bss_start[], bss_end[];

static uint32_t period;

static void next(void) {
    /* The high half first: in between the time must not be reached. */
    TIMER->compare_high = UINT32_MAX;
    uint32_t low = CLOCK[0], high = CLOCK[1];
    TIMER->compare = low + period;
    TIMER->compare_high = high + (low + period < low);
}

__attribute__((interrupt, aligned(4))) static void trap(void) {
    uintptr_t cause;
    __asm__ volatile("csrr %0, mcause" : "=r"(cause));
    /* The machine's timer. */
    if (cause != 0x80000007) {
        board_print("trap\n");
        board_exit(2);
    }
    next();
    timer_interrupt();
}

__attribute__((used)) static void run(void) {
    for (uint32_t *to = bss_start; to < bss_end;) *to++ = 0;
    board_exit(start());
    for (;;) {
    }
}

__attribute__((naked, section(".reset"), used)) void reset(void) {
    __asm__ volatile("la sp, stack_end\n j %0" ::"i"(run));
}

void timer_start(uint32_t ticks) {
    period = ticks;
    next();
    __asm__ volatile("csrw mtvec, %0\n csrs mie, %1\n csrsi mstatus, 8" ::"r"(trap), "r"(1 << 7));
}

void timer_stop(void) { __asm__ volatile("csrc mie, %0" ::"r"(1 << 7)); }

void wait_for_interrupt(void) { __asm__ volatile("wfi" ::: "memory"); }

/* The three instructions are the call, if none of them is compressed. */
__attribute__((naked, aligned(16))) intptr_t semihosting(intptr_t operation, const void *argument) {
    (void)operation, (void)argument;
    __asm__ volatile(".option push\n .option norvc\n slli x0, x0, 0x1f\n ebreak\n srai x0, x0, 7\n ret\n .option pop");
}
