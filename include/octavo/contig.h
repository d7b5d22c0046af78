/* SPDX-License-Identifier: MIT */
/*
 * Memory that lies in one piece at a place with conditions, as devices have
 * them: not above an address, on a multiple of one, not across a multiple of
 * one. mm/page/contig_place.c has the theory.
 */
#ifndef _OCTAVO_CONTIG_H
#define _OCTAVO_CONTIG_H

#include <linux/gfp.h>
#include <linux/types.h>

/* Where a block may lie. Physical addresses and bytes; all 0 but high: anywhere. */
struct contig_place {
	phys_addr_t low;	/* the first byte that may be used */
	phys_addr_t high;	/* past the last byte; 0: no limit */
	phys_addr_t align;	/* the block begins at a multiple of this power
				 * of two; up to PAGE_SIZE, 0 too: any page */
	phys_addr_t boundary;	/* no multiple of this power of two lies inside
				 * the block; 0: it may lie across any */
};

/*
 * @size bytes, rounded up to pages, in one piece at @place: their first page.
 * Each page has one reference. Zones and nodes are those of a request @gfp
 * near node @nid (NUMA_NO_NODE: this CPU's) within @nodemask (NULL: any), as
 * far as @place lets them; __GFP_ZERO clears. NULL when there is none, and for
 * a place that no block can be at, after a line that says why unless
 * __GFP_NOWARN. Sleeps only with __GFP_DIRECT_RECLAIM, and only then looks
 * for more than is free; without it, any context but NMI.
 */
struct page *alloc_contig_pages_within(size_t size,
				       const struct contig_place *place,
				       gfp_t gfp, int nid,
				       const nodemask_t *nodemask);
/* Gives all of it back; the @size it was asked for with. As __free_pages(). */
void free_contig_pages_within(struct page *page, size_t size);

#endif
