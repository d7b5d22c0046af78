// SPDX-License-Identifier: MIT
/*
 * Nodes: which memory and which processors belong together.
 *
 * A source (the port's own description, ACPI's SRAT, or none: one node) names
 * ranges of addresses and APIC ids with their nodes. What it said is then made
 * to fit the RAM there is, and becomes memblock's node ids:
 *
 *	source   |--- node 0 ---|     |-- node 1 --|----- node 1 -----|
 *	RAM        |==========|====|  |==================|
 *	result     |-- node 0 ----|-- |------ node 1 ----|
 *
 * RAM that no range covers: as long as it is less than 1 MiB in all (firmware
 * rounds), each piece goes to the node of the range below it, with a line in
 * the log; if it is more, the source does not know this machine and is not
 * used, as in Linux. Ranges without RAM (hot plug) say nothing.
 *
 * A node with processors and no memory is kept, memoryless: it is online, and
 * its zonelist leads to others. A processor that no source placed goes to the
 * online nodes in turn.
 *
 * Invariants of a cleaned numa_meminfo (numa_meminfo_check()):
 * I1  0 <= nr_blks <= NR_NODE_MEMBLKS
 * I2  start < end, 0 <= nid < MAX_NUMNODES
 * I3  ranges ascend and do not overlap
 * I4  two neighbours that touch are of different nodes
 *
 * Failure: a source that fails, or whose ranges contradict each other, is
 * forgotten with all it said and the next is asked; the last cannot fail.
 *
 * Differs from Linux: a node of less than 4 MiB is a node (Linux drops it, and
 * its memory).
 */
#include <asm/numa.h>

#include <linux/errno.h>
#include <linux/init.h>
#include <linux/kernel.h>
#include <linux/memblock.h>
#include <linux/mmzone.h>
#include <linux/string.h>
#include <octavo/this_machine.h>
#include <asm/acpi.h>
#include <asm/x86_init.h>

/* RAM that a source may leave out before it is not believed. */
#define NUMA_MAX_UNCOVERED	(1ULL << 20)

static void numa_remove_memblk_from(int i, struct numa_meminfo *mi)
{
	mi->nr_blks--;
	memmove(&mi->blk[i], &mi->blk[i + 1],
		(size_t)(mi->nr_blks - i) * sizeof(mi->blk[0]));
}

int numa_add_memblk_to(struct numa_meminfo *mi, int nid, u64 start, u64 end)
{
	if (start == end)
		return 0;
	if (start > end || nid < 0 || nid >= MAX_NUMNODES) {
		pr_warn("NUMA: invalid memblk node %d [mem 0x%08llx-0x%08llx]\n",
			nid, start, end - 1);
		return -EINVAL;
	}
	if (mi->nr_blks >= NR_NODE_MEMBLKS) {
		pr_err("NUMA: too many memblk ranges: no room for node %d [mem 0x%08llx-0x%08llx]\n",
		       nid, start, end - 1);
		return -EINVAL;
	}
	mi->blk[mi->nr_blks++] = (struct numa_memblk){ start, end, nid };
	return 0;
}

int numa_add_memblk(int nid, u64 start, u64 end)
{
	struct numa_state *n = &this_fw()->numa;
	int err = numa_add_memblk_to(&n->meminfo, nid, start, end);

	if (!err && start != end)
		node_set(nid, n->nodes_parsed);
	return err;
}

void set_apicid_to_node(u32 apicid, int nid)
{
	struct numa_state *n = &this_fw()->numa;
	u32 i;

	for (i = 0; i < n->nr_apicid && n->apicid[i] != apicid; i++)
		;
	if (nid < 0 || nid >= MAX_NUMNODES) {
		pr_warn("NUMA: APIC 0x%x on node %d: no such node: ignored\n",
			apicid, nid);
		return;
	}
	if (i == NR_CPUS) {
		pr_warn("NUMA: APIC 0x%x on node %d is one more than the %d processors there is room for: ignored\n",
			apicid, nid, NR_CPUS);
		return;
	}
	node_set(nid, n->nodes_cpu);
	n->apicid[i] = apicid;
	n->apicid_node[i] = (s16)nid;
	n->nr_apicid = max(n->nr_apicid, i + 1);
}

int apicid_to_node(u32 apicid)
{
	const struct numa_state *n = &this_fw()->numa;
	u32 i;

	for (i = 0; i < n->nr_apicid; i++)
		if (n->apicid[i] == apicid)
			return n->apicid_node[i];
	return NUMA_NO_NODE;
}

/* --- distances --- */

void __init numa_reset_distance(void)
{
	struct machine *m = this_machine();

	if (m->numa_distance)
		memblock_free(m->numa_distance,
			      (size_t)m->numa_distance_cnt *
			      (size_t)m->numa_distance_cnt);
	m->numa_distance = NULL;
	m->numa_distance_cnt = 0;
}

static int __init numa_alloc_distance(void)
{
	struct machine *m = this_machine();
	nodemask_t *parsed = &this_fw()->numa.nodes_parsed;
	int cnt = 0, i, j, nid;
	u8 *table;

	for_each_node_mask(nid, *parsed)
		cnt = nid + 1;
	table = memblock_alloc((phys_addr_t)cnt * (phys_addr_t)cnt, PAGE_SIZE);
	if (!table) {
		pr_warn("NUMA: no memory for the distances of %d nodes\n", cnt);
		return -ENOMEM;
	}
	for (i = 0; i < cnt; i++)
		for (j = 0; j < cnt; j++)
			table[i * cnt + j] = i == j ? LOCAL_DISTANCE
						    : REMOTE_DISTANCE;
	m->numa_distance = table;
	m->numa_distance_cnt = cnt;
	pr_info("NUMA: Initialized distance table, cnt=%d\n", cnt);
	return 0;
}

void numa_set_distance(int from, int to, int distance)
{
	struct machine *m = this_machine();

	if (!m->numa_distance && numa_alloc_distance())
		return;
	if (from < 0 || to < 0 || from >= m->numa_distance_cnt ||
	    to >= m->numa_distance_cnt || distance > U8_MAX ||
	    (from == to ? distance != LOCAL_DISTANCE
			: distance < LOCAL_DISTANCE)) {
		pr_warn("NUMA: invalid distance parameter, from=%d to=%d distance=%d\n",
			from, to, distance);
		return;
	}
	m->numa_distance[from * m->numa_distance_cnt + to] = (u8)distance;
}

/* --- ranges --- */

/* True when a range of another node than @nid overlaps [start, end). */
static bool numa_other_overlaps(const struct numa_meminfo *mi, int nid,
				u64 start, u64 end)
{
	int k;

	for (k = 0; k < mi->nr_blks; k++)
		if (mi->blk[k].nid != nid && mi->blk[k].start < end &&
		    mi->blk[k].end > start)
			return true;
	return false;
}

/* 0, or -EINVAL when two nodes claim the same bytes. */
static int numa_check_overlaps(const struct numa_meminfo *mi)
{
	const struct numa_memblk *a, *b;

	for (a = mi->blk; a < mi->blk + mi->nr_blks; a++) {
		for (b = a + 1; b < mi->blk + mi->nr_blks; b++) {
			if (a->end <= b->start || b->end <= a->start)
				continue;
			pr_warn("NUMA: %s: node %d [mem 0x%08llx-0x%08llx] overlaps with node %d [mem 0x%08llx-0x%08llx]\n",
				a->nid == b->nid ? "Warning" : "Error",
				a->nid, a->start, a->end - 1,
				b->nid, b->start, b->end - 1);
			if (a->nid != b->nid)
				return -EINVAL;
		}
	}
	return 0;
}

/* Joins range @j to @i when no other node lies between; true if it did. */
static bool numa_join(struct numa_meminfo *mi, int i, int j)
{
	struct numa_memblk *a = &mi->blk[i], *b = &mi->blk[j];
	u64 start = min(a->start, b->start), end = max(a->end, b->end);

	if (a->nid != b->nid || numa_other_overlaps(mi, a->nid, start, end))
		return false;
	pr_info("NUMA: Node %d [mem 0x%08llx-0x%08llx] + [mem 0x%08llx-0x%08llx] -> [mem 0x%08llx-0x%08llx]\n",
		a->nid, a->start, a->end - 1, b->start, b->end - 1, start,
		end - 1);
	a->start = start;
	a->end = end;
	numa_remove_memblk_from(j, mi);
	return true;
}

void numa_sort_meminfo(struct numa_meminfo *mi)
{
	int i, j;

	for (i = 1; i < mi->nr_blks; i++)
		for (j = i; j && mi->blk[j].start < mi->blk[j - 1].start; j--)
			swap(mi->blk[j], mi->blk[j - 1]);
}

int numa_cleanup_meminfo(struct numa_meminfo *mi, u64 limit)
{
	int i, j;

	for (i = 0; i < mi->nr_blks; i++) {
		struct numa_memblk *b = &mi->blk[i];

		b->end = min(b->end, limit);
		if (b->start >= b->end)
			numa_remove_memblk_from(i--, mi);
	}
	if (numa_check_overlaps(mi))
		return -EINVAL;
	for (i = 0; i < mi->nr_blks; i++)
		for (j = i + 1; j < mi->nr_blks; j++)
			if (numa_join(mi, i, j))
				j = i;
	numa_sort_meminfo(mi);
	return 0;
}

const char *numa_meminfo_check(const struct numa_meminfo *mi)
{
	const struct numa_memblk *b;
	int i;

	if (mi->nr_blks < 0 || mi->nr_blks > NR_NODE_MEMBLKS)
		return "I1: a number of ranges that does not fit";
	for (i = 0; i < mi->nr_blks; i++) {
		b = &mi->blk[i];
		if (b->start >= b->end || b->nid < 0 || b->nid >= MAX_NUMNODES)
			return "I2: a range is empty or of no node";
		if (i + 1 == mi->nr_blks)
			break;
		if (b->end > b[1].start)
			return "I3: ranges overlap or descend";
		if (b->end == b[1].start && b->nid == b[1].nid)
			return "I4: neighbours of one node are not merged";
	}
	return NULL;
}

/* Forgets ranges in which there is no RAM at all. */
static void __init numa_drop_absent(struct numa_meminfo *mi)
{
	int i;

	for (i = 0; i < mi->nr_blks; i++)
		if (!memblock_overlaps_region(&memblock.memory,
					      mi->blk[i].start,
					      mi->blk[i].end -
					      mi->blk[i].start))
			numa_remove_memblk_from(i--, mi);
}

/* The first range that ends above @addr, nr_blks when there is none. */
static int __init numa_range_above(const struct numa_meminfo *mi, u64 addr)
{
	int i;

	for (i = 0; i < mi->nr_blks && mi->blk[i].end <= addr; i++)
		;
	return i;
}

/* Gives [start, end), RAM outside of all ranges, to the range below it. */
static void __init numa_take_gap(struct numa_meminfo *mi, u64 start, u64 end)
{
	int i = numa_range_above(mi, start);
	struct numa_memblk *b = &mi->blk[i ? i - 1 : 0];

	pr_warn("NUMA: [mem 0x%08llx-0x%08llx] is in no node's range: given to node %d\n",
		start, end - 1, b->nid);
	if (i)
		b->end = end;
	else
		b->start = start;
}

/*
 * Goes over the parts of [start, end) outside of all ranges: adds them up,
 * or with @take gives them to a node.
 */
static u64 __init numa_gaps(struct numa_meminfo *mi, u64 start, u64 end,
			    bool take)
{
	u64 sum = 0, gap_end;
	int i;

	while (start < end) {
		i = numa_range_above(mi, start);
		if (i < mi->nr_blks && mi->blk[i].start <= start) {
			start = mi->blk[i].end;
			continue;
		}
		gap_end = i < mi->nr_blks ? min(end, mi->blk[i].start) : end;
		sum += gap_end - start;
		if (take)
			numa_take_gap(mi, start, gap_end);
		start = gap_end;
	}
	return sum;
}

/* 0 once every byte of RAM has a node, -EINVAL when too much has none. */
static int __init numa_cover_memory(struct numa_meminfo *mi)
{
	u64 uncovered = 0, total = 0;
	struct memblock_region *r;

	for_each_mem_region(r) {
		total += r->size;
		uncovered += numa_gaps(mi, r->base, r->base + r->size, false);
	}
	if (uncovered >= NUMA_MAX_UNCOVERED || !mi->nr_blks) {
		pr_err("NUMA: nodes only cover %lluMB of your %lluMB e820 RAM. Not used.\n",
		       (total - uncovered) >> 20, total >> 20);
		return -EINVAL;
	}
	if (uncovered)
		for_each_mem_region(r)
			numa_gaps(mi, r->base, r->base + r->size, true);
	return 0;
}

/* --- from a source to the machine --- */

static int __init numa_register_memblks(struct numa_meminfo *mi)
{
	nodemask_t nodes = this_fw()->numa.nodes_cpu;
	struct numa_memblk *b;
	int nid, err;

	err = numa_cover_memory(mi);
	if (err)
		return err;
	for (b = mi->blk; b < mi->blk + mi->nr_blks; b++) {
		node_set(b->nid, nodes);
		err = memblock_set_node(b->start, b->end - b->start,
					&memblock.memory, b->nid);
		if (!err)
			err = memblock_set_node(b->start, b->end - b->start,
						&memblock.reserved, b->nid);
		if (err)
			return err;
	}
	this_machine()->node_masks[N_POSSIBLE] = nodes;
	for_each_node_mask(nid, nodes) {
		alloc_node_data(nid);
		node_set_state(nid, N_ONLINE);
		this_machine()->nr_nodes = nid + 1;
	}
	return 0;
}

static void __init numa_forget(struct numa_state *n)
{
	nodes_clear(n->nodes_parsed);
	nodes_clear(n->nodes_cpu);
	n->meminfo.nr_blks = 0;
	n->nr_pxm = 0;
	n->nr_apicid = 0;
	numa_reset_distance();
	memblock_set_node(0, PHYS_ADDR_MAX, &memblock.memory, NUMA_NO_NODE);
	memblock_set_node(0, PHYS_ADDR_MAX, &memblock.reserved, NUMA_NO_NODE);
}

static int __init numa_init(int (*source)(void))
{
	struct numa_state *n = &this_fw()->numa;
	int err;

	numa_forget(n);
	err = source();
	if (err)
		return err;
	numa_drop_absent(&n->meminfo);
	err = numa_cleanup_meminfo(&n->meminfo, PFN_PHYS(max_pfn));
	if (err)
		return err;
	if (n->emu.nr || n->emu.size)
		numa_emulate(&n->meminfo, &n->emu);
	return numa_register_memblks(&n->meminfo);
}

/* The last source: one node with everything. */
static int __init dummy_numa_init(void)
{
	u64 end = PFN_PHYS(max_pfn);

	pr_info("%s\n", this_fw()->numa.off ? "NUMA turned off"
					    : "No NUMA configuration found");
	pr_info("Faking a node at [mem 0x%016llx-0x%016llx]\n", 0ULL, end - 1);
	return numa_add_memblk(0, 0, end);
}

void __init initmem_init(void)
{
	int cpu, err;

	for (cpu = 0; cpu < NR_CPUS; cpu++)
		this_machine()->cpu_node[cpu] = NUMA_NO_NODE;
	if (!this_fw()->numa.off) {
		if (x86_init.numa.topology &&
		    !numa_init(x86_init.numa.topology))
			return;
		if (!this_fw()->acpi.srat_disabled &&
		    !numa_init(x86_acpi_numa_init))
			return;
	}
	err = numa_init(dummy_numa_init);
	if (err)
		panic("NUMA: no memory to note nodes: error %d", err);
}

void __init init_cpu_to_node(void)
{
	const struct x86_cpus *c = &this_fw()->cpus;
	int next = NUMA_NO_NODE, nid, cpu;

	for_each_possible_cpu(cpu) {
		nid = (u32)cpu < c->nr ? apicid_to_node(c->apicid[cpu])
				       : NUMA_NO_NODE;
		if (nid == NUMA_NO_NODE || !node_online(nid)) {
			next = next_node(next,
					 this_machine()->node_masks[N_ONLINE]);
			if (next >= MAX_NUMNODES)
				next = first_node(this_machine()->node_masks[N_ONLINE]);
			nid = next;
		}
		this_machine()->cpu_node[cpu] = nid;
	}
}

static int numa_setup(char *opt)
{
	struct x86_firmware *fw = this_fw();

	if (opt && !strcmp(opt, "off")) {
		fw->numa.off = true;
		return 0;
	}
	if (opt && !strcmp(opt, "noacpi")) {
		fw->acpi.srat_disabled = true;
		return 0;
	}
	if (opt && !strncmp(opt, "fake=", 5))
		return numa_emu_option(opt + 5);
	return option_malformed("numa", opt,
				"is not known, only off, noacpi, fake=");
}
early_param("numa", numa_setup);
