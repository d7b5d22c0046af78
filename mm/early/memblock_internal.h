/* SPDX-License-Identifier: MIT */
/* What memblock's files share; the theory stands in memblock.c. */
#ifndef _MM_EARLY_MEMBLOCK_INTERNAL_H
#define _MM_EARLY_MEMBLOCK_INTERNAL_H

#include <linux/memblock.h>
#include <linux/minmax.h>
#include <linux/printk.h>

#define memblock_dbg(mb, fmt, ...) do {					\
	if (unlikely((mb)->debug))					\
		pr_info(fmt, ##__VA_ARGS__);				\
} while (0)

/* The current machine's state, made ready if it was still zeroed. */
static inline struct memblock_state *memblock_current(void)
{
	struct memblock_state *mb = &this_machine()->mb;

	if (unlikely(!mb->memory.regions))
		memblock_init(mb);
	return mb;
}

static inline phys_addr_t region_end(const struct memblock_region *r)
{
	return r->base + r->size;
}

/* The end of [base, base + size), cut at PHYS_ADDR_MAX. */
static inline phys_addr_t range_end(phys_addr_t base, phys_addr_t size)
{
	return base + min(size, PHYS_ADDR_MAX - base);
}

static inline bool nid_is_valid(int nid)
{
	return nid >= 0 && nid < MAX_NUMNODES;
}

/* Index of the first region that ends after @addr; cnt when there is none. */
unsigned long memblock_type_lower(const struct memblock_type *type,
				  phys_addr_t addr);
/* The region that holds @addr, or NULL. */
struct memblock_region *memblock_type_lookup(const struct memblock_type *type,
					     phys_addr_t addr);

/*
 * The core of add, remove and of everything that edits a range. @type is
 * &mb->memory or &mb->reserved. 0, or -ENOMEM with nothing changed.
 *
 * isolate splits regions at both ends of the range, so that it covers
 * exactly the regions [*first, *last).
 */
int memblock_range_add(struct memblock_state *mb, struct memblock_type *type,
		       phys_addr_t base, phys_addr_t size, int nid,
		       enum memblock_flags flags);
int memblock_range_remove(struct memblock_state *mb,
			  struct memblock_type *type,
			  phys_addr_t base, phys_addr_t size);
int memblock_range_isolate(struct memblock_state *mb,
			   struct memblock_type *type,
			   phys_addr_t base, phys_addr_t size,
			   unsigned long *first, unsigned long *last);
/* Joins like neighbours among the regions [first - 1, last + 1). */
void memblock_type_merge(struct memblock_type *type, unsigned long first,
			 unsigned long last);
/* Drops the regions [first, last). */
void memblock_type_delete(struct memblock_type *type, unsigned long first,
			  unsigned long last);

/* The iterators on a given state; see __next_mem_range(). */
void memblock_next(const struct memblock_state *mb, u64 *idx, int nid,
		   enum memblock_flags flags, const struct memblock_type *a,
		   const struct memblock_type *b, phys_addr_t *out_start,
		   phys_addr_t *out_end, int *out_nid);
void memblock_prev(const struct memblock_state *mb, u64 *idx, int nid,
		   enum memblock_flags flags, const struct memblock_type *a,
		   const struct memblock_type *b, phys_addr_t *out_start,
		   phys_addr_t *out_end, int *out_nid);

/* Free room of @size at @align in [start, end), not taken yet; 0: none. */
phys_addr_t memblock_find(const struct memblock_state *mb, phys_addr_t size,
			  phys_addr_t align, phys_addr_t start,
			  phys_addr_t end, int nid, enum memblock_flags flags);
/* Finds room and reserves it; 0: none. Falls back as Linux's calls do. */
phys_addr_t memblock_take(struct memblock_state *mb, phys_addr_t size,
			  phys_addr_t align, phys_addr_t start,
			  phys_addr_t end, int nid, bool exact_nid);

#endif
