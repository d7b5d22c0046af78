/* SPDX-License-Identifier: MIT */
/* How far nodes are from each other, and which node a CPU belongs to. */
#ifndef _LINUX_TOPOLOGY_H
#define _LINUX_TOPOLOGY_H

#include <linux/numa.h>
#include <linux/percpu-defs.h>
#include <octavo/machine.h>

/* ACPI's scale: local is 10; a source that says nothing means twice that. */
#define LOCAL_DISTANCE		10
#define REMOTE_DISTANCE		20
/* Farther nodes are not reclaimed from for a request (vm.zone_reclaim_mode). */
#define RECLAIM_DISTANCE	30
#define node_reclaim_distance	RECLAIM_DISTANCE

/* From the machine's table; the defaults for what it does not cover. */
static inline int __node_distance(int from, int to)
{
	int cnt = this_machine()->numa_distance_cnt;

	if (from < 0 || to < 0 || from >= cnt || to >= cnt)
		return from == to ? LOCAL_DISTANCE : REMOTE_DISTANCE;
	return this_machine()->numa_distance[from * cnt + to];
}

#define node_distance(a, b)	__node_distance(a, b)

/* This CPU's node, always one that is online; set by page_alloc_init(). */
DECLARE_PER_CPU(int, numa_node);

/* NUMA_NO_NODE when the firmware said nothing. */
static inline int early_cpu_to_node(int cpu)
{
	return this_machine()->cpu_node[cpu];
}

static inline int cpu_to_node(int cpu)
{
	return early_cpu_to_node(cpu);
}

static inline int numa_node_id(void)
{
	return this_cpu_read(numa_node);
}

/*
 * The nearest node that has memory with an address: a CPU's own, unless that
 * has none, or high memory alone. Set with numa_node.
 */
DECLARE_PER_CPU(int, numa_mem);

static inline int numa_mem_id(void)
{
	return this_cpu_read(numa_mem);
}

/* The same for the CPUs of @nid, which may be any. */
int node_to_mem_node(int nid);

#endif
