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
 * Areas of small objects that were freed last are kept in quick lists, one for
 * each size, a few in each, and are not free in the maps: the next of that
 * size takes one without a look at them. They become free when a request has
 * no room otherwise, and all of them when the last object of a chunk goes, so
 * they keep no chunk there.
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
#include <linux/instruction_pointer.h>
#include <linux/kernel.h>
#include <linux/log2.h>
#include <linux/minmax.h>
#include <linux/sched.h>
#include <linux/spinlock.h>
#include <linux/string.h>

#include <octavo/plant.h>
#include <octavo/trace_watch.h>
#include <trace/events/percpu.h>

/* What a request may say of how pages are found for it. */
#define PERCPU_GFP	(GFP_KERNEL | GFP_ATOMIC | __GFP_NORETRY |	\
			 __GFP_NOWARN)

/* No granule of any slot. */
#define PERCPU_NOWHERE	(PERCPU_SLOTS * PERCPU_GRANULES)

static int chunk_class(const struct percpu_chunk *chunk)
{
	return chunk->bound ? 31 - __builtin_clz(chunk->bound) : -1;
}

/* Enters @slot into class @k, or takes it out; -1: there is no such class. */
static void class_toggle(struct percpu_state *s, unsigned int slot, int k)
{
	unsigned int w = slot / 64;

	if (k < 0)
		return;
	s->class[k][w] ^= BIT_ULL(slot % 64);
	if (s->class[k][w])
		s->class_words[k] |= (u8)(1U << w);
	else
		s->class_words[k] &= (u8)~(1U << w);
	if (s->class_words[k])
		s->classes |= (u16)(1U << k);
	else
		s->classes &= (u16)~(1U << k);
}

/* Enters a chunk where its bound puts it, or takes it out. */
static void chunk_sort(struct percpu_state *s,
		       const struct percpu_chunk *chunk)
{
	class_toggle(s, chunk->slot, chunk_class(chunk));
}

/* @chunk was in class @was, before its bound changed. */
static void chunk_move(struct percpu_state *s,
		       const struct percpu_chunk *chunk, int was)
{
	int class = chunk_class(chunk);

	if (class == was)
		return;
	class_toggle(s, chunk->slot, was);
	class_toggle(s, chunk->slot, class);
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
	bool spare = chunk_is_spare(s, chunk);
	int class = chunk_class(chunk);
	unsigned int at = chunk_take(chunk, n, align);

	chunk_move(s, chunk, class);
	if (at < PERCPU_GRANULES && unlikely(spare))
		percpu_count(&s->nr_empty, -1);
	return at;
}

static void chunk_give_sorted(struct percpu_state *s,
			      struct percpu_chunk *chunk, unsigned int at,
			      unsigned int n)
{
	int class = chunk_class(chunk);

	chunk_give(chunk, at, n);
	chunk_move(s, chunk, class);
	if (unlikely(chunk_is_spare(s, chunk)))
		percpu_count(&s->nr_empty, 1);
}

/* ---- quick lists ------------------------------------------------------ */

static struct percpu_quick *quick_of(struct percpu_state *s, unsigned int n)
{
	return &s->quick[n - 1];
}

static void chunk_keep(struct percpu_chunk *chunk, unsigned int at)
{
	chunk->kept[at / PERCPU_BLOCK] ^= BIT_ULL(at % PERCPU_BLOCK);
}

/* Keeps the area for the next one of its size; false: there is no room. */
static bool quick_put(struct percpu_state *s, struct percpu_chunk *chunk,
		      unsigned int at, unsigned int n)
{
	struct percpu_quick *q;

	if (n > s->quick_most)
		return false;
	q = quick_of(s, n);
	if (q->nr == PERCPU_QUICK_DEPTH)
		return false;
	q->at[q->nr++] = chunk->slot * PERCPU_GRANULES + at;
	chunk_keep(chunk, at);
	return true;
}

/* The granule, from slot 0 on, of an area; PERCPU_NOWHERE: there is none. */
static unsigned int quick_take(struct percpu_state *s, unsigned int n,
			       unsigned int align)
{
	struct percpu_quick *q;
	unsigned int at;

	if (n > s->quick_most)
		return PERCPU_NOWHERE;
	q = quick_of(s, n);
	if (!q->nr)
		return PERCPU_NOWHERE;
	at = q->at[q->nr - 1];
	if (!IS_ALIGNED(at, align))
		return PERCPU_NOWHERE;
	q->nr--;
	chunk_keep(s->chunk[at / PERCPU_GRANULES], at % PERCPU_GRANULES);
	return at;
}

/* All that is kept becomes free; whether that was anything. */
static bool quick_flush(struct percpu_state *s)
{
	bool any = false;
	unsigned int n;

	for (n = 1; n <= PERCPU_QUICK; n++) {
		struct percpu_quick *q = quick_of(s, n);

		while (q->nr) {
			unsigned int at = q->at[--q->nr];
			struct percpu_chunk *chunk =
				s->chunk[at / PERCPU_GRANULES];

			at %= PERCPU_GRANULES;
			chunk_keep(chunk, at);
			chunk_give_sorted(s, chunk, at, n);
			any = true;
		}
	}
	return any;
}

/* ---- objects ---------------------------------------------------------- */

/* The granule, from slot 0 on, of @n in one of the chunks there are. */
static unsigned int chunks_take(struct percpu_state *s, unsigned int n,
				unsigned int align)
{
	u32 classes = s->classes >> log2_of(n) << log2_of(n), words;
	unsigned int k, w, at;
	u64 slots;

	for (; classes; classes &= classes - 1) {
		k = (unsigned int)__builtin_ctz(classes);
		for (words = s->class_words[k]; words; words &= words - 1) {
			w = (unsigned int)__builtin_ctz(words);
			for (slots = s->class[k][w]; slots;
			     slots &= slots - 1) {
				struct percpu_chunk *chunk = s->chunk[w * 64 +
					__ffs64(slots)];

				if (chunk->bound < n)
					continue;
				at = chunk_take_sorted(s, chunk, n, align);
				if (at < PERCPU_GRANULES)
					return chunk->slot * PERCPU_GRANULES +
					       at;
			}
		}
	}
	return PERCPU_NOWHERE;
}

/* A user has the @n granules at @at. Returns their handle. */
static unsigned long object_enter(struct percpu_state *s, unsigned int at,
				  unsigned int n)
{
	s->chunk[at / PERCPU_GRANULES]->nr_objects++;
	s->nr_allocs++;
	s->nr_objects++;
	s->nr_granules += n;
	return (unsigned long)__per_cpu_start +
	       (unsigned long)at * PERCPU_GRANULE;
}

/* The handle of @n granules, of those there are; 0: no room. */
static unsigned long percpu_take(struct percpu_state *s, unsigned int n,
				 unsigned int align)
{
	unsigned int at = chunks_take(s, n, align);

	if (at == PERCPU_NOWHERE && quick_flush(s))
		at = chunks_take(s, n, align);
	return at == PERCPU_NOWHERE ? 0 : object_enter(s, at, n);
}

/* ---- chunks that come and go ------------------------------------------ */

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

/* CPU 0's addresses of a slot. */
static void *slot_base(const struct percpu_state *s, unsigned int slot)
{
	return (void *)(s->base + (unsigned long)slot * PERCPU_UNIT_SIZE);
}

static unsigned int percpu_reap(struct percpu_state *s, unsigned int keep)
{
	struct percpu_chunk *chunk;
	unsigned int n = 0;

	while ((chunk = chunk_unpublish(s, keep))) {
		trace_percpu_destroy_chunk(slot_base(s, chunk->slot));
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
static noinline void percpu_balance(struct percpu_state *s)
{
	if (preemptible() && system_state == SYSTEM_RUNNING)
		percpu_reap(s, 1);
}

static bool percpu_unbalanced(struct percpu_state *s)
{
	return unlikely(__atomic_load_n(&s->nr_empty, __ATOMIC_RELAXED) > 1);
}

static void percpu_report_failed(struct percpu_state *s, size_t size,
				 size_t align, gfp_t gfp, const char *why)
{
	unsigned long flags;

	trace_percpu_alloc_percpu_fail(false, !(gfp & __GFP_DIRECT_RECLAIM),
				       size, align);
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
	trace_percpu_create_chunk(slot_base(s, chunk->slot));
	spin_lock_irqsave(&s->lock, flags);
	chunk_publish(s, chunk);
	s->nr_created++;
	/* Never 0: nobody else had the lock since it became one of them. */
	handle = percpu_take(s, n, align);
	spin_unlock_irqrestore(&s->lock, flags);
	return handle;
}

/* ---- allocation ------------------------------------------------------- */

/* Of a few words, where calling for it would cost as much again. */
static void copy_zero(void *copy, unsigned int n)
{
	u64 *word = copy;

	for (; n; n--) {
		*word++ = 0;
		/* Not a call after all. */
		OPTIMIZER_HIDE_VAR(word);
	}
}

/* The tail of a granule is nobody's, but a checker watches it. */
static void percpu_zero(unsigned long handle, size_t size, unsigned int n)
{
	bool call = PORT_CHECKS_MEMORY || n > PERCPU_QUICK;
	unsigned int cpu, end = nr_cpu_ids;

	for (cpu = 0; cpu < end; cpu++) {
		void *copy = per_cpu_ptr((char *)handle, cpu);

		if (!cpu_possible(cpu))
			continue;
		if (call)
			memset(copy, 0, size);
		else
			copy_zero(copy, n);
	}
}

static unsigned int bytes_granules(size_t size)
{
	return ((unsigned int)size + PERCPU_GRANULE - 1) / PERCPU_GRANULE;
}

/* Granules; 8 bytes are the least. */
static unsigned int align_granules(size_t align)
{
	return max((unsigned int)align / PERCPU_GRANULE, 1U);
}

static void *percpu_finish(struct percpu_state *s, unsigned long handle,
			   size_t size)
{
	percpu_mark(handle, size, true);
	percpu_zero(handle, size, bytes_granules(size));
	if (percpu_unbalanced(s))
		percpu_balance(s);
	return (void *)handle;
}

static void trace_percpu_take(const struct percpu_state *s,
			      unsigned long handle, size_t size, size_t align,
			      gfp_t gfp, unsigned long caller)
{
	unsigned long offset = handle - (unsigned long)__per_cpu_start;

	trace_percpu_alloc_percpu(caller, false,
				  !(gfp & __GFP_DIRECT_RECLAIM), size, align,
				  slot_base(s, offset / PERCPU_UNIT_SIZE),
				  (int)(offset % PERCPU_UNIT_SIZE),
				  (void *)handle, size * num_possible_cpus(),
				  gfp);
}

/*
 * Where no quick list has any. None has while calls are traced, so that the
 * others need not ask.
 */
static noinline void __percpu *percpu_alloc_slow(size_t size, size_t align,
						 gfp_t gfp,
						 unsigned long caller)
{
	unsigned int n = bytes_granules(size), step = align_granules(align);
	struct percpu_state *s = percpu_state();
	const char *why = "not ready yet";
	unsigned long flags, handle;

	if (unlikely(!s->ready))
		goto failed;
	spin_lock_irqsave(&s->lock, flags);
	handle = percpu_take(s, n, step);
	spin_unlock_irqrestore(&s->lock, flags);
	if (unlikely(!handle)) {
		handle = percpu_grow(s, n, step, gfp, &why);
		if (!handle)
			goto failed;
	}
	trace_percpu_take(s, handle, size, align, gfp, caller);
	return percpu_finish(s, handle, size);
failed:
	percpu_report_failed(s, size, align, gfp, why);
	return NULL;
}

static noinline void __percpu *percpu_illegal(size_t size, size_t align,
					      gfp_t gfp)
{
	WARN(!(gfp & __GFP_NOWARN),
	     "illegal size (%zu) or align (%zu) for percpu allocation", size,
	     align);
	return NULL;
}

static __always_inline void __percpu *
percpu_alloc(size_t size, size_t align, gfp_t gfp, unsigned long caller)
{
	struct percpu_state *s = percpu_state();
	unsigned long flags, handle = 0;
	unsigned int n, at;

	/* 0 wraps around. */
	if (unlikely(size - 1 >= PCPU_MIN_UNIT_SIZE ||
		     align - 1 >= PCPU_MIN_UNIT_SIZE || align & (align - 1)))
		return percpu_illegal(size, align, gfp);
	if (gfp & __GFP_DIRECT_RECLAIM &&
	    unlikely(preempt_count() || irqs_disabled()))
		might_sleep();
	n = bytes_granules(size);
	spin_lock_irqsave(&s->lock, flags);
	at = quick_take(s, n, align_granules(align));
	if (likely(at != PERCPU_NOWHERE))
		handle = object_enter(s, at, n);
	spin_unlock_irqrestore(&s->lock, flags);
	if (unlikely(!handle))
		return percpu_alloc_slow(size, align, gfp, caller);
	return percpu_finish(s, handle, size);
}

void __percpu *__alloc_percpu_gfp(size_t size, size_t align, gfp_t gfp)
{
	return percpu_alloc(size, align, gfp, _RET_IP_);
}

void __percpu *__alloc_percpu(size_t size, size_t align)
{
	return percpu_alloc(size, align, GFP_KERNEL, _RET_IP_);
}

/* ---- freeing ---------------------------------------------------------- */

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
	if (chunk_bit(chunk->free, at) || chunk_bit(chunk->kept, at))
		return "it is free already (double free?)";
	if (offset % PERCPU_GRANULE || !chunk_bit(chunk->start, at))
		return "it is inside an object";
	return NULL;
}

static bool chunk_has_object(const struct percpu_chunk *chunk, unsigned int at)
{
	unsigned int b = at / PERCPU_BLOCK;

	return (chunk->start[b] & ~chunk->kept[b]) >> at % PERCPU_BLOCK & 1;
}

/* chunk_object_size(); most end in the block in which they start. */
static unsigned int object_size(const struct percpu_chunk *chunk,
				unsigned int at)
{
	unsigned int b = at / PERCPU_BLOCK, in = at % PERCPU_BLOCK;
	u64 ends = (chunk->start[b] | chunk->free[b]) >> in >> 1;

	if (likely(ends))
		return __ffs64(ends) + 1;
	return chunk_object_size(chunk, at);
}

/* Frees the object at @offset of the strides; NULL or why it is none. */
static const char *percpu_give(struct percpu_state *s, unsigned long offset)
{
	unsigned int at = offset % PERCPU_UNIT_SIZE / PERCPU_GRANULE, n;
	struct percpu_chunk *chunk = NULL;

	if (offset < PERCPU_STRIDE)
		chunk = s->chunk[offset / PERCPU_UNIT_SIZE];
	if (unlikely(!chunk || offset % PERCPU_GRANULE ||
		     !chunk_has_object(chunk, at))) {
		s->nr_bad++;
		return percpu_no_object(chunk, offset);
	}
	n = object_size(chunk, at);
	percpu_mark(chunk_handle(chunk) + at * PERCPU_GRANULE,
		    n * PERCPU_GRANULE, false);
	s->nr_objects--;
	s->nr_granules -= n;
	if (unlikely(!--chunk->nr_objects && chunk->slot >= s->nr_boot))
		quick_flush(s);
	else if (likely(quick_put(s, chunk, at, n)) &&
		 !PLANT(percpu_kept_twice))
		return NULL;
	trace_percpu_free_percpu(slot_base(s, chunk->slot),
				 (int)(at * PERCPU_GRANULE),
				 __per_cpu_start + offset);
	chunk_give_sorted(s, chunk, at, n);
	return NULL;
}

static noinline void percpu_report_bad(const void *ptr, const char *why)
{
	if (!page_report_allowed("BUG: Bad percpu free"))
		return;
	pr_alert("BUG: Bad percpu free in process %s: %#lx: %s\n",
		 current ? current->comm : "swapper", (unsigned long)ptr, why);
	dump_stack();
}

void free_percpu(void __percpu *ptr)
{
	unsigned long offset = (unsigned long)ptr -
			       (unsigned long)__per_cpu_start;
	struct percpu_state *s = percpu_state();
	unsigned long flags;
	const char *why;

	if (unlikely(!ptr))
		return;
	spin_lock_irqsave(&s->lock, flags);
	why = percpu_give(s, offset);
	spin_unlock_irqrestore(&s->lock, flags);
	if (unlikely(why))
		percpu_report_bad(ptr, why);
	if (percpu_unbalanced(s))
		percpu_balance(s);
}

void percpu_trace_watch(bool on)
{
	struct percpu_state *s = percpu_state();
	unsigned long flags;

	spin_lock_irqsave(&s->lock, flags);
	quick_flush(s);
	s->quick_most = on ? 0 : PERCPU_QUICK;
	spin_unlock_irqrestore(&s->lock, flags);
}

void percpu_init(void)
{
	size_t fixed = ALIGN(this_machine()->percpu_unit_size, PERCPU_GRANULE);
	struct percpu_state *s = percpu_state();
	unsigned int slot, first;

	BUG_ON(s->ready);
	s->quick_most = PERCPU_QUICK;
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
