// SPDX-License-Identifier: MIT
/*
 * Where ZONE_MOVABLE starts in each node.
 *
 *   node   |==== kernel ====|........ movable ........|
 *                           zone_movable_pfn[nid]
 *
 * It is cut from the highest zone that has memory (the usable zone), by the
 * first of these that the command line has:
 *
 *   movable_node       hot-pluggable memory is movable
 *   kernelcore=mirror  what is not mirrored is movable
 *   kernelcore=n[KMG%] that much is the kernel's, spread evenly over nodes
 *   movablecore=n[KMG%] that much is movable; with both, the kernel gets the
 *                      larger share that either leaves it
 *
 * The start is rounded up to a max-order block, so that no block is in two
 * zones; a node whose start would be its end has no movable zone.
 */
#include "early.h"

#include <linux/errno.h>
#include <linux/kstrtox.h>
#include <linux/math.h>
#include <linux/printk.h>
#include <linux/string.h>

static unsigned long frames_of(int nid)
{
	unsigned long start, end, n = 0;
	int i;

	for_each_mem_pfn_range(i, nid, &start, &end, NULL)
		n += end - start;
	return n;
}

static void movable_start_at_most(int nid, unsigned long pfn)
{
	unsigned long *movable = &this_machine()->zone_movable_pfn[nid];

	*movable = *movable ? min(*movable, pfn) : pfn;
}

static void movable_from_hotplug(void)
{
	struct memblock_region *r;

	for_each_mem_region(r)
		if (memblock_is_hotpluggable(r))
			movable_start_at_most(r->nid, PFN_DOWN(r->base));
}

/* What lies below 4 GiB is the kernel's in any case: devices need it. */
static void movable_from_mirror(void)
{
	bool unmirrored_low = false;
	struct memblock_region *r;

	if (!memblock.has_mirror) {
		pr_warn("The system has no mirror memory, ignore kernelcore=mirror.\n");
		return;
	}
	for_each_mem_region(r) {
		unsigned long start = memblock_region_memory_base_pfn(r);

		if (memblock_is_mirror(r))
			continue;
		if (start < PHYS_PFN(1ULL << 32))
			unmirrored_low = true;
		else
			movable_start_at_most(r->nid, start);
	}
	if (unmirrored_low)
		pr_warn("This configuration results in unmirrored kernel memory.\n");
}

/* Frames that must be the kernel's by kernelcore= and movablecore=; 0: all. */
static unsigned long kernelcore_frames(void)
{
	const struct early_options *o = &this_machine()->early;
	unsigned long total = frames_of(MAX_NUMNODES);
	unsigned long kernel = PHYS_PFN(o->kernelcore);
	unsigned long movable = PHYS_PFN(o->movablecore);

	if (o->kernelcore_percent)
		kernel = (unsigned long)((u64)total * o->kernelcore_percent /
					 100);
	if (o->movablecore_percent)
		movable = (unsigned long)((u64)total * o->movablecore_percent /
					  100);
	if (movable) {
		movable = min(ALIGN(movable, MAX_ORDER_NR_PAGES), total);
		kernel = max(kernel, total - movable);
	}
	return kernel < total ? kernel : 0;
}

/*
 * Gives the kernel up to @share frames of @nid, starting where it stands;
 * frames below @usable count but can never be movable. Returns what it got.
 */
static unsigned long kernelcore_take(int nid, unsigned long share,
				     unsigned long usable)
{
	unsigned long *movable = &this_machine()->zone_movable_pfn[nid];
	unsigned long got = 0;
	struct pfn_span r;
	int i;

	for_each_mem_pfn_range(i, nid, &r.start, &r.end, NULL) {
		unsigned long n;

		r.start = max(r.start, *movable);
		if (r.start >= r.end)
			continue;
		if (r.start < usable) {
			n = min(r.end, usable) - r.start;
			got += n;
			*movable = r.start + n;
			r.start = *movable;
		}
		n = min(pfn_span_size(r), got < share ? share - got : 0);
		if (r.start < r.end)
			*movable = r.start + n;
		got += n;
		if (got >= share)
			break;
	}
	return got;
}

static int nodes_with_memory(void)
{
	int nid, n = 0;

	for_each_online_node(nid)
		n += frames_of(nid) != 0;
	return n;
}

/*
 * Spreads the kernel's frames evenly. A node that has too few leaves a rest,
 * which goes to the others in another round.
 */
static void movable_from_kernelcore(unsigned long required)
{
	unsigned long usable =
		this_machine()->arch_zone_lowest[zone_movable_index()];
	int nodes = nodes_with_memory(), nid;

	while (nodes && required > (unsigned long)nodes) {
		unsigned long share = required / (unsigned long)nodes;

		for_each_online_node(nid) {
			if (required < share)
				share = required / (unsigned long)nodes;
			required -= min(required,
					kernelcore_take(nid, share, usable));
		}
		nodes--;
	}
}

static void movable_align_starts(void)
{
	unsigned long *movable = this_machine()->zone_movable_pfn;
	unsigned long start, end;
	int nid;

	for_each_online_node(nid) {
		get_pfn_range_for_nid((unsigned int)nid, &start, &end);
		movable[nid] = ALIGN(movable[nid], MAX_ORDER_NR_PAGES);
		if (movable[nid] >= end)
			movable[nid] = 0;
	}
}

void movable_zone_setup(void)
{
	const struct early_options *o = &this_machine()->early;
	unsigned long kernel;

	if (o->movable_node) {
		movable_from_hotplug();
	} else if (o->kernelcore_mirror) {
		movable_from_mirror();
	} else {
		kernel = kernelcore_frames();
		if (kernel)
			movable_from_kernelcore(kernel);
	}
	movable_align_starts();
}

/* ---- options ---- */

/* "50%" or "512M", and nothing after it. */
static int parse_core(const char *name, char *val, u64 *bytes,
		      unsigned int *percent)
{
	unsigned long long n;
	char *end;

	if (!val || *val < '0' || *val > '9')
		return option_malformed(name, val,
					"is neither a size nor a percentage");
	n = simple_strtoull(val, &end, 0);
	if (*end == '%') {
		if (n > 100 || end[1])
			return option_malformed(name, val,
						"is no percentage up to 100");
		*percent = (unsigned int)n;
		*bytes = 0;
		return 0;
	}
	n = memparse(val, &end);
	if (*end)
		return option_malformed(name, val,
					"is neither a size nor a percentage");
	*bytes = n;
	*percent = 0;
	return 0;
}

static int kernelcore_option(char *val)
{
	struct early_options *o = &this_machine()->early;

	if (val && !strcmp(val, "mirror")) {
		o->kernelcore_mirror = true;
		return 0;
	}
	return parse_core("kernelcore", val, &o->kernelcore,
			  &o->kernelcore_percent);
}
early_param("kernelcore", kernelcore_option);

static int movablecore_option(char *val)
{
	struct early_options *o = &this_machine()->early;

	return parse_core("movablecore", val, &o->movablecore,
			  &o->movablecore_percent);
}
early_param("movablecore", movablecore_option);

static int movable_node_option(char *val)
{
	if (val)
		return option_malformed("movable_node", val,
					"takes no value");
	this_machine()->early.movable_node = true;
	return 0;
}
early_param("movable_node", movable_node_option);
