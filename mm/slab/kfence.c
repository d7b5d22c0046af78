// SPDX-License-Identifier: MIT
/*
 * KFENCE: samples of allocations, each on a page of its own.
 *
 *   pool   | guard | guard | object 0 | guard | object 1 | guard | ...
 *                            aa aa [object] aa
 *
 * The object lies at the beginning or at the end of its page, as chance has
 * it, so that an access past one of its ends faults; bytes left over on the
 * page are a pattern (canary) that is looked at when the object is freed. From
 * then on its page faults too, until the object is wanted again, which is late
 * since the one freed first is taken first. What faults is reported, and is let
 * pass: production goes on.
 *
 * When a sample is due. By time, every kfence.sample_interval= milliseconds of
 * the port's clock: the timer interrupt then shuts its CPU's section
 * (CPU_SECTION_SAMPLE), so that the next allocation takes the slow path, which
 * takes the sample and opens the section again. A port without such an
 * interrupt samples when an allocation takes the slow path anyhow. By count,
 * kfence.sample_count=N: each N-th allocation that takes the slow path, which
 * comes out the same whenever the machine does the same. The fast path has no
 * test for either.
 *
 *   kfence.num_objects=N   objects of the pool: two pages each, 255 by default
 *
 * Invariants (kfence_check())
 *   I1  an object is on the free list if and only if it is not allocated
 *   I2  a page is open if and only if its object is allocated, or a wrong
 *       access to it was let pass
 *   I3  an object lies on its page
 *   I4  the states' counts are nr_state[]
 *
 * Locks: kfence_state.lock, with interrupts off; a leaf but for the log's.
 *
 * Differs from Linux: off unless an option asks for it; an object on a page is
 * shown by its whole size; the pool is one block of pages, 511 objects at most.
 */
#include "kfence.h"

#include <linux/errno.h>
#include <linux/init.h>
#include <linux/kernel.h>
#include <linux/kstrtox.h>
#include <linux/sched.h>
#include <linux/smp.h>
#include <linux/stacktrace.h>
#include <linux/string.h>
#include <octavo/port.h>

#define DEFAULT_OBJECTS	255U
/* Two pages each, and two more, in a block of the largest order. */
#define MAX_OBJECTS	((unsigned int)(MAX_ORDER_NR_PAGES / 2 - 1))
#define NS_PER_MS	1000000ULL

/* ---- options ---------------------------------------------------------- */

static int __init option_number(const char *name, const char *val,
				unsigned int max, const char *reason,
				unsigned int *value)
{
	unsigned int n;

	if (!val || kstrtouint(val, 0, &n) || n > max)
		return option_malformed(name, val, reason);
	*value = n;
	return 0;
}

static int __init option_interval(char *val)
{
	return option_number("kfence.sample_interval", val, INT_MAX,
			     "is no number of milliseconds",
			     &kfence_state()->interval_ms);
}
early_param("kfence.sample_interval", option_interval);

static int __init option_count(char *val)
{
	return option_number("kfence.sample_count", val, INT_MAX,
			     "is no number of allocations",
			     &kfence_state()->count);
}
early_param("kfence.sample_count", option_count);

static int __init option_objects(char *val)
{
	unsigned int n = 0;
	int err = option_number("kfence.num_objects", val, MAX_OBJECTS,
				"is not 1 to 511", &n);

	if (err)
		return err;
	if (!n)
		return option_malformed("kfence.num_objects", val,
					"is not 1 to 511");
	kfence_state()->nr_objects = n;
	return 0;
}
early_param("kfence.num_objects", option_objects);
static_assert(MAX_ORDER_NR_PAGES / 2 - 1 == 511, "as the lines say");

bool kfence_wanted(void)
{
	return kfence_state()->interval_ms || kfence_state()->count;
}

/* ---- the pool --------------------------------------------------------- */

static void page_close(struct kfence_meta *meta)
{
	meta->open = false;
	port_page_guard((void *)meta->page, true);
}

static void page_open(struct kfence_meta *meta)
{
	meta->open = true;
	port_page_guard((void *)meta->page, false);
}

static void __init pool_setup(struct kfence_state *k)
{
	unsigned int i;

	port_page_guard((void *)k->pool, true);
	for (i = 0; i < k->nr_objects; i++) {
		struct kfence_meta *meta = &k->objects[i];

		meta->page = k->pool + (2 * i + 2) * PAGE_SIZE;
		port_page_guard((void *)(meta->page - PAGE_SIZE), true);
		page_close(meta);
		list_add_tail(&meta->list, &k->free);
	}
	port_page_guard((void *)(k->pool + k->pool_size - PAGE_SIZE), true);
	k->nr_state[KFENCE_UNUSED] = k->nr_objects;
}

void __init kfence_init(void)
{
	struct kfence_state *k = kfence_state();
	size_t size;

	spin_lock_init(&k->lock);
	INIT_LIST_HEAD(&k->free);
	if (!kfence_wanted())
		return;
	k->nr_objects = k->nr_objects ?: DEFAULT_OBJECTS;
	/* Two guards in front, one behind each. */
	size = (2 * (size_t)k->nr_objects + 2) * PAGE_SIZE;
	k->objects = alloc_pages_exact(k->nr_objects * sizeof(*k->objects),
				       GFP_NOWAIT | __GFP_ZERO);
	k->pool = (unsigned long)alloc_pages_exact(size, GFP_NOWAIT);
	if (!k->objects || !k->pool) {
		pr_err("kfence: no memory for a pool of %u objects: off\n",
		       k->nr_objects);
		if (k->objects)
			free_pages_exact(k->objects,
					 k->nr_objects * sizeof(*k->objects));
		k->objects = NULL;
		return;
	}
	k->pool_size = size;
	pool_setup(k);
	k->next = port_clock_ns() + k->interval_ms * NS_PER_MS;
	WRITE_ONCE(k->enabled, true);
	pr_info("kfence: initialized - using %zu bytes for %u objects at 0x%px-0x%px\n",
		size, k->nr_objects, (void *)k->pool, (void *)(k->pool + size));
}

/* The object whose page @addr is on; NULL: a guard. */
static struct kfence_meta *meta_of(unsigned long addr)
{
	struct kfence_state *k = kfence_state();
	unsigned long page = (addr - k->pool) / PAGE_SIZE;

	if (page < 2 || page & 1)
		return NULL;
	return &k->objects[page / 2 - 1];
}

/* ---- when a sample is due --------------------------------------------- */

static bool count_due(struct kfence_state *k)
{
	if (!k->count)
		return false;
	/* Relaxed: counts, and orders nothing. */
	return __atomic_add_fetch(&k->nr_asked, 1, __ATOMIC_RELAXED) %
	       k->count == 0;
}

/* One caller's, if the time has come. */
static bool time_due(struct kfence_state *k)
{
	u64 next = __atomic_load_n(&k->next, __ATOMIC_RELAXED), now;

	if (!k->interval_ms)
		return false;
	now = port_clock_ns();
	return now >= next &&
	       __atomic_compare_exchange_n(&k->next, &next, now +
					   k->interval_ms * NS_PER_MS, false,
					   __ATOMIC_RELAXED, __ATOMIC_RELAXED);
}

void kfence_tick(void)
{
	struct kfence_state *k = kfence_state();

	if (!READ_ONCE(k->enabled) || !k->interval_ms ||
	    port_clock_ns() < __atomic_load_n(&k->next, __ATOMIC_RELAXED))
		return;
	slab_front_shut();
}

/* ---- allocation ------------------------------------------------------- */

static void track_set(struct kfence_track *t, unsigned long caller)
{
	const struct task_struct *task = current;

	t->handle = slab_stack_save(caller);
	t->pid = task ? task->pid : 0;
	t->cpu = (unsigned int)raw_smp_processor_id();
	t->when = port_clock_ns();
}

static void state_set(struct kfence_meta *meta, enum kfence_object_state state)
{
	struct kfence_state *k = kfence_state();

	k->nr_state[meta->state]--;
	k->nr_state[state]++;
	meta->state = state;
}

/* The bytes of the page that are not the object's. */
static void canaries_set(const struct kfence_meta *meta)
{
	unsigned long p;

	for (p = meta->page; p < meta->page + PAGE_SIZE; p++)
		if (p < meta->addr || p >= meta->addr + meta->size)
			*(u8 *)p = kfence_canary(p);
}

/* At the end of its page, or at the beginning. Lock. */
static void object_place(struct kfence_meta *meta, struct kmem_cache *cache,
			 size_t size)
{
	meta->addr = meta->page;
	if (port_random() & 1)
		meta->addr = ALIGN_DOWN(meta->page + PAGE_SIZE - size,
					cache->align);
	meta->size = size;
	meta->cache = cache;
	strscpy(meta->name, cache->name, sizeof(meta->name));
}

static bool sample_fits(const struct kmem_cache *cache, size_t size, gfp_t gfp)
{
	return size <= PAGE_SIZE && !cache->dtor &&
	       !(cache->flags & SLAB_CACHE_DMA) &&
	       !(gfp & (GFP_ZONEMASK | __GFP_THISNODE));
}

void *kfence_alloc(struct kmem_cache *cache, size_t size, gfp_t gfp,
		   unsigned long caller)
{
	struct kfence_state *k = kfence_state();
	struct kfence_meta *meta = NULL;
	unsigned long flags;

	if (likely(!READ_ONCE(k->enabled)))
		return NULL;
	slab_front_unshut();
	if (!sample_fits(cache, size, gfp) || !(count_due(k) || time_due(k)))
		return NULL;
	spin_lock_irqsave(&k->lock, flags);
	if (list_empty(&k->free)) {
		k->nr_skipped++;
	} else {
		meta = list_first_entry(&k->free, struct kfence_meta, list);
		list_del_init(&meta->list);
		state_set(meta, KFENCE_ALLOCATED);
		object_place(meta, cache, size);
		page_open(meta);
		canaries_set(meta);
		track_set(&meta->alloc, caller);
		k->nr_allocs++;
	}
	spin_unlock_irqrestore(&k->lock, flags);
	if (!meta)
		return NULL;
	if (cache->ctor)
		cache->ctor((void *)meta->addr);
	return (void *)meta->addr;
}

/* ---- frees ------------------------------------------------------------ */

static void event_here(struct kfence_event *e, enum kfence_error error,
		       unsigned long addr, unsigned long caller)
{
	const unsigned long *entries;
	unsigned int i;

	*e = (struct kfence_event){ .error = error, .addr = addr };
	e->nr = stack_depot_fetch(slab_stack_save(caller), &entries);
	e->nr = min(e->nr, KFENCE_STACK + 0U);
	for (i = 0; i < e->nr; i++)
		e->stack[i] = entries[i];
}

/* Reports the first byte around the object that is not as it was set. */
static void canaries_check(const struct kfence_meta *meta,
			   unsigned long caller)
{
	struct kfence_event e;
	unsigned long p;

	for (p = meta->page; p < meta->page + PAGE_SIZE; p++) {
		if (p >= meta->addr && p < meta->addr + meta->size)
			continue;
		if (*(const u8 *)p != kfence_canary(p)) {
			event_here(&e, KFENCE_CORRUPTION, p, caller);
			kfence_report(&e, meta);
			return;
		}
	}
}

static bool object_is_out(const struct kfence_meta *meta,
			  const struct kmem_cache *cache, const void *object)
{
	return meta && meta->state == KFENCE_ALLOCATED &&
	       meta->addr == (unsigned long)object &&
	       (!cache || cache == meta->cache);
}

const char *kfence_free_fault(const struct kmem_cache *cache,
			      const void *object, struct kmem_cache **of)
{
	const struct kfence_meta *meta = meta_of((unsigned long)object);

	if (!meta || meta->state == KFENCE_UNUSED)
		return "no object's memory:";
	if (meta->addr != (unsigned long)object)
		return "not the start of an object:";
	if (meta->state != KFENCE_ALLOCATED)
		return "double free of";
	*of = meta->cache;
	return object_is_out(meta, cache, object) ? NULL :
	       "an object of another cache:";
}

bool kfence_free(struct kmem_cache *cache, void *object, unsigned long caller)
{
	struct kfence_meta *meta = meta_of((unsigned long)object);
	struct kfence_state *k = kfence_state();
	unsigned long flags;
	bool good;

	spin_lock_irqsave(&k->lock, flags);
	good = object_is_out(meta, cache, object);
	if (good) {
		canaries_check(meta, caller);
		track_set(&meta->free, caller);
		state_set(meta, KFENCE_FREED);
		meta->cache = NULL;
		page_close(meta);
		list_add_tail(&meta->list, &k->free);
		k->nr_frees++;
	} else {
		struct kfence_event e;

		event_here(&e, KFENCE_INVALID_FREE, (unsigned long)object,
			   caller);
		kfence_report(&e, meta);
	}
	spin_unlock_irqrestore(&k->lock, flags);
	return good;
}

size_t kfence_ksize(const void *addr)
{
	const struct kfence_meta *meta = meta_of((unsigned long)addr);

	return meta && meta->state == KFENCE_ALLOCATED ? meta->size : 0;
}

void *kfence_object_start(const void *addr)
{
	const struct kfence_meta *meta = meta_of((unsigned long)addr);

	return meta ? (void *)meta->addr : NULL;
}

unsigned long kfence_objects_of(const struct kmem_cache *cache)
{
	struct kfence_state *k = kfence_state();
	unsigned long flags, n = 0;
	unsigned int i;

	if (!k->pool_size)
		return 0;
	spin_lock_irqsave(&k->lock, flags);
	for (i = 0; i < k->nr_objects; i++)
		n += k->objects[i].cache == cache;
	spin_unlock_irqrestore(&k->lock, flags);
	return n;
}

/* ---- faults ----------------------------------------------------------- */

/* The object next to the guard page of @addr whose end is nearest. */
static struct kfence_meta *meta_near(unsigned long addr)
{
	struct kfence_state *k = kfence_state();
	struct kfence_meta *below = NULL, *above = NULL;

	if (addr - PAGE_SIZE >= k->pool)
		below = meta_of(addr - PAGE_SIZE);
	if (addr + PAGE_SIZE < k->pool + k->pool_size)
		above = meta_of(addr + PAGE_SIZE);
	if (below && below->state == KFENCE_UNUSED)
		below = NULL;
	if (above && above->state == KFENCE_UNUSED)
		above = NULL;
	if (!below || !above)
		return below ?: above;
	return addr - (below->addr + below->size) < above->addr - addr ?
	       below : above;
}

bool kfence_handle_page_fault(unsigned long addr, bool is_write,
			      unsigned long ip, unsigned long fp)
{
	struct kfence_state *k = kfence_state();
	struct kfence_event e = { .addr = addr, .is_write = is_write };
	struct kfence_meta *meta;
	unsigned long flags;

	if (!is_kfence_address((void *)addr))
		return false;
	e.nr = stack_trace_save_at(ip, fp, e.stack, KFENCE_STACK);
	spin_lock_irqsave(&k->lock, flags);
	meta = meta_of(addr);
	if (!meta) {
		e.error = KFENCE_OOB;
		kfence_report(&e, meta_near(addr));
		/* It is no guard any more: who asks next is past it. */
		port_page_guard((void *)(addr & PAGE_MASK), false);
	} else if (!meta->open) {
		e.error = KFENCE_UAF;
		kfence_report(&e, meta);
		page_open(meta);
	} else {
		/* This CPU remembered what was there before. */
		port_page_guard((void *)meta->page, false);
	}
	spin_unlock_irqrestore(&k->lock, flags);
	return true;
}

/* ---- checking --------------------------------------------------------- */

static int meta_check(const struct kfence_meta *meta)
{
	bool out = meta->state == KFENCE_ALLOCATED;

	if (list_empty(&meta->list) != out)
		return 1;
	if (out && !meta->open)
		return 2;
	if (out && (meta->addr < meta->page ||
		    meta->addr + meta->size > meta->page + PAGE_SIZE))
		return 3;
	return 0;
}

int kfence_check(void)
{
	struct kfence_state *k = kfence_state();
	unsigned int n[NR_KFENCE_STATES] = { 0 }, i;
	unsigned long flags;
	int nr = 0;

	if (!k->pool_size)
		return 0;
	spin_lock_irqsave(&k->lock, flags);
	for (i = 0; i < k->nr_objects && !nr; i++) {
		nr = meta_check(&k->objects[i]);
		n[k->objects[i].state]++;
	}
	for (i = 0; i < NR_KFENCE_STATES && !nr; i++)
		nr = n[i] == k->nr_state[i] ? 0 : 4;
	spin_unlock_irqrestore(&k->lock, flags);
	return nr;
}
