// SPDX-License-Identifier: MIT
/*
 * Wrong frees: what is wrong, and the one line that says so.
 *
 *   BUG: Bad object free in process init: double free of 00007f... (cache skb)
 *   BUG: Bad object free in process init: not the start of an object: 00007f... (cache ...)
 *   BUG: Bad object free in process init: an object of another cache: 00007f... (cache ...)
 *   BUG: Bad object free in process init: no object's memory: 00007f...
 *   BUG: Bad object free in process init: not in the direct map: 00007f...
 *
 * The object stays what it was: in use if somebody has it, once in an array
 * or in its slab if it is free.
 *
 * Any context but NMI. The slab of a report may change under it when the
 * object is nobody's; it is read, not followed.
 */
#include "internal.h"

#include <linux/kernel.h>
#include <linux/sched.h>

static struct kmem_cache *kind_cache(unsigned int kind)
{
	const struct slab_state *s = slab_state();

	/* Only kinds of caches are in the table of frames, besides two. */
	if (kind <= FRAME_LARGE)
		return NULL;
	return cache_by_id(kind >> s->node_shift);
}

/* Whether @object is inside a large kmalloc() block. */
static bool inside_large(const void *object)
{
	const struct page *page = virt_to_page(object);
	const struct page *head = compound_head(page);

	return frame_kind(page_address(head)) == FRAME_LARGE &&
	       (page != head || (unsigned long)object & ~PAGE_MASK);
}

/* slot_index() the long way: a slot is good inside the section only. */
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
		return "no object's memory:";
	if (!object_starts(*of, object))
		return "not the start of an object:";
	if (cache && *of != cache)
		return "an object of another cache:";
	return NULL;
}

void slab_report(const struct kmem_cache *cache, const char *what,
		 const void *object)
{
	const struct task_struct *task = current;
	const char *process = task ? task->comm : "swapper";

	atomic_long_inc(&slab_state()->nr_bad);
	if (cache)
		pr_alert("BUG: Bad object free in process %s: %s %px (cache %s)\n",
			 process, what, object, cache->name);
	else
		pr_alert("BUG: Bad object free in process %s: %s %px\n",
			 process, what, object);
	dump_stack();
}
