// SPDX-License-Identifier: MIT
/* memblock: questions. None changes anything; theory in memblock.c. */
#include "memblock_internal.h"

bool memblock_is_memory(phys_addr_t addr)
{
	return memblock_type_lookup(&memblock_current()->memory, addr);
}

bool memblock_is_map_memory(phys_addr_t addr)
{
	struct memblock_region *r;

	r = memblock_type_lookup(&memblock_current()->memory, addr);
	return r && !memblock_is_nomap(r);
}

bool memblock_is_reserved(phys_addr_t addr)
{
	return memblock_type_lookup(&memblock_current()->reserved, addr);
}

bool memblock_is_region_memory(phys_addr_t base, phys_addr_t size)
{
	const struct memblock_region *r;

	r = memblock_type_lookup(&memblock_current()->memory, base);
	return r && region_end(r) >= range_end(base, size);
}

unsigned long memblock_addrs_overlap(phys_addr_t base1, phys_addr_t size1,
				     phys_addr_t base2, phys_addr_t size2)
{
	return base1 < range_end(base2, size2) &&
	       base2 < range_end(base1, size1);
}

bool memblock_overlaps_region(struct memblock_type *type, phys_addr_t base,
			      phys_addr_t size)
{
	unsigned long i = memblock_type_lower(type, base);

	return i < type->cnt &&
	       memblock_addrs_overlap(base, size, type->regions[i].base,
				      type->regions[i].size);
}

bool memblock_is_region_reserved(phys_addr_t base, phys_addr_t size)
{
	return memblock_overlaps_region(&memblock_current()->reserved, base,
					size);
}

int memblock_search_pfn_nid(unsigned long pfn, unsigned long *start_pfn,
			    unsigned long *end_pfn)
{
	const struct memblock_region *r;

	r = memblock_type_lookup(&memblock_current()->memory, PFN_PHYS(pfn));
	if (!r)
		return NUMA_NO_NODE;
	if (start_pfn)
		*start_pfn = PFN_DOWN(r->base);
	if (end_pfn)
		*end_pfn = PFN_DOWN(region_end(r));
	return memblock_get_region_node(r);
}

bool memblock_validate_numa_coverage(unsigned long threshold_bytes)
{
	const struct memblock_type *type = &memblock_current()->memory;
	phys_addr_t bytes = 0;
	unsigned long i;

	for (i = 0; i < type->cnt; i++)
		if (!nid_is_valid(type->regions[i].nid))
			bytes += type->regions[i].size;
	if (bytes <= threshold_bytes)
		return true;
	pr_err("NUMA: no nodes coverage for %lluMB of %lluMB RAM\n",
	       (u64)bytes >> 20, (u64)type->total_size >> 20);
	return false;
}

phys_addr_t memblock_phys_mem_size(void)
{
	return memblock_current()->memory.total_size;
}

phys_addr_t memblock_reserved_size(void)
{
	return memblock_current()->reserved.total_size;
}

unsigned long memblock_estimated_nr_free_pages(void)
{
	return PHYS_PFN(memblock_phys_mem_size() - memblock_reserved_size());
}

phys_addr_t memblock_start_of_DRAM(void)
{
	const struct memblock_type *type = &memblock_current()->memory;

	return type->cnt ? type->regions[0].base : 0;
}

phys_addr_t memblock_end_of_DRAM(void)
{
	const struct memblock_type *type = &memblock_current()->memory;

	return type->cnt ? region_end(&type->regions[type->cnt - 1]) : 0;
}

void memblock_set_current_limit(phys_addr_t limit)
{
	memblock_current()->current_limit = limit;
}

phys_addr_t memblock_get_current_limit(void)
{
	return memblock_current()->current_limit;
}
