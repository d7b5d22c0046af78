// SPDX-License-Identifier: MIT
/*
 * memblock: walking over what is in one type and not in another.
 *
 * A position is a u64 with two indices: low half, the region of type a;
 * high half, the gap of type b. Gap i of b lies between its regions i - 1
 * and i, the outer ones reaching to 0 and to PHYS_ADDR_MAX:
 *
 *   a    |===0===|     |======1======|
 *   b       |#0#|         |#1#|
 *   gap  --0-|  |---1-----|   |---2------
 *
 * Each step yields the overlap of one region and one gap, then advances
 * whichever of the two ends first. ULLONG_MAX is the end, and where a walk
 * down starts.
 */
#include "memblock_internal.h"

#include <linux/mmzone.h>

struct memblock_span {
	phys_addr_t start, end;		/* bytes */
};

/* The walk does not want @r: wrong node, or of a kind not asked for. */
static bool memblock_skip_region(const struct memblock_state *mb,
				 const struct memblock_type *type,
				 struct memblock_region *r, int nid,
				 enum memblock_flags flags)
{
	if (type != &mb->memory)
		return false;
	if (nid_is_valid(nid) && nid != r->nid)
		return true;
	if (memblock_is_hotpluggable(r) && !(flags & MEMBLOCK_HOTPLUG) &&
	    this_machine()->early.movable_node)
		return true;
	if ((flags & MEMBLOCK_MIRROR) && !memblock_is_mirror(r))
		return true;
	if (!(flags & MEMBLOCK_NOMAP) && memblock_is_nomap(r))
		return true;
	return !(flags & MEMBLOCK_DRIVER_MANAGED) &&
	       memblock_is_driver_managed(r);
}

static struct memblock_span memblock_gap(const struct memblock_type *b,
					 unsigned long i)
{
	struct memblock_span gap = { 0, PHYS_ADDR_MAX };

	if (b && i > 0)
		gap.start = region_end(&b->regions[i - 1]);
	if (b && i < b->cnt)
		gap.end = b->regions[i].base;
	return gap;
}

static void memblock_yield(const struct memblock_region *r,
			   struct memblock_span gap, phys_addr_t *out_start,
			   phys_addr_t *out_end, int *out_nid)
{
	if (out_start)
		*out_start = max(r->base, gap.start);
	if (out_end)
		*out_end = min(region_end(r), gap.end);
	if (out_nid)
		*out_nid = r->nid;
}

void memblock_next(const struct memblock_state *mb, u64 *idx, int nid,
		   enum memblock_flags flags, const struct memblock_type *a,
		   const struct memblock_type *b, phys_addr_t *out_start,
		   phys_addr_t *out_end, int *out_nid)
{
	u32 ia = (u32)*idx, ib = (u32)(*idx >> 32);
	u32 nr_gaps = b ? (u32)b->cnt + 1 : 1;

	for (; ia < a->cnt; ia++) {
		struct memblock_region *r = &a->regions[ia];

		if (memblock_skip_region(mb, a, r, nid, flags))
			continue;
		for (; ib < nr_gaps; ib++) {
			struct memblock_span gap = memblock_gap(b, ib);

			if (gap.start >= region_end(r))
				break;
			if (gap.end <= r->base)
				continue;
			memblock_yield(r, gap, out_start, out_end, out_nid);
			if (region_end(r) <= gap.end)
				ia++;
			else
				ib++;
			*idx = ia | (u64)ib << 32;
			return;
		}
	}
	*idx = ULLONG_MAX;
}

void memblock_prev(const struct memblock_state *mb, u64 *idx, int nid,
		   enum memblock_flags flags, const struct memblock_type *a,
		   const struct memblock_type *b, phys_addr_t *out_start,
		   phys_addr_t *out_end, int *out_nid)
{
	s32 ia = (s32)*idx, ib = (s32)(*idx >> 32);

	if (*idx == ULLONG_MAX) {
		ia = (s32)a->cnt - 1;
		ib = b ? (s32)b->cnt : 0;
	}
	for (; ia >= 0; ia--) {
		struct memblock_region *r = &a->regions[ia];

		if (memblock_skip_region(mb, a, r, nid, flags))
			continue;
		for (; ib >= 0; ib--) {
			struct memblock_span gap = memblock_gap(b, (u32)ib);

			if (gap.end <= r->base)
				break;
			if (gap.start >= region_end(r))
				continue;
			memblock_yield(r, gap, out_start, out_end, out_nid);
			if (r->base >= gap.start)
				ia--;
			else
				ib--;
			*idx = (u32)ia | (u64)(u32)ib << 32;
			return;
		}
	}
	*idx = ULLONG_MAX;
}

void __next_mem_range(u64 *idx, int nid, enum memblock_flags flags,
		      struct memblock_type *type_a,
		      struct memblock_type *type_b, phys_addr_t *out_start,
		      phys_addr_t *out_end, int *out_nid)
{
	memblock_next(memblock_current(), idx, nid, flags, type_a, type_b,
		      out_start, out_end, out_nid);
}

void __next_mem_range_rev(u64 *idx, int nid, enum memblock_flags flags,
			  struct memblock_type *type_a,
			  struct memblock_type *type_b,
			  phys_addr_t *out_start, phys_addr_t *out_end,
			  int *out_nid)
{
	memblock_prev(memblock_current(), idx, nid, flags, type_a, type_b,
		      out_start, out_end, out_nid);
}

void __next_mem_pfn_range(int *idx, int nid, unsigned long *out_start_pfn,
			  unsigned long *out_end_pfn, int *out_nid)
{
	const struct memblock_type *type = &memblock_current()->memory;

	while (++*idx < (int)type->cnt) {
		const struct memblock_region *r = &type->regions[*idx];
		unsigned long start = PFN_UP(r->base);
		unsigned long end = PFN_DOWN(region_end(r));

		if (start >= end || (nid_is_valid(nid) && nid != r->nid))
			continue;
		if (out_start_pfn)
			*out_start_pfn = start;
		if (out_end_pfn)
			*out_end_pfn = end;
		if (out_nid)
			*out_nid = r->nid;
		return;
	}
	*idx = -1;
}

void __next_mem_pfn_range_in_zone(u64 *idx, struct zone *zone,
				  unsigned long *out_spfn,
				  unsigned long *out_epfn)
{
	struct memblock_state *mb = memblock_current();
	unsigned long start_pfn, end_pfn;
	phys_addr_t start, end;

	for (;;) {
		memblock_next(mb, idx, zone_to_nid(zone), MEMBLOCK_NONE,
			      &mb->memory, &mb->reserved, &start, &end, NULL);
		if (*idx == ULLONG_MAX)
			break;
		/* Past the zone's end no later range can be inside it. */
		if (PFN_DOWN(start) >= zone_end_pfn(zone)) {
			*idx = ULLONG_MAX;
			break;
		}
		start_pfn = max(PFN_UP(start), zone->zone_start_pfn);
		end_pfn = min(PFN_DOWN(end), zone_end_pfn(zone));
		if (start_pfn >= end_pfn)
			continue;
		if (out_spfn)
			*out_spfn = start_pfn;
		if (out_epfn)
			*out_epfn = end_pfn;
		return;
	}
	if (out_spfn)
		*out_spfn = ULONG_MAX;
	if (out_epfn)
		*out_epfn = 0;
}
