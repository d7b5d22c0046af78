// SPDX-License-Identifier: MIT
/*
 * Caches whose objects are guarded: SLAB_CONSISTENCY_CHECKS, SLAB_RED_ZONE,
 * SLAB_POISON and SLAB_STORE_USER, by flag or by slab_debug=.
 *
 *   left      object                          inuse   track      orig  to size
 *   +--------+------------------+------------+-------+----------+-----+-------+
 *   | red    | what the caller  | not wanted | red   | alloc    | u32 | 5a .. |
 *   | zone   | wanted           | (kmalloc)  | zone  | free     |     |       |
 *   +--------+------------------+------------+-------+----------+-----+-------+
 *   in use: cc        any             cc         cc
 *   free:   bb     6b 6b .. a5      6b .. a5     bb
 *
 * Without red zones the bytes up to a word's end are 5a. An object that a
 * constructor has set up is not poisoned, since it keeps its contents.
 *
 * When an object comes and when it goes its zones are looked at. What is not
 * as it must be is reported in Linux's words, and mended. An object that came
 * back with a broken zone is not put back to its slab, and one that was broken
 * while it was free is not handed out: both stay out of use for good, as
 * whoever broke them may do it again. A free of a free object changes
 * nothing. In Linux all of the slab is taken out of use then.
 *
 * The left zone of the first object lies in front of slab_objects(), those of
 * the others at the end of the place of the one before, so that objects stand
 * a cache's size apart as ever.
 *
 * Locks: none for the zones, as who allocates or frees has the object for
 * himself; the node's lock to learn whether it is free.
 *
 * Differs from Linux: the free index is no pointer in the object, so a
 * "Freechain corrupt" cannot be.
 */
#include "slab_debug.h"

#include <linux/bitops.h>
#include <linux/kernel.h>
#include <linux/poison.h>
#include <linux/string.h>

static bool object_poisoned(const struct kmem_cache *cache)
{
	/* What readers may still look at keeps its contents, too. */
	return cache->flags & SLAB_POISON && !cache->ctor && !cache->dtor &&
	       !(cache->flags & SLAB_TYPESAFE_BY_RCU);
}

/* Zones are looked at, even when nobody asked for SLAB_CONSISTENCY_CHECKS. */
static bool zones_checked(const struct kmem_cache *cache)
{
	return cache->flags & (SLAB_RED_ZONE | SLAB_POISON);
}

void slab_debug_layout(struct kmem_cache *cache)
{
	unsigned int end = ALIGN(cache->object_size, sizeof(void *));

	cache->internal |= CACHE_NO_ARRAYS;
	if (cache->flags & SLAB_RED_ZONE) {
		cache->left = ALIGN((unsigned int)sizeof(void *), cache->align);
		if (end == cache->object_size)
			end += sizeof(void *);
	}
	cache->inuse = end;
	if (cache->flags & SLAB_STORE_USER) {
		cache->track = end;
		end += NR_TRACKS * sizeof(struct slab_track);
	}
	if (cache->internal & CACHE_KMALLOC && cache->flags & SLAB_RED_ZONE) {
		cache->orig = end;
		end += sizeof(u64);
	}
	cache->size = ALIGN(end + cache->left, cache->align);
}

/* ---- zones ------------------------------------------------------------ */

#define MAX_AREAS	6

static void area_add(struct slab_area *areas, unsigned int *nr,
		     const char *what, u8 *start, size_t n, u8 value)
{
	if (n)
		areas[(*nr)++] = (struct slab_area){ what, start, n, value };
}

/* Bytes that the caller wanted; all of them, as far as is known. */
static size_t object_wanted(const struct kmem_cache *cache, const void *object)
{
	if (!cache->orig)
		return cache->object_size;
	return min(*object_orig(cache, object), cache->object_size);
}

/* What is around @object, in the order of addresses. */
static unsigned int object_areas(const struct kmem_cache *cache, void *object,
				 bool active, struct slab_area *areas)
{
	u8 red = active ? SLUB_RED_ACTIVE : SLUB_RED_INACTIVE, *p = object;
	size_t size = cache->object_size, wanted = object_wanted(cache, object);
	unsigned int pad = cache->inuse, nr = 0;

	area_add(areas, &nr, "Left Redzone", p - cache->left, cache->left, red);
	if (active && cache->orig)
		area_add(areas, &nr, "kmalloc Redzone", p + wanted,
			 size - wanted, red);
	if (!active && object_poisoned(cache)) {
		area_add(areas, &nr, "Poison", p, size - 1, POISON_FREE);
		area_add(areas, &nr, "End Poison", p + size - 1, 1, POISON_END);
	}
	if (cache->flags & SLAB_RED_ZONE)
		area_add(areas, &nr, "Right Redzone", p + size,
			 cache->inuse - size, red);
	else if (cache->flags & SLAB_POISON)
		area_add(areas, &nr, "Alignment padding", p + size,
			 cache->inuse - size, POISON_INUSE);
	if (cache->track)
		pad = cache->track + NR_TRACKS * sizeof(struct slab_track);
	if (cache->orig)
		pad = cache->orig + sizeof(u64);
	if (cache->flags & SLAB_POISON)
		area_add(areas, &nr, "Object padding", p + pad,
			 cache->size - cache->left - pad, POISON_INUSE);
	VM_BUG_ON(nr > MAX_AREAS);
	return nr;
}

/* Gives the areas the values they must have. */
static void object_areas_set(struct kmem_cache *cache, void *object,
			     bool active)
{
	struct slab_area areas[MAX_AREAS];
	unsigned int nr = object_areas(cache, object, active, areas), i;

	for (i = 0; i < nr; i++)
		memset(areas[i].start, areas[i].value, areas[i].n);
}

/* Whether @area is as it must be; reports and mends it. */
static bool area_check(struct kmem_cache *cache, void *object,
		       const struct slab_area *area)
{
	u8 *first = memchr_inv(area->start, area->value, area->n), *last;

	if (likely(!first))
		return true;
	last = area->start + area->n - 1;
	while (*last == area->value)
		last--;
	slab_area_report(cache, object, area, first, last);
	memset(first, area->value, (size_t)(last - first) + 1);
	return false;
}

static bool object_check(struct kmem_cache *cache, void *object, bool active)
{
	struct slab_area areas[MAX_AREAS];
	unsigned int nr = object_areas(cache, object, active, areas), i;
	bool good = true;

	for (i = 0; i < nr; i++)
		good &= area_check(cache, object, &areas[i]);
	return good;
}

/* ---- what a memory checker may see ------------------------------------ */

static void object_open(const struct kmem_cache *cache, const void *object)
{
	if (PORT_CHECKS_MEMORY)
		port_unpoison(object_start(cache, object), cache->size);
}

/* Closes all but the first @size bytes. */
static void object_close(const struct kmem_cache *cache, const void *object,
			 size_t size)
{
	if (!PORT_CHECKS_MEMORY || cache->flags & SLAB_TYPESAFE_BY_RCU)
		return;
	port_poison(object_start(cache, object), cache->size);
	port_unpoison(object, size);
}

/* ---- the hooks -------------------------------------------------------- */

void slab_debug_slab_init(struct kmem_cache *cache, struct page *slab)
{
	char *first = slab_objects(cache, slab);
	unsigned int i;

	if (cache->flags & SLAB_POISON)
		memset(lowmem_page_address(slab), POISON_INUSE,
		       PAGE_SIZE << cache->order);
	for (i = 0; i < cache->num; i++) {
		void *object = first + (size_t)i * cache->size;

		if (cache->track)
			slab_track_clear(cache, object);
		if (cache->orig)
			*object_orig(cache, object) = cache->object_size;
		object_areas_set(cache, object, false);
	}
}

bool object_is_free(struct kmem_cache *cache, const void *object)
{
	struct page *slab = object_slab(object);
	struct kmem_cache_node *n = &cache->node[page_to_nid(slab)];
	unsigned int i = (unsigned int)(((const char *)object -
					 slab_objects(cache, slab)) /
					cache->size);
	unsigned long flags;
	bool free;

	spin_lock_irqsave(&n->lock, flags);
	free = *slab_index_word(cache, slab, i) >> (i % 64) & 1;
	spin_unlock_irqrestore(&n->lock, flags);
	return free;
}

bool slab_debug_alloc(struct kmem_cache *cache, void *object, size_t size,
		      unsigned long caller)
{
	object_open(cache, object);
	if (zones_checked(cache) && !object_check(cache, object, false)) {
		slab_fix_object(cache, object, "used");
		object_close(cache, object, 0);
		return false;
	}
	if (cache->orig)
		*object_orig(cache, object) = (u32)size;
	/* Who reads before he writes finds a value that points nowhere. */
	if (object_poisoned(cache))
		memset(object, POISON_INUSE, cache->object_size);
	object_areas_set(cache, object, true);
	if (cache->track)
		slab_track_set(cache, object, TRACK_ALLOC, caller);
	object_close(cache, object, size);
	return true;
}

bool slab_debug_free(struct kmem_cache *cache, void *object,
		     unsigned long caller)
{
	bool good = true;

	object_open(cache, object);
	if (object_is_free(cache, object)) {
		slab_object_report(cache, object, "Object already free");
		good = false;
	} else if (zones_checked(cache)) {
		good = object_check(cache, object, true);
	}
	if (!good) {
		slab_fix_object(cache, object, "freed");
		object_close(cache, object, 0);
		return false;
	}
	if (cache->track)
		slab_track_set(cache, object, TRACK_FREE, caller);
	if (cache->orig)
		*object_orig(cache, object) = cache->object_size;
	object_areas_set(cache, object, false);
	object_close(cache, object, 0);
	return true;
}

size_t slab_watch_size(struct kmem_cache *cache, const void *object)
{
	size_t size;

	if (!cache->orig)
		return cache->object_size;
	if (PORT_CHECKS_MEMORY)
		port_unpoison(object_orig(cache, object), sizeof(u32));
	size = object_wanted(cache, object);
	if (PORT_CHECKS_MEMORY)
		port_poison(object_orig(cache, object), sizeof(u32));
	return size;
}

void slab_watch_resize(struct kmem_cache *cache, void *object, size_t size)
{
	size_t was;

	if (!cache->orig)
		return;
	object_open(cache, object);
	was = object_wanted(cache, object);
	*object_orig(cache, object) = (u32)size;
	if (size < was)
		memset((u8 *)object + size, SLUB_RED_ACTIVE, was - size);
	object_close(cache, object, size);
}

void slab_debug_fault(struct kmem_cache *cache, struct kmem_cache *of,
		      const char *fault, const void *object)
{
	struct kmem_cache *told = of ?: cache;

	if (!told || !(told->flags & SLAB_DEBUG_FLAGS))
		return;
	if (cache && of && cache != of) {
		pr_err("%s: Wrong slab cache. %s but object is from %s\n",
		       "kmem_cache_free", cache->name, of->name);
		object_open(of, object);
		slab_tracks_print(of, object);
		object_close(of, object, of->object_size);
	} else if (of) {
		char what[64];

		scnprintf(what, sizeof(what), "Invalid object pointer 0x%px",
			  object);
		slab_object_report(of, NULL, what);
		slab_fix_object(of, object, "freed");
	} else {
		pr_err("BUG %s: Attempt to free object(0x%px) outside of slab\n",
		       told->name, object);
	}
}

/* ---- all objects ------------------------------------------------------ */

static unsigned long slab_validate(struct kmem_cache *cache, struct page *slab)
{
	char *first = slab_objects(cache, slab);
	unsigned long bad = 0;
	unsigned int i;

	for (i = 0; i < cache->num; i++) {
		bool active = !(*slab_index_word(cache, slab, i) >> (i % 64) & 1);
		void *object = first + (size_t)i * cache->size;
		size_t size = active ? slab_watch_size(cache, object) : 0;

		object_open(cache, object);
		bad += !object_check(cache, object, active);
		object_close(cache, object, size);
	}
	return bad;
}

unsigned long slab_debug_validate(struct kmem_cache *cache)
{
	struct kmem_cache_node *n;
	unsigned long flags, bad = 0;
	struct page *slab;

	if (!zones_checked(cache))
		return 0;
	for_each_cache_node(n, cache) {
		spin_lock_irqsave(&n->lock, flags);
		page_list_for_each(slab, &n->partial)
			bad += slab_validate(cache, slab);
		page_list_for_each(slab, &n->full)
			bad += slab_validate(cache, slab);
		page_list_for_each(slab, &n->free)
			bad += slab_validate(cache, slab);
		spin_unlock_irqrestore(&n->lock, flags);
	}
	return bad;
}
