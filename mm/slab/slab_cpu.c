// SPDX-License-Identifier: MIT
/*
 * CPUs' slots: where an array is exchanged, filled or emptied, and how others
 * get at them.
 *
 *   allocation, array in use empty        free, array in use full
 *     the spare is full: exchange them      the spare is empty: exchange them
 *     the depot has a full one: take it     the depot has room: give the spare
 *     a slab's objects into the array       the spare's objects to their slabs
 *     a new slab, outside the section
 *
 * With two arrays, a CPU that frees and allocates in turn at the edge of one
 * does not go to the depot each time.
 *
 * Each CPU has a table of slots by kind. Tables grow by doubling, while all
 * CPUs' sections are claimed; a slot's address is good inside the section
 * only.
 *
 * Locks: the section; claim_lock of who claims all CPUs' sections. Inside of
 * either: node locks, and the page allocator's without sleeping.
 */
#include "slab_watch.h"

#include <linux/cpu.h>
#include <linux/errno.h>
#include <linux/init.h>
#include <linux/kernel.h>
#include <linux/mutex.h>
#include <linux/sched.h>
#include <linux/string.h>

#include <octavo/trace_watch.h>
#include <trace/events/kmem.h>

/* Bits that contradict what objects are: mapped memory of the cache's kind. */
#define SLAB_GFP_BUG	(__GFP_DMA32 | __GFP_HIGHMEM | ~__GFP_BITS_MASK)

static struct slab_array *slot_array(const struct slab_slot *slot)
{
	return slot->high ? container_of((void *)slot->objs, struct slab_array,
					 objs) : NULL;
}

/* @array, with @count objects, is the one in use. */
static void slot_use(struct slab_slot *slot, struct slab_array *array,
		     u32 count)
{
	slot->objs = array->objs;
	/* Others look whether there is any. */
	__atomic_store_n(&slot->high, array->capacity, __ATOMIC_RELAXED);
	slot_set_count(slot, count);
}

/* The array in use becomes the spare one, as it is. */
static void slot_set_spare(struct slab_slot *slot, struct slab_array *array,
			   u32 count)
{
	array->count = count;
	slot->spare = array;
}

/* Exchanges the two arrays. */
static void slot_swap(struct slab_slot *slot)
{
	struct slab_array *spare = slot->spare;

	slot_set_spare(slot, slot_array(slot), slot->count);
	slot_use(slot, spare, spare->count);
}

/* ---- fronts ----------------------------------------------------------- */

/*
 * Allocations and frees do not look at claims: they are kept off by slots that
 * hold nothing. Who opens looks for a claim after it: a claim that
 * comes before is seen, and one that comes later finds the front open for
 * certain, and closes it.
 */
static void front_close(struct slab_front *front)
{
	struct slab_slot *none = slab_state()->no_slots;

	/* Pair with the acquires in asm-generic/slab_fast.h. */
	port_store(&front->local, (char *)none, __ATOMIC_RELEASE);
	port_store(&front->slots, none, __ATOMIC_RELEASE);
	barrier();
}

static void front_open(struct slab_front *front)
{
	barrier();
	/* Pair as above. */
	port_store(&front->local, front->table_local, __ATOMIC_RELEASE);
	port_store(&front->slots, front->table, __ATOMIC_RELEASE);
	barrier();
}

static struct slab_front *front_lock_but(u32 but)
{
	struct cpu_section *section;

	if (!cpu_section_lock_but(&slab_front.section, &section, but))
		return NULL;
	front_close(front_of(section));
	return front_of(section);
}

struct slab_front *slab_front_lock(void)
{
	return front_lock_but(0);
}

/* For the slow path, which has the tracepoints. */
static struct slab_front *front_lock_slow(void)
{
	return front_lock_but(CPU_SECTION_TRACED);
}

void slab_front_unlock(struct slab_front *front)
{
	/* What is traced is open at no moment. */
	if (!(port_load(&front->section.claimed, __ATOMIC_RELAXED) &
	      CPU_SECTION_TRACED)) {
		front_open(front);
		if (port_load(&front->section.claimed, __ATOMIC_RELAXED))
			front_close(front);
	}
	cpu_section_unlock(&front->section);
}

/*
 * @cache's slot of node @nid, which becomes its own when it is first looked
 * for: with many CPUs, most caches are used by few. Locked.
 */
static struct slab_slot *front_slot_of(struct slab_front *front,
				       struct kmem_cache *cache, int nid)
{
	struct slab_slot *slot = &front->table[cache_kind(cache, nid)];

	if (unlikely(slot->cache != cache)) {
		slot_init(slot, cache, nid);
		WRITE_ONCE(cache->has_slots, true);
	}
	return slot;
}

/* ---- allocation ------------------------------------------------------- */

/* In the section, or the owner. */
bool slot_refill(struct kmem_cache *cache, struct kmem_cache_node *n,
			struct slab_slot *slot)
{
	struct slab_array *array = slot_array(slot), *full;
	unsigned int nr;

	if (slot->spare && slot->spare->count) {
		slot_swap(slot);
		return true;
	}
	if (!array) {
		array = slab_array_create(cache, (int)n->nid);
		if (!array)
			return false;
		slot_use(slot, array, 0);
	}
	full = depot_take_full(n, slot->spare);
	if (full) {
		slot_set_spare(slot, array, 0);
		slot_use(slot, full, full->count);
		return true;
	}
	nr = node_take(cache, n, array->objs, array->capacity);
	slot_set_count(slot, nr);
	return nr;
}

/* What CPU, depot or slabs have; NULL: node @nid has nothing free. */
static void *alloc_from_node(struct kmem_cache *cache, int nid)
{
	struct kmem_cache_node *n = &cache->node[nid];
	void *object = NULL;
	struct slab_front *front = front_lock_slow();
	struct slab_slot *slot;

	if (front) {
		slot = front_slot_of(front, cache, nid);
		if (slot->count || slot_refill(cache, n, slot)) {
			object = slot->objs[slot->count - 1];
			slot_set_count(slot, slot->count - 1);
		}
		slab_front_unlock(front);
	}
	if (!object)
		node_take(cache, n, &object, 1);
	return object;
}

/* The page allocator found nothing: any node's, if the request may. */
static void *alloc_from_any_node(struct kmem_cache *cache, gfp_t gfp, int nid)
{
	struct kmem_cache_node *n;
	void *object = alloc_from_node(cache, nid);

	if (object || gfp & __GFP_THISNODE)
		return object;
	for_each_cache_node(n, cache) {
		object = alloc_from_node(cache, (int)n->nid);
		if (object)
			break;
	}
	return object;
}

static gfp_t slab_gfp_check(const struct kmem_cache *cache, gfp_t gfp,
			    unsigned long caller)
{
	gfp_t bad = gfp & SLAB_GFP_BUG;

	if (!(cache->flags & SLAB_CACHE_DMA))
		bad |= gfp & __GFP_DMA;
	if (unlikely(bad)) {
		atomic_long_inc(&slab_state()->nr_bad);
		pr_err("BUG: Bad flags %#x in a request to cache %s at %pS: left out\n",
		       bad, cache->name, (void *)caller);
	}
	gfp &= ~bad;
	if (!(gfp & __GFP_DIRECT_RECLAIM) || likely(preemptible()))
		return gfp;
	return page_gfp_refuse_sleep(gfp, caller);
}

/* A node without low memory gives nothing: what the nearest has is as good. */
static int nid_to_try(int nid, gfp_t gfp)
{
	if (nid == NUMA_NO_NODE)
		return numa_mem_id();
	if (WARN(!nid_possible(nid), "kmem_cache_alloc_node: no node %d\n",
		 nid))
		return numa_mem_id();
	if (unlikely(!node_state(nid, N_NORMAL_MEMORY)) &&
	    !(gfp & __GFP_THISNODE) && NODE_DATA(nid))
		return node_to_mem_node(nid);
	return nid;
}

void *slab_take_object(struct kmem_cache *cache, gfp_t gfp, int nid)
{
	void *object = alloc_from_node(cache, nid);
	int got;

	while (!object) {
		got = node_grow(cache, gfp, nid);
		if (got < 0)
			return alloc_from_any_node(cache, gfp, nid);
		object = alloc_from_node(cache, got);
	}
	return object;
}

/* slab_alloc_slow(), untraced. */
static __always_inline void *
alloc_slow(struct kmem_cache *cache, gfp_t gfp, int nid, size_t size,
	   unsigned long caller)
{
	void *object;

	gfp = slab_gfp_check(cache, gfp, caller);
	nid = nid_to_try(nid, gfp);
	if (unlikely(slab_watches(cache)))
		return slab_watch_alloc(cache, gfp, nid, size, caller);
	object = slab_take_object(cache, gfp, nid);
	if (!object)
		return NULL;
	object_leaves(cache, object);
	if (gfp & __GFP_ZERO)
		memset(object, 0, cache->object_size);
	return object;
}

static noinline void slab_trace_alloc(struct kmem_cache *cache, gfp_t gfp,
				      int nid, size_t size,
				      unsigned long caller, const void *object)
{
	/* Who says a size has called kmalloc(). */
	if (size)
		trace_kmalloc(caller, object, size, cache->size, gfp, nid);
	else
		trace_kmem_cache_alloc(caller, object, cache, gfp, nid);
}

void *slab_alloc_slow(struct kmem_cache *cache, gfp_t gfp, int nid,
		      size_t size, unsigned long caller)
{
	void *object = alloc_slow(cache, gfp, nid, size, caller);

	if (trace_points_on())
		slab_trace_alloc(cache, gfp, nid, size, caller, object);
	return object;
}

/* ---- frees ------------------------------------------------------------ */

/* The arrays of a slot are full, and so is the depot: half goes home. */
static void slot_give_half(struct kmem_cache *cache, struct kmem_cache_node *n,
			   struct slab_slot *slot)
{
	u32 nr = (slot->count + 1) / 2, left = slot->count - nr;

	/* The oldest, which are at the bottom. */
	node_put(cache, n, slot->objs, nr, true);
	memmove(slot->objs, slot->objs + nr, left * sizeof(*slot->objs));
	slot_set_count(slot, left);
}

/* A spare array that is empty, or none. */
static struct slab_array *slot_empty_spare(struct kmem_cache *cache,
					   struct kmem_cache_node *n,
					   struct slab_slot *slot)
{
	struct slab_array *spare = slot->spare, *empty;

	if (!spare)
		return slab_array_create(cache, (int)n->nid);
	if (!spare->count)
		return spare;
	empty = depot_take_empty(cache, n, spare);
	if (empty)
		return empty;
	node_put(cache, n, spare->objs, spare->count, true);
	spare->count = 0;
	return spare;
}

/* In the section, or the owner. */
bool slot_make_room(struct kmem_cache *cache, struct kmem_cache_node *n,
			   struct slab_slot *slot)
{
	struct slab_array *array = slot_array(slot), *empty;

	if (!array) {
		array = slab_array_create(cache, (int)n->nid);
		if (array)
			slot_use(slot, array, 0);
		return array;
	}
	empty = slot_empty_spare(cache, n, slot);
	if (!empty) {
		slot_give_half(cache, n, slot);
		return true;
	}
	slot_set_spare(slot, array, slot->count);
	slot_use(slot, empty, 0);
	return true;
}

/* Keeps @object for this CPU; false: it does not want it. */
static bool free_to_slot(struct kmem_cache *cache, unsigned int kind,
			 void *object)
{
	struct slab_front *front = front_lock_slow();
	struct slab_slot *slot;
	bool kept;

	if (!front)
		return false;
	slot = front_slot_of(front, cache,
			     (int)(kind & ((1U << slab_state()->node_shift) - 1)));
	kept = slot->count < slot->high ||
	       slot_make_room(cache, &cache->node[slot->nid], slot);
	if (kept) {
		slot->objs[slot->count] = object;
		slot_set_count(slot, slot->count + 1);
	}
	slab_front_unlock(front);
	return kept;
}

bool slab_keep_remote(struct slab_slot *slot, const struct kmem_cache *cache,
		      void *object)
{
	return slot->cache == cache &&
	       slot_keep(slot, direct_offset(object), object);
}

/* Whether @object is what this CPU freed last of its kind. */
static bool freed_last(unsigned int kind, const void *object)
{
	struct slab_front *front = front_lock_slow();
	const struct slab_slot *slot;
	bool last = false;

	if (!front)
		return false;
	slot = &front->table[kind];
	if (slot->count)
		last = slot->objs[slot->count - 1] == object;
	slab_front_unlock(front);
	return last;
}

static noinline void slab_trace_free(struct kmem_cache *cache, void *object,
				     unsigned long caller)
{
	if (cache)
		trace_kmem_cache_free(caller, object, cache);
	else
		trace_kfree(caller, object);
}

void slab_free_slow(struct kmem_cache *cache, void *object,
		    unsigned long caller)
{
	struct kmem_cache *of = NULL;
	const char *fault = slab_free_fault(cache, object, &of);
	unsigned int kind = frame_kind(object);

	if (trace_points_on())
		slab_trace_free(cache, object, caller);
	if (unlikely(slab_watches_free(cache, of, object)) &&
	    !slab_watch_free(cache, of, fault, object, caller))
		return;

	if (!fault && kind == FRAME_LARGE) {
		kmalloc_large_free(object);
		return;
	}
	if (!fault && freed_last(kind, object))
		fault = "double free of";
	if (unlikely(fault)) {
		slab_report(of ?: cache, fault, object);
		return;
	}
	object_comes(of, object);
	if (!free_to_slot(of, kind, object))
		node_put(of, &of->node[page_to_nid(virt_to_page(object))],
			 &object, 1, true);
}

/* ---- all CPUs --------------------------------------------------------- */

/*
 * Two barriers: after the first no CPU opens its front,
 * after the second none is at what it found while it was open.
 */
void slab_claim(void)
{
	unsigned int cpu;

	spin_lock(&slab_state()->claim_lock);
	for_each_possible_cpu(cpu)
		cpu_section_claim(&per_cpu(slab_front, cpu).section,
				  CPU_SECTION_CLAIMED);
	if (!PLANT(slab_no_barrier))
		port_cpu_barrier(cpu_possible_mask);
	for_each_possible_cpu(cpu)
		front_close(&per_cpu(slab_front, cpu));
	if (!PLANT(slab_no_barrier))
		port_cpu_barrier(cpu_possible_mask);
	for_each_possible_cpu(cpu)
		if (!PLANT(slab_busy_unseen))
			cpu_section_wait(&per_cpu(slab_front, cpu).section);
}

/* Fronts are opened while no CPU can be inside, so none that is finds out.
 * Those that are shut for other reasons stay shut. */
static void fronts_open(void)
{
	unsigned int cpu;

	for_each_possible_cpu(cpu) {
		struct slab_front *front = &per_cpu(slab_front, cpu);

		if (!(port_load(&front->section.claimed, __ATOMIC_RELAXED) &
		      ~CPU_SECTION_CLAIMED))
			front_open(front);
	}
}

void slab_release(void)
{
	unsigned int cpu;

	fronts_open();
	for_each_possible_cpu(cpu)
		cpu_section_release(&per_cpu(slab_front, cpu).section,
				    CPU_SECTION_CLAIMED);
	spin_unlock(&slab_state()->claim_lock);
}

/* The claim comes between two that have all fronts shut. */
void slab_fronts_shut(u32 why, bool on)
{
	unsigned int cpu;

	slab_claim();
	for_each_possible_cpu(cpu) {
		struct cpu_section *s = &per_cpu(slab_front, cpu).section;

		if (on)
			cpu_section_claim(s, why);
		else
			cpu_section_release(s, why);
	}
	slab_release();
}

void slab_trace_watch(bool on)
{
	slab_fronts_shut(CPU_SECTION_TRACED, on);
}

void slab_front_shut(void)
{
	struct slab_front *front = this_cpu_ptr(&slab_front);

	cpu_section_claim(&front->section, CPU_SECTION_SAMPLE);
	/* Who is inside closes it again when it leaves. */
	front_close(front);
}

void slab_front_unshut(void)
{
	struct slab_front *front;

	preempt_disable();
	front = this_cpu_ptr(&slab_front);
	if (port_load(&front->section.claimed, __ATOMIC_RELAXED) &
	    CPU_SECTION_SAMPLE) {
		cpu_section_release(&front->section, CPU_SECTION_SAMPLE);
		/* Leaving opens it, unless others have it shut. */
		front = slab_front_lock();
		if (front)
			slab_front_unlock(front);
	}
	preempt_enable();
}

struct slab_slot *slab_slot_of(unsigned int cpu, const struct kmem_cache *cache,
			       int nid)
{
	return &per_cpu(slab_front, cpu).table[cache_kind(cache, nid)];
}

/* Claimed, or the owner. */
void slot_drain(struct kmem_cache *cache, struct slab_slot *slot)
{
	struct kmem_cache_node *n = &cache->node[slot->nid];
	struct slab_array *spare = slot->spare;

	if (slot->count)
		node_put(cache, n, slot->objs, slot->count, true);
	slot_set_count(slot, 0);
	if (!spare || !spare->count)
		return;
	node_put(cache, n, spare->objs, spare->count, true);
	spare->count = 0;
}

/* Claimed, or the owner. */
void slot_strip(struct slab_slot *slot)
{
	slab_array_free(slot_array(slot));
	slab_array_free(slot->spare);
	slot->objs = NULL;
	__atomic_store_n(&slot->high, 0, __ATOMIC_RELAXED);
	slot->spare = NULL;
}

void slab_drain(struct kmem_cache *cache)
{
	unsigned int cpu;
	int nid;

	if (!READ_ONCE(cache->has_slots))
		return;
	slab_claim();
	for_each_possible_cpu(cpu)
		for (nid = 0; nid < this_machine()->nr_nodes; nid++)
			slot_drain(cache, slab_slot_of(cpu, cache, nid));
	slab_release();
}

void slab_drain_node(struct kmem_cache *cache, int nid, bool strip)
{
	unsigned int cpu;

	slab_claim();
	for_each_possible_cpu(cpu) {
		struct slab_slot *slot = slab_slot_of(cpu, cache, nid);

		slot_drain(cache, slot);
		if (strip)
			slot_strip(slot);
	}
	slab_release();
}

/* ---- tables ----------------------------------------------------------- */

void slot_init(struct slab_slot *slot, struct kmem_cache *cache,
		      int nid)
{
	unsigned long excess;

	memset(slot, 0, sizeof(*slot));
	slot->cache = cache;
	slot->reciprocal = ULONG_MAX / cache->size + 1;
	/* By how much size * reciprocal is more than 2^BITS_PER_LONG. */
	excess = slot->reciprocal * cache->size;
	/* What is a byte short of object num + 1 must not come out as 0. */
	if (!excess || (slot->reciprocal - 1) / excess > cache->num)
		slot->limit = (cache->num - 1) * excess + 1;
	slot->mask = (u32)(PAGE_SIZE << cache->order) - 1;
	slot->colour_mask = cache_colour_mask(cache);
	slot->nid = (u32)nid;
}

int slab_slots_prepare(struct kmem_cache *cache)
{
	struct slab_state *s = slab_state();

	return cache->id < s->nr_ids ? 0 : slab_tables_grow(2 * s->nr_ids);
}

void slab_slots_clear(struct kmem_cache *cache)
{
	unsigned int cpu;
	int nid;

	if (!READ_ONCE(cache->has_slots))
		return;
	slab_claim();
	for_each_possible_cpu(cpu)
		for (nid = 0; nid < this_machine()->nr_nodes; nid++) {
			struct slab_slot *slot = slab_slot_of(cpu, cache, nid);

			slot_drain(cache, slot);
			slot_strip(slot);
			memset(slot, 0, sizeof(*slot));
		}
	slab_release();
}

static size_t table_size(unsigned int nr_ids)
{
	return ((size_t)nr_ids << slab_state()->node_shift) *
	       sizeof(struct slab_slot);
}

/* Sets the new table of a CPU up; claimed. Returns the former. */
static void *front_set_table(unsigned int cpu, struct slab_slot *slots,
			     unsigned int former_ids)
{
	struct slab_front *front = per_cpu_ptr(&slab_front, cpu);
	struct slab_state *s = slab_state();
	void *former = front->table;

	if (former)
		memcpy(slots, former, table_size(former_ids));
	front->table = slots;
	front->table_local = (char *)(slots + per_cpu(numa_mem, cpu));
	if (!former) {
		front->frames = s->frames;
		front->kinds = s->frames[0];
		front->nr_frames = s->nr_frames;
	}
	front_close(front);
	return former;
}

/* Tables of CPUs, linked by their first word until they are in use. */
static void tables_free(void **tables, size_t size)
{
	while (tables) {
		void **next = *tables;

		free_pages_exact(tables, size);
		tables = next;
	}
}

/* One more table before @tables, or NULL. */
static void **table_alloc(int nid, size_t size, void **tables)
{
	void **table = alloc_pages_exact_nid(nid, size,
					     GFP_NOWAIT | __GFP_ZERO);

	if (table)
		*table = tables;
	return table;
}

/* One for each possible CPU, and one that closed fronts show. */
static void **tables_alloc(size_t size)
{
	void **tables = table_alloc(numa_mem_id(), size, NULL);
	unsigned int cpu;

	if (!tables)
		return NULL;
	for_each_possible_cpu(cpu) {
		void **more = table_alloc(per_cpu(numa_mem, cpu), size,
					  tables);

		if (!more) {
			tables_free(tables, size);
			return NULL;
		}
		tables = more;
	}
	return tables;
}

/* All CPUs' tables become @tables; claimed. Returns the former ones. */
static void **fronts_set_tables(void **tables, unsigned int former_ids)
{
	void **former = NULL, **table;
	unsigned int cpu;

	for_each_possible_cpu(cpu) {
		table = tables;
		BUG_ON(!table);
		tables = *table;
		*table = NULL;
		table = front_set_table(cpu, (struct slab_slot *)table,
					former_ids);
		if (table) {
			*table = former;
			former = table;
		}
	}
	return former;
}

/* The table that closed fronts show: one of *@tables, which loses it. */
static void *none_table_take(void ***tables)
{
	void **none = *tables;

	*tables = *none;
	*none = NULL;
	return none;
}

int slab_tables_grow(unsigned int nr_ids)
{
	struct slab_state *s = slab_state();
	size_t size = table_size(nr_ids);
	unsigned int was = s->nr_ids;
	void **tables, *none, *none_was = s->no_slots;

	if (nr_ids << s->node_shift > MAX_SLAB_SLOTS)
		return -ENOMEM;
	tables = tables_alloc(size);
	if (!tables)
		return -ENOMEM;
	none = none_table_take(&tables);
	/* The first ones come before any CPU enters its section. */
	if (was)
		slab_claim();
	s->no_slots = none;
	tables = fronts_set_tables(tables, was);
	if (was)
		slab_release();
	s->nr_ids = nr_ids;
	tables_free(tables, table_size(was));
	if (none_was) {
		/* Who found the former one has turned away from it. */
		port_cpu_barrier(cpu_possible_mask);
		free_pages_exact(none_was, table_size(was));
	}
	return 0;
}

void __init slab_fronts_start(void)
{
	unsigned int cpu;

	for_each_possible_cpu(cpu) {
		front_open(&per_cpu(slab_front, cpu));
		cpu_section_release(&per_cpu(slab_front, cpu).section,
				    CPU_SECTION_OFF);
	}
}

/* ---- CPUs that come and go -------------------------------------------- */

void kmem_cache_cpu_dead(unsigned int cpu)
{
	struct slab_state *s = slab_state();
	struct kmem_cache *cache;
	int nid;

	mutex_lock(&s->mutex);
	slab_claim();
	cpu_section_claim(&per_cpu(slab_front, cpu).section, CPU_SECTION_OFF);
	list_for_each_entry(cache, &s->caches, list)
		for (nid = 0; nid < this_machine()->nr_nodes; nid++) {
			struct slab_slot *slot = slab_slot_of(cpu, cache, nid);

			if (PLANT(slab_dead_kept))
				continue;
			slot_drain(cache, slot);
			slot_strip(slot);
		}
	slab_release();
	mutex_unlock(&s->mutex);
}

void kmem_cache_cpu_online(unsigned int cpu)
{
	slab_claim();
	cpu_section_release(&per_cpu(slab_front, cpu).section,
			    CPU_SECTION_OFF);
	slab_release();
}

static int slab_cpu_up(unsigned int cpu)
{
	kmem_cache_cpu_online(cpu);
	return 0;
}

static int slab_cpu_dead(unsigned int cpu)
{
	kmem_cache_cpu_dead(cpu);
	return 0;
}

void kmem_cache_init_late(void)
{
	int err = cpuhp_setup_state_nocalls(CPUHP_SLUB_DEAD, "slub:dead",
					    slab_cpu_up, slab_cpu_dead);

	BUG_ON(err);
}
