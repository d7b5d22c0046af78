// SPDX-License-Identifier: MIT
/*
 * numa=fake=: a machine with few nodes made to look like one with many.
 *
 *	numa=fake=N		N nodes, shared out among the physical ones by
 *				their size, each physical one at least one
 *	numa=fake=NU		N nodes out of each physical one
 *	numa=fake=SIZE[MG]	as many nodes of SIZE as each physical one gives
 *
 * A fake node lies inside one physical node and has its distances; fake nodes
 * of one physical node are as near as a node to itself. Its processors go to
 * its first fake node. Boundaries are multiples of the largest buddy block,
 * so that no block is of two nodes.
 *
 * Failure: what cannot be split (too many ranges) leaves the nodes as they
 * were, with a line in the log; too many nodes are cut to what fits.
 *
 * Differs from Linux: a fake node may be as small as 4 MiB (there 32), so that
 * a small machine can be split too; and nodes are dealt out physical node by
 * physical node, not in turn.
 */
#include <asm/numa.h>

#include <linux/errno.h>
#include <linux/init.h>
#include <linux/kernel.h>
#include <linux/kstrtox.h>
#include <linux/memblock.h>
#include <linux/mmzone.h>
#include <linux/string.h>
#include <octavo/this_machine.h>

#define FAKE_NODE_ALIGN		((u64)PAGE_SIZE << MAX_PAGE_ORDER)

/* One physical node being split. */
struct emu_phys {
	int nid;		/* the physical one */
	u64 size;		/* bytes it has */
	u64 nr;			/* fake nodes it is to give */
	u64 share;		/* bytes of each but the last; a size was given */
	u64 taken;		/* bytes dealt out */
	u64 index;		/* fake node being filled, from 0 */
	int fake;		/* its number; -1: has nothing yet */
};

int numa_emu_option(const char *opt)
{
	struct numa_emu emu = { .nr = 0 };
	char *end;
	u64 value = memparse(opt, &end);
	char last = end > opt ? end[-1] : '\0';

	if (last >= '0' && last <= '9') {
		emu.nr = value;
		emu.uniform = *end == 'U' || *end == 'u';
		end += emu.uniform;
	} else {
		emu.size = ALIGN(value, FAKE_NODE_ALIGN);
	}
	if (*opt < '0' || *opt > '9' || *end || !value ||
	    (emu.size && emu.size < value))
		return option_malformed("numa=fake", opt,
					"is neither a count nor a size");
	if (emu.size > value)
		pr_warn("numa=fake=%s is rounded up to %lluM, the largest block\n",
			opt, emu.size >> 20);
	this_fw()->numa.emu = emu;
	return 0;
}

static u64 emu_bytes(const struct numa_meminfo *mi, int nid)
{
	u64 sum = 0;
	int i;

	for (i = 0; i < mi->nr_blks; i++)
		if (nid == NUMA_NO_NODE || mi->blk[i].nid == nid)
			sum += mi->blk[i].end - mi->blk[i].start;
	return sum;
}

/*
 * How many fake nodes @p gives, of @left_nodes for the @left_bytes of this
 * and the @left_phys physical nodes after it.
 */
static void emu_share(struct emu_phys *p, const struct numa_emu *emu,
		      u64 left_nodes, u64 left_bytes, u64 left_phys)
{
	u64 most = left_nodes > left_phys ? left_nodes - left_phys : 1;

	p->share = 0;
	if (emu->size) {
		p->share = emu->size;
		p->nr = DIV_ROUND_UP(p->size, emu->size);
	} else if (emu->uniform) {
		p->nr = emu->nr;
	} else {
		/* In MiB, so that the product fits in 64 bits. */
		p->nr = ((p->size >> 20) * left_nodes +
			 (left_bytes >> 21)) / max(left_bytes >> 20, 1ULL);
		p->nr = min(p->nr, most);
	}
	p->nr = max(p->nr, 1ULL);
}

/* Bytes of @p dealt out when its fake node @index is full. */
static u64 emu_target(const struct emu_phys *p)
{
	if (p->index + 1 >= p->nr)
		return p->size;
	if (p->share)
		return min(p->size, p->share * (p->index + 1));
	return p->size / p->nr * (p->index + 1);
}

/*
 * Where the fake node being filled ends, for RAM from @start on: the boundary
 * next to what it is still to get, one block at least. U64_MAX for the last.
 */
static u64 emu_boundary(const struct emu_phys *p, u64 start)
{
	u64 target = emu_target(p), cut = start;

	if (p->index + 1 >= p->nr)
		return U64_MAX;
	if (target > p->taken)
		cut += target - p->taken;
	cut = ALIGN_DOWN(cut + FAKE_NODE_ALIGN / 2, FAKE_NODE_ALIGN);
	return cut > start ? cut : ALIGN(start + 1, FAKE_NODE_ALIGN);
}

/* Deals [start, end) of @p out to fake nodes, appending to @out. */
static int emu_deal(struct emu_phys *p, u64 start, u64 end,
		    struct numa_meminfo *out, int *to_phys, int *nr_fake)
{
	u64 boundary, cut;

	while (start < end) {
		boundary = emu_boundary(p, start);
		cut = min(boundary, end);
		if (p->fake < 0) {
			p->fake = (*nr_fake)++;
			to_phys[p->fake] = p->nid;
		}
		if (numa_add_memblk_to(out, p->fake, start, cut))
			return -EINVAL;
		p->taken += cut - start;
		start = cut;
		if (cut != boundary)
			continue;
		do
			p->index++;
		while (p->index + 1 < p->nr && p->taken >= emu_target(p));
		p->fake = -1;
	}
	return 0;
}

int numa_emu_split(const struct numa_meminfo *mi, const struct numa_emu *emu,
		   struct numa_meminfo *out, int to_phys[MAX_NUMNODES])
{
	u64 left_nodes = emu->nr, left_bytes = emu_bytes(mi, NUMA_NO_NODE);
	int nr_fake = 0, nr_phys = 0, nid, i, err;
	struct emu_phys p;

	out->nr_blks = 0;
	for (nid = 0; nid < MAX_NUMNODES; nid++)
		nr_phys += emu_bytes(mi, nid) != 0;
	for (nid = 0; nid < MAX_NUMNODES; nid++) {
		p = (struct emu_phys){ .nid = nid, .fake = -1,
				       .size = emu_bytes(mi, nid) };
		if (!p.size)
			continue;
		/* Each physical node yet to come needs a number. */
		if (nr_fake >= MAX_NUMNODES)
			return -ENOSPC;
		emu_share(&p, emu, left_nodes, left_bytes, (u64)--nr_phys);
		p.nr = min(p.nr, (u64)(MAX_NUMNODES - nr_fake - nr_phys));
		for (i = 0; i < mi->nr_blks; i++) {
			if (mi->blk[i].nid != nid)
				continue;
			err = emu_deal(&p, mi->blk[i].start, mi->blk[i].end,
				       out, to_phys, &nr_fake);
			if (err)
				return err;
		}
		left_bytes -= p.size;
		left_nodes -= min(left_nodes, p.nr);
	}
	return nr_fake;
}

/* The parts of @mi's ranges that are RAM: only those are worth dealing out. */
static int __init emu_ram_of(const struct numa_meminfo *mi,
			     struct numa_meminfo *ram)
{
	struct memblock_region *r;
	u64 start, end;
	int i;

	ram->nr_blks = 0;
	for (i = 0; i < mi->nr_blks; i++) {
		for_each_mem_region(r) {
			start = max(mi->blk[i].start, (u64)r->base);
			end = min(mi->blk[i].end, (u64)(r->base + r->size));
			if (start < end &&
			    numa_add_memblk_to(ram, mi->blk[i].nid, start, end))
				return -ENOSPC;
		}
	}
	return 0;
}

static int __init emu_first_fake(const int *to_phys, int nr_fake, int nid)
{
	int fake;

	for (fake = 0; fake < nr_fake; fake++)
		if (to_phys[fake] == nid)
			return fake;
	return NUMA_NO_NODE;
}

/* Processors follow their physical node to the first fake one of it. */
static void __init emu_move_cpus(const int *to_phys, int nr_fake)
{
	struct numa_state *n = &this_fw()->numa;
	int fake;
	u32 i;

	nodes_clear(n->nodes_cpu);
	for (i = 0; i < n->nr_apicid; i++) {
		fake = emu_first_fake(to_phys, nr_fake, n->apicid_node[i]);
		n->apicid_node[i] = (s16)fake;
		if (fake != NUMA_NO_NODE)
			node_set(fake, n->nodes_cpu);
	}
}

/* A table of the fake nodes' distances in place of the physical ones'. */
static void __init emu_set_distances(const int *to_phys, int nr_fake)
{
	struct numa_state *n = &this_fw()->numa;
	struct machine *m = this_machine();
	u8 *phys = m->numa_distance;
	int cnt = m->numa_distance_cnt, i, j, a, b;

	m->numa_distance = NULL;
	m->numa_distance_cnt = 0;
	nodes_clear(n->nodes_parsed);
	for (i = 0; i < nr_fake; i++)
		node_set(i, n->nodes_parsed);
	for (i = 0; i < nr_fake; i++) {
		for (j = 0; j < nr_fake; j++) {
			a = to_phys[i];
			b = to_phys[j];
			if (a < cnt && b < cnt)
				numa_set_distance(i, j, phys[a * cnt + b]);
			else
				numa_set_distance(i, j, a == b ?
						  LOCAL_DISTANCE :
						  REMOTE_DISTANCE);
		}
	}
	if (phys)
		memblock_free(phys, (size_t)cnt * (size_t)cnt);
}

void __init numa_emulate(struct numa_meminfo *mi, const struct numa_emu *emu)
{
	struct numa_meminfo ram, out;
	int to_phys[MAX_NUMNODES], nr_fake = -ENOSPC, i;

	if (!emu_ram_of(mi, &ram))
		nr_fake = numa_emu_split(&ram, emu, &out, to_phys);
	if (nr_fake <= 0) {
		pr_warn("NUMA: too many ranges to fake nodes. NUMA emulation disabled.\n");
		return;
	}
	for (i = 0; i < out.nr_blks; i++)
		pr_info("Faking node %d at [mem 0x%016llx-0x%016llx] (%lluMB)\n",
			out.blk[i].nid, out.blk[i].start, out.blk[i].end - 1,
			(out.blk[i].end - out.blk[i].start) >> 20);
	if (emu->nr && !emu->uniform && (u64)nr_fake < emu->nr)
		pr_warn("NUMA: %llu nodes were asked for, there are %d: a node has at least %lluM, and there are at most %d\n",
			emu->nr, nr_fake, FAKE_NODE_ALIGN >> 20, MAX_NUMNODES);
	numa_sort_meminfo(&out);
	*mi = out;
	emu_move_cpus(to_phys, nr_fake);
	emu_set_distances(to_phys, nr_fake);
}
