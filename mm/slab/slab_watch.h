/* SPDX-License-Identifier: MIT */
/*
 * What options have done to each object besides: the hooks of the slow path.
 * The fast path knows nothing of them. A cache that is watched for itself
 * (SLAB_DEBUG_FLAGS) keeps no objects with CPUs, so each of its calls comes
 * here; a reason to watch all caches shuts every CPU's section, with the same
 * result. A build without slab_debug has none of it.
 */
#ifndef _MM_SLAB_SLAB_WATCH_H
#define _MM_SLAB_SLAB_WATCH_H

#include "internal.h"

#include <linux/kfence.h>
#include <linux/kmemleak.h>


/* What a cache can be watched for. */
#define SLAB_DEBUG_FLAGS						\
	(SLAB_CONSISTENCY_CHECKS | SLAB_RED_ZONE | SLAB_POISON |	\
	 SLAB_STORE_USER | SLAB_TRACE | SLAB_FAILSLAB)

/* Bits of slab_debug_state.watch: why all caches are watched. */
#define SLAB_WATCH_FAIL	1u	/* requests fail by rules */
#define SLAB_WATCH_LEAK	2u	/* each object is known to kmemleak */
#define SLAB_WATCH_TRACE 4u	/* a cache with arrays is traced */

struct seq_file;

#define slab_debug_state()	(&slab_state()->debug)

#ifdef CONFIG_SLAB_DEBUG

/* slab_watch.c */

/* What options ask for; before the first cache of a user. */
void slab_watch_setup(void);
/* Sets or clears one reason to watch every cache. Task context. */
void slab_watch_set(unsigned int reason, bool on);
/*
 * slab_alloc_slow() and slab_free_slow() of who is watched. @size: bytes that
 * the caller wants; 0: all. The free: whether it is still to be done; @fault:
 * what is wrong with it, or NULL.
 */
void *slab_watch_alloc(struct kmem_cache *cache, gfp_t gfp, int nid,
		       size_t size, unsigned long caller);
bool slab_watch_free(struct kmem_cache *cache, struct kmem_cache *of,
		     const char *fault, void *object, unsigned long caller);
/*
 * Large blocks of kmalloc(): whether one may be had; that @size bytes were
 * had, and are given back.
 */
bool slab_watch_large(size_t size, gfp_t gfp);
void slab_watch_large_alloc(const void *object, size_t size, gfp_t gfp,
			    unsigned long caller);
/* What of @object its owner may use; as far as its cache's objects go. */
size_t slab_watch_size(struct kmem_cache *cache, const void *object);
/* The owner takes @size bytes, which fit, for the object's. */
void slab_watch_resize(struct kmem_cache *cache, void *object, size_t size);

/* slab_debug_option.c: the flags of a new cache; slab_debug= may add some. */
slab_flags_t slab_debug_cache_flags(const char *name, unsigned int size,
				    slab_flags_t flags);

/* slab_debug.c */

/* Room around the objects of a cache with SLAB_DEBUG_FLAGS. */
void slab_debug_layout(struct kmem_cache *cache);
/* A slab's objects are all free, and nobody had them yet. */
void slab_debug_slab_init(struct kmem_cache *cache, struct page *slab);
/* Its owner gets @object; false: it is not fit to be handed out. */
bool slab_debug_alloc(struct kmem_cache *cache, void *object, size_t size,
		      unsigned long caller);
/* Its owner gives it back; false: it stays where it is. */
bool slab_debug_free(struct kmem_cache *cache, void *object,
		     unsigned long caller);
/* The rest of a report of a wrong free. */
void slab_debug_fault(struct kmem_cache *cache, struct kmem_cache *of,
		      const char *fault, const void *object);
/* Looks at all objects of @cache; how many are bad. May sleep. */
unsigned long slab_debug_validate(struct kmem_cache *cache);

/* slab_track.c: octavo/slab_attr.h's slab_attr_calls(). Mutex. */
int slab_calls_show(struct kmem_cache *cache, bool frees, bool stacks,
		    struct seq_file *m);

/* failslab.c: whether a request is to fail. */
bool should_failslab(const struct kmem_cache *cache, size_t size, gfp_t gfp);
void failslab_setup(void);

static inline bool slab_watches(const struct kmem_cache *cache)
{
	if (cache->internal & CACHE_UNWATCHED)
		return false;
	return cache->flags & SLAB_DEBUG_FLAGS ||
	       READ_ONCE(slab_debug_state()->watch) || kfence_enabled();
}

static inline bool slab_watches_free(const struct kmem_cache *cache,
				     const struct kmem_cache *of,
				     const void *object)
{
	if (of ? of->internal & CACHE_UNWATCHED : 0)
		return false;
	return (of && of->flags & SLAB_DEBUG_FLAGS) ||
	       (cache && cache->flags & SLAB_DEBUG_FLAGS) ||
	       READ_ONCE(slab_debug_state()->watch) ||
	       is_kfence_address(object);
}

static inline bool slab_watches_large(void)
{
	return unlikely(READ_ONCE(slab_debug_state()->watch));
}

#else

static inline void slab_watch_setup(void) {}

static inline void *slab_watch_alloc(struct kmem_cache *cache, gfp_t gfp,
				     int nid, size_t size,
				     unsigned long caller)
{
	return NULL;
}

static inline bool slab_watch_free(struct kmem_cache *cache,
				   struct kmem_cache *of, const char *fault,
				   void *object, unsigned long caller)
{
	return true;
}

static inline bool slab_watch_large(size_t size, gfp_t gfp)
{
	return true;
}


static inline void slab_watch_large_alloc(const void *object, size_t size,
					  gfp_t gfp, unsigned long caller) {}

static inline size_t slab_watch_size(struct kmem_cache *cache,
				     const void *object)
{
	return cache->object_size;
}

static inline void slab_watch_resize(struct kmem_cache *cache, void *object,
				     size_t size) {}

static inline slab_flags_t slab_debug_cache_flags(const char *name,
						  unsigned int size,
						  slab_flags_t flags)
{
	return flags & ~SLAB_DEBUG_FLAGS;
}

static inline void slab_debug_layout(struct kmem_cache *cache) {}
static inline void slab_debug_slab_init(struct kmem_cache *cache,
					struct page *slab) {}

static inline bool slab_watches(const struct kmem_cache *cache)
{
	return false;
}

static inline bool slab_watches_free(const struct kmem_cache *cache,
				     const struct kmem_cache *of,
				     const void *object)
{
	return false;
}

static inline bool slab_watches_large(void)
{
	return false;
}

#endif

#endif
