// SPDX-License-Identifier: MIT
/*
 * Chunks: segments of one slot that are cut up for small ranges, of up to 64
 * pages, without the lock.
 *
 *   CPU 0                 CPU 1                  under the lock
 *   kind 0  [chunk]       kind 0  [chunk]        partial  [chunk] [chunk]
 *   kind 1  [chunk]       kind 1   none          resting  [chunk] [chunk]
 *   kind 2   none         kind 2  [chunk]        empty    [chunk]
 *
 * A kind is a class of sizes: ranges of unlike size do not share a chunk, so
 * that what one leaves free is of use to the next. Each CPU has a chunk of
 * each kind attached, and takes from it in its section, with plain stores.
 * When that one has no room, it gives it up for a partial one, an empty one,
 * or a new one. Interrupts that come into the section, and everybody while
 * the sections are claimed, take from partial chunks under the lock.
 *
 *   a page:  free --> in a range --> lazy --> purging --> free, or back
 *              ^                       (va_release)          |
 *              +---------------------------------------------+
 *
 * What becomes free in a chunk that is attached goes to `back`, where its CPU
 * finds it when `free` has no room.
 *
 * Whose a range is, its first page says: owner[] and nr[]. Who disowns it
 * exchanges owner[] for NULL, so one of several gets it; to release it sets
 * its bits in lazy[], which a purge takes out by an exchange. These are the
 * two locked operations in the life of a range, and any CPU may do them.
 *
 * A purge must hear of the first release: the chunk is put in the list of
 * what is lazy, which says VA_QUEUED. Who releases sets bits, then looks at
 * that; the purge says VA_IDLE at its end, then looks at the bits; each with
 * a full barrier in between. So either sees the other's.
 *
 * A chunk of which all is free may go, though a CPU that has just released
 * the last range is still looking at `queued`: it says VA_GONE then, and the
 * memory stays for a grace period.
 */
#include "va_range.h"

#include <linux/bug.h>
#include <linux/errno.h>
#include <linux/gfp.h>
#include <linux/kernel.h>
#include <linux/minmax.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <octavo/machine.h>
#include <octavo/plant.h>
#include <octavo/port.h>

/* The space has room for as many chunks as CPUs attach, so many times. */
#define VA_CHUNK_ROOM	4
/* Partial chunks that are tried before a new one is made. */
#define VA_CHUNK_TRIES	8
/* New chunks that a request makes, should others take them away. */
#define VA_CHUNK_MAKES	4

/* A request, in pages. */
struct va_small {
	unsigned int n, align, kind;
	void *owner;
};

static __always_inline struct va_small small_of(const struct va_request *req)
{
	struct va_small small = {
		.n = (unsigned int)(req->size >> PAGE_SHIFT),
		.align = (unsigned int)(req->align >> PAGE_SHIFT),
		.owner = req->owner,
	};

	small.kind = va_kind(max(small.n, small.align));
	return small;
}

/* ---- places ----------------------------------------------------------- */

static void queued_set(struct va_chunk *chunk, enum va_queued queued)
{
	smp_store_release(&chunk->queued, (u32)queued);
}

static void chunk_unlist(struct va_space *space, struct va_chunk *chunk)
{
	if (chunk->place == VA_EMPTY)
		space->nr_empty--;
	if (chunk->place == VA_EMPTY || chunk->place == VA_PARTIAL)
		list_del(&chunk->list);
	chunk->place = VA_RESTING;
}

static void chunk_list(struct va_space *space, struct va_chunk *chunk,
		       enum va_place place)
{
	chunk->place = place;
	if (place == VA_EMPTY) {
		space->nr_empty++;
		list_add(&chunk->list, &space->empty);
	} else if (place == VA_PARTIAL) {
		list_add(&chunk->list, &space->partial[chunk->kind]);
	}
}

/* An empty chunk becomes a free segment, unless a purge has it. */
static bool chunk_give_up(struct va_space *space, struct va_chunk *chunk,
			  struct va_spent *spent)
{
	struct va_seg *seg = chunk->seg;

	if (chunk->queued == VA_COLLECTED)
		return false;
	if (chunk->queued == VA_QUEUED)
		list_del(&seg->link);
	if (!PLANT(va_gone_unsaid))
		queued_set(chunk, VA_GONE);
	chunk_unlist(space, chunk);
	list_del(&chunk->all);
	space->nr_chunks--;
	va_table_set_chunk(space, seg, NULL);
	chunk->seg = NULL;
	seg->chunk = NULL;
	seg->state = VA_PURGING;
	va_seg_free(space, seg, spent);
	chunk->next = spent->chunks;
	spent->chunks = chunk;
	return true;
}

/* A chunk that no CPU has goes where what is free in it says. Locked. */
static void chunk_settle(struct va_space *space, struct va_chunk *chunk,
			 struct va_spent *spent)
{
	unsigned int nr_free = va_map_weight(chunk->free);
	enum va_place place = VA_RESTING;

	if (nr_free == VA_CHUNK_PAGES)
		place = VA_EMPTY;
	else if (nr_free >= VA_CHUNK_WORTH)
		place = VA_PARTIAL;
	if (place != chunk->place) {
		chunk_unlist(space, chunk);
		chunk_list(space, chunk, place);
	}
	if (place == VA_EMPTY && space->nr_empty > READ_ONCE(space->empty_max))
		chunk_give_up(space, chunk, spent);
}

/* What others made free in the chunk of this CPU; whether there was any. */
static bool chunk_take_back(struct va_chunk *chunk)
{
	bool any = false;
	unsigned int w;

	for (w = 0; w < VA_MAP_WORDS; w++) {
		if (!READ_ONCE(chunk->back[w]))
			continue;
		chunk->free[w] |= xchg(&chunk->back[w], 0);
		any = true;
	}
	return any;
}

/* Pages of @map are free. Locked. */
static void chunk_give(struct va_space *space, struct va_chunk *chunk,
		       const u64 *map, struct va_spent *spent)
{
	unsigned int w;

	if (chunk->place != VA_ATTACHED || PLANT(va_attached_unseen)) {
		for (w = 0; w < VA_MAP_WORDS; w++)
			chunk->free[w] |= map[w];
		if (chunk->place != VA_ATTACHED)
			chunk_settle(space, chunk, spent);
		return;
	}
	for (w = 0; w < VA_MAP_WORDS; w++) {
		if (!map[w])
			continue;
		port_locked_point(&chunk->back[w]);
		/* Pairs with the exchange in chunk_take_back(). */
		__atomic_fetch_or(&chunk->back[w], map[w], __ATOMIC_RELEASE);
	}
}

void va_chunk_enter(struct va_space *space, struct va_chunk *chunk,
		    struct va_seg *seg)
{
	seg->state = VA_CHUNK;
	seg->chunk = chunk;
	chunk->start = seg->start;
	chunk->seg = seg;
	memset(chunk->free, 0xff, VA_MAP_WORDS * sizeof(*chunk->free));
	list_add(&chunk->all, &space->chunks);
	space->nr_chunks++;
	chunk_list(space, chunk, VA_EMPTY);
	va_table_set_chunk(space, seg, chunk);
}

/* ---- requests --------------------------------------------------------- */

static unsigned long cpu_take(struct va_cpu *cpu,
			      const struct va_small *small)
{
	return va_range_take(cpu, small->kind, small->n, small->align,
			     small->owner);
}

static bool chunk_fits(const struct va_chunk *chunk,
		       const struct va_small *small)
{
	return va_map_find(chunk->free, small->n, small->align) <
	       VA_CHUNK_PAGES;
}

/* A chunk that no CPU has, with room. Locked. */
static struct va_chunk *chunk_pick(struct va_space *space,
				   const struct va_small *small)
{
	unsigned int tries = VA_CHUNK_TRIES;
	struct va_chunk *chunk;

	list_for_each_entry(chunk, &space->partial[small->kind], list) {
		if (chunk_fits(chunk, small))
			return chunk;
		if (!--tries)
			break;
	}
	chunk = list_first_entry_or_null(&space->empty, struct va_chunk,
					 list);
	if (chunk)
		chunk->kind = small->kind;
	return chunk;
}

/*
 * This CPU's chunk has no room: what came back to it, or another chunk. In
 * the section.
 */
static unsigned long cpu_refill(struct va_space *space, struct va_cpu *cpu,
				const struct va_small *small)
{
	struct va_chunk **mine = &cpu->chunk[small->kind], *next;
	unsigned long flags, at;
	VA_SPENT(spent);

	if (*mine && chunk_take_back(*mine)) {
		at = cpu_take(cpu, small);
		if (at)
			return at;
	}
	flags = va_lock(space);
	next = chunk_pick(space, small);
	if (next) {
		chunk_unlist(space, next);
		next->place = VA_ATTACHED;
	}
	if (*mine) {
		(*mine)->place = VA_RESTING;
		if (!PLANT(va_back_lost))
			chunk_take_back(*mine);
		chunk_settle(space, *mine, &spent);
	}
	*mine = next;
	va_unlock(space, flags);
	va_spent_free(&spent);
	return cpu_take(cpu, small);
}

/* From @chunk, which no CPU has. Locked. */
static unsigned long chunk_take(struct va_space *space,
				struct va_chunk *chunk,
				const struct va_small *small)
{
	unsigned int i = va_map_find(chunk->free, small->n, small->align);
	VA_SPENT(none);

	if (i == VA_CHUNK_PAGES)
		return 0;
	va_map_clear(chunk->free, i, small->n);
	chunk_settle(space, chunk, &none);
	VM_BUG_ON(none.chunks);
	return va_range_own(this_cpu_ptr(space->cpu), chunk, i, small->n,
			    small->owner);
}

/* Without the section. */
static unsigned long alloc_locked(struct va_space *space,
				  const struct va_small *small)
{
	unsigned long flags = va_lock(space), at = 0;
	struct va_chunk *chunk = chunk_pick(space, small);

	if (chunk)
		at = chunk_take(space, chunk, small);
	va_unlock(space, flags);
	return at;
}

static unsigned long alloc_slow(struct va_space *space,
				const struct va_small *small)
{
	struct cpu_section *section;
	struct va_cpu *cpu;
	unsigned long at;

	if (!cpu_section_lock(&space->cpu->section, &section))
		return alloc_locked(space, small);
	cpu = container_of(section, struct va_cpu, section);
	at = cpu_take(cpu, small);
	if (!at)
		at = cpu_refill(space, cpu, small);
	cpu_section_unlock(section);
	return at;
}

/* An empty chunk more, for whoever comes first. */
static bool chunk_create(struct va_space *space, gfp_t gfp, bool *full)
{
	struct va_request req = {
		.size = VA_SLOT_SIZE, .align = VA_SLOT_SIZE,
		.min = space->start, .max = space->end, .gfp = gfp,
	};

	*full = false;
	req.chunk = kzalloc(sizeof(*req.chunk), gfp & VA_META_GFP);
	if (!req.chunk)
		return false;
	if (va_seg_alloc(space, &req, full))
		return true;
	kfree(req.chunk);
	return false;
}

unsigned long va_chunk_alloc(struct va_space *space,
			     const struct va_request *req, bool *full)
{
	struct va_small small = small_of(req);
	unsigned int makes = VA_CHUNK_MAKES;
	unsigned long at;

	for (;;) {
		at = alloc_slow(space, &small);
		if (at || !makes--)
			return at;
		if (!chunk_create(space, req->gfp, full))
			return 0;
	}
}

unsigned long va_chunk_alloc_any(struct va_space *space,
				 const struct va_request *req)
{
	struct va_small small = small_of(req);
	unsigned long flags = va_lock(space), at = 0;
	struct va_chunk *chunk;

	list_for_each_entry(chunk, &space->chunks, all) {
		if (chunk->place == VA_ATTACHED)
			continue;
		if (chunk->place == VA_EMPTY)
			chunk->kind = small.kind;
		at = chunk_take(space, chunk, &small);
		if (at)
			break;
	}
	va_unlock(space, flags);
	return at;
}

/* ---- what becomes of ranges ------------------------------------------- */

void va_chunk_queue(struct va_space *space, struct va_chunk *chunk)
{
	unsigned long flags = va_lock(space);

	if (chunk->queued == VA_IDLE) {
		queued_set(chunk, VA_QUEUED);
		list_add_tail(&chunk->seg->link, &space->lazy);
	}
	va_unlock(space, flags);
}

/* To this CPU's own chunk, if it is that. */
static bool cpu_give(struct va_space *space, const struct va_chunk *chunk,
		     unsigned int i, unsigned int n)
{
	struct cpu_section *section;
	struct va_cpu *cpu;
	unsigned int kind;

	if (!cpu_section_lock(&space->cpu->section, &section))
		return false;
	cpu = container_of(section, struct va_cpu, section);
	for (kind = 0; kind < VA_KINDS; kind++) {
		if (cpu->chunk[kind] != chunk)
			continue;
		va_map_set(cpu->chunk[kind]->free, i, n);
		cpu->hint[kind] = (u8)(i / 64);
		break;
	}
	cpu_section_unlock(section);
	return kind < VA_KINDS;
}

void va_chunk_free(struct va_space *space, struct va_chunk *chunk,
		   unsigned int i, unsigned int n)
{
	u64 map[VA_MAP_WORDS] = { 0 };
	unsigned long flags;
	VA_SPENT(spent);

	if (cpu_give(space, chunk, i, n))
		return;
	va_map_set(map, i, n);
	flags = va_lock(space);
	chunk_give(space, chunk, map, &spent);
	va_unlock(space, flags);
	va_spent_free(&spent);
}

/* ---- questions -------------------------------------------------------- */

static bool range_tell(const struct va_chunk *chunk, unsigned int i,
		       struct va_area *area)
{
	/* Pairs with the release in va_range_own(). */
	area->owner = smp_load_acquire(&chunk->owner[i]);
	area->start = chunk->start + i * PAGE_SIZE;
	area->size = READ_ONCE(chunk->nr[i]) * PAGE_SIZE;
	return area->owner;
}

bool va_chunk_find(const struct va_chunk *chunk, unsigned long addr,
		   struct va_area *area)
{
	unsigned int page = va_page(addr), back;

	for (back = 0; back < VA_RANGE_MAX && back <= page; back++)
		if (range_tell(chunk, page - back, area))
			return addr - area->start < area->size;
	return false;
}

bool va_chunk_next(const struct va_chunk *chunk, unsigned long addr,
		   struct va_area *area)
{
	unsigned int i = 0;

	if (addr > chunk->start)
		i = va_page(addr - 1) + 1;
	for (; i < VA_CHUNK_PAGES; i++)
		if (range_tell(chunk, i, area))
			return true;
	return false;
}

void va_cpu_sums(const struct va_space *space, struct va_cpu *sums)
{
	unsigned int cpu;

	sums->areas = sums->used = sums->lazy = 0;
	if (!space->cpu)
		return;
	for_each_possible_cpu(cpu) {
		const struct va_cpu *c = per_cpu_ptr(space->cpu, cpu);

		sums->areas += READ_ONCE(c->areas);
		sums->used += READ_ONCE(c->used);
		sums->lazy += READ_ONCE(c->lazy);
	}
}

/* ---- purges ----------------------------------------------------------- */

void va_chunk_collect(struct va_chunk *chunk)
{
	unsigned int w;

	queued_set(chunk, VA_COLLECTED);
	for (w = 0; w < VA_MAP_WORDS; w++)
		chunk->purging[w] = xchg(&chunk->lazy[w], 0);
}

static bool chunk_is_lazy(const struct va_chunk *chunk)
{
	unsigned int w;

	for (w = 0; w < VA_MAP_WORDS; w++)
		if (__atomic_load_n(&chunk->lazy[w], __ATOMIC_SEQ_CST))
			return true;
	return false;
}

void va_chunk_purged(struct va_space *space, struct va_chunk *chunk,
		     struct va_spent *spent)
{
	u64 map[VA_MAP_WORDS];

	memcpy(map, chunk->purging, sizeof(map));
	memset(chunk->purging, 0, sizeof(chunk->purging));
	atomic_long_sub((long)va_map_weight(map), &space->lazy_pages);
	/* Before the bits are looked at: pairs with va_range_release(). */
	xchg(&chunk->queued, VA_IDLE);
	if (chunk_is_lazy(chunk) && !PLANT(va_lazy_forgotten)) {
		queued_set(chunk, VA_QUEUED);
		list_add_tail(&chunk->seg->link, &space->lazy);
	}
	chunk_give(space, chunk, map, spent);
}

bool va_chunks_trim(struct va_space *space)
{
	struct va_chunk *chunk, *next;
	unsigned long flags;
	bool any = false;
	VA_SPENT(spent);

	if (!space->cpu)
		return false;
	flags = va_lock(space);
	list_for_each_entry_safe(chunk, next, &space->empty, list)
		any |= chunk_give_up(space, chunk, &spent);
	va_unlock(space, flags);
	va_spent_free(&spent);
	return any;
}

/* All CPUs' sections are claimed. */
static void cpu_drain(struct va_space *space, struct va_cpu *cpu)
{
	unsigned long flags = va_lock(space);
	unsigned int kind;
	VA_SPENT(spent);

	for (kind = 0; kind < VA_KINDS; kind++) {
		struct va_chunk *chunk = cpu->chunk[kind];

		if (!chunk)
			continue;
		cpu->chunk[kind] = NULL;
		chunk->place = VA_RESTING;
		chunk_take_back(chunk);
		chunk_settle(space, chunk, &spent);
	}
	va_unlock(space, flags);
	va_spent_free(&spent);
}

void va_chunks_drain(struct va_space *space)
{
	unsigned int cpu;

	if (!space->cpu)
		return;
	mutex_lock(&space->purge_lock);
	for_each_possible_cpu(cpu)
		cpu_section_claim(&per_cpu_ptr(space->cpu, cpu)->section,
				  CPU_SECTION_CLAIMED);
	if (!PLANT(va_no_barrier))
		port_cpu_barrier(&this_machine()->cpu_online);
	for_each_possible_cpu(cpu) {
		struct va_cpu *c = per_cpu_ptr(space->cpu, cpu);

		cpu_section_wait(&c->section);
		cpu_drain(space, c);
	}
	for_each_possible_cpu(cpu)
		cpu_section_release(&per_cpu_ptr(space->cpu, cpu)->section,
				    CPU_SECTION_CLAIMED);
	mutex_unlock(&space->purge_lock);
}

/* ---- set up ----------------------------------------------------------- */

int va_chunks_create(struct va_space *space)
{
	unsigned long slots = (space->end - space->start) >> VA_SLOT_SHIFT;
	unsigned int kind;

	INIT_LIST_HEAD(&space->chunks);
	INIT_LIST_HEAD(&space->empty);
	for (kind = 0; kind < VA_KINDS; kind++)
		INIT_LIST_HEAD(&space->partial[kind]);
	if (slots < num_possible_cpus() * VA_KINDS * VA_CHUNK_ROOM)
		return 0;
	space->cpu = alloc_percpu(struct va_cpu);
	return space->cpu ? 0 : -ENOMEM;
}

void va_chunks_destroy(struct va_space *space)
{
	struct va_chunk *chunk, *next;

	list_for_each_entry_safe(chunk, next, &space->chunks, all)
		kfree(chunk);
	free_percpu(space->cpu);
}
