// SPDX-License-Identifier: MIT
/*
 * memblock: allocation. A place is sought among the free ranges, from the
 * top down or the bottom up, and reserved; theory in memblock.c.
 *
 * What is tried in turn, until one yields:
 *   1. the range, on the wanted node, mirrored memory first if there is any
 *   2. the range, on any node (not for "exact" calls)
 *   3. 1 and 2 without asking for a mirror, after a warning
 *   4. for calls that return an address: 1 to 3 with no lower bound
 */
#include "memblock_internal.h"

#include <linux/align.h>
#include <linux/bug.h>
#include <linux/gfp_types.h>
#include <linux/log2.h>
#include <linux/string.h>

#include "../upcalls.h"

static phys_addr_t memblock_find_bottom_up(const struct memblock_state *mb,
					   phys_addr_t start, phys_addr_t end,
					   phys_addr_t size, phys_addr_t align,
					   int nid, enum memblock_flags flags)
{
	phys_addr_t from, to, cand;
	u64 i = 0;

	for (;;) {
		memblock_next(mb, &i, nid, flags, &mb->memory, &mb->reserved,
			      &from, &to, NULL);
		if (i == ULLONG_MAX)
			return 0;
		from = clamp(from, start, end);
		to = clamp(to, start, end);
		cand = round_up(from, align);
		/* Rounding up may wrap past the top. */
		if (cand >= from && cand < to && to - cand >= size)
			return cand;
	}
}

static phys_addr_t memblock_find_top_down(const struct memblock_state *mb,
					  phys_addr_t start, phys_addr_t end,
					  phys_addr_t size, phys_addr_t align,
					  int nid, enum memblock_flags flags)
{
	phys_addr_t from, to, cand;
	u64 i = ULLONG_MAX;

	for (;;) {
		memblock_prev(mb, &i, nid, flags, &mb->memory, &mb->reserved,
			      &from, &to, NULL);
		if (i == ULLONG_MAX)
			return 0;
		from = clamp(from, start, end);
		to = clamp(to, start, end);
		if (to < size)
			continue;
		cand = round_down(to - size, align);
		if (cand >= from && cand < to)
			return cand;
	}
}

phys_addr_t memblock_find(const struct memblock_state *mb, phys_addr_t size,
			  phys_addr_t align, phys_addr_t start,
			  phys_addr_t end, int nid, enum memblock_flags flags)
{
	if (end == MEMBLOCK_ALLOC_ACCESSIBLE ||
	    end == MEMBLOCK_ALLOC_NOLEAKTRACE)
		end = mb->current_limit;
	/* Never the first page: 0 says that there is no room. */
	start = max_t(phys_addr_t, start, PAGE_SIZE);
	end = max(start, end);
	if (mb->bottom_up)
		return memblock_find_bottom_up(mb, start, end, size, align,
					       nid, flags);
	return memblock_find_top_down(mb, start, end, size, align, nid, flags);
}

/* Finds and reserves; 0 when there is no room, for it or for the record. */
static phys_addr_t memblock_try(struct memblock_state *mb, phys_addr_t size,
				phys_addr_t align, phys_addr_t start,
				phys_addr_t end, int nid,
				enum memblock_flags flags)
{
	phys_addr_t found = memblock_find(mb, size, align, start, end, nid,
					  flags);

	if (found && memblock_range_add(mb, &mb->reserved, found, size,
					MAX_NUMNODES, MEMBLOCK_NONE))
		return 0;
	return found;
}

phys_addr_t memblock_take(struct memblock_state *mb, phys_addr_t size,
			  phys_addr_t align, phys_addr_t start,
			  phys_addr_t end, int nid, bool exact_nid)
{
	enum memblock_flags flags = mb->has_mirror ? MEMBLOCK_MIRROR
						   : MEMBLOCK_NONE;
	phys_addr_t found;

	if (WARN(nid == MAX_NUMNODES,
		 "memblock: node MAX_NUMNODES asked for, NUMA_NO_NODE meant"))
		nid = NUMA_NO_NODE;
	if (WARN(!align, "memblock: allocation of %llu bytes without alignment",
		 (unsigned long long)size))
		align = SMP_CACHE_BYTES;
	BUG_ON(align & (align - 1));

	for (;;) {
		found = memblock_try(mb, size, align, start, end, nid, flags);
		if (!found && nid_is_valid(nid) && !exact_nid)
			found = memblock_try(mb, size, align, start, end,
					     NUMA_NO_NODE, flags);
		if (found || !(flags & MEMBLOCK_MIRROR))
			return found;
		flags &= ~MEMBLOCK_MIRROR;
		pr_warn("Could not allocate %pap bytes of mirrored memory\n",
			&size);
	}
}

#define memblock_trace_alloc(mb, size, align, nid, from, to)		\
	memblock_dbg(mb, "%s: %llu bytes align=0x%llx nid=%d from=%pa max_addr=%pa %pS\n", \
		     __func__, (u64)(size), (u64)(align), nid, &(from),	\
		     &(to), __builtin_return_address(0))

phys_addr_t memblock_alloc_range_nid(phys_addr_t size, phys_addr_t align,
				     phys_addr_t start, phys_addr_t end,
				     int nid, bool exact_nid)
{
	return memblock_take(memblock_current(), size, align, start, end, nid,
			     exact_nid);
}

phys_addr_t memblock_phys_alloc_range(phys_addr_t size, phys_addr_t align,
				      phys_addr_t start, phys_addr_t end)
{
	struct memblock_state *mb = memblock_current();

	memblock_trace_alloc(mb, size, align, NUMA_NO_NODE, start, end);
	return memblock_take(mb, size, align, start, end, NUMA_NO_NODE, false);
}

phys_addr_t memblock_phys_alloc_try_nid(phys_addr_t size, phys_addr_t align,
					int nid)
{
	return memblock_take(memblock_current(), size, align, 0,
			     MEMBLOCK_ALLOC_ACCESSIBLE, nid, false);
}

/* Someone came too late: memblock has handed its memory over. */
static void *memblock_alloc_late(phys_addr_t size)
{
	WARN(true, "memblock: allocation of %llu bytes after hand-over",
	     (unsigned long long)size);
	return alloc_pages_exact((size_t)size, GFP_NOWAIT | __GFP_ZERO);
}

static void *memblock_alloc_internal(struct memblock_state *mb,
				     phys_addr_t size, phys_addr_t align,
				     phys_addr_t min_addr,
				     phys_addr_t max_addr, int nid,
				     bool exact_nid)
{
	phys_addr_t addr;

	if (unlikely(mb->handed_over))
		return memblock_alloc_late(size);
	if (max_addr > mb->current_limit)
		max_addr = mb->current_limit;
	addr = memblock_take(mb, size, align, min_addr, max_addr, nid,
			     exact_nid);
	if (!addr && min_addr)
		addr = memblock_take(mb, size, align, 0, max_addr, nid,
				     exact_nid);
	return addr ? phys_to_virt(addr) : NULL;
}

void *memblock_alloc_exact_nid_raw(phys_addr_t size, phys_addr_t align,
				   phys_addr_t min_addr, phys_addr_t max_addr,
				   int nid)
{
	struct memblock_state *mb = memblock_current();

	memblock_trace_alloc(mb, size, align, nid, min_addr, max_addr);
	return memblock_alloc_internal(mb, size, align, min_addr, max_addr,
				       nid, true);
}

void *memblock_alloc_try_nid_raw(phys_addr_t size, phys_addr_t align,
				 phys_addr_t min_addr, phys_addr_t max_addr,
				 int nid)
{
	struct memblock_state *mb = memblock_current();

	memblock_trace_alloc(mb, size, align, nid, min_addr, max_addr);
	return memblock_alloc_internal(mb, size, align, min_addr, max_addr,
				       nid, false);
}

void *memblock_alloc_try_nid(phys_addr_t size, phys_addr_t align,
			     phys_addr_t min_addr, phys_addr_t max_addr,
			     int nid)
{
	struct memblock_state *mb = memblock_current();
	void *p;

	memblock_trace_alloc(mb, size, align, nid, min_addr, max_addr);
	p = memblock_alloc_internal(mb, size, align, min_addr, max_addr, nid,
				    false);
	if (p)
		memset(p, 0, (size_t)size);
	return p;
}

void *__memblock_alloc_or_panic(phys_addr_t size, phys_addr_t align,
				const char *func)
{
	void *p = memblock_alloc(size, align);

	if (!p)
		panic("%s: Failed to allocate %pap bytes\n", func, &size);
	return p;
}
