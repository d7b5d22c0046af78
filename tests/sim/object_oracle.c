// SPDX-License-Identifier: MIT
/*
 * Who has each object: a slot for each that is out, filled at once when a call
 * returns one and emptied before a call frees it. Between two points nobody
 * else runs, so it needs no lock.
 *
 * What is checked as it happens: an object that is handed out overlaps none
 * that is out; its first and last word, on every CPU if it is per-CPU, are as
 * its owner left them when it is freed. An element of a pool has one user, and
 * comes back to memory without any. After the run: the checks of caches, pools
 * and per-CPU areas hold, no wrong free was reported, nobody waits; with all
 * given back, no object is left, and as many pages are free as at the start.
 */
#include "object_test.h"

#include <linux/kernel.h>
#include <linux/percpu.h>
#include <linux/string.h>
#include <linux/vmstat.h>

#include <octavo/fail_page.h>
#include <octavo/machine.h>
#include <octavo/random.h>

#include "../../mm/slab/internal.h"

/* Of each CPU and cache: of large ones more than its two arrays have room for,
 * so that others go to the depot. */
#define WARM_OBJECTS	40
#define WARM_OUT	2	/* of these, out */

struct objects objects;

static void __noreturn wrong(const char *why, const void *p, long slot)
{
	sim_note("object %#lx, slot %ld:", (long)p, slot);
	sim_stop(why);
}

/* ---- slots ------------------------------------------------------------ */

static void stamp_copy(char *p, u32 size, u64 stamp)
{
	memcpy(p, &stamp, min(size, 8U));
	if (size >= 16)
		memcpy(p + size - 8, &stamp, 8);
}

static bool stamp_kept(const char *p, u32 size, u64 stamp)
{
	return !memcmp(p, &stamp, min(size, 8U)) &&
	       (size < 16 || !memcmp(p + size - 8, &stamp, 8));
}

static void stamp(const struct held *h)
{
	unsigned int cpu;

	if (h->kind != HELD_PERCPU)
		stamp_copy(h->p, h->size, h->stamp);
	else
		for_each_possible_cpu(cpu)
			stamp_copy(per_cpu_ptr((char *)h->p, cpu), h->size,
				   h->stamp + cpu);
}

static bool stamped(const struct held *h)
{
	unsigned int cpu;

	if (h->kind != HELD_PERCPU)
		return stamp_kept(h->p, h->size, h->stamp);
	for_each_possible_cpu(cpu)
		if (!stamp_kept(per_cpu_ptr((char *)h->p, cpu), h->size,
				h->stamp + cpu))
			return false;
	return true;
}

static bool overlaps(const struct held *h, const void *p, u32 size)
{
	const char *a = h->p, *b = p;

	return h->kind && a < b + size && b < a + h->size;
}

bool object_own(enum held_kind kind, unsigned int cache, void *p, u32 size)
{
	struct held h = { kind, cache, size, p, objects.stamps += 16 };
	struct held *slot = NULL;
	unsigned int i;

	sim_note("got object %#lx of %ld bytes", (long)p, size);
	for (i = 0; i < NR_HELD; i++) {
		if (overlaps(&objects.held[i], p, size))
			wrong("an object that is somebody's was handed out", p,
			      i);
		if (!objects.held[i].kind)
			slot = &objects.held[i];
	}
	if (!slot) {
		object_free(&h);
		return false;
	}
	stamp(&h);
	*slot = h;
	objects.percpu += kind == HELD_PERCPU;
	return true;
}

static bool slot_disown(unsigned int i, struct held *held)
{
	*held = objects.held[i];
	if (!held->kind)
		return false;
	if (!stamped(held))
		wrong("an object in use was written to", held->p, i);
	objects.held[i].kind = HELD_NONE;
	objects.percpu -= held->kind == HELD_PERCPU;
	return true;
}

bool object_disown(u64 *rng, struct held *held)
{
	unsigned int at = (unsigned int)random_below(rng, NR_HELD), n;

	for (n = 0; n < NR_HELD; n++)
		if (slot_disown((at + n) % NR_HELD, held))
			return true;
	return false;
}

void object_free(const struct held *held)
{
	sim_note("frees object %#lx", (long)held->p, 0);
	if (held->kind == HELD_PERCPU)
		free_percpu(held->p);
	else if (held->kind == HELD_CACHE)
		kmem_cache_free(objects.cache[held->cache], held->p);
	else
		kfree(held->p);
}

void objects_free(void)
{
	struct held held;
	unsigned int i;

	for (i = 0; i < NR_HELD; i++)
		if (slot_disown(i, &held))
			object_free(&held);
}

/* ---- pools' memory ---------------------------------------------------- */

/* Elements that pool @i's memory has: few enough that it runs dry. */
static unsigned int element_limit(unsigned long i)
{
	return i == POOL_RESIZED ? NR_ELEMENTS : 1;
}

void *element_alloc(gfp_t gfp, void *pool_data)
{
	unsigned long i = (unsigned long)pool_data, k;

	sim_yield();
	for (k = 0; k < element_limit(i); k++) {
		struct element *e = &objects.element[i][k];

		if (e->lent)
			continue;
		e->lent = 1;
		return e;
	}
	sim_yield();
	return NULL;
}

void element_free(void *element, void *pool_data)
{
	struct element *e = element;

	if (!e->lent || e->held)
		wrong("an element came back to memory that was not out", e,
		      (long)e->held);
	sim_yield();
	e->lent = 0;
}

void element_hold(unsigned int i, void *element)
{
	struct element *e = element;

	if (!e->lent || e->held)
		wrong("an element that is somebody's was handed out", e,
		      (long)i);
	e->held = 1;
}

void element_drop(unsigned int i, void *element)
{
	struct element *e = element;

	if (!e->held)
		wrong("an element in use was taken away", e, (long)i);
	e->held = 0;
}

/* ---- after a run ------------------------------------------------------ */

static const char *pools_check(void)
{
	unsigned int i;

	for (i = 0; i < NR_POOLS; i++) {
		if (mempool_check(&objects.pool[i]))
			return "a pool is not sound";
		if (objects.pool[i].nr_waiting)
			return "somebody waits at a pool for ever";
		if (objects.pool[i].curr_nr != objects.pool[i].min_nr)
			return "a pool's reserve is not full though all is back";
	}
	return NULL;
}

/* What caches need for themselves may lie in more slabs than before. */
static struct books books_read(void)
{
	struct books books = { 0 };
	struct kmem_cache *cache;
	struct cache_sums sums;

	list_for_each_entry(cache, &this_machine()->slab.caches, list) {
		cache_sums_read(cache, &sums);
		books.pages += (sums.slabs + sums.free_slabs) << cache->order;
		/* Of a small object's slab, wherever that object comes from. */
		if (cache != this_machine()->slab.index_cache)
			books.out += sums.out;
	}
	drain_all_pages(NULL);
	books.pages += global_zone_page_state(NR_FREE_PAGES);
	return books;
}

struct books program_settle(void)
{
	struct slab_state *s = &this_machine()->slab;
	struct kmem_cache *cache;
	unsigned int cpu;

	/* No CPU keeps an array, empty or not, or gets one on the way. */
	for_each_possible_cpu(cpu)
		kmem_cache_cpu_dead(cpu);
	list_for_each_entry(cache, &s->caches, list)
		kmem_cache_shrink(cache);
	for_each_possible_cpu(cpu)
		kmem_cache_cpu_online(cpu);
	percpu_shrink();
	return books_read();
}

/* ---- the machine's ---------------------------------------------------- */

const unsigned int program_short = 24;

void program_start(void)
{
	static const unsigned int sizes[NR_CACHES] = { 1000, 5000 };
	static const int min_nr[NR_POOLS] = {
		[POOL_WAIT] = 1, [POOL_NONE] = 0, [POOL_RESIZED] = 2,
	};
	unsigned long i;

	for (i = 0; i < NR_CACHES; i++) {
		objects.cache[i] = kmem_cache_create("sim", sizes[i], 0,
						     SLAB_NO_MERGE, NULL);
		BUG_ON(!objects.cache[i]);
	}
	for (i = 0; i < NR_POOLS; i++)
		BUG_ON(mempool_init(&objects.pool[i], min_nr[i], element_alloc,
				    element_free, (void *)i));
}

/* Objects out, and others in the arrays of every CPU. */
void program_warm(void)
{
	void *p[WARM_OBJECTS];
	unsigned int cpu, i, k;

	for (cpu = 0; cpu < TEST_CPUS; cpu++) {
		cpu_become(cpu);
		for (i = 0; i < NR_CACHES; i++) {
			struct kmem_cache *cache = objects.cache[i];

			for (k = 0; k < WARM_OBJECTS; k++)
				p[k] = kmem_cache_alloc(cache, GFP_ATOMIC);
			for (k = 0; k < WARM_OUT; k++)
				object_own(HELD_CACHE, i, p[k],
					   kmem_cache_size(cache));
			for (; k < WARM_OBJECTS; k++)
				kmem_cache_free(cache, p[k]);
		}
		object_own(HELD_PERCPU, 0, __alloc_percpu(8, 8), 8);
		object_own(HELD_PERCPU, 0, __alloc_percpu(64, 8), 64);
		object_own(HELD_KMALLOC, 0, kmalloc(200, GFP_ATOMIC), 200);
	}
	cpu_become(0);
}

void program_empty(void)
{
	objects_free();
}

void *program_data(size_t *size)
{
	*size = sizeof(objects);
	return &objects;
}

/* ---- the end ---------------------------------------------------------- */

static const char *nothing_left(enum start_state state)
{
	const struct books *was = machine_books(state);
	struct books books;
	unsigned int i;

	objects_free();
	for (i = 0; i < NR_CACHES; i++)
		if (kmem_cache_shrink(objects.cache[i]))
			return "a cache has objects that nobody has";
	books = program_settle();
	if (books.out != was->out)
		return "objects were lost or won";
	if (books.pages != was->pages)
		return "pages were lost or won";
	if (atomic_long_read(&this_machine()->slab.nr_bad))
		return "a free was wrong at the end";
	if (kmem_cache_check(NULL))
		return "a cache is not sound at the end";
	percpu_check();
	return NULL;
}

const char *oracle_check(enum start_state state, bool thorough)
{
	const struct machine *m = this_machine();
	const char *why;

	page_alloc_fail_nth(0);
	if (atomic_long_read(&m->slab.nr_bad) || m->percpu.nr_bad)
		return "a right free was taken for a wrong one";
	if (atomic_long_read(&m->page_alloc.nr_bad))
		return "a page was found in a bad state";
	if (kmem_cache_check(NULL))
		return "a cache is not sound";
	percpu_check();
	if (m->percpu.nr_objects - objects.percpu != NR_POOLS)
		return "per-CPU objects were lost or won";
	why = pools_check();
	if (why)
		return why;
	if (!buddy_check() || !pcp_check())
		return "the free lists are not sound";
	return thorough ? nothing_left(state) : NULL;
}
