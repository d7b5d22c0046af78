/* SPDX-License-Identifier: MIT */
#ifndef _OCTAVO_PAGE_TYPES_H
#define _OCTAVO_PAGE_TYPES_H

#include <linux/types.h>

/* What mm/page keeps for the whole machine. */
struct page_alloc_state {
	bool ready;			/* b: free lists hold memory */
	bool page_group_by_mobility_disabled;	/* b: too little memory */
	int min_free_kbytes;		/* sysctl */
	int user_min_free_kbytes;	/* sysctl: as the user set it; -1 */
	int watermark_scale_factor;	/* sysctl: in 1/10000 */
	int watermark_boost_factor;	/* sysctl: in 1/10000 */
	unsigned long totalreserve_pages;	/* c: pages */
	gfp_t allowed_mask;		/* b: what __alloc_pages honours yet */
};

#endif
