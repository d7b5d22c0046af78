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

/* Bits of vm.zone_reclaim_mode. */
#define RECLAIM_ZONE	(1u << 0)	/* a near node before a farther one */
#define RECLAIM_WRITE	(1u << 1)	/* may write pages out for it */
#define RECLAIM_UNMAP	(1u << 2)	/* may unmap and swap pages for it */

/* What compaction says. */
enum compact_result {
	COMPACT_NOT_SUITABLE_ZONE,	/* no zone could be tried */
	COMPACT_SKIPPED,		/* too little is free for it to work */
	COMPACT_DEFERRED,		/* failed lately: not tried */
	COMPACT_COMPLETE,		/* went over everything, without luck */
	COMPACT_PARTIAL_SKIPPED,	/* over a part, without luck */
	COMPACT_CONTENDED,		/* gave way to others on a lock */
	COMPACT_SUCCESS			/* the request can be served now */
};

/* How hard it tries; the lower the harder. */
enum compact_priority {
	COMPACT_PRIO_SYNC_FULL,		/* waits, and ignores its own hints */
	MIN_COMPACT_PRIORITY = COMPACT_PRIO_SYNC_FULL,
	COMPACT_PRIO_SYNC_LIGHT,	/* waits for little */
	MIN_COMPACT_COSTLY_PRIORITY = COMPACT_PRIO_SYNC_LIGHT,
	DEF_COMPACT_PRIORITY = COMPACT_PRIO_SYNC_LIGHT,
	COMPACT_PRIO_ASYNC,		/* waits for nothing */
	INIT_COMPACT_PRIORITY = COMPACT_PRIO_ASYNC
};

/* The block that compaction is to make. */
struct compact_request {
	struct zonelist *zonelist;	/* where to look, in order */
	const nodemask_t *nodemask;	/* nodes it may use; NULL: any */
	enum zone_type highest_zoneidx;	/* no zone above it */
	gfp_t gfp_mask;
	int migratetype;		/* of the block */
	unsigned int order;
	unsigned int alloc_flags;	/* for zone_watermark_ok() */
	enum compact_priority priority;
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
	/*
	 * Reclaims; the pages freed. May sleep, as far as @gfp lets it start
	 * I/O (__GFP_IO) and call file systems (__GFP_FS). The task has
	 * PF_MEMALLOC meanwhile.
	 */
	unsigned long (*try_to_free_pages)(struct zonelist *zonelist,
					   int order, gfp_t gfp,
					   const nodemask_t *nodemask);
	/*
	 * Reclaims of @pgdat alone what vm.zone_reclaim_mode allows, for a
	 * request of 2^@order pages; the pages freed. May sleep, as above.
	 */
	unsigned long (*node_reclaim)(struct pglist_data *pgdat, gfp_t gfp,
				      int order);
	/* Frees what shrinkers and caches can give: vm.drop_caches. Sleeps. */
	void (*drop_slab)(void);
	/* Compacts all of a node: vm.compact_memory. Sleeps. */
	void (*compact_node)(struct pglist_data *pgdat);
	/* Moves pages together. May sleep; the task has PF_MEMALLOC. */
	enum compact_result (*try_to_compact_pages)
		(const struct compact_request *request);
	/* Ends a victim; true when memory will come back. May sleep. */
	bool (*out_of_memory)(struct oom_control *oc);
	/*
	 * Pages of @zone that reclaim could free besides the page cache's:
	 * anonymous ones for which there is swap. Any context.
	 */
	unsigned long (*swappable_pages)(struct zone *zone);
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
