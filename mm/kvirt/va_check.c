// SPDX-License-Identifier: MIT
/*
 * A space of addresses looked at as a whole. Ranges in chunks come and go
 * without the lock, so nobody else may be at it.
 *
 * Invariants. Of segments:
 *  I1. They follow each other without a gap, from the start of the space to
 *      its end; none is empty; all are of whole pages.
 *  I2. No two neighbours are free.
 *  I3. A free segment is in the list of the class of its size; `classes` says
 *      which lists are not empty; nothing else is in them.
 *  I4. The table has, for each slot in which a segment starts, the lowest
 *      such, or its chunk; nothing for any other. Its bits say where there is
 *      one.
 *  I5. An owned segment has an owner, one that is a chunk has that, no other
 *      has either.
 *  I6. A lazy segment, and that of a chunk that is queued, is in the list of
 *      those, once, and nothing else is.
 * Of chunks:
 *  I7. Each page is of one range, or lazy, or purging, or back, or free. The
 *      first page of a range says how long it is; no other has an owner.
 *  I8. A chunk of which some page is lazy is queued, or a purge has it.
 *  I9. The place is the one that free pages call for, or attached; then one
 *      CPU has it, as its chunk of that kind. Only there are pages in `back`.
 *      The place's list has it, no other, and `all` has each.
 * Of the space:
 * I10. Counts: segments, chunks, empty ones, leaves, owned ranges, pages in
 *      use, lazy pages.
 */
#include "va_internal.h"

#include <linux/kernel.h>

/* What walking all segments adds up. */
struct va_sums {
	unsigned long segs, chunks;	/* number of */
	unsigned long areas;		/* owned ranges */
	unsigned long free, lazy;	/* segments in such lists */
	unsigned long used, waiting;	/* pages; waiting: lazy, purging */
	unsigned long slots;		/* used ones */
	unsigned long places[VA_ATTACHED + 1];	/* chunks */
};

#define VA_CHECK(cond, invariant) do {					\
	if (!(cond)) {							\
		pr_err("va_space_check: " invariant ": %s\n", #cond);	\
		return false;						\
	}								\
} while (0)

/* ---- chunks ----------------------------------------------------------- */

/* In how many ways page @i is not in a range. */
static unsigned int page_states(const struct va_chunk *chunk, unsigned int i)
{
	unsigned int w = i / 64, bit = i % 64;

	return (unsigned int)((chunk->free[w] >> bit & 1) +
			      (chunk->lazy[w] >> bit & 1) +
			      (chunk->purging[w] >> bit & 1) +
			      (chunk->back[w] >> bit & 1));
}

static bool check_pages(const struct va_chunk *chunk, struct va_sums *sums)
{
	unsigned int i, left = 0;

	for (i = 0; i < VA_CHUNK_PAGES; i++) {
		unsigned int states = page_states(chunk, i);

		if (chunk->nr[i]) {
			VA_CHECK(!left, "I7");
			VA_CHECK(chunk->nr[i] <= VA_RANGE_MAX, "I7");
			left = chunk->nr[i];
			sums->used += left;
			sums->areas += chunk->owner[i] != NULL;
		} else {
			VA_CHECK(!chunk->owner[i], "I7");
		}
		VA_CHECK(states == !left, "I7");
		left -= left > 0;
	}
	VA_CHECK(!left, "I7");
	sums->waiting += va_map_weight(chunk->lazy) +
			 va_map_weight(chunk->purging);
	return true;
}

/* How many CPUs have @chunk, each as one of its kind. */
static unsigned int chunk_cpus(const struct va_space *space,
			       const struct va_chunk *chunk)
{
	unsigned int cpu, n = 0;

	for_each_possible_cpu(cpu)
		n += per_cpu_ptr(space->cpu, cpu)->chunk[chunk->kind] == chunk;
	return n;
}

static bool check_place(const struct va_space *space,
			const struct va_chunk *chunk)
{
	unsigned int nr_free = va_map_weight(chunk->free);

	VA_CHECK(chunk->kind < VA_KINDS, "I9");
	VA_CHECK(chunk_cpus(space, chunk) == (chunk->place == VA_ATTACHED),
		 "I9");
	if (chunk->place == VA_ATTACHED)
		return true;
	VA_CHECK(!va_map_weight(chunk->back), "I9");
	VA_CHECK((chunk->place == VA_EMPTY) == (nr_free == VA_CHUNK_PAGES),
		 "I9");
	VA_CHECK((chunk->place == VA_RESTING) == (nr_free < VA_CHUNK_WORTH),
		 "I9");
	return true;
}

static bool check_chunk(const struct va_space *space,
			const struct va_seg *seg, struct va_sums *sums)
{
	const struct va_chunk *chunk = seg->chunk;

	VA_CHECK(seg->size == VA_SLOT_SIZE, "I5");
	VA_CHECK(chunk->seg == seg && chunk->start == seg->start, "I5");
	VA_CHECK(va_chunk_at(space, seg->start) == chunk, "I4");
	VA_CHECK(chunk->queued != VA_GONE, "I8");
	VA_CHECK(chunk->queued != VA_IDLE || !va_map_weight(chunk->lazy),
		 "I8");
	sums->chunks++;
	sums->places[chunk->place]++;
	sums->lazy += chunk->queued == VA_QUEUED;
	return check_place(space, chunk) && check_pages(chunk, sums);
}

static bool check_chunk_lists(const struct va_space *space,
			      const struct va_sums *sums)
{
	unsigned long nr_all = 0, nr_empty = 0, nr_partial = 0;
	const struct va_chunk *chunk;
	unsigned int kind;

	list_for_each_entry(chunk, &space->chunks, all)
		VA_CHECK(++nr_all <= sums->chunks, "I9");
	VA_CHECK(nr_all == sums->chunks, "I9");
	list_for_each_entry(chunk, &space->empty, list) {
		VA_CHECK(chunk->place == VA_EMPTY, "I9");
		VA_CHECK(++nr_empty <= sums->places[VA_EMPTY], "I9");
	}
	VA_CHECK(nr_empty == sums->places[VA_EMPTY], "I9");
	for (kind = 0; kind < VA_KINDS; kind++)
		list_for_each_entry(chunk, &space->partial[kind], list) {
			VA_CHECK(chunk->place == VA_PARTIAL, "I9");
			VA_CHECK(chunk->kind == kind, "I9");
			VA_CHECK(++nr_partial <= sums->places[VA_PARTIAL],
				 "I9");
		}
	VA_CHECK(nr_partial == sums->places[VA_PARTIAL], "I9");
	VA_CHECK(nr_all == space->nr_chunks, "I10");
	VA_CHECK(nr_empty == space->nr_empty, "I10");
	return true;
}

static bool check_cpus(const struct va_space *space,
		       const struct va_sums *sums)
{
	unsigned long attached = 0;
	unsigned int cpu, kind;

	if (!space->cpu)
		return true;
	for_each_possible_cpu(cpu) {
		const struct va_cpu *c = per_cpu_ptr(space->cpu, cpu);

		for (kind = 0; kind < VA_KINDS; kind++) {
			if (!c->chunk[kind])
				continue;
			attached++;
			VA_CHECK(c->chunk[kind]->kind == kind, "I9");
			VA_CHECK(c->hint[kind] < VA_MAP_WORDS, "I9");
			VA_CHECK(!c->chunk[kind]->free[VA_MAP_WORDS], "I9");
		}
	}
	VA_CHECK(attached == sums->places[VA_ATTACHED], "I9");
	return true;
}

/* ---- segments --------------------------------------------------------- */

static bool check_seg(const struct va_space *space, const struct va_seg *seg,
		      unsigned long at, const struct va_seg *before)
{
	unsigned long slot = va_slot(space, seg->start);
	bool lowest = !before || va_slot(space, before->start) != slot;
	bool has = seg->state == VA_OWNED || seg->state == VA_CHUNK;

	VA_CHECK(seg->start == at, "I1");
	VA_CHECK(seg->size && PAGE_ALIGNED(seg->size), "I1");
	VA_CHECK(seg->size <= space->end - seg->start, "I1");
	VA_CHECK(!before || before->state != VA_FREE ||
		 seg->state != VA_FREE, "I2");
	VA_CHECK((va_table_first(space, slot) == seg) == lowest, "I4");
	VA_CHECK(!seg->owner == !has, "I5");
	return true;
}

static void sums_add(struct va_sums *sums, const struct va_seg *seg)
{
	unsigned long pages = seg->size >> PAGE_SHIFT;

	sums->segs++;
	sums->areas += seg->state == VA_OWNED;
	sums->free += seg->state == VA_FREE;
	sums->lazy += seg->state == VA_LAZY;
	if (seg->state == VA_OWNED || seg->state == VA_DISOWNED)
		sums->used += pages;
	else if (seg->state == VA_LAZY || seg->state == VA_PURGING)
		sums->waiting += pages;
}

static bool check_segs(const struct va_space *space, struct va_sums *sums)
{
	const struct va_seg *seg, *before = NULL;
	unsigned long at = space->start;

	list_for_each_entry(seg, &space->segs, order) {
		if (!check_seg(space, seg, at, before))
			return false;
		if (seg->state == VA_CHUNK && !check_chunk(space, seg, sums))
			return false;
		sums->slots += va_table_first(space,
					      va_slot(space, at)) == seg;
		sums_add(sums, seg);
		at = va_seg_end(seg);
		before = seg;
	}
	VA_CHECK(at == space->end, "I1");
	return true;
}

static bool check_lists(const struct va_space *space,
			const struct va_sums *sums)
{
	unsigned long nr_free = 0, nr_lazy = 0;
	const struct va_seg *seg;
	unsigned int k;

	for (k = 0; k < VA_CLASSES; k++) {
		VA_CHECK((space->classes >> k & 1) ==
			 !list_empty(&space->free[k]), "I3");
		list_for_each_entry(seg, &space->free[k], link) {
			VA_CHECK(seg->state == VA_FREE, "I3");
			VA_CHECK(va_class(seg->size) == k, "I3");
			VA_CHECK(++nr_free <= sums->free, "I3");
		}
	}
	VA_CHECK(nr_free == sums->free, "I3");
	list_for_each_entry(seg, &space->lazy, link) {
		VA_CHECK(seg->state == VA_LAZY ||
			 (seg->state == VA_CHUNK &&
			  seg->chunk->queued == VA_QUEUED), "I6");
		VA_CHECK(++nr_lazy <= sums->lazy, "I6");
	}
	VA_CHECK(nr_lazy == sums->lazy, "I6");
	return true;
}

static bool check_leaf(const struct va_space *space,
		       const struct va_leaf *leaf, unsigned long *slots)
{
	unsigned long i;

	for (i = 0; i < VA_LEAF_WORDS; i++)
		VA_CHECK((leaf->words >> i & 1) == !!leaf->used[i], "I4");
	for (i = 0; i < 1UL << space->leaf_shift; i++) {
		bool used = leaf->used[i / 64] >> i % 64 & 1;

		VA_CHECK(used == !!leaf->first[i], "I4");
		*slots += used;
	}
	return true;
}

static bool check_table(const struct va_space *space,
			const struct va_sums *sums)
{
	unsigned long i, slots = 0, tables = 0;

	for (i = 0; i < space->nr_leaves; i++) {
		if (!space->leaf[i])
			continue;
		tables++;
		if (!check_leaf(space, space->leaf[i], &slots))
			return false;
	}
	VA_CHECK(slots == sums->slots, "I4");
	VA_CHECK(tables == space->nr_tables, "I10");
	return true;
}

static bool check_all(const struct va_space *space)
{
	struct va_sums sums = { .segs = 0 };
	struct va_cpu cpus;

	if (!check_segs(space, &sums) || !check_lists(space, &sums) ||
	    !check_table(space, &sums) || !check_chunk_lists(space, &sums) ||
	    !check_cpus(space, &sums))
		return false;
	va_cpu_sums(space, &cpus);
	VA_CHECK(sums.segs == space->nr_segs, "I10");
	VA_CHECK(sums.areas == space->nr_areas + (unsigned long)cpus.areas,
		 "I10");
	VA_CHECK(sums.used == space->used + (unsigned long)cpus.used, "I10");
	VA_CHECK((long)sums.waiting ==
		 atomic_long_read(&space->lazy_pages) + cpus.lazy, "I10");
	return true;
}

bool va_space_check(struct va_space *space)
{
	unsigned long flags = va_lock(space);
	bool ok = check_all(space);

	va_unlock(space, flags);
	return ok;
}
