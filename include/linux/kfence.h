/* SPDX-License-Identifier: MIT */
/*
 * Now and then an object alone on a page between two that fault: wrong uses of
 * it are found where they happen, at a cost that production bears
 * (mm/slab/kfence.c). Off without kfence.sample_interval= or
 * kfence.sample_count=, and in a build without slab_debug.
 */
#ifndef _LINUX_KFENCE_H
#define _LINUX_KFENCE_H

#include <linux/compiler.h>
#include <linux/types.h>
#include <octavo/machine.h>

struct kmem_cache;
struct seq_file;

#ifdef CONFIG_SLAB_DEBUG

/* Whether @addr lies in the pool, guard pages included. Any context. */
static __always_inline bool is_kfence_address(const void *addr)
{
	const struct kfence_state *k = &this_machine()->slab.debug.fence;

	return (unsigned long)addr - k->pool < k->pool_size;
}

/* Whether the next allocation may have to be a sample. */
static __always_inline bool kfence_enabled(void)
{
	return READ_ONCE(this_machine()->slab.debug.fence.enabled);
}

/*
 * A sample of @size bytes for @cache, if one is due and can be had; else NULL.
 * @caller: whom the allocation returns to. Any context but NMI.
 */
void *kfence_alloc(struct kmem_cache *cache, size_t size, gfp_t gfp,
		   unsigned long caller);
/* Takes an object of the pool back, or reports why that cannot be; @cache
 * NULL: of any. True: it was taken. */
bool kfence_free(struct kmem_cache *cache, void *object, unsigned long caller);
/*
 * What is wrong with the free of an object of the pool, as slab_free_fault()
 * says it; NULL: kfence_free() would take it. *@of: its cache, if it is out.
 */
const char *kfence_free_fault(const struct kmem_cache *cache,
			      const void *object, struct kmem_cache **of);
/* The bytes that were asked for, and the start, of the object at @addr. */
size_t kfence_ksize(const void *addr);
void *kfence_object_start(const void *addr);
/* Objects of @cache that are out. */
unsigned long kfence_objects_of(const struct kmem_cache *cache);

/* Whether options ask for samples; constant after start-up. */
bool kfence_wanted(void);
/* Start-up, by kmem_cache_init(). */
void kfence_init(void);
/* This CPU's timer interrupt, at which a sample may become due. */
void kfence_tick(void);
/*
 * The access to @addr by the instruction at @ip, in the frame @fp, faulted.
 * True: it was a wrong use of an object of the pool; it has been reported, and
 * can be done now. Called by the port, in the context of the fault.
 */
bool kfence_handle_page_fault(unsigned long addr, bool is_write,
			      unsigned long ip, unsigned long fp);
/* The files /sys/kernel/debug/kfence/stats and objects. 0. May sleep. */
int kfence_stats_show(struct seq_file *m);
int kfence_objects_show(struct seq_file *m);
/* Verifies the pool: 0 or the number of a broken invariant. Any context. */
int kfence_check(void);

#else

static __always_inline bool is_kfence_address(const void *addr)
{
	return false;
}

static inline const char *kfence_free_fault(const struct kmem_cache *cache,
					    const void *object,
					    struct kmem_cache **of)
{
	return NULL;
}

static inline size_t kfence_ksize(const void *addr)
{
	return 0;
}

static inline unsigned long kfence_objects_of(const struct kmem_cache *cache)
{
	return 0;
}

static inline void kfence_tick(void) {}

static inline bool kfence_handle_page_fault(unsigned long addr, bool is_write,
					    unsigned long ip, unsigned long fp)
{
	return false;
}

#endif

#endif
