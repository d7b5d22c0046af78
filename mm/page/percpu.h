/* SPDX-License-Identifier: MIT */
/* Parts of the per-CPU allocator; theory in percpu.c. */
#ifndef _MM_PAGE_PERCPU_H
#define _MM_PAGE_PERCPU_H

#include <linux/bitops.h>
#include <linux/percpu.h>
#include <octavo/machine.h>

static inline struct percpu_state *percpu_state(void)
{
	return &this_machine()->percpu;
}

/* What an object of @chunk has at granule 0, in every CPU's terms. */
static inline unsigned long chunk_handle(const struct percpu_chunk *chunk)
{
	return (unsigned long)__per_cpu_start +
	       (unsigned long)chunk->slot * PERCPU_UNIT_SIZE;
}

/* Granules that are not the static variables'. */
static inline unsigned int chunk_capacity(const struct percpu_chunk *chunk)
{
	return PERCPU_GRANULES - chunk->first;
}

/* Nobody uses it, and it is not of start-up. Such a chunk keeps no areas. */
static inline bool chunk_is_spare(const struct percpu_state *s,
				  const struct percpu_chunk *chunk)
{
	return chunk->slot >= s->nr_boot &&
	       chunk->nr_free == PERCPU_GRANULES;
}

/* Of a number above 0, rounded down. */
static inline unsigned int log2_of(unsigned int n)
{
	return 31 - (unsigned int)__builtin_clz(n);
}

static inline bool chunk_bit(const u64 *map, unsigned int at)
{
	return map[at / PERCPU_BLOCK] >> at % PERCPU_BLOCK & 1;
}

/* ---- percpu_chunk.c: one chunk's map; state's lock held ---------------- */

/* All granules from @first on are free. @chunk is zeroed but for constants. */
void chunk_init(struct percpu_chunk *chunk, unsigned int slot,
		unsigned int first);
/*
 * Takes @n granules on a multiple of @align, of the shortest free run (by
 * powers of two) that has them. Returns where they start, or PERCPU_GRANULES;
 * then chunk->bound is exact.
 */
unsigned int chunk_take(struct percpu_chunk *chunk, unsigned int n,
			unsigned int align);
/* Granules of the object at @at, where one starts. */
unsigned int chunk_object_size(const struct percpu_chunk *chunk,
			       unsigned int at);
/* Frees the @n granules of the object at @at. */
void chunk_give(struct percpu_chunk *chunk, unsigned int at, unsigned int n);
/* The longest run of set bits in @word. */
unsigned int word_longest(u64 word);

/* ---- percpu_map.c: the memory behind it -------------------------------- */

/*
 * A chunk in the lowest slot that is not busy, which becomes so; not yet in
 * the state's tables. NULL with the reason in *@why. Sleeps if @gfp says so.
 */
struct percpu_chunk *chunk_create(gfp_t gfp, const char **why);
/* Gives @chunk, which is in no table, and its slot back. May sleep. */
void chunk_destroy(struct percpu_chunk *chunk);
void __percpu_mark(unsigned long handle, size_t bytes, bool used);
/* Tells the memory checker that @bytes at @handle are used, or are not. */
static inline void percpu_mark(unsigned long handle, size_t bytes, bool used)
{
	if (PORT_CHECKS_MEMORY)
		__percpu_mark(handle, bytes, used);
}

#endif
