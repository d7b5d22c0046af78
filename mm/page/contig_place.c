// SPDX-License-Identifier: MIT
/*
 * Blocks at a place with conditions (octavo/contig.h): in a range of
 * addresses, on a multiple of one power of two, not across a multiple of
 * another.
 *
 * Terms. A run is free frames of a zone one after another; it may go over
 * pageblocks. The hull is the part of the zone that the range allows.
 *
 *   hull      low |<------------------------------------->| high
 *   free          |  ====      ===============     ====   |
 *   boundary      |        :        :        :        :   |
 *   taken         |                  xxxxxxx              |
 *
 * A search goes through the pageblocks from the upper end of the hull down to
 * the first run with room, and takes the highest place there: low memory is
 * what others, who reach less far, cannot do without. Pageblocks of the
 * request's own type come first, so that what cannot be moved does not spread;
 * a whole pageblock of another type that is broken becomes one of this type.
 * Nothing is moved for that and no block of the buddy system is larger than
 * needed: the bits of the frames are cleared, whatever blocks they were of.
 *
 * When no run has room and the caller may sleep: CPUs give back what they
 * hold, caches and others are asked for memory, and last of all pages are
 * moved away (alloc_contig_range()), a window of frames after another.
 *
 * Marks and reserves hold as for any request. The zone that the request is of
 * is the highest that the range reaches, so that one for the lowest 16 MiB is
 * not kept from them for the sake of others who must have them.
 *
 * Locks: the zone's, dropped every LOCK_PAGEBLOCKS; what a run was before is
 * looked at again before it is taken.
 *
 * Failure: nothing is changed.
 */
#include "internal.h"

#include <linux/cpuset.h>
#include <linux/kernel.h>
#include <linux/log2.h>
#include <linux/sched.h>
#include <linux/sched/mm.h>
#include <octavo/contig.h>

#include "buddy.h"

#define NO_FRAME	ULONG_MAX

/* Pageblocks that are looked at under one hold of the zone's lock. */
#define LOCK_PAGEBLOCKS	64

/* Rounds of asking others for memory, as long as each gives some. */
#define RECLAIM_ROUNDS	3

/* One request, in frames. */
struct place {
	unsigned long low, high;	/* the range: [low, high) */
	unsigned long nr;		/* wanted */
	unsigned long align;		/* power of two */
	unsigned long boundary;		/* power of two >= nr; 0: none */
	gfp_t gfp;
	int type;			/* migratetype that it is of */
	enum zone_type highest_zoneidx;	/* the zone that it is of */
	struct zonelist *zonelist;	/* where to look, in order */
	const nodemask_t *nodemask;	/* nodes it may use; NULL: any */
};

/* The highest place in the free frames [@start, @end), or NO_FRAME. */
static unsigned long run_fit(const struct place *p, unsigned long start,
			     unsigned long end)
{
	unsigned long pfn, cut;

	start = max(start, p->low);
	end = min(end, p->high);
	if (start >= end || end - start < p->nr)
		return NO_FRAME;
	pfn = ALIGN_DOWN(end - p->nr, p->align);
	if (p->boundary && (pfn ^ (pfn + p->nr - 1)) >= p->boundary) {
		cut = ALIGN_DOWN(pfn + p->nr - 1, p->boundary);
		if (cut < p->nr)
			return NO_FRAME;
		pfn = ALIGN_DOWN(cut - p->nr, p->align);
	}
	return pfn >= start ? pfn : NO_FRAME;
}

/* Whether the frames are free, and of pageblocks that serve anybody. */
static bool place_free(struct zone *zone, unsigned long pfn, unsigned long end)
{
	unsigned long at;

	for (at = pageblock_start_pfn(pfn); at < end; at += pageblock_nr_pages)
		if (buddy_type_at(zone, at) >= MIGRATE_PCPTYPES)
			return false;
	return range_is_free(zone, pfn, end);
}

/* Takes the free frames of one pageblock, and maybe the pageblock over. */
static void pageblock_take_part(struct zone *zone, const struct place *p,
				unsigned long pfn, unsigned long end)
{
	unsigned long start = pageblock_start_pfn(pfn);
	const struct pageblock *pb;
	bool broken;

	pb = pageblock_open(zone, pageblock_number(zone, pfn));
	broken = pageblock_whole(pb) && end - pfn < pageblock_nr_pages;
	buddy_take_range(zone, pfn, end);
	zone_count_free(zone, -(long)(end - pfn), pb->type);
	if (broken && pb->type != p->type &&
	    pageblock_owned(zone, pfn_to_page(start), start))
		buddy_pageblock_retype(zone, start, p->type);
}

/* Takes the frames from @pfn on if they are free; zone lock held. */
static bool place_take(struct zone *zone, const struct place *p,
		       unsigned long pfn)
{
	unsigned long end = pfn + p->nr, stop;

	if (!place_free(zone, pfn, end))
		return false;
	for (; pfn < end; pfn = stop) {
		stop = min(pageblock_end_pfn(pfn), end);
		pageblock_take_part(zone, p, pfn, stop);
	}
	return true;
}

/* Where a search has come to: [start, end) is the run it is in. */
struct search {
	const struct place *p;
	struct zone *zone;
	bool alike;		/* only pageblocks of the request's type */
	unsigned long start;	/* first frame that is known to be free */
	unsigned long end;	/* past the last; start: in no run */
};

/* Down through the runs of the pageblock; true when one was taken. */
static bool search_pageblock(struct search *s, const struct pageblock *pb,
			     unsigned long pfn, unsigned long *found)
{
	unsigned int frame = (unsigned int)pageblock_nr_pages, first;

	if (!pb->nr_free || pb->type >= MIGRATE_PCPTYPES ||
	    (s->alike && pb->type != s->p->type)) {
		s->start = s->end = 0;
		return false;
	}
	for (; frame; frame = first) {
		first = pageblock_run_start(pb, frame - 1);
		if (!pageblock_frame_free(pb, frame - 1)) {
			s->start = s->end = 0;
			continue;
		}
		if (s->end == s->start)
			s->end = pfn + frame;
		s->start = pfn + first;
		*found = run_fit(s->p, s->start, s->end);
		if (*found != NO_FRAME && place_take(s->zone, s->p, *found))
			return true;
	}
	return false;
}

/* The first frame of what was taken, or NO_FRAME. */
static unsigned long search_zone(struct search *s)
{
	struct zone *zone = s->zone;
	unsigned long low = max(s->p->low, zone->zone_start_pfn);
	unsigned long high = min(s->p->high, zone_end_pfn(zone));
	unsigned long pfn, flags, found = NO_FRAME;
	unsigned int held = 0;
	bool taken = false;

	high = min(high, READ_ONCE(zone->first_deferred_pfn));
	if (low >= high || high - low < s->p->nr)
		return NO_FRAME;
	s->start = s->end = 0;
	low = pageblock_start_pfn(low);
	spin_lock_irqsave(&zone->lock, flags);
	for (pfn = pageblock_align(high); pfn > low && !taken;) {
		unsigned long number;

		pfn -= pageblock_nr_pages;
		if (++held % LOCK_PAGEBLOCKS == 0) {
			spin_unlock_irqrestore(&zone->lock, flags);
			spin_lock_irqsave(&zone->lock, flags);
		}
		number = pageblock_number(zone, pfn);
		taken = search_pageblock(s, pageblock_open(zone, number), pfn,
					 &found);
	}
	spin_unlock_irqrestore(&zone->lock, flags);
	return taken ? found : NO_FRAME;
}

/* Whether a page of what was taken is not as free pages are: it is kept. */
static bool place_damaged(unsigned long pfn, unsigned long end)
{
	unsigned long at, bad = NO_FRAME;

	for (at = pfn; at < end && bad == NO_FRAME; at++)
		if (!page_prep_report(pfn_to_page(at), 0))
			bad = at;
	if (likely(bad == NO_FRAME))
		return false;
	for (at = pfn; at < end; at++)
		if (at < bad || (at > bad &&
				 page_prep_report(pfn_to_page(at), 0)))
			page_give(pfn_to_page(at), at, 0);
	return true;
}

/* The zone's own pages of the request's type first, then any. */
static unsigned long zone_take_place(struct zone *zone, const struct place *p)
{
	struct search s = { .p = p, .zone = zone, .alike = true };
	unsigned long pfn;

	for (;;) {
		pfn = search_zone(&s);
		if (pfn != NO_FRAME && !place_damaged(pfn, pfn + p->nr))
			break;
		if (pfn == NO_FRAME) {
			if (!s.alike)
				return NO_FRAME;
			s.alike = false;
		}
	}
	count_vm_events((enum vm_event_item)(PGALLOC_DMA + zone_idx(zone)),
			(long)p->nr);
	return pfn;
}

static bool zone_allowed(struct zone *zone, const struct place *p,
			 unsigned int alloc_flags)
{
	unsigned long mark = zone->_watermark[alloc_flags & ALLOC_WMARK_MASK];

	if (p->low >= zone_end_pfn(zone) || p->high <= zone->zone_start_pfn)
		return false;
	if (page_alloc_state()->slow & PAGE_SLOW_CPUSET &&
	    !cpuset_zone_allowed(zone, p->gfp))
		return false;
	return alloc_flags & ALLOC_NO_WATERMARKS ||
	       zone_watermark_ok(zone, 0, mark + p->nr,
				 (int)p->highest_zoneidx, alloc_flags);
}

/* Makes struct pages of the range, if some are not made yet. */
static bool zone_grow(struct zone *zone, const struct place *p)
{
	return READ_ONCE(zone->first_deferred_pfn) < p->high &&
	       deferred_grow_zone(zone, MAX_PAGE_ORDER);
}

static unsigned long place_search(const struct place *p,
				  unsigned int alloc_flags)
{
	unsigned long pfn = NO_FRAME;
	struct zoneref *z;
	struct zone *zone;

	for_each_zone_zonelist_nodemask(zone, z, p->zonelist,
					p->highest_zoneidx, p->nodemask) {
		do {
			if (zone_allowed(zone, p, alloc_flags))
				pfn = zone_take_place(zone, p);
		} while (pfn == NO_FRAME && zone_grow(zone, p));
		if (pfn != NO_FRAME)
			break;
	}
	return pfn;
}

/* Asks others for memory; whether they gave some. */
static bool place_reclaim(const struct place *p)
{
	const struct page_upcalls *up = page_alloc_state()->upcalls;
	unsigned long freed;
	unsigned int scope;

	if (!up || !up->try_to_free_pages)
		return false;
	scope = memalloc_noreclaim_save();
	freed = up->try_to_free_pages(p->zonelist, ilog2(p->nr), p->gfp,
				      p->nodemask);
	memalloc_noreclaim_restore(scope);
	cond_resched();
	return freed;
}

/* Whether the frames look as if they could all be had. */
static bool window_hopeful(struct zone *zone, unsigned long pfn,
			   unsigned long end)
{
	const struct page_upcalls *up = page_alloc_state()->upcalls;

	for (; pfn < end; pfn++) {
		const struct page *page;

		if (zone_pfn_deferred(zone, pfn) || !pfn_valid(pfn))
			return false;
		page = pfn_to_page(pfn);
		if (page_zone(page) != zone || PageReserved(page))
			return false;
		if (page_ref_count(page) && !up->page_movable(page))
			return false;
	}
	return true;
}

/* The same after pages in use were moved out of a window of the zone. */
static unsigned long zone_move_place(struct zone *zone, const struct place *p)
{
	unsigned long low = max(p->low, zone->zone_start_pfn);
	unsigned long high = min(p->high, zone_end_pfn(zone));
	unsigned long step = max(p->align, pageblock_nr_pages);
	unsigned long pfn;

	/* Each window ends where the one before ended, or a step below. */
	while ((pfn = run_fit(p, low, high)) != NO_FRAME) {
		unsigned int type = (unsigned int)buddy_type_at(zone, pfn);

		if (type < MIGRATE_PCPTYPES &&
		    window_hopeful(zone, pfn, pfn + p->nr) &&
		    !alloc_contig_range(pfn, pfn + p->nr, type, p->gfp))
			return pfn;
		if (pfn + p->nr - low < step)
			break;
		high = pfn + p->nr - step;
		cond_resched();
	}
	return NO_FRAME;
}

static unsigned long place_move(const struct place *p)
{
	const struct page_upcalls *up = page_alloc_state()->upcalls;
	unsigned long pfn = NO_FRAME;
	struct zoneref *z;
	struct zone *zone;

	if (!up || !up->page_movable || !up->migrate_range)
		return NO_FRAME;
	for_each_zone_zonelist_nodemask(zone, z, p->zonelist,
					p->highest_zoneidx, p->nodemask) {
		if (zone_allowed(zone, p, page_alloc_flags(p->gfp, 0)))
			pfn = zone_move_place(zone, p);
		if (pfn != NO_FRAME)
			break;
	}
	return pfn;
}

/* The first frame, its pages made the caller's; or NO_FRAME. */
static unsigned long place_get(const struct place *p)
{
	unsigned int alloc_flags = page_alloc_flags(p->gfp, 0), round;
	unsigned long pfn;

	if ((p->gfp & (__GFP_MEMALLOC | __GFP_NOMEMALLOC)) == __GFP_MEMALLOC)
		alloc_flags |= ALLOC_NO_WATERMARKS;
	pfn = place_search(p, ALLOC_WMARK_LOW);
	if (pfn == NO_FRAME)
		pfn = place_search(p, alloc_flags);
	if (pfn != NO_FRAME || !(p->gfp & __GFP_DIRECT_RECLAIM))
		goto out;
	for (round = 0; pfn == NO_FRAME; round++) {
		drain_all_pages(NULL);
		pfn = place_search(p, alloc_flags);
		if (pfn != NO_FRAME || round == RECLAIM_ROUNDS ||
		    !place_reclaim(p))
			break;
	}
	if (pfn == NO_FRAME)
		return place_move(p);
out:
	if (pfn != NO_FRAME)
		range_prepare(pfn, pfn + p->nr, p->gfp);
	return pfn;
}

/* Why no block of @size bytes can be at @place; NULL when one could. */
static const char *place_fault(size_t size, const struct contig_place *place)
{
	phys_addr_t high = place->high ?: PHYS_ADDR_MAX;

	if (!size)
		return "it is of no size";
	if (size > PAGE_ALIGN_DOWN(SIZE_MAX))
		return "it is larger than any memory";
	if (place->align & (place->align - 1))
		return "the alignment is no power of two";
	if (place->boundary & (place->boundary - 1))
		return "the boundary is no power of two";
	if (place->boundary && place->boundary < PAGE_ALIGN(size))
		return "the boundary is smaller than the size";
	if (place->low >= high)
		return "the range is empty";
	if (PAGE_ALIGN(size) > high - place->low)
		return "the range is smaller than the size";
	return NULL;
}

static void place_report(size_t size, const struct contig_place *place,
			 gfp_t gfp, const char *why)
{
	if (gfp & __GFP_NOWARN || !page_report_allowed("contiguous requests"))
		return;
	pr_warn("contig: no block of %zu bytes in [mem %#llx-%#llx], alignment %#llx, boundary %#llx: %s\n",
		size, (u64)place->low, (u64)place->high - 1, (u64)place->align,
		(u64)place->boundary, why);
}

/* No zone above it holds a frame of the range. */
static enum zone_type place_zone(const struct place *p)
{
	const struct machine *m = this_machine();
	unsigned int idx = gfp_zone(p->gfp);

	/* What is MOVABLE lies among the frames of the others. */
	while (idx && idx != ZONE_MOVABLE &&
	       (m->arch_zone_lowest[idx] == m->arch_zone_highest[idx] ||
		p->high <= m->arch_zone_lowest[idx]))
		idx--;
	return (enum zone_type)idx;
}

/* In frames, which go no further than memory can. */
static unsigned long place_frames(phys_addr_t bytes)
{
	return PFN_UP(min(bytes, (phys_addr_t)1 << MAX_PHYSMEM_BITS));
}

static void place_init(struct place *p, size_t size,
		       const struct contig_place *place, gfp_t gfp)
{
	phys_addr_t high = place->high ?: PHYS_ADDR_MAX;

	*p = (struct place) {
		.low = place_frames(place->low),
		.high = min((unsigned long)PFN_DOWN(high), max_pfn),
		.nr = PFN_UP(size),
		.align = max(place_frames(place->align), 1UL),
		.boundary = place_frames(place->boundary),
		.gfp = gfp,
		.type = gfp_migratetype(gfp),
	};
	p->highest_zoneidx = place_zone(p);
}

struct page *alloc_contig_pages_within(size_t size,
				       const struct contig_place *place,
				       gfp_t gfp, int nid,
				       const nodemask_t *nodemask)
{
	const char *fault = place_fault(size, place);
	unsigned long pfn = NO_FRAME;
	struct place p;

	if (nid == NUMA_NO_NODE)
		nid = numa_node_id();
	if (!fault && ((unsigned int)nid >= MAX_NUMNODES || !NODE_DATA(nid)))
		fault = "the node is not online";
	if (fault) {
		place_report(size, place, gfp, fault);
		return NULL;
	}
	if (page_alloc_should_fail(gfp, (unsigned int)get_order(size)))
		return NULL;
	gfp = page_alloc_context_check(gfp, _RET_IP_);
	place_init(&p, size, place, gfp);
	p.zonelist = node_zonelist(nid, gfp);
	p.nodemask = nodemask;
	if (p.low < p.high && p.nr <= p.high - p.low)
		pfn = place_get(&p);
	if (pfn != NO_FRAME)
		return pfn_to_page(pfn);
	place_report(size, place, gfp, "no such run of frames is free");
	return NULL;
}

void free_contig_pages_within(struct page *page, size_t size)
{
	if (page)
		free_contig_range(page_to_pfn(page), PFN_UP(size));
}
