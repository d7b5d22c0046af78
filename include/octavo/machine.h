/* SPDX-License-Identifier: MIT */
/*
 * A machine is a value: everything that a running system changes hangs off
 * one of these. Reading it is reading the map of the house.
 *
 * On a booted port there is one, and this_machine() is its address. On the
 * host a thread is bound to a CPU of a machine, and this_machine() is one
 * thread-local load; a process can hold many.
 *
 * Fields stand in the order in which start-up fills them. Locks: b written
 * by the booting CPU only, constant after start_kernel(); others as named.
 */
#ifndef _OCTAVO_MACHINE_H
#define _OCTAVO_MACHINE_H

#include <linux/cpumask.h>
#include <linux/ioport.h>
#include <linux/memblock_types.h>
#include <linux/mmzone_types.h>
#include <linux/nodemask.h>
#include <linux/rwlock_types.h>
#include <linux/spinlock_types.h>
#include <linux/stackdepot.h>
#include <linux/types.h>
#include <linux/vmstat_types.h>
#include <asm/machine.h>
#include <octavo/drivers_types.h>
#include <octavo/early_types.h>
#include <octavo/hotplug_types.h>
#include <octavo/kmap_types.h>
#include <octavo/kvirt_types.h>
#include <octavo/log.h>
#include <octavo/mem_model.h>
#include <octavo/module_types.h>
#include <octavo/page_types.h>
#include <octavo/percpu_types.h>
#include <octavo/rcu_types.h>
#include <octavo/reclaim.h>
#include <octavo/sched_types.h>
#include <octavo/slab_types.h>
#include <octavo/trace_types.h>

#define COMMAND_LINE_SIZE	2048

struct machine {
	/* What the port knows: firmware tables, direct map, CPUs. */
	struct arch_machine arch;

	/* The log and the command line. */
	struct log log;					/* log.lock */
	char command_line[COMMAND_LINE_SIZE];		/* b */

	/* What memory there is. */
	struct memblock_state mb;			/* b */
	struct {
		unsigned long min_low;	/* b: first frame of RAM */
		unsigned long max_low;	/* b: end of the direct map */
		unsigned long max;	/* b: end of RAM */
	} pfn;
	void *direct_map_end;		/* b: address of pfn.max_low */
	struct resource iomem;		/* t: who uses which addresses */
	rwlock_t iomem_lock;		/* of that tree; a leaf but for the
					 * log's, never taken in interrupts */

	/* Who runs. */
	struct hotplug_state hotplug;	/* own locks: how CPUs come and go */
	struct cpumask cpu_possible;	/* b */
	struct cpumask cpu_present;	/* b */
	struct cpumask cpu_online;	/* a */
	unsigned int nr_cpus;		/* b: highest possible CPU + 1 */
	unsigned long percpu_offset[NR_CPUS];	/* b: bytes */
	size_t percpu_unit_size;	/* b: bytes of its static variables */
	struct percpu_state percpu;	/* own lock: areas, and what is
					 * allocated in them */

	/* Topology. */
	nodemask_t node_masks[NR_NODE_STATES];		/* b */
	int nr_nodes;			/* b: highest possible node + 1 */
	int cpu_node[NR_CPUS];		/* b: NUMA_NO_NODE when not known */
	u8 *numa_distance;		/* b: distance_cnt squared, or NULL */
	int numa_distance_cnt;		/* b */

	/* Nodes, zones and where their struct pages are. */
	struct mem_model mem_model;			/* b */
	struct pglist_data *nodes[MAX_NUMNODES];	/* b */
	unsigned long arch_zone_lowest[MAX_NR_ZONES];	/* b: PFN */
	unsigned long arch_zone_highest[MAX_NR_ZONES];	/* b: PFN, the end */
	unsigned long zone_movable_pfn[MAX_NUMNODES];	/* b: PFN, 0: none */
	struct early_options early;	/* b: kernelcore= and their like */

	/* The page allocator's. */
	atomic_long_t totalram;				/* a: managed pages */
	atomic_long_t vm_node_stat[NR_VM_NODE_STAT_ITEMS];	/* a: sums */
	struct page_alloc_state page_alloc;	/* mm/page's, page_alloc.h */

	/* Objects: caches and kmalloc(). */
	struct slab_state slab;			/* mm/slab's, slab_types.h */

	/* Addresses of pages that have none. */
	struct highmem_state highmem;	/* mm/page's, kmap_types.h */

	/* Addresses of vmalloc() and its like. */
	struct kvirt_state kvirt;	/* mm/kvirt's, kvirt_types.h */

	/* Who gives memory back when it is short. */
	struct reclaim_state reclaim;		/* reclaim.h */

	/* Devices: PCI functions, disks. */
	struct drivers_state drivers;		/* drivers_types.h */

	/* Stacks that are remembered, when an option asks for them. */
	struct stack_depot stack_depot;			/* own lock */

	/* What happens, for who wants to know: tracepoints. */
	struct trace_state trace;	/* kernel/trace's, trace_types.h */

	/* Modules that run. */
	struct modules_state modules;	/* module/ */

	/* How far start-up has come. */
	int state;			/* b: SYSTEM_* */
	atomic_t panic_cpu;		/* a: CPU + 1 that panicked; 0: none */

	/* Grace periods and what waits for them. */
	struct rcu_state rcu;				/* rcu.lock */

	/* Threads. */
	struct thread_table threads;			/* threads.lock */
};

/* The current machine; NULL on a host thread that is bound to none. */
static inline struct machine *machine_or_null(void)
{
	struct machine *m = this_machine();

	return m;
}

enum { SYSTEM_BOOTING, SYSTEM_SCHEDULING, SYSTEM_RUNNING, SYSTEM_HALTED };

/* Linux's names of the current machine's fields. Not for use as locals. */
#define system_state		(this_machine()->state)
#define max_pfn			(this_machine()->pfn.max)
#define max_low_pfn		(this_machine()->pfn.max_low)
#define min_low_pfn		(this_machine()->pfn.min_low)
#define high_memory		(this_machine()->direct_map_end)
#define boot_command_line	(this_machine()->command_line)
#define node_data		(this_machine()->nodes)
#define __per_cpu_offset	(this_machine()->percpu_offset)
#define totalram_pages()						\
	((unsigned long)atomic_long_read(&this_machine()->totalram))

#endif
