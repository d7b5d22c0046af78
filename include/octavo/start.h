/* SPDX-License-Identifier: MIT */
#ifndef _OCTAVO_START_H
#define _OCTAVO_START_H

/*
 * The whole way from a firmware map to a running memory manager, on the
 * booting CPU. Returns when pages can be had and threads can be made; the
 * port then starts the other CPUs and calls start_late().
 */
void start_kernel(void);
/*
 * What needs threads: finishes deferred pages, frees init memory, reports.
 * May sleep.
 */
void start_late(void);
/* Where a CPU that port_cpu_up() started enters the core. */
void start_secondary(unsigned int cpu);

#endif
