/* SPDX-License-Identifier: MIT */
/*
 * Objects: caches of equal ones, and kmalloc() for any size. The theory
 * stands in mm/slab/slab.c.
 *
 * Who gets an object owns it until it is freed. Allocations sleep only with
 * __GFP_DIRECT_RECLAIM; without it, any context but NMI. Frees: any context
 * but NMI. A free of what is not the caller's to free is reported in one line
 * and otherwise ignored, so that the object is never handed out twice.
 *
 * Differs from Linux: struct kmem_cache_args has `dtor`, the destructor that
 * caches of Linux 2.6 had; __GFP_DMA is refused by caches without
 * SLAB_CACHE_DMA; a cache with live objects is not destroyed but stays as
 * it was. kmalloc() has four size classes for each doubling, not one.
 */
#ifndef _LINUX_SLAB_H
#define _LINUX_SLAB_H

#include <linux/bitops.h>
#include <linux/cache.h>
#include <linux/compiler.h>
#include <linux/gfp.h>
#include <linux/limits.h>
#include <linux/rcupdate.h>
#include <linux/types.h>
#include <octavo/machine.h>

typedef unsigned int slab_flags_t;

struct kmem_cache;

#define SLAB_HWCACHE_ALIGN	0x00002000u	/* objects on cache lines */
#define SLAB_CACHE_DMA		0x00004000u	/* memory below 16 MiB */
#define SLAB_NO_MERGE		0x00010000u	/* a cache of its own */
#define SLAB_RECLAIM_ACCOUNT	0x00020000u	/* a shrinker frees them */
#define SLAB_PANIC		0x00040000u	/* panic if it cannot be made */
/*
 * Memory that was an object stays one of this type until a grace period after
 * its free: a reader in rcu_read_lock() may look at it, and has to see for
 * itself whether it is still the one that it looked for.
 */
#define SLAB_TYPESAFE_BY_RCU	0x00080000u
#define SLAB_CONSISTENCY_CHECKS	0x00000100u	/* wrong frees, overwritten */
#define SLAB_RED_ZONE		0x00000400u	/* guarded on both sides */
#define SLAB_POISON		0x00000800u	/* a pattern while free */
#define SLAB_STORE_USER		0x00200000u	/* who allocated, who freed */
#define SLAB_TRACE		0x00400000u	/* each call to the log */
#define SLAB_NOLEAKTRACE	0x00800000u	/* kmemleak leaves them alone */
#define SLAB_FAILSLAB		0x02000000u	/* fails by failslab's rules */
#define SLAB_CACHE_DMA32	0x00008000u	/* memory below 4 GiB */
#define SLAB_ACCOUNT		0x04000000u	/* nothing: no groups to charge */
#define SLAB_TEMPORARY		SLAB_RECLAIM_ACCOUNT

/* What kmalloc(0) returns: no memory, but no failure either. */
#define ZERO_SIZE_PTR		((void *)16)
#define ZERO_OR_NULL_PTR(x)						\
	((unsigned long)(x) <= (unsigned long)ZERO_SIZE_PTR)

#define ARCH_KMALLOC_MINALIGN	8
#define ARCH_SLAB_MINALIGN	8

/*
 * Sizes up to the largest block that requests find easily have caches: a block
 * of pages that is made and unmade costs 20 times as much as one that is kept.
 */
#define KMALLOC_SHIFT_HIGH	(PAGE_SHIFT + PAGE_ALLOC_COSTLY_ORDER)
#define KMALLOC_MAX_CACHE_SIZE	(1UL << KMALLOC_SHIFT_HIGH)
#define KMALLOC_MAX_SIZE	(PAGE_SIZE << MAX_PAGE_ORDER)
#define KMALLOC_MIN_SIZE	8

/*
 * What a cache may be besides name and size. @align: bytes, a power of two;
 * 0: a word's. @ctor runs on each object when its memory comes, and @dtor
 * before its memory goes, not at each allocation: an object is freed in the
 * state in which @ctor left it. Both are called with no lock held; @ctor may
 * sleep only if the request may.
 *
 * Checked, and of no other effect: [@useroffset, @useroffset + @usersize), the
 * part of an object that may be copied from and to a user's memory; and
 * @freeptr_offset (0 only with @use_freeptr_offset), a word of an object of
 * SLAB_TYPESAFE_BY_RCU that a free may overwrite: none is here.
 */
struct kmem_cache_args {
	unsigned int align;
	unsigned int useroffset;
	unsigned int usersize;
	unsigned int freeptr_offset;
	bool use_freeptr_offset;
	void (*ctor)(void *object);
	void (*dtor)(void *object);
};

/*
 * A cache of objects of @size bytes, 1 to KMALLOC_MAX_SIZE / 4; @args may be
 * NULL. A cache that is like another one may be the same. NULL, after a line
 * that says why, when an argument is bad; NULL when memory lacks. With
 * SLAB_PANIC the machine stops instead. May sleep.
 */
struct kmem_cache *__kmem_cache_create_args(const char *name,
					    unsigned int size,
					    const struct kmem_cache_args *args,
					    slab_flags_t flags);

static inline struct kmem_cache *
__kmem_cache_create(const char *name, unsigned int size, unsigned int align,
		    slab_flags_t flags, void (*ctor)(void *))
{
	struct kmem_cache_args args = { .align = align, .ctor = ctor };

	return __kmem_cache_create_args(name, size, &args, flags);
}

static inline struct kmem_cache *
__kmem_cache_default_args(const char *name, unsigned int size,
			  const struct kmem_cache_args *args,
			  slab_flags_t flags)
{
	return __kmem_cache_create_args(name, size, args, flags);
}

/*
 * kmem_cache_create(name, size, args, flags), args a struct kmem_cache_args *
 * or NULL; or kmem_cache_create(name, size, align, flags, ctor).
 */
#define kmem_cache_create(name, size, args, ...)			\
	_Generic((args),						\
		struct kmem_cache_args *: __kmem_cache_create_args,	\
		const struct kmem_cache_args *: __kmem_cache_create_args, \
		void *: __kmem_cache_default_args,			\
		default: __kmem_cache_create)(name, size, args, __VA_ARGS__)

/* A cache for struct @__struct, under its name. */
#define KMEM_CACHE(__struct, __flags)					\
	__kmem_cache_create_args(#__struct, sizeof(struct __struct),	\
		&(struct kmem_cache_args){				\
			.align = __alignof__(struct __struct) }, (__flags))

/* The same, of which users may read and write field @__field. */
#define KMEM_CACHE_USERCOPY(__struct, __flags, __field)			\
	__kmem_cache_create_args(#__struct, sizeof(struct __struct),	\
		&(struct kmem_cache_args){				\
			.align = __alignof__(struct __struct),		\
			.useroffset = offsetof(struct __struct, __field), \
			.usersize = sizeof(((struct __struct *)0)->__field) }, \
		(__flags))

static inline struct kmem_cache *
kmem_cache_create_usercopy(const char *name, unsigned int size,
			   unsigned int align, slab_flags_t flags,
			   unsigned int useroffset, unsigned int usersize,
			   void (*ctor)(void *))
{
	struct kmem_cache_args args = {
		.align = align, .ctor = ctor,
		.useroffset = useroffset, .usersize = usersize,
	};

	return __kmem_cache_create_args(name, size, &args, flags);
}

/*
 * Ends a cache; NULL is let pass. One that still has objects is reported and
 * stays. May sleep.
 */
void kmem_cache_destroy(struct kmem_cache *cache);
/*
 * Gives the memory that @cache does not need back, that of CPUs' arrays too.
 * 0: nothing is left; else 1. May sleep.
 */
int kmem_cache_shrink(struct kmem_cache *cache);
/* Bytes that the caller of kmem_cache_alloc() may use; and its name. */
unsigned int kmem_cache_size(struct kmem_cache *cache);
const char *kmem_cache_name(struct kmem_cache *cache);

/* An object; NULL when memory lacks, after a report unless __GFP_NOWARN. */
void *kmem_cache_alloc(struct kmem_cache *cache, gfp_t gfp) __malloc;
/* The same, of node @nid if there is any; NUMA_NO_NODE: the nearest. */
void *kmem_cache_alloc_node(struct kmem_cache *cache, gfp_t gfp,
			    int nid) __malloc;
void kmem_cache_free(struct kmem_cache *cache, void *object);

/* Bits of a GFP mask that not just any object of a cache satisfies. */
#define SLAB_GFP_ODD							\
	(__GFP_ZERO | __GFP_DMA | __GFP_DMA32 | __GFP_HIGHMEM |		\
	 __GFP_RECLAIMABLE | ~__GFP_BITS_MASK)

/* GFP_KERNEL, and a constant mask without SLAB_GFP_ODD that never sleeps. */
void *__kmem_cache_alloc_kernel(struct kmem_cache *cache) __malloc;
void *__kmem_cache_alloc_atomic(struct kmem_cache *cache, gfp_t gfp) __malloc;

static __always_inline __malloc void *
__kmem_cache_alloc_inline(struct kmem_cache *cache, gfp_t gfp)
{
	if (__builtin_constant_p(gfp) && gfp == GFP_KERNEL)
		return __kmem_cache_alloc_kernel(cache);
	if (__builtin_constant_p(gfp) &&
	    !(gfp & (SLAB_GFP_ODD | __GFP_DIRECT_RECLAIM)))
		return __kmem_cache_alloc_atomic(cache, gfp);
	return kmem_cache_alloc(cache, gfp);
}
#define kmem_cache_alloc(cache, gfp)	__kmem_cache_alloc_inline(cache, gfp)

static inline void *kmem_cache_zalloc(struct kmem_cache *cache, gfp_t gfp)
{
	return kmem_cache_alloc(cache, gfp | __GFP_ZERO);
}

struct list_lru;
/* As kmem_cache_alloc(): there are no groups whose list @lru could be. */
static inline __malloc void *kmem_cache_alloc_lru(struct kmem_cache *cache,
						  struct list_lru *lru,
						  gfp_t gfp)
{
	return kmem_cache_alloc(cache, gfp);
}

/* All @nr objects into @objects, or none: @nr or 0. */
int kmem_cache_alloc_bulk(struct kmem_cache *cache, gfp_t gfp, size_t nr,
			  void **objects);
/* @cache may be NULL: each object's own, kmalloc()ed ones included. */
void kmem_cache_free_bulk(struct kmem_cache *cache, size_t nr, void **objects);
#define kfree_bulk(nr, objects)	kmem_cache_free_bulk(NULL, nr, objects)

/* ---- kmalloc ---------------------------------------------------------- */

/* The class that serves @size, 1 to KMALLOC_MAX_CACHE_SIZE. */
static __always_inline unsigned int kmalloc_index(size_t size)
{
	unsigned int high;

	if (size <= 64)
		return (unsigned int)(size - 1) >> 3;
	high = 31 - (unsigned int)__builtin_clz((unsigned int)size - 1);
	return KMALLOC_SMALL_CLASSES + (high - 6) * 4 +
	       (((unsigned int)size - 1) >> (high - 2) & 3);
}

/* The same for a size that the compiler does not know, by a table. */
extern const u8 kmalloc_classes_by_8[KMALLOC_MAX_CACHE_SIZE / 8];

static __always_inline unsigned int kmalloc_class_of(size_t size)
{
	return kmalloc_classes_by_8[(size - 1) / 8];
}

static __always_inline enum kmalloc_cache_type kmalloc_type(gfp_t gfp)
{
	if (likely(!(gfp & (__GFP_DMA | __GFP_RECLAIMABLE))))
		return KMALLOC_NORMAL;
	return gfp & __GFP_DMA ? KMALLOC_DMA : KMALLOC_RECLAIM;
}

#define kmalloc_caches		(this_machine()->slab.kmalloc)

void *__kmalloc(size_t size, gfp_t gfp) __malloc;
void *__kmalloc_node(size_t size, gfp_t gfp, int nid) __malloc;
/* By whole pages, which start on a page; to be freed with kfree() as well. */
void *kmalloc_large(size_t size, gfp_t gfp) __malloc;
void *kmalloc_large_node(size_t size, gfp_t gfp, int nid) __malloc;

/* Of the class's cache, @size bytes of the object being wanted. */
void *__kmalloc_cache(struct kmem_cache *cache, gfp_t gfp,
		      size_t size) __malloc;

/* Objects up to so many bytes are cleared where they are asked for. */
#define KMALLOC_CLEAR_MAX	128

/* The bytes that an object for @size has: of kmalloc_index(). */
static __always_inline size_t kmalloc_index_size(size_t size)
{
	unsigned int high;

	if (size <= 64)
		return (size + 7) & ~(size_t)7;
	high = 31 - (unsigned int)__builtin_clz((unsigned int)size - 1);
	return ((size - 1) >> (high - 2) << (high - 2)) + (1UL << (high - 2));
}

/* All of the object, as krealloc() may make it larger where it is. */
static __always_inline __malloc void *__kmalloc_cleared(size_t size, gfp_t gfp)
{
	void *p = kmem_cache_alloc(kmalloc_caches[kmalloc_type(gfp)]
						 [kmalloc_index(size)], gfp);

	return likely(p) ? __builtin_memset(p, 0, kmalloc_index_size(size)) :
			   NULL;
}

/*
 * @size bytes, aligned to 8, and to @size when that is a power of two.
 * ZERO_SIZE_PTR for 0; NULL past KMALLOC_MAX_SIZE, after a warning.
 * GFP_DMA: below 16 MiB; __GFP_RECLAIMABLE: beside what shrinkers free.
 */
static __always_inline __malloc void *kmalloc(size_t size, gfp_t gfp)
{
	if (__builtin_constant_p(size) && size) {
		if (size > KMALLOC_MAX_CACHE_SIZE)
			return kmalloc_large(size, gfp);
		/* Who guards objects is told where this one ends. */
		if (size != kmalloc_index_size(size))
			return __kmalloc_cache(kmalloc_caches[kmalloc_type(gfp)]
							     [kmalloc_index(size)],
					       gfp, size);
		if (size <= KMALLOC_CLEAR_MAX && __builtin_constant_p(gfp) &&
		    gfp & __GFP_ZERO)
			return __kmalloc_cleared(size, gfp & ~__GFP_ZERO);
		return kmem_cache_alloc(kmalloc_caches[kmalloc_type(gfp)]
						      [kmalloc_index(size)],
					gfp);
	}
	return __kmalloc(size, gfp);
}

static __always_inline __malloc void *kmalloc_node(size_t size, gfp_t gfp,
						   int nid)
{
	return __kmalloc_node(size, gfp, nid);
}

static inline __malloc void *kzalloc(size_t size, gfp_t gfp)
{
	return kmalloc(size, gfp | __GFP_ZERO);
}

static inline __malloc void *kzalloc_node(size_t size, gfp_t gfp, int nid)
{
	return __kmalloc_node(size, gfp | __GFP_ZERO, nid);
}

/* NULL, after a line that says so unless @gfp has __GFP_NOWARN. */
void *kmalloc_overflow(size_t n, size_t size, gfp_t gfp) __cold;

/*
 * @n elements of @size bytes; when that is more than a size_t can say, a line
 * in the log and NULL.
 */
static inline __malloc void *kmalloc_array(size_t n, size_t size, gfp_t gfp)
{
	size_t bytes;

	if (unlikely(__builtin_mul_overflow(n, size, &bytes)))
		return kmalloc_overflow(n, size, gfp);
	return kmalloc(bytes, gfp);
}

static inline __malloc void *kmalloc_array_node(size_t n, size_t size,
						gfp_t gfp, int nid)
{
	size_t bytes;

	if (unlikely(__builtin_mul_overflow(n, size, &bytes)))
		return kmalloc_overflow(n, size, gfp);
	return __kmalloc_node(bytes, gfp, nid);
}

#define kcalloc(n, size, gfp)	kmalloc_array(n, size, (gfp) | __GFP_ZERO)
#define kcalloc_node(n, size, gfp, nid)					\
	kmalloc_array_node(n, size, (gfp) | __GFP_ZERO, nid)

/*
 * @p's contents in @size bytes, at the same place if they fit. NULL: none
 * were to be had, and @p is as it was. @p NULL: kmalloc(). @size 0: kfree(),
 * and ZERO_SIZE_PTR. __GFP_ZERO clears what was not in use before only if all
 * of @p's life passed with it.
 */
void *__must_check krealloc(const void *p, size_t size, gfp_t gfp);

static inline void *__must_check krealloc_array(void *p, size_t n, size_t size,
						gfp_t gfp)
{
	size_t bytes;

	if (unlikely(__builtin_mul_overflow(n, size, &bytes)))
		return kmalloc_overflow(n, size, gfp);
	return krealloc(p, bytes, gfp);
}

/*
 * As kmalloc(), from wherever there is room: past a page, vmalloc() where
 * pages in one piece are not to be had, if @gfp may sleep and the port has
 * kernel mappings. To be freed with kvfree().
 */
void *kvmalloc_node(size_t size, gfp_t gfp, int nid) __malloc;

static inline __malloc void *kvmalloc(size_t size, gfp_t gfp)
{
	return kvmalloc_node(size, gfp, NUMA_NO_NODE);
}

static inline __malloc void *kvzalloc(size_t size, gfp_t gfp)
{
	return kvmalloc(size, gfp | __GFP_ZERO);
}

static inline __malloc void *kvzalloc_node(size_t size, gfp_t gfp, int nid)
{
	return kvmalloc_node(size, gfp | __GFP_ZERO, nid);
}

static inline __malloc void *kvmalloc_array_node(size_t n, size_t size,
						 gfp_t gfp, int nid)
{
	size_t bytes;

	if (unlikely(__builtin_mul_overflow(n, size, &bytes)))
		return kmalloc_overflow(n, size, gfp);
	return kvmalloc_node(bytes, gfp, nid);
}

#define kvmalloc_array(n, size, gfp)					\
	kvmalloc_array_node(n, size, gfp, NUMA_NO_NODE)
#define kvcalloc(n, size, gfp)	kvmalloc_array(n, size, (gfp) | __GFP_ZERO)
#define kvcalloc_node(n, size, gfp, nid)				\
	kvmalloc_array_node(n, size, (gfp) | __GFP_ZERO, nid)
/* As krealloc(). */
void *__must_check kvrealloc(const void *p, size_t size, gfp_t gfp);
void kvfree(const void *p);
void kvfree_sensitive(const void *p, size_t size);

/* NULL and ZERO_SIZE_PTR are let pass. */
void kfree(const void *object);
/* The same, after all of it is overwritten with zeroes. */
void kfree_sensitive(const void *object);
/* Bytes that are the caller's; 0 for NULL and ZERO_SIZE_PTR. */
size_t ksize(const void *object);
/* The bytes that kmalloc(@size) gives. */
size_t kmalloc_size_roundup(size_t size);

/* Caches that users have made and not destroyed, merged ones too. May sleep. */
unsigned int kmem_cache_count(void);
/* Verifies @cache (NULL: all): 0 or the number of a broken invariant. */
int kmem_cache_check(struct kmem_cache *cache);

/* Of all caches. */
struct slab_totals {
	unsigned long objects;	/* that users have */
	unsigned long pages;	/* of slabs, with those that tables of free
				 * objects and CPUs' arrays take */
};

/* Exact when nobody else allocates or frees. May sleep. */
void slab_totals_read(struct slab_totals *totals);

/* Pages that caches ever gave back; for differences. Any context. */
unsigned long kmem_cache_pages_given(void);
/*
 * Gives back what all caches keep of node @nid and nobody uses: free slabs and
 * the depots; with @cpus, what CPUs keep as well. The pages; 0 when caches
 * come or go just now. May sleep.
 */
unsigned long kmem_caches_reap(int nid, bool cpus);
/* The same of caches that have not been used since the last call. */
unsigned long kmem_caches_reap_idle(void);
/* The same of all nodes, waiting for its turn. */
void kmem_caches_reap_all(void);

struct seq_file;
/* The lines of /proc/slabinfo. May sleep. */
void slabinfo_write(struct seq_file *m);

/* Start-up, after mem_init(). */
void kmem_cache_init(void);
/*
 * A CPU went: its objects go back to their slabs, and it keeps none until it
 * has come again. Task context, interrupts on.
 */
void kmem_cache_cpu_dead(unsigned int cpu);
void kmem_cache_cpu_online(unsigned int cpu);
/* From here on that happens of itself. Once, when threads run. */
void kmem_cache_init_late(void);

#endif
