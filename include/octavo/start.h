/* SPDX-License-Identifier: MIT */
#ifndef _OCTAVO_START_H
#define _OCTAVO_START_H

#include <linux/compiler.h>
#include <linux/types.h>

struct seq_file;

/*
 * The whole way from a firmware map to a running memory manager, on the
 * booting CPU. Returns when pages can be had and threads can be made; the
 * port then starts the other CPUs and calls start_late().
 */
void start_kernel(void);
/*
 * For setup_arch(): zones by address up to max_low_pfn, and high memory from
 * there to max_pfn.
 */
void zone_sizes_init(void);
/*
 * The end of setup_arch() on a machine of one node and @nr_cpus CPUs, the
 * booting one first: memblock knows all RAM, which the port has mapped, and
 * what of it is taken. Reads the command line's options, and sets up frame
 * numbers, CPUs and zones. Stops the machine when there is no RAM.
 */
void setup_one_node(unsigned int nr_cpus);
/*
 * What needs threads: finishes deferred pages, frees init memory, reports.
 * May sleep.
 */
void start_late(void);
/*
 * Where a CPU that port_cpu_up() started enters the core: interrupts off, its
 * per-CPU variables readable, its timer armed. The CPU is online when it
 * returns; a port with real CPUs then calls cpu_idle().
 */
void start_secondary(unsigned int cpu);

/*
 * On a booted port, what the booting thread does after start_kernel(): makes
 * the init thread, which starts the other CPUs, calls start_late() and runs
 * what the command line asks for (tour, kunit, the console), and then idles.
 */
void __noreturn rest_init(void);

/*
 * The tour: every page call, every zone to its last page, threads on all
 * CPUs, and at the end a machine as it was before. One log line a step.
 * Returns the number of failed checks. May sleep.
 */
int tour_run(void);
/*
 * The bench: what a page call costs, a line a case and at the end the free
 * pages before and after, all to @m. @quick: few passes, to see that the
 * cases work. 0; -ENOMEM when a case found no memory; -EIO when pages are
 * missing afterwards. May sleep.
 */
int bench_run(bool quick, struct seq_file *m);
/* @seconds of page calls by @threads threads, spread over the online CPUs. */
int stress_run(unsigned int seconds, unsigned int threads);

#endif
