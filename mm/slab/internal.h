/* SPDX-License-Identifier: MIT */
/*
 * The structures of mm/slab and the calls between its files. The theory
 * stands in slab.c.
 */
#ifndef _MM_SLAB_INTERNAL_H
#define _MM_SLAB_INTERNAL_H

#include <linux/slab.h>

#include <linux/list.h>
#include <linux/log2.h>
#include <linux/mm.h>
#include <linux/percpu.h>
#include <linux/rcupdate.h>
#include <linux/spinlock.h>
#include <linux/vmstat.h>
#include <octavo/cpu_section.h>
#include <octavo/machine.h>
#include <octavo/page_list.h>
#include <octavo/plant.h>
#include <octavo/port.h>
#include <octavo/slab_slot.h>

#define slab_state()	(&this_machine()->slab)

/* ---- kinds of frames -------------------------------------------------- */

/* Frames to a chunk: 32 MiB, so the root for 16 TiB is one block of pages. */
#define FRAME_CHUNK_SHIFT	13
#define FRAME_CHUNK		(1UL << FRAME_CHUNK_SHIFT)
/* Kinds fit in a u16. */
#define MAX_SLAB_SLOTS		65536U
static_assert(SLAB_ID_BLOCKS * SLAB_ID_BLOCK >= MAX_SLAB_SLOTS,
	      "every kind's cache has a place");

/*
 * Where a CPU's calls start. p: as above; f: what allocations and frees look
 * at, the table or, in a closed front, one of slots that hold nothing
 */
struct slab_front {
	struct cpu_section section;
	char *local;		/* f: slots of this node: + cache->slot_offset */
	struct slab_slot *slots;	/* f: by kind of frame */
	struct slab_slot *table;	/* p: this CPU's slots, by kind */
	char *table_local;	/* p: those of this node, as local */
	u16 **frames;		/* p: slab_state.frames */
	u16 *kinds;		/* p: the first chunk of it: asm/slab_frames.h */
	unsigned long nr_frames;	/* p: slab_state.nr_frames */
};
DECLARE_PER_CPU(struct slab_front, slab_front);

/* ---- caches ----------------------------------------------------------- */

/* c: constant; l: lock, which may be taken in any context but NMI */
struct kmem_cache_node {
	spinlock_t lock;
	unsigned int nid;		/* c */
	struct page_list partial;	/* l: slabs with objects out and free */
	struct page_list full;		/* l: all of whose objects are out */
	struct page_list free;		/* l: none of whose are */
	unsigned long nr_slabs;		/* l */
	unsigned long nr_free_slabs;	/* l: on the list free */
	unsigned long nr_out;		/* l: objects that slabs count as used */
	struct slab_array *arrays;	/* l: the depot: full ones */
	struct slab_array *empty;	/* l: and empty ones */
	unsigned int nr_arrays;		/* l: full ones */
	unsigned int nr_arrays_low;	/* l: the fewest since the last reap */
	unsigned int nr_empty;		/* l: empty ones */
	unsigned int max_arrays;	/* c: full ones that are kept */
	/* SLAB_TYPESAFE_BY_RCU: slabs whose pages readers may still be at. */
	struct page_list rcu_next;	/* l: no grace period runs for them */
	struct page_list rcu_now;	/* l: one does */
	struct rcu_head rcu;		/* l: of rcu_now */
};

/* kmem_cache.internal */
#define CACHE_NO_ARRAYS	1u	/* CPUs keep none of its objects */
#define CACHE_STATIC	2u	/* never ends; its name is constant */
#define CACHE_INDEX_OFF	4u	/* free indices are objects of index_cache */
#define CACHE_TIGHT	8u	/* larger slabs, if less is left over */
#define CACHE_KMALLOC	16u	/* one of kmalloc()'s: users say a size */
#define CACHE_UNWATCHED	32u	/* the allocator's own: slab_watch.h */

/* c: constant after it was made; m: slab_state.mutex; a: atomic */
struct kmem_cache {
	unsigned long slot_offset;	/* c: bytes, in slab_front.local */
	unsigned int size;		/* c: bytes from object to object */
	unsigned int object_size;	/* c: bytes that users may use */
	unsigned int align;		/* c: bytes, a power of two */
	unsigned int num;		/* c: objects of a slab */
	unsigned int order;		/* c: pages of a slab, as an order */
	unsigned int colours;		/* c: a power of two less 1 */
	unsigned int colour_shift;	/* c: log2 of the bytes of a colour */
	unsigned int left;		/* c: bytes in front of the first one:
					 * its red zone; 0 without */
	unsigned int inuse;		/* c: where the red zone behind ends */
	unsigned int track;		/* c: offset of struct slab_track [2],
					 * from the object; 0: none */
	unsigned int orig;		/* c: offset of the u32 that says what
					 * the caller wanted; 0: none */
	slab_flags_t flags;		/* c: SLAB_*; but a: those that files
					 * of the cache change */
	unsigned int internal;		/* c: CACHE_* */
	gfp_t gfp;			/* c: that its slabs' pages always get */
	unsigned int id;		/* c: of slots: id << node_shift */
	unsigned int array_size;	/* c: which array_cache */
	unsigned long max_free_slabs;	/* c: of a node that are kept */
	void (*ctor)(void *object);	/* c: or NULL */
	void (*dtor)(void *object);	/* c: or NULL */
	const char *name;		/* c */
	unsigned long fingerprint;	/* m: slab_reap.c's, at its last look */
	unsigned int users;		/* m: merged into it, and itself */
	bool has_slots;			/* a: some CPU's slot was made its own */
	struct list_head list;		/* m: slab_state.caches */
	struct kmem_cache_node node[];	/* one for each possible node */
};

/* The kind of frame that @cache's slabs of node @nid are. */
static inline unsigned int cache_kind(const struct kmem_cache *cache, int nid)
{
	return (cache->id << slab_state()->node_shift) + (unsigned int)nid;
}

static inline bool nid_possible(int nid)
{
	return nid >= 0 && nid < this_machine()->nr_nodes && NODE_DATA(nid);
}

/* The cache @id, or NULL. Who holds an object of it knows it stays. */
static inline struct kmem_cache *cache_by_id(unsigned int id)
{
	struct kmem_cache **block = slab_state()->by_block[id / SLAB_ID_BLOCK];

	return block ? READ_ONCE(block[id % SLAB_ID_BLOCK]) : NULL;
}

#define for_each_cache_node(n, cache)					\
	for ((n) = (cache)->node;					\
	     (n) < (cache)->node + this_machine()->nr_nodes; (n)++)

/* ---- addresses -------------------------------------------------------- */

/* The slab of @object: its first page. It is known to be an object. */
static inline struct page *object_slab(const void *object)
{
	return compound_head(virt_to_page(object));
}

static_assert(1 << (PAGE_SHIFT - SLAB_COLOUR_SHIFT) == L1_CACHE_BYTES,
	      "a colour is a line");

static inline u32 cache_colour_mask(const struct kmem_cache *cache)
{
	return cache->colours << cache->colour_shift;
}

static inline unsigned long slab_colour_offset(const struct kmem_cache *cache,
					       unsigned long pfn)
{
	return pfn << PAGE_SHIFT >> SLAB_COLOUR_SHIFT &
	       cache_colour_mask(cache);
}

/* The first object of @slab. */
static inline char *slab_objects(const struct kmem_cache *cache,
				 const struct page *slab)
{
	return (char *)lowmem_page_address(slab) + cache->left +
	       slab_colour_offset(cache, page_to_pfn(slab));
}

/* A slot's front, from its section. */
static __always_inline struct slab_front *front_of(struct cpu_section *s)
{
	return container_of(s, struct slab_front, section);
}

/* The kind of the frame of @addr; FRAME_NONE when that is no memory. */
unsigned int frame_kind(const void *addr);
/*
 * Makes the place of the kind of the block of pages at @pfn, which the caller
 * has. Takes pages with the part of @gfp that says how hard to try. 0, or
 * -ENOMEM, with nothing changed.
 */
int frame_prepare(unsigned long pfn, gfp_t gfp);
/* What stands in the root for @chunk where the frame @pfn is. */
static inline u16 *frame_chunk_entry(u16 *chunk, unsigned long pfn)
{
	return chunk - (pfn & ~(FRAME_CHUNK - 1));
}

/* Prepared, and stays so. */
void frame_set_kind(unsigned long pfn, unsigned int kind);
/* The offset in the direct map; large for other addresses. */
static __always_inline unsigned long direct_offset(const void *addr)
{
	return (unsigned long)addr - (unsigned long)__va(0);
}

/* The slot of @cpu for @cache's objects of node @nid. */
struct slab_slot *slab_slot_of(unsigned int cpu, const struct kmem_cache *cache,
			       int nid);

/* ---- slab_node.c: slabs and the depot --------------------------------- */

void cache_node_init(struct kmem_cache *cache, int nid);
/* Up to @max objects of one slab; how many. The last is the lowest. */
unsigned int node_take(struct kmem_cache *cache, struct kmem_cache_node *n,
		       void **objs, unsigned int max);
/*
 * Objects back to their slabs; @keep: slabs without objects stay as far as
 * max_free_slabs says. Wrong ones are reported. Frees pages.
 */
void node_put(struct kmem_cache *cache, struct kmem_cache_node *n, void **objs,
	      unsigned int nr, bool keep);
/* Memory for more objects, preferably of node @nid; its node or -ENOMEM. */
int node_grow(struct kmem_cache *cache, gfp_t gfp, int nid);
/* Exchanges an empty array (or NULL) for a full one; NULL: there is none. */
struct slab_array *depot_take_full(struct kmem_cache_node *n,
				   struct slab_array *empty);
/* Exchanges a full array for an empty one; NULL, and it is the caller's
 * still: the depot is full. */
struct slab_array *depot_take_empty(struct kmem_cache *cache,
				    struct kmem_cache_node *n,
				    struct slab_array *full);
struct slab_array *slab_array_create(struct kmem_cache *cache, int nid);
void slab_array_free(struct slab_array *array);
/* Frees the full arrays that were not asked for since the last call, and
 * slabs that are not needed; how many objects went to their slabs. */
unsigned long node_reap(struct kmem_cache *cache, struct kmem_cache_node *n);
/* Empties the depot and frees what slabs are not needed. */
void node_shrink(struct kmem_cache *cache, struct kmem_cache_node *n);

/* The word of @slab's free index that holds object @i. Node lock. */
static inline u64 *slab_index_word(const struct kmem_cache *cache,
				   struct page *slab, unsigned int i)
{
	if (cache->internal & CACHE_INDEX_OFF)
		return (u64 *)(unsigned long)slab->private + i / 64;
	return &slab[i / 64].private;
}

/* Objects of @slab that are out. Node lock. */
static inline unsigned int slab_in_use(const struct page *slab)
{
	return page_type_read(slab) & PAGE_TYPE_NUMBER_MASK;
}

/* ---- slab_cpu.c: CPUs' slots ------------------------------------------ */

/* The slot of a kind that has no array yet. */
void slot_init(struct slab_slot *slot, struct kmem_cache *cache, int nid);
/* Objects into a slot that has none; false: there are none. */
bool slot_refill(struct kmem_cache *cache, struct kmem_cache_node *n,
		 struct slab_slot *slot);
/* Room in a slot that has none; false: no memory for it. */
bool slot_make_room(struct kmem_cache *cache, struct kmem_cache_node *n,
		    struct slab_slot *slot);
/* All that a slot holds goes to the slabs. */
void slot_drain(struct kmem_cache *cache, struct slab_slot *slot);
/* The arrays of a slot that was drained are given up. */
void slot_strip(struct slab_slot *slot);

/* Room for the slots of a new cache; -ENOMEM when the tables cannot grow. */
int slab_slots_prepare(struct kmem_cache *cache);
void slab_slots_clear(struct kmem_cache *cache);
/* Tables of slots for @nr_ids caches, for all possible CPUs. */
int slab_tables_grow(unsigned int nr_ids);
/* From here on CPUs use them. */
void slab_fronts_start(void);
/* All CPUs' objects of @cache go to their slabs. Task context. */
void slab_drain(struct kmem_cache *cache);
/* The same of node @nid's; @strip: they give up their arrays as well. */
void slab_drain_node(struct kmem_cache *cache, int nid, bool strip);
/*
 * This CPU's front for more than one step, with preemption off; interrupts
 * keep off. NULL: it is not for now, preemption is as it was.
 */
struct slab_front *slab_front_lock(void);
void slab_front_unlock(struct slab_front *front);
/* When the slot of this CPU does not help. */
void *slab_alloc_slow(struct kmem_cache *cache, gfp_t gfp, int nid,
		      size_t size, unsigned long caller);
/* The part of it that finds an object, as it was left: not to be touched. */
void *slab_take_object(struct kmem_cache *cache, gfp_t gfp, int nid);
/* @cache NULL: whatever it is of. */
void slab_free_slow(struct kmem_cache *cache, void *object,
		    unsigned long caller);

/* All CPUs' calls take the slow way for the reason @why (CPU_SECTION_*), or no
 * longer. Task context. */
void slab_fronts_shut(u32 why, bool on);
/* This CPU's next one does, until unshut; the first: in its interrupts. */
void slab_front_shut(void);
void slab_front_unshut(void);

/* Alone with the slots of all CPUs; nests in nothing. Task context. */
void slab_claim(void);
void slab_release(void);

/* ---- others ----------------------------------------------------------- */

/* What is wrong with the free of @object; NULL: nothing. */
const char *slab_free_fault(const struct kmem_cache *cache, const void *object,
			    struct kmem_cache **of);

/* slab_live.c: a line for each object that is out. Mutex, drained. */
void cache_list_live(struct kmem_cache *cache);

/* kmalloc.c */
void kmalloc_large_free(void *object);
/* kmalloc_large_node(); @caller is who is remembered as the one who asked. */
void *kmalloc_large_caller(size_t size, gfp_t gfp, int nid,
			   unsigned long caller);
void kmalloc_caches_create(void);

/* slab_init.c, slab_frames.c. Zeroed; without memory the machine stops. */
void *slab_init_pages(size_t size);
void slab_frames_init(void);

/* slab_cache.c */
/* The order of slabs of objects of @size bytes. */
unsigned int slab_order(unsigned int size, bool tight);
struct kmem_cache *cache_create(const char *name, unsigned int size,
				const struct kmem_cache_args *args,
				slab_flags_t flags, unsigned int internal);
/* Sizes of a cache; false: there is no such cache. */
bool cache_layout(struct kmem_cache *cache, unsigned int size,
		  unsigned int align, slab_flags_t flags);
/* slab_init.c: a cache of what the allocator keeps for itself; stops the
 * machine when memory lacks. Start-up. */
struct kmem_cache *slab_inner_cache(const char *name, unsigned int size);
/* Enters a cache into the machine's table. 0 or -ENOMEM. Mutex. */
int cache_enter(struct kmem_cache *cache);
/* Sums of a cache for /proc/slabinfo and for checks. */
struct cache_sums {
	unsigned long slabs;		/* slabs with objects out or cached */
	unsigned long free_slabs;	/* the others */
	unsigned long out;		/* objects out or cached */
	unsigned long cached;		/* in CPUs' arrays and the depot */
};
void cache_sums_read(struct kmem_cache *cache, struct cache_sums *sums);
/* Objects of an array of a CPU; 0: CPUs keep none. */
unsigned int slab_array_limit(const struct kmem_cache *cache);

/* Objects that leave the allocator may be touched; those that come may not. */
static __always_inline void object_leaves(const struct kmem_cache *cache,
					  void *object)
{
	if (PORT_CHECKS_MEMORY)
		port_unpoison(object, cache->object_size);
}

static __always_inline void object_comes(const struct kmem_cache *cache,
					 void *object)
{
	/* Readers may be at those of SLAB_TYPESAFE_BY_RCU. */
	if (PORT_CHECKS_MEMORY && !(cache->flags & SLAB_TYPESAFE_BY_RCU))
		port_poison(object, cache->size - cache->left);
}

/* Bytes that came to, or left, a cache of @flags on node @nid. */
static inline void slab_account(int nid, slab_flags_t flags, long bytes)
{
	mod_node_page_state(NODE_DATA(nid), flags & SLAB_RECLAIM_ACCOUNT ?
			    NR_SLAB_RECLAIMABLE_B : NR_SLAB_UNRECLAIMABLE_B,
			    bytes);
}

/* Others read it at any time, its own CPU without more ado: no port_store(). */
static __always_inline void slot_set_count(struct slab_slot *slot, u32 count)
{
	__atomic_store_n(&slot->count, count, __ATOMIC_RELAXED);
}

#include <asm/slab_frames.h>

/* The slot of the kind of the frame @pfn, in a table of @front's. */
static __always_inline struct slab_slot *
front_slot(const struct slab_front *front, struct slab_slot *slots,
	   unsigned long pfn)
{
	return &slots[port_load(slab_frame_entry(front, pfn),
				__ATOMIC_RELAXED)];
}

/*
 * Keeps @object, at @phys, in @slot, which is that of its frame, if an object
 * starts there, there is room, and it is not what was freed last.
 */
static __always_inline bool slot_keep(struct slab_slot *slot,
				      unsigned long phys, void *object)
{
	u32 n = slot->count;

	if (unlikely(n >= slot->high))
		return false;
	if (unlikely(!slot_starts(slot, slot_offset(slot, phys))))
		return false;
	/* objs[-1] is struct slab_array's `none`. */
	if (unlikely(slot->objs[(long)n - 1] == object))
		return false;
	object_comes(slot->cache, object);
	slot->objs[n] = object;
	slot_set_count(slot, n + 1);
	return true;
}

/*
 * Keeps @object for this CPU, if it is an object of @cache (@any: of any) and
 * there is room. In the section; false: it is not for here.
 */
static __always_inline bool slab_keep(const struct slab_front *front,
				      struct slab_slot *slots, bool any,
				      const struct kmem_cache *cache,
				      void *object)
{
	unsigned long phys = direct_offset(object), pfn = phys >> PAGE_SHIFT;
	struct slab_slot *slot;

	if (unlikely(pfn >= front->nr_frames))
		return false;
	slot = front_slot(front, slots, pfn);
	if (!any && unlikely(slot->cache != cache))
		return false;
	return slot_keep(slot, phys, object);
}

/* Keeps @object in @slot, of another node or cache: only if of @cache. */
bool slab_keep_remote(struct slab_slot *slot, const struct kmem_cache *cache,
		      void *object);

#include <asm/slab_fast.h>

#endif
