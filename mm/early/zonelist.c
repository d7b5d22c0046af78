// SPDX-License-Identifier: MIT
/*
 * Zonelists: in which order zones are tried.
 *
 *   node 0 fallback    | 0 Normal | 0 DMA32 | 0 DMA | 1 Normal | 1 DMA32 | -
 *          nofallback  | 0 Normal | 0 DMA32 | 0 DMA | -
 *
 * The nearest node comes first, in a node the highest zone, so that the small
 * low zones go last. Nearest is by distance; between equals the node counts
 * as further that has CPUs of its own (they will want its memory), that has
 * a lower number, and that other nodes have already chosen as a neighbour
 * (its load), which spreads fallbacks over all.
 *
 * Invariants, verified by zonelist_check() for each node:
 *  Z1  both lists end with a NULL zone within their room
 *  Z2  every entry is populated and says its zone's index
 *  Z3  in a run of one node zones descend, and no node has two runs
 *  Z4  the fallback list has every populated zone of the machine; the other
 *      has every populated zone of the node and no other
 *  Z5  the node itself comes first if it has memory
 *
 * Room for every node that is possible is found once, so making the lists
 * anew cannot fail.
 */
#include "early.h"

#include <linux/bug.h>
#include <linux/printk.h>
#include <linux/topology.h>

/* As documented for Linux: a node with CPUs is that much further away. */
#define PENALTY_FOR_NODE_WITH_CPUS	1

/* What a pass over all nodes remembers. */
struct node_choice {
	nodemask_t with_cpus;		/* nodes that have possible CPUs */
	int load[MAX_NUMNODES];		/* how often chosen as a neighbour */
};

static void find_nodes_with_cpus(nodemask_t *mask)
{
	const struct machine *m = this_machine();
	unsigned int cpu;

	nodes_clear(*mask);
	for_each_possible_cpu(cpu)
		if (m->cpu_node[cpu] >= 0 && m->cpu_node[cpu] < MAX_NUMNODES)
			node_set(m->cpu_node[cpu], *mask);
}

/* The nearest node with memory that @used lacks, which gets it; or -1. */
static int find_next_best_node(const struct node_choice *c, int node,
			       nodemask_t *used)
{
	int n, val, best = NUMA_NO_NODE, best_val = 0;

	if (!node_isset(node, *used) && node_state(node, N_MEMORY)) {
		node_set(node, *used);
		return node;
	}
	for_each_node_state(n, N_MEMORY) {
		if (node_isset(n, *used))
			continue;
		val = node_distance(node, n);
		val += n < node;
		if (node_isset(n, c->with_cpus))
			val += PENALTY_FOR_NODE_WITH_CPUS;
		/* Load only decides between equals. */
		val = val * MAX_NUMNODES + c->load[n];
		if (best != NUMA_NO_NODE && val >= best_val)
			continue;
		best = n;
		best_val = val;
	}
	if (best != NUMA_NO_NODE)
		node_set(best, *used);
	return best;
}

/* @nid's neighbours in order, into @order; how many. */
static int find_node_order(struct node_choice *c, int nid, int *order)
{
	int node, prev = nid, nr = 0;
	nodemask_t used;

	nodes_clear(used);
	while ((node = find_next_best_node(c, nid, &used)) >= 0) {
		/* The first of several that are as far is chosen once more. */
		if (node_distance(nid, node) !=
		    node_distance(nid, prev))
			c->load[node]++;
		order[nr++] = node;
		prev = node;
	}
	return nr;
}

/* ---- the lists ---- */

/* Appends the populated zones of @nid, the highest first. */
static struct zoneref *add_node_zones(struct zoneref *ref, int nid)
{
	int idx;

	for (idx = MAX_NR_ZONES - 1; idx >= 0; idx--) {
		struct zone *zone = &NODE_DATA(nid)->node_zones[idx];

		if (!populated_zone(zone))
			continue;
		ref->zone = zone;
		ref->zone_idx = idx;
		ref++;
	}
	return ref;
}

static void end_list(struct zoneref *ref)
{
	ref->zone = NULL;
	ref->zone_idx = 0;
}

/* Room for every zone of every possible node, and the end. */
static unsigned int fallback_room(void)
{
	return (unsigned int)num_possible_nodes() * MAX_NR_ZONES + 1;
}

static void zonelist_setup(pg_data_t *pgdat)
{
	unsigned int room = fallback_room() + MAX_NR_ZONES + 1;
	struct zoneref *refs;

	refs = memblock_alloc_node(room * sizeof(*refs), SMP_CACHE_BYTES,
				   pgdat->node_id);
	if (!refs)
		panic("zonelists: no memory for the %zu bytes of node %d",
		      room * sizeof(*refs), pgdat->node_id);
	pgdat->node_zonelists[ZONELIST_FALLBACK]._zonerefs = refs;
	pgdat->node_zonelists[ZONELIST_NOFALLBACK]._zonerefs =
		refs + fallback_room();
}

static void log_fallback_order(int nid, const int *order, int nr)
{
	int i;

	pr_info("Fallback order for Node %d: ", nid);
	for (i = 0; i < nr; i++)
		pr_cont("%d ", order[i]);
	pr_cont("\n");
}

static void build_zonelists(struct node_choice *c, pg_data_t *pgdat)
{
	struct zonelist *lists = pgdat->node_zonelists;
	struct zoneref *ref = lists[ZONELIST_FALLBACK]._zonerefs;
	int order[MAX_NUMNODES];
	int nr = find_node_order(c, pgdat->node_id, order), i;

	for (i = 0; i < nr; i++)
		ref = add_node_zones(ref, order[i]);
	end_list(ref);
	end_list(add_node_zones(lists[ZONELIST_NOFALLBACK]._zonerefs,
				pgdat->node_id));
	log_fallback_order(pgdat->node_id, order, nr);
}

/* ---- the report, and what follows from the amount of memory ---- */

/* Before memblock's hand-over no page is managed yet: what is present. */
static unsigned long total_pages(void)
{
	bool ready = this_machine()->page_alloc.ready;
	unsigned long total = 0;
	struct zone *zone;

	for_each_zone(zone)
		total += ready ? zone_managed_pages(zone)
			       : zone->present_pages;
	return total;
}

/* The highest zone, movable memory aside, that any node has. */
static const char *policy_zone_name(void)
{
	struct zone *zone, *policy = NULL;

	for_each_populated_zone(zone)
		if (zone_idx(zone) != ZONE_MOVABLE &&
		    (!policy || zone_idx(zone) > zone_idx(policy)))
			policy = zone;
	return policy ? policy->name : "none";
}

/*
 * With less than a pageblock for each migratetype, keeping types apart would
 * only make requests fail.
 */
static void decide_mobility_grouping(unsigned long total)
{
	this_machine()->page_alloc.page_group_by_mobility_disabled =
		total < pageblock_nr_pages * MIGRATE_TYPES;
}

void build_all_zonelists(pg_data_t *pgdat)
{
	struct node_choice c = { .load = { 0 } };
	unsigned long total;
	pg_data_t *each;
	int nid;

	find_nodes_with_cpus(&c.with_cpus);
	if (!pgdat)
		for_each_node(nid)
			zonelist_setup(NODE_DATA(nid));
	for_each_online_pgdat(each)
		build_zonelists(&c, each);

	total = total_pages();
	decide_mobility_grouping(total);
	pr_info("Built %u zonelists, mobility grouping %s.  Total pages: %ld\n",
		(unsigned int)num_online_nodes(),
		this_machine()->page_alloc.page_group_by_mobility_disabled
		? "off" : "on", (long)total);
	pr_info("Policy zone: %s\n", policy_zone_name());
}

int local_memory_node(int node)
{
	const struct zonelist *list =
		&NODE_DATA(node)->node_zonelists[ZONELIST_FALLBACK];
	const struct zoneref *ref =
		next_zones_zonelist(list->_zonerefs, ZONE_NORMAL, NULL);

	return ref->zone ? zonelist_node_idx(ref) : node;
}

/* ---- the check ---- */

static int zonelist_broken(const pg_data_t *pgdat, int invariant, const char *what)
{
	pr_err("zonelist_check: Z%d broken by node %d: %s\n", invariant,
	       pgdat->node_id, what);
	return invariant;
}

/* How many entries, or -1 when there is no end within @room. */
static int list_length(const struct zoneref *refs, unsigned int room)
{
	unsigned int n;

	for (n = 0; n < room; n++)
		if (!refs[n].zone)
			return (int)n;
	return -1;
}

/* Z2 and Z3 for each entry; nodes whose run has ended are in @past. */
static int list_check(const pg_data_t *pgdat, const struct zoneref *refs)
{
	nodemask_t past;
	int i;

	nodes_clear(past);
	for (i = 0; refs[i].zone; i++) {
		if (!populated_zone(refs[i].zone) ||
		    zone_idx(refs[i].zone) != refs[i].zone_idx)
			return zonelist_broken(pgdat, 2, "entry");
		if (i && zonelist_node_idx(&refs[i - 1]) !=
			 zonelist_node_idx(&refs[i]))
			node_set(zonelist_node_idx(&refs[i - 1]), past);
		else if (i && refs[i - 1].zone_idx <= refs[i].zone_idx)
			return zonelist_broken(pgdat, 3, "zones ascend");
		if (node_isset(zonelist_node_idx(&refs[i]), past))
			return zonelist_broken(pgdat, 3, "node comes twice");
	}
	return 0;
}

static int populated_zones(const pg_data_t *only)
{
	struct zone *zone;
	int n = 0;

	for_each_populated_zone(zone)
		n += !only || zone->zone_pgdat == only;
	return n;
}

int zonelist_check(const pg_data_t *pgdat)
{
	const struct zoneref *all =
		pgdat->node_zonelists[ZONELIST_FALLBACK]._zonerefs;
	const struct zoneref *own =
		pgdat->node_zonelists[ZONELIST_NOFALLBACK]._zonerefs;
	int nr_all = list_length(all, fallback_room());
	int nr_own = list_length(own, MAX_NR_ZONES + 1), i;
	int bad;

	if (nr_all < 0 || nr_own < 0)
		return zonelist_broken(pgdat, 1, "no end");
	bad = list_check(pgdat, all);
	if (!bad)
		bad = list_check(pgdat, own);
	if (bad)
		return bad;
	if (nr_all != populated_zones(NULL))
		return zonelist_broken(pgdat, 4, "zones of the machine");
	if (nr_own != populated_zones(pgdat))
		return zonelist_broken(pgdat, 4, "zones of the node");
	for (i = 0; i < nr_own; i++)
		if (own[i].zone != all[i].zone)
			return zonelist_broken(pgdat, 5, "own zones first");
	return 0;
}
