// SPDX-License-Identifier: MIT
/*
 * A space of addresses looked at as a whole.
 *
 * Invariants, under its lock:
 *  I1. Segments follow each other without a gap, from the start of the space
 *      to its end; none is empty; all are of whole pages.
 *  I2. No two neighbours are free.
 *  I3. A free segment is in the list of the class of its size; `classes` says
 *      which lists are not empty; nothing else is in them.
 *  I4. The table has, for each slot in which a segment starts, the lowest
 *      such; nothing for any other. Its bits say where there is one.
 *  I5. An owned segment has an owner, no other has.
 *  I6. A lazy segment is in the list of those, once, and nothing else is.
 *  I7. Counts: segments, owned ones, pages in use, lazy pages.
 */
#include "va_internal.h"

#include <linux/kernel.h>

/* What walking all segments adds up. */
struct va_sums {
	unsigned long segs, areas;	/* number of */
	unsigned long free, lazy;	/* number of segments */
	unsigned long used, waiting;	/* pages; waiting: lazy, purging */
	unsigned long slots;		/* used ones */
};

#define VA_CHECK(cond, invariant) do {					\
	if (!(cond)) {							\
		pr_err("va_space_check: " invariant ": %s\n", #cond);	\
		return false;						\
	}								\
} while (0)

static bool check_seg(const struct va_space *space, const struct va_seg *seg,
		      unsigned long at, const struct va_seg *before)
{
	unsigned long slot = va_slot(space, seg->start);
	bool lowest = !before || va_slot(space, before->start) != slot;

	VA_CHECK(seg->start == at, "I1");
	VA_CHECK(seg->size && PAGE_ALIGNED(seg->size), "I1");
	VA_CHECK(seg->size <= space->end - seg->start, "I1");
	VA_CHECK(!before || before->state != VA_FREE ||
		 seg->state != VA_FREE, "I2");
	VA_CHECK((va_table_first(space, slot) == seg) == lowest, "I4");
	VA_CHECK(!seg->owner == (seg->state != VA_OWNED), "I5");
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
	else if (seg->state != VA_FREE)
		sums->waiting += pages;
}

static bool check_segs(const struct va_space *space, struct va_sums *sums)
{
	const struct va_seg *seg, *before = NULL;
	unsigned long at = space->start;

	list_for_each_entry(seg, &space->segs, order) {
		if (!check_seg(space, seg, at, before))
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
		VA_CHECK(seg->state == VA_LAZY, "I6");
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
	VA_CHECK(tables == space->nr_tables, "I7");
	return true;
}

static bool check_all(const struct va_space *space)
{
	struct va_sums sums = { .segs = 0 };

	if (!check_segs(space, &sums) || !check_lists(space, &sums) ||
	    !check_table(space, &sums))
		return false;
	VA_CHECK(sums.segs == space->nr_segs, "I7");
	VA_CHECK(sums.areas == space->nr_areas, "I7");
	VA_CHECK(sums.used == space->used, "I7");
	VA_CHECK((long)sums.waiting == atomic_long_read(&space->lazy_pages),
		 "I7");
	return true;
}

bool va_space_check(struct va_space *space)
{
	unsigned long flags = va_lock(space);
	bool ok = check_all(space);

	va_unlock(space, flags);
	return ok;
}
