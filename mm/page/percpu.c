// SPDX-License-Identifier: MIT
/*
 * Objects of which every CPU has a copy, allocated while the machine runs.
 *
 * Terms. A unit is one CPU's share of a chunk, PERCPU_UNIT_SIZE bytes. A chunk
 * is a unit for each possible CPU, all at the same slot of their CPU's stride
 * of addresses. A granule is 8 bytes, what the map counts in. A handle is what
 * callers get: the address that the object would have were the template as
 * long as a stride, so that one offset a CPU leads to each copy.
 *
 *   handle      template + slot * 32K + granule * 8
 *                  | + __per_cpu_offset[cpu]
 *   addresses      v
 *     CPU 0   |static var, chunk 0|chunk 1|chunk 2|       |chunk 4|  ...
 *     CPU 1   |static var, chunk 0|chunk 1|chunk 2|       |chunk 4|  ...
 *             |<----------------- PERCPU_STRIDE ------------------------>|
 *   slots      0                   1       2       3 free  4
 *
 * The slots that setup_per_cpu_areas() backed are there for good; what the
 * static variables leave of them is chunk 0 (and more, should those be long).
 * More chunks come when nothing has room, in the lowest slot, and go when
 * nothing is in them.
 *
 * Where an object goes. Chunks are sorted by the power of two of the longest
 * free run that each may have; of those where the request may fit the first
 * of the lowest class that has room takes it (percpu_chunk.c says where). So
 * long runs stay, and the chunks behind run empty. One empty chunk is kept for
 * who comes next; of more, all but it are given back by the next caller that
 * may sleep, in either direction.
 *
 * Invariants: percpu_check.c.
 *
 * Locks. One, over all maps, with interrupts off. Pages are allocated and
 * freed, and CPUs made to forget addresses, outside it.
 *
 * Failure. Without memory NULL and one line that says what was lacking. A free
 * of what is no object is one line, and changes nothing.
 *
 * Differs from Linux: units are backed whole, so that a request that may not
 * sleep can make a chunk like any other; there is no reserved part for
 * modules and no worker; objects start on 8 bytes at least.
 */
#include "percpu.h"

#include "internal.h"

#include <linux/align.h>
#include <linux/bug.h>
#include <linux/cpumask.h>
#include <linux/gfp.h>
#include <linux/kernel.h>
#include <linux/log2.h>
#include <linux/minmax.h>
#include <linux/sched.h>
#include <linux/spinlock.h>
#include <linux/string.h>

/* What a request may say of how pages are found for it. */
#define PERCPU_GFP	(GFP_KERNEL | GFP_ATOMIC | __GFP_NORETRY |	\
			 __GFP_NOWARN)

static unsigned int chunk_class(const struct percpu_chunk *chunk)
{
	return 31 - (unsigned int)__builtin_clz(chunk->bound);
}

/* Enters a chunk where its bound puts it, or takes it out. One without any
 * free granule is in no class. */
static void chunk_sort(struct percpu_state *s,
		       const struct percpu_chunk *chunk)
{
	if (chunk->bound)
		s->class[chunk_class(chunk)][chunk->slot / 64] ^=
			BIT_ULL(chunk->slot % 64);
}

/* Under the lock, but read without it. */
static void percpu_count(unsigned int *count, int change)
{
	__atomic_store_n(count, *count + (unsigned int)change,
			 __ATOMIC_RELAXED);
}

static unsigned int chunk_take_sorted(struct percpu_state *s,
				      struct percpu_chunk *chunk,
				      unsigned int n, unsigned int align)
{
	unsigned int at;

	if (chunk_is_spare(s, chunk))
		percpu_count(&s->nr_empty, -1);
	chunk_sort(s, chunk);
	at = chunk_take(chunk, n, align);
	chunk_sort(s, chunk);
	if (chunk_is_spare(s, chunk))
		percpu_count(&s->nr_empty, 1);
	return at;
}

/* The handle of @n granules in one of the chunks there are; 0: no room. */
static unsigned long percpu_take(struct percpu_state *s, unsigned int n,
				 unsigned int align)
{
	unsigned int k, w, at;
	u64 slots;

	for (k = 31 - (unsigned int)__builtin_clz(n); k < PERCPU_CHUNK_CLASSES;
	     k++)
		for (w = 0; w < ARRAY_SIZE(s->busy); w++)
			for (slots = s->class[k][w]; slots;
			     slots &= slots - 1) {
				struct percpu_chunk *chunk = s->chunk[w * 64 +
					(unsigned int)__builtin_ctzll(slots)];

				if (chunk->bound < n)
					continue;
				at = chunk_take_sorted(s, chunk, n, align);
				if (at == PERCPU_GRANULES)
					continue;
				s->nr_allocs++;
				s->nr_objects++;
				s->nr_granules += n;
				return chunk_handle(chunk) +
				       at * PERCPU_GRANULE;
			}
	return 0;
}

static void chunk_publish(struct percpu_state *s, struct percpu_chunk *chunk)
{
	BUG_ON(s->chunk[chunk->slot]);
	s->chunk[chunk->slot] = chunk;
	chunk_sort(s, chunk);
	percpu_count(&s->nr_chunks, 1);
	if (chunk_is_spare(s, chunk))
		percpu_count(&s->nr_empty, 1);
}

/* Takes an empty chunk, the highest, out of all tables; NULL: at most @keep. */
static struct percpu_chunk *chunk_unpublish(struct percpu_state *s,
					    unsigned int keep)
{
	struct percpu_chunk *chunk = NULL;
	unsigned long flags;
	unsigned int slot;

	spin_lock_irqsave(&s->lock, flags);
	for (slot = PERCPU_SLOTS; s->nr_empty > keep && slot--;) {
		chunk = s->chunk[slot];
		if (!chunk || !chunk_is_spare(s, chunk))
			continue;
		chunk_sort(s, chunk);
		s->chunk[slot] = NULL;
		percpu_count(&s->nr_chunks, -1);
		percpu_count(&s->nr_empty, -1);
		s->nr_destroyed++;
		break;
	}
	if (slot >= PERCPU_SLOTS)
		chunk = NULL;
	spin_unlock_irqrestore(&s->lock, flags);
	return chunk;
}

static unsigned int percpu_reap(struct percpu_state *s, unsigned int keep)
{
	struct percpu_chunk *chunk;
	unsigned int n = 0;

	while ((chunk = chunk_unpublish(s, keep))) {
		chunk_destroy(chunk);
		n++;
	}
	return n;
}

unsigned int percpu_shrink(void)
{
	might_sleep();
	return percpu_reap(percpu_state(), 0);
}

/* All chunks but one that are empty go, if the caller may wait for it. */
static void percpu_balance(struct percpu_state *s)
{
	if (likely(__atomic_load_n(&s->nr_empty, __ATOMIC_RELAXED) <= 1))
		return;
	if (preemptible() && system_state == SYSTEM_RUNNING)
		percpu_reap(s, 1);
}

static void percpu_report_failed(struct percpu_state *s, size_t size,
				 size_t align, gfp_t gfp, const char *why)
{
	unsigned long flags;

	spin_lock_irqsave(&s->lock, flags);
	s->nr_failed++;
	spin_unlock_irqrestore(&s->lock, flags);
	if (!(gfp & __GFP_NOWARN))
		pr_warn("percpu: allocation failed, size=%zu align=%zu atomic=%d, %s\n",
			size, align, !(gfp & __GFP_DIRECT_RECLAIM), why);
}

/* With a new chunk, where the others have no room. */
static unsigned long percpu_grow(struct percpu_state *s, unsigned int n,
				 unsigned int align, gfp_t gfp,
				 const char **why)
{
	struct percpu_chunk *chunk = chunk_create(gfp & PERCPU_GFP, why);
	unsigned long flags, handle;

	if (!chunk)
		return 0;
	spin_lock_irqsave(&s->lock, flags);
	chunk_publish(s, chunk);
	s->nr_created++;
	/* Never 0: nobody else had the lock since it became one of them. */
	handle = percpu_take(s, n, align);
	spin_unlock_irqrestore(&s->lock, flags);
	return handle;
}

static void percpu_zero(unsigned long handle, size_t size)
{
	unsigned int cpu;

	for_each_possible_cpu(cpu)
		memset(per_cpu_ptr((char *)handle, cpu), 0, size);
}

void __percpu *__alloc_percpu_gfp(size_t size, size_t align, gfp_t gfp)
{
	struct percpu_state *s = percpu_state();
	unsigned long flags, handle;
	unsigned int n, step;
	const char *why;

	if (unlikely(!size || size > PCPU_MIN_UNIT_SIZE ||
		     align > PCPU_MIN_UNIT_SIZE || !is_power_of_2(align))) {
		WARN(!(gfp & __GFP_NOWARN),
		     "illegal size (%zu) or align (%zu) for percpu allocation",
		     size, align);
		return NULL;
	}
	why = "not ready yet";
	if (unlikely(!s->ready))
		goto failed;
	n = ((unsigned int)size + PERCPU_GRANULE - 1) / PERCPU_GRANULE;
	step = max((unsigned int)align / PERCPU_GRANULE, 1U);
	spin_lock_irqsave(&s->lock, flags);
	handle = percpu_take(s, n, step);
	spin_unlock_irqrestore(&s->lock, flags);
	if (unlikely(!handle)) {
		handle = percpu_grow(s, n, step, gfp, &why);
		if (!handle)
			goto failed;
	}
	percpu_mark(handle, size, true);
	percpu_zero(handle, size);
	percpu_balance(s);
	return (void __percpu *)handle;
failed:
	percpu_report_failed(s, size, align, gfp, why);
	return NULL;
}

void __percpu *__alloc_percpu(size_t size, size_t align)
{
	return __alloc_percpu_gfp(size, align, GFP_KERNEL);
}

/* Why @at of @chunk is no object; NULL: it is one. */
static const char *percpu_no_object(const struct percpu_chunk *chunk,
				    unsigned long offset)
{
	unsigned int at = offset % PERCPU_UNIT_SIZE / PERCPU_GRANULE;

	if (offset >= PERCPU_STRIDE)
		return "it is no per-CPU pointer";
	if (!chunk)
		return "there is no chunk";
	if (at < chunk->first)
		return "it is a static variable";
	if (chunk_bit(chunk->free, at))
		return "it is free already (double free?)";
	if (offset % PERCPU_GRANULE || !chunk_bit(chunk->start, at))
		return "it is inside an object";
	return NULL;
}

/* Frees the object at @offset of the strides; NULL or why it is none. */
static const char *percpu_give(struct percpu_state *s, unsigned long offset)
{
	unsigned int at = offset % PERCPU_UNIT_SIZE / PERCPU_GRANULE, n;
	struct percpu_chunk *chunk = NULL;
	const char *why;

	if (offset < PERCPU_STRIDE)
		chunk = s->chunk[offset / PERCPU_UNIT_SIZE];
	why = percpu_no_object(chunk, offset);
	if (unlikely(why)) {
		s->nr_bad++;
		return why;
	}
	n = chunk_object_size(chunk, at);
	percpu_mark(chunk_handle(chunk) + at * PERCPU_GRANULE,
		    n * PERCPU_GRANULE, false);
	chunk_sort(s, chunk);
	chunk_give(chunk, at, n);
	chunk_sort(s, chunk);
	s->nr_objects--;
	s->nr_granules -= n;
	if (chunk_is_spare(s, chunk))
		percpu_count(&s->nr_empty, 1);
	return NULL;
}

void free_percpu(void __percpu *ptr)
{
	unsigned long offset = (unsigned long)ptr -
			       (unsigned long)__per_cpu_start;
	struct percpu_state *s = percpu_state();
	unsigned long flags;
	const char *why;

	if (!ptr)
		return;
	spin_lock_irqsave(&s->lock, flags);
	why = percpu_give(s, offset);
	spin_unlock_irqrestore(&s->lock, flags);
	if (unlikely(why) && page_report_allowed("BUG: Bad percpu free")) {
		pr_alert("BUG: Bad percpu free in process %s: %#lx: %s\n",
			 current ? current->comm : "swapper",
			 (unsigned long)ptr, why);
		dump_stack();
	}
	percpu_balance(s);
}

void percpu_init(void)
{
	size_t fixed = ALIGN(this_machine()->percpu_unit_size, PERCPU_GRANULE);
	struct percpu_state *s = percpu_state();
	unsigned int slot, first;

	BUG_ON(s->ready);
	for (slot = 0; slot < s->nr_boot; slot++) {
		struct percpu_chunk *chunk = s->chunk[slot];

		first = (unsigned int)min_t(size_t, fixed, PERCPU_UNIT_SIZE) /
			PERCPU_GRANULE;
		fixed -= first * PERCPU_GRANULE;
		chunk_init(chunk, slot, first);
		s->chunk[slot] = NULL;
		s->busy[slot / 64] |= BIT_ULL(slot % 64);
		chunk_publish(s, chunk);
		percpu_mark(chunk_handle(chunk) + first * PERCPU_GRANULE,
			    chunk_capacity(chunk) * PERCPU_GRANULE, false);
	}
	s->ready = true;
}
