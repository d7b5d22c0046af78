// SPDX-License-Identifier: MIT
/*
 * What a cache has, counted: for /proc/slabinfo, and against the invariants
 * of slab.c.
 *
 * The check claims all CPUs' slots and holds the node's lock, so nothing
 * moves. That a cached object is in one array only is found by giving each to
 * its slab for the moment: its bit of the free index must have been clear;
 * afterwards the bits are cleared again.
 *
 * Locks: slab_state.mutex -> claim_lock -> kmem_cache_node.lock.
 */
#include "internal.h"

#include <linux/bitops.h>
#include <linux/kernel.h>
#include <linux/mutex.h>
#include <linux/seq_file.h>

/* ---- sums ------------------------------------------------------------- */

/* Objects of a CPU's slots and of a depot; others may be at them. */
static unsigned long cpu_cached(struct kmem_cache *cache, int nid)
{
	unsigned long cached = 0;
	unsigned int cpu;

	for_each_possible_cpu(cpu) {
		struct slab_slot *slot = slab_slot_of(cpu, cache, nid);

		cached += slot->count;
		if (slot->spare)
			cached += slot->spare->count;
	}
	return cached;
}

void cache_sums_read(struct kmem_cache *cache, struct cache_sums *sums)
{
	const struct slab_array *array;
	struct kmem_cache_node *n;
	unsigned long flags;

	*sums = (struct cache_sums){ .cached = 0 };
	slab_claim();
	for_each_cache_node(n, cache) {
		spin_lock_irqsave(&n->lock, flags);
		sums->slabs += n->nr_slabs - n->nr_free_slabs;
		sums->free_slabs += n->nr_free_slabs;
		sums->out += n->nr_out;
		sums->cached += cpu_cached(cache, (int)n->nid);
		for (array = n->arrays; array; array = array->next)
			sums->cached += array->count;
		spin_unlock_irqrestore(&n->lock, flags);
	}
	slab_release();
}

/* Whether objects of @cache are the allocator's own. */
static bool cache_is_inner(const struct kmem_cache *cache)
{
	return cache->internal & CACHE_UNWATCHED;
}

void slab_totals_read(struct slab_totals *totals)
{
	struct slab_state *s = slab_state();
	struct kmem_cache *cache;
	struct cache_sums sums;

	*totals = (struct slab_totals){ .objects = 0 };
	mutex_lock(&s->mutex);
	list_for_each_entry(cache, &s->caches, list) {
		cache_sums_read(cache, &sums);
		totals->pages += (sums.slabs + sums.free_slabs) <<
				 cache->order;
		if (!cache_is_inner(cache))
			totals->objects += sums.out - sums.cached;
	}
	mutex_unlock(&s->mutex);
}

unsigned int slab_array_limit(const struct kmem_cache *cache)
{
	const struct kmem_cache *arrays;

	if (cache->internal & CACHE_NO_ARRAYS)
		return 0;
	arrays = slab_state()->array_cache[cache->array_size];
	return (unsigned int)((arrays->size - sizeof(struct slab_array)) /
			      sizeof(void *));
}

static void slabinfo_line(struct seq_file *m, struct kmem_cache *cache)
{
	unsigned int limit = slab_array_limit(cache);
	struct cache_sums sums;
	unsigned long slabs;

	cache_sums_read(cache, &sums);
	slabs = sums.slabs + sums.free_slabs;
	seq_printf(m, "%-17s %6lu %6lu %6u %4u %4d : tunables %4u %4u %4u : slabdata %6lu %6lu %6lu\n",
		   cache->name, sums.out - sums.cached, slabs * cache->num,
		   cache->size, cache->num, 1 << cache->order, limit,
		   min(limit, cache->num), 0, sums.slabs, slabs, 0UL);
}

void slabinfo_write(struct seq_file *m)
{
	struct slab_state *s = slab_state();
	struct kmem_cache *cache;

	seq_puts(m, "slabinfo - version: 2.1\n");
	seq_puts(m, "# name            <active_objs> <num_objs> <objsize> <objperslab> <pagesperslab>");
	seq_puts(m, " : tunables <limit> <batchcount> <sharedfactor>");
	seq_puts(m, " : slabdata <active_slabs> <num_slabs> <sharedavail>\n");
	mutex_lock(&s->mutex);
	list_for_each_entry(cache, &s->caches, list)
		slabinfo_line(m, cache);
	mutex_unlock(&s->mutex);
}

/* ---- invariants ------------------------------------------------------- */

static int broken(const struct kmem_cache *cache, int nr, const char *what,
		  unsigned long value)
{
	pr_err("kmem_cache_check: %s: I%d: %s %#lx\n", cache->name, nr, what,
	       value);
	return nr;
}

/* I1, I3 */
static int slab_check(struct kmem_cache *cache, struct kmem_cache_node *n,
		      struct page *slab)
{
	unsigned int kind = cache_kind(cache, (int)n->nid), free = 0, i;
	unsigned long pfn = page_to_pfn(slab);

	if (!PageSlab(slab) || slab->index != kind ||
	    page_to_nid(slab) != (int)n->nid)
		return broken(cache, 1, "not a slab of this cache: pfn", pfn);
	for (i = 0; i < 1U << cache->order; i++)
		if (frame_kind(lowmem_page_address(slab + i)) != kind)
			return broken(cache, 1, "wrong kind of pfn", pfn + i);
	for (i = 0; i < cache->num; i += 64) {
		u64 word = *slab_index_word(cache, slab, i);
		unsigned int bits = min(cache->num - i, 64U);

		if (word & ~(~0ULL >> (64 - bits)))
			return broken(cache, 3, "free objects past the end of the slab at pfn",
				      pfn);
		free += hweight64(word);
	}
	if (cache->num - free != slab_in_use(slab))
		return broken(cache, 3, "wrong count of the slab at pfn", pfn);
	return 0;
}

/* I2, with I1 and I3 of each slab. */
static int list_check(struct kmem_cache *cache, struct kmem_cache_node *n,
		      const struct page_list *list, unsigned long *slabs,
		      unsigned long *out)
{
	struct page *slab;

	*slabs = 0;
	page_list_for_each(slab, list) {
		unsigned int in_use;
		int nr = slab_check(cache, n, slab);

		if (nr)
			return nr;
		in_use = slab_in_use(slab);
		if (list != (!in_use ? &n->free : in_use == cache->num ?
			     &n->full : &n->partial))
			return broken(cache, 2, "wrong list of the slab at pfn",
				      page_to_pfn(slab));
		*out += in_use;
		++*slabs;
	}
	return 0;
}

static int lists_check(struct kmem_cache *cache, struct kmem_cache_node *n)
{
	unsigned long partial, full, free, out = 0;
	int nr = list_check(cache, n, &n->partial, &partial, &out) ?:
		 list_check(cache, n, &n->full, &full, &out) ?:
		 list_check(cache, n, &n->free, &free, &out);

	if (nr)
		return nr;
	if (partial + full + free != n->nr_slabs || free != n->nr_free_slabs)
		return broken(cache, 2, "wrong number of slabs", n->nr_slabs);
	if (out != n->nr_out)
		return broken(cache, 4, "wrong number of objects out",
			      n->nr_out);
	return 0;
}

/* The bit of an object in its slab's free index; NULL: it is no object. */
static u64 *object_bit(struct kmem_cache *cache, struct kmem_cache_node *n,
		       const void *object, u64 *bit)
{
	unsigned long offset;
	struct page *slab;
	unsigned int i;

	if (frame_kind(object) != cache_kind(cache, (int)n->nid))
		return NULL;
	slab = object_slab(object);
	offset = (unsigned long)((const char *)object -
				 slab_objects(cache, slab));
	i = (unsigned int)(offset / cache->size);
	if (offset % cache->size || i >= cache->num)
		return NULL;
	*bit = BIT_ULL(i % 64);
	return slab_index_word(cache, slab, i);
}

/* I5: the bits of the array's objects become @free; they were not. */
static int array_mark(struct kmem_cache *cache, struct kmem_cache_node *n,
		      void *const *objs, u32 count, bool free)
{
	u64 *word, bit;
	u32 i;

	for (i = 0; i < count; i++) {
		word = object_bit(cache, n, objs[i], &bit);
		if (!word)
			return broken(cache, 5, "no object is at",
				      (unsigned long)objs[i]);
		if (!(*word & bit) != free)
			return broken(cache, 5, "cached twice, or free:",
				      (unsigned long)objs[i]);
		*word ^= bit;
	}
	return 0;
}

static int arrays_mark(struct kmem_cache *cache, struct kmem_cache_node *n,
		       bool free)
{
	const struct slab_array *array;
	unsigned int cpu;
	int nr = 0;

	for_each_possible_cpu(cpu) {
		struct slab_slot *slot = slab_slot_of(cpu, cache, (int)n->nid);

		if (slot->count > slot->high)
			return broken(cache, 5, "too many objects on CPU", cpu);
		nr = nr ?: array_mark(cache, n, slot->objs, slot->count, free);
		if (slot->spare)
			nr = nr ?: array_mark(cache, n, slot->spare->objs,
					      slot->spare->count, free);
	}
	for (array = n->arrays; array; array = array->next)
		nr = nr ?: array_mark(cache, n, array->objs, array->count,
				      free);
	return nr;
}

/* I6 */
static int depot_check(struct kmem_cache *cache, struct kmem_cache_node *n)
{
	const struct slab_array *array;
	unsigned int full = 0, empty = 0;

	for (array = n->arrays; array; array = array->next, full++)
		if (array->count != array->capacity)
			return broken(cache, 6, "not full:", array->count);
	for (array = n->empty; array; array = array->next, empty++)
		if (array->count)
			return broken(cache, 6, "not empty:", array->count);
	if (full != n->nr_arrays || empty != n->nr_empty)
		return broken(cache, 6, "wrong number of arrays", n->nr_arrays);
	return 0;
}

static int cache_check(struct kmem_cache *cache)
{
	struct kmem_cache_node *n;
	unsigned long flags;
	int nr = 0;

	slab_claim();
	for_each_cache_node(n, cache) {
		spin_lock_irqsave(&n->lock, flags);
		nr = nr ?: lists_check(cache, n);
		nr = nr ?: depot_check(cache, n);
		nr = nr ?: arrays_mark(cache, n, true);
		nr = nr ?: arrays_mark(cache, n, false);
		spin_unlock_irqrestore(&n->lock, flags);
	}
	slab_release();
	return nr;
}

int kmem_cache_check(struct kmem_cache *cache)
{
	struct slab_state *s = slab_state();
	struct kmem_cache *each;
	int nr = 0;

	mutex_lock(&s->mutex);
	if (cache)
		nr = cache_check(cache);
	else
		list_for_each_entry(each, &s->caches, list)
			nr = nr ?: cache_check(each);
	mutex_unlock(&s->mutex);
	return nr;
}
