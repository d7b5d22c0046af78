// SPDX-License-Identifier: MIT
/*
 * Slots of owners that are no CPU (octavo/slab_slot.h): the steps of
 * slab_cpu.c, without a section, since whoever owns a slot is alone with it.
 *
 * Locks: none; inside, those of slab_node.c.
 */
#include "internal.h"

#include <linux/kernel.h>
#include <linux/minmax.h>

static struct kmem_cache_node *slot_node(const struct slab_slot *slot)
{
	return &slot->cache->node[slot->nid];
}

unsigned int slab_kind(const struct kmem_cache *cache, int nid)
{
	return cache_kind(cache, nid);
}

void slab_slot_init(struct slab_slot *slot, struct kmem_cache *cache, int nid)
{
	slot_init(slot, cache, nid);
}

int slab_slot_grow(struct slab_slot *slot, gfp_t gfp)
{
	int nid = node_grow(slot->cache, gfp, (int)slot->nid);

	return nid < 0 ? nid : 0;
}

void *slab_slot_take(struct slab_slot *slot)
{
	void *object = NULL;

	node_take(slot->cache, slot_node(slot), &object, 1);
	return object;
}

void slab_slot_put(struct slab_slot *slot, void *object)
{
	node_put(slot->cache, slot_node(slot), &object, 1, true);
}

static u32 slot_capacity(const struct slab_slot *slot)
{
	return slot->high ? container_of((void *)slot->objs, struct slab_array,
					 objs)->capacity : 0;
}

void slab_slot_widen(struct slab_slot *slot)
{
	slot->high = slot_capacity(slot);
}

void slab_slot_narrow(struct slab_slot *slot, unsigned int high)
{
	slot_drain(slot->cache, slot);
	slot->high = min(slot_capacity(slot), high);
}

/* A narrow slot's array is not one that is full. */
bool slab_slot_refill(struct slab_slot *slot)
{
	slab_slot_widen(slot);
	return slot_refill(slot->cache, slot_node(slot), slot);
}

bool slab_slot_make_room(struct slab_slot *slot)
{
	slab_slot_widen(slot);
	return slot->count < slot->high ||
	       slot_make_room(slot->cache, slot_node(slot), slot);
}

void slab_slot_drain(struct slab_slot *slot)
{
	slot_drain(slot->cache, slot);
	slot_strip(slot);
}

const char *slab_object_fault(const void *object)
{
	struct kmem_cache *of = NULL;

	return slab_free_fault(NULL, object, &of);
}

unsigned long kmem_cache_reap(struct kmem_cache *cache)
{
	struct kmem_cache_node *n;
	unsigned long nr = 0;

	for_each_cache_node(n, cache)
		nr += node_reap(cache, n);
	return nr;
}

void kmem_cache_reap_all(struct kmem_cache *cache)
{
	struct kmem_cache_node *n;

	for_each_cache_node(n, cache)
		node_shrink(cache, n);
}

void slab_usage_read(struct kmem_cache *cache, struct slab_usage *u)
{
	struct kmem_cache_node *n;
	struct slab_array *array;
	unsigned long flags;

	*u = (struct slab_usage){ 0 };
	for_each_cache_node(n, cache) {
		spin_lock_irqsave(&n->lock, flags);
		u->slabs += n->nr_slabs;
		u->out += n->nr_out;
		for (array = n->arrays; array; array = array->next)
			u->depot += array->count;
		spin_unlock_irqrestore(&n->lock, flags);
	}
	u->objects = u->slabs * cache->num;
	u->bytes = u->slabs * (PAGE_SIZE << cache->order);
}
