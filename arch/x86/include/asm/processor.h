/* SPDX-License-Identifier: MIT */
#ifndef _ASM_PROCESSOR_H
#define _ASM_PROCESSOR_H

#include <octavo/this_machine.h>

/*
 * True when waiters should take a lock as they come and not by ticket: a
 * virtual CPU whose turn it is may not be running, and all others would wait
 * for its host to run it.
 */
static inline bool port_spin_unfair(void)
{
	return this_arch()->port.emulated;
}

static inline void cpu_relax(void)
{
	__asm__ __volatile__("pause" : : : "memory");
}

#endif
