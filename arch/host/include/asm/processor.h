/* SPDX-License-Identifier: MIT */
#ifndef _ASM_PROCESSOR_H
#define _ASM_PROCESSOR_H

/* Waits a moment, now and then by giving the processor away. */
void host_relax(void);

#define cpu_relax()	host_relax()
/* A thread without a CPU sleeps at a futex. */
#define HOST_SLEEPS_BY_RELAX	0
/* Waiters give the processor away: tickets may be kept in order. */
#define port_spin_unfair()	false

#endif
