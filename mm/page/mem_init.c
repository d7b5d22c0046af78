// SPDX-License-Identifier: MIT
/*
 * The hand-over: what memblock has left becomes free pages.
 *
 *   memblock   memory    |------------------------|    |-----------|
 *              reserved     |####|         |##|                |###|
 *              free      |--|    |---------|  |---|    |-------|
 *                        blocks as large as alignment and length allow
 *
 * Only whole frames that are memory and that nothing reserved touches are
 * given to the buddy system; all others stay PG_reserved. What the firmware,
 * the image, tables and the command line lie in was reserved by those who
 * know of it, so it is never handed out.
 *
 * Frames whose struct pages are made later are counted here, as managed and
 * as free, and come to the lists through deferred.c.
 *
 * Invariants:
 *   I1  managed pages of a zone = frames ever given to its lists or counted
 *       as deferred, less those taken out by adjust_managed_page_count()
 *   I2  totalram = sum of managed pages
 *
 * Locks: booting CPU only; the zone's lock is taken where lists change.
 */
#include "internal.h"

#include "page_debug.h"

#include <linux/bitops.h>
#include <linux/highmem.h>
#include <linux/init.h>
#include <linux/kernel.h>
#include <linux/memblock.h>
#include <linux/string.h>

/* The frames' struct pages are fresh, maybe with the reference of start-up. */
static void pages_unreference(struct page *page, unsigned int order)
{
	unsigned long i;

	/* All of a range were made alike. */
	if (!page_ref_count(page))
		return;
	for (i = 0; i < 1UL << order; i++)
		set_page_count(page + i, 0);
}

/* The order of the largest block that begins at @pfn and ends by @end. */
static unsigned int block_order_at(unsigned long pfn, unsigned long end)
{
	unsigned long align = pfn ? __ffs(pfn) : MAX_PAGE_ORDER;
	unsigned long fit = __fls(end - pfn);

	return (unsigned int)min3(align, fit, (unsigned long)MAX_PAGE_ORDER);
}

void page_init_free_range(struct zone *zone, unsigned long pfn,
			  unsigned long end, bool counted)
{
	unsigned long flags;

	spin_lock_irqsave(&zone->lock, flags);
	while (pfn < end) {
		unsigned int order = block_order_at(pfn, end);
		struct page *page = pfn_to_page(pfn);
		int type = get_pfnblock_migratetype(page, pfn);

		pages_unreference(page, order);
		page_debug_start(page, order);
		if (!counted)
			zone_count_free(zone, 1L << order, type);
		buddy_block_free(zone, page, pfn, order, type);
		pfn += 1UL << order;
	}
	spin_unlock_irqrestore(&zone->lock, flags);
}

void adjust_managed_page_count(struct page *page, long count)
{
	atomic_long_add(count, &page_zone(page)->managed_pages);
	atomic_long_add(count, &this_machine()->totalram);
}

static void zone_add_managed(struct zone *zone, unsigned long n)
{
	atomic_long_add((long)n, &zone->managed_pages);
	atomic_long_add((long)n, &this_machine()->totalram);
}

void __free_pages_core(struct page *page, unsigned int order)
{
	unsigned long pfn = page_to_pfn(page);

	adjust_managed_page_count(page, 1L << order);
	page_init_free_range(page_zone(page), pfn, pfn + (1UL << order),
			     false);
}

void memblock_free_pages(struct page *page, unsigned long pfn,
			 unsigned int order)
{
	VM_BUG_ON(page_to_pfn(page) != pfn);
	__free_pages_core(page, order);
}

/*
 * The part of [start, end) whose struct pages exist goes to the lists, the
 * rest is counted. Zones may overlap when mirrored memory is kept apart, so
 * a range is the zone's only if its pages say so.
 */
static void __init zone_free_range(struct zone *zone, unsigned long start,
				   unsigned long end)
{
	unsigned long split = clamp(zone->first_deferred_pfn, start, end);

	if (start < split && page_zone(pfn_to_page(start)) != zone)
		return;
	zone_add_managed(zone, end - start);
	if (start < split)
		page_init_free_range(zone, start, split, false);
	if (split == end)
		return;
	zone->nr_deferred_free += end - split;
	zone_count(zone, NR_FREE_PAGES, (long)(end - split));
}

void __init memblock_free_all(void)
{
	unsigned long start, end;
	struct zone *zone;
	u64 i;

	memmap_init_reserved_pages();
	for_each_populated_zone(zone) {
		atomic_long_set(&zone->managed_pages, 0);
		for_each_free_mem_pfn_range_in_zone(i, zone, &start, &end)
			zone_free_range(zone, start, end);
	}
	memblock.handed_over = true;
}

/* Too little memory for each type to have pageblocks of its own. */
static bool __init memory_is_small(void)
{
	unsigned long pages = 0;
	struct zone *zone;

	for_each_populated_zone(zone)
		pages += zone->present_pages;
	return pages < pageblock_nr_pages * MIGRATE_TYPES;
}

static unsigned long __init present_pages_total(void)
{
	unsigned long pages = 0;
	struct zone *zone;

	for_each_populated_zone(zone)
		pages += zone->present_pages;
	return pages;
}

void __init mem_init_print_info(void)
{
	unsigned long physpages = present_pages_total();
	unsigned long kb = PAGE_SHIFT - 10;

	pr_info("Memory: %luK/%luK available (%luK reserved, %luK cma-reserved",
		global_zone_page_state(NR_FREE_PAGES) << kb, physpages << kb,
		(physpages - totalram_pages()) << kb,
		global_zone_page_state(NR_FREE_CMA_PAGES) << kb);
	if (zone_type_known(ZONE_HIGHMEM))
		pr_cont(", %luK highmem", totalhigh_pages() << kb);
	pr_cont(")\n");
}

/* What comes to the lists without having an address. */
static void __init report_highmem(void)
{
	struct zone *zone;

	for_each_populated_zone(zone)
		if (is_highmem(zone))
			pr_info("Initializing %s for node %d (%08lx:%08lx)\n",
				zone->name, zone_to_nid(zone),
				zone->zone_start_pfn, zone_end_pfn(zone));
}

void __init mem_init(void)
{
	struct page_alloc_state *pa = page_alloc_state();
	struct zone *zone;

	BUG_ON(pa->ready);
	pa->page_group_by_mobility_disabled = memory_is_small();
	for_each_zone(zone) {
		BUG_ON(zone->first_deferred_pfn != ULONG_MAX &&
		       zone->first_deferred_pfn < zone_end_pfn(zone) &&
		       !IS_MAX_ORDER_ALIGNED(zone->first_deferred_pfn));
		buddy_zone_init(zone);
	}
	page_debug_setup();
	report_highmem();
	memblock_free_all();
	pa->ready = true;
	mem_init_print_info();
}

/* High memory has no addresses to remember on ports that map all of it. */
void __weak page_address_init(void)
{
}

void mark_page_reserved(struct page *page)
{
	SetPageReserved(page);
	adjust_managed_page_count(page, -1);
}

void free_reserved_page(struct page *page)
{
	ClearPageReserved(page);
	init_page_count(page);
	adjust_managed_page_count(page, 1);
	__free_page(page);
}

/* Whole frames only; memblock's own arrays are in whole pages. */
void memblock_free_late(phys_addr_t base, phys_addr_t size)
{
	unsigned long pfn = PFN_UP(base), end = PFN_DOWN(base + size);

	for (; pfn < end; pfn++)
		free_reserved_page(pfn_to_page(pfn));
}

unsigned long free_reserved_area(void *start, void *end, int poison,
				 const char *s)
{
	unsigned long addr = PAGE_ALIGN((unsigned long)start);
	unsigned long last = PAGE_ALIGN_DOWN((unsigned long)end);
	unsigned long pages = 0;

	for (; addr < last; addr += PAGE_SIZE, pages++) {
		struct page *page = virt_to_page((void *)addr);
		void *direct = lowmem_page_address(page);

		if (WARN(!PageReserved(page),
			 "free_reserved_area: pfn %#lx is not reserved\n",
			 page_to_pfn(page)))
			return pages;
		/* By its direct-map address: the other may be read-only. */
		if ((unsigned int)poison <= 0xff)
			memset(direct, poison, PAGE_SIZE);
		free_reserved_page(page);
	}
	if (pages && s)
		pr_info("Freeing %s memory: %luK\n", s,
			pages << (PAGE_SHIFT - 10));
	return pages;
}

unsigned long free_initmem_default(int poison, void *start, void *end)
{
	return free_reserved_area(start, end, poison, "unused kernel image");
}
