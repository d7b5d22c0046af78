/* SPDX-License-Identifier: MIT */
/*
 * What the debugging of objects keeps for the whole machine. The theory:
 * mm/slab/slab_watch.c, and the file that each part names.
 */
#ifndef _OCTAVO_SLAB_DEBUG_TYPES_H
#define _OCTAVO_SLAB_DEBUG_TYPES_H

#include <linux/atomic.h>
#include <linux/fault-inject.h>
#include <linux/types.h>

/* failslab.c. s: set by an administrator, read without a lock */
struct failslab {
	struct fault_attr attr;		/* s, a */
	bool ignore_gfp_wait;		/* s: who may sleep is left alone */
	bool cache_filter;		/* s: only caches with SLAB_FAILSLAB */
	bool tasks;			/* s: some thread counted down */
	atomic_long_t nth;		/* a: requests until one fails; 0: none */
};

/* b: written at start-up, constant later; a: atomic; w: claim_lock */
struct slab_debug_state {
	unsigned int watch;		/* w, read by anyone: SLAB_WATCH_* */
	bool option;			/* b: slab_debug= was given */
	struct failslab fail;
};

#endif
