// SPDX-License-Identifier: MIT
/*
 * memblock: its check, its dump, and its options memblock=debug and
 * reserve_mem=. The invariants stand in memblock.c.
 */
#include "memblock_internal.h"

#include <linux/errno.h>
#include <linux/kstrtox.h>
#include <linux/log2.h>
#include <linux/sprintf.h>
#include <linux/string.h>

#include "early.h"

static int memblock_broken(const struct memblock_type *type, int invariant,
			   unsigned long idx)
{
	pr_err("memblock_check: I%d broken by %s[%lu] of %lu\n", invariant,
	       type->name, idx, type->cnt);
	return invariant;
}

/* Whether region @i and the one before it may stand side by side. */
static int region_check(const struct memblock_region *r, unsigned long i)
{
	if (!r[i].size)
		return 2;
	if (r[i].size > PHYS_ADDR_MAX - r[i].base)
		return 3;
	if (!i)
		return 0;
	if (region_end(&r[i - 1]) > r[i].base)
		return 4;
	if (region_end(&r[i - 1]) == r[i].base && r[i - 1].nid == r[i].nid &&
	    r[i - 1].flags == r[i].flags)
		return 5;
	return 0;
}

static int memblock_type_check(const struct memblock_type *type)
{
	phys_addr_t total = 0;
	unsigned long i;
	int bad;

	if (!type->regions || type->cnt > type->max)
		return memblock_broken(type, 1, type->max);
	for (i = 0; i < type->cnt; i++) {
		bad = region_check(type->regions, i);
		if (bad)
			return memblock_broken(type, bad, i);
		total += type->regions[i].size;
	}
	return total == type->total_size ? 0 : memblock_broken(type, 6, i);
}

/* I7, for an array that is not the state's own nor the page allocator's. */
static int memblock_array_check(const struct memblock_state *mb,
				const struct memblock_type *type,
				const struct memblock_region *initial,
				bool in_slab)
{
	const struct memblock_region *r;
	phys_addr_t addr;

	if (type->regions == initial || in_slab)
		return 0;
	addr = __pa(type->regions);
	r = memblock_type_lookup(&mb->reserved, addr);
	if (r && region_end(r) - addr >= type->max * sizeof(*initial))
		return 0;
	return memblock_broken(type, 7, 0);
}

int memblock_check(const struct memblock_state *mb)
{
	int bad = memblock_type_check(&mb->memory);

	if (!bad)
		bad = memblock_type_check(&mb->reserved);
	if (!bad)
		bad = memblock_array_check(mb, &mb->memory, mb->init_memory,
					   mb->memory_in_slab);
	if (!bad)
		bad = memblock_array_check(mb, &mb->reserved,
					   mb->init_reserved,
					   mb->reserved_in_slab);
	return bad;
}

static void memblock_dump_type(const struct memblock_type *type)
{
	unsigned long i;

	pr_info(" %s.cnt  = 0x%lx\n", type->name, type->cnt);
	for (i = 0; i < type->cnt; i++) {
		const struct memblock_region *r = &type->regions[i];
		phys_addr_t last = region_end(r) - 1;
		char node[32] = "";

		if (nid_is_valid(r->nid))
			snprintf(node, sizeof(node), " on node %d", r->nid);
		pr_info(" %s[%#lx]\t[%pa-%pa], %pa bytes%s flags: %#x\n",
			type->name, i, &r->base, &last, &r->size, node,
			(unsigned int)r->flags);
	}
}

void memblock_dump(const struct memblock_state *mb)
{
	pr_info("MEMBLOCK configuration:\n");
	pr_info(" memory size = %pa reserved size = %pa\n",
		&mb->memory.total_size, &mb->reserved.total_size);
	memblock_dump_type(&mb->memory);
	memblock_dump_type(&mb->reserved);
}

void memblock_dump_all(void)
{
	if (memblock_current()->debug)
		memblock_dump(memblock_current());
}

static int memblock_option(char *val)
{
	if (!val || !strstr(val, "debug"))
		return option_malformed("memblock", val,
					"is not known, only debug");
	memblock_current()->debug = true;
	return 0;
}
early_param("memblock", memblock_option);

/* ---- reserve_mem=SIZE:ALIGN:NAME ---- */

/* The name must be new, fit, and not be mistaken for a number. */
static int reserve_mem_check_name(const struct memblock_state *mb,
				  const char *name)
{
	unsigned int i;

	if (!*name || strlen(name) >= RESERVE_MEM_NAME_SIZE)
		return -EINVAL;
	if (*name >= '0' && *name <= '9')
		return -EINVAL;
	for (i = 0; i < mb->nr_reserve_mem; i++)
		if (!strcmp(mb->reserve_mem[i].name, name))
			return -EBUSY;
	return 0;
}

static int reserve_mem_option(char *val)
{
	struct memblock_state *mb = memblock_current();
	struct reserve_mem_entry *e;
	phys_addr_t size, align;
	char *p = val;
	int err;

	if (!val)
		return option_malformed("reserve_mem", val, "has no value");
	if (mb->nr_reserve_mem == RESERVE_MEM_MAX_ENTRIES)
		return option_malformed("reserve_mem", val,
					"is one more than there is room for");
	size = memparse(p, &p);
	if (!size || *p != ':')
		return option_malformed("reserve_mem", val,
					"does not start with a size and a colon");
	align = memparse(p + 1, &p);
	if (*p != ':' || (align & (align - 1)))
		return option_malformed("reserve_mem", val,
					"has no power of two and a colon after its size");
	err = reserve_mem_check_name(mb, p + 1);
	if (err)
		return option_malformed("reserve_mem", val, err == -EBUSY ?
					"has a name that is taken" :
					"has a bad name");
	e = &mb->reserve_mem[mb->nr_reserve_mem++];
	strscpy(e->name, p + 1, sizeof(e->name));
	e->size = size;
	e->align = max_t(phys_addr_t, align, SMP_CACHE_BYTES);
	return 0;
}
early_param("reserve_mem", reserve_mem_option);

void reserve_mem_setup(void)
{
	struct memblock_state *mb = memblock_current();
	unsigned int i;

	for (i = 0; i < mb->nr_reserve_mem; i++) {
		struct reserve_mem_entry *e = &mb->reserve_mem[i];

		if (e->start)
			continue;
		e->start = memblock_take(mb, e->size, e->align, 0,
					 MEMBLOCK_ALLOC_ACCESSIBLE,
					 NUMA_NO_NODE, false);
		if (!e->start)
			pr_err("reserve_mem: no room for %llu bytes of \"%s\"\n",
			       (u64)e->size, e->name);
	}
}

bool reserve_mem_find_by_name(const char *name, phys_addr_t *start,
			      phys_addr_t *size)
{
	const struct memblock_state *mb = memblock_current();
	unsigned int i;

	for (i = 0; i < mb->nr_reserve_mem; i++) {
		const struct reserve_mem_entry *e = &mb->reserve_mem[i];

		if (!e->start || strcmp(e->name, name))
			continue;
		*start = e->start;
		*size = e->size;
		return true;
	}
	return false;
}
