// SPDX-License-Identifier: MIT
/*
 * Reclaim: what is given back when a request finds too little.
 *
 *   pass at priority 12   a share of what shrinkers have; free slabs
 *   ...                   a larger one
 *   pass at priority 0    all of it; what CPUs and depots keep of all caches;
 *                         what kfree_rcu() got, after its grace period
 *
 * It ends with the pass after which enough is free: RECLAIM_BATCH pages, or
 * as many as the request wants. How much became free is counted twice, as
 * pages that caches gave back, and as free pages of the nodes more than
 * before; the larger one counts, so that neither a shrinker whose objects are
 * pages nor others' allocations hide it.
 *
 * Pages are reclaimed of the nodes that the request may use, each shrinker of
 * SHRINKER_NUMA_AWARE for each of them.
 *
 * Between requests caches that nobody used for REAP_SECONDS give back what
 * they keep (reclaim_idle()): a thread of ports with a tick sees to it; on the
 * host, which has none of its own, its user does (octavo_reap()).
 *
 * Locks: none here; see shrinker.c and mm/slab/slab_reap.c.
 *
 * Differs from Linux: there are no lists of pages to reclaim from yet.
 */
#include "internal.h"

#include <linux/err.h>
#include <linux/init.h>
#include <linux/kernel.h>
#include <linux/kthread.h>
#include <linux/mmzone.h>
#include <linux/mutex.h>
#include <linux/nodemask.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/vmstat.h>

#include <asm/sched.h>

#include "../upcalls.h"

/* Pages after which a request tries again: one list of a CPU's worth. */
#define RECLAIM_BATCH		32
/* A pass at this priority also takes what CPUs keep. */
#define PRIORITY_CPUS		(DEF_PRIORITY - 4)
/* A request that goes to a farther node else does not try harder. */
#define NODE_RECLAIM_PRIORITY	4
/* Between two looks for idle caches. */
#define REAP_SECONDS		2

static unsigned long nodes_free_pages(const nodemask_t *nodes)
{
	unsigned long pages = 0;
	struct zone *zone;

	for_each_populated_zone(zone)
		if (node_isset(zone_to_nid(zone), *nodes))
			pages += zone_page_state(zone, NR_FREE_PAGES) +
				 zone_pcp_pages(zone);
	return pages;
}

/* Both counts of what is free, before. */
struct progress {
	const nodemask_t *nodes;
	unsigned long given;	/* by caches */
	unsigned long free;	/* of the nodes */
};

static void progress_start(struct progress *p, const nodemask_t *nodes)
{
	p->nodes = nodes;
	p->given = kmem_cache_pages_given();
	p->free = nodes_free_pages(nodes);
}

static unsigned long progress_made(const struct progress *p)
{
	unsigned long given = kmem_cache_pages_given() - p->given;
	unsigned long free = nodes_free_pages(p->nodes);

	return max(given, free > p->free ? free - p->free : 0);
}

static void reclaim_pass(const nodemask_t *nodes, gfp_t gfp, int priority)
{
	int nid;

	for_each_node_mask(nid, *nodes) {
		shrink_slab(gfp, nid, priority);
		kmem_caches_reap(nid, priority <= PRIORITY_CPUS);
	}
	if (!priority)
		kvfree_rcu_barrier();
}

/* Passes from @priority on, until @want pages are free; how many are. */
static unsigned long reclaim_nodes(const nodemask_t *nodes, gfp_t gfp,
				   int priority, int last, unsigned long want)
{
	unsigned long freed = 0;
	struct progress p;

	progress_start(&p, nodes);
	kvfree_rcu_start();
	for (; priority >= last && freed < want; priority--) {
		reclaim_pass(nodes, gfp, priority);
		freed = progress_made(&p);
	}
	return freed;
}

static unsigned long pages_wanted(int order)
{
	return max(1UL << order, (unsigned long)RECLAIM_BATCH);
}

/* The nodes of the zones that a request may use. */
static void zonelist_nodes(struct zonelist *zonelist, gfp_t gfp,
			   const nodemask_t *allowed, nodemask_t *nodes)
{
	struct zoneref *z;
	struct zone *zone;

	nodes_clear(*nodes);
	for_each_zone_zonelist_nodemask(zone, z, zonelist, gfp_zone(gfp),
					allowed)
		node_set(zone_to_nid(zone), *nodes);
}

static unsigned long try_to_free_pages(struct zonelist *zonelist, int order,
				       gfp_t gfp, const nodemask_t *allowed)
{
	nodemask_t nodes;

	zonelist_nodes(zonelist, gfp, allowed, &nodes);
	return reclaim_nodes(&nodes, gfp, DEF_PRIORITY, 0,
			     pages_wanted(order));
}

static unsigned long reclaim_one_node(struct pglist_data *pgdat, gfp_t gfp,
				      int order)
{
	nodemask_t nodes;

	nodes_clear(nodes);
	node_set(pgdat->node_id, nodes);
	return reclaim_nodes(&nodes, gfp, NODE_RECLAIM_PRIORITY, 1,
			     pages_wanted(order));
}

/* All that shrinkers and caches can give, as long as that is worth it. */
static void drop_slab(void)
{
	unsigned long freed;
	unsigned int shift = 0;
	int nid;

	do {
		freed = 0;
		for_each_online_node(nid)
			freed += shrink_slab(GFP_KERNEL, nid, 0);
	} while (freed >> shift++ > 1);
	kvfree_rcu_barrier();
	kmem_caches_reap_all();
}

unsigned long reclaim_idle(void)
{
	kvfree_rcu_start();
	return kmem_caches_reap_idle();
}

static int reap_thread(void *unused)
{
	(void)unused;
	while (!kthread_should_stop()) {
		schedule_timeout_uninterruptible(REAP_SECONDS * HZ);
		reclaim_idle();
	}
	return 0;
}

void __init reclaim_setup(void)
{
	static const struct page_upcalls upcalls = {
		.try_to_free_pages = try_to_free_pages,
		.node_reclaim = reclaim_one_node,
		.drop_slab = drop_slab,
	};
	struct reclaim_state *r = reclaim_state();

	mutex_init(&r->mutex);
	INIT_LIST_HEAD(&r->shrinkers);
	page_upcalls_register(&upcalls);
}

void reclaim_setup_late(void)
{
	struct task_struct *task;

	if (!PORT_HAS_TICK)
		return;
	task = kthread_run(reap_thread, NULL, "kreap");
	if (IS_ERR(task))
		pr_err("kreap: no memory for the thread: idle caches keep what they have\n");
}
