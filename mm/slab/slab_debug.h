/* SPDX-License-Identifier: MIT */
/* What the files of a cache's own debugging share: mm/slab/slab_debug.c. */
#ifndef _MM_SLAB_SLAB_DEBUG_H
#define _MM_SLAB_SLAB_DEBUG_H

#include "slab_watch.h"

#include <linux/stackdepot.h>

enum slab_track_item { TRACK_ALLOC, TRACK_FREE, NR_TRACKS };

/* Who allocated an object, who freed it last. Its owner's, as the object. */
struct slab_track {
	unsigned long addr;		/* whom the call returned to; 0: none */
	unsigned long when;		/* jiffies */
	depot_stack_handle_t handle;	/* the stack from there on */
	int pid;			/* of the thread */
	u16 cpu;			/* where it ran */
};

static inline struct slab_track *object_track(const struct kmem_cache *cache,
					      const void *object,
					      enum slab_track_item item)
{
	return (struct slab_track *)((char *)object + cache->track) + item;
}

/* What the owner wanted of the object. */
static inline u32 *object_orig(const struct kmem_cache *cache,
			       const void *object)
{
	return (u32 *)((char *)object + cache->orig);
}

/* Bytes of @object's place, from its left red zone on. */
static inline u8 *object_start(const struct kmem_cache *cache,
			       const void *object)
{
	return (u8 *)object - cache->left;
}

/* Whether the slab of @object has it as free. Any context but NMI. */
bool object_is_free(struct kmem_cache *cache, const void *object);

/* Some bytes of an object's place, and what each must be. */
struct slab_area {
	const char *what;	/* in Linux's words: "Right Redzone" */
	u8 *start;
	size_t n;
	u8 value;
};

/* slab_debug_report.c */

/* "BUG <cache> (Not tainted): <what>", with the object and its history. */
void slab_object_report(struct kmem_cache *cache, const void *object,
			const char *what);
/* The bytes [@first, @last] of @area are not what they must be. */
void slab_area_report(struct kmem_cache *cache, const void *object,
		      const struct slab_area *area, const u8 *first,
		      const u8 *last);
/* "FIX <cache>: Object at 0x... not <what>" */
void slab_fix_object(const struct kmem_cache *cache, const void *object,
		     const char *what);

/* slab_track.c */

void slab_track_set(struct kmem_cache *cache, void *object,
		    enum slab_track_item item, unsigned long caller);
void slab_track_clear(struct kmem_cache *cache, void *object);
/* "Allocated in ..." and "Freed in ...", with stacks, to the log. */
void slab_tracks_print(const struct kmem_cache *cache, const void *object);
/* The current stack from @caller on. Any context. */
depot_stack_handle_t slab_stack_save(unsigned long caller);

#endif
