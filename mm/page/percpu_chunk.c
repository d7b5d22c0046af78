// SPDX-License-Identifier: MIT
/*
 * The map of one chunk of per-CPU memory: a bit a granule, 64 to a block.
 *
 *   free    1 1 1 0 0 0 0 1 ...     granules that nobody has
 *   start   0 0 0 1 0 1 0 0 ...     where objects begin
 *                 \___/ \_/
 *   An object ends where another starts or a free granule is.
 *
 *   longest[b]   the longest free run inside block b
 *   fits[k]      the blocks whose longest run has 2^k .. 2^(k+1)-1 granules
 *   bound        no free run of the chunk, across blocks too, is longer
 *
 * A request is served inside one block if it can be: fits[] names the blocks
 * whose longest run is just enough, and the shortest run of such a block that
 * has room is taken. Otherwise, and when the alignment is that of several
 * blocks, all runs that cross blocks are looked at, and
 * the shortest that has room is taken; when none has, bound is exact, so
 * that the next request of that size does not look here.
 *
 * The invariants are in percpu_check.c.
 */
#include "percpu.h"

#include <linux/align.h>
#include <linux/bug.h>
#include <linux/minmax.h>
#include <linux/string.h>

#define WORD_STEPS	6	/* log2 of a word's bits */

unsigned int word_longest(u64 word)
{
	u64 runs[WORD_STEPS], at, more;
	unsigned int len;
	int i;

	if (!word || word == ~0ULL)
		return word ? PERCPU_BLOCK : 0;
	/* runs[i]: where 2^i set bits follow each other. */
	runs[0] = word;
	for (i = 0; i + 1 < WORD_STEPS; i++) {
		runs[i + 1] = runs[i] & runs[i] >> (1U << i);
		if (!runs[i + 1])
			break;
	}
	at = runs[i];
	len = 1U << i;
	while (--i >= 0) {
		more = at & runs[i] >> len;
		if (more) {
			at = more;
			len += 1U << i;
		}
	}
	return len;
}

/* Set bits at the low end of @word, at its high end. */
static unsigned int low_run(u64 word)
{
	return ~word ? __ffs64(~word) : PERCPU_BLOCK;
}

static unsigned int high_run(u64 word)
{
	return ~word ? PERCPU_BLOCK - (unsigned int)fls64(~word) : PERCPU_BLOCK;
}

static void block_set_longest(struct percpu_chunk *chunk, unsigned int b,
			      unsigned int longest)
{
	if (chunk->longest[b])
		chunk->fits[log2_of(chunk->longest[b])] &= ~BIT_ULL(b);
	chunk->longest[b] = (u8)longest;
	if (longest)
		chunk->fits[log2_of(longest)] |= BIT_ULL(b);
}

/* Bits [at, at + n) of one word. */
static u64 run_mask(unsigned int at, unsigned int n)
{
	return (n == PERCPU_BLOCK ? ~0ULL : BIT_ULL(n) - 1) << at;
}

/* The run of set bits that [at, at + n) of @word, all set, is a part of. */
static unsigned int run_around(u64 word, unsigned int at, unsigned int n)
{
	unsigned int below = at ? high_run(word << (PERCPU_BLOCK - at)) : 0;
	unsigned int above = at + n < PERCPU_BLOCK ?
			     low_run(word >> (at + n)) : 0;

	return below + n + above;
}

/*
 * Makes [at, at + n) of block @b free, or not. Its longest run is another only
 * if what was joined is longer, or what was cut was the longest.
 */
static void block_mark(struct percpu_chunk *chunk, unsigned int b,
		       unsigned int at, unsigned int n, bool free)
{
	u64 mask = run_mask(at, n), word = chunk->free[b];
	unsigned int run;

	VM_BUG_ON((word & mask) != (free ? 0 : mask));
	chunk->free[b] = word ^ mask;
	run = run_around(word | mask, at, n);
	if (free && run > chunk->longest[b])
		block_set_longest(chunk, b, run);
	else if (!free && run == chunk->longest[b])
		block_set_longest(chunk, b, word_longest(chunk->free[b]));
}

/* Makes [at, at + n) free, or not, block by block. */
static void chunk_mark(struct percpu_chunk *chunk, unsigned int at,
		       unsigned int n, bool free)
{
	while (n) {
		unsigned int b = at / PERCPU_BLOCK, in = at % PERCPU_BLOCK;
		unsigned int part = min(n, PERCPU_BLOCK - in);

		block_mark(chunk, b, in, part, free);
		at += part;
		n -= part;
	}
}

void chunk_init(struct percpu_chunk *chunk, unsigned int slot,
		unsigned int first)
{
	chunk->slot = (u16)slot;
	chunk->first = (u16)first;
	chunk->nr_free = (u16)chunk_capacity(chunk);
	chunk->bound = chunk->nr_free;
	if (chunk->nr_free)
		chunk_mark(chunk, first, chunk->nr_free, true);
}

/* The shortest run of @word with room; PERCPU_BLOCK when none has. */
static unsigned int word_find(u64 word, unsigned int n, unsigned int align)
{
	unsigned int best = PERCPU_BLOCK, best_len = PERCPU_BLOCK + 1;
	unsigned int at = 0;

	while (word) {
		unsigned int skip = __ffs64(word), len;

		at += skip;
		word >>= skip;
		len = low_run(word);
		if (len < best_len && ALIGN(at, align) + n <= at + len) {
			best = ALIGN(at, align);
			best_len = len;
		}
		if (at + len >= PERCPU_BLOCK)
			break;
		at += len;
		word >>= len;
	}
	return best;
}

/* Inside one block; PERCPU_GRANULES when that cannot be. */
static unsigned int chunk_find_inside(const struct percpu_chunk *chunk,
				      unsigned int n, unsigned int align)
{
	unsigned int k, b, at;
	u64 blocks;

	for (k = log2_of(n); k < PERCPU_BLOCK_CLASSES; k++)
		for (blocks = chunk->fits[k]; blocks; blocks &= blocks - 1) {
			b = __ffs64(blocks);
			if (chunk->longest[b] < n)
				continue;
			at = word_find(chunk->free[b], n, align);
			if (at < PERCPU_BLOCK)
				return b * PERCPU_BLOCK + at;
		}
	return PERCPU_GRANULES;
}

/* What a look at all free runs finds. All in granules. */
struct run_search {
	unsigned int n, align;		/* asked for */
	unsigned int best, best_len;	/* shortest that has room, so far */
	unsigned int longest;		/* of all */
};

static void run_offer(struct run_search *s, unsigned int at, unsigned int len)
{
	s->longest = max(s->longest, len);
	if (len < s->best_len && ALIGN(at, s->align) + s->n <= at + len) {
		s->best = ALIGN(at, s->align);
		s->best_len = len;
	}
}

/* Runs that reach an end of their block; those inside have no room. */
static void chunk_find_across(const struct percpu_chunk *chunk,
			      struct run_search *s)
{
	unsigned int b, len = 0;

	for (b = 0; b < PERCPU_BLOCKS; b++) {
		u64 word = chunk->free[b];

		if (word == ~0ULL) {
			len += PERCPU_BLOCK;
			continue;
		}
		len += low_run(word);
		run_offer(s, b * PERCPU_BLOCK + low_run(word) - len, len);
		s->longest = max_t(unsigned int, s->longest,
				   chunk->longest[b]);
		len = high_run(word);
	}
	run_offer(s, PERCPU_GRANULES - len, len);
}

static unsigned int chunk_find(struct percpu_chunk *chunk, unsigned int n,
			       unsigned int align)
{
	struct run_search s = {
		.n = n, .align = align,
		.best = PERCPU_GRANULES, .best_len = PERCPU_GRANULES + 1,
	};
	unsigned int at = PERCPU_GRANULES;

	if (n <= PERCPU_BLOCK && align <= PERCPU_BLOCK)
		at = chunk_find_inside(chunk, n, align);
	if (at < PERCPU_GRANULES)
		return at;
	chunk_find_across(chunk, &s);
	if (s.best == PERCPU_GRANULES)
		chunk->bound = (u16)s.longest;
	return s.best;
}

unsigned int chunk_take(struct percpu_chunk *chunk, unsigned int n,
			unsigned int align)
{
	unsigned int at = chunk_find(chunk, n, align);

	if (at == PERCPU_GRANULES)
		return at;
	chunk_mark(chunk, at, n, false);
	chunk->start[at / PERCPU_BLOCK] |= BIT_ULL(at % PERCPU_BLOCK);
	chunk->nr_free -= (u16)n;
	chunk->bound = min(chunk->bound, chunk->nr_free);
	return at;
}

unsigned int chunk_object_size(const struct percpu_chunk *chunk,
			       unsigned int at)
{
	unsigned int from = at + 1, b = from / PERCPU_BLOCK;
	u64 ends;

	if (b == PERCPU_BLOCKS)
		return 1;
	ends = (chunk->start[b] | chunk->free[b]) &
	       ~0ULL << from % PERCPU_BLOCK;
	while (!ends && ++b < PERCPU_BLOCKS)
		ends = chunk->start[b] | chunk->free[b];
	if (!ends)
		return PERCPU_GRANULES - at;
	return b * PERCPU_BLOCK + __ffs64(ends) - at;
}

void chunk_give(struct percpu_chunk *chunk, unsigned int at, unsigned int n)
{
	unsigned int joined = 2U * chunk->bound + n;

	chunk->start[at / PERCPU_BLOCK] &= ~BIT_ULL(at % PERCPU_BLOCK);
	chunk_mark(chunk, at, n, true);
	chunk->nr_free += (u16)n;
	/* With a run on each side, neither longer than the bound was. */
	chunk->bound = (u16)min_t(unsigned int, joined, chunk->nr_free);
}
