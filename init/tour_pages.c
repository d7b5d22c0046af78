// SPDX-License-Identifier: MIT
/*
 * The tour's steps about pages that go wrong and pages that are kept back.
 *
 *   wrong frees   each kind is made on purpose; it must be found, reported and
 *                 kept from the free lists. What the report gave as its reason
 *                 is one line of the tour.
 *   reserves      a node is emptied by ordinary requests, then by those that
 *                 cannot wait, then by those that free memory: each finds
 *                 pages that the ones before could not have.
 *
 * The log has the reports in full; the console has not, since nothing is
 * wrong with the machine. What wrong frees leave in quarantine is taken out
 * of it again and freed, so that nothing is lost.
 */
#include "tour.h"

#include <linux/gfp.h>
#include <linux/mm.h>
#include <linux/sched.h>
#include <linux/string.h>
#include <linux/vmstat.h>

#include <octavo/log.h>
#include <octavo/machine.h>

/* ---- wrong frees ------------------------------------------------------- */

/* What a wrong free leaves in quarantine; page NULL: nothing. */
struct leftover {
	struct page *page;
	unsigned int order;
};

struct wrong_free {
	const char *name;
	const char *reason;	/* what the report must say */
	struct leftover (*make)(void);
};

static const struct leftover nothing;

static struct leftover free_twice(void)
{
	struct page *page = alloc_page(GFP_KERNEL);

	__free_page(page);
	__free_page(page);
	return nothing;
}

static struct leftover free_reserved(void)
{
	struct page *page = alloc_page(GFP_KERNEL);

	mark_page_reserved(page);
	__free_page(page);
	free_reserved_page(page);
	return nothing;
}

static struct leftover free_foreign(void)
{
	struct page none = { .flags = 0 };

	__free_page(&none);
	return nothing;
}

static struct leftover free_unaligned(void)
{
	unsigned long addr = __get_free_page(GFP_KERNEL);

	free_page(addr + 8);
	free_page(addr);
	return nothing;
}

static struct leftover free_bad_address(void)
{
	free_page(2 * PAGE_SIZE);
	return nothing;
}

static struct leftover free_wrong_order(void)
{
	struct page *page = alloc_pages(GFP_KERNEL, 2);

	__free_pages(page, 1);
	return (struct leftover){ page, 2 };
}

static struct leftover free_tail(void)
{
	struct page *page = alloc_pages(GFP_KERNEL | __GFP_COMP, 2);

	__free_page(page + 1);
	__free_pages(page, 2);
	return nothing;
}

static struct leftover free_mapped(void)
{
	struct page *page = alloc_page(GFP_KERNEL);

	atomic_inc(&page->_mapcount);
	__free_page(page);
	atomic_dec(&page->_mapcount);
	return (struct leftover){ page, 0 };
}

static struct leftover free_referenced(void)
{
	struct page *page = alloc_pages(GFP_KERNEL, 1);

	page_ref_inc(page + 1);
	__free_pages(page, 1);
	set_page_count(page + 1, 0);
	return (struct leftover){ page, 1 };
}

static struct leftover free_locked(void)
{
	struct page *page = alloc_page(GFP_KERNEL);

	SetPageLocked(page);
	__free_page(page);
	ClearPageLocked(page);
	return (struct leftover){ page, 0 };
}

static struct leftover free_quarantined(void)
{
	struct leftover left = free_locked();

	__free_page(left.page);
	return left;
}

static struct leftover free_no_range(void)
{
	free_contig_range(ULONG_MAX - 1, 4);
	return nothing;
}

static struct leftover free_exact_wrong(void)
{
	char *p = alloc_pages_exact(2 * PAGE_SIZE, GFP_KERNEL);

	free_pages_exact(p + 8, 2 * PAGE_SIZE);
	free_pages_exact(p, 2 * PAGE_SIZE);
	return nothing;
}

static const struct wrong_free wrong_frees[] = {
	{ "twice", "double free", free_twice },
	{ "reserved", "freeing a reserved page", free_reserved },
	{ "foreign", "no frame has a struct page at", free_foreign },
	{ "unaligned", "not aligned to a page", free_unaligned },
	{ "bad address", "not in the direct map", free_bad_address },
	{ "wrong order", "another order than", free_wrong_order },
	{ "tail", "freeing a tail page", free_tail },
	{ "mapped", "nonzero mapcount", free_mapped },
	{ "referenced", "nonzero _refcount", free_referenced },
	{ "locked", "flag(s) set", free_locked },
	{ "quarantined", "freeing a quarantined page", free_quarantined },
	{ "no range", "a frame that is no memory", free_no_range },
	{ "exact", "what it did not give", free_exact_wrong },
};

/* Gives quarantined pages back after all. */
static void leftover_free(struct leftover left)
{
	struct page *page = left.page;

	if (!page || !PageQuarantine(page))
		return;
	atomic_long_sub(1L << left.order,
			&this_machine()->page_alloc.nr_quarantined);
	ClearPageQuarantine(page);
	init_page_count(page);
	if (left.order)
		page_type_write(page + 1,
				page_type_make(PGTY_block, left.order));
	__free_pages(page, left.order);
}

/* Looks for a report's reason in what was logged from `start` on. */
struct reason_search {
	unsigned long start, seen;	/* bytes of the log */
	const char *reason;		/* what is looked for */
	char found[128];		/* the line from its reason on */
};

static void reason_match(void *ctx, const char *s, size_t n)
{
	static const char *const heads[] = {
		"page dumped because: ", "BUG: Bad page free in process ",
	};
	struct reason_search *search = ctx;
	char line[256], *at;
	unsigned int i;

	search->seen += n;
	if (search->seen <= search->start)
		return;
	scnprintf(line, sizeof(line), "%.*s", (int)n, s);
	line[strcspn(line, "\n")] = '\0';
	for (i = 0; i < ARRAY_SIZE(heads); i++) {
		at = strstr(line, heads[i]);
		if (at && strstr(at, search->reason))
			strscpy(search->found, at + strlen(heads[i]),
				sizeof(search->found));
	}
}

static void wrong_free_try(struct tour *t, const struct wrong_free *w)
{
	struct page_alloc_state *pa = &this_machine()->page_alloc;
	struct reason_search search = { .reason = w->reason };
	int level = console_loglevel_get();
	struct leftover left;

	/* Every one is to be seen, however many there were before. */
	atomic_long_set(&pa->bad_limit.made, 0);
	console_loglevel_set(0);
	pr_info("tour: a wrong free on purpose: %s\n", w->name);
	search.start = this_machine()->log.head;
	left = w->make();
	console_loglevel_set(level);
	search.seen = this_machine()->log.tail;
	log_for_each(reason_match, &search);
	leftover_free(left);
	if (TOUR_CHECK(t, search.found[0]))
		pr_info("tour: wrong free, %s: caught: %s\n", w->name,
			search.found);
	else
		pr_err("tour: wrong free, %s: not reported\n", w->name);
}

void tour_wrong_frees(struct tour *t)
{
	struct page_alloc_state *pa = &this_machine()->page_alloc;
	long kept = atomic_long_read(&pa->nr_quarantined);
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(wrong_frees); i++)
		wrong_free_try(t, &wrong_frees[i]);
	TOUR_CHECK(t, atomic_long_read(&pa->nr_quarantined) == kept);
}

/* ---- reserves ---------------------------------------------------------- */

/* Blocks held, of each order, chained through `private`: PFN + 1; 0 ends. */
struct held {
	u64 chain[NR_PAGE_ORDERS];
	unsigned long pages;
};

/* Takes all that @gfp gets of node @nid in blocks of up to @order; how many
 * pages that was. */
static unsigned long held_take(struct held *h, int nid, gfp_t gfp, int order)
{
	unsigned long before = h->pages;

	gfp |= __GFP_THISNODE | __GFP_NOWARN | __GFP_NORETRY;
	for (; order >= 0; order--) {
		struct page *page;

		while ((page = alloc_pages_node(nid, gfp,
						(unsigned int)order))) {
			set_page_private(page, h->chain[order]);
			h->chain[order] = page_to_pfn(page) + 1;
			h->pages += 1UL << order;
		}
	}
	return h->pages - before;
}

static void held_free(struct held *h)
{
	unsigned int order;

	for (order = 0; order < NR_PAGE_ORDERS; order++) {
		while (h->chain[order]) {
			unsigned long pfn = (unsigned long)h->chain[order] - 1;
			struct page *page = pfn_to_page(pfn);

			h->chain[order] = page_private(page);
			set_page_private(page, 0);
			__free_pages(page, order);
		}
	}
	h->pages = 0;
}

/* Free pages of the node that have an address; their min marks in *@min. */
static unsigned long node_free(int nid, unsigned long *min)
{
	unsigned long pages = 0;
	int i;

	drain_all_pages(NULL);
	*min = 0;
	for (i = 0; i < MAX_NR_ZONES; i++) {
		struct zone *zone = &NODE_DATA(nid)->node_zones[i];

		if (!managed_zone(zone) || i > ZONE_NORMAL)
			continue;
		pages += zone_page_state(zone, NR_FREE_PAGES);
		*min += min_wmark_pages(zone);
	}
	return pages;
}

/* Ordinary requests leave each zone what it keeps from them. */
static void zones_keep(struct tour *t, int nid)
{
	struct pglist_data *pgdat = NODE_DATA(nid);
	int i;

	drain_all_pages(NULL);
	for (i = 0; i <= ZONE_NORMAL; i++) {
		struct zone *zone = &pgdat->node_zones[i];
		unsigned long free = zone_page_state(zone, NR_FREE_PAGES);

		if (managed_zone(zone))
			TOUR_CHECK(t, free >= min_wmark_pages(zone));
	}
}

/* The lowest zone keeps pages for those that can use no other. */
static void lowmem_keep(struct tour *t, int nid)
{
	struct zone *zone = &NODE_DATA(nid)->node_zones[ZONE_DMA];
	struct page *page;

	if (!managed_zone(zone) || !zone->lowmem_reserve[gfp_zone(GFP_DMA32)])
		return;
	page = alloc_pages_node(nid, GFP_KERNEL | GFP_DMA | __GFP_THISNODE |
				__GFP_NOWARN | __GFP_NORETRY, 0);
	if (TOUR_CHECK(t, page))
		__free_page(page);
}

static void reserves_of(struct tour *t, int nid)
{
	struct held held = { .pages = 0 };
	unsigned long had, min, ordinary, atomic, last;

	had = node_free(nid, &min);
	ordinary = held_take(&held, nid, GFP_KERNEL, MAX_PAGE_ORDER);
	zones_keep(t, nid);
	lowmem_keep(t, nid);
	/* Of higher orders, blocks would be kept from now on. */
	atomic = held_take(&held, nid, GFP_ATOMIC, 0);
	last = held_take(&held, nid, GFP_KERNEL | __GFP_MEMALLOC,
			 MAX_PAGE_ORDER);
	TOUR_CHECK(t, ordinary + atomic + last == had);
	TOUR_CHECK(t, node_free(nid, &min) == 0);
	/* Each zone's reserve is a quarter at least for either. */
	TOUR_CHECK(t, !(min / 4) || (atomic && last));
	held_free(&held);
	pr_info("tour: node %d: %lu pages to anyone, %lu more to who cannot wait, the last %lu to who frees memory\n",
		nid, ordinary, atomic, last);
}

void tour_reserves(struct tour *t)
{
	int nid;

	for_each_online_node(nid)
		if (node_present_pages(nid))
			reserves_of(t, nid);
}
