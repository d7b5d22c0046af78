// SPDX-License-Identifier: MIT
/*
 * kmemleak=on: objects that nothing points to any more.
 *
 * Each object that leaves a cache, each large block of kmalloc() and what
 * kmemleak_alloc() names is known by a record, found by any address inside
 * (octavo/range_tree.h). A scan looks for values that are such addresses, as
 * a collector of garbage does:
 *
 *   black   neither a leak nor looked into
 *   white   fewer than min_count pointers to it were found: maybe a leak
 *   gray    enough were; it is looked into as well
 *
 *   roots: the machine, its nodes, caches and per-CPU memory; what the port
 *   knows of (data of the image, stacks, registers): port_memory_roots()
 *        │ a pointer into a white object
 *        ▼
 *   white ──► gray list ──► looked into ──► more
 *
 * What is white in the end, has not changed since the scan before and is older
 * than min_age is reported, once: so a leak is found by the second scan. A pointer may be to anywhere in an object. It
 * may also be a number that looks like one, so a leak can stay hidden, but what
 * is in use is not reported: unless the only pointer is stored in another form,
 * for which kmemleak_not_leak() is.
 *
 * Memory of the page allocator is neither an object nor looked into, as in
 * Linux; kmemleak_alloc() with min_count 0 makes it so.
 *
 * While kmemleak is on all objects are watched (slab_watch.c). When a record
 * cannot be had it turns itself off, since what it does not know may hold the
 * only pointer to what it does; so does the command `off`, for good. What was
 * found until then can still be read, until `clear`.
 *
 * Invariants (kmemleak_check())
 *   I1  the tree of records is sound (range_tree_check())
 *   I2  nr_objects is their number
 *   I3  outside a scan no record is on the gray list
 *
 * Locks: scan_mutex -> lock, with interrupts off, which is inside all others
 * but those of the records' caches: records are made and freed outside it.
 *
 * Differs from Linux: min_age= says how young objects are spared (5 s, as
 * there); a scan by itself each 10 minutes only after scan=on.
 */
#include "kmemleak.h"

#include <linux/errno.h>
#include <linux/init.h>
#include <linux/instruction_pointer.h>
#include <linux/kernel.h>
#include <linux/kmemleak.h>
#include <linux/mutex.h>
#include <linux/string.h>

#define MIN_AGE_MS	5000	/* as in Linux */
#define SCAN_WAIT_SECS	600	/* between two scans by itself, as in Linux */

/* For records: what the request may do, but not at others' expense. */
static gfp_t record_gfp(gfp_t gfp)
{
	return (gfp & (GFP_KERNEL | GFP_ATOMIC)) | __GFP_NORETRY |
	       __GFP_NOMEMALLOC | __GFP_NOWARN;
}

static int __init option_kmemleak(char *val)
{
	if (val && !strcmp(val, "on"))
		leak_state()->wanted = true;
	else if (val && !strcmp(val, "off"))
		leak_state()->wanted = false;
	else
		return option_malformed("kmemleak", val,
					"is neither on nor off");
	return 0;
}
early_param("kmemleak", option_kmemleak);

bool kmemleak_wanted(void)
{
	return leak_state()->wanted;
}

void __init kmemleak_init(void)
{
	struct leak_state *s = leak_state();

	spin_lock_init(&s->lock);
	mutex_init(&s->scan_mutex);
	INIT_LIST_HEAD(&s->gray);
	s->min_age_ms = MIN_AGE_MS;
	s->scan_wait_secs = SCAN_WAIT_SECS;
	s->scan_stacks = true;
	if (!s->wanted)
		return;
	s->records = slab_inner_cache("kmemleak_object",
				      sizeof(struct leak_object));
	s->areas = slab_inner_cache("kmemleak_scan_area",
				    sizeof(struct leak_area));
	s->on = true;
	slab_watch_set(SLAB_WATCH_LEAK, true);
}

void leak_disable(const char *why)
{
	struct leak_state *s = leak_state();

	if (!READ_ONCE(s->on))
		return;
	WRITE_ONCE(s->on, false);
	pr_warn("kmemleak: Kernel memory leak detector disabled: %s\n", why);
}

/* ---- records ---------------------------------------------------------- */

static struct leak_object *record_new(const void *ptr, size_t size,
				      int min_count, gfp_t gfp,
				      unsigned long caller)
{
	const struct task_struct *task = current;
	struct leak_object *o;

	o = kmem_cache_alloc(leak_state()->records, record_gfp(gfp));
	if (!o)
		return NULL;
	*o = (struct leak_object){
		.range = { (unsigned long)ptr, (unsigned long)ptr + size },
		.min_count = min_count, .count = -1, .born = jiffies,
		.trace = slab_stack_save(caller),
		.pid = task ? task->pid : 0,
	};
	INIT_LIST_HEAD(&o->gray);
	strscpy(o->comm, in_interrupt() ? "hardirq" :
		task ? task->comm : "swapper", sizeof(o->comm));
	return o;
}

static void record_free(struct leak_object *o)
{
	struct leak_area *area, *next;

	for (area = o->areas; area; area = next) {
		next = area->next;
		kmem_cache_free(leak_state()->areas, area);
	}
	kmem_cache_free(leak_state()->records, o);
}

/* Takes the record of the object at @ptr out; NULL: there is none. */
static struct leak_object *record_take(const void *ptr)
{
	struct leak_state *s = leak_state();
	struct leak_object *o;
	unsigned long flags;

	spin_lock_irqsave(&s->lock, flags);
	o = leak_find((unsigned long)ptr);
	if (o && o->range.start != (unsigned long)ptr)
		o = NULL;
	if (o) {
		range_tree_remove(&s->objects, &o->range);
		list_del_init(&o->gray);
		if (s->scanned == o)
			s->scanned = NULL;
		s->nr_objects--;
	}
	spin_unlock_irqrestore(&s->lock, flags);
	return o;
}

static bool record_insert(struct leak_object *o)
{
	struct leak_state *s = leak_state();
	unsigned long flags;
	bool fits;

	spin_lock_irqsave(&s->lock, flags);
	fits = range_tree_insert(&s->objects, &o->range);
	s->nr_objects += fits;
	spin_unlock_irqrestore(&s->lock, flags);
	return fits;
}

void leak_alloc(const void *ptr, size_t size, int min_count, gfp_t gfp,
		unsigned long caller)
{
	struct leak_object *o;

	if (!READ_ONCE(leak_state()->on) || ZERO_OR_NULL_PTR(ptr) || !size)
		return;
	o = record_new(ptr, size, min_count, gfp, caller);
	if (!o) {
		leak_disable("Cannot allocate a kmemleak_object structure");
		return;
	}
	if (record_insert(o))
		return;
	pr_warn("kmemleak: Cannot insert 0x%px into the object search tree (overlaps existing)\n",
		ptr);
	record_free(o);
	leak_disable("two objects overlap");
}

void kmemleak_alloc(const void *ptr, size_t size, int min_count, gfp_t gfp)
{
	leak_alloc(ptr, size, min_count, gfp, _RET_IP_);
}

void kmemleak_free(const void *ptr)
{
	struct leak_object *o;

	if (!READ_ONCE(leak_state()->on) || ZERO_OR_NULL_PTR(ptr))
		return;
	o = record_take(ptr);
	if (o)
		record_free(o);
}

void kmemleak_free_part(const void *ptr, size_t size)
{
	unsigned long start = (unsigned long)ptr, end = start + size, flags;
	struct leak_state *s = leak_state();
	struct leak_object *o, *gone = NULL;
	const char *fault = NULL;

	if (!READ_ONCE(s->on) || ZERO_OR_NULL_PTR(ptr) || !size)
		return;
	spin_lock_irqsave(&s->lock, flags);
	o = leak_find(start);
	if (!o || end > o->range.end) {
		fault = "is of no object";
	} else if (start == o->range.start && end == o->range.end) {
		gone = o;
	} else if (end == o->range.end) {
		o->range.end = start;
	} else if (start == o->range.start) {
		/* Its place in the tree goes by its start. */
		range_tree_remove(&s->objects, &o->range);
		o->range.start = end;
		range_tree_insert(&s->objects, &o->range);
	} else {
		fault = "is in the middle of an object";
	}
	spin_unlock_irqrestore(&s->lock, flags);
	if (gone)
		kmemleak_free((void *)start);
	if (fault)
		pr_warn("kmemleak: Partially freeing 0x%px of %zu bytes, which %s\n",
			ptr, size, fault);
}

/* ---- what users say of objects ---------------------------------------- */

/* The object at @ptr, locked; NULL, unlocked, after a line: there is none. */
static struct leak_object *object_lock(const void *ptr, const char *what,
				       unsigned long *flags)
{
	struct leak_state *s = leak_state();
	struct leak_object *o;

	if (!READ_ONCE(s->on) || ZERO_OR_NULL_PTR(ptr))
		return NULL;
	spin_lock_irqsave(&s->lock, *flags);
	o = leak_find((unsigned long)ptr);
	if (o)
		return o;
	spin_unlock_irqrestore(&s->lock, *flags);
	pr_warn("kmemleak: Trying to %s an unknown object at 0x%px\n", what,
		ptr);
	return NULL;
}

static void object_set_count(const void *ptr, int min_count, const char *what)
{
	struct leak_object *o;
	unsigned long flags;

	o = object_lock(ptr, what, &flags);
	if (!o)
		return;
	o->min_count = min_count;
	spin_unlock_irqrestore(&leak_state()->lock, flags);
}

void kmemleak_not_leak(const void *ptr)
{
	object_set_count(ptr, 0, "color gray");
}

void kmemleak_ignore(const void *ptr)
{
	object_set_count(ptr, LEAK_BLACK, "color black");
}

void kmemleak_no_scan(const void *ptr)
{
	struct leak_object *o;
	unsigned long flags;

	o = object_lock(ptr, "not scan", &flags);
	if (!o)
		return;
	o->flags |= LEAK_NO_SCAN;
	spin_unlock_irqrestore(&leak_state()->lock, flags);
}

void kmemleak_transient_leak(const void *ptr)
{
	struct leak_object *o;
	unsigned long flags;

	o = object_lock(ptr, "transient-leak", &flags);
	if (!o)
		return;
	/* Contents of no object: the next scan finds it changed. */
	o->checksum = 0;
	o->born = jiffies;
	spin_unlock_irqrestore(&leak_state()->lock, flags);
}

void kmemleak_update_trace(const void *ptr)
{
	depot_stack_handle_t trace = slab_stack_save(_RET_IP_);
	struct leak_object *o;
	unsigned long flags;

	o = object_lock(ptr, "update the trace of", &flags);
	if (!o)
		return;
	o->trace = trace;
	spin_unlock_irqrestore(&leak_state()->lock, flags);
}

void kmemleak_scan_area(const void *ptr, size_t size, gfp_t gfp)
{
	struct leak_state *s = leak_state();
	struct leak_area *area;
	struct leak_object *o;
	unsigned long flags;
	bool fits;

	if (!READ_ONCE(s->on) || ZERO_OR_NULL_PTR(ptr))
		return;
	area = kmem_cache_alloc(s->areas, record_gfp(gfp));
	o = object_lock(ptr, "add a scan area to", &flags);
	if (!o) {
		kmem_cache_free(s->areas, area);
		return;
	}
	/* Without memory for an area all of the object is looked into. */
	fits = area && size <= o->range.end - (unsigned long)ptr;
	if (fits) {
		*area = (struct leak_area){ o->areas, (unsigned long)ptr,
					    (unsigned long)ptr + size };
		o->areas = area;
	}
	spin_unlock_irqrestore(&s->lock, flags);
	if (fits)
		return;
	if (area)
		pr_warn("kmemleak: Scan area of %zu bytes at 0x%px larger than its object\n",
			size, ptr);
	kmem_cache_free(s->areas, area);
}

/* ---- all of them ------------------------------------------------------ */

/* Forgets every object, after kmemleak went off. Task context. */
static void records_drop(void)
{
	struct range_node *node;

	while ((node = range_tree_from(&leak_state()->objects, 0))) {
		struct leak_object *o = record_take((void *)node->start);

		if (o)
			record_free(o);
	}
}

/* What was found is of no interest any more. */
static void reported_clear(void)
{
	struct leak_state *s = leak_state();
	struct range_node *node;
	unsigned long flags, at = 0;

	for (;;) {
		spin_lock_irqsave(&s->lock, flags);
		node = range_tree_from(&s->objects, at);
		if (node) {
			struct leak_object *o = leak_of(node);

			at = node->end;
			if (o->flags & LEAK_REPORTED && leak_is_white(o))
				o->min_count = 0;
		}
		spin_unlock_irqrestore(&s->lock, flags);
		if (!node)
			break;
	}
}

void leak_clear(void)
{
	if (leak_state()->on)
		reported_clear();
	else
		records_drop();
}

int kmemleak_check(void)
{
	struct leak_state *s = leak_state();
	struct range_node *node;
	unsigned long flags, n = 0;
	int nr;

	mutex_lock(&s->scan_mutex);
	spin_lock_irqsave(&s->lock, flags);
	nr = range_tree_check(&s->objects) ? 1 : 0;
	for (node = range_tree_from(&s->objects, 0); node && !nr;
	     node = range_tree_from(&s->objects, node->end)) {
		n++;
		if (!list_empty(&leak_of(node)->gray))
			nr = 3;
	}
	if (!nr && n != s->nr_objects)
		nr = 2;
	spin_unlock_irqrestore(&s->lock, flags);
	mutex_unlock(&s->scan_mutex);
	return nr;
}
