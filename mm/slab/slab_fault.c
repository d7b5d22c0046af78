// SPDX-License-Identifier: MIT
/*
 * What an address is: the kind of its frame, and what is wrong with freeing
 * it. What is said of that stands in slab_report.c.
 */
#include "internal.h"

#include <linux/kernel.h>
#include <linux/kfence.h>

static struct kmem_cache *kind_cache(unsigned int kind)
{
	const struct slab_state *s = slab_state();

	if (kind < FRAME_KINDS)
		return NULL;
	return cache_by_id(kind >> s->node_shift);
}

/* Whether @object is inside a large kmalloc() block. */
static bool inside_large(const void *object)
{
	const struct page *page = virt_to_page(object);
	const struct page *head = compound_head(page);

	return frame_kind(lowmem_page_address(head)) == FRAME_LARGE &&
	       (page != head || (unsigned long)object & ~PAGE_MASK);
}

/* slot_starts() the long way: a slot is good inside the section only. */
static bool object_starts(const struct kmem_cache *cache, const void *object)
{
	const char *first = slab_objects(cache, object_slab(object));
	unsigned long offset = (unsigned long)((const char *)object - first);

	return (const char *)object >= first && !(offset % cache->size) &&
	       offset / cache->size < cache->num;
}

const char *slab_free_fault(const struct kmem_cache *cache, const void *object,
			    struct kmem_cache **of)
{
	unsigned int kind;

	if (!virt_addr_valid(object))
		return "not in the direct map:";
	kind = frame_kind(object);
	*of = kind_cache(kind);
	if (inside_large(object))
		return "not the start of an object:";
	if (kind == FRAME_LARGE)
		return cache ? "no object of a cache:" : NULL;
	if (!*of)
		return is_kfence_address(object) ?
		       kfence_free_fault(cache, object, of) :
		       "no object's memory:";
	if (!object_starts(*of, object))
		return "not the start of an object:";
	if (cache && *of != cache)
		return "an object of another cache:";
	return NULL;
}
