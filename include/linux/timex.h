/* SPDX-License-Identifier: MIT */
/* A counter to measure with. */
#ifndef __KERNEL__	/* octavo/kernel.h */
#include_next <linux/timex.h>
#elif !defined(_OCTAVO_LINUX_TIMEX_H)
#define _OCTAVO_LINUX_TIMEX_H

#include <octavo/port.h>

typedef unsigned long long cycles_t;

/* Of no fixed unit; on x86 the time-stamp counter. Any context. */
static inline cycles_t get_cycles(void)
{
	return port_cycles();
}

#endif
