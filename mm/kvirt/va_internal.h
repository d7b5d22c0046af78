/* SPDX-License-Identifier: MIT */
/*
 * The structures of the allocator of kernel addresses and the calls between
 * its files. The theory stands in va.c.
 */
#ifndef _MM_KVIRT_VA_INTERNAL_H
#define _MM_KVIRT_VA_INTERNAL_H

#include "va.h"
#include "va_map.h"

#include <linux/atomic.h>
#include <linux/list.h>
#include <linux/mm.h>
#include <linux/mutex.h>
#include <linux/percpu.h>
#include <linux/rcupdate.h>
#include <linux/spinlock.h>
#include <octavo/cpu_section.h>

/* A slot: what one entry of the table stands for, and what a chunk fills. */
#define VA_SLOT_SHIFT	PORT_KVIRT_CHUNK_SHIFT
#define VA_SLOT_SIZE	(1UL << VA_SLOT_SHIFT)
static_assert(VA_SLOT_SIZE == VA_CHUNK_PAGES * PAGE_SIZE,
	      "a chunk is a slot");
/* Classes of free segments: [2^k, 2^(k+1)) pages. */
#define VA_CLASSES	(BITS_PER_LONG - PAGE_SHIFT)
/* Kinds of chunks, by the size of ranges: to 4, to 16, to 64 pages. */
#define VA_KINDS	3U

enum va_state {
	VA_FREE,	/* in the free list of its class */
	VA_OWNED,
	VA_DISOWNED,	/* between va_disown() and what ends it */
	VA_LAZY,	/* released, waits for a purge */
	VA_PURGING,	/* a purge has it */
	VA_CHUNK,	/* cut up for small ranges */
};

/* l: the space's lock */
struct va_seg {
	unsigned long start;		/* l: bytes; constant */
	unsigned long size;		/* l: bytes */
	struct list_head order;		/* l: va_space.segs, by address */
	struct list_head link;		/* l: free: its class; lazy, or a chunk
					 * that is queued: va_space.lazy;
					 * in a purge: its batch */
	union {
		void *owner;		/* l: of VA_OWNED; else NULL */
		struct va_chunk *chunk;	/* l: of VA_CHUNK */
	};
	enum va_state state;		/* l */
};

/* Who may take from a chunk's free pages. */
enum va_place {
	VA_EMPTY,	/* the lock; all are free; va_space.empty */
	VA_PARTIAL,	/* the lock; enough are free; va_space.partial */
	VA_RESTING,	/* the lock; few are free; in no list */
	VA_ATTACHED,	/* a CPU's section; back[] has what others free */
};

/* Whether a purge will look at what is lazy in a chunk. */
enum va_queued {
	VA_IDLE,	/* no: who releases puts it in va_space.lazy */
	VA_QUEUED,	/* it is there */
	VA_COLLECTED,	/* a purge has it, and looks again at the end */
	VA_GONE,	/* the chunk goes, nothing is in it */
};

/* Pages from which on a chunk is worth being attached again. */
#define VA_CHUNK_WORTH	(VA_CHUNK_PAGES / 8)

/*
 * h: who holds it: see enum va_place; l: the space's lock; a: atomic; c:
 * constant; o: who took the range, then who disowned it, alone
 */
struct va_chunk {
	unsigned long start;		/* c: bytes, a multiple of the size */
	struct va_seg *seg;		/* l: its segment; NULL: it is gone */
	struct list_head all;		/* l: va_space.chunks */
	struct list_head list;		/* l: empty, partial: the place's */
	enum va_place place;		/* l */
	unsigned int kind;		/* l: of ranges, while it is not empty */
	union {
		struct rcu_head rcu;	/* once it is gone */
		struct va_chunk *next;	/* before that: va_spent.chunks */
	};
	/* Of its pages. What one CPU and what all write is lines apart. */
	u64 free[VA_MAP_WORDS + 1];	/* h; c: the last is 0 */
	u64 purging[VA_MAP_WORDS];	/* l */
	u64 back[VA_MAP_WORDS];		/* a: free as well */
	u64 lazy[VA_MAP_WORDS];		/* a */
	u32 queued;			/* a: enum va_queued; written under l */
	u8 nr[VA_CHUNK_PAGES];		/* o: pages of the range that starts
					 * here; 0: none, or released */
	void *owner[VA_CHUNK_PAGES];	/* a: its; NULL: disowned, or none */
};

/* Of each CPU. p: in the section; i: this CPU, whole against interrupts */
struct va_cpu {
	struct cpu_section section;
	u8 hint[VA_KINDS];		/* p: the word to look at first */
	struct va_chunk *chunk[VA_KINDS];	/* p: attached, or NULL */
	/* What came minus what went, in chunks; only sums make sense. */
	long areas;			/* i: number of */
	long used;			/* i: pages */
	long lazy;			/* i: pages; not yet in lazy_pages */
};

/* Slots of a leaf: 64 to 4096. What 32 bits have at most, 128 MiB, is one. */
#define VA_LEAF_MIN_SHIFT	6
#define VA_LEAF_ONE_SHIFT	8
#define VA_LEAF_MAX_SHIFT	12
#define VA_LEAF_WORDS		(1UL << (VA_LEAF_MAX_SHIFT - 6))

/* l: the space's lock; a: written under it, read without */
struct va_leaf {
	u64 words;			/* l: which of used[] are not 0 */
	u64 used[VA_LEAF_WORDS];	/* l: slots in which a segment starts */
	unsigned long first[];		/* a: by slot: the lowest of them, or
					 * a chunk + VA_ENTRY_CHUNK; 0: none */
};
#define VA_ENTRY_CHUNK	1UL

/* c: constant; l: lock; m: purge_lock; a: atomic */
struct va_space {
	unsigned long start, end;	/* c: bytes */
	unsigned long first_slot;	/* c: that of start */
	unsigned long nr_slots;		/* c: that it lies in */
	unsigned long leaf_mask;	/* c: slots of a leaf, less 1 */
	unsigned int leaf_shift;	/* c: log2 of slots of a leaf */
	struct va_leaf **leaf;		/* c: the table; a: its entries */
	unsigned long nr_leaves;	/* c: of the array */
	struct va_cpu __percpu *cpu;	/* c: NULL: there are no chunks */
	const struct va_space_ops *ops;	/* c: or NULL */
	void *ctx;			/* c: theirs */

	spinlock_t lock ____cacheline_aligned;	/* any context but NMI */
	unsigned int holder;		/* a: the CPU that has it, and 1; 0 */

	struct list_head segs;		/* l: all, by address */
	struct list_head free[VA_CLASSES];	/* l: free ones, by size */
	u64 classes;			/* l: which are not empty */
	struct list_head lazy;		/* l: released ones, queued chunks */

	struct list_head chunks;	/* l: all */
	struct list_head empty;		/* l: VA_EMPTY */
	struct list_head partial[VA_KINDS];	/* l: VA_PARTIAL */
	unsigned long nr_empty;		/* l: of the list */
	unsigned long nr_chunks;	/* l: all */

	unsigned long nr_areas;		/* l: owned segments */
	unsigned long nr_segs;		/* l: all segments */
	unsigned long nr_tables;	/* l: leaves there are */
	unsigned long used;		/* l: pages, in owned and disowned
					 * segments */
	atomic_long_t lazy_pages;	/* a: released and purging, but for
					 * what va_cpu.lazy has */
	long lazy_max;			/* a: when a purge is due */
	unsigned long empty_max;	/* m, l: empty chunks that are kept */
	struct mutex purge_lock;	/* one purge, one claim of sections at
					 * a time; outside of lock */
};

/* What a request says: bytes. */
struct va_request {
	unsigned long size, align;
	unsigned long min, max;		/* [min, max), within the space */
	void *owner;
	struct va_chunk *chunk;		/* it is for this one; else NULL */
	gfp_t gfp;
};

/* What is to be freed outside of the lock. */
struct va_spent {
	struct list_head segs;		/* by link */
	struct va_chunk *chunks;	/* by next */
};
#define VA_SPENT(name) struct va_spent name = { LIST_HEAD_INIT(name.segs), NULL }

/* What a request may say of how its bookkeeping is found. */
#define VA_META_GFP	(GFP_KERNEL | GFP_ATOMIC | __GFP_NOWARN |	\
			 __GFP_NORETRY | __GFP_RETRY_MAYFAIL |		\
			 __GFP_NOFAIL | __GFP_MEMALLOC | __GFP_NOMEMALLOC)

/* ---- va_table.c: which segments start in which slot. Under the lock. ---- */

static inline unsigned long va_slot(const struct va_space *space,
				    unsigned long addr)
{
	return (addr >> VA_SLOT_SHIFT) - space->first_slot;
}

int va_table_create(struct va_space *space);
void va_table_destroy(struct va_space *space);
/* Bytes of a leaf. */
size_t va_leaf_size(const struct va_space *space);
/* Whether a segment may start at @addr: there is a leaf for it. */
bool va_table_ready(const struct va_space *space, unsigned long addr);
/* Gives it one; false when it had one: the caller keeps @leaf. */
bool va_table_add(struct va_space *space, unsigned long addr,
		  struct va_leaf *leaf);
/* @seg, which is in the list of all, starts now; or no longer does. */
void va_table_enter(struct va_space *space, struct va_seg *seg);
void va_table_leave(struct va_space *space, struct va_seg *seg);
/* The segment that @addr, an address of the space, is in. */
struct va_seg *va_table_at(const struct va_space *space, unsigned long addr);
/* The lowest segment of @slot, or NULL. */
struct va_seg *va_table_first(const struct va_space *space,
			      unsigned long slot);
/* @seg, which is a slot, is @chunk's from now on; NULL: no longer a chunk's. */
void va_table_set_chunk(struct va_space *space, const struct va_seg *seg,
			struct va_chunk *chunk);

/*
 * The chunk that @addr is in, or NULL. Without the lock: preemption is off,
 * so that the chunk stays, though it may be gone from the space.
 */
static __always_inline struct va_chunk *
va_chunk_at(const struct va_space *space, unsigned long addr)
{
	unsigned long slot = va_slot(space, addr), entry;
	const struct va_leaf *leaf;

	if (unlikely(slot >= space->nr_slots))
		return NULL;
	/* Pair with the releases in va_table_add() and entry_set(). */
	leaf = smp_load_acquire(&space->leaf[slot >> space->leaf_shift]);
	if (unlikely(!leaf))
		return NULL;
	entry = smp_load_acquire(&leaf->first[slot & space->leaf_mask]);
	if (unlikely(!(entry & VA_ENTRY_CHUNK)))
		return NULL;
	return (struct va_chunk *)(entry - VA_ENTRY_CHUNK);
}

/* ---- va_seg.c: segments ------------------------------------------------ */

unsigned long va_lock(struct va_space *space);
void va_unlock(struct va_space *space, unsigned long flags);

/*
 * A segment in the state VA_OWNED, or VA_CHUNK with that chunk entered; NULL:
 * there is none (*@full) or no memory. Takes the lock.
 */
struct va_seg *va_seg_alloc(struct va_space *space,
			    const struct va_request *req, bool *full);
/*
 * Makes @seg free, which is in no list of its own, and merges it with its
 * neighbours. What that leaves over goes to @spent, by link, for
 * va_spent_free() outside of the lock. Under the lock.
 */
void va_seg_free(struct va_space *space, struct va_seg *seg,
		 struct va_spent *spent);
void va_spent_free(struct va_spent *spent);
/* The first segment: all of the space is free. 0 or -ENOMEM. */
int va_segs_create(struct va_space *space);
/* Frees all that there are, in whatever state. */
void va_segs_destroy(struct va_space *space);

/* ---- va_chunk.c: chunks ------------------------------------------------ */

/* Whether the request may be met from a chunk. */
static __always_inline bool va_is_small(const struct va_space *space,
					const struct va_request *req)
{
	return req->size <= VA_RANGE_MAX * PAGE_SIZE &&
	       req->align <= VA_RANGE_MAX * PAGE_SIZE && space->cpu &&
	       req->min == space->start && req->max == space->end;
}

/* 0, or -ENOMEM. A space that is too small for chunks goes without. */
int va_chunks_create(struct va_space *space);
void va_chunks_destroy(struct va_space *space);
/* The chunk is entered, with all pages free. Under the lock. */
void va_chunk_enter(struct va_space *space, struct va_chunk *chunk,
		    struct va_seg *seg);
/*
 * A small range, or 0. From this CPU's chunk, any of its kind, and new ones
 * (*@full: there is no room for one); or from whatever chunk no CPU has.
 */
unsigned long va_chunk_alloc(struct va_space *space,
			     const struct va_request *req, bool *full);
unsigned long va_chunk_alloc_any(struct va_space *space,
				 const struct va_request *req);
/* The pages [i, i + n) of @chunk, which were in a range, are free. */
void va_chunk_free(struct va_space *space, struct va_chunk *chunk,
		   unsigned int i, unsigned int n);
/* A purge must look at @chunk, unless it is to already. */
void va_chunk_queue(struct va_space *space, struct va_chunk *chunk);
/* The owned range of @chunk that @addr is in; or the first from there on. */
bool va_chunk_find(const struct va_chunk *chunk, unsigned long addr,
		   struct va_area *area);
bool va_chunk_next(const struct va_chunk *chunk, unsigned long addr,
		   struct va_area *area);
/* A purge begins and ends with @chunk, which is queued. Under the lock. */
void va_chunk_collect(struct va_chunk *chunk);
void va_chunk_purged(struct va_space *space, struct va_chunk *chunk,
		     struct va_spent *spent);
/* Gives empty chunks back; whether there was one. Takes the lock. */
bool va_chunks_trim(struct va_space *space);
/* Takes all CPUs' chunks from them. Task context. */
void va_chunks_drain(struct va_space *space);
/* Of all CPUs. */
void va_cpu_sums(const struct va_space *space, struct va_cpu *sums);
/* Sets lazy_max and empty_max by what the machine has now. */
void va_limits_set(struct va_space *space);

/* Which page of its chunk @addr is in. */
static inline unsigned int va_page(unsigned long addr)
{
	return addr >> PAGE_SHIFT & (VA_CHUNK_PAGES - 1);
}

static inline unsigned int va_class(unsigned long bytes)
{
	return (unsigned int)__fls(bytes >> PAGE_SHIFT);
}

static inline unsigned long va_seg_end(const struct va_seg *seg)
{
	return seg->start + seg->size;
}

#endif
