/* SPDX-License-Identifier: MIT */
/*
 * What the files of mm/page share. buddy.c keeps the free frames, fallback.c
 * decides whose pageblocks to raid, page_alloc.c asks on behalf of callers,
 * page_free.c takes back.
 */
#ifndef _MM_PAGE_INTERNAL_H
#define _MM_PAGE_INTERNAL_H

#include <linux/highmem.h>
#include <linux/limits.h>
#include <linux/mm.h>
#include <linux/page-isolation.h>
#include <linux/spinlock.h>
#include <linux/vmstat.h>
#include <octavo/machine.h>
#include <octavo/plant.h>
#include <octavo/port.h>

#include "../upcalls.h"

/* How far a request may go; the low bits name the watermark it must leave. */
#define ALLOC_WMARK_MIN		WMARK_MIN
#define ALLOC_WMARK_LOW		WMARK_LOW
#define ALLOC_WMARK_HIGH	WMARK_HIGH
#define ALLOC_WMARK_MASK	0x003u
#define ALLOC_NO_WATERMARKS	0x004u	/* down to the last page */
#define ALLOC_OOM		0x008u	/* a dying task: half of min */
#define ALLOC_NON_BLOCK		0x010u	/* cannot wait: into min a little */
#define ALLOC_MIN_RESERVE	0x020u	/* __GFP_HIGH: half of min */
#define ALLOC_CPUSET		0x040u	/* the nodes of the task only */
#define ALLOC_CMA		0x080u	/* movable: also from CMA blocks */
#define ALLOC_NOFRAGMENT	0x100u	/* no raid on a part of a block */
#define ALLOC_HIGHATOMIC	0x200u	/* also from MIGRATE_HIGHATOMIC */
#define ALLOC_KSWAPD		0x800u	/* wake kswapd when short */
#define ALLOC_RESERVES	(ALLOC_NON_BLOCK | ALLOC_MIN_RESERVE | ALLOC_OOM)

/* What one request asked for, worked out once. */
struct alloc_context {
	struct zonelist *zonelist;	/* where to look, in order */
	const nodemask_t *nodemask;	/* nodes it may use; NULL: any */
	struct zoneref *preferred;	/* the first that fits */
	enum zone_type highest_zoneidx;	/* no zone above it */
	int migratetype;		/* whose free lists first */
	unsigned int order;
	bool spread_dirty;		/* pass over nodes with many dirty
					 * pages, as long as others have any */
};

/* Whether the fast path looks at all tails of a pageblock. */
#ifdef CONFIG_DEBUG_VM
#define PAGE_CHECK_ALL_TAILS	true
#else
#define PAGE_CHECK_ALL_TAILS	false
#endif

static inline struct page_alloc_state *page_alloc_state(void)
{
	return &this_machine()->page_alloc;
}

/* buddy.c: free frames. The zone's lock is held in all of these. */

/*
 * The zone that @page says it is of, when there is such a one and it spans
 * @pfn; NULL: the page's flags are damaged, or it is no memory.
 */
static inline struct zone *page_zone_checked(const struct page *page,
					     unsigned long pfn)
{
	const struct pglist_data *node = NODE_DATA(page_to_nid(page));
	unsigned int zone = page_zonenum(page);

	if (!node || zone >= MAX_NR_ZONES)
		return NULL;
	return zone_spans_pfn(&node->node_zones[zone], pfn) ?
	       (struct zone *)&node->node_zones[zone] : NULL;
}

/* Changes a counter of @zone, whose lock keeps others away. */
static inline void zone_count(struct zone *zone, enum zone_stat_item item,
			      long delta)
{
	long now = atomic_long_read(&zone->vm_stat[item]);

	atomic_long_set(&zone->vm_stat[item], now + delta);
}

/* @delta pages of @type became free (or were taken, negative). */
static inline void zone_count_free(struct zone *zone, long delta, int type)
{
	if (unlikely(is_migrate_isolate(type)))
		return;
	zone_count(zone, NR_FREE_PAGES, delta);
	if (likely(type < MIGRATE_PCPTYPES))
		return;
	if (is_migrate_cma(type))
		zone_count(zone, NR_FREE_CMA_PAGES,
			   PLANT(cma_uncounted) ? 0 : delta);
	else
		WRITE_ONCE(zone->nr_free_highatomic,
			   zone->nr_free_highatomic + delta);
}

/*
 * What frames freed at @pfn of @zone become. Unlike get_pfnblock_migratetype()
 * it does not believe the page, whose flags may be damaged.
 */
int buddy_type_at(const struct zone *zone, unsigned long pfn);
/*
 * 2^@order frames at @pfn become free, in a pageblock of @type. Counts
 * nothing. Frames that are free already are reported and left alone.
 */
void buddy_block_free(struct zone *zone, struct page *page, unsigned long pfn,
		      unsigned int order, int type);
/* A block from pageblocks of @type alone, or NULL. Counts nothing. */
struct page *buddy_alloc_smallest(struct zone *zone, unsigned int order,
				  int type);
/*
 * The order of the free block that @pfn lies in, PAGEBLOCK_FULL when the frame
 * is not free; without the lock a hint.
 */
unsigned int buddy_order_at(const struct zone *zone, unsigned long pfn);
/* The free block that @pfn lies in, and its order; NULL when not free. */
struct page *buddy_find_block(struct zone *zone, unsigned long pfn,
			      unsigned int *order);
/* A block from that pageblock, smaller than it, or NULL. Counts nothing. */
struct page *buddy_take_in(struct zone *zone, unsigned long number,
			   unsigned int order);
/* Takes the frames [@pfn, @end), all free. Counts nothing. */
void buddy_take_range(struct zone *zone, unsigned long pfn, unsigned long end);
/*
 * The pageblock of @pfn becomes one of @type, with its free frames; how many
 * those are. Counts nothing.
 */
unsigned long buddy_pageblock_retype(struct zone *zone, unsigned long pfn,
				     int type);
/* The same for the pageblocks of [start, end). */
unsigned long buddy_move_range(struct zone *zone, unsigned long start,
			       unsigned long end, int type);
/* Every pageblock of @zone movable and full, as start-up wants it. */
void buddy_zone_init(struct zone *zone);
/* The same for the pageblocks of [@pfn, @end), made late; from a pair's edge. */
void buddy_pageblocks_init(struct zone *zone, unsigned long pfn,
			   unsigned long end);
/* A hold of the zone's lock takes from so many words of 64 frames at most. */
#define TAKEN_WORDS	32U

/* A bit of mask: a block begins there, counted from pfn on. */
struct taken_word {
	u64 mask;
	u32 pfn;	/* a multiple of 64 */
};

struct taken_blocks {
	unsigned int want;	/* blocks, at most */
	bool may_stop;		/* have fewer, rather than break a whole
				 * pageblock or another type's for the rest */
	unsigned int nr;	/* blocks */
	unsigned int nr_words;
	struct taken_word word[TAKEN_WORDS];
};

/* For a call of buddy_take(). The words stay as they are. */
static inline void taken_init(struct taken_blocks *t, unsigned int want,
			      bool may_stop)
{
	t->want = want;
	t->may_stop = may_stop;
	t->nr = 0;
	t->nr_words = 0;
}

/*
 * buddy_bulk.c. As buddy_take_bulk(), into @t, which is expanded after the
 * lock was dropped. Fewer than wanted when they lie in too many words.
 */
void buddy_take(struct zone *zone, unsigned int order, int type,
		unsigned int alloc_flags, struct taken_blocks *t);
/* First frames, t->nr of them, to @pfns: the first to be used comes last. */
void taken_expand_down(const struct taken_blocks *t, u32 *pfns);
/*
 * Up to @nr blocks of 2^@order frames for @type, from its own pageblocks and,
 * when those have none, from others' as buddy_alloc() does. Their first frames
 * go to @pfns, and NR_FREE_PAGES falls; returns how many. Moves
 * zone->take_front[@type] to the end of the pageblock that single pages come
 * from next. The caller checks the pages (page_prep_report).
 */
unsigned int buddy_take_bulk(struct zone *zone, unsigned int order, int type,
			     unsigned int alloc_flags, unsigned int nr,
			     u32 *pfns);
/*
 * Frees the @nr blocks of 2^@order frames that begin at @pfns, each to its
 * pageblock's type, and counts them in NR_FREE_PAGES. May reorder @pfns.
 */
void buddy_give_bulk(struct zone *zone, unsigned int order, u32 *pfns,
		     unsigned int nr);

/* How many of @zone's pageblocks have values: those from number 0 on. */
unsigned long buddy_pageblocks_made(const struct zone *zone);
/* Makes all sets and free_area from the pageblocks, which are sound. */
void buddy_sets_rebuild(struct zone *zone);
/*
 * buddy_repair.c: makes the pageblock, and all sets and counts if need be,
 * agree with what can be known; @number may be no pageblock. Reports.
 */
void buddy_repair(struct zone *zone, unsigned long number);

/* fallback.c: blocks of another type, and what they cost. */
struct page *buddy_alloc(struct zone *zone, unsigned int order, int type,
			 unsigned int alloc_flags);
/* Whether a request with @alloc_flags goes to CMA pageblocks first. */
bool buddy_cma_first(const struct zone *zone, unsigned int alloc_flags);

/* Whether the pageblock that begins at @start is all of @zone's. */
bool pageblock_owned(struct zone *zone, const struct page *first,
		     unsigned long start);

/* watermark.c: figures of a zone, from what is passed and nothing else. */
struct mark_rule {
	unsigned long pages_min;	/* that all low zones keep */
	unsigned long lowmem_pages;	/* managed, of all low zones; not 0 */
	int scale_factor;		/* watermark_scale_factor */
};
/* The NR_WMARK marks of a zone; @low: requests without a way out use it. */
void zone_marks_of(unsigned long *wmark, unsigned long managed, bool low,
		   const struct mark_rule *rule);
int min_free_kbytes_of(unsigned long lowmem_pages);
int huge_page_min_free_kbytes_of(unsigned int nr_zones,
				 unsigned long block_pages,
				 unsigned long lowmem_pages);
/* Settings lock held: what follows from settings, for all zones. */
void zones_update_wmarks(void);
void zones_update_reserves(void);
void zones_update_pagesets(void);
/* A request takes pages of another type's pageblock. Zone lock held. */
void zone_types_mix(struct zone *zone, unsigned int alloc_flags);
/* An eighth of a zone is the most that CPUs may hold between them. */
#define PAGELIST_HIGH_FRACTION	8

/* highatomic.c: pageblocks for who cannot wait. */
/* Maybe keeps the pageblock that @page of @order was just served from. */
void highatomic_reserve(struct zone *zone, struct page *page,
			unsigned int order);
/*
 * Gives one such pageblock back to all, to the type that @ac wants; the last
 * one of a zone only with @all. True when it did.
 */
bool highatomic_unreserve(const struct alloc_context *ac, bool all);

/* gfp_context.c: where the request is made. */
/* The nodes that the running task is kept to; NULL: any. */
const nodemask_t *page_task_nodes(void);

static inline gfp_t page_gfp_check(gfp_t gfp, unsigned long caller)
{
	if (!(gfp & __GFP_DIRECT_RECLAIM) || likely(preemptible()))
		return gfp;
	return page_gfp_refuse_sleep(gfp, caller);
}

/* page_alloc.c: which zone. */
bool zone_watermark_test(struct zone *zone, unsigned int order,
			 unsigned long mark, int highest_zoneidx,
			 unsigned int alloc_flags, long free_pages);
struct page *page_alloc_from_zonelist(gfp_t gfp, unsigned int alloc_flags,
				      struct alloc_context *ac);
/* As __alloc_pages() and alloc_pages_bulk_noprof(), for all there can be. */
struct page *__alloc_pages_slow(gfp_t gfp, unsigned int order,
				int preferred_nid, const nodemask_t *nodemask);
unsigned long alloc_pages_bulk_slow(gfp_t gfp, int preferred_nid,
				    const nodemask_t *nodemask,
				    unsigned long nr, struct page **pages);
/* Reports and keeps a block that is not as free pages are; true: it is. */
bool page_prep_report(struct page *page, unsigned int order);
void pages_zero(struct page *page, unsigned int order);

/* For the port's memory checker, which looks at the direct map alone. */
static __always_inline void pages_poison(const struct page *page,
					 unsigned int order)
{
	if (PORT_CHECKS_MEMORY && !PageHighMem(page))
		port_poison(lowmem_page_address(page), PAGE_SIZE << order);
}

static __always_inline void pages_unpoison(const struct page *page,
					   unsigned int order)
{
	if (PORT_CHECKS_MEMORY && !PageHighMem(page))
		port_unpoison(lowmem_page_address(page), PAGE_SIZE << order);
}

/* Whether a test or an option asks that the request finds nothing. */
bool page_alloc_should_fail(gfp_t gfp, unsigned int order);
/*
 * @gfp as the place where the request is made allows it (gfp_context.c);
 * before threads run, no request sleeps.
 */
gfp_t page_alloc_context_check(gfp_t gfp, unsigned long caller);

/* contig.c: makes the frames [@pfn, @end), just taken, the caller's. */
void range_prepare(unsigned long pfn, unsigned long end, gfp_t gfp);
/* Whether all of [@pfn, @end) is free. Zone lock held. */
bool range_is_free(struct zone *zone, unsigned long pfn, unsigned long end);

/* node_reclaim.c */
/* Whether @zone is near enough to @local to be reclaimed from first. */
bool zone_allows_reclaim(const struct zone *local, const struct zone *zone);
/*
 * Frees pages of the node for a request of 2^@order, if that is worth it and
 * @gfp allows it; whether any came free. Sleeps only with __GFP_DIRECT_RECLAIM.
 */
bool node_reclaim(struct pglist_data *pgdat, gfp_t gfp, unsigned int order);
/* Settings lock held: what follows from min_unmapped_ratio, min_slab_ratio. */
void nodes_update_reclaim_limits(void);

/* commit.c: what is kept of promised memory, from what is free now. */
void commit_reserves_init(void);

/* slowpath.c: what to do when that found nothing. */
struct page *page_alloc_slowpath(gfp_t gfp, struct alloc_context *ac);

/* A request on its way through the slow path. */
struct slow_request {
	gfp_t gfp;
	struct alloc_context *ac;
	unsigned int alloc_flags;	/* what it is entitled to now */
	bool can_reclaim;		/* may sleep */
	bool can_compact;		/* may, and there is who compacts */
	bool costly;			/* order above PAGE_ALLOC_COSTLY_ORDER */
	bool over;			/* nothing more can be done */
	bool drained;			/* CPUs' lists were, for it */
	unsigned long progress;		/* pages that the round freed */
	unsigned int no_progress_loops;	/* rounds of reclaim in vain */
	unsigned int compaction_retries;	/* at this priority */
	enum compact_priority priority;
	enum compact_result compacted;	/* what compaction said last */
};

/* slowpath_retry.c: whether one more round may help. */
bool reclaim_retry_worth(struct slow_request *rq);
bool compact_retry_worth(struct slow_request *rq);
/* slowpath_upcall.c: what later stages do for the request. */
void slow_wake_kswapds(const struct slow_request *rq);
/* Each tries the lists again when something came of it: a block, or NULL. */
struct page *slow_compact(struct slow_request *rq, enum compact_priority prio);
struct page *slow_reclaim(struct slow_request *rq);
struct page *slow_oom(struct slow_request *rq);
/* What @gfp entitles to. */
unsigned int page_alloc_flags(gfp_t gfp, unsigned int order);

/* page_free.c */
/* Whether @page may be freed as 2^@order pages; reports and keeps if not. */
bool page_free_check(struct page *page, unsigned long pfn, unsigned int order);

/* __free_pages() for whatever it may be; diagnoses. */
void page_put(struct page *page, unsigned int order);
/* To the buddy system, what page_free_check() or its like has passed. */
void page_give(struct page *page, unsigned long pfn, unsigned int order);

/* page_place.c: where @page of @zone is, as words of a report. Any context. */
void page_place(char *buf, size_t size, struct zone *zone,
		const struct page *page);

/* report.c */
void bad_page(struct page *page, const char *reason);
void page_free_report(const char *what, const void *pointer);
/* Whether the log takes one more report; @what heads the count of the rest. */
bool page_report_allowed(const char *what);
/* Keeps 2^@order frames out of use for good. */
void page_quarantine(struct page *page, unsigned int order);
void page_alloc_failed(gfp_t gfp, const struct alloc_context *ac);

/* deferred.c: whether @zone got more pages for 2^@order; lock not held. */
bool deferred_zone_grow(struct zone *zone, unsigned int order);

static inline bool deferred_grow_zone(struct zone *zone, unsigned int order)
{
	/* Nothing depends on the value: the zone's lock decides. */
	if (likely(READ_ONCE(zone->first_deferred_pfn) == ULONG_MAX))
		return false;
	return deferred_zone_grow(zone, order);
}

/* mem_init.c: initialised frames [pfn, end) that were never in a list. */
void page_init_free_range(struct zone *zone, unsigned long pfn,
			  unsigned long end, bool counted);

#endif
