/* SPDX-License-Identifier: MIT */
/*
 * A search for memory that nothing points to any more (mm/slab/kmemleak.c).
 * Objects of caches and of kmalloc() are known by themselves; these calls are
 * for other memory, and for what pointers do not show. Without kmemleak=on, and
 * in a build without slab_debug, none does anything. Any context but NMI,
 * unless said otherwise.
 */
#ifndef _LINUX_KMEMLEAK_H
#define _LINUX_KMEMLEAK_H

#include <linux/slab.h>
#include <linux/types.h>

struct seq_file;

#ifdef CONFIG_SLAB_DEBUG

/*
 * @size bytes at @ptr are an object now. @min_count: of how many pointers to
 * it there must be at least; 0: it is never a leak, and is looked into; -1: it
 * is neither. @gfp: of the request it came by.
 */
void kmemleak_alloc(const void *ptr, size_t size, int min_count, gfp_t gfp);
/* It is none any more; @ptr is its start. */
void kmemleak_free(const void *ptr);
/* [@ptr, @ptr + @size), at its start or end, is not part of it any more. */
void kmemleak_free_part(const void *ptr, size_t size);
/* It is the caller's from now on: reports show this stack. */
void kmemleak_update_trace(const void *ptr);
/* It is no leak, though nothing may point to it; it is looked into. */
void kmemleak_not_leak(const void *ptr);
/* It is no leak in the next scan, and may be one later. */
void kmemleak_transient_leak(const void *ptr);
/* It is no leak, and holds no pointers. */
void kmemleak_ignore(const void *ptr);
/* Pointers are looked for in [@ptr, @ptr + @size) of its object alone. */
void kmemleak_scan_area(const void *ptr, size_t size, gfp_t gfp);
/* It holds no pointers. */
void kmemleak_no_scan(const void *ptr);

/* Whether kmemleak=on was given; constant after start-up's options. */
bool kmemleak_wanted(void);
/* Start-up, by kmem_cache_init(). */
void kmemleak_init(void);
/*
 * The file /sys/kernel/debug/kmemleak: what the last scans found, in Linux's
 * format. 0, or -EBUSY when kmemleak is off. Task context.
 */
int kmemleak_show(struct seq_file *m);
/*
 * What is written there: scan, clear, off, stack=on, stack=off, scan=on,
 * scan=off, scan=<seconds>, min_age=<milliseconds>, dump=<address>. NULL, or
 * what is wrong with @text. Task context, may sleep.
 */
const char *kmemleak_command(const char *text);
/* Looks for leaks; how many are new. Task context, may sleep. */
unsigned long kmemleak_scan(void);
/* Verifies what is known: 0 or the number of a broken invariant. */
int kmemleak_check(void);

#else

static inline void kmemleak_alloc(const void *ptr, size_t size, int min_count,
				  gfp_t gfp) {}
static inline void kmemleak_free(const void *ptr) {}
static inline void kmemleak_free_part(const void *ptr, size_t size) {}
static inline void kmemleak_update_trace(const void *ptr) {}
static inline void kmemleak_not_leak(const void *ptr) {}
static inline void kmemleak_transient_leak(const void *ptr) {}
static inline void kmemleak_ignore(const void *ptr) {}
static inline void kmemleak_scan_area(const void *ptr, size_t size,
				      gfp_t gfp) {}
static inline void kmemleak_no_scan(const void *ptr) {}

#endif

/* Of an object of a cache with @flags. */
static inline void kmemleak_alloc_recursive(const void *ptr, size_t size,
					    int min_count, slab_flags_t flags,
					    gfp_t gfp)
{
	if (!(flags & SLAB_NOLEAKTRACE))
		kmemleak_alloc(ptr, size, min_count, gfp);
}

static inline void kmemleak_free_recursive(const void *ptr, slab_flags_t flags)
{
	if (!(flags & SLAB_NOLEAKTRACE))
		kmemleak_free(ptr);
}

/* A pointer that is kept where it would be taken for a reference. */
static inline void kmemleak_erase(void **ptr)
{
	*ptr = NULL;
}

#endif
