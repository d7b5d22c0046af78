/* SPDX-License-Identifier: MIT */
/*
 * The few calls that go back down the list of stages: what the page allocator
 * asks of reclaim, compaction and migration when it runs short. A later stage
 * registers its answers at start-up with page_upcalls_register(); before that
 * each question is answered "nothing freed".
 */
#ifndef _MM_UPCALLS_H
#define _MM_UPCALLS_H

#include <linux/gfp_types.h>
#include <linux/mmzone.h>

/* What compaction says. */
enum compact_result {
	COMPACT_NOT_SUITABLE_ZONE,	/* no zone could be tried */
	COMPACT_SKIPPED,		/* too little is free for it to work */
	COMPACT_DEFERRED,		/* failed lately: not tried */
	COMPACT_COMPLETE,		/* went over everything, without luck */
	COMPACT_SUCCESS			/* the request can be served now */
};

/* A request that nothing could be freed for. */
struct oom_control {
	struct zonelist *zonelist;	/* where it looked */
	const nodemask_t *nodemask;	/* nodes it may use; NULL: any */
	gfp_t gfp_mask;
	int order;
};

/* Each may be NULL: nothing freed. */
struct page_upcalls {
	/* Wakes @zone's node's reclaim thread. Any context. */
	void (*wakeup_kswapd)(struct zone *zone, gfp_t gfp, int order,
			      enum zone_type highest_zoneidx);
	/* Reclaims; the pages freed. May sleep. */
	unsigned long (*try_to_free_pages)(struct zonelist *zonelist,
					   int order, gfp_t gfp,
					   const nodemask_t *nodemask);
	/* Moves pages together for a block of @order. May sleep. */
	enum compact_result (*try_to_compact_pages)(gfp_t gfp,
						    unsigned int order,
						    struct zonelist *zonelist,
						    const nodemask_t *nodemask);
	/* Ends a victim; true when memory will come back. May sleep. */
	bool (*out_of_memory)(struct oom_control *oc);
	/* Moves all pages in use out of [start, end). 0 or -errno. Sleeps. */
	int (*migrate_range)(unsigned long start, unsigned long end, gfp_t gfp);
	/* True if the page in use at @page could be moved. Zone lock held. */
	bool (*page_movable)(const struct page *page);
};

/*
 * early -> page, for memblock's and the zonelists' arrays that grow once
 * memblock has handed its memory over, and for giving back those it had.
 * See linux/gfp.h and linux/memblock.h.
 */
void *alloc_pages_exact(size_t size, gfp_t gfp);
void free_pages_exact(void *virt, size_t size);
void memblock_free_late(phys_addr_t base, phys_addr_t size);

/* Once, at start-up; @ops must stay. */
void page_upcalls_register(const struct page_upcalls *ops);

#endif
