// SPDX-License-Identifier: MIT
/*
 * Where a page is, as words for a report: what its struct page says, else the
 * free block or the list of this CPU that it lies in.
 *
 * A report may come from under the zone's lock, so that is only tried for.
 * Another CPU's lists cannot be looked at without stopping it, which a report
 * does not: a page in neither place is on one of those, or on its way.
 */
#include "pcp.h"

#include <linux/kernel.h>
#include <linux/smp.h>

/* How often a report tries for a zone's lock, which its caller may hold. */
#define LOCK_TRIES	1000

static bool zone_trylock(struct zone *zone)
{
	unsigned int tries;

	for (tries = 0; tries < LOCK_TRIES; tries++) {
		if (spin_trylock(&zone->lock))
			return true;
		cpu_relax();
	}
	return false;
}

/* Whether [@first, @first + 2^@order) holds @pfn. */
static bool block_has(unsigned long first, unsigned int order,
		      unsigned long pfn)
{
	return pfn - first < 1UL << order;
}

static bool list_has(const struct pcp_list *list, unsigned long pfn)
{
	u32 i;

	for (i = 0; i < list->count; i++)
		if (block_has(list->pfns[i], list->order, pfn))
			return true;
	for (i = 0; i < list->back; i++)
		if (block_has(list->pfns[list->capacity + i], list->order,
			      pfn))
			return true;
	return false;
}

/* This CPU's list that holds the page; NULL. Interrupts are off. */
static const struct pcp_list *pcp_find(const struct zone *zone,
				       const struct page *page)
{
	const struct pcp_front *front = this_cpu_ptr(&pcp_front);
	struct per_cpu_pages *pcp = pcp_of(smp_processor_id(), zone);
	const struct pcp_list *list;

	if (!pcp || __atomic_load_n(&front->claimed, __ATOMIC_RELAXED))
		return NULL;
	for_each_pcp_list(list, pcp)
		if (list_has(list, page_to_pfn(page)))
			return list;
	return NULL;
}

/* A page without a reference. */
static void free_place(char *buf, size_t size, struct zone *zone,
		       const struct page *page)
{
	const struct pcp_list *list;
	struct page *head = NULL;
	unsigned int order = 0;
	unsigned long flags;
	bool locked;

	local_irq_save(flags);
	list = pcp_find(zone, page);
	locked = zone_trylock(zone);
	if (locked) {
		head = buddy_find_block(zone, page_to_pfn(page), &order);
		spin_unlock(&zone->lock);
	}
	local_irq_restore(flags);
	if (list)
		scnprintf(buf, size, "free, on this CPU's list of order %u",
			  list->order);
	else if (head)
		scnprintf(buf, size, "free, in the block of order %u at pfn %#lx",
			  order, page_to_pfn(head));
	else
		scnprintf(buf, size, locked ? "in no free block" :
			  "its zone is locked");
}

void page_place(char *buf, size_t size, struct zone *zone,
		const struct page *page)
{
	if (PageQuarantine(page))
		scnprintf(buf, size, "quarantined");
	else if (PageReserved(page))
		scnprintf(buf, size, "reserved");
	else if (PageTail(page))
		scnprintf(buf, size, "in the compound page at pfn %#x",
			  page->lru_next);
	else if (page_ref_count(page) > 0)
		scnprintf(buf, size, "allocated");
	else
		free_place(buf, size, zone, page);
}
