/* SPDX-License-Identifier: MIT */
/* Which node a CPU belongs to. */
#ifndef _LINUX_TOPOLOGY_H
#define _LINUX_TOPOLOGY_H

#include <linux/numa.h>
#include <linux/percpu-defs.h>
#include <octavo/machine.h>

/* This CPU's node, always one that is online; set by page_alloc_init(). */
DECLARE_PER_CPU(int, numa_node);

/* NUMA_NO_NODE when the firmware said nothing. */
static inline int cpu_to_node(int cpu)
{
	return this_machine()->cpu_node[cpu];
}

static inline int numa_node_id(void)
{
	return this_cpu_read(numa_node);
}

/* The node whose zonelist this CPU starts with. */
static inline int numa_mem_id(void)
{
	return numa_node_id();
}

#endif
