// SPDX-License-Identifier: MIT
/*
 * A scan for leaks: the theory is in kmemleak.c.
 *
 * Others allocate and free meanwhile. The lock is held over one page of what
 * is looked into at a time; an object that is freed leaves the gray list and
 * is not looked into further (leak_state.scanned). An object that comes is
 * white with no count yet, and too young to be reported. A pointer that moves
 * from where the scan is going to look to where it has looked can hide its
 * object once; such an object's contents, or those of what held it, mostly
 * change, and a changed object is gray until the next scan.
 *
 * Memory is read as it is, past what checkers of memory and of races guard.
 */
#include "kmemleak.h"

#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/kmemleak.h>
#include <linux/mutex.h>
#include <linux/string.h>
#include <octavo/port.h>

/* Bytes looked at with the lock held. */
#define STEP	PAGE_SIZE

#define __reads_anything						\
	__attribute__((__no_sanitize__("address", "thread", "undefined")))

bool leak_is_found(const struct leak_object *o)
{
	return leak_is_white(o) && o->count >= 0;
}

/* One more pointer to the object that @ptr is in. Lock. */
static void pointer_found(unsigned long ptr)
{
	struct leak_object *o = leak_find(ptr);

	/* Gray already, black, or younger than the scan. */
	if (!o || o->count < 0 || !leak_is_white(o))
		return;
	o->count++;
	if (leak_is_gray(o))
		list_add_tail(&o->gray, &leak_state()->gray);
}

/* Words of [start, end) that may be pointers to objects. Lock. */
static __reads_anything noinline void words_scan(unsigned long start,
						 unsigned long end)
{
	const struct leak_state *s = leak_state();
	unsigned long p, word;

	for (p = ALIGN(start, sizeof(p)); p + sizeof(p) <= end;
	     p += sizeof(p)) {
		word = *(const volatile unsigned long *)p;
		if (word >= ~s->not_lowest && word < s->highest)
			pointer_found(word);
	}
}

/* Memory that is no object, and stays while the scan lasts. */
static void block_scan(void *ctx, const void *from, const void *to)
{
	unsigned long start = (unsigned long)from, end = (unsigned long)to;
	unsigned long flags;

	for (; start < end; start += min(STEP, end - start)) {
		spin_lock_irqsave(&leak_state()->lock, flags);
		words_scan(start, min(start + STEP, end));
		spin_unlock_irqrestore(&leak_state()->lock, flags);
	}
}

/* ---- objects ---------------------------------------------------------- */

/* A part of @o, in steps; false: @o has gone. */
static bool object_part_scan(struct leak_object *o, unsigned long start,
			     unsigned long end)
{
	struct leak_state *s = leak_state();
	unsigned long flags;
	bool there = true;

	while (start < end && there) {
		spin_lock_irqsave(&s->lock, flags);
		there = s->scanned == o;
		if (there) {
			end = min(end, o->range.end);
			words_scan(start, min(start + STEP, end));
		}
		spin_unlock_irqrestore(&s->lock, flags);
		start += STEP;
	}
	return there;
}

/* Takes an object off the gray list and says which part of it is first. */
static struct leak_object *gray_take(struct leak_area *area)
{
	struct leak_state *s = leak_state();
	struct leak_object *o = NULL;
	unsigned long flags;

	spin_lock_irqsave(&s->lock, flags);
	if (!list_empty(&s->gray)) {
		o = list_first_entry(&s->gray, struct leak_object, gray);
		list_del_init(&o->gray);
		*area = (struct leak_area){ NULL, o->range.start,
					    o->range.end };
		if (o->flags & LEAK_NO_SCAN)
			area->end = area->start;
		else if (o->areas)
			*area = *o->areas;
		s->scanned = o;
	}
	spin_unlock_irqrestore(&s->lock, flags);
	return o;
}

/* The part behind @area, which is replaced by it; false: none, or @o went. */
static bool area_next(const struct leak_object *o, struct leak_area *area)
{
	struct leak_state *s = leak_state();
	unsigned long flags;
	bool more;

	spin_lock_irqsave(&s->lock, flags);
	more = s->scanned == o && area->next;
	if (more)
		*area = *area->next;
	spin_unlock_irqrestore(&s->lock, flags);
	return more;
}

static void gray_scan(void)
{
	struct leak_object *o;
	struct leak_area area;

	while ((o = gray_take(&area))) {
		do {
			if (!object_part_scan(o, area.start, area.end))
				break;
		} while (area_next(o, &area));
		cond_resched();
	}
	WRITE_ONCE(leak_state()->scanned, NULL);
}

/* Calls @fn, with the lock, for every object, in the order of addresses. */
static void objects_walk(void (*fn)(struct leak_object *o))
{
	struct leak_state *s = leak_state();
	struct range_node *node;
	unsigned long flags, at = 0;

	do {
		spin_lock_irqsave(&s->lock, flags);
		node = range_tree_from(&s->objects, at);
		if (node) {
			at = node->end;
			fn(leak_of(node));
		}
		spin_unlock_irqrestore(&s->lock, flags);
	} while (node);
}

static void object_start_scan(struct leak_object *o)
{
	struct leak_state *s = leak_state();

	o->count = 0;
	s->not_lowest = max(s->not_lowest, ~o->range.start);
	s->highest = max(s->highest, o->range.end);
	if (leak_is_gray(o) && list_empty(&o->gray))
		list_add_tail(&o->gray, &s->gray);
}

/* FNV-1a over words: contents that change do so visibly. */
static __reads_anything u32 contents_sum(const struct leak_object *o)
{
	unsigned long p;
	u64 h = 0xcbf29ce484222325ULL;

	for (p = o->range.start; p + sizeof(p) <= o->range.end; p += sizeof(p))
		h = (h ^ *(const volatile unsigned long *)p) *
		    0x100000001b3ULL;
	/* 0 is of no contents: kmemleak_transient_leak(). */
	return (u32)(h ^ h >> 32) | 1;
}

/* Somebody wrote to it since the last scan, or none has seen it before. */
static void object_spare_changed(struct leak_object *o)
{
	u32 sum;

	if (!leak_is_found(o) || o->flags & LEAK_NO_SCAN)
		return;
	sum = contents_sum(o);
	if (o->checksum == sum)
		return;
	o->checksum = sum;
	o->count = o->min_count;
	list_add_tail(&o->gray, &leak_state()->gray);
}

static void object_report(struct leak_object *o)
{
	struct leak_state *s = leak_state();

	if (!leak_is_found(o)) {
		o->flags &= ~LEAK_REPORTED;
		return;
	}
	if (o->flags & LEAK_REPORTED ||
	    jiffies - o->born < msecs_to_jiffies(__atomic_load_n(&s->min_age_ms,
							     __ATOMIC_RELAXED)))
		return;
	o->flags |= LEAK_REPORTED;
	s->nr_found++;
}

/* ---- roots ------------------------------------------------------------ */

static void percpu_scan(void)
{
	const struct percpu_state *p = &this_machine()->percpu;
	unsigned int cpu, slot;

	for_each_possible_cpu(cpu) {
		const char *area = (char *)__per_cpu_start +
				   per_cpu_offset(cpu);

		block_scan(NULL, area, area + this_machine()->percpu_unit_size);
		for (slot = 0; slot < PERCPU_SLOTS; slot++) {
			const struct percpu_chunk *c = READ_ONCE(p->chunk[slot]);
			const char *unit;

			if (!c || !c->pfn[cpu])
				continue;
			unit = lowmem_page_address(pfn_to_page(c->pfn[cpu]));
			block_scan(NULL, unit, unit + PERCPU_UNIT_SIZE);
		}
	}
}

/* What the core itself keeps pointers in. */
static void core_scan(void)
{
	struct machine *m = this_machine();
	struct kmem_cache *cache;
	int nid;

	block_scan(NULL, m, m + 1);
	for_each_node_state(nid, N_POSSIBLE)
		if (NODE_DATA(nid))
			block_scan(NULL, NODE_DATA(nid), NODE_DATA(nid) + 1);
	mutex_lock(&slab_state()->mutex);
	list_for_each_entry(cache, &slab_state()->caches, list)
		block_scan(NULL, cache, &cache->node[m->nr_nodes]);
	mutex_unlock(&slab_state()->mutex);
	percpu_scan();
}

unsigned long kmemleak_scan(void)
{
	struct leak_state *s = leak_state();
	unsigned long found = 0;

	if (!READ_ONCE(s->on))
		return 0;
	mutex_lock(&s->scan_mutex);
	s->nr_found = 0;
	s->not_lowest = 0;
	s->highest = 0;
	objects_walk(object_start_scan);
	core_scan();
	port_memory_roots(block_scan, NULL, s->scan_stacks);
	gray_scan();
	objects_walk(object_spare_changed);
	gray_scan();
	/* Off meanwhile: what has gone is not known. */
	if (READ_ONCE(s->on)) {
		objects_walk(object_report);
		found = s->nr_found;
	}
	mutex_unlock(&s->scan_mutex);
	if (found)
		pr_info("kmemleak: %lu new suspected memory leaks (see /sys/kernel/debug/kmemleak)\n",
			found);
	return found;
}
