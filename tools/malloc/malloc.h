/* SPDX-License-Identifier: MIT */
/*
 * liboctavo-malloc.so: malloc() for any program, on the core. The theory
 * stands in malloc.c; this is what its files share.
 */
#ifndef OCTAVO_TOOLS_MALLOC_H
#define OCTAVO_TOOLS_MALLOC_H

#include <linux/compiler.h>
#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/slab.h>
#include <octavo/slab_slot.h>

#include "arch/host/malloc/os.h"
#include "arch/host/malloc/port.h"

#define EXPORT	__attribute__((__visibility__("default")))

/* Alignment of every block that is at least as large. */
#define MALLOC_ALIGN	16UL
/* Objects up to here come from caches, */
#define FRONT_MAX	32768UL
/* blocks up to here are pages of the machine, the rest are the system's. */
#define LARGE_MAX	(1UL << 20)
/* What PTRDIFF_MAX allows: nothing is larger. */
#define MALLOC_MAX	((size_t)LONG_MAX)
/* Kinds of frames at most: those of the core's caches, some 140 of which are
 * kmalloc()'s, and ours. A byte says which. */
#define NR_SLOTS	256U
/* Sizes up to here are looked up in small_kind[], others in medium_kind[]. */
#define SMALL_MAX	1024UL
#define SMALL_STEP	8
#define MEDIUM_STEP	16

/* ---- front.c: the thread's own objects -------------------------------- */

/*
 * The thread's slots, by kind of frame; those of kinds that are not ours are
 * empty. A thread that has none yet has empty ones, which nobody writes to.
 */
extern __thread struct slab_slot *malloc_slots;
/* Kinds by size in steps, rounded up: constant after the start. */
extern u8 small_kind[SMALL_MAX / SMALL_STEP + 1];
extern u8 medium_kind[FRONT_MAX / MEDIUM_STEP + 1];
/* Bytes of an object of a kind; 0: none of ours. Constant after the start. */
extern u32 kind_size[NR_SLOTS];

/* Makes the caches. 0 or -ENOMEM. The start, with a CPU. */
int front_start(void);
/* An object when the thread has none of that kind; NULL: no memory. */
void *front_alloc_slow(unsigned int kind);
/* @p, which starts an object of @kind, when the thread has no room. */
void front_free_slow(unsigned int kind, void *p);
/* Whether the thread's slot says that @p starts an object of @kind. */
bool front_object_starts(unsigned int kind, const void *p);
/* What the thread has goes to depots and slabs. */
void front_drain(void);
/* The thread ends. May be called again, when it allocated meanwhile. */
void front_thread_exit(void);
/* The cache of each class, in order of sizes; NULL: no more. */
struct kmem_cache *front_cache(unsigned int class);

static __always_inline unsigned int size_kind(size_t size)
{
	if (likely(size <= SMALL_MAX))
		return small_kind[(size + SMALL_STEP - 1) / SMALL_STEP];
	return medium_kind[(size + MEDIUM_STEP - 1) / MEDIUM_STEP];
}

static __always_inline unsigned long address_offset(const void *p)
{
	return (unsigned long)p - (unsigned long)malloc_base;
}

/* The kind of the frame at @offset, which is below malloc_nr_frames. */
static __always_inline unsigned int frame_kind_at(unsigned long offset)
{
	return __atomic_load_n(&malloc_frames[offset >> PAGE_SHIFT],
			       __ATOMIC_RELAXED);
}

/*
 * The same by address, for a free that is waited for: malloc_kinds is where
 * the kind of address 0 would be.
 */
static __always_inline unsigned int frame_kind_of(const void *p)
{
	return __atomic_load_n((u16 *)(malloc_kinds + ((unsigned long)p >>
					PAGE_SHIFT) * sizeof(u16)),
			       __ATOMIC_RELAXED);
}

static __always_inline bool in_arena(unsigned long offset)
{
	return offset >> PAGE_SHIFT < __atomic_load_n(&malloc_nr_frames,
						      __ATOMIC_RELAXED);
}

/* ---- large.c: pages of the machine ------------------------------------ */

/*
 * At least @size bytes at a multiple of @align, whole pages; *@zeroed: all of
 * it is 0 already. NULL: no memory.
 */
void *large_alloc(size_t size, size_t align, bool *zeroed);
/* False: @p starts no large block. */
bool large_free(void *p);
/* Bytes of the block at @p; 0: it starts none. */
size_t large_size(const void *p);
/* Whether @p lies in a large block, but not at its start. */
bool large_inside(const void *p);
/* Gives what is behind @size bytes of the block @p back, if that is pages. */
void large_shrink(void *p, size_t size);

/* ---- huge.c: mappings of their own ------------------------------------ */

void *huge_alloc(size_t size, size_t align);
bool huge_free(void *p);
size_t huge_size(const void *p);
/* As realloc() of a huge block to another; NULL: it is as it was. */
void *huge_realloc(void *p, size_t size);
/* fork() */
void huge_stop(void);
void huge_go(void);

/* ---- giveback.c: limits, and memory that goes back to the system ------ */

/* May @bytes more be taken? Gives cached memory up for it. With a CPU. */
bool giveback_allow(size_t bytes);
/* Counts bytes of mappings; the first may refuse. */
bool giveback_add_huge(size_t bytes);
void giveback_sub_huge(size_t bytes);
/* So many bytes were freed to where others may have them. Without a CPU. */
void giveback_note(size_t bytes);
/* Whether most of the heap has been freed and little is asked for. */
static __always_inline bool giveback_shrinks(void);
/* All at once, now; true: something went. Without a CPU. */
bool giveback_all(void);
/* In the child of fork() the helper is gone. */
void giveback_forked(void);

/* b: written by the start or a constructor; a: atomic */
struct giveback_state {
	size_t limit;		/* b: bytes; 0: none */
	unsigned int decay;	/* b: ms that free memory stays; 0: for ever */
	size_t huge;		/* a: bytes of mappings */
	size_t huge_peak;	/* a: at most */
	size_t peak;		/* a: bytes of pages in use, as seen */
	size_t given;		/* a: bytes of giveback_note(), of this MiB */
	bool shrinks;		/* a: see giveback_shrinks() */
	u64 nr_given_back;	/* a: bytes that went to the system */
	u64 nr_passes;		/* a: of the helper */
	u64 nr_refused;		/* a: requests that the limit refused */
	u32 helper;		/* a: 1: there is one */
	u32 busy;		/* os_lock(): of a pass */
};
extern struct giveback_state giveback;

static __always_inline bool giveback_shrinks(void)
{
	return __atomic_load_n(&giveback.shrinks, __ATOMIC_RELAXED);
}

/* Bytes of the machine's pages that are in use or cached. */
size_t giveback_pages_used(void);

/* ---- options.c, stats.c, report.c, start.c ---------------------------- */

/* b: once */
struct malloc_options {
	bool go_on;		/* b: wrong frees do not end the program */
	bool stats;		/* b: at exit, as text */
	bool json;		/* b: as JSON */
	int stats_fd;		/* b: where to */
};
extern struct malloc_options options;
void options_read(void);
/* Statistics to descriptor @fd. */
void stats_write(int fd, bool json);

/* One line on stderr: @what, and @p unless NULL. */
void report_bad(const char *call, const char *what, const void *p);
/* One line on stderr, behind the library's name. */
void __printf(1, 2) say(const char *fmt, ...);

/* The first call; true when the library works. Any thread. */
bool malloc_start(void);
/* Whether it has started. */
static __always_inline bool malloc_started(void)
{
	return __atomic_load_n(&malloc_nr_frames, __ATOMIC_RELAXED) &&
	       small_kind[1];
}

#endif
