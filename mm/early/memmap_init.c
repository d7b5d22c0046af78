// SPDX-License-Identifier: MIT
/*
 * Values for struct pages.
 *
 * Of each max-order block with memory every struct page gets values, so that
 * the page allocator may look at a block's buddy without asking first:
 *
 *   memory           without a reference, until it is handed over
 *   reserved         in use (a reference)
 *   hole             reserved for good, in the zone of the memory after it
 *
 *   block |---------------|---------------|---------------|
 *   frames .##############|#####....       .........######|
 *          ^ hole               ^ hole, valid      ^ hole
 *
 * Deferral. 0.31 s for each TiB is too long for one CPU, so on a large node
 * only what start-up itself may need is done at boot:
 *
 *   zone  |=== done ===|........... deferred ...........|
 *         start        first_deferred_pfn              end
 *
 * The rest is deferred_init_pages()'s, on any CPU; its ranges do not overlap
 * and memblock no longer changes, so it takes no lock. Holes are few and are
 * always done at boot.
 */
#include "early.h"

#include <linux/bug.h>
#include <linux/errno.h>
#include <linux/kstrtox.h>
#include <linux/mm.h>
#include <linux/page-flags.h>
#include <linux/printk.h>
#include <linux/string.h>

#include "memblock_internal.h"

/*
 * A node is large when its struct pages cost more than starting a thread for
 * them is worth: 8 GiB of memory take 2.5 ms, a thread on every CPU less.
 */
#define DEFER_NODE_PAGES	PHYS_PFN(8ULL << 30)
/*
 * What is done of a large node: threads, per-CPU lists and page tables of
 * 512 CPUs (16 KiB of stack each, 8 MiB in all) fit many times over.
 */
#define DEFER_FIRST_PAGES	PHYS_PFN(128ULL << 20)

/* ---- one page, and runs of them ---- */

static struct page page_template(enum zone_type zone, int nid, u32 flags)
{
	struct page page;

	memset(&page, 0, sizeof(page));
	atomic_set(&page._refcount, 1);
	atomic_set(&page._mapcount, -1);
	page.flags = page_links(zone, nid) | flags;
	page.lru_next = PFN_NONE;
	page.lru_prev = PFN_NONE;
	return page;
}

void __init_single_page(struct page *page, unsigned long pfn,
			unsigned long zone, int nid)
{
	*page = page_template((enum zone_type)zone, nid, 0);
}

/*
 * Struct pages are contiguous within a max-order block in every memory model
 * and looked up once for each.
 */
static void init_page_run(struct pfn_span r, const struct page *value)
{
	while (r.start < r.end) {
		unsigned long stop = min(ALIGN(r.start + 1, MAX_ORDER_NR_PAGES),
					 r.end);
		struct page *page = pfn_to_page(r.start);
		struct page *end = page + (stop - r.start);

		for (; page < end; page++)
			*page = *value;
		r.start = stop;
	}
}

/*
 * What is not reserved will be free: without a reference, as in a free block,
 * so that the hand-over need not touch it once more.
 */
static void init_zone_run(const struct zone *zone, struct pfn_span r,
			  u32 flags)
{
	struct page value = page_template((enum zone_type)zone_idx(zone),
					  zone_to_nid(zone), flags);

	if (!(flags & PG_BIT(reserved)))
		atomic_set(&value._refcount, 0);
	init_page_run(r, &value);
}

/* ---- holes ---- */

/*
 * The parts of the hole @r that share a block of @align frames with what
 * lies below (@has_below) and above (@has_above) it.
 */
static void hole_ends(struct pfn_span r, unsigned long align, bool has_below,
		      bool has_above, struct pfn_span *below,
		      struct pfn_span *above)
{
	below->start = below->end = r.start;
	if (has_below)
		below->end = min(ALIGN(r.start, align), r.end);
	above->start = above->end = r.end;
	if (has_above)
		above->start = max(ALIGN_DOWN(r.end, align), below->end);
}

/* A hole's struct pages are reserved and belong to @zone, its neighbour. */
static void init_hole(const struct zone *zone, struct pfn_span hole,
		      bool has_below, bool has_above)
{
	struct pfn_span below, above;
	unsigned long valid;

	hole_ends(hole, MAX_ORDER_NR_PAGES, has_below, has_above, &below,
		  &above);
	init_zone_run(zone, below, PG_BIT(reserved));
	init_zone_run(zone, above, PG_BIT(reserved));

	hole_ends(hole, pageblock_nr_pages, has_below, has_above, &below,
		  &above);
	valid = pfn_span_size(below) + pfn_span_size(above);
	if (valid)
		pr_info("On node %d, zone %s: %lu pages in unavailable ranges\n",
			zone_to_nid(zone), zone->name, valid);
}

/* ---- all pages of the machine ---- */

/* Initialises what of @range is @zone's and not deferred. */
static void memmap_init_zone_range(const struct zone *zone,
				   struct pfn_span range,
				   enum memblock_flags flags)
{
	range = zone_part(zone, range, flags);
	range.end = min(range.end, max(range.start, zone->first_deferred_pfn));
	init_zone_run(zone, range, 0);
}

void memmap_init(void)
{
	unsigned long hole = 0;
	const struct zone *last = NULL;
	struct pfn_span range, part;
	int i, nid, idx;

	for_each_mem_pfn_range(i, MAX_NUMNODES, &range.start, &range.end,
			       &nid) {
		enum memblock_flags flags = memblock.memory.regions[i].flags;

		for (idx = 0; idx < MAX_NR_ZONES; idx++) {
			const struct zone *zone = &NODE_DATA(nid)->node_zones[idx];

			part = zone_part(zone, range, flags);
			if (!pfn_span_size(part))
				continue;
			memmap_init_zone_range(zone, range, flags);
			if (hole < part.start)
				init_hole(zone, (struct pfn_span){ hole,
					  part.start }, last, true);
			hole = max(hole, part.end);
			last = zone;
		}
	}
	if (last)
		init_hole(last, (struct pfn_span){ hole,
			  ALIGN(hole, MAX_ORDER_NR_PAGES) }, true, false);
}

/* ---- reserved pages ---- */

/*
 * Sets PG_reserved in what of [start, end) is initialised memory of @nid
 * below @limit. Nobody else looks at those pages yet.
 */
static unsigned long reserve_memory_pages(struct pfn_span r,
					  unsigned long limit)
{
	unsigned long n = 0;

	r.end = min(r.end, max(r.start, limit));
	for (; r.start < r.end; r.start++) {
		struct page *page = pfn_to_page(r.start);

		page->flags |= PG_BIT(reserved);
		atomic_set(&page->_refcount, 1);
		n++;
	}
	return n;
}

/*
 * A node's deferred pages are one range at its end, except that nodes may
 * be interleaved: ask the node of each region of memory.
 */
void reserve_bootmem_region(phys_addr_t start, phys_addr_t end, int nid)
{
	const struct memblock_type *memory = &memblock_current()->memory;
	unsigned long start_pfn = PFN_DOWN(start), end_pfn = PFN_UP(end);
	unsigned long i = memblock_type_lower(memory, PFN_PHYS(start_pfn));

	for (; i < memory->cnt; i++) {
		const struct memblock_region *r = &memory->regions[i];
		struct pfn_span part = {
			memblock_region_memory_base_pfn(r),
			memblock_region_memory_end_pfn(r),
		};

		if (PFN_DOWN(r->base) >= end_pfn)
			break;
		part = pfn_span_clip(part, start_pfn, end_pfn);
		reserve_memory_pages(part, NODE_DATA(r->nid)->first_deferred_pfn);
	}
}

void memmap_init_reserved_pages(void)
{
	struct memblock_region *r;

	for_each_mem_region(r)
		if (memblock_is_nomap(r))
			reserve_bootmem_region(r->base, region_end(r), r->nid);
	for_each_reserved_mem_region(r)
		if (!memblock_is_reserved_noinit(r))
			reserve_bootmem_region(r->base, region_end(r), r->nid);
}

/* ---- deferral ---- */

/* -1 off, 0 automatic, 1 on. */
static bool node_is_deferred(const pg_data_t *pgdat)
{
	const struct early_options *o = &this_machine()->early;

	/* Mirrored memory lets two zones share their frames: keep it simple. */
	if (o->defer < 0 || o->kernelcore_mirror)
		return false;
	return o->defer > 0 || pgdat->node_present_pages > DEFER_NODE_PAGES;
}

/* The frame before which @zone has @wanted frames of memory, block-aligned. */
static unsigned long zone_pfn_after(const struct zone *zone,
				    unsigned long wanted)
{
	struct pfn_span r;
	int i;

	for_each_mem_pfn_range(i, zone_to_nid(zone), &r.start, &r.end, NULL) {
		r = pfn_span_clip(r, zone->zone_start_pfn, zone_end_pfn(zone));
		if (wanted < pfn_span_size(r))
			return ALIGN(r.start + wanted, MAX_ORDER_NR_PAGES);
		wanted -= pfn_span_size(r);
	}
	return zone_end_pfn(zone);
}

/* Low zones are small and soon needed: only the node's last one is deferred. */
void deferred_setup(pg_data_t *pgdat)
{
	struct zone *zone;
	unsigned long pfn;

	if (!pgdat->nr_zones || !node_is_deferred(pgdat))
		return;
	zone = &pgdat->node_zones[pgdat->nr_zones - 1];
	pfn = zone_pfn_after(zone, this_machine()->early.defer_first ?:
				   DEFER_FIRST_PAGES);
	if (pfn >= zone_end_pfn(zone))
		return;
	zone->first_deferred_pfn = pfn;
	pgdat->first_deferred_pfn = pfn;
}

/* Frames of [r.start, r.end) that are reserved; marks pages that want it. */
static unsigned long deferred_mark_reserved(struct pfn_span r)
{
	const struct memblock_type *type = &memblock_current()->reserved;
	unsigned long i = memblock_type_lower(type, PFN_PHYS(r.start)), n = 0;
	unsigned long from = r.start;

	for (; i < type->cnt; i++) {
		const struct memblock_region *res = &type->regions[i];
		struct pfn_span part = {
			/* Two regions may meet inside one frame. */
			max(memblock_region_reserved_base_pfn(res), from),
			memblock_region_reserved_end_pfn(res),
		};

		if (part.start >= r.end)
			break;
		part.end = max(part.end, part.start);
		from = part.end;
		part = pfn_span_clip(part, r.start, r.end);
		if (memblock_is_reserved_noinit((struct memblock_region *)res))
			n += pfn_span_size(part);	/* not marked */
		else
			n += reserve_memory_pages(part, ULONG_MAX);
	}
	return n;
}

unsigned long deferred_init_pages(struct zone *zone, unsigned long start_pfn,
				  unsigned long end_pfn)
{
	const struct memblock_type *memory = &memblock_current()->memory;
	unsigned long i = memblock_type_lower(memory, PFN_PHYS(start_pfn));
	unsigned long n = 0;

	for (; i < memory->cnt; i++) {
		struct memblock_region *r = &memory->regions[i];
		struct pfn_span part = {
			memblock_region_memory_base_pfn(r),
			memblock_region_memory_end_pfn(r),
		};

		if (PFN_DOWN(r->base) >= end_pfn)
			break;
		if (r->nid != zone_to_nid(zone))
			continue;
		part = pfn_span_clip(part, start_pfn, end_pfn);
		part = zone_part(zone, part, r->flags);
		init_zone_run(zone, part, 0);
		if (memblock_is_nomap(r))
			reserve_memory_pages(part, ULONG_MAX);
		else
			n += pfn_span_size(part) - deferred_mark_reserved(part);
	}
	return n;
}

static int deferred_option(char *val)
{
	struct early_options *o = &this_machine()->early;

	if (val && !strcmp(val, "on"))
		o->defer = 1;
	else if (val && !strcmp(val, "off"))
		o->defer = -1;
	else if (val && !strcmp(val, "auto"))
		o->defer = 0;
	else
		return option_malformed("deferred_init", val,
					"is not on, off or auto");
	return 0;
}
early_param("deferred_init", deferred_option);
