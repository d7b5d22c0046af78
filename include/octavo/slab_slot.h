/* SPDX-License-Identifier: MIT */
/*
 * Slots: what somebody keeps of a cache's objects, to take and give them
 * without a lock. Each CPU has a slot for each cache (mm/slab/slab.c tells
 * the theory); an owner that is no CPU, such as a thread of a program, may
 * have slots of its own and exchange arrays with the same depots.
 *
 * Whoever owns a slot is alone with it. slab_slot_init() makes one without
 * memory, which is like an empty one and like a full one.
 */
#ifndef _OCTAVO_SLAB_SLOT_H
#define _OCTAVO_SLAB_SLOT_H

#include <linux/compiler.h>
#include <linux/gfp_types.h>
#include <linux/types.h>

struct kmem_cache;

/* ---- kinds of frames -------------------------------------------------- */

/*
 * A frame's kind: what its memory is used as. It is also the index of a slot
 * in each CPU's table, so kinds that are no cache have slots that hold
 * nothing, and a free finds the slow path without a test of its own.
 */
#define FRAME_NONE		0	/* no object's; never was, or cleared */
#define FRAME_LARGE		1	/* first of a large kmalloc() block */
#define FRAME_STALE		2	/* no object's since short */
#define FRAME_IDLE		3	/* no object's for longer: the owner of
					 * the memory tells what that is */
#define FRAME_KINDS		4	/* of no cache */

/* ---- arrays ----------------------------------------------------------- */

/*
 * Objects of one cache and node that are free, though their slabs count them
 * as in use. p: owner (a CPU's slot, or the depot); c: constant.
 */
struct slab_array {
	struct slab_array *next;	/* p: in the depot */
	u32 capacity;			/* c: objects */
	u32 count;			/* p: while in the depot */
	void *none;			/* c: NULL, no object: objs[-1] */
	void *objs[];			/* p: the last is the next to go */
};

/*
 * What a CPU has of one cache and node: an array in use and a spare one,
 * empty or full. All that an allocation or a free looks at, in one line.
 * p: this CPU in its section, or who has claimed it; c: constant while the
 * cache lives.
 */
struct slab_slot {
	void **objs;		/* p: of the array in use, or NULL */
	u32 count;		/* p: objects there; others read it */
	u32 high;		/* p: its capacity; 0: no array */
	struct kmem_cache *cache;	/* c: NULL: no cache of this kind */
	struct slab_array *spare;	/* p: or NULL */
	/* How an address is told from one inside an object: slot_starts(). */
	unsigned long reciprocal;	/* c: 2^BITS_PER_LONG / size, up */
	unsigned long limit;	/* c: more than what starts gives; of none; 0:
				 * a word is too short to tell what starts */
	u32 mask;		/* c: bytes of a slab - 1 */
	u32 colour_mask;	/* c: bytes that colours shift objects by */
	u32 nid;		/* c: node of the objects */
} __aligned(64);
static_assert(sizeof(struct slab_slot) == 64, "a slot is one line");

/*
 * Bits of an address that make its slab's colour: those that the colour mask
 * leaves when the address is shifted by this. All are above the slab's size.
 */
#define SLAB_COLOUR_SHIFT	6

/* Physical @phys in its slab, from the slab's first object; or 2^32 less. */
static __always_inline u32 slot_offset(const struct slab_slot *slot,
				       unsigned long phys)
{
	return ((u32)phys & slot->mask) -
	       ((u32)(phys >> SLAB_COLOUR_SHIFT) & slot->colour_mask);
}

/*
 * Whether an object starts @offset bytes from the first one. As the
 * reciprocal is a little too large, the fraction of the quotient of object i
 * is i times that little, while what lies between objects has a fraction of
 * 1 / size or more (Lemire, Kaser and Kurz). The limit lets num objects pass;
 * when size is a power of two, all fractions are 0, and the slab ends there.
 */
static __always_inline bool slot_starts(const struct slab_slot *slot,
					u32 offset)
{
	return offset * slot->reciprocal < slot->limit;
}

/* ---- for owners that are no CPU --------------------------------------- */

/*
 * A cache that never ends, whose slabs are as large as it takes to lose little
 * of them, where sizes are chosen for that. @name: stays the caller's. NULL
 * when memory lacks. May sleep.
 */
struct kmem_cache *slab_tight_cache_create(const char *name, unsigned int size,
					   unsigned int align);
/* The kind of frame that @cache's slabs of node @nid are. */
unsigned int slab_kind(const struct kmem_cache *cache, int nid);
/* @slot becomes one of @cache's objects of node @nid. */
void slab_slot_init(struct slab_slot *slot, struct kmem_cache *cache, int nid);
/*
 * Objects into a slot that has none; false: neither its spare array, nor the
 * depot, nor slabs have any, or there is no memory for an array. Any context
 * but NMI; does not sleep.
 */
bool slab_slot_refill(struct slab_slot *slot);
/* A new slab for the slot's cache: 0 or -ENOMEM. As @gfp says. */
int slab_slot_grow(struct slab_slot *slot, gfp_t gfp);
/* One object that did not come from the slot's array; NULL: none is free. */
void *slab_slot_take(struct slab_slot *slot);
/*
 * Room for one object in a slot that has none; false: no memory for an array.
 * Any context but NMI; does not sleep.
 */
bool slab_slot_make_room(struct slab_slot *slot);
/* Gives @object to its slab; what is wrong with that is reported. */
void slab_slot_put(struct slab_slot *slot, void *object);
/*
 * All of the slot's objects go to their slabs, and from now on it takes so
 * many at most, until it is refilled or slab_slot_widen() is called.
 */
void slab_slot_narrow(struct slab_slot *slot, unsigned int high);
void slab_slot_widen(struct slab_slot *slot);
/* All of the slot's objects go to their slabs; it keeps no memory. */
void slab_slot_drain(struct slab_slot *slot);
/* Why @object, on a frame that is no large block's, is none of a cache. */
const char *slab_object_fault(const void *object);
/*
 * Objects that nobody asked for since the last call leave @cache's depots,
 * and slabs without objects go; how many objects went to their slabs. Any
 * context but NMI.
 */
unsigned long kmem_cache_reap(struct kmem_cache *cache);
/* Depots and slabs without objects; not what CPUs and other owners keep. */
void kmem_cache_reap_all(struct kmem_cache *cache);

/*
 * Says that @object was freed wrongly. @what: the rest of the sentence, before
 * the address; @cache: whose it is, or NULL. A node's lock may be held. The
 * build chooses the file.
 */
void slab_report(const struct kmem_cache *cache, const char *what,
		 const void *object);

/* What a cache has, all nodes together. */
struct slab_usage {
	unsigned long slabs;		/* slabs */
	unsigned long objects;		/* objects in them */
	unsigned long out;		/* not in their slabs */
	unsigned long depot;		/* of these, in the depots */
	unsigned long bytes;		/* of the slabs */
};
void slab_usage_read(struct kmem_cache *cache, struct slab_usage *u);

#endif
