/* SPDX-License-Identifier: MIT */
/* What threads and machines keep of high memory; nothing where there is none. */
#ifndef _OCTAVO_KMAP_TYPES_H
#define _OCTAVO_KMAP_TYPES_H

#include <linux/types.h>

#ifdef CONFIG_HIGHMEM
#include <linux/spinlock_types.h>
#include <linux/wait_types.h>
#include <asm-generic/kmap_size.h>

/*
 * kmap_local_page()'s pages of a thread that does not run (linux/kmap_local.h).
 * o: the thread itself, when it gives its CPU away and when it is back
 */
struct kmap_ctrl {
	unsigned int nr;		/* o: of saved; it stays on its CPU
					 * while there are any */
	u64 saved[KM_MAX_IDX];		/* o: entries, the outermost first; 0:
					 * nothing is mapped there */
};

/* Of addresses for kmap(); a port has as many, or fewer: LAST_PKMAP. */
#define PKMAP_MAX		1024
#define PKMAP_BUCKET_BITS	10	/* one for each slot */
#define PKMAP_BUCKETS		(1 << PKMAP_BUCKET_BITS)

struct page;

/* l: highmem_state.lock; h: that, written within highmem_state.seq */
struct pkmap_slot {
	struct page *page;		/* h: whose address it is; NULL: none's */
	u32 count;			/* l: 0 not mapped, 1 mapped and not in
					 * use, n + 1 in use n times */
	u16 next;			/* h: the next of its bucket, or of the
					 * free ones: its number + 1; 0: none */
} __aligned(16);			/* found by a shift */

/* mm/page/highmem.c. b: booting CPU, constant later */
struct highmem_state {
	spinlock_t lock;		/* never taken in interrupts */
	unsigned int seq;		/* of what is marked h (linux/seqlock.h) */
	u16 free;			/* l: first free slot + 1; 0: none */
	u16 nr_begun;			/* l: slots that were ever used; the
					 * others are free, on no list */
	unsigned int nr_unused;		/* l: slots with a count of 1 */
	unsigned int nr_waiting;	/* l: threads in `wait`, and those that
					 * were woken and have not run yet */
	wait_queue_head_t wait;		/* own lock: for a slot */
	u16 bucket[PKMAP_BUCKETS];	/* h: first slot + 1; 0: none */
	struct pkmap_slot slot[PKMAP_MAX];
};
#else
struct kmap_ctrl {};
struct highmem_state {};
#endif

#endif
