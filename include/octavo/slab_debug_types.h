/* SPDX-License-Identifier: MIT */
/*
 * What the debugging of objects keeps for the whole machine. The theory:
 * mm/slab/slab_watch.c, and the file that each part names.
 */
#ifndef _OCTAVO_SLAB_DEBUG_TYPES_H
#define _OCTAVO_SLAB_DEBUG_TYPES_H

#include <linux/atomic.h>
#include <linux/fault-inject.h>
#include <linux/list.h>
#include <linux/mutex_types.h>
#include <linux/spinlock_types.h>
#include <linux/types.h>
#include <octavo/range_tree.h>

struct kfence_meta;
struct kmem_cache;
struct leak_object;
struct task_struct;

/* failslab.c. s: set by an administrator, read without a lock */
struct failslab {
	struct fault_attr attr;		/* s, a */
	bool ignore_gfp_wait;		/* s: who may sleep is left alone */
	bool cache_filter;		/* s: only caches with SLAB_FAILSLAB */
	bool tasks;			/* s: some thread counted down */
	atomic_long_t nth;		/* a: requests until one fails; 0: none */
};

/* kmemleak.c. l: lock; m: scan_mutex; b: start-up; s: administrator's */
struct leak_state {
	bool wanted;			/* b: kmemleak=on */
	bool on;			/* read by anyone: it goes off once */
	bool scan_stacks;		/* s: stacks are roots */
	unsigned int min_age_ms;	/* s: younger ones are no leaks */
	unsigned int scan_wait_secs;	/* s: between two scans by itself */
	struct task_struct *scan_thread;	/* m: or NULL */
	struct kmem_cache *records;	/* b: of struct leak_object */
	struct kmem_cache *areas;	/* b: of struct leak_area */
	struct mutex scan_mutex;	/* of scans */
	spinlock_t lock;		/* of all records */
	struct range_tree objects;	/* l: records, by addresses */
	unsigned long nr_objects;	/* l: of them */
	struct list_head gray;		/* l: leak_object.gray, to be scanned */
	struct leak_object *scanned;	/* l: that is being looked into */
	/* Inverted, as a value that points to an object would be found. */
	unsigned long not_lowest;	/* m: address of any object */
	unsigned long highest;		/* m: end of all objects */
	unsigned long nr_found;		/* m: new ones of this scan */
};

/* kfence.c. l: lock; b: start-up; a: atomic */
struct kfence_state {
	bool enabled;			/* b */
	unsigned int interval_ms;	/* b: between samples; 0: not by time */
	unsigned int count;		/* b: slow calls to one; 0: not so */
	unsigned int nr_objects;	/* b: of the pool */
	unsigned long pool;		/* b: address of its first page */
	unsigned long pool_size;	/* b: bytes; 0: there is none */
	struct kfence_meta *objects;	/* b: one for each */
	spinlock_t lock;		/* of all objects; interrupts off */
	struct list_head free;		/* l: first to be taken first */
	u64 next;			/* a: ns: when a sample is due */
	unsigned long nr_asked;		/* a: slow calls */
	unsigned long nr_state[3];	/* l: objects by state */
	unsigned long nr_allocs;	/* l: samples */
	unsigned long nr_frees;		/* l */
	unsigned long nr_bugs;		/* l: reports */
	unsigned long nr_skipped;	/* l: due, and no object was free */
};

/* b: written at start-up, constant later; a: atomic; w: claim_lock */
struct slab_debug_state {
	unsigned int watch;		/* w, read by anyone: SLAB_WATCH_* */
	bool option;			/* b: slab_debug= was given */
	struct failslab fail;
	struct leak_state leak;
	struct kfence_state fence;
};

#endif
