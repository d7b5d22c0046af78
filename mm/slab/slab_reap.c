// SPDX-License-Identifier: MIT
/*
 * Memory that caches keep for the next demand, given back: free slabs, the
 * depots' arrays, and what CPUs have in theirs.
 *
 * Under pressure all caches give what a node has of it. Idle ones give theirs
 * without being asked: a cache is idle when its counts are what they were at
 * the last look. One that is in use and happens to be back at the same counts
 * pays with an array to be filled.
 *
 * Arrays and free indices are objects themselves, of caches that come first
 * on the list, so those caches are gone over once more in the end.
 *
 * Locks: slab_state.mutex, tried and never waited for: a request that has
 * come to reclaim may be made by who holds it.
 */
#include "internal.h"

#include <linux/kernel.h>
#include <linux/mutex.h>
#include <linux/sched.h>

unsigned long kmem_cache_pages_given(void)
{
	return (unsigned long)atomic_long_read(&slab_state()->nr_given);
}

/* Whether any CPU has an array of @cache for node @nid. */
static bool cpus_have_arrays(const struct kmem_cache *cache, int nid)
{
	unsigned int cpu;

	for_each_possible_cpu(cpu)
		if (port_load(&slab_slot_of(cpu, cache, nid)->high,
			      __ATOMIC_RELAXED))
			return true;
	return false;
}

static bool node_keeps(struct kmem_cache_node *n)
{
	unsigned long flags;
	bool keeps;

	spin_lock_irqsave(&n->lock, flags);
	keeps = n->arrays || n->empty || n->nr_free_slabs;
	spin_unlock_irqrestore(&n->lock, flags);
	return keeps;
}

static void cache_reap(struct kmem_cache *cache, int nid, bool cpus)
{
	struct kmem_cache_node *n = &cache->node[nid];

	if (cpus && cpus_have_arrays(cache, nid))
		slab_drain_node(cache, nid, true);
	if (node_keeps(n))
		node_shrink(cache, n);
}

/* Caches whose objects other caches' reaping has freed. Mutex held. */
static void inner_caches_reap(int nid, bool cpus)
{
	struct slab_state *s = slab_state();
	unsigned int i;

	cache_reap(s->index_cache, nid, cpus);
	for (i = 0; i < NR_SLAB_ARRAY_SIZES; i++)
		cache_reap(s->array_cache[i], nid, false);
	cache_reap(s->boot_cache, nid, false);
}

static void node_give(int nid, bool cpus)
{
	struct kmem_cache *cache;

	list_for_each_entry(cache, &slab_state()->caches, list) {
		cache_reap(cache, nid, cpus);
		cond_resched();
	}
	inner_caches_reap(nid, cpus);
}

unsigned long kmem_caches_reap(int nid, bool cpus)
{
	struct slab_state *s = slab_state();
	unsigned long before = kmem_cache_pages_given();

	if (!nid_possible(nid) || !mutex_trylock(&s->mutex))
		return 0;
	node_give(nid, cpus);
	mutex_unlock(&s->mutex);
	return kmem_cache_pages_given() - before;
}

void kmem_caches_reap_all(void)
{
	struct slab_state *s = slab_state();
	int nid;

	mutex_lock(&s->mutex);
	for (nid = 0; nid < this_machine()->nr_nodes; nid++)
		if (nid_possible(nid))
			node_give(nid, true);
	/* Arrays of one node's objects may lie in another's memory. */
	for (nid = 0; nid < this_machine()->nr_nodes; nid++)
		if (nid_possible(nid))
			inner_caches_reap(nid, true);
	mutex_unlock(&s->mutex);
}

/* ---- idle caches ------------------------------------------------------ */

/* A number that changes with nearly every use of @cache. */
static unsigned long cache_fingerprint(struct kmem_cache *cache)
{
	struct kmem_cache_node *n;
	unsigned long flags, sum = 0;
	unsigned int cpu;

	for_each_cache_node(n, cache) {
		spin_lock_irqsave(&n->lock, flags);
		sum = sum * 31 + n->nr_out;
		sum = sum * 31 + n->nr_slabs;
		sum = sum * 31 + n->nr_arrays;
		spin_unlock_irqrestore(&n->lock, flags);
		for_each_possible_cpu(cpu)
			sum = sum * 31 +
			      port_load(&slab_slot_of(cpu, cache,
						      (int)n->nid)->count,
					__ATOMIC_RELAXED);
	}
	return sum;
}

static void cache_reap_if_idle(struct kmem_cache *cache)
{
	unsigned long now = cache_fingerprint(cache);
	struct kmem_cache_node *n;

	if (now != cache->fingerprint) {
		cache->fingerprint = now;
		return;
	}
	for_each_cache_node(n, cache)
		cache_reap(cache, (int)n->nid, true);
	/* It is as idle as it was, with less. */
	cache->fingerprint = cache_fingerprint(cache);
}

unsigned long kmem_caches_reap_idle(void)
{
	struct slab_state *s = slab_state();
	unsigned long before = kmem_cache_pages_given();
	struct kmem_cache *cache;
	int nid;

	if (!mutex_trylock(&s->mutex))
		return 0;
	list_for_each_entry(cache, &s->caches, list) {
		cache_reap_if_idle(cache);
		cond_resched();
	}
	for (nid = 0; nid < this_machine()->nr_nodes; nid++)
		if (nid_possible(nid))
			inner_caches_reap(nid, true);
	mutex_unlock(&s->mutex);
	return kmem_cache_pages_given() - before;
}
