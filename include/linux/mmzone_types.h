/* SPDX-License-Identifier: MIT */
/*
 * Nodes and zones.
 *
 *   machine ── node_data[nid] ── struct pglist_data
 *                                 ├─ node_zones[ZONE_*] ── struct zone
 *                                 │                         └─ free_area[order]
 *                                 └─ node_zonelists[] : where to look, in order
 *
 * Of a zone's frames, spanned counts from its first to the end of its last,
 * present leaves out the holes, and managed also leaves out what start-up
 * reserved:   spanned >= present >= managed.
 */
#ifndef _LINUX_MMZONE_TYPES_H
#define _LINUX_MMZONE_TYPES_H

#include <linux/mm_types.h>
#include <linux/nodemask.h>
#include <linux/numa.h>
#include <linux/spinlock_types.h>
#include <linux/threads.h>
#include <linux/types.h>
#include <linux/vmstat_types.h>
#include <linux/wait_types.h>
#include <asm/page.h>

/* Orders 0 to MAX_PAGE_ORDER: 4 KiB to 4 MiB. */
#define MAX_PAGE_ORDER		10
#define NR_PAGE_ORDERS		(MAX_PAGE_ORDER + 1)
#define MAX_ORDER_NR_PAGES	(1UL << MAX_PAGE_ORDER)
#define IS_MAX_ORDER_ALIGNED(pfn) IS_ALIGNED(pfn, MAX_ORDER_NR_PAGES)
#define PAGE_ALLOC_COSTLY_ORDER	3

/* A pageblock is what one huge page covers: one migratetype each. */
#define pageblock_order		(PMD_SHIFT - PAGE_SHIFT)
#define pageblock_nr_pages	(1UL << pageblock_order)
#define pageblock_align(pfn)	ALIGN((pfn), pageblock_nr_pages)
#define pageblock_start_pfn(pfn) ALIGN_DOWN((pfn), pageblock_nr_pages)
#define pageblock_end_pfn(pfn)	ALIGN((pfn) + 1, pageblock_nr_pages)

enum migratetype {
	MIGRATE_UNMOVABLE,
	MIGRATE_MOVABLE,
	MIGRATE_RECLAIMABLE,
	MIGRATE_PCPTYPES,	/* how many types the per-CPU lists hold */
	MIGRATE_HIGHATOMIC = MIGRATE_PCPTYPES,
	MIGRATE_CMA,
	MIGRATE_ISOLATE,	/* never allocated from */
	MIGRATE_TYPES
};

/* What a pageblock's byte says: its migratetype, and that compaction skips it. */
#define PAGEBLOCK_TYPE_MASK	7
#define PAGEBLOCK_SKIP		8

enum zone_type {
	ZONE_DMA,		/* below 16 MiB */
	ZONE_DMA32,		/* below 4 GiB; empty on 32 bits */
	ZONE_NORMAL,		/* in the direct map */
	ZONE_HIGHMEM,		/* outside the direct map; empty on 64 bits */
	ZONE_MOVABLE,		/* movable pages only */
	ZONE_DEVICE,		/* memory of devices, never in free lists */
	__MAX_NR_ZONES
};
#define MAX_NR_ZONES		__MAX_NR_ZONES

enum zone_watermarks { WMARK_MIN, WMARK_LOW, WMARK_HIGH, WMARK_PROMO, NR_WMARK };

/* Bits of zone->flags. */
#define ZONE_BOOSTED_WATERMARK	1UL	/* marks rose: kswapd is to be woken */

/*
 * Free blocks of one order: how many there are. Where they lie is in the
 * pageblocks' maps (mm/page/pageblock.h). z: zone lock
 */
struct free_area {
	unsigned long nr_free;		/* z: blocks of all types */
	unsigned long nr_type[MIGRATE_TYPES]; /* z: of each type */
};

struct pageblock;

/* Four levels of 64 are 16 million pageblocks, 32 TiB: more than u32 PFNs. */
#define BLOCK_SET_LEVELS	4

/*
 * The ordered sets of a zone's pageblocks, one for each order and type
 * (mm/page/block_set.h). All have the same shape.
 */
struct block_sets {
	u64 *words;			/* z: the sets, one after another */
	u32 set_words;			/* c: words of one set */
	u32 nr_members;			/* c: members are below this */
	u32 nr_levels;			/* c */
	u32 level_start[BLOCK_SET_LEVELS]; /* c: its first word in a set */
	u32 level_words[BLOCK_SET_LEVELS]; /* c */
	u16 orders[MIGRATE_TYPES];	/* z: orders whose sets have members */
};

struct pglist_data;

/*
 * One kind of memory of one node.
 * Locks: c constant after boot (changes only in memory hot plug), z lock,
 * a atomic.
 */
struct zone {
	/* What the page allocator reads. */
	unsigned long _watermark[NR_WMARK];	/* c: pages */
	unsigned long watermark_boost;		/* z: pages added to them */
	unsigned long nr_reserved_highatomic;	/* z: pages, free or not */
	long nr_free_highatomic;		/* z: pages */
	long lowmem_reserve[MAX_NR_ZONES];	/* c: pages, by wanted zone */
	int node;				/* c */
	struct pglist_data *zone_pgdat;		/* c */
	int pageset_high_min;			/* c: pages */
	int pageset_high_max;			/* c: pages */
	int pageset_batch;			/* c: pages */
	unsigned long home_pfn;			/* c: mm/page/pcp_setup.c */
	unsigned long home_pages;		/* c: frames from there on; 0: not
						 * looked for yet */
	unsigned long pcp_share;		/* c: pages that a CPU may keep */
	unsigned int pcp_disabled;	/* page_alloc.pcp_lock: CPUs keep none */

	/* Where it lies. */
	unsigned long zone_start_pfn;		/* c: first frame */
	atomic_long_t managed_pages;		/* a: free or allocated frames */
	unsigned long spanned_pages;		/* c: from first to end, holes too */
	unsigned long present_pages;		/* c: spanned less holes */
	unsigned long pageblock_base;		/* c: number of the first of the
						 * pageblocks, PFN >> their order */
	unsigned long nr_pageblocks;		/* c: from that one on */
	struct pageblock *pageblocks;		/* c: NULL: no frames; they: z */
	u8 *pageblock_type;			/* c: a byte each; they: z, read
						 * without the lock as hints */
	const char *name;			/* c: "DMA" ... */
	bool initialized;			/* c: has been set up */

	/* Struct pages not initialised yet: [deferred, end). */
	unsigned long first_deferred_pfn;	/* z: PFN; ULONG_MAX when none */
	unsigned long nr_deferred_free;		/* z: free frames among them */

	spinlock_t lock ____cacheline_aligned;	/* of all that is marked z */
	struct free_area free_area[NR_PAGE_ORDERS]; /* z */
	struct block_sets block_sets;		/* z: pageblocks with room */
	unsigned long unmovable_at;		/* z: the pageblock that pages that
						 * cannot be moved took last */
	/* By wanted type: no free frame at or past this PFN was handed out of
	 * the buddy of late, so one there is better given back than kept by a
	 * CPU. Read without the lock, as a hint. */
	unsigned long take_front[MIGRATE_PCPTYPES];	/* z */
	unsigned long flags;			/* a: ZONE_* bits */

	atomic_long_t vm_stat[NR_VM_ZONE_STAT_ITEMS];		/* a */
	atomic_long_t vm_numa_event[NR_VM_NUMA_EVENT_ITEMS];	/* a */
} ____cacheline_aligned;

/* A zone to try, with its index, so that a pass reads one cache line. */
struct zoneref {
	struct zone *zone;	/* c: NULL ends the list */
	int zone_idx;		/* c: zone_idx(zone) */
};

#define MAX_ZONES_PER_ZONELIST	(MAX_NUMNODES * MAX_NR_ZONES)

enum { ZONELIST_FALLBACK, ZONELIST_NOFALLBACK, MAX_ZONELISTS };

/*
 * Zones in the order in which they are tried: nodes by distance, in a node
 * from the highest zone down. _zonerefs ends with a NULL zone. The array is
 * as long as the machine's nodes need (allocated at boot).
 */
struct zonelist {
	struct zoneref *_zonerefs;	/* c: rebuilt when a zone comes or goes */
};

/* A node: memory and CPUs at one distance from each other. */
typedef struct pglist_data {
	struct zone node_zones[MAX_NR_ZONES];
	struct zonelist node_zonelists[MAX_ZONELISTS];
	int nr_zones;				/* c: populated, from index 0 */
	struct page *node_mem_map;		/* c: FLATMEM, DISCONTIGMEM */
	unsigned long node_start_pfn;		/* c */
	unsigned long node_present_pages;	/* c: pages */
	unsigned long node_spanned_pages;	/* c: pages */
	int node_id;				/* c */
	unsigned long first_deferred_pfn;	/* c: where deferral starts */
	wait_queue_head_t kswapd_wait;
	wait_queue_head_t pfmemalloc_wait;
	struct task_struct *kswapd;
	unsigned long totalreserve_pages;	/* c: not for user pages */
	unsigned long min_unmapped_pages;	/* c: of files, that stay */
	unsigned long min_slab_pages;		/* c: reclaimable, that stay */
	unsigned int node_reclaiming;		/* a: a task reclaims it for its
						 * request, others need not */
	spinlock_t lru_lock;
	atomic_long_t vm_stat[NR_VM_NODE_STAT_ITEMS];	/* a */
} pg_data_t;

#endif
