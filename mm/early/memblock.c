// SPDX-License-Identifier: MIT
/*
 * memblock: what memory there is and what of it is taken, before there are
 * struct pages.
 *
 * Terms. A region is a range of physical addresses with a node and flags. A
 * type is a sorted array of regions. There are two: `memory`, all RAM, and
 * `reserved`, all that is taken, whether it is RAM or not. Free is what
 * memory has and reserved has not:
 *
 *   memory     |=========== node 0 ===========|   |====== node 1 ======|
 *   reserved     |##|        |#####|            |###|             |####|
 *   free       |=|  |========|     |==========|     |=============|
 *
 * A range is added by filling the gaps that the type's regions leave in it,
 * so bytes that are already there keep their node and flags. It is removed,
 * or given a flag or node, by first splitting the regions at both of its
 * ends (isolating it). Neighbours that touch and are alike are joined after
 * each change.
 *
 *   add      |--------------|          isolate      |------|
 *   before     |aa|    |bb|             before    |aaaa|  |bbbb|
 *   after    |-|aa|----|bb|-|           after     |a|aa|  |bb|bb|
 *
 * Invariants, verified by memblock_check() for each type:
 *  I1  cnt <= max, and there is an array
 *  I2  no region is empty
 *  I3  no region runs past PHYS_ADDR_MAX
 *  I4  regions are sorted by base and disjoint
 *  I5  two regions that touch differ in node or flags
 *  I6  total_size is the sum of the regions' sizes
 *  I7  an array that has grown into memblock's own memory is reserved
 *
 * The arrays start inside struct memblock_state and double when they are
 * full, once memblock_allow_resize() says that all that must not be written
 * over has been reserved.
 *
 * Failure. Only a full array that cannot grow makes a call fail: -ENOMEM,
 * and nothing has changed.
 *
 * Differs from Linux: a search for a place is a bisection, an edit moves the
 * tail of the array once; growing before it is allowed is -ENOMEM and not a
 * panic; total_size stays right when memory is trimmed; a range is counted
 * exactly, so a full array does not grow for an edit that needs no room.
 *
 * Files: memblock.c regions; memblock_edit.c flags, nodes, limits;
 * memblock_iter.c; memblock_alloc.c; memblock_query.c; memblock_debug.c.
 */
#include "memblock_internal.h"

#include <linux/align.h>
#include <linux/bug.h>
#include <linux/errno.h>
#include <linux/gfp_types.h>
#include <linux/string.h>

#include "../upcalls.h"

void memblock_init(struct memblock_state *mb)
{
	bool debug = mb->debug;

	memset(mb, 0, sizeof(*mb));
	mb->debug = debug;
	mb->current_limit = MEMBLOCK_ALLOC_ANYWHERE;
	mb->memory.regions = mb->init_memory;
	mb->memory.max = INIT_MEMBLOCK_REGIONS;
	mb->memory.name = "memory";
	mb->reserved.regions = mb->init_reserved;
	mb->reserved.max = INIT_MEMBLOCK_RESERVED_REGIONS;
	mb->reserved.name = "reserved";
}

void memblock_allow_resize(void)
{
	memblock_current()->can_resize = true;
}

unsigned long memblock_type_lower(const struct memblock_type *type,
				  phys_addr_t addr)
{
	unsigned long low = 0, high = type->cnt;

	while (low < high) {
		unsigned long mid = (low + high) / 2;

		if (region_end(&type->regions[mid]) > addr)
			high = mid;
		else
			low = mid + 1;
	}
	return low;
}

struct memblock_region *memblock_type_lookup(const struct memblock_type *type,
					     phys_addr_t addr)
{
	unsigned long i = memblock_type_lower(type, addr);

	if (i == type->cnt || type->regions[i].base > addr)
		return NULL;
	return &type->regions[i];
}

/* ---- the array ---- */

static bool region_is_like(const struct memblock_region *a,
			   const struct memblock_region *b)
{
	return a->nid == b->nid && a->flags == b->flags;
}

/* Makes room for a region at @idx and fills it; the array has a place. */
static void memblock_type_insert(struct memblock_type *type, unsigned long idx,
				 phys_addr_t base, phys_addr_t end, int nid,
				 enum memblock_flags flags)
{
	struct memblock_region *r = &type->regions[idx];

	BUG_ON(type->cnt >= type->max);
	memmove(r + 1, r, (type->cnt - idx) * sizeof(*r));
	r->base = base;
	r->size = end - base;
	r->flags = flags;
	r->nid = nid;
	type->cnt++;
	type->total_size += r->size;
}

void memblock_type_delete(struct memblock_type *type, unsigned long first,
			  unsigned long last)
{
	struct memblock_region *r = type->regions;
	unsigned long i;

	BUG_ON(first > last || last > type->cnt);
	for (i = first; i < last; i++)
		type->total_size -= r[i].size;
	memmove(r + first, r + last, (type->cnt - last) * sizeof(*r));
	type->cnt -= last - first;
}

/* Cuts region @idx in two at @at, which lies strictly inside. */
static void memblock_type_split(struct memblock_type *type, unsigned long idx,
				phys_addr_t at)
{
	struct memblock_region *r = &type->regions[idx];
	phys_addr_t end = region_end(r);

	BUG_ON(at <= r->base || at >= end);
	r->size = at - r->base;
	type->total_size -= end - at;
	memblock_type_insert(type, idx + 1, at, end, r->nid, r->flags);
}

void memblock_type_merge(struct memblock_type *type, unsigned long first,
			 unsigned long last)
{
	struct memblock_region *r = type->regions;
	unsigned long from = first ? first - 1 : 0;
	unsigned long to = min(last + 1, type->cnt);
	unsigned long kept = from, i;

	if (to - from < 2 || to < from)
		return;
	for (i = from + 1; i < to; i++) {
		if (region_end(&r[kept]) == r[i].base &&
		    region_is_like(&r[kept], &r[i]))
			r[kept].size += r[i].size;
		else
			r[++kept] = r[i];
	}
	memmove(r + kept + 1, r + to, (type->cnt - to) * sizeof(*r));
	type->cnt -= to - (kept + 1);
}

/* ---- growing ---- */

static bool *memblock_in_slab(struct memblock_state *mb,
			      const struct memblock_type *type)
{
	return type == &mb->memory ? &mb->memory_in_slab
				   : &mb->reserved_in_slab;
}

/*
 * Room for @size bytes outside [base, base + avoid): the range being added
 * is in no array yet and must not be written over.
 */
static phys_addr_t memblock_find_array(const struct memblock_state *mb,
				       const struct memblock_type *type,
				       phys_addr_t size, phys_addr_t base,
				       phys_addr_t avoid)
{
	phys_addr_t addr, above = base + avoid;

	/* New memory is in no array yet, so it is in nobody's way. */
	if (type != &mb->reserved)
		above = avoid = 0;
	addr = memblock_find(mb, size, PAGE_SIZE, above, mb->current_limit,
			     NUMA_NO_NODE, MEMBLOCK_NONE);
	if (!addr && avoid)
		addr = memblock_find(mb, size, PAGE_SIZE, 0,
				     min(base, mb->current_limit),
				     NUMA_NO_NODE, MEMBLOCK_NONE);
	return addr;
}

static void memblock_free_array(struct memblock_state *mb,
				struct memblock_region *old, phys_addr_t bytes)
{
	if (old == mb->init_memory || old == mb->init_reserved)
		return;
	/* If it cannot be freed it stays reserved: no harm. */
	memblock_range_remove(mb, &mb->reserved, __pa(old), bytes);
}

/* Twice the places, from the page allocator. */
static int memblock_grow_late(struct memblock_state *mb,
			      struct memblock_type *type)
{
	unsigned long bytes = type->max * sizeof(*type->regions);
	struct memblock_region *old = type->regions;
	bool *in_slab = memblock_in_slab(mb, type);
	bool old_in_slab = *in_slab;
	struct memblock_region *r;

	r = alloc_pages_exact(2 * bytes, GFP_NOWAIT);
	if (!r)
		return -ENOMEM;
	memcpy(r, old, type->cnt * sizeof(*r));
	type->regions = r;
	type->max *= 2;
	*in_slab = true;
	/* What memblock gave has been handed over with the rest: leave it. */
	if (old_in_slab)
		free_pages_exact(old, bytes);
	return 0;
}

/* Twice the places, from memory that is neither taken nor about to be. */
static int memblock_grow(struct memblock_state *mb, struct memblock_type *type,
			 phys_addr_t base, phys_addr_t size)
{
	phys_addr_t old_bytes = ALIGN((phys_addr_t)type->max *
				      sizeof(*type->regions), PAGE_SIZE);
	phys_addr_t bytes = ALIGN((phys_addr_t)type->max * 2 *
				  sizeof(*type->regions), PAGE_SIZE);
	struct memblock_region *old, *r;
	phys_addr_t addr, last;

	if (!mb->can_resize)
		return -ENOMEM;
	if (mb->handed_over)
		return memblock_grow_late(mb, type);

	addr = memblock_find_array(mb, type, bytes, base, size);
	if (!addr) {
		pr_err("memblock: Failed to double %s array from %lu to %lu entries !\n",
		       type->name, type->max, type->max * 2);
		return -ENOMEM;
	}
	/* Growing memory: take the room first, that too may need growing. */
	if (type == &mb->memory &&
	    memblock_range_add(mb, &mb->reserved, addr, bytes, MAX_NUMNODES,
			       MEMBLOCK_NONE))
		return -ENOMEM;
	last = addr + bytes - 1;
	memblock_dbg(mb, "memblock: %s is doubled to %lu at [%pa-%pa]",
		     type->name, type->max * 2, &addr, &last);

	r = __va(addr);
	old = type->regions;
	memcpy(r, old, type->cnt * sizeof(*r));
	memset(r + type->cnt, 0, (2 * type->max - type->cnt) * sizeof(*r));
	type->regions = r;
	type->max *= 2;
	if (type == &mb->reserved)	/* has room now, cannot fail */
		BUG_ON(memblock_range_add(mb, type, addr, bytes, MAX_NUMNODES,
					  MEMBLOCK_NONE));
	memblock_free_array(mb, old, old_bytes);
	return 0;
}

/* ---- ranges ---- */

/* How many gaps @type's regions leave in [base, end). */
static unsigned long memblock_count_gaps(const struct memblock_type *type,
					 phys_addr_t base, phys_addr_t end)
{
	unsigned long i = memblock_type_lower(type, base), n = 0;

	for (; i < type->cnt && type->regions[i].base < end; i++) {
		n += type->regions[i].base > base;
		base = region_end(&type->regions[i]);
	}
	return n + (base < end);
}

int memblock_range_add(struct memblock_state *mb, struct memblock_type *type,
		       phys_addr_t base, phys_addr_t size, int nid,
		       enum memblock_flags flags)
{
	phys_addr_t end = range_end(base, size);
	unsigned long first, i;

	if (end == base)
		return 0;
	/* Growing changes the arrays: count again. */
	while (type->cnt + memblock_count_gaps(type, base, end) > type->max)
		if (memblock_grow(mb, type, base, end - base))
			return -ENOMEM;

	first = i = memblock_type_lower(type, base);
	for (; i < type->cnt && type->regions[i].base < end; i++) {
		phys_addr_t stop = type->regions[i].base;

		if (base < stop)
			memblock_type_insert(type, i++, base, stop, nid,
					     flags);
		base = region_end(&type->regions[i]);
	}
	if (base < end)
		memblock_type_insert(type, i++, base, end, nid, flags);
	memblock_type_merge(type, first, i);
	return 0;
}

/* How many regions must be cut for [base, end) to be isolated: 0 to 2. */
static unsigned long memblock_count_cuts(const struct memblock_type *type,
					 phys_addr_t base, phys_addr_t end)
{
	const struct memblock_region *r = memblock_type_lookup(type, base);
	unsigned long n = r && r->base < base;

	r = memblock_type_lookup(type, end);
	return n + (r && r->base < end);
}

int memblock_range_isolate(struct memblock_state *mb,
			   struct memblock_type *type,
			   phys_addr_t base, phys_addr_t size,
			   unsigned long *first, unsigned long *last)
{
	phys_addr_t end = range_end(base, size);
	unsigned long i;

	*first = *last = 0;
	if (end == base)
		return 0;
	while (type->cnt + memblock_count_cuts(type, base, end) > type->max)
		if (memblock_grow(mb, type, base, end - base))
			return -ENOMEM;

	i = memblock_type_lower(type, base);
	if (i < type->cnt && type->regions[i].base < base)
		memblock_type_split(type, i++, base);
	*first = i;
	i = memblock_type_lower(type, end);
	if (i < type->cnt && type->regions[i].base < end)
		memblock_type_split(type, i++, end);
	*last = i;
	return 0;
}

int memblock_range_remove(struct memblock_state *mb,
			  struct memblock_type *type,
			  phys_addr_t base, phys_addr_t size)
{
	unsigned long first, last;

	if (memblock_range_isolate(mb, type, base, size, &first, &last))
		return -ENOMEM;
	memblock_type_delete(type, first, last);
	return 0;
}

/* ---- entry points ---- */

#define memblock_trace(mb, base, size) do {				\
	phys_addr_t __last = (base) + (size) - 1;			\
	memblock_dbg(mb, "%s: [%pa-%pa] %pS\n", __func__, &(base),	\
		     &__last, __builtin_return_address(0));		\
} while (0)

int memblock_add_node(phys_addr_t base, phys_addr_t size, int nid,
		      enum memblock_flags flags)
{
	struct memblock_state *mb = memblock_current();
	phys_addr_t last = base + size - 1;

	memblock_dbg(mb, "%s: [%pa-%pa] nid=%d flags=%x %pS\n", __func__,
		     &base, &last, nid, flags, __builtin_return_address(0));
	return memblock_range_add(mb, &mb->memory, base, size, nid, flags);
}

int memblock_add(phys_addr_t base, phys_addr_t size)
{
	struct memblock_state *mb = memblock_current();

	memblock_trace(mb, base, size);
	return memblock_range_add(mb, &mb->memory, base, size, MAX_NUMNODES,
				  MEMBLOCK_NONE);
}

int memblock_remove(phys_addr_t base, phys_addr_t size)
{
	struct memblock_state *mb = memblock_current();

	memblock_trace(mb, base, size);
	return memblock_range_remove(mb, &mb->memory, base, size);
}

int memblock_reserve(phys_addr_t base, phys_addr_t size)
{
	struct memblock_state *mb = memblock_current();

	memblock_trace(mb, base, size);
	return memblock_range_add(mb, &mb->reserved, base, size, MAX_NUMNODES,
				  MEMBLOCK_NONE);
}

int memblock_phys_free(phys_addr_t base, phys_addr_t size)
{
	struct memblock_state *mb = memblock_current();

	memblock_trace(mb, base, size);
	return memblock_range_remove(mb, &mb->reserved, base, size);
}

void memblock_free(void *ptr, size_t size)
{
	if (ptr)
		memblock_phys_free(__pa(ptr), size);
}

/* Gives the array of @type back and leaves the type empty. */
static void memblock_discard_type(struct memblock_state *mb,
				  struct memblock_type *type,
				  struct memblock_region *initial)
{
	size_t bytes = ALIGN(type->max * sizeof(*initial), PAGE_SIZE);
	struct memblock_region *old = type->regions;

	type->regions = initial;
	type->cnt = 0;
	type->max = INIT_MEMBLOCK_REGIONS;
	type->total_size = 0;
	if (old == initial)
		return;
	if (*memblock_in_slab(mb, type))
		free_pages_exact(old, bytes);
	else
		memblock_free_late(__pa(old), bytes);
	*memblock_in_slab(mb, type) = false;
}

void memblock_discard(void)
{
	struct memblock_state *mb = memblock_current();

	memblock_discard_type(mb, &mb->reserved, mb->init_reserved);
	memblock_discard_type(mb, &mb->memory, mb->init_memory);
}
