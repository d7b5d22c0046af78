// SPDX-License-Identifier: MIT
/*
 * start_kernel(): the whole way from a firmware map to a memory manager that
 * hands out pages, as one page of calls.
 *
 *   setup_arch             firmware map, memblock, direct map, nodes, zones
 *   setup_per_cpu_areas    each CPU's copy of the per-CPU variables
 *   build_all_zonelists    where each node looks for memory, in order
 *   page_alloc_init        what happens to free pages when a CPU goes
 *   mm_init                memblock gives its free memory to the buddy system;
 *                          caches of objects and kmalloc() on top
 *   setup_per_cpu_pageset  each zone's per-CPU page lists
 *   percpu_init            objects that each CPU has a copy of
 *   vmalloc_init           addresses for kernel mappings
 *   trace_init             events that the command line turns on
 *
 * All of it runs on the booting CPU with interrupts off, in this order: every
 * step uses only what the ones above made. start_late() is the rest, which
 * needs threads.
 *
 * Differs from Linux: what a port does besides (traps, timer, console) is
 * behind port_* calls, so that a process can run the same function.
 */
#include <octavo/start.h>

#include <linux/gfp.h>
#include <linux/init.h>
#include <linux/kernel.h>
#include <linux/kmap_local.h>
#include <linux/memblock.h>
#include <linux/mm.h>
#include <linux/mmzone.h>
#include <linux/percpu.h>
#include <linux/rcupdate.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/vmalloc.h>

#include <octavo/machine.h>
#include <octavo/port.h>
#include <octavo/reclaim.h>
#include <octavo/trace.h>
#include <octavo/version.h>

static void __init mm_init(void)
{
	mem_init();
	kmem_cache_init();
	reclaim_setup();
}

void __init start_kernel(void)
{
	struct machine *m = this_machine();

	m->state = SYSTEM_BOOTING;
	page_address_init();
	pr_notice("Octavo version %s\n", OCTAVO_VERSION);
	pr_info("Command line: %s\n", boot_command_line);
	setup_arch();
	setup_per_cpu_areas();
	kmap_init();
	build_all_zonelists(NULL);
	page_alloc_init();
	pr_notice("Kernel command line: %s\n", boot_command_line);
	report_unknown_options(boot_command_line);
	mm_init();
	setup_per_cpu_pageset();
	percpu_init();
	vmalloc_init();
	sched_init();
	fork_init();
	trace_init();
	port_init_interrupts();
	m->state = SYSTEM_SCHEDULING;
}

void start_late(void)
{
	rcu_init_late();
	page_alloc_init_late();
	page_alloc_init_cpuhp();
	kmem_cache_init_late();
	reclaim_setup_late();
	free_initmem();
	this_machine()->state = SYSTEM_RUNNING;
}
