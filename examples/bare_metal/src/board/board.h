/* The board, as a vendor describes it: registers, a table, and a driver. */
#ifndef BOARD_H
#define BOARD_H

#include <stddef.h>
#include <stdint.h>

#ifdef __arm__
/* Arm's SysTick. */
struct timer {
    struct {
        volatile uint32_t enable : 1, interrupt : 1, core_clock : 1, : 13, reached : 1;
    } control;
    volatile uint32_t reload, value;
    const volatile uint32_t calibration;
};
#define TIMER ((struct timer *)0xE000E010)
#else
/* RISC-V's CLINT. */
struct timer {
    volatile uint32_t compare, compare_high;
};
#define TIMER ((struct timer *)0x02004000)
#define CLOCK ((const volatile uint32_t *)0x0200BFF8)
#endif

enum mode { INPUT, OUTPUT, SERIAL = 4 };

struct pin {
    uint8_t port, number;
    enum mode mode;
    const char *name;
};

/* Calls `timer_interrupt` again and again. */
void timer_start(uint32_t ticks);
void timer_stop(void);
void wait_for_interrupt(void);

/* What a debugger, or an emulator, does for a program. */
intptr_t semihosting(intptr_t operation, const void *argument);

static inline void board_print(const char *text) { semihosting(4, text); }

static inline void board_exit(int status) {
    /* ADP_Stopped_ApplicationExit */
    const uintptr_t reason[2] = { 0x20026, (uintptr_t)status };
    semihosting(0x20, reason);
}

#endif
