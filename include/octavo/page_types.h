/* SPDX-License-Identifier: MIT */
#ifndef _OCTAVO_PAGE_TYPES_H
#define _OCTAVO_PAGE_TYPES_H

#include <linux/fault-inject.h>
#include <linux/mmzone_types.h>
#include <linux/mutex_types.h>
#include <linux/spinlock_types.h>
#include <linux/types.h>
#include <linux/vmstat_types.h>

struct page_owner;
struct page_upcalls;

/* fail_page_alloc: which requests fail. s: set by an administrator */
struct fail_page {
	struct fault_attr attr;
	bool ignore_gfp_highmem;	/* s: none that takes high memory */
	bool ignore_gfp_reclaim;	/* s: none that may reclaim */
	bool tasks;			/* s: a thread counts down by itself */
	unsigned int min_order;		/* s: none below */
};

/* Keeps a fault that repeats itself from filling the log. a: atomic */
struct report_limit {
	atomic_long_t period;		/* a: number of the current one */
	atomic_long_t made;		/* a: reports made in it */
	atomic_long_t missed;		/* a: not made, since the last period */
};

/* Callers known by address; see mm/page/gfp_context.c. */
#define CALLER_SET_SIZE	64
struct caller_set {
	atomic_long_t place[CALLER_SET_SIZE];	/* a: address; 0: empty */
};

/*
 * Why requests and frees leave the fast path, as bits of page_alloc.slow;
 * without any, the fast path looks at nothing but that word.
 */
enum page_slow {
	PAGE_SLOW_STARTING = 1,		/* not ready, or nobody may wait yet */
	PAGE_SLOW_FAIL = 2,		/* fail_nth, fail_page_alloc */
	PAGE_SLOW_DEBUG = 4,		/* page_debug is not 0 */
	PAGE_SLOW_PIN = 16,		/* some task is in a pin scope */
	PAGE_SLOW_CPUSET = 8,		/* some task is kept to some nodes */
	PAGE_SLOW_TRACE = 32,		/* each is to meet its tracepoint */
};

/*
 * What mm/page keeps for the whole machine. b: booting CPU, constant later;
 * a: atomic; s: a setting (mm/page/settings.c): written with settings_lock,
 * read without.
 */
struct page_alloc_state {
	bool ready;			/* b: free lists hold memory */
	bool page_group_by_mobility_disabled;	/* b: too little memory */
	bool deferred_lazy;		/* b: struct pages on demand only */
	unsigned long deferred_chunk;	/* b: pages made at once, whole blocks
					 * of the largest order; 0: 128 MiB's */
	int min_free_kbytes;		/* s */
	int user_min_free_kbytes;	/* s: as the user set it; -1 */
	int watermark_scale_factor;	/* s: in 1/10000 of managed pages */
	int watermark_boost_factor;	/* s: in 1/10000 of the high mark */
	int lowmem_reserve_ratio[MAX_NR_ZONES];	/* s: pages of higher zones
					 * for which a zone keeps one; 0: none */
	int percpu_pagelist_high_fraction; /* s: 1 in so many of a zone; or 0 */
	int dirty_background_ratio;	/* s: % of dirtyable pages */
	int dirty_ratio;		/* s: % of dirtyable pages */
	unsigned long dirty_background_bytes;	/* s: instead; 0: the ratio */
	unsigned long dirty_bytes;	/* s: instead; 0: the ratio */
	int highmem_is_dirtyable;	/* s: high memory counts as dirtyable */
	int numa_stat;			/* s: NUMA events are counted */
	int zone_reclaim_mode;		/* s: RECLAIM_*; 0: other nodes first */
	int min_unmapped_ratio;		/* s: % of a node's managed pages */
	int min_slab_ratio;		/* s: % of a node's managed pages */
	int compaction_proactiveness;	/* s: 0 none, to 100 */
	int extfrag_threshold;		/* s: fragmentation_index() up to which
					 * memory is missing, not order */
	int overcommit_memory;		/* s: 0 guess, 1 always, 2 never */
	int overcommit_ratio;		/* s: % of memory that is promised */
	unsigned long overcommit_kbytes;	/* s: instead; 0: the ratio */
	unsigned long admin_reserve_kbytes;	/* s: not promised to others */
	unsigned long user_reserve_kbytes;	/* s: that a process leaves */
	unsigned long totalreserve_pages;	/* c: pages */
	gfp_t allowed_mask;		/* b: what __alloc_pages honours yet */
	unsigned int slow;		/* a: PAGE_SLOW_* */
	unsigned int debug;		/* b: PAGE_DEBUG_*, page_debug.h */

	spinlock_t pcp_lock;		/* of whoever claims CPUs' lists */
	const struct page_upcalls *upcalls;	/* b: of later stages, or NULL */
	spinlock_t settings_lock;	/* of changes of what is marked s, and
					 * of what is worked out from it */
	unsigned int nr_pin_scopes;	/* tasks in one; settings_lock */
	struct mutex oom_lock;		/* of who looks for a victim */
	atomic_long_t memstall_ns;	/* a: that tasks waited for memory */
	struct caller_set sleepers;	/* a: who asked to sleep in vain */

	/* Faults that a test asks for. */
	atomic_long_t fail_nth;		/* a: the so many-th request from now
					 * finds nothing; 0: none does */
	atomic_long_t nr_failed;	/* a: requests that failed that way */
	struct fail_page fail;		/* what fail_page_alloc= says */

	/* Who has each page: with page_owner=on. */
	struct page_owner **owner;	/* b: records by chunk, or NULL */
	unsigned long nr_owner_chunks;	/* b: of owner */

	/* Misuse found. */
	atomic_long_t nr_bad;		/* a: reports of wrong frees */
	atomic_long_t nr_quarantined;	/* a: pages leaked for it */
	atomic_long_t nr_poison_bad;	/* a: pages written to while free */
	atomic_long_t nr_checked;	/* a: frees counted by debug=check */

	struct report_limit bad_limit;		/* of wrong frees' reports */
	struct report_limit failed_limit;	/* of failed requests' reports */

	atomic_long_t vm_stat[NR_VM_STAT_ITEMS];	/* a: memmap pages */
};

#endif
