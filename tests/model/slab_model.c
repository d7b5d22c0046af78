// SPDX-License-Identifier: MIT
/*
 * Caches and kmalloc() against an oracle that is too simple to be wrong: a
 * list of the objects that are out, with address and size, and a pattern in
 * every byte of each.
 *
 * Every step is one random call: one object or several, of one of a few
 * caches (small with an index apart, coloured, constructed, of several
 * pages, of DMA memory) or of kmalloc(); a request for pages inside may be
 * made to fail; a wrong free is made on purpose; a cache is shrunk, ended
 * though it has objects, or ended and made anew; a CPU goes and comes back.
 * After it:
 *
 *   - an object that is handed out overlaps none that is out, is aligned, is
 *     of the node asked for if it said so, and is constructed
 *   - an object that is freed is as its owner left it
 *   - wrong frees are reported, each once, and right ones are not
 *   - kmem_cache_check(), after every step at first and now and then later
 *
 * At the end all is given back, and no slab of the test's caches is left.
 */
#include "slab_model.h"

#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/slab.h>
#include <linux/string.h>

#include <octavo/fail_page.h>
#include <octavo/log.h>
#include <octavo/machine.h>
#include <octavo/random.h>

#define MODEL_OBJECTS	3000	/* out at once */
#define MODEL_BULK	80	/* objects of one call */
#define CHECK_ALWAYS	1000	/* steps checked one by one */
#define CHECK_EVERY	509	/* and then one in so many */
#define PHASE_STEPS	4000	/* it grows and shrinks in turn */
#define CONSTRUCTED	0xc0de600dc0de600dULL
#define NR_CACHES	6
#define NO_CACHE	NR_CACHES	/* kmalloc()'s */

struct out {
	unsigned char *p;	/* NULL: none */
	size_t size;		/* bytes that are the owner's */
	unsigned int cache;	/* place in model.cache, or NO_CACHE */
	unsigned char mark;	/* in each byte */
};

struct model_cache {
	struct kmem_cache *cache;
	unsigned long nr_out;
};

struct model {
	u64 rng;
	bool grow;			/* most frees are left out */
	struct out out[MODEL_OBJECTS];
	unsigned int nr_out;
	struct model_cache cache[NR_CACHES];
	long bad;			/* reports that there should be */
	const char *why;		/* it differs; NULL: it does not */
};

/* One run at a time; too large for a stack. */
static struct model model;

static const struct {
	unsigned int size, align;
	slab_flags_t flags;
	bool constructed;
} model_caches[NR_CACHES] = {
	{ 24, 0, 0, false },
	{ 64, 64, SLAB_HWCACHE_ALIGN, false },
	{ 200, 0, SLAB_RECLAIM_ACCOUNT, true },
	{ 480, 32, 0, false },
	{ 1800, 0, 0, true },
	{ 700, 0, SLAB_CACHE_DMA, false },
};

#define EXPECT(m, cond) do {						\
	if (!(cond) && !(m)->why)					\
		(m)->why = #cond;					\
} while (0)

static unsigned int pick(struct model *m, unsigned int n)
{
	return (unsigned int)random_below(&m->rng, n);
}

static void construct(void *object)
{
	*(u64 *)object = CONSTRUCTED;
}

/* What of an object its owner may fill: a constructed one's head stays. */
static unsigned int kept_head(unsigned int cache)
{
	return cache != NO_CACHE && model_caches[cache].constructed ?
	       sizeof(u64) : 0;
}

static bool create(struct model *m, unsigned int i)
{
	struct kmem_cache_args args = {
		.align = model_caches[i].align,
		.ctor = model_caches[i].constructed ? construct : NULL,
	};

	m->cache[i].cache = kmem_cache_create("model", model_caches[i].size,
					      &args, model_caches[i].flags |
					      SLAB_NO_MERGE);
	return m->cache[i].cache;
}

/* ---- objects that come and go ----------------------------------------- */

static bool overlaps(const struct model *m, const unsigned char *p,
		     size_t size)
{
	unsigned int i;

	for (i = 0; i < m->nr_out; i++)
		if (p < m->out[i].p + m->out[i].size && m->out[i].p < p + size)
			return true;
	return false;
}

static void own(struct model *m, unsigned int cache, void *p, size_t size,
		bool zeroed)
{
	struct out *o = &m->out[m->nr_out];
	unsigned int head = kept_head(cache);

	if (!p)
		return;
	EXPECT(m, !overlaps(m, p, size));
	EXPECT(m, !((unsigned long)p & 7));
	if (cache != NO_CACHE && model_caches[cache].align)
		EXPECT(m, !((unsigned long)p &
			    (model_caches[cache].align - 1)));
	if (head)
		EXPECT(m, *(u64 *)p == CONSTRUCTED);
	if (zeroed)
		EXPECT(m, !memchr_inv(p, 0, size));
	*o = (struct out){ p, size, cache, (unsigned char)pick(m, 256) };
	memset(o->p + head, o->mark, size - head);
	if (cache != NO_CACHE)
		m->cache[cache].nr_out++;
	m->nr_out++;
}

/* Takes an object off the list; its contents are as they should be. */
static struct out disown(struct model *m, unsigned int i)
{
	struct out o = m->out[i];
	unsigned int head = kept_head(o.cache);

	EXPECT(m, !memchr_inv(o.p + head, o.mark, o.size - head));
	if (o.cache != NO_CACHE)
		m->cache[o.cache].nr_out--;
	m->out[i] = m->out[--m->nr_out];
	return o;
}

static gfp_t random_gfp(struct model *m)
{
	static const gfp_t gfps[] = { GFP_KERNEL, GFP_ATOMIC, GFP_NOWAIT };

	return gfps[pick(m, 3)] | __GFP_NOWARN;
}

static void alloc_one(struct model *m)
{
	unsigned int cache = pick(m, NR_CACHES);
	bool zero = !model_caches[cache].constructed && !pick(m, 4);
	gfp_t gfp = random_gfp(m) | (zero ? __GFP_ZERO : 0);

	own(m, cache, kmem_cache_alloc(m->cache[cache].cache, gfp),
	    model_caches[cache].size, zero);
}

static void alloc_on_node(struct model *m)
{
	int nid = (int)pick(m, (unsigned int)this_machine()->nr_nodes);
	unsigned int cache = pick(m, NR_CACHES);
	bool only = pick(m, 2);
	void *p = kmem_cache_alloc_node(m->cache[cache].cache, random_gfp(m) |
					(only ? __GFP_THISNODE : 0), nid);

	EXPECT(m, !p || !only || page_to_nid(virt_to_page(p)) == nid);
	own(m, cache, p, model_caches[cache].size, false);
}

static size_t random_size(struct model *m)
{
	/* Small ones are more common; some are of whole pages. */
	return 1 + pick(m, 16U << pick(m, 11));
}

static void alloc_kmalloc(struct model *m)
{
	static const gfp_t kinds[] = { 0, 0, 0, __GFP_RECLAIMABLE, __GFP_DMA };
	size_t size = random_size(m);
	gfp_t gfp = random_gfp(m) | kinds[pick(m, ARRAY_SIZE(kinds))];
	bool zero = !pick(m, 4);
	void *p = kmalloc(size, gfp | (zero ? __GFP_ZERO : 0));

	if (p && gfp & __GFP_DMA)
		EXPECT(m, virt_to_phys(p) + size <= 16ULL << 20);
	if (p && !(size & (size - 1)))
		EXPECT(m, !((unsigned long)p & (min(size, PAGE_SIZE) - 1)));
	own(m, NO_CACHE, p, size, zero);
}

static void alloc_many(struct model *m)
{
	unsigned int cache = pick(m, NR_CACHES), nr = 1 + pick(m, MODEL_BULK);
	void *objects[MODEL_BULK];
	unsigned int i;
	int got;

	if (m->nr_out + nr > MODEL_OBJECTS)
		return;
	got = kmem_cache_alloc_bulk(m->cache[cache].cache, random_gfp(m), nr,
				    objects);
	EXPECT(m, !got || got == (int)nr);
	for (i = 0; (int)i < got; i++)
		own(m, cache, objects[i], model_caches[cache].size, false);
}

static void free_one(struct model *m)
{
	struct out o;

	if (!m->nr_out)
		return;
	o = disown(m, pick(m, m->nr_out));
	if (o.cache == NO_CACHE || pick(m, 2))
		kfree(o.p);
	else
		kmem_cache_free(m->cache[o.cache].cache, o.p);
}

static void free_many(struct model *m)
{
	unsigned int nr = min(1 + pick(m, MODEL_BULK), m->nr_out), i;
	void *objects[MODEL_BULK];

	for (i = 0; i < nr; i++)
		objects[i] = disown(m, pick(m, m->nr_out)).p;
	kfree_bulk(nr, objects);
}

static void resize(struct model *m)
{
	size_t size = random_size(m);
	struct out *o;
	void *p;

	if (!m->nr_out)
		return;
	o = &m->out[pick(m, m->nr_out)];
	if (o->cache != NO_CACHE)
		return;
	p = krealloc(o->p, size, random_gfp(m));
	if (!p)
		return;
	EXPECT(m, !memchr_inv(p, o->mark, min(size, o->size)));
	/* It may be where it was. */
	o->p = NULL;
	o->size = 0;
	EXPECT(m, !overlaps(m, p, size));
	o->p = p;
	o->size = size;
	memset(p, o->mark, size);
}

/* ---- the rest --------------------------------------------------------- */

/* A free that must be refused. */
static void free_wrongly(struct model *m)
{
	unsigned int other = pick(m, NR_CACHES);
	struct out *o;

	if (!m->nr_out)
		return;
	o = &m->out[pick(m, m->nr_out)];
	m->bad++;
	if (pick(m, 2) || o->cache == other)
		kfree(o->p + 1 + pick(m, (unsigned int)min(o->size, 7UL)));
	else
		kmem_cache_free(m->cache[other].cache, o->p);
}

static void free_twice(struct model *m)
{
	struct out o;

	if (!m->nr_out)
		return;
	o = disown(m, pick(m, m->nr_out));
	kfree(o.p);
	kfree(o.p);
	m->bad++;
}

static void end_and_begin(struct model *m)
{
	unsigned int i = pick(m, NR_CACHES);

	if (pick(m, 2))
		EXPECT(m, kmem_cache_shrink(m->cache[i].cache) ==
			  (m->cache[i].nr_out != 0));
	kmem_cache_destroy(m->cache[i].cache);
	if (m->cache[i].nr_out)
		m->bad++;
	else
		EXPECT(m, create(m, i));
}

static void cpu_goes(struct model *m)
{
	unsigned int cpu = pick(m, num_online_cpus());

	kmem_cache_cpu_dead(cpu);
	free_many(m);
	alloc_many(m);
	kmem_cache_cpu_online(cpu);
}

static void alloc_step(struct model *m)
{
	if (m->nr_out >= MODEL_OBJECTS)
		return;
	if (!pick(m, 16))
		page_alloc_fail_nth(1 + pick(m, 3));
	switch (pick(m, 8)) {
	case 0:
		alloc_on_node(m);
		break;
	case 1:
		alloc_many(m);
		break;
	case 2:
	case 3:
	case 4:
		alloc_kmalloc(m);
		break;
	default:
		alloc_one(m);
	}
	page_alloc_fail_nth(0);
}

static void odd_step(struct model *m)
{
	switch (pick(m, 5)) {
	case 0:
		free_wrongly(m);
		break;
	case 1:
		free_twice(m);
		break;
	case 2:
		end_and_begin(m);
		break;
	case 3:
		cpu_goes(m);
		break;
	default:
		resize(m);
	}
}

static void model_step(struct model *m)
{
	unsigned int what = pick(m, 100);

	if (what < 2)
		odd_step(m);
	else if (what < (m->grow ? 60U : 40U))
		alloc_step(m);
	else if (what < 90)
		free_one(m);
	else if (what < 92)
		free_many(m);
}

static void model_end(struct model *m)
{
	unsigned int i;

	while (m->nr_out)
		free_one(m);
	for (i = 0; i < NR_CACHES; i++) {
		EXPECT(m, !m->cache[i].nr_out);
		EXPECT(m, !kmem_cache_shrink(m->cache[i].cache));
		kmem_cache_destroy(m->cache[i].cache);
	}
}

int slab_model_run(u64 seed, u64 steps)
{
	struct slab_state *s = &this_machine()->slab;
	struct model *m = &model;
	int level = console_loglevel_get();
	unsigned int i;
	u64 step;

	memset(m, 0, sizeof(*m));
	m->rng = seed;
	for (i = 0; i < NR_CACHES; i++)
		EXPECT(m, create(m, i));
	console_loglevel_set(0);
	for (step = 1; step <= steps && !m->why; step++) {
		m->grow = !(step / PHASE_STEPS & 1);
		model_step(m);
		EXPECT(m, atomic_long_read(&s->nr_bad) == m->bad);
		if (step < CHECK_ALWAYS || step % CHECK_EVERY == 0)
			EXPECT(m, !kmem_cache_check(NULL));
	}
	if (!m->why)
		model_end(m);
	console_loglevel_set(level);
	if (!m->why)
		return 0;
	pr_err("slab model: seed %llu, step %llu: expected %s\n", seed,
	       step - 1, m->why);
	return (int)min(max(step - 1, 1ULL), (u64)INT_MAX);
}
