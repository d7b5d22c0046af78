// SPDX-License-Identifier: MIT
/*
 * liboctavo-malloc.so: the calls, and how nearly all of them are served.
 *
 *   to 32 KiB   an object of a cache, by way of the thread's own arrays
 *   to 1 MiB    pages of the machine (large.c)
 *   beyond      a mapping of the system's (huge.c)
 *
 *   thread      slots, by kind     | 16: [o o o . .] | 32: [o . . . .] | ...
 *                                     ▲ whole arrays ▼
 *   machine     depots, slabs      a cache for each size class (mm/slab)
 *               pages              one zone, growing (mm/page)
 *
 * A thread pops from, and pushes to, an array of its own: no lock, no locked
 * instruction, no access to the object. What else happens (front.c) is done
 * for a whole array at a time, with a CPU of the machine, which is a token
 * (arch/host/malloc/start.c). An array of objects that another thread had
 * allocated is like any other: when it is full it goes to the depot, and the
 * other thread takes it from there as it is.
 *
 * Which class a freed object is of says the kind of its frame, two bytes in
 * a table that is dense for the whole heap. From that and the address alone
 * follows whether an object starts there, so a wrong free is seen, not
 * followed. A second free of what was freed last is seen at once, any other
 * when the second pointer comes back to its slab.
 *
 * From 16 bytes on, classes are multiples of 16: compilers rely on that
 * alignment. Eight bytes are aligned to eight.
 */
#include "malloc.h"

#include <linux/errno.h>
#include <linux/log2.h>
#include <linux/string.h>

void *malloc(size_t size);
void free(void *p);
void *calloc(size_t n, size_t size);
void *realloc(void *p, size_t size);
void *reallocarray(void *p, size_t n, size_t size);
void *aligned_alloc(size_t align, size_t size);
int posix_memalign(void **memptr, size_t align, size_t size);
void *memalign(size_t align, size_t size);
void *valloc(size_t size);
void *pvalloc(size_t size);
size_t malloc_usable_size(void *p);
void free_sized(void *p, size_t size);
void free_aligned_sized(void *p, size_t align, size_t size);
void cfree(void *p);

/* ---- allocation ------------------------------------------------------- */

static void *no_memory(void)
{
	os_set_errno(ENOMEM);
	return NULL;
}

static noinline void *malloc_big(size_t size)
{
	bool zeroed;
	void *p = NULL;

	if (size <= MALLOC_MAX && malloc_start())
		p = size <= LARGE_MAX ? large_alloc(size, PAGE_SIZE, &zeroed) :
					huge_alloc(size, PAGE_SIZE);
	return p ?: no_memory();
}

/* The thread has no object of that size. */
static noinline void *malloc_slow(size_t size)
{
	void *p = malloc_start() ? front_alloc_slow(size_kind(size)) : NULL;

	return p ?: no_memory();
}

static __always_inline void *alloc(size_t size)
{
	struct slab_slot *slot;
	u32 n;

	if (unlikely(size > FRONT_MAX))
		return malloc_big(size);
	slot = &malloc_slots[size_kind(size)];
	n = slot->count;
	if (unlikely(!n))
		return malloc_slow(size);
	slot->count = n - 1;
	return slot->objs[n - 1];
}

EXPORT void *malloc(size_t size)
{
	return alloc(size);
}

static noinline void *calloc_big(size_t size)
{
	bool zeroed = true;
	void *p = NULL;

	if (size <= MALLOC_MAX && malloc_start())
		p = size <= LARGE_MAX ? large_alloc(size, PAGE_SIZE, &zeroed) :
					huge_alloc(size, PAGE_SIZE);
	if (!p)
		return no_memory();
	return zeroed ? p : memset(p, 0, size);
}

EXPORT void *calloc(size_t n, size_t size)
{
	size_t bytes;
	void *p;

	if (unlikely(__builtin_mul_overflow(n, size, &bytes)))
		return no_memory();
	if (unlikely(bytes > FRONT_MAX))
		return calloc_big(bytes);
	p = alloc(bytes);
	/* Not the compiler's calloc(): that is this function. */
	OPTIMIZER_HIDE_VAR(p);
	return p ? memset(p, 0, bytes) : NULL;
}

/* ---- frees ------------------------------------------------------------ */

/* Why @p, which is no block's start, is none; it is in the arena. */
static const char *arena_fault(const void *p)
{
	unsigned int kind = frame_kind_at(address_offset(p));

	if (kind < NR_SLOTS && kind_size[kind])
		return front_object_starts(kind, p) ? "double free of" :
		       "not the start of a block:";
	if (large_inside(p) || kind == FRAME_LARGE)
		return "not the start of a block:";
	return "not in use:";
}

static void free_arena(void *p)
{
	unsigned int kind = frame_kind_at(address_offset(p));
	const struct slab_slot *slot;

	if (kind == FRAME_LARGE && large_free(p))
		return;
	if (kind < NR_SLOTS && kind_size[kind] && front_object_starts(kind, p)) {
		slot = &malloc_slots[kind];
		if (!slot->count || slot->objs[slot->count - 1] != p) {
			front_free_slow(kind, p);
			return;
		}
	}
	report_bad("free", arena_fault(p), p);
}

/* Not an object for which the thread has room. */
static noinline void free_slow(void *p)
{
	if (!p)
		return;
	if (malloc_started() && in_arena(address_offset(p)))
		free_arena(p);
	else if (!huge_free(p))
		report_bad("free", "not from malloc:", p);
}

EXPORT void free(void *p)
{
	unsigned long offset = address_offset(p);
	struct slab_slot *slot;
	u32 n;

	/* NULL too. */
	if (unlikely(!in_arena(offset))) {
		free_slow(p);
		return;
	}
	slot = &malloc_slots[frame_kind_of(p)];
	n = slot->count;
	/* objs[-1] is struct slab_array's `none`. */
	if (unlikely(n >= slot->high) ||
	    unlikely(!slot_starts(slot, slot_offset(slot, offset))) ||
	    unlikely(slot->objs[(long)n - 1] == p)) {
		free_slow(p);
		return;
	}
	slot->objs[n] = p;
	slot->count = n + 1;
}

EXPORT void free_sized(void *p, size_t size)
{
	free(p);
}

EXPORT void free_aligned_sized(void *p, size_t align, size_t size)
{
	free(p);
}

EXPORT void cfree(void *p)
{
	free(p);
}

/* ---- sizes ------------------------------------------------------------ */

/* Bytes that the block at @p has; 0, after a report, when it is none. */
static size_t block_size(const char *call, const void *p)
{
	unsigned long offset = address_offset(p);
	unsigned int kind;
	size_t size;

	if (!malloc_started() || !in_arena(offset)) {
		size = huge_size(p);
		if (!size)
			report_bad(call, "not from malloc:", p);
		return size;
	}
	kind = frame_kind_at(offset);
	if (likely(kind < NR_SLOTS && kind_size[kind] &&
		   front_object_starts(kind, p)))
		return kind_size[kind];
	size = large_size(p);
	if (!size)
		report_bad(call, arena_fault(p), p);
	return size;
}

EXPORT size_t malloc_usable_size(void *p)
{
	return p ? block_size("malloc_usable_size", p) : 0;
}

/* A new place for what fits of @was bytes at @p. */
static void *realloc_move(void *p, size_t was, size_t size)
{
	void *now = alloc(size);

	if (!now)
		return NULL;
	memcpy(now, p, min(was, size));
	free(p);
	return now;
}

/* Large and huge blocks, one of which is or is to be. */
static void *realloc_big(void *p, size_t was, size_t size)
{
	void *now;

	if (size > MALLOC_MAX)
		return no_memory();
	if (was > LARGE_MAX && size > LARGE_MAX) {
		now = huge_realloc(p, size);
		return now ?: no_memory();
	}
	if (was > FRONT_MAX && was <= LARGE_MAX && size > FRONT_MAX &&
	    size <= was) {
		large_shrink(p, size);
		return p;
	}
	return realloc_move(p, was, size);
}

EXPORT void *realloc(void *p, size_t size)
{
	size_t was;

	if (!p)
		return alloc(size);
	/* As glibc: the block is freed, and there is no other. */
	if (!size) {
		free(p);
		return NULL;
	}
	was = block_size("realloc", p);
	if (!was)
		return no_memory();
	if (was > FRONT_MAX || size > FRONT_MAX)
		return realloc_big(p, was, size);
	/* Half of it may stay unused before it is worth a copy. */
	if (size <= was && size >= was / 2)
		return p;
	return realloc_move(p, was, size);
}

EXPORT void *reallocarray(void *p, size_t n, size_t size)
{
	size_t bytes;

	if (unlikely(__builtin_mul_overflow(n, size, &bytes)))
		return no_memory();
	return realloc(p, bytes);
}

/* ---- alignment -------------------------------------------------------- */

/*
 * A class of at least @size bytes all of whose objects are at multiples of
 * @align. A class is aligned to the largest power of two that divides it, up
 * to a page: the next multiple of @align, or a later class.
 */
static void *alloc_aligned(size_t align, size_t size)
{
	bool zeroed;
	void *p;

	if (size > MALLOC_MAX - align || !malloc_start())
		return no_memory();
	if (align <= MALLOC_ALIGN)
		return alloc(max(size, align));
	size = ALIGN(max(size, (size_t)1), align);
	if (align <= PAGE_SIZE && size <= FRONT_MAX) {
		while (kind_size[size_kind(size)] & (align - 1))
			size = ALIGN(kind_size[size_kind(size)] + 1, align);
		return alloc(size);
	}
	align = max(align, PAGE_SIZE);
	p = size <= LARGE_MAX && align <= LARGE_MAX ?
	    large_alloc(size, align, &zeroed) : huge_alloc(size, align);
	return p ?: no_memory();
}

EXPORT int posix_memalign(void **memptr, size_t align, size_t size)
{
	void *p;

	if (!is_power_of_2(align) || align % sizeof(void *))
		return EINVAL;
	p = alloc_aligned(align, size);
	if (!p)
		return ENOMEM;
	*memptr = p;
	return 0;
}

EXPORT void *memalign(size_t align, size_t size)
{
	if (align > MALLOC_MAX / 2 + 1) {
		os_set_errno(EINVAL);
		return NULL;
	}
	/* As glibc: the next power of two. */
	return alloc_aligned(roundup_pow_of_two(max(align, 1UL)), size);
}

EXPORT void *aligned_alloc(size_t align, size_t size)
{
	if (!is_power_of_2(align)) {
		os_set_errno(EINVAL);
		return NULL;
	}
	return alloc_aligned(align, size);
}

EXPORT void *valloc(size_t size)
{
	return alloc_aligned(PAGE_SIZE, size);
}

EXPORT void *pvalloc(size_t size)
{
	if (size > MALLOC_MAX - PAGE_SIZE)
		return no_memory();
	return alloc_aligned(PAGE_SIZE, ALIGN(max(size, 1UL), PAGE_SIZE));
}
