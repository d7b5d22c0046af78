// SPDX-License-Identifier: MIT
/*
 * What the simulated CPUs do: calls on objects, pools and per-CPU data with
 * random arguments. Whatever a call brings goes to the oracle, and any CPU
 * may free it later. Elements of pools are given back by the call that got
 * them, so whoever waits for one can be sure that it comes.
 */
#include "object_test.h"

#include <linux/kernel.h>
#include <linux/percpu.h>
#include <linux/sched.h>

#include <octavo/fail_page.h>
#include <octavo/machine.h>
#include <octavo/random.h>

#include "../../mm/slab/internal.h"

static gfp_t random_gfp(u64 *rng)
{
	static const gfp_t hows[] = { GFP_ATOMIC, GFP_NOWAIT,
				      GFP_KERNEL | __GFP_NORETRY };
	gfp_t how = hows[random_below(rng, ARRAY_SIZE(hows))];

	if (in_atomic() || irqs_disabled())
		how = GFP_ATOMIC;
	return how | __GFP_NOWARN;
}

/* ---- objects ---------------------------------------------------------- */

static void call_alloc(u64 *rng)
{
	unsigned int i = (unsigned int)random_below(rng, NR_CACHES);
	struct kmem_cache *cache = objects.cache[i];
	void *p = kmem_cache_alloc(cache, random_gfp(rng));

	if (p)
		object_own(HELD_CACHE, i, p, kmem_cache_size(cache));
}

static void call_kmalloc(u64 *rng)
{
	static const u32 sizes[] = { 8, 64, 200, 1000, 5000, 9000 };
	u32 size = sizes[random_below(rng, ARRAY_SIZE(sizes))];
	void *p = kmalloc(size, random_gfp(rng));

	if (p)
		object_own(HELD_KMALLOC, 0, p, size);
}

/* More than an array has, so that whole ones are exchanged. */
static void call_bulk(u64 *rng)
{
	unsigned int i = (unsigned int)random_below(rng, NR_CACHES);
	struct kmem_cache *cache = objects.cache[i];
	void *p[24];
	size_t nr = random_between(rng, 2, ARRAY_SIZE(p)), k;
	int got = kmem_cache_alloc_bulk(cache, random_gfp(rng), nr, p);

	for (k = 0; (int)k < got; k++)
		object_own(HELD_CACHE, i, p[k], kmem_cache_size(cache));
}

static void call_free(u64 *rng)
{
	struct held held;

	if (object_disown(rng, &held))
		object_free(&held);
}

static void call_free_many(u64 *rng)
{
	unsigned int n = (unsigned int)random_between(rng, 4, 24), nr = 0;
	struct held held;
	void *p[24];

	while (n-- && object_disown(rng, &held)) {
		if (held.kind == HELD_PERCPU)
			object_free(&held);
		else
			p[nr++] = held.p;
	}
	sim_note("frees %ld objects at once", nr, 0);
	kfree_bulk(nr, p);
}

static void call_shrink(u64 *rng)
{
	unsigned int i = (unsigned int)random_below(rng, NR_CACHES);

	sim_note("shrinks cache %ld", i, 0);
	kmem_cache_shrink(objects.cache[i]);
}

/* A cache of its own, from its beginning to its end. */
static void call_create(u64 *rng)
{
	struct kmem_cache *cache;
	void *p;

	cache = kmem_cache_create("short", 400, 0, SLAB_NO_MERGE, NULL);
	if (!cache)
		return;
	p = kmem_cache_alloc(cache, random_gfp(rng));
	sim_yield();
	if (p)
		kmem_cache_free(cache, p);
	kmem_cache_destroy(cache);
}

/* ---- pages beneath ---------------------------------------------------- */

static void call_drain_all(u64 *rng)
{
	drain_all_pages(NULL);
}

static void call_fail(u64 *rng)
{
	page_alloc_fail_nth((long)random_between(rng, 1, 3));
}

/* ---- pools ------------------------------------------------------------ */

static void pool_use(u64 *rng, gfp_t gfp)
{
	unsigned int i = (unsigned int)random_below(rng, NR_POOLS);
	void *element = mempool_alloc(&objects.pool[i], gfp);
	u64 turns;

	if (!element) {
		if (gfp & __GFP_DIRECT_RECLAIM)
			sim_stop("who would have waited got nothing");
		return;
	}
	sim_note("got element %#lx of pool %ld", (long)element, i);
	element_hold(i, element);
	for (turns = random_below(rng, 4); turns; turns--)
		sim_yield();
	element_drop(i, element);
	mempool_free(element, &objects.pool[i]);
}

static void call_pool_wait(u64 *rng)
{
	pool_use(rng, GFP_KERNEL);
}

static void call_pool(u64 *rng)
{
	pool_use(rng, GFP_ATOMIC);
}

static void call_pool_preallocated(u64 *rng)
{
	void *element = mempool_alloc_preallocated(&objects.pool[POOL_RESIZED]);

	if (!element)
		return;
	element_hold(POOL_RESIZED, element);
	sim_yield();
	element_drop(POOL_RESIZED, element);
	mempool_free(element, &objects.pool[POOL_RESIZED]);
}

static void call_pool_resize(u64 *rng)
{
	int to = (int)random_between(rng, 1, NR_ELEMENTS);

	sim_note("makes the pool one of %ld", to, 0);
	mempool_resize(&objects.pool[POOL_RESIZED], to);
}

/* ---- per-CPU data ----------------------------------------------------- */

static void percpu_get(u32 size, gfp_t gfp)
{
	void *p = __alloc_percpu_gfp(size, 8, gfp);

	if (p)
		object_own(HELD_PERCPU, 0, p, size);
}

static void call_percpu(u64 *rng)
{
	static const u32 sizes[] = { 8, 8, 40, 64, 200, 1000 };

	percpu_get(sizes[random_below(rng, ARRAY_SIZE(sizes))],
		   random_gfp(rng));
}

/* A whole unit needs a chunk of its own, which goes with it. */
static void call_percpu_unit(u64 *rng)
{
	percpu_get(PCPU_MIN_UNIT_SIZE, random_gfp(rng));
}

static void call_percpu_shrink(u64 *rng)
{
	percpu_shrink();
}

/* ---- CPUs that come and go -------------------------------------------- */

static bool cpu_holds_objects(unsigned int cpu)
{
	struct slab_state *s = &this_machine()->slab;
	struct kmem_cache *cache;

	list_for_each_entry(cache, &s->caches, list) {
		struct slab_slot *slot = slab_slot_of(cpu, cache, 0);

		if (slot->count || slot->spare || slot->high)
			return true;
	}
	return false;
}

static void call_hotplug(u64 *rng)
{
	unsigned int cpu = park_take();

	if (cpu == TEST_CPUS)
		return;
	sim_note("takes CPU %ld off-line", cpu, 0);
	cpumask_clear_cpu(cpu, &this_machine()->cpu_online);
	kmem_cache_cpu_dead(cpu);
	page_alloc_cpu_dead(cpu);
	sim_yield();
	if (cpu_holds_objects(cpu))
		sim_stop("a CPU that is off-line holds objects");
	sim_note("brings CPU %ld back", cpu, 0);
	page_alloc_cpu_online(cpu);
	kmem_cache_cpu_online(cpu);
	cpumask_set_cpu(cpu, &this_machine()->cpu_online);
	park_back(cpu);
}

void program_calls_start(void)
{
}

const struct call calls[] = {
	{ "alloc", call_alloc, 8, true },
	{ "kmalloc", call_kmalloc, 6, true },
	{ "bulk", call_bulk, 4, false },
	{ "free", call_free, 10, true },
	{ "frees", call_free_many, 3, false },
	{ "shrink", call_shrink, 5, false },
	{ "create", call_create, 1, false },
	{ "drain_all", call_drain_all, 1, false },
	{ "fail", call_fail, 1, false },
	{ "pool_wait", call_pool_wait, 8, false },
	{ "pool", call_pool, 4, true },
	{ "reserve", call_pool_preallocated, 3, true },
	{ "resize", call_pool_resize, 3, false },
	{ "percpu", call_percpu, 6, true },
	{ "unit", call_percpu_unit, 1, false },
	{ "percpu_shrink", call_percpu_shrink, 1, false },
	{ "hotplug", call_hotplug, 2, false },
};
const unsigned int nr_calls = ARRAY_SIZE(calls);
