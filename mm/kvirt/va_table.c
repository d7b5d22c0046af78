// SPDX-License-Identifier: MIT
/*
 * From an address to the segment that it is in.
 *
 * The space is cut in slots, as large as a chunk. For each slot the table has the lowest
 * segment that starts there, and a bit whether there is one; the others
 * follow in the list of all, by address. A chunk fills a slot, which then has
 * the chunk instead, and is found so without the lock. The slots of a leaf are one
 * allocation, made when a segment first starts there, and it stays until the
 * space goes: leaves are few, since segments lie close.
 *
 *   leaf[]      NULL   o   NULL   NULL
 *                      |
 *   used        ...1000101...     a bit for each slot, and one for each word
 *   first          | . . |        of them in `words`
 *                  v     v
 *   segs    <->[ free ]<->[a]<->[b]<->[ free ... ]<->
 *
 * An address lies in a segment of its own slot, or, when that has none or
 * they all start behind the address, in the last one before: of the slot of
 * the next bit below, the last in the list. All this takes a bounded number
 * of steps: words of a leaf, leaves, and the segments of one slot, of which
 * there are 512 at most.
 */
#include "va_internal.h"

#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/log2.h>
#include <linux/minmax.h>
#include <linux/overflow.h>
#include <linux/slab.h>

static struct va_leaf *leaf_of(const struct va_space *space,
			       unsigned long slot)
{
	return space->leaf[slot >> space->leaf_shift];
}

static unsigned long leaf_index(const struct va_space *space,
				unsigned long slot)
{
	return slot & space->leaf_mask;
}

size_t va_leaf_size(const struct va_space *space)
{
	return struct_size_t(struct va_leaf, first, 1UL << space->leaf_shift);
}

int va_table_create(struct va_space *space)
{
	unsigned long slots;
	unsigned int half;

	space->first_slot = space->start >> VA_SLOT_SHIFT;
	slots = va_slot(space, space->end - 1) + 1;
	space->nr_slots = slots;
	half = (unsigned int)(fls64(slots) + 1) / 2;
	if (slots <= 1UL << VA_LEAF_ONE_SHIFT)
		half = VA_LEAF_ONE_SHIFT;
	space->leaf_shift = clamp_t(unsigned int, half, VA_LEAF_MIN_SHIFT,
				    VA_LEAF_MAX_SHIFT);
	slots = ((slots - 1) >> space->leaf_shift) + 1;
	space->leaf = kcalloc(slots, sizeof(*space->leaf), GFP_KERNEL);
	if (!space->leaf)
		return -ENOMEM;
	space->nr_leaves = slots;
	space->leaf_mask = (1UL << space->leaf_shift) - 1;
	return 0;
}

void va_table_destroy(struct va_space *space)
{
	unsigned long i;

	for (i = 0; i < space->nr_leaves; i++)
		kfree(space->leaf[i]);
	kfree(space->leaf);
}

bool va_table_ready(const struct va_space *space, unsigned long addr)
{
	return leaf_of(space, va_slot(space, addr));
}

bool va_table_add(struct va_space *space, unsigned long addr,
		  struct va_leaf *leaf)
{
	unsigned long i = va_slot(space, addr) >> space->leaf_shift;

	if (leaf_of(space, va_slot(space, addr)))
		return false;
	smp_store_release(&space->leaf[i], leaf);
	space->nr_tables++;
	return true;
}

/* Chunks' entries are looked at without the lock: va_chunk_at(). */
static void entry_set(struct va_leaf *leaf, unsigned long i,
		      unsigned long entry)
{
	unsigned long w = i / 64;

	smp_store_release(&leaf->first[i], entry);
	if (entry)
		leaf->used[w] |= BIT_ULL(i % 64);
	else
		leaf->used[w] &= ~BIT_ULL(i % 64);
	if (leaf->used[w])
		leaf->words |= BIT_ULL(w);
	else
		leaf->words &= ~BIT_ULL(w);
}

static struct va_seg *entry_seg(const struct va_leaf *leaf, unsigned long i)
{
	unsigned long entry = leaf->first[i];

	if (entry & VA_ENTRY_CHUNK)
		return ((struct va_chunk *)(entry - VA_ENTRY_CHUNK))->seg;
	return (struct va_seg *)entry;
}

void va_table_enter(struct va_space *space, struct va_seg *seg)
{
	unsigned long slot = va_slot(space, seg->start);
	struct va_leaf *leaf = leaf_of(space, slot);
	const struct va_seg *first = entry_seg(leaf, leaf_index(space, slot));

	if (!first || seg->start < first->start)
		entry_set(leaf, leaf_index(space, slot), (unsigned long)seg);
}

void va_table_leave(struct va_space *space, struct va_seg *seg)
{
	unsigned long slot = va_slot(space, seg->start);
	struct va_leaf *leaf = leaf_of(space, slot);
	struct va_seg *next = list_next_entry(seg, order);

	if (entry_seg(leaf, leaf_index(space, slot)) != seg)
		return;
	if (list_is_last(&seg->order, &space->segs) ||
	    va_slot(space, next->start) != slot)
		next = NULL;
	entry_set(leaf, leaf_index(space, slot), (unsigned long)next);
}

void va_table_set_chunk(struct va_space *space, const struct va_seg *seg,
			struct va_chunk *chunk)
{
	unsigned long slot = va_slot(space, seg->start);
	unsigned long entry = chunk ? (unsigned long)chunk + VA_ENTRY_CHUNK :
			      (unsigned long)seg;

	entry_set(leaf_of(space, slot), leaf_index(space, slot), entry);
}

struct va_seg *va_table_first(const struct va_space *space,
			      unsigned long slot)
{
	const struct va_leaf *leaf = leaf_of(space, slot);

	return leaf ? entry_seg(leaf, leaf_index(space, slot)) : NULL;
}

/* The highest used slot of @leaf that is below @end, or -1. */
static long leaf_last_below(const struct va_leaf *leaf, unsigned long end)
{
	unsigned long w = end / 64;
	u64 word;

	if (end % 64) {
		word = leaf->used[w] & (BIT_ULL(end % 64) - 1);
		if (word)
			return (long)(w * 64) + fls64(word) - 1;
	}
	word = w < 64 ? leaf->words & (BIT_ULL(w) - 1) : leaf->words;
	if (!word)
		return -1;
	w = (unsigned long)fls64(word) - 1;
	return (long)(w * 64) + fls64(leaf->used[w]) - 1;
}

/* The lowest segment of the highest used slot below @slot; there is one. */
static struct va_seg *slot_before(const struct va_space *space,
				  unsigned long slot)
{
	unsigned long i = slot >> space->leaf_shift;
	unsigned long end = leaf_index(space, slot);

	for (;; i--, end = 1UL << space->leaf_shift) {
		const struct va_leaf *leaf = leaf_of(space,
						i << space->leaf_shift);
		long at = leaf ? leaf_last_below(leaf, end) : -1;

		if (at >= 0)
			return entry_seg(leaf, (unsigned long)at);
		BUG_ON(!i);
	}
}

struct va_seg *va_table_at(const struct va_space *space, unsigned long addr)
{
	struct va_seg *seg = va_table_first(space, va_slot(space, addr));

	if (!seg || seg->start > addr)
		seg = slot_before(space, va_slot(space, addr));
	while (va_seg_end(seg) <= addr)
		seg = list_next_entry(seg, order);
	return seg;
}
