// SPDX-License-Identifier: MIT
/*
 * The thread's own objects: a slot for each kind of frame, in thread-local
 * storage, a line each.
 *
 * A slot is all zero until the thread first uses the kind; it is then like an
 * empty one and like a full one, so malloc() and free() ask for nothing but
 * its count. Slots of kinds that are not ours stay zero.
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

__thread struct slab_slot malloc_slots[NR_SLOTS]
	__attribute__((__aligned__(64)));
u8 small_kind[SMALL_MAX / SMALL_STEP + 1];
u8 medium_kind[FRONT_MAX / MEDIUM_STEP + 1];
u32 kind_size[NR_SLOTS];

/* b: the start */
static struct kmem_cache *class_cache[NR_CLASSES];
static u8 class_kind[NR_CLASSES];
static struct slab_slot kind_slot[NR_SLOTS];	/* empty ones, to copy */

/* o: the thread itself */
static __thread struct {
	bool watched;		/* o: front_thread_exit() will be called */
	u8 exits;		/* o: how often it was */
} thread;

struct kmem_cache *front_cache(unsigned int class)
{
	return class < NR_CLASSES ? class_cache[class] : NULL;
}

/* ---- the start -------------------------------------------------------- */

/* Bytes of class @i. */
static unsigned int class_size(unsigned int i)
{
	unsigned int double_, quarter;

	if (i < KMALLOC_SMALL_CLASSES)
		return 8 * (i + 1);
	double_ = (i - KMALLOC_SMALL_CLASSES) / 4;
	quarter = (i - KMALLOC_SMALL_CLASSES) % 4;
	return (64U << double_) + (16U << double_) * (quarter + 1);
}

/* Whether blocks of that size are aligned as compilers expect. */
static bool class_is_ours(unsigned int size)
{
	return size < MALLOC_ALIGN || size % MALLOC_ALIGN == 0;
}

static struct kmem_cache *class_cache_create(unsigned int i)
{
	unsigned int size = class_size(i);

	if (size <= KMALLOC_MAX_CACHE_SIZE)
		return kmalloc_caches[KMALLOC_NORMAL][i];
	return __kmem_cache_create_args("malloc", size,
		&(struct kmem_cache_args){
			.align = min(size & -size, (unsigned int)PAGE_SIZE),
		}, SLAB_NO_MERGE);
}

static int class_start(unsigned int i)
{
	struct kmem_cache *cache = class_cache_create(i);
	unsigned int kind;

	if (!cache)
		return -ENOMEM;
	kind = slab_kind(cache, 0);
	BUG_ON(kind >= NR_SLOTS || kind > U8_MAX);
	BUG_ON(kmem_cache_size(cache) != class_size(i));
	class_cache[i] = cache;
	class_kind[i] = (u8)kind;
	kind_size[kind] = class_size(i);
	slab_slot_init(&kind_slot[kind], cache, 0);
	return 0;
}

int front_start(void)
{
	unsigned int i, next = NR_CLASSES - 1;
	size_t size;

	for (i = 0; i < NR_CLASSES; i++)
		if (class_is_ours(class_size(i)) && class_start(i))
			return -ENOMEM;
	/* Sizes of the others are served by the next class. */
	for (i = NR_CLASSES; i-- > 0;) {
		next = class_is_ours(class_size(i)) ? i : next;
		class_cache[i] = class_cache[next];
		class_kind[i] = class_kind[next];
	}
	for (size = FRONT_MAX; size > 0; size -= MEDIUM_STEP)
		medium_kind[size / MEDIUM_STEP] =
			class_kind[kmalloc_index(size)];
	for (size = SMALL_MAX; size > 0; size -= SMALL_STEP)
		small_kind[size / SMALL_STEP] =
			class_kind[kmalloc_index(size)];
	small_kind[0] = class_kind[0];
	return 0;
}

/* ---- a slot's first use ----------------------------------------------- */

/* False: the thread ends, and keeps nothing any more. */
static bool slot_open(struct slab_slot *slot, unsigned int kind)
{
	if (unlikely(thread.exits >= LAST_EXIT))
		return false;
	if (unlikely(!thread.watched)) {
		thread.watched = true;
		/* Without it the thread's objects stay with it. */
		os_thread_watch();
	}
	if (unlikely(!slot->cache))
		*slot = kind_slot[kind];
	return true;
}

bool front_object_starts(unsigned int kind, const void *p)
{
	const struct slab_slot *slot = &kind_slot[kind];

	return slot_index(slot, address_offset(p)) < slot->num;
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

void *front_alloc_slow(unsigned int kind)
{
	struct slab_slot *slot = &malloc_slots[kind], none;
	void *object;

	/* Arming the key may allocate: then the slot is not empty any more. */
	if (!slot_open(slot, kind)) {
		none = kind_slot[kind];
		slot = NULL;
	} else if (slot->count) {
		slot->count--;
		return slot->objs[slot->count];
	}
	malloc_core_enter();
	object = slot ? alloc_locked(slot, kind) : slab_slot_take(&none);
	if (!object && !slot && giveback_allow(kind_size[kind]) &&
	    malloc_core_commit() &&
	    !slab_slot_grow(&none, GFP_NOWAIT | __GFP_NOWARN))
		object = slab_slot_take(&none);
	malloc_core_leave();
	return object;
}

/* ---- frees ------------------------------------------------------------ */

/* False: no memory for an array. With a CPU. */
static bool slot_push(struct slab_slot *slot, void *p)
{
	if (slot->count >= slot->high && !slab_slot_make_room(slot))
		return false;
	slot->objs[slot->count] = p;
	slot->count++;
	return true;
}

void front_free_slow(unsigned int kind, void *p)
{
	struct slab_slot *slot = &malloc_slots[kind], none;
	bool open = slot_open(slot, kind);
	size_t given = 0;

	malloc_core_enter();
	if (open)
		given = (size_t)slot->count * kind_size[kind];
	if (!open || !malloc_core_commit() || !slot_push(slot, p)) {
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
	thread.exits++;
	thread.watched = false;
	front_drain();
}
