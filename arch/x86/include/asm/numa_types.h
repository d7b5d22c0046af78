/* SPDX-License-Identifier: MIT */
#ifndef _ASM_NUMA_TYPES_H
#define _ASM_NUMA_TYPES_H

#include <linux/nodemask.h>
#include <linux/numa.h>
#include <linux/threads.h>
#include <linux/types.h>

/* Two ranges a node, as Linux has it: one below and one above the hole. */
#define NR_NODE_MEMBLKS		(MAX_NUMNODES * 2)

struct numa_memblk {
	u64 start;		/* bytes */
	u64 end;		/* bytes, exclusive */
	int nid;
};

struct numa_meminfo {
	int nr_blks;		/* in use, from index 0 */
	struct numa_memblk blk[NR_NODE_MEMBLKS];
};

/* What numa=fake= asks for: a count, or a size. b: boot only */
struct numa_emu {
	u64 nr;			/* b: fake nodes; 0: none, or by size */
	u64 size;		/* b: bytes of each; 0: by count */
	bool uniform;		/* b: nr out of each physical node */
};

/* What is being learned of the nodes. b: boot only */
struct numa_state {
	struct numa_meminfo meminfo;	/* b */
	nodemask_t nodes_parsed;	/* b: named by a source */
	nodemask_t nodes_cpu;		/* b: have processors */
	u32 nr_pxm;			/* b: in use of the next, by node */
	u32 node_to_pxm[MAX_NUMNODES];	/* b: proximity domain of each */
	u32 nr_apicid;			/* b: in use of the next two */
	u32 apicid[NR_CPUS];		/* b: processors a source placed */
	s16 apicid_node[NR_CPUS];	/* b: node of each */
	bool off;			/* b: numa=off */
	struct numa_emu emu;		/* b: numa=fake= */
};

#endif
