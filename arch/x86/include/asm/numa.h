/* SPDX-License-Identifier: MIT */
/*
 * Which memory and which processors belong together. Theory in
 * arch/x86/mm/numa.c. Boot only, one CPU; sizes in bytes, ends exclusive.
 */
#ifndef _ASM_NUMA_H
#define _ASM_NUMA_H

#include <linux/topology.h>
#include <asm/numa_types.h>

/*
 * A source's calls. [start, end) is node @nid's. 0 (also for an empty range,
 * which is reported), -EINVAL for a bad node or when there is no room.
 */
int numa_add_memblk(int nid, u64 start, u64 end);
/* The same on a list of its own; logs what it refuses. */
int numa_add_memblk_to(struct numa_meminfo *mi, int nid, u64 start, u64 end);
/*
 * The distance from one parsed node to another, 10 to itself, no less to others.
 * The first call allocates the table from memblock.
 */
void numa_set_distance(int from, int to, int distance);
void numa_reset_distance(void);
/* The processor with @apicid is on @nid. */
void set_apicid_to_node(u32 apicid, int nid);
int apicid_to_node(u32 apicid);		/* NUMA_NO_NODE when not placed */
/* Node of proximity domain @pxm, the next free one if it is new; or -1. */
int acpi_map_pxm_to_node(u32 pxm);
int pxm_to_node(u32 pxm);		/* -1 when it is new */

/*
 * Cuts ranges to what is below @limit, merges those of one node that no other
 * node's lie between, sorts. 0, or -EINVAL when ranges of two nodes overlap
 * (logged).
 */
int numa_cleanup_meminfo(struct numa_meminfo *mi, u64 limit);
/* Invariants after cleanup: NULL, or what is wrong. */
const char *numa_meminfo_check(const struct numa_meminfo *mi);
/* Sorts by address. */
void numa_sort_meminfo(struct numa_meminfo *mi);

/* The value of numa=fake=. 0, or -EBADMSG after a line that says why. */
int numa_emu_option(const char *opt);
/*
 * Splits the nodes of @mi, whose ranges are all RAM, into @out; to_phys[fake]
 * is the node that a fake one was part of. Returns the number of fake nodes,
 * or -EINVAL, -ENOSPC when ranges or nodes do not fit.
 */
int numa_emu_split(const struct numa_meminfo *mi, const struct numa_emu *emu,
		   struct numa_meminfo *out, int to_phys[MAX_NUMNODES]);
/* Splits @mi, moves processors and distances; logs what came of it. */
void numa_emulate(struct numa_meminfo *mi, const struct numa_emu *emu);

/*
 * From the first source that works (numa=off: from none) to memblock's node
 * ids, node masks, NODE_DATA and CPUs' nodes. Always leaves a node online.
 */
void initmem_init(void);
/* Each possible CPU's node, after processors are known. */
void init_cpu_to_node(void);

#endif
