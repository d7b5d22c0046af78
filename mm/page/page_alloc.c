// SPDX-License-Identifier: MIT
/*
 * Asking for pages: from a request's flags to a block of a zone.
 *
 *   alloc_pages, alloc_page, folio_alloc, __get_free_pages, ...
 *        └─► page_fast.c, and what is not served there:
 *            __alloc_pages_slow
 *              ├─ page_alloc_context      flags -> zonelist, zone, type
 *              ├─ page_alloc_from_zonelist   each zone above its low mark
 *              │    ├─ zone_watermark_test
 *              │    ├─ node_reclaim        with vm.zone_reclaim_mode
 *              │    ├─ zone_take ─► pcp_take      this CPU's list, refilled
 *              │    │          └──► buddy_alloc   under the zone's lock
 *              │    └─ page_prepare            reference, zeroes, compound
 *              └─ page_alloc_slowpath     marks lowered, reclaim (slowpath.c)
 *
 * A zone may be used when what would be left of its free pages exceeds the
 * watermark plus what the zone keeps for requests that cannot go higher:
 *
 *   free - (2^order - 1) - reserved  >  mark + lowmem_reserve[highest zone]
 *
 * and, for more than one page, some list holds a block large enough. So small
 * requests cannot use up a zone that only large addresses spare, and a zone
 * never runs dry of what must succeed.
 *
 * Struct pages of a large machine are made late (deferred.c). Their frames
 * count as free from the start; a zone whose lists cannot serve a request
 * while such frames remain has some made on the spot.
 *
 * Invariants of a page that is handed out:
 *   I1  one reference (the tails of a block: none), no mapping, no flags but
 *       PG_head and PG_tail, no type
 *   I2  a block of more than one page is compound (__GFP_COMP), or its second
 *       page says its order (PGTY_block)
 *   I3  it lies in a zone at or below gfp_zone(), of an allowed node
 *
 * Locks: zone->lock inside; none held on entry.
 *
 * Failure: NULL, after a report unless __GFP_NOWARN (report.c).
 */
#include "internal.h"

#include "page_debug.h"
#include "pcp.h"
#include "tails.h"

#include <linux/cpuset.h>
#include <linux/instruction_pointer.h>
#include <linux/kernel.h>
#include <linux/sched.h>
#include <linux/sched/mm.h>
#include <linux/smp.h>
#include <octavo/fail_page.h>
#include <octavo/trace_watch.h>
#include <trace/events/kmem.h>

#include <asm/clear_page.h>

DEFINE_PER_CPU(int, numa_node);
DEFINE_PER_CPU(int, numa_mem);

int node_to_mem_node(int nid)
{
	struct zoneref *z = first_zones_zonelist(node_zonelist(nid, GFP_KERNEL),
						 gfp_zone(GFP_KERNEL), NULL);

	return z->zone ? zone_to_nid(z->zone) : nid;
}

/* Pages that the request may not have, whatever the mark. */
static long zone_unusable_free(struct zone *zone, unsigned int order,
			       unsigned int alloc_flags)
{
	long unusable = (1L << order) - 1;

	if (!(alloc_flags & ALLOC_RESERVES))
		unusable += READ_ONCE(zone->nr_free_highatomic);
	if (!(alloc_flags & ALLOC_CMA))
		unusable += (long)zone_page_state(zone, NR_FREE_CMA_PAGES);
	return unusable;
}

/* How much of @mark a request with a claim to the reserves must leave. */
static long watermark_lower(long mark, unsigned int alloc_flags)
{
	if (alloc_flags & ALLOC_MIN_RESERVE) {
		mark -= mark / 2;
		/* Atomic besides: it cannot wait for reclaim. */
		if (alloc_flags & ALLOC_NON_BLOCK)
			mark -= mark / 4;
	}
	if (alloc_flags & ALLOC_OOM)
		mark -= mark / 2;
	return mark;
}

static bool free_list_held(const struct free_area *area, int type)
{
	/* Read without the lock: a hint, which zone_take() verifies. */
	return __atomic_load_n(&area->nr_type[type], __ATOMIC_RELAXED) != 0;
}

static bool free_area_serves(const struct free_area *area,
			     unsigned int alloc_flags)
{
	int type;

	if (!__atomic_load_n(&area->nr_free, __ATOMIC_RELAXED))
		return false;
	for (type = 0; type < MIGRATE_PCPTYPES; type++)
		if (free_list_held(area, type))
			return true;
	if (alloc_flags & ALLOC_CMA && free_list_held(area, MIGRATE_CMA))
		return true;
	return alloc_flags & (ALLOC_HIGHATOMIC | ALLOC_OOM) &&
	       free_list_held(area, MIGRATE_HIGHATOMIC);
}

bool zone_watermark_test(struct zone *zone, unsigned int order,
			 unsigned long mark, int highest_zoneidx,
			 unsigned int alloc_flags, long free_pages)
{
	long least = watermark_lower((long)mark, alloc_flags);
	unsigned int o;

	free_pages -= zone_unusable_free(zone, order, alloc_flags);
	if (PLANT(mark_off_by_one))
		least--;
	if (free_pages <= least + zone->lowmem_reserve[highest_zoneidx])
		return false;
	if (!order)
		return true;
	for (o = order; o < NR_PAGE_ORDERS; o++)
		if (free_area_serves(&zone->free_area[o], alloc_flags))
			return true;
	return false;
}

bool zone_watermark_ok(struct zone *zone, unsigned int order,
		       unsigned long mark, int highest_zoneidx,
		       unsigned int alloc_flags)
{
	return zone_watermark_test(zone, order, mark, highest_zoneidx,
				   alloc_flags,
				   (long)zone_page_state(zone, NR_FREE_PAGES));
}

bool zone_watermark_ok_safe(struct zone *zone, unsigned int order,
			    unsigned long mark, int highest_zoneidx)
{
	return zone_watermark_ok(zone, order, mark, highest_zoneidx, 0);
}

/* A page straight from a free list that somebody wrote to. */
static const char *page_prep_fault(const struct page *page)
{
	if (page_ref_count(page) != 0)
		return "nonzero _refcount of a free page";
	if (page_type_read(page) != PAGE_TYPE_NONE)
		return "nonzero mapcount of a free page";
	if (page_flags_read(page) & PAGE_FLAGS_CHECK_AT_PREP)
		return "PAGE_FLAGS_CHECK_AT_PREP flag(s) set";
	return NULL;
}

bool page_prep_report(struct page *page, unsigned int order)
{
	unsigned long i, n = 1UL << order;

	if (order && likely(pages_clean(page, page + n,
					page_links_alone(page))))
		return true;
	for (i = 0; i < n; i++) {
		const char *fault = page_prep_fault(page + i);

		if (unlikely(fault)) {
			bad_page(page + i, fault);
			page_quarantine(page, order);
			return false;
		}
	}
	return true;
}

/*
 * The same of a block that is handed out as it is. All tails of the largest
 * were looked at when they were freed; once more costs as much as all else, and
 * who takes them one by one has each looked at.
 */
static bool page_prep_block(struct page *page, unsigned int order)
{
	if (PAGE_CHECK_ALL_TAILS || pcp_slot(order) != NR_PCP_SLOTS)
		return page_prep_report(page, order);
	if (likely(!page_prep_fault(page) && !page_prep_fault(page + 1)))
		return true;
	return page_prep_report(page, order);
}

/* One block under the zone's lock, counted; NULL when no list has one. */
static struct page *zone_take_locked(struct zone *zone, unsigned int order,
				     int type, unsigned int alloc_flags)
{
	struct page *page = NULL;

	if (alloc_flags & ALLOC_HIGHATOMIC)
		page = buddy_alloc_smallest(zone, order, MIGRATE_HIGHATOMIC);
	if (!page)
		page = buddy_alloc(zone, order, type, alloc_flags);
	/* Who cannot wait, or may have the last page, may use what was kept
	 * for high orders. */
	if (!page && alloc_flags & (ALLOC_OOM | ALLOC_NON_BLOCK |
				    ALLOC_NO_WATERMARKS))
		page = buddy_alloc_smallest(zone, order, MIGRATE_HIGHATOMIC);
	if (!page)
		return NULL;
	type = buddy_type_at(zone, page_to_pfn(page));
	zone_count_free(zone, -(1L << order), type);
	trace_mm_page_alloc_zone_locked(page, order, type,
					pcp_slot(order) != NR_PCP_SLOTS &&
					type < MIGRATE_PCPTYPES);
	return page;
}

/*
 * NUMA counters of @nr pages that @zone serves. Under @zone's lock, which
 * makes its own counters plain; the zone that was wanted is another.
 */
static void zone_count_numa(struct zone *zone, struct zone *preferred, long nr)
{
	enum numa_stat_item place = NUMA_LOCAL;
	enum numa_stat_item luck = NUMA_HIT;

	if (unlikely(!READ_ONCE(page_alloc_state()->numa_stat)))
		return;
	if (zone_to_nid(zone) != numa_node_id())
		place = NUMA_OTHER;
	if (zone_to_nid(zone) != zone_to_nid(preferred)) {
		luck = NUMA_MISS;
		atomic_long_add(nr, &preferred->vm_numa_event[NUMA_FOREIGN]);
	}
	atomic_long_set(&zone->vm_numa_event[luck],
			atomic_long_read(&zone->vm_numa_event[luck]) + nr);
	atomic_long_set(&zone->vm_numa_event[place],
			atomic_long_read(&zone->vm_numa_event[place]) + nr);
}

static void zone_count_alloc(struct zone *zone, unsigned int order, long nr)
{
	count_vm_events((enum vm_event_item)(PGALLOC_DMA + zone_idx(zone)),
			nr << order);
}

static struct page *zone_take(struct zone *zone, struct alloc_context *ac,
			      unsigned int alloc_flags)
{
	unsigned long flags;
	struct page *page;

	do {
		page = pcp_take(zone, ac, alloc_flags, true);
		if (likely(page))
			continue;
		spin_lock_irqsave(&zone->lock, flags);
		page = zone_take_locked(zone, ac->order, ac->migratetype,
					alloc_flags);
		if (page)
			zone_count_numa(zone, ac->preferred->zone, 1);
		spin_unlock_irqrestore(&zone->lock, flags);
		if (!page)
			return NULL;
		zone_count_alloc(zone, ac->order, 1);
	} while (unlikely(!page_prep_block(page, ac->order)));
	return page;
}

/* What this CPU holds of the zone that comes first; no mark protects it. */
static struct page *zone_take_held(struct zone *zone, struct alloc_context *ac,
				   unsigned int alloc_flags)
{
	struct page *page;

	if (zone != ac->preferred->zone)
		return NULL;
	do
		page = pcp_take(zone, ac, alloc_flags, false);
	while (unlikely(page && !page_prep_report(page, ac->order)));
	return page;
}

static noinline void high_pages_zero(struct page *page, unsigned int order)
{
	unsigned long i;

	for (i = 0; i < 1UL << order; i++)
		clear_highpage(page + i);
}

void pages_zero(struct page *page, unsigned int order)
{
	/* A block is of one zone. */
	if (PageHighMem(page))
		high_pages_zero(page, order);
	else if (order)
		clear_pages(lowmem_page_address(page), 1UL << order);
	else
		clear_page(lowmem_page_address(page));
}

/* Makes a block that came off a free list what the caller asked for. */
static void page_prepare(struct page *page, unsigned int order, gfp_t gfp)
{
	page->private = 0;
	page->index = 0;
	VM_BUG_ON_PAGE(page_ref_count(page) != 0, page);
	set_page_count(page, gfp & __GFP_MOVABLE ? 1 : PAGE_REF_SOLE);
	pages_unpoison(page, order);
	page_debug_alloc(page, order, gfp);
	if (gfp & __GFP_ZERO)
		pages_zero(page, order);
	if (!order)
		return;
	if (gfp & __GFP_COMP)
		prep_compound_page(page, order);
	else
		page_type_write(page + 1, page_type_make(PGTY_block, order));
}

static bool zone_watermark_fast(struct zone *zone, struct alloc_context *ac,
				unsigned int alloc_flags)
{
	unsigned long mark = zone->_watermark[alloc_flags & ALLOC_WMARK_MASK];
	long free = (long)zone_page_state(zone, NR_FREE_PAGES);

	mark += READ_ONCE(zone->watermark_boost);
	if (zone_watermark_test(zone, ac->order, mark, (int)ac->highest_zoneidx,
				alloc_flags, free))
		return true;
	/* The boost is a hint to reclaim; a reserve may go below it. */
	if (ac->order || !READ_ONCE(zone->watermark_boost) ||
	    !(alloc_flags & ALLOC_RESERVES))
		return false;
	VM_BUG_ON((alloc_flags & ALLOC_WMARK_MASK) != WMARK_MIN);
	return zone_watermark_test(zone, 0, zone->_watermark[WMARK_MIN],
				   (int)ac->highest_zoneidx, alloc_flags, free);
}

/* The same after what the node holds of cache was reclaimed from. */
static noinline struct page *zone_try_reclaimed(struct zone *zone, gfp_t gfp,
						struct alloc_context *ac,
						unsigned int alloc_flags)
{
	if (!zone_allows_reclaim(ac->preferred->zone, zone) ||
	    !node_reclaim(zone->zone_pgdat, gfp, ac->order) ||
	    !zone_watermark_fast(zone, ac, alloc_flags))
		return NULL;
	return zone_take(zone, ac, alloc_flags);
}

/* Tries @zone, making deferred pages as long as that helps. */
static struct page *zone_try(struct zone *zone, gfp_t gfp,
			     struct alloc_context *ac,
			     unsigned int alloc_flags)
{
	bool listed = pcp_slot(ac->order) != NR_PCP_SLOTS;
	struct page *page;

	if (listed) {
		page = zone_take_held(zone, ac, alloc_flags);
		if (page)
			return page;
	}
	do {
		if (!(alloc_flags & ALLOC_NO_WATERMARKS) &&
		    !zone_watermark_fast(zone, ac, alloc_flags))
			continue;
		page = zone_take(zone, ac, alloc_flags);
		if (page)
			return page;
	} while (unlikely(deferred_grow_zone(zone, ac->order)));
	if (likely(!READ_ONCE(page_alloc_state()->zone_reclaim_mode)) ||
	    alloc_flags & ALLOC_NO_WATERMARKS)
		return NULL;
	return zone_try_reclaimed(zone, gfp, ac, alloc_flags);
}

/*
 * Whether the pass should keep away from parts of pageblocks of another type.
 * Worth it where DMA32 of the same node can serve instead: better to go one
 * zone down than to mix types.
 */
static unsigned int page_alloc_nofragment(const struct alloc_context *ac)
{
	const struct zone *zone = ac->preferred->zone;

	if (zone_idx(zone) != ZONE_NORMAL)
		return 0;
	return populated_zone(zone - (ZONE_NORMAL - ZONE_DMA32)) ?
	       ALLOC_NOFRAGMENT : 0;
}

/* Whether the request should, or must, look elsewhere. */
static bool zone_passed_over(struct zone *zone, gfp_t gfp,
			     unsigned int alloc_flags,
			     const struct alloc_context *ac)
{
	if (ac->spread_dirty && !node_dirty_ok(zone->zone_pgdat))
		return true;
	return alloc_flags & ALLOC_CPUSET &&
	       page_alloc_state()->slow & PAGE_SLOW_CPUSET &&
	       !cpuset_zone_allowed(zone, gfp);
}

/* What the request has left behind in @zone. */
static void zone_served(struct zone *zone, struct page *page,
			unsigned int alloc_flags,
			const struct alloc_context *ac)
{
	const struct page_upcalls *up;

	if (unlikely(alloc_flags & ALLOC_HIGHATOMIC))
		highatomic_reserve(zone, page, ac->order);
	if (likely(!(READ_ONCE(zone->flags) & ZONE_BOOSTED_WATERMARK)) ||
	    !(alloc_flags & ALLOC_KSWAPD))
		return;
	__atomic_fetch_and(&zone->flags, ~ZONE_BOOSTED_WATERMARK,
			   __ATOMIC_RELAXED);
	up = page_alloc_state()->upcalls;
	if (up && up->wakeup_kswapd)
		up->wakeup_kswapd(zone, 0, 0, (enum zone_type)zone_idx(zone));
}

struct page *page_alloc_from_zonelist(gfp_t gfp, unsigned int alloc_flags,
				      struct alloc_context *ac)
{
	int local = zone_to_nid(ac->preferred->zone);
	struct zoneref *z = ac->preferred;
	struct zone *zone;

	for_next_zone_zonelist_nodemask(zone, z, ac->highest_zoneidx,
					ac->nodemask) {
		struct page *page;

		if (unlikely(zone_passed_over(zone, gfp, alloc_flags, ac)))
			continue;
		/* Rather mix types here than go to another node. */
		if (alloc_flags & ALLOC_NOFRAGMENT &&
		    zone_to_nid(zone) != local)
			break;
		page = zone_try(zone, gfp, ac, alloc_flags);
		if (page) {
			page_prepare(page, ac->order, gfp);
			zone_served(zone, page, alloc_flags, ac);
			return page;
		}
	}
	if (alloc_flags & ALLOC_NOFRAGMENT)
		return page_alloc_from_zonelist(gfp,
				alloc_flags & ~ALLOC_NOFRAGMENT, ac);
	return NULL;
}

void page_slow_set(enum page_slow reason, bool on)
{
	unsigned int *slow = &page_alloc_state()->slow;

	if (on)
		__atomic_fetch_or(slow, reason, __ATOMIC_RELAXED);
	else
		__atomic_fetch_and(slow, ~(unsigned int)reason,
				   __ATOMIC_RELAXED);
}

void page_trace_watch(bool on)
{
	page_slow_set(PAGE_SLOW_TRACE, on);
}

void page_alloc_fail_nth(long nth)
{
	atomic_long_set(&page_alloc_state()->fail_nth, nth);
	page_slow_set(PAGE_SLOW_FAIL, nth > 0 || page_fail_wanted());
}

long page_alloc_fail_left(void)
{
	return atomic_long_read(&page_alloc_state()->fail_nth);
}

/* Counts down to the request that is to fail, if a test asked for one. */
static bool page_alloc_fail_step(void)
{
	struct page_alloc_state *pa = page_alloc_state();

	if (atomic_long_read(&pa->fail_nth) <= 0)
		return false;
	if (!atomic_long_dec_and_test(&pa->fail_nth))
		return false;
	atomic_long_inc(&pa->nr_failed);
	return true;
}

bool page_alloc_should_fail(gfp_t gfp, unsigned int order)
{
	if (likely(!(READ_ONCE(page_alloc_state()->slow) & PAGE_SLOW_FAIL)))
		return false;
	if (gfp & __GFP_NOFAIL)
		return false;
	return page_alloc_fail_step() || page_fail_request(gfp, order);
}

gfp_t page_alloc_context_check(gfp_t gfp, unsigned long caller)
{
	gfp &= page_alloc_state()->allowed_mask;
	return page_gfp_check(current_gfp_context(gfp), caller);
}

/* False when no zone fits, so that no search can succeed. */
static bool page_alloc_context(struct alloc_context *ac, gfp_t gfp,
			       unsigned int order, int nid,
			       const nodemask_t *nodemask)
{
	ac->highest_zoneidx = gfp_zone(gfp);
	ac->zonelist = node_zonelist(nid, gfp);
	ac->nodemask = nodemask;
	ac->migratetype = gfp_migratetype(gfp);
	ac->order = order;
	ac->spread_dirty = gfp & __GFP_WRITE;
	ac->preferred = first_zones_zonelist(ac->zonelist, ac->highest_zoneidx,
					     nodemask);
	return ac->preferred->zone;
}

static bool page_alloc_refused(gfp_t gfp, unsigned int order, int nid)
{
	if (unlikely(order > MAX_PAGE_ORDER)) {
		WARN_ONCE(!(gfp & __GFP_NOWARN),
			  "page allocation of order %u, the largest is %d\n",
			  order, MAX_PAGE_ORDER);
		return true;
	}
	if (WARN_ONCE(gfp & ~GFP_MEANS,
		      "page allocation with flags that mean nothing: %#x\n",
		      gfp & ~GFP_MEANS) ||
	    WARN_ONCE(gfp_zones_conflict(gfp),
		      "page allocation from more than one zone: %#x\n", gfp) ||
	    WARN_ONCE((gfp & GFP_MOVABLE_MASK) == GFP_MOVABLE_MASK,
		      "page both movable and reclaimable: %#x\n", gfp) ||
	    WARN_ONCE(!page_alloc_state()->ready,
		      "page allocation before mem_init()\n") ||
	    WARN_ONCE((unsigned int)nid >= MAX_NUMNODES || !NODE_DATA(nid),
		      "page allocation from node %d, which is not online\n",
		      nid))
		return true;
	return page_alloc_should_fail(gfp, order);
}

/* The first attempt, where the task may be kept to some nodes. */
static struct page *page_alloc_from_task_nodes(gfp_t gfp,
					       unsigned int alloc_flags,
					       struct alloc_context *ac)
{
	struct alloc_context near = *ac;

	if (!ac->nodemask)
		near.nodemask = page_task_nodes();
	near.preferred = first_zones_zonelist(ac->zonelist,
					      ac->highest_zoneidx,
					      near.nodemask);
	if (!near.preferred->zone)
		return NULL;
	return page_alloc_from_zonelist(gfp | __GFP_HARDWALL,
					alloc_flags | ALLOC_CPUSET, &near);
}

struct page *__alloc_pages_slow(gfp_t gfp, unsigned int order,
				int preferred_nid, const nodemask_t *nodemask)
{
	unsigned int alloc_flags = ALLOC_WMARK_LOW;
	struct alloc_context ac;
	struct page *page;

	if (unlikely(page_alloc_refused(gfp, order, preferred_nid)))
		return NULL;
	gfp = page_alloc_context_check(gfp, _RET_IP_);
	if (!page_alloc_context(&ac, gfp, order, preferred_nid, nodemask)) {
		page_alloc_failed(gfp, &ac);
		trace_mm_page_alloc(NULL, order, gfp, ac.migratetype);
		return NULL;
	}
	if (ac.migratetype == MIGRATE_MOVABLE)
		alloc_flags |= ALLOC_CMA;
	if (gfp & __GFP_KSWAPD_RECLAIM)
		alloc_flags |= ALLOC_KSWAPD;
	alloc_flags |= page_alloc_nofragment(&ac);
	if (unlikely(page_alloc_state()->slow & PAGE_SLOW_CPUSET))
		page = page_alloc_from_task_nodes(gfp, alloc_flags, &ac);
	else
		page = page_alloc_from_zonelist(gfp, alloc_flags, &ac);
	if (unlikely(!page)) {
		ac.spread_dirty = false;
		page = page_alloc_slowpath(gfp, &ac);
	}
	trace_mm_page_alloc(page, order, gfp, ac.migratetype);
	return page;
}

/* Pages that a bulk request takes under one hold of the zone's lock. */
#define BULK_RUN	64U

/* Takes up to @nr single pages. */
static unsigned long zone_take_bulk(struct zone *zone, unsigned long nr,
				    struct page **pages,
				    struct alloc_context *ac,
				    unsigned int alloc_flags)
{
	unsigned int want, got, i;
	unsigned long flags, n = 0;
	u32 pfns[BULK_RUN];

	do {
		want = (unsigned int)min(nr - n, (unsigned long)BULK_RUN);
		spin_lock_irqsave(&zone->lock, flags);
		got = buddy_take_bulk(zone, 0, ac->migratetype, alloc_flags,
				      want, pfns);
		zone_count_numa(zone, ac->preferred->zone, (long)got);
		spin_unlock_irqrestore(&zone->lock, flags);
		for (i = 0; i < got; i++)
			pages[n++] = pfn_to_page((unsigned long)pfns[i]);
	} while (n < nr && got == want);
	return n;
}

/*
 * Bulk requests take what this CPU holds and what one zone can give above its
 * low mark in one go; the caller fills in the rest one by one.
 */
static unsigned long page_alloc_bulk(gfp_t gfp, struct alloc_context *ac,
				     unsigned long nr, struct page **pages)
{
	struct zone *zone = ac->preferred->zone;
	unsigned int alloc_flags = ALLOC_WMARK_LOW;
	unsigned long mark, i, n, good = 0;
	struct page *held;

	if (ac->migratetype == MIGRATE_MOVABLE)
		alloc_flags |= ALLOC_CMA;
	while (good < nr && (held = zone_take_held(zone, ac, alloc_flags))) {
		page_prepare(held, 0, gfp);
		trace_mm_page_alloc(held, 0, gfp, ac->migratetype);
		pages[good++] = held;
	}
	mark = low_wmark_pages(zone) + nr - good;
	if (good == nr ||
	    !zone_watermark_ok(zone, 0, mark, (int)ac->highest_zoneidx,
			       alloc_flags))
		return good;
	n = good + zone_take_bulk(zone, nr - good, pages + good, ac,
				  alloc_flags);
	zone_count_alloc(zone, 0, (long)(n - good));
	for (i = good; i < n; i++) {
		struct page *page = pages[i];

		trace_mm_page_alloc_zone_locked(page, 0, ac->migratetype, 1);

		pages[i] = NULL;
		if (!page_prep_report(page, 0))
			continue;
		page_prepare(page, 0, gfp);
		trace_mm_page_alloc(page, 0, gfp, ac->migratetype);
		pages[good++] = page;
	}
	return good;
}

/* How many places from @pages[@from] on are empty, one after another. */
static unsigned long places_empty(struct page **pages, unsigned long from,
				  unsigned long nr)
{
	unsigned long n = 0;

	while (from + n < nr && !pages[from + n])
		n++;
	return n;
}

unsigned long alloc_pages_bulk_slow(gfp_t gfp, int preferred_nid,
				    const nodemask_t *nodemask,
				    unsigned long nr, struct page **pages)
{
	struct alloc_context ac;
	unsigned long i = 0;
	bool one_by_one;

	while (i < nr && pages[i])
		i++;
	if (i == nr || page_alloc_refused(gfp, 0, preferred_nid))
		return i;
	gfp = page_alloc_context_check(gfp, _RET_IP_);
	if (!page_alloc_context(&ac, gfp, 0, preferred_nid, nodemask))
		return i;
	/* Each of them has to look at where it comes from. */
	one_by_one = gfp & __GFP_WRITE ||
		     page_alloc_state()->slow & PAGE_SLOW_CPUSET;
	while (i < nr) {
		unsigned long n = places_empty(pages, i, nr);

		if (!n) {
			i++;
			continue;
		}
		n = n > 1 && !one_by_one ?
		    page_alloc_bulk(gfp, &ac, n, pages + i) : 0;
		if (!n) {
			pages[i] = __alloc_pages_slow(gfp, 0, preferred_nid,
						      nodemask);
			if (!pages[i])
				return i;
			n = 1;
		}
		i += n;
	}
	return nr;
}

unsigned long alloc_pages_bulk_array_node(gfp_t gfp, int nid, unsigned long nr,
					  struct page **pages)
{
	if (nid == NUMA_NO_NODE)
		nid = numa_node_id();
	return alloc_pages_bulk_noprof(gfp, nid, NULL, nr, pages);
}
