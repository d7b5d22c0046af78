/* SPDX-License-Identifier: MIT */
#ifndef _ASM_X86_TIME_H
#define _ASM_X86_TIME_H

#include <linux/types.h>

/*
 * Measures the time-stamp counter against a clock of known rate. Booting
 * CPU, interrupts off; port_clock_ns() counts from here.
 */
void tsc_init(void);
/* The same with ACPI's clocks, if it failed. After ACPI's tables are known. */
void tsc_init_late(void);
/* Busy-waits, by the time-stamp counter. After tsc_init(). Any context. */
void x86_udelay(unsigned long us);

#endif
