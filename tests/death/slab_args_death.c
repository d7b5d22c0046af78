// SPDX-License-Identifier: MIT
/* Requests for objects that cannot be, and calls from where they may not be. */
#include "death.h"

#include <linux/gfp.h>
#include <linux/mm.h>
#include <linux/preempt.h>
#include <linux/rcupdate.h>
#include <linux/shrinker.h>
#include <linux/slab.h>

#include <octavo/machine.h>
#include <octavo/octavo.h>

#define REFUSED(size, align, why)					\
	"kmem_cache_create: cache 'bad' of size " size ", align " align	\
	", flags 0x0: " why
#define SLEEPS	"BUG: sleeping function called from invalid context at *"

static void size_of_nothing(void)
{
	kmem_cache_create("bad", 0, 0, 0, NULL);
}
DEATH_TEST(size_of_nothing, SURVIVES, REFUSED("0", "0", "its size is 0"));

static void size_of_everything(void)
{
	kmem_cache_create("bad", ~0U, 0, 0, NULL);
}
DEATH_TEST(size_of_everything, SURVIVES,
	   REFUSED("4294967295", "0", "its size is too large"));

static void alignment_of_24(void)
{
	kmem_cache_create("bad", 64, 24, 0, NULL);
}
DEATH_TEST(alignment_of_24, SURVIVES,
	   REFUSED("64", "24", "its alignment is no power of two"));

static void alignment_of_two_pages(void)
{
	kmem_cache_create("bad", 64, 2 * PAGE_SIZE, 0, NULL);
}
DEATH_TEST(alignment_of_two_pages, SURVIVES,
	   REFUSED("64", "8192", "its alignment is larger than a page"));

static void cache_without_name(void)
{
	kmem_cache_create(NULL, 64, 0, 0, NULL);
}
DEATH_TEST(cache_without_name, SURVIVES,
	   "kmem_cache_create: cache '' of size 64, align 0, flags 0x0: it has no name");

static void huge_kmalloc(void)
{
	kfree(kmalloc(KMALLOC_MAX_SIZE + 1, GFP_KERNEL));
}
DEATH_TEST(huge_kmalloc, SURVIVES,
	   "kmalloc: 4194305 bytes are more than there can be at once");

static void whole_kmalloc(void)
{
	size_t size = ~0UL;

	OPTIMIZER_HIDE_VAR(size);
	kfree(kmalloc(size, GFP_KERNEL));
}
DEATH_TEST(whole_kmalloc, SURVIVES,
	   "kmalloc: 18446744073709551615 bytes are more than there can be at once");

static void object_of_no_node(void)
{
	kfree(kmalloc_node(64, GFP_KERNEL, 77));
}
DEATH_TEST(object_of_no_node, SURVIVES, "kmem_cache_alloc_node: no node 77");

/* ---- RCU -------------------------------------------------------------- */

struct given {
	unsigned long data[2];
	struct rcu_head rcu;
};

static void inside_of_an_object_by_rcu(void)
{
	char *p = kmalloc(2 * sizeof(struct given), GFP_KERNEL);

	kfree_rcu((struct given *)(p + 8), rcu);
}
DEATH_TEST(inside_of_an_object_by_rcu, SURVIVES,
	   "BUG: Bad object free in process *: not the start of an object: * (cache kmalloc-64)");

static void object_freed_twice_by_rcu(void)
{
	struct given *p = kmalloc(sizeof(*p), GFP_KERNEL);

	kfree_rcu(p, rcu);
	kvfree_rcu_barrier();
	kfree(p);
}
DEATH_TEST(object_freed_twice_by_rcu, SURVIVES,
	   "BUG: Bad object free in process *: double free of * (cache kmalloc-32)");

static void wait_in_a_read_section(void)
{
	rcu_read_lock();
	synchronize_rcu();
	rcu_read_unlock();
}
DEATH_TEST(wait_in_a_read_section, SURVIVES, SLEEPS);

static void pointer_without_a_section(void)
{
	static int *p;

	(void)rcu_dereference(p);
}
DEATH_TEST(pointer_without_a_section, SURVIVES,
	   "WARNING: suspicious RCU usage",
	   "*slab_args_death.c:* suspicious rcu_dereference_check() usage!");

/* ---- where nothing may sleep ------------------------------------------ */

static void shrinker_ended_in_atomic_context(void)
{
	struct shrinker *s = shrinker_alloc(0, "atomic");

	preempt_disable();
	shrinker_free(s);
	preempt_enable();
}
DEATH_TEST(shrinker_ended_in_atomic_context, SURVIVES, SLEEPS);

static void cache_object_in_atomic_context(void)
{
	struct kmem_cache *cache = kmem_cache_create("victim", 64, 0,
						     SLAB_NO_MERGE, NULL);

	preempt_disable();
	kmem_cache_free(cache, kmem_cache_alloc(cache, GFP_KERNEL));
	preempt_enable();
}
DEATH_TEST(cache_object_in_atomic_context, SURVIVES, SLEEPS);

/* ---- another machine's ------------------------------------------------ */

static void object_of_another_machine(void)
{
	struct octavo_options options = { .memory = 64ULL << 20, .seed = 2 };
	struct octavo_machine *mine = octavo_bound(), *other;
	void *p;

	other = octavo_machine_create(&options, NULL);
	octavo_unbind();
	octavo_bind(other, 0);
	p = kmalloc(64, GFP_KERNEL);
	octavo_unbind();
	octavo_bind(mine, 0);
	kfree(p);
	octavo_machine_destroy(other);
}
DEATH_TEST(object_of_another_machine, SURVIVES,
	   "BUG: Bad object free in process *: not in the direct map: *");
