// SPDX-License-Identifier: MIT
/*
 * kmap() and kmap_local_page() against an oracle that knows what each page
 * holds and how often it is mapped: random pages are mapped, looked at,
 * written to by one address and read by others, unmapped in any order (kmap)
 * or in reverse (kmap_local), freed while an address is kept for them, and
 * taken back; wrong unmaps are made and must change nothing.
 *
 * More pages take part than there are addresses, but no more are in use at
 * once, as nobody else would give one back.
 *
 * After each step every mapped page's address shows its mark; now and then
 * pkmap_check(), and the count of each slot against the oracle's.
 */
#include "highmem_model.h"

#include <linux/errno.h>
#include <linux/highmem.h>
#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/sched.h>
#include <linux/vmalloc.h>

#include <octavo/log.h>
#include <octavo/machine.h>
#include <octavo/random.h>

#define NR_PAGES	(LAST_PKMAP + 300)
#define CHECK_EVERY	64	/* steps; a check looks at every slot */
#define MARKS		8	/* words of a page that bear its mark */

struct model_page {
	struct page *page;
	unsigned long mark;	/* in its words */
	unsigned int users;	/* of kmap() */
	unsigned long *addr;	/* while there are any */
};

struct model {
	u64 rng;
	struct model_page pages[NR_PAGES];
	unsigned int nr_used;		/* pages with users */
	struct model_page *local[KM_MAX_IDX];	/* the innermost last */
	unsigned long *local_addr[KM_MAX_IDX];
	unsigned int depth;
	bool bad;
};

#define EXPECT(m, c) do {						\
	if (!(c) && !(m)->bad) {					\
		(m)->bad = true;					\
		pr_err("model: expected %s (line %d)\n", #c, __LINE__);	\
	}								\
} while (0)

static struct model_page *random_page(struct model *m)
{
	return &m->pages[random_below(&m->rng, NR_PAGES)];
}

static unsigned long *word(unsigned long *p, unsigned int i)
{
	return p + i * (PAGE_SIZE / sizeof(*p) / MARKS);
}

static void mark_by(struct model *m, struct model_page *mp, unsigned long *p)
{
	unsigned int i;

	mp->mark = (unsigned long)random_next(&m->rng);
	for (i = 0; i < MARKS; i++)
		*word(p, i) = mp->mark + i;
}

static bool marked(const struct model_page *mp, unsigned long *p)
{
	unsigned int i;

	for (i = 0; i < MARKS; i++)
		if (*word(p, i) != mp->mark + i)
			return false;
	return true;
}

static bool page_get_new(struct model *m, struct model_page *mp)
{
	unsigned long *p;

	/* The last node has it, and most are to be of that. */
	mp->page = alloc_pages_node(random_below(&m->rng, 8) ?
				    num_online_nodes() - 1 : NUMA_NO_NODE,
				    GFP_HIGHUSER | __GFP_ZERO | __GFP_NOWARN,
				    0);
	if (!mp->page)
		return false;
	p = kmap_local_page(mp->page);
	EXPECT(m, !memchr_inv(p, 0, PAGE_SIZE));
	mark_by(m, mp, p);
	kunmap_local(p);
	return true;
}

/* ---- steps ------------------------------------------------------------ */

static void step_kmap(struct model *m)
{
	struct model_page *mp = random_page(m);
	unsigned long *p;

	if (!mp->users && m->nr_used == LAST_PKMAP)
		return;
	p = kmap(mp->page);
	EXPECT(m, p && marked(mp, p));
	EXPECT(m, !mp->users || p == mp->addr);
	EXPECT(m, page_address(mp->page) == p);
	EXPECT(m, kmap_to_page(p) == mp->page);
	m->nr_used += !mp->users;
	mp->users++;
	mp->addr = p;
}

static void step_kunmap(struct model *m)
{
	struct model_page *mp = random_page(m);

	if (!mp->users) {
		if (PageHighMem(mp->page) && !random_below(&m->rng, 50))
			kunmap(mp->page);	/* is reported */
		return;
	}
	if (random_below(&m->rng, 2))
		mark_by(m, mp, mp->addr);
	kunmap(mp->page);
	mp->users--;
	m->nr_used -= !mp->users;
}

static void step_local(struct model *m)
{
	struct model_page *mp = random_page(m);

	if (m->depth == KM_MAX_IDX)
		return;
	m->local[m->depth] = mp;
	m->local_addr[m->depth] = kmap_local_page(mp->page);
	EXPECT(m, marked(mp, m->local_addr[m->depth]));
	m->depth++;
}

static void step_local_end(struct model *m)
{
	if (!m->depth)
		return;
	m->depth--;
	if (random_below(&m->rng, 2))
		mark_by(m, m->local[m->depth], m->local_addr[m->depth]);
	kunmap_local((char *)m->local_addr[m->depth] +
		     random_below(&m->rng, PAGE_SIZE));
}

static bool in_local_use(const struct model *m, const struct model_page *mp)
{
	unsigned int i;

	for (i = 0; i < m->depth; i++)
		if (m->local[i] == mp)
			return true;
	return false;
}

/* An address may be kept for a page that is somebody else's by now. */
static void step_replace(struct model *m)
{
	struct model_page *mp = random_page(m);
	struct page *old = mp->page;

	if (mp->users || in_local_use(m, mp))
		return;
	if (!page_get_new(m, mp)) {
		mp->page = old;
		return;
	}
	__free_page(old);
}

static void step_copy(struct model *m)
{
	struct model_page *to = random_page(m), *from = random_page(m);

	if (to == from || m->depth > KM_MAX_IDX - 2)
		return;
	copy_highpage(to->page, from->page);
	to->mark = from->mark;
}

static void step_flush(struct model *m)
{
	if (!random_below(&m->rng, 100))
		kmap_flush_unused();
}

/* Others have the CPU meanwhile. */
static void step_yield(struct model *m)
{
	if (!random_below(&m->rng, 8))
		yield();
}

static void (*const steps[])(struct model *m) = {
	step_kmap, step_kmap, step_kmap, step_kunmap, step_kunmap, step_local,
	step_local_end, step_replace, step_copy, step_flush, step_yield,
};

/* ---- checks ------------------------------------------------------------ */

static void check_slots(struct model *m)
{
	const struct highmem_state *h = &this_machine()->highmem;
	struct model_page *mp;
	unsigned int i;

	EXPECT(m, pkmap_check());
	for (mp = m->pages; mp < m->pages + NR_PAGES; mp++) {
		if (!PageHighMem(mp->page))
			continue;
		if (mp->users)
			EXPECT(m, h->slot[PKMAP_NR(mp->addr)].count ==
				  mp->users + 1);
		EXPECT(m, !mp->users || marked(mp, mp->addr));
	}
	for (i = 0; i < m->depth; i++)
		EXPECT(m, marked(m->local[i], m->local_addr[i]));
	EXPECT(m, h->nr_waiting == 0);
}

static void model_end(struct model *m)
{
	struct model_page *mp;

	while (m->depth)
		step_local_end(m);
	for (mp = m->pages; mp < m->pages + NR_PAGES && mp->page; mp++) {
		for (; mp->users; mp->users--)
			kunmap(mp->page);
		__free_page(mp->page);
	}
	kmap_flush_unused();
	EXPECT(m, this_machine()->highmem.nr_unused == 0);
	EXPECT(m, pkmap_check() && buddy_check());
}

int highmem_model_run(u64 seed, u64 nr_steps)
{
	struct model *m = vzalloc(sizeof(*m));
	unsigned long high = 0, i;
	u64 n;

	if (!m)
		return -ENOMEM;
	m->rng = seed;
	for (i = 0; i < NR_PAGES && page_get_new(m, &m->pages[i]); i++)
		high += PageHighMem(m->pages[i].page);
	EXPECT(m, i == NR_PAGES && high);
	console_loglevel_set(0);
	for (n = 0; n < nr_steps && !m->bad; n++) {
		steps[random_below(&m->rng, ARRAY_SIZE(steps))](m);
		if (n % CHECK_EVERY == 0)
			check_slots(m);
	}
	check_slots(m);
	model_end(m);
	i = m->bad;
	vfree(m);
	return i ? (int)n ?: 1 : 0;
}
