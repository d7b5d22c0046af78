// SPDX-License-Identifier: MIT
/*
 * The thread's own objects: a slot for each kind of frame, a line each, in
 * a table that is a large block of ours. Thread-local storage has its address
 * only, since programs make threads with stacks that hold little more.
 *
 * A slot is all zero until the thread first uses the kind; it is then like an
 * empty one and like a full one, so malloc() and free() ask for nothing but
 * its count. Slots of kinds that are not ours stay zero, and so do those of
 * no_slots, which every thread has at first.
 *
 *   object wanted, none here      spare array, depot, a slab's objects, a new
 *                                 slab, an object of a slab without an array
 *   object comes, no room         spare array, depot for an empty one; or home
 *
 * The end of a thread. A key's destructor gives everything back; should
 * another destructor allocate or free after that, the slots fill once more and
 * the key is armed again. The C library calls destructors so often only
 * (PTHREAD_DESTRUCTOR_ITERATIONS): at the last call the thread is marked, and
 * whatever comes then goes to and from slabs one object at a time.
 *
 * Locks: a CPU of the machine (malloc_core_enter()) around calls of mm/slab.
 */
#include "malloc.h"

#include <linux/errno.h>
#include <linux/string.h>

/* Calls of destructors after which a thread keeps nothing: of POSIX's 4. */
#define LAST_EXIT	3
/* Objects that a slot takes while the heap shrinks. */
#define NARROW		8

static const struct slab_slot no_slots[NR_SLOTS];
__thread struct slab_slot *malloc_slots = (struct slab_slot *)no_slots;
u8 small_kind[SMALL_MAX / SMALL_STEP + 1];
u8 medium_kind[FRONT_MAX / MEDIUM_STEP + 1];
u32 kind_size[NR_SLOTS];

/* b: the start */
static struct slab_slot kind_slot[NR_SLOTS];	/* empty ones, to copy */

/* o: the thread itself */
static __thread struct {
	bool watched;		/* o: front_thread_exit() will be called */
	u8 exits;		/* o: how often it was */
} thread;

/* ---- the start -------------------------------------------------------- */

/*
 * Bytes of the classes. All but the first are multiples of 16, and slabs of 4
 * to 64 KiB divide into each with little left over (slab_tight_cache_create()):
 * so rounding loses 6% at most where objects are small, and what it loses
 * where they are large is mostly pages that are never touched. Powers of two
 * are there for the sake of alignment.
 */
static const u16 class_sizes[] = {
	8, 16, 32, 48, 64, 80, 96, 112, 128,
	144, 160, 176, 192, 208, 224, 240, 256,
	272, 288, 304, 336, 368, 400, 448, 512,
	544, 576, 624, 672, 736, 816, 896, 1024,
	1088, 1168, 1248, 1360, 1488, 1632, 1808, 1920, 2048,
	2176, 2336, 2512, 2720, 2976, 3264, 3632, 4096,
	4352, 4672, 5040, 5456, 5952, 6544, 7280, 8192,
	9360, 10912, 13104, 16384, 21840, 24576, 28672, 32768,
};
#define NR_CLASSES	ARRAY_SIZE(class_sizes)

/* b: the start */
static struct kmem_cache *class_cache[NR_CLASSES];
static u8 class_kind[NR_CLASSES];

struct kmem_cache *front_cache(unsigned int class)
{
	return class < NR_CLASSES ? class_cache[class] : NULL;
}

static int class_start(unsigned int class)
{
	unsigned int size = class_sizes[class], kind;
	struct kmem_cache *cache;

	/* As aligned as it can be, so that alignment is found by size. */
	cache = slab_tight_cache_create("malloc", size,
					min(size & -size,
					    (unsigned int)PAGE_SIZE));
	if (!cache)
		return -ENOMEM;
	kind = slab_kind(cache, 0);
	BUG_ON(kind >= NR_SLOTS || kind > U8_MAX);
	class_cache[class] = cache;
	class_kind[class] = (u8)kind;
	kind_size[kind] = size;
	slab_slot_init(&kind_slot[kind], cache, 0);
	return 0;
}

/* Of each step of sizes the class that is large enough for all of them. */
static void kinds_fill(u8 *kinds, size_t max, size_t step)
{
	unsigned int class = 0;
	size_t size;

	for (size = 0; size <= max; size += step) {
		while (class_sizes[class] < size)
			class++;
		kinds[size / step] = class_kind[class];
	}
}

int front_start(void)
{
	unsigned int class;

	for (class = 0; class < NR_CLASSES; class++)
		if (class_start(class))
			return -ENOMEM;
	kinds_fill(small_kind, SMALL_MAX, SMALL_STEP);
	kinds_fill(medium_kind, FRONT_MAX, MEDIUM_STEP);
	return 0;
}

/* ---- a slot's first use ----------------------------------------------- */

/* The thread gets its table; false: no memory. */
static bool slots_open(void)
{
	struct slab_slot *slots;
	bool zeroed;

	slots = large_alloc(sizeof(no_slots), PAGE_SIZE, &zeroed);
	if (!slots)
		return false;
	if (!zeroed)
		memset(slots, 0, sizeof(no_slots));
	malloc_slots = slots;
	return true;
}

/* The slot for @kind; NULL: the thread ends and keeps nothing any more, or has
 * no memory for it. */
static struct slab_slot *slot_open(unsigned int kind)
{
	struct slab_slot *slot;

	if (unlikely(thread.exits >= LAST_EXIT))
		return NULL;
	if (unlikely(malloc_slots == no_slots) && !slots_open())
		return NULL;
	if (unlikely(!thread.watched)) {
		thread.watched = true;
		/* Without it the thread's objects stay with it. */
		os_thread_watch();
	}
	slot = &malloc_slots[kind];
	if (unlikely(!slot->cache))
		*slot = kind_slot[kind];
	return slot;
}

bool front_object_starts(unsigned int kind, const void *p)
{
	const struct slab_slot *slot = &kind_slot[kind];

	return slot_starts(slot, slot_offset(slot, address_offset(p)));
}

/* ---- allocation ------------------------------------------------------- */

/* An object of the slot, or of a slab when it has no array. With a CPU. */
static void *slot_pop(struct slab_slot *slot)
{
	if (!slot->count && !slab_slot_refill(slot))
		return slab_slot_take(slot);
	slot->count--;
	return slot->objs[slot->count];
}

static void *alloc_locked(struct slab_slot *slot, unsigned int kind)
{
	void *object = slot_pop(slot);

	while (!object) {
		if (!giveback_allow(kind_size[kind]) ||
		    !malloc_core_commit() ||
		    slab_slot_grow(slot, GFP_NOWAIT | __GFP_NOWARN))
			return NULL;
		object = slot_pop(slot);
	}
	return object;
}

/* The same for a thread without slots. */
static void *alloc_bare(unsigned int kind)
{
	struct slab_slot none = kind_slot[kind];
	void *object = slab_slot_take(&none);

	if (!object && giveback_allow(kind_size[kind]) &&
	    malloc_core_commit() &&
	    !slab_slot_grow(&none, GFP_NOWAIT | __GFP_NOWARN))
		object = slab_slot_take(&none);
	return object;
}

void *front_alloc_slow(unsigned int kind)
{
	struct slab_slot *slot = slot_open(kind);
	void *object;

	malloc_core_enter();
	object = slot ? alloc_locked(slot, kind) : alloc_bare(kind);
	malloc_core_leave();
	return object;
}

/* ---- frees ------------------------------------------------------------ */

/*
 * False: no memory for an array. With a CPU. While the heap shrinks, objects go
 * home soon: a few that stay would keep as many slabs.
 */
static bool slot_push(struct slab_slot *slot, void *p)
{
	if (slot->high && giveback_shrinks())
		slab_slot_narrow(slot, NARROW);
	if (slot->count >= slot->high && !slab_slot_make_room(slot))
		return false;
	slot->objs[slot->count] = p;
	slot->count++;
	return true;
}

void front_free_slow(unsigned int kind, void *p)
{
	struct slab_slot *slot = slot_open(kind), none;
	size_t given = slot ? (size_t)slot->count * kind_size[kind] : 0;

	malloc_core_enter();
	if (!slot || !malloc_core_commit() || !slot_push(slot, p)) {
		none = kind_slot[kind];
		slab_slot_put(&none, p);
	}
	malloc_core_leave();
	giveback_note(given);
}

/* ---- the end of a thread ---------------------------------------------- */

void front_drain(void)
{
	unsigned int kind;

	malloc_core_enter();
	for (kind = 0; kind < NR_SLOTS; kind++)
		if (malloc_slots[kind].high)
			slab_slot_drain(&malloc_slots[kind]);
	malloc_core_leave();
}

void front_thread_exit(void)
{
	struct slab_slot *slots = malloc_slots;

	thread.exits++;
	thread.watched = false;
	front_drain();
	malloc_slots = (struct slab_slot *)no_slots;
	if (slots != no_slots)
		large_free(slots);
}
