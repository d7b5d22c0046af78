// SPDX-License-Identifier: MIT
/*
 * memblock: flags and nodes of ranges, and cutting memory to a limit. Each
 * isolates the range, changes the regions that cover it, and joins what has
 * become alike; theory and invariants stand in memblock.c.
 */
#include "memblock_internal.h"

#include <linux/align.h>
#include <linux/errno.h>

static int memblock_setclr_flag(struct memblock_state *mb,
				struct memblock_type *type, phys_addr_t base,
				phys_addr_t size, bool set,
				enum memblock_flags flag)
{
	unsigned long first, last, i;

	if (memblock_range_isolate(mb, type, base, size, &first, &last))
		return -ENOMEM;
	for (i = first; i < last; i++) {
		if (set)
			type->regions[i].flags |= flag;
		else
			type->regions[i].flags &= ~flag;
	}
	memblock_type_merge(type, first, last);
	return 0;
}

static int memblock_setclr_memory(phys_addr_t base, phys_addr_t size, bool set,
				  enum memblock_flags flag)
{
	struct memblock_state *mb = memblock_current();

	return memblock_setclr_flag(mb, &mb->memory, base, size, set, flag);
}

int memblock_mark_hotplug(phys_addr_t base, phys_addr_t size)
{
	return memblock_setclr_memory(base, size, true, MEMBLOCK_HOTPLUG);
}

int memblock_clear_hotplug(phys_addr_t base, phys_addr_t size)
{
	return memblock_setclr_memory(base, size, false, MEMBLOCK_HOTPLUG);
}

/* Mirrors matter only to kernelcore=mirror; without it nothing is marked. */
int memblock_mark_mirror(phys_addr_t base, phys_addr_t size)
{
	if (!this_machine()->early.kernelcore_mirror)
		return 0;
	memblock_current()->has_mirror = true;
	return memblock_setclr_memory(base, size, true, MEMBLOCK_MIRROR);
}

int memblock_mark_nomap(phys_addr_t base, phys_addr_t size)
{
	return memblock_setclr_memory(base, size, true, MEMBLOCK_NOMAP);
}

int memblock_clear_nomap(phys_addr_t base, phys_addr_t size)
{
	return memblock_setclr_memory(base, size, false, MEMBLOCK_NOMAP);
}

int memblock_reserved_mark_noinit(phys_addr_t base, phys_addr_t size)
{
	struct memblock_state *mb = memblock_current();

	return memblock_setclr_flag(mb, &mb->reserved, base, size, true,
				    MEMBLOCK_RSRV_NOINIT);
}

int memblock_set_node(phys_addr_t base, phys_addr_t size,
		      struct memblock_type *type, int nid)
{
	unsigned long first, last, i;

	if (memblock_range_isolate(memblock_current(), type, base, size,
				   &first, &last))
		return -ENOMEM;
	for (i = first; i < last; i++)
		type->regions[i].nid = nid;
	memblock_type_merge(type, first, last);
	return 0;
}

void memblock_trim_memory(phys_addr_t align)
{
	struct memblock_type *type = &memblock_current()->memory;
	unsigned long i;

	for (i = 0; i < type->cnt; ) {
		struct memblock_region *r = &type->regions[i];
		phys_addr_t start = ALIGN(r->base, align);
		phys_addr_t end = ALIGN_DOWN(region_end(r), align);

		/* An aligned start past the top wraps to 0: nothing is left. */
		if (start < r->base || start >= end) {
			memblock_type_delete(type, i, i + 1);
			continue;
		}
		type->total_size -= r->size - (end - start);
		r->base = start;
		r->size = end - start;
		i++;
	}
}

/* The address below which memory has @limit bytes; PHYS_ADDR_MAX: less. */
static phys_addr_t memblock_limit_end(const struct memblock_state *mb,
				      phys_addr_t limit)
{
	const struct memblock_region *r = mb->memory.regions;
	unsigned long i;

	for (i = 0; i < mb->memory.cnt; i++) {
		if (limit <= r[i].size)
			return r[i].base + limit;
		limit -= r[i].size;
	}
	return PHYS_ADDR_MAX;
}

/* Says that a limit could not be kept; the map is then as it was. */
static void memblock_limit_failed(const char *who)
{
	pr_err("memblock: %s: no room in the array of regions, limit not applied\n",
	       who);
}

void memblock_enforce_memory_limit(phys_addr_t memory_limit)
{
	struct memblock_state *mb = memblock_current();
	phys_addr_t end;

	if (!memory_limit)
		return;
	end = memblock_limit_end(mb, memory_limit);
	if (end == PHYS_ADDR_MAX)
		return;
	if (memblock_range_remove(mb, &mb->memory, end, PHYS_ADDR_MAX) ||
	    memblock_range_remove(mb, &mb->reserved, end, PHYS_ADDR_MAX))
		memblock_limit_failed(__func__);
}

/* Drops the regions [first, last) that are in the direct map. */
static void memblock_delete_mapped(struct memblock_type *type,
				   unsigned long first, unsigned long last)
{
	while (last-- > first)
		if (!memblock_is_nomap(&type->regions[last]))
			memblock_type_delete(type, last, last + 1);
}

void memblock_cap_memory_range(phys_addr_t base, phys_addr_t size)
{
	struct memblock_state *mb = memblock_current();
	unsigned long first, last;

	if (!size)
		return;
	if (!mb->memory.total_size) {
		pr_warn("%s: No memory registered yet\n", __func__);
		return;
	}
	if (memblock_range_isolate(mb, &mb->memory, base, size, &first,
				   &last)) {
		memblock_limit_failed(__func__);
		return;
	}
	memblock_delete_mapped(&mb->memory, last, mb->memory.cnt);
	memblock_delete_mapped(&mb->memory, 0, first);
	/* NOMAP regions that isolating cut are whole again. */
	memblock_type_merge(&mb->memory, 0, mb->memory.cnt);
	if (memblock_range_remove(mb, &mb->reserved, 0, base) ||
	    memblock_range_remove(mb, &mb->reserved, range_end(base, size),
				  PHYS_ADDR_MAX))
		memblock_limit_failed(__func__);
}

void memblock_mem_limit_remove_map(phys_addr_t limit)
{
	phys_addr_t end;

	if (!limit)
		return;
	end = memblock_limit_end(memblock_current(), limit);
	if (end != PHYS_ADDR_MAX)
		memblock_cap_memory_range(0, end);
}
