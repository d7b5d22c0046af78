// SPDX-License-Identifier: MIT
/*
 * memblock against an oracle: an array with an entry for each page of a
 * small range of addresses. A seeded stream of every kind of edit and
 * allocation goes to both; after each step memblock_check() and a comparison
 * of both arrays, in runs, decide.
 *
 * The oracle knows pages only, so every base and size is a multiple of one.
 * It finds where an allocation must go by trying every page.
 */
#include "memblock_model.h"

#include <linux/kernel.h>
#include <linux/memblock.h>
#include <linux/string.h>

#include <kunit/random.h>

#define PAGES		256		/* of the range of addresses */
#define NODES		3

struct oracle_page {
	bool memory, reserved;
	u8 mem_flags, res_flags;
	int mem_nid, res_nid;
};

struct model {
	struct oracle_page page[PAGES];
	phys_addr_t base;		/* of page 0, bytes */
	struct random rnd;
	bool mirror, movable_node;	/* options of the machine */
	bool bottom_up;
	unsigned long limit;		/* allocations end below this page */
	unsigned int live;		/* allocations not freed yet */
	struct { unsigned int first, nr; } alloc[PAGES];
	/* No two pages of a type are in more regions than there are pages. */
	struct memblock_region memory[PAGES], reserved[PAGES];
	struct memblock_state saved;	/* the machine's own */
	struct early_options saved_options;
};

/* Too large for a kernel's stack; nothing of it outlives a run. */
static struct model the_model;

static unsigned int pick(struct model *m, unsigned int n)
{
	return (unsigned int)random_below(&m->rnd, n);
}

static phys_addr_t page_base(const struct model *m, unsigned int page)
{
	return m->base + PFN_PHYS(page);
}

/* ---- the oracle's own search ---- */

/* The page can be had by a request for @nid, with mirrors or not. */
static bool oracle_free(const struct model *m, unsigned int i, int nid,
			bool mirror)
{
	const struct oracle_page *p = &m->page[i];

	return p->memory && !p->reserved &&
	       !(m->movable_node && (p->mem_flags & MEMBLOCK_HOTPLUG)) &&
	       !(p->mem_flags & (MEMBLOCK_NOMAP | MEMBLOCK_DRIVER_MANAGED)) &&
	       (!mirror || (p->mem_flags & MEMBLOCK_MIRROR)) &&
	       (nid == NUMA_NO_NODE || p->mem_nid == nid);
}

/*
 * Pages that one region of memory covers: an allocation never crosses from
 * one region into the next, though both are free.
 */
static bool oracle_same_region(const struct model *m, unsigned int i)
{
	return m->page[i].mem_nid == m->page[i + 1].mem_nid &&
	       m->page[i].mem_flags == m->page[i + 1].mem_flags;
}

static bool oracle_fits(const struct model *m, unsigned int first,
			unsigned int nr, int nid, bool mirror)
{
	unsigned int i;

	for (i = first; i < first + nr; i++) {
		if (!oracle_free(m, i, nid, mirror))
			return false;
		if (i + 1 < first + nr && !oracle_same_region(m, i))
			return false;
	}
	return true;
}

/* First page of the place, or -1. @align in pages of the address. */
static int oracle_find(const struct model *m, unsigned int nr,
		       unsigned int align, unsigned int from, unsigned int to,
		       int nid, bool mirror)
{
	unsigned long skew = PFN_DOWN(m->base);
	int i, best = -1;

	for (i = (int)from; i + (int)nr <= (int)to; i++) {
		if ((skew + (unsigned long)i) % align ||
		    !oracle_fits(m, (unsigned int)i, nr, nid, mirror))
			continue;
		best = i;
		if (m->bottom_up)
			break;
	}
	return best;
}

/* With the fallbacks that the call has. */
static int oracle_alloc(const struct model *m, unsigned int nr,
			unsigned int align, unsigned int from, unsigned int to,
			int nid, bool exact, bool has_mirror)
{
	int mirror, at;

	for (mirror = has_mirror; mirror >= 0; mirror--) {
		at = oracle_find(m, nr, align, from, to, nid, mirror);
		if (at < 0 && nid != NUMA_NO_NODE && !exact)
			at = oracle_find(m, nr, align, from, to, NUMA_NO_NODE,
					 mirror);
		if (at >= 0)
			return at;
	}
	return -1;
}

/* ---- comparing ---- */

static bool oracle_has(const struct model *m, bool reserved, unsigned int i)
{
	return reserved ? m->page[i].reserved : m->page[i].memory;
}

static int oracle_nid(const struct model *m, bool reserved, unsigned int i)
{
	return reserved ? m->page[i].res_nid : m->page[i].mem_nid;
}

static unsigned int oracle_flags(const struct model *m, bool reserved,
				 unsigned int i)
{
	return reserved ? m->page[i].res_flags : m->page[i].mem_flags;
}

/* End of the longest run from @i on that must be one region. */
static unsigned int oracle_run(const struct model *m, bool reserved,
			       unsigned int i)
{
	unsigned int j = i + 1;

	while (j < PAGES && oracle_has(m, reserved, j) &&
	       oracle_nid(m, reserved, j) == oracle_nid(m, reserved, i) &&
	       oracle_flags(m, reserved, j) == oracle_flags(m, reserved, i))
		j++;
	return j;
}

static bool type_matches(const struct model *m,
			 const struct memblock_type *type, bool reserved)
{
	const struct memblock_region *r = type->regions;
	unsigned long n = 0;
	unsigned int i, end;

	for (i = 0; i < PAGES; i = end) {
		end = i + 1;
		if (!oracle_has(m, reserved, i))
			continue;
		end = oracle_run(m, reserved, i);
		if (n == type->cnt || r[n].base != page_base(m, i) ||
		    r[n].size != PFN_PHYS(end - i) ||
		    r[n].nid != oracle_nid(m, reserved, i) ||
		    (unsigned int)r[n].flags != oracle_flags(m, reserved, i))
			return false;
		n++;
	}
	return n == type->cnt;
}

/* Free ranges, forwards and backwards, cover exactly what the oracle frees. */
static bool iterators_match(const struct model *m)
{
	phys_addr_t start, end;
	long pages = 0, n = 0;
	unsigned int k;
	u64 i;

	for (k = 0; k < PAGES; k++)
		pages += oracle_free(m, k, NUMA_NO_NODE, false);
	for_each_free_mem_range(i, NUMA_NO_NODE, MEMBLOCK_NONE, &start, &end,
				NULL)
		n += (long)PFN_DOWN(end - start);
	if (n != pages)
		return false;
	for_each_free_mem_range_reverse(i, NUMA_NO_NODE, MEMBLOCK_NONE, &start,
					&end, NULL)
		n -= (long)PFN_DOWN(end - start);
	return n == 0;
}

static bool questions_match(struct model *m)
{
	unsigned int i = pick(m, PAGES);
	phys_addr_t addr = page_base(m, i) + pick(m, PAGE_SIZE);
	const struct oracle_page *p = &m->page[i];

	return memblock_is_memory(addr) == p->memory &&
	       memblock_is_reserved(addr) == p->reserved &&
	       memblock_is_map_memory(addr) ==
			(p->memory && !(p->mem_flags & MEMBLOCK_NOMAP)) &&
	       memblock_search_pfn_nid(PFN_DOWN(addr), NULL, NULL) ==
			(p->memory ? p->mem_nid : NUMA_NO_NODE);
}

static bool model_matches(struct model *m)
{
	return !memblock_check(&memblock) &&
	       type_matches(m, &memblock.memory, false) &&
	       type_matches(m, &memblock.reserved, true) &&
	       iterators_match(m) && questions_match(m);
}

/* ---- steps: each returns false when memblock answers otherwise ---- */

static bool step_add(struct model *m, unsigned int at, unsigned int nr)
{
	int nid = (int)pick(m, NODES);
	enum memblock_flags flags = pick(m, 4) ? MEMBLOCK_NONE
					       : MEMBLOCK_DRIVER_MANAGED;
	unsigned int i;

	for (i = at; i < at + nr; i++) {
		if (m->page[i].memory)
			continue;
		m->page[i].memory = true;
		m->page[i].mem_nid = nid;
		m->page[i].mem_flags = (u8)flags;
	}
	return !memblock_add_node(page_base(m, at), PFN_PHYS(nr), nid, flags);
}

static bool step_remove(struct model *m, unsigned int at, unsigned int nr)
{
	unsigned int i;

	for (i = at; i < at + nr; i++)
		m->page[i].memory = false;
	return !memblock_remove(page_base(m, at), PFN_PHYS(nr));
}

static void oracle_reserve(struct model *m, unsigned int at, unsigned int nr)
{
	unsigned int i;

	for (i = at; i < at + nr; i++) {
		if (m->page[i].reserved)
			continue;
		m->page[i].reserved = true;
		m->page[i].res_nid = MAX_NUMNODES;
		m->page[i].res_flags = 0;
	}
}

static bool step_reserve(struct model *m, unsigned int at, unsigned int nr)
{
	oracle_reserve(m, at, nr);
	return !memblock_reserve(page_base(m, at), PFN_PHYS(nr));
}

static bool step_free(struct model *m, unsigned int at, unsigned int nr)
{
	unsigned int i;

	for (i = at; i < at + nr; i++)
		m->page[i].reserved = false;
	return !memblock_phys_free(page_base(m, at), PFN_PHYS(nr));
}

static bool step_set_node(struct model *m, unsigned int at, unsigned int nr)
{
	bool reserved = pick(m, 2);
	int nid = (int)pick(m, NODES);
	unsigned int i;

	for (i = at; i < at + nr; i++) {
		if (reserved)
			m->page[i].res_nid = nid;
		else
			m->page[i].mem_nid = nid;
	}
	return !memblock_set_node(page_base(m, at), PFN_PHYS(nr),
				  reserved ? &memblock.reserved
					   : &memblock.memory, nid);
}

struct flag_call {
	int (*call)(phys_addr_t base, phys_addr_t size);
	u8 set, clear;
	bool reserved;
};

static const struct flag_call flag_calls[] = {
	{ memblock_mark_hotplug, MEMBLOCK_HOTPLUG, 0, false },
	{ memblock_clear_hotplug, 0, MEMBLOCK_HOTPLUG, false },
	{ memblock_mark_mirror, MEMBLOCK_MIRROR, 0, false },
	{ memblock_mark_nomap, MEMBLOCK_NOMAP, 0, false },
	{ memblock_clear_nomap, 0, MEMBLOCK_NOMAP, false },
	{ memblock_reserved_mark_noinit, MEMBLOCK_RSRV_NOINIT, 0, true },
};

static bool step_flag(struct model *m, unsigned int at, unsigned int nr)
{
	const struct flag_call *c = &flag_calls[pick(m, ARRAY_SIZE(flag_calls))];
	u8 set = c->set == MEMBLOCK_MIRROR && !m->mirror ? 0 : c->set;
	unsigned int i;

	for (i = at; i < at + nr; i++) {
		u8 *f = c->reserved ? &m->page[i].res_flags
				    : &m->page[i].mem_flags;

		if (oracle_has(m, c->reserved, i))
			*f = (u8)((*f | set) & ~c->clear);
	}
	return !c->call(page_base(m, at), PFN_PHYS(nr));
}

static bool step_alloc(struct model *m, unsigned int at, unsigned int nr)
{
	unsigned int align = 1U << pick(m, 5), to = at + pick(m, PAGES);
	bool exact = pick(m, 2), accessible = pick(m, 2);
	int nid = (int)pick(m, NODES + 1) - 1;
	phys_addr_t got;
	int want;

	nr = 1 + nr % 16;
	if (accessible)
		to = (unsigned int)m->limit;
	want = oracle_alloc(m, nr, align, at, min(to, (unsigned int)PAGES),
			    nid, exact, memblock.has_mirror);
	got = memblock_alloc_range_nid(PFN_PHYS(nr), PFN_PHYS(align),
				       page_base(m, at),
				       accessible ? MEMBLOCK_ALLOC_ACCESSIBLE
						  : page_base(m, to),
				       nid, exact);
	if (want < 0)
		return !got;
	if (got != page_base(m, (unsigned int)want))
		return false;
	oracle_reserve(m, (unsigned int)want, nr);
	if (m->live < PAGES) {
		m->alloc[m->live].first = (unsigned int)want;
		m->alloc[m->live++].nr = nr;
	}
	return true;
}

/* Gives back an allocation (parts of it may have been freed meanwhile). */
static bool step_free_alloc(struct model *m, unsigned int at, unsigned int nr)
{
	unsigned int k;

	if (!m->live)
		return true;
	k = pick(m, m->live);
	at = m->alloc[k].first;
	nr = m->alloc[k].nr;
	m->alloc[k] = m->alloc[--m->live];
	return step_free(m, at, nr);
}

static bool step_mode(struct model *m, unsigned int at, unsigned int nr)
{
	m->bottom_up = pick(m, 2);
	memblock_set_bottom_up(m->bottom_up);
	m->limit = pick(m, 3) ? PAGES : at + nr;
	memblock_set_current_limit(page_base(m, (unsigned int)m->limit));
	return true;
}

/* Rare: trims, or keeps only a part. */
static bool step_cut(struct model *m, unsigned int at, unsigned int nr)
{
	unsigned int i;

	if (pick(m, 64))
		return true;
	for (i = 0; i < PAGES; i++) {
		if (i >= at && i < at + nr)
			continue;
		if (!(m->page[i].mem_flags & MEMBLOCK_NOMAP))
			m->page[i].memory = false;
		m->page[i].reserved = false;
	}
	if (memblock.memory.cnt) {
		memblock_cap_memory_range(page_base(m, at), PFN_PHYS(nr));
		return true;
	}
	return !memblock_remove(0, PHYS_ADDR_MAX) &&
	       !memblock_phys_free(0, page_base(m, at)) &&
	       !memblock_phys_free(page_base(m, at + nr), PHYS_ADDR_MAX);
}

static bool (*const steps[])(struct model *, unsigned int, unsigned int) = {
	step_add, step_add, step_add, step_remove, step_reserve, step_free,
	step_free, step_set_node, step_flag, step_alloc, step_alloc,
	step_alloc, step_alloc, step_free_alloc, step_free_alloc, step_mode,
	step_cut,
};

static bool model_step(struct model *m)
{
	unsigned int at = pick(m, PAGES);
	unsigned int nr = 1 + pick(m, 1U << pick(m, 9));

	nr = min(nr, PAGES - at);
	return steps[pick(m, ARRAY_SIZE(steps))](m, at, nr);
}

/* A cleared flag of a page that is no memory must not come back with it. */
static void model_normalize(struct model *m)
{
	unsigned int i;

	for (i = 0; i < PAGES; i++) {
		if (!m->page[i].memory)
			m->page[i].mem_flags = 0;
		if (!m->page[i].reserved)
			m->page[i].res_flags = 0;
	}
}

/* A scratch state in place of the machine's, with arrays that suffice. */
static void model_setup(struct model *m, u64 seed)
{
	struct machine *machine = this_machine();

	memset(m, 0, sizeof(*m));
	m->saved = machine->mb;
	m->saved_options = machine->early;
	random_seed(&m->rnd, seed);
	/* Anywhere from 1 MiB to 1 TiB; nothing is ever written there. */
	m->base = PFN_PHYS(256 + random_below(&m->rnd, 1U << 28));
	m->limit = PAGES;
	m->mirror = machine->early.kernelcore_mirror = pick(m, 2);
	m->movable_node = machine->early.movable_node = pick(m, 2);
	memblock_init(&memblock);
	memblock.memory.regions = m->memory;
	memblock.reserved.regions = m->reserved;
	memblock.memory.max = memblock.reserved.max = PAGES;
	memblock.memory_in_slab = memblock.reserved_in_slab = true;
	memblock_set_current_limit(page_base(m, PAGES));
}

/* The state points into itself: put it back where it was. */
static void model_teardown(struct model *m)
{
	this_machine()->mb = m->saved;
	this_machine()->early = m->saved_options;
}

int memblock_model_run(u64 seed, u64 steps_wanted)
{
	struct model *m = &the_model;
	u64 step;

	model_setup(m, seed);
	for (step = 1; step <= steps_wanted; step++) {
		bool ok = model_step(m);

		model_normalize(m);
		if (!ok || !model_matches(m))
			break;
	}
	model_teardown(m);
	return step <= steps_wanted ? (int)step : 0;
}
