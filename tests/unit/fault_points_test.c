// SPDX-License-Identifier: MIT
/*
 * Fault points: each call that asks for pages is made again and again, and
 * the first, the second, ... request that it makes inside finds nothing, until
 * it makes no more requests. Each time it fails, all accounts are as before:
 * free pages and blocks of each order in each zone, pageblocks of each type,
 * managed pages, threads, reports; and the free lists are sound.
 *
 * Ranges ask for nothing inside; what can fail there are the pageblocks, one
 * after another, that a page in use keeps from being isolated, and the upcall
 * that moves pages away.
 */
#include <kunit/test.h>
#include <linux/cpumask.h>
#include <linux/errno.h>
#include <linux/kthread.h>
#include <linux/memblock.h>
#include <linux/mm.h>
#include <linux/page-isolation.h>
#include <linux/vmstat.h>

#include <octavo/fail_page.h>
#include <octavo/machine.h>

#include "../../mm/upcalls.h"
#include "page_snapshot.h"

/* More requests than any of the calls makes. */
#define MAX_POINTS	64
#define BULK		24	/* pages */

struct accounts {
	unsigned long nr_free[SNAPSHOT_ZONES];
	unsigned long blocks[SNAPSHOT_ZONES][NR_PAGE_ORDERS];
	unsigned long types[SNAPSHOT_ZONES][MIGRATE_TYPES];
	unsigned long managed, bad, quarantined, threads, slow;
};

static struct accounts accounts_before, accounts_now;
static unsigned long points;	/* of the running case */

static void accounts_take(struct accounts *a)
{
	struct page_alloc_state *pa = &this_machine()->page_alloc;
	unsigned int n = 0, order;
	struct zone *zone;

	memset(a, 0, sizeof(*a));
	a->managed = page_snapshot_take().managed;
	for_each_populated_zone(zone) {
		for (order = 0; order < NR_PAGE_ORDERS; order++)
			a->blocks[n][order] = zone->free_area[order].nr_free;
		zone_pageblock_info(zone, a->types[n]);
		a->nr_free[n++] = zone_page_state(zone, NR_FREE_PAGES);
		BUG_ON(n == SNAPSHOT_ZONES);
	}
	a->bad = (unsigned long)atomic_long_read(&pa->nr_bad);
	a->quarantined = (unsigned long)atomic_long_read(&pa->nr_quarantined);
	a->threads = this_machine()->threads.nr;
	a->slow = pa->slow;
}

/*
 * Says what is not as before @name's call number @nth. One that went well may
 * have taken pageblocks over, which keep their new type.
 */
static void accounts_check(struct kunit *test, const char *name, long nth,
			   bool went_well)
{
	const unsigned long *was = (const unsigned long *)&accounts_before;
	const unsigned long *is = (const unsigned long *)&accounts_now;
	size_t i;

	accounts_take(&accounts_now);
	if (went_well)
		memcpy(accounts_before.types, accounts_now.types,
		       sizeof(accounts_now.types));
	for (i = 0; i < sizeof(accounts_now) / sizeof(*is); i++)
		if (was[i] != is[i]) {
			KUNIT_FAIL(test, "%s, fault %ld: account %lu was %lu and is %lu",
				   name, nth, (unsigned long)i, was[i], is[i]);
			return;
		}
	KUNIT_CHECK(test, buddy_check(), 0, "%s, fault %ld: free lists", name,
		    nth);
}

/* Makes one call; if it went well, undoes it. Whether it went well. */
typedef bool (*fault_call)(unsigned long arg);

/* Every fault point of call(@arg). */
static void sweep(struct kunit *test, const char *name, fault_call call,
		  unsigned long arg)
{
	long nth;

	/* An earlier case may have left the bit that asks for the slow path. */
	page_alloc_fail_nth(0);
	accounts_take(&accounts_before);
	for (nth = 1; nth <= MAX_POINTS; nth++) {
		bool ok, reached;

		page_alloc_fail_nth(nth);
		ok = call(arg);
		reached = !page_alloc_fail_left();
		page_alloc_fail_nth(0);
		accounts_check(test, name, nth, ok);
		if (!reached) {
			KUNIT_CHECK(test, ok, 0,
				    "%s(%lu) fails without a fault", name, arg);
			break;
		}
		points++;
	}
	KUNIT_CHECK(test, nth <= MAX_POINTS, 0, "%s(%lu) never succeeds", name,
		    arg);
	KUNIT_CHECK(test, nth > 1, 0, "%s(%lu) has no fault point", name, arg);
}

static int points_init(struct kunit *test)
{
	points = 0;
	return 0;
}

#define QUIET	(GFP_KERNEL | __GFP_NOWARN | __GFP_NORETRY)

/* ---- blocks ------------------------------------------------------------ */

static bool call_alloc_pages(unsigned long order)
{
	struct page *page = alloc_pages(QUIET, (unsigned int)order);

	if (page)
		__free_pages(page, (unsigned int)order);
	return page;
}

static bool call_alloc_movable(unsigned long order)
{
	struct page *page = alloc_pages_node(NUMA_NO_NODE, QUIET |
					     __GFP_MOVABLE,
					     (unsigned int)order);

	if (page)
		__free_pages(page, (unsigned int)order);
	return page;
}

static bool call_free_pages(unsigned long order)
{
	unsigned long addr = __get_free_pages(QUIET, (unsigned int)order);

	free_pages(addr, (unsigned int)order);
	return addr;
}

static bool call_zeroed(unsigned long unused)
{
	unsigned long addr = get_zeroed_page(QUIET);

	free_page(addr);
	return addr;
}

static bool call_split(unsigned long order)
{
	struct page *page = alloc_pages(QUIET, (unsigned int)order);
	unsigned long i;

	if (!page)
		return false;
	split_page(page, (unsigned int)order);
	for (i = 0; i < 1UL << order; i++)
		__free_page(page + i);
	return true;
}

static bool call_folio(unsigned long order)
{
	struct folio *folio = folio_alloc(QUIET, (unsigned int)order);

	if (folio)
		folio_put(folio);
	return folio;
}

static bool call_folio_node(unsigned long order)
{
	struct folio *folio = __folio_alloc_node(QUIET, (unsigned int)order,
						 numa_mem_id());

	if (folio)
		folio_put(folio);
	return folio;
}

static void blocks_test(struct kunit *test)
{
	unsigned long order;

	for (order = 0; order <= MAX_PAGE_ORDER; order++) {
		sweep(test, "alloc_pages", call_alloc_pages, order);
		sweep(test, "alloc_pages_node", call_alloc_movable, order);
		sweep(test, "__get_free_pages", call_free_pages, order);
		sweep(test, "split_page", call_split, order);
		sweep(test, "folio_alloc", call_folio, order);
		sweep(test, "__folio_alloc_node", call_folio_node, order);
	}
	sweep(test, "get_zeroed_page", call_zeroed, 0);
	kunit_info(test, "%lu fault points", points);
}

/* ---- many pages -------------------------------------------------------- */

static bool call_exact(unsigned long size)
{
	void *p = alloc_pages_exact(size, QUIET);

	if (p)
		free_pages_exact(p, size);
	return p;
}

static bool call_exact_nid(unsigned long size)
{
	void *p = alloc_pages_exact_nid(numa_mem_id(), size, QUIET);

	if (p)
		free_pages_exact(p, size);
	return p;
}

/* Every @gap-th place is filled before; 0: none is. */
static bool call_bulk(unsigned long gap)
{
	struct page *pages[BULK] = { NULL };
	unsigned long i, got;
	bool ok = true;

	for (i = 0; gap && i < BULK && ok; i += gap) {
		pages[i] = alloc_page(QUIET);
		ok = pages[i];
	}
	got = ok ? alloc_pages_bulk(QUIET, BULK, pages) : 0;
	for (i = 0; i < BULK; i++)
		if (pages[i])
			__free_page(pages[i]);
	return got == BULK;
}

static bool call_bulk_node(unsigned long nr)
{
	struct page *pages[BULK] = { NULL };
	unsigned long i, got;

	got = alloc_pages_bulk_array_node(QUIET, NUMA_NO_NODE, nr, pages);
	for (i = 0; i < got; i++)
		__free_page(pages[i]);
	return got == nr;
}

static void many_test(struct kunit *test)
{
	static const unsigned long sizes[] = {
		1, PAGE_SIZE, PAGE_SIZE + 1, 3 * PAGE_SIZE, 5 * PAGE_SIZE,
		17 * PAGE_SIZE, 100 * PAGE_SIZE, 513 * PAGE_SIZE,
	};
	unsigned long i;

	for (i = 0; i < ARRAY_SIZE(sizes); i++) {
		sweep(test, "alloc_pages_exact", call_exact, sizes[i]);
		sweep(test, "alloc_pages_exact_nid", call_exact_nid, sizes[i]);
	}
	for (i = 0; i <= BULK / 2; i++)
		sweep(test, "alloc_pages_bulk", call_bulk, i);
	for (i = 1; i <= BULK; i++)
		sweep(test, "alloc_pages_bulk_array_node", call_bulk_node, i);
	kunit_info(test, "%lu fault points", points);
}

/* ---- those who live on pages ------------------------------------------- */

static int thread_fn(void *arg)
{
	return 0;
}

static bool call_kthread(unsigned long unused)
{
	struct task_struct *p = kthread_create(thread_fn, NULL, "fault");

	if (IS_ERR(p))
		return false;
	kthread_stop(p);
	return true;
}

static struct memblock_state memblock_saved;

/* Regions enough that the array grows @times times after the hand-over. */
static bool call_memblock(unsigned long times)
{
	struct memblock_state *mb = &this_machine()->mb;
	unsigned long i, nr;
	int err = 0;

	memblock_saved = *mb;
	memset(mb, 0, sizeof(*mb));
	memblock_reserve(0, PAGE_SIZE);
	mb->can_resize = true;
	mb->handed_over = true;
	nr = mb->reserved.max << (times - 1);
	for (i = 1; i <= nr && !err; i++)
		err = memblock_reserve(2 * i * PAGE_SIZE, PAGE_SIZE);
	if (mb->reserved.regions != mb->init_reserved)
		free_pages_exact(mb->reserved.regions, mb->reserved.max *
				 sizeof(*mb->reserved.regions));
	*mb = memblock_saved;
	return !err;
}

static bool call_cpu(unsigned long cpu)
{
	struct page *page = alloc_page(QUIET);
	int err = page_alloc_cpu_dead((unsigned int)cpu);

	err = err ?: page_alloc_cpu_online((unsigned int)cpu);
	if (page)
		__free_page(page);
	return page && !err;
}

static void users_test(struct kunit *test)
{
	sweep(test, "kthread_create", call_kthread, 0);
	sweep(test, "memblock_reserve", call_memblock, 1);
	sweep(test, "memblock_reserve", call_memblock, 3);
	if (nr_cpu_ids > 1)
		sweep(test, "page_alloc_cpu_online", call_cpu, nr_cpu_ids - 1);
	kunit_info(test, "%lu fault points", points);
}

/* ---- ranges ------------------------------------------------------------ */

static const struct page_upcalls *others;	/* registered before */
static unsigned int moves;			/* asked for */

static bool all_movable(const struct page *page)
{
	return true;
}

/* Pages are in the way, and stay there. */
static int move_fails(unsigned long start, unsigned long end, gfp_t gfp)
{
	moves++;
	return -ENOMEM;
}

static const struct page_upcalls movers[] = {
	{ .page_movable = all_movable },
	{ .page_movable = all_movable, .migrate_range = move_fails },
};

/* A range of @nr free pageblocks; its first frame, or 0. */
static unsigned long free_range(unsigned long nr)
{
	unsigned long pages = nr * pageblock_nr_pages, pfn;
	struct page *page = alloc_contig_pages(pages, QUIET, NUMA_NO_NODE,
					       NULL);

	if (!page)
		return 0;
	pfn = page_to_pfn(page);
	free_contig_range(pfn, pages);
	return pfn;
}

/* The range without its frame @hole, which somebody uses. */
static void range_with_hole(struct kunit *test, unsigned long pfn,
			    unsigned long nr, unsigned long hole)
{
	struct page_alloc_state *pa = &this_machine()->page_alloc;
	unsigned long end = pfn + nr * pageblock_nr_pages;
	unsigned int i;

	/* Whole, so that all its pageblocks are of the type they come back as. */
	if (alloc_contig_range(pfn, end, MIGRATE_MOVABLE, QUIET)) {
		KUNIT_FAIL(test, "frames %#lx to %#lx are not free", pfn, end);
		return;
	}
	free_contig_range(pfn, hole);
	free_contig_range(pfn + hole + 1, end - pfn - hole - 1);
	accounts_take(&accounts_before);
	for (i = 0; i <= ARRAY_SIZE(movers); i++) {
		int want = i == ARRAY_SIZE(movers) ? -ENOMEM : -EBUSY;

		/* None who can move; then one who says so; one who tries. */
		pa->upcalls = i ? &movers[i - 1] : NULL;
		KUNIT_EXPECT_EQ(test, alloc_contig_range(pfn, end,
				MIGRATE_MOVABLE, QUIET), want);
		pa->upcalls = others;
		accounts_check(test, "alloc_contig_range", (long)hole,
			       false);
		points++;
	}
	free_contig_range(pfn + hole, 1);
}

#define RANGE_BLOCKS	3UL

static void ranges_test(struct kunit *test)
{
	unsigned long pages = RANGE_BLOCKS * pageblock_nr_pages, hole;
	unsigned long pfn = free_range(RANGE_BLOCKS);

	if (!pfn)
		kunit_skip(test, "no range is free");
	others = this_machine()->page_alloc.upcalls;
	moves = 0;
	for (hole = 0; hole < pages; hole += pageblock_nr_pages / 4 + 1)
		range_with_hole(test, pfn, RANGE_BLOCKS, hole);
	range_with_hole(test, pfn, RANGE_BLOCKS, pages - 1);
	KUNIT_EXPECT_GT(test, moves, 0U);
	KUNIT_ASSERT_EQ(test, alloc_contig_range(pfn, pfn + pages,
						 MIGRATE_MOVABLE, QUIET), 0);
	free_contig_range(pfn, pages);
	kunit_info(test, "%lu fault points", points);
}

static struct kunit_case points_cases[] = {
	KUNIT_CASE(blocks_test),
	KUNIT_CASE(many_test),
	KUNIT_CASE(users_test),
	KUNIT_CASE(ranges_test),
	{ 0 }
};

static struct kunit_suite points_suite = {
	.name = "fault_points",
	.init = points_init,
	.test_cases = points_cases,
};
kunit_test_suite(points_suite);
