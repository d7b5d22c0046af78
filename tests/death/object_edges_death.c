// SPDX-License-Identifier: MIT
/*
 * Objects at the edges: sizes that overflow, memory that ends at each kind of
 * request, what belongs to another machine, and calls that may sleep from
 * where they may not. One line each, and the machine goes on.
 */
#include "death.h"

#include <linux/gfp.h>
#include <linux/kernel.h>
#include <linux/limits.h>
#include <linux/mempool.h>
#include <linux/percpu.h>
#include <linux/preempt.h>
#include <linux/slab.h>

#include <octavo/machine.h>
#include <octavo/octavo.h>

#define SLEEPS	"BUG: sleeping function called from invalid context at *"
#define FAILURE	"*: page allocation failure: order:*, mode:0x*(GFP_KERNEL*), nodemask=(null)"

/* ---- sizes that overflow ---------------------------------------------- */

#define OVERFLOW(n, size)						\
	"kmalloc: " n " elements of " size " bytes are more than a size can say"
#define MOST	"18446744073709551615"

static size_t most(void)
{
	size_t n = SIZE_MAX;

	OPTIMIZER_HIDE_VAR(n);
	return n;
}

static void array_overflows(void)
{
	BUG_ON(kmalloc_array(most(), 8, GFP_KERNEL));
}
DEATH_TEST(array_overflows, SURVIVES, OVERFLOW(MOST, "8"));

static void zeroed_array_overflows(void)
{
	BUG_ON(kcalloc(2, most(), GFP_KERNEL));
}
DEATH_TEST(zeroed_array_overflows, SURVIVES, OVERFLOW("2", MOST));

static void array_overflows_when_it_grows(void)
{
	void *p = kmalloc(100, GFP_KERNEL);

	BUG_ON(krealloc_array(p, most(), 3, GFP_KERNEL));
	kfree(p);
}
DEATH_TEST(array_overflows_when_it_grows, SURVIVES, OVERFLOW(MOST, "3"));

static void mapped_array_overflows(void)
{
	BUG_ON(kvmalloc_array(most(), 4, GFP_KERNEL));
}
DEATH_TEST(mapped_array_overflows, SURVIVES, OVERFLOW(MOST, "4"));

/* ---- memory that ends ------------------------------------------------- */

static void no_object_left(void)
{
	while (kmalloc(1000, GFP_KERNEL))
		;
}
DEATH_TEST(no_object_left, SURVIVES, FAILURE);

static void no_large_block_left(void)
{
	while (kmalloc(100000, GFP_KERNEL))
		;
}
DEATH_TEST(no_large_block_left, SURVIVES, FAILURE);

static void no_cache_object_left(void)
{
	struct kmem_cache *cache = kmem_cache_create("victim", 3000, 0,
						     SLAB_NO_MERGE, NULL);

	while (kmem_cache_alloc(cache, GFP_KERNEL))
		;
}
DEATH_TEST(no_cache_object_left, SURVIVES, FAILURE);

static void no_objects_left(void)
{
	struct kmem_cache *cache = kmem_cache_create("victim", 500, 0,
						     SLAB_NO_MERGE, NULL);
	void *objects[32];

	while (kmem_cache_alloc_bulk(cache, GFP_KERNEL, 32, objects))
		;
}
DEATH_TEST(no_objects_left, SURVIVES, FAILURE);

static void no_room_to_grow(void)
{
	void *p = NULL, *larger = kmalloc(64, GFP_KERNEL);
	size_t size = 64;

	/* Each keeps its former half. */
	while (larger) {
		p = larger;
		size = size < KMALLOC_MAX_SIZE ? 2 * size : size;
		larger = krealloc(p, size, GFP_KERNEL);
		if (larger == p)
			larger = kmalloc(size, GFP_KERNEL);
	}
}
DEATH_TEST(no_room_to_grow, SURVIVES,
	   "*: page allocation failure: order:*, mode:0x*");

static void no_pool_left(void)
{
	while (mempool_create_kmalloc_pool(100, 2048))
		;
}
DEATH_TEST(no_pool_left, SURVIVES,
	   "*: page allocation failure: order:*, mode:0x*");

/* ---- another machine's ------------------------------------------------ */

static struct octavo_machine *mine, *other;

static void go_to_another(void)
{
	struct octavo_options options = { .memory = 64ULL << 20, .seed = 2 };

	mine = octavo_bound();
	other = octavo_machine_create(&options, NULL);
	octavo_unbind();
	octavo_bind(other, 0);
}

static void come_back(void)
{
	octavo_unbind();
	octavo_bind(mine, 0);
}

static void cache_object_of_another_machine(void)
{
	struct kmem_cache *cache = kmem_cache_create("victim", 64, 0,
						     SLAB_NO_MERGE, NULL);
	void *p;

	go_to_another();
	p = kmalloc(64, GFP_KERNEL);
	come_back();
	kmem_cache_free(cache, p);
	octavo_machine_destroy(other);
}
DEATH_TEST(cache_object_of_another_machine, SURVIVES,
	   "BUG: Bad object free in process *: not in the direct map: *");

static void large_block_of_another_machine(void)
{
	void *p;

	go_to_another();
	p = kmalloc(100000, GFP_KERNEL);
	come_back();
	kfree(p);
	octavo_machine_destroy(other);
}
DEATH_TEST(large_block_of_another_machine, SURVIVES,
	   "BUG: Bad object free in process *: not in the direct map: *");

static void element_of_another_machine(void)
{
	mempool_t *pool = mempool_create_kmalloc_pool(2, 64);
	void *p;

	go_to_another();
	p = kmalloc(64, GFP_KERNEL);
	come_back();
	/* Somebody has one, so it would be kept. */
	BUG_ON(!mempool_alloc(pool, GFP_KERNEL));
	mempool_free(p, pool);
	octavo_machine_destroy(other);
}
DEATH_TEST(element_of_another_machine, SURVIVES,
	   "BUG: Bad object free in process *: not in the direct map: *");

/* ---- where nothing may sleep ------------------------------------------ */

static void percpu_in_atomic_context(void)
{
	long __percpu *p;

	preempt_disable();
	p = alloc_percpu(long);
	preempt_enable();
	free_percpu(p);
}
DEATH_TEST(percpu_in_atomic_context, SURVIVES, SLEEPS);

static void cache_made_in_atomic_context(void)
{
	struct kmem_cache *cache;

	preempt_disable();
	cache = kmem_cache_create("victim", 64, 0, SLAB_NO_MERGE, NULL);
	preempt_enable();
	kmem_cache_destroy(cache);
}
DEATH_TEST(cache_made_in_atomic_context, SURVIVES, SLEEPS);

static void bulk_in_atomic_context(void)
{
	struct kmem_cache *cache = kmem_cache_create("victim", 64, 0,
						     SLAB_NO_MERGE, NULL);
	void *objects[8];

	preempt_disable();
	if (kmem_cache_alloc_bulk(cache, GFP_KERNEL, 8, objects))
		kmem_cache_free_bulk(cache, 8, objects);
	preempt_enable();
}
DEATH_TEST(bulk_in_atomic_context, SURVIVES, SLEEPS);
