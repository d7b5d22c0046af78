// SPDX-License-Identifier: MIT
/*
 * Pools against an oracle: for each pool a stack of what is in its reserve and
 * a list of what is out, with a pattern in every byte of each element.
 *
 * Some pools have a pair of the model's own, whose memory runs dry when the
 * model says so. Of these the oracle knows of every call what it returns:
 *
 *   - while memory gives, what memory gave last; the reserve stays as it is
 *   - else the reserve's newest element, or NULL when there is none
 *   - an element that is freed goes to the reserve while that is not full,
 *     and to memory if it is, at once
 *   - a resize takes the newest from the reserve, or puts new ones beneath;
 *     when memory runs dry on the way, nothing changes
 *
 * The others have stock pairs, over objects, kmalloc() and pages, and requests
 * for pages that fail. Of these it knows how many elements there must be at
 * least, that they are apart from each other, and how many are in reserve.
 *
 * Now and then an element is freed twice, or its inside is: reported, and
 * nothing changes. Pools end and begin anew; with elements out they refuse to
 * end. mempool_check() follows every step.
 *
 * What needs others to free (who waits) is in tests/unit and tests/sim.
 */
#include "mempool_model.h"

#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/mempool.h>
#include <linux/mm.h>
#include <linux/string.h>

#include <octavo/fail_page.h>
#include <octavo/log.h>
#include <octavo/machine.h>
#include <octavo/random.h>

#define NR_POOLS	6
#define NR_OWN		3	/* of them, with the model's own pair */
#define MAX_OUT		120	/* elements of a pool that are out */
#define MAX_RESERVE	40
#define ELEMENT_BYTES	72
#define CHECK_ALL	1021	/* steps between looks at all caches */

struct pool_model {
	mempool_t *pool;		/* NULL: ended */
	int min_nr;
	void *reserve[MAX_RESERVE];	/* of own pairs, oldest first */
	int nr_reserve;
	unsigned char *out[MAX_OUT];
	unsigned char mark[MAX_OUT];	/* in each byte of it */
	int nr_out;
};

static struct {
	u64 rng;
	struct pool_model pool[NR_POOLS];
	struct kmem_cache *cache;
	int dry;			/* requests until memory is; < 0: not */
	void *given, *taken;		/* last, by and to own memory */
	long nr_memory;			/* elements it has given */
	long bad;			/* reports that there should be */
	const char *why;		/* it differs; NULL: it does not */
} mm;

static void expect(bool ok, const char *what)
{
	if (!ok && !mm.why)
		mm.why = what;
}
#define EXPECT(ok)	expect(ok, #ok)

static unsigned int pick(unsigned int n)
{
	return (unsigned int)random_below(&mm.rng, n);
}

/* ---- own memory ------------------------------------------------------- */

static void *own_alloc(gfp_t gfp, void *pool_data)
{
	if (!mm.dry)
		return NULL;
	mm.dry -= mm.dry > 0;
	mm.given = kmalloc((size_t)pool_data, GFP_KERNEL);
	BUG_ON(!mm.given);
	mm.nr_memory++;
	return mm.given;
}

static void own_free(void *element, void *pool_data)
{
	mm.taken = element;
	mm.nr_memory--;
	kfree(element);
}

static bool is_own(unsigned int i)
{
	return i < NR_OWN;
}

/* ---- elements --------------------------------------------------------- */

/* Of pages the first. */
static unsigned char *element_bytes(const struct pool_model *p, int i)
{
	void *element = p->out[i];

	return p->pool->alloc == mempool_alloc_pages ? page_address(element) :
						       element;
}

static void element_own(struct pool_model *p, void *element)
{
	int i;

	for (i = 0; i < p->nr_out; i++)
		EXPECT(p->out[i] != element);
	if (!element || p->nr_out == MAX_OUT)
		return;
	p->out[p->nr_out] = element;
	p->mark[p->nr_out] = (unsigned char)pick(256);
	memset(element_bytes(p, p->nr_out), p->mark[p->nr_out],
	       ELEMENT_BYTES);
	p->nr_out++;
}

static void *element_disown(struct pool_model *p, int i)
{
	void *element = p->out[i];

	EXPECT(!memchr_inv(element_bytes(p, i), p->mark[i], ELEMENT_BYTES));
	p->out[i] = p->out[--p->nr_out];
	p->mark[i] = p->mark[p->nr_out];
	return element;
}

/* ---- making and ending ------------------------------------------------ */

static mempool_t *stock_pool(unsigned int i, int min_nr)
{
	if (i == NR_OWN)
		return mempool_create_slab_pool(min_nr, mm.cache);
	if (i == NR_OWN + 1)
		return mempool_create_kmalloc_pool(min_nr, 1000);
	return mempool_create_page_pool(min_nr, pick(2));
}

static void pool_begin(unsigned int i)
{
	struct pool_model *p = &mm.pool[i];
	int min_nr = (int)pick(MAX_RESERVE / 2), k;
	long had = mm.nr_memory;

	if (is_own(i))
		p->pool = mempool_create(min_nr, own_alloc, own_free,
					 (void *)(unsigned long)ELEMENT_BYTES);
	else
		p->pool = stock_pool(i, min_nr);
	if (!p->pool) {
		EXPECT(mm.nr_memory == had);
		return;
	}
	p->min_nr = min_nr;
	p->nr_reserve = min_nr;
	for (k = 0; k < min_nr; k++)
		p->reserve[k] = p->pool->elements[k];
}

static void pool_end(unsigned int i)
{
	struct pool_model *p = &mm.pool[i];

	mempool_destroy(p->pool);
	/* It refuses while elements are out. */
	if (p->nr_out)
		return;
	p->pool = NULL;
	p->min_nr = 0;
	p->nr_reserve = 0;
}

/* ---- calls on a pool -------------------------------------------------- */

static void own_alloc_check(struct pool_model *p, void *element, bool dry)
{
	if (!dry)
		EXPECT(element && element == mm.given);
	else if (p->nr_reserve)
		EXPECT(element == p->reserve[--p->nr_reserve]);
	else
		EXPECT(!element);
}

static void step_alloc(unsigned int i)
{
	static const gfp_t gfps[] = { GFP_ATOMIC, GFP_NOWAIT, GFP_KERNEL,
				      GFP_NOIO };
	struct pool_model *p = &mm.pool[i];
	unsigned int kind = pick(ARRAY_SIZE(gfps));
	bool dry = mm.dry == 0;
	int had = p->pool->curr_nr;
	void *element;

	/* It would wait for ever. */
	if (kind > 1 && !had && (dry || !is_own(i)))
		kind = 0;
	if (p->nr_out == MAX_OUT)
		return;
	if (!is_own(i) && !pick(4))
		page_alloc_fail_nth(1 + pick(3));
	element = mempool_alloc(p->pool, gfps[kind]);
	page_alloc_fail_nth(0);
	if (is_own(i)) {
		own_alloc_check(p, element, dry);
	} else {
		EXPECT(element || !had);
		p->nr_reserve = p->pool->curr_nr;
		EXPECT(p->nr_reserve == had || p->nr_reserve == had - 1);
	}
	element_own(p, element);
}

static void step_preallocated(unsigned int i)
{
	struct pool_model *p = &mm.pool[i];
	void *element;

	if (p->nr_out == MAX_OUT)
		return;
	element = mempool_alloc_preallocated(p->pool);
	EXPECT(!element == !p->nr_reserve);
	if (!element)
		return;
	p->nr_reserve--;
	if (is_own(i))
		EXPECT(element == p->reserve[p->nr_reserve]);
	element_own(p, element);
}

static void step_free(unsigned int i)
{
	struct pool_model *p = &mm.pool[i];
	void *element;

	if (!p->nr_out)
		return;
	element = element_disown(p, (int)pick((unsigned int)p->nr_out));
	mm.taken = NULL;
	mempool_free(element, p->pool);
	if (p->nr_reserve < p->min_nr) {
		p->reserve[p->nr_reserve++] = element;
		EXPECT(!mm.taken);
	} else if (is_own(i)) {
		EXPECT(mm.taken == element);
	}
}

/* New elements lie beneath those that were there. */
static void own_grown(struct pool_model *p, int more)
{
	int k;

	memmove(p->reserve + more, p->reserve,
		(size_t)p->nr_reserve * sizeof(*p->reserve));
	p->nr_reserve += more;
	for (k = 0; k < more; k++)
		p->reserve[k] = p->pool->elements[k];
}

static void step_resize(unsigned int i)
{
	struct pool_model *p = &mm.pool[i];
	int min_nr = 1 + (int)pick(MAX_RESERVE), more = min_nr - p->min_nr;
	bool fails = is_own(i) && mm.dry >= 0 && mm.dry < more;
	long had = mm.nr_memory;
	int err;

	if (!is_own(i) && !pick(3))
		page_alloc_fail_nth(1 + pick(6));
	err = mempool_resize(p->pool, min_nr);
	page_alloc_fail_nth(0);
	EXPECT(err == 0 || (err == -ENOMEM && more > 0));
	if (is_own(i))
		EXPECT(!err == !fails);
	if (err) {
		EXPECT(mm.nr_memory == had);
		return;
	}
	if (more > 0)
		own_grown(p, more);
	p->min_nr = min_nr;
	p->nr_reserve = min(p->nr_reserve, min_nr);
}

static void step_wrong_free(unsigned int i)
{
	struct pool_model *p = &mm.pool[i];
	struct slab_state *s = &this_machine()->slab;
	long bad = atomic_long_read(&s->nr_bad);
	void *newest;

	if (!p->nr_reserve || p->nr_reserve == p->min_nr)
		return;
	newest = p->pool->elements[p->nr_reserve - 1];
	if (is_own(i) || pick(2) || p->pool->free == mempool_free_pages) {
		mempool_free(newest, p->pool);
		EXPECT(atomic_long_read(&s->nr_bad) == bad);
		return;
	}
	mempool_free((char *)newest + 8, p->pool);
	EXPECT(atomic_long_read(&s->nr_bad) == bad + 1);
}

static void step_memory(void)
{
	mm.dry = pick(3) ? (int)pick(30) : -1;
}

/* ---- the stream ------------------------------------------------------- */

static void pool_compare(unsigned int i)
{
	struct pool_model *p = &mm.pool[i];
	int k;

	if (!p->pool)
		return;
	EXPECT(!mempool_check(p->pool));
	EXPECT(p->pool->min_nr == p->min_nr);
	EXPECT(p->pool->curr_nr == p->nr_reserve);
	EXPECT(p->nr_reserve + p->nr_out >= p->min_nr);
	EXPECT(mempool_is_saturated(p->pool) == (p->nr_reserve == p->min_nr));
	for (k = 0; is_own(i) && k < p->nr_reserve; k++)
		EXPECT(p->pool->elements[k] == p->reserve[k]);
}

static void model_step(void)
{
	unsigned int i = pick(NR_POOLS), what = pick(100);
	/* It grows and shrinks in turn. */
	unsigned int allocs = pick(2) ? 46 : 34;

	if (what < 6)
		step_memory();
	else if (!mm.pool[i].pool)
		pool_begin(i);
	else if (what < allocs)
		step_alloc(i);
	else if (what < allocs + 6)
		step_preallocated(i);
	else if (what < 92)
		step_free(i);
	else if (what < 96)
		step_resize(i);
	else if (what < 98)
		step_wrong_free(i);
	else
		pool_end(i);
	pool_compare(i);
}

static void model_end(void)
{
	unsigned int i;

	for (i = 0; i < NR_POOLS; i++) {
		while (mm.pool[i].nr_out)
			step_free(i);
		if (mm.pool[i].pool)
			pool_end(i);
	}
	EXPECT(!mm.nr_memory);
	EXPECT(!kmem_cache_shrink(mm.cache));
	kmem_cache_destroy(mm.cache);
}

int mempool_model_run(u64 seed, u64 steps)
{
	int level = console_loglevel_get();
	u64 step;

	memset(&mm, 0, sizeof(mm));
	mm.rng = seed;
	mm.dry = -1;
	mm.cache = kmem_cache_create("model", 320, 0, SLAB_NO_MERGE, NULL);
	console_loglevel_set(0);
	for (step = 1; step <= steps && !mm.why; step++) {
		model_step();
		if (step % CHECK_ALL == 0)
			EXPECT(!kmem_cache_check(NULL));
	}
	if (!mm.why)
		model_end();
	console_loglevel_set(level);
	if (!mm.why)
		return 0;
	pr_err("mempool model: seed %llu, step %llu: expected %s\n", seed,
	       step - 1, mm.why);
	return (int)min(max(step - 1, 1ULL), (u64)INT_MAX);
}
