// SPDX-License-Identifier: MIT
/*
 * Whether the CPUs' lists are as pcp.c says: its numbered invariants, each
 * reported with what was expected and found.
 *
 * That no page is listed twice (I4) is seen by marking: each listed block's
 * first page gets a type of its own for as long as the check lasts, so that
 * who is met again has it already; a block inside another one is met by I3.
 *
 * Claims all CPUs, so that nobody is at the lists. For tests and debug=check.
 */
#include "pcp.h"

#include <linux/cpumask.h>
#include <linux/kernel.h>

#define CHECK(cond, inv, list, fmt, ...) do {				\
	if (!(cond)) {							\
		pr_err("pcp: cpu %u zone %s order %u type %u: " inv ": " fmt "\n", \
		       (list)->pcp->cpu, (list)->pcp->zone->name,	\
		       (list)->order, (list)->type, ##__VA_ARGS__);	\
		return false;						\
	}								\
} while (0)

/* No page is of this type but during the check. */
#define TYPE_LISTED	page_type_make(PGTY_guard, 1)

static bool block_check(const struct pcp_list *list, u32 pfn)
{
	const struct zone *zone = list->pcp->zone;
	struct page *page;
	unsigned long i;

	CHECK(pfn_valid(pfn) && zone_spans_pfn(zone, pfn) &&
	      IS_ALIGNED(pfn, 1U << list->order), "I2", list,
	      "frame %#x is listed", pfn);
	page = pfn_to_page((unsigned long)pfn);
	CHECK(page_type_read(page) != TYPE_LISTED, "I4", list,
	      "frame %#x is listed twice", pfn);
	for (i = 0; i < 1UL << list->order; i++) {
		CHECK(page_zone(page + i) == zone, "I2", list,
		      "frame %#lx is of another zone", pfn + i);
		CHECK(!page_ref_raw(page + i) &&
		      page_type_read(page + i) == PAGE_TYPE_NONE &&
		      !(page_flags_read(page + i) & PAGE_FLAGS_CHECK_AT_PREP),
		      "I3", list,
		      "frame %#lx has %d references, type %#x, flags %#x",
		      pfn + i, page_ref_raw(page + i),
		      page_type_read(page + i), page_flags_read(page + i));
	}
	page_type_write(page, TYPE_LISTED);
	return true;
}

static void block_unmark(u32 pfn)
{
	struct page *page;

	if (!pfn_valid(pfn))
		return;
	page = pfn_to_page((unsigned long)pfn);
	if (page_type_read(page) == TYPE_LISTED)
		page_type_write(page, PAGE_TYPE_NONE);
}

static bool list_check(const struct pcp_list *list, bool off)
{
	u32 i;

	CHECK(list->high <= list->capacity && list->count <= list->high &&
	      list->back <= list->room, "I1", list,
	      "count %u of high %u of %u, %u to give back of %u", list->count,
	      list->high, list->capacity, list->back, list->room);
	CHECK(!off || !(list->count + list->back), "I6", list,
	      "%u blocks where none may be kept", list->count + list->back);
	for (i = 0; i < list->count; i++)
		if (!block_check(list, list->pfns[i]))
			return false;
	for (i = 0; i < list->back; i++)
		if (!block_check(list, list->pfns[list->capacity + i]))
			return false;
	return true;
}

static void list_unmark(const struct pcp_list *list)
{
	u32 i;

	for (i = 0; i < min(list->count, (u32)list->capacity); i++)
		block_unmark(list->pfns[i]);
	for (i = 0; i < min(list->back, (u32)list->room); i++)
		block_unmark(list->pfns[list->capacity + i]);
}

static bool pcp_zone_check(struct zone *zone)
{
	unsigned int cpu;

	for_each_possible_cpu(cpu) {
		const struct pcp_front *front = per_cpu_ptr(&pcp_front, cpu);
		struct per_cpu_pages *pcp = pcp_of(cpu, zone);
		const struct pcp_list *list;

		if (!pcp)
			continue;
		for_each_pcp_list(list, pcp)
			if (!list_check(list, zone->pcp_disabled ||
					      front->claimed & PCP_OFF))
				return false;
	}
	return true;
}

static void pcp_zone_unmark(struct zone *zone)
{
	unsigned int cpu;

	for_each_possible_cpu(cpu) {
		struct per_cpu_pages *pcp = pcp_of(cpu, zone);
		const struct pcp_list *list;

		if (!pcp)
			continue;
		for_each_pcp_list(list, pcp)
			list_unmark(list);
	}
}

bool pcp_check(void)
{
	struct zone *zone;
	bool ok = true;

	pcp_claim(cpu_possible_mask);
	for_each_populated_zone(zone) {
		ok = ok && pcp_zone_check(zone);
		pcp_zone_unmark(zone);
	}
	pcp_release(cpu_possible_mask);
	return ok;
}
