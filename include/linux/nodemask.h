/* SPDX-License-Identifier: MIT */
/* Sets of NUMA nodes. */
#ifndef _LINUX_NODEMASK_H
#define _LINUX_NODEMASK_H

#include <linux/bitmap.h>
#include <linux/numa.h>

typedef struct nodemask { DECLARE_BITMAP(bits, MAX_NUMNODES); } nodemask_t;

/* Which nodes are what; a bit set per state hangs off the machine. */
enum node_states {
	N_POSSIBLE,		/* may ever be online */
	N_ONLINE,		/* has a pglist_data */
	N_NORMAL_MEMORY,	/* has memory the kernel can address */
	N_HIGH_MEMORY,		/* has normal or high memory */
	N_MEMORY,		/* has memory of any zone */
	N_CPU,			/* has one CPU or more */
	NR_NODE_STATES
};

#define node_set(n, m)		set_bit((unsigned long)(n), (m).bits)
#define node_clear(n, m)	clear_bit((unsigned long)(n), (m).bits)
#define node_isset(n, m)	test_bit((unsigned long)(n), (m).bits)
#define nodes_clear(m)		bitmap_zero((m).bits, MAX_NUMNODES)
#define nodes_empty(m)		bitmap_empty((m).bits, MAX_NUMNODES)
#define nodes_equal(a, b)	bitmap_equal((a).bits, (b).bits, MAX_NUMNODES)
#define nodes_weight(m)		((int)bitmap_weight((m).bits, MAX_NUMNODES))
#define first_node(m)		((int)find_first_bit((m).bits, MAX_NUMNODES))
#define next_node(n, m)							\
	((int)find_next_bit((m).bits, MAX_NUMNODES, (unsigned long)((n) + 1)))
#define for_each_node_mask(n, m)					\
	for ((n) = first_node(m); (n) < MAX_NUMNODES; (n) = next_node(n, m))

#define node_state(n, s)	node_isset(n, this_machine()->node_masks[s])
#define node_set_state(n, s)	node_set(n, this_machine()->node_masks[s])
#define node_clear_state(n, s)	node_clear(n, this_machine()->node_masks[s])
#define num_node_state(s)	nodes_weight(this_machine()->node_masks[s])
#define for_each_node_state(n, s)	for_each_node_mask(n, this_machine()->node_masks[s])
#define node_online(n)		node_state(n, N_ONLINE)
#define node_possible(n)	node_state(n, N_POSSIBLE)
#define num_online_nodes()	num_node_state(N_ONLINE)
#define num_possible_nodes()	num_node_state(N_POSSIBLE)
#define nr_node_ids		(this_machine()->nr_nodes)
#define for_each_node(n)	for_each_node_state(n, N_POSSIBLE)
#define for_each_online_node(n)	for_each_node_state(n, N_ONLINE)

#endif
