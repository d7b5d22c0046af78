/* SPDX-License-Identifier: MIT */
/*
 * Pages: asking for them and giving them back. gfp_types.h says what a
 * request can say; the theory stands in mm/page/page_alloc.c.
 *
 * An order is the logarithm of a number of pages, 0 to MAX_PAGE_ORDER. The
 * frames of a request lie one after another, the first on a multiple of
 * their number. Who gets pages owns them, with one reference.
 */
#ifndef _LINUX_GFP_H
#define _LINUX_GFP_H

#include <linux/gfp_types.h>
#include <linux/mmzone.h>
#include <linux/topology.h>

struct folio;

/* May the request sleep? */
static inline bool gfpflags_allow_blocking(gfp_t gfp)
{
	return gfp & __GFP_DIRECT_RECLAIM;
}

/*
 * The highest zone a request may be served from, as a table of two-bit
 * steps would give it: DMA before DMA32 before HIGHMEM, and MOVABLE only
 * together with HIGHMEM, as movable pages need not be mapped. Where no zone is
 * DMA32, all that has an address lies below 4 GiB.
 */
static inline enum zone_type gfp_zone(gfp_t gfp)
{
	if (unlikely(gfp & (__GFP_DMA | __GFP_DMA32)))
		return gfp & __GFP_DMA ? ZONE_DMA :
		       zone_type_known(ZONE_DMA32) ? ZONE_DMA32 : ZONE_NORMAL;
	if (!(gfp & __GFP_HIGHMEM))
		return ZONE_NORMAL;
	return gfp & __GFP_MOVABLE ? ZONE_MOVABLE : ZONE_HIGHMEM;
}

/* More than one of DMA, DMA32, HIGHMEM contradict each other. */
static inline bool gfp_zones_conflict(gfp_t gfp)
{
	gfp_t zones = gfp & (__GFP_DMA | __GFP_DMA32 | __GFP_HIGHMEM);

	return zones & (zones - 1);
}

/* The free lists that a request is served from first. */
static inline int gfp_migratetype(gfp_t gfp)
{
	if (unlikely(this_machine()->page_alloc.page_group_by_mobility_disabled))
		return MIGRATE_UNMOVABLE;
	return (int)((gfp & GFP_MOVABLE_MASK) >> GFP_MOVABLE_SHIFT);
}
static_assert((___GFP_MOVABLE >> GFP_MOVABLE_SHIFT) == MIGRATE_MOVABLE &&
	      (___GFP_RECLAIMABLE >> GFP_MOVABLE_SHIFT) == MIGRATE_RECLAIMABLE,
	      "gfp bits are migratetypes");

static inline int gfp_zonelist(gfp_t gfp)
{
	return unlikely(gfp & __GFP_THISNODE) ? ZONELIST_NOFALLBACK :
						ZONELIST_FALLBACK;
}

/* The zones that a request at node @nid tries, in order. */
static inline struct zonelist *node_zonelist(int nid, gfp_t gfp)
{
	return &NODE_DATA(nid)->node_zonelists[gfp_zonelist(gfp)];
}

/*
 * 2^@order pages, preferably of node @preferred_nid, of nodes in @nodemask
 * (NULL: any). NULL when there are none, after a report unless __GFP_NOWARN,
 * and for an @order past MAX_PAGE_ORDER, after a warning. Sleeps only with
 * __GFP_DIRECT_RECLAIM; without it, any context but NMI.
 */
struct page *__alloc_pages(gfp_t gfp, unsigned int order, int preferred_nid,
			   const nodemask_t *nodemask);

/* The same of the node nearest to this CPU: alloc_pages(). */
struct page *alloc_pages_noprof(gfp_t gfp, unsigned int order);
/* For one order. */
struct page *alloc_block_0(gfp_t gfp);
struct page *alloc_block_1(gfp_t gfp);
struct page *alloc_block_2(gfp_t gfp);
struct page *alloc_block_3(gfp_t gfp);

/* As alloc_pages_noprof(): where the order is known, it is not asked for. */
static __always_inline struct page *alloc_pages(gfp_t gfp, unsigned int order)
{
	if (__builtin_constant_p(order) && order == 0)
		return alloc_block_0(gfp);
	if (__builtin_constant_p(order) && order == 1)
		return alloc_block_1(gfp);
	if (__builtin_constant_p(order) && order == 2)
		return alloc_block_2(gfp);
	if (__builtin_constant_p(order) && order == 3)
		return alloc_block_3(gfp);
	return alloc_pages_noprof(gfp, order);
}

/* @nid is an online node. */
static inline struct page *__alloc_pages_node(int nid, gfp_t gfp,
					      unsigned int order)
{
	VM_BUG_ON(nid < 0 || nid >= MAX_NUMNODES || !NODE_DATA(nid));
	return __alloc_pages(gfp, order, nid, NULL);
}

/* @nid may be NUMA_NO_NODE: the nearest. */
static inline struct page *alloc_pages_node(int nid, gfp_t gfp,
					    unsigned int order)
{
	if (nid == NUMA_NO_NODE)
		nid = numa_node_id();
	return __alloc_pages_node(nid, gfp, order);
}

#define alloc_page(gfp)			alloc_pages(gfp, 0)

/*
 * Single pages into the places of @pages that hold NULL. Returns how many
 * places are filled, counted from the first, those filled before included;
 * fewer than @nr when memory lacks, but at least one more if there is a page.
 */
unsigned long alloc_pages_bulk_noprof(gfp_t gfp, int preferred_nid,
				      const nodemask_t *nodemask,
				      unsigned long nr, struct page **pages);
#define alloc_pages_bulk_array(gfp, nr, pages)				\
	alloc_pages_bulk_noprof(gfp, numa_node_id(), NULL, nr, pages)
#define alloc_pages_bulk(gfp, nr, pages)				\
	alloc_pages_bulk_array(gfp, nr, pages)
unsigned long alloc_pages_bulk_array_node(gfp_t gfp, int nid, unsigned long nr,
					  struct page **pages);

/*
 * The same, as the address in the direct map; 0 when there are none.
 * __GFP_HIGHMEM is refused with a warning: such a page has no address.
 */
unsigned long __get_free_pages(gfp_t gfp, unsigned int order);
unsigned long get_zeroed_page(gfp_t gfp);
#define __get_free_page(gfp)		__get_free_pages(gfp, 0)
#define __get_dma_pages(gfp, order)	__get_free_pages((gfp) | GFP_DMA, order)

/*
 * Gives a reference back, and with the last one the pages. @order is what
 * they were asked for with. Any context but NMI. A page that is not the
 * caller's to free is reported and kept out of the free lists.
 */
void free_pages_noprof(struct page *page, unsigned int order);
void free_block_0(struct page *page);
void free_block_1(struct page *page);
void free_block_2(struct page *page);
void free_block_3(struct page *page);

static __always_inline void __free_pages(struct page *page, unsigned int order)
{
	if (__builtin_constant_p(order) && order == 0)
		free_block_0(page);
	else if (__builtin_constant_p(order) && order == 1)
		free_block_1(page);
	else if (__builtin_constant_p(order) && order == 2)
		free_block_2(page);
	else if (__builtin_constant_p(order) && order == 3)
		free_block_3(page);
	else
		free_pages_noprof(page, order);
}

/* The same by address; 0 is let pass. */
void free_pages(unsigned long addr, unsigned int order);
#define __free_page(page)		__free_pages(page, 0)
#define free_page(addr)			free_pages(addr, 0)
/* Frees pages whose count has come to 0. */
void free_unref_page(struct page *page, unsigned int order);
/* Drops a reference of each of @nr pages. */
void release_pages(struct page **pages, int nr);

/*
 * Pages that CPUs keep for themselves go back to the buddy system, where they
 * count as free: those of @zone, NULL for all. Of all CPUs: task context with
 * interrupts on; elsewhere those of this CPU only can be had. drain_zone_pages()
 * and decay_pcp_high() are for the tick: this CPU's, all or those that it has
 * not used since the last call.
 */
void drain_all_pages(struct zone *zone);
void drain_local_pages(struct zone *zone);
void drain_zone_pages(struct zone *zone);
void decay_pcp_high(void);
/*
 * While disabled, no CPU keeps pages of @zone. Nests; task context with
 * interrupts on.
 */
void zone_pcp_disable(struct zone *zone);
void zone_pcp_enable(struct zone *zone);
/* Whether the CPUs' lists are as they should be (mm/page/pcp.c); claims them. */
bool pcp_check(void);

/*
 * @size bytes, as adjacent pages without the rest of the block that they
 * came from. NULL when there are none. To be freed with the same @size.
 */
void *alloc_pages_exact(size_t size, gfp_t gfp);
void *alloc_pages_exact_nid(int nid, size_t size, gfp_t gfp);
void free_pages_exact(void *virt, size_t size);

/* A folio: a compound page for order > 0. As alloc_pages(). */
struct folio *__folio_alloc(gfp_t gfp, unsigned int order, int preferred_nid,
			    const nodemask_t *nodemask);
struct folio *folio_alloc(gfp_t gfp, unsigned int order);
struct folio *__folio_alloc_node(gfp_t gfp, unsigned int order, int nid);

/*
 * The frames [start, end), whatever free blocks they are in. @end is not
 * included. 0; -EBUSY when some are in use and cannot be moved away; -EINTR.
 * @migratetype: the type of the pageblocks, MIGRATE_MOVABLE or MIGRATE_CMA.
 * May sleep. Each page has one reference; free_contig_range() gives back.
 */
int alloc_contig_range(unsigned long start, unsigned long end,
		       unsigned int migratetype, gfp_t gfp);
void free_contig_range(unsigned long pfn, unsigned long nr_pages);
/* @nr_pages adjacent frames, aligned to @nr_pages if that is a power of 2. */
struct page *alloc_contig_pages(unsigned long nr_pages, gfp_t gfp, int nid,
				nodemask_t *nodemask);
/* Hands a pageblock reserved at boot to the contiguous allocator. */
void init_cma_reserved_pageblock(struct page *page);

/*
 * Reports the request @gfp of @caller, which may sleep where that is not
 * allowed, unless that caller's was reported before; returns one that may not.
 */
gfp_t page_gfp_refuse_sleep(gfp_t gfp, unsigned long caller);

/* "GFP_KERNEL|__GFP_ZERO"; returns @buf. @size at least 1. */
char *gfp_flags_format(char *buf, size_t size, gfp_t gfp);

/* Start-up; see mm/page/mem_init.c and mm/page/deferred.c. */
void page_alloc_init(void);
void page_alloc_init_late(void);
/* Makes every struct page that is still deferred, on all CPUs. May sleep. */
void deferred_init_finish(void);
void setup_per_cpu_pageset(void);
/*
 * A CPU came: it gets lists of pages, and shares are worked out anew. It went:
 * its pages go back, its counts are kept. 0: a CPU for whose lists there is no
 * memory works without. Task context.
 */
int page_alloc_cpu_online(unsigned int cpu);
int page_alloc_cpu_dead(unsigned int cpu);
/* From here on that happens of itself. Once, when threads run. */
void page_alloc_init_cpuhp(void);

#endif
