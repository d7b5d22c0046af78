/* SPDX-License-Identifier: MIT */
#ifndef _ASM_PROCESSOR_H
#define _ASM_PROCESSOR_H

/* Waits a moment, now and then by giving the processor away. */
void host_relax(void);

#define cpu_relax()	host_relax()
/* A waiter may not be running when its turn would come. */
#define port_spin_unfair()	true

#endif
