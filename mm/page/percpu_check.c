// SPDX-License-Identifier: MIT
/*
 * The per-CPU allocator looked at as a whole.
 *
 * Invariants, under its lock.
 * Of a chunk:
 *  I1. No object starts on a free granule, nor among the static variables;
 *      a granule that is taken belongs to an object: the first one after a
 *      free run, or at `first`, starts one.
 *      A kept granule starts an area that is in the quick list of its size;
 *      nr_objects counts the other starts.
 *  I2. nr_free counts the free granules; those below `first` are not free.
 *  I3. longest[b] is the longest free run in block b.
 *  I4. Block b is in fits[log2(longest[b])], in no other; in none if it is 0.
 *  I5. No free run is longer than bound; bound is at most nr_free.
 * Of the state:
 *  I6. A slot with a chunk is busy, and the chunk says it is there; the slots
 *      of start-up have one.
 *  I7. A chunk is in class[log2(bound)], in no other; in none if it is 0.
 *      class_words and classes say what is not 0.
 *  I8. nr_chunks, nr_empty count chunks; nr_objects, nr_granules what users
 *      have in them.
 *  I9. What is in quick lists is kept, once, and nothing else is. A chunk
 *      without objects that is not of start-up keeps nothing.
 */
#include "percpu.h"

#include <linux/bug.h>
#include <linux/kernel.h>
#include <linux/seq_file.h>
#include <linux/spinlock.h>

/* What walking all chunks adds up. */
struct percpu_sums {
	unsigned int chunks, empty;	/* number of */
	unsigned long objects;		/* number of */
	unsigned long granules;		/* in objects */
	unsigned long kept;		/* areas */
};

/* Areas of @chunk, in use or kept, by its granules one after another. */
static unsigned int check_granules(const struct percpu_chunk *chunk)
{
	unsigned int at, n = 0, nr_free = 0, run = 0;
	bool inside = false;

	for (at = 0; at < PERCPU_GRANULES; at++) {
		bool is_free = chunk_bit(chunk->free, at);
		bool starts = chunk_bit(chunk->start, at);

		BUG_ON(starts && (is_free || at < chunk->first)); /* I1 */
		BUG_ON(is_free && at < chunk->first);		  /* I2 */
		nr_free += is_free;
		run = is_free ? run + 1 : 0;
		BUG_ON(run > chunk->bound);			  /* I5 */
		inside = !is_free && (inside || starts);
		BUG_ON(!is_free && !inside && at >= chunk->first); /* I1 */
		n += starts;
	}
	BUG_ON(nr_free != chunk->nr_free);			  /* I2 */
	BUG_ON(chunk->bound > chunk->nr_free);			  /* I5 */
	return n;
}

static void check_blocks(const struct percpu_chunk *chunk)
{
	unsigned int b, k, bit, run, longest;

	for (b = 0; b < PERCPU_BLOCKS; b++) {
		longest = 0;
		run = 0;
		for (bit = 0; bit < PERCPU_BLOCK; bit++) {
			run = chunk->free[b] >> bit & 1 ? run + 1 : 0;
			if (run > longest)
				longest = run;
		}
		BUG_ON(longest != chunk->longest[b]);		  /* I3 */
		for (k = 0; k < PERCPU_BLOCK_CLASSES; k++)	  /* I4 */
			BUG_ON((chunk->fits[k] >> b & 1) !=
			       (longest >> k == 1));
	}
}

/* Areas of @chunk that are kept. */
static unsigned int check_kept(const struct percpu_chunk *chunk)
{
	unsigned int b, n = 0;
	u64 kept;

	for (b = 0; b < PERCPU_BLOCKS; b++) {
		BUG_ON(chunk->kept[b] & ~chunk->start[b]);	  /* I1 */
		for (kept = chunk->kept[b]; kept; kept &= kept - 1)
			n++;
	}
	return n;
}

static void check_chunk(const struct percpu_state *s, unsigned int slot,
			struct percpu_sums *sums)
{
	const struct percpu_chunk *chunk = s->chunk[slot];
	unsigned int k, areas, kept;

	BUG_ON(chunk->slot != slot || !chunk_bit(s->busy, slot)); /* I6 */
	for (k = 0; k < PERCPU_CHUNK_CLASSES; k++)		  /* I7 */
		BUG_ON(chunk_bit(s->class[k], slot) !=
		       (chunk->bound >> k == 1));
	check_blocks(chunk);
	areas = check_granules(chunk);
	kept = check_kept(chunk);
	BUG_ON(areas - kept != chunk->nr_objects);		  /* I1 */
	BUG_ON(kept && !chunk->nr_objects && slot >= s->nr_boot); /* I9 */
	sums->chunks++;
	sums->empty += chunk_is_spare(s, chunk);
	sums->objects += areas - kept;
	sums->kept += kept;
	sums->granules += chunk_capacity(chunk) - chunk->nr_free;
}

/* Granules in quick lists; takes what they have off @sums. */
static void check_quick(const struct percpu_state *s, struct percpu_sums *sums)
{
	unsigned int n, i, k;

	for (n = 1; n <= PERCPU_QUICK; n++) {
		const struct percpu_quick *q = &s->quick[n - 1];

		BUG_ON(q->nr > PERCPU_QUICK_DEPTH);		  /* I9 */
		for (i = 0; i < q->nr; i++) {
			const struct percpu_chunk *chunk =
				s->chunk[q->at[i] / PERCPU_GRANULES];
			unsigned int at = q->at[i] % PERCPU_GRANULES;

			BUG_ON(!chunk || !chunk_bit(chunk->kept, at)); /* I9 */
			BUG_ON(chunk_object_size(chunk, at) != n); /* I1 */
			for (k = 0; k < i; k++)
				BUG_ON(q->at[k] == q->at[i]);	  /* I9 */
			sums->kept--;
			sums->granules -= n;
		}
	}
}

static void check_classes(const struct percpu_state *s)
{
	unsigned int k, w;

	for (k = 0; k < PERCPU_CHUNK_CLASSES; k++) {
		for (w = 0; w < PERCPU_SLOT_WORDS; w++)
			BUG_ON((s->class_words[k] >> w & 1) !=
			       (s->class[k][w] != 0));		  /* I7 */
		BUG_ON((s->classes >> k & 1) !=
		       (s->class_words[k] != 0));		  /* I7 */
	}
}

void percpu_check(void)
{
	struct percpu_state *s = percpu_state();
	struct percpu_sums sums = { 0 };
	unsigned long flags;
	unsigned int slot, k;

	spin_lock_irqsave(&s->lock, flags);
	for (slot = 0; slot < PERCPU_SLOTS; slot++) {
		BUG_ON(!s->chunk[slot] && slot < s->nr_boot);	  /* I6 */
		if (s->chunk[slot])
			check_chunk(s, slot, &sums);
		else
			for (k = 0; k < PERCPU_CHUNK_CLASSES; k++)
				BUG_ON(chunk_bit(s->class[k], slot)); /* I7 */
	}
	check_classes(s);
	check_quick(s, &sums);
	BUG_ON(sums.kept);					  /* I9 */
	BUG_ON(sums.chunks != s->nr_chunks || sums.empty != s->nr_empty ||
	       sums.objects != s->nr_objects ||
	       sums.granules != s->nr_granules);		  /* I8 */
	spin_unlock_irqrestore(&s->lock, flags);
}

/* A chunk's figures, copied under the lock and written without it. */
struct chunk_figures {
	unsigned int nr_free, bound, first;	/* granules */
	bool there, boot;
};

static void chunk_figures_take(struct percpu_state *s, unsigned int slot,
			       struct chunk_figures *f)
{
	const struct percpu_chunk *chunk;
	unsigned long flags;

	spin_lock_irqsave(&s->lock, flags);
	chunk = s->chunk[slot];
	f->there = chunk;
	if (chunk) {
		f->nr_free = chunk->nr_free;
		f->bound = chunk->bound;
		f->first = chunk->first;
		f->boot = slot < s->nr_boot;
	}
	spin_unlock_irqrestore(&s->lock, flags);
}

void percpu_stats_show(struct seq_file *m)
{
	struct percpu_state *s = percpu_state();
	struct chunk_figures f;
	unsigned int slot;

	seq_printf(m, "Percpu Memory Statistics\n");
	seq_printf(m, "  unit_size           : %12u\n", PERCPU_UNIT_SIZE);
	seq_printf(m, "  static_size         : %12zu\n",
		   this_machine()->percpu_unit_size);
	seq_printf(m, "  nr_alloc            : %12lu\n", s->nr_allocs);
	seq_printf(m, "  nr_dealloc          : %12lu\n",
		   s->nr_allocs - s->nr_objects);
	seq_printf(m, "  nr_cur_alloc        : %12lu\n", s->nr_objects);
	seq_printf(m, "  cur_bytes           : %12lu\n",
		   s->nr_granules * PERCPU_GRANULE);
	seq_printf(m, "  nr_failed           : %12lu\n", s->nr_failed);
	seq_printf(m, "  nr_bad_free         : %12lu\n", s->nr_bad);
	seq_printf(m, "  nr_chunks           : %12u\n", s->nr_chunks);
	seq_printf(m, "  nr_chunks_created   : %12lu\n", s->nr_created);
	seq_printf(m, "  nr_chunks_destroyed : %12lu\n", s->nr_destroyed);
	for (slot = 0; slot < PERCPU_SLOTS; slot++) {
		chunk_figures_take(s, slot, &f);
		if (f.there)
			seq_printf(m, "Chunk %u:%s static %u free %u contig at most %u bytes\n",
				   slot, f.boot ? " <- First" : "",
				   f.first * PERCPU_GRANULE,
				   f.nr_free * PERCPU_GRANULE,
				   f.bound * PERCPU_GRANULE);
	}
}
