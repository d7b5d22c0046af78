/* SPDX-License-Identifier: MIT */
/*
 * The life of a range in a chunk, as far as it needs no lock: see va_chunk.c.
 */
#ifndef _MM_KVIRT_VA_RANGE_H
#define _MM_KVIRT_VA_RANGE_H

#include "va_internal.h"

#include <linux/kernel.h>
#include <octavo/plant.h>

/* Lazy pages that a CPU counts for itself. */
#define VA_LAZY_BATCH	64

static __always_inline unsigned int va_kind(unsigned int pages)
{
	return (pages > 4) + (pages > 16);
}

/*
 * The pages [i, i + n) of @chunk, which were free, are @owner's. @cpu: this
 * CPU's, with preemption off.
 */
static __always_inline unsigned long
va_range_own(struct va_cpu *cpu, struct va_chunk *chunk, unsigned int i,
	     unsigned int n, void *owner)
{
	asm_count_add(&cpu->areas, 1L);
	asm_count_add(&cpu->used, (long)n);
	WRITE_ONCE(chunk->nr[i], (u8)n);
	/* Pairs with the acquires of who finds it: va_range_tell(). */
	smp_store_release(&chunk->owner[i], owner);
	return chunk->start + i * PAGE_SIZE;
}

/* From this CPU's chunk, in its section; 0: there is no room. */
static inline unsigned long
va_range_take(struct va_cpu *cpu, unsigned int kind, unsigned int n,
	      unsigned int align, void *owner)
{
	struct va_chunk *chunk = cpu->chunk[kind];
	unsigned int i;

	if (!chunk)
		return 0;
	i = va_map_find(chunk->free, n, align);
	if (i == VA_CHUNK_PAGES)
		return 0;
	va_map_clear(chunk->free, i, n);
	cpu->hint[kind] = (u8)(i / 64);
	return va_range_own(cpu, chunk, i, n, owner);
}

/*
 * The same for most requests: @n pages anywhere, within the word that had room
 * last. Any context but NMI; 0: it takes more than that.
 */
static __always_inline unsigned long
va_range_alloc(struct va_space *space, unsigned int n, void *owner)
{
	unsigned int kind = va_kind(n), w, i;
	struct cpu_section *section;
	struct va_chunk *chunk;
	unsigned long at = 0;
	struct va_cpu *cpu;
	u64 word, runs;

	if (unlikely(!cpu_section_lock(&space->cpu->section, &section)))
		return 0;
	cpu = container_of(section, struct va_cpu, section);
	chunk = cpu->chunk[kind];
	w = cpu->hint[kind];
	word = likely(chunk) ? chunk->free[w] : 0;
	runs = va_map_runs_low(word, n);
	if (likely(runs)) {
		i = (unsigned int)__ffs64(runs);
		/* Nobody else may be at the map. */
		port_point(&chunk->free[w]);
		chunk->free[w] = word & ~va_map_low(i, n);
		at = va_range_own(cpu, chunk, w * 64 + i, n, owner);
	}
	cpu_section_unlock(section);
	return at;
}

/* Whoever gets the owner has the range alone. Preemption is off. */
static __always_inline void *
va_range_disown(struct va_space *space, struct va_chunk *chunk,
		unsigned long addr, unsigned int kinds, unsigned long *sizep)
{
	unsigned int i = va_page(addr);
	void *owner = READ_ONCE(chunk->owner[i]);

	if (unlikely(!owner || addr % PAGE_SIZE ||
		     !va_kind_fits(owner, kinds)))
		return NULL;
	if (PLANT(va_disowned_twice))
		smp_store_release(&chunk->owner[i], NULL);
	else
		owner = xchg(&chunk->owner[i], NULL);
	if (unlikely(!owner))
		return NULL;
	asm_count_add(&this_cpu_ptr(space->cpu)->areas, -1L);
	*sizep = READ_ONCE(chunk->nr[i]) * PAGE_SIZE;
	return owner;
}

/*
 * The disowned range at @addr is no longer one, and its pages are nobody's:
 * how many, or 0 when there is none. @cpu: this CPU's, with preemption off.
 */
static __always_inline unsigned int
va_range_end(struct va_cpu *cpu, struct va_chunk *chunk, unsigned long addr)
{
	unsigned int i = va_page(addr);
	unsigned int n = READ_ONCE(chunk->nr[i]);

	if (unlikely(!n || addr % PAGE_SIZE || READ_ONCE(chunk->owner[i])))
		return 0;
	WRITE_ONCE(chunk->nr[i], 0);
	asm_count_add(&cpu->used, -(long)n);
	return n;
}

static __always_inline void va_lazy_count(struct va_space *space,
					  struct va_cpu *cpu, long n)
{
	asm_count_add(&cpu->lazy, n);
	if (unlikely(READ_ONCE(cpu->lazy) >= VA_LAZY_BATCH))
		atomic_long_add(this_cpu_xchg(space->cpu->lazy, 0),
				&space->lazy_pages);
}

static __always_inline void va_lazy_set(u64 *word, u64 bits)
{
	port_locked_point(word);
	__atomic_fetch_or(word, bits, __ATOMIC_SEQ_CST);
}

/* False: there is no disowned range. Preemption is off. */
static __always_inline bool
va_range_release(struct va_space *space, struct va_chunk *chunk,
		 unsigned long addr)
{
	struct va_cpu *cpu = this_cpu_ptr(space->cpu);
	unsigned int n = va_range_end(cpu, chunk, addr);
	unsigned int i = va_page(addr);

	if (unlikely(!n))
		return false;
	va_lazy_count(space, cpu, (long)n);
	va_lazy_set(&chunk->lazy[i / 64], va_map_low(i, n));
	if (unlikely(va_map_crosses(i, n)))
		va_lazy_set(&chunk->lazy[i / 64 + 1], va_map_high(i, n));
	/* After the bits are set: pairs with va_chunk_purged(). */
	port_read_point(&chunk->queued);
	if (unlikely(__atomic_load_n(&chunk->queued, __ATOMIC_SEQ_CST) ==
		     VA_IDLE))
		va_chunk_queue(space, chunk);
	return true;
}

#endif
