// SPDX-License-Identifier: MIT
/*
 * Every state of a small zone, by the real code.
 *
 * The machine has two CPUs and a zone of a dozen frames, which lies across
 * the edge of two pageblocks, one unmovable and one movable:
 *
 *        unmovable    |          movable
 *   ...  f  f  f  f   |   f  f  f  f  f  f  f  f  ...
 *
 * From every state that can be reached, every call is made: each order and
 * type allocated on each CPU, each block in use freed on each CPU, each CPU's
 * lists drained, each CPU taken off line and brought back. What holds after
 * each of them:
 *
 *   - what was handed out was nobody's, is aligned and of the zone
 *   - a request fails only if the frames that nobody owns, once drained from
 *     the CPUs, make no block that is large enough
 *   - x_check(): the zone's invariants
 *
 * and of each new state: when all is given back and drained, the zone is as
 * at the start, merged as far as it goes.
 *
 * Then every wrong free is tried from the state: every frame of the zone with
 * every order that it was not allocated with, the frames before and behind it,
 * a reserved one, pointers that are no page. The outcome of each is one report
 * and no change of state at all, with one exception: a block in use freed with
 * a wrong order is set apart, which is PG_quarantine on its first page and
 * nothing else, and its pages are counted as quarantined.
 *
 * The state is the whole struct zone, the struct pages, the CPUs' lists and
 * who owns what. Left out is what only counts up (events, tickets of locks),
 * and hints are held still.
 */
#include "zone.h"

#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/kstrtox.h>
#include <linux/mm.h>
#include <linux/smp.h>
#include <linux/string.h>

#include <octavo/machine.h>

#include "../../arch/host/os/include/host_os.h"
#include "../../mm/page/internal.h"
#include "../host/harness.h"
#include "../page/regions.h"
#include "../page/small_zone.h"
#include "search.h"

#define MAX_PAGES	16
#define MAX_PATH	256
#define RECORD_BYTES	384		/* of a state, on average */
#define GUARD_PAGES	2		/* around the zone, in the state too */

/* Who owns each frame of the zone. Part of the state. */
#define OWN_TAIL	0xff		/* part of a block; else order + 1 */

struct zone_test {
	const struct zone_options *o;
	struct zone_result *result;
	struct search *search;
	struct zone *zone;
	unsigned long start;		/* first frame */
	unsigned int op;		/* under way */
	bool wrong_free;		/* and it is a wrong one: */
	unsigned long wrong_pfn;
	unsigned int wrong_order;
	bool failed;
	u8 owner[MAX_PAGES] __aligned(8);
	struct free_area all_free[NR_PAGE_ORDERS]; /* at the start */
};

/* One search at a time; a signal's handler looks at it. */
static struct zone_test zt;

/* ---- reports ----------------------------------------------------------- */

enum op_kind { OP_ALLOC, OP_FREE, OP_DRAIN, OP_CPU, NR_OP_KINDS };

struct op {
	enum op_kind kind;
	unsigned int cpu, a, b;		/* order and type; or frame */
};

#define OPS_ALLOC	(2 * 4 * 2)	/* CPUs, orders, types */
#define OPS_FREE	(2 * MAX_PAGES)
#define NR_OPS		(OPS_ALLOC + OPS_FREE + 2 + 2)

static struct op op_decode(unsigned int n)
{
	if (n < OPS_ALLOC)
		return (struct op){ OP_ALLOC, n & 1, n >> 1 & 3, n >> 3 };
	n -= OPS_ALLOC;
	if (n < OPS_FREE)
		return (struct op){ OP_FREE, n & 1, n >> 1, 0 };
	n -= OPS_FREE;
	return (struct op){ n < 2 ? OP_DRAIN : OP_CPU, n & 1, 0, 0 };
}

static size_t op_format(char *buf, size_t size, unsigned int n)
{
	struct op op = op_decode(n);

	switch (op.kind) {
	case OP_ALLOC:
		return (size_t)scnprintf(buf, size, "cpu%u alloc order %u %s",
				op.cpu, op.a, op.b ? "movable" : "unmovable");
	case OP_FREE:
		return (size_t)scnprintf(buf, size, "cpu%u free %#lx", op.cpu,
					 zt.start + op.a);
	case OP_DRAIN:
		return (size_t)scnprintf(buf, size, "drain cpu%u", op.cpu);
	default:
		return (size_t)scnprintf(buf, size, "cpu%u off or on", op.cpu);
	}
}

static void path_say(unsigned int last)
{
	static unsigned int ops[MAX_PATH];
	static char line[4096];
	unsigned int n = search_path(zt.search, ops, MAX_PATH - 1), i;
	size_t at;

	if (last < NR_OPS)
		ops[n++] = last;
	for (i = 0; i < n; i++) {
		at = (size_t)scnprintf(line, sizeof(line), "#   %u: ", i + 1);
		op_format(line + at, sizeof(line) - at, ops[i]);
		zone_search_line(line);
	}
	at = (size_t)scnprintf(line, sizeof(line),
			"# replay: %s --pages %u --cpus %u --orders %u --types %u --keep %u --hotplug %u --path ",
			zt.o->self, zt.o->pages, zt.o->cpus, zt.o->orders,
			zt.o->types, zt.o->keep, zt.o->hotplug);
	for (i = 0; i < n; i++)
		at += (size_t)scnprintf(line + at, sizeof(line) - at, "%s%u",
					i ? "," : "", ops[i]);
	zone_search_line(line);
}

void zone_search_where(void)
{
	char line[128];

	if (!zt.search)
		return;
	if (zt.wrong_free) {
		scnprintf(line, sizeof(line),
			  "# in a wrong free of %#lx, order %u, after", zt.wrong_pfn,
			  zt.wrong_order);
		zone_search_line(line);
	}
	path_say(zt.wrong_free ? NR_OPS : zt.op);
}

static void __printf(1, 2) fail(const char *fmt, ...)
{
	char line[256] = "# ";
	va_list args;

	if (zt.failed)
		return;
	zt.failed = true;
	va_start(args, fmt);
	vscnprintf(line + 2, sizeof(line) - 2, fmt, args);
	va_end(args);
	zone_search_line(line);
	zone_search_where();
}

/* ---- the machine ------------------------------------------------------- */

static void region_add(void *ctx, const char *name, void *at, size_t size,
		       enum region_kind kind)
{
	unsigned long start = ALIGN_DOWN((unsigned long)at, 8);
	unsigned long end = ALIGN((unsigned long)at + size, 8);

	/* Whole words: an edge may be in two regions, which does no harm. */
	search_region(ctx, name, (void *)start, end - start);
	if (kind == REGION_COUNTS)
		search_ignore(ctx, at, size);
}

static void pcp_add(struct search *s, unsigned int cpu)
{
	struct pcp_front *front = per_cpu_ptr(&pcp_front, cpu);
	struct per_cpu_pages *pcp = pcp_of(cpu, zt.zone);
	struct pcp_list *list;

	search_region(s, "CPU's front", front,
		      offsetof(struct pcp_front, by_zone));
	if (!pcp)
		return;
	search_region(s, "CPU's lists", pcp, pcp_bytes(pcp));
	search_ignore(s, pcp->numa, sizeof(pcp->numa));
	for_each_pcp_list(list, pcp) {
		search_ignore(s, &list->nr_alloc, sizeof(list->nr_alloc));
		search_ignore(s, &list->net, sizeof(list->net));
		search_ignore(s, &list->idle, sizeof(list->idle));
	}
}

/*
 * What no list holds any more is not part of the state. Nor is where the buddy
 * system took from last, a hint that a list goes by when it keeps a page or
 * gives it back: the first CPU keeps all pages, the second none.
 */
static void pcp_forget(void)
{
	unsigned int cpu;

	memset(zt.zone->take_front, 0, sizeof(zt.zone->take_front));

	for_each_possible_cpu(cpu) {
		struct per_cpu_pages *pcp = pcp_of(cpu, zt.zone);
		struct pcp_list *list;

		if (!pcp)
			continue;
		for_each_pcp_list(list, pcp) {
			list->take_front = cpu ? 0 : PFN_NONE;
			if (!list->capacity)
				continue;
			memset(list->pfns + list->count, 0, sizeof(u32) *
			       (list->capacity - list->count));
			memset(list->pfns + list->capacity + list->back, 0,
			       sizeof(u32) * (list->room - list->back));
		}
	}
}

static void regions_add(struct search *s)
{
	unsigned int cpu;

	for_each_possible_cpu(cpu)
		pcp_add(s, cpu);
	zone_regions(zt.zone, region_add, s);
	page_regions(zt.start - GUARD_PAGES,
		     zt.start + zt.o->pages + GUARD_PAGES, region_add, s);
	search_region(s, "owner", zt.owner, sizeof(zt.owner));
	search_region(s, "CPUs on line", &this_machine()->cpu_online,
		      sizeof(this_machine()->cpu_online));
}

/* ---- the oracle -------------------------------------------------------- */

static struct page *frame(unsigned int i)
{
	return pfn_to_page(zt.start + i);
}

static void own(struct page *page, unsigned int order)
{
	unsigned long at = page_to_pfn(page) - zt.start, i;

	if (at >= zt.o->pages || at + (1UL << order) > zt.o->pages ||
	    !IS_ALIGNED(page_to_pfn(page), 1UL << order)) {
		fail("frame %#lx of order %u was handed out",
		     page_to_pfn(page), order);
		return;
	}
	for (i = 0; i < 1UL << order; i++) {
		if (zt.owner[at + i]) {
			fail("frame %#lx was handed out twice",
			     zt.start + at + i);
			return;
		}
		zt.owner[at + i] = i ? OWN_TAIL : (u8)(order + 1);
	}
}

static void disown(unsigned int at)
{
	unsigned int n = 1U << (zt.owner[at] - 1), i;

	for (i = 0; i < n; i++)
		zt.owner[at + i] = 0;
}

/* Whether the frames that nobody owns make a block of @order. */
static bool could_serve(unsigned int order)
{
	unsigned long nr = 1UL << order, pfn = ALIGN(zt.start, nr), i;

	for (; pfn + nr <= zt.start + zt.o->pages; pfn += nr) {
		for (i = 0; i < nr && !zt.owner[pfn + i - zt.start]; i++)
			;
		if (i == nr)
			return true;
	}
	return false;
}

static unsigned long nobodys(void)
{
	unsigned long n = 0;
	unsigned int i;

	for (i = 0; i < zt.o->pages; i++)
		n += !zt.owner[i];
	return n;
}

/* ---- operations -------------------------------------------------------- */

static struct page *take(unsigned int order, bool movable)
{
	return alloc_pages(GFP_ATOMIC | __GFP_DMA | __GFP_NOWARN |
			   (movable ? __GFP_MOVABLE : 0), order);
}

/* After a request that found nothing; whatever it does is undone. */
static void check_refusal(unsigned int order, bool movable)
{
	struct page *page;

	zt.result->refused++;
	drain_all_pages(NULL);
	page = take(order, movable);
	if (page)
		own(page, order);
	if (!page == could_serve(order))
		fail("order %u: %s after a drain, though %s", order,
		     page ? "served" : "refused",
		     page ? "no block is free" : "one is free");
}

static bool do_alloc(const struct op *op)
{
	struct page *page;

	if (op->a >= zt.o->orders || op->b >= zt.o->types)
		return false;
	page = take(op->a, op->b);
	if (!page) {
		size_t offset;

		pcp_forget();
		if (search_changed(zt.search, &offset))
			search_add(zt.search, zt.op);
		check_refusal(op->a, op->b);
		return false;
	}
	if (page_count(page) != 1 || page_mapcount(page))
		fail("frame %#lx was handed out with %d references",
		     page_to_pfn(page), page_count(page));
	own(page, op->a);
	return true;
}

static bool do_free(const struct op *op)
{
	unsigned int at = op->a;
	unsigned int order;

	if (at >= zt.o->pages || !zt.owner[at] || zt.owner[at] == OWN_TAIL)
		return false;
	order = zt.owner[at] - 1U;
	disown(at);
	__free_pages(frame(at), order);
	return true;
}

static bool do_drain(const struct op *op)
{
	drain_all_pages(zt.zone);
	return true;
}

/* The other CPU sees to it that CPU @op->cpu goes, and that it comes back. */
static bool do_cpu(const struct op *op)
{
	struct machine *m = this_machine();

	if (!zt.o->hotplug || !op->cpu)
		return false;
	small_zone_cpu(0);
	if (cpu_online(op->cpu)) {
		cpumask_clear_cpu(op->cpu, &m->cpu_online);
		page_alloc_cpu_dead(op->cpu);
	} else {
		cpumask_set_cpu(op->cpu, &m->cpu_online);
		page_alloc_cpu_online(op->cpu);
	}
	return true;
}

static bool (*const op_do[NR_OP_KINDS])(const struct op *op) = {
	[OP_ALLOC] = do_alloc, [OP_FREE] = do_free, [OP_DRAIN] = do_drain,
	[OP_CPU] = do_cpu,
};

/* One operation on what memory holds. False when it is none of this state. */
static bool op_run(unsigned int n)
{
	struct op op = op_decode(n);

	zt.op = n;
	if (op.cpu >= zt.o->cpus ||
	    (op.kind != OP_CPU && !cpu_online(op.cpu)))
		return false;
	small_zone_cpu(op.cpu);
	return op_do[op.kind](&op);
}

/* ---- wrong frees ------------------------------------------------------- */

static long nr_bad(void)
{
	return atomic_long_read(&this_machine()->page_alloc.nr_bad);
}

static long nr_quarantined(void)
{
	return atomic_long_read(&this_machine()->page_alloc.nr_quarantined);
}

/* Tries one; @owned: pages that are set apart for it, or 0. */
static void wrong_free(struct page *page, unsigned int order, long owned)
{
	long bad = nr_bad(), apart = nr_quarantined();
	const char *name;
	size_t offset;

	zt.wrong_order = order;
	zt.wrong_pfn = page_to_pfn(page);
	__free_pages(page, order);
	zt.result->rejected++;
	if (nr_bad() != bad + 1)
		fail("a wrong free was reported %ld times", nr_bad() - bad);
	if (nr_quarantined() != apart + owned)
		fail("a wrong free set %ld pages apart, not %ld",
		     nr_quarantined() - apart, owned);
	if (owned && !PageQuarantine(page))
		fail("a wrong free did not set the block apart");
	if (owned)
		__page_flag_clear(page, PG_quarantine);
	name = search_changed(zt.search, &offset);
	if (name)
		fail("a wrong free changed %s at byte %zu", name, offset);
}

static void wrong_frees_of(unsigned int at)
{
	unsigned int order;

	for (order = 0; order <= zt.o->orders; order++) {
		u8 own = zt.owner[at];

		if (own == order + 1)
			continue;
		wrong_free(frame(at), order, own && own != OWN_TAIL ?
			   1L << (own - 1) : 0);
	}
}

static void wrong_frees(void)
{
	struct page *first = frame(0);
	unsigned int i;

	zt.wrong_free = true;
	for (i = 0; i < zt.o->pages && !zt.failed; i++)
		wrong_frees_of(i);
	/* Reserved, no memory at all, no struct page's start, no order. */
	wrong_free(first - 1, 0, 0);
	wrong_free(first + zt.o->pages, 0, 0);
	wrong_free((struct page *)((char *)first + 4), 0, 0);
	wrong_free(NULL, 0, 0);
	zt.wrong_free = false;
}

/* ---- the search -------------------------------------------------------- */

/* All back, all drained: as at the start. */
static void check_merges(void)
{
	unsigned int i;

	for (i = 0; i < zt.o->pages; i++) {
		struct op op = { OP_FREE, 0, i, 0 };

		do_free(&op);
	}
	drain_all_pages(NULL);
	for (i = 0; i < NR_PAGE_ORDERS; i++)
		if (zt.zone->free_area[i].nr_free != zt.all_free[i].nr_free)
			fail("order %u: %lu free blocks when all is free, not %lu",
			     i, zt.zone->free_area[i].nr_free,
			     zt.all_free[i].nr_free);
	if (zone_page_state(zt.zone, NR_FREE_PAGES) != zt.o->pages)
		fail("%lu of %u pages are free when all is",
		     zone_page_state(zt.zone, NR_FREE_PAGES), zt.o->pages);
}

static void check_new(void)
{
	long bad = nr_bad();

	if (!buddy_zone_check(zt.zone) || !pcp_check())
		fail("the check of the zone failed (%s)", "see the log");
	if (zone_page_state(zt.zone, NR_FREE_PAGES) > nobodys())
		fail("%lu pages are free of %lu that nobody owns",
		     zone_page_state(zt.zone, NR_FREE_PAGES), nobodys());
	check_merges();
	if (nr_bad() != bad)
		fail("a right free was reported as wrong");
}

/* Every call from the current state. */
static void state_explore(void)
{
	unsigned int n;
	int added;

	wrong_frees();
	for (n = 0; n < NR_OPS && !zt.failed; n++) {
		if (op_run(n)) {
			zt.result->transitions++;
			pcp_forget();
			added = search_add(zt.search, n);
			if (added > 0)
				check_new();
			if (added < 0)
				zt.result->complete = false;
		}
		search_restore(zt.search);
	}
}

static void figures(void)
{
	struct search_figures f;

	search_figures(zt.search, &f);
	zt.result->states = f.states;
	zt.result->depth = max(zt.result->depth, f.depth);
	zt.result->varying = f.varying;
}

/* Only the operations of @path, one after another. */
static void path_follow(const char *path)
{
	char line[128];
	size_t at;

	wrong_frees();
	while (*path && !zt.failed) {
		unsigned int n = (unsigned int)simple_strtoul(path,
						(char **)&path, 10);

		at = (size_t)scnprintf(line, sizeof(line), "# ");
		op_format(line + at, sizeof(line) - at, n % NR_OPS);
		zone_search_line(line);
		if (!op_run(n % NR_OPS))
			zone_search_line("#   is no call of this state");
		zt.result->transitions++;
		pcp_forget();
		if (search_add(zt.search, n % NR_OPS) > 0)
			check_new();
		search_enter(zt.search);
		wrong_frees();
		path += *path ? 1 : 0;
	}
}

static void search_all(void *arg)
{
	unsigned int i;

	zt.start = small_zone_start(zt.o->pages);
	zt.zone = small_zone_machine(zt.o->pages, zt.o->cpus, zt.o->keep);
	drain_all_pages(NULL);
	for (i = 0; i < NR_PAGE_ORDERS; i++)
		zt.all_free[i] = zt.zone->free_area[i];
	regions_add(zt.search);
	pcp_forget();
	search_start(zt.search);
	if (zt.o->path)
		path_follow(zt.o->path);
	else
		while (!zt.failed && search_next(zt.search))
			state_explore();
	figures();
}

static void varying_line(const char *name, size_t offset)
{
	char line[100];

	scnprintf(line, sizeof(line), "#   varies: %s + %zu", name, offset);
	zone_search_line(line);
}

static void log_line(void *ctx, const char *s, size_t n)
{
	char line[200];

	scnprintf(line, sizeof(line), "# log: %.*s", (int)n, s);
	zone_search_line(line);
}

int zone_search(const struct zone_options *o, struct zone_result *result)
{
	int thrown;

	zt = (struct zone_test){ .o = o, .result = result };
	result->complete = true;
	if (harness_machine(EARLY_BYTES, false))
		return -ENOMEM;
	zt.search = search_create(o->max_states, o->max_states * RECORD_BYTES);
	if (!zt.search)
		return -ENOMEM;
	thrown = host_catch(search_all, NULL);
	if (thrown)
		fail("the machine stopped: %d", thrown);
	if (zt.failed)
		log_for_each(log_line, NULL);
	if (!result->complete)
		search_varying(zt.search, varying_line);
	search_destroy(zt.search);
	zt.search = NULL;
	harness_machine_end();
	return zt.failed;
}
