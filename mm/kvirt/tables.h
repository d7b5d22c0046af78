/* SPDX-License-Identifier: MIT */
/*
 * The kernel's page tables for [kvirt.start, kvirt.end): entries that come and
 * go, and tables that come with the first and go after the last. The theory
 * stands in tables.c.
 */
#ifndef _MM_KVIRT_TABLES_H
#define _MM_KVIRT_TABLES_H

#include <linux/gfp_types.h>
#include <linux/mm_types.h>
#include <linux/types.h>
#include <asm/pgtable_types.h>

struct kvirt_state;
struct page;

/* Addresses that translate to adjacent frames with equal rights. */
struct kvirt_run {
	unsigned long start;	/* first address */
	unsigned long size;	/* bytes; 0: nothing is mapped at start */
	phys_addr_t phys;	/* that start translates to */
	u64 prot;		/* bits of a 4K leaf that are not its frame */
	bool huge;		/* mapped by a leaf of PMD_SIZE */
};

/* At start-up: kvirt's addresses and root are known. 0 or -ENOMEM. */
int kvirt_tables_setup(struct kvirt_state *k);
/*
 * Maps the blocks of 2^(@shift - PAGE_SHIFT) pages that begin with @pages[0],
 * [1] ... at [start, end), whose owner the caller is. @shift: PAGE_SHIFT or
 * PMD_SHIFT. 0; -ENOMEM: nothing is mapped. Sleeps as far as @gfp lets it.
 */
int kvirt_map_pages(struct kvirt_state *k, unsigned long start,
		    unsigned long end, struct page **pages,
		    unsigned int shift, pgprot_t prot, gfp_t gfp);
/* The same for frames from @phys on, in the largest leaves up to @shift. */
int kvirt_map_phys(struct kvirt_state *k, unsigned long start,
		   unsigned long end, phys_addr_t phys, unsigned int shift,
		   pgprot_t prot, gfp_t gfp);
/*
 * Empties what is there of [start, end); no leaf reaches out of it. CPUs may
 * remember it until a flush. Any context but NMI.
 */
void kvirt_unmap(struct kvirt_state *k, unsigned long start,
		 unsigned long end);
/*
 * The run that begins at @addr and ends by @end; false: nothing is mapped
 * there, and run->size says how far that goes at least. Any context but NMI.
 */
bool kvirt_run(struct kvirt_state *k, unsigned long addr, unsigned long end,
	       struct kvirt_run *run);
/*
 * The same for one address, but false: somebody holds the lock, and *@run is
 * not filled. Prot is 0 where nothing is mapped.
 */
bool kvirt_try_run(struct kvirt_state *k, unsigned long addr,
		   struct kvirt_run *run);

/*
 * Takes all empty tables out, to be freed with kvirt_tables_free() once CPUs
 * have flushed. Any context but NMI.
 */
void kvirt_tables_detach(struct kvirt_state *k, struct page_list *detached);
void kvirt_tables_free(struct page_list *detached);
/* All of that, if there are any. May sleep. */
void kvirt_tables_flush(struct kvirt_state *k);

/* Walks all: true, or false after a line that names a broken invariant. */
bool kvirt_tables_check(struct kvirt_state *k);

#endif
