/* SPDX-License-Identifier: MIT */
/* What can be said of each cache, for reports other than /proc/slabinfo. */
#ifndef _OCTAVO_SLAB_INFO_H
#define _OCTAVO_SLAB_INFO_H

#include <linux/types.h>

struct slab_info {
	const char *name;		/* good during the call */
	unsigned int object_size;	/* bytes that users may use */
	unsigned int size;		/* bytes from object to object */
	unsigned int per_slab;		/* objects */
	unsigned int slab_pages;	/* pages */
	unsigned long used;		/* objects that users have */
	unsigned long cached;		/* objects in CPUs' arrays and the depot */
	unsigned long slabs;		/* all */
	unsigned long empty_slabs;	/* without objects used or cached */
};

/*
 * Calls @fn for each cache, in the order in which they were made, with the
 * lock of caches held: it makes and ends none. May sleep.
 */
void slab_info_for_each(void (*fn)(const struct slab_info *info, void *ctx),
			void *ctx);

#endif
