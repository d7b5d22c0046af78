// SPDX-License-Identifier: MIT
/*
 * The page allocator against an oracle that is too simple to be wrong: an
 * array that says for each frame who owns it.
 *
 * Every step is one random call. What is checked after it:
 *
 *   - a frame that is handed out was free, lies in an allowed zone and node,
 *     and is aligned; nobody else's mark is overwritten while it is owned
 *   - a request that may use the last page fails only if no run of free
 *     frames, aligned and within one zone, is long enough
 *   - free pages, and those that CPUs keep = free frames
 *   - buddy_check() and pcp_check(), after every step at first and now and then later
 *
 * At the end all is given back, and each zone has as many free blocks of each
 * order as at the start: merging is complete whatever came before.
 */
#include "page_model.h"

#include <linux/gfp.h>
#include <linux/highmem.h>
#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/page-isolation.h>
#include <linux/smp.h>
#include <linux/string.h>
#include <linux/vmstat.h>

#include <octavo/fail_page.h>
#include <octavo/machine.h>
#include <octavo/random.h>
#include <octavo/vm_settings.h>

#define PAGE_MODEL_FRAMES	32768	/* 128 MiB */
#define MODEL_SLOTS		400	/* allocations alive at once */
#define MODEL_BULK		24	/* pages */
#define CHECK_ALWAYS		2000	/* steps checked one by one */
#define CHECK_EVERY		257	/* and then one in so many */

/*
 * The stream goes through four phases again and again, so that memory is full
 * at times, with small blocks or with large ones.
 */
#define PHASE_STEPS		3000
#define PHASE_LARGE		1u	/* all orders are alike */
#define PHASE_GROW		2u	/* most frees are left out */

#define OWNER_FREE		0
#define OWNER_NONE		0xffff	/* not the allocator's */

enum slot_kind {
	SLOT_EMPTY,
	SLOT_BLOCK,		/* 2^order pages, one call frees them */
	SLOT_ADDRESS,		/* the same, by address */
	SLOT_FOLIO,		/* freed by its last reference */
	SLOT_SINGLES,		/* nr adjacent pages, each freed alone */
	SLOT_EXACT,		/* nr pages, freed by size */
	SLOT_CONTIG,		/* nr pages, freed as a range */
};

struct slot {
	enum slot_kind kind;
	unsigned long pfn;	/* first frame */
	unsigned int order;	/* of a block */
	unsigned long nr;	/* pages */
	int refs;		/* of a folio */
};

struct model {
	u64 rng;
	unsigned int phase;		/* of the stream, PHASE_* bits */
	u16 owner[PAGE_MODEL_FRAMES];	/* slot + 1, or OWNER_* */
	struct slot slots[MODEL_SLOTS];
	unsigned long nr_free;		/* frames with OWNER_FREE */
	unsigned long bad;		/* wrong frees made so far */
	const char *why;		/* it differs; NULL: it does not */
};

/* One run at a time; too large for a stack. */
static struct model model;

struct zone_blocks {
	unsigned long nr[NR_PAGE_ORDERS];
};

#define EXPECT(m, cond) do {						\
	if (!(cond) && !(m)->why)					\
		(m)->why = #cond;					\
} while (0)

/* ---- marks ------------------------------------------------------------ */

static u64 mark_of(unsigned int slot, unsigned long pfn)
{
	return (u64)(slot + 1) << 48 ^ pfn * 0x9e3779b97f4a7c15ULL;
}

static void frame_mark(unsigned long pfn, u64 mark)
{
	u64 *p = kmap_local_page(pfn_to_page(pfn));

	p[0] = mark;
	p[PAGE_SIZE / sizeof(*p) - 1] = ~mark;
	kunmap_local(p);
}

static bool frame_marked(unsigned long pfn, u64 mark)
{
	const u64 *p = kmap_local_page(pfn_to_page(pfn));
	bool is = p[0] == mark && p[PAGE_SIZE / sizeof(*p) - 1] == ~mark;

	kunmap_local(p);
	return is;
}

/* ---- who owns what ---------------------------------------------------- */

static void own(struct model *m, unsigned int slot, unsigned long pfn,
		unsigned long nr)
{
	unsigned long i;

	for (i = pfn; i < pfn + nr; i++) {
		EXPECT(m, i < PAGE_MODEL_FRAMES);
		if (i >= PAGE_MODEL_FRAMES)
			return;
		EXPECT(m, m->owner[i] == OWNER_FREE);
		m->owner[i] = (u16)(slot + 1);
		frame_mark(i, mark_of(slot, i));
	}
	m->nr_free -= nr;
}

static void disown(struct model *m, unsigned int slot, unsigned long pfn,
		   unsigned long nr)
{
	unsigned long i;

	for (i = pfn; i < pfn + nr; i++) {
		EXPECT(m, m->owner[i] == slot + 1);
		EXPECT(m, frame_marked(i, mark_of(slot, i)));
		m->owner[i] = OWNER_FREE;
	}
	m->nr_free += nr;
}

static struct slot *slot_new(struct model *m, unsigned int *index)
{
	unsigned int i = (unsigned int)random_below(&m->rng, MODEL_SLOTS);
	unsigned int n;

	for (n = 0; n < MODEL_SLOTS; n++, i = (i + 1) % MODEL_SLOTS) {
		if (m->slots[i].kind != SLOT_EMPTY)
			continue;
		*index = i;
		return &m->slots[i];
	}
	return NULL;
}

static void slot_fill(struct model *m, unsigned int index, enum slot_kind kind,
		      unsigned long pfn, unsigned int order, unsigned long nr)
{
	m->slots[index] = (struct slot){ .kind = kind, .pfn = pfn,
					 .order = order, .nr = nr, .refs = 1 };
	own(m, index, pfn, nr);
}

/* ---- requests --------------------------------------------------------- */

struct request {
	gfp_t gfp;
	unsigned int order;
	int nid;
};

static unsigned int random_order(struct model *m)
{
	/* Each order half as often as the one below. */
	unsigned int order = 0;

	if (m->phase & PHASE_LARGE)
		return (unsigned int)random_below(&m->rng, NR_PAGE_ORDERS);
	while (order < MAX_PAGE_ORDER && random_below(&m->rng, 5) < 2)
		order++;
	return order;
}

static int random_node(struct model *m)
{
	int nid = (int)random_below(&m->rng, (u64)nr_node_ids);

	return node_online(nid) ? nid : first_node(
			this_machine()->node_masks[N_ONLINE]);
}

static struct request random_request(struct model *m)
{
	static const gfp_t zones[] = { 0, 0, 0, 0, __GFP_DMA, __GFP_DMA32,
				       __GFP_HIGHMEM };
	static const gfp_t types[] = { 0, 0, __GFP_RECLAIMABLE, __GFP_MOVABLE };
	static const gfp_t hows[] = { GFP_KERNEL, GFP_ATOMIC, GFP_NOWAIT,
				      GFP_KERNEL | __GFP_MEMALLOC,
				      GFP_ATOMIC | __GFP_MEMALLOC,
				      GFP_KERNEL | __GFP_NORETRY };
	struct request r;

	r.gfp = zones[random_below(&m->rng, ARRAY_SIZE(zones))] |
		types[random_below(&m->rng, ARRAY_SIZE(types))] |
		hows[random_below(&m->rng, ARRAY_SIZE(hows))] | __GFP_NOWARN;
	if (!random_below(&m->rng, 4))
		r.gfp |= __GFP_THISNODE;
	if (!random_below(&m->rng, 4))
		r.gfp |= __GFP_ZERO;
	r.order = random_order(m);
	r.nid = random_node(m);
	return r;
}

static bool zone_allowed(const struct zone *zone, const struct request *r)
{
	if (zone_idx(zone) > (int)gfp_zone(r->gfp))
		return false;
	return !(r->gfp & __GFP_THISNODE) || zone_to_nid(zone) == r->nid;
}

static bool run_is_free(const struct model *m, const struct zone *zone,
			unsigned long pfn, unsigned long nr)
{
	unsigned long i;

	for (i = pfn; i < pfn + nr; i++)
		if (i >= PAGE_MODEL_FRAMES || m->owner[i] != OWNER_FREE ||
		    page_zone(pfn_to_page(i)) != zone)
			return false;
	return true;
}

/* Whether some aligned run of free frames would do. */
static bool could_serve(const struct model *m, const struct request *r)
{
	unsigned long nr = 1UL << r->order, pfn;
	struct zone *zone;

	for_each_populated_zone(zone) {
		if (!zone_allowed(zone, r))
			continue;
		pfn = ALIGN(zone->zone_start_pfn, nr);
		for (; pfn + nr <= zone_end_pfn(zone); pfn += nr)
			if (run_is_free(m, zone, pfn, nr))
				return true;
	}
	return false;
}

/* What must hold of pages that a request brought, or of its failure. */
static void check_result(struct model *m, const struct request *r,
			 struct page *page)
{
	unsigned long i, nr = 1UL << r->order;
	void *p;

	if (!page) {
		if (r->gfp & __GFP_MEMALLOC)
			EXPECT(m, !could_serve(m, r));
		return;
	}
	EXPECT(m, IS_ALIGNED(page_to_pfn(page), nr));
	EXPECT(m, zone_allowed(page_zone(page), r));
	EXPECT(m, page_ref_count(page) == 1);
	EXPECT(m, page_mapcount(page) == 0 && page->mapping == 0);
	for (i = 1; i < nr; i++)
		EXPECT(m, page_ref_count(page + i) == 0 &&
			  page_zone(page + i) == page_zone(page));
	for (i = 0; i < nr && r->gfp & __GFP_ZERO; i++) {
		p = kmap_local_page(page + i);
		EXPECT(m, !memchr_inv(p, 0, PAGE_SIZE));
		kunmap_local(p);
	}
}

/* ---- steps ------------------------------------------------------------ */

static void step_alloc(struct model *m)
{
	struct request r = random_request(m);
	unsigned int index;
	struct page *page;

	if (!slot_new(m, &index))
		return;
	page = __alloc_pages(r.gfp, r.order, r.nid, NULL);
	check_result(m, &r, page);
	if (page)
		slot_fill(m, index, SLOT_BLOCK, page_to_pfn(page), r.order,
			  1UL << r.order);
}

static void step_alloc_address(struct model *m)
{
	struct request r = random_request(m);
	unsigned int index;
	unsigned long addr;

	if (!slot_new(m, &index))
		return;
	r.gfp &= ~(__GFP_HIGHMEM | __GFP_THISNODE);
	addr = __get_free_pages(r.gfp, r.order);
	check_result(m, &r, addr ? virt_to_page((void *)addr) : NULL);
	if (addr)
		slot_fill(m, index, SLOT_ADDRESS,
			  page_to_pfn(virt_to_page((void *)addr)), r.order,
			  1UL << r.order);
}

static void step_alloc_folio(struct model *m)
{
	struct request r = random_request(m);
	struct folio *folio;
	unsigned int index;

	if (!slot_new(m, &index))
		return;
	folio = __folio_alloc(r.gfp, r.order, r.nid, NULL);
	check_result(m, &r, folio ? &folio->page : NULL);
	if (!folio)
		return;
	EXPECT(m, folio_order(folio) == r.order);
	EXPECT(m, page_folio(folio_page(folio, folio_nr_pages(folio) - 1)) ==
		  folio);
	slot_fill(m, index, SLOT_FOLIO, folio_pfn(folio), r.order,
		  1UL << r.order);
}

static void step_alloc_exact(struct model *m)
{
	size_t size = (size_t)random_between(&m->rng, 1, 20 * PAGE_SIZE);
	unsigned long nr = PAGE_ALIGN(size) / PAGE_SIZE;
	unsigned int index;
	void *p;

	if (!slot_new(m, &index))
		return;
	p = alloc_pages_exact_nid(random_node(m), size,
				  GFP_KERNEL | __GFP_NOWARN);
	if (p)
		slot_fill(m, index, SLOT_EXACT, page_to_pfn(virt_to_page(p)),
			  0, nr);
}

static void step_alloc_bulk(struct model *m)
{
	struct request r = random_request(m);
	struct page *pages[MODEL_BULK] = { NULL };
	unsigned long n = random_between(&m->rng, 1, MODEL_BULK), got, i;
	unsigned int index;

	r.order = 0;
	got = alloc_pages_bulk_noprof(r.gfp, r.nid, NULL, n, pages);
	EXPECT(m, got <= n);
	for (i = 0; i < n; i++)
		EXPECT(m, !pages[i] == (i >= got));
	for (i = 0; i < got; i++) {
		check_result(m, &r, pages[i]);
		if (slot_new(m, &index))
			slot_fill(m, index, SLOT_BLOCK, page_to_pfn(pages[i]),
				  0, 1);
		else
			__free_page(pages[i]);
	}
	if (got < n && r.gfp & __GFP_MEMALLOC)
		EXPECT(m, !could_serve(m, &r) || !slot_new(m, &index));
}

static void step_alloc_contig(struct model *m)
{
	unsigned long nr = random_between(&m->rng, 1, 1300);
	unsigned int index;
	struct page *page;

	if (random_below(&m->rng, 8) || !slot_new(m, &index))
		return;
	page = alloc_contig_pages(nr, GFP_KERNEL | __GFP_NOWARN,
				  random_node(m), NULL);
	if (page)
		slot_fill(m, index, SLOT_CONTIG, page_to_pfn(page), 0, nr);
}

static void step_contig_range(struct model *m)
{
	unsigned long start = random_below(&m->rng, PAGE_MODEL_FRAMES);
	unsigned long nr = random_between(&m->rng, 1, 200), i;
	unsigned int index;
	bool all_free = true;
	struct zone *zone;
	int ret;

	if (!slot_new(m, &index) || !pfn_valid(start) ||
	    start + nr > PAGE_MODEL_FRAMES || !pfn_valid(start + nr - 1))
		return;
	zone = page_zone(pfn_to_page(start));
	for (i = start; i < start + nr; i++)
		all_free = all_free && run_is_free(m, zone, i, 1);
	ret = alloc_contig_range(start, start + nr, MIGRATE_MOVABLE,
				 GFP_KERNEL);
	EXPECT(m, (ret == 0) == all_free);
	if (!ret)
		slot_fill(m, index, SLOT_CONTIG, start, 0, nr);
}

static void free_singles(struct model *m, struct slot *s)
{
	unsigned long i, first = random_below(&m->rng, s->nr);

	for (i = 0; i < s->nr; i++)
		__free_page(pfn_to_page(s->pfn + (first + i) % s->nr));
}

/* Somebody else holds the first page while the owner frees the block. */
static void free_block_held(struct slot *s)
{
	struct page *page = pfn_to_page(s->pfn);

	get_page(page);
	__free_pages(page, s->order);
	put_page(page);
}

static void slot_free(struct model *m, unsigned int index)
{
	struct slot *s = &m->slots[index];
	struct page *page = pfn_to_page(s->pfn);

	disown(m, index, s->pfn, s->nr);
	switch (s->kind) {
	case SLOT_BLOCK:
		if (random_below(&m->rng, 8))
			__free_pages(page, s->order);
		else
			free_block_held(s);
		break;
	case SLOT_ADDRESS:
		free_pages((unsigned long)page_address(page), s->order);
		break;
	case SLOT_FOLIO:
		folio_put_refs((struct folio *)page, s->refs);
		break;
	case SLOT_SINGLES:
		free_singles(m, s);
		break;
	case SLOT_EXACT:
		free_pages_exact(page_address(page), s->nr * PAGE_SIZE);
		break;
	case SLOT_CONTIG:
		free_contig_range(s->pfn, s->nr);
		break;
	case SLOT_EMPTY:
		break;
	}
	s->kind = SLOT_EMPTY;
}

static struct slot *slot_random(struct model *m, unsigned int *index)
{
	*index = (unsigned int)random_below(&m->rng, MODEL_SLOTS);
	return &m->slots[*index];
}

static void step_free(struct model *m)
{
	unsigned int index;

	if (m->phase & PHASE_GROW && random_below(&m->rng, 4))
		return;
	if (slot_random(m, &index)->kind != SLOT_EMPTY)
		slot_free(m, index);
}

static void step_split(struct model *m)
{
	unsigned int index;
	struct slot *s = slot_random(m, &index);

	if (s->kind != SLOT_BLOCK)
		return;
	split_page(pfn_to_page(s->pfn), s->order);
	s->kind = SLOT_SINGLES;
}

static void step_folio_get(struct model *m)
{
	unsigned int index;
	struct slot *s = slot_random(m, &index);

	if (s->kind != SLOT_FOLIO)
		return;
	if (s->refs > 1 && random_below(&m->rng, 2)) {
		folio_put(pfn_folio(s->pfn + s->nr - 1));
		s->refs--;
	} else {
		get_page(pfn_to_page(s->pfn + s->nr - 1));
		s->refs++;
	}
	EXPECT(m, folio_ref_count(pfn_folio(s->pfn)) == s->refs);
}

/* A free of something that is not to be freed changes nothing. */
static void step_wrong_free(struct model *m)
{
	unsigned long pfn = random_below(&m->rng, PAGE_MODEL_FRAMES);
	struct page *page;

	if (random_below(&m->rng, 8) || !pfn_valid(pfn))
		return;
	page = pfn_to_page(pfn);
	if (m->owner[pfn] != OWNER_FREE && !PageReserved(page))
		return;
	__free_pages(page, random_order(m));
	m->bad++;
}

static void step_fail(struct model *m)
{
	page_alloc_fail_nth(1);
	EXPECT(m, !alloc_page(GFP_KERNEL | __GFP_NOWARN));
	EXPECT(m, page_alloc_fail_left() == 0);
}

static void step_isolate(struct model *m)
{
	unsigned long start = pageblock_start_pfn(
				random_below(&m->rng, PAGE_MODEL_FRAMES));
	unsigned long end = start + pageblock_nr_pages *
			    random_between(&m->rng, 1, 3);
	int type;

	if (!pfn_valid(start))
		return;
	type = get_pageblock_migratetype(pfn_to_page(start));
	if (start_isolate_page_range(start, end, type, 0, GFP_KERNEL))
		return;
	EXPECT(m, test_pages_isolated(start, end, 0) == 0);
	EXPECT(m, buddy_check());
	undo_isolate_page_range(start, end, type);
}

/* What CPUs keep goes back, in part or as a whole. */
static void step_drain(struct model *m)
{
	switch (random_below(&m->rng, 8)) {
	case 0:
		drain_all_pages(NULL);
		EXPECT(m, global_zone_page_state(NR_FREE_PAGES) == m->nr_free);
		break;
	case 1:
		drain_local_pages(first_online_pgdat()->node_zones +
				  random_below(&m->rng, MAX_NR_ZONES));
		break;
	case 2:
		decay_pcp_high();
		break;
	default:
		break;
	}
}

/* The CPU that the stream runs on goes off-line and comes back. */
static void step_cpu(struct model *m)
{
	unsigned int cpu = raw_smp_processor_id();

	if (random_below(&m->rng, 16))
		return;
	EXPECT(m, page_alloc_cpu_dead(cpu) == 0);
	EXPECT(m, global_zone_page_state(NR_FREE_PAGES) == m->nr_free);
	EXPECT(m, page_alloc_cpu_online(cpu) == 0);
}

static void model_step(struct model *m)
{
	/* How often each comes; frees keep up with allocations. */
	static void (*const steps[])(struct model *) = {
		step_alloc, step_alloc, step_alloc, step_alloc,
		step_alloc_address, step_alloc_folio, step_alloc_exact,
		step_alloc_bulk, step_alloc_contig, step_contig_range,
		step_split, step_folio_get, step_wrong_free, step_fail,
		step_isolate, step_drain, step_cpu,
		step_free, step_free, step_free, step_free,
		step_free, step_free, step_free, step_free, step_free,
		step_free, step_free, step_free, step_free,
	};

	steps[random_below(&m->rng, ARRAY_SIZE(steps))](m);
}

/* ---- the run ---------------------------------------------------------- */

/*
 * A request that finds too little has caches give back the pages that they
 * keep, which the array does not know of. So they give them before it is made.
 */
static void caches_drop(void)
{
	char why[64];

	WARN_ON(vm_setting_store("drop_caches", "2", why, sizeof(why)));
}

static void model_start(struct model *m, u64 seed)
{
	unsigned long pfn, i, nr;

	memset(m, 0, sizeof(*m));
	m->rng = seed;
	caches_drop();
	drain_all_pages(NULL);
	m->bad = (unsigned long)atomic_long_read(
			&this_machine()->page_alloc.nr_bad);
	memset(m->owner, 0xff, sizeof(m->owner));
	for (pfn = 0; pfn < PAGE_MODEL_FRAMES; pfn += nr) {
		struct page *page;

		nr = 1;
		if (!pfn_valid(pfn))
			continue;
		page = pfn_to_page(pfn);
		if (!PageBuddy(page))
			continue;
		nr = 1UL << buddy_order(page);
		for (i = 0; i < nr; i++)
			m->owner[pfn + i] = OWNER_FREE;
		m->nr_free += nr;
	}
}

static void zones_count(struct zone_blocks *blocks)
{
	unsigned int n = 0, order;
	struct zone *zone;

	for_each_populated_zone(zone) {
		for (order = 0; order < NR_PAGE_ORDERS; order++)
			blocks[n].nr[order] = zone->free_area[order].nr_free;
		n++;
	}
}

/* With the buddy system and with CPUs. */
static unsigned long pages_free(void)
{
	unsigned long pages = global_zone_page_state(NR_FREE_PAGES);
	struct zone *zone;

	for_each_populated_zone(zone)
		pages += zone_pcp_pages(zone);
	return pages;
}

static void model_check(struct model *m, u64 step)
{
	EXPECT(m, pages_free() == m->nr_free);
	EXPECT(m, (unsigned long)atomic_long_read(
			&this_machine()->page_alloc.nr_bad) == m->bad);
	if (step < CHECK_ALWAYS || step % CHECK_EVERY == 0)
		EXPECT(m, buddy_check() && pcp_check());
}

static void model_end(struct model *m)
{
	unsigned int i;

	for (i = 0; i < MODEL_SLOTS; i++)
		if (m->slots[i].kind != SLOT_EMPTY)
			slot_free(m, i);
	drain_all_pages(NULL);
	EXPECT(m, buddy_check() && pcp_check());
	EXPECT(m, global_zone_page_state(NR_FREE_PAGES) == m->nr_free);
}

#define MODEL_ZONES	8	/* zones of the machines that it is run on */

int page_model_run(u64 seed, u64 steps)
{
	struct zone_blocks before[MODEL_ZONES] = { 0 };
	struct zone_blocks after[MODEL_ZONES] = { 0 };
	int level = console_loglevel_get();
	struct model *m = &model;
	u64 step;

	console_loglevel_set(0);	/* wrong frees are part of the stream */
	model_start(m, seed);
	zones_count(before);
	for (step = 1; step <= steps && !m->why; step++) {
		m->phase = (unsigned int)(step / PHASE_STEPS) % 4;
		model_step(m);
		model_check(m, step);
	}
	if (!m->why) {
		model_end(m);
		zones_count(after);
		EXPECT(m, !memcmp(before, after, sizeof(before)));
	}
	console_loglevel_set(level);
	if (!m->why)
		return 0;
	pr_err("page model: seed %llu step %llu: not so: %s\n", seed, step - 1,
	       m->why);
	return (int)max(step - 1, 1ULL);
}
