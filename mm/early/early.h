/* SPDX-License-Identifier: MIT */
/* What the files of mm/early share and nobody else calls. */
#ifndef _MM_EARLY_EARLY_H
#define _MM_EARLY_EARLY_H

#include <linux/align.h>
#include <linux/memblock.h>
#include <linux/minmax.h>
#include <linux/mmzone.h>

/* A range of page frames: [start, end). */
struct pfn_span {
	unsigned long start;		/* PFN */
	unsigned long end;		/* PFN */
};

static inline struct pfn_span pfn_span_clip(struct pfn_span r,
					      unsigned long start,
					      unsigned long end)
{
	r.start = clamp(r.start, start, end);
	r.end = clamp(r.end, start, end);
	return r;
}

static inline unsigned long pfn_span_size(struct pfn_span r)
{
	return r.end - r.start;
}

/*
 * The memory model, one of flat.c, discontig.c, sparse.c, sparse_vmemmap.c:
 * finds room for every struct page that a max-order block with memory needs,
 * and makes pfn_valid() right. Once, when memblock is complete and all nodes'
 * spans are known. Struct pages are raw afterwards. Stops the machine when
 * memory lacks.
 */
void mem_model_setup(void);

/*
 * Walks over [start, end) of max-order blocks with memory, in order: *start
 * and *end are the previous extent (0, 0 at first), *nid its node. Adjacent
 * extents of one node come as one; none overlaps another. False at the end.
 */
bool memmap_next_extent(unsigned long *start, unsigned long *end, int *nid);

/* Finds room for every reserve_mem= whose turn has not come yet. */
void reserve_mem_setup(void);

/* Works out where ZONE_MOVABLE starts in each node: zone_movable_pfn[]. */
void movable_zone_setup(void);

/*
 * The part of @range, which is memory of @zone's node with flags @flags, that
 * belongs to @zone.
 */
struct pfn_span zone_part(const struct zone *zone, struct pfn_span range,
			   enum memblock_flags flags);
/* First and end frame that zone @idx of @nid may have; equal: none. */
struct pfn_span zone_bounds(int nid, enum zone_type idx,
			     struct pfn_span node);
/* Frames of memory in zone @idx of @nid. */
unsigned long zone_present_frames(int nid, enum zone_type idx,
				  struct pfn_span node);

/* Initialises what struct pages must be at start-up; see memmap_init.c. */
void memmap_init(void);
/* Decides where each zone's deferred struct pages start. */
void deferred_setup(pg_data_t *pgdat);

#endif
