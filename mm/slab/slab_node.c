// SPDX-License-Identifier: MIT
/*
 * Slabs of a cache on one node, and the depot of arrays that no CPU uses.
 *
 *   partial   objects are taken from its first slab, and slabs that were full
 *             come to its end, so that a slab has time to become empty
 *   full      nothing to take
 *   free      kept for the next demand, up to max_free_slabs
 *
 * An object that comes back is looked up in its slab's free index; one that is
 * there already was freed twice.
 *
 * Locks: kmem_cache_node.lock for lists, free indices and counts.
 */
#include "slab_watch.h"

#include <linux/bitops.h>
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/minmax.h>
#include <linux/string.h>

/* A node's depot holds at most so much memory of a cache, */
#define DEPOT_BYTES		(1UL << 20)
/* and one part in so many of the node's. */
#define DEPOT_FRACTION		256

/* Not for slabs: what the caller wants to be done to the object. */
#define GFP_OBJECT	(__GFP_ZERO | GFP_ZONEMASK | __GFP_RECLAIMABLE)

static u32 array_capacity(const struct kmem_cache *cache)
{
	unsigned int bytes = slab_state()->array_cache[cache->array_size]->size;

	return (u32)((bytes - sizeof(struct slab_array)) / sizeof(void *));
}

void cache_node_init(struct kmem_cache *cache, int nid)
{
	struct kmem_cache_node *n = &cache->node[nid];
	unsigned long bytes = DEPOT_BYTES;

	memset(n, 0, sizeof(*n));
	spin_lock_init(&n->lock);
	n->nid = (unsigned int)nid;
	page_list_init(&n->partial);
	page_list_init(&n->full);
	page_list_init(&n->free);
	page_list_init(&n->rcu_next);
	page_list_init(&n->rcu_now);
	if (!NODE_DATA(nid) || cache->internal & CACHE_NO_ARRAYS)
		return;
	bytes = min(bytes, node_present_pages(nid) / DEPOT_FRACTION *
			   PAGE_SIZE);
	n->max_arrays = (unsigned int)(bytes / (array_capacity(cache) *
						cache->size)) + 1;
}

/* ---- slabs ------------------------------------------------------------ */

static struct page_list *slab_list(const struct kmem_cache *cache,
				   struct kmem_cache_node *n,
				   unsigned int in_use)
{
	if (!in_use)
		return &n->free;
	return in_use == cache->num ? &n->full : &n->partial;
}

/* Objects of @slab that are out become @in_use; @slab changes its list. */
static void slab_set_in_use(const struct kmem_cache *cache,
			    struct kmem_cache_node *n, struct page *slab,
			    unsigned int in_use)
{
	struct page_list *from = slab_list(cache, n, slab_in_use(slab));
	struct page_list *to = slab_list(cache, n, in_use);

	n->nr_out += (unsigned long)in_use - slab_in_use(slab);
	page_type_write(slab, page_type_make(PGTY_slab, in_use));
	if (from == to)
		return;
	page_list_del(from, slab);
	if (from == &n->free)
		n->nr_free_slabs--;
	if (to == &n->free)
		n->nr_free_slabs++;
	if (from == &n->full)
		page_list_add_tail(to, slab, page_to_pfn(slab));
	else
		page_list_add(to, slab, page_to_pfn(slab));
}

/* Free objects of one slab, the lowest last; how many. */
static unsigned int slab_take(const struct kmem_cache *cache,
			      struct page *slab, void **objs, unsigned int max)
{
	unsigned int nr = min(cache->num - slab_in_use(slab), max);
	char *first = slab_objects(cache, slab);
	unsigned int left = nr, w;

	for (w = 0; left && w * 64 < cache->num; w++) {
		u64 *word = slab_index_word(cache, slab, w * 64);

		for (; left && *word; *word &= *word - 1) {
			unsigned int i = w * 64 + __ffs64(*word);

			objs[--left] = first + (size_t)i * cache->size;
		}
	}
	/* Fewer bits than the count says: leave what is not there out. */
	BUG_ON(left);
	return nr;
}

unsigned int node_take(struct kmem_cache *cache, struct kmem_cache_node *n,
		       void **objs, unsigned int max)
{
	struct page *slab;
	unsigned long flags;
	unsigned int nr = 0;

	spin_lock_irqsave(&n->lock, flags);
	slab = page_list_first(&n->partial);
	if (!slab)
		slab = page_list_first(&n->free);
	if (slab) {
		nr = slab_take(cache, slab, objs, max);
		slab_set_in_use(cache, n, slab, slab_in_use(slab) + nr);
	}
	spin_unlock_irqrestore(&n->lock, flags);
	return nr;
}

/* One object back to its slab; false: it was there already. Node lock. */
static bool slab_put(struct kmem_cache *cache, struct kmem_cache_node *n,
		     const void *object)
{
	struct page *slab = object_slab(object);
	unsigned int i = (unsigned int)(((const char *)object -
					 slab_objects(cache, slab)) /
					cache->size);
	u64 *word = slab_index_word(cache, slab, i);

	VM_BUG_ON(!PageSlab(slab) || i >= cache->num);
	if (unlikely(*word >> (i % 64) & 1))
		return false;
	*word |= BIT_ULL(i % 64);
	slab_set_in_use(cache, n, slab, slab_in_use(slab) - 1);
	return true;
}

static void slab_set_kind(const struct kmem_cache *cache, struct page *slab,
			  unsigned int kind)
{
	unsigned long pfn = page_to_pfn(slab), i;

	for (i = 0; i < 1UL << cache->order; i++)
		frame_set_kind(pfn + i, kind);
}

/* A slab that is on no list, all of whose objects are free, to its pages. */
static void slab_destroy(struct kmem_cache *cache, struct page *slab)
{
	char *object = slab_objects(cache, slab);
	unsigned int i;

	if (PORT_CHECKS_MEMORY)
		port_unpoison(lowmem_page_address(slab), PAGE_SIZE << cache->order);
	for (i = 0; cache->dtor && i < cache->num; i++)
		cache->dtor(object + (size_t)i * cache->size);
	slab_set_kind(cache, slab, FRAME_STALE);
	if (cache->internal & CACHE_INDEX_OFF)
		kmem_cache_free(slab_state()->index_cache,
				(void *)(unsigned long)slab->private);
	for (i = 0; i < 1U << cache->order; i++)
		slab[i].private = 0;
	slab->index = 0;
	__ClearPageSlab(slab);
	slab_account(page_to_nid(slab), cache->flags,
		     -(long)(PAGE_SIZE << cache->order));
	atomic_long_add(1L << cache->order, &slab_state()->nr_given);
	__free_pages(slab, cache->order);
}

static void slabs_destroy(struct kmem_cache *cache, struct page_list *slabs)
{
	struct page *slab;

	while ((slab = page_list_first(slabs))) {
		page_list_del(slabs, slab);
		slab_destroy(cache, slab);
	}
}

static void slabs_move(struct page_list *to, struct page_list *from)
{
	struct page *slab;

	while ((slab = page_list_first(from))) {
		page_list_del(from, slab);
		page_list_add(to, slab, page_to_pfn(slab));
	}
}

static void slabs_rcu_start(struct kmem_cache_node *n);

/* A grace period is over: readers are gone from the slabs of rcu_now. */
static void slabs_rcu_end(struct rcu_head *head)
{
	struct kmem_cache_node *n = container_of(head, struct kmem_cache_node,
						 rcu);
	struct kmem_cache *cache = container_of(n - n->nid, struct kmem_cache,
						node[0]);
	struct page_list gone = PAGE_LIST_INIT;
	unsigned long flags;
	bool more;

	spin_lock_irqsave(&n->lock, flags);
	slabs_move(&gone, &n->rcu_now);
	more = page_list_first(&n->rcu_next);
	slabs_move(&n->rcu_now, &n->rcu_next);
	spin_unlock_irqrestore(&n->lock, flags);
	slabs_destroy(cache, &gone);
	if (more)
		slabs_rcu_start(n);
}

static void slabs_rcu_start(struct kmem_cache_node *n)
{
	call_rcu(&n->rcu, slabs_rcu_end);
}

/* As slabs_destroy(), once no reader of an object can be left. */
static void slabs_destroy_rcu(struct kmem_cache_node *n,
			      struct page_list *slabs)
{
	unsigned long flags;
	bool first;

	if (!page_list_first(slabs))
		return;
	spin_lock_irqsave(&n->lock, flags);
	first = !page_list_first(&n->rcu_now);
	slabs_move(first ? &n->rcu_now : &n->rcu_next, slabs);
	spin_unlock_irqrestore(&n->lock, flags);
	if (first)
		slabs_rcu_start(n);
}

/* Takes free slabs beyond @keep off the node's list. Node lock. */
static void node_take_free_slabs(struct kmem_cache_node *n, unsigned long keep,
				 struct page_list *slabs)
{
	while (n->nr_free_slabs > keep) {
		struct page *slab = page_list_last(&n->free);

		page_list_del(&n->free, slab);
		n->nr_free_slabs--;
		n->nr_slabs--;
		page_list_add(slabs, slab, page_to_pfn(slab));
	}
}

void node_put(struct kmem_cache *cache, struct kmem_cache_node *n, void **objs,
	      unsigned int nr, bool keep)
{
	struct page_list gone = PAGE_LIST_INIT;
	unsigned long flags;
	unsigned int i;

	spin_lock_irqsave(&n->lock, flags);
	for (i = 0; i < nr; i++)
		if (unlikely(!slab_put(cache, n, objs[i])))
			slab_report(cache, "double free of", objs[i]);
	node_take_free_slabs(n, keep ? cache->max_free_slabs : 0, &gone);
	spin_unlock_irqrestore(&n->lock, flags);
	if (unlikely(cache->flags & SLAB_TYPESAFE_BY_RCU))
		slabs_destroy_rcu(n, &gone);
	else
		slabs_destroy(cache, &gone);
}

/* ---- more memory ------------------------------------------------------ */

/* Gives a new slab its free index, with all objects free. */
static bool slab_index_init(struct kmem_cache *cache, struct page *slab,
			    gfp_t gfp)
{
	unsigned int i;

	if (cache->internal & CACHE_INDEX_OFF) {
		void *index = kmem_cache_alloc_node(slab_state()->index_cache,
						    gfp, page_to_nid(slab));

		if (!index)
			return false;
		slab->private = (unsigned long)index;
	}
	for (i = 0; i < cache->num; i += 64) {
		unsigned int bits = min(cache->num - i, 64U);

		*slab_index_word(cache, slab, i) = ~0ULL >> (64 - bits);
	}
	return true;
}

/* Constructs the objects; from now on nobody may touch them. */
static void slab_objects_init(struct kmem_cache *cache, struct page *slab)
{
	char *object = slab_objects(cache, slab);
	unsigned int i;

	if (unlikely(cache->flags & SLAB_DEBUG_FLAGS))
		slab_debug_slab_init(cache, slab);
	for (i = 0; cache->ctor && i < cache->num; i++)
		cache->ctor(object + (size_t)i * cache->size);
	if (PORT_CHECKS_MEMORY)
		port_poison(lowmem_page_address(slab), PAGE_SIZE << cache->order);
}

int node_grow(struct kmem_cache *cache, gfp_t gfp, int nid)
{
	struct kmem_cache_node *n;
	unsigned long flags;
	struct page *slab;

	gfp &= ~GFP_OBJECT;
	slab = __alloc_pages(gfp | cache->gfp, cache->order, nid, NULL);
	if (!slab)
		return -ENOMEM;
	if (frame_prepare(page_to_pfn(slab), gfp) ||
	    !slab_index_init(cache, slab, gfp)) {
		__free_pages(slab, cache->order);
		return -ENOMEM;
	}
	slab_objects_init(cache, slab);
	nid = page_to_nid(slab);
	n = &cache->node[nid];
	slab->index = cache_kind(cache, nid);
	__SetPageSlab(slab);
	slab_set_kind(cache, slab, slab->index);
	spin_lock_irqsave(&n->lock, flags);
	page_list_add(&n->free, slab, page_to_pfn(slab));
	n->nr_slabs++;
	n->nr_free_slabs++;
	spin_unlock_irqrestore(&n->lock, flags);
	slab_account(nid, cache->flags, (long)(PAGE_SIZE << cache->order));
	return nid;
}

/* ---- the depot -------------------------------------------------------- */

struct slab_array *slab_array_create(struct kmem_cache *cache, int nid)
{
	struct kmem_cache *arrays = slab_state()->array_cache[cache->array_size];
	struct slab_array *array;

	if (!arrays || cache->internal & CACHE_NO_ARRAYS)
		return NULL;
	array = kmem_cache_alloc_node(arrays, GFP_NOWAIT, nid);
	if (!array)
		return NULL;
	array->next = NULL;
	array->none = NULL;
	array->count = 0;
	array->capacity = array_capacity(cache);
	return array;
}

void slab_array_free(struct slab_array *array)
{
	if (array)
		kfree(array);
}

static void arrays_push(struct slab_array **list, unsigned int *nr,
			struct slab_array *array)
{
	array->next = *list;
	*list = array;
	__atomic_store_n(nr, *nr + 1, __ATOMIC_RELAXED);
}

static struct slab_array *arrays_pop(struct slab_array **list,
				     unsigned int *nr)
{
	struct slab_array *array = *list;

	if (array) {
		*list = array->next;
		array->next = NULL;
		__atomic_store_n(nr, *nr - 1, __ATOMIC_RELAXED);
	}
	return array;
}

struct slab_array *depot_take_full(struct kmem_cache_node *n,
				   struct slab_array *empty)
{
	struct slab_array *full;
	unsigned long flags;

	/* A hint; a miss costs a turn to the slabs. */
	if (!__atomic_load_n(&n->nr_arrays, __ATOMIC_RELAXED))
		return NULL;
	spin_lock_irqsave(&n->lock, flags);
	full = arrays_pop(&n->arrays, &n->nr_arrays);
	n->nr_arrays_low = min(n->nr_arrays_low, n->nr_arrays);
	if (full && empty)
		arrays_push(&n->empty, &n->nr_empty, empty);
	spin_unlock_irqrestore(&n->lock, flags);
	return full;
}

struct slab_array *depot_take_empty(struct kmem_cache *cache,
				    struct kmem_cache_node *n,
				    struct slab_array *full)
{
	struct slab_array *empty = NULL, *made = NULL;
	unsigned long flags;

	VM_BUG_ON(full->count != full->capacity);
	if (!__atomic_load_n(&n->nr_empty, __ATOMIC_RELAXED)) {
		made = slab_array_create(cache, (int)n->nid);
		if (!made)
			return NULL;
	}
	spin_lock_irqsave(&n->lock, flags);
	if (n->nr_arrays < n->max_arrays) {
		empty = made ?: arrays_pop(&n->empty, &n->nr_empty);
		if (empty)
			arrays_push(&n->arrays, &n->nr_arrays, full);
		if (PLANT(slab_full_kept) && empty)
			empty = full;
	} else if (made) {
		arrays_push(&n->empty, &n->nr_empty, made);
	}
	spin_unlock_irqrestore(&n->lock, flags);
	return empty;
}

unsigned long node_reap(struct kmem_cache *cache, struct kmem_cache_node *n)
{
	struct slab_array *full = NULL, *array, *next;
	unsigned long flags, nr = 0;

	spin_lock_irqsave(&n->lock, flags);
	for (; n->nr_arrays_low; n->nr_arrays_low--) {
		array = arrays_pop(&n->arrays, &n->nr_arrays);
		if (!array)
			break;
		array->next = full;
		full = array;
	}
	n->nr_arrays_low = n->nr_arrays;
	spin_unlock_irqrestore(&n->lock, flags);
	for (; full; full = next) {
		next = full->next;
		nr += full->count;
		node_put(cache, n, full->objs, full->count, true);
		slab_array_free(full);
	}
	node_put(cache, n, NULL, 0, false);
	return nr;
}

void node_shrink(struct kmem_cache *cache, struct kmem_cache_node *n)
{
	struct slab_array *full, *empty, *next;
	unsigned long flags;

	spin_lock_irqsave(&n->lock, flags);
	full = n->arrays;
	empty = n->empty;
	n->arrays = NULL;
	n->empty = NULL;
	__atomic_store_n(&n->nr_arrays, 0, __ATOMIC_RELAXED);
	__atomic_store_n(&n->nr_empty, 0, __ATOMIC_RELAXED);
	spin_unlock_irqrestore(&n->lock, flags);
	for (; full; full = next) {
		next = full->next;
		node_put(cache, n, full->objs, full->count, true);
		slab_array_free(full);
	}
	for (; empty; empty = next) {
		next = empty->next;
		slab_array_free(empty);
	}
	node_put(cache, n, NULL, 0, false);
}
