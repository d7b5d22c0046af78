/* SPDX-License-Identifier: MIT */
#ifndef _ASM_PROCESSOR_H
#define _ASM_PROCESSOR_H

/* Waits until another CPU has done something. */
void sim_relax(void);
/* The same outside a run, for the process's threads. */
void host_relax(void);

#define cpu_relax()	sim_relax()
/* Who sleeps waits for the others' doing, not for the process's futexes. */
#define HOST_SLEEPS_BY_RELAX	1
/* Tickets are kept in order: whose turn it is must not be chance. */
#define port_spin_unfair()	false

#endif
